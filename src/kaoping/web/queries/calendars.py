"""日历订阅: whose calendar a secret address opens, and what stands in it."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kaoping.core.desk.feed import Event, calendar_text
from kaoping.web.models import Account, CalendarToken
from kaoping.web.queries.desk import todos_of
from kaoping.web.queries.todo_words import line_of, person_name

if TYPE_CHECKING:
    from kaoping.web.installation import Installation
    from kaoping.web.viewer import Viewer


def calendar_made_at(viewer: Viewer) -> str:
    """When the viewer's address was made; empty where there is none."""
    found = CalendarToken.objects.filter(person=viewer.person).first()
    return found.made_at if found else ""


def owner_of(token: str) -> str | None:
    """The person whose calendar a secret opens; None for any other words, and for closed accounts."""
    digest = sha256(token.encode()).hexdigest()
    found = CalendarToken.objects.filter(digest=digest).first()
    if found is None or not hmac.compare_digest(found.digest, digest):
        return None
    is_open = Account.objects.filter(person=found.person, is_active=True).exists()
    return found.person if is_open else None


def calendar_of(here: Installation, person: str, address: str) -> str:
    """A person's deadlines as a calendar file.

    Args:
        here: the installation.
        person: whose.
        address: of the platform, without a stroke at its end.
    """
    state = here.keeper.state()
    at = max(here.now(), state.last_at)
    origin = here.journal.checkpoint().checkpoint.origin
    events = []
    for todo in todos_of(state, person, at):
        if todo.due is None:
            continue
        line = line_of(state, todo, at)
        uid = f"{sha256(f'{person}|{todo.key}'.encode()).hexdigest()[:32]}@{origin.split('/')[0]}"
        url = f"{address}{line.href}" if address else ""
        events.append(Event(uid, todo.due, line.title, line.detail, url))
    return calendar_text(events, _("考评待办 · {}").format(person_name(state, person)), at)
