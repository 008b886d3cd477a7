"""A liaison reports all values by a workbook, in a real browser: mistakes told, looked at, confirmed, with receipts."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from tests.browser.test_forms_that_stay import seen

pytestmark = pytest.mark.slow

LIAISON = "gongxin1"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def filled(content, rows):
    """The workbook with its first rows filled in."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for at, cells in enumerate(rows, 4):
        for column, cell in enumerate(cells, 5):
            book.worksheets[0].cell(at, column).value = cell
    out = io.BytesIO()
    book.save(out)
    return {"name": "台账数据表.xlsx", "mimeType": WORKBOOK, "buffer": out.getvalue()}


def send(watched, file):
    watched.page.set_input_files("#workbook", file)
    watched.page.click("main form button.btn-primary")
    watched.page.wait_for_load_state()


def test_all_values_are_reported_by_one_workbook(visit, screens):
    watched = visit(LIAISON)
    watched.expected.add(422)
    watched.go("/ledger/tasks/1.1")
    watched.page.click("main a:has-text('用表格一次上报各项数据')")
    seen(watched, "values-import", screens)
    with watched.page.expect_download() as kept:
        watched.page.click("main a:has-text('下载数据表')")
    content = kept.value.path().read_bytes()
    day = date(2024, 12, 31)
    send(watched, filled(content, [("二十六亿", "去年", "核验", "。"), (3, day, "正式", "")]))
    watched.page.wait_for_selector("main [role=alert]")
    seen(watched, "values-wrong", screens)
    send(watched, filled(content, [(26.8, day, "快报", "12月重大项目月报"), (3, day, "正式", "投资项目在线平台")]))  # fmt: skip
    watched.page.wait_for_selector("h1:has-text('将上报 2 项数据')")
    seen(watched, "values-preview", screens)
    watched.page.locator("main button", has_text="确认上报").dblclick()
    watched.page.wait_for_selector("main .k-note:has-text('已办理并存证 2 项')")
    seen(watched, "values-done", screens)
    watched.go("/ledger/values")
    assert "已上报 2 项" in watched.page.locator("main").inner_text()


def test_the_page_is_used_by_keyboard(visit):
    watched = visit(LIAISON)
    watched.go("/ledger/values")
    reached = set()
    for _ in range(40):
        watched.page.keyboard.press("Tab")
        focus = watched.focus()
        if focus:
            assert focus["shown"], focus
            reached.add(focus["name"])
    assert any('id="workbook"' in one for one in reached)
    assert any("btn-primary" in one for one in reached)
