"""Writing small real files whose bytes are the same on every run.

Used by the scripts of this folder only. Zip containers are stored, not deflated, with a fixed time,
so that no compressor version shows in the bytes; the JPEG is a grey mosaic of 8 × 8 pixel blocks.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from datetime import datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

FIXED_TIME = datetime(2025, 1, 6, 9, 0, 0)  # noqa: DTZ001 (office files keep local time)
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)

MOSAIC_COLUMNS, MOSAIC_ROWS = 40, 30
"""Blocks across and down: the picture is 320 × 240 pixels."""


def stored_zip(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip file of the members in their order, without compression and without clock."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), content)
    return buffer.getvalue()


def restored(path: Path) -> None:
    """Write a zip-based office file again, stored and with fixed times."""
    with zipfile.ZipFile(path) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    path.write_bytes(stored_zip(members))


# --- xlsx ------------------------------------------------------------------------------------------


def new_workbook(path: Path) -> xlsxwriter.Workbook:
    """A workbook with a fixed date of creation; call `restored` after closing it."""
    workbook = xlsxwriter.Workbook(str(path), {"in_memory": True, "strings_to_numbers": False})
    workbook.set_properties({"created": FIXED_TIME})
    return workbook


def write_text_table(path: Path, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    """An xlsx file with one sheet of text cells; the first row is the heading."""
    workbook = new_workbook(path)
    sheet = workbook.add_worksheet("Sheet1")
    bold = workbook.add_format({"bold": True})
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(number, column, cell, bold if number == 0 else None)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    workbook.close()
    restored(path)


# --- docx ------------------------------------------------------------------------------------------

_CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/word/document.xml" \
ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>\
</Types>"""

_RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/\
officeDocument" Target="word/document.xml"/></Relationships>"""

_DOCUMENT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">\
<w:body>{}</w:body></w:document>"""


def docx_bytes(lines: Iterable[str]) -> bytes:
    """A Word document of plain paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    return stored_zip(
        [
            ("[Content_Types].xml", _CONTENT_TYPES.encode()),
            ("_rels/.rels", _RELATIONS.encode()),
            ("word/document.xml", _DOCUMENT.format(body).encode()),
        ]
    )


# --- pdf -------------------------------------------------------------------------------------------

_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end"""


def pdf_bytes(mark: str, lines: Sequence[str], day: date) -> bytes:
    """One A4 page: a mark in Helvetica, then lines in the reader's Song face (not embedded)."""
    text = b"BT /F2 14 Tf 24 TL 72 760 Td (" + mark.encode("ascii") + b") Tj T* /F1 14 Tf\n"
    text += b"".join(
        b"<" + line.encode("utf-16-be").hex().encode() + b"> Tj T*\n" for line in lines
    )
    text += b"ET"
    stamp = f"(D:{day:%Y%m%d}090000+08'00')"
    return _pdf_file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            (
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
                b"/Resources << /Font << /F1 5 0 R /F2 9 0 R >> >> >>"
            ),
            _pdf_stream(text),
            (
                b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UCS2-H "
                b"/Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] /ToUnicode 8 0 R >>"
            ),
            (
                b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
                b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
                b"/FontDescriptor 7 0 R >>"
            ),
            (
                b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /ItalicAngle 0 "
                b"/FontBBox [-25 -254 1000 880] /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
            ),
            _pdf_stream(_TO_UNICODE),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /CreationDate " + stamp.encode() + b" >>",
        ]
    )


def _pdf_stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream"


def _pdf_file(objects: Sequence[bytes]) -> bytes:
    """The objects numbered from 1; the first is the catalogue, the last the document's info."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, len(objects))
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


# --- pictures --------------------------------------------------------------------------------------


def grey_mosaic(seed: str) -> list[int]:
    """A grey level for each block of a picture, made from a text: a soft scene, never the same."""
    digest = hashlib.sha256(seed.encode()).digest()
    levels = []
    for row in range(MOSAIC_ROWS):
        for column in range(MOSAIC_COLUMNS):
            hill = 8 + digest[column % 8] % 12 + digest[8 + column // 5] % 5
            sky = 150 + row * 2 + digest[16 + (row + column) % 16] % 9
            ground = 60 + digest[16 + (row * 3 + column) % 16] % 40
            levels.append(ground if row > hill else sky)
    return levels


# The DC table of ITU T.81 annex K.3; the AC table knows only "end of block".
_DC_COUNTS = bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
_DC_SYMBOLS = bytes(range(12))
_DC_CODES = ("00", "010", "011", "100", "101", "110", "1110", "11110", "111110", "1111110")
_END_OF_BLOCK = "0"


def jpeg_bytes(seed: str, taken_at: datetime) -> bytes:
    """A baseline grey JPEG with the time it was taken in its EXIF data."""
    size = struct.pack(">HH", MOSAIC_ROWS * 8, MOSAIC_COLUMNS * 8)
    return b"".join(
        [
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            _segment(0xE1, b"Exif\0\0" + _exif(taken_at)),
            _segment(0xDB, b"\0" + bytes([8] * 64)),
            _segment(0xC0, b"\x08" + size + b"\x01\x01\x11\0"),
            _segment(0xC4, b"\0" + _DC_COUNTS + _DC_SYMBOLS),
            _segment(0xC4, b"\x10" + bytes([1]) + bytes(15) + b"\0"),
            _segment(0xDA, b"\x01\x01\0\0\x3f\0"),
            _entropy(grey_mosaic(seed)),
            b"\xff\xd9",
        ]
    )


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _exif(taken_at: datetime) -> bytes:
    """TIFF, little endian: a first directory that points to one with DateTimeOriginal."""
    head = struct.pack("<2sHI", b"II", 42, 8)
    first = struct.pack("<HHHIII", 1, 0x8769, 4, 1, 26, 0)
    second = struct.pack("<HHHIII", 1, 0x9003, 2, 20, 44, 0)
    return head + first + second + f"{taken_at:%Y:%m:%d %H:%M:%S}".encode() + b"\0"


def _entropy(levels: Iterable[int]) -> bytes:
    """Each block as the difference of its mean from the block before (quantiser 8)."""
    bits, before = [], 0
    for level in levels:
        value = level - 128
        difference, before = value - before, value
        length = abs(difference).bit_length()
        bits.append(_DC_CODES[length])
        if length:
            code = difference if difference > 0 else difference + (1 << length) - 1
            bits.append(f"{code:0{length}b}")
        bits.append(_END_OF_BLOCK)
    stream = "".join(bits)
    stream += "1" * (-len(stream) % 8)
    content = int(stream, 2).to_bytes(len(stream) // 8, "big")
    return content.replace(b"\xff", b"\xff\0")


def png_bytes(seed: str) -> bytes:
    """The same mosaic as a grey PNG, one pixel a block."""
    levels = grey_mosaic(seed)
    lines = (
        b"\0" + bytes(levels[row * MOSAIC_COLUMNS : (row + 1) * MOSAIC_COLUMNS])
        for row in range(MOSAIC_ROWS)
    )
    head = struct.pack(">IIBBBBB", MOSAIC_COLUMNS, MOSAIC_ROWS, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(lines), 0)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)
