"""What annex tables say wrongly or leave open, each beside a sound table that is silent."""

import pytest

from kaoping.core.annex.checking import check_annex
from kaoping.core.annex.reading import read_annex
from kaoping.core.annex.standards import (
    damaged_numbers,
    leaves_cap_open,
    leaves_floor_open,
    leaves_step_open,
)
from kaoping.core.problems import Severity
from tests.core.annex.grids import grid

HEAD = "编号 | 考核内容 | 任务 | 分值 | 标准 | 台账 | 涉及单位\n"
SOUND = """
    1.1 | 防汛（10分） | 备物资 | 6 | 缺1件扣1分，扣完为止。 | 物资清单 | 市水利局
    1.2 | ^ | 演练 | 4 | 按次得分，最高得4分。 | 演练方案 | 市水利局
    """


def found(rows, head=HEAD, **more):
    problems = check_annex(read_annex([grid(head + rows.strip(), **more)]))
    return {
        (problem.code, problem.where.removeprefix("附件1.xlsx“任务表”")) for problem in problems
    }


def codes(rows, **more):
    return {code for code, _ in found(rows, **more)}


def changed(old, new):
    assert old in SOUND
    return SOUND.replace(old, new)


def test_a_sound_table_has_no_problem():
    assert found(SOUND) == set()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("| 6 |", "| 5 |", ("POINTS-SUM", "B2")),
        ("物资清单", "", ("CATALOGUE-EMPTY", "C2")),
        ("演练方案 | 市水利局", "演练方案 |", ("TASK-NO-UNITS", "C3")),
        ("1.2", "1.1", ("ID-DUPLICATE", "C3")),
        ("按次得分，最高得4分。", "缺1件扣1分，扣完为止。", ("DOUBLE-COUNT", "E3")),
        ("演练方案", "物资清单", ("BURDEN", "F3")),
        ("按次得分，最高得4分。", "获领导批示得4分。", ("BURDEN", "E3")),
        ("，扣完为止", "", ("FLOOR-UNSTATED", "E2")),
        ("按次得分，最高得4分。", "每超1次加0.5分。", ("CAP-UNSTATED", "E3")),
        ("按次得分，最高得4分。", "每低1个百分点扣1分，扣完为止。", ("STEP-UNSTATED", "E3")),
        ("按次得分，最高得4分。", "缺席扣05分，最多扣4分。", ("NUMBER-DAMAGED", "E3")),
        ("| 4 |", "| 约4 |", ("ANNEX-UNREAD", "D3")),
        ("| 4 |", "| 0. 4 |", ("ANNEX-UNDECIDED", "D3")),
        ("演练方案 | 市水利局", "演练方案 | 各有关单位", ("ANNEX-UNDECIDED", "G3")),
    ],
)
def test_one_fault(old, new, problem):
    assert found(changed(old, new)) == {problem}


def test_a_total_that_does_not_add_up():
    total = "合计 | < | < | 11 | | |"
    assert found(SOUND + total) == {("POINTS-SUM", "D4")}
    assert found(SOUND + total.replace("11", "10")) == set()


def test_totals_after_each_block():
    rows = """
        一、防汛（6分） | < | <
        备物资 | 6 | 按比例
        合计 | 6 |
        二、抗旱（4分） | < | <
        打井 | 4 | 按比例
        合计 | 4 |
        总计 | {} |
        """
    head = "任务 | 分值 | 标准\n"
    assert "POINTS-SUM" not in codes(rows.format(10), head=head)
    assert "POINTS-SUM" in codes(rows.format(12), head=head)


def test_the_total_of_a_heading():
    assert "POINTS-SUM" in codes(SOUND, head=HEAD.replace("分值", "分值（100分）"))
    assert "POINTS-SUM" not in codes(SOUND, head=HEAD.replace("分值", "分值（10分）"))


def test_shared_points_count_once():
    rows = """
        1 | 防汛（8分） | 备物资 | 6 | 甲 | 清单 | 市水利局
        2 | ^ | 演练 | ^ | 乙 | 方案 | 市水利局
        3 | ^ | 值班 | 2 | 丙 | 值班表 | 市水利局
        """
    assert codes(rows) == {"ANNEX-UNDECIDED"}
    assert "POINTS-SUM" in codes(rows.replace("（8分）", "（14分）"))


def test_numbers_that_begin_anew_in_each_indicator_are_no_duplicates():
    rows = (
        "1 | 防汛 | 备物资 | 6 | 甲 | 清单 | 市水利局\n1 | 抗旱 | 打井 | 4 | 乙 | 方案 | 市水利局"
    )
    assert codes(rows) == set()


def test_a_merged_standard_is_no_double_count():
    rows = (
        "1 | 防汛 | 备物资 | 6 | 按比例 | 清单 | 市水利局\n2 | ^ | 演练 | 4 | ^ | 方案 | 市水利局"
    )
    assert "DOUBLE-COUNT" not in codes(rows)


def test_the_same_standard_for_different_units_is_no_double_count():
    assert "DOUBLE-COUNT" not in codes(
        changed("按次得分，最高得4分。", "缺1件扣1分，扣完为止。").replace(
            "演练方案 | 市水利局", "演练方案 | 市商务局"
        )
    )


@pytest.mark.parametrize(("target", "told"), [("90%", True), ("90", False)])
def test_percent_or_percentage_points(target, told):
    head = "任务 | 年度目标 | 分值 | 标准 | 台账 | 涉及单位\n"
    rows = f"办结率 | {target} | 4 | 每低1%扣0.5分，按比例，扣完为止 | 导出表 | 市水利局"
    assert ("UNITS-OF-MEASURE" in codes(rows, head=head)) is told


# --- the words of standards ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "每少1个扣0.2分。",
        "迟报1次扣0.1分，漏报1次扣0.2分。",
        "发现一起扣1分；加分不超过2分。",
        "每降低１个百分点扣０．５分",
        "未按时报送的，每次扣1分",
    ],
)
def test_an_open_floor(text):
    assert leaves_floor_open(text)


@pytest.mark.parametrize(
    "text",
    [
        "每少1个扣0.2分，扣完为止。",
        "每少1个扣0.2分，最多扣2分。",
        "每少1个扣0.2分，扣分不超过2分。",
        "每少1个扣0.2分，不计负分。",
        "每少1个扣0.2分，最低0分。".replace("最低0", "最低得0"),
        "每超1个加0.1分，每少1个扣0.1分，加分或扣分不超过3分。",
        "每少1个扣0.2分，以该项分值为限。",
        "完成得满分，未完成不得分。",
        "",
    ],
)
def test_a_closed_floor(text):
    assert not leaves_floor_open(text)


@pytest.mark.parametrize(
    "text",
    [
        "每超1个加0.1分。",
        "每超1个加0.1分，每少1个扣0.1分，扣分不超过3分。",
        "获表彰的加1分",
        "超额完成的，每超1个百分点奖0.5分",
        "超额部分按比例加分",
    ],
)
def test_an_open_cap(text):
    assert leaves_cap_open(text)


@pytest.mark.parametrize(
    "text",
    [
        "每超1个加0.1分，加分不超过0.3分。",
        "每超1个加0.1分，最高加2分。",
        "每超1个加0.1分，每少1个扣0.1分，加分或扣分不超过3分。",
        "超额完成的不加分。",
        "超过60%的得1分，其余不得分。",
        "获表彰加1分，加满2分为止。",
        "完成得满分。",
    ],
)
def test_a_closed_cap(text):
    assert not leaves_cap_open(text)


@pytest.mark.parametrize(
    "text",
    [
        "每低1个百分点扣0.1分，扣完为止",
        "每低于目标1%扣0.5分",
        "每少10个扣1分",
        "每增加1亿元加0.1分",
        "每提高２个百分点加1分",
    ],
)
def test_an_open_step(text):
    assert leaves_step_open(text)


@pytest.mark.parametrize(
    "text",
    [
        "每低1个百分点扣0.1分，不足1个百分点的按1个百分点计",
        "每低1个百分点扣0.1分，不足部分按比例扣分",
        "每低1个百分点扣0.1分，按整数个百分点计",
        "每少1个扣0.2分",
        "每少1家扣0.2分",
        "未完成不得分",
    ],
)
def test_a_closed_step(text):
    assert not leaves_step_open(text)


@pytest.mark.parametrize(
    ("text", "damaged"),
    [
        ("迟报扣05分", ["05"]),
        ("迟报扣0. 5分", ["0. 5"]),
        ("迟报扣0 .5分", ["0 .5"]),
        ("迟报扣O.5分", ["O.5"]),
        ("迟报扣0,5分", ["0,5"]),
        ("1—5万元得1分，510万元得2分", ["510万"]),
        ("1～5个得1分，510个得2分", ["510个"]),
        ("迟报扣0.5.1分", ["0.5.1"]),
    ],
)
def test_damaged_numbers(text, damaged):
    assert [text[start:end] for start, end in damaged_numbers(text)] == damaged


@pytest.mark.parametrize(
    "text",
    [
        "迟报扣0.5分",
        "2024-05-06前完成得10分",
        "1—5万元得1分，5—10万元得2分",
        "完成510万元得满分",
        "08:05分前签到",
        "10—20个得1分，2025个得2分".replace("2025", "205"),
        "得分=完成数÷任务数×10.5分",
        "每件扣0.05分，共100分",
    ],
)
def test_sound_numbers(text):
    assert list(damaged_numbers(text)) == []


def test_tasks_out_of_a_hundred_may_be_converted():
    table = """
        指标 | 任务 | 分值 | 完成标准 | 台账目录 | 责任单位
        营商（8分） | 缩短时限 | {} | 达标得满分。 | 报告 | 市审批局
        ^ | 好评率 | 40 | 达标得满分。 | 报告 | 市审批局
        """
    (converted,) = [
        p for p in check_annex(read_annex([grid(table.format(60))])) if p.code == "POINTS-SUM"
    ]
    assert converted.severity is Severity.B
    (wrong,) = [
        p for p in check_annex(read_annex([grid(table.format(50))])) if p.code == "POINTS-SUM"
    ]
    assert wrong.severity is Severity.A


def test_a_bonus_in_brackets_is_no_part_of_the_sum():
    table = """
        指标 | 任务 | 分值 | 完成标准 | 台账目录 | 责任单位
        合作（4分） | 签约 | 4 | 达标得满分。 | 报告 | 市商务局
        ^ | 经验推广（加分） | 0.3 | 获推广的得0.3分，最高0.3分。 | 通报 | 市商务局
        """
    assert "POINTS-SUM" not in {p.code for p in check_annex(read_annex([grid(table)]))}
