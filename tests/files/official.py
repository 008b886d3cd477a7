"""Official documents for tests, and what they measure on a page."""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime

import pdfplumber
import zxingcpp

from kaoping.core.calendar import SHANGHAI
from kaoping.core.report.document import (
    DRAFT_MARK,
    PAPER_MARK,
    Align,
    CheckpointMark,
    Column,
    Document,
    Genre,
    Heading,
    Letterhead,
    Paragraph,
    Part,
    SignatureLine,
    TableBlock,
    body_rows,
)
from kaoping.files.fonts import find_faces
from kaoping.files.pdf import document_pdf

AT = datetime(2025, 1, 20, 17, tzinfo=SHANGHAI)
MM = 72 / 25.4
"""Points in a millimetre."""
PLAIN = "政务绩效考核评价结果应当客观公正并接受社会监督" * 40
"""Text without punctuation, of which every line holds what it can."""
HEAD = Letterhead(
    authority="青川市绩效考评领导小组办公室文件",
    signed_by="青川市绩效考评领导小组办公室",
    number="青绩办〔2024〕32号",
    addressed_to="各区县人民政府，市政府各部门、各直属机构",
    signed_on=date(2025, 1, 20),
    remark="此件公开发布",
    copied_to="市委各部门，市人大常委会办公室，市政协办公室，市纪委监委",
    printed_by="青川市绩效考评领导小组办公室",
    printed_on=date(2025, 1, 21),
)
UP = replace(
    HEAD,
    genre=Genre.REPORT,
    approved_by=("甲某某", "乙某"),
    copy_number="000001",
    secrecy="秘密★1年",
    urgency="特急",
)
"""Of a document that goes up, with every element there is."""
CHECKPOINT = CheckpointMark(
    "存证：日志1条，根0123456789abcdef",
    "kaoping-run/0123456789abcdef0123\n1\nASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8=\n\n"
    f"— kaoping-run/0123456789abcdef0123 {'A' * 92}\n",
)
BODY = (
    Heading(1, "一、总体情况"),
    Paragraph(PLAIN),
    Heading(2, "（一）考评方法"),
    Paragraph(PLAIN),
)


def table(rows=60, columns=8, cell="1.25"):
    heads = (Column("单位", 8), *(Column(f"指标{n}", 3, Align.RIGHT) for n in range(1, columns)))
    cells = ((f"市示例{n}局", *([cell] * (columns - 1))) for n in range(rows))
    return TableBlock("各单位得分", heads, body_rows(cells), "得分保留两位小数。")


def official(body=BODY, annexes=(), head=HEAD, mark="", title="关于2024年度绩效考评结果的通报"):
    """An official document; each annex has a name and blocks."""
    parts = (
        Part(tuple(body)),
        *(Part(tuple(b), landscape=True, annex=name) for name, b in annexes),
    )
    return Document(head.signed_by, title, mark, (), parts, AT, letterhead=head)


def draft(**more):
    head = Letterhead(HEAD.authority, HEAD.signed_by, printed_by=HEAD.printed_by)
    return official(head=head, mark=DRAFT_MARK, **more)


def final(head=UP, **more):
    """The final form of a document that goes up."""
    document = official(head=head, title="关于2024年度绩效考评指标考核评分情况的报告", **more)
    return replace(document, checkpoint=CHECKPOINT)


def paper(rows=60):
    """A sheet to sign by hand, several pages long."""
    blocks = (table(rows=rows), SignatureLine(("经办人", "部门负责人", "日期")))
    facts = (("责任科室", "某科"), ("生成时间", "2025年1月20日 17:00"))
    parts = (Part(blocks, landscape=True),)
    return Document(HEAD.signed_by, "某科2024年度考评指标评分表", PAPER_MARK, facts, parts, AT)


def annexed():
    """With two annexes of tables, the first longer than a page."""
    return official(
        annexes=[
            ("各单位得分和名次", (table(), SignatureLine(("汇总人", "审核人", "日期")))),
            ("需要说明的事项", (table(rows=3),)),
        ]
    )


def set_in_pdf(document):
    return pdfplumber.open(io.BytesIO(document_pdf(document, find_faces())))


def written(page, size=16.0):
    """The characters of a page of about a size, in points, those of a watermark left out."""
    return [c for c in page.chars if abs(c["size"] - size) < 0.05 and c["upright"]]


def lines(characters):
    """Characters by their line, from above."""
    found = defaultdict(list)
    for one in characters:
        found[round(one["top"])].append(one)
    return [found[top] for top in sorted(found)]


def said(characters):
    return "".join(
        one["text"] for one in sorted(characters, key=lambda c: (round(c["top"]), c["x0"]))
    )


def codes_on(page):
    """What the QR codes on a page hold, read from its picture at the resolution of a scanner."""
    picture = page.to_image(resolution=150).original.convert("L")
    return [one.bytes.decode() for one in zxingcpp.read_barcodes(picture)]
