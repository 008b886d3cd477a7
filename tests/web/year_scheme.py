"""The text of the small year's scheme: what its published versions are about, as a city writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.world_set_up import OWNED_TASK, OWNER, SECTIONS, UNITS, section_of, tasks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = """
# 小年的实施方案
format = "kaoping-scheme/1"
title = "2024年度绩效考评实施方案"
document_number = "评字〔2024〕{number}号"
issuer = "牵头局"
issue_date = 2024-10-31
year = 2024
data_cutoff = 2024-12-31

step = [
    {{ kind = "collect", name = "数据收集", from = 2024-12-16, due = 2025-01-03 }},
    {{ kind = "verify", name = "现场核验", from = 2025-01-10, due = 2025-01-15, inputs = ["数据收集"] }},
    {{ kind = "score", name = "考核评分", from = 2025-01-06, due = 2025-01-16, inputs = ["数据收集"] }},
    {{ kind = "consolidate", name = "汇总整理", due = 2025-01-18, inputs = ["考核评分"] }},
    {{ kind = "file", name = "审核报送", due = 2025-01-20, inputs = ["汇总整理"] }},
]
"""


def target(unit: str, indicator: str) -> str:
    """A unit's own target on an indicator's first task: a number that stands nowhere else."""
    return f"{UNITS.index(unit) + 1}{int(indicator):02}7.31"


def scheme_text(indicators: Sequence[str], number: int = 1) -> str:
    """The scheme of the small year: the same indicators, tasks and units as its acts say."""
    sections = [
        f'    {{ id = "S{n}", name = "{name}", unit = "牵头局" }},'
        for n, name in enumerate(SECTIONS)
    ]
    units = [f'    {{ id = "{name}", name = "{name}" }},' for name in ("牵头局", *UNITS)]
    rows = [row for one in indicators for row in _assignments(one)]
    return "\n".join(
        [
            HEAD.format(number=number),
            "section = [", *sections, "]",
            "unit = [", *units, "]",
            "# 任务分解：各县区的目标",
            "assignment = [", *rows, "]",
            *map(_indicator, indicators),
        ]
    )  # fmt: skip


def _assignments(indicator: str) -> list[str]:
    first, last = tasks_of(indicator)
    rows = [f"    # {indicator}"]
    rows += [
        f'    {{ unit = "{unit}", task = "{first}", target = "{target(unit, indicator)}" }},'
        for unit in UNITS
    ]
    rows.append(f'    {{ unit = "{UNITS[-1]}", task = "{last}", state = "not-applicable" }},')
    return rows


def _indicator(one: str) -> str:
    first, last = tasks_of(one)
    others = [other for other in SECTIONS[1:] if other != section_of(one)] if one == "1" else []
    owner = f'data_owner = "{OWNER}"' if last == OWNED_TASK else ""
    listed = ", ".join(f'"{unit}"' for unit in UNITS)
    cooperating = ", ".join(f'"{other}"' for other in others)
    return f"""
[[indicator]]
id = "{one}"
name = "重点工作{one}"
points = "10"
lead_unit = "牵头局"
responsible_section = "{section_of(one)}"
cooperating_sections = [{cooperating}]

[indicator.contact]
responsible_leader = ["分管领导"]
responsible_person = ["{section_of(one)}科长"]
liaison = ["{section_of(one)}经办人"]

[[indicator.task]]
id = "{first}"
name = "完成年度投资{one}"
points = "6"
standard = "按完成年度投资计划{one}的比例计分。"
units = [{listed}]
value = {{ unit_of_measure = "亿元" }}
rule = {{ kind = "ratio" }}
catalogue = [{{ id = "{first}-1", name = "年度计划文件{one}" }}, {{ id = "{first}-2", name = "统计月报{one}", required = false }}]

[[indicator.task]]
id = "{last}"
name = "重点事项落实{one}"
points = "4"
standard = "按完成项数占应完成项数的比例计分（{one}）。"
units = [{listed}]
value = {{ unit_of_measure = "项" }}
rule = {{ kind = "checklist" }}
catalogue = [{{ id = "{last}-1", name = "年度计划文件{one}" }}]
{owner}
"""
