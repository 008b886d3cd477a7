"""The kinds of words that fields of acts are made of, as type hints that the codec reads.

For the type checker each is a `str` or an `int`; `forms.py` says what exactly is accepted.
"""

import re
from dataclasses import dataclass
from typing import Annotated

MAX_TEXT = 20_000
"""Longest text of one field, in characters."""
MAX_CODE = 200
"""Longest code or name of a scheme's own making, in characters."""
MAX_NAME = 500
"""Longest name of a unit, a section or a person, in characters."""
MAX_WHOLE = 2**53 - 1
"""Largest whole number: the largest that every JSON reader in the world keeps exactly."""

_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DIGEST = re.compile("[0-9a-f]{64}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z")
_CODE = re.compile(rf"(?=\S)[^\n\t]{{1,{MAX_CODE}}}(?<=\S)")
_TEXT = re.compile(r".*[^\W_].*", re.DOTALL)
_NAME = re.compile(rf"(?=\S)[^\n\t]{{1,{MAX_NAME}}}(?<=\S)")
_DIGITS = re.compile("[0-9]{1,1000}")
_MARKS = re.compile("(?:[1-9][0-9]{0,15}:[0-9a-f]{8} )*[1-9][0-9]{0,15}:[0-9a-f]{8}")


def is_moment(text: str) -> bool:
    """Whether a text is a time as acts carry it: in UTC, to the second."""
    return _MOMENT.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Word:
    """A kind of text: its name in the documents, its pattern, and what to say of any other text.

    `is_visible` words hold nothing that no eye sees, and are in NFC: two that look the same are so.
    """

    name: str
    pattern: re.Pattern[str]
    zh: str
    en: str
    is_visible: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """A kind of whole number: its name in the documents and its smallest value."""

    name: str
    smallest: int


Uuid = Annotated[
    str,
    Word("uuid", _UUID, "应为小写的 UUID（8-4-4-4-12 位十六进制）", "a lower-case UUID is due"),
]
"""编号 of a person, a unit or a thing: opaque, says nothing about it."""

Digest = Annotated[
    str, Word("digest", _DIGEST, "应为 64 位小写十六进制摘要", "64 lower-case hex digits are due")
]
"""摘要: a SHA-256 digest."""

Moment = Annotated[
    str,
    Word(
        "moment",
        _MOMENT,
        "应为协调世界时，精确到秒，如 2025-01-20T09:00:00Z",
        "a time in UTC to the second is due, like 2025-01-20T09:00:00Z",
    ),
]
"""时刻 in universal time to the second: texts sort as times do."""

Code = Annotated[
    str,
    Word(
        "code",
        _CODE,
        f"应为一行文字，1 到 {MAX_CODE} 个字符，首尾没有空格",
        f"one line of 1 to {MAX_CODE} characters without blanks around it is due",
        is_visible=True,
    ),
]
"""编号或名称 that a scheme gave: an indicator's, a task's, a catalogue item's."""

Name = Annotated[
    str,
    Word(
        "name",
        _NAME,
        f"应为一行文字，1 到 {MAX_NAME} 个字符，首尾没有空格",
        f"one line of 1 to {MAX_NAME} characters without blanks around it is due",
        is_visible=True,
    ),
]
"""名称 of a unit, a section, a person or a year."""

Text = Annotated[
    str,
    Word(
        "text",
        _TEXT,
        "不能空着或只有标点，请写明",
        "must not be empty or marks only; say what is meant",
    ),
]
"""必须写明的文字: a reason, a basis; it says something: a stop or a dash alone does not."""

Digits = Annotated[
    str, Word("digits", _DIGITS, "应为 1 到 1000 个半角数字", "1 to 1000 ASCII digits are due")
]
"""抽签数字, as rolled."""

Marks = Annotated[
    str,
    Word(
        "marks",
        _MARKS,
        "应为“编号:8 位十六进制”，以空格相隔",
        "number:8 hex digits, with blanks between them, are due",
    ),
]
"""行标记: for each row its number and the beginning of its digest, so that one that differs is found."""

Natural = Annotated[int, Whole("natural", 0)]
"""A whole number from 0 up: a count, a size in bytes, an index."""
