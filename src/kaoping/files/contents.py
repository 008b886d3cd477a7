"""The bytes of a file and the text they make: the first step of every reader."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from kaoping.core.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

LOST = "\ufffd"
"""Stands where bytes fitted no encoding, or a sign has no character."""

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""Marks at the beginning of a text in UTF-16."""


def read_bytes(path: Path, most: int) -> bytes:
    """A file's bytes.

    Raises:
        InputError: where it is missing, no plain file, not readable, being written, or larger
            than `most` bytes.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise _no_plain_file(path)
            if status.st_size > most:
                raise _too_large(path, most)
            content = stream.read(status.st_size + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            f"找不到文件：{path}。请检查路径。", f"File not found: {path}. Check the path."
        ) from None
    except IsADirectoryError:
        raise InputError(
            f"{path} 是文件夹，不是文件。", f"{path} is a folder, not a file."
        ) from None
    except PermissionError:
        raise InputError(f"没有权限读取 {path}。", f"No permission to read {path}.") from None
    except OSError as error:
        if error.errno not in (errno.ENXIO, errno.ENODEV):
            raise
        raise _no_plain_file(path) from None
    if len(content) != status.st_size:
        raise InputError(
            f"{path.name}：文件在读取时还在变化。请等它保存完毕后再试。",
            f"{path.name}: the file changed while it was read. Wait until it is saved.",
        )
    return content


def _without_waiting(path: str, flags: int) -> int:
    """Open as asked, but wait for nobody to write into a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _too_large(path: Path, most: int) -> InputError:
    megabytes = most // 1_000_000
    return InputError(
        f"{path.name}：文件超过 {megabytes} MB。请确认选对了文件。",
        f"{path.name}: larger than {megabytes} MB. Check that it is the right file.",
    )


def _no_plain_file(path: Path) -> InputError:
    return InputError(
        f"{path.name} 是管道、设备等特殊文件，不能读取。请放入普通文件。",
        f"{path.name} is a pipe, a device or the like and cannot be read. Put a plain file there.",
    )


def decoded(content: bytes) -> str:
    """Text in UTF-8 (with or without mark), UTF-16 with mark, or GB18030.

    Bytes that fit none of them become replacement marks, so that they are seen and not lost.
    """
    if content[:2] in UTF_16:
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")
