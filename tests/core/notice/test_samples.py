"""Six invented notices of different levels and styles are read without a miss and without noise."""

import pytest

from kaoping.core.notice.reading import read_notice
from tests.core.notice.facts import NAMES, expected_facts, lines_of, read_facts


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_is_read_and_nothing_else(name):
    expected, read = expected_facts(name), read_facts(read_notice(lines_of(name)))
    assert read - expected == set()
    assert expected - read == set()


def test_there_are_at_least_six_notices():
    assert len(NAMES) >= 6


_FULL_WIDTH = str.maketrans(",:;()", "\uff0c\uff1a\uff1b\uff08\uff09")


@pytest.mark.parametrize("name", NAMES)
def test_full_width_punctuation_reads_alike(name):
    wide = [line.translate(_FULL_WIDTH) for line in lines_of(name)]
    notice = read_notice(wide)
    narrow = read_notice(lines_of(name))
    assert [i.name.value for i in notice.indicators] == [i.name.value for i in narrow.indicators]
    assert [(s.kind, s.due) for s in notice.steps] == [(s.kind, s.due) for s in narrow.steps]
    for one, other in zip(notice.indicators, narrow.indicators, strict=True):
        for role in ("responsible_section", "responsible_leader", "liaison", "mailbox"):
            assert [f.value for f in getattr(one, role)] == [f.value for f in getattr(other, role)]
        assert [f.value for f in one.telephone] == [f.value for f in other.telephone]


@pytest.mark.parametrize("name", NAMES)
def test_other_words_for_the_same_duty_read_alike(name):
    pairs = (
        ("联络员", "联系人"),
        ("分管领导", "责任领导"),
        ("电子邮箱", "邮箱"),
        ("联系电话", "电话"),
    )
    text = "\n".join(lines_of(name))
    for usual, other in pairs:
        text = text.replace(usual, other)
    read = read_facts(read_notice(text.split("\n")))
    people = {
        fact for fact in expected_facts(name) if fact[0] in ("leaders", "liaisons", "mailboxes")
    }
    assert people <= read
