"""Pages of a pdf and photos as pictures of our own making: small, upright, and nothing in them but pixels.

Runs in a process of its own (`kaoping.files.previewing`): the libraries that read pdf and pictures are loaded
and hostile bytes are opened there only.
"""

from __future__ import annotations

import io
import time
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from kaoping.core.errors import InputError
from kaoping.files.inner_checks import MAX_PIXELS
from kaoping.files.likeness import likeness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_PICTURES = 20
"""Pages of one file that are drawn."""
LONGEST_SIDE = 1600
"""Pixels: of a page of A4, type of 9 points is still read with ease."""
_QUALITY = 80
_SECONDS = 40
"""Of processor time, after which no further page is begun: what is drawn by then is shown."""
_MOST_BYTES = 24_000_000
"""All pictures of a file together."""
_FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "tif": "TIFF"}
_WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pictures (WebP), each with its width and height.

    Attributes:
        pictures: at most `MOST_PICTURES`.
        of: how many pages the file has.
        likeness: the hash of a photo; "" where it is none.
    """

    pictures: tuple[tuple[bytes, int, int], ...]
    of: int
    likeness: str = ""


def drawn_pdf(content: bytes) -> Drawn:
    """The first pages of a pdf.

    Raises:
        InputError: where it is damaged or protected by a password.
    """
    import pypdfium2  # noqa: PLC0415 - a large library, for this kind alone

    try:
        document = pypdfium2.PdfDocument(content)
        document.init_forms()
        pages = (_page(document[number]) for number in range(min(len(document), MOST_PICTURES)))
        return Drawn(_within_bounds(pages), len(document))
    except pypdfium2.PdfiumError as error:
        raise InputError(
            "pdf 已损坏或设了密码，画不出来。", "The pdf is damaged or protected by a password."
        ) from error


def drawn_photo(ending: str, content: bytes) -> Drawn:
    """A photo, or the pages of a scan.

    Args:
        ending: of its name: jpg, jpeg, png or tif.
        content: the file.

    Raises:
        InputError: where it is damaged, has too many pixels, or colours that are not shown.
    """
    try:
        with _opened(content, _FORMATS[ending]) as file:
            of = getattr(file, "n_frames", 1)
            frames = (_frame(file, number) for number in range(min(of, MOST_PICTURES)))
            first = next(frames)
            hashed = likeness(first) if of == 1 else ""
            return Drawn(_within_bounds([first, *frames]), of, hashed)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:  # fmt: skip
        raise InputError("图片不完整或已损坏。", "The picture is incomplete or damaged.") from error


def _opened(content: bytes, kind: str) -> Image.Image:
    """A picture whose pixels are not unpacked yet.

    Raises:
        InputError: where there are too many.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # our own bound is smaller than what is warned of
        file = Image.open(io.BytesIO(content), formats=[kind])
    if file.width * file.height > MAX_PIXELS:
        raise _too_many_pixels()
    return file


def _too_many_pixels() -> InputError:
    return InputError("图片像素过多。", "The picture has too many pixels.")


def _page(page: object) -> Image.Image:
    """A page drawn so that its longer side is `LONGEST_SIDE`, however large it claims to be."""
    width, height = page.get_size()  # type: ignore[attr-defined] # a library without types
    scale = LONGEST_SIDE / max(width, height, 1)
    return _bare(page.render(scale=scale).to_pil())  # type: ignore[attr-defined]


def _frame(file: Image.Image, number: int) -> Image.Image:
    """A frame of a picture, made small first and turned upright then.

    Raises:
        InputError: where its colours are not shown.
    """
    file.seek(number)
    if file.width * file.height > MAX_PIXELS:
        raise _too_many_pixels()
    if file.mode in ("I", "F"):  # measured values: what is black and what is white, nobody can say
        raise InputError(
            "图片的色彩格式（32 位灰度）不能在页面里显示。",
            "The picture's colours, grey of 32 bits, cannot be shown in a page.",
        )
    # Colours by number and bare black and white do not blend: they are told in full before it is made small.
    see_through = "transparency" in file.info
    full = {"1": "L", "P": "RGBA" if see_through else "RGB"}.get(file.mode)
    frame = file.convert(full) if full else file
    frame.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return _bare(ImageOps.exif_transpose(frame))


def _bare(picture: Image.Image) -> Image.Image:
    """The pixels alone, on white where they let through; what else the file said is left behind."""
    if "A" in picture.getbands() or "transparency" in picture.info:
        over = picture.convert("RGBA")
        picture = Image.new("RGBA", over.size, (*_WHITE, 255))
        picture.alpha_composite(over)
    picture = picture.convert("RGB")
    return Image.frombytes("RGB", picture.size, picture.tobytes())


def _within_bounds(pictures: Iterable[Image.Image]) -> tuple[tuple[bytes, int, int], ...]:
    return tuple(_until_enough(pictures))


def _until_enough(pictures: Iterable[Image.Image]) -> Iterator[tuple[bytes, int, int]]:
    """Pictures as WebP, until time or space is used up; the first in any case."""
    size = 0
    for picture in pictures:
        stream = io.BytesIO()
        picture.save(stream, "WEBP", quality=_QUALITY, method=2)
        size += stream.tell()
        yield stream.getvalue(), *picture.size
        if size > _MOST_BYTES or time.process_time() > _SECONDS:
            return
