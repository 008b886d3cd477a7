"""GB/T 9704-2012, measured on the page: block, lines, characters, faces, red, numbers, heads, 版记."""

from __future__ import annotations

import io
import itertools
import os
import re
from dataclasses import replace
from typing import Any

import pdfplumber
import pypdf
import pytest
import typst

from kaoping.core.errors import EnvironmentFault
from kaoping.core.report.document import (
    Column,
    Paragraph,
    RowKind,
    SignatureLine,
    TableBlock,
    TableRow,
    body_rows,
)
from kaoping.core.report.scoring_report import build_report
from kaoping.files.fonts import FACES, FALLBACK, STAND_INS, find_faces
from kaoping.files.pdf import document_pdf
from tests.core.report.test_scoring_report import assessed_of
from tests.examples import CITY, COUNTY
from tests.files.official import (
    HEAD,
    MM,
    PLAIN,
    annexed,
    draft,
    lines,
    official,
    said,
    set_in_pdf,
    table,
    written,
)
from tests.files.test_outputs import county  # noqa: F401 - a fixture

if not STAND_INS.joinpath("fandol").exists():
    assert os.environ.get("CI") != "true", "set-up puts them there"
    pytest.skip("no stand-ins for the faces of the standard", allow_module_level=True)

TEXT_TOP, TEXT_LEFT, WIDTH, HEIGHT = 37 * MM, 28 * MM, 156 * MM, 225 * MM
HAIR = 0.6
"""Points within which something stands where it should."""


@pytest.fixture(scope="module")
def plain():
    return set_in_pdf(official())


@pytest.fixture(scope="module")
def long():
    return set_in_pdf(annexed())


def number_of(page):
    """The characters of a page's number: nothing else is set in 宋体."""
    face = find_faces().families["宋体"][0].replace(" ", "")
    return [c for c in page.chars if face in c["fontname"]]


def is_red(one):
    colours = (one.get("non_stroking_color") or (), one.get("stroking_color") or ())
    return any(_is_red(list(map(float, colour))) for colour in colours)


def _is_red(colour):
    return len(colour) == 3 and colour[0] > 0.5 and max(colour[1:]) < 0.5 * colour[0]


def test_pages_are_a4_with_22_lines_of_28_characters(plain):
    page = plain.pages[1]
    assert (round(page.width / MM), round(page.height / MM)) == (210, 297)
    full = lines(written(page))
    assert len(full) == 22
    assert {len(line) for line in full[:5]} == {28}
    pitches = {round((b[0]["top"] - a[0]["top"]) / MM, 1) for a, b in itertools.pairwise(full)}
    assert pitches == {round(225 / 22, 1)}


def test_the_text_fills_the_block_and_nothing_stands_outside_but_the_page_number(plain):
    for page in plain.pages:
        for one in page.chars:
            if one not in number_of(page):
                assert one["x0"] >= TEXT_LEFT - HAIR
                assert one["top"] >= TEXT_TOP - HAIR
                assert one["bottom"] <= TEXT_TOP + HEIGHT + HAIR, one
                if one["text"] not in "，。、；：）》”〕":  # whose right half is empty
                    assert one["x1"] <= TEXT_LEFT + WIDTH + HAIR, one
    full = lines(written(plain.pages[1]))[1]
    assert abs(full[0]["x0"] - TEXT_LEFT) < HAIR
    assert abs(full[-1]["x1"] - (TEXT_LEFT + WIDTH)) < HAIR + abs(156 * MM / 28 - 16)


def test_page_numbers_stand_outside_odd_right_even_left_below_the_block(long):
    for number, page in enumerate(long.pages, 1):
        found = number_of(page)
        if not found:
            assert number >= len(long.pages) - 1, "only a blank page and 版记 after it have none"
            continue
        assert "".join(c["text"] for c in found) == f"— {number} —"
        if page.height > page.width:
            assert found[0]["top"] > TEXT_TOP + HEIGHT + 5 * MM
            is_right = found[0]["x0"] > page.width / 2
            assert is_right == bool(number % 2)
        else:  # the same place of the turned sheet
            assert max(one["x1"] for one in found) < 35 * MM
            is_low = found[0]["top"] > page.height / 2
            assert is_low == bool(number % 2)


def test_faces_are_those_of_the_standard_or_their_stand_ins(plain):
    families = find_faces().families
    head = next(c for c in written(plain.pages[0]) if c["text"] == "总")
    body = next(c for c in written(plain.pages[1]))
    second = next(c for page in plain.pages for c in written(page) if c["text"] == "（")
    for one, face in ((head, "黑体"), (body, "仿宋"), (second, "楷体")):
        wanted = families[face][0].split()[0].replace("Noto", "NotoSansCJK")
        assert wanted in one["fontname"], (one["text"], one["fontname"], face)
    assert body["size"] == head["size"] == second["size"] == 16


def test_sizes_of_the_title_and_of_the_mark(plain):
    page = plain.pages[0]
    title = written(page, 22)
    assert said(title) == "关于2024年度绩效考评结果的通报"
    middle = (min(c["x0"] for c in title) + max(c["x1"] for c in title)) / 2
    assert abs(middle - (TEXT_LEFT + WIDTH / 2)) < 2
    mark = [c for c in page.chars if is_red(c)]
    assert said(mark) == HEAD.authority
    assert abs(min(c["top"] for c in mark) - (TEXT_TOP + 35 * MM)) < 2 * MM


def of_page(page):
    return (*page.chars, *page.lines, *page.rects, *page.curves)


def test_red_are_the_mark_and_its_rule_alone(long):
    for number, page in enumerate(long.pages):
        red = [one for one in of_page(page) if is_red(one)]
        assert bool(red) == (number == 0)
    (rule,) = [one for one in (*long.pages[0].lines, *long.pages[0].rects) if is_red(one)]
    assert abs(rule["x1"] - rule["x0"] - WIDTH) < HAIR
    number = written(long.pages[0])
    below = max(c["bottom"] for c in number if c["text"] in "〔〕")
    assert abs(rule["top"] - below - 4 * MM) < 2 * MM


def test_what_belongs_to_it_stands_in_its_place(plain):
    text = "".join(page.extract_text() for page in plain.pages)
    order = [
        "文件",
        HEAD.number,
        "通报",
        HEAD.addressed_to,
        "一、总体情况",
        "（一）考评方法",
    ]
    order += [
        HEAD.signed_by,
        "2025年1月20日",
        f"（{HEAD.remark}）",
        "市委各部门，市人大常委会办公室",
        "印发",
    ]
    at = 0
    for one in order:
        found = text.replace("\n", "").find(one, at)
        assert found >= at, one
        at = found + len(one)


def test_name_and_day_stand_centred_under_each_other(plain):
    page = next(p for p in plain.pages if "2025年1月20日" in p.extract_text())
    name, day = [
        line for line in lines(written(page)) if said(line) in (HEAD.signed_by, "2025年1月20日")
    ]
    middles = [(line[0]["x0"] + line[-1]["x1"]) / 2 for line in (name, day)]
    assert abs(middles[0] - middles[1]) < 4
    assert day[0]["top"] - name[0]["top"] == pytest.approx(225 / 22 * MM, abs=1)


def test_the_foot_stands_at_the_end_of_an_even_page(plain, long):
    for document in (plain, long):
        assert len(document.pages) % 2 == 0
        last = document.pages[-1]
        foot = [c for c in written(last, 14) if c not in number_of(last)]
        assert "抄送" in said(foot)
        lowest = max(one["bottom"] for one in (*last.lines, *last.rects))
        assert abs(lowest - (TEXT_TOP + HEIGHT)) < 2


@pytest.mark.parametrize("characters", range(0, 700, 50))
def test_every_page_of_text_is_numbered_however_long_the_text_is(characters):
    document = set_in_pdf(official(body=[Paragraph(PLAIN[:100] + PLAIN[:characters])]))
    for number, page in enumerate(document.pages, 1):
        if written(page):
            assert "".join(c["text"] for c in number_of(page)) == f"— {number} —"


@pytest.mark.parametrize("characters", range(0, 1400, 175))
def test_it_ends_on_an_even_page_however_long_its_text_is(characters):
    document = set_in_pdf(official(body=[Paragraph(PLAIN[:100] + PLAIN[:characters])]))
    assert len(document.pages) % 2 == 0
    assert len(document.pages) <= 4
    for page in document.pages:
        bottom = [c["bottom"] for c in written(page)]
        assert not bottom or max(bottom) <= TEXT_TOP + HEIGHT + HAIR
    last = document.pages[-1]
    foot = min(c["top"] for c in written(last, 14) if c not in number_of(last))
    assert all(c["bottom"] < foot for c in written(last)), "nothing is set over it"


def test_annexes_are_named_under_the_text_and_begin_new_pages(long):
    text = "".join(page.extract_text() for page in long.pages[:5])
    assert re.search(r"附件：1．\s*各单位得分和名次", text)
    assert re.search(r"2．\s*需要说明的事项", text)
    begins = [
        page for page in long.pages if re.match(r"附件\s*\d$", page.extract_text().split("\n")[0])
    ]
    assert [page.width > page.height for page in begins] == [True, True]
    assert "各单位得分和名次" in begins[0].extract_text()


@pytest.mark.parametrize("characters", range(420, 540, 20))
def test_no_page_holds_a_signature_alone(characters):
    body = [Paragraph(PLAIN[:characters]), Paragraph("特此报告。")]
    document = set_in_pdf(official(body=body, annexes=[("得分表", (table(rows=2),))]))
    page = next(page for page in document.pages if "2025年1月20日" in page.extract_text())
    assert "特此报告。" in page.extract_text()
    assert "附件：得分表" in page.extract_text()


def test_a_single_annex_has_no_number():
    document = set_in_pdf(official(annexes=[("得分表", (table(rows=2),))]))
    text = "\n".join(page.extract_text() for page in document.pages)
    assert "附件：得分表" in text
    assert re.search(r"^附件$", text, re.MULTILINE)


def test_heads_of_a_long_table_are_on_each_of_its_pages(long):
    pages = [page.extract_text() for page in long.pages if page.width > page.height]
    rows = [text for text in pages if "市示例" in text]
    assert len(rows) > 2
    assert all("单位 指标1" in text and "各单位得分" in text for text in rows)


def test_a_note_and_places_to_sign_never_stand_alone():
    signed = SignatureLine(("汇总人", "日期"))
    counts = range(17, 29)
    document = set_in_pdf(
        official(annexes=[(f"表{rows}", (table(rows=rows), signed)) for rows in counts])
    )
    noted = [t for page in document.pages if "注：" in (t := page.extract_text()) or "汇总人" in t]
    assert len(noted) == len(counts)
    assert all(text.count("市示例") >= 2 and "汇总人" in text and "注：" in text for text in noted)


def test_landscape_pages_keep_to_the_turned_block(long):
    for page in (page for page in long.pages if page.width > page.height):
        words = [c for c in page.chars if c not in number_of(page)]
        assert min(c["x0"] for c in words) >= 35 * MM - HAIR
        assert max(c["x1"] for c in words) <= (297 - 37) * MM + HAIR
        assert min(c["top"] for c in words) >= 28 * MM - 2
        assert max(c["bottom"] for c in words) <= (210 - 26) * MM + HAIR


def test_a_draft_says_so_on_every_page_and_has_no_number():
    document = set_in_pdf(draft())
    for page in document.pages:
        large = [c for c in page.chars if c["size"] > 100]
        assert {c["text"] for c in large} == {"草", "稿"}
    text = document.pages[0].extract_text()
    assert "未签字" in text
    assert "〔" not in text
    assert not [c for page in set_in_pdf(official()).pages for c in page.chars if c["size"] > 100]


def test_a_draft_that_is_no_official_document_says_so_on_every_page_too():
    pages = set_in_pdf(replace(draft(annexes=[("得分", (table(),))]), letterhead=None)).pages
    assert len(pages) > 2
    for page in pages:
        assert "".join(c["text"] for c in page.chars if c["size"] > 100) == "草稿"


def test_its_keywords_say_in_which_faces_it_is_set_and_its_headings_are_bookmarks():
    content = document_pdf(annexed(), find_faces())
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert reader.metadata is not None
    keywords = str(reader.metadata["/Keywords"])
    assert keywords == find_faces().told
    assert all(face in keywords for face in FACES)
    titles = [one.title for one in reader.outline if not isinstance(one, list)]
    assert titles == ["一、总体情况", "各单位得分和名次", "需要说明的事项"]


@pytest.mark.parametrize("name", "喆堃昇祎镕玥彧㛃𠅤")
def test_rare_characters_of_names_print(name):
    document = set_in_pdf(official(body=[Paragraph(f"联系人：王{name}。")]))
    assert name in "".join(page.extract_text() for page in document.pages)


def test_a_character_that_no_face_has_is_named_with_its_place():
    with pytest.raises(EnvironmentFault) as refused:
        document_pdf(official(body=[Paragraph("联系人：王🧿。")]), find_faces())
    assert "🧿" in refused.value.zh
    assert "联系人" in refused.value.zh


def test_every_face_ends_with_one_that_knows_rare_characters():
    for families in find_faces().families.values():
        assert set(families) & set(FALLBACK)


def narrow(characters):
    columns = (Column("甲", 1), Column("乙", 11))
    return TableBlock("窄", columns, body_rows([("理" * characters, "短")]))


GROUPS = TableBlock(
    "分组",
    (Column("甲", 1), Column("乙", 1)),
    (
        TableRow(("第一组",), RowKind.GROUP),
        TableRow(("第二组",), RowKind.GROUP),
        TableRow(("一", "二")),
        TableRow(("第三组",), RowKind.GROUP),
    ),
)
BAD: dict[str, dict[str, Any]] = {
    "a name of 300 characters": {"head": replace(HEAD, signed_by="某" * 300, authority="某" * 300)},
    "a title of 300 characters": {"title": "关于某事的报告" * 43},
    "a reason of 5,000 characters": {
        "annexes": [("理由", (table(rows=2, columns=3, cell="理" * 5000),))]
    },
    "a long text in a narrow column": {"annexes": [("长", (narrow(590),))]},
    "a long text in ten columns": {
        "annexes": [("长", (table(rows=2, columns=10, cell="理" * 300),))]
    },
    "headings of rows and no rows": {"annexes": [("空", (GROUPS,))]},
    "figures of 12 digits": {"annexes": [("大数", (table(rows=40, cell="123456789012.34"),))]},
    "60 columns": {"annexes": [("宽表", (table(rows=2, columns=60),))]},
    "an empty paragraph and no rows": {
        "body": [Paragraph("")],
        "annexes": [("空", (table(rows=0),))],
    },
    "control characters": {"body": [Paragraph("一\x07二\x00三\u202e四")]},
}


@pytest.mark.parametrize("what", BAD)
def test_bad_data_breaks_no_layout_and_loses_no_text(what):
    document = set_in_pdf(official(**BAD[what]))
    counted = "".join(
        c["text"] for page in document.pages for c in page.chars if c not in number_of(page)
    )
    if "name" in what:
        assert counted.count("某") == 2 * 300
    if "title" in what:
        assert counted.count("关于某事的报告") == 43
    if "5,000" in what:
        assert counted.count("理") >= 5000 * 2 * 2
    if "narrow" in what:
        assert counted.count("理") == 590
    if "ten columns" in what:
        assert counted.count("理") == 300 * 9 * 2
    if "12 digits" in what:
        assert counted.count("123456789012.34") == 40 * 7
    if "60" in what:
        assert counted.count("1.25") == 59 * 2
    if "control" in what:
        assert "一二三四" in counted
    require_inside(document)


def require_inside(document):
    """Everything stands on its page, and everything but the number in the block, upright or turned."""
    for page in document.pages:
        is_upright = page.height > page.width
        left, top, right, bottom = (28, 37, 26, 35) if is_upright else (35, 28, 37, 26)
        number = set(map(id, number_of(page)))
        for one in page.chars:
            if id(one) in number or one["size"] > 100:
                continue
            assert one["x0"] >= left * MM - HAIR, one
            assert one["x1"] <= page.width - right * MM + 9, one  # a mark's empty half reaches out
            assert one["top"] >= top * MM - 2.5, one
            assert one["bottom"] <= page.height - bottom * MM + HAIR, one


@pytest.mark.parametrize("folder", [CITY, COUNTY], ids=lambda folder: folder.name)
def test_the_report_of_a_run_keeps_to_all_of_it(folder):
    document = set_in_pdf(build_report(assessed_of(folder)))
    require_inside(document)
    red = [number for number, page in enumerate(document.pages) if any(map(is_red, of_page(page)))]
    assert red == [0]
    assert len(document.pages) % 2 == 0


def test_a_unit_of_a_very_long_name_breaks_no_page_of_the_report():
    assessed = assessed_of(COUNTY)
    first = assessed.units[0]
    units = tuple(
        replace(unit, name="甲" * 300) if unit == first else unit for unit in assessed.scheme.units
    )
    document = set_in_pdf(
        build_report(replace(assessed, scheme=replace(assessed.scheme, units=units)))
    )
    require_inside(document)
    written_names = sum(char["text"] == "甲" for page in document.pages for char in page.chars)
    assert written_names >= 4 * 300, "in the tables of points and totals, as heading and as caption"


def test_the_report_that_a_run_writes_is_such_a_document(county):  # noqa: F811
    with pdfplumber.open(county / "report.pdf") as document:
        require_inside(document)
        for page in document.pages:
            assert sorted((page.width, page.height)) == pytest.approx([210 * MM, 297 * MM], abs=0.1)
        assert any(map(is_red, of_page(document.pages[0])))
        assert not any(map(is_red, of_page(document.pages[1])))


def test_typst_has_nothing_to_warn_of(monkeypatch):
    """Above all not of a layout that did not come to rest."""
    warned: list[str] = []
    compiled = typst.compile_with_warnings

    def heard(*args, **kwargs):
        pdf, warnings = compiled(*args, **kwargs)
        warned.extend(map(str, warnings))
        return pdf, warnings

    monkeypatch.setattr(typst, "compile_with_warnings", heard)
    for document in (official(), annexed(), draft(), *(official(**more) for more in BAD.values())):
        document_pdf(document, find_faces())
    assert warned == []


def test_equal_content_gives_equal_bytes():
    assert document_pdf(annexed(), find_faces()) == document_pdf(annexed(), find_faces())
