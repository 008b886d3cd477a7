"""Scoring anew from the scheme and the tables, against what the journal says (layer X)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kaoping import __version__
from kaoping.core.canonical import plain, sha256
from kaoping.core.errors import TamperError
from kaoping.core.scoring.assessment import score
from kaoping.core.scoring.scores import score_rows
from kaoping.files.batch import read_entries, require_scheme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from pathlib import Path

    from kaoping.core.scheme import Scheme
    from kaoping.core.scoring.scores import Scores

ENGINE = f"kaoping {__version__}"
"""The version of the engine, as acts and manifests name it."""

Said = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ScoredTables:
    """The files that scores are computed from."""

    scheme: Path
    results: Path
    deductions: Path | None = None
    decisions: Path | None = None


def scores_content(scheme: Scheme, scores: Scores) -> bytes:
    """`scores.json`: all scores, exact; its digest stands in the act `run.computed`."""
    rows = score_rows(scheme, scores)
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


def rescored(tables: ScoredTables) -> Callable[[Sequence[Mapping[str, Any]]], Said]:
    """What judges the acts of a journal by scores computed anew.

    Raises:
        InputError: where the scheme or a table cannot be read.
    """
    scheme, _ = require_scheme(tables.scheme)
    entries, _ = read_entries(scheme, tables.results, tables.deductions, tables.decisions)
    scores = score(scheme, entries)

    def judge(acts: Sequence[Mapping[str, Any]]) -> Said:
        digest = sha256(scores_content(scheme, scores))
        points = {key: row.published for key, row in scores.tasks.items()}
        differing = [*_differing_runs(acts, digest), *_differing_lines(acts, points)]
        same_engine = [text for text, engine in differing if engine == ENGINE]
        if same_engine:
            zh, en = same_engine[0]
            raise TamperError(
                f"复算得分不符：{zh}。请核对方案、数据和日志是否为同一套。",
                f"Scoring anew gives something else: {en}. Compare scheme, tables and journal.",
            )
        if differing:
            zh, en = differing[0][0]
            return (
                f"注意：由另一版本（{differing[0][1]}）计算，复算不同：{zh}",
                f"note: computed by {differing[0][1]}, scoring anew differs: {en}",
            )
        return f"{len(points)} 个任务得分复算相符", f"{len(points)} task scores agree"

    return judge


def _differing_runs(acts: Sequence[Mapping[str, Any]], digest: str) -> Iterator[tuple[Said, str]]:
    for act in acts:
        content = act["content"]
        if act["type"] == "run.computed/1" and content["scores"] != digest:
            text = (
                f"批量计算 {act['id']} 的得分摘要应为 {digest[:16]}，实为 {content['scores'][:16]}",
                f"run {act['id']} has scores {content['scores'][:16]}, not {digest[:16]}",
            )
            yield text, content["engine"]


def _differing_lines(
    acts: Sequence[Mapping[str, Any]], points: Mapping[tuple[str, str], Decimal | None]
) -> Iterator[tuple[Said, str]]:
    """The lines in force of sheets whose points were computed, not judged."""
    codes = {
        act["subject"]: act["content"]["code"] for act in acts if act["type"] == "unit.registered/1"
    }
    in_force: dict[tuple[str, str], tuple[str, str]] = {}
    for act in acts:
        if act["type"] == "scores.proposed/1":
            for line in act["content"]["lines"]:
                unit = codes.get(line["unit"], line["unit"])
                in_force[unit, line["task"]] = line["points"], act["content"]["engine"]
    for key, (proposed, engine) in in_force.items():
        computed = points.get(key)
        if engine and computed is not None and plain(computed) != proposed:
            text = (
                f"{key[0]} {key[1]} 应为 {plain(computed)} 分，日志为 {proposed} 分",
                f"{key[0]} {key[1]} scores {plain(computed)}, the journal says {proposed}",
            )
            yield text, engine
