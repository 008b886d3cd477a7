"""The draft of a notice with annexes: it loads, every field has its cell, nothing is claimed."""

import json
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.annex.linking import Match, link_indicators
from kaoping.core.annex.reading import read_annex
from kaoping.core.check.checking import check_scheme
from kaoping.core.draft.as_json import annex_json
from kaoping.core.draft.scheme import draft_scheme, is_untouched
from kaoping.core.draft.summary import summary_rows
from kaoping.core.notice.reading import read_notice
from kaoping.core.scheme import load_scheme
from kaoping.files.holidays import holiday_calendar
from tests.core.annex.annex1 import INDICATORS, LAYOUTS, TASKS
from tests.core.annex.grids import grid, grid_of

LISTED = "、".join(f"{name}（{points}分）" for name, points, _ in INDICATORS)
HEAD = ["某市发展和改革委员会关于2024年度考核的通知", "各单位：", "一、考核指标"]
NOT_YET = {"KEY-MISSING"}


def notice_of(listed):
    return read_notice([*HEAD, listed])


def annex1(layout="merged"):
    return read_annex(
        [grid_of(rows, f"附件1.xlsx“{title or '表'}”", title) for rows, title in LAYOUTS[layout]()]
    )


def loaded(text):
    read = load_scheme(text)
    assert {problem.code for problem in read.problems} <= NOT_YET
    assert read.scheme is not None
    return read.scheme


@pytest.mark.parametrize("layout", LAYOUTS)
def test_tasks_go_below_the_indicators_of_the_notice(layout):
    scheme = loaded(draft_scheme(notice_of(LISTED), annex=annex1(layout)))
    assert [i.name for i in scheme.indicators] == [name for name, *_ in INDICATORS]
    assert [str(i.points) for i in scheme.indicators] == [points for _, points, _ in INDICATORS]
    for task, (number, points, name, standard, catalogue, units) in zip(
        scheme.task_by_id.values(), TASKS, strict=True
    ):
        assert (task.id, task.name, str(task.points)) == (number, name, points)
        assert task.standard == standard
        assert [item.name for item in task.catalogue] == catalogue.split("；")
        assert list(task.units) == units.split("、")


def test_a_person_must_add_only_the_rules_and_what_the_notice_lacks():
    text = draft_scheme(notice_of(LISTED), annex=annex1())
    where = {p.where.rpartition(".")[2] for p in load_scheme(text).problems}
    assert where == {"rule", "issuer", "data_cutoff"} or where <= {
        "rule",
        "issuer",
        "data_cutoff",
        "title",
    }
    codes = {p.code for p in check_scheme(load_scheme(text), holiday_calendar())}
    assert codes <= {"KEY-MISSING", "DUTY-VACANT"}
    assert is_untouched(text)


def test_every_field_has_its_cell_above_it():
    lines = draft_scheme(notice_of(LISTED), annex=annex1()).split("\n")
    at = lines.index('name = "新开工项目"')
    assert lines[at - 1] == "# 附件1.xlsx“表”C4：新开工项目"
    assert lines[at + 1] == "# 附件1.xlsx“表”D4：2"
    assert lines[at + 2] == 'points = "2"'
    at = next(n for n, line in enumerate(lines) if line.startswith('standard = "每少1个扣0.2分'))
    assert lines[at - 1].startswith("# 附件1.xlsx“表”E4：每少1个扣0.2分")
    assert lines[at + 1].startswith("# rule = ")


def test_names_that_differ_are_told_and_points_that_differ_are_not_chosen():
    annex = read_annex(
        [
            grid(
                "考核内容 | 任务 | 分值\n营商环境（8分） | 要点任务 | 8\n优化重大项目提升行动 | 开工 | 5"
            )
        ]
    )
    notice = notice_of("重大项目提升行动（10分）、优化营商环境（9分）")
    text = draft_scheme(notice, annex=annex)
    scheme = loaded(text)
    assert [(i.name, len(i.tasks)) for i in scheme.indicators] == [
        ("重大项目提升行动", 1),
        ("优化营商环境", 1),
    ]
    assert '# points = "" # 通知和附件写的不同，请确认' in text
    assert "附件写作“营商环境”，通知写作“优化营商环境”" in text
    rows = list(summary_rows(notice, annex=annex))
    assert any(kind == "待定" and "附件写 8 分" in words for kind, words, _ in rows)


def test_an_indicator_that_the_notice_does_not_list_is_its_own():
    annex = read_annex([grid("考核内容 | 任务 | 分值\n防汛（8分） | 备物资 | 8")])
    text = draft_scheme(notice_of("重大项目（10分）、营商环境（9分）"), annex=annex)
    scheme = loaded(text)
    assert [i.name for i in scheme.indicators] == ["重大项目", "营商环境", "防汛"]
    assert scheme.indicators[2].tasks[0].id == "3.1"
    assert "附件的指标“防汛”在通知里没有找到" in text


@pytest.mark.parametrize(
    ("annex_name", "listed", "match"),
    [
        ("优化营商环境", "优化营商环境、森林防火", Match.EQUAL),
        ("优化 营商环境指标", "优化营商环境、森林防火", Match.EQUAL),
        ("营商环境", "优化营商环境、森林防火", Match.CONTAINED),
        ("优化营商环境工作提升", "优化营商环境、森林防火", Match.CONTAINED),
        ("营商环境优化", "优化营商环境、森林防火", Match.CLOSE),
        ("全国统一大市场建设贯彻落实", "贯彻落实全国统一大市场建设、森林防火", Match.CLOSE),
        ("林业产值", "林业产业、森林防火", None),
        ("营商环境", "优化营商环境、提升营商环境", None),
        ("安全生产", "优化营商环境、森林防火", None),
    ],
)
def test_links_by_name(annex_name, listed, match):
    annex = read_annex([grid(f"考核内容 | 任务 | 分值\n{annex_name} | 甲任务 | 8")])
    links = link_indicators(annex, notice_of(listed).indicators)
    assert [link.match for link in links] == ([match] if match else [])


def test_two_indicators_are_never_linked_to_one():
    annex = read_annex([grid("考核内容 | 任务 | 分值\n营商环境 | 甲 | 8\n营商环境评价 | 乙 | 2")])
    links = link_indicators(annex, notice_of("营商环境、森林防火").indicators)
    assert [(link.annex.name and link.annex.name.value, link.match) for link in links] == [
        ("营商环境", Match.EQUAL)
    ]


def test_numbers_that_begin_anew_do_not_make_one_id_of_two():
    table = "任务 | 分值\n1.1甲 | 2\n1.2乙 | 3"
    annex = read_annex(
        [
            grid(table, title="一、防汛（5分）", place="甲"),
            grid(table, title="二、抗旱（5分）", place="乙"),
        ]
    )
    scheme = loaded(draft_scheme(read_notice([]), annex=annex))
    assert list(scheme.task_by_id) == ["1.1", "1.2", "2.1", "2.2"]
    codes = [
        p.code
        for p in check_scheme(
            load_scheme(draft_scheme(read_notice([]), annex=annex)), holiday_calendar()
        )
    ]
    assert "ID-DUPLICATE" not in codes


def test_targets_become_assignments_that_fit():
    tasks = grid(
        "任务 | 分值 | 涉及单位\n投资 | 4 | 市教育局、市水利局\n开工项目 | 2 | 市教育局",
        title="一、项目（6分）",
    )
    matrix = grid(
        "单位 | 投资 | 开工项目\n市教育局 | 6.5 | 不涉及\n市水利局 | 7 | 3", place="附件2"
    )
    text = draft_scheme(read_notice([]), annex=read_annex([tasks, matrix]))
    scheme = loaded(text)
    assert [
        (a.unit, a.task, a.target and str(a.target), a.not_applicable) for a in scheme.assignments
    ] == [
        ("市教育局", "1.1", "6.5", False),
        ("市教育局", "1.2", None, True),
        ("市水利局", "1.1", "7", False),
    ]
    assert "# 市水利局不在任务 1.2 的 units 中，请确认后去掉下面的 #" in text
    codes = {p.code for p in check_scheme(load_scheme(text), holiday_calendar())}
    assert not codes & {"UNIT-UNKNOWN", "TASK-UNKNOWN", "ASSIGNMENT-UNKNOWN", "SECTION-UNKNOWN"}


def test_two_targets_for_one_are_both_shown_and_none_is_in_force():
    tasks = grid("任务 | 分值 | 涉及单位\n投资 | 4 | 市教育局", title="一、项目（4分）")
    one = grid("单位 | 投资\n市教育局 | 6", place="甲")
    two = grid("单位 | 投资\n市教育局 | 7", place="乙")
    text = draft_scheme(read_notice([]), annex=read_annex([tasks, one, two]))
    assert loaded(text).assignments == ()
    assert '# target = "6"' in text
    assert '# target = "7"' in text


def test_who_supplies_data_is_known_to_the_draft():
    rows = "任务 | 分值 | 数据来源 | 涉及单位\n投资 | 4 | 市统计局 | 市教育局\n开工 | 2 | 系统导出 | 市教育局\n竣工 | 1 | 投资科 | 市教育局"
    scheme = loaded(
        draft_scheme(read_notice([]), annex=read_annex([grid(rows, title="一、项目（7分）")]))
    )
    assert [task.data_owner for task in scheme.task_by_id.values()] == ["市统计局", "", "投资科"]
    assert "市统计局" in scheme.unit_by_id
    assert "投资科" in scheme.section_by_id


def test_notes_unread_cells_and_open_points_are_in_the_draft_and_the_summary():
    annex = read_annex(
        [
            grid(
                "考核内容 | 任务 | 分值 | 神秘栏\n防汛 | 备物资 | 0. 5 | 某话\n注：以年底数为准。 | < | < | <"
            )
        ]
    )
    text = draft_scheme(read_notice([]), ["附件3.doc"], annex)
    assert "附件3.doc" in text
    rows = list(summary_rows(read_notice([]), ["附件3.doc"], annex))
    for words in ("某话", "注：以年底数为准。", "0. 5"):
        assert words in text
        assert any(words in told for _, told, _ in rows)
    assert ("附件没有读懂", "某话", "附件1.xlsx“任务表”D2") in rows


def test_the_annex_as_json():
    table = json.loads(json.dumps(annex_json(annex1()), ensure_ascii=False))
    task = table["indicators"][0]["tasks"][1]
    assert task["points"] == {
        "value": "2",
        "source": {
            "line": 4,
            "start": 0,
            "end": 1,
            "text": "2",
            "where": "附件1.xlsx“表”D4",
            "place": "附件1.xlsx“表”D4",
        },
    }
    assert table["unread"] == []


def test_hostile_words_do_not_leave_their_field():
    rows = '考核内容 | 任务 | 分值 | 标准 | 台账 | 涉及单位\n甲"] | 乙"\\n[[unit]]\\nid = "假" | 5 | 丙""" | 丁\'\'\' # | 市某局"'
    text = draft_scheme(read_notice([]), annex=read_annex([grid(rows)]))
    table = tomllib.loads(text)
    assert all("假" not in unit["id"] for unit in table.get("unit", []))
    loaded(text)


WORDS = st.text(
    st.sampled_from(
        list(
            "任务指标分值标准单位0123456789.（）()、；;：一二三市局科县合计注扣加每“”\"'\\#[]=\n \u2028\x7f%—/①"
        )
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(WORDS, min_size=5, max_size=5), max_size=5))
def test_a_draft_of_any_table_loads(body):
    head = ["考核内容", "任务", "分值", "标准", "涉及单位"]
    clean = [[words.replace("^", "").replace("<", "").strip() for words in row] for row in body]
    annex = read_annex([grid_of([head, *clean])])
    read = load_scheme(draft_scheme(read_notice([]), annex=annex))
    assert {problem.code for problem in read.problems} <= NOT_YET
