"""Taking acts, one after the other; asking what may be done; replaying a journal."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING

from kaoping.core.acts.codec import encode_act
from kaoping.core.canonical import sha256
from kaoping.core.workflow.admission import admission, in_question
from kaoping.core.workflow.case import Case, Place, day_of
from kaoping.core.workflow.places import standing_at
from kaoping.core.workflow.reasons import Reason, StepRefused
from kaoping.core.workflow.setting_up import late_by
from kaoping.core.workflow.state import State, Things
from kaoping.core.workflow.table import STEP_OF, STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kaoping.core.acts.envelope import Act
    from kaoping.core.workflow.case import Step
    from kaoping.core.workflow.things import Thing


@dataclass(frozen=True, slots=True)
class Possible:
    """A step that a person may do now, and where: what a page makes a button of."""

    step: Step
    place: Place


@dataclass(frozen=True, slots=True)
class RefusedAct:
    """The first act of a journal that the rules do not allow: where it stands, what, and why."""

    index: int
    type: str
    refusal: StepRefused


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an accepted act brings: its digest, the things as it leaves them, days of lateness."""

    digest: str
    things: tuple[Thing, ...]
    late: int


def take(state: State, act: Act) -> State:
    """The state after an act; the same state (the very object) for an act it has taken before.

    Raises:
        StepRefused: where the rules do not allow it; the state handed in is never changed.
        InputError: where a field of the act is not of its form.
    """
    if is_repeated(state, act):
        return state
    outcome = _decided(state, act)
    late = {**state.late, act.id: outcome.late} if outcome.late else state.late
    things = state.things.picture()
    things.put(outcome.things)
    return State(
        last_at=act.at,
        seen={**state.seen, act.id: outcome.digest},
        things=things,
        late=late,
        kinds={**state.kinds, state.size: act.type},
        size=state.size + 1,
    )


def is_repeated(state: State, act: Act) -> bool:
    """Whether this very act, content and all, was taken before."""
    return act.id in state.seen and state.seen[act.id] == sha256(encode_act(act))


def available(state: State, person: str, at: str) -> tuple[Possible, ...]:
    """Every step that a person may do at a time, with its place.

    `take` refuses a listed step only for what the act itself then says (its `checks`); whatever is
    not listed it refuses. Only what is new in itself (a unit, a duty, a filing) has no thing yet.
    """
    return tuple(
        Possible(step, place)
        for step in STEPS
        if in_question(state, step, person, day_of(at))
        for place in step.ground.places(state, person)
        if standing_at(state, place) in step.before
        and admission(Case(state, step, place, person, at)) is None
    )


def replay(
    acts: Iterable[Act], indices: Sequence[int] | None = None
) -> tuple[State, RefusedAct | None]:
    """Take the acts of a journal in their order, as far as the rules allow.

    Args:
        acts: in the order of the journal; those whose text was removed by law are left out.
        indices: where each act stands in the journal, rising; 0, 1, 2… where none is left out.

    Returns:
        The state before the first refused act, and that act; or the final state and None. In a
        journal an act stands once: the same act again is refused, too.

    Raises:
        InputError: where a field of an act is not of its form.
    """
    progress = Progress()
    for index, act in zip(count() if indices is None else indices, acts, strict=False):
        progress.go_to(index)
        try:
            progress.add(act, progress.judge(act))
        except StepRefused as refusal:
            return progress.state, RefusedAct(index, act.type, refusal)
    return progress.state, None


class Progress:
    """A state that grows in place: `take` copies, which a long journal cannot afford.

    One who keeps it is alone with it: what `state` gives is not a copy and grows as well.
    """

    def __init__(self) -> None:
        self._last_at = ""
        self._seen: dict[str, str] = {}
        self._things = Things()
        self._late: dict[str, int] = {}
        self._kinds: dict[int, str] = {}
        self._size = 0

    @property
    def state(self) -> State:
        """Where everything stands now."""
        return State(self._last_at, self._seen, self._things, self._late, self._kinds, self._size)

    def picture(self) -> State:
        """Where everything stands now, which does not change under who looks at it; quickly made."""
        return State(
            self._last_at,
            # Only ever added to, and asked for single ids and indices.
            MappingProxyType(self._seen),
            self._things.picture(),
            dict(self._late),
            MappingProxyType(self._kinds),
            self._size,
        )

    def judge(self, act: Act) -> Outcome:
        """What an act would bring about; nothing is changed.

        Raises:
            StepRefused: where the rules do not allow it.
            InputError: where a field of the act is not of its form.
        """
        return _decided(self.state, act)

    def add(self, act: Act, outcome: Outcome) -> None:
        """Take an act that was judged just now."""
        self._kinds[self._size] = act.type
        self._size += 1
        self._last_at = act.at
        self._seen[act.id] = outcome.digest
        self._things.put(outcome.things)
        if outcome.late:
            self._late[act.id] = outcome.late

    def follow(self, act: Act) -> None:
        """Take an act of which it is known that it was allowed: an entry of one's own journal."""
        case = _located(self.state, act)
        assert isinstance(case, Case), case
        self.add(act, Outcome(sha256(encode_act(act)), case.step.effect(case), late_by(case)))

    def go_to(self, index: int) -> None:
        """Pass over entries whose text was removed by law: the next act stands at an index."""
        self._size = index


def _decided(state: State, act: Act) -> Outcome:
    """What an act brings about; nothing is changed yet.

    Raises:
        StepRefused: for the first rule that has something against it.
    """
    digest = sha256(encode_act(act))
    case = _admitted(state, act, digest)
    return Outcome(digest, case.step.effect(case), late_by(case))


def _admitted(state: State, act: Act, digest: str) -> Case:
    if act.id in state.seen:
        is_same = state.seen[act.id] == digest
        raise StepRefused(Reason.ID_REPEATED if is_same else Reason.ID_REUSED)
    if act.at < state.last_at:
        raise StepRefused(Reason.TIME_BACKWARD)
    case = _located(state, act)
    if isinstance(case, StepRefused):
        raise case
    for rule in (admission, _supersedes, *case.step.checks):
        refusal = rule(case)
        if refusal is not None:
            raise refusal
    return case


def _located(state: State, act: Act) -> Case | StepRefused:
    step = STEP_OF[type(act.content)]
    place = step.ground.locate(state, act)
    if isinstance(place, StepRefused):
        return place
    return Case(state, step, place, act.actor, act.at, act)


def _supersedes(case: Case) -> StepRefused | None:
    """The act names exactly the act that it replaces."""
    named = case.act.supersedes if case.act else None
    is_right = (named or "") == case.step.supersedes(case)
    return None if is_right else StepRefused(Reason.NOT_SUPERSEDING)
