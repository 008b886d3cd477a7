"""Rows are a projection: the acts of any year, replayed into an empty database, give the same rows."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any, cast

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaoping.core.acts.codec import decode_act
from kaoping.core.journal import read_body
from kaoping.core.workflow.table import STEPS
from kaoping.core.workflow.taking import Possible, Progress
from kaoping.files.journal.folder import Journal
from kaoping.web import register
from kaoping.web.actions.perform import Asked, perform
from kaoping.web.models import REGISTER, Entry, Person
from tests.core.workflow.sensible import sensible_act
from tests.core.workflow.stages import at_stage
from tests.journals import KEY, ORIGIN
from tests.property.test_workflow_walk import offered
from tests.web.conftest import Clock, at

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

OF_THE_REGISTER = [
    step
    for step in STEPS
    if step.type.split(".")[0]
    in (
        "unit",
        "section",
        "person",
        "duty",
        "administrator",
        "scheme",
        "assessment",
        "deadline",
        "interest",
        "discipline",
    )
]
"""Steps whose acts leave rows; a walk takes them twice as often as all others."""
WALKS = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)


def walked(stage, seed, length):
    """A year up to a stage, and from there whatever sensible people do at random."""
    dice, world = random.Random(seed), at_stage(stage)
    steps = [*STEPS, *OF_THE_REGISTER, *OF_THE_REGISTER]
    for _ in range(length):
        step = dice.choice(steps)
        found = offered(world, step)
        if found:
            person, place = dice.choice(found)
            act = sensible_act(world, Possible(step, place), person)
            if act is not None:
                world.take(act)
    return world.acts


def rows():
    """Every row of the register with all its columns."""
    return {
        name: {
            row["id"]: row
            for row in model._default_manager.values(*[f.attname for f in model._meta.fields])
        }
        for name, model in REGISTER.items()
    }


def empty():
    """An empty register; those rows first that refer to others."""
    for model in reversed(list(REGISTER.values())):
        model._default_manager.all().delete()
    assert not any(rows().values())


def replayed():
    """All entries of the database applied anew, one after the other, to an empty register."""
    empty()
    follower = _Follower()
    for entry in Entry.objects.order_by("index"):
        body = read_body(entry.body)
        register.apply(follower.rows_of(decode_act(body["act"]), body["effects"]))
    return rows()


class _Follower:
    """Reads nothing but the acts themselves: state and versions grow from them."""

    def __init__(self):
        self.progress = Progress()
        self.versions = {}

    def version_after(self, table, row):
        return self.versions.get((table, row), 0) + 1

    def rows_of(self, act, told):
        """The rows that an act writes; they are those that its body tells of."""
        outcome = self.progress.judge(act)
        written = register.written(self.progress.state, outcome.things, cast(Any, self))
        self.progress.add(act, outcome)
        self.versions.update(((change.table, change.id), version) for change, version in written)
        assert [list(effect) for effect in register.effects_of(written)] == [
            list(effect) for effect in told
        ]
        return written


@WALKS
@given(
    stage=st.sampled_from(["founded", "registered", "opened", "undertaken", "proposed", "frozen"]),
    seed=st.integers(0, 2**32),
    length=st.integers(0, 60),
)
def test_replaying_the_acts_into_an_empty_database_gives_the_same_rows(
    tmp_path_factory, stage, seed, length
):
    acts = walked(stage, seed, length)
    folder = tmp_path_factory.mktemp("walk")
    with transaction.atomic():
        clock = Clock()
        journal = Journal.create(folder / "journal", ORIGIN, KEY, folder / "key.signed")
        here = at(folder, journal, clock)
        for act in acts:
            clock.now = datetime.fromisoformat(act.at)
            perform(here, Asked(act.id, act.actor, act.subject, act.content, act.supersedes))
        live = rows()
        assert Entry.objects.count() == len(acts)
        assert replayed() == live
        assert live["person"]
        transaction.set_rollback(True)


def test_a_row_that_no_act_wrote_is_noticed(tmp_path):
    """The comparison can fail: one value edited in the live rows is a difference."""
    clock = Clock()
    here = at(
        tmp_path,
        Journal.create(tmp_path / "journal", ORIGIN, KEY, tmp_path / "key.signed"),
        clock,
    )
    for act in at_stage("founded").acts:
        clock.now = datetime.fromisoformat(act.at)
        perform(here, Asked(act.id, act.actor, act.subject, act.content, act.supersedes))
    Person.objects.update(name="李代桃")
    live = rows()
    assert replayed() != live
