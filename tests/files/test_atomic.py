"""Output that is complete or absent: after every failure the old output stands, and nothing else."""

from __future__ import annotations

import errno
import os
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest

from kaoping.core.errors import EnvironmentFault, KaopingError, RefusedError
from kaoping.files.atomic import MARK, whole_folder, write_whole
from tests.cli.folders import snapshot, unchanged
from tests.files.samples import put

OLD = {"report.pdf": b"old report", "scores.json": b"[]"}
NEW = {"report.pdf": b"new report", "sub/part.txt": "新".encode()}


def write(target, files=NEW):
    with whole_folder(target) as scratch:
        for name, content in files.items():
            put(scratch / name, content)


def fail_half_way(target, error):
    with whole_folder(target) as scratch:
        put(scratch / "report.pdf", b"half")
        raise error


def files_of(folder):
    return {name: thing for name, thing in snapshot(folder).items() if isinstance(thing, bytes)}


def is_new(target):
    return files_of(target) == NEW | {MARK: (target / MARK).read_bytes()}


@pytest.fixture
def out(tmp_path):
    """An output of ours in a folder of its own."""
    target = tmp_path / "there" / "out"
    write(target, OLD)
    return target


# --- a folder --------------------------------------------------------------------------------------


def by_turns(patch) -> None:
    """As on a disk that cannot exchange two folders in one step."""
    patch.setattr("kaoping.files.atomic._exchanged_at_once", lambda *_: False)


def test_a_new_folder_holds_exactly_what_was_written(tmp_path):
    write(tmp_path / "a" / "b" / "out")
    assert is_new(tmp_path / "a" / "b" / "out")
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["out"]


def test_an_output_of_ours_is_replaced_as_a_whole(out):
    write(out)
    assert is_new(out)
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_an_empty_folder_is_used(tmp_path):
    (tmp_path / "out").mkdir()
    write(tmp_path / "out")
    assert is_new(tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_others_may_read_the_output(out):
    assert out.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, MemoryError])
def test_an_error_in_the_middle_leaves_the_old_output(out, error):
    with unchanged(out.parent), pytest.raises(error):
        fail_half_way(out, error())


def test_an_error_in_the_middle_leaves_nothing_where_nothing_was(tmp_path):
    with pytest.raises(ValueError, match="half"):
        fail_half_way(tmp_path / "out", ValueError("half"))
    assert snapshot(tmp_path) == {}


def test_while_writing_the_old_output_stands(out):
    before = files_of(out)
    with whole_folder(out) as scratch:
        put(scratch / "report.pdf", b"half")
        assert files_of(out) == before
    assert files_of(out) != before


@pytest.mark.parametrize(
    "foreign", ["scheme.toml", ".hidden", "报告.docx", "sub/deep.txt", f"sub/{MARK}"]
)
def test_a_folder_of_others_is_refused(tmp_path, foreign):
    put(tmp_path / "out" / foreign, b"mine")
    before = snapshot(tmp_path)
    with pytest.raises(RefusedError):
        write(tmp_path / "out")
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("foreign", ["签字扫描件.pdf", "sub/notes.txt", "scheme.toml"])
def test_a_file_put_into_an_output_of_ours_is_not_deleted(out, foreign):
    """Somebody files the signed scan beside the report, or goes on with the draft where it lies."""
    put(out / foreign, b"mine")
    with unchanged(out.parent), pytest.raises(RefusedError):
        write(out)


def test_a_file_where_the_folder_is_due_is_refused(tmp_path):
    put(tmp_path / "out", b"a file")
    before = snapshot(tmp_path)
    with pytest.raises(RefusedError):
        write(tmp_path / "out")
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("aim", ["foreign", "nowhere", "itself"])
def test_a_link_as_output_harms_nothing_behind_it(tmp_path, aim):
    put(tmp_path / "foreign" / "mine.txt", b"mine")
    (tmp_path / "out").symlink_to("out" if aim == "itself" else aim)
    before = snapshot(tmp_path)
    try:
        write(tmp_path / "out")
    except (KaopingError, OSError):
        assert snapshot(tmp_path) == before
    else:
        assert is_new(tmp_path / "out")
        left = {n: t for n, t in snapshot(tmp_path).items() if n.startswith("foreign")}
        assert left == {n: t for n, t in before.items() if n.startswith("foreign")}


def test_a_link_to_an_output_of_ours_still_leads_to_it_afterwards(out):
    """An office links `latest` to the share; the run must not leave an old output behind it."""
    link = out.parent / "latest"
    link.symlink_to("out")
    try:
        write(link)
    except RefusedError:
        assert files_of(out).keys() == OLD.keys() | {MARK}
    else:
        assert is_new(link)
        assert is_new(out)
    assert sorted(path.name for path in out.parent.iterdir()) == ["latest", "out"]


@pytest.mark.parametrize("step", ["mkdtemp", "rename", "fsync"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS])
def test_whatever_the_disk_refuses_the_old_output_stands(out, monkeypatch, step, number):
    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    owner, names = {
        "mkdtemp": (tempfile, ["mkdtemp"]),
        "rename": (os, ["rename", "replace"]),
        "fsync": (os, ["fsync"]),
    }[step]
    with unchanged(out.parent), monkeypatch.context() as patch:
        by_turns(patch)
        for name in names:
            patch.setattr(owner, name, refuse)
        with pytest.raises(EnvironmentFault) as caught:
            write(out)
    assert caught.value.exit_code == 5
    assert str(out) in caught.value.zh
    assert str(out) in caught.value.en


def test_where_the_last_step_fails_the_old_output_comes_back(out, monkeypatch):
    real = os.rename
    refusals: list[object] = []

    def refuse_once(source, goal, **more):
        if str(goal) == str(out) and not refusals:
            refusals.append(source)
            raise OSError(errno.ENOSPC, "full")
        return real(source, goal, **more)

    with unchanged(out.parent), monkeypatch.context() as patch:
        by_turns(patch)
        patch.setattr(os, "rename", refuse_once)
        with pytest.raises(EnvironmentFault):
            write(out)
    assert refusals


def test_interrupted_between_the_two_steps_the_old_output_comes_back(out, monkeypatch):
    real = os.rename

    def interrupt(source, goal, **more):
        if str(goal) == str(out) and "/output" not in str(source):
            raise KeyboardInterrupt
        return real(source, goal, **more)

    with unchanged(out.parent), monkeypatch.context() as patch:
        by_turns(patch)
        patch.setattr(os, "rename", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write(out)


def test_where_the_kernel_cannot_exchange_two_steps_do(out, monkeypatch):
    by_turns(monkeypatch)
    write(out)
    assert is_new(out)
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_what_a_killed_run_left_is_put_in_order_by_the_next(out):
    """Killed between the two steps: the former output lies aside, a half-written one beside it."""
    aside = out.parent / ".kaoping-killed1"
    aside.mkdir()
    out.rename(aside / "output")
    put(out.parent / ".kaoping-killed2" / "report.pdf", b"half")
    with pytest.raises(ValueError, match="stop"), whole_folder(out):
        raise ValueError("stop")
    assert files_of(out).keys() == OLD.keys() | {MARK}
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_the_scratch_of_a_living_run_is_left_alone(tmp_path):
    with whole_folder(tmp_path / "a") as scratch:
        with whole_folder(tmp_path / "b") as other:
            put(other / "x.txt", b"x")
        assert scratch.is_dir()
    assert (tmp_path / "b" / "x.txt").read_bytes() == b"x"


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o2775])
def test_a_replaced_folder_keeps_its_access_rights(out, mode):
    out.chmod(mode)
    write(out)
    assert out.stat().st_mode & 0o7777 == mode


def test_an_empty_folder_of_others_inside_is_not_deleted(out):
    (out / "待签字").mkdir()
    with unchanged(out.parent), pytest.raises(RefusedError) as caught:
        write(out)
    assert "待签字" in caught.value.zh


def test_what_cannot_be_listed_is_not_moved(out, monkeypatch):
    """A subfolder without rights may hold anything; root sees it all, so the refusal is played."""
    (out / "others").mkdir()
    real = os.scandir

    def refuse(path):
        if str(path).endswith("others"):
            raise PermissionError(errno.EACCES, "denied", str(path))
        return real(path)

    with unchanged(out.parent), monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        with pytest.raises(KaopingError) as caught:
            write(out)
    assert caught.value.exit_code in (3, 5)


def test_a_big_file_of_others_is_not_even_read(out):
    with (out / "scan.tif").open("wb") as stream:
        stream.truncate(10**13)
    with pytest.raises(RefusedError):
        write(out)


@pytest.mark.parametrize("name", [".", "..", "../../there"])
def test_the_folder_one_stands_in_is_not_pulled_away(out, monkeypatch, name):
    monkeypatch.chdir(out)
    with unchanged(out.parent), pytest.raises(RefusedError) as caught:
        write(Path(name))
    assert "子文件夹" in caught.value.zh


def test_a_disk_itself_is_refused_at_once(monkeypatch, out):
    monkeypatch.setattr(os.path, "ismount", lambda path: str(path) == str(out))
    with unchanged(out.parent), pytest.raises(RefusedError):
        write(out)


def test_a_folder_locked_by_others_is_waited_for_not_for_ever(out, monkeypatch):
    monkeypatch.setattr("kaoping.files.atomic._PATIENCE", 0)
    with unchanged(out.parent), pytest.raises(EnvironmentFault) as caught:
        write(out)
    assert "稍后" in caught.value.zh


def test_runs_at_the_same_time_end_with_one_whole_output(tmp_path):
    faults: list[BaseException] = []

    def work(mark):
        for turn in range(30):
            text = f"{mark} {turn}".encode()
            try:
                write(tmp_path / "out", {"a": text, "b": text, "c": text})
            except KaopingError as error:
                if not isinstance(error, RefusedError | EnvironmentFault):
                    faults.append(error)
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is a fault
                faults.append(error)

    workers = [threading.Thread(target=work, args=(mark,)) for mark in "甲乙丙丁戊己"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    whole = files_of(tmp_path / "out")
    assert whole["a"] == whole["b"] == whole["c"]
    assert faults == []


# --- a real full disk ------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 64 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("mounting a small disk needs rights this user does not have")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_leaves_the_old_folder(small_disk):
    write(small_disk / "out", OLD)
    before = snapshot(small_disk)
    with pytest.raises(EnvironmentFault):
        write(small_disk / "out", {"a": bytes(20_000), "big": bytes(100_000)})
    assert snapshot(small_disk) == before
    write(small_disk / "out")
    assert is_new(small_disk / "out")


def test_a_full_disk_leaves_the_old_file(small_disk):
    write_whole(small_disk / "scores.csv", b"old")
    before = snapshot(small_disk)
    with pytest.raises(EnvironmentFault):
        write_whole(small_disk / "scores.csv", bytes(100_000))
    assert snapshot(small_disk) == before


def test_a_disk_that_only_reads(small_disk):
    write(small_disk / "out", OLD)
    write_whole(small_disk / "scores.csv", b"old")
    before = snapshot(small_disk)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    for attempt in (
        lambda: write(small_disk / "out"),
        lambda: write(small_disk / "new"),
        lambda: write(small_disk / "deep" / "new"),
        lambda: write_whole(small_disk / "scores.csv", b"new"),
        lambda: write_whole(small_disk / "deep" / "new.csv", b"new"),
    ):
        with pytest.raises(EnvironmentFault):
            attempt()
    assert snapshot(small_disk) == before


# --- a file ----------------------------------------------------------------------------------------


def test_a_link_is_written_through_and_stays(tmp_path):
    real = put(tmp_path / "real.toml", b"old")
    link = tmp_path / "link.toml"
    link.symlink_to("real.toml")
    write_whole(link, b"new")
    assert real.read_bytes() == b"new"
    assert link.is_symlink()


def test_a_replaced_file_keeps_its_access_rights(tmp_path):
    path = put(tmp_path / "x.csv", b"old")
    path.chmod(0o600)
    write_whole(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_device_or_pipe_is_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/null")):
        with pytest.raises(RefusedError):
            write_whole(path, b"x")
    assert pipe.is_fifo()
    assert Path("/dev/null").is_char_device()


def test_a_file_is_written_and_replaced(tmp_path):
    write_whole(tmp_path / "a" / "scores.csv", b"one")
    write_whole(tmp_path / "a" / "scores.csv", b"two")
    assert files_of(tmp_path) == {"a/scores.csv": b"two"}
    assert (tmp_path / "a" / "scores.csv").stat().st_mode & 0o777 == 0o644


def test_a_folder_where_the_file_is_due_is_left_alone(tmp_path):
    put(tmp_path / "scores.csv" / "mine.txt", b"mine")
    before = snapshot(tmp_path)
    with pytest.raises((KaopingError, OSError)):
        write_whole(tmp_path / "scores.csv", b"new")
    assert snapshot(tmp_path) == before


def test_a_file_on_the_way_is_left_alone(tmp_path):
    put(tmp_path / "a", b"a file")
    before = snapshot(tmp_path)
    for attempt in (
        lambda: write_whole(tmp_path / "a" / "s.csv", b"x"),
        lambda: write(tmp_path / "a" / "o"),
    ):
        with pytest.raises((KaopingError, OSError)):
            attempt()
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_whatever_the_disk_refuses_the_old_file_stands(tmp_path, monkeypatch, step, number):
    write_whole(tmp_path / "scores.csv", b"old")
    before = snapshot(tmp_path)

    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, step, refuse)
        with pytest.raises(EnvironmentFault):
            write_whole(tmp_path / "scores.csv", b"new")
    assert snapshot(tmp_path) == before


def test_a_name_longer_than_a_disk_takes(tmp_path):
    for attempt in (
        lambda: write_whole(tmp_path / ("x" * 300 + ".csv"), b"x"),
        lambda: write(tmp_path / ("x" * 300)),
    ):
        with pytest.raises((KaopingError, OSError)):
            attempt()
    assert snapshot(tmp_path) == {}


@pytest.mark.parametrize("length", [76, 80, 84])
def test_a_long_chinese_name_that_a_disk_takes_is_taken(tmp_path, length):
    """A name holds 255 bytes; the scratch name beside it must not need more."""
    name = "考" * length
    write(tmp_path / name)
    write_whole(tmp_path / f"{name[:-1]}.md", b"x")
    write(tmp_path / name)
    assert is_new(tmp_path / name)
