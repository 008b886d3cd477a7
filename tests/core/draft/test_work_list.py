"""The work list: everything once, in its part, with its place and what to do, numbered."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import pairwise

from kaoping.core.annex.checking import check_annex
from kaoping.core.annex.reading import read_annex
from kaoping.core.draft.as_json import papers_json
from kaoping.core.draft.papers import Papers, differences
from kaoping.core.draft.summary import Part
from kaoping.core.draft.tables import silent_tables, task_tables
from kaoping.core.draft.work_list import HEADS, count_words, work_list
from kaoping.core.notice.reading import notice_problems, read_notice
from kaoping.core.problems import Problem, Severity
from tests.core.annex.grids import grid

NOTICE = [
    "某市林业局关于2024年度考核的通知",
    "各单位：",
    "一、考核指标",
    "林业产业（10分）、森林防火（5分）",
    "二、责任分工",
    "（一）林业产业由产业科负责，责任领导：林深，其余事项另行研究。",
    "三、考核程序",
    "（一）数据收集。12月20日前报送资料，1月5日前补正。",
    "（二）考核评分。1月下旬，各科室评分。",
    "（三）汇总整理。各科室汇总。",
]
TABLE = """考核指标 | 任务 | 分值 | 评分标准 | 台账 | 涉及单位 | 神秘栏
林业产业（10分） | 产值增长 | 6 | 每低1%扣0.5分，扣完为止。 | 统计报表 | 市财政局 |
^ | 基地建设 | 0. 4 | | 验收表 | 市水利局 | 某话
油茶（3分） | 种植 | 3 | 完成得3分。 | 清单 | 各县区 |"""


def papers(lines=NOTICE, *grids, places=()):
    notice = read_notice(lines, places)
    annex = read_annex(grids or [grid(TABLE)])
    problems = (*differences(notice, annex), *check_annex(annex))
    whole = (Problem("ANNEX-UNREAD", "附件3.pdf", "附件没有读出：是扫描件", "请人工补入"),)
    return Papers(notice, annex, ("附件3.pdf",), whole, notice_problems(notice), problems)


def listed(part, read=None):
    return [item for item in work_list(read or papers()) if item.part is part]


def test_numbers_run_through_all_parts_in_order():
    items = work_list(papers())
    assert [item.number for item in items] == list(range(1, len(items) + 1))
    assert [item.part for item in items] == sorted(
        (item.part for item in items), key=list(Part).index
    )
    grades = [item.severity for item in items if item.severity]
    assert grades == sorted(grades)


def test_every_line_has_a_place_and_says_what_to_do():
    for item in work_list(papers()):
        assert item.place
        assert item.todo
        assert item.words
        assert len(item.cells) == len(HEADS)


def test_what_was_read_stands_with_its_place():
    rows = {(item.what.strip(), item.words): item.place for item in listed(Part.READ)}
    assert rows["指标", "林业产业（10 分）"] == "第 4 行"
    assert rows["责任领导", "林深"] == "第 6 行"
    (words,) = [words for what, words in rows if what == "任务" and "产值增长" in words]
    assert "（6 分）" in words
    assert "台账 1 项，单位 1 个" in words
    assert rows["任务", words] == "附件1.xlsx“任务表”B2"


def test_what_was_not_read_is_each_there_once():
    words = [f"{item.place} {item.words}" for item in listed(Part.UNREAD)]
    for told in ("其余事项另行研究", "某话", "附件没有读出：是扫描件"):
        assert sum(told in each for each in words) == 1, told
    assert any("“森林防火”没有读到牵头单位、责任科室、责任领导" in each for each in words)
    assert any("汇总整理：没有读到时限" in each for each in words)
    assert any("基地建设：没有读到完成标准" in each for each in words)
    assert any(item.what == "发文字号" for item in listed(Part.UNREAD))


def test_what_must_be_decided():
    words = [item.words for item in listed(Part.OPEN)]
    assert "数据收集：写了几个时限，请确认" in words
    assert any(each.startswith("考核评分：2025-01-31 前（原文没有写明是哪一天") for each in words)
    assert any("“油茶”在通知里没有找到" in each for each in words)
    assert any("0. 4" in each for each in words)
    assert any("“各县区”没有写明是哪些单位" in each for each in words)
    assert any("3 项任务的评分办法" in each for each in words)
    assert not any("没有读懂" in each for each in words)


def test_targets_that_do_not_fit_are_for_a_person():
    tasks = grid(
        "任务 | 分值 | 标准 | 涉及单位\n投资 | 4 | 按比例 | 市教育局", title="一、项目（4分）"
    )
    one = grid("单位 | 投资\n市教育局 | 6\n市水利局 | 5", place="甲")
    two = grid("单位 | 投资\n市教育局 | 7", place="乙")
    read = papers(NOTICE, tasks, one, two)
    words = [item.words for item in listed(Part.OPEN, read)]
    assert "“市水利局”有目标，任务“投资”的责任单位里没有它" in words
    assert "“市教育局”在任务“投资”上写了几个不同的数" in words
    (targets,) = [item for item in listed(Part.READ, read) if item.what.strip() == "各单位目标"]
    assert targets.words == "投资：市教育局 6、市水利局 5、市教育局 7"


def test_the_count_is_of_all_lines():
    items = work_list(papers())
    zh, en = count_words(items)
    numbers = [int(each) for each in re.findall("[0-9]+", zh)]
    assert sum(numbers[:3]) == len(items)
    assert sum(numbers[3:]) == numbers[2]
    assert re.findall("[0-9]+", en) == re.findall("[0-9]+", zh)


def test_the_json_holds_each_open_line_once_and_no_lines_of_text():
    read = papers()
    document = json.loads(json.dumps(papers_json(read), ensure_ascii=False))
    assert list(document) == ["notice", "annex", "decisions", "problems", "unread"]
    assert "lines" not in document["notice"]
    numbers = [
        row["number"] for key in ("decisions", "problems", "unread") for row in document[key]
    ]
    expected = [item.number for item in work_list(read) if item.part is not Part.READ]
    assert sorted(numbers) == expected
    task = document["annex"]["indicators"][0]["tasks"][0]
    assert task["points"]["value"] == "6"
    assert task["points"]["source"]["place"] == "附件1.xlsx“任务表”C2"
    assert document["notice"]["title"]["source"]["place"] == "第 1 行"


def test_severities_are_those_of_the_problems():
    sums = grid("考核指标 | 任务 | 分值 | 标准\n防汛（5分） | 备物资 | 4 | 得4分")
    (item,) = [i for i in listed(Part.OPEN, papers(NOTICE, sums)) if i.code == "POINTS-SUM"]
    assert (item.severity, item.what) == (Severity.A, "任务分值合计与指标分值不符")


# --- the draft -----------------------------------------------------------------------------------


def test_the_draft_says_how_to_work_with_it():
    text = papers().draft()
    head = text.partition("format = ")[0]
    steps = ["逐项核对", "补写", "kaoping scheme check", "[[accepted]]", "scheme.toml"]
    assert [head.index(step) for step in steps] == sorted(head.index(step) for step in steps)
    assert all(line.startswith("#") for line in head.strip().splitlines())
    tomllib.loads(text)


def test_every_value_of_the_draft_has_its_place_in_a_file_of_paragraphs():
    places = [f"第{at}段" for at in range(1, len(NOTICE) + 1)]
    lines = papers(NOTICE, places=places).draft().splitlines()
    without = ("format", "kind", "id", "name", "catalogue", "]", "value")
    origin = re.compile(r" *# (?:.*，)?(?:第\d+段|附件1\.xlsx“任务表”[A-Z]\d+)：")
    checked = 0
    for above, line in pairwise(lines):
        if not line or line.strip().startswith(("#", "[", *without)):
            continue
        checked += 1
        assert origin.match(above), (above, line)
    assert checked > 10
    assert "# 第1段：某市林业局关于2024年度考核的通知" in lines
    assert "# 附件1.xlsx“任务表”C2：6" in lines


def test_what_was_not_read_as_a_whole_is_in_the_draft():
    assert "附件3.pdf：附件没有读出：是扫描件" in papers().draft()


# --- tables --------------------------------------------------------------------------------------


def test_tables_that_are_scored_and_their_targets_are_of_tasks():
    scored = grid("任务 | 分值 | 标准\n投资 | 4 | 按比例得分", place="甲")
    targets = grid("单位 | 投资\n市教育局 | 6", place="乙")
    others = grid("单位 | 电话\n市教育局 | 0000-0000301", place="丙")
    days = grid("环节 | 时限 | 责任科室\n数据收集 | 1月5日 | 综合科", place="丁")
    found = task_tables([others, scored, days, targets])
    assert [each.place for each in found] == ["甲", "乙"]


def test_a_table_is_silent_only_where_no_cell_was_understood():
    one = grid("站名 | 海拔\n东岭 | 310", place="甲")
    two = grid(TABLE, place="乙")
    assert [each.place for each in silent_tables([one, two], read_annex([one, two]))] == ["甲"]
