"""Working days and deadlines, from a holiday table that is handed in.

A deadline is inclusive: it ends with its day in Asia/Shanghai. A Saturday or Sunday that the State
Council made a working day (调休上班) is a working day; a public holiday is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """工作日历: which days are worked.

    Attributes:
        years: the years the table knows; outside them only weekends are known.
        holidays: weekdays and weekend days that are public holidays.
        makeup_days: weekend days that are worked in exchange (调休上班).
    """

    years: frozenset[int]
    holidays: frozenset[date]
    makeup_days: frozenset[date]

    def knows(self, day: date) -> bool:
        """Whether the holidays of that day's year are known."""
        return day.year in self.years

    def is_working(self, day: date) -> bool:
        """Whether offices work on that day."""
        if day in self.makeup_days:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def working_days(self, first: date, last: date) -> int:
        """How many working days lie from `first` to `last`, both included."""
        span = (last - first).days + 1
        return sum(self.is_working(first + timedelta(days=offset)) for offset in range(span))

    def working_day_before(self, day: date) -> date:
        """The nearest working day on or before `day`."""
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day


def days_late(received: datetime, due: date) -> int:
    """How many days after its deadline something came; 0 where it was in time."""
    return max(0, (received.astimezone(SHANGHAI).date() - due).days)
