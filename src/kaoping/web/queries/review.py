"""台账审核: what units have filed on a section's indicators, by unit or by task, with what is to be thought of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from kaoping.core.acts.collecting import EvidenceAccepted, EvidenceReturned
from kaoping.core.acts.setting_up import StepKind
from kaoping.core.desk.ledger import Mark, filing_mark
from kaoping.core.desk.year import due_of
from kaoping.core.workflow.admission import admission
from kaoping.core.workflow.case import Case, Place
from kaoping.core.workflow.questions import indicators_of
from kaoping.core.workflow.table import STEP_OF
from kaoping.files.listing import listing_workbook
from kaoping.web.models import Entry
from kaoping.web.queries.desk import (
    house_name,
    newest_year,
    picture_for,
    scheme_shown,
    task_names,
)
from kaoping.web.queries.filings import Dates, filings_shown
from kaoping.web.queries.near_photos import near_photos

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.utils.functional import _StrPromise

    from kaoping.core.acts.union import Content
    from kaoping.core.workflow.reasons import StepRefused
    from kaoping.core.workflow.things import Filing
    from kaoping.web.queries.filings import FilingShown
    from kaoping.web.queries.near_photos import NearShown
    from kaoping.web.viewer import Viewer

    Naming = Callable[[str], str]

AT_ONCE = 50
MARKS: Mapping[str, tuple[Mark, _StrPromise]] = {
    "filed": (Mark.FILED, gettext_lazy("已报")),
    "accepted": (Mark.ACCEPTED, gettext_lazy("通过")),
    "returned": (Mark.RETURNED, gettext_lazy("退回")),
    "awaiting": (Mark.AWAITING, gettext_lazy("待确认")),
    "withdrawn": (Mark.WITHDRAWN, gettext_lazy("已撤回")),
}
_HEADS = (
    ("单位", 26), ("任务", 34), ("目录项", 30), ("状态", 10), ("文件", 44), ("事件日期", 12),
    ("所属期", 22), ("收到时间", 20), ("提示", 30), ("退回理由", 40),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which filings are asked for: of a unit, of a task, of a state; all where nothing is said."""

    unit: str = ""
    task: str = ""
    state: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to narrow the list by, and how many filings that leaves."""

    id: str
    name: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A filing with the names of its unit, task and place.

    `near` are its photos that nearly equal others; `unaccepted` and `refusal` say why it cannot be accepted
    or returned now.
    """

    filing: FilingShown
    unit: str
    task: str
    item: str
    near: tuple[NearShown, ...]
    unaccepted: StepRefused | None
    refusal: StepRefused | None

    @property
    def is_open(self) -> bool:
        """Whether it waits for the section to accept or return it, and the viewer may."""
        return self.filing.is_filed and self.unaccepted is None


@dataclass(frozen=True)
class Review:
    """The page.

    Attributes:
        rows: of this page, the newest first.
        total: how many filings the filters leave; `pages` of them.
        units, tasks, states: by what it may be narrowed, with counts over all that the section may see.
        has_any: whether anything was filed at all.
    """

    rows: tuple[Row, ...]
    wanted: Wanted
    total: int
    pages: int
    units: tuple[Choice, ...]
    tasks: tuple[Choice, ...]
    states: tuple[Choice, ...]

    @property
    def has_open(self) -> bool:
        """Whether anything on this page waits to be accepted or returned."""
        return any(row.is_open for row in self.rows)

    @property
    def has_any(self) -> bool:
        """Whether anything was filed on the section's indicators."""
        return any(one.count for one in self.states)


def review_of(viewer: Viewer, wanted: Wanted) -> Review:
    """What units have filed on the indicators of the viewer's section."""
    things = reviewed(viewer)
    found = [one for one in things if _fits(one, wanted)]
    _newest_first(found)
    pages = max(1, -(-len(found) // AT_ONCE))
    number = min(max(wanted.page, 1), pages)
    rows = rows_of(viewer, found[(number - 1) * AT_ONCE : number * AT_ONCE])
    names = task_names(picture_for(viewer))
    return Review(
        rows,
        Wanted(wanted.unit, wanted.task, wanted.state, number),
        len(found),
        pages,
        _choices(Counter(one.unit for one in things), lambda one: house_name(viewer.state, one)),
        _choices(Counter(one.task for one in things), lambda one: f"{one} {names.get(one, '')}"),
        tuple(
            Choice(key, str(word), sum(filing_mark(one) is mark for one in things))
            for key, (mark, word) in MARKS.items()
        ),
    )


def _newest_first(things: list[Filing]) -> None:
    """By the entries of the acts in force: what came or was corrected last stands first."""
    acts = [one.act for one in things]
    index = dict(Entry.objects.filter(act__in=acts).values_list("act", "index")) if acts else {}
    things.sort(key=lambda one: index.get(one.act, 0), reverse=True)


def review_workbook(viewer: Viewer, wanted: Wanted, title: str) -> bytes:
    """The same as a workbook, all of it."""
    found = [one for one in reviewed(viewer) if _fits(one, wanted)]
    return listing_workbook(title, _HEADS, (_cells(row) for row in rows_of(viewer, found)))


def _cells(row: Row) -> Sequence[str]:
    one = row.filing
    files = "、".join(file.name for file in one.files)
    return (
        row.unit, row.task, row.item, one.look.word, files, one.event, one.period, one.received,
        "；".join((*one.hints, *(f"{near.name} {near.said}" for near in row.near))), one.reason,
    )  # fmt: skip


def _choices(counts: Counter[str], name: Naming) -> tuple[Choice, ...]:
    found = (Choice(key, name(key), count) for key, count in counts.items())
    return tuple(sorted(found, key=lambda one: one.name))


def _fits(one: Filing, wanted: Wanted) -> bool:
    mark = MARKS[wanted.state][0] if wanted.state in MARKS else None
    return (
        wanted.unit in ("", one.unit)
        and wanted.task in ("", one.task)
        and (mark is None or filing_mark(one) is mark)
    )


def reviewed(viewer: Viewer) -> list[Filing]:
    """Every filing on an indicator for which the viewer's section is responsible or cooperates."""
    picture = picture_for(viewer)
    year = newest_year(picture)
    if year is None:
        return []
    own = {
        one.indicator
        for one in indicators_of(picture, year.id)
        if viewer.sections & {one.responsible_section, *one.cooperating_sections}
    }
    return [
        one
        for (assessment, _unit, _task), filings in picture.filings.items()
        if assessment == year.id
        for one in filings
        if one.indicator in own
    ]


def rows_of(viewer: Viewer, things: Iterable[Filing]) -> tuple[Row, ...]:
    """Filings that the viewer may see, with names and what may be done about them."""
    picture = picture_for(viewer)
    scheme, year = scheme_shown(picture), newest_year(picture)
    dates = Dates(
        scheme.data_cutoff if scheme else None, due_of(year, StepKind.COLLECT) if year else None
    )
    by_id = {one.id: one for one in things}
    items = {
        (task.id, item.id): item.name
        for one in (scheme.indicators if scheme else ())
        for task in one.tasks
        for item in task.catalogue
    }
    names = task_names(picture_for(viewer))
    shown = filings_shown(list(by_id.values()), dates, is_for_section=True)
    near = near_photos(viewer, shown)
    return tuple(
        Row(
            one,
            house_name(viewer.state, one.unit),
            f"{one.task} {names.get(one.task, '')}".strip(),
            items.get((one.task, one.item), ""),
            near.get(one.id, ()),
            _refusal(viewer, by_id[one.id], EvidenceAccepted),
            _refusal(viewer, by_id[one.id], EvidenceReturned),
        )
        for one in shown
    )


def _refusal(viewer: Viewer, thing: Filing, kind: type[Content]) -> StepRefused | None:
    place = Place(
        thing=thing.id, assessment=thing.assessment, unit=thing.unit, indicator=thing.indicator
    )
    return admission(Case(picture_for(viewer), STEP_OF[kind], place, viewer.person, viewer.at))
