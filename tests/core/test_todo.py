"""待办: for every role at every stage of the small year, what is owed, until when, and what waits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kaoping.core.acts.collecting import (
    Channel,
    EvidenceFiled,
    EvidenceFiledOnBehalf,
    EvidenceReturned,
    ResultReported,
    Status,
)
from kaoping.core.acts.filing import MeetingKind, ReportSigned
from kaoping.core.acts.scoring import SheetReopened, SheetReturned
from kaoping.core.acts.setting_up import (
    AdministratorAsked,
    AdministratorEndingAsked,
    AssessmentOpened,
    DeadlineSet,
    DutyEnded,
    Late,
    Office,
    SchemePublished,
    StepKind,
)
from kaoping.core.calendar import Calendar
from kaoping.core.desk.chores import CHORES, Look, Topic
from kaoping.core.desk.feed import Event, calendar_text
from kaoping.core.desk.picture import Demand, cell_complete, picture_of
from kaoping.core.desk.todos import Stage, todos
from kaoping.core.desk.year import StepStanding, steps_of_year, working_days_left
from kaoping.core.workflow.questions import ledger_id
from kaoping.core.workflow.reasons import Reason
from kaoping.core.workflow.table import STEPS
from kaoping.core.workflow.taking import available
from kaoping.core.workflow.things import Assessment, Ledger, Person, Report
from tests.core.workflow.stages import STAGES, at_stage, near
from tests.world_set_up import (
    OWNER,
    SECTIONS,
    UNITS,
    handler,
    liaison,
    section_head,
    uid,
    unit_head,
)

WEEKENDS = Calendar(frozenset(), frozenset(), frozenset())
"""A calendar that knows no holidays."""


def own(world, name, demand=None):
    return todos(world.state, uid(name), world.at, WEEKENDS, demand)


def steps(found):
    return [one.step for one in found]


def only(found, step, **fields):
    """The one to-do of a step with these fields."""
    fitting = [
        one
        for one in found
        if one.step == step
        and all(getattr(one, key, getattr(one.place, key, None)) == v for key, v in fields.items())
    ]
    assert len(fitting) == 1, [(one.step, one.place.indicator, one.topic) for one in found]
    return fitting[0]


# --- setting up -----------------------------------------------------------------------------------


def test_before_any_unit_the_system_administrator_registers_them():
    world = at_stage("founded")
    assert steps(own(world, "系统管理员")) == ["unit.registered/1"]
    assert own(world, "安全管理员") == []


def test_an_office_that_nobody_holds_is_asked_for_and_what_was_asked_is_approved_by_another():
    world = at_stage("registered")
    leaving = uid("任职 系统管理员")
    world.do(uid("安全管理员"), leaving, AdministratorEndingAsked("调离"))
    assert steps(own(world, "审计管理员乙")) == ["administrator.ended/1"]
    assert "administrator.ended/1" not in steps(own(world, "安全管理员"))
    assert "administrator.ended/1" not in steps(own(world, "系统管理员"))


def test_who_asked_does_not_approve():
    world = at_stage("registered")
    world.do(uid("系统管理员"), uid("新人"), world.person("新人"))
    world.do(
        uid("系统管理员"), uid("任职 新人"), AdministratorAsked(uid("新人"), Office.AUDIT_ADMIN)
    )
    assert "administrator.given/1" in steps(own(world, "安全管理员"))
    assert "administrator.given/1" not in steps(own(world, "系统管理员"))


def test_persons_without_any_duty_are_counted_for_the_security_administrator():
    world = at_stage("registered")
    for name in ("新人甲", "新人乙"):
        world.do(uid("系统管理员"), uid(name), world.person(name, "青禾县"))
    idle = only(own(world, "安全管理员"), "duty.given/1", topic=Topic.IDLE)
    assert idle.total == 2


def test_a_vacant_duty_is_counted_and_named_by_its_house():
    world = at_stage("opened")
    world.do(uid("安全管理员"), uid("职责 青禾县联络员 liaison"), DutyEnded("调离"))
    vacant = only(own(world, "安全管理员"), "duty.given/1", topic=Topic.VACANT)
    assert vacant.total == 1
    assert vacant.units == (uid("青禾县"),)


def test_before_the_first_scheme_heads_are_asked_to_publish_it():
    assert steps(own(at_stage("registered"), "评估督导科科长")) == ["scheme.published/1"]


def published():
    """A year that is published and not opened."""
    world = at_stage("registered")
    duties = tuple(map(world.indicator_duty, world.indicators))
    section, blob = uid(SECTIONS[0]), world.blob("scheme.toml")
    content = SchemePublished(1, "评字〔2024〕1号", blob, section, Late.FLAG, duties, "")
    world.do(section_head(SECTIONS[0]), uid("实施方案"), content)
    return world


def test_a_published_scheme_is_opened_unless_a_duty_is_vacant():
    world = published()
    found = only(own(world, "评估督导科科长"), "assessment.opened/1")
    assert found.stage is Stage.READY
    world.do(uid("安全管理员"), uid("职责 青禾县联络员 liaison"), DutyEnded("调离"))
    found = only(own(world, "评估督导科科长"), "assessment.opened/1")
    assert (found.stage, found.waits_for) == (Stage.WAITING, Reason.DUTY_VACANT)


def test_deadlines_are_set_one_after_the_other():
    world = published()
    opened = AssessmentOpened(uid("实施方案"), 2024, "2024年度绩效考评")
    world.do(section_head(SECTIONS[0]), world.year, opened)
    assert only(own(world, "评估督导科经办人"), "deadline.set/1").total == 5
    for number, kind in enumerate(("collect", "score", "verify", "consolidate", "file")):
        found = only(own(world, "评估督导科经办人"), "deadline.set/1")
        assert found.done == number
        content = DeadlineSet(StepKind(kind), date(2025, 1, 10 + number))
        world.do(handler(SECTIONS[0]), world.year, content)
    assert "deadline.set/1" not in steps(own(world, "评估督导科经办人"))


# --- collecting -----------------------------------------------------------------------------------


def test_a_liaison_sees_each_indicator_of_the_own_unit_and_no_other_unit():
    world = at_stage("opened")
    found = own(world, "青禾县联络员")
    assert {one.place.unit for one in found} == {uid("青禾县")}
    assert [one.place.indicator for one in found] == list(world.indicators)
    assert {one.due for one in found} == {date(2025, 1, 5)}
    assert found[0].tasks == ("1.1", "1.2")


def test_a_task_that_does_not_apply_is_not_asked():
    found = own(at_stage("opened"), "南屏新区联络员")
    assert {one.tasks for one in found} == {(f"{n}.1",) for n in range(1, 5)}


def report(world, unit, task, name="", value="1"):
    content = ResultReported(
        world.year, uid(unit), task, name, Decimal(value), "个", date(2024, 12, 31),
        Status.FINAL, "统计台账",
    )  # fmt: skip
    return world.do(liaison(unit), uid(f"上报 {unit} {task} {name}"), content)


def file(world, unit, task):
    content = EvidenceFiled(
        world.year, uid(unit), task, "目录一", (world.blob("文件"),), None, None, None
    )
    return world.do(liaison(unit), uid(f"材料 {unit} {task}"), content)


def demand(values=("1.1", "1.2"), materials=(), supplied=()):
    unit = uid("青禾县")
    return Demand(
        {(unit, task): frozenset({""}) for task in values},
        {(unit, task): frozenset({""}) for task in supplied},
        frozenset((unit, task) for task in materials),
    )


def test_values_first_then_materials_then_nothing():
    world, asked = at_stage("opened"), demand(materials=("1.2",))
    found = only(own(world, "青禾县联络员", asked), "result.reported/1", indicator="1")
    assert (found.done, found.total, found.tasks) == (0, 2, ("1.1", "1.2"))
    report(world, "青禾县", "1.1")
    found = only(own(world, "青禾县联络员", asked), "result.reported/1", indicator="1")
    assert (found.done, found.tasks, found.look) == (1, ("1.2",), Look.PARTLY)
    report(world, "青禾县", "1.2")
    found = only(own(world, "青禾县联络员", asked), "evidence.filed/1", indicator="1")
    assert found.tasks == ("1.2",)
    file(world, "青禾县", "1.2")
    assert [one for one in own(world, "青禾县联络员", asked) if one.place.indicator == "1"] == []


def test_what_somebody_else_owns_is_entered_by_the_section_and_not_asked_of_the_unit():
    world = at_stage("opened")
    asked = demand(values=("1.2",), supplied=("1.1",))
    found = only(own(world, "青禾县联络员", asked), "result.reported/1", indicator="1")
    assert found.tasks == ("1.2",)
    entered = only(own(world, "综合科经办人", asked), "result.reported/1", topic=Topic.SUPPLIED)
    assert (entered.done, entered.total, entered.units) == (0, 1, (uid("青禾县"),))
    assert entered.tasks == ("1.1",)


def test_what_came_back_is_put_right_and_what_was_entered_for_the_unit_is_accepted():
    world = at_stage("opened")
    filed = file(world, "青禾县", "1.1")
    world.do(handler("综合科"), filed.subject, EvidenceReturned("没有盖章"))
    back = only(own(world, "青禾县联络员"), "evidence.corrected/1")
    assert (back.look, back.tasks, back.place.thing) == (Look.RETURNED, ("1.1",), filed.subject)
    content = EvidenceFiledOnBehalf(
        world.year, uid("青禾县"), "1.2", "目录一", (world.blob("来文"),), None, None, None,
        world.at, Channel.PAPER,
    )  # fmt: skip
    world.do(handler("综合科"), uid("代录"), content)
    for name in ("青禾县联络员", "青禾县负责人"):
        assert only(own(world, name), "filing.accepted_by_unit/1").tasks == ("1.2",)
    assert "filing.accepted_by_unit/1" not in steps(own(world, "白石县联络员"))


def test_the_head_confirms_once_something_was_filed_and_waits_before():
    world = at_stage("opened")
    found = only(own(world, "青禾县负责人"), "filing.confirmed/1")
    assert (found.stage, found.waits_for, found.total) == (Stage.WAITING, Reason.WRONG_STATE, 8)
    file(world, "青禾县", "1.1")
    found = only(own(world, "青禾县负责人"), "filing.confirmed/1")
    assert (found.stage, found.done, found.look) == (Stage.READY, 1, Look.PARTLY)


def test_a_confirmed_ledger_is_nobodys_matter():
    world = at_stage("collected")
    ledger = world.state.get(Ledger, ledger_id(world.year, uid("青禾县")))
    assert ledger.standing.value == "confirmed"
    assert "filing.confirmed/1" not in steps(own(world, "青禾县负责人"))


def test_values_of_third_parties_are_their_owners_matter_once_one_is_named():
    world = at_stage("opened")
    asked = demand(values=(), supplied=("2.2",))
    found = only(own(world, f"{OWNER}经办人", asked), "result.reported/1", topic=Topic.SUPPLIED)
    assert (found.place.indicator, found.tasks) == ("2", ("2.2",))
    other = own(world, "产业科经办人", asked)  # the responsible section
    assert not [one for one in other if one.topic == Topic.SUPPLIED]


def test_the_coordinating_section_names_owners_where_data_come_from_third_parties():
    world = at_stage("opened")
    before = world.state.get(Assessment, world.year).owners_act
    assert before
    handler_of = f"{SECTIONS[0]}经办人"
    asked = demand(values=(), supplied=("2.2", "3.1"))
    assert only(own(world, handler_of, asked), "data_owners.named/1").total == 1  # 3.1
    all_named = demand(values=(), supplied=("2.2",))
    assert "data_owners.named/1" not in steps(own(world, handler_of, all_named))
    fresh = at_stage("registered")
    fresh.delegate()
    fresh.name_owners = lambda: None  # type: ignore[method-assign]
    fresh.publish()
    assert only(own(fresh, handler_of, asked), "data_owners.named/1").total == 2
    assert "data_owners.named/1" not in steps(own(fresh, handler_of, demand()))


def test_filings_are_reviewed_until_their_tasks_are_scored():
    world = at_stage("undertaken")
    found = only(own(world, "综合科经办人"), "evidence.accepted/1", indicator="1")
    assert found.total - found.done == 6  # one is accepted already
    assert found.due == date(2025, 1, 16)
    later = at_stage("proposed")
    assert "evidence.accepted/1" not in steps(own(later, "综合科经办人"))


def test_missing_values_are_decided_after_the_deadline_only():
    world, asked = at_stage("opened"), demand()
    report(world, "青禾县", "1.1")
    assert "value.decided/1" not in steps(own(world, "综合科经办人", asked))
    world.until("2025-01-06T01:00")
    found = only(own(world, "综合科经办人", asked), "value.decided/1")
    assert (found.done, found.total, found.tasks, found.units) == (0, 1, ("1.2",), (uid("青禾县"),))


def test_overdue_stands_first_and_is_counted_in_working_days():
    world = at_stage("opened")
    world.until("2025-01-08T01:00")  # the deadline was a Sunday
    found = own(world, "青禾县联络员")
    assert all(one.is_overdue and one.days == -3 for one in found)
    assert own(world, "综合科经办人")[0].due == date(2025, 1, 15)


# --- scoring and verifying ------------------------------------------------------------------------


def test_whoever_will_score_or_inspect_owes_the_undertaking_and_nobody_else_does():
    world = at_stage("opened")
    owing = {
        name
        for name in (
            "综合科经办人", "综合科科长", "核验员甲", "青禾县联络员", "评估督导科科长", "主要领导",
            "系统管理员",
        )
        if "discipline.undertaken/1" in steps(own(world, name))
    }  # fmt: skip
    assert owing == {"综合科经办人", "综合科科长", "核验员甲"}
    assert "discipline.undertaken/1" not in steps(own(at_stage("undertaken"), "综合科经办人"))


def test_scoring_waits_for_the_undertaking_and_then_for_the_units_deadline():
    world = at_stage("collected")
    found = only(own(world, "综合科经办人"), "scores.proposed/1", indicator="1")
    assert (found.stage, found.waits_for) == (Stage.WAITING, Reason.NO_UNDERTAKING)
    found = only(own(at_stage("undertaken"), "综合科经办人"), "scores.proposed/1", indicator="1")
    assert (found.stage, found.done, found.total) == (Stage.READY, 0, 10)


def test_a_cooperating_section_speaks_once_the_sheet_is_complete():
    world = at_stage("verified")
    assert "opinion.given/1" not in steps(own(world, "产业科经办人"))
    world.until("2025-01-15T01:00")
    world.propose("1")
    for name in ("产业科经办人", "产业科科长"):
        assert only(own(world, name), "opinion.given/1").place.indicator == "1"
    waiting = only(own(world, "综合科经办人"), "sheet.signed_by_handler/1", indicator="1")
    assert (waiting.stage, waiting.waits_for) == (Stage.WAITING, Reason.OPINION_MISSING)
    world.give_opinion("1")
    assert "opinion.given/1" not in steps(own(world, "产业科经办人"))
    ready = only(own(world, "综合科经办人"), "sheet.signed_by_handler/1", indicator="1")
    assert ready.stage is Stage.READY


def test_a_sheet_goes_from_hand_to_hand():
    world = at_stage("proposed")
    head = only(own(world, "综合科科长"), "sheet.signed_by_head/1", indicator="1")
    assert head.stage is Stage.WAITING
    world = at_stage("signed")
    assert set(steps(own(world, "综合科经办人"))) == {"sheet.submitted/1"}
    world.hand_in("1")
    received = only(own(world, "评估督导科经办人"), "sheet.received/1")
    assert (received.due, received.look) == (date(2025, 1, 18), Look.FILED)
    world.do(handler(SECTIONS[0]), uid("评分表 1"), SheetReturned("依据不全"))
    back = only(own(world, "综合科科长"), "sheet.reopened/1")
    assert back.look is Look.RETURNED
    world.do(section_head("综合科"), uid("评分表 1"), SheetReopened("补充依据"))
    assert "sheet.reopened/1" not in steps(own(world, "综合科科长"))


def test_whoever_must_step_aside_has_no_such_matter():
    world = at_stage("proposed")
    near(world, section_head("综合科"), "青禾县")
    assert "sheet.signed_by_head/1" not in steps(own(world, "综合科科长"))


def test_verification_is_decided_by_the_head_and_early_is_said_so():
    world = at_stage("collected")
    found = only(own(world, "综合科科长"), "verification.decided/1", indicator="1")
    assert found.stage is Stage.EARLY
    found = only(own(at_stage("undertaken"), "综合科科长"), "verification.decided/1", indicator="1")
    assert found.stage is Stage.READY


def test_the_report_waits_for_the_sheets_and_then_for_the_meeting():
    found = only(own(at_stage("signed"), "评估督导科科长"), "report.frozen/1")
    assert (found.stage, found.waits_for) == (Stage.WAITING, Reason.SHEETS_OPEN)
    found = only(own(at_stage("received"), "评估督导科科长"), "report.frozen/1")
    assert (found.stage, found.done, found.total) == (Stage.READY, 4, 4)
    world = at_stage("frozen")
    assert steps(own(world, "评估督导科科长")) == ["meeting.decided/1"]
    sign = only(own(world, "主要领导"), "report.signed/1")
    assert sign.stage is Stage.WAITING
    world.meet(MeetingKind.EXECUTIVE_MEETING, date(2025, 1, 18))
    assert only(own(world, "主要领导"), "report.signed/1").stage is Stage.READY
    world.do(
        uid("主要领导"), world.report, ReportSigned(world.state.get(Report, world.report).digest)
    )
    assert steps(own(world, "评估督导科经办人")) == ["package.sent/1"]


def test_leaders_see_steps_that_are_past_their_deadline():
    world = at_stage("opened")
    assert own(world, "分管领导") == []
    world.until("2025-01-06T01:00")
    found = only(own(world, "分管领导"), "deadline.extended/1")
    assert (found.topic, found.done, found.total) == ("collect", 0, 6)


# --- every person at every stage ------------------------------------------------------------------


def everybody(world):
    return [person.id for person in world.state.every(Person)]


@pytest.mark.parametrize("stage", list(STAGES))
def test_what_is_ready_can_be_done_and_what_waits_cannot(stage):
    world = at_stage(stage)
    for person in everybody(world):
        possible = {(one.step.type, one.place) for one in available(world.state, person, world.at)}
        for todo in todos(world.state, person, world.at, WEEKENDS):
            is_possible = (todo.step, todo.place) in possible
            assert is_possible == (todo.stage is not Stage.WAITING), todo
            assert (todo.waits_for is None) == is_possible


@pytest.mark.parametrize("stage", list(STAGES))
def test_a_picture_gives_the_same_as_the_state(stage):
    world = at_stage(stage)
    picture = picture_of(world.state)
    for person in everybody(world):
        asked = todos(world.state, person, world.at, WEEKENDS)
        assert todos(picture, person, world.at, WEEKENDS) == asked
        assert len({one.key for one in asked}) == len(asked)


def test_every_chore_is_a_step_of_the_table():
    assert CHORES.keys() <= {step.kind for step in STEPS}


def test_in_a_year_that_is_filed_nothing_is_owed():
    world = at_stage("frozen")
    world.meet(MeetingKind.EXECUTIVE_MEETING, date(2025, 1, 18))
    world.file()
    owed = [todos(world.state, person, world.at, WEEKENDS) for person in everybody(world)]
    assert [one.step for found in owed for one in found] == []


# --- the year -------------------------------------------------------------------------------------


def year(world):
    return {
        one.kind.value: one for one in steps_of_year(world.state, world.year, world.at, WEEKENDS)
    }


def test_only_one_step_is_now():
    for stage in list(STAGES)[3:]:
        standings = [one.standing for one in year(at_stage(stage)).values()]
        assert standings.count(StepStanding.NOW) == 1, stage


def test_the_year_moves_on():
    now = {
        stage: next(k for k, one in year(at_stage(stage)).items() if one.standing is StepStanding.NOW)
        for stage in ("opened", "collected", "signed", "frozen")
    }  # fmt: skip
    assert now == {
        "opened": "collect",
        "collected": "score",
        "signed": "consolidate",
        "frozen": "file",
    }


def test_a_step_that_is_late_is_passed_over_for_the_one_in_time():
    world = at_stage("opened")
    world.until("2025-01-08T01:00")
    found = year(world)
    assert found["collect"].standing is StepStanding.OVERDUE
    assert (found["collect"].days, found["collect"].done, found["collect"].total) == (-3, 0, 6)
    assert found["score"].standing is StepStanding.NOW


def test_where_all_are_late_the_first_holds_up():
    world = at_stage("opened")
    world.until("2025-03-03T01:00")
    assert year(world)["collect"].standing is StepStanding.NOW


def test_working_days_are_counted_after_today():
    friday, monday = date(2025, 1, 3), date(2025, 1, 6)
    assert working_days_left(friday, friday, WEEKENDS) == 0
    assert working_days_left(friday, monday, WEEKENDS) == 1
    assert working_days_left(monday, friday, WEEKENDS) == -1
    assert working_days_left(date(2025, 1, 5), friday, WEEKENDS) == 0


def test_a_cell_without_a_demand_is_complete_once_anything_is_there():
    world = at_stage("opened")
    cell = (uid(UNITS[0]), "1.1")
    assert cell_complete(picture_of(world.state), None, world.year, cell) == (False, False)
    file(world, UNITS[0], "1.1")
    assert cell_complete(picture_of(world.state), None, world.year, cell) == (True, True)
    assert next(iter(world.state.every(Assessment))).id == world.year
    assert unit_head(UNITS[0])


# --- the calendar file ----------------------------------------------------------------------------


def unfolded(text):
    return text.replace("\r\n ", "")


def test_lines_are_folded_at_75_octets_and_never_within_a_character():
    title = "填报台账：" + "重大项目提升行动、" * 12
    text = calendar_text(
        [Event("a@b", date(2025, 1, 6), title, "说明")], "待办", "2024-12-18T01:00:00Z"
    )
    lines = text.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert "\n" not in text.replace("\r\n", "")
    assert f"SUMMARY:{title}\r\n" in unfolded(text)


def test_marks_with_a_meaning_are_escaped():
    text = calendar_text(
        [Event("a@b", date(2025, 1, 6), "a,b;c\\d", "一\n二\x07")], "n", "2024-12-18T01:00:00Z"
    )
    assert "SUMMARY:a\\,b\\;c\\\\d\r\n" in text
    assert "DESCRIPTION:一\\n二\r\n" in text


def test_an_event_is_a_whole_day_with_an_alarm():
    text = calendar_text(
        [Event("a@b", date(2025, 1, 31), "t", "d", "https://x.example/")],
        "n",
        "2024-12-18T01:00:00Z",
    )
    assert "DTSTAMP:20241218T010000Z\r\n" in text
    assert "DTSTART;VALUE=DATE:20250131\r\nDTEND;VALUE=DATE:20250201\r\n" in text
    assert "BEGIN:VALARM\r\nACTION:DISPLAY\r\n" in text
    assert "URL:https://x.example/\r\n" in text
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
