"""A form that is wrong stays where it is: the same page, all that was typed, and what is wrong at its head."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import html

from kaoping.core.acts.collecting import Channel, EvidenceFiledOnBehalf, EvidenceReturned
from kaoping.core.workflow.things import Assessment, Filing
from kaoping.web.models import Upload
from tests.files.test_inner_checks import pdf
from tests.web.pages.test_uploads import sent
from tests.web.site import fresh, text_of
from tests.world_set_up import uid

STAGE = "opened"
LIAISON, HEAD, HANDLER = "青禾县联络员", "青禾县负责人", "综合科经办人"
AT = "/ledger/tasks/1.1"
KEPT = "没有任何数据被改动。 填写的内容都还在。"


def page_of(response, status=422) -> Any:
    assert response.status_code == status
    return html.fromstring(response.content.decode())


def form_of(page, action) -> Any:
    found = [one for one in page.forms if one.get("action") == action]
    assert found, f"{action} is not on the page"
    return found[0]


def values_of(form):
    """What a browser would send of it."""
    found: dict[str, list[str]] = {}
    for name, given in form.form_values():
        found.setdefault(name, []).append(given.removeprefix("\n"))  # as browsers do
    return found


def alert_of(page):
    """What stands at the head: its words, and the fields that its links lead to."""
    (alert,) = page.xpath("//main/*[@role='alert']")
    fields = [page.get_element_by_id(one.get("href")[1:]) for one in alert.xpath(".//li//a")]
    return " ".join(alert.text_content().split()), fields


def require_marked(page, name, words):
    """The field is marked as wrong, and its words stand where it says they do."""
    field = next(one for one in page.xpath("//*[@aria-invalid='true']") if one.name == name)
    told = [page.get_element_by_id(one) for one in field.get("aria-describedby").split()]
    assert words in " ".join(one.text_content() for one in told)


def filed(site, **more):
    browser = site.client(LIAISON)
    one = sent(browser, "总结.pdf", pdf())
    browser.post(f"{AT}/file", fresh(upload=[one.id], item=["1.1-1"], **more))
    return browser, next(one for one in site.state.every(Filing) if one.unit == uid("青禾县"))


def test_values_stay_and_each_fault_is_linked_to_its_field(site):
    browser, before = site.client(LIAISON), site.size
    typed = fresh(
        **{"value-0": "很多<b>", "as_of-0": "去年", "status-0": "快报", "source-0": '月报"'}
    )
    page = page_of(browser.post(f"{AT}/report", typed))
    form = form_of(page, f"{AT}/report")
    assert {name: values_of(form)[name] for name in typed} == {
        name: [one] for name, one in typed.items()
    }
    said, fields = alert_of(page)
    assert [one.name for one in fields] == ["value-0", "as_of-0"]
    assert KEPT in said
    require_marked(page, "value-0", "“很多<b>”不是数。只写数字")
    require_marked(page, "as_of-0", "“去年”不是日期")
    assert len(page.xpath("//*[@aria-invalid]")) == 2
    assert page.xpath("//title")[0].text.startswith("请改正 · 1.1")
    assert site.size == before
    mended = {**{k: v[0] for k, v in values_of(form).items()}, "value-0": "26.8", "as_of-0": "2024-12-31"}  # fmt: skip
    assert browser.post(f"{AT}/report", mended).status_code == 303
    assert site.size == before + 1


def test_files_ticks_and_days_of_a_filing_stay(site):
    browser, before = site.client(LIAISON), site.size
    mine, other = (sent(browser, name, pdf(name.encode())) for name in ("甲.pdf", "乙.pdf"))
    typed = fresh(
        upload=[mine.id], item=["1.1-2"], event="2024-12-01", first="2024-12-31", last="2024-01-01"
    )
    page = page_of(browser.post(f"{AT}/file", typed))
    form = form_of(page, f"{AT}/file")
    assert other.id in {one.get("value") for one in form.xpath(".//input[@name='upload']")}
    for name in ("upload", "item"):
        assert values_of(form)[name] == typed[name]
    assert [values_of(form)[name] for name in ("event", "first", "last")] == [
        ["2024-12-01"], ["2024-12-31"], ["2024-01-01"],
    ]  # fmt: skip
    assert form.xpath(".//details[.//input[@name='upload']]/@open"), "what was chosen is seen"
    require_marked(page, "last", "起止日期颠倒")
    assert site.size == before


def test_ticks_that_were_taken_away_stay_away(site):
    browser = site.client(LIAISON)
    where = "/ledger/tasks/1.2"
    fresh_page = page_of(browser.get(where), 200)
    assert values_of(form_of(fresh_page, f"{where}/file"))["item"] == ["1.2-1"], "the only one there is"  # fmt: skip
    page = page_of(browser.post(f"{where}/file", fresh(upload=[])))
    assert "item" not in values_of(form_of(page, f"{where}/file"))
    _said, fields = alert_of(page)
    assert [one.name for one in fields] == ["file", "item"]
    require_marked(page, "item", "没有选择目录项")
    require_marked(page, "file", "没有选择文件")


def test_files_that_came_without_scripts_are_kept_and_ticked(site):
    browser, before = site.client(LIAISON), site.size
    files = [SimpleUploadedFile("好.pdf", pdf()), SimpleUploadedFile("坏.pdf", b"MZ" * 40)]
    page = page_of(browser.post(f"{AT}/file", fresh(file=files, event="2024-12-01")))
    form = form_of(page, f"{AT}/file")
    (kept,) = Upload.objects.ready()
    assert values_of(form)["upload"] == [kept.id]
    require_marked(page, "file", "“坏.pdf”没有收下")
    assert site.size == before
    mended = {**values_of(form), "item": ["1.1-1"]}
    assert browser.post(f"{AT}/file", mended).status_code == 303
    (one,) = site.state.every(Filing)
    assert one.task == "1.1"


def test_a_correction_stays_open_with_its_files(site):
    browser, one = filed(site)
    site.do(HANDLER, one.id, EvidenceReturned("扫描不清"))
    where, before = f"/ledger/filings/{one.id}/correct", site.size
    better = sent(browser, "清晰件.pdf", pdf(b"% clear"))
    page = page_of(browser.post(where, fresh(upload=[better.id], supersedes=one.act, event="某天")))
    form = form_of(page, where)
    assert values_of(form)["upload"] == [better.id]
    assert values_of(form)["event"] == ["某天"]
    assert values_of(form)["supersedes"] == [one.act]
    assert form.xpath("ancestor::details/@open")
    require_marked(page, "event", "“某天”不是日期")
    assert site.size == before
    mended = {**values_of(form), "event": ["2024-12-01"]}
    assert browser.post(where, mended).status_code == 303


def test_a_withdrawal_stays_open_and_other_forms_stay_as_they_are(site):
    browser, one = filed(site)
    before = site.size
    where = f"/ledger/filings/{one.id}/withdraw"
    page = page_of(browser.post(where, fresh(reason=" 。 ")))
    assert form_of(page, where).xpath("ancestor::details/@open")
    assert values_of(form_of(page, where))["reason"] == [" 。 "]
    require_marked(page, "reason", "没有写理由")
    folded = form_of(page, f"/ledger/filings/{one.id}/correct")
    assert not folded.xpath("ancestor::details/@open")
    assert site.size == before


def test_a_form_without_an_id_for_its_act_stays_too(site):
    _browser, _one = filed(site)
    blob = site.installation.blobs.put(io.BytesIO(b"paper"))
    (year,) = site.state.every(Assessment)
    content = EvidenceFiledOnBehalf(
        year.id, uid("青禾县"), "1.1", "1.1-1", (blob,), None, None, None,
        site.installation.now(), Channel.PAPER,
    )  # fmt: skip
    site.do(HANDLER, uid("代录"), content)
    before = site.size
    for name, where in ((LIAISON, f"/ledger/filings/{uid('代录')}/accept"), (HEAD, "/ledger/confirm")):  # fmt: skip
        page = page_of(site.client(name).post(where, {}))
        said, fields = alert_of(page)
        assert "缺少办理编号" in said
        assert fields == []
        assert form_of(page, where) is not None
    assert site.size == before


def test_a_return_stays_on_the_list_as_it_was_narrowed(site):
    _browser, one = filed(site)
    handler, before = site.client(HANDLER), site.size
    where = f"/review/filings/{one.id}/return"
    came = "http://testserver/review?task=1.1&state=filed"
    page = page_of(handler.post(where, fresh(reason=" "), HTTP_REFERER=came))
    assert form_of(page, where).xpath("ancestor::details/@open")
    assert page.xpath("//select[@name='task']/option[@selected]/@value") == ["1.1"]
    require_marked(page, "reason", "没有写理由")
    long = page_of(handler.post(where, fresh(reason="长" * 2001, unit=uid("青禾县"))))
    assert values_of(form_of(long, where))["reason"] == ["长" * 2001]
    assert long.xpath("//select[@name='unit']/option[@selected]/@value") == [uid("青禾县")]
    assert site.size == before


def test_an_address_that_only_takes_a_form_leads_to_its_page(site):
    browser, one = filed(site)
    for where, to in (
        (f"{AT}/report", AT),
        (f"/ledger/filings/{one.id}/withdraw", AT),
        ("/ledger/confirm", "/ledger"),
    ):
        assert browser.get(where)["Location"] == to
    back = site.client(HANDLER).get(f"/review/filings/{one.id}/return?state=filed")
    assert back["Location"] == "/review?state=filed", "by the filters of a page that came again"
    assert browser.get(f"/ledger/filings/{uid('nirgends')}/withdraw").status_code == 404
    assert browser.put(f"{AT}/report").status_code == 405


def test_where_the_form_is_not_on_the_page_the_error_has_a_page_of_its_own(site):
    """Whoever may not file sees no form; what was typed comes back on going back, as on other pages."""
    answer = site.client(HEAD).post(f"{AT}/file", fresh(event="某天"))
    assert answer.status_code == 422
    assert "有内容要改正，没有办理" in text_of(answer)
    assert b'data-keeps="1"' in answer.content
    part = site.client(LIAISON).post(f"{AT}/report", fresh(), HTTP_HX_REQUEST="true")
    assert b'data-keeps="1"' in part.content


def test_in_english_it_is_said_in_english(site):
    browser = site.client(LIAISON)
    browser.cookies["language"] = "en"
    page = page_of(browser.post(f"{AT}/report", fresh(**{"value-0": "viel", "source-0": "x"})))
    said, _fields = alert_of(page)
    assert "“viel” is no number; write digits only" in said
    assert "Nothing was changed" in said
    require_marked(page, "value-0", "is no number")


@pytest.mark.parametrize("strange", ['"><script>x</script>', "\n\n第一行\r\n", "&amp;", "</textarea>"])  # fmt: skip
def test_what_was_typed_is_never_marks(site, strange):
    _browser, one = filed(site)
    where = f"/review/filings/{one.id}/return"
    typed = strange + "长" * 2001
    page = page_of(site.client(HANDLER).post(where, fresh(reason=typed)))
    assert values_of(form_of(page, where))["reason"] == [typed.replace("\r\n", "\n")]
    assert not page.xpath("//script[not(@src)]")
