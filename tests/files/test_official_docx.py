"""The official document as docx: laid out as its PDF is, in the schema's order, read back without loss."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import docx
import pdfplumber
import pytest
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kaoping.core.report.document import (
    Bar,
    BarChart,
    Heading,
    HeatMap,
    Paragraph,
    Part,
    printable,
)
from kaoping.core.report.hand_signing import document_digest, paper_code, spaced_digest
from kaoping.core.report.scoring_report import build_report
from kaoping.files.docx import document_docx
from kaoping.files.layout import cells_of, lines_of_title, title_lines
from tests.core.report.test_scoring_report import assessed_of
from tests.examples import COUNTY
from tests.files.official import (
    BODY,
    CHECKPOINT,
    HEAD,
    MM,
    PLAIN,
    UP,
    annexed,
    codes_on,
    draft,
    final,
    lines,
    official,
    paper,
    set_in_pdf,
    table,
)
from tests.files.test_official_pdf import BAD, HEIGHT, TEXT_LEFT, TEXT_TOP, WIDTH
from tests.made_once import made_once

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


def long_document(headings=1):
    """With so many parts that it surely has more than ten pages."""
    parts = [
        Part((Heading(2, f"第{n}单位"), table(rows=2)), landscape=True, annex="" if n else "明细")
        for n in range(11)
    ]
    more = tuple(Heading(2, f"（{n}）小标题") for n in range(headings))
    return replace(official(), parts=(Part((*BODY, *more)), *parts))


EMPTY = "an empty paragraph and no rows"
DOCUMENTS: dict[str, Callable[[], Document]] = {
    "without annexes": official,
    "with annexes": annexed,
    "draft": draft,
    "final": lambda: final(annexes=[("表", (table(rows=2),))]),
    "paper": paper,
    "long": long_document,
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


def test_a_draft_that_is_no_official_document_has_it_on_every_page_too():
    section = opened(replace(draft(), letterhead=None)).sections[0]
    for header in (section.first_page_header, section.header):
        assert "草稿" in etree.tostring(header._element, encoding="unicode")
    plain = opened(replace(official(), letterhead=None)).sections[0]
    assert "草稿" not in etree.tostring(plain.header._element, encoding="unicode")


def test_a_draft_has_its_watermark_in_the_heads_of_odd_and_even_pages():
    section = opened(draft()).sections[0]
    for header in (section.header, section.even_page_header):
        assert "草稿" in etree.tostring(header._element, encoding="unicode")
    plain = opened(official()).sections[0]
    assert "草稿" not in etree.tostring(plain.header._element, encoding="unicode")


def test_equal_content_gives_equal_bytes():
    assert document_docx(annexed()) == document_docx(annexed())


def test_it_is_no_document_of_an_older_word_and_says_what_may_stand_for_a_face():
    with zipfile.ZipFile(io.BytesIO(document_docx(official()))) as archive:
        settings, fonts = (
            archive.read("word/settings.xml").decode(),
            archive.read("word/fontTable.xml"),
        )
    assert re.search(r'compatibilityMode"[^>]*w:val="15"', settings)
    assert 'w:eastAsia="zh-CN"' in settings
    assert "updateFields" not in settings, "it asks nobody a question when it is opened"
    others = {
        font.get(f"{W}name"): [one.get(f"{W}val") for one in font.iter(f"{W}altName")]
        for font in etree.fromstring(fonts)
    }
    assert others["仿宋_GB2312"] == ["仿宋,FangSong"]


STYLES = ("Title", "Caption", "Header", "Footer", "toc 1", "toc 2", "附件标题", "TOC Heading")


@pytest.mark.parametrize("name", [*STYLES, *(f"Heading {level}" for level in (1, 2, 3))])
def test_styles_are_those_of_word_in_chinese_faces(name):
    style = opened(official()).styles[name]
    fonts = style.element.rPr.rFonts
    assert re.search(r"[一-鿿]", fonts.get(qn("w:eastAsia")))
    assert not [key for key in fonts.attrib if "Theme" in key]


def bookmarked(document):
    """The headings that an entry can lead to, by their bookmark."""
    body = document.element.body
    return {
        one.get(f"{W}name"): "".join(t.text for t in one.getparent().iter(f"{W}t"))
        for one in body.iter(f"{W}bookmarkStart")
    }


def entries_of(document):
    """Text and bookmark of each entry of the table of contents."""
    return [
        ("".join(t.text for t in one.iter(f"{W}t")), one.get(f"{W}anchor"))
        for one in document.element.body.iter(f"{W}hyperlink")
    ]


def test_a_long_document_has_a_table_of_contents_before_its_annexes():
    found = opened(long_document())
    entries = entries_of(found)
    heads = [
        "一、总体情况",
        "（一）考评方法",
        "（0）小标题",
        "明细",
        *(f"第{n}单位" for n in range(11)),
    ]
    assert [text for text, _ in entries] == heads
    marks = bookmarked(found)
    assert all(marks[anchor] == text for text, anchor in entries)
    codes = [one.text for one in found.element.body.iter(f"{W}instrText")]
    assert [code.split()[:3] for code in codes] == [["TOC", "\\o", '"1-2"']], "and no page number"
    ends = [one.get(f"{W}fldCharType") for one in found.element.body.iter(f"{W}fldChar")]
    assert ends == ["begin", "separate", "end"]
    order = [one.tag.removeprefix(W) for one in found.element.body]
    signed = next(
        n for n, p in enumerate(found.element.body) if HEAD.remark in "".join(p.itertext())
    )
    assert order.index("sdt") == signed + 1


def test_a_table_of_contents_takes_one_page():
    entries = [text for text, _ in entries_of(opened(long_document(headings=30)))]
    assert entries == ["一、总体情况", "明细"]


def test_a_short_document_has_no_table_of_contents():
    assert not entries_of(opened(annexed()))


def test_a_single_annex_has_no_number_and_several_have():
    one = [p.text for p in opened(official(annexes=[("得分表", (table(rows=2),))])).paragraphs]
    assert "附件" in one
    assert "附件：得分表" in one
    assert {"附件1", "附件2"} <= {p.text for p in opened(annexed()).paragraphs}


def test_a_note_is_the_last_row_and_the_rows_before_it_stay_with_it():
    found = opened(official(annexes=[("表", (table(rows=5),))]))
    rows = found.tables[0].rows
    assert "注：" in rows[-1].cells[0].text
    kept = [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in rows[2:]]
    assert kept == [False, False, False, True, True, False]


@given(st.integers(1, 300), st.sampled_from([(22, 156), (18, 225), (19, 162)]))
def test_a_title_is_broken_into_lines_of_nearly_equal_length(length, given_room):
    size, room = given_room
    most = int(room * MM / size)
    lines = title_lines("题" * length, size, room)
    assert "".join(lines) == "题" * length
    assert len(lines) == -(-length // most), "no more lines than it needs"
    assert max(map(len, lines)) <= most
    assert max(map(len, lines)) - min(map(len, lines)) <= 1


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "关于2024年度绩效考评指标考核评分情况的报告",
            ("关于2024年度绩效考评", "指标考核评分情况的报告"),
        ),
        (
            "关于提请审议2024年度绩效考评指标考核评分情况报告的汇报",
            ("关于提请审议2024年度绩效考评", "指标考核评分情况报告的汇报"),
        ),
        (
            "关于印发《全市2024年度绩效考评结果》的通知",
            ("关于印发《全市2024年度", "绩效考评结果》的通知"),
        ),
        ("关于绩效的通报", ("关于绩效的通报",)),
    ],
)
def test_lines_of_a_title_tear_no_word(title, lines):
    assert title_lines(title, 22, 156) == lines


@given(st.text("关于绩效考评2024年《》，的一二", max_size=120))
def test_lines_of_a_title_lose_nothing_and_stay_within_their_room(title):
    lines = title_lines(title, 22, 156)
    assert "".join(lines) == title
    assert all(cells_of(line) <= 20 for line in lines)


def test_where_the_end_of_the_text_is_in_doubt_an_even_page_is_begun():
    starts = [section.start_type for section in opened(official(body=[table(rows=3)])).sections]
    assert starts[1:] == [WD_SECTION.EVEN_PAGE]
    assert len(opened(official(body=[Paragraph(PLAIN[:500])])).sections) == 1


def test_no_page_holds_a_signature_alone():
    found = opened(
        official(
            body=[Paragraph(PLAIN), Paragraph("特此报告。")], annexes=[("表", (table(rows=2),))]
        )
    )
    texts = [one.text for one in found.paragraphs]
    first, last = texts.index("特此报告。"), texts.index(f"（{HEAD.remark}）")
    kept = [one.paragraph_format.keep_with_next for one in found.paragraphs[first:last]]
    assert all(kept)
    assert not found.paragraphs[first - 1].paragraph_format.keep_with_next


def test_a_long_title_is_broken_as_in_the_pdf():
    document = official(title="关于二〇二四年度全市各部门各单位绩效考评结果和名次的情况通报")
    title = next(p for p in opened(document).paragraphs if p.style.name == "Title")
    assert title.text.split("\n") == list(lines_of_title(document))
    assert len(lines_of_title(document)) == 2


# --- as an office suite sets it -------------------------------------------------------------------


NOTED = range(17, 29)
"""Rows of tables that end about the foot of a page."""
SET: dict[str, Callable[[], Document]] = {
    "100 characters": lambda: official(body=[Paragraph(PLAIN[:100])]),
    "500 characters": lambda: official(body=[Paragraph(PLAIN[:500])]),
    "900 characters": lambda: official(body=[Paragraph(PLAIN[:900])]),
    "1900 characters": lambda: official(body=[Paragraph(f"{PLAIN}{PLAIN}"[:1900])]),
    "five pages": lambda: official(
        body=[Paragraph(PLAIN[:500])], annexes=[("各单位得分和名次", (table(rows=45),))]
    ),
    "with annexes": annexed,
    "draft": draft,
    "final": lambda: final(annexes=[("表", (table(rows=2),))]),
    "paper": paper,
    "long": long_document,
    "report": lambda: build_report(assessed_of(COUNTY)),
    "notes": lambda: official(annexes=[(f"表{n}", (table(rows=n),)) for n in NOTED]),
    **{what: partial(official, **more) for what, more in BAD.items()},
    "a reason of 5,000 characters": lambda: official(
        body=[], annexes=[("原因", (table(rows=2, columns=2, cell="理" * 5000),))]
    ),
}


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """Documents as LibreOffice prints them, all in one go."""
    if shutil.which("soffice") is None:
        assert os.environ.get("CI") != "true", "setup.sh office installs it"
        pytest.skip("没有 LibreOffice（setup.sh office）")
    numbers = {what: number for number, what in enumerate(SET)}

    def make(place):
        paths = [place / f"{number}.docx" for number in numbers.values()]
        for what, path in zip(SET, paths, strict=True):
            path.write_bytes(document_docx(SET[what]()))
        words = ["soffice", f"-env:UserInstallation=file://{place}/profile", "--headless"]
        done = subprocess.run(
            [*words, "--convert-to", "pdf", "--outdir", place, *paths],
            capture_output=True, check=True, timeout=180,
        )  # fmt: skip
        assert all(path.with_suffix(".pdf").exists() for path in paths), done.stderr

    place = made_once(tmp_path_factory, "official-documents", make)

    def printed(what):
        content = (place / f"{numbers[what]}.pdf").read_bytes()
        return pdfplumber.open(io.BytesIO(content))

    return printed


def blank_pages(pages):
    """How many pages an office suite leaves out of a PDF because nothing stands on them."""
    return sum(all(char["size"] > 100 for char in one.chars) for one in pages)


@pytest.mark.slow
def test_a_document_of_five_pages_has_as_many_in_an_office_suite(suite):
    ours = set_in_pdf(SET["five pages"]()).pages
    assert len(ours) - blank_pages(ours) == 5
    assert abs(len(suite("five pages").pages) - 5) <= 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "what", ["100 characters", "900 characters", "1900 characters", "with annexes"]
)
def test_an_office_suite_sets_as_many_pages(suite, what):
    ours, theirs = set_in_pdf(SET[what]()).pages, suite(what).pages
    assert abs(len(ours) - blank_pages(ours) - len(theirs)) <= 1
    if "characters" in what:
        full = lines([c for c in theirs[0].chars if abs(c["size"] - 16) < 0.1])
        assert any(len(line) == 28 for line in full)


@pytest.mark.slow
def test_an_office_suite_sets_the_report_of_a_run_on_as_many_pages(suite):
    theirs = [page for page in suite("report").pages if "目录" not in page.extract_text()]
    ours = set_in_pdf(SET["report"]()).pages
    assert abs(len(ours) - blank_pages(ours) - len(theirs)) <= 1


def rules(page):
    """The heights of rules across the text block, from above, in millimetres."""
    drawn = (*page.lines, *page.rects, *page.curves)
    broad = [one for one in drawn if one["x1"] - one["x0"] > 150 * MM]
    return sorted({round(one["bottom"] / MM, 1) for one in broad})


@pytest.mark.slow
@pytest.mark.parametrize(
    "what", ["100 characters", "500 characters", "900 characters", "with annexes"]
)
def test_an_office_suite_puts_the_foot_where_the_pdf_has_it(suite, what):
    """Below text, alone behind an odd page, and behind landscape annexes."""
    theirs, ours = suite(what).pages[-1], set_in_pdf(SET[what]()).pages[-1]
    pairs = list(zip(rules(theirs)[-3:], rules(ours)[-3:], strict=True))
    assert len(pairs) == 3
    assert all(abs(one - other) < 2 for one, other in pairs), pairs
    text = theirs.extract_text()
    assert "抄送" in text
    number = re.search(r"— (\d+) —", text)
    assert number is not None
    assert int(number[1]) % 2 == 0


@pytest.mark.slow
@pytest.mark.parametrize("what", ["with annexes", "report"])
def test_an_office_suite_puts_numbers_of_turned_pages_at_the_foot_of_the_upright_sheet(suite, what):
    turned = 0
    for page in suite(what).pages:
        if page.width < page.height:
            continue
        turned += 1
        number = [c for c in page.chars if c["x1"] < 30 * MM]
        digits = "".join(c["text"] for c in number if c["text"].isdigit())
        assert min(c["x0"] for c in number) > 20 * MM
        top, bottom = min(c["top"] for c in number), max(c["bottom"] for c in number)
        if int(digits) % 2:
            assert bottom == pytest.approx(page.height - 26 * MM - 14, abs=2 * MM)
        else:
            assert top == pytest.approx(28 * MM + 14, abs=2 * MM)
    assert turned


@pytest.mark.slow
def test_an_office_suite_lets_no_note_stand_alone(suite):
    noted = [t for page in suite("notes").pages if "注：" in (t := page.extract_text())]
    assert len(noted) == len(NOTED)
    assert min(text.count("市示例") for text in noted) >= 2


@pytest.mark.slow
def test_an_office_suite_shows_the_entries_of_the_contents_on_one_page(suite):
    (page,) = [one for one in suite("long").pages if "目录" in one.extract_text()]
    said = page.extract_text().replace(" ", "").split("\n")
    assert said[0] == "目录"
    assert said[1:-1] == [text for text, _ in entries_of(opened(long_document()))]


@pytest.mark.slow
@pytest.mark.parametrize("what", BAD)
def test_an_office_suite_sets_bad_data_inside_its_pages(suite, what):
    document = suite(what)
    for page in document.pages:
        for one in page.chars:
            assert one["x0"] > 15 * MM, one
            assert one["x1"] < page.width - 15 * MM, one
            assert one["top"] > 15 * MM, one
            assert one["bottom"] < page.height - 15 * MM, one
    counted = "".join(c["text"] for page in document.pages for c in page.chars)
    for word, one, times in (
        ("name", "某", 600), ("title", "某", 43), ("reason", "理", 10_000), ("narrow", "理", 590)
    ):  # fmt: skip
        assert word not in what or counted.count(one) == times


@pytest.mark.slow
def test_an_office_suite_centres_name_and_day_on_each_other(suite):
    words = [one for page in suite("100 characters").pages for one in page.extract_text_lines()]
    name = next(one for one in words if one["text"] == HEAD.signed_by)
    day = next(one for one in words if re.sub(r"\s", "", one["text"]) == "2025年1月20日")
    middles = [(one["x0"] + one["x1"]) / 2 for one in (name, day)]
    assert abs(middles[0] - middles[1]) < 3 * MM


@pytest.mark.slow
def test_an_office_suite_repeats_the_heads_of_a_long_table(suite):
    rows = [
        text for page in suite("with annexes").pages if "市示例" in (text := page.extract_text())
    ]
    assert len(rows) > 2
    assert all("指标1" in text.replace(" ", "") for text in rows)


@pytest.mark.slow
def test_an_office_suite_shows_head_and_foot_alike(suite):
    pages = suite("final").pages
    line = next(one for one in pages[0].extract_text_lines() if "签发人" in one["text"])
    assert re.sub(r"\s", "", line["text"]) == f"{UP.number}签发人：甲某某乙某"
    assert abs(line["x0"] - (TEXT_LEFT + WIDTH / 28)) < 3 * MM
    last = pages[-1]
    assert codes_on(last) == [CHECKPOINT.code]
    lowest = max(one["bottom"] for one in (*last.lines, *last.rects))
    assert abs(lowest - (TEXT_TOP + HEIGHT)) < 2 * MM
    numbers = [w for w in last.extract_words() if w["text"] == "—"]
    assert numbers
    assert all(one["top"] > lowest + 4 * MM for one in numbers)


@pytest.mark.slow
def test_an_office_suite_shows_the_code_of_a_paper(suite):
    pages = suite("paper").pages
    digest = document_digest(SET["paper"]())
    assert codes_on(pages[0]) == [paper_code(digest)]
    assert all(spaced_digest(digest) in page.extract_text() for page in pages)
