"""A witness at work: its state in a file, over HTTP (C2SP tlog-witness) or by files on a stick."""

from __future__ import annotations

import http.client
import re
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from kaoping import __version__
from kaoping.core.errors import EnvironmentFault, InputError, KaopingError, RefusedError
from kaoping.core.note import MAX_NOTE
from kaoping.core.witness import (
    CONFLICT,
    COSIGNED,
    MALFORMED,
    NO_CONTINUATION,
    REFUSALS,
    WRONG_KEY,
    Answer,
    add_checkpoint,
)
from kaoping.core.witness import request_text as asking
from kaoping.files.journal.folder import Journal, LastSigned
from kaoping.files.journal.keys import holds
from kaoping.files.journal.tiles import TileReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from kaoping.core.note import Signer, VerifierKey

LOOPBACK = "127.0.0.1"
PATIENCE = 10
"""Seconds to wait for a witness or for who asks it."""
_NOT_FOUND, _TOO_LARGE, _LENGTH_REQUIRED, _OUT_OF_ORDER = 404, 413, 411, 500
_DIGITS = 16
"""Longest number taken from who is at the other end."""
_PLAIN, _SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness with its key, the journals it knows and the file of what it cosigned last."""

    signer: Signer
    keys: Sequence[VerifierKey]
    state: Path
    clock: Callable[[], int]
    on_first: Callable[[str], None] = lambda _origin: None
    """Told the name of a journal that is cosigned without anything being known of it."""

    def answer(self, request: str) -> Answer:
        """Judge a request; what is cosigned is kept on the disk before it is answered."""
        kept = LastSigned(self.state)
        with kept.alone():
            held = kept.all()
            by_name = {key.name: [k for k in self.keys if k.name == key.name] for key in self.keys}
            answer = add_checkpoint(
                held,
                request,
                keys=by_name,
                witness=self.signer,
                now=self.clock(),
                verify=holds,
            )
            if answer.cosigned is not None:
                kept.keep(answer.cosigned)
                if answer.cosigned.origin not in held:
                    self.on_first(answer.cosigned.origin)
            return answer

    def held_size(self, origin: str) -> int:
        """How many entries of a journal it has cosigned."""
        last = LastSigned(self.state).of(origin)
        return last.size if last else 0


def require_cosigned(answer: Answer, request: str = "") -> str:
    """The cosignature line.

    Args:
        answer: what the witness said.
        request: what it was asked, where that is known: a request made for another size than the
            witness holds is no sign of anything wrong.

    Raises:
        RefusedError: saying why the witness refused.
    """
    if answer.status == COSIGNED:
        return answer.text
    held = size_held(answer)
    if held is not None and _asks_from_elsewhere(request, held):
        raise RefusedError(
            f"见证人没有签署：见证人已签到 {held} 条，请用 --held {held} 重新生成请求"
            "（kaoping witness ask）。",
            f"The witness did not cosign: it holds {held} entries and the request is made for "
            f"another size. Make it anew with --held {held} (kaoping witness ask).",
        )
    zh, en = REFUSALS.get(answer.status, (f"状态 {answer.status}", f"status {answer.status}"))
    at = f"（见证人持有 {held} 条）" if held is not None else ""
    is_grave = answer.status in _GRAVE
    what = "请核实日志是否完整；若确有改动，请保留双方文件作为证据。" if is_grave else ""
    todo = " Find out whether the journal is whole; keep both files." if is_grave else ""
    raise RefusedError(
        f"见证人没有签署：{zh}{at}。{what}", f"The witness did not cosign: {en}.{todo}"
    )


_GRAVE = (WRONG_KEY, CONFLICT, NO_CONTINUATION)
"""Refusals that may mean that somebody changed a journal."""
_SIZES = re.compile(
    r"old (?P<old>0|[1-9][0-9]{0,15})\n(?:[^\n]+\n)*\n[^\n]+\n(?P<new>0|[1-9][0-9]{0,15})\n"
)
"""The size a request goes out from, and that of its checkpoint."""


def size_held(answer: Answer) -> int | None:
    """The size that a witness says it holds when it refuses with a conflict."""
    size = answer.text.strip()
    is_size = size.isascii() and size.isdecimal() and len(size) <= _DIGITS
    return int(size) if answer.status == CONFLICT and is_size else None


def _asks_from_elsewhere(request: str, held: int) -> bool:
    """Whether a request goes out from another size than the witness holds, and does not shrink."""
    match = _SIZES.match(request)
    return match is not None and int(match["old"]) != held and int(match["new"]) >= held


def request_of(journal: Journal, old_size: int) -> str:
    """What a journal asks a witness that holds `old_size` entries.

    Raises:
        RefusedError: where the witness holds more than the journal has.
    """
    signed = journal.checkpoint()
    if old_size > signed.checkpoint.size:
        raise RefusedError(
            f"见证人已签到 {old_size} 条，日志只有 {signed.checkpoint.size} 条：日志被退回到了较早的"
            "状态，没有签署。请恢复完整的日志。",
            f"ROLLBACK: the witness holds {old_size} entries and the journal has only "
            f"{signed.checkpoint.size}; nothing was cosigned. Restore the whole journal.",
        )
    proof = TileReader(journal.folder, signed.checkpoint.size).consistency(old_size)
    return asking(old_size, proof, signed.content)


# --- over HTTP ------------------------------------------------------------------------------------


def make_server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """A server for `POST /add-checkpoint`; its caller runs and ends it.

    Raises:
        EnvironmentFault: where the port is taken or may not be used.
    """

    class Handler(_Handler):
        served = witness

    try:
        return ThreadingHTTPServer((host, port), Handler)
    except (OSError, OverflowError) as error:
        raise EnvironmentFault(
            f"不能在 {host}:{port} 上提供服务：{error}。请换一个端口，或停止占用它的程序。",
            f"Cannot serve on {host}:{port}: {error}. Choose another port.",
        ) from None


class _Handler(BaseHTTPRequestHandler):
    served: ClassVar[Witness]
    protocol_version = "HTTP/1.1"
    server_version = f"kaoping-witness/{__version__}"
    sys_version = ""
    timeout = PATIENCE
    _turn: ClassVar[Lock] = Lock()

    def do_POST(self) -> None:
        """Answer a request."""
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint":
            self._say(_NOT_FOUND, "")
        elif not length.isascii() or not length.isdecimal():
            self._say(_LENGTH_REQUIRED, "")
        elif len(length) > _DIGITS or int(length) > MAX_NOTE:
            self._say(_TOO_LARGE, "")
        else:
            self._judge(self.rfile.read(int(length)))

    def _judge(self, content: bytes) -> None:
        try:
            request = content.decode("utf-8")
        except UnicodeDecodeError:
            self._say(MALFORMED, "")
            return
        try:
            with self._turn:
                answer = self.served.answer(request)
        except KaopingError as error:  # its disk is full, its state is damaged: for who runs it
            self.log_error("%s", error.en)
            self._say(_OUT_OF_ORDER, "")
            return
        self._say(answer.status, answer.text, _SIZE if answer.status == CONFLICT else _PLAIN)

    def _say(self, status: int, text: str, kind: str = _PLAIN) -> None:
        content = text.encode()
        if status in {_NOT_FOUND, _LENGTH_REQUIRED, _TOO_LARGE}:
            self.close_connection = True  # what else was sent is not read
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """One line for each request, without more than method, path and status."""
        super().log_message(format.replace("\n", " "), *args)


def ask(url: str, journal: Journal, guess: int) -> str:
    """Ask a witness over HTTP for its cosignature; a conflict tells which size it holds.

    Args:
        url: the witness's submission prefix, like `http://127.0.0.1:8423`.
        journal: whose checkpoint is to be cosigned.
        guess: the size it is believed to hold.

    Raises:
        RefusedError: where the witness refuses.
        EnvironmentFault: where it cannot be reached.
    """
    request = request_of(journal, guess)
    answer = _post(url, request)
    size = size_held(answer)
    if size is not None and size != guess:
        request = request_of(journal, size)
        answer = _post(url, request)
    return require_cosigned(answer, request)


def _post(url: str, request: str) -> Answer:
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    try:
        place = urlsplit(url)
        is_address, port = place.scheme in kinds and place.hostname is not None, place.port
    except ValueError:
        is_address = False
    if not is_address:
        raise InputError(
            f"“{url}”不是见证人的地址，请写成 http://主机:端口。",
            f"“{url}” is no address of a witness; write it like http://host:port.",
        )
    try:
        connection = kinds[place.scheme](place.hostname or "", port, timeout=PATIENCE)
        with _closing(connection):
            connection.request("POST", f"{place.path.rstrip('/')}/add-checkpoint", request.encode())
            reply = connection.getresponse()
            text = reply.read(MAX_NOTE).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise EnvironmentFault(
            f"联系不上见证人 {url}：{error}。日志照常可用，稍后再请它签署。",
            f"The witness at {url} cannot be reached: {error}. The journal goes on; ask it later.",
        ) from None
    return Answer(reply.status, text)


@contextmanager
def _closing(connection: http.client.HTTPConnection) -> Iterator[None]:
    try:
        yield
    finally:
        connection.close()
