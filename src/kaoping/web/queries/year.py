"""年度: what stands between a published scheme and its year, and until when each step is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext as _

from kaoping.core.acts.envelope import Act
from kaoping.core.acts.setting_up import (
    AssessmentOpened,
    DeadlineExtended,
    DeadlineSet,
    Office,
    StepKind,
)
from kaoping.core.burden import burden_of
from kaoping.core.desk.year import due_of, working_days_left
from kaoping.core.scheme import STEP_NAMES
from kaoping.core.scheme import StepKind as SchemeStep
from kaoping.core.workflow import things
from kaoping.core.workflow.admission import admission
from kaoping.core.workflow.case import Case, Place
from kaoping.core.workflow.questions import offices
from kaoping.core.workflow.table import STEP_OF
from kaoping.core.workflow.vacancies import ROLE_NAMES, vacancies
from kaoping.files.holidays import holiday_calendar
from kaoping.files.xlsx import Column, PlainTable, tables_workbook
from kaoping.web.models import Entry
from kaoping.web.queries.scheme import loaded_version, scheme_in_force
from kaoping.web.queries.todo_words import due_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from kaoping.core.scheme import Scheme
    from kaoping.core.workflow.reasons import StepRefused
    from kaoping.core.workflow.vacancies import Vacancy
    from kaoping.files.blobs import Blobs
    from kaoping.web.viewer import Viewer

_NOBODY = "00000000-0000-4000-8000-000000000000"
"""In place of an id that only an act would have: these questions are asked, never done."""


def year_opened(viewer: Viewer) -> things.Assessment | None:
    """The newest year; None before the first."""
    years = sorted(viewer.state.every(things.Assessment), key=lambda one: one.year)
    return years[-1] if years else None


def scheme_of_viewer(viewer: Viewer, blobs: Blobs) -> Scheme | None:
    """The scheme in force as records.

    Raises:
        TamperError: where its document is not as it was published.
    """
    found = scheme_in_force(viewer.state)
    return loaded_version(found.content.scheme, blobs).scheme if found else None


# --- days -----------------------------------------------------------------------------------------


def day_warning(day: date) -> str:
    """What is to be said of a day as a deadline; empty where nothing is."""
    calendar = holiday_calendar()
    if not calendar.knows(day):
        return _("{}年的放假安排还没有公布，请届时核对。").format(day.year)
    if calendar.is_working(day):
        return ""
    nearest = calendar.working_day_before(day)
    what = _("法定节假日") if day in calendar.holidays else _("周末")
    return _("当天是{}，不上班；最近的工作日是{}月{}日。").format(what, nearest.month, nearest.day)


def is_day_off(day: date) -> bool:
    """Whether it is known that offices do not work on a day."""
    calendar = holiday_calendar()
    return calendar.knows(day) and not calendar.is_working(day)


def _is_makeup(day: date) -> bool:
    return day in holiday_calendar().makeup_days


# --- opening --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class House:
    """A unit or section with the roles that nobody has in it.

    Attributes:
        roles: in words, each with its indicators where not all are vacant.
        has_people: whether anybody is registered in it.
    """

    name: str
    roles: tuple[str, ...]
    has_people: bool


@dataclass(frozen=True)
class Opening:
    """What the page of the opening says.

    Attributes:
        in_force: the scheme that is opened; None before the first is published.
        scheme: the same as records.
        year: the assessment that was opened under it, if one was.
        houses: where duties are vacant; `vacant` counts the duties.
        givers, registrars: who fills them: security and system administrators, by name.
        dates: the scheme's own deadlines with warnings.
        values, materials, units: what opening will ask of how many units.
        refusal: why the viewer cannot open it now; None where she can.
    """

    in_force: things.Scheme | None
    scheme: Scheme | None
    year: things.Assessment | None
    houses: tuple[House, ...]
    vacant: int
    givers: str
    registrars: str
    dates: tuple[SchemeDate, ...]
    units: int
    values: int
    materials: int
    refusal: StepRefused | None

    @property
    def is_timed(self) -> bool:
        """Whether each step has its deadline."""
        return all(one.until is not None for one in self.dates)

    @property
    def name(self) -> str:
        """What the year is called, unless somebody says otherwise."""
        return _("{}年度绩效考评").format(self.scheme.year) if self.scheme else ""


@dataclass(frozen=True, slots=True)
class SchemeDate:
    """A deadline as the scheme has it, and the one in force; None where none is set."""

    name: str
    due: date | None
    warning: str
    until: date | None = None


def opening(viewer: Viewer, blobs: Blobs) -> Opening:
    """What stands between the scheme in force and its year.

    Raises:
        TamperError: where the scheme is not as it was published.
    """
    state, found = viewer.state, scheme_in_force(viewer.state)
    scheme = scheme_of_viewer(viewer, blobs)
    vacant = vacancies(state, found.content, viewer.day) if found else ()
    asked = burden_of(scheme) if scheme else None
    year = _year_of(viewer, found, scheme)
    return Opening(
        found,
        scheme,
        year,
        tuple(_houses(viewer, vacant)),
        len(vacant),
        _names(viewer, Office.SECURITY_ADMIN),
        _names(viewer, Office.SYSTEM_ADMIN),
        tuple(_scheme_dates(scheme, year)),
        len(asked.units) if asked else 0,
        asked.values if asked else 0,
        asked.materials if asked else 0,
        _opening_refusal(viewer, found),
    )


def _year_of(
    viewer: Viewer, found: things.Scheme | None, scheme: Scheme | None
) -> things.Assessment | None:
    """The assessment of the scheme's own year."""
    for identity in found.assessments if found else ():
        one = viewer.state.get(things.Assessment, identity)
        if scheme is None or one.year == scheme.year:
            return one
    return None


def _opening_refusal(viewer: Viewer, found: things.Scheme | None) -> StepRefused | None:
    if found is None:
        return None
    step = STEP_OF[AssessmentOpened]
    return admission(Case(viewer.state, step, Place(parent=found.id), viewer.person, viewer.at))


def _houses(viewer: Viewer, found: Sequence[Vacancy]) -> Iterator[House]:
    by_house: dict[str, list[Vacancy]] = {}
    for one in found:
        by_house.setdefault(one.house, []).append(one)
    peopled = {
        house for one in viewer.state.every(things.Person) for house in (one.unit, one.section)
    }
    for house, vacant in by_house.items():
        roles = tuple(
            ROLE_NAMES[one.role]
            + (_("（指标 {}）").format("、".join(one.indicators)) if one.indicators else "")
            for one in vacant
        )
        yield House(vacant[0].name, roles, house in peopled)


def _names(viewer: Viewer, office: Office) -> str:
    """The persons who hold an office now."""
    state = viewer.state
    return "、".join(
        person.name
        for person in state.every(things.Person)
        if any(one.office is office for one in offices(state, person.id))
    )


def _scheme_dates(scheme: Scheme | None, year: things.Assessment | None) -> Iterator[SchemeDate]:
    for step in scheme.steps if scheme else ():
        until = due_of(year, StepKind(step.kind.value)) if year else None
        day = until or step.due
        yield SchemeDate(step.name, step.due, day_warning(day) if day else "", until)


# --- deadlines ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version of a deadline: until when, by whom, when, why; `index` where its receipt may be seen."""

    until: date
    at: str
    by: str
    reason: str
    index: int | None


@dataclass(frozen=True)
class DeadlineShown:
    """A step with its deadline.

    Attributes:
        kind: the step.
        name: as the scheme calls it.
        start, planned: the scheme's own dates.
        until: in force; None where none is set yet.
        words: what that means today; `is_over` where it is past.
        warning: where the day is not worked, or not known yet.
        is_makeup: a weekend day that is worked.
        act: that set the one in force.
        versions: all of them, the newest first.
        refusal: why the viewer cannot extend it now; None where she can.
    """

    kind: StepKind
    name: str
    start: date | None
    planned: date | None
    until: date | None
    words: str
    is_over: bool
    warning: str
    is_makeup: bool
    act: str
    versions: tuple[VersionShown, ...]
    refusal: StepRefused | None


@dataclass(frozen=True)
class Deadlines:
    """All steps of a year.

    Attributes:
        year: the assessment; None before one is opened.
        steps: in the order of the scheme.
        refusal: why the viewer cannot set those that are not set; None where she can.
    """

    year: things.Assessment | None
    steps: tuple[DeadlineShown, ...]
    refusal: StepRefused | None

    @property
    def unset(self) -> tuple[DeadlineShown, ...]:
        """Steps that have no deadline yet."""
        return tuple(one for one in self.steps if one.until is None)

    @property
    def shared_refusal(self) -> StepRefused | None:
        """Why the viewer can extend none of them, where it is the same for all; None otherwise."""
        found = [one.refusal for one in self.steps if one.until is not None]
        is_same = len({str(one) for one in found}) == 1
        return found[0] if is_same else None

    @property
    def may_extend(self) -> bool:
        """Whether the viewer may extend any."""
        return any(one.until is not None and one.refusal is None for one in self.steps)


def deadlines(viewer: Viewer, blobs: Blobs) -> Deadlines:
    """Until when each step of the newest year is, with every version.

    Raises:
        TamperError: where the scheme is not as it was published.
    """
    year = year_opened(viewer)
    if year is None:
        return Deadlines(None, (), None)
    scheme = viewer.state.get(things.Scheme, year.scheme)
    plan = loaded_version(scheme.content.scheme, blobs).scheme
    entries = _entries(viewer, year)
    steps = tuple(_step(viewer, year, plan, kind, entries) for kind in _kinds(year, plan))
    return Deadlines(year, steps, _setting_refusal(viewer, year))


def _kinds(year: things.Assessment, plan: Scheme | None) -> list[StepKind]:
    """The steps of the scheme, then others that have got a deadline."""
    planned = [StepKind(step.kind.value) for step in plan.steps] if plan else list(StepKind)
    return list(dict.fromkeys([*planned, *year.deadlines]))


def _step(
    viewer: Viewer,
    year: things.Assessment,
    plan: Scheme | None,
    kind: StepKind,
    entries: dict[str, VersionShown],
) -> DeadlineShown:
    planned = plan.step_of(SchemeStep(kind.value)) if plan else None
    versions = year.deadlines.get(kind, ())
    until = versions[-1].until if versions else None
    left = working_days_left(viewer.day, until, holiday_calendar()) if until else 0
    return DeadlineShown(
        kind,
        planned.name if planned else STEP_NAMES[SchemeStep(kind.value)],
        planned.start if planned else None,
        planned.due if planned else None,
        until,
        due_words(until, left, viewer.day) if until else "",
        until is not None and until < viewer.day,
        day_warning(until) if until else "",
        until is not None and _is_makeup(until),
        versions[-1].act if versions else "",
        tuple(entries[one.act] for one in reversed(versions) if one.act in entries),
        extension_refusal(viewer, year, kind) if until else None,
    )


def _setting_refusal(viewer: Viewer, year: things.Assessment) -> StepRefused | None:
    place = Place(thing=year.id, assessment=year.id)
    return admission(Case(viewer.state, STEP_OF[DeadlineSet], place, viewer.person, viewer.at))


def extension_refusal(
    viewer: Viewer, year: things.Assessment, kind: StepKind
) -> StepRefused | None:
    """Why the viewer cannot extend a deadline now, whatever sensible day she gives."""
    versions = year.deadlines.get(kind, ())
    last = max(versions[-1].until, viewer.day) if versions else viewer.day
    content = DeadlineExtended(kind, last + timedelta(days=1), _("延期"))
    supersedes = versions[-1].act if versions else None
    act = Act(_NOBODY, viewer.at, viewer.person, year.id, content, supersedes)
    place = Place(thing=year.id, assessment=year.id)
    step = STEP_OF[DeadlineExtended]
    case = Case(viewer.state, step, place, viewer.person, viewer.at, act)
    asked = (admission, *step.checks)
    return next((refusal for rule in asked if (refusal := rule(case))), None)


def _entries(viewer: Viewer, year: things.Assessment) -> dict[str, VersionShown]:
    """Every version of every deadline by the act that set it, in two queries."""
    acts = [one.act for versions in year.deadlines.values() for one in versions]
    found = list(Entry.objects.filter(act__in=acts))
    readable = set(
        Entry.objects.visible_to(viewer).filter(act__in=acts).values_list("index", flat=True)
    )
    return {one.act: _version(viewer, one, readable) for one in found}


def _version(viewer: Viewer, entry: Entry, readable: set[int]) -> VersionShown:
    content = (json.loads(entry.body).get("act") or {}).get("content", {})
    until = next(
        one.until
        for year in viewer.state.every(things.Assessment)
        for versions in year.deadlines.values()
        for one in versions
        if one.act == entry.act
    )
    person = viewer.state.find(things.Person, entry.actor)
    return VersionShown(
        until,
        entry.at,
        person.name if person else "",
        str(content.get("reason", "")),
        entry.index if entry.index in readable else None,
    )


@dataclass(frozen=True, slots=True)
class DeadlineForm:
    """The field for a step that has no deadline yet: what stands in it, and what is said of it."""

    step: DeadlineShown
    text: str
    error: str
    warning: str


class Typed(Protocol):
    """A day that was typed."""

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def error(self) -> str: ...  # noqa: D102
    @property
    def warning(self) -> str: ...  # noqa: D102


def deadline_forms(found: Deadlines, typed: Mapping[StepKind, Typed]) -> tuple[DeadlineForm, ...]:
    """A field for each step without a deadline, filled with what was typed, else with the scheme's day."""
    return tuple(_form(one, typed.get(one.kind)) for one in found.unset)


def _form(step: DeadlineShown, typed: Typed | None) -> DeadlineForm:
    if typed is not None:
        return DeadlineForm(step, typed.text, typed.error, typed.warning)
    planned = step.planned
    return DeadlineForm(
        step,
        planned.isoformat() if planned else "",
        "",
        day_warning(planned) if planned else "",
    )


def deadlines_workbook(found: Deadlines) -> bytes:
    """Every version of every deadline."""
    rows = [
        (
            one.name,
            version.until.isoformat(),
            _("现行") if number == 0 else "",
            version.by,
            version.at,
            version.reason,
        )
        for one in found.steps
        for number, version in enumerate(one.versions)
    ]
    columns = (
        Column(_("环节"), 16),
        Column(_("时限"), 14),
        Column(_("现行"), 8),
        Column(_("经手人"), 16),
        Column(_("时间（协调世界时）"), 24),
        Column(_("延期理由"), 60),
    )
    title = _("{}时限").format(found.year.name) if found.year else _("时限")
    return tables_workbook(title, [PlainTable(_("时限"), "", columns, rows)])
