"""Everything `run` writes, read back with other programs' libraries."""

import io
import json
import re
import subprocess
import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pypdf
import pytest

from kaoping.core.calendar import SHANGHAI
from kaoping.core.errors import EnvironmentFault
from kaoping.core.journal import ROOT_PREFIX
from kaoping.core.report.assessed import Assessed
from kaoping.core.report.document import printable
from kaoping.core.report.scoring_report import build_report
from kaoping.core.report.unit_sheet import build_unit_sheet
from kaoping.files.docx import document_docx
from kaoping.files.fonts import find_faces
from kaoping.files.journal.folder import Journal
from kaoping.files.journal.inquiry import Asked, State
from kaoping.files.journal.verification import verify
from kaoping.files.outputs import STAGES, score_folder
from kaoping.files.package import verify_package
from kaoping.files.pdf import document_pdf
from kaoping.files.xlsx import scores_workbook
from tests.examples import CITY, COUNTY, batch_of, scores_of
from tests.journals import KEY, body_of
from tests.made_once import made_once

AT = datetime(2025, 1, 20, 17, tzinfo=SHANGHAI)
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def assessed_of(folder):
    batch = batch_of(folder)
    return Assessed(
        batch.scheme, batch.entries, scores_of(folder), batch.ledger, batch.problems, AT
    )


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    def make(place):
        stages = []
        score_folder(COUNTY, place / "out", AT, lambda zh, en: stages.append((zh, en)), KEY)
        assert len(stages) == STAGES
        assert all(zh and en for zh, en in stages)

    return made_once(tmp_path_factory, "outputs-of-the-county", make) / "out"


def squeezed(text):
    return re.sub(r"\s+", "", text)


def pdf_text(content):
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return squeezed("".join(page.extract_text() for page in pages))


def docx_text(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [n for n in archive.namelist() if re.match(r"word/(document|header\d*)\.xml", n)]
        trees = [ET.fromstring(archive.read(name)) for name in names]
    nodes = [node for tree in trees for node in tree.iter()]
    said = [node.text or "" for node in nodes if node.tag == f"{WORD}t"]
    pictured = [node.get("descr", "") for node in nodes if node.tag == f"{DRAWING}docPr"]
    return squeezed("".join((*said, *pictured)))


def test_pdf_and_docx_say_everything_the_report_says():
    report = build_report(assessed_of(COUNTY))
    pdf, word = (
        pdf_text(document_pdf(report, find_faces())),
        docx_text(document_docx(report)),
    )
    for text in report.texts():
        for line in printable(text).split("\n"):
            assert squeezed(line) in word
            # A PDF breaks long lines between cells; short texts must stand there whole.
            if len(line) < 12:
                assert squeezed(line) in pdf, line


def test_a_pdf_embeds_its_fonts_and_is_for_the_archive():
    content = document_pdf(build_report(assessed_of(COUNTY)), find_faces())
    listed = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True)
    rows = listed.stdout.decode().splitlines()[2:]
    assert rows
    assert all(re.search(r"\byes (yes|no)\s+yes\b", row) for row in rows), rows
    described = pypdf.PdfReader(io.BytesIO(content)).xmp_metadata
    assert described is not None
    assert b"pdfaid" in described.stream.get_data()


def test_hostile_names_stay_text():
    assessed = assessed_of(COUNTY)
    unit = assessed.units[0]
    sheet = build_unit_sheet(assessed, unit)
    evil = '#eval("1") $x$ *粗* </w:t><script> & \x07'
    sheet = replace(sheet, title=evil, issuer=evil)
    assert squeezed('#eval("1")') in pdf_text(document_pdf(sheet, find_faces()))
    assert squeezed("</w:t><script>&") in docx_text(document_docx(sheet))


def test_a_character_without_a_face_is_refused_not_left_out():
    assessed = assessed_of(COUNTY)
    sheet = build_unit_sheet(assessed, assessed.units[0])
    with pytest.raises(EnvironmentFault) as refused:
        document_pdf(replace(sheet, title="\U0001f9ff"), find_faces())
    assert "🧿" in refused.value.zh
    assert "KAOPING_FONTS" in refused.value.zh


def test_the_title_stands_whole_at_the_head_of_each_printed_page():
    """A year right after a size of letters would be read as part of the size."""
    book: Any = openpyxl.load_workbook(io.BytesIO(scores_workbook(assessed_of(CITY))))
    assert book["汇总表"]["A1"].value.startswith("2024")
    for sheet in book:
        assert sheet.oddHeader.left.text == sheet["A1"].value
        assert sheet.oddHeader.left.size is None


def test_the_workbook_holds_every_score():
    assessed = assessed_of(CITY)
    book: Any = openpyxl.load_workbook(io.BytesIO(scores_workbook(assessed)))
    rows = []
    for indicator in assessed.scheme.indicators:
        sheet = book[f"{indicator.id} {indicator.name}"[:28]]
        heads = [cell.value for cell in sheet[3]]
        assert {"得分过程", "扣分（加分）理由"} <= set(heads)
        rows += [
            dict(zip(heads, [cell.value for cell in row], strict=True))
            for row in sheet.iter_rows(min_row=4)
        ]
    results = [row for row in rows if row["任务"].startswith("指标得分")]
    rows = [row for row in rows if row not in results]
    assert len(rows) == len(assessed.scores.tasks)
    assert len(results) == len(assessed.scores.indicators)
    names = {assessed.scheme.unit_by_id[u].name: u for u, _ in assessed.scores.tasks}
    matrix = book["任务得分"]
    columns = {cell.value.split(" ")[0]: cell.column for cell in matrix[3] if cell.value}
    lines = {matrix.cell(row, 1).value: row for row in range(4, matrix.max_row + 1)}
    for row in rows:
        task = row["任务"].split(" ")[0]
        score = assessed.scores.tasks[names[row["单位"]], task]
        assert row["得分"] == matrix.cell(lines[row["单位"]], columns[task]).value
        if score.published is None:
            assert row["得分"] in ("不涉及", "待定")
        else:
            assert Decimal(str(row["得分"])) == score.published
        working = score.working.replace("-", "−").split(" = ")[0]
        assert working in (row["得分过程"] or "")
        assert bool(row["扣分（加分）理由"]) >= bool(assessed.lost(score))
    assert book.sheetnames[:2] == ["汇总表", "任务得分"]
    assert book.sheetnames[-2:] == ["问题", "说明"]


def test_totals_are_live_formulas_with_their_values(tmp_path):
    content = scores_workbook(assessed_of(COUNTY))
    live: Any = openpyxl.load_workbook(io.BytesIO(content))["汇总表"]
    stored: Any = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["汇总表"]
    column = [cell.value for cell in live[3]].index("总分") + 1
    totals = scores_of(COUNTY).totals
    names = {u.name: u.id for u in batch_of(COUNTY).scheme.units}
    formulas = 0
    assert live.cell(live.max_row, 1).value.startswith("平均分")
    for row in range(4, live.max_row):
        total = totals[names[live.cell(row, 1).value]]
        assert Decimal(str(stored.cell(row, column).value)) == total.published
        written = live.cell(row, column).value
        if str(written).startswith("="):
            formulas += 1
            parts = [stored.cell(row, c).value for c in range(3, column, 3)]
            assert round(sum(parts) + 1e-9, 2) == float(total.published)
    assert formulas > 3


def test_text_that_looks_like_a_formula_stays_text():
    assessed = assessed_of(COUNTY)
    units = tuple(replace(u, name=f'=HYPERLINK("x")&"{u.name}"') for u in assessed.scheme.units)
    hostile = replace(assessed, scheme=replace(assessed.scheme, units=units))
    book: Any = openpyxl.load_workbook(io.BytesIO(scores_workbook(hostile)))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert str(cell.value).startswith("=ROUND(")


def test_one_sheet_a_unit(county):
    with zipfile.ZipFile(county / "unit-sheets.zip") as archive:
        names = set(archive.namelist())
        assert archive.testzip() is None
    units = {u.name for u in assessed_of(COUNTY).units}
    assert names == {f"{unit}.{ending}" for unit in units for ending in ("pdf", "docx")}


def test_the_package_holds_everything_and_verifies(county):
    manifest = verify_package(county / "package.zip").manifest
    inside = {entry.path for entry in manifest.files}
    left_out = {"package.zip", ".kaoping-output", "journal"}
    left_out |= {"meeting-submission.pdf", "meeting-submission.docx"}  # for the meeting alone
    written = {path.name for path in county.iterdir()} - left_out
    assert written <= inside
    assert "scheme.toml" in inside
    with zipfile.ZipFile(county / "package.zip") as archive:
        for name in written:
            assert archive.read(name) == (county / name).read_bytes()


def test_scores_json_is_exact(county):
    rows = json.loads((county / "scores.json").read_text(encoding="utf-8"))
    scores = scores_of(COUNTY)
    assert len(rows) == len(scores.tasks) + len(scores.indicators)
    for row in rows:
        if row["task"]:
            score = scores.tasks[row["unit"], row["task"]]
            assert row["published"] == ("" if score.published is None else str(score.published))
            assert row["working"] == score.working


def test_equal_inputs_time_and_key_give_equal_bytes(county, tmp_path):
    again = tmp_path / "again"
    score_folder(COUNTY, again, AT, lambda _zh, _en: None, KEY)
    for path in county.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (again / path.relative_to(county)).read_bytes(), path.name


def test_every_result_says_which_journal_binds_it(county):
    root = Journal.open(county / "journal").reader().root(1)
    seal = f"日志1条，根{root.hex()[:ROOT_PREFIX]}"
    pdf = pypdf.PdfReader(county / "report.pdf")
    assert seal in squeezed("".join(page.extract_text() for page in pdf.pages[:2]))
    assert seal in (county / "problems.md").read_text("utf-8")
    for name in ("report.docx", "scores.xlsx"):
        with zipfile.ZipFile(county / name) as archive:
            assert any(seal in archive.read(part).decode() for part in archive.namelist()), name
    with zipfile.ZipFile(county / "unit-sheets.zip") as sheets:
        for name in sheets.namelist():
            if name.endswith(".pdf"):
                text = pypdf.PdfReader(io.BytesIO(sheets.read(name))).pages[0].extract_text()
                assert seal in "".join(text.split()), name


def test_the_journal_binds_scheme_scores_and_inputs(county):
    journal = Journal.open(county / "journal")
    assert all(f.state is not State.FAILED for f in verify(Asked(journal.folder, [journal.key])))
    content = body_of(journal, 0)["act"]["content"]
    assert content["scores"] == sha256((county / "scores.json").read_bytes()).hexdigest()
    assert content["scheme"] == sha256((COUNTY / "scheme.toml").read_bytes()).hexdigest()
    assert "results.csv" in {file["path"] for file in content["inputs"]}


def test_an_output_is_for_the_whole_office(county):
    assert county.stat().st_mode & 0o777 == 0o755
