"""方案草稿 as pages show them: every problem with its place, and what stands in the way of publishing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kaoping.core.acts.setting_up import SchemePublished
from kaoping.core.check.checking import check_scheme, unclear_problems
from kaoping.core.diff import diff_schemes
from kaoping.core.problems import Severity, blocking, by_severity
from kaoping.core.scheme import load_scheme
from kaoping.core.scheme_places import SchemeLines, place_words
from kaoping.core.workflow import things
from kaoping.core.workflow.admission import admission
from kaoping.core.workflow.case import Case, Place
from kaoping.core.workflow.reasons import Reason
from kaoping.core.workflow.table import STEPS
from kaoping.files.holidays import holiday_calendar
from kaoping.web.models import Person, SchemeDraft
from kaoping.web.queries.scheme import (
    loaded_version,
    scheme_of_year,
    scheme_ties,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from kaoping.core.diff import Change
    from kaoping.core.problems import Problem
    from kaoping.core.publishing import Ties
    from kaoping.core.scheme import Loaded, Task
    from kaoping.core.workflow.reasons import StepRefused
    from kaoping.files.blobs import Blobs
    from kaoping.web.viewer import Viewer

WHOLE = 1200
"""Longest text shown line by line as a whole; of a longer one the lines around problems are."""
AROUND = 6
MOST_SHOWN = 300
"""Most problems on a page; all of them are in the list to download."""
_KEPT = 8


# --- problems -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProblemShown:
    """A problem with its place in the text.

    Attributes:
        number: from 1, by which text and list refer to each other.
        place: where it is, in words.
        line: in the text, None where it concerns the whole.
        can_be_accepted: whether a person may accept it with a reason; the others can only be mended.
    """

    number: int
    problem: Problem
    place: str
    line: int | None
    can_be_accepted: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text.

    Attributes:
        marks: the problems that begin in it.
        level: the letter of the gravest one's severity, lower case; empty where there is none.
        is_after_gap: whether lines before it are left out.
    """

    number: int
    text: str
    marks: tuple[int, ...]
    level: str
    is_after_gap: bool


@dataclass(frozen=True)
class Checked:
    """A text with everything that is wrong with it, the gravest first, accepted ones last."""

    loaded: Loaded
    problems: tuple[ProblemShown, ...]
    lines: SchemeLines

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """What must be mended or accepted before anything is published."""
        return blocking(one.problem for one in self.problems)

    @property
    def open(self) -> int:
        """How many problems nobody has accepted."""
        return sum(not one.problem.accepted for one in self.problems)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks whose rules can be tried."""
        scheme = self.loaded.scheme
        return tuple(scheme.task_by_id.values()) if scheme else ()

    def of(self, tab: str) -> tuple[ProblemShown, ...]:
        """The problems of a tab: A, B, C, accepted, or all of them."""
        return tuple(one for one in self.problems if tab in ("", _tab(one)))

    def excerpt(self, problems: Iterable[ProblemShown]) -> tuple[Line, ...]:
        """The text with its marks: all of it, or what lies around the marks of a long one."""
        marked: dict[int, list[ProblemShown]] = {}
        for one in problems:
            if one.line is not None:
                marked.setdefault(one.line, []).append(one)
        texts = self.lines.text.split("\n")
        numbers = _around(marked, len(texts)) if len(texts) > WHOLE else range(1, len(texts) + 1)
        return tuple(_lines(texts, numbers, marked))


def _tab(one: ProblemShown) -> str:
    return "accepted" if one.problem.accepted else one.problem.severity.value


def _around(marked: Iterable[int], count: int) -> list[int]:
    shown = {n for at in marked for n in range(at - AROUND, at + AROUND + 1) if 1 <= n <= count}
    return sorted(shown | set(range(1, min(count, 2 * AROUND) + 1)))


def _lines(
    texts: Sequence[str], numbers: Iterable[int], marked: dict[int, list[ProblemShown]]
) -> Iterable[Line]:
    before = 0
    for number in numbers:
        here = marked.get(number, [])
        open_here = [one.problem.severity.value for one in here if not one.problem.accepted]
        level = min(open_here).lower() if open_here else "c" if here else ""
        marks = tuple(one.number for one in here)
        yield Line(number, texts[number - 1], marks, level, number != before + 1)
        before = number


def checked(draft: SchemeDraft) -> Checked:
    """A draft with all its problems; worked out once for each text."""
    return _of_text(draft.text)


@lru_cache(maxsize=_KEPT)
def _of_text(text: str) -> Checked:
    loaded = load_scheme(text)
    unclear = unclear_problems(loaded)
    lines = SchemeLines(text)
    found = by_severity(check_scheme(loaded, holiday_calendar()))
    shown = (
        ProblemShown(
            number,
            one,
            place_words(one.where),
            lines.line_of(one.where),
            not (one.accepted or one in unclear or one.code in _OF_ACCEPTANCE),
        )
        for number, one in enumerate(found, 1)
    )
    return Checked(loaded, tuple(shown), lines)


_OF_ACCEPTANCE = frozenset({"ACCEPTED-UNUSED"})
"""What is said of acceptances themselves."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the list: its word in the address, whether it is the one shown, how many it holds."""

    key: str
    label: str
    count: int
    is_shown: bool


def tabs(found: Checked, shown: str) -> tuple[Tab, ...]:
    """The tabs by severity."""
    labels = (
        ("", _("全部")),
        (Severity.A.value, _("A 必改")),
        (Severity.B.value, _("B 须决定")),
        (Severity.C.value, _("C 文字")),
        ("accepted", _("已接受")),
    )
    counted = ((key, label, len(found.of(key))) for key, label in labels)
    return tuple(Tab(key, label, n, key == shown) for key, label, n in counted)


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text in three pieces, of which the middle one is to be edited; the others may be empty."""

    before: str
    text: str
    after: str
    first: int
    last: int


def pieces(draft: SchemeDraft, line: str) -> Pieces:
    """The table around a line, to be edited by itself; the whole text where no line is given."""
    texts = draft.text.split("\n")
    lines = checked(draft).lines
    if not (line.isascii() and line.isdigit() and 0 < int(line[:9]) <= len(texts)):
        return Pieces("", draft.text, "", 1, len(texts))
    first, last = lines.block_at(int(line))
    return Pieces(
        "\n".join(texts[: first - 1]),
        "\n".join(texts[first - 1 : last]),
        "\n".join(texts[last:]),
        first,
        last,
    )


# --- the list of drafts ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in the list, with the name of who saved it last."""

    draft: SchemeDraft
    saved_by: str


def draft_rows(viewer: Viewer) -> list[DraftRow]:
    """The drafts that are worked on, the latest first; texts are left in the database."""
    return _rows(SchemeDraft.objects.visible_to(viewer).open())


def rows_aside(viewer: Viewer) -> list[DraftRow]:
    """The drafts that were laid aside, the latest first."""
    return _rows(SchemeDraft.objects.visible_to(viewer).aside())


def _rows(drafts: QuerySet[SchemeDraft]) -> list[DraftRow]:
    found = list(drafts.defer("text"))
    names = dict(
        Person.objects.filter(id__in={one.saved_by for one in found}).values_list("id", "name")
    )
    return [DraftRow(one, names.get(one.saved_by, one.saved_by)) for one in found]


# --- publishing -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Publication:
    """What publishing a draft would mean.

    Attributes:
        number: of the version it would become.
        in_force: the scheme that it would replace, None for the first.
        section: the coordinating section's id.
        section_name: its name.
        checked: the draft's text with its problems.
        ties: its units and sections with the registered ones; None where it cannot be read.
        changes: what differs from the version in force.
        obstacles: everything that stands in the way, in words; empty where it may be published.
        is_rebased: whether the draft stands on the version in force, so that nothing done since
            is undone unseen.
    """

    number: int
    in_force: things.Scheme | None
    section: str
    section_name: str
    checked: Checked
    ties: Ties | None
    changes: tuple[Change, ...]
    obstacles: tuple[str, ...]
    is_rebased: bool

    @property
    def supersedes(self) -> str:
        """The act in force that it would replace."""
        return self.in_force.act if self.in_force else ""


def publication(draft: SchemeDraft, viewer: Viewer, blobs: Blobs) -> Publication:
    """What stands between a draft and its publication by this person now.

    Raises:
        TamperError: where the version in force is not as it was published.
    """
    state = viewer.state
    in_force = state.find(things.Scheme, draft.scheme)
    found = checked(draft)
    scheme = found.loaded.scheme
    ties = scheme_ties(state, scheme) if scheme else None
    section = in_force.content.coordinating_section if in_force else _own_section(viewer)
    same_year = scheme_of_year(state, blobs, scheme.year) if scheme and not in_force else None
    place = Place(thing=in_force.id, section=section) if in_force else Place(section=section)
    old = loaded_version(in_force.content.scheme, blobs).scheme if in_force else None
    named = state.find(things.Section, section)
    is_rebased = in_force is None or draft.base == in_force.act
    return Publication(
        in_force.content.version + 1 if in_force else 1,
        in_force,
        section,
        named.name if named else "",
        found,
        ties,
        diff_schemes(old, scheme) if old and scheme else (),
        (
            *_obstacles(draft, found, ties, _refusal(viewer, place), same_year),
            *(() if is_rebased else (_("请先与现行版本比较，再点“已比较，继续”。"),)),
        ),
        is_rebased,
    )


def _own_section(viewer: Viewer) -> str:
    return viewer.section.id if viewer.section else ""


def _refusal(viewer: Viewer, place: Place) -> StepRefused | None:
    """Why the rules do not let this person publish now, whatever the draft says."""
    step = next(step for step in STEPS if step.kind is SchemePublished)
    return admission(Case(viewer.state, step, place, viewer.person, viewer.at))


def _obstacles(
    draft: SchemeDraft,
    found: Checked,
    ties: Ties | None,
    refusal: StepRefused | None,
    same_year: things.Scheme | None,
) -> Iterable[str]:
    if draft.published is not None:
        yield _("这份草稿已经发布，不能再发布一次。")
    if found.blocking:
        yield _("还有 {} 处 A 级问题：改正，或接受并写明理由。").format(len(found.blocking))
    scheme = found.loaded.scheme
    if scheme is not None and not scheme.document_number:
        yield _("没有写发文字号（document_number）。")
    if ties is not None and ties.missing:
        yield _("有 {} 个单位或科室还没有登记：请系统管理员登记。").format(len(ties.missing))
    for name in ties.idle if ties else ():
        yield _("指标“{}”没有被考评单位。").format(name)
    if same_year is not None:
        yield _("同一年度的方案已经在执行：请以现行版本为底另建草稿，作为新版本发布。")
    if refusal is not None:
        is_other_duty = refusal.reason is Reason.NO_ROLE
        yield _("由汇总科室负责人发布。") if is_other_duty else refusal.zh
