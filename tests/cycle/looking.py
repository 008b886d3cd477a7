"""Looking for what is another unit's: on every page, in every file and message, by every id there is."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import openpyxl
import pypdfium2
from django.test import Client
from django.urls import reverse

from kaoping.core.workflow.things import DailyNote
from kaoping.web.models import Account, Entry, Message, Upload
from tests.web.every_page.crawling import crawl
from tests.web.pages.test_uploads import TUS
from tests.web.routes import routes
from tests.web.site import fresh

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.cycle.season import House, Season

SHUT, TAKES_FORMS = (403, 404), 405
"""How an address answers who may not see the thing; and one that only takes forms whoever looks."""


def require_only_own(season: Season, house: House) -> None:
    """Nothing that a unit's liaison or head can reach holds a word of another unit."""
    others = [one.mark for one in season.houses.values() if one is not house]
    for login, pages in ((house.liaison, _crawled), (house.head, _own_pages)):
        seen = "\n".join([*pages(season.browser(login), house), *_sent_to(season, login)])
        assert house.mark in seen
        assert [mark for mark in others if mark in seen] == [], (house.code, login)


def _crawled(browser: Client, house: House) -> Iterator[str]:
    """Every kind of page and file to which links lead from the desk, and the ledger at every task."""
    yield from (_text(page.content, page.kind) for page in crawl(browser, of_each_kind=1).values())
    for task in house.tasks:
        yield browser.get(f"/ledger/tasks/{task}").content.decode()


def _own_pages(browser: Client, _house: House) -> Iterator[str]:
    """What lies open before a head."""
    yield from (browser.get(where).content.decode() for where in ("/", "/ledger", "/notices"))


def _sent_to(season: Season, login: str) -> Iterator[str]:
    """What goes to somebody outside the pages: the calendar, and messages as letters say them."""
    shown = season.browser(login).post("/calendar/renew").content.decode()
    (feed,) = set(re.findall(r"/calendar/[\w-]+\.ics", shown))
    yield Client().get(feed).content.decode()
    person = Account.objects.get(login=login).person
    yield from (one.subject + one.text for one in Message.objects.filter(person=person))


def _text(content: bytes, kind: str) -> str:
    """What can be read in an answer, unpacked."""
    if "spreadsheetml" in kind:
        sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
        return " ".join(str(c.value) for one in sheets for row in one.iter_rows() for c in row)
    if kind == "application/pdf":
        pages = pypdfium2.PdfDocument(content)
        return "".join(page.get_textpage().get_text_range() for page in pages)
    return content.decode(errors="replace")


# --- by id ----------------------------------------------------------------------------------------


def require_nothing_by_id(season: Season) -> None:
    """What belongs to another unit opens by no id.

    Every thing is tried by some unit at one address, in turn; and every unit tries one thing of each kind
    at every address there is.
    """
    before = Entry.objects.count()
    houses = list(season.houses.values())
    things = list(_things(season))
    tried: set[tuple[str, str]] = set()
    for number, (owner, given) in enumerate(things):
        house = next(one for one in houses[number % len(houses) :] + houses if one.id != owner)
        addresses, kind = _addresses(given), (house.code, "/".join(given))
        is_first = kind not in tried
        tried.add(kind)
        for where in addresses if is_first else [addresses[number % len(addresses)]]:
            _require_shut(season, house, where)
    assert len(tried) == 4 * len(houses)
    assert Entry.objects.count() == before


def _require_shut(season: Season, house: House, where: str) -> None:
    others = [one.mark for one in season.houses.values() if one is not house]
    for answer in _answers(house, where):
        assert answer.status_code in SHUT, (house.code, where)
        said = answer.content.decode()
        assert not any(mark in said for mark in others), (house.code, where)


def _answers(house: House, where: str) -> Iterator[Any]:
    """What the liaison is answered at an address, by every method that it takes."""
    answer = house.browser.get(where)
    if answer.status_code != TAKES_FORMS:
        yield answer
        return
    for method in set(answer["Allow"].split(", ")) - {"OPTIONS"}:
        if method == "POST":
            yield house.browser.post(where, fresh(reason="不是我的"))
        else:
            yield house.browser.generic(method, where, headers=TUS)


def _things(season: Season) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Everything that belongs to a unit: whose, and by what names addresses ask for it."""
    units = {one.id: one.id for one in season.houses.values()}
    persons = {
        Account.objects.get(login=login).person: one.id
        for one in season.houses.values()
        for login in (one.liaison, one.head)
    }
    for filing in season.filings:
        body = json.loads(Entry.objects.get(act=filing.act).body)
        for file in body["act"]["content"].get("files", ()):
            yield units[filing.unit], {"filing": filing.id, "sha256": file["sha256"], "number": 1}
    for upload in Upload.objects.all():
        yield upload.owner, {"upload": upload.id}
    for entry in Entry.objects.filter(actor__in=persons):
        yield persons[entry.actor], {"index": entry.index}
    (note,) = season.installation.keeper.state().every(DailyNote)
    for _house in season.houses:
        yield "", {"note": note.id, "sha256": "0" * 64}


def _addresses(given: Mapping[str, Any]) -> list[str]:
    """Every address that is about a thing; one that asks for something more must be thought of here."""
    found = []
    for route in routes():
        if next(iter(given)) in route.parameters:
            assert route.parameters <= given.keys(), f"{route.name} asks for something unknown"
            found.append(reverse(route.name, kwargs={n: given[n] for n in route.parameters}))
    return found
