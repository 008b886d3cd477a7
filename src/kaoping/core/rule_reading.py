"""评分办法的读取: a rule from its table, with every problem noted at its place."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, assert_never

from kaoping.core import formula
from kaoping.core.fields import quoted
from kaoping.core.rules import (
    FULL_POINTS,
    KIND_NAMES,
    MAX_DEPTH,
    ONE,
    RESERVED_INPUTS,
    UNLIMITED,
    ZERO,
    Band,
    Bands,
    Checklist,
    Count,
    Efficacy,
    Formula,
    Interpolate,
    Judgement,
    Least,
    Line,
    Measure,
    Order,
    Part,
    Rank,
    RankBand,
    Ratio,
    RuleKind,
    Side,
    Start,
    Step,
    Sum,
    Ties,
    Weighted,
    YesNo,
)

if TYPE_CHECKING:
    from kaoping.core.fields import Fields
    from kaoping.core.rules import Extreme, Limit, Rule


def is_name(text: str) -> bool:
    """Whether a text may name a part or a line: letters of any script, digits and `_`."""
    is_word = _WORD.fullmatch(text) is not None and not text.isdecimal()
    return is_word and text not in RESERVED_INPUTS and text not in formula.RESERVED


_WORD = re.compile(r"\w+")


def read_rule(fields: Fields, depth: int = 0) -> Rule | None:
    """The rule of a table, or None (with problems noted) where it cannot be one."""
    kind = fields.raw("kind")
    if kind is None:
        fields.missing("kind", "评分办法的种类")
        return None
    if kind not in tuple(RuleKind):
        known = "、".join(f"{member.value}({KIND_NAMES[member]})" for member in RuleKind)
        fields.findings.add(
            "RULE-UNKNOWN", fields.at("kind"), f"不认识的评分办法{quoted(kind)}", f"可用：{known}"
        )
        return None
    if depth > MAX_DEPTH:
        message = f"分项嵌套超过 {MAX_DEPTH} 层"
        fields.findings.add("PARAMETER-UNKNOWN", fields.place, message, "请拆成几项任务")
        return None
    rule = _read_kind(RuleKind(str(kind)), fields, depth)
    fields.finish()
    return rule


def _read_kind(kind: RuleKind, fields: Fields, depth: int) -> Rule | None:
    match kind:
        case RuleKind.RATIO:
            return _read_ratio(fields)
        case RuleKind.BANDS:
            return Bands(_read_bands(fields))
        case RuleKind.INTERPOLATE:
            return Interpolate(_read_pairs(fields))
        case RuleKind.COUNT:
            return _read_count(fields)
        case RuleKind.STEP:
            return _read_step(fields)
        case RuleKind.YES_NO:
            return YesNo(fields.number("otherwise", "否时得分", default=ZERO) or ZERO)
        case RuleKind.CHECKLIST:
            return Checklist()
        case RuleKind.RANK:
            return _read_rank(fields)
        case RuleKind.EFFICACY:
            return _read_efficacy(fields)
        case RuleKind.SUM:
            return Sum(
                _read_parts(fields, depth, "points"),
                _limit(fields, "floor", ZERO, (UNLIMITED,)),
                _limit(fields, "cap", UNLIMITED, (UNLIMITED,)),
            )
        case RuleKind.LEAST:
            return Least(_read_parts(fields, depth, None))
        case RuleKind.WEIGHTED:
            return Weighted(_read_parts(fields, depth, "weight"))
        case RuleKind.JUDGEMENT:
            low = fields.number("low", "最低分", default=ZERO) or ZERO
            return Judgement(low, _limit(fields, "high", FULL_POINTS, ()))
        case RuleKind.FORMULA:
            return _read_formula(fields)
        case _:
            assert_never(kind)


def _refuse(fields: Fields, key: str, message: str, suggestion: str) -> None:
    fields.findings.add("PARAMETER-UNKNOWN", fields.at(key), message, suggestion)


def _limit(fields: Fields, key: str, default: Limit, words: tuple[str, ...]) -> Limit:
    value = fields.raw(key)
    if value is None:
        return default
    if value == UNLIMITED and UNLIMITED in words:
        return UNLIMITED
    number = fields.as_number(key, value)
    return default if number is None else number


def _positive(fields: Fields, key: str, meaning: str) -> Decimal:
    number = fields.number(key, meaning, required=True)
    if number is None:
        return ONE
    if number <= 0:
        _refuse(fields, key, f"{meaning}应大于零", "请写大于零的数")
        return ONE
    return number


def _read_ratio(fields: Fields) -> Ratio:
    cap = fields.number("cap", "完成率上限", default=ONE)
    if cap is not None and cap <= 0:
        _refuse(fields, "cap", "完成率上限应大于零", "不设超额加分时可不写 cap")
    return Ratio(
        fields.number("target", "目标值"),
        ONE if cap is None else cap,
        fields.number("zero_below", "低于此完成率不得分"),
        fields.flag("lower_is_better"),
    )


def _read_bands(fields: Fields) -> tuple[Band, ...]:
    bands = []
    for row in fields.tables("bands", "分档"):
        lower = row.number("from", "下限（含）")
        upper = row.number("below", "上限（不含）")
        points = row.number("points", "得分", required=True)
        row.finish()
        if lower is not None and upper is not None and lower >= upper:
            _refuse(row, "below", "分档的上限应大于下限", "每档为 [from, below)")
        bands.append(Band(lower, upper, ZERO if points is None else points))
    if not bands:
        _require_rows(fields, "bands")
    return tuple(bands)


def _require_rows(fields: Fields, key: str) -> None:
    if not fields.findings.is_broken(fields.at(key)):
        fields.missing(key, "至少一行")


def _read_pairs(fields: Fields) -> tuple[tuple[Decimal, Decimal], ...]:
    pairs: list[tuple[Decimal, Decimal]] = []
    for position, row in enumerate(fields.rows("points", "[数值，得分] 列表", required=True), 1):
        place = f"points[#{position}]"
        if not isinstance(row, list) or len(row) != 2:  # noqa: PLR2004 - a pair
            fields.wrong(place, row, '一对数字，如 ["90", "0"]')
            continue
        numbers = [fields.as_number(place, cell) for cell in row]
        if numbers[0] is None or numbers[1] is None:
            continue
        if pairs and numbers[0] <= pairs[-1][0]:
            _refuse(fields, place, "插值点的数值应从小到大，且不重复", "请按数值排列")
            continue
        pairs.append((numbers[0], numbers[1]))
    if not pairs:
        _require_rows(fields, "points")
    return tuple(pairs)


def _note_name(fields: Fields, name: str, seen: set[str]) -> None:
    if not is_name(name) and not fields.findings.is_broken(fields.at("name")):
        _refuse(fields, "name", f"名称“{name}”不能使用", "只用文字、数字和下划线，且不与输入项同名")
    if name in seen:
        fields.findings.add("ID-DUPLICATE", fields.at("name"), f"名称“{name}”重复", "请另取名称")
    seen.add(name)


def _read_lines(fields: Fields) -> tuple[Line, ...]:
    lines = []
    seen: set[str] = set()
    for row in fields.tables("lines", "计次项", label="name"):
        name = row.name("name", "计次项名称")
        each = row.number("each", "每次加（扣）分", required=True)
        _note_name(row, name, seen)
        row.finish()
        lines.append(Line(name, ZERO if each is None else each))
    if not lines:
        _require_rows(fields, "lines")
    return tuple(lines)


def _read_count(fields: Fields) -> Count:
    start = fields.choice("start", Start, Start.FULL)
    if not fields.has("start"):
        fields.missing("start", "full 从满分扣起，zero 从零加起")
    default_cap: Limit = FULL_POINTS if start is Start.FULL else UNLIMITED
    return Count(
        start,
        _read_lines(fields),
        _limit(fields, "floor", ZERO, (UNLIMITED,)),
        _limit(fields, "cap", default_cap, (UNLIMITED,)),
    )


def _read_side(fields: Fields, key: str) -> Side | None:
    side = fields.table_of(key)
    if side is None:
        return None
    per = _positive(side, "per", "每一步的大小")
    points = side.number("points", "每一步的分数", required=True)
    if points is not None and points < 0:
        _refuse(side, "points", "每一步的分数不写负号", "up 为加分，down 为扣分")
    cap = side.number("cap", "这一侧最多加（扣）分")
    if cap is not None and cap < 0:
        _refuse(side, "cap", "最多加（扣）分不写负号", "up 为加分，down 为扣分")
    side.finish()
    return Side(per, ZERO if points is None else points, cap)


def _read_step(fields: Fields) -> Step:
    target: Decimal | Literal["mean"] | None
    if fields.raw("target") == "mean":
        target = "mean"
    else:
        target = fields.number("target", "目标值，或 mean 表示同组平均")
    step = Step(
        target,
        fields.choice("measure", Measure, Measure.VALUE),
        _read_side(fields, "up"),
        _read_side(fields, "down"),
        fields.flag("whole", default=True),
        _limit(fields, "floor", ZERO, (UNLIMITED,)),
    )
    if step.up is None and step.down is None and not fields.findings.is_broken(fields.place):
        _refuse(fields, "up", "up 和 down 都没有写，得分不会变化", "至少写一侧")
    return step


def _read_rank(fields: Fields) -> Rank:
    bands: list[RankBand] = []
    for row in fields.tables("bands", "名次分档"):
        to = row.number("to", "名次（含）", required=True)
        points = row.number("points", "得分", required=True)
        row.finish()
        if to is not None and bands and to <= bands[-1].to:
            _refuse(row, "to", "名次分档应从前到后排列", "to 应逐行增大")
        bands.append(RankBand(ONE if to is None else to, ZERO if points is None else points))
    step = fields.number("step", "每降一位扣分")
    if step is not None and step < 0:
        _refuse(fields, "step", "每降一位扣分不写负号", "写每降一位少多少分")
    if bands and (fields.has("step") or fields.has("first")):
        _refuse(fields, "bands", "bands 与 first、step 只能用一种", "请删去其中一种")
    if not bands and step is None and not fields.findings.is_broken(fields.place):
        fields.missing("step", "每降一位扣分，或写 bands")
    ties = fields.choice("ties", Ties, Ties.COMPETITION) if fields.has("ties") else None
    return Rank(
        fields.choice("order", Order, Order.DESCENDING),
        _limit(fields, "first", FULL_POINTS, ()),
        step,
        _limit(fields, "floor", ZERO, (UNLIMITED,)),
        tuple(bands),
        ties,
    )


def _extreme(fields: Fields, key: str, meaning: str) -> Decimal | Extreme:
    value = fields.raw(key)
    if value == "min":
        return "min"
    if value == "max":
        return "max"
    number = fields.number(key, meaning, required=True)
    return ZERO if number is None else number


def _read_efficacy(fields: Fields) -> Efficacy:
    base = fields.number("base", "基础分", default=Decimal(60))
    span = fields.number("span", "幅度", default=Decimal(40))
    rule = Efficacy(
        _extreme(fields, "low", "不允许值，或 min、max"),
        _extreme(fields, "high", "满意值，或 min、max"),
        ZERO if base is None else base,
        ZERO if span is None else span,
    )
    if rule.base < 0 or rule.span <= 0:
        _refuse(fields, "span", "基础分不能为负，幅度应大于零", "常用 base 60、span 40")
    if rule.low == rule.high and not fields.findings.is_broken(fields.place):
        _refuse(fields, "high", "满意值与不允许值相同", "两者应不同")
    return rule


def _read_parts(fields: Fields, depth: int, share: str | None) -> tuple[Part, ...]:
    parts = []
    seen: set[str] = set()
    for row in fields.tables("parts", "分项", label="name"):
        name = row.name("name", "分项名称")
        _note_name(row, name, seen)
        number = row.number(share, "分项的分值或权重", required=True) if share else None
        if share and number is not None and number < 0:
            _refuse(row, share, "分项的分值或权重不能为负", "扣分写在分项的评分办法里")
        table = row.table_of("rule", "PARAMETER-UNKNOWN")
        if table is None and not row.findings.is_broken(row.at("rule")):
            row.missing("rule", "分项的评分办法")
        rule = read_rule(table, depth + 1) if table else None
        row.finish()
        if rule is not None:
            points = number if share == "points" else None
            weight = number if share == "weight" else None
            parts.append(Part(name, rule, points, weight))
    if not parts:
        _require_rows(fields, "parts")
    return tuple(parts)


def _read_formula(fields: Fields) -> Formula | None:
    text = fields.text("score", "得分公式", required=True)
    lines = fields.texts("lines")
    seen: set[str] = set()
    for name in lines:
        # In a formula a name that begins with a digit would be read as a number.
        if not is_name(name) or name[0].isdigit() or name in seen:
            _refuse(fields, "lines", f"计次项名称“{name}”不能使用或重复", "只用文字、数字和下划线")
        seen.add(name)
    floor = _limit(fields, "floor", ZERO, (UNLIMITED,))
    cap = _limit(fields, "cap", FULL_POINTS, (UNLIMITED,))
    if not text:
        return None
    parsed = formula.parse(text, lines)
    if isinstance(parsed, formula.Fault):
        _refuse(fields, "score", f"公式无法使用：{parsed.message}", parsed.suggestion)
        return None
    return Formula(parsed, lines, floor, cap)
