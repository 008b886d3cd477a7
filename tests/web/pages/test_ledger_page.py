"""台账填报: a unit files and reports by the page, corrects and takes back; its head confirms; nobody else sees it."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kaoping.core.acts.collecting import Channel, EvidenceFiledOnBehalf, EvidenceReturned
from kaoping.core.errors import EnvironmentFault
from kaoping.core.workflow.questions import ledger_of
from kaoping.core.workflow.things import Assessment, Filing, Standing
from kaoping.web.models import Entry, EventKind, SecurityEvent, Upload
from kaoping.web.queries.desk import picture_for
from kaoping.web.viewer import Viewer
from tests.files.test_inner_checks import pdf
from tests.web.pages.test_uploads import photo, sent
from tests.web.site import fresh, text_of
from tests.world_set_up import uid

STAGE = "opened"
LIAISON, HEAD, OTHER = "青禾县联络员", "青禾县负责人", "白石县联络员"
TASK, ITEM = "1.1", "1.1-1"
AT = f"/ledger/tasks/{TASK}"


def year(site):
    (one,) = site.state.every(Assessment)
    return one


def ledger(site, unit="青禾县"):
    return ledger_of(site.state, year(site).id, uid(unit))


def filings(site, unit="青禾县"):
    return [one for one in site.state.every(Filing) if one.unit == uid(unit)]


def file(browser, upload, items=(ITEM,), **days):
    return browser.post(f"{AT}/file", fresh(upload=[upload.id], item=list(items), **days))


def value(amount="26.80", **other):
    given = {"value-0": amount, "as_of-0": "2024-12-31", "status-0": "正式", "source-0": "12月月报"}
    return fresh(**(given | other))


def now(browser, amount):
    """The form as it stands on the page now."""
    shown = re.search(r'name="act-0" value="([0-9a-f-]*)"', browser.get(AT).content.decode())
    assert shown
    return value(amount, **{"act-0": shown[1]})


# --- looking --------------------------------------------------------------------------------------


def test_the_page_says_what_is_asked_until_when_and_how_it_stands(site):
    page = site.client(LIAISON).get("/ledger")
    said = text_of(page)
    for words in ("1.1 完成年度投资1", "按完成年度投资计划1的比例计分", "本单位目标 10", "责任科室：综合科", "年度计划文件1", "有则报", "未报", "上报值", "亿元", "数据截止时间 2024年12月31日"):  # fmt: skip
        assert words in said, words
    assert "本单位目标" in said
    assert site.client(LIAISON).get("/ledger/tasks/9.9").status_code == 404


def test_the_desk_leads_there(site):
    assert 'href="/ledger"' in site.client(LIAISON).get("/").content.decode()


@pytest.mark.parametrize("name", ["综合科经办人", "主要领导", "监督员", "系统管理员"])
def test_it_is_for_assessed_units(site, name):
    for where in ("/ledger", AT):
        assert site.client(name).get(where).status_code == 403


# --- files ----------------------------------------------------------------------------------------


def test_a_file_is_filed_for_several_places_and_uploaded_once(site):
    browser = site.client(LIAISON)
    one = sent(browser, "投资计划.pdf", pdf())
    answer = file(browser, one, (ITEM, "1.1-2"), event="2024-03-18", first="2024-01-01", last="2024-12-31")  # fmt: skip
    assert (answer.status_code, answer["Location"]) == (303, AT)
    assert len(filings(site)) == 2
    said = text_of(browser.get(AT))
    assert "已办理并存证 2 项" in said
    assert said.count("投资计划.pdf") >= 2
    assert "2024年度" in said
    assert "2024-03-18" in said
    assert Upload.objects.count() == 1


def test_the_form_works_without_any_script(site):
    browser = site.client(LIAISON)
    files = [SimpleUploadedFile("照片.jpg", photo()), SimpleUploadedFile("总结.pdf", pdf())]
    answer = browser.post(f"{AT}/file", fresh(item=[ITEM], file=files))
    assert answer.status_code == 303
    (one,) = filings(site)
    assert Upload.objects.ready().count() == 2
    act = Entry.objects.get(act=one.act)
    assert act.body.count('"sha256"') == 2


def test_the_same_form_twice_is_one_filing(site):
    browser = site.client(LIAISON)
    form = fresh(upload=[sent(browser, "总结.pdf", pdf()).id], item=[ITEM])
    for _ in range(2):
        assert browser.post(f"{AT}/file", form).status_code == 303
    assert len(filings(site)) == 1


def test_the_same_from_a_second_tab_is_told_and_not_filed_again(site):
    """Another form, with the same files and days for one of its places; other days are another filing."""
    browser = site.client(LIAISON)
    one = sent(browser, "总结.pdf", pdf())
    file(browser, one, event="2024-03-18")
    before = site.size
    again = file(browser, one, ("1.1-2", ITEM), event="2024-03-18")
    assert again.status_code == 409
    assert f"已经报送过（目录项 {ITEM}）" in text_of(again)
    assert site.size == before
    assert file(browser, one, ("1.1-2",), event="2024-03-18").status_code == 303
    assert file(browser, one, event="2024-04-18").status_code == 303


def test_what_was_taken_back_may_be_filed_again(site):
    browser = site.client(LIAISON)
    one = sent(browser, "总结.pdf", pdf())
    file(browser, one)
    (filing,) = filings(site)
    browser.post(f"/ledger/filings/{filing.id}/withdraw", fresh(reason="报错了"))
    assert file(browser, one).status_code == 303


def test_without_a_seal_it_is_taken_and_waits(site, monkeypatch):
    """已受理，待存证: never said to be sealed before it is."""
    browser = site.client(LIAISON)
    one = sent(browser, "总结.pdf", pdf())

    def away():
        raise EnvironmentFault("存证服务没有应答。", "The sealer does not answer.")

    monkeypatch.setattr(site.installation.sealer, "seal", away)
    for items, day in (([ITEM], ""), ([ITEM, "1.1-2"], "2024-03-18")):
        answer = file(browser, one, items, event=day)
        assert answer.status_code == 202
        assert "待存证" in text_of(answer)
        assert "已办理并存证" not in text_of(answer)


def test_what_is_wrong_is_said_at_once_and_nothing_is_filed(site):
    browser, before = site.client(LIAISON), site.size
    answer = browser.post(f"{AT}/file", fresh(event="去年", first="2024-12-31", last="2024-01-01"))
    assert answer.status_code == 422
    said = text_of(answer)
    for words in ("没有选择文件", "没有选择目录项", "“去年”不是日期", "起止日期颠倒"):
        assert words in said, words
    bad = browser.post(
        f"{AT}/file", fresh(item=[ITEM], file=[SimpleUploadedFile("a.pdf", b"MZ" * 40)])
    )
    assert bad.status_code == 422
    assert "内容不是 pdf" in text_of(bad)
    for strange in ("\x00" * 36, "x", "00000000-0000-4000-8000-000000000000"):
        assert browser.post(f"{AT}/file", fresh(item=[ITEM], upload=[strange])).status_code == 422
    unknown = file(browser, sent(browser, "总结.pdf", pdf()), ["9.9-9"])
    assert unknown.status_code == 422
    assert site.size == before


def test_nobody_files_what_another_unit_uploaded(site):
    theirs = sent(site.client(OTHER), "别县.pdf", pdf(b"% other"))
    before = site.size
    assert file(site.client(LIAISON), theirs).status_code == 422
    assert "别县" not in text_of(site.client(LIAISON).get(AT))
    assert site.size == before


def test_o25_a_unit_never_learns_that_others_have_the_same_file(site):
    for name in (LIAISON, OTHER):
        browser = site.client(name)
        file(browser, sent(browser, f"{name}.pdf", pdf()))
    for name, other in ((LIAISON, OTHER), (OTHER, LIAISON)):
        said = text_of(site.client(name).get(AT))
        assert "相同" not in said.replace("完全相同", "")
        assert f"{other}.pdf" not in said


def test_the_head_does_not_file(site):
    one = sent(site.client(LIAISON), "总结.pdf", pdf())
    before = site.size
    assert file(site.client(HEAD), one).status_code == 403
    assert site.size == before


def test_a_returned_filing_is_corrected_and_its_reason_seen(site):
    browser = site.client(LIAISON)
    file(browser, sent(browser, "扫描件.pdf", pdf()))
    (one,) = filings(site)
    site.do("综合科经办人", one.id, EvidenceReturned("扫描不清，请重新扫描"))
    said = text_of(browser.get("/ledger"))
    assert "扫描不清，请重新扫描" in said
    assert "退回" in said
    better = sent(browser, "清晰件.pdf", pdf(b"% clear"))
    form = fresh(upload=[better.id], supersedes=one.act)
    assert browser.post(f"/ledger/filings/{one.id}/correct", form).status_code == 303
    (now,) = filings(site)
    assert (now.standing, now.act) == (Standing.FILED, form["act"])
    assert "清晰件.pdf" in text_of(browser.get(AT))
    stale = browser.post(f"/ledger/filings/{one.id}/correct", fresh(upload=[better.id], supersedes=one.act))  # fmt: skip
    assert stale.status_code == 409


def test_a_filing_is_taken_back_with_a_reason_and_stays(site):
    browser = site.client(LIAISON)
    file(browser, sent(browser, "多报.pdf", pdf()))
    (one,) = filings(site)
    where, before = f"/ledger/filings/{one.id}/withdraw", site.size
    assert browser.post(where, fresh(reason=" 。 ")).status_code == 422
    assert site.size == before
    assert browser.post(where, fresh(reason="重复报送")).status_code == 303
    assert filings(site)[0].standing is Standing.WITHDRAWN
    said = text_of(browser.get(AT))
    assert "已撤回" in said
    assert "多报.pdf" in said, "what was filed stays to be seen"


def test_what_a_section_entered_is_accepted_by_the_unit(site):
    blob = site.installation.blobs.put(io.BytesIO(b"paper"))
    content = EvidenceFiledOnBehalf(
        year(site).id, uid("青禾县"), TASK, ITEM, (blob,), None, None, None,
        site.installation.now(), Channel.PAPER,
    )  # fmt: skip
    site.do("综合科经办人", uid("代录"), content)
    browser = site.client(LIAISON)
    assert "代录" in text_of(browser.get(AT))
    assert browser.post(f"/ledger/filings/{uid('代录')}/accept", fresh()).status_code == 303
    assert filings(site)[0].standing is Standing.FILED


@pytest.mark.parametrize("step", ["correct", "withdraw", "accept"])
def test_nothing_is_done_about_another_units_filing(site, step):
    browser = site.client(LIAISON)
    file(browser, sent(browser, "总结.pdf", pdf()))
    (one,), before = filings(site), site.size
    for name in (OTHER, "白石县负责人"):
        answer = site.client(name).post(
            f"/ledger/filings/{one.id}/{step}", fresh(reason="不是我的")
        )
        assert answer.status_code == 404
    assert site.size == before


def test_dates_after_the_cut_off_and_late_filings_are_hinted(site):
    browser = site.client(LIAISON)
    one = sent(browser, "一月.pdf", pdf())
    file(browser, one, event="2025-01-02")
    assert "日期晚于数据截止时间" in text_of(browser.get(AT))
    file(browser, one, ["1.1-2"], event="2024-12-30")
    assert text_of(browser.get(AT)).count("日期晚于数据截止时间") == 1


# --- values ---------------------------------------------------------------------------------------


def test_a_value_is_reported_and_then_replaced(site):
    browser = site.client(LIAISON)
    assert browser.post(f"{AT}/report", value("26.30", **{"status-0": "快报"})).status_code == 303
    stale = browser.post(f"{AT}/report", value("28"))
    assert stale.status_code == 409
    assert "有人上报过新的数据" in text_of(stale)
    assert browser.post(f"{AT}/report", now(browser, "２６．８０")).status_code == 303
    (amounts,) = ledger(site).reported.values()
    assert amounts == (Decimal("26.30"), Decimal("26.80"))
    page = browser.get(AT)
    assert 'value="26.80"' in page.content.decode()
    assert "实际完成情况上报" in text_of(page)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"value-0": "很多"}, "不是数"),
        ({"value-0": "1e5"}, "不是数"),
        ({"value-0": "9" * 40}, "不是数"),
        ({"value-0": "26,80"}, "不是数"),
        ({"value-0": "26.8%"}, "是百分数，而计量单位是“亿元”"),
        ({"as_of-0": "31/12"}, "“31/12”不是日期"),
        ({"as_of-0": ""}, "没有写数据时点"),
        ({"source-0": "。"}, "没有写数据来源"),
        ({"source-0": "长" * 2001}, "超过 2000 字"),
        ({"source-0": "报\x07表"}, "看不见的字符 U+0007"),
        ({"status-0": "核验"}, "没有“核验”这种数据性质"),
        ({"value-0": ""}, "没有填写数据"),
    ],
)
def test_a_value_that_is_none_is_refused_in_words(site, form, said):
    before = site.size
    answer = site.client(LIAISON).post(f"{AT}/report", value(**form))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert site.size == before


def test_the_same_value_again_is_no_act_and_the_same_form_the_same_act(site):
    browser, form = site.client(LIAISON), value()
    assert browser.post(f"{AT}/report", form).status_code == 303
    before = site.size
    assert browser.post(f"{AT}/report", form).status_code == 303
    assert browser.post(f"{AT}/report", value()).status_code == 422
    assert site.size == before


# --- the head -------------------------------------------------------------------------------------


def digest_on(page):
    (found,) = set(re.findall(r'name="digest" value="([0-9a-f]+)"', page.content.decode()))
    return found


def test_the_head_confirms_what_is_there_and_a_change_undoes_it(site):
    browser = site.client(LIAISON)
    file(browser, sent(browser, "总结.pdf", pdf()))
    assert b'name="digest"' not in browser.get("/ledger").content, "the liaison does not confirm"
    head = site.client(HEAD)
    old = digest_on(head.get("/ledger"))
    browser.post(f"{AT}/report", value())
    before = site.size
    assert head.post("/ledger/confirm", fresh(digest=old)).status_code == 409, (
        "it is another filing by now"
    )
    assert site.size == before
    assert (
        head.post("/ledger/confirm", fresh(digest=digest_on(head.get("/ledger")))).status_code
        == 303
    )
    assert ledger(site).standing is Standing.CONFIRMED
    assert "单位负责人已确认全部填报" in text_of(browser.get("/ledger"))
    browser.post(f"{AT}/report", now(browser, "27"))
    assert ledger(site).standing is Standing.OPEN


# --- the files themselves ---------------------------------------------------------------------------


def links(browser):
    return sorted(
        set(re.findall(r'href="(/evidence/[^"/]+/[^"/]+)"', browser.get(AT).content.decode()))
    )


def test_a_file_is_handed_over_as_it_was_filed_and_written_down(site):
    browser, content = site.client(LIAISON), photo()
    file(browser, sent(browser, "现场 照片.jpg", content))
    (where,) = links(browser)
    for name in (LIAISON, HEAD, "综合科经办人", "评估督导科经办人", "主要领导"):
        answer = site.client(name).get(where)
        assert b"".join(answer.streaming_content) == content, name
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert SecurityEvent.objects.filter(kind=EventKind.DOWNLOADED.value).count() == 5


@pytest.mark.parametrize("name", [OTHER, "白石县负责人"])
def test_a_file_of_another_unit_is_not_there(site, name):
    browser = site.client(LIAISON)
    file(browser, sent(browser, "总结.pdf", pdf()))
    (where,) = links(browser)
    assert site.client(name).get(where).status_code == 404
    assert site.client("系统管理员").get(where).status_code == 403
    own = site.client(name).get(where.rpartition("/")[0] + "/" + "0" * 64)
    assert own.status_code == 404


def test_a_section_sees_the_files_of_its_own_indicators_alone(site):
    browser = site.client(LIAISON)
    one = sent(browser, "总结.pdf", pdf())
    form = fresh(upload=[one.id], item=["2.1-1"])
    assert browser.post("/ledger/tasks/2.1/file", form).status_code == 303
    (filing,) = filings(site)
    where = f"/evidence/{filing.id}/{one.sha256}"
    assert site.client("产业科经办人").get(where).status_code == 200
    assert site.client("综合科经办人").get(where).status_code == 404


def test_i04_bytes_that_were_changed_are_not_handed_over(site):
    browser = site.client(LIAISON)
    one = sent(browser, "总结.pdf", pdf())
    file(browser, one)
    (where,) = links(browser)
    stored = site.installation.data / "blobs" / one.sha256[:2] / one.sha256[2:4] / one.sha256
    stored.chmod(0o600)
    stored.write_bytes(stored.read_bytes().replace(b"Catalog", b"Katalog"))
    answer = browser.get(where)
    assert answer.status_code == 500
    assert one.sha256[:8] in text_of(answer)
    assert SecurityEvent.objects.filter(kind=EventKind.TAMPERED.value).exists()


def test_the_number_of_queries_does_not_grow_with_filings(site, django_assert_max_num_queries):
    browser = site.client(LIAISON)
    one = sent(browser, "总结.pdf", pdf())
    browser.get(AT)
    with django_assert_max_num_queries(16):
        browser.get(AT)
    for day in range(10, 22):
        file(browser, one, event=f"2024-03-{day}")
    with django_assert_max_num_queries(16):
        browser.get(AT)


def test_two_windows_that_file_the_same_at_the_same_moment_file_it_once(site, monkeypatch):
    """The second asks with the picture of the state from before the first."""
    browser = site.client(LIAISON)
    one = sent(browser, "总结.pdf", pdf())
    before = picture_for(Viewer(uid(LIAISON), site.state, site.installation.now()))
    assert file(browser, one).status_code == 303
    monkeypatch.setattr("kaoping.web.actions.filing.picture_for", lambda _viewer: before)
    answer = file(browser, one)
    assert answer.status_code in (403, 409)
    assert "已经报送过" in text_of(answer)
    assert len(filings(site)) == 1
