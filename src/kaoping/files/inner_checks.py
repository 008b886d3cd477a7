"""What lies inside a file that is what its ending says: scripts, actions, links out, pictures too large.

Nothing is opened by an office program and nothing is carried out; sizes are bounded before anything is
unpacked. A file that passes may still be of no use: whether it proves anything, a person judges.
"""

from __future__ import annotations

import mmap
import re
import warnings
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, TypeAlias

from PIL import Image, UnidentifiedImageError

from kaoping.files.structure import DAMAGED, Fault, kind_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

Content: TypeAlias = bytes | mmap.mmap
MAX_PIXELS = 120_000_000
"""Most pixels of a picture: a telephone's largest have about a hundred million."""
TOO_LARGE = Fault(
    f"图片超过 {MAX_PIXELS // 10_000} 万像素，请缩小后再报", "the picture has too many pixels"
)
_MOST_UNPACKED = 60_000_000
"""Most bytes of all objects of a PDF, those in streams unpacked."""
_FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "tif": "TIFF"}
_BAD_NAMES = {
    b"/JavaScript": ("含有脚本", "it holds a script"),
    b"/JS": ("含有脚本", "it holds a script"),
    b"/Launch": ("含有启动程序的动作", "it holds an action that starts programs"),
    b"/EmbeddedFile": ("内嵌有别的文件", "another file is embedded in it"),
    b"/RichMedia": ("内嵌有可执行的媒体", "media that run are embedded in it"),
    b"/SubmitForm": ("含有向外发送数据的动作", "it holds an action that sends data out"),
    b"/ImportData": ("含有读入数据的动作", "it holds an action that reads data"),
}
_NAME = re.compile(rb"/[^\x00-\x20()<>\[\]{}/%]+")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
_BEGIN, _END = re.compile(rb">>\s*stream\r?\n"), b"endstream"
_OBJECT_STREAM = re.compile(rb"/Type\s*/ObjStm")
_LINK_OUT = re.compile(
    rb"<(?:\w+:)?Relationship\b[^>]*\bTargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE
)
_HARMLESS_LINK = re.compile(
    rb"/relationships/hyperlink[\"'][^>]*>", re.IGNORECASE
)  # a person clicks it or not; nothing is fetched when the file is opened
_OFFICE = ("docx", "xlsx", "pptx")


def content_fault(ending: str, stream: IO[bytes]) -> Fault | None:
    """Why a file that somebody hands in is not accepted; None where it is.

    Args:
        ending: of its name, in small letters, without the dot.
        stream: its bytes, to be read from any place.
    """
    stream.seek(0)
    fault = kind_fault(ending, stream)
    if fault is not None:
        return fault
    stream.seek(0)
    if ending == "pdf":
        with _whole(stream) as content:
            return pdf_fault(content)
    if ending in _FORMATS:
        return picture_fault(ending, stream)
    return link_fault(stream) if ending in _OFFICE else None


# --- pdf ------------------------------------------------------------------------------------------


def pdf_fault(content: Content) -> Fault | None:
    """Why a PDF is not accepted: what acts by itself, what hides other files, what is encrypted.

    Names are looked for among the objects, packed ones included; in packed pictures and texts any bytes
    may look like a name. Who hides an object from this search hides it from few readers and from no
    scanner of viruses.
    """
    if b"%PDF-" not in content[:1024]:
        return DAMAGED
    left = _MOST_UNPACKED
    for part in (*_between_streams(content), *_object_streams(content)):
        left -= len(part)
        if left < 0:
            return Fault("解压后过大，可能是压缩炸弹", "it unpacks to too much, perhaps a bomb")
        names = set(_names(part))
        if b"/Encrypt" in names:
            return Fault("已加密", "it is encrypted")
        for name, (zh, en) in _BAD_NAMES.items():
            if name in names:
                return Fault(zh, en)
    return None


def _names(content: bytes) -> Iterator[bytes]:
    """Every name in it; one may be written with escapes, so that a plain search would miss it."""
    for found in _NAME.findall(content):
        yield _ESCAPED.sub(lambda one: bytes([int(one[1], 16)]), found) if b"#" in found else found


def _between_streams(content: Content) -> Iterator[bytes]:
    """The objects that are not packed: what lies before, between and after the streams."""
    at = 0
    for begin in _BEGIN.finditer(content):
        if begin.start() < at:
            continue
        end = content.find(_END, begin.end())
        yield content[at : min(begin.end(), at + _MOST_UNPACKED + 1)]
        if end < 0:
            return
        at = end + len(_END)
    yield content[at : at + _MOST_UNPACKED + 1]


def _object_streams(content: Content) -> Iterator[bytes]:
    """What is packed in object streams, each at most as large as all of them may be."""
    for mark in _OBJECT_STREAM.finditer(content):
        begin = _STREAM.search(content, mark.end(), mark.end() + 2_000)
        end = content.find(_END, begin.end()) if begin else -1
        if begin is None or end < 0:
            continue
        unpacker = zlib.decompressobj()
        try:
            yield unpacker.decompress(content[begin.end() : end], _MOST_UNPACKED + 1)
        except zlib.error:
            continue  # packed in another way: then a reader of ours does not read it either


@contextmanager
def _whole(stream: IO[bytes]) -> Iterator[Content]:
    """All bytes of a file as they lie on the disk, however many; of anything else, read."""
    stream.seek(0)
    try:
        number = stream.fileno()
    except OSError:
        yield stream.read()
        return
    with mmap.mmap(number, 0, access=mmap.ACCESS_READ) as content:
        yield content


# --- pictures -------------------------------------------------------------------------------------


def picture_fault(ending: str, stream: IO[bytes]) -> Fault | None:
    """Why a picture is not accepted: its size is read from its head, before anything is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(stream, formats=[_FORMATS[ending]])
            width, height = picture.size
            if width * height > MAX_PIXELS:
                return TOO_LARGE
            picture.verify()
    except Image.DecompressionBombError:
        return TOO_LARGE
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return DAMAGED
    return None


# --- office files ---------------------------------------------------------------------------------


def link_fault(stream: IO[bytes]) -> Fault | None:
    """Why an office file is not accepted: it fetches something from outside as it is opened."""
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            if not member.filename.endswith(".rels"):
                continue
            try:
                text = archive.read(member)
            except (zipfile.BadZipFile, OSError, RuntimeError, EOFError, zlib.error):
                return DAMAGED
            for link in _LINK_OUT.findall(text):
                if not _HARMLESS_LINK.search(link):
                    return Fault(
                        "含有打开时自动读取外部内容的链接",
                        "it holds a link to something outside that is fetched when it is opened",
                    )
    return None
