"""Verifying indicator 1 on site, as far as tests of draws and of visits both need it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kaoping.core.acts.verifying import (
    DigitsRecorded,
    Drawn,
    DrawPlanned,
    FindingRecorded,
    TeamFormed,
    VerificationDecided,
    VerificationMode,
    VerificationOpinionSigned,
)
from kaoping.core.draw.plans import plan_stratum
from kaoping.core.draw.records import DrawPlan
from kaoping.core.draw.rolling import draw
from kaoping.core.workflow.drawing import drawn_units
from kaoping.core.workflow.questions import visit_digest
from kaoping.core.workflow.things import Draw, Visit
from tests.world_set_up import (
    DIGITS,
    INSPECTORS,
    UNITS,
    handler,
    liaison,
    section_head,
    section_of,
    tasks_of,
    uid,
)

if TYPE_CHECKING:
    from tests.worlds import World

SECTION = section_of("1")
HANDLER, HEAD = handler(SECTION), section_head(SECTION)
ONE = uid("核验 1")
PLAN = uid("抽签 1 units")
FIRST, SECOND, THIRD, FOURTH = (uid(name) for name in INSPECTORS)
ALL = [uid(unit) for unit in UNITS]
ASKS_AND_APPROVES = uid("系统管理员"), uid("安全管理员")


def decided(world: World, **change: Any) -> VerificationDecided:
    whole = VerificationDecided(world.year, "1", True, VerificationMode.RANDOM, (), "理由")
    return replace(whole, **change)


def planned(world: World, drawn: Drawn = Drawn.UNITS, population: Any = None, **change: Any) -> Any:
    """A plan that would be accepted."""
    strata = (plan_stratum("全部", population or ALL, 2, 1),)
    plan = DrawPlan("抽查", strata, (), len(DIGITS), "当众掷骰")
    return DrawPlanned(ONE, drawn, world.at, replace(plan, **change))


def random_one(world: World) -> World:
    """Indicator 1 is to be verified by a random draw."""
    world.do(HEAD, ONE, decided(world))
    return world


def recorded(world: World, digits: str = DIGITS, **change: Any) -> DigitsRecorded:
    plan = world.state.get(Draw, PLAN).content.plan
    results = draw(plan, digits) if len(digits) == plan.digit_count else ()
    whole = DigitsRecorded(digits, uid("监督员"), liaison(UNITS[0]), world.blob("照片"), results)
    return replace(whole, **change)


def rolled(world: World, actor: str = HANDLER, digits: str = DIGITS) -> None:
    """Both watchers enter the digits, and they are recorded."""
    world.witness(PLAN, digits)
    world.do(actor, PLAN, recorded(world, digits))


def drawn_one(world: World) -> World:
    """Indicator 1: two units drawn, one in reserve, the first two inspectors appointed."""
    random_one(world)
    world.do(HANDLER, PLAN, planned(world))
    rolled(world)
    world.appoint("1")
    return world


VISIT = uid("一次核验")


def visited(world: World) -> World:
    """A team of the first two is on its way to the first drawn unit."""
    drawn_one(world)
    unit = drawn_units(world.state.get(Draw, PLAN))[0]
    world.do(HEAD, VISIT, TeamFormed(ONE, unit, (FIRST, SECOND)))
    return world


def found(world: World, **change: Any) -> FindingRecorded:
    unit = world.state.get(Visit, VISIT).unit
    name = next(name for name in UNITS if uid(name) == unit)
    task = tasks_of("1")[0]
    reported = world.value_of(name, task)
    whole = FindingRecorded(
        task, "", reported, reported - 2, Decimal(-2), "缺台账", (), "政务中心", world.at
    )
    return replace(whole, **change)


def signed(world: World, opinion: str = "可信") -> VerificationOpinionSigned:
    return VerificationOpinionSigned(visit_digest(world.state.get(Visit, VISIT)), opinion)
