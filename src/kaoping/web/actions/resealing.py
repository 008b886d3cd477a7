"""补存: what was committed and not sealed gets its seal as soon as somebody can sign again."""

from __future__ import annotations

import logging
from threading import Event, Thread
from typing import TYPE_CHECKING

from django.db import DatabaseError, close_old_connections, connection

from kaoping.core.errors import KaopingError
from kaoping.web.actions.taking import NOT_NOW
from kaoping.web.opening import installation
from kaoping.web.sealing import waiting_since

if TYPE_CHECKING:
    from kaoping.web.installation import Installation

_LOG = logging.getLogger(__name__)
EVERY = 3.0
"""Seconds between two looks."""


def seal_rest(here: Installation) -> bool:
    """Seal what still waits for it; whether everything is sealed now.

    Raises:
        TamperError: where what is stored was changed.
    """
    if waiting_since(here.checkpoint().checkpoint.size) is None:
        return True
    try:
        here.sealer.seal()
    except NOT_NOW:
        return False
    return True


def keep_sealing(ended: Event) -> Thread:
    """Look after it in a thread of its own until the event is set, or the process ends."""
    thread = Thread(target=_look_after, args=(ended,), name="resealing", daemon=True)
    thread.start()
    return thread


def _look_after(ended: Event) -> None:
    while not ended.wait(EVERY):
        close_old_connections()
        try:
            seal_rest(installation())
        except KaopingError as error:
            _LOG.critical("%s %s", error.zh, error.en)
        except (DatabaseError, OSError) as error:  # gone for now; looked at again in a moment
            _LOG.warning("resealing: %s", error)
    connection.close()
