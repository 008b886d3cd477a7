"""Reading a table of a scheme file strictly: every key once, every fault listed with its place.

A reader never raises and never stops at the first fault: it notes a `Problem`, remembers the place
as broken (so that later checks do not complain a second time about a stand-in) and goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from kaoping.core.canonical import parse_date, parse_decimal
from kaoping.core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

E = TypeVar("E", bound=StrEnum)

UNKNOWN_KEY = "KEY-UNKNOWN"
"""A key nobody asks for: nothing is read from it."""
MAX_BITS = 256
"""Whole numbers longer than this, in bits, are not written out; Python would refuse to."""
SHOWN_LENGTH = 40
"""How much of a wrong value a message repeats, in characters."""


@dataclass
class Findings:
    """Problems gathered while reading, and the places whose values are stand-ins."""

    problems: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    _above: set[str] = field(default_factory=set)
    """Every place that has something broken at or below it."""

    def add(self, code: str, where: str, message: str, suggestion: str = "") -> None:
        """Note a problem and remember its place as broken."""
        self.problems.append(Problem(code, where, message, suggestion))
        self.broken.add(where)
        for position, character in enumerate(where):
            if character in ".[":
                self._above.add(where[:position])
        self._above.add(where)

    def is_broken(self, prefix: str) -> bool:
        """Whether anything at or below a place is a stand-in."""
        return prefix in self._above

    def is_inside_broken(self, where: str) -> bool:
        """Whether a place lies below a stand-in."""
        return any(
            where[:position] in self.broken
            for position, character in enumerate(where)
            if character in ".["
        )


def quoted(value: object) -> str:
    """A value as a message repeats it, shortened."""
    if isinstance(value, dict | list):
        return "“（表或列表）”"
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        return "“（过大的数）”"
    text = str(value).replace("\n", " ")
    return f"“{text[:SHOWN_LENGTH]}…”" if len(text) > SHOWN_LENGTH else f"“{text}”"


class Fields:
    """One table, read key by key; `finish` reports the keys nobody asked for."""

    def __init__(
        self,
        table: Mapping[str, object],
        place: str,
        findings: Findings,
        unknown_code: str = UNKNOWN_KEY,
    ) -> None:
        self.table = table
        self.place = place
        self.findings = findings
        self._unknown_code = unknown_code
        self._asked: set[str] = set()

    def at(self, key: str) -> str:
        """The place of a key, as problems name it."""
        return f"{self.place}.{key}" if self.place else key

    def has(self, key: str) -> bool:
        """Whether the key is written at all."""
        return key in self.table

    def raw(self, key: str) -> object:
        """The value as parsed, None where it is absent; the key counts as asked for."""
        self._asked.add(key)
        return self.table.get(key)

    def missing(self, key: str, meaning: str) -> None:
        """Note that a required key is absent."""
        self.findings.add(
            "KEY-MISSING", self.at(key), f"缺少字段 {key}（{meaning}）", f"请补写 {key}"
        )

    def wrong(self, key: str, value: object, expected: str) -> None:
        """Note a value that is not of the expected form."""
        self.findings.add(
            "VALUE-UNKNOWN",
            self.at(key),
            f"{key} 的值 {quoted(value)} 不符合要求",
            f"应为{expected}",
        )

    def text(self, key: str, meaning: str, *, required: bool = False, default: str = "") -> str:
        """A text; white space around it is not part of it."""
        value = self.raw(key)
        if value is not None and not isinstance(value, str):
            self.wrong(key, value, "带引号的文本")
            return default
        text = (value or "").strip()
        if not text and required:
            self.missing(key, meaning)
        return text or default

    def name(self, key: str, meaning: str) -> str:
        """A required text that may serve as an id or a name; a stand-in where it is missing."""
        return self.text(key, meaning, required=True, default=f"<{self.at(key)}>")

    def flag(self, key: str, *, default: bool = False) -> bool:
        """A yes or no."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(key, value, " true 或 false")
            return default
        return value

    def number(
        self, key: str, meaning: str, *, required: bool = False, default: Decimal | None = None
    ) -> Decimal | None:
        """A number, written as text in quotes."""
        value = self.raw(key)
        if value is None:
            if required:
                self.missing(key, meaning)
            return default
        number = self.as_number(key, value)
        return default if number is None else number

    def as_number(self, key: str, value: object) -> Decimal | None:
        """Any value as a number, noting it where it is not number text."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.wrong(key, value, '带引号的数字，如 "0.5"')
            return None
        number = parse_decimal(value.strip()) if isinstance(value, str) else None
        if number is None:
            hint = '请写成带引号的十进制数，如 "0.5"；不用指数、百分号或千分位'
            message = f"{key} 的值 {quoted(value)} 不是带引号的数字"
            self.findings.add("NUMBER-NOT-TEXT", self.at(key), message, hint)
        return number

    def whole(self, key: str, meaning: str, *, default: int, low: int, high: int) -> int:
        """A small whole number, written as a TOML integer or as text."""
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value) if len(value) <= len(str(high)) else None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.wrong(key, self.table[key], f" {low} 到 {high} 之间的整数（{meaning}）")
            return default
        return value

    def day(self, key: str, meaning: str, *, required: bool = False) -> date | None:
        """A day: a TOML date or the text YYYY-MM-DD."""
        value = self.raw(key)
        if value is None:
            if required:
                self.missing(key, meaning)
            return None
        is_day = isinstance(value, date | str) and not isinstance(value, datetime)
        day = parse_date(str(value)) if is_day else None
        if day is None:
            self.wrong(key, value, "日期，如 2024-12-31")
        return day

    def choice(self, key: str, kinds: type[E], default: E) -> E:
        """One of a closed list of words."""
        value = self.raw(key)
        if value is None:
            return default
        try:
            return kinds(value if isinstance(value, str) else "")
        except ValueError:
            allowed = "、".join(member.value for member in kinds)
            self.wrong(key, value, f"其中之一：{allowed}")
            return default

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        value = self.raw(key)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in items):
            self.wrong(key, value, "文本列表")
            return ()
        return tuple(str(item).strip() for item in items)

    def rows(self, key: str, meaning: str, *, required: bool = False) -> Sequence[object]:
        """A list of anything; absent counts as empty."""
        value = self.raw(key)
        if value is None:
            if required:
                self.missing(key, meaning)
            return ()
        if not isinstance(value, list):
            self.wrong(key, value, f"列表（{meaning}）")
            return ()
        return value

    def table_of(self, key: str, unknown_code: str | None = None) -> Fields | None:
        """A table under a key, None where it is absent or no table."""
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(key, value, "表（{ … }）")
            return None
        return Fields(value, self.at(key), self.findings, unknown_code or self._unknown_code)

    def tables(
        self, key: str, meaning: str, *, label: str = "", unknown_code: str | None = None
    ) -> Iterator[Fields]:
        """The tables of a list, each placed by its `label` value where it has one, else by number."""
        for position, row in enumerate(self.rows(key, meaning), 1):
            if not isinstance(row, dict):
                self.wrong(f"{key}[{position}]", row, f"表（{meaning}）")
                continue
            name = row.get(label) if label else None
            mark = name if isinstance(name, str) and name else f"#{position}"
            code = unknown_code or self._unknown_code
            yield Fields(row, f"{self.at(key)}[{mark}]", self.findings, code)

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self.table:
            if key not in self._asked:
                known = "、".join(sorted(self._asked))
                self.findings.add(
                    self._unknown_code, self.at(key), f"不认识的字段 {key}", f"此处可写：{known}"
                )
