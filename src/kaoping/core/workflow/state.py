"""The state that the acts so far have led to; it is never changed, only followed by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kaoping.core.workflow.things import Thing

T = TypeVar("T", bound="Thing")


class Things(Mapping[str, "Thing"]):
    """Everything by its id, on a shelf for each kind.

    Who asks for all things of a kind looks at one shelf. A picture of how things stand shares all
    shelves with what goes on; a shelf is copied only when something is put on it afterwards.
    """

    __slots__ = ("_is_shared", "_kinds", "_shelves")

    def __init__(self, things: Iterable[Thing] = ()) -> None:
        self._shelves: dict[type, dict[str, Thing]] = {}
        self._kinds: dict[str, type] = {}
        self._is_shared: set[type] = set()
        self.put(things)

    def put(self, things: Iterable[Thing]) -> None:
        """Put things in their places; pictures made before do not show it."""
        for thing in things:
            kind = type(thing)
            if kind in self._is_shared or kind not in self._shelves:
                self._shelves[kind] = dict(self._shelves.get(kind, {}))
                self._is_shared.discard(kind)
            self._shelves[kind][thing.id] = thing
            self._kinds[thing.id] = kind

    def picture(self) -> Things:
        """Everything as it stands now, whatever is put here later; quickly made."""
        self._is_shared.update(self._shelves)
        shown = Things()
        shown._shelves = dict(self._shelves)
        shown._kinds = self._kinds  # only ever added to; what is not on a shelf yet is not found
        shown._is_shared = set(self._shelves)
        return shown

    def of(self, kind: type[T]) -> Iterable[T]:
        """All things of a kind, in the order they came."""
        return cast("Iterable[T]", self._shelves.get(kind, {}).values())

    def find(self, kind: type[T], identity: str) -> T | None:
        """The thing of that kind with that id, or None."""
        return cast("T | None", self._shelves.get(kind, {}).get(identity))

    def __getitem__(self, identity: str) -> Thing:
        return self._shelves[self._kinds[identity]][identity]

    def __contains__(self, identity: object) -> bool:
        kind = self._kinds.get(identity)  # type: ignore[call-overload] # any object may be asked for
        return kind is not None and identity in self._shelves.get(kind, {})

    def __iter__(self) -> Iterator[str]:
        return (identity for shelf in self._shelves.values() for identity in shelf)

    def __len__(self) -> int:
        return sum(map(len, self._shelves.values()))


@dataclass(frozen=True, slots=True)
class State:
    """Where everything stands.

    Attributes:
        last_at: when the last act was taken.
        seen: the digest of every act so far, by its id, in the order of the journal.
        things: everything by its id.
        late: the acts that came after their deadline, with how many days.
        kinds: what stands at each index of the journal, as far as it was taken.
        size: how many entries the journal has, also those whose text was removed.
    """

    last_at: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)
    things: Things = field(default_factory=Things)
    late: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[int, str] = field(default_factory=dict)
    size: int = 0

    def find(self, kind: type[T], identity: str | None) -> T | None:
        """The thing of that kind with that id, or None."""
        return self.things.find(kind, identity or "")

    def get(self, kind: type[T], identity: str) -> T:
        """A thing that is known to be there."""
        thing = self.find(kind, identity)
        assert thing is not None, identity
        return thing

    def every(self, kind: type[T]) -> Iterator[T]:
        """All things of a kind."""
        return iter(self.things.of(kind))
