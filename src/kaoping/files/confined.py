"""Work on files of strangers in a process of its own, with little time, memory and no say.

A file made to harm may crash or exhaust the library that reads it. So a fresh Python reads it,
limits itself before it looks at the first byte, and answers in JSON; whatever becomes of it, the
process that asked goes on and no child is left behind. Nothing the child says is executed.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kaoping.core.errors import EnvironmentFault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use.

    Attributes:
        processor: seconds of processor time, its own start (a tenth of a second) included.
        patience: seconds until it is ended in any case, so that a busy machine is no fault.
        memory: bytes of data it may hold.
        answer: bytes of its answer.
        niceness: by how much others go first, 0 to 19.
        written: bytes of any one file it writes, its complaints included.
    """

    processor: int = 4
    patience: int = 20
    memory: int = 280_000_000
    answer: int = 40_000_000
    niceness: int = 0
    written: int = 100_000


LIMITS = Limits()
_ADDRESSES = 500_000_000
"""Bytes of address space beside the data: the program, its libraries and stacks."""
_MOST_COMPLAINTS = 100_000
"""Bytes that are read of what a child says on its standard error."""
_OUT_OF_MEMORY = 77
"""Exit code of a child whose memory ended; no signal and no code of Python itself."""
_PIECE = 65536
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "LC_CTYPE")
"""All of our surroundings that a child gets, for Python to start by: the rest may hold keys and passwords."""

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from kaoping.files.confined import serve; serve(*map(int, sys.argv[2:]))"
)


def confined(
    function: Callable[..., object],
    *arguments: object,
    about: str,
    limits: Limits = LIMITS,
    files: Sequence[IO[bytes]] = (),
) -> object:
    """What a function says of a stranger's file, asked in a process of its own.

    Args:
        function: one of the top level of a module; its result must be fit for JSON.
        arguments: what it is called with; they must be fit for pickle.
        about: the file's name, for messages.
        limits: what it may use.
        files: open files that it shares with us, so that what is large is in nobody's memory twice; the
            arguments name them by their numbers (`fileno`).

    Returns:
        its result as JSON gives it back: lists for tuples.

    Raises:
        InputError: the function's own, or that the file took too much time or memory or broke
            the reading off; what the child wrote then is a note of the error.
        EnvironmentFault: where no process can be started.
    """
    began = time.monotonic()
    with tempfile.TemporaryFile() as request, tempfile.TemporaryFile() as complaints:
        pickle.dump((function, arguments), request)
        request.seek(0)
        child = _started(request, complaints, limits, [one.fileno() for one in files])
        try:
            answer = _heard(child, began + limits.patience, limits.answer)
        except TimeoutError:
            raise _took_too_long(about) from None
        except OverflowError:
            raise _said_too_much(about) from None
        finally:
            _end(child)
        if child.returncode == 0 and (told := _understood(answer)):
            return _result(told)
        complaints.seek(0)
        raise _broken_off(about, child.returncode, complaints.read(_MOST_COMPLAINTS))


def _started(
    request: IO[bytes], complaints: IO[bytes], limits: Limits, shared: Sequence[int]
) -> subprocess.Popen[bytes]:
    """A child, in a session of its own so that it can be ended with all it might have started."""
    numbers = (limits.processor, limits.patience, limits.memory, limits.written, limits.niceness)
    paths = json.dumps([str(Path(path).absolute()) for path in sys.path])
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
            [sys.executable, "-I", "-B", "-c", _START, paths, *map(str, numbers)],
            stdin=request,
            stdout=subprocess.PIPE,
            stderr=complaints,
            cwd="/",
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            pass_fds=shared,
            start_new_session=True,
        )
    except OSError as error:
        raise EnvironmentFault(
            f"现在不能启动读取文件的程序（{error.strerror}）。请稍后再试，或请管理员检查内存和进程数。",
            f"The program that reads files cannot be started ({error.strerror}). Try again later, "
            "or have an administrator look at memory and processes.",
        ) from error


def _heard(child: subprocess.Popen[bytes], until: float, most: int) -> bytes:
    """All a child says before it ends.

    Raises:
        TimeoutError: where it has not ended by then.
        OverflowError: where it says more than `most` bytes.
    """
    assert child.stdout is not None
    said = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while selector.select(max(0.0, until - time.monotonic())):
            piece = os.read(child.stdout.fileno(), _PIECE)
            said += piece
            if len(said) > most:
                raise OverflowError
            if not piece:
                break
        else:
            raise TimeoutError
    try:
        child.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    return bytes(said)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a child with all it started, and take its exit code, so that nothing is left of it."""
    if child.returncode is None:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            child.kill()
    if child.stdout is not None:
        child.stdout.close()
    child.wait()


def _understood(answer: bytes) -> dict[str, object]:
    """An answer's JSON; {} where it is none of ours."""
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) and len(told) == 1 else {}


def _result(told: dict[str, object]) -> object:
    match told:
        case {"refused": [str(zh), str(en)]}:
            raise InputError(zh, en)
        case _:
            return told.get("result")


def _took_too_long(about: str) -> InputError:
    return InputError(
        f"{about}：读取时间过长，已停止。文件可能过大或结构异常，请拆分，或从原来的软件重新导出后再试。",
        f"{about}: reading took too long and was stopped. The file may be too large or strangely "
        "built. Split it, or export it anew.",
    )


def _said_too_much(about: str) -> InputError:
    return InputError(
        f"{about}：文件里的文字过多，已停止读取。请确认选对了文件，或拆分后再试。",
        f"{about}: it holds too much text, so reading was stopped. Check that it is the right "
        "file, or split it.",
    )


def _broken_off(about: str, code: int, complaints: bytes) -> InputError:
    """Why a child ended without an answer, with its own words as a note for who looks into it."""
    if -code in (signal.SIGXCPU, signal.SIGKILL, signal.SIGALRM):
        error = _took_too_long(about)
    elif code == _OUT_OF_MEMORY:
        error = InputError(
            f"{about}：读取需要的内存过多，已停止。文件可能过大或结构异常，请拆分，或重新导出后再试。",
            f"{about}: reading needs too much memory and was stopped. The file may be too large or "
            "strangely built. Split it, or export it anew.",
        )
    else:
        error = InputError(
            f"{about}：读取中断，文件可能已损坏，或需要的内存过多。请从原来的软件重新导出后再试。",
            f"{about}: reading broke off. The file may be damaged, or need too much memory. "
            "Export it anew.",
        )
    error.add_note(f"exit code {code}\n{complaints.decode(errors='replace')}".strip())
    return error


# --- in the child --------------------------------------------------------------------------------


def serve(processor: int, patience: int, memory: int, written: int, niceness: int) -> None:
    """The child's whole life: limit itself, read what is asked, answer.

    Args:
        processor: seconds of processor time.
        patience: seconds until it ends itself, should nobody else.
        memory: bytes of data.
        written: bytes of any one file.
        niceness: by how much others go first.
    """
    os.nice(niceness)
    _confine(processor, patience, memory, written)
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is a complaint and no answer
    try:
        function, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 - our parent's words
        told = _told(function, arguments)
        with answer:
            answer.write(json.dumps(told).encode())
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)  # whatever cleans up would need memory, too
    sys.stderr.flush()
    os._exit(0)  # a file may have left a library in a state that it cannot leave in peace


def _confine(processor: int, patience: int, memory: int, written: int) -> None:
    """Limits of the kernel, which nothing in a file can talk away."""
    signal.alarm(patience + 1)  # ends the child even where its parent was ended before
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_AS, memory + _ADDRESSES),
        (resource.RLIMIT_DATA, memory),
    ):
        resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))


def _told(function: Callable[..., object], arguments: tuple[object, ...]) -> dict[str, object]:
    try:
        return {"result": function(*arguments)}
    except InputError as error:
        return {"refused": [error.zh, error.en]}
