"""Small files to be read or refused: office files, archives with tricks, tables."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(200)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
HTML = "<html><body><table><tr><td>单位</td></tr></table></body></html>".encode()

_TYPES = "<Types>{}</Types>"


def archive(members: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of the members in their order; names may be given twice."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as made:
        for name, content in members:
            info = zipfile.ZipInfo(name, (2024, 12, 31, 0, 0, 0))
            info.compress_type = method
            made.writestr(info, content)
    return stream.getvalue()


def docx(*more: tuple[str, bytes], types: str = "", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """What a docx file is at least, with more members."""
    parts = [
        ("[Content_Types].xml", _TYPES.format(types).encode()),
        ("word/document.xml", b"<w:document/>"),
    ]
    return archive([*parts, *more], method)


def xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    """A workbook with one sheet; None leaves a cell out."""

    def write(_: Workbook, sheet: Worksheet) -> None:
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(at, column, cell)

    return workbook(write)


def workbook(write: Callable[[Workbook, Worksheet], None]) -> bytes:
    """A workbook written by `write`."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    write(book, book.add_worksheet())
    book.close()
    return stream.getvalue()


def encrypted(content: bytes) -> bytes:
    """An archive whose members say that they are encrypted."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(mark, at + 4)
    return bytes(changed)


def many_alike(names: Sequence[str], size: int) -> bytes:
    """An archive of members of `size` zero bytes each, compressed once and written many times."""
    zeros = bytes(size)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = deflate.compress(zeros) + deflate.flush()
    check = zlib.crc32(zeros)
    body, directory = io.BytesIO(), io.BytesIO()
    for name in names:
        encoded = name.encode()
        common = struct.pack(
            "<HHHHHIIIHH", 20, 0x800, 8, 0, 0x21, *(check, len(packed), size), len(encoded), 0
        )
        offset = body.tell()
        body.write(b"PK\x03\x04" + common + encoded + packed)
        directory.write(
            b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, offset) + encoded
        )
    listing = directory.getvalue()
    counts = (0, 0, len(names), len(names), len(listing), body.tell(), 0)
    return body.getvalue() + listing + b"PK\x05\x06" + struct.pack("<HHHHIIH", *counts)


def put(path: Path, content: bytes) -> Path:
    """Write a file, making its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
