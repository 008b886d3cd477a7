"""`kaoping`: one sub-command per verb; the one place where errors become exit codes.

Exit codes: 0 clean (or only B and C problems) · 1 input, or severity A · 2 usage · 3 refused ·
4 tamper, and any unreadable package under `verify` · 5 environment · 70 a bug.
"""

from __future__ import annotations

import argparse
import errno
import os
import re
import sys
import traceback
import uuid
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from kaoping import __version__
from kaoping.cli import commands, reading, show
from kaoping.cli.language import said
from kaoping.core.calendar import SHANGHAI
from kaoping.core.errors import EnvironmentFault, KaopingError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BUG = 70
INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
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
        raise UsageError(
            f"命令写得不对：{_in_chinese(message)}。请看：{self.prog} --help",
            f"Wrong usage: {message}. See: {self.prog} --help",
        )

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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    _prepare_streams()
    as_json = "--json" in (sys.argv if arguments is None else arguments)
    try:
        chosen = build_parser().parse_args(arguments)
        command: Callable[[argparse.Namespace], int] = chosen.command
        return command(chosen)
    except UsageError as error:
        return _tell(error)
    except KaopingError as error:
        return _tell(error, as_json=as_json)
    except KeyboardInterrupt:
        show.print_error(
            "已中断。输出位置要么是完整的新结果，要么和原来一样。",
            "Interrupted. The output is either the whole new one or what was there before.",
        )
        return INTERRUPTED
    except OSError as error:
        return _tell(_environment_fault(error), as_json=as_json)
    except Exception:  # noqa: BLE001 - the last door: a bug must not look like the user's fault
        return _tell_bug(as_json=as_json)


def _prepare_streams() -> None:
    """Chinese must come out whole, whatever the locale says; a closed stream swallows what it gets."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _tell(error: KaopingError, *, as_json: bool = False) -> int:
    """Say what went wrong; who asked for JSON still gets one document, a list of problems."""
    if as_json and error.problems:
        show.print_json([problem.as_json() for problem in error.problems])
    elif as_json:
        show.print_json([_as_problem(error.code, error.zh, error.en)])
    elif error.problems:
        show.print_problems(error.problems, to_stderr=True)
    show.print_error(error.zh, error.en)
    return error.exit_code


def _as_problem(code: str, zh: str, en: str) -> dict[str, str]:
    """An error in the form of a problem, for who reads JSON."""
    about = {"code": code, "severity": "A", "where": ""}
    return about | {"message": zh, "suggestion": "", "title_en": en}


def _environment_fault(error: OSError) -> EnvironmentFault:
    if error.errno == errno.ENOSPC:
        return EnvironmentFault(
            "磁盘已满，工作没有做完；原有文件未动。请清理磁盘后重试。",
            "The disk is full; the work was not finished and nothing was changed. "
            "Free some space and try again.",
        )
    name = error.filename or ""
    return EnvironmentFault(
        f"系统不允许：{name} {error.strerror}。请检查权限和磁盘。",
        f"The system refused: {name} {error.strerror}. Check permissions and the disk.",
    )


def _tell_bug(*, as_json: bool) -> int:
    incident = uuid.uuid4().hex[:8]
    traceback.print_exc()
    zh = f"程序内部出错，编号 {incident}。请把以上内容交给维护人员。"
    en = f"Internal error, incident {incident}. Please give the lines above to the maintainers."
    if as_json:
        show.print_json([_as_problem("bug", zh, en)])
    show.print_error(zh, en)
    return BUG


# --- the commands ----------------------------------------------------------------------------------


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = _Parser(
        prog="kaoping",
        description=said(
            "考评：从考评通知到正式得分。", "Kaoping: from an assessment notice to official scores."
        ),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"kaoping {__version__}",
        help=said("显示版本后退出", "show the version and exit"),
    )
    verbs = parser.add_subparsers(
        title=said("命令", "commands"), metavar=said("命令", "command"), required=True
    )
    _add_run(verbs)
    _add_scheme(verbs)
    _add_rule(verbs)
    _add_score(verbs)
    _add_explain(verbs)
    _add_package(verbs)
    return parser


FIRST_YEAR, LAST_YEAR = 1980, 2107
"""The years whose days every file format of the output can hold."""


def _moment(text: str) -> datetime:
    """A time as Beijing time: the same instant gives the same documents, however it is written."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=SHANGHAI)
        moment = moment.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        moment = datetime.min.replace(tzinfo=SHANGHAI)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise UsageError(
            f"--at 的“{text}”不是 {FIRST_YEAR} 至 {LAST_YEAR} 年间的时间，"
            "请写成 2025-01-20T17:00。",
            f"--at: “{text}” is no time of {FIRST_YEAR} to {LAST_YEAR}, like 2025-01-20T17:00.",
        )
    return moment


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        action="store_true",
        help=said("输出一个 JSON 文档", "print one JSON document"),
    )


def _add_file(parser: argparse.ArgumentParser, name: str, shown: str, about: str) -> None:
    parser.add_argument(name, type=Path, metavar=shown, help=about)


def _add_out(parser: argparse.ArgumentParser, about: str) -> None:
    parser.add_argument(
        "--out", type=Path, required=True, metavar=said("输出文件", "FILE"), help=about
    )


def _verb(verbs: argparse._SubParsersAction[_Parser], name: str, zh: str, en: str) -> _Parser:
    text = said(zh, en)
    return verbs.add_parser(name, help=text, description=text)


def _add_run(verbs: argparse._SubParsersAction[_Parser]) -> None:
    run = _verb(
        verbs,
        "run",
        "做完一个考评文件夹的全部工作：核对、计分、出报告、打包",
        "do the whole job for one folder: check, score, report, package",
    )
    run.add_argument(
        "folder", type=Path, metavar=said("文件夹", "FOLDER"), help=said("考评文件夹", "the folder")
    )
    run.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar=said("输出文件夹", "DIR"),
        help=said("结果写到这里", "where the output goes"),
    )
    run.add_argument(
        "--at",
        type=_moment,
        default=None,
        metavar=said("时间", "TIME"),
        help=said(
            "文件上的时间，如 2025-01-20T17:00（不写为现在）；写明时间则每次输出逐字节相同",
            "time on the documents; with it the output is byte-identical from run to run",
        ),
    )
    run.set_defaults(command=lambda a: commands.run(a.folder, a.out, a.at or _now()))


def _now() -> datetime:
    """The one clock of the program."""
    return datetime.now(SHANGHAI)  # noqa: TID251 - the one clock


def _add_scheme(verbs: argparse._SubParsersAction[_Parser]) -> None:
    scheme = _verb(verbs, "scheme", "读通知、查方案、比方案", "read, check and compare schemes")
    inner = scheme.add_subparsers(
        title=said("命令", "commands"), metavar=said("命令", "command"), required=True
    )
    _add_scheme_read(inner)
    _add_scheme_check(inner)
    diff = _verb(inner, "diff", "比较两版方案", "compare two versions of a scheme")
    _add_file(diff, "before", said("旧方案", "A"), said("原来的版本", "the former version"))
    _add_file(diff, "after", said("新方案", "B"), said("现在的版本", "the present version"))
    _add_json(diff)
    diff.set_defaults(command=lambda a: commands.scheme_diff(a.before, a.after, as_json=a.json))


_FORMATS = "docx、pdf、xlsx、csv、html、txt"


def _add_scheme_read(inner: argparse._SubParsersAction[_Parser]) -> None:
    read = _verb(
        inner,
        "read",
        "把通知和附件读成方案草稿和工作清单",
        "read a notice and its annexes into a draft scheme and a work list",
    )
    about = said(f"通知文件：{_FORMATS}", "the notice: docx, pdf, xlsx, csv, html, txt")
    _add_file(read, "notice", said("通知", "NOTICE"), about)
    _add_annexes(read)
    _add_out(read, said("草稿文件（toml）", "the draft file (toml)"))
    read.add_argument(
        "--list",
        type=Path,
        default=None,
        metavar=said("清单文件", "FILE"),
        help=said(
            "工作清单：读出的、没有读出的、须决定的，供打印和分办（.xlsx 或 .csv）",
            "the work list: what was read, was not, and is to decide (.xlsx or .csv)",
        ),
    )
    _add_json(read)
    read.set_defaults(
        command=lambda a: reading.scheme_read(
            a.notice, a.annexes, reading.Targets(a.out, a.list), as_json=a.json
        )
    )


def _add_scheme_check(inner: argparse._SubParsersAction[_Parser]) -> None:
    check = _verb(
        inner,
        "check",
        "检查方案、通知或附件表格，列出全部问题",
        "check a scheme, a notice or tables of tasks, listing all problems",
    )
    about = said(
        f"方案（toml）、通知或附件（{_FORMATS}）",
        "a scheme (toml), a notice or an annex (docx, pdf, xlsx, csv, html, txt)",
    )
    _add_file(check, "file", said("文件", "FILE"), about)
    _add_annexes(check)
    _add_json(check)
    check.set_defaults(command=lambda a: reading.scheme_check(a.file, a.annexes, as_json=a.json))


def _add_annexes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--annex",
        dest="annexes",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar=said("附件", "ANNEX"),
        help=said(
            f"通知的附件，可写几个：{_FORMATS}；读取其中的任务表",
            "annexes of the notice, one or more; their tables of tasks are read",
        ),
    )


def _add_rule(verbs: argparse._SubParsersAction[_Parser]) -> None:
    rule = _verb(verbs, "rule", "试算评分办法", "try scoring rules")
    inner = rule.add_subparsers(
        title=said("命令", "commands"), metavar=said("命令", "command"), required=True
    )
    test = _verb(inner, "test", "运行算例文件", "run a file of worked cases")
    about = said("含 [[case]] 的 toml 文件", "a toml file with [[case]] tables")
    _add_file(test, "file", said("文件", "FILE"), about)
    test.set_defaults(command=lambda a: commands.rule_test(a.file))


def _add_tables(parser: argparse.ArgumentParser) -> None:
    _add_file(parser, "scheme", said("方案", "SCHEME"), said("方案文件（toml）", "scheme (toml)"))
    table = said("csv 或 xlsx", "csv or xlsx")
    _add_file(parser, "results", said("结果表", "RESULTS"), table)
    for name, zh, en in (
        ("--deductions", "扣分表", "deductions"),
        ("--decisions", "决定表", "decisions"),
    ):
        about = said(f"{zh}（{table}）", f"{en} ({table})")
        parser.add_argument(name, type=Path, metavar=said("表", "TABLE"), help=about)


def _tables(chosen: argparse.Namespace) -> commands.Tables:
    return commands.Tables(chosen.scheme, chosen.results, chosen.deductions, chosen.decisions)


def _add_score(verbs: argparse._SubParsersAction[_Parser]) -> None:
    score = _verb(verbs, "score", "只计分，写成表格", "only score, into a table")
    _add_tables(score)
    _add_out(score, said("输出文件：.csv、.xlsx 或 .json", "output file: .csv, .xlsx or .json"))
    score.set_defaults(command=lambda a: commands.score_tables(_tables(a), a.out))


def _add_explain(verbs: argparse._SubParsersAction[_Parser]) -> None:
    explain = _verb(verbs, "explain", "说明一个得分是怎么来的", "explain how one score came about")
    _add_tables(explain)
    explain.add_argument(
        "--unit",
        required=True,
        metavar=said("单位", "UNIT"),
        help=said("编号、名称或简称", "its id, name or short name"),
    )
    explain.add_argument(
        "--task", required=True, metavar=said("任务", "TASK"), help=said("任务编号", "its id")
    )
    _add_json(explain)
    explain.set_defaults(
        command=lambda a: commands.explain(_tables(a), a.unit, a.task, as_json=a.json)
    )


def _add_package(verbs: argparse._SubParsersAction[_Parser]) -> None:
    package = _verb(verbs, "package", "核对报送包", "verify filing packages")
    inner = package.add_subparsers(
        title=said("命令", "commands"), metavar=said("命令", "command"), required=True
    )
    verify = _verb(inner, "verify", "逐字节核对报送包", "verify a filing package byte by byte")
    about = said("报送包（package.zip）", "a filing package (package.zip)")
    _add_file(verify, "file", said("文件", "FILE"), about)
    _add_json(verify)
    verify.set_defaults(command=lambda a: commands.package_verify(a.file, as_json=a.json))
