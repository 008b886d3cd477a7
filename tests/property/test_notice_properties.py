"""Whatever the words, reading a notice never fails, and every place it gives holds what it says."""

import tomllib
from dataclasses import fields, is_dataclass
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.draft.scheme import draft_scheme
from kaoping.core.draft.toml_text import quoted
from kaoping.core.notice.dates import Reckoning, find_dates
from kaoping.core.notice.passage import Source, plain_width
from kaoping.core.notice.reading import read_notice
from kaoping.core.scheme import load_scheme
from tests.core.notice.facts import NAMES, lines_of

WORDS = st.sampled_from(
    [
        "一、",
        "(一)",
        "1.",
        "第三条",
        "责任分工",
        "考核程序",
        "考核指标",
        "由",
        "市某局",
        "产业科",
        "牵头",
        "具体",
        "负责",
        "配合",
        ",",
        "。",
        "、",
        ":",
        "联系人",
        "责任领导",
        "白桦",
        "电话",
        "0000-0000001",
        "a@b.example",
        "(",
        ")",
        "2025年1月5日前",
        "12月底",
        "1月6日至10日",
        "数据收集",
        "评分",
        "根据",
        "核验情况",
        "附件",
        "〔2024〕",
        "号",
        "|",
        "《",
        "数据截止时间",
        "为",
        "次年",
        "30分",
        "等",
        "关于",
        "通知",
        " ",
        "\t",
        "\u3000",
        "\ud800",
        "𠮷",
    ]
)
LINES = st.lists(
    st.lists(WORDS, max_size=14).map("".join)
    | st.text(max_size=30).map(lambda t: t.replace("\n", "")),
    max_size=25,
)
KNOWN = st.sampled_from(NAMES)


def sources(value):
    if isinstance(value, Source):
        yield value
    elif is_dataclass(value):
        for item in fields(value):
            yield from sources(getattr(value, item.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from sources(item)


def check_places(lines):
    notice = read_notice(lines)
    for source in sources(notice):
        assert lines[source.line - 1][source.start : source.end] == source.text
    return notice


@given(LINES)
@settings(max_examples=150, deadline=None)
def test_any_words_are_read_and_every_place_is_true(lines):
    notice = check_places(lines)
    tomllib.loads(draft_scheme(notice))
    assert load_scheme(draft_scheme(notice)).scheme is not None


@given(KNOWN, st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_notice_is_read_and_every_place_is_true(name, data):
    lines = lines_of(name)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        action = data.draw(st.sampled_from(["drop", "swap", "cut", "double", "insert"]))
        line = lines[at]
        if action == "drop" and len(lines) > 1:
            del lines[at]
        elif action == "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], line
        elif action == "cut":
            lines[at] = line[: data.draw(st.integers(0, len(line)))]
        elif action == "double":
            lines.insert(at, line)
        else:
            lines.insert(at, data.draw(st.lists(WORDS, max_size=8).map("".join)))
    tomllib.loads(draft_scheme(check_places(lines)))


@given(KNOWN)
def test_places_of_the_invented_notices_are_true(name):
    check_places(lines_of(name))


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_full_date_is_read_as_itself(day):
    for text in (
        f"{day.year}年{day.month}月{day.day}日前",
        f"{day:%Y-%m-%d}前",
        f"{day:%Y/%m/%d}前",
    ):
        assert [phrase.last for phrase in find_dates(text, Reckoning())] == [day]


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)), st.integers(0, 364))
def test_a_date_without_year_follows_the_issue_date(issued, days):
    day = issued + timedelta(days=days)
    (phrase,) = find_dates(f"{day.month}月{day.day}日前", Reckoning(issued.year, issued))
    assert phrase.last == day or (day.month, day.day) == (2, 29)


@given(st.text(max_size=200))
def test_width_changes_no_column(text):
    assert len(plain_width(text)) == len(text)


@given(st.text(max_size=80))
def test_quoted_text_reads_back(text):
    assert tomllib.loads(f"k = {quoted(text)}")["k"] == text
