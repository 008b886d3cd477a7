"""The table of steps: complete, closed, and in agreement with itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from kaoping.core.acts.union import MEMBERS
from kaoping.core.workflow.case import Phase, Seat
from kaoping.core.workflow.reasons import Reason
from kaoping.core.workflow.table import STEP_OF, STEPS
from kaoping.core.workflow.taking import take
from kaoping.core.workflow.things import Standing, Thing
from tests.worlds import World

HERE = Path(__file__).parent
WORKFLOW = Path(__file__).parents[3] / "src" / "kaoping" / "core" / "workflow"


def test_every_kind_of_act_stands_in_the_table_exactly_once():
    kinds = [step.kind for step in STEPS]
    assert sorted(kind.wire for kind in kinds) == sorted(kind.wire for kind in MEMBERS)
    assert len(STEP_OF) == len(STEPS)


def test_the_phases_follow_each_other_in_the_order_of_a_year():
    phases = [list(Phase).index(step.phase) for step in STEPS]
    assert phases == sorted(phases)
    assert {step.phase for step in STEPS} == set(Phase)


def test_every_seat_and_every_state_is_used():
    assert {seat for step in STEPS for seat in step.by} == set(Seat)
    states = {state for step in STEPS for state in (*step.before, *step.after)}
    assert states == set(Standing)


def test_every_state_that_is_waited_for_can_be_reached():
    reached = {Standing.NEW} | {state for step in STEPS for state in step.after}
    assert {state for step in STEPS for state in step.before} <= reached


def test_every_reason_has_a_test_and_is_given_somewhere():
    tests = "".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    source = "".join(path.read_text("utf-8") for path in WORKFLOW.glob("*.py"))
    for reason in Reason:
        assert re.search(rf"Reason\.{reason.name}\b", tests), reason
        assert re.search(rf"Reason\.{reason.name}\b", source), reason


def test_reasons_have_codes_of_their_own_and_say_what_to_do():
    assert len({reason.code for reason in Reason}) == len(Reason)
    for reason in Reason:
        assert re.fullmatch(r"[a-z-]+(\.[a-z-]+)?", reason.code)
        assert reason.zh.endswith("。")
        assert reason.en.endswith(".")


def test_every_act_leaves_its_thing_in_a_state_that_the_table_names():
    """And puts that thing first; a whole year shows it for every kind of act."""
    world = World(4).prepare().finish()
    state, shown = World().state, set()
    for act in world.acts:
        after = take(state, act)
        step = STEP_OF[type(act.content)]
        there = after.things.get(act.subject)
        before = state.things.get(act.subject)
        if there is not None and there is not before:
            due = step.after or (before.standing if before else Standing.NEW,)
            assert there.standing in due, act.type
        shown.add(act.type)
        state = after
    assert shown == {kind.wire for kind in MEMBERS}


COMPARED = re.compile(r"\b(?:is|is not|==|!=|in) \(?Standing\.")


def test_no_state_is_compared_outside_the_workflow():
    """The desk says what is owed and stands on the workflow; a page may give a state its word."""
    source = WORKFLOW.parents[1]
    for path in source.rglob("*.py"):
        if WORKFLOW not in path.parents and WORKFLOW.parent / "desk" not in path.parents:
            assert not COMPARED.search(path.read_text("utf-8")), path


@pytest.mark.parametrize("kind", get_args(Thing), ids=lambda kind: kind.__name__)
def test_every_thing_is_frozen_and_says_in_chinese_what_it_is(kind):
    assert kind.__dataclass_params__.frozen
    assert re.search("[\u4e00-\u9fff]", kind.__doc__)
