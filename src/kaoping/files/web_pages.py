"""Web pages of government sites: the part that holds the notice, its lines and tables.

A page is mostly not the notice: menus, scripts, footers. The part that holds the sentences is kept,
with the table of labels (发文字号, 成文日期) that stands beside it. Nothing is fetched and no entity is
expanded.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree, html

from kaoping.core.errors import InputError
from kaoping.core.original import Original
from kaoping.files.grids import MAX_COLUMNS, Budget, Placed, laid_out, row_line, title_above

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kaoping.core.original import Grid

MAX_MARKS = 500_000
"""Most `<` and `=` of a page, an upper bound of what its tree holds."""
MAX_CELL_MARKS = 100_000
"""Most cells of a page's tables, of data or of layout; one of a city's annex has some thousands."""
_CELL_MARK = re.compile(r"<t[dh]\b", re.IGNORECASE)

LONGEST_CELL = 400
"""A table with a longer cell, in characters, lays out a page; it holds no rows of data."""

_MOST_SPAN = 500
_TABLE_AT = re.compile("\0([0-9]+)\0")
"""Stands in the running text for a table; a page itself holds no zero character."""

_NO_TEXT = frozenset(
    {"script", "style", "noscript", "iframe", "button", "select", "object", "embed", "svg"}
    | {"template", "head", "textarea"}
)
_FURNITURE_TAGS = frozenset({"nav", "footer", "aside", "form"})
_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article"}
    | {"table", "ul", "ol", "dl", "dd", "dt", "body", "blockquote", "pre", "hr", "main", "header"}
    | {"caption", "td", "th", "center"}
)
_CELLS = frozenset({"td", "th"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|breadcrumb|crumb|footer|foot|sidebar|share|pagination|copyright)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_LABEL_WORDS = re.compile(
    r"(?:发文字号|文\s*号|成\s*文\s*日\s*期|发\s*布\s*日\s*期|发文(?:机关|单位)|索\s*引\s*号)\s*[:：|]"
    r"|发文字号|成文日期|发布日期|发文(?:机关|单位)|索引号"
)
_LONGEST_PROLOGUE = 4000
_PROLOGUE = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE[^\[>]*(?:\[[^\]]*\]\s*)?>)?", re.IGNORECASE
)
_MOST_OF_IT = 0.9
_MOST_DIGITS = 9
_CONTENT_TAGS = frozenset({"div", "article", "main", "td", "section", "body"})


def read_page(text: str, name: str) -> Original:
    """A web page as read; its tables of data are grids as well.

    Args:
        text: the page.
        name: its file's name, for places and messages.

    Raises:
        InputError: where it is too large, nests too deep, or holds no words.
    """
    lines, grids = _lines_and_grids(text, name)
    if not lines:
        raise InputError(f"{name}：网页里没有文字。", f"{name}: the page holds no text.")
    return Original(name, tuple(lines), (), tuple(grids))


def html_lines(text: str, name: str = "网页") -> list[str]:
    """The lines of a web page's main part; blocks and `<br>` end lines, a table row is one line.

    Raises:
        InputError: where the page is too large or nests too deep.
    """
    return _lines_and_grids(text, name)[0]


def _lines_and_grids(text: str, name: str) -> tuple[list[str], list[Grid]]:
    is_large = text.count("<") + text.count("=") > MAX_MARKS
    if is_large or sum(1 for _ in _CELL_MARK.finditer(text)) > MAX_CELL_MARKS:
        raise InputError(
            f"{name}：网页内容过多，不像一份文件。请只保存正文部分。",
            f"{name}: the page holds too much for one document. Save its main part alone.",
        )
    budget = Budget(name)
    tables: list[list[Placed]] = []
    lines: list[str] = []
    grids: list[Grid] = []
    title_from = 0
    for line in _running_lines(text, name, tables):
        marked = _TABLE_AT.fullmatch(line)
        if marked is None:
            lines.append(budget.spend_text(line))
            continue
        cells = tables[int(marked[1])]
        budget.spend_cells(cells)
        grid = _grid(cells, f"{name} 表{len(grids) + 1}", title_above(lines[title_from:]))
        if grid.rows:
            grids.append(grid)
            lines += [budget.spend_text(row_line(row)) for row in grid.rows]
            title_from = len(lines)
    return lines, grids


def _grid(cells: list[Placed], place: str, title: str) -> Grid:
    grid, _ = laid_out(
        cells, place, title, lambda row, column: f"{place}第{row + 1}行第{column + 1}列"
    )
    return grid


def _running_lines(text: str, name: str, tables: list[list[Placed]]) -> list[str]:
    """The lines of the main part, a mark for each table, whose cells are put into `tables`.

    Raises:
        InputError: where tags nest so deep that the end of the page would be lost.
    """
    # Old pages leave tags open on every line, so that they nest ever deeper; the marks are counted above.
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    bare = _PROLOGUE.sub("", text[:_LONGEST_PROLOGUE]) + text[_LONGEST_PROLOGUE:]
    try:
        tree = html.document_fromstring(bare.replace("\0", ""), parser=parser)
    except (etree.ParserError, ValueError):
        return []
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        raise InputError(
            f"{name}：网页标签嵌套过深，后面的文字读不出。请把正文复制出来，存为 txt 文件。",
            f"{name}: the page nests too deep to be read to its end. Copy its text into a txt file.",
        )
    for element in list(tree.iter(etree.Element)):
        if element.tag in _NO_TEXT or _is_hidden(element):
            _drop(element)
    _drop_furniture(tree)
    words = "".join(_pieces(_main_part(tree), tables))
    return [line for raw in words.split("\n") if (line := " ".join(raw.split()).strip())]


def _drop(element: html.HtmlElement) -> None:
    """Take an element out of the page; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def _is_hidden(element: html.HtmlElement) -> bool:
    style = element.get("style")
    return bool(style) and element.tag != "body" and bool(_HIDDEN.search(style))


def _drop_furniture(tree: html.HtmlElement) -> None:
    """Take menus and footers out, told by tag or name, but never what holds most of the text.

    A page's whole text may stand in a form or below a name like `main foot-wrap`.
    """
    weights = _weights(tree, _prose)
    sentences, unlinked = weights[tree]
    for element in list(tree.iter(etree.Element)):
        if _is_furniture(element):
            holds = weights[element]
            if not (holds[0] > sentences / 2 and holds[1] > unlinked / 2):
                _drop(element)


def _weights(
    tree: html.HtmlElement, weight: Callable[[str | None, bool], tuple[int, int]]
) -> dict[html.HtmlElement, tuple[int, int]]:
    """Two sums over all texts of each element; `weight` is told a text and whether it is a link."""
    weights: dict[html.HtmlElement, tuple[int, int]] = {}
    linked = {inner for link in tree.iter("a") for inner in link.iter(etree.Element)}
    for element in reversed(list(tree.iter(etree.Element))):
        is_link = element in linked
        texts = [element.text]
        first = second = 0
        for child in element:
            texts.append(child.tail)
            inner = weights.get(child, (0, 0))
            first, second = first + inner[0], second + inner[1]
        for text in filter(None, texts):  # most elements have none
            one, other = weight(text, is_link)
            first, second = first + one, second + other
        weights[element] = (first, second)
    return weights


def _prose(text: str | None, is_link: bool) -> tuple[int, int]:
    """Sentence marks, and characters outside of links, of which menus are made."""
    return (text.count("。"), 0 if is_link else len(text)) if text else (0, 0)


def _is_furniture(element: html.HtmlElement) -> bool:
    """Whether an element is by its tag or name no part of a text: a menu, a footer."""
    if element.tag in _FURNITURE_TAGS:
        return True
    names = " ".join(filter(None, (element.get("id"), element.get("class"))))
    return bool(names) and element.tag != "body" and bool(_FURNITURE.search(names))


def _main_part(tree: html.HtmlElement) -> html.HtmlElement:
    """The innermost element that holds nearly all sentences and all labels of the document."""
    weights = _weights(tree, _weight)
    all_stops, all_labels = weights[tree]
    best = tree
    for element in tree.iter(etree.Element):
        stops, labels = weights[element]
        if (
            element.tag in _CONTENT_TAGS
            and stops >= all_stops * _MOST_OF_IT
            and labels == all_labels
        ):
            best = element
    return best if all_stops else tree


def _weight(text: str | None, _: bool) -> tuple[int, int]:
    """Sentence marks, which menus lack, and label words in a text."""
    return (text.count("。"), len(_LABEL_WORDS.findall(text))) if text else (0, 0)


def _pieces(root: html.HtmlElement, tables: list[list[Placed]]) -> Iterator[str]:
    """The text of an element in order, with line breaks; without recursion, as pages nest deep."""
    stack: list[tuple[html.HtmlElement, bool]] = [(root, False)]
    as_written = 0  # how many `<pre>` stand around: in them a line break ends a line
    while stack:
        node, closing = stack.pop()
        ends_line = node.tag in _BLOCKS
        if closing:
            as_written -= node.tag == "pre"
            tail = (node.tail or "") if as_written else _flat(node.tail)
            yield ("\n" if ends_line else "") + (tail if node is not root else "")
        elif node.tag == "table" and (cells := _data_cells(node)):
            tables.append(cells)
            mark = f"\n\0{len(tables) - 1}\0\n"
            yield mark + (_flat(node.tail) if node is not root else "")
        else:
            as_written += node.tag == "pre"
            text = (node.text or "") if as_written else _flat(node.text)
            yield ("\n" if ends_line else "") + text
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node))


def _flat(text: str | None) -> str:
    return " ".join(re.split(r"[\r\n]+", text)) if text else ""


def _data_cells(table: html.HtmlElement) -> list[Placed]:
    """The cells of a table of data, up to one too far right; [] where it lays out a page."""
    if table.find(".//table") is not None:
        return []
    placed: list[Placed] = []
    below: Counter[int] = Counter()
    rows = list(table.iter("tr"))
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            if cell.tag not in _CELLS:
                continue
            while below.get(column):
                column += 1
            text = _cell_text(cell)
            if len(text) > LONGEST_CELL:
                return []
            deep = min(_span(cell, "rowspan"), len(rows) - at)
            wide = _span(cell, "colspan")
            placed.append(Placed(at, column, text, deep, wide))
            if column + wide > MAX_COLUMNS:
                return placed
            for spanned in range(column, column + wide) if deep > 1 else ():
                below[spanned] = max(below[spanned], deep)
            column += wide
        below = Counter({one: left - 1 for one, left in below.items() if left > 1})
    return placed


def _cell_text(cell: html.HtmlElement) -> str:
    if len(cell) == 0:
        return " ".join((cell.text or "").split())
    raw = "".join(_pieces(cell, [])).split("\n")
    return "\n".join(line for one in raw if (line := " ".join(one.split())))


def _span(cell: html.HtmlElement, name: str) -> int:
    span = cell.get(name)
    if span is None:
        return 1
    sound = span.isascii() and span.isdigit() and len(span) <= _MOST_DIGITS
    return max(1, min(int(span), _MOST_SPAN)) if sound else 1
