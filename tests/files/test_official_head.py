"""GB/T 9704-2012, 7.2 and 7.4: all elements of the head, and the journal's code in 版记; in PDF and docx."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from kaoping.core.report.document import DRAFT_MARK, Genre, Paragraph, printable
from kaoping.files.docx import document_docx
from kaoping.files.fonts import find_faces
from kaoping.files.pdf import document_pdf
from tests.files.official import (
    CHECKPOINT,
    HEAD,
    MM,
    PLAIN,
    UP,
    codes_on,
    draft,
    final,
    lines,
    official,
    said,
    set_in_pdf,
    table,
    written,
)
from tests.files.test_official_docx import ORDER, W, parts_of
from tests.files.test_official_pdf import (
    HEIGHT,
    TEXT_LEFT,
    TEXT_TOP,
    WIDTH,
    is_red,
    number_of,
    of_page,
    require_inside,
)

CELL = WIDTH / 28
PITCH = 225 / 22 * MM
THREE = replace(UP, approved_by=("甲某某", "乙某", "丙某某"))


@pytest.fixture(scope="module")
def up():
    return set_in_pdf(final())


@pytest.fixture(scope="module")
def three():
    return set_in_pdf(final(head=THREE))


def line_with(page, words):
    """The line of size 3 that holds words, from its left end."""
    for line in lines(written(page)):
        if words in said(line):
            return sorted(line, key=lambda one: one["x0"])
    raise AssertionError(words)


def face(one):
    return one["fontname"].split("+")[-1]


def family(name):
    return find_faces().families[name][0].split()[0].replace("Noto", "NotoSansCJK")


def test_copy_number_secrecy_and_urgency_stand_at_top_left_in_this_order(up):
    page = up.pages[0]
    rows = [line_with(page, words) for words in (UP.copy_number, UP.secrecy, UP.urgency)]
    assert abs(rows[0][0]["top"] - TEXT_TOP) < 3
    for row in rows:
        assert abs(row[0]["x0"] - TEXT_LEFT) < 2
        assert all(family("黑体") in one["fontname"] for one in row)
    for above, below in itertools.pairwise(rows):
        assert below[0]["bottom"] - above[0]["bottom"] == pytest.approx(PITCH, abs=1)


def test_in_a_draft_its_standing_comes_first_and_nothing_that_a_final_form_has():
    head = replace(draft().letterhead, secrecy="秘密★1年", urgency="特急", genre=Genre.REPORT)
    page = set_in_pdf(official(head=head, mark=DRAFT_MARK)).pages[0]
    tops = [line_with(page, words)[0]["top"] for words in (DRAFT_MARK, "秘密★1年", "特急")]
    assert tops == sorted(tops)
    assert "签发人" not in page.extract_text()
    assert "〔" not in page.extract_text()


def test_number_at_left_and_who_approved_at_right_each_a_character_from_the_edge(up):
    line = line_with(up.pages[0], "签发人：")
    assert said(line).replace("\u3000", "") == f"{UP.number}签发人：甲某某乙某"
    assert abs(line[0]["x0"] - (TEXT_LEFT + CELL)) < 1.5
    assert abs(line[-1]["x1"] - (TEXT_LEFT + WIDTH - CELL)) < 2.5
    for one in line:
        wanted = "楷体" if one["text"] in "甲乙某" else "仿宋"
        if one["text"].strip() and not one["text"].isascii():
            assert family(wanted) in one["fontname"], (one["text"], one["fontname"])


def test_more_names_stand_below_the_first_and_the_number_beside_the_last(three):
    page = three.pages[0]
    first, last = line_with(page, "签发人："), line_with(page, "丙某某")
    assert said(last).startswith(UP.number)
    assert UP.number not in said(first)
    assert last[0]["bottom"] - first[0]["bottom"] == pytest.approx(PITCH, abs=1)
    above = next(one for one in first if one["text"] == "甲")
    below = next(one for one in last if one["text"] == "丙")
    assert abs(above["x0"] - below["x0"]) < 0.5


def test_the_mark_stands_where_it_always_stands_and_the_rule_4_mm_below_the_number(up, three):
    for document in (up, three):
        page = document.pages[0]
        mark = [c for c in page.chars if is_red(c)]
        assert abs(min(c["top"] for c in mark) - (TEXT_TOP + 35 * MM)) < 2 * MM
        (rule,) = [one for one in (*page.lines, *page.rects) if is_red(one)]
        brackets = [c for c in line_with(page, UP.number) if c["text"] in "〔〕"]
        assert abs(rule["top"] - max(c["bottom"] for c in brackets) - 4 * MM) < 2 * MM


def test_of_what_goes_down_the_number_stands_in_the_middle_and_nobody_s_name():
    down = replace(UP, genre=Genre.CIRCULAR)
    page = set_in_pdf(official(head=down)).pages[0]
    line = line_with(page, UP.number)
    middle = (line[0]["x0"] + line[-1]["x1"]) / 2
    assert abs(middle - (TEXT_LEFT + WIDTH / 2)) < 2
    assert "签发人" not in page.extract_text()


@pytest.mark.parametrize("annexes", [0, 1])
def test_the_code_in_the_foot_of_the_last_even_page_is_the_checkpoint(annexes):
    document = set_in_pdf(final(annexes=[("表", (table(rows=2),))] * annexes))
    assert len(document.pages) % 2 == 0
    last = document.pages[-1]
    assert codes_on(last) == [CHECKPOINT.code]
    assert [codes_on(page) for page in document.pages[:-1]] == [[]] * (len(document.pages) - 1)
    foot = said([c for c in written(last, 14) if c not in number_of(last)])
    order = ["抄送", CHECKPOINT.words[:8], HEAD.printed_by]
    assert [foot.index(words) for words in order] == sorted(foot.index(words) for words in order)
    lowest = max(one["bottom"] for one in (*last.lines, *last.rects))
    assert abs(lowest - (TEXT_TOP + HEIGHT)) < 2
    require_inside(document)


@pytest.mark.parametrize("characters", range(0, 700, 100))
def test_the_foot_with_its_code_covers_nothing_however_long_the_text(characters):
    document = set_in_pdf(final(body=[Paragraph(PLAIN[: 100 + characters])]))
    assert len(document.pages) % 2 == 0
    last = document.pages[-1]
    foot = min(c["top"] for c in written(last, 14) if c not in number_of(last))
    assert all(c["bottom"] < foot for c in written(last))


def test_it_has_no_watermark_and_red_is_the_mark_with_its_rule_alone(up):
    for number, page in enumerate(up.pages):
        assert not [c for c in page.chars if c["size"] > 100]
        assert any(map(is_red, of_page(page))) == (number == 0)


def test_equal_content_gives_equal_bytes():
    assert document_pdf(final(), find_faces()) == document_pdf(final(), find_faces())
    assert document_docx(final()) == document_docx(final())


# --- docx -----------------------------------------------------------------------------------------


def paragraphs(document):
    return docx.Document(io.BytesIO(document_docx(document))).paragraphs


def body_of(document):
    return docx.Document(io.BytesIO(document_docx(document))).element.body


def test_a_docx_has_the_same_elements_in_the_same_order():
    found = paragraphs(final())
    texts = [one.text for one in found]
    assert texts[:3] == [UP.copy_number, UP.secrecy, UP.urgency]
    number = found[texts.index(f"\u3000{UP.number}\t签发人：甲某某\u3000乙\u3000某")]
    faces = [run._r.rPr.rFonts.get(qn("w:eastAsia")) for run in number.runs]
    assert faces == ["仿宋_GB2312", "楷体_GB2312"]
    (stop,) = number.paragraph_format.tab_stops
    assert stop.position == pytest.approx(Mm(156) - 12 * Mm(CELL / MM), abs=Mm(0.5))
    words = "".join(text.text or "" for text in body_of(final()).iter(f"{W}t"))
    assert CHECKPOINT.words in words
    for text in final().texts():
        assert printable(text) in words or "\n" in text or text in "图表", text


def test_the_mark_of_a_docx_stands_where_it_does_however_many_lines_are_above_it():
    def above(document, lines_above):
        spaces = (
            one.paragraph_format.space_before or 0
            for one in paragraphs(document)[: lines_above + 1]
        )
        return sum(spaces) + lines_above * Pt(579 / 20)

    assert above(final(), 3) == pytest.approx(above(official(), 1), abs=Mm(0.1))


def test_a_docx_of_three_names_has_the_number_beside_the_last():
    texts = [one.text for one in paragraphs(final(head=THREE))]
    at = texts.index("\t签发人：甲某某\u3000乙\u3000某")
    assert texts[at + 1] == f"\u3000{UP.number}\t丙某某"


def test_a_docx_keeps_the_order_of_the_schema_and_shows_the_code():
    content = document_docx(final())
    for root in parts_of(content).values():
        for kind, words in ORDER.items():
            order = words.split()
            for one in root.iter(f"{W}{kind}"):
                names = [
                    child.tag.removeprefix(W).replace("footerRef", "headerRef") for child in one
                ]
                found = [order.index(name) for name in names]
                assert found == sorted(found)
