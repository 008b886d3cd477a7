"""定时任务的一次运行: which job ran for which time, and how it ended. Private rows."""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class JobState(StrEnum):
    """How far a run is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobRun(models.Model):
    """任务的一次运行: one row for a job and the time it was due, however often it was tried."""

    name = models.CharField("任务", max_length=60)
    slot = models.CharField("应运行时间", max_length=20)
    """The time it was due, in UTC as acts carry theirs."""
    state = models.CharField("状态", max_length=10, default=JobState.QUEUED.value)
    attempts = models.PositiveIntegerField("次数", default=0)
    started_at = models.CharField("开始", max_length=20, blank=True)
    finished_at = models.CharField("结束", max_length=20, blank=True)
    next_try_at = models.CharField("下次尝试", max_length=20, blank=True, db_index=True)
    """Empty where it will not be tried again."""
    said = models.CharField("结果", max_length=500, blank=True)
    failure = models.CharField("故障", max_length=200, blank=True)
    """The kind of fault with the number of the incident in the log; never what was sent or to whom."""

    class Meta:
        """A job runs once for a time: whoever adds the row runs it."""

        db_table = "job_run"
        ordering = ("-slot", "name")
        constraints = (
            models.UniqueConstraint(fields=["name", "slot"], name="job_once_for_a_time"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.slot}"
