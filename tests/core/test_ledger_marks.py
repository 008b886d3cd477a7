"""How a unit's task stands on its ledger: by what is asked of it, and what it has handed in."""

from __future__ import annotations

import pytest

from kaoping.core.acts.collecting import EvidenceAccepted, EvidenceReturned, EvidenceWithdrawn
from kaoping.core.desk.ledger import Mark, counted, task_mark
from kaoping.core.desk.picture import Demand, picture_of
from kaoping.core.workflow.things import Filing
from tests.core.workflow.stages import at_stage
from tests.world_set_up import OWNED_TASK, OWNER, UNITS, handler, liaison, section_of, uid

UNIT, TASK = UNITS[1], "1.1"
CELL, OWNED = (uid(UNIT), TASK), (uid(UNIT), OWNED_TASK)
BOTH = Demand({CELL: frozenset({""})}, {OWNED: frozenset({""})}, frozenset({CELL}))


def mark(world, demand=BOTH, cell=CELL):
    return task_mark(picture_of(world.state), demand, world.year, cell)


def files(world, name=""):
    return world.do(liaison(UNIT), uid(f"材料 {name}"), world.evidence(UNIT, TASK, name)).subject


def reports(world):
    one = world.supplied()
    own = type(one)(
        one.assessment, uid(UNIT), TASK, "", one.value, "亿元", one.as_of, one.status, "月报"
    )
    world.do(liaison(UNIT), uid("数值"), own)


def test_from_nothing_to_all_of_it():
    world = at_stage("opened")
    assert mark(world) is Mark.NONE
    filing = files(world)
    assert mark(world) is Mark.PART
    reports(world)
    assert mark(world) is Mark.FILED
    world.do(handler(section_of("1")), filing, EvidenceReturned("缺章"))
    assert mark(world) is Mark.RETURNED


@pytest.mark.parametrize("is_accepted", [True, False])
def test_what_was_accepted_is_filed(is_accepted):
    world = at_stage("opened")
    reports(world)
    filing = files(world)
    if is_accepted:
        looked_at = world.state.get(Filing, filing).act
        world.do(handler(section_of("1")), filing, EvidenceAccepted(looked_at))
    assert mark(world) is Mark.FILED


def test_what_was_withdrawn_is_as_if_it_had_not_been_filed():
    world = at_stage("opened")
    world.do(liaison(UNIT), files(world), EvidenceWithdrawn("报错了"))
    assert mark(world) is Mark.NONE


def test_where_nothing_is_asked_nothing_is_said_to_be_filed():
    world = at_stage("opened")
    assert mark(world, cell=OWNED) is Mark.UNASKED
    world.do(handler(OWNER), uid("提供"), world.supplied())
    assert mark(world, cell=OWNED) is Mark.UNASKED, "what its owner enters the unit has not filed"


def test_without_the_scheme_anything_filed_will_do():
    world = at_stage("opened")
    assert mark(world, None) is Mark.NONE
    files(world)
    assert mark(world, None) is Mark.FILED


def test_of_what_is_counted_nothing_is_missing():
    marks = [Mark.FILED, Mark.UNASKED, Mark.PART, Mark.NONE, Mark.RETURNED, Mark.AWAITING]
    assert counted(marks) == (2, 6)
