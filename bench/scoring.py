"""100 units × 100 tasks: scored exactly with working, beside a spreadsheet recalculating the same.

The spreadsheet holds the same results and one formula a score; LibreOffice opens it, recalculates and
writes the scores out, which is what a user of a spreadsheet waits for. Both give the same scores, or
the difference is printed.
"""

from __future__ import annotations

import csv
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from kaoping.core.results import Deduction, Entries, Result, Status
from kaoping.core.scheme import Scheme, load_scheme
from kaoping.core.scoring.assessment import score

UNITS, INDICATORS, KINDS = 100, 10, 10
MOST_CPU, MOST_MEGABYTES = 1.5, 150
RUNS = 5
DAY = date(2024, 12, 31)

_RULES = (
    '{ kind = "ratio", target = "80" }',
    (
        '{ kind = "bands", bands = [{ below = "60", points = "0" }, { from = "60", below = "90",'
        ' points = "0.6" }, { from = "90", points = "1" }] }'
    ),
    '{ kind = "count", start = "full", lines = [{ name = "迟报", each = "-0.1" }] }',
    (
        '{ kind = "step", target = "50", up = { per = "10", points = "0.05", cap = "0.2" },'
        ' down = { per = "10", points = "0.1" } }'
    ),
    '{ kind = "yes-no" }',
    '{ kind = "checklist" }',
    '{ kind = "rank", step = "0.01" }',
    '{ kind = "efficacy", low = "min", high = "max" }',
    '{ kind = "interpolate", points = [["20", "0"], ["60", "0.5"], ["100", "1"]] }',
    '{ kind = "ratio", target = "40", lower_is_better = true }',
)
_FORMULAS = (
    "MIN(MAX({x}/80,0),1)",
    "IF({x}<60,0,IF({x}<90,0.6,1))",
    "MAX(MIN(1-{x}*0.1,1),0)",
    "MAX(IF({x}>=50,1+MIN(INT(({x}-50)/10)*0.05,0.2),1-INT((50-{x})/10)*0.1),0)",
    "IF({x},1,0)",
    "{x}/{of}",
    "MAX(1-0.01*(RANK({x},{column})-1),0)",
    "(60+40*({x}-MIN({column}))/(MAX({column})-MIN({column})))/100",
    "IF({x}<=20,0,IF({x}>=100,1,IF({x}<60,0.5*({x}-20)/40,0.5+0.5*({x}-60)/40)))",
    "MIN(40/{x},1)",
)
"""For each rule the same as a spreadsheet formula: `x` and `of` the inputs, `column` the group's."""
_COUNT, _YES_NO, _CHECKLIST = 2, 4, 5


def scheme_text(indicators: int = INDICATORS) -> str:
    """A scheme of some indicators, each with ten tasks of one point."""
    lines = [
        'format = "kaoping-scheme/1"',
        'title = "测量"',
        'issuer = "测量"',
        "year = 2024",
        "data_cutoff = 2024-12-31",
        'section = [{ id = "s", name = "科室" }]',
        'totals = "none"',
    ]
    lines += [f'[[unit]]\nid = "u{unit}"\nname = "单位{unit}"' for unit in range(UNITS)]
    for indicator in range(indicators):
        lines.append(f'[[indicator]]\nid = "i{indicator}"\nname = "指标{indicator}"')
        lines.append('points = "10"\nlead_unit = "u0"\nresponsible_section = "s"')
        for kind, rule in enumerate(_RULES):
            lines.append(f'[[indicator.task]]\nid = "{indicator}.{kind}"\nname = "任务"')
            lines.append(f'points = "1"\nstandard = "标准"\nunits = "all"\nrule = {rule}')
    return "\n".join(lines)


def values(
    dice: random.Random, indicators: int = INDICATORS
) -> dict[tuple[int, int, int], tuple[Decimal | bool, Decimal]]:
    """A value for every unit, indicator and kind of rule, with the number of items asked for."""
    table: dict[tuple[int, int, int], tuple[Decimal | bool, Decimal]] = {}
    for unit in range(UNITS):
        for indicator in range(indicators):
            for kind in range(KINDS):
                asked = Decimal(dice.randint(5, 20))
                value: Decimal | bool = Decimal(dice.randint(100, 12000)).scaleb(-2)
                if kind == _COUNT:
                    value = Decimal(dice.randint(0, 12))
                elif kind == _YES_NO:
                    value = dice.random() < 0.8  # noqa: PLR2004 - most say yes
                elif kind == _CHECKLIST:
                    value = Decimal(dice.randint(0, int(asked)))
                table[unit, indicator, kind] = value, asked
    return table


def entries(indicators: int = INDICATORS) -> Entries:
    """The values as results and deductions."""
    results, deductions = [], []
    for (unit, indicator, kind), (value, asked) in values(random.Random(1), indicators).items():
        name, task = f"u{unit}", f"{indicator}.{kind}"
        if kind == _COUNT:
            deductions.append(Deduction(name, task, "迟报", Decimal(value), "迟报", "记录", ""))
            continue
        results.append(Result(name, task, "", value, "", DAY, Status.FINAL, "系统"))
        if kind == _CHECKLIST:
            results.append(Result(name, task, "of", asked, "", DAY, Status.FINAL, "系统"))
    return Entries(tuple(results), tuple(deductions))


def load(indicators: int = INDICATORS) -> Scheme:
    """The scheme as records."""
    loaded = load_scheme(scheme_text(indicators))
    if loaded.scheme is None:
        raise SystemExit("\n".join(f"{p.where}: {p.message}" for p in loaded.problems))
    return loaded.scheme


def measure_here() -> dict[str, object]:
    """CPU seconds of the best run, the memory of this process in megabytes, and the scores."""
    scheme, given = load(), entries()
    best = float("inf")
    scores = score(scheme, given)
    for _ in range(RUNS):
        began = time.process_time()
        scores = score(scheme, given)
        best = min(best, time.process_time() - began)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    indicators = [
        str(scores.indicators[f"u{unit}", f"i{indicator}"].published)
        for unit in range(UNITS)
        for indicator in range(INDICATORS)
    ]
    workings = sum(bool(row.working) for row in scores.tasks.values())
    return {"cpu": best, "megabytes": memory, "scores": indicators, "workings": workings}


# --- the peer --------------------------------------------------------------------------------------


def write_workbook(path: Path) -> None:
    """Results on one sheet, one formula a score on the next, indicator scores on the first."""
    book = xlsxwriter.Workbook(str(path))
    sums, scores, given, asked = (book.add_worksheet(name) for name in ("s", "t", "x", "of"))
    table = values(random.Random(1))
    for (unit, indicator, kind), (value, items) in table.items():
        column = indicator * KINDS + kind
        given.write(unit, column, value if isinstance(value, bool) else float(value))
        asked.write_number(unit, column, float(items))
        cell = xl_rowcol_to_cell(unit, column)
        first = xl_rowcol_to_cell(0, column, row_abs=True)
        last = xl_rowcol_to_cell(UNITS - 1, column, row_abs=True)
        text = _FORMULAS[kind].format(x=f"x!{cell}", of=f"of!{cell}", column=f"x!{first}:{last}")
        scores.write_formula(unit, column, f"=ROUND({text},2)")
    for unit in range(UNITS):
        for indicator in range(INDICATORS):
            first = xl_rowcol_to_cell(unit, indicator * KINDS)
            last = xl_rowcol_to_cell(unit, indicator * KINDS + KINDS - 1)
            sums.write_formula(unit, indicator, f"=ROUND(10*SUM(t!{first}:{last})/10,2)")
    book.close()


_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


def recalculate(office: str, workbook: Path, profile: Path) -> tuple[float, list[str]]:
    """Seconds LibreOffice takes to open, recalculate and write out, and the scores it gives."""
    began = time.perf_counter()
    subprocess.run(
        [
            office,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            "csv",
            "--outdir",
            str(workbook.parent),
            str(workbook),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    seconds = time.perf_counter() - began
    with workbook.with_suffix(".csv").open(encoding="utf-8") as table:
        return seconds, [cell for row in csv.reader(table) for cell in row]


def measure_office(office: str) -> tuple[float, float, list[str]]:
    """Seconds for the workbook, seconds for an empty one, and the scores; the best of three."""
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "profile")
        (profile / "user").mkdir(parents=True)
        settings = profile / "user" / "registrymodifications.xcu"
        settings.write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
        full, empty = Path(folder, "full.xlsx"), Path(folder, "empty.xlsx")
        write_workbook(full)
        with xlsxwriter.Workbook(str(empty)) as book:
            book.add_worksheet().write(0, 0, 1)
        recalculate(office, empty, profile)  # the first start makes the profile
        idle = min(recalculate(office, empty, profile)[0] for _ in range(3))
        runs = [recalculate(office, full, profile) for _ in range(3)]
        return min(seconds for seconds, _ in runs), idle, runs[0][1]


def main() -> None:
    """Print both, and their ratio."""
    child = subprocess.run(
        [sys.executable, "-m", "bench.scoring"], check=True, capture_output=True, text=True
    )
    ours = json.loads(child.stdout)
    cells = UNITS * INDICATORS * KINDS
    print(
        f"{UNITS} units × {INDICATORS * KINDS} tasks = {cells} scores, {ours['workings']} workings"
    )
    _print_bound("CPU", ours["cpu"], MOST_CPU, "s")
    _print_bound("memory of the whole process", ours["megabytes"], MOST_MEGABYTES, "MB")
    office = shutil.which("soffice")
    if office is None:
        print("LibreOffice is not here: ./setup.sh office installs the peer.")
        return
    seconds, idle, theirs = measure_office(office)
    print(
        f"LibreOffice opens, recalculates and saves the same: {seconds:.2f} s, of which start {idle:.2f} s"
    )
    print(
        f"ratio: LibreOffice takes {seconds / ours['cpu']:.2f} × our time, {(seconds - idle) / ours['cpu']:.2f} × without its start"
    )
    differing = [
        (mine, other)
        for mine, other in zip(ours["scores"], theirs, strict=True)
        if Decimal(mine) != Decimal(other)
    ]
    print(f"indicator scores that differ: {len(differing)} of {len(theirs)} {differing[:5]}")


def _print_bound(name: str, value: float, most: float, unit: str) -> None:
    verdict = "within" if value < most else "OVER"
    print(f"{name}: {value:.2f} {unit}, {verdict} the bound of {most} {unit}")


if __name__ == "__main__":
    print(json.dumps(measure_here()))
