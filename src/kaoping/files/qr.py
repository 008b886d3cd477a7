"""QR codes on paper: of receipts, of papers to sign, of final documents. Drawn alike wherever they stand."""

from __future__ import annotations

import io
from itertools import groupby
from typing import TYPE_CHECKING, Final

from kaoping.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MODULE: Final = 0.6
"""Millimetres of a module: so large that a scanner of 150 dpi tells it apart on a sheet put in askew."""
_QUIET: Final = 4
"""White modules around a code, without which a scanner may not find it (ISO/IEC 18004)."""
_DOTS: Final = 8
"""Of a picture, along a module."""


def qr_rows(text: str) -> list[list[tuple[int, int]]]:
    """The code of a text, row by row: where dark modules begin, and how many stand together.

    Raises:
        InputError: where the text is too long for a code.
    """
    return [list(_runs(row)) for row in _modules(text)]


def qr_png(text: str) -> tuple[bytes, float]:
    """The code of a text as a picture with its quiet zone, for office files; the same text gives the same bytes.

    Returns:
        The picture, and its side in millimetres.

    Raises:
        InputError: where the text is too long for a code.
    """
    from PIL import Image  # noqa: PLC0415 - large, and most documents have no code

    modules = _modules(text)
    side = len(modules) + 2 * _QUIET
    picture = Image.new("1", (side, side), 1)
    for y, row in enumerate(modules, _QUIET):
        for x, is_dark in enumerate(row, _QUIET):
            if is_dark:
                picture.putpixel((x, y), 0)
    out = io.BytesIO()
    picture.resize((side * _DOTS, side * _DOTS), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue(), side * MODULE


def _modules(text: str) -> list[list[bool]]:
    import qrcode  # noqa: PLC0415 - as above
    from qrcode.exceptions import DataOverflowError  # noqa: PLC0415

    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_L)
    code.add_data(text.encode())
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:
        raise InputError(
            "证明文件过长，放不进二维码。请改为保存证明文件。",
            "The proof is too long for a QR code. Keep the proof file instead.",
        ) from error
    return [[bool(one) for one in row] for row in code.get_matrix()]


def _runs(row: Sequence[bool]) -> Iterator[tuple[int, int]]:
    at = 0
    for is_dark, group in groupby(row):
        length = len(list(group))
        if is_dark:
            yield at, length
        at += length
