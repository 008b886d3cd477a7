"""The command as a process: streams that close, signals, and what is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.cli.folders import CITY, county, kaoping, snapshot
from tests.forking import Forked

if TYPE_CHECKING:
    from pathlib import Path

WORDS = [sys.executable, "-m", "kaoping"]


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    kaoping = f"{sys.executable} -m kaoping"
    return subprocess.run(
        ["bash", "-c", line.replace("KAOPING", kaoping)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def folder(tmp_path):
    return county(tmp_path / "in")


@pytest.fixture
def said(tmp_path, monkeypatch, capsys):
    """A line said in a folder as `shell` says it, in this process: for what no process is needed."""
    monkeypatch.chdir(tmp_path)
    return lambda line: kaoping(capsys, *line.split())


@pytest.mark.parametrize(
    "streams",
    ["2>&1 | head -1 >/dev/null; exit ${PIPESTATUS[0]}", ">&-", "2>&-", "2>/dev/full", ">&- 2>&-"],
)
def test_a_stream_nobody_reads_does_not_stop_the_work(tmp_path, folder, streams):
    ended = shell(f"KAOPING run in --out out {streams}", tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "out" / "report.pdf").stat().st_size > 1000
    assert "Traceback" not in ended.stdout + ended.stderr


def test_a_full_screen_file_is_told_and_the_results_stand(tmp_path, folder):
    ended = shell("KAOPING run in --out out >/dev/full", tmp_path)
    assert ended.returncode == 5
    assert "不受影响" in ended.stderr
    assert (tmp_path / "out" / "report.pdf").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("wait", [0.05, 0.3, 0.9])
def test_a_run_ended_from_outside_leaves_all_or_nothing(tmp_path, folder, number, wait):
    words = [*WORDS, "run", str(folder), "--out", str(tmp_path / "out")]
    running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep(wait)
    running.send_signal(number)
    _, said = running.communicate(timeout=30)
    names = sorted(path.name for path in tmp_path.iterdir())
    if running.returncode == 0:
        assert names == ["in", "out"]
    else:
        # Before the first line of ours runs, the interpreter itself is still starting: interrupted while
        # it imports its own modules it says so and ends with 1.
        is_starting = running.returncode == 1 and b"KeyboardInterrupt" in said
        assert running.returncode in (130, 128 + number, -number) or is_starting, said
        assert names in (["in"], ["in", "out"])
    assert b"_exchange" not in said


def test_a_killed_run_is_cleared_away_by_the_next(tmp_path, folder, said):
    running = Forked(["run", folder, "--out", tmp_path / "out"], os.environ)
    while running.poll() is None and not list(tmp_path.glob(".kaoping-*")):
        time.sleep(0.01)
    running.kill()
    running.communicate(timeout=30)
    assert said("run in --out out").code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def require_one_problem(printed: str) -> None:
    (problem,) = json.loads(printed)
    assert problem["message"]
    assert problem.keys() >= {"code", "severity", "where", "message", "suggestion"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("scheme check nowhere.toml --json", 1),
        (f"scheme check {'长' * 200}.toml --json", 5),
        ("scheme check loop --json", 5),
        (f"scheme read {CITY / 'notice.txt'} --out in --json", 3),
        (f"scheme read {CITY / 'notice.txt'} --out in/scheme.toml --json", 3),
        (f"scheme read {CITY / 'notice.txt'} --out in/scheme.toml/x.toml --json", 3),
        ("package verify in/scheme.toml --json", 4),
    ],
)
def test_an_error_is_one_json_document_too(tmp_path, folder, said, line, code):
    (tmp_path / "loop").symlink_to("back")
    (tmp_path / "back").symlink_to("loop")
    before = snapshot(folder)
    ended = said(line)
    assert ended.code == code, ended.err
    require_one_problem(ended.out)
    assert snapshot(folder) == before


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("KAOPING scheme check nowhere.toml --json", 1),
        (f"KAOPING scheme read {CITY / 'notice.txt'} --out in/scheme.toml --json", 3),
        ("KAOPING package verify in/scheme.toml --json", 4),
    ],
)
def test_an_error_of_a_process_is_one_json_document_too(tmp_path, folder, line, code):
    before = snapshot(folder)
    ended = shell(line, tmp_path)
    assert ended.returncode == code, ended.stderr
    require_one_problem(ended.stdout)
    assert snapshot(folder) == before


def test_an_option_is_written_out_in_full(folder, said):
    ended = said("scheme check in/scheme.toml --js")
    assert ended.code == 2
    assert ended.out == ""


def test_the_scheme_a_person_confirmed_is_not_replaced_by_a_draft(tmp_path, said):
    line = f"scheme read {CITY / 'notice.txt'} --out draft.toml"
    assert said(line).code == 0
    assert said(line).code == 0
    draft = tmp_path / "draft.toml"
    draft.write_text(draft.read_text("utf-8").replace("# points", "points"), encoding="utf-8")
    before = draft.read_bytes()
    ended = said(line)
    assert ended.code == 3
    assert "没有覆盖" in ended.err
    assert draft.read_bytes() == before


@pytest.mark.parametrize("name", ["annex-out", "notice.d", "results.csv", "evidence/x", "."])
def test_an_output_that_the_next_run_would_read_is_refused(tmp_path, folder, said, name):
    before = snapshot(tmp_path)
    ended = said(f"run in --out in/{name}")
    assert ended.code == 3, ended.err
    assert snapshot(tmp_path) == before


def test_an_output_in_the_evidence_behind_a_link_is_refused(tmp_path, folder, said):
    (tmp_path / "real").mkdir()
    (folder / "evidence").symlink_to(tmp_path / "real")
    assert said("run in --out real/x").code == 3


@pytest.mark.parametrize("at", ["1979-12-31T23:59", "2108-01-01T00:00", "9999-12-31T23:59-12:00"])
def test_a_time_no_document_can_hold_is_a_wrong_command(tmp_path, folder, said, at):
    ended = said("run in --out out --at {at}")
    assert ended.code == 2
    assert not (tmp_path / "out").exists()
