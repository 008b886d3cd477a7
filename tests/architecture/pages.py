"""Views and templates as text: what the tests of this folder ask about pages."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from tests.architecture.sources import ROOT, SRC, modules

if TYPE_CHECKING:
    import ast

WEB = SRC / "web"
VIEWS = WEB / "views"
TEMPLATES = WEB / "templates"
LAYOUT = "layout/"
MACHINERY = {"__init__", "acting", "doors", "errors", "staying"}
"""Modules beside the views that are no pages: what opens doors, takes acts, shows errors, keeps forms."""
HAN = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
LATIN = re.compile(r"[A-Za-z]{2,}")
_COMMENTS = re.compile(
    r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->|<!doctype html>", re.DOTALL
)
_TRANSLATED = re.compile(
    r"\{% blocktrans(?:late)?\b.*?%\}.*?\{% endblocktrans(?:late)? %\}", re.DOTALL
)
_TRANSLATE = re.compile(r"""\{% trans(?:late)? ("[^"]*"|'[^']*').*?%\}""")
_IN_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_UNDERSCORED = re.compile(r"""_\(("[^"]*"|'[^']*')\)""")
_TOLD = re.compile(r"""\b(?:aria-label|title|alt|placeholder|label|value)=("[^"]*"|'[^']*')""")
_MARKS = re.compile(r"<[^>]*>", re.DOTALL)


@cache
def views() -> dict[str, ast.Module]:
    """The modules that hold pages."""
    found = modules()
    return {
        str(path.relative_to(ROOT)): found[str(path.relative_to(ROOT))]
        for path in sorted(VIEWS.rglob("*.py"))
        if path.stem not in MACHINERY
    }


@cache
def templates() -> dict[str, str]:
    """Every template by the name it is loaded under."""
    return {
        path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8")
        for path in sorted(TEMPLATES.rglob("*"))
        if path.is_file()
    }


def untranslated(text: str, allowed: frozenset[str] = frozenset()) -> list[str]:
    """Words of a template that a reader would see in one language only.

    Seen is what stands between marks, in attributes that are read out, and in quotes within tags.
    """
    rest = _TRANSLATED.sub(" ", _COMMENTS.sub(" ", text))
    code = [_UNDERSCORED.sub("", one) for one in _IN_CODE.findall(_TRANSLATE.sub(" ", rest))]
    found = [one for one in code if HAN.search(one)]
    bare = _IN_CODE.sub(" ", rest)
    seen = [
        *(word.strip("\"'") for word in _TOLD.findall(bare)),
        *_MARKS.sub("\n", _IN_CODE.sub(" ", _TRANSLATE.sub(" ", rest))).splitlines(),
    ]
    seen = [re.sub(r"&[a-z]+;", " ", one).strip() for one in seen]
    found += [one for one in seen if one not in allowed and HAN.search(one)]
    told = {word.strip("\"'") for word in _TOLD.findall(bare)} - {""}
    # A button's value or an option's is sent, not shown, unless it is Chinese.
    shown = [one for one in seen if one not in told]
    return found + [one for one in shown if one not in allowed and LATIN.search(one)]
