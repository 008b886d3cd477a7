"""Setting up: persons, duties, three administrators, scheme, deadlines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from kaoping.core.acts.setting_up import (
    AdministratorAsked,
    AdministratorAskingDeclined,
    AdministratorEnded,
    AdministratorEndingAsked,
    AdministratorGiven,
    AssessmentOpened,
    Cell,
    DataOwner,
    DataOwnersNamed,
    DeadlineExtended,
    DeadlineSet,
    DutyEnded,
    DutyGiven,
    Late,
    Office,
    PersonRegistered,
    Role,
    SectionRegistered,
    StepKind,
    UnitRegistered,
)
from kaoping.core.workflow.reasons import Reason
from kaoping.core.workflow.taking import take
from kaoping.core.workflow.things import Assessment
from tests.core.workflow.stages import at_stage, refused
from tests.world_set_up import (
    ADMINISTRATORS,
    SECTIONS,
    UNITS,
    handler,
    liaison,
    section_head,
    tasks_of,
    uid,
)

if TYPE_CHECKING:
    from tests.worlds import World

SYSTEM, SECURITY, AUDIT = (uid(name) for name in ADMINISTRATORS)
AUDIT_B = uid("审计管理员乙")
DAY = date(2024, 10, 1)
HEAD = section_head(SECTIONS[0])
SCHEME = uid("实施方案")


def person(name: str, number: str | None = None, **house: str) -> PersonRegistered:
    digest = sha256(f"工号 {number or name}".encode()).hexdigest()
    houses = {key: uid(value) for key, value in house.items()}
    return PersonRegistered(name, houses.get("unit"), houses.get("section"), digest)


def duty(name: str, role: Role, **more: Any) -> DutyGiven:
    fields = {"unit": None, "section": None, "indicator": None, "from_date": DAY}
    fields |= {"until_date": None, "on_behalf_of": None}
    return DutyGiven(uid(name), role, **(fields | more))


# --- persons --------------------------------------------------------------------------------------


def test_only_the_system_administrator_registers():
    world = at_stage("founded")
    for admin in (SECURITY, AUDIT):
        refused(world, Reason.NO_ROLE, admin, uid("甲"), UnitRegistered("A", "甲"))
        refused(world, Reason.NO_ROLE, admin, uid("某人"), person("某人"))
    world.do(SYSTEM, uid("甲"), UnitRegistered("A", "甲"))


def test_no_two_units_and_no_two_sections_have_one_code():
    world = at_stage("registered")
    refused(world, Reason.CODE_TAKEN, SYSTEM, uid("甲"), UnitRegistered("U1", "甲"))
    refused(world, Reason.CODE_TAKEN, SYSTEM, uid("某科"), SectionRegistered("S1", "某科", None))
    world.do(SYSTEM, uid("甲"), UnitRegistered("S1", "甲"))


def test_a_section_belongs_to_a_registered_unit():
    content = SectionRegistered("S", "某科", uid("没有的单位"))
    refused(at_stage("founded"), Reason.UNKNOWN_THING, SYSTEM, uid("某科"), content)


def test_a_person_belongs_to_one_house_that_is_registered():
    world = at_stage("registered")
    both = person("某人", unit=UNITS[0], section=SECTIONS[0])
    refused(world, Reason.ONE_HOUSE, SYSTEM, uid("某人"), both)
    nowhere = person("某人", unit="没有的单位")
    refused(world, Reason.UNKNOWN_THING, SYSTEM, uid("某人"), nowhere)


def test_before_the_administrators_one_registers_oneself_and_nobody_else():
    world = at_stage("empty")
    refused(world, Reason.UNKNOWN_PERSON, uid("甲"), uid("乙"), person("乙"))
    world.do(uid("甲"), uid("甲"), person("甲"))
    refused(world, Reason.NO_ROLE, uid("甲"), uid("乙"), person("乙"))


def test_nobody_registers_himself_once_all_three_are_in_office():
    world = at_stage("founded")
    refused(world, Reason.UNKNOWN_PERSON, uid("某人"), uid("某人"), person("某人"))


# --- duties ---------------------------------------------------------------------------------------


def test_only_the_security_administrator_gives_and_ends_duties():
    world = at_stage("registered")
    content = duty("主要领导", Role.SUPERVISOR)
    refused(world, Reason.NO_ROLE, SYSTEM, uid("新职责"), content)
    given = world.do(SECURITY, uid("新职责"), content)
    refused(world, Reason.NO_ROLE, SYSTEM, given.subject, DutyEnded("理由"))
    world.do(SECURITY, given.subject, DutyEnded("理由"))
    refused(world, Reason.WRONG_STATE, SECURITY, given.subject, DutyEnded("理由"))


def test_a_duty_is_for_a_registered_person():
    content = duty("没有的人", Role.SUPERVISOR)
    refused(at_stage("registered"), Reason.UNKNOWN_PERSON, SECURITY, uid("新职责"), content)


@pytest.mark.parametrize(
    ("name", "role", "more"),
    [
        (f"{UNITS[0]}联络员", Role.LIAISON, {"unit": uid(UNITS[1])}),
        (f"{UNITS[0]}联络员", Role.LIAISON, {}),
        (f"{UNITS[0]}联络员", Role.HANDLER, {"section": uid(SECTIONS[0])}),
        (f"{SECTIONS[0]}科长", Role.HANDLER, {"section": uid(SECTIONS[1])}),
        (f"{SECTIONS[0]}科长", Role.HANDLER, {"unit": uid("牵头局")}),
        ("监督员", Role.SUPERVISOR, {"unit": uid(UNITS[0])}),
    ],
)
def test_a_duty_is_held_in_ones_own_house(name, role, more):
    content = duty(name, role, **more)
    refused(at_stage("registered"), Reason.DUTY_SCOPE, SECURITY, uid("新职责"), content)


def test_the_days_of_a_duty_are_possible():
    world = at_stage("registered")
    backward = duty("监督员", Role.SUPERVISOR, until_date=DAY - timedelta(days=1))
    refused(world, Reason.DUTY_DATES, SECURITY, uid("新职责"), backward)
    endless = duty("监督员", Role.PRINCIPAL_LEADER, on_behalf_of=uid("主要领导"))
    refused(world, Reason.DUTY_DATES, SECURITY, uid("新职责"), endless)


def test_a_duty_is_delegated_by_another_who_has_it():
    world = at_stage("registered")
    end = {"until_date": date(2025, 1, 31)}
    lacking = duty("监督员", Role.PRINCIPAL_LEADER, on_behalf_of=uid("分管领导"), **end)
    refused(world, Reason.DELEGATION, SECURITY, uid("新职责"), lacking)
    own = duty("主要领导", Role.PRINCIPAL_LEADER, on_behalf_of=uid("主要领导"), **end)
    refused(world, Reason.DELEGATION, SECURITY, uid("新职责"), own)
    world.do(SYSTEM, uid("主要领导二号"), person("主要领导二号", "主要领导"))
    again = duty("主要领导二号", Role.PRINCIPAL_LEADER, on_behalf_of=uid("主要领导"), **end)
    refused(world, Reason.DELEGATION, SECURITY, uid("新职责"), again)
    good = duty("监督员", Role.PRINCIPAL_LEADER, on_behalf_of=uid("主要领导"), **end)
    take(world.state, world.act(SECURITY, uid("新职责"), good))


def test_a_delegated_duty_counts_until_its_last_day_and_no_longer():
    world = at_stage("opened")
    deputy = uid("副联络员")
    world.do(SYSTEM, deputy, person("副联络员", unit=UNITS[0]))
    content = duty("副联络员", Role.LIAISON, unit=uid(UNITS[0]), from_date=date(2024, 12, 1),
                   until_date=date(2024, 12, 31), on_behalf_of=liaison(UNITS[0]))  # fmt: skip
    world.do(SECURITY, uid("AB岗"), content)
    filing = world.evidence(UNITS[0], tasks_of("1")[0])
    refused(world, Reason.NO_ROLE, deputy, uid("材料"), filing)
    world.until("2024-12-31T15:58")
    world.do(deputy, uid("材料"), filing)
    world.until("2024-12-31T16:00")
    refused(world, Reason.NO_ROLE, deputy, uid("材料二"), filing)


def test_a_delegated_duty_ends_with_the_duty_that_it_comes_from():
    world = at_stage("opened")
    deputy = uid("副联络员")
    world.do(SYSTEM, deputy, person("副联络员", unit=UNITS[0]))
    content = duty("副联络员", Role.LIAISON, unit=uid(UNITS[0]), from_date=date(2024, 11, 1),
                   until_date=date(2026, 12, 31), on_behalf_of=liaison(UNITS[0]))  # fmt: skip
    world.do(SECURITY, uid("AB岗"), content)
    world.do(deputy, uid("材料"), world.evidence(UNITS[0], tasks_of("1")[0]))
    again = replace(content, person=liaison(UNITS[0]), on_behalf_of=deputy)
    refused(world, Reason.DELEGATION, SECURITY, uid("再代理"), again)
    world.do(SECURITY, uid(f"职责 {UNITS[0]}联络员 liaison"), DutyEnded("调离"))
    filing = world.evidence(UNITS[0], tasks_of("1")[0])
    refused(world, Reason.NO_ROLE, deputy, uid("材料二"), filing)


def test_a_delegated_duty_does_not_outlast_the_one_it_comes_from():
    world = at_stage("registered")
    short = duty("监督员", Role.RESPONSIBLE_LEADER, until_date=date(2025, 1, 31))
    world.do(SECURITY, uid("短期职责"), short)
    for last, fits in ((date(2025, 2, 1), False), (date(2025, 1, 31), True)):
        content = duty(
            "主要领导", Role.RESPONSIBLE_LEADER, until_date=last, on_behalf_of=uid("监督员")
        )
        if fits:
            world.do(SECURITY, uid("代理"), content)
        else:
            refused(world, Reason.DELEGATION, SECURITY, uid("代理"), content)


def test_an_ended_duty_counts_no_longer():
    world = at_stage("opened")
    filing = world.evidence(UNITS[0], tasks_of("1")[0])
    world.do(liaison(UNITS[0]), uid("材料"), filing)
    world.do(SECURITY, uid(f"职责 {UNITS[0]}联络员 liaison"), DutyEnded("调离"))
    refused(world, Reason.NO_ROLE, liaison(UNITS[0]), uid("材料二"), filing)


def test_a_duty_for_one_indicator_counts_for_no_other():
    world = at_stage("opened")
    deputy = uid("专项联络员")
    world.do(SYSTEM, deputy, person("专项联络员", unit=UNITS[0]))
    content = duty("专项联络员", Role.LIAISON, unit=uid(UNITS[0]), indicator="2")
    world.do(SECURITY, uid("专项职责"), content)
    world.do(deputy, uid("材料"), world.evidence(UNITS[0], tasks_of("2")[0]))
    other = world.evidence(UNITS[0], tasks_of("1")[0])
    refused(world, Reason.NO_ROLE, deputy, uid("材料二"), other)


# --- three administrators -------------------------------------------------------------------------


def asked(name: str, office: Office = Office.SYSTEM_ADMIN) -> AdministratorAsked:
    return AdministratorAsked(uid(name), office)


NEW_OFFICE, AUDITORS_OFFICE = uid("新任职"), uid("任职 审计管理员乙")
ENDING = AdministratorEndingAsked("工作调动")


def test_nobody_asks_or_approves_for_himself_not_even_at_the_beginning():
    world = at_stage("empty")
    for name in ("甲", "乙", "丙"):
        world.do(uid(name), uid(name), person(name))
    refused(world, Reason.FOUR_EYES, uid("甲"), NEW_OFFICE, asked("甲"))
    world.do(uid("乙"), NEW_OFFICE, asked("甲"))
    for actor in ("甲", "乙"):
        refused(world, Reason.FOUR_EYES, uid(actor), NEW_OFFICE, AdministratorGiven())
    world.do(uid("丙"), NEW_OFFICE, AdministratorGiven())


def test_afterwards_only_administrators_ask_and_approve():
    world = at_stage("registered")
    world.do(SYSTEM, uid("新人"), person("新人"))
    refused(world, Reason.NO_ROLE, uid("主要领导"), NEW_OFFICE, asked("新人"))
    world.do(SYSTEM, NEW_OFFICE, asked("新人"))
    refused(world, Reason.NO_ROLE, uid("主要领导"), NEW_OFFICE, AdministratorGiven())
    refused(world, Reason.FOUR_EYES, SYSTEM, NEW_OFFICE, AdministratorGiven())
    world.do(SECURITY, NEW_OFFICE, AdministratorGiven())
    refused(world, Reason.WRONG_STATE, SECURITY, NEW_OFFICE, AdministratorGiven())


def test_nobody_comes_into_office_whom_nobody_asked_for():
    world = at_stage("registered")
    refused(world, Reason.UNKNOWN_THING, SECURITY, NEW_OFFICE, AdministratorGiven())
    refused(world, Reason.UNKNOWN_PERSON, SYSTEM, NEW_OFFICE, asked("路人"))


def test_who_is_asked_for_has_no_office_yet():
    world = at_stage("registered")
    world.do(SYSTEM, uid("新人"), person("新人"))
    world.do(SYSTEM, NEW_OFFICE, asked("新人"))
    refused(world, Reason.NO_ROLE, uid("新人"), uid("单位"), UnitRegistered("N1", "新单位"))


def test_what_was_asked_for_is_declined_or_taken_back():
    world = at_stage("registered")
    world.do(SYSTEM, uid("新人"), person("新人"))
    world.do(SYSTEM, NEW_OFFICE, asked("新人"))
    declined = AdministratorAskingDeclined("人选未定")
    refused(world, Reason.NO_ROLE, uid("新人"), NEW_OFFICE, declined)
    world.do(SYSTEM, NEW_OFFICE, declined)
    refused(world, Reason.WRONG_STATE, SECURITY, NEW_OFFICE, AdministratorGiven())
    world.do(SYSTEM, AUDITORS_OFFICE, ENDING)
    refused(world, Reason.FOUR_EYES, AUDIT_B, AUDITORS_OFFICE, declined)
    world.do(SECURITY, AUDITORS_OFFICE, declined)
    refused(world, Reason.WRONG_STATE, SECURITY, AUDITORS_OFFICE, AdministratorEnded())


def test_an_administrator_gets_no_duty_and_who_has_a_duty_gets_no_office():
    world = at_stage("registered")
    content = duty("系统管理员", Role.SUPERVISOR)
    refused(world, Reason.ADMIN_AND_DUTY, SECURITY, uid("新职责"), content)
    refused(world, Reason.ADMIN_AND_DUTY, SYSTEM, NEW_OFFICE, asked("监督员"))
    refused(world, Reason.ADMIN_AND_DUTY, SYSTEM, NEW_OFFICE, asked("安全管理员"))


def test_a_duty_or_an_office_got_between_asking_and_approving_counts():
    world = at_stage("registered")
    world.do(SYSTEM, uid("新人"), person("新人"))
    world.do(SYSTEM, NEW_OFFICE, asked("新人"))
    world.do(SYSTEM, uid("再提请"), asked("新人", Office.AUDIT_ADMIN))
    world.do(SECURITY, uid("新职责"), duty("新人", Role.SUPERVISOR))
    refused(world, Reason.ADMIN_AND_DUTY, SECURITY, NEW_OFFICE, AdministratorGiven())
    world.do(SECURITY, uid("新职责"), DutyEnded("误授"))
    world.do(SECURITY, NEW_OFFICE, AdministratorGiven())
    refused(world, Reason.ADMIN_AND_DUTY, SECURITY, uid("再提请"), AdministratorGiven())


def test_a_second_account_does_not_help():
    """Two accounts with one staff number are one human being (I25)."""
    world = at_stage("registered")
    world.do(SYSTEM, uid("小号"), person("小号", "系统管理员"))
    content = duty("小号", Role.SUPERVISOR)
    refused(world, Reason.ADMIN_AND_DUTY, SECURITY, uid("新职责"), content)
    refused(world, Reason.ADMIN_AND_DUTY, SECURITY, NEW_OFFICE, asked("小号"))
    refused(world, Reason.FOUR_EYES, SYSTEM, NEW_OFFICE, asked("小号"))
    refused(world, Reason.NO_ROLE, uid("小号"), NEW_OFFICE, asked("某人"))


def test_two_accounts_of_one_human_being_do_not_ask_and_approve():
    world = at_stage("empty")
    for name in ("甲", "乙", "丙"):
        world.do(uid(name), uid(name), person(name))
    world.do(uid("乙二"), uid("乙二"), person("乙二", "乙"))
    world.do(uid("甲二"), uid("甲二"), person("甲二", "甲"))
    refused(world, Reason.FOUR_EYES, uid("甲二"), NEW_OFFICE, asked("甲"))
    world.do(uid("乙"), NEW_OFFICE, asked("甲"))
    for actor in ("乙二", "甲二"):
        refused(world, Reason.FOUR_EYES, uid(actor), NEW_OFFICE, AdministratorGiven())


def test_a_duty_that_begins_later_counts_already():
    world = at_stage("registered")
    world.do(SYSTEM, uid("新人"), person("新人"))
    later = duty("新人", Role.SUPERVISOR, from_date=date(2025, 6, 1))
    world.do(SECURITY, uid("新职责"), later)
    refused(world, Reason.ADMIN_AND_DUTY, SYSTEM, NEW_OFFICE, asked("新人"))


def test_nobody_ends_his_own_office_and_two_administrators_stay():
    world = at_stage("registered")
    refused(world, Reason.FOUR_EYES, SECURITY, uid("任职 安全管理员"), ENDING)
    world.do(SYSTEM, AUDITORS_OFFICE, ENDING)
    for actor in (SYSTEM, AUDIT_B):
        refused(world, Reason.FOUR_EYES, actor, AUDITORS_OFFICE, AdministratorEnded())
    world.do(AUDIT_B, uid("任职 系统管理员"), ENDING)  # still in office until it is approved
    world.do(SECURITY, AUDITORS_OFFICE, AdministratorEnded())
    refused(world, Reason.NO_ROLE, AUDIT_B, uid("任职 安全管理员"), ENDING)
    last = Reason.LAST_ADMINISTRATORS
    refused(world, last, SECURITY, uid("任职 系统管理员"), AdministratorEnded())
    refused(world, last, SYSTEM, uid("任职 安全管理员"), ENDING)


def test_what_was_asked_by_one_who_left_the_office_is_not_approved():
    world = at_stage("registered")
    for name in ("新人", "又一人"):
        world.do(SYSTEM, uid(name), person(name))
    world.bring_into_office("又一人", Office.SYSTEM_ADMIN, SYSTEM, SECURITY)
    world.do(AUDIT_B, NEW_OFFICE, asked("新人"))
    world.do(AUDIT_B, uid("任职 系统管理员"), ENDING)
    world.do(SYSTEM, AUDITORS_OFFICE, ENDING)
    world.do(SECURITY, AUDITORS_OFFICE, AdministratorEnded())
    refused(world, Reason.FOUR_EYES, SECURITY, NEW_OFFICE, AdministratorGiven())
    refused(world, Reason.FOUR_EYES, SECURITY, uid("任职 系统管理员"), AdministratorEnded())
    world.do(SYSTEM, NEW_OFFICE, AdministratorAskingDeclined("提请人已离任"))


def test_what_a_passer_by_asked_for_while_the_office_was_founded_lapses():
    world = at_stage("empty")
    for name in ("甲", "乙", "丙", "路过"):
        world.do(uid(name), uid(name), person(name))
    world.do(uid("路过"), NEW_OFFICE, asked("丙"))
    world.do(uid("路过"), uid("再提请"), asked("甲"))
    world.found()
    refused(world, Reason.FOUR_EYES, SYSTEM, NEW_OFFICE, AdministratorGiven())


def test_an_office_that_nobody_asked_to_end_does_not_end():
    world = at_stage("registered")
    refused(world, Reason.WRONG_STATE, SECURITY, AUDITORS_OFFICE, AdministratorEnded())


# --- scheme ---------------------------------------------------------------------------------------


def published(world) -> Any:
    return next(act for act in reversed(world.acts) if act.type == "scheme.published/1")


def test_only_the_head_of_the_coordinating_section_publishes():
    world = at_stage("registered")
    content = published(at_stage("opened")).content
    first = replace(content, version=1)
    for actor in (handler(SECTIONS[0]), section_head(SECTIONS[1]), SYSTEM, uid("主要领导")):
        refused(world, Reason.NO_ROLE, actor, SCHEME, first)
    unknown = replace(first, coordinating_section=uid("没有的科"))
    refused(world, Reason.UNKNOWN_THING, HEAD, SCHEME, unknown)


@pytest.mark.parametrize(
    "change",
    [{"version": 2}, {"version": 4}, {"reason": " "}, {"coordinating_section": uid(SECTIONS[1])}],
)
def test_a_new_version_takes_the_next_number_with_a_reason(change):
    world = at_stage("opened")
    act = published(world)
    content = replace(act.content, version=3, **({} if "version" in change else change))
    content = replace(content, **change)
    refused(world, Reason.SCHEME_VERSION, HEAD, SCHEME, content, act.id)


def test_a_new_version_names_the_one_in_force():
    world = at_stage("opened")
    act = published(world)
    content = replace(act.content, version=3)
    refused(world, Reason.NOT_SUPERSEDING, HEAD, SCHEME, content)
    first = next(act for act in world.acts if act.type == "scheme.published/1")
    refused(world, Reason.NOT_SUPERSEDING, HEAD, SCHEME, content, first.id)
    world.do(HEAD, SCHEME, content, act.id)


@pytest.mark.parametrize(
    "change",
    [
        {"tasks": ()},
        {"tasks": tasks_of("2")},
        {"assessed_units": ()},
        {"assessed_units": (uid("没有的单位"),)},
        {"assessed_units": (uid(UNITS[0]), uid(UNITS[0]))},
        {"responsible_section": uid("没有的科")},
        {"cooperating_sections": (uid(SECTIONS[1]),)},
        {"not_applicable": (Cell(uid(UNITS[0]), "9.9"),)},
        {"indicator": "2"},
    ],
)
def test_a_scheme_that_contradicts_itself_is_refused(change):
    world = at_stage("opened")
    act = published(world)
    first, *others = act.content.indicators
    content = replace(act.content, version=3, indicators=(replace(first, **change), *others))
    refused(world, Reason.SCHEME_CONTENT, HEAD, SCHEME, content, act.id)


def test_a_scheme_is_not_changed_under_a_signature():
    world = at_stage("signed")
    act = published(world)
    refused(world, Reason.SCHEME_IN_USE, HEAD, SCHEME, replace(act.content, version=3), act.id)


def test_what_came_too_late_is_not_let_in_by_another_version():
    world = at_stage("opened")
    act = published(world)
    strict = replace(act.content, version=3, late=Late.REFUSE)
    act = world.do(HEAD, SCHEME, strict, act.id)
    loose = replace(strict, version=4, late=Late.FLAG)
    take(world.state, world.act(HEAD, SCHEME, loose, act.id))
    world.until("2025-01-06T01:00")
    refused(world, Reason.SCHEME_LATE, HEAD, SCHEME, loose, act.id)
    world.do(HEAD, SCHEME, replace(strict, version=4), act.id)


@pytest.mark.parametrize("change", [{"assessed_units": (uid(UNITS[0]),)}, None])
def test_the_units_that_a_draw_was_planned_from_stay_the_same(change):
    world = at_stage("verified")
    act = published(world)
    first, *others = act.content.indicators
    indicators = (replace(first, not_applicable=(), **change), *others) if change else tuple(others)
    content = replace(act.content, version=3, indicators=indicators)
    refused(world, Reason.SCHEME_DRAWN, HEAD, SCHEME, content, act.id)
    world.do(HEAD, SCHEME, replace(act.content, version=3), act.id)


def test_a_vacant_duty_keeps_the_year_from_opening():
    world = at_stage("opened")
    content = AssessmentOpened(SCHEME, 2025, "2025年度绩效考评")
    world.do(SECURITY, uid(f"职责 {UNITS[2]}负责人 unit_head"), DutyEnded("调离"))
    error = refused(world, Reason.DUTY_VACANT, HEAD, uid("2025"), content)
    assert f"{UNITS[2]}缺单位负责人" in error.zh
    assert f"{UNITS[2]} has no unit head" in error.en
    assert uid(UNITS[2]) not in error.zh + error.en


def test_all_vacancies_are_told_at_once_and_none_twice():
    world = at_stage("opened")
    content = AssessmentOpened(SCHEME, 2025, "2025年度绩效考评")
    for name in (f"职责 {UNITS[0]}联络员 liaison", "职责 产业科经办人 handler"):
        world.do(SECURITY, uid(name), DutyEnded("调离"))
    error = refused(world, Reason.DUTY_VACANT, HEAD, uid("2025"), content)
    assert f"产业科缺经办人；{UNITS[0]}缺联络员" in error.zh


def test_a_duty_for_one_indicator_leaves_the_others_vacant():
    world = at_stage("opened")
    content = AssessmentOpened(SCHEME, 2025, "2025年度绩效考评")
    world.do(SECURITY, uid("职责 产业科经办人 handler"), DutyEnded("调离"))
    one = duty("产业科经办人", Role.HANDLER, section=uid("产业科"), indicator="2")
    world.do(SECURITY, uid("只管一项"), one)
    error = refused(world, Reason.DUTY_VACANT, HEAD, uid("2025"), content)
    assert "产业科缺经办人（指标 1、4）" in error.zh
    assert "has no handler for indicator 1, 4" in error.en


def test_of_many_vacancies_the_first_are_named_and_all_are_counted():
    world = at_stage("opened")
    content = AssessmentOpened(SCHEME, 2025, "2025年度绩效考评")
    for unit in UNITS:
        for who in ("联络员 liaison", "负责人 unit_head"):
            world.do(SECURITY, uid(f"职责 {unit}{who}"), DutyEnded("机构改革"))
    error = refused(world, Reason.DUTY_VACANT, HEAD, uid("2025"), content)
    assert f"等共 {2 * len(UNITS)} 处" in error.zh
    assert error.zh.count("缺") == 8


def test_a_year_is_opened_once_under_its_scheme():
    world = at_stage("opened")
    again = AssessmentOpened(SCHEME, 2024, "2024年度绩效考评（补）")
    refused(world, Reason.YEAR_OPENED, HEAD, uid("2024 again"), again)
    world.do(HEAD, uid("2025"), AssessmentOpened(SCHEME, 2025, "2025年度绩效考评"))


def test_a_year_needs_its_scheme():
    content = AssessmentOpened(uid("没有的方案"), 2025, "2025年度绩效考评")
    refused(at_stage("opened"), Reason.UNKNOWN_THING, HEAD, uid("2025"), content)


# --- owners of data -------------------------------------------------------------------------------


def named(*owners: tuple[str, str]) -> DataOwnersNamed:
    return DataOwnersNamed(tuple(DataOwner(task, uid(owner)) for task, owner in owners))


def test_the_coordinating_section_names_owners_of_tasks_of_the_year_each_once():
    world = at_stage("opened")
    before = world.state.get(Assessment, world.year).owners_act
    for wrong in (
        named(("9.9", UNITS[0])),
        named(("1.1", "没有登记")),
        named(("1.1", UNITS[0]), ("1.1", UNITS[1])),
        named(("1.1", f"{UNITS[0]}联络员")),
    ):
        refused(world, Reason.OWNERS_WRONG, HEAD, world.year, wrong, before)
    good = named(("1.1", UNITS[0]), ("1.2", SECTIONS[2]))
    refused(world, Reason.NO_ROLE, handler(SECTIONS[1]), world.year, good, before)
    refused(world, Reason.NOT_SUPERSEDING, HEAD, world.year, good)
    world.do(HEAD, world.year, good, before)
    owners = world.state.get(Assessment, world.year).data_owners
    assert owners == {"1.1": uid(UNITS[0]), "1.2": uid(SECTIONS[2])}


# --- deadlines ------------------------------------------------------------------------------------

LATER = date(2025, 1, 25)


def in_force(world: World, step: StepKind) -> str:
    return world.state.get(Assessment, world.year).deadlines[step][-1].act


def test_a_deadline_is_set_once_and_then_extended_to_a_later_day():
    world = at_stage("opened")
    again = DeadlineSet(StepKind.SCORE, LATER)
    refused(world, Reason.DEADLINE_UNKNOWN, handler(SECTIONS[0]), world.year, again)
    none = DeadlineExtended(StepKind.APPEAL, LATER, "理由")
    refused(world, Reason.DEADLINE_UNKNOWN, uid("分管领导"), world.year, none)
    earlier = DeadlineExtended(StepKind.SCORE, date(2025, 1, 16), "理由")
    act = in_force(world, StepKind.SCORE)
    refused(world, Reason.DEADLINE_ORDER, uid("分管领导"), world.year, earlier, act)


def test_no_deadline_lies_before_its_day():
    world = at_stage("opened")
    world.until("2025-03-01T01:00")
    gone = date(2025, 2, 28)
    content = DeadlineSet(StepKind.APPEAL, gone)
    refused(world, Reason.DEADLINE_PAST, handler(SECTIONS[0]), world.year, content)
    longer = DeadlineExtended(StepKind.SCORE, gone, "理由")
    act = in_force(world, StepKind.SCORE)
    refused(world, Reason.DEADLINE_PAST, uid("分管领导"), world.year, longer, act)
    world.do(handler(SECTIONS[0]), world.year, replace(content, until=date(2025, 3, 1)))


def test_an_extension_names_the_deadline_in_force():
    world = at_stage("opened")
    content = DeadlineExtended(StepKind.SCORE, LATER, "理由")
    refused(world, Reason.NOT_SUPERSEDING, uid("分管领导"), world.year, content)
    world.do(uid("分管领导"), world.year, content, in_force(world, StepKind.SCORE))


@pytest.mark.parametrize(
    ("step", "may"),
    [(StepKind.COLLECT, True), (StepKind.SCORE, True), (StepKind.VERIFY, True),
     (StepKind.CONSOLIDATE, False), (StepKind.FILE, False)],
)  # fmt: skip
def test_whoever_has_the_duty_of_a_step_does_not_extend_it(step, may):
    """The coordinating section consolidates and files; it scores nothing here (P10)."""
    world = at_stage("opened")
    content = DeadlineExtended(step, LATER, "理由")
    if may:
        world.do(HEAD, world.year, content, in_force(world, step))
    else:
        refused(world, Reason.OWN_DEADLINE, HEAD, world.year, content, in_force(world, step))


def test_a_scoring_section_extends_nothing():
    world = at_stage("opened")
    content = DeadlineExtended(StepKind.COLLECT, LATER, "理由")
    for actor in (handler("综合科"), section_head("综合科"), liaison(UNITS[0])):
        refused(world, Reason.NO_ROLE, actor, world.year, content)


def test_a_leader_who_also_inspects_does_not_extend_verifying():
    world = at_stage("opened")
    world.do(SECURITY, uid("兼职"), duty("分管领导", Role.INSPECTOR))
    content = DeadlineExtended(StepKind.VERIFY, LATER, "理由")
    act = in_force(world, StepKind.VERIFY)
    refused(world, Reason.OWN_DEADLINE, uid("分管领导"), world.year, content, act)
