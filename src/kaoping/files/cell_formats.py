"""Cells of a workbook that show other words than their value: percents, and errors like #DIV/0!.

The reader of values knows neither: it gives 0.85 where the page shows 85%, and nothing for an
error. Both are looked up in the parts themselves.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from kaoping.core.canonical import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaoping.files.office_parts import Parts

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PERCENTS = frozenset({"9", "10"})
"""Formats in percent that need no definition: 0% and 0.00%."""
_QUOTED = re.compile(r'"[^"]*"|\\.')
_ERROR = re.compile(rb"t\s*=\s*[\"']e[\"']")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def shown_otherwise(parts: Parts, sheet: str) -> Mapping[tuple[int, int], str]:
    """What such cells of a sheet show, by row and column from 0.

    Raises:
        InputError: where a part is damaged or unsafe.
    """
    book = parts.related().get("officeDocument", "xl/workbook.xml")
    part = _part_of(parts, book, sheet)
    if part not in parts:
        return {}
    styles = _percent_styles(parts, parts.related(book).get("styles", ""))
    if not styles and not _ERROR.search(parts.content(part)):
        return {}
    found = {}
    for cell in parts.each(part, f"{_S}c", f"{_S}row"):
        position = _CELL.fullmatch(cell.get("r", ""))
        text = cell.findtext(f"{_S}v") or ""
        kind = cell.get("t", "n")
        if position is None or not text:
            continue
        if kind == "e":
            found[_from_zero(position)] = text
        elif kind == "n" and cell.get("s") in styles and (percent := _percent(text)):
            found[_from_zero(position)] = percent
    return found


def empty_formulas(parts: Parts, sheet: str) -> frozenset[tuple[int, int]]:
    """Cells of a sheet that hold a formula and no value, by row and column from 0.

    Who reads values sees nothing there: a program wrote the formula and none has reckoned it.

    Raises:
        InputError: where a part is damaged or unsafe.
    """
    book = parts.related().get("officeDocument", "xl/workbook.xml")
    part = _part_of(parts, book, sheet)
    if part not in parts or not _FORMULA.search(parts.content(part)):
        return frozenset()
    return frozenset(
        _from_zero(position)
        for cell in parts.each(part, f"{_S}c", f"{_S}row")
        if cell.find(f"{_S}f") is not None
        and not cell.findtext(f"{_S}v")
        and (position := _CELL.fullmatch(cell.get("r", ""))) is not None
    )


def _part_of(parts: Parts, book: str, sheet: str) -> str:
    by_name = parts.related(book, by_name=True)
    for element in parts.tree(book).iter(f"{_S}sheet") if book in parts else ():
        if element.get("name") == sheet:
            return by_name.get(element.get(_ID, ""), "")
    return ""


def _percent_styles(parts: Parts, part: str) -> frozenset[str]:
    """The positions of the cell styles that show percents."""
    if part not in parts:
        return frozenset()
    root = parts.tree(part)
    own = {
        one.get("numFmtId", "")
        for one in root.iter(f"{_S}numFmt")
        if "%" in _QUOTED.sub("", one.get("formatCode", ""))
    }
    formats = root.findall(f"{_S}cellXfs/{_S}xf")
    return frozenset(
        str(at) for at, one in enumerate(formats) if one.get("numFmtId") in own | _PERCENTS
    )


def _percent(text: str) -> str:
    """A share in percent, from a binary number's 15 significant digits; "" for no number."""
    try:
        share = Decimal(format(float(text), ".15g")).scaleb(2)
    except (InvalidOperation, ValueError):
        return ""
    return f"{plain(share)}%" if share.is_finite() else ""


def _from_zero(position: re.Match[str]) -> tuple[int, int]:
    column = 0
    for letter in position[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(position[2]) - 1, column - 1
