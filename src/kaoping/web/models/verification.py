"""核验: when the whole journal was verified, why, how far it is, and what each layer found.

Private rows, for people to look back at: what they say is worth what the verifier of this server is
worth. Whoever wants to be sure runs `kaoping journal verify` on a computer of his own.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse

from kaoping.core.acts.setting_up import Office

if TYPE_CHECKING:
    from kaoping.web.viewer import Viewer


class Cause(StrEnum):
    """Why the journal was verified."""

    ASKED = "asked"
    NIGHTLY = "nightly"
    SIGNATURE = "signature"


class RunState(StrEnum):
    """How far a run is: BROKEN where it could not be finished, which says nothing about the journal."""

    QUEUED = "queued"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    BROKEN = "broken"


class VerificationRuns(models.QuerySet["VerificationRun"]):
    """Asking for runs."""

    def visible_to(self, viewer: Viewer) -> VerificationRuns:
        """For audit administrators and supervisors; nobody else looks into them."""
        is_watching = Office.AUDIT_ADMIN in viewer.offices or viewer.is_supervisor
        return self if is_watching else self.none()

    def judged(self) -> VerificationRuns:
        """Those that came to a verdict, newest first."""
        return self.filter(state__in=(RunState.PASSED.value, RunState.FAILED.value))


class VerificationRun(models.Model):
    """一次核验."""

    cause = models.CharField("缘由", max_length=20)
    person = models.CharField("提出人", max_length=36, blank=True)
    asked_at = models.CharField("提出时间", max_length=20)
    started_at = models.CharField("开始", max_length=20, blank=True)
    finished_at = models.CharField("结束", max_length=20, blank=True)
    seconds = models.FloatField("用时（秒）", null=True)
    state = models.CharField("状态", max_length=10, default=RunState.QUEUED.value, db_index=True)
    layer = models.CharField("正在核对", max_length=1, blank=True)
    size = models.BigIntegerField("条数", null=True)
    root = models.CharField("根", max_length=64, blank=True)

    objects = VerificationRuns.as_manager()

    class Meta:
        """Newest first."""

        db_table = "verification_run"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.asked_at} {self.state}"

    def get_absolute_url(self) -> str:
        """Its page, under which the security log keeps that it did not pass."""
        return reverse("verification", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self.state not in (RunState.QUEUED.value, RunState.RUNNING.value)


class LayerFinding(models.Model):
    """一层的结论: what one layer of a run found, in Chinese and English."""

    run = models.ForeignKey(VerificationRun, models.CASCADE, related_name="findings")
    place = models.PositiveSmallIntegerField("次序")
    layer = models.CharField("层", max_length=1)
    state = models.CharField("结论", max_length=20)
    zh = models.TextField("说明")
    en = models.TextField("英文说明")

    class Meta:
        """In the order in which layers are listed."""

        db_table = "verification_finding"
        ordering = ("place",)
        constraints = (
            models.UniqueConstraint(fields=["run", "place"], name="finding_once_in_a_run"),
        )

    def __str__(self) -> str:
        return f"{self.layer} {self.state}"
