"""评分办法的文字: what a rule says, in sentences an official can check against the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from kaoping.core import rules
from kaoping.core.canonical import plain
from kaoping.core.rules import KIND_NAMES, Measure, Order, Start, Ties, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from kaoping.core.rules import Limit, Rule

_TIES = {
    Ties.COMPETITION: "并列的占用名次（1、2、2、4）",
    Ties.DENSE: "并列的不占用名次（1、2、2、3）",
    Ties.AVERAGE: "并列的取平均名次（1、2.5、2.5、4）",
}


def rule_words(rule: Rule) -> tuple[str, ...]:
    """A rule in sentences, the first one naming its kind; a part's begin with its name."""
    return (KIND_NAMES[kind_of(rule)], *_sentences(rule))


def _sentences(rule: Rule) -> Iterator[str]:
    match rule:
        case rules.Ratio():
            yield from _ratio(rule)
        case rules.Bands():
            yield from map(_band, rule.bands)
        case rules.Interpolate():
            pairs = "，".join(f"{plain(x)} 得 {plain(y)} 分" for x, y in rule.points)
            yield f"{pairs}；两点之间按比例计算，两端以外按端点计"
        case rules.Count():
            yield from _count(rule)
        case rules.Step():
            yield from _step(rule)
        case rules.YesNo():
            yield f"完成的得满分，未完成的得 {plain(rule.otherwise)} 分"
        case rules.Checklist():
            yield "得分 = 分值 × 完成项数 ÷ 应完成项数"
        case rules.Rank():
            yield from _rank(rule)
        case rules.Efficacy():
            yield from _efficacy(rule)
        case rules.Sum() | rules.Least() | rules.Weighted():
            yield from _parts(rule)
        case rules.Judgement():
            yield f"由评分人在 {plain(rule.low)} 至 {_limit(rule.high)} 之间评定，并写明理由"
        case rules.Formula():
            yield from _formula(rule)
        case _:
            assert_never(rule)


def _ratio(rule: rules.Ratio) -> Iterator[str]:
    target = _target(rule.target)
    share = f"{target} ÷ 完成值" if rule.lower_is_better else f"完成值 ÷ {target}"
    yield f"得分 = 分值 × （{share}）"
    if rule.cap == rules.ONE:
        yield "最高得满分"
    else:
        yield f"最高按 {plain(rule.cap)} 倍计"
    if rule.zero_below is not None:
        yield f"完成率低于 {_percent(rule.zero_below)} 的不得分"


def _band(band: rules.Band) -> str:
    points = f"得 {plain(band.points)} 分"
    if band.lower is None and band.upper is None:
        return f"任何数值{points}"
    if band.lower is None:
        assert band.upper is not None
        return f"低于 {plain(band.upper)} 的{points}"
    if band.upper is None:
        return f"{plain(band.lower)} 以上（含）的{points}"
    return f"{plain(band.lower)}（含）至 {plain(band.upper)}（不含）的{points}"


def _count(rule: rules.Count) -> Iterator[str]:
    yield "从满分起" if rule.start is Start.FULL else "从 0 分起"
    for line in rule.lines:
        verb = "扣" if line.each < 0 else "加"
        yield f"“{line.name}”每次（件）{verb} {plain(abs(line.each))} 分"
    yield from _bounds(rule.floor, rule.cap)


def _step(rule: rules.Step) -> Iterator[str]:
    measured = "增幅（百分点）" if rule.measure is Measure.GROWTH else "完成值"
    yield f"{measured}达到{_target(rule.target)}的得满分"
    for side, word, verb in ((rule.up, "高", "加"), (rule.down, "低", "扣")):
        if side is not None:
            cap = f"，最多{verb} {plain(side.cap)} 分" if side.cap is not None else ""
            yield f"每{word} {plain(side.per)} {verb} {plain(side.points)} 分{cap}"
    yield "不足一步的不计" if rule.whole else "不足一步的按比例计"
    yield from _bounds(rule.floor, rules.UNLIMITED)


def _rank(rule: rules.Rank) -> Iterator[str]:
    first = "大" if rule.order is Order.DESCENDING else "小"
    yield f"在同组被考评单位中按数值从{first}起排名"
    if rule.bands:
        for band in rule.bands:
            yield f"第 {plain(band.to)} 名以内（含）得 {plain(band.points)} 分"
        yield "其余得 0 分"
    else:
        yield f"第 1 名得 {_limit(rule.first)}"
        if rule.step is not None:
            yield f"每降一位扣 {plain(rule.step)} 分"
        yield from _bounds(rule.floor, rules.UNLIMITED)
    if rule.ties is not None:
        yield _TIES[rule.ties]


def _efficacy(rule: rules.Efficacy) -> Iterator[str]:
    low = {"min": "同组最小值", "max": "同组最大值"}
    ends = [low[end] if isinstance(end, str) else plain(end) for end in (rule.low, rule.high)]
    yield (
        f"得分 = 分值 × [{plain(rule.base)} + {plain(rule.span)} × "
        f"（完成值 − {ends[0]}）÷（{ends[1]} − {ends[0]}）] ÷ {plain(rule.base + rule.span)}"
    )
    yield "不低于 0 分，不高于分值"


def _parts(rule: rules.Sum | rules.Least | rules.Weighted) -> Iterator[str]:
    if isinstance(rule, rules.Least):
        yield "各分项分别计分，取其中最低的"
    for part in rule.parts:
        share = ""
        if part.points is not None:
            share = f"（{plain(part.points)} 分）"
        elif part.weight is not None:
            share = f"（权重 {_percent(part.weight)}）"
        yield f"{part.name}{share}：" + "，".join(rule_words(part.rule))
    if isinstance(rule, rules.Sum):
        yield from _bounds(rule.floor, rule.cap)


def _formula(rule: rules.Formula) -> Iterator[str]:
    yield f"得分 = {rule.score.text}"
    if rule.lines:
        yield "计次项：" + "、".join(rule.lines)
    yield from _bounds(rule.floor, rule.cap)


def _bounds(floor: Limit, cap: Limit) -> Iterator[str]:
    yield "不设最低分" if floor == rules.UNLIMITED else f"最低 {_limit(floor)}"
    if cap != rules.UNLIMITED:
        yield f"最高 {_limit(cap)}"


def _limit(limit: Limit) -> str:
    if limit == rules.FULL_POINTS:
        return "满分"
    return "不限" if isinstance(limit, str) else f"{plain(limit)} 分"


def _target(target: Decimal | str | None) -> str:
    if target is None:
        return "各单位目标值"
    return "同组平均值" if isinstance(target, str) else f"目标值 {plain(target)} "


def _percent(share: Decimal) -> str:
    return f"{plain((share * 100).normalize())}%"
