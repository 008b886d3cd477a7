"""试算: a rule is tried with numbers, and shows its working; nothing is kept."""

from __future__ import annotations

import pytest

from kaoping.web.actions.drafts import begin_draft
from tests.web.scheme_texts import publish, scheme_text
from tests.web.site import text_of
from tests.world_set_up import uid

STAGE = "registered"
HANDLER = "评估督导科经办人"


def tried(site, who="青禾县联络员", **asked):
    return site.client(who).get("/scheme/trial", {"task": "1.1", **asked})


def test_the_working_is_shown_as_a_clerk_writes_it(site):
    publish(site, scheme_text())
    before = site.size
    words = text_of(tried(site, **{"/count.迟报": "3"}))
    assert "5 − [迟报] 3 × 0.5 = 3.50" in words
    assert "3.50 分" in words
    assert site.size == before


def test_the_form_comes_with_the_own_units_points(site):
    publish(site, scheme_text() + '\n[[assignment]]\nunit = "U1"\ntask = "1.1"\npoints = "3"\n')
    assert 'name="points" value="3"' in tried(site).content.decode()
    assert 'name="points" value="5"' in tried(site, "综合科科长").content.decode()


@pytest.mark.parametrize("count", ["abc", "-1", "1e5", "１", "<script>"])
def test_what_is_no_number_is_told_and_not_run(site, count):
    publish(site, scheme_text())
    page = tried(site, **{"/count.迟报": count})
    assert page.status_code == 200
    assert "请改正" in text_of(page)
    assert "<script>" not in page.content.decode().split("</head>")[1]


@pytest.mark.parametrize("task", ["", "9.9", "<b>"])
def test_a_task_that_is_not_there_is_not_found(site, task):
    publish(site, scheme_text())
    assert tried(site, task=task).status_code == 404


def test_before_the_first_scheme_there_is_nothing_to_try(site):
    assert tried(site).status_code == 404


def test_a_drafts_rules_are_tried_by_its_makers_alone(site):
    publish(site, scheme_text())
    draft = begin_draft(scheme_text().replace('"-0.5"', '"-2"'), "三稿", uid(HANDLER))
    asked = {"draft": draft.id, "/count.迟报": "1"}
    assert "5 − [迟报] 1 × 2 = 3.00" in text_of(tried(site, HANDLER, **asked))
    assert tried(site, **asked).status_code == 404
    assert tried(site, HANDLER, draft="x").status_code == 404


def test_strangers_and_administrators_stay_outside(site):
    assert site.nobody.get("/scheme/trial")["Location"].startswith("/sign-in")
    assert site.client("系统管理员").get("/scheme/trial").status_code == 403
