"""The papers of verification and of the meeting on the page: every text, inside the margins, room to write."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree as ET

import pdfplumber
import pypdfium2
import pytest
import typst

from kaoping.core.report.document import (
    Column,
    Document,
    Part,
    TableBlock,
    TableRow,
    body_rows,
    printable,
)
from kaoping.core.report.finding_record import build_finding_record
from kaoping.core.report.meeting_submission import build_meeting_submission
from kaoping.core.report.verification import Verification, undecided, visits_due, visits_held
from kaoping.core.report.verification_opinion import build_verification_opinion
from kaoping.core.report.verification_plan import build_verification_plan
from kaoping.files.docx import document_docx
from kaoping.files.fonts import find_faces
from kaoping.files.outputs import verification_papers
from kaoping.files.pdf import document_pdf
from tests.core.report.papers import (
    LONG_NAME,
    RARE,
    REASON,
    certificate,
    decided,
    filled,
    known,
    worst,
    worst_visits,
)
from tests.core.report.test_scoring_report import AT, assessed_of
from tests.examples import CITY, COUNTY
from tests.files.official import MM
from tests.files.test_official_pdf import is_red, of_page

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEFT, RIGHT, TOP, BOTTOM = 24 * MM, (210 - 24) * MM, 25 * MM, (297 - 21) * MM
PATH = pypdfium2.raw.FPDF_PAGEOBJ_PATH
HAIR = 2
"""Points within which something stands where it should; rules reach out by their own width."""


def plain_papers():
    """Every paper without letterhead, blank and filled, on usual and on the worst data."""
    city, bad = assessed_of(CITY), worst()
    draw = certificate(("工信局", "交通局", "住建局", "农业农村局", "教育局"), ["水利局"])
    long = replace(decided(draw)[1], reason=REASON, units=("水利局", "工信局"))
    return {
        "plan, undecided": build_verification_plan(city, undecided(city)),
        "plan, decided": build_verification_plan(city, decided(draw)),
        "plan, nothing": build_verification_plan(assessed_of(COUNTY), ()),
        "plan, worst": build_verification_plan(
            bad, (*undecided(bad), long, Verification("3", needed=False, reason=REASON))
        ),
        "record, blank": build_finding_record(city, visits_due(city)["百东新区"]),
        "record, filled": build_finding_record(city, [filled(city)]),
        "record, worst": build_finding_record(bad, worst_visits(bad)),
        "opinion, blank": build_verification_opinion(city, visits_held(city)["公安局"]),
        "opinion, filled": build_verification_opinion(city, [filled(city)]),
        "opinion, worst": build_verification_opinion(bad, worst_visits(bad)),
    }


def pdf_of(paper):
    return document_pdf(paper, find_faces())


def opened(content):
    return pdfplumber.open(io.BytesIO(content))


@pytest.fixture(scope="module")
def set_papers():
    """Every paper with its pages, and what Typst had to warn of."""
    warned: list[str] = []
    compiled = typst.compile_with_warnings

    def heard(*args, **kwargs):
        pdf, warnings = compiled(*args, **kwargs)
        warned.extend(map(str, warnings))
        return pdf, warnings

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typst, "compile_with_warnings", heard)
        found = {name: (paper, pdf_of(paper)) for name, paper in plain_papers().items()}
    return found, warned


NAMES = [f"{what}, {how}" for what, hows in (
    ("plan", ("undecided", "decided", "nothing", "worst")),
    ("record", ("blank", "filled", "worst")),
    ("opinion", ("blank", "filled", "worst")),
) for how in hows]  # fmt: skip


def texts_of(paper):
    """All its texts; who issues an official one stands in its letterhead."""
    yield from list(paper.texts())[1 if paper.letterhead else 0 :]


def not_set(paper):
    """Heads that are not set: those of tables without rows, and a common head for each column after its first."""
    tables = [b for part in paper.parts for b in part.blocks if isinstance(b, TableBlock)]
    for table in tables:
        pairs = zip(table.columns, (None, *table.columns), strict=False)
        yield from (one.over for one, before in pairs if before and before.over == one.over)
        if not table.rows:
            yield from (column.head for column in table.columns)


def missing(paper, content):
    """Characters of a paper that are not on its pages."""
    return letters(texts_of(paper)) - letters(not_set(paper)) - on_pages(content)


def letters(texts):
    """How often each character stands, blanks and empty boxes left out; a tick is a sign of its own."""
    words = "".join(map(printable, texts)).replace("☑", "✓")
    return Counter(one for one in words if not one.isspace() and one != "□")


def on_pages(content):
    return letters(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


def ink_of(page):
    """Where something is drawn on a page: left, top, right, bottom in points from above, and what."""
    height, text = page.get_height(), page.get_textpage()
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index)
        if right > left:
            yield left, height - top, right, height - bottom, text.get_text_range(index, 1)
    for one in page.get_objects(filter=[PATH]):
        left, bottom, right, top = one.get_bounds()
        yield left, height - top, right, height - bottom, "rule"


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_on_the_pages(set_papers, name):
    paper, content = set_papers[0][name]
    assert missing(paper, content) == Counter()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_stands_outside_the_margins(set_papers, name):
    _, content = set_papers[0][name]
    for page in pypdfium2.PdfDocument(content):
        for left, top, right, bottom, what in ink_of(page):
            assert LEFT - HAIR <= left <= right <= RIGHT + HAIR, what
            is_of_the_frame = top < TOP or bottom > BOTTOM + HAIR  # title of the page, number
            assert top >= 10 * MM, what
            assert bottom <= 287 * MM, what
            assert what != "rule" or not bottom > BOTTOM + HAIR, "no table reaches the number"
            assert not is_of_the_frame or top < TOP or top > BOTTOM, what


def test_typst_has_nothing_to_warn_of(set_papers):
    assert set_papers[1] == []


def test_rare_characters_and_long_names_are_whole(set_papers):
    paper, content = set_papers[0]["record, worst"]
    assert len(LONG_NAME) >= 300
    assert len(REASON) >= 4900
    found = on_pages(content)
    for one in RARE:
        assert found[one] >= 2, one
    assert found["凭"] >= 227 * 3
    assert "\x07" in "".join(paper.texts())


def heights(page):
    """Of the rows of all tables of a page, in millimetres."""
    return [(row.bbox[3] - row.bbox[1]) / MM for table in page.find_tables() for row in table.rows]


def test_every_row_of_a_form_has_room_to_write():
    columns = (Column("姓名", 1), Column("单位", 2))
    rows = (*body_rows([("王喆", "市统计局"), ("", "")]), TableRow(("", ""), room=30))
    table = TableBlock("核验人员", columns, rows, form=True)
    paper = Document("市发展改革委", "现场核验记录", "", (), (Part((table,)),), AT)
    measured = heights(opened(pdf_of(paper)).pages[0])[-3:]
    assert measured[0] == pytest.approx(measured[1], abs=0.1)
    assert measured[0] >= 9
    assert measured[2] >= 30


def page_texts(content):
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]


def test_signatures_stay_together(set_papers):
    for name in ("record, blank", "opinion, blank", "plan, undecided"):
        for text in page_texts(set_papers[0][name][1]):
            if "六、签字确认" in text:
                assert "被核验单位代表" in text
            if "审批意见和签字" in text:
                assert all(stage in text for stage in ("拟制", "审核", "批准"))


def test_boxes_to_tick_are_seen(set_papers):
    paper, content = set_papers[0]["record, filled"]
    pages = opened(content).pages
    boxes = [c for page in pages for c in page.chars if c["text"] == "□"]
    ticks = [c for page in pages for c in page.chars if c["text"] == "✓"]
    assert len(ticks) == "".join(paper.texts()).count("☑") > 1
    assert all(box["size"] >= 10 for box in boxes)
    for tick in ticks:
        assert any(
            abs(tick["x0"] - box["x0"]) < 3 and abs(tick["top"] - box["top"]) < 4 for box in boxes
        )


def test_a_long_title_is_whole_on_the_first_page_and_short_at_the_head_of_others(set_papers):
    _, content = set_papers[0]["record, worst"]
    first, *others = page_texts(content)
    assert letters([LONG_NAME]) - letters([first]) == Counter()
    for text in others:
        head = text.partition("…")
        assert head[1], "it is cut there"
        assert LONG_NAME[:60] in "".join(head[0].split())


# --- the paper for the meeting ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def submissions():
    city, bad = assessed_of(CITY), worst()
    given = {
        "city": build_meeting_submission(city),
        "known": build_meeting_submission(city, known(city)),
        "county": build_meeting_submission(assessed_of(COUNTY)),
        "worst": build_meeting_submission(
            bad,
            replace(
                known(bad),
                presented_by=LONG_NAME,
                countersigned=tuple(
                    replace(one, reason=REASON, handling=REASON) for one in known(bad).countersigned
                ),
                appeals=tuple(replace(one, about=REASON) for one in known(bad).appeals or ()),
            ),
        ),
    }
    return {name: (paper, pdf_of(paper)) for name, paper in given.items()}


SUBMISSIONS = ("city", "known", "county", "worst")


def require_in_block(page):
    """All but page number and watermark stands in the text block, upright or turned."""
    is_upright = page.get_height() > page.get_width()
    left, top, right, bottom = (28, 37, 184, 262) if is_upright else (35, 28, 260, 184)
    for x0, y0, x1, y1, what in ink_of(page):
        is_number = y0 > 262 * MM if is_upright else x1 < 35 * MM
        if is_number or y1 - y0 > 60:
            continue
        assert left * MM - HAIR <= x0 <= x1 <= right * MM + HAIR, what
        assert top * MM - 2.5 <= y0 <= y1 <= bottom * MM + HAIR, what


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_a_submission_keeps_to_the_block_of_the_standard_and_loses_nothing(submissions, name):
    paper, content = submissions[name]
    for page in pypdfium2.PdfDocument(content):
        require_in_block(page)
    texts = page_texts(content)
    assert "草稿，未签字" in texts[0]
    assert "印发" not in "".join(texts)
    for number, text in enumerate(texts, 1):
        assert f"— {number} —" in text.replace("\r\n", "")
    assert missing(paper, content) == Counter()


def test_a_submission_has_no_red_head(submissions):
    document = opened(submissions["county"][1])
    assert not any(is_red(one) for page in document.pages for one in of_page(page))


def test_its_docx_says_the_same_without_red_head_and_foot(submissions):
    paper, _ = submissions["known"]
    with zipfile.ZipFile(io.BytesIO(document_docx(paper))) as archive:
        tree = ET.fromstring(archive.read("word/document.xml"))
    text = "".join(node.text or "" for node in tree.iter(f"{WORD}t"))
    for one in paper.parts[0].blocks:
        assert printable(getattr(one, "text", "")) in text
    assert "印发" not in text
    assert "E60012" not in ET.tostring(tree, encoding="unicode")
    assert not list(tree.iter(f"{WORD}framePr"))


def test_a_form_in_a_docx_has_room_to_write():
    table = TableBlock("签字", (Column("身份", 1), Column("签字", 1)), body_rows([("人", "")], 14))
    paper = Document("委", "表", "", (), (Part((replace(table, form=True),)),), AT)
    with zipfile.ZipFile(io.BytesIO(document_docx(paper))) as archive:
        tree = ET.fromstring(archive.read("word/document.xml"))
    (height,) = tree.iter(f"{WORD}trHeight")
    assert int(height.get(f"{WORD}val", "0")) == int(14 * 56.7)
    assert height.get(f"{WORD}hRule") == "atLeast"


# --- in an archive ---------------------------------------------------------------------------------


def test_an_archive_has_the_plan_and_a_record_for_each_unit_and_opinions_of_some(monkeypatch):
    city = assessed_of(CITY)
    monkeypatch.setattr("kaoping.files.outputs.document_pdf", lambda paper, _: paper.title.encode())
    files = dict(verification_papers(city, find_faces()))
    assert files["现场核验方案.pdf"]
    records = [name for name in files if name.startswith("现场核验记录/")]
    opinions = [name for name in files if name.startswith("现场核验意见书/")]
    assert len(records) == len(visits_due(city))
    assert len(opinions) == len(visits_held(city)) == 4
    assert "现场核验记录/市水利局.pdf" in records
    assert len(files) == 1 + len(records) + len(opinions)


def test_units_of_one_name_have_files_of_their_own(monkeypatch):
    city = assessed_of(CITY)
    units = tuple(replace(unit, name="某局") for unit in city.scheme.units)
    same = replace(city, scheme=replace(city.scheme, units=units))
    monkeypatch.setattr("kaoping.files.outputs.document_pdf", lambda paper, _: paper.title.encode())
    names = [name for name, _ in verification_papers(same, find_faces())]
    assert len(set(names)) == len(names) == 1 + len(visits_due(city)) + len(visits_held(city))
