"""安全记录 as a list: who came in, what was refused, what was taken along; sealed up to where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kaoping.core.acts.keeping import SecurityLogSealed
from kaoping.core.workflow.things import Person, SecurityLog
from kaoping.files.listing import listing_workbook
from kaoping.web.models import Entry, EventKind, SecurityEvent
from kaoping.web.models.security import REFUSALS
from kaoping.web.queries.naming import Names
from kaoping.web.templatetags.words import moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.functional import _StrPromise

    from kaoping.web.models.security import SecurityEvents
    from kaoping.web.queries.wanted import Wanted
    from kaoping.web.viewer import Viewer

PAGE = 50
MOST_EXPORTED = 5000
REFUSED = "refusals"
"""The word in the address for everything that was tried and could not be done."""

TERMS: Mapping[str, _StrPromise] = {
    EventKind.SIGNED_IN.value: _("登录"),
    EventKind.SIGNED_OUT.value: _("退出"),
    EventKind.CONFIRMED.value: _("再次验证身份"),
    EventKind.SIGN_IN_FAILED.value: _("登录未成功"),
    EventKind.LOCKED.value: _("账号锁定"),
    EventKind.UNLOCKED.value: _("账号解锁"),
    EventKind.PASSWORD_CHANGED.value: _("修改口令"),
    EventKind.FACTOR_CHANGED.value: _("更改第二因素"),
    EventKind.ACCOUNT_OPENED.value: _("开通账号"),
    EventKind.ACCOUNT_DISABLED.value: _("停用账号"),
    EventKind.ACCOUNT_ENABLED.value: _("恢复账号"),
    EventKind.PASSWORD_ISSUED.value: _("发放临时口令"),
    EventKind.REFUSED.value: _("办理被拒绝"),
    EventKind.CLOSED_DOOR.value: _("进入未开放的页面"),
    EventKind.DOWNLOADED.value: _("下载"),
    EventKind.VERIFIED.value: _("核验"),
    EventKind.TAMPERED.value: _("发现篡改"),
}
"""What each kind of event is called."""
KINDS: Mapping[str, object] = {**TERMS, REFUSED: None}


@dataclass(frozen=True, slots=True)
class Event:
    """One event, for a page; `entry` is the one that sealed it, None while it waits."""

    row: SecurityEvent
    term: _StrPromise | str
    who: str
    is_refusal: bool
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class Seal:
    """Up to where the log is sealed: the number of the last row, by which entry, when."""

    until: int
    index: int
    at: str


@dataclass(frozen=True, slots=True)
class Page:
    """Events, newest first, and where to go on; None where there is nothing further."""

    events: list[Event]
    newer: int | None
    older: int | None


def events(viewer: Viewer, wanted: Wanted, count: int = PAGE) -> Page:
    """The events that somebody wants to see, as many as fit on a page."""
    found = _narrowed(viewer, wanted)
    if wanted.above is not None:
        rows = list(found.filter(pk__gt=wanted.above).order_by("pk")[: count + 1])[::-1]
        newer = rows[-count].pk if len(rows) > count else None
        rows = rows[-count:]
        return Page(_told(viewer, rows), newer, rows[-1].pk if rows else None)
    if wanted.below is not None:
        found = found.filter(pk__lt=wanted.below)
    rows = list(found.order_by("-pk")[: count + 1])
    has_more, rows = len(rows) > count, rows[:count]
    newer = rows[0].pk if rows and wanted.below is not None else None
    return Page(_told(viewer, rows), newer, rows[-1].pk if has_more else None)


def last_seal(viewer: Viewer) -> Seal | None:
    """Up to where the log is sealed; None before the first time."""
    log = next(iter(viewer.state.every(SecurityLog)), None)
    if log is None:
        return None
    entry = Entry.objects.filter(act=log.act, type=SecurityLogSealed.wire).first()
    return Seal(log.until, entry.index, entry.at) if entry else None


def waiting(viewer: Viewer) -> int:
    """How many events wait for their seal."""
    log = next(iter(viewer.state.every(SecurityLog)), None)
    return SecurityEvent.objects.filter(pk__gt=log.until if log else 0).count()


def events_xlsx(viewer: Viewer, wanted: Wanted, title: str) -> bytes:
    """The same events as a workbook, the newest five thousand of them."""
    heads = [("编号", 20), ("时间", 22), ("事项", 16), ("何人", 24), ("来源地址", 18), ("页面", 30)]
    rows = (
        (
            one.row.number,
            moment(one.row.at),
            str(one.term),
            one.who,
            one.row.address,
            one.row.path,
            one.row.detail,
        )
        for one in events(viewer, wanted, MOST_EXPORTED).events
    )
    note = "时间为北京时间"
    return listing_workbook(title, [*heads, ("说明", 50)], rows, note)


def _narrowed(viewer: Viewer, wanted: Wanted) -> SecurityEvents:
    found = SecurityEvent.objects.visible_to(viewer)
    if wanted.kind == REFUSED:
        found = found.filter(kind__in=[kind.value for kind in REFUSALS])
    elif wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.who:
        found = found.filter(person=wanted.who)
    if wanted.days.since:
        found = found.filter(at__gte=wanted.days.since)
    if wanted.days.before:
        found = found.filter(at__lt=wanted.days.before)
    return found.filter(_about(viewer, wanted.text)) if wanted.text else found


def _about(viewer: Viewer, text: str) -> Q:
    """Events of a person, an account, an address, or with a word in what they say."""
    people = [one.id for one in viewer.state.every(Person) if text in one.name]
    number = text.rpartition("-")[2] if text.startswith("R-") else ""
    found = (
        Q(person__in=people)
        | Q(login__icontains=text)
        | Q(address=text)
        | Q(detail__icontains=text)
        | Q(path__icontains=text)
    )
    return found | Q(pk=int(number)) if number.isascii() and number.isdecimal() else found


def _told(viewer: Viewer, rows: Sequence[SecurityEvent]) -> list[Event]:
    names, refusals = Names(viewer.state), {kind.value for kind in REFUSALS}
    log = next(iter(viewer.state.every(SecurityLog)), None)
    until = log.until if log else 0
    return [
        Event(
            row,
            TERMS.get(row.kind, row.kind),
            names.who(row.person) if row.person else row.login,
            row.kind in refusals,
            row.pk <= until,
        )
        for row in rows
    ]
