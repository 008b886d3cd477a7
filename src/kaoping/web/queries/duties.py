"""职责 as pages show them: who holds what, for each indicator and role, and what is vacant."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kaoping.core.acts.setting_up import DutyEnded, Role
from kaoping.core.workflow.admission import admission
from kaoping.core.workflow.case import Case, Place
from kaoping.core.workflow.questions import holds_office, is_over, is_valid
from kaoping.core.workflow.table import STEP_OF
from kaoping.core.workflow.things import Duty, Person, Section, Unit
from kaoping.core.workflow.vacancies import vacancies
from kaoping.web.queries.scheme import published_scheme, scheme_in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from django.utils.functional import _StrPromise

    from kaoping.core.acts.setting_up import IndicatorDuty
    from kaoping.core.acts.union import Content
    from kaoping.core.workflow.reasons import Refusal
    from kaoping.core.workflow.state import State
    from kaoping.core.workflow.vacancies import Vacancy
    from kaoping.files.blobs import Blobs
    from kaoping.web.viewer import Viewer

ROLE_WORDS: Mapping[Role, _StrPromise] = {
    Role.LIAISON: _("联络员"),
    Role.UNIT_HEAD: _("单位负责人"),
    Role.HANDLER: _("经办人"),
    Role.SECTION_HEAD: _("部门负责人"),
    Role.INSPECTOR: _("核验人员"),
    Role.SUPERVISOR: _("监督员"),
    Role.RESPONSIBLE_LEADER: _("责任领导"),
    Role.PRINCIPAL_LEADER: _("主要领导"),
}
_OF_NO_HOUSE = (
    Role.PRINCIPAL_LEADER,
    Role.RESPONSIBLE_LEADER,
    Role.SUPERVISOR,
    Role.INSPECTOR,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A state by word and shape: what it is called, its icon, its tone."""

    word: _StrPromise
    icon: str
    tone: str = ""


VALID = Shown(_("在任"), "s-passed", "passed")
COMING = Shown(_("未开始"), "s-todo")
OVER = Shown(_("已到期"), "s-na", "muted")
ENDED = Shown(_("已终止"), "s-na", "muted")
LAPSED = Shown(_("代理已失效"), "s-late", "late")


@dataclass(frozen=True, slots=True)
class DutyShown:
    """A duty in words.

    Attributes:
        id: in the register.
        person: id of who has it.
        name: of that person.
        role: in words.
        house: the unit or section it is held in; empty for leaders, supervisors and inspectors.
        indicator: the only one, empty for all.
        from_date: first day.
        until_date: last day, None for no end.
        principal: whose duty it is, where it is delegated.
        ended_on: the day on which it was ended.
        standing: how it stands today.
        is_past: whether it is over or was ended.
        refusal: why the viewer cannot end it now; None where she can.
    """

    id: str
    person: str
    name: str
    role: str
    house: str
    indicator: str
    from_date: date
    until_date: date | None
    principal: str
    ended_on: date | None
    standing: Shown
    is_past: bool
    refusal: Refusal

    @property
    def words(self) -> str:
        """投资科 经办人."""
        return f"{self.house} {self.role}".strip()


def refusal(viewer: Viewer, kind: type[Content], thing: str = "") -> Refusal:
    """Why the viewer cannot do a step on a thing now; None where she can, as far as asked before."""
    place = Place(thing=thing)
    return admission(Case(viewer.state, STEP_OF[kind], place, viewer.person, viewer.at))


def duty_shown(viewer: Viewer, identity: str) -> DutyShown:
    """A duty as it stands today."""
    state, duty = viewer.state, viewer.state.get(Duty, identity)
    is_past = duty.ended_on is not None or is_over(duty, viewer.day)
    return DutyShown(
        duty.id,
        duty.person,
        _name(state, duty.person),
        str(ROLE_WORDS[duty.role]),
        house_name(state, duty.unit or duty.section),
        duty.indicator or "",
        duty.from_date,
        duty.until_date,
        _name(state, duty.on_behalf_of) if duty.on_behalf_of else "",
        duty.ended_on,
        _standing(state, duty, viewer.day),
        is_past,
        refusal(viewer, DutyEnded, duty.id),
    )


def _standing(state: State, duty: Duty, day: date) -> Shown:
    if duty.ended_on is not None:
        return ENDED
    if is_over(duty, day):
        return OVER
    if duty.from_date > day:
        return COMING
    return VALID if is_valid(state, duty, day) else LAPSED


def _name(state: State, person: str) -> str:
    found = state.find(Person, person)
    return found.name if found else person


def house_name(state: State, identity: str | None) -> str:
    """What a unit or section is called; empty for neither."""
    found = state.find(Section, identity) or state.find(Unit, identity)
    return found.name if found else ""


def duty_card(viewer: Viewer, identity: str) -> DutyShown | None:
    """A duty, or None where there is no such one."""
    return duty_shown(viewer, identity) if viewer.state.find(Duty, identity) else None


# --- lists ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DutiesWanted:
    """What a list of duties is narrowed to: words in names, a role, a house; over ones as well."""

    words: str = ""
    role: str = ""
    house: str = ""
    with_past: bool = False


def duty_list(viewer: Viewer, wanted: DutiesWanted) -> list[DutyShown]:
    """The duties that are asked for, by house and role."""
    found = [
        duty_shown(viewer, one.id)
        for one in viewer.state.every(Duty)
        if wanted.role in ("", one.role)
        and wanted.house in ("", one.unit, one.section)
        and (wanted.with_past or not (one.ended_on or is_over(one, viewer.day)))
    ]
    words = wanted.words
    fits = [one for one in found if words in one.name or words in one.house]
    return sorted(fits, key=lambda one: (one.is_past, one.house, one.role, one.name))


def role_choices() -> list[tuple[str, str]]:
    """The roles to choose from."""
    return [(role.value, str(word)) for role, word in ROLE_WORDS.items()]


# --- the matrix -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a seat: the duty, her name, and whose duty it is where it is delegated."""

    duty: str
    name: str
    principal: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Seat:
    """A role in a house for an indicator, and who sits in it; nobody: it is vacant."""

    role: str
    role_word: str
    house: str
    house_name: str
    indicator: str
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class UnitsSeats:
    """The seats of one role in all assessed units of an indicator: how many, and the vacant ones."""

    role_word: str
    filled: int
    total: int
    vacant: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator: its sections with handler and head, and how its units are manned."""

    code: str
    name: str
    sections: tuple[tuple[str, bool, tuple[Seat, ...]], ...]
    """Name, whether it is the responsible one, its two seats."""
    units: tuple[UnitsSeats, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who holds what.

    Attributes:
        has_scheme: without one there are no indicators yet.
        coordinating: the coordinating section's name and seats.
        rows: by indicator.
        others: roles that belong to no house, with their holders.
        vacancies: what blocks the opening of a year, as the rules say it.
    """

    has_scheme: bool
    coordinating: tuple[str, tuple[Seat, ...]]
    rows: tuple[IndicatorRow, ...]
    others: tuple[Seat, ...]
    vacancies: tuple[Vacancy, ...]


def duty_matrix(viewer: Viewer, blobs: Blobs) -> Matrix:
    """Who holds what for each indicator of the scheme in force.

    Raises:
        TamperError: where the scheme's document is not as it was published.
    """
    state, seats = viewer.state, _Seats(viewer)
    others = tuple(seats.at(role, "") for role in _OF_NO_HOUSE)
    found = scheme_in_force(state)
    if found is None:
        return Matrix(False, ("", ()), (), others, ())  # noqa: FBT003 - no scheme yet
    scheme = published_scheme(state, blobs)
    names = {one.id: one.name for one in scheme.indicators} if scheme else {}
    content = found.content
    coordinating = content.coordinating_section
    return Matrix(
        True,  # noqa: FBT003 - there is a scheme
        (house_name(state, coordinating), seats.of_section(coordinating, "")),
        tuple(_row(seats, state, one, names) for one in content.indicators),
        others,
        vacancies(state, content, viewer.day),
    )


def _row(seats: _Seats, state: State, one: IndicatorDuty, names: Mapping[str, str]) -> IndicatorRow:
    sections = [(one.responsible_section, True), *((s, False) for s in one.cooperating_sections)]
    return IndicatorRow(
        one.indicator,
        names.get(one.indicator, ""),
        tuple(
            (house_name(state, section), is_responsible, seats.of_section(section, one.indicator))
            for section, is_responsible in sections
        ),
        tuple(
            seats.of_units(role, one.assessed_units, one.indicator)
            for role in (Role.LIAISON, Role.UNIT_HEAD)
        ),
    )


class _Seats:
    """All duties of today by role and house: looked up, not searched, for each of many seats."""

    def __init__(self, viewer: Viewer) -> None:
        self._state = viewer.state
        self._held: dict[tuple[Role, str], list[Duty]] = defaultdict(list)
        for duty in viewer.state.every(Duty):
            if is_valid(viewer.state, duty, viewer.day):
                self._held[duty.role, duty.unit or duty.section or ""].append(duty)

    def at(self, role: Role, house: str, indicator: str = "") -> Seat:
        """One seat."""
        holders = tuple(
            Holder(
                duty.id,
                _name(self._state, duty.person),
                _name(self._state, duty.on_behalf_of) if duty.on_behalf_of else "",
                duty.until_date,
            )
            for duty in self._held.get((role, house), ())
            if not house or duty.indicator in (None, indicator)
        )
        name = house_name(self._state, house)
        return Seat(role.value, str(ROLE_WORDS[role]), house, name, indicator, holders)

    def of_section(self, section: str, indicator: str) -> tuple[Seat, ...]:
        """Handler and head of a section."""
        return tuple(
            self.at(role, section, indicator) for role in (Role.HANDLER, Role.SECTION_HEAD)
        )

    def of_units(self, role: Role, units: Iterable[str], indicator: str) -> UnitsSeats:
        """A role in many units."""
        seats = [self.at(role, unit, indicator) for unit in units]
        vacant = tuple(seat for seat in seats if not seat.holders)
        return UnitsSeats(str(ROLE_WORDS[role]), len(seats) - len(vacant), len(seats), vacant)


# --- giving a duty --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to choose: her id, her name with her house."""

    id: str
    label: str


def candidates(viewer: Viewer, house: str = "") -> list[Candidate]:
    """Persons to give a duty to: of one unit or section, or all; administrators are left out."""
    state = viewer.state
    found = [
        Candidate(one.id, f"{house_name(state, one.unit or one.section)} {one.name}".strip())
        for one in state.every(Person)
        if house in ("", one.unit, one.section) and not holds_office(state, one.id)
    ]
    return sorted(found, key=lambda one: one.label)


def deputies(viewer: Viewer, duty: str) -> list[Candidate]:
    """Who may do a duty for somebody: others of the same house; for leaders, others without one."""
    own = viewer.state.get(Duty, duty)
    house = own.unit or own.section or ""
    return [one for one in candidates(viewer, house) if one.id != own.person]


def indicator_choices(viewer: Viewer, blobs: Blobs) -> list[tuple[str, str]]:
    """The indicators of the scheme in force, by number and name; none before the first scheme."""
    scheme = published_scheme(viewer.state, blobs)
    return [(one.id, f"{one.id} {one.name}") for one in scheme.indicators] if scheme else []
