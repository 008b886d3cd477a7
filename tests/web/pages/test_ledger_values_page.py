"""台账数据表: a unit reports all its values by one workbook; whatever is wrong is told at once and nothing taken."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from decimal import Decimal
from html import unescape

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kaoping.core.acts.collecting import ResultReported, Status
from kaoping.core.errors import EnvironmentFault
from kaoping.core.workflow.questions import ledger_of
from kaoping.core.workflow.things import Assessment
from kaoping.files.value_workbook import KEY
from kaoping.web.actions.taking import take
from kaoping.web.models import EventKind, SecurityEvent
from tests.web.pages.test_forms_that_stay import alert_of, page_of
from tests.web.pages.test_ledger_page import HEAD, LIAISON, OTHER
from tests.web.site import text_of
from tests.world_set_up import uid

STAGE = "opened"
AT = "/ledger/values"
HEADS = ("任务编号", "任务", "数据项", "计量单位", "数值", "数据时点", "数据性质", "数据来源", KEY)
FIRST = 4
"""The row of the first value."""


def year(site):
    (one,) = site.state.every(Assessment)
    return one


def reported(site, unit="青禾县"):
    return {key: list(one) for key, one in ledger_of(site.state, year(site).id, uid(unit)).reported.items()}  # fmt: skip


def downloaded(browser):
    answer = browser.get(f"{AT}.xlsx")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def fill(sheet, row, value, as_of=date(2024, 12, 31), status="正式", source="12月月报"):
    for column, cell in enumerate((value, as_of, status, source), 5):
        sheet.cell(row, column).value = cell


def upload(browser, book, name="台账数据表.xlsx"):
    if isinstance(book, bytes):
        content = book
    else:
        out = io.BytesIO()
        book.save(out)
        content = out.getvalue()
    return browser.post(AT, {"workbook": SimpleUploadedFile(name, content)})


def carried(page):
    found = re.search(r'name="values" value="([^"]*)"', page.content.decode())
    assert found, text_of(page)
    return unescape(found[1])


def report(browser, page):
    return browser.post(f"{AT}/report", {"values": carried(page)})


def told(answer):
    """The problems of a page that came again."""
    said, _fields = alert_of(page_of(answer))
    return said


# --- looking --------------------------------------------------------------------------------------


def test_the_page_says_what_is_asked_and_the_ledger_leads_there(site):
    browser = site.client(LIAISON)
    said = text_of(browser.get(AT))
    for words in ("项数据，已上报 0 项", "下载数据表", "上传并核对", "怎么填", "24:00 截止"):
        assert words in said, words
    assert f'href="{AT}"' in browser.get("/ledger").content.decode()


def test_the_workbook_has_a_row_for_each_value_and_is_written_down(site):
    book = downloaded(site.client(LIAISON))
    (sheet,) = book.worksheets
    assert str(sheet["A1"].value).startswith("青禾县 2024年度")
    assert tuple(cell.value for cell in sheet[3]) == HEADS
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST)]
    assert rows[0][:4] == ["1.1", "完成年度投资1", "实际完成", "亿元"]
    assert rows[0][4:8] == [None, rows[0][5], None, None]
    assert rows[0][5].date() == date(2024, 12, 31), "the cut-off, as on the page"
    assert sheet.column_dimensions["I"].hidden
    assert sheet.freeze_panes == "E4"
    (choices,) = sheet.data_validations.dataValidation
    assert choices.formula1 == '"正式,初步,快报"'
    assert SecurityEvent.objects.filter(kind=EventKind.DOWNLOADED.value).count() == 1


@pytest.mark.parametrize("name", ["综合科经办人", "主要领导", "监督员", "系统管理员"])
def test_it_is_for_assessed_units(site, name):
    browser, before = site.client(name), site.size
    for where in (AT, f"{AT}.xlsx"):
        assert browser.get(where).status_code == 403
    assert browser.post(AT).status_code == 403
    assert browser.post(f"{AT}/report", {"values": "[]"}).status_code == 403
    assert site.size == before


def test_a_unit_that_is_asked_for_nothing_is_told_so(site, monkeypatch):
    monkeypatch.setattr("kaoping.web.views.ledger_values.unit_values", lambda _viewer: None)
    browser = site.client(LIAISON)
    assert "没有要本单位上报的数据" in text_of(browser.get(AT))
    assert browser.get(f"{AT}.xlsx").status_code == 404
    assert browser.post(AT).status_code == 404


# --- reporting ------------------------------------------------------------------------------------


def test_values_are_looked_at_and_then_reported_with_receipts(site):
    browser = site.client(LIAISON)
    book, before = downloaded(browser), site.size
    fill(book.active, FIRST, 26.8)
    fill(book.active, FIRST + 1, 3, status="快报")
    page = upload(browser, book)
    assert page.status_code == 200
    said = text_of(page)
    assert "将上报 2 项数据" in said
    assert "26.8 亿元" in said
    assert "2024-12-31 快报" in said
    assert site.size == before, "looked at only"
    answer = report(browser, page)
    assert (answer.status_code, answer["Location"]) == (303, "/ledger")
    assert site.size == before + 2
    amounts = [one for found in reported(site).values() for one in found]
    assert sorted(amounts) == [Decimal(3), Decimal("26.8")]
    assert "已办理并存证 2 项" in text_of(browser.get("/ledger"))
    again = downloaded(browser).active
    assert [again.cell(FIRST, column).value for column in (5, 7, 8)] == [26.8, "正式", "12月月报"]
    assert "将上报 0 项数据" in text_of(upload(browser, downloaded(browser)))


def test_a_change_shows_before_and_after_and_what_stays(site):
    browser = site.client(LIAISON)
    book = downloaded(browser)
    fill(book.active, FIRST, 26.8)
    report(browser, upload(browser, book))
    book = downloaded(browser)
    book.active.cell(FIRST, 5).value = "２７．５０"
    book.active.cell(FIRST, 6).value = "2025/1/2"
    page = upload(browser, book)
    said = text_of(page)
    assert "26.8 亿元" in said
    assert "27.50 亿元" in said
    assert "日期晚于数据截止时间" in said
    assert report(browser, page).status_code == 303
    assert [Decimal("26.8"), Decimal("27.50")] in reported(site).values()
    assert "已办理并存证：实际完成情况上报" in text_of(browser.get("/ledger"))


def test_twice_is_once(site):
    """A second click, a second window with the same workbook, going back: the same acts."""
    browser = site.client(LIAISON)
    book = downloaded(browser)
    fill(book.active, FIRST, 26.8)
    first, second = upload(browser, book), upload(browser, book)
    assert report(browser, first).status_code == 303
    size = site.size
    for page in (first, second):
        assert report(browser, page).status_code == 303
    assert site.size == size
    assert "将上报 0 项数据" in text_of(upload(browser, book)), "it says what is reported already"


def test_after_a_fault_in_the_middle_the_same_form_goes_on(site, monkeypatch):
    browser = site.client(LIAISON)
    book = downloaded(browser)
    fill(book.active, FIRST, 26.8)
    fill(book.active, FIRST + 1, 3)
    page, before = upload(browser, book), site.size
    done: list[object] = []

    def once(*asked):
        if done:
            raise EnvironmentFault("磁盘已满。", "The disk is full.")
        done.append(asked)
        return take(*asked)

    monkeypatch.setattr("kaoping.web.actions.filing.take", once)
    answer = report(browser, page)
    assert answer.status_code == 503
    assert "在此之前已受理的不会丢失" in text_of(answer)
    assert site.size == before + 1
    monkeypatch.undo()
    assert report(browser, page).status_code == 303
    assert site.size == before + 2


def test_without_a_seal_it_waits(site, monkeypatch):
    browser = site.client(LIAISON)
    book = downloaded(browser)
    fill(book.active, FIRST, 26.8)
    page = upload(browser, book)

    def away():
        raise EnvironmentFault("存证服务没有应答。", "The sealer does not answer.")

    monkeypatch.setattr(site.installation.sealer, "seal", away)
    answer = report(browser, page)
    assert answer.status_code == 202
    assert "待存证" in text_of(answer)


# --- what is wrong --------------------------------------------------------------------------------


def test_all_mistakes_are_told_at_once_with_their_cells_and_nothing_is_taken(site):
    browser, before = site.client(LIAISON), site.size
    book = downloaded(browser)
    sheet = book.active
    fill(sheet, FIRST, "很多", as_of="去年", status="核验", source="。")
    fill(sheet, FIRST + 1, 5)
    sheet.append(["9.9", None, None, None, 1, date(2024, 12, 31), "正式", "月报"])
    said = told(upload(browser, book))
    for words in (
        "有 5 处要改正", "一项都没有上报",
        "“台账数据”第 4 行 数值（E4） “很多”不是数",
        "第 4 行 数据时点（F4） “去年”不是日期",
        "第 4 行 数据性质（G4） 没有“核验”这种数据性质",
        "第 4 行 数据来源（H4） 没有写数据来源",
        "任务编号（A", "本单位没有任务“9.9”",
    ):  # fmt: skip
        assert words in said, words
    assert site.size == before


def test_a_value_reported_since_the_download_is_told(site):
    browser, colleague = site.client(LIAISON), site.client(LIAISON)
    mine, theirs = downloaded(browser), downloaded(colleague)
    fill(theirs.active, FIRST, 27)
    report(colleague, upload(colleague, theirs))
    before = site.size
    fill(mine.active, FIRST, 26.8)
    said = told(upload(browser, mine))
    assert "已上报 27（2024-12-31，正式）" in said
    assert site.size == before


def test_a_value_reported_between_looking_and_confirming_refuses_all(site):
    browser = site.client(LIAISON)
    book = downloaded(browser)
    fill(book.active, FIRST, 26.8)
    fill(book.active, FIRST + 1, 3)
    page = upload(browser, book)
    other = downloaded(browser)
    fill(other.active, FIRST, 27)
    report(browser, upload(browser, other))
    before = site.size
    answer = report(browser, page)
    assert answer.status_code == 409
    assert "有人又上报过任务 1.1 的数据" in text_of(answer)
    assert site.size == before


def test_a_value_that_was_reported_is_not_emptied(site):
    browser = site.client(LIAISON)
    book = downloaded(browser)
    fill(book.active, FIRST, 26.8)
    report(browser, upload(browser, book))
    for cells in ((None, date(2024, 12, 31), "正式", "12月月报"), (None, None, None, None)):
        book = downloaded(browser)
        fill(book.active, FIRST, *cells)
        assert "已上报 26.8，这里却空着" in told(upload(browser, book))
    book = downloaded(browser)
    book.active.delete_rows(FIRST)
    assert "将上报 0 项数据" in text_of(upload(browser, book)), (
        "a row that is left out says nothing"
    )


def test_what_a_section_has_verified_stands_unchanged(site):
    value = next(one for one in page_values(site) if one["task"] == "1.1")
    content = ResultReported(
        year(site).id, uid("青禾县"), "1.1", value["input"], Decimal(25), "亿元", date(2024, 12, 31),
        Status.VERIFIED, "现场核验",
    )  # fmt: skip
    site.do("综合科经办人", uid("核验值"), content)
    browser = site.client(LIAISON)
    assert "将上报 0 项数据" in text_of(upload(browser, downloaded(browser)))
    book = downloaded(browser)
    book.active.cell(FIRST, 5).value = 26
    assert "没有“核验”这种数据性质" in told(upload(browser, book))
    shown = browser.get("/ledger/tasks/1.1").content.decode()
    assert "<option selected>核验</option>" in shown
    before = site.size
    form = {"act": uid("neu"), "act-0": "x", "value-0": "25", "as_of-0": "2024-12-31", "status-0": "核验", "source-0": "现场核验"}  # fmt: skip
    assert browser.post("/ledger/tasks/1.1/report", form).status_code == 422
    assert site.size == before


def page_values(site):
    browser = site.client(LIAISON)
    book = downloaded(browser)
    fill(book.active, FIRST, 1)
    return json.loads(carried(upload(browser, book)))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("数据.xlsx", b"PK\x03\x04 broken", "文件已损坏"),
        ("数据.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, "加密的或旧格式"),
        ("数据.xlsx", b"x" * 5_000_001, "超过 5 MB"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(site, name, content, said):
    before = site.size
    assert said in told(upload(site.client(LIAISON), content, name))
    assert site.size == before


def test_another_table_and_no_file_at_all_are_refused(site):
    browser, before = site.client(LIAISON), site.size
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "别的表"
    assert "没有找到台账数据表" in told(upload(browser, book))
    said, fields = alert_of(page_of(browser.post(AT)))
    assert "没有选择文件" in said
    assert "填写的内容都还在" not in said, "a file has to be chosen again"
    assert [one.get("id") for one in fields] == ["workbook"]
    assert site.size == before


def test_the_workbook_of_another_unit_is_refused(site):
    before = site.size
    book = downloaded(site.client(OTHER))
    fill(book.active, FIRST, 26.8)
    said = told(upload(site.client(LIAISON), book))
    assert "这份数据表不是青禾县 2024 年度的" in said
    assert "白石县" not in said
    assert site.size == before


def test_a_preview_of_another_unit_or_made_up_reports_nothing(site):
    browser = site.client(LIAISON)
    book = downloaded(browser)
    fill(book.active, FIRST, 26.8)
    page, before = upload(browser, book), site.size
    (row,) = json.loads(carried(page))
    for sent in (
        "", "[]", "[" * 5000, "{}", "[1]",
        json.dumps([row | {"unit": uid("白石县")}]),
        json.dumps([row | {"value": "viel"}]),
        json.dumps([row | {"status": "核验"}]),
        json.dumps([row | {"task": "9.9"}]),
        json.dumps([row, row | {"as_of": "2024-02-30"}]),
        json.dumps([row, row | {"value": "27"}]),
        json.dumps([row] * 500),
    ):  # fmt: skip
        answer = browser.post(f"{AT}/report", {"values": sent})
        assert answer.status_code == 422, sent
        assert "核对页已经失效" in text_of(answer)
    other = site.client(OTHER).post(f"{AT}/report", {"values": json.dumps([row])})
    assert other.status_code == 422
    strange = json.dumps([row | {"seen": uid("nirgends")}])
    assert browser.post(f"{AT}/report", {"values": strange}).status_code == 409
    assert site.size == before


def test_the_head_looks_and_does_not_report(site):
    head, liaison = site.client(HEAD), site.client(LIAISON)
    assert head.get(f"{AT}.xlsx").status_code == 200
    assert "disabled" in head.get(AT).content.decode()
    book = downloaded(liaison)
    fill(book.active, FIRST, 26.8)
    page, before = upload(liaison, book), site.size
    assert report(head, page).status_code == 403
    assert "职责" in told(upload(head, book))
    assert site.size == before


def test_looking_asks_the_database_no_more_for_more_rows(site, django_assert_max_num_queries):
    browser = site.client(LIAISON)
    book = downloaded(browser)
    for row in range(FIRST, book.active.max_row + 1):
        fill(book.active, row, row)
    browser.get(AT)
    with django_assert_max_num_queries(12):
        browser.get(AT)
    with django_assert_max_num_queries(12):
        upload(browser, book)
