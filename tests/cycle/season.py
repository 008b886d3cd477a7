"""A collection season as people live it: units and sections at their browsers, the clock moved day by day.

Each verb is one thing that a person does by the pages, and demands that it was done; a story is a line
for each. Whatever a unit types, its files' names and contents included, carries a mark of its own
(`House.mark`), so that a test can look for it where it must not be.
"""

from __future__ import annotations

import io
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kaoping.core.calendar import SHANGHAI
from kaoping.core.workflow.things import Filing, Standing
from kaoping.web.demo import PASSWORD
from kaoping.web.models import Upload
from kaoping.web.reminders import remind
from tests.cycle.city import logins
from tests.files.test_inner_checks import pdf
from tests.web.pages.test_uploads import begin, send, sent
from tests.web.site import fresh, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from kaoping.web.installation import Installation
    from kaoping.web.queries.ledger import LedgerPage
    from tests.web.conftest import Clock

DONE, PIECES = 303, 2


class Season:
    """The platform of a city, its clock, and everybody who takes part.

    Attributes:
        houses: the assessed units, by their codes in the scheme.
    """

    def __init__(self, installation: Installation, clock: Clock, city: Path) -> None:
        self.installation, self.clock = installation, clock
        self._browsers: dict[str, Client] = {}
        accounts = logins(city)
        self.houses = {code: House(self, code, roles) for code, roles in accounts.items()}

    def at(self, moment: str) -> None:
        """Let the clock show a time in Shanghai, as in `2024-12-18 09:00`; everybody signs in anew."""
        then = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
        assert then > self.clock.now
        self.clock.now = then
        self._browsers.clear()
        remind()

    def browser(self, login: str) -> Client:
        """The browser of somebody who has come in by the door today."""
        if login not in self._browsers:
            browser = Client()
            answer = browser.post("/sign-in", {"login": login, "password": PASSWORD})
            assert answer.status_code == DONE, text_of(answer)
            self._browsers[login] = browser
        return self._browsers[login]

    def section(self, login: str) -> Section:
        """A section, at work through one of its people."""
        return Section(self, login)

    @property
    def filings(self) -> list[Filing]:
        """Everything that was filed, by whom ever, however it stands."""
        return list(self.installation.keeper.state().every(Filing))


class House:
    """An assessed unit: its liaison and its head.

    Attributes:
        mark: stands in every word and file that comes from it, and nowhere else.
        liaison, head: their logins.
    """

    def __init__(self, season: Season, code: str, roles: dict[str, str]) -> None:
        self.season, self.code = season, code
        self.mark = f"que{sha256(code.encode()).hexdigest()[:12]}"
        self.liaison, self.head = roles["联络员"], roles["单位负责人"]
        self._files = 0
        self._looked_at: dict[str, LedgerPage] = {}

    @property
    def browser(self) -> Client:
        """The liaison's."""
        return self.season.browser(self.liaison)

    def page(self, task: str = "") -> LedgerPage:
        """The ledger as it is shown, open at a task."""
        answer = self.browser.get(f"/ledger/tasks/{task}" if task else "/ledger")
        assert answer.status_code == 200
        page: LedgerPage = answer.context["page"]
        return page

    @cached_property
    def id(self) -> str:
        """Of the unit, in the register."""
        return self.page().unit

    @cached_property
    def name(self) -> str:
        """Of the unit, as pages say it."""
        return self.page().unit_name

    @cached_property
    def tasks(self) -> list[str]:
        """Everything that it is assessed on."""
        return [row.id for row in self.page().rows]

    def asked(self) -> set[str]:
        """The tasks on which it must hand in something itself."""
        self._looked_at = {task: self.page(task) for task in self.tasks}
        return {task for task, page in self._looked_at.items() if page.values or page.required}

    # --- the liaison ------------------------------------------------------------------------------

    def does(self, *tasks: str, event: str = "2024-11-20") -> None:
        """Report and file whatever is asked on some tasks; on all, where none is named."""
        for task in tasks or self.tasks:
            page = self._looked_at.pop(task, None) or self.page(task)
            self.reports(task, page)
            if page.items:
                self.files(task, page, event=event)

    def reports(self, task: str, page: LedgerPage | None = None, amount: str = "12") -> None:
        """Report every value of a task."""
        page = page or self.page(task)
        fields: dict[str, str] = {}
        for number, value in enumerate(page.values):
            fields |= {
                f"value-{number}": amount,
                f"as_of-{number}": "2024-12-31",
                f"status-{number}": "正式",
                f"source-{number}": f"{self.mark}月报",
                f"act-{number}": value.act,
            }
        if fields:
            self._done(f"/ledger/tasks/{task}/report", fields)

    def files(self, task: str, page: LedgerPage | None = None, *, event: str = "", by_form: bool = False) -> None:  # fmt: skip
        """File one file for every place in the catalogue of a task.

        Args:
            task: of the scheme.
            page: its page, if it was just looked at.
            event: the event date.
            by_form: together with the form, as a browser without scripts does; else in pieces.
        """
        page = page or self.page(task)
        fields: dict[str, Any] = {"item": [one.item.id for one in page.items], "event": event}
        name, content = self.paper()
        if by_form:
            fields["file"] = [SimpleUploadedFile(name, content)]
        else:
            fields["upload"] = [self.uploads(name, content)]
        self._done(f"/ledger/tasks/{task}/file", fields)

    def paper(self) -> tuple[str, bytes]:
        """A new file of its own: name and content."""
        self._files += 1
        name = f"{self.mark}材料{self._files}.pdf"
        return name, pdf(f"% {self.mark} {self._files}\n".encode() * 40)

    def uploads(self, name: str, content: bytes) -> str:
        """Send a file in pieces; the id of its upload."""
        where = begin(self.browser, name, len(content))["Location"]
        size = len(content) // PIECES + 1
        for offset in range(0, len(content), size):
            answer = send(self.browser, where, offset, content[offset : offset + size])
            assert answer.status_code == 204
        identity = str(where.rpartition("/")[2])
        assert Upload.objects.get(id=identity).is_ready
        return identity

    def corrects(self, task: str) -> None:
        """New files in place of every filing of a task that came back."""
        for one in self._filings(task, Standing.RETURNED):
            fields = {"upload": [self.uploads(*self.paper())], "supersedes": one.act}
            self._done(f"/ledger/filings/{one.id}/correct", fields)

    def withdraws(self, task: str) -> None:
        """Take every filing of a task back."""
        for one in self._filings(task, Standing.FILED):
            where = f"/ledger/filings/{one.id}/withdraw"
            self._done(where, {"reason": f"{self.mark}报错了任务"})

    def accepts_what_was_entered(self, task: str) -> None:
        """Say that what a section entered for it is what it sent."""
        for one in self._filings(task, Standing.AWAITING_UNIT):
            self._done(f"/ledger/filings/{one.id}/accept", {})

    def reports_by_workbook(self, amount: float) -> None:
        """Every value anew by the workbook: downloaded, filled in, looked at, confirmed."""
        book = openpyxl.load_workbook(io.BytesIO(self.browser.get("/ledger/values.xlsx").content))
        for row in book.worksheets[0].iter_rows(min_row=4):
            if row[0].value:
                row[4].value = amount
        file = io.BytesIO()
        book.save(file)
        sent = SimpleUploadedFile("台账数据表.xlsx", file.getvalue())
        shown = self.browser.post("/ledger/values", {"workbook": sent})
        assert shown.status_code == 200, text_of(shown)
        self._done("/ledger/values/report", {"values": shown.context["values"]})

    def is_refused(self, task: str, name: str, content: bytes, why: str) -> None:
        """A hostile file is sent both ways: it is said why it is not taken, and nothing is filed."""
        before = len(self.season.filings)
        one = sent(self.browser, name, content)
        line = text_of(self.browser.get(f"/uploads/{one.id}/state"))
        assert "没有收下" in line
        assert why in line
        items = [shown.item.id for shown in self.page(task).items]
        for way in ({"upload": [one.id]}, {"file": [SimpleUploadedFile(name, content)]}):
            fields = fresh(item=items, **way)
            assert self.browser.post(f"/ledger/tasks/{task}/file", fields).status_code == 422
        assert len(self.season.filings) == before

    def _filings(self, task: str, standing: Standing) -> list[Filing]:
        own = [one for one in self.season.filings if (one.unit, one.task) == (self.id, task)]
        found = [one for one in own if one.standing is standing]
        assert found, (self.code, task, standing)
        return found

    def _done(self, where: str, fields: dict[str, Any]) -> None:
        answer = self.browser.post(where, fresh(**fields))
        assert answer.status_code == DONE, (self.code, where, text_of(answer))

    # --- its head ---------------------------------------------------------------------------------

    def confirms(self) -> None:
        """The head looks at the ledger, proves once more who it is, and confirms all of it."""
        head = self.season.browser(self.head)
        page = head.get("/ledger").context["page"]
        form = fresh(digest=page.digest)
        answer = head.post("/ledger/confirm", form, headers={"Referer": "http://testserver/ledger"})
        assert (answer.status_code, answer["Location"]) == (DONE, "/ledger"), text_of(answer)
        assert head.get("/ledger").context["page"].is_confirmed


class Section:
    """A section: what it sees of the units, and what it does about it."""

    def __init__(self, season: Season, login: str) -> None:
        self.season, self.login = season, login

    @property
    def browser(self) -> Client:
        """Of who works for it."""
        return self.season.browser(self.login)

    def progress(self) -> dict[str, tuple[int, int]]:
        """填报进度: of how many tasks each unit has filed all, by its name; the workbook says the same."""
        page = self.browser.get("/completeness")
        assert page.status_code == 200
        shown = {row.name: (row.filed, row.total) for row in page.context["found"].rows}
        lines = _lines(self.browser.get("/completeness.xlsx").content)
        told = [line for line in lines if line[1] == "填报"]
        assert {name: (int(a), int(b)) for name, _what, a, b, *_ in told} == shown
        return shown

    def confirmed(self) -> int:
        """How many heads have confirmed."""
        return int(self.browser.get("/completeness").context["found"].confirmed)

    def reminds(self, house: House) -> None:
        """One click; who reports for the unit reads it on the next look."""
        answer = self.browser.post(f"/completeness/{house.id}/remind", follow=True)
        assert "已提醒" in text_of(answer)
        assert "催报：还没有报齐" in text_of(house.browser.get("/notices"))

    def returns(self, house: House, task: str, reason: str) -> None:
        """Return what a unit filed on a task; the unit reads why."""
        found = [one for one in self.season.filings if (one.unit, one.task) == (house.id, task)]
        for one in (one for one in found if one.standing is Standing.FILED):
            where = f"/review/filings/{one.id}/return"
            assert self.browser.post(where, fresh(reason=reason)).status_code == DONE
        assert reason in text_of(house.browser.get(f"/ledger/tasks/{task}"))

    def accepts(self, house: House, task: str) -> None:
        """Accept what a unit filed on a task; the unit reads that it passed."""
        found = [one for one in self.season.filings if (one.unit, one.task) == (house.id, task)]
        ids = [f"{one.id} {one.act}" for one in found if one.standing is Standing.FILED]
        assert self.browser.post("/review/accept", fresh(filing=ids)).status_code == DONE
        assert "通过" in text_of(house.browser.get(f"/ledger/tasks/{task}"))

    def enters(self, house: House, task: str) -> None:
        """Enter paper for a unit, which reads of it."""
        page = self.browser.get("/review/behalf", {"unit": house.id, "task": task}).context["page"]
        name, content = house.paper()
        fields = {
            "unit": house.id, "task": task, "item": [page.cell.items[0].id], "channel": "paper",
            "received": page.today.isoformat(), "file": [SimpleUploadedFile(name, content)],
        }  # fmt: skip
        answer = self.browser.post("/review/behalf/enter", fresh(**fields))
        assert answer.status_code == DONE, text_of(answer)
        assert "待确认" in text_of(house.browser.get(f"/ledger/tasks/{task}"))

    def notes(self, house: House, task: str) -> None:
        """Note something of a unit, which does not learn of it."""
        text = f"{house.mark}平时记录：月报迟报"
        fields = {"unit": house.id, "task": task, "on_date": "2024-12-19", "text": text}
        answer = self.browser.post("/review/notes/make", fresh(**fields))
        assert answer.status_code == DONE, text_of(answer)
        assert text in text_of(self.browser.get("/review/notes"))
        assert text not in text_of(house.browser.get(f"/ledger/tasks/{task}"))

    def supplies(self, amount: str) -> None:
        """Enter every value about every unit that its house owns."""
        for one in self.browser.get("/supply").context["page"].tasks:
            where = f"/supply/tasks/{one.task.id}"
            page = self.browser.get(where).context["page"]
            fields = {"as_of": "2024-12-31", "status": "正式", "source": "本部门台账"}
            for row in page.rows:
                fields |= {f"value-{row.key}": amount, f"act-{row.key}": row.value.act}
            answer = self.browser.post(f"{where}/enter", fresh(**fields))
            assert answer.status_code == DONE, text_of(answer)
        assert all(one.is_done for one in self.browser.get("/supply").context["page"].tasks)

    def sees(self, house: House, *hints: str) -> None:
        """The filings of a unit on its indicators, with what is to be thought of them; also as a workbook."""
        asked = {"unit": house.id}
        said = text_of(self.browser.get("/review", asked))
        cells = [cell for line in _lines(self.browser.get("/review.xlsx", asked).content) for cell in line]  # fmt: skip
        for words in (house.mark, *hints):
            assert words in said, (house.code, words)
            assert any(words in cell for cell in cells), (house.code, words)


def _lines(content: bytes) -> list[list[str]]:
    """The cells of a workbook's only sheet, as text."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [["" if c.value is None else str(c.value) for c in row] for row in sheet.iter_rows()]
