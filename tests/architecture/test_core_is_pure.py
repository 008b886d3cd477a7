"""The core has no clock, no dice, no disk, and no binary fractions."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.sources import CORE, modules, place

READS_THE_WORLD = {"now", "today", "utcnow", "urandom", "uuid1", "uuid4", "getenv", "open", "input"}
CLOCK_OWNERS = {"date", "datetime", "os", "uuid"}


def clock_and_dice(name: str, tree: ast.Module) -> list[str]:
    """Calls that read the clock, the dice, the environment or a file."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id="open" | "input" | "print"):
                found.append(place(name, node))
            case ast.Attribute(attr=attribute, value=ast.Name(id=owner)) if (
                attribute in READS_THE_WORLD and owner in CLOCK_OWNERS
            ):
                found.append(place(name, node))
            case ast.Attribute(attr=attribute, value=ast.Attribute(attr=owner)) if (
                attribute in READS_THE_WORLD and owner in CLOCK_OWNERS
            ):
                found.append(place(name, node))
            case _:
                pass
    return found


def binary_fractions(name: str, tree: ast.Module) -> list[str]:
    """Float literals and calls of float(); asking whether something *is* a float is allowed."""
    return [
        place(name, node)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "float"
        )
    ]


def test_no_clock_no_dice_no_disk():
    assert [spot for item in modules(CORE).items() for spot in clock_and_dice(*item)] == []


def test_scores_are_exact():
    assert [spot for item in modules(CORE).items() for spot in binary_fractions(*item)] == []


@pytest.mark.parametrize(
    "bad",
    [
        "from datetime import datetime\ndatetime.now()",
        "import datetime\ndatetime.date.today()",
        "import uuid\nuuid.uuid4()",
        "open('notice.txt')",
        "print('done')",
    ],
)
def test_a_look_at_the_world_is_noticed(bad: str):
    assert clock_and_dice("bad.py", ast.parse(bad))


@pytest.mark.parametrize("bad", ["points = 0.5", "float(points)", "x = [1e3]"])
def test_a_float_is_noticed(bad: str):
    assert binary_fractions("bad.py", ast.parse(bad))


def test_asking_for_a_float_is_no_float():
    assert not binary_fractions("good.py", ast.parse("isinstance(value, float)"))
