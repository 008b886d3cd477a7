"""人员、单位与科室 as pages show them: lists, one person's card, what became of an account."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from kaoping.core.acts.setting_up import Office
from kaoping.core.workflow.questions import duties_on, offices
from kaoping.core.workflow.things import Appointment, Section, Unit
from kaoping.core.workflow.things import Person as PersonThing
from kaoping.web.models import Account, Person
from kaoping.web.queries.acts_about import acts_about
from kaoping.web.queries.duties import ROLE_WORDS, DutyShown, Shown, duty_shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from kaoping.core.workflow.state import State
    from kaoping.web.queries.acts_about import ActShown
    from kaoping.web.viewer import Viewer

PER_PAGE = 50
OFFICE_WORDS: Mapping[Office, _StrPromise] = {
    Office.SYSTEM_ADMIN: _("系统管理员"),
    Office.SECURITY_ADMIN: _("安全管理员"),
    Office.AUDIT_ADMIN: _("审计管理员"),
}


# --- accounts -------------------------------------------------------------------------------------

NO_ACCOUNT = Shown(_("未开账号"), "s-na", "muted")
NOT_ISSUED = Shown(_("未发口令"), "s-none")
WAITING = Shown(_("待首次登录"), "s-draft")
EXPIRED = Shown(_("首次口令已过期"), "s-late", "late")
DORMANT = Shown(_("长期未用，已锁定"), "s-late", "late")
DISABLED = Shown(_("已停用"), "x", "muted")
IN_USE = Shown(_("在用"), "s-passed", "passed")
ACCOUNT_FILTERS: Mapping[str, _StrPromise] = {
    "none": _("未开账号"),
    "issue": _("未发口令"),
    "use": _("在用"),
    "disabled": _("已停用"),
}


def account_shown(account: Account | None, now: datetime) -> Shown:
    """How an account stands."""
    if account is None:
        return NO_ACCOUNT
    if not account.is_active:
        return DISABLED
    if not account.has_usable_password():
        return NOT_ISSUED
    if account.temporary_until is not None:
        return EXPIRED if account.temporary_until < now else WAITING
    return DORMANT if account.is_dormant(now) else IN_USE


def accounts_of(persons: Iterable[str]) -> dict[str, Account]:
    """The accounts of some persons, by person."""
    return {one.person: one for one in Account.objects.filter(person__in=list(persons))}


def accounts_without_password(viewer: Viewer, house: str = "") -> list[PersonRow]:
    """Persons whose account is open and has no password yet, of one unit or section or of all."""
    open_ones = Account.objects.filter(
        is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX
    ).values("person")
    found = _in_house(_persons().filter(id__in=open_ones), house)[:PER_PAGE]
    return _rows(viewer, found)


# --- persons --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of people is narrowed to.

    Attributes:
        words: in the name or the account.
        house: a unit or a section.
        account: a key of `ACCOUNT_FILTERS`.
        page: from 1.
    """

    words: str = ""
    house: str = ""
    account: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list: her house in words, her account, her roles and office of today."""

    id: str
    name: str
    house: str
    login: str
    account: Shown
    roles: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of a list."""

    rows: tuple[PersonRow, ...]
    total: int
    page: int
    pages: int

    @property
    def before(self) -> int:
        """The page before; 0 where there is none."""
        return self.page - 1

    @property
    def after(self) -> int:
        """The page after; 0 where there is none."""
        return self.page + 1 if self.page < self.pages else 0


def people_page(viewer: Viewer, wanted: Wanted, now: datetime) -> PeoplePage:
    """The persons that are asked for."""
    found = _narrowed(wanted)
    total = found.count()
    pages = max(1, ceil(total / PER_PAGE))
    page = min(max(wanted.page, 1), pages)
    rows = _rows(viewer, found[(page - 1) * PER_PAGE : page * PER_PAGE], now)
    return PeoplePage(tuple(rows), total, page, pages)


def _persons() -> QuerySet[Person]:
    return Person.objects.select_related("unit", "section__unit").order_by(
        "unit__code", "section__code", "name", "id"
    )


def _in_house(persons: QuerySet[Person], house: str) -> QuerySet[Person]:
    return persons.filter(Q(unit=house) | Q(section=house)) if house else persons


def _narrowed(wanted: Wanted) -> QuerySet[Person]:
    found = _in_house(_persons(), wanted.house)
    if wanted.words:
        named = Account.objects.filter(login__icontains=wanted.words).values("person")
        found = found.filter(Q(name__icontains=wanted.words) | Q(id__in=named))
    accounts = Account.objects.values("person")
    match wanted.account:
        case "none":
            found = found.exclude(id__in=accounts)
        case "issue":
            found = found.filter(
                id__in=accounts.filter(
                    is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX
                )
            )
        case "use":
            found = found.filter(id__in=accounts.filter(is_active=True, temporary_until=None))
        case "disabled":
            found = found.filter(id__in=accounts.filter(is_active=False))
        case _:
            pass
    return found


def _rows(
    viewer: Viewer, persons: Iterable[Person], now: datetime | None = None
) -> list[PersonRow]:
    persons = list(persons)
    accounts = accounts_of(one.id for one in persons)
    rows = []
    for one in persons:
        account = accounts.get(one.id)
        shown = NOT_ISSUED if now is None else account_shown(account, now)
        login = account.login if account else ""
        rows.append(
            PersonRow(one.id, one.name, house_words(one), login, shown, roles_of(viewer, one.id))
        )
    return rows


def house_words(person: Person) -> str:
    """市发展改革委 · 投资科; empty for whoever belongs to neither."""
    section = person.section
    unit = section.unit if section else person.unit
    return " · ".join(house.name for house in (unit, section) if house)


def roles_of(viewer: Viewer, person: str) -> str:
    """What somebody is today, in words."""
    state = viewer.state
    roles = {one.role: None for one in duties_on(state, person, viewer.day)}
    return "、".join([str(ROLE_WORDS[one]) for one in roles] + office_words(state, person))


def office_words(state: State, person: str) -> list[str]:
    """The offices that somebody holds now."""
    return [str(OFFICE_WORDS[one.office]) for one in offices(state, person)]


@dataclass(frozen=True, slots=True)
class PersonCard:
    """One person with everything that hangs on her.

    Attributes:
        id: in the register.
        name: as registered.
        house: unit and section in words.
        section: id of her section, empty where she has none.
        unit: id of her unit, or of that of her section.
        account: None where none is open.
        shown: how the account stands.
        duties: those of today and those to come.
        past: those that are over.
        offices: as an administrator, in words.
        others: her other registrations: the same staff number.
        acts: about her and her duties.
        can_be_issued: whether a password may be given: the account is open and enabled.
    """

    id: str
    name: str
    house: str
    section: str
    unit: str
    account: Account | None
    shown: Shown
    duties: tuple[DutyShown, ...]
    past: tuple[DutyShown, ...]
    offices: tuple[str, ...]
    others: tuple[PersonRow, ...]
    acts: tuple[ActShown, ...]
    can_be_issued: bool


def person_card(viewer: Viewer, identity: str, now: datetime) -> PersonCard | None:
    """The card of a person; None where there is no such one."""
    person = _persons().filter(id=identity).first()
    thing = viewer.state.find(PersonThing, identity)
    if person is None or thing is None:
        return None
    account = Account.objects.filter(person=identity).first()
    duties = [duty_shown(viewer, one) for one in thing.duties]
    others = _persons().filter(human=person.human).exclude(id=identity)
    unit = person.section.unit if person.section else person.unit
    return PersonCard(
        person.id,
        person.name,
        house_words(person),
        person.section.id if person.section else "",
        unit.id if unit else "",
        account,
        account_shown(account, now),
        tuple(one for one in duties if not one.is_past),
        tuple(one for one in duties if one.is_past),
        tuple(office_words(viewer.state, identity)),
        tuple(_rows(viewer, others, now)),
        tuple(acts_about(viewer, _subjects(viewer, thing))),
        account is not None and account.is_active,
    )


def _subjects(viewer: Viewer, person: PersonThing) -> dict[str, str]:
    """The person, her duties and her offices, with a word for each."""
    words = {person.id: ""}
    words |= {one: duty_shown(viewer, one).words for one in person.duties}
    for one in viewer.state.every(Appointment):
        if one.person == person.id:
            words[one.id] = str(OFFICE_WORDS[one.office])
    return words


def persons_of_house(viewer: Viewer, house: str, now: datetime) -> list[PersonRow]:
    """Everybody who belongs to a unit itself, or to a section."""
    return _rows(viewer, _in_house(_persons(), house), now)


# --- units and sections ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HouseRow:
    """A unit or a section in a list, with how many persons belong to it."""

    id: str
    code: str
    name: str
    persons: int
    sections: tuple[HouseRow, ...] = ()


def house_rows(viewer: Viewer) -> list[HouseRow]:
    """All units with their sections, in the order in which they were registered."""
    sections: dict[str | None, list[HouseRow]] = {}
    of_section = dict(
        Person.objects.exclude(section=None).values_list("section").annotate(Count("id"))
    )
    of_unit = dict(Person.objects.exclude(unit=None).values_list("unit").annotate(Count("id")))
    for one in viewer.state.every(Section):
        row = HouseRow(one.id, one.code, one.name, of_section.get(one.id, 0))
        sections.setdefault(one.unit, []).append(row)
    return [
        HouseRow(
            one.id, one.code, one.name, of_unit.get(one.id, 0), tuple(sections.get(one.id, ()))
        )
        for one in viewer.state.every(Unit)
    ]


def house_row(viewer: Viewer, identity: str) -> tuple[HouseRow, str] | None:
    """A unit with its sections, or a section and the name of its unit."""
    for unit in house_rows(viewer):
        if unit.id == identity:
            return unit, ""
        for section in unit.sections:
            if section.id == identity:
                return section, unit.name
    return None


@dataclass(frozen=True, slots=True)
class HouseChoice:
    """A unit with its sections, as a list to choose from offers them."""

    id: str
    name: str
    sections: tuple[tuple[str, str], ...]


def house_choices(viewer: Viewer) -> list[HouseChoice]:
    """All units with their sections, in the order in which they were registered."""
    sections: dict[str | None, list[tuple[str, str]]] = {}
    for one in viewer.state.every(Section):
        sections.setdefault(one.unit, []).append((one.id, one.name))
    units = viewer.state.every(Unit)
    return [HouseChoice(one.id, one.name, tuple(sections.get(one.id, ()))) for one in units]
