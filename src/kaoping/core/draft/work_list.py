"""工作清单: all that a person works through between a notice and a scheme, numbered.

What was read and is to be checked, what was not read, what must be decided; gravest first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.draft.annex_part import AnnexPart
from kaoping.core.draft.papers import UNREAD_CODES
from kaoping.core.draft.summary import Part, Row, annex_rows, notice_rows
from kaoping.core.draft.toml_text import encodable
from kaoping.core.problems import CATALOGUE, Severity, by_severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaoping.core.draft.papers import Papers
    from kaoping.core.problems import Problem

NOWHERE, IN_DRAFT = "全文", "草稿"

HEADS = ("序号", "类别", "级", "项目", "内容", "出处", "怎么办")
"""The columns of the list, as `Item.cells` fills them."""

PERSONS_HEADS = ("处理意见", "经办人", "日期")
"""The columns behind them, which persons fill in."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list.

    Attributes:
        number: from 1, through all parts.
        severity: of what must be decided; None elsewhere.
        code: the code of the problem it is, "" where it is none.
    """

    number: int
    part: Part
    what: str
    words: str
    place: str
    todo: str
    severity: Severity | None = None
    code: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as texts, one for each of `HEADS`."""
        grade = self.severity.value if self.severity else ""
        texts = (self.part.value, grade, self.what.strip(), self.words, self.place, self.todo)
        return str(self.number), *map(encodable, texts)

    def as_json(self) -> dict[str, object]:
        """The line as `--json` prints it."""
        return {
            "number": self.number,
            "severity": self.severity.value if self.severity else None,
            "code": self.code or None,
            "what": self.what.strip(),
            "message": self.words,
            "place": self.place,
            "suggestion": self.todo,
        }


def work_list(papers: Papers) -> tuple[Item, ...]:
    """The list of everything read, unread and open, in this order."""
    rows = [*(notice_rows(papers.notice, papers.annex) if papers.notice else ())]
    rows += annex_rows(papers.annex)
    problems = by_severity(papers.problems)
    found = [_of_row(row) for row in rows if row.part is Part.READ]
    found += [_of_problem(problem) for problem in problems if problem.code in UNREAD_CODES]
    found += [_of_row(row) for row in rows if row.part is Part.UNREAD]
    opened = [_of_problem(problem) for problem in problems if problem.code not in UNREAD_CODES]
    opened += [_of_row(row) for row in rows if row.part is Part.OPEN]
    opened += [_of_row(row) for row in _to_write(papers)]
    found += sorted(opened, key=lambda item: item.severity or Severity.C)
    return tuple(_numbered(found))


def _numbered(items: Iterable[Item]) -> Iterator[Item]:
    for number, item in enumerate(items, 1):
        yield Item(
            number,
            item.part,
            item.what,
            item.words,
            item.place or NOWHERE,
            item.todo,
            item.severity,
            item.code,
        )


def _of_row(row: Row) -> Item:
    severity = Severity.B if row.part is Part.OPEN else None
    return Item(0, row.part, row.what, row.words, row.place, row.todo, severity)


def _of_problem(problem: Problem) -> Item:
    what = CATALOGUE[problem.code].zh
    is_unread = problem.code in UNREAD_CODES
    return Item(
        0,
        Part.UNREAD if is_unread else Part.OPEN,
        what,
        problem.message,
        problem.where,
        problem.suggestion,
        None if is_unread else problem.severity,
        problem.code,
    )


_DEFAULTS = "小数位数、并列、不涉及、逾期、是否合计总分：程序不从通知读取，草稿写了默认值"


def _to_write(papers: Papers) -> Iterator[Row]:
    """What no notice and no table gives: rules, general settings; targets that do not fit."""
    part = AnnexPart(papers.annex, papers.notice.indicators if papers.notice else ())
    for decision in part.unfit_targets():
        place, todo = decision.source.place, "确认后去掉草稿中的 #，或改正"
        yield Row("各单位目标", decision.message, place, Part.OPEN, todo)
    if count := len(papers.annex.tasks):
        words = f"{count} 项任务的评分办法（rule）要由人照完成标准写；程序不从标准推出办法"
        yield Row("评分办法", words, IN_DRAFT, Part.OPEN, "在草稿每项任务的 rule 处补写")
    if papers.notice is not None:
        todo = "与草稿开头的默认值不同的，去掉 # 改写"
        yield Row("计分总则", _DEFAULTS, IN_DRAFT, Part.OPEN, todo)


def count_words(items: Sequence[Item]) -> tuple[str, str]:
    """How many of each part, in Chinese and English."""
    parts = Counter(item.part for item in items)
    read, unread, opened = (parts[part] for part in Part)
    severities = Counter(item.severity for item in items if item.severity)
    zh = "、".join(f"{severity.value} 级 {severities[severity]} 项" for severity in Severity)
    en = ", ".join(f"{severities[severity]} of {severity.value}" for severity in Severity)
    return (
        f"读出 {read} 项，没有读出 {unread} 项，须决定 {opened} 项（{zh}）。",
        f"{read} read, {unread} not read, {opened} to decide ({en}).",
    )
