"""Large work of our own in a process that ends afterwards, so that all of its memory is given back."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from kaoping.core.errors import EnvironmentFault

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from kaoping.files.alone import answer; answer()"
)


def alone(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What a function says, asked in a process of its own.

    Args:
        function: one of the top level of a module, whose result is fit for pickle.
        *arguments: what it is called with, fit for pickle.
        **named: likewise, by name.

    Raises:
        EnvironmentFault: the function's own, or that the process was ended, which is mostly for lack of memory.
        CalledProcessError: any other error of the function, which the process has printed.
    """
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own words
        [sys.executable, "-c", _START, json.dumps(sys.path)],
        input=pickle.dumps((function, arguments, named)),
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode < 0:
        raise EnvironmentFault(
            "生成文件的进程被系统中止，多半是内存不足，没有生成。请关闭其他程序后重试，或请管理员增加内存。",
            "The process that makes the document was ended by the system, most likely for lack of memory; "
            "nothing was made. Close other programs and try again.",
        )
    done.check_returncode()
    told, is_fault = pickle.loads(done.stdout)  # noqa: S301 - our own child's words
    if is_fault:
        raise EnvironmentFault(*told)
    return cast(T, told)


def answer() -> None:
    """The child's whole life: hear what is asked, and say it."""
    function, arguments, named = pickle.load(sys.stdin.buffer)  # noqa: S301 - our parent's words
    try:
        told, is_fault = function(*arguments, **named), False
    except EnvironmentFault as fault:
        told, is_fault = (fault.zh, fault.en), True
    pickle.dump((told, is_fault), sys.stdout.buffer)
