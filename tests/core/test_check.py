"""Every code about a scheme: one small change to a sound scheme shows it, the sound one is silent."""

import pytest

from kaoping.core.check.checking import check_scheme
from kaoping.core.problems import CATALOGUE
from kaoping.core.scheme import load_scheme
from kaoping.files.holidays import holiday_calendar
from tests.examples import CITY, COUNTY

CALENDAR = holiday_calendar()

SOUND = """
format = "kaoping-scheme/1"
title = "某市2024年度考评方案"
document_number = "某发〔2024〕1号"
issuer = "某市发展和改革委员会"
issue_date = 2024-03-01
year = 2024
data_cutoff = 2024-12-31
totals = "sum"
step = [
    { kind = "collect", name = "收集", from = 2025-01-02, due = 2025-01-10 },
    { kind = "score", name = "评分", from = 2025-01-13, due = 2025-01-17, inputs = ["收集"] },
    { kind = "verify", name = "核验", from = 2025-01-20, due = 2025-01-24, inputs = ["评分"] },
    { kind = "consolidate", name = "汇总", from = 2025-02-05, due = 2025-02-07, inputs = ["核验"] },
    { kind = "file", name = "报送", from = 2025-02-10, due = 2025-02-14, inputs = ["汇总"] },
]
section = [{ id = "s", name = "综合科", unit = "lead" }]
unit = [
    { id = "lead", name = "牵头局" },
    { id = "help", name = "协作局" },
    { id = "a", name = "甲局", aliases = ["甲"] },
    { id = "b", name = "乙局" },
    { id = "c", name = "丙局" },
]
grade = [{ name = "好", from = "80" }, { name = "差", from = "0" }]
assignment = [{ unit = "a", task = "1.1", target = "20" }]

[[indicator]]
id = "1"
name = "项目"
points = "10"
lead_unit = "lead"
responsible_section = "s"
cooperating_sections = ["综合科"]
cooperating_units = ["help"]

[indicator.contact]
responsible_leader = ["甲领导"]
responsible_person = ["乙科长"]
liaison = ["丙联络"]
telephone = ["0000-0000001"]
mailbox = ["c@example.invalid"]

[[indicator.task]]
id = "1.1"
name = "投资"
points = "4"
units = "all"
units = ["a", "b", "c"]
standard = "按完成率计分"
rule = { kind = "ratio", target = "10" }
value = { unit_of_measure = "亿元", decimals = 2, max = "1000" }
data_owner = "lead"
veto = [{ name = "造假", effect = "zero-tasks", tasks = ["1.2"], authority = "市纪委" }]
catalogue = [{ id = "1.1-1", name = "投资凭证" }]

[[indicator.task]]
id = "1.2"
name = "增速"
points = "3"
units = ["a", "b", "c"]
standard = "每低1个百分点扣0.1分"
rule = { kind = "step", target = "mean", measure = "growth", down = { per = "1", points = "0.1" } }
value = { unit_of_measure = "亿元" }
inputs = { previous = { unit_of_measure = "亿元" } }
catalogue = [{ id = "1.2-1", name = "增速凭证" }]

[[indicator.task]]
id = "1.3"
name = "调度"
points = "2"
units = ["a", "b", "c"]
standard = "按分档计分"
rule = { kind = "bands", bands = [{ below = "60", points = "0" }, { from = "60", points = "2" }] }
catalogue = [{ id = "1.3-1", name = "调度记录" }]

[[indicator.task]]
id = "1.4"
name = "月报"
points = "1"
units = ["a", "b", "c"]
standard = "迟报扣分"
rule = { kind = "weighted", parts = [{ name = "甲项", weight = "0.4", rule = { kind = "yes-no" } }, { name = "乙项", weight = "0.6", rule = { kind = "count", start = "full", lines = [{ name = "月报迟报", each = "-0.1" }] } }] }
catalogue = [{ id = "1.4-1", name = "月报原件" }]
""".replace('units = "all"\n', "")

CASES = [
    # code, place, what to change, into what
    ("POINTS-SUM", "indicator[1].points", 'points = "3"', 'points = "3.5"'),
    ("WEIGHT-SUM", "indicator[1].task[1.4].rule", 'weight = "0.4"', 'weight = "0.5"'),
    ("BANDS-OVERLAP", "indicator[1].task[1.3].rule.bands", 'from = "60"', 'from = "59"'),
    ("BANDS-GAP", "indicator[1].task[1.3].rule.bands", 'from = "60"', 'from = "61"'),
    ("BANDS-GAP", "indicator[1].task[1.3].rule.bands", '{ below = "60", points = "0" }, ', ""),
    ("TARGET-ZERO", "indicator[1].task[1.1].rule.target", 'target = "10"', 'target = "0"'),
    ("TARGET-ZERO", "indicator[1].task[1.1].rule.target", ', target = "10"', ""),
    ("TARGET-ZERO", "assignment[a 1.1].target", 'target = "20"', 'target = "-1"'),
    ("VETO-NO-AUTHORITY", "indicator[1].task[1.1].veto[造假].authority", "市纪委", ""),
    ("DUTY-VACANT", "indicator[1].contact.liaison", '["丙联络"]', "[]"),
    ("DUTY-VACANT", "indicator[1].contact.responsible_leader", '["甲领导"]', '[""]'),
    ("GRADE-GAP", "grade", 'from = "0"', 'from = "10"'),
    ("GRADE-GAP", "grade", 'from = "0"', 'from = "80"'),
    (
        "BONUS-UNBOUNDED",
        "indicator[1].task[1.2].rule",
        'down = { per = "1", points = "0.1" }',
        'up = { per = "1", points = "0.1" }',
    ),
    ("UNIT-NO-TASKS", "unit[c]", 'units = ["a", "b", "c"]', 'units = ["a", "b"]'),
    ("CATALOGUE-EMPTY", "indicator[1].task[1.3].catalogue", 'catalogue = [{ id = "1.3-1", name = "调度记录" }]', ""),
    ("UNITS-OF-MEASURE", "indicator[1].task[1.2].inputs.previous", '{ previous = { unit_of_measure = "亿元"', '{ previous = { unit_of_measure = "万元"'),
    ("DOUBLE-COUNT", "indicator[1].task[1.4]", '"迟报扣分"', '"按 分档，计分。"'),
    (
        "DOUBLE-COUNT",
        "indicator[1].task[1.4].rule",
        '{ kind = "bands", bands = [{ below = "60", points = "0" }, { from = "60", points = "2" }] }',
        '{ kind = "count", start = "full", lines = [{ name = "月报迟报", each = "-1" }] }',
    ),
    ("RANK-TOO-FEW", "indicator[1].task[1.2].rule", 'name = "丙局" }', 'name = "丙局", group = "另组" }'),
    ("RECUSAL-NEEDED", "indicator[1].cooperating_units", '["help"]', '["b", "help"]'),
    ("RECUSAL-NEEDED", "indicator[1].task[1.1].data_owner", 'data_owner = "lead"', 'data_owner = "b"'),
    ("BURDEN", "indicator[1].task[1.4].standard", "迟报扣分", "获领导批示的加分"),
    ("BURDEN", "indicator[1].task[1.4].catalogue", "月报原件", "调度记录"),
    (
        "BOUNDS-CROSSED",
        "indicator[1].task[1.4].rule.乙项",
        'start = "full"',
        'start = "full", floor = "5"',
    ),
    ("BOUNDS-CROSSED", "indicator[1]", 'points = "10"', 'points = "10"\ncap = "5"\nfloor = "6"'),
    ("UNIT-UNKNOWN", "indicator[1].task[1.3].units", 'units = ["a", "b", "c"]', 'units = ["a", "b", "c", "d"]'),
    ("UNIT-UNKNOWN", "indicator[1].lead_unit", 'lead_unit = "lead"', 'lead_unit = "某局"'),
    ("UNIT-UNKNOWN", "indicator[1].cooperating_units", '["help"]', '["某局"]'),
    ("UNIT-UNKNOWN", "assignment[d 1.1].unit", 'unit = "a", task', 'unit = "d", task'),
    ("UNIT-UNKNOWN", "section[s].unit", 'unit = "lead" }', 'unit = "某局" }'),
    ("UNIT-UNKNOWN", "indicator[1].task[1.1].data_owner", 'data_owner = "lead"', 'data_owner = "某局"'),
    ("SECTION-UNKNOWN", "indicator[1].responsible_section", 'responsible_section = "s"', 'responsible_section = "t"'),
    ("SECTION-UNKNOWN", "indicator[1].cooperating_sections", '["综合科"]', '["某科"]'),
    ("STEP-UNKNOWN", "step[汇总].inputs", 'inputs = ["核验"]', 'inputs = ["审计"]'),
    ("TASK-UNKNOWN", "assignment[a 9.9].task", 'task = "1.1", target', 'task = "9.9", target'),
    ("TASK-UNKNOWN", "indicator[1].task[1.1].veto[造假].tasks", 'tasks = ["1.2"]', 'tasks = ["1.9"]'),
    ("INPUT-UNKNOWN", "indicator[1].task[1.2].inputs.of", "inputs = { previous", "inputs = { of"),
    ("ASSIGNMENT-UNKNOWN", "assignment[help 1.1]", 'unit = "a", task', 'unit = "help", task'),
    ("PARAMETER-UNKNOWN", "assignment[a 1.3].target", 'task = "1.1", target', 'task = "1.3", target'),
    ("PARAMETER-UNKNOWN", "assignment[a 1.1].of", 'target = "20"', 'of = "20"'),
    ("PARAMETER-UNKNOWN", "assignment[a 1.3].points", 'task = "1.1", target', 'task = "1.3", points'),
    ("ID-DUPLICATE", "task[1.3]", 'id = "1.4"\n', 'id = "1.3"\n'),
    ("ID-DUPLICATE", "unit[甲]", 'name = "乙局"', 'name = "甲"'),
    ("ID-DUPLICATE", "unit[b]", 'id = "c"', 'id = "b"'),
    ("ID-DUPLICATE", "unit[a]", 'name = "丙局"', 'name = "丙局", group = "a"'),
    ("ID-DUPLICATE", "grade[好]", 'name = "差"', 'name = "好"'),
    ("SCHED-INPUT-AFTER-CONSUMER", "step[评分]", "due = 2025-01-10", "due = 2025-01-21"),
    ("SCHED-ORDER", "step[核验]", 'from = 2025-01-20, due = 2025-01-24, inputs = ["评分"]', "due = 2025-01-16"),
    ("SCHED-NON-WORKING-DAY", "step[报送].due", "due = 2025-02-14", "due = 2025-02-15"),
    ("SCHED-NON-WORKING-DAY", "step[核验].due", "due = 2025-01-24", "due = 2025-01-28"),
    ("SCHED-SHORT-WINDOW", "step[核验]", "from = 2025-01-20", "from = 2025-01-23"),
    ("SCHED-RETROACTIVE", "issue_date", "issue_date = 2024-03-01", "issue_date = 2024-10-23"),
    ("HOLIDAYS-UNKNOWN", "step[报送].due", "due = 2025-02-14", "due = 2099-02-13"),
    ("ACCEPTED-UNUSED", "accepted[BURDEN grade]", 'totals = "sum"', 'totals = "sum"\naccepted = [{ code = "BURDEN", where = "grade", reason = "无", by = "甲" }]'),
]  # fmt: skip


def problems_of(text):
    return check_scheme(load_scheme(text), CALENDAR)


def changed(old, new):
    assert SOUND.count(old) >= 1, old
    if new and old.startswith("units ="):
        # The third task's units: every task lists the same ones.
        head, tail = SOUND.split('name = "调度"', 1)
        if new == 'units = ["a", "b"]':
            return SOUND.replace(old, new).replace('unit = "a", task', 'unit = "a", task')
        return head + 'name = "调度"' + tail.replace(old, new, 1)
    return SOUND.replace(old, new, 1)


def test_a_sound_scheme_is_silent():
    assert [(p.code, p.where, p.message) for p in problems_of(SOUND)] == []


@pytest.mark.parametrize(("code", "where", "old", "new"), CASES)
def test_one_change_shows_one_code_at_its_place(code, where, old, new):
    found = problems_of(changed(old, new))
    places = [p.where for p in found if p.code == code]
    assert any(place == where or place.startswith(where + ".") for place in places), [
        (p.code, p.where, p.message) for p in found
    ]
    for problem in found:
        assert problem.message
        assert problem.suggestion


def test_a_task_without_units():
    head, tail = SOUND.split('name = "调度"', 1)
    text = head + 'name = "调度"' + tail.replace('["a", "b", "c"]', "[]", 1)
    assert ("TASK-NO-UNITS", "indicator[1].task[1.3].units") in [
        (p.code, p.where) for p in problems_of(text)
    ]


def test_percent_and_percentage_points_are_told_apart():
    text = SOUND.replace("每低1个百分点", "每低1%").replace(
        'value = { unit_of_measure = "亿元" }', 'value = { unit_of_measure = "%" }'
    )
    assert "UNITS-OF-MEASURE" in [p.code for p in problems_of(text)]
    right = SOUND.replace('{ unit_of_measure = "亿元" }', '{ unit_of_measure = "%" }')
    assert "UNITS-OF-MEASURE" not in [p.code for p in problems_of(right)]


def test_four_steps_on_one_day_leave_no_slack():
    text = SOUND
    for day in ("2025-01-17", "2025-01-24", "2025-02-07"):
        text = text.replace(f"due = {day}", "due = 2025-02-14")
    text = text.replace("from = 2025-01-13, ", "").replace("from = 2025-01-20, ", "")
    text = text.replace("from = 2025-02-05, ", "").replace("from = 2025-02-10, ", "")
    assert "SCHED-NO-SLACK" in [p.code for p in problems_of(text)]


MEANING = {
    code
    for code in CATALOGUE
    if code.startswith("SCHED-")
    or code
    in [
        "POINTS-SUM",
        "WEIGHT-SUM",
        "BANDS-OVERLAP",
        "TARGET-ZERO",
        "VETO-NO-AUTHORITY",
        "DUTY-VACANT",
        "BANDS-GAP",
        "GRADE-GAP",
        "BONUS-UNBOUNDED",
        "TASK-NO-UNITS",
        "UNIT-NO-TASKS",
        "CATALOGUE-EMPTY",
        "UNITS-OF-MEASURE",
        "DOUBLE-COUNT",
        "RANK-TOO-FEW",
        "RECUSAL-NEEDED",
        "BURDEN",
        "BOUNDS-CROSSED",
        "ACCEPTED-UNUSED",
        "HOLIDAYS-UNKNOWN",
        "UNIT-UNKNOWN",
        "TASK-UNKNOWN",
        "SECTION-UNKNOWN",
        "STEP-UNKNOWN",
        "ID-DUPLICATE",
    ]
}


def test_every_code_of_meaning_has_its_case():
    shown = {case[0] for case in CASES} | {"SCHED-NO-SLACK", "TASK-NO-UNITS"}
    assert MEANING - shown == set()


def test_dates_of_a_scheme_stop_nobody_unless_an_input_comes_too_late():
    late = problems_of(changed("due = 2025-01-10", "due = 2025-01-21"))
    severities = {p.code: p.severity.value for p in late if p.code.startswith("SCHED-")}
    assert severities.pop("SCHED-INPUT-AFTER-CONSUMER") == "A"
    assert set(severities.values()) <= {"B"}
    short = problems_of(changed("from = 2025-01-20", "from = 2025-01-23"))
    assert [p.severity for p in short if p.code == "SCHED-SHORT-WINDOW"] == ["B"]


def test_what_can_only_be_mended_is_told_so_and_not_called_gone():
    accepted = 'accepted = [{ code = "POINTS-INVALID", where = "X", reason = "无", by = "甲" }]'
    broken = SOUND.replace('points = "4"', 'points = "四"', 1)
    (first,) = [problem for problem in problems_of(broken) if "points" in problem.where]
    accepted = accepted.replace("POINTS-INVALID", first.code).replace('"X"', f'"{first.where}"')
    problems = problems_of(broken.replace('totals = "sum"', f'totals = "sum"\n{accepted}'))
    (left,) = [problem for problem in problems if problem.where == first.where]
    assert not left.accepted
    (unused,) = [problem for problem in problems if problem.code == "ACCEPTED-UNUSED"]
    assert "只能改正" in unused.message
    assert "并未出现" not in unused.message


def test_an_accepted_problem_stays_in_the_list():
    accepted = 'accepted = [{ code = "BURDEN", where = "indicator[1].task[1.4].standard", reason = "看实效", by = "甲" }]'
    text = SOUND.replace("迟报扣分", "获领导批示的加分").replace(
        'totals = "sum"', f'totals = "sum"\n{accepted}'
    )
    (problem,) = problems_of(text)
    assert problem.code == "BURDEN"
    assert problem.accepted


@pytest.mark.parametrize("folder", [CITY, COUNTY], ids=lambda folder: folder.name)
def test_the_examples_have_nothing_to_solve(folder):
    found = problems_of((folder / "scheme.toml").read_text(encoding="utf-8"))
    assert [(p.code, p.where) for p in found if p.severity == "A"] == []
    assert all(p.accepted for p in found)
