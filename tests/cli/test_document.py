"""`kaoping document sign|verify`, as an office uses it."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from kaoping.files.fonts import find_faces
from kaoping.files.pdf import document_pdf
from tests.cli.folders import kaoping, refusal, unchanged
from tests.files.official import official
from tests.files.signing import NOW, certified

ROOT = certified("测试根证书")
OFFICE = certified("市绩效办", ROOT)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "report.pdf").write_bytes(document_pdf(official(), find_faces()))
    (tmp_path / "key.pem").write_bytes(OFFICE.key_pem())
    (tmp_path / "office.pem").write_bytes(OFFICE.certificate_pem)
    (tmp_path / "root.pem").write_bytes(ROOT.certificate_pem)
    return tmp_path


def sign_words(folder, *more):
    words = ["document", "sign", folder / "report.pdf", "--key", folder / "key.pem"]
    return [*words, "--certificate", folder / "office.pem", "--out", folder / "signed.pdf", *more]


def verify_words(folder, *more, file="signed.pdf"):
    return ["document", "verify", folder / file, *more]


@pytest.fixture
def signed(folder, capsys):
    """The folder with the signed copy."""
    said = kaoping(capsys, *sign_words(folder))
    assert said.code == 0
    assert "已签名" in said.out
    return folder


def test_it_is_signed_and_verified(signed, capsys):
    said = kaoping(capsys, *verify_words(signed, "--trust", signed / "root.pem"))
    assert said.code == 0
    assert "市绩效办" in said.out
    assert "签名有效" in said.out


def test_without_roots_it_says_what_was_not_checked(signed, capsys):
    said = kaoping(capsys, *verify_words(signed))
    assert said.code == 0
    assert "没有核对" in said.out
    assert "签名有效" not in said.out


def test_a_changed_file_ends_with_4(signed, capsys):
    content = bytearray((signed / "signed.pdf").read_bytes())
    content[len(content) // 3] ^= 1
    (signed / "signed.pdf").write_bytes(bytes(content))
    said = refusal(capsys, 4, *verify_words(signed, "--trust", signed / "root.pem"))
    assert "不能作为依据" in said.err


def test_a_signer_whom_nobody_vouches_for_ends_with_4(signed, capsys):
    (signed / "other.pem").write_bytes(certified("别处的根").certificate_pem)
    said = refusal(capsys, 4, *verify_words(signed, "--trust", signed / "other.pem"))
    assert "不能认定是谁签的" in said.err


@pytest.fixture
def in_a_month(monkeypatch):
    """The clock, once what is signed now was signed."""
    monkeypatch.setattr("kaoping.cli.document.now", lambda: NOW + dt.timedelta(days=30))


def use_certificate(folder, **given):
    office = certified("市绩效办", ROOT, **given)
    (folder / "key.pem").write_bytes(office.key_pem())
    (folder / "office.pem").write_bytes(office.certificate_pem)


def test_a_certificate_that_ended_since_is_said_and_is_no_alarm(folder, capsys, request):
    use_certificate(folder, days=(-1, 10))
    assert kaoping(capsys, *sign_words(folder)).code == 0
    request.getfixturevalue("in_a_month")
    trust = ["--trust", folder / "root.pem"]
    said = kaoping(capsys, *verify_words(folder, *trust))
    assert said.code == 0
    assert "签名有效" not in said.out
    assert "到期；签名自述时间（" in said.out
    assert "在有效期内，自述时间不是证明" in said.out
    said = kaoping(capsys, *verify_words(folder, *trust, "--json"))
    assert said.code == 0
    (one,) = json.loads(said.out)["signatures"]
    assert (one["trusted"], one["reason"]) == (False, "expired")
    (folder / "other.pem").write_bytes(certified("别处的根").certificate_pem)
    refusal(capsys, 4, *verify_words(folder, "--trust", folder / "other.pem"))


@pytest.mark.parametrize(
    ("given", "told", "reason"),
    [
        ({"days": (-30, -10)}, "不在有效期内", "expired"),
        ({"days": (10, 30)}, "起才有效", "not_yet_valid"),
        ({"uses": ("key",)}, "用途不含签名", "key_usage"),
    ],
)
def test_a_certificate_that_could_not_sign(folder, capsys, monkeypatch, given, told, reason):
    use_certificate(folder, **given)
    with unchanged(folder):
        said = refusal(capsys, 1, *sign_words(folder))
    assert "没有签名" in said.err
    monkeypatch.setattr("kaoping.files.pdf_signature._refuse_unfit", lambda *_: None)
    assert kaoping(capsys, *sign_words(folder)).code == 0
    trust = ["--trust", folder / "root.pem"]
    said = refusal(capsys, 3, *verify_words(folder, *trust))
    assert told in said.err
    assert "不能追到" not in said.err
    said = kaoping(capsys, *verify_words(folder, *trust, "--json"))
    assert said.code == 3
    answer = json.loads(said.out)
    assert answer["signatures"][0]["reason"] == reason
    assert told in answer["refused"]["zh"]


def test_for_a_program(signed, capsys):
    said = kaoping(capsys, *verify_words(signed, "--json"))
    (one,) = json.loads(said.out)["signatures"]
    assert one["intact"]
    assert one["covers_all"]
    assert one["trusted"] is None
    assert one["signer"] == "市绩效办"


def test_a_file_without_a_signature_says_so(folder, capsys):
    said = refusal(capsys, 1, *verify_words(folder, file="report.pdf"))
    assert "没有签名" in said.err


def test_it_writes_over_nothing_else(folder, capsys):
    (folder / "signed.pdf").write_bytes(b"mine")
    with unchanged(folder):
        refusal(capsys, 3, *sign_words(folder))


def test_a_password_comes_from_a_file(folder, capsys):
    (folder / "key.pem").write_bytes(OFFICE.key_pem(b"geheim"))
    with unchanged(folder):
        said = refusal(capsys, 1, *sign_words(folder))
    assert "--password-file" in said.err
    (folder / "password").write_text("geheim\n")
    assert kaoping(capsys, *sign_words(folder, "--password-file", folder / "password")).code == 0
