"""Offices' own templates: read as Word stores them, judged, filled in, and opened by others."""

from __future__ import annotations

import io
import runpy
import shutil
import subprocess
import zipfile
from dataclasses import replace
from itertools import pairwise

import docx
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kaoping.core.errors import InputError
from kaoping.files import template_program
from kaoping.files.own_template import TemplateReport, look_at_template, read_template
from tests.examples import CITY, COUNTY, REPOSITORY
from tests.files.templates import (
    PARAGRAPH,
    W,
    assessed_of,
    cells,
    changed,
    filled,
    lines,
    part,
    template,
)

EXAMPLES = REPOSITORY / "examples" / "templates"
UNITS = ["东岭镇", "西河镇", "南坪镇", "北塘乡", "中寨乡", "河口镇"]


def problems_of(content, *, for_unit=False):
    with pytest.raises(InputError) as refused:
        read_template(content, "模板.docx", for_unit=for_unit)
    assert refused.value.problems
    return refused.value.problems


def the_one(content):
    (problem,) = problems_of(content)
    return problem


# --- placeholders ----------------------------------------------------------------------------------


def test_a_placeholder_takes_the_place_of_its_braces_and_nothing_else():
    assert lines(filled(template("共{{年度}}年，{{ 单位总数 }}个单位。"))) == [
        "共2024年，6个单位。"
    ]


def test_a_placeholder_spread_over_runs_takes_the_format_of_its_first():
    spread = (
        f"{PARAGRAPH}<w:r><w:rPr><w:b/></w:rPr><w:t>在{{</w:t></w:r><w:proofErr w:type='spellStart'/>"
        "<w:r><w:rPr><w:i/></w:rPr><w:t>{年</w:t></w:r><w:bookmarkStart w:id='1' w:name='a'/>"
        "<w:r><w:t>度}}年{{单位</w:t></w:r><w:bookmarkEnd w:id='1'/>"
        "<w:r><w:rPr><w:u w:val='single'/></w:rPr><w:t>总数}}</w:t><w:tab/><w:t>个</w:t></w:r></w:p>"
    )
    content = filled(template(spread))
    assert lines(content) == ["在2024年6\t个"]
    runs = {r.text: r for r in docx.Document(io.BytesIO(content)).paragraphs[0].runs}
    assert runs["2024"].bold
    assert not runs["2024"].italic
    assert not runs["6"].underline
    assert runs["\t个"].underline


def test_values_stay_text_and_are_never_looked_at_again():
    assessed = assessed_of(COUNTY)
    evil = '{{年度}}</w:t>&<w:p> "]]>\x07\n第二行\t后 㐀𠮷'
    scheme = replace(assessed.scheme, issuer=evil)
    content = filled(template("{{考评机关}}"), assessed=replace(assessed, scheme=scheme))
    assert lines(content) == ['{{年度}}</w:t>&<w:p> "]]>\n第二行\t后 㐀𠮷']
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        assert b"&lt;/w:t&gt;" in made.read("docProps/core.xml")


def test_header_footnote_text_box_and_content_control_are_filled():
    box = (
        f"{PARAGRAPH}<w:r><w:t>框外{{{{单位总数}}}}</w:t></w:r><w:r><w:pict>"
        "<v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox><w:txbxContent><w:p><w:r>"
        "<w:t>框内{{年度}}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    control = (
        f"{PARAGRAPH.replace('w:p ', 'w:sdt ')}<w:sdtPr><w:id w:val='5'/></w:sdtPr><w:sdtContent><w:p>"
        "<w:r><w:t>{{方案文号}}</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    content = filled(template(box, control, header="{{文件状态}}"))
    text = "".join(part(content).itertext())
    assert "框外6" in text
    assert "框内2024" in text
    assert "临绩发〔2024〕1号" in text
    assert "草稿" in docx.Document(io.BytesIO(content)).sections[0].header.paragraphs[0].text


def test_a_text_box_that_stands_twice_in_its_file_is_filled_twice_and_told_once():
    """Once as new programs draw it, once as old ones do."""
    box = "<w:txbxContent><w:p><w:r><w:t>{{年度}}{{单位名}}</w:t></w:r></w:p></w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    twice = (
        f"{PARAGRAPH}<w:r><w:t>甲</w:t></w:r><w:r><mc:AlternateContent xmlns:mc='{mc}'><mc:Choice Requires='wps'>"
        f"<w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert the_one(template(twice)).where == "模板.docx 第1段的文本框"
    text = "".join(part(filled(template(twice.replace("{{单位名}}", "")))).itertext())
    assert text.count("2024") == 2


def test_rows_and_cells_in_content_controls_are_filled():
    def held(inside):
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{inside}</w:sdtContent></w:sdt>"

    cell = held("<w:tc><w:p><w:r><w:t>{{年度}}</w:t></w:r></w:p></w:tc>")
    table = f"{PARAGRAPH.replace('w:p ', 'w:tbl ')}<w:tblPr/>{held(f'<w:tr>{cell}</w:tr>')}</w:tbl>"
    content = template(table.replace("</w:tbl>", "<w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"))
    assert "".join(part(filled(content)).itertext()) == "2024"
    across = table.replace("{{年度}}", "{{每个单位}}").replace("</w:tbl>", "<w:tr><w:tc>")
    across += "<w:p><w:r><w:t>{{结束}}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    assert the_one(template(across)).code == "TEMPLATE-CROSSED"


def test_notes_are_filled():
    content = changed(
        template("正文{{年度}}"),
        {
            "[Content_Types].xml": lambda old: old.replace(
                b"</Types>",
                b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxml'
                b'formats-officedocument.wordprocessingml.footnotes+xml"/></Types>',
            ),
            "word/footnotes.xml": (
                f"<w:footnotes xmlns:w='{W[1:-1]}'><w:footnote w:id='2'><w:p><w:r>"
                "<w:t>注{{年度}}{{没有的}}</w:t></w:r></w:p></w:footnote></w:footnotes>"
            ).encode(),
        },
    )
    assert the_one(content).where == "模板.docx 脚注第1段"
    sound = changed(
        content, {"word/footnotes.xml": lambda old: old.replace("{{没有的}}".encode(), b"")}
    )
    assert "".join(part(filled(sound), "word/footnotes.xml").itertext()) == "注2024"


# --- loops and conditions --------------------------------------------------------------------------


def names(text):
    return [line.removesuffix("人民政府") for line in text]


def test_paragraphs_between_marks_are_repeated_and_the_marks_vanish():
    content = filled(template("前", "{{每个单位}}", "{{单位名称}}", "{{结束}}", "后"))
    assert names(lines(content)) == ["前", *UNITS, "后"]


def test_words_are_repeated_inside_a_paragraph():
    text = "单位：{{每个单位}}{{序号}}{{单位名称}}{{如果 有下一个}}、{{结束}}{{结束}}。"
    (line,) = lines(filled(template(text)))
    assert line.replace("人民政府", "") == (
        "单位：1东岭镇、2西河镇、3南坪镇、4北塘乡、5中寨乡、6河口镇。"
    )


def test_rows_are_repeated_with_their_marks_in_them_or_in_rows_of_their_own():
    head, row = ["名次", "单位"], ["{{总分名次}}", "{{单位名称}}"]
    beside = [head, ["{{每个单位按名次}}" + row[0], row[1] + "{{结束}}"]]
    apart = [head, ["{{每个单位按名次}}", ""], row, ["", "{{结束}}"]]
    for rows in (beside, apart):
        made = cells(filled(template(table=rows, after=["后"])))
        assert made[0] == head
        assert [one[0] for one in made[1:]] == ["1", "2", "3.5", "3.5", "5", "6"]


def test_loops_nest_over_rows_and_paragraphs():
    rows = [
        ["{{每项指标}}{{指标名称}}", "{{指标得分}}"],
        ["{{每项任务}}{{任务名称}}", "{{任务得分}}{{结束}}{{结束}}"],
    ]
    content = filled(
        template("{{每个单位}}{{单位名称}}", table=rows, after=["{{结束}}"]), folder=COUNTY
    )
    assessed = assessed_of(COUNTY)
    assert len(docx.Document(io.BytesIO(content)).tables) == len(assessed.units)
    first = cells(content)
    assert len(first) == len(assessed.scheme.indicators) + len(assessed.scheme.task_by_id)
    assert [row[0] for row in first[:3]] == ["强农富民", "村集体经济增收", "农村居民收入增速"]


def test_conditions_choose_words_paragraphs_and_rows():
    content = filled(
        template(
            "甲{{如果 有存证}}有{{否则}}没有{{结束}}乙",
            "{{如果 有存证}}这一段不留{{结束}}",
            "{{如果 有单位}}",
            "有单位",
            "{{否则}}",
            "没有单位",
            "{{结束}}",
            table=[
                ["头", "头"],
                ["{{如果 有存证}}甲", "{{结束}}"],
                ["{{如果 有单位}}乙", "{{结束}}"],
            ],
        )
    )
    assert lines(content) == ["甲没有乙", "有单位"]
    assert cells(content) == [["头", "头"], ["乙", ""]]


def test_a_table_in_a_table_has_loops_of_its_own():
    inner = (
        "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>"
        "{{每项指标}}{{指标名称}}{{结束}}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    outer = (
        f"{PARAGRAPH.replace('w:p ', 'w:tbl ')}<w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr>"
        "<w:tc><w:p><w:r><w:t>{{每个单位}}{{单位名称}}</w:t></w:r></w:p></w:tc>"
        f"<w:tc>{inner}<w:p><w:r><w:t>{{{{结束}}}}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    tree = part(filled(template(outer)))
    assert len(tree.findall(f".//{W}tbl")) == 1 + len(UNITS)
    assert "".join(tree.itertext()).count("强农富民") == len(UNITS)
    bad = outer.replace("{{每项指标}}", "").replace("{{指标名称}}", "{{单位名}}")
    places = {p.where for p in problems_of(template(bad)) if p.code == "TEMPLATE-NAME"}
    assert places == {"模板.docx 表1第1行第2列的表1第1行第1列"}


def test_what_would_be_invalid_when_empty_keeps_an_empty_part():
    """A cell ends with a paragraph, a table has a row, and two tables do not run into one."""
    rows = [["{{每个台账问题}}{{问题情况}}", "{{结束}}"]]
    content = filled(template(table=rows, after=["{{如果 有存证}}", "甲", "{{结束}}"]))
    assert len(cells(content)) == 1
    cell = "{{如果 有存证}}存证{{结束}}"
    tree = part(filled(template(table=[[cell]])))
    assert [child.tag for child in tree.find(f".//{W}tc")] == [f"{W}tcPr", f"{W}p"]
    twice = filled(template("{{每个单位}}", table=[["{{单位名称}}"]], after=["{{结束}}"]))
    tags = [child.tag for child in part(twice)[0]]
    assert (f"{W}tbl", f"{W}tbl") not in list(pairwise(tags))


def test_what_must_stand_once_is_made_different_or_taken_away():
    drawing = (
        f"{PARAGRAPH}<w:bookmarkStart w:id='7' w:name='here'/><w:bookmarkEnd w:id='7'/><w:r><w:drawing>"
        "<wp:inline xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing'>"
        "<wp:docPr id='1' name='图'/></wp:inline></w:drawing></w:r></w:p>"
    )
    tree = part(filled(template("{{每个单位}}", drawing, "{{结束}}", drawing)))
    ids = [e.get("id") for e in tree.iter() if str(e.tag).endswith("docPr")]
    assert len(set(ids)) == len(ids) == len(UNITS) + 1
    assert all(one.isdigit() for one in ids)
    assert not tree.findall(f".//{W}bookmarkStart")


def test_bookmarks_outside_loops_stay():
    marked = f"{PARAGRAPH}<w:bookmarkStart w:id='7' w:name='here'/><w:bookmarkEnd w:id='7'/></w:p>"
    tree = part(filled(template(marked, "{{每个单位}}", "{{单位名称}}", "{{结束}}")))
    assert len(tree.findall(f".//{W}bookmarkStart")) == 1


def repeated(loop, inner):
    """A loop over the three indicators of the example."""
    return f"{{{{{loop}}}}}{inner[0]}{{{{结束}}}}", inner[1] * 3


def chosen(condition, inner, other):
    """A condition, true where there are units."""
    holds = condition == "有单位"
    text = f"{{{{如果 {condition}}}}}{inner[0]}{{{{否则}}}}{other[0]}{{{{结束}}}}"
    return text, inner[1] if holds else other[1]


WORDS = st.sampled_from([("甲", "甲"), ("{{年度}}", "2024"), ("&<", "&<"), ("", "")])
CONDITION = st.sampled_from(["有单位", "有存证"])


def joined(words):
    return st.lists(words, max_size=3).map(
        lambda pairs: ("".join(one for one, _ in pairs), "".join(other for _, other in pairs))
    )


SIMPLE = joined(st.one_of(WORDS, st.builds(chosen, CONDITION, WORDS, WORDS)))
LOOPED = joined(st.one_of(WORDS, st.builds(repeated, st.just("每项指标"), SIMPLE)))
PARAGRAPH_TEXT = LOOPED.map(lambda pair: ("·" + pair[0], ["·" + pair[1]]))


def in_paragraphs(condition, inner, other):
    holds = condition == "有单位"
    texts = [f"{{{{如果 {condition}}}}}", *(text for text, _ in inner), "{{否则}}"]
    said = [line for _, lines_ in (inner if holds else other) for line in lines_]
    return [*texts, *(text for text, _ in other), "{{结束}}"], said


SOME = st.lists(PARAGRAPH_TEXT, max_size=2)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.builds(in_paragraphs, CONDITION, SOME, SOME), max_size=2), SOME, LOOPED)
def test_whatever_nests_is_filled_as_it_is_read(conditions, plain, in_cell):
    texts = [text for group, _ in conditions for text in group] + [text for text, _ in plain]
    said = [line for _, group in conditions for line in group]
    said += [line for _, group in plain for line in group]
    row = ["{{每项指标}}·" + in_cell[0].replace("每项指标", "每个组别"), "{{结束}}"]
    content = filled(template(*texts, table=[row]))
    assert lines(content) == said
    repeats = in_cell[1] if "每项指标" not in in_cell[0] else None
    rows = cells(content)
    assert len(rows) == 3
    if repeats is not None:
        assert {cell for cell, _ in rows} == {"·" + repeats}


# --- faults ----------------------------------------------------------------------------------------


def test_all_faults_of_a_file_are_told_with_their_places():
    content = template(
        "",
        "{{年度}}{{单位名}}",
        table=[["甲", "｛｛年度｝｝"], ["{{每个单位}}", "{{单位名称}}"]],
        after=["{{结束}}"],
        header="{{单位名称}}",
    )
    assert [(p.code, p.where) for p in problems_of(content)] == [
        ("TEMPLATE-NAME", "模板.docx 第1段"),
        ("TEMPLATE-BRACES", "模板.docx 表1第1行第2列"),
        ("TEMPLATE-CROSSED", "模板.docx 表1第2行第1列"),
        ("TEMPLATE-LEVEL", "模板.docx 页眉第1段"),
    ]


def field(code):
    return (
        f"{PARAGRAPH}<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>{code[:4]}</w:instrText>"
        f"</w:r><w:r><w:instrText>{code[4:]}</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>"
    )


NOT_ALLOWED = {
    "修订": f"{PARAGRAPH}<w:ins w:id='1' w:author='a'><w:r><w:t>甲</w:t></w:r></w:ins></w:p>",
    "批注": f"{PARAGRAPH}<w:r><w:commentReference w:id='0'/></w:r></w:p>",
    "域": field("INCLUDEPICTURE http://example.invalid/a.png"),
    "公式": f"{PARAGRAPH}<m:oMath xmlns:m='urn:m'><m:t>{{{{年度}}}}</m:t></m:oMath></w:p>",
    "图形": (
        f"{PARAGRAPH}<w:r><w:pict><v:textpath xmlns:v='urn:schemas-microsoft-com:vml' "
        "string='{{年度}}'/></w:pict></w:r></w:p>"
    ),
    "文件": f"{PARAGRAPH.replace('w:p ', 'w:altChunk ')}</w:altChunk>",
}


@pytest.mark.parametrize("words", NOT_ALLOWED)
def test_what_must_not_be_in_a_template_is_told(words):
    problem = the_one(template(NOT_ALLOWED[words]))
    assert problem.code == "TEMPLATE-CONTENT"
    assert words in problem.message
    assert problem.suggestion


def test_fields_that_fetch_nothing_stay():
    content = filled(template(field(" PAGE "), field(' HYPERLINK "http://example.invalid/" ')))
    assert "PAGE" in "".join(part(content).itertext())


def test_a_note_in_a_loop_is_told():
    note = f"{PARAGRAPH}<w:r><w:footnoteReference w:id='2'/></w:r></w:p>"
    assert "脚注" in the_one(template("{{每个单位}}", note, "{{结束}}")).message
    filled(template(note))


def relation(kind, target, mode=""):
    mode = f' TargetMode="{mode}"' if mode else ""
    url = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    made = f'<Relationship Id="x" Type="{url}/{kind}" Target="{target}"{mode}/></Relationships>'
    return lambda old: old.replace(b"</Relationships>", made.encode())


RELATIONS = "word/_rels/document.xml.rels"


@pytest.mark.parametrize("kind", ["image", "attachedTemplate", "oleObject", "frame", "subDocument"])
def test_links_that_are_followed_on_opening_are_refused(kind):
    content = changed(
        template("{{年度}}"), {RELATIONS: relation(kind, "http://example.invalid/x", "External")}
    )
    problem = the_one(content)
    assert problem.code == "TEMPLATE-UNREADABLE"
    assert "外部内容" in problem.message


@pytest.mark.parametrize("folder", ["charts", "diagrams"])
def test_marks_in_drawings_are_told(folder):
    drawn = "<a:t xmlns:a='urn:a'>{{年度}}</a:t>".encode()
    assert "图形" in the_one(changed(template("甲"), {f"word/{folder}/data1.xml": drawn})).message


def test_links_that_a_person_follows_stay():
    link = relation("hyperlink", "http://example.invalid/x", "External")
    filled(changed(template("{{年度}}"), {RELATIONS: link}))


@pytest.mark.parametrize("kind", ["oleObject", "aFChunk", "control", "package"])
def test_embedded_files_are_told(kind):
    content = changed(template("{{年度}}"), {RELATIONS: relation(kind, "embeddings/a.bin")})
    assert "嵌有" in the_one(content).message


def types(old_kind, new_kind):
    return lambda old: old.replace(old_kind, new_kind)


UNREADABLE = {
    "no docx": b"%PDF-1.7",
    "text": "{{年度}}".encode(),
    "empty": b"",
    "a workbook": (REPOSITORY / "examples/baise-2024/results.xlsx").read_bytes(),
    "macros": changed(template("{{年度}}"), {"word/vbaProject.bin": b"x"}),
    "macros by type": changed(
        template("{{年度}}"),
        {
            "[Content_Types].xml": types(
                b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                b"application/vnd.ms-word.document.macroEnabled.main+xml",
            )
        },
    ),
    "a dotx": changed(
        template("{{年度}}"),
        {"[Content_Types].xml": types(b"document.main+xml", b"template.main+xml")},
    ),
    "strict": changed(
        template("{{年度}}"),
        {
            "word/document.xml": types(
                b"http://schemas.openxmlformats.org/word", b"http://purl.oclc.org/ooxml/word"
            )
        },
    ),
    "damaged styles": changed(template("{{年度}}"), {"word/styles.xml": b"<w:styles"}),
    "a type declaration in a part without words": changed(
        template("{{年度}}"), {"word/settings.xml": b"<!DOCTYPE a []><a/>"}
    ),
}


@pytest.mark.parametrize("trick", UNREADABLE)
def test_what_is_no_sound_docx_is_told_as_one_fault(trick):
    (problem,) = problems_of(UNREADABLE[trick])
    assert problem.code == "TEMPLATE-UNREADABLE"
    assert problem.where == "模板.docx"
    assert problem.message
    assert problem.suggestion


def test_a_process_of_its_own_says_the_same():
    for content in (template("{{单位名}}", "{{年度}}"), b"x"):
        apart = look_at_template(content, "模板.docx", for_unit=False)
        assert apart.problems == problems_of(content)
    sound = look_at_template(template("{{年度}}"), "a.docx", for_unit=False)
    assert sound == TemplateReport((), (("年度", 1),))


def test_what_comes_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(template_program, "MOST_WRITTEN", 200_000)
    content = template("{{每个单位}}", "长" * 20_000 + "{{单位名称}}", "{{结束}}")
    with pytest.raises(InputError, match="套用出来的文件超过"):
        filled(content)


# --- the examples ----------------------------------------------------------------------------------


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as one:
        return {name: one.read(name) for name in one.namelist()}


def test_the_stored_examples_are_what_their_script_makes(tmp_path):
    script = runpy.run_path(str(REPOSITORY / "examples" / "make_templates.py"))
    script["main"](tmp_path)
    for path in EXAMPLES.iterdir():
        assert members(path.read_bytes()) == members((tmp_path / path.name).read_bytes())


@pytest.fixture(scope="module")
def report():
    return filled((EXAMPLES / "template-report.docx").read_bytes())


def test_the_example_report_says_what_the_scores_say(report):
    assessed = assessed_of(COUNTY)
    text = "\n".join(lines(report))
    assert "临溪县绩效考评领导小组办公室对6个单位2024年度工作进行了考评" in text
    ranked = {row[1]: row for row in cells(report)[1:]}
    for unit in assessed.units:
        total = assessed.scores.totals[unit.id]
        assert ranked[unit.name][3] == str(total.published)
        assert ranked[unit.name][4] == total.grade
    lost = [row for row in assessed.task_scores if assessed.lost(row) > 0]
    tables = docx.Document(io.BytesIO(report)).tables[1:]
    assert sum(len(table.rows) - 1 for table in tables) == len(lost)
    assert "{{" not in "".join(part(report).itertext())


def test_equal_inputs_give_equal_bytes(report):
    assert filled((EXAMPLES / "template-report.docx").read_bytes()) == report


def test_nobody_who_wrote_the_template_is_named():
    content = changed(
        template("{{年度}}"), {"docProps/core.xml": types(b"python-docx", "写模板的人".encode())}
    )
    with zipfile.ZipFile(io.BytesIO(filled(content))) as made:
        core = made.read("docProps/core.xml").decode()
    assert "写模板的人" not in core
    assert "临溪县绩效考评领导小组办公室" in core


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_an_office_suite_opens_what_was_filled(tmp_path, report):
    assessed = assessed_of(CITY)
    sheet = filled((EXAMPLES / "template-unit.docx").read_bytes(), CITY, assessed.units[0])
    for name, content in (("report", report), ("sheet", sheet)):
        (tmp_path / f"{name}.docx").write_bytes(content)
    words = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    words += ["--convert-to", "pdf", "--outdir", str(tmp_path)]
    paths = [str(tmp_path / f"{name}.docx") for name in ("report", "sheet")]
    subprocess.run([*words, *paths], capture_output=True, check=True, timeout=120)
    for name, expected in (
        ("report", "关于2024年度考评结果的通报"),
        ("sheet", assessed.units[0].name),
    ):
        pages = pypdf.PdfReader(tmp_path / f"{name}.pdf").pages
        assert len(pages) > 1
        assert expected in "".join(pages[0].extract_text().split())


@pytest.mark.parametrize("folder", [CITY, COUNTY], ids=["city", "county"])
def test_the_example_sheet_is_filled_for_each_unit(folder):
    assessed = assessed_of(folder)
    content = (EXAMPLES / "template-unit.docx").read_bytes()
    sheet = read_template(content, "a.docx", for_unit=True)
    budget = sheet.budget()
    for unit in assessed.units[:6]:
        made = sheet.filled(assessed, budget, unit)
        rows = cells(made)
        tasks = [task for one, task in assessed.scores.tasks if one == unit.id]
        indicators = [one for owner, one in assessed.scores.indicators if owner == unit.id]
        assert len(rows) == 1 + len(tasks) + len(indicators)
        assert f"{unit.name}：" in lines(made)
        order = [child.tag for child in part(made).iter(etree.Element)]
        assert f"{W}sectPr" in order
