"""现场核验: what its papers are made of: who visits whom, what was found, how the section answered (P15).

The records have the shapes of the acts of verifying, with names in place of ids of persons; whatever is
not known yet is empty and stays a blank place on paper. Here, too: what a batch knows of all that.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from kaoping.core import rules
from kaoping.core.acts.verifying import VerificationMode
from kaoping.core.canonical import terminating
from kaoping.core.report.assessed import basis_of, indicator_label
from kaoping.core.report.document import (
    Align,
    Column,
    Document,
    Heading,
    Part,
    TableBlock,
    TableRow,
    body_rows,
    chinese_moment,
    printed,
    signed,
    ticked,
)
from kaoping.core.scoring.choice import Book, value_text
from kaoping.core.scoring.scores import ScoreState
from kaoping.core.scoring.tasks import input_label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from kaoping.core.draw.records import Certificate, DrawPlan
    from kaoping.core.report.assessed import Assessed
    from kaoping.core.report.document import Block
    from kaoping.core.scheme import Indicator, Scheme, Task

MODE_NAMES: Mapping[VerificationMode, str] = {
    VerificationMode.FULL: "全面检查",
    VerificationMode.TARGETED: "重点检查",
    VerificationMode.RANDOM: "随机抽查",
}
SMALLEST_TEAM = 2
"""Members of a team at least, none of them of the unit that is visited."""
WRITTEN_DAY = "　　年　　月　　日"
NOT_REPORTED = "未上报"
_YES_NO = "是/否"

Value = Decimal | bool


# --- what is decided before a visit ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Inspector:
    """核验人员.

    Attributes:
        name: empty where it is not known yet.
        office: unit, section and post.
        recusal: what was declared about interests: 无利害关系; empty where nothing was.
    """

    name: str
    office: str = ""
    recusal: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    """核验工作组 for the visit to one unit, and when it goes there, in words."""

    unit: str
    members: tuple[Inspector, ...]
    visit: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """核验安排 of one indicator.

    Attributes:
        indicator: its id.
        needed: whether it is verified on site; None where nobody has decided.
        mode: how; None where it is not decided.
        units: the ids of those to visit, in any mode; before a draw of those who may be drawn.
        reason: why, and by which clause.
        draw: the plan of a public draw, or after it the certificate; ids in it are those of `units`.
        teams: as far as they are formed.
    """

    indicator: str
    needed: bool | None = None
    mode: VerificationMode | None = None
    units: tuple[str, ...] = ()
    reason: str = ""
    draw: DrawPlan | Certificate | None = None
    teams: tuple[Team, ...] = ()


# --- a visit and what came of it -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measured:
    """核验发现: one value of a task, as reported and as verified; neither takes the other's place.

    Attributes:
        task: its id.
        input: the name of the input or of the counted line; empty for the main value.
        reported: None where nothing was.
        verified: None on a form that is not filled in yet.
        reason: why they differ, and by what it is shown.
    """

    task: str
    input: str
    reported: Value | None
    verified: Value | None = None
    reason: str = ""

    @property
    def difference(self) -> Decimal | None:
        """Verified less reported; None where there are not two figures."""
        if isinstance(self.reported, bool) or isinstance(self.verified, bool):
            return None
        if self.reported is None or self.verified is None:
            return None
        return terminating(Fraction(self.verified) - Fraction(self.reported))

    @property
    def differs(self) -> bool:
        """Whether another value was found than was reported, or one where none was."""
        return self.verified is not None and self.verified != self.reported


@dataclass(frozen=True, slots=True)
class Checked:
    """One verification standard and what was found; `met` is None where it was not judged yet."""

    task: str
    standard: str
    met: bool | None = None
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo taken on site: when and where, of what, and the digest of its file."""

    taken_at: datetime
    place: str
    about: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the section did with a team's opinion: adopted it, or declined it for a reason."""

    adopted: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """一次现场核验 at one unit for one indicator; what is not known stays empty.

    Attributes:
        unit, indicator: their ids.
        measured, checked: values and standards, in the order of the tasks.
        mode: how the unit came to be visited.
        members: the team.
        visited: when, in words; `place`: where.
        seen: what was seen, and what the unit said of it.
        documents: the materials looked at; as long as the visit is open, those to look at.
        photos: in the order they were taken.
        refusal: why nobody of the unit signed.
        opinion: what the team proposes.
        answer: None where the section has not answered yet.
    """

    unit: str
    indicator: str
    measured: tuple[Measured, ...] = ()
    checked: tuple[Checked, ...] = ()
    mode: VerificationMode | None = None
    members: tuple[Inspector, ...] = ()
    visited: str = ""
    place: str = ""
    seen: str = ""
    documents: tuple[str, ...] = ()
    photos: tuple[Photo, ...] = ()
    refusal: str = ""
    opinion: str = ""
    answer: Answer | None = None

    @property
    def is_open(self) -> bool:
        """Whether the team has yet to write down what it finds; values may be known before."""
        has_marks = any(one.met is not None for one in self.checked)
        return not (self.visited or self.seen or self.photos or has_marks)


# --- what a batch knows ----------------------------------------------------------------------------


def standards_of(task: Task) -> tuple[str, ...]:
    """核验标准 of a task, line by line."""
    lines = (line.strip() for line in task.verification_standard.split("\n"))
    return tuple(line for line in lines if line)


def tasks_to_verify(indicator: Indicator) -> list[Task]:
    """The tasks that have a verification standard."""
    return [task for task in indicator.tasks if standards_of(task)]


def undecided(assessed: Assessed) -> tuple[Verification, ...]:
    """A verification that nobody decided yet for every indicator with standards; all its units may be visited."""
    found = ((one, _units_due(assessed, one)) for one in assessed.scheme.indicators)
    return tuple(Verification(one.id, units=units) for one, units in found if units)


def _units_due(assessed: Assessed, indicator: Indicator) -> tuple[str, ...]:
    tasks = tasks_to_verify(indicator)
    return tuple(
        unit.id
        for unit in assessed.units
        if any(_is_assessed(assessed, unit.id, task) for task in tasks)
    )


def _is_assessed(assessed: Assessed, unit: str, task: Task) -> bool:
    row = assessed.scores.tasks.get((unit, task.id))
    return row is not None and row.state is not ScoreState.NOT_APPLICABLE


def visits_due(assessed: Assessed) -> dict[str, tuple[Visit, ...]]:
    """By unit a visit for each of its indicators with standards, its values and materials filled in.

    What was verified already stands beside what was reported.
    """
    book, found = Book(assessed.scheme, assessed.entries), {}
    for unit in assessed.units:
        visits = []
        for indicator in assessed.scheme.indicators:
            tasks = [
                task for task in tasks_to_verify(indicator) if _is_assessed(assessed, unit.id, task)
            ]
            if tasks:
                visits.append(_visit_due(book, unit.id, indicator, tasks))
        if visits:
            found[unit.id] = tuple(visits)
    return found


def _visit_due(book: Book, unit: str, indicator: Indicator, tasks: list[Task]) -> Visit:
    return Visit(
        unit,
        indicator.id,
        tuple(one for task in tasks for one in _measured(book, unit, task)),
        tuple(Checked(task.id, standard) for task in tasks for standard in standards_of(task)),
        documents=tuple(dict.fromkeys(item.name for task in tasks for item in task.catalogue)),
    )


def visits_held(assessed: Assessed) -> dict[str, tuple[Visit, ...]]:
    """By unit a visit for each indicator of which a verified value is held, with those values."""
    book, found = Book(assessed.scheme, assessed.entries), {}
    for unit in assessed.units:
        held = (
            Visit(unit.id, indicator.id, measured)
            for indicator in assessed.scheme.indicators
            if (measured := _verified(book, unit.id, indicator))
        )
        if visits := tuple(held):
            found[unit.id] = visits
    return found


def _verified(book: Book, unit: str, indicator: Indicator) -> tuple[Measured, ...]:
    return tuple(
        one
        for task in indicator.tasks
        for one in _measured(book, unit, task)
        if one.verified is not None
    )


def _measured(book: Book, unit: str, task: Task) -> Iterator[Measured]:
    """Every value and counted line of a unit's task; what the scheme itself says is not reported."""
    if task.rule is None:
        return
    has_own_due = book.scheme.assignment(unit, task.id).of is not None
    for name, pick in book.choose(unit, task).items():
        if name == "of" and has_own_due:
            continue
        reported = None if pick.reported is None else pick.reported.value
        verified = None if pick.verified is None else pick.verified.value
        reason = "" if pick.verified is None else pick.verified.data_source
        yield Measured(task.id, name, reported, verified, reason)
    facts = book.deductions.get((unit, task.id), [])
    for line in rules.all_lines(task.rule):
        counts = (Fraction(fact.count) for fact in facts if fact.line == line)
        yield Measured(task.id, line, terminating(sum(counts, Fraction(0))))


# --- what the papers have in common -----------------------------------------------------------------


def paper_of_unit(
    assessed: Assessed,
    visits: Sequence[Visit],
    name: str,
    mark: str,
    write: Callable[[Assessed, Visit], Iterable[Block]],
) -> Document:
    """A paper about one unit, each indicator on pages of its own under its heading.

    Args:
        assessed: the whole assessment.
        visits: at least one, all of the same unit.
        name: what the paper is.
        mark: its standing.
        write: what it says of a visit.
    """
    scheme, unit = assessed.scheme, assessed.unit_name(visits[0].unit)
    labels = [indicator_label(scheme.indicator_by_id[one.indicator]) for one in visits]
    facts = (
        ("被核验单位", unit),
        ("核验指标", "、".join(labels)),
        ("核验依据", basis_of(scheme)),
        ("生成时间", chinese_moment(assessed.made_at)),
        ("存证", assessed.seal_text),
    )
    return Document(
        issuer=scheme.issuer,
        title=f"{unit}{scheme.year}年度{name}",
        mark=mark,
        facts=tuple((label, text) for label, text in facts if text),
        parts=tuple(
            Part((Heading(1, f"指标：{label}"), *write(assessed, one)))
            for label, one in zip(labels, visits, strict=True)
        ),
        made_at=assessed.made_at,
    )


def signing_table(caption: str, places: Iterable[str], room: int, note: str = "") -> TableBlock:
    """Places for signatures below each other, each `room` millimetres high, with the day."""
    columns = (Column("身份", 6), Column("签字", 6), Column("日期", 5, Align.CENTRE))
    rows = ((place, "", WRITTEN_DAY) for place in places)
    return TableBlock(caption, columns, body_rows(rows, room), note, form=True)


# --- words -----------------------------------------------------------------------------------------


def mode_boxes(mode: VerificationMode | None) -> str:
    """The three modes below each other, the one that was chosen ticked."""
    return "\n".join(ticked(name, is_so=one is mode) for one, name in MODE_NAMES.items())


def value_name(scheme: Scheme, one: Measured) -> str:
    """1.1 完成年度投资计划, and below it which of its values."""
    task = scheme.task_by_id.get(one.task)
    name = task.label if task else one.task
    label = input_label(one.input)
    return f"{name}\n{label}" if label else name


def measure_of(scheme: Scheme, one: Measured) -> str:
    """计量单位 of a value."""
    task = scheme.task_by_id.get(one.task)
    return task.form(one.input).unit_of_measure if task else ""


def said_value(scheme: Scheme, one: Measured, value: Value | None) -> str:
    """A value with its unit of measure, as tables show it; empty where there is none."""
    if value is None:
        return ""
    measure = measure_of(scheme, one)
    if measure == _YES_NO and not isinstance(value, bool):
        return value_text(bool(value), measure)
    return printed(value_text(value, measure))


def reported_text(scheme: Scheme, one: Measured) -> str:
    """The reported value, or that there is none."""
    return said_value(scheme, one, one.reported) or NOT_REPORTED


def verified_place(scheme: Scheme, one: Measured) -> str:
    """The verified value; where there is none yet, the place for it with its unit of measure."""
    measure = measure_of(scheme, one)
    if one.verified is None and measure == _YES_NO:
        return f"{ticked('是', is_so=False)}　{ticked('否', is_so=False)}"
    return measure if one.verified is None else said_value(scheme, one, one.verified)


def difference_text(scheme: Scheme, one: Measured) -> str:
    """+0.53亿元, 一致, 不一致; empty where nothing was verified yet."""
    if one.verified is None:
        return ""
    if not one.differs:
        return "一致"
    if one.difference is None or measure_of(scheme, one) == _YES_NO:
        return "不一致"
    return f"{signed(one.difference)}{measure_of(scheme, one)}"


def team_rows(members: Iterable[Inspector]) -> tuple[TableRow, ...]:
    """Who visits, with places for those not named yet; no fewer rows than a team has members."""
    rows = [(one.name, one.office, one.recusal or _recusal_boxes()) for one in members]
    rows += [("", "", _recusal_boxes())] * (SMALLEST_TEAM - len(rows))
    return tuple(TableRow((str(number), *row)) for number, row in enumerate(rows, 1))


def _recusal_boxes() -> str:
    return f"{ticked('无', is_so=False)}　{ticked('有，已回避', is_so=False)}"


def visit_places(members: Iterable[Inspector]) -> tuple[str, ...]:
    """核验人员 by name where they are known, for their signatures."""
    names = [f"核验人员\n{one.name}" if one.name else "核验人员" for one in members]
    return (*names, *["核验人员"] * (SMALLEST_TEAM - len(names)))
