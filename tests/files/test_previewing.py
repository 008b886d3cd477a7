"""Previews: each kind of file, nothing but pixels and plain words, and files that are made to harm."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
import zlib
from dataclasses import dataclass

import pytest
from docx import Document
from PIL import Image

from kaoping.core.errors import InputError
from kaoping.files import excerpts, picturing, previewing
from kaoping.files.confined import Limits
from kaoping.files.likeness import likeness
from tests.files.photos import SECRET, jpeg, scene, taken
from tests.files.samples import archive, workbook, xlsx

_P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class Shown:
    """A preview as it was, after its file is gone."""

    pictures: tuple[Drawing, ...]
    of: int
    words: bytes
    likeness: str


@dataclass(frozen=True)
class Drawing:
    content: bytes
    width: int
    height: int


def preview_of(ending, content):
    """What is made of bytes."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        with previewing.preview_of(ending, file) as made:
            pictures = tuple(Drawing(one.content, one.width, one.height) for one in made.pictures)
            return Shown(pictures, made.of, made.words, made.likeness)


def pixels(preview, number=0):
    return Image.open(io.BytesIO(preview.pictures[number].content))


def words(preview):
    return json.loads(preview.words)


def text(preview):
    return [line for one in words(preview)["passages"] for line in one["lines"]]


def cells(preview, number=0):
    tables = [one for one in words(preview)["passages"] if one["rows"]]
    return [[cell[0] for cell in row] for row in tables[number]["rows"]]


def pages(count, size=(595, 842)):
    """A pdf of so many empty pages."""
    kids = " ".join(f"{3 + n} 0 R" for n in range(count))
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {} {}]>>".format(*size)
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>",
        *[page] * count,
    ]
    body = "".join(f"{n} 0 obj {one} endobj\n" for n, one in enumerate(objects, 1))
    return f"%PDF-1.4\n{body}trailer <</Root 1 0 R>>\n%%EOF\n".encode()


# --- photos ---------------------------------------------------------------------------------------


def test_a_photo_is_drawn_small_upright_and_knows_nothing_of_where_it_was_taken():
    content = taken(scene(1, (3200, 2400)), orientation=6)
    assert SECRET in content
    made = preview_of("jpg", content)
    (picture,) = made.pictures
    assert (picture.width, picture.height) == (1200, 1600)
    shown = pixels(made)
    assert (shown.format, shown.size) == ("WEBP", (1200, 1600))
    assert not shown.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & shown.info.keys()
    for trace in (SECRET, b"EXIF", b"GPS", b"Exif"):
        assert trace not in picture.content
    upright = scene(1, (3200, 2400)).rotate(270, expand=True)
    assert (int(made.likeness, 16) ^ int(likeness(upright), 16)).bit_count() < 8


@pytest.mark.parametrize(
    ("ending", "kind", "mode"),
    [("png", "PNG", "RGBA"), ("png", "PNG", "P"), ("png", "PNG", "I;16"), ("tif", "TIFF", "1"),
     ("tif", "TIFF", "CMYK"), ("jpg", "JPEG", "L"), ("jpeg", "JPEG", "CMYK")],
)  # fmt: skip
def test_every_kind_of_colours_is_shown(ending, kind, mode):
    stream = io.BytesIO()
    picture = scene(2)
    made = Image.new(mode, (640, 480)) if mode == "I;16" else picture.convert(mode)
    made.save(stream, kind)
    shown = pixels(preview_of(ending, stream.getvalue()))
    assert (shown.mode, shown.size) == ("RGB", (640, 480))


def test_a_scan_of_several_pages_shows_each():
    stream = io.BytesIO()
    scene(1).save(stream, "TIFF", save_all=True, append_images=[scene(2), scene(3)])
    made = preview_of("tif", stream.getvalue())
    assert (len(made.pictures), made.of, made.likeness) == (3, 3, "")


def test_what_lets_through_stands_on_white():
    stream = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(stream, "PNG")
    assert pixels(preview_of("png", stream.getvalue())).getpixel((20, 20)) == (255, 255, 255)


# --- pdf ------------------------------------------------------------------------------------------


def test_pages_of_a_pdf_are_drawn_and_the_rest_is_counted():
    made = preview_of("pdf", pages(23))
    assert (len(made.pictures), made.of, made.words) == (picturing.MOST_PICTURES, 23, b"")
    assert (made.pictures[0].width, made.pictures[0].height) == (1131, 1600)


@pytest.mark.parametrize("size", [(14_400_000, 14_400_000), (1, 14_400), (0, 0)])
def test_a_page_of_any_claimed_size_is_drawn_small(size):
    made = preview_of("pdf", pages(1, size))
    assert max(made.pictures[0].width, made.pictures[0].height) <= picturing.LONGEST_SIDE + 1


# --- office files ---------------------------------------------------------------------------------


def test_a_document_gives_its_words_tables_and_pictures_in_order():
    document = Document()
    document.add_paragraph("开头<script>alert(1)</script>")
    table = document.add_table(2, 2)
    for at, said in enumerate(("项目", "金额", "路", "12.5")):
        table.cell(at // 2, at % 2).text = said
    document.add_paragraph("结尾")
    document.add_picture(io.BytesIO(taken(scene(3))))
    stream = io.BytesIO()
    document.save(stream)
    made = preview_of("docx", stream.getvalue())
    kinds = ["rows" if one["rows"] else "lines" for one in words(made)["passages"]]
    assert kinds[:3] == ["lines", "rows", "lines"]
    assert text(made)[:2] == ["开头<script>alert(1)</script>", "结尾"]
    assert cells(made) == [["项目", "金额"], ["路", "12.5"]]
    assert (len(made.pictures), made.of) == (1, 1)
    assert SECRET not in made.pictures[0].content


def test_a_document_of_pictures_alone_shows_them():
    document = Document()
    document.add_picture(io.BytesIO(jpeg(scene(4))))
    stream = io.BytesIO()
    document.save(stream)
    assert len(preview_of("docx", stream.getvalue()).pictures) == 1


def test_a_workbook_gives_its_sheets_cut_where_they_are_long():
    rows = [[f"{row}-{column}" for column in range(40)] for row in range(260)]
    made = preview_of("xlsx", xlsx(rows))
    (table,) = words(made)["passages"]
    assert len(table["rows"]) == excerpts.MOST_ROWS
    assert len(table["rows"][0]) == excerpts.MOST_COLUMNS
    assert (table["left_out"], table["narrowed"], table["heading"]) == (60, 10, "Sheet1")


def test_cells_that_were_merged_are_one():
    def write(_, sheet):
        sheet.merge_range(0, 0, 0, 2, "重大项目")
        sheet.write_row(1, 0, ["甲", "乙", "丙"])

    (table,) = words(preview_of("xlsx", workbook(write)))["passages"]
    assert table["rows"] == [[["重大项目", 3]], [["甲", 1], ["乙", 1], ["丙", 1]]]


def test_slides_give_their_words_in_the_order_in_which_they_are_shown():
    made = preview_of("pptx", slides(["第一页的话", "第二页的话"]))
    assert [one["heading"] for one in words(made)["passages"]] == [
        "第1张",
        "第2张",
        ""[:0] or "第2张表1",
    ]
    assert text(made) == ["第一页的话", "第二页的话"]
    assert cells(made) == [["单位", "数"]]


def slides(said):
    """A presentation; the last slide holds a table, too. The file names them in another order."""
    paragraph = "<a:p><a:r><a:t>{}</a:t></a:r></a:p>"
    cell = "<a:tc><a:txBody>{}</a:txBody></a:tc>"
    table = "<a:tbl><a:tr>{}</a:tr></a:tbl>".format(
        "".join(cell.format(paragraph.format(one)) for one in ("单位", "数"))
    )
    parts = []
    for number, one in enumerate(said):
        within = paragraph.format(one) + (table if one == said[-1] else "")
        slide = f"<p:sld {_P} {_A}>{within}</p:sld>"
        parts.append((f"ppt/slides/slide{9 - number}.xml", slide.encode()))
    ids = "".join(f'<p:sldId id="{n}" r:id="r{n}"/>' for n in range(len(said)))
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_R}/slide" Target="slides/slide{9 - n}.xml"/>'
        for n in range(len(said))
    )
    main = f'<p:presentation {_P} xmlns:r="{_R}"><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>'
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    of_main = f'<Relationships xmlns="{package}">{relations}</Relationships>'
    return archive(
        [
            ("[Content_Types].xml", b"<Types/>"),
            ("ppt/presentation.xml", main.encode()),
            ("ppt/_rels/presentation.xml.rels", of_main.encode()),
            *parts,
        ]
    )


def test_text_and_csv_in_any_encoding_of_an_office():
    assert text(preview_of("txt", "情况\t说明\n第二行".encode("gb18030"))) == [
        "情况  说明",
        "第二行",
    ]
    assert cells(preview_of("csv", "单位,数\n甲,1\n".encode())) == [["单位", "数"], ["甲", "1"]]


def test_a_long_text_is_cut_and_says_so():
    made = preview_of("txt", b"x" * 9_000 + b"\n" + b"line\n" * 5_000)
    (passage,) = words(made)["passages"]
    assert len(passage["lines"]) == excerpts.MOST_LINES
    assert passage["left_out"] == 5_001 - excerpts.MOST_LINES
    assert len(passage["lines"][0]) == excerpts.LONGEST + 1


def test_passages_beyond_the_room_are_counted():
    def write(book, _):
        for _number in range(12):
            sheet = book.add_worksheet()
            for row in range(excerpts.MOST_ROWS):
                sheet.write_row(row, 0, ["一"] * excerpts.MOST_COLUMNS)

    made = words(preview_of("xlsx", workbook(write)))
    shown = sum(len(row) for one in made["passages"] for row in one["rows"])
    assert shown <= excerpts.MOST_CELLS
    assert made["left_out"] + len(made["passages"]) == 12


# --- none, and files made to harm -----------------------------------------------------------------


def huge_png(side=40_000):
    """A few hundred bytes that unpack to more pixels than a computer holds."""

    def chunk(kind, data):
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = side.to_bytes(4) * 2 + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")  # fmt: skip


@pytest.mark.parametrize(
    ("ending", "content", "said"),
    [
        ("mp4", b"video", "视频"),
        ("pdf", b"%PDF-1.7 nothing follows", "pdf 已损坏"),
        ("jpg", jpeg(scene(1))[:3000], "不完整"),
        ("png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "损坏"),
        ("png", huge_png(), "像素过多"),
        ("docx", b"PK\x03\x04 no archive", "损坏"),
        ("xlsx", archive([("xl/workbook.xml", b"<x/>")]), "xlsx"),
        ("pptx", archive([("ppt/presentation.xml", b"<x/>")]), "没有文字"),
        ("csv", b"a\0b", "零字节"),
    ],
)
def test_a_file_that_cannot_be_shown_says_why(ending, content, said):
    with pytest.raises(InputError, match=said):
        preview_of(ending, content)


def test_a_bomb_within_a_document_is_left_out():
    document = Document()
    document.add_paragraph("文字")
    stream = io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream, "a") as more:
        more.writestr("word/media/image1.png", huge_png())
        more.writestr("word/media/image2.jpg", jpeg(scene(5)))
    made = preview_of("docx", stream.getvalue())
    assert (len(made.pictures), made.of, text(made)) == (1, 2, ["文字"])


def test_what_takes_for_ever_or_all_memory_ends_alone(monkeypatch):
    """Thousands of large circles on one page: drawing them takes longer than a page may."""
    wild = b"q " + b"0 0 m 9 900 900 9 5 5 c 3 800 7 7 600 600 c b* " * 60_000 + b" Q"
    stream = b"<</Length %d>>stream\n%s\nendstream" % (len(wild), wild)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 900]/Contents 4 0 R>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        stream,
    ]
    body = b"".join(b"%d 0 obj %s endobj\n" % (n, one) for n, one in enumerate(objects, 1))
    slow = b"%PDF-1.4\n" + body + b"trailer <</Root 1 0 R>>\n%%EOF\n"
    monkeypatch.setattr(previewing, "LIMITS", Limits(processor=1, patience=20, memory=700_000_000))
    with pytest.raises(InputError, match="时间过长"):
        preview_of("pdf", slow)
    monkeypatch.setattr(previewing, "LIMITS", Limits(processor=20, patience=60, memory=60_000_000))
    with pytest.raises(InputError, match=r"内存|中断"):
        preview_of("png", large_png())
    assert preview_of("pdf", pages(1)).of == 1, "and the next one goes on"


def large_png():
    stream = io.BytesIO()
    Image.new("RGB", (7000, 7000)).save(stream, "PNG", compress_level=1)
    return stream.getvalue()
