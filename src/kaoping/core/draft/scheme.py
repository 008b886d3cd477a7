"""方案草稿: a draft scheme (TOML) from a notice and its annexes, every field with its words.

The draft loads as a scheme, with problems: what the text does not say stands as a commented-out
line for a person to fill in. Nothing read by machine is in force until a person confirms it (P05).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.annex.gathering import same_number
from kaoping.core.annex.records import AnnexReading
from kaoping.core.canonical import sha256
from kaoping.core.draft.annex_part import AnnexPart
from kaoping.core.draft.toml_text import (
    array,
    comment,
    day_lines,
    identity,
    list_lines,
    missing,
    origin,
    text_lines,
)
from kaoping.core.notice.offices import is_section
from kaoping.core.scheme import FORMAT, StepKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.annex.records import AnnexIndicator
    from kaoping.core.notice.annexes import Annex
    from kaoping.core.notice.duties import NoticeIndicator
    from kaoping.core.notice.passage import Found
    from kaoping.core.notice.procedure import NoticeStep
    from kaoping.core.notice.reading import Notice

FIRST_LINE = "# 草稿：机器读取，须经人工逐项确认后方可使用"
_HOW_TO_WORK = (
    "# 怎么用：",
    "#   1. 逐项核对。每个字段上方的 # 注释是它的出处和原文，与原文不符的改正。",
    "#   2. 补写。“# 字段 = …”是没有读到的，对照原文补好，再去掉行首的 #；每项任务的 rule（评分办法）都要补写。",
    "#   3. 检查：kaoping scheme check 本文件。列出的 A 级问题要改正。",
    "#   4. 确有理由不改的，在文件末尾写 [[accepted]]（code、where、reason、by），问题仍会列出，但不再妨碍计分。",
    "#   5. 没有未处理的 A 级问题了，把本文件存为考评文件夹里的 scheme.toml，就是方案。",
    "# 写法：# 后面到行末是注释，不起作用；文字、数字写在英文引号里，日期不加引号。",
)
_CONTACTS = (
    ("responsible_leader", "责任领导"),
    ("responsible_person", "责任人"),
    ("liaison", "联络员"),
    ("telephone", "联系电话"),
    ("mailbox", "邮箱"),
)


_NO_TABLES = AnnexReading((), (), (), (), (), ())


def draft_scheme(
    notice: Notice, annexes: Sequence[str] = (), annex: AnnexReading | None = None
) -> str:
    """The draft as TOML text in the format of a scheme, loadable though not yet complete.

    Args:
        notice: what was read.
        annexes: annex files or whole parts of them that were not read and why, a sentence each:
            a person must take them over.
        annex: what was read of the tables of those annex files that could be read.
    """
    part = AnnexPart(annex or _NO_TABLES, notice.indicators)
    lines = [
        FIRST_LINE,
        *_HOW_TO_WORK,
        f'format = "{FORMAT}"',
        "",
        *_head(notice),
        *(comment(f"附件没有读出，其中的任务、分值和标准请人工补入：{each}") for each in annexes),
        *_to_decide(notice),
        *part.to_decide(),
        "",
        *_steps(notice),
        *_offices(notice, part),
    ]
    ids: dict[int, str] = {}
    for number, indicator in enumerate(notice.indicators, 1):
        link = part.link_of(indicator)
        lines += _indicator(number, indicator, link.annex if link else None)
        lines += _tasks(number, link.annex if link else None, part, ids)
    for number, own in enumerate(part.own, len(notice.indicators) + 1):
        lines += _annex_indicator(number, own)
        lines += _tasks(number, own, part, ids)
    lines += part.assignments(ids)
    return _sealed("\n".join(lines) + "\n")


_SEAL = "# 机器草稿的摘要（改动以后不再相符）："


def _sealed(text: str) -> str:
    """The draft with its own digest as last line, by which it is known while nobody has edited it."""
    return f"{text}\n{_SEAL}{sha256(text.encode())}\n"


def is_untouched(text: str) -> bool:
    """Whether a text is a draft as the machine wrote it, so that nobody's work is in it."""
    body, _, last = text.removesuffix("\n").rpartition("\n")
    return last == _SEAL + sha256(body.encode())


# --- the parts -----------------------------------------------------------------------------------


def _head(notice: Notice) -> Iterator[str]:
    yield from text_lines("title", notice.title)
    yield from text_lines("document_number", notice.document_number)
    yield from text_lines("issuer", notice.issuer)
    yield from day_lines("issue_date", notice.issue_date)
    if notice.year:
        yield origin(notice.year.source)
        yield f"year = {notice.year.value}"
    else:
        yield missing("year", "0")
    yield from day_lines("data_cutoff", notice.data_cutoff)
    yield from list_lines("addressees", notice.addressees)
    yield from _requirements(notice)
    yield from _annexes(notice.annexes)
    for key, default, meaning in (
        ("places", "2", "得分保留几位小数"),
        ("ties", '"competition"', "并列名次怎么排"),
        ("not_applicable", '"rescale"', "不涉及的任务怎么计分"),
        ("late", '"flag"', "逾期报送只标记，还是不收（refuse）"),
        ("totals", '"none"', "是否合计总分"),
    ):
        yield missing(key, default, f"{meaning}：程序不从通知读取，不写即按此值")
    yield ""


def _requirements(notice: Notice) -> Iterator[str]:
    if not notice.requirements:
        yield missing("requirements", "[]")
        return
    yield from (origin(item.title.source) for item in notice.requirements)
    rows = [f"{item.title.value}：{item.text}".rstrip("：") for item in notice.requirements]
    yield f"requirements = {array(' '.join(row.split()) for row in rows)}"


def _annexes(annexes: Sequence[Annex]) -> Iterator[str]:
    if not annexes:
        yield missing("annexes", "[]")
        return
    yield from (origin(annex.title.source) for annex in annexes)
    yield f"annexes = {array(map(_annex, annexes))}"


def _annex(annex: Annex) -> str:
    number = f"（{annex.document_number.value}）" if annex.document_number else ""
    return f"附件{annex.number}：{annex.title.value}{number}"


def _to_decide(notice: Notice) -> Iterator[str]:
    """What has no field in a scheme and still must be seen by the one who confirms it."""
    if notice.coordinating:
        names = "、".join(found.value for found in notice.coordinating)
        yield comment(f"牵头组织或汇总的科室（名称不一的，请确认是否同一科室）：{names}")
    for found in notice.assessed:
        yield comment(f"考核对象，{found.source.place}：{found.value}")
    for source in notice.unread:
        yield comment(f"没有读懂，请人工处理，{source.place}：{source.text}")
    yield ""


def _steps(notice: Notice) -> Iterator[str]:
    if not notice.steps:
        yield "# [[step]] # 没有读到工作程序，请对照原文补"
        yield ""
    for step in notice.steps:
        yield from _step(step)
        yield ""


def _step(step: NoticeStep) -> Iterator[str]:
    yield "[[step]]"
    yield f'kind = "{step.kind.value}"'
    yield from text_lines("name", step.name)
    yield from _from(step)
    for deadline in step.deadlines:
        yield origin(deadline.source)
    yield from (origin(term.source) for term in step.terms)
    yield _due(step)
    if step.inputs or step.kind is not StepKind.COLLECT:
        yield from list_lines(
            "inputs", step.inputs, "没有读到这一环节要用哪些环节的结果，请对照原文补"
        )


def _from(step: NoticeStep) -> Iterator[str]:
    """The first day, where it is written out and not reckoned from 上旬 or its like."""
    if step.start is None:
        return
    rough = any(d.source == step.start.source and not d.exact for d in step.deadlines)
    yield from (
        [origin(step.start.source), missing("from")] if rough else day_lines("from", step.start)
    )


def _due(step: NoticeStep) -> str:
    """The last day; a rough one (月底, 下旬) is left to a person, for a scheme knows only exact days."""
    days = sorted({deadline.day for deadline in step.deadlines})
    if len(days) > 1:
        return missing(
            "due", days[-1].isoformat(), "通知写了几个时限，请确认哪一个是这一环节的时限"
        )
    if not days and step.terms:
        return missing("due", note="通知只写了相对的时限，请推算出最后一天")
    if not days:
        return missing("due")
    if not all(deadline.exact for deadline in step.deadlines):
        return missing("due", days[0].isoformat(), "通知没有写明是哪一天，请确认")
    return f"due = {days[0].isoformat()}"


def _offices(notice: Notice, part: AnnexPart) -> Iterator[str]:
    sections: dict[str, Found[str]] = {found.value: found for found in notice.coordinating}
    units: dict[str, Found[str]] = {}
    for indicator in notice.indicators:
        for found in (*indicator.responsible_section, *indicator.cooperating_sections):
            sections.setdefault(found.value, found)
        for found in (*_leads(indicator), *indicator.cooperating_units):
            units.setdefault(found.value, found)
    for found in part.sections():
        sections.setdefault(found.value, found)
    for found in part.units():
        units.setdefault(found.value, found)
    for found in sections.values():
        yield from ("[[section]]", origin(found.source), *identity(found.value), "")
    for found in units.values():
        yield from ("[[unit]]", origin(found.source), *identity(found.value), "")
    yield "# [[unit]] # 被考评单位：正文和附件表格没有逐一列出的，请逐一补写"
    yield ""


def _leads(indicator: NoticeIndicator) -> tuple[Found[str], ...]:
    return (indicator.lead_unit,) if indicator.lead_unit else ()


def _indicator(
    number: int, indicator: NoticeIndicator, annex: AnnexIndicator | None
) -> Iterator[str]:
    """An indicator of the notice; what only the annex says of it is filled in."""
    yield "[[indicator]]"
    yield f'id = "{number}"'
    yield from text_lines("name", indicator.name)
    if annex is not None and annex.name is not None:
        yield comment(f"附件写作 {annex.place.place}：{annex.name.value}")
    yield from _points(indicator.points, annex.points if annex else None)
    leads = _leads(indicator) or (annex.lead_units if annex else ())
    yield from _one_of("lead_unit", "牵头单位", leads)
    sections = indicator.responsible_section or (annex.sections if annex else ())
    yield from _one_of("responsible_section", "责任科室", sections)
    yield from list_lines("cooperating_sections", indicator.cooperating_sections)
    yield from list_lines("cooperating_units", indicator.cooperating_units)
    if annex is not None:
        yield from (_seen(found, "附件中的配合单位或科室") for found in annex.cooperating)
    yield from text_lines("scope", indicator.scope) if indicator.scope else ()
    yield ""
    yield "[indicator.contact]"
    for key, _ in _CONTACTS:
        yield from list_lines(key, getattr(indicator, key))
    yield ""


def _annex_indicator(number: int, annex: AnnexIndicator) -> Iterator[str]:
    """An indicator that only the annexes have."""
    yield "[[indicator]]"
    yield f'id = "{number}"'
    yield from text_lines("name", annex.name)
    if annex.points is None and annex.points_told is not None:
        yield origin(annex.points_told.source)
    yield from _points(None, annex.points)
    yield from _one_of("lead_unit", "牵头单位", annex.lead_units)
    yield from _one_of("responsible_section", "责任科室", annex.sections)
    helpers = annex.cooperating
    yield from list_lines("cooperating_sections", [f for f in helpers if is_section(f.value)])
    yield from list_lines("cooperating_units", [f for f in helpers if not is_section(f.value)])
    yield ""


def _points(ours: Found[str] | None, theirs: Found[str] | None) -> Iterator[str]:
    """An indicator's points; where notice and annex differ both are shown and none is chosen."""
    known = ours or theirs
    if known and same_number(known.value, "0"):
        yield origin(known.source)
        yield missing("points", note="指标的分值不能是 0，请确认")
    elif ours and theirs and not same_number(ours.value, theirs.value):
        yield from (origin(ours.source), origin(theirs.source))
        yield missing("points", note="通知和附件写的不同，请确认")
    else:
        yield from text_lines("points", known)


def _seen(found: Found[str], what: str) -> str:
    return comment(f"{what}，{found.source.place}：{found.value}")


def _tasks(
    number: int, annex: AnnexIndicator | None, part: AnnexPart, ids: dict[int, str]
) -> Iterator[str]:
    """An indicator's tasks, whose ids are noted by their order."""
    if annex is None or not annex.tasks:
        yield "# [[indicator.task]] # 任务、分值、完成标准、评分办法、台账目录：没有读到，请按附件补"
        yield ""
        return
    own = part.task_ids(annex, str(number))
    ids |= {task.order: identity for task, identity in zip(annex.tasks, own, strict=True)}
    yield from part.tasks(annex, own)


def _one_of(key: str, what: str, found: Sequence[Found[str]]) -> Iterator[str]:
    """The one office of a duty; several are all shown, the first is proposed."""
    if len(found) > 1:
        names = "、".join(one.value for one in found)
        yield comment(f"写了几个{what}，方案只能有一个，请确认：{names}")
    yield from text_lines(key, found[0] if found else None)
