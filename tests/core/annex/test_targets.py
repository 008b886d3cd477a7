"""Units and tasks that meet in a table: targets where they surely fit, else unread."""

from kaoping.core.annex.reading import read_annex
from tests.core.annex.grids import asked, grid, unread, value, values

TASKS = grid(
    """
    编号 | 考核内容 | 任务 | 分值 | 标准 | 涉及单位
    1.1 | 重大项目（6分） | 年度投资计划 | 4 | 按比例 | 市教育局、市水利局
    1.2 | ^ | 新开工项目 | 2 | 按比例 | ^
    """
)


def targets(reading):
    names = {task.order: task.name.value for task in reading.tasks}
    return [
        (t.unit.value, names[t.order], value(t.value), "points" if t.own_points else "target")
        for t in reading.targets
    ]


def read(text):
    return read_annex([TASKS, grid(text, place="附件2.xlsx“分解表”")])


def test_units_down():
    reading = read("""
        附件2 | < | <
        序号 | 单位 | 年度投资计划（亿元） | 1.2新开工项目（个）
        1 | 市教育局 | 68.50 | 12
        2 | 市水利局 | 27亿元 | 不涉及
        合计 | < | 95.5 | 12
        注：以上为初步数。 | < | < | <
        """)
    assert targets(reading) == [
        ("市教育局", "年度投资计划", "68.50", "target"),
        ("市教育局", "新开工项目", "12", "target"),
        ("市水利局", "年度投资计划", "27", "target"),
        ("市水利局", "新开工项目", None, "target"),
    ]
    assert unread(reading) == []
    assert len(reading.tasks) == 2


def test_own_points_below_a_task():
    reading = read("""
        单位 | 年度投资计划 | < | 新开工项目 | <
        ^ | 目标值 | 分值 | 目标值 | 分值
        市教育局 | 6 | 3 | 6 | 3
        """)
    assert targets(reading) == [
        ("市教育局", "年度投资计划", "6", "target"),
        ("市教育局", "年度投资计划", "3", "points"),
        ("市教育局", "新开工项目", "6", "target"),
        ("市教育局", "新开工项目", "3", "points"),
    ]


def test_units_across():
    reading = read("""
        任务 | 计量单位 | 市教育局 | 市水利局
        新开工项目 | 个 | 12 | 6
        """)
    assert targets(reading) == [
        ("市教育局", "新开工项目", "12", "target"),
        ("市水利局", "新开工项目", "6", "target"),
    ]


def test_units_across_beside_the_tasks_themselves():
    reading = read_annex(
        [
            grid(
                "任务 | 分值 | 标准 | 市教育局 | 市水利局\n开工 | 4 | 按比例 | 12 | 6\n竣工 | 2 | 按比例 | 3 | 1"
            )
        ]
    )
    assert [t[:3] for t in targets(reading)] == [
        ("市教育局", "开工", "12"),
        ("市水利局", "开工", "6"),
        ("市教育局", "竣工", "3"),
        ("市水利局", "竣工", "1"),
    ]
    assert values(reading.units_of(reading.tasks[0])) == ["市教育局", "市水利局"]


def test_a_task_that_nothing_names_leaves_its_numbers_unread():
    reading = read("""
        单位 | 年度投资计划 | 招商引资
        市教育局 | 6 | 30
        市水利局 | 7 | 31
        """)
    assert [name for _, name, *_ in targets(reading)] == ["年度投资计划", "年度投资计划"]
    assert unread(reading) == ["30", "31"]
    assert any("“招商引资”对不上哪一项任务" in message for message in asked(reading))


def test_a_name_that_fits_two_tasks_fits_none():
    tasks = grid("考核内容 | 任务 | 分值\n项目（4分） | 新开工工业项目 | 2\n^ | 新开工农业项目 | 2")
    reading = read_annex([tasks, grid("单位 | 新开工\n市教育局 | 5", place="乙")])
    assert reading.targets == ()
    assert unread(reading) == ["市教育局", "5"]


def test_a_stroke_is_no_target_and_not_lost():
    reading = read("单位 | 年度投资计划\n市教育局 | 6\n市水利局 | —")
    assert len(reading.targets) == 1
    assert "没有写目标值，请确认是否不涉及" in asked(reading)
    assert unread(reading) == ["市水利局"]


def test_a_damaged_target_is_unread():
    reading = read(
        "单位 | 年度投资计划\n市教育局 | 05\n市水利局 | 6\n市财政局 | 7\n市司法局 | 8\n市商务局 | 9"
    )
    assert [t[0] for t in targets(reading)] == ["市水利局", "市财政局", "市司法局", "市商务局"]
    assert "05" in unread(reading)


def test_a_table_of_contacts_is_no_table_of_targets():
    reading = read("单位 | 联系人 | 备注\n市教育局 | 白桦 | 甲\n市水利局 | 青松 | 乙")
    assert reading.targets == ()
    assert "白桦" in unread(reading)
