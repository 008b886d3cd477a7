"""The table of every address and every role, held against what the server answers."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template

from tests.web.every_page.cast import CAST, STRANGER, Row, address, browser, line, rows
from tests.web.every_page.crawling import crawl
from tests.web.every_page.things import THINGS
from tests.web.routes import routes

STAGE = "collected"


def called(row):
    return f"{row.route} {row.thing}".strip()


@pytest.mark.parametrize("row", rows(), ids=called)
def test_each_role_gets_the_answer_of_the_table(site, row):
    where = address(site, row, THINGS)
    got = {who: str(browser(site, who).get(where).status_code) for who in CAST}
    assert got == row.answers, f"\nnow it is\n{line(Row(row.route, row.thing, got))}"


def test_every_address_has_its_row_and_every_row_its_address():
    assert {row.route for row in rows()} == {route.name for route in routes()}
    assert len({(row.route, row.thing) for row in rows()}) == len(rows())


def test_every_address_of_a_thing_is_asked_about_a_thing():
    about = {row.route for row in rows() if row.thing}
    assert {route.name for route in routes() if route.parameters} <= about
    assert {row.thing for row in rows()} - {""} == set(THINGS), "a thing that no row is about"


@pytest.mark.parametrize("row", rows(), ids=called)
def test_who_may_not_look_may_not_send_either(site, row):
    """Whatever the page's form does: to those for whom it is not, the door is shut for POST as well."""
    where = address(site, row, THINGS)
    before = site.size
    for who, answer in row.answers.items():
        if answer in ("403", "404") or (who == STRANGER and answer == "302"):
            sent = browser(site, who).post(where)
            assert sent.status_code == int(answer) or sent.status_code in (403, 404), who
    assert site.size == before


@pytest.mark.parametrize("row", rows(), ids=called)
def test_an_empty_form_is_told_what_it_lacks(site, row):
    """Nothing of a form: never a fault of the program, and never an act."""
    where = address(site, row, THINGS)
    before = site.size
    for who in CAST:
        sent = browser(site, who).post(where)
        assert sent.status_code < 500, (who, sent.status_code)
    assert site.size == before


@pytest.mark.parametrize("who", CAST)
def test_no_link_leads_nowhere(site, who):
    """Every link and every form that a page shows somebody leads to something that opens to her."""
    pages = crawl(browser(site, who))
    dead = {where: page.came_from for where, page in pages.items() if page.status >= 400}
    assert dead == {}
    assert len(pages) > 1


def test_icons_that_pages_show_are_in_the_sprite(site):
    from tests.architecture.pages import WEB

    known = set(re.findall(r'\bid="([\w-]+)"', (WEB / "static/kaoping/icons.svg").read_text()))
    shown = set()
    for who in CAST:
        for page in crawl(browser(site, who)).values():
            shown |= set(re.findall(r"icons[\w.]*\.svg#([\w-]*)", page.text))
    assert shown - known == set()
    assert shown


def test_a_name_that_a_view_forgot_is_noticed():
    with pytest.raises(LookupError, match="nothing"):
        Template("{{ nothing }}").render(Context())
    assert Template("{% if nothing %}x{% endif %}").render(Context()) == ""
