"""Signatures in PDFs: made, found, and never good where a byte was touched."""

from __future__ import annotations

import datetime as dt
import io
import random
import shutil
import subprocess

import pypdf
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pypdf.annotations import FreeText

from kaoping.core.errors import InputError
from kaoping.files.fonts import find_faces
from kaoping.files.pdf import document_pdf
from kaoping.files.pdf_signature import (
    Distrust,
    read_certificates,
    read_signatures,
    read_signer,
    sign_pdf,
    signatures_of,
)
from tests.files.official import official
from tests.files.signing import NOW, certified

ROOT = certified("测试根证书")
OFFICE = certified("市绩效考评领导小组办公室", ROOT)
STRANGER = certified("别处的根")


@pytest.fixture(scope="module")
def plain():
    return document_pdf(official(), find_faces())


def signer_of(office, password=None):
    return read_signer(office.key_pem(password), office.certificate_pem, password)


def roots_of(*offices):
    return [one for office in offices for one in read_certificates(office.certificate_pem, "根")]


@pytest.fixture(scope="module")
def signed(plain):
    return sign_pdf(plain, signer_of(OFFICE), "审核签发", NOW)


def test_what_was_signed_holds_and_says_who_signed(plain, signed):
    (found,) = signatures_of(signed, roots_of(ROOT), NOW)
    assert found.signer == "市绩效考评领导小组办公室"
    assert found.is_intact
    assert found.covers_all
    assert found.is_trusted
    assert found.claimed_at is not None
    assert signed.startswith(plain), "what was there stays byte for byte"
    assert signatures_of(plain, roots_of(ROOT), NOW) == ()


def test_without_the_root_it_is_whole_but_nobodys(signed):
    for roots in (roots_of(), roots_of(STRANGER)):
        (found,) = signatures_of(signed, roots, NOW)
        assert found.is_intact
        assert not found.is_trusted


LATER = NOW + dt.timedelta(days=20)


def signed_by(plain, at=NOW, **certificate):
    return sign_pdf(plain, signer_of(certified("处室", ROOT, **certificate)), "签发", at)


def test_a_certificate_that_ended_since_is_told_from_one_of_nobody(plain):
    content = signed_by(plain, days=(-1, 10))
    (found,) = read_signatures(content, roots_of(ROOT), LATER)
    assert found.is_intact
    assert found.covers_all
    assert not found.is_trusted
    assert found.distrust is Distrust.EXPIRED
    assert found.has_ended_since
    assert found.valid_until is not None
    assert found.valid_until.date() == (NOW + dt.timedelta(days=10)).date()
    (found,) = read_signatures(content, roots_of(STRANGER), LATER)
    assert found.distrust is Distrust.NO_PATH
    assert not found.has_ended_since


def test_a_root_of_the_same_name_vouches_for_no_ended_certificate(plain):
    content = signed_by(plain, days=(-1, 10))
    (found,) = read_signatures(content, roots_of(certified("测试根证书")), LATER)
    assert found.distrust is Distrust.NO_PATH


def test_a_certificate_that_had_ended_when_it_signed_is_no_good(plain):
    content = signed_by(plain, at=NOW - dt.timedelta(days=20), days=(-30, -10))
    (found,) = signatures_of(content, roots_of(ROOT), NOW)
    assert found.is_intact
    assert found.distrust is Distrust.EXPIRED
    assert not found.is_claimed_in_time
    assert not found.has_ended_since


def test_a_certificate_that_has_not_begun_is_told(plain):
    content = signed_by(plain, at=LATER, days=(10, 30))
    (found,) = read_signatures(content, roots_of(ROOT), NOW)
    assert found.distrust is Distrust.NOT_YET_VALID
    assert not found.is_trusted


@pytest.mark.parametrize("uses", [("signature",), ("commitment",)])
def test_one_use_for_signing_is_enough(plain, uses):
    (found,) = read_signatures(signed_by(plain, uses=uses), roots_of(ROOT), NOW)
    assert found.is_trusted
    assert found.distrust is None


def test_a_certificate_for_other_uses_is_told(plain, monkeypatch):
    monkeypatch.setattr("kaoping.files.pdf_signature._refuse_unfit", lambda *_: None)
    content = signed_by(plain, uses=("key",), days=(-1, 10))
    for at in (NOW, LATER):
        (found,) = read_signatures(content, roots_of(ROOT), at)
        assert found.distrust is Distrust.KEY_USAGE
        assert not found.is_trusted
        assert not found.has_ended_since


@pytest.mark.parametrize(
    ("certificate", "told"),
    [
        ({"days": (-30, -10)}, ["到期"]),
        ({"days": (10, 30)}, ["起才有效"]),
        ({"uses": ("key",)}, ["用途不含签名"]),
        ({"uses": ("key",), "days": (-30, -10)}, ["到期", "用途不含签名"]),
    ],
)
def test_nothing_is_signed_that_nobody_would_accept(plain, certificate, told):
    with pytest.raises(InputError, match="没有签名") as error:
        signed_by(plain, **certificate)
    assert all(one in error.value.zh for one in told)


def test_an_encrypted_pdf_is_told_with_what_to_do(plain):
    writer = pypdf.PdfWriter(io.BytesIO(plain))
    writer.encrypt("", "geheim", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    with pytest.raises(InputError, match=r"加密了.*索取没有加密的"):
        signatures_of(written.getvalue(), [], NOW)
    with pytest.raises(InputError, match=r"加密了.*重新导出"):
        sign_pdf(written.getvalue(), signer_of(OFFICE), "签发", NOW)


def test_a_certificate_between_it_and_the_root_travels_with_it(plain):
    key = rsa.generate_private_key(65537, 2048)
    office = certified("处室", ROOT, key=key)
    both = office.certificate_pem + ROOT.certificate_pem
    content = sign_pdf(plain, read_signer(office.key_pem(), both, None), "签发", NOW)
    (found,) = signatures_of(content, roots_of(ROOT), NOW)
    assert found.is_trusted


def test_no_byte_that_is_covered_can_be_changed(signed):
    dice = random.Random(7)
    places = [dice.randrange(100, len(signed) - 20_000) for _ in range(40)]
    for at in places:
        changed = bytearray(signed)
        changed[at] ^= 1
        try:
            found = read_signatures(bytes(changed), roots_of(ROOT), NOW)
        except InputError:
            continue
        assert not [one for one in found if one.is_intact and one.covers_all], at


def test_what_is_added_later_is_told(signed, tmp_path):
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    writer = pypdf.PdfWriter(str(path), incremental=True)
    writer.add_annotation(0, FreeText(text="改为98分", rect=(100, 500, 300, 560)))
    changed = tmp_path / "changed.pdf"
    writer.write(changed)
    content = changed.read_bytes()
    assert content.startswith(signed)
    (found,) = signatures_of(content, roots_of(ROOT), NOW)
    assert found.is_intact, "the bytes it covers are as they were"
    assert not found.covers_all


def test_a_second_signature_leaves_the_first_one_good(signed):
    second = certified("主要领导", ROOT)
    content = sign_pdf(signed, signer_of(second), "签发", NOW)
    found = signatures_of(content, roots_of(ROOT), NOW)
    assert [one.field for one in found] == ["签名1", "签名2"]
    assert all(one.is_intact and one.covers_all and one.is_trusted for one in found)


def test_another_program_agrees(signed, tmp_path):
    if shutil.which("pdfsig") is None:
        pytest.skip("没有 poppler-utils")
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False)
    assert "Signature is Valid" in said.stdout
    assert "Total document signed" in said.stdout
    changed = bytearray(signed)
    changed[len(signed) // 3] ^= 1
    path.write_bytes(bytes(changed))
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False)
    assert "Signature is Valid" not in said.stdout


def test_a_key_with_a_password_needs_it():
    locked = OFFICE.key_pem(b"geheim")
    assert read_signer(locked, OFFICE.certificate_pem, b"geheim").certificate
    for password in (None, b"falsch"):
        with pytest.raises(InputError, match="口令"):
            read_signer(locked, OFFICE.certificate_pem, password)


def test_a_key_of_another_certificate_signs_nothing():
    with pytest.raises(InputError, match="不是一对"):
        read_signer(STRANGER.key_pem(), OFFICE.certificate_pem, None)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"no pdf at all", b"%PDF-1.7\n%%EOF\n"])
def test_what_is_no_pdf_is_refused_in_words(content):
    with pytest.raises(InputError, match="不是完整的 PDF"):
        signatures_of(content, [], NOW)
    with pytest.raises(InputError, match="没有签名"):
        sign_pdf(content, signer_of(OFFICE), "签发", NOW)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        OFFICE.key_pem(),
    ],
)
def test_what_is_no_certificate_is_refused_in_words(content):
    with pytest.raises(InputError, match="不是 PEM 格式的证书"):
        read_certificates(content, "root.pem")
