"""Checking what a scheme means: every contradiction and gap, before anyone works (P06).

`check_scheme` lists all problems at once: the faults of form found while reading, those of meaning,
and those of its dates. A problem named by `[[accepted]]` stays in the list, marked. Nothing is
corrected.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kaoping.core.check.offices import OFFICES
from kaoping.core.check.points import POINTS
from kaoping.core.check.references import REFERENCES, check_ids
from kaoping.core.fields import UNKNOWN_KEY
from kaoping.core.problems import Problem
from kaoping.core.schedule import check_scheme_dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kaoping.core.calendar import Calendar
    from kaoping.core.fields import Findings
    from kaoping.core.scheme import Accepted, Loaded, Scheme


_CHECKS = (*REFERENCES, *POINTS, *OFFICES)


def check_scheme(loaded: Loaded, calendar: Calendar) -> tuple[Problem, ...]:
    """All problems of a scheme, accepted ones marked; in the order of the file, form first."""
    scheme = loaded.scheme
    if scheme is None:
        return loaded.problems
    found = [*loaded.problems]
    for check in _CHECKS:
        found.extend(check(scheme))
    found.extend(check_scheme_dates(scheme, calendar))
    unique = dict.fromkeys(_without_echoes(found, loaded.findings))
    unclear = _unclear(loaded.problems, scheme)
    return tuple(_mark_accepted(unique, scheme.accepted, unclear))


def unclear_problems(loaded: Loaded) -> frozenset[Problem]:
    """Problems that nobody can accept, only mend: nobody has said what is to be scored."""
    if loaded.scheme is None:
        return frozenset(loaded.problems)
    return frozenset(_unclear(loaded.problems, loaded.scheme))


def _without_echoes(problems: Iterable[Problem], findings: Findings) -> Iterator[Problem]:
    """Leave out what a check says about a value that is itself only a stand-in."""
    reported = set(findings.problems)
    for problem in problems:
        where = problem.where
        echoes = findings.is_broken(where) or findings.is_inside_broken(where)
        if problem in reported or not (echoes or _sums_stand_ins(problem, findings)):
            yield problem


def _sums_stand_ins(problem: Problem, findings: Findings) -> bool:
    """Whether a sum is wrong only because its tasks are missing, or points in them unreadable."""
    tasks = problem.where.removesuffix(".points") + ".task"
    return problem.code == "POINTS-SUM" and any(
        place == tasks or (place.startswith(f"{tasks}[") and place.endswith("].points"))
        for place in findings.broken
    )


def _unclear(of_form: Iterable[Problem], scheme: Scheme) -> set[Problem]:
    """Problems of what is scored: values that could not be read, and names that mean two things.

    Of the first a stand-in would be scored, of the second one of the two. A key nobody knows is
    neither: nothing is scored from it.
    """
    unread = {problem for problem in of_form if problem.code != UNKNOWN_KEY}
    return unread | set(check_ids(scheme))


def _mark_accepted(
    problems: Iterable[Problem], accepted: Iterable[Accepted], unclear: set[Problem]
) -> Iterator[Problem]:
    """Mark what a person accepted, but for `unclear` ones: nobody has said what is to be scored."""
    words = {(row.code, row.where): f"{row.reason}（{row.by}）" for row in accepted}
    unused = dict(words)
    to_mend = set[tuple[str, str]]()
    for problem in problems:
        place = (problem.code, problem.where)
        if place in words and problem not in unclear:
            unused.pop(place, None)
            yield replace(problem, accepted=True, acceptance=words[place])
            continue
        if place in words:
            to_mend.add(place)
        yield problem
    for code, where in unused:
        if (code, where) in to_mend:
            message = f"问题 {code}（{where}）不能接受，只能改正：计分所用的内容必须明确"
            hint = "请按该问题的提示改正，再删去这一条"
        else:
            message = f"所接受的问题 {code}（{where}）并未出现"
            hint = "请核对代码与位置；问题已经改正的，删去这一条"
        yield Problem("ACCEPTED-UNUSED", f"accepted[{code} {where}]", message, hint)
