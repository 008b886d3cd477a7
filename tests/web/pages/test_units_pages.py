"""单位与科室: registered by the system administrator, looked at by all three, open to nobody else."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from kaoping.web.models import Section, Unit
from tests.web.site import fresh, text_of
from tests.world_set_up import uid

STAGE = "registered"
ADMINISTRATORS = ("系统管理员", "安全管理员", "审计管理员乙")
OTHERS = ("青禾县联络员", "综合科经办人", "评估督导科科长", "监督员", "主要领导")


def pages():
    return ["/units", "/units/export", f"/units/{uid('牵头局')}", f"/units/{uid('综合科')}"]


def test_all_units_stand_with_their_sections(site):
    page = text_of(site.client("系统管理员").get("/units"))
    for name in ("青禾县", "南屏新区", "牵头局", "综合科 2", "评估督导科 2"):
        assert name in page


def test_a_unit_shows_its_sections_and_a_section_its_people(site):
    unit = text_of(site.client("审计管理员乙").get(f"/units/{uid('牵头局')}"))
    assert "产业科" in unit
    section = text_of(site.client("安全管理员").get(f"/units/{uid('综合科')}"))
    assert "综合科经办人" in section
    assert "青禾县联络员" not in section


def test_a_unit_is_registered_once_however_often_the_form_is_sent(site):
    browser, form = site.client("系统管理员"), fresh(code="U77", name="新河县")
    for _ in range(2):
        sent = browser.post("/units/new", form)
        assert (sent.status_code, sent["Location"]) == (303, "/units")
    assert Unit.objects.filter(code="U77").count() == 1
    assert "单位登记" in text_of(browser.get("/units"))


def test_a_section_is_registered_under_its_unit(site):
    form = fresh(code="S77", name="财务科", unit=uid("牵头局"))
    sent = site.client("系统管理员").post("/units/sections/new", form)
    assert sent["Location"] == f"/units/{uid('牵头局')}"
    assert Section.objects.get(code="S77").unit_id == uid("牵头局")


def test_everything_missing_is_told_at_once_and_nothing_changes(site):
    before = site.size
    sent = site.client("系统管理员").post("/units/sections/new", fresh(unit="nothing"))
    assert sent.status_code == 422
    for word in ("所属单位", "编号", "名称"):
        assert word in text_of(sent)
    assert site.size == before


def test_a_code_that_is_taken_is_refused_with_its_reason(site):
    before = site.size
    sent = site.client("系统管理员").post("/units/new", fresh(code="U1", name="又一个"))
    assert sent.status_code == 409
    assert "编号已属于另一单位" in text_of(sent)
    assert site.size == before


@pytest.mark.parametrize("name", ["安全管理员", "审计管理员乙", *OTHERS])
def test_nobody_else_registers(site, name):
    before = site.size
    browser = site.client(name)
    for address in ("/units/new", "/units/sections/new"):
        assert browser.get(address).status_code == 403
        sent = browser.post(address, fresh(code="U78", name="不该有", unit=uid("牵头局")))
        assert sent.status_code == 403
    assert site.size == before


@pytest.mark.parametrize("name", OTHERS)
def test_the_pages_are_the_administrators(site, name):
    browser = site.client(name)
    assert [browser.get(page).status_code for page in pages()] == [403] * len(pages())


@pytest.mark.parametrize("name", ADMINISTRATORS)
def test_every_administrator_reads(site, name):
    browser = site.client(name)
    assert [browser.get(page).status_code for page in pages()] == [200] * len(pages())


def test_strangers_are_sent_to_the_door(site):
    for page in (*pages(), "/units/new", "/units/sections/new"):
        assert site.nobody.get(page)["Location"].startswith("/sign-in")


def test_what_is_not_there_is_not_found(site):
    assert site.client("系统管理员").get(f"/units/{uid('没有')}").status_code == 404


def test_the_workbook_is_a_table(site):
    answer = site.client("系统管理员").get("/units/export")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert rows[0] == ["单位编号", "单位", "科室编号", "科室", "人数"]
    assert ["U0", "牵头局", "S1", "综合科", "2"] in rows


def test_the_page_asks_the_database_as_often_for_many_units_as_for_few(site):
    browser = site.client("系统管理员")
    browser.get("/units")
    counts = []
    for number in (1, 30):
        for one in range(number):
            code = f"新{number}-{one}"
            browser.post("/units/new", fresh(code=code, name=code))
        browser.get("/units")  # whatever is followed, is followed
        with CaptureQueriesContext(connection) as asked:
            browser.get("/units")
        counts.append(len(asked))
    assert counts[0] == counts[1]
