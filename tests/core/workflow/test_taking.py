"""Taking acts whatever their kind: repetition, time, lateness, replay, what may be done."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kaoping.core.acts.collecting import (
    Channel,
    EvidenceFiled,
    EvidenceFiledOnBehalf,
    EvidenceWithdrawn,
)
from kaoping.core.acts.setting_up import Late, UnitRegistered
from kaoping.core.errors import InputError, RefusedError
from kaoping.core.workflow.reasons import Reason
from kaoping.core.workflow.state import State, Things
from kaoping.core.workflow.taking import available, is_repeated, replay, take
from kaoping.core.workflow.things import Assessment, Scheme
from tests.core.workflow.stages import at_stage, fork, refused, refused_act
from tests.world_set_up import SECTIONS, UNITS, handler, liaison, section_of, tasks_of, uid
from tests.worlds import World, finished_year

ADMIN = uid("系统管理员")
UNIT, TASK = UNITS[0], tasks_of("1")[0]


def test_a_finished_year_is_clean():
    state, refused_one = replay(finished_year())
    assert refused_one is None
    assert state.late == {}


def test_replay_gives_the_same_state_as_taking_one_by_one():
    world = World(4).prepare().finish()
    assert replay(world.acts) == (world.state, None)


def test_the_same_act_again_changes_nothing_and_is_known():
    world = at_stage("opened")
    act = world.do(liaison(UNIT), uid("材料"), world.evidence(UNIT, TASK))
    assert is_repeated(world.state, act)
    assert take(world.state, act) is world.state
    assert not is_repeated(world.state, replace(act, id=uid("anders")))


def test_the_same_id_with_other_content_is_refused():
    world = at_stage("opened")
    act = world.do(liaison(UNIT), uid("材料"), world.evidence(UNIT, TASK))
    assert isinstance(act.content, EvidenceFiled)
    other = replace(act, content=replace(act.content, item="A2"))
    refused_act(world, Reason.ID_REUSED, other)
    assert not is_repeated(world.state, other)


def test_a_journal_that_holds_an_act_twice_is_refused_there():
    acts = finished_year(4)
    state, found = replay([*acts[:50], acts[20], *acts[50:]])
    assert found is not None
    assert (found.index, found.type) == (50, acts[20].type)
    assert found.refusal.reason is Reason.ID_REPEATED
    assert state == replay(acts[:50])[0]


def test_replay_names_the_first_act_that_the_rules_refuse():
    acts = finished_year(4)
    place = next(n for n, act in enumerate(acts) if act.type == "sheet.signed_by_head/1")
    state, found = replay([*acts[: place - 1], *acts[place:]])
    assert found is not None
    assert (found.index, found.type) == (place - 1, "sheet.signed_by_head/1")
    assert found.refusal.reason is Reason.WRONG_STATE
    assert isinstance(found.refusal, RefusedError)
    assert state == replay(acts[: place - 1])[0]


def test_an_earlier_time_is_refused():
    world = at_stage("founded")
    act = world.act(ADMIN, uid("甲"), UnitRegistered("A", "甲"))
    world.take(act)
    other = UnitRegistered("B", "乙")
    again = replace(
        act, id=uid("zwei"), subject=uid("乙"), content=other, at="2024-10-08T01:00:00Z"
    )
    refused_act(world, Reason.TIME_BACKWARD, again)
    take(world.state, replace(again, at=act.at))


def test_an_id_that_is_taken_is_not_used_for_a_new_thing():
    world = at_stage("registered")
    refused(world, Reason.THING_EXISTS, ADMIN, uid(UNIT), UnitRegistered("A", "甲"))
    withdrawn = EvidenceWithdrawn("理由")
    refused(world, Reason.UNKNOWN_THING, liaison(UNIT), uid(UNIT), withdrawn)


def test_an_unregistered_person_does_nothing():
    world = at_stage("opened")
    content = world.evidence(UNIT, TASK)
    refused(world, Reason.UNKNOWN_PERSON, uid("路人"), uid("材料"), content)


def test_an_act_with_malformed_fields_is_an_input_error():
    world = at_stage("founded")
    with pytest.raises(InputError):
        take(world.state, world.act(ADMIN, "Unit-1", UnitRegistered("A", "甲")))


def test_nothing_happens_in_an_assessment_that_was_filed():
    world = World(4).prepare().finish()
    section = handler(SECTIONS[0])
    veto: Any = next(act.content for act in world.acts if act.type == "veto.declared/1")
    content = replace(veto, indicator=None, task=None)
    refused(world, Reason.ASSESSMENT_CLOSED, section, uid("新否决"), content)


# --- lateness -------------------------------------------------------------------------------------


def with_late(world: World, late: Late) -> World:
    """The same year under a scheme that treats lateness so."""
    world = fork(world)
    scheme = world.state.get(Scheme, uid("实施方案"))
    changed = replace(scheme, content=replace(scheme.content, late=late))
    world.state = replace(world.state, things=Things([*world.state.things.values(), changed]))
    return world


def test_a_late_filing_is_marked_with_its_days():
    world = at_stage("opened")
    world.until("2025-01-07T16:30")  # the 8th in Shanghai; the deadline was extended to the 5th
    act = world.do(liaison(UNIT), uid("材料"), world.evidence(UNIT, TASK))
    assert world.state.late == {act.id: 3}


def test_the_last_day_ends_at_midnight_in_shanghai():
    world = at_stage("opened")
    world.until("2025-01-05T15:59")
    world.do(liaison(UNIT), uid("材料一"), world.evidence(UNIT, TASK))
    assert world.state.late == {}
    act = world.do(liaison(UNIT), uid("材料二"), world.evidence(UNIT, TASK))
    assert world.state.late == {act.id: 1}


def test_a_late_filing_is_refused_where_the_scheme_says_so():
    world = with_late(at_stage("opened"), Late.REFUSE)
    world.until("2025-01-07T01:00")
    refused(world, Reason.LATE, liaison(UNIT), uid("材料"), world.evidence(UNIT, TASK))
    assert not [one for one in available(world.state, liaison(UNIT), world.at) if one.step.due]


def test_a_received_time_before_the_deadline_does_not_make_it_timely():
    """逾期 is reckoned from the server's time, whatever the content says (I19)."""
    world = with_late(at_stage("opened"), Late.REFUSE)
    world.until("2025-01-07T01:00")
    paper = EvidenceFiledOnBehalf(
        world.year, uid(UNIT), TASK, "A1", (world.blob("来信"),), None, None, None,
        "2025-01-04T01:00:00Z", Channel.PAPER,
    )  # fmt: skip
    refused(world, Reason.LATE, handler(section_of("1")), uid("材料"), paper)


def test_other_steps_are_marked_and_never_refused():
    world = with_late(at_stage("verified"), Late.REFUSE)
    world.until("2025-01-20T01:00")
    act = world.propose("1")
    assert world.state.late == {act.id: 4}


def test_every_version_of_a_deadline_is_kept():
    deadlines = at_stage("opened").state.get(Assessment, uid("2024年度考评")).deadlines
    days = [one.until for one in deadlines[next(iter(deadlines))]]
    assert days == [date(2025, 1, 3), date(2025, 1, 5)]


# --- what may be done -----------------------------------------------------------------------------


def steps_of(world: World, person: str) -> set[str]:
    return {one.step.type for one in available(world.state, person, world.at)}


def test_nobody_may_do_anything_before_the_beginning_but_register_himself():
    assert steps_of(at_stage("empty"), uid("系统管理员")) == {
        "person.registered/1",
        "run.computed/1",
        "security_log.sealed/1",
        "register.migrated/1",
    }
    assert available(State(), uid("x"), "2024-10-08T01:00:00Z")


def test_a_liaison_sees_what_a_liaison_may_do():
    assert steps_of(at_stage("opened"), liaison(UNIT)) == {
        "discipline.undertaken/1",
        "evidence.filed/1",
        "interest.declared/1",
        "result.reported/1",
    }


def test_a_liaison_sees_only_the_own_unit():
    world = at_stage("collected")
    units = {one.place.unit for one in available(world.state, liaison(UNIT), world.at)}
    assert units == {uid(UNIT), ""}


def test_a_head_may_not_sign_before_the_handler_has():
    world = at_stage("proposed")
    head, sign = uid("综合科科长"), "sheet.signed_by_head/1"
    assert sign not in steps_of(world, head)
    from kaoping.core.acts.scoring import SheetSignedByHandler

    world.do(handler("综合科"), uid("评分表 1"), SheetSignedByHandler(world.digest("1")))
    assert sign in steps_of(world, head)


def test_asking_changes_nothing():
    world = at_stage("proposed")
    before = deepcopy(world.state)
    for person in ("综合科经办人", "综合科科长", "主要领导", "系统管理员", "路人"):
        available(world.state, uid(person), world.at)
    assert world.state == before
