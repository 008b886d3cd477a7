"""The table of every address and every role, held against what the server answers."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template

from tests.web.every_page.cast import (
    CAST,
    FEW,
    ON_POSTGRESQL,
    STRANGER,
    Row,
    addresses,
    browser,
    line,
    rows,
    same_everywhere,
)
from tests.web.every_page.crawling import walk
from tests.web.every_page.things import THINGS
from tests.web.routes import routes

STAGE = "collected"
OF_DOORS = ("302", "403", "405")
"""Answers that are given before anything about the thing is read."""
DOORS_TOO = not ON_POSTGRESQL
"""Doors are tried once: they are the same on every database."""


@pytest.mark.parametrize("who", CAST)
def test_each_role_gets_the_answers_of_the_table(site, who):
    visitor = browser(site, who)
    other = []
    for row, where in addresses(site, THINGS):
        if row.answers[who] in OF_DOORS and not DOORS_TOO:
            continue
        got = str(visitor.get(where).status_code)
        if got != row.answers[who]:
            now = Row(row.route, row.thing, {**row.answers, who: got})
            other.append(f"{who}: {row.answers[who]} in the table, now {got}\n{line(now)}")
    assert other == [], "\n".join(other)


def test_every_address_has_its_row_and_every_row_its_address():
    assert {row.route for row in rows()} == {route.name for route in routes()}
    assert len({(row.route, row.thing) for row in rows()}) == len(rows())


def test_every_address_of_a_thing_is_asked_about_a_thing():
    about = {row.route for row in rows() if row.thing}
    assert {route.name for route in routes() if route.parameters} <= about
    assert {row.thing for row in rows()} - {""} == set(THINGS), "a thing that no row is about"


@pytest.mark.parametrize("who", FEW)
def test_an_empty_form_is_refused_or_told_what_it_lacks(site, who):
    """Never a fault of the program, never an act; a door that is shut for GET is shut for POST, too."""
    before = site.size
    visitor = browser(site, who)
    for row, where in addresses(site, THINGS):
        if row.route in ("sign_out", "sign_in"):
            continue  # what comes after would be asked by somebody else
        if row.answers[who] in ("302", "403") and not DOORS_TOO:
            continue
        sent, answer = visitor.post(where).status_code, row.answers[who]
        assert sent < 500, (row.route, sent)
        if answer in ("403", "404"):
            assert sent in (403, 404, 405), (row.route, sent)
        if who == STRANGER and answer == "302":
            assert sent in (302, 303), (row.route, sent)
    assert site.size == before


@same_everywhere
@pytest.mark.parametrize("who", CAST)
def test_no_link_leads_nowhere(site, who):
    """Every link and every form that a page shows somebody leads to something that opens to her."""
    pages = walk(site, who)
    dead = {where: page.came_from for where, page in pages.items() if page.status >= 400}
    assert dead == {}
    assert len(pages) > 1


@same_everywhere
def test_icons_that_pages_show_are_in_the_sprite(site):
    from tests.architecture.pages import WEB

    known = set(re.findall(r'\bid="([\w-]+)"', (WEB / "static/kaoping/icons.svg").read_text()))
    shown = set()
    for who in CAST:
        for page in walk(site, who).values():
            shown |= set(re.findall(r"icons[\w.]*\.svg#([\w-]*)", page.text))
    assert shown - known == set()
    assert shown


def test_a_name_that_a_view_forgot_is_noticed():
    with pytest.raises(LookupError, match="nothing"):
        Template("{{ nothing }}").render(Context())
    assert Template("{% if nothing %}x{% endif %}").render(Context()) == ""
