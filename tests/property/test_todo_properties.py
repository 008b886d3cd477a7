"""待办 after any walk through the year: ready is possible, waiting is not, nothing is said twice."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaoping.core.calendar import Calendar
from kaoping.core.desk.picture import picture_of
from kaoping.core.desk.todos import Stage, todos
from kaoping.core.desk.year import StepStanding, steps_of_year
from kaoping.core.workflow.taking import Possible, available
from kaoping.core.workflow.things import Assessment, Person
from tests.core.workflow.sensible import sensible_act
from tests.core.workflow.stages import at_stage
from tests.property.test_workflow_walk import LEADING_ON, LIVELY, offered

pytestmark = pytest.mark.slow
WEEKENDS = Calendar(frozenset(), frozenset(), frozenset())
STAGES = ["registered", "opened", "undertaken", "verified", "proposed", "signed", "frozen"]


def walked(stage, seed, tries):
    """A world in which people did things at random for a while."""
    dice, world = random.Random(seed), at_stage(stage)
    for _ in range(tries):
        step = dice.choice(LIVELY + LEADING_ON)
        found = offered(world, step)
        if not found:
            continue
        person, place = dice.choice(found)
        act = sensible_act(world, Possible(step, place), person)
        if act is not None:
            world.take(act)
    return world


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(STAGES),
    st.integers(0, 2**32),
    st.integers(0, 40),
    st.sampled_from(["", "2025-01-07T01:00", "2025-01-17T01:00", "2025-02-03T01:00"]),
)
def test_every_todo_is_possible_or_says_that_it_waits(stage, seed, tries, later):
    world = walked(stage, seed, tries)
    if later:
        world.until(later)
    picture = picture_of(world.state)
    for person in world.state.every(Person):
        possible = {(one.step.type, one.place) for one in available(picture, person.id, world.at)}
        found = todos(picture, person.id, world.at, WEEKENDS)
        for todo in found:
            is_possible = (todo.step, todo.place) in possible
            assert is_possible == (todo.stage is not Stage.WAITING), todo
            assert todo.total == 0 or 0 <= todo.done <= todo.total
            assert todo.is_overdue == (todo.due is not None and todo.due < world.now.date())
        keys = [one.key for one in found]
        assert len(set(keys)) == len(keys)
        dues = [one.due.isoformat() if one.due else "9999" for one in found]
        assert dues == sorted(dues)
    for assessment in world.state.every(Assessment):
        steps = steps_of_year(picture, assessment.id, world.at, WEEKENDS)
        assert sum(one.standing is StepStanding.NOW for one in steps) <= 1
