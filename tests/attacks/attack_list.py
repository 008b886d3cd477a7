"""What an attack is, and how a file of tests lists its own: each is tried on a copy of the world."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from kaoping.core.acts.names import act_name
from tests.attacks.sealed_world import Sealed, rebuilt, verdict
from tests.cli.folders import snapshot
from tests.journals import uid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kaoping.core.workflow.reasons import Reason
    from kaoping.files.journal.inquiry import Layer

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
    require_clean(world)
    named = attack.does(world)
    found = verdict(world, **dict(attack.more))
    assert found is not None, "nobody noticed"
    assert found.layer is attack.layer, found
    assert named in found.zh, found.zh
    assert found.en
    assert found.en != found.zh


_CLEAN: set[str] = set()
"""Digests of worlds that were verified and found clean."""


def require_clean(world: Sealed) -> None:
    """Demand that a world verifies; copies that are the same to the byte are verified once.

    A verdict rests on nothing but the bytes of the world, so that it holds for its copies.
    """
    digest = digest_of(world)
    if digest not in _CLEAN:
        assert verdict(world) is None, "the untouched world must be clean"
        _CLEAN.add(digest)


def digest_of(world: Sealed) -> str:
    """A digest over everything in a world: names, kinds and contents."""
    things = {**snapshot(world.folder), "attachments": sorted(snapshot(world.blobs).items())}
    return sha256(repr(sorted(things.items())).encode()).hexdigest()


def find(world: Sealed, kind: str, number: int = 0) -> tuple[int, dict[str, Any]]:
    """Index and copy of an act of a kind."""
    found = [(i, act) for i, act in enumerate(world.acts) if act["type"] == kind]
    index, act = found[number]
    return index, deepcopy(act)


def changed(act: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An act with other content under a new id."""
    return act | {"id": uid(f"forced {act['id']}"), "content": act["content"] | fields}


def force(
    world: Sealed, index: int, act: dict[str, Any], reason: Reason, *, before: bool = False
) -> str:
    """Put an act in the place of the one at an index, or before it, and sign everything anew.

    Returns:
        What layer P must then say of it.
    """
    put(world, index, act, before=before)
    return refused(index, act, reason)


def put(world: Sealed, index: int, act: dict[str, Any], *, before: bool = False) -> None:
    """The journal anew with an act in the place of the one at an index, or before it."""
    acts = world.acts
    rebuilt(world, [*acts[:index], act, *acts[index if before else index + 1 :]])


def refused(index: int, act: dict[str, Any], reason: Reason) -> str:
    """What layer P says of an act that the rules forbid: which entry, what it is, and why."""
    return f"第 {index} 条（{act_name(act['type'])}）不合规则：{reason.zh}"


# --- the list of the design -----------------------------------------------------------------------

DESIGN: Mapping[int, str] = {
    **dict.fromkeys((1, 2, 3, 13, 21, 22, 23, 24), "S"),
    **dict.fromkeys((4, 5, 36), "E"),
    6: "BS",
    7: "B",
    **dict.fromkeys((10, 11, 12), "K"),
    14: "WR",
    15: "W",
    16: "WK",
    **dict.fromkeys((19, 25, 26, 27, 28, 35), "P"),
    20: "R",
    **dict.fromkeys((31, 32, 34), "D"),
    37: "SR",
    **dict.fromkeys((8, 9, 17, 18, 29, 30, 33, 38, 39, 40), ""),
}
"""The insider's attacks by number, and the layers that the design says must catch each.

Empty where it names none. R is a receipt in the hand of a unit; the other letters are `Layer`'s.
"""

DEVIATIONS: Mapping[int, tuple[str, str]] = {
    6: ("B", "no database mirrors the log here: entry, leaf and body are files, and B reads them"),
    22: (
        "BS",
        "roles and permissions are acts of the journal, so their bodies are guarded as well",
    ),
    31: ("DP", "the rules refuse a second draw before anything is reckoned anew"),
    32: ("DP", "the rules refuse a plan whose population is not all who could be drawn"),
    34: ("P", "the rules know which visits are due; D reckons the draws themselves"),
}
"""Where other layers catch an attack than the design says, and why."""

NOT_HERE: Mapping[int, str] = {
    21: "what a page leaves out shows only where there are pages: reports carry size and root",
    38: "needs the page that offers the verifier for download",
}
"""What cannot be tried on a journal alone, with a word why."""
