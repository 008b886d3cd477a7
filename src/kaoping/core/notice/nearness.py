"""What stands near an indicator or its section: the last way to read duties told in any hand.

The rules of `duties` know how offices usually tell who answers; what they leave open is read here by
nearness. A line is cut into clauses; each is an indicator, an office, a person or a way to reach
somebody, told by its own words (`配合`, `分管`, `科长`). Indicators, or where a line names none the
sections that answer for them, are anchors; the rest belongs to the anchor it stands behind, or before
a colon it heads. Only what is still missing is taken over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import (
    OFFICES,
    PEOPLE,
    Role,
    cells_of,
    find_mailboxes,
    find_people,
    find_telephones,
)
from kaoping.core.notice.names import key_of
from kaoping.core.notice.offices import find_offices, is_section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kaoping.core.notice.duties import NoticeIndicator
    from kaoping.core.notice.passage import Found, Passage

_REACHED = (Role.TELEPHONE, Role.MAILBOX)

_HELPS = re.compile(
    r"(?:予以|共同|积极)?(?:配合|协办|协助|协同|协作|参与|参加评分|参加|支持|会同|提供[^,。;、]{0,8}(?:支持|数据|资料|材料|信息|服务))(?:参与|单位|部门|科室|处室|股室|局|配合)*"
)
_ANSWERS = re.compile(
    r"(?:具体|主要|统一|组织)*(?:负责|承办|主办|主抓|主责|承担|承接|归口|牵头)(?:管理|实施|组织|落实)?(?:的)?(?:责任)?(?:科室|处室|股室|单位|部门|局)?(?:负责)?"
    r"|责任(?:科室|处室|股室|单位|部门|局|科|处|股)|(?:管|抓|经办|主管)$"
)
_FILLER = re.compile(
    r"交由|均由|由|归|的|具体|各|是|为|请找|找|[:=]|该项工作|工作|日常|以及|本项|其中|分别|即|兼任|兼|同志|以上"
)
_LEADER = re.compile(
    r"(?:科室|股室|处室)?(?:分管|主管|包抓|挂钩|挂点)[委局厅办县市区]?(?:领导|负责人|负责同志|同志)?|(?:联系|责任|牵头)[委局厅办县市区]?领导"
    r"|[委局厅办]领导(?:分管|分工|包抓)*"
    r"|(?:分管)?副(?:局长|主任|厅长|县长|区长|市长|书记|总经理|秘书长|院长|校长|镇长|乡长)|领导"
)
_HEAD_OF = re.compile(
    r"(?:科室|处室|股室|科|处|股|室)?(?:责任人|负责人|负责同志|主要负责人)|(?:业务)?[科处股室站队所]长|(?:中心|办公室|科室)?主任|局长"
)
_LINKS = re.compile(
    r"(?:日常|工作|业务|具体)?(?:联系|联络|对接)(?:人员|人|员|同志|专员)?|(?:经办|承办)(?:人员|员|同志)|专员"
)
_PERSON_CUES = ((Role.LEADER, _LEADER), (Role.LIAISON, _LINKS), (Role.PERSON, _HEAD_OF))
_REACH_WORDS = re.compile(
    r"(?:联系|办公|固定)?(?:电话|座机|固话|手机)(?:号码)?|(?:电子|联系|办公|政务|工作)*(?:邮箱|信箱|邮件)(?:地址)?"
)
_POINTS = re.compile(r"\(?(?:满分|分值)?[0-9.]+ ?分?\)?|[-—/无]+|[0-9]+[.、]?")
_GENERAL = re.compile(r"考核|考评|评分|本次|全部|统筹|组织|汇总|日常组织|各项")
_DIVIDERS = ",;。:()|—\n \t"
_LONGEST_LINE = 2_000


@dataclass(frozen=True, slots=True)
class _Mention:
    """One thing a line names: an indicator (by key), an office, a person or a reach.

    Attributes:
        role: what it is; INDICATOR for an indicator, OTHER for a person without any cue.
        name: the indicator's key, or the value.
        at: where it begins; `end` where it ends.
        leads_on: whether it is a person told to lead what follows.
        bare: whether it is an office of which nothing is said.
    """

    role: Role
    name: str
    at: int
    end: int
    leads_on: bool = False
    bare: bool = False

    def moved(self, by: int) -> _Mention:
        """The same, so many characters further on."""
        return _Mention(self.role, self.name, self.at + by, self.end + by, self.leads_on, self.bare)


@dataclass
class Nearness:
    """What was read by nearness.

    Attributes:
        values: for each indicator's key and role what stands near it.
        used: the lines of which something was taken.
        doubtful: the lines with numbers that could be anybody's.
    """

    values: dict[str, dict[Role, list[Found[str]]]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    doubtful: set[int] = field(default_factory=set)

    def add(self, keys: Iterable[str], role: Role, found: Found[str]) -> None:
        """Give a value to indicators, once."""
        for key in keys:
            kept = self.values.setdefault(key, {}).setdefault(role, [])
            if all(other.value != found.value for other in kept):
                kept.append(found)
            self.used.add(found.source.line)


def read_near(indicators: Mapping[str, NoticeIndicator], lines: Sequence[Passage]) -> Nearness:
    """What stands near each indicator, or near the section that answers for it.

    Args:
        indicators: those known by name, with what was read of them.
        lines: the lines on duties and contacts.
    """
    reading = _Reading(indicators)
    for line in lines:
        if len(line.text) <= _LONGEST_LINE:
            reading.read_duties(line)
    reading.learn_sections()
    for line in lines:
        if len(line.text) <= _LONGEST_LINE:
            reading.read_contacts(line)
    return reading.near


class _Reading:
    """The lines in order, with what goes over from one to the next."""

    def __init__(self, indicators: Mapping[str, NoticeIndicator]) -> None:
        self.near = Nearness()
        self.names = sorted(
            ((key_of(i.name.value), key) for key, i in indicators.items()),
            key=lambda pair: -len(pair[0]),
        )
        self.sections: dict[str, list[str]] = {}
        for key, indicator in indicators.items():
            for section in indicator.responsible_section:
                self.sections.setdefault(section.value, []).append(key)
        self.waiting: list[str] = []
        self.served = False
        self.head: list[tuple[Passage, _Mention]] = []
        self.columns: list[str] = []
        self.default: Role | None = None

    # Lines that name indicators, and those that go on with them.

    def read_duties(self, line: Passage) -> None:
        """A line with indicators, a heading of theirs, or what goes on below them."""
        mentions = self._mentions(line)
        named = [m for m in mentions if m.role is Role.INDICATOR]
        if named:
            self._read_named(line, mentions)
        elif mentions and self.waiting and not self._is_about_contacts(mentions):
            for mention in mentions:
                self._give(line, mention, self.waiting)
            self.served = True
        elif mentions and all(m.role in OFFICES for m in mentions):
            general = _GENERAL.search(line.text) or len(line.text) > _LONGEST_HEAD
            self.head = [] if general else [(line, m) for m in mentions]
            self.waiting = []
        elif not mentions:
            self.waiting = []

    def _read_named(self, line: Passage, mentions: Sequence[_Mention]) -> None:
        """Facts behind indicators belong to them; facts before a colon head all that follow."""
        facts = [m for m in mentions if m.role is not Role.INDICATOR]
        keys = [m.name for m in mentions if m.role is Role.INDICATOR]
        if not facts:
            self.waiting = keys if self.served else [*self.waiting, *keys]
            self.served = False
            for place, mention in self.head:
                self._give(place, mention, keys)
            return
        alone = any(m.role in OFFICES for m in mentions)
        known = [m for m in mentions if m.role is not Role.OTHER or m.leads_on or not alone]
        for sentence in _sentences(known, line.text):
            sure = _without_doubtful_reach(sentence)
            if len(sure) < len(sentence):
                self.near.doubtful.add(line.source().line)
            self._read_sentence(line, sure)
        self.waiting, self.served = keys, True

    def _read_sentence(self, line: Passage, mentions: Sequence[_Mention]) -> None:
        first = next((n for n, m in enumerate(mentions) if m.role is Role.INDICATOR), None)
        if first is None:
            for mention in mentions:
                self._give(line, mention, self.waiting)
            return
        heads = list(mentions[:first])
        if heads and re.search("[,;。]", line.text[heads[-1].end : mentions[first].at]):
            heads = []
        group: list[str] = []
        fresh = True
        answering = {m.name for m in heads if m.role is Role.SECTION}
        for mention in mentions[first:]:
            if mention.role is Role.INDICATOR:
                group = [*group, mention.name] if fresh else [mention.name]
                if not fresh:
                    answering = {m.name for m in heads if m.role is Role.SECTION}
                fresh = True
                for head in heads:
                    self._give(line, head, [mention.name])
                continue
            fresh = False
            if mention.bare and answering and mention.role in _ANSWERING:
                mention = replace(mention, role=_HELPING[mention.role])  # noqa: PLW2901
            elif mention.role is Role.SECTION:
                answering.add(mention.name)
            self._give(line, mention, group)
        self.waiting = group

    def _give(self, line: Passage, mention: _Mention, keys: Iterable[str]) -> None:
        role = mention.role
        if role is Role.OTHER:
            role = Role.LEADER if mention.leads_on else self.default or Role.LIAISON
        found = line.words(mention.at, mention.end)
        self.near.add(keys, role, replace(found, value=mention.name))

    def _is_about_contacts(self, mentions: Sequence[_Mention]) -> bool:
        """Whether a line without indicators begins with a section whose people follow."""
        first = mentions[0]
        people = any(m.role in PEOPLE or m.role in _REACHED for m in mentions)
        if len({m.name for m in mentions if m.name in self.sections}) > 1:
            return True
        return first.role in (Role.SECTION, Role.COOPERATING_SECTION) and people and self.served

    def learn_sections(self) -> None:
        """Sections found near indicators are anchors for the contacts."""
        for key, values in self.near.values.items():
            if any(key in keys for keys in self.sections.values()):
                continue
            for section in values.get(Role.SECTION, [])[:1]:
                self.sections.setdefault(section.value, []).append(key)

    # Lines that name the sections only.

    def read_contacts(self, line: Passage) -> None:
        """A line without indicators: its people and numbers go to the sections it names."""
        cells = cells_of(line)
        if cells and self._is_head(line, cells):
            return
        if not cells:
            self.columns = []
        mentions = self._mentions(line)
        if not mentions or any(m.role is Role.INDICATOR for m in mentions):
            self._note_default(line)
            return
        anchors = [m for m in mentions if m.name in self.sections]
        if not anchors:
            self._note_default(line)
            return
        self._note_default(line)
        self._read_anchored(line, mentions)

    def _note_default(self, line: Passage) -> None:
        """A heading or label that says what the names below it are: 各处室负责人:."""
        opening = re.split(r"[:。(]", line.text, maxsplit=1)[0]
        for role, cue in _PERSON_CUES:
            if (
                len(opening) <= _LONGEST_HEAD
                and cue.search(opening)
                and not self._people_in(opening)
            ):
                self.default = role

    def _people_in(self, words: str) -> bool:
        return any(True for _ in _names_in(words))

    def _read_anchored(self, line: Passage, mentions: Sequence[_Mention]) -> None:
        keys: list[str] = []
        people: list[_Mention] = []
        for number, mention in enumerate(mentions):
            if mention.name in self.sections:
                found = self.sections[mention.name]
                goes_on = number > 0 and mentions[number - 1].name in self.sections
                keys = [*keys, *found] if goes_on else list(found)
                for person in people:
                    self._give(line, person, found)
                if not (number + 1 < len(mentions) and mentions[number + 1].name in self.sections):
                    people = []
            elif mention.role in PEOPLE or mention.role is Role.OTHER:
                if mention.leads_on or _in_brackets_next(line.text, mention.end) or not keys:
                    people = [mention] if mention.leads_on else [*people, mention]
                else:
                    self._give(line, mention, keys)
            elif mention.role in _REACHED:
                self._give(line, mention, keys)

    # Tables.

    def _is_head(self, line: Passage, cells: Sequence[tuple[int, int]]) -> bool:
        """Whether a row heads a table of contacts; its columns then say what each cell is."""
        heads = [line.text[start:end].strip() for start, end in cells]
        told = [any(cue.fullmatch(head) for _, cue in _PERSON_CUES) for head in heads]
        reached = [bool(_REACH_WORDS.fullmatch(head)) for head in heads]
        if sum(told) + sum(reached) > 1 and not any(
            find_people("".join(heads[:1]), surname_needed=True)
        ):
            self.columns = heads
            return True
        return False

    # Words.

    def _mentions(self, line: Passage) -> list[_Mention]:
        """What a line names, in order."""
        found = [*self._reaches(line.text), *self._indicators(line.text)]
        masked = list(line.text)
        for mention in found:
            sign = "\0" if mention.role in _REACHED else "\1"
            masked[mention.at : mention.end] = [sign] * (mention.end - mention.at)
        text = "".join(masked)
        label = ""
        for start, end in _clauses(text):
            words = text[start:end]
            column = text.count("|", 0, start)
            told = self.columns[column] if column < len(self.columns) else label
            if _LABEL_ALONE.fullmatch(words) and text[end : end + 1] in ":|":
                label = words
                continue
            like = next(iter(self.sections), "")
            found += [mention.moved(start) for mention in _told_by(words, told, like)]
            label = label if text[end : end + 1] in ",、" and "|" not in text else ""
        return sorted(found, key=lambda mention: mention.at)

    def _reaches(self, text: str) -> Iterator[_Mention]:
        for role, find in ((Role.TELEPHONE, find_telephones), (Role.MAILBOX, find_mailboxes)):
            for start, end, value in find(text):
                yield _Mention(role, value, start, end)

    def _indicators(self, text: str) -> Iterator[_Mention]:
        taken: list[tuple[int, int]] = []
        for name, key in self.names:
            at = text.find(name)
            while at >= 0:
                end = at + len(name)
                if all(end <= first or at >= last for first, last in taken):
                    taken.append((at, end))
                    yield _Mention(Role.INDICATOR, key, at, end)
                at = text.find(name, end)


_LABEL_ALONE = re.compile(
    "|".join(f"(?:{cue.pattern})" for cue in (_HELPS, _ANSWERS, _LEADER, _HEAD_OF, _LINKS))
)
"""Words that only say what stands behind a colon, or in the next cell."""
_ANSWERING = frozenset({Role.SECTION, Role.LEAD})
_HELPING = {Role.SECTION: Role.COOPERATING_SECTION, Role.LEAD: Role.COOPERATING_UNIT}
_OVER_ALL = re.compile(r"(?<=[一-鿿]{2})(?:分管|主管|联系|包抓|负责|(?<!监)管|抓)")
_LONGEST_HEAD = 40


@lru_cache(maxsize=2048)
def _told_by(words: str, label: str, like: str) -> tuple[_Mention, ...]:
    """What a clause behind a label tells, placed from its own beginning: each is asked of twice.

    Args:
        words: the clause.
        label: what stands before a colon above it, or at the head of its column; else "".
        like: a section of the notice, by whose form others are known.
    """
    words = _REACH_WORDS.sub(lambda match: "\2" * len(match[0]), words)
    if not _CHINESE.search(words) or _POINTS.fullmatch(words):
        return ()
    person = _person_in(words, label, like)
    return tuple(person or _offices_in(words, label, like))


_CHINESE = re.compile(r"[一-鿿]")


def _person_in(words: str, label: str, like: str) -> list[_Mention]:
    """A person and what he is; with the offices beside him, whose head or leader he is."""
    role = next((r for r, cue in _PERSON_CUES if label and cue.fullmatch(label)), None)
    cue = next((m for _, c in _PERSON_CUES if (m := c.search(words))), None)
    over = _OVER_ALL.search(words)
    cut = cue or over
    if cut is None:
        name = _name_at(words, surname_needed=role is None)
        return [_Mention(role or Role.OTHER, name[2], name[0], name[1])] if name else []
    before, after = words[: cut.start()], words[cut.end() :]
    role = role or next((r for r, c in _PERSON_CUES if cue and c.search(words)), None)
    name, shift, rest, offset = _name_at(after, surname_needed=False), cut.end(), before, 0
    if name is None or (over and not cue):
        sure = cut[0] in ("管", "抓")
        name, shift, rest, offset = _name_at(before, surname_needed=sure), 0, after, cut.end()
    if name is None:
        heads = role is Role.PERSON and not after
        whole = find_offices(before) is not None
        office = before if whole else words[: cut.start() + 1]
        return list(_offices_in(office, "", like)) if heads else []
    leads = offset > 0 and role in (None, Role.LEADER)
    at = shift + name[0]
    person = _Mention(role or Role.OTHER, name[2], at, at + name[1] - name[0], leads_on=leads)
    return [person, *(office.moved(offset) for office in _offices_in(rest, "", like))]


def _offices_in(words: str, label: str, like: str) -> Iterator[_Mention]:
    """The offices of a clause, with what its words or its label say they do."""
    helps = bool(_HELPS.search(words) or _HELPS.search(label))
    answers = bool(_ANSWERS.search(words) or _ANSWERS.search(label))
    bare = list(words)
    for pattern in (_HELPS, _ANSWERS):
        for match in pattern.finditer("".join(bare)):
            bare[match.start() : match.end()] = "\2" * (match.end() - match.start())
    for part in re.finditer(r"[^\0\1\2]+", "".join(bare)):
        first, chunk = part.start(), part[0]
        while filler := _FILLER.match(chunk):
            first += filler.end()
            chunk = chunk[filler.end() :]
        spans = find_offices(chunk) if len(chunk) > 1 else None
        for left, right in spans or ():
            name = chunk[left:right]
            role = _office_role(name, like, helps=helps)
            at = first + left
            yield _Mention(role, name, at, at + right - left, bare=not (helps or answers))


def _office_role(name: str, like: str, *, helps: bool) -> Role:
    section = is_section(name, like)
    if helps:
        return Role.COOPERATING_SECTION if section else Role.COOPERATING_UNIT
    return Role.SECTION if section else Role.LEAD


def _sentences(mentions: Sequence[_Mention], text: str) -> Iterator[list[_Mention]]:
    """Mentions of each sentence of a line."""
    part: list[_Mention] = []
    stop = 0
    for mention in mentions:
        if part and "。" in text[stop : mention.at]:
            yield part
            part = []
        part.append(mention)
        stop = mention.end
    if part:
        yield part


def _without_doubtful_reach(mentions: Sequence[_Mention]) -> list[_Mention]:
    """Mentions without numbers that could be anybody's: where some groups have them and some not."""
    groups: list[set[Role]] = []
    last: _Mention | None = None
    for mention in mentions:
        if mention.role is Role.INDICATOR and (last is None or last.role is not Role.INDICATOR):
            groups.append(set())
        elif groups and mention.role in _REACHED:
            groups[-1].add(mention.role)
        last = mention
    if len({frozenset(group) for group in groups}) < 2:  # noqa: PLR2004 - all alike
        return list(mentions)
    return [mention for mention in mentions if mention.role not in _REACHED]


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for index, sign in enumerate(text + ","):
        if sign in _DIVIDERS or (sign == "、" and text[index + 1 : index + 2] == "\1"):
            if index > start:
                yield start, index
            start = index + 1


def _in_brackets_next(text: str, end: int) -> bool:
    """Whether brackets that say where a person belongs stand right behind the name."""
    return text[end : end + 1] == "("


def _names_in(words: str) -> Iterator[tuple[int, int, str]]:
    return find_people(words, surname_needed=True)


def _name_at(words: str, *, surname_needed: bool) -> tuple[int, int, str] | None:
    """The one name that words are, fillers around it left out."""
    bare, offset = words, 0
    while match := _FILLER.match(bare):
        offset += match.end()
        bare = bare[match.end() :]
    bare = re.sub("同志$", "", bare)
    found = next(find_people(bare, surname_needed=surname_needed), None) if bare else None
    if found and _NO_NAME.search(found[2]):
        return None
    if found is None or found[0] or found[1] < len(bare):
        return None
    return offset, offset + found[1], found[2]


_NO_NAME = re.compile(
    "签[字名]|分管|窗口|电话|邮箱|人员|名单|情况|[评打计得]分|服务|工作|单位|部门|[科处股]室|领导|方式|公开|统一|考[核评]|指标|分工|安排|报送|审核|材料"
)
