"""`kaoping draw`: plan a public draw (公开抽签), roll it, and verify its certificate."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from datetime import UTC
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.cli import show
from kaoping.cli.arguments import (
    add_at,
    add_file,
    add_inner_verbs,
    add_json,
    add_out,
    add_verb,
    now,
)
from kaoping.cli.language import said
from kaoping.core.draw.plans import FEW_DIGITS, check_sizes, plan_draw, plan_stratum
from kaoping.core.draw.reading import (
    OtherPaperError,
    read_certificate,
    read_lines,
    read_must_check,
    read_plan,
    read_population,
)
from kaoping.core.draw.records import DIGIT_COUNT
from kaoping.core.draw.rolling import certify, check_digits, repeat_command, roll
from kaoping.core.draw.verification import verify_certificate
from kaoping.core.draw.wording import NOT_DRAWN, NOT_VERIFIED, named, tampered
from kaoping.core.errors import InputError, RefusedError, TamperError, UsageError
from kaoping.files.atomic import refuse_input_as_output, told_plainly, write_whole
from kaoping.files.contents import read_bytes
from kaoping.files.draw_papers import (
    EXPLANATION,
    JSON,
    STEM,
    TEXT,
    alone_with,
    certificate_text,
    former_draw,
    mark_beside,
    mark_path,
    text_commands,
    write_certificate,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from kaoping.cli.arguments import Verbs
    from kaoping.core.draw.records import Certificate, DrawPlan, MustCheck, StratumResult

MAX_LIST = 50_000_000
"""Largest list of names read, in bytes."""
MAX_RECORD = 400_000_000
"""Largest plan or certificate read, in bytes: it holds its lists."""

_STRATUM = re.compile(
    r"(?P<name>[^=]+)=(?P<file>.+?):(?P<size>[0-9]{1,9})(:(?P<reserve>[0-9]{1,9}))?"
)
_COUNT = re.compile(r"[0-9]{1,9}")
_FORM_ZH = (
    "请写成 组名=名单文件:抽取数 或 组名=名单文件:抽取数:备选数，如 企业=企业名单.txt:3:1；"
    "抽取数和备选数须是用 0 到 9 写的整数；组名或文件名里有空格时，给整段加引号"
)
_FORM_EN = (
    "write NAME=FILE:SIZE or NAME=FILE:SIZE:RESERVE, like firms=firms.txt:3:1; both sizes must be "
    "whole numbers, written with 0 to 9; where a name has a blank, put the whole into quotes"
)
_IN_ENGLISH = (
    "The list is published first, the dice are rolled in public, a public rule gives everyone a "
    "ticket, the smallest are drawn, and you can reckon it anew on any computer."
)


# --- the words ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StratumWords:
    """What `--stratum` says: a name, the file of its list, and two sizes."""

    name: str
    file: Path
    sample_size: int
    reserve_size: int


def add_draw(verbs: Verbs) -> None:
    """Add `draw` with its verbs `plan`, `roll` and `verify` to a command line."""
    draw = add_verb(
        verbs, "draw", "公开抽签：定方案、抽签、核对", "public draws: plan, roll, verify"
    )
    inner = add_inner_verbs(draw)
    _add_plan(inner)
    _add_roll(inner)
    _add_verify(inner)


def _add_plan(inner: Verbs) -> None:
    plan = add_verb(
        inner, "plan", "掷骰之前定下抽查方案", "settle the plan before digits are rolled"
    )
    _add_text(plan, "--purpose", said("事由", "TEXT"), said("为什么抽签", "what is drawn for"))
    plan.add_argument(
        "--stratum",
        dest="strata",
        type=_stratum_words,
        action="append",
        required=True,
        metavar=said("组名=名单:抽取数[:备选数]", "NAME=FILE:SIZE[:RESERVE]"),
        help=said(
            "一个抽样组，可写几个；名单每行一个编号",
            "a stratum, one or more; its file has one id a line",
        ),
    )
    plan.add_argument(
        "--must-check",
        type=Path,
        metavar=said("文件", "FILE"),
        help=said(
            "必查名单：每行写编号、制表符、理由", "must-check list: on each line id, tab, reason"
        ),
    )
    _add_count(
        plan,
        "--digits",
        f"要掷几位数字（不写为 {DIGIT_COUNT}）",
        f"how many digits will be rolled ({DIGIT_COUNT} if left out)",
        DIGIT_COUNT,
    )
    _add_text(
        plan,
        "--source",
        said("来源", "TEXT"),
        said(
            "何时、何地、谁来掷骰，或用哪一期彩票",
            "who rolls, where and when; or which lottery result",
        ),
    )
    add_out(plan, said("方案文件（json）", "the plan (json)"))
    plan.set_defaults(command=draw_plan)


def _add_roll(inner: Verbs) -> None:
    rolled = add_verb(inner, "roll", "用掷出的数字抽签", "draw with the digits rolled")
    rolled.add_argument(
        "population",
        nargs="?",
        type=Path,
        metavar=said("名单", "POPULATION"),
        help=said("名单，每行一个编号（没有方案时）", "a list, one id a line (without a plan)"),
    )
    rolled.add_argument(
        "--plan", type=Path, metavar=said("方案", "PLAN"), help=said("抽查方案", "the plan")
    )
    _add_text(
        rolled,
        "--digits",
        said("数字", "DIGITS"),
        said("掷出的数字，连续写", "the digits rolled, without blanks"),
    )
    _add_count(rolled, "--size", "抽取几个（没有方案时）", "how many are drawn (without a plan)")
    _add_count(rolled, "--reserve", "备选几个（没有方案时）", "how many follow (without a plan)")
    _add_count(
        rolled,
        "--digit-count",
        f"数字应有几位（没有方案时；不写为 {DIGIT_COUNT}）",
        f"how many digits are due (without a plan; {DIGIT_COUNT} if left out)",
    )
    rolled.add_argument(
        "--out",
        type=Path,
        metavar=said("输出", "OUT"),
        help=said(
            "确认书的文件夹，或其中 json 文件的名称（有方案时）",
            "a folder for the certificate, or the name of its json file (with a plan)",
        ),
    )
    add_at(rolled)
    add_json(rolled)
    rolled.set_defaults(command=draw_roll)


def _add_verify(inner: Verbs) -> None:
    verify = add_verb(inner, "verify", "复算并核对确认书", "reckon a certificate anew")
    about = said("确认书（json），或它的文件夹", "a certificate (json), or its folder")
    add_file(verify, "certificate", said("确认书", "CERTIFICATE"), about)
    verify.add_argument(
        "--plan",
        type=Path,
        metavar=said("方案", "PLAN"),
        help=said("掷骰前公布的方案，逐项对照", "the plan as published before, to compare with"),
    )
    verify.add_argument(
        "--population",
        dest="populations",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar=said("名单", "FILE"),
        help=said(
            "掷骰前公布的名单，可写几个，写在确认书之后",
            "lists as published before, one or more, behind the certificate",
        ),
    )
    add_json(verify)
    verify.set_defaults(command=draw_verify)


def _add_text(parser: argparse.ArgumentParser, name: str, shown: str, about: str) -> None:
    parser.add_argument(name, required=True, metavar=shown, help=about)


def _add_count(
    parser: argparse.ArgumentParser, name: str, zh: str, en: str, default: int | None = None
) -> None:
    count = said("个数", "N")
    parser.add_argument(name, type=_count, default=default, metavar=count, help=said(zh, en))


def _count(text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise UsageError(
            f"“{text}”不是个数，请写 0 到 9 的半角数字。",
            f"“{text}” is no number of things; write it with the digits 0 to 9.",
        )
    return int(text)


def _stratum_words(text: str) -> StratumWords:
    found = _STRATUM.fullmatch(text)
    if found is None:
        raise UsageError(
            f"--stratum 的{named(text)}写法不对。{_FORM_ZH}。",
            f"--stratum: {named(text)} is not well formed; {_FORM_EN}.",
        )
    return StratumWords(
        found["name"], Path(found["file"]), int(found["size"]), int(found["reserve"] or 0)
    )


# --- plan -----------------------------------------------------------------------------------------


def draw_plan(chosen: argparse.Namespace) -> int:
    """`kaoping draw plan`: write what is settled before any digit is known."""
    words: list[StratumWords] = chosen.strata
    out: Path = chosen.out
    for one in words:
        _refuse_size_as_file(one)
    refuse_input_as_output(out, chosen.must_check, *(one.file for one in words))
    plan = plan_draw(
        purpose=chosen.purpose,
        strata=[
            plan_stratum(
                one.name,
                read_lines(read_bytes(one.file, MAX_LIST), one.file.name),
                one.sample_size,
                one.reserve_size,
                where=one.file.name,
            )
            for one in words
        ],
        source=chosen.source,
        must_check=_must_check(chosen.must_check),
        digit_count=chosen.digits,
    )
    _refuse_another_plan(out, plan)
    write_whole(out, plan.content)
    _show_plan(plan, out)
    return 0


def _refuse_size_as_file(words: StratumWords) -> None:
    """In `list.txt:七:3` the file would be `list.txt:七`, and nobody would understand what is missing."""
    if ":" in words.file.name and not words.file.exists():
        name = named(str(words.file))
        raise UsageError(
            f"--stratum 写法不对：没有叫{name}的文件。{_FORM_ZH}。",
            f"--stratum: there is no file {name}; {_FORM_EN}.",
        )


def _must_check(path: Path | None) -> Sequence[MustCheck]:
    return () if path is None else read_must_check(read_bytes(path, MAX_LIST), path.name)


def _refuse_another_plan(out: Path, plan: DrawPlan) -> None:
    """A plan that somebody may have published already is not replaced in passing."""
    with told_plainly(out):
        differs = out.is_file() and out.read_bytes() != plan.content
    if differs:
        raise RefusedError(
            f"{out} 已经存在，内容与这个方案不同，没有写入。请换一个文件名；已公布的方案不能更改。",
            f"{out} exists and differs from this plan; nothing was written. Choose another name: a "
            "plan that was published cannot be changed.",
        )
    mark = None if out.is_dir() else mark_beside(out)
    if mark is not None and mark.plan_sha256 != plan.digest:
        raise RefusedError(
            f"{mark_path(out)} 表明用 {out} 这个文件名的另一份方案已经抽过签，没有写入。请换一个文件名。",
            f"{mark_path(out)} says that another plan of the name {out} was drawn from; nothing was "
            "written. Choose another name.",
        )


def _show_plan(plan: DrawPlan, out: Path) -> None:
    show.print_table(
        (
            said("抽样组", "Stratum"),
            said("名单", "Population"),
            said("抽取", "Sample"),
            said("备选", "Reserve"),
            said("名单摘要", "Population digest"),
        ),
        [
            (
                one.name,
                str(len(one.population)),
                str(one.sample_size),
                str(one.reserve_size),
                one.population_sha256,
            )
            for one in plan.strata
        ],
    )
    if plan.must_check:
        listed = said("、", ", ").join(one.id for one in plan.must_check)
        show.print_line(said(f"必查（不参加抽签）：{listed}", f"To be checked anyway: {listed}"))
    if plan.digit_count < FEW_DIGITS:
        show.print_line(
            said(
                f"注意：只有 {plan.digit_count} 位数字，所有结果都能事先试出；建议 {DIGIT_COUNT} 位。",
                f"Note: of {plan.digit_count} digits, all results can be tried out beforehand; "
                f"{DIGIT_COUNT} are advised.",
            )
        )
    show.print_line(said(f"已写出方案：{out}", f"Wrote the plan: {out}"))
    show.print_line(said(f"方案摘要：{plan.digest}", f"Plan digest: {plan.digest}"))
    command = f"kaoping draw roll --plan {shlex.quote(str(out))} --digits … --out …"
    show.print_line(
        said(
            f"请先公布名单和方案摘要，再当众掷出 {plan.digit_count} 位数字，然后运行：{command}",
            f"Publish the lists and the plan digest first, then roll {plan.digit_count} digits in "
            f"public and run: {command}",
        )
    )


# --- roll -----------------------------------------------------------------------------------------


def draw_roll(chosen: argparse.Namespace) -> int:
    """`kaoping draw roll`: draw from a list, or from a plan with a certificate."""
    population, plan = chosen.population, chosen.plan
    if population is None and plan is None:
        raise UsageError(
            "请写一个名单文件，或用 --plan 指定方案，二者选一。",
            "Name a list, or a plan with --plan; one of the two.",
        )
    if population is not None and plan is not None:
        name = named(str(population))
        raise UsageError(
            f"名单{name}和 --plan 只能写一个。如果是文件名或数字里有空格，请给文件名加引号，数字连续写。",
            f"The list {name} and --plan exclude each other. Where a name or the digits have a "
            "blank, put the name into quotes, and write the digits without blanks.",
        )
    if chosen.plan is not None:
        return _roll_plan(chosen)
    return _roll_population(chosen)


def _roll_population(chosen: argparse.Namespace) -> int:
    if chosen.size is None or chosen.out is not None or chosen.at is not None:
        raise UsageError(
            "只有名单时要写 --size，不能写 --out 和 --at；要写出确认书，请先定方案（kaoping draw plan）。",
            "With a list, --size is due, and --out and --at have no meaning; a certificate needs a "
            "plan first (kaoping draw plan).",
        )
    path, digits, reserve = chosen.population, chosen.digits, chosen.reserve or 0
    due = DIGIT_COUNT if chosen.digit_count is None else chosen.digit_count
    check_digits(digits, due)
    population = read_population(read_bytes(path, MAX_LIST), path.name)
    check_sizes(path.name, len(population), chosen.size, reserve, NOT_DRAWN)
    result = roll("", population, chosen.size, reserve, digits)
    if chosen.json:
        show.print_json(_as_json(result, digits))
        return 0
    _show_results([result])
    digest = result.population_sha256
    total = len(population)
    show.print_line(
        said(
            f"名单共 {total} 个，名单摘要：{digest}",
            f"Population of {total}, its digest: {digest}",
        )
    )
    words = f"LC_ALL=C sort -u -- {shlex.quote(str(path))}"
    _show_commands([repeat_command(words, digits, chosen.size + reserve)])
    return 0


def _as_json(result: StratumResult, digits: str) -> dict[str, object]:
    return {
        "population_sha256": result.population_sha256,
        "digits": digits,
        "sample": [ticket.as_json() for ticket in result.sample],
        "reserve": [ticket.as_json() for ticket in result.reserve],
    }


def _roll_plan(chosen: argparse.Namespace) -> int:
    given = (chosen.size, chosen.reserve, chosen.digit_count)
    if chosen.out is None or any(value is not None for value in given):
        raise UsageError(
            "有方案时要写 --out；抽取数、备选数和位数都在方案里，不能再写。",
            "With a plan, --out is due; sizes and the number of digits stand in the plan and "
            "cannot be given again.",
        )
    path: Path = chosen.plan
    plan = read_plan(read_bytes(path, MAX_RECORD), path.name)
    check_digits(chosen.digits, plan.digit_count)
    at = None if chosen.at is None else _utc(chosen.at)
    with alone_with(path):
        former = former_draw(path, plan, chosen.digits, at)
        made_at = (at or _utc(now())) if former is None else former.made_at
        certificate = certify(plan, chosen.digits, made_at)
        verify_certificate(certificate)
        written = write_certificate(chosen.out, certificate, path)
    if chosen.json:
        show.print_json(certificate.as_json())
        return 0
    _show_drawn(certificate, written, mark_path(path))
    return 0


def _show_drawn(certificate: Certificate, written: Sequence[Path], mark: Path) -> None:
    plan = certificate.plan
    _show_results(certificate.results)
    for one in plan.must_check:
        show.print_line(
            said(
                f"必查：{one.id}，理由：{one.reason}",
                f"To be checked anyway: {one.id}: {one.reason}",
            )
        )
    show.print_line(said(f"方案摘要：{plan.digest}", f"Plan digest: {plan.digest}"))
    listed = said("、", ", ").join(str(file) for file in written)
    show.print_line(said(f"已写出确认书：{listed}", f"Wrote the certificate: {listed}"))
    show.print_line(
        said(
            f"已记下抽签记号 {mark}：这个方案文件不能再用别的数字抽签。",
            f"Left the mark {mark}: this file of the plan is not drawn from with other digits.",
        )
    )
    text = next(file for file in written if file.suffix == TEXT)
    _show_commands(text_commands(certificate, text))


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _show_results(results: Iterable[StratumResult]) -> None:
    sample, reserve = said("抽中", "drawn"), said("备选", "reserve")
    heads = ("", said("序号", "No."), said("编号（名称）和抽签号", "Id and ticket"))
    for result in results:
        if result.name:
            show.print_line(said(f"抽样组：{result.name}", f"Stratum: {result.name}"))
        rows = [
            (kind, str(number), f"{one.id}\n{one.ticket}")
            for kind, tickets in ((sample, result.sample), (reserve, result.reserve))
            for number, one in enumerate(tickets, start=1)
        ]
        show.print_table(heads, rows)


def _show_commands(commands: Iterable[str]) -> None:
    show.print_line(said("任何人都可以这样复算：", "Anybody repeats it like this:"))
    for command in commands:
        show.print_line(f"\n{command}\n")
    show.print_line(said(EXPLANATION, _IN_ENGLISH))


# --- verify ---------------------------------------------------------------------------------------


def draw_verify(chosen: argparse.Namespace) -> int:
    """`kaoping draw verify`: reckon a certificate anew, and compare it with what somebody kept."""
    path: Path = chosen.certificate
    is_folder = path.is_dir()
    file = path / f"{STEM}{JSON}" if is_folder else path
    _refuse_torn_names(chosen.populations)
    certificate = _certificate(file, is_named=not is_folder)
    held = chosen.plan
    plan = (
        None if held is None else read_plan(read_bytes(held, MAX_RECORD), held.name, NOT_VERIFIED)
    )
    lists = [
        (one.name, read_population(read_bytes(one, MAX_LIST), one.name, NOT_VERIFIED))
        for one in chosen.populations
    ]
    verify_certificate(certificate, plan, lists)
    if is_folder:
        _verify_text(path / f"{STEM}{TEXT}", certificate)
    if chosen.json:
        show.print_json(certificate.as_json())
        return 0
    _show_verified(certificate, has_plan=plan is not None, lists=len(lists))
    return 0


def _refuse_torn_names(paths: Sequence[Path]) -> None:
    """Two names that only together are a file: one name with a blank, without quotes."""
    for left, right in pairwise(paths):
        whole = Path(f"{left} {right}")
        if whole.exists() and not (left.exists() and right.exists()):
            raise UsageError(
                f"文件名“{whole}”里有空格，请给它加引号。",
                f"The name “{whole}” has a blank; put it into quotes.",
            )


def _certificate(path: Path, *, is_named: bool) -> Certificate:
    """A certificate; one that is there and cannot be read does not verify.

    Who names another paper of the draw made a slip; where it lies in the place of the certificate
    in its folder, somebody put it there.
    """
    content = read_bytes(path, MAX_RECORD)
    try:
        return read_certificate(content, path.name)
    except InputError as error:
        if is_named and isinstance(error, OtherPaperError):
            raise
        raise TamperError(error.zh, error.en) from None


def _verify_text(path: Path, certificate: Certificate) -> None:
    """The text beside a certificate says the same; the PDF depends on fonts and is not compared."""
    content = read_bytes(path, MAX_RECORD)
    if content != certificate_text(certificate, path.name).encode():
        raise tampered(
            f"{path.name} 与 {STEM}{JSON} 的内容不一致",
            f"{path.name} does not say what {STEM}{JSON} says",
        )


def _show_verified(certificate: Certificate, *, has_plan: bool, lists: int) -> None:
    _show_results(certificate.results)
    digest, strata = certificate.plan_sha256, len(certificate.plan.strata)
    show.print_line(
        said(
            f"核对无误：{strata} 个抽样组全部复算一致，抽签数字 {certificate.digits}",
            f"Sound: {strata} strata reckoned anew, digits {certificate.digits}",
        )
    )
    if has_plan:
        show.print_line(
            said(f"与公布的方案一致，方案摘要：{digest}", f"The plan is the one held: {digest}")
        )
    else:
        show.print_line(
            said(
                f"没有对照公布的方案（--plan），请核对方案摘要是否就是掷骰前公布的：{digest}",
                f"No plan was compared (--plan); see that the digest is the one published before "
                f"the digits: {digest}",
            )
        )
    if lists:
        show.print_line(
            said(f"对照了 {lists} 份名单，均一致。", f"{lists} lists compared, all equal.")
        )
