"""What was read from a notice, as rows of what it is, its value and its place, in Chinese.

What is missing was not read; whether the notice says it, only a person who looks can tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.notice.passage import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

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

Row = tuple[str, str, str]


def summary_rows(notice: Notice, annex_files: Sequence[str] = ()) -> Iterator[Row]:
    """All that was read, what is missing, and what was handed in and not read, in Chinese.

    Args:
        notice: what was read.
        annex_files: names of annex files handed in with the notice, which are not read.
    """
    yield from _head(notice)
    if not notice.indicators:
        yield "指标", NOT_READ, ""
    for indicator in notice.indicators:
        yield from _indicator(indicator)
    for step in notice.steps:
        yield "环节", f"{step.name.value}：{_due(step)}", step.name.source.place
    if not notice.steps:
        yield "环节", NOT_READ, ""
    yield from _list("工作要求", [requirement.title for requirement in notice.requirements])
    for annex in notice.annexes:
        yield f"附件{annex.number}", annex.title.value, annex.title.source.place
    if not notice.annexes:
        yield "附件", NOT_READ, ""
    for name in annex_files:
        yield "附件文件", f"{name}：没有读取，其中的任务、分值和标准请人工补入方案", ""
    for source in notice.unread:
        yield "没有读懂", shortened(source.text), source.place


def _due(step: NoticeStep) -> str:
    if step.due:
        return f"{step.due} 前"
    return "写了几个时限，请确认" if step.deadlines else "没有读到时限，请对照原文"


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
        yield (label, str(found.value), found.source.place) if found else (label, NOT_READ, "")
    yield from _list("主送单位", notice.addressees)
    yield from _list("考核对象", notice.assessed)
    yield from (("牵头或汇总", f.value, f.source.place) for f in notice.coordinating)


def _list(label: str, many: Sequence[Found[str]]) -> Iterator[Row]:
    if not many:
        yield label, NOT_READ, ""
    yield from ((label, found.value, found.source.place) for found in many)


def _indicator(indicator: NoticeIndicator) -> Iterator[Row]:
    """An indicator, each part of its duty with the line it stands in, and what was not read."""
    points = f"（{indicator.points.value} 分）" if indicator.points else ""
    yield "指标", indicator.name.value + points, indicator.name.source.place
    missing = []
    for label, key in _DUTIES:
        found = getattr(indicator, key)
        many = found if isinstance(found, tuple) else (found,) if found else ()
        if many:
            places = dict.fromkeys(one.source.place for one in many)
            yield f"　{label}", "、".join(one.value for one in many), "、".join(places)
        elif key not in _ONLY_SOME_HAVE:
            missing.append(label)
    if missing:
        yield "　没有读到", f"{'、'.join(missing)}（请对照原文）", ""
