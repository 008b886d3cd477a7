"""提请会议审议的汇报: what a meeting is asked to approve, on which grounds, and what it must decide (P17).

Its sentences and tables are those of the scoring report, so that the meeting decides on the same figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.acts.filing import MeetingKind
from kaoping.core.canonical import exactly
from kaoping.core.report.assessed import DECISION_NAMES, verified_pairs
from kaoping.core.report.charts import result_charts
from kaoping.core.report.countersign_sheet import sections_concerned
from kaoping.core.report.document import (
    DRAFT_MARK,
    Align,
    Block,
    Column,
    Document,
    Genre,
    Heading,
    Letterhead,
    Paragraph,
    TableBlock,
    body_rows,
    chinese_day,
    chinese_moment,
    enclosed,
    printed,
)
from kaoping.core.report.scoring_report import (
    decisions_table,
    parted,
    points_sentence,
    rates_table,
    report_subject,
    report_title,
    results_in_short,
    verified_otherwise,
    waiting,
    work_done,
)
from kaoping.core.results import DecisionKind
from kaoping.core.scheme import StepKind
from kaoping.core.scoring.scores import ScoreState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kaoping.core.report.assessed import Assessed

MEETING_NAMES = {
    MeetingKind.EXECUTIVE_MEETING: "办公会议",
    MeetingKind.PARTY_GROUP_MEETING: "党组会议",
}
_ANY_MEETING = "办公会议（党组会议）"
_OPEN = "（会前由汇总科室填写）"
_PRESENTED_BY = "汇总科室"
_ABOUT_VETO = (DecisionKind.VETO, DecisionKind.LIFT)


@dataclass(frozen=True, slots=True)
class Countersigned:
    """会签意见 of a section; `agrees` is None as long as it has not answered."""

    section: str
    agrees: bool | None = None
    reason: str = ""
    handling: str = ""


@dataclass(frozen=True, slots=True)
class StepsAside:
    """回避: who steps aside when which unit is spoken of, and why."""

    person: str
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Appealed:
    """申诉 of a unit, and how it was answered; empty as long as it is not."""

    unit: str
    about: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Matters:
    """What a meeting is told beside the results; whatever is not known stays a place to write.

    Attributes:
        genre: 文种 of the scoring report.
        presented_by: the coordinating section.
        meeting: which; None where it is not chosen.
        done: what was done on which day, in order.
        countersigned: answers of sections, by their ids.
        recusals: who of those who attend steps aside; None where it was not asked yet.
        appeals: None where it is not known whether there are any.
    """

    genre: Genre = Genre.REPORT
    presented_by: str = ""
    meeting: MeetingKind | None = None
    done: tuple[tuple[date, str], ...] = ()
    countersigned: tuple[Countersigned, ...] = ()
    recusals: tuple[StepsAside, ...] | None = None
    appeals: tuple[Appealed, ...] | None = None


UNKNOWN = Matters()
"""All that a batch knows beside the results."""


@exactly
def build_meeting_submission(assessed: Assessed, matters: Matters = UNKNOWN) -> Document:
    """The paper by which a meeting is asked to examine and approve the scoring report.

    Args:
        assessed: the whole assessment.
        matters: what is known beside the results.
    """
    scheme = assessed.scheme
    presented_by = matters.presented_by or _PRESENTED_BY
    body, annexes = parted(
        (
            ("一、提请审议的事项", _asked(assessed, matters), ""),
            ("二、考评依据和工作过程", _done(assessed, matters), ""),
            ("三、评分结果", _results(assessed), "各单位得分和名次"),
            ("四、需要会议决定的事项", _decisions(assessed, matters), "需要会议决定的具体事项"),
            ("五、会签和回避", _countersigned(assessed, matters), "会签意见和回避情况"),
            ("六、拟决议", _resolution(assessed, matters), ""),
            ("七、会议材料", _papers(assessed, matters), ""),
        )
    )
    return Document(
        issuer=scheme.issuer,
        title=f"关于提请审议{report_subject(scheme)}{matters.genre}的汇报",
        mark=DRAFT_MARK,
        facts=(),
        parts=(body, *annexes),
        made_at=assessed.made_at,
        letterhead=Letterhead(authority="", signed_by=presented_by),
    )


def _report(assessed: Assessed, matters: Matters) -> str:
    return f"《{report_title(assessed.scheme, matters.genre)}》"


def _meeting(matters: Matters) -> str:
    return _ANY_MEETING if matters.meeting is None else MEETING_NAMES[matters.meeting]


# --- what is asked, and what was done --------------------------------------------------------------


def _asked(assessed: Assessed, matters: Matters) -> Iterator[Block]:
    scheme = assessed.scheme
    yield Paragraph(f"现将{_report(assessed, matters)}提请{_meeting(matters)}审议，请会议：")
    units, indicators = len(assessed.units), len(scheme.indicators)
    asked = [f"审定{units}个被考评单位{indicators}项指标的{_points_asked(assessed)}。"]
    if _counts_to_decide(assessed, matters):
        asked.append("对第四部分所列事项作出决定。")
    asked.append(f"同意由主要领导签发，以正式文件{_due(assessed)}报送绩效考评主管部门。")
    for number, text in enumerate(asked, 1):
        yield Paragraph(f"{number}．{text}")


def _points_asked(assessed: Assessed) -> str:
    """What of the results there is to approve: 得分、总分和等次."""
    if not assessed.has_totals:
        return "得分"
    return "得分、总分和等次" if assessed.scheme.grades else "得分和总分"


def _due(assessed: Assessed) -> str:
    step = assessed.scheme.step_of(StepKind.FILE)
    day = chinese_day(step.due) if step else ""
    return f"于{day}前" if day else ""


def _counts_to_decide(assessed: Assessed, matters: Matters) -> list[str]:
    """What the meeting must decide, each kind with how much there is of it."""
    kinds = (
        (len(assessed.decisions(DecisionKind.VETO)), "一票否决{}项"),
        (len(assessed.decisions(DecisionKind.LIFT)), "撤销否决{}项"),
        (len(verified_pairs(assessed)), "核验与上报不一致{}项次"),
        (_open_count(assessed), "待定和暂定{}项次"),
        (len(matters.appeals or ()), "申诉{}件"),
    )
    return [text.format(count) for count, text in kinds if count]


def _open_count(assessed: Assessed) -> int:
    """As many as the report lists as 待定和暂定."""
    states = (ScoreState.INCOMPLETE, ScoreState.PROVISIONAL)
    return sum(row.state in states or bool(row.problems) for row in assessed.task_scores)


def _done(assessed: Assessed, matters: Matters) -> Iterator[Block]:
    yield from work_done(assessed, "评分报告第五部分")
    if matters.done:
        listed = "；".join(f"{chinese_day(day)}，{said.rstrip('。')}" for day, said in matters.done)
        yield Paragraph(f"工作进展：{listed}。")
    sealed = (
        f"，所依据的方案、数据和计算过程均已存证（{assessed.seal_text}）"
        if assessed.seal_text
        else ""
    )
    yield Paragraph(f"评分结果截至{chinese_moment(assessed.made_at)}{sealed}。")


# --- results ---------------------------------------------------------------------------------------


def _results(assessed: Assessed) -> Iterator[Block]:
    for number, indicator in enumerate(assessed.scheme.indicators, 1):
        summary = assessed.summary(indicator)
        counted = f"，被考评单位{summary.units}个" if summary.units else ""
        said = points_sentence(assessed, indicator, summary)
        yield Paragraph(f"{number}．{indicator.name}{counted}。{said}")
    yield rates_table(assessed)
    yield from results_in_short(assessed)
    yield from result_charts(assessed)


# --- what must be decided --------------------------------------------------------------------------


def _decisions(assessed: Assessed, matters: Matters) -> Iterator[Block]:
    counts = _counts_to_decide(assessed, matters)
    yield Paragraph(f"共有{'、'.join(counts)}。" if counts else "没有需要会议另行决定的事项。")
    yield Heading(2, "（一）一票否决")
    yield from _vetoes(assessed)
    yield Heading(2, "（二）核验与上报不一致的数据")
    yield from verified_otherwise(assessed)
    yield Heading(2, "（三）待定和暂定事项")
    yield from waiting(assessed)
    yield Heading(2, "（四）申诉")
    yield from _appeals(assessed, matters)
    others = [row for row in assessed.entries.decisions if row.kind not in _ABOUT_VETO]
    if others:
        kinds = dict.fromkeys(DECISION_NAMES[row.kind] for row in others)
        yield Paragraph(
            f"另有由负责人作出的{'、'.join(kinds)}共{len(others)}项，已计入得分，理由和依据见评分报告第四部分。"
        )


def _vetoes(assessed: Assessed) -> Iterator[Block]:
    found = assessed.decisions(*_ABOUT_VETO)
    if not found:
        yield Paragraph("没有一票否决事项。")
        return
    declared = sum(row.kind is DecisionKind.VETO for row in found)
    lifted = len(found) - declared
    undone = f"，其中经复核撤销{lifted}项" if lifted else ""
    yield Paragraph(f"共认定一票否决{declared}项{undone}，请会议审定。")
    yield decisions_table(assessed, "一票否决事项", found)


def _appeals(assessed: Assessed, matters: Matters) -> Iterator[Block]:
    step = assessed.scheme.step_of(StepKind.APPEAL)
    if matters.appeals:
        answered = sum(bool(one.answer) for one in matters.appeals)
        yield Paragraph(f"收到申诉{len(matters.appeals)}件，已答复{answered}件。")
        columns = (Column("单位", 5), Column("申诉事项", 9), Column("复核意见", 9))
        rows = (
            (assessed.unit_name(one.unit), printed(one.about), printed(one.answer) or "待复核")
            for one in matters.appeals
        )
        yield TableBlock("申诉和复核情况", columns, body_rows(rows))
    elif matters.appeals is not None:
        yield Paragraph("没有收到申诉。")
    elif step is None:
        yield Paragraph("方案没有规定申诉程序。")
    else:
        until = f"申诉截止时间为{chinese_day(step.due)}；" if step.due else ""
        yield Paragraph(f"{until}截至会议召开时收到的申诉：{_OPEN}。")


# --- countersigning and recusal --------------------------------------------------------------------


def _countersigned(assessed: Assessed, matters: Matters) -> Iterator[Block]:
    concerned = [section for section, _ in sections_concerned(assessed)]
    yield Paragraph(_countersign_sentence(concerned, matters))
    objections = [one for one in matters.countersigned if one.agrees is False]
    if objections:
        columns = (Column("科室", 4), Column("异议及理由", 10), Column("处理情况", 9))
        rows = (
            (
                assessed.office_name(one.section),
                printed(one.reason),
                printed(one.handling) or "待处理",
            )
            for one in objections
        )
        yield TableBlock("会签异议和处理情况", columns, body_rows(rows))
    yield from _recusals(assessed, matters)


def _recusals(assessed: Assessed, matters: Matters) -> Iterator[Block]:
    yield Paragraph(
        "在被考评单位任职、兼职，或者与被考评单位有利害关系的与会人员，审议该单位事项时应当回避，不参加讨论和表决。"
    )
    if matters.recusals is None:
        yield Paragraph(f"需要回避的与会人员和所涉单位：{_OPEN}。")
    elif not matters.recusals:
        yield Paragraph("经核对，没有需要回避的与会人员。")
    else:
        yield Paragraph(f"需要回避的与会人员{len(matters.recusals)}人次。")
        columns = (
            Column("序号", 1, Align.CENTRE),
            Column("姓名", 4),
            Column("所涉单位", 7),
            Column("回避事由", 10),
        )
        rows = (
            (str(number), one.person, assessed.unit_name(one.unit), one.reason)
            for number, one in enumerate(matters.recusals, 1)
        )
        yield TableBlock("回避情况", columns, body_rows(rows))


def _countersign_sentence(concerned: list[str], matters: Matters) -> str:
    if not concerned:
        return "方案没有写明责任科室和配合科室，没有需要会签的科室。"
    opening = f"评分报告涉及责任科室、配合科室{len(concerned)}个"
    if not matters.countersigned:
        return f"{opening}，会签情况：{_OPEN}。"
    answered = {one.section: one.agrees for one in matters.countersigned}
    agreed = sum(agrees is True for agrees in answered.values())
    objected = sum(agrees is False for agrees in answered.values())
    waiting_for = sum(answered.get(section) is None for section in concerned)
    if agreed == len(concerned):
        return f"{opening}，已会签，均无异议。" if agreed > 1 else f"{opening}，已会签，无异议。"
    said = (
        f"同意{agreed}个" if agreed else "",
        f"有异议{objected}个" if objected else "",
        f"尚未会签{waiting_for}个" if waiting_for else "",
    )
    return f"{opening}：{'，'.join(text for text in said if text)}。"


# --- the draft of the resolution, and what lies before the meeting ---------------------------------


def _resolution(assessed: Assessed, matters: Matters) -> Iterator[Block]:
    report, meeting = _report(assessed, matters), _meeting(matters)
    yield Paragraph(
        f"{meeting}听取了关于{report}的汇报，审议了评分结果和有关事项{enclosed('供会议讨论修改')}。会议决定："
    )
    decided = [f"审议通过{report}，各被考评单位的{_points_asked(assessed)}以报告所列为准。"]
    if vetoes := len(assessed.decisions(DecisionKind.VETO)):
        lifted = len(assessed.decisions(DecisionKind.LIFT))
        undone = f"，其中经复核撤销{lifted}项" if lifted else ""
        decided.append(f"同意所列{vetoes}项一票否决的认定和处理意见{undone}。")
    if pairs := len(verified_pairs(assessed)):
        decided.append(f"同意所列{pairs}项次核验与上报不一致的数据按核验值计分。")
    if open_ones := _open_count(assessed):
        decided.append(
            f"所列{open_ones}项次待定和暂定事项，由责任科室补齐数据或者提出意见，按程序确定后再行公布。"
        )
    if matters.appeals:
        is_open = any(not one.answer for one in matters.appeals)
        later = "；尚未复核的，复核后另行提请审议" if is_open else ""
        decided.append(f"申诉事项按所列复核意见办理{later}。")
    decided.append(
        f"由主要领导签发，以正式文件{_due(assessed)}报送绩效考评主管部门，并按报送结果录入绩效管理平台。"
    )
    for number, text in enumerate(decided, 1):
        yield Paragraph(f"{number}．{text}")


def _papers(assessed: Assessed, matters: Matters) -> Iterator[Block]:
    papers = (
        "本汇报及附件；",
        f"{_report(assessed, matters)}及附件（另附）；",
        "评分报告会签单（另附）；",
        "一票否决、核验和申诉的原始文件（另附，会上备查）。",
    )
    for number, text in enumerate(papers, 1):
        yield Paragraph(f"{number}．{text}")
