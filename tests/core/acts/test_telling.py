"""Every kind of act can be told in words, field by field, and no kind is forgotten."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from hypothesis import given

from kaoping.core.acts.names import act_name
from kaoping.core.acts.telling import _TELLERS, tell, told_fields
from kaoping.core.acts.terms import CHOICES, FIELDS
from kaoping.core.acts.union import MEMBERS
from tests.core.acts.any_act import ACTS
from tests.core.acts.test_documented import mentioned
from tests.worlds import finished_year

YEAR = finished_year(4)
BY_ID = {act.id: act for act in YEAR}


def named(identity):
    return f"〔{identity[:8]}〕"


def of_kind(wire):
    return next(act for act in YEAR if act.type == wire)


def test_every_kind_has_its_own_words_and_no_other():
    assert set(_TELLERS) == set(MEMBERS)


@pytest.mark.parametrize("kind", MEMBERS, ids=lambda kind: kind.wire)
def test_every_kind_is_told_in_chinese_and_says_its_name(kind):
    act = of_kind(kind.wire)
    told = tell(act, named, BY_ID.get(act.supersedes or ""))
    assert told.what.startswith(act_name(kind.wire))
    assert re.search("[\u4e00-\u9fff]", told.what)
    assert told.icon
    assert told.about or told.what != act_name(kind.wire), "it says something of this very act"
    reason = getattr(act.content, "reason", "")
    assert reason in told.why


@given(ACTS)
def test_whatever_an_act_holds_it_can_be_told(act):
    assert tell(act, named).what
    assert [field.term for field in told_fields(act.content, named) if not field.term] == []


def test_what_was_there_before_is_told_beside_what_is_there_now():
    act = next(one for one in YEAR if one.type == "deadline.extended/1" and one.supersedes)
    told = tell(act, named, BY_ID[act.supersedes or ""])
    assert re.search(r"\d+月\d+日 → \d+月\d+日", told.what)
    assert "原办理保留" in told.why


def test_every_field_of_every_record_has_a_term():
    records, choices = mentioned()
    used = {f.name for kind in (*MEMBERS, *records.values()) for f in fields(kind)}
    assert used <= set(FIELDS)
    listed = {one for choice in choices.values() for one in choice}
    assert listed == set(CHOICES)


def test_no_term_is_kept_that_no_field_has():
    records, _ = mentioned()
    used = {f.name for kind in (*MEMBERS, *records.values()) for f in fields(kind)}
    assert set(FIELDS) - used == set()


def test_fields_are_given_in_their_order_with_what_lies_within_them():
    act = of_kind("scores.proposed/1")
    terms = [field.term for field in told_fields(act.content, named)]
    assert terms[:3] == ["考评", "指标", "计算程序"]
    assert "各行得分 1" in terms
    depths = {field.depth for field in told_fields(act.content, named)}
    assert {0, 1} <= depths
