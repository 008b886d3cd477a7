"""A connection to SQLite is kept from request to request; never one to a file no longer in its place.

To open one costs as much as a whole small page. But one that is kept would go on writing into a file
that somebody has replaced (a backup was put back): what was written there would be lost.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.db.backends.sqlite3 import base

if TYPE_CHECKING:
    from collections.abc import Mapping


class DatabaseWrapper(base.DatabaseWrapper):
    """Notes which file it has opened, and closes where another lies there now."""

    _opened: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as Django's
        """Open the file."""
        # Before it is opened: one that is exchanged meanwhile is closed at the next look.
        self._opened = self._in_place()
        return super().get_new_connection(conn_params)

    def close_if_unusable_or_obsolete(self) -> None:
        """Asked by Django before and after each request, and by our threads between two rounds."""
        super().close_if_unusable_or_obsolete()
        is_idle = self.connection is not None and not self.in_atomic_block
        if is_idle and self._in_place() != self._opened:
            self.close()

    def _in_place(self) -> tuple[int, int] | None:
        """Which file lies in its place; None where there is none, as with a database in memory."""
        try:
            found = os.stat(self.settings_dict["NAME"])  # noqa: PTH116 - at every request
        except OSError:
            return None
        return found.st_dev, found.st_ino
