"""What a scheme means: each code shown by the smallest fault, silent on the nearest sound scheme."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kaoping.core.calendar import Calendar
from kaoping.core.check.checking import check_scheme
from kaoping.core.problems import CATALOGUE, Severity, blocking
from kaoping.core.scheme import load_scheme
from kaoping.files.holidays import holiday_calendar
from tests.core import faults_around_rules as around
from tests.core import faults_in_rules as inside
from tests.core.scheme_faults import (
    AT_ONE,
    AT_TWO,
    ONE,
    RATIO,
    TWO,
    YES,
    Case,
    Changes,
    rule,
)
from tests.core.schemes import (
    BAISE,
    CALENDAR,
    COUNTY,
    GONE,
    ROOT,
    faults,
    found,
    loaded,
    part,
    sound,
    task,
)

CASES = [
    *inside.POINTS,
    *inside.BANDS,
    *inside.TARGETS,
    *inside.LIMITS,
    *around.PEOPLE,
    *around.MATRIX,
    *around.CONTENT,
    *around.REFERENCES,
    *around.TWICE,
    *around.DATES,
]
EVERY = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.name}")


def beside(case: Case, problems: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, where) for code, where in problems if code not in case.also]


def test_the_sound_scheme_is_silent():
    assert faults() == []


@EVERY
def test_a_fault_is_shown_at_its_place_and_nothing_else(case: Case):
    assert beside(case, faults(case.wrong)) == [(case.code, case.where)]


@EVERY
def test_the_nearest_sound_scheme_is_silent(case: Case):
    assert beside(case, faults(case.sound)) == []


def test_every_code_of_a_scheme_is_shown():
    """The codes written in the modules that check schemes, and those of this table, are the same."""
    core = ROOT / "src" / "kaoping" / "core"
    sources = [*core.glob("check/*.py"), core / "schedule.py"]
    written = {
        code
        for source in sources
        for code in re.findall(r'"([A-Z]+(?:-[A-Z]+)*)"', source.read_text("utf-8"))
    }
    assert written & CATALOGUE.keys() == {case.code for case in CASES} | {"ACCEPTED-UNUSED"}


def test_all_faults_are_listed_at_once():
    changes: Changes = {
        f"{TWO}/points": "5",
        f"{ONE}/catalogue": GONE,
        "indicator/0/lead_unit": "甲局",
        "section/0/unit": "丁局",
        "issue_date": date(2024, 12, 1),
    }
    assert set(faults(changes)) == {
        ("POINTS-SUM", "indicator[1].points"),
        ("CATALOGUE-EMPTY", f"{AT_ONE}.catalogue"),
        ("RECUSAL-NEEDED", "indicator[1].lead_unit"),
        ("UNIT-UNKNOWN", "section[督考科].unit"),
        ("SCHED-RETROACTIVE", "issue_date"),
        ("UNIT-NO-TASKS", "unit[考评办]"),
    }


def test_a_scheme_may_have_no_steps_yet():
    assert faults({"step": []}) == []


def test_the_calendar_handed_in_decides():
    assert faults(calendar=Calendar(frozenset(), frozenset(), frozenset())) == [
        ("HOLIDAYS-UNKNOWN", "step[收集].due")
    ]


# --- stand-ins -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (f"{ONE}/points", 6, ("NUMBER-NOT-TEXT", f"{AT_ONE}.points")),
        (f"{ONE}/points", GONE, ("KEY-MISSING", f"{AT_ONE}.points")),
        ("indicator/0/points", 10, ("NUMBER-NOT-TEXT", "indicator[1].points")),
        ("indicator/0/scale", 10.0, ("NUMBER-NOT-TEXT", "indicator[1].scale")),
        (f"{ONE}/rule/target", 100, ("NUMBER-NOT-TEXT", f"{AT_ONE}.rule.target")),
        (f"{ONE}/units", 5, ("VALUE-UNKNOWN", f"{AT_ONE}.units")),
        ("indicator/0/contact/liaison", 5, ("VALUE-UNKNOWN", "indicator[1].contact.liaison")),
        ("indicator/0/contact", 5, ("VALUE-UNKNOWN", "indicator[1].contact")),
        ("indicator/0/lead_unit", 5, ("VALUE-UNKNOWN", "indicator[1].lead_unit")),
        (f"{ONE}/catalogue", 5, ("VALUE-UNKNOWN", f"{AT_ONE}.catalogue")),
        ("step/0/due", "2025-02-30", ("VALUE-UNKNOWN", "step[收集].due")),
        ("data_cutoff", "年底", ("VALUE-UNKNOWN", "data_cutoff")),
        ("year", "今年", ("VALUE-UNKNOWN", "year")),
    ],
)
def test_a_value_that_could_not_be_read_is_complained_about_once(path, value, expected):
    assert faults({path: value}) == [expected]


def test_a_part_s_unreadable_weight_is_complained_about_once():
    parts = [part("率", RATIO, weight=0.5), part("否", YES, weight="0.5")]
    assert faults(rule("weighted", parts=parts)) == [
        ("NUMBER-NOT-TEXT", f"{AT_ONE}.rule.parts[率].weight")
    ]


def test_a_fault_beside_an_unreadable_value_is_still_found():
    changes = {f"{TWO}/points": 4.0, f"{ONE}/rule/target": "0", "indicator/0/lead_unit": "丁局"}
    assert {
        ("NUMBER-NOT-TEXT", f"{AT_TWO}.points"),
        ("TARGET-ZERO", f"{AT_ONE}.rule.target"),
        ("UNIT-UNKNOWN", "indicator[1].lead_unit"),
    } <= set(faults(changes))


def test_what_is_no_scheme_at_all_has_only_that_problem():
    assert [p.code for p in check_scheme(load_scheme("= 1"), CALENDAR)] == ["FORMAT-UNKNOWN"]


# --- accepting -------------------------------------------------------------------------------------


def accepting(*rows: tuple[str, str]) -> Changes:
    return {
        "accepted": [
            {"code": code, "where": where, "reason": "已核对", "by": "蓝既白"}
            for code, where in rows
        ]
    }


WRONG_TOTAL = {f"{TWO}/points": "5"}
WRONG_PLACE = "indicator[1].points"


def checked(changes: Changes):
    return check_scheme(loaded(changes), CALENDAR)


def test_an_accepted_problem_stays_in_the_list_and_stops_nothing():
    (problem,) = checked(WRONG_TOTAL | accepting(("POINTS-SUM", WRONG_PLACE)))
    assert (problem.code, problem.accepted, problem.severity) == ("POINTS-SUM", True, Severity.A)
    assert blocking([problem]) == ()
    assert problem.as_json()["accepted"] is True


def test_the_same_problem_unaccepted_stops_the_work():
    (problem,) = checked(WRONG_TOTAL)
    assert blocking([problem]) == (problem,)
    assert "accepted" not in problem.as_json()


@pytest.mark.parametrize(
    ("code", "where"),
    [
        ("POINTS-SUM", "indicator[2].points"),
        ("POINTS-SUM", ""),
        ("POINTS-SUM", "indicator"),
        ("WEIGHT-SUM", WRONG_PLACE),
        ("points-sum", WRONG_PLACE),
        ("*", WRONG_PLACE),
    ],
)
def test_accepting_something_else_accepts_nothing(code, where):
    total, unused = checked(WRONG_TOTAL | accepting((code, where)))
    assert (total.code, total.accepted) == ("POINTS-SUM", False)
    assert unused.code == "ACCEPTED-UNUSED"
    assert code in unused.where
    assert where in unused.where
    assert unused.severity is Severity.B


def test_accepting_one_place_leaves_the_same_code_elsewhere():
    gone = {f"{ONE}/catalogue": GONE, f"{TWO}/catalogue": GONE}
    problems = checked(gone | accepting(("CATALOGUE-EMPTY", f"{AT_TWO}.catalogue")))
    assert [(p.where, p.accepted) for p in problems] == [
        (f"{AT_ONE}.catalogue", False),
        (f"{AT_TWO}.catalogue", True),
    ]


def test_a_key_nobody_knows_can_be_accepted():
    (problem,) = checked({"motto": "实干"} | accepting(("KEY-UNKNOWN", "motto")))
    assert problem.accepted


@pytest.mark.parametrize(
    ("path", "value", "code", "where"),
    [
        (f"{ONE}/points", 6, "NUMBER-NOT-TEXT", f"{AT_ONE}.points"),
        (f"{ONE}/points", GONE, "KEY-MISSING", f"{AT_ONE}.points"),
        (f"{ONE}/rule/kind", "ratios", "RULE-UNKNOWN", f"{AT_ONE}.rule.kind"),
        (f"{ONE}/rule/caps", "1", "PARAMETER-UNKNOWN", f"{AT_ONE}.rule.caps"),
        ("ties", "any", "VALUE-UNKNOWN", "ties"),
        (f"{TWO}/id", "1.1", "ID-DUPLICATE", "task[1.1]"),
        ("unit/3/aliases", ["乙局"], "ID-DUPLICATE", "unit[乙局]"),
        ("unit/2/group", "甲局", "ID-DUPLICATE", "unit[甲局]"),
        (
            "assignment",
            [{"unit": "甲局", "task": "1.1", "target": t} for t in "56"],
            "ID-DUPLICATE",
            "assignment[甲局 1.1]",
        ),
    ],
)
def test_what_is_scored_and_not_clear_cannot_be_accepted(path, value, code, where):
    """A stand-in, or one of two, would be scored; nobody has said what was meant."""
    problems = {p.code: p for p in checked({path: value} | accepting((code, where)))}
    assert (problems[code].where, problems[code].accepted) == (where, False)
    assert "ACCEPTED-UNUSED" in problems


def test_a_second_indicator_of_one_id_cannot_be_accepted():
    other = dict(
        sound()["indicator"][0],
        name="另一项",
        task=[task("2.1", "另项", "10", "按率计分。", RATIO, "月报二")],
    )
    changes = {"indicator/#new": other} | accepting(("ID-DUPLICATE", "indicator[1]"))
    assert ("ID-DUPLICATE", False) in [(p.code, p.accepted) for p in checked(changes)]


def test_a_doubled_name_that_finds_no_score_can_be_accepted():
    twice = {"section/#new": {"id": "督考科"}} | accepting(("ID-DUPLICATE", "section[督考科]"))
    (problem,) = checked(twice)
    assert problem.accepted


def test_an_unused_acceptance_cannot_be_accepted_away():
    unused = accepting(("POINTS-SUM", "x"), ("ACCEPTED-UNUSED", "accepted[POINTS-SUM x]"))
    assert ("ACCEPTED-UNUSED", "accepted[POINTS-SUM x]") in faults(unused)


# --- examples --------------------------------------------------------------------------------------


def test_the_city_example_has_nothing_that_stops_the_work():
    assert blocking(check_scheme(load_scheme(BAISE), holiday_calendar())) == ()


def test_the_city_example_uses_every_acceptance():
    assert "ACCEPTED-UNUSED" not in dict(
        found(check_scheme(load_scheme(BAISE), holiday_calendar()))
    )


def test_the_county_example_has_nothing_that_stops_the_work():
    assert blocking(check_scheme(load_scheme(COUNTY), holiday_calendar())) == ()


def test_one_cent_more_in_the_city_example_is_noticed():
    changed = BAISE.replace(
        'id = "1.1"\nname = "完成市层面重大项目年度投资计划"\npoints = "4"',
        'id = "1.1"\nname = "完成市层面重大项目年度投资计划"\npoints = "4.01"',
    )
    assert changed != BAISE
    stopping = blocking(check_scheme(load_scheme(changed), holiday_calendar()))
    assert found(stopping) == [("POINTS-SUM", "indicator[1].points")]


def test_points_are_not_summed_where_the_tasks_are_missing():
    missing = faults({"indicator/0/task": GONE})
    assert ("KEY-MISSING", "indicator[1].task") in missing
    assert "POINTS-SUM" not in {code for code, _ in missing}
    short = faults({f"{TWO}/points": "3"})
    assert ("POINTS-SUM", "indicator[1].points") in short
