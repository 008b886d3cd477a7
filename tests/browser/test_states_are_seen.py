"""What the untouched example never shows: refusals, one-time pages, an empty platform, an alarm; in pictures."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from tests.browser.seeing import CHROMIUM, HEIGHT, WIDTHS, Watched, launched
from tests.browser.server import built, copy_of, serving
from tests.web.real_server import LOGIN, PASSWORD, Real

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def chromium():
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The example served from a folder of this file's own; its address, and the database."""
    if CHROMIUM is None:
        pytest.skip("没有 chromium：浏览器测试需要它")
    base = tmp_path_factory.mktemp("states")
    data = copy_of(built(base / "example"), base / "data")
    with serving(data) as address:
        yield address, data / "kaoping.sqlite3"


@pytest.fixture
def window(chromium, example):
    """Open a window of the example, signed in by the page; what went wrong in it fails the test."""
    opened = []

    def visit(login="", *expected):
        watched = Watched(chromium, example[0])
        watched.expected |= set(expected)
        opened.append(watched)
        if login:
            watched.sign_in(login)
        return watched

    yield visit
    assert [fault for watched in opened for fault in watched.close()] == []


@pytest.fixture
def seen(screens):
    """Take pictures of what a window shows, wide and narrow; it is quiet and without barriers."""

    def look(watched, name, *words):
        said = watched.page.locator("body").inner_text()
        assert [word for word in words if word not in said] == []
        faults = []
        for width in WIDTHS:
            watched.page.set_viewport_size({"width": width, "height": HEIGHT})
            watched.page.screenshot(path=screens / f"state-{name}-{width}.png", full_page=True)
            faults += [*watched.overflows(), *watched.barriers()]
        watched.page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        assert faults == []

    return look


def press(watched, words):
    watched.page.locator("main button", has_text=words).first.click()
    watched.page.wait_for_load_state()


def test_doors_that_are_shut(window, seen):
    watched = window("jiaotong1", 403, 404, 405)
    assert watched.go("/people") == 403
    seen(watched, "403")
    assert watched.go("/receipts/999999") == 404
    seen(watched, "404", "没有这一页")
    assert watched.go("/sign-out") == 405
    seen(watched, "405")


def test_a_form_that_must_be_corrected(window, seen):
    watched = window("xitong", 422)
    watched.go("/people/new")
    watched.page.fill("[name=name]", "新来的人")
    watched.page.fill("[name=staff_number]", "N-901")
    watched.page.fill("[name=login]", "有 空格")
    press(watched, "登记")
    seen(watched, "422", "没有办理")


def test_an_account_locked_after_wrong_passwords(window, seen):
    watched = window("", 422, 429)
    for _ in range(5):
        watched.page.goto(f"{watched.address}/sign-in")
        watched.page.fill("[name=login]", "touzi9")
        watched.page.fill("[name=password]", "not-the-password")
        watched.page.press("[name=password]", "Enter")
        watched.page.wait_for_load_state()
    seen(watched, "locked", "锁定")


def test_a_first_password_is_given_and_changed(window, seen):
    admin = window("xitong")
    admin.go("/people?words=jiandu")
    admin.page.locator("main tbody a").first.click()
    admin.page.wait_for_load_state()
    press(admin, "发放临时口令")
    seen(admin, "slips", "有效")
    given = admin.page.locator("main .mono, main code, main b").all_inner_texts()
    password = max((one for one in given if "-" in one or len(one) >= 12), key=len)
    other = window("anquan")
    other.go("/notices")
    seen(other, "notices", "临时口令已发放")
    fresh = window()
    fresh.sign_in("jiandu", password.strip())
    seen(fresh, "first-password", "新密码")


def test_recovery_codes_and_a_second_factor(window, seen):
    watched = window("shenji")
    watched.go("/account/factors/codes")
    seen(watched, "codes-before")


def test_a_platform_before_its_first_scheme(chromium, tmp_path, seen):
    real = Real(tmp_path, sealed_apart=False)
    try:
        real.serve(workers=1)
        watched = Watched(chromium, f"http://127.0.0.1:{real.port}")
        watched.sign_in(LOGIN, PASSWORD)
        for name in ("", "units", "people", "people/lists", "notices", "done"):
            assert watched.go(f"/{name}") in (200, 404)
            seen(watched, f"empty-{name.replace('/', '-') or 'desk'}", "试用")
        watched.page.locator("header form button", has_text="退出").first.click()
        watched.page.wait_for_url("**/sign-in*")
        seen(watched, "empty-sign-in", "还没有开始的考评年度")
        assert [fault for fault in watched.close() if "404" not in fault] == []
    finally:
        real.close()


def test_an_alarm(window, example, seen):
    """Last: what is tampered with stays so."""
    with contextlib.closing(sqlite3.connect(example[1])) as database, database:
        database.execute("UPDATE register_unit SET name = '改过的名字' WHERE code LIKE '交通%'")
    watched = window("shenji")
    watched.go("/verifications")
    press(watched, "现在核验")
    watched.page.wait_for_function(
        "() => document.querySelector('main').innerText.includes('核验没有通过')", timeout=60_000
    )
    seen(watched, "alarm-verification", "核验没有通过")
    watched.go("/")
    seen(watched, "alarm-desk", "核验没有通过", "报告在查明之前不能签字")
