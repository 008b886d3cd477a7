"""定时任务: what is due runs once, a failing job ends nothing, and one worker runs at a time."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.utils.translation import gettext_lazy as _

from kaoping.core.errors import EnvironmentFault
from kaoping.files.journal.folder import Journal
from kaoping.web import jobs, opening
from kaoping.web.jobs import RETRY_AFTER, Daily, Every, Job, recover, run_due, run_job
from kaoping.web.models import JobRun, JobState
from kaoping.web.queue import first_come
from tests.forking import Forked, run, started
from tests.journals import KEY, ORIGIN
from tests.web.conftest import Clock, at

EIGHT = Daily(8)
MORNING = datetime(2025, 1, 8, 1, tzinfo=UTC)  # nine o'clock in Shanghai


@pytest.fixture
def clock(db, tmp_path):
    clock = Clock()
    clock.now = MORNING
    journal = Journal.create(tmp_path / "journal", ORIGIN, KEY, tmp_path / "key.signed")
    opening.hold(at(tmp_path, journal, clock))
    yield clock
    opening.hold(None)


@pytest.fixture
def schedule(monkeypatch):
    """An empty schedule of the test's own."""
    own: list[Job] = []
    monkeypatch.setattr(jobs, "SCHEDULE", own)
    return own


def job(run, name="sample", when=EIGHT, **kwargs):
    return Job(name, _("样例"), when, run, **kwargs)


class Counting:
    def __init__(self, error=None):
        self.calls, self.error = 0, error

    def __call__(self):
        self.calls += 1
        if self.error:
            raise self.error
        return f"第 {self.calls} 次"


def test_a_daily_time_is_that_of_shanghai():
    assert Daily(8).last(MORNING) == datetime(2025, 1, 8, 0, tzinfo=UTC)
    assert Daily(9, 1).last(MORNING) == datetime(2025, 1, 7, 1, 1, tzinfo=UTC)


def test_minutes_count_from_the_full_hour():
    assert Every(20).last(MORNING + timedelta(minutes=59)) == MORNING + timedelta(minutes=40)


def test_what_is_due_runs_once(clock, schedule):
    run = Counting()
    schedule.append(job(run))
    assert run_due() == 1
    assert run_due() == 0
    clock.now += timedelta(days=1)
    assert run_due() == 1
    assert run.calls == 2
    assert [one.said for one in JobRun.objects.all()] == ["第 2 次", "第 1 次"]


def test_a_time_long_missed_is_passed_over(clock, schedule):
    run = Counting()
    schedule.append(job(run, grace=timedelta(minutes=30)))
    run_due()
    assert run.calls == 0
    assert not JobRun.objects.exists()


def test_where_nothing_is_to_do_there_is_no_record(clock, schedule):
    run = Counting()
    schedule.append(job(run, is_needed=lambda: False))
    run_due()
    assert (run.calls, JobRun.objects.count()) == (0, 0)


def test_a_failing_job_is_recorded_and_the_next_one_runs(clock, schedule, caplog):
    failing, other = Counting(ValueError("韦清和 13800000000")), Counting()
    schedule += [job(failing, "failing"), job(other, "other")]
    with caplog.at_level(logging.ERROR):
        run_due()
    row = JobRun.objects.get(name="failing")
    assert row.state == JobState.FAILED
    assert row.failure.startswith("ValueError ")
    assert row.failure.split()[1] in caplog.text
    assert "韦清和" not in caplog.text + row.failure + row.said
    assert other.calls == 1


def test_what_an_error_says_for_people_is_kept(clock, schedule):
    schedule.append(job(Counting(EnvironmentFault("磁盘已满。请清理。", "The disk is full."))))
    run_due()
    assert JobRun.objects.get().said == "磁盘已满。请清理。"


def test_a_failed_job_is_tried_again_later_and_later_and_not_for_ever(clock, schedule):
    run = Counting(ValueError())
    schedule.append(job(run))
    run_due()
    for tries, wait in enumerate(RETRY_AFTER, start=1):
        assert run.calls == tries
        clock.now += wait - timedelta(seconds=1)
        assert run_due() == 0
        clock.now += timedelta(seconds=1)
        assert run_due() == 1
    clock.now += timedelta(hours=5)
    assert run_due() == 0
    assert JobRun.objects.get().attempts == len(RETRY_AFTER) + 1


def test_a_second_try_that_succeeds_clears_the_fault(clock, schedule):
    run = Counting(ValueError())
    schedule.append(job(run))
    run_due()
    run.error = None
    clock.now += RETRY_AFTER[0]
    run_due()
    row = JobRun.objects.get()
    assert (row.state, row.failure, row.attempts) == (JobState.DONE, "", 2)


def test_what_a_killed_process_left_is_taken_up(clock, schedule):
    run = Counting()
    schedule.append(job(run))
    slot = "2025-01-08T00:00:00Z"
    JobRun.objects.create(name="sample", slot=slot, state=JobState.RUNNING)
    assert run_due() == 0
    assert recover() == 1
    assert run_due() == 1
    assert run.calls == 1


def test_a_run_that_another_process_began_is_left_alone(clock, schedule):
    run = Counting()
    schedule.append(job(run))
    JobRun.objects.create(name="sample", slot="s", state=JobState.RUNNING)
    run_job.enqueue("sample", "s")
    assert run.calls == 0


def test_of_two_only_one_comes_first(tmp_path):
    with first_come(tmp_path / "lock") as first, first_come(tmp_path / "lock") as second:
        assert (first, second) == (True, False)
    with first_come(tmp_path / "lock") as later:
        assert later


def test_rounds_go_on_after_a_fault_and_end_when_told(clock, schedule, monkeypatch):
    stop, rounds = threading.Event(), []

    def fail_then_stop():
        rounds.append(1)
        if len(rounds) == 1:
            raise OSError
        stop.set()

    monkeypatch.setattr(jobs, "_TICK_SECONDS", 0)
    monkeypatch.setattr(connections, "close_all", lambda: None)
    monkeypatch.setattr(jobs, "close_old_connections", lambda: None)
    jobs.go_round(stop, fail_then_stop)
    assert len(rounds) == 2


# --- as a process ---------------------------------------------------------------------------------

alone = pytest.mark.skipif("KAOPING_DATABASE" in os.environ, reason="on a database of its own")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An installation with its database, as a worker finds it."""
    data = tmp_path_factory.mktemp("data")
    environment = {
        **os.environ,
        "KAOPING_DATA": str(data),
        "KAOPING_SECRET_KEY": "only-for-tests-" * 5,
        "KAOPING_JOBS": "worker",
        "DJANGO_SETTINGS_MODULE": "kaoping.config.settings",
    }
    environment.pop("KAOPING_DATABASE", None)
    made = (
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from kaoping.web.opening import create; from pathlib import Path\n"
        f"create(Path({str(data)!r}), 'test.example/2024')\n"
    )
    run(["-c", made], environment, 120).check_returncode()
    return environment


def worker(environment, *words):
    return Forked(["worker", *words], environment)


def runs_of(environment):
    import sqlite3

    with sqlite3.connect(f"{environment['KAOPING_DATA']}/kaoping.sqlite3") as database:
        return database.execute("SELECT name, state, attempts FROM job_run").fetchall()


@alone
@pytest.mark.slow
def test_one_round_runs_the_schedule_through_the_queue(folder):
    process = started(["worker", "--once"], folder)
    _out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert runs_of(folder)
    assert {state for _name, state, _attempts in runs_of(folder)} == {"done"}


@alone
@pytest.mark.slow
def test_the_worker_ends_when_asked_and_a_second_one_is_refused(folder):
    first = worker(folder)
    try:
        wait_until_alone(first)
        second = worker(folder, "--once")
        _out, err = second.communicate(timeout=60)
        assert second.returncode == 3
        assert "已由另一进程运行" in err or "Another process" in err
        first.send_signal(signal.SIGTERM)
        assert first.wait(timeout=90) == 0
    finally:
        first.kill()
        first.communicate(timeout=60)


def wait_until_alone(process):
    """Until the process holds the lock; who only tries whether it is free could be in its way."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        held = Path("/proc/locks").read_text(encoding="ascii").split("\n")
        if any(line.split()[4:5] == [str(process.pid)] for line in held):
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    pytest.fail("the worker has not begun")


@alone
@pytest.mark.slow
def test_where_the_server_runs_jobs_itself_the_worker_says_so(folder):
    process = worker({**folder, "KAOPING_JOBS": "inline"}, "--once")
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "KAOPING_JOBS" in err
