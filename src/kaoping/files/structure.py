"""What a file really is, and whether it is safe to open: looked at before anything reads it.

Nothing is unpacked to disk. Sizes are taken from the archive's own directory and again while
reading, so that neither a bomb nor a lie about it gets through.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING
from xml.parsers import expat

import pylibmagic  # noqa: F401 - puts libmagic where python-magic looks; must come first

import magic  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_UNPACKED = 300_000_000
"""Most bytes an office file may unpack to."""
MAX_RATIO = 100
"""Most an archive member may shrink; office files stay far below, bombs far above."""
RATIO_FROM = 1_000_000
"""Members smaller than this, in bytes, may shrink as they like."""
MAX_MEMBERS = 5_000
MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELLS = 5_000_000
"""Most rows × columns of a sheet's used area: all of it is laid out in memory, filled or not."""
MAX_TEXT = 100_000_000
"""Most characters in the cells of a workbook, a shared text counted wherever it is used."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file is refused, in Chinese and English."""

    zh: str
    en: str


def office_fault(content: bytes) -> Fault | None:
    """Why an OOXML file must not be opened; None where it may."""
    return archive_fault(io.BytesIO(content))


def archive_fault(stream: IO[bytes]) -> Fault | None:
    """Why an OOXML file read from a stream must not be opened; None where it may."""
    head = stream.read(8)
    stream.seek(0)
    if head == _OLE:
        return Fault("是加密的或旧格式的文件", "it is encrypted or of an old format")
    try:
        with zipfile.ZipFile(stream) as archive:
            return _member_fault(archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        return _DAMAGED


_DAMAGED = Fault("文件已损坏，或不是该格式", "it is damaged or not of this format")


def _member_fault(members: list[zipfile.ZipInfo]) -> Fault | None:
    names = [member.filename.casefold() for member in members]
    if len(names) > MAX_MEMBERS or len(set(names)) < len(names):
        return Fault("内部结构异常（成员过多或重名）", "its members are too many or share names")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        return Fault("解压后过大，可能是压缩炸弹", "it unpacks to too much, perhaps a zip bomb")
    if is_bomb(members):
        return Fault("压缩比异常，可能是压缩炸弹", "its compression is that of a zip bomb")
    for member in members:
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return Fault("压缩方法不常用", "it is packed in an unusual way")
        if unsafe_path(member.filename):
            return Fault("内部路径不安全", "it holds an unsafe path")
        lowered = member.filename.lower()
        if lowered.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in lowered:
            return Fault("含有宏", "it holds macros")
        if lowered.endswith((".zip", ".rar", ".7z", ".exe", ".dll", ".js", ".vbs")):
            return Fault("内含压缩包或程序", "it holds an archive or a program")
        if member.flag_bits & 1:
            return Fault("已加密", "it is encrypted")
    return None


def is_bomb(members: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether members, one of them or all together, unpack to far more than they hold."""
    sizes = [(member.file_size, member.compress_size) for member in members]
    sizes.append((sum(size for size, _ in sizes), sum(packed for _, packed in sizes)))
    return any(size > RATIO_FROM and size > MAX_RATIO * max(1, packed) for size, packed in sizes)


def unsafe_path(name: str) -> bool:
    """Whether a relative path leaves its folder or plays tricks."""
    path = PurePosixPath(name)
    return (
        not name
        or path.is_absolute()
        or ".." in path.parts
        or "\\" in name
        or ":" in name
        or any(not character.isprintable() for character in name)
    )


KINDS: dict[str, tuple[str, ...]] = {
    "pdf": ("application/pdf",),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation",),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "png": ("image/png",),
    "tif": ("image/tiff",),
    "txt": ("text/plain",),
    "csv": ("text/csv", "text/plain", "application/csv"),
    "mp4": ("video/mp4",),
}
"""Accepted endings and what files of that ending really are."""

_OFFICE_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}


def kind_fault(ending: str, stream: IO[bytes]) -> Fault | None:
    """Why a file is not what its ending says, or not acceptable at all; None where it is."""
    head = stream.read(4096)
    stream.seek(0)
    if not head:
        return Fault("文件是空的", "the file is empty")
    if ending not in KINDS:
        accepted = "、".join(KINDS)
        return Fault(
            f"不接受 .{ending} 文件（可报：{accepted}）", f".{ending} files are not accepted"
        )
    if ending in _OFFICE_PARTS:
        return archive_fault(stream) or _office_kind_fault(ending, stream)
    found = magic.from_buffer(head, mime=True)
    if found not in KINDS[ending]:
        return Fault(
            f"内容不是 {ending}（实际为{_content_name(found)}）",
            f"its content is not {ending} but {found}",
        )
    return None


def _content_name(mime: str) -> str:
    """A content type as an official calls it: png、纯文本; an unknown one by its own name."""
    endings = [ending for ending, mimes in KINDS.items() if mime in mimes]
    return _OTHER_CONTENT.get(mime) or (endings[0] if endings else mime)


_OTHER_CONTENT = {
    "text/plain": "纯文本",
    "text/html": "网页",
    "text/xml": "XML 文本",
    "application/zip": "压缩包",
    "application/x-dosexec": "可执行程序",
    "application/x-executable": "可执行程序",
    "application/octet-stream": "无法识别的内容",
    "application/x-empty": "空文件",
    "inode/x-empty": "空文件",
}


def _office_kind_fault(ending: str, stream: IO[bytes]) -> Fault | None:
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        if _OFFICE_PARTS[ending] not in archive.namelist():
            return Fault(f"内容不是 {ending}", f"its content is not {ending}")
        try:
            types = archive.open("[Content_Types].xml").read(1_000_000)
        except (KeyError, zipfile.BadZipFile, OSError, RuntimeError, EOFError, zlib.error):
            return Fault("文件已损坏", "the file is damaged")
    if b"macroEnabled" in types:
        return Fault("含有宏", "it holds macros")
    return None


# --- what a workbook's reader would lay out in memory ----------------------------------------------


def plain_workbook(content: bytes) -> bytes | Fault:
    """The sheets of a workbook alone, each looked at, for a reader that trusts what it is given.

    The reader ends the whole process where memory does not suffice, and takes other formats for
    workbooks, too; so it is handed only the XML parts of a workbook, in an archive made anew.
    """
    fault = office_fault(content)
    if fault is not None:
        return fault
    kept, look = io.BytesIO(), _WorkbookLook()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(kept, "w") as plain:
        names = [name for name in archive.namelist() if _PART.fullmatch(name)]
        try:
            for name in sorted(names, key=lambda name: name.lower() != _SHARED_TEXTS):
                part = archive.read(name)
                look.at_part(part, is_texts=name.lower() == _SHARED_TEXTS)
                plain.writestr(zipfile.ZipInfo(name), part)
        except _UnsafePartError as found:
            return found.fault
        except (expat.ExpatError, *_BROKEN):
            return _DAMAGED
    return kept.getvalue()


_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
"""What reading a member of a damaged archive may raise."""
_PART = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/.+\.(?:xml|rels)", re.IGNORECASE)
_SHARED_TEXTS = "xl/sharedstrings.xml"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)
_COUNT = re.compile(r"[0-9]{1,7}")
_LITERAL_TEXT = frozenset({"str", "inlineStr"})
"""Types of cells whose text stands in the cell as it is; any other is a number or a position."""
_AT_ONCE = 1 << 16


class _UnsafePartError(Exception):
    """A part of a workbook that must not reach the reader."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.en)
        self.fault = fault


class _WorkbookLook:
    """The parts of a workbook, element by element, as its reader will understand them.

    That reader ignores prefixes, counts on where a row or a cell does not say its position, and
    sets memory aside for as many shared texts as the file claims to have.
    """

    def __init__(self) -> None:
        self._shared_lengths: list[int] = []
        self._pieces: list[str] = []
        self._text = 0

    def at_part(self, part: bytes, *, is_texts: bool) -> None:
        """Look at one part; that of the shared texts must come first."""
        self._is_texts = is_texts
        self._in_shared_text = self._in_sheet = self._in_value = False
        self._row = self._column = self._rows = self._columns = 0
        parser = expat.ParserCreate("UTF-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = _refuse_declarations
        for chunk in _chunks(part):
            parser.Parse(chunk)
        parser.Parse(b"", True)  # noqa: FBT003 - the parser takes no names

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        element = name.rpartition(":")[2]
        if element == "sst":
            _counted(attributes.get("uniqueCount", "0"))
        elif element == "si" and self._is_texts:
            self._in_shared_text = True
            self._shared_lengths.append(0)
        elif element == "sheetData":
            self._in_sheet = True
        elif not self._in_sheet:
            return
        elif element == "c":
            self._start_cell(attributes)
        elif element == "row":
            self._row = _counted(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0
        elif element in ("v", "is", "f"):
            self._fill_cell()
            self._in_value = element == "v"
            self._pieces = []

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        self._type = attributes.get("t", "")
        self._cell_row, self._column = self._row, self._column + 1
        if "r" in attributes:
            position = _CELL.fullmatch(attributes["r"])
            if position is None:
                raise _UnsafePartError(_DAMAGED)
            self._cell_row, self._column = int(position[2]), _column_number(position[1])

    def _fill_cell(self) -> None:
        """Only cells with content make the area that the reader lays out."""
        self._rows = max(self._rows, self._cell_row)
        self._columns = max(self._columns, self._column)
        too_far = self._cell_row > MAX_ROWS or self._column > MAX_COLUMNS
        if too_far or self._rows * self._columns > MAX_CELLS:
            where = f"{_column_letters(self._column)}{self._cell_row}"
            raise _UnsafePartError(
                Fault(
                    f"远处的单元格 {where} 里有内容，表格过大，请删去表格以外的内容",
                    f"cell {where} lies far outside the table and makes it too large; delete it",
                )
            )

    def _characters(self, text: str) -> None:
        if self._in_shared_text:
            self._shared_lengths[-1] += len(text)
        elif self._in_sheet:
            self._add_text(len(text))
            if self._in_value and not text.isspace():
                self._pieces.append(text)

    def _end(self, name: str) -> None:
        element = name.rpartition(":")[2]
        if element == "si":
            self._in_shared_text = False
        elif element == "v" and self._in_value:
            self._in_value = False
            self._end_value()

    def _end_value(self) -> None:
        """A value in pieces (`1&#50;`) is refused: the reader would keep only some of them."""
        if len(self._pieces) > 1 and self._type not in _LITERAL_TEXT:
            raise _UnsafePartError(_DAMAGED)
        if self._type == "s" and self._pieces:
            position = _counted(self._pieces[0].strip())
            if position < len(self._shared_lengths):
                self._add_text(self._shared_lengths[position])

    def _add_text(self, length: int) -> None:
        self._text += length
        if self._text > MAX_TEXT:
            raise _UnsafePartError(
                Fault(
                    f"各单元格的文字合计超过 {MAX_TEXT // 10_000} 万字，请缩短重复的长文字",
                    f"its cells hold more than {MAX_TEXT} characters; shorten repeated long texts",
                )
            )


def _refuse_declarations(*_: object) -> None:
    raise _UnsafePartError(
        Fault("含有文档类型声明", "it declares a document type, as no spreadsheet program does")
    )


def _chunks(part: bytes) -> Iterator[bytes]:
    """A part in pieces that end with a tag, so that no short text is cut in two."""
    start = 0
    while start < len(part):
        end = part.rfind(b">", start, start + _AT_ONCE) + 1 or start + _AT_ONCE
        yield part[start:end]
        start = end


def _counted(text: str) -> int:
    """A count or position of a part; a sound one has at most seven digits."""
    if not _COUNT.fullmatch(text):
        raise _UnsafePartError(_DAMAGED)
    return int(text)


@lru_cache(1_000)
def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
