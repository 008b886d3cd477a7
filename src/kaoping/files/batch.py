"""The batch folder: everything one assessment needs, found, read and checked (P01 to P16).

Every table is read to its end before anything is said, so that a clerk sees all faults at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from kaoping.core import results as entries_format
from kaoping.core.calendar import SHANGHAI
from kaoping.core.check.checking import check_scheme
from kaoping.core.errors import InputError
from kaoping.core.ledger import INDEX_COLUMNS, Ledger, check_ledger
from kaoping.core.package import FiledFile, filed_file
from kaoping.core.problems import Problem, blocking, counted
from kaoping.core.report.letterhead import LETTERHEAD_NAME, read_letterhead, usual_letterhead
from kaoping.core.results import DecisionKind, Entries, check_columns
from kaoping.core.scheme import Scheme, load_scheme
from kaoping.files.documents import decoded, read_bytes
from kaoping.files.evidence import look_at_files, read_index, shown_name
from kaoping.files.holidays import holiday_calendar
from kaoping.files.own_template import MAX_TEMPLATE, OwnTemplate, read_template
from kaoping.files.papers import NOTICE_ENDINGS, papers_of, try_original
from kaoping.files.tables import Table, read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from kaoping.core.draft.papers import Papers
    from kaoping.core.report.document import Letterhead
    from kaoping.core.results import Row

T = TypeVar("T")

MAX_SCHEME_BYTES = 10_000_000
MAX_INPUT_BYTES = 50_000_000
REPORT_TEMPLATE, UNIT_TEMPLATE = "template-report.docx", "template-unit.docx"
"""The office's own templates in a batch folder: of one document about all, and of one for each unit."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch folder as read, with every problem that does not stop it."""

    scheme: Scheme
    scheme_text: bytes
    entries: Entries
    ledger: Ledger
    problems: tuple[Problem, ...]
    inputs: tuple[FiledFile, ...]
    """Every file the assessment rests on, evidence included, by size and digest."""
    letterhead: Letterhead
    """The head of the report, as the office decided or as usual."""
    report_template: OwnTemplate | None = None
    unit_template: OwnTemplate | None = None


def find_one(folder: Path, stem: str, endings: Sequence[str]) -> Path | None:
    """The one file called `stem` with one of the endings; None where there is none.

    Raises:
        InputError: where there are several, because nobody could say which one counts.
    """
    found = [path for ending in endings if (path := folder / f"{stem}{ending}").exists()]
    if len(found) > 1:
        names = "、".join(path.name for path in found)
        raise InputError(
            f"同时有 {names}，无法确定用哪一个。请只留一个。",
            f"There are {', '.join(p.name for p in found)}; keep only one.",
        )
    return found[0] if found else None


def require_folder(folder: Path) -> None:
    """Refuse a path that is no folder.

    Raises:
        InputError: with what to do.
    """
    if not folder.is_dir():
        raise InputError(
            f"找不到文件夹：{folder}。请检查路径。", f"Folder not found: {folder}. Check the path."
        )


TABLE_ENDINGS = (".csv", ".xlsx")


def read_folder_papers(folder: Path) -> tuple[Papers, tuple[Problem, ...]]:
    """The notice of a folder with its annexes, and all that is wrong with them, by file and place.

    A notice that is not there or cannot be read is None in what is returned; why, is a problem.

    Raises:
        InputError: where several files could be the notice.
    """
    path = find_one(folder, "notice", NOTICE_ENDINGS)
    problems = list(_other_notices(folder))
    failures: dict[str, InputError] = {}
    notice = try_original(path, failures) if path is not None else None
    problems += [_unread_notice(name, error.zh) for name, error in failures.items()]
    annexes = [path for path in sorted(folder.glob("annex-*")) if path.is_file()]
    failures = {}
    originals = [read for path in annexes if (read := try_original(path, failures)) is not None]
    try:
        papers = papers_of(notice, originals, failures)
    except InputError as error:  # the notice is far longer than any notice
        problems.append(_unread_notice(notice.name if notice else "", error.zh))
        papers = papers_of(None, originals, failures)
    name = notice.name if notice else ""
    placed = [
        replace(problem, where=f"{name} {problem.where}".strip()) for problem in papers.of_notice
    ]
    return papers, (*placed, *problems, *papers.unread, *papers.of_annexes)


def _other_notices(folder: Path) -> Iterator[Problem]:
    """Files called notice that are of no kind a notice is read from, each with what to do."""
    for path in sorted(folder.glob("notice.*")):
        if path.suffix in NOTICE_ENDINGS or path.is_dir():
            continue
        failures: dict[str, InputError] = {}
        name = shown_name(path.name)
        if try_original(path, failures) is None:
            yield _unread_notice(name, failures[name].zh)
        else:
            yield _unread_notice(name, f"后缀不是小写的 {'、'.join(NOTICE_ENDINGS)} 之一")


def _unread_notice(name: str, reason: str) -> Problem:
    words = reason.removeprefix(f"{name}：").rstrip("。")
    hint = "请另存为 docx、pdf 或 txt，改名为 notice.docx、notice.pdf 或 notice.txt"
    return Problem("NOTICE-UNREAD", name, f"通知没有读出：{words}", hint)


def read_scheme_file(path: Path) -> tuple[Scheme | None, tuple[Problem, ...]]:
    """A scheme with all its problems, accepted ones marked.

    Raises:
        InputError: where the file cannot be read at all.
    """
    loaded = load_scheme(decoded(read_bytes(path, MAX_SCHEME_BYTES)))
    return loaded.scheme, check_scheme(loaded, holiday_calendar())


def require_scheme(path: Path) -> tuple[Scheme, tuple[Problem, ...]]:
    """A scheme that may be used.

    Raises:
        InputError: where anything of severity A is wrong and not accepted; all problems are in it.
    """
    scheme, problems = read_scheme_file(path)
    stopping = blocking(problems)
    if scheme is None or stopping:
        raise InputError(
            f"{path.name}：方案有 {len(stopping)} 个必须先解决的问题（A 级），没有计分。",
            f"{path.name}: {counted(len(stopping), 'problem')} of severity A must be solved first; "
            "nothing was scored.",
            problems,
        )
    return scheme, problems


def read_entries(
    scheme: Scheme, results: Path, deductions: Path | None, decisions: Path | None
) -> tuple[Entries, tuple[Problem, ...]]:
    """The three tables as records, with the problems that do not stop.

    Raises:
        InputError: with every fault of every row of all three tables.
    """
    problems: list[Problem] = []
    entries = _entries(scheme, (results, deductions, decisions), problems)
    _stop_if_blocked(problems)
    return entries, tuple(problems)


def _stop_if_blocked(problems: Sequence[Problem]) -> None:
    stopping = blocking(problems)
    if stopping:
        raise InputError(
            f"表格、模板等文件里有 {len(stopping)} 处错误，全部列在下面；没有计分。",
            f"The tables and files hold {counted(len(stopping), 'fault')}, all listed below; nothing was scored.",
            problems,
        )


def _entries(
    scheme: Scheme,
    tables: tuple[Path | None, Path | None, Path | None],
    problems: list[Problem],
) -> Entries:
    """Results, deductions and decisions; what is wrong with them is added to the problems."""
    results, deductions, decisions = tables
    result_rows = _rows(results, entries_format.RESULT_COLUMNS, problems)
    deduction_rows = _rows(deductions, entries_format.DEDUCTION_COLUMNS, problems)
    decision_rows = _rows(decisions, entries_format.DECISION_COLUMNS, problems)
    read_results, found = entries_format.read_results(result_rows, scheme)
    problems += found
    read_deductions, found = entries_format.read_deductions(deduction_rows, scheme)
    problems += found
    read_decisions, found = entries_format.read_decisions(decision_rows, scheme)
    problems += found
    return Entries(read_results, read_deductions, read_decisions)


def _rows(path: Path | None, wanted: Sequence[str], problems: list[Problem]) -> tuple[Row, ...]:
    if path is None:
        return ()
    table = _listed(path.name, partial(read_table, path, wanted), problems)
    if table is None:
        return ()
    faults = check_columns(table.name, table.columns, wanted)
    problems += [*faults, *table.damaged_cells()]
    return () if any(fault.code == "COLUMN-MISSING" for fault in faults) else table.rows


def _listed(where: str, read: Callable[[], T], problems: list[Problem]) -> T | None:
    """What could be read; what could not be becomes a problem, so that the rest is looked at."""
    try:
        return read()
    except InputError as error:
        message = f"{error.zh} {error.en}"
        problems.append(Problem("TABLE-UNREADABLE", where, message, "请改正后重新提交"))
        return None


def read_batch(folder: Path, at: datetime) -> Batch:
    """Read a whole batch folder that has a confirmed scheme.

    Args:
        folder: the batch folder.
        at: the time of the run, after which no report is signed.

    Raises:
        InputError: with all problems that must be solved before anything can be scored.
    """
    scheme_path = folder / "scheme.toml"
    scheme, scheme_problems = require_scheme(scheme_path)
    _, of_papers = read_folder_papers(folder)
    problems: list[Problem] = []
    tables = _tables(folder, problems)
    scored = (tables["results"], tables["deductions"], tables["decisions"])
    entries = _entries(scheme, scored, problems)
    _check_people(scheme, tables["people"], problems)
    index = _index(folder / "evidence", problems)
    letterhead = _letterhead(folder / LETTERHEAD_NAME, scheme, at, problems)
    of_report = _template(folder / REPORT_TEMPLATE, problems, for_unit=False)
    of_unit = _template(folder / UNIT_TEMPLATE, problems, for_unit=True)
    _stop_if_blocked(problems)
    ledger = _ledger(scheme, folder / "evidence", index, entries)
    return Batch(
        scheme,
        read_bytes(scheme_path, MAX_SCHEME_BYTES),
        entries,
        ledger,
        (*of_papers, *scheme_problems, *problems),
        (*_inputs(folder, tables), *_evidence(ledger)),
        letterhead,
        of_report,
        of_unit,
    )


def _letterhead(path: Path, scheme: Scheme, at: datetime, problems: list[Problem]) -> Letterhead:
    """The head of the report; what is wrong with its file is added to the problems."""
    content = _listed(path.name, partial(_read_if_there, path), problems)
    if not content:
        return usual_letterhead(scheme)
    head, found = read_letterhead(decoded(content), scheme, at.astimezone(SHANGHAI).date())
    problems += found
    return head


def _read_if_there(path: Path) -> bytes:
    return read_bytes(path, MAX_SCHEME_BYTES) if path.exists() else b""


def _template(path: Path, problems: list[Problem], *, for_unit: bool) -> OwnTemplate | None:
    """The office's own template; None where there is none. What is wrong with it is added to the problems."""
    if not path.exists():
        return None
    try:
        content = read_bytes(path, MAX_TEMPLATE)
        return read_template(content, path.name, for_unit=for_unit)
    except InputError as error:
        unread = Problem("TEMPLATE-UNREADABLE", path.name, error.zh, "请改正后重新放入")
        problems += error.problems or (unread,)
        return None


def _tables(folder: Path, problems: list[Problem]) -> dict[str, Path | None]:
    """The tables of a folder by their stems."""
    return {
        "results": _listed("results", partial(_require_results, folder), problems),
        **{
            stem: _listed(stem, partial(find_one, folder, stem, TABLE_ENDINGS), problems)
            for stem in ("deductions", "decisions", "people")
        },
    }


def _require_results(folder: Path) -> Path:
    path = find_one(folder, "results", TABLE_ENDINGS)
    if path is None:
        raise InputError(
            "缺少 results.csv 或 results.xlsx（上报结果）。",
            "results.csv or results.xlsx is missing.",
        )
    return path


def _inputs(folder: Path, tables: dict[str, Path | None]) -> tuple[FiledFile, ...]:
    letterhead = folder / LETTERHEAD_NAME
    paths = [folder / "scheme.toml", letterhead if letterhead.exists() else None]
    paths += [*sorted(folder.glob("notice.*")), *tables.values()]
    paths += sorted(folder.glob("annex-*"))
    paths += [path for name in (REPORT_TEMPLATE, UNIT_TEMPLATE) if (path := folder / name).exists()]
    paths += sorted((folder / "evidence").glob("index.*"))
    return tuple(
        filed_file(
            shown_name(path.relative_to(folder).as_posix()), read_bytes(path, MAX_INPUT_BYTES)
        )
        for path in paths
        if path is not None and not path.is_dir()
    )


def _evidence(ledger: Ledger) -> Iterator[FiledFile]:
    """The evidence by digest, so that none can be exchanged later unnoticed."""
    for path, file in sorted(ledger.files.items()):
        if file.digest:
            yield FiledFile(f"evidence/{path}", file.size, file.digest)


def read_ledger(scheme: Scheme, folder: Path, entries: Entries) -> Ledger:
    """The ledger of an evidence folder.

    Raises:
        InputError: where its index cannot be read.
    """
    problems: list[Problem] = []
    index = _index(folder, problems)
    _stop_if_blocked(problems)
    return _ledger(scheme, folder, index, entries)


def _index(folder: Path, problems: list[Problem]) -> Table | None:
    """The index of the evidence; what is wrong with the table itself is added to the problems."""
    index = _listed("evidence/index.csv", partial(read_index, folder), problems)
    if index is not None:
        problems += check_columns(f"evidence/{index.name}", index.columns, INDEX_COLUMNS)
        problems += index.damaged_cells()
    return index


def _ledger(scheme: Scheme, folder: Path, index: Table | None, entries: Entries) -> Ledger:
    left_out = frozenset(
        (row.unit, row.task) for row in entries.decisions if row.kind is DecisionKind.NOT_APPLICABLE
    )
    if index is None:
        return check_ledger(scheme, (), (), left_out=left_out, has_folder=False)
    return check_ledger(scheme, index.rows, look_at_files(folder), left_out=left_out)


def _check_people(scheme: Scheme, path: Path | None, problems: list[Problem]) -> None:
    """Everybody a duty names should be in the list of people."""
    if path is None:
        return
    table = _listed(path.name, partial(read_table, path, ("name", "duty")), problems)
    if table is None:
        return
    problems += table.damaged_cells()
    people = {row.cells.get("name", "") for row in table.rows}
    for indicator in scheme.indicators:
        contact = indicator.contact
        named = (*contact.responsible_leader, *contact.responsible_person, *contact.liaison)
        for name in dict.fromkeys(named):
            if name not in people:
                where = f"{indicator.place}.contact"
                message = f"指标“{indicator.name}”的{name}不在 {path.name} 中"
                problems.append(Problem("PERSON-UNLISTED", where, message, "请补列，或改正姓名"))
