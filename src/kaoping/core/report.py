"""评分报告: what the report and the unit sheets say, before anything is typeset (P16).

Content only: headings, paragraphs and tables of text, in the order an office reads them. A number
in a paragraph and the same number in a table come from one value. `files` typesets the result as
docx and pdf; nothing here knows a font.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from kaoping.core.canonical import plain, round_half_up
from kaoping.core.problems import CATALOGUE, Problem, by_severity
from kaoping.core.results import DecisionKind, Status
from kaoping.core.scheme import STEP_NAMES, StepKind, Totals
from kaoping.core.scores import STATE_NAMES, ScoreState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from kaoping.core.ledger import Ledger
    from kaoping.core.results import Entries
    from kaoping.core.scheme import Indicator, Scheme, Task, Unit
    from kaoping.core.scores import IndicatorScore, Scores, TaskScore

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is 一、, level 2 is (一)."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its heading, its share of the width, and whether it holds figures."""

    head: str
    width: int
    figures: bool = False


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with its caption; a wide one needs a landscape page."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Cells, ...]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Places for signatures, left blank: a batch signs nothing for anybody."""

    roles: tuple[str, ...]


Block = Heading | Paragraph | TableBlock | SignatureLine


@dataclass(frozen=True, slots=True)
class Document:
    """A document's content; `mark` stands above the title, `made_at` is its date of making."""

    title: str
    mark: str
    subtitle: str
    blocks: tuple[Block, ...]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Assessed:
    """Everything a report is made from."""

    scheme: Scheme
    entries: Entries
    scores: Scores
    ledger: Ledger
    problems: tuple[Problem, ...]
    made_at: datetime


DRAFT_MARK = "草稿（未经签字，不作正式依据）"


def chinese_day(day: date | None) -> str:
    """2024年12月31日; empty where there is no day."""
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日"


def points_text(value: Decimal | None, state: ScoreState = ScoreState.SCORED) -> str:
    """Points as shown in tables: 待定 where nothing can be said, — where not applicable."""
    if value is None:
        return "—" if state is ScoreState.NOT_APPLICABLE else "待定"
    return minus(plain(value)) + ("（暂定）" if state is ScoreState.PROVISIONAL else "")


def minus(text: str) -> str:
    """A figure with the minus sign of print."""
    return "−" + text[1:] if text.startswith("-") else text


def build_report(assessed: Assessed) -> Document:
    """The scoring report of the whole assessment."""
    scheme = assessed.scheme
    blocks = (
        *_overview(assessed),
        *_completion(assessed),
        *_results(assessed),
        *_reasons(assessed),
        *_remarks(assessed),
        *_task_matrices(assessed),
        *_unit_details(assessed),
    )
    return Document(
        title=f"{scheme.year}年度绩效考评指标考核评分报告",
        mark=DRAFT_MARK,
        subtitle=f"{scheme.issuer}　依据：{_basis(scheme)}",
        blocks=tuple(blocks),
        made_at=assessed.made_at,
    )


def _basis(scheme: Scheme) -> str:
    number = f"（{scheme.document_number}）" if scheme.document_number else ""
    return f"《{scheme.title}》{number}"


# --- 一、概况 ---------------------------------------------------------------------------------------


def _overview(assessed: Assessed) -> Iterator[Block]:
    scheme, scores = assessed.scheme, assessed.scores
    units = {unit for unit, _ in scores.tasks}
    verified = sum(result.status is Status.VERIFIED for result in assessed.entries.results)
    yield Heading(1, "一、考核工作概况")
    yield Paragraph(
        f"本次考核依据{_basis(scheme)}，考核 {scheme.year} 年度工作，数据截止时间为"
        f"{chinese_day(scheme.data_cutoff)}。共考核 {len(scheme.indicators)} 项指标、"
        f"{len(scheme.task_by_id)} 项任务，涉及被考评单位 {len(units)} 个、"
        f"计分 {len(scores.tasks)} 项次。"
    )
    yield Paragraph(_ledger_sentence(assessed))
    yield Paragraph(
        f"采用上报数据 {len(assessed.entries.results) - verified} 条、核验数据 {verified} 条，"
        f"记录加扣分事实 {len(assessed.entries.deductions)} 条，"
        f"由负责人作出的决定 {len(assessed.entries.decisions)} 条。"
    )
    yield _steps_table(scheme)


def _ledger_sentence(assessed: Assessed) -> str:
    rows = assessed.ledger.summaries.values()
    asked, filed = sum(row.asked for row in rows), sum(row.filed for row in rows)
    missing, late = sum(row.missing for row in rows), sum(row.late for row in rows)
    return (
        f"台账目录应报 {asked} 项，已报 {filed} 项；必备材料未报 {missing} 项，"
        f"逾期报送 {late} 项。台账存在的问题见“五、需要说明的问题”。"
    )


def _steps_table(scheme: Scheme) -> TableBlock:
    rows = tuple(
        (step.name, STEP_NAMES[step.kind], chinese_day(step.start), chinese_day(step.due))
        for step in scheme.steps
    )
    columns = (Column("环节", 3), Column("种类", 2), Column("开始", 3), Column("截止", 3))
    return TableBlock("考核程序与时限", columns, rows)


# --- 二、指标完成情况 --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Summary:
    """An indicator's results over all units; points exact."""

    units: int
    scored: int
    mean: Decimal | None
    rate: Decimal | None
    best: Decimal | None
    worst: Decimal | None
    full: int


def _summarise(assessed: Assessed, indicator: Indicator) -> _Summary:
    rows = _indicator_rows(assessed, indicator)
    counted = [row for row in rows if row.state is not ScoreState.NOT_APPLICABLE]
    values = [row.published for row in counted if row.published is not None]
    if not values:
        return _Summary(len(counted), 0, None, None, None, None, 0)
    total = sum((Fraction(value) for value in values), Fraction(0))
    mean = total / len(values)
    rate = mean / Fraction(indicator.points) * 100 if indicator.points else Fraction(0)
    return _Summary(
        units=len(counted),
        scored=len(values),
        mean=round_half_up(mean, 2),
        rate=round_half_up(rate, 1),
        best=max(values),
        worst=min(values),
        full=sum(value >= indicator.points for value in values),
    )


def _indicator_rows(assessed: Assessed, indicator: Indicator) -> list[IndicatorScore]:
    rows = assessed.scores.indicators
    return [rows[key] for unit in assessed.scheme.units if (key := (unit.id, indicator.id)) in rows]


def _completion(assessed: Assessed) -> Iterator[Block]:
    yield Heading(1, "二、指标完成情况")
    rows = []
    for indicator in assessed.scheme.indicators:
        summary = _summarise(assessed, indicator)
        rows.append(_completion_row(indicator, summary))
        yield Paragraph(_completion_sentence(assessed, indicator, summary))
    yield TableBlock(
        "各项指标得分情况",
        (
            Column("指标", 7),
            Column("分值", 2, figures=True),
            Column("责任科室", 4),
            Column("单位数", 2, figures=True),
            Column("平均分", 2, figures=True),
            Column("得分率", 3, figures=True),
            Column("最高", 2, figures=True),
            Column("最低", 2, figures=True),
            Column("满分单位", 2, figures=True),
        ),
        tuple(rows),
    )


def _completion_row(indicator: Indicator, summary: _Summary) -> Cells:
    return (
        indicator.name,
        plain(indicator.points),
        indicator.responsible_section,
        str(summary.units),
        points_text(summary.mean),
        "待定" if summary.rate is None else f"{plain(summary.rate)}%",
        points_text(summary.best),
        points_text(summary.worst),
        str(summary.full),
    )


def _completion_sentence(assessed: Assessed, indicator: Indicator, summary: _Summary) -> str:
    scope = f"（其中{indicator.scope}）" if indicator.scope else ""
    opening = (
        f"{indicator.name}{scope}：满分 {plain(indicator.points)} 分，由{indicator.lead_unit}牵头、"
        f"{indicator.responsible_section}负责，被考评单位 {summary.units} 个。"
    )
    if summary.mean is None:
        return opening + "尚无可公布的得分。"
    waiting = summary.units - summary.scored
    tail = f"另有 {waiting} 个单位待定。" if waiting else ""
    best = _names_at(assessed, indicator, summary.best)
    worst = _names_at(assessed, indicator, summary.worst)
    return (
        f"{opening}平均得分 {plain(summary.mean)} 分，得分率 {summary.rate}%，"
        f"满分（含超额）单位 {summary.full} 个；最高 {points_text(summary.best)} 分（{best}），"
        f"最低 {points_text(summary.worst)} 分（{worst}）。{tail}"
    )


def _names_at(assessed: Assessed, indicator: Indicator, value: Decimal | None) -> str:
    names = [
        assessed.scheme.unit_by_id[row.unit].name
        for row in _indicator_rows(assessed, indicator)
        if row.published == value and row.state is not ScoreState.NOT_APPLICABLE
    ]
    return "、".join(names[:3]) + (f"等 {len(names)} 个单位" if len(names) > 3 else "")  # noqa: PLR2004


# --- 三、评分结果 -----------------------------------------------------------------------------------


def _results(assessed: Assessed) -> Iterator[Block]:
    scheme = assessed.scheme
    yield Heading(1, "三、评分结果")
    yield Paragraph(
        "各单位各项指标得分如下，括号内为同组名次；“—”表示不涉及，“待定”表示缺少数据、尚不能计分。"
        "得分保留 " + str(scheme.places) + " 位小数，只在每项任务和每项指标末尾各舍入一次。"
    )
    with_totals = scheme.totals is not Totals.NONE
    columns = [Column("序号", 1, figures=True), Column("单位", 5)]
    columns += [
        Column(f"{indicator.name}（{plain(indicator.points)}分）", 3, figures=True)
        for indicator in scheme.indicators
    ]
    if with_totals:
        columns += [Column(head, 2, figures=True) for head in ("总分", "名次", "等次")]
    units = [unit for unit in scheme.units if _is_assessed(assessed, unit)]
    rows = tuple(
        (str(number), unit.name, *_result_cells(assessed, unit, with_totals=with_totals))
        for number, unit in enumerate(units, 1)
    )
    yield TableBlock("各单位指标得分汇总表", tuple(columns), rows, wide=True)
    if not with_totals:
        yield Paragraph(
            "本单位只对所牵头的指标评分，各单位总分和等次由市绩效考评主管部门汇总确定。"
        )


def _is_assessed(assessed: Assessed, unit: Unit) -> bool:
    return any(key[0] == unit.id for key in assessed.scores.indicators)


def _result_cells(assessed: Assessed, unit: Unit, *, with_totals: bool) -> Iterator[str]:
    for indicator in assessed.scheme.indicators:
        row = assessed.scores.indicators.get((unit.id, indicator.id))
        if row is None:
            yield "—"
        else:
            rank = f"（{row.rank}）" if row.rank else ""
            yield points_text(row.published, row.state) + rank
    if with_totals:
        total = assessed.scores.totals.get(unit.id)
        yield points_text(total.published, total.state) if total else "—"
        yield (total.rank or "") if total else ""
        yield _grade_text(assessed, unit)


def _grade_text(assessed: Assessed, unit: Unit) -> str:
    total = assessed.scores.totals.get(unit.id)
    if total is None:
        return ""
    return total.grade + ("（不得评先）" if total.awards_barred else "")


# --- 四、理由及依据 ----------------------------------------------------------------------------------


def _reasons(assessed: Assessed) -> Iterator[Block]:
    scheme = assessed.scheme
    yield Heading(1, "四、评（扣）分理由及依据")
    lost = [row for row in _task_rows(assessed) if _lost(row) > 0]
    yield Paragraph(
        f"未得满分的共 {len(lost)} 项次，逐项列明理由、依据和数据来源；"
        "每一项的计算过程见附表各单位评分明细。"
    )
    rows = tuple(
        (
            scheme.unit_by_id[row.unit].name,
            f"{row.task} {scheme.task_by_id[row.task].name}",
            plain(row.applicable_points),
            points_text(row.published, row.state),
            reason_text(row),
            row.basis or scheme.task_by_id[row.task].standard,
            row.data_source,
        )
        for row in lost
    )
    yield TableBlock("未得满分事项及理由", _REASON_COLUMNS, rows, wide=True)
    yield from _decisions(assessed)


_REASON_COLUMNS = (
    Column("单位", 4),
    Column("任务", 4),
    Column("分值", 1, figures=True),
    Column("得分", 2, figures=True),
    Column("理由", 7),
    Column("依据", 6),
    Column("数据来源", 3),
)


def _task_rows(assessed: Assessed) -> list[TaskScore]:
    """Scores in the scheme's order: by indicator and task, then by unit."""
    rows = assessed.scores.tasks
    return [
        rows[key]
        for task in assessed.scheme.task_by_id.values()
        for unit in assessed.scheme.units
        if (key := (unit.id, task.id)) in rows
    ]


def _lost(row: TaskScore) -> Decimal:
    if row.state is ScoreState.NOT_APPLICABLE or row.published is None:
        return Decimal(0)
    return row.applicable_points - row.published


def reason_text(row: TaskScore) -> str:
    """Why points were lost: the recorded reasons, else the arithmetic itself."""
    if row.reason:
        return row.reason
    if row.steps:
        return "；".join(row.steps)
    target = f"目标 {row.target}，" if row.target else ""
    actual = row.verified or row.reported
    return f"{target}实际 {actual}，按办法计算：{row.working}" if actual else row.working


_DECISION_NAMES = {
    DecisionKind.JUDGEMENT: "评议",
    DecisionKind.ADJUST: "调整",
    DecisionKind.VETO: "一票否决",
    DecisionKind.LIFT: "撤销否决",
    DecisionKind.MISSING: "缺值认定",
    DecisionKind.ABSENT: "缺席",
    DecisionKind.NOT_APPLICABLE: "不涉及",
}


def _decisions(assessed: Assessed) -> Iterator[Block]:
    decisions = assessed.entries.decisions
    if not decisions:
        return
    yield Paragraph(f"由负责人作出的评议、调整、否决和认定共 {len(decisions)} 项，列明如下。")
    rows = tuple(
        (
            assessed.scheme.unit_by_id[row.unit].name,
            row.task or row.indicator,
            _DECISION_NAMES[row.kind] + (f"：{row.name}" if row.name else ""),
            _decided_value(row.value),
            row.reason,
            "；".join(text for text in (row.basis, row.document) if text),
            row.author,
        )
        for row in decisions
    )
    columns = (
        Column("单位", 4),
        Column("任务", 1),
        Column("事项", 4),
        Column("分数或数值", 2, figures=True),
        Column("理由", 7),
        Column("依据及文件", 6),
        Column("决定人", 2),
    )
    yield TableBlock("负责人作出的决定", columns, rows, wide=True)


def _decided_value(value: Decimal | bool | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return minus(plain(value))


# --- 五、需要说明的问题 -------------------------------------------------------------------------------


def _remarks(assessed: Assessed) -> Iterator[Block]:
    yield Heading(1, "五、需要说明的问题")
    waiting = [
        row
        for row in _task_rows(assessed)
        if row.state in (ScoreState.INCOMPLETE, ScoreState.PROVISIONAL)
    ]
    if waiting:
        yield Paragraph(f"尚有 {len(waiting)} 项次待定或暂定，须补齐数据或由负责人决定后才能签字：")
        yield _waiting_table(assessed, waiting)
    else:
        yield Paragraph("各项任务均已计分，没有待定事项。")
    yield from _ledger_remarks(assessed)
    open_problems = [p for p in assessed.problems if not p.accepted]
    accepted = [p for p in assessed.problems if p.accepted]
    yield Paragraph(
        f"方案、通知和数据中尚有 {len(open_problems)} 个提示，已审阅接受 {len(accepted)} 个，"
        "详见随附的问题清单（problems.md）。"
    )


def _waiting_table(assessed: Assessed, rows: Sequence[TaskScore]) -> TableBlock:
    columns = (Column("单位", 4), Column("任务", 5), Column("状态", 2), Column("原因", 8))
    cells = tuple(
        (
            assessed.scheme.unit_by_id[row.unit].name,
            f"{row.task} {assessed.scheme.task_by_id[row.task].name}",
            STATE_NAMES[row.state],
            "；".join(p.message for p in row.problems) or "同组单位数据不全",
        )
        for row in rows
    )
    return TableBlock("待定事项", columns, cells)


def _ledger_remarks(assessed: Assessed) -> Iterator[Block]:
    problems = assessed.ledger.problems
    if not problems:
        yield Paragraph("台账齐全，未发现逾期、重复或超出截止时间的材料。")
        return
    counts = Counter(problem.code for problem in problems)
    listed = "；".join(f"{CATALOGUE[code].zh} {count} 项" for code, count in counts.items())
    yield Paragraph(f"台账核对发现：{listed}。")
    rows = tuple((CATALOGUE[p.code].zh, p.message, p.suggestion) for p in problems)
    columns = (Column("问题", 3), Column("具体情况", 10), Column("处理建议", 4))
    yield TableBlock("台账问题清单", columns, rows, wide=True)


# --- 附表 -------------------------------------------------------------------------------------------


def _task_matrices(assessed: Assessed) -> Iterator[Block]:
    yield Heading(1, "附表一　各项指标任务得分")
    for indicator in assessed.scheme.indicators:
        yield Heading(2, f"{indicator.name}（{plain(indicator.points)}分）")
        yield _task_matrix(assessed, indicator)
        yield SignatureLine(("经办人", "部门负责人", "日期"))


def _task_matrix(assessed: Assessed, indicator: Indicator) -> TableBlock:
    columns = [Column("单位", 5)]
    columns += [
        Column(
            f"{task.id} {task.name}（{plain(task.points)}分{'，加分' if task.bonus else ''}）",
            3,
            figures=True,
        )
        for task in indicator.tasks
    ]
    columns += [Column("涉及分值", 2, figures=True), Column("指标得分", 2, figures=True)]
    rows = tuple(
        (
            assessed.scheme.unit_by_id[row.unit].name,
            *(_task_cell(assessed, row.unit, task) for task in indicator.tasks),
            plain(row.applicable_points),
            points_text(row.published, row.state),
        )
        for row in _indicator_rows(assessed, indicator)
    )
    return TableBlock(f"{indicator.name}任务得分表", tuple(columns), rows, wide=True)


def _task_cell(assessed: Assessed, unit: str, task: Task) -> str:
    row = assessed.scores.tasks.get((unit, task.id))
    return "—" if row is None else points_text(row.published, row.state)


def _unit_details(assessed: Assessed) -> Iterator[Block]:
    yield Heading(1, "附表二　各单位评分明细")
    for unit in assessed.scheme.units:
        if _is_assessed(assessed, unit):
            yield Heading(2, unit.name)
            yield unit_table(assessed, unit)


_DETAIL_COLUMNS = (
    Column("任务", 5),
    Column("年度目标", 3),
    Column("实际完成", 4),
    Column("涉及分值", 2, figures=True),
    Column("得分", 2, figures=True),
    Column("得分过程", 8),
    Column("理由、依据和数据来源", 8),
)


def unit_table(assessed: Assessed, unit: Unit) -> TableBlock:
    """A unit's yearly target, actual completion, score in detail and basis, task by task."""
    rows: list[Cells] = []
    for indicator in assessed.scheme.indicators:
        whole = assessed.scores.indicators.get((unit.id, indicator.id))
        if whole is None:
            continue
        for task in indicator.tasks:
            row = assessed.scores.tasks.get((unit.id, task.id))
            if row is not None:
                rows.append(_detail_row(task, row))
        rows.append(_indicator_detail(indicator, whole))
    return TableBlock(f"{unit.name}评分明细", _DETAIL_COLUMNS, tuple(rows), wide=True)


def _detail_row(task: Task, row: TaskScore) -> Cells:
    steps = "；".join(row.steps)
    actual = row.reported
    if row.verified:
        actual = f"上报 {row.reported or '无'}；核验 {row.verified}"
    sources = f"数据来源：{row.data_source}" if row.data_source else ""
    grounds = "；".join(text for text in (row.reason, row.basis, sources) if text)
    return (
        f"{task.id} {task.name}",
        row.target,
        actual or _counted(row),
        plain(row.applicable_points),
        points_text(row.published, row.state),
        "；".join(text for text in (row.working, steps) if text),
        grounds,
    )


def _counted(row: TaskScore) -> str:
    return "；".join(f"{lost.line} {plain(lost.count)} 次" for lost in row.deductions)


def _indicator_detail(indicator: Indicator, row: IndicatorScore) -> Cells:
    steps = "；".join(row.steps)
    rank = f"同组第 {row.rank} 名" if row.rank else ""
    return (
        f"【小计】{indicator.name}",
        "",
        rank,
        f"{plain(row.applicable_points)}／{plain(indicator.scale)}",
        points_text(row.published, row.state),
        "；".join(text for text in (row.working, steps) if text),
        "；".join(text for text in (row.reason, row.basis) if text),
    )


# --- 单位评分单 --------------------------------------------------------------------------------------


def build_unit_sheet(assessed: Assessed, unit: Unit) -> Document:
    """One unit's sheet: what it was measured by, what it did, and how every point came about."""
    scheme = assessed.scheme
    blocks: list[Block] = [
        Paragraph(
            f"现将你单位 {scheme.year} 年度考评指标得分情况告知如下。考核依据{_basis(scheme)}，"
            f"数据截止时间{chinese_day(scheme.data_cutoff)}。"
        ),
        unit_table(assessed, unit),
        *_unit_total(assessed, unit),
        *_unit_standards(assessed, unit),
        *_unit_ledger(assessed, unit),
        *_unit_remedy(scheme),
        SignatureLine(("经办人", "部门负责人", "日期")),
    ]
    return Document(
        title=f"{unit.name}{scheme.year}年度考评指标评分单",
        mark=DRAFT_MARK,
        subtitle=scheme.issuer,
        blocks=tuple(blocks),
        made_at=assessed.made_at,
    )


def _unit_total(assessed: Assessed, unit: Unit) -> Iterator[Block]:
    total = assessed.scores.totals.get(unit.id)
    if total is None:
        return
    steps = "；".join(("", *total.steps))
    yield Paragraph(
        f"总分 {points_text(total.published, total.state)} 分（{total.working}），"
        f"同组第 {total.rank} 名，等次：{_grade_text(assessed, unit) or '未定'}{steps}。"
    )


def _unit_standards(assessed: Assessed, unit: Unit) -> Iterator[Block]:
    rows = tuple(
        (f"{task.id} {task.name}", plain(assessed.scheme.points_of(unit.id, task)), task.standard)
        for task in assessed.scheme.task_by_id.values()
        if (unit.id, task.id) in assessed.scores.tasks
    )
    columns = (Column("任务", 5), Column("分值", 1, figures=True), Column("完成标准", 14))
    yield TableBlock("完成标准", columns, rows, wide=True)


def _unit_ledger(assessed: Assessed, unit: Unit) -> Iterator[Block]:
    summary = assessed.ledger.summaries.get(unit.id)
    if summary is not None:
        yield Paragraph(
            f"台账应报 {summary.asked} 项，已报 {summary.filed} 项，必备材料未报 {summary.missing} 项，"
            f"逾期 {summary.late} 项。"
        )
    problems = assessed.ledger.problems_of.get(unit.id, ())
    if problems:
        rows = tuple((CATALOGUE[p.code].zh, p.message, p.suggestion) for p in problems)
        columns = (Column("问题", 3), Column("具体情况", 10), Column("处理建议", 4))
        yield TableBlock("台账问题", columns, rows, wide=True)


def _unit_remedy(scheme: Scheme) -> Iterator[Block]:
    for kind, text in (
        (StepKind.FEEDBACK, "如有意见，请在{day}前书面反馈。"),
        (StepKind.APPEAL, "如有异议，可在{day}前提出申诉。"),
    ):
        step = scheme.step_of(kind)
        if step is not None:
            yield Paragraph(text.format(day=chinese_day(step.due)))


# --- 问题清单 ---------------------------------------------------------------------------------------

_SEVERITY_TITLES = {
    "A": "A 级：妨碍工作，必须处理",
    "B": "B 级：须由人决定",
    "C": "C 级：文字或数据质量",
}


def problems_markdown(title: str, problems: Iterable[Problem]) -> str:
    """All problems as a readable list, gravest first, accepted ones last."""
    listed = by_severity(problems)
    groups: dict[str, list[Problem]] = defaultdict(list)
    for problem in listed:
        key = "已接受的问题" if problem.accepted else _SEVERITY_TITLES[problem.severity.value]
        groups[key].append(problem)
    lines = [f"# {title}", "", f"共 {len(listed)} 个。", ""]
    if not listed:
        lines = [f"# {title}", "", "没有发现问题。", ""]
    for heading, rows in groups.items():
        lines += [f"## {heading}（{len(rows)} 个）", ""]
        for problem in rows:
            lines.append(
                f"- **{_escaped(problem.where) or '全文'}**：{_escaped(problem.message)}。"
            )
            if problem.suggestion:
                lines.append(f"  建议：{_escaped(problem.suggestion)}。")
            lines.append(f"  〔{problem.code}，{CATALOGUE[problem.code].en}〕")
        lines.append("")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    flat = " ".join(text.split()).rstrip("。")
    return "".join("\\" + c if c in "\\`*_<>#|[]" else c for c in flat)
