"""What stands on the pages of a pdf: characters, ruled lines, pictures, each with its place.

Everything is turned upright and measured from the page's top left corner, in points, so that what
reads the marks need not know how a page was made. Runs within `kaoping.files.confined` only: the
library is fast, and written in C++.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from ctypes import c_double, c_float, c_int, c_uint
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2.raw as pdfium

from kaoping.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_PAGES = 1000
_THICKEST = 3.0
"""A filled area thinner than this, in points, is a drawn line."""
_STRAIGHT = 0.7
"""Most points a ruled line may lean."""
_DEEPEST = 8
"""Drawings may stand in drawings; deeper than this none is looked at."""
_PALE = 250
"""Colour values from here on, of 255, cannot be seen on paper."""
_LOST = "\ufffd"
_OBSCURE = ((0xE000, 0xF8FF), (0xF0000, 0x10FFFD), (0xD800, 0xDFFF))
"""Code points without a meaning of their own: private use, and halves of others."""
_DISGUISED = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0xFB00, 0xFB06), (0x2F800, 0x2FA1F))
"""Radicals, doubles and ligatures that fonts of pdf files name instead of the usual characters."""
_HYPHENS = frozenset({0x02, 0xFFFE})


ASLANT = -1
"""The turn of a character that stands neither level nor upright, as in a watermark (水印)."""
_LEANING = 0.1
"""How far, as rise to run, a line of text may lean that is meant to be level: a crooked scan."""


class Glyph(NamedTuple):
    """A character: from x0 to x1, standing on y (downwards), its size in points, its turn.

    The turn is 0, 90, 180 or 270 against the clock and against the page, or `ASLANT`.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    turn: int
    red: bool


class Rule(NamedTuple):
    """A ruled line, level or upright: at a height (or a distance from the left) between two ends."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Marks:
    """One page.

    Attributes:
        number: counted from 1.
        size: width and height in points.
        glyphs: its characters as the file orders them.
        level: ruled lines that lie.
        upright: ruled lines that stand.
        pictured: the part of the page its largest picture covers, 0 to 1.
        drawings: how many drawn shapes it has.
        unreadable: how many of its characters the file gives no meaning.
    """

    number: int
    size: tuple[float, float]
    glyphs: list[Glyph]
    level: list[Rule]
    upright: list[Rule]
    pictured: float
    drawings: int
    unreadable: int


def page_marks(content: bytes, name: str) -> Iterator[Marks]:
    """The pages of a pdf.

    Raises:
        InputError: where it is protected, damaged or too long.
    """
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    if not document:
        raise _not_opened(name, pdfium.FPDF_GetLastError())
    if not pdfium.FPDF_DocumentHasValidCrossReferenceTable(document):
        raise _damaged(name)
    count = pdfium.FPDF_GetPageCount(document)
    if count > MAX_PAGES:
        raise InputError(
            f"{name}：有 {count} 页，最多能读 {MAX_PAGES} 页。请拆分后再试。",
            f"{name}: has {count} pages, at most {MAX_PAGES} can be read. Split it.",
        )
    if count <= 0:
        raise _damaged(name)
    for index in range(count):
        page = pdfium.FPDF_LoadPage(document, index)
        if not page:
            raise _damaged(name, index + 1)
        yield _marks(page, index + 1)
        pdfium.FPDF_ClosePage(page)


def _not_opened(name: str, reason: int) -> InputError:
    if reason in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return InputError(
            f"{name}：文件设有打开密码，不能读取。请去掉密码后另存，或请来文单位提供不加密的文件。",
            f"{name}: a password is needed to open it. Save it without one, or ask the sender.",
        )
    return _damaged(name)


def _damaged(name: str, page: int = 0) -> InputError:
    where, place = (f"第{page}页", f" (page {page})") if page else ("", "")
    return InputError(
        f"{name}：{where}已损坏或不完整，不能读取。请重新下载，或从原来的软件重新导出 pdf。",
        f"{name}: damaged or incomplete{place}. Download it again, or export the pdf anew.",
    )


def _marks(page: object, number: int) -> Marks:
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    found = list(_characters(page))
    turns = Counter(character.turn for character in found if character.turn != ASLANT)
    turned = turns.most_common(1)[0][0] if turns else pdfium.FPDFPage_GetRotation(page) * 90
    upright = _Upright(box.left, box.bottom, box.right, box.top, turned)
    level, standing, pictured, drawings = _drawn(page, upright)
    return Marks(
        number,
        upright.size,
        [glyph for character in found if (glyph := upright.glyph(character))],
        level,
        standing,
        pictured,
        drawings,
        sum(character.text == _LOST for character in found),
    )


# --- characters ----------------------------------------------------------------------------------


class _Character(NamedTuple):
    """A character where the page has it, before the page is turned; y upwards."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    origin: tuple[float, float]
    size: float
    turn: int
    red: bool


def _characters(page: object) -> Iterator[_Character]:
    text = pdfium.FPDFText_LoadPage(page)
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = c_double(), c_double()
    size, red = 0.0, False
    look = (0.0, 0.0, 0.0)
    for index in range(max(0, pdfium.FPDFText_CountChars(text))):
        code = pdfium.FPDFText_GetUnicode(text, index)
        meant = not pdfium.FPDFText_HasUnicodeMapError(text, index)
        if pdfium.FPDFText_IsGenerated(text, index) or (meant and _is_control(code)):
            continue
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        pdfium.FPDFText_GetMatrix(text, index, matrix)
        face = pdfium.FPDFText_GetFontSize(text, index)
        if (face, matrix.c, matrix.d) != look:
            look = (face, matrix.c, matrix.d)
            size = face * math.hypot(matrix.c, matrix.d)
            red = _is_red(text, index)
        yield _Character(
            _meaning(code) if meant else _LOST,
            box.left,
            box.bottom,
            box.right,
            box.top,
            (x.value, y.value),
            size,
            _turn(matrix.a, matrix.b),
            red,
        )
    pdfium.FPDFText_ClosePage(text)


def _is_control(code: int) -> bool:
    """Whether a code point breaks lines and the like; where lines end is seen from their places."""
    return code < ord(" ") and code not in _HYPHENS


@lru_cache(maxsize=1 << 16)
def _meaning(code: int) -> str:
    """The character meant by a code point of a font."""
    if code in _HYPHENS:
        return "-"
    if any(low <= code <= high for low, high in _OBSCURE):
        return _LOST
    text = chr(code)
    if any(low <= code <= high for low, high in _DISGUISED):
        return unicodedata.normalize("NFKC", text)
    return text


def _turn(a: float, b: float) -> int:
    """How far a line of text is turned against the clock: quarters of a circle, or aslant."""
    if min(abs(a), abs(b)) > _LEANING * max(abs(a), abs(b)):
        return ASLANT
    if abs(a) >= abs(b):
        return 0 if a >= 0 else 180
    return 90 if b > 0 else 270


def _is_red(text: object, index: int) -> bool:
    """Whether a character is red (红头, 套红)."""
    values = [c_uint() for _ in range(4)]
    if not pdfium.FPDFText_GetFillColor(text, index, *values):
        return False
    red, green, blue, _ = (value.value for value in values)
    return red > 150 and green < 90 and blue < 90  # noqa: PLR2004 - of 255


class _Upright:
    """Turns what a page has into what a reader sees: upright, from the top left corner."""

    def __init__(self, left: float, bottom: float, right: float, top: float, turn: int) -> None:
        self._corner = (left, bottom)
        self._across, self._up = right - left, top - bottom
        self._turn = turn
        sideways = turn in (90, 270)
        self.size = (self._up, self._across) if sideways else (self._across, self._up)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A place of the file, in points, as seen: from the left and the top of the turned page."""
        x, y = x - self._corner[0], y - self._corner[1]
        match self._turn:
            case 90:
                return y, x
            case 180:
                return self._across - x, y
            case 270:
                return self._up - y, self._across - x
            case _:
                return x, self._up - y

    def glyph(self, character: _Character) -> Glyph | None:
        """A character as seen; None where it stands beside the page."""
        one = self.point(character.left, character.bottom)
        other = self.point(character.right, character.top)
        x0, x1 = sorted((one[0], other[0]))
        y = self.point(*character.origin)[1]
        if not (-1 <= (x0 + x1) / 2 <= self.size[0] + 1 and -1 <= y <= self.size[1] + 1):
            return None
        turn = character.turn
        if turn != ASLANT:
            turn = (turn - self._turn) % 360
        size = character.size or abs(other[1] - one[1])
        if turn in (90, 270):  # its lower end is as good a place as its baseline
            y = max(one[1], other[1])
        return Glyph(character.text, x0, x1, y, size, turn, character.red)


# --- drawn lines and pictures ----------------------------------------------------------------------

_Matrix = tuple[float, float, float, float, float, float]
_SAME: _Matrix = (1, 0, 0, 1, 0, 0)


def _drawn(page: object, upright: _Upright) -> tuple[list[Rule], list[Rule], float, int]:
    """Lying and standing lines, the part of the page under the largest picture, and all drawings."""
    level: list[Rule] = []
    standing: list[Rule] = []
    pictured, drawings = 0.0, 0
    for thing, matrix in _things(page):
        match pdfium.FPDFPageObj_GetType(thing):
            case pdfium.FPDF_PAGEOBJ_PATH:
                drawings += 1
                for one, other in _lines(thing, matrix):
                    _add_rule(upright.point(*one), upright.point(*other), level, standing)
            case pdfium.FPDF_PAGEOBJ_IMAGE:
                pictured = max(pictured, _covered(matrix, upright.size))
            case _:
                pass
    return level, standing, pictured, drawings


def _things(page: object) -> Iterator[tuple[object, _Matrix]]:
    """All objects of a page, those within drawings too, with the matrix that places each."""
    count = pdfium.FPDFPage_CountObjects(page)
    stack = [(pdfium.FPDFPage_GetObject(page, index), _SAME, 0) for index in reversed(range(count))]
    while stack:
        thing, outer, depth = stack.pop()
        matrix = _times(_matrix(thing), outer)
        if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_FORM:
            yield thing, matrix
        elif depth < _DEEPEST:
            inner = pdfium.FPDFFormObj_CountObjects(thing)
            stack += [
                (pdfium.FPDFFormObj_GetObject(thing, index), matrix, depth + 1)
                for index in reversed(range(max(0, inner)))
            ]


def _matrix(thing: object) -> _Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, matrix):
        return _SAME
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    o, p, q, r, s, t = outer
    return (
        a * o + b * q,
        a * p + b * r,
        c * o + d * q,
        c * p + d * r,
        e * o + f * q + s,
        e * p + f * r + t,
    )


def _covered(matrix: _Matrix, size: tuple[float, float]) -> float:
    """The part of a page that a picture placed by a matrix covers."""
    a, b, c, d, _, _ = matrix
    return min(1.0, abs(a * d - b * c) / max(1.0, size[0] * size[1]))


_Point = tuple[float, float]


def _lines(path: object, matrix: _Matrix) -> Iterator[tuple[_Point, _Point]]:
    """The visible lines of a path, by their ends: strokes, and filled areas as thin as one."""
    fill, stroke = c_int(), c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    stroked = bool(stroke.value) and _shows(path, pdfium.FPDFPageObj_GetStrokeColor)
    filled = bool(fill.value) and _shows(path, pdfium.FPDFPageObj_GetFillColor)
    if not (stroked or filled):
        return
    for points in _parts(path, matrix):
        if stroked:
            yield from pairwise(points)
        elif thin := _thin(points):
            yield thin


def _shows(path: object, colour: Callable[..., object]) -> bool:
    """Whether a path's colour can be seen on paper."""
    values = [c_uint() for _ in range(4)]
    if not colour(path, *values):
        return True
    *shades, alpha = (value.value for value in values)
    return alpha > 0 and min(shades) < _PALE


def _parts(path: object, matrix: _Matrix) -> Iterator[list[_Point]]:
    """The connected parts of a path as points on the page; curves count as straight."""
    a, b, c, d, e, f = matrix
    x, y = c_float(), c_float()
    points: list[_Point] = []
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        points.append((a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points


def _thin(points: list[_Point]) -> tuple[_Point, _Point] | None:
    """The middle line of an area thin enough to be one."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    if high - low <= min(_THICKEST, right - left):
        return (left, (low + high) / 2), (right, (low + high) / 2)
    if right - left <= _THICKEST:
        return ((left + right) / 2, low), ((left + right) / 2, high)
    return None


def _add_rule(one: _Point, other: _Point, level: list[Rule], standing: list[Rule]) -> None:
    across, down = abs(one[0] - other[0]), abs(one[1] - other[1])
    if down <= _STRAIGHT and across > down:
        level.append(Rule((one[1] + other[1]) / 2, *sorted((one[0], other[0]))))
    elif across <= _STRAIGHT and down > across:
        standing.append(Rule((one[0] + other[0]) / 2, *sorted((one[1], other[1]))))
