"""清单: a table of texts as a workbook to print, to filter and to pass on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.files.book import Book, Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


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
    made = Book(title)
    with made as book:
        columns = [Column(head, width) for head, width in heads]
        sheet = book.sheet("清单", title, columns, note, frozen=0)
        for row in rows:
            sheet.add(row)
    return made.content
