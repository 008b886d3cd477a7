"""Every kind of workbook, printed and calculated anew by another program."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import openpyxl
import pypdfium2
import pytest

from kaoping.core.draft.summary import Part
from kaoping.core.draft.work_list import Item
from kaoping.core.ledger import check_ledger
from kaoping.core.report.assessed import Assessed, mean_of
from kaoping.core.report.entry_table import build_entry_table
from kaoping.core.results import DecisionKind, Entries
from kaoping.core.scoring.assessment import score
from kaoping.core.scoring.scores import ScoreState, score_rows
from kaoping.files.listing import listing_workbook
from kaoping.files.matrix_workbook import matrix_workbook
from kaoping.files.people import blank_form
from kaoping.files.value_workbook import Edition, Key, ValueRow, value_workbook
from kaoping.files.xlsx import entry_workbook, rows_workbook, scores_workbook, work_list_workbook
from tests.examples import CITY, COUNTY
from tests.files.spreadsheets import MADE, converted
from tests.files.test_outputs import AT, assessed_of
from tests.made_once import made_once
from tests.schemes import decision, indicator, result, scheme_of, task, units_text

UNITS = [f"u{number}" for number in range(60)]
LONG_NAME = "某市某某经济技术开发区管理委员会" * 19
ALL = '"all"'
A4_WIDTH, A4_HEIGHT = 842, 595


def wild():
    """Sixty units whose points are scaled, capped, left out and scaled up: much to round, some by halves."""
    judged = 'kind = "judgement", low = "-10"'
    scheme = scheme_of(
        indicator(
            task("1.1", judged, "7", units=ALL),
            task("1.2", judged, "5", units=ALL),
            task("1.3", judged, "1", extra="bonus = true", units=ALL),
            points="6",
            extra='scale = "12"\ncap = "2.4"\nfloor = "0.5"',
        ),
        indicator(
            task("2.1", judged, "3", units=ALL),
            task("2.2", judged, "4", units=ALL),
            points="7",
            identity="2",
        ),
        indicator(task("3.1", judged, "9", units=ALL), points="9", identity="3"),
        top='totals = "rescale"\nnot_applicable = "rescale"',
        units=units_text(*UNITS, group="甲组"),
    )
    rows = []
    for number, unit in enumerate(UNITS):
        for at, name in enumerate(scheme.task_by_id):
            if (number + 3 * at) % 7 == 0:
                rows.append(decision(unit, DecisionKind.NOT_APPLICABLE, name))
            elif (number + at) % 23 != 5:  # the others wait for somebody
                points = str(Decimal(number * 37 % 300 + at).scaleb(-2))
                rows.append(decision(unit, DecisionKind.JUDGEMENT, name, points))
    entries = Entries((), (), tuple(rows))
    ledger = check_ledger(scheme, (), (), has_folder=False)
    return Assessed(scheme, entries, score(scheme, entries), ledger, (), AT)


def with_long_names():
    """The small example with a unit of 300 characters, 60 tasks, and a reason of 5,000 characters."""
    many = [task(f"1.{n}", 'kind = "yes-no"', "1") for n in range(1, 61)]
    scheme = scheme_of(indicator(*many, points="60"), units=units_text("a", "b"))
    units = tuple(replace(u, name=LONG_NAME if u.id == "a" else u.name) for u in scheme.units)
    scheme = replace(scheme, units=units)
    refused = [result(unit, name, value=False) for unit in "ab" for name in scheme.task_by_id]
    why = replace(decision("a", DecisionKind.ADJUST, "1.1", "0.5"), reason="理由充分。" * 1000)
    entries = Entries(tuple(refused), (), (why,))
    ledger = check_ledger(scheme, (), (), has_folder=False)
    return Assessed(scheme, entries, score(scheme, entries), ledger, (), AT)


def value_rows():
    for number in range(60):
        known = number % 2 == 0
        yield ValueRow(
            Key(f"1.{number}", "", "act"),
            f"重大项目投资完成{number}",
            "完成投资",
            "亿元",
            Decimal("26.80") if known else None,
            date(2024, 12, 31) if known else None,
            "快报" if known else "",
            "市统计局月报，第12期" if known else "",
        )


ITEMS = [
    Item(n, Part.READ, "任务", "完成年度重大项目投资计划，按月报送进度" * 3, f"第 {n} 行", "核对")
    for n in range(1, 61)
]
HEADS = (("单位", 28), ("已报齐", 10), ("还缺", 60))
ASSESSED = {
    "city": assessed_of(CITY),
    "county": assessed_of(COUNTY),
    "wild": wild(),
    "long": with_long_names(),
}


@pytest.fixture(scope="module")
def books():
    """One of each kind."""
    city, county = ASSESSED["city"], ASSESSED["county"]
    made = {name: scores_workbook(given) for name, given in ASSESSED.items()}
    return made | {
        "rows": rows_workbook(county.scheme, score_rows(county.scheme, county.scores)),
        "matrix": matrix_workbook(city.scheme),
        "values": value_workbook(
            "市发展改革委 2024年度台账数据表", Edition("y", "u"), value_rows(), ["快报"]
        ),
        "entry": entry_workbook(build_entry_table(city), city.scheme.places, AT),
        "work": work_list_workbook(ITEMS),
        "listing": listing_workbook("填报进度", HEADS, [("市教育局", "3", "任务 1.1")] * 90),
        "people": blank_form(),
    }


KINDS = ["city", "long", "entry", "rows", "matrix", "values", "work", "listing", "people"]


@pytest.fixture(scope="module")
def again(books, tmp_path_factory):
    """The folder of what LibreOffice made of them."""
    if shutil.which("soffice") is None:
        pytest.skip("needs LibreOffice")
    printed = {name: content for name, content in books.items() if name in KINDS}
    recalculated = {name: books[name] for name in ("county", "wild")}
    place = made_once(
        tmp_path_factory, "workbooks", lambda place: converted(printed, recalculated, place)
    )
    return place / MADE


def opened(content, *, values=False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def formulas(book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate


@pytest.mark.parametrize("name", ["county", "wild"])
def test_a_spreadsheet_calculates_what_was_published(books, again, name):
    found = list(formulas(opened(books[name])))
    stored = opened(books[name], values=True)
    anew = opened((again / f"{name}.xlsx").read_bytes(), values=True)
    assert len(found) > 20
    for sheet, cell in found:
        assert round(anew[sheet][cell].value, 6) == stored[sheet][cell].value, (sheet, cell)


def test_all_that_is_added_up_is_a_formula():
    """But where a veto, or the group, decided: then no arithmetic of the row gives the points."""
    book = opened(scores_workbook(ASSESSED["wild"]))
    stored = opened(scores_workbook(ASSESSED["wild"]), values=True)
    totals = [cell for cell in book["汇总表"]["L"][3:] if isinstance(cell.value, str)]
    assert sum(cell.data_type == "f" for cell in totals) > 15
    results = [
        row
        for name in ("1 指标1", "2 指标2", "3 指标3")
        for row in book[name].iter_rows(min_row=4)
        if row[2].value.startswith("指标得分") and stored[name][row[6].coordinate].data_type == "n"
    ]
    assert len(results) > 90
    assert all(row[6].data_type == "f" for row in results)
    said = " ".join(row[6].value for row in results)
    assert all(word in said for word in ("MIN(", "MAX(", "6*SUM(", "/12"))


@pytest.mark.parametrize("name", ["city", "county", "wild"])
def test_means_are_those_of_the_report(books, name):
    given = ASSESSED[name]
    sheet = opened(books[name], values=True)["汇总表"]
    last = [cell.value for cell in sheet[sheet.max_row]]
    for at, one in enumerate(given.scheme.indicators):
        mean = given.summary(one).mean
        assert last[2 + 3 * at] == ("—" if mean is None else float(mean))
    tasks = opened(books[name], values=True)["任务得分"]
    means = [cell.value for cell in tasks[tasks.max_row]][2:]
    for found, one in zip(means, given.scheme.task_by_id, strict=True):
        rows = [row for (_, task_id), row in given.scores.tasks.items() if task_id == one]
        mean = mean_of(rows, given.scheme.places)
        assert found == ("—" if mean is None else float(mean))


def test_every_score_is_stored_as_it_was_published(books):
    for name, given in ASSESSED.items():
        sheet = opened(books[name], values=True)["任务得分"]
        for at, unit in enumerate(given.units, 4):
            for column, one in enumerate(given.scheme.task_by_id, 3):
                row = given.scores.tasks.get((unit.id, one))
                if row and row.published is not None:
                    cell = sheet.cell(at, column)
                    assert Decimal(repr(cell.value)) == row.published
                    if row.state is not ScoreState.NOT_APPLICABLE:
                        assert cell.number_format == "0.00"


@cache
def pages(again, name):
    """The texts of the pages, without blanks; all are A4 lying."""
    with pypdfium2.PdfDocument(again / f"{name}.pdf") as document:
        sizes = {tuple(map(round, page.get_size())) for page in document}
        assert sizes == {(A4_WIDTH, A4_HEIGHT)}
        return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]


@pytest.mark.parametrize("name", KINDS)
def test_pages_lie_and_are_numbered(books, again, name):
    found = pages(again, name)
    for number, text in enumerate(found, 1):
        assert f"第{number}页共{len(found)}页" in text, number


REPEATED = {
    "city": ("重大项目提升行动（10分）得分明细", "得分过程"),
    "rows": ("得分表", "公布得分"),
    "work": ("从通知到方案：工作清单", "怎么办"),
    "entry": ("平台录入表", "失分、加分原因"),
    "listing": ("填报进度", "还缺"),
    "values": ("台账数据表", "数据来源"),
}


@pytest.mark.parametrize("name", REPEATED)
def test_a_list_of_many_pages_is_one_page_wide_with_its_headings_on_each(again, name):
    title, head = REPEATED[name]
    texts = [text for text in pages(again, name) if title in text]
    assert len(texts) > (0 if name == "values" else 1)
    assert all(head in text for text in texts)


def test_a_table_of_sixty_tasks_is_printed_so_that_it_can_be_read(books, again):
    """Its letters would be two points high on one page; the units stand on each of its pages."""
    sheet = opened(books["long"])["任务得分"]
    assert sheet.page_setup.fitToWidth == 4
    texts = [text for text in pages(again, "long") if "各单位各项任务得分" in text]
    assert len(texts) == 4
    assert all("b局" in text for text in texts)
    assert all(any(f"1.{n}任务" in text for text in texts) for n in range(1, 61))


def test_long_names_and_reasons_are_whole(books):
    book = opened(books["long"])
    assert book["任务得分"]["A5"].value == LONG_NAME or book["任务得分"]["A4"].value == LONG_NAME
    aside = "".join(row[3].value for row in book["长文"].iter_rows(min_row=4))
    assert "理由充分。" * 1000 in aside


def test_an_indicator_that_concerns_nobody_has_a_sheet_without_rows():
    scheme = scheme_of(
        indicator(task("1.1", 'kind = "yes-no"', "1"), points="1"),
        indicator(task("2.1", 'kind = "yes-no"', "1", units="[]"), points="1", identity="2"),
        units=units_text("a"),
    )
    empty = replace(scheme.indicators[1], tasks=(), id="3")
    scheme = replace(scheme, indicators=(*scheme.indicators, empty))
    ledger = check_ledger(scheme, (), (), has_folder=False)
    entries = Entries((), (), ())
    book = opened(
        scores_workbook(Assessed(scheme, entries, score(scheme, entries), ledger, (), AT))
    )
    assert [cell.value for cell in book["2 指标2"][3]][:3] == ["单位", "组别", "任务"]
    assert book["3 指标2"].max_row == book["2 指标2"].max_row == 3


def test_the_table_to_type_from_has_every_score_of_an_indicator(books):
    given = ASSESSED["city"]
    rows = [
        [cell.value for cell in row] for row in opened(books["entry"]).active.iter_rows(min_row=4)
    ]
    lines = build_entry_table(given).lines
    assert len(rows) == len(lines) == len(given.scores.indicators)
    for row, line in zip(rows, lines, strict=True):
        assert row[:2] == [line.number, line.unit_name]
        assert row[8] == (line.reason or None)
        if line.published is not None:
            assert Decimal(repr(row[7])) == line.published


def test_equal_content_and_time_give_equal_bytes(books):
    assert scores_workbook(ASSESSED["city"]) == books["city"]
    assert matrix_workbook(ASSESSED["city"].scheme) == books["matrix"]
    assert blank_form() == books["people"]
