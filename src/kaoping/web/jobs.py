"""定时任务: what the platform does by itself, when, and what became of it.

`SCHEDULE` is the list of all jobs; an area adds its line there. A job is a function without
arguments that says in a sentence what it did; it raises where it cannot. Whoever enters the row of a
job and its time runs it (`JobRun`), so that several servers never run one twice; what fails is
recorded without personal data, told to the system administrator, and tried again. Runs go through
django-tasks: queued in the database for `kaoping worker`, or at once where the platform is embedded.
"""

from __future__ import annotations

import logging
import threading
import traceback
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_tasks import task
from django_tasks_db.management.commands.db_worker import Worker

from kaoping.core.calendar import SHANGHAI
from kaoping.core.errors import KaopingError
from kaoping.web.actions.following_filings import follow_filings
from kaoping.web.actions.previewing import make_previews, previews_missing
from kaoping.web.actions.sealing_security_log import seal_security_log
from kaoping.web.actions.uploading import drop_stale, scan_waiting, something_unscanned
from kaoping.web.actions.verifying import ask_for, verify_waiting
from kaoping.web.models import Cause, JobRun, JobState, RunState, VerificationRun
from kaoping.web.opening import installation
from kaoping.web.queries.filed_files import is_something_not_followed
from kaoping.web.queue import first_come
from kaoping.web.reminders import deliver, remind, something_waits

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from django.utils.functional import _StrPromise

    from kaoping.web.installation import Installation

_LOG = logging.getLogger(__name__)
_LOCK_FILE = "jobs.lock"
_TICK_SECONDS = 20
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""How long after each failure a job is tried again; after the last it waits for its next time."""
_KEPT = timedelta(days=60)
"""How long the record of a run is kept."""


class When(Protocol):
    """The times at which a job is due."""

    def last(self, now: datetime) -> datetime:
        """The last time at or before now."""


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at a time of Asia/Shanghai."""

    hour: int
    minute: int = 0

    def last(self, now: datetime) -> datetime:
        """Today's time where it has come, else yesterday's."""
        local = now.astimezone(SHANGHAI)
        today = local.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return (today if today <= local else today - timedelta(days=1)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many minutes, counted from the full hour."""

    minutes: int

    def last(self, now: datetime) -> datetime:
        """The last time at or before now."""
        minute = now.minute - now.minute % self.minutes
        return now.astimezone(UTC).replace(minute=minute, second=0, microsecond=0)


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Job:
    """One line of the schedule.

    Attributes:
        name: under which its runs are recorded; never changed.
        term: what a page calls it.
        when: the times at which it is due.
        run: does it, and says in a sentence what it did.
        grace: a time that was missed by longer than this (the machine was off) is passed over.
        is_needed: asked first; a time at which there is nothing to do leaves no record.
    """

    name: str
    term: _StrPromise
    when: When
    run: Callable[[], str]
    grace: timedelta = timedelta(hours=12)
    is_needed: Callable[[], bool] = field(default=_always)


def _forget_old_runs() -> str:
    before = _stamp(installation().clock() - _KEPT)
    gone, _by_model = JobRun.objects.filter(slot__lt=before).delete()
    return f"清除 {gone} 条运行记录"


def _scan_waiting() -> str:
    return f"再查 {scan_waiting(installation())} 个文件"


def _make_previews() -> str:
    return f"制作 {make_previews(installation())} 份预览"


def _follow_filings() -> str:
    return f"登记 {follow_filings()} 个报送的文件"


def _drop_uploads() -> str:
    return f"清理 {drop_stale(installation())} 个没有传完的文件"


def _seal_security_log() -> str:
    return f"封存 {seal_security_log(installation())} 条安全记录"


def _verify_tonight() -> str:
    here = installation()
    run = ask_for(here, Cause.NIGHTLY)
    verify_waiting(here)
    return f"第 {run.pk} 次核验"


def _verify_asked() -> str:
    return f"{verify_waiting(installation())} 次核验"


def _is_verification_asked() -> bool:
    return VerificationRun.objects.filter(state=RunState.QUEUED.value).exists()


@task()
def verify_asked() -> None:
    """Verify what somebody asked for on a page."""
    verify_waiting(installation())


def begin_verifying() -> None:
    """Begin with what was asked for, and do not wait: with the worker, or in a thread of its own."""
    if settings.JOBS_INLINE:
        _begin_here("verifying", verify_waiting)
    else:
        verify_asked.enqueue()


def begin_previewing() -> None:
    """Begin with what was received, where jobs run in this process and none is at it; do not wait.

    The worker finds it within a minute by itself: in a deadline's last hour, a row in its queue for each file
    would cost more than it brings.
    """
    is_at_it = any(one.name == _PREVIEWING for one in threading.enumerate())
    if settings.JOBS_INLINE and not is_at_it:
        _begin_here(_PREVIEWING, make_previews)


_PREVIEWING = "previewing"


def _begin_here(name: str, do: Callable[[Installation], object]) -> None:
    """In a thread of this process with connections of its own; what fails now, the schedule does again."""

    def do_here() -> None:
        try:
            do(installation())
        except (DatabaseError, OSError, KaopingError) as error:
            _LOG.error("%s broke off: %s", name, type(error).__qualname__)
        finally:
            connections.close_all()

    threading.Thread(target=do_here, name=name, daemon=True).start()


_DAY = Daily(settings.REMIND_AT.hour, settings.REMIND_AT.minute)
SCHEDULE: list[Job] = [
    Job("remind", _("到期提醒和督办"), _DAY, remind, timedelta(hours=10)),
    Job("deliver", _("送出提醒"), Every(1), deliver, timedelta(minutes=5), something_waits),
    Job("seal-security-log", _("封存安全记录"), Every(60), _seal_security_log, timedelta(hours=1)),
    Job("verify-nightly", _("每日核验"), Daily(2), _verify_tonight),
    Job(
        "verify-asked",
        _("应要求核验"),
        Every(1),
        _verify_asked,
        timedelta(minutes=5),
        _is_verification_asked,
    ),
    Job(
        "scan-waiting",
        _("再查待查的文件"),
        Every(1),
        _scan_waiting,
        timedelta(minutes=5),
        something_unscanned,
    ),
    Job(
        "make-previews",
        _("制作预览"),
        Every(1),
        _make_previews,
        timedelta(minutes=5),
        previews_missing,
    ),
    Job(
        "follow-filings",
        _("登记报送的文件"),
        Every(1),
        _follow_filings,
        timedelta(minutes=5),
        is_something_not_followed,
    ),
    Job("drop-uploads", _("清理没有传完的文件"), Daily(3, 40), _drop_uploads, timedelta(days=1)),
    Job("forget-runs", _("清除过期的运行记录"), Daily(3, 30), _forget_old_runs, timedelta(days=1)),
]
"""Every job there is."""


# --- one round ------------------------------------------------------------------------------------


def run_due() -> int:
    """Queue every job whose time has come, and every failed one that is to be tried again.

    Returns:
        How many were queued. Where the platform is embedded they have run by then.
    """
    now = installation().clock()
    queued = 0
    for job in SCHEDULE:
        slot = job.when.last(now)
        if now - slot <= job.grace and _is_new(job, slot) and _queue(job.name, _stamp(slot)):
            queued += 1
    waiting = Q(state=JobState.FAILED.value, next_try_at__gt="", next_try_at__lte=_stamp(now))
    for name, stamp in list(JobRun.objects.filter(waiting).values_list("name", "slot")):
        again = JobRun.objects.filter(waiting, name=name, slot=stamp)
        if again.update(state=JobState.QUEUED.value, next_try_at=""):
            run_job.enqueue(name, stamp)
            queued += 1
    return queued


def _is_new(job: Job, slot: datetime) -> bool:
    known = JobRun.objects.filter(name=job.name, slot=_stamp(slot)).exists()
    return not known and job.is_needed()


def _queue(name: str, slot: str) -> bool:
    """Enter the run; whoever is second finds it entered and leaves it alone."""
    _row, is_ours = JobRun.objects.get_or_create(name=name, slot=slot)
    if is_ours:
        run_job.enqueue(name, slot)
    return is_ours


def recover() -> int:
    """Queue what a killed process left unfinished; asked by who has just become the only one.

    Returns:
        How many runs there were.
    """
    left = JobRun.objects.filter(state__in=(JobState.QUEUED.value, JobState.RUNNING.value))
    return left.update(
        state=JobState.FAILED.value,
        failure="interrupted",
        next_try_at=_stamp(installation().clock()),
    )


@task()
def run_job(name: str, slot: str) -> None:
    """Run a job of the schedule, unless another process has begun with it."""
    run = JobRun.objects.filter(name=name, slot=slot, state=JobState.QUEUED.value)
    started = {"state": JobState.RUNNING.value, "started_at": _stamp(installation().clock())}
    job = next((one for one in SCHEDULE if one.name == name), None)
    if job is None or not run.update(**started, attempts=F("attempts") + 1):
        return
    row = JobRun.objects.get(name=name, slot=slot)
    try:
        row.said, row.failure, row.state = job.run()[:500], "", JobState.DONE.value
    except Exception as error:  # noqa: BLE001 - one failing job must not end the others
        _failed(row, error)
    row.finished_at = _stamp(installation().clock())
    row.save()


def _failed(row: JobRun, error: Exception) -> None:
    """Record a failure; the words of an unforeseen error may name persons and stay out of it."""
    incident = uuid.uuid4().hex[:8]
    kind = type(error).__qualname__
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(
        f"{one.filename.rpartition('/')[2]}:{one.lineno}" for one in reversed(frames)
    )
    _LOG.error("job %s failed: %s, incident %s, at %s", row.name, kind, incident, where)
    row.state = JobState.FAILED.value
    row.failure = f"{kind} {incident}"
    row.said = error.zh[:500] if isinstance(error, KaopingError) else ""
    left = RETRY_AFTER[row.attempts - 1 : row.attempts]
    row.next_try_at = _stamp(installation().clock() + left[0]) if left else ""


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- round after round ----------------------------------------------------------------------------


def alone() -> AbstractContextManager[bool]:
    """Be the only one on this machine who runs jobs; gives whether one is."""
    return first_come(settings.DATA_FOLDER / _LOCK_FILE)


def go_round(stop: threading.Event, queue: Callable[[], object] | None = None) -> None:
    """Look for due jobs again and again until told to stop; be alone first.

    A fault between two jobs (the database is away for a moment) does not end the rounds.

    Args:
        stop: set from outside; the job at work is finished first.
        queue: runs what was queued, where that does not happen at once.
    """
    is_first = True
    while not stop.is_set():
        try:
            if is_first:
                recover()
            is_first = False
            run_due()
            if queue is not None:
                queue()
        except (DatabaseError, OSError, KaopingError) as error:
            _LOG.error("no jobs for the moment: %s", type(error).__qualname__)
            connections.close_all()
        close_old_connections()
        stop.wait(_TICK_SECONDS)


def work(stop: threading.Event, *, once: bool = False) -> None:
    """Run jobs as a process of their own (`kaoping worker`): the schedule, and whatever was queued.

    Args:
        stop: set when the process is asked to end; the job at work is finished first.
        once: one round, then end.
    """
    queue = _queue_worker()

    def run_queue() -> None:
        queue.running = not stop.is_set()
        queue.run()

    if once:
        recover()
        run_due()
        run_queue()
        return
    watch = threading.Thread(target=_shut_when, args=(stop, queue), daemon=True)
    watch.start()
    go_round(stop, run_queue)


def _shut_when(stop: threading.Event, queue: _Queue) -> None:
    """Let the job at work be the last, once the process is asked to end."""
    stop.wait()
    queue.shut()


class _Queue(Worker):
    """The database's queue of django-tasks, run until it is empty; signals are none of its business."""

    def shut(self) -> None:
        """Take up nothing more."""
        self.running = False


def _queue_worker() -> _Queue:
    return _Queue(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=uuid.uuid4().hex,
        excluded_queue_names=[],
    )


def begin_embedded() -> threading.Thread:
    """Run jobs in a thread of the web server: for trials and small offices without a worker.

    Of several server processes one comes first and does it; the thread ends with its process, and
    what it left unfinished is taken up by the next.
    """
    thread = threading.Thread(target=_embedded, name="jobs", daemon=True)
    thread.start()
    return thread


def _embedded() -> None:
    stop = threading.Event()
    while True:
        with alone() as is_alone:
            if is_alone:
                go_round(stop)
        stop.wait(_TICK_SECONDS)
