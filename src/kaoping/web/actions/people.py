"""人员: lists kept and carried out in two halves, accounts opened and closed, first passwords."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from kaoping.core.acts.forms import record_form
from kaoping.core.canonical import encode, sha256
from kaoping.core.errors import InputError, RefusedError
from kaoping.core.people import lists
from kaoping.core.people.lists import House, houses_of
from kaoping.core.people.planning import Known, plan
from kaoping.core.people.reading import read_houses, read_lines
from kaoping.core.problems import counted
from kaoping.core.workflow.things import Person
from kaoping.files.people import PEOPLE, SECTIONS, UNITS, read_people
from kaoping.web import sessions
from kaoping.web.actions.perform import Asked, perform
from kaoping.web.actions.taking import take
from kaoping.web.models import Account, EventKind, PeopleList
from kaoping.web.passwords import first_password
from kaoping.web.security_log import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import HttpRequest

    from kaoping.core.people.planning import Plan, Planned
    from kaoping.core.problems import Problem
    from kaoping.core.scheme import Scheme
    from kaoping.core.workflow.state import State
    from kaoping.web.installation import Installation

FIRST_PASSWORD_HOURS = 24
AT_ONCE = 40
"""How many acts of a list one request takes: well under a second, so that nobody waits blindly."""


# --- lists ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed in: the file, and the scheme whose units and sections it refers to.

    Attributes:
        name: of the file.
        content: its bytes.
        scheme: a scheme whose units and sections are registered along, or None.
        is_complete: what the list leaves out ends.
    """

    name: str
    content: bytes
    scheme: Scheme | None = None
    is_complete: bool = False


def read_list(installation: Installation, handed: Handed) -> tuple[lists.PeopleList, list[Problem]]:
    """What was handed in, as far as it can be read, and every fault of its rows.

    Raises:
        InputError: where it is no table at all.
    """
    sheets = read_people(handed.content, handed.name)
    units, wrong_units = read_houses(sheets.tables.get(UNITS), is_section=False)
    sections, wrong_sections = read_houses(sheets.tables.get(SECTIONS), is_section=True)
    lines, wrong_lines = read_lines(
        sheets.tables.get(PEOPLE), installation.staff_number_digest, account_owners()
    )
    damaged = [one for table in sheets.tables.values() for one in table.damaged_cells()]
    houses: tuple[House, ...] = (*units, *sections)
    if handed.scheme is not None:
        houses = (*houses_of(handed.scheme), *houses)
    people = lists.PeopleList(handed.name, handed.is_complete, houses, lines)
    return people, [*damaged, *wrong_units, *wrong_sections, *wrong_lines]


def plan_of(
    installation: Installation,
    people: lists.PeopleList,
    actor: str,
    state: State,
    reason: str = "",
) -> Plan:
    """What is still to be done for a list to hold, as somebody looks at it now."""
    at = max(installation.now(), state.last_at)
    known = Known(state, account_owners(), actor, at)
    return plan(people, known, lambda name: _id(installation, name), reason)


def account_owners() -> dict[str, str]:
    """The person of each account, by login."""
    return dict(Account.objects.values_list("login", "person"))


def keep_list(installation: Installation, handed: Handed, actor: str) -> PeopleList:
    """Read a list, and keep it if nothing is wrong with it.

    Raises:
        InputError: with every fault of every row; nothing is kept then.
    """
    people, problems = read_list(installation, handed)
    found = plan_of(installation, people, actor, installation.keeper.state())
    if problems or found.problems:
        raise _wrong(handed.name, [*problems, *found.problems])
    content = encode(record_form(lists.PeopleList).write(people))
    digest, at = sha256(content), installation.now()
    kept = PeopleList.objects.open().filter(digest=digest).first()
    if kept is not None:
        return kept
    return PeopleList.objects.create(
        name=handed.name[:200],
        content=content.decode(),
        digest=digest,
        uploaded_by=actor,
        uploaded_at=at,
    )


_ROW = re.compile(r"^(.*?)第 ([0-9]+) 行")


def _by_row(problem: Problem) -> tuple[str, int]:
    """Sheet and row, so that faults are told in the order in which they are mended."""
    found = _ROW.match(problem.where)
    return (found[1], int(found[2])) if found else (problem.where, 0)


def _wrong(name: str, problems: Sequence[Problem]) -> InputError:
    problems = sorted(problems, key=_by_row)
    return InputError(
        f"{name}：名单有 {len(problems)} 处要改正，没有登记任何内容。请按下列位置改正后重新上传。",
        f"{name}: the list has {counted(len(problems), 'fault')}; nothing was registered. Correct them.",
        problems,
    )


def content_of(kept: PeopleList) -> lists.PeopleList:
    """The list as it was read."""
    found: lists.PeopleList = record_form(lists.PeopleList).read(json.loads(kept.content), "名单")
    return found


def lay_aside(kept: PeopleList) -> None:
    """Put a list away; what it brought about stays."""
    kept.is_aside = True
    kept.save(update_fields=["is_aside"])


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a list is: done in this request, and still to be done."""

    done: int
    left: int


def register_some(
    installation: Installation, request: HttpRequest, kept: PeopleList, digest: str, actor: str
) -> Progress:
    """The system administrator's half: the next units, sections, persons, and then accounts.

    Args:
        installation: where.
        request: for the security log.
        kept: the list.
        digest: of its content, as the page showed it.
        actor: who does it.

    Raises:
        RefusedError: where the list is another one by now, or the rules refuse an act.
        InputError: where the register has changed so that the list no longer fits it.
    """
    found = _plan_to_carry_out(installation, kept, digest, actor)
    acts = found.registering[:AT_ONCE]
    if acts:
        carry_out(installation, acts, actor)
        return Progress(len(acts), len(found.registering) - len(acts) + len(found.accounts))
    accounts = found.accounts[:AT_ONCE]
    for due in accounts:
        register_account(installation, request, due.login, due.person)
    return Progress(len(accounts), len(found.accounts) - len(accounts))


def give_some(
    installation: Installation, kept: PeopleList, digest: str, actor: str, reason: str
) -> Progress:
    """The security administrator's half: the next duties to end and to give.

    Raises:
        RefusedError: where the list is another one by now, persons are still to be registered, or the
            rules refuse an act.
        InputError: where the register has changed so that the list no longer fits it.
    """
    found = _plan_to_carry_out(installation, kept, digest, actor, reason)
    if found.registering:
        raise RefusedError(
            f"名单中还有 {len(found.registering)} 项单位、科室或人员没有登记。请系统管理员先登记。",
            "Persons of the list are not registered yet. Let the system administrator do it first.",
        )
    acts = found.giving[:AT_ONCE]
    carry_out(installation, acts, actor)
    return Progress(len(acts), len(found.giving) - len(acts))


def _plan_to_carry_out(
    installation: Installation, kept: PeopleList, digest: str, actor: str, reason: str = ""
) -> Plan:
    if digest != kept.digest or sha256(kept.content.encode()) != kept.digest or kept.is_aside:
        raise RefusedError(
            "名单内容与页面上核对的不同，或已搁置，没有办理。请刷新页面，重新核对后再办理。",
            "The list is not the one that was looked at, or was laid aside. Reload and check again.",
        )
    state = installation.keeper.state()
    found = plan_of(installation, content_of(kept), actor, state, reason)
    if found.problems:
        raise _wrong(kept.name, found.problems)
    return found


def carry_out(installation: Installation, acts: Iterable[Planned], actor: str) -> None:
    """Take planned acts, one entry each, and have them sealed.

    Raises:
        StepRefused: where the rules refuse one; those before it stand.
        EnvironmentFault: where entries have been waiting too long for their seal.
    """
    asked = [asked_by(installation, one, actor) for one in acts]
    if not asked:
        return
    take(installation, asked[0])  # asks first whether the sealer keeps up
    for one in asked[1:-1]:
        perform(installation, one)
    take(installation, asked[-1])


def asked_by(installation: Installation, planned: Planned, actor: str) -> Asked:
    """A planned act as somebody asks for it: under the same id whenever it is."""
    act = _id(installation, f"{planned.content.wire} {planned.subject} {actor}")
    return Asked(act, actor, planned.subject, planned.content)


def _id(installation: Installation, name: str) -> str:
    """An id made of what it stands for, which says nothing without the instance's secret."""
    return str(uuid5(NAMESPACE_URL, f"kaoping:people:{installation.staff_number_digest(name)}"))


# --- accounts -------------------------------------------------------------------------------------


def require_login_free(login: str, person: str) -> None:
    """That an account may be opened for a person.

    Raises:
        InputError: where the login belongs to somebody else, capitals making no difference; or where the
            person has another one already.
    """
    owner = Account.objects.filter(login__iexact=login).values_list("person", flat=True).first()
    if owner is not None and owner != person:
        raise InputError(
            f"账号 {login} 已属于另一个人，没有办理。请换一个账号。",
            f"The account {login} belongs to somebody else; nothing was done. Choose another.",
        )
    own = Account.objects.filter(person=person).values_list("login", flat=True).first()
    if own is not None and login and own.casefold() != login.casefold():
        raise InputError(
            f"此人已有账号 {own}，没有另开账号 {login}。一人只有一个账号。",
            f"This person has the account {own} already; {login} was not opened. Each has one account.",
        )


def open_account(installation: Installation, login: str, person: str) -> bool:
    """Open an account that nobody can sign in with yet: its first password is given on a slip.

    Returns:
        Whether it is a new one.

    Raises:
        InputError: where the login belongs to somebody else, or the person has another one.
    """
    require_login_free(login, person)
    if Account.objects.filter(person=person).exists():
        return False
    Account.objects.open(login, person, None, installation.clock().astimezone(UTC))
    return True


def register_account(
    installation: Installation, request: HttpRequest, login: str, person: str
) -> None:
    """Open an account by hand, and write it down; nothing where no login was given.

    Raises:
        InputError: where the login belongs to somebody else, or the person has another one.
    """
    if login and open_account(installation, login, person):
        record(request, EventKind.ACCOUNT_OPENED, login)


@dataclass(frozen=True, slots=True)
class Slip:
    """口令条: what is handed over on paper, shown once.

    Attributes:
        name: the person's.
        login: what is typed at the sign-in.
        password: good once, until it is changed.
        until: when it stops being good.
    """

    name: str
    login: str
    password: str
    until: datetime


def issue_passwords(
    installation: Installation, request: HttpRequest, persons: Sequence[str]
) -> list[Slip]:
    """Give each account that is enabled a new temporary password; the old one is good no longer.

    The slips are the only place where the passwords stand: nothing is kept but their hashes.
    """
    state = installation.keeper.state()
    until = installation.clock().astimezone(UTC) + timedelta(hours=FIRST_PASSWORD_HOURS)
    slips = []
    with transaction.atomic():
        enabled = {
            one.person: one for one in Account.objects.filter(person__in=persons, is_active=True)
        }
        for account in (enabled[one] for one in persons if one in enabled):
            password = first_password()
            account.set_password(password)
            account.temporary_until = until
            account.save(update_fields=["password", "temporary_until"])
            person = state.find(Person, account.person)
            name = person.name if person else account.login
            sessions.end_all(account)
            record(request, EventKind.PASSWORD_ISSUED, f"{name}（{account.login}）")
            slips.append(Slip(name, account.login, password, until))
    return slips


def change_account(
    request: HttpRequest, account: Account, reason: str, *, is_enabled: bool
) -> None:
    """Disable an account, or enable it again; sessions of a disabled one end with their next page.

    Raises:
        RefusedError: where it is one's own.
    """
    if account.pk == getattr(request.user, "pk", None):
        raise RefusedError(
            "不能停用自己的账号，没有办理。请由另一名系统管理员办理。",
            "Nobody disables the account he is using. Let another system administrator do it.",
        )
    if account.is_active is is_enabled:
        return
    account.is_active = is_enabled
    kind = EventKind.ACCOUNT_ENABLED if is_enabled else EventKind.ACCOUNT_DISABLED
    with transaction.atomic():
        account.save(update_fields=["is_active"])
        sessions.end_all(account)
        record(request, kind, f"{account.login}：{reason}")
