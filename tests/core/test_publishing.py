"""Publishing: a scheme's units and sections tied to registered ones, and who scores what of whom."""

from __future__ import annotations

from dataclasses import dataclass

from kaoping.core.acts.setting_up import Cell
from kaoping.core.publishing import data_owners, indicator_duties, tie
from kaoping.core.scheme import Scheme, load_scheme
from tests.examples import CITY


def read(text: str) -> Scheme:
    scheme = load_scheme(text).scheme
    assert scheme is not None
    return scheme


TEXT = (CITY / "scheme.toml").read_text("utf-8")
SCHEME = read(TEXT)


@dataclass
class House:
    id: str
    code: str
    name: str


UNITS = [House(f"u-{unit.id}", unit.id, unit.name) for unit in SCHEME.units]
SECTIONS = [House(f"s-{section.id}", section.id, section.name) for section in SCHEME.sections]


def test_everything_is_found_by_its_code():
    ties = tie(SCHEME, UNITS, SECTIONS)
    assert (ties.missing, ties.idle) == ((), ())
    assert {t.code: t.house for t in ties.units}["教育局"] == "u-教育局"


def test_what_the_act_says_is_what_the_scheme_says():
    duties = indicator_duties(SCHEME, tie(SCHEME, UNITS, SECTIONS))
    assert [d.indicator for d in duties] == [i.id for i in SCHEME.indicators]
    for duty, one in zip(duties, SCHEME.indicators, strict=True):
        assert duty.responsible_section == f"s-{one.responsible_section}"
        assert duty.tasks == tuple(task.id for task in one.tasks)
        cells = {(unit, task) for unit in duty.assessed_units for task in duty.tasks} - {
            (cell.unit, cell.task) for cell in duty.not_applicable
        }
        assert cells == {
            (f"u-{unit}", task.id)
            for task in one.tasks
            for unit in SCHEME.units_of_task[task.id]
            if not SCHEME.assignment(unit, task.id).not_applicable
        }
    assert Cell("u-林业局", "1.2") in duties[0].not_applicable


def test_groups_and_all_mean_every_unit_in_them():
    units = 'units = ["工信局", "交通局", "住建局", "水利局", "农业农村局", "文旅局", "教育局", "卫健委", "自然资源局", "生态环境局", "林业局", "百东新区"]'
    scheme = read(TEXT.replace(units, 'units = ["社会服务组"]'))
    duty = indicator_duties(scheme, tie(scheme, UNITS, SECTIONS))[0]
    group = [f"u-{unit.id}" for unit in scheme.units if unit.group == "社会服务组"]
    assert duty.assessed_units == tuple(group)


def test_a_name_or_an_alias_will_do_where_only_one_has_it():
    others = [House("x", "99", "市发改委"), *(u for u in UNITS if u.code != "发展改革委")]
    assert {t.code: t.house for t in tie(SCHEME, others, SECTIONS).units}["发展改革委"] == "x"
    twins = [House("a", "1", "市教育局"), House("b", "2", "市教育局")]
    ties = tie(SCHEME, [*twins, *(u for u in UNITS if u.code != "教育局")], SECTIONS)
    assert {t.code: t.house for t in ties.units}["教育局"] == ""


def test_what_neither_scores_nor_is_assessed_need_not_be_registered():
    without = [unit for unit in UNITS if unit.code not in ("统计局", "教育局")]
    missing = {t.code for t in tie(SCHEME, without, SECTIONS[1:]).missing}
    assert missing == {"教育局"}


def test_a_section_that_is_named_and_not_listed_is_missing_too():
    scheme = read(TEXT.replace('responsible_section = "投资科"', 'responsible_section = "某科"'))
    assert [t.code for t in tie(scheme, UNITS, SECTIONS).missing] == ["某科"]
    ties = tie(scheme, UNITS, [*SECTIONS, House("n", "77", "某科")])
    assert indicator_duties(scheme, ties)[0].responsible_section == "n"


def test_a_section_named_twice_stands_once():
    text = TEXT.replace(
        'cooperating_sections = ["社会科"',
        'cooperating_sections = ["投资科", "社会科", "社会科"',
        1,
    )
    scheme = read(text)
    duty = indicator_duties(scheme, tie(scheme, UNITS, SECTIONS))[0]
    sections = (duty.responsible_section, *duty.cooperating_sections)
    assert len(set(sections)) == len(sections)


def test_an_indicator_without_units_is_idle():
    text = "\n".join(
        "units = []" if line.startswith("units = ") else line for line in TEXT.split("\n")
    )
    scheme = read(text)
    assert tie(scheme, UNITS, SECTIONS).idle == tuple(one.name for one in scheme.indicators)


# --- owners of data -------------------------------------------------------------------------------


def test_owners_are_found_among_sections_and_units_by_code_name_or_alias():
    owners = {one.task: one.owner for one in data_owners(SCHEME, tie(SCHEME, UNITS, SECTIONS))}
    named = {
        task.id: task.data_owner
        for one in SCHEME.indicators
        for task in one.tasks
        if task.data_owner
    }
    assert owners.keys() == named.keys()
    assert {named[task] for task, owner in owners.items() if owner == "u-统计局"} == {"统计局"}
    assert {named[task] for task, owner in owners.items() if owner == "s-营商科"} == {"营商科"}


def test_an_owner_outside_the_platform_is_nobody():
    elsewhere = [one for one in UNITS if one.code != "统计局"]
    owners = data_owners(SCHEME, tie(SCHEME, elsewhere, SECTIONS))
    assert owners
    assert "u-统计局" not in {one.owner for one in owners}
    assert all(one.owner for one in owners)
