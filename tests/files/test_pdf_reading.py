from __future__ import annotations

import io
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from kaoping.core.errors import InputError
from kaoping.files.pdf_reading import _original, as_told, read_pdf
from tests.files.pdf_bytes import PICTURE, one_page, pdf, picture_page, stream, typeset, words

if TYPE_CHECKING:
    from kaoping.core.original import Grid, Original

SAMPLES = Path(__file__).parent / "pdf_samples"
WITH_PICTURE = b"/XObject<</Im1 6 0 R>>"


@cache
def sample(name: str) -> Original:
    return read_pdf((SAMPLES / name).read_bytes(), "附件1.pdf")


def lines_of(source: str, **page: str) -> tuple[str, ...]:
    return read_pdf(typeset(source, **page), "a.pdf").lines


def only_grid(source: str, **page: str) -> Grid:
    (grid,) = read_pdf(typeset(source, **page), "a.pdf").grids
    return grid


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def refusal(content: bytes, name: str = "a.pdf") -> InputError:
    with pytest.raises(InputError) as caught:
        read_pdf(content, name)
    assert caught.value.zh.startswith(f"{name}：")
    assert caught.value.en.startswith(f"{name}: ")
    return caught.value


# --- text ----------------------------------------------------------------------------------------

LONG = "坚持目标导向、问题导向、结果导向相统一，把年度重点工作分解到单位、落实到人，以考评促落实。"
OFFICIAL = f"""
#set page(footer:context align(right)[— #counter(page).display() —])
#align(center,text(size:30pt,fill:rgb("#e60012"),tracking:3pt)[虚州市人民政府])
#align(center,text(size:30pt,fill:rgb("#e60012"),tracking:3pt)[办公室文件])
#v(4mm)
#align(center)[虚政办发〔2024〕12号]
#line(length:100%,stroke:1pt+red)
#v(8mm)
#title[虚州市人民政府办公室关于印发2024年度\\ 市直部门绩效考评工作实施方案及有关\\ 评分标准的通知]
#v(6mm)
#plain[各县（市、区）人民政府，市直各部门：]
《2024年度市直部门绩效考评工作实施方案》已经市人民政府同意，现印发给你们，请结合实际认真组织实施，并于12月31日前将完成情况报送市绩效办。

一、总体要求

{LONG * 3}

（一）考评对象。采用 KPI dashboard system 方式逐月公布得分，考核结果按照第三条第（二）项规定执行，具体名单另行通知。

{LONG * 6}

附件：1. 2024年度市直部门绩效考评指标

#h(3em)2. 2024年度市直部门绩效考评名单
#v(28pt)
#align(right)[虚州市人民政府办公室#h(2em)]
#align(right)[2024年3月15日#h(3em)]
#plain[（此件公开发布）]
#v(1fr)
#line(length:100%,stroke:1pt)
#set text(size:14pt)
#pad(x:1em,par(first-line-indent:0em,hanging-indent:3em)[抄送：市委各部门，市人大常委会办公室，市政协办公室，市纪委监委，市中级人民法院，市人民检察院。])
#line(length:100%,stroke:0.5pt)
#pad(x:1em,plain[虚州市人民政府办公室#h(1fr)2024年3月18日印发])
#line(length:100%,stroke:1pt)
"""
PARAGRAPHS = [
    "虚州市人民政府",
    "办公室文件",
    "虚政办发〔2024〕12号",
    "虚州市人民政府办公室关于印发2024年度市直部门绩效考评工作实施方案及有关评分标准的通知",
    "各县（市、区）人民政府，市直各部门：",
    "《2024年度市直部门绩效考评工作实施方案》已经市人民政府同意，现印发给你们，请结合实际认真组织实施，并于12月31日前将完成情况报送市绩效办。",
    "一、总体要求",
    LONG * 3,
    "（一）考评对象。采用 KPI dashboard system 方式逐月公布得分，考核结果按照第三条第（二）项规定执行，具体名单另行通知。",
    LONG * 6,
    "附件：1. 2024年度市直部门绩效考评指标",
    "2. 2024年度市直部门绩效考评名单",
    "虚州市人民政府办公室",
    "2024年3月15日",
    "（此件公开发布）",
    "抄送：市委各部门，市人大常委会办公室，市政协办公室，市纪委监委，市中级人民法院，市人民检察院。",
    "虚州市人民政府办公室 2024年3月18日印发",
]


def test_an_official_text_is_read_paragraph_by_paragraph():
    read = read_pdf(typeset(OFFICIAL), "通知.pdf")
    assert list(read.lines) == PARAGRAPHS
    assert read.name == "通知.pdf"
    assert read.grids == ()
    assert read.places[:2] == ("第1页第1段", "第1页第2段")
    assert read.places[-1].startswith("第2页第")


def test_a_paragraph_goes_on_over_the_page_and_has_the_place_of_its_beginning():
    read = read_pdf(typeset(f"{LONG * 20}\n\n{LONG}"), "a.pdf")
    assert read.lines == (LONG * 20, LONG)
    assert read.places == ("第1页第1段", "第2页第1段")


def test_a_page_that_begins_with_a_paragraph_is_not_joined():
    read = lines_of(f"{LONG}\n\n#pagebreak()\n{LONG}")
    assert read == (LONG, LONG)


@pytest.mark.parametrize(
    "form", ["— #n —", "\\- #n -", "-#n-", "#n", "第#n;页", "第#n;页 共3页", "#n/3", "· #n ·"]
)
def test_page_numbers_are_left_out(form):
    footer = form.replace("#n", "#counter(page).display()")
    more = f",footer:context align(center)[{footer}]"
    read = lines_of(f"{LONG}\n#pagebreak()\n{LONG}\n#pagebreak()\n{LONG}", more=more)
    assert read == (LONG, LONG, LONG)


def test_a_number_within_the_text_is_no_page_number():
    assert lines_of(f"{LONG}\n\n#align(center)[12]\n\n{LONG}") == (LONG, "12", LONG)


def test_running_heads_are_left_out():
    more = ",header:[2024年度考评工作方案（征求意见稿）]"
    pages = "\n#pagebreak()\n".join([LONG] * 3)
    assert lines_of(pages, more=more) == (LONG, LONG, LONG)


def test_what_stands_on_two_pages_only_is_kept():
    more = ",header:[2024年度考评工作方案（征求意见稿）]"
    assert len(lines_of(f"{LONG}\n#pagebreak()\n{LONG}", more=more)) == 4


def test_each_annex_keeps_its_number():
    pages = "\n#pagebreak()\n".join(f"#plain[附件]\n\n{LONG}" for _ in range(3))
    assert lines_of(pages) == ("附件", LONG) * 3


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("#align(center)[标 题]", "标 题"),
        ("#align(center)[标　题]", "标　题"),
        ("#text(tracking:8pt)[分散对齐的机关]", "分散对齐的机关"),
        ("#plain[签发人：甲#h(4em)会签人：乙]", "签发人：甲 会签人：乙"),
        ("#plain[在2024年使用KPI指标]", "在2024年使用KPI指标"),
        ("#plain[全角１２３ＡＢＣ，（一）]", "全角１２３ＡＢＣ，（一）"),
        ("#plain[office affluent fit]", "office affluent fit"),
        ("#plain[得分#super[2]的平方]", "得分2的平方"),
    ],
)
def test_blanks_and_characters_of_a_line(source, read):
    assert lines_of(source) == (read,)


def test_latin_words_keep_their_blank_where_lines_wrap():
    english = "The quick brown fox jumps over the lazy dog and runs away. " * 5
    assert lines_of(f"#set par(justify:false)\n{english}") == (english.strip(),)


def test_a_list_whose_lines_hang_is_read_item_by_item():
    first, second = f"甲方{LONG}", f"乙方{LONG}"
    read = lines_of(f"+ {first}\n+ {second}")
    assert [line.replace(" ", "") for line in read] == [f"1.{first}", f"2.{second}"]


def test_paragraphs_without_indent_are_told_by_their_short_last_lines():
    source = f"#set par(first-line-indent:0em)\n{LONG}\n\n{LONG}\n\n1. 第一项"
    assert lines_of(source)[:2] == (LONG, LONG)


# --- tables --------------------------------------------------------------------------------------

HEADS = """table.header(table.cell(rowspan:2)[序号],table.cell(rowspan:2)[类别],table.cell(rowspan:2)[任务],
table.cell(colspan:2)[考核内容],table.cell(rowspan:2)[分值],[评分标准],[目标]),"""
COLUMNS = "columns:(1.2cm,2cm,4cm,8cm,1fr,1.4cm),"
STANDARD = "完成年度目标的，得满分；未完成的，按完成比例计分，完成率低于80%的不得分。"


def annex(rows: int, kinds: int = 5, breakable: bool = False) -> str:
    cells = []
    for number in range(1, rows + 1):
        if (number - 1) % kinds == 0:
            span = min(kinds, rows - number + 1)
            kind = f"table.cell(rowspan:{span},breakable:true)[类别{(number - 1) // kinds + 1}]"
        else:
            kind = ""
        standard = f"1. {STANDARD}#linebreak()2. 迟报1次扣0.2分；#linebreak()3. 加分不超过1分。"
        cells += [f"[{number}]", *([kind] if kind else []), f"[重点工作任务第{number}项的推进]"]
        cells += [
            f"[{standard}]".replace("1. ", "1\\. ").replace("2. ", "2\\. "),
            "[增长5%以上]",
            "[5]",
        ]
    show = "" if breakable else "#show table.cell:set block(breakable:false)\n"
    return f"{show}#title[2024年重点工作任务分解表]\n#table({COLUMNS}{HEADS}{','.join(cells)})"


def test_merged_cells_are_told_by_missing_rules():
    grid = only_grid(annex(6, kinds=3), page="a3", more=",flipped:true")
    rows = texts(grid)
    assert rows[0] == ["序号", "类别", "任务", "考核内容", "考核内容", "分值"]
    assert rows[1] == ["序号", "类别", "任务", "评分标准", "目标", "分值"]
    areas = [[cell.area for cell in row] for row in grid.rows]
    assert areas[0] == [(0, 0), (0, 1), (0, 2), (0, 3), (0, 3), (0, 5)]
    assert areas[1] == [(0, 0), (0, 1), (0, 2), (1, 3), (1, 4), (0, 5)]
    assert [row[1] for row in rows[2:]] == ["类别1"] * 3 + ["类别2"] * 3
    assert areas[4][1] == (2, 1)
    assert grid.rows[4][1].address == "a.pdf 第1页表1第3行第2列"
    assert grid.place == "a.pdf 第1页表1"
    assert grid.title == "2024年重点工作任务分解表"


def test_wrapped_lines_of_a_cell_are_joined_and_items_stay_lines():
    rows = texts(only_grid(annex(2), more=",flipped:true"))
    items = rows[2][3].replace("\\", "").split("\n")
    assert [item.replace(" ", "") for item in items] == [
        f"1.{STANDARD}",
        "2.迟报1次扣0.2分；",
        "3.加分不超过1分。",
    ]
    assert rows[2][2] == "重点工作任务第1项的推进"


@pytest.mark.parametrize(
    "words",
    [
        "完成目标任务得五分；每少一项扣一分；扣完为止；不设负分；另有规定除外。",
        "（一类）项目完成率达到95%以上（含95%）的，得满分；完成率在80%以上的，得3分",
        "重点项目新开工1784个、竣工208个，固定资产投资增长6.5%，招商引资到位资金2030万元",
        "市发展改革委、市工业和信息化局、市财政局、市人力资源社会保障局、市生态环境局",
    ],
)
@pytest.mark.parametrize("width", ["2cm", "3.3cm", "4cm", "5.2cm", "7.7cm"])
@pytest.mark.parametrize("align", ["left", "center+horizon"])
def test_a_cell_is_one_line_however_its_column_wraps_it(words, width, align):
    cells = f"[1],[{words}],[2],[任务],[3],[{words}{words}]"
    grid = only_grid(f"#table(align:{align},columns:(1cm,{width}),{cells})")
    assert texts(grid) == [["1", words], ["2", "任务"], ["3", words * 2]]


def test_a_line_break_of_the_writers_stays():
    grid = only_grid("#table(columns:(1cm,6cm),[1],[完成#linebreak()时限],[2],[按时完成任务])")
    assert texts(grid) == [["1", "完成\n时限"], ["2", "按时完成任务"]]


def test_a_table_over_pages_is_one_grid():
    read = read_pdf(typeset(annex(40), more=",flipped:true"), "a.pdf")
    (grid,) = read.grids
    rows = [row for row in texts(grid) if row[0] != "序号"]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 41)]
    assert [row[1] for row in rows] == [f"类别{n // 5 + 1}" for n in range(40)]
    assert [row[5] for row in rows] == ["5"] * 40
    pages = {cell.address.split("第")[1] for row in grid.rows for cell in row}
    assert len(pages) > 3
    heads = [row for row in texts(grid) if row[0] == "序号"]
    assert len(heads) == 2 * len(pages)


def test_a_row_that_a_page_break_divides_is_one_row():
    grid = only_grid(annex(40, kinds=1, breakable=True), more=",flipped:true")
    rows = [row for row in texts(grid) if row[0] != "序号"]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 41)]
    assert len({row[3] for row in rows}) == 1


def test_rows_stand_in_the_lines_where_the_table_stands():
    read = lines_of(
        f"{LONG}\n#table(columns:2,[甲],[乙],table.cell(rowspan:2)[一|二],[三],[四])\n{LONG}"
    )
    assert read == (LONG, "甲 | 乙", "一/二 | 三", "四", LONG)


def test_tables_of_other_columns_stay_apart_and_so_do_tables_with_words_between():
    same = "#table(columns:(3cm,4cm),[甲],[乙])"
    other = "#table(columns:(3cm,3cm,3cm),[甲],[乙],[丙])"
    read = read_pdf(
        typeset(f"{same}\n#pagebreak()\n{other}\n表间的话。\n{same}\n#pagebreak()\n{same}"), "a.pdf"
    )
    assert [len(grid.rows) for grid in read.grids] == [1, 1, 2]
    assert [grid.place for grid in read.grids] == [
        "a.pdf 第1页表1",
        "a.pdf 第2页表1",
        "a.pdf 第2页表2",
    ]


def test_a_table_without_side_rules():
    stroke = "stroke:(x,y)=>(top:0.5pt,bottom:0.5pt,left:if x>0 {0.5pt} else {0pt},right:0pt)"
    grid = only_grid(f"#table(columns:(3cm,4cm,3cm),{stroke},[甲],[乙],[丙],[一],[二],[三])")
    assert texts(grid) == [["甲", "乙", "丙"], ["一", "二", "三"]]


def test_a_table_with_rules_across_only():
    stroke = "stroke:(x,y)=>(top:if y < 2 {1pt} else {0pt},bottom:if y==3 {1pt} else {0pt})"
    cells = "[序号],[任务],[分值],[1],[重点项目],[5],[2],[招商引资],[6],[3],[城镇就业],[7]"
    grid = only_grid(f"#title[三线表]\n#table(columns:(3cm,6cm,3cm),{stroke},{cells})")
    assert texts(grid) == [
        ["序号", "任务", "分值"],
        ["1", "重点项目", "5"],
        ["2", "招商引资", "6"],
        ["3", "城镇就业", "7"],
    ]


def test_upright_writing_in_a_cell():
    cells = (
        "table.cell(rowspan:2)[经#linebreak()济#linebreak()发#linebreak()展],[甲],[乙],[丙],[丁]"
    )
    grid = only_grid(f"#table(columns:(3cm,4cm,3cm),{cells})")
    assert texts(grid) == [["经济发展", "甲", "乙"], ["经济发展", "丙", "丁"]]


def test_turned_words_in_a_cell():
    cells = "table.cell(rowspan:2,rotate(-90deg,reflow:true)[经济发展]),[甲],[乙],[丙],[丁]"
    grid = only_grid(f"#table(columns:(3cm,4cm,3cm),{cells})")
    assert texts(grid) == [["经济发展", "甲", "乙"], ["经济发展", "丙", "丁"]]


def turned(content: bytes, angle: int) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    for page in writer.pages:
        page.rotate(angle)
    stream_ = io.BytesIO()
    writer.write(stream_)
    return stream_.getvalue()


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_however_a_page_is_turned_its_words_are_read_upright(angle):
    content = typeset(annex(4), more=",flipped:true")
    plain = read_pdf(content, "a.pdf")
    assert read_pdf(turned(content, angle), "a.pdf") == plain


def test_a_landscape_table_drawn_sideways_on_an_upright_page():
    table = "#table(columns:(3cm,4cm),[甲],[乙方的话],[一],[二])"
    grid = only_grid(f"#rotate(-90deg,reflow:true)[#block(width:12cm)[{table}]]")
    assert texts(grid) == [["甲", "乙方的话"], ["一", "二"]]


def test_a_frame_around_a_text_is_no_table():
    assert lines_of(f"#rect(width:100%)[{LONG}]") == (LONG,)


def test_an_empty_table_is_none():
    read = read_pdf(typeset(f"{LONG}\n#table(columns:(3cm,4cm),[],[],[],[])"), "a.pdf")
    assert read.grids == ()
    assert read.lines == (LONG,)


WORDS = st.text(alphabet="市县考评任务目标完成分甲乙丙", min_size=1, max_size=30)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=2, max_size=6))
def test_no_word_of_a_table_is_lost(rows):
    cells = ",".join(f"[{word}]" for row in rows for word in row)
    content = typeset(f"#table(columns:(3cm,4cm,1fr),{cells})")
    (grid,) = _original(as_told(content, "a.pdf")).grids
    assert texts(grid) == rows


def test_a_watermark_stands_behind_the_text_once():
    more = ",background:rotate(-45deg,text(60pt,luma(80%))[内部资料])"
    table = "#table(columns:(3cm,4cm),[甲],[乙])"
    read = read_pdf(typeset(f"{LONG}\n#pagebreak()\n{table}\n{LONG}", more=more), "a.pdf")
    assert read.lines == (LONG, "甲 | 乙", LONG, "【第1页有斜排的文字：内部资料】")
    assert read.places[-1] == "第1页"


def test_the_number_of_a_landscape_page_may_stand_at_its_side():
    more = ",flipped:true,background:place(left+horizon,dx:1cm,rotate(90deg,reflow:true)[— 3 —])"
    assert lines_of(LONG, more=more) == (LONG,)


def test_page_numbers_alone_are_no_text():
    assert "没有文字" in refusal(one_page(stream(words(b"- 1 -", 290, 40)))).zh


# --- as other programs draw ------------------------------------------------------------------------


def boxes(columns: list[int], rows: list[int], thick: float = 0.5, gap: int = 0) -> bytes:
    """Rules of cells as Word draws them: each side of each cell a thin filled area of its own."""
    drawn = []
    for top, bottom in pairwise(rows):
        for left, right in pairwise(columns):
            wide, high = right - left - gap, top - bottom - gap
            drawn += [b"%d %d %d %.2f re f" % (left + gap, y, wide, thick) for y in (top, bottom)]
            drawn += [b"%d %d %.2f %d re f" % (x, bottom + gap, thick, high) for x in (left, right)]
    return b"\n".join(drawn) + b"\n"


def four_words() -> bytes:
    """In reverse order, as programs may write them."""
    places = [(205, 655, b"d"), (105, 655, b"c"), (205, 685, b"b"), (105, 685, b"a")]
    return b"".join(words(text, x, y) for x, y, text in places)


@pytest.mark.parametrize("gap", [0, 2])
def test_rules_made_of_thin_areas(gap):
    content = one_page(stream(boxes([100, 200, 300], [700, 670, 640], gap=gap) + four_words()))
    (grid,) = read_pdf(content, "a.pdf").grids
    assert texts(grid) == [["a", "b"], ["c", "d"]]


def test_double_rules_are_one():
    rules = boxes([100, 200, 300], [700, 670, 640]) + boxes([102, 202, 298], [698, 672, 642])
    (grid,) = read_pdf(one_page(stream(rules + four_words())), "a.pdf").grids
    assert texts(grid) == [["a", "b"], ["c", "d"]]


def test_dashed_rules_and_rules_within_a_drawing():
    extra = b"/Type/XObject/Subtype/Form/BBox[0 0 600 600]/Matrix[1 0 0 1 100 600]"
    dashes = b"".join(b"%d 70 m %d 70 l S\n" % (x, x + 4) for x in range(0, 200, 6))
    sides = b"0 40 200 60 re S 100 40 m 100 100 l S\n"
    content = one_page(
        stream(b"/Fm Do " + four_words()),
        {6: stream(dashes + sides, extra)},
        b"/XObject<</Fm 6 0 R>>",
    )
    (grid,) = read_pdf(content, "a.pdf").grids
    assert texts(grid) == [["a", "b"], ["c", "d"]]


def test_white_rules_are_none():
    rules = b"1 1 1 rg " + boxes([100, 200, 300], [700, 670, 640]) + b"0 g "
    assert read_pdf(one_page(stream(rules + four_words())), "a.pdf").grids == ()


def test_a_page_whose_corner_is_elsewhere_is_read_the_same():
    content = one_page(stream(boxes([100, 200, 300], [700, 670, 640]) + four_words()))
    moved = content.replace(b"[0 0 595 842]", b"[9 9 595 842]")
    assert read_pdf(moved, "a.pdf") == read_pdf(content, "a.pdf")


def test_words_printed_twice_to_look_bold_are_read_once():
    twice = words(b"Book keeper 11", 72, 700) + b"BT /F1 12 Tf 72.3 700 Td (Book keeper 11) Tj ET\n"
    assert read_pdf(one_page(stream(twice)), "a.pdf").lines == ("Book keeper 11",)


def test_blanks_that_are_gaps_only():
    content = one_page(stream(b"BT /F1 12 Tf 72 700 Td [(two)-300(words)-30(s)] TJ ET"))
    assert read_pdf(content, "a.pdf").lines == ("two wordss",)


def chinese(encoding: bytes, text: bytes, more: bytes = b"") -> bytes:
    """A page in a face that is not in the file, as old programs of offices make it."""
    content = b"BT /F2 16 Tf 72 700 Td <%s> Tj ET" % text.hex().encode()
    descendant = (
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
        b"<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>"
    )
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/%s/DescendantFonts[7 0 R]%s>>"
    )
    objects = {6: font % (encoding, more), 7: descendant}
    return one_page(stream(content), objects).replace(b"/F1 5 0 R", b"/F2 6 0 R")


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [(b"GBK-EUC-H", "gbk"), (b"UniGB-UCS2-H", "utf-16-be"), (b"UniGB-UTF16-H", "utf-16-be")],
)
def test_faces_that_are_not_in_the_file(encoding, codec):
    text = "考评办法：第一条"
    assert read_pdf(chinese(encoding, text.encode(codec)), "a.pdf").lines == (text,)


def test_radicals_are_read_as_the_characters_they_look_like():
    mapped = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <ffff> "
        b"endcodespacerange 2 beginbfchar <0001> <2F2F> <0002> <4F5C> endbfchar endcmap"
    )
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[7 0 R]"
    objects = {
        6: font + b"/ToUnicode 8 0 R>>",
        7: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)"
        b"/Ordering(Identity)/Supplement 0>>/DW 1000>>",
        8: stream(mapped),
    }
    content = one_page(stream(b"BT /F2 16 Tf 72 700 Td <00010002> Tj ET"), objects)
    read = read_pdf(content.replace(b"/F1 5 0 R", b"/F2 6 0 R"), "a.pdf")
    assert read.lines == ("工作",)


# --- from an office program ------------------------------------------------------------------------


def test_a_notice_exported_by_an_office_program():
    read = sample("notice_with_annex.pdf")
    assert read.lines[2] == "虚州市人民政府关于印发2024年度市直部门绩效考评工作方案的通知"
    assert "2024年3月5日" in read.lines
    assert not [line for line in read.lines if line.startswith("—")]
    (grid,) = read.grids
    assert grid.title == "附件1\n2024年重点工作任务分解表\n单位：分"
    rows = [row for row in texts(grid) if row[0] != "序号"]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 13)]
    assert [row[1] for row in rows] == ["经济发展"] * 4 + ["社会民生"] * 4 + ["生态环境"] * 4
    assert all(row[3].count("\n") == 2 and row[3].endswith("最高加1分。") for row in rows)


def test_a_sheet_exported_by_an_office_program():
    read = sample("task_sheet.pdf")
    (grid,) = read.grids
    assert grid.title == "2024年重点工作任务表"
    assert read.lines.count("2024年重点工作任务表") == 1
    rows = [row for row in texts(grid) if row[0] != "序号"]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 25)]
    assert {row[4] for row in rows} == {"市发展改革委、市统计局、市住房城乡建设局"}


# --- what cannot be read ---------------------------------------------------------------------------


def test_a_scan_is_refused_with_its_pages():
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
    page += b"/Resources<</XObject<</Im1 5 0 R>>>>>>"
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count 3/Kids[3 0 R 6 0 R 7 0 R]>>",
        3: page,
        4: stream(picture_page()),
        5: PICTURE,
        6: page,
        7: page,
    }
    error = refusal(pdf(objects), "扫描.pdf")
    assert "第1—3页是扫描件，没有文字" in error.zh
    assert "OCR" in error.zh
    assert "OCR" in error.en


def test_a_page_that_is_a_picture_is_named_in_its_place():
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
    page += b"/Resources<</XObject<</Im1 5 0 R>>/Font<</F1 9 0 R>>>>>>"
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count 3/Kids[3 0 R 6 0 R 7 0 R]>>",
        3: page % 8,
        4: stream(picture_page()),
        5: PICTURE,
        6: page % 4,
        7: page % 8,
        8: stream(words(b"Words enough to be read.")),
        9: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    read = read_pdf(pdf(objects), "a.pdf")
    text = "Words enough to be read."
    assert read.lines == (text, "【第2页只有图片，没有文字，未读取】", text)
    assert read.places == ("第1页第1段", "第2页", "第3页第1段")


def test_a_picture_among_words_is_named():
    content = stream(picture_page(0.4) + words(b"Words enough to be read."))
    read = read_pdf(one_page(content, {6: PICTURE}, WITH_PICTURE), "a.pdf")
    assert read.lines == ("【第1页有图片，图片里的文字未读取】", "Words enough to be read.")


def test_a_seal_is_no_picture_worth_naming():
    content = stream(b"q 60 0 0 60 9 9 cm /Im1 Do Q " + words(b"Words enough to be read."))
    read = read_pdf(one_page(content, {6: PICTURE}, WITH_PICTURE), "a.pdf")
    assert read.lines == ("Words enough to be read.",)


def test_words_drawn_as_curves_are_as_good_as_a_scan():
    curve = b"9 9 m 20 20 30 30 40 9 c f\n" * 400
    assert "没有文字" in refusal(one_page(stream(curve))).zh


def test_an_empty_pdf_is_refused():
    assert "没有文字" in refusal(one_page(stream(b""))).zh


def encrypted(content: bytes, user: str, owner: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(user, owner, algorithm="RC4-128")
    stream_ = io.BytesIO()
    writer.write(stream_)
    return stream_.getvalue()


def test_a_pdf_only_its_owner_may_change_is_read():
    assert read_pdf(encrypted(typeset(LONG), "", "secret"), "a.pdf").lines == (LONG,)


def test_a_pdf_with_a_password_is_refused():
    assert "密码" in refusal(encrypted(typeset(LONG), "secret", "secret")).zh


def without_meaning(content: bytes) -> bytes:
    """The same pdf whose fonts no longer say what their characters mean."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    for page in writer.pages:
        resources = cast(DictionaryObject, page["/Resources"])
        for font in cast(DictionaryObject, resources["/Font"]).values():
            del font.get_object()[NameObject("/ToUnicode")]
    stream_ = io.BytesIO()
    writer.write(stream_)
    return stream_.getvalue()


def test_a_font_without_readable_encoding_is_refused():
    error = refusal(without_meaning(typeset(LONG)))
    assert "第1页的字体没有可读的编码" in error.zh


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"hello", b"%PDF-1.7\n%%EOF", bytes(9999)])
def test_what_is_no_pdf_is_refused(content):
    refusal(content)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_pdf_cut_off_is_refused(share):
    content = typeset(LONG)
    refusal(content[: int(len(content) * share)])


def test_a_pdf_whose_table_of_places_is_garbage_is_refused():
    content = one_page(stream(words(b"Words enough to be read.")))
    refusal(content.replace(b"0000000009 00000 n", b"0000999999 00000 n"))


@pytest.mark.slow
@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.data())
def test_garbage_in_a_pdf_is_read_or_refused(data):
    content = bytearray((SAMPLES / "task_sheet.pdf").read_bytes())
    for at, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=40)
    ):
        content[at] = value
    try:
        read = read_pdf(bytes(content), "a.pdf")
    except InputError:
        refusal(bytes(content))
    else:
        assert len(read.lines) == len(read.places)


@pytest.mark.slow
def test_an_annex_of_two_hundred_tasks_is_read_soon():
    import time

    content = typeset(annex(200), more=",flipped:true")
    began = time.perf_counter()
    (grid,) = read_pdf(content, "a.pdf").grids
    assert time.perf_counter() - began < 4
    assert [row[0] for row in texts(grid) if row[0] != "序号"] == [str(n) for n in range(1, 201)]
