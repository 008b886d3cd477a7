"""The one door for every official change: permission, entry and rows in one transaction, then the seal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.acts.codec import act_table
from kaoping.core.acts.envelope import Act
from kaoping.core.canonical import encode
from kaoping.core.journal import entry_of, sealed_body
from kaoping.core.workflow.reasons import Reason, StepRefused
from kaoping.web import register
from kaoping.web.models import Entry

if TYPE_CHECKING:
    from kaoping.core.acts.union import Content
    from kaoping.web.installation import Installation


@dataclass(frozen=True, slots=True)
class Asked:
    """An act as somebody asks for it: all but its time, which is the server's.

    Attributes:
        id: made by the client; the same id with the same content is the same act.
        actor: who acts, as the session says.
        subject: the thing it is about.
        content: what is done.
        supersedes: the act that it replaces.
    """

    id: str
    actor: str
    subject: str
    content: Content
    supersedes: str | None = None

    def at(self, time: str) -> Act:
        """The act, taken at a time."""
        return Act(self.id, time, self.actor, self.subject, self.content, self.supersedes)


def perform(installation: Installation, asked: Asked) -> int:
    """Take an act: allowed or refused, whole or not at all.

    Returns:
        The index of its entry; of the one taken before, where this very act was.

    Raises:
        StepRefused: where the rules do not allow it, or its id was used for other content.
        InputError: where a field of it is not of its form.
        TamperError: where an entry is not as it was taken.
    """
    keeper = installation.keeper
    with installation.writing_alone():
        before = Entry.objects.filter(act=asked.id).first()
        if before is not None:
            return _index_of_same(before, asked)
        act = asked.at(max(installation.now(), keeper.last_at()))
        state, outcome = keeper.judge(act)
        installation.require_whole(state.size)
        rows = register.written(state, outcome.things, keeper)
        table = json.loads(encode(act_table(act)))
        body = sealed_body(table, register.effects_of(rows), act.id, installation.salts)
        entry = entry_of(body)
        Entry.objects.create(
            index=state.size,
            act=act.id,
            at=act.at,
            actor=act.actor,
            subject=act.subject,
            type=act.type,
            content=entry.content.decode(),
            body=encode(body).decode(),
        )
        register.apply(rows)
        return state.size


def _index_of_same(entry: Entry, asked: Asked) -> int:
    """The index of an act that was taken before.

    Raises:
        StepRefused: where it had other content.
    """
    kept = json.loads(entry.body).get("act")
    if kept is None or kept != json.loads(encode(act_table(asked.at(entry.at)))):
        raise StepRefused(Reason.ID_REUSED)
    return entry.index
