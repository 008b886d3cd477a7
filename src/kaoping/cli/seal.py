"""`kaoping seal`: sign what the platform takes, in a process of its own that alone holds the key."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.cli import show
from kaoping.cli.arguments import add_verb
from kaoping.cli.keys import add_signing_key
from kaoping.cli.language import said
from kaoping.files.journal.folder import Journal, state_beside
from kaoping.files.journal.keys import read_key
from kaoping.files.journal.sealer import Sealer, listening
from kaoping.files.journal.signatory import Signatory

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from kaoping.cli.arguments import Verbs
    from kaoping.core.errors import KaopingError


def add_seal(verbs: Verbs) -> None:
    """Add `kaoping seal`."""
    seal = add_verb(
        verbs,
        "seal",
        "存证服务：为平台签署存证日志，密钥只在本进程",
        "the sealer: sign the platform's journal; only this process holds the key",
    )
    for name, shown, zh, en in (
        ("--journal", said("日志文件夹", "DIR"), "存证日志所在的文件夹", "the journal's folder"),
        ("--socket", said("套接字", "PATH"), "平台在这里请求存证", "where the platform asks"),
    ):
        seal.add_argument(name, type=Path, required=True, metavar=shown, help=said(zh, en))
    add_signing_key(seal)
    seal.set_defaults(command=_seal)


def _seal(chosen: argparse.Namespace) -> int:
    journal, key = Journal.open(chosen.journal), read_key(chosen.signing_key)
    signatory = Signatory(journal, key, state_beside(chosen.signing_key), _tell_rebuilt)
    signatory.require_sound()
    with listening(chosen.socket) as listener, _ended() as woken:
        size = journal.checkpoint().checkpoint.size
        show.print_line(
            said(
                f"存证服务在 {chosen.socket} 等待，日志 {journal.key.name} 已签署 {size} 条。",
                f"The sealer waits at {chosen.socket}; {size} entries of {journal.key.name} are signed.",
            )
        )
        Sealer(signatory, listener, woken, _tell).serve()
    show.print_line(said("存证服务已结束。", "The sealer has ended."))
    return 0


@contextmanager
def _ended() -> Iterator[int]:
    """A descriptor that becomes readable when the process is asked to end."""
    woken, waking = os.pipe()
    os.set_blocking(waking, False)
    former = {
        number: signal.signal(number, lambda *_: os.write(waking, b"."))
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    }
    try:
        yield woken
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        os.close(woken)
        os.close(waking)


def _tell(error: KaopingError) -> None:
    show.print_error(error.zh, error.en)


def _tell_rebuilt(first: int) -> None:
    show.print_note(
        f"日志末尾的文件不完整（多因断电），已用数据库中的条目从第 {first} 条起重建，与签署过的一致。",
        f"The journal's last files were damaged, most likely by a power cut; made anew from entry "
        f"{first} on, and they are what was signed.",
    )
