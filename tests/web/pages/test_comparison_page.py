"""版本比较: what changed, side by side; what is asked of other units stays theirs."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from kaoping.web.actions.drafts import begin_draft
from tests.web.scheme_texts import publish, scheme_text
from tests.web.site import text_of
from tests.world_set_up import uid

STAGE = "registered"
HANDLER = "评估督导科经办人"
OWN, OTHERS = "U1", "U2"


def sheet_of(content):
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    return sheet


def assigned(target):
    return "".join(
        f'\n[[assignment]]\nunit = "{unit}"\ntask = "1.1"\npoints = "{target}"\n'
        for unit in (OWN, OTHERS)
    )


@pytest.fixture
def two(site):
    publish(site, scheme_text() + assigned("3"))
    changed = scheme_text().replace("due = 2025-01-20", "due = 2025-01-21")
    changed = changed.replace('each = "-0.5"', 'each = "-1"', 1)
    publish(site, changed + assigned("4") + '\n[[unit]]\nid = "U9"\nname = "新来县"\n')
    return site


def test_without_a_choice_the_last_two_versions_are_compared(two):
    words = text_of(two.client(HANDLER).get("/scheme/comparison"))
    assert "环节 审核报送 › 截止日期 2025-01-20 2025-01-21" in words
    assert "指标 1 › 任务 1.1 › 评分办法 › 计次项 迟报 › 每次 -0.5 -1" in words
    assert "新增 单位 U9" in words
    assert "名称：新来县" in words


def test_a_unit_sees_its_own_changes_and_not_those_of_others(two):
    words = text_of(two.client("青禾县联络员").get("/scheme/comparison"))
    assert f"任务分解 {OWN} 1.1" in words
    assert f"任务分解 {OTHERS} 1.1" not in words
    assert f"任务分解 {OTHERS} 1.1" in text_of(two.client("综合科科长").get("/scheme/comparison"))
    book = two.client("青禾县联络员").get("/scheme/comparison.xlsx").content
    cells = [cell.value for row in sheet_of(book).iter_rows() for cell in row]
    assert not [cell for cell in cells if cell and OTHERS in cell]


def test_a_draft_is_compared_with_the_version_in_force_by_its_makers_alone(two):
    draft = begin_draft(scheme_text(title="草稿的名称"), "三稿", uid(HANDLER))
    asked = {"old": "2", "new": f"draft-{draft.id}"}
    assert "草稿的名称" in text_of(two.client(HANDLER).get("/scheme/comparison", asked))
    for name in ("青禾县联络员", "综合科科长", "主要领导"):
        assert two.client(name).get("/scheme/comparison", asked).status_code == 404
        assert "三稿" not in text_of(two.client(name).get("/scheme/comparison"))


def test_a_draft_that_cannot_be_read_is_said_to_be_so(two):
    draft = begin_draft("不是方案", "坏稿", uid(HANDLER))
    page = two.client(HANDLER).get("/scheme/comparison", {"old": "2", "new": f"draft-{draft.id}"})
    assert "读不出来" in text_of(page)


def test_equal_versions_differ_in_nothing(two):
    page = two.client(HANDLER).get("/scheme/comparison", {"old": "1", "new": "1"})
    assert "没有不同" in text_of(page)


@pytest.mark.parametrize("asked", [{"old": "9"}, {"new": "x"}, {"new": "draft-x"}, {"old": "<b>"}])
def test_what_is_not_there_is_not_found(two, asked):
    assert two.client(HANDLER).get("/scheme/comparison", asked).status_code == 404


def test_before_the_first_scheme_there_is_nothing_to_compare(site):
    assert site.client(HANDLER).get("/scheme/comparison").status_code == 404


def test_the_export_holds_every_row(two):
    book = two.client(HANDLER).get("/scheme/comparison.xlsx", {"old": "1", "new": "2"}).content
    rows = list(sheet_of(book).iter_rows(min_row=3, values_only=True))
    assert rows[0] == ("序号", "变化", "位置", "原来", "现在")
    assert ("修改", "环节 审核报送 › 截止日期", "2025-01-20", "2025-01-21") in [
        tuple(r[1:]) for r in rows
    ]


def test_strangers_and_administrators_stay_outside(two):
    for path in ("/scheme/comparison", "/scheme/comparison.xlsx"):
        assert two.nobody.get(path)["Location"].startswith("/sign-in")
        assert two.client("系统管理员").get(path).status_code == 403


def test_texts_of_both_sides_are_escaped(site):
    publish(site, scheme_text())
    publish(site, scheme_text(title="<script>x</script>"))
    page = site.client(HANDLER).get("/scheme/comparison").content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
