"""Where the units stand in total, in words: totals of each group, grades, who is barred from awards (P16)."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from kaoping.core.report.assessed import counts, mean_of, some_names
from kaoping.core.report.document import Paragraph, figure
from kaoping.core.scoring.scores import ScoreState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from kaoping.core.report.assessed import Assessed
    from kaoping.core.scoring.scores import UnitTotal


def standing(assessed: Assessed) -> Iterator[Paragraph]:
    """A paragraph for each group of units, and one of those barred from awards."""
    for group, units in groupby(assessed.units, lambda unit: unit.group):
        totals = [(unit.name, total) for unit in units if (total := assessed.total(unit))]
        if totals:
            opening = f"{group}：" if assessed.has_groups and group else ""
            yield Paragraph(opening + _totals_sentences(assessed, totals))
    barred = [
        unit.name
        for unit in assessed.units
        if (total := assessed.total(unit)) and total.awards_barred
    ]
    if barred:
        yield Paragraph(f"取消评先评优资格的：{'、'.join(barred)}。")


def _totals_sentences(assessed: Assessed, totals: Sequence[tuple[str, UnitTotal]]) -> str:
    points = {
        name: total.published
        for name, total in totals
        if total.published is not None and counts(total)
    }
    waiting = sum(total.published is None for _, total in totals)
    if not points:
        return "各单位总分待定。" if waiting > 1 else f"{totals[0][0]}总分待定。"
    open_ones = sum(total.state is ScoreState.PROVISIONAL for _, total in totals)
    tail = f"其中{open_ones}个单位的总分为暂定。" if open_ones else ""
    tail += f"另有{waiting}个单位总分待定。" if waiting else ""
    average = mean_of((total for _, total in totals), assessed.scheme.places)
    return _ends_sentence(points, average) + _grades_sentence(assessed, totals) + tail


def _ends_sentence(points: Mapping[str, Decimal], average: Decimal | None) -> str:
    best, worst = max(points.values()), min(points.values())
    if len(points) == 1 or average is None:
        return f"{next(iter(points))}总分{figure(best)}分。"
    if best == worst:
        return f"{len(points)}个单位总分均为{figure(best)}分。"
    ends = "，".join(
        f"{word}{figure(value)}分（{some_names([n for n, one in points.items() if one == value])}）"
        for word, value in (("最高", best), ("最低", worst))
    )
    return f"{len(points)}个单位平均总分{figure(average)}分，{ends}。"


def _grades_sentence(assessed: Assessed, totals: Sequence[tuple[str, UnitTotal]]) -> str:
    """优秀2个（甲镇、乙镇），良好1个（丙乡）, in the order of the scheme's grades."""
    graded = [
        (grade.name, [name for name, total in totals if total.grade == grade.name])
        for grade in assessed.scheme.grades
    ]
    given = [f"{grade}{len(names)}个（{some_names(names)}）" for grade, names in graded if names]
    return f"按总分评定等次：{'，'.join(given)}。" if given else ""
