"""清单: a table of texts as a workbook to print, to filter and to pass on."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from kaoping.files.xlsx import blank_book

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FACE = "宋体"
_HEAD_ROW = 2
_MOST_SIGNS = 32_000
"""Longest text that a cell of a workbook holds."""


def listing_workbook(
    title: str, heads: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]], note: str = ""
) -> bytes:
    """Rows of text under headings; no cell becomes a formula, a link or a number.

    Args:
        title: stands above the table, and at the head of every printed page.
        heads: each column's heading and its width in characters.
        rows: the cells, as many in each as there are headings.
        note: stands below the title.
    """
    stream = io.BytesIO()
    book = blank_book(stream, title)
    base = {"font_name": _FACE, "font_size": 10, "valign": "vcenter"}
    edged = base | {"border": 1, "border_color": "#B9C0C9", "text_wrap": True}
    head = book.add_format(edged | {"bold": True, "align": "center", "bg_color": "#F0F2F5"})
    text = book.add_format(edged)
    sheet = book.add_worksheet("清单")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页　共 &N 页")
    sheet.repeat_rows(_HEAD_ROW)
    sheet.write_string(0, 0, title, book.add_format(base | {"font_size": 15, "bold": True}))
    sheet.write_string(1, 0, note, book.add_format(base | {"font_color": "#5D6773"}))
    for column, (name, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEAD_ROW, column, name, head)
    last = _HEAD_ROW
    for last, row in enumerate(rows, _HEAD_ROW + 1):
        for column, cell in enumerate(row):
            sheet.write_string(last, column, cell[:_MOST_SIGNS], text)
    sheet.autofilter(_HEAD_ROW, 0, max(last, _HEAD_ROW), len(heads) - 1)
    sheet.freeze_panes(_HEAD_ROW + 1, 0)
    book.close()
    return stream.getvalue()
