"""Output that is complete or absent: written beside its place and moved there in one step.

An output folder of ours lists its files with their digests in `MARK`. It is replaced as a whole only
while it holds exactly those: a signed scan put beside a report, or a draft that somebody worked on,
is never deleted.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
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
"""The file that lists what an output of ours holds: a digest and a path a line."""
_SCRATCH = ".kaoping-"


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A scratch folder that becomes `target` if the block ends well, and vanishes if it does not.

    A link is followed: what it leads to is replaced, the link stays.

    Raises:
        RefusedError: where `target` holds anything that is not an output of ours.
        EnvironmentFault: where the disk is full or may not be written.
    """
    real = _resolved(target)
    _refuse_foreign(real, target)
    with _told_plainly(target):
        real.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=real.parent))
    try:
        with _told_plainly(target):
            scratch.chmod(0o755)  # a scratch folder is private; an output is for the office
            yield scratch
            (scratch / MARK).write_text(_listing(scratch), encoding="utf-8")
            _sync_tree(scratch)
            with _alone_in(real.parent):
                _refuse_foreign(real, target)
                _swap(scratch, real)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _resolved(target: Path) -> Path:
    try:
        return target.resolve()
    except (RuntimeError, OSError):
        raise RefusedError(
            f"{target} 是指向自己的链接。请换一个输出位置。",
            f"{target} is a link to itself. Choose another place for the output.",
        ) from None


def _refuse_foreign(real: Path, target: Path) -> None:
    """Refuse a place that holds anything but an unchanged output of ours."""
    with _told_plainly(target):
        if not real.exists():
            return
        if not real.is_dir():
            raise RefusedError(
                f"{target} 是文件，不是文件夹。请换一个输出位置。",
                f"{target} is a file, not a folder. Choose another place for the output.",
            )
        foreign = _foreign_file(real)
    if foreign:
        raise RefusedError(
            f"文件夹 {target} 里有别人放入或改过的文件 {foreign}，为免覆盖，没有写入。"
            "请换一个空文件夹，或把它移走。",
            f"The folder {target} holds {foreign}, which is not an unchanged output; nothing was "
            "written. Choose an empty folder, or move it away.",
        )


def _foreign_file(folder: Path) -> str:
    """The first file that the folder's mark does not list as it is; empty where there is none."""
    mark = folder / MARK
    listed = set(mark.read_text("utf-8", "replace").splitlines()) if mark.is_file() else set()
    for path in sorted(folder.rglob("*")):
        if path != mark and not path.is_dir() and _line(path, folder) not in listed:
            return path.relative_to(folder).as_posix()
    return ""


def _listing(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return "".join(f"{_line(path, folder)}\n" for path in files)


def _line(path: Path, folder: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "-"
    return f"{digest}  {path.relative_to(folder).as_posix()}"


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold off other runs that would put something into the same folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _swap(scratch: Path, target: Path) -> None:
    """Move the scratch folder into place; the former output stays until the new one stands."""
    if not target.exists():
        scratch.rename(target)
        _sync(target.parent)
        return
    former = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=target.parent))
    try:
        target.rename(former / "output")
        try:
            scratch.rename(target)
        except OSError:
            (former / "output").rename(target)
            raise
        _sync(target.parent)
    finally:
        shutil.rmtree(former, ignore_errors=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file completely or not at all; an existing one stays until the new one stands.

    Raises:
        EnvironmentFault: where the disk is full or may not be written.
    """
    with _told_plainly(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=_SCRATCH, dir=path.parent)
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


def refuse_input_as_output(out: Path, *inputs: Path | None) -> None:
    """Refuse to write over a file that is being read.

    Raises:
        RefusedError: naming the file.
    """
    for path in inputs:
        if path is not None and path.exists() and out.exists() and path.samefile(out):
            raise RefusedError(
                f"输出文件 {out} 就是输入文件，没有写入。请换一个输出位置。",
                f"The output {out} is an input; nothing was written. Choose another place.",
            )


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
