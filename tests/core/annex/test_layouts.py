"""Tables in the hands of many offices: what each tells, and what it leaves to a person."""

import pytest

from kaoping.core.annex.reading import read_annex
from tests.core.annex.grids import asked, grid, task_of, told, unread, value, values


def read(text, **more):
    return read_annex([grid(text, **more)])


def test_two_heading_rows_with_groups():
    reading = read("""
        一级指标 | 二级指标 | 三级指标 | 分值 | < | 评分标准 | < | 责任单位
        ^ | ^ | ^ | 二级 | 三级 | 扣分 | 加分 | ^
        经济发展 | 投资 | 投资增速 | 10 | 6 | 每低1个百分点扣0.5分 | 每高1个百分点加0.2分 | 东山县
        ^ | ^ | 民间投资占比 | ^ | 4 | 未达到不得分 | | 西河区
        ^ | 消费 | 社零增速 | 5 | 5 | 按比例得分 | | 南坪市
        """)
    tasks = [(None, "投资增速", "6"), (None, "民间投资占比", "4"), (None, "社零增速", "5")]
    assert told(reading) == [("经济发展", None, tasks)]
    first = reading.tasks[0]
    assert values(first.standard) == ["扣分：每低1个百分点扣0.5分", "加分：每高1个百分点加0.2分"]
    assert [(r.heading, r.words.value) for r in first.remarks] == [
        ("二级指标", "投资"),
        ("二级", "10"),
    ]
    assert unread(reading) == []


def test_two_heading_rows_without_merged_cells():
    reading = read("""
        考核指标 | | 评分标准 | | 责任单位
        指标名称 | 具体任务 | 扣分 | 分值 |
        防汛 | 备足物资 | 缺1件扣1分 | 3 | 市水利局
         | 组织演练 | 未组织不得分 | 2 | 市水利局
        """)
    tasks = [(None, "备足物资", "3"), (None, "组织演练", "2")]
    assert told(reading) == [("防汛", None, tasks)]


def test_three_heading_rows():
    reading = read("""
        考核指标 | < | 考核标准 | < | < | 责任分工 | <
        一级指标 | 二级指标 | 分值 | 评分办法 | < | 被考评单位 | 责任科室
        ^ | ^ | ^ | 计分办法 | 扣分标准 | ^ | ^
        党建（20分） | 学习 | 20 | 按次计 | 缺1次扣1分 | 市司法局 | 综合科
        """)
    assert told(reading) == [("党建", "20", [(None, "学习", "20")])]
    assert values(reading.indicators[0].sections) == ["综合科"]
    assert values(reading.tasks[0].units) == ["市司法局"]


def test_headings_below_titles_and_notes():
    reading = read("""
        附件2 | < | <
        2024年度考核任务表 | < | <
        填报单位： |  | 单位：分
        任务 | 分值 | 完成标准
        按时报送 | 2 | 迟报1次扣0.1分，扣完为止
        注：本表由综合科解释。 | < | <
        """)
    assert [(t.name.value, value(t.points)) for t in reading.tasks] == [("按时报送", "2")]
    kinds = {aside.source.text: aside.kind.value for aside in reading.asides}
    assert kinds["注：本表由综合科解释。"] == kinds["填报单位："] == "note"
    assert kinds["附件2"] == "title"
    assert "表中没有写明这些任务属于哪个指标，请补写指标名称" in asked(reading)


def test_a_heading_repeated_on_a_later_page_is_no_row():
    reading = read("""
        序号 | 考核内容 | 任务 | 分值
        1 | 防汛 | 备物资 | 3
        序号 | 考核内容 | 任务 | 分值
        ^ | 抗旱 | 打井 | 2
        """)
    assert [(name, len(tasks)) for name, _, tasks in told(reading)] == [("防汛", 1), ("抗旱", 1)]


def test_blank_cells_below_an_indicator_go_on_with_it():
    reading = read("""
        考核内容 | 分值 | 考核任务 | 任务分值 | 评分标准
        防汛 | 10 | 备物资 | 6 | 按比例
         | | 演练 | 4 | 按次
        抗旱 | 8 | 打井 | 8 | 按比例
        """)
    assert told(reading) == [
        ("防汛", "10", [(None, "备物资", "6"), (None, "演练", "4")]),
        ("抗旱", "8", [(None, "打井", "8")]),
    ]


def test_repeated_words_below_an_indicator_go_on_with_it():
    reading = read("""
        考核内容 | 考核任务 | 分值
        防汛（10分） | 备物资 | 6
        防汛（10分） | 演练 | 4
        """)
    assert told(reading) == [("防汛", "10", [(None, "备物资", "6"), (None, "演练", "4")])]


def test_block_rows_with_points_in_a_column_of_their_own():
    reading = read("""
        考核内容 | 评分细则 | 考核对象 | 分值
        一、防汛 | < | < | 10
        1.备物资 | 按比例 | 市水利局 | 6
        2.演练 | 按次 | 市水利局 | 4
        二、抗旱 | < | < | 8
        1.打井 | 按比例 | 市水利局 | 8
        合计 | < | < | 18
        """)
    assert told(reading) == [
        ("防汛", "10", [("1", "备物资", "6"), ("2", "演练", "4")]),
        ("抗旱", "8", [("1", "打井", "8")]),
    ]
    assert [(value(t.points), t.covers) for t in reading.totals] == [("18", (0, 1, 2))]


def test_titles_at_two_depths():
    reading = read("""
        考核内容 | 评分细则 | 分值
        一、水利（30分） | < | <
        （一）防汛 | < | <
        1.备物资 | 按比例 | 20
        （二）抗旱 | < | <
        2.打井 | 按比例 | 10
        """)
    assert told(reading) == [("水利", "30", [("1", "备物资", "20"), ("2", "打井", "10")])]
    assert [r.words.value for t in reading.tasks for r in t.remarks] == ["（一）防汛", "（二）抗旱"]


def test_a_block_row_of_a_table_without_merged_cells():
    reading = read("""
        考核内容 | 评分细则 | 分值
        一、防汛（6分） | |
        备物资 | 按比例 | 6
        """)
    assert told(reading) == [("防汛", "6", [(None, "备物资", "6")])]


def test_each_row_an_indicator():
    reading = read("""
        序号 | 考核指标 | 权重 | 计分办法 | 牵头单位
        1 | 投资增速 | 10 | 按比例 | 市水利局
        2 | 消费增速 | 8 | 按比例 | 市商务局
        """)
    assert told(reading) == [
        ("投资增速", "10", [("1", "投资增速", "10")]),
        ("消费增速", "8", [("2", "消费增速", "8")]),
    ]
    assert values(reading.indicators[0].lead_units) == ["市水利局"]


def test_an_indicator_merged_over_standards_with_points():
    reading = read("""
        指标名称 | 评分标准 | 标准分 | 印证资料
        营商环境 | 按时办结率达到100%得满分 | 3 | 平台导出数据
        ^ | 满意率达到95%，得满分 | 2 | 平台导出数据
        统一市场 | 审查率100% | 2 | 审查表
        """)
    assert told(reading) == [
        ("营商环境", None, [(None, "按时办结率达到100%得满分", "3"), (None, "满意率达到95%", "2")]),
        ("统一市场", None, [(None, "审查率100%", "2")]),
    ]
    assert asked(reading).count("这一行没有任务名称，暂以标准开头的话代替，请补写") == 3


def test_points_of_the_whole_indicator_in_a_merged_cell():
    reading = read("""
        考核内容 | 任务 | 评分标准 | 分值
        防汛 | 备物资（6分） | 按比例 | 10
        ^ | 演练（4分） | 按次 | ^
        """)
    assert told(reading) == [("防汛", "10", [(None, "备物资", "6"), (None, "演练", "4")])]


def test_points_shared_by_some_tasks_are_left_to_a_person():
    reading = read("""
        考核内容 | 任务 | 评分标准 | 分值
        防汛（10分） | 备物资 | 按比例 | 6
        ^ | 演练 | 按次 | ^
        ^ | 值班 | 按次 | 4
        """)
    first, second, third = reading.tasks
    assert [value(t.points) for t in (first, second, third)] == [None, None, "4"]
    assert value(first.shared_points) == value(second.shared_points) == "6"
    assert "6 分写在几项任务合并的一格里，请分到每项任务" in asked(reading)


def test_a_sheet_named_by_its_indicator():
    text = """
        序号 | 任务 | 分值（4分） | 计分标准 | 数据来源 | 完成时限
        1 | 工作要点 | 3 | 完成得满分 | 市统计局 | 12月底
        2 | 互访 | 1 | 每次得0.2分 | 系统导出 | —
        """
    reading = read(text, title="深百合作")
    assert told(reading) == [("深百合作", "4", [("1", "工作要点", "3"), ("2", "互访", "1")])]
    assert "指标名称“深百合作”取自表题，请确认" in asked(reading)
    assert [(r.heading, r.words.value) for r in reading.tasks[0].remarks] == [
        ("完成时限", "12月底")
    ]
    assert read(text, title="Sheet1").indicators[0].name is None


def test_a_numbered_line_above_a_table_names_its_indicator():
    reading = read(
        """
        任务 | 分值 | 标准
        备物资 | 6 | 按比例
        """,
        title="附件1\n一、防汛（6分）",
    )
    assert told(reading) == [("防汛", "6", [(None, "备物资", "6")])]


def test_a_column_whose_cells_tell_points_names_the_indicators_below_any_title():
    reading = read(
        """
        考核内容 | 任务 | 分值
        防汛（10分） | 备物资 | 6
        ^ | 演练 | 4
        抗旱（8分） | 打井 | 8
        """,
        title="一、水利（18分）",
    )
    assert [(name, points) for name, points, _ in told(reading)] == [("防汛", "10"), ("抗旱", "8")]


def test_a_column_of_groups_stays_below_a_numbered_title():
    reading = read(
        """
        考核内容 | 任务 | 分值
        平时 | 备物资 | 6
        ^ | 演练 | 4
        汛期 | 值班 | 8
        """,
        title="一、防汛（18分）",
    )
    assert [(name, points, len(tasks)) for name, points, tasks in told(reading)] == [
        ("防汛", "18", 3)
    ]


def test_several_tables_of_one_sheet():
    reading = read("""
        一、防汛（6分） | < | <
        任务 | 分值 | 标准
        备物资 | 6 | 按比例
        二、抗旱（4分） | < | <
        工作任务 | 评分标准 | 满分
        打井 | 按比例 | 4
        """)
    assert told(reading) == [
        ("防汛", "6", [(None, "备物资", "6")]),
        ("抗旱", "4", [(None, "打井", "4")]),
    ]


def test_an_indicator_goes_on_in_a_second_table():
    one = grid("任务 | 分值\n备物资 | 6", title="一、防汛（10分）", place="甲.docx 表1")
    two = grid("任务 | 分值\n演练 | 4", title="一、防汛（10分）", place="甲.docx 表2")
    reading = read_annex([one, two])
    assert told(reading) == [("防汛", "10", [(None, "备物资", "6"), (None, "演练", "4")])]


def test_rows_with_chinese_numbers_above_rows_with_digits():
    reading = read("""
        序号 | 考核指标 | 考核标准 | 分值 | 考核单位
        一 | 经济建设 | | 60 |
        1 | 投资 | 按增速 | 30 | 市统计局
        2 | 消费 | 按增速 | 30 | 市商务局
        二 | 社会事业 | | 40 |
        3 | 教育 | 按质量 | 40 | 市教育局
        """)
    assert told(reading) == [
        ("经济建设", "60", [("1", "投资", "30"), ("2", "消费", "30")]),
        ("社会事业", "40", [("3", "教育", "40")]),
    ]
    assert values(reading.indicators[0].lead_units) == ["市统计局", "市商务局"]


def test_weights_headed_as_those_of_indicators_beside_each_task():
    reading = read("""
        指标类别 | 指标名称 | 指标权重 | 指标解释 | 评分规则 | 数据来源部门
        共性指标（30分） | 党建 | 10 | 略 | 由组织部评分 | 市委组织部
         | 法治 | 20 | 略 | 由司法局评分 | 市司法局
        个性指标（70分） | 业务 | 70 | 略 | 主管部门评 | 市政府办公室
        """)
    assert told(reading) == [
        ("共性指标", "30", [(None, "党建", "10"), (None, "法治", "20")]),
        ("个性指标", "70", [(None, "业务", "70")]),
    ]
    assert values(reading.tasks[1].data_source) == ["市司法局"]


def test_a_column_over_two_levels_without_names_of_their_own():
    reading = read("""
        考核内容 | < | 考核指标 | 分值 | 评分办法 | 责任单位 | 完成时限
        经济运行 | 主要指标 | 投资增速 | 5 | 按增速 | 各县区 | 12月
        ^ | 重点工作 | 项目开工率 | 3 | ≥90%得3分 | 东山县、西河区 | 12月
        """)
    assert told(reading) == [
        ("经济运行", None, [(None, "投资增速", "5"), (None, "项目开工率", "3")])
    ]
    assert [r.words.value for r in reading.tasks[1].remarks] == ["重点工作", "12月"]


def test_columns_of_quarters_are_shown_beside_the_task():
    reading = read("""
        任务名称 | 牵头单位 | 责任单位 | 分值 | 1季度 | 2季度 | 3季度 | 4季度
        招商引资 | 市投资促进局 | 东山县 | 5 | 10 | 20 | 35 | 50
        """)
    assert [r.words.value for r in reading.tasks[0].remarks] == ["10", "20", "35", "50"]
    assert unread(reading) == []


# --- several tasks in a cell ---------------------------------------------------------------------


def test_numbered_tasks_in_a_cell_whose_neighbours_agree():
    reading = read("""
        考核指标 | 考核任务 | 完成标准 | 台账目录 | 分值 | 责任单位
        统一市场（3分） | 1.审查（1.2分）\\n2.清理（0.8分）\\n3.整改（1分） | 1.漏1件扣0.3分，扣完为止。\\n2.逾期扣0.2分。\\n3.按比例。 | 1.审查表；2.清理报告、修改清单；3.销号表 | 3 | 市司法局
        """)
    tasks = [("1", "审查", "1.2"), ("2", "清理", "0.8"), ("3", "整改", "1")]
    assert told(reading) == [("统一市场", "3", tasks)]
    second = task_of(reading, "清理")
    assert values(second.standard) == ["逾期扣0.2分。"]
    assert values(second.catalogue) == ["清理报告", "修改清单"]
    assert all(values(task.units) == ["市司法局"] for task in reading.tasks)
    assert unread(reading) == []


def test_points_line_by_line_beside_numbered_tasks():
    reading = read("""
        序号 | 考核内容 | 考核任务 | 计分办法 | 分值
        7 | 统一市场 | （1）审查（2）清理 | （1）漏1件扣0.3分（2）逾期扣0.2分 | 1.2\\n0.8
        """)
    assert [(value(t.number), value(t.points)) for t in reading.tasks] == [
        ("7.1", "1.2"),
        ("7.2", "0.8"),
    ]


@pytest.mark.parametrize(
    ("tasks", "standards", "points"),
    [
        ("1.审查（1分）2.清理（1分）", "1.漏1件扣0.3分", "2"),
        ("1.审查（1分）2.清理（1分）", "1.漏扣；2.逾期扣；3.未报扣", "2"),
        ("1.审查（1分）2.清理（1分）", "1.漏扣；2.逾期扣", "3"),
        ("1.审查2.清理", "1.漏扣；2.逾期扣", "2"),
    ],
)
def test_numbered_tasks_that_do_not_agree_stay_one(tasks, standards, points):
    reading = read(f"""
        考核内容 | 考核任务 | 完成标准 | 分值
        统一市场 | {tasks} | {standards} | {points}
        """)
    (task,) = reading.tasks
    assert task.name.value == tasks
    assert value(task.points) == points
    assert any("请人工拆分" in message for message in asked(reading))


# --- names and units -----------------------------------------------------------------------------


def test_merged_units_are_those_of_every_task():
    reading = read("""
        任务 | 分值 | 标准 | 涉及单位
        备物资 | 6 | 按比例 | 市水利局、市商务局
        演练 | 4 | 按次 | ^
        """)
    assert [values(t.units) for t in reading.tasks] == [["市水利局", "市商务局"]] * 2


def test_the_same_as_above():
    reading = read("""
        任务 | 分值 | 标准 | 涉及单位
        备物资 | 6 | 按比例 | 市水利局
        演练 | 4 | 同上 | 〃
        值班 | 4 | 〃 | 同上
        """)
    assert [values(t.units) for t in reading.tasks] == [["市水利局"]] * 3
    assert [values(t.standard) for t in reading.tasks] == [["按比例"]] * 3


def test_who_answers_stands_beside_who_is_assessed():
    reading = read("""
        考核内容 | 任务 | 分值 | 被考评单位 | 责任单位 | 责任科室 | 配合单位
        防汛 | 备物资 | 6 | 市商务局 | 市水利局 | 防汛科 | 市司法局、综合科
        """)
    (indicator,) = reading.indicators
    assert values(reading.tasks[0].units) == ["市商务局"]
    assert values(indicator.lead_units) == ["市水利局"]
    assert values(indicator.sections) == ["防汛科"]
    assert values(indicator.cooperating) == ["综合科", "市司法局"]


def test_a_detail_column_is_shown_beside_its_task():
    reading = read(
        """
        任务名称 | 考核要点 | 分值 | 计量单位 | 年度目标
        备物资 | 种类齐全 | 6 | 件 | 100
        演练 | 有方案 | 4 | 次 | 2
        """,
        title="一、防汛（10分）",
    )
    first = reading.tasks[0]
    assert [(r.heading, r.words.value) for r in first.remarks] == [("考核要点", "种类齐全")]
    assert (value(first.measure), values(first.target)) == ("件", ["100"])


def test_a_bonus_is_marked_and_its_points_left_to_a_person():
    reading = read("""
        考核内容 | 评分细则 | 分值
        一、防汛（6分） | < | <
        备物资 | 按比例 | 6
        二、加分项 | < | <
        获国家表彰 | 每次加1分 | +2
        """)
    first, second = reading.tasks
    assert (first.bonus, second.bonus) == (False, True)
    assert (second.points, value(second.points_told)) == (None, "+2")


# --- what is not understood ----------------------------------------------------------------------


def test_what_no_column_tells_is_unread():
    reading = read("""
        任务 | 分值 | 标准 | 自评得分 | 神秘栏
        备物资 | 约6分 | 按比例 | 5.5 | 某话
        """)
    assert unread(reading) == ["约6分", "5.5", "某话"]
    assert [s.where for s in reading.unread if s.text == "某话"] == ["附件1.xlsx“任务表”E2"]


def test_a_table_without_heading_is_unread():
    reading = read("""
        备物资 | 6 | 按比例
        演练 | 4 | 按次
        """)
    assert len(unread(reading)) == 6
    assert reading.indicators == ()


def test_a_form_with_labels_is_unread():
    reading = read("指标名称 | 防汛\n责任科室 | 防汛科\n分值 | 6")
    assert len(reading.unread) == 6


@pytest.mark.parametrize("text", ["", "任务", "任务 | 分值", "|"])
def test_nearly_nothing(text):
    reading = read(text or "|")
    assert reading.tasks == ()


def test_an_indicator_repeated_in_every_row_is_one():
    reading = read("""
        序号 | 指标 | 任务 | 分值 | 完成标准 | 责任单位
        1 | 防汛（5分） | 备足物资 | 3 | 缺1件扣1分，扣完为止 | 市水利局
        2 | 防汛（5分） | 组织演练 | 2 | 未组织不得分 | 市水利局
        3 | 抗旱（4分） | 应急送水 | 4 | 每漏1村扣1分，扣完为止 | 市水利局
        """)
    tasks = [("1", "备足物资", "3"), ("2", "组织演练", "2")]
    assert told(reading) == [("防汛", "5", tasks), ("抗旱", "4", [("3", "应急送水", "4")])]
    assert unread(reading) == []
