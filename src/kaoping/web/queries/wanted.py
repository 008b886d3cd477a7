"""Which lines of a history somebody wants to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from kaoping.core.calendar import SHANGHAI


@dataclass(frozen=True, slots=True)
class Span:
    """Days in Asia/Shanghai, both included; either may be open."""

    first: date | None = None
    last: date | None = None

    @property
    def since(self) -> str:
        """The first moment, as acts carry it; empty where there is none."""
        return _moment(self.first) if self.first else ""

    @property
    def before(self) -> str:
        """The first moment after it; empty where there is none."""
        return _moment(self.last + timedelta(days=1)) if self.last else ""


def _moment(day: date) -> str:
    midnight = datetime.combine(day, time(), SHANGHAI)
    return midnight.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of a history somebody wants to see.

    Attributes:
        text: a unit, a task, a person, the number of an entry.
        kind: the kind of act or event; empty for all.
        who: the id of a person; empty for all.
        days: when.
        below, above: numbers between which the lines lie (较早, 较新); None: from the newest on.
    """

    text: str = ""
    kind: str = ""
    who: str = ""
    days: Span = Span()
    below: int | None = None
    above: int | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether not simply everything is asked for."""
        return bool(self.text or self.kind or self.who or self.days != Span())

    @property
    def query(self) -> str:
        """The filters as they stand in an address, without the place in the list."""
        days = {"from": self.days.first, "to": self.days.last}
        fields = {"q": self.text, "kind": self.kind, "who": self.who, **days}
        return urlencode({name: str(value) for name, value in fields.items() if value})
