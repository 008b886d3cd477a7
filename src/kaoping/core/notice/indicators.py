"""指标 and their duties: from the places of a notice that speak of them to the indicators (P02).

Where they are listed gives their names, where duties stand gives who answers for them; contacts
that stand apart are given to the indicator they name. What was not understood is kept as unread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import PEOPLE, Role, cells_of, find_people, role_of, tokens
from kaoping.core.notice.duties import (
    NoticeIndicator,
    build_indicator,
    duty_passages,
    is_duty,
    read_duty,
    split_duties,
)
from kaoping.core.notice.duty_tables import duty_head, is_total_row, read_row
from kaoping.core.notice.lists import clauses_of_indicators, items_of, listed_items, plain_lists
from kaoping.core.notice.names import (
    is_work,
    key_of,
    listed_in,
    named_indicator,
    points_of,
    split_names,
    without_quotes,
)
from kaoping.core.notice.procedure import SEE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaoping.core.notice.duties import Gathered
    from kaoping.core.notice.outline import Block
    from kaoping.core.notice.passage import Found, Passage, Source

_LONGEST_NAME = 40
_STOPS = " 。:、,;"
_NO_NAME = re.compile(
    r"负责|牵头|详见|附件|满分|按照|根据|[0-9]分以|(?<!限额)(?<!规模)以[上下]|总分|计分|采[用取]|实行|由.+[评考]"
    r"|[0-9一二三四五六七八九十](?:项|个|类)(?:考核|考评|评价|[一二三]级)*(?:指标|内容|项目)|[:。;]"
)


@dataclass(frozen=True)
class IndicatorPlaces:
    """Where a notice speaks of indicators.

    Attributes:
        listing: headings that list them.
        assessed: headings of the assessed objects, whose clauses may list indicators as well.
        duties: headings of the duties.
        contacts: headings of contacts that stand apart.
        tables: tables of duties, each with its head.
        running: the lines that stand below no heading of steps or requirements.
    """

    listing: Sequence[Block]
    assessed: Sequence[Block]
    duties: Sequence[Block]
    contacts: Sequence[Block]
    tables: Sequence[Sequence[Passage]]
    running: Sequence[Passage]


def read_indicators(
    places: IndicatorPlaces,
) -> tuple[tuple[NoticeIndicator, ...], list[Source]]:
    """The indicators in the order first named, and the words not understood."""
    reading = _Reading()
    reading.read_lists(places)
    for table in places.tables:
        reading.read_table(table)
    for block in places.listing:
        for child in block.children:
            reading.read_noted_duty(child)
    for block in places.duties:
        for title, passage in duty_passages(block, list(reading.names())):
            reading.read_duties(title, passage)
    if not any(indicator.paragraph for indicator in reading.indicators.values()):
        shown = {source.line for source in reading.unread}
        for line in places.running:
            if line.source().line not in shown:
                reading.read_scattered_duties(line)
    for block in places.contacts:
        for passage in (*block.text.each_line(), *(child.whole() for child in block.children)):
            reading.read_contact(passage)
    return tuple(reading.indicators.values()), reading.unread


@dataclass
class _Reading:
    """What is gathered on the way; indicators by their key."""

    indicators: dict[str, NoticeIndicator] = field(default_factory=dict)
    unread: list[Source] = field(default_factory=list)
    has_list: bool = False
    """Whether the notice lists its indicators, so that a sentence names no further one."""

    def names(self) -> Iterator[str]:
        return (indicator.name.value for indicator in self.indicators.values())

    def listed(self) -> list[Found[str]]:
        return [indicator.name for indicator in self.indicators.values()]

    # Lists.

    def read_lists(self, places: IndicatorPlaces) -> None:
        """The indicators by name: as listed, beside the assessed objects, else in running text."""
        for block in places.listing:
            self._list(listed_items(block))
        for block in places.assessed:
            for clause in clauses_of_indicators(block):
                self._list(items_of(clause))
        if not self.indicators and not places.tables:
            for line in places.running:
                for clause in plain_lists(line):
                    self._list(items_of(clause))
        self.has_list = bool(self.indicators)

    def _list(self, items: Iterable[Found[str]]) -> None:
        for words in items:
            name, points = points_of(words)
            name = without_quotes(name)
            if is_indicator_name(name.value):
                self.indicators.setdefault(key_of(name.value), NoticeIndicator(name, points))

    # Duties.

    def read_table(self, table: Sequence[Passage]) -> None:
        """Duties from a table whose first line is its head; a row not understood is unread."""
        roles = duty_head(table[0])
        subject: Found[str] | None = None
        above: Gathered | None = None
        for row in table[1:]:
            if is_total_row(row):
                continue
            above = read_row(row, roles, above)
            subject = above.first(Role.INDICATOR) or subject
            if subject is None or not is_indicator_name(subject.value) or not is_duty(above):
                self.unread.append(row.source())
            else:
                self._keep([without_quotes(subject)], above)
                self.unread.extend(above.unread())

    def read_duties(self, title: Found[str] | None, passage: Passage) -> None:
        for number, part in enumerate(split_duties(passage, self.listed())):
            self._read_duty(None if number else title, part)

    def _read_duty(self, title: Found[str] | None, passage: Passage) -> None:
        gathered, told = read_duty(passage)
        subject = self._subject(title, told, gathered)
        subjects = self._several(subject, title) if subject and is_duty(gathered) else []
        if not subjects:
            self._leave_unread(title, passage)
            return
        self._keep(subjects, gathered)
        self.unread.extend(gathered.unread())

    def _leave_unread(self, title: Found[str] | None, passage: Passage) -> None:
        """Keep each line of a duty that was not understood, its heading where it says no more."""
        lines = [line for line in passage.each_line() if re.search(r"\w", line.text)]
        for line in lines:
            if not SEE.search(line.text):
                self.unread.append(line.source(len(line.text) - len(line.text.lstrip(_STOPS))))
        if not lines and title:
            self.unread.append(title.source)

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
            key = key_of(name.value)
            self.indicators[key] = build_indicator(name, scope, gathered, self.indicators.get(key))

    def read_noted_duty(self, block: Block) -> None:
        """A duty told behind an indicator where the indicators are listed: `…(责任科室:…)`."""
        if block.children or block.title is None:
            return
        gathered, _ = read_duty(block.body.cut(len(block.title.value)))
        if is_duty(gathered) and listed_in(block.title, self.listed()):
            self._keep([block.title], gathered)
            self.unread.extend(gathered.unread_beside_read())

    def read_scattered_duties(self, line: Passage) -> None:
        """A line of a notice without a heading for duties."""
        for part in split_duties(line, self.listed()):
            self._read_scattered_duty(part)

    def _read_scattered_duty(self, line: Passage) -> None:
        """Words that lead and name people or a listed indicator."""
        gathered, subject = read_duty(line)
        people = any(gathered.of(role) for role in PEOPLE)
        answers = gathered.first(Role.SECTION) or gathered.first(Role.LEAD)
        if not subject or not answers:
            return
        known = people or listed_in(subject, self.listed())
        subjects = self._several(subject, None) if known else []
        if subjects:
            self._keep(subjects, gathered)
            self.unread.extend(gathered.unread_beside_read())
        else:
            self.unread.append(line.source())

    # Contacts that stand apart.

    def read_contact(self, passage: Passage) -> None:
        """Contacts go to the indicators or the section they name; where several, each to its own."""
        if sum(role_of(passage.text[slice(*span)]) is not None for span in cells_of(passage)) > 1:
            return
        parts = self._contacts_apart(passage)
        reached = [self._reached(part.text) for part in parts]
        if not parts or not all(reached):
            if re.search(r"\w", passage.text):
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


def _kinds_of(gathered: Gathered) -> tuple[int, ...]:
    people = sum(len(gathered.of(role)) for role in PEOPLE)
    return people, len(gathered.of(Role.TELEPHONE)), len(gathered.of(Role.MAILBOX))


def _read_people(passage: Passage) -> Gathered:
    """A duty's people and how to reach them; names without a label are liaisons."""
    gathered, _ = read_duty(passage)
    if not any(gathered.of(role) for role in PEOPLE):
        for start, end, name in _bare_people(passage.text):
            gathered.add(Role.LIAISON, start, end, name)
    return gathered


def is_indicator_name(name: str) -> bool:
    """Whether words can be an indicator's name and are no sentence about indicators."""
    return 1 < len(name) <= _LONGEST_NAME and not _NO_NAME.search(name)


def _bare_people(text: str) -> Iterator[tuple[int, int, str]]:
    """Names without a label: words between stops that are a known surname and a given name."""
    for start, end in tokens(text, ",;: 、\n|"):
        for first, last, name in find_people(text[start:end], surname_needed=True):
            yield start + first, start + last, name
