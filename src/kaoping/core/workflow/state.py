"""The state that the acts so far have led to; it is never changed, only followed by another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kaoping.core.workflow.things import Thing

T = TypeVar("T", bound="Thing")


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
    things: Mapping[str, Thing] = field(default_factory=dict)
    late: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[int, str] = field(default_factory=dict)
    size: int = 0

    def find(self, kind: type[T], identity: str | None) -> T | None:
        """The thing of that kind with that id, or None."""
        thing = self.things.get(identity or "")
        return thing if isinstance(thing, kind) else None

    def get(self, kind: type[T], identity: str) -> T:
        """A thing that is known to be there."""
        thing = self.find(kind, identity)
        assert thing is not None, identity
        return thing

    def every(self, kind: type[T]) -> Iterator[T]:
        """All things of a kind."""
        return (thing for thing in self.things.values() if isinstance(thing, kind))
