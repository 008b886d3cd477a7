"""见证人: another office that cosigns checkpoints and never two that contradict each other.

A witness keeps one line for each journal: the last checkpoint it cosigned. It cosigns the next only
where that one is proven to be a continuation (C2SP tlog-witness, tlog-cosignature). Whoever rewrites,
shortens or forks a journal afterwards gets no cosignature for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.errors import TamperError
from kaoping.core.journal import Checkpoint, parse_checkpoint
from kaoping.core.note import divided, from_base64, open_note, signature_line, to_base64
from kaoping.core.tree import DIGEST_SIZE, EMPTY_ROOT, verify_consistency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kaoping.core.note import Signer, VerifierKey, Verify

MAX_PROOF = 63
"""Most hashes a consistency proof can have."""
_REQUEST = re.compile(r"old (0|[1-9][0-9]{0,15})\n((?:[A-Za-z0-9+/=]+\n)*)\n(.*)", re.DOTALL)

COSIGNED = 200
MALFORMED = 400
WRONG_KEY = 403
UNKNOWN_JOURNAL = 404
CONFLICT = 409
NO_CONTINUATION = 422

REFUSALS: dict[int, tuple[str, str]] = {
    MALFORMED: (
        "请求格式不对。请给出日志文件夹，或 kaoping witness ask --out 写出的请求文件",
        "the request is malformed; give a journal's folder, or a request from kaoping witness ask",
    ),
    WRONG_KEY: ("检查点不是该日志的密钥签署的", "it is not signed by the journal's key"),
    UNKNOWN_JOURNAL: (
        "见证人不认识这个日志。请（见证人）用 --log 给出它的公钥",
        "the witness does not know this journal; the witness must give its key with --log",
    ),
    CONFLICT: (
        "与见证人上次签署的检查点相抵触（条目变少，或同样条数而根不同）",
        "it contradicts what the witness cosigned last (ROLLBACK or FORK)",
    ),
    NO_CONTINUATION: (
        "不能证明是上次签署的检查点的延续，历史可能被改写",
        "it is not proven to continue what was cosigned last (REWRITE)",
    ),
}
"""Why a witness refuses, by the status of its answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers.

    Attributes:
        status: the HTTP status of tlog-witness.
        text: the cosignature line; on a conflict the size it holds; else nothing.
        cosigned: the checkpoint to be kept durably *before* the answer is given.
    """

    status: int
    text: str = ""
    cosigned: Checkpoint | None = None


def request_text(old_size: int, proof: Sequence[bytes], checkpoint: str) -> str:
    """What a journal asks: the size the witness holds, the proof from there, the signed note."""
    steps = "".join(f"{to_base64(step)}\n" for step in proof)
    return f"old {old_size}\n{steps}\n{checkpoint}"


def add_checkpoint(
    held: Mapping[str, Checkpoint],
    request: str,
    *,
    keys: Mapping[str, Sequence[VerifierKey]],
    witness: Signer,
    now: int,
    verify: Verify,
) -> Answer:
    """Judge a request and cosign, or refuse.

    Args:
        held: the last cosigned checkpoint of each journal.
        request: the text of `request_text`.
        keys: the keys of each journal that the witness knows, by its name.
        witness: who cosigns.
        now: the time of the cosignature, in seconds since 1970.
        verify: the arithmetic of signatures.
    """
    match = _REQUEST.fullmatch(request)
    proof = _proof(match[2]) if match else None
    if match is None or proof is None:
        return Answer(MALFORMED)
    old_size, note = int(match[1]), match[3]
    try:
        text, _ = divided(note)
        new = parse_checkpoint(text)
    except TamperError:
        return Answer(MALFORMED)
    known = keys.get(new.origin, ())
    if not known:
        return Answer(UNKNOWN_JOURNAL)
    try:
        open_note(note, known, verify)
    except TamperError:
        return Answer(WRONG_KEY)
    last = held.get(new.origin, Checkpoint(new.origin, 0, EMPTY_ROOT))
    refusal = _refusal(last, old_size, new, proof)
    return refusal or Answer(COSIGNED, signature_line(text, witness, now), new)


def _refusal(
    last: Checkpoint, old_size: int, new: Checkpoint, proof: Sequence[bytes]
) -> Answer | None:
    """Why a checkpoint with a good signature is not cosigned, or None."""
    if old_size > new.size:
        return Answer(MALFORMED)
    if old_size != last.size:
        return Answer(CONFLICT, f"{last.size}\n")
    if new.size == last.size:
        if new.root != last.root:
            return Answer(CONFLICT, f"{last.size}\n")
        return Answer(NO_CONTINUATION) if proof else None
    if old_size == 0:
        return Answer(NO_CONTINUATION) if proof else None
    proven = verify_consistency(old_size, new.size, last.root, new.root, proof)
    return None if proven else Answer(NO_CONTINUATION)


def _proof(lines: str) -> list[bytes] | None:
    """The hashes of a proof, or None where a line is none or there are too many."""
    steps = [from_base64(line) for line in lines.splitlines()]
    proof = [step for step in steps if step is not None and len(step) == DIGEST_SIZE]
    return proof if len(proof) == len(steps) <= MAX_PROOF else None
