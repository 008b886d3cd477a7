"""A file that somebody handed in, made into something a page can show: pictures, words and tables.

Nothing of the file itself reaches a browser: pages and photos are drawn anew as pictures of our own, words are
taken out as plain text. All of it happens in a process of its own (`kaoping.files.confined`), so that a file
made to harm costs itself its preview and nobody anything else.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast

from kaoping.core.errors import InputError
from kaoping.files.confined import Limits, confined
from kaoping.files.office_parts import BROKEN_MEMBER

if TYPE_CHECKING:
    from kaoping.files.picturing import Drawn

LIMITS = Limits(processor=60, patience=150, memory=700_000_000, answer=60_000_000, niceness=10)
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
    """A picture of our own making (WebP)."""

    content: bytes
    width: int
    height: int


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


def preview_of(ending: str, content: bytes) -> Preview:
    """Make the preview of a file.

    Args:
        ending: of its name, in small letters, without the dot.
        content: the file.

    Raises:
        InputError: where none can be made, and why; the file may be as good as any.
        EnvironmentFault: where no process can be started to make it.
    """
    if ending not in (*_PHOTOS, *_OFFICE, *_TEXTS, "pdf"):
        raise InputError("视频不在页面里预览。", "Videos have no preview.")
    if len(content) > MAX_BYTES:
        raise too_large()
    told = cast(dict[str, Any], confined(as_told, ending, content, about=_NAME, limits=LIMITS))
    return Preview(
        tuple(
            Picture(base64.b64decode(packed), width, height)
            for packed, width, height in told["pictures"]
        ),
        told["of"],
        json.dumps(told["words"], ensure_ascii=False).encode() if told["words"] else b"",
        told["likeness"],
    )


def too_large() -> InputError:
    """Of files larger than `MAX_BYTES` no preview is made; nobody need read them to know."""
    megabytes = MAX_BYTES // 1_000_000
    return InputError(
        f"文件超过 {megabytes} MB，不作预览。",
        f"The file is larger than {megabytes} MB, of which no preview is made.",
    )


# --- in the process of its own --------------------------------------------------------------------


def as_told(ending: str, content: bytes) -> dict[str, object]:
    """The same, fit for JSON.

    Raises:
        InputError: as `preview_of`.
    """
    from kaoping.files.picturing import Drawn, drawn_pdf, drawn_photo  # noqa: PLC0415 - loads libraries

    if ending == "pdf":
        return _told(drawn_pdf(content))
    if ending in _PHOTOS:
        return _told(drawn_photo(ending, content))
    inner = _inner_pictures(content) if ending in _OFFICE else Drawn((), 0)
    return _told(inner) | {"words": _words(ending, content, is_needed=not inner.pictures)}


def _told(drawn: Drawn) -> dict[str, object]:
    pictures = [(base64.b64encode(one).decode(), *size) for one, *size in drawn.pictures]
    return {"pictures": pictures, "of": drawn.of, "likeness": drawn.likeness, "words": None}


def _words(ending: str, content: bytes, *, is_needed: bool) -> dict[str, Any] | None:
    """The words of a file; none where it says nothing and has pictures to show instead.

    Raises:
        InputError: where it cannot be read, or has neither.
    """
    from kaoping.files.excerpts import excerpt_of  # noqa: PLC0415 - loads libraries

    try:
        return asdict(excerpt_of(ending, content, _NAME))
    except InputError:
        if is_needed:
            raise
        return None


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
