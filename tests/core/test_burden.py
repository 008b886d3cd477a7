"""填报负担: what a scheme asks of each unit, and how two versions differ in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.burden import burden_changes, burden_of
from kaoping.core.scheme import Assignment, load_scheme
from tests.core.schemes import BAISE
from tests.schemes import indicator, scheme_of, task, units_text

RATIO = 'kind = "ratio", target = "10"'
GROWTH = (
    'kind = "step", measure = "growth", target = "5", up = { per = "1", points = "1", cap = "1" }'
)
CHECKLIST = 'kind = "checklist"'
COUNT = 'kind = "count", start = "full", lines = [{ name = "迟报", each = "-1" }]'
SUM = (
    'kind = "sum", parts = [{ name = "甲", points = "5", rule = { kind = "ratio", target = "1" } }, '
    '{ name = "乙", points = "5", rule = { kind = "checklist" } }]'
)


def sound(text):
    """A text as records; it must be readable."""
    found = load_scheme(text).scheme
    assert found is not None
    return found


def burden(*tasks, bottom="", points="10"):
    return burden_of(scheme_of(indicator(*tasks, points=points), bottom=bottom))


def labels(one):
    return [[value.label for value in request.values] for request in one.requests]


def test_each_rule_asks_for_the_values_it_reads():
    one = burden(
        task("1.1", RATIO, "2"),
        task("1.2", GROWTH, "2"),
        task("1.3", CHECKLIST, "2"),
        task("1.4", COUNT, "2"),
        task("1.5", SUM, "2"),
    ).by_unit["a"]
    assert labels(one) == [
        ["实际完成"],
        ["实际完成", "上期数"],
        ["实际完成", "应完成项数"],
        [],
        ["甲", "乙", "乙 应完成项数"],
    ]
    assert (one.tasks, one.values, one.materials, one.points) == (5, 8, 5, Decimal(10))


def test_what_the_scheme_says_itself_is_not_asked_for():
    rows = '[[assignment]]\nunit = "a"\ntask = "1.1"\nof = "7"\n'
    found = burden(task("1.1", CHECKLIST), bottom=rows)
    assert labels(found.by_unit["a"]) == [["实际完成"]]
    assert labels(found.by_unit["b"]) == [["实际完成", "应完成项数"]]
    assert found.by_unit["a"].requests[0].of == Decimal(7)


def test_values_come_from_who_owns_the_data_and_are_its_burden():
    found = burden(task("1.1", RATIO, extra='data_owner = "b局"'))
    assert labels(found.by_unit["a"]) == [[]]
    assert found.by_unit["a"].requests[0].data_owner == "b局"
    owner = found.by_unit["b"]
    assert labels(owner) == [["实际完成"]]
    assert [unit.id for unit in owner.supplies[0].about] == ["a", "c"]
    assert owner.values == 3


def test_data_of_a_section_are_nobodys_burden():
    found = burden(task("1.1", RATIO, extra='data_owner = "综合科"'))
    assert found.values == 0
    assert not any(one.supplies for one in found.units)


def test_not_applicable_asks_for_nothing_and_is_told():
    rows = '[[assignment]]\nunit = "a"\ntask = "1.1"\nstate = "not-applicable"\n'
    one = burden(task("1.1", RATIO), bottom=rows).by_unit["a"]
    assert (one.tasks, one.values, one.materials) == (0, 0, 0)
    assert [each.id for each in one.not_applicable] == ["1.1"]


def test_a_material_of_one_name_is_counted_once_and_where_it_is_asked_is_told():
    twice = task("1.1", RATIO, "5"), task("1.2", RATIO, "5")
    one = burden(*twice).by_unit["a"]
    assert (one.materials, one.documents) == (2, 1)
    assert [(name, [each.id for each in tasks]) for name, tasks in one.repeated] == [
        ("材料", ["1.1", "1.2"])
    ]


def test_who_is_asked_for_nothing_is_not_listed():
    found = burden(task("1.1", RATIO, units='["a"]'))
    assert [one.unit.id for one in found.units] == ["a"]


def test_the_deadline_is_the_schemes_unless_another_is_in_force():
    text = units_text("a", "b", "c")
    step = 'step = [{ kind = "collect", name = "收集", due = 2025-01-06 }]'
    scheme = scheme_of(indicator(task("1.1", RATIO)), top=step, units=text)
    assert burden_of(scheme).due == date(2025, 1, 6)
    assert burden_of(scheme, date(2025, 1, 8)).due == date(2025, 1, 8)
    assert burden_of(scheme_of(indicator(task("1.1", RATIO)))).due is None


def test_a_task_whose_rule_is_still_to_be_written_asks_for_its_materials():
    text = BAISE.replace('rule = { kind = "ratio", target = "10" }', "")
    loaded = load_scheme(text.replace("rule = {", "# rule = {", 1))
    assert loaded.scheme is not None
    found = burden_of(loaded.scheme)
    assert found.materials == burden_of(sound(BAISE)).materials


def test_versions_differ_by_what_a_unit_notices():
    before = burden(task("1.1", RATIO, "5"), task("1.2", RATIO, "5"))
    rows = '[[assignment]]\nunit = "b"\ntask = "1.1"\ntarget = "12"\n'
    after = burden(
        task("1.1", RATIO, "5"),
        task("1.2", RATIO, "5", units='["b", "c"]'),
        task("1.3", GROWTH, "5", units='["c"]'),
        bottom=rows,
    )
    found = burden_changes(before, after)
    assert {unit: [(one.word, one.task.id) for one in change.requests] for unit, change in found.items()} == {
        "a": [("删去", "1.2")],
        "b": [("修改", "1.1")],
        "c": [("新增", "1.3")],
    }  # fmt: skip
    assert (found["a"].tasks, found["a"].values, found["a"].materials) == (-1, -1, -1)
    assert (found["c"].tasks, found["c"].values, found["c"].materials) == (1, 2, 1)
    assert found["b"].tasks == 0


SCHEME = sound(BAISE)
CELLS = [(unit, name) for name, units in SCHEME.units_of_task.items() for unit in units]


def with_excused(cells):
    rows = {(row.unit, row.task): row for row in SCHEME.assignments}
    rows |= {(unit, name): Assignment(unit, name, not_applicable=True) for unit, name in cells}
    return replace(SCHEME, assignments=tuple(rows.values()))


@settings(deadline=None)
@given(st.sets(st.sampled_from(CELLS)))
def test_the_whole_is_the_sum_of_the_cells_that_apply(cells):
    scheme = with_excused(cells)
    found = burden_of(scheme)
    applying = [cell for cell in CELLS if not scheme.assignment(*cell).not_applicable]
    assert found.tasks == len(applying)
    assert found.materials == sum(len(scheme.task_by_id[name].catalogue) for _, name in applying)
    assert all(one.documents <= one.materials for one in found.units)
    assert sum(one.tasks + len(one.not_applicable) for one in found.units) == len(CELLS)


@settings(deadline=None)
@given(st.sets(st.sampled_from(CELLS)))
def test_excusing_cells_changes_exactly_the_units_concerned(cells):
    before, after = burden_of(SCHEME), burden_of(with_excused(cells))
    newly = {cell for cell in cells if not SCHEME.assignment(*cell).not_applicable}
    changes = burden_changes(before, after)
    dropped = {(unit, one.task.id) for unit, change in changes.items() for one in change.requests}
    assert dropped == newly
    assert sum(change.tasks for change in changes.values()) == -len(newly)
    assert burden_changes(after, after) == {}
