"""A liaison files in a real browser: several files with progress, a line that breaks, a button pressed twice."""

from __future__ import annotations

import re

import pytest

from tests.browser.seeing import HEIGHT, PASSWORD, WIDTHS
from tests.files.test_inner_checks import pdf
from tests.web.pages.test_uploads import photo

pytestmark = pytest.mark.slow

LIAISON, LARGE, SLOW = "jiaotong1", 9_000_000, 4_000_000
"""Who files; bytes of a file of several pieces; bytes a second of a slow line."""


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


def bar(watched):
    """How far the upload under way is, in percent, and the words beside it at the same moment."""
    line = watched.page.locator("#filing [data-list] li")
    return line.evaluate("one => [one.querySelector('progress').value, one.innerText]")


def line_of(watched):
    """The window's line, to be made slow or taken away: called with bytes a second, and whether it is away."""
    wire = watched.context.new_cdp_session(watched.page)

    def be(up=-1, *, away=False):
        said = {"latency": 40, "downloadThroughput": -1, "uploadThroughput": up, "offline": away}
        wire.send("Network.emulateNetworkConditions", said)

    return be


def wait_for_progress(watched, least):
    watched.page.wait_for_function(
        "least => [...document.querySelectorAll('#filing [data-list] progress')].some((one) => one.value >= least)",
        arg=least,
    )


def test_over_a_slow_line_the_progress_is_seen(visit, screens):
    watched = visit(LIAISON)
    watched.go("/ledger/tasks/2.2")
    line_of(watched)(SLOW)
    choose(watched, file("统计报表汇编.pdf", pdf() + b"%" + b"z" * LARGE))
    button = watched.page.locator("#filing button", has_text="报送")
    seen = []
    for least in (0, 40, 80):
        wait_for_progress(watched, least)
        seen.append(bar(watched))
        assert button.is_disabled(), "what has not come cannot be filed"
    watched.page.screenshot(path=screens / "filing-slow-1366.png", full_page=True)
    percents = [percent for percent, _ in seen]
    assert percents == sorted(set(percents))
    assert [words for percent, words in seen if f"{percent}%" not in words] == []
    assert all("9.0 MB" in words for _, words in seen)
    assert "已收齐" in arrived(watched, 1)
    assert button.is_enabled()


def test_a_line_that_is_away_for_a_while_goes_on_without_anybody(visit, screens):
    watched = visit(LIAISON)
    watched.go("/ledger/tasks/2.3")
    sent = []
    watched.page.on(
        "request", lambda one: sent.append((one.method, one.headers.get("upload-offset")))
    )
    line = line_of(watched)
    line(SLOW)
    choose(watched, file("走访台账汇编.pdf", pdf() + b"%" + b"w" * LARGE))
    wait_for_progress(watched, 40)
    line(SLOW, away=True)
    watched.page.wait_for_function(
        "() => document.querySelector('#filing [data-list]').innerText.includes('正在重试')"
    )
    watched.page.screenshot(path=screens / "filing-offline-1366.png", full_page=True)
    line()
    assert "已收齐" in arrived(watched, 1)
    begun = [method for method, _ in sent if method == "POST"]
    offsets = [int(offset) for method, offset in sent if method == "PATCH"]
    assert len(begun) == 1
    assert offsets.count(0) == 1, "what had come is not sent again"
    watched.faults[:] = [one for one in watched.faults if "ERR_INTERNET_DISCONNECTED" not in one]


def test_the_same_from_a_second_tab_is_told_and_not_doubled(visit, screens):
    watched = visit(LIAISON)
    watched.expected |= {409, 422}
    watched.go("/ledger/tasks/1.3")
    choose(watched, file("投产证明.pdf", pdf(b"% two tabs")))
    arrived(watched, 1)
    watched.page.reload()
    second = watched.context.new_page()
    second.goto(f"{watched.address}/ledger/tasks/1.3")
    for page in (watched.page, second):
        page.locator("#filing summary", has_text="选用已上传的文件").click()
        page.locator("#filing label", has_text="投产证明.pdf").click()
        page.locator("#filing [name=item]").first.check()
        page.fill("[name=value-0]", "98.5")
        page.fill("[name=source-0]", "投产台账")
    for page, said in ((watched.page, "已办理并存证"), (second, "已经报送过")):
        page.locator("#filing button", has_text="报送").click()
        page.locator("main", has_text=said).wait_for()
    second.screenshot(path=screens / "filed-twice-1366.png", full_page=True)
    second.go_back()
    second.fill("[name=value-0]", "97")
    second.locator("form[action$='/report'] button").click()
    second.locator("main", has_text="已办理并存证").wait_for()
    watched.go("/ledger/tasks/1.3")
    assert watched.page.locator("main a", has_text="投产证明.pdf").count() == 1


def test_a_page_left_open_longer_than_its_session_says_so_and_loses_nothing(visit, screens):
    watched = visit(LIAISON, signs_out=True)
    watched.go("/ledger/tasks/1.4")
    choose(watched, file("攻坚措施报告.pdf", pdf(b"% session")))
    arrived(watched, 1)
    watched.page.locator("#filing [name=item]").first.check()
    watched.context.clear_cookies(name="sessionid")
    choose(watched, file("迟到的附件.pdf", pdf(b"% later")))
    watched.page.wait_for_function(
        "() => document.querySelector('#filing [data-list]').innerText.includes('登录已失效')"
    )
    watched.page.screenshot(path=screens / "filing-session-over-1366.png", full_page=True)
    watched.page.locator("#filing button", has_text=re.compile("^报送$")).click()
    watched.page.wait_for_url("**/sign-in**")
    assert "没有办理" in watched.page.locator("main").inner_text()
    watched.page.screenshot(path=screens / "session-over-1366.png", full_page=True)
    watched.page.fill("[name=login]", LIAISON)
    watched.page.fill("[name=password]", PASSWORD)
    watched.page.press("[name=password]", "Enter")
    watched.page.wait_for_url("**/ledger/tasks/1.4")
    watched.page.locator("#filing summary", has_text="选用已上传的文件").click()
    assert "攻坚措施报告.pdf" in watched.page.locator("#filing").inner_text()


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
