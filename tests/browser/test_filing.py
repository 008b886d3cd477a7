"""A liaison files in a real browser: several files with progress, a line that breaks, a button pressed twice."""

from __future__ import annotations

import re

import pytest

from tests.browser.seeing import HEIGHT, WIDTHS
from tests.files.test_inner_checks import pdf
from tests.web.pages.test_uploads import photo

pytestmark = pytest.mark.slow

LIAISON, LARGE = "jiaotong1", 9_000_000


def file(name, content):
    kind = "application/pdf" if name.endswith("pdf") else "image/jpeg"
    return {"name": name, "mimeType": kind, "buffer": content}


def choose(watched, *files):
    watched.page.set_input_files("#filing [name=file]", list(files))


def arrived(watched, count):
    watched.page.wait_for_function(
        "count => document.querySelectorAll('#filing [data-list] [data-upload]').length === count",
        arg=count,
    )
    return watched.page.locator("#filing [data-list]").inner_text()


def press(watched, words):
    watched.page.locator("#filing button", has_text=words).click()
    watched.page.wait_for_load_state()


def test_files_go_up_in_pieces_and_are_filed_with_a_receipt(visit, screens):
    watched = visit(LIAISON)
    watched.go("/ledger/tasks/1.2")
    large = pdf() + b"%" + b"x" * LARGE  # several pieces
    choose(watched, file("投资计划下达通知.pdf", large), file("现场照片.jpg", photo((400, 300))))
    said = arrived(watched, 2)
    assert said.count("已收齐") == 2
    watched.page.locator("#filing [name=item]").first.check()
    watched.page.fill("#new-event", "2024-03-18")
    press(watched, "报送")
    main = watched.page.locator("main").inner_text()
    assert "已办理并存证：佐证材料报送" in main
    assert "投资计划下达通知.pdf" in main
    assert "现场照片.jpg" in main
    for width in WIDTHS:
        watched.page.set_viewport_size({"width": width, "height": HEIGHT})
        watched.page.screenshot(path=screens / f"filed-{width}.png", full_page=True)
        assert watched.overflows() == []
        assert watched.barriers() == []
    watched.page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    with watched.page.expect_download() as kept:
        watched.page.locator("a", has_text="投资计划下达通知.pdf").first.click()
    assert kept.value.path().read_bytes() == large


def test_what_is_not_accepted_says_why_beside_its_name(visit, screens):
    watched = visit(LIAISON)
    watched.go("/ledger/tasks/1.3")
    choose(watched, file("总结.pdf", pdf(b"3 0 obj <</S /JavaScript /JS (x)>> endobj")))
    assert "含有脚本" in arrived(watched, 1)
    watched.page.screenshot(path=screens / "filing-refused-1366.png", full_page=True)
    assert watched.barriers() == []
    watched.expected.add(415)
    choose(watched, file("程序.exe", b"MZ"))
    watched.page.wait_for_function(
        "() => document.querySelector('[data-list]').innerText.includes('不接受')"
    )


def test_a_broken_line_goes_on_by_itself_where_it_was(visit):
    watched = visit(LIAISON)
    watched.go("/ledger/tasks/1.4")
    broken: list[str] = []

    def once(route):
        if route.request.method == "PATCH" and len(broken) < 2:
            broken.append(route.request.headers["upload-offset"])
            route.abort("connectionreset")
        else:
            route.continue_()

    watched.page.route("**/uploads/*", once)
    choose(watched, file("月报汇编.pdf", pdf() + b"%" + b"y" * LARGE))
    assert "已收齐" in arrived(watched, 1)
    assert len(broken) == 2
    watched.faults[:] = [one for one in watched.faults if "ERR_CONNECTION_RESET" not in one]


def test_a_button_pressed_twice_files_once(visit):
    watched = visit(LIAISON)
    watched.go("/ledger/tasks/2.2")
    choose(watched, file("走访记录.pdf", pdf(b"% twice")))
    arrived(watched, 1)
    watched.page.locator("#filing [name=item]").first.check()
    watched.page.locator("#filing button", has_text="报送").dblclick()
    watched.page.wait_for_selector("main .k-note:has-text('已办理并存证')")
    watched.go("/ledger/tasks/2.2")
    main = watched.page.locator("main").text_content()
    assert len(re.findall(r"走访记录\.pdf", main)) == 2, "the filing, and among the uploaded files"


def test_the_file_field_is_reached_by_keyboard(visit):
    watched = visit(LIAISON)
    watched.go("/ledger/tasks/2.2")
    for _ in range(120):
        watched.page.keyboard.press("Tab")
        if watched.page.evaluate("() => document.activeElement.name === 'file'"):
            break
    assert watched.page.evaluate(
        "() => getComputedStyle(document.activeElement.closest('.k-drop')).outlineStyle !== 'none'"
    )


def test_a_section_returns_it_and_the_unit_reads_why(visit, screens):
    unit = visit(LIAISON)
    unit.go("/ledger/tasks/1.1")
    choose(unit, file("月报十二月.pdf", pdf(b"% december")))
    arrived(unit, 1)
    unit.page.locator("#filing [name=item]").nth(1).check()
    press(unit, "报送")
    section = visit("touzi1")
    section.go("/review?task=1.1")
    main = section.page.locator("main")
    assert "月报十二月.pdf" in main.inner_text()
    section.page.locator("main summary", has_text="退回").first.click()
    section.page.fill("main textarea", "缺系统导出的页码，请补")
    for width in WIDTHS:
        section.page.set_viewport_size({"width": width, "height": HEIGHT})
        section.page.screenshot(path=screens / f"review-open-{width}.png", full_page=True)
        assert section.overflows() == []
        assert section.barriers() == []
    section.page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    section.page.locator("main button", has_text="退回补正").first.click()
    section.page.wait_for_selector("main .k-note:has-text('已办理并存证')")
    unit.go("/ledger/tasks/1.1")
    assert "缺系统导出的页码，请补" in unit.page.locator("main").inner_text()
    unit.page.screenshot(path=screens / "ledger-returned-1366.png", full_page=True)
    unit.page.set_viewport_size({"width": WIDTHS[1], "height": HEIGHT})
    unit.page.screenshot(path=screens / "ledger-returned-390.png", full_page=True)
    assert unit.overflows() == []
    assert unit.barriers() == []
