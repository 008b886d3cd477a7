"""Styles of a text document, as far as they bear on its words: lists and hidden text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = frozenset({"0", "false", "off", "none"})
_MOST_DIGITS = 6
_LONGEST_LINE = 20
"""Most styles of which each is based on the next."""


def value(element: etree._Element | None) -> str:
    """The `w:val` of an element; "" without."""
    return element.get(f"{W}val", "") if element is not None else ""


def number(text: str | None, default: int) -> int:
    """A small whole number, not negative; the default for anything else."""
    sound = text is not None and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if sound and text else default


def flag(element: etree._Element | None) -> bool:
    """Whether a property that is on or off is on: it is there and does not say otherwise."""
    return element is not None and value(element) not in _OFF


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: str
    list_id: str
    level: int | None
    hides: bool | None


@dataclass(slots=True)
class Styles:
    """The styles of a document by their names; what a style does not say, its base does."""

    _styles: dict[str, _Style] = field(default_factory=dict)
    _default: str = ""
    _lines: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: etree._Element | None) -> Styles:
        """The styles of a styles part; None where a document has none."""
        made = cls()
        for element in root.findall(f"{W}style") if root is not None else ():
            name = element.get(f"{W}styleId", "")
            made._styles[name] = _style(element)
            if element.get(f"{W}type") == "paragraph" and element.get(f"{W}default") in (
                "1",
                "true",
            ):
                made._default = name
        return made

    def line_of(self, name: str) -> Sequence[str]:
        """A paragraph's style and those it is based on, the nearest first; the default without."""
        name = name if name in self._styles else self._default
        if name not in self._lines:
            line: list[str] = []
            at = name
            while at in self._styles and at not in line and len(line) < _LONGEST_LINE:
                line.append(at)
                at = self._styles[at].based_on
            self._lines[name] = tuple(line)
        return self._lines[name]

    def list_of(self, name: str) -> tuple[str, int]:
        """The list and level that a paragraph has by its style; "" without."""
        found = [self._styles[one] for one in self.line_of(name)]
        lists = [one.list_id for one in found if one.list_id]
        levels = [one.level for one in found if one.level is not None]
        return lists[0] if lists else "", levels[0] if levels else 0

    def hides(self, name: str) -> bool:
        """Whether text of a paragraph or character style is hidden."""
        if name not in self._styles:
            return False
        said = [self._styles[one].hides for one in self.line_of(name)]
        return next((one for one in said if one is not None), False)


def _style(element: etree._Element) -> _Style:
    paragraph = element.find(f"{W}pPr")
    listed = paragraph.find(f"{W}numPr") if paragraph is not None else None
    level = listed.find(f"{W}ilvl") if listed is not None else None
    run = element.find(f"{W}rPr")
    vanish = run.find(f"{W}vanish") if run is not None else None
    return _Style(
        based_on=value(element.find(f"{W}basedOn")),
        list_id=value(listed.find(f"{W}numId")) if listed is not None else "",
        level=number(value(level), 0) if level is not None else None,
        hides=flag(vanish) if vanish is not None else None,
    )
