"""The corpus of notices: what is read, what is found, and what is said of notices in order.

The bounds on the unseen half are the measure: notices by writers who knew no rule, read for the first
time when the bounds were found to hold. A rule mended by one of their misses moves them to `seen`, and
others written anew must take their place.
"""

import pytest

from kaoping.core.problems import Severity
from tests.corpus.measuring import (
    CORPUS,
    HALVES,
    facts_of,
    is_found,
    mutations_in,
    names_in,
    problems_in_sound,
)

pytestmark = pytest.mark.slow

FIELDS_RIGHT, DEFECTS_FOUND, MOST_B = 0.95, 0.85, 2

PARTS = [("seen", 0, 4), ("seen", 1, 4), ("seen", 2, 4), ("seen", 3, 4), ("unseen", 0, 1)]
"""Half, and which of how many parts of its notices: the looked-at half is large."""


def test_the_corpus_is_whole():
    for half in HALVES:
        texts = {path.stem for path in (CORPUS / half).glob("*.txt")}
        assert texts == set(names_in(half))
        assert {mutation.notice for mutation in mutations_in(half)} == texts
    assert all(len(names_in(half)) >= 5 for half in HALVES)
    assert min(len(mutations_in(half)) for half in HALVES) >= 20


@pytest.mark.parametrize("half", HALVES)
def test_notices_in_order_raise_no_false_alarm(half):
    for name in names_in(half):
        problems = problems_in_sound(name, half)
        assert [p for p in problems if p.severity is Severity.A] == []
        assert len([p for p in problems if p.severity is Severity.B]) <= MOST_B


@pytest.mark.parametrize("half", HALVES)
def test_the_fields_are_read_right(half):
    facts = [facts_of(name, half) for name in names_in(half)]
    right = sum(len(expected & read) for expected, read in facts)
    assert right / sum(len(expected) for expected, _ in facts) >= FIELDS_RIGHT


@pytest.mark.parametrize(("half", "part", "parts"), PARTS)
def test_the_planted_defects_are_found(half, part, parts):
    notices = names_in(half)[part::parts]  # all defects of a notice together: it is read once
    mutations = [mutation for mutation in mutations_in(half) if mutation.notice in notices]
    found = sum(is_found(mutation, half) for mutation in mutations)
    assert found / len(mutations) >= DEFECTS_FOUND


def test_every_code_of_the_notice_table_is_planted_somewhere():
    planted = {mutation.plants for half in HALVES for mutation in mutations_in(half)}
    assert len(planted) == 39
