"""Text documents as offices send them: numbers, changes, fields, boxes, notes, tables."""

from __future__ import annotations

import io

import docx
import pytest

from kaoping.core.errors import InputError
from kaoping.files.grids import LONGEST_TITLE_LINE
from kaoping.files.word import PICTURE, read_docx
from tests.files.word_samples import (
    DOWN,
    DOWN_FROM,
    NAMESPACES,
    across,
    cell,
    document,
    field_of,
    paragraph,
    row,
    run,
    table,
)

NAME = "附件1.docx"


def read(body: str, **parts):
    return read_docx(document(body, **parts), NAME)


def lines(body: str, **parts) -> list[str]:
    return list(read(body, **parts).lines)


def words(inside: str, **parts) -> str:
    """The one line of one paragraph."""
    (line,) = lines(f"<w:p>{inside}</w:p>", **parts)
    return line


def texts(grid) -> list[list[str]]:
    return [[one.text for one in line] for line in grid.rows]


# --- words ---------------------------------------------------------------------------------------


def test_paragraphs_with_their_places_count_what_is_seen():
    read_one = read(paragraph("甲") + paragraph() + paragraph("　乙　丙 "))
    assert read_one.name == NAME
    assert read_one.lines == ("甲", "乙 丙")
    assert read_one.places == ("第1段", "第2段")


def test_breaks_make_lines_of_one_place():
    breaks = '<w:r><w:t>一</w:t><w:br/><w:t>二</w:t><w:br w:type="page"/><w:t>三</w:t><w:cr/></w:r>'
    found = read(f"<w:p>{breaks}{run('四')}</w:p>{paragraph('五')}")
    assert found.lines == ("一", "二", "三", "四", "五")
    assert found.places == ("第1段",) * 4 + ("第2段",)


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>", "甲 乙"),
        ('<w:r><w:t>甲</w:t><w:ptab w:alignment="right"/><w:t>乙</w:t></w:r>', "甲 乙"),
        ("<w:r><w:t>0776</w:t><w:noBreakHyphen/><w:t>1</w:t><w:softHyphen/></w:r>", "0776-1"),
        ('<w:hyperlink r:id="rId1"><w:r><w:t>链接</w:t></w:r></w:hyperlink>', "链接"),
        (
            f"<w:smartTag>{run('智能')}<w:smartTag>{run('标记')}</w:smartTag></w:smartTag>",
            "智能标记",
        ),
        (
            f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>",
            "控件",
        ),
        (
            f"<w:ins>{run('新增')}</w:ins><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>",
            "新增",
        ),
        (f"<w:moveFrom>{run('旧处')}</w:moveFrom><w:moveTo>{run('新处')}</w:moveTo>", "新处"),
        (
            run("看得见") + run("隐藏", "<w:vanish/>") + run("的", '<w:vanish w:val="0"/>'),
            "看得见的",
        ),
        (run("前") + "<w:unknown><w:deeper>" + run("里") + "</w:deeper></w:unknown>", "前里"),
        (
            "<w:ruby><w:rt>"
            + run("kǎo")
            + "</w:rt><w:rubyBase>"
            + run("考")
            + "</w:rubyBase></w:ruby>",
            "考",
        ),
        ("<w:r><w:t> 甲\n</w:t></w:r>" + run(" 乙"), "甲 乙"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + run("是"), "☑是"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + run("5"), "≥5"),
        ('<w:r><w:sym w:font="宋体" w:char="2460"/></w:r>', "①"),
        ('<w:r><w:sym w:font="Webdings" w:char="F0E0"/></w:r>', "\ufffd"),
        ('<w:r><w:sym w:font="Webdings" w:char="bad"/></w:r>', "\ufffd"),
    ],
)
def test_what_a_paragraph_shows(inside, shown):
    assert words(inside) == shown


def test_text_hidden_by_its_style():
    styles = (
        '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="i"><w:basedOn w:val="h"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="p"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    by_name = run("乙", '<w:rStyle w:val="i"/>')
    body = f"<w:p>{run('甲')}{by_name}</w:p>"
    assert lines(body + paragraph("丙", '<w:pStyle w:val="p"/>'), styles=styles) == ["甲"]


@pytest.mark.parametrize("mark", ["<w:del/>", "<w:vanish/>"])
def test_a_paragraph_whose_end_is_gone_runs_on(mark):
    body = paragraph("上半", f"<w:rPr>{mark}</w:rPr>") + paragraph("下半") + paragraph("尾")
    found = read(body)
    assert found.lines == ("上半下半", "尾")
    assert found.places == ("第1段", "第2段")


def test_a_paragraph_whose_end_is_gone_stands_alone_before_a_table_and_at_the_end():
    gone = paragraph("独", "<w:rPr><w:del/></w:rPr>")
    assert lines(gone + table(row(cell("甲"), cell("乙"))) + gone) == ["独", "甲 | 乙", "独"]


# --- fields --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        (run("第") + field_of(" PAGE ", run("3")) + run("页"), "第3页"),
        (field_of("IF " + "x", run("甲") + field_of("DATE", run("乙")) + run("丙")), "甲乙丙"),
        (f'<w:fldSimple w:instr="REF a">{run("见附件")}</w:fldSimple>', "见附件"),
        (field_of(r" eq \o\ac(○,3)", None) + run("项"), "③项"),
        (field_of(r" eq \o\ac(○,百)", None) + run("项"), "百项"),
        (field_of(r"EQ \f(完成数,目标数)", None) + run("×100"), "完成数/目标数×100"),
        (field_of("XE 索引", None) + run("词"), "词"),
        (
            '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/>'
            "<w:checked/></w:checkBox></w:ffData></w:fldChar><w:instrText>FORMCHECKBOX"
            '</w:instrText><w:fldChar w:fldCharType="end"/></w:r>' + run("同意"),
            "☑同意",
        ),
        (
            (
                '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/>'
                '<w:listEntry w:val="优"/><w:listEntry w:val="良"/></w:ddList></w:ffData></w:fldChar>'
                '<w:fldChar w:fldCharType="end"/></w:r>'
            ),
            "良",
        ),
    ],
)
def test_a_field_shows_its_result(inside, shown):
    assert words(inside) == shown


def test_a_field_may_run_over_paragraphs():
    body = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>TOC</w:instrText>'
        f'<w:fldChar w:fldCharType="separate"/></w:r>{run("一、总则1")}</w:p>{paragraph("二、分则2")}'
        f'<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>{paragraph("正文")}'
    )
    assert lines(body) == ["一、总则1", "二、分则2", "正文"]


def test_a_field_that_never_ends_swallows_nothing():
    broken = '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>X</w:instrText></w:r></w:p>'
    ends = '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    assert lines(ends + broken + paragraph("正文") + ends) == ["正文"]


def test_formulas_are_typed_in_one_line():
    def piece(text):
        return f"<m:r><m:t>{text}</m:t></m:r>"

    fraction = (
        f"<m:f><m:num>{piece('完成数')}</m:num><m:den>{piece('甲')}{piece('+乙')}</m:den></m:f>"
    )
    power = f"<m:sSup><m:e>{piece('x')}</m:e><m:sup>{piece('2')}</m:sup></m:sSup>"
    bracket = f"<m:d><m:e>{piece('a-b')}</m:e></m:d>"
    total = (
        f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{piece("i=1")}</m:sub>'
        f"<m:sup>{piece('n')}</m:sup><m:e>{piece('w')}</m:e></m:nary>"
    )
    inside = f"{run('得分=')}<m:oMathPara><m:oMath>{fraction}{piece('×')}{power}{bracket}{total}</m:oMath></m:oMathPara>"
    assert words(inside) == "得分=完成数/(甲+乙)×x^2(a-b)∑_(i=1)^nw"


# --- boxes, drawings, notes ------------------------------------------------------------------------


def box(*paragraphs: str) -> str:
    return f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"


def both(content: str) -> str:
    """A text box as written for new programs and again for old ones."""
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>"
        f"{content}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        f"{content}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def test_a_text_box_is_read_once_after_its_paragraph():
    inner = box(paragraph("框一"), paragraph("框二"))
    assert lines(f"<w:p>{run('前')}{both(inner)}{run('后')}</w:p>") == ["前后", "框一", "框二"]


def test_a_box_of_old_programs_is_read_too():
    old = f"<w:p><w:r><w:pict><v:textbox>{box(paragraph('旧框'))}</v:textbox></w:pict></w:r></w:p>"
    assert lines(old) == ["旧框"]


def test_word_art_and_diagrams_are_lines():
    art = '<w:r><w:pict><v:textpath string="某市人民政府文件"/></w:pict></w:r>'
    shapes = "".join(
        f"<dgm:pt><dgm:t><a:p><a:r><a:t>{one}</a:t></a:r></a:p></dgm:t></dgm:pt>"
        for one in ("领导小组", "办公室")
    )
    drawing = '<w:r><w:drawing><dgm:relIds r:dm="rId99"/></w:drawing></w:r>'
    data = f"<dgm:dataModel {NAMESPACES}><dgm:ptLst>{shapes}</dgm:ptLst></dgm:dataModel>".encode()
    body = f"<w:p>{art}</w:p><w:p>{drawing}</w:p>"
    assert lines(body, diagram=data) == ["某市人民政府文件", "领导小组", "办公室"]


def picture(size: int) -> str:
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:extent cx="{size}" cy="{size}"/><a:graphic>'
        "<a:graphicData><pic:pic/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def test_a_large_picture_alone_in_a_paragraph_is_told():
    body = paragraph("附件") + picture(5_000_000) + picture(100_000)
    assert read(body).lines == ("附件", PICTURE)


def test_a_document_of_scans_is_refused_as_such():
    with pytest.raises(InputError) as caught:
        read(picture(5_000_000))
    assert "扫描" in caught.value.zh
    assert "scans" in caught.value.en


def test_notes_stand_at_the_end():
    footnotes = (
        f'<w:footnote w:id="0">{paragraph("分隔")}</w:footnote>'
        f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>{run(" 按年度统计。")}</w:p></w:footnote>'
        f'<w:footnote w:id="3">{paragraph("无人引用")}</w:footnote>'
    )
    endnotes = f'<w:endnote w:id="2">{paragraph("见附件")}</w:endnote>'
    body = (
        f'<w:p>{run("甲")}<w:r><w:footnoteReference w:id="2"/></w:r>{run("。")}</w:p>'
        f'<w:p>{run("乙")}<w:r><w:endnoteReference w:id="2"/></w:r></w:p>'
    )
    found = read(body, footnotes=footnotes, endnotes=endnotes)
    assert found.lines == ("甲。", "乙", "脚注1：按年度统计。", "尾注1：见附件")
    assert found.places[2:] == ("脚注1", "尾注1")


def test_headers_and_comments_are_left_out():
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "页眉"
    made.sections[0].footer.paragraphs[0].text = "页脚"
    made.add_comment(made.add_paragraph("正文").runs[0], text="批注", author="某", initials="某")
    stream = io.BytesIO()
    made.save(stream)
    assert read_docx(stream.getvalue(), NAME).lines == ("正文",)


# --- tables --------------------------------------------------------------------------------------


def test_merged_cells_repeat_in_the_grid_and_stand_once_in_a_line():
    body = table(
        row(cell("类别", DOWN_FROM), cell("任务", across(2))),
        row(cell("", DOWN), cell("编号"), cell("名称")),
        row(cell("共性", DOWN_FROM), cell("1"), cell("甲|乙")),
        row(
            cell("", DOWN), cell("2"), "<w:tc>" + paragraph("一行") + paragraph("二行") + "</w:tc>"
        ),
    )
    found = read(body)
    assert found.lines == (
        "类别 | 任务",
        "类别 | 编号 | 名称",
        "共性 | 1 | 甲/乙",
        "共性 | 2 | 一行 二行",
    )
    assert found.places == tuple(f"表1第{at}行" for at in (1, 2, 3, 4))
    (grid,) = found.grids
    assert grid.place == "附件1.docx 表1"
    assert texts(grid)[:2] == [["类别", "任务", "任务"], ["类别", "编号", "名称"]]
    assert texts(grid)[3][2] == "一行\n二行"
    assert grid.rows[1][0].area == (0, 0)
    assert grid.rows[0][2].area == (0, 1)
    assert grid.rows[1][0].address == "附件1.docx 表1第1行第1列"
    assert grid.rows[3][2].address == "附件1.docx 表1第4行第3列"


def test_empty_rows_are_left_out_and_the_others_keep_their_place():
    found = read(table(row(cell("甲"), cell("乙")), row(cell(), cell()), row(cell("丙"), cell())))
    assert found.places == ("表1第1行", "表1第3行")
    assert found.grids[0].rows[1][0].address.endswith("第3行第1列")
    assert found.grids[0].rows[1][0].area == (1, 0)


def test_rows_and_cells_deleted_or_inside_controls():
    def control(inside):
        return f"<w:sdt><w:sdtContent>{inside}</w:sdtContent></w:sdt>"

    gone = row(cell("旧"), cell("行"), properties="<w:del/>")
    body = control(table(gone, control(row(cell("甲"), control(cell("乙"))))))
    assert lines(body) == ["甲 | 乙"]


def test_a_row_that_begins_later_and_old_merging():
    later = row(cell("丙"), properties='<w:gridBefore w:val="1"/>')
    merged = row(cell("丁", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>"))
    grid = read(table(row(cell("甲"), cell("乙")), later, merged)).grids[0]
    assert texts(grid) == [["甲", "乙"], ["", "丙"], ["丁", "丁"]]


def test_borders_dragged_a_little_are_one():
    body = table(
        row(cell("序号", across(1)), cell("任务", across(2))),
        row(cell("1", across(2)), cell("甲", across(1))),
        widths=(1000, 40, 5000),
    )
    assert texts(read(body).grids[0]) == [["序号", "任务"], ["1", "甲"]]


def test_borders_far_apart_are_two():
    body = table(
        row(cell("序号", across(1)), cell("任务", across(2))),
        row(cell("1", across(2)), cell("甲", across(1))),
        widths=(1000, 900, 5000),
    )
    assert texts(read(body).grids[0]) == [["序号", "任务", "任务"], ["1", "1", "甲"]]


def test_a_table_in_a_cell_becomes_lines_of_the_cell():
    inner = table(row(cell("内一"), cell("内二")))
    body = table(row(cell("外"), f"<w:tc>{paragraph('前')}{inner}{paragraph('后')}</w:tc>"))
    found = read(body)
    assert found.grids[0].rows[0][1].text == "前\n内一 | 内二\n后"
    assert found.lines == ("外 | 前 内一 / 内二 后",)
    assert len(found.grids) == 1


def test_a_table_that_lays_out_the_page_gives_paragraphs():
    inner = table(row(cell("甲"), cell("乙")))
    framed = table(row(f"<w:tc>{paragraph('附件1')}{inner}{paragraph('末段')}</w:tc>"))
    found = read(paragraph("首段") + framed)
    assert found.lines == ("首段", "附件1", "甲 | 乙", "末段")
    assert found.places == ("第1段", "第2段", "表1第1行", "第3段")
    assert found.grids[0].title == "首段\n附件1"


@pytest.mark.parametrize(
    ("above", "title"),
    [
        (("附件1", "", "任务清单"), "附件1\n任务清单"),
        (("前文。", "任务清单"), "任务清单"),
        (("正文到此为止。",), ""),
        (("字" * (LONGEST_TITLE_LINE + 1),), ""),
        (("一", "二", "三"), "二\n三"),
        ((), ""),
    ],
)
def test_the_title_of_a_table(above, title):
    body = "".join(map(paragraph, above)) + table(row(cell("甲"), cell("乙")))
    assert read(body).grids[0].title == title


def test_a_title_is_not_taken_from_above_another_table():
    one = table(row(cell("甲"), cell("乙")))
    found = read(paragraph("任务清单") + one + paragraph() + one)
    assert [grid.title for grid in found.grids] == ["任务清单", ""]
    assert found.grids[1].place == "附件1.docx 表2"


# --- the file ------------------------------------------------------------------------------------


def test_the_main_part_may_have_another_name():
    assert lines(paragraph("甲"), main="word/document2.xml") == ["甲"]


def test_the_strict_variant_of_the_format():
    strict = document(paragraph("甲") + table(row(cell("乙"), cell("丙"))))
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(strict)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(
                name,
                old.read(name)
                .replace(
                    b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                    b"http://purl.oclc.org/ooxml/wordprocessingml/main",
                )
                .replace(
                    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"http://purl.oclc.org/ooxml/officeDocument/relationships",
                ),
            )
    assert read_docx(made.getvalue(), NAME).lines == ("甲", "乙 | 丙")


@pytest.mark.parametrize("body", ["", paragraph(), table(row(cell(), cell()))])
def test_a_document_without_words_is_refused(body):
    with pytest.raises(InputError) as caught:
        read(body)
    assert "没有文字" in caught.value.zh


def test_text_of_another_file_is_not_left_out_silently():
    with pytest.raises(InputError) as caught:
        read(paragraph("甲") + '<w:altChunk r:id="rId5"/>')
    assert "嵌着" in caught.value.zh
