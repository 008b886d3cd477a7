"""The folder of an installation: made once, opened by every process that serves it.

In it lie the database (unless it is on a server), `journal/` with the tiles, `blobs/` with the
documents (unless they are in an object store), `previews/` with what pages show of them, `instance.secret`,
and in a trial also the journal's key with what it signed last. In a real installation the key lies elsewhere,
and `journal/` is written by the sealer alone.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings

from kaoping.core.errors import EnvironmentFault, InputError
from kaoping.files.atomic import told_plainly, write_whole
from kaoping.files.blobs import MAX_BLOB, Blobs, FolderBlobs
from kaoping.files.blobs_s3 import S3Blobs
from kaoping.files.journal.folder import CHECKPOINT, Journal, state_beside
from kaoping.files.journal.keys import fresh_salt, make_key, read_key
from kaoping.web.installation import Installation
from kaoping.web.sealer import InlineSealer, RemoteSealer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

JOURNAL, BLOBS, KEY, SECRET = "journal", "blobs", "journal.key", "instance.secret"
DONE = "installed"
"""The file that says that an installation is complete."""
DEMO = "demo/"
"""How the origin of a journal of examples begins."""
_SECRET_BYTES = 32


def create(data: Path, origin: str, key_file: Path | None = None) -> Path:
    """Make the folder of a new installation with a journal of its own.

    One that was begun and cut short is brought to its end: what is there is kept.

    Args:
        data: the folder, made if it is not there.
        origin: the name of the journal, as in `kaoping.example.gov.cn/2024`.
        key_file: where the journal's key lies; in the folder itself for a trial.

    Returns:
        The file of the journal's key.

    Raises:
        InputError: where there is an installation in it already, or one of another name was begun.
        RefusedError, EnvironmentFault: where it cannot be written.
    """
    if (data / DONE).exists():
        raise InputError(
            f"{data} 里已有一套系统，没有改动。请换一个文件夹；升级请用 kaoping upgrade。",
            f"There is an installation in {data} already; nothing was changed. Choose another folder, "
            "or upgrade it with kaoping upgrade.",
        )
    for folder in (data, data / BLOBS):
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    if not (data / SECRET).exists():
        write_whole(data / SECRET, secrets.token_bytes(_SECRET_BYTES), mode=0o600)
    key_file = key_file or data / KEY
    key = read_key(key_file) if key_file.exists() else make_key(key_file)
    if (data / JOURNAL / CHECKPOINT).exists():
        began = Journal.open(data / JOURNAL).key
        if began != key.verifier(origin):
            raise InputError(
                f"{data} 里已开始建立名为 {began.name} 的系统，名称或密钥与本次不同，没有改动。"
                "请用原来的名称和密钥文件继续，或换一个文件夹。",
                f"An installation named {began.name} was begun in {data}, with another name or key. Go "
                "on with those, or choose another folder.",
            )
    else:
        Journal.create(data / JOURNAL, origin, key, state_beside(key_file))
    return key_file


def finish(data: Path) -> None:
    """Note that an installation is complete: from now on it is only opened."""
    write_whole(data / DONE, b"")


def open_installation(
    data: Path, clock: Callable[[], datetime], sealer: Path | None = None, key: Path | None = None
) -> Installation:
    """The installation of a folder, as one process uses it.

    Args:
        data: the folder.
        clock: the server's time.
        sealer: the socket of the sealer; this process signs itself where there is none.
        key: the journal's key where this process signs; in the folder itself if not named.

    Raises:
        InputError: where there is none.
        EnvironmentFault: where this process may not read what it needs.
    """
    if not (data / JOURNAL).is_dir():
        raise InputError(
            f"{data} 里没有建好的系统。请先运行 kaoping install，或检查 KAOPING_DATA。",
            f"There is no installation in {data}. Run kaoping install first, or check KAOPING_DATA.",
        )
    journal, secret = Journal.open(data / JOURNAL), _secret(data / SECRET)
    key_file = key or data / KEY
    if sealer is None and not key_file.exists():
        raise InputError(
            "没有设置 KAOPING_SEALER（存证服务的套接字），而签名密钥不在数据文件夹里，不能启动。"
            "正式安装请先启动 kaoping seal，再设置 KAOPING_SEALER。",
            "KAOPING_SEALER, the sealer's socket, is not set, and the key is not in the folder. Start "
            "kaoping seal and set KAOPING_SEALER.",
        )
    return Installation(
        data,
        journal,
        RemoteSealer(journal, sealer, secret)
        if sealer
        else InlineSealer(journal, read_key(key_file), state_beside(key_file), secret),
        clock,
        fresh_salt,
        _evidence(data),
        secret,
        is_demo=journal.key.name.startswith(DEMO),
    )


def _evidence(data: Path) -> Blobs:
    """The store of evidence: the folder, or the object store of the settings.

    Raises:
        EnvironmentFault: where it cannot be reached.
    """
    limit = max(MAX_BLOB, settings.UPLOAD_LIMIT)
    if settings.BLOBS is None:
        return FolderBlobs(data / BLOBS, limit)
    place = settings.BLOBS
    return S3Blobs(place.bucket, place.prefix, endpoint=place.endpoint, limit=limit)


def _secret(path: Path) -> bytes:
    """The secret of the installation.

    Raises:
        EnvironmentFault: where it cannot be read, or is too short to be one.
    """
    with told_plainly(path):
        found = path.read_bytes() if path.is_file() else b""
    if len(found) < _SECRET_BYTES:
        raise EnvironmentFault(
            f"{path} 缺失或不完整：没有它就不能识别工号。请从备份恢复，不要新建。",
            f"{path} is missing or too short; staff numbers cannot be told without it. Restore it from "
            "a backup, do not make another.",
        )
    return found


_held: list[Installation] = []


def installation() -> Installation:
    """The installation that this process serves: as the settings say, opened at the first call."""
    if not _held:
        opened = open_installation(settings.DATA_FOLDER, settings.CLOCK, settings.SEALER)
        if settings.CLOCK_OFFSET and not opened.is_demo:
            raise InputError(
                "KAOPING_CLOCK_OFFSET 只能用于演示；真实的办理只认服务器时间。请去掉它再启动。",
                "KAOPING_CLOCK_OFFSET is for examples only: real acts bear the server's own time.",
            )
        _held.append(opened)
    return _held[0]


def hold(one: Installation | None) -> None:
    """Serve this installation instead; none: the one of the settings, opened anew."""
    _held[:] = [one] if one else []
