"""What is gathered of one duty: values by role, each with its place, and which words were used.

The words that no rule used are what is shown as unread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import Role, find_labels, role_of, tokens
from kaoping.core.notice.offices import find_offices
from kaoping.core.notice.passage import Found, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kaoping.core.notice.passage import Source

Words = tuple[Found[str], ...]

_SHORTEST_CLAUSE = 2
POINTS_ONLY = re.compile(r" *(?:各|均)?(?:分值|满分|为|占|计)*:? ?[0-9.]+ ?分 *")
"""A clause that only tells points."""


@dataclass
class Gathered:
    """What was read of one duty so far, by role, and which words of it were used.

    Attributes:
        missed: words that stood where a value was expected and were not understood.
        subject_follows: whether the subject was found only behind the verb, `…科负责…`.
    """

    passage: Passage
    values: dict[Role, list[Found[str]]] = field(default_factory=dict)
    used: list[tuple[int, int]] = field(default_factory=list)
    missed: list[tuple[int, int]] = field(default_factory=list)
    subject_follows: bool = False

    def add(self, role: Role, start: int, end: int, value: str = "") -> None:
        """Keep a value once, with the words it stands in."""
        found = self.passage.words(start, end)
        found = Found(value or found.value, found.source)
        kept = self.values.setdefault(role, [])
        if all(other.value != found.value for other in kept):
            kept.append(found)

    def use(self, start: int, end: int) -> None:
        """Note that words were understood."""
        self.used.append((start, end))

    def of(self, role: Role) -> Words:
        """The values of a role in the order read."""
        return tuple(self.values.get(role, ()))

    def first(self, role: Role) -> Found[str] | None:
        """The first value of a role."""
        return next(iter(self.of(role)), None)

    def unread(self) -> Iterator[Source]:
        """Labels whose value was not understood, and clauses of which no word was."""
        missed = [*self.missed, *self._missed_labels()]
        clauses = (span for span in self._unused_clauses() if not meets(span, missed))
        for start, end in sorted((*missed, *clauses)):
            if len(re.findall(r"\w", self.passage.text[start:end])) >= _SHORTEST_CLAUSE:
                yield self.passage.source(start, end)

    def unread_labels(self) -> Iterator[Source]:
        """Labels whose value was not understood."""
        return (self.passage.source(*span) for span in self._missed_labels())

    def unread_beside_read(self) -> Iterator[Source]:
        """What is unread in those sentences of which something was read."""
        told = [
            self.passage.source(*span)
            for span in tokens(self.passage.text, "。\n")
            if meets(span, self.used)
        ]
        for source in self.unread():
            if any(t.line == source.line and t.start <= source.start < t.end for t in told):
                yield source

    def _missed_labels(self) -> Iterator[tuple[int, int]]:
        text = self.passage.text
        for label in find_labels(text):
            first = next(tokens(text[label.value_start : label.value_end], ","), (0, 0))
            span = (label.start, label.value_start + first[1])
            opens = label.has_colon or opens_clause(text, label.start)
            if opens and Role.OTHER not in label.roles and not meets(span, self.used):
                yield span

    def _unused_clauses(self) -> Iterator[tuple[int, int]]:
        """Clauses without a used word; where one holds a colon, its parts are told apart."""
        text = self.passage.text
        for start, end in tokens(text, ",。;\n"):
            parts = [(start + first, start + last) for first, last in tokens(text[start:end], ":")]
            free = [part for part in parts if not meets(part, self.used)]
            free = [part for part in free if not POINTS_ONLY.fullmatch(text[slice(*part)])]
            if len(free) < len(parts):
                free = [part for part in free if role_of(text[slice(*part)]) is None]
            yield from [(start, end)] if len(free) == len(parts) else free


def meets(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    """Whether a span shares a character with one of the others."""
    return any(first < span[1] and span[0] < last for first, last in others)


def opens_clause(text: str, start: int) -> bool:
    """Whether a label stands where a clause begins, or directly behind the office it is told of."""
    if start == 0 or text[start - 1] in ",。;:\n( 、).|":
        return True
    office = _CLAUSE_OFFICE.search(text, max(0, start - _LONGEST_OFFICE), start)
    return office is not None and find_offices(office[0]) is not None


_LONGEST_OFFICE = 24
_CLAUSE_OFFICE = re.compile(r"(?:(?<=[,。;\n])|^)[^,。;:\n()]{1,20}[科处股室局委办]$")
