"""The small year of tests.worlds at several stages, and what it means to be refused."""

from __future__ import annotations

import re
from copy import copy, deepcopy
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from kaoping.core.acts.scoring import SheetReceived
from kaoping.core.acts.setting_up import PersonRegistered
from kaoping.core.acts.verifying import InterestDeclared
from kaoping.core.workflow.reasons import StepRefused
from kaoping.core.workflow.taking import take
from tests.world_set_up import SECTIONS, handler, uid
from tests.worlds import World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kaoping.core.acts.envelope import Act
    from kaoping.core.acts.setting_up import Role
    from kaoping.core.acts.union import Content
    from kaoping.core.workflow.reasons import Reason

INDICATORS = 4
_CHINESE = re.compile(r"[\u4e00-\u9fff].*。")
_ENGLISH = re.compile(r"[A-Za-z]+ [a-z]+")


def _register(world: World) -> None:
    world.change_administrator()
    world.register()


def _open(world: World) -> None:
    world.delegate()
    world.until("2024-11-01T01:00")
    world.publish()


def _collect(world: World) -> None:
    world.until("2024-12-20T01:00")
    world.collect()


def _undertake(world: World) -> None:
    world.until("2025-01-06T01:00")
    world.undertake()


def _propose(world: World) -> None:
    world.until("2025-01-15T01:00")
    for indicator in world.indicators:
        world.propose(indicator)
    world.give_opinion("1")


def _sign(world: World) -> None:
    for indicator in world.indicators:
        world.sign(indicator)


def _receive(world: World) -> None:
    for indicator in world.indicators:
        world.hand_in(indicator)
        received = SheetReceived(world.digest(indicator))
        world.do(handler(SECTIONS[0]), uid(f"评分表 {indicator}"), received)


def _freeze(world: World) -> None:
    world.until("2025-01-18T01:00")
    world.freeze()


STAGES: Mapping[str, Callable[[World], object]] = {
    "empty": lambda world: world,
    "founded": World.found,
    "registered": _register,
    "opened": _open,
    "collected": _collect,
    "undertaken": _undertake,
    "verified": World.verify,
    "proposed": _propose,
    "signed": _sign,
    "received": _receive,
    "frozen": _freeze,
}


@cache
def _at(name: str) -> World:
    names = list(STAGES)
    place = names.index(name)
    world = fork(_at(names[place - 1])) if place else World(INDICATORS)
    STAGES[name](world)
    return world


def fork(world: World) -> World:
    """A world that goes on from here by itself."""
    other = copy(world)
    other.acts = list(world.acts)
    return other


def at_stage(name: str) -> World:
    """The year at a stage, to go on from."""
    return fork(_at(name))


def refused(
    world: World,
    reason: Reason,
    actor: str,
    subject: str,
    content: Content,
    supersedes: str | None = None,
) -> StepRefused:
    """Try an act: it is refused for this reason, in two languages, and nothing has changed."""
    return refused_act(world, reason, world.act(actor, subject, content, supersedes))


def refused_act(world: World, reason: Reason, act: Act) -> StepRefused:
    before = deepcopy(world.state)
    with pytest.raises(StepRefused) as caught:
        take(world.state, act)
    assert world.state == before
    assert caught.value.reason is reason, caught.value
    assert _CHINESE.search(caught.value.zh)
    assert _ENGLISH.search(caught.value.en)
    return caught.value


def near(world: World, person: str, unit: str) -> None:
    """Let somebody declare an interest in a unit: from then on the person must step aside."""
    world.do(person, person, InterestDeclared(uid(unit), "亲属任职"))


def second_account(world: World, name: str, of: str, role: Role, **house: str) -> str:
    """Another account, with a duty, of the human being who is registered as `of`."""
    names = {key: uid(value) for key, value in house.items()}
    digest = sha256(f"工号 {of}".encode()).hexdigest()
    content = PersonRegistered(name, names.get("unit"), names.get("section"), digest)
    world.do(uid("系统管理员"), uid(name), content)
    world.give(name, role, house.get("unit"), house.get("section"))
    return uid(name)
