"""回执: who did an act finds its receipt, a file to keep, and nobody else does."""

from __future__ import annotations

import io

from pypdf import PdfReader

from kaoping.core.journal import check_receipt, open_checkpoint, parse_receipt
from kaoping.files.journal.keys import holds
from kaoping.files.qr import qr_rows
from kaoping.web.models import Entry
from tests.journals import VKEY
from tests.web.site import text_of
from tests.world_set_up import uid


def own_act(name):
    return Entry.objects.filter(actor=uid(name)).latest("index")


def test_the_page_says_what_was_done_and_when(site):
    entry = own_act("系统管理员")
    page = site.client("系统管理员").get(f"/receipts/{entry.index}")
    assert page.status_code == 200
    assert f"条目 {entry.index}" in text_of(page)
    assert "已存证" in text_of(page)


def test_the_files_are_a_good_receipt(site):
    entry = own_act("系统管理员")
    browser = site.client("系统管理员")
    receipt = parse_receipt(browser.get(f"/receipts/{entry.index}/proof").content.decode())
    check_receipt(
        receipt, entry.content.encode(), open_checkpoint(receipt.checkpoint, [VKEY], holds)
    )
    assert browser.get(f"/receipts/{entry.index}/body").content.decode() == entry.body


def test_the_paper_says_all_and_its_code_is_the_proof(site):
    """Within the size of a code; the same act gives the same paper; nobody else gets it."""
    entry = own_act("系统管理员")
    browser = site.client("系统管理员")
    answer = browser.get(f"/receipts/{entry.index}/pdf")
    assert answer["Content-Type"] == "application/pdf"
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    for words in ("存证回执", "试用", str(entry.index), entry.act[:8], "系统管理员"):
        assert words in said, words
    proof = browser.get(f"/receipts/{entry.index}/proof").content.decode()
    rows = qr_rows(proof)
    assert len(rows) < 178, "within what a code can be"
    again = browser.get(f"/receipts/{entry.index}/pdf").content
    assert again == answer.content, "equal content gives equal bytes"
    for name in ("青禾县联络员", "安全管理员"):
        assert site.client(name).get(f"/receipts/{entry.index}/pdf").status_code == 404


def test_an_auditor_sees_every_receipt(site):
    entry = own_act("系统管理员")
    assert site.client("审计管理员乙").get(f"/receipts/{entry.index}").status_code == 200


def test_others_find_nothing(site):
    entry = own_act("系统管理员")
    for ending in ("", "/proof", "/body"):
        page = site.client("青禾县联络员").get(f"/receipts/{entry.index}{ending}")
        assert page.status_code == 404
        assert "系统管理员" not in text_of(page)


def test_a_stranger_is_sent_to_the_door(site):
    page = site.nobody.get("/receipts/1")
    assert page.status_code == 302
    assert page["Location"].startswith("/sign-in")


def test_what_is_not_sealed_yet_has_no_files(site):
    from kaoping.core.acts.setting_up import UnitRegistered
    from kaoping.web.actions.perform import Asked, perform

    asked = Asked(uid("新"), uid("系统管理员"), uid("新单位"), UnitRegistered("U99", "新单位"))
    index = perform(site.installation, asked)
    page = site.client("系统管理员").get(f"/receipts/{index}")
    assert "待存证" in text_of(page)
    assert site.client("系统管理员").get(f"/receipts/{index}/proof").status_code == 404
