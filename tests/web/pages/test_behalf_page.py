"""代录: a section enters paper and mail for a unit; it counts once the unit confirms it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kaoping.core.workflow.things import Filing, Standing
from kaoping.web.models import Upload
from tests.files.test_inner_checks import pdf
from tests.web.pages.test_ledger_page import AT, HEAD, LIAISON, OTHER
from tests.web.pages.test_uploads import sent
from tests.web.site import fresh, text_of
from tests.world_set_up import uid

STAGE = "opened"
HANDLER = "综合科经办人"
WHERE = f"/review/behalf?unit={uid('青禾县')}&task=1.1"


def form(**other):
    given = {
        "unit": uid("青禾县"), "task": "1.1", "item": ["1.1-1"], "channel": "paper",
        "received": "2024-11-01", "received_time": "08:30",
    }  # fmt: skip
    return fresh(**(given | other))


def enter(browser, **other):
    one = sent(browser, "来函扫描.pdf", pdf())
    return browser.post("/review/behalf/enter", form(upload=[one.id], **other))


def the_filing(site):
    (one,) = site.state.every(Filing)
    return one


def test_a_section_enters_and_the_unit_confirms(site):
    browser = site.client(HANDLER)
    assert "完成年度投资1" in text_of(browser.get(WHERE))
    assert enter(browser).status_code == 303
    assert the_filing(site).standing is Standing.AWAITING_UNIT
    assert "来函扫描.pdf" in text_of(browser.get("/review/behalf"))
    liaison = site.client(LIAISON)
    page = text_of(liaison.get(AT))
    assert "待确认" in page
    assert "纸质，2024-11-01 08:30 收到" in page
    assert "来函扫描.pdf" in page, "the unit reads the name that the section gave"
    liaison.post(f"/ledger/filings/{the_filing(site).id}/accept", fresh())
    assert the_filing(site).standing is Standing.FILED


def test_the_head_of_the_unit_may_confirm_it_as_well(site):
    enter(site.client(HANDLER))
    site.client(HEAD).post(f"/ledger/filings/{the_filing(site).id}/accept", fresh())
    assert the_filing(site).standing is Standing.FILED


def test_the_file_is_the_units_from_then_on_and_nobody_elses(site):
    enter(site.client(HANDLER))
    assert Upload.objects.filter(owner=uid("青禾县"), name="来函扫描.pdf").count() == 1
    assert "来函扫描" not in text_of(site.client(OTHER).get(AT))
    one = the_filing(site)
    sha256 = Upload.objects.get(owner=uid("青禾县")).sha256
    assert site.client(OTHER).get(f"/evidence/{one.id}/{sha256}").status_code == 404
    assert site.client(LIAISON).get(f"/evidence/{one.id}/{sha256}").status_code == 200


def test_it_is_no_hint_that_the_section_itself_uploaded_the_file(site):
    enter(site.client(HANDLER))
    assert "与别的单位上传的文件相同" not in text_of(site.client(HANDLER).get("/review"))


def test_twice_the_same_form_is_one_entry(site):
    browser = site.client(HANDLER)
    one = sent(browser, "来函扫描.pdf", pdf())
    again = form(upload=[one.id])
    for _ in range(2):
        assert browser.post("/review/behalf/enter", again).status_code == 303
    assert len(list(site.state.every(Filing))) == 1
    assert Upload.objects.filter(owner=uid("青禾县")).count() == 1


def test_it_works_without_any_script(site):
    file = SimpleUploadedFile("来函.pdf", pdf())
    answer = site.client(HANDLER).post("/review/behalf/enter", form(file=[file]))
    assert answer.status_code == 303
    assert the_filing(site).standing is Standing.AWAITING_UNIT


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"item": []}, "没有选择目录项"),
        ({"item": ["9"]}, "没有选择目录项"),
        ({"channel": ""}, "没有选择送达方式"),
        ({"received": ""}, "收到日期"),
        ({"received": "2031-01-01"}, "晚于现在"),
        ({"received_time": "25:00"}, "不是时间"),
        ({"event": "昨天"}, "不是日期"),
        ({"unit": uid("没有")}, "不考评所选任务"),
        ({"task": "2.1"}, "不归本科室负责"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_entered(site, wrong, said):
    before, browser = site.size, site.client(HANDLER)
    answer = enter(browser, **wrong)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert site.size == before
    assert not Upload.objects.filter(owner=uid("青禾县")).exists()


def test_what_was_typed_comes_back_with_what_is_wrong(site):
    answer = enter(site.client(HANDLER), item=[], event="2024-10-31")
    page = answer.content.decode()
    assert 'value="2024-10-31"' in page
    assert 'role="alert"' in page


@pytest.mark.parametrize("name", ["产业科经办人", "综合科科长"])
def test_nobody_but_the_responsible_handler_enters(site, name):
    browser, before = site.client(name), site.size
    one = sent(browser, "来函.pdf", pdf())
    answer = browser.post("/review/behalf/enter", form(upload=[one.id]))
    assert answer.status_code in (403, 422)
    assert site.size == before


def test_a_task_on_which_the_unit_is_not_assessed_is_said_to_be_none(site):
    said = text_of(site.client(HANDLER).get(f"/review/behalf?unit={uid('青禾县')}&task=9.9"))
    assert "所选单位不考评这项任务" in said
    for query in ("?unit=%00&task=%00", "?unit=" + "9" * 400):
        assert site.client(HANDLER).get(f"/review/behalf{query}").status_code == 200


def test_a_section_without_indicators_is_told_so(site):
    assert "本科室没有负责的指标" in text_of(site.client("评估督导科经办人").get("/review/behalf"))
