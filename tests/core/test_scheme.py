"""Reading a scheme file: every fault of its form at once, each with its place; never a traceback."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from kaoping.core.check.checking import check_scheme
from kaoping.core.problems import CATALOGUE, Severity, blocking
from kaoping.core.rules import Ties
from kaoping.core.scheme import (
    MAX_TEXT,
    Effect,
    Late,
    NotApplicable,
    Period,
    StepKind,
    Totals,
    Treatment,
    load_scheme,
)
from tests.core.scheme_faults import vetoed
from tests.core.schemes import (
    BAISE,
    CALENDAR,
    COUNTY,
    GONE,
    edited,
    form_faults,
    found,
    loaded,
    read_or_refused,
    scheme,
    sound,
)

ONE = "indicator/0/task/0"
TWO = "indicator/0/task/1"
AT_ONE = "indicator[1].task[1.1]"
AT_TWO = "indicator[1].task[1.2]"

# Every fault stands at another path, so that all of them fit into one file.
FAULTS: list[tuple[str, object, str, str]] = [
    ("format", "kaoping-scheme/2", "FORMAT-UNKNOWN", "format"),
    ("title", GONE, "KEY-MISSING", "title"),
    ("issuer", 5, "VALUE-UNKNOWN", "issuer"),
    ("document_number", ["1号"], "VALUE-UNKNOWN", "document_number"),
    ("year", "２０２４", "VALUE-UNKNOWN", "year"),
    ("data_cutoff", "2024-02-30", "VALUE-UNKNOWN", "data_cutoff"),
    ("issue_date", 20240315, "VALUE-UNKNOWN", "issue_date"),
    ("places", 7, "VALUE-UNKNOWN", "places"),
    ("ties", "olympic", "VALUE-UNKNOWN", "ties"),
    ("not_applicable", "share:1.1", "VALUE-UNKNOWN", "not_applicable"),
    ("totals", "mean", "VALUE-UNKNOWN", "totals"),
    ("late", True, "VALUE-UNKNOWN", "late"),
    ("addressees", 5, "VALUE-UNKNOWN", "addressees"),
    ("requirements", ["一", 1], "VALUE-UNKNOWN", "requirements"),
    ("annexes", {"1": "附件"}, "VALUE-UNKNOWN", "annexes"),
    ("colour", "red", "KEY-UNKNOWN", "colour"),
    ("indicators", [], "KEY-UNKNOWN", "indicators"),
    ("case", 5, "VALUE-UNKNOWN", "case"),
    ("step/0/kind", "dance", "VALUE-UNKNOWN", "step[收集].kind"),
    ("step/1/due", GONE, "KEY-MISSING", "step[评分].due"),
    ("step/2/from", "soon", "VALUE-UNKNOWN", "step[核验].from"),
    ("step/3/inputs", 5, "VALUE-UNKNOWN", "step[汇总].inputs"),
    ("step/4/owner", "督考科", "KEY-UNKNOWN", "step[报送].owner"),
    ("step/4/kind", GONE, "KEY-MISSING", "step[报送].kind"),
    ("section/0/id", GONE, "KEY-MISSING", "section[#1].id"),
    ("unit/0/id", "", "KEY-MISSING", "unit[#1].id"),
    ("unit/1/aliases", [1], "VALUE-UNKNOWN", "unit[甲局].aliases"),
    ("unit/2/group", 5, "VALUE-UNKNOWN", "unit[乙局].group"),
    ("unit/3/phone", "1", "KEY-UNKNOWN", "unit[丙局].phone"),
    ("indicator/0/name", "", "KEY-MISSING", "indicator[1].name"),
    ("indicator/0/points", 10, "NUMBER-NOT-TEXT", "indicator[1].points"),
    ("indicator/0/scale", "1e2", "NUMBER-NOT-TEXT", "indicator[1].scale"),
    ("indicator/0/cap", "NaN", "NUMBER-NOT-TEXT", "indicator[1].cap"),
    ("indicator/0/floor", "−1", "NUMBER-NOT-TEXT", "indicator[1].floor"),
    ("indicator/0/lead_unit", ["考评办"], "VALUE-UNKNOWN", "indicator[1].lead_unit"),
    ("indicator/0/cooperating_units", 5, "VALUE-UNKNOWN", "indicator[1].cooperating_units"),
    ("indicator/0/contact/liaison", 5, "VALUE-UNKNOWN", "indicator[1].contact.liaison"),
    ("indicator/0/contact/fax", "1", "KEY-UNKNOWN", "indicator[1].contact.fax"),
    ("indicator/0/weight", "0.1", "KEY-UNKNOWN", "indicator[1].weight"),
    (f"{ONE}/name", 1.1, "VALUE-UNKNOWN", f"{AT_ONE}.name"),
    (f"{ONE}/points", 6.0, "NUMBER-NOT-TEXT", f"{AT_ONE}.points"),
    (f"{ONE}/standard", 5, "VALUE-UNKNOWN", f"{AT_ONE}.standard"),
    (f"{ONE}/bonus", "true", "VALUE-UNKNOWN", f"{AT_ONE}.bonus"),
    (f"{ONE}/not_applicable", "zero", "VALUE-UNKNOWN", f"{AT_ONE}.not_applicable"),
    (f"{ONE}/period", "2024", "VALUE-UNKNOWN", f"{AT_ONE}.period"),
    (f"{ONE}/units", {"甲局": True}, "VALUE-UNKNOWN", f"{AT_ONE}.units"),
    (f"{ONE}/data_owner", 5, "VALUE-UNKNOWN", f"{AT_ONE}.data_owner"),
    (f"{ONE}/verification_standard", 5, "VALUE-UNKNOWN", f"{AT_ONE}.verification_standard"),
    (f"{ONE}/rule/target", 100.0, "NUMBER-NOT-TEXT", f"{AT_ONE}.rule.target"),
    (f"{ONE}/rule/ceiling", "1", "PARAMETER-UNKNOWN", f"{AT_ONE}.rule.ceiling"),
    (f"{ONE}/value/decimals", -1, "VALUE-UNKNOWN", f"{AT_ONE}.value.decimals"),
    (f"{ONE}/value/max", 300, "NUMBER-NOT-TEXT", f"{AT_ONE}.value.max"),
    (f"{ONE}/value/unit", "%", "KEY-UNKNOWN", f"{AT_ONE}.value.unit"),
    (f"{ONE}/inputs/previous", 5, "VALUE-UNKNOWN", f"{AT_ONE}.inputs.previous"),
    (f"{ONE}/catalogue/0/name", GONE, "KEY-MISSING", f"{AT_ONE}.catalogue[1.1-1].name"),
    (f"{ONE}/catalogue/0/required", "no", "VALUE-UNKNOWN", f"{AT_ONE}.catalogue[1.1-1].required"),
    (f"{ONE}/veto", [{"name": "造假"}], "KEY-MISSING", f"{AT_ONE}.veto[造假].effect"),
    (f"{TWO}/name", GONE, "KEY-MISSING", f"{AT_TWO}.name"),
    (f"{TWO}/points", "-4", "VALUE-UNKNOWN", f"{AT_TWO}.points"),
    (f"{TWO}/rule/kind", "magic", "RULE-UNKNOWN", f"{AT_TWO}.rule.kind"),
    (f"{TWO}/catalogue", "日志", "VALUE-UNKNOWN", f"{AT_TWO}.catalogue"),
    (
        "grade",
        [{"name": "优", "from": 90}, {"name": "良", "from": "0"}],
        "NUMBER-NOT-TEXT",
        "grade[优].from",
    ),
    (
        "assignment",
        [{"unit": "甲局", "task": "1.1", "targets": {"率": "9%"}}],
        "NUMBER-NOT-TEXT",
        "assignment[甲局 1.1].targets.率",
    ),
    (
        "accepted",
        [{"code": "BURDEN", "where": "x", "reason": "已核对"}],
        "KEY-MISSING",
        "accepted[#1].by",
    ),
]


def id_of(value: object) -> str:
    return value if isinstance(value, str) and len(value) < 60 else type(value).__name__


def test_the_sound_scheme_has_no_fault():
    assert form_faults() == []


@pytest.mark.parametrize(("path", "value", "code", "where"), FAULTS, ids=id_of)
def test_one_fault_of_form_is_told_alone_at_its_place(path, value, code, where):
    assert form_faults({path: value}) == [(code, where)]


def test_all_faults_of_a_file_are_listed_at_once():
    changes = {path: value for path, value, _, _ in FAULTS}
    assert len(changes) >= 50
    # An unreadable rule has no parameters to speak about; everything else is told.
    expected = Counter((code, where) for _, _, code, where in FAULTS)
    assert Counter(form_faults(changes)) == expected


def test_check_lists_what_reading_found_and_more():
    changes = {path: value for path, value, _, _ in FAULTS}
    problems = Counter(found(check_scheme(loaded(changes), CALENDAR)))
    assert not Counter(form_faults(changes)) - problems


def test_hundreds_of_faults_are_listed_too():
    units = [{"id": f"u{n}", "colour": n} for n in range(500)]
    assert form_faults({"unit": units}) == [
        ("KEY-UNKNOWN", f"unit[u{n}].colour") for n in range(500)
    ]


def test_every_problem_of_form_says_what_is_wrong_and_what_to_do():
    for problem in loaded({path: value for path, value, _, _ in FAULTS}).problems:
        assert problem.message
        assert problem.suggestion
        assert problem.code in CATALOGUE
        assert problem.severity is Severity.A


@pytest.mark.parametrize("text", ["x" * 10_000, "\n" * 10_000, "汉" * 10_000])
def test_a_wrong_value_is_not_repeated_at_length(text):
    (problem,) = loaded({"ties": text}).problems
    assert len(problem.message) < 200
    assert "\n" not in problem.message


# --- what is no scheme file ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "= 1",
        "title = ",
        "title = 小县",
        'title = "小县',
        "title = “小县”",
        'title = "a"\ntitle = "b"',
        "[unit]\n[[unit]]",
        "<html></html>",
        "unit,task,value\n甲局,1.1,5",
        "PK\x03\x04\x14\x00",
        "%PDF-1.7",
        "\x00",
        "places = 02",
        "issue_date = 2024-02-30",
        'title = "\\ud800"',
    ],
)
def test_what_is_not_toml_is_one_problem_and_no_scheme(text):
    read = load_scheme(text)
    assert read.scheme is None
    assert [problem.code for problem in read.problems] == ["FORMAT-UNKNOWN"]
    assert blocking(read.problems)
    assert check_scheme(read, CALENDAR) == read.problems


@pytest.mark.parametrize("text", ["", "\n\n", "# 方案\n", "   \t"])
def test_an_empty_file_lacks_everything_required(text):
    assert set(found(load_scheme(text).problems)) == {
        ("FORMAT-UNKNOWN", "format"),
        *(("KEY-MISSING", key) for key in ("title", "issuer", "year", "data_cutoff", "indicator")),
    }


def test_too_long_a_file_is_refused_unread():
    before = time.process_time()
    read = load_scheme("=" * (MAX_TEXT + 1))
    assert time.process_time() - before < 1
    assert [problem.code for problem in read.problems] == ["FORMAT-UNKNOWN"]


DIGITS = "1" * 5000
ATTACKS = {
    "a number of 5000 digits": f"year = {DIGITS}",
    "a number of 5000 digits, unknown key": f"x = {DIGITS}",
    "a hexadecimal number of 5000 digits": f"title = 0x{'f' * 5000}",
    "such a year": f"year = 0x{'f' * 5000}",
    "such a choice": f"ties = 0x{'f' * 5000}",
    "such a number of points": f"[[indicator]]\nid = '1'\npoints = 0x{'f' * 5000}",
    "such a kind of rule": f"[[indicator]]\n[[indicator.task]]\nrule = {{ kind = 0x{'f' * 5000} }}",
    "such a number in a list": f"addressees = [0x{'f' * 5000}]",
    "an infinite year": "year = inf",
    "a year that is no number": "year = nan",
    "a number with a great exponent": "year = 1e999999",
    "deep lists": f"title = {'[' * 100_000}",
    "deep closed lists": f"title = {'[' * 400}{']' * 400}",
    "deep tables": f"title = {'{a=' * 100_000}",
    "a long dotted key": f"title{'.a' * 5000} = 1",
    "a long dotted unknown key": f"x{'.a' * 5000} = 1",
    "a long dotted table": f"[title{'.a' * 5000}]\nx = 1",
    "a long dotted choice": f"ties{'.a' * 5000} = 1",
    "a long dotted rule": f"[[indicator]]\n[[indicator.task]]\nrule{'.a' * 5000} = 1",
    "a long dotted input": f"[[indicator]]\n[[indicator.task]]\ninputs{'.a' * 5000} = 1",
    "a long dotted target": f"[[assignment]]\ntargets{'.a' * 5000} = 1",
    "a long key": f"{'x' * 100_000} = 1",
    "a long name": f"[[unit]]\nid = '{'x' * 1_000_000}'\ny = 1",
    "five thousand empty rows": "[[unit]]\n" * 5000,
    "control characters": 'title = "\\u0000\\u0007\\u001b[2J"',
    "text from right to left": 'title = "\\u202e\\u2066"',
    "an empty key": '"" = 1',
    "a dotted unit": '[[unit]]\nid = "a].b[c"\nx = 1',
}


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS.keys())
def test_hostile_input_is_listed_in_bounded_time(text):
    before = time.process_time()
    read = read_or_refused(text)
    assert time.process_time() - before < 2
    assert read is None or read.problems


# --- numbers, dates, choices -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        6,
        6.0,
        0,
        -1,
        float("nan"),
        float("inf"),
        "６",
        "6e0",
        "6.",
        ".6",
        "6%",
        "6分",
        "NaN",
        "1,000",
    ],
)
def test_points_are_text_in_quotes(value):
    assert form_faults({f"{ONE}/points": value}) == [("NUMBER-NOT-TEXT", f"{AT_ONE}.points")]


@pytest.mark.parametrize("value", [True, [], ["6"], {"is": "6"}, date(2024, 1, 1)])
def test_points_are_no_other_thing(value):
    ((code, where),) = form_faults({f"{ONE}/points": value})
    assert (code in ("NUMBER-NOT-TEXT", "VALUE-UNKNOWN"), where) == (True, f"{AT_ONE}.points")


@pytest.mark.parametrize(
    ("text", "points"), [("6", "6"), ("6.00", "6.00"), ("+6", "6"), (" 6 ", "6"), ("06", "6")]
)
def test_points_are_kept_exactly(text, points):
    read = scheme({f"{ONE}/points": text}).task_by_id["1.1"].points
    assert str(read) == points


@pytest.mark.parametrize("value", [date(2024, 12, 31), "2024-12-31"])
def test_a_date_is_a_toml_date_or_text(value):
    assert scheme({"data_cutoff": value}).data_cutoff == date(2024, 12, 31)


@pytest.mark.parametrize(
    "value",
    ["2024-12-32", "2024/12/31", "2024年12月31日", "2024-12-31T00:00:00", 20241231, True, ""],
)
def test_anything_else_is_no_date(value):
    ((_, where),) = form_faults({"data_cutoff": value})
    assert where == "data_cutoff"


@pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01", "1899-12-31", "2201-01-01"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_day_no_calendar_reaches_is_no_date(text, quote):
    read = load_scheme(f"format = 'kaoping-scheme/1'\nissue_date = {quote}{text}{quote}")
    assert ("VALUE-UNKNOWN", "issue_date") in [(p.code, p.where) for p in read.problems]


def test_an_instant_is_no_date():
    text = edited().replace("data_cutoff = 2024-12-31", "data_cutoff = 2024-12-31T08:00:00Z")
    assert found(load_scheme(text).problems) == [("VALUE-UNKNOWN", "data_cutoff")]


@pytest.mark.parametrize("value", [1989, 2201, "24", 24.0, "２０２４", "-2024", "+2024", True, ""])
def test_a_year_is_a_whole_number_of_our_time(value):
    assert form_faults({"year": value}) == [("VALUE-UNKNOWN", "year")]


@pytest.mark.parametrize(("places", "read"), [(0, 0), (6, 6), ("3", 3)])
def test_places_are_nought_to_six(places, read):
    assert scheme({"places": places}).places == read


@pytest.mark.parametrize("places", [-1, 7, 2.0, "2.0", "二", True, "2 "])
def test_other_places_are_refused(places):
    assert form_faults({"places": places}) == [("VALUE-UNKNOWN", "places")]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("rescale", NotApplicable(Treatment.RESCALE)),
        ("full", NotApplicable(Treatment.FULL)),
        ("mean", NotApplicable(Treatment.MEAN)),
        ("drop", NotApplicable(Treatment.DROP)),
        ("share:0.6", NotApplicable(Treatment.SHARE, Decimal("0.6"))),
        ("share:0", NotApplicable(Treatment.SHARE, Decimal(0))),
        ("share:1", NotApplicable(Treatment.SHARE, Decimal(1))),
    ],
)
def test_treatments_of_what_does_not_apply(text, read):
    assert scheme({"not_applicable": text}).not_applicable == read
    assert scheme({f"{ONE}/not_applicable": text}).task_by_id["1.1"].not_applicable == read


@pytest.mark.parametrize(
    "text",
    [
        "share",
        "share:",
        "share:1.01",
        "share:-0.1",
        "share:60%",
        "share:x",
        "full:1",
        "none",
        "FULL",
        1,
    ],
)
def test_other_treatments_are_refused(text):
    ((code, where),) = form_faults({"not_applicable": text})
    assert (code in ("VALUE-UNKNOWN", "NUMBER-NOT-TEXT"), where) == (True, "not_applicable")


@pytest.mark.parametrize(
    "value",
    [
        {"from": date(2024, 7, 1), "to": "2024-12-31"},
        "2024-07-01..2024-12-31",
        "2024-07-01 .. 2024-12-31",
    ],
)
def test_a_period_has_two_spellings(value):
    read = scheme({f"{ONE}/period": value}).task_by_id["1.1"].period
    assert read == Period(date(2024, 7, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("value", "code", "key"),
    [
        ({"from": "2024-07-01"}, "KEY-MISSING", ".to"),
        ({"to": "2024-07-01"}, "KEY-MISSING", ".from"),
        ("2024-07-01..2024-06-30", "VALUE-UNKNOWN", ".to"),
        ("2024-07-01..下半年", "VALUE-UNKNOWN", ".to"),
        ({"from": "2024-07-01", "to": "2024-12-31", "half": 2}, "KEY-UNKNOWN", ".half"),
        (2024, "VALUE-UNKNOWN", ""),
    ],
)
def test_a_period_has_two_days_in_order(value, code, key):
    assert form_faults({f"{ONE}/period": value}) == [(code, f"{AT_ONE}.period{key}")]


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("title", "title"),
        ("issuer", "issuer"),
        ("unit/3/id", "unit["),
        ("indicator/0/name", "indicator[1].name"),
        (f"{ONE}/id", "indicator[1].task["),
        ("step/4/name", "step["),
        (f"{ONE}/catalogue/0/id", f"{AT_ONE}.catalogue["),
    ],
)
def test_white_space_is_no_text_where_text_is_required(path, where):
    assert [
        code
        for code, place in form_faults({path: " \u3000\n", f"{ONE}/units": ["甲局"]})
        if place.startswith(where)
    ] == ["KEY-MISSING"]


@pytest.mark.parametrize("path", ["unit", "section", "step", "grade", "assignment", "accepted"])
@pytest.mark.parametrize("row", [5, "甲局", [], True])
def test_a_row_that_is_no_table_is_told_with_its_number(path, row):
    rows = sound().get(path, [])
    (fault,) = form_faults({path: [*rows, row]})
    assert fault[0] == "VALUE-UNKNOWN"
    assert fault[1].startswith(path)
    assert str(len(rows) + 1) in fault[1]


@pytest.mark.parametrize("value", [{}, "甲局", 5])
def test_a_list_of_tables_is_a_list(value):
    assert ("VALUE-UNKNOWN", "unit") in form_faults({"unit": value})


@pytest.mark.parametrize("path", ["indicator", "indicator/0/task"])
@pytest.mark.parametrize("value", [GONE, []])
def test_there_is_at_least_one_indicator_and_one_task(path, value):
    where = path.replace("/0/", "[1].")
    assert form_faults({path: value}) == [("KEY-MISSING", where)]


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("step/4/name", "step[#5].name"),
        ("indicator/0/id", "indicator[#1].id"),
        ("indicator/0/points", "indicator[1].points"),
        (f"{ONE}/id", "indicator[1].task[#1].id"),
        (f"{ONE}/points", f"{AT_ONE}.points"),
        (f"{ONE}/rule", f"{AT_ONE}.rule"),
        (f"{ONE}/catalogue/0/id", f"{AT_ONE}.catalogue[#1].id"),
    ],
)
def test_what_is_required_is_missed(path, where):
    assert form_faults({path: GONE}) == [("KEY-MISSING", where)]


@pytest.mark.parametrize(
    ("row", "key"), [({"name": "优"}, "[优].from"), ({"from": "1"}, "[#1].name")]
)
def test_a_grade_has_a_name_and_a_beginning(row, key):
    assert form_faults({"grade": [row]}) == [("KEY-MISSING", f"grade{key}")]


@pytest.mark.parametrize(
    ("effect", "tasks", "code"),
    [
        ("zero-tasks", GONE, "KEY-MISSING"),
        ("zero-tasks", [], "KEY-MISSING"),
        ("zero-tasks", [""], "KEY-MISSING"),
        ("zero-tasks", 5, "VALUE-UNKNOWN"),
        ("zero-task", ["1.2"], "KEY-UNKNOWN"),
        ("zero-total", ["1.2"], "KEY-UNKNOWN"),
        ("no-award", [], "KEY-UNKNOWN"),
        ("zero-tasks", ["1.2"], ""),
        ("zero-tasks", "1.2", ""),
        ("zero-task", GONE, ""),
    ],
)
def test_a_veto_names_the_tasks_it_zeroes_and_no_other_does(effect, tasks, code):
    changes = vetoed(effect=effect, tasks=tasks)
    assert form_faults(changes) == ([(code, f"{AT_ONE}.veto[造假].tasks")] if code else [])


def test_an_effect_that_could_not_be_read_is_complained_about_once():
    changes = vetoed(effect="zero", tasks=["1.2"])
    assert form_faults(changes) == [("VALUE-UNKNOWN", f"{AT_ONE}.veto[造假].effect")]


@pytest.mark.parametrize("scale", ["0", "-1"])
def test_a_scale_is_above_zero(scale):
    assert form_faults({"indicator/0/scale": scale}) == [("VALUE-UNKNOWN", "indicator[1].scale")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ({"task": "1.1"}, ("KEY-MISSING", "assignment[#1].unit")),
        ({"unit": "甲局"}, ("KEY-MISSING", "assignment[#1].task")),
        ({"state": "absent"}, ("VALUE-UNKNOWN", "assignment[甲局 1.1].state")),
        ({"target": 5}, ("NUMBER-NOT-TEXT", "assignment[甲局 1.1].target")),
        ({"of": "三"}, ("NUMBER-NOT-TEXT", "assignment[甲局 1.1].of")),
        ({"points": ""}, ("NUMBER-NOT-TEXT", "assignment[甲局 1.1].points")),
        ({"targets": "5"}, ("VALUE-UNKNOWN", "assignment[甲局 1.1].targets")),
        ({"goal": "5"}, ("KEY-UNKNOWN", "assignment[甲局 1.1].goal")),
    ],
)
def test_faults_of_an_assignment(rows, expected):
    cell = {} if {"unit", "task"} & rows.keys() else {"unit": "甲局", "task": "1.1"}
    assert form_faults({"assignment": [cell | rows]}) == [expected]


# --- what is read ----------------------------------------------------------------------------------


def test_defaults_are_those_of_the_format():
    read = scheme()
    assert (read.places, read.ties, read.totals, read.late) == (
        2,
        Ties.COMPETITION,
        Totals.NONE,
        Late.FLAG,
    )
    assert read.not_applicable == NotApplicable(Treatment.RESCALE)
    indicator = read.indicator_by_id["1"]
    assert (indicator.scale, indicator.cap, indicator.floor) == (Decimal(10), None, None)
    task = read.task_by_id["1.1"]
    assert (task.bonus, task.not_applicable, task.period, task.data_owner) == (
        False,
        None,
        None,
        "",
    )
    assert task.catalogue[0].required is True
    assert task.form("") == task.form("previous")
    assert (task.form("").decimals, task.form("").max) == (None, None)


def test_a_written_default_is_the_default():
    written = {
        "places": 2,
        "ties": "competition",
        "totals": "none",
        "late": "flag",
        "not_applicable": "rescale",
        "indicator/0/scale": "10",
        f"{ONE}/bonus": False,
        f"{ONE}/catalogue/0/required": True,
    }
    assert scheme(written) == scheme()


@pytest.mark.parametrize(
    ("units", "expanded"),
    [
        (["all"], ("考评办", "甲局", "乙局", "丙局", "丁局")),
        (["经济组"], ("甲局", "乙局", "丙局")),
        ("经济组", ("甲局", "乙局", "丙局")),
        (["丙局", "甲局"], ("甲局", "丙局")),
        (["丁局", "经济组", "甲局", "甲局"], ("甲局", "乙局", "丙局", "丁局")),
        ([], ()),
        ([""], ()),
        (["县甲局"], ()),
        (["没有的组"], ()),
    ],
)
def test_units_are_named_by_id_group_or_all(units, expanded):
    read = scheme({f"{ONE}/units": units, "unit/#new": {"id": "丁局"}})
    assert read.units_of_task["1.1"] == expanded


def test_a_unit_s_own_points_and_treatment_go_before_the_task_s():
    rows = [{"unit": "甲局", "task": "1.1", "points": "5"}]
    read = scheme({"assignment": rows, f"{TWO}/not_applicable": "full", "not_applicable": "drop"})
    one, two = read.task_by_id["1.1"], read.task_by_id["1.2"]
    assert read.points_of("甲局", one) == 5
    assert read.points_of("乙局", one) == 6
    assert read.points_of("甲局", two) == 4
    assert read.treatment(one).treatment is Treatment.DROP
    assert read.treatment(two).treatment is Treatment.FULL


def test_own_points_of_zero_are_not_the_task_s():
    rows = [{"unit": "甲局", "task": "1.1", "points": "0"}]
    read = scheme({"assignment": rows})
    assert read.points_of("甲局", read.task_by_id["1.1"]) == 0


def test_units_are_found_by_every_name():
    names = scheme().unit_ids_by_name
    assert {names["甲局"], names["县甲局"], names["甲"]} == {"甲局"}


def test_white_space_around_a_text_is_no_part_of_it():
    read = scheme({"title": " 小县考评方案\n", f"{ONE}/units": [" 甲局 "]})
    assert (read.title, read.task_by_id["1.1"].units) == ("小县考评方案", ("甲局",))


def test_the_city_example_is_read_without_a_problem():
    read = load_scheme(BAISE)
    assert read.problems == ()
    assert read.scheme is not None
    assert [step.kind for step in read.scheme.steps] == [
        StepKind.COLLECT,
        StepKind.SCORE,
        StepKind.VERIFY,
        StepKind.CONSOLIDATE,
        StepKind.FILE,
    ]
    assert sum(indicator.points for indicator in read.scheme.indicators) == 30
    assert read.scheme.assignment("教育局", "1.1").points == 3
    assert read.scheme.assignment("自然资源局", "1.1").not_applicable
    assert read.scheme.assignment("商务局", "4.2").targets == {
        "签约": Decimal(5),
        "到位资金": Decimal("6.00"),
    }
    assert read.scheme.task_by_id["5.1"].veto[0].effect is Effect.ZERO_TASKS
    assert read.scheme.indicator_of["3.3"].scale == 100


@pytest.mark.parametrize("text", [BAISE, COUNTY], ids=["city", "county"])
def test_a_scheme_read_twice_is_the_same(text):
    assert load_scheme(text).scheme == load_scheme(text).scheme


@pytest.mark.parametrize("ending", ["\r\n", "\n\n"])
def test_line_endings_change_nothing(ending):
    assert load_scheme(edited().replace("\n", ending)).scheme == scheme()
