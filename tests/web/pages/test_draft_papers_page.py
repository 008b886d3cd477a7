"""来文: a notice and its annexes become a draft, beside the words that it came from."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from kaoping.core.draft.work_list import HEADS
from kaoping.web.models import DraftItem, DraftSource, SchemeDraft
from tests.examples import CITY
from tests.web.site import text_of

STAGE = "registered"
HANDLER = "评估督导科经办人"
NOTICE = (CITY / "notice.txt").read_bytes()
ANNEX = (CITY / "annex-1.xlsx").read_bytes()


def send(site, notice=NOTICE, annexes=(ANNEX,), name="通知.txt", who=HANDLER):
    sent = {} if notice is None else {"notice": SimpleUploadedFile(name, notice)}
    others = [SimpleUploadedFile("附件.xlsx", one) for one in annexes]
    return site.client(who).post("/scheme/drafts/read", sent | {"annexes": others})


def test_a_notice_with_its_annex_becomes_a_draft_beside_its_source(site):
    answer = send(site)
    assert answer.status_code == 303
    draft = SchemeDraft.objects.get()
    assert "[[indicator]]" in draft.text
    assert "重大项目" in draft.text
    source = DraftSource.objects.get()
    assert source.text.split("\n") == NOTICE.decode().splitlines()
    browser = site.client(HANDLER)
    words = text_of(browser.get(answer["Location"]))
    assert "来文对照" in words
    assert "须决定" in words
    item = DraftItem.objects.filter(part="须决定", code="SCHED-INPUT-AFTER-CONSUMER").first()
    assert item is not None
    assert item.words in words
    read = text_of(browser.get(answer["Location"], {"part": "read"}))
    assert "数据截止时间 2024-12-31" in read
    assert site.size == site.state.size


def test_an_item_leads_to_the_line_it_was_read_from(site):
    page = site.client(HANDLER).get(send(site)["Location"], {"part": "read"}).content.decode()
    item = DraftItem.objects.get(what="数据截止时间")
    number = int(item.place.removeprefix("第 ").removesuffix(" 行"))
    assert "12月31日" in DraftSource.objects.get().text.split("\n")[number - 1]
    assert f'<a href="#line-{number}">{item.place}</a>' in page
    assert f'<a href="#item-{item.number}">{item.number}</a>' in page


def test_the_draft_is_open_to_checking_and_not_to_publishing(site):
    send(site)
    draft = SchemeDraft.objects.get()
    page = text_of(site.client(HANDLER).get(f"/scheme/drafts/{draft.id}"))
    assert "来文对照" in page
    assert "还不能发布" in page


def test_the_list_goes_along_as_a_workbook_with_room_for_answers(site):
    send(site)
    draft = SchemeDraft.objects.get()
    content = site.client(HANDLER).get(f"/scheme/drafts/{draft.id}/work-list.xlsx").content
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert rows[0][: len(HEADS)] == HEADS
    assert len(rows) - 1 == DraftItem.objects.count()


def test_an_annex_that_cannot_be_read_stops_nothing_and_is_told(site):
    answer = send(site, annexes=(b"\x00\x01broken", ANNEX))
    assert answer.status_code == 303
    assert DraftItem.objects.filter(code="ANNEX-UNREAD", words__contains="没有读出").exists()


@pytest.mark.parametrize(
    ("notice", "annexes", "says"),
    [
        (None, (), "没有选择通知"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, (), "不能直接读取"),
        (b"PK\x03\x04" + b"\x00" * 60, (), "通知.txt"),
        (b"", (), "通知.txt"),
        (NOTICE, [b"x"] * 7, "附件超过 6 个"),
        (b"x" * 30_000_001, (), "超过 30 MB"),
    ],
)
def test_what_cannot_be_read_makes_no_draft(site, notice, annexes, says):
    answer = send(site, notice, annexes)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert not SchemeDraft.objects.exists()
    assert not DraftSource.objects.exists()


def test_words_of_a_notice_are_shown_and_never_run(site):
    notice = NOTICE.replace("数据收集".encode(), "<script>alert(1)</script>数据收集".encode())
    page = site.client(HANDLER).get(send(site, notice, name="<b>.txt")["Location"]).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "/etc/x.txt", "con.txt", "名\n称.txt"])
def test_a_name_never_leads_out_of_its_folder(site, name):
    answer = send(site, name=name)
    assert answer.status_code in (303, 422)


def test_a_draft_that_came_from_no_notice_has_no_such_page(site):
    from kaoping.web.actions.drafts import begin_draft
    from tests.world_set_up import uid

    draft = begin_draft("x = 1", "无来文", uid(HANDLER))
    assert site.client(HANDLER).get(f"/scheme/drafts/{draft.id}/papers").status_code == 404


@pytest.mark.parametrize("name", ["青禾县联络员", "系统管理员"])
def test_others_stay_outside(site, name):
    send(site)
    draft = SchemeDraft.objects.get()
    assert send(site, who=name).status_code == 403
    for rest in ("papers", "work-list.xlsx"):
        assert site.client(name).get(f"/scheme/drafts/{draft.id}/{rest}").status_code == 403
    assert SchemeDraft.objects.count() == 1


def test_a_stranger_is_sent_to_the_door(site):
    assert site.nobody.post("/scheme/drafts/read")["Location"].startswith("/sign-in")
