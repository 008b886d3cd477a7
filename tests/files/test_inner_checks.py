"""What lies inside a file that somebody hands in: what is harmless passes, what acts by itself does not."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zipfile
import zlib

import pytest
from docx import Document
from PIL import Image

from kaoping.files.inner_checks import MAX_PIXELS, content_fault, pdf_fault
from tests.files.samples import xlsx
from tests.pace import timed


def pdf(objects: bytes = b"", pages: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n"
        b"2 0 obj <</Type /Pages /Kids [] /Count 0" + pages + b">> endobj\n" + objects
        + b"\ntrailer <</Root 1 0 R>>\n%%EOF\n"
    )  # fmt: skip


def packed(objects: bytes, kind: bytes = b"/Type /ObjStm /N 1 /First 4") -> bytes:
    content = zlib.compress(objects)
    length = str(len(content)).encode()
    return (
        b"9 0 obj <<"
        + kind
        + b" /Length "
        + length
        + b">>\nstream\n"
        + content
        + b"\nendstream endobj"
    )


def picture(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "red").save(stream, kind)
    return stream.getvalue()


def docx(*links: str) -> bytes:
    stream = io.BytesIO()
    document = Document()
    document.add_paragraph("佐证材料")
    for kind in links:
        document.part.relate_to("http://elsewhere.example/x", kind, is_external=True)
    document.save(stream)
    return stream.getvalue()


RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def fault(ending: str, content: bytes) -> str:
    found = content_fault(ending, io.BytesIO(content))
    return found.zh if found else ""


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        ("pdf", pdf()),
        ("pdf", pdf(packed(b"10 0 <</Type /Font>>"))),
        ("pdf", pdf(packed(b"/JS " * 50, b"/Type /XObject"))),
        ("jpg", picture("JPEG")),
        ("jpeg", picture("JPEG")),
        ("png", picture("PNG")),
        ("tif", picture("TIFF")),
        ("docx", docx()),
        ("docx", docx(f"{RELATION}hyperlink")),
        ("xlsx", xlsx([["甲"]])),
        ("txt", "情况说明".encode()),
    ],
)
def test_what_is_harmless_is_accepted(ending, content):
    assert fault(ending, content) == ""


def test_bytes_of_a_packed_picture_may_look_like_a_name():
    scan = b"7 0 obj <</Subtype /Image>>\nstream\n" + b"\x00/JS \xff/Launch<" * 10 + b"\nendstream"
    assert fault("pdf", pdf(scan)) == ""


@pytest.mark.parametrize(
    ("objects", "said"),
    [
        (b"3 0 obj <</S /JavaScript /JS (app.alert)>> endobj", "脚本"),
        (b"3 0 obj <</S /Java#53cript /#4aS (x)>> endobj", "脚本"),
        (packed(b"3 0 <</S /JavaScript /JS (x)>>"), "脚本"),
        (b"3 0 obj <</S /Launch /F (cmd.exe)>> endobj", "启动程序"),
        (b"3 0 obj <</Type /EmbeddedFile>> endobj", "内嵌有别的文件"),
        (b"3 0 obj <</S /SubmitForm>> endobj", "向外发送"),
        (b"3 0 obj <</Filter /Standard>> endobj trailer <</Encrypt 3 0 R>>", "已加密"),
        (packed(b" " * 70_000_000), "压缩炸弹"),
    ],
)
def test_a_pdf_that_does_something_by_itself_is_refused(objects, said):
    assert said in fault("pdf", pdf(objects))


@pytest.mark.parametrize(
    ("kind", "is_refused"),
    [("attachedTemplate", True), ("oleObject", True), ("image", True), ("hyperlink", False)],
)
def test_an_office_file_that_fetches_something_is_refused(kind, is_refused):
    assert ("外部内容" in fault("docx", docx(RELATION + kind))) is is_refused


def huge_png() -> bytes:
    side = int(MAX_PIXELS**0.5) + 1
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, content: bytes) -> bytes:
        size, check = struct.pack(">I", len(content)), struct.pack(">I", zlib.crc32(kind + content))
        return size + kind + content + check

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def test_a_picture_of_too_many_pixels_is_refused_by_its_head():
    assert "万像素" in fault("png", huge_png())


@pytest.mark.parametrize(
    ("ending", "content", "said"),
    [
        ("jpg", picture("PNG"), "内容不是 jpg"),
        ("png", picture("PNG")[:60], "损坏"),
        ("pdf", b"MZ" + os.urandom(2000), "内容不是 pdf"),
        ("docx", b"PK\x03\x04" + b"0" * 100, "损坏"),
        ("svg", b"<svg onload='alert(1)'/>", "不接受"),
        ("html", b"<html>", "不接受"),
        ("pdf", b"", "空的"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(ending, content, said):
    assert said in fault(ending, content)


def test_macros_are_found_whatever_the_ending():
    stream = io.BytesIO(docx())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    assert "宏" in fault("docx", stream.getvalue())


def rels(text: bytes | str, name: str = "word/_rels/more.xml.rels") -> bytes:
    stream = io.BytesIO(docx())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return stream.getvalue()


LIST = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
TEMPLATE = (
    f'<Relationship Id="r" Type="{RELATION}attachedTemplate" Target="{{}}" TargetMode="{{}}"/>'
)


@pytest.mark.parametrize(
    "content",
    [
        rels(LIST.format(TEMPLATE.format("http://evil/relationships/hyperlink", "External"))),
        rels(LIST.format(TEMPLATE.format("http://evil/a>b", "External"))),
        rels(LIST.format(TEMPLATE.format("http://evil/", "Extern&#97;l"))),
        rels(LIST.format(TEMPLATE.format("http://evil/", "External")).encode("utf-16")),
        rels(LIST.format(TEMPLATE.format("http://evil/", "External")), "word/_rels/more.xml.RELS"),
    ],
)
def test_a_link_out_is_found_however_it_is_written(content):
    assert fault("docx", content) != ""


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        ("docx", rels('<Relationship TargetMode="External" ' * 28_000)),
        ("docx", rels("<Relationship " * 80_000)),
        ("docx", rels(LIST.format("<Relationship/>" * 100_000))),
        ("pdf", pdf(packed(b"/a" * 19_000_000))),
        ("pdf", pdf(packed(b"/a#41" * 7_000_000))),
        ("pdf", pdf(b"/Type /ObjStm\nstream\n" * 400_000)),
        ("pdf", pdf(b"/Type /ObjStm >>stream\nx endstream " * 100_000)),
        ("pdf", pdf(b">>stream\n" * 400_000)),
        ("pdf", pdf(b"/" + b"a#41" * 2_000_000)),
    ],
)
def test_what_is_made_to_take_long_takes_little(ending, content):
    with timed() as took:
        fault(ending, content)
    assert took.seconds < 5


def test_an_object_stream_is_found_however_it_is_written():
    assert "脚本" in fault("pdf", pdf(packed(b"/S /JavaScript ", b"/Type/Obj#53tm")))
    assert "脚本" in fault(
        "pdf", pdf(b"9 0 obj <</Type /ObjStm>>\nstream\n/S /JavaScript \nendstream")
    )


# --- large files ----------------------------------------------------------------------------------


LOOKING = """
import sys
from kaoping.files.inner_checks import content_fault
with open(sys.argv[1], "rb") as stream:
    fault = content_fault("pdf", stream)
print(fault.en if fault else "accepted")
print(next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def looked_at(path):
    """What is said of a PDF, and the most memory that took, in MB: in a process of its own."""
    told = subprocess.run([sys.executable, "-c", LOOKING, str(path)], capture_output=True, text=True, check=True)  # fmt: skip
    said, most = told.stdout.split("\n")[:2]
    return said, int(most) // 1024


@pytest.mark.slow
@pytest.mark.parametrize("is_hostile", [False, True])
def test_a_large_pdf_is_looked_through_in_little_memory(tmp_path, is_hostile):
    path = tmp_path / "large.pdf"
    with path.open("wb") as file:
        file.write(pdf() + b"\n9 0 obj << /Length 1 >> stream\n")
        file.seek(500_000_000)
        file.write(b"\nendstream endobj\n")
        file.write(b"10 0 obj << /S /JavaScript >> endobj\n" if is_hostile else b"%%EOF\n")
    said, most = looked_at(path)
    assert said == ("it holds a script" if is_hostile else "accepted")
    assert most < 150


@pytest.mark.parametrize("before", [0, 1, 15, 16])
def test_what_lies_across_two_windows_is_found(monkeypatch, before):
    monkeypatch.setattr("kaoping.files.inner_checks._WINDOW", 4096)
    hostile = b"9 0 obj << /Length 1 >> stream\nx\nendstream endobj\n10 0 obj << /S /JavaScript >> endobj\n"
    start = pdf()
    for place in range(4096 - 120, 4096 + 10):
        padded = start + b" " * (place - len(start) - before) + hostile
        assert pdf_fault(padded) is not None, place
