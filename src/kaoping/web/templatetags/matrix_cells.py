"""The cells of a large table, written at once: a template's own loop takes ten times as long."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django import template
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

register = template.Library()
_KEPT = 4096
_END = format_html("</a></{}>", "td")
_EMPTY = {
    is_last: format_html('<td class="{}"></td>', names)
    for is_last, names in ((False, "x"), (True, "x e"))
}


@register.simple_tag
def matrix_cells(row: Any) -> SafeString:  # noqa: ANN401 - a MatrixRow; queries stand above this layer
    """The cells of one unit; each that applies leads to itself."""
    return _cells(row.unit.id, row.cells)


@register.simple_tag
def matrix_cell(unit: str, cell: Any) -> SafeString:  # noqa: ANN401 - a CellShown
    """One cell by itself, to take the place of the one that was there."""
    return _cells(unit, [cell])


def _cells(unit: str, cells: Iterable[Any]) -> SafeString:
    """Pieces that are safe already, put together by one format: fast, and escaped as everything is."""
    of_unit = _of_unit(unit)
    pieces: list[SafeString] = []
    for cell in cells:
        if cell.text:
            pieces += (_opened(cell), of_unit, _of_task(cell.task), _inner(cell), _END)
        else:
            pieces.append(_EMPTY[cell.is_last])
    return format_html("{}" * len(pieces), *pieces) if pieces else escape("")


@lru_cache(_KEPT)
def _of_unit(unit: str) -> SafeString:
    return format_html("?unit={}&amp;task=", quote(unit, safe=""))


@lru_cache(_KEPT)
def _of_task(task: str) -> SafeString:
    return format_html('{}">', quote(task, safe=""))


def _opened(cell: Any) -> SafeString:  # noqa: ANN401
    """The cell's beginning, up to its address."""
    return _start(cell.is_off, cell.is_own or cell.is_missing, cell.is_last)


@lru_cache(16)
def _start(is_off: object, is_ink: object, is_last: object) -> SafeString:
    names = [*(["c-na"] if is_off else [] if is_ink else ["d"]), *(["e"] if is_last else [])]
    if not names:
        return format_html('<{}><a href="', "td")
    return format_html('<td class="{}"><a href="', " ".join(names))


def _inner(cell: Any) -> SafeString:  # noqa: ANN401
    if cell.is_off:
        return format_html('<span class="visually-hidden">{}</span>—', _("不涉及"))
    if cell.is_missing:
        return format_html('<span class="c-miss">{}</span>', _("缺"))
    if cell.own_points:
        return format_html("{} <small>{}</small>", cell.text, cell.own_points)
    return _escaped(cell.text)


@lru_cache(_KEPT)
def _escaped(text: str) -> SafeString:
    return escape(text)
