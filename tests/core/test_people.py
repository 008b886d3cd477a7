"""人员名单: every fault at once with its row; carried out once or twice it leads to the same."""

from __future__ import annotations

import json
import time
from datetime import date
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.acts.envelope import Act
from kaoping.core.acts.forms import record_form
from kaoping.core.acts.setting_up import DutyEnded, DutyGiven, PersonRegistered, Role
from kaoping.core.people.lists import (
    HEADS,
    OF_A_SECTION,
    OF_A_UNIT,
    PEOPLE_COLUMNS,
    House,
    PeopleList,
    houses_of,
)
from kaoping.core.people.planning import Known, content_of, plan
from kaoping.core.people.reading import MOST_ROWS, read_houses, read_lines
from kaoping.core.problems import CATALOGUE
from kaoping.core.results import Row
from kaoping.core.scheme import load_scheme
from kaoping.core.workflow.taking import Progress
from kaoping.core.workflow.things import Duty, Human, Person, Standing, Unit
from kaoping.core.workflow.vacancies import ROLE_NAMES
from tests.examples import CITY
from tests.world_set_up import SetUp, uid

SYSTEM, SECURITY = uid("系统管理员"), uid("安全管理员")
AT = "2024-11-05T01:00:00Z"


class Table:
    """A table as one reads it from a file."""

    def __init__(self, rows, columns=PEOPLE_COLUMNS, name="名单.xlsx"):
        self.name, self.columns = name, tuple(columns)
        self.rows = tuple(
            Row(f"{name} 第 {number} 行", dict(zip(columns, cells, strict=False)))
            for number, cells in enumerate(rows, 2)
        )


def row(**cells):
    """A row of people by its headings in Chinese."""
    return [cells.get(HEADS[column], "") for column in PEOPLE_COLUMNS]


def worker(number, **cells):
    """Somebody of the section 综合科 with a staff number of her own."""
    return row(姓名=f"新人{number}", 工号=f"N{number}", 科室="综合科", **cells)


def digest(number):
    return sha256(f"工号 {number}".encode()).hexdigest()


def ids(name):
    return str(uuid5(NAMESPACE_URL, f"test:{name}"))


@pytest.fixture(scope="module")
def founded():
    """Acts of an installation with its administrators, units, sections and persons."""
    world = SetUp()
    world.found()
    world.register()
    world.delegate()
    return world


class Office:
    """A register that goes on by the plans of lists."""

    def __init__(self, world, accounts=()):
        self.progress = Progress()
        for act in world.acts:
            self.progress.add(act, self.progress.judge(act))
        self.accounts = dict(accounts)
        self.taken = 0

    @property
    def state(self):
        return self.progress.state

    def known(self):
        return Known(self.state, self.accounts, SYSTEM, AT)

    def read(self, rows, *, is_complete=False, houses=(), name="名单.xlsx"):
        lines, problems = read_lines(Table(rows), digest, self.accounts)
        assert problems == []
        return PeopleList(name, is_complete, tuple(houses), lines)

    def plan(self, people):
        return plan(people, self.known(), ids)

    def carry_out(self, people, most=None):
        """Take the acts of a list, all or the first ones."""
        made = self.plan(people)
        assert made.problems == ()
        acts = [(SYSTEM, one) for one in made.registering]
        acts += [(SECURITY, one) for one in made.giving]
        for actor, one in acts[:most]:
            act = Act(
                ids(f"act {one.subject} {one.content.wire}"), AT, actor, one.subject, one.content
            )
            self.progress.add(act, self.progress.judge(act))
            self.taken += 1
        if most is None:
            self.accounts |= {due.login: due.person for due in made.accounts}
        return made

    def duties(self):
        return {
            content_of(duty)
            for duty in self.state.every(Duty)
            if duty.standing is Standing.IN_FORCE
        }


@pytest.fixture
def office(founded):
    return Office(founded)


def problems_of(office, rows, **more):
    lines, problems = read_lines(Table(rows), digest, office.accounts)
    people = PeopleList("名单.xlsx", False, tuple(more.get("houses", ())), lines)
    return [*problems, *office.plan(people).problems]


def told(problems):
    return [(one.code, one.where.removeprefix("名单.xlsx ")) for one in problems]


# --- what a list asks for -------------------------------------------------------------------------


def test_a_new_person_gets_registered_and_has_her_duty(office):
    rows = [worker(1, 角色="经办人", 账号="xinren1", 指标="1", 自="2024-11-01", 至="2025-01-31")]
    made = office.carry_out(office.read(rows))
    (person,) = made.persons
    assert person.content == PersonRegistered("新人1", None, uid("综合科"), digest("N1"))
    assert [(due.login, due.person) for due in made.accounts] == [("xinren1", person.subject)]
    assert (
        DutyGiven(
            person.subject,
            Role.HANDLER,
            None,
            uid("综合科"),
            "1",
            date(2024, 11, 1),
            date(2025, 1, 31),
            None,
        )
        in office.duties()
    )


def test_one_person_with_two_duties_is_registered_once(office):
    rows = [worker(1, 角色="经办人", 指标=one, 自="2024-11-01") for one in "13"]
    made = office.plan(office.read(rows))
    assert (len(made.persons), len(made.duties)) == (1, 2)


def test_a_row_without_a_role_only_registers(office):
    made = office.plan(office.read([worker(1)]))
    assert (len(made.persons), len(made.duties)) == (1, 0)


def test_a_leader_belongs_to_no_house_and_a_section_may_be_named_with_its_unit(office):
    rows = [
        row(姓名="新领导", 工号="L1", 角色="分管领导", 自="2024-11-01"),
        row(姓名="新人", 工号="L2", 单位="牵头局", 科室="产业科", 角色="责任人", 自="2024/11/01"),
    ]
    made = office.plan(office.read(rows))
    assert [one.content.section for one in made.persons] == [None, uid("产业科")]
    assert [one.content.role for one in made.duties] == [Role.RESPONSIBLE_LEADER, Role.HANDLER]


def test_somebody_deputises_for_another_of_the_same_list(office):
    days = {"自": "2024-11-01", "至": "2024-12-31", "角色": "经办人"}
    rows = [worker(2, 代理="N1", **days), worker(1, 账号="xinren1", **days)]
    by_login = [worker(2, 代理="xinren1", **days), rows[1]]
    for given_rows in (rows, by_login):
        made = office.plan(office.read(given_rows))
        assert made.problems == ()
        assert [one.content.on_behalf_of for one in made.duties] == [None, made.persons[1].subject]


def test_a_duty_with_other_days_takes_the_place_of_the_old_one(office):
    old = worker(1, 角色="经办人", 自="2024-11-01")
    new = worker(1, 角色="经办人", 自="2024-11-01", 至="2024-12-31")
    office.carry_out(office.read([old]))
    made = office.carry_out(office.read([new]))
    assert [type(one.content) for one in made.giving] == [DutyEnded, DutyGiven]
    assert (made.persons, made.persons_there) == ((), 1)


def test_only_a_complete_list_ends_what_it_leaves_out(office):
    rows = [worker(1, 角色="经办人", 自="2024-11-01")]
    assert office.plan(office.read(rows)).endings == ()
    before = len(office.duties())
    assert len(office.plan(office.read(rows, is_complete=True)).endings) == before
    office.carry_out(office.read(rows, is_complete=True))
    assert len(office.duties()) == 1


def test_a_duty_that_was_ended_by_hand_can_be_given_again(office):
    people = office.read([worker(1, 角色="经办人", 自="2024-11-01")])
    office.carry_out(people)
    office.carry_out(office.read([worker(1)], is_complete=True))
    assert office.duties() == set()
    office.carry_out(people)
    assert len(office.duties()) == 1


def test_who_is_registered_may_be_named_by_her_account(office):
    handler = uid("综合科经办人")
    office.accounts["zonghe1"] = handler
    rows = [row(姓名="综合科经办人", 账号="zonghe1", 角色="经办人", 指标="1", 自="2025-01-01")]
    made = office.plan(office.read(rows))
    assert (made.persons, made.problems) == ((), ())
    assert [one.content.person for one in made.giving if isinstance(one.content, DutyGiven)] == [
        handler
    ]


def test_units_and_sections_come_from_the_list(office):
    units, none = read_houses(
        Table([["U9", "新河县"]], ("code", "name"), "单位.csv"), is_section=False
    )
    sections, too = read_houses(
        Table([["S9", "财务科", "新河县"]], ("code", "name", "unit"), "科室.csv"), is_section=True
    )
    assert none + too == []
    rows = [row(姓名="甲", 工号="1", 科室="财务科", 角色="经办人", 自="2024-11-01")]
    made = office.carry_out(office.read(rows, houses=(*sections, *units)))
    assert [one.content.name for one in made.houses] == ["新河县", "财务科"]
    assert office.plan(office.read(rows, houses=(*sections, *units))).registering == ()


def test_the_example_city_is_one_list(founded):
    scheme = load_scheme((CITY / "scheme.toml").read_text("utf-8")).scheme
    assert scheme is not None
    office = Office(founded)
    people = PeopleList("方案", False, houses_of(scheme), ())
    office.carry_out(people)
    names = {unit.name for unit in office.state.every(Unit)}
    assert {one.name for one in scheme.units} <= names


def test_a_list_is_kept_as_json_without_a_staff_number(office):
    people = office.read([worker(1, 角色="经办人", 自="2024-11-01", 代理="N7", 至="2024-12-01")])
    form = record_form(PeopleList)
    kept = json.dumps(form.write(people), ensure_ascii=False)
    assert form.read(json.loads(kept), "名单") == people
    assert "N1" not in kept
    assert "N7" not in kept


# --- what is wrong with it ------------------------------------------------------------------------


def test_all_faults_are_told_at_once_each_with_its_row_and_nothing_is_planned(office):
    rows = [
        row(工号="1", 角色="经办人", 自="2024-11-01"),
        row(姓名="甲", 角色="经办人", 自="2024-11-01"),
        row(姓名="乙", 工号="3", 角色="局长", 自="2024-11-01"),
        row(姓名="丙", 工号="4", 角色="监督员", 自="2024-13-01"),
        row(姓名="丁", 工号="5", 角色="监督员"),
        row(姓名="戊", 工号="6", 角色="监督员", 自="2024-11-02", 至="2024-11-01"),
        row(姓名="己", 工号="7", 账号="7"),
        row(姓名="庚", 工号="8", 账号="有 空格"),
    ]
    assert told(problems_of(office, rows)) == [
        ("CELL-EMPTY", "第 2 行 姓名"),
        ("CELL-EMPTY", "第 3 行 工号"),
        ("ROLE-UNKNOWN", "第 4 行 角色"),
        ("DATE-INVALID", "第 5 行 自"),
        ("CELL-EMPTY", "第 6 行 自"),
        ("DATE-INVALID", "第 7 行 至"),
        ("LOGIN-INVALID", "第 8 行 账号"),
        ("LOGIN-INVALID", "第 9 行 账号"),
    ]


def test_what_contradicts_itself_or_the_register_is_told_at_once(office):
    office.accounts["taken"] = uid("综合科科长")
    rows = [
        worker(1, 账号="same"),
        worker(2, 账号="Same"),
        row(姓名="别名", 工号="N1", 科室="综合科"),
        row(姓名="新人2", 工号="N2", 科室="产业科"),
        row(姓名="某", 工号="综合科经办人", 科室="综合科"),
        row(姓名="综合科科长", 工号="综合科科长", 科室="产业科"),
        row(姓名="外人", 工号="X1", 单位="无此县"),
        row(姓名="外人", 工号="X2", 科室="无此科"),
        row(姓名="外人", 工号="X3", 账号="taken"),
        row(姓名="外人", 账号="nobody", 角色="监督员", 自="2024-11-01"),
    ]
    assert sorted(told(problems_of(office, rows))) == sorted(
        [
            ("LOGIN-TAKEN", "第 3 行 账号"),
            ("PERSON-DIFFERS", "第 4 行 姓名"),
            ("PERSON-DIFFERS", "第 5 行"),
            ("PERSON-DIFFERS", "第 6 行 姓名"),
            ("PERSON-DIFFERS", "第 7 行"),
            ("UNIT-UNKNOWN", "第 8 行 单位"),
            ("SECTION-UNKNOWN", "第 9 行 科室"),
            ("LOGIN-TAKEN", "第 10 行 账号"),
            ("PERSON-UNKNOWN", "第 11 行 账号"),
        ]
    )


def test_what_the_rules_of_the_acts_refuse_is_told_beforehand(office):
    days = {"自": "2024-11-01", "至": "2024-12-31"}
    rows = [
        worker(1, 角色="联络员", **days),
        row(姓名="系统管理员", 工号="系统管理员", 角色="监督员", **days),
        worker(2, 角色="经办人", 代理="N1", **days),
        worker(3, 角色="经办人", 代理="没有这个人", **days),
        worker(4, 角色="经办人", **days),
        worker(4, 角色="责任人", 自="2024-12-01"),
        worker("5\u200b", 角色="经办人", **days),
    ]
    assert sorted(told(problems_of(office, rows))) == sorted(
        [
            ("ROW-REFUSED", "第 2 行"),
            ("ROW-REFUSED", "第 3 行"),
            ("ROW-REFUSED", "第 4 行"),
            ("PERSON-UNKNOWN", "第 5 行 代理"),
            ("ROW-DUPLICATE", "第 7 行"),
            ("ROW-REFUSED", "第 8 行"),
        ]
    )


def test_an_indicator_must_stand_in_the_scheme_once_there_is_one(founded):
    world = SetUp().prepare()
    rows = [worker(1, 角色="经办人", 指标="没有", 自="2024-11-01")]
    assert told(problems_of(Office(world), rows)) == [("INDICATOR-UNKNOWN", "第 2 行 指标")]
    assert problems_of(Office(founded), rows) == []


def test_codes_and_names_of_houses_are_not_given_twice(office):
    houses = [
        House("一", "U1", "别的名称", "", (), is_section=False),
        House("二", "U77", "白石县", "", (), is_section=False),
        House("三", "S77", "综合科", "牵头局", (), is_section=True),
        House("四", "S78", "新科", "无此局", (), is_section=True),
        House("五", "U1", "青禾县", "", (), is_section=False),
    ]
    made = office.plan(PeopleList("名单", False, tuple(houses), ()))
    assert [(one.code, one.where) for one in made.problems] == [
        ("HOUSE-DIFFERS", "一"),
        ("HOUSE-DIFFERS", "二"),
        ("HOUSE-DIFFERS", "三"),
        ("UNIT-UNKNOWN", "四 单位"),
    ]
    assert made.houses == ()


def test_columns_are_looked_at(office):
    lines, problems = read_lines(Table([["甲", "x", "y"]], ("name", "备注", "name")), digest, ())
    assert [one.code for one in problems][:3] == [
        "COLUMN-MISSING",
        "COLUMN-UNKNOWN",
        "ROW-DUPLICATE",
    ]
    assert lines == ()
    assert read_lines(None, digest, ()) == ((), [])
    assert read_houses(None, is_section=True) == ((), [])


def test_a_long_hostile_list_is_told_whole_and_quickly(office):
    rows = [
        row(
            姓名=f"=HYPERLINK({n})",
            工号=f"D{n % 5000}",
            单位=f"无此单位{n}",
            角色="联络员",
            自="2024-13-01",
        )
        for n in range(10_000)
    ]
    begun = time.perf_counter()
    found = problems_of(office, rows)
    assert len(found) == 10_000
    sound = [row(姓名=f"人{n}", 工号=f"D{n % 5000}", 单位=f"无此单位{n}") for n in range(10_000)]
    assert len(problems_of(office, sound)) >= 10_000
    assert time.perf_counter() - begun < 20
    too_many = [row(姓名="甲", 工号="1")] * (MOST_ROWS + 1)
    assert [one.code for one in problems_of(office, too_many)] == ["TABLE-UNREADABLE"]


def test_every_code_is_in_the_catalogue():
    codes = {"PERSON-DIFFERS", "LOGIN-INVALID", "LOGIN-TAKEN", "ROLE-UNKNOWN", "PERSON-UNKNOWN"}
    assert codes | {"HOUSE-DIFFERS", "ROW-REFUSED"} <= CATALOGUE.keys()


# --- any list -------------------------------------------------------------------------------------

DAYS = st.dates(date(2024, 10, 1), date(2025, 6, 30))


@st.composite
def lists(draw):
    """Rows of a valid list: persons of some units and sections, each with a few duties."""
    rows = []
    for number in range(draw(st.integers(0, 6))):
        is_of_unit = number % 2 == 0  # where somebody belongs never changes
        unit, section = (
            ("青禾县", "白石县", "U3")[number // 2],
            ("综合科", "产业科", "S0")[number // 2],
        )
        house = {"单位": unit} if is_of_unit else {"科室": section}
        who = {"姓名": f"人{number}", "工号": f"P{number}", **house}
        if draw(st.booleans()):
            who["账号"] = f"ren{number}"
        roles = (*(OF_A_UNIT if is_of_unit else OF_A_SECTION), Role.INSPECTOR, Role.SUPERVISOR)
        seats = draw(
            st.lists(
                st.tuples(st.sampled_from(roles), st.sampled_from(["", "1", "2"])),
                unique=True,
                max_size=3,
            )
        )
        for role, indicator in seats:
            first = draw(DAYS)
            last = draw(st.none() | st.dates(first, date(2025, 12, 31)))
            rows.append(
                row(
                    **who,
                    角色=ROLE_NAMES[role],
                    指标=indicator,
                    自=first.isoformat(),
                    至=last.isoformat() if last else "",
                )
            )
        if not seats:
            rows.append(row(**who))
    return draw(st.permutations(rows))


def wanted(rows):
    """The duties of a list, worked out from its words alone."""
    roles = {name: role for role, name in ROLE_NAMES.items()}
    return {(digest(one[1]), roles[one[5]], one[6], one[7], one[8]) for one in rows if one[5]}


def people_in(office, rows):
    """Whether exactly one person is registered for each staff number, under her name."""
    for name, number, *_ in rows:
        (account,) = office.state.get(Human, digest(number)).accounts
        assert office.state.get(Person, account).name == name


def present(office):
    day = lambda value: value.isoformat() if value else ""  # noqa: E731
    return {
        (
            office.state.get(Person, duty.person).human,
            duty.role,
            duty.indicator or "",
            day(duty.from_date),
            day(duty.until_date),
        )
        for duty in office.duties()
    }


@settings(max_examples=60, deadline=None)
@given(lists(), lists(), st.integers(0, 12))
def test_twice_is_once_and_the_register_is_as_the_list_says(first, second, broken_off):
    world = SetUp()
    world.found()
    world.register()
    office = Office(world)
    for rows in (first, second):
        people = office.read(rows, is_complete=True)
        office.carry_out(people, broken_off)  # whatever was done, the rest is done afterwards
        office.carry_out(people)
        over = {
            content_of(duty)
            for duty in office.state.every(Duty)
            if duty.standing is Standing.IN_FORCE
            and duty.until_date is not None
            and duty.until_date < date(2024, 11, 5)
        }
        has = present(office)
        people_in(office, rows)
        assert wanted(rows) <= has
        assert len(has) - len(wanted(rows)) <= len(over)
        taken, duties = office.taken, office.duties()
        again = office.carry_out(people)
        assert (office.taken, office.duties()) == (taken, duties)
        assert (again.registering, again.accounts, again.giving) == ((), (), ())
