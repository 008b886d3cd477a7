"""Small schemes and tables for tests, written as an official would write them."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from kaoping.core.fields import Fields, Findings
from kaoping.core.results import (
    Decision,
    DecisionKind,
    Deduction,
    Entries,
    Result,
    Row,
    Status,
)
from kaoping.core.rule_reading import read_rule
from kaoping.core.scheme import Scheme, load_scheme
from kaoping.core.scoring.assessment import score

if TYPE_CHECKING:
    from kaoping.core.rules import Rule
    from kaoping.core.scoring.scores import Scores

DAY = date(2024, 12, 1)

HEAD = """
format = "kaoping-scheme/1"
title = "某市2024年度考评方案"
document_number = "某发〔2024〕1号"
issuer = "某市发展和改革委员会"
issue_date = 2024-03-01
year = 2024
data_cutoff = 2024-12-31
section = [{ id = "s", name = "综合科", unit = "lead" }]
"""

CONTACT = """
[indicator.contact]
responsible_leader = ["甲"]
responsible_person = ["乙"]
liaison = ["丙"]
telephone = ["0000-0000001"]
mailbox = ["c@example.invalid"]
"""


def units_text(*names: str, group: str = "") -> str:
    """Units by id, all of one group."""
    lines = ['[[unit]]\nid = "lead"\nname = "牵头单位"']
    grouped = f'\ngroup = "{group}"' if group else ""
    lines += [f'[[unit]]\nid = "{name}"\nname = "{name}局"{grouped}' for name in names]
    return "\n".join(lines)


def task(identity: str, rule: str, points: str = "10", extra: str = "", units: str = "") -> str:
    """One task; `units` is TOML, all but the lead unit by default."""
    return f"""
[[indicator.task]]
id = "{identity}"
name = "任务{identity}"
points = "{points}"
standard = "见方案"
units = {units or '["a", "b", "c"]'}
rule = {{ {rule} }}
catalogue = [{{ id = "{identity}-1", name = "材料" }}]
{extra}
"""


def indicator(*tasks: str, points: str = "10", identity: str = "1", extra: str = "") -> str:
    """An indicator with its tasks."""
    return (
        f'\n[[indicator]]\nid = "{identity}"\nname = "指标{identity}"\npoints = "{points}"\n'
        f'lead_unit = "lead"\nresponsible_section = "s"\n{extra}\n{CONTACT}' + "".join(tasks)
    )


def scheme_text(*indicators: str, top: str = "", units: str = "", bottom: str = "") -> str:
    """A whole scheme of three units a, b and c."""
    return "\n".join((HEAD, top, units or units_text("a", "b", "c"), *indicators, bottom))


def scheme_of(*indicators: str, top: str = "", units: str = "", bottom: str = "") -> Scheme:
    """The scheme as records; fails where its form is wrong."""
    loaded = load_scheme(scheme_text(*indicators, top=top, units=units, bottom=bottom))
    problems = [(p.code, p.where, p.message) for p in loaded.problems if p.severity == "A"]
    assert not problems, problems
    assert loaded.scheme is not None
    return loaded.scheme


def rule_of(text: str) -> Rule:
    """A rule from its table."""
    findings = Findings()
    rule = read_rule(Fields(tomllib.loads(f"rule = {{ {text} }}")["rule"], "rule", findings))
    assert rule is not None, findings.problems
    assert not findings.problems, findings.problems
    return rule


def result(
    unit: str,
    task_id: str,
    value: str | bool,
    name: str = "",
    status: Status = Status.FINAL,
    as_of: date = DAY,
) -> Result:
    """A reported value."""
    number = value if isinstance(value, bool) else Decimal(value)
    return Result(
        unit, task_id, name, number, "", as_of, status, "系统", f"results {unit} {task_id}"
    )


def deduction(unit: str, task_id: str, line: str, count: str = "1") -> Deduction:
    """A counted fact."""
    return Deduction(unit, task_id, line, Decimal(count), f"{line}的事由", "记录", "")


def decision(
    unit: str,
    kind: DecisionKind,
    task_id: str = "",
    value: str | bool | None = None,
    name: str = "",
) -> Decision:
    """A person's decision."""
    number = Decimal(value) if isinstance(value, str) else value
    return Decision(
        unit,
        "",
        task_id,
        kind,
        name,
        number,
        "理由",
        "依据",
        "岳科长",
        "纪要1号",
        f"decisions {unit}",
    )


def scored(scheme: Scheme, *rows: object) -> Scores:
    """The scores of some rows."""
    return score(
        scheme,
        Entries(
            tuple(row for row in rows if isinstance(row, Result)),
            tuple(row for row in rows if isinstance(row, Deduction)),
            tuple(row for row in rows if isinstance(row, Decision)),
        ),
    )


def row(number: int = 2, **cells: str) -> Row:
    """A row of a table."""
    return Row(f"表 第 {number} 行", cells)
