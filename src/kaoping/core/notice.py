"""通知: an official text → what it orders, every field with the place it came from (P02, P05).

The reader knows how official texts are built (numbering, duty sentences, labelled contacts, date
phrases, annex lists); it knows no city, office or indicator. What looked like a duty or a step but
was not understood is kept in `unread`. Nothing read here is in force until a person confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from kaoping.core.canonical import parse_date
from kaoping.core.official_text import (
    DatePhrase,
    Found,
    FoundDate,
    Level,
    Node,
    Passage,
    Source,
    YearFrame,
    date_phrases,
    first_of,
    normalised,
    outline,
    passage,
)
from kaoping.core.scheme import StepKind


@dataclass(frozen=True, slots=True)
class Duty:
    """责任分工 of one indicator, as the text states it."""

    indicator: Found
    scope: Found | None
    lead_unit: tuple[Found, ...]
    responsible_section: tuple[Found, ...]
    cooperating_sections: tuple[Found, ...]
    cooperating_units: tuple[Found, ...]
    responsible_leader: tuple[Found, ...]
    responsible_person: tuple[Found, ...]
    liaison: tuple[Found, ...]
    telephone: tuple[Found, ...]
    mailbox: tuple[Found, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class NoticeStep:
    """环节 as the text states it; `inputs` are the kinds of steps whose results it says it uses."""

    kind: StepKind
    name: Found
    deadlines: tuple[FoundDate, ...]
    start: FoundDate | None
    inputs: tuple[StepKind, ...]
    text: str

    @property
    def due(self) -> FoundDate | None:
        """The last deadline of the step."""
        return max(self.deadlines, key=lambda found: found.value, default=None)


@dataclass(frozen=True, slots=True)
class Annex:
    """附件: its number as written, title, document number, and whether the body cites it."""

    number: str
    title: Found
    document_number: str
    cited: bool


@dataclass(frozen=True, slots=True)
class Requirement:
    """工作要求: heading and text of one requirement."""

    title: Found
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Everything read from one notice."""

    title: Found | None
    issuer: Found | None
    document_number: Found | None
    issue_date: FoundDate | None
    year: int
    addressees: tuple[Found, ...]
    indicators: tuple[Found, ...]
    assessed: tuple[Found, ...]
    duties: tuple[Duty, ...]
    coordinating_sections: tuple[Found, ...]
    steps: tuple[NoticeStep, ...]
    data_cutoff: FoundDate | None
    requirements: tuple[Requirement, ...]
    annexes: tuple[Annex, ...]
    outline: tuple[tuple[int, str, Found], ...]
    unread: tuple[Found, ...] = field(default=())


def read_notice(lines: Sequence[str]) -> Notice:
    """Read a notice from its lines, in order. Never raises; what is not there is None or empty."""
    parts = _split(lines)
    root = outline(parts.body)
    head = _read_head(root, parts)
    frame = YearFrame(head.year, head.issue_date.value if head.issue_date else None)
    listed = _listed_indicators(root)
    duties, unread = _read_duties(root, listed)
    indicators = listed or tuple(duty.indicator for duty in duties)
    procedure = _procedure(root)
    steps, unread_steps = _read_steps(procedure, frame)
    body_text = "\n".join(parts.body)
    return Notice(
        title=head.title,
        issuer=head.issuer,
        document_number=head.document_number,
        issue_date=head.issue_date,
        year=head.year,
        addressees=head.addressees,
        indicators=indicators,
        assessed=_assessed(root),
        duties=duties,
        coordinating_sections=_coordinators(root),
        steps=steps,
        data_cutoff=_cutoff(root, frame),
        requirements=_requirements(root),
        annexes=tuple(_read_annexes(parts.annexes, normalised(body_text))),
        outline=tuple(
            (max(0, node.level), node.number, _heading_found(node))
            for node in root.walk()
            if node is not root
        ),
        unread=(*unread, *unread_steps),
    )


# --- the parts of a notice -------------------------------------------------------------------------

_ANNEX_START = re.compile(r"\s*附\s*件\s*(?::|[0-9一二三四五六七八九十]+\s*[.、:]|$)")
_SIGNATURE_DATE = re.compile(r"\s*([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日\s*$")


@dataclass(frozen=True, slots=True)
class _Parts:
    body: list[str]
    annexes: list[tuple[int, int, str]]
    signature: list[tuple[int, int, str]]


def _split(lines: Sequence[str]) -> _Parts:
    """Body, annex list and signature block. Annexes start at a line 附件: after the opening."""
    signature_at = _signature_line(lines)
    annex_at = next(
        (
            index
            for index, line in enumerate(lines)
            if index > 1 and _ANNEX_START.match(normalised(line[:40])) and len(line) < 2000  # noqa: PLR2004
        ),
        None,
    )
    end = min(i for i in (annex_at, signature_at, len(lines)) if i is not None)
    numbered = [(index + 1, 0, line) for index, line in enumerate(lines)]
    after = numbered[end:]
    signature = _signature(numbered, signature_at)
    names = {line for _, _, line in signature}
    annexes = [row for row in after if annex_at is not None and row[0] > annex_at]
    return _Parts(list(lines[:end]), [row for row in annexes if row[2] not in names], signature)


def _signature(
    numbered: Sequence[tuple[int, int, str]], date_at: int | None
) -> list[tuple[int, int, str]]:
    """The signing offices and the date below them."""
    if date_at is None:
        return []
    block = [numbered[date_at]]
    for row in reversed(numbered[max(0, date_at - 3) : date_at]):
        if not _looks_like_signature(normalised(row[2])):
            break
        block.insert(0, row)
    return block


def _signature_line(lines: Sequence[str]) -> int | None:
    """The last line that is a date alone, in the second half of the text."""
    for index in range(len(lines) - 1, len(lines) // 3, -1):
        if _SIGNATURE_DATE.match(normalised(lines[index][:60])):
            return index
    return None


@dataclass(frozen=True, slots=True)
class _Head:
    title: Found | None
    issuer: Found | None
    document_number: Found | None
    issue_date: FoundDate | None
    year: int
    addressees: tuple[Found, ...]


_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,14}\s*[〔\[(【\uff3b]\s*[0-9]{4}\s*[〕\])】\uff3d]\s*第?\s*[0-9]{1,5}\s*号"
)
_TITLE = re.compile(r"关于.{2,200}?的?(?:通知|方案|意见|办法|细则|函|规定)")
_HEAD_LABELS = {
    "issuer": ("发文单位", "发文机关", "发布机构", "发布单位", "制发机关"),
    "title": ("标题", "名称", "公文名称"),
    "document_number": ("发文字号", "文号", "发文文号"),
    "issue_date": ("成文日期", "成文时间", "发文日期", "印发日期", "签发日期"),
    "published": ("发布日期", "公开日期", "发布时间"),
}
_CELL = re.compile(r"[^|\t]+")
_ADDRESSEES = re.compile(r"[^。]{2,300}:\s*$")


def _read_head(root: Node, parts: _Parts) -> _Head:
    head = passage(root.lines) if root.lines else Passage("", "", ((0, 1, 0),))
    labelled = _labelled_cells(head)
    number = labelled.get("document_number") or _first(head, _NUMBER)
    title = labelled.get("title") or _written_title(root, head)
    return _Head(
        title=title,
        issuer=labelled.get("issuer") or _signing_office(parts.signature) or _title_office(title),
        document_number=number,
        issue_date=_issue_date(labelled, parts.signature),
        year=_assessed_year(title, head),
        addressees=_addressees(root.lines),
    )


def _labelled_cells(head: Passage) -> dict[str, Found]:
    """Cells of a head table: `发文字号:… |`; white space inside a label is dropped."""
    cells: dict[str, Found] = {}
    offset = 0
    for line in head.text.split("\n"):
        for cell in _CELL.finditer(line):
            label, colon, value = cell.group().partition(":")
            name = re.sub(r"\s", "", label)
            for key, labels in _HEAD_LABELS.items():
                if colon and name in labels and value.strip() and key not in cells:
                    start = offset + cell.start() + len(label) + 1
                    cells[key] = head.found(start, start + len(value))
        offset += len(line) + 1
    return cells


def _first(text: Passage, pattern: re.Pattern[str]) -> Found | None:
    match = pattern.search(text.text)
    return text.found(match.start(), match.end()) if match else None


def _written_title(root: Node, head: Passage) -> Found | None:
    """The title in the head, its lines joined: from the issuing office to 通知 or 方案."""
    lines = [row for row in root.lines if not _ADDRESSEES.fullmatch(normalised(row[2]))]
    joined = "".join(normalised(text).strip() for _, _, text in lines[:12])
    match = _TITLE.search(joined)
    if not match:
        return None
    before = re.split(r"[号。;:]", joined[: match.start()])[-1]
    title = (before if len(before) <= 60 else "") + match.group()  # noqa: PLR2004 - an office's name
    first = next((row for row in lines if match.group()[:4] in normalised(row[2])), lines[0])
    return Found(title, Source(first[0], 0, len(first[2]), first[2]))


def _signing_office(signature: Sequence[tuple[int, int, str]]) -> Found | None:
    for number, _, text in reversed(signature[:-1]):
        name = text.strip()
        if 2 < len(name) <= 40 and not re.search(r"[。:;0-9]", normalised(name)):  # noqa: PLR2004
            return Found(name, Source(number, text.index(name), text.index(name) + len(name), name))
    return None


def _title_office(title: Found | None) -> Found | None:
    office = title.value.partition("关于")[0].strip() if title else ""
    return Found(office, title.source) if title and office else None


def _issue_date(
    labelled: dict[str, Found], signature: Sequence[tuple[int, int, str]]
) -> FoundDate | None:
    for key in ("issue_date", "published"):
        found = labelled.get(key)
        day = _plain_date(found.value) if found else None
        if found and day:
            return FoundDate(day, found.source)
    if signature:
        number, _, text = signature[-1]
        day = _plain_date(normalised(text))
        if day:
            return FoundDate(day, Source(number, 0, len(text), text.strip()))
    return None


def _plain_date(text: str) -> date | None:
    match = re.search(r"([0-9]{4})\s*[年\-./]\s*([0-9]{1,2})\s*[月\-./]\s*([0-9]{1,2})", text)
    if not match:
        return None
    return parse_date(f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}")


def _assessed_year(title: Found | None, head: Passage) -> int:
    for text in (title.value if title else "", head.text):
        match = re.search(r"((?:19|20)[0-9]{2})\s*年度", text)
        if match:
            return int(match[1])
    match = re.search(r"((?:19|20)[0-9]{2})\s*年", title.value if title else "")
    return int(match[1]) if match else 0


def _addressees(lines: Sequence[tuple[int, int, str]]) -> tuple[Found, ...]:
    for number, column, raw in lines:
        text = normalised(raw)
        if _ADDRESSEES.fullmatch(text) and "|" not in text:
            piece = passage([(number, column, raw)])
            return tuple(_listed(piece, 0, text.rstrip().rstrip(":").__len__()))
    return ()


_NEXT = re.compile(r"[、,;]|以及|(?<!涉)及(?!时)|和(?!谐)")


def _listed(text: Passage, start: int, end: int) -> Iterator[Found]:
    """The names of a list between two places, without 等 and what follows it."""
    position = start
    for match in [*_NEXT.finditer(text.text, start, end), None]:
        stop = match.start() if match else end
        if text.text[position:stop].strip():
            yield text.found(position, stop)
        position = match.end() if match else end


# --- indicators and objects ------------------------------------------------------------------------

_INDICATOR_HEADING = re.compile(r"指标内容|考[核评]内容|考[核评]指标|指标体系|评价内容")
_OBJECT_HEADING = re.compile(r"(?:考[核评]|评价|被考[核评])(?:对象|范围|单位)")


def _heading_found(node: Node) -> Found:
    text = node.passage
    return text.found(0, len(node.heading))


def _listed_indicators(root: Node) -> tuple[Found, ...]:
    """The names under a heading 指标内容, listed in a sentence or as numbered paragraphs."""
    for node in root.walk():
        heading = node.heading[:30]
        if node.level < 0 or not _INDICATOR_HEADING.search(heading):
            continue
        if any(_OBJECT_HEADING.search(child.heading[:20]) for child in node.children):
            continue
        text = node.passage
        start = _after_heading(text)
        names = [_cleaned(found) for found in _sentence_names(text, start)]
        names = [found for found in names if found.value]
        if len(names) > 1:
            return tuple(names)
        if len(node.children) > 1 and all(len(child.heading) <= 40 for child in node.children):  # noqa: PLR2004
            return tuple(_short_heading(child) for child in node.children)
    return ()


def _short_heading(node: Node) -> Found:
    text = node.passage
    end = re.search(r"[。,;:(\n]|指标(?:$|。)", text.text)
    return text.found(0, end.start() if end else len(text.text))


def _after_heading(text: Passage) -> int:
    """Where the text after a heading begins: the next line, or what follows a colon or full stop."""
    match = re.match(r"[^。:\n]{0,40}[。:\n]", text.text)
    return match.end() if match else len(text.text)


def _sentence_names(text: Passage, start: int) -> Iterator[Found]:
    match = re.compile(r"[^。\n]+").search(text.text, start)
    if not match:
        return
    body = match.group()
    lead = re.match(r".*?(?:包括|为|是|共有?[0-9一二三四五六七八九十]+[项个]):?\s*", body)
    offset = lead.end() if lead and "、" in body[lead.end() :] else 0
    end = re.compile(r"等[0-9一二三四五六七八九十]*[项个]?(?:指标)?").search(body, offset)
    position = match.start() + offset
    stop = match.start() + (end.start() if end else len(body))
    for mark in [*re.compile(r"[、;,]").finditer(text.text, position, stop), None]:
        last = mark.start() if mark else stop
        yield text.found(position, last)
        position = mark.end() if mark else stop


def _cleaned(found: Found) -> Found:
    value = re.sub(r"^[\"“《]|[\"”》]$|(?:考核)?指标$", "", found.value).strip("。 ")
    return Found(value, found.source)


def _assessed(root: Node) -> tuple[Found, ...]:
    for node in root.walk():
        if node.level >= 0 and _OBJECT_HEADING.search(node.heading[:20]) and not node.children:
            text = node.passage
            start = _after_heading(text)
            match = re.compile(r"[^。\n]+").search(text.text, start)
            if match:
                return tuple(_listed(text, match.start(), match.end()))
    return ()


# --- duties ----------------------------------------------------------------------------------------

_CONTACT_LABELS = {
    "responsible_leader": r"(?:责任|分管|牵头|负责|主管|包抓)领导|领导责任人",
    "responsible_person": r"(?:直接|具体|主要)?责任人|(?:具体)?负责人|科室负责人|经办人",
    "liaison": r"联[络系]员|联[络系]人",
    "telephone": r"(?:联系|办公|固定|咨询)?电话(?:号码)?|手机(?:号码)?",
    "mailbox": r"(?:电子|联系|工作)?邮[箱件](?:地址)?|[Ee]-?[Mm]ail",
    "fax": r"传真",
}
_LABEL = re.compile(
    "|".join(f"(?P<{name}>{pattern})" for name, pattern in _CONTACT_LABELS.items())
)
_PERSON = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf·]{2,12}(?:\s[\u4e00-\u9fff])?")
_TELEPHONE = re.compile(
    r"(?<![0-9A-Za-z.@_-])(?:\(?0[0-9]{2,3}\)?\s*-?\s*)?[0-9]{7,8}(?:-[0-9]{1,5})?(?![0-9A-Za-z@])"
    r"|(?<![0-9])1[0-9]{10}(?![0-9])"
)
_MAILBOX = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
_LEAD = re.compile(r"由(?P<lead>[^,。;]{2,60}?)(?:负责)?牵头")
_LABELLED_LEAD = re.compile(r"(?:总)?牵头(?:单位|部门|机关)\s*[:为]\s*(?P<lead>[^。;,\n]{2,80})")
_SECTION = re.compile(
    r"(?:具体(?:工作|事务)?由?|日常工作由|由)(?P<section>[^,。;由]{2,60}?)"
    r"(?:具体|组织|统筹)?(?:负责|牵头|承办|承担|实施)"
)
_LABELLED_SECTION = re.compile(
    r"(?:牵头|责任|承办|负责|主办|具体)(?:科室|处室|股室|科|处)\s*[:为]\s*(?P<section>[^。;,\n]{2,80})"
)
_COOPERATE = re.compile(
    r"(?P<names>[^,。;:]{2,300}?)(?:共同)?(?:配合参与|参与配合|协助配合|配合|协助|协同|参与)"
    r"(?:实施|落实|完成|做好)?(?=[,。;\n]|$)"
)
_LABELLED_COOPERATE = re.compile(
    r"(?:配合|协办|协助|参与)(?:单位|部门|科室|处室|股室)\s*[:为]\s*(?P<names>[^。;\n]{2,300})"
)
_SECTION_ENDING = re.compile(r"(?:科|处|股|室|部|组|专班)$")
_UNIT_ENDING = re.compile(r"(?:局|委|办|厅|会|中心|院|公司|政府|站|所|队|行|厅局)$")
_OWN = re.compile(r"^(?:我|本|委|局)?(?:委|局|办|厅|单位|机关)(?:内|的)?")
_OTHERS = re.compile(r"等(?:有关|相关)?(?:科室|处室|股室|单位|部门)?$")


def _read_duties(
    root: Node, listed: Sequence[Found]
) -> tuple[tuple[Duty, ...], tuple[Found, ...]]:
    tables = _contact_tables(root)
    duties, unread = [], []
    for node in root.walk():
        text = _with_plain_children(node)
        if not _is_duty(text.text, node):
            continue
        duty = _read_duty(text, listed)
        if duty is None:
            unread.append(_heading_found(node))
        else:
            duties.append(_with_table(duty, tables))
    return tuple(duties), tuple(unread)


def _with_plain_children(node: Node) -> Passage:
    """A paragraph with the contact lines numbered below it."""
    lines = list(node.lines)
    for child in node.children:
        if _LABEL.match(child.passage.text.strip()) or _any_label(child.passage.text):
            lines += child.lines
    return passage(lines)


_DUTY_LABEL = re.compile(r"(?:牵头|责任|配合|承办)(?:单位|部门|科室|处室)\s*[:为]")


def _any_label(text: str) -> bool:
    return bool(_DUTY_LABEL.match(text.strip()))


def _is_duty(text: str, node: Node) -> bool:
    """A paragraph is a duty where it names who leads or is responsible, and a contact or section."""
    if node.level < 0 or node.level > Level.FOURTH:
        return False
    leads = _LEAD.search(text) or _LABELLED_LEAD.search(text) or _LABELLED_SECTION.search(text)
    if not leads:
        return False
    if re.match(r"[^。]{0,40}?组织", text[leads.end() :]):
        return False  # who organises the procedure is no duty for an indicator
    follows = _SECTION.search(text) or _LABELLED_SECTION.search(text)
    return bool(follows or _MAILBOX.search(text) or _TELEPHONE.search(text))


def _read_duty(text: Passage, listed: Sequence[Found]) -> Duty | None:
    lead = _LEAD.search(text.text) or _LABELLED_LEAD.search(text.text)
    subject_end = lead.start() if lead else (_DUTY_LABEL.search(text.text) or _nothing).start()
    subject = _read_subject(text, subject_end, listed)
    if subject is None:
        return None
    indicator, scope = subject
    after = lead.end() if lead else subject_end
    sections, section_end = _responsible_sections(text, after)
    cooperators = list(_cooperators(text, section_end))
    is_section = {found: bool(_SECTION_ENDING.search(found.value)) for found in cooperators}
    contacts = _read_contacts(text)
    return Duty(
        indicator=indicator,
        scope=scope,
        lead_unit=tuple(_listed(text, lead.start("lead"), lead.end("lead"))) if lead else (),
        responsible_section=sections,
        cooperating_sections=tuple(f for f in cooperators if is_section[f]),
        cooperating_units=tuple(f for f in cooperators if not is_section[f]),
        responsible_leader=contacts["responsible_leader"],
        responsible_person=contacts["responsible_person"],
        liaison=contacts["liaison"],
        telephone=contacts["telephone"],
        mailbox=contacts["mailbox"],
        source=text.source(0, min(len(text.text), 40)),
    )


class _Nothing:
    """Stands where a pattern was not found: the subject ends where the text begins."""

    @staticmethod
    def start() -> int:
        return 0


_nothing = _Nothing()

_SUBJECT_TAIL = re.compile(
    r"(?:这一|该)?(?:指标)?(?:的)?(?:年度)?(?:绩效)?(?:考核|考评|评价)?(?:工作|指标|任务)*\s*[:。,]?\s*$"
)
_PART_OF = re.compile(r"(?:指标)?(?:考[核评])?(?:工作|指标)?(?:中|里)(?:的)?(?P<scope>.+)$", re.S)


def _read_subject(
    text: Passage, end: int, listed: Sequence[Found]
) -> tuple[Found, Found | None] | None:
    """The indicator a duty is about, and the part of it where only a part is led."""
    subject = text.text[:end]
    if not subject.strip():
        return None
    names = sorted((found.value for found in listed), key=len, reverse=True)
    known = next((name for name in names if _unquoted(subject).startswith(name)), None)
    start = len(subject) - len(subject.lstrip(" \"“《"))
    stop = start + len(known) if known else None
    rest = subject[stop:] if stop else subject
    offset = stop or 0
    part = _PART_OF.search(rest)
    scope = None
    if part:
        scope_end = offset + len(_SUBJECT_TAIL.sub("", rest))
        scope = text.found(offset + part.start("scope"), max(scope_end, offset + part.start("scope") + 1))
        rest = rest[: part.start()]
    if stop is None:
        stop = len(_SUBJECT_TAIL.sub("", rest.split("\n")[0]))
        if not subject[start:stop].strip():
            return None
    return _cleaned(text.found(start, stop)), scope


def _unquoted(text: str) -> str:
    return text.lstrip(" \"“《")


def _responsible_sections(text: Passage, start: int) -> tuple[tuple[Found, ...], int]:
    for pattern in (_LABELLED_SECTION, _SECTION):
        match = pattern.search(text.text, start)
        if match:
            names = tuple(
                _without_owner(found, text)
                for found in _listed(text, match.start("section"), match.end("section"))
            )
            return names, match.end()
    return (), start


def _without_owner(found: Found, text: Passage) -> Found:
    """本委社会科 → 社会科: the section's own name, with the source of the full words."""
    short = _OWN.sub("", found.value)
    is_rest = len(short) > 1 and _SECTION_ENDING.search(short)
    return Found(short, found.source) if is_rest and text else found


def _cooperators(text: Passage, start: int) -> Iterator[Found]:
    matches = [m for m in _LABELLED_COOPERATE.finditer(text.text)]
    if not matches:
        matches = [m for m in _COOPERATE.finditer(text.text, start)]
    for match in matches:
        for found in _listed(text, match.start("names"), match.end("names")):
            value = _OTHERS.sub("", _without_owner(found, text).value).strip()
            value = re.sub(r"^(?:由|并由|会同|请)", "", value)
            if value and (_SECTION_ENDING.search(value) or _UNIT_ENDING.search(value)):
                yield Found(value, found.source)


def _read_contacts(text: Passage) -> dict[str, tuple[Found, ...]]:
    contacts: dict[str, list[Found]] = {name: [] for name in _CONTACT_LABELS}
    labels = list(_LABEL.finditer(text.text))
    for index, label in enumerate(labels):
        end = labels[index + 1].start() if index + 1 < len(labels) else len(text.text)
        end = _sentence_end(text.text, label.end(), end)
        name = label.lastgroup or ""
        if name in ("responsible_leader", "responsible_person", "liaison"):
            contacts[name] += _people(text, label.end(), end)
    mailboxes = list(_MAILBOX.finditer(text.text))
    contacts["mailbox"] = [text.found(m.start(), m.end()) for m in mailboxes]
    covered = [(m.start(), m.end()) for m in mailboxes] + _fax_spans(text.text, labels)
    contacts["telephone"] = [
        text.found(m.start(), m.end())
        for m in _TELEPHONE.finditer(text.text)
        if not any(low <= m.start() < high for low, high in covered)
    ]
    return {name: tuple(found) for name, found in contacts.items()}


def _sentence_end(text: str, start: int, end: int) -> int:
    match = re.compile(r"[。;\n]").search(text, start, end)
    return match.start() if match else end


def _fax_spans(text: str, labels: Sequence[re.Match[str]]) -> list[tuple[int, int]]:
    return [
        (label.start(), _sentence_end(text, label.end(), label.end() + 30))
        for label in labels
        if label.lastgroup == "fax"
    ]


_NO_PERSON = re.compile(r"待定|暂缺|空缺|暂无|待明确|另行")
_POST = re.compile(r"(?:副?(?:主任|局长|科长|处长|书记|组长|调研员|主席|所长)|[一二三四]级.{2,6}员|同志)$")


def _people(text: Passage, start: int, end: int) -> Iterator[Found]:
    """Names after a label: separated by 、 , / or spaces; posts in brackets are left out."""
    match = re.compile(r"\s*[::]?\s*").match(text.text, start, end)
    position = match.end() if match else start
    for piece in re.finditer(r"[^、,/\s()0-9|:]+(?:\s(?=[\u4e00-\u9fff](?:\s|$))\S)?|\([^)]*\)", text.text[position:end]):
        if piece.group().startswith("("):
            continue
        name = _POST.sub("", piece.group())
        first = position + piece.start()
        if _PERSON.fullmatch(name) and len(name) <= 8 and not _NO_PERSON.search(name):  # noqa: PLR2004
            yield text.found(first, first + len(name))


@dataclass(frozen=True, slots=True)
class _TableRow:
    text: str
    contacts: dict[str, tuple[Found, ...]]


def _contact_tables(root: Node) -> list[_TableRow]:
    """Rows of contact tables (cells split by | or tabs) whose head row names contact columns."""
    rows: list[_TableRow] = []
    columns: list[str] = []
    for node in root.walk():
        for number, offset, raw in node.lines:
            cells = re.split(r"\s*[|\t]\s*", raw)
            if len(cells) < 3:  # noqa: PLR2004 - a table has at least a name and two contacts
                columns = []
                continue
            names = [_column_kind(cell) for cell in cells]
            if sum(bool(name) for name in names) > 1:
                columns = names
            elif columns:
                rows.append(_table_row(cells, columns, number, offset, raw))
    return rows


def _column_kind(cell: str) -> str:
    match = _LABEL.search(normalised(cell)) if len(cell) <= 12 else None  # noqa: PLR2004 - a heading
    return match.lastgroup or "" if match else ""


def _table_row(
    cells: Sequence[str], columns: Sequence[str], number: int, offset: int, raw: str
) -> _TableRow:
    contacts: dict[str, tuple[Found, ...]] = {}
    for cell, name in zip(cells, columns, strict=False):
        if name and cell.strip():
            start = raw.index(cell)
            piece = passage([(number, offset + start, cell)])
            if name in ("telephone", "mailbox", "fax"):
                contacts[name] = (piece.found(0, len(cell)),)
            else:
                contacts[name] = tuple(_people(piece, 0, len(cell)))
    return _TableRow(normalised(raw), contacts)


def _with_table(duty: Duty, rows: Sequence[_TableRow]) -> Duty:
    for row in rows:
        if duty.indicator.value in row.text:
            missing = {
                name: found
                for name, found in row.contacts.items()
                if name != "fax" and not getattr(duty, name)
            }
            return replace(duty, **missing)  # type: ignore[arg-type]
    return duty


# --- procedure -------------------------------------------------------------------------------------

_PROCEDURE = re.compile(r"程序|步骤|安排|流程|实施|进度|环节|方法")
_KIND_WORDS: tuple[tuple[StepKind, str], ...] = (
    (StepKind.APPEAL, r"申诉|复核|复议|异议"),
    (StepKind.NOTICE, r"公示"),
    (StepKind.FEEDBACK, r"反馈"),
    (StepKind.FILE, r"审核|审定|报送|上报|呈报|研究审议|报市"),
    (StepKind.CONSOLIDATE, r"汇总|整理|综合评[定价]|形成报告"),
    (StepKind.VERIFY, r"核验|核查|抽查|实地|现场|查验"),
    (StepKind.SCORE, r"评分|打分|赋分|计分|评价|考核评|评审|考评"),
    (StepKind.COLLECT, r"收集|填报|自评|自查|报送(?:材料|资料|台账)|(?:材料|资料|数据)报送|采集|提交材料"),
)
_PRODUCTS: tuple[tuple[StepKind, str], ...] = (
    (StepKind.COLLECT, r"收集的|自评(?:材料|报告|结果)|台账|填报(?:数据|资料)|报送的?(?:材料|资料)"),
    (StepKind.SCORE, r"初步评分|评分结果|初评|得分情况|打分结果"),
    (StepKind.VERIFY, r"核验(?:情况|结果|意见)?|核查(?:情况|结果)|抽查(?:情况|结果)"),
    (StepKind.CONSOLIDATE, r"评分报告|汇总(?:情况|结果|指标)|综合报告"),
    (StepKind.NOTICE, r"公示(?:情况|结果)"),
    (StepKind.APPEAL, r"申诉(?:情况|处理)|复核结果"),
)
_USES = re.compile(
    r"(?:根据|依据|结合|按照|基于|对照|将|把|对|以)(?P<what>[^。;]{2,60}?)"
    r"(?:,|形成|进行|为基础|的基础上|会|报|$|。|;|予以|作为)"
)
_CUTOFF = re.compile(
    r"(?:数据|统计|指标|资料|考[核评])?[^。;,]{0,12}截[止至](?:时间|日期|时点|期限)?\s*(?:统一)?[为是:到至于]?\s*"
)


def _procedure(root: Node) -> list[Node]:
    """The paragraphs that are steps: below a heading that announces a procedure, else any dated."""
    for node in root.walk():
        if node.level >= 0 and node.children and _PROCEDURE.search(node.heading[:24]):
            dated = [child for child in node.children if _has_date(child)]
            if len(dated) > 1:
                return node.children
    return [
        node
        for node in root.walk()
        if node.level >= 0 and not node.children and _has_date(node) and _kind(node.heading)
    ]


def _has_date(node: Node) -> bool:
    return any(re.search(r"[0-9]{1,2}\s*月", inner.passage.text) for inner in node.walk())


def _kind(heading: str) -> StepKind | None:
    """The kind whose words stand first in a heading; of equals the more specific one."""
    matches = [
        (match.start(), rank, kind)
        for rank, (kind, words) in enumerate(_KIND_WORDS)
        if (match := re.search(words, heading))
    ]
    if not matches:
        return None
    if "审核报送" in heading or "审定报送" in heading:
        return StepKind.FILE
    collect = re.search(dict(_KIND_WORDS)[StepKind.COLLECT], heading)
    earliest = min(matches)
    if collect and collect.start() <= earliest[0]:
        return StepKind.COLLECT
    return earliest[2]


def _read_steps(
    nodes: Sequence[Node], frame: YearFrame
) -> tuple[tuple[NoticeStep, ...], tuple[Found, ...]]:
    steps, unread = [], []
    context: int | None = None
    opening = _opening_start(nodes, frame)
    for position, node in enumerate(nodes):
        text = passage([line for inner in node.walk() for line in inner.lines])
        name = _step_name(text)
        kind = _kind(name.value) or _kind(text.text[:80])
        phrases = _counting_phrases(text, frame, context)
        if kind is None or not phrases:
            unread.append(name)
            continue
        context = phrases[-1].day.year
        steps.append(_read_step(kind, name, text, phrases, opening if position == 0 else None))
    return tuple(steps), tuple(unread)


def _opening_start(nodes: Sequence[Node], frame: YearFrame) -> FoundDate | None:
    """When the whole procedure starts, where the text above its steps says so."""
    if not nodes or not nodes[0].parents:
        return None
    text = nodes[0].parents[-1].passage
    for phrase in date_phrases(text.text, frame):
        if phrase.is_start:
            source = text.source(phrase.start, phrase.end)
            day = first_of(text.text[phrase.start : phrase.end], frame)
            return FoundDate(day or phrase.day, source)
    return None


def _step_name(text: Passage) -> Found:
    match = re.match(r"\s*([^。:\n,(]{2,24})[。:\n(,]?", text.text)
    return text.found(*match.span(1)) if match else text.found(0, min(12, len(text.text)))


def _counting_phrases(text: Passage, frame: YearFrame, context: int | None) -> list[DatePhrase]:
    """The dates of a step that are not the data cut-off."""
    cutoffs = [match.end() for match in _CUTOFF.finditer(text.text)]
    return [
        phrase
        for phrase in date_phrases(text.text, frame, context)
        if not any(0 <= phrase.start - end <= 1 for end in cutoffs)
    ]


def _read_step(
    kind: StepKind,
    name: Found,
    text: Passage,
    phrases: Sequence[DatePhrase],
    opening: FoundDate | None,
) -> NoticeStep:
    dated = [phrase for phrase in phrases if phrase.is_deadline] or list(phrases)
    deadlines = tuple(FoundDate(p.day, text.source(p.start, p.end)) for p in dated)
    begins = next((p for p in phrases if p.begins or p.is_start), None)
    start = opening
    if begins is not None:
        source = text.source(begins.start, begins.end)
        start = FoundDate(begins.begins or begins.day, source)
    if start and start.value > max(found.value for found in deadlines):
        start = None
    return NoticeStep(kind, name, deadlines, start, _step_inputs(kind, text.text), text.text)


def _step_inputs(kind: StepKind, text: str) -> tuple[StepKind, ...]:
    used: list[StepKind] = []
    for match in _USES.finditer(text):
        for product, words in _PRODUCTS:
            if product is not kind and product not in used and re.search(words, match["what"]):
                used.append(product)
    if kind is StepKind.VERIFY and StepKind.CONSOLIDATE in used:
        used.remove(StepKind.CONSOLIDATE)
    return tuple(used)


def _cutoff(root: Node, frame: YearFrame) -> FoundDate | None:
    for node in root.walk():
        text = node.passage
        for match in _CUTOFF.finditer(text.text):
            for phrase in date_phrases(text.text[match.end() : match.end() + 20], frame):
                if phrase.start <= 1:
                    first = match.end() + phrase.start
                    source = text.source(first, match.end() + phrase.end)
                    return FoundDate(phrase.day, source)
    return None


_COORDINATOR = (
    re.compile(r"由(?P<name>[^,。;由]{2,30}?)(?:负责)?(?:牵头|统一|统筹)?组织"),
    re.compile(r"(?:报|交|送)(?P<name>[^,。;报]{2,20}?(?:科|处|股|室|办))(?:进行)?汇总"),
    re.compile(r"(?P<name>[\u4e00-\u9fff]{2,12}?(?:科|处|股|室|办))(?:负责)?(?:将)?汇总"),
)


def _coordinators(root: Node) -> tuple[Found, ...]:
    """Every office the text makes responsible for organising or merging, each name once."""
    found: dict[str, Found] = {}
    for node in root.walk():
        text = node.passage
        for pattern in _COORDINATOR:
            for match in pattern.finditer(text.text):
                name = text.found(match.start("name"), match.end("name"))
                short = re.sub(r"^.*(?:报|由|交|[日前底])|牵头$", "", name.value)
                found.setdefault(short, Found(short, name.source))
    return tuple(found.values())


# --- requirements and annexes ----------------------------------------------------------------------

_REQUIREMENTS = re.compile(r"(?:工作|有关|相关)?(?:要求|纪律|保障)")


def _requirements(root: Node) -> tuple[Requirement, ...]:
    for node in root.children:
        if _REQUIREMENTS.search(node.heading[:16]):
            rows = node.children or [node]
            return tuple(
                Requirement(_step_name(row.passage), row.passage.text.strip()) for row in rows
            )
    return ()


_ANNEX_ITEM = re.compile(r"\s*(?:附\s*件\s*:?\s*)?(?:(?P<number>[0-9]{1,2})\s*[.、:\s]\s*)?(?P<title>\S.*)")


def _read_annexes(rows: Sequence[tuple[int, int, str]], body: str) -> Iterator[Annex]:
    items: list[tuple[str, list[tuple[int, int, str]]]] = []
    for number, _, raw in rows:
        text = normalised(raw)
        if re.fullmatch(r"\s*附\s*件\s*:?\s*", text) or re.match(r"\s*关联文件", text):
            continue
        if _looks_like_signature(text):
            break
        match = _ANNEX_ITEM.match(text)
        if not match:
            continue
        begins = match["number"] or text.lstrip().startswith("附")
        title = (number, match.start("title"), raw[match.start("title") :])
        if begins or not items:
            items.append((match["number"] or str(len(items) + 1), [title]))
        else:
            items[-1][1].append(title)
    yield from (_annex(number, lines, body) for number, lines in items)


def _looks_like_signature(text: str) -> bool:
    return bool(_SIGNATURE_DATE.match(text)) or bool(
        re.fullmatch(r"\s*[\u4e00-\u9fff()、\s]{4,40}(?:委员会|局|办公室|办|厅|政府|指挥部|中心)\s*", text)
        and "关于" not in text
        and not re.match(r"\s*[0-9]", text)
    )


def _annex(number: str, lines: list[tuple[int, int, str]], body: str) -> Annex:
    text = passage(lines)
    joined = "".join(raw.strip() for _, _, raw in lines)
    document = _NUMBER.search(text.text.replace("\n", ""))
    words = re.search(r"[\u4e00-\u9fff]{1,14}\s*[〔\[].*", document.group()) if document else None
    cited = bool(re.search(rf"附件\s*{number}(?![0-9])", body))
    return Annex(number, Found(joined, text.source(0, len(lines[0][2]))), words.group() if words else "", cited)


def names_of(found: Iterable[Found]) -> tuple[str, ...]:
    """The values without their sources."""
    return tuple(item.value for item in found)
