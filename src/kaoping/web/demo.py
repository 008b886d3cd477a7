"""演示: the example city, set up through the same door as a real one, its clock in the collecting weeks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from django.contrib.auth.hashers import make_password

from kaoping.core.acts.setting_up import (
    AssessmentOpened,
    DataOwnersNamed,
    DeadlineSet,
    Late,
    Office,
    SchemePublished,
    StepKind,
)
from kaoping.core.publishing import data_owners, indicator_duties, tie
from kaoping.core.scheme import load_scheme
from kaoping.core.workflow.things import Duty, Person, Section, Unit
from kaoping.web.actions.founding import Founder, found
from kaoping.web.actions.people import Handed, asked_by, plan_of, read_list
from kaoping.web.actions.perform import Asked, perform
from kaoping.web.models import Account
from kaoping.web.opening import create, open_installation

if TYPE_CHECKING:
    from pathlib import Path

    from kaoping.core.acts.union import Content
    from kaoping.core.scheme import Scheme
    from kaoping.web.installation import Installation

PASSWORD = "Yanshi-2024-kaoping"  # noqa: S105 - of invented people in an example on this computer
SHOWN = datetime(2024, 12, 18, 1, 0, tzinfo=UTC)
"""When the example is entered: a Wednesday morning in the collecting weeks."""
_FOUNDED = datetime(2024, 10, 8, 1, 0, tzinfo=UTC)
_PUBLISHED = datetime(2024, 10, 23, 2, 0, tzinfo=UTC)
_TICK = timedelta(seconds=20)

FOUNDERS = {
    "xitong": Founder("石敬之", "Z001", Office.SYSTEM_ADMIN),
    "anquan": Founder("闻人朗", "Z002", Office.SECURITY_ADMIN),
    "shenji": Founder("覃守正", "Z003", Office.AUDIT_ADMIN),
}
_SHOWN_ACCOUNTS = {
    "jiaotong1": "市交通运输局 联络员",
    "jiaotong2": "市交通运输局 负责人",
    "touzi1": "投资科 经办人",
    "touzi2": "投资科 部门负责人",
    "pinggu1": "评估督导科（汇总科室）经办人",
    "pinggu2": "评估督导科（汇总科室）部门负责人",
    "lingdao1": "责任领导",
    "zhuren": "主要领导",
    "jiandu": "监督员",
    "heyan1": "核验人员",
    "xitong": "系统管理员",
    "anquan": "安全管理员",
    "shenji": "审计管理员",
}


def shown_time(data: Path) -> datetime:
    """What the example's clock shows now: never before what was done in it."""
    last = open_installation(data, lambda: SHOWN).keeper.last_at()
    return max(SHOWN, datetime.fromisoformat(last) + _TICK)


def sheet(address: str) -> str:
    """What the terminal shows: the address, and one account for each role."""
    return "\n".join(
        [
            "",
            "考评平台（演示）已启动。人员和数字均为虚构。",
            f"  地址  {address}",
            f"  密码  {PASSWORD}（演示账号都用它）",
            "  账号",
            *(f"    {login:<12}{what}" for login, what in _SHOWN_ACCOUNTS.items()),
            "  按 Ctrl+C 结束。 Kaoping is ready; press Ctrl+C to stop.",
            "",
        ]
    )


def build(folder: Path, data: Path, origin: str) -> None:
    """Make the installation and take every act up to the open collecting weeks."""
    create(data, origin)
    _Example(data, folder).set_up()


def uid(name: str) -> str:
    """The id of anything with a name in the example."""
    return str(uuid5(NAMESPACE_URL, f"kaoping:demo:{name}"))


class _Example:
    def __init__(self, data: Path, folder: Path) -> None:
        self.now = _FOUNDED
        self.here: Installation = open_installation(data, lambda: self.now)
        self.folder = folder
        scheme = load_scheme((folder / "scheme.toml").read_text("utf-8")).scheme
        assert scheme is not None
        self.scheme: Scheme = scheme
        self.password = make_password(PASSWORD)

    def set_up(self) -> None:
        self.found()
        self.register_people()
        self.publish()
        self.here.sealer.seal()

    def do(self, actor: str, subject: str, content: Content) -> None:
        self.ask(Asked(uid(f"{content!r} {subject}"), actor, subject, content))

    def ask(self, asked: Asked) -> None:
        perform(self.here, asked)
        self.now += _TICK

    def found(self) -> None:
        self.admins = found(self.here, list(FOUNDERS.values()))
        for login, founder in FOUNDERS.items():
            self.open_account(login, self.admins[founder.office])

    def open_account(self, login: str, person: str) -> None:
        Account.objects.create(login=login, person=person, password=self.password)

    def register_people(self) -> None:
        """The city's list, as its two administrators would carry it out."""
        file = self.folder / "accounts.csv"
        people, problems = read_list(self.here, Handed(file.name, file.read_bytes(), self.scheme))
        system, security = self.admins[Office.SYSTEM_ADMIN], self.admins[Office.SECURITY_ADMIN]
        due = plan_of(self.here, people, system, self.here.keeper.state())
        assert not [*problems, *due.problems]
        for one in due.registering:
            self.ask(asked_by(self.here, one, system))
        for account in due.accounts:
            self.open_account(account.login, account.person)
        for one in due.giving:
            self.ask(asked_by(self.here, one, security))

    def publish(self) -> None:
        self.now = _PUBLISHED
        handler, head = (self.person_at(login) for login in ("pinggu1", "pinggu2"))
        with (self.folder / "scheme.toml").open("rb") as file:
            blob = self.here.blobs.put(file)
        state = self.here.keeper.state()
        ties = tie(self.scheme, state.every(Unit), state.every(Section))
        indicators = indicator_duties(self.scheme, ties)
        section = state.get(Person, head).section
        assert section is not None
        number, coordinating = self.scheme.document_number, section
        published = SchemePublished(1, number, blob, coordinating, Late.FLAG, indicators, "")
        self.do(head, uid("scheme"), published)
        opened = AssessmentOpened(uid("scheme"), self.scheme.year, "2024年度绩效考评指标考核")
        self.do(head, uid("year"), opened)
        working = {duty.unit or duty.section for duty in self.here.keeper.state().every(Duty)}
        owners = (one for one in data_owners(self.scheme, ties) if one.owner in working)
        self.do(head, uid("year"), DataOwnersNamed(tuple(owners)))
        for step in self.scheme.steps:
            assert step.due is not None
            self.do(handler, uid("year"), DeadlineSet(StepKind(step.kind.value), step.due))

    def person_at(self, login: str) -> str:
        return Account.objects.get(login=login).person
