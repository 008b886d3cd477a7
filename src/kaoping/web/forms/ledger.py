"""What the pages of the ledger are sent: files for places of the catalogue, values, reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from kaoping.core.acts.collecting import (
    EvidenceCorrected,
    EvidenceFiled,
    EvidenceReturned,
    EvidenceWithdrawn,
    FilingConfirmed,
    ResultReported,
    Status,
)
from kaoping.core.canonical import parse_date
from kaoping.core.errors import InputError, RefusedError
from kaoping.core.problems import Problem
from kaoping.web.forms.people import without_nul
from kaoping.web.models import Upload
from kaoping.web.queries.ledger import STATUSES
from kaoping.web.queries.review import MARKS, Wanted, reviewed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from django.http import QueryDict

    from kaoping.core.blob import Blob
    from kaoping.core.workflow.things import Filing
    from kaoping.web.queries.ledger import LedgerPage, ValueShown
    from kaoping.web.viewer import Viewer

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_LONGEST, _PAGE_DIGITS = 2000, 7
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－＋，", "0123456789.-+,")


@dataclass(frozen=True, slots=True)
class Days:
    """The three days of a filing, each may be left out."""

    event: date | None
    first: date | None
    last: date | None


def filed_contents(
    sent: QueryDict, page: LedgerPage, blobs: tuple[Blob, ...]
) -> dict[str, EvidenceFiled]:
    """The filing for each place of the catalogue that was chosen.

    Raises:
        InputError: where no file or no place was chosen, or a day is none; all of it at once.
    """
    chosen, known = sent.getlist("item"), {one.item.id for one in page.items}
    problems: list[Problem] = []
    days = _days(sent, problems)
    if not blobs:
        problems.append(_problem("文件", "没有选择文件", "选好文件再报送；正在上传的要等收齐"))
    if not chosen or not set(chosen) <= known:
        problems.append(_problem("目录项", "没有选择目录项", "勾选这份材料对应的目录项，可以多选"))
    _refuse(problems)
    return {
        item: EvidenceFiled(
            page.year, page.unit, page.row.id, item, blobs, days.event, days.first, days.last
        )
        for item in chosen
    }


def corrected_content(sent: QueryDict, blobs: tuple[Blob, ...]) -> EvidenceCorrected:
    """New files in place of those that were filed.

    Raises:
        InputError: where no file was chosen, or a day is none.
    """
    problems: list[Problem] = []
    days = _days(sent, problems)
    if not blobs:
        problems.append(_problem("文件", "没有选择文件", "选好补正的文件再提交"))
    _refuse(problems)
    return EvidenceCorrected(blobs, days.event, days.first, days.last)


def withdrawn_content(sent: Mapping[str, str]) -> EvidenceWithdrawn:
    """A filing is taken back, with its reason.

    Raises:
        InputError: where none is given.
    """
    return EvidenceWithdrawn(_reason(sent))


def returned_content(sent: Mapping[str, str]) -> EvidenceReturned:
    """A filing is returned, with the reason.

    Raises:
        InputError: where none is given.
    """
    return EvidenceReturned(_reason(sent))


def _reason(sent: Mapping[str, str]) -> str:
    reason = sent.get("reason", "").strip()
    if not re.search(r"[^\W_]", reason) or len(reason) > _LONGEST:
        raise InputError(
            "没有写理由（2000 字以内），没有办理。请写明理由，对方要据此处理。",
            "Say why, in at most 2000 characters: the other side acts on it. Nothing was done.",
        )
    return reason


def accepted_filings(sent: QueryDict, viewer: Viewer) -> list[Filing]:
    """The filings that were ticked, each once, of those that the viewer looks through.

    Raises:
        InputError: where none was ticked, or one is not there.
    """
    found = {one.id: one for one in reviewed(viewer)}
    wanted = list(dict.fromkeys(sent.getlist("filing")))
    if not wanted or not set(wanted) <= found.keys():
        raise InputError(
            "没有勾选要通过的材料，没有办理。请在左边勾选一份或几份，再按“审核通过”。",
            "No filing was ticked; nothing was done. Tick one or more, then accept.",
        )
    return [found[one] for one in wanted]


def narrowed(given: Mapping[str, str]) -> dict[str, str]:
    """The filters as they stand in an address."""
    wanted = review_wanted(given)
    return {"unit": wanted.unit, "task": wanted.task, "state": wanted.state}


def review_wanted(given: Mapping[str, str]) -> Wanted:
    """By what the list of filings is narrowed; nonsense narrows nothing."""
    unit, task, state = (
        without_nul(given.get(name, ""))[:200] for name in ("unit", "task", "state")
    )
    page = given.get("page", "")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < _PAGE_DIGITS else 1
    return Wanted(unit, task, state if state in MARKS else "", number)


def confirmed_content(sent: Mapping[str, str], page: LedgerPage) -> FilingConfirmed:
    """The whole filing as it was on the page."""
    return FilingConfirmed(page.year, sent.get("digest", ""))


def chosen_blobs(sent: QueryDict, viewer: Viewer) -> tuple[Blob, ...]:
    """The files that were chosen, each once, of those that the viewer's unit has uploaded.

    Raises:
        InputError: where one is not there, or may not be filed yet.
    """
    wanted = list(dict.fromkeys(sent.getlist("upload")))
    asked = [one for one in wanted if _UUID.fullmatch(one)]
    found = {one.id: one for one in Upload.objects.visible_to(viewer).ready().filter(id__in=asked)}
    if set(wanted) - found.keys():
        raise InputError(
            "所选文件中有没有收齐、没有收下或不属于本单位的，没有办理。请刷新页面后重新选择。",
            "A chosen file has not come, was not accepted or is not your unit's. Reload and choose again.",
        )
    return tuple(dict.fromkeys(found[one].blob for one in wanted))


# --- values ---------------------------------------------------------------------------------------


def reported_contents(
    sent: Mapping[str, str], page: LedgerPage
) -> list[tuple[ValueShown, ResultReported]]:
    """The values that were typed and differ from those in force.

    Raises:
        InputError: with everything that is wrong, each by its name.
        RefusedError: where one of them was reported anew since the page was made.
    """
    problems: list[Problem] = []
    found, stale = [], False
    for number, value in enumerate(page.values):
        text = sent.get(f"value-{number}", "").strip()
        if not text:
            continue
        content = _reported(sent, page, value, number, problems)
        if content is not None and content != value.current:
            found.append((value, content))
            stale |= sent.get(f"act-{number}", "") != value.act
    _refuse(problems)
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
    problems: list[Problem],
) -> ResultReported | None:
    label = value.asked.label
    amount = _amount(sent.get(f"value-{number}", ""))
    day = parse_date(sent.get(f"as_of-{number}", "").strip())
    source = sent.get(f"source-{number}", "").strip()
    status = next((one for one in STATUSES if one.value == sent.get(f"status-{number}", "")), None)
    before = len(problems)
    if amount is None:
        problems.append(_problem(label, "不是数", "只写数字，如 26.80；不写单位和千分号"))
    if day is None:
        problems.append(_problem(label, "没有写数据时点", "写成 2024-12-31 的样子"))
    if not re.search(r"[^\W_]", source):
        problems.append(_problem(label, "没有写数据来源", "写明出自哪份报表或哪个系统"))
    if len(source) > _LONGEST:
        problems.append(_problem(label, f"数据来源超过 {_LONGEST} 字", "写得短一些"))
    if status is None:
        problems.append(_problem(label, "没有选数据性质", "选正式、初步或快报"))
    if len(problems) > before or amount is None or day is None or status is None:
        return None
    return ResultReported(
        page.year,
        page.unit,
        page.row.id,
        value.asked.name,
        amount,
        value.asked.unit_of_measure,
        day,
        Status(status),
        source,
    )


def _amount(text: str) -> Decimal | None:
    plain = text.translate(_FULL_WIDTH).replace(",", "").replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


# --- days and problems ------------------------------------------------------------------------------


def _days(sent: Mapping[str, str], problems: list[Problem]) -> Days:
    found: list[date | None] = []
    for name, label in (("event", "事件日期"), ("first", "所属期起"), ("last", "所属期止")):
        text = sent.get(name, "").strip()
        day = parse_date(text) if text else None
        if text and day is None:
            problems.append(
                _problem(label, f"“{text[:40]}”不是日期", "写成 2024-12-31 的样子，或空着")
            )
        found.append(day)
    first, last = found[1:]
    if first and last and first > last:
        problems.append(_problem("所属期", "起止日期颠倒", "开始日期不能晚于结束日期"))
    return Days(*found)


def _problem(where: str, message: str, suggestion: str) -> Problem:
    return Problem("VALUE-UNKNOWN", where, message, suggestion)


def _refuse(problems: Iterable[Problem]) -> None:
    found: Sequence[Problem] = tuple(problems)
    if found:
        raise InputError(
            "报送内容有要改正的地方，没有办理。请返回上一页改正后重新提交。",
            "Something must be corrected; nothing was done. Go back, correct it and submit again.",
            found,
        )
