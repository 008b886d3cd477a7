"""A form with mistakes in a real browser: it stays, says what is wrong at the fields, and is mended and sent from there."""

from __future__ import annotations

import pytest

from tests.browser.seeing import HEIGHT, WIDTHS
from tests.browser.test_filing import LIAISON, arrived, choose, file
from tests.files.test_inner_checks import pdf

pytestmark = pytest.mark.slow


def seen(watched, name, screens):
    """In pictures, wide and narrow; nothing bars the way."""
    faults = []
    for width in WIDTHS:
        watched.page.set_viewport_size({"width": width, "height": HEIGHT})
        watched.page.screenshot(path=screens / f"{name}-{width}.png", full_page=True)
        faults += [*watched.overflows(), *watched.barriers()]
    watched.page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    assert faults == []


def test_values_are_mended_where_they_stand(visit, screens):
    watched = visit(LIAISON)
    watched.expected.add(422)
    watched.go("/ledger/tasks/1.1")
    page = watched.page
    page.fill("#value-0", "二十六亿")
    page.fill("#source-0", "。")
    page.select_option("#status-0", "快报")
    act = page.input_value("[action$=report] [name=act]")
    page.click("[action$=report] button.btn-primary")
    page.wait_for_selector("main [role=alert]")
    seen(watched, "stays-values", screens)
    assert page.input_value("#value-0") == "二十六亿"
    assert page.input_value("#status-0") == "快报"
    assert page.input_value("[action$=report] [name=act]") == act, "the same act"
    page.click("main [role=alert] a >> nth=0")
    assert page.evaluate("() => document.activeElement.id") == "value-0"
    page.keyboard.press("Control+a")
    page.keyboard.type("26.80")
    page.fill("#source-0", "12 月月报")
    page.keyboard.press("Enter")
    page.wait_for_selector("main .k-note:has-text('已办理并存证')")
    assert page.url.endswith("/ledger/tasks/1.1")


def test_files_that_went_up_are_still_chosen(visit, screens):
    watched = visit(LIAISON)
    watched.expected.add(422)
    watched.go("/ledger/tasks/1.5")
    choose(watched, file("月报汇编.pdf", pdf(b"% stays")))
    arrived(watched, 1)
    watched.page.fill("#new-first", "2024-12-31")
    watched.page.fill("#new-last", "2024-01-01")
    watched.page.click("#filing button.btn-primary")
    watched.page.wait_for_selector("main [role=alert]")
    seen(watched, "stays-files", screens)
    assert watched.page.locator("#filing [name=upload]:checked").count() == 1
    watched.page.reload()
    assert watched.page.locator("main [role=alert]").count() == 1, "sent again, it is refused again"
    watched.go("/ledger/tasks/1.5/file")
    assert watched.page.url.endswith("/ledger/tasks/1.5"), (
        "the address of the form leads to its page"
    )
