"""Ed25519 from `cryptography`, and notes written by hand, so that no code of ours signs or checks."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

if TYPE_CHECKING:
    from kaoping.core.note import VerifierKey

PLAIN, COSIGNING = 1, 4
"""Kinds of keys in signed-note and tlog-cosignature."""


def private_key(seed: int) -> Ed25519PrivateKey:
    """A key that is the same in every run."""
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def key_id(name: str, kind: int, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def packed(content: bytes) -> str:
    return base64.b64encode(content).decode()


def line(name: str, content: bytes) -> str:
    """A signature line, whatever it holds."""
    return f"\u2014 {name} {packed(content)}\n"


def plain_line(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The line of a signature over the text itself."""
    identity = key_id(name, PLAIN, public_bytes(key))
    return line(name, identity + key.sign(text.encode()))


def cosignature_line(text: str, name: str, key: Ed25519PrivateKey, time: int) -> str:
    """The line of a witness who says when."""
    identity = key_id(name, COSIGNING, public_bytes(key))
    signature = key.sign(f"cosignature/v1\ntime {time}\n{text}".encode())
    return line(name, identity + time.to_bytes(8, "big") + signature)


def checkpoint_note(origin: str, size: int, root: bytes, key: Ed25519PrivateKey) -> str:
    """A checkpoint signed in the log's own name."""
    text = f"{origin}\n{size}\n{packed(root)}\n"
    return f"{text}\n{plain_line(text, origin, key)}"


def verified(key: VerifierKey, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature holds: what `open_note` is handed."""
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        return False
    return True
