"""方案草稿: a draft scheme (TOML) from a notice, every field with the words it came from.

The draft loads as a scheme, with problems: what the text does not say stands as a commented-out
line for a person to fill in. Nothing read by machine is in force until a person confirms it (P05).
"""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from kaoping.core.canonical import sha256
from kaoping.core.notice.passage import Found
from kaoping.core.scheme import FORMAT, StepKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaoping.core.notice.annexes import Annex
    from kaoping.core.notice.duties import NoticeIndicator
    from kaoping.core.notice.passage import Source
    from kaoping.core.notice.procedure import NoticeStep
    from kaoping.core.notice.reading import Notice

FIRST_LINE = "# 草稿：机器读取，须经人工逐项确认后方可使用"
SHOWN_WORDS = 120
"""How many characters of a source a comment repeats."""

_NOT_READ = "没有读到，请对照原文补"
_CONTACTS = (
    ("responsible_leader", "责任领导"),
    ("responsible_person", "责任人"),
    ("liaison", "联络员"),
    ("telephone", "联系电话"),
    ("mailbox", "邮箱"),
)


def draft_scheme(notice: Notice, annexes: Sequence[str] = ()) -> str:
    """The draft as TOML text in the format of a scheme, loadable though not yet complete.

    Args:
        notice: what was read.
        annexes: names of annex files handed in with it, whose tables a person must take over.
    """
    lines = [
        FIRST_LINE,
        "# 每项上方是它在通知中的出处和原文；以 # 开头的字段没有读到，请对照原文补写后去掉 #。",
        f'format = "{FORMAT}"',
        "",
        *_head(notice),
        *(_comment(f"附件文件，其中的任务、分值和标准请人工补入：{name}") for name in annexes),
        *_to_decide(notice),
        *_steps(notice),
        *_offices(notice),
    ]
    for number, indicator in enumerate(notice.indicators, 1):
        lines += _indicator(number, indicator)
    return _sealed("\n".join(lines) + "\n")


_SEAL = "# 机器草稿的摘要（改动以后不再相符）："


def _sealed(text: str) -> str:
    """The draft with its own digest as last line, by which it is known while nobody has edited it."""
    return f"{text}\n{_SEAL}{sha256(text.encode())}\n"


def is_untouched(text: str) -> bool:
    """Whether a text is a draft as the machine wrote it, so that nobody's work is in it."""
    body, _, last = text.removesuffix("\n").rpartition("\n")
    return last == _SEAL + sha256(body.encode())


# --- writing TOML --------------------------------------------------------------------------------


def quoted(text: str) -> str:
    """A TOML basic string on one line: JSON's escapes are TOML's, DEL is escaped as well."""
    return json.dumps(_encodable(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def _encodable(text: str) -> str:
    """The text without lone surrogates, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _comment(text: str) -> str:
    """A comment of one line, without control characters."""
    words = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", _encodable(text)).split())
    return "# " + (words if len(words) <= SHOWN_WORDS else words[:SHOWN_WORDS] + "…")


def _origin(source: Source) -> str:
    return _comment(f"{source.place}：{source.text}")


def _missing(key: str, empty: str = '""', note: str = _NOT_READ) -> str:
    return f"# {key} = {empty} # {note}"


def _text(key: str, found: Found[str] | None) -> Iterator[str]:
    if found is None or not found.value.strip():
        yield _missing(key)
    else:
        yield _origin(found.source)
        yield f"{key} = {quoted(found.value)}"


def _texts(key: str, found: Sequence[Found[str]], note: str = _NOT_READ) -> Iterator[str]:
    if not found:
        yield _missing(key, "[]", note)
    else:
        yield from dict.fromkeys(_origin(item.source) for item in found)
        yield f"{key} = {_array(item.value for item in found)}"


def _array(values: Iterable[str]) -> str:
    return "[" + ", ".join(quoted(value) for value in values) + "]"


def _day(key: str, found: Found[date] | None) -> Iterator[str]:
    if found is None:
        yield _missing(key)
    else:
        yield _origin(found.source)
        yield f"{key} = {found.value.isoformat()}"


# --- the parts -----------------------------------------------------------------------------------


def _head(notice: Notice) -> Iterator[str]:
    yield from _text("title", notice.title)
    yield from _text("document_number", notice.document_number)
    yield from _text("issuer", notice.issuer)
    yield from _day("issue_date", notice.issue_date)
    if notice.year:
        yield _origin(notice.year.source)
        yield f"year = {notice.year.value}"
    else:
        yield _missing("year", "0")
    yield from _day("data_cutoff", notice.data_cutoff)
    yield from _texts("addressees", notice.addressees)
    yield from _requirements(notice)
    yield from _annexes(notice.annexes)
    for key, default, meaning in (
        ("places", "2", "得分保留几位小数"),
        ("ties", '"competition"', "并列名次怎么排"),
        ("not_applicable", '"rescale"', "不涉及的任务怎么计分"),
        ("late", '"flag"', "逾期报送只标记，还是不收（refuse）"),
        ("totals", '"none"', "是否合计总分"),
    ):
        yield _missing(key, default, f"{meaning}：程序不从通知读取，不写即按此值")
    yield ""


def _requirements(notice: Notice) -> Iterator[str]:
    if not notice.requirements:
        yield _missing("requirements", "[]")
        return
    yield from (_origin(item.title.source) for item in notice.requirements)
    rows = [f"{item.title.value}：{item.text}".rstrip("：") for item in notice.requirements]
    yield f"requirements = {_array(' '.join(row.split()) for row in rows)}"


def _annexes(annexes: Sequence[Annex]) -> Iterator[str]:
    if not annexes:
        yield _missing("annexes", "[]")
        return
    yield from (_origin(annex.title.source) for annex in annexes)
    yield f"annexes = {_array(map(_annex, annexes))}"


def _annex(annex: Annex) -> str:
    number = f"（{annex.document_number.value}）" if annex.document_number else ""
    return f"附件{annex.number}：{annex.title.value}{number}"


def _to_decide(notice: Notice) -> Iterator[str]:
    """What has no field in a scheme and still must be seen by the one who confirms it."""
    if notice.coordinating:
        names = "、".join(found.value for found in notice.coordinating)
        yield _comment(f"牵头组织或汇总的科室（名称不一的，请确认是否同一科室）：{names}")
    for found in notice.assessed:
        yield _comment(f"考核对象，{found.source.place}：{found.value}")
    for source in notice.unread:
        yield _comment(f"没有读懂，请人工处理，{source.place}：{source.text}")
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
    yield from _text("name", step.name)
    yield from _from(step)
    for deadline in step.deadlines:
        yield _origin(deadline.source)
    yield from (_origin(term.source) for term in step.terms)
    yield _due(step)
    if step.inputs or step.kind is not StepKind.COLLECT:
        yield from _texts("inputs", step.inputs, "没有读到这一环节要用哪些环节的结果，请对照原文补")


def _from(step: NoticeStep) -> Iterator[str]:
    """The first day, where it is written out and not reckoned from 上旬 or its like."""
    if step.start is None:
        return
    rough = any(d.source == step.start.source and not d.exact for d in step.deadlines)
    yield from [_origin(step.start.source), _missing("from")] if rough else _day("from", step.start)


def _due(step: NoticeStep) -> str:
    """The last day; a rough one (月底, 下旬) is left to a person, for a scheme knows only exact days."""
    days = sorted({deadline.day for deadline in step.deadlines})
    if len(days) > 1:
        return _missing(
            "due", days[-1].isoformat(), "通知写了几个时限，请确认哪一个是这一环节的时限"
        )
    if not days:
        return _missing("due")
    if not all(deadline.exact for deadline in step.deadlines):
        return _missing("due", days[0].isoformat(), "通知没有写明是哪一天，请确认")
    return f"due = {days[0].isoformat()}"


def _offices(notice: Notice) -> Iterator[str]:
    sections: dict[str, Found[str]] = {found.value: found for found in notice.coordinating}
    units: dict[str, Found[str]] = {}
    for indicator in notice.indicators:
        for found in (*indicator.responsible_section, *indicator.cooperating_sections):
            sections.setdefault(found.value, found)
        for found in (*_leads(indicator), *indicator.cooperating_units):
            units.setdefault(found.value, found)
    for found in sections.values():
        yield from ("[[section]]", _origin(found.source), *_identity(found.value), "")
    for found in units.values():
        yield from ("[[unit]]", _origin(found.source), *_identity(found.value), "")
    yield "# [[unit]] # 被考评单位：正文没有逐一列出的，请按附件逐一补写"
    yield ""


def _leads(indicator: NoticeIndicator) -> tuple[Found[str], ...]:
    return (indicator.lead_unit,) if indicator.lead_unit else ()


def _identity(name: str) -> tuple[str, str]:
    return f"id = {quoted(name)}", f"name = {quoted(name)}"


def _indicator(number: int, indicator: NoticeIndicator) -> Iterator[str]:
    yield "[[indicator]]"
    yield f'id = "{number}"'
    yield from _text("name", indicator.name)
    yield from _text("points", indicator.points)
    yield from _text("lead_unit", indicator.lead_unit)
    yield from _responsible(indicator)
    yield from _texts("cooperating_sections", indicator.cooperating_sections)
    yield from _texts("cooperating_units", indicator.cooperating_units)
    yield from _text("scope", indicator.scope) if indicator.scope else ()
    yield ""
    yield "[indicator.contact]"
    for key, _ in _CONTACTS:
        yield from _texts(key, getattr(indicator, key))
    yield ""
    yield "# [[indicator.task]] # 任务、分值、完成标准、评分办法、台账目录：程序不从通知读取，请按附件补"
    yield ""


def _responsible(indicator: NoticeIndicator) -> Iterator[str]:
    """The one responsible section; several are all shown, the first is proposed."""
    sections = indicator.responsible_section
    if len(sections) > 1:
        names = "、".join(found.value for found in sections)
        yield _comment(f"通知写了几个责任科室，方案只能有一个，请确认：{names}")
    yield from _text("responsible_section", sections[0] if sections else None)


# --- as JSON -------------------------------------------------------------------------------------


def notice_json(notice: Notice) -> dict[str, object]:
    """A notice as plain tables for `--json`: values beside their sources, days as text."""
    return {item.name: _plain(getattr(notice, item.name)) for item in fields(notice)}


def _plain(value: object) -> object:
    if isinstance(value, Found):
        return {"value": _plain(value.value), "source": _plain(value.source)}
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value
