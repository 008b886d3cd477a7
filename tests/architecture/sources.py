"""The project's own files, read once for the tests of this folder."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "kaoping"
CORE = SRC / "core"
_NOT_OURS = {"__pycache__", "build", "dist", "node_modules", "out"}
_BINARY = {".docx", ".gif", ".jpg", ".mo", ".pdf", ".png", ".pyc", ".xlsx", ".zip"}


@cache
def modules(folder: Path = SRC) -> dict[str, ast.Module]:
    """Every Python file under a folder, parsed, by its path in the repository."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8"))
        for path in sorted(folder.rglob("*.py"))
    }


@cache
def texts() -> dict[str, str]:
    """Every text file that belongs to the repository, by its path; no git is needed."""
    found = {}
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") for part in parts[:-1]) and parts[0] != ".ci"
        foreign = any(part in _NOT_OURS or part.endswith(".egg-info") for part in parts)
        if path.is_file() and not hidden and not foreign and path.suffix.lower() not in _BINARY:
            found["/".join(parts)] = path.read_text("utf-8", errors="replace")
    return found


def place(name: str, node: ast.AST) -> str:
    """Where a node stands, as an editor understands it."""
    return f"{name}:{getattr(node, 'lineno', 0)}"
