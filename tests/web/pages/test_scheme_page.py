"""方案: everybody with a duty reads the scheme in force; drafts are the coordinating section's own."""

from __future__ import annotations

from hashlib import sha256

import pytest

from kaoping.web.actions.drafts import begin_draft
from tests.web.scheme_texts import publish, scheme_text
from tests.web.site import text_of
from tests.world_set_up import uid

STAGE = "registered"
READERS = (
    "评估督导科经办人",
    "综合科科长",
    "青禾县联络员",
    "监督员",
    "分管领导",
    "主要领导",
    "核验员甲",
)


def test_before_the_first_scheme_the_page_says_what_will_be_here(site):
    page = site.client("青禾县联络员").get("/scheme")
    assert page.status_code == 200
    assert "还没有发布方案" in text_of(page)
    assert "新建草稿" not in text_of(page)
    assert "新建草稿" in text_of(site.client("评估督导科经办人").get("/scheme"))


@pytest.mark.parametrize("name", READERS)
def test_everybody_with_a_duty_reads_tasks_rules_and_deadlines(site, name):
    publish(site, scheme_text())
    words = text_of(site.client(name).get("/scheme"))
    for word in ("2024年度考评实施方案", "评字〔2024〕3号", "1.1 完成计划1之1", "按次加扣分"):
        assert word in words
    for word in (
        "“迟报”每次（件）扣 0.5 分",
        "2025年1月6日",
        "月报记录1之1",
        "0000-0000001",
        "10 分",
    ):
        assert word in words


def test_a_unit_sees_which_tasks_concern_it_and_what_is_asked_of_it_alone(site):
    extra = '\n[[assignment]]\nunit = "U1"\ntask = "1.1"\npoints = "3"\n'
    extra += '\n[[assignment]]\nunit = "U2"\ntask = "1.1"\npoints = "4"\n'
    publish(site, scheme_text() + extra)
    words = text_of(site.client("青禾县联络员").get("/scheme"))
    assert "本单位 分值 3" in words
    assert "分值 4" not in words
    assert "与本单位有关" not in text_of(site.client("综合科科长").get("/scheme"))


def test_the_document_is_the_published_one_byte_for_byte(site):
    publish(site, scheme_text())
    page = site.client("评估督导科经办人").get("/scheme/versions/1/text")
    assert page.content.decode() == scheme_text()
    digest = sha256(page.content).hexdigest()
    shown = site.client("评估督导科经办人").get("/scheme").content.decode()
    assert digest in shown


def test_who_only_reports_does_not_get_the_document_with_the_targets_of_all(site):
    publish(site, scheme_text())
    assert site.client("青禾县联络员").get("/scheme/versions/1/text").status_code == 404
    assert "方案文件" not in text_of(site.client("青禾县联络员").get("/scheme"))


def test_an_earlier_version_stays_readable_and_says_so(site):
    publish(site, scheme_text(task_name="旧任务"))
    publish(site, scheme_text(task_name="新任务"))
    browser = site.client("青禾县联络员")
    assert "新任务1之1" in text_of(browser.get("/scheme"))
    old = text_of(browser.get("/scheme/versions/1"))
    assert "旧任务1之1" in old
    assert "已经不再执行" in old
    assert "按会议决定修改" in text_of(browser.get("/scheme/versions/2"))
    assert browser.get("/scheme/versions/3").status_code == 404


def test_only_who_published_and_overseers_are_led_to_the_receipt(site):
    publish(site, scheme_text())
    assert "查看回执" in text_of(site.client("评估督导科科长").get("/scheme"))
    assert "查看回执" not in text_of(site.client("评估督导科经办人").get("/scheme"))


@pytest.mark.parametrize("name", ["青禾县联络员", "综合科科长", "监督员", "主要领导"])
def test_drafts_are_listed_for_the_coordinating_section_alone(site, name):
    publish(site, scheme_text())
    begin_draft(scheme_text(), "悄悄准备的一稿", uid("评估督导科经办人"))
    assert "悄悄准备的一稿" in text_of(site.client("评估督导科经办人").get("/scheme"))
    assert "悄悄准备的一稿" not in text_of(site.client(name).get("/scheme"))


@pytest.mark.parametrize("name", ["系统管理员", "安全管理员", "审计管理员乙"])
def test_administrators_have_no_part_in_the_business(site, name):
    assert site.client(name).get("/scheme").status_code == 403


@pytest.mark.parametrize("path", ["/scheme", "/scheme/versions/1", "/scheme/versions/1/text"])
def test_a_stranger_is_sent_to_the_door(site, path):
    page = site.nobody.get(path)
    assert page.status_code == 302
    assert page["Location"].startswith("/sign-in")


def test_names_are_shown_as_they_are_and_never_run(site):
    publish(site, scheme_text(task_name="<script>alert(1)</script>", title="<b>方案</b>"))
    page = site.client("青禾县联络员").get("/scheme").content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>方案</b>" not in page


def test_a_document_changed_on_the_disk_is_told_and_not_shown(site):
    publish(site, scheme_text(title="要被改动的方案"))
    blobs = site.installation.data / "blobs"
    (file,) = (
        path for path in blobs.rglob("*") if path.is_file() and "要被改动" in path.read_text()
    )
    file.chmod(0o600)
    file.write_text(file.read_text().replace("要被改动", "已经改动"))
    page = site.client("评估督导科经办人").get("/scheme/versions/1/text")
    assert page.status_code == 500
    assert "已经改动" not in page.content.decode()


def test_the_number_of_queries_does_not_grow_with_versions(site, django_assert_max_num_queries):
    publish(site, scheme_text())
    browser = site.client("评估督导科经办人")
    browser.get("/scheme")
    for number in range(4):
        publish(site, scheme_text(title=f"第{number}稿"))
    with django_assert_max_num_queries(14):
        assert browser.get("/scheme").status_code == 200
