"""回执 on paper: what a scanner reads from its code is the proof, byte for byte, and verifies on its own."""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from kaoping.core.errors import InputError
from kaoping.core.note import signature_line
from kaoping.files.fonts import find_faces
from kaoping.files.receipt_pdf import ReceiptPaper, receipt_pdf
from tests.cli.folders import kaoping, refusal
from tests.journals import VKEY, WITNESSES, journal_of, note_acts

SCANNED, PRINTED = 150, 300
"""Dots an inch: of a sheet scanned in haste, and of a printer."""
COUNTS = {"short": 3, "long": 3000}
"""Entries of the journal."""


def paper(proof):
    """A receipt as the platform prints it."""
    facts = [("办理", "佐证材料报送"), ("对何事", "1.1 完成年度投资计划"), ("存证条目", "2")]
    notes = ["二维码里是证明文件的全文。", "核对内容时，另需保存同一条的正文文件。"]
    made = datetime(2024, 12, 18, 1, tzinfo=UTC)
    return receipt_pdf(ReceiptPaper("存证回执", "试用", facts, notes, proof, made), find_faces())


def printed(pdf, dots):
    """Its only page in grey."""
    (page,) = pypdfium2.PdfDocument(pdf)
    return page.render(scale=dots / 72).to_pil().convert("L")


def scanned(pdf, degrees):
    """The same after a scanner: put in askew, a little blurred, with grain."""
    sheet = printed(pdf, SCANNED).rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)  # fmt: skip
    sheet = sheet.filter(ImageFilter.GaussianBlur(0.4))
    return Image.blend(sheet, Image.effect_noise(sheet.size, 40), 0.2)


def read(sheet):
    """The bytes in the only code on a sheet."""
    (code,) = zxingcpp.read_barcodes(sheet)
    return code.bytes


def require_read(pdf, text):
    """Demand that the code on a receipt is a text, from the printer and from the scanner."""
    assert read(printed(pdf, PRINTED)) == text.encode()
    for degrees in (1.5, -3):
        assert read(scanned(pdf, degrees)) == text.encode(), degrees


@pytest.fixture(scope="module", params=COUNTS)
def journal(request, tmp_path_factory):
    """A journal with a few entries; one with thousands, cosigned by three witnesses."""
    folder = tmp_path_factory.mktemp(request.param)
    journal = journal_of(folder / "log", note_acts(COUNTS[request.param]))
    if request.param == "long":
        text, at = journal.checkpoint().note.text, 1_734_480_000
        lines = "".join(signature_line(text, one, at) for one in WITNESSES)
        journal.add_cosignatures(lines, [one.key for one in WITNESSES])
    return journal


def test_what_is_read_from_the_paper_verifies_offline_with_the_body(journal, tmp_path, capsys):
    index = 1
    out = tmp_path / "given.tlog-proof"
    assert kaoping(capsys, "receipt", "make", journal.folder, index, "--out", out).code == 0
    pdf = paper(out.read_text("utf-8"))
    require_read(pdf, out.read_text("utf-8"))
    receipt = tmp_path / "r.tlog-proof"
    receipt.write_bytes(read(scanned(pdf, 1.5)))
    body = tmp_path / "given.body.json"
    words = ("receipt", "verify", receipt, "--key", VKEY.text, "--body", body)
    said = kaoping(capsys, *words)
    assert said.code == 0, said.err
    body.write_text(body.read_text("utf-8").replace("情况属实", "情况不实"), "utf-8")
    refusal(capsys, 4, *words)


@pytest.mark.parametrize("size", [300, 1700, 2953])
def test_a_code_is_read_however_long_the_proof(size):
    """Up to the most that a code can hold."""
    text = base64.b64encode(random.Random(size).randbytes(size)).decode()[:size]
    require_read(paper(text), text)


def test_a_proof_that_no_code_can_hold_is_said_to_be_too_long():
    with pytest.raises(InputError, match="放不进二维码"):
        paper("x" * 2954)
