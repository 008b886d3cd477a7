"""Reading official texts from files: plain text in any encoding offices use, and html pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree, html

from kaoping.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 20_000_000
"""Largest document read, in bytes."""

_ENCODINGS = ("utf-8-sig", "gb18030")
_TEXT = frozenset({".txt", ".md", ""})
_HTML = frozenset({".html", ".htm", ".xhtml"})


def read_lines(path: Path) -> list[str]:
    """The lines of a document.

    Raises:
        InputError: where the file is missing, empty, too large, of another kind, or not readable.
    """
    suffix = path.suffix.lower()
    if suffix not in _TEXT | _HTML:
        raise InputError(
            f"{path.name}:现在只能读 txt 和 html 文件。请把通知另存为 txt 后再试。",
            f"{path.name}: only txt and html files can be read now. Save the notice as txt.",
        )
    content = read_bytes(path, MAX_BYTES)
    lines = _html_lines(content, path) if suffix in _HTML else decoded(content).splitlines()
    if not any(line.strip() for line in lines):
        raise InputError(f"{path.name}:文件里没有文字。", f"{path.name}: the file holds no text.")
    return lines


def read_bytes(path: Path, most: int) -> bytes:
    """A file's bytes.

    Raises:
        InputError: where it is missing, no file, not readable, or larger than `most` bytes.
    """
    try:
        if path.stat().st_size > most:
            megabytes = most // 1_000_000
            raise InputError(
                f"{path.name}:文件超过 {megabytes} MB。请确认选对了文件。",
                f"{path.name}: larger than {megabytes} MB. Check that it is the right file.",
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(
            f"找不到文件:{path}。请检查路径。", f"File not found: {path}. Check the path."
        ) from None
    except IsADirectoryError:
        raise InputError(f"{path} 是文件夹,不是文件。", f"{path} is a folder, not a file.") from None
    except PermissionError:
        raise InputError(
            f"没有权限读取 {path}。", f"No permission to read {path}."
        ) from None


def decoded(content: bytes) -> str:
    """Text in UTF-8 (with or without mark), UTF-16 with mark, or GB18030.

    Bytes that fit none of them become replacement marks, so that they are seen and not lost.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("gb18030", errors="replace")


_CHROME = ("script", "style", "nav", "header", "footer", "noscript", "iframe", "form", "button")
_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article"}
    | {"table", "ul", "ol", "dl", "dd", "dt", "body", "blockquote", "pre", "title", "hr"}
)
_CONTENT_MARKS = ("content", "article", "zoom", "main", "text", "detail", "ucap")


def _html_lines(content: bytes, path: Path) -> list[str]:
    parser = html.HTMLParser(encoding=_html_encoding(content), no_network=True, huge_tree=False)
    try:
        tree = html.document_fromstring(content, parser=parser)
    except (etree.ParserError, ValueError):
        raise InputError(
            f"{path.name}:不是可以读取的网页。", f"{path.name}: not a readable web page."
        ) from None
    for element in tree.xpath("//" + "|//".join(_CHROME)):
        element.drop_tree()
    text = "".join(_pieces(_main_part(tree)))
    return [line for raw in text.split("\n") if (line := " ".join(raw.split()))]


def _html_encoding(content: bytes) -> str:
    declared = content[:2048].lower()
    if any(name in declared for name in (b"gb2312", b"gbk", b"gb18030")):
        return "gb18030"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _main_part(tree: html.HtmlElement) -> html.HtmlElement:
    """The element that holds most of the text and is named like content; else the body."""
    body = tree.find("body")
    whole = tree if body is None else body
    total = len(whole.text_content())
    best = whole
    for element in whole.iter("div", "article", "main", "td"):
        name = f"{element.get('id', '')} {element.get('class', '')}".lower()
        named = any(mark in name for mark in _CONTENT_MARKS)
        if named and len(element.text_content()) * 10 >= total * 8:
            best = element
    return best


def _pieces(element: html.HtmlElement) -> Iterator[str]:
    """The text of an element; blocks and <br> end lines, cells are set apart by bars."""
    stack: list[tuple[str, html.HtmlElement]] = [("open", element)]
    while stack:
        event, node = stack.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "close":
            yield "\n" if tag in _BLOCKS else (" | " if tag in ("td", "th") else "")
            yield (node.tail or "").replace("\n", " ") if node is not element else ""
            continue
        yield "\n" if tag in _BLOCKS else ""
        yield (node.text or "").replace("\n", " ") if tag else ""
        stack.append(("close", node))
        stack.extend(("open", child) for child in reversed(node))
