"""责任分工: which section answers for which indicator, with whom, and how to reach them (P02).

A duty is told in prose (`…由…牵头,具体由…负责,…配合`), in labels (`牵头单位:…`), in a table, or
its contacts stand apart at the end. Words of a duty that no rule understood are kept as unread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import (
    OFFICES,
    PEOPLE,
    Role,
    find_labels,
    find_mailboxes,
    find_people,
    find_telephones,
    rare_name,
    role_of,
    tokens,
)
from kaoping.core.notice.gathered import POINTS_ONLY, Gathered, Words, meets, opens_clause
from kaoping.core.notice.names import is_work, named_indicator
from kaoping.core.notice.offices import (
    find_offices,
    is_office_note,
    is_section,
    is_unit,
    is_unit_called_like_a_section,
    split_unit,
)
from kaoping.core.notice.passage import Found, Passage, plain_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaoping.core.notice.passage import Source


@dataclass(frozen=True, slots=True)
class NoticeIndicator:
    """指标, as far as a notice tells of it; every value with its source.

    Attributes:
        points: 分值 as decimal text, where the notice gives it.
        scope: the part that is led, where only a part is (P02).
        paragraph: where its duty stands, None where the notice only lists the indicator.
    """

    name: Found[str]
    points: Found[str] | None = None
    scope: Found[str] | None = None
    lead_unit: Found[str] | None = None
    responsible_section: Words = ()
    cooperating_sections: Words = ()
    cooperating_units: Words = ()
    responsible_leader: Words = ()
    responsible_person: Words = ()
    liaison: Words = ()
    telephone: Words = ()
    mailbox: Words = ()
    paragraph: Source | None = None


LONGEST_DUTY = 10_000
"""Longer words, in characters, are no duty of one indicator; they are left as unread."""

LONGEST_SENTENCE = 1_000
"""A longer sentence, in characters, tells no duty; it is left as unread."""

_LONGEST_CHUNK = 300
_MOST_VERBS = 40
_VERB = re.compile(
    r"(?P<lead>(?:共同|联合|统筹|总)?牵头(?:负责|组织实施|组织|实施|承办|落实|抓总)?"
    r"(?!单位|部门|科室|处室|领导|责任|人))"
    r"|(?P<own>(?:具体|组织|共同|归口)?(?:负责|承办|主办|主考|主评|承担|承接|主抓|主责|归口(?:管理|办理|负责)?)(?:具体)?(?:实施|落实|牵头)?"
    r"(?!提供|出具|配合|协[助同办]|核对|人|同志|科室|处室|单位|部门|领导|(?:具体|全程|日常)?(?:监督|检查|督促|督查|督办|督导|解释|统筹|协调|保障)))"
    r"|(?P<help>(?:共同|积极|密切|分别|予以|给予|一并|负责)?(?:配合|协助|协同|协办|协作|会办|联办|会签|会商|会审|同考|协查|辅助|协力|参与|参加(?=评分|打分|考[核评]|[,。;\n]|$)|派(?:员|人)(?:参加|参与|协助)?)"
    r"(?:配合|参与|协助|做好|完成|提供|实施|相关工作|工作|评分|打分|考核|考评)*(?!单位|部门|科室|处室|的)"
    r"|就[^,。;、由]{2,12}(?:提出|出具|反馈)意见"
    r"|(?:负责)?(?:提供|出具)[^,。;、由]{2,16}(?=[,。;)\n]|$)"
    r"|(?:负责)?(?:提供|出具|核对|核实|核)[^,。;、由]{0,12}(?:数据|资料|材料|信息|台账|清单|记录|名单|意见|证明|情况|依据|报告|支[持撑]|结论|线索|目录|日志|影像|学分|名册|图斑|数))"
    r"|(?P<runs>管|抓)(?=[,;。\n]|$)|(?P<aids>帮|协)(?=[,;。\n]|$)"
    r"|(?P<judge>(?:考核|考评|评分|打分)(?=[,。;\n]|$))"
)
_BY = re.compile(r"(?<![自缘因经])(?<!(?<![办管治受代清整审料护])理)由(?!于|此|来)")
_NOT_NOW = re.compile(r"(?:不再?|原先?|原来|此前|以前|过去|曾经?)$")
"""Before 由: somebody who does not answer, or no longer."""


_PARTED = {Role.COOPERATING_SECTION, Role.COOPERATING_UNIT}


def _read_labels(gathered: Gathered) -> None:
    text = gathered.passage.text
    labels = list(find_labels(text))
    gathered.parted = {
        role for label in labels if label.has_colon for role in label.roles
    } >= _PARTED
    for label in labels:
        if not (label.has_colon or opens_clause(text, label.start)):
            continue
        end = 0
        for role in label.roles:
            end = max(
                end,
                read_value(gathered, role, label.value_start, label.value_end, label.has_colon),
            )
        if end:
            gathered.use(label.start, end)


def read_value(gathered: Gathered, role: Role, start: int, end: int, colon: bool) -> int:
    """Read one label's value; the end of what was understood, 0 where nothing was."""
    value = gathered.passage.text[start:end]
    if role in PEOPLE:
        return _read_people(gathered, role, start, value, colon=colon)
    if role in OFFICES:
        return _read_office_list(gathered, role, start, value, colon=colon)
    if role in (Role.INDICATOR, Role.SCOPE):
        return _read_plain(gathered, role, start, value) if colon else 0
    if role is Role.POINTS:
        return _read_points(gathered, start, value)
    if role is Role.HANDLER:
        return 0
    if role is not Role.OTHER and not holds_reach(value):
        return 0
    reach = re.match(r"[^,;。\n一-鿿]{0,60}", value)
    return start + (reach.end() if reach else 0) if colon or (reach and reach.end()) else 0


def _read_people(gathered: Gathered, role: Role, start: int, value: str, *, colon: bool) -> int:
    last = 0
    for first, last, name in find_people(value, surname_needed=not colon):
        gathered.add(role, start + first, start + last, name)
    if not last and not colon and (alone := rare_name(value)) and _tells_people(gathered):
        gathered.add(role, start, start + len(alone), alone)
        return start + len(alone)
    clause = _UP_TO_STOP.match(gathered.passage.text, start)
    if not last and (acting := _ACTING.match(clause[0] if clause else value)):
        label = _LABEL_BEFORE.match(acting["who"])
        shift = acting.start("who") + (label.end() if label else 0)
        for first, end, name in find_people(
            acting["who"][label.end() if label else 0 :], surname_needed=False
        ):
            gathered.add(role, start + shift + first, start + shift + end, name)
            return start + acting.end()
    return start + last if last else 0


_UP_TO_STOP = re.compile(r"[^。;\n]{0,80}")
_LABEL_BEFORE = re.compile(r"(?:本[科处股]室?)?(?:责任人|负责人)")


def _tells_people(gathered: Gathered) -> bool:
    """Whether words tell several people or how to reach one, as a list of contacts does."""
    roles = [role for label in find_labels(gathered.passage.text) for role in label.roles]
    return len([role for role in roles if role in PEOPLE]) > 1 or holds_reach(gathered.passage.text)


_ACTING = re.compile(
    r" *(?:一职|职务|岗位)?(?:暂时?|现|目前)?(?:空缺|缺位?|缺员|未到位|出缺|待补)(?:[,，]?(?:[^,。;()]{1,6}前)?\(?(?:暂|期间|现)*由?|\([^()]{0,24}?由)(?P<who>[^,。;()]{2,20}?)"
    r"(?:暂|临时|负责)?(?:代为?|代行|代理|代管|代|兼任?|办理|负责|承担|接手|处理|履行|主持|临时牵头|分管|牵头)[^,。;()]{0,8}\)?"
)
"""A vacant post with who acts: `暂缺(由副科长某某代行职责)`."""


_RANKED = re.compile(r"(?<![一-鿿])(?P<name>[一-鿿]{2,4})\((?P<rank>[一-鿿]{2,8})\)")


def read_handlers(gathered: Gathered) -> None:
    """Take who handles a matter (经办人) for its liaison, as lists of contacts do."""
    text = gathered.passage.text
    for label in find_labels(text):
        if Role.HANDLER in label.roles and opens_clause(text, label.start):
            value = text[label.value_start : label.value_end]
            end = _read_people(
                gathered, Role.LIAISON, label.value_start, value, colon=label.has_colon
            )
            if end:
                gathered.use(label.start, end)


_IN_CHARGE = re.compile(
    r"(?:^|(?<=[,。;:\n])|由)(?P<name>(?!由|具体)[一-鿿]{2,4}?)(?:同志|(?:党[组委]成员|副?书记|副?[局厅县区市院]长|副?主任|、)*)"
    r"(?:分管|主管|包抓|分工负责)(?=[,。;\n]|$)"
)


_WHOSE_PART = {
    re.compile(pattern + r"(?=[,;。\n]|$)"): role
    for role, pattern in {
        Role.LEADER: r"(?:[委局厅社院部]领导|副[局厅院]长|副?(?:书记|主任)|总[一-鿿]{1,3}师|组长)(?P<name>[一-鿿]{2,3}?)(?:分管|主管|挂帅|负总责|总负责|负责领导|包抓)",
        Role.PERSON: r"(?<![一-鿿])[科处股室]长(?P<name>[一-鿿]{2,3}?)(?:具体)?(?:负责|负总责|抓总)",
        Role.LIAISON: r"(?:(?<=[,;。])|^)(?P<name>[一-鿿]{2,3}?)(?:负责)?(?:联络|(?:担任|任)(?:专办员|专员|联络员|经办人))",
    }.items()
}
"""People told by what they do: `局领导某某分管,科长某某负责,某某联络`."""
_JOINED = re.compile(
    r"(?<=[科处股室局委办厅院站所])(?:会同|联合|协同|会商)(?P<names>[^,。;:()]{2,60}?)(?=(?:共同|具体)?(?:负责|牵头|承办|承担|主办|实施|办理|组织))"
    r"|(?<=[,。;])(?:并|再)?(?:会同|商|请)(?P<clause>[^,。;:()]{2,60}?)(?:办理|实施|推进|落实|完成|配合|协助|(?:开展|进行)?(?:考核|评分|打分))?(?=[,。;]|$)"
)
"""Who takes part with the one that answers: `…科会同…科负责`."""
_AS_LABEL = re.compile(
    r"(?:^|(?<=[,。;\n]))(?P<names>[^,。;:()]{2,60}?)(?:为|是|作为|担任|系)(?P<label>[一-鿿]{2,8}(?:科室|处室|股室|单位|部门|科|处|股|局))(?=[,。;\n]|$)"
)
_MAINLY = re.compile(r"(?<=[,。;])以[^,。;]{2,20}为主(?=[,。;]|$)")


def _read_joined_offices(gathered: Gathered) -> None:
    """Offices told beside the one that answers, and those whose label stands behind them."""
    text = gathered.passage.text
    for match in _JOINED.finditer(text):
        group = "names" if match["names"] else "clause"
        for first, last in _offices_at(text, *match.span(group)):
            _place(gathered, Role.COOPERATING_UNIT, first, last)
            gathered.use(*match.span())
    for match in _AS_LABEL.finditer(text):
        role = role_of(match["label"])
        if role not in OFFICES or role is None:
            continue
        for first, last in _offices_at(text, *match.span("names")):
            _place(gathered, role, first, last)
            gathered.use(*match.span())
    for match in _MAINLY.finditer(text):
        gathered.use(*match.span())


def _read_ranked_people(gathered: Gathered) -> None:
    """People whose part stands behind their name: `林某(分管领导)`, `由林某副局长分管`."""
    for match in _IN_CHARGE.finditer(gathered.passage.text):
        if next(find_people(match["name"], surname_needed=True), (0, 0, ""))[2] == match["name"]:
            gathered.add(Role.LEADER, *match.span("name"))
            gathered.use(*match.span())
    for pattern, answers in _WHOSE_PART.items():
        for match in pattern.finditer(gathered.passage.text):
            if not gathered.of(answers):
                gathered.add(answers, *match.span("name"))
                gathered.use(*match.span())
    for match in _RANKED.finditer(gathered.passage.text):
        role = role_of(match["rank"])
        people = list(find_people(match["name"], surname_needed=True))
        if role in PEOPLE and people and people[0][2] == match["name"]:
            gathered.add(role, *match.span("name"))
            gathered.use(*match.span())


def _read_office_list(
    gathered: Gathered, role: Role, start: int, value: str, *, colon: bool
) -> int:
    """Offices up to the first comma after which no office stands."""
    end = 0
    for first, last in tokens(value, ","):
        spans = find_offices(value[first:last])
        if spans is None:
            if end or not colon or _NO_OFFICE.search(value[first:last]):
                break
            spans = tokens(value[first:last], "、")
        for left, right in spans:
            _place(gathered, role, start + first + left, start + first + right)
        end = last
    return start + end if end else 0


_NO_OFFICE = re.compile(
    r"[按由见另待]|负责|牵头|配合|协助|分工|暂|^无$|^同[上前]|以[及上下]|[^ -~]{16}"
)
"""Words after a label that name no office: what is open, and prose."""
_POINTS_CLAUSE = re.compile(
    r"[^,。;:、]{2,40},(?:分值|满分)?:? ?([0-9]{1,4}(?:\.[0-9]{1,4})?) ?分(?=[,。;])"
)
"""Points as a clause of their own behind the name: `市容秩序,30分,…`."""
_POINTS_NOTE = re.compile(
    r"\s*(?:\((?:分值|满分)?[: ]?|[:,] ?(?:分值|满分)?:? ?)([0-9]{1,4}(?:\.[0-9]{1,4})?) ?分(?:\)|(?=[,。;\n]|$))"
)
_POINTS_ALONE = re.compile(r" *([0-9]{1,4}(?:\.[0-9]{1,4})?) ?分?(?=[ ,;。)]|$)")


def _read_points(gathered: Gathered, start: int, value: str) -> int:
    points = _POINTS_ALONE.match(value)
    if points:
        gathered.add(Role.POINTS, start + points.start(1), start + points.end(1), points[1])
    return start + points.end() if points else 0


def _read_points_note(gathered: Gathered) -> None:
    """The points behind a heading: `…(20分)`."""
    text = gathered.passage.text
    note = _POINTS_NOTE.match(text) or _POINTS_CLAUSE.match(text)
    if note:
        gathered.add(Role.POINTS, *note.span(1), note[1])
        gathered.use(note.start(1) if note.re is _POINTS_CLAUSE else note.start(), note.end())


def holds_reach(value: str) -> bool:
    """Whether a value holds a telephone or a mailbox."""
    return any(find_telephones(value)) or any(find_mailboxes(value))


def _read_plain(gathered: Gathered, role: Role, start: int, value: str) -> int:
    first, last = next(tokens(value, ","), (0, 0))
    if first < last:
        gathered.add(role, start + first, start + last)
    return start + last if last else 0


_SECTION_NOTE = re.compile(r"\(([^()]{1,20}[科处股室])\)$")


def _place(gathered: Gathered, role: Role, start: int, end: int) -> None:
    """File an office under its role; cooperators are told apart by their form."""
    role, end = _without_note(gathered, role, start, end)
    name = gathered.passage.text[start:end]
    section = gathered.first(Role.SECTION)
    like = section.value if section else ""
    bureaus = name.endswith("处") and like.endswith(("局", "办"))
    bureaus = bureaus or is_unit_called_like_a_section(name, like)
    if not gathered.parted and role is Role.COOPERATING_SECTION and is_unit(name, like):
        role = Role.COOPERATING_UNIT
    elif not gathered.parted and role is Role.COOPERATING_UNIT:
        own = is_section(name, like) and not bureaus
        role = Role.COOPERATING_SECTION if own else role
    unit, inner = split_unit(name)
    if role is Role.LEAD and (note := _SECTION_NOTE.search(name)):
        end = start + note.end(1)
        unit, inner = name[: note.start()], note[1]
    if role is Role.LEAD and inner:
        gathered.add(Role.LEAD, start, start + len(unit))
        gathered.add(Role.SECTION, end - len(inner), end)
    elif role is Role.LEAD and is_section(name):
        gathered.add(Role.SECTION, start, end)
    else:
        gathered.add(role, start, end)


_NOTE_BEHIND = re.compile(r"\(([^()]*)\)$")


def _without_note(gathered: Gathered, role: Role, start: int, end: int) -> tuple[Role, int]:
    """An office without a note that is no part of its name: `…科(配合)`, `…科(王…,1234567)`."""
    note = _NOTE_BEHIND.search(gathered.passage.text[start:end])
    if not note or is_office_note(note[1]):
        return role, end
    if re.search(r"配合|协[助办同作]|参[与加]|会[办同]|辅助?|支持|联办", note[1]):
        role = Role.COOPERATING_UNIT
    elif not re.fullmatch(r"(?:具体)?(?:牵头|主[办责抓]?|负责|承办|为主)", note[1]):
        gathered.missed.append((start + note.start(1), start + note.end(1)))
    return role, start + note.start()


def read_reach(gathered: Gathered) -> None:
    """Read telephones and mailboxes, wherever they stand."""
    text = gathered.passage.text
    for start, end, value in find_telephones(text):
        gathered.add(Role.TELEPHONE, start, end, value)
        gathered.use(start, end)
    for start, end, value in find_mailboxes(text):
        gathered.add(Role.MAILBOX, start, end, value)
        gathered.use(start, end)


def _read_prose(gathered: Gathered) -> tuple[int, int] | None:
    """Read who leads, answers and helps; the span of the subject the duty is about."""
    masked = list(gathered.passage.text)
    for start, end in gathered.used:
        masked[start:end] = "。" * (end - start)
    for joined in _JOINED.finditer(gathered.passage.text):
        masked[slice(*joined.span())] = " " * len(joined[0])
    for note in _BRACKETS.finditer(gathered.passage.text):
        if meets(note.span(), gathered.used) and not _VERB.search(note[0]):
            masked[slice(*note.span())] = " " * len(note[0])
    text = "".join(masked)
    subject = None
    for start, end in tokens(text, "。;\n"):
        if end - start > LONGEST_SENTENCE:
            continue
        subject = _read_sentence(gathered, text, start, end, subject) or subject
    return subject


_BRACKETS = re.compile(r"\([^()\n]{1,200}\)")
"""A note with people in it, which divides no sentence: `…科(科长…,电话…)负责…`."""


def _read_sentence(
    gathered: Gathered, text: str, start: int, end: int, subject: tuple[int, int] | None
) -> tuple[int, int] | None:
    previous, objects = start, list[tuple[int, int]]()
    for verb in islice(_VERB.finditer(text, start, end), _MOST_VERBS):
        begin = max(previous, verb.start() - _LONGEST_CHUNK)
        agent = _agent(text, begin, verb.start())
        if agent is None or (verb["judge"] and not _BY.search(text, begin, verb.start())):
            continue
        before, spans = agent
        if before and subject and not (verb["help"] or verb["aids"]):
            break
        whole = _ALL_WORK.match(text, verb.end())
        if whole and (verb["lead"] or (verb["own"] and whole["all"])):
            previous = verb.end()
            continue
        role = _role_of_verb(verb, gathered)
        for first, last in spans:
            _place(gathered, role, first, last)
        gathered.use(spans[0][0], verb.end())
        if role is not Role.COOPERATING_UNIT:
            subject = subject or before
            objects.append((verb.end(), _clause_end(text, verb.end(), end)))
        previous = verb.end()
    if subject:
        return subject
    after = next((span for span in objects if _is_object(text, span)), None)
    gathered.subject_follows = after is not None
    return after


_ALL_WORK = re.compile(
    r"(?:协调|组织)?(?P<all>(?:整个|本次|此次|这次|全部|全程|年度|日常)*)(?:考核|考评|评价|评估|评定|评议|测评)(?:工作|事务|全程)?(?=[,。;\n]|$)"
)
"""What a section leads that is no one indicator: `…科牵头整个考评`."""


def _role_of_verb(verb: re.Match[str], gathered: Gathered) -> Role:
    if verb["help"] or verb["aids"]:
        return Role.COOPERATING_UNIT
    if verb["lead"] and not gathered.first(Role.LEAD):
        return Role.LEAD
    return Role.SECTION if gathered.first(Role.LEAD) else Role.LEAD


def _clause_end(text: str, start: int, limit: int) -> int:
    comma = text.find(",", start, limit)
    return comma if comma >= 0 else limit


def _is_subject(words: str) -> bool:
    if POINTS_ONLY.fullmatch(words):
        return False
    return len(words.strip()) > 1 and not _OPENS_NO_NAME.match(words) and not is_work(words)


def _is_object(text: str, span: tuple[int, int]) -> bool:
    """Whether the words behind a verb name what it is about, and no second duty."""
    more = any(verb["lead"] or verb["own"] for verb in _VERB.finditer(text, *span))
    return not more and _is_subject(text[slice(*span)])


_OPENS_NO_NAME = re.compile(
    r" *(?:收集|组织(?!建设)|开展|对(?!外)|本(?![科级土])|各自|具体|相关|不再|不得|原|的|并|由|按照?|根据|依据|提供)"
)


def _agent(
    text: str, start: int, end: int
) -> tuple[tuple[int, int] | None, list[tuple[int, int]]] | None:
    """The offices before a verb and the subject before them, None where there are no offices."""
    by = list(_BY.finditer(text, start, end))
    if by:
        if _NOT_NOW.search(text, start, by[-1].start()):
            return None
        offices = _offices_at(text, by[-1].end(), end)
        return (_subject_before(text, start, by[-1].start()), offices) if offices else None
    opened = _open_bracket(text, start, end)
    if opened is not None:
        behind = list(tokens(text[opened + 1 : end], ","))
        first = behind[-1][0] if behind and POINTS_ONLY.match(text, opened + 1, end) else 0
        offices = _offices_at(text, opened + 1 + first, end)
        return (_subject_before(text, start, opened), offices) if offices else None
    begin, offices = end, []
    for first, last in reversed(list(tokens(text[start:end], ",:"))):
        more = _offices_at(text, start + first, start + last)
        if not more:
            break
        begin, offices = start + first, more + offices
    return (_subject_before(text, start, begin), offices) if offices else None


def _open_bracket(text: str, start: int, end: int) -> int | None:
    """The last bracket that is opened and not closed, as in `…(…科负责)`."""
    opened: list[int] = []
    for index in range(start, end):
        if text[index] == "(":
            opened.append(index)
        elif text[index] == ")" and opened:
            opened.pop()
    return opened[-1] if opened else None


def _offices_at(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = find_offices(text[start:end])
    return [(start + first, start + last) for first, last in spans] if spans else []


def _subject_before(text: str, start: int, end: int) -> tuple[int, int] | None:
    parts = [
        span for span in tokens(text[start:end], ",:") if _is_subject(text[start:end][slice(*span)])
    ]
    return (start + parts[-1][0], start + parts[-1][1]) if parts else None


def _bare_subject(gathered: Gathered) -> tuple[int, int] | None:
    """A first clause that is nothing but an indicator: `…指标,牵头单位…`."""
    text = gathered.passage.text
    start, end = next(tokens(text, ",。;:\n"), (0, 0))
    known = gathered.first(Role.LEAD) or gathered.first(Role.SECTION)
    return (start, end) if known and _NAMES_INDICATOR.search(text, start, end) else None


_NAMES_INDICATOR = re.compile(r".指标(?:考核|考评)?(?:工作)?$")
_OFFICE_ALONE = re.compile(r"[ (:。]*([^(:。;\n]+?(?:\([^()]*\))?)[ );。\n]*")


def _read_office_alone(gathered: Gathered) -> None:
    """A duty that is nothing but an office: `…(…科)` or `…:…科` below a heading of duties."""
    alone = _OFFICE_ALONE.fullmatch(gathered.passage.text)
    if alone is None:
        return
    start = alone.start(1)
    for first, last in _offices_at(alone[1], 0, len(alone[1])):
        _place(gathered, Role.LEAD, start + first, start + last)
        gathered.use(start + first, start + last)


_OFFICE_BEFORE = re.compile(r"[ (:]*([^:(,。;|\n]{2,40}?)(?=\([^()]*\)|[:|\n,(])")


def _read_office_before(gathered: Gathered) -> None:
    """The office a duty begins with, whose labels follow: `综合科:负责指标:…;联系人:…`."""
    span = _office_before(gathered.passage.text)
    if span is None or meets(span, gathered.used):
        return
    for first, last in _offices_at(gathered.passage.text, *span):
        _place(gathered, Role.LEAD, first, last)
        gathered.use(first, last)


def _office_before(text: str) -> tuple[int, int] | None:
    """The words before the first stop or label, where they are no label themselves."""
    before = _OFFICE_BEFORE.match(text)
    label = next(find_labels(text), None)
    if label and label.start and (before is None or label.start < before.end(1)):
        start = len(text) - len(text.lstrip(" (:"))
        return (start, label.start) if start < label.start else None
    return before.span(1) if before and role_of(before[1]) is None else None


def begins_with_office(passage: Passage) -> tuple[int, int] | None:
    """The span of the one office that opens a line and is no label: `综合科:分管领导…`."""
    span = _office_before(passage.text)
    return span if span and len(_offices_at(passage.text, *span)) == 1 else None


def is_contact(passage: Passage) -> bool:
    """Whether a line begins with an office and tells only its people and how to reach them."""
    if begins_with_office(passage) is None:
        return False
    gathered, subject = read_duty(passage)
    kinds = gathered.values.keys() - {Role.LEAD, Role.SECTION}
    reaches = kinds & {*PEOPLE, Role.TELEPHONE, Role.MAILBOX}
    return subject is None and bool(reaches) and not kinds & (OFFICES | {Role.INDICATOR})


def read_duty(passage: Passage) -> tuple[Gathered, Found[str] | None]:
    """All that a duty's words tell, and the subject its prose names."""
    gathered = Gathered(passage)
    if len(passage.text) > LONGEST_DUTY:
        return gathered, None
    _read_labels(gathered)
    if gathered.of(Role.LEADER) and gathered.of(Role.PERSON) and not gathered.of(Role.LIAISON):
        read_handlers(gathered)
    _read_ranked_people(gathered)
    _read_joined_offices(gathered)
    read_reach(gathered)
    _read_points_note(gathered)
    span = _read_prose(gathered)
    span = span or _bare_subject(gathered)
    if not gathered.values.keys() - {Role.POINTS}:
        _read_office_alone(gathered)
    elif not (gathered.of(Role.LEAD) or gathered.of(Role.SECTION)):
        _read_office_before(gathered)
    if span:
        gathered.use(*span)
    named = gathered.first(Role.INDICATOR)
    return gathered, named or (passage.words(*span) if span else None)


# --- from what was gathered to indicators --------------------------------------------------------


def build_indicator(
    name: Found[str], scope: Found[str] | None, gathered: Gathered, base: NoticeIndicator | None
) -> NoticeIndicator:
    """An indicator from one duty, joined with what was known of it before."""
    known = base or NoticeIndicator(name)
    parts = {
        role.value: _more(getattr(known, role.value), gathered.of(role))
        for role in (*PEOPLE, *(OFFICES - {Role.LEAD}), Role.TELEPHONE, Role.MAILBOX)
    }
    return replace(
        known,
        points=known.points or gathered.first(Role.POINTS),
        scope=known.scope or scope or gathered.first(Role.SCOPE),
        lead_unit=known.lead_unit or build_lead(gathered),
        paragraph=known.paragraph or gathered.passage.source(),
        **parts,  # type: ignore[arg-type]
    )


def build_lead(gathered: Gathered) -> Found[str] | None:
    """Who leads, several units as one."""
    leads = gathered.of(Role.LEAD)
    return Found("、".join(lead.value for lead in leads), leads[0].source) if leads else None


def _more(known: Words, new: Words) -> Words:
    values = {item.value for item in known}
    return (*known, *(item for item in new if item.value not in values))


def split_duties(passage: Passage, listed: Sequence[Found[str]]) -> list[Passage]:
    """A paragraph that tells the duties of several listed indicators, one part for each."""
    labelled = labelled_names(passage.text)
    if len(labelled) > 1:
        return [passage.cut(*span) for span in pairwise([*labelled, len(passage.text)])]
    starts, current = _own_sentences(passage.text, [name.value for name in listed]), ""
    if len(starts) > 1:
        return [passage.cut(*span) for span in pairwise([*starts, len(passage.text)])]
    written = plain_width(passage.written)
    names = [plain_width(name.value) for name in listed]
    for start, end in tokens(passage.text, ",、。;\n"):
        # Nearly all words name no indicator: these are not read as a duty first.
        if not any(name in written[start:end] for name in names):
            continue
        gathered, subject = read_duty(passage.cut(start, end))
        if not is_duty(gathered):
            continue
        name = named_indicator(subject, listed)[0] if subject else None
        if name is None or name not in listed:
            continue
        if name.value != current and (current or passage.text[:start].rstrip().endswith("。")):
            starts.append(start)
        current = name.value
    bounds = [*starts, len(passage.text)]
    return [passage.cut(first, last) for first, last in pairwise(bounds)]


def labelled_names(text: str) -> list[int]:
    """Where lines begin that label an indicator's name: `指标名称:…`."""
    return [
        label.start
        for label in find_labels(text)
        if label.has_colon and Role.INDICATOR in label.roles and _opens_line(text, label.start)
    ]


def _opens_line(text: str, start: int) -> bool:
    return not text[text.rfind("\n", 0, start) + 1 : start].strip()


def _own_sentences(text: str, names: Sequence[str]) -> list[int]:
    """Where sentences begin that each begin with indicators of their own; [0] where they do not."""
    starts, before = [0], set[str]()
    for start, end in tokens(text, ";。\n"):
        first = next(tokens(text[start:end], ",:"), (0, 0))
        named = {name for name in names if name in text[start + first[0] : start + first[1]]}
        leads = any(text[start + first[0] :].lstrip('“"《').startswith(name) for name in named)
        if leads and start and not named & before:
            starts.append(start)
        if leads:
            before |= named
    return starts


def is_duty(gathered: Gathered) -> bool:
    """Whether what was gathered names somebody who answers."""
    return any(gathered.of(role) for role in (Role.LEAD, Role.SECTION, *PEOPLE))


def tells_a_duty(text: str) -> bool:
    """Whether some words say that somebody leads, answers or helps."""
    return bool(_VERB.search(text))
