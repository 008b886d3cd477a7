"""Who asks for pages in the tests of all pages: one person for each role, and a stranger."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.web.site import Site

STRANGER = "陌生人"
CAST = {
    STRANGER: "",
    "联络员": "青禾县联络员",
    "单位负责人": "青禾县负责人",
    "经办人": "综合科经办人",
    "科长": "综合科科长",
    "汇总经办": "评估督导科经办人",
    "汇总科长": "评估督导科科长",
    "分管领导": "分管领导",
    "主要领导": "主要领导",
    "核验员": "核验员甲",
    "监督员": "监督员",
    "系统管理员": "系统管理员",
    "安全管理员": "安全管理员",
    "审计管理员": "审计管理员乙",
    "卸任者": "综合科副科长",
}
"""The head of each column of the table, and who stands for it in the small year."""

FEW = (STRANGER, "联络员", "科长", "汇总科长", "系统管理员", "安全管理员", "审计管理员")
"""One for each kind of door, where all would only take longer."""

ON_POSTGRESQL = "KAOPING_DATABASE" in os.environ
same_everywhere = pytest.mark.skipif(ON_POSTGRESQL, reason="whatever the database is")
"""Of attacks that end before the rows, or on what a page says: once is enough."""

TABLE = Path(__file__).parent / "pages_table.md"


@dataclass(frozen=True)
class Row:
    """What the table says of one address: the answer that each of the cast gets."""

    route: str
    thing: str
    answers: Mapping[str, str]


def rows() -> list[Row]:
    """The table, row by row."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("|")]
    head, _, *body = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    assert head[2:] == list(CAST), "the head of the table is the cast"
    return [
        Row(route.strip("`"), thing, dict(zip(CAST, answers, strict=True)))
        for route, thing, *answers in body
    ]


def line(row: Row) -> str:
    """The row as it stands in the table."""
    return f"| `{row.route}` | {row.thing} | {' | '.join(row.answers[who] for who in CAST)} |"


def browser(site: Site, who: str) -> Any:
    """A browser in which one of the cast is signed in."""
    return site.client(CAST[who]) if CAST[who] else site.nobody


def addresses(
    site: Site, things: Mapping[str, Callable[[Site], Mapping[str, Any]]]
) -> Iterator[tuple[Row, str]]:
    """The address of every row; each thing is made once, when the first row is about it.

    What no part of a path takes is asked behind it (`?`).
    """
    made: dict[str, Mapping[str, Any]] = {"": {}}
    for row in rows():
        if row.thing not in made:
            made[row.thing] = things[row.thing](site)
        given = dict(made[row.thing])
        asked = given.pop("?", "")
        where = reverse(row.route, kwargs=given)
        yield row, f"{where}?{asked}" if asked else where
