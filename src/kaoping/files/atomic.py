"""Output that is complete or absent: written beside its place and moved there in one step."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.core.errors import EnvironmentFault, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = ".kaoping-output"
"""A file that shows a folder is an output of ours and may be replaced as a whole."""


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A scratch folder that becomes `target` if the block ends well, and vanishes if it does not.

    Raises:
        RefusedError: where `target` holds anything that is not an output of ours.
        EnvironmentFault: where the disk is full or may not be written.
    """
    _refuse_foreign(target)
    with _told_plainly(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        with _told_plainly(target):
            scratch.chmod(0o755)  # a scratch folder is private; an output is for the office
            (scratch / MARK).write_text("kaoping\n", encoding="utf-8")
            yield scratch
            _sync_tree(scratch)
            _swap(scratch, target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _refuse_foreign(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise RefusedError(
            f"{target} 是文件，不是文件夹。请换一个输出位置。",
            f"{target} is a file, not a folder. Choose another place for the output.",
        )
    if any(target.iterdir()) and not (target / MARK).exists():
        raise RefusedError(
            f"文件夹 {target} 里已有其他文件，为免覆盖，没有写入。请换一个空文件夹。",
            f"The folder {target} holds other files; nothing was written. Choose an empty folder.",
        )


def _swap(scratch: Path, target: Path) -> None:
    """Move the scratch folder into place; the former output stays until the new one stands."""
    if not target.exists():
        scratch.rename(target)
        _sync(target.parent)
        return
    former = Path(tempfile.mkdtemp(prefix=f".{target.name}-former-", dir=target.parent))
    target.rename(former / "output")
    try:
        scratch.rename(target)
    except OSError:
        (former / "output").rename(target)
        raise
    _sync(target.parent)
    shutil.rmtree(former, ignore_errors=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file completely or not at all; an existing one stays until the new one stands.

    Raises:
        EnvironmentFault: where the disk is full or may not be written.
    """
    with _told_plainly(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        scratch = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            scratch.chmod(0o644)
            scratch.replace(path)
            _sync(path.parent)
        finally:
            scratch.unlink(missing_ok=True)


@contextmanager
def _told_plainly(target: Path) -> Iterator[None]:
    """Turn what the operating system says into a fault an operator understands."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise EnvironmentFault(
                f"磁盘已满，没有写出 {target}；原有文件未动。请清理磁盘后重试。",
                f"The disk is full; {target} was not written and nothing was changed. "
                "Free some space and try again.",
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise EnvironmentFault(
                f"没有权限写入 {target}。请换一个位置，或请管理员开放权限。",
                f"No permission to write {target}. Choose another place or ask an administrator.",
            ) from error
        raise


def _sync_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
