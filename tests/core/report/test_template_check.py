"""Marks of a template: found, paired, judged; every fault with its place and a way on."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.report.placeholders import LOOPS, PLACEHOLDERS, Level
from kaoping.core.report.template_check import (
    MAX_DEPTH,
    MAX_MARKS,
    Shape,
    check_template,
)
from kaoping.core.report.template_marks import Box, Passage

STORY = (Box.STORY, 0)
OF_UNIT = frozenset({Level.GROUP, Level.UNIT})


def paragraphs(*texts):
    """Paragraphs of a text, one after the other."""
    return [
        Passage(text, f"第{at}段", (STORY, (Box.PARAGRAPH, at)), (0, at))
        for at, text in enumerate(texts, 1)
    ]


def table(*rows, after=()):
    """Paragraphs in the cells of a table, then others behind it."""
    found, at = [], 10
    for line, cells in enumerate(rows, 1):
        row = at = at + 1
        for column, text in enumerate(cells, 1):
            at += 2
            path = (STORY, (Box.TABLE, 1), (Box.ROW, row), (Box.CELL, at - 1), (Box.PARAGRAPH, at))
            found.append(Passage(text, f"表1第{line}行第{column}列", path, (0, at)))
    for text in after:
        at += 1
        found.append(Passage(text, "第9段", (STORY, (Box.PARAGRAPH, at)), (0, at)))
    return found


def told(passages, about=frozenset()):
    return [(p.code, p.where) for p in check_template(passages, about).problems]


def the_one(passages, about=frozenset()):
    (problem,) = check_template(passages, about).problems
    return problem


def shapes(passages):
    checked = check_template(passages, frozenset())
    assert checked.problems == ()
    return [region.shape for region in checked.regions]


# --- marks -----------------------------------------------------------------------------------------


def test_blanks_in_a_mark_do_not_matter():
    checked = check_template(
        paragraphs("{{ 年 度 }}{{如果　有存证}}{{存证}}{{ 结束 }}"), frozenset()
    )
    assert checked.problems == ()
    assert len(checked.marks) == 4


def test_an_unknown_name_is_told_with_the_nearest_and_the_words_around_it():
    problem = the_one(paragraphs("", "现将{{单位名}}的得分告知如下。"), OF_UNIT)
    assert problem.code == "TEMPLATE-NAME"
    assert problem.where == "第2段"
    assert "“现将{{单位名}}的得分告知如下。”" in problem.message
    assert "“单位名称”" in problem.suggestion


def test_a_name_like_no_other_is_told_with_those_that_begin_alike():
    assert "“年度”" in the_one(paragraphs("{{年份}}")).suggestion
    assert "kaoping template list" in the_one(paragraphs("{{某某}}")).suggestion


def test_an_unknown_condition_is_told_with_the_nearest():
    problem = the_one(paragraphs("{{如果 有等级}}{{年度}}{{结束}}"))
    assert "“如果 有等次”" in problem.suggestion


def test_an_unknown_loop_gives_one_fault_only():
    passages = paragraphs("{{每个部门}}", "{{单位名称}}{{任务得分}}", "{{结束}}")
    assert told(passages) == [("TEMPLATE-NAME", "第1段")]


def test_all_faults_are_told_at_once_in_the_order_of_reading():
    passages = paragraphs("{{单位名称}}", "{{年度", "{{每个单位}}", "{{没有的}}{{结束}}{{结束}}")
    assert told(passages) == [
        ("TEMPLATE-LEVEL", "第1段"),
        ("TEMPLATE-BRACES", "第2段"),
        ("TEMPLATE-NAME", "第4段"),
        ("TEMPLATE-LOOP", "第4段"),
    ]


def test_braces_written_wrongly():
    for text, words in (
        ("｛｛年度｝｝", "全角"),
        ("{｛年度}}", "全角"),
        ("{{年度", "没有写完"),
        ("{{年度}", "不成对"),
        ("年度}}", "只有右边"),
        ("{年度}", "少了一层"),
        ("{{{年度}}}", "多了一个"),
    ):
        problems = check_template(paragraphs(text), frozenset()).problems
        assert {p.code for p in problems} == {"TEMPLATE-BRACES"}, text
        assert all(words in p.message for p in problems), (text, problems)


def test_other_braces_are_text():
    assert told(paragraphs("集合{甲，乙}、{ }、}{", "{{年度}}{注}")) == []


def test_a_template_of_too_many_marks_is_told_once():
    for text in ("{{年度}}", "{{没有}}", "{{", "｛｛a｝｝ "):
        assert told(paragraphs(text * (MAX_MARKS + 1))) == [("TEMPLATE-CONTENT", "全文")]


# --- levels ----------------------------------------------------------------------------------------


def test_a_name_outside_its_loop_is_told_with_the_loops_it_wants():
    problem = the_one(paragraphs("{{任务得分}}"))
    assert problem.code == "TEMPLATE-LEVEL"
    assert "{{每个单位}}、{{每项任务}}" in problem.suggestion
    assert "--each-unit" in problem.suggestion
    problem = the_one(paragraphs("{{任务得分}}"), OF_UNIT)
    assert "{{每项任务}}" in problem.suggestion
    assert "单位" not in problem.suggestion


def test_every_name_may_stand_where_the_catalogue_says():
    loops = {
        Level.GROUP: "每个组别",
        Level.UNIT: "每个单位",
        Level.INDICATOR: "每项指标",
        Level.TASK: "每项任务",
        Level.FINDING: "每个台账问题",
        Level.TURN: "每个组别",
    }
    for name, placeholder in PLACEHOLDERS.items():
        around = [loops[level] for level in Level if level in placeholder.needs]
        text = "".join(f"{{{{{loop}}}}}" for loop in around)
        text += f"{{{{{name}}}}}{{{{如果有{name}}}}}{{{{结束}}}}"
        assert told(paragraphs(text + "{{结束}}" * len(around))) == [], name
        if around:
            assert ("TEMPLATE-LEVEL", "第1段") in told(paragraphs(f"{{{{{name}}}}}")), name


def test_a_loop_inside_itself_is_told():
    for name in LOOPS:
        text = f"{{{{{name}}}}}" * 2 + "{{结束}}" * 2
        assert told(paragraphs(text)) == [("TEMPLATE-LEVEL", "第1段")], name
    assert told(paragraphs("{{每个单位}}{{结束}}"), OF_UNIT) == [("TEMPLATE-LEVEL", "第1段")]


def test_a_loss_gives_unit_indicator_and_task():
    inner = "{{单位名称}}{{指标名称}}{{任务得分}}{{组别名称}}{{序号}}"
    assert told(paragraphs(f"{{{{每项失分}}}}{inner}{{{{结束}}}}")) == []


def test_too_many_loops_inside_each_other_are_told_once():
    depth = MAX_DEPTH + 5
    text = "{{如果有存证}}" * depth + "{{结束}}" * depth
    assert told(paragraphs(text)) == [("TEMPLATE-LOOP", "第1段")]
    assert told(paragraphs("{{如果有存证}}" * MAX_DEPTH + "{{结束}}" * MAX_DEPTH)) == []


# --- pairs -----------------------------------------------------------------------------------------


def test_begin_without_end_and_end_without_begin():
    assert told(paragraphs("{{每个单位}}")) == [("TEMPLATE-LOOP", "第1段")]
    assert told(paragraphs("{{结束}}")) == [("TEMPLATE-LOOP", "第1段")]


def test_a_loop_does_not_go_beyond_its_part_of_the_file():
    header = Passage("{{结束}}", "页眉第1段", ((Box.STORY, 9), (Box.PARAGRAPH, 10)), (9, 10))
    assert told([*paragraphs("{{每个单位}}"), header]) == [
        ("TEMPLATE-LOOP", "第1段"),
        ("TEMPLATE-LOOP", "页眉第1段"),
    ]


def test_otherwise_belongs_to_a_condition_once():
    assert told(paragraphs("{{否则}}")) == [("TEMPLATE-LOOP", "第1段")]
    assert told(paragraphs("{{每个单位}}{{否则}}{{结束}}")) == [("TEMPLATE-LOOP", "第1段")]
    assert told(paragraphs("{{如果 有存证}}{{否则}}{{否则}}{{结束}}")) == [
        ("TEMPLATE-LOOP", "第1段")
    ]


# --- what is repeated ------------------------------------------------------------------------------


def test_words_paragraphs_and_rows():
    assert shapes(paragraphs("含{{每个单位}}{{单位名称}}{{结束}}")) == [Shape.WORDS]
    assert shapes(paragraphs("{{每个单位}}", "甲", "{{结束}}")) == [Shape.BLOCKS]
    assert shapes(paragraphs("{{每个单位}}甲", "乙{{结束}}")) == [Shape.BLOCKS]
    assert shapes(table(["{{每个单位}}甲", "乙{{结束}}"])) == [Shape.ROWS]
    assert shapes(table(["{{每个单位}}", "甲"], ["乙", "{{结束}}"])) == [Shape.ROWS]
    assert shapes(table(["{{每个单位}}甲{{结束}}", "乙"])) == [Shape.WORDS]


def test_a_condition_that_is_all_of_a_paragraph_goes_with_it():
    assert shapes(paragraphs("{{如果 有存证}}存证：{{存证}}{{结束}}")) == [Shape.BLOCKS]
    assert shapes(paragraphs("另，{{如果 有存证}}存证：{{存证}}{{结束}}")) == [Shape.WORDS]
    assert shapes(paragraphs("{{如果 有存证}}甲{{否则}}乙{{结束}}")) == [Shape.WORDS]


def test_a_loop_across_cells_and_tables_is_told_with_both_places():
    problem = the_one(table(["甲", "{{每个单位}}"], after=["{{结束}}"]))
    assert problem.code == "TEMPLATE-CROSSED"
    assert problem.where == "表1第1行第2列"
    assert "第9段" in problem.message


def test_words_beside_the_marks_of_whole_paragraphs_are_told():
    assert told(paragraphs("名单：{{每个单位}}", "甲", "{{结束}}")) == [
        ("TEMPLATE-CROSSED", "第1段")
    ]
    assert told(paragraphs("{{每个单位}}", "甲", "{{结束}}{{年度}}")) == [
        ("TEMPLATE-CROSSED", "第3段")
    ]


def test_two_loops_do_not_share_a_row_or_paragraph():
    passages = table(
        ["{{每个单位}}甲"], ["{{结束}}乙{{每项指标}}"], ["丙{{结束}}"], after=["{{年度}}"]
    )
    assert told(passages) == [("TEMPLATE-CROSSED", "表1第2行第1列")]
    passages = paragraphs("{{每个单位}}", "{{结束}}{{每项指标}}", "{{结束}}")
    assert told(passages) == [("TEMPLATE-CROSSED", "第2段")]


def test_otherwise_stands_alone_in_its_paragraph_or_row():
    good = paragraphs("{{如果 有存证}}", "甲", "{{否则}}", "乙", "{{结束}}")
    assert shapes(good) == [Shape.BLOCKS]
    bad = paragraphs("{{如果 有存证}}", "甲", "{{否则}}乙", "{{结束}}")
    assert told(bad) == [("TEMPLATE-CROSSED", "第3段")]
    good = table(["{{如果 有存证}}甲", ""], ["{{否则}}", ""], ["乙", "{{结束}}"])
    assert shapes(good) == [Shape.ROWS]
    bad = table(["{{如果 有存证}}甲"], ["{{否则}}乙"], ["丙{{结束}}"])
    assert told(bad) == [("TEMPLATE-CROSSED", "表1第2行第1列")]
    bad = paragraphs("{{如果 有存证}}", "{{否则}}{{每个单位}}", "{{结束}}", "{{结束}}")
    assert "TEMPLATE-CROSSED" in {code for code, _ in told(bad)}


def test_words_held_by_another_element_are_no_whole():
    passage = Passage(
        "{{每个单位}}甲{{结束}}", "第1段", (STORY, (Box.PARAGRAPH, 1)), (0, 1), ((0, 0), (9, 1))
    )
    assert told([passage]) == [("TEMPLATE-CROSSED", "第1段")]


# --- anything at all -------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *("{{", "}}", "{", "}", "｛｛", "甲", " ", "\t", "\n", "{{年度}}", "{{单位名称}}", "{{x}}"),
        *(
            "{{否则}}",
            "{{结束}}",
            "{{如果 有失分}}",
            "{{每个单位}}",
            "{{每项任务}}",
            "{{每项失分}}",
        ),
    ]
)
TEXT = st.lists(PIECES, max_size=8).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXT, max_size=5), st.lists(st.lists(TEXT, max_size=2), max_size=3))
def test_whatever_is_written_is_judged(texts, rows):
    checked = check_template([*paragraphs(*texts), *table(*rows)], frozenset())
    for problem in checked.problems:
        assert problem.where
        assert problem.message
        assert problem.suggestion
    if not checked.problems:
        ends = sum(mark.name.strip() == "结束" for mark in checked.marks)
        assert len(checked.regions) == ends
