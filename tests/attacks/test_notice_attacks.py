"""A notice made to take long, as long as is read at all, takes seconds and no more: nothing grows faster."""

import pytest

from kaoping.core.errors import InputError
from kaoping.core.notice.reading import MAX_LINES, MAX_TEXT, read_notice
from kaoping.core.notice_check.checking import check_notice
from kaoping.files.holidays import holiday_calendar
from tests.pace import timed

HEAD = [
    "临江市水利局关于2025年度考评的通知",
    "市直各部门：",
    "一、考核指标",
    "河湖管护（50分）、农村供水（50分）。",
    "二、责任分工",
]
ROOM = MAX_TEXT - len("".join(HEAD))
MOST_SECONDS = 10
"""Of processor time; it takes at most 5 s where the promise was measured, and may on a machine half as fast."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        "联系人：王五，电话0000-0000301，",
        "（一）河湖管护由河湖科负责，市财政局配合。",
        "综合科：河湖管护、农村供水（30分）；",
        "1月5日前评分；",
        "市财政局、",
        "牵头",
        "一、",
    ],
)
@pytest.mark.parametrize("length", [40, 9_900])
def test_a_hostile_notice_is_answered_in_time(words, length):
    line = (words * length)[:length]
    lines = [*HEAD, *[line] * min(MAX_LINES - len(HEAD), ROOM // length)]
    with timed() as took:
        check_notice(read_notice(lines), holiday_calendar())
    assert took.seconds < MOST_SECONDS


@pytest.mark.parametrize(
    "lines", [["字"] * (MAX_LINES + 1), ["字" * 1_000] * (MAX_TEXT // 1_000 + 1)]
)
def test_a_longer_text_is_refused_at_once(lines):
    with timed() as took, pytest.raises(InputError):
        read_notice(lines)
    assert took.seconds < 1
