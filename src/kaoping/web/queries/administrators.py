"""三员 as their page shows them: who holds which office, what is asked for, who may answer it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kaoping.core.acts.setting_up import (
    AdministratorAsked,
    AdministratorAskingDeclined,
    AdministratorEnded,
    AdministratorEndingAsked,
    AdministratorGiven,
    Office,
)
from kaoping.core.workflow.questions import duties_on, holds_office, same_human
from kaoping.core.workflow.table import STEP_OF
from kaoping.core.workflow.things import Appointment, Person, Standing
from kaoping.web.queries.acts_about import acts_about
from kaoping.web.queries.duties import Candidate, Shown, house_name, refusal
from kaoping.web.queries.people import OFFICE_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from kaoping.core.acts.union import Content
    from kaoping.core.workflow.reasons import Refusal
    from kaoping.web.queries.acts_about import ActShown
    from kaoping.web.viewer import Viewer

OFFICE_DOES: Mapping[Office, _StrPromise] = {
    Office.SYSTEM_ADMIN: _("登记单位、科室和人员，开通账号；不授予职责，不看业务内容"),
    Office.SECURITY_ADMIN: _("授予和终止职责，解除账号锁定；不登记人员，不办业务"),
    Office.AUDIT_ADMIN: _("查看存证日志和安全记录，核验；不登记、不授权、不办业务"),
}
_SHOWN: Mapping[Standing, Shown] = {
    Standing.ASKED: Shown(_("提请任命，待批准"), "s-draft"),
    Standing.IN_FORCE: Shown(_("在任"), "s-passed", "passed"),
    Standing.ENDING_ASKED: Shown(_("在任，已提请免任"), "s-draft"),
    Standing.ENDED: Shown(_("已免任"), "s-na", "muted"),
    Standing.DECLINED: Shown(_("未获批准"), "s-na", "muted"),
}
_ANSWERS: Mapping[type[Content], tuple[str, _StrPromise]] = {
    AdministratorGiven: ("give", _("批准任命")),
    AdministratorEnded: ("end", _("批准免任")),
    AdministratorEndingAsked: ("ask_end", _("提请免任")),
    AdministratorAskingDeclined: ("decline", _("不予批准")),
}
_REASONED = (AdministratorEndingAsked, AdministratorAskingDeclined)


@dataclass(frozen=True, slots=True)
class Answer:
    """A step on an appointment that is possible in its state.

    Attributes:
        key: what the form calls it.
        label: on its button.
        needs_reason: whether a reason must be given.
        refusal: why the viewer cannot do it; None where she can.
    """

    key: str
    label: str
    needs_reason: bool
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class AppointmentShown:
    """An appointment in words, with what may be done about it.

    Attributes:
        id: in the register.
        person: id of who is meant.
        name: of that person.
        office: in words.
        asked_by: the name of who asked for it, or for its end, last.
        standing: how it stands.
        answers: the steps that lead on from here.
    """

    id: str
    person: str
    name: str
    office: str
    asked_by: str
    standing: Shown
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class OfficeShown:
    """An office: what it does, who holds it."""

    word: str
    does: str
    holders: tuple[AppointmentShown, ...]


@dataclass(frozen=True, slots=True)
class Administrators:
    """The three offices, what is asked for, and what went before."""

    offices: tuple[OfficeShown, ...]
    asked: tuple[AppointmentShown, ...]
    past: tuple[AppointmentShown, ...]
    acts: tuple[ActShown, ...]
    may_ask: Refusal


def administrators(viewer: Viewer) -> Administrators:
    """Everything about the three kinds of administrators."""
    found = list(viewer.state.every(Appointment))
    shown = {one.id: appointment_shown(viewer, one) for one in found}
    held = {one.id for one in found if STEP_OF[AdministratorEnded].before[0] is one.standing}
    held |= {one.id for one in found if STEP_OF[AdministratorEndingAsked].before[0] is one.standing}
    waiting = STEP_OF[AdministratorAskingDeclined].before
    asked = [one.id for one in found if one.standing in waiting]
    by_office = [
        OfficeShown(
            str(word),
            str(OFFICE_DOES[office]),
            tuple(shown[one.id] for one in found if one.office is office and one.id in held),
        )
        for office, word in OFFICE_WORDS.items()
    ]
    past = [one.id for one in reversed(found) if one.id not in held and one.id not in asked]
    words = {one.id: f"{shown[one.id].name} {shown[one.id].office}" for one in found}
    return Administrators(
        tuple(by_office),
        tuple(shown[one] for one in asked),
        tuple(shown[one] for one in past),
        tuple(acts_about(viewer, words)),
        refusal(viewer, AdministratorAsked),
    )


def appointment_shown(viewer: Viewer, one: Appointment) -> AppointmentShown:
    """An appointment with the steps that lead on from its state."""
    asker, person = (viewer.state.find(Person, who) for who in (one.asked_by, one.person))
    return AppointmentShown(
        one.id,
        one.person,
        person.name if person else one.person,
        str(OFFICE_WORDS[one.office]),
        asker.name if asker else one.asked_by,
        _SHOWN[one.standing],
        tuple(
            Answer(key, _label(viewer, one, kind), kind in _REASONED, refusal(viewer, kind, one.id))
            for kind, (key, _label_) in _ANSWERS.items()
            if one.standing in STEP_OF[kind].before
        ),
    )


def _label(viewer: Viewer, one: Appointment, kind: type[Content]) -> str:
    """Who asked takes back what another declines."""
    is_own = same_human(viewer.state, viewer.person, one.asked_by)
    if kind is AdministratorAskingDeclined and is_own:
        return _now("撤回提请")
    return str(_ANSWERS[kind][1])


def appointment(viewer: Viewer, identity: str) -> AppointmentShown | None:
    """An appointment, or None where there is no such one."""
    found = viewer.state.find(Appointment, identity)
    return appointment_shown(viewer, found) if found else None


def office_candidates(viewer: Viewer) -> list[Candidate]:
    """Who may be asked for: persons without office and without duty today, and not the viewer."""
    state = viewer.state
    found = [
        Candidate(one.id, f"{house_name(state, one.unit or one.section)} {one.name}".strip())
        for one in state.every(Person)
        if not holds_office(state, one.id)
        and not any(duties_on(state, one.id, viewer.day))
        and not same_human(state, one.id, viewer.person)
    ]
    return sorted(found, key=lambda one: one.label)


def office_choices() -> list[tuple[str, str, str]]:
    """The offices to choose from: value, word, what it does."""
    return [(one.value, str(word), str(OFFICE_DOES[one])) for one, word in OFFICE_WORDS.items()]
