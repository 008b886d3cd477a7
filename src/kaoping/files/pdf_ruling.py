"""Ruled lines of a page to tables: which lines belong together, and which cells they divide.

Missing rules are told apart from missing cells: where no rule stands between two neighbours they
are one merged cell; where lines reach beyond the last rule across them, the table is open there
(no side rules, or a row that goes on on the next page).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.files.pdf_marks import Glyph, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NEAR = 3.0
"""Points by which lines may miss each other and still meet, and edges differ and still be one."""
_ONE_LINE = 1.5
"""Points by which pieces of one ruled line may lie apart in height."""
_SHORTEST = 6.0
"""Points a ruled line is long at least; shorter ones are parts of drawn characters."""
_BEYOND = 8.0
"""Points that rules reach beyond the last rule across them where a table is open."""
_HEIGHT = 0.35
"""How far above its foot a character's middle stands, in parts of its size."""
_COLUMN_GAP = 0.8
"""Part of a character's size that columns without rules stand apart."""
_FEWEST_RULES = 3

Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table's edges on one page.

    Attributes:
        xs: its column edges, left to right, one more than columns.
        ys: its row edges, top to bottom.
        across: for each row edge where it is ruled, from x to x.
        down: for each column edge where it is ruled, from y to y.
        open_top: whether its upright rules begin above its first rule across.
        open_bottom: whether they go on below the last.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    across: tuple[Spans, ...]
    down: tuple[Spans, ...]
    open_top: bool = False
    open_bottom: bool = False

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return len(self.xs) - 1

    @property
    def area(self) -> float:
        """How much of the page it takes, in square points."""
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def touches(self, rule: Rule) -> bool:
        """Whether a rule across lies within it or on its edges."""
        inside = self.ys[0] - _NEAR <= rule.at <= self.ys[-1] + _NEAR
        return inside and self.xs[0] - _NEAR <= rule.start and rule.end <= self.xs[-1] + _NEAR

    def holds(self, glyph: Glyph) -> bool:
        """Whether a character stands in it."""
        x, y = middle(glyph)
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def cell_of(self, glyph: Glyph) -> tuple[int, int]:
        """The row and column, from 0, a character stands in."""
        x, y = middle(glyph)
        row = min(max(bisect_right(self.ys, y) - 1, 0), self.rows - 1)
        column = min(max(bisect_right(self.xs, x) - 1, 0), self.columns - 1)
        return row, column

    def areas(self) -> list[list[tuple[int, int]]]:
        """For each row and column the top left cell of the merged area it belongs to."""
        first = {(r, c): (r, c) for r in range(self.rows) for c in range(self.columns)}

        def top(cell: tuple[int, int]) -> tuple[int, int]:
            while first[cell] != cell:
                first[cell] = first[first[cell]]
                cell = first[cell]
            return cell

        for (row, column), _ in list(first.items()):
            x = (self.xs[column] + self.xs[column + 1]) / 2
            y = (self.ys[row] + self.ys[row + 1]) / 2
            neighbours = []
            if column + 1 < self.columns and not _is_in(y, self.down[column + 1]):
                neighbours.append((row, column + 1))
            if row + 1 < self.rows and not _is_in(x, self.across[row + 1]):
                neighbours.append((row + 1, column))
            for neighbour in neighbours:
                one, other = sorted((top((row, column)), top(neighbour)))
                first[other] = one
        return [[top((r, c)) for c in range(self.columns)] for r in range(self.rows)]

    @property
    def widths(self) -> tuple[float, ...]:
        """Its column edges, measured from the first."""
        return tuple(x - self.xs[0] for x in self.xs)

    def is_closed_below(self, column: int) -> bool:
        """Whether a column's last row is ended by a rule."""
        x = (self.xs[column] + self.xs[column + 1]) / 2
        return not self.open_bottom and _is_in(x, self.across[-1])


def middle(glyph: Glyph) -> tuple[float, float]:
    """The middle of a character."""
    return (glyph.x0 + glyph.x1) / 2, glyph.y - _HEIGHT * glyph.size


def common_columns(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...] | None:
    """All column edges of two tables, measured from their left edges; None where they do not fit.

    They fit where both are equally wide and the edges of one are among the other's: a page
    without the heading may have fewer.
    """
    fewer, more = sorted((one, other), key=len)
    if abs(fewer[-1] - more[-1]) > _NEAR:
        return None
    if any(min(abs(x - y) for y in more) > _NEAR for x in fewer):
        return None
    return more


def _is_in(place: float, spans: Spans) -> bool:
    return any(start - _NEAR / 2 <= place <= end + _NEAR / 2 for start, end in spans)


# --- from rules ----------------------------------------------------------------------------------


def ruled_tables(level: Sequence[Rule], upright: Sequence[Rule]) -> list[Ruled]:
    """The tables that rules of a page form, top to bottom; a mere frame is none."""
    across, down = _pieced(level), _pieced(upright)
    tables = [
        table
        for lying, standing in _meeting(across, down)
        if (table := _table(lying, standing)) and table.rows * table.columns > 1
    ]
    return sorted(tables, key=lambda table: (table.ys[0], table.xs[0]))


def _pieced(rules: Sequence[Rule]) -> list[Rule]:
    """Rules put together from their pieces: dashes, and the sides of single cells."""
    lines: list[list[Rule]] = []
    for rule in sorted(rules):
        if lines and rule.at - lines[-1][0].at <= _ONE_LINE:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    found = []
    for line in lines:
        at, start, end = line[0].at, *min((rule.start, rule.end) for rule in line)
        for rule in sorted(line, key=lambda rule: rule.start):
            if rule.start - end > _NEAR:
                found.append(Rule(at, start, end))
                start, end = rule.start, rule.end
            end = max(end, rule.end)
        found.append(Rule(at, start, end))
    return [rule for rule in found if rule.end - rule.start >= _SHORTEST]


def _meeting(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Groups of rules that meet each other."""
    groups: list[tuple[list[Rule], list[Rule]]] = [([rule], []) for rule in across]
    for standing in down:
        meets = [group for group in groups if any(_meet(rule, standing) for rule in group[0])]
        if not meets:
            continue
        for group in meets[1:]:
            meets[0][0].extend(group[0])
            meets[0][1].extend(group[1])
            groups.remove(group)
        meets[0][1].append(standing)
    return [group for group in groups if group[1]]


def _meet(lying: Rule, standing: Rule) -> bool:
    return (
        lying.start - _NEAR <= standing.at <= lying.end + _NEAR
        and standing.start - _NEAR <= lying.at <= standing.end + _NEAR
    )


def _table(across: list[Rule], down: list[Rule]) -> Ruled | None:
    """The table that rules which meet each other form; open sides get an edge where rules end."""
    left, right = min(r.start for r in across), max(r.end for r in across)
    top, bottom = min(r.start for r in down), max(r.end for r in down)
    xs, ys = [r.at for r in down], [r.at for r in across]
    open_top, open_bottom = top < min(ys) - _BEYOND, bottom > max(ys) + _BEYOND
    across = across + [
        Rule(at, left, right) for at, is_open in ((top, open_top), (bottom, open_bottom)) if is_open
    ]
    top, bottom = min(r.at for r in across), max(r.at for r in across)
    down = down + [
        Rule(at, top, bottom)
        for at, is_open in ((left, left < min(xs) - _BEYOND), (right, right > max(xs) + _BEYOND))
        if is_open
    ]
    columns, rows = _edges(down), _edges(across)
    if len(columns) < 2 or len(rows) < 2:  # noqa: PLR2004 - edges of one column or row
        return None
    return Ruled(
        tuple(columns),
        tuple(rows),
        tuple(rows.values()),
        tuple(columns.values()),
        open_top,
        open_bottom,
    )


def _edges(rules: Iterable[Rule]) -> dict[float, Spans]:
    """Edges, in order, with where each is ruled; lines close together (双线) are one."""
    edges: dict[float, Spans] = {}
    last = None
    for rule in sorted(rules):
        if last is None or rule.at - last > _NEAR:
            last = rule.at
        edges[last] = (*edges.get(last, ()), (rule.start, rule.end))
    return edges


# --- without upright rules -----------------------------------------------------------------------


def level_tables(level: Sequence[Rule], glyphs: Sequence[Glyph]) -> list[Ruled]:
    """Tables with rules across only (三线表): columns are where every line leaves a gap.

    Under its heading such a table has a rule for each row, or none until its end; then a row
    begins where its first column has words.
    """
    groups: list[list[Rule]] = []
    for rule in _pieced(level):
        for group in groups:
            if abs(group[0].start - rule.start) <= _NEAR and abs(group[0].end - rule.end) <= _NEAR:
                group.append(rule)
                break
        else:
            groups.append([rule])
    found = [_level_table(group, glyphs) for group in groups if len(group) >= _FEWEST_RULES]
    return [table for table in found if table]


def _level_table(rules: list[Rule], glyphs: Sequence[Glyph]) -> Ruled | None:
    left, right = rules[0].start, rules[0].end
    ys = list(_edges(rules))
    inside = [
        glyph
        for glyph in glyphs
        if left <= middle(glyph)[0] <= right and ys[0] < middle(glyph)[1] < ys[-1]
    ]
    words = [glyph for glyph in inside if glyph.text.strip()]
    xs = [left, *_gaps(words), right]
    if len(ys) < _FEWEST_RULES or len(xs) < _FEWEST_RULES:
        return None
    head = {bisect_right(xs, middle(glyph)[0]) for glyph in words if glyph.y < ys[1]}
    if len(head) < len(xs) - 1:
        return None
    if len(ys) == _FEWEST_RULES:
        ys = [*ys[:2], *_row_tops([g for g in words if g.x1 <= xs[1] and g.y > ys[1]])[1:], ys[-1]]
    return Ruled(
        tuple(xs),
        tuple(ys),
        tuple(((left, right),) for _ in ys),
        tuple(((ys[0], ys[-1]),) for _ in xs),
    )


def _gaps(glyphs: Sequence[Glyph]) -> list[float]:
    """The middles of gaps that go through all lines."""
    gaps = []
    end = None
    for glyph in sorted(glyphs, key=lambda glyph: glyph.x0):
        if end is not None and glyph.x0 - end > _COLUMN_GAP * glyph.size:
            gaps.append((glyph.x0 + end) / 2)
        end = glyph.x1 if end is None else max(end, glyph.x1)
    return gaps


def _row_tops(glyphs: Sequence[Glyph]) -> list[float]:
    """Just above each line of the first column."""
    tops: list[float] = []
    last = None
    for glyph in sorted(glyphs, key=lambda glyph: glyph.y):
        if last is None or glyph.y - last > glyph.size / 2:
            tops.append(glyph.y - glyph.size)
            last = glyph.y
    return tops
