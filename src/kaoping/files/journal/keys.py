"""Keys on disk and the arithmetic of signatures: Ed25519, and where an office must, SM2 with SM3.

A signing key is a PEM file (PKCS #8) that only its owner may read; `openssl genpkey -algorithm
ed25519` makes one, too. It never lies in a journal. Verifier keys come from paper or from a stick.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import ExitStack, contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from kaoping.core.errors import EnvironmentFault, InputError, RefusedError
from kaoping.core.journal import SALT_SIZE, require_origin
from kaoping.core.note import KeyKind, Signer, VerifierKey
from kaoping.files.atomic import sync, told_plainly
from kaoping.files.contents import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from kaoping.core.journal import Salts

MAX_KEY_FILE = 10_000
_OWNER_ONLY = 0o600
_SM2_HEADER: Final = "kaoping-sm2-key/1"


# --- signing keys ---------------------------------------------------------------------------------


class SigningKey:
    """A private Ed25519 key; it shows itself to nobody."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    @classmethod
    def fresh(cls) -> SigningKey:
        """A key that nobody has used."""
        return cls(Ed25519PrivateKey.generate())

    def verifier(self, name: str, kind: KeyKind = KeyKind.ED25519) -> VerifierKey:
        """Its public half under a name.

        Raises:
            InputError: where the name cannot be one.
        """
        public = self._private.public_key().public_bytes_raw()
        return VerifierKey(require_origin(name), kind, public)

    def signer(self, name: str, kind: KeyKind = KeyKind.ED25519) -> Signer:
        """Who signs with it under a name."""
        return Signer(self.verifier(name, kind), self._private.sign)

    def salts(self) -> Salts:
        """Salts derived from the key (HKDF-SHA256): the same for one label, secret without the key."""
        secret = self._private.private_bytes_raw()

        def derived(label: str) -> bytes:
            info = b"kaoping salt\n" + label.encode()
            return HKDF(SHA256(), SALT_SIZE, salt=None, info=info).derive(secret)

        return derived

    @property
    def pem(self) -> bytes:
        """The key as it is kept (PKCS #8, PEM)."""
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def fresh_salt(_label: str) -> bytes:
    """A salt nobody can guess."""
    return secrets.token_bytes(SALT_SIZE)


def make_key(path: Path) -> SigningKey:
    """Make a signing key in a new file that only its owner may read.

    Raises:
        RefusedError: where the file exists; a key is never overwritten.
        EnvironmentFault: where it cannot be written.
    """
    key = SigningKey.fresh()
    keep_key(path, key)
    return key


def keep_key(path: Path, key: SigningKey) -> None:
    """Put a signing key into a new file that only its owner may read.

    Raises:
        RefusedError: where the file exists.
        EnvironmentFault: where it cannot be written.
    """
    _write_secret(path, key.pem)


def read_key(path: Path) -> SigningKey:
    """The signing key of a file.

    Raises:
        InputError: where there is no such file, or it holds no Ed25519 key without a password.
        RefusedError: where others than its owner may read it.
    """
    content = _read_secret(path)
    try:
        private = load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _no_key(path) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise _no_key(path)
    return SigningKey(private)


def _no_key(path: Path) -> InputError:
    return InputError(
        f"{path.name} 不是可用的签名密钥。需要 PEM 格式、不带密码的 Ed25519 私钥，"
        "可用 kaoping key make 生成。",
        f"{path.name} is no usable signing key. A private Ed25519 key as PEM without a password is "
        "needed; kaoping key make makes one.",
    )


def _write_secret(path: Path, content: bytes) -> None:
    with told_plainly(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        except FileExistsError:
            raise RefusedError(
                f"{path} 已经存在，密钥从不覆盖，没有写入。请换一个文件名。",
                f"{path} exists; a key is never overwritten, nothing was written. Choose another name.",
            ) from None
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            sync(path.parent)
        except OSError:
            path.unlink()  # half a key would be in the way of the next attempt
            raise


def _read_secret(path: Path) -> bytes:
    content = read_bytes(path, MAX_KEY_FILE)
    if stat.S_IMODE(path.stat().st_mode) & ~_OWNER_ONLY:
        raise RefusedError(
            f"密钥文件 {path} 别人也能读写，没有使用。请先执行 chmod 600 {path}；"
            "若可能已被人取走，请更换密钥。",
            f"Others may read or write the key file {path}; it was not used. Run chmod 600 {path}, "
            "and replace the key if somebody may have taken it.",
        )
    return content


# --- signatures -----------------------------------------------------------------------------------


def holds(key: VerifierKey, message: bytes, signature: bytes) -> bool:
    """Whether a signature over a message is of this key; `Verify` of `core.note`.

    Raises:
        EnvironmentFault: where the key is an SM2 key and no SM2 library is installed.
    """
    if key.kind is KeyKind.SM2:
        return _sm2_holds(key.public, message, signature)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- SM2 ------------------------------------------------------------------------------------------


def _sm2() -> Any:  # noqa: ANN401 - a library without types
    try:
        import gmssl_pyx  # noqa: PLC0415 - an office that needs no SM2 need not install it
    except ImportError:
        raise EnvironmentFault(
            "没有安装国密 SM2 组件。请安装 kaoping[sm2]，或不使用 SM2 密钥。",
            "SM2 is not installed. Install kaoping[sm2], or do not use an SM2 key.",
        ) from None
    return gmssl_pyx


def make_sm2_key(path: Path) -> None:
    """Make an SM2 key in a new file that only its owner may read.

    Raises:
        RefusedError: where the file exists.
        EnvironmentFault: where SM2 is not installed.
    """
    public, private = _sm2().sm2_key_generate()
    _write_secret(path, f"{_SM2_HEADER}\n{private.hex()}\n{public.hex()}\n".encode())


def sm2_signer(path: Path, name: str) -> Signer:
    """Who signs with the SM2 key of a file under a name.

    Raises:
        InputError: where the file holds no SM2 key of ours.
        RefusedError: where others than its owner may read it.
        EnvironmentFault: where SM2 is not installed.
    """
    lines = _read_secret(path).decode("ascii", "replace").splitlines()
    try:
        header, private, public = lines
        pair = bytes.fromhex(private), bytes.fromhex(public)
    except ValueError:
        header, pair = "", (b"", b"")
    library = _sm2()
    if header != _SM2_HEADER or not _is_sm2_pair(library, *pair):
        raise InputError(
            f"{path.name} 不是 SM2 密钥文件，可用 kaoping key make --sm2 生成。",
            f"{path.name} holds no SM2 key; kaoping key make --sm2 makes one.",
        )
    key = VerifierKey(require_origin(name), KeyKind.SM2, pair[1])
    return Signer(key, lambda message: library.sm2_sign(pair[0], pair[1], message))


def _is_sm2_pair(library: Any, private: bytes, public: bytes) -> bool:  # noqa: ANN401 - as above
    """Whether what one half signs the other verifies."""
    try:
        signature = library.sm2_sign(private, public, b"")
    except (library.GmsslInnerError, library.InvalidValueError):
        return False
    return _sm2_holds(public, b"", signature)


def _sm2_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    library = _sm2()
    try:
        with _unheard():
            return bool(library.sm2_verify(public, message, signature))
    except (library.GmsslInnerError, library.InvalidValueError, ValueError):
        return False


_STDERR = 2
_TURN = Lock()
"""There is one standard error for all threads: one at a time turns it away."""


@contextmanager
def _unheard() -> Iterator[None]:
    """Keep the library's traces of a bad signature, which it writes past us, from standard error."""
    with _TURN, ExitStack() as undone:
        with suppress(OSError):  # closed already, or no more files: then it may be heard
            kept = os.dup(_STDERR)
            undone.callback(os.close, kept)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            undone.callback(os.close, nowhere)
            os.dup2(nowhere, _STDERR)
            undone.callback(os.dup2, kept, _STDERR)
        yield
