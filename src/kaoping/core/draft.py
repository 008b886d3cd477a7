"""方案草稿: a draft scheme (TOML) from a notice, every field with the words it came from.

The draft loads as a scheme, with problems: what the text does not say is written as a comment for a
person to fill in. Nothing read by machine is in force until a person confirms it (P05).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kaoping.core.scheme import FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaoping.core.notice import Duty, Notice, NoticeStep
    from kaoping.core.official_text import Found, FoundDate, Source

_CONTACTS = (
    ("responsible_leader", "责任领导"),
    ("responsible_person", "责任人"),
    ("liaison", "联络员"),
    ("telephone", "电话"),
    ("mailbox", "邮箱"),
)


def draft_scheme(notice: Notice) -> str:
    """The draft as TOML text."""
    lines = [
        "# 草稿:由机器从通知读出,须经人工逐项核对、补全后才可使用。",
        "# 每项上方注明出处;标“待补”的,通知正文没有写明。",
        f'format = "{FORMAT}"',
        "",
        *_head(notice),
        *_steps(notice),
        *_offices(notice),
    ]
    for position, found in enumerate(notice.indicators, 1):
        duty = next((d for d in notice.duties if d.indicator.value == found.value), None)
        lines += _indicator(str(position), found, duty)
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    """A TOML basic string; JSON's escapes are a subset of TOML's."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _listed(values: Iterable[str]) -> str:
    return "[" + ", ".join(_quoted(value) for value in values) + "]"


def _origin(source: Source) -> str:
    words = " ".join(source.text.split())
    clean = "".join(c for c in words if c.isprintable())
    return f"# {source.where}:{clean[:80]}"


def _field(key: str, found: Found | None, meaning: str) -> Iterator[str]:
    if found is None:
        yield f'# {key} = ""  # 待补:{meaning}'
    else:
        yield _origin(found.source)
        yield f"{key} = {_quoted(found.value)}"


def _list_field(key: str, found: Sequence[Found], meaning: str) -> Iterator[str]:
    if not found:
        yield f"# {key} = []  # 待补:{meaning}"
        return
    yield from dict.fromkeys(_origin(item.source) for item in found)
    yield f"{key} = {_listed(item.value for item in found)}"


def _date_field(key: str, found: FoundDate | None, meaning: str) -> Iterator[str]:
    if found is None:
        yield f'# {key} = "2024-12-31"  # 待补:{meaning}'
    else:
        yield _origin(found.source)
        yield f'{key} = "{found.value.isoformat()}"'


def _head(notice: Notice) -> Iterator[str]:
    yield from _field("title", notice.title, "方案名称")
    yield from _field("document_number", notice.document_number, "发文字号")
    yield from _field("issuer", notice.issuer, "发文单位")
    yield from _date_field("issue_date", notice.issue_date, "成文日期")
    yield f"year = {notice.year}" if notice.year else "# year = 2024  # 待补:考评年度"
    yield from _date_field("data_cutoff", notice.data_cutoff, "数据截止时间")
    yield 'places = 2  # 待定:得分保留几位小数,通知正文没有写明'
    yield 'ties = "competition"  # 待定:并列怎么排'
    yield 'not_applicable = "rescale"  # 待定:不涉及的任务怎么算'
    yield 'late = "flag"  # 待定:逾期报送怎么处理'
    yield 'totals = "none"'
    yield from _list_field("addressees", notice.addressees, "主送单位")
    rows = [f"{item.title.value}:{item.text}" for item in notice.requirements]
    yield f"requirements = {_listed(' '.join(row.split()) for row in rows)}"
    yield f"annexes = {_listed(annex.title.value for annex in notice.annexes)}"
    if notice.coordinating_sections:
        names = "、".join(found.value for found in notice.coordinating_sections)
        yield f"# 组织、汇总的科室(名称不一致的,请确认是否同一科室):{names}"
    for found in notice.assessed:
        yield f"# 考核对象:{' '.join(found.value.split())}({found.source.where})"
    for found in notice.unread:
        yield f"# 没有读懂,请人工处理({found.source.where}):{' '.join(found.value.split())[:60]}"
    yield ""


def _steps(notice: Notice) -> Iterator[str]:
    name_of = {step.kind: step.name.value for step in notice.steps}
    for step in notice.steps:
        yield "[[step]]"
        yield _origin(step.name.source)
        yield f'kind = "{step.kind.value}"'
        yield f"name = {_quoted(step.name.value)}"
        if step.start:
            yield from _date_field("from", step.start, "开始日期")
        yield from _date_field("due", step.due, "截止日期")
        yield from _step_inputs(step, name_of)
        yield ""


def _step_inputs(step: NoticeStep, name_of: dict[object, str]) -> Iterator[str]:
    inputs = [name_of[kind] for kind in step.inputs if kind in name_of]
    if inputs:
        yield f"inputs = {_listed(inputs)}  # 正文说要用这些环节的结果"
    else:
        yield "# inputs = []  # 待定:这一环节要用哪些环节的结果"


def _offices(notice: Notice) -> Iterator[str]:
    sections: dict[str, Found] = {}
    units: dict[str, Found] = {}
    for duty in notice.duties:
        for found in (*duty.responsible_section, *duty.cooperating_sections):
            sections.setdefault(found.value, found)
        for found in (*duty.lead_unit, *duty.cooperating_units):
            units.setdefault(found.value, found)
    for name, found in sections.items():
        yield "[[section]]"
        yield _origin(found.source)
        yield f"id = {_quoted(name)}"
        yield f"name = {_quoted(name)}"
        yield ""
    yield "# 待补:被考评单位名单(通知正文没有逐一列出的,请按附件补全)"
    for name, found in units.items():
        yield "[[unit]]"
        yield _origin(found.source)
        yield f"id = {_quoted(name)}"
        yield f"name = {_quoted(name)}"
        yield ""


def _indicator(identity: str, found: Found, duty: Duty | None) -> Iterator[str]:
    yield "[[indicator]]"
    yield f'id = "{identity}"'
    yield from _field("name", found, "指标名称")
    yield '# points = ""  # 待补:指标分值(见附件)'
    if duty is None:
        yield "# 待补:正文没有读到这个指标的责任分工"
        yield ""
        return
    yield from _field("lead_unit", _only(duty.lead_unit), "牵头单位")
    yield from _field("responsible_section", _only(duty.responsible_section), "责任科室")
    yield from _list_field("cooperating_sections", duty.cooperating_sections, "配合科室,没有就不写")
    yield from _list_field("cooperating_units", duty.cooperating_units, "配合单位,没有就不写")
    if duty.scope:
        yield from _field("scope", duty.scope, "牵头范围")
    yield ""
    yield "[indicator.contact]"
    for key, meaning in _CONTACTS:
        yield from _list_field(key, getattr(duty, key), meaning)
    yield ""
    yield "# [[indicator.task]]  # 待补:任务、分值、完成标准、评分办法、台账目录(见附件)"
    yield ""


def _only(found: Sequence[Found]) -> Found | None:
    return found[0] if found else None


# --- as JSON ---------------------------------------------------------------------------------------


def notice_json(notice: Notice) -> dict[str, object]:
    """Everything read, each value with its place, for `--json`."""
    return {
        "title": _one(notice.title),
        "issuer": _one(notice.issuer),
        "document_number": _one(notice.document_number),
        "issue_date": _day(notice.issue_date),
        "year": notice.year or None,
        "addressees": _many(notice.addressees),
        "indicators": _many(notice.indicators),
        "assessed": _many(notice.assessed),
        "duties": [_duty(duty) for duty in notice.duties],
        "coordinating_sections": _many(notice.coordinating_sections),
        "steps": [_step(step) for step in notice.steps],
        "data_cutoff": _day(notice.data_cutoff),
        "requirements": [{**_must(r.title), "text": r.text} for r in notice.requirements],
        "annexes": [
            {
                "number": a.number,
                "document_number": a.document_number,
                "cited": a.cited,
                **_must(a.title),
            }
            for a in notice.annexes
        ],
        "outline": [
            {"level": level, "number": number, **_must(found)}
            for level, number, found in notice.outline
        ],
        "unread": _many(notice.unread),
    }


def _place(source: Source) -> dict[str, object]:
    return {"line": source.line, "start": source.start, "end": source.end, "words": source.text}


def _must(found: Found) -> dict[str, object]:
    return {"value": found.value, "source": _place(found.source)}


def _one(found: Found | None) -> dict[str, object] | None:
    return None if found is None else _must(found)


def _many(found: Iterable[Found]) -> list[dict[str, object]]:
    return [_must(item) for item in found]


def _day(found: FoundDate | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {"value": found.value.isoformat(), "source": _place(found.source)}


def _duty(duty: Duty) -> dict[str, object]:
    lists = {
        key: _many(getattr(duty, key))
        for key in (
            "lead_unit",
            "responsible_section",
            "cooperating_sections",
            "cooperating_units",
            *(key for key, _ in _CONTACTS),
        )
    }
    return {"indicator": _must(duty.indicator), "scope": _one(duty.scope), **lists}


def _step(step: NoticeStep) -> dict[str, object]:
    return {
        "kind": step.kind.value,
        "name": _must(step.name),
        "due": _day(step.due),
        "deadlines": [_day(found) for found in step.deadlines],
        "start": _day(step.start),
        "inputs": [kind.value for kind in step.inputs],
    }
