"""`@sigstore/verify` as a judge of receipts: another language, written by others.

Cases are gathered and judged by one process (judge.mjs), since starting it takes longest.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    Case = dict[str, Any]

HERE = Path(__file__).parent
NODE = shutil.which("node")
IS_HERE = NODE is not None and (HERE / "node_modules" / "@sigstore" / "verify").is_dir()
needs_node = pytest.mark.skipif(not IS_HERE, reason="Node.js or the judge's packages are not here")


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> Case:
    """Whether an entry stands at an index of the tree of that size and root."""
    return {"kind": "inclusion", "size": str(size), "root": _text(root)} | _proof(leaf, index, path)


def checkpoint(note: str, name: str, public: bytes) -> Case:
    """Whether a checkpoint is signed by the Ed25519 key of that name."""
    return {"kind": "checkpoint", "note": note, "name": name, "public": _text(public)}


def receipt(
    leaf: bytes, index: int, path: Sequence[bytes], note: str, name: str, public: bytes
) -> Case:
    """Both at once: the tree is the one that the checkpoint tells of."""
    return checkpoint(note, name, public) | {"kind": "receipt"} | _proof(leaf, index, path)


def _proof(leaf: bytes, index: int, path: Sequence[bytes]) -> Case:
    return {"leaf": _text(leaf), "index": str(index), "path": [_text(step) for step in path]}


def verdicts(cases: Sequence[Case]) -> list[bool]:
    """Whether each case holds; one process for all of them."""
    assert NODE is not None
    told = subprocess.run(
        [NODE, str(HERE / "judge.mjs")],
        input=json.dumps(list(cases)).encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    answers = json.loads(told.stdout)
    assert len(answers) == len(cases)
    return [answer is True for answer in answers]
