"""Output that is complete or absent: written beside its place and moved there in one step.

An output folder of ours lists its files with their digests in `MARK`. It is replaced as a whole only
while it holds exactly those: a signed scan put beside a report, or a draft that somebody worked on,
is never deleted. What a killed run left behind is cleared away by the next one, and a former output
that it had moved aside is put back.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.core.errors import DiskFullFault, EnvironmentFault, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MARK = ".kaoping-output"
"""The file that lists what an output of ours holds: a digest and a path a line."""
_SCRATCH = ".kaoping-"
_FORMER = "output"
"""Where a former output lies inside a scratch folder while the new one takes its place."""
_PATIENCE = 30
"""Seconds to wait for another run that puts something into the same folder."""


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A scratch folder that becomes `target` if the block ends well, and vanishes if it does not.

    A link is followed: what it leads to is replaced, the link stays.

    Raises:
        RefusedError: where `target` holds anything that is not an output of ours, or is a place
            that cannot be exchanged as a whole.
        EnvironmentFault: where the disk is full or may not be written.
    """
    real = resolved(target)
    _refuse_fixed(real, target)
    _refuse_foreign(real, target)
    with told_plainly(target), _alone_in(real, target):
        scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=real.parent))
        claim = _claimed(scratch)
    try:
        with told_plainly(target):
            _set_access(scratch, real)
            yield scratch
            (scratch / MARK).write_text(_listing(scratch), encoding="utf-8")
            _sync_tree(scratch)
            with _alone_in(real, target):
                _refuse_foreign(real, target)
                _exchange(scratch, real)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        os.close(claim)


def resolved(target: Path) -> Path:
    """Where a path really leads.

    Raises:
        RefusedError: where it is a link to itself.
    """
    try:
        return target.resolve()
    except (RuntimeError, OSError):
        raise RefusedError(
            f"{target} 是指向自己的链接。请换一个输出位置。",
            f"{target} is a link to itself. Choose another place for the output.",
        ) from None


def _refuse_fixed(real: Path, target: Path) -> None:
    """Refuse a place that others stand in: it cannot be exchanged without pulling it from under them."""
    here = Path.cwd()
    if real in (here, *here.parents) or os.path.ismount(real):
        raise RefusedError(
            f"{target} 是当前所在的文件夹或磁盘的根，不能整体替换，没有写入。"
            "请写它下面的一个子文件夹，如 out。",
            f"{target} is the current folder or the root of a disk and cannot be exchanged as a "
            "whole; nothing was written. Name a folder below it, such as out.",
        )


# --- what is ours -------------------------------------------------------------------------------


def _refuse_foreign(real: Path, target: Path) -> None:
    """Refuse a place that holds anything but an unchanged output of ours."""
    with told_plainly(target):
        if not real.exists():
            return
        if not real.is_dir():
            raise RefusedError(
                f"{target} 是文件，不是文件夹。请换一个输出位置。",
                f"{target} is a file, not a folder. Choose another place for the output.",
            )
        foreign = _foreign_entry(real)
    if foreign:
        raise RefusedError(
            f"文件夹 {target} 里有别人放入或改过的 {foreign}，为免覆盖，没有写入。"
            "请换一个空文件夹，或把它移走。",
            f"The folder {target} holds {foreign}, which is not an unchanged output; nothing was "
            "written. Choose an empty folder, or move it away.",
        )


def _foreign_entry(folder: Path) -> str:
    """The first entry that the folder's mark does not list as it is; empty where there is none."""
    mark = folder / MARK
    text = mark.read_text("utf-8", "replace") if mark.is_file() else ""
    lines = (line.partition("  ") for line in text.splitlines())
    listed = {name: digest for digest, _, name in lines}
    for path in _everything_in(folder):
        name = path.relative_to(folder).as_posix()
        if path == mark or (_is_folder(path) and any(n.startswith(f"{name}/") for n in listed)):
            continue
        if name not in listed or listed[name] != _digest(path):
            return name
    return ""


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _everything_in(folder: Path) -> Iterator[Path]:
    """Every entry below a folder, in the order of names.

    Raises:
        OSError: where one cannot be listed; what is not seen must not be moved.
    """

    def refuse(error: OSError) -> None:
        raise error

    for place, folders, files in os.walk(folder, onerror=refuse):
        folders.sort()
        yield from sorted(Path(place, name) for name in (*folders, *files))


def _listing(folder: Path) -> str:
    files = (path for path in _everything_in(folder) if not _is_folder(path))
    return "".join(f"{_digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)


def _digest(path: Path) -> str:
    """The digest of a plain file; a dash, which no listed file has, for anything else."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return "-"
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# --- the exchange -------------------------------------------------------------------------------


@contextmanager
def _alone_in(real: Path, target: Path) -> Iterator[None]:
    """Hold off other runs in the same folder, and put in order what a killed one left there."""
    real.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(real.parent, os.O_RDONLY)
    try:
        _wait_for(handle, target)
        _clear_leftovers(real)
        yield
    finally:
        let_go(handle)


def let_go(handle: int) -> None:
    """End a lock that was held by a handle, and close it.

    Closing alone would not do: a process that another thread starts has the handle, too, until it is a
    program of its own, and the lock would last as long.
    """
    fcntl.flock(handle, fcntl.LOCK_UN)
    os.close(handle)


def _wait_for(handle: int, target: Path) -> None:
    for _ in range(_PATIENCE * 10):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.1)
        else:
            return
    raise EnvironmentFault(
        f"另一个程序一直占用着 {target} 所在的文件夹，没有写入。请稍后再试。",
        f"Another program keeps the folder of {target} locked; nothing was written. Try later.",
    )


def _claimed(scratch: Path) -> int:
    """A handle that marks a scratch folder as in use for as long as this run lives."""
    handle = os.open(scratch, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def _clear_leftovers(real: Path) -> None:
    """Remove the scratch folders of runs that were killed; a former output comes back first."""
    for left in real.parent.glob(f"{_SCRATCH}*"):
        if left.name == MARK or not _is_folder(left):
            continue
        with suppress(OSError):
            handle = os.open(left, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if (left / _FORMER).is_dir() and not real.exists():
                    (left / _FORMER).rename(real)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(handle)


def _set_access(scratch: Path, real: Path) -> None:
    """Access as the folder it replaces; a new output is for the office to read."""
    if not real.exists():
        scratch.chmod(0o755)
        return
    former = real.stat()
    with suppress(PermissionError):
        os.chown(scratch, former.st_uid, former.st_gid)
    scratch.chmod(stat.S_IMODE(former.st_mode))


def _exchange(scratch: Path, target: Path) -> None:
    """Put the scratch folder into place; the former output, if any, ends where the scratch was."""
    if not target.exists():
        scratch.rename(target)
    elif not _exchanged_at_once(scratch, target):
        _exchange_by_turns(scratch, target)
    sync(target.parent)


_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def _exchanged_at_once(left: Path, right: Path) -> bool:
    """Exchange two folders in one step of the kernel; False where it or the disk cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    names = os.fsencode(left), os.fsencode(right)
    return bool(rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0)


def _exchange_by_turns(scratch: Path, target: Path) -> None:
    """The same in two steps: a run killed between them is put right by the next (`_FORMER`)."""
    former = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=target.parent))
    try:
        target.rename(former / _FORMER)
        scratch.rename(target)
    finally:
        if not target.exists():
            (former / _FORMER).rename(target)
        shutil.rmtree(former, ignore_errors=True)


# --- single files -------------------------------------------------------------------------------


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file completely or not at all; an existing one stays until the new one stands.

    A link is followed, and the access rights of a file that is replaced are kept.

    Args:
        path: where.
        content: all of it.
        mode: access rights of a new file.

    Raises:
        RefusedError: where `path` is a folder or a device.
        EnvironmentFault: where the disk is full or may not be written.
    """
    real = resolved(path)
    with told_plainly(path):
        mode = _mode_of_file(real, path, mode)
        real.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=_SCRATCH, dir=real.parent)
        scratch = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            scratch.chmod(mode)
            scratch.replace(real)
            sync(real.parent)
        finally:
            scratch.unlink(missing_ok=True)


def _mode_of_file(real: Path, path: Path, usual: int) -> int:
    """The access rights the written file gets."""
    try:
        mode = real.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return usual
    if not stat.S_ISREG(mode):
        raise RefusedError(
            f"{path} 不是普通文件，没有写入。请换一个输出文件名。",
            f"{path} is no plain file; nothing was written. Choose another name for the output.",
        )
    return stat.S_IMODE(mode)


def refuse_input_as_output(out: Path, *inputs: Path | None) -> None:
    """Refuse to write over a file that is being read.

    Raises:
        RefusedError: naming the file.
    """
    with told_plainly(out):
        for path in inputs:
            if path is not None and path.exists() and out.exists() and path.samefile(out):
                raise RefusedError(
                    f"输出文件 {out} 就是输入文件，没有写入。请换一个输出位置。",
                    f"The output {out} is an input; nothing was written. Choose another place.",
                )


def _is_never(_former: bytes) -> bool:
    return False


def refuse_taken_place(
    out: Path,
    *,
    inside: Path | None = None,
    inputs: Iterable[Path | None] = (),
    may_replace: Callable[[bytes], bool] = _is_never,
) -> None:
    """Refuse to write where something stands that the output must not take the place of.

    Links are followed. Call it before anything is done: after a refusal nothing has happened.

    Args:
        out: where the output is to go.
        inside: a folder that holds nothing but its own files, a journal's.
        inputs: files that are read, keys, and what is kept beside them; they need not exist yet.
        may_replace: whether a file with this content is an earlier output of the same kind.

    Raises:
        RefusedError: naming the place.
    """
    real = resolved(out)
    if inside is not None and real.is_relative_to(resolved(inside)):
        raise RefusedError(
            f"输出文件 {out} 在日志文件夹 {inside} 里面，没有写入。日志文件夹只放日志自己的文件，"
            "请换一个输出位置。",
            f"The output {out} lies inside the journal {inside}, which holds nothing but its own "
            "files; nothing was written. Choose another place.",
        )
    given = [path for path in inputs if path is not None]
    refuse_input_as_output(out, *given)
    if real in map(resolved, given):
        raise RefusedError(
            f"输出文件 {out} 是密钥、输入文件或它们的记录所在，没有写入。请换一个输出位置。",
            f"The output {out} is the place of a key, an input or a record beside them; nothing was "
            "written. Choose another place.",
        )
    with told_plainly(out):
        is_free = not real.exists() or (real.is_file() and may_replace(real.read_bytes()))
    if not is_free:
        raise RefusedError(
            f"{out} 已经存在，不是同一内容的输出，为免覆盖，没有写入。请换一个文件名，或先把它移走。",
            f"{out} exists and is not an earlier output of this kind; nothing was written. Choose "
            "another name, or move it away.",
        )


# --- what the operating system says --------------------------------------------------------------

FULL = (errno.ENOSPC, errno.EDQUOT)
"""By what the operating system says that a disk, or somebody's share of it, is full."""
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_MISNAMED = {
    errno.ENAMETOOLONG: ("名称太长", "its name is too long"),
    errno.ENOTDIR: ("路径中有一段是文件，不是文件夹", "a part of its path is a file"),
    errno.EEXIST: ("路径中有一段是文件，不是文件夹", "a part of its path is a file"),
    errno.EISDIR: ("已有同名的文件夹", "a folder has that name"),
    errno.ELOOP: ("链接指向自己", "a link leads to itself"),
}


@contextmanager
def told_plainly(target: Path) -> Iterator[None]:
    """Turn what the operating system says into an error its reader understands.

    Raises:
        RefusedError: where the name cannot be written to.
        DiskFullFault: where the disk is full.
        EnvironmentFault: where it may not be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DiskFullFault(
                f"磁盘已满，没有写出 {target}；原有文件未动。请清理磁盘后重试。",
                f"The disk is full; {target} was not written and nothing was changed. "
                "Free some space and try again.",
            ) from error
        if error.errno in _FORBIDDEN:
            raise EnvironmentFault(
                f"没有权限写入 {target}。请换一个位置，或请管理员开放权限。",
                f"No permission to write {target}. Choose another place or ask an administrator.",
            ) from error
        if error.errno in _MISNAMED:
            zh, en = _MISNAMED[error.errno]
            raise RefusedError(
                f"不能写入 {target}：{zh}。请换一个输出位置。",
                f"{target} cannot be written: {en}. Choose another place for the output.",
            ) from error
        raise


def _sync_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
