"""Whether two photos show the same: a perceptual hash of 256 bits, and how many bits two of them differ in.

It is pHash as ImageHash reckons it (`phash(hash_size=16)`), bit for bit, in whole numbers and without the
libraries that one needs (docs/decisions/0021-previews.md).
"""

from __future__ import annotations

from functools import cache
from math import cos, pi
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence

    Rows = Sequence[Sequence[int]]

BITS = 256
FARTHEST = 80
"""Most bits by which two photos differ that are noted as near; what is hinted is a setting below it."""
_SIDE = 16
"""Of the square of waves that are kept: the sixteen slowest across and down."""
_PIXELS = 4 * _SIDE
"""Of the side of the small grey picture that is looked at."""
_SCALE = 1 << 30
"""Cosines are whole numbers of this part, so that every computer finds the same bits."""


def likeness(picture: Image.Image) -> str:
    """The hash of a picture: 64 hexadecimal digits.

    Args:
        picture: upright, as a person sees it; of any size.
    """
    grey = picture.convert("L").resize((_PIXELS, _PIXELS), Image.Resampling.LANCZOS)
    levels = grey.tobytes()
    rows = [levels[at : at + _PIXELS] for at in range(0, len(levels), _PIXELS)]
    waves = [one for row in _slowest(_turned(_slowest(_turned(rows)))) for one in row]
    ordered = sorted(waves)
    middle = ordered[BITS // 2 - 1] + ordered[BITS // 2]
    bits = "".join("1" if 2 * one > middle else "0" for one in waves)
    return f"{int(bits, 2):0{BITS // 4}x}"


def bits_apart(one: str, other: str) -> int:
    """In how many of the 256 bits two hashes differ: 0 for the same picture, about 128 for any two."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _slowest(rows: Rows) -> Rows:
    """The sixteen slowest waves of each row (a discrete cosine transform of the second kind)."""
    return [[sum(map(int.__mul__, wave, row)) for wave in _waves()] for row in rows]


def _turned(rows: Rows) -> Rows:
    return list(zip(*rows, strict=True))


@cache
def _waves() -> Rows:
    return [
        [round(_SCALE * cos(pi * number * (2 * at + 1) / (2 * _PIXELS))) for at in range(_PIXELS)]
        for number in range(_SIDE)
    ]
