"""Acts of every kind, made by hypothesis from the type hints of their fields alone."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from unicodedata import normalize

from hypothesis import strategies as st

from kaoping.core.acts.envelope import Act
from kaoping.core.acts.union import MEMBERS, Content
from kaoping.core.acts.words import MAX_WHOLE, Word
from kaoping.core.blob import Blob

HEX = "0123456789abcdef"
DIGESTS = st.text(HEX, min_size=64, max_size=64)
UUIDS = st.uuids().map(str)
TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t"), max_size=9
)
VISIBLE = (
    st.text(
        st.characters(exclude_categories=["Cc", "Cf", "Cs", "Mn", "Zs", "Zl", "Zp"]),
        min_size=1,
        max_size=9,
    )
    .map(lambda text: normalize("NFC", text))
    .filter(lambda text: not set(text) & set("\u115f\u1160\u3164\uffa0"))
)
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
NUMBERS = st.builds(
    lambda sign, whole, part: Decimal(f"{sign}{whole}{part}"),
    st.sampled_from(["", "-"]),
    st.integers(1, 10**12).map(str),
    st.sampled_from(["", ".0", ".50", ".125"]),
) | st.sampled_from([Decimal(0), Decimal("0.00"), Decimal("0.1")])

WORDS = {
    "uuid": UUIDS,
    "digest": DIGESTS,
    "moment": st.builds(
        lambda day, hour: f"{day.isoformat()}T{hour:02}:59:00Z", DAYS, st.integers(0, 23)
    ),
    "code": VISIBLE,
    "name": VISIBLE,
    "text": TEXTS.map(lambda text: f"理由{text}"),
    "marks": st.lists(
        st.builds(
            lambda n, d: f"{n}:{d}", st.integers(1, 10**9), st.text(HEX, min_size=8, max_size=8)
        ),
        min_size=1,
        max_size=3,
    ).map(" ".join),
    "digits": st.text("0123456789", min_size=1, max_size=20),
}
SIMPLE = {
    str: TEXTS,
    bool: st.booleans(),
    int: st.integers(0, MAX_WHOLE),
    Decimal: NUMBERS,
    date: DAYS,
    Blob: st.builds(Blob, DIGESTS, DIGESTS, st.integers(0, MAX_WHOLE)),
}
DIGEST_FIELDS = ("population_sha256", "ticket")
"""Fields of records made elsewhere that say `str` and hold a digest."""


def values(hint: Any, name: str = "") -> st.SearchStrategy[Any]:
    """Whatever a field of that type may hold."""
    if name in DIGEST_FIELDS:
        return DIGESTS
    if get_origin(hint) is Annotated:
        kind = get_args(hint)[1]
        return WORDS[kind.name] if isinstance(kind, Word) else st.integers(kind.smallest, MAX_WHOLE)
    if get_origin(hint) in (Union, UnionType):
        inner = next(part for part in get_args(hint) if part is not NoneType)
        return st.none() | values(inner)
    if get_origin(hint) is tuple:
        return st.lists(values(get_args(hint)[0]), max_size=2).map(tuple)
    if hint in SIMPLE:
        return SIMPLE[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    assert is_dataclass(hint), hint
    return records(hint)


def records(kind: Any) -> st.SearchStrategy[Any]:
    """Any record of a kind."""
    hints = get_type_hints(kind, include_extras=True)
    parts = {field.name: values(hints[field.name], field.name) for field in fields(kind)}
    return st.builds(kind, **parts)


def acts_of(kind: type[Content]) -> st.SearchStrategy[Act]:
    """Any act of a kind."""
    return st.builds(
        Act,
        id=UUIDS,
        at=WORDS["moment"],
        actor=UUIDS,
        subject=UUIDS,
        content=records(kind),
        supersedes=st.none() | UUIDS,
    )


ACTS = st.sampled_from(MEMBERS).flatmap(acts_of)
"""Any act of any kind."""
