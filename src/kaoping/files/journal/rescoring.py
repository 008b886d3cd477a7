"""Scoring anew from the scheme and the tables, against what the journal says (layer X)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping import __version__
from kaoping.core.acts.keeping import RunComputed
from kaoping.core.acts.scoring import ScoresProposed
from kaoping.core.acts.setting_up import UnitRegistered
from kaoping.core.canonical import plain, sha256
from kaoping.core.errors import TamperError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from pathlib import Path

    from kaoping.core.acts.envelope import Act
    from kaoping.core.scheme import Scheme
    from kaoping.core.scoring.scores import Scores

ENGINE = f"kaoping {__version__}"
"""The version of the engine, as acts and manifests name it."""

Said = tuple[str, str]


class NothingToCompare(Exception):  # noqa: N818 - no error: there is nothing to say passed about
    """Why scores could not be judged, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class ScoredTables:
    """The files that scores are computed from."""

    scheme: Path
    results: Path
    deductions: Path | None = None
    decisions: Path | None = None


@dataclass(frozen=True, slots=True)
class _Compared:
    """One thing the journal says was scored: whether it is so, who computed it, and the words."""

    agrees: bool
    engine: str
    zh: str
    en: str


def scores_content(scheme: Scheme, scores: Scores) -> bytes:
    """`scores.json`: all scores, exact; its digest stands in the act `run.computed`."""
    from kaoping.core.scoring.scores import score_rows  # noqa: PLC0415 - as below

    rows = score_rows(scheme, scores)
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


def rescored(tables: ScoredTables) -> Callable[[Sequence[Act]], Said]:
    """What judges the acts of a journal by scores computed anew.

    What it gives raises `NothingToCompare` where nothing could be compared, or where the only
    differences are by another engine: nobody may take that for passed.

    Raises:
        InputError: where the scheme or a table cannot be read.
    """
    # Nobody else who verifies waits for what reads notices and scores to be loaded.
    from kaoping.core.scoring.assessment import score  # noqa: PLC0415
    from kaoping.files.batch import read_entries, require_scheme  # noqa: PLC0415

    scheme, _ = require_scheme(tables.scheme)
    entries, _ = read_entries(scheme, tables.results, tables.deductions, tables.decisions)
    scores = score(scheme, entries)
    digest = sha256(scores_content(scheme, scores))
    points = {key: row.published for key, row in scores.tasks.items()}
    return lambda acts: _judged([*_runs(acts, digest), *_lines(acts, points)])


def _judged(compared: Sequence[_Compared]) -> Said:
    """The verdict over everything that was compared.

    Raises:
        TamperError: where this engine itself gives something else.
        NothingToCompare: where there is nothing, or only another engine's work that differs.
    """
    differing = [one for one in compared if not one.agrees]
    own = [one for one in differing if one.engine in {ENGINE, ""}]
    if own:
        raise TamperError(
            f"复算得分不符：{own[0].zh}。请核对方案、数据和日志是否为同一套。",
            f"Scoring anew gives something else: {own[0].en}. Compare scheme, tables and journal.",
        )
    if differing:
        one = differing[0]
        raise NothingToCompare(
            f"日志称由“{one.engine}”计算，本程序是 {ENGINE}，复算不同：{one.zh}。请用同一版本复算",
            f"computed by “{one.engine}”, this is {ENGINE}, which differs: {one.en}",
        )
    if not compared:
        raise NothingToCompare("日志中没有可以复算的得分", "the journal has no scores to compare")
    return f"{len(compared)} 处得分复算相符", f"{len(compared)} scores agree"


def _runs(acts: Sequence[Act], digest: str) -> Iterator[_Compared]:
    for act in acts:
        if isinstance(act.content, RunComputed):
            found = act.content.scores
            yield _Compared(
                found == digest,
                act.content.engine,
                f"批量计算 {act.id} 的得分摘要应为 {digest[:16]}，实为 {found[:16]}",
                f"run {act.id} has scores {found[:16]}, not {digest[:16]}",
            )


def _lines(
    acts: Sequence[Act], points: Mapping[tuple[str, str], Decimal | None]
) -> Iterator[_Compared]:
    """The lines of sheets in force; those judged by a person (no engine) only where computed, too."""
    codes = {
        act.subject: act.content.code for act in acts if isinstance(act.content, UnitRegistered)
    }
    in_force: dict[tuple[str, str], tuple[Decimal, str]] = {}
    for act in acts:
        if isinstance(act.content, ScoresProposed):
            for line in act.content.lines:
                in_force[line.unit, line.task] = line.points, act.content.engine
    for (unit, task), (proposed, engine) in in_force.items():
        computed = points.get((codes.get(unit, unit), task))
        due = "不在方案和结果中" if computed is None else f"应为 {plain(computed)} 分"
        yield _Compared(
            computed == proposed,
            engine,
            f"{codes.get(unit, unit)} {task} {due}，日志为 {plain(proposed)} 分",
            f"{codes.get(unit, unit)} {task}: computed {computed}, the journal says {proposed}",
        )
