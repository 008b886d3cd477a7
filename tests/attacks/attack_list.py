"""What an attack is, and how a file of tests lists its own: each is tried on a copy of the world."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.attacks.sealed_world import Sealed, rebuilt, verdict
from tests.journals import uid

if TYPE_CHECKING:
    from collections.abc import Callable

    from kaoping.files.journal.verification import Layer

    Does = Callable[[Sealed], str]


@dataclass(frozen=True)
class Attack:
    """What is done, which layer must say so, and the words that name the first bad thing."""

    number: str
    does: Does
    layer: Layer
    more: tuple[tuple[str, Any], ...] = ()


class Attacks(list[Attack]):
    """The attacks of a file, in their order."""

    def add(self, number: str, layer: Layer, **more: Any) -> Callable[[Does], Does]:
        """Register an attack; what it returns the finding must name."""

        def register(does: Does) -> Does:
            self.append(Attack(number, does, layer, tuple(more.items())))
            return does

        return register


def name_of(attack: Attack) -> str:
    return f"{attack.number}: {attack.does.__name__}"


def require_caught(world: Sealed, attack: Attack) -> None:
    """The untouched world is clean; attacked, it is condemned by the layer that must."""
    assert verdict(world) is None, "the untouched world must be clean"
    named = attack.does(world)
    found = verdict(world, **dict(attack.more))
    assert found is not None, "nobody noticed"
    assert found.layer is attack.layer, found
    assert named in found.zh, found.zh
    assert found.en
    assert found.en != found.zh


def find(world: Sealed, kind: str, number: int = 0) -> tuple[int, dict[str, Any]]:
    """Index and copy of an act of a kind."""
    found = [(i, act) for i, act in enumerate(world.acts) if act["type"] == kind]
    index, act = found[number]
    return index, deepcopy(act)


def changed(act: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An act with other content under a new id."""
    return act | {"id": uid(f"forced {act['id']}"), "content": act["content"] | fields}


def force(world: Sealed, index: int, act: dict[str, Any], *, before: bool = False) -> str:
    """Put an act in the place of the one at an index, or before it, and sign everything anew."""
    acts = world.acts
    rebuilt(world, [*acts[:index], act, *acts[index if before else index + 1 :]])
    return f"第 {index} 条"
