"""What sections sign: their own scores and nobody else's; and the sheet on which they countersign."""

from __future__ import annotations

from kaoping.core.report.countersign_sheet import (
    DECIDED_BY,
    build_countersign_sheet,
    sections_concerned,
)
from kaoping.core.report.document import RowKind, SignatureLine, TableBlock
from kaoping.core.report.scoring_report import SIGNED_BY, build_report
from kaoping.core.report.section_sheet import build_section_sheet, scoring_sections
from tests.core.report.test_scoring_report import BOTH, assessed_of, blocks_of, table_of
from tests.examples import CITY


@BOTH
def test_every_indicator_is_on_the_sheet_of_its_section_and_of_no_other(folder):
    assessed = assessed_of(folder)
    found = []
    for section in scoring_sections(assessed):
        sheet = build_section_sheet(assessed, section)
        captions = [block.caption for block in blocks_of(sheet, TableBlock)]
        found += [caption for caption in captions if caption.endswith("任务和完成标准")]
        for indicator in assessed.scheme.indicators:
            is_own = indicator.responsible_section == section
            assert any(c.startswith(indicator.name) for c in captions) == is_own
    assert found == [f"{one.name}任务和完成标准" for one in assessed.scheme.indicators]


@BOTH
def test_each_indicator_has_places_for_two_signatures_and_the_day(folder):
    assessed = assessed_of(folder)
    for section in scoring_sections(assessed):
        for part in build_section_sheet(assessed, section).parts:
            assert part.landscape
            assert part.blocks[-1] == SignatureLine(SIGNED_BY)


@BOTH
def test_its_points_are_those_of_the_report(folder):
    assessed = assessed_of(folder)
    report = build_report(assessed)
    for section in scoring_sections(assessed):
        for table in blocks_of(build_section_sheet(assessed, section), TableBlock):
            assert table == table_of(report, table.caption)


@BOTH
def test_all_sections_concerned_countersign_each_once(folder):
    assessed = assessed_of(folder)
    sheet = build_countersign_sheet(assessed)
    rows = table_of(sheet, "会签意见").rows
    assert all(row.kind is RowKind.BODY for row in rows)
    assert [row.cells[0] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    assert len({row.cells[1] for row in rows}) == len(rows)
    named = dict(sections_concerned(assessed))
    for indicator in assessed.scheme.indicators:
        for one in (indicator.responsible_section, *indicator.cooperating_sections):
            assert not one or indicator.name in named[one]
    filled_in = [cell for row in rows for cell in row.cells[3:] if cell.strip()]
    assert filled_in == [], "nobody's opinion is"
    assert blocks_of(sheet, SignatureLine) == [SignatureLine(DECIDED_BY)]


def test_a_section_that_only_helps_countersigns_but_has_no_sheet():
    assessed = assessed_of(CITY)
    scoring = set(scoring_sections(assessed))
    concerned = {section for section, _ in sections_concerned(assessed)}
    assert scoring < concerned


@BOTH
def test_they_are_drafts_and_say_which_journal_binds_them(folder):
    assessed = assessed_of(folder)
    sheets = [build_section_sheet(assessed, one) for one in scoring_sections(assessed)]
    for sheet in (*sheets, build_countersign_sheet(assessed)):
        assert "未签字" in sheet.mark
        labels = dict(sheet.facts)
        assert "考评依据" in labels
        assert "生成时间" in labels
