"""The words of a paragraph of a text document, as a reader of the printed page sees them.

What was deleted, moved away or hidden is left out, what was inserted stands; of a field its result
is read. Elements that are not known are looked into, so that no wrapper hides a text.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kaoping.files.contents import LOST
from kaoping.files.word_formulas import M, equation_field, formula_text
from kaoping.files.word_styles import W, flag, number, value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml import etree

    from kaoping.files.word_styles import Styles

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_WORD_ART = "{urn:schemas-microsoft-com:vml}textpath"
_EMBEDDED = "{urn:schemas-microsoft-com:office:office}OLEObject"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"

_LEFT_OUT = frozenset(
    f"{W}{name}"
    for name in (
        *("pPr", "rPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "rubyPr", "rt"),
        *("del", "moveFrom", "delText", "delInstrText", "instrText", "sectPr", "softHyphen"),
    )
)
_AS_SIGN = {
    f"{W}tab": " ",
    f"{W}ptab": " ",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_BOXES = {"0": "☐", "1": "☑"}
_SYMBOLS = {
    ("wingdings", 0x52): "☑",
    ("wingdings", 0x6C): "●",
    ("wingdings", 0x6E): "■",
    ("wingdings", 0x6F): "□",
    ("wingdings", 0xA8): "□",
    ("wingdings", 0xFB): "✗",
    ("wingdings", 0xFC): "✓",
    ("wingdings", 0xFD): "☒",
    ("wingdings", 0xFE): "☑",
    ("wingdings 2", 0x4F): "✗",
    ("wingdings 2", 0x50): "✓",
    ("wingdings 2", 0x51): "☒",
    ("wingdings 2", 0x52): "☑",
    ("wingdings 2", 0xA3): "□",
    ("symbol", 0xA3): "≤",
    ("symbol", 0xB1): "±",
    ("symbol", 0xB3): "≥",
    ("symbol", 0xB4): "×",
    ("symbol", 0xB7): "•",
    ("symbol", 0xB8): "÷",
    ("symbol", 0xB9): "≠",
    ("symbol", 0xBB): "≈",
    ("symbol", 0xE5): "∑",
}
"""Signs of symbol fonts that stand in official texts, by font and position."""
_LARGE = (2_880_000, 1_440_000)
"""A picture at least so wide and high, in 1/360000 cm, may hold text: 8 by 4 centimetres."""


@dataclass(slots=True)
class _Field:
    """A field that has begun: its code so far, and whether its result has not begun yet."""

    code: list[str] = field(default_factory=list)
    in_code: bool = True
    shows: str = ""


@dataclass(slots=True)
class ParagraphText:
    """What a paragraph shows.

    Attributes:
        text: its words, lines divided by line breaks.
        boxes: the contents of text boxes fixed to it, to be read after it.
        has_picture: whether it shows a picture large enough to hold text.
    """

    text: str = ""
    boxes: list[etree._Element] = field(default_factory=list)
    has_picture: bool = False


class Words:
    """Reads paragraphs in their order; a field may begin in one and end in another.

    Args:
        styles: the document's.
        diagram: gives the words of a diagram by the name of its relation.

    Attributes:
        notes: footnotes and endnotes referred to, as `("footnotes", id)`, in order.
    """

    def __init__(self, styles: Styles, diagram: Callable[[str], str]) -> None:
        self._styles = styles
        self._diagram = diagram
        self._fields: list[_Field] = []
        self._in_code: list[_Field] = []
        self._hidden_by_style = False
        self.notes: list[tuple[str, str]] = []

    def read(self, paragraph: etree._Element) -> ParagraphText:
        """The words of one paragraph.

        Code that a paragraph leaves open is taken as ended: a field that is never ended must not
        swallow the rest of a document.
        """
        made = ParagraphText()
        properties = paragraph.find(f"{W}pPr")
        style = value(properties.find(f"{W}pStyle")) if properties is not None else ""
        self._hidden_by_style = self._styles.hides(style)
        made.text = "".join(self._inside(paragraph, made))
        for one in self._in_code:
            one.in_code = False
        self._in_code.clear()
        return made

    def _inside(self, element: etree._Element, made: ParagraphText) -> Iterator[str]:
        for child in element:
            yield from self._pieces(child, made)

    def _pieces(self, element: etree._Element, made: ParagraphText) -> Iterator[str]:
        tag = element.tag
        if tag == f"{W}r":
            yield from self._run(element, made)
        elif tag == f"{W}t":
            yield self._shown(_characters(element))
        elif tag in _AS_SIGN:
            yield self._shown(_AS_SIGN[tag])
        elif tag in _LEFT_OUT:
            return
        elif tag == f"{W}fldChar":
            yield self._field_mark(element)
        elif tag == f"{W}sym":
            yield self._shown(_symbol(element))
        elif tag == f"{M}oMath":
            yield self._shown(formula_text(element))
        elif tag == f"{W}fldSimple":
            words = "".join(self._inside(element, made))
            yield words or self._shown(equation_field(element.get(f"{W}instr", "")))
        elif tag == f"{_MC}AlternateContent":
            chosen = chosen_alternative(element)
            yield from self._inside(chosen, made) if chosen is not None else ()
        else:
            yield from self._drawn(element, made)

    def _drawn(self, element: etree._Element, made: ParagraphText) -> Iterator[str]:
        """What stands beside plain text: notes, boxes, drawings; any other element is entered."""
        tag = element.tag
        if tag in _NOTES:
            self.notes.append((_NOTES[tag], element.get(f"{W}id", "")))
        elif tag == f"{W}txbxContent":
            made.boxes.append(element)
        elif tag == _DIAGRAM:
            yield self._shown("\n" + self._diagram(element.get(f"{_R}dm", "")) + "\n")
        elif tag == _WORD_ART:
            yield self._shown("\n" + element.get("string", "") + "\n")
        elif tag == _EMBEDDED:
            yield self._shown(f"〔嵌入对象 {element.get('ProgID', '')}〕")
        else:
            made.has_picture = made.has_picture or _is_large_picture(element)
            yield from self._inside(element, made)

    def _run(self, run: etree._Element, made: ParagraphText) -> Iterator[str]:
        hidden = self._is_hidden(run.find(f"{W}rPr"))
        for child in run:
            if child.tag == f"{W}instrText":
                if self._fields:
                    self._fields[-1].code.append(child.text or "")
            elif not hidden or child.tag == f"{W}fldChar":
                yield from self._pieces(child, made)

    def _is_hidden(self, properties: etree._Element | None) -> bool:
        if properties is None:
            return self._hidden_by_style
        vanish = properties.find(f"{W}vanish")
        if vanish is not None:
            return flag(vanish)
        return self._hidden_by_style or self._styles.hides(value(properties.find(f"{W}rStyle")))

    def _shown(self, text: str) -> str:
        return "" if self._in_code else text

    def _field_mark(self, element: etree._Element) -> str:
        """Begin, turn or end a field; at its end what one without a result shows."""
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            begun = _Field(shows=_form_field(element.find(f"{W}ffData")))
            self._fields.append(begun)
            self._in_code.append(begun)
        elif kind in ("separate", "end") and self._fields:
            last = self._fields[-1] if kind == "separate" else self._fields.pop()
            had_code_only, last.in_code = last.in_code, False
            if had_code_only:
                self._in_code.pop()
            if kind == "end" and (had_code_only or last.shows):
                return self._shown(last.shows or equation_field("".join(last.code)))
        return ""


def chosen_alternative(element: etree._Element) -> etree._Element | None:
    """Of contents given twice, for new and old programs, the first that holds anything."""
    choices = [*element.findall(f"{_MC}Choice"), *element.findall(f"{_MC}Fallback")]
    return next((one for one in choices if len(one)), None)


def _characters(element: etree._Element) -> str:
    text = element.text or ""
    if element.get("{http://www.w3.org/XML/1998/namespace}space") != "preserve":
        text = text.strip(" \t\r\n")
    return text.replace("\n", " ").replace("\r", " ")


def _symbol(element: etree._Element) -> str:
    """A sign by font and number; one that only its font has, and is not known, as lost."""
    try:
        code = int(element.get(f"{W}char", ""), 16)
    except ValueError:
        return LOST
    known = _SYMBOLS.get((element.get(f"{W}font", "").lower(), code & 0xFF))
    if known is not None:
        return known
    return chr(code) if code <= sys.maxunicode and chr(code).isprintable() else LOST


def _form_field(data: etree._Element | None) -> str:
    """What a form field shows that has no result: a box ticked or not, the chosen entry."""
    if data is None:
        return ""
    box, choice = data.find(f"{W}checkBox"), data.find(f"{W}ddList")
    if box is not None:
        checked = box.find(f"{W}checked")
        checked = checked if checked is not None else box.find(f"{W}default")
        return _BOXES["1" if flag(checked) else "0"]
    if choice is not None:
        entries = choice.findall(f"{W}listEntry")
        at = number(value(choice.find(f"{W}result")), 0)
        return value(entries[at]) if at < len(entries) else ""
    return ""


def _is_large_picture(element: etree._Element) -> bool:
    if element.tag not in (f"{_WP}inline", f"{_WP}anchor"):
        return False
    extent = element.find(f"{_WP}extent")
    if extent is None or next(element.iter(_PICTURE), None) is None:
        return False
    sizes = (extent.get("cx", ""), extent.get("cy", ""))
    return all(
        one.isascii() and one.isdigit() and len(one) < 10 and int(one) >= least  # noqa: PLR2004
        for one, least in zip(sizes, _LARGE, strict=True)
    )
