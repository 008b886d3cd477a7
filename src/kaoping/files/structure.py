"""What a file really is, and whether it is safe to open: looked at before anything reads it.

Nothing is unpacked to disk. Sizes are taken from the archive's own directory and again while
reading, so that neither a bomb nor a lie about it gets through.
"""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

import pylibmagic  # noqa: F401 - puts libmagic where python-magic looks; must come first

import magic  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIGNATURES = os.environ.get("MAGIC")
MAX_UNPACKED = 300_000_000
"""Most bytes an office file may unpack to."""
MAX_RATIO = 100
"""Most an archive member may shrink; office files stay far below, bombs far above."""
RATIO_FROM = 1_000_000
"""Members smaller than this, in bytes, may shrink as they like."""
MAX_MEMBERS = 5_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file is refused, in Chinese and English."""

    zh: str
    en: str


def office_fault(content: bytes) -> Fault | None:
    """Why an OOXML file must not be opened; None where it may."""
    return archive_fault(io.BytesIO(content))


def archive_fault(stream: IO[bytes]) -> Fault | None:
    """Why an OOXML file read from a stream must not be opened; None where it may."""
    head = stream.read(8)
    stream.seek(0)
    if head == _OLE:
        return Fault("是加密的或旧格式的文件", "it is encrypted or of an old format")
    try:
        with zipfile.ZipFile(stream) as archive:
            return _member_fault(archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        return DAMAGED


DAMAGED = Fault("文件已损坏，或不是该格式", "it is damaged or not of this format")


def _member_fault(members: list[zipfile.ZipInfo]) -> Fault | None:
    names = [member.filename.casefold() for member in members]
    if len(names) > MAX_MEMBERS or len(set(names)) < len(names):
        return Fault("内部结构异常（成员过多或重名）", "its members are too many or share names")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        return Fault("解压后过大，可能是压缩炸弹", "it unpacks to too much, perhaps a zip bomb")
    if is_bomb(members):
        return Fault("压缩比异常，可能是压缩炸弹", "its compression is that of a zip bomb")
    for member in members:
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return Fault("压缩方法不常用", "it is packed in an unusual way")
        if unsafe_path(member.filename):
            return Fault("内部路径不安全", "it holds an unsafe path")
        lowered = member.filename.lower()
        if lowered.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in lowered:
            return Fault("含有宏", "it holds macros")
        if lowered.endswith((".zip", ".rar", ".7z", ".exe", ".dll", ".js", ".vbs")):
            return Fault("内含压缩包或程序", "it holds an archive or a program")
        if member.flag_bits & 1:
            return Fault("已加密", "it is encrypted")
    return None


def is_bomb(members: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether members, one of them or all together, unpack to far more than they hold."""
    sizes = [(member.file_size, member.compress_size) for member in members]
    sizes.append((sum(size for size, _ in sizes), sum(packed for _, packed in sizes)))
    return any(size > RATIO_FROM and size > MAX_RATIO * max(1, packed) for size, packed in sizes)


def unsafe_path(name: str) -> bool:
    """Whether a relative path leaves its folder or plays tricks."""
    path = PurePosixPath(name)
    return (
        not name
        or path.is_absolute()
        or ".." in path.parts
        or "\\" in name
        or ":" in name
        or any(not character.isprintable() for character in name)
    )


KINDS: dict[str, tuple[str, ...]] = {
    "pdf": ("application/pdf",),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation",),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "png": ("image/png",),
    "tif": ("image/tiff",),
    "txt": ("text/plain",),
    "csv": ("text/csv", "text/plain", "application/csv"),
    "mp4": ("video/mp4",),
}
"""Accepted endings and what files of that ending really are."""

_OFFICE_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}


def kind_fault(ending: str, stream: IO[bytes]) -> Fault | None:
    """Why a file is not what its ending says, or not acceptable at all; None where it is."""
    head = stream.read(4096)
    stream.seek(0)
    if not head:
        return Fault("文件是空的", "the file is empty")
    if ending not in KINDS:
        accepted = "、".join(KINDS)
        return Fault(
            f"不接受 .{ending} 文件（可报：{accepted}）", f".{ending} files are not accepted"
        )
    if ending in _OFFICE_PARTS:
        return archive_fault(stream) or _office_kind_fault(ending, stream)
    found = _magic().from_buffer(head)
    if found not in KINDS[ending]:
        return Fault(
            f"内容不是 {ending}（实际为{_content_name(found)}）",
            f"its content is not {ending} but {found}",
        )
    return None


@cache
def _magic() -> magic.Magic:
    """The judge of contents, once for a process; its signatures lie where pylibmagic said when loaded."""
    return magic.Magic(mime=True, magic_file=_SIGNATURES)


def _content_name(mime: str) -> str:
    """A content type as an official calls it: png、纯文本; an unknown one by its own name."""
    endings = [ending for ending, mimes in KINDS.items() if mime in mimes]
    return _OTHER_CONTENT.get(mime) or (endings[0] if endings else mime)


_OTHER_CONTENT = {
    "text/plain": "纯文本",
    "text/html": "网页",
    "text/xml": "XML 文本",
    "application/zip": "压缩包",
    "application/x-dosexec": "可执行程序",
    "application/x-executable": "可执行程序",
    "application/octet-stream": "无法识别的内容",
    "application/x-empty": "空文件",
    "inode/x-empty": "空文件",
}


def _office_kind_fault(ending: str, stream: IO[bytes]) -> Fault | None:
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        if _OFFICE_PARTS[ending] not in archive.namelist():
            return Fault(f"内容不是 {ending}", f"its content is not {ending}")
        try:
            types = archive.open("[Content_Types].xml").read(1_000_000)
        except (KeyError, zipfile.BadZipFile, OSError, RuntimeError, EOFError, zlib.error):
            return Fault("文件已损坏", "the file is damaged")
    if b"macroEnabled" in types:
        return Fault("含有宏", "it holds macros")
    return None
