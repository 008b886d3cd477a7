"""What a scheme means: each code shown by the smallest fault, silent on the nearest sound scheme."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from kaoping.core.calendar import Calendar
from kaoping.core.check import check_scheme
from kaoping.core.problems import CATALOGUE, Severity, blocking
from kaoping.core.scheme import load_scheme
from kaoping.files.holidays import holiday_calendar
from tests.core.schemes import (
    BAISE,
    CALENDAR,
    COUNTY,
    GONE,
    ROOT,
    faults,
    found,
    line,
    loaded,
    part,
    step,
    task,
)

ONE = "indicator/0/task/0"
TWO = "indicator/0/task/1"
AT_ONE = "indicator[1].task[1.1]"
AT_TWO = "indicator[1].task[1.2]"

Changes = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A fault with its place, and the nearest scheme that has not got it."""

    name: str
    code: str
    where: str
    wrong: Changes
    sound: Changes = field(default_factory=dict)
    also: tuple[str, ...] = ()
    """Codes that belong to the scheme beside the one shown."""


def rule(kind: str, at: str = ONE, **parameters: Any) -> Changes:
    return {f"{at}/rule": {"kind": kind, **parameters}}


def bands(*rows: tuple[str | None, str | None, str], **others: Any) -> Changes:
    names = ("from", "below", "points")
    tables = [{n: v for n, v in zip(names, row, strict=True) if v is not None} for row in rows]
    return rule("bands", bands=tables) | others


def per_unit(*rows: Changes) -> Changes:
    return {"assignment": list(rows)}


def own(unit: str, at: str = "1.1", **values: Any) -> Changes:
    return {"unit": unit, "task": at, **values}


EACH = ("甲局", "乙局", "丙局")
RATIO = {"kind": "ratio", "target": "100"}
YES = {"kind": "yes-no"}
RANK: Changes = {"kind": "rank", "step": "1"}
STEP: Changes = {"kind": "step", "target": "8", "down": {"per": "1", "points": "1"}}
ABSENT = {"state": "not-applicable"}
EXTRA = {"unit/#new": {"id": "丁局"}}
DEPUTY = {**EXTRA, "indicator/0/cooperating_units": ["丁局"]}
GRADES = [{"name": "优", "from": "90"}, {"name": "良", "from": "60"}]


def graded(*rows: Changes) -> Changes:
    return {"grade": list(rows)}


def third(**changes: Any) -> Changes:
    return {"indicator/0/task/#new": task("1.3", "加分", "1", "每项加分。", YES, "文件") | changes}


def vetoed(**changes: Any) -> Changes:
    veto = {"name": "造假", "effect": "zero-task", "authority": "党组会议"} | changes
    return {f"{ONE}/veto": [{k: v for k, v in veto.items() if v is not GONE}]}


def due(position: int, day: date) -> Changes:
    return {f"step/{position}/due": day}


POINTS = [
    Case(
        "tasks above the indicator",
        "POINTS-SUM",
        "indicator[1].points",
        {f"{TWO}/points": "5"},
        {f"{TWO}/points": "5", "indicator/0/scale": "11"},
    ),
    Case("tasks below it", "POINTS-SUM", "indicator[1].points", {f"{TWO}/points": "3.99"}),
    Case(
        "no units at all",
        "POINTS-SUM",
        "indicator[1].points",
        {f"{TWO}/points": "5", "unit": []},
        also=("UNIT-UNKNOWN", "TASK-NO-UNITS"),
    ),
    Case(
        "tasks without units",
        "POINTS-SUM",
        "indicator[1].points",
        {f"{TWO}/points": "5", f"{ONE}/units": [], f"{TWO}/units": []},
        {f"{ONE}/units": [], f"{TWO}/units": []},
        also=("TASK-NO-UNITS", "UNIT-NO-TASKS"),
    ),
    Case(
        "the difference is beyond 28 digits",
        "POINTS-SUM",
        "indicator[1].points",
        {f"{TWO}/points": "4.000000000000000000000000000000001"},
    ),
    Case(
        "one unit's own points",
        "POINTS-SUM",
        "indicator[1].points",
        per_unit(own("甲局", points="5")),
        per_unit(own("甲局", points="5"), own("甲局", "1.2", points="5")),
    ),
    Case("a bonus counts apart", "POINTS-SUM", "indicator[1].points", third(), third(bonus=True)),
    Case(
        "parts of a sum",
        "POINTS-SUM",
        f"{AT_ONE}.rule",
        rule("sum", parts=[part("率", RATIO, points="2"), part("否", YES, points="3")]),
        rule("sum", parts=[part("率", RATIO, points="2"), part("否", YES, points="4")]),
    ),
    Case(
        "parts of a sum under a cap",
        "POINTS-SUM",
        f"{AT_ONE}.rule",
        rule("sum", parts=[part("率", RATIO, points="7")]),
        rule("sum", parts=[part("率", RATIO, points="7")], cap="6"),
    ),
    Case(
        "weights below one",
        "WEIGHT-SUM",
        f"{AT_ONE}.rule",
        rule("weighted", parts=[part("率", RATIO, weight="0.5"), part("否", YES, weight="0.4")]),
        rule("weighted", parts=[part("率", RATIO, weight="0.5"), part("否", YES, weight="0.5")]),
    ),
    Case(
        "off beyond 28 digits",
        "WEIGHT-SUM",
        f"{AT_ONE}.rule",
        rule(
            "weighted",
            parts=[part("率", RATIO, weight="0.5"), part("否", YES, weight="0.5" + "0" * 32 + "1")],
        ),
    ),
    Case(
        "weights inside a part",
        "WEIGHT-SUM",
        f"{AT_ONE}.rule.内",
        rule(
            "least",
            parts=[
                part("内", {"kind": "weighted", "parts": [part("率", RATIO, weight="1.1")]}),
            ],
        ),
    ),
]

BANDS = [
    Case(
        "bands overlap",
        "BANDS-OVERLAP",
        f"{AT_ONE}.rule.bands",
        bands((None, "60", "0"), ("59.99", None, "6")),
        bands((None, "60", "0"), ("60.00", None, "6")),
    ),
    Case(
        "two bands without an upper end",
        "BANDS-OVERLAP",
        f"{AT_ONE}.rule.bands",
        bands((None, "60", "0"), ("60", None, "3"), ("80", None, "6")),
        bands(("80", None, "6"), (None, "60", "0"), ("60", "80", "3")),
    ),
    Case(
        "two bands without a lower end",
        "BANDS-OVERLAP",
        f"{AT_ONE}.rule.bands",
        bands((None, "60", "0"), (None, "80", "3"), ("80", None, "6")),
    ),
    Case(
        "a gap between bands",
        "BANDS-GAP",
        f"{AT_ONE}.rule.bands",
        bands((None, "60", "0"), ("60.01", None, "6")),
        bands((None, "60", "0"), ("60", None, "6")),
    ),
    Case(
        "nothing below the first band",
        "BANDS-GAP",
        f"{AT_ONE}.rule.bands",
        bands(("1", None, "6")),
        bands(("0", None, "6")),
    ),
    Case(
        "the greatest value is in no band",
        "BANDS-GAP",
        f"{AT_ONE}.rule.bands",
        bands((None, "100", "6")) | {f"{ONE}/value": {"max": "100"}},
        bands((None, "100.01", "6")) | {f"{ONE}/value": {"max": "100"}},
    ),
    Case(
        "no greatest value is declared",
        "BANDS-GAP",
        f"{AT_ONE}.rule.bands",
        bands((None, "100", "6")),
        bands((None, None, "6")),
    ),
    Case(
        "bands inside a part, its own maximum",
        "BANDS-GAP",
        f"{AT_ONE}.rule.率.bands",
        rule(
            "least", parts=[part("率", {"kind": "bands", "bands": [{"below": "9", "points": "1"}]})]
        )
        | {f"{ONE}/inputs": {"率": {"max": "9"}}},
        rule(
            "least", parts=[part("率", {"kind": "bands", "bands": [{"below": "9", "points": "1"}]})]
        )
        | {f"{ONE}/inputs": {"率": {"max": "8"}}},
    ),
    Case(
        "no grade for low totals",
        "GRADE-GAP",
        "grade",
        graded(*GRADES),
        graded(*GRADES, {"name": "差", "from": "0"}),
    ),
    Case(
        "two grades from one score",
        "GRADE-GAP",
        "grade",
        graded({"name": "优", "from": "0"}, {"name": "良", "from": "0.0"}),
        graded({"name": "优", "from": "0.1"}, {"name": "良", "from": "0.0"}),
    ),
]

TARGETS = [
    Case("target zero", "TARGET-ZERO", f"{AT_ONE}.rule.target", rule("ratio", target="0.00")),
    Case("target negative", "TARGET-ZERO", f"{AT_ONE}.rule.target", rule("ratio", target="-1")),
    Case(
        "a step may have target zero",
        "TARGET-ZERO",
        f"{AT_ONE}.rule.target",
        rule("step", down=STEP["down"]),
        rule("step", down=STEP["down"], target="0"),
    ),
    Case(
        "one unit is left without a target",
        "TARGET-ZERO",
        f"{AT_ONE}.rule.target",
        rule("ratio") | per_unit(own("甲局", target="5"), own("乙局", target="6")),
        rule("ratio")
        | per_unit(own("甲局", target="5"), own("乙局", target="6"), own("丙局", **ABSENT)),
    ),
    Case(
        "a unit's own target is zero",
        "TARGET-ZERO",
        "assignment[甲局 1.1].target",
        per_unit(own("甲局", target="0")),
        per_unit(own("甲局", target="0", **ABSENT)),
    ),
    Case(
        "a part's own target is zero",
        "TARGET-ZERO",
        "assignment[甲局 1.1].targets.率",
        rule("least", parts=[part("率", RATIO)]) | per_unit(own("甲局", targets={"率": "-3"})),
        rule("least", parts=[part("率", RATIO)]) | per_unit(own("甲局", targets={"率": "3"})),
    ),
    Case(
        "a part without any target",
        "TARGET-ZERO",
        f"{AT_ONE}.rule.率.target",
        rule("least", parts=[part("率", {"kind": "ratio"})]),
        rule("least", parts=[part("率", {"kind": "ratio"})])
        | per_unit(*(own(unit, targets={"率": "3"}) for unit in EACH)),
    ),
    Case(
        "a formula's target comes from the units",
        "TARGET-ZERO",
        f"{AT_ONE}.rule.target",
        rule("formula", score="points * value / target"),
        rule("formula", score="points * value / target")
        | per_unit(*(own(unit, target="3") for unit in EACH)),
    ),
]

LIMITS = [
    Case(
        "indicator",
        "BOUNDS-CROSSED",
        "indicator[1]",
        {"indicator/0/cap": "3", "indicator/0/floor": "3.01"},
        {"indicator/0/cap": "3", "indicator/0/floor": "3.00"},
    ),
    Case(
        "count",
        "BOUNDS-CROSSED",
        f"{AT_TWO}.rule",
        {f"{TWO}/rule/floor": "4.01"},
        {f"{TWO}/rule/floor": "4"},
    ),
    Case(
        "judgement",
        "BOUNDS-CROSSED",
        f"{AT_ONE}.rule",
        rule("judgement", low="7"),
        rule("judgement", low="6"),
    ),
    Case(
        "formula",
        "BOUNDS-CROSSED",
        f"{AT_ONE}.rule",
        rule("formula", score="value", floor="1", cap="0"),
        rule("formula", score="value", floor="none", cap="0"),
    ),
    Case(
        "a part against its own points",
        "BOUNDS-CROSSED",
        f"{AT_ONE}.rule.评",
        rule(
            "sum",
            parts=[
                part("评", {"kind": "judgement", "low": "3"}, points="2"),
                part("率", RATIO, points="4"),
            ],
        ),
        rule(
            "sum",
            parts=[
                part("评", {"kind": "judgement", "low": "2"}, points="2"),
                part("率", RATIO, points="4"),
            ],
        ),
    ),
    Case(
        "count from zero",
        "BONUS-UNBOUNDED",
        f"{AT_ONE}.rule",
        rule("count", start="zero", lines=[line("推广", "1")]),
        rule("count", start="zero", lines=[line("推广", "1")], cap="6"),
    ),
    Case(
        "count from full, cap lifted",
        "BONUS-UNBOUNDED",
        f"{AT_ONE}.rule",
        rule("count", start="full", lines=[line("推广", "1")], cap="none"),
        rule("count", start="full", lines=[line("推广", "1")]),
    ),
    Case(
        "only deductions need no cap",
        "BONUS-UNBOUNDED",
        f"{AT_ONE}.rule",
        rule("count", start="full", lines=[line("推广", "0.01")], cap="none"),
        rule("count", start="full", lines=[line("推广", "-0.01")], cap="none"),
    ),
    Case(
        "step up",
        "BONUS-UNBOUNDED",
        f"{AT_ONE}.rule",
        rule("step", target="8", up={"per": "1", "points": "1"}),
        rule("step", target="8", up={"per": "1", "points": "1", "cap": "2"}),
    ),
    Case(
        "formula",
        "BONUS-UNBOUNDED",
        f"{AT_ONE}.rule",
        rule("formula", score="value", cap="none"),
        rule("formula", score="value"),
    ),
    Case(
        "inside a part",
        "BONUS-UNBOUNDED",
        f"{AT_ONE}.rule.超",
        rule("least", parts=[part("超", STEP | {"up": {"per": "1", "points": "1"}})]),
        rule("least", parts=[part("超", STEP | {"up": {"per": "1", "points": "0"}})]),
    ),
]

PEOPLE = [
    *(
        Case(key, "DUTY-VACANT", f"indicator[1].{key}", {f"indicator/0/{key}": GONE})
        for key in ("lead_unit", "responsible_section")
    ),
    *(
        Case(f"{key} {value}", "DUTY-VACANT", f"indicator[1].contact.{key}", change)
        for key in ("responsible_leader", "responsible_person", "liaison")
        for value, change in (
            ("left out", {f"indicator/0/contact/{key}": GONE}),
            ("empty list", {f"indicator/0/contact/{key}": []}),
            ("empty name", {f"indicator/0/contact/{key}": [""]}),
            ("blank name", {f"indicator/0/contact/{key}": "  "}),
        )
    ),
    Case(
        "veto",
        "VETO-NO-AUTHORITY",
        f"{AT_ONE}.veto[造假].authority",
        vetoed(authority=GONE),
        vetoed(),
    ),
    Case(
        "blank authority",
        "VETO-NO-AUTHORITY",
        f"{AT_ONE}.veto[造假].authority",
        vetoed(authority="　"),
    ),
    Case(
        "the lead unit is assessed",
        "RECUSAL-NEEDED",
        "indicator[1].lead_unit",
        {"indicator/0/lead_unit": "县甲局"},
    ),
    Case(
        "a cooperating unit is assessed, by its alias",
        "RECUSAL-NEEDED",
        "indicator[1].cooperating_units",
        {"indicator/0/cooperating_units": ["甲"]},
        DEPUTY,
    ),
    Case(
        "the owner of the data is assessed",
        "RECUSAL-NEEDED",
        f"{AT_ONE}.data_owner",
        {f"{ONE}/data_owner": "乙局"},
        {f"{ONE}/data_owner": "考评办"},
    ),
    Case(
        "the owner of the data is assessed elsewhere",
        "RECUSAL-NEEDED",
        f"{AT_ONE}.data_owner",
        {f"{ONE}/data_owner": "丙局"},
        {f"{ONE}/data_owner": "丙局", f"{ONE}/units": ["甲局", "乙局"]},
    ),
]

MATRIX = [
    Case("no units", "TASK-NO-UNITS", f"{AT_ONE}.units", {f"{ONE}/units": GONE}),
    Case(
        "an empty list of units",
        "TASK-NO-UNITS",
        f"{AT_ONE}.units",
        {f"{ONE}/units": []},
        {f"{ONE}/units": "经济组"},
    ),
    Case("a unit is idle", "UNIT-NO-TASKS", "unit[丁局]", EXTRA, DEPUTY),
    Case(
        "a unit that leads is not idle",
        "UNIT-NO-TASKS",
        "unit[丁局]",
        EXTRA,
        EXTRA | {"indicator/0/lead_unit": "丁局"},
    ),
    Case(
        "a unit with a section is not idle",
        "UNIT-NO-TASKS",
        "unit[丁局]",
        EXTRA,
        EXTRA | {"section/0/unit": "丁局"},
    ),
    Case(
        "a unit that owns data is not idle",
        "UNIT-NO-TASKS",
        "unit[丁局]",
        EXTRA,
        EXTRA | {f"{ONE}/data_owner": "丁局"},
    ),
    Case("no catalogue", "CATALOGUE-EMPTY", f"{AT_TWO}.catalogue", {f"{TWO}/catalogue": GONE}),
    Case(
        "two to rank",
        "RANK-TOO-FEW",
        f"{AT_ONE}.rule",
        {f"{ONE}/rule": RANK, f"{ONE}/units": ["甲局", "乙局"]},
        {f"{ONE}/rule": RANK},
    ),
    Case(
        "two left to rank",
        "RANK-TOO-FEW",
        f"{AT_ONE}.rule",
        {f"{ONE}/rule": RANK} | per_unit(own("丙局", **ABSENT)),
        {f"{ONE}/rule": RATIO} | per_unit(own("丙局", **ABSENT)),
    ),
    Case(
        "one alone in its group",
        "RANK-TOO-FEW",
        f"{AT_ONE}.rule",
        {f"{ONE}/rule": STEP | {"target": "mean"}, f"{ONE}/units": "all"}
        | {"unit/#new": {"id": "丁局", "group": "社会组"}, "unit/0/group": "经济组"},
        {f"{ONE}/rule": STEP | {"target": "mean"}, f"{ONE}/units": "all"}
        | {"unit/#new": {"id": "丁局", "group": "经济组"}, "unit/0/group": "经济组"},
        also=("RECUSAL-NEEDED",),
    ),
    Case(
        "a comparison inside a part",
        "RANK-TOO-FEW",
        f"{AT_ONE}.rule",
        rule("least", parts=[part("功", {"kind": "efficacy", "low": "min", "high": "9"})])
        | {f"{ONE}/units": ["甲局", "乙局"]},
        rule("least", parts=[part("功", {"kind": "efficacy", "low": "1", "high": "9"})])
        | {f"{ONE}/units": ["甲局", "乙局"]},
    ),
]

GROWTH = STEP | {"measure": "growth"}
CONTENT = [
    Case(
        "this period and the last",
        "UNITS-OF-MEASURE",
        f"{AT_ONE}.inputs.previous",
        {f"{ONE}/rule": GROWTH}
        | {f"{ONE}/value": {"unit_of_measure": "亿元"}}
        | {f"{ONE}/inputs": {"previous": {"unit_of_measure": "万元"}}},
        {f"{ONE}/rule": GROWTH}
        | {f"{ONE}/value": {"unit_of_measure": "亿元"}}
        | {f"{ONE}/inputs": {"previous": {"unit_of_measure": "亿元"}}},
    ),
    Case(
        "percent or percentage points",
        "UNITS-OF-MEASURE",
        f"{AT_ONE}.standard",
        {f"{ONE}/value": {"unit_of_measure": "%"}, f"{ONE}/standard": "每低1%扣0.1分。"},
        {f"{ONE}/value": {"unit_of_measure": "%"}, f"{ONE}/standard": "每低1个百分点扣0.1分。"},
    ),
    Case(
        "one standard twice",
        "DOUBLE-COUNT",
        AT_TWO,
        {f"{TWO}/standard": "按完成率 计分"},
        {
            f"{TWO}/standard": "按完成率 计分",
            f"{ONE}/units": ["甲局", "乙局"],
            f"{TWO}/units": "丙局",
        },
    ),
    Case(
        "one fact counted twice",
        "DOUBLE-COUNT",
        f"{AT_TWO}.rule",
        rule("count", start="full", lines=[line("月报迟报", "-1")])
        | {f"{TWO}/rule/lines/0/name": "月报迟报"},
        rule("count", start="full", lines=[line("月报迟报", "-1")])
        | {f"{TWO}/rule/lines/0/name": "年报迟报"},
    ),
    Case(
        "leaders' remarks in the standard",
        "BURDEN",
        f"{AT_ONE}.standard",
        {f"{ONE}/standard": "获领导批示一次加1分。"},
        {f"{ONE}/standard": "按领导指示完成投资。"},
    ),
    Case(
        "press reports as a line",
        "BURDEN",
        f"{AT_TWO}.rule",
        {f"{TWO}/rule/lines/0/name": "媒体报道"},
        {f"{TWO}/rule/lines/0/name": "投诉报告"},
    ),
    Case(
        "traces as a material",
        "BURDEN",
        f"{AT_ONE}.catalogue[1.1-1]",
        {f"{ONE}/catalogue/0/name": "工作留痕资料"},
        {f"{ONE}/catalogue/0/name": "工作成果资料"},
    ),
    Case(
        "one material asked for twice",
        "BURDEN",
        f"{AT_TWO}.catalogue",
        {f"{TWO}/catalogue/0/name": "投资 月报"},
        {
            f"{TWO}/catalogue/0/name": "投资 月报",
            f"{ONE}/units": ["甲局", "乙局"],
            f"{TWO}/units": "丙局",
        },
    ),
    Case(
        "one material in the first and the third task",
        "BURDEN",
        "indicator[1].task[1.3].catalogue",
        third(bonus=True, catalogue=[{"id": "1.3-1", "name": "投资月报"}]),
        third(bonus=True),
    ),
]

REFERENCES = [
    Case("unit of a task", "UNIT-UNKNOWN", f"{AT_ONE}.units", {f"{ONE}/units": ["甲局", "丁局"]}),
    Case(
        "a task names units by id only",
        "UNIT-UNKNOWN",
        f"{AT_ONE}.units",
        {f"{ONE}/units": ["甲局", "县乙局"]},
        {f"{ONE}/units": ["甲局", "乙局"]},
    ),
    Case(
        "unit of an assignment",
        "UNIT-UNKNOWN",
        "assignment[丁局 1.1].unit",
        per_unit(own("丁局", target="5")),
        per_unit(own("丙局", target="5")),
    ),
    Case("unit of a section", "UNIT-UNKNOWN", "section[督考科].unit", {"section/0/unit": "丁局"}),
    Case("lead unit", "UNIT-UNKNOWN", "indicator[1].lead_unit", {"indicator/0/lead_unit": "丁局"}),
    Case(
        "cooperating unit",
        "UNIT-UNKNOWN",
        "indicator[1].cooperating_units",
        {"indicator/0/cooperating_units": ["丁局"]},
        DEPUTY,
    ),
    Case(
        "owner of the data",
        "UNIT-UNKNOWN",
        f"{AT_ONE}.data_owner",
        {f"{ONE}/data_owner": "丁局"},
        {f"{ONE}/data_owner": "督查考评科"},
    ),
    Case(
        "responsible section",
        "SECTION-UNKNOWN",
        "indicator[1].responsible_section",
        {"indicator/0/responsible_section": "投资科"},
        {"indicator/0/responsible_section": "督查考评科"},
    ),
    Case(
        "cooperating section",
        "SECTION-UNKNOWN",
        "indicator[1].cooperating_sections",
        {"indicator/0/cooperating_sections": ["督考科", "投资科"]},
        {"indicator/0/cooperating_sections": ["督考科"]},
    ),
    Case(
        "input of a step",
        "STEP-UNKNOWN",
        "step[核验].inputs",
        {"step/2/inputs": ["评分", "初评"]},
        {"step/2/inputs": ["评分", "收集"]},
    ),
    Case(
        "tasks of a veto",
        "TASK-UNKNOWN",
        f"{AT_ONE}.veto[造假].tasks",
        vetoed(effect="zero-tasks", tasks=["1.1", "1.9"]),
        vetoed(effect="zero-tasks", tasks=["1.1", "1.2"]),
    ),
    Case(
        "task of an assignment",
        "TASK-UNKNOWN",
        "assignment[甲局 1.9].task",
        per_unit(own("甲局", "1.9", target="5")),
    ),
    Case(
        "a unit that does not have the task",
        "ASSIGNMENT-UNKNOWN",
        "assignment[丙局 1.1]",
        per_unit(own("丙局", target="5")) | {f"{ONE}/units": ["甲局", "乙局"]},
        per_unit(own("丙局", target="5")) | {f"{ONE}/units": ["甲局", "经济组"]},
    ),
    Case(
        "an input the rule does not read",
        "INPUT-UNKNOWN",
        f"{AT_ONE}.inputs.previous",
        {f"{ONE}/inputs": {"previous": {"decimals": 2}}},
        {f"{ONE}/inputs": {"previous": {"decimals": 2}}, f"{ONE}/rule": GROWTH},
    ),
    Case(
        "a part's input that it does not read",
        "INPUT-UNKNOWN",
        f"{AT_ONE}.inputs.清单.of",
        rule("least", parts=[part("清单", YES)]) | {f"{ONE}/inputs": {"清单.of": {}}},
        rule("least", parts=[part("清单", {"kind": "checklist"})])
        | {f"{ONE}/inputs": {"清单.of": {}}},
    ),
    Case(
        "a target for a rule without one",
        "PARAMETER-UNKNOWN",
        "assignment[甲局 1.2].target",
        per_unit(own("甲局", "1.2", target="5")),
        per_unit(own("甲局", "1.1", target="5")),
    ),
    Case(
        "a part's target where there is no such part",
        "PARAMETER-UNKNOWN",
        "assignment[甲局 1.1].targets.率",
        per_unit(own("甲局", targets={"率": "5"})),
        per_unit(own("甲局", targets={"率": "5"})) | rule("least", parts=[part("率", RATIO)]),
    ),
    Case(
        "a number of items for a rule without one",
        "PARAMETER-UNKNOWN",
        "assignment[甲局 1.1].of",
        per_unit(own("甲局", of="5")),
        per_unit(own("甲局", of="5")) | rule("checklist"),
    ),
    *(
        Case(
            f"own points where {name} states the scores",
            "PARAMETER-UNKNOWN",
            "assignment[甲局 1.1].points",
            per_unit(own("甲局", points="6")) | wrong,
            per_unit(own("甲局", points="6")) | {f"{ONE}/rule": RANK},
        )
        for name, wrong in {
            "bands": bands((None, None, "6")),
            "interpolate": rule("interpolate", points=[["0", "0"], ["1", "6"]]),
            "sum": rule("sum", parts=[part("率", RATIO, points="6")]),
            "formula": rule("formula", score="points"),
            "rank's first": {f"{ONE}/rule": RANK | {"first": "6"}},
            "rank's bands": rule("rank", bands=[{"to": "3", "points": "6"}]),
        }.items()
    ),
]

TWICE = [
    Case(
        "task",
        "ID-DUPLICATE",
        "task[1.1]",
        {f"{TWO}/id": "1.1", f"{ONE}/points": "4", f"{TWO}/points": "6"},
    ),
    Case("section", "ID-DUPLICATE", "section[督考科]", {"section/#new": {"id": "督考科"}}),
    Case(
        "step",
        "ID-DUPLICATE",
        "step[报送]",
        {"step/#new": step("notice", "报送", date(2025, 1, 24), date(2025, 1, 27), [])},
        {"step/#new": step("notice", "公示", date(2025, 1, 24), date(2025, 1, 27), [])},
    ),
    Case(
        "grade",
        "ID-DUPLICATE",
        "grade[优]",
        graded({"name": "优", "from": "0"}, {"name": "优", "from": "5"}),
        graded({"name": "优", "from": "0"}, {"name": "良", "from": "5"}),
    ),
    Case(
        "assignment",
        "ID-DUPLICATE",
        "assignment[甲局 1.1]",
        per_unit(own("甲局", target="5"), own("甲局", target="6")),
        per_unit(own("甲局", target="5"), own("乙局", target="6")),
    ),
    Case(
        "catalogue item",
        "ID-DUPLICATE",
        f"{AT_ONE}.catalogue[1.1-1]",
        {f"{ONE}/catalogue/#new": {"id": "1.1-1", "name": "说明"}},
        {f"{ONE}/catalogue/#new": {"id": "1.1-2", "name": "说明"}},
    ),
    Case("unit names", "ID-DUPLICATE", "unit[县乙局]", {"unit/3/name": "县乙局"}),
    Case(
        "one unit's alias is another's id",
        "ID-DUPLICATE",
        "unit[乙局]",
        {"unit/1/aliases": ["乙局"]},
        {"unit/1/aliases": ["甲局", "县甲局"]},
    ),
    Case("a unit called like a group", "ID-DUPLICATE", "unit[甲局]", {"unit/2/group": "甲局"}),
    Case(
        "a unit called all",
        "ID-DUPLICATE",
        "unit[all]",
        {"unit/3/id": "all", f"{ONE}/units": "all", f"{TWO}/units": "all"},
        {"unit/3/id": "全", f"{ONE}/units": "all", f"{TWO}/units": "all"},
        also=("RECUSAL-NEEDED",),
    ),
]

SUNDAY = date(2025, 1, 12)
DATES = [
    Case(
        "scored before collected",
        "SCHED-INPUT-AFTER-CONSUMER",
        "step[评分].due",
        due(0, date(2025, 1, 15)),
        due(0, date(2025, 1, 14)),
    ),
    Case(
        "collected before the year is over",
        "SCHED-INPUT-AFTER-CONSUMER",
        "step[收集].due",
        due(0, date(2024, 12, 30)),
        due(0, date(2024, 12, 31)),
    ),
    Case(
        "verified before scored",
        "SCHED-ORDER",
        "step[核验].due",
        due(2, date(2025, 1, 13)) | {"step/2/inputs": []},
        due(2, date(2025, 1, 14)) | {"step/2/inputs": [], "step/2/from": GONE},
    ),
    Case(
        "everything ends on one day",
        "SCHED-NO-SLACK",
        "step[报送].due",
        due(4, date(2025, 1, 21)) | {"step/4/from": date(2025, 1, 20)},
        due(4, date(2025, 1, 22)) | {"step/4/from": date(2025, 1, 20)},
    ),
    Case(
        "two days to verify",
        "SCHED-SHORT-WINDOW",
        "step[核验].due",
        due(2, date(2025, 1, 16)),
        due(2, date(2025, 1, 17)),
    ),
    Case(
        "a Sunday",
        "SCHED-NON-WORKING-DAY",
        "step[评分].due",
        due(1, SUNDAY) | {"step/1/from": date(2025, 1, 8)},
    ),
    Case(
        "a holiday on a weekday, not a make-up Sunday",
        "SCHED-NON-WORKING-DAY",
        "step[报送].due",
        due(4, date(2025, 1, 28)),
        due(4, date(2025, 1, 26)),
    ),
    Case(
        "issued in the second half",
        "SCHED-RETROACTIVE",
        "issue_date",
        {"issue_date": date(2024, 7, 3)},
        {"issue_date": date(2024, 7, 2)},
    ),
    Case(
        "a year without a calendar",
        "HOLIDAYS-UNKNOWN",
        "step[报送].due",
        due(4, date(2026, 1, 5)),
        due(4, date(2025, 12, 31)),
    ),
]

CASES = [
    *POINTS,
    *BANDS,
    *TARGETS,
    *LIMITS,
    *PEOPLE,
    *MATRIX,
    *CONTENT,
    *REFERENCES,
    *TWICE,
    *DATES,
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
    sources = [*core.glob("check*.py"), core / "schedule.py"]
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


def test_a_problem_of_form_can_be_accepted():
    (problem,) = checked({"motto": "实干"} | accepting(("KEY-UNKNOWN", "motto")))
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
