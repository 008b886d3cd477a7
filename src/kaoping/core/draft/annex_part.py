"""The part of a draft that comes from annex tables: tasks, assignments, what a person must decide."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kaoping.core.annex.linking import Link, link_decisions, link_indicators
from kaoping.core.annex.records import ASIDE_NAMES, AsideKind, Decision
from kaoping.core.annex.units import is_unit
from kaoping.core.draft.toml_text import array, comment, missing, origin, quoted
from kaoping.core.notice.offices import is_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.annex.records import (
        AnnexIndicator,
        AnnexReading,
        AnnexTarget,
        AnnexTask,
    )
    from kaoping.core.notice.duties import NoticeIndicator
    from kaoping.core.notice.passage import Found

_FULL_NUMBER = re.compile(r"[0-9A-Za-z]{0,2}[0-9]+(?:[.\-—][0-9]+)+")
"""A number that is an id in the whole annex: 1.1, A2-3."""


@dataclass(frozen=True)
class AnnexPart:
    """The annexes beside the indicators of the notice."""

    reading: AnnexReading
    listed: Sequence[NoticeIndicator]

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Which indicator of the notice each indicator of the annex is."""
        return link_indicators(self.reading, self.listed)

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """All that a person must decide, differences from the notice first."""
        differing = link_decisions(self.reading, self.listed, self.links)
        return (*differing, *self.reading.decisions)

    def link_of(self, indicator: NoticeIndicator) -> Link | None:
        """The annex's indicator that is an indicator of the notice."""
        return next((link for link in self.links if link.notice is indicator), None)

    @cached_property
    def own(self) -> tuple[AnnexIndicator, ...]:
        """The indicators that only the annexes have."""
        linked = {id(link.annex) for link in self.links}
        return tuple(one for one in self.reading.indicators if id(one) not in linked)

    @cached_property
    def owners(self) -> dict[str, Found[str]]:
        """The offices that supply data, where a cell names one office and nothing else."""
        cells = (task.data_source for task in self.reading.tasks)
        return {c[0].value: c[0] for c in cells if len(c) == 1 and is_unit(c[0].value)}

    def sections(self) -> Iterator[Found[str]]:
        """The sections that annexes name."""
        for indicator in self.reading.indicators:
            yield from indicator.sections
            yield from (one for one in indicator.cooperating if is_section(one.value))
        yield from (found for name, found in self.owners.items() if is_section(name))

    def units(self) -> Iterator[Found[str]]:
        """The units that annexes name, in whatever part."""
        yield from self.reading.units
        for indicator in self.reading.indicators:
            yield from indicator.lead_units
            yield from (one for one in indicator.cooperating if not is_section(one.value))
        yield from (found for name, found in self.owners.items() if not is_section(name))

    # --- ids -------------------------------------------------------------------------------------

    @cached_property
    def _numbers_once(self) -> set[str]:
        numbers = Counter(task.number.value for task in self.reading.tasks if task.number)
        return {n for n, count in numbers.items() if count == 1 and _FULL_NUMBER.fullmatch(n)}

    def task_ids(self, indicator: AnnexIndicator, number: str) -> list[str]:
        """The ids of an indicator's tasks: their own numbers where all have one that is unique."""
        own = [task.number.value if task.number else "" for task in indicator.tasks]
        if all(each in self._numbers_once for each in own):
            return own
        ids = [f"{number}.{at}" for at in range(1, len(own) + 1)]
        return (
            [f"{number}-{at}" for at in range(1, len(own) + 1)]
            if self._numbers_once & set(ids)
            else ids
        )

    # --- lines -----------------------------------------------------------------------------------

    def to_decide(self) -> Iterator[str]:
        """What has no field in a scheme and still must be seen by the one who confirms it."""
        for decision in self.decisions:
            yield comment(f"待定，{decision.source.place}：{decision.message}")
        for aside in self.reading.asides:
            if aside.kind is AsideKind.NOTE:
                name = ASIDE_NAMES[aside.kind]
                yield comment(f"{name}，{aside.source.place}：{aside.source.text}")
        for source in self.reading.unread:
            yield comment(f"附件没有读懂，请人工处理，{source.place}：{source.text}")

    def tasks(self, indicator: AnnexIndicator, ids: Sequence[str]) -> Iterator[str]:
        """The `[[indicator.task]]` tables of an indicator."""
        for task, identity in zip(indicator.tasks, ids, strict=True):
            yield from self._task(task, identity)
            yield ""

    def _task(self, task: AnnexTask, identity: str) -> Iterator[str]:
        yield "[[indicator.task]]"
        if task.number is not None and task.number.value != identity:
            yield comment(f"附件编号 {task.number.value}")
        yield f"id = {quoted(identity)}"
        yield origin(task.name.source)
        yield f"name = {quoted(task.name.value)}"
        yield from _points(task)
        if task.bonus:
            yield "bonus = true # 附件写作加分，请确认"
        yield from self._units(task)
        yield from self._owner(task)
        for remark in task.remarks:
            yield comment(f"{remark.heading}，{remark.words.source.place}：{remark.words.value}")
        for found in task.target:
            yield comment(f"年度目标，{found.source.place}：{found.value}")
        if task.measure is not None:
            yield origin(task.measure.source)
            yield f"value = {{ unit_of_measure = {quoted(task.measure.value)} }}"
        yield from _standard(task)
        yield from _catalogue(task, identity)

    def _units(self, task: AnnexTask) -> Iterator[str]:
        units = self.reading.units_of(task)
        for found in task.open_units:
            yield comment(f"没有逐一列出，请补，{found.source.place}：{found.value}")
        if not units:
            yield missing("units", "[]")
            return
        by_place: dict[str, list[str]] = defaultdict(list)
        for unit in units:
            by_place[unit.source.place].append(unit.source.text)
        for place, words in by_place.items():
            yield comment(f"{place}：{'、'.join(words)}")
        yield f"units = {array(unit.value for unit in units)}"

    def _owner(self, task: AnnexTask) -> Iterator[str]:
        for found in task.data_source:
            yield comment(f"数据来源，{found.source.place}：{found.value}")
        if len(task.data_source) == 1 and task.data_source[0].value in self.owners:
            yield f"data_owner = {quoted(task.data_source[0].value)}"

    def assignments(self, ids: dict[int, str]) -> Iterator[str]:
        """The `[[assignment]]` tables; what does not fit its task stands as a comment.

        Args:
            ids: the ids of the tasks by their order.
        """
        for (unit, order), targets in self._cells.items():
            for target in targets:
                yield origin(target.source)
            lines = [f"unit = {quoted(unit)}", f"task = {quoted(ids[order])}"]
            lines += dict.fromkeys(map(_assigned, targets))
            if not self._is_listed(unit, order):
                yield comment(f"{unit}不在任务 {ids[order]} 的 units 中，请确认后去掉下面的 #")
            elif _disagree(targets):
                yield comment(f"{unit}在任务 {ids[order]} 上写了几个不同的数，请确认后留一个")
            else:
                yield from ("[[assignment]]", *lines, "")
                continue
            yield from (f"# {line}" for line in ("[[assignment]]", *lines))
            yield ""

    def unfit_targets(self) -> Iterator[Decision]:
        """The targets that stand in the draft as comments only, and why."""
        names = {task.order: task.name.value for task in self.reading.tasks}
        for (unit, order), targets in self._cells.items():
            source = targets[-1].source
            if not self._is_listed(unit, order):
                message = f"“{unit}”有目标，任务“{names[order]}”的责任单位里没有它"
                yield Decision(message, source)
            elif _disagree(targets):
                message = f"“{unit}”在任务“{names[order]}”上写了几个不同的数"
                yield Decision(message, source)

    @cached_property
    def _cells(self) -> dict[tuple[str, int], list[AnnexTarget]]:
        """The targets of each unit on each task."""
        cells: dict[tuple[str, int], list[AnnexTarget]] = defaultdict(list)
        for target in self.reading.targets:
            cells[target.unit.value, target.order].append(target)
        return cells

    @cached_property
    def _listed(self) -> dict[int, set[str]]:
        """The units of each task by its order."""
        return {
            task.order: {one.value for one in self.reading.units_of(task)}
            for task in self.reading.tasks
        }

    def _is_listed(self, unit: str, order: int) -> bool:
        return unit in self._listed[order]


def _disagree(targets: Sequence[AnnexTarget]) -> bool:
    """Whether one key would get two values."""
    return len({_key(target) for target in targets}) < len(set(map(_assigned, targets)))


def _key(target: AnnexTarget) -> str:
    if target.value is None:
        return "state"
    return "points" if target.own_points else "target"


def _assigned(target: AnnexTarget) -> str:
    if target.value is None:
        return 'state = "not-applicable"'
    return f"{_key(target)} = {quoted(target.value.value)}"


def _points(task: AnnexTask) -> Iterator[str]:
    if task.points is not None:
        yield origin(task.points.source)
        yield f"points = {quoted(task.points.value)}"
        return
    if task.shared_points is not None:
        source = task.shared_points.source
        yield comment(f"几项任务合写的分值，{source.place}：{source.text}")
    if task.points_told is not None:
        yield comment(f"{task.points_told.source.place}：{task.points_told.value}")
    known = task.shared_points or task.points_told
    yield missing("points", note="请确认后补写" if known else "没有读到，请对照原文补")


def _standard(task: AnnexTask) -> Iterator[str]:
    """The standard, and below it the place where a person writes the rule it means."""
    if not task.standard:
        yield missing("standard")
    for found in task.standard:
        yield origin(found.source)
    if task.standard:
        text = "\n".join(found.value for found in task.standard)
        yield f"standard = {quoted(text)}"
    yield missing("rule", '{ kind = "" }', "评分办法：请照上面的标准写；程序不从标准推出办法")


def _catalogue(task: AnnexTask, identity: str) -> Iterator[str]:
    if not task.catalogue:
        yield missing("catalogue", "[]")
        return
    yield "catalogue = ["
    for number, item in enumerate(task.catalogue, 1):
        yield "    " + origin(item.source)
        yield f"    {{ id = {quoted(f'{identity}-{number}')}, name = {quoted(item.value)} }},"
    yield "]"
