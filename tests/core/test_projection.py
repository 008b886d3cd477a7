"""Rows of the register follow from what acts led to, and from nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kaoping.core.acts.setting_up import DeadlineExtended, DutyEnded, StepKind
from kaoping.core.acts.verifying import InterestDeclared
from kaoping.core.projection import TABLES, Column, changes, rows_of
from kaoping.core.workflow.state import State
from kaoping.core.workflow.taking import Progress, take
from tests.core.workflow.stages import at_stage
from tests.world_set_up import SECTIONS, UNITS, uid
from tests.worlds import finished_year

TYPES = {Column.TEXT: str, Column.WHOLE: int, Column.YES_NO: bool}


def register_of(acts):
    """All rows after some acts, gathered change by change."""
    progress = Progress()
    rows: dict[tuple[str, str], Any] = {}
    for act in acts:
        outcome = progress.judge(act)
        for change in changes(progress.state, outcome.things):
            if change.values is None:
                del rows[change.table, change.id]
            else:
                assert rows.get((change.table, change.id)) != change.values
                rows[change.table, change.id] = change.values
        progress.add(act, outcome)
    return rows, progress.state


def changed(world, act):
    """The rows that an act changes, before it is taken."""
    progress = Progress()
    for one in world.acts:
        progress.follow(one)
    return changes(progress.state, progress.judge(act).things)


def test_rows_gathered_from_changes_are_those_of_the_things_that_stand():
    rows, state = register_of(finished_year(4))
    standing = {(one.table, one.id): one.values for one in rows_of(state.things.values())}
    assert rows == standing
    assert {table for table, _ in rows} == set(TABLES)


def test_every_row_has_exactly_the_columns_of_its_table_in_their_types():
    rows, _ = register_of(finished_year(4))
    for (table, _), values in rows.items():
        assert values.keys() == TABLES[table].keys()
        for name, value in values.items():
            assert value is None or type(value) is TYPES[TABLES[table][name]]


def test_an_act_changes_only_what_it_is_about():
    world = at_stage("opened")
    duty = uid("职责 监督员 supervisor")
    (one,) = changed(world, world.act(uid("安全管理员"), duty, DutyEnded("离任")))
    assert (one.table, one.id) == ("duty", duty)
    assert one.values is not None
    assert one.values["standing"] == "ended"
    inspector = uid("核验员甲")
    act = world.act(inspector, inspector, InterestDeclared(uid(UNITS[0]), "亲属任职"))
    assert [(c.table, c.values) for c in changed(world, act)] == [
        ("interest", {"person": inspector, "unit": uid(UNITS[0])})
    ]


def test_another_deadline_is_another_version_of_its_row():
    world = at_stage("opened")
    last = world.state.things[world.year].deadlines[StepKind.SCORE][-1].act  # type: ignore[union-attr]
    longer = DeadlineExtended(StepKind.SCORE, date(2025, 1, 19), "大雪封山")
    (one,) = changed(world, world.act(uid("分管领导"), world.year, longer, last))
    assert one.values == {
        "assessment": world.year,
        "step": "score",
        "until": "2025-01-19",
        "versions": 2,
    }


def test_a_row_that_a_new_version_of_the_scheme_drops_is_gone():
    world = at_stage("registered")
    head = uid(f"{SECTIONS[0]}科长")
    world.publish()
    first = next(act for act in world.acts if act.type == "scheme.published/1")
    before = State()
    for act in world.acts[: world.acts.index(first) + 1]:
        before = take(before, act)
    fewer = type(first.content)(
        **{
            **{name: getattr(first.content, name) for name in first.content.__slots__},
            "version": 2,
            "indicators": first.content.indicators[1:],  # type: ignore[union-attr]
            "reason": "取消一项指标",
        }
    )
    act = world.act(head, uid("实施方案"), fewer, first.id)
    progress = Progress()
    for one in world.acts[: world.acts.index(first) + 1]:
        progress.follow(one)
    gone = {c.table for c in changes(before, progress.judge(act).things) if c.values is None}
    assert gone == {"indicator", "task", "cell", "cooperation"}


@pytest.mark.parametrize("indicators", [4, 8])
def test_following_acts_that_were_judged_leads_to_the_same_state(indicators):
    acts = finished_year(indicators)
    followed, judged = Progress(), Progress()
    for act in acts:
        followed.follow(act)
        judged.add(act, judged.judge(act))
    assert followed.state == judged.state
