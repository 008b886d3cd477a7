"""廉政纪律承诺: its text, and whether somebody has given it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.acts.scoring import DisciplineUndertaken
from kaoping.core.workflow.taking import available
from kaoping.web.models import Entry

if TYPE_CHECKING:
    from typing import Final

    from kaoping.web.viewer import Viewer

UNDERTAKING: Final = (
    "本人参加绩效考评的评分或现场核验工作，郑重承诺：",
    "一、严格按照实施方案规定的标准、程序和时限办理，实事求是，不打人情分、关系分。",
    "二、不擅自修改、隐瞒或销毁考评资料，不以任何方式人为改变考评结果。",
    "三、与被考评单位有利害关系的，主动申报并回避。",
    "四、遵守廉洁纪律，不接受被考评单位的礼品礼金、宴请和其他可能影响公正的安排。",
    "五、结果公布之前，不泄露评分、核验和审议情况。",
    "如有违反，愿意接受组织处理。",
)
"""What is undertaken; it goes into the act word for word, in whatever language the pages are."""


@dataclass(frozen=True)
class UndertakingShown:
    """Whether it can be given now, and where it stands in the journal once it was."""

    is_given: bool
    is_possible: bool
    entry: int | None
    at: str


def undertaking_shown(viewer: Viewer) -> UndertakingShown:
    """The viewer's undertaking."""
    is_given = viewer.record is not None and viewer.record.has_undertaken
    entry = (
        Entry.objects.visible_to(viewer)
        .filter(actor=viewer.person, type=DisciplineUndertaken.wire)
        .first()
    )
    is_possible = not is_given and any(
        one.step.kind is DisciplineUndertaken
        for one in available(viewer.state, viewer.person, viewer.at)
    )
    return UndertakingShown(
        is_given, is_possible, entry.index if entry else None, entry.at if entry else ""
    )
