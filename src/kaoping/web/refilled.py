"""A page as it was made, with one form on it as somebody sent it, and what is wrong in its place.

The page is the same template as ever: what was typed is put into the marks of the form afterwards, so that
no template and no view need know of it. Nothing else of the page is touched.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from kaoping.core.problems import Problem
from kaoping.web.templatetags.words import icon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_TICKED = ("checkbox", "radio")
_NOT_FILLED = ("file", "password", "submit", "button", "image", "reset")
_BREAKS = ("\n", "\r")
_NOT_OURS = "csrfmiddlewaretoken"


@dataclass(frozen=True, slots=True)
class FieldProblem(Problem):
    """Something wrong in a form.

    Attributes:
        field: the name of the field in which it is mended.
        en: what is wrong and what to do, in English; `where`, `message` and `suggestion` say it in Chinese.
    """

    field: str = ""
    en: str = ""


@dataclass(slots=True)
class _Tag:
    """A start tag where it stands in the text, from `start` up to `end`."""

    name: str
    start: int
    end: int
    attributes: dict[str, str | None]

    def __getitem__(self, key: str) -> str:
        return self.attributes.get(key) or ""

    @property
    def text(self) -> str:
        """The tag as it is written now."""
        pairs = self.attributes.items()
        parts = (format_html(' {}="{}"', k, v) if v is not None else f" {k}" for k, v in pairs)
        return f"<{self.name}{''.join(parts)}>"


@dataclass(slots=True)
class _Field:
    """A field of a form.

    Attributes:
        tag: its start tag.
        after: where what is to be said of it goes.
        folded: the `details` around it.
        options: of a list, each with the value that it stands for.
        content: where the text of a `textarea` stands.
    """

    tag: _Tag
    after: int
    folded: tuple[_Tag, ...]
    options: list[tuple[_Tag, list[str]]] = field(default_factory=list)
    content: tuple[int, int] = (0, 0)

    @property
    def name(self) -> str:
        return self.tag["name"]

    @property
    def is_ticked(self) -> bool:
        return self.tag["type"] in _TICKED


@dataclass(slots=True)
class _Group:
    """A `fieldset` or `label` that is open: what is in it, and where its words (`legend`) end."""

    name: str
    fields: list[_Field] = field(default_factory=list)
    words_end: int = 0


class _Form:
    """A form: its fields, and the `details` it stands in."""

    def __init__(self, folded: tuple[_Tag, ...]) -> None:
        self.folded = folded
        self.fields: list[_Field] = []

    def likeness(self, sent: Mapping[str, Sequence[str]]) -> int:
        """How many of its hidden fields say what was sent: forms to one address differ by these."""
        hidden = (one for one in self.fields if one.tag["type"] == "hidden")
        return sum(one.tag["value"] in sent.get(one.name, ()) for one in hidden)


class _Marks(HTMLParser):
    """The forms of a page that are sent to an address, and where the head of the page is."""

    def __init__(self, page: str, action: str, own: str) -> None:
        super().__init__(convert_charrefs=False)
        self.forms: list[_Form] = []
        self.head = self.title = 0
        self._action, self._own = action, own
        self._lines = [0, *(one.end() for one in re.finditer("\n", page))]
        self._form: _Form | None = None
        self._folded: list[_Tag] = []
        self._groups: list[_Group] = []
        self._open: _Field | None = None
        self.feed(page)
        self.close()

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, name: str, pairs: list[tuple[str, str | None]]) -> None:
        start = self._at()
        tag = _Tag(name, start, start + len(self.get_starttag_text() or ""), dict(pairs))
        match name:
            case "details":
                self._folded.append(tag)
            case "form":
                self._begin(tag)
            case "main":
                self.head = tag.end
            case "title" if not self.title:
                self.title = tag.end
            case "fieldset" | "label":
                self._groups.append(_Group(name))
            case "input" | "select" | "textarea" if self._form is not None:
                self._field(tag, self._form)
            case "option" if self._open is not None:
                self._open.options.append((tag, []))
            case _:
                pass

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._open.options:
            self._open.options[-1][1].append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self.handle_data(unescape(f"&#{name};"))

    def handle_endtag(self, name: str) -> None:
        start = self._at()
        end = start + len(name) + len("</>")
        match name:
            case "details" if self._folded:
                self._folded.pop()
            case "form":
                self._form = None
            case "legend" if self._groups:
                self._groups[-1].words_end = end
            case "fieldset" | "label" if self._groups:
                self._end_group(self._groups.pop(), end)
            case "select" | "textarea" if self._open is not None:
                self._open.content = (self._open.tag.end, start)
                self._open.after = max(self._open.after, end)
                self._open = None
            case _:
                pass

    def _begin(self, tag: _Tag) -> None:
        to = urlsplit(tag["action"]).path or self._own
        self._form = _Form(tuple(self._folded))
        if to == self._action and tag["method"].lower() == "post":
            self.forms.append(self._form)

    def _field(self, tag: _Tag, form: _Form) -> None:
        one = _Field(tag, tag.end, tuple(self._folded))
        form.fields.append(one)
        for group in self._groups:
            group.fields.append(one)
        if tag.name != "input":
            self._open = one

    def _end_group(self, group: _Group, end: int) -> None:
        """A field in its label is spoken of below the label; ticks, below the words above them all."""
        for one in group.fields:
            if group.name == "label" and not one.is_ticked:
                one.after = end
            elif group.words_end and one.is_ticked:
                one.after = group.words_end


class PageWithForm:
    """A page on which a form stands that was sent.

    Args:
        page: its text.
        action: the path to which the form is sent.
        own: the path of the page, to which forms go that name none.
        sent: what was sent: each field's values by its name.
    """

    def __init__(self, page: str, action: str, own: str, sent: Mapping[str, Sequence[str]]) -> None:
        self._page, self._sent = page, sent
        self._marks = _Marks(page, action, own)
        alike = sorted(self._marks.forms, key=lambda one: one.likeness(sent), reverse=True)
        self._form = alike[0] if alike else None

    @property
    def has_form(self) -> bool:
        """Whether the form stands on it at all."""
        return self._form is not None

    @property
    def keeps_typed(self) -> bool:
        """Whether it has anything that is typed or chosen and comes back; a file does not."""
        never = ("hidden", *_NOT_FILLED)
        return any(one.name and one.tag["type"] not in never for one in self._fields())

    def place_of(self, name: str) -> str:
        """The id of the field of a name, to which a link may lead; empty where there is none."""
        found = next((one for one in self._fields() if one.name == name), None)
        return found.tag["id"] or f"field-{name}" if found else ""

    def filled(self, problems: Iterable[Problem], head: str, mark: str) -> str:
        """The page with the form as it was sent.

        Args:
            problems: what is wrong; those that name their field are told beside it.
            head: marks to stand at the head of the page.
            mark: words to stand before the page's title.
        """
        told = [one for one in problems if isinstance(one, FieldProblem)]
        edits = [
            (self._marks.head, self._marks.head, head),
            (self._marks.title, self._marks.title, mark),
            *self._refilled(),
            *self._told(told),
            *self._unfolded(),
        ]
        return _edited(self._page, edits)

    def _fields(self) -> list[_Field]:
        return self._form.fields if self._form else []

    def _refilled(self) -> Iterator[tuple[int, int, str]]:
        """Put back what was typed and chosen; changes to start tags are written by `_unfolded`."""
        seen: Counter[str] = Counter()
        for one in self._fields():
            name, tag = one.name, one.tag
            if not name or name == _NOT_OURS or tag["type"] in _NOT_FILLED:
                continue
            given = self._sent.get(name, ())
            if one.is_ticked:
                _switch(tag, "checked", is_on=(tag.attributes.get("value") or "on") in given)
                continue
            if name not in self._sent:
                continue
            value = given[min(seen[name], len(given) - 1)] if given else ""
            seen[name] += 1
            if tag.name == "input":
                tag.attributes["value"] = value
            elif tag.name == "textarea":
                # A browser leaves out a line break right behind the tag.
                yield *one.content, format_html("{}{}", "\n" * value.startswith(_BREAKS), value)
            else:
                for option, words in one.options:
                    stands_for = option.attributes.get("value")
                    word = "".join(words).strip() if stands_for is None else stands_for
                    _switch(option, "selected", is_on=word in given)

    def _told(self, problems: Sequence[FieldProblem]) -> Iterator[tuple[int, int, str]]:
        """Mark the fields in which something is wrong, and say what beside them."""
        for name in dict.fromkeys(one.field for one in problems if one.field):
            fields = [one for one in self._fields() if one.name == name]
            if not fields:
                continue
            told = f"wrong-{name}"
            for one in fields:
                one.tag.attributes["aria-invalid"] = "true"
                said = one.tag["aria-describedby"]
                one.tag.attributes["aria-describedby"] = f"{said} {told}".strip()
            fields[0].tag.attributes["id"] = self.place_of(name)
            words = [(_said(one),) for one in problems if one.field == name]
            note = format_html(
                '<span class="k-wrong" id="{}">{}<span>{}</span></span>',
                told,
                icon("warn"),
                format_html_join("; " if _is_english() else "；", "{}", words),
            )
            yield fields[0].after, fields[0].after, note

    def _unfolded(self) -> Iterator[tuple[int, int, str]]:
        """Open what hides the form, or a field that was ticked or is wrong; write what was changed."""
        opened = list(self._form.folded) if self._form else []
        for one in self._fields():
            is_wrong, is_on = "aria-invalid" in one.tag.attributes, "checked" in one.tag.attributes
            opened += one.folded if is_wrong or is_on else ()
        for tag in {id(one): one for one in opened}.values():
            tag.attributes["open"] = None
            yield tag.start, tag.end, tag.text
        for one in self._fields():
            for tag in (one.tag, *(option for option, _ in one.options)):
                yield tag.start, tag.end, tag.text


def _switch(tag: _Tag, name: str, *, is_on: bool) -> None:
    tag.attributes.pop(name, None)
    if is_on:
        tag.attributes[name] = None


def _said(problem: FieldProblem) -> str:
    if _is_english():
        return problem.en or problem.title_en
    return f"{problem.message}。{problem.suggestion}" if problem.suggestion else problem.message


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def _edited(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """A text with pieces of it replaced; none overlap."""
    parts, at = [], 0
    for start, end, instead in sorted(edits, key=lambda one: one[:2]):
        parts += [text[at:start], instead]
        at = end
    return "".join([*parts, text[at:]])
