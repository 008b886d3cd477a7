"""The calendar of public holidays and make-up workdays, as the State Council announced them."""

from __future__ import annotations

import warnings
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from kaoping.core.calendar import Calendar

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import chinese_calendar

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST_YEAR = 2010


@cache
def holiday_calendar() -> Calendar:
    """All years the calendar package knows."""
    holidays, makeup, years = set(), set(), set()
    for year in _known_years():
        years.add(year)
        for day in _days(year):
            worked = chinese_calendar.is_workday(day)
            weekend = day.weekday() > 4  # noqa: PLR2004 - Saturday and Sunday
            if worked and weekend:
                makeup.add(day)
            elif not worked and (not weekend or chinese_calendar.get_holiday_detail(day)[1]):
                holidays.add(day)
    return Calendar(frozenset(years), frozenset(holidays), frozenset(makeup))


def _known_years() -> Iterator[int]:
    year = _FIRST_YEAR
    while True:
        try:
            chinese_calendar.is_workday(date(year, 12, 31))
        except NotImplementedError:
            return
        yield year
        year += 1


def _days(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)
