"""A small sound scheme for tests, and edits of it by path."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kaoping.core.calendar import Calendar
from kaoping.core.check.checking import check_scheme
from kaoping.core.errors import InputError
from kaoping.core.problems import CATALOGUE
from kaoping.core.scheme import Loaded, Scheme, load_scheme

ROOT = Path(__file__).parents[2]
BAISE = (ROOT / "examples" / "baise-2024" / "scheme.toml").read_text("utf-8")
COUNTY = (ROOT / "examples" / "county-small" / "scheme.toml").read_text("utf-8")

GONE: Any = object()
"""In place of a value: the key is left out."""

# 2024 and the first quarter of 2025: New Year, the Spring Festival with two make-up workdays.
_FESTIVAL = {date(2025, 1, 28) + timedelta(days=n) for n in range(8)}
CALENDAR = Calendar(
    frozenset({2024, 2025}),
    frozenset({date(2024, 1, 1), date(2025, 1, 1), *_FESTIVAL}),
    frozenset({date(2025, 1, 26), date(2025, 2, 8)}),
)


def step(kind, name, start, due, inputs):
    return {"kind": kind, "name": name, "from": start, "due": due, "inputs": inputs}


def task(identity, name, points, standard, rule, item):
    return {
        "id": identity,
        "name": name,
        "points": points,
        "standard": standard,
        "units": ["甲局", "乙局", "丙局"],
        "rule": rule,
        "catalogue": [{"id": f"{identity}-1", "name": item}],
    }


def sound() -> dict[str, Any]:
    """A fresh scheme in which nothing is wrong: one indicator, two tasks, three assessed units."""
    return {
        "format": "kaoping-scheme/1",
        "title": "小县考评方案",
        "document_number": "县考发〔2024〕1号",
        "issuer": "县考评办",
        "issue_date": date(2024, 3, 15),
        "year": 2024,
        "data_cutoff": date(2024, 12, 31),
        "step": [
            step("collect", "收集", date(2024, 12, 23), date(2025, 1, 8), []),
            step("score", "评分", date(2025, 1, 9), date(2025, 1, 14), ["收集"]),
            step("verify", "核验", date(2025, 1, 15), date(2025, 1, 17), ["评分"]),
            step("consolidate", "汇总", date(2025, 1, 17), date(2025, 1, 21), ["评分", "核验"]),
            step("file", "报送", date(2025, 1, 21), date(2025, 1, 24), ["汇总"]),
        ],
        "section": [{"id": "督考科", "name": "督查考评科", "unit": "考评办"}],
        "unit": [
            {"id": "考评办", "name": "县考评办"},
            {"id": "甲局", "name": "县甲局", "aliases": ["甲"], "group": "经济组"},
            {"id": "乙局", "name": "县乙局", "group": "经济组"},
            {"id": "丙局", "name": "县丙局", "group": "经济组"},
        ],
        "indicator": [
            {
                "id": "1",
                "name": "项目建设",
                "points": "10",
                "lead_unit": "考评办",
                "responsible_section": "督考科",
                "contact": {
                    "responsible_leader": ["韦清和"],
                    "responsible_person": ["覃若谷"],
                    "liaison": ["农晓禾"],
                },
                "task": [
                    task(
                        "1.1",
                        "完成投资",
                        "6",
                        "按完成率计分。",
                        {"kind": "ratio", "target": "100"},
                        "投资月报",
                    ),
                    task(
                        "1.2",
                        "按时报送",
                        "4",
                        "每迟报一次扣0.5分。",
                        {"kind": "count", "start": "full", "lines": [line("迟报", "-0.5")]},
                        "报送日志",
                    ),
                ],
            }
        ],
    }


def line(name, each):
    return {"name": name, "each": each}


def part(name, rule, **share):
    return {"name": name, "rule": rule, **share}


def edit(table: Any, path: str, value: object) -> None:
    """Set, append (`#new`) or drop (`GONE`) what stands at a dotted path of keys and positions."""
    *above, last = path.split("/")
    for key in above:
        table = table[int(key)] if isinstance(table, list) else table.setdefault(key, {})
    if isinstance(table, list):
        if last == "#new":
            table.append(value)
        else:
            table[int(last)] = value
    elif last == "#new":
        raise ValueError(path)
    elif value is GONE:
        del table[last]
    else:
        table[last] = value


def toml(value: object) -> str:
    """A value as TOML, tables inline."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float() | date():
            return str(value)
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case dict():
            return "{ " + ", ".join(f"{toml(k)} = {toml(v)}" for k, v in value.items()) + " }"
        case _:
            raise TypeError(value)


def text_of(table: dict[str, Any]) -> str:
    """A scheme file's text."""
    return "\n".join(f"{key} = {toml(value)}" for key, value in table.items())


def edited(changes: dict[str, object] | None = None) -> str:
    """The sound scheme's text with changes by path; `indicator/0/task/1/points`."""
    table = sound()
    for path, value in (changes or {}).items():
        edit(table, path, value)
    return text_of(table)


def loaded(changes: dict[str, object] | None = None) -> Loaded:
    return load_scheme(edited(changes))


def scheme(changes: dict[str, object] | None = None) -> Scheme:
    """The edited scheme, which must be readable without a problem."""
    read = loaded(changes)
    assert read.problems == ()
    assert read.scheme is not None
    return read.scheme


def found(problems) -> list[tuple[str, str]]:
    """Code and place of each problem."""
    return [(problem.code, problem.where) for problem in problems]


def form_faults(changes: dict[str, object] | None = None) -> list[tuple[str, str]]:
    """Code and place of what is wrong in the edited scheme's form."""
    return found(loaded(changes).problems)


def faults(changes: dict[str, object] | None = None, calendar=CALENDAR) -> list[tuple[str, str]]:
    """Code and place of everything wrong in the edited scheme."""
    return found(check_scheme(loaded(changes), calendar))


def read_or_refused(text: str) -> Loaded | None:
    """Read and check a scheme as the command line does; an `InputError` is an answer, too."""
    try:
        read = load_scheme(text)
        problems = check_scheme(read, CALENDAR)
    except InputError:
        return None
    assert all(problem.code in CATALOGUE and problem.message for problem in problems)
    return read
