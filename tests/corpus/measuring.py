"""What is read of the corpus and found in it: the figures of the tests and of `make bench`.

`seen` was looked at while the rules were written, `unseen` was not. Each notice `NAME.txt` is in
order; `NAME.toml` holds the facts a careful person reads from it, `NAME.mutations.toml` defects
planted in it one at a time.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.core.notice.reading import read_notice
from kaoping.core.notice_check.checking import check_notice
from kaoping.files.holidays import holiday_calendar
from tests.core.notice.facts import Facts, expected_facts, lines_of, read_facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaoping.core.notice.reading import Notice
    from kaoping.core.problems import Problem, Severity

CORPUS = Path(__file__).parent
HALVES = ("seen", "unseen")


@dataclass(frozen=True)
class Mutation:
    """A defect planted in a notice that is in order; `plants` is the code that must be found."""

    notice: str
    name: str
    plants: str
    also: tuple[str, ...]
    replace: tuple[tuple[str, str], ...]


def names_in(half: str) -> list[str]:
    """The notices of a half."""
    folder = CORPUS / half
    return sorted(p.stem for p in folder.glob("*.txt") if (folder / f"{p.stem}.toml").exists())


@cache
def mutations_in(half: str) -> tuple[Mutation, ...]:
    """The defects of a half."""
    return tuple(
        Mutation(
            name,
            row["name"],
            row["plants"],
            tuple(row["also"]),
            tuple((old, new) for old, new in row["replace"]),
        )
        for name in names_in(half)
        for row in tomllib.loads(
            (CORPUS / half / f"{name}.mutations.toml").read_text(encoding="utf-8")
        )["mutation"]
    )


@cache
def annex_files(name: str, half: str) -> tuple[str, ...]:
    """Names under which the annexes of a notice would be handed in with it."""
    table = tomllib.loads((CORPUS / half / f"{name}.toml").read_text(encoding="utf-8"))
    return tuple(f"附件{row['number']}.docx" for row in table["annexes"])


def problems_of(lines: list[str], annexes: Sequence[str]) -> tuple[Problem, ...]:
    """All that is found in a text."""
    return check_notice(read_notice(lines), holiday_calendar(), annexes)


@cache
def sound_notice(name: str, half: str) -> Notice:
    """A notice that is in order, read once for all that is measured of it."""
    return read_notice(lines_of(name, CORPUS / half))


@cache
def problems_in_sound(name: str, half: str) -> tuple[Problem, ...]:
    """What is found in a notice that is in order: false alarms of severity A and B."""
    return check_notice(sound_notice(name, half), holiday_calendar(), annex_files(name, half))


def new_problems(mutation: Mutation, half: str) -> list[Problem]:
    """What is found in the notice with the defect and not in the one without."""
    text = "\n".join(lines_of(mutation.notice, CORPUS / half))
    for old, new in mutation.replace:
        assert text.count(old) == 1, (mutation.notice, mutation.name, old)
        text = text.replace(old, new)
    before = {(p.code, p.message) for p in problems_in_sound(mutation.notice, half)}
    after = problems_of(text.split("\n"), annex_files(mutation.notice, half))
    return [problem for problem in after if (problem.code, problem.message) not in before]


def is_found(mutation: Mutation, half: str) -> bool:
    """Whether the defect is found under its own code."""
    return any(problem.code == mutation.plants for problem in new_problems(mutation, half))


def facts_of(name: str, half: str) -> tuple[Facts, Facts]:
    """The facts a person reads, and those read by the program."""
    expected = expected_facts(name, CORPUS / half)
    return expected, read_facts(sound_notice(name, half))


def false_alarms(half: str, severity: Severity) -> dict[str, int]:
    """How many problems of a severity each notice in order raises."""
    return {
        name: sum(p.severity is severity for p in problems_in_sound(name, half))
        for name in names_in(half)
    }
