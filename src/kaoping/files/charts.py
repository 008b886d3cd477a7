"""Charts as small SVGs of one palette, for PDFs as they are and for docx as pictures.

Lengths are in points of print. Words are never cut: a label that is longer than its column is broken
into two lines and then set smaller.
"""

from __future__ import annotations

import json
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Final

import typst

from kaoping.core.errors import EnvironmentFault
from kaoping.core.report.document import BarChart, HeatMap, figure, printable
from kaoping.files.fonts import refuse_missing_face
from kaoping.files.layout import cells_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.core.report.document import Chart
    from kaoping.files.fonts import Faces

INK: Final = "#1b2128"
MUTED: Final = "#5d6773"
LINE: Final = "#b9c0c9"
BAR: Final = "#1c4e86"
SHADES: Final = ("#f0f4f9", "#d5e1ee", "#abc3de", "#7aa0c8", "#4577ac", "#1c4e86")
"""Of a field by its value in percent: below 50, 60, 70, 80, 90, and above."""
_LOWEST_SHADE, _SHADE_STEP = 50, 10
_WHITE_FROM = 4
"""The first shade on which figures are white."""
WIDTH: Final = 630
"""Of a chart in points, 222 mm: a landscape annex."""
_LABELS, _END, _ROW, _TOP = 190, 60, 15, 26
_SMALL, _PLAIN, _LARGE = 7.0, 8.5, 10.5
_PPI = 220


def chart_svg(chart: Chart, family: str) -> str:
    """The chart as SVG text.

    Args:
        chart: what it shows.
        family: the face its words are set in.
    """
    height, drawn = _bars(chart) if isinstance(chart, BarChart) else _fields(chart)
    title = _text(WIDTH / 2, 12, chart.title, size=_LARGE, anchor="middle")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}pt" height="{height}pt" font-family="{escape(family)}">{title}{"".join(drawn)}</svg>'
    )


def chart_png(chart: Chart, faces: Faces) -> bytes:
    """The chart as a picture, for office files.

    Raises:
        EnvironmentFault: where a character has no face that can show it.
    """
    svg = chart_svg(chart, faces.families["黑体"][0])
    source = (
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        '#image(bytes(json(bytes(sys.inputs.svg))), format: "svg")'
    )
    given = {"svg": json.dumps(svg, ensure_ascii=False)}
    try:  # only this form tells of a character that no face has
        typst.compile(
            source.encode(), font_paths=faces.fonts, sys_inputs=given, pdf_standards=["a-2b"]
        )
    except typst.TypstError as error:
        refuse_missing_face(str(error), lambda what: _no_face(what, chart))
        raise
    made = typst.compile(
        source.encode(), font_paths=faces.fonts, sys_inputs=given, format="png", ppi=_PPI
    )
    return bytes(made)


def _no_face(what: str, chart: Chart) -> EnvironmentFault:
    return EnvironmentFault(
        f"现有字体都没有“{what}”这个字，不能画“{chart.title}”图。请改用常用字，或把含有该字的字体放进环境变量 "
        "KAOPING_FONTS 所指的文件夹。",
        f"No font here has “{what}”, so the chart “{chart.title}” cannot be drawn. Use another character, or "
        "put a font that has it into the folder KAOPING_FONTS.",
    )


# --- bars ------------------------------------------------------------------------------------------


def _bars(chart: BarChart) -> tuple[int, Iterator[str]]:
    return _TOP + _ROW * len(chart.bars) + 6, _each_bar(chart)


def _each_bar(chart: BarChart) -> Iterator[str]:
    room = WIDTH - _LABELS - _END
    foot = _TOP + _ROW * len(chart.bars) + 2
    yield _rule(_LABELS, _TOP - 3, foot, LINE)
    if chart.mark is not None:  # below the figures, which may stand on it
        yield _rule(_LABELS + _share(chart.mark, chart) * room, _TOP - 3, foot, INK, dashes="3 2")
    for number, bar in enumerate(chart.bars):
        above = _TOP + _ROW * number
        length = _share(bar.value, chart) * room
        yield _label(_LABELS - 6, above + _ROW / 2, bar.label)
        yield (
            f'<rect x="{_LABELS}" y="{above + 2.5}" width="{length:.2f}" height="{_ROW - 5}" fill="{BAR}"/>'
        )
        yield _text(_LABELS + length + 4, above + _ROW / 2 + 3, bar.said, size=_PLAIN)


def _share(value: Decimal, chart: BarChart) -> float:
    """Of the full length; nothing below zero has one."""
    return float(max(value, Decimal(0)) / chart.full) if chart.full > 0 else 0.0


# --- fields ----------------------------------------------------------------------------------------


def _fields(chart: HeatMap) -> tuple[int, Iterator[str]]:
    return _TOP + 2 * _ROW + _ROW * len(chart.rows) + 6, _each_field(chart)


def _each_field(chart: HeatMap) -> Iterator[str]:
    broad = (WIDTH - _LABELS) / max(len(chart.columns), 1)
    for number, head in enumerate(chart.columns):
        middle = _LABELS + broad * (number + 0.5)
        yield _label(middle, _TOP + _ROW, head, room=broad - 4, anchor="middle")
    for down, (label, values) in enumerate(chart.rows):
        above = _TOP + 2 * _ROW + _ROW * down
        yield _label(_LABELS - 6, above + _ROW / 2, label)
        for across, value in enumerate(values):
            yield from _field(_LABELS + broad * across, above, broad, value)


def _field(left: float, above: float, broad: float, value: Decimal | None) -> Iterator[str]:
    middle, base = left + broad / 2, above + _ROW / 2 + 3
    if value is None:
        yield _text(middle, base, "—", size=_SMALL, anchor="middle", colour=MUTED)
        return
    shade = _shade(value)
    yield (
        f'<rect x="{left + 0.5:.2f}" y="{above + 0.5}" width="{broad - 1:.2f}" height="{_ROW - 1}" '
        f'fill="{SHADES[shade]}"/>'
    )
    colour = "#ffffff" if shade >= _WHITE_FROM else INK
    yield _text(middle, base, figure(value), size=_SMALL, anchor="middle", colour=colour)


def _shade(value: Decimal) -> int:
    step = int((value - _LOWEST_SHADE) // _SHADE_STEP) + 1 if value >= _LOWEST_SHADE else 0
    return min(step, len(SHADES) - 1)


# --- words and rules -------------------------------------------------------------------------------


def _label(
    at: float, middle: float, words: str, room: float = _LABELS - 10, anchor: str = "end"
) -> str:
    """Words around a height, in one line or two; the more there are, the smaller."""
    said = printable(words).replace("\n", "")
    if cells_of(said) * _PLAIN <= room:
        return _text(at, middle + 3, said, size=_PLAIN, anchor=anchor)
    half = _middle_of(said)
    lines = (said[:half], said[half:])
    size = min(_SMALL, room / max(map(cells_of, lines)))
    return "".join(
        _text(at, middle + down, line, size=size, anchor=anchor)
        for line, down in zip(lines, (-0.6, size - 0.4), strict=True)
    )


def _middle_of(words: str) -> int:
    """After which character about half of the room is taken."""
    total, taken = cells_of(words), 0.0
    for number, one in enumerate(words, 1):
        taken += cells_of(one)
        if taken >= total / 2:
            return number
    return len(words)


def _text(
    at: float, base: float, words: str, *, size: float, anchor: str = "start", colour: str = INK
) -> str:
    said = escape(printable(words).replace("\n", ""))
    return (
        f'<text x="{at:.2f}" y="{base:.2f}" font-size="{size:.2f}" text-anchor="{anchor}" '
        f'fill="{colour}">{said}</text>'
    )


def _rule(at: float, above: float, below: float, colour: str, dashes: str = "none") -> str:
    return (
        f'<path d="M{at:.2f} {above:.2f}V{below:.2f}" stroke="{colour}" stroke-width="0.8" '
        f'stroke-dasharray="{dashes}"/>'
    )
