"""签字稿: what is printed and signed by hand, and the digest by which each of its pages is known.

The digest is of the content alone (docs/formats/hand-signing.md): the same content typeset again, on another
day or in other fonts, has the same one, and any other text has another.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Final

from kaoping.core.canonical import encode, sha256
from kaoping.core.report.document import SignatureLine

if TYPE_CHECKING:
    from kaoping.core.report.document import Document

FORMAT: Final = "kaoping-paper/1"
SHORT_DIGEST: Final = 16
"""Hex digits that stand at the foot of every page."""
DAY_ROLE: Final = "日期"
"""A place of a signature line that is no person's."""


def document_digest(document: Document) -> str:
    """SHA-256 of all a document says, in 64 lower-case hex digits; when it was made is no part of it."""
    return sha256(encode({"format": FORMAT, "document": _content(document, without="made_at")}))


def _content(value: object, without: str = "") -> object:
    """A value of a document as JSON can hold it: of each kind of block, its name and its fields."""
    if isinstance(value, tuple):
        return [_content(one) for one in value]
    if not is_dataclass(value):
        return value
    named = {f.name: _content(getattr(value, f.name)) for f in fields(value) if f.name != without}
    return {"kind": type(value).__name__} | named


def paper_code(digest: str) -> str:
    """What the code on the first page of a paper holds."""
    return f"{FORMAT}\n{digest}\n"


def spaced_digest(digest: str) -> str:
    """The beginning of a digest, in groups of four so that two can be compared by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, SHORT_DIGEST, 4))


def signers_of(document: Document) -> tuple[str, ...]:
    """The roles that sign a document, each once, in the order of its signature lines."""
    lines = (b for part in document.parts for b in part.blocks if isinstance(b, SignatureLine))
    roles = dict.fromkeys(role for line in lines for role in line.roles)
    return tuple(role for role in roles if role != DAY_ROLE)
