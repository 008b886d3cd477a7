"""Values of a unit from a workbook: every row judged, every fault told at once; and what a preview carries on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kaoping.core.acts.codec import record_table
from kaoping.core.canonical import encode, plain
from kaoping.core.errors import InputError
from kaoping.core.problems import Problem
from kaoping.files import value_workbook as book
from kaoping.files.evidence import shown_name
from kaoping.web.actions.filing import Report
from kaoping.web.forms import reported as form
from kaoping.web.forms.reported import About, Written, is_as_before, judged
from kaoping.web.refilled import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.core.files.uploadedfile import UploadedFile

    from kaoping.core.acts.collecting import ResultReported
    from kaoping.files.value_workbook import ValueLine
    from kaoping.web.queries.ledger import TaskValue, UnitValues

_MOST_PROBLEMS = 500
_SHOWN = 40
_HEAD_OF = {
    form.VALUE: book.VALUE,
    form.AS_OF: book.AS_OF,
    form.STATUS: book.STATUS,
    form.SOURCE: book.SOURCE,
}
_ROW_OF_KEY = tuple[str, str]
"""A task, and the name of one of its values."""


@dataclass(frozen=True, slots=True)
class Change:
    """A value that would be reported; `seen` is the act in whose place it comes."""

    about: TaskValue
    content: ResultReported
    seen: str
    is_after_cutoff: bool

    @property
    def text(self) -> str:
        """The number as it is typed."""
        return plain(self.content.value)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a workbook says, all of it sound.

    Attributes:
        changes: values that differ from what is reported.
        unchanged: how many rows say what is reported already.
        blank: how many are not filled in.
    """

    changes: tuple[Change, ...]
    unchanged: int
    blank: int


def values_upload(files: Mapping[str, UploadedFile[Any]]) -> tuple[str, bytes]:
    """The name and content of a workbook that was sent as `workbook`.

    Raises:
        InputError: where there is none, or it is too large.
    """
    file = files.get("workbook")
    if file is None:
        raise _of_the_file(
            "没有选择文件",
            "选择填好的数据表再上传",
            "No file is chosen; choose the workbook that you filled in",
        )
    name, most = shown_name(file.name or ""), book.MAX_BYTES // 1_000_000
    if (file.size or 0) > book.MAX_BYTES:
        raise _of_the_file(
            f"“{name}”超过 {most} MB",
            "请检查是否选错了文件",
            f"“{name}” is larger than {most} MB; check whether it is the right file",
        )
    return name, file.read()


def _of_the_file(message: str, suggestion: str, en: str) -> InputError:
    found = FieldProblem("TABLE-UNREADABLE", "数据表", message, suggestion, field="workbook", en=en)
    return InputError("没有读取数据表。", "No workbook was read.", [found])


def proposed(content: bytes, name: str, asked: UnitValues) -> Proposal:
    """What a workbook would change.

    Raises:
        InputError: with every cell that is wrong, each with its place; or where the file is no sound
            workbook, or that of another unit or year.
    """
    found = book.read_values(content, name)
    if found.editions - {book.Edition(asked.year, asked.unit)}:
        raise InputError(
            f"{name}：这份数据表不是{asked.unit_name} {asked.year_number} 年度的，没有上报。请下载本页的数据表填写。",
            f"{name}: this workbook was made for another unit or another year; nothing was reported. "
            "Download the one of this page.",
        )
    reader = _Reader(asked, found.problems)
    for line in found.lines:
        reader.read(line)
    if reader.problems:
        more = f"，下面列出前 {_MOST_PROBLEMS} 处" if len(reader.problems) > _MOST_PROBLEMS else ""
        raise InputError(
            f"{name}：有 {len(reader.problems)} 处要改正{more}，一项都没有上报。改好后重新上传。",
            f"{name}: {len(reader.problems)} to correct; nothing was reported. Mend them and upload again.",
            reader.problems[:_MOST_PROBLEMS],
        )
    return Proposal(tuple(reader.changes), reader.unchanged, reader.blank)


class _Reader:
    """The rows of a workbook, held against what is asked and what is reported."""

    def __init__(self, asked: UnitValues, problems: list[Problem]) -> None:
        self._asked = asked
        self._by_name = {(one.task.id, one.shown.asked.name): one for one in asked.values}
        self._by_label = {(one.task.id, one.shown.asked.label): one for one in asked.values}
        self._read: dict[_ROW_OF_KEY, ValueLine] = {}
        self.problems = problems
        self.changes: list[Change] = []
        self.unchanged = self.blank = 0

    def read(self, line: ValueLine) -> None:
        """Judge a row; it becomes a change, is counted, or is told as wrong."""
        is_typed = bool(line.unreckoned) or any(line.text(head) for head in _HEAD_OF.values())
        about = self._find(line)
        if not is_typed and (about is None or about.shown.current is None):
            self.blank += 1
        elif about is None:
            self._unknown(line)
        elif self._is_itself(line, about) and self._is_first(line, about):
            self._value(line, about)

    def _value(self, line: ValueLine, about: TaskValue) -> None:
        written = Written(*(line.text(_HEAD_OF[part]) for part in form.PARTS))
        before = about.shown.current
        if line.unreckoned:
            for head in (one for one in _HEAD_OF.values() if one in line.unreckoned):
                hint = "用表格软件打开、保存后再上传，或把公式粘贴为数值"
                self._note(line, head, "NUMBER-INVALID", "公式没有算出的值", hint)
        elif is_as_before(written, before):
            self.unchanged += 1
        elif written.value or (before is None and (written.status or written.source)):
            self._judge(line, about, written)
        elif before is None:
            self.blank += 1  # a day stands in every row from the beginning
        else:
            said = f"已上报 {plain(before.value)}，这里却空着"
            hint = "上报过的不能清空：填新的数，或填回原来的数，或删去整行"
            self._note(line, book.VALUE, "CELL-EMPTY", said, hint)

    def _judge(self, line: ValueLine, about: TaskValue, written: Written) -> None:
        asked, seen = self._asked, line.key.act if line.key else ""
        found = judged(written, About(asked.year, asked.unit, about.task.id, about.shown.asked))
        if isinstance(found, list):
            for flaw in found:
                self._note(line, _HEAD_OF[flaw.part], flaw.code, flaw.message, flaw.suggestion)
        elif about.refusal is not None:
            self._note(line, "", "ROW-REFUSED", about.refusal.zh, "删去这一行，或恢复原来的数")
        elif seen != about.shown.act:
            self._note(line, "", "ROW-REFUSED", *_overtaken(about.shown.current, seen))
        else:
            is_after = asked.cutoff is not None and found.as_of > asked.cutoff
            self.changes.append(Change(about, found, seen, is_after))

    def _find(self, line: ValueLine) -> TaskValue | None:
        """Which value a row is about; None where it is none that the unit reports."""
        if line.key is not None:
            return self._by_name.get((line.key.task, line.key.input))
        task, label = line.text(book.TASK), line.text(book.LABEL)
        of_task = [one for one in self._asked.values if one.task.id == task]
        if len(of_task) == 1 and not label:
            return of_task[0]  # of one value only, a row need not say which
        return self._by_label.get((task, label))

    def _is_itself(self, line: ValueLine, about: TaskValue) -> bool:
        """Whether all that a row says of its value fits; a cell that was dragged over does not."""
        asked = about.shown.asked
        expected = {
            book.TASK: about.task.id,
            book.NAME: about.task.name,
            book.LABEL: asked.label,
            book.MEASURE: asked.unit_of_measure,
        }
        for head, right in expected.items():
            text = line.text(head)
            if text and _tight(text) != _tight(right):
                code = "MEASURE-MISMATCH" if head == book.MEASURE else "ASSIGNMENT-UNKNOWN"
                said = f"“{text[:_SHOWN]}”与这一行的数据不符，应为“{right}”"
                self._note(line, head, code, said, "改回原样，或重新下载数据表")
                return False
        return True

    def _unknown(self, line: ValueLine) -> None:
        """Why a row is about no value that the unit reports."""
        task = line.text(book.TASK) or (line.key.task if line.key else "")
        label = line.text(book.LABEL) or (line.key.input if line.key else "")
        head, code, hint = book.TASK, "ASSIGNMENT-UNKNOWN", "核对任务编号，或删去这一行"
        if not task:
            code, said = "CELL-EMPTY", "没有写任务编号"
        elif task in self._asked.owners:
            said = f"任务 {task} 的数据由{self._asked.owners[task]}提供，本单位不用报"
        elif task not in self._asked.tasks:
            said = f"本单位没有任务“{task[:_SHOWN]}”"
        else:
            head, code = book.LABEL, "INPUT-UNKNOWN"
            said = f"任务 {task} 不要求报“{label[:_SHOWN]}”"
        self._note(line, head, code, said, hint)

    def _is_first(self, line: ValueLine, about: TaskValue) -> bool:
        key = (about.task.id, about.shown.asked.name)
        first = self._read.setdefault(key, line)
        if first is not line:
            self._note(line, "", "ROW-DUPLICATE", f"和{first.place()}是同一项数据", "只留一行")
        return first is line

    def _note(self, line: ValueLine, head: str, code: str, message: str, suggestion: str) -> None:
        self.problems.append(Problem(code, line.place(head), message, suggestion))


def _tight(text: str) -> str:
    """Words without blanks: those that a hand adds make no difference."""
    return "".join(text.split())


def _overtaken(current: ResultReported | None, seen: str) -> tuple[str, str]:
    """What to say where another value is in force than the row was filled in for."""
    if current is None:
        return "识别码不对，没有这样上报过的数据", "重新下载数据表填写"
    now = f"{plain(current.value)}（{current.as_of.isoformat()}，{current.status.value}）"
    if not seen:
        return f"这一项已上报 {now}，而这一行不是照着它改的", "重新下载数据表，在里面修改"
    return f"下载以后又有人上报过，现在是 {now}", "核对后重新下载数据表填写，或删去这一行"


# --- the values of a preview, on their way through the browser ------------------------------------


def changes_text(changes: Sequence[Change]) -> str:
    """Changed values with what was seen, as a hidden field carries them."""
    return encode([{**record_table(one.content), "seen": one.seen} for one in changes]).decode()


def reports_of(text: str, asked: UnitValues) -> list[Report]:
    """The values of a hidden field, judged as strictly as if they were typed.

    Raises:
        InputError: where it is not what `changes_text` gives for this unit and year.
    """
    by_name = {(one.task.id, one.shown.asked.name): one for one in asked.values}
    rows = _rows(text)
    if not 0 < len(rows) <= len(by_name):
        raise _stale()
    reports = [one for row in rows if (one := _report(row, by_name, asked)) is not None]
    if len({(one.content.task, one.content.input) for one in reports}) < len(rows):
        raise _stale()
    return reports


def _rows(text: str) -> list[Any]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        raise _stale() from None
    if not isinstance(rows, list):
        raise _stale()
    return rows


def _report(
    row: object, by_name: Mapping[_ROW_OF_KEY, TaskValue], asked: UnitValues
) -> Report | None:
    match row:
        case {
            "assessment": asked.year, "unit": asked.unit, "task": str(task), "input": str(name),
            "value": str(value), "as_of": str(as_of), "status": str(status),
            "data_source": str(source), "seen": str(seen),
        } if (task, name) in by_name:  # fmt: skip
            shown = by_name[task, name].shown
        case _:
            return None
    about = About(asked.year, asked.unit, task, shown.asked)
    content = judged(Written(value, as_of, status, source), about)
    if isinstance(content, list):
        return None
    return Report(content, shown.thing, seen, shown.act, by_name[task, name].refusal)


def _stale() -> InputError:
    return InputError(
        "核对页已经失效，没有上报。请重新上传数据表。",
        "The preview is no longer valid; nothing was reported. Upload the workbook again.",
    )
