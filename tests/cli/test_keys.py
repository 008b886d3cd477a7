"""`kaoping key`, and how every command takes a verifier key: from paper, or from a file with it."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from contextlib import redirect_stdout

import pytest

from kaoping.cli.main import main
from kaoping.core.note import KeyKind, parse_vkey
from kaoping.files.journal.keys import holds, sm2_signer
from tests.cli.folders import COUNTY, kaoping
from tests.journals import KEY, OTHER_KEY, VKEY, small_journal

TOLD = "这是签名密钥，不是公钥；请用 kaoping key show 取得公钥"


@pytest.fixture
def verify(tmp_path, capsys):
    """Verify a receipt with what is given for the key of its journal."""
    journal, receipt = small_journal(tmp_path / "log"), tmp_path / "r.tlog-proof"
    assert kaoping(capsys, "receipt", "make", journal.folder, 0, "--out", receipt).code == 0
    return lambda key: kaoping(capsys, "receipt", "verify", receipt, "--key", key)


def test_no_file_takes_the_place_of_a_key_typed_from_paper(tmp_path, monkeypatch, verify):
    """The name of a file may be a vkey: the folders of a name with a slash can be made, too."""
    monkeypatch.chdir(tmp_path)
    impostor = OTHER_KEY.verifier(VKEY.name).text
    trap = tmp_path / impostor
    trap.parent.mkdir(parents=True, exist_ok=True)
    trap.write_text(VKEY.text, "utf-8")
    assert verify(impostor).code == 4, "it is not signed by the key that was typed"
    good = tmp_path / VKEY.text
    good.parent.mkdir(parents=True, exist_ok=True)
    good.write_text(impostor, "utf-8")
    assert verify(VKEY.text).code == 0


@pytest.mark.parametrize("form", ["{}", "{}\n", "{}\r\n", "\ufeff{}\r\n", "  {}  \n\n"])
def test_a_file_with_a_key_is_read_however_an_editor_left_it(tmp_path, verify, form):
    path = tmp_path / "key+of the city.txt"
    path.write_bytes(form.format(VKEY.text).encode())
    assert verify(path).code == 0
    path.write_bytes(form.strip("\ufeff").format(VKEY.text).encode("utf-16"))
    assert verify(path).code == 0


@pytest.mark.parametrize("sm2", [False, True])
def test_nothing_of_a_signing_key_is_shown(tmp_path, capsys, verify, sm2):
    path = tmp_path / "k.pem"
    assert kaoping(capsys, "key", "make", path, *(["--sm2"] if sm2 else [])).code == 0
    content = path.read_text("ascii")
    for given in (path, content):
        said = verify(given)
        assert said.code == 1
        assert TOLD in said.err
        for line in content.splitlines():
            assert line not in said.out + said.err


def test_a_file_may_be_called_what_a_key_file_begins_with(tmp_path, verify):
    path = tmp_path / "kaoping-sm2-key.vkey"
    path.write_text(VKEY.text, "utf-8")
    assert verify(path).code == 0


def test_nothing_of_a_file_given_by_mistake_is_shown(tmp_path, verify):
    path = tmp_path / "names.txt"
    path.write_text("a+b+c secret words", "utf-8")
    said = verify(path)
    assert said.code == 1
    assert "names.txt" in said.err
    assert "secret" not in said.err


def test_what_is_neither_key_nor_file_is_told(tmp_path, verify):
    assert "不是完好的公钥" in verify(VKEY.text + "x").err
    assert "找不到文件" in verify(tmp_path / "none").err
    for text in ("x" * 5000, f"{'x' * 5000}+1+2"):
        assert verify(text).code == 1
    assert "是文件夹" in verify(tmp_path).err


def test_what_is_kept_beside_a_key_is_told_of(tmp_path, capsys):
    made = kaoping(capsys, "key", "make", tmp_path / "k.pem")
    assert "k.pem.signed" in made.out
    shown = kaoping(capsys, "key", "show", tmp_path / "k.pem", "--name", "w", "--witness")
    assert parse_vkey(shown.out).kind is KeyKind.COSIGNATURE, "the key alone is the answer"
    assert "k.pem.signed" in shown.err
    for words in (["journal", "checkpoint"], ["journal", "init"], ["witness", "sign"]):
        assert ".signed" in kaoping(capsys, *words, "--help").out


@pytest.fixture(scope="module")
def run_once(tmp_path_factory):
    """The output of a run that was signed with KEY, and what it said at the end."""
    place = tmp_path_factory.mktemp("run")
    key = place / "k.pem"
    key.write_bytes(KEY.pem)
    key.chmod(0o600)
    shutil.copytree(COUNTY, place / "in", ignore=shutil.ignore_patterns("expected"))
    words = ["run", str(place / "in"), "--out", str(place / "out"), "--signing-key", str(key)]
    with redirect_stdout(io.StringIO()) as told:
        assert main(words) == 0
    return place / "out", told.getvalue().splitlines()[-1]


def test_a_run_ends_with_the_key_for_paper(run_once):
    _, last = run_once
    assert last == f"公钥（请印在纸上交给接收单位）：{KEY.verifier('kaoping-run').text}"


def test_the_instructions_in_a_package_do_what_they_say(run_once, tmp_path, monkeypatch, capsys):
    out, last = run_once
    shutil.copytree(out, tmp_path, dirs_exist_ok=True)
    shutil.rmtree(tmp_path / "journal")
    with zipfile.ZipFile(tmp_path / "package.zip") as package:
        names = set(package.namelist())
        package.extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    text = (tmp_path / "核验说明.txt").read_text("utf-8")
    paper = last.partition("：")[2]
    commands = re.findall(r"^ +kaoping (.*)$", text, re.MULTILINE)
    assert commands[0] == "package verify package.zip --key 纸上的公钥"
    assert len(commands) == 8
    for command in commands:
        words = re.sub("纸上的公钥|KEY-FROM-PAPER", paper, command).split()
        said = kaoping(capsys, *words)
        assert said.code == 0, command + said.err
    listed = re.findall(r"[a-z-]+\.(?:pdf|docx|xlsx|json|zip|md|toml)", text)
    assert set(listed) - {"package.zip"} <= names
    assert "receipts/" in text
    assert "journal/" in text
    ours, theirs = (key.split("+", 2)[2] for key in (paper, (out / "journal/vkey").read_text()))
    assert ours == theirs.strip(), "they may be compared as the instructions say"


def test_a_bad_sm2_signature_leaves_no_trace_on_the_terminal(tmp_path, capfd):
    assert kaoping(capfd, "key", "make", tmp_path / "sm2.key", "--sm2").code == 0
    signer = sm2_signer(tmp_path / "sm2.key", "a")
    good = signer.sign(b"text")
    capfd.readouterr()
    assert holds(signer.key, b"text", good)
    assert not holds(signer.key, b"other", good)
    assert not holds(signer.key, b"text", b"\x30\x01" + good)
    assert not holds(signer.key, b"text", b"nonsense")
    assert capfd.readouterr().err == ""
