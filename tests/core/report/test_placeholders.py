"""Placeholders say what the report says, and are listed in the guide, each of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from kaoping.core.calendar import SHANGHAI
from kaoping.core.canonical import exactly
from kaoping.core.report.assessed import Assessed
from kaoping.core.report.document import figure, points_text
from kaoping.core.report.placeholders import CONDITIONS, LOOPS, PLACEHOLDERS, PLACES, Level, Scope
from kaoping.core.report.tables import totals_table
from tests.examples import CITY, COUNTY, REPOSITORY, batch_of, scores_of

AT = datetime(2025, 1, 20, 17, tzinfo=SHANGHAI)
GUIDE = REPOSITORY / "docs" / "guide" / "templates.md"


def assessed_of(folder):
    batch = batch_of(folder)
    return Assessed(
        batch.scheme, batch.entries, scores_of(folder), batch.ledger, batch.problems, AT
    )


def turns(scope, name):
    return list(LOOPS[name].turns(scope))


def said(scope, name):
    return PLACEHOLDERS[name].value(scope)


def places_by_level(folder):
    """Every place of an example by what it is about."""
    whole = Scope(assessed_of(folder))
    units = turns(whole, "每个单位")
    return {
        frozenset(): [whole],
        frozenset({Level.TURN}): turns(whole, "每个组别"),
        frozenset({Level.GROUP}): turns(whole, "每个组别"),
        frozenset({Level.UNIT}): units,
        frozenset({Level.INDICATOR}): turns(whole, "每项指标"),
        frozenset({Level.TASK}): turns(whole, "每项任务"),
        frozenset({Level.FINDING}): turns(whole, "每个台账问题"),
        frozenset({Level.UNIT, Level.INDICATOR}): [p for u in units for p in turns(u, "每项指标")],
        frozenset({Level.UNIT, Level.TASK}): [p for u in units for p in turns(u, "每项任务")],
    }


@exactly
def test_every_placeholder_says_something_somewhere():
    examples = [places_by_level(folder) for folder in (CITY, COUNTY)]
    silent = set()
    for one in PLACEHOLDERS.values():
        texts = [one.value(place) for places in examples for place in places[one.needs]]
        if not any(texts):
            silent.add(one.name)
    assert silent == {"存证"}, "there is no journal here"


@exactly
def test_points_are_those_published():
    assessed = assessed_of(CITY)
    for unit in turns(Scope(assessed), "每个单位"):
        for place in turns(unit, "每项任务"):
            row = assessed.scores.tasks[place.one_unit.id, place.one_task.id]
            assert said(place, "任务得分") == points_text(row.published, row.state)
            lost = assessed.lost(row)
            assert said(place, "任务失分") == (figure(lost) if lost else "")
        for place in turns(unit, "每项指标"):
            whole = assessed.scores.indicators[place.one_unit.id, place.one_indicator.id]
            assert said(place, "指标得分") == points_text(whole.published, whole.state)


def test_units_by_rank_are_those_of_the_report():
    assessed = assessed_of(COUNTY)
    rows = [row for row in totals_table(assessed).rows if len(row.cells) > 1]
    places = turns(Scope(assessed), "每个单位按名次")
    names = ("总分名次", "单位名称", "可得总分", "总得分", "等次", "总分说明")
    assert [tuple(said(place, name) or "—" for name in names) for place in places] == [
        tuple(cell or "—" for cell in row.cells) for row in rows
    ]


def test_in_an_indicator_units_are_ordered_by_it():
    for indicator in turns(Scope(assessed_of(CITY)), "每项指标"):
        for group in turns(replace(indicator, indicator=None), "每个组别"):
            place = replace(group, indicator=indicator.indicator)
            points = [
                row.published
                for one in turns(place, "每个单位按名次")
                if (row := one.indicator_score) is not None and row.published is not None
            ]
            assert points == sorted(points, reverse=True)


@exactly
def test_losses_are_counted_where_they_stand():
    assessed = assessed_of(CITY)
    whole = Scope(assessed)
    lost = [row for row in assessed.task_scores if assessed.lost(row) > 0]
    assert said(whole, "失分项数") == str(len(lost))
    for loop in ("每个单位", "每项指标", "每项任务", "每个组别"):
        places = turns(whole, loop)
        assert sum(int(said(place, "失分项数")) for place in places) == len(lost), loop
        assert sum(len(turns(place, "每项失分")) for place in places) == len(lost), loop
    assert CONDITIONS["有失分"].holds(whole)


def test_turns_are_numbered_and_the_last_knows_it():
    places = turns(Scope(assessed_of(COUNTY)), "每个单位")
    assert [said(place, "序号") for place in places] == [str(n) for n in range(1, 7)]
    assert [CONDITIONS["有下一个"].holds(place) for place in places] == [True] * 5 + [False]


def test_nothing_is_asked_of_what_nobody_has():
    assessed = assessed_of(COUNTY)
    assert not CONDITIONS["有存证"].holds(Scope(assessed))
    assert not CONDITIONS["有台账问题"].holds(Scope(assessed))


# --- the guide -------------------------------------------------------------------------------------


def listed_in_guide():
    """The rows of the guide's tables: what is written in braces, and its meaning, by heading."""
    heading = ""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in GUIDE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            heading = line.strip("# ")
        row = re.fullmatch(r"\| `\{\{(.+?)\}\}` \| (.+?) \|", line)
        if row:
            found.setdefault(heading, []).append((row[1], row[2]))
    return found


def test_the_guide_lists_every_placeholder_and_loop_as_the_catalogue_does():
    wanted = {
        f"用在{place}": [(name, words) for name, words, _ in rows]
        for place, (_, rows) in PLACES.items()
    }
    wanted["循环"] = [(loop.name, loop.meaning) for loop in LOOPS.values()]
    assert listed_in_guide() == wanted


def test_no_name_has_two_meanings():
    names = [name for _, rows in PLACES.values() for name, _, _ in rows]
    assert len(names) == len(set(names)) == len(PLACEHOLDERS)
    assert not set(names) & set(LOOPS)
    nouns = {loop.noun for loop in LOOPS.values()} | {"下一个"}
    assert len(CONDITIONS) == len(PLACEHOLDERS) + len(nouns)
