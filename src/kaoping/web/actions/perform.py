"""The one door for every official change: permission, entry and rows in one transaction, then the seal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from kaoping.core.acts.codec import act_table
from kaoping.core.acts.envelope import Act
from kaoping.core.canonical import encode
from kaoping.core.journal import entry_of, sealed_body
from kaoping.core.workflow.reasons import Reason, StepRefused
from kaoping.web import register

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
        taken = _taken_before(asked)
        if taken is not None:
            return taken
        state, act, outcome = keeper.judge(asked.at, installation.now())
        installation.require_whole(state.size)
        rows = register.written(state, outcome.things, keeper)
        table = json.loads(encode(act_table(act)))
        body = sealed_body(table, register.effects_of(rows), act.id, installation.salts)
        leaf = entry_of(body).content.decode()
        mark = installation.marks.of(state.size, leaf)
        _keep(state.size, act, leaf, encode(body).decode(), mark)
        register.apply(rows)
        return state.size


# Within the lock a few fixed statements do what models would take four times as long for.


def _taken_before(asked: Asked) -> int | None:
    """The index of the entry, where this very act was taken before.

    Raises:
        StepRefused: where it had other content.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT leaf, at, body FROM journal_entry WHERE act = %s", [asked.id])
        found = cursor.fetchone()
    if found is None:
        return None
    index, at, body = found
    kept = json.loads(body).get("act")
    if kept is None or kept != json.loads(encode(act_table(asked.at(at)))):
        raise StepRefused(Reason.ID_REUSED)
    return int(index)


def _keep(index: int, act: Act, leaf: str, body: str, mark: str) -> None:
    """Write the entry."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entry (leaf, act, at, actor, subject, type, content, body, mark) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [index, act.id, act.at, act.actor, act.subject, act.type, leaf, body, mark],
        )
