"""工作台 before any year: what must be set up, and by whom; others are told what will come."""

from __future__ import annotations

import pytest

from tests.web.site import text_of

STAGE = "registered"


def test_the_head_of_a_section_is_led_to_the_scheme(site):
    browser = site.client("评估督导科科长")
    (line,) = browser.get("/").context["lines"]
    assert line.title == "导入并发布实施方案"
    assert line.due_words == "尽快"
    assert browser.get(line.href).status_code == 200


@pytest.mark.parametrize("name", ["青禾县联络员", "系统管理员", "监督员"])
def test_others_are_told_that_the_year_is_still_to_come(site, name):
    said = text_of(site.client(name).get("/"))
    assert "本年度考评还没有启动" in said
    assert "数据收集" not in said


def test_no_year_no_calendar_entries(site):
    said = site.client("青禾县联络员").post("/calendar/renew").context["address"]
    path = said[said.index("/calendar/") :]
    assert "VEVENT" not in site.nobody.get(path).content.decode()
