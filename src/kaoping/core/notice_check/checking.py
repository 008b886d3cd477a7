"""Checking a notice (P06): its dates, and its words by every rule of this package.

`check_notice` lists everything at once. The rules look at structure, dates, names and numbers of
any notice; none knows one notice's words. Nothing is corrected, and no date is moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.notice.reading import notice_problems
from kaoping.core.notice_check.contacts import check_contacts
from kaoping.core.notice_check.coverage import check_coverage
from kaoping.core.notice_check.offices import naming_of
from kaoping.core.notice_check.papers import (
    check_annexes,
    check_fields,
    check_periods,
    check_standards,
)
from kaoping.core.notice_check.routes import check_routes
from kaoping.core.notice_check.silence import find_gaps
from kaoping.core.notice_check.variants import check_variants
from kaoping.core.notice_check.wording import check_wording
from kaoping.core.notice_check.words import Words
from kaoping.core.schedule import check_notice_dates

if TYPE_CHECKING:
    from collections.abc import Collection

    from kaoping.core.calendar import Calendar
    from kaoping.core.notice.reading import Notice
    from kaoping.core.problems import Problem


def check_notice(
    notice: Notice, calendar: Calendar, supplied: Collection[str] = ()
) -> tuple[Problem, ...]:
    """Everything wrong in a notice, each problem once.

    Args:
        notice: what was read, with its lines.
        calendar: public holidays and make-up workdays.
        supplied: names of the annex files handed in with it.
    """
    words, naming = Words(notice), naming_of(notice)
    found = [
        *check_notice_dates(notice, calendar),
        *check_periods(words),
        *check_variants(words, naming),
        *check_coverage(words, naming),
        *check_routes(words),
        *find_gaps(words),
        *check_standards(words),
        *check_annexes(words, supplied),
        *check_fields(words),
        *check_contacts(words),
        *check_wording(words, naming),
        *notice_problems(notice),
    ]
    return tuple(dict.fromkeys(found))
