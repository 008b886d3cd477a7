"""Checking a notice never fails, whatever its words, and finds the same every time."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.notice.reading import read_notice
from kaoping.core.notice_check.checking import check_notice
from kaoping.core.problems import CATALOGUE
from kaoping.files.holidays import holiday_calendar
from tests.core.notice.facts import NAMES, lines_of

CALENDAR = holiday_calendar()
WORDS = st.sampled_from(
    [
        "由",
        "市财政局",
        "、",
        "各单位",
        "抽查",
        "随机",
        "20%",
        "报送",
        "市绩效办",
        "评分结果",
        "（",
        "）",
        "《",
        "》",
        "附件1",
        "附件：",
        "2025年",
        "2025年度",
        "下半年",
        "考核对象",
        "考核指标",
        "责任领导：",
        "丁一",
        "联系电话：",
        "0000-0000301",
        "根据实际",
        "自行决定",
        "是否",
        "签字",
        "部门负责人",
        "按照核验标准",
        "一、",
        "（一）",
        "1.",
        "。",
        "，",
        "；",
        "：",
        "×",
        "本局",
        "科等科室",
        "牵头",
        "具体",
        "负责",
        "逾期",
        "不",
        "得分",
        "相同",
        "核验",
        "以",
        "为准",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=25).map("".join), max_size=12))
def test_any_words_are_checked(lines):
    notice = read_notice(lines)
    problems = check_notice(notice, CALENDAR)
    assert problems == check_notice(notice, CALENDAR)
    assert len(set(problems)) == len(problems)
    for problem in problems:
        assert problem.code in CATALOGUE
        assert problem.where
        assert problem.message


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_a_notice_with_lines_lost_is_checked(name, data):
    lines = lines_of(name)
    kept = data.draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines)))
    check_notice(
        read_notice([line for line, keep in zip(lines, kept, strict=True) if keep]), CALENDAR
    )
