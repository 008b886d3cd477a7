"""平台录入表: what a clerk types into the city's platform, one line for each indicator and unit.

The platform asks indicator by indicator, for all units of each; so the lines stand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.canonical import plain
from kaoping.core.report.document import figure, printed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from kaoping.core.report.assessed import Assessed
    from kaoping.core.scheme import Indicator
    from kaoping.core.scoring.scores import IndicatorScore, ScoreState

FORMAT = "kaoping-entry-table/1"


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line to type.

    Attributes:
        number: from 1, through all indicators.
        unit, unit_name, group: the assessed unit, as the scheme has it.
        indicator, indicator_name: as the scheme has it.
        full: the indicator's points.
        reachable: the points that the unit can reach.
        published: what to type; None where the indicator is open or does not concern the unit.
        reason: why points were lost or added, task by task, on one line; empty where none were.
    """

    number: int
    unit: str
    unit_name: str
    group: str
    indicator: str
    indicator_name: str
    full: Decimal
    reachable: Decimal
    published: Decimal | None
    state: ScoreState
    reason: str


@dataclass(frozen=True, slots=True)
class EntryTable:
    """All lines, with what they rest on; `seal` ties them to the journal, empty without one.

    `mark` is the standing of the results: a draft's, or with which document they were issued.
    """

    title: str
    document_number: str
    issuer: str
    year: int
    mark: str
    seal: str
    lines: tuple[EntryLine, ...]


def build_entry_table(assessed: Assessed) -> EntryTable:
    """The lines of all indicators, the units of each in their order."""
    scheme = assessed.scheme
    scored = (
        (indicator, row)
        for indicator in scheme.indicators
        for row in assessed.indicator_scores(indicator)
    )
    lines = (_line(assessed, number, *pair) for number, pair in enumerate(scored, 1))
    return EntryTable(
        scheme.title,
        scheme.document_number,
        scheme.issuer,
        scheme.year,
        assessed.mark,
        assessed.seal_text,
        tuple(lines),
    )


def _line(assessed: Assessed, number: int, indicator: Indicator, row: IndicatorScore) -> EntryLine:
    unit = assessed.scheme.unit_by_id[row.unit]
    return EntryLine(
        number,
        unit.id,
        unit.name,
        unit.group,
        indicator.id,
        indicator.name,
        indicator.points,
        row.reachable_points,
        row.published,
        row.state,
        _reasons(assessed, indicator, row),
    )


def _reasons(assessed: Assessed, indicator: Indicator, row: IndicatorScore) -> str:
    """Why the unit did not get full marks, or got more, by task; then vetoes that no task has told."""
    said = "；".join(_task_reasons(assessed, indicator, row))
    veto = _one_line(printed(row.reason))
    if not veto or veto in said:
        return said
    return "；".join(filter(None, (said, f"一票否决：{veto}")))


def _task_reasons(assessed: Assessed, indicator: Indicator, row: IndicatorScore) -> Iterator[str]:
    for task in indicator.tasks:
        score = assessed.scores.tasks.get((row.unit, task.id))
        if score is None:
            continue
        lost = assessed.lost(score)
        reason = assessed.reason(score) if score.reason or lost else ""
        if reason:
            told = f"失{figure(lost)}分" if lost else ""
            yield f"{task.label}{told}：{_one_line(reason)}"


def _one_line(text: str) -> str:
    """A text without its line ends and without a stop at its end."""
    return "；".join(line.strip() for line in text.split("\n") if line.strip()).rstrip("。；")


def entry_table_json(table: EntryTable) -> bytes:
    """The table for other programs: points are decimal text, empty where there are none."""
    content = {
        "format": FORMAT,
        "title": table.title,
        "document_number": table.document_number,
        "issuer": table.issuer,
        "year": table.year,
        "mark": table.mark,
        "seal": table.seal,
        "lines": [_as_json(line) for line in table.lines],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _as_json(line: EntryLine) -> dict[str, object]:
    return {
        "number": line.number,
        "unit": line.unit,
        "unit_name": line.unit_name,
        "group": line.group,
        "indicator": line.indicator,
        "indicator_name": line.indicator_name,
        "full": plain(line.full),
        "reachable": plain(line.reachable),
        "published": "" if line.published is None else plain(line.published),
        "state": line.state.value,
        "reason": line.reason,
    }
