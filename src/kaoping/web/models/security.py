"""安全记录: sign-ins, refusals, downloads. Rows are only ever added (triggers see to it).

They are no acts; once an hour an act seals how many there were, with their digest.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from kaoping.core.acts.setting_up import Office

if TYPE_CHECKING:
    from kaoping.web.viewer import Viewer


class EventKind(StrEnum):
    """What happened."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    CONFIRMED = "confirmed"
    SIGN_IN_FAILED = "sign_in_failed"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind of event
    FACTOR_CHANGED = "factor_changed"
    ACCOUNT_OPENED = "account_opened"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    PASSWORD_ISSUED = "password_issued"  # noqa: S105 - a kind of event
    REFUSED = "refused"
    CLOSED_DOOR = "closed_door"
    DOWNLOADED = "downloaded"
    VERIFIED = "verified"
    TAMPERED = "tampered"


REFUSALS = (EventKind.REFUSED, EventKind.CLOSED_DOOR, EventKind.TAMPERED)
"""What somebody tried and could not do."""
OF_THE_BUSINESS = (*REFUSALS, EventKind.DOWNLOADED, EventKind.VERIFIED)
"""What concerns the business, and not how people come in."""


class SecurityEvents(models.QuerySet["SecurityEvent"]):
    """Asking for events."""

    def visible_to(self, viewer: Viewer) -> SecurityEvents:
        """All for security and audit administrators; everybody else sees their own.

        Supervisors see besides what was refused, taken along and verified, not how people sign in.
        """
        if viewer.offices & {Office.SECURITY_ADMIN, Office.AUDIT_ADMIN}:
            return self
        own = Q(person=viewer.person) & ~Q(person="")
        if viewer.is_supervisor:
            own |= Q(kind__in=[kind.value for kind in OF_THE_BUSINESS])
        return self.filter(own)


class SecurityEvent(models.Model):
    """一条安全记录."""

    at = models.CharField("时间", max_length=20, db_index=True)
    kind = models.CharField("事项", max_length=40, db_index=True)
    person = models.CharField("人员", max_length=36, blank=True, db_index=True)
    login = models.CharField("账号", max_length=100, blank=True)
    address = models.CharField("来源地址", max_length=45, blank=True)
    path = models.CharField("页面", max_length=300, blank=True)
    detail = models.CharField("说明", max_length=1000, blank=True)

    objects = SecurityEvents.as_manager()

    class Meta:
        """Newest last, as they came."""

        db_table = "security_event"
        ordering = ("id",)

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """R-20250108-0031: what a person quotes when she asks about it."""
        return f"R-{self.at[:10].replace('-', '')}-{self.pk:04d}"
