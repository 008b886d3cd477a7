"""公式: formulas of a text document in one line, as a person would type them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kaoping.files.numerals import circled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SIMPLE = re.compile(r"[\w.%]+|\(.*\)", re.DOTALL)
_CODE = re.compile(r"\s*eq\s*(.*)", re.IGNORECASE | re.DOTALL)
_CIRCLE = re.compile(r"\\o(?:\\a[clr])?\s*\(\s*[○〇◯oO]\s*[,，;]\s*([^()]*)\)", re.IGNORECASE)
_FRACTION = re.compile(r"\\f\s*\(([^(),]*)[,;]([^(),]*)\)", re.IGNORECASE)
_SWITCH = re.compile(r"\\\*\s*\S+|\\[a-z]+\d*(?:\([^()]*\))?(?=[\\(\s])", re.IGNORECASE)
_CIRCLED_NUMBER = re.compile(r"[0-9]{1,2}")


def formula_text(element: etree._Element) -> str:
    """A formula, or a part of one: fractions as `a/b`, powers as `a^b`, roots as `√(a)`."""
    tag = element.tag
    if tag == f"{M}t":
        return element.text or ""
    if tag == f"{M}f":
        return f"{_bracketed(element, 'num')}/{_bracketed(element, 'den')}"
    if tag == f"{M}rad":
        return f"√({_part(element, 'e')})"
    if tag in (f"{M}sSup", f"{M}sSub", f"{M}sSubSup"):
        return _part(element, "e") + _scripts(element)
    if tag == f"{M}nary":
        return _property(element, "chr", "∫") + _scripts(element) + _bracketed(element, "e")
    if tag == f"{M}d":
        inside = _property(element, "sepChr", "|").join(
            formula_text(part) for part in element.findall(f"{M}e")
        )
        return _property(element, "begChr", "(") + inside + _property(element, "endChr", ")")
    return _joined(element)


def _joined(elements: Iterable[etree._Element]) -> str:
    return "".join(formula_text(element) for element in elements)


def _part(element: etree._Element, name: str) -> str:
    part = element.find(f"{M}{name}")
    return _joined(part) if part is not None else ""


def _bracketed(element: etree._Element, name: str) -> str:
    """A part, in brackets unless it is one number, word or bracket."""
    text = _part(element, name).strip()
    return text if _SIMPLE.fullmatch(text) and not text.count("(") > 1 else f"({text})"


def _scripts(element: etree._Element) -> str:
    below, above = _part(element, "sub"), _part(element, "sup")
    return (f"_{_bracketed(element, 'sub')}" if below else "") + (
        f"^{_bracketed(element, 'sup')}" if above else ""
    )


def _property(element: etree._Element, name: str, default: str) -> str:
    for child in element:
        if child.tag.endswith("Pr"):
            found = child.find(f"{M}{name}")
            if found is not None:
                return str(found.get(f"{M}val", ""))
    return default


def equation_field(code: str) -> str:
    r"""What an EQ field shows, `eq \o\ac(○,3)`: ③; "" for the code of another field."""
    found = _CODE.fullmatch(code)
    if found is None:
        return ""
    text = _CIRCLE.sub(_in_circle, found[1])
    text = _FRACTION.sub(lambda one: f"{one[1].strip()}/{one[2].strip()}", text)
    return _SWITCH.sub("", text).strip()


def _in_circle(found: re.Match[str]) -> str:
    words = found[1].strip()
    return circled(int(words)) if _CIRCLED_NUMBER.fullmatch(words) else words
