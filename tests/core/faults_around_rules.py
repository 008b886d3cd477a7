"""The smallest faults in duties, units, content, references and dates of a scheme."""

from __future__ import annotations

from datetime import date

from tests.core.scheme_faults import (
    ABSENT,
    AT_ONE,
    AT_TWO,
    DEPUTY,
    EXTRA,
    ONE,
    RANK,
    RATIO,
    STEP,
    TWO,
    YES,
    Case,
    Changes,
    bands,
    due,
    graded,
    own,
    per_unit,
    rule,
    third,
    vetoed,
)
from tests.core.schemes import GONE, line, part, step

SECTION = {"section/#new": {"id": "甲科", "name": "甲局综合科", "unit": "甲"}}

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
    Case(
        "the responsible section is of a unit that is assessed",
        "RECUSAL-NEEDED",
        "indicator[1].responsible_section",
        SECTION | {"indicator/0/responsible_section": "甲科"},
        SECTION,
    ),
    Case(
        "a cooperating section, by its name",
        "RECUSAL-NEEDED",
        "indicator[1].cooperating_sections",
        SECTION | {"indicator/0/cooperating_sections": ["甲局综合科"]},
        SECTION | {"indicator/0/cooperating_sections": ["督考科"]},
    ),
    Case(
        "the section of the lead unit is not told again",
        "RECUSAL-NEEDED",
        "indicator[1].lead_unit",
        SECTION | {"indicator/0/lead_unit": "甲局", "indicator/0/responsible_section": "甲科"},
    ),
    Case(
        "the data come from a section of a unit that is assessed",
        "RECUSAL-NEEDED",
        f"{AT_ONE}.data_owner",
        SECTION | {f"{ONE}/data_owner": "甲局综合科"},
        SECTION | {f"{ONE}/data_owner": "甲科", f"{ONE}/units": ["乙局", "丙局"]},
    ),
    Case(
        "a total to act on",
        "NO-EFFECT",
        f"{AT_ONE}.veto[造假].effect",
        vetoed(effect="zero-total"),
        vetoed(effect="zero-total") | {"totals": "sum"},
    ),
    Case(
        "grades to act on",
        "NO-EFFECT",
        f"{AT_ONE}.veto[造假].effect",
        vetoed(effect="lowest-grade") | {"totals": "sum"},
        vetoed(effect="lowest-grade") | graded({"name": "合格", "from": "0"}),
    ),
    Case(
        "awards are for totals",
        "NO-EFFECT",
        f"{AT_ONE}.veto[造假].effect",
        vetoed(effect="no-award"),
        vetoed(effect="no-award") | {"totals": "rescale"},
    ),
    Case(
        "grades without totals",
        "NO-EFFECT",
        "grade",
        graded({"name": "合格", "from": "0"}) | {"totals": "none"},
        graded({"name": "合格", "from": "0"}),
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


def measured(now: str, before: str) -> Changes:
    forms = {"value": {"unit_of_measure": now}, "inputs": {"previous": {"unit_of_measure": before}}}
    return {f"{ONE}/rule": GROWTH} | {f"{ONE}/{key}": form for key, form in forms.items()}


def in_parts(now: str, before: str) -> Changes:
    forms = {"增": {"unit_of_measure": now}, "增.previous": {"unit_of_measure": before}}
    return {f"{ONE}/inputs": forms}


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
    *(
        Case(
            f"{now} now and {before} before",
            "UNITS-OF-MEASURE",
            f"{AT_ONE}.inputs.previous",
            measured(now, before),
            measured(now, now),
        )
        for now, before in (("%", "个百分点"), ("个百分点", "%"))
    ),
    Case(
        "the last period of a part",
        "UNITS-OF-MEASURE",
        f"{AT_ONE}.inputs.增.previous",
        rule("least", parts=[part("增", GROWTH)]) | in_parts("亿元", "万元"),
        rule("least", parts=[part("增", GROWTH)]) | in_parts("亿元", "亿元"),
    ),
    Case(
        "percentage points or percent",
        "UNITS-OF-MEASURE",
        f"{AT_ONE}.standard",
        {f"{ONE}/value": {"unit_of_measure": "个百分点"}, f"{ONE}/standard": "每低1%扣0.1分。"},
        {
            f"{ONE}/value": {"unit_of_measure": "个百分点"},
            f"{ONE}/standard": "每低1个百分点扣0.1分。",
        },
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
    *(
        Case(
            words,
            "BURDEN",
            f"{AT_ONE}.standard",
            {f"{ONE}/standard": words},
            {f"{ONE}/standard": sound},
        )
        for words, sound in (
            ("按会议召开次数计分。", "按会议议定事项的办结率计分。"),
            ("每召开一次会议加0.1分。", "会议议定事项每逾期一次扣0.1分。"),
            ("获得领导肯定性批示的加1分。", "经领导小组审定，上级批示事项按时办结的得满分。"),
        )
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
