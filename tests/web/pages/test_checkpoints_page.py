"""检查点与见证: what an auditor takes along, and what a witness gives back."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kaoping.core.acts.setting_up import UnitRegistered
from kaoping.core.note import signature_line
from kaoping.files.journal.held import POLICY, HeldCheckpoints
from kaoping.files.journal.inquiry import Asked, Layer, State
from kaoping.files.journal.verification import verify
from kaoping.files.journal.witnessing import Witness, require_cosigned
from kaoping.web.models import EventKind, SecurityEvent
from tests.journals import VKEY, WITNESSES
from tests.web.site import text_of
from tests.world_set_up import uid

STAGE = "registered"


@pytest.fixture
def auditor(site):
    return site.client("审计管理员乙")


@pytest.fixture
def witnessed(site):
    """An installation with two witnesses, one of whom must cosign."""
    parts = ["quorum = 1"]
    for name, one in zip(("市审计局", "驻委纪检监察组"), WITNESSES[:2], strict=True):
        parts.append(f'[[witness]]\nname = "{name}"\nvkey = "{one.key.text}"')
    (site.installation.data / POLICY).write_text("\n".join(parts), "utf-8")
    return site


def answered(site, request, tmp_path, number=0):
    """What a real witness answers to a request."""
    state = tmp_path / f"witness{number}"
    witness = Witness(WITNESSES[number], [VKEY], state, lambda: int(site.clock.now.timestamp()))
    return require_cosigned(witness.answer(request), request)


def test_the_page_shows_the_checkpoint_the_key_and_how_to_verify(site, auditor):
    page = auditor.get("/checkpoints")
    said = text_of(page)
    assert VKEY.text in said
    assert VKEY.id.hex()[:4] in said
    assert "kaoping journal verify" in said
    assert "还没有设置见证人" in said
    assert site.installation.checkpoint().content.splitlines()[2] in page.content.decode()


def test_the_newest_checkpoint_and_the_key_are_taken_along_and_that_is_written_down(site, auditor):
    assert (
        auditor.get("/checkpoints/note").content.decode() == site.installation.checkpoint().content
    )
    assert auditor.get("/checkpoints/key").content.decode().strip() == VKEY.text
    taken = SecurityEvent.objects.filter(kind=EventKind.DOWNLOADED.value)
    assert set(taken.values_list("detail", flat=True)) == {"checkpoint", "vkey"}


def test_the_export_verifies_elsewhere_and_says_nothing(site, auditor, tmp_path):
    page = auditor.get("/journal.zip")
    assert page["Content-Type"] == "application/zip"
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(BytesIO(page.content)) as archive:
        archive.extractall(folder)
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert "青禾县".encode() not in whole
    found = {one.layer: one for one in verify(Asked(folder, [VKEY]))}
    assert found[Layer.C].state is State.PASSED
    assert found[Layer.B].state is State.PASSED


def test_a_witness_is_asked_by_file_and_its_answer_is_taken(witnessed, tmp_path):
    browser = witnessed.client("审计管理员乙")
    request = browser.post("/checkpoints/request", {"held": "0"}).content.decode()
    witnessed.do("系统管理员", uid("新"), UnitRegistered("U88", "此后登记的单位"))
    answer = answered(witnessed, request, tmp_path)
    file = SimpleUploadedFile("cosignature.txt", answer.encode())
    page = browser.post("/checkpoints/cosign", {"file": file}, follow=True)
    said = text_of(page)
    assert "已收下市审计局对检查点" in said
    assert "见证 1/2" in said
    kept = witnessed.size - 1
    note = browser.get(f"/checkpoints/{kept}").content.decode()
    assert note.count("\u2014") == 2


def test_the_line_may_be_pasted_and_comes_once(witnessed, tmp_path):
    browser = witnessed.client("监督员")
    request = browser.post("/checkpoints/request", {"held": ""}).content.decode()
    answer = answered(witnessed, request, tmp_path, 1)
    for _ in range(2):
        page = browser.post("/checkpoints/cosign", {"answer": answer}, follow=True)
        assert "已收下驻委纪检监察组" in text_of(page)
    note = browser.get(f"/checkpoints/{witnessed.size}").content.decode()
    assert note.count("\u2014") == 2
    assert witnessed.installation.journal.checkpoint().content.count("\u2014") == 2, (
        "the newest, too"
    )


@pytest.mark.parametrize("answer", ["", "   ", "你好", "\u2014 x y"])
def test_what_is_no_cosignature_is_not_taken(witnessed, answer):
    browser = witnessed.client("审计管理员乙")
    browser.post("/checkpoints/request")
    page = browser.post("/checkpoints/cosign", {"answer": answer})
    assert page.status_code in (422, 500)
    assert "没有" in text_of(page)
    held = HeldCheckpoints.beside(witnessed.installation.data, witnessed.installation.journal)
    assert held.witnessed() is None


def test_a_stranger_to_the_policy_is_no_witness(witnessed):
    browser = witnessed.client("审计管理员乙")
    browser.post("/checkpoints/request")
    text = witnessed.installation.checkpoint().note.text
    line = signature_line(text, WITNESSES[2], 1_730_000_000)
    page = browser.post("/checkpoints/cosign", {"answer": line})
    assert page.status_code == 500
    assert "不是所列见证人" in text_of(page)


def test_a_witness_that_holds_more_than_there_is_is_an_alarm(witnessed):
    page = witnessed.client("审计管理员乙").post("/checkpoints/request", {"held": "999999"})
    assert page.status_code == 409
    assert "退回" in text_of(page)


def test_nonsense_for_a_number_is_said_plainly(witnessed):
    page = witnessed.client("审计管理员乙").post("/checkpoints/request", {"held": "x1"})
    assert page.status_code == 422


@pytest.mark.parametrize("name", ["系统管理员", "安全管理员", "青禾县联络员", "主要领导"])
def test_others_find_a_closed_door(witnessed, name):
    browser = witnessed.client(name)
    for address in ("/checkpoints", "/checkpoints/note", "/checkpoints/key", "/journal.zip"):
        assert browser.get(address).status_code == 403
    assert browser.post("/checkpoints/cosign", {"answer": "x"}).status_code == 403
    assert browser.post("/checkpoints/request").status_code == 403
    assert not (witnessed.installation.data / "checkpoints").exists()


def test_a_stranger_is_sent_to_the_door(site):
    assert site.nobody.get("/checkpoints")["Location"].startswith("/sign-in")


def test_looking_changes_nothing(site, auditor):
    for address in ("/checkpoints/request", "/checkpoints/cosign"):
        assert auditor.get(address).status_code == 405
    assert auditor.get("/checkpoints/12345").status_code == 404
