"""`kaoping score`: one answer in three formats, every bad row named, and nothing written on failure."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
import python_calamine

from kaoping.core.results import RESULT_COLUMNS
from kaoping.files.tables import csv_bytes
from tests.cli.folders import (
    COUNTY,
    county,
    has_chinese,
    kaoping,
    listed_places,
    refusal,
    replace_in,
    snapshot,
    unchanged,
)
from tests.files.samples import HTML, OLE, PNG, docx, put, xlsx

ENDINGS = ["csv", "xlsx", "json"]
ROW = ["东岭镇", "1.1", "", "86.5", "万元", "2024-12-31", "正式", "收支表"]


@pytest.fixture
def folder(tmp_path):
    """The small example beside an earlier output of each format."""
    for ending in ENDINGS:
        put(tmp_path / f"scores.{ending}", b"old")
    return county(tmp_path / "in")


def words(folder, out, results="results.csv"):
    return [
        *("score", folder / "scheme.toml", folder / results),
        *("--deductions", folder / "deductions.csv", "--decisions", folder / "decisions.csv"),
        *("--out", out),
    ]


def scored(capsys, folder, out, results="results.csv"):
    said = kaoping(capsys, *words(folder, out, results))
    assert said.code == 0, said.err
    return out.read_bytes()


def csv_rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def json_rows(content):
    table = json.loads(content)
    return [list(table[0]), *([str(cell) for cell in row.values()] for row in table)]


def xlsx_rows(content):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]
    start = next(at for at, row in enumerate(rows) if "published" in row)
    return rows[start:]


def test_three_formats_say_the_same(capsys, tmp_path, folder):
    as_csv = csv_rows(scored(capsys, folder, tmp_path / "scores.csv"))
    as_json = json_rows(scored(capsys, folder, tmp_path / "scores.json"))
    as_xlsx = xlsx_rows(scored(capsys, folder, tmp_path / "scores.xlsx"))
    assert len(as_csv) > 50
    assert (tmp_path / "scores.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert as_csv == as_json

    def number(cell):
        try:
            return float(cell)
        except ValueError:
            return cell

    assert [[number(c) for c in row] for row in as_xlsx] == [
        [number(c) for c in row] for row in as_csv
    ]


def test_it_says_what_the_example_expects(capsys, tmp_path, folder):
    expected = csv_rows((COUNTY / "expected" / "scores.csv").read_bytes())
    rows = csv_rows(scored(capsys, folder, tmp_path / "scores.csv"))

    def points(table):
        head = table[0]
        key = [head.index(name) for name in ("unit", "indicator", "task", "published")]
        return {tuple(row[at] for at in key) for row in table[1:] if row[head.index("task")]}

    assert points(expected) == points(rows)


def test_the_same_twice_is_the_same_to_the_byte(capsys, tmp_path, folder):
    for ending in ENDINGS:
        first = scored(capsys, folder, tmp_path / f"a.{ending}")
        assert scored(capsys, folder, tmp_path / f"b.{ending}") == first


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8-sig", "utf-16"])
def test_tables_in_another_encoding_score_alike(capsys, tmp_path, folder, encoding):
    whole = scored(capsys, folder, tmp_path / "scores.csv")
    for name in ("results.csv", "deductions.csv", "decisions.csv"):
        text = (folder / name).read_text("utf-8")
        (folder / name).write_bytes(text.encode(encoding))
        assert (folder / name).read_bytes() != text.encode()
    assert scored(capsys, folder, tmp_path / "scores.csv") == whole


def test_a_workbook_scores_like_the_csv(capsys, tmp_path, folder):
    whole = scored(capsys, folder, tmp_path / "scores.csv")
    rows = csv_rows((folder / "results.csv").read_bytes())
    value = rows[0].index("value")
    typed = [rows[0], *([*r[:value], float(r[value]), *r[value + 1 :]] for r in rows[1:])]
    put(folder / "results.xlsx", xlsx(typed))
    seen = csv_rows(scored(capsys, folder, tmp_path / "scores.csv", "results.xlsx"))
    points = [rows[0].index("unit"), csv_rows(whole)[0].index("published")]
    assert [[row[at] for at in points] for row in seen] == [
        [row[at] for at in points] for row in csv_rows(whole)
    ]


def test_the_order_of_the_rows_changes_nothing(capsys, tmp_path, folder):
    whole = scored(capsys, folder, tmp_path / "scores.csv")
    head, *rows = (folder / "results.csv").read_text("utf-8").splitlines()
    (folder / "results.csv").write_text("\n".join([head, *reversed(rows), ""]), "utf-8")
    assert scored(capsys, folder, tmp_path / "scores.csv") == whole


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", '=HYPERLINK("http://example.invalid")'])
def test_text_that_would_run_does_not_run_in_the_output(capsys, tmp_path, folder, text):
    rows = csv_rows((folder / "results.csv").read_bytes())
    rows[1][-1] = text
    put(folder / "results.csv", csv_bytes(rows[0], rows[1:]))
    cells = [c for row in csv_rows(scored(capsys, folder, tmp_path / "scores.csv")) for c in row]
    assert f"'{text}" in cells
    assert text not in cells
    book = openpyxl.load_workbook(io.BytesIO(scored(capsys, folder, tmp_path / "scores.xlsx")))
    found = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == text]
    assert found
    assert {cell.data_type for cell in found} <= {"s", "inlineStr"}


# --- bad rows --------------------------------------------------------------------------------------

BAD = [
    ("unit", "没有的镇", "UNIT-UNKNOWN"),
    ("task", "9.9", "TASK-UNKNOWN"),
    ("value", "八十六点五", "NUMBER-INVALID"),
    ("value", "1,234.5", "NUMBER-INVALID"),
    ("value", "98%", "NUMBER-INVALID"),
    ("value", "1e3", "NUMBER-INVALID"),
    ("value", "", "CELL-EMPTY"),
    ("value", "86.55", "DECIMALS-EXCEEDED"),
    ("value", "99999999", "VALUE-ABOVE-MAX"),
    ("unit_of_measure", "亿元", "MEASURE-MISMATCH"),
    ("as_of", "2024-02-30", "DATE-INVALID"),
    ("as_of", "20241231", "DATE-INVALID"),
    ("as_of", "", "CELL-EMPTY"),
    ("status", "大概", "STATUS-UNKNOWN"),
    ("status", "", "CELL-EMPTY"),
    ("input", "previous2", "INPUT-UNKNOWN"),
]


def broken_row(column, cell):
    return [
        cell if name == column else kept for name, kept in zip(RESULT_COLUMNS, ROW, strict=True)
    ]


@pytest.mark.parametrize(("column", "cell", "code"), BAD)
def test_a_bad_cell_is_named_by_row_and_column(capsys, tmp_path, folder, column, cell, code):
    rows = [ROW, broken_row(column, cell)]
    put(folder / "results.csv", csv_bytes(RESULT_COLUMNS, rows))
    with unchanged(tmp_path):
        said = refusal(capsys, 1, *words(folder, tmp_path / "scores.csv"))
    assert listed_places(said.err) == [f"results.csv第3行{column}"]
    assert code in said.err


@pytest.mark.parametrize("name", ["results.csv", "results.xlsx"])
def test_a_thousand_bad_rows_are_all_listed_with_row_and_column(capsys, tmp_path, folder, name):
    rows, expected = [ROW], []
    for number in range(1000):
        column, cell, _ = BAD[number % len(BAD)]
        rows.append(broken_row(column, cell))
        expected.append(f"{name}第{number + 3}行{column}")
    content = (
        csv_bytes(RESULT_COLUMNS, rows) if name.endswith("csv") else xlsx([RESULT_COLUMNS, *rows])
    )
    put(folder / name, content)
    with unchanged(tmp_path):
        said = refusal(capsys, 1, *words(folder, tmp_path / "scores.csv", name))
    assert listed_places(said.err) == expected


def test_faults_of_all_three_tables_are_listed_at_once(capsys, tmp_path, folder):
    replace_in(folder / "results.csv", "86.5", "许多")
    replace_in(folder / "deductions.csv", "3.3,迟报,1", "3.3,迟到,-1")
    replace_in(folder / "decisions.csv", "absent", "缺考")
    with unchanged(tmp_path):
        said = refusal(capsys, 1, *words(folder, tmp_path / "scores.csv"))
    places = listed_places(said.err)
    assert set(places) >= {
        "results.csv第2行value",
        "deductions.csv第2行line",
        "deductions.csv第2行count",
        "decisions.csv第2行kind",
    }


def test_a_cell_beyond_the_headings_is_a_fault(capsys, tmp_path, folder):
    """An unquoted comma would otherwise cut the data source short without a word."""
    replace_in(folder / "results.csv", "正式,村集体经济收支表", "正式,村集体经济收支表,附件二")
    with unchanged(tmp_path):
        said = refusal(capsys, 1, *words(folder, tmp_path / "scores.csv"))
    assert any(place.startswith("results.csv第2行") for place in listed_places(said.err))


@pytest.mark.parametrize(
    ("old", "new"),
    [("unit,task,", "unit,tasks,"), ("value", "值1"), ("data_source", "unit"), ("status", "备注")],
)
def test_missing_unknown_and_doubled_columns_are_faults(capsys, tmp_path, folder, old, new):
    replace_in(folder / "results.csv", old, new)
    with unchanged(tmp_path):
        said = refusal(capsys, 1, *words(folder, tmp_path / "scores.csv"))
    assert [place for place in listed_places(said.err) if place.startswith("results.csv")]


BROKEN = {
    "results.csv": [b"", b"\n\n", b"\0" * 999, PNG * 9, "甲,乙\n1,2\n".encode()],
    "results.xlsx": [b"", xlsx([]), xlsx([["x"]]), xlsx([ROW])[:2000], PNG * 9, HTML, OLE, docx()],
    "results.xls": [HTML, OLE],
    "results.pdf": [b"%PDF-1.4"],
}


@pytest.mark.parametrize(
    ("name", "content"),
    [(name, content) for name, contents in BROKEN.items() for content in contents],
    ids=[f"{name}-{n}" for name, contents in BROKEN.items() for n in range(len(contents))],
)
def test_a_broken_table_is_refused_by_name(capsys, tmp_path, folder, name, content):
    put(folder / name, content)
    with unchanged(tmp_path):
        said = refusal(capsys, 1, *words(folder, tmp_path / "scores.csv", name))
    assert name in said.err


def test_control_characters_of_a_cell_reach_no_terminal(capsys, tmp_path, folder):
    replace_in(folder / "results.csv", "东岭镇", "\x1b]0;x\x07\x1b[2J东")
    with unchanged(tmp_path):
        said = refusal(capsys, 1, *words(folder, tmp_path / "scores.csv"))
    assert listed_places(said.err) == ["results.csv第2行unit"]
    assert "\x1b" not in said.err + said.out
    assert "\x07" not in said.err + said.out


@pytest.mark.parametrize("cell", ["[bold]", "[/]", "东岭\\", "[red", "{0}", "%s", "[link=x]"])
def test_marks_of_the_printing_library_are_shown_as_typed(capsys, tmp_path, folder, cell):
    replace_in(folder / "results.csv", "东岭镇", cell)
    with unchanged(tmp_path):
        said = refusal(capsys, 1, *words(folder, tmp_path / "scores.csv"))
    assert cell in said.err


# --- a bad scheme, a bad place ---------------------------------------------------------------------


def test_a_scheme_with_an_error_scores_nothing(capsys, tmp_path, folder):
    replace_in(folder / "scheme.toml", 'points = "12"', 'points = "13"')
    with unchanged(tmp_path):
        said = refusal(capsys, 1, *words(folder, tmp_path / "scores.csv"))
    assert "POINTS-SUM" in said.err


@pytest.mark.parametrize("target", ["results.csv", "deductions.csv", "decisions.csv"])
def test_the_output_does_not_take_the_place_of_an_input(capsys, tmp_path, folder, target):
    with unchanged(tmp_path):
        said = kaoping(capsys, *words(folder, folder / target))
        assert said.code in (2, 3)
        assert has_chinese(said.err)


@pytest.mark.parametrize("kind", ["folder", "through a file", "long name"])
def test_where_no_file_can_be_written(capsys, tmp_path, folder, kind):
    (tmp_path / "folder.csv").mkdir()
    out = {
        "folder": tmp_path / "folder.csv",
        "through a file": tmp_path / "scores.csv" / "scores.csv",
        "long name": tmp_path / ("长" * 100 + ".csv"),
    }[kind]
    with unchanged(tmp_path):
        said = kaoping(capsys, *words(folder, out))
    assert said.code in (2, 3, 5)
    assert has_chinese(said.err)


def test_only_the_output_is_new(capsys, tmp_path, folder):
    before = snapshot(tmp_path)
    scored(capsys, folder, tmp_path / "new" / "scores.csv")
    assert set(snapshot(tmp_path)) - set(before) == {"new", "new/scores.csv"}
    assert {name: snapshot(tmp_path)[name] for name in before} == before
