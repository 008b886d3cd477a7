"""评分办法: the closed union of rule kinds, and reading one from its table.

Every kind of `design: scoring` is a frozen record here. Arithmetic lives in `evaluation.py`. Numbers
are `Decimal` exactly as written; `P` in a comment is the points of the task for one unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, assert_never

from kaoping.core import formula

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.core.fields import Fields

UNLIMITED: Final = "none"
FULL_POINTS: Final = "points"
Limit = Decimal | Literal["none", "points"]
"""A floor or cap: a number, "none" for no limit, or "points" for the task's own points P."""

ZERO = Decimal(0)
ONE = Decimal(1)
MAX_DEPTH = 4
"""How deep rules may nest in parts."""

RESERVED_INPUTS = frozenset({"value", "previous", "of", "target", "points", "counts", "parts"})
"""Words that name inputs; no part or line may be called so."""


class Ties(StrEnum):
    """并列的名次: 1,2,2,4 (competition), 1,2,2,3 (dense) or 1,2.5,2.5,4 (average)."""

    COMPETITION = "competition"
    DENSE = "dense"
    AVERAGE = "average"


@dataclass(frozen=True, slots=True)
class Ratio:
    """完成率法: P × min(max(x/target, 0), cap); target/x where lower is better."""

    target: Decimal | None
    cap: Decimal = ONE
    zero_below: Decimal | None = None
    lower_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """One band [from, below) and its points; a missing end is open."""

    lower: Decimal | None
    upper: Decimal | None
    points: Decimal


@dataclass(frozen=True, slots=True)
class Bands:
    """分档: the points of the band that holds the value."""

    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Interpolate:
    """区间插值: piecewise linear through (value, score) pairs, values ascending."""

    points: tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One countable fact and its signed points each."""

    name: str
    each: Decimal


class Start(StrEnum):
    """What a count starts from: the task's points, or nothing."""

    FULL = "full"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class Count:
    """每…扣/每…加: start + Σ count × each, then floor and cap."""

    start: Start
    lines: tuple[Line, ...]
    floor: Limit = ZERO
    cap: Limit = UNLIMITED


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a step rule: `points` for every `per`, at most `cap` in all."""

    per: Decimal
    points: Decimal
    cap: Decimal | None = None


class Measure(StrEnum):
    """What a step rule compares with its target: the value or its growth in percent."""

    VALUE = "value"
    GROWTH = "growth"


@dataclass(frozen=True, slots=True)
class Step:
    """每高/低…加/扣: P plus or minus whole (or proportional) steps from the target."""

    target: Decimal | Literal["mean"] | None
    measure: Measure = Measure.VALUE
    up: Side | None = None
    down: Side | None = None
    whole: bool = True
    floor: Limit = ZERO


@dataclass(frozen=True, slots=True)
class YesNo:
    """非此即彼: P where true, else `otherwise`."""

    otherwise: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Checklist:
    """清单完成: P × done ÷ of."""


class Order(StrEnum):
    """Whether the greatest (descending) or the least (ascending) value ranks first."""

    DESCENDING = "descending"
    ASCENDING = "ascending"


@dataclass(frozen=True, slots=True)
class RankBand:
    """Ranks up to and including `to` get `points`."""

    to: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Rank:
    """位次赋分: first − step × (rank − 1), or by bands of ranks, within the unit's group."""

    order: Order = Order.DESCENDING
    first: Limit = FULL_POINTS
    step: Decimal | None = None
    floor: Limit = ZERO
    bands: tuple[RankBand, ...] = ()
    ties: Ties | None = None


Extreme = Literal["min", "max"]


@dataclass(frozen=True, slots=True)
class Efficacy:
    """功效系数法: P × clamp(base + span × (x − low)/(high − low)) ÷ (base + span)."""

    low: Decimal | Extreme
    high: Decimal | Extreme
    base: Decimal = Decimal(60)
    span: Decimal = Decimal(40)


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a compound rule; `points` in a sum, `weight` in a weighted rule."""

    name: str
    rule: Rule
    points: Decimal | None = None
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """分项相加: the parts' unrounded scores added, then floor and cap."""

    parts: tuple[Part, ...]
    floor: Limit = ZERO
    cap: Limit = UNLIMITED


@dataclass(frozen=True, slots=True)
class Least:
    """取较低: the least of the parts' scores, each at points P."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Weighted:
    """加权: Σ weight × the part's score at points P; the weights add up to 1."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """酌情/评议: a person's points inside [low, high], never computed."""

    low: Decimal = ZERO
    high: Limit = FULL_POINTS


@dataclass(frozen=True, slots=True)
class Formula:
    """公式: a safe expression over the inputs, then floor and cap."""

    score: formula.Expression
    lines: tuple[str, ...] = ()
    floor: Limit = ZERO
    cap: Limit = FULL_POINTS


Rule = (
    Ratio
    | Bands
    | Interpolate
    | Count
    | Step
    | YesNo
    | Checklist
    | Rank
    | Efficacy
    | Sum
    | Least
    | Weighted
    | Judgement
    | Formula
)


class RuleKind(StrEnum):
    """The wire names of the rule kinds."""

    RATIO = "ratio"
    BANDS = "bands"
    INTERPOLATE = "interpolate"
    COUNT = "count"
    STEP = "step"
    YES_NO = "yes-no"
    CHECKLIST = "checklist"
    RANK = "rank"
    EFFICACY = "efficacy"
    SUM = "sum"
    LEAST = "least"
    WEIGHTED = "weighted"
    JUDGEMENT = "judgement"
    FORMULA = "formula"


KIND_NAMES: Final[dict[RuleKind, str]] = {
    RuleKind.RATIO: "完成率法",
    RuleKind.BANDS: "分档",
    RuleKind.INTERPOLATE: "区间插值",
    RuleKind.COUNT: "按次加扣分",
    RuleKind.STEP: "每高(低)一步加(扣)分",
    RuleKind.YES_NO: "非此即彼",
    RuleKind.CHECKLIST: "清单完成",
    RuleKind.RANK: "位次赋分",
    RuleKind.EFFICACY: "功效系数法",
    RuleKind.SUM: "分项相加",
    RuleKind.LEAST: "取较低",
    RuleKind.WEIGHTED: "加权",
    RuleKind.JUDGEMENT: "评议",
    RuleKind.FORMULA: "公式",
}


def kind_of(rule: Rule) -> RuleKind:
    """The wire name of a rule's kind."""
    return _KIND_OF[type(rule)]


_KIND_OF: Final[dict[type, RuleKind]] = {
    Ratio: RuleKind.RATIO,
    Bands: RuleKind.BANDS,
    Interpolate: RuleKind.INTERPOLATE,
    Count: RuleKind.COUNT,
    Step: RuleKind.STEP,
    YesNo: RuleKind.YES_NO,
    Checklist: RuleKind.CHECKLIST,
    Rank: RuleKind.RANK,
    Efficacy: RuleKind.EFFICACY,
    Sum: RuleKind.SUM,
    Least: RuleKind.LEAST,
    Weighted: RuleKind.WEIGHTED,
    Judgement: RuleKind.JUDGEMENT,
    Formula: RuleKind.FORMULA,
}


def parts_of(rule: Rule) -> tuple[Part, ...]:
    """The parts of a compound rule, empty for a simple one."""
    return rule.parts if isinstance(rule, Sum | Least | Weighted) else ()


def lines_of(rule: Rule) -> tuple[str, ...]:
    """The names of the facts a rule counts, its parts' not included."""
    match rule:
        case Count():
            return tuple(line.name for line in rule.lines)
        case Formula():
            return rule.lines
        case _:
            return ()


def all_lines(rule: Rule) -> tuple[str, ...]:
    """Every line name a deduction may use for a rule: `line`, or `part.line` inside parts."""
    inner = (f"{part.name}.{line}" for part in parts_of(rule) for line in all_lines(part.rule))
    return (*lines_of(rule), *inner)


def inputs_of(rule: Rule) -> tuple[str, ...]:
    """The inputs a rule itself reads, its parts' not included: `value`, `previous`, `of`."""
    match rule:
        case Ratio() | Bands() | Interpolate() | YesNo() | Rank() | Efficacy():
            return ("value",)
        case Step():
            return ("value", "previous") if rule.measure is Measure.GROWTH else ("value",)
        case Checklist():
            return ("value", "of")
        case Formula():
            used = rule.score.names
            return tuple(name for name in ("value", "previous", "of") if name in used)
        case Count() | Judgement() | Sum() | Least() | Weighted():
            return ()
        case _:
            assert_never(rule)


def all_inputs(rule: Rule) -> tuple[str, ...]:
    """Every input name a results row may use: empty text for the main value, else a path.

    A part's main value is the part's name, its other inputs are `part.previous`, `part.of`.
    """
    own = tuple("" if name == "value" else name for name in inputs_of(rule))
    inner = (
        f"{part.name}.{name}" if name else part.name
        for part in parts_of(rule)
        for name in all_inputs(part.rule)
    )
    return (*own, *inner)


def rule_at(rule: Rule, path: str) -> Rule | None:
    """The rule of a part named by a dotted path; the rule itself for an empty path."""
    if not path:
        return rule
    head, _, rest = path.partition(".")
    for part in parts_of(rule):
        if part.name == head:
            return rule_at(part.rule, rest)
    return None


def walk(rule: Rule, path: str = "") -> Iterator[tuple[str, Rule]]:
    """A rule and all rules inside it, each with its dotted path of part names."""
    yield path, rule
    for part in parts_of(rule):
        yield from walk(part.rule, f"{path}.{part.name}" if path else part.name)


def uses_group(rule: Rule) -> bool:
    """Whether a score needs the values of the whole group: rank, mean, or group extremes."""
    match rule:
        case Rank():
            return True
        case Step():
            return rule.target == "mean"
        case Efficacy():
            return isinstance(rule.low, str) or isinstance(rule.high, str)
        case _:
            return any(uses_group(part.rule) for part in parts_of(rule))


def takes_target(rule: Rule) -> bool:
    """Whether the rule has a target that an assignment may replace."""
    return isinstance(rule, Ratio | Step) or (
        isinstance(rule, Formula) and "target" in rule.score.names
    )


# --- reading -------------------------------------------------------------------------------------


def is_name(text: str) -> bool:
    """Whether a text may name a part or a line: letters of any script, digits and `_`."""
    return text.isidentifier() and text not in RESERVED_INPUTS and text not in formula.RESERVED


def read_rule(fields: Fields, depth: int = 0) -> Rule | None:
    """The rule of a table, or None (with problems noted) where it cannot be one."""
    kind = fields.raw("kind")
    if kind is None:
        fields.missing("kind", "评分办法的种类")
        return None
    if kind not in tuple(RuleKind):
        known = "、".join(f"{member.value}({KIND_NAMES[member]})" for member in RuleKind)
        fields.findings.add(
            "RULE-UNKNOWN", fields.at("kind"), f"不认识的评分办法“{kind}”", f"可用:{known}"
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
        lower = row.number("from", "下限(含)")
        upper = row.number("below", "上限(不含)")
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
    for position, row in enumerate(fields.rows("points", "[数值, 得分] 列表", required=True), 1):
        place = f"points[#{position}]"
        if not isinstance(row, list) or len(row) != 2:  # noqa: PLR2004 - a pair
            fields.wrong(place, row, '一对数字,如 ["90", "0"]')
            continue
        numbers = [fields.as_number(place, cell) for cell in row]
        if numbers[0] is None or numbers[1] is None:
            continue
        if pairs and numbers[0] <= pairs[-1][0]:
            _refuse(fields, place, "插值点的数值应从小到大,且不重复", "请按数值排列")
            continue
        pairs.append((numbers[0], numbers[1]))
    if not pairs:
        _require_rows(fields, "points")
    return tuple(pairs)


def _note_name(fields: Fields, name: str, seen: set[str]) -> None:
    if not is_name(name) and not fields.findings.is_broken(fields.at("name")):
        _refuse(fields, "name", f"名称“{name}”不能使用", "只用文字、数字和下划线,且不与输入项同名")
    if name in seen:
        fields.findings.add(
            "ID-DUPLICATE", fields.at("name"), f"名称“{name}”重复", "请另取名称"
        )
    seen.add(name)


def _read_lines(fields: Fields) -> tuple[Line, ...]:
    lines = []
    seen: set[str] = set()
    for row in fields.tables("lines", "计次项", label="name"):
        name = row.name("name", "计次项名称")
        each = row.number("each", "每次加(扣)分", required=True)
        _note_name(row, name, seen)
        row.finish()
        lines.append(Line(name, ZERO if each is None else each))
    if not lines:
        _require_rows(fields, "lines")
    return tuple(lines)


def _read_count(fields: Fields) -> Count:
    start = fields.choice("start", Start, Start.FULL)
    if not fields.has("start"):
        fields.missing("start", "full 从满分扣起,zero 从零加起")
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
        _refuse(side, "points", "每一步的分数不写负号", "up 为加分,down 为扣分")
    cap = side.number("cap", "这一侧最多加(扣)分")
    side.finish()
    return Side(per, ZERO if points is None else points, cap)


def _read_step(fields: Fields) -> Step:
    target: Decimal | Literal["mean"] | None
    if fields.raw("target") == "mean":
        target = "mean"
    else:
        target = fields.number("target", "目标值,或 mean 表示同组平均")
    step = Step(
        target,
        fields.choice("measure", Measure, Measure.VALUE),
        _read_side(fields, "up"),
        _read_side(fields, "down"),
        fields.flag("whole", default=True),
        _limit(fields, "floor", ZERO, (UNLIMITED,)),
    )
    if step.up is None and step.down is None and not fields.findings.is_broken(fields.place):
        _refuse(fields, "up", "up 和 down 都没有写,得分不会变化", "至少写一侧")
    return step


def _read_rank(fields: Fields) -> Rank:
    bands: list[RankBand] = []
    for row in fields.tables("bands", "名次分档"):
        to = row.number("to", "名次(含)", required=True)
        points = row.number("points", "得分", required=True)
        row.finish()
        if to is not None and bands and to <= bands[-1].to:
            _refuse(row, "to", "名次分档应从前到后排列", "to 应逐行增大")
        bands.append(RankBand(ONE if to is None else to, ZERO if points is None else points))
    step = fields.number("step", "每降一位扣分")
    if bands and (fields.has("step") or fields.has("first")):
        _refuse(fields, "bands", "bands 与 first、step 只能用一种", "请删去其中一种")
    if not bands and step is None and not fields.findings.is_broken(fields.place):
        fields.missing("step", "每降一位扣分,或写 bands")
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
        _extreme(fields, "low", "不允许值,或 min、max"),
        _extreme(fields, "high", "满意值,或 min、max"),
        ZERO if base is None else base,
        ZERO if span is None else span,
    )
    if rule.base < 0 or rule.span <= 0:
        _refuse(fields, "span", "基础分不能为负,幅度应大于零", "常用 base 60、span 40")
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
        if not is_name(name) or name in seen:
            _refuse(fields, "lines", f"计次项名称“{name}”不能使用或重复", "只用文字、数字和下划线")
        seen.add(name)
    floor = _limit(fields, "floor", ZERO, (UNLIMITED,))
    cap = _limit(fields, "cap", FULL_POINTS, (UNLIMITED,))
    if not text:
        return None
    parsed = formula.parse(text, lines)
    if isinstance(parsed, formula.Fault):
        _refuse(fields, "score", f"公式无法使用:{parsed.message}", parsed.suggestion)
        return None
    return Formula(parsed, lines, floor, cap)

