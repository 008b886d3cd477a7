"""The draft scheme: everything read is in it with its place, what is missing is left to a person."""

import json
import tomllib
from datetime import date

import pytest

from kaoping.core.check.checking import check_scheme
from kaoping.core.draft.as_json import notice_json
from kaoping.core.draft.scheme import FIRST_LINE, draft_scheme, is_untouched
from kaoping.core.draft.toml_text import quoted
from kaoping.core.notice.reading import read_notice
from kaoping.core.scheme import load_scheme
from kaoping.files.holidays import holiday_calendar
from tests.core.notice.facts import NAMES, lines_of, value

NOT_YET = {"KEY-MISSING"}
"""What a draft may still lack; every other problem of form would be the draft's own fault."""


def drafted(notice):
    scheme = load_scheme(draft_scheme(notice)).scheme
    assert scheme is not None
    return scheme


def told(step):
    """The due day of a step, where the notice writes it out."""
    return step.due if all(deadline.exact for deadline in step.deadlines) else None


def test_a_draft_is_known_until_somebody_edits_it():
    draft = draft_scheme(read_notice(["关于考评的通知"]))
    assert is_untouched(draft)
    assert not is_untouched(draft.replace("草稿", "定稿", 1))
    assert not is_untouched(draft + "# 补\n")
    assert not is_untouched("")
    assert not is_untouched('format = "kaoping-scheme/1"\n')


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_loads_and_lacks_only_what_the_notice_left_out(name):
    loaded = load_scheme(draft_scheme(read_notice(lines_of(name))))
    assert {problem.code for problem in loaded.problems} <= NOT_YET


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_holds_what_was_read(name):
    notice = read_notice(lines_of(name))
    scheme = drafted(notice)
    assert scheme.title == value(notice.title)
    assert scheme.issue_date == value(notice.issue_date)
    assert scheme.data_cutoff == value(notice.data_cutoff)
    assert [i.name for i in scheme.indicators] == [i.name.value for i in notice.indicators]
    assert [(s.kind, s.due) for s in scheme.steps] == [(s.kind, told(s)) for s in notice.steps]
    for one, read in zip(scheme.indicators, notice.indicators, strict=True):
        assert one.contact.mailbox == tuple(f.value for f in read.mailbox)
        assert one.contact.liaison == tuple(f.value for f in read.liaison)
        assert one.responsible_section == read.responsible_section[0].value


@pytest.mark.parametrize("name", NAMES)
def test_sections_and_units_of_the_draft_are_known_to_it(name):
    scheme = drafted(read_notice(lines_of(name)))
    for indicator in scheme.indicators:
        assert indicator.responsible_section in scheme.section_by_id
        assert set(indicator.cooperating_sections) <= set(scheme.section_by_id)
        assert set(indicator.cooperating_units) <= set(scheme.unit_by_id)


def test_a_draft_says_that_it_is_one():
    assert draft_scheme(read_notice([])).split("\n")[0] == FIRST_LINE
    assert FIRST_LINE == "# 草稿：机器读取，须经人工逐项确认后方可使用"


def test_every_field_has_its_place_above_it():
    lines = draft_scheme(read_notice(lines_of("province"))).split("\n")
    at = lines.index('document_number = "江左发改综合〔2023〕105号"')
    assert lines[at - 1] == "# 第 2 行：江左发改综合〔2023〕105号"
    at = lines.index("due = 2024-01-22")
    assert lines[at - 1] == "# 第 21 行：1月22日前"


def test_what_is_missing_is_shown():
    lines = draft_scheme(read_notice(lines_of("province"))).split("\n")
    assert '# points = "" # 没有读到，请对照原文补' in lines
    assert any(line.startswith("# [[indicator.task]]") for line in lines)
    empty = draft_scheme(read_notice([])).split("\n")
    assert '# title = "" # 没有读到，请对照原文补' in empty
    assert '# data_cutoff = "" # 没有读到，请对照原文补' in empty


def test_annex_files_handed_in_are_named():
    draft = draft_scheme(read_notice([]), annexes=["annex-1.xlsx"])
    assert "annex-1.xlsx" in draft
    tomllib.loads(draft)


def test_points_in_the_list_are_taken_over():
    scheme = drafted(read_notice(lines_of("bureau")))
    assert [str(indicator.points) for indicator in scheme.indicators] == [
        "30",
        "25",
        "20",
        "15",
        "10",
    ]


@pytest.mark.parametrize(
    "text",
    ['双"引"号', "反\\斜\\杠", "换\n行", "\x00\x1f\x7f", "\u2028\u2029", "\ud800", "'''", '"""#'],
)
def test_any_text_is_quoted_so_that_toml_reads_it_back(text):
    read = tomllib.loads(f"key = {quoted(text)}")["key"]
    assert read == text.replace("\ud800", "?")


def test_hostile_words_do_not_leave_their_field():
    title = '某局"\n[[unit]]\nid = "假" #关于考核的通知'
    draft = draft_scheme(read_notice([title, "各单位:", "一、考核指标", '甲"]\n[[x]]指标、乙指标']))
    assert "x" not in tomllib.loads(draft)
    assert all("假" not in unit["id"] for unit in tomllib.loads(draft).get("unit", []))


@pytest.mark.parametrize("name", NAMES)
def test_a_notice_as_json(name):
    notice = read_notice(lines_of(name))
    table = json.loads(json.dumps(notice_json(notice), ensure_ascii=False))
    assert table["title"]["value"] == value(notice.title)
    assert table["steps"][0]["kind"] == notice.steps[0].kind.value
    assert date.fromisoformat(table["data_cutoff"]["value"]) == value(notice.data_cutoff)
    source = table["document_number"]["source"]
    line = lines_of(name)[source["line"] - 1]
    assert line[source["start"] : source["end"]] == source["text"]


# --- what the draft must not claim ---------------------------------------------------------------


def steps_drafted(*steps):
    lines = ["某市林业局关于2024年度考核的通知", "各单位:", "一、考核程序", *steps]
    lines += ["某市林业局", "2024年12月1日"]
    text = draft_scheme(read_notice(lines))
    scheme = load_scheme(text).scheme
    assert scheme is not None
    return text, scheme.steps


def test_a_rough_date_is_left_to_a_person():
    text, (step,) = steps_drafted("(一)考核评分。1月下旬,各科室评分。")
    assert (step.due, step.start) == (None, None)
    assert "# due = 2025-01-31 # 通知没有写明是哪一天，请确认" in text
    assert '# from = "" # 没有读到，请对照原文补' in text


def test_a_date_written_out_is_in_force():
    _, (step,) = steps_drafted("(一)考核评分。1月21日至31日,各科室评分。")
    assert (step.start, step.due) == (date(2025, 1, 21), date(2025, 1, 31))


def test_several_deadlines_are_all_shown_and_none_is_chosen():
    text, (step,) = steps_drafted("(一)数据收集。12月20日前报送资料,1月5日前补正。")
    assert step.due is None
    assert "# due = 2025-01-05 # 通知写了几个时限，请确认哪一个是这一环节的时限" in text
    assert "12月20日前" in text


def test_steps_of_one_kind_do_not_share_a_name():
    text, steps = steps_drafted("(一)1月10日前各科室打分。", "(二)1月20日前考核组打分。")
    assert len({step.name for step in steps}) == 2
    codes = {problem.code for problem in check_scheme(load_scheme(text), holiday_calendar())}
    assert "ID-DUPLICATE" not in codes


LEFT_OPEN = {"KEY-MISSING", "DUTY-VACANT", "POINTS-SUM"}
"""What a notice alone cannot say: names of people it leaves out, tasks that stand in its annexes."""


@pytest.mark.parametrize("name", NAMES)
def test_the_check_of_a_draft_finds_only_what_the_notice_lacks(name):
    notice = read_notice(lines_of(name))
    found = check_scheme(load_scheme(draft_scheme(notice)), holiday_calendar())
    assert {problem.code for problem in found} <= LEFT_OPEN
    pointed = {f"indicator[{n}].points" for n, i in enumerate(notice.indicators, 1) if i.points}
    assert {p.where for p in found if p.code == "POINTS-SUM"} <= pointed


def test_a_draft_does_not_claim_what_a_notice_leaves_unsaid():
    texts = [draft_scheme(read_notice(lines)) for lines in ([], lines_of("province"))]
    assert not any("未写明" in text for text in texts)
    assert "# 没有读到" in texts[0]


def test_a_draft_keeps_the_marks_of_the_original():
    words = "不得漏报，也不得迟报（含口头）；谁报谁核"
    head = [
        "某市林业局关于2024年度考核的通知",
        "各单位：",
        "一、工作要求",
        f"（一）按时报送。{words}。",
    ]
    foot = ["附件：1.评分细则（试行），含样表；", "2.考核办法（某林发〔2024〕3号）"]
    table = tomllib.loads(draft_scheme(read_notice([*head, *foot])))
    assert table["requirements"] == [f"按时报送：{words}"]
    assert table["annexes"] == [
        "附件1：评分细则（试行），含样表",
        "附件2：考核办法（某林发〔2024〕3号）",
    ]
