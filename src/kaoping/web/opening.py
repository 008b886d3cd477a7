"""The folder of an installation: made once, opened by every process that serves it.

In it lie the database (unless it is on a server), `journal/` with the tiles, `blobs/` with the
documents, `instance.secret`, and in a trial also the journal's key with what it signed last.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from django.conf import settings

from kaoping.core.errors import InputError
from kaoping.files.blobs import FolderBlobs
from kaoping.files.journal.folder import Journal, state_beside
from kaoping.files.journal.keys import fresh_salt, make_key, read_key
from kaoping.web.installation import Installation
from kaoping.web.sealer import InlineSealer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

JOURNAL, BLOBS, KEY, SECRET = "journal", "blobs", "journal.key", "instance.secret"
DEMO = "demo/"
"""How the origin of a journal of examples begins."""
_SECRET_BYTES = 32


def create(data: Path, origin: str) -> None:
    """Make the folder of a new installation with a journal of its own.

    Args:
        data: the folder, made if it is not there.
        origin: the name of the journal, as in `kaoping.example.gov.cn/2024`.

    Raises:
        InputError: where there is an installation in it already.
        RefusedError, EnvironmentFault: where it cannot be written.
    """
    if (data / JOURNAL).exists():
        raise InputError(
            f"{data} 里已有一套系统，没有改动。请换一个文件夹。",
            f"There is an installation in {data} already. Choose another folder.",
        )
    data.mkdir(parents=True, exist_ok=True, mode=0o750)
    (data / BLOBS).mkdir(exist_ok=True, mode=0o750)
    with os.fdopen(os.open(data / SECRET, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(secrets.token_bytes(_SECRET_BYTES))
    key = make_key(data / KEY)
    Journal.create(data / JOURNAL, origin, key, state_beside(data / KEY))


def open_installation(data: Path, clock: Callable[[], datetime]) -> Installation:
    """The installation of a folder, as one process uses it.

    Raises:
        InputError: where there is none.
    """
    if not (data / JOURNAL).is_dir():
        raise InputError(
            f"{data} 里没有建好的系统。请先运行 kaoping install，或检查 KAOPING_DATA。",
            f"There is no installation in {data}. Run kaoping install first, or check KAOPING_DATA.",
        )
    journal = Journal.open(data / JOURNAL)
    key_file = data / KEY
    sealer = InlineSealer(journal, read_key(key_file), state_beside(key_file))
    return Installation(
        data,
        journal,
        sealer,
        clock,
        fresh_salt,
        FolderBlobs(data / BLOBS),
        (data / SECRET).read_bytes(),
        is_demo=journal.checkpoint().checkpoint.origin.startswith(DEMO),
    )


_held: list[Installation] = []


def installation() -> Installation:
    """The installation that this process serves: as the settings say, opened at the first call."""
    if not _held:
        _held.append(open_installation(settings.DATA_FOLDER, settings.CLOCK))
    return _held[0]


def hold(one: Installation | None) -> None:
    """Serve this installation instead; none: the one of the settings, opened anew."""
    _held[:] = [one] if one else []
