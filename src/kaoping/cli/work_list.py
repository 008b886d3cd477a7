"""Printing the work list of a draft: what was read, what was not, what a person must decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table

from kaoping.cli import show
from kaoping.cli.language import said
from kaoping.core.draft.summary import Part
from kaoping.core.draft.work_list import count_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kaoping.core.draft.work_list import Item

_PARTS: Final = (
    (
        Part.READ,
        "一、读出的内容：请对照出处逐项核对",
        "I. What was read: compare it with its source",
    ),
    (
        Part.UNREAD,
        "二、没有读出的内容：请人工补入草稿",
        "II. What was not read: add it to the draft",
    ),
    (Part.OPEN, "三、须由人决定的事项", "III. What a person must decide"),
)


def print_work_list(items: Sequence[Item]) -> None:
    """Print what was read, what was not and what must be decided, each numbered, and a count."""
    console = show.console_for()
    with show.answering():
        for part, zh, en in _PARTS:
            own = [item for item in items if item.part is part]
            console.print(f"[bold]{show.escape(said(zh, en))}[/]（{len(own)}）", soft_wrap=True)
            if own:
                console.print(_work_table(own, part))
            console.print()
        console.print(f"[bold]{show.escape(said(*count_words(items)))}[/]", soft_wrap=True)


def _work_table(items: Iterable[Item], part: Part) -> Table:
    """The lines of one part; those that are to be checked all ask for the same, so it is left out."""
    table = Table(show_edge=False, pad_edge=False, show_lines=part is not Part.READ)
    table.add_column(said("序号", "No."), justify="right", no_wrap=True)
    if part is Part.OPEN:
        table.add_column(said("级", "Sev."), no_wrap=True)
    if part is Part.READ:
        table.add_column(said("项目", "Field"), overflow="fold", min_width=10)
    table.add_column(said("内容", "Content"), overflow="fold", ratio=6)
    table.add_column(said("出处", "Source"), overflow="fold", ratio=2, min_width=9)
    if part is not Part.READ:
        table.add_column(said("怎么办", "What to do"), overflow="fold", ratio=4)
    for item in items:
        table.add_row(*map(show.cell, _work_cells(item, part)))
    return table


def _work_cells(item: Item, part: Part) -> list[str]:
    cells = [str(item.number)]
    place, todo = show.escape(item.place), show.escape(item.todo)
    if part is Part.READ:
        return [*cells, show.escape(item.what), show.escape(item.words), place]
    words = show.escape(item.words)
    if item.severity is not None:
        cells.append(f"[{show.STYLES[item.severity]}]{item.severity.value}[/]")
    # A problem's sentence says what it is; a line of another kind needs its name before it.
    about = f"\n[dim]{item.code}[/]" if item.code else ""
    name = "" if item.code else f"{show.escape(item.what.strip())}："
    return [*cells, f"{name}{words}{about}", place, todo]
