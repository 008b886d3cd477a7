"""Large work of our own in processes that end afterwards, so that all of their memory is given back."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from kaoping.core.errors import EnvironmentFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Ask = Callable[..., Any]

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from kaoping.files.alone import serve; serve()"
)


@contextmanager
def alone(prepare: Callable[[], object]) -> Iterator[Ask]:
    """A way to ask functions, each in a process of its own, one after the other.

    Args:
        prepare: done once, for all of them; it must start no thread.

    Yields:
        What takes a function of the top level of a module and its arguments, all fit for pickle, and gives
        what the function says. It raises EnvironmentFault as the function does, or where its process was
        ended, which is mostly for lack of memory; and CalledProcessError for any other error of the
        function, which its process has printed.
    """
    with subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
        [sys.executable, "-c", _START, json.dumps(sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        requests, answers = child.stdin, child.stdout

        def ask(function: Callable[..., object], *arguments: object) -> object:
            try:
                pickle.dump((function, arguments), requests)
                requests.flush()
                code, answer = pickle.load(answers)  # noqa: S301 - our own child's words
            except (EOFError, BrokenPipeError):  # it ended before it could answer
                code, answer = child.wait() or 1, b""
            return _understood(code, answer)

        try:
            pickle.dump(prepare, requests)
            yield ask
        finally:
            child.kill()
            with suppress(BrokenPipeError):
                requests.close()


def _understood(code: int, answer: bytes) -> object:
    if code < 0:
        raise EnvironmentFault(
            "生成文件的进程被系统中止，多半是内存不足，没有生成。请关闭其他程序后重试，或请管理员增加内存。",
            "The process that makes the document was ended by the system, most likely for lack of memory; "
            "nothing was made. Close other programs and try again.",
        )
    if code:
        raise subprocess.CalledProcessError(code, [sys.executable])
    told, is_fault = pickle.loads(answer)  # noqa: S301 - our own child's words
    if is_fault:
        raise EnvironmentFault(*told)
    return told


# --- in the child ----------------------------------------------------------------------------------


def serve() -> None:
    """The child's whole life: get ready, and fork for each question, so that nothing of it stays."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    pickle.load(requests)()  # noqa: S301 - our parent's words
    while True:
        try:
            function, arguments = pickle.load(requests)  # noqa: S301 - our parent's words
        except EOFError:
            return
        pickle.dump(_forked(function, arguments), answers)
        answers.flush()


def _forked(function: Callable[..., object], arguments: tuple[object, ...]) -> tuple[int, bytes]:
    """The exit code of a fork that asks the function, below zero the signal; and what it says."""
    heard, said = os.pipe()
    number = os.fork()
    if not number:
        os.close(heard)
        _answer(said, function, arguments)
    os.close(said)
    with os.fdopen(heard, "rb") as answer:
        content = answer.read()
    _, status = os.waitpid(number, 0)
    return os.waitstatus_to_exitcode(status), content


def _answer(said: int, function: Callable[..., object], arguments: tuple[object, ...]) -> None:
    """In the fork, which ends here."""
    code = 1
    try:
        try:
            told, is_fault = function(*arguments), False
        except EnvironmentFault as fault:
            told, is_fault = (fault.zh, fault.en), True
        with os.fdopen(said, "wb") as answer:
            pickle.dump((told, is_fault), answer)
        code = 0
    finally:
        if code:
            sys.excepthook(*sys.exc_info())
        os._exit(code)
