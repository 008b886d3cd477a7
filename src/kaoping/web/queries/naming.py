"""What an id is called, for who reads a history: 市交通运输局, 评分表 1.5, 投资科 韦清和."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kaoping.core.acts.keeping import PROGRAM
from kaoping.core.acts.terms import CHOICES
from kaoping.core.workflow import things as t

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from kaoping.core.workflow.state import State

_ONCE = 36
"""How long an id is; what is shorter is a word and no id."""


class Names:
    """Names out of a state; each is looked up once."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._found: dict[str, str] = {}

    def __call__(self, identity: str) -> str:
        """What somebody or something is called; the text itself where it is no id of anything."""
        if len(identity) != _ONCE:
            return identity
        if identity not in self._found:
            self._found[identity] = self._name(identity)
        return self._found[identity]

    def who(self, person: str) -> str:
        """投资科 韦清和: the house stands before the name."""
        one = self._state.find(t.Person, person)
        if one is None:
            return self(person)
        house = one.section or one.unit
        return f"{self(house)} {one.name}" if house else one.name

    def _name(self, identity: str) -> str:
        if identity == PROGRAM:
            return _("系统")
        thing: Any = self._state.things.get(identity)
        told = _NAMES.get(type(thing))
        return told(self, thing) if told else identity


def _cell(names: Names, thing: Any, what: str) -> str:  # noqa: ANN401 - any thing of a unit
    task = getattr(thing, "task", "") or thing.indicator
    return " ".join(part for part in (names(thing.unit), task, what) if part)


_NAMES: Mapping[type, Callable[[Names, Any], str]] = {
    t.Unit: lambda _names, one: one.name,
    t.Section: lambda _names, one: one.name,
    t.Person: lambda _names, one: one.name,
    t.Duty: lambda names, one: f"{names(one.person)} {CHOICES[one.role]}",
    t.Appointment: lambda names, one: f"{names(one.person)} {CHOICES[one.office]}",
    t.Scheme: lambda _names, one: one.content.document_number,
    t.Assessment: lambda _names, one: one.name,
    t.Filing: lambda names, one: _cell(names, one, _("材料")),
    t.Result: lambda names, one: _cell(names, one, _("上报值")),
    t.DailyNote: lambda names, one: _cell(names, one, _("平时记录")),
    t.DecidedValue: lambda names, one: _cell(names, one, _("认定值")),
    t.Applicability: lambda names, one: _cell(names, one, _("不涉及认定")),
    t.Veto: lambda names, one: _cell(names, one, _("一票否决")),
    t.Sheet: lambda _names, one: _("评分表 {}").format(one.indicator),
    t.Verification: lambda _names, one: _("指标 {} 现场核验").format(one.indicator),
    t.Draw: lambda _names, one: _("指标 {} 抽签").format(one.indicator),
    t.Visit: lambda names, one: _cell(names, one, _("现场核验")),
    t.Report: lambda _names, _one: _("评分报告"),
    t.Run: lambda _names, _one: _("批量计算"),
    t.SecurityLog: lambda _names, _one: _("安全记录"),
}
