"""A notice with its annexes from disk: every format alike, what is not read is named, never dropped."""

from __future__ import annotations

import pytest

from kaoping.core.draft.summary import Part
from kaoping.core.draft.work_list import work_list
from kaoping.core.errors import InputError, UsageError
from kaoping.core.problems import Severity
from kaoping.files.papers import read_for_checking, read_papers, stages_of
from tests.examples import CITY, batch_of
from tests.files.paper_samples import (
    ANNEX,
    ANNEX_FORMATS,
    BOTH_FORMATS,
    FORMATS,
    NOTICE,
    annex_file,
    both_in_one,
    notice_file,
)
from tests.files.samples import OLE, PDF, PNG, archive, put, workbook, xlsx
from tests.files.word_samples import cell, document, paragraph, row, table

UNREAD = "ANNEX-UNREAD"


def silent(_zh, _en):
    """Tell nobody."""


def read(notice, *annexes):
    return read_papers(notice, annexes, silent)


def facts(notice):
    """What was read of a notice, without places."""
    return (
        notice.title and notice.title.value,
        [
            (i.name.value, [f.value for f in i.responsible_section], [f.value for f in i.mailbox])
            for i in notice.indicators
        ],
        [(step.kind, step.due) for step in notice.steps],
        [(annex.number, annex.title.value) for annex in notice.annexes],
    )


def tasks(papers):
    return [
        (
            indicator.name and indicator.name.value,
            task.number and task.number.value,
            task.name.value,
            task.points and task.points.value,
            "".join("".join(found.value.split()) for found in task.standard),
            [found.value for found in task.catalogue],
            [found.value for found in papers.annex.units_of(task)],
        )
        for indicator in papers.annex.indicators
        for task in indicator.tasks
    ]


# --- formats -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain():
    return read(NOTICE, ANNEX)


def test_the_example_annex_gives_every_task_of_its_scheme(plain):
    scheme = batch_of(CITY).scheme
    expected = [
        (
            indicator.name,
            task.id,
            task.name,
            str(task.points),
            [item.name for item in task.catalogue],
        )
        for indicator in scheme.indicators
        for task in indicator.tasks
    ]
    assert len(expected) == 26
    assert [(*task[:4], task[5]) for task in tasks(plain)] == expected
    left_out = {(a.unit, a.task) for a in scheme.assignments if a.not_applicable}
    for task, told in zip(scheme.task_by_id.values(), tasks(plain), strict=True):
        units = [unit for unit in task.units if (unit, task.id) not in left_out]
        assert told[6] == [scheme.unit_by_id[unit].name for unit in units]
    assert plain.annex.unread == ()
    assert plain.unread == ()


@pytest.mark.parametrize("ending", FORMATS)
def test_a_notice_reads_alike_in_every_format(tmp_path, plain, ending):
    papers = read(notice_file(tmp_path, ending))
    assert facts(papers.notice) == facts(plain.notice)


@pytest.mark.parametrize("ending", ANNEX_FORMATS)
def test_an_annex_reads_alike_in_every_format(tmp_path, plain, ending):
    papers = read(NOTICE, annex_file(tmp_path, ending))
    assert tasks(papers) == tasks(plain)
    assert papers.unread == ()


@pytest.mark.parametrize("ending", BOTH_FORMATS)
def test_a_task_table_within_the_notice_is_read_as_its_annex(tmp_path, plain, ending):
    papers = read(both_in_one(tmp_path, ending))
    assert tasks(papers) == tasks(plain)
    assert facts(papers.notice) == facts(plain.notice)
    assert not any("1.1 |" in line.text for line in papers.notice.lines)


def test_a_table_of_duties_within_the_notice_is_no_annex(tmp_path):
    words = ["某县发展和改革局关于做好2024年度绩效考核工作的通知", "各乡镇：", "一、责任分工"]
    duties = table(
        row(*map(cell, ["指标", "分值", "责任科室", "联络员", "联系电话"])),
        row(*map(cell, ["森林防火", "5", "防火科", "白桦", "0000-0000301"])),
        row(*map(cell, ["造林绿化", "6", "造林科", "林深", "0000-0000302"])),
    )
    path = put(tmp_path / "notice.docx", document("".join(map(paragraph, words)) + duties))
    papers = read(path)
    assert papers.annex.tasks == ()
    assert [i.name.value for i in papers.notice.indicators] == ["森林防火", "造林绿化"]
    assert [f.value for f in papers.notice.indicators[0].liaison] == ["白桦"]


def test_each_stage_is_told(tmp_path):
    told = []
    read_papers(NOTICE, [ANNEX], lambda zh, en: told.append((zh, en)))
    assert len(told) == stages_of([ANNEX])
    assert "annex-1.xlsx" in told[1][0]


# --- what is not read ----------------------------------------------------------------------------

NO_ANNEX = {
    "a picture": ("附件2.png", PNG * 9, "图片"),
    "an archive": ("附件2.xlsx", archive([("附件2.doc", OLE)]), "压缩包"),
    "an old text": ("附件2.doc", OLE + "WordDocument".encode("utf-16-le"), "docx"),
    "a broken pdf": ("附件2.pdf", PDF[:40], "pdf"),
    "an empty file": ("附件2.docx", b"", "没有文字"),
    "no table": ("附件2.docx", document(paragraph("工作方案") + paragraph("一、要求")), "没有表格"),
    "no table in a text": ("附件2.txt", "工作方案\n一、要求".encode(), "没有表格"),
    "another table": ("附件2.xlsx", xlsx([["站名", "海拔"], ["东岭", 310]]), "整张表没有读懂"),
    "a blank form": ("附件2.xlsx", xlsx([["序号", "任务", "分值", "标准"]]), "没有读到任务"),
}


@pytest.mark.parametrize("kind", NO_ANNEX)
def test_an_annex_that_gives_nothing_is_named_with_the_reason(tmp_path, plain, kind):
    name, content, reason = NO_ANNEX[kind]
    papers = read(NOTICE, put(tmp_path / name, content), ANNEX)
    (problem,) = papers.unread
    assert problem.code == UNREAD
    assert problem.where.startswith(name)
    assert reason in problem.message
    assert not problem.message.startswith(name)
    assert tasks(papers) == tasks(plain), "the rest goes on"
    assert name in papers.annex_files
    assert name in papers.draft()
    listed = [item for item in work_list(papers) if item.part is Part.UNREAD]
    assert any(item.place.startswith(name) and item.todo for item in listed)


def test_a_whole_sheet_that_is_not_understood_is_one_line(tmp_path):
    def write(book, sheet):
        for at in range(50):
            sheet.write_row(at, 0, [f"某物{at}", f"他物{at}"])
        other = book.add_worksheet("任务表")
        other.write_row(0, 0, ["任务", "分值", "标准"])
        other.write_row(1, 0, ["备物资", "5", "每缺1件扣1分，扣完为止。"])

    papers = read(NOTICE, put(tmp_path / "附件1.xlsx", workbook(write)))
    (problem,) = papers.unread
    assert "100 格" in problem.message
    assert "某物0" in problem.message
    assert papers.annex.unread == ()
    assert len(papers.annex.tasks) == 1


def test_text_beside_the_tables_of_an_annex_is_told_of(tmp_path):
    tables = table(
        row(*map(cell, ["任务", "分值", "评分标准"])),
        row(*map(cell, ["备物资", "5", "每缺1件扣1分，扣完为止。"])),
    )
    words = [
        "附件1",
        "防汛考核表",
    ]
    behind = paragraph("未列明的事项，由防汛办另行解释。")
    content = document("".join(map(paragraph, words)) + tables + behind)
    papers = read(NOTICE, put(tmp_path / "附件1.docx", content))
    (problem,) = papers.unread
    assert "1 段文字没有读" in problem.message
    assert "另行解释" in problem.message
    assert problem.where == "附件1.docx 第3段"


def test_an_annex_with_other_points_than_the_notice_leaves_a_decision(tmp_path):
    lines = ["某局关于2024年度考核的通知", "各单位：", "一、考核指标", "防汛（6分）、抗旱（4分）"]
    notice = put(tmp_path / "notice.txt", "\n".join(lines).encode())
    annex = put(
        tmp_path / "annex.csv",
        "考核指标,任务,分值,标准\n防汛（5分）,备物资,5,按时得5分。\n".encode(),
    )
    papers = read(notice, annex)
    found = [p for p in papers.of_annexes if p.code == "ANNEX-UNDECIDED"]
    assert any("通知写 6 分，附件写 5 分" in problem.message for problem in found)


# --- what stops ----------------------------------------------------------------------------------


def test_files_that_are_not_there_are_named_all_at_once(tmp_path):
    with pytest.raises(InputError) as caught:
        read(tmp_path / "没有.txt", tmp_path / "也没有.xlsx", ANNEX)
    assert [problem.where.rpartition("/")[2] for problem in caught.value.problems] == [
        "没有.txt",
        "也没有.xlsx",
    ]
    assert {problem.severity for problem in caught.value.problems} == {Severity.A}


def test_a_notice_and_an_annex_that_cannot_be_read_are_told_together(tmp_path):
    notice = put(tmp_path / "notice.pdf", PDF[:40])
    annex = put(tmp_path / "annex.doc", OLE)
    with pytest.raises(InputError) as caught:
        read(notice, annex)
    assert [problem.where for problem in caught.value.problems] == ["notice.pdf", "annex.doc"]


def test_two_files_of_one_name_are_refused(tmp_path):
    (tmp_path / "二").mkdir()
    other = put(tmp_path / "二" / "annex-1.xlsx", ANNEX.read_bytes())
    with pytest.raises(UsageError) as caught:
        read(NOTICE, ANNEX, other)
    assert "annex-1.xlsx" in caught.value.zh
    with pytest.raises(UsageError):
        read(NOTICE, ANNEX, ANNEX)


# --- what a file is ------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ANNEX_FORMATS)
def test_tables_of_tasks_alone_are_no_notice(tmp_path, ending):
    papers = read_for_checking(annex_file(tmp_path, ending), [], silent)
    assert papers.notice is None
    assert len(papers.annex.tasks) == 26
    assert {"POINTS-SUM", "NUMBER-DAMAGED"} <= {problem.code for problem in papers.problems}


@pytest.mark.parametrize("ending", BOTH_FORMATS)
def test_a_notice_with_a_table_of_tasks_is_a_notice(tmp_path, ending):
    papers = read_for_checking(both_in_one(tmp_path, ending), [], silent)
    assert papers.notice is not None
    assert len(papers.annex.tasks) == 26
