"""方案发布: a frozen version by the head of the coordinating section, once, and never with open problems."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest

from kaoping.core.acts.setting_up import UnitRegistered
from kaoping.core.workflow.things import Scheme
from kaoping.web.actions.drafts import begin_draft, save_draft
from kaoping.web.models import Entry, SchemeDraft
from tests.web.scheme_texts import publish, scheme_text
from tests.web.site import text_of
from tests.world_set_up import UNITS, uid

STAGE = "registered"
HANDLER, HEAD = "评估督导科经办人", "评估督导科科长"


@pytest.fixture
def draft(site):
    return begin_draft(scheme_text(), "送审稿", uid(HANDLER))


def form(draft, **other):
    fields = {"act": str(uuid4()), "revision": draft.revision, "number": 1, "supersedes": ""}
    return fields | {"digest": draft.digest} | other


def send(site, draft, who=HEAD, **other):
    return site.client(who).post(f"/scheme/drafts/{draft.id}/publish", form(draft, **other))


def in_force(site):
    (found,) = site.state.every(Scheme)
    return found


def test_the_head_publishes_and_gets_a_receipt(site, draft):
    browser = site.client(HEAD)
    page = browser.get(f"/scheme/drafts/{draft.id}/publish")
    assert "发布为第 1 版" in text_of(page)
    answer = browser.post(f"/scheme/drafts/{draft.id}/publish", form(draft))
    assert (answer.status_code, answer["Location"]) == (303, "/scheme")
    words = text_of(browser.get("/scheme"))
    assert "已办理并存证：实施方案发布" in words
    assert "2024年度考评实施方案" in words


def test_the_documents_digest_is_the_texts(site, draft):
    send(site, draft)
    blob = in_force(site).content.scheme
    assert blob.sha256 == sha256(draft.text.encode()).hexdigest()
    assert site.installation.blobs.read(blob).decode() == draft.text


def test_the_act_says_who_scores_what_of_whom(site, draft):
    send(site, draft)
    content = in_force(site).content
    assert (content.version, content.document_number) == (1, "评字〔2024〕3号")
    assert content.coordinating_section == uid("评估督导科")
    first = content.indicators[0]
    assert first.responsible_section == uid("综合科")
    assert first.assessed_units == tuple(map(uid, UNITS))
    assert (first.tasks, first.not_applicable) == (("1.1", "1.2"), ())


def test_a_text_changed_behind_the_page_is_not_published(site, draft):
    """By somebody in the database, who leaves the number of the revision as it was."""
    browser, before = site.client(HEAD), site.size
    page = browser.get(f"/scheme/drafts/{draft.id}/publish").content.decode()
    assert f'name="digest" value="{draft.digest}"' in page
    SchemeDraft.objects.filter(id=draft.id).update(text=draft.text.replace("2024年度", "2025年度"))
    answer = browser.post(f"/scheme/drafts/{draft.id}/publish", form(draft))
    assert answer.status_code == 409
    assert "和您在发布页看到的不一致" in text_of(answer)
    assert site.size == before
    assert (
        browser.post(f"/scheme/drafts/{draft.id}/publish", form(draft, digest="")).status_code
        == 409
    )


def test_the_draft_is_closed(site, draft):
    send(site, draft)
    draft.refresh_from_db()
    assert draft.published == Entry.objects.latest("index").index
    page = text_of(site.client(HANDLER).get(f"/scheme/drafts/{draft.id}"))
    assert "已经发布" in page
    assert "修改文本" not in page
    assert send(site, draft, number=2, reason="再来").status_code == 409


def test_the_handler_is_refused_and_told_who_publishes(site, draft):
    page = text_of(site.client(HANDLER).get(f"/scheme/drafts/{draft.id}/publish"))
    assert "由汇总科室负责人发布" in page
    before = site.size
    answer = send(site, draft, HANDLER)
    assert answer.status_code == 409
    assert "由汇总科室负责人发布" in text_of(answer)
    assert site.size == before
    assert not list(site.state.every(Scheme))


def test_with_open_problems_of_grade_a_a_forged_form_changes_nothing(site):
    text = scheme_text().replace("due = 2025-01-20", "due = 2025-01-08")
    draft = begin_draft(text, "有问题的稿", uid(HANDLER))
    page = site.client(HEAD).get(f"/scheme/drafts/{draft.id}/publish").content.decode()
    assert "disabled" in page
    before = site.size
    answer = send(site, draft)
    assert answer.status_code == 409
    assert "处 A 级问题" in text_of(answer)
    assert "考核评分" in text_of(answer)
    assert site.size == before


def test_what_is_no_toml_is_not_published(site):
    draft = begin_draft("这不是方案", "坏稿", uid(HANDLER))
    before = site.size
    assert send(site, draft).status_code == 409
    assert site.size == before


def test_sent_twice_it_is_one_act(site, draft):
    fields = form(draft)
    browser = site.client(HEAD)
    before = site.size
    answers = [browser.post(f"/scheme/drafts/{draft.id}/publish", fields) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303] * 3
    assert site.size == before + 1
    assert in_force(site).content.version == 1


def test_two_drafts_of_one_year_do_not_become_two_schemes(site, draft):
    other = begin_draft(scheme_text(title="另一稿"), "另一稿", uid(HEAD))
    send(site, draft)
    answer = send(site, other)
    assert answer.status_code == 409
    assert "同一年度的方案已经在执行" in text_of(answer)
    assert in_force(site).content.document_number == "评字〔2024〕3号"


def test_what_was_saved_after_the_page_was_opened_is_not_published_unseen(site, draft):
    fields = form(draft)
    save_draft(draft, scheme_text(title="后来改的"), 1, uid(HANDLER))
    before = site.size
    answer = site.client(HEAD).post(f"/scheme/drafts/{draft.id}/publish", fields)
    assert answer.status_code == 409
    assert "又被保存过" in text_of(answer)
    assert site.size == before


def test_a_new_version_needs_a_reason_and_names_the_one_it_replaces(site):
    act = publish(site, scheme_text())
    draft = begin_draft(scheme_text(number="评字〔2024〕9号"), "二稿", uid(HANDLER))
    asked = {"number": 2, "supersedes": act}
    assert send(site, draft, **asked).status_code == 422
    assert in_force(site).content.version == 1
    assert send(site, draft, **asked, reason="国家调整口径").status_code == 303
    assert (in_force(site).content.version, in_force(site).content.reason) == (2, "国家调整口径")


@pytest.mark.parametrize("number", [1, 3, 7])
def test_versions_cannot_be_skipped_or_repeated(site, number):
    act = publish(site, scheme_text())
    draft = begin_draft(scheme_text(title="改"), "二稿", uid(HANDLER))
    before = site.size
    answer = send(site, draft, number=number, supersedes=act, reason="理由")
    assert answer.status_code == 409
    assert site.size == before


def test_a_draft_of_an_older_version_is_compared_before_it_is_published(site):
    publish(site, scheme_text())
    draft = begin_draft(scheme_text(title="从第一版改起"), "旧底", uid(HANDLER))
    act = publish(site, scheme_text(title="第二版"))
    asked = {"number": 3, "supersedes": act, "reason": "理由"}
    assert "不是从现行版本改起的" in text_of(
        site.client(HEAD).get(f"/scheme/drafts/{draft.id}/publish")
    )
    assert send(site, draft, **asked).status_code == 409
    site.client(HEAD).post(f"/scheme/drafts/{draft.id}/rebase")
    assert send(site, draft, **asked).status_code == 303
    assert in_force(site).content.version == 3


def test_what_is_not_registered_is_named_with_who_registers_it(site):
    text = scheme_text().replace('id = "U3"\nname = "临溪区"', 'id = "U3"\nname = "远山县"')
    text = text.replace('"U3"', '"V3"')
    draft = begin_draft(text, "有生单位", uid(HANDLER))
    page = text_of(site.client(HEAD).get(f"/scheme/drafts/{draft.id}/publish"))
    assert "还没有登记：请系统管理员登记" in page
    assert "远山县 没有登记" in page
    assert send(site, draft).status_code == 409
    site.do("系统管理员", uid("远山县"), UnitRegistered("V3", "远山县"))
    assert send(site, draft).status_code == 303


def test_a_unit_is_found_by_its_name_where_the_code_is_another(site):
    draft = begin_draft(scheme_text().replace('"U3"', '"临溪"'), "别名", uid(HANDLER))
    assert send(site, draft).status_code == 303
    assert uid("临溪区") in in_force(site).content.indicators[0].assessed_units


def test_a_proof_of_identity_that_is_too_old_is_asked_for_anew(site, draft):
    browser, before = site.client(HEAD), site.size
    site.clock.now += timedelta(minutes=6)
    for answer in (
        browser.get(f"/scheme/drafts/{draft.id}/publish"),
        browser.post(f"/scheme/drafts/{draft.id}/publish", form(draft)),
    ):
        assert answer.status_code == 303
        assert answer["Location"].startswith("/confirm")
    assert site.size == before


@pytest.mark.parametrize("act", ["", "x", "1" * 36])
def test_a_form_without_an_id_of_its_act_does_nothing(site, draft, act):
    before = site.size
    assert send(site, draft, act=act).status_code == 422
    assert site.size == before
    assert SchemeDraft.objects.get().published is None
