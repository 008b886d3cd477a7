"""What the pages of people, duties and administrators are sent: every fault of a form at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from kaoping.core.acts.setting_up import (
    AdministratorAsked,
    AdministratorAskingDeclined,
    AdministratorEnded,
    AdministratorEndingAsked,
    AdministratorGiven,
    DutyEnded,
    DutyGiven,
    Office,
    PersonRegistered,
    Role,
    SectionRegistered,
    UnitRegistered,
)
from kaoping.core.canonical import parse_date
from kaoping.core.errors import InputError
from kaoping.core.people.lists import OF_A_SECTION, OF_A_UNIT
from kaoping.core.people.reading import is_login
from kaoping.core.problems import Problem
from kaoping.core.scheme import load_scheme
from kaoping.core.workflow.things import Duty, Human, Person, Section, Unit
from kaoping.files.contents import decoded
from kaoping.files.evidence import shown_name
from kaoping.web.actions.people import Handed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict

    from kaoping.core.acts.union import Content
    from kaoping.core.scheme import Scheme
    from kaoping.core.workflow.state import State
    from kaoping.web.installation import Installation

E = TypeVar("E", Role, Office)
MAX_LIST = 20_000_000
"""Largest list that is taken, in bytes."""
MAX_SCHEME = 4_000_000
MOST_SLIPS = 50
"""How many passwords are given at once: each costs what a sign-in costs."""


class _Form:
    """A form being read: every field that is wrong is noted, and told at the end."""

    def __init__(self, post: Mapping[str, str]) -> None:
        self._post = post
        self._problems: list[Problem] = []

    def wrong(self, code: str, label: str, message: str, hint: str) -> None:
        """Note what is wrong with a field."""
        self._problems.append(Problem(code, label, message, hint))

    def text(self, name: str, label: str = "") -> str:
        """A field as text; with a label it must not be empty."""
        value = self._post.get(name, "").strip()
        if label and not value:
            self.wrong("CELL-EMPTY", label, "没有填写", "请补填")
        return value

    def day(self, name: str, label: str, *, needed: bool = False) -> date | None:
        """A field as a day."""
        text = self.text(name, label if needed else "")
        day = parse_date(text.replace("/", "-"))
        if text and day is None:
            self.wrong("DATE-INVALID", label, f"“{text[:40]}”不是日期", "请写成 2024-10-08")
        return day

    def require(self) -> None:
        """That nothing was wrong.

        Raises:
            InputError: with everything that was.
        """
        if self._problems:
            raise InputError(
                "表单有内容要改正，没有办理。请返回上一页改正后重新提交。",
                "Something in the form must be corrected; nothing was done. Go back and correct it.",
                self._problems,
            )


# --- units, sections, persons ---------------------------------------------------------------------


def unit_content(post: Mapping[str, str]) -> UnitRegistered:
    """A unit to register.

    Raises:
        InputError: with every field that is wrong.
    """
    form = _Form(post)
    content = UnitRegistered(form.text("code", "编号"), form.text("name", "名称"))
    form.require()
    return content


def section_content(post: Mapping[str, str], state: State) -> SectionRegistered:
    """A section to register.

    Raises:
        InputError: with every field that is wrong.
    """
    form = _Form(post)
    unit = form.text("unit", "所属单位")
    if unit and state.find(Unit, unit) is None:
        form.wrong("UNIT-UNKNOWN", "所属单位", "没有这个单位", "请刷新页面后重新选择")
    content = SectionRegistered(form.text("code", "编号"), form.text("name", "名称"), unit)
    form.require()
    return content


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to register, and the account to open for her; empty for none."""

    content: PersonRegistered
    login: str


def new_person(post: Mapping[str, str], installation: Installation, subject: str) -> NewPerson:
    """A person to register by hand.

    Args:
        post: the form.
        installation: digests the staff number.
        subject: the id that the person gets; a form that is sent again names the same one.

    Raises:
        InputError: with every field that is wrong.
    """
    form, state = _Form(post), installation.keeper.state()
    name, number = form.text("name", "姓名"), form.text("staff_number", "工号")
    login, house = form.text("login"), form.text("house")
    section, unit = state.find(Section, house), state.find(Unit, house)
    if house and not (section or unit):
        form.wrong("UNIT-UNKNOWN", "单位或科室", "没有这个单位或科室", "请刷新页面后重新选择")
    if login and not is_login(login, number):
        hint = "用 2 到 50 个字母、数字、汉字或 . _ -，不留空格，也不能与工号相同"
        form.wrong("LOGIN-INVALID", "账号", f"“{login[:40]}”不能作账号", hint)
    digest = installation.staff_number_digest(number)
    before = state.find(Human, digest)
    is_sent_again = before is not None and subject in before.accounts
    if number and before and "again" not in post and not is_sent_again:
        person = state.get(Person, before.accounts[0])
        hint = "是同一个人调动或兼任的，请勾选“同一个人的另一次登记”；否则请核对工号"
        form.wrong("PERSON-DIFFERS", "工号", f"这个工号已登记为“{person.name}”", hint)
    form.require()
    content = PersonRegistered(
        name, unit.id if unit else None, section.id if section else None, digest
    )
    return NewPerson(content, login)


def without_nul(text: str) -> str:
    """What is asked for, without the one character that PostgreSQL takes nowhere."""
    return text.replace("\x00", "")


def chosen(post: QueryDict) -> list[str]:
    """The persons that were ticked.

    Raises:
        InputError: where there are none, or too many.
    """
    found = list(dict.fromkeys(without_nul(one) for one in post.getlist("person")))
    if not 0 < len(found) <= MOST_SLIPS:
        raise InputError(
            f"请勾选 1 到 {MOST_SLIPS} 人；没有发放口令。",
            f"Tick 1 to {MOST_SLIPS} persons; no password was given.",
        )
    return found


def login_of(post: Mapping[str, str]) -> str:
    """The account to open.

    Raises:
        InputError: where it is none.
    """
    form = _Form(post)
    login = form.text("login", "账号")
    if login and not is_login(login, ""):
        hint = "用 2 到 50 个字母、数字、汉字或 . _ -，不留空格"
        form.wrong("LOGIN-INVALID", "账号", f"“{login[:40]}”不能作账号", hint)
    form.require()
    return login


def reason_of(post: Mapping[str, str]) -> str:
    """The reason that must be given.

    Raises:
        InputError: where there is none.
    """
    form = _Form(post)
    reason = form.text("reason", "理由")
    form.require()
    return reason


# --- lists ----------------------------------------------------------------------------------------


def handed_list(post: Mapping[str, str], files: Mapping[str, UploadedFile[Any]]) -> Handed:
    """A list as it was sent, with the scheme whose units it refers to.

    Raises:
        InputError: where there is no list, or something is too large or no scheme.
    """
    name, content = _sent(files, "list", MAX_LIST)
    scheme = _scheme(*_sent(files, "scheme", MAX_SCHEME)) if files.get("scheme") else None
    return Handed(name, content, scheme, is_complete=post.get("extent") == "complete")


def digest_of(post: Mapping[str, str]) -> str:
    """Which content of a list was looked at."""
    return post.get("digest", "")


def list_reason(post: Mapping[str, str], name: str) -> str:
    """Why duties end by a list; the list's name says it where nothing else does."""
    return post.get("reason", "").strip() or f"按人员名单“{name}”调整"


def total_of(post: Mapping[str, str]) -> int:
    """How many steps there were at the beginning, for the bar that shows how far it is."""
    text = post.get("total", "")
    return int(text) if text.isdecimal() and len(text) < len(str(MAX_LIST)) else 0


def _sent(files: Mapping[str, UploadedFile[Any]], field: str, most: int) -> tuple[str, bytes]:
    file = files.get(field)
    if file is None:
        raise InputError(
            "没有选择文件，没有导入。请选择名单文件（xlsx 或 csv）后再提交。",
            "No file was chosen. Choose a list (xlsx or csv) and submit again.",
        )
    name = shown_name(file.name or "")
    if (file.size or 0) > most:
        raise InputError(
            f"{name}：超过 {most // 1_000_000} MB，没有导入。请检查是否选错了文件。",
            f"{name}: larger than {most // 1_000_000} MB; not imported. Check the file.",
        )
    return name, file.read()


def _scheme(name: str, content: bytes) -> Scheme:
    loaded = load_scheme(decoded(content))
    if loaded.scheme is None:
        raise InputError(
            f"{name}：不是可以读取的方案文件，没有导入。请选择已确认的方案（.toml），或不选。",
            f"{name}: not a readable scheme; not imported. Choose a confirmed one, or none.",
            loaded.problems,
        )
    return loaded.scheme


# --- duties ---------------------------------------------------------------------------------------


def duty_content(post: Mapping[str, str], state: State) -> DutyGiven:
    """A duty to give; the house it is held in is that of the person.

    Raises:
        InputError: with every field that is wrong.
    """
    form = _Form(post)
    person = state.find(Person, form.text("person", "人员"))
    role = _one_of(form, Role, "role", "角色")
    first, last = form.day("from_date", "自", needed=True), form.day("until_date", "至")
    indicator = form.text("indicator")
    form.require()
    if person is None or role is None or first is None:
        raise _unknown()
    unit = person.unit if role in OF_A_UNIT else None
    section = person.section if role in OF_A_SECTION else None
    return DutyGiven(person.id, role, unit, section, indicator or None, first, last, None)


def delegation_content(post: Mapping[str, str], state: State, duty: str) -> DutyGiven:
    """A duty delegated for a time (AB岗): the same one, for somebody else.

    Raises:
        InputError: with every field that is wrong.
    """
    form, own = _Form(post), state.get(Duty, duty)
    person = state.find(Person, form.text("person", "代理人"))
    first = form.day("from_date", "自", needed=True)
    last = form.day("until_date", "至", needed=True)
    form.require()
    if person is None or first is None:
        raise _unknown()
    return DutyGiven(
        person.id, own.role, own.unit, own.section, own.indicator, first, last, own.person
    )


def ending_content(post: Mapping[str, str]) -> DutyEnded:
    """The end of a duty.

    Raises:
        InputError: where no reason is given.
    """
    return DutyEnded(reason_of(post))


def _one_of(form: _Form, kind: type[E], name: str, label: str) -> E | None:
    word = form.text(name, label)
    found = next((one for one in kind if one.value == word), None)
    if word and found is None:
        form.wrong("ROLE-UNKNOWN", label, "没有这一项", "请刷新页面后重新选择")
    return found


def _unknown() -> InputError:
    return InputError(
        "所选的人员不存在，没有办理。请刷新页面后重新选择。",
        "The person does not exist; nothing was done. Reload the page and choose again.",
    )


# --- administrators -------------------------------------------------------------------------------


def asking_content(post: Mapping[str, str], state: State) -> AdministratorAsked:
    """An appointment to ask for.

    Raises:
        InputError: with every field that is wrong.
    """
    form = _Form(post)
    person = state.find(Person, form.text("person", "人员"))
    office = _one_of(form, Office, "office", "职位")
    form.require()
    if person is None or office is None:
        raise _unknown()
    return AdministratorAsked(person.id, office)


def answer_content(post: Mapping[str, str]) -> Content:
    """What is done about an appointment.

    Raises:
        InputError: where it is nothing known, or lacks its reason.
    """
    match post.get("answer", ""):
        case "give":
            return AdministratorGiven()
        case "end":
            return AdministratorEnded()
        case "ask_end":
            return AdministratorEndingAsked(reason_of(post))
        case "decline":
            return AdministratorAskingDeclined(reason_of(post))
        case _:
            raise InputError(
                "没有选择办理什么，没有办理。请刷新页面后重新选择。",
                "Nothing known was chosen; nothing was done. Reload the page and choose again.",
            )
