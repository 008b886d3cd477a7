"""The page of the desk: its headline, the year's steps, the lists with their counts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kaoping.core.acts.setting_up import StepKind
from kaoping.core.desk.chores import Look
from kaoping.core.desk.year import StepStanding
from kaoping.core.workflow.questions import indicators_of
from kaoping.core.workflow.vacancies import ROLE_NAMES
from kaoping.files.listing import listing_workbook
from kaoping.web.models import Entry
from kaoping.web.queries.desk import (
    Shared,
    colleagues_todos,
    house_name,
    indicator_name,
    newest_year,
    own_progress,
    own_todos,
    picture_for,
    scheme_shown,
    year_steps,
)
from kaoping.web.queries.notices import notices_of
from kaoping.web.queries.todo_words import (
    OFFICE_NAMES,
    STEP_NAMES,
    line_of,
    listed,
    short_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from kaoping.core.acts.setting_up import IndicatorDuty
    from kaoping.core.desk.todos import Todo
    from kaoping.core.desk.year import YearStep
    from kaoping.core.workflow.state import State
    from kaoping.web.queries.desk import Progress
    from kaoping.web.queries.notices import Notice
    from kaoping.web.queries.todo_words import Line
    from kaoping.web.viewer import Viewer

SHOWN = 12
"""So many to-dos stand on the page at first; never fewer than all that are overdue or due today."""
_SHOWN_NOTICES = 4
_NUMBERS = "一二三四五"
_ICONS: Mapping[StepStanding, str] = {
    StepStanding.DONE: "s-passed",
    StepStanding.OVERDUE: "s-late",
    StepStanding.NOW: "s-now",
    StepStanding.AHEAD: "s-todo",
}
_COUNTED: Mapping[StepKind, _StrPromise] = {
    StepKind.COLLECT: gettext_lazy("已确认 {}/{} 个单位"),
    StepKind.SCORE: gettext_lazy("已签 {}/{} 张评分表"),
    StepKind.VERIFY: gettext_lazy("已办结 {}/{} 项指标"),
}
_HEADS = (("截止", 12), ("", 16), ("事项", 40), ("说明", 60), ("状态", 10), ("办理人", 24))


@dataclass(frozen=True)
class StepShown:
    """One of the five steps, as a page shows it."""

    name: str
    due: date | None
    icon: str
    look: str
    is_now: bool
    word: str


def steps_shown(state: State, at: str) -> list[StepShown]:
    """The five steps of the newest year; none before the first.

    For any page, also for strangers': it names neither persons nor units.
    """
    return [_step(_NUMBERS[number], one) for number, one in enumerate(year_steps(state, at))]


def _step(number: str, one: YearStep) -> StepShown:
    is_now = one.standing is StepStanding.NOW
    look = {StepStanding.DONE: "done", StepStanding.NOW: "now"}.get(one.standing, "todo")
    name = f"{number} {STEP_NAMES[one.kind]}"
    return StepShown(name, one.due, _ICONS[one.standing], look, is_now, _step_word(one))


def _step_word(one: YearStep) -> str:
    counted = f" · {_COUNTED[one.kind].format(one.done, one.total)}" if one.total > 1 else ""
    if one.standing is StepStanding.DONE:
        return _("已完成") + counted
    if one.due is None:
        return _("时限待定")
    if one.is_overdue:
        days = _("逾期 {} 个工作日").format(-one.days) if one.days else _("已逾期")
        return days + counted
    days = _("剩 {} 个工作日").format(one.days)
    if one.standing is StepStanding.NOW:  # with a count the line would be too long for both words
        return days + counted if counted else _("进行中 · {}").format(days)
    return days


# --- the page -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """Everything that stands on the desk.

    Attributes:
        headline: the greeting in parts that are kept whole.
        capacity: as whom the person works here.
        steps: of the year.
        lines: the to-dos shown; `left` says how many more there are.
        total, shared_total, done_total: the counts of the three lists.
        shared_name: 本科室 or 本单位; empty for who belongs to neither.
        progress: how far the viewer's tasks or indicators are; `progress_title` and
            `progress_head` say of what; `shows_scores` where scored counts.
        notices, unread: the newest, and how many are not marked as read.
        undertaking: whether, and with which entry, the undertaking to discipline was given.
    """

    headline: list[str]
    capacity: str
    steps: list[StepShown]
    lines: list[Line]
    left: int
    total: int
    shared_total: int
    done_total: int
    shared_name: str
    progress: list[Progress]
    progress_title: str
    progress_head: str
    shows_scores: bool
    notices: list[Notice]
    unread: int
    undertaking: Undertaking


@dataclass(frozen=True)
class Undertaking:
    """廉政承诺: due from whom, given or not."""

    is_due: bool
    is_given: bool
    entry: int | None = None
    at: str = ""


def desk_of(viewer: Viewer, *, is_whole: bool = False) -> Desk:
    """The desk with the viewer's own to-dos.

    Args:
        viewer: whose.
        is_whole: all to-dos instead of the first ones.
    """
    own = own_todos(viewer)
    shown = own if is_whole else own[: max(SHOWN, sum(_presses(one, viewer) for one in own))]
    progress, notices = own_progress(viewer), notices_of(viewer)
    return Desk(
        headline(viewer, own),
        capacity_of(viewer),
        steps_shown(viewer.state, viewer.at),
        lines_of(viewer, shown),
        len(own) - len(shown),
        len(own),
        len(colleagues_todos(viewer)),
        own_entries(viewer).count(),
        shared_name(viewer),
        progress,
        *_progress_words(viewer),
        any(one.scored is not None for one in progress),
        notices[:_SHOWN_NOTICES],
        sum(not one.is_read for one in notices),
        undertaking_of(viewer, own),
    )


def _progress_words(viewer: Viewer) -> tuple[str, str]:
    """The heading of the table of progress, and of its first column."""
    if _own_indicators(viewer):
        return _("我的指标"), _("任务")
    return (_("本单位台账") if viewer.units else _("各指标进度")), _("指标")


def _presses(one: Todo, viewer: Viewer) -> bool:
    return one.is_overdue or one.due == viewer.day


def headline(viewer: Viewer, own: Sequence[Todo]) -> list[str]:
    """韦清和，今天有 2 件事到期，1 件逾期: in parts, each of which is kept on one line."""
    name = _("{}，").format(viewer.name or _("您好"))
    late = sum(one.is_overdue for one in own)
    today = sum(one.due == viewer.day for one in own)
    if today and late:
        return [name, _("今天有 {} 件事到期，").format(today), _("{} 件逾期").format(late)]
    if today:
        return [name, _("今天有 {} 件事到期").format(today)]
    if late:
        return [name, _("有 {} 件事逾期").format(late)]
    if own:
        return [name, _("有 {} 件待办，今天没有到期的").format(len(own))]
    return [name, _("现在没有要办的事")]


def capacity_of(viewer: Viewer) -> str:
    """投资科经办人 · 负责指标“…” 5 项任务、14 个单位."""
    roles = dict.fromkeys(ROLE_NAMES[one.role] for one in viewer.duties)
    offices = [str(OFFICE_NAMES[one]) for one in sorted(viewer.offices)]
    house = viewer.section or viewer.unit
    who = (house.name if house and roles else "") + "、".join([*roles, *offices])
    return " · ".join(part for part in (who, _responsible_for(viewer)) if part)


def _responsible_for(viewer: Viewer) -> str:
    own = _own_indicators(viewer)
    if not own:
        return ""
    names = [f"“{indicator_name(picture_for(viewer), one.indicator)}”" for one in own]
    units = {unit for one in own for unit in one.assessed_units}
    tasks = sum(len(one.tasks) for one in own)
    said = listed(names, _("{}等 {} 项"))
    return _("负责指标{}：{} 项任务、{} 个单位").format(said, tasks, len(units))


def _own_indicators(viewer: Viewer) -> list[IndicatorDuty]:
    """The indicators for which the viewer's section is responsible."""
    year = newest_year(picture_for(viewer))
    indicators = indicators_of(picture_for(viewer), year.id) if year else ()
    return [one for one in indicators if one.responsible_section in viewer.sections]


def shared_name(viewer: Viewer) -> str:
    """What the list of the colleagues is called."""
    if viewer.section is not None:
        return _("本科室")
    return _("本单位") if viewer.unit is not None else ""


def undertaking_of(viewer: Viewer, own: Iterable[Todo]) -> Undertaking:
    """Whether the undertaking is given; only those who owe it are asked."""
    if viewer.record is None or not viewer.record.has_undertaken:
        return Undertaking(
            any(one.step == "discipline.undertaken/1" for one in own), is_given=False
        )
    given = Entry.objects.visible_to(viewer).filter(
        actor=viewer.person, type="discipline.undertaken/1"
    )
    entry = given.only("index", "at").first()
    return Undertaking(
        is_due=True,
        is_given=True,
        entry=entry.index if entry else None,
        at=entry.at if entry else "",
    )


# --- lists ----------------------------------------------------------------------------------------


def lines_of(viewer: Viewer, found: Iterable[Todo]) -> list[Line]:
    """To-dos in words; what came back with the reason that was given for it."""
    todos = list(found)
    reasons = _reasons(one.place.thing for one in todos if one.look is Look.RETURNED)
    return [
        line_of(picture_for(viewer), one, viewer.at, reason=reasons.get(one.place.thing, ""))
        for one in todos
    ]


def shared_lines(viewer: Viewer) -> list[Line]:
    """The to-dos of the viewer's section or unit, with whose they are."""
    shared = colleagues_todos(viewer)
    things = (one.todo.place.thing for one in shared if one.todo.look is Look.RETURNED)
    reasons = _reasons(things)
    return [
        line_of(
            picture_for(viewer),
            one.todo,
            viewer.at,
            one.names,
            reasons.get(one.todo.place.thing, ""),
        )
        for one in shared
    ]


def _reasons(things: Iterable[str]) -> Mapping[str, str]:
    """Why things came back, as whoever returned them last has written; only asked for one's own."""
    wanted = [thing for thing in things if thing]
    if not wanted:
        return {}
    returned = Entry.objects.filter(subject__in=wanted, type="evidence.returned/1")
    said: dict[str, str] = {}
    for one in returned.order_by("index"):
        content = json.loads(one.body).get("act", {}).get("content", {})
        said[one.subject] = content.get("reason", "")
    return said


def own_entries(viewer: Viewer) -> QuerySet[Entry]:
    """What the viewer has done, newest first."""
    return Entry.objects.visible_to(viewer).filter(actor=viewer.person).order_by("-index")


def todos_xlsx(lines: Iterable[Line], title: str) -> bytes:
    """To-dos as a workbook."""
    rows = (
        (
            one.due.isoformat() if one.due else "",
            one.due_words,
            one.title,
            one.detail,
            one.state,
            one.names,
        )
        for one in lines
    )
    return listing_workbook(title, _HEADS, rows)


# --- one matter -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Matter:
    """One to-do with all that is known about it."""

    line: Line
    units: list[str]
    tasks: list[MatterTask]


@dataclass(frozen=True)
class MatterTask:
    """A task as the scheme has it."""

    code: str
    name: str
    standard: str = ""
    materials: list[str] = field(default_factory=list)


def matter_of(viewer: Viewer, key: str) -> Matter | None:
    """A to-do of the viewer or of a colleague by its short name; None where there is none such."""
    for shared in colleagues_todos(viewer) or [Shared(one, ()) for one in own_todos(viewer)]:
        if short_key(shared.todo) == key:
            return _matter(viewer, shared)
    return None


def _matter(viewer: Viewer, shared: Shared) -> Matter:
    todo = shared.todo
    reasons = _reasons([todo.place.thing] if todo.look is Look.RETURNED else [])
    reason = reasons.get(todo.place.thing, "")
    line = line_of(picture_for(viewer), todo, viewer.at, shared.names, reason)
    units = [house_name(viewer.state, one) for one in todo.units]
    return Matter(line, [one for one in units if one], _tasks_of(viewer, todo))


def _tasks_of(viewer: Viewer, todo: Todo) -> list[MatterTask]:
    scheme = scheme_shown(picture_for(viewer))
    known = {task.id: task for one in scheme.indicators for task in one.tasks} if scheme else {}
    return [
        MatterTask(
            code,
            known[code].name if code in known else "",
            known[code].standard if code in known else "",
            [item.name for item in known[code].catalogue] if code in known else [],
        )
        for code in todo.tasks
    ]
