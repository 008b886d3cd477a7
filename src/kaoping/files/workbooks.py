"""Workbooks made safe for a reader that trusts what it is given.

The reader lays out the whole used area of a sheet in memory, whatever is in it, and ends the
process where memory does not suffice. So every part is looked at, element by element, before.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.parsers import expat

from kaoping.files.structure import DAMAGED, MAX_UNPACKED, Fault, office_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELLS = 5_000_000
"""Most rows × columns of a sheet's used area: all of it is laid out in memory, filled or not."""
MAX_TEXT = 100_000_000
"""Most characters in the cells of a workbook, a shared text counted wherever it is used."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a workbook beyond which it is refused.

    Attributes:
        cells: rows × columns of a sheet's used area.
        text: characters in all its cells, a shared text counted wherever it is used.
        part: bytes of all its parts together.
        marks: `<` in all its parts together, an upper bound of their elements.
    """

    cells: int = MAX_CELLS
    text: int = MAX_TEXT
    part: int = MAX_UNPACKED
    marks: int = MAX_UNPACKED


USUAL_LIMITS = Limits()


def plain_workbook(content: bytes, limits: Limits = USUAL_LIMITS) -> bytes | Fault:
    """The sheets of a workbook alone, each looked at, for a reader that trusts what it is given.

    The reader ends the whole process where memory does not suffice, and takes other formats for
    workbooks, too; so it is handed only the XML parts of a workbook, in an archive made anew.
    """
    fault = office_fault(content)
    if fault is not None:
        return fault
    kept, look, marks = io.BytesIO(), _WorkbookLook(limits), 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(kept, "w") as plain:
        names = [name for name in archive.namelist() if _PART.fullmatch(name)]
        if sum(archive.getinfo(name).file_size for name in names) > limits.part:
            return _TOO_LARGE
        try:
            for name in sorted(names, key=lambda name: name.lower() != _SHARED_TEXTS):
                part = archive.read(name)
                marks += part.count(b"<")
                if marks > limits.marks:
                    return _TOO_LARGE
                look.at_part(part, is_texts=name.lower() == _SHARED_TEXTS)
                plain.writestr(zipfile.ZipInfo(name), part)
        except _UnsafePartError as found:
            return found.fault
        except (expat.ExpatError, *_BROKEN):
            return DAMAGED
    return kept.getvalue()


_TOO_LARGE = Fault("内容过多", "it holds too much")
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

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
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
        if (
            name == "c" and self._in_sheet
        ):  # nearly all elements are these, and cost what this costs
            self._start_cell(attributes)
            return
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
        self._cell_row = self._row
        self._column += 1
        if "r" in attributes:
            position = _CELL.fullmatch(attributes["r"])
            if position is None:
                raise _UnsafePartError(DAMAGED)
            self._cell_row, self._column = int(position[2]), _column_number(position[1])

    def _fill_cell(self) -> None:
        """Only cells with content make the area that the reader lays out."""
        self._rows = max(self._rows, self._cell_row)
        self._columns = max(self._columns, self._column)
        too_far = self._cell_row > MAX_ROWS or self._column > MAX_COLUMNS
        if too_far or self._rows * self._columns > self._limits.cells:
            where = f"{column_letters(self._column)}{self._cell_row}"
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
        if name == "c":
            return
        element = name.rpartition(":")[2]
        if element == "si":
            self._in_shared_text = False
        elif element == "v" and self._in_value:
            self._in_value = False
            self._end_value()

    def _end_value(self) -> None:
        """A value in pieces (`1&#50;`) is refused: the reader would keep only some of them."""
        if len(self._pieces) > 1 and self._type not in _LITERAL_TEXT:
            raise _UnsafePartError(DAMAGED)
        if self._type == "s" and self._pieces:
            position = _counted(self._pieces[0].strip())
            if position < len(self._shared_lengths):
                self._add_text(self._shared_lengths[position])

    def _add_text(self, length: int) -> None:
        self._text += length
        most = self._limits.text
        if self._text > most:
            raise _UnsafePartError(
                Fault(
                    f"各单元格的文字合计超过 {most // 10_000} 万字，请缩短重复的长文字",
                    f"its cells hold more than {most} characters; shorten repeated long texts",
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
        raise _UnsafePartError(DAMAGED)
    return int(text)


@lru_cache(1_000)
def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A column's letters by its number from 1: A, Z, AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
