"""方案草稿: import, check, mend, accept; nobody's words are lost, and nobody else sees them."""

from __future__ import annotations

import tomllib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from openpyxl import load_workbook

from kaoping.web.actions.drafts import begin_draft, save_draft
from kaoping.web.models import SchemeDraft
from tests.web.scheme_texts import publish, scheme_text
from tests.web.site import text_of
from tests.world_set_up import uid

STAGE = "registered"
HANDLER, HEAD = "评估督导科经办人", "评估督导科科长"
SAME = 'standard = "第{}项之{}：每迟报1次扣0.5分，扣完为止。"'


def sheet_of(content):
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    return sheet


def with_double_count():
    """A text with one problem that a person may accept: two tasks of one standard."""
    return scheme_text().replace(SAME.format(1, 2), SAME.format(1, 1))


def with_missing_rule():
    """A text with one problem that can only be mended: a task without a rule."""
    rule = 'rule = { kind = "count", start = "full", lines = [{ name = "迟报", each = "-0.5" }] }\n'
    return scheme_text().replace(rule, "", 1)


def begun(text, name="三稿"):
    return begin_draft(text, name, uid(HANDLER))


def address(draft, rest=""):
    return f"/scheme/drafts/{draft.id}{rest}"


def upload(site, content, name="方案.toml", who=HANDLER):
    file = SimpleUploadedFile(name, content)
    return site.client(who).post("/scheme/drafts/new", {"source": "file", "scheme": file})


# --- import ---------------------------------------------------------------------------------------


def test_a_file_becomes_a_draft_with_its_problems_all_at_once(site):
    text = with_missing_rule().replace("due = 2025-01-20", "due = 2025-01-08")
    answer = upload(site, text.encode())
    assert answer.status_code == 303
    assert SchemeDraft.objects.get().text == text
    words = text_of(site.client(HANDLER).get(answer["Location"]))
    assert "缺少字段 rule" in words
    assert "考核评分" in words
    assert "SCHED-INPUT-AFTER-CONSUMER" in words
    assert site.size == site.state.size


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_files_of_usual_encodings_are_read(site, encoding):
    assert upload(site, scheme_text().encode(encoding)).status_code == 303
    assert SchemeDraft.objects.get().text == scheme_text()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"x" * 4_000_001, "超过 4 MB"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "不能直接读取"),
        (b"PK\x03\x04" + b"\x00" * 60, "不能直接读取"),
        (b'title = "a\x00b"', "不能直接读取"),
        ('title = "方案"\n#'.encode() + b"\xff\xfe\xff", "第 2 行有不能识别的字节"),
        ('title = "方案\x07"'.encode(), "第 1 行有不可见的控制字符"),
        (b"", "空文件"),
    ],
)
def test_what_is_no_text_is_refused_by_what_it_is(site, content, says):
    answer = upload(site, content)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert not SchemeDraft.objects.exists()


def test_a_form_without_a_file_is_refused(site):
    answer = site.client(HANDLER).post("/scheme/drafts/new", {"source": "file"})
    assert answer.status_code == 422
    assert "没有选择文件" in text_of(answer)


def test_bad_toml_is_kept_and_told_by_its_line(site):
    answer = upload(site, "format = “kaoping-scheme/1”\n".encode())
    words = text_of(site.client(HANDLER).get(answer["Location"]))
    assert "用了中文或全角符号" in words
    assert "第 1 行" in words


def test_one_begins_from_the_version_in_force_or_from_the_form(site):
    publish(site, scheme_text())
    browser = site.client(HANDLER)
    browser.post("/scheme/drafts/new", {"source": "version"})
    draft = SchemeDraft.objects.get()
    assert (draft.text, draft.scheme) == (scheme_text(), uid("实施方案"))
    browser.post("/scheme/drafts/new", {"source": "form"})
    form = SchemeDraft.objects.exclude(id=draft.id).get()
    assert form.scheme != draft.scheme
    assert "没有待处理的问题" in text_of(browser.get(address(form)))


def test_a_file_name_of_strange_signs_is_shown_and_never_run(site):
    upload(site, scheme_text().encode(), "<img src=x onerror=alert(1)>.toml")
    page = site.client(HANDLER).get("/scheme").content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


# --- checking -------------------------------------------------------------------------------------


def test_a_problem_stands_beside_its_line(site):
    draft = begun(with_missing_rule())
    page = site.client(HANDLER).get(address(draft)).content.decode()
    line = draft.text[: draft.text.index("[[indicator.task]]")].count("\n") + 1
    assert f'<li id="line-{line}" class="a">' in page
    assert f'href="#line-{line}"' in page


def test_tabs_show_one_grade_each(site):
    draft = begun(with_double_count().replace("due = 2025-01-20", "due = 2025-01-08"))
    browser = site.client(HANDLER)
    a, b = (text_of(browser.get(address(draft), {"level": level})) for level in "AB")
    assert "DOUBLE-COUNT" in b
    assert "DOUBLE-COUNT" not in a
    assert "SCHED-INPUT-AFTER-CONSUMER" in a
    assert "SCHED-INPUT-AFTER-CONSUMER" not in b
    assert browser.get(address(draft), {"level": "<x>"}).status_code == 200


def test_a_long_text_is_shown_around_its_problems(site):
    padding = "\n".join(f"# 第 {n} 行说明" for n in range(3000))
    draft = begun(f"{padding}\n{with_missing_rule()}")
    page = site.client(HANDLER).get(address(draft)).content.decode()
    assert "# 第 2 行说明" in page
    assert "# 第 1500 行说明" not in page
    assert "缺少字段 rule" in page


def test_names_in_a_draft_are_escaped(site):
    draft = begun(scheme_text(task_name="<script>x</script>") + "\n[[unit]]\nid = '<b>'\nid2 = 1\n")
    for rest in ("", "/edit", "/publish"):
        page = site.client(HEAD).get(address(draft, rest)).content.decode()
        assert "<script>x</script>" not in page
        assert "<b>]" not in page


def test_the_list_goes_along_as_workbook_and_document(site):
    draft = begun(with_missing_rule())
    browser = site.client(HANDLER)
    sheet = sheet_of(browser.get(address(draft, "/problems.xlsx")).content)
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert rows[0] == ("序号", "级别", "位置", "行", "问题", "建议", "处理", "代码")
    assert [row[7] for row in rows[1:]] == ["KEY-MISSING"]
    document = Document(BytesIO(browser.get(address(draft, "/problems.docx")).content))
    cells = [cell.text for row in document.tables[-1].rows for cell in row.cells]
    assert any("缺少字段 rule" in cell for cell in cells)


def test_the_text_goes_along_as_it_is(site):
    draft = begun(with_missing_rule())
    assert site.client(HANDLER).get(address(draft, "/text")).content.decode() == draft.text


# --- mending --------------------------------------------------------------------------------------


def test_the_text_is_mended_and_checked_again(site):
    draft = begun(with_missing_rule())
    fields = {"revision": 1, "text": scheme_text().replace("\n", "\r\n")}
    answer = site.client(HEAD).post(address(draft, "/edit"), fields)
    assert answer.status_code == 303
    draft.refresh_from_db()
    assert (draft.text, draft.revision, draft.saved_by) == (scheme_text(), 2, uid(HEAD))
    assert "没有待处理的问题" in text_of(site.client(HANDLER).get(answer["Location"]))


def test_one_piece_is_mended_and_the_rest_stays(site):
    draft = begun(scheme_text())
    line = draft.text[: draft.text.index('name = "完成计划1之1"')].count("\n") + 1
    page = site.client(HANDLER).get(address(draft, "/edit"), {"line": line}).content.decode()
    pieces = [
        part.split(">\n", 1)[1].split("</textarea>")[0] for part in page.split("<textarea")[1:]
    ]
    before, piece, after = (one.replace("&quot;", '"') for one in pieces)
    assert piece.startswith("[[indicator.task]]")
    mended = piece.replace("完成计划1之1", "完成年度计划")
    fields = {"revision": 1, "before": before, "text": mended, "after": after}
    site.client(HANDLER).post(address(draft, "/edit"), fields)
    draft.refresh_from_db()
    assert draft.text == scheme_text().replace('"完成计划1之1"', '"完成年度计划"')


def test_who_saves_second_overwrites_nothing_and_loses_nothing(site):
    draft = begun(scheme_text())
    theirs, mine = scheme_text(title="她的"), scheme_text(title="我的")
    site.client(HEAD).post(address(draft, "/edit"), {"revision": 1, "text": theirs})
    answer = site.client(HANDLER).post(address(draft, "/edit"), {"revision": 1, "text": mine})
    assert answer.status_code == 409
    assert "评估督导科科长先保存了“三稿”" in text_of(answer)
    assert "已另存为草稿“三稿（评估督导科经办人另存）”" in text_of(answer)
    draft.refresh_from_db()
    assert draft.text == theirs
    kept = SchemeDraft.objects.exclude(id=draft.id).get()
    assert (kept.text, kept.scheme) == (mine, draft.scheme)
    assert "三稿（评估督导科经办人另存）" in text_of(site.client(HANDLER).get("/scheme"))


def test_sending_the_same_text_again_is_one_save(site):
    draft = begun(scheme_text())
    fields = {"revision": 1, "text": scheme_text(title="改")}
    answers = [site.client(HANDLER).post(address(draft, "/edit"), fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert SchemeDraft.objects.get().revision == 2


def test_a_published_draft_takes_no_more_and_what_was_written_is_kept(site):
    draft = begun(scheme_text())
    SchemeDraft.objects.update(published=5)
    answer = site.client(HANDLER).post(address(draft, "/edit"), {"revision": 1, "text": "新"})
    assert answer.status_code == 409
    assert "已经发布，不能再改" in text_of(answer)
    draft.refresh_from_db()
    assert draft.text == scheme_text()
    assert SchemeDraft.objects.filter(text="新").count() == 1


@pytest.mark.parametrize("text", ["a" * 4_000_001, 'a = "\x00"', "b = 1\x1b"])
def test_a_text_that_cannot_be_kept_changes_nothing(site, text):
    draft = begun(scheme_text())
    answer = site.client(HANDLER).post(address(draft, "/edit"), {"revision": 1, "text": text})
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert (draft.text, draft.revision) == (scheme_text(), 1)


@pytest.mark.parametrize("revision", ["", "x", "-1", "１", "9" * 30])
def test_a_page_that_does_not_say_what_it_showed_saves_nothing(site, revision):
    draft = begun(scheme_text())
    fields = {"revision": revision, "text": "别的"}
    assert site.client(HANDLER).post(address(draft, "/edit"), fields).status_code == 422
    assert SchemeDraft.objects.get().text == scheme_text()


# --- accepting ------------------------------------------------------------------------------------


def accepting(site, draft, reason="会议决定", number=1, revision=1, who=HANDLER):
    fields = {"revision": revision, "number": number, "reason": reason}
    return site.client(who).post(address(draft, "/accept"), fields)


def test_a_problem_is_accepted_with_reason_and_name_and_comments_stay(site):
    draft = begun(with_double_count())
    assert accepting(site, draft).status_code == 303
    draft.refresh_from_db()
    assert tomllib.loads(draft.text)["accepted"] == [
        {
            "code": "DOUBLE-COUNT",
            "where": "indicator[1].task[1.2]",
            "reason": "会议决定",
            "by": HANDLER,
        }
    ]
    assert draft.text.startswith("# 说明：这一行要留着\n")
    words = text_of(site.client(HANDLER).get(address(draft)))
    assert "已接受：会议决定（评估督导科经办人）" in words
    assert "没有待处理的问题" in words


def test_an_acceptance_is_taken_back(site):
    draft = begun(with_double_count())
    accepting(site, draft)
    fields = {"revision": 2, "code": "DOUBLE-COUNT", "where": "indicator[1].task[1.2]"}
    assert site.client(HEAD).post(address(draft, "/withdraw"), fields).status_code == 303
    draft.refresh_from_db()
    assert draft.text == with_double_count()
    again = site.client(HEAD).post(address(draft, "/withdraw"), fields | {"revision": 3})
    assert again.status_code == 422


@pytest.mark.parametrize("broken", [False, True])
def test_nobody_accepts_a_problem_in_anothers_name(site, broken):
    draft = begun(with_double_count())
    accepting(site, draft)
    draft.refresh_from_db()
    own = f'by = "{HANDLER}"'
    assert own in draft.text
    forged = draft.text.replace(own, f'by = "{HEAD}"') + ("\n[[" if broken else "")
    before = draft.text
    answer = site.client(HANDLER).post(address(draft, "/edit"), {"revision": 2, "text": forged})
    assert answer.status_code == 409
    assert f"由{HEAD}接受" in text_of(answer)
    draft.refresh_from_db()
    assert draft.text == before
    mended = {"revision": 2, "text": before + "\n# 注\n"}
    assert site.client(HEAD).post(address(draft, "/edit"), mended).status_code == 303, (
        "others' stay"
    )


@pytest.mark.parametrize("reason", ["", "   ", "。。", "长" * 2001])
def test_without_a_reason_that_says_something_nothing_is_accepted(site, reason):
    draft = begun(with_double_count())
    assert accepting(site, draft, reason).status_code == 422
    draft.refresh_from_db()
    assert draft.text == with_double_count()


def test_what_leaves_open_what_is_scored_is_not_accepted(site):
    draft = begun(with_missing_rule())
    page = site.client(HANDLER).get(address(draft)).content.decode()
    assert 'name="reason"' not in page
    answer = accepting(site, draft)
    assert answer.status_code == 409
    assert "不能接受，只能改正" in text_of(answer)
    assert SchemeDraft.objects.get().text == with_missing_rule()


def test_what_one_did_not_see_is_not_accepted(site):
    draft = begun(with_double_count())
    save_draft(draft, with_double_count() + "# 又改\n", 1, uid(HEAD))
    answer = accepting(site, draft)
    assert answer.status_code == 409
    assert "评估督导科科长刚刚保存了" in text_of(answer)
    assert SchemeDraft.objects.count() == 1
    assert accepting(site, draft, number=99, revision=2).status_code == 409


# --- who ------------------------------------------------------------------------------------------

READING = ("", "/edit", "/publish", "/text", "/problems.xlsx", "/problems.docx")
DOING = ("/edit", "/accept", "/withdraw", "/aside", "/rebase", "/publish")


@pytest.mark.parametrize(
    "name", ["青禾县联络员", "青禾县负责人", "综合科科长", "监督员", "主要领导", "系统管理员"]
)
def test_nobody_outside_the_coordinating_section_gets_at_drafts(site, name):
    publish(site, scheme_text())
    draft = begun(with_double_count())
    browser = site.client(name)
    assert [browser.get(address(draft, rest)).status_code for rest in READING] == [403] * 6
    fields = {"revision": 1, "text": "x", "number": 1, "reason": "理由"}
    answers = [browser.post(address(draft, rest), fields).status_code for rest in DOING]
    assert answers == [403] * 6
    assert upload(site, b"title = 1", who=name).status_code == 403
    assert browser.get("/scheme/drafts/new").status_code == 403
    there = SchemeDraft.objects.get()
    assert (there.text, there.is_aside) == (with_double_count(), False)


def test_a_stranger_is_sent_to_the_door(site):
    draft = begun(scheme_text())
    for rest in READING:
        assert site.nobody.get(address(draft, rest))["Location"].startswith("/sign-in")


def test_a_draft_that_is_not_there_is_not_found(site):
    assert site.client(HANDLER).get(f"/scheme/drafts/{uid('无')}").status_code == 404


def test_a_draft_laid_aside_leaves_the_list_and_keeps_its_text(site):
    draft = begun(scheme_text())
    assert site.client(HANDLER).get(address(draft, "/aside")).status_code == 405
    assert site.client(HANDLER).post(address(draft, "/aside")).status_code == 303
    told = site.client(HEAD).get("/scheme")
    assert "已搁置 1" in text_of(told)
    assert SchemeDraft.objects.visible_to(told.wsgi_request.viewer).open().count() == 0
    assert SchemeDraft.objects.get().text == scheme_text()
    assert "恢复这份草稿" in text_of(site.client(HEAD).get(address(draft)))
    assert site.client(HEAD).post(address(draft, "/aside"), {"to": "open"}).status_code == 303
    back = text_of(site.client(HANDLER).get("/scheme"))
    assert "三稿" in back
    assert "已搁置" not in back


def test_the_number_of_queries_does_not_grow_with_problems(site, django_assert_max_num_queries):
    many = begun(scheme_text() + "".join(f'\n[[unit]]\nid = "W{n}"\nx = 1\n' for n in range(150)))
    browser = site.client(HANDLER)
    browser.get("/scheme")
    with django_assert_max_num_queries(12):
        assert browser.get(address(many)).status_code == 200
