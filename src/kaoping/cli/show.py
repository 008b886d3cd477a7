"""Printing on the terminal: problems as a table a person works through, progress, lists."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

from rich import markup
from rich.cells import cell_len
from rich.console import Console
from rich.containers import Lines
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from kaoping.cli.language import said, speaks_english
from kaoping.core.calendar import SHANGHAI
from kaoping.core.errors import EnvironmentFault
from kaoping.core.problems import Severity, by_severity, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kaoping.core.problems import Problem

STYLES = {Severity.A: "bold red", Severity.B: "yellow", Severity.C: "dim"}
_NARROWEST = 100
"""Columns assumed where the output is no terminal, so that lists stay readable in a file."""


def escape(text: str) -> str:
    """A text as typed: no mark of the printing library, nothing a terminal would act on."""
    return markup.escape("".join(c if c.isprintable() or c in "\n\u3000" else "�" for c in text))


_KEPT_TOGETHER = re.compile(
    r"[“‘（《〔【]*(?:[!-~]+|[^“‘（《〔【])[，。、；：！？”’）》〕】…]*|[“‘（《〔【]+"
)
"""What no line break divides: a word of letters or digits, a Chinese character, its punctuation."""


class _Folded(Text):
    """A text of a table's cell, wrapped as Chinese is: between any two characters."""

    def wrap(self, console: Console, width: int, **_unused: object) -> Lines:  # noqa: ARG002
        """The lines of the text at a width in columns."""
        lines = Lines()
        for line in self.split("\n", allow_blank=True):
            lines.extend(line.divide(_line_ends(line.plain, width)))
        return lines


def _line_ends(text: str, width: int) -> list[int]:
    """Where lines end that are as full as `width` columns allow."""
    ends: list[int] = []
    used = 0
    for match in _KEPT_TOGETHER.finditer(text):
        word, at = match.group(), match.start()
        if used and used + cell_len(word.rstrip()) > width:
            ends.append(at)
            used = 0
        for offset, sign in enumerate(word):
            if used and used + cell_len(sign) > width and sign != " ":
                ends.append(at + offset)
                used = 0
            used += cell_len(sign)
    return ends


def cell(marked: str) -> Text:
    """A table's cell from a text with marks of the printing library."""
    text = Text.from_markup(marked, emoji=False)
    return _Folded(text.plain, spans=text.spans)


class _Console(Console):
    """A console that leaves to its caller what a reader's going away means."""

    def on_broken_pipe(self) -> None:
        """Hand the error on; the library itself would end the program here."""
        raise BrokenPipeError


def console_for(*, to_stderr: bool = False) -> Console:
    """The console that a table or a line is printed on."""
    stream = sys.stderr if to_stderr else sys.stdout
    width = None if stream.isatty() else _NARROWEST
    return _Console(stderr=to_stderr, width=width, highlight=False, soft_wrap=False, emoji=False)


@contextmanager
def _unheard() -> Iterator[None]:
    """Print to standard error, where it matters to nobody else whether anybody listens."""
    try:
        yield
        sys.stderr.flush()
    except OSError:
        _silence(sys.stderr)


@contextmanager
def answering() -> Iterator[None]:
    """Print to standard output; a reader who has gone (head, less) is no fault.

    Raises:
        EnvironmentFault: where what was printed could not be written.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _silence(sys.stdout)
    except OSError as error:
        _silence(sys.stdout)
        raise EnvironmentFault(
            f"要打印的内容写不出去（{error.strerror}）；已经写成的文件不受影响。",
            f"What was to be printed could not be written ({error.strerror}); "
            "files already written are not affected.",
        ) from error


def _silence(stream: TextIO) -> None:
    """Let a stream swallow what it gets: its buffer, too, must go somewhere when the program ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def beijing(at: str) -> str:
    """A time of the journal (`2025-01-20T09:00:00Z`) as people here read it: 2025-01-20 17:00:00."""
    return datetime.fromisoformat(at).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def print_json(document: object) -> None:
    """Print one JSON document."""
    with answering():
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def print_line(text: str = "", style: str | None = None) -> None:
    """Print one line of plain text, wrapped by the terminal only."""
    with answering():
        console_for().print(escape(text), style=style, soft_wrap=True)


def print_note(zh: str, en: str) -> None:
    """Print what somebody should know on standard error: it is no part of the answer."""
    with _unheard():
        console_for(to_stderr=True).print(escape(said(zh, en)), style="yellow", soft_wrap=True)


def print_error(zh: str, en: str) -> None:
    """Print what went wrong on standard error, in both languages, if anybody can still hear it."""
    with _unheard():
        console = console_for(to_stderr=True)
        console.print(f"[bold red]错误[/] {escape(zh)}", soft_wrap=True)
        console.print(f"[bold red]Error[/] {escape(en)}", soft_wrap=True)


def print_problems(problems: Sequence[Problem], *, to_stderr: bool = False) -> None:
    """Print problems as a table, gravest first, with a count at the end."""
    console = console_for(to_stderr=to_stderr)
    with _unheard() if to_stderr else answering():
        if problems:
            console.print(_problem_table(problems))
        console.print(count_text(problems))


def _problem_table(problems: Iterable[Problem]) -> Table:
    table = Table(show_edge=False, pad_edge=False, show_lines=True)
    table.add_column(said("级", "Sev."), no_wrap=True)
    table.add_column(said("位置", "Where"), overflow="fold", ratio=3)
    table.add_column(said("问题", "Problem"), overflow="fold", ratio=5)
    table.add_column(said("建议", "Suggestion"), overflow="fold", ratio=4)
    for problem in by_severity(problems):
        severity = problem.severity
        mark = said("（已接受）", " (accepted)") if problem.accepted else ""
        title = f"\n{problem.title_en}" if speaks_english() else ""
        table.add_row(
            f"[{STYLES[severity]}]{severity.value}[/]{mark}",
            cell(escape(problem.where)),
            cell(f"{escape(problem.message)}{title}\n[dim]{problem.code}[/]"),
            cell(escape(problem.suggestion)),
        )
    return table


def count_text(problems: Sequence[Problem]) -> str:
    """How many problems of each severity, in one sentence."""
    if not problems:
        return said("没有发现问题。", "No problems found.")
    counts = {
        severity: sum(p.severity is severity and not p.accepted for p in problems)
        for severity in Severity
    }
    accepted = sum(problem.accepted for problem in problems)
    open_zh = "、".join(f"{s.value} 级 {n} 个" for s, n in counts.items())
    open_en = ", ".join(f"{n} of {s.value}" for s, n in counts.items())
    total = counted(len(problems), "problem")
    if accepted:
        return said(
            f"共 {len(problems)} 个问题，其中已接受 {accepted} 个，待处理：{open_zh}。",
            f"{total}, {accepted} accepted; open: {open_en}.",
        )
    return said(f"共 {len(problems)} 个问题：{open_zh}。", f"{total}: {open_en}.")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under headings."""
    table = Table(show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(cell(escape(text)) for text in row))
    with answering():
        console_for().print(table)


@contextmanager
def progress(stages: int) -> Iterator[Callable[[str, str], None]]:
    """A progress display on standard error; the function given names the stage that begins.

    Progress that cannot be shown never stops the work. On a terminal it is a bar; elsewhere one line a stage, so that a log stays readable.
    """
    if not sys.stderr.isatty():
        counter = iter(range(1, stages + 1))

        def write_stage(zh: str, en: str) -> None:
            with _unheard():
                sys.stderr.write(f"[{next(counter)}/{stages}] {said(zh, en)}\n")
                sys.stderr.flush()

        yield write_stage
        return
    columns = (
        TextColumn("{task.completed}/{task.total}"),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console_for(to_stderr=True)) as bar:
        task = bar.add_task("", total=stages)
        begun = False

        def show_stage(zh: str, en: str) -> None:
            nonlocal begun
            bar.update(task, advance=1 if begun else 0, description=escape(said(zh, en)))
            begun = True

        yield show_stage
        bar.update(task, completed=stages, description=said("完成", "done"))
