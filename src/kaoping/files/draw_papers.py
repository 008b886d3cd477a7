"""抽签结果确认书 on disk: for programs (json), for anybody with a shell (txt), to be signed (pdf).

The text carries the lists of names, each on lines of its own, so that the commands in it need no other
file. The PDF is set by a template of its own: large digits and 64-digit tickets stand in no other
document. Equal certificates give equal bytes, where the fonts are the same.

Before a certificate, a mark is written beside the plan: with other digits nobody draws from that file again.
"""

from __future__ import annotations

import fcntl
import os
import re
import shlex
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from kaoping.core.calendar import SHANGHAI
from kaoping.core.draw.reading import read_mark
from kaoping.core.draw.records import TITLE
from kaoping.core.draw.rolling import repeat_command
from kaoping.core.errors import EnvironmentFault, InputError, RefusedError, TamperError
from kaoping.core.report.document import chinese_moment
from kaoping.files.atomic import let_go, resolved, told_plainly, whole_folder, write_whole
from kaoping.files.contents import read_bytes
from kaoping.files.fonts import find_faces
from kaoping.files.numerals import numeral
from kaoping.files.pdf import typeset

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kaoping.core.draw.records import (
        Certificate,
        DrawMark,
        DrawPlan,
        Stratum,
        StratumResult,
        Ticket,
    )
    from kaoping.files.fonts import Faces

MARK: Final = "未经签字不作正式依据"
EXPLANATION: Final = (
    "先公布名单，再当众掷骰，每家用公开算法算一个号，号最小的抽中，您用任何电脑都能复算。"
)
"""The draw in one sentence, for those who may be drawn."""
ROLES: Final = ("监督人", "被考评单位代表", "记录人")
STEM: Final = "certificate"
JSON, TEXT, PAPER = ".json", ".txt", ".pdf"
DRAWN = ".drawn"
"""What is added to the name of a plan's file for that of its mark."""
MAX_MARK = 10_000
"""Largest mark read, in bytes."""

_TEMPLATE = "draw.typ"
SHORT_DIGEST: Final = 16
"""How many hex digits of a digest stand in a sentence."""
_GROUP = 5
"""How many digits stand together where they are shown large."""
_UNBROKEN = re.compile(r"([!-~]{24})(?=[!-~])")
"""A run of letters and digits that fills a column."""
_LIST_FILE = "名单.txt"


# --- on disk --------------------------------------------------------------------------------------


def write_certificate(out: Path, certificate: Certificate, plan: Path) -> tuple[Path, ...]:
    """Write a certificate as json, txt and pdf, each complete or absent; first the plan's mark.

    Args:
        out: a folder for the three; or one of them by its name, then the others stand beside it.
        certificate: what is written.
        plan: the plan's file, beside which the mark is written.

    Returns:
        The three files.

    Raises:
        RefusedError: where a certificate stands there already: nobody draws twice for one plan.
        EnvironmentFault: where fonts or disk space are missing.
    """
    is_file = out.suffix.lower() in (JSON, TEXT, PAPER)
    stem = out.stem if is_file else STEM
    folder = out.parent if is_file else out
    paths = tuple(folder / f"{stem}{suffix}" for suffix in (TEXT, PAPER, JSON))
    _refuse_second(paths)
    _refuse_mark_as_output(out, plan)
    faces = find_faces()
    contents = (
        certificate_text(certificate, paths[0].name).encode(),
        certificate_pdf(certificate, faces),
        certificate.content,
    )
    if is_file:
        with told_plainly(out):
            folder.mkdir(parents=True, exist_ok=True)
        _write_mark(plan, certificate.mark)
        for path, content in zip(paths, contents, strict=True):
            write_whole(path, content)
        return paths
    with whole_folder(out) as scratch:
        for path, content in zip(paths, contents, strict=True):
            (scratch / path.name).write_bytes(content)
        _write_mark(plan, certificate.mark)
    return paths


def _refuse_second(paths: Sequence[Path]) -> None:
    for path in paths:
        with told_plainly(path):
            stands = path.exists()
        if stands:
            raise RefusedError(
                f"{path} 已经存在。一个方案只抽一次，没有抽签，也没有写入；请核对是否已经抽过。",
                f"{path} exists already. A plan is drawn once: nothing was drawn or written. Check "
                "whether this draw was held before.",
            )


# --- the mark beside the plan ---------------------------------------------------------------------


@contextmanager
def alone_with(plan: Path) -> Iterator[None]:
    """Hold off other draws from the same plan's file until this one has left its mark."""
    with told_plainly(plan):
        handle = os.open(plan, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        let_go(handle)


def mark_path(plan: Path) -> Path:
    """Where a plan's mark lies: beside the file itself, whatever link leads to it."""
    real = resolved(plan)
    return real.parent / f"{real.name}{DRAWN}"


def mark_beside(plan: Path) -> DrawMark | None:
    """The mark of the draw that was held from a plan's file; None where there was none.

    Raises:
        TamperError: where something lies there that is no mark, or cannot be read.
    """
    path = mark_path(plan)
    with told_plainly(path):
        stands = path.exists()
    if not stands:
        return None
    try:
        return read_mark(read_bytes(path, MAX_MARK), path.name)
    except (InputError, TamperError) as error:
        raise TamperError(
            f"{path} 应是这个方案抽过签的记号，却读不出来。{error.zh}没有抽签，也没有写入；"
            "请找回原来的记号，并查明是谁改动的。",
            f"{path} is due to be the mark of a draw from this plan and cannot be read. {error.en} "
            "Nothing was drawn or written; find the mark as it was, and who changed it.",
        ) from None


def former_draw(path: Path, plan: DrawPlan, digits: str, made_at: str | None) -> DrawMark | None:
    """The mark of the draw that is now repeated; None where this is the first from the plan.

    Args:
        path: the plan's file.
        plan: what stands in it.
        digits: the digits rolled.
        made_at: the time that was asked for, if any, as a certificate writes it.

    Raises:
        RefusedError: where other digits, another time or another plan were drawn with.
        TamperError: where the mark cannot be read.
    """
    mark = mark_beside(path)
    if mark is None:
        return None
    where = mark_path(path)
    if mark.plan_sha256 != plan.digest:
        raise RefusedError(
            f"{where} 记的是另一份方案（摘要 {mark.plan_sha256}）的抽签，{path} 在抽签后被换过。"
            "没有抽签，也没有写入；请找回原方案，或给新方案换一个文件名。",
            f"{where} is of a draw from another plan (digest {mark.plan_sha256}): {path} was "
            "exchanged after the draw. Nothing was drawn or written; find the former plan, or give "
            "the new one another name.",
        )
    if mark.digits != digits:
        raise RefusedError(
            f"{path} 已经用数字 {mark.digits} 抽过签（见 {where}）。一个方案只抽一次，没有抽签，也没有写入。"
            "要再出确认书，请用同样的数字；结果不合意不能重抽。",
            f"{path} was drawn from already, with the digits {mark.digits} (see {where}). A plan is "
            "drawn once: nothing was drawn or written. For the certificate again, give the same "
            "digits; nobody draws again for another result.",
        )
    if made_at not in (None, mark.made_at):
        raise RefusedError(
            f"{path} 已经抽过签，确认书的时间是 {mark.made_at}（见 {where}）。一个方案只抽一次，没有抽签，"
            "也没有写入。要再出同一份确认书，请不写 --at，或写这个时间。",
            f"{path} was drawn from already; the time of its certificate is {mark.made_at} (see "
            f"{where}). A plan is drawn once: nothing was drawn or written. For the same "
            "certificate again, leave out --at, or give that time.",
        )
    return mark


def _refuse_mark_as_output(out: Path, plan: Path) -> None:
    mark, real = mark_path(plan), resolved(out)
    if mark in (real, *real.parents):
        raise RefusedError(
            f"{out} 是方案的抽签记号所在的位置，没有抽签，也没有写入。请换一个输出位置。",
            f"{out} is the place of the plan's mark; nothing was drawn or written. Choose another "
            "place for the output.",
        )


def _write_mark(plan: Path, mark: DrawMark) -> None:
    """Leave the mark for good before anybody can see the certificate."""
    if mark_beside(plan) != mark:
        write_whole(mark_path(plan), mark.content)


# --- what both papers say -------------------------------------------------------------------------


def _made_at(certificate: Certificate) -> datetime:
    return datetime.fromisoformat(certificate.made_at).replace(tzinfo=UTC)


def _facts(certificate: Certificate) -> tuple[tuple[str, str], ...]:
    plan = certificate.plan
    made_at = chinese_moment(_made_at(certificate).astimezone(SHANGHAI))
    return (
        ("抽签事由", plan.purpose),
        ("数字来源", plan.source),
        ("制作时间", made_at),
        ("方案摘要", certificate.plan_sha256),
        ("确认书摘要", certificate.digest),
    )


def _sizes(stratum: Stratum) -> str:
    reserve = f"，备选 {stratum.reserve_size} 个" if stratum.reserve_size else "，不设备选"
    return f"名单共 {len(stratum.population)} 个，抽取 {stratum.sample_size} 个{reserve}。"


def _rule(certificate: Certificate) -> str:
    return (
        "抽签号是“抽签数字|名单摘要|编号”这段文字（UTF-8）的 SHA-256 值，按从小到大排列："
        "最小的抽中，其次依次为备选。名单摘要是名单文字的 SHA-256 值，名单按字节排序，"
        "每行一个，行末为换行符；方案摘要是方案文件的 SHA-256 值。"
        f"本次抽签数字共 {certificate.plan.digit_count} 位。"
    )


def _confirmation(certificate: Certificate) -> str:
    """What the signers confirm; it names the digits, so that the page they sign is of this draw."""
    return (
        f"以上结果系按事先公布的方案（摘要前 {SHORT_DIGEST} 位 {certificate.plan_sha256[:SHORT_DIGEST]}）"
        f"和当众产生的抽签数字 {certificate.digits} 算出，现予确认。"
    )


def _pairs(certificate: Certificate) -> Iterator[tuple[str, Stratum, StratumResult]]:
    """Each stratum with its number and its result."""
    pairs = zip(certificate.plan.strata, certificate.results, strict=True)
    for number, (stratum, result) in enumerate(pairs, start=1):
        yield numeral(number, "chineseCounting"), stratum, result


# --- as text --------------------------------------------------------------------------------------


def certificate_text(certificate: Certificate, name: str) -> str:
    """The certificate as plain text, with the lists and the commands that reckon it anew.

    Args:
        certificate: a certificate that verifies.
        name: the name of the file it will lie in, as the commands use it.
    """
    lines = _lines_above_lists(certificate)
    for number, stratum, _ in _pairs(certificate):
        lines += ["", f"（{number}）{stratum.name}", *stratum.population]
    lines += ["", "四、复算办法", EXPLANATION, _rule(certificate)]
    lines += ["在本文件所在的文件夹里运行以下命令，先打印名单摘要，再打印抽中和备选："]
    commands = text_commands(certificate, name)
    for command, (number, stratum, _) in zip(commands, _pairs(certificate), strict=True):
        lines += ["", f"# （{number}）{stratum.name}", command]
    lines += ["", "五、签字确认", _confirmation(certificate)]
    lines += [f"{role}（签字）：　　　　　　　　　年　　月　　日" for role in ROLES]
    return "\n".join(lines) + "\n"


def _lines_above_lists(certificate: Certificate) -> list[str]:
    lines = [TITLE, "", *(f"{label}：{text}" for label, text in _facts(certificate))]
    lines += [f"抽签数字：{certificate.digits}", "", "一、抽签结果"]
    for number, stratum, result in _pairs(certificate):
        lines += ["", f"（{number}）{stratum.name}", _sizes(stratum)]
        lines += [f"名单摘要：{result.population_sha256}", "抽中（序号、抽签号、编号）："]
        lines += _ticket_lines(result.sample)
        if result.reserve:
            lines += ["备选（按序号依次递补）：", *_ticket_lines(result.reserve)]
    lines += ["", "二、必查名单（不参加抽签）"]
    lines += [f"{one.id}　理由：{one.reason}" for one in certificate.plan.must_check] or ["无"]
    return [*lines, "", "三、抽签名单"]


def _ticket_lines(tickets: Sequence[Ticket]) -> list[str]:
    return [f"{number:>4}  {one.ticket}  {one.id}" for number, one in enumerate(tickets, start=1)]


def text_commands(certificate: Certificate, path: Path | str) -> list[str]:
    """For each stratum the command that repeats its draw from the certificate's text.

    Args:
        certificate: a certificate that verifies.
        path: where its text lies.
    """
    last = len(_lines_above_lists(certificate))
    file = shlex.quote(str(path))
    commands = []
    for stratum in certificate.plan.strata:
        count = len(stratum.population)
        last += 2 + count  # an empty line and a heading stand above each list
        words = f"head -n {last} -- {file} | tail -n {count} | LC_ALL=C sort -u"
        shown = stratum.sample_size + stratum.reserve_size
        commands.append(repeat_command(words, certificate.digits, shown))
    return commands


# --- as pdf ---------------------------------------------------------------------------------------


def certificate_pdf(certificate: Certificate, faces: Faces) -> bytes:
    """The certificate as PDF bytes (PDF/A-2b), with places for signatures.

    Raises:
        EnvironmentFault: where a character has no face that can show it.
    """
    return typeset(_TEMPLATE, _content(certificate), faces, _made_at(certificate), _no_face)


def _no_face(what: str) -> EnvironmentFault:
    return EnvironmentFault(
        f"现有字体都没有“{what}”这个字，不能生成确认书，没有写入。请把含有该字的字体放进环境变量 "
        "KAOPING_FONTS 所指的文件夹，再用同样的数字运行。",
        f"No font here has “{what}”, so no certificate can be made; nothing was written. Put a font "
        "that has it into the folder KAOPING_FONTS and run again with the same digits.",
    )


def _content(certificate: Certificate) -> dict[str, object]:
    """What the template sets."""
    plan, digits = certificate.plan, certificate.digits
    digests = (certificate.plan_sha256, certificate.digest)
    largest = max(one.sample_size + one.reserve_size for one in plan.strata)
    return {
        "title": TITLE,
        "mark": MARK,
        "facts": [
            [label, text if text in digests else _breakable(text)]
            for label, text in _facts(certificate)
        ],
        "digits": [digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP)],
        "digit_count": plan.digit_count,
        "strata": [
            {
                "head": f"（{number}）{_breakable(stratum.name)}",
                "sizes": _sizes(stratum),
                "digest": result.population_sha256,
                "sample": _rows(result.sample),
                "reserve": _rows(result.reserve),
            }
            for number, stratum, result in _pairs(certificate)
        ],
        "must_check": [[_breakable(one.id), _breakable(one.reason)] for one in plan.must_check],
        "confirmation": _confirmation(certificate),
        "explanation": EXPLANATION,
        "rule": _rule(certificate),
        "steps": _steps(certificate),
        "command": repeat_command(f"LC_ALL=C sort -u -- {_LIST_FILE}", digits, largest),
        "roles": list(ROLES),
    }


def _steps(certificate: Certificate) -> str:
    sizes = "；".join(
        f"{one.name}取前 {one.sample_size + one.reserve_size} 行" for one in certificate.plan.strata
    )
    return (
        f"把一个抽样组的名单（一行一个）存为“{_LIST_FILE}”，运行以下命令：第一行是名单摘要，"
        f"以下是抽签号和编号，由小到大（{sizes}）。"
    )


def _rows(tickets: Sequence[Ticket]) -> list[list[str]]:
    return [
        [str(number), _breakable(one.id), one.ticket] for number, one in enumerate(tickets, start=1)
    ]


def _breakable(text: str) -> str:
    """A text in which a long run of letters or digits may be divided between lines.

    Nothing is left out: an id that lost a character would be another id.
    """
    return _UNBROKEN.sub("\\1\u200b", text)
