"""Photos that no camera took: scenes drawn from a number, always the same, and what people do to photos."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw, ImageFilter

GPS, MAKER, ORIENTATION, NORTH = 0x8825, 0x010F, 0x0112, 1
SECRET = b"CAMERA-OF-NOBODY"


def scene(number: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture of soft shapes on a slope of grey: as unlike another number's as two photos are."""
    dice = random.Random(number)
    width, height = size
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for _ in range(24):
        x, y = dice.randrange(width), dice.randrange(height)
        reach = dice.randrange(width // 12, width // 4)
        colour = tuple(dice.randrange(256) for _ in range(3))
        shape = draw.ellipse if dice.random() < 0.5 else draw.rectangle
        shape((x, y, x + reach, y + reach * 2 // 3), fill=colour)
    return picture.filter(ImageFilter.GaussianBlur(2))


def jpeg(picture: Image.Image, quality: int = 90, **more: object) -> bytes:
    """As a file."""
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality, **more)
    return stream.getvalue()


def taken(picture: Image.Image, orientation: int = 1) -> bytes:
    """As a telephone writes it: with its maker, the place, and how it was held."""
    exif = Image.Exif()
    exif[MAKER] = SECRET.decode()
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[NORTH] = "N"
    exif.get_ifd(GPS)[2] = (23.0, 54.0, 8.0)
    return jpeg(picture, exif=exif, comment=SECRET)


def cropped(picture: Image.Image, part: int) -> Image.Image:
    """Without so many hundredths of its width and height, from all sides alike."""
    width, height = picture.size
    x, y = width * part // 200, height * part // 200
    return picture.crop((x, y, width - x, height - y))
