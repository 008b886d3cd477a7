"""What a section's forms are sent: material on behalf of a unit, daily notes, what was chosen to begin with."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from kaoping.core.acts.collecting import (
    Channel,
    DailyNoteMade,
    DailyNoteWithdrawn,
    EvidenceFiledOnBehalf,
)
from kaoping.core.calendar import SHANGHAI
from kaoping.core.errors import InputError
from kaoping.web.forms.ledger import LONGEST, days_typed, file_problems, reason_typed, refuse
from kaoping.web.forms.people import without_nul
from kaoping.web.forms.reported import day_of
from kaoping.web.refilled import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from kaoping.web.forms.ledger import Chosen
    from kaoping.web.queries.behalf import Cell
    from kaoping.web.queries.notes import NoteShown

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])")


def chosen_cell(given: Mapping[str, str]) -> tuple[str, str]:
    """The unit and the task that were chosen; empty where none is."""
    unit, task = (without_nul(given.get(name, ""))[:200] for name in ("unit", "task"))
    return unit, task


def on_behalf_contents(
    sent: QueryDict, cell: Cell | None, files: Chosen, now: datetime
) -> dict[str, EvidenceFiledOnBehalf]:
    """What is entered for a unit, for each place of the catalogue that was chosen.

    Args:
        sent: the form.
        cell: the unit and task that it is for.
        files: that were chosen.
        now: the server's time: nothing was received after it.

    Raises:
        InputError: with everything that is wrong, each at its field.
    """
    if cell is None:
        raise _no_cell()
    problems = file_problems(files)
    chosen, known = sent.getlist("item"), {one.id for one in cell.items}
    if not chosen or not set(chosen) <= known:
        problems.append(
            _problem(
                "item",
                "目录项",
                "没有选择目录项",
                "勾选这份材料对应的目录项，可以多选",
                "Tick the places of the catalogue",
            )
        )
    days = days_typed(sent, problems)
    received = _received(sent, now, problems)
    channel = next((one for one in Channel if one.value == sent.get("channel", "")), None)
    if channel is None:
        problems.append(
            _problem("channel", "送达方式", "没有选择送达方式", "选纸质或邮件", "Say how it came")
        )
    refuse(problems)
    assert received is not None
    assert channel is not None
    return {
        item: EvidenceFiledOnBehalf(
            cell.year, cell.unit, cell.task.id, item, files.blobs,
            days.event, days.first, days.last, received, channel,
        )
        for item in chosen
    }  # fmt: skip


def note_content(
    sent: Mapping[str, str], cell: Cell | None, files: Chosen, today: date
) -> DailyNoteMade:
    """A daily note.

    Raises:
        InputError: with everything that is wrong, each at its field.
    """
    if cell is None:
        raise _no_cell()
    problems = list(files.problems)
    day, text = day_of(sent.get("on_date", "")), sent.get("text", "").strip()
    if day is None or day > today:
        problems.append(
            _problem(
                "on_date",
                "日期",
                "不是日期，或晚于今天",
                "写成 2024-12-31 的样子",
                "Give a day not after today",
            )
        )
    if not re.search(r"[^\W_]", text) or len(text) > LONGEST:
        problems.append(
            _problem(
                "text",
                "内容",
                f"没有写内容，或超过 {LONGEST} 字",
                "写明何时何事",
                f"Say what happened, in at most {LONGEST} characters",
            )
        )
    refuse(problems)
    assert day is not None
    return DailyNoteMade(cell.year, cell.unit, cell.task.id, day, text, files.blobs)


def note_withdrawn_content(sent: Mapping[str, str], note: NoteShown) -> DailyNoteWithdrawn:
    """That a note counts no more, with the reason.

    Raises:
        InputError: where none is given.
    """
    return DailyNoteWithdrawn(note.year, note.unit, note.task, note.id, reason_typed(sent))


def _received(sent: Mapping[str, str], now: datetime, problems: list[FieldProblem]) -> str | None:
    """When it came, as acts carry times: the beginning of the day where nobody noted the time."""
    day = day_of(sent.get("received", ""))
    written = sent.get("received_time", "").strip()
    match = _TIME.fullmatch(written)
    if day is None:
        problems.append(
            _problem(
                "received",
                "收到日期",
                "不是日期",
                "写成 2024-12-31 的样子",
                "Give the day on which it came",
            )
        )
    if written and match is None:
        problems.append(
            _problem(
                "received_time",
                "收到时间",
                "不是时间",
                "写成 09:30 的样子，或空着",
                "Give a time like 09:30, or leave it empty",
            )
        )
    if day is None or (written and match is None):
        return None
    clock = time(int(match[1]), int(match[2])) if match else time()
    moment = datetime.combine(day, clock, SHANGHAI)
    if moment > now:
        problems.append(
            _problem(
                "received",
                "收到时间",
                "晚于现在",
                "写材料实际收到的日期和时间",
                "It cannot have come later than now",
            )
        )
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _no_cell() -> InputError:
    return InputError(
        "所选单位不考评所选任务，或任务不归本科室负责，没有办理。请重新选择单位和任务。",
        "The unit is not assessed on that task, or the task is not your section's. Choose again.",
    )


def _problem(field: str, where: str, message: str, suggestion: str, en: str) -> FieldProblem:
    return FieldProblem("VALUE-UNKNOWN", where, message, suggestion, field=field, en=en)
