"""试算: every rule of the example can be tried, and gives what scoring itself gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.core.scoring.trial import NO, YES, FieldKind, Trial, trial_fields, try_rule
from kaoping.core.working import evaluate
from tests.examples import CITY, batch_of

SCHEME = batch_of(CITY).scheme


def tried(task, given):
    outcome = try_rule(SCHEME, task, given)
    assert isinstance(outcome, Trial)
    return outcome


def faults(task, given):
    outcome = try_rule(SCHEME, SCHEME.task_by_id[task], given)
    assert isinstance(outcome, tuple)
    return outcome


@pytest.mark.parametrize(
    ("task", "given", "score"),
    [
        ("1.1", {"/value": "25.30", "/target": "27"}, "3.75"),
        ("1.1", {"/value": "25.30", "/target": "27", "points": "2"}, "1.87"),
        ("1.2", {"/value": "12", "/target": "10"}, "2.20"),
        ("1.4", {"/value": "3", "/of": "4"}, "1.13"),
        ("1.5", {"/count.月报迟报": "2"}, "1.30"),
        ("2.5", {"/value": "5", "/others": "1 9"}, "0.48"),
        ("3.2", {"/value": "90", "/others": "91、92\n93"}, "12.00"),
        ("3.3", {"满意率/value": "93.5", "按时办结率/value": "100"}, "19.50"),
        ("3.4", {"/value": NO}, "6.00"),
        ("3.4", {"/value": YES}, "10.00"),
        ("3.6", {"/awarded": "7"}, "7.00"),
    ],
)
def test_a_score_comes_with_its_working(task, given, score):
    outcome = tried(SCHEME.task_by_id[task], given)
    assert outcome.score == score
    assert abs(evaluate(outcome.working) - evaluate(score)) < evaluate("0.01")


@pytest.mark.parametrize("task", SCHEME.task_by_id.values(), ids=lambda task: task.id)
def test_every_task_asks_and_nothing_typed_is_never_zero(task):
    assert trial_fields(task)
    if any(field.is_due for field in trial_fields(task)):
        outcome = tried(task, {})
        assert (outcome.score, outcome.working) == ("", "")
        assert outcome.refusal


def test_what_cannot_be_read_is_named_all_at_once():
    problems = faults("1.1", {"/value": "a", "/target": "1e5"})
    assert [problem.where for problem in problems] == ["完成值", "目标值"]
    problems = faults("2.5", {"/value": "1", "/others": "1 b"})
    assert [problem.where for problem in problems] == ["同组其他单位的数值"]
    many = {"/value": "1", "/others": " ".join(map(str, range(201)))}
    assert faults("2.5", many)


def test_an_awarded_score_outside_its_range_is_refused():
    outcome = tried(SCHEME.task_by_id["3.6"], {"/awarded": "11"})
    assert outcome.refusal
    assert outcome.score == ""


@given(st.sampled_from(list(SCHEME.task_by_id.values())), st.data())
def test_whatever_is_typed_is_answered(task, data):
    texts = st.one_of(
        st.decimals(-1000, 1000, places=2).map(str), st.text(max_size=8), st.sampled_from([YES, NO])
    )
    given = {field.name: data.draw(texts) for field in trial_fields(task)}
    outcome = try_rule(SCHEME, task, given)
    if isinstance(outcome, Trial):
        assert bool(outcome.score) != bool(outcome.refusal)
    else:
        assert outcome
        assert all(problem.code == "NUMBER-INVALID" for problem in outcome)


def test_only_yes_or_no_is_chosen_and_many_are_many():
    kinds = {field.kind for task in SCHEME.task_by_id.values() for field in trial_fields(task)}
    assert kinds == set(FieldKind)
