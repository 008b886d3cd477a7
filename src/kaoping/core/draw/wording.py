"""How the messages of the draw name a thing, and what makes a text unfit to be an id or a name."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from kaoping.core.errors import InputError, TamperError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Fault = tuple[str, str]
    """What is wrong with one thing, in Chinese and in English, each naming it."""

NOT_WRITTEN: Final = ("没有写入；请改正后重试。", "Nothing was written; correct it and try again.")
NOT_DRAWN: Final = ("没有抽签；请改正后重试。", "Nothing was drawn; correct it and try again.")
NOT_VERIFIED: Final = (
    "没有核对；请换成当初公布的那份文件。",
    "Nothing was verified; give the file as it was published.",
)
"""How a message about faults ends: what did not happen, and what to do next."""
MAX_TEXT: Final = 500
"""Longest id, name, reason or purpose, in characters."""
SHOWN_FAULTS: Final = 5
SHOWN_LENGTH: Final = 40
"""How much of a text a message repeats, in characters."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories of what no eye sees: controls, direction marks, joiners, line separators."""


def named(text: str) -> str:
    """A text as a message repeats it: in quotes, shortened, nothing hidden."""
    plain = "".join("?" if unicodedata.category(c) in _HIDDEN else c for c in text)
    return f"“{plain[:SHOWN_LENGTH]}…”" if len(plain) > SHOWN_LENGTH else f"“{plain}”"


def text_faults(text: str) -> Iterator[Fault]:
    """What makes a text unfit to be an id, a name or a reason; the words go behind its name."""
    hidden, private = _unfit_signs(text)
    if not text.strip():
        yield "是空的", "is empty"
    elif hidden:
        yield f"含有看不见的字符 {hidden}", f"has the invisible character {hidden}"
    elif private:
        yield (
            f"含有自造字 {private}（别的电脑不能显示，请用规范字）",
            f"has the private character {private}, which other computers cannot show",
        )
    elif text != text.strip():
        yield "首尾有空格", "has blanks around it"
    elif len(text) > MAX_TEXT:
        yield f"超过 {MAX_TEXT} 个字符", f"is longer than {MAX_TEXT} characters"
    if not unicodedata.is_normalized("NFC", text):
        yield "不是 NFC 编码的文字（请重新键入）", "is not NFC text (type it again)"


def _unfit_signs(text: str) -> tuple[str, str]:
    """The first hidden and the first private character of a text, like U+202E; empty where none is."""
    if text.isprintable():
        return "", ""
    kinds = [(unicodedata.category(sign), f"U+{ord(sign):04X}") for sign in text]
    hidden = (code for kind, code in kinds if kind in _HIDDEN)
    private = (code for kind, code in kinds if kind == "Co")
    return next(hidden, ""), next(private, "")


def refuse_faults(where: Fault, faults: Iterable[Fault], ending: Fault = NOT_WRITTEN) -> None:
    """Refuse what has faults, in one sentence that names the first few.

    Args:
        where: the file or thing that has them, as each language names it.
        faults: what is wrong with it.
        ending: what did not happen therefore, and what to do next.

    Raises:
        InputError: where there is any fault.
    """
    found = list(faults)
    if not found:
        return
    more = len(found) - SHOWN_FAULTS
    zh = "；".join(fault[0] for fault in found[:SHOWN_FAULTS])
    en = "; ".join(fault[1] for fault in found[:SHOWN_FAULTS])
    raise InputError(
        f"{where[0]}：{zh}{f'；另有 {more} 处' if more > 0 else ''}。{ending[0]}",
        f"{where[1]}: {en}{f'; and {more} more' if more > 0 else ''}. {ending[1]}",
    )


def tampered(zh: str, en: str) -> TamperError:
    """The error for a plan or certificate that cannot be what was sealed, naming what differs."""
    return TamperError(
        f"抽签核对不通过：{zh}。请勿采用，并向组织抽签的单位核实。",
        f"The draw does not verify: {en}. Do not use it; ask the office that held the draw.",
    )
