"""What was read from a notice and its annexes, as rows of what it is, its value and its place, in Chinese.

A row tells what was read, what was not, or what a person must decide. What is missing was not read;
whether the notice says it, only a person who looks can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kaoping.core.annex.records import AsideKind
from kaoping.core.draft.annex_part import AnnexPart
from kaoping.core.notice.passage import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from kaoping.core.annex.records import AnnexIndicator, AnnexReading, AnnexTarget, AnnexTask
    from kaoping.core.notice.duties import NoticeIndicator
    from kaoping.core.notice.passage import Found
    from kaoping.core.notice.procedure import NoticeStep
    from kaoping.core.notice.reading import Notice

NOT_READ = "没有读到，请对照原文"
_DUTIES = (
    ("牵头单位", "lead_unit"),
    ("牵头范围", "scope"),
    ("责任科室", "responsible_section"),
    ("配合科室", "cooperating_sections"),
    ("配合单位", "cooperating_units"),
    ("责任领导", "responsible_leader"),
    ("责任人", "responsible_person"),
    ("联络员", "liaison"),
    ("联系电话", "telephone"),
    ("邮箱", "mailbox"),
)
_ONLY_SOME_HAVE = frozenset({"scope", "cooperating_sections", "cooperating_units"})


class Part(StrEnum):
    """Whether something was read, was not, or is for a person to decide."""

    READ = "读出"
    UNREAD = "没有读出"
    OPEN = "须决定"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing: what it is, its words, where it stands ("" for nowhere), what to do."""

    what: str
    words: str
    place: str
    part: Part = Part.READ
    todo: str = "对照出处核对"


def _unread(what: str, words: str = NOT_READ, place: str = "") -> Row:
    return Row(what, words, place, Part.UNREAD, "对照原文补入草稿；原文没有的，由人确定")


def _open(what: str, words: str, place: str, todo: str) -> Row:
    return Row(what, words, place, Part.OPEN, todo)


def summary_rows(
    notice: Notice, annex_files: Sequence[str] = (), annex: AnnexReading | None = None
) -> Iterator[tuple[str, str, str]]:
    """All that was read, what is missing, and what was handed in and not read, in Chinese.

    Args:
        notice: what was read.
        annex_files: names of annex files handed in with the notice, which are not read.
        annex: what was read of the tables of the others.
    """
    rows = [*notice_rows(notice, annex)]
    rows += [
        _unread("附件文件", f"{name}：没有读取，其中的任务、分值和标准请人工补入方案")
        for name in annex_files
    ]
    rows += [_unread("没有读懂", shortened(s.text), s.place) for s in notice.unread]
    if annex is not None:
        rows += annex_rows(annex)
        decisions = AnnexPart(annex, notice.indicators).decisions
        rows += [_open("待定", each.message, each.source.place, "") for each in decisions]
        rows += [_unread("附件没有读懂", shortened(s.text), s.place) for s in annex.unread]
    yield from ((row.what, row.words, row.place) for row in rows)


# --- the notice ----------------------------------------------------------------------------------


def notice_rows(notice: Notice, annex: AnnexReading | None = None) -> Iterator[Row]:
    """The parts of a notice, read or missing, without words that were not understood.

    Args:
        notice: what was read.
        annex: what the annexes tell, by which a duty may be known that the notice does not tell.
    """
    yield from _head(notice)
    if not notice.indicators and not (annex and annex.indicators):
        yield _unread("指标")
    part = AnnexPart(annex, notice.indicators) if annex else None
    for indicator in notice.indicators:
        link = part.link_of(indicator) if part else None
        yield from _indicator(indicator, link.annex if link else None)
    for step in notice.steps:
        yield _step(step)
    if not notice.steps:
        yield _unread("环节")
    yield from _list("工作要求", [requirement.title for requirement in notice.requirements])
    for cited in notice.annexes:
        yield Row(f"附件{cited.number}", cited.title.value, cited.title.source.place)
    if not notice.annexes:
        yield _unread("附件")


def _head(notice: Notice) -> Iterator[Row]:
    heads: tuple[tuple[str, Found[str] | Found[int] | Found[date] | None], ...] = (
        ("标题", notice.title),
        ("发文单位", notice.issuer),
        ("发文字号", notice.document_number),
        ("成文日期", notice.issue_date),
        ("考评年度", notice.year),
        ("数据截止时间", notice.data_cutoff),
    )
    for label, found in heads:
        yield Row(label, str(found.value), found.source.place) if found else _unread(label)
    yield from _list("主送单位", notice.addressees)
    yield from _list("考核对象", notice.assessed)
    yield from (Row("牵头或汇总", f.value, f.source.place) for f in notice.coordinating)


def _list(label: str, many: Sequence[Found[str]]) -> Iterator[Row]:
    if not many:
        yield _unread(label)
    yield from (Row(label, found.value, found.source.place) for found in many)


def _step(step: NoticeStep) -> Row:
    name, place = step.name.value, step.name.source.place
    if step.due is None and step.deadlines:
        words, todo = "写了几个时限，请确认", "从草稿注释的几个日子中确定一个，写入 due"
        return _open("环节", f"{name}：{words}", place, todo)
    if step.due is None and step.terms:
        words = f"{name}：写了“{step.terms[0].value}”，是相对的时限，没有具体日期"
        return _open("环节", words, place, "按前一环节的日子推算出最后一天，写入 due")
    if step.due is None:
        return _unread("环节", f"{name}：没有读到时限，请对照原文", place)
    words = f"{name}：{step.due} 前"
    if not all(deadline.exact for deadline in step.deadlines):
        words += "（原文没有写明是哪一天，此为最晚的一天）"
        return _open("环节", words, place, "确定是哪一天，写入 due")
    return Row("环节", words, place)


def _indicator(indicator: NoticeIndicator, annex: AnnexIndicator | None) -> Iterator[Row]:
    """An indicator, each part of its duty with the line it stands in, and what was not read."""
    name, place = indicator.name.value, indicator.name.source.place
    yield Row("指标", name + _with_points(indicator.points), place)
    missing = []
    for label, key in _DUTIES:
        found = getattr(indicator, key)
        many = found if isinstance(found, tuple) else (found,) if found else ()
        if many:
            places = dict.fromkeys(one.source.place for one in many)
            words = "、".join(one.value for one in many)
            yield Row(f"\u3000{label}", words, "、".join(places))
            if key == "responsible_section" and len(many) > 1:
                yield _several("责任科室", name, words, place)
        elif key not in _ONLY_SOME_HAVE and not _told_by_annex(annex, key):
            missing.append(label)
    if missing:
        told_at = indicator.paragraph.place if indicator.paragraph else place
        yield _unread("\u3000职责", f"“{name}”没有读到{'、'.join(missing)}", told_at)


def _told_by_annex(annex: AnnexIndicator | None, key: str) -> bool:
    if annex is None:
        return False
    return bool({"lead_unit": annex.lead_units, "responsible_section": annex.sections}.get(key))


def _several(what: str, name: str, words: str, place: str) -> Row:
    message = f"“{name}”写了几个{what}，方案只能有一个：{words}"
    return _open(what, message, place, "确定由哪一个负责，其余改列配合")


# --- the annexes ---------------------------------------------------------------------------------


def annex_rows(annex: AnnexReading) -> Iterator[Row]:
    """What the tables of the annexes tell: indicators with their tasks, targets, notes.

    What they leave open, and cells that were not understood, are `AnnexReading.decisions` and
    `AnnexReading.unread`.
    """
    for indicator in annex.indicators:
        yield from _annex_indicator(indicator)
        for task in indicator.tasks:
            yield from _task(annex, task)
    yield from _targets(annex)
    for aside in annex.asides:
        if aside.kind is AsideKind.NOTE:
            yield Row("附件表注", shortened(aside.source.text), aside.source.place)


def _annex_indicator(indicator: AnnexIndicator) -> Iterator[Row]:
    place = indicator.place.place
    name = indicator.name.value if indicator.name else ""
    if not name:
        yield _unread("附件指标", "没有读到指标名称", place)
    else:
        yield Row("附件指标", name + _with_points(indicator.points), place)
    for label, many in (
        ("牵头单位", indicator.lead_units),
        ("责任科室", indicator.sections),
        ("配合单位、科室", indicator.cooperating),
    ):
        words = "、".join(one.value for one in many)
        if many:
            places = dict.fromkeys(one.source.place for one in many)
            yield Row(f"\u3000{label}", words, "、".join(places))
        if len(many) > 1 and many is not indicator.cooperating:
            yield _several(label, name, words, place)


def _task(annex: AnnexReading, task: AnnexTask) -> Iterator[Row]:
    number = f"{task.number.value} " if task.number else ""
    told = _with_points(task.points) or "（没有读到分值）"
    name = f"{number}{shortened(task.name.value)}"
    parts = (
        f"标准 {sum(len(found.value) for found in task.standard)} 字" if task.standard else "",
        f"台账 {len(task.catalogue)} 项" if task.catalogue else "",
        f"单位 {len(annex.units_of(task))} 个" if annex.units_of(task) else "",
        *(f"目标 {shortened(found.value)}" for found in task.target),
        f"计量单位 {task.measure.value}" if task.measure else "",
        *(f"数据来源 {shortened(found.value)}" for found in task.data_source),
    )
    beside = "，".join(part for part in parts if part)
    words = name + told + (f"：{beside}" if beside else "")
    yield Row("\u3000任务", words, task.place.place)
    if task.bonus:
        yield _open("加分任务", f"{name}写作加分", task.place.place, "确认是加分项，不计入指标分值")
    known = task.points or task.points_told or task.shared_points
    missing = [*([] if known else ["分值"]), *([] if task.standard else ["完成标准"])]
    if missing:
        yield _unread("\u3000任务", f"{name}：没有读到{'、'.join(missing)}", task.place.place)


def _targets(annex: AnnexReading) -> Iterator[Row]:
    """The targets of each task in one row, as `市教育局 6.5、市水利局 7`."""
    groups: dict[tuple[int, bool], list[AnnexTarget]] = {}
    for target in annex.targets:
        groups.setdefault((target.order, target.own_points), []).append(target)
    tasks = {task.order: task for task in annex.tasks}
    for (order, own_points), targets in groups.items():
        words = "、".join(
            f"{target.unit.value} {target.value.value if target.value else '不涉及'}"
            for target in targets
        )
        places = dict.fromkeys((targets[0].source.place, targets[-1].source.place))
        what = "各单位分值" if own_points else "各单位目标"
        name = shortened(tasks[order].name.value)
        yield Row(f"\u3000{what}", f"{name}：{words}", " 至 ".join(places))


def _with_points(points: Found[str] | None) -> str:
    return f"（{points.value} 分）" if points else ""
