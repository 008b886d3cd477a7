"""Indicators and their duties: names are never invented, and what is not understood is shown."""

import pytest

from kaoping.core.draft.summary import summary_rows
from tests.core.notice.written import duties_of, names, notice_of, told, unread

LISTED = ["林业产业", "森林防火"]


# --- lists ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        ("第一章 考核指标", "第二条 考核设2项指标：林业产业（40分）、森林防火（60分）。"),
        ("一、考核指标", "本次考核共2项指标：林业产业（40分）、森林防火（60分）。"),
        ("一、考核指标", "（一）林业产业（40分）", "（二）森林防火（60分）"),
        (
            "一、考核指标",
            "（一）林业产业（４０分）。主要看产值。",
            "（二）森林防火（60分）。主要看火情。",
        ),
        ("一、考核内容", '“林业产业”（40分）、"森林防火"（60分）。'),
        ("考核内容为林业产业（40分）、森林防火（60分）2项。",),
        ("一、考核指标", "1.林业产业，40分；", "2.森林防火：60分。"),
        ("一、考核指标", "考核指标分为林业产业（40分）、森林防火（60分）两类。"),
        ("一、考核指标", "（一）一级指标", "林业产业（40分）、森林防火（60分）。"),
    ],
)
def test_ways_to_list_indicators_with_points(lines):
    notice = notice_of(*lines)
    assert names(notice) == LISTED
    assert told(notice)["points"] == "40"
    assert told(notice, "森林防火")["points"] == "60"


def test_quotation_marks_within_a_name_stay():
    notice = notice_of("一、考核指标", "1.“一网通办”事项占比；", "2.《甲》《乙》落实")
    assert names(notice) == ["“一网通办”事项占比", "《甲》《乙》落实"]


def test_a_number_with_its_dot_before_a_hotline_is_a_list_number():
    notice = notice_of("一、考核指标", "1.林业产业；", "2.12345热线办结率；")
    assert names(notice) == ["林业产业", "12345热线办结率"]


def test_a_full_stop_typed_as_a_dot_ends_a_line():
    assert names(notice_of("一、考核指标", '"林业产业"、"森林防火".')) == LISTED


def test_indicators_named_beside_the_objects_are_listed():
    notice = notice_of("一、考核对象和指标", "考核对象为各县区；考核指标为林业产业、森林防火2项。")
    assert names(notice) == LISTED
    assert [found.value for found in notice.assessed] == ["各县区"]


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("（一）林业产业。由产业科负责考核，市纪委监委负责监督。", "市纪委监委负责监督"),
        ("（一）林业产业。由产业科负责，不再由市财政局负责。", "不再由市财政局负责"),
        (
            "（一）林业产业。由产业科牵头，原由综合科负责的工作一并移交。",
            "原由综合科负责的工作一并移交",
        ),
        ("（一）林业产业。由产业科负责，其余事项另行研究。", "其余事项另行研究"),
    ],
)
def test_words_of_the_work_are_no_indicator_and_are_shown(line, left):
    notice = duties_of(line)
    assert names(notice) == LISTED
    assert told(notice) == {"sections": ["产业科"]}
    assert unread(notice) == [left]


@pytest.mark.parametrize(
    "line",
    [
        "（一）林业产业。由产业科负责考核。",
        "（一）林业产业（产业科负责）",
        "（一）林业产业（产业科）",
        "（一）产业科：负责林业产业指标评分。",
        "（一）“林业产业”由产业科负责。",
        '"林业产业"由产业科负责。',
        "（一）林业产业由产业科考核。",
        "林业产业：产业科负责。",
    ],
)
def test_ways_to_say_who_answers(line):
    notice = duties_of(line)
    assert names(notice) == LISTED
    assert told(notice) == {"sections": ["产业科"]}
    assert unread(notice) == []


def test_a_duty_without_a_list_gives_its_name_without_marks():
    notice = notice_of(
        "“河湖巡查落实”由河湖科牵头，州河湖办配合，科长另定，联系人杨柳。",
        '"水源保障"由水源科牵头，联系人杨柳。',
    )
    assert names(notice) == ["河湖巡查落实", "水源保障"]
    assert unread(notice) == ["科长另定"]


def test_the_party_committee_of_the_body_itself_is_one_of_its_sections():
    notice = duties_of("（一）林业产业。由机关党委负责，工会科配合。")
    assert told(notice) == {"sections": ["机关党委"], "cooperating_sections": ["工会科"]}


def test_duties_of_two_indicators_in_one_sentence_are_kept_apart():
    notice = duties_of("林业产业由产业科负责，财务科配合，森林防火由防火科负责。")
    assert told(notice) == {"sections": ["产业科"], "cooperating_sections": ["财务科"]}
    assert told(notice, "森林防火") == {"sections": ["防火科"]}


def test_a_second_duty_in_a_sentence_is_not_given_to_the_first():
    notice = notice_of("一、责任分工", "湿地保护由湿地科负责，种苗繁育由种苗科负责。")
    assert told(notice, "湿地保护") == {"sections": ["湿地科"]}
    assert unread(notice) == ["种苗繁育由种苗科负责"]


def test_two_names_that_end_alike_are_two_indicators():
    notice = notice_of("一、责任分工", "（一）区商务局牵头负责零售增速、出口增速指标考评。")
    assert names(notice) == ["零售增速", "出口增速"]


def test_names_that_cannot_be_told_apart_are_left_to_a_person():
    notice = notice_of("一、责任分工", "（一）区商务局牵头负责零售、出口增速指标考评。")
    assert names(notice) == []
    assert unread(notice) == ["区商务局牵头负责零售、出口增速指标考评。"]


def test_duties_below_a_heading_of_contents():
    notice = notice_of(
        "一、考核内容及牵头单位",
        "（一）责任制落实。牵头单位为县应急局，责任领导为李清，联系人为周敦。",
    )
    expected = {"lead": "县应急局", "leaders": ["李清"], "liaisons": ["周敦"]}
    assert told(notice, "责任制落实") == expected


def test_a_duty_in_brackets_behind_a_listed_indicator():
    notice = notice_of(
        "一、考核指标",
        "1.林业产业（责任科室：产业科；联系人：王五，电话12345678）；",
        "2.森林防火（责任科室：防火科）。",
    )
    assert names(notice) == LISTED
    assert told(notice) == {
        "sections": ["产业科"],
        "liaisons": ["王五"],
        "telephones": ["12345678"],
    }


def test_a_name_followed_by_labels():
    notice = duties_of("（一）“林业产业”指标，牵头单位：市林业局（产业科）；配合单位：市财政局。")
    expected = {"lead": "市林业局", "sections": ["产业科"], "cooperating_units": ["市财政局"]}
    assert told(notice) == expected


@pytest.mark.parametrize(
    ("words", "expected", "left"),
    [
        ("责任科室：产业科牵头，综合科配合", {"cooperating_sections": ["综合科"]}, []),
        ("责任科室：产业科（白桦，0000001）", {"telephones": ["0000001"]}, ["白桦，0000001"]),
        ("责任部门：产业科（牵头）、综合科（配合）", {"cooperating_sections": ["综合科"]}, []),
        (
            "责任科室：产业科，联系人：白桦0000001",
            {"liaisons": ["白桦"], "telephones": ["0000001"]},
            [],
        ),
    ],
)
def test_what_stands_behind_an_office_is_no_part_of_its_name(words, expected, left):
    notice = duties_of(f"（一）林业产业。{words}。")
    assert told(notice) == {"sections": ["产业科"], **expected}
    assert unread(notice) == left


def test_a_section_of_two_names_keeps_both():
    notice = duties_of("（一）林业产业。责任科室：学生工作部（处）。")
    assert told(notice) == {"sections": ["学生工作部（处）"]}


@pytest.mark.parametrize(
    "line",
    [
        "林业产业（产业科牵头）、森林防火（防火科牵头）。",
        "由产业科负责林业产业、防火科负责森林防火。",
    ],
)
def test_duties_of_two_indicators_between_commas_of_a_list(line):
    notice = duties_of(line)
    assert told(notice) == {"sections": ["产业科"]}
    assert told(notice, "森林防火") == {"sections": ["防火科"]}


def test_a_listed_name_on_a_line_of_its_own_begins_its_duty():
    notice = duties_of("林业产业：", "责任科室：产业科", "森林防火：", "责任科室：防火科")
    assert told(notice) == {"sections": ["产业科"]}
    assert told(notice, "森林防火") == {"sections": ["防火科"]}
    assert unread(notice) == []


@pytest.mark.parametrize("title", ["考核组织", "数据收集"])
def test_a_heading_of_the_work_itself_is_no_indicator(title):
    notice = duties_of(f"（一）{title}。由督查室牵头负责。", "（二）林业产业由产业科负责。")
    assert names(notice) == LISTED
    assert unread(notice) == ["由督查室牵头负责。"]


# --- people --------------------------------------------------------------------------------------


@pytest.mark.parametrize("nobody", ["待定", "同上", "另行通知", "空缺", "无", "各科科长", "见附件"])
def test_words_that_name_nobody_are_shown(nobody):
    notice = duties_of(f"（一）林业产业由产业科负责。联络员：{nobody}。")
    assert told(notice) == {"sections": ["产业科"]}
    assert unread(notice) == [f"联络员：{nobody}"]


@pytest.mark.parametrize("value", ["待定", "按职责分工", "另行明确"])
def test_words_that_name_no_office_are_shown(value):
    notice = duties_of(f"（一）林业产业。牵头单位：市林业局；责任科室：{value}。")
    assert told(notice) == {"lead": "市林业局"}
    assert unread(notice) == [f"责任科室：{value}"]


def test_a_handler_is_not_the_person_who_answers():
    notice = duties_of("（一）林业产业由产业科负责。责任人：林深、经办人：白桦，电话：0000001。")
    assert told(notice) == {
        "sections": ["产业科"],
        "persons": ["林深"],
        "telephones": ["0000001"],
    }
    assert unread(notice) == ["经办人：白桦"]


@pytest.mark.parametrize(
    ("words", "key", "expected"),
    [
        ("分管领导：市委常委、常务副市长李明", "leaders", ["李明"]),
        ("责任领导：县委副书记、县长李明", "leaders", ["李明"]),
        ("电话：400-123-4567", "telephones", ["400-123-4567"]),
    ],
)
def test_ranks_and_hotlines(words, key, expected):
    notice = duties_of(f"（一）林业产业由产业科负责。{words}。")
    assert told(notice)[key] == expected
    assert unread(notice) == []


@pytest.mark.parametrize("words", ["电话：内线6012", "邮箱：abc#126.example"])
def test_what_reaches_nobody_is_shown(words):
    assert unread(duties_of(f"（一）林业产业由产业科负责。{words}。")) == [words]


# --- contacts that stand apart -------------------------------------------------------------------


def contacts(line):
    return notice_of(
        *("一、考核指标", "林业产业、森林防火。", "二、责任分工"),
        *("（一）林业产业由产业科负责。", "（二）森林防火由防火科负责。", "三、联系方式", line),
    )


@pytest.mark.parametrize(
    "line",
    [
        "联系人：王五（产业科，0000001）、马六（防火科，0000002）",
        "产业科：王五，0000001；防火科：马六，0000002。",
    ],
)
def test_contacts_in_one_line_go_each_to_their_own_section(line):
    notice = contacts(line)
    assert told(notice)["liaisons"] == ["王五"]
    assert told(notice, "森林防火")["telephones"] == ["0000002"]
    assert unread(notice) == []


def test_a_telephone_that_could_be_anybodys_is_given_to_nobody():
    notice = contacts("林业产业联系人王五、森林防火联系人马六，电话0000001。")
    assert "telephones" not in told(notice)
    assert len(unread(notice)) == 1


# --- tables --------------------------------------------------------------------------------------


def test_a_cell_that_repeats_the_cell_above():
    notice = notice_of(
        "一、责任分工",
        "指标名称 | 责任科室 | 分管领导 | 联系人 | 电话",
        "林业产业 | 产业科 | 王五 | 马六 | 1234567",
        "森林防火 | 防火科 | 同上 | 〃 | 1234568",
    )
    assert told(notice, "森林防火") == {
        "sections": ["防火科"],
        "leaders": ["王五"],
        "liaisons": ["马六"],
        "telephones": ["1234568"],
    }


def test_a_repeated_cell_with_nothing_above_is_shown():
    notice = notice_of("一、责任分工", "指标 | 责任科室 | 联系人", "林业产业 | 产业科 | 同上")
    assert told(notice) == {"sections": ["产业科"]}
    assert unread(notice) == ["同上"]


@pytest.mark.parametrize(
    "head", ["序号 | 考核内容 | 分值 | 责任科室", "一级指标 | 二级指标 | 分值 | 责任科室"]
)
def test_other_heads_of_a_table_of_duties(head):
    notice = notice_of(
        *("一、责任分工", head, "1 | 林业产业 | 40分 | 产业科", "2 | 森林防火 | 60 | 防火科"),
        "合计 | | 100 |",
    )
    assert names(notice) == LISTED
    assert told(notice) == {"sections": ["产业科"], "points": "40"}
    assert unread(notice) == []


def test_rows_of_a_table_without_a_known_head_are_each_shown():
    notice = notice_of("一、责任分工", "类别 | 去向", "林业产业 | 甲楼", "森林防火 | 乙楼")
    assert unread(notice) == ["类别 | 去向", "林业产业 | 甲楼", "森林防火 | 乙楼"]


# --- requirements and the summary ----------------------------------------------------------------


def test_general_aims_are_no_requirement_and_words_stay_as_written():
    words = "不得漏报，也不得迟报（含口头）；谁报谁核"
    notice = notice_of("一、总体要求", "坚持公正。", "二、工作要求", f"（一）按时报送。{words}。")
    (only,) = notice.requirements
    assert (only.title.value, only.text) == ("按时报送", words)


def test_the_summary_shows_each_part_of_a_duty_with_its_own_line():
    notice = duties_of("（一）林业产业由产业科负责，市财政局配合。责任领导：林深。", "联系人：白桦")
    rows = list(summary_rows(notice, annex_files=["annex-1.xlsx"]))
    assert ("指标", "林业产业", "第 4 行") in rows
    assert ("　责任科室", "产业科", "第 6 行") in rows
    assert ("　配合单位", "市财政局", "第 6 行") in rows
    assert ("　责任领导", "林深", "第 6 行") in rows
    assert ("　联络员", "白桦", "第 7 行") in rows
    assert any(label == "附件文件" and "没有读取" in text for label, text, _ in rows)
    assert not any("未写明" in text for _, text, _ in rows)
