"""考评启动: the checklist, every vacancy named, and the act by the head of the coordinating section."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from kaoping.core.acts.setting_up import DutyEnded, Late, SchemePublished, UnitRegistered
from kaoping.core.workflow.things import Assessment, Scheme
from kaoping.web import sessions
from tests.web.site import fresh, text_of
from tests.web.year_scheme import scheme_text
from tests.world_set_up import SECTIONS, UNITS, uid

STAGE = "registered"
HEAD, HANDLER = "评估督导科科长", "评估督导科经办人"
NAME = "2024年度绩效考评"


def publish(site, version=1, supersedes=None):
    text = scheme_text(site.world.indicators, version)
    content = SchemePublished(
        version,
        f"评字〔2024〕{version}号",
        site.installation.blobs.put(BytesIO(text.encode())),
        uid(SECTIONS[0]),
        Late.FLAG,
        tuple(map(site.world.indicator_duty, site.world.indicators)),
        "改正" if version > 1 else "",
    )
    return site.do(HEAD, uid("实施方案"), content, supersedes)


@pytest.fixture
def published(site):
    publish(site)
    return site


def end(site, *names):
    for name in names:
        site.do("安全管理员", uid(f"职责 {name}"), DutyEnded("调离"))


def years(site):
    return list(site.state.every(Assessment))


def open_year(site, who=HEAD):
    return site.client(who).post("/year/open", fresh(name=NAME))


def test_before_the_scheme_the_page_says_what_comes_first(site):
    page = site.client(HEAD).get("/year")
    assert "先由汇总科室负责人发布实施方案" in text_of(page)
    assert "disabled" in page.content.decode()


def test_the_checklist_says_that_all_is_ready(published):
    words = text_of(published.client(HEAD).get("/year"))
    assert "评字〔2024〕1号，第 1 版" in words
    assert "齐备" in words
    assert "向 6 个单位要 54 项数据、68 项材料" in words
    assert "2025年1月18日 星期六" in words
    assert "当天是周末，不上班；最近的工作日是1月17日" in words


def test_the_head_of_the_coordinating_section_opens_the_year(published):
    page = published.client(HEAD).get("/year/open")
    assert 'value="2024年度绩效考评"' in page.content.decode()
    answer = open_year(published)
    assert answer.status_code == 303
    assert answer["Location"] == "/deadlines"
    assert [(one.year, one.name, one.scheme) for one in years(published)] == [
        (2024, NAME, uid("实施方案"))
    ]
    assert "已启动" in text_of(published.client(HEAD).get("/year"))


def test_a_second_click_opens_it_once(published):
    form = fresh(name=NAME)
    browser = published.client(HEAD)
    assert browser.post("/year/open", form).status_code == 303
    size = published.size
    assert browser.post("/year/open", form).status_code == 303
    assert published.size == size
    again = browser.post("/year/open", fresh(name="另一个名称"))
    assert again.status_code == 409
    assert "已经启动" in text_of(again)
    assert len(years(published)) == 1


def test_every_vacancy_is_named_with_who_fills_it(published):
    end(
        published,
        f"{UNITS[0]}联络员 liaison",
        f"{UNITS[0]}负责人 unit_head",
        "产业科科长 section_head",
    )
    words = text_of(published.client(HEAD).get("/year"))
    assert "空缺 3 处" in words
    assert f"{UNITS[0]} 联络员 、 单位负责人" in words
    assert "产业科 部门负责人" in words
    assert "由安全管理员（安全管理员）授予职责" in words
    assert "先由系统管理员" not in words
    assert uid(UNITS[0]) not in words


def test_a_vacancy_keeps_the_year_from_opening(published):
    end(published, f"{UNITS[2]}负责人 unit_head")
    page = published.client(HEAD).get("/year")
    assert "职责空缺 1 处，补齐后可以启动" in text_of(page)
    assert "/year/open" not in page.content.decode()
    size = published.size
    answer = open_year(published)
    assert answer.status_code == 409
    assert f"{UNITS[2]}缺单位负责人" in text_of(answer)
    assert published.size == size
    assert years(published) == []


@pytest.mark.parametrize("name", [HANDLER, "分管领导", "主要领导"])
def test_others_of_the_audience_see_the_list_and_cannot_open(published, name):
    page = published.client(name).get("/year")
    assert page.status_code == 200
    assert "由汇总科室的部门负责人办理" in text_of(page)
    size = published.size
    assert open_year(published, name).status_code == 403
    assert published.size == size


@pytest.mark.parametrize(
    "name",
    [f"{UNITS[0]}联络员", "综合科科长", "监督员", "系统管理员", "安全管理员", "审计管理员乙"],
)
def test_it_is_no_page_of_others(published, name):
    browser, size = published.client(name), published.size
    for where in ("/year", "/year/open"):
        assert browser.get(where).status_code == 403
    assert browser.post("/year/open", fresh(name=NAME)).status_code == 403
    assert published.size == size


def test_strangers_are_sent_to_the_door(published):
    for where in ("/year", "/year/open"):
        assert published.nobody.get(where)["Location"].startswith("/sign-in")
    assert published.nobody.post("/year/open", fresh(name=NAME))["Location"].startswith("/sign-in")
    assert years(published) == []


def test_an_old_proof_of_identity_does_not_open_the_year(published):
    browser = published.client(HEAD)
    published.clock.now += timedelta(minutes=10)
    answer = browser.post("/year/open", fresh(name=NAME))
    assert answer.status_code == 303
    assert answer["Location"].startswith("/confirm")
    assert years(published) == []
    session = browser.session
    sessions.prove(session)
    session.save()
    assert browser.post("/year/open", fresh(name=NAME)).status_code == 303
    assert len(years(published)) == 1


@pytest.mark.parametrize("typed", ["", "   ", "——", "x" * 201])
def test_a_year_needs_a_name(published, typed):
    size = published.size
    answer = published.client(HEAD).post("/year/open", fresh(name=typed))
    assert answer.status_code == 422
    assert "请填写考评名称" in text_of(answer)
    assert published.size == size


def test_without_an_id_nothing_is_opened(published):
    for act in ("", "x", "1" * 400):
        answer = published.client(HEAD).post("/year/open", {"act": act, "name": NAME})
        assert answer.status_code == 422
    assert years(published) == []


def test_before_the_scheme_nothing_is_opened(site):
    answer = open_year(site)
    assert answer.status_code == 422
    assert "还没有发布方案" in text_of(answer)
    assert years(site) == []


def test_a_house_without_people_is_sent_to_the_system_administrator_first(published):
    published.do("系统管理员", uid("新设局"), UnitRegistered("U99", "新设局"))
    scheme = published.state.get(Scheme, uid("实施方案"))
    first, *others = scheme.content.indicators
    wider = replace(first, assessed_units=(*first.assessed_units, uid("新设局")))
    content = replace(scheme.content, version=2, reason="增加单位", indicators=(wider, *others))
    published.do(HEAD, uid("实施方案"), content, scheme.act)
    words = text_of(published.client(HEAD).get("/year"))
    assert "新设局 联络员 、 单位负责人 先由系统管理员（系统管理员）登记人员" in words
