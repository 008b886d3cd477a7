"""Reading pdf files that offices send: notices as text, annexes with ruled tables.

What the file holds is found out in a process of its own (`kaoping.files.confined`); the library
that reads it is loaded there only, never where the answer is used.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

from kaoping.core.errors import InputError
from kaoping.core.original import Cell, Grid, Original
from kaoping.files.confined import confined

_HEAD = b"%PDF-"
_FOOT = b"%%EOF"
_SEARCHED = 4096
"""Bytes at a file's ends in which its marks stand; programs put some bytes of their own around."""


def read_pdf(content: bytes, name: str) -> Original:
    """A pdf as an office sent it.

    Args:
        content: the file's bytes.
        name: its name, without folders.

    Raises:
        InputError: where it is no pdf, damaged, protected by a password, a scan without text, of
            a font without readable characters, or too much to read.
        EnvironmentFault: where no process can be started to read it.
    """
    if _HEAD not in content[:_SEARCHED]:
        raise InputError(
            f"{name}：不是 pdf 文件，或已损坏。请检查文件，或重新导出 pdf。",
            f"{name}: no pdf, or damaged. Check the file, or export it anew.",
        )
    if _FOOT not in content[-_SEARCHED:]:
        raise InputError(
            f"{name}：pdf 不完整（缺少文件结尾），可能没有下载完。请重新下载或重新导出。",
            f"{name}: the pdf is incomplete (its end is missing). Download or export it again.",
        )
    return _original(cast(dict[str, Any], confined(as_told, content, name, about=name)))


def as_told(content: bytes, name: str) -> dict[str, object]:
    """What `read_pdf` reads, fit for JSON; runs in a process of its own.

    Raises:
        InputError: as `read_pdf`.
    """
    from kaoping.files.pdf_pages import read_pages  # noqa: PLC0415 - loads the library, here only

    return asdict(read_pages(content, name))


def _original(told: dict[str, Any]) -> Original:
    return Original(
        told["name"],
        tuple(told["lines"]),
        tuple(told["places"]),
        tuple(
            Grid(
                table["place"],
                table["title"],
                tuple(
                    tuple(
                        Cell(cell["text"], cell["address"], (cell["area"][0], cell["area"][1]))
                        for cell in row
                    )
                    for row in table["rows"]
                ),
            )
            for table in told["grids"]
        ),
    )
