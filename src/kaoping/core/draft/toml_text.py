"""Lines of a draft: TOML values, each below a comment with the place and words it came from."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from kaoping.core.notice.passage import Found, Source

SHOWN_WORDS = 120
"""How many characters of a source a comment repeats."""

NOT_READ = "没有读到，请对照原文补"


def quoted(text: str) -> str:
    """A TOML basic string on one line: JSON's escapes are TOML's, DEL is escaped as well."""
    return json.dumps(encodable(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def encodable(text: str) -> str:
    """The text without lone surrogates, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def comment(text: str) -> str:
    """A comment of one line, without control characters."""
    words = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", encodable(text)).split())
    return "# " + (words if len(words) <= SHOWN_WORDS else words[:SHOWN_WORDS] + "…")


def origin(source: Source) -> str:
    """The comment that says where a value stands and how it is written there."""
    return comment(f"{source.place}：{source.text}")


def missing(key: str, empty: str = '""', note: str = NOT_READ) -> str:
    """A key that was not read, as a comment to be completed."""
    return f"# {key} = {empty} # {note}"


def text_lines(key: str, found: Found[str] | None) -> Iterator[str]:
    """A text below its origin, or as missing."""
    if found is None or not found.value.strip():
        yield missing(key)
    else:
        yield origin(found.source)
        yield f"{key} = {quoted(found.value)}"


def list_lines(key: str, found: Sequence[Found[str]], note: str = NOT_READ) -> Iterator[str]:
    """A list of texts below their origins, or as missing."""
    if not found:
        yield missing(key, "[]", note)
    else:
        yield from dict.fromkeys(origin(item.source) for item in found)
        yield f"{key} = {array(item.value for item in found)}"


def array(values: Iterable[str]) -> str:
    """A TOML array of strings."""
    return "[" + ", ".join(quoted(value) for value in values) + "]"


def day_lines(key: str, found: Found[date] | None) -> Iterator[str]:
    """A day below its origin, or as missing."""
    if found is None:
        yield missing(key)
    else:
        yield origin(found.source)
        yield f"{key} = {found.value.isoformat()}"


def identity(name: str) -> tuple[str, str]:
    """The lines of an office that is known by its name."""
    return f"id = {quoted(name)}", f"name = {quoted(name)}"
