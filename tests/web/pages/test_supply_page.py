"""数据提供: an owner enters values about every unit; the coordinating section says who owns what."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kaoping.core.acts.collecting import ApplicabilityDecided
from kaoping.core.workflow.questions import data_owner, ledger_of
from kaoping.core.workflow.things import Assessment, Result
from tests.web.site import fresh, text_of
from tests.world_set_up import OWNED_TASK, OWNER, uid

STAGE = "opened"
HANDLER, RESPONSIBLE, LIAISON = f"{OWNER}经办人", "产业科经办人", "青禾县联络员"
COORDINATOR = "评估督导科科长"
AT = f"/supply/tasks/{OWNED_TASK}"


def year(site):
    (one,) = site.state.every(Assessment)
    return one


def values(site, unit):
    ledger = ledger_of(site.state, year(site).id, uid(unit))
    return {
        name: site.state.get(Result, thing).content.value
        for (task, name), thing in ledger.results.items()
        if task == OWNED_TASK
    }


def typed(browser, amounts, **common):
    """The form as the page shows it, with other numbers for some units."""
    page = browser.get(AT).context["page"]
    shown = {"as_of": page.as_of, "status": page.status or "正式", "source": page.source}
    given = shown | common
    for row in page.rows:
        given[f"act-{row.key}"] = row.value.act
        given[f"value-{row.key}"] = amounts.get(row.unit_name, row.value.text)
    return fresh(**given)


def enter(browser, amounts, **common):
    return browser.post(f"{AT}/enter", typed(browser, amounts, **common))


def test_an_owner_enters_values_about_several_units_at_once(site):
    browser = site.client(HANDLER)
    answer = enter(browser, {"青禾县": "7", "白石县": "８．５"}, source="部门台账")
    assert answer.status_code == 303
    assert set(values(site, "青禾县").values()) == {Decimal(7)}
    assert set(values(site, "白石县").values()) == {Decimal("8.5")}
    assert values(site, "临溪区") == {}
    said = text_of(browser.get(AT))
    assert "已办理并存证" in said
    assert "2024-12-31 · 正式 · 部门台账" in said


def current(site, unit):
    (one, *_) = [
        site.state.get(Result, thing).content
        for (task, _name), thing in ledger_of(site.state, year(site).id, uid(unit)).results.items()
        if task == OWNED_TASK
    ]
    return one


def test_only_what_changed_is_entered_and_the_rest_keeps_its_day_status_and_source(site):
    browser = site.client(HANDLER)
    enter(browser, {"青禾县": "7"}, as_of="2024-11-30", status="快报", source="11月快报")
    before, old = site.size, current(site, "青禾县")
    enter(browser, {"白石县": "9"}, as_of="2024-12-31", status="正式", source="年报")
    assert site.size == before + len(values(site, "白石县"))
    assert current(site, "青禾县") == old
    assert current(site, "白石县").data_source == "年报"


def test_all_take_the_common_day_status_and_source_where_that_is_asked(site):
    browser = site.client(HANDLER)
    enter(browser, {"青禾县": "7"}, as_of="2024-11-30", status="快报", source="11月快报")
    before = site.size
    assert enter(browser, {}, status="正式", source="年报").status_code == 422
    assert site.size == before
    assert (
        enter(browser, {}, as_of="2024-12-31", status="正式", source="年报", all="1").status_code
        == 303
    )
    now = current(site, "青禾县")
    assert (now.value, now.status.value, now.data_source) == (Decimal(7), "正式", "年报")


def test_a_unit_to_which_the_task_does_not_apply_is_not_asked(site):
    decided = ApplicabilityDecided(
        year(site).id, uid("青禾县"), OWNED_TASK, False, "无此职能", "三定"
    )
    site.do("产业科科长", uid("不涉及"), decided)
    page = site.client(HANDLER).get(AT).context["page"]
    assert "青禾县" not in {row.unit_name for row in page.rows}
    found = site.client(COORDINATOR).get("/completeness").context["found"].suppliers
    assert found[0].total == len(page.rows)


def test_sent_twice_it_is_entered_once(site):
    browser = site.client(HANDLER)
    form = typed(browser, {"青禾县": "7"})
    before = site.size
    for _ in range(2):
        assert browser.post(f"{AT}/enter", form).status_code == 303
    assert site.size == before + len(values(site, "青禾县"))


def test_an_older_page_overwrites_nothing(site):
    browser = site.client(HANDLER)
    old = typed(browser, {"青禾县": "5"})
    enter(browser, {"青禾县": "7"})
    before = site.size
    answer = browser.post(f"{AT}/enter", old)
    assert answer.status_code in (403, 409)
    assert "有人又上报过任务" in text_of(answer)
    assert site.size == before


@pytest.mark.parametrize(
    ("amounts", "common", "said"),
    [
        ({"青禾县": "七"}, {}, "不是数"),
        ({"青禾县": "7"}, {"as_of": ""}, "没有写数据时点"),
        ({"青禾县": "7"}, {"source": ""}, "没有写数据来源"),
        ({"青禾县": "7"}, {"status": "大概"}, "数据性质"),
        ({}, {}, "没有改动数值"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_entered(site, amounts, common, said):
    before, browser = site.size, site.client(HANDLER)
    answer = enter(browser, amounts, **common)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert site.size == before


def test_what_is_wrong_with_all_is_said_once(site):
    answer = enter(site.client(HANDLER), {"青禾县": "7", "白石县": "8"}, as_of="")
    assert text_of(answer).count("没有写数据时点") == 2, "once in the list, once at the field"


def test_whoever_owns_nothing_has_no_such_page(site):
    for where in (AT, "/supply"):
        assert site.client(LIAISON).get(where).status_code == 403
    for name in (RESPONSIBLE, "评估督导科经办人"):
        assert site.client(name).get(AT).status_code == 404
        assert "没有要提供的数据" in text_of(site.client(name).get("/supply"))


def test_the_desk_of_the_owner_leads_there_and_the_units_ledger_asks_for_nothing(site):
    page = site.client(HANDLER).get("/")
    assert "录入第三方数据" in text_of(page)
    assert 'href="/supply"' in page.content.decode()
    said = text_of(site.client(LIAISON).get(f"/ledger/tasks/{OWNED_TASK}"))
    assert f"数据由{OWNER}提供，本单位不用报" in said


def test_a_unit_sees_nothing_of_others_values(site):
    enter(site.client(HANDLER), {"白石县": "31.4159"})
    for where in ("/", f"/ledger/tasks/{OWNED_TASK}", "/matrix", "/desk/done"):
        assert "31.4159" not in site.client(LIAISON).get(where).content.decode()


# --- who owns what --------------------------------------------------------------------------------


def name_owner(browser, owner, **more):
    page = browser.get("/year/owners").context["page"]
    given = {f"owner-{OWNED_TASK}": owner, "supersedes": page.act} | more
    return browser.post("/year/owners", fresh(**given))


def test_the_coordinating_section_names_another_owner(site):
    browser = site.client(COORDINATOR)
    page = text_of(browser.get("/year/owners"))
    assert OWNER in page
    answer = name_owner(browser, uid("白石县"))
    assert (answer.status_code, answer["Location"]) == (303, "/year/owners")
    assert data_owner(site.state, year(site).id, OWNED_TASK) == uid("白石县")
    unit = site.client("白石县联络员")
    assert enter(unit, {"青禾县": "7"}).status_code == 303
    assert site.client(HANDLER).get(AT).status_code == 404


def test_left_empty_the_responsible_section_enters(site):
    name_owner(site.client(COORDINATOR), "")
    assert enter(site.client(RESPONSIBLE), {"青禾县": "7"}).status_code == 303


def test_only_registered_houses_are_named(site):
    before, browser = site.size, site.client(COORDINATOR)
    answer = name_owner(browser, uid("没有"))
    assert answer.status_code == 422
    assert "没有登记" in text_of(answer)
    assert site.size == before


def test_an_older_page_names_nobody(site):
    browser, before = site.client(COORDINATOR), site.size
    answer = name_owner(browser, uid("白石县"), supersedes=uid("别的"))
    assert answer.status_code == 409
    assert site.size == before


@pytest.mark.parametrize("name", ["综合科科长", LIAISON, "主要领导"])
def test_nobody_else_names_owners(site, name):
    assert site.client(name).get("/year/owners").status_code == 403
