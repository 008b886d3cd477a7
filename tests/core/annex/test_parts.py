"""What a cell says: points, numbers, units, materials, headings."""

import pytest

from kaoping.core.annex.cells import Spot
from kaoping.core.annex.gathering import read_name, same_number
from kaoping.core.annex.headings import Kind, kind_of_words
from kaoping.core.annex.materials import read_materials
from kaoping.core.annex.numbering import leading_number, numbered_items
from kaoping.core.annex.points import PointsKind, read_points
from kaoping.core.annex.tables import names_indicator
from kaoping.core.annex.units import read_units
from kaoping.core.notice.passage import plain_width
from tests.core.annex.grids import value, values


def spot(text):
    return Spot(0, 0, 0, 0, text, "表A1")


# --- points --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [("4", "4"), ("4分", "4"), ("（4分）", "4"), ("4.0", "4.0"), ("１．５", "1.5"), ("满分10分", "10"), ("0.5", "0.5"), ("共 20 分", "20"), ("0", "0")],
)  # fmt: skip
def test_plain_points(text, number):
    told = read_points(plain_width(text))
    assert told is not None
    assert (told.kind, told.number) == (PointsKind.POINTS, number)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("30%", PointsKind.WEIGHT),
        ("３０％", PointsKind.WEIGHT),
        ("±2", PointsKind.RANGE),
        ("-5~0", PointsKind.RANGE),
        ("0—5分", PointsKind.RANGE),
        ("+2", PointsKind.RANGE),
        ("扣分项", PointsKind.RANGE),
        ("加分项", PointsKind.RANGE),
        ("最高3分", PointsKind.RANGE),
        ("0. 5", PointsKind.DAMAGED),
        ("05", PointsKind.DAMAGED),
        ("1.2.3", PointsKind.DAMAGED),
        ("O.5分", PointsKind.DAMAGED),
    ],
)
def test_points_that_a_person_decides(text, kind):
    told = read_points(plain_width(text))
    assert told is not None
    assert told.kind is kind


@pytest.mark.parametrize("text", ["约4分", "完成得4分", "市教育局", "", "4分（含加分）", "2024年"])
def test_words_that_are_no_points(text):
    assert read_points(plain_width(text)) is None


def test_a_percent_heading_makes_weights():
    told = read_points("30", percent=True)
    assert told is not None
    assert told.kind is PointsKind.WEIGHT


def test_numbers_are_compared_by_value():
    assert same_number("4", "4.0")
    assert same_number("0.50", "0.5")
    assert not same_number("4", "40")


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number", "name", "points"),
    [
        ("重大项目提升行动（10分）", None, "重大项目提升行动", "10"),
        ("一、重大项目提升行动(满分10分)", "一", "重大项目提升行动", "10"),
        ("重大项目提升行动10分", None, "重大项目提升行动", "10"),
        ("重大项目提升行动：10分", None, "重大项目提升行动", "10"),
        ("1.1 完成年度\n投资计划", "1.1", "完成年度投资计划", None),
        ("（二）优化营商环境（ ８ 分）", "二", "优化营商环境", None),
        ("2.1新开工项目（1.5分）", "2.1", "新开工项目", "1.5"),
        ("（5分）统一大市场", None, "统一大市场", "5"),
        ("竣工（投产）项目", None, "竣工（投产）项目", None),
        ("满意度达到90分", None, "满意度达到90分", None),
        ("1.5亿元以上项目", None, "1.5亿元以上项目", None),
        ("2024年下半年攻坚措施", None, "2024年下半年攻坚措施", None),
        ("12345涉企工单", None, "12345涉企工单", None),
    ],
)
def test_names_with_numbers_and_points(text, number, name, points):
    named = read_name(spot(text))
    if "８" in text:
        points = "8"
    assert (value(named.number), named.name.value, value(named.points)) == (number, name, points)


@pytest.mark.parametrize("text", ["重大项目（05分）", "重大项目（0. 5分）"])
def test_damaged_points_beside_a_name_are_not_used(text):
    named = read_name(spot(text))
    assert named.damaged
    assert named.points is None


@pytest.mark.parametrize("title", ["重大项目", "优化营商环境（8分）", "深百合作"])
def test_titles_that_name_an_indicator(title):
    assert names_indicator(title)


@pytest.mark.parametrize(
    "title",
    ["Sheet1", "附件1", "考核任务表", "2024年度绩效考评指标任务分解表", "某市发展改革委牵头的指标考核内容、任务、完成标准、台账目录清单", "表1", "任务清单"],
)  # fmt: skip
def test_titles_that_name_a_table(title):
    assert not names_indicator(title)


# --- lists ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("1.甲；2.乙；3.丙", ["甲；", "乙；", "丙"]),
        ("1、甲\n2、乙", ["甲\n", "乙"]),
        ("（1）甲（2）乙", ["甲", "乙"]),
        ("①甲②乙③丙", ["甲", "乙", "丙"]),
        ("一、甲\n二、乙", ["甲\n", "乙"]),
        ("1.清单；2.12月月报", ["清单；", "12月月报"]),
        ("提供下列材料：1.甲2.乙", ["甲", "乙"]),
        ("1.只有一项", []),
        ("完成投资1.5亿元，占2.5%", []),
        ("1.甲；3.丙", []),
        ("第1、2季度报告", []),
    ],
)
def test_numbered_lists(text, items):
    plain = plain_width(text)
    assert [text[item.start : item.end] for item in numbered_items(plain)] == items


def test_depth_of_numbers():
    marks = ["一、甲", "（一）甲", "1.甲", "（1）甲", "①甲"]
    found = [leading_number(plain_width(mark)) for mark in marks]
    assert [each.depth for each in found if each] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("开工清单；施工许可证", ["开工清单", "施工许可证"]),
        ("1.开工清单；2.施工许可证。", ["开工清单", "施工许可证"]),
        ("开工清单\n施工许可证或开工令", ["开工清单", "施工许可证或开工令"]),
        (
            "开工清单、施工许可证、现场影像（带时间）",
            ["开工清单", "施工许可证", "现场影像（带时间）"],
        ),
        ("方案、签到、影像的汇编", ["方案、签到、影像的汇编"]),
        ("统计入库凭证或支付\n凭证抽样材料；月报", ["统计入库凭证或支付凭证抽样材料", "月报"]),
        ("培训材料（方案、签到表）", ["培训材料（方案、签到表）"]),
    ],
)
def test_materials(text, items):
    assert values(read_materials(spot(text))) == items


@pytest.mark.parametrize(
    ("text", "units", "left_open"),
    [
        ("市教育局、市水利局", ["市教育局", "市水利局"], []),
        ("市教育局，市水利局；市商务局", ["市教育局", "市水利局", "市商务局"], []),
        ("市教育局\n市水利局", ["市教育局", "市水利局"], []),
        ("市教育局 市水利局", ["市教育局", "市水利局"], []),
        ("市住房和城\n乡建设局", ["市住房和城乡建设局"], []),
        ("百东新区（高新区）管委会", ["百东新区（高新区）管委会"], []),
        ("东山县、西河区", ["东山县", "西河区"], []),
        ("各有关单位", [], ["各有关单位"]),
        ("各县（市、区）人民政府", [], ["各县（市、区）人民政府"]),
        ("全部", [], ["全部"]),
        ("市教育局等单位", ["市教育局"], ["市教育局等单位"]),
        ("市直有关单位（市教育局、市水利局）", ["市教育局", "市水利局"], []),
        (
            "牵头单位：市教育局；配合单位：市水利局、市商务局",
            ["市教育局", "市水利局", "市商务局"],
            [],
        ),
        ("市教育局（牵头）、市水利局（配合）", ["市教育局", "市水利局"], []),
        ("有任务的行业部门、市水利局", ["市水利局"], ["有任务的行业部门"]),
        ("按职责分工负责", [], ["按职责分工负责"]),
        ("1.市教育局 2.市水利局", ["市教育局", "市水利局"], []),
    ],
)
def test_units(text, units, left_open):
    listed = read_units(spot(text))
    assert (values(listed.units), values(listed.open)) == (units, left_open)


def test_units_told_by_labels_are_marked():
    assert read_units(spot("牵头单位：市教育局；配合单位：市水利局")).labelled
    assert not read_units(spot("责任单位：市教育局")).labelled


# --- headings ------------------------------------------------------------------------------------

HEADINGS = {
    Kind.NUMBER: "序号 编号 指标编号 项次",
    Kind.INDICATOR: "一级指标 二级指标 三级指标 考核项目 指标名称 指标 考核指标",
    Kind.TASK: "考核内容 任务 考核任务 具体任务 工作任务 考核要点 目标任务 重点工作任务",
    Kind.TARGET: "目标值 年度目标 工作目标 任务数",
    Kind.STANDARD: "完成标准 评分标准 计分标准 评分办法 计分办法 评分细则 扣分标准 评分要点 考核评分标准 加分标准",
    Kind.CATALOGUE: "台账目录 台账清单 佐证材料 印证资料 报送材料 备查资料 台账目录清单 需提供的证明材料",
    Kind.ASSESSED: "被考评单位 考核对象 涉及单位 被考核部门",
    Kind.RESPONSIBLE: "责任单位 落实单位 单位",
    Kind.LEAD: "牵头单位 考核单位 评分部门",
    Kind.SECTION: "责任科室 考评科室",
    Kind.COOPERATING: "配合单位 配合科室 协办单位",
    Kind.DATA: "数据来源 数据提供单位",
    Kind.POINTS: "分值 标准分 权重 满分 基本分 分值（100分） 权重（%）",
    Kind.REMARK: "备注 完成时限 联系人 指标解释",
    Kind.FILLED: "自评得分 完成情况 得分",
    Kind.MEASURE: "计量单位",
}


@pytest.mark.parametrize(
    ("kind", "word"), [(k, w) for k, ws in HEADINGS.items() for w in ws.split()]
)
def test_headings(kind, word):
    assert kind_of_words(word) is kind
    assert kind_of_words(" ".join(word)) is kind
    assert kind_of_words("\n".join(word)) is kind


@pytest.mark.parametrize(
    "words",
    [
        "完成得满分",
        "工作总结材料",
        "市教育局",
        "按比例得分",
        "4分",
        "项目月报及要素保障",
        "",
        "重点项目开工仪式",
    ],
)
def test_contents_are_no_headings(words):
    assert kind_of_words(words) is None
