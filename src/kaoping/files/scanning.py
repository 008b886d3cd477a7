"""ClamAV over its local socket (INSTREAM of clamd's protocol): our own few lines, since the client is GPL."""

from __future__ import annotations

import socket
import struct
from typing import IO, TYPE_CHECKING

from kaoping.core.errors import EnvironmentFault

if TYPE_CHECKING:
    from pathlib import Path

_PIECE = 256 * 1024
PATIENCE = 120.0
"""Seconds that the scanner may take for one file."""
_LONGEST_ANSWER = 4096


def found_in(stream: IO[bytes], place: Path, patience: float = PATIENCE) -> str:
    """What the scanner finds in a file: the name of a signature; empty where it finds nothing.

    Args:
        stream: the bytes, from where it stands.
        place: the socket of clamd.
        patience: seconds until it is given up.

    Raises:
        EnvironmentFault: where the scanner does not answer, or does not judge the file.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wire:
            wire.settimeout(patience)
            wire.connect(str(place))
            wire.sendall(b"zINSTREAM\0")
            while piece := stream.read(_PIECE):
                wire.sendall(struct.pack(">I", len(piece)) + piece)
            wire.sendall(struct.pack(">I", 0))
            answer = _answer(wire)
    except OSError as error:
        raise _silent(str(error)) from error
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise _silent(said)


def _answer(wire: socket.socket) -> str:
    heard = b""
    while b"\0" not in heard and len(heard) < _LONGEST_ANSWER:
        piece = wire.recv(_LONGEST_ANSWER)
        if not piece:
            break
        heard += piece
    return heard.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _silent(why: str) -> EnvironmentFault:
    return EnvironmentFault(
        f"病毒扫描服务没有给出结论（{why[:100]}），文件暂不收下，稍后自动再查。",
        f"The virus scanner gave no verdict ({why[:100]}); the file is not accepted yet and will be "
        "scanned again.",
    )
