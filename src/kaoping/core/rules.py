"""评分办法: the closed union of rule kinds.

Every kind of `design: scoring` is a frozen record here. Reading lives in `rule_reading.py`,
arithmetic in `evaluation.py`. Numbers
are `Decimal` exactly as written; `P` in a comment is the points of the task for one unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, assert_never

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.core import formula


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
    RuleKind.STEP: "每高（低）一步加（扣）分",
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
    return KIND_BY_RECORD[type(rule)]


KIND_BY_RECORD: Final[dict[type, RuleKind]] = {
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
    match rule:
        case Step():
            return rule.target != "mean"
        case Formula():
            return "target" in rule.score.names
        case _:
            return isinstance(rule, Ratio)


def has_fixed_points(rule: Rule) -> bool:
    """Whether a rule states scores itself, so that a unit's own points would change nothing."""
    match rule:
        case Bands() | Interpolate() | Sum() | Formula():
            return True
        case Rank():
            return bool(rule.bands) or rule.first != FULL_POINTS
        case _:
            return any(has_fixed_points(part.rule) for part in parts_of(rule))


def goal_paths(rule: Rule) -> tuple[str, ...]:
    """Where a rule has a target that an assignment may replace: its own (empty), and parts' paths."""
    return tuple(path for path, inner in walk(rule) if takes_target(inner))


def goal_of(rule: Rule, path: str) -> Decimal | None:
    """The target that a rule itself names at one of its `goal_paths`; None where it names none."""
    inner = rule_at(rule, path)
    found = getattr(inner, "target", None)
    return found if isinstance(found, Decimal) else None
