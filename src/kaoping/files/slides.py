"""Presentations (pptx): the words and tables of each slide, in the order in which they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.errors import InputError
from kaoping.core.original import Original
from kaoping.files.grids import Budget, Placed, laid_out
from kaoping.files.office_parts import Parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from kaoping.core.original import Grid

MAX_SLIDES = 500
_MAIN = "ppt/presentation.xml"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_pptx(content: bytes, name: str) -> Original:
    """A presentation as read: `第3张` is the place of a line, `第3张表1` of a table; notes are left out.

    Args:
        content: the file.
        name: its name, for places and messages.

    Raises:
        InputError: where it is damaged, unsafe, too large, or without any words.
    """
    parts, budget = Parts(content, name), Budget(name)
    lines: list[str] = []
    places: list[str] = []
    grids: list[Grid] = []
    for number, slide in enumerate(_slides(parts), 1):
        tables = list(slide.iter(f"{_A}tbl"))
        for paragraph in slide.iter(f"{_A}p"):
            text = _text(paragraph)
            if text and next(paragraph.iterancestors(f"{_A}tbl"), None) is None:
                lines.append(budget.spend_text(text))
                places.append(f"第{number}张")
        for count, table in enumerate(tables, 1):
            grids.append(_grid(table, f"第{number}张表{count}", budget))
    if not lines and not any(grid.rows for grid in grids):
        raise InputError(f"{name}：里面没有文字。", f"{name}: it holds no text.")
    return Original(name, tuple(lines), tuple(places), tuple(grids))


def _slides(parts: Parts) -> Iterator[etree._Element]:
    """The slides that are shown, in their order; hidden ones too.

    Raises:
        InputError: where there are too many.
    """
    main = parts.related().get("officeDocument", _MAIN)
    names = parts.related(main, by_name=True)
    ids = [one.get(_RELATION, "") for one in parts.tree(main).iter(f"{_P}sldId")]
    if len(ids) > MAX_SLIDES:
        raise InputError(
            f"{parts.name}：超过 {MAX_SLIDES} 张幻灯片。请分成几个文件。",
            f"{parts.name}: more than {MAX_SLIDES} slides. Split it into several files.",
        )
    return (parts.tree(names[one]) for one in ids if names.get(one, "") in parts)


def _grid(table: etree._Element, place: str, budget: Budget) -> Grid:
    cells = []
    for at, row in enumerate(table.iter(f"{_A}tr")):
        for column, cell in enumerate(row.iter(f"{_A}tc")):
            words = "\n".join(filter(None, map(_text, cell.iter(f"{_A}p"))))
            cells.append(Placed(at, column, words))
    budget.spend_cells(cells)
    grid, _ = laid_out(
        cells, place, place, lambda row, column: f"{place}第{row + 1}行第{column + 1}列"
    )
    return grid


def _text(paragraph: etree._Element) -> str:
    return " ".join("".join(one.text or "" for one in paragraph.iter(f"{_A}t")).split())
