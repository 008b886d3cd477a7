"""The official calendar: holidays, weekends, and weekend days worked in exchange."""

from datetime import date

import pytest

from kaoping.files.holidays import holiday_calendar

CALENDAR = holiday_calendar()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 1, 1), False),  # New Year
        (date(2025, 1, 26), True),  # a Sunday worked for the Spring Festival
        (date(2025, 1, 29), False),  # Spring Festival
        (date(2025, 1, 5), False),  # an ordinary Sunday
        (date(2025, 1, 20), True),  # an ordinary Monday
        (date(2026, 1, 4), True),  # a Sunday worked for New Year
    ],
)
def test_working_days(day, works):
    assert CALENDAR.is_working(day) is works


def test_it_says_which_years_it_knows():
    assert {2024, 2025} <= CALENDAR.years
    assert 2100 not in CALENDAR.years
    assert not CALENDAR.knows(date(2100, 1, 1))


def test_only_weekends_are_made_up_and_only_holidays_are_off():
    assert all(day.weekday() > 4 for day in CALENDAR.makeup_days)
    assert not CALENDAR.makeup_days & CALENDAR.holidays
