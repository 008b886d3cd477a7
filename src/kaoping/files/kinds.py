"""What kind of file a content is, told by the content alone, and what to do where it is not read."""

from __future__ import annotations

import io
import zipfile
from enum import Enum
from typing import TYPE_CHECKING

from kaoping.core.errors import InputError
from kaoping.files.contents import UTF_16

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(Enum):
    """A kind of file: its name in Chinese and English."""

    TEXT = ("纯文本", "plain text")
    DOCX = ("docx 文档", "a docx document")
    XLSX = ("xlsx 工作簿", "an xlsx workbook")
    PDF = ("pdf 文件", "a pdf file")
    EMPTY = ("空文件", "an empty file")
    PROTECTED = ("设了打开密码的办公文件", "an office file protected by a password")
    DOC = ("旧版 Word 或 WPS 文字文件(doc、wps)", "an old text document (doc, wps)")
    XLS = ("旧版 Excel 或 WPS 表格文件(xls、et)", "an old workbook (xls, et)")
    PPT = ("旧版演示文稿(ppt、dps)", "an old presentation (ppt, dps)")
    OLE = ("旧格式的办公文件", "an office file of an old format")
    XLSB = ("二进制工作簿(xlsb)", "a binary workbook (xlsb)")
    PPTX = ("演示文稿(pptx)", "a presentation (pptx)")
    ODT = ("OpenDocument 文档(odt)", "an OpenDocument text (odt)")
    ODS = ("OpenDocument 表格(ods)", "an OpenDocument table (ods)")
    OFD = ("版式文件(ofd)", "a fixed-layout document (ofd)")
    RTF = ("rtf 文件", "an rtf file")
    MHT = ("网页存档(mht)", "a web archive (mht)")
    WORD_XML = ("XML 格式的办公文件", "an office file in one XML text")
    IMAGE = ("图片", "a picture")
    ARCHIVE = ("压缩包", "an archive")
    PROGRAM = ("可执行程序", "a program")
    UNKNOWN = ("无法识别的文件", "a file of an unknown kind")


_HEADS: tuple[tuple[bytes, Kind], ...] = (
    *((head, Kind.IMAGE) for head in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")),
    *((head, Kind.ARCHIVE) for head in (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh")),
    (b"\xfd7zXZ", Kind.ARCHIVE),
    (b"{\\rtf", Kind.RTF),
    (b"MIME-Version:", Kind.MHT),
    (b"\x7fELF", Kind.PROGRAM),
)
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE_STREAMS = (
    ("EncryptedPackage", Kind.PROTECTED),
    ("WordDocument", Kind.DOC),
    ("Workbook", Kind.XLS),
    ("Book", Kind.XLS),
    ("PowerPoint Document", Kind.PPT),
)
"""Streams by which an old compound file tells what it is; the first that is there decides."""
_ZIP_MEMBERS = (
    ("word/", Kind.DOCX),
    ("xl/workbook.bin", Kind.XLSB),
    ("xl/", Kind.XLSX),
    ("ppt/", Kind.PPTX),
    ("OFD.xml", Kind.OFD),
)
_OPEN_DOCUMENTS = {b"text": Kind.ODT, b"spreadsheet": Kind.ODS}
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_WITHIN = 1024
"""A mark of a kind that need not come first stands within this many first bytes."""


def kind_of(content: bytes) -> Kind:
    """The kind of a file; one that is told by nothing else is text where it has no zero bytes."""
    head = content[:_WITHIN]
    if not content.strip(b" \t\r\n"):
        return Kind.EMPTY
    if b"%PDF-" in head:
        return Kind.PDF
    if head.startswith(_ZIP):
        return _kind_of_archive(content)
    if head.startswith(_OLE):
        found = (kind for name, kind in _OLE_STREAMS if _stream_name(name) in content)
        return next(found, Kind.OLE)
    for mark, kind in _HEADS:
        if head.startswith(mark):
            return kind
    if head[8:12] == b"WEBP" or (head.startswith(b"BM") and b"\0" in head):
        return Kind.IMAGE
    if head.startswith(b"MZ") and b"\0" in head:
        return Kind.PROGRAM
    if b'<?mso-application progid="' in head or b"<pkg:package" in head:
        return Kind.WORD_XML
    return Kind.UNKNOWN if b"\0" in content and content[:2] not in UTF_16 else Kind.TEXT


def _stream_name(name: str) -> bytes:
    """A stream's name as the directory of a compound file has it: ended, so that none is a part."""
    return b"\0" + name.encode("utf-16-le") + b"\0\0"


def _kind_of_archive(content: bytes) -> Kind:
    """What an archive holds; a damaged one by the name that stands first, so that it is named so."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name.replace("\\", "/") for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        names = [name for name, _ in _ZIP_MEMBERS if name.encode() in content]
    for start, kind in _ZIP_MEMBERS:
        if any(name.startswith(start) for name in names):
            return kind
    at = content[:_WITHIN].find(_OPEN_DOCUMENT)
    if at >= 0:
        rest = content[at + len(_OPEN_DOCUMENT) :]
        return next(
            (kind for word, kind in _OPEN_DOCUMENTS.items() if rest.startswith(word)), Kind.ARCHIVE
        )
    return Kind.ARCHIVE


_DOCX = ("请用 WPS 或 Word 打开，另存为 docx", "Open it in a text program and save it as docx")
_XLSX = ("请用 WPS 表格或 Excel 打开，另存为 xlsx", "Open it in a spreadsheet and save it as xlsx")
_ASK = ("请向发文单位要 docx、xlsx 或 pdf 文件", "Ask the sender for a docx, xlsx or pdf file")
_ADVICE: Mapping[Kind, tuple[str, str]] = {
    Kind.EMPTY: ("文件里没有文字，请确认已保存", "The file holds no text; check that it was saved"),
    Kind.PROTECTED: (
        "请输入密码打开，取消密码后另存",
        "Open it with its password, remove the password and save it",
    ),
    Kind.DOC: _DOCX,
    Kind.XLS: _XLSX,
    Kind.XLSB: _XLSX,
    Kind.ODT: _DOCX,
    Kind.ODS: _XLSX,
    Kind.RTF: _DOCX,
    Kind.MHT: _DOCX,
    Kind.WORD_XML: ("请用办公软件打开，另存为 docx 或 xlsx", "Save it as docx or xlsx"),
    Kind.OLE: ("请用办公软件打开，另存为 docx 或 xlsx", "Save it as docx or xlsx"),
    Kind.OFD: (
        "请用版式阅读软件打开，导出为 pdf，或向发文单位要 docx",
        "Export it as pdf with a reader for ofd, or ask the sender for a docx",
    ),
    Kind.IMAGE: (
        "图片里的文字不能读取，请向发文单位要文字版(docx 或 pdf)",
        "Words in a picture cannot be read; ask the sender for a docx or pdf",
    ),
    Kind.ARCHIVE: (
        "请先解压，再分别放入里面的文件",
        "Unpack it first and put in the files it holds",
    ),
}


def refuse_kind(kind: Kind, name: str) -> InputError:
    """The refusal of a file of a kind that is not read: what it is and what to do."""
    zh, en = kind.value
    what_zh, what_en = _ADVICE.get(kind, _ASK)
    return InputError(
        f"{name}：这是{zh}，不能直接读取。{what_zh}。",
        f"{name}: {en}, which is not read. {what_en}.",
    )
