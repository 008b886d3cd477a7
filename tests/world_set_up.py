"""The cast of a small invented year, and how it is set up: offices, duties, scheme, deadlines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Self
from uuid import NAMESPACE_URL, uuid5

from kaoping.core.acts.envelope import Act
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
    IndicatorDuty,
    Late,
    Office,
    PersonRegistered,
    Role,
    SchemePublished,
    SectionRegistered,
    StepKind,
    UnitRegistered,
)
from kaoping.core.blob import Blob
from kaoping.core.workflow.state import State
from kaoping.core.workflow.taking import take

if TYPE_CHECKING:
    from collections.abc import Callable

    from kaoping.core.acts.union import Content

UNITS = ("青禾县", "白石县", "临溪区", "云坪区", "松岭开发区", "南屏新区")
SECTIONS = ("评估督导科", "综合科", "产业科")
"""The first is the coordinating one; the other two score."""
SCORING = SECTIONS[1:]
ADMINISTRATORS = {
    "系统管理员": Office.SYSTEM_ADMIN,
    "安全管理员": Office.SECURITY_ADMIN,
    "审计管理员": Office.AUDIT_ADMIN,
}
INSPECTORS = ("核验员甲", "核验员乙", "核验员丙", "核验员丁")
DIGITS = "31415926535897932384"
RANDOM_ONES, TARGETED_ONE = ("1", "2"), "3"
"""Indicators that are verified on site; the others are not."""
OWNED_TASK, OWNER = "2.2", SECTIONS[1]
"""A task of the other scoring section whose data this one owns."""
FEWEST = 4
"""How many indicators a year here has at least."""


def uid(name: str) -> str:
    """The id of anything that has a name in this world."""
    return str(uuid5(NAMESPACE_URL, f"kaoping:{name}"))


def made_up_blob(name: str) -> Blob:
    """A reference to a file that is nowhere."""
    return Blob(
        sha256(name.encode()).hexdigest(), sha256(f"sm3 {name}".encode()).hexdigest(), len(name)
    )


def liaison(unit: str) -> str:
    return uid(f"{unit}联络员")


def unit_head(unit: str) -> str:
    return uid(f"{unit}负责人")


def handler(section: str) -> str:
    return uid(f"{section}经办人")


def section_head(section: str) -> str:
    return uid(f"{section}科长")


def section_of(indicator: str) -> str:
    """Which section scores an indicator: the two take turns."""
    return SCORING[(int(indicator) - 1) % len(SCORING)]


def tasks_of(indicator: str) -> tuple[str, ...]:
    return (f"{indicator}.1", f"{indicator}.2")


class SetUp:
    """A year in the making: acts taken one after the other, the clock one minute apart."""

    def __init__(self, indicators: int = 8, blob: Callable[[str], Blob] = made_up_blob) -> None:
        self.indicators = tuple(str(n) for n in range(1, max(indicators, FEWEST) + 1))
        self.blob = blob
        self.state = State()
        self.acts: list[Act] = []
        self.now = datetime(2024, 10, 8, 1, tzinfo=UTC)
        self.year = uid("2024年度考评")
        self.report = uid("评分报告")

    @property
    def at(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def until(self, moment: str) -> None:
        """Let the clock go on to a time, given without its seconds."""
        self.now = max(self.now, datetime.fromisoformat(f"{moment}:00+00:00"))

    def act(self, actor: str, subject: str, content: Content, supersedes: str | None = None) -> Act:
        """An act as it would be done now, not yet taken."""
        number = len(self.acts)
        return Act(
            uid(f"act {number} {content.wire}"), self.at, actor, subject, content, supersedes
        )

    def do(self, actor: str, subject: str, content: Content, supersedes: str | None = None) -> Act:
        """Take an act."""
        return self.take(self.act(actor, subject, content, supersedes))

    def take(self, act: Act) -> Act:
        self.state = take(self.state, act)
        self.acts.append(act)
        self.now += timedelta(minutes=1)
        return act

    # --- set-up ---------------------------------------------------------------------------------

    def person(self, name: str, unit: str | None = None, section: str | None = None) -> Content:
        return PersonRegistered(
            name,
            uid(unit) if unit else None,
            uid(section) if section else None,
            sha256(f"工号 {name}".encode()).hexdigest(),
        )

    def found(self) -> None:
        """The three administrators come into office; nobody asks or approves for himself."""
        names = list(ADMINISTRATORS)
        for name in names:
            self.do(uid(name), uid(name), self.person(name))
        for number, (name, office) in enumerate(ADMINISTRATORS.items()):
            asks, approves = (uid(names[(number + step) % len(names)]) for step in (1, 2))
            self.bring_into_office(name, office, asks, approves)

    def bring_into_office(self, name: str, office: Office, asks: str, approves: str) -> None:
        asked = self.do(asks, uid(f"任职 {name}"), AdministratorAsked(uid(name), office))
        self.do(approves, asked.subject, AdministratorGiven())

    def change_administrator(self) -> None:
        """A second audit administrator comes, and the first one goes, if not at the first asking."""
        system, security, _ = (uid(name) for name in ADMINISTRATORS)
        self.do(system, uid("审计管理员乙"), self.person("审计管理员乙"))
        self.bring_into_office("审计管理员乙", Office.AUDIT_ADMIN, system, security)
        leaving = uid("任职 审计管理员")
        self.do(system, leaving, AdministratorEndingAsked("工作调动"))
        self.do(security, leaving, AdministratorAskingDeclined("交接未完成"))
        self.do(system, leaving, AdministratorEndingAsked("工作调动，交接已完成"))
        self.do(security, leaving, AdministratorEnded())

    def register(self) -> None:
        """The lead unit with its sections, the assessed units, and everybody's duty."""
        admin = uid("系统管理员")
        for number, name in enumerate(("牵头局", *UNITS)):
            self.do(admin, uid(name), UnitRegistered(f"U{number}", name))
        for number, name in enumerate(SECTIONS):
            self.do(admin, uid(name), SectionRegistered(f"S{number}", name, uid("牵头局")))
        for unit in UNITS:
            self.staff(f"{unit}联络员", Role.LIAISON, unit=unit)
            self.staff(f"{unit}负责人", Role.UNIT_HEAD, unit=unit)
        for section in SECTIONS:
            self.staff(f"{section}经办人", Role.HANDLER, section=section)
            self.staff(f"{section}科长", Role.SECTION_HEAD, section=section)
        for name in INSPECTORS:
            self.staff(name, Role.INSPECTOR)
        self.staff("监督员", Role.SUPERVISOR)
        self.staff("分管领导", Role.RESPONSIBLE_LEADER)
        self.staff("主要领导", Role.PRINCIPAL_LEADER)

    def staff(
        self, name: str, role: Role, unit: str | None = None, section: str | None = None
    ) -> None:
        """Register a person and give the duty."""
        self.do(uid("系统管理员"), uid(name), self.person(name, unit, section))
        self.give(name, role, unit, section)

    def give(
        self,
        name: str,
        role: Role,
        unit: str | None = None,
        section: str | None = None,
        on_behalf_of: str | None = None,
        until_date: date | None = None,
    ) -> Act:
        content = DutyGiven(
            uid(name),
            role,
            uid(unit) if unit else None,
            uid(section) if section else None,
            None,
            date(2024, 10, 1),
            until_date,
            uid(on_behalf_of) if on_behalf_of else None,
        )
        return self.do(uid("安全管理员"), uid(f"职责 {name} {role.value}"), content)

    def delegate(self) -> None:
        """The head of a section is away for a time (AB岗), and comes back early."""
        self.do(
            uid("系统管理员"), uid("综合科副科长"), self.person("综合科副科长", section="综合科")
        )
        away = ("综合科科长", date(2024, 12, 31))
        duty = self.give("综合科副科长", Role.SECTION_HEAD, None, "综合科", *away)
        self.do(uid("安全管理员"), duty.subject, DutyEnded("科长提前返岗"))

    def indicator_duty(self, indicator: str) -> IndicatorDuty:
        section = section_of(indicator)
        others = [uid(other) for other in SCORING if other != section]
        return IndicatorDuty(
            indicator,
            uid(section),
            tuple(others) if indicator == self.indicators[0] else (),
            tuple(uid(unit) for unit in UNITS),
            tasks_of(indicator),
            (Cell(uid(UNITS[-1]), tasks_of(indicator)[-1]),),
        )

    def publish(self) -> None:
        """The scheme, its second version, and the opening of the year with its deadlines."""
        head = section_head(SECTIONS[0])
        first = SchemePublished(
            1,
            "评字〔2024〕1号",
            self.blob("scheme.toml"),
            uid(SECTIONS[0]),
            Late.FLAG,
            tuple(map(self.indicator_duty, self.indicators)),
            "",
        )
        act = self.do(head, uid("实施方案"), first)
        again = SchemePublished(
            2,
            "评字〔2024〕2号",
            self.blob("scheme-2.toml"),
            first.coordinating_section,
            first.late,
            first.indicators,
            "更正一处笔误",
        )
        self.do(head, uid("实施方案"), again, act.id)
        opening = AssessmentOpened(uid("实施方案"), 2024, "2024年度绩效考评")
        self.do(head, self.year, opening)
        self.set_deadlines()

    def set_deadlines(self) -> None:
        days = {
            StepKind.COLLECT: date(2025, 1, 3),
            StepKind.VERIFY: date(2025, 1, 15),
            StepKind.SCORE: date(2025, 1, 16),
            StepKind.CONSOLIDATE: date(2025, 1, 18),
            StepKind.FILE: date(2025, 1, 20),
        }
        acts = {
            step: self.do(handler(SECTIONS[0]), self.year, DeadlineSet(step, day))
            for step, day in days.items()
        }
        longer = DeadlineExtended(StepKind.COLLECT, date(2025, 1, 5), "元旦假期顺延")
        self.do(uid("分管领导"), self.year, longer, acts[StepKind.COLLECT].id)
        self.name_owners()

    def name_owners(self) -> None:
        """One task's data belong to another section, named first to a unit by a slip."""
        of_unit = DataOwnersNamed((DataOwner(OWNED_TASK, uid(UNITS[-1])),))
        slip = self.do(handler(SECTIONS[0]), self.year, of_unit)
        owner = DataOwner(OWNED_TASK, uid(OWNER))
        self.do(section_head(SECTIONS[0]), self.year, DataOwnersNamed((owner,)), slip.id)

    def prepare(self) -> Self:
        """Everything up to the opened year with its deadlines."""
        self.found()
        self.change_administrator()
        self.register()
        self.delegate()
        self.until("2024-11-01T01:00")
        self.publish()
        return self
