"""A file that somebody handed in, made into something a page can show: pictures, words and tables.

Nothing of the file itself reaches a browser: pages and photos are drawn anew as pictures of our own, words are
taken out as plain text. All of it happens in a process of its own (`kaoping.files.confined`), so that a file
made to harm costs itself its preview and nobody anything else.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any, cast

from kaoping.core.errors import InputError
from kaoping.files.blobs import nameless_file
from kaoping.files.confined import Limits, confined
from kaoping.files.office_parts import BROKEN_MEMBER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.files.picturing import Drawn

LIMITS = Limits(
    processor=60,
    patience=150,
    memory=700_000_000,
    answer=1_000_000,
    niceness=10,
    written=40_000_000,
)
"""Of one file: twenty pages of scans take some ten seconds; a photo of a hundred million pixels half a gigabyte."""
MAX_BYTES = 100_000_000
"""Bytes of the largest file of which a preview is made."""
MOST_INNER_PICTURES = 12
"""Pictures within an office file that are shown."""
_LARGEST_INNER_PICTURE = 30_000_000
_PHOTOS = ("jpg", "jpeg", "png", "tif")
_OFFICE = ("docx", "xlsx", "pptx")
_TEXTS = ("txt", "csv")
_NAME = "文件"
"""What messages call it: its own name belongs to whoever handed it in, and a preview is of its bytes."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of our own making (WebP).

    Attributes:
        width, height: in pixels.
        made: the file in which it lies among others, for `size` bytes from byte `begin` on.
    """

    width: int
    height: int
    made: IO[bytes]
    begin: int
    size: int

    @property
    def content(self) -> bytes:
        """Its bytes, read when they are asked for: all pictures at once would be too much to remember."""
        return os.pread(self.made.fileno(), self.size, self.begin)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a page can show of a file.

    Attributes:
        pictures: its first pages, or the photo; of an office file the pictures in it.
        of: how many there are in the file.
        words: an `excerpts.Excerpt` as JSON; empty where it has no words of its own.
        likeness: the hash of a photo (`kaoping.files.likeness`); "" where it is none.
    """

    pictures: tuple[Picture, ...]
    of: int
    words: bytes
    likeness: str


def require_showable(ending: str, size: int) -> None:
    """That a file may have a preview; nobody need read it to know.

    Raises:
        InputError: where it is of a kind that has none, or larger than `MAX_BYTES`.
    """
    if ending not in (*_PHOTOS, *_OFFICE, *_TEXTS, "pdf"):
        raise InputError("视频不在页面里预览。", "Videos have no preview.")
    if size > MAX_BYTES:
        megabytes = MAX_BYTES // 1_000_000
        raise InputError(
            f"文件超过 {megabytes} MB，不作预览。",
            f"The file is larger than {megabytes} MB, of which no preview is made.",
        )


@contextmanager
def preview_of(ending: str, file: IO[bytes]) -> Iterator[Preview]:
    """Make the preview of a file; neither of the two is ever in our memory as a whole.

    Args:
        ending: of its name, in small letters, without the dot.
        file: on the disk, from its first byte on.

    Yields:
        the preview, whose pictures can be read until the block ends.

    Raises:
        InputError: where none can be made, and why; the file may be as good as any.
        EnvironmentFault: where no process can be started to make it.
    """
    file.seek(0)
    require_showable(ending, os.fstat(file.fileno()).st_size)
    with nameless_file() as (made, _):
        numbers = (file.fileno(), made.fileno())
        told = cast(
            dict[str, Any],
            confined(as_told, ending, *numbers, about=_NAME, limits=LIMITS, files=(file, made)),
        )
        yield _understood(told, made)


def _understood(told: dict[str, Any], made: IO[bytes]) -> Preview:
    """What was made, as it lies in its file: one picture after the other, then the words."""
    pictures, begin = [], 0
    for size, width, height in told["pictures"]:
        pictures.append(Picture(width, height, made, begin, size))
        begin += size
    words = os.pread(made.fileno(), told["words"], begin)
    return Preview(tuple(pictures), told["of"], words, told["likeness"])


# --- in the process of its own --------------------------------------------------------------------


def as_told(ending: str, file: int, made: int) -> dict[str, object]:
    """Make the preview, and tell what it is, fit for JSON.

    Args:
        ending: as of `preview_of`.
        file: number of the file.
        made: number of the file that takes the bytes of pictures and words, one after the other.

    Raises:
        InputError: as `preview_of`.
    """
    with os.fdopen(file, "rb") as stream:
        drawn, words = _drawn(ending, stream.read())
    with os.fdopen(made, "wb") as room:
        room.writelines(picture for picture, *_ in drawn.pictures)
        room.write(words)
    return {
        "pictures": [(len(picture), *size) for picture, *size in drawn.pictures],
        "of": drawn.of,
        "likeness": drawn.likeness,
        "words": len(words),
    }


def _drawn(ending: str, content: bytes) -> tuple[Drawn, bytes]:
    """The pictures of a file and its words.

    Raises:
        InputError: as `preview_of`.
    """
    from kaoping.files.picturing import Drawn, drawn_pdf, drawn_photo  # noqa: PLC0415 - loads libraries

    if ending == "pdf":
        return drawn_pdf(content), b""
    if ending in _PHOTOS:
        return drawn_photo(ending, content), b""
    inner = _inner_pictures(content) if ending in _OFFICE else Drawn((), 0)
    return inner, _words(ending, content, is_needed=not inner.pictures)


def _words(ending: str, content: bytes, *, is_needed: bool) -> bytes:
    """The words of a file as JSON; none where it says nothing and has pictures to show instead.

    Raises:
        InputError: where it cannot be read, or has neither.
    """
    from kaoping.files.excerpts import excerpt_of  # noqa: PLC0415 - loads libraries

    try:
        excerpt = excerpt_of(ending, content, _NAME)
    except InputError:
        if is_needed:
            raise
        return b""
    return json.dumps(asdict(excerpt), ensure_ascii=False).encode()


def _inner_pictures(content: bytes) -> Drawn:
    """The first pictures that stand in an office file, in the order in which they lie there."""
    from kaoping.files.picturing import Drawn  # noqa: PLC0415 - loads libraries

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            photos = [one for one in archive.infolist() if _is_photo(one)]
            drawn = (_drawn_within(archive, one) for one in photos[:MOST_INNER_PICTURES])
            return Drawn(tuple(one for some in drawn for one in some), len(photos))
    except BROKEN_MEMBER:
        return Drawn((), 0)


def _is_photo(member: zipfile.ZipInfo) -> bool:
    name = member.filename.casefold()
    is_small = member.file_size <= _LARGEST_INNER_PICTURE
    return "/media/" in name and name.rpartition(".")[2] in _PHOTOS and is_small


def _drawn_within(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo
) -> tuple[tuple[bytes, int, int], ...]:
    """One picture; nothing where it is damaged."""
    from kaoping.files.picturing import drawn_photo  # noqa: PLC0415 - loads libraries

    ending = member.filename.rpartition(".")[2].casefold()
    try:
        return drawn_photo(ending, archive.read(member)).pictures[:1]
    except InputError:
        return ()
