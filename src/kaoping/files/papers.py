"""来文: a notice and its annexes read from disk, whatever their formats, and checked.

A file of the annexes that cannot be read stops nothing: it is a problem with the reason, as is every
part of an annex that no reader takes up. Only the notice must be readable.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from kaoping.core.annex.checking import check_annex
from kaoping.core.annex.reading import read_annex
from kaoping.core.draft.papers import Papers, differences
from kaoping.core.draft.tables import (
    addresses,
    names_people,
    places_of_tasks,
    silent_tables,
    task_tables,
)
from kaoping.core.errors import InputError, UsageError
from kaoping.core.notice.passage import shortened
from kaoping.core.notice.reading import read_notice
from kaoping.core.notice_check.checking import check_notice
from kaoping.core.problems import Problem, Severity
from kaoping.files.documents import MAX_OFFICE_BYTES, read_bytes, read_original
from kaoping.files.evidence import shown_name
from kaoping.files.grids import row_line
from kaoping.files.holidays import holiday_calendar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kaoping.core.annex.records import AnnexReading
    from kaoping.core.notice.reading import Notice
    from kaoping.core.original import Grid, Original

    Tell = Callable[[str, str], None]

BY_HAND = "请把其中的任务、分值和标准人工补入草稿"
NOTICE_ENDINGS = (".txt", ".md", ".html", ".htm", ".xhtml", ".docx", ".pdf", ".xlsx", ".csv")
"""Endings of files that a notice is read from."""


def stages_of(annexes: Sequence[Path]) -> int:
    """How often `tell` is called while a notice is read with these annexes."""
    return len(annexes) + 2


def read_papers(notice: Path, annexes: Sequence[Path], tell: Tell) -> Papers:
    """A notice with its annexes, read and checked.

    Args:
        notice: its file.
        annexes: the annexes' files.
        tell: told each stage as it begins, `stages_of(annexes)` times.

    Raises:
        UsageError: where two files have one name, so that places could not tell them apart.
        InputError: where a file is not there, or the notice cannot be read; all of them at once.
    """
    return read_beside_original(notice, annexes, tell)[0]


def read_beside_original(
    notice: Path, annexes: Sequence[Path], tell: Tell
) -> tuple[Papers, Original]:
    """As `read_papers`, and the notice itself as it was read, to be shown beside what was made of it.

    Raises:
        UsageError, InputError: as `read_papers`.
    """
    original, others, failures = _read_all(notice, annexes, tell)
    if original is None:
        raise _together(failures)
    tell("核对通知和附件", "checking notice and annexes")
    return papers_of(original, others, failures), original


def read_for_checking(path: Path, annexes: Sequence[Path], tell: Tell) -> Papers:
    """As `read_papers`; a file with nothing but tables of tasks is an annex without a notice.

    Raises:
        UsageError: as `read_papers`.
        InputError: as `read_papers`.
    """
    original, others, failures = _read_all(path, annexes, tell)
    if original is None:
        raise _together(failures)
    tell("查找问题", "looking for problems")
    if is_annex_alone(original):
        return papers_of(None, [original, *others], failures)
    return papers_of(original, others, failures)


def _read_all(
    first: Path, annexes: Sequence[Path], tell: Tell
) -> tuple[Original | None, list[Original], dict[str, InputError]]:
    """The notice, the annexes that can be read, and what is wrong with the files that cannot."""
    _refuse_one_name((first, *annexes))
    _require_files((first, *annexes))
    failures: dict[str, InputError] = {}
    read = []
    for path in (first, *annexes):
        name = shown_name(path.name)
        tell(f"读取 {name}", f"reading {name}")
        read.append(try_original(path, failures))
    return read[0], [one for one in read[1:] if one is not None], failures


def _refuse_one_name(paths: Sequence[Path]) -> None:
    counts = Counter(path.name for path in paths)
    twice = "、".join(name for name, count in counts.items() if count > 1)
    if twice:
        raise UsageError(
            f"有几个文件都叫 {twice}，出处分不清。请改成不同的名称，每个文件只写一次。",
            f"Several files are called {twice}; places could not tell them apart. "
            "Give them different names, and name each file once.",
        )


def _require_files(paths: Sequence[Path]) -> None:
    """Refuse, all at once, paths at which there is no file; that is no matter of what is in it."""
    failures: dict[str, InputError] = {}
    for path in paths:
        if not path.is_file():
            try:
                read_bytes(path, MAX_OFFICE_BYTES)
            except InputError as error:
                failures[str(path)] = error
    if failures:
        raise _together(failures)


def _together(failures: Mapping[str, InputError]) -> InputError:
    if len(failures) == 1:
        return next(iter(failures.values()))
    listed = [
        Problem("NOTICE-UNREAD", name, *_what_and_how(error.zh), weighed=Severity.A)
        for name, error in failures.items()
    ]
    return InputError(
        f"有 {len(failures)} 个文件不能读取，没有写出任何文件。",
        f"{len(failures)} files cannot be read; nothing was written.",
        listed,
    )


def try_original(path: Path, failures: dict[str, InputError]) -> Original | None:
    """A file as read; None where it cannot be, the reason is added to the failures.

    A name with bytes that are no text is written out in every place and message.
    """
    name = shown_name(path.name)
    try:
        original = read_original(path)
    except InputError as error:
        failures[name] = InputError(shown_name(error.zh), shown_name(error.en))
        return None
    return original if name == path.name else _renamed(original, name)


def _renamed(original: Original, name: str) -> Original:
    """A file as read, under another name in every place."""

    def told(place: str) -> str:
        return place.replace(original.name, name)

    grids = tuple(
        replace(
            grid,
            place=told(grid.place),
            rows=tuple(
                tuple(replace(cell, address=told(cell.address)) for cell in row)
                for row in grid.rows
            ),
        )
        for grid in original.grids
    )
    return replace(original, name=name, grids=grids)


# --- from originals ------------------------------------------------------------------------------


def papers_of(
    original: Original | None, annexes: Sequence[Original], failures: Mapping[str, InputError]
) -> Papers:
    """What was read of a notice and its annexes, checked.

    Args:
        original: the notice; None where there are only annexes.
        annexes: the annexes that could be read.
        failures: what is wrong with those that could not, by name.

    Raises:
        InputError: where the notice is far longer than any notice.
    """
    own = task_tables(original.grids) if original else ()
    grids = [*own, *(grid for annex in annexes for grid in annex.grids)]
    whole = read_annex(grids)
    silent = list(silent_tables(grids, whole))
    reading = _without(whole, silent)
    names = tuple(sorted([*(annex.name for annex in annexes), *failures]))
    unread = (
        *(_unread_file(name, error) for name, error in failures.items()),
        *(problem for annex in annexes for problem in _unread_parts(annex, whole)),
        *map(_unread_table, silent),
    )
    notice = _notice(original, own) if original else None
    of_annexes = check_annex(reading)
    if notice is None:
        return Papers(None, reading, names, unread, (), of_annexes)
    of_notice = (*_no_notice(notice, reading), *check_notice(notice, holiday_calendar(), names))
    of_annexes = (*differences(notice, reading), *of_annexes)
    return Papers(notice, reading, names, unread, of_notice, of_annexes)


def _what_and_how(words: str) -> tuple[str, str]:
    """A message cut into what is wrong and what to do."""
    what, _, how = words.partition("。")
    return what, how.rstrip("。") or "请核对文件名和所在文件夹"


def _no_notice(notice: Notice, reading: AnnexReading) -> tuple[Problem, ...]:
    """Said where nothing of an assessment was read: it is probably another file."""
    told = (notice.indicators, notice.steps, notice.assessed, reading.indicators, reading.tasks)
    if any(told) or (notice.title and notice.addressees):
        return ()
    return (
        Problem(
            "NOTICE-UNREAD",
            "全文",
            "不像考评通知：标题、考核对象、指标、环节都没有读到，也没有任务表",
            "请确认是否选错了文件；确是通知的，请另存为 docx 或 txt 再读",
            weighed=Severity.A,
        ),
    )


def _without(reading: AnnexReading, silent: Sequence[Grid]) -> AnnexReading:
    """The reading without the cells of tables that are told of as a whole."""
    places = {place for grid in silent for place in addresses(grid)}
    kept = tuple(source for source in reading.unread if source.where not in places)
    return replace(reading, unread=kept)


def _notice(original: Original, own: Sequence[Grid]) -> Notice:
    """The notice without the rows of tables that are read for tasks; those with duties stay in it."""
    scored = [grid for grid in own if not names_people(grid)]
    kept = list(_lines_outside(original, scored))
    places = [place for place, _ in kept]
    lines = [_BLANK_CELLS.sub("", line) if original.grids else line for _, line in kept]
    return read_notice(lines, places if original.places or scored else ())


_BLANK_CELLS = re.compile(r"(?:\s*\|)+\s*$")
"""Cells without words at the end of a row: a paragraph in a sheet with more columns than one."""


def _lines_outside(original: Original, grids: Sequence[Grid]) -> Iterator[tuple[str, str]]:
    """The lines of a file that are no rows of these tables, each with its place."""
    rows = {row_line(row) for grid in grids for row in grid.rows}
    places = {_place_of_row(address, original.name) for g in grids for address in addresses(g)}
    for number, line in enumerate(original.lines, 1):
        place = original.places[number - 1] if original.places else ""
        if line not in rows and (not place or place not in places):
            yield place or f"第 {number} 行", line


def _place_of_row(address: str, name: str) -> str:
    """The place of a cell's row: `附件1.docx 表1第3行第2列` stands in `表1第3行`."""
    return re.sub(r"第\d+列$", "", address.removeprefix(name).strip())


def is_annex_alone(original: Original) -> bool:
    """Whether a file has tables of tasks and no text around them that reads as a notice."""
    own = task_tables(original.grids)
    if not own:
        return False
    notice = read_notice([line for _, line in _lines_outside(original, original.grids)])
    return not (notice.addressees or notice.document_number or notice.steps or notice.requirements)


# --- what was not read ---------------------------------------------------------------------------


def _unread_file(name: str, error: InputError) -> Problem:
    reason = error.zh.removeprefix(f"{name}：").rstrip("。")
    return Problem("ANNEX-UNREAD", name, f"附件没有读出：{reason}", BY_HAND)


def _unread_parts(annex: Original, reading: AnnexReading) -> Iterator[Problem]:
    """An annex without tables, or without tasks in them; and text that stands outside its tables."""
    outside = [
        (place, line.strip())
        for place, line in _lines_outside(annex, annex.grids)
        if line.strip() and not _is_title(line, annex)
    ]
    told = places_of_tasks(reading) | {source.where for source in reading.unread}
    if not annex.grids:
        message = f"附件里没有表格，其中 {len(outside)} 段文字没有读"
        yield Problem("ANNEX-UNREAD", annex.name, message, BY_HAND)
        return
    if not any(addresses(grid) & told for grid in annex.grids):
        message = f"附件的 {len(annex.grids)} 张表格里没有读到任务"
        yield Problem("ANNEX-UNREAD", annex.name, message, "请确认其中确实没有任务、分值和标准")
    if outside:
        place, first = outside[0]
        message = f"表格以外有 {len(outside)} 段文字没有读，从“{shortened(first)}”起"
        hint = "请看其中有没有计分规定，有的人工补入草稿"
        yield Problem("ANNEX-UNREAD", f"{annex.name} {place}", message, hint)


_NUMBERED = re.compile(r"附件[0-9一二三四五六七八九十]{0,3}[:：]?")


def _is_title(line: str, annex: Original) -> bool:
    """Whether a line is the title of one of the annex's tables, or says only 附件1."""
    titles = {part.strip() for grid in annex.grids for part in grid.title.splitlines()}
    return line.strip() in titles or bool(_NUMBERED.fullmatch(line.strip()))


def _unread_table(grid: Grid) -> Problem:
    places = addresses(grid)
    first = next(cell.text for row in grid.rows for cell in row if cell.text.strip())
    message = (
        f"整张表没有读懂（{len(places)} 格，没有认出任务、标准等表头），从“{shortened(first)}”起"
    )
    return Problem("ANNEX-UNREAD", grid.place, message.replace("\n", " "), BY_HAND)
