"""指标 and their duties: from the places of a notice that speak of them to the indicators (P02).

Where they are listed gives their names, where duties stand gives who answers for them; contacts
that stand apart are given to the indicator they name. What was not understood is kept as unread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kaoping.core.notice.common_leads import lead_of_all, named_as
from kaoping.core.notice.contacts import (
    OFFICES,
    PEOPLE,
    Role,
    cells_of,
    find_people,
    role_of,
    tokens,
)
from kaoping.core.notice.duties import (
    NoticeIndicator,
    begins_with_office,
    build_indicator,
    build_lead,
    is_contact,
    is_duty,
    labelled_names,
    read_duty,
    read_handlers,
    split_duties,
)
from kaoping.core.notice.duty_places import duty_passages
from kaoping.core.notice.duty_tables import duty_head, is_total_row, names_indicators, read_row
from kaoping.core.notice.gathered import rules_aside
from kaoping.core.notice.indicator_lists import chosen_list
from kaoping.core.notice.label_tables import label_rows, read_label_table
from kaoping.core.notice.lists import items_of
from kaoping.core.notice.names import (
    is_indicator_name,
    is_work,
    key_of,
    listed_in,
    named_indicator,
    passage_of,
    points_of,
    split_names,
    without_quotes,
)
from kaoping.core.notice.nearness import read_near
from kaoping.core.notice.offices import find_offices, is_alike, is_inner
from kaoping.core.notice.outline import Block, Rank
from kaoping.core.notice.passage import Found, joined, plain_width
from kaoping.core.notice.procedure import SEE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaoping.core.notice.gathered import Gathered
    from kaoping.core.notice.passage import Passage, Source

_ASIDE = re.compile(r".*回避| *\([^()]*\) *$")
"""Who keeps out, and remarks in brackets: no duty and no contact."""
_STOPS = " 。:、,;"
_COORDINATES = re.compile(
    r"(?:考核|考评|评分|评价|评估)(?:工作)?(?:的?(?:组织|实施)(?:工作)?)?,?由[^,。;:]{2,30}(?:牵头|统筹|组织|归口)"
    r"|(?:牵头|统筹|组织)[^,。;:]{0,6}(?:考核|考评|评分|指标)"
    r"|(?:全部|所有|各|以上|上述)[^,。;:]{0,4}指标.{0,6}由[^,。;:]{2,30}(?:牵头|统筹)"
)
"""Who leads the work as a whole, which is no duty of one indicator."""
_CLOSES = re.compile(
    r"^[ 。]*(?:请|特此|望|现予|以上)[^,;:。]{0,20}(?:执行|落实|组织|通知|做好.{0,8})[。 ]*$"
)
_INTRODUCES = re.compile(
    r"^(?:[^。;]{2,60}:$|[^。;:,]{0,16}(?:分工|职责|安排)(?:如下|见下表?)[。:]?$"
    r"|[^。;:]{2,40}(?:如下|见下表|列于下表|列表如下)[。:]?$)"
)
"""Words that only announce what stands below them."""


_TAKEN_OVER = frozenset(
    {
        Role.SECTION,
        Role.COOPERATING_SECTION,
        Role.COOPERATING_UNIT,
        Role.TELEPHONE,
        Role.MAILBOX,
        *PEOPLE,
    }
)
"""What nearness may tell; who leads as a whole it cannot."""


@dataclass(frozen=True)
class IndicatorPlaces:
    """Where a notice speaks of indicators.

    Attributes:
        listing: headings that list them.
        assessed: headings of the assessed objects, whose clauses may list indicators as well.
        duties: headings of the duties.
        contacts: headings of contacts that stand apart.
        tables: tables of duties, each with its head.
        running: the lines that stand below no heading of steps, requirements or contacts.
        blocks: the headings of which the same is true.
        whole: the lines that stand below no heading of steps.
        issuer: who issues the notice, called 我局 in it.
    """

    listing: Sequence[Block]
    assessed: Sequence[Block]
    duties: Sequence[Block]
    contacts: Sequence[Block]
    tables: Sequence[Sequence[Passage]]
    running: Sequence[Passage]
    blocks: Sequence[Block] = ()
    whole: Sequence[Passage] = ()
    issuer: Found[str] | None = None


def read_indicators(
    places: IndicatorPlaces,
) -> tuple[tuple[NoticeIndicator, ...], list[Source]]:
    """The indicators in the order first named, and the words not understood."""
    reading = _Reading()
    reading.read_lists(places)
    label_tables = [table for table in places.tables if label_rows(table)]
    others = [table for table in places.tables if not label_rows(table)]
    contact_tables = [table for table in others if not names_indicators(table[0])]
    for table in others:
        if names_indicators(table[0]):
            reading.read_table(table)
    for table in label_tables:
        reading.read_label_table(table)
    for block in places.listing:
        if len(labelled_names(block.text.text)) > 1:
            reading.read_duties(None, block.text)
            continue
        for child in block.children or _lines_of(block):
            reading.read_noted_duty(child)
    for block in places.duties:
        for title, passage in duty_passages(block, list(reading.names())):
            reading.read_duties(title, passage)
    reading.read_elsewhere(places)
    for block in places.blocks:
        reading.read_group(block)
    reading.share_lead(places)
    for table in contact_tables:
        for row in table[1:]:
            reading.read_contact_row(row, duty_head(table[0]))
    for block in places.contacts:
        reading.read_contacts(block.text.each_line())
        for child in block.children:
            reading.read_contact(child.whole())
    for line in places.running:
        if is_contact(line):
            reading.read_contact(line)
    reading.read_near(places)
    return tuple(map(_with_helpers_sorted, reading.indicators.values())), reading.unread


def _with_helpers_sorted(indicator: NoticeIndicator) -> NoticeIndicator:
    """An indicator whose helpers are told apart anew, now that its own sections are known."""
    like = next((section.value for section in indicator.responsible_section), "")
    inner = [each for each in indicator.cooperating_units if is_alike(each.value, like)]
    if not inner or indicator.cooperating_sections:
        return indicator
    units = tuple(each for each in indicator.cooperating_units if each not in inner)
    sections = (*indicator.cooperating_sections, *inner)
    return replace(indicator, cooperating_units=units, cooperating_sections=sections)


def _is_answered(indicator: NoticeIndicator) -> bool:
    """Whether it was read who leads or answers."""
    return bool(indicator.responsible_section or indicator.lead_unit)


def _is_told(indicator: NoticeIndicator, role: Role) -> bool:
    """Whether a role was read; of those who help, one kind is enough."""
    if role in (Role.COOPERATING_SECTION, Role.COOPERATING_UNIT):
        return bool(indicator.cooperating_sections or indicator.cooperating_units)
    return bool(getattr(indicator, role.value))


def _lines_of(block: Block) -> list[Block]:
    """The lines of a heading without numbered items, where there are several."""
    lines = list(block.text.each_line())
    return [Block(Rank.TEXT, "", None, line, line) for line in lines] if len(lines) > 1 else []


@dataclass
class _Reading:
    """What is gathered on the way; indicators by their key."""

    indicators: dict[str, NoticeIndicator] = field(default_factory=dict)
    unread: list[Source] = field(default_factory=list)
    has_list: bool = False
    """Whether the notice lists its indicators, so that a sentence names no further one."""
    sure: bool = False
    """Whether it says so much of them that there are no others."""

    def names(self) -> Iterator[str]:
        return (indicator.name.value for indicator in self.indicators.values())

    def listed(self) -> list[Found[str]]:
        return [indicator.name for indicator in self.indicators.values()]

    # Lists.

    def read_lists(self, places: IndicatorPlaces) -> None:
        """The indicators by name, with their points."""
        named, self.sure = chosen_list(
            places.listing,
            places.assessed,
            places.duties,
            places.running,
            places.blocks,
            in_tables=any(label_rows(t) or names_indicators(t[0]) for t in places.tables),
        )
        for name, points in named:
            self.indicators[key_of(name.value)] = NoticeIndicator(name, points)
        self.has_list = bool(self.indicators)

    # What is left.

    def read_near(self, places: IndicatorPlaces) -> None:
        """Take over, where nothing was read, what stands near an indicator or its section."""
        tables = [table for table in places.tables if not label_rows(table)]
        lines = [*places.running, *(row for table in tables for row in table)]
        for block in (*places.contacts, *places.duties):
            lines += block.whole().each_line()
        unique = {line.source().line: line for line in lines}
        near = read_near(self.indicators, [unique[number] for number in sorted(unique)])
        used: set[int] = set()
        for key, values in near.values.items():
            known = self.indicators[key]
            new: dict[str, Any] = {
                role.value: tuple(found)
                for role, found in values.items()
                if role in _TAKEN_OVER and not _is_told(known, role)
            }
            if new:
                used |= {found.source.line for many in new.values() for found in many}
                self.indicators[key] = replace(known, **new)
        self.unread = [source for source in self.unread if source.line not in used - near.doubtful]

    # Duties.

    def read_table(self, table: Sequence[Passage]) -> None:
        """Duties from a table whose first line is its head; a row not understood is unread."""
        roles = duty_head(table[0])
        lists_only = not {role for role in roles if role} & (PEOPLE | OFFICES)
        subject: Found[str] | None = None
        above: Gathered | None = None
        for row in table[1:]:
            if is_total_row(row):
                continue
            above = read_row(row, roles, above)
            subject = above.first(Role.INDICATOR) or subject
            if subject is None or not _can_be_named_so(subject.value):
                self.unread.append(row.source())
            elif lists_only:
                self._list_row(subject, above)
            elif not is_duty(above):
                self.unread.append(row.source())
            else:
                self._keep(self._in_cell(subject), above)
                self.unread.extend(above.unread())

    def _in_cell(self, cell: Found[str]) -> list[Found[str]]:
        """The indicators a cell names: several where they are listed, else what it says."""
        named = [name for name in self.listed() if name.value in cell.value]
        exact = [name for name in named if key_of(name.value) == key_of(cell.value)]
        several = "、".join(name.value for name in named) == cell.value.strip()
        if several and len(named) > 1 and not exact:
            return named
        items = list(items_of(passage_of(cell)))
        worth = [item for item in items if points_of(item)[1]]
        return items if len(items) > 1 and len(worth) == len(items) else [without_quotes(cell)]

    def read_label_table(self, rows: Sequence[Passage]) -> None:
        """Duties from a table whose rows are the labels."""
        table = read_label_table(rows)
        for subject, gathered in table.duties:
            if is_indicator_name(subject.value):
                self._keep([without_quotes(subject)], gathered)
        self.unread.extend(row.source() for row in dict.fromkeys(table.missed))

    def _list_row(self, subject: Found[str], gathered: Gathered) -> None:
        """A row that tells an indicator's points and no duty."""
        name = without_quotes(subject)
        points = gathered.first(Role.POINTS)
        known = self.indicators.get(key_of(name.value)) or NoticeIndicator(name)
        self.indicators[key_of(name.value)] = replace(known, points=known.points or points)

    def read_duties(self, title: Found[str] | None, passage: Passage) -> None:
        for number, part in enumerate(split_duties(passage, self.listed())):
            self._read_duty(None if number else title, part)

    def _read_duty(self, title: Found[str] | None, passage: Passage) -> None:
        gathered, told = read_duty(passage)
        subject = self._subject(title, told, gathered)
        subjects = self._several(subject, title) if subject and is_duty(gathered) else []
        if self.sure and any(listed_in(each, self.listed()) is None for each in subjects):
            subjects = []
        if not subjects and is_duty(gathered):
            subjects = self._first_listed(gathered)
        if not subjects:
            self._leave_unread(title, passage)
            return
        if self._tells_of_several(gathered):
            self._leave_unread(title, passage)
            return
        self._keep(subjects, gathered)
        self.unread.extend(gathered.unread())

    def _tells_of_several(self, gathered: Gathered) -> bool:
        """Whether a passage names several indicators, each with its own people or numbers."""
        several = any(len(gathered.of(role)) > 1 for role in (Role.MAILBOX, Role.TELEPHONE))
        text = key_of(gathered.passage.text)
        return several and sum(key in text for key in self.indicators) > 1

    def _first_listed(self, gathered: Gathered) -> list[Found[str]]:
        """The listed indicators in the first clause that names any, where prose told no subject."""
        for start, end in tokens(gathered.passage.text, ",。;:\n"):
            words = gathered.passage.words(start, end)
            if listed_in(words, self.listed()):
                gathered.use(start, end)
                return self._several(words, None)
        return []

    def _leave_unread(self, title: Found[str] | None, passage: Passage) -> None:
        """Keep each line of a duty that was not understood, its heading where it says no more."""
        lines = [line for line in passage.each_line() if re.search(r"\w", line.text)]
        for line in lines:
            if not SEE.search(line.text) and not self._is_no_duty(line.text):
                self.unread.append(line.source(len(line.text) - len(line.text.lstrip(_STOPS))))
        if not lines and title:
            self.unread.append(title.source)

    def _is_no_duty(self, text: str) -> bool:
        """Whether words below a heading of duties tell no duty of one indicator.

        They list the indicators, rule who keeps out, introduce what follows, or say who
        coordinates or leads the work as a whole.
        """
        listed = sum(name in text for name in self.names())
        whole = not listed and any(
            rule.search(text) for rule in (_COORDINATES, _INTRODUCES, _CLOSES)
        )
        return listed > 1 or _stands_aside(text) or bool(whole)

    def _subject(
        self, title: Found[str] | None, told: Found[str] | None, gathered: Gathered
    ) -> Found[str] | None:
        """What a duty is about: a heading that names a listed indicator wins over its sentences."""
        if title is None or told is None:
            return title or told
        by_title = listed_in(title, self.listed())
        by_text = listed_in(told, self.listed())
        if by_title:
            return told if by_text == by_title else title
        if by_text:
            return told
        return title if gathered.subject_follows else told

    def _several(self, subject: Found[str], title: Found[str] | None) -> list[Found[str]]:
        """The indicators a subject names, one by one; none where they cannot be told apart."""
        named = [name for name in self.listed() if name.value in subject.value]
        outer = [n for n in named if not any(n.value in m.value and n is not m for m in named)]
        if outer:
            return outer if len(outer) > 1 else [subject]
        if is_work(subject.value) or (self.has_list and subject is not title):
            return []
        names = split_names(subject)
        if names is None:
            return [subject] if subject is title else []
        return names if all(is_indicator_name(name.value) for name in names) else []

    def _keep(self, subjects: Iterable[Found[str]], gathered: Gathered) -> None:
        for subject in subjects:
            name, scope = named_indicator(subject, self.listed())
            name, points = points_of(name)
            key = key_of(name.value)
            known = self.indicators.get(key)
            if points and not gathered.of(Role.POINTS):
                known = known or NoticeIndicator(name)
                known = replace(known, points=known.points or points)
            self.indicators[key] = build_indicator(name, scope, gathered, known)

    def read_noted_duty(self, block: Block) -> None:
        """A duty told where the indicators are listed: `…(责任科室:…)`, or in items below one."""
        if block.title is None:
            passage = block.whole()
            gathered, subject = read_duty(passage)
            if not is_duty(gathered):
                return
            named = subject and listed_in(subject, self.listed())
            if not named and sum(name in passage.text for name in self.names()) > 1:
                return
            subjects = [subject] if subject and named else self._first_listed(gathered)[:1]
            if subjects:
                self._keep(subjects, gathered)
                self.unread.extend(gathered.unread_beside_read())
            return
        rest = block.whole().cut(len(block.title.value))
        if sum(name in rest.text and name not in block.title.value for name in self.names()) > 1:
            return
        gathered, _ = read_duty(rest)
        if is_duty(gathered) and listed_in(block.title, self.listed()):
            self._keep([block.title], gathered)
            self.unread.extend(gathered.unread_beside_read())

    # Duties elsewhere.

    def read_elsewhere(self, places: IndicatorPlaces) -> None:
        """Duties that stand below no heading of duties, of indicators that have none yet."""
        if self.indicators and all(map(_is_answered, self.indicators.values())):
            return
        for block in places.blocks:
            if block.title and self._waits(block.title):
                self.read_noted_duty(block)
            elif block.title and find_offices(block.heading) and not block.children:
                self._read_headed_by_office(block)
        shown = {source.line for source in self.unread}
        shown |= {each.paragraph.line for each in self.indicators.values() if each.paragraph}
        for line in places.running:
            if line.source().line not in shown and not is_contact(line):
                self.read_scattered_duties(line)

    def _read_leads_of_some(self, places: IndicatorPlaces) -> None:
        """Who leads those indicators that a sentence names, beside where their duties stand."""
        names = [plain_width(name) for name in self.names()]
        for line in places.whole or places.running:
            if "牵头" not in line.text or not any(name in line.text for name in names):
                continue
            for part in split_duties(line, self.listed()):
                gathered, subject = read_duty(part)
                lead = gathered.first(Role.LEAD)
                if lead is None or subject is None or not listed_in(subject, self.listed()):
                    continue
                for name in self._several(subject, None):
                    key = key_of(name.value)
                    if key in self.indicators and not self.indicators[key].lead_unit:
                        known = self.indicators[key]
                        self.indicators[key] = replace(known, lead_unit=build_lead(gathered))

    def read_group(self, block: Block) -> None:
        """A heading that is a section, above the indicators it answers for: `(一)工业科(…配合)`."""
        below = [name for child in block.children if (name := self._heads(child))]
        if not below or (block.title and self._heads(block)):
            return
        gathered, subject = read_duty(block.body)
        if subject is None and is_duty(gathered) and begins_with_office(block.body.cut(0)):
            self._keep([name for name in below if not self._is_answered(name)], gathered)

    def _heads(self, block: Block) -> Found[str] | None:
        """The listed indicator that a heading is."""
        return listed_in(block.title, self.listed()) if block.title else None

    def _is_answered(self, name: Found[str]) -> bool:
        return bool(self.indicators[key_of(name.value)].responsible_section)

    def _read_headed_by_office(self, block: Block) -> None:
        """What stands below a section's name: `承担…、…两项指标`, then its people."""
        gathered, _ = read_duty(block.body)
        subjects = self._first_listed(gathered) if is_duty(gathered) else []
        if subjects:
            lines = {line.source().line for line in block.body.each_line()}
            self.unread = [source for source in self.unread if source.line not in lines]
            self._keep(subjects, gathered)
            self.unread.extend(gathered.unread_beside_read())

    def _waits(self, title: Found[str]) -> bool:
        """Whether a heading is one indicator of which no duty was read so far."""
        name = listed_in(title, self.listed())
        return name is not None and not _is_answered(self.indicators[key_of(name.value)])

    def share_lead(self, places: IndicatorPlaces) -> None:
        """Who leads all indicators leads those of which nothing else is said; 我局 is the issuer."""
        self._take_inner_leads_for_sections()
        like = next((s.value for i in self.indicators.values() for s in i.responsible_section), "")
        issuer = places.issuer.value if places.issuer else ""
        self._read_leads_of_some(places)
        lead = lead_of_all(places.whole or places.running, list(self.names()), like, issuer)
        for key, indicator in self.indicators.items():
            own = indicator.lead_unit
            if own and lead and not indicator.responsible_section and is_inner(own.value):
                indicator = replace(indicator, lead_unit=None, responsible_section=(own,))  # noqa: PLW2901
            leads = named_as(indicator.lead_unit or lead, places.issuer)
            self.indicators[key] = replace(indicator, lead_unit=leads)

    def _take_inner_leads_for_sections(self) -> None:
        """Where every indicator is led by an office without place or level, these are sections."""
        led = [each for each in self.indicators.values() if each.lead_unit]
        inner = [each for each in led if each.lead_unit and is_inner(each.lead_unit.value)]
        if len(led) < _FEW or len(inner) < len(self.indicators):
            return
        if any(each.responsible_section for each in led):
            return
        for key, each in self.indicators.items():
            own = (each.lead_unit,) if each.lead_unit else ()
            self.indicators[key] = replace(each, lead_unit=None, responsible_section=own)

    def read_scattered_duties(self, line: Passage) -> None:
        """A line of a notice without a heading for duties."""
        for part in split_duties(line, self.listed()):
            self._read_scattered_duty(part)

    def _read_scattered_duty(self, line: Passage) -> None:
        """Words that lead and name people or a listed indicator."""
        gathered, subject = read_duty(line)
        people = any(gathered.of(role) for role in PEOPLE)
        answers = gathered.first(Role.SECTION) or gathered.first(Role.LEAD)
        if not subject and answers and people:
            self._keep(self._first_listed(gathered)[:1], gathered)
        if not subject or not answers:
            return
        known = people or listed_in(subject, self.listed())
        if self.has_list and not known:
            return
        subjects = self._several(subject, None) if known else []
        if subjects:
            self._keep(subjects, gathered)
            self.unread.extend(gathered.unread_beside_read())
        else:
            self.unread.append(line.source())

    # Contacts that stand apart.

    def read_contacts(self, lines: Iterable[Passage]) -> None:
        """Lines of contacts; one that names nobody of its own goes on with the one above it."""
        groups: list[list[Passage]] = []
        for line in lines:
            opens = self._reached(line.text) or begins_with_office(line)
            if groups and not opens and self._reached(groups[-1][0].text):
                groups[-1].append(line)
            else:
                groups.append([line])
        for group in groups:
            whole = joined(group)
            if len(group) > 1 and self._reached(whole.text) == self._reached(group[0].text):
                self._keep_contact(whole, self._reached(group[0].text))
            else:
                for line in group:
                    self.read_contact(line)

    def read_contact_row(self, row: Passage, roles: Sequence[Role | None]) -> None:
        """A row of a table of contacts, which belongs to the section it names."""
        gathered = read_row(row, roles, None)
        offices = [each for role in OFFICES for each in gathered.of(role)]
        keys = {key for each in offices for key in self._reached(each.value)}
        if not keys:
            self.unread.append(row.source())
            return
        for role in OFFICES:
            gathered.values.pop(role, None)
        for key in self.indicators:
            if key in keys:
                known = self.indicators[key]
                self.indicators[key] = build_indicator(known.name, None, gathered, known)
        self.unread.extend(gathered.unread())

    def read_contact(self, passage: Passage) -> None:
        """Contacts go to the indicators or the section they name; where several, each to its own."""
        if sum(role_of(passage.text[slice(*span)]) is not None for span in cells_of(passage)) > 1:
            return
        parts = self._contacts_apart(passage)
        reached = [self._reached(part.text) for part in parts]
        if not parts or not all(reached):
            if re.search(r"\w", passage.text) and not _stands_aside(passage.text):
                self.unread.append(passage.source())
            return
        for part, keys in zip(parts, reached, strict=True):
            self._keep_contact(part, keys)

    def _keep_contact(self, part: Passage, keys: Iterable[str]) -> None:
        gathered = _read_people(part)
        for role in (Role.LEAD, Role.SECTION, Role.COOPERATING_SECTION, Role.COOPERATING_UNIT):
            gathered.values.pop(role, None)
        for key in keys:
            known = self.indicators[key]
            self.indicators[key] = build_indicator(known.name, None, gathered, known)
        self.unread.extend(gathered.unread_labels())

    def _reached(self, text: str) -> tuple[str, ...]:
        """The indicators that some words name, or whose section they name."""
        return tuple(
            key
            for key, indicator in self.indicators.items()
            if key in key_of(text)
            or any(section.value in text for section in indicator.responsible_section)
        )

    def _contacts_apart(self, passage: Passage) -> list[Passage]:
        """The contacts of each section in a passage; [] where they cannot be told apart.

        The parts must tell the same kinds of things, for else a telephone could be anybody's.
        """
        head, colon, _ = passage.text.partition(":")
        if colon and self._reached(head) == self._reached(passage.text):
            return [passage]
        starts, current = [0], tuple[str, ...]()
        for start, end in tokens(passage.text, "、;,。\n"):
            keys = self._reached(passage.text[start:end])
            if keys and current and keys != current:
                starts.append(start)
            current = keys or current
        bounds = pairwise([*starts, len(passage.text)])
        parts = [passage.cut(first, last) for first, last in bounds]
        kinds = {_kinds_of(_read_people(part)) for part in parts}
        mixed = any(self._is_mixed(part.text) for part in parts)
        return parts if len(kinds) == 1 and not mixed else []

    def _is_mixed(self, text: str) -> bool:
        """Whether some words name sections or indicators that have nothing in common."""
        named = [{key} for key in self.indicators if key in key_of(text)]
        sections = {s.value for i in self.indicators.values() for s in i.responsible_section}
        named += [set(self._reached(section)) for section in sections if section in text]
        return bool(named) and any(one.isdisjoint(other) for one in named for other in named)


def _can_be_named_so(cell: str) -> bool:
    """Whether a cell names an indicator; in a column of names, words of the work may: 项目推进."""
    return is_indicator_name(cell) or (len(cell) >= _SHORTEST_WORK and is_work(cell))


_SHORTEST_WORK = 4
_FEW = 2


def _stands_aside(text: str) -> bool:
    """Whether words among duties or contacts tell none of them."""
    rest = list(text)
    for start, end in rules_aside(text):
        rest[start:end] = " " * (end - start)
    return bool(_ASIDE.match(text)) or not re.search(r"\w", "".join(rest))


def _kinds_of(gathered: Gathered) -> tuple[int, ...]:
    people = sum(len(gathered.of(role)) for role in PEOPLE)
    return people, len(gathered.of(Role.TELEPHONE)), len(gathered.of(Role.MAILBOX))


def _read_people(passage: Passage) -> Gathered:
    """A duty's people and how to reach them.

    A rank behind a name says what its bearer is; who handles a matter, or has no label, is a liaison.
    """
    gathered, _ = read_duty(passage)
    for start, end, role in list(_ranked(passage.text)):
        if not gathered.of(role):
            gathered.add(role, start, end)
            gathered.use(start, end)
    if not gathered.of(Role.LIAISON):
        read_handlers(gathered)
    if not any(gathered.of(role) for role in PEOPLE):
        for start, end, name in _bare_people(passage.text):
            gathered.add(Role.LIAISON, start, end, name)
    return gathered


_RANKED = re.compile(
    r"(?:^|(?<=[,;: 、\n|]))(?P<name>[一-鿿]{2,4}?)(?:(?P<head>[科处股]长|(?<!副)主任)|(?P<leader>副[局厅县区市院]长|副主任))(?=[,;: 、\n。|]|$)"
)


def _ranked(text: str) -> Iterator[tuple[int, int, Role]]:
    """Names with the rank behind them: `林某科长`."""
    for match in _RANKED.finditer(text):
        if any(find_people(match["name"], surname_needed=True)):
            start, end = match.span("name")
            yield start, end, Role.PERSON if match["head"] else Role.LEADER


def _bare_people(text: str) -> Iterator[tuple[int, int, str]]:
    """Names without a label: words between stops that are a known surname and a given name."""
    for start, end in tokens(text, ",;: 、\n|"):
        for first, last, name in find_people(text[start:end], surname_needed=True):
            yield start + first, start + last, name
