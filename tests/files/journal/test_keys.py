"""Keys on disk: nobody else's to read, never overwritten; signatures that others accept."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from kaoping.core.errors import EnvironmentFault, InputError, RefusedError
from kaoping.core.journal import SALT_SIZE, Checkpoint, open_checkpoint
from kaoping.core.note import KeyKind, Signer, VerifierKey, open_note, parse_vkey, signed
from kaoping.files.journal.keys import (
    MAX_KEY_FILE,
    SigningKey,
    fresh_salt,
    holds,
    make_key,
    make_sm2_key,
    read_key,
    sm2_signer,
)
from tests.cli.folders import unchanged
from tests.journals import KEY, ORIGIN, OTHER_KEY, VKEY, Disk
from tests.judges import sigstore_judge
from tests.judges.signing import private_key

TEXT = Checkpoint(ORIGIN, 7, bytes(range(32))).text


def pem_of(private, encryption=None):
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


def put(path, content, mode=0o600):
    path.write_bytes(content)
    path.chmod(mode)
    return path


# --- key files ------------------------------------------------------------------------------------


def test_a_key_that_was_made_is_read_again_and_its_owners_alone(tmp_path):
    old = os.umask(0)
    try:
        key = make_key(tmp_path / "new" / "log.pem")
    finally:
        os.umask(old)
    path = tmp_path / "new" / "log.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path).verifier(ORIGIN) == key.verifier(ORIGIN)
    assert path.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")


def test_two_keys_are_never_the_same(tmp_path):
    made = [make_key(tmp_path / str(number)).verifier(ORIGIN).public for number in range(5)]
    assert len(set(made)) == 5


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
def test_a_key_made_by_openssl_is_read(tmp_path):
    path = tmp_path / "openssl.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", path], check=True)
    path.chmod(0o600)
    key = read_key(path)
    told = subprocess.run(
        ["openssl", "pkey", "-in", path, "-pubout", "-outform", "DER"],
        check=True,
        capture_output=True,
    ).stdout
    assert told.endswith(key.verifier(ORIGIN).public)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o602, 0o601, 0o610, 0o660, 0o666])
def test_a_key_that_others_may_read_or_write_is_refused(tmp_path, mode):
    path = put(tmp_path / "log.pem", KEY.pem, mode)
    with unchanged(tmp_path), pytest.raises(RefusedError) as caught:
        read_key(path)
    assert f"chmod 600 {path}" in caught.value.zh
    assert f"chmod 600 {path}" in caught.value.en


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_key_that_only_its_owner_may_read_is_used(tmp_path, mode):
    path = put(tmp_path / "log.pem", KEY.pem, mode)
    assert read_key(path).verifier(ORIGIN) == VKEY


ED25519 = private_key(1)
NO_KEYS = {
    "nothing": b"",
    "a text": "密钥".encode(),
    "a vkey": VKEY.text.encode(),
    "half a key": KEY.pem[: len(KEY.pem) // 2],
    "no base 64": KEY.pem.replace(b"M", b"*"),
    "a public key": ED25519.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    ),
    "with a password": pem_of(ED25519, BestAvailableEncryption(b"secret")),
    "of an elliptic curve": pem_of(ec.generate_private_key(ec.SECP256R1())),
    "x25519": pem_of(x25519.X25519PrivateKey.generate()),
    "rsa": pem_of(rsa.generate_private_key(65537, 2048)),
    "der": ED25519.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
    "openssh": ED25519.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()),
    "too long": KEY.pem + b"\n" * MAX_KEY_FILE,
    "bytes": bytes(range(256)),
}


@pytest.mark.parametrize("content", NO_KEYS.values(), ids=NO_KEYS.keys())
def test_what_is_no_ed25519_key_without_a_password_is_refused(tmp_path, content):
    path = put(tmp_path / "log.pem", content)
    with unchanged(tmp_path), pytest.raises(InputError) as caught:
        read_key(path)
    assert "log.pem" in caught.value.zh


def test_the_key_itself_is_never_told(tmp_path):
    """Neither by an error, nor when the object is shown."""
    secret = ED25519.private_bytes_raw()
    path = put(tmp_path / "log.pem", KEY.pem[:-30])
    with pytest.raises(InputError) as caught:
        read_key(path)
    for told in (str(caught.value), repr(KEY), str(KEY), repr(KEY.signer(ORIGIN))):
        assert secret.hex() not in told
        assert KEY.pem.decode().split("\n")[1][:20] not in told
        assert repr(secret) not in told


def test_a_missing_key_and_a_folder_are_refused(tmp_path):
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "nowhere.pem", tmp_path / "nowhere" / "log.pem", tmp_path / "folder"):
        with unchanged(tmp_path), pytest.raises(InputError):
            read_key(path)


@pytest.mark.parametrize("make", [make_key, make_sm2_key])
def test_a_file_that_exists_is_never_overwritten(tmp_path, make):
    (tmp_path / "link.pem").symlink_to(put(tmp_path / "old.pem", KEY.pem))
    (tmp_path / "dangling.pem").symlink_to(tmp_path / "nowhere")
    put(tmp_path / "empty", b"")
    (tmp_path / "folder").mkdir()
    for name in ("old.pem", "link.pem", "dangling.pem", "empty", "folder"):
        with unchanged(tmp_path), pytest.raises(RefusedError) as caught:
            make(tmp_path / name)
        assert "从不覆盖" in caught.value.zh


def test_a_key_in_a_file_instead_of_a_folder_is_refused(tmp_path):
    put(tmp_path / "file", b"x")
    with unchanged(tmp_path), pytest.raises(RefusedError):
        make_key(tmp_path / "file" / "log.pem")


def test_a_full_disk_leaves_no_half_key(tmp_path, monkeypatch):
    """It would be in the way of the next attempt, or be taken for a key."""
    with monkeypatch.context() as patch:
        Disk(patch, ("sync", 0))
        with unchanged(tmp_path), pytest.raises(EnvironmentFault):
            make_key(tmp_path / "log.pem")
    make_key(tmp_path / "log.pem")


def test_a_key_is_on_the_disk_with_its_folder(tmp_path, monkeypatch):
    disk = Disk(monkeypatch)
    make_key(tmp_path / "log.pem")
    assert disk.calls == [("sync", tmp_path / "log.pem"), ("sync", tmp_path)]


def test_a_folder_that_may_not_be_written_is_told(tmp_path, monkeypatch):
    def forbidden(*_arguments, **_more):
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", forbidden)
    with pytest.raises(EnvironmentFault):
        make_key(tmp_path / "log.pem")


# --- salts ----------------------------------------------------------------------------------------


def test_salts_are_the_same_for_one_label_and_key_and_differ_otherwise():
    labels = [f"act {number}" for number in range(50)] + [
        "",
        "act",
        "act 1 line 0",
        "act 1 line 00",
    ]
    ours, theirs = [{label: key.salts()(label) for label in labels} for key in (KEY, OTHER_KEY)]
    assert ours == {label: SigningKey(private_key(1)).salts()(label) for label in labels}
    assert len(set(ours.values()) | set(theirs.values())) == 2 * len(labels)
    assert {len(salt) for salt in ours.values()} == {SALT_SIZE}


def test_salts_are_not_the_key_and_cannot_be_had_from_the_public_half():
    salt = KEY.salts()("act 1")
    assert salt != ED25519.private_bytes_raw()
    assert salt != VKEY.public
    assert salt.hex() not in KEY.pem.hex()


def test_fresh_salts_never_repeat():
    salts = {fresh_salt("the same label") for _ in range(100)}
    assert len(salts) == 100
    assert {len(salt) for salt in salts} == {SALT_SIZE}


# --- Ed25519 --------------------------------------------------------------------------------------


def test_a_verifier_key_survives_paper():
    for kind in (KeyKind.ED25519, KeyKind.COSIGNATURE):
        key = KEY.verifier(ORIGIN, kind)
        assert parse_vkey(key.text) == key
        assert parse_vkey(f"  {key.text}\n") == key
    assert KEY.verifier(ORIGIN).id != KEY.verifier(ORIGIN, KeyKind.COSIGNATURE).id


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n", "\x00"])
def test_a_name_that_cannot_be_one_signs_nothing(name):
    with pytest.raises(InputError):
        KEY.verifier(name)
    with pytest.raises(InputError):
        KEY.signer(name)


def test_every_letter_of_a_verifier_key_counts():
    """A slip when it is copied from paper is noticed, and does not become another key."""
    text = VKEY.text
    for place in range(len(text)):
        for new in {"A", "b", "0", "+", "=", "/"} - {text[place]}:
            try:
                other = parse_vkey(text[:place] + new + text[place + 1 :])
            except InputError:
                continue
            pytest.fail(f"{other} at {place}")
        with pytest.raises(InputError):
            parse_vkey(text[:place])


def test_a_signature_holds_for_its_key_and_message_only():
    signature = KEY.signer(ORIGIN).sign(b"message")
    assert holds(VKEY, b"message", signature)
    assert not holds(VKEY, b"Message", signature)
    assert not holds(OTHER_KEY.verifier(ORIGIN), b"message", signature)
    for bad in (b"", signature[:-1], signature + b"\x00", bytes(64), b"\xff" * 64):
        assert not holds(VKEY, b"message", bad)
    for public in (b"", bytes(31), bytes(32), b"\xff" * 32):
        assert not holds(VerifierKey(ORIGIN, KeyKind.ED25519, public), b"message", signature)


# --- SM2 ------------------------------------------------------------------------------------------


@pytest.fixture
def sm2(tmp_path):
    make_sm2_key(tmp_path / "sm2.key")
    return sm2_signer(tmp_path / "sm2.key", ORIGIN)


def test_an_sm2_key_is_its_owners_alone_and_read_again(tmp_path, sm2):
    path = tmp_path / "sm2.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sm2_signer(path, ORIGIN).key == sm2.key
    assert parse_vkey(sm2.key.text) == sm2.key
    path.chmod(0o640)
    with unchanged(tmp_path), pytest.raises(RefusedError):
        sm2_signer(path, ORIGIN)


def test_an_sm2_signature_holds_for_its_key_and_message_only(sm2, tmp_path):
    signature = sm2.sign(b"message")
    assert holds(sm2.key, b"message", signature)
    assert not holds(sm2.key, b"Message", signature)
    for bad in (b"", signature[:-1], signature + b"\x00", bytes(64), b"\xff" * 200, bytes(1)):
        assert not holds(sm2.key, b"message", bad)
    make_sm2_key(tmp_path / "other.key")
    assert not holds(sm2_signer(tmp_path / "other.key", ORIGIN).key, b"message", signature)
    for public in (bytes(64), b"\xff" * 64, b"", sm2.key.public[:-1]):
        assert not holds(VerifierKey(ORIGIN, KeyKind.SM2, public), b"message", signature)


def test_a_checkpoint_with_an_sm2_line_verifies_with_both_keys_and_with_either(sm2):
    note = signed(TEXT, [KEY.signer(ORIGIN), sm2])
    opened = open_checkpoint(note, [VKEY, sm2.key], holds)
    assert [signature.key for signature in opened.note.signatures] == [VKEY, sm2.key]
    assert open_checkpoint(note, [VKEY], holds).checkpoint == opened.checkpoint
    assert open_checkpoint(note, [sm2.key], holds).checkpoint == opened.checkpoint
    assert sigstore_judge.checkpoint_holds(note, ORIGIN, VKEY.public, bytes(range(32)))


def test_who_holds_the_sm2_key_notices_a_changed_line(sm2, tmp_path):
    make_sm2_key(tmp_path / "other.key")
    forger = sm2_signer(tmp_path / "other.key", ORIGIN)
    line = signed(TEXT, [sm2]).splitlines()[-1]
    forged = signed(TEXT.replace("7", "8"), [forger]).splitlines()[-1]
    whole = signed(TEXT, [KEY.signer(ORIGIN)])
    assert open_note(f"{whole}{line}\n", [VKEY, sm2.key], holds).signed_by(sm2.key)
    assert not open_note(f"{whole}{forged}\n", [VKEY, sm2.key], holds).signed_by(sm2.key)
    bad = signed(TEXT, [Signer(sm2.key, forger.sign)]).splitlines()[-1]
    with pytest.raises(Exception, match="does not hold"):
        open_note(f"{whole}{bad}\n", [VKEY, sm2.key], holds)
    assert open_note(f"{whole}{bad}\n", [VKEY], holds).signed_by(VKEY)


@pytest.mark.parametrize(
    "change", ["header", "private", "public", "swapped", "short", "long", "pem", "zero", "other"]
)
def test_what_is_no_sm2_key_is_refused(tmp_path, change):
    path, other = tmp_path / "sm2.key", tmp_path / "other.key"
    make_sm2_key(path)
    make_sm2_key(other)
    header, private, public = path.read_text().splitlines()
    lines = {
        "header": ["kaoping-sm2-key/2", private, public],
        "private": [header, "zz" * 32, public],
        "public": [header, private, "张三"],
        "swapped": [header, public, private],
        "short": [header, "ab", "cd"],
        "long": [header, private, public, public],
        "pem": KEY.pem.decode().splitlines(),
        "zero": [header, "00" * 32, "00" * 64],
        "other": [header, private, other.read_text().splitlines()[2]],
    }
    path.write_text("\n".join(lines[change]) + "\n", "utf-8")
    with unchanged(tmp_path), pytest.raises(InputError, match="no SM2 key"):
        sm2_signer(path, ORIGIN)


def test_without_the_sm2_library_it_is_told_what_to_install(tmp_path, monkeypatch, sm2):
    monkeypatch.setitem(sys.modules, "gmssl_pyx", None)
    with pytest.raises(EnvironmentFault, match=r"kaoping\[sm2\]"):
        make_sm2_key(tmp_path / "new.key")
    assert not (tmp_path / "new.key").exists()
    note = signed(TEXT, [KEY.signer(ORIGIN)])
    assert open_checkpoint(note, [VKEY, sm2.key], holds).note.signed_by(VKEY)
    with pytest.raises(EnvironmentFault):
        holds(sm2.key, b"message", bytes(70))
