"""What is wrong with a text that is no TOML, in words for somebody who edits it by hand.

The library's messages are English and meant for programmers; here they are told by what a person
typed: a Chinese quote, a full-width sign, a key written twice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tomllib

_PLACE = re.compile(r"\(at (?:line (?P<line>[0-9]+), column [0-9]+|end of document)\)$")
_WIDE = {"“": '英文引号 "', "”": '英文引号 "', "＝": "英文等号 =", "［": "英文方括号 [", "］": "英文方括号 ]"}  # fmt: skip
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"|#.*')
_SAID = (
    ("Cannot overwrite", "这一项前面已经写过，一个名称只能写一次"),
    ("Cannot declare", "这个表头前面已经写过，或与前面的写法冲突"),
    ("Cannot redefine", "这个表头前面已经写过，或与前面的写法冲突"),
    ("Duplicate", "花括号里同一个名称写了两次"),
    ("Expected '='", "名称后面缺等号"),
    ("Expected newline", "一行只能写一项；值的后面多了别的内容，或引号、括号没有配对"),
    ("Expected ']", "表头的方括号没有配对"),
    ("Invalid date", "日期不存在，请按 2026-01-09 的样子写，并核对月份和天数"),
    ("Illegal character '\\n'", "引号没有配对，这一行没有写完"),
    ("Unterminated string", "引号没有配对，直到文件末尾也没有结束"),
    ("Unclosed", "括号没有配对"),
    ("Unescaped", "引号里的反斜杠要写成两个"),
    ("Illegal character", "有看不见的控制字符，请删去重写"),
    ("Found invalid character", "有看不见的控制字符，请删去重写"),
    ("Invalid value", "等号后面的值不能识别：文字要加英文引号，日期写成 2026-01-09，数字不加单位"),
    ("Invalid statement", "这一行不是“名称 = 值”，也不是 [表头]；说明文字的前面要加 #"),
    ("Invalid initial character", "名称只能用英文字母、数字、下划线和短横；说明文字的前面要加 #"),
)


def slip_in(text: str, error: tomllib.TOMLDecodeError) -> tuple[str, str]:
    """The place and the slip, in Chinese.

    Args:
        text: what was read.
        error: what the library said of it.

    Returns:
        `第 12 行` (or `文件末尾`) and what is wrong there, with the line as it is written.
    """
    said = str(error)
    match = _PLACE.search(said)
    lines = text.split("\n")
    if match is None or match["line"] is None:
        return "文件末尾", _told(said)
    number = min(int(match["line"]), len(lines))
    line = lines[number - 1].strip()
    wide = next((sign for sign in _STRINGS.sub("", line) if sign in _WIDE), None)
    what = f"用了中文或全角符号 {wide} ，请换成{_WIDE[wide]}" if wide else _told(said)
    return f"第 {number} 行", f"{what}。这一行是：{_shown(line)}"


_SHOWN = 60


def _shown(line: str) -> str:
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"


def _told(said: str) -> str:
    return next((words for begin, words in _SAID if said.startswith(begin)), "写法有误")
