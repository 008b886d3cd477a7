"""评分报告: what the scoring report says, before anything is typeset (P16).

Content only: headings, paragraphs and tables of text, in the order an office reads them. A number
in a paragraph and the same number in a table come from one value. `files` typesets the result as
docx and pdf; nothing here knows a font.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

from kaoping.core.canonical import exactly, round_half_up
from kaoping.core.problems import CATALOGUE, blocking
from kaoping.core.report.assessed import (
    DECISION_NAMES,
    DISTRIBUTION,
    EFFECT_NAMES,
    Assessed,
    basis_of,
    indicator_label,
    status_counts,
    treatment_text,
    verified_pairs,
)
from kaoping.core.report.charts import completion_charts, result_charts
from kaoping.core.report.document import (
    DRAFT_MARK,
    Align,
    BarChart,
    Block,
    CheckpointMark,
    Column,
    Document,
    Genre,
    Heading,
    HeatMap,
    Letterhead,
    Paragraph,
    Part,
    SignatureLine,
    TableBlock,
    annex_label,
    body_rows,
    chinese_day,
    chinese_moment,
    enclosed,
    figure,
    points_text,
    printed,
    signed,
)
from kaoping.core.report.letterhead import usual_letterhead
from kaoping.core.report.standing import standing
from kaoping.core.report.tables import (
    completion_table,
    findings_table,
    indicator_matrices,
    lost_table,
    standards_table,
    task_matrices,
    totals_table,
    unit_table,
)
from kaoping.core.report.vetoes import vetoes_in_words
from kaoping.core.results import Decision, DecisionKind
from kaoping.core.scheme import STEP_NAMES, Effect
from kaoping.core.scoring.scores import STATE_NAMES, ScoreState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from decimal import Decimal

    from kaoping.core.report.assessed import Summary
    from kaoping.core.scheme import Indicator, Scheme, Step, Task
    from kaoping.core.scoring.scores import TaskScore

SIGNED_BY = ("经办人", "部门负责人", "日期")
"""Who signs the scores of a section: two different persons (P13)."""
FEW_HELPERS = 3
"""Cooperating offices that a sentence names before it only counts them."""
MOST_LOST = 3
"""Tasks named as those that cost most points."""
WHOLE_UNIT = {Effect.ZERO_TOTAL, Effect.LOWEST_GRADE, Effect.NO_AWARD}
"""Effects of a veto that reach beyond the indicator that declares it."""
TASK_POINTS = "各项指标任务得分"
UNIT_DETAILS = "各单位评分明细"
"""The annexes that sections sign and units are told from."""
COMPILED_BY = ("汇总人", "审核人", "日期")
"""Who answers for what is drawn from all sections."""


@exactly
def build_report(assessed: Assessed, head: Letterhead | None = None) -> Document:
    """The scoring report of the whole assessment: an official document, its tables annexed.

    Args:
        assessed: the whole assessment.
        head: what the office decided about the document's head; as usual in a draft if None.
    """
    scheme = assessed.scheme
    head = head or usual_letterhead(scheme)
    others = (*_section_sheets(assessed), *_unit_details(assessed))
    body, annexes = parted(
        ((name, write(assessed), annex) for name, write, annex in _CHAPTERS), others
    )
    opening = Paragraph(f"现将{report_subject(scheme)}{head.genre}如下。")
    ending = Paragraph(f"特此{head.genre}。")
    return Document(
        issuer=scheme.issuer,
        title=report_title(scheme, head.genre),
        mark="" if head.is_final else DRAFT_MARK,
        facts=(),
        parts=(Part((opening, *body.blocks, ending)), *annexes),
        made_at=assessed.made_at,
        letterhead=head,
        checkpoint=_checkpoint_mark(assessed) if head.is_final else None,
    )


def parted(
    chapters: Iterable[tuple[str, Iterable[Block], str]], others: Sequence[Part] = ()
) -> tuple[Part, list[Part]]:
    """The text of chapters as one part, and what stands in annexes as parts of their own.

    Args:
        chapters: for each its heading, its blocks, and the name of the annex with its tables and charts.
        others: annexes that follow those of the chapters.
    """
    written = [(heading, tuple(blocks), annex) for heading, blocks, annex in chapters]
    annexes = [_annexed(blocks, annex) for _, blocks, annex in written]
    annexes = [part for part in (*annexes, *others) if part.blocks]
    names = [part.annex for part in annexes if part.annex]
    body: list[Block] = []
    for heading, blocks, annex in written:
        body.append(Heading(1, heading))
        if annex in names:
            label = annex_label(names.index(annex) + 1, len(names))
            body.append(Paragraph(f"{annex}见{label}。"))
        body += [block for block in blocks if not isinstance(block, _ANNEXED)]
    return Part(tuple(body)), annexes


def report_subject(scheme: Scheme) -> str:
    """What the report is about."""
    return f"{scheme.year}年度绩效考评指标考核评分情况"


def report_title(scheme: Scheme, genre: Genre = Genre.REPORT) -> str:
    """关于2024年度绩效考评指标考核评分情况的报告."""
    return f"关于{report_subject(scheme)}的{genre}"


def _checkpoint_mark(assessed: Assessed) -> CheckpointMark | None:
    """The signed checkpoint of the journal: whoever keeps the paper can hold the journal to it."""
    if not assessed.sealed_note:
        return None
    return CheckpointMark(f"存证：{assessed.seal_text}", assessed.sealed_note)


def _annexed(blocks: Iterable[Block], annex: str) -> Part:
    """What of a chapter stands in its annex."""
    kept = tuple(block for block in blocks if isinstance(block, _ANNEXED))
    return Part(kept, landscape=True, annex=annex)


def report_facts(assessed: Assessed) -> tuple[tuple[str, str], ...]:
    """What stands below the title: on which rules, for which year, up to which day."""
    scheme = assessed.scheme
    facts = (
        ("考评依据", basis_of(scheme)),
        ("考评年度", f"{scheme.year}年"),
        ("数据截止时间", chinese_day(scheme.data_cutoff)),
        ("生成时间", chinese_moment(assessed.made_at)),
        ("存证", assessed.seal_text),
    )
    return tuple((label, text) for label, text in facts if text)


# --- 一、考评工作概况 --------------------------------------------------------------------------------


def _overview(assessed: Assessed) -> Iterator[Block]:
    yield from work_done(assessed, "第五部分")
    sealed = (
        f"评分所依据的方案、数据和计算过程均已存证（{assessed.seal_text}）"
        if assessed.seal_text
        else ""
    )
    made = "" if assessed.is_issued else f"本报告生成于{chinese_moment(assessed.made_at)}"
    said = "，".join(clause for clause in (made, sealed) if clause)
    if said:
        yield Paragraph(f"{said}。")


def work_done(assessed: Assessed, where: str) -> Iterator[Block]:
    """On which rules, how much, from what, in which steps; `where` tells of the ledger's details."""
    scheme = assessed.scheme
    cutoff = chinese_day(scheme.data_cutoff)
    until = f"，数据截至{cutoff}" if cutoff else ""
    yield Paragraph(
        f"本次考评依据{basis_of(scheme)}，考评{scheme.year}年度工作{until}。"
        f"共考评{len(scheme.indicators)}项指标、{len(scheme.task_by_id)}项任务，"
        f"被考评单位{len(assessed.units)}个，计分{len(assessed.task_scores)}项次。"
    )
    yield Paragraph(_entries_sentence(assessed) + _ledger_sentence(assessed, where))
    if scheme.steps:
        steps = "；".join(_step_sentence(step) for step in scheme.steps)
        yield Paragraph(f"考评按下列程序和时限进行：{steps}。")


def _entries_sentence(assessed: Assessed) -> str:
    """What was handed in, recorded and decided; what there is none of is said so."""
    entries = assessed.entries
    counts = "、".join(f"{name}{count}条" for name, count in status_counts(assessed))
    results, facts, decisions = map(len, (entries.results, entries.deductions, entries.decisions))
    said = (
        f"收到数据{results}条{enclosed(counts)}" if results else "没有收到数据",
        f"记录扣分和加分事实{facts}条" if facts else "没有扣分和加分事实",
        f"由负责人作出决定{decisions}项" if decisions else "没有由负责人作出的决定",
    )
    return "，".join(said) + "。"


def _ledger_sentence(assessed: Assessed, where: str) -> str:
    if not assessed.ledger.is_checked:
        return "本次未提供台账材料，台账未核对。"
    rows = assessed.ledger.summaries.values()
    required = sum(row.required for row in rows)
    asked, filed = sum(row.asked for row in rows), sum(row.filed for row in rows)
    missing, late = sum(row.missing for row in rows), sum(row.late for row in rows)
    if not asked:
        return "方案没有规定台账目录。"
    return (
        f"台账目录共{asked}项，其中必备{required}项；已报{filed}项，必备材料未报{missing}项，"
        f"逾期报送{late}项，具体情况见{where}。"
    )


def _step_sentence(step: Step) -> str:
    """数据收集，2024年12月16日至2025年1月6日."""
    start, due = chinese_day(step.start), chinese_day(step.due)
    if start and due:
        return f"{_step_label(step)}，{start}至{due}"
    days = f"{start}起" if start else f"截止时间为{due}" if due else ""
    return f"{_step_label(step)}，{days}" if days else _step_label(step)


def _step_label(step: Step) -> str:
    """A step's own name, with what kind of step it is where the name does not say so."""
    kind = STEP_NAMES[step.kind]
    return step.name if step.name == kind else f"{step.name}{enclosed(kind)}"


# --- 二、指标完成情况 --------------------------------------------------------------------------------


def _completion(assessed: Assessed) -> Iterator[Block]:
    pairs = [(indicator, assessed.summary(indicator)) for indicator in assessed.scheme.indicators]
    for number, (indicator, summary) in enumerate(pairs, 1):
        yield Paragraph(f"{number}．" + _completion_sentence(assessed, indicator, summary))
    yield completion_table(assessed)
    yield from completion_charts(assessed)
    yield rates_table(assessed)
    yield TableBlock(
        "得分率分布（单位数）",
        (
            Column("指标", 8),
            *(Column(name, 3, Align.RIGHT) for name, _ in DISTRIBUTION),
            Column("待定", 2, Align.RIGHT),
        ),
        body_rows(
            (
                indicator_label(indicator),
                *(str(count) for count in summary.classes),
                str(summary.units - summary.scored),
            )
            for indicator, summary in pairs
        ),
        "每一档含下限、不含上限。",
    )


def rates_table(assessed: Assessed) -> TableBlock:
    """Means, rates and ends of the scores, indicator by indicator."""
    pairs = [(indicator, assessed.summary(indicator)) for indicator in assessed.scheme.indicators]
    return TableBlock(
        "各项指标得分情况",
        (
            Column("指标", 8),
            Column("责任科室", 6),
            Column("单位数", 3, Align.RIGHT),
            Column("平均分", 3, Align.RIGHT),
            Column("得分率", 3, Align.RIGHT),
            Column("最高", 3, Align.RIGHT),
            Column("最低", 3, Align.RIGHT),
        ),
        body_rows(_completion_row(assessed, *pair) for pair in pairs),
        "得分率＝公布得分合计÷可得分合计。",
    )


def _completion_row(assessed: Assessed, indicator: Indicator, summary: Summary) -> tuple[str, ...]:
    return (
        indicator_label(indicator),
        assessed.office_name(indicator.responsible_section),
        str(summary.units),
        points_text(summary.mean, ScoreState.SCORED),
        "待定" if summary.rate is None else f"{figure(summary.rate)}%",
        points_text(summary.best, ScoreState.SCORED),
        points_text(summary.worst, ScoreState.SCORED),
    )


def _completion_sentence(assessed: Assessed, indicator: Indicator, summary: Summary) -> str:
    scope = enclosed(f"其中{indicator.scope}") if indicator.scope else ""
    about = (
        f"{indicator.name}{scope}。满分{figure(indicator.points)}分，{_led_by(assessed, indicator)}"
    )
    points = points_sentence(assessed, indicator, summary)
    if not summary.units:
        return about + points
    return f"{about}被考评单位{summary.units}个。{_achieved(assessed, indicator)}{points}"


def points_sentence(assessed: Assessed, indicator: Indicator, summary: Summary) -> str:
    """Mean, rate, best and worst points of an indicator; or why there are none."""
    if not summary.units:
        is_asked = bool(assessed.indicator_scores(indicator))
        return f"{'各被考评单位均不涉及该指标' if is_asked else '没有考评该指标的单位'}。"
    if summary.mean is None or summary.rate is None:
        return "尚无可公布的得分。"
    waiting = summary.units - summary.scored
    tail = f"另有{waiting}个单位待定。" if waiting else ""
    ends = _ends_sentence(assessed, indicator, summary)
    if summary.scored == 1:
        return f"{ends}，得分率{figure(summary.rate)}%。{tail}"
    return f"平均得分{figure(summary.mean)}分，得分率{figure(summary.rate)}%；{ends}。{tail}"


def _led_by(assessed: Assessed, indicator: Indicator) -> str:
    """由市发展改革委牵头，投资科具体负责，社会科等7个科室配合，."""
    lead = assessed.office_name(indicator.lead_unit)
    section = assessed.office_name(indicator.responsible_section)
    clauses = [f"由{lead}牵头" if lead else "", f"{section}具体负责" if section else ""]
    for helpers, what in (
        (indicator.cooperating_sections, "科室"),
        (indicator.cooperating_units, "单位"),
    ):
        names = [assessed.office_name(name) for name in helpers]
        if names:
            many = f"等{len(names)}个{what}" if len(names) > FEW_HELPERS else ""
            clauses.append("、".join(names[:FEW_HELPERS] if many else names) + f"{many}配合")
    return "".join(f"{clause}，" for clause in clauses if clause)


def _achieved(assessed: Assessed, indicator: Indicator) -> str:
    """What was to be reached and what was, for every task whose amounts add up."""
    said = []
    for task in indicator.tasks:
        done = assessed.completion(task)
        if done.goal is not None and done.value is not None and done.rate is not None:
            measure = task.form("").unit_of_measure
            said.append(
                f"{task.name}目标{figure(done.goal)}{measure}，"
                f"实际{figure(done.value)}{measure}，完成率{figure(done.rate)}%"
            )
    return f"{'；'.join(said)}。" if said else ""


def _ends_sentence(assessed: Assessed, indicator: Indicator, summary: Summary) -> str:
    if summary.scored == 1:
        only = assessed.names_at(indicator, summary.best)
        return f"{only}得{points_text(summary.best, ScoreState.SCORED)}分"
    if summary.best == summary.worst or summary.best is None or summary.worst is None:
        return f"各单位均为{points_text(summary.best, ScoreState.SCORED)}分"
    best = assessed.names_at(indicator, summary.best)
    worst = assessed.names_at(indicator, summary.worst)
    return f"最高{figure(summary.best)}分（{best}），最低{figure(summary.worst)}分（{worst}）"


# --- 三、评分结果 -----------------------------------------------------------------------------------


def _results(assessed: Assessed) -> Iterator[Block]:
    scheme = assessed.scheme
    groups = "，名次在同组内排列" if assessed.has_groups else ""
    yield Paragraph(
        f"各单位各项指标得分和名次列在附件表内{groups}。“—”表示不考评该指标，“不涉及”表示各项任务均不涉及，"
        f"“待定”表示缺少数据、尚不能计分。得分保留{scheme.places}位小数，每项任务和每项指标各在"
        "末尾四舍五入一次，此前全部精确计算。"
    )
    yield from results_in_short(assessed)
    if not assessed.is_issued:  # below its table: below a chart it might stand alone on a page
        yield SignatureLine(COMPILED_BY)
    yield from result_charts(assessed)


def results_in_short(assessed: Assessed) -> Iterator[Block]:
    """Points and ranks of all units, where points were lost and won, totals."""
    yield from indicator_matrices(assessed)
    yield from _highlights(assessed)
    if assessed.has_totals:
        yield from standing(assessed)
        yield totals_table(assessed)
    else:
        yield Paragraph("本次只对指标评分，各单位总分和等次由绩效考评主管部门汇总确定。")


def _highlights(assessed: Assessed) -> Iterator[Block]:
    """Where points were lost and won, in words: a reader sees the figures in the tables."""
    lost = _lost_by_task(assessed)
    if lost:
        listed = "；".join(
            f"{task.label}（{units}个单位，共{figure(points)}分）"
            for points, units, task in lost[:MOST_LOST]
        )
        yield Paragraph(f"失分较多的任务：{listed}。")
    for opening, rows in (
        ("一票否决", vetoes_in_words(assessed)),
        ("得分高于指标满分的（含超额加分）", _beyond(assessed, above=True)),
        ("得分低于零的", _beyond(assessed, above=False)),
    ):
        if rows:
            yield Paragraph(f"{opening}：{'；'.join(rows)}。")


def _lost_by_task(assessed: Assessed) -> list[tuple[Decimal, int, Task]]:
    """Indicator points lost on each task by all units, and by how many; the most first."""
    found = []
    for task in assessed.scheme.task_by_id.values():
        indicator = assessed.scheme.indicator_of[task.id]
        share = Fraction(indicator.points) / Fraction(indicator.scale)
        rows = [row for row in assessed.task_scores if row.task == task.id and assessed.lost(row)]
        lost = share * sum((Fraction(assessed.lost(row)) for row in rows), Fraction(0))
        if rows:
            found.append((round_half_up(lost, assessed.scheme.places), len(rows), task))
    return sorted(found, key=lambda entry: entry[0], reverse=True)


def _beyond(assessed: Assessed, *, above: bool) -> list[str]:
    """Indicator scores above full marks, or below zero."""
    return [
        f"{assessed.unit_name(row.unit)}“{indicator.name}”{figure(row.published)}分"
        for indicator in assessed.scheme.indicators
        for row in assessed.indicator_scores(indicator)
        if row.published is not None
        and (row.published > indicator.points if above else row.published < 0)
    ]


# --- 四、评（扣）分理由及依据 -------------------------------------------------------------------------


def _reasons(assessed: Assessed) -> Iterator[Block]:
    lost = [(i, assessed.lost_rows(i)) for i in assessed.scheme.indicators]
    total = sum(len(rows) for _, rows in lost)
    if not total:
        is_scored = any(row.published is not None for row in assessed.task_scores)
        yield Paragraph(
            "已计分的任务均得满分，没有失分事项。" if is_scored else "尚无已计分的任务。"
        )
        yield from _decisions(assessed)
        return
    yield Paragraph(
        f"未得满分的共{total}项次，逐项列明理由、依据和数据来源；得分过程见附件“{UNIT_DETAILS}”。"
        "除注明外，所用数据均为正式数据或核验数据，截至数据截止时间。"
    )
    for indicator, _ in lost:
        table = lost_table(assessed, indicator)
        if table is not None:
            yield table
    yield from _decisions(assessed)


_DECISION_COLUMNS = (
    Column("单位", 5),
    Column("任务", 5),
    Column("事项", 4),
    Column("分数或数值", 3, Align.RIGHT),
    Column("理由", 9),
    Column("依据和文件", 7),
    Column("决定人", 3, Align.CENTRE),
)


def _decisions(assessed: Assessed) -> Iterator[Block]:
    decisions = assessed.entries.decisions
    if not decisions:
        return
    yield Paragraph(
        f"由负责人作出的评议、调整、一票否决和认定共{len(decisions)}项。"
        f"一票否决前的得分在附件“{UNIT_DETAILS}”的得分过程中写明。"
    )
    yield decisions_table(assessed, "负责人作出的决定", decisions)


def decisions_table(assessed: Assessed, caption: str, some: Iterable[Decision]) -> TableBlock:
    """Decisions with value, reason, basis and who decided, by kind and unit."""
    kinds = list(DECISION_NAMES)
    units = [unit.id for unit in assessed.scheme.units]
    listed = sorted(some, key=lambda row: (kinds.index(row.kind), units.index(row.unit)))
    rows = body_rows(_decision_row(assessed, row) for row in listed)
    return TableBlock(caption, _DECISION_COLUMNS, rows)


def _decision_row(assessed: Assessed, row: Decision) -> tuple[str, ...]:
    scheme = assessed.scheme
    task = scheme.task_by_id.get(row.task)
    indicator = scheme.indicator_by_id.get(row.indicator)
    about = task.label if task else (indicator.name if indicator else "全部考评")
    name = f"\n{row.name}" if row.name else ""
    effects = {
        EFFECT_NAMES[veto.effect]: veto.effect
        for other in scheme.task_by_id.values()
        for veto in other.veto
        if row.kind is DecisionKind.VETO and veto.name == row.name
    }
    if set(effects.values()) & WHOLE_UNIT:
        about = "全部考评"
    name += "".join(f"\n（{effect}）" for effect in effects)
    grounds = "\n".join(printed(text) for text in (row.basis, row.document) if text)
    return (
        assessed.unit_name(row.unit),
        about,
        DECISION_NAMES[row.kind] + name,
        _decided_value(assessed, row),
        printed(row.reason),
        grounds,
        row.author,
    )


def _decided_value(assessed: Assessed, row: Decision) -> str:
    """Points awarded or adjusted, or a value with its unit of measure."""
    if row.value is None:
        return ""
    if isinstance(row.value, bool):
        return "是" if row.value else "否"
    if row.kind is DecisionKind.ADJUST:
        return f"{signed(row.value)}分"
    task = assessed.scheme.task_by_id.get(row.task)
    if row.kind is DecisionKind.MISSING and task:
        return figure(row.value) + task.form(row.name).unit_of_measure
    return f"{figure(row.value)}分"


# --- 五、需要说明的问题 -------------------------------------------------------------------------------


def _remarks(assessed: Assessed) -> Iterator[Block]:
    yield Heading(2, "（一）待定和暂定事项")
    yield from waiting(assessed)
    yield Heading(2, "（二）核验与上报不一致的数据")
    yield from verified_otherwise(assessed)
    yield Heading(2, "（三）不涉及的任务")
    yield from _not_applicable(assessed)
    yield Heading(2, "（四）台账核对情况")
    yield from _ledger_findings(assessed)
    yield Heading(2, "（五）方案、通知和数据中的其他提示")
    yield _other_problems(assessed)


def waiting(assessed: Assessed) -> Iterator[Block]:
    """待定和暂定事项: what keeps a sheet from being signed; also 不涉及 by a mean of scores that are not final."""
    open_states = (ScoreState.INCOMPLETE, ScoreState.PROVISIONAL)
    rows = [row for row in assessed.task_scores if row.state in open_states or row.problems]
    if not rows:
        yield Paragraph("各项任务均已计分，没有待定事项。")
        return
    yield Paragraph(f"尚有{len(rows)}项次须补齐数据，或由负责人作出决定后方可签字。")
    columns = (
        Column("单位", 5),
        Column("任务", 6),
        Column("状态", 2, Align.CENTRE),
        Column("原因", 9),
    )
    cells = ((*_who_and_what(assessed, row), STATE_NAMES[row.state], _why(row)) for row in rows)
    yield TableBlock("待定和暂定事项", columns, body_rows(cells))


def _who_and_what(assessed: Assessed, row: TaskScore) -> tuple[str, str]:
    return assessed.unit_name(row.unit), assessed.scheme.task_by_id[row.task].label


def _why(row: TaskScore) -> str:
    found = "\n".join(printed(problem.message) for problem in row.problems)
    return found or "同组单位数据不全"


def verified_otherwise(assessed: Assessed) -> Iterator[Block]:
    """Values that were verified otherwise than reported."""
    rows = verified_pairs(assessed)
    if not rows:
        yield Paragraph("没有核验值与上报值不一致的数据。")
        return
    yield Paragraph(f"有{len(rows)}项次核验值与上报值不一致，按核验值计分。")
    columns = (
        Column("单位", 5),
        Column("任务", 6),
        Column("上报值", 4),
        Column("核验值", 4),
        Column("得分", 2, Align.RIGHT),
    )
    cells = (
        (
            *_who_and_what(assessed, row),
            printed(row.reported),
            printed(row.verified),
            points_text(row.published, row.state),
        )
        for row in rows
    )
    yield TableBlock("核验值与上报值不一致的数据", columns, body_rows(cells))


def _not_applicable(assessed: Assessed) -> Iterator[Block]:
    rows = [row for row in assessed.task_scores if row.state is ScoreState.NOT_APPLICABLE]
    if not rows:
        yield Paragraph("没有不涉及的任务。")
        return
    yield Paragraph(f"有{len(rows)}项次经认定不涉及，按方案规定的办法计分。")
    columns = (Column("单位", 5), Column("任务", 6), Column("认定", 6), Column("计分办法", 6))
    tasks = assessed.scheme.task_by_id
    cells = (
        (
            *_who_and_what(assessed, row),
            printed(row.reason),
            treatment_text(assessed.scheme, tasks[row.task]),
        )
        for row in rows
    )
    yield TableBlock("不涉及的任务及计分办法", columns, body_rows(cells))


def _ledger_findings(assessed: Assessed) -> Iterator[Block]:
    problems = assessed.ledger.problems
    if not assessed.ledger.is_checked:
        yield Paragraph("本次未提供台账材料，台账未核对。")
        return
    if not problems:
        yield Paragraph("台账齐全，未发现逾期、重复或超出截止时间的材料。")
        return
    counts = Counter(problem.code for problem in problems)
    listed = "，".join(f"{CATALOGUE[code].zh}{count}项" for code, count in counts.items())
    yield Paragraph(f"核对发现问题{len(problems)}项：{listed}。")
    yield findings_table("台账问题清单", problems)


def _other_problems(assessed: Assessed) -> Paragraph:
    found = (*assessed.problems, *assessed.scores.problems)
    accepted = sum(problem.accepted for problem in found)
    if not found:
        return Paragraph("没有其他提示。")
    grave = len(blocking(found))
    in_notice = f"（其中{grave}个为通知原文的重大矛盾，所用方案已理顺）" if grave else ""
    where = "" if assessed.is_issued else "，详见随附的问题清单"
    return Paragraph(
        f"通知、方案和数据中尚有{len(found) - accepted}个问题{in_notice}，已审阅接受{accepted}个{where}。"
    )


_ANNEXED = TableBlock | BarChart | HeatMap | SignatureLine
"""What stands in annexes, apart from the text of its chapter."""
_CHAPTERS: Sequence[tuple[str, Callable[[Assessed], Iterable[Block]], str]] = (
    ("一、考评工作概况", _overview, ""),
    ("二、指标完成情况", _completion, "各项指标完成和得分情况"),
    ("三、评分结果", _results, "各单位得分和名次"),
    ("四、评（扣）分理由及依据", _reasons, "评（扣）分理由及依据"),
    ("五、需要说明的问题", _remarks, "需要说明的具体事项"),
)
"""The chapters, and how the annex with a chapter's tables is called."""


# --- 附件 -------------------------------------------------------------------------------------------


def _section_sheets(assessed: Assessed) -> Iterator[Part]:
    """One sheet for each indicator, on pages of its own: a section signs nothing of another's."""
    for number, indicator in enumerate(assessed.scheme.indicators):
        blocks: tuple[Block, ...] = (
            Heading(2, indicator_label(indicator)),
            standards_table(assessed, indicator),
            *task_matrices(assessed, indicator),
            *(() if assessed.is_issued else (SignatureLine(SIGNED_BY),)),
        )
        yield Part(blocks, landscape=True, annex="" if number else TASK_POINTS)


def _unit_details(assessed: Assessed) -> Iterator[Part]:
    """Every unit on pages of its own, so that they can be taken out and handed over."""
    for number, unit in enumerate(assessed.units):
        blocks = (Heading(2, unit.name), unit_table(assessed, unit, with_standards=False))
        yield Part(blocks, landscape=True, annex="" if number else UNIT_DETAILS)
