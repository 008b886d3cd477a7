"""sigstore-python as a judge of receipts: written by others, from the same standards.

Only the objects it wants are built here; what holds and what does not is its own word. Its size
and root stand in the proof itself, and the signed note is judged apart from it.
"""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import ValidationError
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint, verify_checkpoint
from sigstore._internal.trust import Keyring, RekorKeyring
from sigstore.errors import VerificationError
from sigstore.models import TransparencyLogEntry
from sigstore_models.common.v1 import PublicKey, PublicKeyDetails
from sigstore_models.rekor.v1 import TransparencyLogEntry as Model

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_NOTE = "judged apart"
REFUSALS = (VerificationError, ValidationError, binascii.Error)
"""How it says no: the last two where what it is handed has not even the form."""


def inclusion_holds(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether an entry stands at an index of the tree of that size and root."""
    try:
        verify_merkle_inclusion(_entry(leaf, index, size, path, root))
    except REFUSALS:
        return False
    return True


def checkpoint_holds(note: str, name: str, public: bytes, root: bytes) -> bool:
    """Whether a checkpoint with this root is signed by the Ed25519 key of that name."""
    try:
        entry = _entry(b"", 0, 1, [], root, note, _key_id(name, public))
        verify_checkpoint(_keyring(public), entry)
    except REFUSALS:
        return False
    return True


def receipt_holds(
    leaf: bytes, index: int, path: Sequence[bytes], note: str, name: str, public: bytes
) -> bool:
    """Both at once: the tree is the one that the checkpoint tells of."""
    try:
        told = SignedCheckpoint.from_text(note).checkpoint
    except REFUSALS:
        return False
    root = bytes.fromhex(told.log_hash)
    return inclusion_holds(leaf, index, told.log_size, path, root) and checkpoint_holds(
        note, name, public, root
    )


def _entry(
    leaf: bytes,
    index: int,
    size: int,
    path: Sequence[bytes],
    root: bytes,
    note: str = NO_NOTE,
    log_id: bytes = b"",
) -> TransparencyLogEntry:
    proof = {
        "log_index": str(index),
        "root_hash": _text(root),
        "tree_size": str(size),
        "hashes": [_text(step) for step in path],
        "checkpoint": {"envelope": note},
    }
    return TransparencyLogEntry(
        Model.from_dict(
            {
                "log_index": "0",
                "log_id": {"key_id": _text(log_id)},
                "kind_version": {"kind": "", "version": ""},
                "inclusion_proof": proof,
                "canonicalized_body": _text(leaf),
            }
        )
    )


def _keyring(public: bytes) -> RekorKeyring:
    key = Ed25519PublicKey.from_public_bytes(public)
    told = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    details = PublicKeyDetails.PKIX_ED25519
    encoded = PublicKey(raw_bytes=base64.b64encode(told), key_details=details)
    return RekorKeyring(Keyring([encoded]))


def _key_id(name: str, public: bytes) -> bytes:
    """The key id of signed-note; the keyring has only one key, which it then tries."""
    return sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
