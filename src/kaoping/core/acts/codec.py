"""Acts to canonical bytes and back: one codec for all kinds, strict in both directions.

What is read is exactly what is written: `encode_act(decode_act(x))` is the canonical form of x, and
an act that would not be read again is never written.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, NoReturn, cast

from kaoping.core.acts.envelope import Act
from kaoping.core.acts.forms import form_of, record_form, shown, table_with, wrong
from kaoping.core.acts.union import BY_TYPE
from kaoping.core.acts.words import Moment, Uuid
from kaoping.core.blob import Blob
from kaoping.core.canonical import encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kaoping.core.acts.union import Content

MAX_ACT = 1024 * 1024
"""Largest act, in bytes of its canonical text."""

_WHOLE = "整体"
"""How a message names the act itself."""
_HEAD: Mapping[str, object] = {"id": Uuid, "at": Moment, "actor": Uuid, "subject": Uuid}
_REQUIRED = {**_HEAD, "type": str, "content": dict}


def encode_act(act: Act) -> bytes:
    """The canonical JSON of an act, as it is hashed.

    Raises:
        InputError: where a field holds what `decode_act` would refuse; it names the field.
    """
    table = act_table(act)
    if _read(table) != act:
        raise wrong(_WHOLE, "有字段的类型不对", "a field is of another type than it should be")
    return _not_too_large(encode(table))


def act_table(act: Act) -> dict[str, object]:
    """An act as the table that its canonical JSON is made of.

    Raises:
        InputError: where the content is none of the known kinds, or a field has a wrong type.
    """
    if not _is_known(act.content):
        raise wrong("type", "没有这种办理", "there is no such kind of act")
    try:
        content = record_table(act.content)
    except (TypeError, AttributeError, ValueError):
        raise wrong("content", "有字段的类型不对", "a field has a wrong type") from None
    table = {key: getattr(act, key) for key in _HEAD} | {"type": act.type, "content": content}
    return table if act.supersedes is None else table | {"supersedes": act.supersedes}


def decode_act(source: bytes | Mapping[str, object]) -> Act:
    """Read an act strictly, from JSON in UTF-8 or from parsed JSON.

    White space, the order of keys and escapes do not matter; everything else does.

    Raises:
        InputError: naming the first place that is wrong.
    """
    if isinstance(source, bytes):
        return _read(_parsed(_not_too_large(source)))
    act = _read(source)
    _not_too_large(encode(source))
    return act


def record_table(record: object) -> dict[str, object]:
    """A record that is or could be part of an act, as its canonical JSON says it."""
    kind: type = type(record)
    return cast(dict[str, object], record_form(kind).write(record))


def _is_known(content: object) -> bool:
    kind: type = type(content)
    return BY_TYPE.get(getattr(kind, "wire", "")) is kind


def blobs_of(act: Act) -> tuple[Blob, ...]:
    """All files that an act refers to, in the order of its fields."""
    return tuple(_blobs_in(act.content))


def _blobs_in(value: object) -> Iterator[Blob]:
    if isinstance(value, Blob):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _blobs_in(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _blobs_in(getattr(value, field.name))


def _not_too_large(content: bytes) -> bytes:
    if len(content) > MAX_ACT:
        raise wrong(_WHOLE, f"超过 {MAX_ACT} 字节", f"is larger than {MAX_ACT} bytes")
    return content


def _read(source: object) -> Act:
    table = table_with(source, _WHOLE, _REQUIRED, frozenset({"supersedes"}))
    head = {key: form_of(hint).read(table[key], key) for key, hint in _HEAD.items()}
    kind: type = _kind(table["type"])
    content = record_form(kind).read(table["content"], "content")
    if "supersedes" in table:
        head["supersedes"] = form_of(Uuid).read(table["supersedes"], "supersedes")
    return Act(content=cast("Content", content), **head)


def _kind(name: object) -> type[Content]:
    kind = BY_TYPE.get(name) if isinstance(name, str) else None
    if kind is None:
        said = shown(name) if isinstance(name, str) else "?"
        raise wrong("type", f"没有“{said}”这种办理", f"there is no kind of act “{said}”")
    return kind


def _parsed(source: bytes) -> object:
    try:
        return json.loads(
            source.decode(),
            object_pairs_hook=_once,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except (ValueError, RecursionError):
        raise wrong(_WHOLE, "不是 UTF-8 编码的 JSON", "is not JSON in UTF-8") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A table whose keys all differ."""
    table: dict[str, object] = {}
    for key, value in pairs:
        if key in table:
            raise wrong(key, "这个字段写了两次", "this field stands twice")
        table[key] = value
    return table


def _no_fraction(text: str) -> NoReturn:
    raise wrong(
        _WHOLE,
        f"含有数 {shown(text)}；数应写成带引号的文字",
        f"holds the number {shown(text)}; write numbers as text in quotes",
    )
