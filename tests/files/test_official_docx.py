"""The official document as docx: laid out as its PDF is, in the schema's order, read back without loss."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import docx
import pdfplumber
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

from kaoping.core.report.document import Bar, BarChart, HeatMap, Paragraph, printable
from kaoping.files.docx import document_docx
from tests.files.official import HEAD, MM, PLAIN, annexed, draft, lines, official, set_in_pdf, table
from tests.files.test_official_pdf import BAD

if TYPE_CHECKING:
    from collections.abc import Callable

    from kaoping.core.report.document import Document

ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers "
    "pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
    "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
    "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr "
    "sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
    "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr "
    "shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders "
    "lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
    "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText "
    "vAlign hideMark",
    "trPr": "cnfStyle divId gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader "
    "tblCellSpacing jc hidden",
}
"""Children of each kind of properties, in the order of ECMA-376 (transitional)."""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
EVIL = 'a\x07<b>"&\u202e乙\n丙'
CHARTS = (
    BarChart(EVIL, (Bar(EVIL, Decimal(1), EVIL),), Decimal(1)),
    HeatMap(EVIL, (EVIL,), ((EVIL, (Decimal(90),)),)),
)
EMPTY = "an empty paragraph and no rows"
DOCUMENTS: dict[str, Callable[[], Document]] = {
    "without annexes": official,
    "with annexes": annexed,
    "draft": draft,
    "charts of hostile names": lambda: official(annexes=[("图", CHARTS)]),
    **{what: partial(official, **more) for what, more in BAD.items()},
}


def opened(document):
    return docx.Document(io.BytesIO(document_docx(document)))


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name: etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if re.match(r"word/(document|styles|header\d*|footer\d*)\.xml", name)
        }


@pytest.mark.parametrize("what", DOCUMENTS)
def test_children_stand_in_the_order_of_the_schema(what):
    for name, root in parts_of(document_docx(DOCUMENTS[what]())).items():
        for kind, words in ORDER.items():
            order = words.split()
            for one in root.iter(f"{W}{kind}"):
                names = [child.tag.removeprefix(W) for child in one]
                # Heads and feet are one group, in any order.
                found = [order.index(n.replace("footerRef", "headerRef")) for n in names]
                assert found == sorted(found), (name, etree.tostring(one)[:600])


@pytest.mark.parametrize("what", DOCUMENTS)
def test_it_is_read_back_without_loss(what):
    document = DOCUMENTS[what]()
    content = document_docx(document)
    again = io.BytesIO()
    docx.Document(io.BytesIO(content)).save(again)
    texts = [
        "".join(one.text or "" for root in parts_of(some).values() for one in root.iter(f"{W}t"))
        for some in (content, again.getvalue())
    ]
    assert texts[0] == texts[1]
    if what.startswith("charts"):
        return
    shown = "（无）" if what == EMPTY else ""
    assert shown in texts[0], "an empty table says so instead of showing heads"
    for text in document.texts() if not shown else ():
        for line in printable(text).split("\n"):
            assert line.replace("\t", "") in texts[0], line


def test_pages_styles_and_spacing_are_those_of_the_standard():
    found = opened(annexed())
    upright, *turned, last = found.sections
    for section in (upright, last):
        assert section.orientation == WD_ORIENT.PORTRAIT
        assert (section.top_margin, section.left_margin) == pytest.approx((Mm(37), Mm(28)), abs=700)
        text = section.page_height - section.top_margin - section.bottom_margin
        assert text == pytest.approx(Mm(225), abs=1500)
        grid = section._sectPr.find(qn("w:docGrid"))
        assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    assert turned
    assert all(section.orientation == WD_ORIENT.LANDSCAPE for section in turned)
    faces = {"Normal": "仿宋_GB2312", "Heading 1": "黑体", "Heading 2": "楷体_GB2312"}
    for name, face in faces.items():
        style = found.styles[name]
        assert style.font.size == Pt(16)
        fonts = style.element.rPr.rFonts
        assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia")} == {face}
        assert not [key for key in fonts if "Theme" in key]
    assert found.settings.odd_and_even_pages_header_footer
    heads = [p.style.name for p in found.paragraphs if p.text in ("一、总体情况", "（一）考评方法")]
    assert heads == ["Heading 1", "Heading 2"]


def test_a_draft_has_its_watermark_in_the_heads_of_odd_and_even_pages():
    section = opened(draft()).sections[0]
    for header in (section.header, section.even_page_header):
        assert "草稿" in etree.tostring(header._element, encoding="unicode")
    plain = opened(official()).sections[0]
    assert "草稿" not in etree.tostring(plain.header._element, encoding="unicode")


def test_equal_content_gives_equal_bytes():
    assert document_docx(annexed()) == document_docx(annexed())


# --- as an office suite sets it -------------------------------------------------------------------


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """A docx as LibreOffice prints it."""
    if shutil.which("soffice") is None:
        assert os.environ.get("CI") != "true", "setup.sh office installs it"
        pytest.skip("没有 LibreOffice（setup.sh office）")
    place = tmp_path_factory.mktemp("suite")

    def printed(document):
        (place / "one.docx").write_bytes(document_docx(document))
        words = ["soffice", f"-env:UserInstallation=file://{place}/profile", "--headless"]
        done = subprocess.run(
            [*words, "--convert-to", "pdf", "--outdir", place, place / "one.docx"],
            capture_output=True, check=True, timeout=120,
        )  # fmt: skip
        assert (place / "one.pdf").exists(), done.stderr
        return pdfplumber.open(io.BytesIO((place / "one.pdf").read_bytes()))

    return printed


@pytest.mark.slow
@pytest.mark.parametrize("characters", [100, 900, 1900])
def test_an_office_suite_sets_as_many_pages(suite, characters):
    document = official(body=[Paragraph(f"{PLAIN}{PLAIN}"[:characters])])
    ours, theirs = set_in_pdf(document).pages, suite(document).pages
    assert abs(len(ours) - len(theirs)) <= 1
    full = lines([c for c in theirs[0].chars if abs(c["size"] - 16) < 0.1])
    assert any(len(line) == 28 for line in full)


@pytest.mark.slow
def test_an_office_suite_puts_the_foot_at_the_end_of_the_block(suite):
    for document in (official(body=[Paragraph(PLAIN[:500])]), annexed()):
        last = suite(document).pages[-1]
        words = {one["text"]: one for one in last.extract_words()}
        copied = next(one for text, one in words.items() if text.startswith("抄送"))
        printed = next(one for text, one in words.items() if text.startswith(HEAD.printed_by[:6]))
        assert printed["top"] > copied["top"] > 220 * MM
        assert printed["bottom"] < (37 + 225 + 4) * MM


@pytest.mark.slow
def test_an_office_suite_centres_name_and_day_on_each_other(suite):
    document = suite(official(body=[Paragraph(PLAIN[:100])]))
    words = [one for page in document.pages for one in page.extract_text_lines()]
    name = next(one for one in words if one["text"] == HEAD.signed_by)
    day = next(one for one in words if re.sub(r"\s", "", one["text"]) == "2025年1月20日")
    middles = [(one["x0"] + one["x1"]) / 2 for one in (name, day)]
    assert abs(middles[0] - middles[1]) < 3 * MM


@pytest.mark.slow
def test_an_office_suite_repeats_the_heads_of_a_long_table(suite):
    pages = [p.extract_text() for p in suite(official(annexes=[("表", (table(),))])).pages]
    rows = [text for text in pages if "市示例" in text]
    assert len(rows) > 1
    assert all("指标1" in text.replace(" ", "") for text in rows)
