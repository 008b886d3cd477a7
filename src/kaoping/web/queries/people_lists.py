"""人员名单 as its two halves are looked at before they are done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kaoping.core.acts.setting_up import (
    DutyGiven,
    PersonRegistered,
    SectionRegistered,
    UnitRegistered,
)
from kaoping.core.workflow.things import Duty, Person, Section, Unit
from kaoping.web.models import PeopleList
from kaoping.web.models import Person as PersonRow
from kaoping.web.queries.duties import ROLE_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kaoping.core.people.planning import Plan, Planned
    from kaoping.core.workflow.things import Thing
    from kaoping.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list among others, with the name of who handed it in."""

    list: PeopleList
    uploaded_by: str


def list_rows(viewer: Viewer) -> list[ListRow]:
    """The lists that were not laid aside, the latest first; contents are left in the database."""
    found = list(PeopleList.objects.visible_to(viewer).open().defer("content"))
    named = PersonRow.objects.filter(id__in={one.uploaded_by for one in found})
    names = dict(named.values_list("id", "name"))
    return [ListRow(one, names.get(one.uploaded_by, one.uploaded_by)) for one in found]


@dataclass(frozen=True, slots=True)
class Item:
    """What will be done, in words: the thing, where it belongs, details, the row it comes from."""

    what: str
    where: str
    detail: str
    place: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that a list asks for and is not so yet, in words.

    Attributes:
        units: to register.
        sections: to register.
        persons: to register.
        accounts: to open: name, account.
        endings: duties to end.
        duties: duties to give.
        left_to_register: how many steps of the first half are left.
        left_to_give: how many of the second.
        is_done: whether nothing is left.
    """

    units: tuple[Item, ...]
    sections: tuple[Item, ...]
    persons: tuple[Item, ...]
    accounts: tuple[Item, ...]
    endings: tuple[Item, ...]
    duties: tuple[Item, ...]
    persons_there: int
    duties_there: int

    @property
    def left_to_register(self) -> int:
        """Steps of the first half that are left."""
        return sum(map(len, (self.units, self.sections, self.persons, self.accounts)))

    @property
    def left_to_give(self) -> int:
        """Steps of the second half that are left."""
        return len(self.endings) + len(self.duties)

    @property
    def is_done(self) -> bool:
        """Whether the register is as the list says."""
        return self.left_to_register + self.left_to_give == 0


def preview(plan: Plan) -> Preview:
    """A plan in words."""
    words = _Words(plan.things)
    return Preview(
        words.of(plan.houses, UnitRegistered),
        words.of(plan.houses, SectionRegistered),
        words.of(plan.persons, PersonRegistered),
        tuple(Item(one.name, "", one.login, one.place) for one in plan.accounts),
        tuple(words.ending(one) for one in plan.endings),
        words.of(plan.duties, DutyGiven),
        plan.persons_there,
        plan.duties_there,
    )


class _Words:
    """Names of things as they will be."""

    def __init__(self, things: Mapping[str, Thing]) -> None:
        self._things = things

    def of(self, planned: Iterable[Planned], kind: type) -> tuple[Item, ...]:
        """The planned acts of a kind."""
        return tuple(self._item(one) for one in planned if isinstance(one.content, kind))

    def _item(self, planned: Planned) -> Item:
        match planned.content:
            case UnitRegistered(code, name):
                return Item(name, "", code, planned.place)
            case SectionRegistered(code, name, unit):
                return Item(name, self._name(unit), code, planned.place)
            case PersonRegistered(name, unit, section, _):
                return Item(name, self._house(unit, section), "", planned.place)
            case DutyGiven() as duty:
                return self._duty(duty, planned.place)
            case _:
                return Item("", "", "", planned.place)

    def ending(self, planned: Planned) -> Item:
        """A duty that will end, and why: a row in its place, or none at all."""
        duty = self._things[planned.subject]
        assert isinstance(duty, Duty)
        return self._duty(duty, planned.place)

    def _duty(self, duty: DutyGiven | Duty, place: str) -> Item:
        role = str(ROLE_WORDS[duty.role])
        if duty.on_behalf_of:
            role = _("{role}（代理 {name}）").format(role=role, name=self._name(duty.on_behalf_of))
        if duty.indicator:
            role = _("{role}，指标 {indicator}").format(role=role, indicator=duty.indicator)
        last = duty.until_date.isoformat() if duty.until_date else _("长期")
        where = self._house(duty.unit, duty.section)
        words = f"{where} {role}".strip()
        return Item(self._name(duty.person), words, f"{duty.from_date} — {last}", place)

    def _house(self, unit: str | None, section: str | None) -> str:
        found = self._things.get(section or "")
        unit = found.unit if isinstance(found, Section) else unit
        return " · ".join(name for name in (self._name(unit), self._name(section)) if name)

    def _name(self, identity: str | None) -> str:
        found = self._things.get(identity or "")
        return found.name if isinstance(found, Unit | Section | Person) else ""
