"""Rows of the register as lines of JSON, the form in which any database can hand them out (layer S)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kaoping.core.errors import InputError
from kaoping.core.register import Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FIELDS = {"table", "id", "version", "values"}


def read_row_lines(path: Path) -> Iterator[Row]:
    """The rows of a file, one a line: `{"table", "id", "version", "values": {…}}`.

    Raises:
        InputError: naming the first line that is none.
    """
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                yield _row(line, path.name, number)
    except FileNotFoundError:
        raise InputError(
            f"找不到登记数据 {path}。请核对路径。", f"There is no file {path}. Check the path."
        ) from None


def _row(line: bytes, name: str, number: int) -> Row:
    try:
        table = json.loads(line)
        row = Row(str(table["table"]), str(table["id"]), table["version"], dict(table["values"]))
        is_one = set(table) == _FIELDS and type(row.version) is int and bool(row.digest)
    except (ValueError, TypeError, KeyError, RecursionError):
        is_one = False
    if not is_one:
        raise InputError(
            f"{name} 第 {number} 行不是一行登记数据。每行应为 table、id、version、values 四项。",
            f"Line {number} of {name} is no row: table, id, version and values are needed.",
        )
    return row
