"""What a rule is asked about: one step, at one place, by one person, at one time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from kaoping.core.acts.setting_up import Office, Role
from kaoping.core.calendar import SHANGHAI
from kaoping.core.workflow.reasons import Refusal, StepRefused

if TYPE_CHECKING:
    from kaoping.core.acts.envelope import Act
    from kaoping.core.acts.setting_up import StepKind
    from kaoping.core.acts.union import Content
    from kaoping.core.workflow.state import State
    from kaoping.core.workflow.things import Standing, Thing

T = TypeVar("T", bound="Thing")


class Phase(StrEnum):
    """阶段 of the year that a step belongs to."""

    SET_UP = "set_up"
    COLLECT = "collect"
    SCORE = "score"
    VERIFY = "verify"
    CONSOLIDATE = "consolidate"
    FILE = "file"
    JOURNAL = "journal"


class House(Enum):
    """Where a role must be held for a step."""

    UNIT = "the unit it is about"
    SECTION = "the section responsible for the indicator"
    COOPERATING = "a section cooperating in the indicator"
    COORDINATING = "the coordinating section"
    OWNER = "the unit or section that owns data of the indicator"
    ANY = "anywhere"


class Seat(Enum):
    """Who may do a step: a role within a house, an office, or a place in the matter itself."""

    LIAISON = (Role.LIAISON, House.UNIT)
    UNIT_HEAD = (Role.UNIT_HEAD, House.UNIT)
    HANDLER = (Role.HANDLER, House.SECTION)
    SECTION_HEAD = (Role.SECTION_HEAD, House.SECTION)
    COOPERATING_HANDLER = (Role.HANDLER, House.COOPERATING)
    COOPERATING_HEAD = (Role.SECTION_HEAD, House.COOPERATING)
    OWNER_LIAISON = (Role.LIAISON, House.OWNER)
    OWNER_HANDLER = (Role.HANDLER, House.OWNER)
    COORDINATING_HANDLER = (Role.HANDLER, House.COORDINATING)
    COORDINATING_HEAD = (Role.SECTION_HEAD, House.COORDINATING)
    RESPONSIBLE_LEADER = (Role.RESPONSIBLE_LEADER, House.ANY)
    PRINCIPAL_LEADER = (Role.PRINCIPAL_LEADER, House.ANY)
    SYSTEM_ADMIN = (Office.SYSTEM_ADMIN,)
    SECURITY_ADMIN = (Office.SECURITY_ADMIN,)
    AUDIT_ADMIN = (Office.AUDIT_ADMIN,)
    TEAM = ("a member of the visit's team",)
    ANYBODY = ("anybody who is registered",)
    FOUNDER = ("anybody who is registered, until all three administrators are in office",)
    NEWCOMER = ("oneself, until all three administrators are in office",)
    SUPERVISOR = (Role.SUPERVISOR, House.ANY)
    REPRESENTATIVE = ("anybody of an assessed unit",)
    PROGRAM = ("a program, not a person",)


class Recusal(Enum):
    """回避: from whom one must be apart to do a step."""

    NONE = "from nobody"
    UNIT = "from the unit it is about"
    OTHERS_UNIT = "from the unit it is about, unless one is its liaison or owns the data"
    SHEET = "from every unit on the sheet"
    NAMED = "from every unit that the act names"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step is done: on a thing, or on none yet; under a parent; in a year; about whom.

    Ids, or empty: `thing` is empty for what does not exist yet, `parent` is the scheme of a new year
    or the verification of a new draw or visit, `section` the coordinating one of a new scheme.
    """

    thing: str = ""
    parent: str = ""
    assessment: str = ""
    section: str = ""
    unit: str = ""
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One step at one place by one person at one time; without an act where only asked about."""

    state: State
    step: Step
    place: Place
    actor: str
    at: str
    act: Act | None = None

    @property
    def content(self) -> Any:  # noqa: ANN401 - each rule knows of which kinds of acts it is asked
        """The content of the act."""
        assert self.act is not None
        return self.act.content

    @property
    def act_id(self) -> str:
        """The id of the act."""
        assert self.act is not None
        return self.act.id

    @property
    def subject(self) -> str:
        """The id of what the act is about."""
        assert self.act is not None
        return self.act.subject

    @property
    def day(self) -> date:
        """The day in Asia/Shanghai."""
        return day_of(self.at)

    def thing(self, kind: type[T]) -> T:
        """The thing that the step is done on."""
        return self.state.get(kind, self.place.thing)

    def parent(self, kind: type[T]) -> T:
        """The thing under which the step makes a new one."""
        return self.state.get(kind, self.place.parent)


@lru_cache(maxsize=1024)  # every rule of a step asks for the day of one moment
def day_of(moment: str) -> date:
    """The day in Asia/Shanghai of a time in UTC."""
    return datetime.fromisoformat(moment).astimezone(SHANGHAI).date()


Rule = Callable[[Case], Refusal]
"""Asked whether it has anything against a step."""
Effect = Callable[[Case], "tuple[Thing, ...]"]
"""The things as the act leaves them, the one it is about first."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a kind of step is done: what its subject is, how an act says it, all places there are."""

    subject: str
    locate: Callable[[State, Act], Place | StepRefused]
    places: Callable[[State, str], Iterable[Place]]


def nothing(_: Case) -> str:
    """No act is replaced."""
    return ""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table of steps.

    Attributes:
        kind: the act that does it.
        phase: of the year.
        ground: where it is done.
        before: the states that its thing may be in.
        after: the states it may lead to; empty where the state stays.
        by: who may do it; one of these is enough.
        effect: the things as it leaves them.
        rules: what else must hold, whatever the act says; pages ask these, too.
        checks: what the content of the act must fulfil.
        recusal: from whom one must be apart.
        due: the deadline it is measured by.
        supersedes: the id of the act it must name as replaced.
    """

    kind: type[Content]
    phase: Phase
    ground: Ground
    before: tuple[Standing, ...]
    after: tuple[Standing, ...]
    by: tuple[Seat, ...]
    effect: Effect
    rules: tuple[Rule, ...] = ()
    checks: tuple[Rule, ...] = ()
    recusal: Recusal = Recusal.NONE
    due: StepKind | None = None
    supersedes: Callable[[Case], str] = nothing

    @property
    def type(self) -> str:
        """The wire name of the act that does it."""
        return self.kind.wire
