"""The families of errors, by who must act.

* `InputError`: the writer of the input corrects it; it carries *all* problems with their places.
* `RefusedError`: well formed, but the rules say no.
* `TamperError`: stored things disagree; stop and alarm, never retry or soften.
* `EnvironmentFault`: the machine lacks something (disk, permission, fonts).

Every error speaks Chinese and English and says what to do next. `kaoping.cli.main` is the only
place that catches them all and turns them into exit codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kaoping.core.problems import Problem


class KaopingError(Exception):
    """An expected failure with a stable `code`, a Chinese and an English sentence.

    Args:
        zh: what is wrong and what to do next, in Chinese.
        en: the same in English.
        problems: everything found wrong in the input, each with its place.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 70

    def __init__(self, zh: str, en: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en
        self.problems = tuple(problems)


class InputError(KaopingError):
    """What was handed in must be corrected by the one who wrote it."""

    code = "input"
    exit_code = 1


class UsageError(KaopingError):
    """The command itself was written wrongly."""

    code = "usage"
    exit_code = 2


class RefusedError(KaopingError):
    """Well formed, but the rules do not allow it now."""

    code = "refused"
    exit_code = 3


class TamperError(KaopingError):
    """Stored things disagree with each other: somebody or something changed them."""

    code = "tamper"
    exit_code = 4


class EnvironmentFault(KaopingError):  # noqa: N818 - the fault is the machine's, not the input's
    """The machine lacks something: disk space, a permission, a font."""

    code = "environment"
    exit_code = 5


class DiskFullFault(EnvironmentFault):
    """The disk takes nothing more: whoever sends can go on once there is room."""
