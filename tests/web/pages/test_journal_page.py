"""存证日志: audit administrators and supervisors read everything that was done; nobody else does."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from kaoping.core.acts.setting_up import DutyEnded, UnitRegistered
from kaoping.core.workflow.things import Duty
from kaoping.web.models import Entry, EventKind, SecurityEvent
from tests.web.databases import by_hand
from tests.web.site import text_of
from tests.world_set_up import uid

STAGE = "undertaken"


@pytest.fixture
def auditor(site):
    return site.client("审计管理员乙")


def rows(page):
    """The lines of the history: what stands in each, without marks."""
    text = page.content.decode()
    body = text.partition("k-history")[2].partition("</table>")[0]
    return [text_of_row(row) for row in body.partition("<tbody>")[2].split("<tr>")[1:]]


def text_of_row(row):
    class Said:
        content = row.encode()

    return text_of(Said)


def test_the_history_says_who_did_what_about_what_and_why(site, auditor):
    page = auditor.get("/journal")
    assert page.status_code == 200
    said = text_of(page)
    assert "廉政纪律承诺" in said
    assert "相符" in said
    assert f"共 {site.size}" in said.replace("\u2009", "")


def test_what_was_extended_is_told_from_what_to_what(site, auditor):
    said = text_of(auditor.get("/journal?kind=deadline.extended/1"))
    assert "延期" in said
    assert "→" in said
    assert "理由：" in said
    assert "原办理保留" in said


def test_a_supervisor_reads_it_too(site):
    assert site.client("监督员").get("/journal").status_code == 200


@pytest.mark.parametrize(
    "name", ["系统管理员", "安全管理员", "青禾县联络员", "综合科经办人", "主要领导"]
)
def test_others_find_a_closed_door(site, name):
    browser = site.client(name)
    for address in ("/journal", "/journal.xlsx", "/journal/1", "/journal.zip"):
        page = browser.get(address)
        assert page.status_code == 403
        assert "不对您的职责开放" in text_of(page)


def test_a_stranger_is_sent_to_the_door(site):
    assert site.nobody.get("/journal")["Location"].startswith("/sign-in")


# --- filters --------------------------------------------------------------------------------------


def test_a_unit_is_found_by_its_name_in_whatever_was_done_about_it(site, auditor):
    found = rows(auditor.get("/journal?q=青禾县&kind=evidence.filed/1"))
    assert found
    assert [row for row in found if "青禾县" not in row] == []
    returned = rows(auditor.get("/journal?q=青禾县&kind=evidence.returned/1"))
    whole = Entry.objects.filter(type="evidence.returned/1").count()
    assert len(returned) <= whole


def test_a_person_and_a_task_and_an_entry_are_found(site, auditor):
    assert rows(auditor.get("/journal?q=青禾县联络员"))
    assert rows(auditor.get("/journal?q=1.1"))
    (one,) = [row for row in rows(auditor.get("/journal?q=7")) if " 7 " in row]
    assert one
    person = uid("青禾县联络员")
    page = auditor.get(f"/journal?who={person}")
    assert "只看" in text_of(page)
    assert len(rows(page)) == Entry.objects.filter(actor=person).count()


def test_days_are_those_of_shanghai(site, auditor):
    entry = Entry.objects.filter(type="assessment.opened/1").get()
    day = "2024-11-01"
    assert entry.at.startswith(day)
    assert "考评启动" in text_of(auditor.get(f"/journal?from={day}&to={day}&kind={entry.type}"))
    later = auditor.get(f"/journal?from=2024-11-02&kind={entry.type}")
    assert "没有符合条件的条目" in text_of(later)


@pytest.mark.parametrize(
    "query",
    ["kind=no.such/1", "from=2024-02-31", "from=2025-01-02&to=2025-01-01", "below=x", "who=1"],
)
def test_what_cannot_be_asked_is_said_plainly(site, auditor, query):
    before = site.size
    page = auditor.get(f"/journal?{query}")
    assert page.status_code == 422
    assert "请" in text_of(page)
    assert site.size == before


@pytest.mark.parametrize("text", ["%", "_", "'", '"', "\\", "\x00", "不存在的单位", "（", "9" * 15])
def test_no_text_breaks_the_search(site, auditor, text):
    assert auditor.get("/journal", {"q": text}).status_code == 200


def test_one_goes_to_older_ones_and_back(site, auditor):
    seen, address = [], "/journal"
    first = auditor.get(address).content.decode()
    while True:
        page = auditor.get(address)
        seen += [line.index for line in page.context["page"].lines]
        older = page.context["page"].older
        if older is None:
            break
        address = f"/journal?below={older}"
    assert seen == list(range(site.size))[::-1]
    newer = page.context["page"].newer
    back = auditor.get(f"/journal?above={newer}")
    assert back.context["page"].lines[-1].index == newer + 1
    assert "较早" in first


def test_the_number_of_questions_does_not_grow_with_the_lines(site, auditor):
    counts = []
    for query in ("?q=6", "", "?below=60"):
        auditor.get(f"/journal{query}")
        with CaptureQueriesContext(connection) as caught:
            auditor.get(f"/journal{query}")
        counts.append(len(caught))
    assert max(counts) - min(counts) <= 1, "one more where an act replaces another"
    assert max(counts) <= 12


def test_the_same_lines_go_into_a_workbook_and_that_is_written_down(site, auditor):
    page = auditor.get("/journal.xlsx?kind=unit.registered/1")
    sheet = load_workbook(BytesIO(page.content)).active
    assert sheet is not None
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert any("青禾县" in str(value) for value in cells)
    assert SecurityEvent.objects.filter(kind=EventKind.DOWNLOADED.value).exists()


# --- what somebody typed --------------------------------------------------------------------------


def test_signs_that_deceive_the_eye_are_shown_by_their_number(site, auditor):
    duty = next(one for one in site.state.every(Duty) if one.standing.value == "in_force")
    reason = "换岗\u202e果结\u2066 <b>粗</b>\u2028第二行"
    index = site.do("安全管理员", duty.id, DutyEnded(reason))
    for address in (f"/journal?q={index}", f"/journal/{index}"):
        text = auditor.get(address).content.decode()
        assert "⟨U+202E⟩" in text
        assert "⟨U+2066⟩" in text
        assert "⟨U+2028⟩" in text
        assert "\u202e" not in text
        assert "\u2066" not in text
        assert "<b>粗</b>" not in text
        assert "<bdi>" in text


# --- one entry ------------------------------------------------------------------------------------


def test_an_entry_says_every_field_in_words_and_what_it_wrote(site, auditor):
    index = site.do("系统管理员", uid("新"), UnitRegistered("U77", "新设单位"))
    said = text_of(auditor.get(f"/journal/{index}"))
    for words in (
        "单位登记",
        "新设单位",
        "U77",
        "编号",
        "名称",
        "与已签署的树相符",
        "写入的登记行",
    ):
        assert words in said
    assert "commitment" in said


def test_every_entry_of_the_year_can_be_read(site, auditor):
    kinds = Entry.objects.values_list("type", flat=True).distinct()
    for kind in kinds:
        entry = Entry.objects.filter(type=kind).earliest("index")
        page = auditor.get(f"/journal/{entry.index}")
        assert page.status_code == 200, kind


def test_an_entry_leads_to_the_one_it_replaces_and_back(site, auditor):
    body = next(
        one
        for one in Entry.objects.filter(type="deadline.extended/1")
        if "supersedes" in json.loads(one.body)["act"]
    )
    old = Entry.objects.get(act=json.loads(body.body)["act"]["supersedes"])
    assert f"/journal/{old.index}" in auditor.get(f"/journal/{body.index}").content.decode()
    assert f"/journal/{body.index}" in auditor.get(f"/journal/{old.index}").content.decode()


def test_an_entry_that_does_not_exist_is_not_there(site, auditor):
    assert auditor.get("/journal/999999").status_code == 404


def test_an_entry_edited_in_the_database_is_marked_and_the_page_still_opens(site, auditor):
    entry = Entry.objects.filter(type="unit.registered/1").earliest("index")
    edit = """UPDATE journal_entry SET body = replace(body, '"name":"', '"name":"假')"""
    by_hand(f"{edit} WHERE leaf = {entry.index}")
    site.start_anew()  # a server that has read the entry before goes by what it read
    page = auditor.get(f"/journal/{entry.index}")
    assert page.status_code == 200
    assert "与已签署的树不符" in text_of(page)
    assert "系统只读：存证记录被改动过" in text_of(page)
    assert "不符" in text_of(auditor.get(f"/journal?q={entry.index}"))
