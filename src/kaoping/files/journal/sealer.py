"""存证服务, a process of its own that holds the journal's key, asked over a local socket.

It is handed entries and never opens a database; docs/formats/sealer.md says its protocol. One loop,
no threads: whatever arrived while a checkpoint was being signed is signed together by the next one.
What is sent to it is bounded, and nobody who sends half a message or nothing keeps others waiting.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Final

from kaoping.core.errors import EnvironmentFault, InputError, KaopingError, TamperError
from kaoping.core.journal import SignedCheckpoint, open_checkpoint
from kaoping.core.note import MAX_NOTE
from kaoping.files.journal.keys import holds
from kaoping.files.journal.signatory import Answer, Handed, Wanted
from kaoping.files.journal.tiles import bundled, unbundled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from kaoping.core.note import VerifierKey
    from kaoping.files.journal.signatory import Signatory

MAX_BUNDLE: Final = 1_000_000
"""Most bytes of entries in one request; whoever has more sends them one after the other."""
MAX_CLIENTS: Final = 64
"""Connections that are looked after at once; further ones wait in the queue of the socket."""
PATIENCE = 10.0
"""Seconds that a connection may stay without a whole request."""
IDLE = 1.0
"""Seconds without work after which partial tiles are synced."""
_MAX_LINE: Final = 64
_MAX_NUMBER: Final = 15
_ANSWER_LIMIT: Final = 2 * MAX_NOTE
_ACCESS = 0o660
_FAULT, _TAMPER, _INPUT = "fault", "tamper", "input"


# --- the words ------------------------------------------------------------------------------------


def request_of(handed: Handed) -> bytes:
    """A request: `seal <first> <bytes>`, and the entries as a bundle holds them."""
    bundle = bundled(handed.entries)
    return f"seal {handed.first} {len(bundle)}\n".encode() + bundle


def taken_request(received: bytearray) -> Handed | None:
    """Take the first whole request off what was received; None while it is not whole.

    Raises:
        InputError: where this can be none.
    """
    head, _, _ = bytes(received[: _MAX_LINE + 1]).partition(b"\n")
    if len(head) == len(received) and len(head) <= _MAX_LINE:
        return None
    match head.split(b" "):
        case [b"seal", first, length] if _is_number(first) and _is_number(length):
            end = len(head) + 1 + int(length)
        case _:
            raise _no_request()
    if int(length) > MAX_BUNDLE:
        raise _no_request()
    if len(received) < end:
        return None
    entries = unbundled(bytes(received[len(head) + 1 : end]))
    if entries is None or not all(entries):
        raise _no_request()
    del received[:end]
    return Handed(int(first), entries)


def answer_text(answer: Answer) -> bytes:
    """What is answered: `signed`, `wanted` or `refused`."""
    match answer:
        case SignedCheckpoint():
            note = answer.content.encode()
            return f"signed {len(note)}\n".encode() + note
        case Wanted():
            return f"wanted {answer.first} {answer.least}\n".encode()
        case KaopingError():
            text = f"{answer.zh}\n{answer.en}".encode()
            return f"refused {_family(answer)} {len(text)}\n".encode() + text


def _family(error: KaopingError) -> str:
    match error:
        case TamperError():
            return _TAMPER
        case InputError():
            return _INPUT
        case _:
            return _FAULT  # somebody else is writing, the disk is full: ask again later


def read_answer(received: bytes, key: VerifierKey) -> SignedCheckpoint | Wanted | None:
    """The answer to a request; None while it is not whole.

    Args:
        received: so far.
        key: of the journal; a checkpoint that it did not sign is believed from nobody.

    Raises:
        TamperError, InputError, EnvironmentFault: what the sealer refused for.
    """
    head, ended, rest = received.partition(b"\n")
    match head.split(b" ") if ended else []:
        case [] if len(received) <= _MAX_LINE:
            return None
        case [b"wanted", first, least] if _is_number(first) and _is_number(least):
            return Wanted(int(first), int(least))
        case [b"signed", length] if _is_number(length) and int(length) <= MAX_NOTE:
            if len(rest) < int(length):
                return None
            return open_checkpoint(rest.decode("utf-8", "replace"), [key], holds)
        case [b"refused", family, length] if _is_number(length) and int(length) <= MAX_NOTE:
            if len(rest) < int(length):
                return None
            zh, _, en = rest.decode("utf-8", "replace").partition("\n")
            raise _FAMILIES.get(family.decode("ascii", "replace"), EnvironmentFault)(zh, en)
        case _:
            raise _no_answer("不合约定的应答", "an answer that is none")


_FAMILIES: dict[str, type[KaopingError]] = {
    _TAMPER: TamperError,
    _INPUT: InputError,
    _FAULT: EnvironmentFault,
}


def _is_number(word: bytes) -> bool:
    return word.isdigit() and len(word) <= _MAX_NUMBER


def _no_request() -> InputError:
    return InputError(
        "收到的不是存证请求，没有签署。格式见 docs/formats/sealer.md。",
        "What was received is no request of docs/formats/sealer.md; nothing was signed.",
    )


# --- asking ---------------------------------------------------------------------------------------


def ask(place: Path, handed: Handed, key: VerifierKey, seconds: float) -> SignedCheckpoint | Wanted:
    """Ask the sealer at a socket to sign.

    Args:
        place: the socket.
        handed: entries, at most `MAX_BUNDLE` bytes of them.
        key: of the journal.
        seconds: how long to wait altogether.

    Raises:
        EnvironmentFault: where it does not answer in time.
        TamperError, InputError: what it refused for.
    """
    until = monotonic() + seconds
    received = b""
    try:
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(seconds)
            wire.connect(str(place))
            wire.sendall(request_of(handed))
            while (answer := read_answer(received, key)) is None:
                wire.settimeout(max(0.001, until - monotonic()))
                more = wire.recv(65536)
                if not more or len(received) > _ANSWER_LIMIT:
                    raise _no_answer("连接中断", "the connection was closed")
                received += more
            return answer
    except OSError as error:
        why = error.strerror or str(error)
        raise _no_answer(f"{place}：{why}", f"{place}: {why}") from None


def _no_answer(zh: str, en: str) -> EnvironmentFault:
    return EnvironmentFault(
        f"存证服务没有应答（{zh}）。请系统管理员检查 kaoping seal 是否在运行。",
        f"The sealer does not answer ({en}). See whether kaoping seal is running.",
    )


# --- serving --------------------------------------------------------------------------------------


@contextmanager
def listening(place: Path) -> Iterator[socket.socket]:
    """The socket on which the sealer is asked: open to its owner and group, gone afterwards.

    Raises:
        EnvironmentFault: where another sealer answers there, or the place cannot be used.
    """
    _clear(place)
    with socket.socket(socket.AF_UNIX) as listener:
        former = os.umask(0o777 & ~_ACCESS)
        try:
            listener.bind(str(place))
        except OSError as error:
            raise EnvironmentFault(
                f"不能在 {place} 上提供存证服务：{error}。请检查文件夹是否存在、路径是否过长。",
                f"Cannot serve at {place}: {error}. See whether the folder is there and the path "
                "is not too long.",
            ) from None
        finally:
            os.umask(former)
        try:
            listener.listen(MAX_CLIENTS)
            listener.settimeout(0)
            yield listener
        finally:
            place.unlink(missing_ok=True)


def _clear(place: Path) -> None:
    """Remove a socket that a killed sealer left; anything else stays."""
    try:
        is_socket = stat.S_ISSOCK(place.lstat().st_mode)
    except OSError:
        return
    with socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(1)
        try:
            wire.connect(str(place))
        except OSError as error:
            if is_socket and error.errno == errno.ECONNREFUSED:
                place.unlink(missing_ok=True)
                return
    raise EnvironmentFault(
        f"{place} 已被占用：另一个存证服务正在运行，或者它不是套接字。没有启动。",
        f"{place} is taken: another sealer is running, or it is no socket. Not started.",
    )


@dataclass(slots=True)
class _Client:
    """One who is connected."""

    wire: socket.socket
    due: float
    received: bytearray = field(default_factory=bytearray)


class Sealer:
    """The loop.

    Args:
        signatory: signs.
        listener: the socket of `listening`.
        woken: a descriptor that becomes readable when the loop shall end.
        report: is told what goes wrong, for the log of the machine.
    """

    def __init__(
        self,
        signatory: Signatory,
        listener: socket.socket,
        woken: int,
        report: Callable[[KaopingError], None],
    ) -> None:
        self._signatory, self._listener, self._woken = signatory, listener, woken
        self._report = report
        self._clients: dict[int, _Client] = {}
        self._unsettled = False

    def serve(self) -> None:
        """Answer until woken; what was asked for by then is still signed."""
        with selectors.DefaultSelector() as selector:
            self._selector = selector
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            goes_on = True
            while goes_on:
                ready = {key.fd for key, _ in selector.select(IDLE)}
                goes_on = self._woken not in ready
                if self._listener.fileno() in ready:
                    self._accept()
                asked = [
                    (client, handed)
                    for client in [self._clients[fd] for fd in ready & self._clients.keys()]
                    for handed in self._read(client)
                ]
                if asked:
                    self._answer(asked)
                elif not ready:
                    self._settle()
                self._drop_late()
            self._settle()
            for client in [*self._clients.values()]:
                self._drop(client)

    def _accept(self) -> None:
        while len(self._clients) < MAX_CLIENTS:
            try:
                wire, _ = self._listener.accept()
            except OSError:  # nobody more is waiting, or who was is gone
                break
            wire.settimeout(0)
            self._clients[wire.fileno()] = _Client(wire, monotonic() + PATIENCE)
            self._selector.register(wire, selectors.EVENT_READ)
        if len(self._clients) == MAX_CLIENTS:
            self._selector.unregister(self._listener)

    def _read(self, client: _Client) -> Iterator[Handed]:
        """The request of a client, once it is whole; the next one only after its answer."""
        try:
            more = client.wire.recv(MAX_BUNDLE)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        client.received += more
        try:
            handed = taken_request(client.received) if more else None
            if handed is not None and client.received:
                raise _no_request()
        except InputError as error:
            self._say(client, error)
            self._drop(client)
            return
        if not more:
            self._drop(client)
        elif handed is not None:
            yield handed

    def _answer(self, asked: Sequence[tuple[_Client, Handed]]) -> None:
        """One checkpoint for all who asked."""
        answers: Sequence[Answer]
        try:
            answers = self._signatory.sign([handed for _, handed in asked])
        except KaopingError as error:
            answers = [error] * len(asked)
        except OSError as error:
            text = f"{error.strerror}: {error.filename}"
            answers = [EnvironmentFault(f"存证服务不能写盘：{text}。", f"Cannot write: {text}.")]
            answers *= len(asked)
        self._unsettled = True
        for one in dict.fromkeys(a for a in answers if isinstance(a, KaopingError)):
            self._report(one)
        for (client, _), answer in zip(asked, answers, strict=True):
            client.due = monotonic() + PATIENCE
            if not self._say(client, answer):
                self._drop(client)

    def _say(self, client: _Client, answer: Answer) -> bool:
        """Answer; False where the client is gone, or does not read what it asked for."""
        content = answer_text(answer)
        try:
            return client.wire.send(content) == len(content)
        except OSError:
            return False

    def _settle(self) -> None:
        if self._unsettled:
            with suppress(KaopingError, OSError):  # tried again after the next signature
                self._signatory.settle()
                self._unsettled = False

    def _drop_late(self) -> None:
        now = monotonic()
        for client in [one for one in self._clients.values() if one.due < now]:
            self._drop(client)

    def _drop(self, client: _Client) -> None:
        if self._clients.pop(client.wire.fileno(), None) is None:
            return
        if len(self._clients) == MAX_CLIENTS - 1:
            self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.unregister(client.wire)
        client.wire.close()
