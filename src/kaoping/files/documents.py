"""Reading official texts from files: plain text in any encoding offices use, and html pages.

A web page of a government site is mostly not the notice: menus, scripts, footers. The part that
holds the sentences is kept, with the table of labels (发文字号, 成文日期) that stands beside it.
Nothing is fetched and no entity is expanded.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from typing import TYPE_CHECKING

from lxml import etree, html

from kaoping.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 20_000_000
"""Largest document read, in bytes."""

LOST = "\ufffd"
"""Stands where bytes fitted no encoding."""

LONGEST_CELL = 400
"""A table with a longer cell, in characters, lays out a page; it holds no rows of data."""

_TEXT = frozenset({".txt", ".md", ""})
_HTML = frozenset({".html", ".htm", ".xhtml"})
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OTHER_KINDS = {b"PK\x03\x04": "docx/xlsx", b"%PDF": "pdf", b"\xd0\xcf\x11\xe0": "doc/xls"}


def read_lines(path: Path) -> list[str]:
    """The lines of a document, as it has them; those of a web page without blanks and empty lines.

    Raises:
        InputError: where the file is missing, empty, too large, of another kind, or not readable.
    """
    suffix = path.suffix.lower()
    if suffix not in _TEXT | _HTML:
        raise _other_kind(path, suffix.lstrip("."))
    content = read_bytes(path, MAX_BYTES)
    for mark, kind in _OTHER_KINDS.items():
        if content.startswith(mark):
            raise _other_kind(path, kind)
    if b"\0" in content and content[:2] not in _UTF_16:
        raise _other_kind(path, "?")
    text = decoded(content)
    lines = html_lines(text) if suffix in _HTML else text.splitlines()
    if not any(line.strip() for line in lines):
        raise InputError(f"{path.name}：文件里没有文字。", f"{path.name}: the file holds no text.")
    return lines


def _other_kind(path: Path, kind: str) -> InputError:
    return InputError(
        f"{path.name}：通知能读 txt 和 html 文件，这是 {kind} 文件。请把通知另存为 txt 后再试。",
        f"{path.name}: notices are read from txt and html files, this is {kind}. Save it as txt.",
    )


def read_bytes(path: Path, most: int) -> bytes:
    """A file's bytes.

    Raises:
        InputError: where it is missing, no plain file, not readable, being written, or larger
            than `most` bytes.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise _no_plain_file(path)
            if status.st_size > most:
                raise _too_large(path, most)
            content = stream.read(status.st_size + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            f"找不到文件：{path}。请检查路径。", f"File not found: {path}. Check the path."
        ) from None
    except IsADirectoryError:
        raise InputError(
            f"{path} 是文件夹，不是文件。", f"{path} is a folder, not a file."
        ) from None
    except PermissionError:
        raise InputError(f"没有权限读取 {path}。", f"No permission to read {path}.") from None
    except OSError as error:
        if error.errno not in (errno.ENXIO, errno.ENODEV):
            raise
        raise _no_plain_file(path) from None
    if len(content) != status.st_size:
        raise InputError(
            f"{path.name}：文件在读取时还在变化。请等它保存完毕后再试。",
            f"{path.name}: the file changed while it was read. Wait until it is saved.",
        )
    return content


def _without_waiting(path: str, flags: int) -> int:
    """Open as asked, but wait for nobody to write into a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _too_large(path: Path, most: int) -> InputError:
    megabytes = most // 1_000_000
    return InputError(
        f"{path.name}：文件超过 {megabytes} MB。请确认选对了文件。",
        f"{path.name}: larger than {megabytes} MB. Check that it is the right file.",
    )


def _no_plain_file(path: Path) -> InputError:
    return InputError(
        f"{path.name} 是管道、设备等特殊文件，不能读取。请放入普通文件。",
        f"{path.name} is a pipe, a device or the like and cannot be read. Put a plain file there.",
    )


def decoded(content: bytes) -> str:
    """Text in UTF-8 (with or without mark), UTF-16 with mark, or GB18030.

    Bytes that fit none of them become replacement marks, so that they are seen and not lost.
    """
    if content[:2] in _UTF_16:
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


# --- html ----------------------------------------------------------------------------------------

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
_CONTENT_TAGS = frozenset({"div", "article", "main", "td", "section", "body"})


def html_lines(text: str) -> list[str]:
    """The lines of a web page's main part; blocks and `<br>` end lines, a table row is one line."""
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    bare = _PROLOGUE.sub("", text[:_LONGEST_PROLOGUE]) + text[_LONGEST_PROLOGUE:]
    try:
        tree = html.document_fromstring(bare.replace("\0", ""), parser=parser)
    except (etree.ParserError, ValueError):
        return []
    for element in list(tree.iter(etree.Element)):
        if element.tag in _NO_TEXT or _is_hidden(element):
            _drop(element)
    _drop_furniture(tree)
    words = "".join(_pieces(_main_part(tree)))
    return [line for raw in words.split("\n") if (line := " ".join(raw.split()).strip())]


def _drop(element: html.HtmlElement) -> None:
    """Take an element out of the page; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def _is_hidden(element: html.HtmlElement) -> bool:
    return element.tag != "body" and bool(_HIDDEN.search(element.get("style", "")))


def _drop_furniture(tree: html.HtmlElement) -> None:
    """Take menus and footers out, told by tag or name, but never what holds most of the text.

    A page's whole text may stand in a form or below a name like `main foot-wrap`.
    """
    most = [weight / 2 for weight in _prose(tree)]
    for element in list(tree.iter(etree.Element)):
        if _is_furniture(element):
            holds = _prose(element)
            if not all(part > half for part, half in zip(holds, most, strict=True)):
                _drop(element)


def _prose(element: html.HtmlElement) -> tuple[int, int]:
    """Sentence marks in an element, and its words outside of links, of which menus are made."""
    text = "".join(element.itertext())
    linked = sum(len("".join(link.itertext())) for link in element.iter("a"))
    return text.count("。"), len(text) - linked


def _is_furniture(element: html.HtmlElement) -> bool:
    """Whether an element is by its tag or name no part of a text: a menu, a footer."""
    if element.tag in _FURNITURE_TAGS:
        return True
    names = f"{element.get('id', '')} {element.get('class', '')}"
    return element.tag != "body" and bool(_FURNITURE.search(names))


def _main_part(tree: html.HtmlElement) -> html.HtmlElement:
    """The innermost element that holds nearly all sentences and all labels of the document."""
    weights: dict[html.HtmlElement, tuple[int, int]] = {}
    order = list(tree.iter(etree.Element))
    for element in reversed(order):
        stops, labels = _weight(element.text)
        for child in element:
            inner, tail = weights.get(child, (0, 0)), _weight(child.tail)
            stops, labels = stops + inner[0] + tail[0], labels + inner[1] + tail[1]
        weights[element] = (stops, labels)
    all_stops, all_labels = weights[tree]
    best = tree
    for element in order:
        stops, labels = weights[element]
        if (
            element.tag in _CONTENT_TAGS
            and stops >= all_stops * _MOST_OF_IT
            and labels == all_labels
        ):
            best = element
    return best if all_stops else tree


def _weight(text: str | None) -> tuple[int, int]:
    """Sentence marks, which menus lack, and label words in a text."""
    return (text.count("。"), len(_LABEL_WORDS.findall(text))) if text else (0, 0)


def _pieces(root: html.HtmlElement) -> Iterator[str]:
    """The text of an element in order, with line breaks; without recursion, as pages nest deep."""
    stack: list[tuple[html.HtmlElement, bool]] = [(root, False)]
    while stack:
        node, closing = stack.pop()
        ends_line = node.tag in _BLOCKS
        if closing:
            yield ("\n" if ends_line else "") + (_flat(node.tail) if node is not root else "")
        elif node.tag == "table" and (rows := _data_rows(node)):
            yield "\n" + "\n".join(rows) + "\n" + (_flat(node.tail) if node is not root else "")
        else:
            yield ("\n" if ends_line else "") + _flat(node.text)
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node))


def _flat(text: str | None) -> str:
    return " ".join(re.split(r"[\r\n]+", text)) if text else ""


def _data_rows(table: html.HtmlElement) -> list[str]:
    """The rows of a table of data as `cell | cell`; [] where the table lays out a page."""
    if table.find(".//table") is not None:
        return []
    rows, running = [], dict[int, tuple[int, str]]()
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row:
            if cell.tag in _CELLS:
                _run_on(cells, running)
                words = " ".join("".join(_pieces(cell)).split()).replace("|", "/")
                if len(words) > LONGEST_CELL:
                    return []
                _add_cell(cells, running, cell, words)
        _run_on(cells, running)
        if any(cells):
            rows.append(cells[0] if len(cells) == 1 else " | ".join(cells))
    return rows


def _run_on(cells: list[str], running: dict[int, tuple[int, str]]) -> None:
    """Repeat the cells that run on from the rows above (rowspan)."""
    while len(cells) in running:
        left, words = running.pop(len(cells))
        if left > 1:
            running[len(cells)] = (left - 1, words)
        cells.append(words)


def _add_cell(
    cells: list[str], running: dict[int, tuple[int, str]], cell: html.HtmlElement, words: str
) -> None:
    span = cell.get("rowspan", "1")
    more = min(int(span), _MOST_ROWS) - 1 if span.isascii() and span.isdigit() else 0
    if more > 0:
        running[len(cells)] = (more, words)
    cells.append(words)


_MOST_ROWS = 500
