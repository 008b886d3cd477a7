"""自动编号: the numbers a text program puts before paragraphs without writing them into the text.

A paragraph, or its style, names a list (`numId`) and a level; the list points to a scheme
(`abstractNum`) that says how each level counts and what it shows. Lists of one scheme count on
together, unless a list starts a level anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kaoping.files.numerals import numeral
from kaoping.files.word_styles import W, flag, number, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml import etree

    from kaoping.files.word_styles import Styles

_LEVELS = 9
_BLANK_FREE = tuple("、）。：．】〕")
"""A number that ends so needs no blank before the text."""
_PLACE = re.compile(r"%([1-9])")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
"""Signs of a symbol font, which bullets are taken from."""


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level counts and what it shows.

    Attributes:
        shows: text with `%1` for the number of the first level and so on.
        style: the numeral style by its name in the format.
        after_level: it starts anew after any level up to this one, counted from 1; None for never.
        plain: whether the numbers of all levels are shown in plain digits.
        suffix: what stands between number and text: `tab`, `space`, `nothing`.
    """

    start: int
    style: str
    shows: str
    suffix: str
    after_level: int | None
    plain: bool
    hidden: bool


_Levels = dict[int, _Level]


@dataclass(slots=True)
class _List:
    """A list: its scheme, its levels, those it starts anew when first used, and styles' levels."""

    scheme: str
    levels: _Levels
    starts_anew: set[int]
    level_of_style: Mapping[str, int]


class Numbering:
    """The lists of a document, counting as its paragraphs go by in reading order.

    Args:
        root: the numbering part; None where a document has none.
        styles: the styles of the document.
    """

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        schemes = root.findall(f"{W}abstractNum") if root is not None else []
        lists = root.findall(f"{W}num") if root is not None else []
        self._schemes = {one.get(f"{W}abstractNumId", ""): one for one in schemes}
        self._scheme_of_style = {
            style: name
            for name, one in self._schemes.items()
            if (style := value(one.find(f"{W}styleLink")))
        }
        self._list_elements = {one.get(f"{W}numId", ""): one for one in lists}
        self._levels_of_scheme: dict[str, tuple[_Levels, Mapping[str, int]]] = {}
        self._lists: dict[str, _List | None] = {}
        self._counters: dict[str, list[int | None]] = {}

    def _list(self, identity: str) -> _List | None:
        """A list by its number, made when first asked for; None where there is no such list."""
        if identity not in self._lists:
            element = self._list_elements.get(identity)
            self._lists[identity] = self._made(element) if element is not None else None
        return self._lists[identity]

    def _made(self, element: etree._Element) -> _List | None:
        name = self._scheme_name(value(element.find(f"{W}abstractNumId")))
        if name not in self._schemes:
            return None
        if name not in self._levels_of_scheme:
            self._levels_of_scheme[name] = _levels(self._schemes[name].findall(f"{W}lvl"))
        levels, of_style = self._levels_of_scheme[name]
        overrides = element.findall(f"{W}lvlOverride")[:_LEVELS]
        own = [one for override in overrides if (one := override.find(f"{W}lvl")) is not None]
        own_levels, own_of_style = _levels(own)
        made = _List(name, levels | own_levels, set(), {**of_style, **own_of_style})
        for override in overrides:
            start, at = override.find(f"{W}startOverride"), number(override.get(f"{W}ilvl"), 0)
            if start is not None and at in made.levels:
                first = number(value(start), made.levels[at].start)
                made.levels[at] = replace(made.levels[at], start=first)
                made.starts_anew.add(at)
        return made

    def _scheme_name(self, name: str) -> str:
        """The scheme itself where one only points to a style of lists."""
        scheme = self._schemes.get(name)
        link = value(scheme.find(f"{W}numStyleLink")) if scheme is not None else ""
        return self._scheme_of_style.get(link, name)

    def before(self, properties: etree._Element | None) -> str:
        """The number before the next paragraph, with a blank where one stands; "" without any.

        Args:
            properties: the paragraph's own (`w:pPr`).
        """
        identity, at = self._list_and_level(properties)
        one = self._list(identity)
        if one is None or at not in one.levels:
            return ""
        counters = self._counters.setdefault(one.scheme, [None] * _LEVELS)
        level, counted = one.levels[at], counters[at]
        is_first = counted is None or at in one.starts_anew
        counters[at] = level.start if counted is None or is_first else counted + 1
        one.starts_anew.discard(at)
        for deeper in range(at + 1, _LEVELS):
            after = one.levels[deeper].after_level if deeper in one.levels else deeper
            if after is not None and at < after:
                counters[deeper] = None
        return "" if level.hidden else _shown(level, one.levels, counters)

    def _list_and_level(self, properties: etree._Element | None) -> tuple[str, int]:
        """The list and level of a paragraph: its own, else those of its style."""
        style = value(properties.find(f"{W}pStyle")) if properties is not None else ""
        inherited, level = self._styles.list_of(style)
        own = properties.find(f"{W}numPr") if properties is not None else None
        identity = (value(own.find(f"{W}numId")) if own is not None else "") or inherited
        at = own.find(f"{W}ilvl") if own is not None else None
        if at is not None:
            return identity, min(number(value(at), 0), _LEVELS - 1)
        found = self._list(identity)
        for one in self._styles.line_of(style) if found is not None else ():
            if found is not None and one in found.level_of_style:
                return identity, found.level_of_style[one]
        return identity, level


def _levels(elements: Iterable[etree._Element]) -> tuple[_Levels, Mapping[str, int]]:
    """Levels by their position from 0, and which level is that of a paragraph style."""
    levels: _Levels = {}
    of_style: dict[str, int] = {}
    for element in elements:
        at = number(element.get(f"{W}ilvl"), _LEVELS)
        if at < _LEVELS:
            levels[at] = _level(element)
            if style := value(element.find(f"{W}pStyle")):
                of_style[style] = at
    return levels, of_style


def _level(element: etree._Element) -> _Level:
    at = number(element.get(f"{W}ilvl"), 0)
    after = element.find(f"{W}lvlRestart")
    after_level = number(value(after), at) if after is not None else at
    properties = element.find(f"{W}rPr")
    style = value(element.find(f"{W}numFmt")) or "decimal"
    shows = value(element.find(f"{W}lvlText"))
    return _Level(
        start=number(value(element.find(f"{W}start")), 0),
        style=style,
        shows=_PRIVATE.sub("•", shows) if style == "bullet" else shows,
        suffix=value(element.find(f"{W}suff")) or "tab",
        after_level=after_level or None,
        plain=flag(element.find(f"{W}isLgl")),
        hidden=properties is not None and flag(properties.find(f"{W}vanish")),
    )


def _shown(level: _Level, levels: Mapping[int, _Level], counters: list[int | None]) -> str:
    def number_of(found: re.Match[str]) -> str:
        """The number of the level that `%1` and its like name, in that level's style."""
        at = int(found[1]) - 1
        if at not in levels:
            return ""
        counted = counters[at]
        style = levels[at].style
        if level.plain and style != "none":
            style = "decimal"
        return numeral(levels[at].start if counted is None else counted, style)

    text = _PLACE.sub(number_of, level.shows)
    if not text.strip():
        return ""
    is_apart = level.suffix != "nothing" and not text.endswith(_BLANK_FREE)
    return text + " " if is_apart and not text.endswith(" ") else text
