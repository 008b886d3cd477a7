"""原件: a file as an office sent it, whatever its format: lines and tables, each with its place.

Readers in `kaoping.files` make an `Original`; what its words mean is read from it in `core`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """单元格: the words of one cell and where it stands.

    Attributes:
        text: the words; lines of the cell are divided by line breaks; without blanks around.
        address: as a person finds it: `附件1.xlsx“任务表”B3`, `附件1.docx 表1第3行第2列`,
            `附件1.pdf 第2页表1第3行第2列`.
        area: row and column of the top left cell of the merged area it belongs to, counted from 0
            within its grid; every cell of a merged area repeats text, address and area of the first.
    """

    text: str
    address: str
    area: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """表格: rows of equally many cells, top to bottom, merged cells repeated.

    A table that runs over several pages is one grid; a heading repeated on a later page stays in
    it as a row. Rows without any words are left out.

    Attributes:
        place: the grid as a person finds it: `附件1.xlsx“任务表”`, `附件1.docx 表1`.
        title: the words just above it (a sheet's name, the lines before a table), "" if none.
    """

    place: str
    title: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Original:
    """A file as read.

    Attributes:
        name: the file's name, without folders.
        lines: its text in reading order, one paragraph a line (a wrapped line of a pdf is joined to
            its paragraph); a table's row is one line, `cell | cell`, a merged cell's words once.
        places: for each line how a person finds it (`第2页第5段`); empty where a line's own number
            is its place.
        grids: its tables in reading order.
    """

    name: str
    lines: tuple[str, ...]
    places: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
