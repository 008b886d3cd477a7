"""Where the statements of a TOML text stand, so that one of them can be changed and no other.

The text must be valid TOML (a reader has taken it before): then strings, comments and brackets are
all there is to see to. Positions are offsets in characters.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(Enum):
    """What a statement is."""

    PAIR = "key = value"
    TABLE = "[table]"
    TABLE_OF_LIST = "[[table]]"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: from its first character to the end of its value or header.

    Attributes:
        path: the names of its key or header, as they are meant.
        value: where the value of a pair begins; `end` for a header.
    """

    kind: Kind
    path: tuple[str, ...]
    start: int
    value: int
    end: int


@dataclass(frozen=True, slots=True)
class Element:
    """One element of an array: from its first character to its end, and behind its comma.

    `comma` is where the comma stands, None behind a last element without one.
    """

    start: int
    end: int
    comma: int | None


def statements(text: str) -> Iterator[Statement]:
    """All statements of a text in their order; pairs below a header have their own path only."""
    at = _past_blank(text, 0)
    while at < len(text):
        found = _header(text, at) if text[at] == "[" else _pair(text, at)
        yield found
        at = _past_blank(text, found.end)


def elements(text: str, start: int, end: int) -> Iterator[Element]:
    """The elements of an array that stands from `start` (its bracket) to `end`."""
    at = _past_blank(text, start + 1)
    while at < end - 1:
        stop = _past_value(text, at, ",]")
        sign = _past_blank(text, stop)
        has_comma = text[sign] == ","
        yield Element(at, stop, sign if has_comma else None)
        at = _past_blank(text, sign + 1) if has_comma else end


def comments(text: str, start: int, end: int) -> list[str]:
    """The comments that begin between two places, each without its line end."""
    found, at = [], start
    while (sign := _SIGN.search(text, at, end)) is not None:
        at = sign.start()
        if text[at] == "#":
            stop = _line_end(text, at)
            found.append(text[at:stop].rstrip())
            at = stop
        else:
            at = _past_string(text, at) if text[at] in _QUOTES else at + 1
    return found


_QUOTES = "\"'"
_SIGN = re.compile(r"[\"'#\[\]{},\n]")
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_LONG = 3


def _past_blank(text: str, at: int) -> int:
    """Past white space, line ends and comments."""
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _past_string(text: str, at: int) -> int:
    """Past the string that begins here."""
    quote = text[at]
    is_long = text.startswith(quote * _LONG, at)
    ending = quote * _LONG if is_long else quote
    at += len(ending)
    while not text.startswith(ending, at):
        at += 2 if quote == '"' and text[at] == "\\" else 1
    at += len(ending)
    # Up to two quotes more may belong to a long string: """he said "yes"""""
    for _ in range(_LONG - 1 if is_long else 0):
        at += text.startswith(quote, at)
    return at


def _past_value(text: str, at: int, ends: str) -> int:
    """Past the value that begins here; one of `ends`, a comment or the text's end stops it."""
    depth, start = 0, at
    while (sign := _SIGN.search(text, at)) is not None:
        at, one = sign.start(), sign[0]
        if one in _QUOTES:
            at = _past_string(text, at)
        elif depth == 0 and (one in ends or one == "#"):
            break
        elif one == "#":
            at = _line_end(text, at)
        else:
            depth += (one in "[{") - (one in "]}")
            at += 1
    else:
        at = len(text)
    return start + len(text[start:at].rstrip())


def _header(text: str, start: int) -> Statement:
    is_list = text.startswith("[[", start)
    at = start + (2 if is_list else 1)
    while text[at] != "]":
        at = _past_string(text, at) if text[at] in _QUOTES else at + 1
    end = at + (2 if is_list else 1)
    inner = text[start:end].strip("[]")
    kind = Kind.TABLE_OF_LIST if is_list else Kind.TABLE
    return Statement(kind, _path(f"[{inner}]"), start, end, end)


def _pair(text: str, start: int) -> Statement:
    at = start
    while text[at] != "=":
        at = _past_string(text, at) if text[at] in _QUOTES else at + 1
    value = at + 1
    while text[value] in " \t":
        value += 1
    path = _path(f"{text[start:at]}= 0")
    return Statement(Kind.PAIR, path, start, value, _past_value(text, value, "\n"))


def _path(statement: str) -> tuple[str, ...]:
    """The names of a key or header, read by the reader of TOML itself."""
    found: list[str] = []
    inner: object = tomllib.loads(statement)
    while isinstance(inner, dict) and inner:
        name, inner = next(iter(inner.items()))
        found.append(name)
    return tuple(found)
