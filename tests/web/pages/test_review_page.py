"""台账审核: a section sees what was filed on its own indicators, narrows it, and returns with a reason."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from kaoping.core.workflow.things import Filing, Standing
from tests.files.test_inner_checks import pdf
from tests.web.pages.test_ledger_page import AT, LIAISON, OTHER, file
from tests.web.pages.test_uploads import sent
from tests.web.site import fresh, text_of
from tests.world_set_up import uid

STAGE = "opened"
HANDLER, OWN_HEAD = "综合科经办人", "综合科科长"


@pytest.fixture
def filed(site):
    """A unit's filing for the section's indicator."""
    browser = site.client(LIAISON)
    file(browser, sent(browser, "投资计划.pdf", pdf()), event="2025-01-03")
    (one,) = site.state.every(Filing)
    return one


def standing(site, one):
    return site.state.get(Filing, one.id).standing


def test_before_anything_is_filed_the_page_says_so(site):
    assert "还没有单位报送" in text_of(site.client(HANDLER).get("/review"))


def test_the_page_shows_what_was_filed_with_hints_and_files(site, filed):
    said = text_of(site.client(HANDLER).get("/review"))
    for words in ("青禾县", "1.1 完成年度投资1", "年度计划文件1", "投资计划.pdf", "日期晚于数据截止时间", "已报 · 1"):  # fmt: skip
        assert words in said, words


def test_what_came_or_was_corrected_last_stands_first(site, filed):
    for name, file_name in ((OTHER, "乙.pdf"), (LIAISON, "丙.pdf")):
        browser = site.client(name)
        file(browser, sent(browser, file_name, pdf(file_name.encode())))
    rows = site.client(HANDLER).get("/review").context["review"].rows
    indices = [row.filing.index for row in rows]
    assert len(indices) == 3
    assert indices == sorted(indices, reverse=True)


def test_it_is_narrowed_by_unit_task_and_state(site, filed):
    browser = site.client(HANDLER)
    assert "投资计划.pdf" in text_of(browser.get("/review", {"unit": uid("青禾县"), "task": "1.1", "state": "filed"}))  # fmt: skip
    for query in ({"unit": uid("白石县")}, {"task": "1.2"}, {"state": "returned"}):
        assert "没有符合条件的材料" in text_of(browser.get("/review", query))
    for query in ({"page": "9" * 40}, {"page": "-1"}, {"state": "?"}, {"unit": "\x00" * 40}):
        assert browser.get("/review", query).status_code == 200


def test_a_filing_is_returned_with_a_reason_that_the_unit_reads(site, filed):
    where, browser = f"/review/filings/{filed.id}/return", site.client(HANDLER)
    before = site.size
    assert browser.post(where, fresh(reason=" ")).status_code == 422
    assert (site.size, standing(site, filed)) == (before, Standing.FILED)
    answer = browser.post(where, fresh(reason="第二页缺章"))
    assert answer.status_code == 303
    assert "已办理并存证：佐证材料退回" in text_of(browser.get(answer["Location"]))
    assert standing(site, filed) is Standing.RETURNED
    assert "第二页缺章" in text_of(site.client(LIAISON).get(AT))
    assert "退回： 第二页缺章" in text_of(browser.get("/review"))
    assert browser.post(where, fresh(reason="再退一次")).status_code == 409


@pytest.mark.parametrize(
    ("name", "status"), [(OWN_HEAD, 403), ("产业科经办人", 403), (LIAISON, 403)]
)
def test_nobody_else_returns_it(site, filed, name, status):
    before = site.size
    sent_back = site.client(name).post(f"/review/filings/{filed.id}/return", fresh(reason="不对"))
    assert sent_back.status_code == status
    assert (site.size, standing(site, filed)) == (before, Standing.FILED)


def test_a_section_sees_its_own_indicators_alone(site):
    browser = site.client(LIAISON)
    one = sent(browser, "只给产业科.pdf", pdf())
    browser.post("/ledger/tasks/2.1/file", fresh(upload=[one.id], item=["2.1-1"]))
    (filing,) = site.state.every(Filing)
    assert "只给产业科.pdf" in text_of(site.client("产业科经办人").get("/review"))
    assert "只给产业科.pdf" not in text_of(site.client(HANDLER).get("/review"))
    before = site.size
    answer = site.client(HANDLER).post(f"/review/filings/{filing.id}/return", fresh(reason="不对"))
    assert answer.status_code == 404
    assert site.size == before


def test_the_same_file_of_another_unit_is_hinted_to_the_section(site, filed):
    browser = site.client(OTHER)
    file(browser, sent(browser, "别名.pdf", pdf()))
    said = text_of(site.client(HANDLER).get("/review"))
    assert said.count("与别的单位上传的文件相同") == 2


def test_the_list_is_a_workbook_too(site, filed):
    answer = site.client(HANDLER).get("/review.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert "投资计划.pdf" in cells
    assert "日期晚于数据截止时间" in cells


def test_the_number_of_queries_does_not_grow_with_filings(
    site, filed, django_assert_max_num_queries
):
    browser, liaison = site.client(HANDLER), site.client(LIAISON)
    browser.get("/review")
    one = sent(liaison, "又一份.pdf", pdf(b"% more"))
    for day in range(10, 22):
        file(liaison, one, event=f"2024-03-{day}")
    browser.get("/review")
    with django_assert_max_num_queries(14):
        browser.get("/review")


# --- accepting ------------------------------------------------------------------------------------


def seen(one):
    """A filing as it stands in the form: with the act that gave what was looked at."""
    return f"{one.id} {one.act}"


def corrected(site, one):
    browser = site.client(LIAISON)
    form = fresh(upload=[sent(browser, "另一份.pdf", pdf(b"other")).id], supersedes=one.act)
    assert browser.post(f"/ledger/filings/{one.id}/correct", form).status_code == 303


def test_what_was_corrected_since_one_looked_is_neither_accepted_nor_returned(site, filed):
    corrected(site, filed)
    before, browser = site.size, site.client(HANDLER)
    answer = browser.post("/review/accept", fresh(filing=[seen(filed)]))
    assert answer.status_code == 409
    assert "和您看到的不同" in text_of(answer)
    form = fresh(reason="缺章", looked_at=filed.act)
    assert browser.post(f"/review/filings/{filed.id}/return", form).status_code == 409
    assert (site.size, standing(site, filed)) == (before, Standing.FILED)


def test_a_filing_is_accepted_and_the_unit_sees_it(site, filed):
    browser = site.client(HANDLER)
    answer = browser.post("/review/accept", fresh(filing=[seen(filed)], task="1.1"))
    assert answer.status_code == 303
    assert answer["Location"] == "/review?unit=&task=1.1&state="
    said = text_of(browser.get(answer["Location"]))
    assert "已办理并存证：佐证材料审核通过" in said
    assert "通过 · 1" in said
    assert standing(site, filed) is Standing.ACCEPTED
    assert "通过" in text_of(site.client(LIAISON).get(AT))


def test_several_are_accepted_in_one_go_and_only_once(site, filed):
    other = site.client(OTHER)
    file(other, sent(other, "乙.pdf", pdf(b"2")))
    ids = [seen(one) for one in site.state.every(Filing)]
    browser, form = site.client(HANDLER), fresh(filing=ids)
    before = site.size
    for _ in range(2):
        assert browser.post("/review/accept", form).status_code == 303
    assert site.size == before + 2
    assert {one.standing for one in site.state.every(Filing)} == {Standing.ACCEPTED}
    assert "已办理并存证 2 项" in text_of(browser.get("/review"))


@pytest.mark.parametrize("ids", [[], ["没有"], [uid("没有")], [f"{uid('没有')} {uid('没有')}"]])
def test_nothing_ticked_or_nothing_of_that_id_accepts_nothing(site, filed, ids):
    before, browser = site.size, site.client(HANDLER)
    answer = browser.post("/review/accept", fresh(filing=ids))
    assert answer.status_code == 422
    assert "没有勾选要通过的材料" in text_of(answer)
    assert (site.size, standing(site, filed)) == (before, Standing.FILED)


@pytest.mark.parametrize("name", [OWN_HEAD, "产业科经办人", LIAISON])
def test_nobody_else_accepts_it(site, filed, name):
    before = site.size
    answer = site.client(name).post("/review/accept", fresh(filing=[seen(filed)]))
    assert answer.status_code in (403, 422)
    assert (site.size, standing(site, filed)) == (before, Standing.FILED)


def test_what_was_accepted_may_still_be_returned(site, filed):
    browser = site.client(HANDLER)
    browser.post("/review/accept", fresh(filing=[seen(filed)]))
    assert f"/review/filings/{filed.id}/return" in browser.get("/review").content.decode()
    browser.post(f"/review/filings/{filed.id}/return", fresh(reason="看错了，缺公章"))
    assert standing(site, filed) is Standing.RETURNED


def test_an_accepted_filing_is_no_longer_owed(site, filed):
    """The desk of the section asks for it until it is accepted or returned."""
    browser = site.client(HANDLER)
    assert "审核台账：" in text_of(browser.get("/"))
    browser.post("/review/accept", fresh(filing=[seen(filed)]))
    assert "审核台账：" not in text_of(browser.get("/"))
