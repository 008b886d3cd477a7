"""Automatic numbers of text documents, and documents as other programs write them."""

from __future__ import annotations

import io
import re
import shutil
import subprocess

import docx
import pytest
from docx.oxml import parse_xml

from kaoping.files.numerals import numeral
from kaoping.files.word import read_docx
from tests.files.word_samples import (
    NAMESPACES,
    cell,
    document,
    level,
    listed,
    numbering,
    paragraph,
    row,
    table,
)

NAME = "附件1.docx"


def lines(body: str, **parts) -> list[str]:
    return list(read_docx(document(body, **parts), NAME).lines)


OFFICIAL = (
    level(0, "chineseCounting", "%1、"),
    level(1, "chineseCounting", "（%2）"),
    level(2, "decimal", "%3."),
)


def test_the_ranks_of_an_official_text():
    body = "".join(
        listed(text, 1, at)
        for text, at in [
            ("甲", 0),
            ("乙", 1),
            ("丙", 2),
            ("丁", 2),
            ("戊", 1),
            ("己", 2),
            ("庚", 0),
            ("辛", 1),
        ]
    )
    found = lines(body, numbering=numbering(*OFFICIAL))
    assert found == ["一、甲", "（一）乙", "1.丙", "2.丁", "（二）戊", "1.己", "二、庚", "（一）辛"]


def test_articles_count_through_the_chapters():
    levels = (
        level(0, "chineseCountingThousand", "第%1章 "),
        level(1, "chineseCountingThousand", "第%2条 ", '<w:lvlRestart w:val="0"/>'),
    )
    body = "".join(listed(f"文{at}", 1, at) for at in (0, 1, 1, 0, 1))
    found = lines(body, numbering=numbering(*levels))
    assert found == ["第一章 文0", "第一条 文1", "第二条 文1", "第二章 文0", "第三条 文1"]


def test_a_level_may_start_anew_after_a_certain_one_only():
    levels = (*OFFICIAL[:2], level(2, "decimal", "%3.", '<w:lvlRestart w:val="1"/>'))
    body = "".join(listed("", 1, at) for at in (0, 1, 2, 1, 2, 0, 1, 2))
    assert lines(body, numbering=numbering(*levels)) == (
        ["一、", "（一）", "1.", "（二）", "2.", "二、", "（一）", "1."]
    )


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("", ["一、甲", "二、乙", "三、丙"]),
        (
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>',
            ["一、甲", "一、乙", "二、丙"],
        ),
        (
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>',
            ["一、甲", "五、乙", "六、丙"],
        ),
        (
            f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "%1.")}</w:lvlOverride>',
            ["一、甲", "II.乙", "III.丙"],
        ),
    ],
)
def test_lists_of_one_scheme_count_on_unless_they_start_anew(override, expected):
    lists = f'<w:num w:numId="2"><w:abstractNumId w:val="0"/>{override}</w:num>'
    body = listed("甲", 1) + listed("乙", 2) + listed("丙", 2)
    assert lines(body, numbering=numbering(*OFFICIAL, lists=lists)) == expected


def test_numbers_by_style_and_by_a_style_based_on_it():
    styles = (
        '<w:style w:type="paragraph" w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="H2"><w:basedOn w:val="H1"/><w:pPr><w:numPr>'
        '<w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="H3"><w:basedOn w:val="H2"/></w:style>'
    )
    levels = (*OFFICIAL[:2], level(2, "decimal", "%3.", '<w:pStyle w:val="H3"/>'))
    body = "".join(paragraph(one, f'<w:pStyle w:val="{one}"/>') for one in ("H1", "H2", "H3"))
    off = '<w:pStyle w:val="H1"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    found = lines(body + paragraph("无号", off), styles=styles, numbering=numbering(*levels))
    assert found == ["一、H1", "（一）H2", "1.H3", "无号"]


def test_a_scheme_that_points_to_a_style_of_lists():
    parts = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="S"/></w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="S"/>{OFFICIAL[0]}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    assert lines(listed("甲", 1), numbering=parts) == ["一、甲"]


def test_plain_digits_for_all_levels():
    levels = (OFFICIAL[0], level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    assert lines(listed("甲", 1) + listed("乙", 1, 1), numbering=numbering(*levels)) == [
        "一、甲",
        "1.1乙",
    ]


def test_a_blank_follows_a_number_where_it_would_touch_the_text():
    spaced = [one.replace('<w:suff w:val="nothing"/>', "") for one in OFFICIAL]
    body = listed("总则", 1) + listed("2024年数据", 1, 2)
    assert lines(body, numbering=numbering(*spaced)) == ["一、总则", "1. 2024年数据"]


def test_bullets_of_symbol_fonts_and_hidden_numbers():
    levels = (
        level(0, "bullet", "\uf06c"),
        level(1, "decimal", "%2.", "<w:rPr><w:vanish/></w:rPr>"),
        level(2, "none", ""),
    )
    body = "".join(listed("甲", 1, at) for at in range(3))
    assert lines(body, numbering=numbering(*levels)) == ["•甲", "甲", "甲"]


def test_deleted_paragraphs_take_no_number():
    gone = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr>'
        "</w:pPr><w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>"
    )
    body = listed("甲", 1) + gone + listed("乙", 1)
    assert lines(body, numbering=numbering(*OFFICIAL)) == ["一、甲", "二、乙"]


def test_numbers_of_former_properties_do_not_count():
    old = '<w:pPrChange><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange>'
    assert lines(paragraph("甲", old), numbering=numbering(*OFFICIAL)) == ["甲"]


def test_the_column_of_numbers_in_a_table():
    numbered = f"<w:tc>{listed('', 1)}</w:tc>"
    body = table(*(row(numbered, cell(one)) for one in "甲乙"))
    assert lines(body, numbering=numbering(level(0, "decimal", "%1"))) == ["1 | 甲", "2 | 乙"]


@pytest.mark.parametrize(
    ("style", "number", "shown"),
    [
        ("chineseCounting", 10, "十"),
        ("chineseCounting", 21, "二十一"),
        ("chineseCounting", 101, "一〇一"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("chineseCountingThousand", 101, "一百〇一"),
        ("chineseCountingThousand", 2005, "二千〇五"),
        ("chineseCountingThousand", 0, "〇"),
        ("japaneseCounting", 12, "十二"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 13, "13"),
        ("ideographDigital", 10, "一〇"),
        ("decimalEnclosedCircleChinese", 20, "⑳"),
        ("decimalEnclosedCircle", 51, "51"),
        ("decimalEnclosedParen", 2, "⑵"),
        ("decimalZero", 7, "07"),
        ("decimalFullWidth", 12, "１２"),
        ("upperLetter", 27, "AA"),
        ("lowerLetter", 3, "c"),
        ("lowerRoman", 1994, "mcmxciv"),
        ("someUnknownStyle", 3, "3"),
        ("upperRoman", 1_000_000, "1000000"),
    ],
)
def test_numerals(style, number, shown):
    assert numeral(number, style) == shown


# --- as an office suite sees it ----------------------------------------------------------------------


def made_by_a_library() -> bytes:
    made = docx.Document()
    schemes = made.part.numbering_part.element
    schemes.insert(
        0,
        parse_xml(
            _with_namespace(
                f'<w:abstractNum w:abstractNumId="70">{"".join(OFFICIAL)}</w:abstractNum>'
            )
        ),
    )
    schemes.append(
        parse_xml(_with_namespace('<w:num w:numId="70"><w:abstractNumId w:val="70"/></w:num>'))
    )
    made.add_heading("某市2024年度考评方案", 0)
    for text, at in [
        ("总体要求", 0),
        ("指导思想", 1),
        ("坚持公平", 2),
        ("坚持公开", 2),
        ("考评对象", 0),
        ("甲类", 1),
    ]:
        properties = made.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(
            parse_xml(
                _with_namespace(f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="70"/></w:numPr>')
            )
        )
    made.add_paragraph("第一步", style="List Number")
    made.add_paragraph("第二步", style="List Number")
    cells = made.add_table(2, 2)
    for at, text in enumerate(("任务", "分值", "甲", "10")):
        cells.cell(*divmod(at, 2)).text = text
    made.add_paragraph("完")
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _with_namespace(text: str) -> str:
    return re.sub(r"^<[\w:]+", rf"\g<0> {NAMESPACES.split()[0]}", text)


LIBRARY_LINES = [
    *(
        "某市2024年度考评方案",
        "一、总体要求",
        "（一）指导思想",
        "1.坚持公平",
        "2.坚持公开",
        "二、考评对象",
    ),
    *("（一）甲类", "1. 第一步", "2. 第二步", "任务 | 分值", "甲 | 10", "完"),
]


def test_a_document_made_by_a_library():
    assert list(read_docx(made_by_a_library(), NAME).lines) == LIBRARY_LINES


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_an_office_suite_shows_the_same(tmp_path):
    """Its text export has the same words; its own docx reads the same."""
    (tmp_path / "a.docx").write_bytes(made_by_a_library())

    def convert(name, kind, folder):
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", folder, name]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)

    convert("a.docx", "odt", "odt")
    convert("odt/a.odt", "docx", "again")
    convert("a.docx", "txt:Text (encoded):UTF8", "txt")
    assert list(read_docx((tmp_path / "again/a.docx").read_bytes(), NAME).lines) == LIBRARY_LINES
    exported = (tmp_path / "txt/a.txt").read_text("utf-8-sig")
    ours = "".join(LIBRARY_LINES).replace("|", "")
    assert "".join(exported.split()) == "".join(ours.split())
