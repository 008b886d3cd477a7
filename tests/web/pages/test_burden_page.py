"""填报负担: what every unit will be asked, before it is sent, and nobody reads another unit's list."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaoping.core.acts.setting_up import DeadlineExtended, StepKind
from kaoping.core.workflow.things import Assessment
from kaoping.web.actions.drafts import begin_draft
from tests.web.site import text_of
from tests.web.year_scheme import scheme_text, target
from tests.world_set_up import UNITS, uid

OWN, OTHER = UNITS[0], UNITS[1]
HANDLER = "评估督导科经办人"
PAGES = ("/burden", "/burden.xlsx", f"/burden/unit?unit={OWN}")


@pytest.fixture
def draft(site):
    """The next version: one target raised, one task less for one unit, one material more."""
    text = scheme_text(site.world.indicators)
    text = text.replace(f'target = "{target(OWN, "1")}"', 'target = "999"')
    text = text.replace(
        f'{{ unit = "{OTHER}", task = "2.1", target = "{target(OTHER, "2")}" }}',
        f'{{ unit = "{OTHER}", task = "2.1", state = "not-applicable" }}',
    )
    return begin_draft(text, "据第 2 版改", uid(HANDLER))


def of_draft(draft, ending=""):
    return f"/burden/drafts/{draft.id}{ending}"


def cells(response):
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return [[str(c.value or "") for c in row] for sheet in book for row in sheet.iter_rows()]


def test_the_coordinating_section_sees_what_each_unit_is_asked(site):
    page = site.client(HANDLER).get("/burden")
    assert page.status_code == 200
    words = text_of(page)
    assert "6 个单位 · 合计 44 项任务、54 项数据、68 项材料" in words
    assert "2025年1月5日（星期日）截止" in words
    assert all(unit in words for unit in UNITS)


def test_the_deadline_is_the_one_in_force(site):
    year = site.state.get(Assessment, site.world.year)
    act = year.deadlines[StepKind.COLLECT][-1].act
    longer = DeadlineExtended(StepKind.COLLECT, date(2025, 1, 8), "系统升级")
    site.do("分管领导", site.world.year, longer, act)
    assert "2025年1月8日（星期三）截止" in text_of(site.client(HANDLER).get("/burden"))


def test_a_unit_comes_at_once_to_its_own_list(site):
    page = site.client(f"{OWN}联络员").get("/burden")
    words = text_of(page)
    assert f"{OWN}要报的内容" in words
    assert "8 项任务，10 项数据，12 项材料（必报 8 项，不同材料 8 份）" in words
    assert f"{target(OWN, '1')} 亿元" in words
    assert "当天不上班，请提前报送" in words
    assert "年度计划文件1" in words


def test_no_unit_reads_the_list_of_another(site):
    browser = site.client(f"{OWN}负责人")
    assert browser.get("/burden/unit", {"unit": OTHER}).status_code == 404
    everything = [
        text_of(browser.get("/burden")),
        str(cells(browser.get("/burden.xlsx"))),
        text_of(browser.get("/burden/unit", {"unit": OWN})),
    ]
    for words in everything:
        assert not any(unit in words for unit in UNITS[1:])
        assert not any(target(unit, one) in words for unit in UNITS[1:] for one in "1234")


def test_a_section_sees_what_its_own_indicators_ask(site):
    page = site.client("综合科经办人").get("/burden/unit", {"unit": OWN})
    assert target(OWN, "1") in text_of(page)
    assert target(OWN, "2") not in text_of(page)
    assert "涉及指标分值" not in text_of(site.client("综合科经办人").get("/burden"))


def test_not_applicable_tasks_are_told_on_the_list(site):
    page = site.client(HANDLER).get("/burden/unit", {"unit": UNITS[-1]})
    assert "不涉及：1.2 重点事项落实1" in text_of(page)
    assert "4 项任务" in text_of(page)


def test_materials_that_are_asked_twice_are_to_be_filed_once(site):
    page = site.client(HANDLER).get("/burden/unit", {"unit": OWN})
    assert "只需报一次的材料" in text_of(page)
    assert "年度计划文件1 1.1、1.2" in text_of(page)


def test_the_workbook_has_the_table_and_every_list(site):
    answer = site.client(HANDLER).get("/burden.xlsx")
    totals = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert {cell.data_type for cell in totals[4][1:7]} == {"n"}
    rows = cells(answer)
    assert any(row[:2] == [OWN, "8"] for row in rows)
    assert any(target(OWN, "1") in row[3] for row in rows if row[0] == OWN and len(row) > 3)


def test_a_draft_is_compared_with_the_version_in_force(site, draft):
    browser = site.client(HANDLER)
    words = text_of(browser.get(of_draft(draft)))
    assert "2 个单位要报的内容有变化" in words
    assert "合计 43 项任务" in words
    assert "7 −1" in words
    own = text_of(browser.get(of_draft(draft, "/unit"), {"unit": OWN}))
    assert "完成年度投资1 修改" in own
    assert "不再要求：2.1 完成年度投资2" in text_of(
        browser.get(of_draft(draft, "/unit"), {"unit": OTHER})
    )


def test_a_draft_like_the_version_in_force_says_so(site):
    same = begin_draft(scheme_text(site.world.indicators), "未改", uid(HANDLER))
    page = site.client(HANDLER).get(of_draft(same))
    assert "各单位要报的内容没有变化" in text_of(page)


@pytest.mark.parametrize("name", [f"{OWN}联络员", "综合科经办人", "分管领导", "系统管理员"])
def test_a_drafts_burden_is_the_coordinating_sections_alone(site, name, draft):
    for ending in ("", ".xlsx", f"/unit?unit={OWN}"):
        assert site.client(name).get(of_draft(draft, ending)).status_code == 403


@pytest.mark.parametrize("name", ["系统管理员", "安全管理员", "审计管理员乙"])
def test_administrators_have_no_part_in_it(site, name):
    assert {site.client(name).get(where).status_code for where in PAGES} == {403}


def test_strangers_are_sent_to_the_door(site):
    for where in PAGES:
        answer = site.nobody.get(where)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in")


def test_who_has_nothing_to_do_with_any_task_is_told_so(site):
    assert "没有与您的职责有关的单位" in text_of(site.client("核验员甲").get("/burden"))


@pytest.mark.parametrize("unit", ["没有", "牵头局", "<b>"])
def test_a_unit_that_is_asked_nothing_is_not_found(site, unit):
    answer = site.client(HANDLER).get("/burden/unit", {"unit": unit})
    assert answer.status_code == 404
    assert "<b>" not in text_of(answer)


def test_without_a_unit_one_comes_to_the_table(site, draft):
    assert site.client(HANDLER).get("/burden/unit")["Location"] == "/burden"
    assert site.client(HANDLER).get(of_draft(draft, "/unit"))["Location"] == of_draft(draft)


def test_nothing_is_changed_by_looking(site, draft):
    before = site.size
    for where in (*PAGES, of_draft(draft), of_draft(draft, f"/unit?unit={OWN}")):
        assert site.client(HANDLER).get(where).status_code == 200
        assert site.client(HANDLER).post(where).status_code == 405
    assert site.size == before


def test_queries_do_not_grow_with_the_units(site):
    browser, counts = site.client(HANDLER), []
    small = begin_draft(scheme_text(site.world.indicators[:1]), "小", uid(HANDLER))
    for one in (small, begin_draft(scheme_text(site.world.indicators), "大", uid(HANDLER))):
        browser.get(of_draft(one))
        with CaptureQueriesContext(connection) as found:
            browser.get(of_draft(one))
        counts.append(len(found))
    assert counts[0] == counts[1]
