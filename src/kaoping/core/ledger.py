"""台账: what was filed against the catalogue: missing, late, after the cut-off, duplicated.

Pure: index rows and looked-at files come in, entries and findings go out, each finding a sentence
that says which unit, which item and what is wrong. Evidence is reused by reference: one file may
stand in many rows of one unit; the *same content* filed as two files, or by two units, is shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from kaoping.core.calendar import SHANGHAI, days_late
from kaoping.core.canonical import accepted_day, parse_date
from kaoping.core.problems import Problem
from kaoping.core.scheme import Late, StepKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kaoping.core.results import Row
    from kaoping.core.scheme import CatalogueItem, Scheme, Task

INDEX_COLUMNS = (
    "unit",
    "task",
    "item",
    "file",
    "event_date",
    "period_from",
    "period_to",
    "received_at",
)


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file in the evidence folder; `refusal` says why it was refused, empty where it was not."""

    path: str
    digest: str
    size: int
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """One index row: a file filed for one catalogue item, with its dates."""

    unit: str
    task: str
    item: str
    file: str
    event_date: date | None
    period_from: date | None
    period_to: date | None
    received_at: datetime | None
    place: str


@dataclass(frozen=True, slots=True)
class UnitSummary:
    """How many items a unit was asked for, and what became of them; counts of items.

    Attributes:
        asked: items of the catalogue, `required` those of them that must be filed.
        filed: items with at least one usable file.
        missing: required items without one.
        late: items whose every file came after the deadline.
    """

    unit: str
    asked: int
    required: int
    filed: int
    missing: int
    late: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """台账 of one assessment."""

    filings: tuple[Filing, ...]
    files: Mapping[str, EvidenceFile]
    summaries: Mapping[str, UnitSummary]
    problems: tuple[Problem, ...]
    problems_of: Mapping[str, tuple[Problem, ...]]
    """The findings of each unit by its id."""
    is_checked: bool = True
    """False where no evidence was handed in, so that nothing can be said of anybody."""


def check_ledger(
    scheme: Scheme,
    rows: Iterable[Row],
    files: Iterable[EvidenceFile],
    *,
    left_out: frozenset[tuple[str, str]] = frozenset(),
    has_folder: bool = True,
) -> Ledger:
    """Compare the index and the files with the catalogue of every assessed unit.

    Args:
        scheme: the scheme, without blocking problems.
        rows: the rows of the index.
        files: what lies in the folder.
        left_out: units and tasks that a person decided do not apply; nothing is asked for them.
        has_folder: whether there was a folder at all; without one nothing is said of any unit.
    """
    if not has_folder:
        return _unchecked()
    book = _Book(scheme, {file.path: file for file in files})
    filings = [filing for row in rows if (filing := _read_filing(book, row)) is not None]
    usable = [filing for filing in filings if _check_filing(book, filing)]
    _check_files(book, filings)
    _check_duplicates(book, usable)
    summaries = _check_catalogue(book, usable, left_out)
    by_unit = {unit: tuple(found) for unit, found in book.by_unit.items()}
    return Ledger(tuple(filings), book.files, summaries, tuple(book.problems), by_unit)


def _unchecked() -> Ledger:
    note = Problem(
        "EVIDENCE-MISSING",
        "evidence",
        "没有 evidence 文件夹，台账未核对",
        "需要核对台账的，请放入材料和 index.csv",
    )
    return Ledger((), {}, {}, (note,), {}, is_checked=False)


class _Book:
    """The scheme and files, and the findings as they come."""

    def __init__(self, scheme: Scheme, files: Mapping[str, EvidenceFile]) -> None:
        self.scheme = scheme
        self.files = files
        self.problems: list[Problem] = []
        self.by_unit: dict[str, list[Problem]] = defaultdict(list)

    def note(self, code: str, unit: str, where: str, message: str, suggestion: str) -> None:
        problem = Problem(code, where, message, suggestion)
        self.problems.append(problem)
        if unit:
            self.by_unit[unit].append(problem)

    def item_label(self, filing: Filing) -> str:
        """市财政局 5.4“报送记录”."""
        unit = self.scheme.unit_by_id[filing.unit].name
        item = _item(self.scheme.task_by_id[filing.task], filing.item)
        return f"{unit} {filing.task}“{item.name if item else filing.item}”"


def _item(task: Task, identity: str) -> CatalogueItem | None:
    return next((item for item in task.catalogue if item.id == identity), None)


# --- index rows ------------------------------------------------------------------------------------


def _read_filing(book: _Book, row: Row) -> Filing | None:
    cells = row.cells
    unit = book.scheme.unit_ids_by_name.get(cells.get("unit", ""), "")
    task = book.scheme.task_by_id.get(cells.get("task", ""))
    faults = []
    if not unit:
        faults.append(f"没有单位“{cells.get('unit', '')}”")
    if task is None:
        faults.append(f"没有任务“{cells.get('task', '')}”")
    elif _item(task, cells.get("item", "")) is None:
        known = "、".join(item.id for item in task.catalogue)
        faults.append(f"任务 {task.id} 没有台账项“{cells.get('item', '')}”（有：{known}）")
    elif unit and unit not in book.scheme.units_of_task[task.id]:
        faults.append(f"单位“{cells['unit']}”没有任务 {task.id}")
    if not cells.get("file"):
        faults.append("没有写文件名")
    days, day_faults = _days(cells)
    faults += day_faults
    received = _instant(cells.get("received_at", ""))
    if received is None:
        faults.append("收到时间应写成 2025-01-03 16:20")
    if faults or task is None:
        text = "；".join(faults)
        book.note("EVIDENCE-ROW", unit, row.place, f"{row.place}：{text}", "请改正这一行")
        return None
    return Filing(unit, task.id, cells["item"], cells["file"], *days, received, row.place)


_DAY_LABELS = {"event_date": "事件日期", "period_from": "期间起", "period_to": "期间止"}


def _days(
    cells: Mapping[str, str],
) -> tuple[tuple[date | None, date | None, date | None], list[str]]:
    found: list[date | None] = []
    faults = []
    for key, label in _DAY_LABELS.items():
        text = cells.get(key, "")
        day = parse_date(text.replace("/", "-")) if text else None
        if text and day is None:
            faults.append(f"{label}“{text}”不是日期")
        found.append(day)
    return (found[0], found[1], found[2]), faults


def _instant(text: str) -> datetime | None:
    """A moment in Beijing time; None where the text is none, or of a year no calendar here knows."""
    try:
        moment = datetime.fromisoformat(text.strip().replace("/", "-"))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=SHANGHAI)
        moment = moment.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        return None
    return moment if accepted_day(moment.year, moment.month, moment.day) else None


# --- findings --------------------------------------------------------------------------------------


def _check_filing(book: _Book, filing: Filing) -> bool:
    """Note what is wrong with one filing; whether it counts as filed."""
    label = book.item_label(filing)
    file = book.files.get(filing.file)
    if file is None:
        message = f"{label}：索引所列文件“{filing.file}”不在文件夹中"
        book.note(
            "EVIDENCE-FILE-MISSING", filing.unit, filing.place, message, "请补放文件或改正文件名"
        )
        return False
    if file.refusal:
        message = f"{label}：文件“{filing.file}”{file.refusal}，不予采用"
        code = "EVIDENCE-TYPE" if "内容不是" in file.refusal else "EVIDENCE-REFUSED"
        book.note(code, filing.unit, filing.place, message, "请换成符合要求的文件")
        return False
    _check_cutoff(book, filing, label)
    return not _is_refused_late(book, filing, label)


def _check_cutoff(book: _Book, filing: Filing, label: str) -> None:
    cutoff = book.scheme.data_cutoff
    if cutoff is None:
        return
    for day, what in ((filing.event_date, "事件日期"), (filing.period_to, "期间")):
        if day is not None and day > cutoff:
            message = f"{label}：{what} {day} 晚于数据截止时间 {cutoff}"
            book.note(
                "EVIDENCE-AFTER-CUTOFF",
                filing.unit,
                filing.place,
                message,
                "请报截止时间以前的材料",
            )
            return


def _is_refused_late(book: _Book, filing: Filing, label: str) -> bool:
    step = book.scheme.step_of(StepKind.COLLECT)
    if step is None or step.due is None or filing.received_at is None:
        return False
    days = days_late(filing.received_at, step.due)
    if not days:
        return False
    received = filing.received_at.astimezone(SHANGHAI).date()
    refuses = book.scheme.late is Late.REFUSE
    ending = "，按方案不予受理" if refuses else ""
    message = f"{label}：{received} 收到，逾期 {days} 天（时限 {step.due}）{ending}"
    book.note("EVIDENCE-LATE", filing.unit, filing.place, message, "请说明逾期原因，由责任科室处理")
    return refuses


def _check_files(book: _Book, filings: Sequence[Filing]) -> None:
    listed = {filing.file for filing in filings}
    for path, file in book.files.items():
        if path not in listed:
            message = f"文件“{path}”没有列入索引"
            if file.refusal:
                message += f"，且{file.refusal}"
            book.note(
                "EVIDENCE-UNINDEXED",
                "",
                f"evidence/{path}",
                message,
                "请在索引中登记，或移走",
            )


def _check_duplicates(book: _Book, filings: Sequence[Filing]) -> None:
    by_digest: dict[str, list[Filing]] = defaultdict(list)
    for filing in filings:
        by_digest[book.files[filing.file].digest].append(filing)
    for same in by_digest.values():
        first = same[0]
        for filing in same[1:]:
            other_unit = filing.unit != first.unit
            if not other_unit and filing.file == first.file:
                continue
            whose = "与另一单位的" if other_unit else "与本单位的"
            message = (
                f"{book.item_label(filing)}：文件“{filing.file}”内容{whose}“{first.file}”"
                f"（{book.item_label(first)}）完全相同"
            )
            hint = "请核实是否同一材料" if other_unit else "同一材料只报一次，在索引中引用同一文件"
            book.note("EVIDENCE-DUPLICATE", filing.unit, filing.place, message, hint)


def _check_catalogue(
    book: _Book, filings: Sequence[Filing], left_out: frozenset[tuple[str, str]]
) -> dict[str, UnitSummary]:
    filed: dict[tuple[str, str, str], list[Filing]] = defaultdict(list)
    for filing in filings:
        filed[filing.unit, filing.task, filing.item].append(filing)
    due = step.due if (step := book.scheme.step_of(StepKind.COLLECT)) else None
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for unit, task, item in _asked(book.scheme, left_out):
        rows = filed.get((unit, task.id, item.id), [])
        count = counts[unit]
        count["asked"] += 1
        count["required"] += item.required
        count["filed"] += bool(rows)
        if (
            rows
            and due
            and all(row.received_at and days_late(row.received_at, due) for row in rows)
        ):
            count["late"] += 1
        if not rows and item.required:
            count["missing"] += 1
            name = book.scheme.unit_by_id[unit].name
            message = f"{name} {task.id}“{item.name}”：未报"
            where = f"{unit} {task.id} {item.id}"
            book.note("EVIDENCE-MISSING", unit, where, message, "请补报，或由负责人说明")
    names = ("asked", "required", "filed", "missing", "late")
    return {
        unit: UnitSummary(unit, *(count[name] for name in names)) for unit, count in counts.items()
    }


def _asked(
    scheme: Scheme, left_out: frozenset[tuple[str, str]]
) -> Iterator[tuple[str, Task, CatalogueItem]]:
    """Every item every unit is asked for; what does not apply is not asked."""
    for task in scheme.task_by_id.values():
        for unit in scheme.units_of_task[task.id]:
            declared = scheme.assignment(unit, task.id).not_applicable
            if not declared and (unit, task.id) not in left_out:
                yield from ((unit, task, item) for item in task.catalogue)
