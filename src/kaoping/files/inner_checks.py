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

from lxml import etree
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
_MOST_UNPACKED = 40_000_000
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
_BAD = re.compile(
    rb"/(?:"
    + b"|".join(name[1:] for name in (*_BAD_NAMES, b"/Encrypt"))
    + rb")(?![^\x00-\x20()<>\[\]{}/%])"
)
_ESCAPED_NAME = re.compile(rb"/[^\x00-\x20()<>\[\]{}/%#]{0,40}#[^\x00-\x20()<>\[\]{}/%]{1,120}")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_MOST_ESCAPED, _MOST_STREAMS = 20_000, 20_000
"""So many names with escapes, and so many object streams, no office writes."""
_STREAM = re.compile(rb"stream\r?\n")
_BEGIN, _END = re.compile(rb">>\s*stream\r?\n"), b"endstream"
_OBJECT_STREAM = re.compile(rb"/(?:O|#4[fF])(?:b|#62)(?:j|#6[aA])(?:S|#53)(?:t|#74)(?:m|#6[dD])\b")
_WINDOW, _OVERLAP = 16 * 1024 * 1024, 8_192
"""Bytes of a large file that are looked through at a time, and how long what is looked for may be at most."""
_DICTIONARY = 4_000
"""Most bytes between the name of an object stream and its beginning."""
_MOST_LINKS = 2_000_000
"""Most bytes of a part that lists relations."""
_HYPERLINK = "/hyperlink"
"""A person clicks it or not; nothing is fetched when the file is opened."""
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
_BOMB = Fault("解压后过大或结构异常，可能是压缩炸弹", "it unpacks to too much, perhaps a bomb")
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
    may look like a name. It is a search and no reader: who takes pains hides an object from it, and only
    a scanner of viruses looks further.
    """
    if b"%PDF-" not in content[:1024]:
        return DAMAGED
    left = _MOST_UNPACKED
    for part in (*_between_streams(content), *_object_streams(content)):
        left -= len(part)
        if left < 0:
            return _BOMB
        found = _bad_name(part)
        if found is not None:
            return found
    return None


def _bad_name(content: bytes) -> Fault | None:
    """The first name of what acts or hides; one may be written with escapes."""
    plain = _BAD.search(content)
    if plain is not None:
        return _fault_of(plain[0])
    for number, found in enumerate(_ESCAPED_NAME.finditer(content)):
        if number > _MOST_ESCAPED:
            return _BOMB
        name = _ESCAPED.sub(lambda one: bytes([int(one[1], 16)]), found[0])
        if name in _BAD_NAMES or name == b"/Encrypt":
            return _fault_of(name)
    return None


def _fault_of(name: bytes) -> Fault:
    zh, en = _BAD_NAMES.get(name, ("已加密", "it is encrypted"))
    return Fault(zh, en)


def _between_streams(content: Content) -> Iterator[bytes]:
    """The objects that are not packed: what lies before, between and after the streams."""
    at = 0
    for begin in _matches(_BEGIN, content):
        if begin.start() < at:
            continue
        end = _find(content, _END, begin.end())
        yield content[at : min(begin.end(), at + _MOST_UNPACKED + 1)]
        if end < 0:
            return
        at = end + len(_END)
    yield content[at : at + _MOST_UNPACKED + 1]


def _object_streams(content: Content) -> Iterator[bytes]:
    """What is packed in object streams, each once, and at most as large as all of them may be."""
    after, streams = 0, 0
    for mark in _matches(_OBJECT_STREAM, content):
        if mark.start() < after:
            continue
        begin = _STREAM.search(content, mark.end(), mark.end() + _DICTIONARY)
        if begin is None:
            continue
        end = _find(content, _END, begin.end())
        streams += 1
        if end < 0 or streams > _MOST_STREAMS:
            return
        after, packed = end, content[begin.end() : end]
        try:
            yield zlib.decompressobj().decompress(packed, _MOST_UNPACKED + 1)
        except zlib.error:
            yield packed  # not packed, or in another way: then its bytes are looked through as they are


def _matches(pattern: re.Pattern[bytes], content: Content) -> Iterator[re.Match[bytes]]:
    """Every match of a short pattern, window by window: of a large file no more is in memory than that."""
    for start in range(0, len(content), _WINDOW):
        for found in pattern.finditer(content, start, start + _WINDOW + _OVERLAP):
            if found.start() < start + _WINDOW:
                yield found
        _let_go(content, start + _WINDOW)


def _find(content: Content, word: bytes, start: int) -> int:
    """Where a word stands from a place on, as `bytes.find`; window by window."""
    for begin in range(start, len(content), _WINDOW):
        at = content.find(word, begin, begin + _WINDOW + len(word))
        if at >= 0:
            return at
        _let_go(content, begin)
    return -1


def _let_go(content: Content, until: int) -> None:
    """Let the system have back what lies before a place; it is read from the disk again where it is asked."""
    whole = min(until, len(content)) // mmap.PAGESIZE * mmap.PAGESIZE
    if isinstance(content, mmap.mmap) and whole:
        content.madvise(mmap.MADV_DONTNEED, 0, whole)


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
            if not member.filename.casefold().endswith(".rels"):
                continue
            if member.file_size > _MOST_LINKS:
                return _BOMB
            try:
                with archive.open(member) as part:
                    relations = etree.fromstring(part.read(_MOST_LINKS), _PARSER)
            except (
                zipfile.BadZipFile,
                OSError,
                RuntimeError,
                EOFError,
                zlib.error,
                etree.XMLSyntaxError,
            ):
                return DAMAGED
            if any(_fetches(one) for one in relations.iter(etree.Element)):
                return Fault(
                    "含有打开时自动读取外部内容的链接",
                    "it holds a link to something outside that is fetched when it is opened",
                )
    return None


def _fetches(one: etree._Element) -> bool:
    """Whether a relation leads outside, and to more than what a person may click."""
    leads_out = one.get("TargetMode", "").strip().casefold() == "external"
    return leads_out and not one.get("Type", "").strip().casefold().endswith(_HYPERLINK)
