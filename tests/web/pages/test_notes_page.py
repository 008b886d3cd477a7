"""平时记录: noted by a section, taken back by another note, never seen by the unit it is about."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from kaoping.core.workflow.things import DailyNote
from kaoping.web.models import Entry
from tests.files.test_inner_checks import pdf
from tests.web.pages.test_uploads import sent
from tests.web.site import fresh, text_of
from tests.world_set_up import uid

STAGE = "opened"
HANDLER, COOPERATING = "综合科经办人", "产业科经办人"
TEXT = "现场抽查发现台账缺两个月"


def form(**other):
    given = {"unit": uid("青禾县"), "task": "1.1", "on_date": "2024-11-01", "text": TEXT}
    return fresh(**(given | other))


def note(browser, **other):
    return browser.post("/review/notes/make", form(**other))


def the_note(site):
    return next(iter(site.state.every(DailyNote))).id


def test_before_the_first_the_page_invites_to_note(site):
    assert "还没有记录" in text_of(site.client(HANDLER).get("/review/notes"))


def test_a_note_is_made_and_read_by_the_sections_of_the_indicator(site):
    browser = site.client(HANDLER)
    one = sent(browser, "抽查照片.pdf", pdf())
    answer = note(browser, upload=[one.id])
    assert (answer.status_code, answer["Location"]) == (303, "/review/notes")
    for name in (HANDLER, "综合科科长", COOPERATING):
        said = text_of(site.client(name).get("/review/notes"))
        for words in (TEXT, "青禾县", "2024-11-01", "抽查照片.pdf"):
            assert words in said, (name, words)


def test_the_unit_never_sees_it(site):
    note(site.client(HANDLER))
    for name in ("青禾县联络员", "青禾县负责人"):
        unit = site.client(name)
        assert unit.get("/review/notes").status_code == 403
        for where in ("/", "/ledger/tasks/1.1", "/notices", "/desk/done"):
            assert TEXT not in unit.get(where).content.decode()
    index = Entry.objects.latest("index").index
    assert site.client("青禾县联络员").get(f"/receipts/{index}").status_code == 404


def test_its_file_is_handed_to_who_reads_the_note_and_to_nobody_else(site):
    browser = site.client(HANDLER)
    one = sent(browser, "抽查照片.pdf", pdf())
    note(browser, upload=[one.id])
    where = f"/review/notes/{the_note(site)}/files/{one.sha256}"
    answer = browser.get(where)
    assert b"".join(answer.streaming_content) == pdf()
    assert answer["Content-Disposition"].startswith("attachment")
    assert site.client("评估督导科经办人").get(where).status_code == 404
    assert site.client("青禾县联络员").get(where).status_code == 403
    assert browser.get(f"/review/notes/{the_note(site)}/files/{'0' * 64}").status_code == 404


def test_a_note_is_taken_back_with_a_reason_and_its_text_stays(site):
    browser = site.client(HANDLER)
    note(browser)
    where, before = f"/review/notes/{the_note(site)}/withdraw", site.size
    assert browser.post(where, fresh(reason="  ")).status_code == 422
    assert site.size == before
    assert browser.post(where, fresh(reason="应记在白石县")).status_code == 303
    said = text_of(browser.get("/review/notes"))
    for words in ("已撤销", "应记在白石县", TEXT):
        assert words in said
    assert "/withdraw" not in browser.get("/review/notes").content.decode()
    before = site.size
    assert browser.post(where, fresh(reason="再撤一次")).status_code == 409
    assert site.size == before


@pytest.mark.parametrize("name", [COOPERATING, "综合科科长"])
def test_nobody_but_the_responsible_handler_notes_or_takes_back(site, name):
    note(site.client(HANDLER))
    before, other = site.size, site.client(name)
    assert note(other).status_code in (403, 422)
    where = f"/review/notes/{the_note(site)}/withdraw"
    assert other.post(where, fresh(reason="不对")).status_code == 403
    assert site.size == before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": " "}, "没有写内容"),
        ({"text": "记" * 2001}, "超过 2000 字"),
        ({"on_date": "去年"}, "日期"),
        ({"on_date": "2031-01-01"}, "晚于今天"),
        ({"unit": ""}, "不考评所选任务"),
        ({"task": "2.1"}, "不归本科室负责"),
        ({"upload": ["没有"]}, "没有收齐、没有收下或不属于本单位"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_noted(site, wrong, said):
    before = site.size
    answer = note(site.client(HANDLER), **wrong)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert site.size == before


def test_it_is_narrowed_and_exported(site):
    browser = site.client(HANDLER)
    note(browser)
    note(browser, unit=uid("白石县"), text="=1+1 月报迟报")
    said = text_of(browser.get("/review/notes", {"unit": uid("白石县")}))
    assert "月报迟报" in said
    assert TEXT not in said
    for query in ({"page": "9" * 30}, {"unit": "\x00"}, {"task": "9.9"}):
        assert browser.get("/review/notes", query).status_code == 200
    content = b"".join(browser.get("/review/notes.xlsx"))
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    texts = [row[3] for row in rows if row[3]]
    assert TEXT in texts
    assert "=1+1 月报迟报" in texts
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
