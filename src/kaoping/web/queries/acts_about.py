"""办理经过 of one thing: which acts were about it, when, by whom, and for which reason."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.acts.names import act_name
from kaoping.core.workflow.things import Person
from kaoping.web.models import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kaoping.web.viewer import Viewer

_MOST = 200


@dataclass(frozen=True, slots=True)
class ActShown:
    """One act in a history.

    Attributes:
        at: its time, as acts carry it.
        term: what it is called.
        about: a word for the thing, where a history is of several.
        by: the name of who did it.
        reason: what it says itself, where it has to.
        index: of its entry.
        has_receipt: whether the viewer may see its receipt.
    """

    at: str
    term: str
    about: str
    by: str
    reason: str
    index: int
    has_receipt: bool


def acts_about(viewer: Viewer, subjects: dict[str, str]) -> list[ActShown]:
    """The acts about some things, the newest first.

    Args:
        viewer: who looks; a page hands in only things that she may see.
        subjects: a word for each thing, by its id.
    """
    found = list(Entry.objects.filter(subject__in=list(subjects)).order_by("-index")[:_MOST])
    seen = _seen(viewer, found)
    return [
        ActShown(
            one.at,
            act_name(one.type),
            subjects[one.subject],
            _name(viewer, one.actor),
            _reason(one),
            one.index,
            one.index in seen,
        )
        for one in found
    ]


def _seen(viewer: Viewer, entries: Iterable[Entry]) -> set[int]:
    indices = [one.index for one in entries]
    visible = Entry.objects.visible_to(viewer).filter(index__in=indices)
    return set(visible.values_list("index", flat=True))


def _name(viewer: Viewer, person: str) -> str:
    found = viewer.state.find(Person, person)
    return found.name if found else person


def _reason(entry: Entry) -> str:
    """The reason that an act gives; empty where it gives none, or its text was removed by law."""
    act = json.loads(entry.body).get("act") or {}
    return str(act.get("content", {}).get("reason", ""))


def own_since(viewer: Viewer) -> list[int]:
    """The entries that a person has made since the picture of the state that the viewer holds."""
    own = Entry.objects.filter(actor=viewer.person, index__gte=viewer.state.size)
    return list(own.values_list("index", flat=True))
