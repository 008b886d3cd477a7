"""`kaoping scheme read` and `check`: a notice with its annexes into a draft and a list to work through."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.cli import show
from kaoping.cli.language import said
from kaoping.cli.work_list import print_work_list
from kaoping.core.draft.as_json import papers_json
from kaoping.core.draft.scheme import is_untouched
from kaoping.core.draft.work_list import HEADS, PERSONS_HEADS, work_list
from kaoping.core.errors import InputError, RefusedError, UsageError
from kaoping.core.problems import blocking
from kaoping.files.atomic import refuse_input_as_output, resolved, write_whole
from kaoping.files.batch import MAX_SCHEME_BYTES, read_scheme_file
from kaoping.files.documents import decoded, read_bytes, read_original
from kaoping.files.papers import read_for_checking, read_papers, stages_of
from kaoping.files.tables import csv_bytes
from kaoping.files.xlsx import work_list_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from kaoping.core.draft.papers import Papers
    from kaoping.core.draft.work_list import Item
    from kaoping.core.problems import Problem

DRAFT_ENDING = ".toml"
LIST_ENDINGS = (".xlsx", ".csv")
_QUICKLY_READ = 300_000
"""Bytes that are read before anybody wonders what the program is doing."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Where a draft goes, and the work list, where one is wanted."""

    draft: Path
    work_list: Path | None


def scheme_read(notice: Path, annexes: Sequence[Path], targets: Targets, *, as_json: bool) -> int:
    """`kaoping scheme read`: a notice and its annexes into a draft scheme."""
    _refuse_targets(targets, notice, *annexes)
    with _progress(stages_of(annexes) + 1, (notice, *annexes)) as stage:
        papers = read_papers(notice, annexes, stage)
        items = work_list(papers)
        stage("写出草稿和清单", "writing the draft and the list")
        _refuse_edited(targets.draft)
        contents = {targets.draft: papers.draft().encode()}
        if targets.work_list is not None:
            _refuse_filled_in(targets.work_list)
            contents[targets.work_list] = _list_bytes(targets.work_list, items)
        for path, content in contents.items():
            write_whole(path, content)
    if as_json:
        show.print_json(papers_json(papers))
        return 0
    print_work_list(items)
    _tell_what_is_written(targets)
    return 0


def _progress(
    stages: int, paths: Sequence[Path]
) -> AbstractContextManager[Callable[[str, str], None]]:
    """A progress display where the files are large or of a kind that takes its time."""
    files = [path for path in paths if path.is_file()]
    takes_long = any(path.suffix.lower() == ".pdf" for path in files)
    if takes_long or sum(path.stat().st_size for path in files) > _QUICKLY_READ:
        return show.progress(stages)
    return nullcontext(lambda _zh, _en: None)


def _tell_what_is_written(targets: Targets) -> None:
    out = targets.draft
    show.print_line(said(f"草稿已写到 {out}。", f"The draft is in {out}."))
    if targets.work_list is not None:
        where = targets.work_list
        show.print_line(said(f"工作清单已写到 {where}。", f"The work list is in {where}."))
    show.print_line(
        said(
            "机器读出的内容须经人逐项确认后才可使用。改好后用 kaoping scheme check 检查草稿。",
            "Nothing in it counts until a person has confirmed it; "
            "kaoping scheme check looks at the draft again.",
        )
    )


def _refuse_targets(targets: Targets, *inputs: Path) -> None:
    """Refuse, before anything is read, outputs that are no draft or no list, one another, or an input.

    Raises:
        UsageError: for the first three.
        RefusedError: for an output that is an input, or no file.
    """
    listed = targets.work_list
    refuse_input_as_output(targets.draft, *inputs)
    _refuse_no_file(targets.draft)
    if targets.draft.suffix.lower() != DRAFT_ENDING:
        raise UsageError(
            f"草稿文件应为 {DRAFT_ENDING}：{targets.draft.name}",
            f"The draft must be {DRAFT_ENDING}: {targets.draft.name}",
        )
    if listed is None:
        return
    if listed.suffix.lower() not in LIST_ENDINGS:
        raise UsageError(
            f"清单文件应为 .xlsx 或 .csv：{listed.name}",
            f"The list must be .xlsx or .csv: {listed.name}",
        )
    refuse_input_as_output(listed, *inputs)
    _refuse_no_file(listed)
    if resolved(listed) == resolved(targets.draft):
        raise UsageError(
            f"草稿和清单不能写到同一个文件：{listed}",
            f"Draft and list cannot be one file: {listed}",
        )


def _refuse_no_file(out: Path) -> None:
    """Refuse a place that no file can take, before another one is written.

    Raises:
        RefusedError: where there is a folder or a device.
    """
    if out.exists() and not out.is_file():
        raise RefusedError(
            f"{out} 不是普通文件，没有写入。请换一个输出文件名。",
            f"{out} is no plain file; nothing was written. Choose another name for the output.",
        )


def _refuse_edited(out: Path) -> None:
    """A draft may replace an untouched draft, and nothing that a person has written.

    Raises:
        RefusedError: where the file holds anything else.
    """
    if out.is_file() and not is_untouched(decoded(read_bytes(out, MAX_SCHEME_BYTES))):
        raise RefusedError(
            f"{out} 已经有人写过，没有覆盖。请换一个文件名，再用 kaoping scheme diff 比较两者。",
            f"{out} holds what a person wrote and was not replaced. Choose another name; "
            "kaoping scheme diff compares the two.",
        )


def _refuse_filled_in(path: Path) -> None:
    """A list may replace a list in which nobody has written yet, and nothing else.

    Raises:
        RefusedError: where the file holds anything else.
    """
    if path.is_file() and not _is_blank_list(path):
        raise RefusedError(
            f"{path} 已经有人填写，或不是工作清单，没有覆盖。请换一个文件名。",
            f"{path} was filled in by a person, or is no work list, and was not replaced. "
            "Choose another name.",
        )


def _is_blank_list(path: Path) -> bool:
    """Whether a file is a work list whose columns for persons are empty."""
    try:
        grids = read_original(path).grids
    except InputError:
        return False
    for grid in grids[:1]:
        rows = [[cell.text for cell in row] for row in grid.rows]
        for at, row in enumerate(rows):
            if row == [*HEADS, *PERSONS_HEADS]:
                return not any(cell for below in rows[at + 1 :] for cell in below[len(HEADS) :])
    return False


def _list_bytes(path: Path, items: Sequence[Item]) -> bytes:
    if path.suffix.lower() == ".xlsx":
        return work_list_workbook(items)
    blank = [""] * len(PERSONS_HEADS)
    return csv_bytes([*HEADS, *PERSONS_HEADS], [[*item.cells, *blank] for item in items])


# --- check ---------------------------------------------------------------------------------------


def scheme_check(path: Path, annexes: Sequence[Path], *, as_json: bool) -> int:
    """`kaoping scheme check`: all problems of a scheme (toml), a notice, or tables of tasks."""
    problems: Sequence[Problem]
    if path.suffix.lower() == ".toml":
        if annexes:
            raise UsageError(
                "--annex 只随通知使用；检查方案时请不要写。",
                "--annex goes with a notice only; leave it out when checking a scheme.",
            )
        _, problems = read_scheme_file(path)
    else:
        with _progress(stages_of(annexes), (path, *annexes)) as stage:
            papers = read_for_checking(path, annexes, stage)
        problems = papers.problems
        if not as_json:
            show.print_line(_what_was_checked(path, papers))
    if as_json:
        show.print_json([problem.as_json() for problem in problems])
    else:
        show.print_problems(problems)
    return 1 if blocking(problems) else 0


def _what_was_checked(path: Path, papers: Papers) -> str:
    """As what a file was taken, so that a wrong guess is seen."""
    tasks, annexes = len(papers.annex.tasks), len(papers.annex_files)
    if papers.notice is None:
        zh = f"{path.name}：按附件表格检查（没有通知），读出任务 {tasks} 项。"
        return said(zh, f"{path.name}: checked as tables of tasks without a notice, {tasks} tasks.")
    zh = f"{path.name}：按通知检查，附件 {annexes} 个，从表格读出任务 {tasks} 项。"
    en = f"{path.name}: checked as a notice with {annexes} annexes, {tasks} tasks in tables."
    return said(zh, en)
