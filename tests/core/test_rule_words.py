"""Rules in words: nothing that decides a score is left unsaid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kaoping.core.rule_words import rule_words
from kaoping.core.rules import KIND_NAMES, RuleKind, kind_of
from kaoping.core.scheme import load_scheme
from tests.schemes import rule_of

EXAMPLES = Path(__file__).parents[2] / "examples"
SCHEME = load_scheme((EXAMPLES / "baise-2024" / "scheme.toml").read_text("utf-8")).scheme
assert SCHEME is not None

NOT_SAID = {"0", "1"}
"""Full marks and none, which words say."""


def words(text):
    return "；".join(rule_words(rule_of(text[1:-1])))


RULES = [
        ('{ kind = "ratio", zero_below = "0.6" }', ["完成值 ÷ 各单位目标值", "最高得满分", "低于 60% 的不得分"]),
        ('{ kind = "ratio", target = "8", lower_is_better = true, cap = "1.2" }', ["目标值 8", "÷ 完成值", "1.2 倍"]),
        ('{ kind = "bands", bands = [{ below = "60", points = "0" }, { from = "60", below = "80", points = "3" }, { from = "80", points = "5" }] }', ["低于 60 的得 0 分", "60（含）至 80（不含）的得 3 分", "80 以上（含）的得 5 分"]),
        ('{ kind = "interpolate", points = [["60", "0"], ["100", "5"]] }', ["60 得 0 分，100 得 5 分", "按比例"]),
        ('{ kind = "count", start = "zero", cap = "2", lines = [{ name = "获奖", each = "0.5" }] }', ["从 0 分起", "“获奖”每次（件）加 0.5 分", "最高 2 分"]),
        ('{ kind = "count", start = "full", floor = "none", lines = [{ name = "通报", each = "-5" }] }', ["从满分起", "扣 5 分", "不设最低分"]),
        ('{ kind = "step", target = "mean", measure = "growth", whole = false, up = { per = "1", points = "0.1", cap = "0.3" }, down = { per = "2", points = "0.2" } }', ["增幅（百分点）达到同组平均值", "每高 1 加 0.1 分，最多加 0.3 分", "每低 2 扣 0.2 分", "按比例计"]),
        ('{ kind = "yes-no", otherwise = "1" }', ["未完成的得 1 分"]),
        ('{ kind = "checklist" }', ["完成项数 ÷ 应完成项数"]),
        ('{ kind = "rank", step = "0.5", order = "ascending", ties = "dense" }', ["从小起排名", "第 1 名得 满分", "每降一位扣 0.5 分", "不占用名次"]),
        ('{ kind = "rank", bands = [{ to = "3", points = "5" }] }', ["第 3 名以内（含）得 5 分", "其余得 0 分"]),
        ('{ kind = "efficacy", low = "min", high = "90" }', ["同组最小值", "60 + 40 ×", "（90 − 同组最小值）"]),
        ('{ kind = "judgement", low = "4", high = "10" }', ["4 至 10 分 之间"]),
        ('{ kind = "formula", score = "points * value / target", cap = "none" }', ["得分 = points * value / target"]),
        ('{ kind = "weighted", parts = [{ name = "甲", weight = "0.4", rule = { kind = "yes-no" } }, { name = "乙", weight = "0.6", rule = { kind = "checklist" } }] }', ["甲（权重 40%）", "乙（权重 60%）"]),
        ('{ kind = "least", parts = [{ name = "甲", rule = { kind = "yes-no" } }, { name = "乙", rule = { kind = "checklist" } }] }', ["取其中最低的", "甲：非此即彼"]),
        ('{ kind = "sum", cap = "4", parts = [{ name = "甲", points = "3", rule = { kind = "yes-no" } }] }', ["甲（3 分）", "最高 4 分"]),
    ]  # fmt: skip


@pytest.mark.parametrize(("rule", "says"), RULES)
def test_a_rule_says_all_that_decides(rule, says):
    said = words(rule)
    assert [one for one in says if one not in said] == []


def test_every_kind_of_rule_has_been_tried_here():
    assert {kind_of(rule_of(one[1:-1])) for one, _ in RULES} == set(RuleKind)


@pytest.mark.parametrize("task", SCHEME.task_by_id.values(), ids=lambda task: task.id)
def test_every_number_of_a_rule_of_the_example_is_said(task):
    kind, *sentences = rule_words(task.rule)
    assert kind == KIND_NAMES[kind_of(task.rule)]
    said = set(re.findall(r"[0-9.]+", "".join(sentences)))
    said |= {f"{float(share) / 100:g}" for share in re.findall(r"([0-9.]+)%", "".join(sentences))}
    numbers = set(re.findall(r"Decimal\('-?([0-9.]+)'\)", repr(task.rule)))
    assert numbers - said - NOT_SAID == set()
