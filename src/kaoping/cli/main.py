"""`kaoping`: one sub-command per verb; the one place where errors become exit codes.

Exit codes: 0 clean (or only B and C problems) · 1 input, or severity A · 2 usage · 3 refused ·
4 tamper, and any unreadable package under `verify` · 5 environment · 70 a bug.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaoping import __version__
from kaoping.cli import show
from kaoping.cli.arguments import (
    Parser,
    add_at,
    add_file,
    add_inner_verbs,
    add_json,
    add_out,
    add_verb,
    now,
)
from kaoping.cli.document import add_document
from kaoping.cli.draw import add_draw
from kaoping.cli.journal import add_journal
from kaoping.cli.keys import add_key, read_keys
from kaoping.cli.language import said
from kaoping.cli.receipt import add_receipt
from kaoping.cli.seal import add_seal
from kaoping.cli.template import add_template
from kaoping.cli.witness import add_witness
from kaoping.core.errors import EnvironmentFault, KaopingError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from kaoping.cli.arguments import Verbs
    from kaoping.cli.commands import Tables

BUG = 70
INTERRUPTED = 130


def main(
    arguments: Sequence[str] | None = None, more: Sequence[Callable[[Verbs], None]] = ()
) -> int:
    """Run one command and give its exit code.

    Args:
        arguments: the words after the command's name; those of the process without them.
        more: adds verbs that live above the command line, such as those of the platform.
    """
    _prepare_streams()
    as_json = "--json" in (sys.argv if arguments is None else arguments)
    try:
        chosen = build_parser(more).parse_args(arguments)
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


def _commands() -> Any:  # noqa: ANN401 - a module
    """What scores, loaded once a verb needs it: a server or a sealer starts without it."""
    from kaoping.cli import commands  # noqa: PLC0415 - as it says

    return commands


def _reading() -> Any:  # noqa: ANN401 - a module
    """What reads notices, loaded once a verb needs it."""
    from kaoping.cli import reading  # noqa: PLC0415 - as it says

    return reading


# --- the commands ----------------------------------------------------------------------------------


def build_parser(more: Sequence[Callable[[Verbs], None]] = ()) -> argparse.ArgumentParser:
    """The whole command line, with the verbs that `more` adds."""
    parser = Parser(
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
    verbs = add_inner_verbs(parser)
    _add_run(verbs)
    _add_scheme(verbs)
    _add_rule(verbs)
    _add_score(verbs)
    _add_explain(verbs)
    _add_package(verbs)
    add_draw(verbs)
    add_journal(verbs)
    add_receipt(verbs)
    add_document(verbs)
    add_template(verbs)
    add_seal(verbs)
    add_witness(verbs)
    add_key(verbs)
    for add in more:
        add(verbs)
    return parser


def _add_run(verbs: Verbs) -> None:
    run = add_verb(
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
    add_at(run)
    run.add_argument(
        "--signing-key",
        type=Path,
        metavar=said("密钥文件", "FILE"),
        help=said(
            "签署存证日志的密钥（不写则临时生成一把，仅供试用）；与 --at 同写则每次输出逐字节相同",
            "signs the journal (a key for this once if left out); with --at byte-identical",
        ),
    )
    run.set_defaults(
        command=lambda a: _commands().run(a.folder, a.out, a.at or now(), a.signing_key)
    )


def _add_scheme(verbs: Verbs) -> None:
    scheme = add_verb(verbs, "scheme", "读通知、查方案、比方案", "read, check and compare schemes")
    inner = add_inner_verbs(scheme)
    _add_scheme_read(inner)
    _add_scheme_check(inner)
    diff = add_verb(inner, "diff", "比较两版方案", "compare two versions of a scheme")
    add_file(diff, "before", said("旧方案", "A"), said("原来的版本", "the former version"))
    add_file(diff, "after", said("新方案", "B"), said("现在的版本", "the present version"))
    add_json(diff)
    diff.set_defaults(command=lambda a: _commands().scheme_diff(a.before, a.after, as_json=a.json))


_FORMATS = "docx、pdf、xlsx、csv、html、txt"


def _add_scheme_read(inner: Verbs) -> None:
    read = add_verb(
        inner,
        "read",
        "把通知和附件读成方案草稿和工作清单",
        "read a notice and its annexes into a draft scheme and a work list",
    )
    about = said(f"通知文件：{_FORMATS}", "the notice: docx, pdf, xlsx, csv, html, txt")
    add_file(read, "notice", said("通知", "NOTICE"), about)
    _add_annexes(read)
    add_out(read, said("草稿文件（toml）", "the draft file (toml)"))
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
    add_json(read)
    read.set_defaults(
        command=lambda a: _reading().scheme_read(
            a.notice, a.annexes, _reading().Targets(a.out, a.list), as_json=a.json
        )
    )


def _add_scheme_check(inner: Verbs) -> None:
    check = add_verb(
        inner,
        "check",
        "检查方案、通知或附件表格，列出全部问题",
        "check a scheme, a notice or tables of tasks, listing all problems",
    )
    about = said(
        f"方案（toml）、通知或附件（{_FORMATS}）",
        "a scheme (toml), a notice or an annex (docx, pdf, xlsx, csv, html, txt)",
    )
    add_file(check, "file", said("文件", "FILE"), about)
    _add_annexes(check)
    add_json(check)
    check.set_defaults(command=lambda a: _reading().scheme_check(a.file, a.annexes, as_json=a.json))


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


def _add_rule(verbs: Verbs) -> None:
    rule = add_verb(verbs, "rule", "试算评分办法", "try scoring rules")
    inner = add_inner_verbs(rule)
    test = add_verb(inner, "test", "运行算例文件", "run a file of worked cases")
    about = said("含 [[case]] 的 toml 文件", "a toml file with [[case]] tables")
    add_file(test, "file", said("文件", "FILE"), about)
    test.set_defaults(command=lambda a: _commands().rule_test(a.file))


def _add_tables(parser: argparse.ArgumentParser) -> None:
    add_file(parser, "scheme", said("方案", "SCHEME"), said("方案文件（toml）", "scheme (toml)"))
    table = said("csv 或 xlsx", "csv or xlsx")
    add_file(parser, "results", said("结果表", "RESULTS"), table)
    for name, zh, en in (
        ("--deductions", "扣分表", "deductions"),
        ("--decisions", "决定表", "decisions"),
    ):
        about = said(f"{zh}（{table}）", f"{en} ({table})")
        parser.add_argument(name, type=Path, metavar=said("表", "TABLE"), help=about)


def _tables(chosen: argparse.Namespace) -> Tables:
    from kaoping.cli.commands import Tables  # noqa: PLC0415 - as below

    return Tables(chosen.scheme, chosen.results, chosen.deductions, chosen.decisions)


def _add_score(verbs: Verbs) -> None:
    score = add_verb(verbs, "score", "只计分，写成表格", "only score, into a table")
    _add_tables(score)
    add_out(score, said("输出文件：.csv、.xlsx 或 .json", "output file: .csv, .xlsx or .json"))
    score.set_defaults(command=lambda a: _commands().score_tables(_tables(a), a.out))


def _add_explain(verbs: Verbs) -> None:
    explain = add_verb(
        verbs, "explain", "说明一个得分是怎么来的", "explain how one score came about"
    )
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
    add_json(explain)
    explain.set_defaults(
        command=lambda a: _commands().explain(_tables(a), a.unit, a.task, as_json=a.json)
    )


def _add_package(verbs: Verbs) -> None:
    package = add_verb(verbs, "package", "核对报送包", "verify filing packages")
    inner = add_inner_verbs(package)
    verify = add_verb(inner, "verify", "逐字节核对报送包", "verify a filing package byte by byte")
    about = said("报送包（package.zip）", "a filing package (package.zip)")
    add_file(verify, "file", said("文件", "FILE"), about)
    verify.add_argument(
        "--key",
        dest="keys",
        nargs="+",
        action="extend",
        default=[],
        metavar=said("公钥或文件", "VKEY-or-FILE"),
        help=said(
            "报送单位印在纸上的公钥（kaoping run 最后显示的一行）",
            "the verifier key on paper, the line that kaoping run ends with",
        ),
    )
    add_json(verify)
    verify.set_defaults(
        command=lambda a: _commands().package_verify(a.file, read_keys(a.keys), as_json=a.json)
    )
