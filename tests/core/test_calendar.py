"""Working days and deadlines: holidays, make-up days, and the end of a day in Shanghai."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.core.calendar import SHANGHAI, Calendar, days_late
from kaoping.files.holidays import holiday_calendar
from tests.core.schemes import CALENDAR

NONE_KNOWN = Calendar(frozenset(), frozenset(), frozenset())
DAYS = st.dates(date(2024, 12, 1), date(2025, 3, 1))
CALENDARS = st.sampled_from([CALENDAR, NONE_KNOWN])


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2025, 1, 1), False),  # Wednesday, New Year
        (date(2025, 1, 2), True),
        (date(2025, 1, 25), False),  # Saturday
        (date(2025, 1, 26), True),  # Sunday, worked in exchange
        (date(2025, 1, 27), True),
        (date(2025, 1, 28), False),  # Tuesday, Spring Festival
        (date(2025, 2, 1), False),  # Saturday inside the festival
        (date(2025, 2, 8), True),  # Saturday, worked in exchange
        (date(2025, 2, 9), False),
    ],
)
def test_working_days_of_the_spring_festival(day, worked):
    assert CALENDAR.is_working(day) is worked
    assert holiday_calendar().is_working(day) is worked


def test_without_a_table_only_weekends_are_free():
    assert NONE_KNOWN.is_working(date(2025, 1, 1))
    assert not NONE_KNOWN.is_working(date(2025, 1, 26))
    assert not NONE_KNOWN.knows(date(2025, 1, 1))


def test_a_year_is_known_by_its_number_only():
    calendar = Calendar(frozenset({2024}), frozenset(), frozenset())
    assert calendar.knows(date(2024, 12, 31))
    assert not calendar.knows(date(2025, 1, 1))


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2025, 1, 27), date(2025, 1, 27), 1),
        (date(2025, 1, 25), date(2025, 1, 25), 0),
        (date(2025, 1, 25), date(2025, 1, 26), 1),
        (date(2025, 1, 26), date(2025, 2, 5), 3),  # 26, 27 January and 5 February
        (date(2025, 1, 28), date(2025, 2, 4), 0),
        (date(2024, 12, 30), date(2025, 1, 3), 4),
        (date(2025, 1, 3), date(2025, 1, 2), 0),
        (date(2025, 2, 3), date(2025, 1, 2), 0),
    ],
)
def test_both_ends_of_a_span_count(first, last, count):
    assert CALENDAR.working_days(first, last) == count


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2025, 1, 25), date(2025, 1, 24)),
        (date(2025, 1, 26), date(2025, 1, 26)),
        (date(2025, 2, 4), date(2025, 1, 27)),
        (date(2025, 1, 1), date(2024, 12, 31)),
    ],
)
def test_the_working_day_on_or_before(day, before):
    assert CALENDAR.working_day_before(day) == before


@given(CALENDARS, st.tuples(DAYS, DAYS, DAYS))
def test_spans_add_up(calendar, days):
    first, middle, last = sorted(days)
    whole = calendar.working_days(first, last)
    rest = calendar.working_days(middle + timedelta(days=1), last)
    assert calendar.working_days(first, middle) + rest == whole


# --- deadlines -------------------------------------------------------------------------------------

DUE = date(2025, 1, 20)


def shanghai(day, hour, minute=0, second=0, microsecond=0):
    return datetime(2025, 1, day, hour, minute, second, microsecond, SHANGHAI)


def end_of(day):
    """The instant at which a deadline is over: midnight after the day, in Shanghai."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


@pytest.mark.parametrize(
    ("received", "late"),
    [
        (shanghai(1, 0), 0),
        (shanghai(20, 0), 0),
        (shanghai(20, 23, 59, 59, 999_999), 0),
        (shanghai(21, 0), 1),
        (shanghai(21, 23, 59), 1),
        (shanghai(22, 0), 2),
        # The same instants, told elsewhere: still 20 January or already the 21st in Shanghai.
        (datetime(2025, 1, 20, 15, 59, 59, tzinfo=UTC), 0),
        (datetime(2025, 1, 20, 16, tzinfo=UTC), 1),
        (datetime(2025, 1, 21, 1, tzinfo=timezone(timedelta(hours=14))), 0),
        (datetime(2025, 1, 20, 5, tzinfo=timezone(timedelta(hours=-12))), 1),
        (datetime(2025, 1, 20, 10, 59, tzinfo=ZoneInfo("America/New_York")), 0),
        (datetime(2025, 1, 20, 11, 0, tzinfo=ZoneInfo("America/New_York")), 1),
    ],
)
def test_days_late_are_days_of_shanghai(received, late):
    assert days_late(received, DUE) == late


OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(
    st.datetimes(datetime(2000, 1, 2), datetime(2099, 1, 1), timezones=OFFSETS),
    st.dates(date(2000, 1, 1), date(2099, 1, 1)),
)
def test_late_begins_exactly_where_the_deadline_ends(received, due):
    assert (days_late(received, due) == 0) == (received < end_of(due))


@given(DAYS, st.integers(0, 400), st.integers(0, 86_399))
def test_every_day_after_the_deadline_counts_one(due, days, seconds):
    received = end_of(due) + timedelta(days=days, seconds=seconds)
    assert days_late(received, due) == days + 1
