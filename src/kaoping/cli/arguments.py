"""The words of a command line: an argument parser that speaks the user's language, and its pieces."""

from __future__ import annotations

import argparse
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

from kaoping.cli.language import said
from kaoping.core.calendar import SHANGHAI
from kaoping.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

Verbs: TypeAlias = "argparse._SubParsersAction[Parser]"  # noqa: SLF001 - argparse has no other name
"""The room for verbs of a command."""


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks the user's language and never exits by itself."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs |= {"add_help": False, "allow_abbrev": False}
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._positionals.title = said("参数", "arguments")
        self._optionals.title = said("选项", "options")
        self.add_argument(
            "-h", "--help", action="help", help=said("显示帮助后退出", "show this help and exit")
        )

    def error(self, message: str) -> NoReturn:
        """Say what was written wrongly, and where the help is."""
        is_stray = re.fullmatch(r"unrecognized arguments: [^-].*", message, re.DOTALL)
        hint = ("名称或路径里有空格的，请加引号。", "Put a name with blanks in quotes. ")
        zh, en = hint if is_stray else ("", "")
        raise UsageError(
            f"命令写得不对：{_in_chinese(message)}。{zh}请看：{self.prog} --help",
            f"Wrong usage: {message}. {en}See: {self.prog} --help",
        )

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse, and refuse what is left over here: the help of this very command tells more."""
        known, left = super().parse_known_args(args, namespace)
        if left:
            self.error(f"unrecognized arguments: {' '.join(left)}")
        return known, left

    def format_usage(self) -> str:
        """The usage line in the user's language."""
        return super().format_usage().replace("usage:", said("用法：", "usage:"), 1)

    def format_help(self) -> str:
        """The help in the user's language."""
        return super().format_help().replace("usage:", said("用法：", "usage:"), 1)


_USAGE_ERRORS: Final = (
    (r"the following arguments are required: (.*)", r"缺少 \1"),
    (r"unrecognized arguments: (.*)", r"不认识 \1"),
    (r"argument (.*?): expected (?:one|at least one) argument", r"\1 后面缺少内容"),
    (r"argument (.*?): invalid choice: (.*?) \(choose from (.*)\)", r"\1 不能是 \2，可用：\3"),
    (r"argument (.*?): ignored explicit argument (.*)", r"\1 后面不能带 \2"),
    (r"argument (.*?): invalid int value: '(.*)'", r"\1 应是整数，不是“\2”"),
    (r"argument (.*?): not allowed with argument (.*)", r"\1 和 \2 只能写一个"),
    (r"one of the arguments (.*) is required", r"须写其中一个：\1"),
    (r"ambiguous option: (.*?) could match (.*)", r"\1 可以是 \2，请写全"),
    (r"argument (.*?): (.*)", r"\1：\2"),
)
"""What argparse says about a wrong command, and how that is said in Chinese."""


def _in_chinese(message: str) -> str:
    for english, chinese in _USAGE_ERRORS:
        match = re.fullmatch(english, message)
        if match:
            return match.expand(chinese)
    return message


FIRST_YEAR, LAST_YEAR = 1980, 2107
"""The years whose days every file format of the output can hold."""


def moment(text: str) -> datetime:
    """A time as Beijing time: the same instant gives the same documents, however it is written."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            at = at.replace(tzinfo=SHANGHAI)
        at = at.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        at = datetime.min.replace(tzinfo=SHANGHAI)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise UsageError(
            f"--at 的“{text}”不是 {FIRST_YEAR} 至 {LAST_YEAR} 年间的时间，"
            "请写成 2025-01-20T17:00。",
            f"--at: “{text}” is no time of {FIRST_YEAR} to {LAST_YEAR}, like 2025-01-20T17:00.",
        )
    return at


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`: one document for a program instead of words for a person."""
    parser.add_argument(
        "--json",
        action="store_true",
        help=said("输出一个 JSON 文档", "print one JSON document"),
    )


def add_file(parser: argparse.ArgumentParser, name: str, shown: str, about: str) -> None:
    """A file that must be named."""
    parser.add_argument(name, type=Path, metavar=shown, help=about)


def add_out(parser: argparse.ArgumentParser, about: str) -> None:
    """`--out FILE`, where the command writes."""
    parser.add_argument(
        "--out", type=Path, required=True, metavar=said("输出文件", "FILE"), help=about
    )


def add_at(parser: argparse.ArgumentParser) -> None:
    """`--at TIME`, the time on the documents; None where it is not given."""
    parser.add_argument(
        "--at",
        type=moment,
        default=None,
        metavar=said("时间", "TIME"),
        help=said(
            "文件上的时间，如 2025-01-20T17:00（不写为现在）；写明时间则每次输出逐字节相同",
            "time on the documents; with it the output is byte-identical from run to run",
        ),
    )


def add_verb(verbs: Verbs, name: str, zh: str, en: str) -> Parser:
    """A verb of the command line, with what it does in both languages."""
    text = said(zh, en)
    return verbs.add_parser(name, help=text, description=text)


def add_inner_verbs(parser: Parser) -> Verbs:
    """Room for verbs below a verb, one of which must be chosen."""
    return parser.add_subparsers(
        title=said("命令", "commands"), metavar=said("命令", "command"), required=True
    )


def now() -> datetime:
    """The one clock of the program."""
    return datetime.now(SHANGHAI)  # noqa: TID251 - the one clock
