"""通知: what happened that concerns the viewer: deadlines, versions, duties, draws, reminders."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kaoping.core.acts.setting_up import Office
from kaoping.core.workflow.questions import (
    assessed_units,
    is_announced,
    is_in_force,
    is_open,
)
from kaoping.core.workflow.things import Assessment, Draw, Duty
from kaoping.web.models import (
    NO_ADDRESS,
    Delivery,
    DeliveryState,
    Entry,
    EventKind,
    JobRun,
    JobState,
    Message,
    ReadMark,
    SecurityEvent,
)
from kaoping.web.queries.desk import house_name, indicator_name, picture_for
from kaoping.web.queries.scheme import scheme_in_force
from kaoping.web.queries.todo_words import STEP_NAMES, person_name
from kaoping.web.templatetags.words import day as day_said
from kaoping.web.templatetags.words import moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from django.utils.functional import _StrPromise

    from kaoping.core.acts.setting_up import StepKind
    from kaoping.core.workflow.things import Deadline
    from kaoping.web.viewer import Viewer

_MOST_MESSAGES: Final = 30
_TOLD_FOR: Final = timedelta(days=7)
"""How long the system administrator is told of reminders that could not be sent."""
CHANNEL_NAMES: Mapping[str, _StrPromise] = {
    "mail": gettext_lazy("电子邮件"),
    "wecom": gettext_lazy("企业微信"),
    "dingtalk": gettext_lazy("钉钉"),
    "console": gettext_lazy("终端"),
}


@dataclass(frozen=True)
class Notice:
    """One notice.

    Attributes:
        key: under which it is marked as read.
        at: when it came, or what it is about; the newest stand first.
        title, detail: what it says.
        href: where more is found; empty where nowhere.
        is_read: whether the viewer has marked it.
        is_alarm: whether it is marked red.
    """

    key: str
    at: str
    title: str
    detail: str
    href: str = ""
    is_read: bool = False
    is_alarm: bool = False


def notices_of(viewer: Viewer) -> list[Notice]:
    """All notices of a viewer, unread ones first, then the newest."""
    found = [
        *_messages(viewer),
        *_failed_jobs(viewer),
        *_lost_messages(viewer),
        *_passwords_issued(viewer),
        *_of_business(viewer),
        *_delegations(viewer),
    ]
    read = set(
        ReadMark.objects.filter(person=viewer.person, notice__in=[one.key for one in found])
        .values_list("notice", flat=True)
    )  # fmt: skip
    marked = [
        Notice(one.key, one.at, one.title, one.detail, one.href, one.key in read, one.is_alarm)
        for one in found
    ]
    newest_first = sorted(marked, key=lambda one: one.at, reverse=True)
    return sorted(newest_first, key=lambda one: one.is_read)


def _messages(viewer: Viewer) -> Iterator[Notice]:
    for one in Message.objects.visible_to(viewer)[:_MOST_MESSAGES]:
        href = reverse("message", args=[one.pk])
        yield Notice(one.key, one.at, one.subject, moment(one.at)[:16], href)


def _failed_jobs(viewer: Viewer) -> Iterator[Notice]:
    """What the platform could not do by itself: the system administrator sees to it."""
    if Office.SYSTEM_ADMIN not in viewer.offices:
        return
    latest = JobRun.objects.filter(state=JobState.FAILED.value)[:_MOST_MESSAGES]
    for one in latest:
        again = _("将自动重试") if one.next_try_at else _("已停止重试，等下次时间再运行")
        title = _("定时任务失败：{}").format(one.name)
        detail = _("{}，第 {} 次，{}；故障 {}").format(
            moment(one.slot)[:16], one.attempts, again, one.failure or "-"
        )
        yield Notice(f"job/{one.pk}/{one.attempts}", one.slot, title, detail, is_alarm=True)


def _lost_messages(viewer: Viewer) -> Iterator[Notice]:
    """Reminders that no server took; they stand on the desks of those concerned all the same."""
    if Office.SYSTEM_ADMIN not in viewer.offices:
        return
    since = (datetime.fromisoformat(viewer.at) - _TOLD_FOR).strftime("%Y-%m-%d")
    lost = Delivery.objects.filter(state=DeliveryState.GIVEN_UP.value, message__at__gte=since)
    by_channel = lost.exclude(failure=NO_ADDRESS).values("channel")
    counted = by_channel.annotate(count=Count("pk"), at=Max("message__at")).order_by("channel")
    for one in counted:
        title = _("{} 条提醒未能送出：{}").format(one["count"], CHANNEL_NAMES[one["channel"]])
        detail = _("已多次重试；请检查服务器设置。提醒在各人工作台上仍可看到")
        key = f"delivery/{one['channel']}/{one['count']}"
        yield Notice(key, one["at"], title, detail, is_alarm=True)


def _passwords_issued(viewer: Viewer) -> Iterator[Notice]:
    """Passwords that the system administrator has given: the other two kinds of administrators are told.

    Whoever gives a password could come in with it; he does not do so unseen.
    """
    if not viewer.offices & {Office.SECURITY_ADMIN, Office.AUDIT_ADMIN}:
        return
    since = (datetime.fromisoformat(viewer.at) - _TOLD_FOR).strftime("%Y-%m-%d")
    issued = SecurityEvent.objects.filter(kind=EventKind.PASSWORD_ISSUED.value, at__gte=since)
    for one in issued.order_by("-pk")[:_MOST_MESSAGES]:
        title = _("临时口令已发放：{}").format(one.detail)
        by = person_name(viewer.state, one.person)
        detail = _("{} · {} · 不是本人申请的，请查安全记录").format(moment(one.at)[:16], by)
        yield Notice(f"password/{one.pk}", one.at, title, detail, reverse("security_log"))


# --- what acts brought ----------------------------------------------------------------------------


def _of_business(viewer: Viewer) -> Iterator[Notice]:
    if viewer.is_administrator or not viewer.duties:
        return
    years = [one for one in picture_for(viewer).every(Assessment) if is_open(one)]
    changed = [
        (year, step, before, after)
        for year in years
        for step, versions in year.deadlines.items()
        for before, after in pairwise(versions)
    ]
    scheme = scheme_in_force(picture_for(viewer))
    is_revised = scheme is not None and scheme.content.version > 1
    acts = [after.act for *_rest, after in changed]
    if scheme is not None and is_revised:
        acts.append(scheme.act)
    entries = _entries(acts)
    for _year, step, before, after in changed:
        if after.act in entries:
            yield _deadline(viewer, step, (before, after), entries[after.act])
    if scheme is not None and is_revised and scheme.act in entries:
        entry = entries[scheme.act]
        title = _("实施方案已改版：第 {} 版").format(scheme.content.version)
        detail = _("{} · {} · 理由：{}").format(
            day_said(moment(entry.at)),
            person_name(viewer.state, entry.actor),
            scheme.content.reason,
        )
        yield Notice(f"act/{scheme.act}", entry.at, title, detail)
    yield from _draws(viewer)


def _entries(acts: list[str]) -> Mapping[str, Entry]:
    """The entries of acts that everybody with a duty may know of."""
    return {one.act: one for one in Entry.objects.filter(act__in=acts)} if acts else {}


def _deadline(
    viewer: Viewer, step: StepKind, versions: tuple[Deadline, Deadline], entry: Entry
) -> Notice:
    before, after = versions
    content: Mapping[str, Any] = json.loads(entry.body).get("act", {}).get("content", {})
    title = _("{}截止日期由{}改为{}").format(
        STEP_NAMES[step], day_said(before.until), day_said(after.until)
    )
    detail = _("{} · {} · 理由：{}").format(
        day_said(moment(entry.at)),
        person_name(viewer.state, entry.actor),
        content.get("reason", ""),
    )
    return Notice(f"act/{after.act}", entry.at, title, detail)


def _draws(viewer: Viewer) -> Iterator[Notice]:
    """A public draw that is announced: for the units it concerns and whoever sees all."""
    for one in picture_for(viewer).every(Draw):
        concerned = viewer.units & assessed_units(viewer.state, one.assessment)
        if not is_announced(one) or not (concerned or viewer.sees_all_units):
            continue
        name = indicator_name(picture_for(viewer), one.indicator)
        title = _("公开抽签：{}").format(name)
        detail = _("{} 当众掷骰，欢迎到场见证").format(moment(one.content.roll_at)[:16])
        yield Notice(f"draw/{one.id}", viewer.state.last_at, title, detail)


def _delegations(viewer: Viewer) -> Iterator[Notice]:
    """AB岗: who acts for the viewer, and for whom the viewer acts."""
    for duty in picture_for(viewer).every(Duty):
        if duty.on_behalf_of is None or viewer.person not in (duty.person, duty.on_behalf_of):
            continue
        is_past = duty.until_date is not None and duty.until_date < viewer.day
        if not is_in_force(duty) or is_past:
            continue
        yield _delegation(viewer, duty)


def _delegation(viewer: Viewer, duty: Duty) -> Notice:
    first, last = day_said(duty.from_date), day_said(duty.until_date)
    if duty.on_behalf_of == viewer.person:
        name = person_name(viewer.state, duty.person)
        title = _("AB岗：{}至{}由{}代您办理").format(first, last, name)
    else:
        name = person_name(viewer.state, duty.on_behalf_of or "")
        title = _("AB岗：{}至{}您代{}办理").format(first, last, name)
    house = house_name(viewer.state, duty.unit or duty.section or "")
    detail = _("{} · 到期自动收回，办理记本人姓名").format(house)
    return Notice(f"duty/{duty.id}", duty.from_date.isoformat(), title, detail)
