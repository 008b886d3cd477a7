"""The year an assessment is about, told apart from years of other documents and results."""

import pytest

from kaoping.core.notice.reading import read_notice
from tests.core.notice.facts import value


def notice_of(title, body="一、工作要求\n(一)严格考核。"):
    return read_notice(f"{title}\n各单位:\n{body}\n某市林业局\n2024年12月1日".split("\n"))


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("某市林业局关于2024年度考核工作的通知", 2024),
        ("某市林业局关于二〇二四年度考核工作的通知", 2024),
        ("某市林业局关于二○二四年度考核工作的通知", 2024),
        ("某市林业局关于二O二四年度考核工作的通知", 2024),
        ("某市林业局关于转发《2023年度考核结果》并做好2024年度考核工作的通知", 2024),
        ("某市林业局关于印发《2024年度考核方案》的通知", 2024),
        ("某市林业局关于印发《某市2025年上半年考核细则》的通知", 2025),
        ("某市林业局关于做好2024年乡镇考核的通知(2019年修订)", 2024),
    ],
)
def test_the_year_of_the_title(title, year):
    notice = notice_of(title, "根据2022年度工作要点,现通知如下。")
    assert value(notice.year) == year
    assert notice.unread == ()


@pytest.mark.parametrize(
    "title",
    [
        "某市林业局关于2024—2026年考核工作的通知",
        "某市林业局关于2023年度考核结果和2024年度考核工作的通知",
    ],
)
def test_several_years_are_left_to_a_person(title):
    notice = notice_of(title)
    assert notice.year is None
    assert [source.line for source in notice.unread] == [1]


@pytest.mark.parametrize(
    ("body", "year"),
    [
        ("根据《某市绩效管理办法(2019年修订)》,现就2024年度考核工作通知如下。", 2024),
        ("根据《某市办法》(2019年3月1日施行),现就二〇二四年度考核工作通知如下。", 2024),
        ("根据《某市办法》(2019年3月1日施行),现就2024年绩效考评工作通知如下。", 2024),
        ("根据2019年3月1日施行的办法,现通知如下。", None),
    ],
)
def test_the_year_of_the_text(body, year):
    notice = notice_of("某市林业局关于做好年度考核工作的通知", body)
    assert value(notice.year) == year


def test_two_years_in_the_text_are_both_shown():
    notice = notice_of(
        "某市林业局关于做好考核工作的通知", "现通报2023年度考核结果。\n现部署2024年度考核工作。"
    )
    assert notice.year is None
    assert [source.text for source in notice.unread] == ["2023年度", "2024年度"]
