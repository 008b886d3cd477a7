"""What a child does in the worst case; functions here run in it, so they stand at the top level."""

from __future__ import annotations

import ctypes
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kaoping.core.errors import EnvironmentFault, InputError
from kaoping.files import confined as module
from kaoping.files.confined import Limits, confined

SOON = Limits(processor=1, patience=2)
MEGABYTE = 1_000_000


def echo(*arguments):
    return [*map(str, arguments)]


def describe(content: bytes, name: str):
    return {"length": len(content), "name": name, "none": None, "half": 0.5}


def refuse():
    raise InputError("不行。请改。", "No. Correct it.")


def stumble():
    raise ValueError("a bug of the reader")


def spin():
    while True:
        pass


def wait_for_ever():
    threading.Event().wait()


def devour(megabytes: int):
    return len([bytearray(MEGABYTE) for _ in range(megabytes)])


def devour_in_c():
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    return bool(libc.malloc(ctypes.c_size_t(10**10)))


def fall():
    ctypes.string_at(0)


def recurse():
    return recurse()


def die(code: int):
    os._exit(code)


def talk(megabytes: int):
    return "啊" * megabytes * MEGABYTE


def chatter():
    for _ in range(1000):
        os.write(1, b'{"result": "a lie"}\n')
        sys.stdout.write('{"result": "another"}\n')
    return "the truth"


def complain(megabytes: int):
    sys.stderr.write("啊" * megabytes * MEGABYTE)
    return "done"


def fill_disk(folder: str):
    Path(folder, "file").write_bytes(bytes(100 * MEGABYTE))


def no_json():
    return {1, 2}


def lie():
    os.write(3, b"[" * 100_000)
    os._exit(0)


def limits():
    return [resource.getrlimit(what) for what in (resource.RLIMIT_CPU, resource.RLIMIT_CORE)]


def start_a_child():
    subprocess.Popen(["sleep", "987"])
    threading.Event().wait()


def open_files() -> int:
    return len([*Path("/proc/self/fd").iterdir()])


def surroundings():
    return [Path.cwd().as_posix(), os.getpid(), open_files()]


def environment():
    return dict(os.environ)


def children(parent: int) -> set[int]:
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parts = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(parts[1]) == parent:
                found.add(int(folder.name))
    return found


def is_running(process: int) -> bool:
    """Whether a process runs; one that only waits to be taken notice of does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture(autouse=True)
def _leaves_nothing():
    """No child, no zombie and no open file is left, whatever happened."""
    before, files = children(os.getpid()), open_files()
    yield
    assert children(os.getpid()) <= before
    assert open_files() == files


def refusal(function, *arguments, limits=module.LIMITS) -> InputError:
    with pytest.raises(InputError) as caught:
        confined(function, *arguments, about="附件.pdf", limits=limits)
    assert caught.value.zh.startswith("附件.pdf：")
    assert caught.value.en.startswith("附件.pdf: ")
    return caught.value


def test_a_result_comes_back_as_json_has_it():
    assert confined(echo, 1, "二", about="a") == ["1", "二"]
    told = confined(describe, bytes(9_000_000), "名", about="a")
    assert told == {"length": 9_000_000, "name": "名", "none": None, "half": 0.5}


def test_nothing_is_a_result_too():
    assert confined(time.sleep, 0, about="a") is None


def test_the_functions_own_refusal_comes_back():
    with pytest.raises(InputError) as caught:
        confined(refuse, about="a")
    assert (caught.value.zh, caught.value.en) == ("不行。请改。", "No. Correct it.")


def test_a_bug_is_a_refusal_with_a_note_for_who_looks_into_it():
    error = refusal(stumble)
    assert "读取中断" in error.zh
    assert "ValueError: a bug of the reader" in error.__notes__[0]


@pytest.mark.slow
def test_too_much_thinking_is_stopped():
    began = time.perf_counter()
    assert "时间过长" in refusal(spin, limits=SOON).zh
    assert time.perf_counter() - began < 1.9


@pytest.mark.slow
def test_too_much_waiting_is_stopped():
    began = time.perf_counter()
    assert "时间过长" in refusal(wait_for_ever, limits=Limits(processor=9, patience=1)).zh
    assert time.perf_counter() - began < 1.9


def test_too_much_memory_is_stopped():
    assert "内存过多" in refusal(devour, 500).zh
    assert confined(devour, 100, about="a") == 100


def test_a_library_gets_no_more_memory_either():
    assert confined(devour_in_c, about="a") is False


@pytest.mark.parametrize(
    ("function", "arguments"),
    [(fall, ()), (os.abort, ()), (die, (3,)), (die, (0,)), (recurse, ()), (no_json, ()), (lie, ())],
)
def test_a_crash_is_a_refusal(function, arguments):
    assert "读取中断" in refusal(function, *arguments).zh


def test_an_answer_has_its_limits():
    assert "文字过多" in refusal(talk, 2, limits=Limits(answer=MEGABYTE)).zh
    assert len(str(confined(talk, 2, about="a"))) == 2 * MEGABYTE


def test_what_a_library_prints_is_no_answer():
    assert confined(chatter, about="a") == "the truth"


def test_complaints_do_not_fill_the_disk(tmp_path):
    assert "读取中断" in refusal(complain, 5).zh
    assert "读取中断" in refusal(fill_disk, str(tmp_path)).zh
    assert (tmp_path / "file").stat().st_size <= MEGABYTE


def test_a_child_has_its_limits():
    assert confined(limits, about="a", limits=Limits(processor=7)) == [[7, 8], [0, 0]]


def test_our_open_files_are_not_a_childs():
    with Path(__file__).open("rb") as one:
        os.set_inheritable(one.fileno(), True)
        told = confined(surroundings, about="a")
    assert isinstance(told, list)
    folder, process, files = told
    assert folder == "/"
    assert process != os.getpid()
    assert files <= 6


def test_our_keys_are_not_a_childs(monkeypatch):
    secrets = ("AWS_SECRET_ACCESS_KEY", "KAOPING_SECRET_KEY", "KAOPING_DATABASE", "PYTHONSTARTUP")
    for name in secrets:
        monkeypatch.setenv(name, "only-the-platform-knows")
    monkeypatch.setenv("LANG", "C.UTF-8")
    told = confined(environment, about="a")
    assert isinstance(told, dict)
    assert told["LANG"] == "C.UTF-8"
    assert not {*secrets} & told.keys()
    assert "only-the-platform-knows" not in str(told)
    assert told.keys() <= {"PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "LC_CTYPE"}


@pytest.mark.slow
def test_what_a_child_started_ends_with_it():
    refusal(start_a_child, limits=Limits(processor=9, patience=1))
    time.sleep(0.2)
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            assert words != b"sleep\0987\0"


@pytest.mark.slow
def test_an_interrupted_caller_leaves_no_child():
    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            confined(wait_for_ever, about="a")
    finally:
        signal.signal(signal.SIGALRM, before)


@pytest.mark.slow
def test_a_child_whose_parent_was_killed_ends_by_itself():
    code = (
        "import sys, json; sys.path[:] = json.loads(sys.argv[1])\n"
        "from tests.files.test_confined import wait_for_ever\n"
        "from kaoping.files.confined import Limits, confined\n"
        "print('up', flush=True)\n"
        "confined(wait_for_ever, about='a', limits=Limits(processor=1, patience=1))\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, json.dumps(sys.path)], stdout=subprocess.PIPE
    )
    assert parent.stdout
    assert parent.stdout.readline() == b"up\n"
    time.sleep(0.5)
    orphans = children(parent.pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert orphans
    until = time.monotonic() + 4
    while any(is_running(orphan) for orphan in orphans):
        assert time.monotonic() < until
        time.sleep(0.1)


def test_many_at_once_do_not_mix():
    found: dict[int, object] = {}

    def ask(number: int) -> None:
        found[number] = confined(echo, number, about="a")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: [str(number)] for number in range(12)}


def test_where_no_process_can_be_started_it_is_the_machines_fault(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(EnvironmentFault):
        confined(echo, about="a")


def test_a_function_that_is_not_of_a_module_is_a_bug():
    with pytest.raises((AttributeError, pickle.PicklingError)):
        confined(lambda: 1, about="a")
