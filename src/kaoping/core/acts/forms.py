"""What each kind of field accepts, worked out once from the type hints of the acts.

A *form* reads a value of parsed JSON into a field, and writes the field back. Whatever is not
exactly of the form is refused with its place; nothing is converted or repaired on the way.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints

from kaoping.core.acts.terms import FIELDS
from kaoping.core.acts.words import MAX_TEXT, MAX_WHOLE, Digest, Natural, Whole, Word
from kaoping.core.blob import Blob
from kaoping.core.canonical import MAX_NUMBER_LENGTH, parse_date, plain
from kaoping.core.draw.records import StratumResult, Ticket
from kaoping.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_ZERO_WITH_SIGN = re.compile(r"-[0.]+")
_UNSEEN = frozenset({"Cc", "Cs"})
"""Unicode categories that no text may hold: controls (but for \\n and \\t) and lone surrogates."""
_UNSEEN_IN_A_LINE = frozenset({"Cf", "Zl", "Zp"})
"""What no name or code may hold besides: signs that format, and breaks that make two lines of one."""
_UNSEEN_LETTERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Fillers and variation selectors: no controls to Unicode, and yet nothing is seen of them."""
_SHOWN_LENGTH = 40

_SHARPER: Mapping[type, Mapping[str, object]] = {
    Blob: {"sha256": Digest, "sm3": Digest, "size": Natural},
    Ticket: {"ticket": Digest},
    StratumResult: {"population_sha256": Digest},
}
"""Fields of records made elsewhere, which say `str` and `int` where acts are stricter."""


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of field is read and written; `name` is what the documents call it."""

    name: str
    read: Callable[[object, str], Any]
    write: Callable[[Any], Any]


def wrong(where: str, zh: str, en: str) -> InputError:
    """The error for a field that is not of its form, naming its place."""
    where = shown(where)
    name = FIELDS.get(where.rpartition(".")[2].partition("[")[0])
    called = f"“{name}”（{where}）" if name else f" {where}"
    return InputError(
        f"办理的{called}：{zh}。没有记入；请改正后重新提交。",
        f"In the act, {where}: {en}. Nothing was recorded; correct it and submit it again.",
    )


def shown(text: str) -> str:
    """A text as a message repeats it: shortened, nothing hidden."""
    plain_text = "".join(c if c.isprintable() else "?" for c in text)
    return plain_text if len(plain_text) <= 2 * _SHOWN_LENGTH else f"{plain_text[:_SHOWN_LENGTH]}…"


@cache
def record_form(record: type) -> Form:
    """The form of a frozen record: a table with exactly its fields, none more, none less."""
    hints = {**get_type_hints(record, include_extras=True), **_SHARPER.get(record, {})}
    forms = {field.name: form_of(hints[field.name]) for field in fields(record)}

    def read(value: object, where: str) -> object:
        table = table_with(value, where, forms)
        return record(
            **{key: form.read(table[key], f"{where}.{key}") for key, form in forms.items()}
        )

    def write(value: object) -> dict[str, object]:
        return {key: form.write(getattr(value, key)) for key, form in forms.items()}

    return Form(record.__name__, read, write)


def table_with(
    value: object,
    where: str,
    required: Mapping[str, object],
    optional: frozenset[str] = frozenset(),
) -> dict[str, object]:
    """A table that has all required keys and no unknown one.

    Raises:
        InputError: naming the first key that is missing or unknown.
    """
    if not isinstance(value, dict):
        raise wrong(where, "应为一张表（JSON 对象）", "a table (JSON object) is due")
    for key in required:
        if key not in value:
            raise wrong(f"{where}.{key}", "缺少这个字段", "this field is missing")
    for key in value:
        if key not in required and key not in optional:
            raise wrong(f"{where}.{key}", "没有这个字段", "there is no such field")
    return value


@cache
def form_of(hint: Any) -> Form:  # noqa: ANN401 - a type hint may be anything
    """The form that a type hint stands for.

    Raises:
        TypeError: for a hint that no act may use.
    """
    if get_origin(hint) is Annotated:
        kind = get_args(hint)[1]
        return _word(kind) if isinstance(kind, Word) else _whole(kind)
    if get_origin(hint) in (Union, UnionType):
        (inner,) = (part for part in get_args(hint) if part is not NoneType)
        return _optional(form_of(inner))
    if get_origin(hint) is tuple:
        return _many(form_of(get_args(hint)[0]))
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _choice(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return record_form(hint)
    message = f"no act may have a field of type {hint!r}"
    raise TypeError(message)


def _word(word: Word) -> Form:
    def read(value: object, where: str) -> str:
        text = _read_text(value, where)
        if not word.pattern.fullmatch(text):
            raise wrong(where, word.zh, word.en)
        if word.is_visible:
            _refuse_unseen(text, where)
        if word.name == "moment" and parse_date(text[:10]) is None:
            raise wrong(where, "没有这一天", "there is no such day")
        return text

    return Form(word.name, read, _as_it_is)


def _whole(whole: Whole) -> Form:
    def read(value: object, where: str) -> int:
        number = _read_integer(value, where)
        if number < whole.smallest:
            raise wrong(where, f"不能小于 {whole.smallest}", f"must not be below {whole.smallest}")
        return number

    return Form(whole.name, read, _as_it_is)


def _optional(inner: Form) -> Form:
    return Form(
        f"{inner.name} or null",
        lambda value, where: None if value is None else inner.read(value, where),
        lambda value: None if value is None else inner.write(value),
    )


def _many(inner: Form) -> Form:
    def read(value: object, where: str) -> tuple[object, ...]:
        if not isinstance(value, list):
            raise wrong(where, "应为列表", "a list is due")
        return tuple(inner.read(item, f"{where}[{n}]") for n, item in enumerate(value))

    return Form(f"list of {inner.name}", read, lambda value: [inner.write(item) for item in value])


def _choice(kinds: type[StrEnum]) -> Form:
    words = [kind.value for kind in kinds]

    def read(value: object, where: str) -> StrEnum:
        if not isinstance(value, str) or value not in words:
            listed = "、".join(words)
            raise wrong(where, f"应为其中之一：{listed}", f"one of these is due: {listed}")
        return kinds(value)

    return Form(kinds.__name__, read, str)


def _as_it_is(value: object) -> object:
    return value


def _read_text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise wrong(where, "应为文字", "a text is due")
    if len(value) > MAX_TEXT:
        raise wrong(where, f"超过 {MAX_TEXT} 个字符", f"is longer than {MAX_TEXT} characters")
    if not value.isprintable():
        for sign in value:
            if unicodedata.category(sign) in _UNSEEN and sign not in "\n\t":
                code = f"U+{ord(sign):04X}"
                raise wrong(where, f"含有不允许的字符 {code}", f"holds the forbidden {code}")
    return value


def _refuse_unseen(text: str, where: str) -> None:
    """Refuse what no eye sees, and another normal form than NFC.

    Raises:
        InputError: naming the sign.
    """
    for sign in text:
        if unicodedata.category(sign) in _UNSEEN_IN_A_LINE or _UNSEEN_LETTERS.match(sign):
            code = f"U+{ord(sign):04X}"
            raise wrong(where, f"含有看不见的字符 {code}", f"holds the invisible {code}")
    if not unicodedata.is_normalized("NFC", text):
        raise wrong(where, "不是 NFC 编码的文字，请重新键入", "is not NFC text; type it again")


def _read_flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise wrong(where, "应为 true 或 false", "true or false is due")
    return value


def _read_integer(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong(where, "应为整数", "a whole number is due")
    if abs(value) > MAX_WHOLE:
        raise wrong(where, "数太大", "the number is too large")
    return value


def _read_decimal(value: object, where: str) -> Decimal:
    """A number as canonical text: no plus sign, no exponent, no leading zero, no negative zero."""
    is_number = (
        isinstance(value, str)
        and len(value) <= MAX_NUMBER_LENGTH
        and _DECIMAL.fullmatch(value)
        and not _ZERO_WITH_SIGN.fullmatch(value)
    )
    if not is_number:
        raise wrong(
            where,
            '应为带引号的十进制数，如 "0.50"；不用指数、正号或多余的零',
            'a decimal number in quotes is due, like "0.50"; no exponent, plus sign or leading zero',
        )
    return Decimal(str(value))


def _write_decimal(value: object) -> str:
    if not isinstance(value, Decimal):
        message = f"a number must be Decimal, not {type(value).__name__}"
        raise TypeError(message)
    return plain(value)


def _read_day(value: object, where: str) -> date:
    day = parse_date(value) if isinstance(value, str) else None
    if day is None:
        raise wrong(where, "应为日期，如 2024-12-31", "a day is due, like 2024-12-31")
    return day


_SIMPLE: Mapping[object, Form] = {
    str: Form("text or empty", _read_text, _as_it_is),
    bool: Form("true or false", _read_flag, _as_it_is),
    int: Form("integer", _read_integer, _as_it_is),
    Decimal: Form("decimal", _read_decimal, _write_decimal),
    date: Form("day", _read_day, lambda day: day.isoformat()),
}
