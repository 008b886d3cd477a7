"""现在核验: begun by a button, watched or left, with what each layer found, and kept."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaoping.web.actions.verifying import verify_waiting
from kaoping.web.models import Entry, EventKind, RunState, SecurityEvent, VerificationRun
from tests.web.databases import by_hand
from tests.web.site import text_of
from tests.world_set_up import uid

STAGE = "registered"


@pytest.fixture
def auditor(site):
    return site.client("审计管理员乙")


def begun(browser):
    page = browser.post("/verifications/begin")
    assert page.status_code == 303
    return page["Location"]


def test_a_button_begins_it_and_the_page_shows_how_far_it_is(site, auditor):
    address = begun(auditor)
    page = auditor.get(address)
    said = text_of(page)
    assert "正在核验" in said
    assert "可以离开这一页" in said
    assert 'hx-get="' in page.content.decode()
    assert SecurityEvent.objects.filter(kind=EventKind.VERIFIED.value).count() == 1
    assert begun(auditor) == address, "one at a time"


def test_the_result_names_every_layer_and_is_kept(site, auditor):
    address = begun(auditor)
    verify_waiting(site.installation)
    page = auditor.get(address)
    said = text_of(page)
    assert "全部通过" in said
    for words in (
        "检查点签名",
        "见证",
        "条目与正文",
        "登记数据",
        "附件",
        "办理规则",
        "抽签",
        "计分",
    ):
        assert words in said
    assert "还没有得分" in said
    assert "hx-trigger" not in page.content.decode()
    assert "页面提出" in text_of(auditor.get("/verifications"))
    assert "全部通过" in text_of(auditor.get("/journal"))
    assert "通过" in text_of(auditor.get("/")).partition("最近核验")[2]


def test_a_row_edited_by_hand_is_named_with_its_entry_and_everybody_is_told(site, auditor):
    unit = uid("青禾县")
    entry = Entry.objects.get(subject=unit, type="unit.registered/1")
    by_hand(f"UPDATE register_unit SET name = '改' WHERE id = '{unit}'")
    address = begun(auditor)
    verify_waiting(site.installation)
    said = text_of(auditor.get(address))
    assert "核验没有通过" in said
    assert f"unit {unit} 被改动（第 {entry.index} 条写入）" in said
    assert "核验没有通过" in text_of(auditor.get("/")), "on the desk of the audit administrator"
    other = text_of(site.client("青禾县联络员").get("/"))
    assert "未通过" in other.partition("最近核验")[2]
    assert "看哪一层" not in other


def test_the_part_that_changes_is_asked_for_alone(site, auditor):
    address = begun(auditor)
    part = auditor.get(f"{address}/state")
    assert part.status_code == 200
    assert "<html" not in part.content.decode()
    assert 'hx-trigger="every 1s"' in part.content.decode()


def test_while_a_layer_is_checked_it_says_so(site, auditor):
    run = VerificationRun.objects.create(
        cause="nightly",
        asked_at=site.installation.now(),
        state=RunState.RUNNING.value,
        layer="S",
    )
    said = text_of(auditor.get(f"/verifications/{run.pk}"))
    assert "核对中" in said
    assert "已核对 6/9 层" in said
    assert "每日例行" in said


def test_one_that_could_not_be_finished_says_why_and_blames_nobody(site, auditor):
    (site.installation.data / "witnesses.toml").write_text("quorum = 9", "utf-8")
    address = begun(auditor)
    verify_waiting(site.installation)
    said = text_of(auditor.get(address))
    assert "核验没有做完" in said
    assert "见证人设置" in said
    assert "不能说明日志有没有问题" in said


@pytest.mark.parametrize(
    "name", ["系统管理员", "安全管理员", "青禾县联络员", "综合科科长", "主要领导"]
)
def test_others_find_a_closed_door_and_nothing_begins(site, name):
    browser = site.client(name)
    assert browser.post("/verifications/begin").status_code == 403
    assert browser.get("/verifications").status_code == 403
    assert not VerificationRun.objects.exists()


def test_a_supervisor_may_verify_too(site):
    assert begun(site.client("监督员"))


def test_a_stranger_is_sent_to_the_door(site):
    assert site.nobody.post("/verifications/begin")["Location"].startswith("/sign-in")
    assert not VerificationRun.objects.exists()


def test_looking_begins_nothing(site, auditor):
    assert auditor.get("/verifications/begin").status_code == 405
    assert auditor.get("/verifications").status_code == 200
    assert auditor.get("/verifications/4711").status_code == 404
    assert not VerificationRun.objects.exists()


def test_before_the_first_the_pages_say_when_it_will_be(site, auditor):
    assert "今晚 02:00" in text_of(auditor.get("/verifications"))
    assert "尚未核验" in text_of(auditor.get("/"))


def test_the_number_of_questions_does_not_grow_with_the_runs(site, auditor):
    counts = []
    for _ in range(2):
        begun(auditor)
        verify_waiting(site.installation)
        auditor.get("/verifications")
        with CaptureQueriesContext(connection) as caught:
            auditor.get("/verifications")
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 12
