"""One morning of each role: sign in, see the desk, do the one thing that is due, keep its receipt, go."""

from __future__ import annotations

import pytest

from tests.browser.test_every_page_is_seen import LOGINS

pytestmark = pytest.mark.slow


def press(watched, words):
    """The button with these words in what the page is about."""
    watched.page.locator("main button", has_text=words).first.click()
    watched.page.wait_for_load_state()


def follow(watched, words):
    """The link with these words in what the page is about."""
    watched.page.locator("main a", has_text=words).first.click()
    watched.page.wait_for_load_state()


def undertake(watched):
    """Who scores or inspects undertakes to keep to the rules."""
    watched.go("/discipline")
    press(watched, "我承诺")


def register_a_unit(watched):
    watched.go("/units")
    follow(watched, "登记单位")
    watched.page.fill("[name=code]", "市档案馆")
    watched.page.fill("[name=name]", "市档案馆")
    press(watched, "登记")


def end_a_duty(watched):
    watched.go("/duties/all")
    # Of somebody as whom no test of the browser comes in.
    row = watched.page.locator("main tbody tr", has_text="水利局").first
    row.locator("a[href^='/duties/']").click()
    follow(watched, "终止")
    watched.page.fill("[name=reason]", "岗位调整")
    press(watched, "终止")


def extend_a_deadline(watched):
    watched.go("/deadlines")
    follow(watched, "延期")
    watched.page.fill("[name=until]", "2025-01-22")
    watched.page.fill("[name=reason]", "元旦前后人员集中休假")
    watched.expected.add(422)  # the steps after it end before that day: it must be meant
    press(watched, "延期")
    watched.page.check("[name=anyway]")
    press(watched, "延期")


ACTS = {
    "经办人": undertake,
    "科长": undertake,
    "汇总经办": undertake,
    "核验员": undertake,
    "分管领导": extend_a_deadline,
    "系统管理员": register_a_unit,
    "安全管理员": end_a_duty,
}
LOOKS = {
    "联络员": ("/scheme", "/matrix", "/burden", "/deadlines", "/notices"),
    "单位负责人": ("/scheme", "/matrix", "/deadlines"),
    "汇总科长": ("/scheme", "/matrix", "/burden", "/year", "/deadlines"),
    "主要领导": ("/scheme", "/matrix", "/deadlines"),
    "监督员": ("/journal", "/checkpoints", "/verifications"),
    "审计管理员": ("/journal", "/security-log", "/checkpoints"),
}
"""Who has no act in these weeks looks at what concerns her."""


def test_every_role_has_its_morning():
    assert ACTS.keys() | LOOKS.keys() == LOGINS.keys()


@pytest.mark.parametrize("who", ACTS)
def test_an_act_is_done_and_its_receipt_kept(visit, screens, who):
    watched = visit(LOGINS[who], signs_out=True)
    page = watched.page
    assert page.locator("h1").count() == 1
    ACTS[who](watched)
    note = page.locator("main .k-note", has_text="已办理并存证")
    assert note.count() == 1, page.locator("main").inner_text()
    assert watched.barriers() == []
    page.screenshot(path=screens / f"done-{LOGINS[who]}-1366.png", full_page=True)
    note.locator("a").click()
    page.wait_for_load_state()
    assert "已存证" in page.locator("main").inner_text()
    with page.expect_download() as kept:
        follow(watched, "证明文件")
    assert kept.value.path().read_text().startswith("c2sp.org/tlog-proof@v1")
    page.go_back()
    page.locator("header form button", has_text="退出").first.click()
    page.wait_for_url("**/sign-in*")


@pytest.mark.parametrize("who", LOOKS)
def test_what_concerns_her_is_where_she_looks(visit, who):
    watched = visit(LOGINS[who])
    for where in LOOKS[who]:
        assert watched.go(where) == 200
        assert watched.page.locator("h1").count() == 1
        assert watched.overflows() == []


def test_the_audit_administrator_verifies_now(visit, screens):
    watched = visit(LOGINS["审计管理员"])
    watched.go("/verifications")
    press(watched, "现在核验")
    watched.page.wait_for_function(
        "() => document.querySelector('main').innerText.includes('全部通过')", timeout=60_000
    )
    watched.page.screenshot(path=screens / "verified-1366.png", full_page=True)
    assert watched.barriers() == []
