"""任务分解: who sees which targets, cells changed in a draft, filled from a workbook, nothing lost."""

from __future__ import annotations

import gzip
import io
import json
import time

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaoping.core.matrix import fingerprint
from kaoping.core.scheme import load_scheme
from kaoping.web.actions.drafts import begin_draft
from kaoping.web.models import SchemeDraft
from tests.web.site import text_of
from tests.web.year_scheme import scheme_text, target
from tests.world_set_up import UNITS, uid

OWN, OTHERS = UNITS[0], UNITS[1:]
HANDLER, HEAD = "评估督导科经办人", "评估督导科科长"
EVERYWHERE = [HANDLER, HEAD, "分管领导", "主要领导", "监督员"]
ELSEWHERE = ["系统管理员", "安全管理员", "审计管理员乙"]


@pytest.fixture
def draft(site):
    return begin_draft(scheme_text(site.world.indicators), "据第 2 版改", uid(HANDLER))


def address(draft, ending=""):
    return f"/matrix/drafts/{draft.id}{ending}"


def cell_at(draft, unit=OWN, task="1.1"):
    return address(draft) + f"?unit={unit}&task={task}"


def said(draft, unit=OWN, task="1.1"):
    scheme = load_scheme(SchemeDraft.objects.get(id=draft.id).text).scheme
    assert scheme is not None
    return scheme.assignment(unit, task)


def seen(draft, unit=OWN, task="1.1"):
    return fingerprint(said(draft, unit, task))


def text_now(draft):
    return SchemeDraft.objects.get(id=draft.id).text


def targets_in(page):
    words = page.content.decode()
    return {
        (unit, one) for unit in UNITS for one in "1234" if target(unit, one) in words
    }  # fmt: skip


# --- who sees what --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERYWHERE)
def test_who_coordinates_leads_or_watches_sees_every_target(site, name):
    page = site.client(name).get("/matrix")
    assert page.status_code == 200
    assert targets_in(page) == {(unit, one) for unit in UNITS for one in "1234"}


@pytest.mark.parametrize("name", [f"{OWN}联络员", f"{OWN}负责人"])
def test_an_assessed_unit_sees_its_own_row_and_no_other_units_target(site, name):
    browser = site.client(name)
    page = browser.get("/matrix")
    assert targets_in(page) == {(OWN, one) for one in "1234"}
    assert not any(unit in text_of(page) for unit in OTHERS)
    for unit in OTHERS:
        assert browser.get("/matrix", {"unit": unit, "task": "1.1"}).status_code == 404
    assert browser.get("/matrix", {"unit": OWN, "task": "1.1"}).status_code == 200


def test_a_section_sees_its_indicators_and_those_it_cooperates_in(site):
    """综合科 scores 1 and 3; 产业科 scores 2 and 4 and cooperates in 1."""
    first, second = (site.client(f"{name}经办人") for name in ("综合科", "产业科"))
    assert {one for _, one in targets_in(first.get("/matrix"))} == {"1", "3"}
    assert {one for _, one in targets_in(second.get("/matrix"))} == {"1", "2", "4"}
    assert first.get("/matrix", {"unit": OWN, "task": "2.1"}).status_code == 404


def test_who_has_nothing_to_do_with_any_task_is_told_so(site):
    page = site.client("核验员甲").get("/matrix")
    assert targets_in(page) == set()
    assert "没有与您的职责有关的任务" in text_of(page)


def test_the_workbook_holds_no_more_than_the_page(site):
    content = site.client(f"{OWN}联络员").get("/matrix.xlsx").content
    values = {
        str(cell.value)
        for sheet in openpyxl.load_workbook(io.BytesIO(content))
        for row in sheet.iter_rows()
        for cell in row
    }
    assert target(OWN, "1") in values
    assert not values & {target(unit, one) for unit in OTHERS for one in "1234"}
    assert not values & set(OTHERS)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_administrators_have_no_part_in_it(site, name, draft):
    for where in ("/matrix", "/matrix.xlsx", address(draft), address(draft, ".xlsx")):
        assert site.client(name).get(where).status_code == 403


def test_strangers_are_sent_to_the_door(site, draft):
    for where in ("/matrix", "/matrix.xlsx", address(draft), address(draft, "/import")):
        answer = site.nobody.get(where)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in")


@pytest.mark.parametrize("name", [f"{OWN}联络员", "综合科经办人", "分管领导", "监督员"])
def test_a_draft_is_the_coordinating_sections_alone(site, name, draft):
    browser, before = site.client(name), text_now(draft)
    for ending in ("", ".xlsx", "/import"):
        assert browser.get(address(draft, ending)).status_code == 403
    sent = {"target": "9", "seen": seen(draft)}
    assert browser.post(cell_at(draft), sent).status_code == 403
    assert browser.post(address(draft, "/import/save"), {"cells": "[]"}).status_code == 403
    assert text_now(draft) == before


@pytest.mark.parametrize(
    "what", [{"unit": "没有", "task": "1.1"}, {"unit": OWN, "task": "9.9"}, {"unit": OWN}]
)
def test_a_cell_that_is_not_there_is_not_found(site, what, draft):
    browser = site.client(HANDLER)
    assert browser.get("/matrix", what).status_code == 404
    assert browser.get(address(draft), what).status_code == 404


# --- the table ------------------------------------------------------------------------------------


def test_not_applicable_is_said_and_hatched(site):
    page = site.client(HANDLER).get("/matrix")
    assert page.content.decode().count('class="c-na') == 4
    assert "不涉及 4 格" in text_of(page)
    assert "应考评 44 格" in text_of(page)


def test_the_version_in_force_is_read_only_and_leads_to_the_drafts(site, draft):
    page = site.client(HANDLER).get("/matrix", {"unit": OWN, "task": "1.1"})
    assert "<form" not in page.content.decode().split("<main")[1]
    assert address(draft) in site.client(HANDLER).get("/matrix").content.decode()
    assert address(draft) not in site.client("分管领导").get("/matrix").content.decode()


def test_a_missing_target_is_listed(site):
    text = scheme_text(site.world.indicators).replace(
        f'{{ unit = "{OWN}", task = "1.1", target = "{target(OWN, "1")}" }},', ""
    )
    one = begin_draft(text, "缺一格", uid(HANDLER))
    page = site.client(HANDLER).get(address(one))
    assert "缺目标 1 格" in text_of(page)
    assert f"{OWN} · 1.1" in text_of(page)


def test_a_script_gets_the_panel_alone(site, draft):
    page = site.client(HANDLER).get(cell_at(draft), headers={"hx-request": "true"})
    assert "<html" not in page.content.decode()
    assert 'name="target"' in page.content.decode()


def test_names_with_marks_are_written_as_names(site):
    text = scheme_text(site.world.indicators).replace(OWN, '<b>甲&"乙')
    one = begin_draft(text.replace('<b>甲&"乙', "<b>甲&乙"), "特殊名称", uid(HANDLER))
    words = site.client(HANDLER).get(address(one)).content.decode()
    assert "<b>甲" not in words
    assert "&lt;b&gt;甲&amp;乙" in words


# --- one cell -------------------------------------------------------------------------------------


def test_a_target_is_saved_into_the_draft_and_into_nothing_else(site, draft):
    before, size = text_now(draft), site.size
    sent = {"target": "123.40", "points": "5", "seen": seen(draft)}
    answer = site.client(HANDLER).post(cell_at(draft), sent)
    assert answer.status_code == 303
    assert answer["Location"].endswith("#cell")
    now = said(draft)
    assert (f"{now.target:f}", f"{now.points:f}") == ("123.40", "5")
    changed = [line for line in text_now(draft).split("\n") if line not in before.split("\n")]
    assert len(changed) == 1
    assert SchemeDraft.objects.get(id=draft.id).revision == 2
    assert site.size == size


def test_a_script_gets_the_saved_cell_back(site, draft):
    sent = {"target": "123.4", "seen": seen(draft)}
    answer = site.client(HANDLER).post(cell_at(draft), sent, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert "data-saved" in answer.content.decode()
    assert ">123.4</a></td>" in answer.content.decode()


def test_not_applicable_leaves_no_numbers_behind(site, draft):
    sent = {"target": "1", "points": "x", "off": "1", "seen": seen(draft)}
    assert site.client(HANDLER).post(cell_at(draft), sent).status_code == 303
    assert said(draft).not_applicable
    assert said(draft).target is None


def test_an_empty_cell_goes_back_to_the_task(site, draft):
    sent = {"of": "", "points": "", "seen": seen(draft, UNITS[-1], "1.2")}
    assert site.client(HANDLER).post(cell_at(draft, UNITS[-1], "1.2"), sent).status_code == 303
    assert f'"{UNITS[-1]}", task = "1.2"' not in text_now(draft)


BAD = ["1e999", "１２", "1,000", "八十", "12.5.1", "NaN", "-1", "0", "9" * 41, "=1+1", "<script>"]


@pytest.mark.parametrize("typed", BAD)
def test_what_is_no_number_is_told_beside_its_field_and_kept(site, draft, typed):
    before = text_now(draft)
    sent = {"target": typed, "points": "2", "seen": seen(draft)}
    answer = site.client(HANDLER).post(cell_at(draft), sent)
    assert answer.status_code == 422
    words = answer.content.decode()
    assert 'aria-invalid="true"' in words
    assert 'value="2"' in words
    assert "<script>" not in words
    assert text_now(draft) == before


def test_all_fields_are_judged_at_once(site, draft):
    sent = {"target": "x", "points": "-1", "seen": seen(draft)}
    answer = site.client(HANDLER).post(cell_at(draft), sent)
    assert answer.content.decode().count('aria-invalid="true"') == 2


def test_a_cell_that_another_has_changed_is_not_written_over(site, draft):
    old = seen(draft)
    first = {"target": "111", "seen": old}
    assert site.client(HEAD).post(cell_at(draft), first).status_code == 303
    second = {"target": "222", "points": "3", "seen": old}
    answer = site.client(HANDLER).post(cell_at(draft), second)
    assert answer.status_code == 409
    assert f"{HEAD}先改了这一格" in text_of(answer)
    assert "目标值 111" in text_of(answer)
    assert 'value="222"' in answer.content.decode()
    assert f"{said(draft).target:f}" == "111"
    again = second | {"seen": seen(draft)}
    assert site.client(HANDLER).post(cell_at(draft), again).status_code == 303
    assert f"{said(draft).target:f}" == "222"


def test_another_cell_changed_meanwhile_is_no_conflict(site, draft):
    mine = {"target": "222", "seen": seen(draft)}
    other = {"target": "111", "seen": seen(draft, UNITS[1])}
    assert site.client(HEAD).post(cell_at(draft, UNITS[1]), other).status_code == 303
    assert site.client(HANDLER).post(cell_at(draft), mine).status_code == 303
    assert (f"{said(draft).target:f}", f"{said(draft, UNITS[1]).target:f}") == ("222", "111")


def test_a_second_click_saves_once(site, draft):
    sent = {"target": "222", "seen": seen(draft)}
    browser = site.client(HANDLER)
    assert browser.post(cell_at(draft), sent).status_code == 303
    assert browser.post(cell_at(draft), sent).status_code == 303
    assert SchemeDraft.objects.get(id=draft.id).revision == 2


def test_a_published_draft_is_read_only(site, draft):
    SchemeDraft.objects.filter(id=draft.id).update(published=7)
    browser, before = site.client(HANDLER), text_now(draft)
    assert "已经发布" in text_of(browser.get(cell_at(draft)))
    answer = browser.post(cell_at(draft), {"target": "9", "seen": seen(draft)})
    assert answer.status_code == 409
    assert text_now(draft) == before


def test_a_draft_that_cannot_be_read_says_what_to_mend(site):
    one = begin_draft("format = “x”", "坏草稿", uid(HANDLER))
    for ending in ("", ".xlsx", "/import"):
        answer = site.client(HANDLER).get(address(one, ending))
        assert answer.status_code == 422
        assert "请先在方案页改正" in text_of(answer)


# --- a workbook -----------------------------------------------------------------------------------


def filled(site, draft, **cells):
    book = openpyxl.load_workbook(
        io.BytesIO(site.client(HANDLER).get(address(draft, ".xlsx")).content)
    )
    for where, value in cells.items():
        book.worksheets[0][where] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sent_file(site, draft, content, name="填好.xlsx"):
    file = SimpleUploadedFile(name, content)
    return site.client(HANDLER).post(address(draft, "/import"), {"workbook": file})


def hidden(page):
    return page.context["cells"]


def test_a_workbook_is_shown_before_it_is_saved(site, draft):
    before = text_now(draft)
    page = sent_file(site, draft, filled(site, draft, C5=55, C6="不涉及"))
    assert page.status_code == 200
    assert "将改变 2 格" in text_of(page)
    assert f"目标值 {target(OWN, '1')} 亿元" in text_of(page)
    assert "目标值 55 亿元" in text_of(page)
    assert text_now(draft) == before
    answer = site.client(HANDLER).post(address(draft, "/import/save"), {"cells": hidden(page)})
    assert answer.status_code == 303
    assert f"{said(draft).target:f}" == "55"
    assert said(draft, UNITS[1]).not_applicable
    assert SchemeDraft.objects.get(id=draft.id).revision == 2


def test_the_same_workbook_changes_nothing(site, draft):
    page = sent_file(site, draft, filled(site, draft))
    assert "表格与草稿相同" in text_of(page)


def test_all_slips_of_a_workbook_are_told_with_their_cells(site, draft):
    before = text_now(draft)
    page = sent_file(site, draft, filled(site, draft, C5="1e999", D6="１", A7="外县"))
    assert page.status_code == 422
    for where in ("C5", "D6", "A7"):
        assert f"工作表“1 重点工作1”{where}" in text_of(page)
    assert text_now(draft) == before


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04", b"a,b\n1,2"])
def test_what_is_no_workbook_is_refused(site, draft, content):
    answer = sent_file(site, draft, content)
    assert answer.status_code == 422
    assert SchemeDraft.objects.get(id=draft.id).revision == 1


def test_no_file_is_told(site, draft):
    answer = site.client(HANDLER).post(address(draft, "/import"))
    assert answer.status_code == 422
    assert "没有选择文件" in text_of(answer)


def test_a_preview_that_was_overtaken_saves_nothing(site, draft):
    page = sent_file(site, draft, filled(site, draft, C5=55, C7=66))
    other = {"target": "111", "seen": seen(draft)}
    assert site.client(HEAD).post(cell_at(draft), other).status_code == 303
    before = text_now(draft)
    answer = site.client(HANDLER).post(address(draft, "/import/save"), {"cells": hidden(page)})
    assert answer.status_code == 409
    assert "目标值 111" in text_of(answer)
    assert text_now(draft) == before


FORGED = [
    "", "null", "{}", "[1]", "[" * 5000, '[{"unit": "没有", "task": "1.1"}]',
    '[{"unit": "青禾县", "task": "1.1", "seen": "", "off": false, "numbers": {"target": "1e9"}}]',
    '[{"unit": "青禾县", "task": "9.9", "seen": "", "off": true, "numbers": {}}]',
]  # fmt: skip


@pytest.mark.parametrize("cells", FORGED)
def test_a_preview_that_was_tampered_with_is_refused(site, draft, cells):
    before = text_now(draft)
    answer = site.client(HANDLER).post(address(draft, "/import/save"), {"cells": cells})
    assert answer.status_code == 422
    assert text_now(draft) == before


def test_a_whole_matrix_goes_through_the_preview(site, draft):
    """Many cells at once are no more than one save."""
    book = openpyxl.load_workbook(
        io.BytesIO(site.client(HANDLER).get(address(draft, ".xlsx")).content)
    )
    for sheet in book:
        for row in range(5, 5 + len(UNITS)):
            sheet.cell(row, 3).value = row
    out = io.BytesIO()
    book.save(out)
    page = sent_file(site, draft, out.getvalue())
    assert len(json.loads(hidden(page))) == len(UNITS) * 4
    site.client(HANDLER).post(address(draft, "/import/save"), {"cells": hidden(page)})
    assert SchemeDraft.objects.get(id=draft.id).revision == 2
    assert f"{said(draft, UNITS[-1], '4.1').target:f}" == "10"


# --- size -----------------------------------------------------------------------------------------


def large(units=100, tasks=40):
    """A scheme of many units and tasks, every cell with a target of its own."""
    names = [f"市第{number}管理局" for number in range(units)]
    listed = "\n".join(f'{{ id = "单位{n}", name = "{name}" }},' for n, name in enumerate(names))
    rows = "\n".join(
        f'{{ unit = "单位{u}", task = "{k}.{j}", target = "{u * 7 + j}.5" }},'
        for u in range(units) for k in range(tasks // 5) for j in range(5)
    )  # fmt: skip
    indicators = "\n".join(
        f'[[indicator]]\nid = "{k}"\nname = "指标{k}"\npoints = "10"\nlead_unit = "单位0"\n'
        f'responsible_section = "s"\n'
        + "\n".join(
            f'[[indicator.task]]\nid = "{k}.{j}"\nname = "完成年度任务{k}{j}"\npoints = "2"\n'
            f'standard = "按比例"\nunits = ["all"]\nrule = {{ kind = "ratio" }}'
            for j in range(5)
        )
        for k in range(tasks // 5)
    )
    return (
        'format = "kaoping-scheme/1"\ntitle = "大方案"\nissuer = "牵头局"\nyear = 2024\n'
        f'data_cutoff = 2024-12-31\nsection = [{{ id = "s", name = "综合科" }}]\n'
        f"unit = [\n{listed}\n]\nassignment = [\n{rows}\n]\n{indicators}"
    )


def test_a_hundred_units_by_forty_tasks_are_one_light_page(site):
    one = begin_draft(large(), "大方案", uid(HANDLER))
    browser = site.client(HANDLER)
    assert browser.get(address(one)).status_code == 200
    began = time.process_time()
    page = browser.get(address(one))
    spent = time.process_time() - began
    assert page.content.count(b"<td") > 4000
    assert len(gzip.compress(page.content, 6)) < 200_000
    assert spent < 1, "60 ms on a quiet machine; this only catches what grows out of hand"


def test_queries_do_not_grow_with_the_table(site, draft):
    one, browser = begin_draft(large(30, 20), "大方案", uid(HANDLER)), site.client(HANDLER)
    counts = []
    for where in (address(draft), address(one)):
        browser.get(where)
        with CaptureQueriesContext(
            connection,
        ) as found:
            browser.get(where)
        counts.append(len(found))
    assert counts[0] == counts[1]
