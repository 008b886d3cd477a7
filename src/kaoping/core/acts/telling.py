"""办理说成一句话: what was done with its essential content, about what, and why; and every field by name.

Pure: who an id belongs to is asked of whoever calls. Texts that persons typed are given as they
stand; making them harmless to look at is for the page.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kaoping.core.acts import collecting as c
from kaoping.core.acts import filing as f
from kaoping.core.acts import keeping as k
from kaoping.core.acts import scoring as s
from kaoping.core.acts import setting_up as u
from kaoping.core.acts import verifying as v
from kaoping.core.acts.names import act_name
from kaoping.core.acts.terms import CHOICES, EVENT_KINDS, FIELDS
from kaoping.core.acts.words import is_moment
from kaoping.core.blob import Blob
from kaoping.core.calendar import SHANGHAI
from kaoping.core.canonical import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kaoping.core.acts.envelope import Act
    from kaoping.core.acts.union import Content

    Naming = Callable[[str], str]
    """What an id is called: 市交通运输局; the id itself where nobody knows it."""

ARROW, MINUS = "→", "−"


@dataclass(frozen=True, slots=True)
class Told:
    """An act for who reads a history.

    Attributes:
        what: 得分调整 −0.20.
        about: 市商务局 1.5; empty where the act says all itself.
        why: 理由：漏报月报 1 次; several parts stand one after the other.
        icon: the picture beside it.
    """

    what: str
    about: str
    why: str
    icon: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a teller is handed: the content, names, and the act that this one replaces, if it is known."""

    content: Any
    subject: str
    name: Naming
    before: Any

    def names(self, ids: Sequence[str]) -> str:
        return "、".join(map(self.name, ids))

    def place(self, *parts: str | None) -> str:
        """A unit, an indicator and a task, as far as they are said."""
        return " ".join(part for part in parts if part)


def tell(act: Act, name: Naming, before: Act | None = None) -> Told:
    """An act in words.

    Args:
        act: what is told.
        name: what an id is called.
        before: the act that it supersedes, for what there was before.
    """
    content = act.content
    one = _Reading(content, act.subject, name, before.content if before else None)
    what, about = _TELLERS[type(content)](one)
    term = act_name(content.wire)
    said = f"{term} {what}" if what else term
    return Told(said, about, _why(content, before), _ICONS.get(type(content), "report"))


def _why(content: Content, before: Act | None) -> str:
    """Reason and basis, and that the act replaced stays."""
    parts = [
        f"{FIELDS[key]}：{getattr(content, key)}"
        for key in ("reason", "basis", "legal_basis")
        if getattr(content, key, "")
    ]
    return "；".join([*parts, "原办理保留"] if before else parts)


# --- the essential content of each kind -----------------------------------------------------------


def _nothing(one: _Reading) -> tuple[str, str]:
    return "", one.name(one.subject)


def _named(one: _Reading) -> tuple[str, str]:
    house = getattr(one.content, "unit", None) or getattr(one.content, "section", None)
    return one.content.name, one.name(house) if house else ""


def _duty(one: _Reading) -> tuple[str, str]:
    given = one.content
    house = one.name(given.unit or given.section or "") if given.unit or given.section else ""
    until = f"至{day(given.until_date)}" if given.until_date else "起"
    span = f"{day(given.from_date)}{until}"
    behalf = f"，代{one.name(given.on_behalf_of)}" if given.on_behalf_of else ""
    about = one.place(house, given.indicator)
    return f"{one.name(given.person)} {CHOICES[given.role]}（{span}{behalf}）", about


def _office(one: _Reading) -> tuple[str, str]:
    return CHOICES[one.content.office], one.name(one.content.person)


def _scheme(one: _Reading) -> tuple[str, str]:
    got = one.content
    return f"第 {got.version} 版，{len(got.indicators)} 项指标", got.document_number


def _opened(one: _Reading) -> tuple[str, str]:
    return "", one.content.name


def _owners(one: _Reading) -> tuple[str, str]:
    owners = one.content.owners
    return (f"{len(owners)} 项任务" if owners else "没有指定"), one.name(one.subject)


def _deadline(one: _Reading) -> tuple[str, str]:
    until, old = day(one.content.until), getattr(one.before, "until", None)
    return f"{day(old)} {ARROW} {until}" if old else until, CHOICES[one.content.step]


def _reported(one: _Reading) -> tuple[str, str]:
    got, old = one.content, getattr(one.before, "value", None)
    value = f"{number(got.value)} {got.unit_of_measure}"
    said = f"{number(old)} {ARROW} {value}" if old is not None else value
    return said, one.place(one.name(got.unit), got.task, got.input)


def _filed(one: _Reading) -> tuple[str, str]:
    got = one.content
    channel = getattr(got, "channel", None)
    by = f"（{CHOICES[channel]}）" if channel else ""
    return f"{len(got.files)} 件{by}", one.place(one.name(got.unit), got.task, got.item)


def _files(one: _Reading) -> tuple[str, str]:
    return f"{len(one.content.files)} 件", one.name(one.subject)


def _noted(one: _Reading) -> tuple[str, str]:
    return one.content.text, one.place(one.name(one.content.unit), one.content.task)


def _note_withdrawn(one: _Reading) -> tuple[str, str]:
    return "", one.place(one.name(one.content.unit), one.content.task)


def _decided_value(one: _Reading) -> tuple[str, str]:
    got = one.content
    said = "缺报" if got.value is None else number(got.value)
    return said, one.place(one.name(got.unit), got.task, got.input)


def _applies(one: _Reading) -> tuple[str, str]:
    got = one.content
    return "涉及" if got.applies else "不涉及", one.place(one.name(got.unit), got.task)


def _lines(one: _Reading) -> tuple[str, str]:
    lines = one.content.lines
    if len(lines) == 1:
        line = lines[0]
        return number(line.points), one.place(one.name(line.unit), line.task)
    return f"{len(lines)} 行", f"评分表 {one.content.indicator}"


def _adjusted(one: _Reading) -> tuple[str, str]:
    got = one.content
    sign = "+" if got.points > 0 else ""
    return f"{sign}{number(got.points)}", one.place(one.name(got.unit), got.task)


def _veto(one: _Reading) -> tuple[str, str]:
    got = one.content
    return got.name, one.place(one.name(got.unit), got.indicator, got.task)


def _opinion(one: _Reading) -> tuple[str, str]:
    got = one.content
    said = "同意" if got.agrees else "有不同意见"
    return f"{said}{'：' if got.text else ''}{got.text}", one.name(one.subject)


def _on_paper(one: _Reading) -> tuple[str, str]:
    got = one.content
    return f"{one.name(got.handler)}、{one.name(got.section_head)}", one.name(one.subject)


def _need(one: _Reading) -> tuple[str, str]:
    got = one.content
    said = CHOICES[got.mode] if got.mode else "" if got.needed else "不核验"
    units = f"：{one.names(got.units)}" if got.units else ""
    return f"{said}{units}", f"指标 {got.indicator}"


def _team(one: _Reading) -> tuple[str, str]:
    unit = getattr(one.content, "unit", None)
    return one.names(one.content.members), one.name(unit or one.subject)


def _appointed(one: _Reading) -> tuple[str, str]:
    got = one.content
    instead = f"（替换{one.name(got.in_place_of)}）" if got.in_place_of else ""
    return f"{one.name(got.person)}{instead}", one.name(one.subject)


def _unit(one: _Reading) -> tuple[str, str]:
    return "", one.name(one.content.unit)


def _planned(one: _Reading) -> tuple[str, str]:
    plan = one.content.plan
    parts = [f"{g.name} {len(g.population)} 抽 {g.sample_size}" for g in plan.strata]
    return f"{CHOICES[one.content.drawn]}：{'，'.join(parts)}", one.name(one.content.verification)


def _digits(one: _Reading) -> tuple[str, str]:
    return one.content.digits, one.name(one.subject)


def _rolled(one: _Reading) -> tuple[str, str]:
    got = one.content
    drawn = [ticket.id for result in got.results for ticket in result.sample]
    return f"{got.digits}，抽中 {one.names(drawn)}", one.name(one.subject)


def _finding(one: _Reading) -> tuple[str, str]:
    got = one.content
    reported = "未报" if got.reported is None else number(got.reported)
    said = f"上报 {reported}，核验 {number(got.verified)}"
    return said, one.place(one.name(one.subject), got.task, got.input)


def _view(one: _Reading) -> tuple[str, str]:
    return one.content.opinion, one.name(one.subject)


def _frozen(one: _Reading) -> tuple[str, str]:
    return f"{len(one.content.sheets)} 张评分表", one.name(one.content.assessment)


def _met(one: _Reading) -> tuple[str, str]:
    got = one.content
    said = f"{CHOICES[got.kind]}{CHOICES[got.resolution]}（{day(got.held_on)}）"
    return said, one.name(one.subject)


def _sent(one: _Reading) -> tuple[str, str]:
    return f"{one.content.document_number} 送{one.content.recipient}", one.name(one.subject)


def _entry(one: _Reading) -> tuple[str, str]:
    return "", f"条目 {one.content.index}"


def _computed(one: _Reading) -> tuple[str, str]:
    return one.content.engine, f"{len(one.content.results)} 个文件"


def _written(one: _Reading) -> tuple[str, str]:
    return "", f"{len(one.content.files)} 个文件"


def _sealed_log(one: _Reading) -> tuple[str, str]:
    got = one.content
    return f"{got.count} 条", f"第 {got.after + 1} 至 {got.until} 号"


def _migrated(one: _Reading) -> tuple[str, str]:
    return one.content.migration, f"{len(one.content.tables)} 张表"


_TELLERS: Mapping[type, Callable[[_Reading], tuple[str, str]]] = {
    u.UnitRegistered: _named,
    u.SectionRegistered: _named,
    u.PersonRegistered: _named,
    u.DutyGiven: _duty,
    u.DutyEnded: _nothing,
    u.AdministratorAsked: _office,
    u.AdministratorGiven: _nothing,
    u.AdministratorEndingAsked: _nothing,
    u.AdministratorEnded: _nothing,
    u.AdministratorAskingDeclined: _nothing,
    u.SchemePublished: _scheme,
    u.AssessmentOpened: _opened,
    u.DataOwnersNamed: _owners,
    u.DeadlineSet: _deadline,
    u.DeadlineExtended: _deadline,
    c.ResultReported: _reported,
    c.EvidenceFiled: _filed,
    c.EvidenceFiledOnBehalf: _filed,
    c.FilingAcceptedByUnit: _nothing,
    c.DailyNoteMade: _noted,
    c.DailyNoteWithdrawn: _note_withdrawn,
    c.EvidenceAccepted: _nothing,
    c.EvidenceReturned: _nothing,
    c.EvidenceCorrected: _files,
    c.EvidenceWithdrawn: _nothing,
    c.FilingConfirmed: _nothing,
    c.ValueDecided: _decided_value,
    c.ApplicabilityDecided: _applies,
    s.DisciplineUndertaken: _nothing,
    s.ScoresProposed: _lines,
    s.ScoreAdjusted: _adjusted,
    s.VetoDeclared: _veto,
    s.VetoLifted: _nothing,
    s.OpinionGiven: _opinion,
    s.SheetSignedByHandler: _nothing,
    s.SheetSignedByHead: _nothing,
    s.SheetSignedOnPaper: _on_paper,
    s.SheetPaperConfirmed: _nothing,
    s.SheetSubmitted: _nothing,
    s.SheetReceived: _nothing,
    s.SheetReturned: _nothing,
    s.SheetReopened: _nothing,
    v.VerificationDecided: _need,
    v.TeamFormed: _team,
    v.TeamChanged: _team,
    v.InspectorAppointed: _appointed,
    v.InterestDeclared: _unit,
    v.DrawPlanned: _planned,
    v.DrawWithdrawn: _nothing,
    v.DigitsWitnessed: _digits,
    v.DigitsRecorded: _rolled,
    v.DrawExempted: _unit,
    v.FindingRecorded: _finding,
    v.VerificationOpinionSigned: _view,
    v.VerificationOpinionAdopted: _nothing,
    v.VerificationOpinionDeclined: _nothing,
    f.ReportFrozen: _frozen,
    f.MeetingDecided: _met,
    f.ReportSigned: _nothing,
    f.PackageSent: _sent,
    k.TextRedacted: _entry,
    k.RunComputed: _computed,
    k.RunWritten: _written,
    k.SecurityLogSealed: _sealed_log,
    k.RegisterMigrated: _migrated,
}
"""How each kind of act is told."""

_ICONS: Mapping[type, str] = {
    **dict.fromkeys(
        (
            *(u.UnitRegistered, u.SectionRegistered, u.PersonRegistered, u.DutyGiven, u.DutyEnded),
            u.DataOwnersNamed,
        ),
        "edit",
    ),
    **dict.fromkeys(
        (
            *(u.AdministratorAsked, u.AdministratorGiven, u.AdministratorEndingAsked),
            *(u.AdministratorEnded, u.AdministratorAskingDeclined, k.SecurityLogSealed),
        ),
        "key",
    ),
    **dict.fromkeys((u.SchemePublished, u.AssessmentOpened, f.PackageSent), "file"),
    **dict.fromkeys((u.DeadlineSet, u.DeadlineExtended), "clock"),
    **dict.fromkeys(
        (
            *(c.EvidenceReturned, s.SheetReturned, c.EvidenceWithdrawn, v.DrawWithdrawn),
            c.DailyNoteWithdrawn,
        ),
        "return",
    ),
    **dict.fromkeys((c.ValueDecided, c.ApplicabilityDecided), "gavel"),
    **dict.fromkeys((s.ScoresProposed, s.ScoreAdjusted, s.SheetReopened), "edit"),
    **dict.fromkeys(
        (
            *(c.FilingConfirmed, c.FilingAcceptedByUnit, s.DisciplineUndertaken, s.OpinionGiven),
            c.EvidenceAccepted,
            *(s.SheetSignedByHandler, s.SheetSignedByHead, s.SheetSignedOnPaper, f.ReportSigned),
            *(s.SheetPaperConfirmed, v.VerificationOpinionSigned),
        ),
        "seal",
    ),
    **dict.fromkeys((s.VetoDeclared, s.VetoLifted, f.MeetingDecided), "gavel"),
    f.ReportFrozen: "freeze",
    **dict.fromkeys(
        (v.VerificationDecided, v.TeamFormed, v.TeamChanged, v.FindingRecorded), "site"
    ),
    **dict.fromkeys((k.TextRedacted, k.RegisterMigrated), "info"),
    **dict.fromkeys((k.RunComputed, k.RunWritten), "sheet"),
}
"""The picture of a kind; who has none here hands something in."""


# --- every field of an act ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an act: what it is called, what it says; or the fields within it.

    `depth` counts how deep it lies; a field with parts says nothing itself.
    """

    term: str
    text: str
    depth: int = 0
    is_digest: bool = False


def told_fields(content: Content, name: Naming) -> Iterator[Field]:
    """Every field of an act's content, in its order, in words."""
    yield from _fields_of(content, name, 0)


def _fields_of(record: Any, name: Naming, depth: int) -> Iterator[Field]:  # noqa: ANN401 - any record
    for field in fields(record):
        place, value = (type(record), field.name), getattr(record, field.name)
        term = _OTHER_TERMS.get(place, FIELDS[field.name])
        if place in _OTHER_TEXTS:
            yield Field(term, _OTHER_TEXTS[place](value), depth)
        else:
            yield from _field(term, value, name, depth)


def _field(term: str, value: Any, name: Naming, depth: int) -> Iterator[Field]:  # noqa: ANN401
    if isinstance(value, tuple) and value and is_dataclass(value[0]) and type(value[0]) is not Blob:
        for place, part in enumerate(value, start=1):
            yield Field(f"{term} {place}", "", depth)
            yield from _fields_of(part, name, depth + 1)
    elif is_dataclass(value) and not isinstance(value, Blob):
        yield Field(term, "", depth)
        yield from _fields_of(value, name, depth + 1)
    else:
        yield Field(term, _text(value, name), depth, _is_digest(value))


def _text(value: Any, name: Naming) -> str:  # noqa: ANN401 - whatever a field may hold
    match value:
        case None | "" | ():
            return "（无）"
        case bool():
            return "是" if value else "否"
        case StrEnum():
            return CHOICES[value]
        case Decimal():
            return number(value)
        case date():
            return f"{value.year}年{value.month}月{value.day}日"
        case Blob():
            return f"{value.sha256}（{value.size} 字节）"
        case tuple():
            return "\n".join(_text(one, name) for one in value)
        case str() if is_moment(value):
            return local_time(value)
        case str():
            return name(value)
        case _:
            return str(value)


_DIGEST_SIZE = 64


def _is_digest(value: object) -> bool:
    """Whether something is to be compared sign by sign, and never read."""
    is_hex = isinstance(value, str) and len(value) == _DIGEST_SIZE and value.isalnum()
    return is_hex or isinstance(value, Blob)


_OTHER_TERMS: Mapping[tuple[type, str], str] = {
    (k.SecurityLogSealed, "until"): "封存至",
    (k.RunComputed, "scheme"): "方案摘要",
    (k.RunComputed, "inputs"): "读入的文件",
    (k.RunComputed, "results"): "写出的文件",
    (u.DeadlineSet, "until"): "截止日期",
    (u.DeadlineExtended, "until"): "延至",
    (u.PersonRegistered, "name"): "姓名",
    (s.VetoDeclared, "name"): "否决事项",
    (f.MeetingDecided, "kind"): "会议",
    (s.DeductionLine, "count"): "次数",
}
"""Where a field means something else than in the other acts."""

_OTHER_TEXTS: Mapping[tuple[type, str], Callable[[str], str]] = {
    (k.EventCount, "kind"): lambda kind: EVENT_KINDS.get(kind, kind),
    (k.SecurityLogSealed, "marks"): lambda marks: (
        f"{len(marks.split())} 行，每行 8 位校验值，见正文文件"
    ),
}
"""Fields that are told in a way of their own."""


def number(value: Decimal) -> str:
    """A number as people write it, with a real minus."""
    return plain(value).replace("-", MINUS)


def local_time(moment: str) -> str:
    """2025-01-08 09:30:12 in Asia/Shanghai, of a time in UTC as acts carry it."""
    there = datetime.fromisoformat(moment).astimezone(SHANGHAI)
    return there.strftime("%Y-%m-%d %H:%M:%S")


def day(value: date) -> str:
    """1月8日."""
    return f"{value.month}月{value.day}日"
