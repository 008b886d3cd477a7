"""Random walks through the table of steps, from many stages of a year, legal and illegal.

What `available` lists, `take` accepts; what it does not list, `take` refuses without any trace.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kaoping.core.acts.codec import act_table, decode_act
from kaoping.core.acts.setting_up import Role
from kaoping.core.canonical import encode
from kaoping.core.errors import InputError
from kaoping.core.workflow.admission import admission
from kaoping.core.workflow.case import Case, Phase
from kaoping.core.workflow.places import ONESELF, standing_at
from kaoping.core.workflow.questions import offices, same_human, sheet_digest, valid
from kaoping.core.workflow.reasons import StepRefused
from kaoping.core.workflow.table import STEP_OF, STEPS
from kaoping.core.workflow.taking import Possible, available, replay, take
from kaoping.core.workflow.things import Duty, Person, Sheet, Standing
from tests.core.workflow.sensible import sensible_act
from tests.core.workflow.stages import STAGES, at_stage
from tests.world_set_up import ADMINISTRATORS, INSPECTORS, SECTIONS, UNITS, uid

pytestmark = pytest.mark.slow

CAST = [
    *ADMINISTRATORS,
    "审计管理员乙",
    *(f"{unit}{role}" for unit in UNITS[:3] for role in ("联络员", "负责人")),
    *(f"{section}{role}" for section in SECTIONS for role in ("经办人", "科长")),
    *INSPECTORS,
    "监督员",
    "分管领导",
    "主要领导",
    "路人",
]
PERSONS = [uid(name) for name in CAST]
ANYBODY = st.sampled_from(PERSONS)
BEGINNINGS = st.sampled_from(
    ["empty", "registered", "opened", "undertaken"]
    + 2 * ["verified", "proposed", "signed", "frozen"]
)
"""Where walks begin: more often where much may go wrong."""
DULL = {
    "run.computed/1",
    "run.written/1",
    "security_log.sealed/1",
    "register.migrated/1",
    "text.redacted/1",
    "discipline.undertaken/1",
    "interest.declared/1",
    "person.registered/1",
    "unit.registered/1",
    "section.registered/1",
}
"""What is always possible and leads nowhere; done now and then only."""
LEADING_ON = [
    step
    for step in STEPS
    if step.phase in (Phase.VERIFY, Phase.CONSOLIDATE, Phase.FILE)
    or step.type.startswith("sheet.signed")
    or step.type in ("sheet.submitted/1", "sheet.received/1", "sheet.returned/1")
]
LIVELY = [step for step in STEPS if step.type not in DULL]
LONG_WALKS = [
    ("opened", 200),
    ("undertaken", 1600),
    ("proposed", 200),
    *[("signed", 90)] * 4,
    *[("received", 50)] * 4,
    *[("frozen", 90)] * 8,
]
"""Stages to begin at, and how many steps are tried from there."""
HANDED_IN = (Standing.SUBMITTED, Standing.RECEIVED)


def places_of(state, step):
    """Every place of a step, whoever asks."""
    if step.ground is ONESELF:
        return [place for person in PERSONS for place in step.ground.places(state, person)]
    return list(step.ground.places(state, ""))


def offered(world, step):
    """Everybody who may do a step now, with the place."""
    state, at = world.state, world.at
    return [
        (person, place)
        for place in places_of(state, step)
        if standing_at(state, place) in step.before
        for person in PERSONS
        if (step.ground is not ONESELF or place.thing == person)
        and admission(Case(state, step, place, person, at)) is None
    ]


class Walk(RuleBasedStateMachine):
    """One world, and whatever comes to people's minds."""

    @initialize(stage=BEGINNINGS)
    def begin(self, stage):
        self.world = at_stage(stage)
        self.before = len(self.world.acts)

    def refuse(self, act):
        """The act is refused, and the state has not changed in anything that can be seen."""
        before = repr(self.world.state)
        with pytest.raises(StepRefused) as caught:
            take(self.world.state, act)
        assert repr(self.world.state) == before
        note(f"refused {act.type}: {caught.value.reason.code}")

    def sensible(self, data):
        """An act that is offered to somebody; None where it would need what is not there."""
        dice = random.Random(data.draw(st.integers(0, 2**32)))
        steps = dice.sample(LIVELY, len(LIVELY)) if dice.random() < 0.9 else list(STEPS)
        step, found = next(
            (step, found) for step in (*steps, *STEPS) if (found := offered(self.world, step))
        )
        person, place = dice.choice(found)
        possible = Possible(step, place)
        assert possible in available(self.world.state, person, self.world.at)
        return sensible_act(self.world, possible, person)

    @rule(data=st.data())
    def do_what_is_offered(self, data):
        """Every button works."""
        act = self.sensible(data)
        if act is not None:
            self.world.take(act)

    @rule(person=ANYBODY, step=st.sampled_from(STEPS), data=st.data())
    def do_what_comes_to_mind(self, person, step, data):
        """Anybody tries anything anywhere: it is accepted exactly where it is offered."""
        places = list(step.ground.places(self.world.state, person))
        if not places:
            return
        possible = Possible(step, data.draw(st.sampled_from(places)))
        try:
            act = sensible_act(self.world, possible, person)
        except AssertionError:
            return  # what the step asks for is not there at all
        if act is None:
            return
        if possible in available(self.world.state, person, self.world.at):
            self.world.take(act)
        else:
            self.refuse(act)

    @rule(data=st.data())
    def do_it_slightly_wrong(self, data):
        """A right act with a wrong digest or a wrong reference is refused."""
        act = self.sensible(data)
        if act is None:
            return
        self.refuse(replace(act, supersedes=uid("niemand")))
        table = json.loads(encode(act_table(act)))
        digests = [key for key in table["content"] if key.endswith("_digest")]
        if act.type.startswith(("sheet", "verification_opinion", "filing", "opinion")) and digests:
            table["content"][digests[0]] = "0" * 64
            self.refuse(decode_act(table))

    @precondition(lambda self: len(self.world.acts) > self.before)
    @rule(data=st.data())
    def do_it_again(self, data):
        """The same act again changes nothing; its id for something else is refused."""
        act = data.draw(st.sampled_from(self.world.acts[self.before :]))
        assert take(self.world.state, act) is self.world.state
        self.refuse(replace(act, subject=uid("anderswo")))

    @rule(data=st.data(), person=ANYBODY)
    def do_an_old_act_under_a_new_id(self, data, person):
        """Whatever was right once is right again only where it is offered now."""
        if not self.world.acts:
            return
        old = data.draw(st.sampled_from(self.world.acts))
        act = replace(old, id=uid(f"neu {len(self.world.acts)}"), actor=person, at=self.world.at)
        place = STEP_OF[type(act.content)].ground.locate(self.world.state, act)
        offered = available(self.world.state, person, self.world.at)
        before = repr(self.world.state)
        try:
            take(self.world.state, act)
        except StepRefused:
            assert repr(self.world.state) == before
            return
        assert place in [one.place for one in offered if one.step.type == act.type]
        self.world.take(act)

    @rule(days=st.integers(1, 9))
    def wait(self, days):
        self.world.now = self.world.now.replace(hour=1)
        moment = self.world.now.toordinal() + days
        self.world.now = self.world.now.fromordinal(moment).replace(tzinfo=self.world.now.tzinfo)

    # --- what is always true --------------------------------------------------------------------

    @invariant()
    def what_is_handed_in_bears_two_signatures(self):
        for sheet in self.world.state.every(Sheet):
            if sheet.standing not in HANDED_IN:
                continue
            one, other = valid(sheet.signatures)
            digest = sheet_digest(self.world.state, sheet)
            assert {one.role, other.role} == {Role.HANDLER, Role.SECTION_HEAD}
            assert {one.digest, other.digest} == {digest}
            assert not same_human(self.world.state, one.person, other.person)
            actors = {act.id: act.actor for act in self.world.acts}
            assert all(actors[sign.act] == sign.person for sign in (one, other))

    @invariant()
    def no_score_is_without_reason_and_basis(self):
        for sheet in self.world.state.every(Sheet):
            for score in sheet.lines.values():
                assert score.line.basis.strip()
                assert score.line.data_source.strip()
                said: list[Any] = [*score.line.deductions, *score.adjustments]
                assert all(one.reason.strip() and one.basis.strip() for one in said)

    @invariant()
    def administrators_are_apart(self):
        state = self.world.state
        for person in state.every(Person):
            held = list(offices(state, person.id))
            duties = [state.get(Duty, duty) for duty in person.duties]
            assert len(held) <= 1
            assert not (held and any(one.standing is Standing.IN_FORCE for one in duties))

    @invariant()
    def every_thing_of_a_place_is_there(self):
        for step in STEPS:
            for place in step.ground.places(self.world.state, uid("路人")):
                assert standing_at(self.world.state, place)

    def teardown(self):
        if hasattr(self, "world"):
            assert replay(self.world.acts) == (self.world.state, None)


WALKS = settings(
    max_examples=30,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)


def test_random_walks_keep_the_rules():
    run_state_machine_as_test(Walk, settings=WALKS)


def test_long_walks_that_do_only_what_is_offered_come_to_every_step():
    """Many steps in a row, dull ones and those that end duties left out; the same in every run."""
    lively = [step for step in LIVELY if step.type != "duty.ended/1"]
    steps = lively + 3 * [step for step in LEADING_ON if step in lively]
    done = set()
    for seed, (stage, tries) in enumerate(LONG_WALKS):
        dice, world = random.Random(seed), at_stage(stage)
        for _ in range(tries):
            step = dice.choice(steps)
            found = offered(world, step)
            if not found:
                continue
            person, place = dice.choice(found)
            act = sensible_act(world, Possible(step, place), person)
            if act is not None:
                world.take(act)
                done.add(act.type)
        assert replay(world.acts) == (world.state, None)
    assert {step.type for step in lively} - done == set()


def test_a_malformed_act_is_an_input_error_and_no_refusal():
    world = at_stage("opened")
    act = next(iter(world.acts))
    with pytest.raises(InputError):
        take(world.state, replace(act, id="x"))


@pytest.mark.parametrize("stage", list(STAGES))
def test_everything_offered_at_every_stage_is_accepted(stage):
    """Not at random: every button of every person, at each stage of the year."""
    world = at_stage(stage)
    offered = 0
    for name in CAST:
        for possible in available(world.state, uid(name), world.at):
            act = sensible_act(world, possible, uid(name))
            if act is not None:
                take(world.state, act)
                offered += 1
    assert offered >= (1 if stage == "empty" else 5)
