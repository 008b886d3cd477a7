"""Tables whose rows, not columns, are the labels of a duty: one indicator to a column.

`指标 | …`, `责任科室 | …`, `联络员 | …` below one another; a table for each indicator has two columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import OFFICES, PEOPLE, Role, cells_of, role_of
from kaoping.core.notice.duties import read_reach
from kaoping.core.notice.duty_tables import read_cell
from kaoping.core.notice.gathered import Gathered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kaoping.core.notice.passage import Found, Passage

_FEWEST_ROWS = 3
_SUBJECT = re.compile(
    r"(?:考核|考评|评价|评估|评议|测评|评定)?(?:指标|项目|内容|事项|任务)(?:名称)?"
)


@dataclass
class LabelTable:
    """Rows that begin with a label each, and the duty of each column that was read from them.

    Attributes:
        duties: an indicator's name with what a row tells of it.
        missed: rows of which something was not understood.
    """

    duties: list[tuple[Found[str], Gathered]] = field(default_factory=list)
    missed: list[Passage] = field(default_factory=list)


def label_rows(lines: Sequence[Passage]) -> int:
    """How many lines at the beginning are rows of such a table; 0 where they are none."""
    count = 0
    for line in lines:
        if not _label(line):
            break
        count += 1
    named = count >= _FEWEST_ROWS and _label(lines[0]) is Role.INDICATOR
    answering = {_label(line) for line in lines[:count]} & (OFFICES | PEOPLE)
    return count if named and answering else 0


def _cells(line: Passage) -> list[tuple[int, int]]:
    return [span for span in cells_of(line) if line.text[slice(*span)].strip()]


def _label(line: Passage) -> Role | None:
    """What a row's first cell labels; None where it is no label, or the row has one cell."""
    cells = _cells(line)
    if len(cells) < 2:  # noqa: PLR2004
        return None
    first = re.sub(r"\s", "", line.text[slice(*cells[0])])
    if any(role_of(line.text[slice(*span)]) for span in cells[1:]):
        return None
    return Role.INDICATOR if _SUBJECT.fullmatch(first) else role_of(first)


def read_label_table(rows: Iterable[Passage]) -> LabelTable:
    """The duties of a table of label rows; a row without an indicator above it is missed."""
    table = LabelTable()
    subjects: list[Found[str]] = []
    for row in rows:
        role = _label(row)
        spans = _cells(row)[1:]
        if role is Role.INDICATOR:
            subjects = [row.words(*span) for span in spans]
        elif role is None or len(spans) != len(subjects):
            table.missed.append(row)
        else:
            for subject, (start, end) in zip(subjects, spans, strict=True):
                gathered = Gathered(row.cut(start, end))
                read_reach(gathered)
                words = row.text[start:end]
                if words.strip(" -—/无") and not read_cell(gathered, role, 0, end - start):
                    table.missed.append(row)
                table.duties.append((subject, gathered))
    return table
