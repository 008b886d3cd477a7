"""Two versions of a scheme compared: each difference once, at its place, in both directions."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.core.diff import ChangeKind, diff_schemes
from kaoping.core.scheme import Scheme, load_scheme
from tests.core.schemes import BAISE, COUNTY, GONE, edited, line, part, scheme, sound, task

ADDED, DROPPED, CHANGED = ChangeKind.ADDED, ChangeKind.DROPPED, ChangeKind.CHANGED
ONE = "indicator/0/task/0"
TWO = "indicator/0/task/1"


def differences(before, after):
    return diff_schemes(scheme(before), scheme(after))


def formula(text):
    return {f"{ONE}/rule": {"kind": "formula", "score": text}}


def ratio_parts(*names):
    parts = [part(name, {"kind": "ratio", "target": "5"}) for name in names]
    return {f"{ONE}/rule": {"kind": "least", "parts": parts}}


BANDS = [{"below": "60", "points": "0"}, {"from": "60", "points": "6"}]

# What is changed; how many changes; the kind, a part of the place, the value before and after.
SINGLE = [
    ({"title": "大县考评方案"}, CHANGED, "title", "小县考评方案", "大县考评方案"),
    ({"places": 3}, CHANGED, "places", "2", "3"),
    ({"ties": "dense"}, CHANGED, "ties", "competition", "dense"),
    ({"data_cutoff": date(2025, 1, 1)}, CHANGED, "data_cutoff", "2024-12-31", "2025-01-01"),
    ({"issue_date": GONE}, DROPPED, "issue_date", "2024-03-15", ""),
    ({"not_applicable": "share:0.6"}, CHANGED, "not_applicable.treatment", "rescale", "share"),
    ({"requirements": ["抓好落实"]}, ADDED, "requirements", "", "抓好落实"),
    ({"indicator/0/name": "项目"}, CHANGED, "[1].name", "项目建设", "项目"),
    ({"indicator/0/cap": "10"}, ADDED, "[1].cap", "", "10"),
    ({"indicator/0/scale": "100"}, CHANGED, "[1].scale", "10", "100"),
    ({"indicator/0/contact/liaison": ["冼知秋"]}, CHANGED, "contact.liaison", "农晓禾", "冼知秋"),
    ({"indicator/0/contact/liaison": []}, DROPPED, "contact.liaison", "农晓禾", ""),
    ({f"{ONE}/points": "5.5"}, CHANGED, "[1.1].points", "6", "5.5"),
    ({f"{ONE}/standard": "看实效。"}, CHANGED, "[1.1].standard", "按完成率计分。", "看实效。"),
    ({f"{ONE}/bonus": True}, CHANGED, "[1.1].bonus", "否", "是"),
    ({f"{ONE}/units": ["甲局"]}, CHANGED, "[1.1].units", "甲局、乙局、丙局", "甲局"),
    ({f"{ONE}/units": []}, DROPPED, "[1.1].units", "甲局、乙局、丙局", ""),
    ({f"{ONE}/data_owner": "考评办"}, ADDED, "[1.1].data_owner", "", "考评办"),
    ({f"{ONE}/rule/target": "90"}, CHANGED, "[1.1].rule.target", "100", "90"),
    ({f"{ONE}/rule/target": GONE}, DROPPED, "[1.1].rule.target", "100", ""),
    ({f"{ONE}/rule/zero_below": "0.6"}, ADDED, "[1.1].rule.zero_below", "", "0.6"),
    ({f"{ONE}/rule/cap": "1.2"}, CHANGED, "[1.1].rule.cap", "1", "1.2"),
    ({f"{TWO}/rule/lines/0/each": "-0.6"}, CHANGED, "[迟报].each", "-0.5", "-0.6"),
    ({f"{TWO}/rule/floor": "none"}, CHANGED, "[1.2].rule.floor", "0", "none"),
    ({f"{TWO}/catalogue/0/name": "说明"}, CHANGED, "[1.2-1].name", "报送日志", "说明"),
    ({f"{TWO}/catalogue/0/required": False}, CHANGED, "[1.2-1].required", "是", "否"),
    ({"unit/1/group": "社会组"}, CHANGED, "[甲局].group", "经济组", "社会组"),
    ({"unit/1/aliases": []}, DROPPED, "[甲局].aliases", "甲", ""),
    ({"step/0/due": date(2025, 1, 7)}, CHANGED, "[收集].due", "2025-01-08", "2025-01-07"),
    ({"step/4/inputs": []}, DROPPED, "[报送].inputs", "汇总", ""),
]


@pytest.mark.parametrize(("changes", "kind", "place", "before", "after"), SINGLE)
def test_one_change_is_told_once_with_both_values(changes, kind, place, before, after):
    defaults = {"not_applicable": "share:0"} if "not_applicable" in changes else {}
    (change, *more) = differences(None, changes)
    assert len(more) == (1 if defaults else 0)  # the share itself is the second
    assert (change.kind, change.before, change.after) == (kind, before, after)
    assert change.where.endswith(place)


def test_a_formula_changed_is_one_change():
    (change,) = differences(formula("points * value"), formula("points * value / 2"))
    assert (change.kind, change.before, change.after) == (
        CHANGED,
        "points * value",
        "points * value / 2",
    )
    assert "[1.1].rule" in change.where


def test_the_longest_formula_can_be_compared():
    long = "+".join(["1"] * 500)
    changes = differences(formula(long), formula(long[:-1] + "2"))
    assert [change.before for change in changes] == [long]


def test_an_added_task_is_told_with_what_it_is():
    new = task("1.3", "创新", "1", "看实效。", {"kind": "yes-no"}, "总结")
    changes = differences(None, {"indicator/0/task/#new": new})
    assert {change.kind for change in changes} == {ADDED}
    assert all("[1.3]" in change.where for change in changes)
    assert {"1.3", "创新", "1", "看实效。"} <= {change.after for change in changes}
    assert {change.before for change in changes} == {""}


def test_a_task_renamed_is_dropped_and_added():
    changes = differences(None, {f"{TWO}/id": "2.9"})
    dropped = [change for change in changes if "[1.2]" in change.where]
    assert {change.kind for change in dropped} == {DROPPED}
    added = [change for change in changes if "[2.9]" in change.where]
    assert {change.kind for change in added} == {ADDED}
    assert len(dropped) + len(added) == len(changes)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"unit/#new": {"id": "丁局"}}, "丁局"),
        ({"section/#new": {"id": "投资科"}}, "投资科"),
        ({"grade": [{"name": "优秀", "from": "90"}]}, "优秀"),
        ({f"{ONE}/catalogue/#new": {"id": "1.1-2", "name": "发票"}}, "1.1-2"),
        ({f"{TWO}/rule/lines/#new": line("漏报", "-1")}, "漏报"),
        ({"assignment": [{"unit": "甲局", "task": "1.1", "target": "5"}]}, "甲局 1.1"),
        (
            {f"{ONE}/veto": [{"name": "造假", "effect": "zero-task", "authority": "党组"}]},
            "造假",
        ),
        ({"accepted": [{"code": "BURDEN", "where": "x", "reason": "r", "by": "b"}]}, "BURDEN x"),
    ],
)
def test_a_row_added_is_told_and_dropped_the_other_way_round(changes, names):
    added = differences(None, changes)
    assert {change.kind for change in added} == {ADDED}
    assert all(f"[{names}]" in change.where for change in added)
    dropped = differences(changes, None)
    assert [(c.where, c.before) for c in dropped] == [(c.where, c.after) for c in added]
    assert {change.kind for change in dropped} == {DROPPED}


def test_another_kind_of_rule_is_told_at_the_rule():
    changes = differences(None, {f"{ONE}/rule": {"kind": "yes-no"}})
    assert all("[1.1].rule" in change.where for change in changes)
    (kind,) = [c for c in changes if c.kind is CHANGED]
    assert kind.before != kind.after


def test_a_part_is_found_by_its_name():
    changes = differences(ratio_parts("甲率", "乙率"), ratio_parts("丙率", "乙率", "甲率"))
    assert {change.kind for change in changes} == {ADDED}
    assert all("丙率" in change.where for change in changes)


def test_a_band_s_points_are_told():
    before = {f"{ONE}/rule": {"kind": "bands", "bands": BANDS}}
    after = before | {f"{ONE}/rule/bands/1/points": "5"}
    (change,) = differences(before, after)
    assert (change.kind, change.before, change.after) == (CHANGED, "6", "5")


def test_moving_rows_changes_nothing():
    first, second = sound()["indicator"][0]["task"]
    moved = {f"{ONE}": second, f"{TWO}": first}
    assert differences(None, moved) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({f"{ONE}/rule/cap": "1"}, None),
        ({"places": 2, "ties": "competition", "not_applicable": "rescale"}, None),
        ({"indicator/0/scale": "10"}, None),
        ({"issue_date": "2024-03-15"}, None),
        ({f"{ONE}/units": "甲局"}, {f"{ONE}/units": ["甲局"]}),
    ],
)
def test_what_is_written_differently_but_means_the_same_is_no_change(before, after):
    assert differences(before, after) == ()


@pytest.mark.parametrize("key", ["requirements", "addressees", "annexes"])
def test_one_text_is_not_two(key):
    assert differences({key: ["甲、乙"]}, {key: ["甲", "乙"]}) != ()


def test_json_of_a_change():
    (change,) = differences(None, {"places": 3})
    assert change.as_json() == {"kind": "changed", "where": "places", "before": "2", "after": "3"}


# --- in general ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [BAISE, COUNTY, edited()], ids=["city", "county", "small"])
def test_a_scheme_does_not_differ_from_itself(text):
    assert diff_schemes(read(text), read(text)) == ()


def read(text: str) -> Scheme:
    found = load_scheme(text).scheme
    assert found is not None
    return found


def test_different_schemes_differ_in_both_directions():
    assert_mirrored(read(BAISE), read(COUNTY))


CHANGES = [changes for changes, *_ in SINGLE] + [
    {"unit/#new": {"id": "丁局"}},
    {f"{TWO}/id": "1.9"},
    {f"{TWO}/rule/lines/#new": line("漏报", "-1")},
    {"grade": [{"name": "优秀", "from": "90"}]},
]
SOME = st.lists(st.sampled_from(CHANGES), max_size=4)


def merged(chosen):
    together: dict[str, object] = {}
    for changes in chosen:
        together |= changes
    return together


MIRROR = {ADDED: DROPPED, DROPPED: ADDED, CHANGED: CHANGED}


def assert_mirrored(left: Scheme, right: Scheme) -> None:
    there = {(c.kind, c.where, c.before, c.after) for c in diff_schemes(left, right)}
    back = {(MIRROR[c.kind], c.where, c.after, c.before) for c in diff_schemes(right, left)}
    assert there == back


@given(SOME, SOME)
def test_what_is_added_one_way_is_dropped_the_other_way(left, right):
    assert_mirrored(scheme(merged(left)), scheme(merged(right)))


@given(SOME, SOME)
def test_nothing_is_told_only_where_the_schemes_are_equal(left, right):
    before, after = scheme(merged(left)), scheme(merged(right))
    assert (diff_schemes(before, after) == ()) == (before == after)


@given(SOME, SOME)
def test_no_change_is_told_twice_or_without_a_difference(left, right):
    changes = diff_schemes(scheme(merged(left)), scheme(merged(right)))
    assert len({change.where for change in changes}) == len(changes)
    assert all(change.before != change.after for change in changes)
