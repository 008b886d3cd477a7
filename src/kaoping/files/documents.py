"""The one door for files that offices send: whatever their format, they become an `Original`.

What a file is, its content tells; the ending only decides how plain text is to be read. A kind that
cannot be read is refused by its name, with what to do.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from kaoping.core.errors import InputError
from kaoping.core.original import Original
from kaoping.files.contents import LOST, decoded, read_bytes
from kaoping.files.kinds import Kind, kind_of, refuse_kind
from kaoping.files.sheets import read_csv, read_xlsx
from kaoping.files.web_pages import read_page
from kaoping.files.word import read_docx

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["LOST", "decoded", "read_bytes", "read_original"]

MAX_BYTES = 20_000_000
"""Largest text or web page read, in bytes."""
MAX_OFFICE_BYTES = 60_000_000
"""Largest office file or pdf read, in bytes; most of it is pictures."""
MAX_LINES = 200_000

_TEXT = frozenset({".txt", ".md", ""})
_HTML = frozenset({".html", ".htm", ".xhtml"})
_CSV = frozenset({".csv"})
_PAGE = re.compile(r"<(?:!DOCTYPE\s+html|html)\b", re.IGNORECASE)
_PAGE_WITHIN = 4000
"""A page that is called otherwise says within so many first characters that it is one."""
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def read_original(path: Path) -> Original:
    """A file as an office sent it: txt, md, html, docx, xlsx, csv, pdf.

    An office file or a page under another ending is read as what it is.

    Raises:
        InputError: where the file is missing, empty, too large, damaged, unsafe, of a kind that
            cannot be read, or no more than its ending promises.
    """
    content = read_bytes(path, MAX_OFFICE_BYTES)
    kind = kind_of(content)
    if kind in _READERS:
        return _READERS[kind](content, path.name)
    if kind is not Kind.TEXT:
        raise refuse_kind(kind, path.name)
    if len(content) > MAX_BYTES:
        raise _too_large(path.name)
    suffix = path.suffix.lower()
    text = decoded(content)
    if suffix in _HTML or _is_page(text):
        return read_page(text, path.name)
    if suffix in _CSV:
        return read_csv(content, path.name)
    if suffix in _TEXT:
        return _read_text(text, path.name)
    raise _lying_ending(path.name, suffix.lstrip("."))


def _read_pdf(content: bytes, name: str) -> Original:
    from kaoping.files.pdf_reading import read_pdf  # noqa: PLC0415 - it loads large libraries

    return read_pdf(content, name)


_READERS: Mapping[Kind, Callable[[bytes, str], Original]] = {
    Kind.DOCX: read_docx,
    Kind.XLSX: read_xlsx,
    Kind.PDF: _read_pdf,
}


def _is_page(text: str) -> bool:
    head = text[:_PAGE_WITHIN].lstrip()
    return head.startswith("<") and _PAGE.search(head) is not None


def _read_text(text: str, name: str) -> Original:
    if sum(map(text.count, _LINE_ENDS)) > MAX_LINES:
        raise InputError(
            f"{name}：超过 {MAX_LINES // 10_000} 万行。请分成几个文件。",
            f"{name}: more than {MAX_LINES} lines. Split it into several files.",
        )
    lines = tuple(text.splitlines())
    if not any(line.strip() for line in lines):
        raise _empty(name)
    return Original(name, lines)


def _empty(name: str) -> InputError:
    return InputError(f"{name}：文件里没有文字。", f"{name}: the file holds no text.")


def _too_large(name: str) -> InputError:
    return InputError(
        f"{name}：文字超过 {MAX_BYTES // 1_000_000} MB。请确认选对了文件。",
        f"{name}: a text of more than {MAX_BYTES // 1_000_000} MB. Check that it is the right file.",
    )


def _lying_ending(name: str, ending: str) -> InputError:
    if ending == "toml":
        return InputError(
            f"{name}：这是方案草稿，不是通知或附件。检查草稿请用 kaoping scheme check。",
            f"{name}: a draft scheme, no notice and no annex. Look at it with kaoping scheme check.",
        )
    stem = PurePath(name).stem
    return InputError(
        f"{name}：名称是 .{ending}，内容实际是纯文本。"
        f"确是文字的，请改名为 {stem}.txt；是表格的，改名为 {stem}.csv。",
        f"{name}: named .{ending}, but its content is plain text. "
        f"Rename it to {stem}.txt, or to {stem}.csv where it is a table.",
    )
