"""存证日志 as a history: lines of it by filter, and one entry with everything that hangs on it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import Http404

from kaoping.core.acts.codec import decode_act
from kaoping.core.acts.names import act_name
from kaoping.core.acts.setting_up import StepKind
from kaoping.core.acts.telling import Told, tell, told_fields
from kaoping.core.acts.terms import CHOICES
from kaoping.core.errors import KaopingError, TamperError
from kaoping.core.journal import commitment, entry_of, read_body, read_entry
from kaoping.core.projection import TABLE_NAMES
from kaoping.core.tree import leaf_hash, verify_inclusion
from kaoping.core.workflow.case import Phase
from kaoping.core.workflow.table import STEPS
from kaoping.core.workflow.things import Person, Section, Unit
from kaoping.files.journal.tiles import WIDTH
from kaoping.files.listing import listing_workbook
from kaoping.web.models import Entry
from kaoping.web.queries.naming import Names
from kaoping.web.templatetags.words import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kaoping.core.acts.envelope import Act
    from kaoping.core.acts.telling import Field
    from kaoping.core.workflow.state import State
    from kaoping.files.journal.tiles import TileReader
    from kaoping.web.installation import Installation
    from kaoping.web.queries.wanted import Wanted
    from kaoping.web.viewer import Viewer

PAGE = 30
"""How many lines a page has."""
MOST_ROWS = 50
"""How many rows of the register an entry shows at once."""
MOST_EXPORTED = 5000
_MOST_NAMES = 20
"""By how many units or persons of a name a text is looked for within bodies."""
AGREES, DIFFERS, WAITS = "agrees", "differs", "waits"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history.

    Attributes:
        index: of the entry.
        at: when.
        told: the act in words.
        who, person: who did it, in words and as an id.
        check: whether the entry is the one signed: AGREES, DIFFERS, or WAITS for its seal.
    """

    index: int
    at: str
    told: Told
    who: str
    person: str
    check: str

    @property
    def agrees(self) -> bool:
        """Whether it is the entry that was signed."""
        return self.check == AGREES

    @property
    def waits(self) -> bool:
        """Whether it is not under a signed checkpoint yet."""
        return self.check == WAITS


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, newest first, and where to go on; None where there is nothing further."""

    lines: list[Line]
    newer: int | None
    older: int | None


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of acts of one phase of the year, for choosing from: wire name and term."""

    term: str
    kinds: list[tuple[str, str]]


def history(installation: Installation, viewer: Viewer, wanted: Wanted, count: int = PAGE) -> Page:
    """The lines that somebody wants to see, as many as fit on a page."""
    found = _narrowed(viewer, wanted).values_list("index", flat=True)
    if wanted.above is not None:
        near = list(found.filter(index__gt=wanted.above).order_by("index")[: count + 1])[::-1]
        has_more, indices = len(near) > count, near[-count:]
        newer, older = (indices[0] if has_more else None), (indices[-1] if indices else None)
        return Page(_lines(installation, viewer, indices), newer, older)
    if wanted.below is not None:
        found = found.filter(index__lt=wanted.below)
    near = list(found.order_by("-index")[: count + 1])
    has_more, indices = len(near) > count, near[:count]
    newer = indices[0] if indices and wanted.below is not None else None
    return Page(_lines(installation, viewer, indices), newer, indices[-1] if has_more else None)


def history_xlsx(installation: Installation, viewer: Viewer, wanted: Wanted, title: str) -> bytes:
    """The same lines as a workbook, the newest five thousand of them."""
    lines = history(installation, viewer, wanted, MOST_EXPORTED).lines
    heads = [("条目", 10), ("时间", 20), ("办理", 40), ("何人", 24), ("对何事", 30), ("理由等", 40)]
    rows = (
        (
            str(line.index),
            moment(line.at),
            line.told.what,
            line.who,
            line.told.about,
            line.told.why,
        )
        for line in lines
    )
    return listing_workbook(title, heads, rows, "时间为北京时间")


def called(viewer: Viewer, person: str) -> str:
    """Whose acts only are shown; empty for everybody's."""
    return Names(viewer.state).who(person) if person else ""


def kinds_to_choose() -> list[Kinds]:
    """All kinds of acts, by the phase of the year they belong to."""
    found: dict[Phase, list[tuple[str, str]]] = {}
    for step in STEPS:
        found.setdefault(step.phase, []).append((step.type, act_name(step.type)))
    return [Kinds(_PHASES[phase], kinds) for phase, kinds in found.items()]


_PHASES: Mapping[Phase, str] = {
    Phase.SET_UP: "准备",
    Phase.COLLECT: "数据收集",
    Phase.SCORE: "考核评分",
    Phase.VERIFY: "现场核验",
    Phase.CONSOLIDATE: "汇总整理",
    Phase.FILE: "审核报送",
    Phase.JOURNAL: "日志本身",
}


# --- finding --------------------------------------------------------------------------------------


def _narrowed(viewer: Viewer, wanted: Wanted) -> Any:  # noqa: ANN401 - a set of entries
    found = Entry.objects.visible_to(viewer)
    if wanted.kind:
        found = found.filter(type=wanted.kind)
    if wanted.who:
        found = found.filter(actor=wanted.who)
    if wanted.days.since:
        found = found.filter(at__gte=wanted.days.since)
    if wanted.days.before:
        found = found.filter(at__lt=wanted.days.before)
    return found.filter(_about(viewer.state, wanted.text)) if wanted.text else found


def _about(state: State, text: str) -> Q:
    """Entries about what a text names: a unit, a task, a person, an entry, a word somebody wrote."""
    if text.isascii() and text.isdecimal():
        return Q(index=int(text)) | Q(body__contains=f'"{text}"')
    named = [one.id for one in _named(state, text)][:_MOST_NAMES]
    found = Q(actor__in=named) | Q(subject__in=[*named, *_belonging(state, set(named), text)])
    for identity in named:
        found |= Q(body__contains=f'"{identity}"')
    exact = json.dumps(text, ensure_ascii=False)
    return found | Q(body__contains=exact if text.isascii() else exact[1:-1])


def _named(state: State, text: str) -> Iterable[Unit | Section | Person]:
    houses: Iterator[Unit | Section | Person] = chain(
        state.every(Unit), state.every(Section), state.every(Person)
    )
    return (one for one in houses if text in one.name or text == getattr(one, "code", ""))


def _belonging(state: State, named: set[str], text: str) -> Iterable[str]:
    """Things of those units and persons, and of a task or an indicator that is called so."""
    for thing in state.things.values():
        houses = (getattr(thing, "unit", None), getattr(thing, "person", None))
        tasks = (getattr(thing, "task", None), getattr(thing, "indicator", None))
        if named.intersection(houses) or text in tasks:
            yield thing.id


# --- telling --------------------------------------------------------------------------------------


def _lines(installation: Installation, viewer: Viewer, indices: Sequence[int]) -> list[Line]:
    """The lines of some entries, newest first; what is sorted before is numbers, not bodies."""
    entries = list(Entry.objects.filter(index__in=indices).order_by("-index"))
    names, acts = Names(viewer.state), [_act(entry) for entry in entries]
    before = _superseded([act for act in acts if act])
    reader = _Reader(installation)
    return [
        Line(
            entry.index,
            entry.at,
            _told(entry, act, names, before),
            names.who(entry.actor),
            entry.actor,
            reader.check(entry),
        )
        for entry, act in zip(entries, acts, strict=True)
    ]


def _act(entry: Entry) -> Act | None:
    """The act of an entry; None where its text was removed by law, or cannot be read any more."""
    try:
        return decode_act(read_body(entry.body)["act"])
    except (KaopingError, KeyError):
        return None


def _superseded(acts: Sequence[Act]) -> dict[str, Act]:
    wanted = [act.supersedes for act in acts if act.supersedes]
    found = Entry.objects.filter(act__in=wanted) if wanted else ()
    return {entry.act: act for entry in found if (act := _act(entry))}


def _told(entry: Entry, act: Act | None, names: Names, before: Mapping[str, Act]) -> Told:
    if act is None:
        return Told(
            act_name(entry.type), names(entry.subject), "正文已依法删除，或已无法读取", "info"
        )
    return tell(act, names, before.get(act.supersedes or ""))


class _Reader:
    """Compares entries of the database with the signed tree."""

    def __init__(self, installation: Installation) -> None:
        self.signed = installation.checkpoint().checkpoint
        self._tiles: TileReader = installation.journal.reader()
        self._is_sound = lru_cache(maxsize=None)(self._leads_to_root)

    def check(self, entry: Entry) -> str:
        """Whether an entry and its body are the ones that were signed."""
        if entry.index >= self.signed.size:
            return WAITS
        try:
            content, (number, place) = entry.content.encode(), divmod(entry.index, WIDTH)
            leaf, body = read_entry(content), read_body(entry.body)
            is_signed = leaf_hash(content) == self._tiles.tile(0, number)[place]
            is_bound = leaf is not None and commitment(body) == leaf.commitment
            is_same = is_signed and self._is_sound(number) and is_bound and _is_own(body, leaf)
        except TamperError:
            return DIFFERS
        return AGREES if is_same else DIFFERS

    def _leads_to_root(self, number: int) -> bool:
        """Whether a tile gives the signed root: the path of one of its leaves is made of all others."""
        index, signed = number * WIDTH, self.signed
        path = self._tiles.inclusion(index)
        leaf = self._tiles.tile(0, number)[0]
        return verify_inclusion(leaf, index, signed.size, path, signed.root)


def _is_own(body: Mapping[str, Any], leaf: object) -> bool:
    return "act" not in body or entry_of(body) == leaf


# --- one entry ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RowWritten:
    """A row of the register that an act wrote."""

    table: str
    id: str
    name: str
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry with everything that hangs on it.

    Attributes:
        line: as in the history.
        act: the id of the act; `type` its wire name.
        subject: what it is about, as an id.
        fields: every field of the content, in words.
        rows: what it wrote to the register; `more_rows` those beyond the first fifty.
        supersedes, superseded_by: indices of the entries it replaces, and that replaced it.
        leaf: what was hashed into the tree; `path` how many hashes lead from it to the root.
    """

    line: Line
    act: str
    type: str
    term: str
    subject: str
    fields: list[Field]
    rows: list[RowWritten]
    more_rows: list[RowWritten]
    supersedes: int | None
    superseded_by: list[int]
    leaf: str
    newer: int | None
    older: int | None


def line_shown(installation: Installation, viewer: Viewer, entry: Entry) -> Line:
    """An entry that the viewer may see, as in the history."""
    (line,) = _lines(installation, viewer, [entry.index])
    return line


def entry_shown(installation: Installation, viewer: Viewer, index: int) -> Shown:
    """One entry.

    Raises:
        Http404: where there is none, or none that the viewer may see.
    """
    entry = Entry.objects.visible_to(viewer).filter(index=index).first()
    if entry is None:
        raise Http404
    names, act = Names(viewer.state), _act(entry)
    line = line_shown(installation, viewer, entry)
    rows = _rows_written(entry, names)
    before = Entry.objects.filter(act=act.supersedes).first() if act and act.supersedes else None
    later = Entry.objects.filter(subject=entry.subject, index__gt=index).order_by("index")
    after = later.filter(body__contains=f'"supersedes":"{entry.act}"')
    return Shown(
        line,
        entry.act,
        entry.type,
        act_name(entry.type),
        entry.subject,
        list(told_fields(act.content, names)) if act else [],
        rows[:MOST_ROWS],
        rows[MOST_ROWS:],
        before.index if before else None,
        [one.index for one in after],
        entry.content,
        index + 1 if index + 1 < viewer.state.size else None,
        index - 1 if index else None,
    )


def _rows_written(entry: Entry, names: Names) -> list[RowWritten]:
    try:
        effects = read_body(entry.body)["effects"]
    except (TamperError, KeyError):
        return []
    return [
        RowWritten(TABLE_NAMES.get(table, table), row, _row_name(row, names), version, digest)
        for table, row, version, digest in effects
    ]


def _row_name(row: str, names: Names) -> str:
    """What a row is about: its id is made of the ids and codes of what it belongs to."""
    return " ".join(_STEPS.get(part, names(part)) for part in row.split("/"))


_STEPS = {step.value: CHOICES[step] for step in StepKind}
