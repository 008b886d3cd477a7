"""Twelve short notices that tell indicators, duties and contacts in twelve hands."""

from pathlib import Path

import pytest

from kaoping.core.notice.reading import read_notice
from tests.core.notice.facts import expected_facts, lines_of, read_facts

SAMPLES = Path(__file__).parent / "duty_samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.txt"))
FACTS_READ = 0.95


def test_there_are_twelve():
    assert len(NAMES) == 12


@pytest.mark.parametrize("name", NAMES)
def test_duties_are_read_in_any_hand(name):
    expected, read = expected_facts(name, SAMPLES), read_facts(read_notice(lines_of(name, SAMPLES)))
    assert len(expected & read) >= FACTS_READ * len(expected)
    assert len(read - expected) <= 1
