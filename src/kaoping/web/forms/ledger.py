"""What the pages of the ledger are sent: files for places of the catalogue, values, reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.acts.collecting import (
    EvidenceCorrected,
    EvidenceFiled,
    EvidenceReturned,
    EvidenceWithdrawn,
    FilingConfirmed,
)
from kaoping.core.errors import InputError, RefusedError
from kaoping.core.workflow.reasons import Reason, StepRefused
from kaoping.web.forms.people import without_nul
from kaoping.web.forms.reported import PARTS, About, Written, day_of, is_as_before, judged
from kaoping.web.models import Upload
from kaoping.web.queries.review import MARKS, Wanted, reviewed
from kaoping.web.refilled import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from django.http import QueryDict

    from kaoping.core.acts.collecting import ResultReported
    from kaoping.core.blob import Blob
    from kaoping.core.workflow.things import Filing
    from kaoping.web.queries.ledger import LedgerPage, ValueShown
    from kaoping.web.viewer import Viewer

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LONGEST, _PAGE_DIGITS = 2000, 7
"""Most characters of a reason or a note; most digits of the number of a page."""


@dataclass(frozen=True, slots=True)
class Days:
    """The three days of a filing, each may be left out."""

    event: date | None
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The files of a form: those that may be filed, and what is wrong with others."""

    blobs: tuple[Blob, ...]
    problems: tuple[FieldProblem, ...] = ()


def filed_contents(sent: QueryDict, page: LedgerPage, files: Chosen) -> dict[str, EvidenceFiled]:
    """The filing for each place of the catalogue that was chosen.

    Raises:
        InputError: where a file is not accepted, no file or no place was chosen, or a day is none; all of it
            at once.
    """
    chosen, known = sent.getlist("item"), {one.item.id for one in page.items}
    problems = file_problems(files)
    if not chosen or not set(chosen) <= known:
        problems.append(
            FieldProblem(
                "CELL-EMPTY",
                "目录项",
                "没有选择目录项",
                "勾选这份材料对应的目录项，可以多选",
                field="item",
                en="No place of the catalogue is chosen; tick those that the material is for",
            )
        )
    days = days_typed(sent, problems)
    refuse(problems)
    return {
        item: EvidenceFiled(
            page.year, page.unit, page.row.id, item, files.blobs, days.event, days.first, days.last
        )
        for item in chosen
    }


def corrected_content(sent: QueryDict, files: Chosen) -> EvidenceCorrected:
    """New files in place of those that were filed.

    Raises:
        InputError: where a file is not accepted, none was chosen, or a day is none.
    """
    problems = file_problems(files)
    days = days_typed(sent, problems)
    refuse(problems)
    return EvidenceCorrected(files.blobs, days.event, days.first, days.last)


def file_problems(files: Chosen) -> list[FieldProblem]:
    """What is wrong with the files of a form that needs some."""
    if files.blobs or files.problems:
        return list(files.problems)
    return [
        FieldProblem(
            "CELL-EMPTY",
            "文件",
            "没有选择文件",
            "选好文件再提交；正在上传的要等收齐",
            field="file",
            en="No file is chosen; choose one, and wait until it has come",
        )
    ]


def withdrawn_content(sent: Mapping[str, str]) -> EvidenceWithdrawn:
    """A filing is taken back, with its reason.

    Raises:
        InputError: where none is given.
    """
    return EvidenceWithdrawn(reason_typed(sent))


def returned_content(sent: Mapping[str, str], filing: Filing) -> EvidenceReturned:
    """A filing is returned, with the reason.

    Raises:
        InputError: where none is given.
        StepRefused: where it was corrected since it was looked at.
    """
    if sent.get("looked_at", filing.act) != filing.act:
        raise StepRefused(Reason.NOT_SUPERSEDING)
    return EvidenceReturned(reason_typed(sent))


def reason_typed(sent: Mapping[str, str]) -> str:
    """The reason for an act.

    Raises:
        InputError: where none is given, or it is too long.
    """
    reason = sent.get("reason", "").strip()
    if not re.search(r"[^\W_]", reason) or len(reason) > LONGEST:
        refuse(
            [
                FieldProblem(
                    "CELL-EMPTY",
                    "理由",
                    "没有写理由（2000 字以内）",
                    "写明理由，对方要据此处理",
                    field="reason",
                    en="Say why, in at most 2000 characters: the other side acts on it",
                )
            ]
        )
    return reason


def looked_at(sent: QueryDict, viewer: Viewer) -> dict[str, str]:
    """The filings that were ticked, of those that the viewer looks through, each with the act that was shown.

    Raises:
        InputError: where none was ticked, or one is not there.
    """
    known = {one.id for one in reviewed(viewer)}
    pairs = [one.partition(" ") for one in sent.getlist("filing")]
    found = {filing: act for filing, _blank, act in pairs if _UUID.fullmatch(act)}
    if not found or len(found) < len(pairs) or not found.keys() <= known:
        raise InputError(
            "没有勾选要通过的材料，没有办理。请在左边勾选一份或几份，再按“审核通过”。",
            "No filing was ticked; nothing was done. Tick one or more, then accept.",
        )
    return found


def narrowed(given: Mapping[str, str]) -> dict[str, str]:
    """The filters as they stand in an address."""
    wanted = review_wanted(given)
    return {"unit": wanted.unit, "task": wanted.task, "state": wanted.state}


def review_wanted(given: Mapping[str, str]) -> Wanted:
    """By what the list of filings is narrowed; nonsense narrows nothing."""
    unit, task, state = (
        without_nul(given.get(name, ""))[:200] for name in ("unit", "task", "state")
    )
    return Wanted(unit, task, state if state in MARKS else "", page_wanted(given))


def page_wanted(given: Mapping[str, str]) -> int:
    """Which page of a list is asked for; nonsense asks for the first."""
    page = given.get("page", "")
    return int(page) if page.isascii() and page.isdecimal() and len(page) < _PAGE_DIGITS else 1


def confirmed_content(sent: Mapping[str, str], page: LedgerPage) -> FilingConfirmed:
    """The whole filing as it was on the page."""
    return FilingConfirmed(page.year, sent.get("digest", ""))


def chosen_files(sent: QueryDict, viewer: Viewer) -> Chosen:
    """The files that were chosen, each once, of those that the viewer's unit has uploaded."""
    wanted = list(dict.fromkeys(sent.getlist("upload")))
    asked = [one for one in wanted if _UUID.fullmatch(one)]
    found = {one.id: one for one in Upload.objects.visible_to(viewer).ready().filter(id__in=asked)}
    blobs = tuple(dict.fromkeys(found[one].blob for one in wanted if one in found))
    if not set(wanted) - found.keys():
        return Chosen(blobs)
    strange = FieldProblem(
        "VALUE-UNKNOWN",
        "文件",
        "所选文件中有没有收齐、没有收下或不属于本单位的",
        "请重新选择",
        field="file",
        en="A chosen file has not come, was not accepted or is not your unit's; choose again",
    )
    return Chosen(blobs, (strange,))


def refused_files(received: Iterable[Upload]) -> tuple[FieldProblem, ...]:
    """What is wrong with files that came with a form and are not accepted, or not yet."""
    return tuple(
        FieldProblem(
            "EVIDENCE-REFUSED",
            "文件",
            f"“{one.name}”没有收下：{one.why_zh or '病毒扫描还没有结论'}",
            "其余已收下的在“选用已上传的文件”里，已经勾选",
            field="file",
            en=f"“{one.name}” was not accepted: {one.why_en or 'the virus scanner has not judged it'}. "
            "Those that were stand ticked among the files uploaded before",
        )
        for one in received
        if not one.is_ready
    )


# --- values ---------------------------------------------------------------------------------------


def reported_contents(
    sent: Mapping[str, str], page: LedgerPage
) -> list[tuple[ValueShown, ResultReported]]:
    """The values that were typed and differ from those in force.

    Raises:
        InputError: with everything that is wrong, each by its name.
        RefusedError: where one of them was reported anew since the page was made.
    """
    problems: list[FieldProblem] = []
    found, stale = [], False
    for number, value in enumerate(page.values):
        if not sent.get(f"value-{number}", "").strip():
            continue
        content = _reported(sent, page, value, number, problems)
        if content is not None and content != value.current:
            found.append((value, content))
            stale |= sent.get(f"act-{number}", "") != value.act
    refuse(problems)
    if stale:
        raise RefusedError(
            "您打开页面以后，有人上报过新的数据，和您看到的不同，没有办理。请刷新页面，看过现在的数据再报。",
            "Somebody has reported since you opened the page; nothing was done. Reload and look again.",
        )
    if not found:
        raise InputError(
            "没有填写数据，或与已上报的完全相同，没有办理。",
            "Nothing was typed, or it is the same as reported before. Nothing was done.",
        )
    return found


def _reported(
    sent: Mapping[str, str],
    page: LedgerPage,
    value: ValueShown,
    number: int,
    problems: list[FieldProblem],
) -> ResultReported | None:
    written = Written(*(sent.get(f"{part}-{number}", "") for part in PARTS))
    if is_as_before(written, value.current):
        return None
    found = judged(written, About(page.year, page.unit, page.row.id, value.asked))
    if not isinstance(found, list):
        return found
    problems += [
        FieldProblem(
            flaw.code,
            value.asked.label,
            flaw.message,
            flaw.suggestion,
            field=f"{flaw.part}-{number}",
            en=flaw.en,
        )
        for flaw in found
    ]
    return None


# --- days and problems ------------------------------------------------------------------------------


def days_typed(sent: Mapping[str, str], problems: list[FieldProblem]) -> Days:
    """The three days of a filing; what is wrong with them is added to the problems."""
    found: list[date | None] = []
    for name, label in (("event", "事件日期"), ("first", "所属期起"), ("last", "所属期止")):
        text = sent.get(name, "").strip()
        day = day_of(text) if text else None
        if text and day is None:
            problems.append(
                FieldProblem(
                    "DATE-INVALID",
                    label,
                    f"“{text[:40]}”不是日期",
                    "写成 2024-12-31 的样子，或空着",
                    field=name,
                    en=f"“{text[:40]}” is no day; write it like 2024-12-31, or leave it empty",
                )
            )
        found.append(day)
    first, last = found[1:]
    if first and last and first > last:
        problems.append(
            FieldProblem(
                "DATE-INVALID",
                "所属期",
                "起止日期颠倒",
                "开始日期不能晚于结束日期",
                field="last",
                en="The period ends before it begins",
            )
        )
    return Days(*found)


def refuse(problems: Iterable[FieldProblem]) -> None:
    """Go no further where anything is wrong.

    Raises:
        InputError: with all that is.
    """
    found = tuple(problems)
    if found:
        raise InputError(
            f"有 {len(found)} 处要改正，没有办理。改正后重新提交。",
            f"{len(found)} to correct; nothing was done. Correct and submit again.",
            found,
        )
