"""填报进度: who is missing what, as far as one looks, and one click that reminds once an hour."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from kaoping.web.models import Message
from tests.files.test_inner_checks import pdf
from tests.web.pages.test_ledger_page import AT, LIAISON, file, value
from tests.web.pages.test_supply_page import enter
from tests.web.pages.test_uploads import sent
from tests.web.site import text_of
from tests.world_set_up import OWNED_TASK, OWNER, uid

STAGE = "opened"
COORDINATOR, HANDLER = "评估督导科经办人", "综合科经办人"


def row_of(page, name):
    return next(one for one in page.context["found"].rows if one.name == name)


def test_a_unit_that_files_goes_forward(site):
    before = row_of(site.client(COORDINATOR).get("/completeness"), "青禾县")
    browser = site.client(LIAISON)
    file(browser, sent(browser, "投资计划.pdf", pdf()))
    half = row_of(site.client(COORDINATOR).get("/completeness"), "青禾县")
    assert half.filed == before.filed
    assert next(one for one in half.missing if one.task == "1.1").look.word == "未报齐"
    browser.post(f"{AT}/report", value())
    after = row_of(site.client(COORDINATOR).get("/completeness"), "青禾县")
    assert (after.filed, after.total) == (before.filed + 1, before.total)
    assert "1.1" not in {one.task for one in after.missing}


def test_a_section_looks_at_its_own_indicators(site):
    page = site.client(HANDLER).get("/completeness")
    assert "本科室的指标" in text_of(page)
    whole = row_of(site.client(COORDINATOR).get("/completeness"), "青禾县")
    assert row_of(page, "青禾县").total < whole.total


def test_one_click_reminds_the_unit_once_an_hour(site):
    browser, where = site.client(COORDINATOR), f"/completeness/{uid('青禾县')}/remind"
    assert browser.post(where).status_code == 303
    assert "已提醒青禾县的 2 人" in text_of(browser.get("/completeness"))
    assert {one.person for one in Message.objects.all()} == {uid(LIAISON), uid("青禾县负责人")}
    assert "1.1（未报）" in Message.objects.get(person=uid(LIAISON)).text
    assert "催报：还没有报齐" in text_of(site.client(LIAISON).get("/notices"))
    site.clock.now += timedelta(minutes=59)
    site.client(COORDINATOR).post(where)
    assert "没有再提醒青禾县" in text_of(site.client("评估督导科科长").post(where, follow=True))
    assert Message.objects.count() == 2
    site.client(HANDLER).post(where)
    assert Message.objects.count() == 4, "another section may remind of its own"
    site.clock.now += timedelta(minutes=1)
    site.client(COORDINATOR).post(where)
    assert Message.objects.count() == 6


@pytest.mark.parametrize("name", [LIAISON, "监督员", "系统管理员"])
def test_nobody_else_reminds(site, name):
    assert site.client(name).post(f"/completeness/{uid('青禾县')}/remind").status_code == 403
    assert not Message.objects.exists()


def test_a_unit_that_is_none_is_not_reminded(site):
    assert (
        site.client(COORDINATOR).post(f"/completeness/{uid('无此单位')}/remind").status_code == 404
    )


def test_it_is_a_workbook_too(site):
    answer = site.client(COORDINATOR).get("/completeness.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert any("1.1（未报）" in str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_the_number_of_queries_does_not_grow(site, django_assert_max_num_queries):
    browser = site.client(COORDINATOR)
    browser.get("/completeness")
    with django_assert_max_num_queries(10):
        browser.get("/completeness")


# --- data of third parties --------------------------------------------------------------------------


def supplier_of(page, name):
    return next(one for one in page.context["found"].suppliers if one.name == name)


def test_owners_of_data_are_listed_with_what_they_owe_and_reminded(site):
    browser = site.client(COORDINATOR)
    page = browser.get("/completeness")
    row = supplier_of(page, OWNER)
    assert (row.done, row.missing) == (0, (OWNED_TASK,))
    assert f"任务 {OWNED_TASK} 的数据" in text_of(page)
    browser.post(f"/completeness/{uid(OWNER)}/remind")
    assert uid(f"{OWNER}经办人") in set(Message.objects.values_list("person", flat=True))
    assert not Message.objects.filter(person=uid(LIAISON)).exists()


def test_what_an_owner_enters_goes_forward_there(site):
    before = supplier_of(site.client(COORDINATOR).get("/completeness"), OWNER)
    enter(site.client(f"{OWNER}经办人"), {"青禾县": "7"})
    after = supplier_of(site.client(COORDINATOR).get("/completeness"), OWNER)
    assert after.done > before.done
    assert after.total == before.total


def test_a_section_that_has_nothing_to_do_with_the_task_sees_nothing_of_it(site):
    found = site.client("产业科经办人").get("/completeness").context["found"]
    assert [one.name for one in found.suppliers] == [OWNER], "the responsible section follows it"
    assert site.client(HANDLER).get("/completeness").context["found"].suppliers == ()
