"""提醒与督办: whom to tell what, when; and carrying it out by every way there is.

Three working days before a deadline, one before, on the last working day, on the day, and on each
of the first ten working days after it, a person gets one message with all that presses. What is
overdue for some working days goes to the responsible leader, named with who has it. `Told` keeps
what was said, so that nothing is said twice for the same occasion, whatever happens in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from kaoping.core.acts.setting_up import Role
from kaoping.core.desk.todos import Stage
from kaoping.core.workflow.case import day_of
from kaoping.core.workflow.questions import duties_on
from kaoping.core.workflow.things import Person
from kaoping.files.holidays import holiday_calendar
from kaoping.web.channels import ChannelFault, Letter, channels_in_use
from kaoping.web.models import (
    NO_ADDRESS,
    Account,
    Delivery,
    DeliveryState,
    Message,
    MessageKind,
    Told,
)
from kaoping.web.models.notice import KEY
from kaoping.web.opening import installation
from kaoping.web.queries.desk import house_name, todos_of
from kaoping.web.queries.todo_words import line_of, short_key
from kaoping.web.queue import one_at_a_time
from kaoping.web.templatetags.words import day as day_said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.db.models import QuerySet

    from kaoping.core.desk.todos import Todo
    from kaoping.core.workflow.state import State
    from kaoping.web.channels import Channel
    from kaoping.web.viewer import Viewer

_FIRST, _SECOND = 3, 1
"""Working days before a deadline at which people are reminded."""
_URGED_EVERY, _URGING = timedelta(hours=1), "urging.lock"
MOST_OVERDUE = 10
"""After so many working days a matter is no longer a reminder's, but its leader's."""
BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""How long after each failure a message is tried again on the same way; then it is given up."""
_LEADERS = (Role.RESPONSIBLE_LEADER, Role.PRINCIPAL_LEADER)


@dataclass(frozen=True)
class Matter:
    """A to-do that presses, why now, and how it is said."""

    key: str
    occasion: str
    said: str


@dataclass(frozen=True)
class _Round:
    """One going round: when, by which ways, and what everybody was told before."""

    at: str
    channels: tuple[Channel, ...]
    known: frozenset[tuple[str, str, str]]


# --- whom to tell what ----------------------------------------------------------------------------


def occasion_of(todo: Todo, day: date) -> str:
    """Why a person is told of a to-do on a day; empty where there is no reason."""
    if todo.due is None:
        return ""
    if todo.due < day:
        return f"late-{-todo.days}" if -todo.days <= MOST_OVERDUE else ""
    if todo.due == day:
        return "today"
    calendar = holiday_calendar()
    if todo.days == 0 and calendar.is_working(day):
        return "last-working-day"
    if todo.days <= _SECOND:
        return "one-day" if todo.days else ""
    return "three-days" if todo.days <= _FIRST else ""


def remind() -> str:
    """Write every reminder and escalation that is due now; sending them is another job's.

    Returns:
        How many, in a sentence.
    """
    here = installation()
    state = here.keeper.state()
    at = max(here.now(), state.last_at)
    told = Told.objects.values_list("person", "matter", "occasion")
    going = _Round(at, channels_in_use(), frozenset(told))
    with override(settings.LANGUAGE_CODE):
        accounts = {one.person: one for one in Account.objects.filter(is_active=True)}
        reminded = sum(
            _tell(going, account, MessageKind.REMINDER, _pressing(state, person, at))
            for person, account in accounts.items()
        )
        escalated = sum(
            _tell(going, accounts[leader], MessageKind.ESCALATION, matters)
            for leader, matters in _escalations(state, at).items()
            if leader in accounts
        )
        return _("提醒 {} 人，督办 {} 人").format(reminded, escalated)


_REPORTING = (Role.LIAISON, Role.UNIT_HEAD, Role.HANDLER, Role.SECTION_HEAD)


def urge(viewer: Viewer, unit: str, said: str) -> int:
    """Remind the people of a unit or section of what it has not filed; each section once an hour at most.

    Args:
        viewer: who reminds.
        unit: id of the unit or section.
        said: what is missing, in a line; nobody is reminded of nothing.

    Returns:
        How many persons.
    """
    at, here = viewer.at, installation()
    key = f"urge/{unit}/{viewer.section.id if viewer.section else viewer.person}"[:KEY]
    hour_ago = (datetime.fromisoformat(at) - _URGED_EVERY).strftime("%Y-%m-%dT%H:%M:%SZ")
    with one_at_a_time(here.data / _URGING), override(settings.LANGUAGE_CODE):
        if not said or Told.objects.filter(matter=key, occasion__gt=hour_ago).exists():
            return 0
        going = _Round(at, channels_in_use(), frozenset())
        line = _("· 还缺：{}（{}催报）").format(said, viewer.name)
        accounts = Account.objects.filter(is_active=True, person__in=_reporting(viewer, unit))
        matters = [Matter(key, at, line)]
        return sum(_tell(going, one, MessageKind.URGE, matters) for one in accounts)


def _reporting(viewer: Viewer, unit: str) -> set[str]:
    """The liaisons and heads of a unit, or the handlers and heads of a section, today."""
    return {
        person.id
        for person in viewer.state.every(Person)
        for duty in duties_on(viewer.state, person.id, viewer.day)
        if duty.role in _REPORTING and unit in (duty.unit, duty.section)
    }


def _pressing(state: State, person: str, at: str) -> list[Matter]:
    matters = []
    for todo in todos_of(state, person, at):
        occasion = occasion_of(todo, day_of(at))
        if occasion:
            line = line_of(state, todo, at)
            said = f"· {day_said(todo.due)}（{line.due_words}）{line.title}：{line.detail}"
            matters.append(Matter(short_key(todo), occasion, said))
    return matters


def _escalations(state: State, at: str) -> dict[str, list[Matter]]:
    """What is long overdue, by the leader who is told of it; each matter once, with all who have it."""
    held: dict[str, tuple[Todo, list[Person]]] = {}
    for person in state.every(Person):
        for todo in todos_of(state, person.id, at):
            is_long = todo.is_overdue and -todo.days >= settings.ESCALATE_AFTER
            if is_long and todo.stage is Stage.READY and not _leads(state, person.id, at):
                held.setdefault(todo.key, (todo, []))[1].append(person)
    found: dict[str, list[Matter]] = {}
    for todo, persons in held.values():
        matter = _escalated(state, todo, persons, at)
        for leader in _leaders_of(state, todo, at):
            found.setdefault(leader, []).append(matter)
    return found


def _leads(state: State, person: str, at: str) -> bool:
    return any(one.role in _LEADERS for one in duties_on(state, person, day_of(at)))


def _leaders_of(state: State, todo: Todo, at: str) -> list[str]:
    """Who leads the indicator; the principal leader where nobody does."""
    by_role: dict[Role, list[str]] = {role: [] for role in _LEADERS}
    for person in state.every(Person):
        for duty in duties_on(state, person.id, day_of(at)):
            if duty.role in by_role and duty.indicator in (None, todo.place.indicator):
                by_role[duty.role].append(person.id)
    return by_role[Role.RESPONSIBLE_LEADER] or by_role[Role.PRINCIPAL_LEADER]


def _escalated(state: State, todo: Todo, persons: Sequence[Person], at: str) -> Matter:
    line = line_of(state, todo, at)
    house = house_name(state, persons[0].section or persons[0].unit or "")
    names = "、".join(one.name for one in persons)
    said = f"· {house} {names}：{line.title}，{day_said(todo.due)}截止，{line.due_words}"
    return Matter(short_key(todo), "escalated", said)


def _tell(going: _Round, account: Account, kind: MessageKind, matters: Sequence[Matter]) -> bool:
    """Write one message with all matters, where any of them is news; gives whether it was."""
    person, known = account.person, going.known
    news = [one for one in matters if (person, one.key, one.occasion) not in known]
    if not news:
        return False
    shown = news if kind is MessageKind.ESCALATION else matters
    text = "\n".join([_opening(kind), *(one.said for one in shown), *_where()])
    with transaction.atomic():
        message = Message.objects.create(
            person=person, kind=kind.value, at=going.at, subject=_subject(kind, shown), text=text
        )
        Told.objects.bulk_create(
            Told(person=person, matter=one.key, occasion=one.occasion, message=message)
            for one in news
        )
        Delivery.objects.bulk_create(
            Delivery(message=message, channel=channel.name, next_try_at=going.at)
            for channel in going.channels
            if channel.reaches(account)
        )
    return True


def _subject(kind: MessageKind, matters: Sequence[Matter]) -> str:
    if kind is MessageKind.URGE:
        return _("催报：还没有报齐")
    if kind is MessageKind.ESCALATION:
        return _("考评督办：{} 件事逾期未办").format(len(matters))
    late = sum(one.occasion.startswith("late") for one in matters)
    today = sum(one.occasion == "today" for one in matters)
    parts = [
        *([_("{} 件逾期").format(late)] if late else []),
        *([_("{} 件今天到期").format(today)] if today else []),
        *([_("{} 件即将到期").format(left)] if (left := len(matters) - late - today) else []),
    ]
    return _("考评提醒：{}").format("，".join(parts))


def _opening(kind: MessageKind) -> str:
    if kind is MessageKind.ESCALATION:
        days = settings.ESCALATE_AFTER
        return _("下列事项逾期 {} 个工作日以上仍未办结，请督促：").format(days)
    return _("下列事项请按时办理：")


def _where() -> list[str]:
    return [_("办理：{}").format(f"{settings.ADDRESS}/")] if settings.ADDRESS else []


# --- sending --------------------------------------------------------------------------------------


def something_waits() -> bool:
    """Whether a message is to be sent now."""
    return _waiting(installation().now()).exists()


def _waiting(now: str) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=DeliveryState.WAITING.value, next_try_at__lte=now)


def deliver() -> str:
    """Send what waits, each way by itself: one that fails holds up no other.

    Returns:
        How much, in a sentence.
    """
    here = installation()
    sent, failed = 0, 0
    for channel in channels_in_use():
        due = _waiting(here.now()).filter(channel=channel.name).select_related("message")
        waiting = list(due.order_by("pk")[: channel.at_once])
        persons = {one.message.person for one in waiting}
        accounts = {one.person: one for one in Account.objects.filter(person__in=persons)}
        for one in waiting:
            is_sent = _send(one, channel, accounts.get(one.message.person), here.clock())
            sent, failed = sent + is_sent, failed + (not is_sent)
    return _("送出 {} 条，{} 条未送出").format(sent, failed)


def _send(one: Delivery, channel: Channel, account: Account | None, now: datetime) -> bool:
    one.attempts += 1
    if account is None or not account.is_active or not channel.reaches(account):
        one.state, one.failure = DeliveryState.GIVEN_UP.value, NO_ADDRESS
        one.save()
        return False
    message = one.message
    letter = Letter(account.login, account.email, account.webhook_id, message.subject, message.text)
    try:
        channel.send(letter, now)
    except ChannelFault as fault:
        _put_off(one, str(fault), now)
    else:
        one.state, one.failure, one.sent_at = DeliveryState.SENT.value, "", _stamp(now)
    one.save()
    return one.state == DeliveryState.SENT.value


def _put_off(one: Delivery, fault: str, now: datetime) -> None:
    """Try again later, and later still; then give it up: the message stands on the desk anyway."""
    one.failure = fault[:100]
    if one.attempts > len(BACKOFF):
        one.state = DeliveryState.GIVEN_UP.value
    else:
        one.next_try_at = _stamp(now + BACKOFF[one.attempts - 1])


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
