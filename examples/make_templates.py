"""Makes the two example templates of an office's own documents; the same bytes every run.

Run it from anywhere: `python examples/make_templates.py`. They are what a clerk would write in a text
program; the fonts are named as offices have them.
"""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from kaoping.core.calendar import SHANGHAI
from kaoping.files.archive import rewritten
from kaoping.files.docx_text import RED, add_field, add_run, set_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

HERE = Path(__file__).parent / "templates"
MADE_AT = datetime(2025, 1, 2, 9, tzinfo=SHANGHAI)
TITLE_FACE, TEXT_FACE, HEAD_FACE, NAME_FACE = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
BLACK = RGBColor(0, 0, 0)
PAGE_WIDTH = 156

REPORT_HEADS = (
    ("名次", 14),
    ("单位", 46),
    ("可得分", 18),
    ("总得分", 20),
    ("等次", 18),
    ("说明", 40),
)
RANKED_ROW = (
    "{{每个单位按名次}}{{总分名次}}",
    "{{单位名称}}",
    "{{可得总分}}",
    "{{总得分}}",
    "{{等次}}",
    "{{总分说明}}{{结束}}",
)
LOST_HEADS = (("序号", 14), ("任务", 36), ("目标与完成", 34), ("失分", 15), ("理由和依据", 57))
LOST_ROW = (
    "{{每项失分}}{{序号}}",
    "{{任务名称}}\n（{{指标名称}}）",
    "{{如果 有年度目标}}目标：{{年度目标}}\n{{结束}}实际：{{实际完成}}",
    "{{任务失分}}",
    "{{扣分理由}}\n依据：{{评分依据}}{{结束}}",
)
SHEET_HEADS = (("任务", 38), ("分值", 14), ("得分", 18), ("得分过程", 44), ("扣分理由", 42))
INDICATOR_ROW = (
    "{{每项指标}}{{指标名称}}（{{指标分值}}分），责任科室：{{责任科室}}。"
    "得{{指标得分}}分{{如果 有指标位次}}，{{指标位次}}{{结束}}"
)
TASK_ROW = (
    "{{每项任务}}{{任务名称}}{{如果 有加分项}}（加分项）{{结束}}",
    "{{任务可得分}}",
    "{{任务得分}}",
    "{{得分过程}}",
    "{{扣分理由}}{{结束}}{{结束}}",
)


def main(place: Path = HERE) -> None:
    """Make both templates."""
    place.mkdir(exist_ok=True)
    _write(_report(), place / "template-report.docx")
    _write(_sheet(), place / "template-unit.docx")


def _write(out: Document, path: Path) -> None:
    stream = io.BytesIO()
    out.save(stream)
    path.write_bytes(rewritten(stream.getvalue(), MADE_AT, {}))


# --- 通报 -------------------------------------------------------------------------------------------


def _report() -> Document:
    out = _blank()
    _title(out, "关于{{年度}}年度考评结果的通报")
    _text(
        out,
        "根据{{考评依据}}，{{考评机关}}对{{单位总数}}个单位{{年度}}年度工作进行了考评，共{{指标总数}}项指标、"
        "{{任务总数}}项任务{{如果 有数据截止日期}}，数据截至{{数据截止日期}}{{结束}}。现将结果通报如下。",
    )
    _head(out, "一、指标完成情况")
    _text(out, "{{每项指标}}")
    _text(
        out,
        "（{{序号}}）{{指标名称}}。满分{{指标分值}}分，由{{责任科室}}负责，考评{{指标单位数}}个单位。"
        "{{如果 有指标平均分}}平均得分{{指标平均分}}分，得分率{{指标得分率}}，最高{{指标最高分}}分，"
        "最低{{指标最低分}}分。{{否则}}尚无可公布的得分。{{结束}}",
    )
    _text(out, "{{结束}}")
    _head(out, "二、得分和名次")
    _text(out, "{{每个组别}}")
    _text(out, "{{如果 有组别名称}}{{组别名称}}，共{{组内单位数}}个单位：{{结束}}")
    _table(out, REPORT_HEADS, (RANKED_ROW,), centred={0, 2, 3, 4})
    _text(out, "{{结束}}")
    _head(out, "三、失分事项")
    _text(out, "{{每个单位}}")
    _text(out, "{{如果 有失分}}")
    _text(out, "{{单位名称}}，失分{{失分项数}}项：", face=NAME_FACE)
    _table(out, LOST_HEADS, (LOST_ROW,), centred={0, 3})
    _text(out, "{{否则}}")
    _text(out, "{{单位名称}}没有失分。", face=NAME_FACE)
    _text(out, "{{结束}}")
    _text(out, "{{结束}}")
    _text(
        out,
        "{{如果 有申诉截止日期}}对结果有异议的，可在{{申诉截止日期}}前提出申诉。{{结束}}",
    )
    _signed(out)
    return out


# --- 告知书 -----------------------------------------------------------------------------------------


def _sheet() -> Document:
    out = _blank()
    _title(out, "{{年度}}年度考评得分告知书")
    _text(out, "{{单位名称}}：", indent=False)
    _text(
        out,
        "根据{{考评依据}}，你单位参加{{单位指标数}}项指标、{{单位任务数}}项任务的考评。"
        "{{如果 有总得分}}总得分{{总得分}}分（可得{{可得总分}}分）{{如果 有总分位次}}，{{总分位次}}{{结束}}"
        "{{如果 有等次}}，等次为{{等次}}{{结束}}。{{结束}}各项得分、过程和理由列在下表。",
    )
    _table(out, SHEET_HEADS, ((INDICATOR_ROW,), TASK_ROW), centred={1, 2})
    _text(out, "{{如果 有台账问题}}")
    _text(out, "台账核对发现以下问题：")
    _text(out, "{{每个台账问题}}")
    _text(out, "（{{序号}}）{{问题类别}}：{{问题情况}}。")
    _text(out, "{{结束}}")
    _text(out, "{{结束}}")
    _text(
        out,
        "{{如果 有反馈截止日期}}如有意见，请在{{反馈截止日期}}前书面反馈。{{结束}}",
    )
    _signed(out)
    return out


# --- pieces ------------------------------------------------------------------------------------------


def _blank() -> Document:
    """A page as GB/T 9704 asks, with the standing at its head and the page number at its foot."""
    out: Document = docx.Document()
    for language in out.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    set_style(out.styles["Normal"], TEXT_FACE, 16, colour=BLACK)
    properties = out.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.title = "模板"
    properties.created = properties.modified = MADE_AT.replace(tzinfo=None)
    section = out.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    header = section.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    add_run(header, "{{文件状态}}", size=10.5, face=HEAD_FACE, colour=RED)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_run(footer, "— ", size=14, face="宋体")
    add_field(footer, "PAGE", size=14, face="宋体")
    add_run(footer, " —", size=14, face="宋体")
    return out


def _title(out: Document, text: str) -> None:
    for words, size, face in (("{{考评机关}}", 16.0, NAME_FACE), (text, 22.0, TITLE_FACE)):
        paragraph = out.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(10)
        add_run(paragraph, words, size=size, face=face)


def _head(out: Document, text: str) -> None:
    paragraph = _paragraph(out)
    paragraph.paragraph_format.keep_with_next = True
    add_run(paragraph, text, size=16, face=HEAD_FACE)


def _text(out: Document, text: str, *, face: str = TEXT_FACE, indent: bool = True) -> None:
    paragraph = _paragraph(out, indent=indent)
    if face != TEXT_FACE:
        paragraph.paragraph_format.keep_with_next = True
    add_run(paragraph, text, size=16, face=face)


def _paragraph(out: Document, *, indent: bool = True) -> Paragraph:
    paragraph = out.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(32 if indent else 0)
    paragraph.paragraph_format.line_spacing = Pt(29)
    paragraph.paragraph_format.space_after = Pt(0)
    return paragraph


def _signed(out: Document) -> None:
    for text in ("", "{{考评机关}}", "{{生成日期}}"):
        paragraph = _paragraph(out)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Pt(32)
        add_run(paragraph, text, size=16, face=TEXT_FACE)


def _table(
    out: Document,
    heads: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[str]],
    centred: set[int],
) -> None:
    """A table whose heading stands on every page; a row of one cell spans it."""
    table = out.add_table(1 + len(rows), len(heads))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, (_, width) in zip(table.columns, heads, strict=True):
        column.width = Mm(width)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 - python-docx offers none
    for cell, (head, width) in zip(table.rows[0].cells, heads, strict=True):
        _cell(cell, head, width, face=HEAD_FACE, is_centred=True)
    for row, texts in zip(table.rows[1:], rows, strict=True):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - nor here
        if len(texts) == 1:
            _cell(row.cells[0].merge(row.cells[-1]), texts[0], PAGE_WIDTH, face=HEAD_FACE)
            continue
        for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            _cell(cell, text, heads[at][1], is_centred=at in centred)


def _cell(
    cell: _Cell, text: str, width: int, *, face: str = "宋体", is_centred: bool = False
) -> None:
    cell.width = Mm(width)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    if is_centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_run(paragraph, text, size=10.5, face=face)


if __name__ == "__main__":
    main()
