"""Signed notes (C2SP signed-note) and cosignatures (C2SP tlog-cosignature): a text and who signed it.

A note is a text, an empty line and signature lines `— name base64(key id ‖ signature)`. Who verifies
holds *verifier keys*, `name+hex key id+base64(kind ‖ public key)`, got on paper or on a stick, never
from where the note came from. Lines of unknown keys are passed over; a line of a known key that does
not verify condemns the whole note.

The arithmetic of signatures comes in as a parameter: `core` knows only what is signed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from kaoping.core.errors import InputError, TamperError

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_NOTE = 100_000
"""Longest note accepted, in bytes."""
MAX_SIGNATURES = 100
MAX_TIME = 2**63 - 1
"""Latest time of a cosignature, in seconds since 1970 (C2SP tlog-cosignature)."""
_KEY_ID = 4
_TIME = 8
_DASH = "\u2014"
_SM2_MARK = b"kaoping/sm2"
"""Distinguishes our use of the signature kind that the standard leaves to everybody (0xff)."""


class KeyKind(IntEnum):
    """What a key signs with: the kind byte of signed-note."""

    ED25519 = 0x01
    COSIGNATURE = 0x04
    """A witness's Ed25519 signature over the text and a time."""
    SM2 = 0xFF
    """国密 SM2 with SM3, for who must; other verifiers pass over it."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name, as it is handed to who verifies.

    Attributes:
        name: whose key it is, like `kaoping.example/2024`; without blanks and plus signs.
        kind: what it signs with.
        public: the public key, in bytes: 32 of Ed25519; 64 of SM2 (x ‖ y).
    """

    name: str
    kind: KeyKind
    public: bytes

    @property
    def encoded(self) -> bytes:
        """Kind and public key, as the key id and the text are made from."""
        mark = _SM2_MARK if self.kind is KeyKind.SM2 else b""
        return bytes([self.kind]) + mark + self.public

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ newline ‖ kind ‖ public key)."""
        return sha256(self.name.encode() + b"\n" + self.encoded).digest()[:_KEY_ID]

    @property
    def text(self) -> str:
        """The one line that says it all (vkey)."""
        return f"{self.name}+{self.id.hex()}+{to_base64(self.encoded)}"


Verify = Callable[[VerifierKey, bytes, bytes], bool]
"""Whether a signature (third) of a key (first) over a message (second) holds."""
Sign = Callable[[bytes], bytes]
"""The signature over a message."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs notes: a verifier key and the signing that belongs to it."""

    key: VerifierKey
    sign: Sign


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that was verified; `time` is that of a cosignature, in seconds since 1970."""

    key: VerifierKey
    time: int | None


@dataclass(frozen=True, slots=True)
class Note:
    """A note that was opened: its text with the final newline, and the verified signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def signed_by(self, key: VerifierKey) -> bool:
        """Whether this key signed."""
        return any(signature.key == key for signature in self.signatures)


def to_base64(content: bytes) -> str:
    """Bytes in standard base 64."""
    return base64.b64encode(content).decode()


def from_base64(text: str) -> bytes | None:
    """The bytes of a base 64 text, or None where it is not the one way to write them."""
    try:
        content = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        return None
    return content if to_base64(content) == text else None


# --- keys -----------------------------------------------------------------------------------------

_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_SIZES = {KeyKind.ED25519: 32, KeyKind.COSIGNATURE: 32, KeyKind.SM2: 64}


def valid_name(name: str) -> bool:
    """Whether a key or a journal may be called that: no blanks, plus or control signs."""
    return bool(_NAME.fullmatch(name)) and name.isprintable()


def parse_vkey(text: str) -> VerifierKey:
    """The key of a vkey line.

    Raises:
        InputError: where it is not one, or its id does not belong to it.
    """
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    content = from_base64(encoded)
    if not valid_name(name) or not content or content[0] not in set(KeyKind):
        raise _bad_key(text)
    kind = KeyKind(content[0])
    mark = _SM2_MARK if kind is KeyKind.SM2 else b""
    public = content[1 + len(mark) :]
    key = VerifierKey(name, kind, public)
    if content != key.encoded or len(public) != _SIZES[kind] or key.id.hex() != key_id:
        raise _bad_key(text)
    return key


def _bad_key(text: str) -> InputError:
    shown = "".join(c if c.isprintable() else "?" for c in text.strip()[:80])
    return InputError(
        f"“{shown}”不是完好的公钥。公钥是一行“名称+编号+公钥”，请照纸上或 vkey 文件中的整行使用。",
        f"“{shown}” is not a sound verifier key: one line “name+id+key”. Use the whole line.",
    )


# --- signing --------------------------------------------------------------------------------------


def signed(text: str, signers: Sequence[Signer]) -> str:
    """A note over a text that ends with a newline."""
    return text + "\n" + "".join(signature_line(text, signer) for signer in signers)


def signature_line(text: str, signer: Signer, time: int | None = None) -> str:
    """One signature line; a cosignature, and nothing else, says when, in seconds since 1970.

    Raises:
        ValueError: where the line could not be opened again.
    """
    is_cosignature = signer.key.kind is KeyKind.COSIGNATURE
    if not text.endswith("\n") or is_cosignature != (time is not None):
        raise ValueError(text)
    stamp = b"" if time is None else time.to_bytes(_TIME, "big")
    signature = signer.sign(_message(text, time))
    return f"{_DASH} {signer.key.name} {to_base64(signer.key.id + stamp + signature)}\n"


def _message(text: str, time: int | None) -> bytes:
    """What is signed: the text, and for a cosignature the time before it."""
    head = "" if time is None else f"cosignature/v1\ntime {time}\n"
    return (head + text).encode()


# --- verifying ------------------------------------------------------------------------------------

_SIGNATURE_LINE = re.compile(rf"{_DASH} ([^\s+]+) ([A-Za-z0-9+/]+={{0,2}})")


def divided(content: str) -> tuple[str, list[str]]:
    """Text and signature lines of a note, none of them verified yet.

    Raises:
        TamperError: where it has not the form of a note.
    """
    text, gap, tail = content.rpartition("\n\n")
    lines = tail.split("\n")
    stray = any((c < " " and c != "\n") or "\ud800" <= c <= "\udfff" for c in content)
    whole = bool(gap and text) and lines[-1] == "" and len(lines) > 1
    if stray or not whole or len(content.encode()) > MAX_NOTE:
        raise _broken("不完整，或含有不该有的字符", "it is incomplete or holds stray characters")
    if len(lines) - 1 > MAX_SIGNATURES:
        raise _broken("签名行过多", "it has too many signature lines")
    return text + "\n", lines[:-1]


def open_note(content: str, keys: Sequence[VerifierKey], verify: Verify) -> Note:
    """The text of a note and who of the known keys signed it.

    Raises:
        TamperError: where it is no note, a known key's line does not verify, or no known key signed.
    """
    text, lines = divided(content)
    known = {(key.name, key.id): key for key in keys}
    found: dict[VerifierKey, Signature] = {}
    for line in lines:
        match = _SIGNATURE_LINE.fullmatch(line)
        packed = from_base64(match[2]) if match else None
        if match is None or packed is None or len(packed) <= _KEY_ID:
            raise _broken("签名行无法读取", "a signature line cannot be read")
        key = known.get((match[1], packed[:_KEY_ID]))
        if key is not None:
            found.setdefault(key, _verified(text, key, packed[_KEY_ID:], verify))
    if not found:
        raise _broken("没有所给公钥的签名", "none of the given keys signed it")
    return Note(text, tuple(found.values()))


def _verified(text: str, key: VerifierKey, packed: bytes, verify: Verify) -> Signature:
    """One line of a known key.

    Raises:
        TamperError: where it does not verify.
    """
    time, signature = None, packed
    if key.kind is KeyKind.COSIGNATURE:
        time, signature = int.from_bytes(packed[:_TIME], "big"), packed[_TIME:]
    in_time = time is None or time <= MAX_TIME
    if not in_time or not verify(key, _message(text, time), signature):
        raise _broken(f"{key.name} 的签名不成立", f"the signature of {key.name} does not hold")
    return Signature(key, time)


def _broken(zh: str, en: str) -> TamperError:
    return TamperError(
        f"签名文本核对不通过：{zh}。请勿采用，并向出具方索取原件核实。",
        f"The signed note does not verify: {en}. Do not use it; ask whoever issued it.",
    )
