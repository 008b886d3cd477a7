"""What must be done for a list to hold: compared with the register, every rule asked beforehand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from kaoping.core.acts.codec import encode_act
from kaoping.core.acts.envelope import Act
from kaoping.core.acts.setting_up import (
    DutyEnded,
    DutyGiven,
    PersonRegistered,
    SectionRegistered,
    UnitRegistered,
)
from kaoping.core.errors import InputError
from kaoping.core.people.lists import LOGIN_MARK, OF_A_SECTION, OF_A_UNIT
from kaoping.core.problems import Problem
from kaoping.core.workflow.case import Case, day_of
from kaoping.core.workflow.questions import is_over
from kaoping.core.workflow.reasons import StepRefused
from kaoping.core.workflow.table import STEP_OF
from kaoping.core.workflow.things import Duty, Human, Person, Scheme, Section, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kaoping.core.acts.union import Content
    from kaoping.core.people.lists import House, Line, PeopleList
    from kaoping.core.workflow.state import State
    from kaoping.core.workflow.things import Thing

_ANY_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Known:
    """What a list is compared with.

    Attributes:
        state: where everything stands.
        accounts: the person of each account, by login.
        actor: who looks at the plan, for the rules that ask.
        at: now, as acts carry it.
    """

    state: State
    accounts: Mapping[str, str]
    actor: str
    at: str


@dataclass(frozen=True, slots=True)
class Planned:
    """An act that is still to be taken, and the row it comes from."""

    place: str
    subject: str
    content: Content


@dataclass(frozen=True, slots=True)
class AccountDue:
    """An account that is still to be opened, for a person registered by then."""

    place: str
    login: str
    person: str
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list asks for and is not so yet, in the order in which it must be done.

    Attributes:
        houses: units and sections to register.
        persons: persons to register.
        accounts: accounts to open.
        endings: duties that the list replaces or, where it is complete, leaves out.
        duties: duties to give.
        persons_there: how many persons of the list are registered already.
        duties_there: how many of its duties hold already.
        problems: everything because of which it cannot be done.
        things: the state as it will be; what a preview shows names from.
    """

    houses: tuple[Planned, ...]
    persons: tuple[Planned, ...]
    accounts: tuple[AccountDue, ...]
    endings: tuple[Planned, ...]
    duties: tuple[Planned, ...]
    persons_there: int
    duties_there: int
    problems: tuple[Problem, ...]
    things: Mapping[str, Thing]

    @property
    def registering(self) -> tuple[Planned, ...]:
        """The acts of the system administrator."""
        return (*self.houses, *self.persons)

    @property
    def giving(self) -> tuple[Planned, ...]:
        """The acts of the security administrator."""
        return (*self.endings, *self.duties)


def plan(people: PeopleList, known: Known, ids: Callable[[str], str], reason: str = "") -> Plan:
    """What must be done for a list to hold.

    Args:
        people: the list.
        known: what is there.
        ids: makes the id of a thing from what it is; the same for the same.
        reason: of the duties that end.
    """
    return _Planner(people, known, ids, reason or f"按人员名单“{people.name}”调整").made()


class _Ahead:
    """The state as the planned acts will leave it; their rules are asked beforehand."""

    def __init__(self, known: Known) -> None:
        self.things = known.state.things.picture()
        self.state = replace(known.state, things=self.things)
        self._known = known

    def take(self, subject: str, content: Content) -> str:
        """Take an act ahead of time.

        Returns:
            Why it would be refused; empty where it was taken.
        """
        act = Act(_ANY_ID, self._known.at, self._known.actor, subject, content)
        try:
            encode_act(act)
        except InputError as error:
            return error.zh
        step = STEP_OF[type(content)]
        place = step.ground.locate(self.state, act)
        if isinstance(place, StepRefused):
            return place.zh
        case = Case(self.state, step, place, act.actor, act.at, act)
        refusal = next((found for rule in step.checks if (found := rule(case))), None)
        if refusal is not None:
            return refusal.zh
        self.things.put(step.effect(case))
        return ""


class _Planner:
    """A plan in the making."""

    def __init__(
        self, people: PeopleList, known: Known, ids: Callable[[str], str], reason: str
    ) -> None:
        self._people = people
        self._known = known
        self._ids = ids
        self._reason = reason
        self._ahead = _Ahead(known)
        self._problems: list[Problem] = []
        self._houses: list[Planned] = []
        self._persons: list[Planned] = []
        self._accounts: list[AccountDue] = []
        self._persons_there = 0
        self._there: dict[tuple[str, ...], Unit | Section] = {}
        for house in chain[Unit | Section](known.state.every(Unit), known.state.every(Section)):
            unit = house.unit if isinstance(house, Section) else None
            keys = _house_keys(isinstance(house, Section), house.code, house.name, unit)
            self._there.update((key, house) for key in keys)
        self._logins = {person: login for login, person in known.accounts.items()}
        self._owners = {login.casefold(): person for login, person in known.accounts.items()}
        schemes = known.state.every(Scheme)
        self._indicators = {one.indicator for file in schemes for one in file.content.indicators}
        """What the published schemes call their indicators; none before the first scheme."""

    def made(self) -> Plan:
        """Everything in its order: each act finds what it refers to."""
        for is_section in (False, True):
            self._names = _Names(self._ahead.state, self._people.houses)
            for house in self._people.houses:
                if house.is_section is is_section:
                    self._house(house)
        self._names = _Names(self._ahead.state, self._people.houses)
        self._resolved = {
            key: person
            for key, lines in self._groups().items()
            if (person := self._person(key, lines))
        }
        wanted = self._wanted()
        endings = self._endings(wanted)
        duties = self._duties(wanted)
        return Plan(
            tuple(self._houses),
            tuple(self._persons),
            tuple(self._accounts),
            endings,
            duties,
            self._persons_there,
            len(wanted) - len(duties),
            tuple(self._problems),
            self._ahead.things,
        )

    def _problem(self, code: str, where: str, message: str, suggestion: str) -> None:
        self._problems.append(Problem(code, where, message, suggestion))

    def _planned(self, place: str, subject: str, content: Content) -> Planned | None:
        """The act, if the rules have nothing against it."""
        refusal = self._ahead.take(subject, content)
        if refusal:
            self._problem("ROW-REFUSED", place, refusal, "请改正这一行后重新提交")
            return None
        return Planned(place, subject, content)

    # --- houses ---

    def _house(self, house: House) -> None:
        unit = self._unit(f"{house.place} 单位", house.unit) if house.is_section else None
        if house.is_section and unit is None:
            return
        there = self._there.get(_house_keys(house.is_section, house.code, house.name, unit)[0])
        if there is None:
            self._new_house(house, unit)
        elif (there.name, getattr(there, "unit", None)) != (house.name, unit):
            said = f"编号 {house.code} 已属于“{there.name}”，与这一行不同"
            self._problem("HOUSE-DIFFERS", house.place, said, "请核对编号和名称")

    def _new_house(self, house: House, unit: str | None) -> None:
        keys = _house_keys(house.is_section, house.code, house.name, unit)
        namesake = self._there.get(keys[1])
        if namesake is not None:
            said = f"“{house.name}”已登记，编号是 {namesake.code}"
            self._problem("HOUSE-DIFFERS", house.place, said, "请用原来的编号")
            return
        content: Content = UnitRegistered(house.code, house.name)
        if house.is_section:
            content = SectionRegistered(house.code, house.name, unit)
        subject = self._ids(f"{keys[0][0]} {house.code}")
        planned = self._planned(house.place, subject, content)
        if planned is not None:
            self._houses.append(planned)
            made = self._ahead.things[subject]
            assert isinstance(made, Unit | Section)
            self._there.update((key, made) for key in keys)

    def _unit(self, where: str, word: str) -> str | None:
        """The one unit that a word means."""
        found = self._names.units(word)
        if len(found) == 1:
            return found[0]
        said, hint = f"没有单位“{word[:40]}”", "请先登记这个单位，或改用已登记的编号、名称"
        if found:
            said, hint = f"不止一个单位叫“{word[:40]}”", "请写单位编号"
        self._problem("UNIT-UNKNOWN", where, said, hint)
        return None

    # --- persons ---

    def _groups(self) -> dict[str, list[Line]]:
        """The rows of each person; one who is named by account in one row joins the others."""
        self._by_login = {
            LOGIN_MARK + line.login: line.person
            for line in self._people.lines
            if line.login and not line.person.startswith(LOGIN_MARK)
        }
        groups: dict[str, list[Line]] = defaultdict(list)
        for line in self._people.lines:
            groups[self._key(line.person)].append(line)
        self._check_logins(groups)
        return groups

    def _key(self, reference: str) -> str:
        return self._by_login.get(reference, reference)

    def _check_logins(self, groups: Mapping[str, Sequence[Line]]) -> None:
        first: dict[str, tuple[str, str]] = {}
        for key, lines in groups.items():
            for line in lines:
                if not line.login:
                    continue
                other, place = first.setdefault(line.login.casefold(), (key, line.place))
                if other != key:
                    said = f"账号 {line.login} 已用于 {place} 的另一个人"
                    self._problem("LOGIN-TAKEN", f"{line.place} 账号", said, "请换一个账号")

    def _person(self, key: str, lines: Sequence[Line]) -> str | None:
        """The id of the person of these rows, registered or to be registered; None if wrong."""
        before = len(self._problems)
        first = lines[0]
        house = self._house_of(lines)
        login = next((line.login for line in lines if line.login), "")
        for line in lines[1:]:
            if line.name != first.name:
                said = f"同一个人在 {first.place} 名为“{first.name}”，这里是“{line.name}”"
                self._problem("PERSON-DIFFERS", f"{line.place} 姓名", said, "请核对姓名和工号")
            if line.login and line.login != login:
                said = f"同一个人前面的账号是 {login}，这里是 {line.login}"
                self._problem("PERSON-DIFFERS", f"{line.place} 账号", said, "一个人只写一个账号")
        if len(self._problems) > before or house is None:
            return None
        there = self._registered(key, first, house)
        if len(self._problems) > before:
            return None
        person = there or self._newcomer(key, first, house)
        if person:
            self._account(next((o for o in lines if o.login), first), person)
        return person

    def _house_of(self, lines: Sequence[Line]) -> tuple[str | None, str | None] | None:
        """Unit and section of a person: the ones that her rows name; None if they are wrong."""
        found: dict[tuple[str | None, str | None], str] = {}
        houses = [(line, self._named(line)) for line in lines]
        if any(house is None for _, house in houses):
            return None
        for line, house in houses:
            if house is not None and house != (None, None):
                found.setdefault(house, line.place)
        if len(found) > 1:
            first, second = list(found.values())[:2]
            said = f"同一个人在 {first} 属于另一个单位或科室"
            hint = "一个人只属于一个单位或科室；在别处有职责的，请以另一账号登记"
            self._problem("PERSON-DIFFERS", second, said, hint)
            return None
        return next(iter(found), (None, None))

    def _named(self, line: Line) -> tuple[str | None, str | None] | None:
        unit: str | None = None
        if line.unit:
            unit = self._unit(f"{line.place} 单位", line.unit)
            if unit is None:
                return None
        if not line.section:
            return unit, None
        sections = self._names.sections(line.section, unit)
        if len(sections) != 1:
            said = f"没有科室“{line.section[:40]}”"
            hint = "请先登记这个科室，或改用已登记的编号、名称"
            if sections:
                said, hint = f"不止一个科室叫“{line.section[:40]}”", "请同时填写单位，或写科室编号"
            self._problem("SECTION-UNKNOWN", f"{line.place} 科室", said, hint)
            return None
        return None, sections[0]

    def _registered(self, key: str, line: Line, house: tuple[str | None, str | None]) -> str | None:
        """The person as registered before, if the row does not contradict the register."""
        state = self._known.state
        if key.startswith(LOGIN_MARK):
            account = state.find(Person, self._known.accounts.get(line.login))
            persons = [account] if account else []
            if not persons:
                hint = "新登记的人须填工号；已登记的请核对账号"
                said = f"没有账号 {line.login}"
                self._problem("PERSON-UNKNOWN", f"{line.place} 账号", said, hint)
        else:
            human = state.find(Human, key)
            persons = [state.get(Person, one) for one in human.accounts] if human else []
        if not persons:
            return None
        fits = [one for one in persons if house in ((None, None), (one.unit, one.section))]
        if not fits:
            where = self._names.of(persons[0])
            said = f"{persons[0].name}已登记在{where}，与这一行不同"
            hint = "姓名、单位以登记为准；调动的，请在“人员”页以新单位另行登记，再停用原账号"
            self._problem("PERSON-DIFFERS", line.place, said, hint)
        elif fits[0].name != line.name:
            said = f"这个工号已登记为“{fits[0].name}”，这里是“{line.name}”"
            self._problem("PERSON-DIFFERS", f"{line.place} 姓名", said, "请核对姓名和工号")
        else:
            self._persons_there += 1
            return fits[0].id
        return None

    def _newcomer(self, key: str, line: Line, house: tuple[str | None, str | None]) -> str | None:
        subject = self._ids(f"Person {key}")
        content = PersonRegistered(line.name, *house, key)
        planned = self._planned(line.place, subject, content)
        if planned is None:
            return None
        self._persons.append(planned)
        return subject

    def _account(self, line: Line, person: str) -> None:
        """Open the account, unless there is one; then it must be the same."""
        if not line.login:
            return
        present = self._logins.get(person)
        where = f"{line.place} 账号"
        if present is not None and present != line.login:
            said = f"{line.name}已有账号 {present}，这里是 {line.login}"
            self._problem("PERSON-DIFFERS", where, said, "请写已有的账号，或空着")
        elif self._owners.get(line.login.casefold(), person) != person:
            said = f"账号 {line.login} 已属于另一个人"
            self._problem("LOGIN-TAKEN", where, said, "请换一个账号")
        elif present is None:
            self._accounts.append(AccountDue(line.place, line.login, person, line.name))

    # --- duties ---

    def _wanted(self) -> dict[DutyGiven, Line]:
        """The duties of the list with the row of each."""
        wanted: dict[DutyGiven, Line] = {}
        spans: dict[tuple[object, ...], list[tuple[DutyGiven, Line]]] = defaultdict(list)
        for line in self._people.lines:
            duty = self._duty(line)
            if duty is None:
                continue
            same = [other for one, other in spans[_seat(duty)] if _overlap(one, duty)]
            if same:
                said = f"与 {same[0].place} 是同一人的同一职责，日期重叠"
                self._problem("ROW-DUPLICATE", line.place, said, "请只留一行")
                continue
            spans[_seat(duty)].append((duty, line))
            wanted[duty] = line
        return wanted

    def _duty(self, line: Line) -> DutyGiven | None:
        person = self._resolved.get(self._key(line.person))
        if line.role is None or line.from_date is None or person is None:
            return None
        principal: str | None = None
        if line.on_behalf_of:
            principal = self._principal(line)
            if principal is None:
                return None
        if line.indicator and self._indicators and line.indicator not in self._indicators:
            said = f"现行方案没有指标“{line.indicator[:40]}”"
            listed = "、".join(sorted(self._indicators))
            where = f"{line.place} 指标"
            self._problem("INDICATOR-UNKNOWN", where, said, f"请用指标编号：{listed}")
            return None
        house = self._ahead.state.get(Person, person)
        return DutyGiven(
            person,
            line.role,
            house.unit if line.role in OF_A_UNIT else None,
            house.section if line.role in OF_A_SECTION else None,
            line.indicator or None,
            line.from_date,
            line.until_date,
            principal,
        )

    def _principal(self, line: Line) -> str | None:
        """On whose behalf: of this list, or registered."""
        reference = line.on_behalf_of
        found = self._resolved.get(self._key(reference))
        if found is None and reference.startswith(LOGIN_MARK):
            found = self._known.accounts.get(reference.removeprefix(LOGIN_MARK))
        elif found is None:
            human = self._known.state.find(Human, reference)
            found = human.accounts[0] if human else None
        if found is None:
            hint = "请填被代理人的工号或账号，本人应已登记或列在名单中"
            where = f"{line.place} 代理"
            self._problem("PERSON-UNKNOWN", where, "没有这个被代理人", hint)
        return found

    def _endings(self, wanted: Mapping[DutyGiven, Line]) -> tuple[Planned, ...]:
        """Duties in force that the list puts others in place of, or leaves out."""
        today = day_of(self._known.at)
        seats: dict[tuple[object, ...], list[DutyGiven]] = defaultdict(list)
        for one in wanted:
            seats[_seat(one)].append(one)
        endings = []
        for duty in self._known.state.every(Duty):
            content = content_of(duty)
            if duty.ended_on is not None or is_over(duty, today) or content in wanted:
                continue
            new = [wanted[one] for one in seats[_seat(content)] if _overlap(one, content)]
            if new or self._people.is_complete:
                place = new[0].place if new else "名单中没有"
                endings.append(Planned(place, duty.id, DutyEnded(self._reason)))
                self._ahead.take(duty.id, DutyEnded(self._reason))
        return tuple(endings)

    def _duties(self, wanted: Mapping[DutyGiven, Line]) -> tuple[Planned, ...]:
        """Duties to give, one's own before those that are delegated."""
        held: dict[DutyGiven, list[Duty]] = defaultdict(list)
        for duty in self._known.state.every(Duty):
            held[content_of(duty)].append(duty)
        duties = []
        for one in sorted(wanted, key=lambda duty: duty.on_behalf_of is not None):
            before = held.get(one, [])
            if any(duty.ended_on is None for duty in before):
                continue
            subject = self._ids(f"Duty {_written(one)} {len(before)}")
            planned = self._planned(wanted[one].place, subject, one)
            duties += [planned] if planned else []
        return tuple(duties)


class _Names:
    """Units and sections by whatever a list may call them."""

    def __init__(self, state: State, houses: Iterable[House]) -> None:
        self._units: dict[str, dict[str, None]] = defaultdict(dict)
        self._sections: dict[str, dict[str, None]] = defaultdict(dict)
        self._state = state
        codes = {}
        for unit in state.every(Unit):
            codes[unit.code] = unit.id
            for word in (unit.code, unit.name):
                self._units[word][unit.id] = None
        for section in state.every(Section):
            for word in (section.code, section.name):
                self._sections[word][section.id] = None
        for house in houses:
            for alias in house.aliases if house.code in codes else ():
                self._units[alias][codes[house.code]] = None

    def units(self, word: str) -> list[str]:
        """The units that a word may mean."""
        return list(self._units.get(word, ()))

    def sections(self, word: str, unit: str | None) -> list[str]:
        """The sections that a word may mean, within a unit if one is named."""
        found = self._sections.get(word, {})
        return [one for one in found if unit is None or self._state.get(Section, one).unit == unit]

    def of(self, person: Person) -> str:
        """What the unit or section of a person is called."""
        house = self._state.find(Section, person.section) or self._state.find(Unit, person.unit)
        return f"“{house.name}”" if house else "领导和核验、监督人员（不属单位科室）"


def _house_keys(
    is_section: bool, code: str, name: str, unit: str | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How a unit or section is found again: by its code, by its name (in its unit)."""
    kind = "Section" if is_section else "Unit"
    return (kind, "code", code), (kind, "name", name, unit or "")


def content_of(duty: Duty) -> DutyGiven:
    """The act's content by which a duty was given."""
    return DutyGiven(
        duty.person,
        duty.role,
        duty.unit,
        duty.section,
        duty.indicator,
        duty.from_date,
        duty.until_date,
        duty.on_behalf_of,
    )


def _seat(duty: DutyGiven) -> tuple[object, ...]:
    return (
        duty.person,
        duty.role,
        duty.unit,
        duty.section,
        duty.indicator,
        duty.on_behalf_of,
    )


def _overlap(one: DutyGiven, other: DutyGiven) -> bool:
    last = date.max
    return one.from_date <= (other.until_date or last) and other.from_date <= (
        one.until_date or last
    )


def _written(duty: DutyGiven) -> str:
    parts = (*_seat(duty), duty.from_date, duty.until_date)
    return " ".join("" if part is None else str(part) for part in parts)
