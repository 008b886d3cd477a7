"""The smallest faults in points, bands, targets and limits of a scheme."""

from __future__ import annotations

from tests.core.scheme_faults import (
    ABSENT,
    AT_ONE,
    AT_TWO,
    EACH,
    GRADES,
    ONE,
    RATIO,
    STEP,
    TWO,
    YES,
    Case,
    bands,
    graded,
    own,
    per_unit,
    rule,
    third,
)
from tests.core.schemes import line, part

OPEN = {"kind": "count", "start": "zero", "lines": [line("推广", "1")]}

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
        "a band inside another leaves no gap behind it",
        "BANDS-OVERLAP",
        f"{AT_ONE}.rule.bands",
        bands((None, "100", "0"), ("10", "20", "3"), ("100", None, "6")),
        bands((None, "10", "0"), ("10", "20", "3"), ("20", None, "6")),
    ),
    Case(
        "a gap behind a band inside another",
        "BANDS-GAP",
        f"{AT_ONE}.rule.bands",
        bands((None, "100", "0"), ("10", "20", "3"), ("101", None, "6")),
        also=("BANDS-OVERLAP",),
    ),
    Case(
        "whole numbers: 59 is in no band",
        "BANDS-GAP",
        f"{AT_ONE}.rule.bands",
        bands((None, "59", "0"), ("60", None, "6")) | {f"{ONE}/value": {"decimals": 0}},
        bands((None, "59.5", "0"), ("60", None, "6")) | {f"{ONE}/value": {"decimals": 0}},
    ),
    Case(
        "one decimal: 59.5 is in no band",
        "BANDS-GAP",
        f"{AT_ONE}.rule.bands",
        bands((None, "59.5", "0"), ("60", None, "6")) | {f"{ONE}/value": {"decimals": 1}},
        bands((None, "59.91", "0"), ("60", None, "6")) | {f"{ONE}/value": {"decimals": 1}},
    ),
    Case(
        "a gap that no declared value reaches",
        "BANDS-GAP",
        f"{AT_ONE}.rule.bands",
        bands((None, "100", "0"), ("110", None, "6")) | {f"{ONE}/value": {"max": "100"}},
        bands((None, "101", "0"), ("110", None, "6")) | {f"{ONE}/value": {"max": "100"}},
    ),
    Case(
        "the last whole number below the maximum",
        "BANDS-GAP",
        f"{AT_ONE}.rule.bands",
        bands((None, "99.5", "6")) | {f"{ONE}/value": {"max": "100", "decimals": 0}},
        bands((None, "99.5", "6")) | {f"{ONE}/value": {"max": "99.9", "decimals": 0}},
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
        "a sum around it caps it",
        "BONUS-UNBOUNDED",
        f"{AT_ONE}.rule.超",
        rule("sum", parts=[part("超", OPEN, points="6")]),
        rule("sum", parts=[part("超", OPEN, points="6")], cap="6"),
    ),
    Case(
        "the lesser part caps it",
        "BONUS-UNBOUNDED",
        f"{AT_ONE}.rule.超",
        rule("least", parts=[part("超", OPEN)]),
        rule("least", parts=[part("超", OPEN), part("率", RATIO)]),
    ),
    Case(
        "one part of a weighted rule",
        "BONUS-UNBOUNDED",
        f"{AT_ONE}.rule.超",
        rule("weighted", parts=[part("超", OPEN, weight="0.5"), part("率", RATIO, weight="0.5")]),
        rule("weighted", parts=[part("率", RATIO, weight="1")]),
    ),
    Case(
        "the indicator caps it",
        "BONUS-UNBOUNDED",
        f"{AT_ONE}.rule",
        {f"{ONE}/rule": OPEN},
        {f"{ONE}/rule": OPEN, "indicator/0/cap": "10"},
    ),
    Case(
        "inside a part",
        "BONUS-UNBOUNDED",
        f"{AT_ONE}.rule.超",
        rule("least", parts=[part("超", STEP | {"up": {"per": "1", "points": "1"}})]),
        rule("least", parts=[part("超", STEP | {"up": {"per": "1", "points": "0"}})]),
    ),
]
