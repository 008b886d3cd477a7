"""What the report and the sheets say: everything P16 names, each number the one that was scored."""

import itertools
from dataclasses import replace
from datetime import datetime

import pytest

from kaoping.core.calendar import SHANGHAI
from kaoping.core.ledger import check_ledger
from kaoping.core.problems import Problem
from kaoping.core.report import scoring_report
from kaoping.core.report.assessed import Assessed
from kaoping.core.report.document import (
    Document,
    Heading,
    Paragraph,
    RowKind,
    SignatureLine,
    TableBlock,
    annex_label,
    printable,
    printed,
)
from kaoping.core.report.problem_list import problems_markdown
from kaoping.core.report.scoring_report import _step_sentence, build_report
from kaoping.core.report.unit_sheet import build_unit_sheet
from kaoping.core.results import Entries
from kaoping.core.scoring.assessment import score
from kaoping.core.scoring.scores import ScoreState
from tests.examples import CITY, COUNTY, batch_of, scores_of

AT = datetime(2025, 1, 20, 17, tzinfo=SHANGHAI)


def assessed_of(folder):
    batch = batch_of(folder)
    return Assessed(
        batch.scheme, batch.entries, scores_of(folder), batch.ledger, batch.problems, AT
    )


def blocks_of(document: Document, kind):
    return [b for part in document.parts for b in part.blocks if isinstance(b, kind)]


def table_of(document, caption):
    (found,) = [b for b in blocks_of(document, TableBlock) if b.caption == caption]
    return found


BOTH = pytest.mark.parametrize("folder", [CITY, COUNTY], ids=lambda folder: folder.name)


@BOTH
def test_the_report_has_its_parts_in_the_order_an_office_reads(folder):
    report = build_report(assessed_of(folder))
    heads = [b.text for b in blocks_of(report, Heading) if b.level == 1]
    assert [head[:2] for head in heads] == ["一、", "二、", "三、", "四、", "五、"]
    assert report.annexes == (
        "各项指标完成和得分情况",
        "各单位得分和名次",
        "评（扣）分理由及依据",
        "需要说明的具体事项",
        "各项指标任务得分",
        "各单位评分明细",
    )
    assert "未签字" in report.mark
    assert blocks_of(report, SignatureLine)


@BOTH
def test_it_is_an_official_document_that_has_no_number_yet(folder):
    head = build_report(assessed_of(folder)).letterhead
    issuer = assessed_of(folder).scheme.issuer
    assert head is not None
    assert head.authority == f"{issuer}文件"
    assert head.signed_by == head.printed_by == issuer
    assert head.number == ""
    assert head.signed_on is None
    assert head.printed_on is None


@BOTH
def test_its_text_stands_apart_from_its_tables_and_says_where_they_are(folder):
    text, *annexes = build_report(assessed_of(folder)).parts
    assert not text.landscape
    assert not [block for block in text.blocks if isinstance(block, TableBlock)]
    assert all(part.landscape for part in annexes)
    said = [block.text for block in text.blocks if isinstance(block, Paragraph)]
    for number, annex in enumerate(build_report(assessed_of(folder)).annexes[:4], 1):
        assert f"{annex}见附件{number}。" in said
    for one, following in itertools.pairwise(text.blocks):
        if isinstance(one, Heading) and isinstance(following, Heading):
            assert one.level < following.level, "no heading without text"


def test_a_single_annex_is_called_so_in_the_text_without_a_number(monkeypatch):
    kept = scoring_report._CHAPTERS[:2]
    monkeypatch.setattr(scoring_report, "_CHAPTERS", kept)
    monkeypatch.setattr(scoring_report, "_section_sheets", lambda _: ())
    monkeypatch.setattr(scoring_report, "_unit_details", lambda _: ())
    report = build_report(assessed_of(COUNTY))
    (annex,) = report.annexes
    said = [block.text for block in blocks_of(report, Paragraph)]
    assert f"{annex}见附件。" in said
    assert [annex_label(1, 1), annex_label(1, 2)] == ["附件", "附件1"]


def test_an_indicator_without_tasks_breaks_no_report():
    assessed = assessed_of(COUNTY)
    first, *others = assessed.scheme.indicators
    bare = replace(assessed.scheme, indicators=(replace(first, tasks=()), *others))
    entries = Entries((), (), ())
    report = build_report(
        replace(assessed, scheme=bare, entries=entries, scores=score(bare, entries))
    )
    assert first.name in "".join(report.texts())


@BOTH
def test_every_published_point_stands_in_the_detail_of_its_unit(folder):
    assessed = assessed_of(folder)
    report = build_report(assessed)
    for unit in assessed.units:
        rows = [r for r in table_of(report, f"{unit.name}评分明细").rows if r.kind is RowKind.BODY]
        own = [s for (u, _), s in assessed.scores.tasks.items() if u == unit.id]
        assert len(rows) == len(own)
        shown = sorted(cells.cells[4].split("（")[0] for cells in rows)
        expected = sorted(
            "不涉及" if s.published is None else str(s.published).replace("-", "−") for s in own
        )
        assert shown == expected


@BOTH
def test_every_lost_point_has_its_reason_and_basis(folder):
    assessed = assessed_of(folder)
    report = build_report(assessed)
    lost = [
        row
        for table in blocks_of(report, TableBlock)
        if table.caption.endswith("失分事项")
        for row in table.rows
        if row.kind is RowKind.BODY
    ]
    expected = [
        s
        for s in assessed.scores.tasks.values()
        if s.state is ScoreState.SCORED
        and not assessed.scheme.task_by_id[s.task].bonus
        and s.published < s.applicable_points
    ]
    assert len(lost) == len(expected) > 5
    for row in lost:
        assert row.cells[6], row
        assert row.cells[7], row
    said = " ".join(b.text for b in blocks_of(report, Paragraph))
    assert f"共{len(expected)}项次" in said


@BOTH
def test_every_cell_has_its_column(folder):
    assessed = assessed_of(folder)
    documents = [build_report(assessed), *(build_unit_sheet(assessed, u) for u in assessed.units)]
    for document in documents:
        for table in blocks_of(document, TableBlock):
            for row in table.rows:
                assert len(row.cells) == (1 if row.kind is RowKind.GROUP else len(table.columns))


def test_the_matrix_shows_points_and_rank_of_every_unit():
    assessed = assessed_of(CITY)
    table = table_of(build_report(assessed), "各单位指标得分汇总表")
    rows = {row.cells[0]: row.cells[1:] for row in table.rows if row.kind is RowKind.BODY}
    assert len(rows) == len(assessed.units)
    for unit in assessed.units:
        for index, indicator in enumerate(assessed.scheme.indicators):
            score = assessed.scores.indicators.get((unit.id, indicator.id))
            points, rank = rows[unit.name][2 * index : 2 * index + 2]
            assert points == ("—" if score is None else str(score.published))
            assert rank == ("—" if score is None else score.rank)


def test_totals_stand_where_the_scheme_has_them():
    totals = table_of(build_report(assessed_of(COUNTY)), "总分、名次和等次")
    scores = scores_of(COUNTY)
    found = {row.cells[1]: row.cells for row in totals.rows if row.kind is RowKind.BODY}
    for unit in assessed_of(COUNTY).units:
        total = scores.totals[unit.id]
        assert found[unit.name][3] == str(total.published)
        assert found[unit.name][4] == total.grade
    captions = [b.caption for b in blocks_of(build_report(assessed_of(CITY)), TableBlock)]
    assert "总分、名次和等次" not in captions


def test_means_and_rates_are_of_the_published_points():
    assessed = assessed_of(CITY)
    for indicator in assessed.scheme.indicators:
        rows = [s for (_, i), s in assessed.scores.indicators.items() if i == indicator.id]
        summary = assessed.summary(indicator)
        mean = sum(float(row.published) for row in rows) / len(rows)
        assert abs(float(summary.mean) - mean) <= 0.0051
        assert sum(summary.classes) == summary.scored == len(rows)
        assert summary.best == max(row.published for row in rows)


def test_a_unit_is_told_its_standards_and_the_way_to_object():
    assessed = assessed_of(COUNTY)
    unit = assessed.units[0]
    sheet = build_unit_sheet(assessed, unit)
    text = "\n".join(sheet.texts())
    for task in assessed.scheme.task_by_id.values():
        if (unit.id, task.id) in assessed.scores.tasks:
            assert task.standard in text
    assert "申诉" in text
    assert "书面反馈" in text
    other = assessed.units[1].name
    assert other not in text.replace("等", ""), "no unit's sheet speaks of another"


def test_a_report_on_nothing_says_so():
    batch = batch_of(COUNTY)
    empty = Entries()
    scores = score(batch.scheme, empty)
    ledger = check_ledger(batch.scheme, (), (), has_folder=False)
    assessed = Assessed(batch.scheme, empty, scores, ledger, (), AT)
    report = build_report(assessed)
    text = "\n".join(report.texts())
    assert "待定" in text
    assert "尚无可公布的得分" in text
    waiting = table_of(report, "待定和暂定事项")
    open_scores = [
        s
        for s in scores.tasks.values()
        if s.state in (ScoreState.INCOMPLETE, ScoreState.PROVISIONAL)
    ]
    assert len(waiting.rows) == len(open_scores) > 10


@BOTH
def test_texts_are_chinese_print(folder):
    report = build_report(assessed_of(folder))
    for text in report.texts():
        assert text == printable(text)
        for mark in ",;":
            head, found, _ = text.partition(mark)
            if found and head and "\u4e00" <= head[-1] <= "\u9fff":
                raise AssertionError(text)


def test_rare_characters_of_names_stay_and_what_nobody_sees_goes():
    """Some that fonts have are newer than this Python's list of characters."""
    for rare in ("𠅤", "\U00031350", "\U0002ebf0", "\ue000"):
        assert printable(f"王{rare}") == f"王{rare}"
    assert printable("一\x07二\u202e三\ud800四\ufffe五\u2028六\u200b七") == "一二三四五六七"
    assert printable("一\n二　三 四") == "一\n二　三 四"


def test_steps_say_from_when_until_when():
    step = assessed_of(CITY).scheme.steps[0]
    assert _step_sentence(step).endswith("2024年12月16日至2025年1月6日")
    assert _step_sentence(replace(step, due=None)).endswith("2024年12月16日起")
    assert _step_sentence(replace(step, start=None)).endswith("截止时间为2025年1月6日")


@pytest.mark.parametrize(
    ("plain", "print_"),
    [
        ("日期 2025-01-03 晚于截止", "日期 2025年1月3日 晚于截止"),
        ("得分-3,扣完", "得分-3，扣完"),
        ("差 -3", "差 −3"),
        ("min(1, 2) = 1", "min(1, 2) = 1"),
        ("超额(加分)", "超额（加分）"),
    ],
)
def test_sentences_are_printed_as_chinese_is(plain, print_):
    assert printed(plain) == print_


def test_the_list_of_problems_is_safe_and_says_when_there_are_none():
    assert "没有发现问题" in problems_markdown("清单", [])
    text = problems_markdown(
        "清单",
        [
            Problem("BURDEN", "a", "<script>*_`", "改"),
            Problem("POINTS-SUM", "b", "合计不符", "改"),
            Problem("BURDEN", "c", "留痕", "改", accepted=True),
        ],
    )
    assert "<script>" not in text.replace("\\<", "")
    assert text.index("合计不符") < text.index("script") < text.index("留痕")
