"""What is tried on filing from outside (O09…O26, F01, F05, F15), and by who keeps the clock (I19, I20).

By the pages, as a liaison sends it. The same tests run on PostgreSQL. Numbers that stand elsewhere:
O01, O02 in tests/cycle and tests/web/every_page; O20, O23, O24, O25 in tests/web/pages/test_uploads.py.
"""

from __future__ import annotations

import errno
import io
import os
import random
import re
import time
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from PIL import Image

from kaoping.core.acts.collecting import EvidenceReturned
from kaoping.core.errors import EnvironmentFault
from kaoping.core.workflow.things import Filing
from kaoping.files import blobs, parts
from kaoping.files.previewing import preview_of
from kaoping.web.actions import previewing, uploading
from kaoping.web.actions.previewing import make_previews
from kaoping.web.models import Entry, Upload
from tests.files.test_inner_checks import RELATION, docx, huge_png, packed, pdf, rels
from tests.pace import timed
from tests.web.pages.conftest import built, site
from tests.web.pages.test_uploads import TUS, begin, left_over, photo, send, sent
from tests.web.site import fresh, text_of
from tests.world_set_up import uid

__all__ = ["built", "site"]

STAGE = "opened"
LIAISON, HANDLER, COORDINATOR = "青禾县联络员", "综合科经办人", "评估督导科经办人"
AT, ITEM = "/ledger/tasks/1.1", "1.1-1"
MARKS = "<img src=x onerror=alert(7)>"
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("//e.example")', "\t=1+1")
PROMPT = 5.0
"""Seconds in which even a hostile file is judged."""


def member(*members: tuple[str, bytes]) -> bytes:
    """A good docx with further members."""
    stream = io.BytesIO(docx())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def link() -> bytes:
    """A docx with a member that is a symbolic link."""
    stream = io.BytesIO(docx())
    with zipfile.ZipFile(stream, "a") as archive:
        one = zipfile.ZipInfo("word/link.xml")
        one.create_system, one.external_attr = 3, 0o120777 << 16
        archive.writestr(one, "/etc/passwd")
    return stream.getvalue()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "o11 a program called pdf": ("总结.pdf", lambda: b"MZ" + os.urandom(4000)),
    "o11 macros called docx": ("总结.docx", lambda: member(("word/vbaProject.bin", b"x"))),
    "o12 a bomb": ("总结.docx", lambda: member(("word/big.xml", bytes(200_000_000)))),
    "o12 an archive inside": ("总结.docx", lambda: member(("word/in.zip", docx()))),
    "o12 many members": (
        "总结.docx",
        lambda: member(*((f"word/{number}.xml", b"") for number in range(65_536))),
    ),
    "o13 out of the folder": ("总结.docx", lambda: member(("../../etc/cron.d/x", b"x"))),
    "o13 an absolute path": ("总结.docx", lambda: member(("/etc/cron.d/x", b"x"))),
    "o13 a path of another system": ("总结.docx", lambda: member(("..\\..\\x.xml", b"x"))),
    "o13 the same name in other letters": (
        "总结.docx",
        lambda: member(("word/Extra.xml", b"a"), ("word/extra.xml", b"b")),
    ),
    "o14 laughs": (
        "总结.docx",
        lambda: rels(f"<!DOCTYPE a [<!ENTITY l0 'ha'>{LAUGHS}]><a>&l11;</a>"),
    ),
    "o16 a flood of pixels": ("照片.png", huge_png),
    "o17 a script": ("总结.pdf", lambda: pdf(b"3 0 obj <</S /JavaScript /JS (x)>> endobj")),
    "o17 a packed script": ("总结.pdf", lambda: pdf(packed(b"3 0 <</S /JavaScript /JS (x)>>"))),
    "o17 a launch": ("总结.pdf", lambda: pdf(b"3 0 obj <</S /Launch /F (cmd.exe)>> endobj")),
    "o17 a file inside": ("总结.pdf", lambda: pdf(b"3 0 obj <</Type /EmbeddedFile>> endobj")),
    "o18 a template elsewhere": ("总结.docx", lambda: docx(f"{RELATION}attachedTemplate")),
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_file_is_refused_at_once_and_nothing_of_it_stays(site, attack):
    name, make = HOSTILE[attack]
    content, browser, before = make(), site.client(LIAISON), stored(site)
    with timed() as took:
        one = sent(browser, name, content)
    assert took.seconds < PROMPT
    assert one.is_refused
    assert "没有收下" in text_of(browser.get(f"/uploads/{one.id}/state"))
    assert one.why_zh in text_of(browser.get(f"/uploads/{one.id}/state"))
    assert browser.post(f"{AT}/file", fresh(upload=[one.id], item=[ITEM])).status_code == 422
    assert stored(site) == before
    assert left_over(site) == []
    assert not list(site.state.every(Filing))


@pytest.mark.parametrize(
    "content",
    [
        link(),
        rels(
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
        ),
    ],
    ids=["o13 a link", "o14 an entity of a file"],
)
def test_what_would_reach_out_if_unpacked_is_kept_as_it_came_and_reaches_nothing(site, content):
    """Nothing is ever unpacked to the disk or resolved: such a file is bytes like any other."""
    one = sent(site.client(LIAISON), "总结.docx", content)
    if one.is_ready:
        assert site.installation.blobs.read(one.blob) == content
    assert b"root:" not in (one.why_zh + one.why_en).encode()


def stored(site):
    return {path for path in (site.installation.data / "blobs").rglob("*") if path.is_file()}


# --- O09, O15: what a liaison may write; O10: what is two kinds at once --------------------------


def said_everywhere(site, words):
    """File, report, be returned and take back, all with the same hostile words."""
    browser = site.client(LIAISON)
    one = sent(browser, f"{words}.pdf".replace("/", "∕"), pdf(words.encode()))
    value = {"value-0": "26.8", "as_of-0": "2024-12-31", "status-0": "正式", "source-0": words}
    assert browser.post(f"{AT}/report", fresh(**value)).status_code == 303
    assert browser.post(f"{AT}/file", fresh(upload=[one.id], item=[ITEM])).status_code == 303
    (filing,) = site.state.every(Filing)
    site.do(HANDLER, filing.id, EvidenceReturned(words))
    return one


WHERE = {
    LIAISON: ("/", AT, "/desk/done"),
    HANDLER: ("/", "/review", "/desk/done"),
    COORDINATOR: ("/completeness",),
    "监督员": ("/journal", "/journal?q=1.1"),
}


@pytest.mark.parametrize("words", [MARKS, "\u202e\u2028fdp.exe" + MARKS])
def test_o09_names_sources_and_reasons_are_words_never_marks(site, words):
    said_everywhere(site, words)
    seen = 0
    for name, addresses in WHERE.items():
        for where in addresses:
            page = site.client(name).get(where).content.decode()
            assert "<img src=x" not in page, (name, where)
            page = re.sub(r'value="[^"]*"', "", page)  # a field gives back what its writer typed
            assert "\u202e" not in page, (name, where)
            assert "\u2028" not in page, (name, where)
            seen += "&lt;img src=x onerror=alert(7)&gt;" in page
    assert seen >= 3


@pytest.mark.parametrize("words", FORMULAS)
def test_o15_no_export_of_filings_holds_a_formula(site, words):
    said_everywhere(site, words)
    for name, where in ((HANDLER, "/review.xlsx"), (COORDINATOR, "/completeness.xlsx")):
        book = openpyxl.load_workbook(io.BytesIO(site.client(name).get(where).content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
        if name == HANDLER:
            assert any(words.strip() in str(cell.value) for cell in cells)


def test_o10_a_picture_that_is_a_page_too_leaves_as_an_attachment_in_a_sandbox(site):
    browser = site.client(LIAISON)
    stream = io.BytesIO()
    page = b"<html><script>alert(7)</script></html>"
    Image.new("RGB", (40, 30), "red").save(stream, "JPEG", comment=page)
    one = sent(browser, "现场照片.jpg", stream.getvalue() + page)
    assert one.is_ready
    browser.post(f"{AT}/file", fresh(upload=[one.id], item=[ITEM]))
    (filing,) = site.state.every(Filing)
    for name in (LIAISON, HANDLER):
        answer = site.client(name).get(f"/evidence/{filing.id}/{one.sha256}")
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]


# --- O23: one unit's flood ------------------------------------------------------------------------


def test_o23_who_has_used_up_the_quota_stops_nobody_else(site, settings):
    settings.UPLOAD_QUOTA = 10_000
    browser = site.client(LIAISON)
    statuses: list[int] = []
    while 413 not in statuses:
        assert len(statuses) < 20
        statuses.append(begin(browser, "总结.txt", 1500, b"x" * 1500).status_code)
    assert statuses == [*[201] * 6, 413]
    one = sent(site.client("白石县联络员"), "总结.txt", b"y" * 1500)
    assert one.is_ready
    kept = Upload.objects.ready().filter(owner=uid("青禾县"))[0]
    assert browser.post(f"{AT}/file", fresh(upload=[kept.id], item=[ITEM])).status_code == 303


# --- O25: asking for a digest ---------------------------------------------------------------------


def test_o25_neither_what_is_answered_nor_how_long_it_takes_tells_what_others_have(site):
    """All of it is sent and looked at, whether the bytes are there or not; and no address takes a digest."""
    content, browser = pdf(b"%" + os.urandom(200_000)), site.client(LIAISON)
    theirs = sent(site.client("白石县联络员"), "他县.pdf", content)
    answers, seconds = [], []
    for sample in (content, pdf(b"%" + os.urandom(200_000))):
        began = time.process_time()
        answer = begin(browser, "本县.pdf", len(sample), sample)
        seconds.append(time.process_time() - began)
        answers.append((answer.status_code, answer["Upload-Offset"], sorted(answer.headers)))
    assert answers[0] == answers[1]
    assert max(seconds) < 20 * min(seconds)
    for where in (f"/evidence/{uid('无')}/{theirs.sha256}", f"/uploads/{theirs.id}/state"):
        assert browser.get(where).status_code == 404


def test_o25_a_preview_tells_of_nobody_else(site, monkeypatch):
    """What another unit has filed is drawn anew in its turn: until then it is not there, as of fresh bytes."""
    known, unknown = photo((640, 480)), photo((480, 640))
    theirs = site.client("白石县联络员")
    theirs.post(f"{AT}/file", fresh(upload=[sent(theirs, "他县.jpg", known).id], item=[ITEM]))
    assert make_previews(site.installation) == 1
    drawn: list[str] = []

    def counting(ending, file):
        drawn.append(ending)
        return preview_of(ending, file)

    monkeypatch.setattr(previewing, "preview_of", counting)
    browser = site.client(LIAISON)
    both = [sent(browser, "照片.jpg", content) for content in (known, unknown)]
    browser.post(f"{AT}/file", fresh(upload=[one.id for one in both], item=[ITEM]))
    (filing,) = (one for one in site.state.every(Filing) if one.unit == uid("青禾县"))
    where = [f"/evidence/{filing.id}/{one.sha256}/preview" for one in both]
    for name in (LIAISON, HANDLER):
        for one in where:
            assert "正在生成预览" in text_of(site.client(name).get(one))
            assert site.client(name).get(f"{one}/1").status_code == 404
    assert make_previews(site.installation) == 2
    assert len(drawn) == 2, "both take as long as drawing takes"
    for one in where:
        assert "正在生成预览" not in text_of(browser.get(one))
        assert browser.get(f"{one}/1").status_code == 200


# --- F01, F15: lines that break -------------------------------------------------------------------


def test_f15_over_a_line_that_loses_every_third_piece_it_comes_as_a_whole(site):
    """What came of a piece before its line broke counts; nothing is sent twice, nothing is missing."""
    dice, content = random.Random(15), photo((900, 900))
    browser = site.client(LIAISON)
    where = begin(browser, "现场照片.jpg", len(content))["Location"]
    one, lost, asked = Upload.objects.get(), 0, 0
    while one.received < len(content):
        asked += 1
        assert asked < 500
        offset = int(browser.head(where, headers=TUS)["Upload-Offset"])
        assert offset == one.received
        piece = content[offset : offset + 20_000]
        is_lost = dice.random() < 0.3
        lost += is_lost
        stream = _Breaking(piece, dice.randrange(len(piece))) if is_lost else io.BytesIO(piece)
        uploading.take_piece(site.installation, Upload.objects.get(), offset, stream)
        one.refresh_from_db()
    assert lost > 3
    assert one.is_ready
    assert site.installation.blobs.read(one.blob) == content


class _Breaking(io.BytesIO):
    """A line that is gone after so many bytes."""

    def __init__(self, content: bytes, after: int) -> None:
        super().__init__(content)
        self._after = after

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() >= self._after:
            raise ConnectionResetError
        return super().read(min(size or self._after, self._after - self.tell()))


# --- F05: the disk is full ------------------------------------------------------------------------


def full(*_args: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("place", [parts, blobs], ids=["on its way", "in the store"])
def test_f05_where_the_disk_is_full_nothing_is_half_and_it_goes_on_later(site, monkeypatch, place):
    browser, content = site.client(LIAISON), pdf(b"%" + b"x" * 5000)
    where = begin(browser, "总结.pdf", len(content))["Location"]
    assert send(browser, where, 0, content[:2000]).status_code == 204
    before = stored(site)
    with monkeypatch.context() as patched:
        patched.setattr(place.os, "write", full)
        answer = send(browser, where, 2000, content[2000:])
    assert answer.status_code == 507
    assert "磁盘已满" in answer.content.decode()
    assert stored(site) == before
    assert browser.get(AT).status_code == 200, "what is there is still shown"
    (one,) = Upload.objects.all()
    assert (one.state, one.sha256) == ("coming", "")
    offset = int(browser.head(where, headers=TUS)["Upload-Offset"])
    if offset < len(content):
        assert send(browser, where, offset, content[offset:]).status_code == 204
    one.refresh_from_db()
    assert one.is_ready
    assert site.installation.blobs.read(one.blob) == content


# --- I19, I20: time, and what is held back ---------------------------------------------------------


def test_i19_a_filing_bears_the_servers_time_whatever_the_form_says(site):
    browser = site.client(LIAISON)
    one = sent(browser, "总结.pdf", pdf())
    site.at("2025-01-20T01:00:00+00:00")
    browser = site.client(LIAISON)
    past = {"at": "2024-12-20T00:00:00Z", "received": "2024-12-20", "received_at": "2024-12-20"}
    assert (
        browser.post(f"{AT}/file", fresh(upload=[one.id], item=[ITEM], **past)).status_code == 303
    )
    assert Entry.objects.latest("index").at.startswith("2025-01-20T01:00")
    assert "逾期收到" in text_of(browser.get(AT))


def test_i19_where_the_clock_was_set_back_nothing_is_filed_under_an_earlier_time(site):
    browser = site.client(LIAISON)
    for day in ("2024-12-01", "2024-12-02"):
        one = sent(browser, f"{day}.pdf", pdf(day.encode()))
        assert browser.post(f"{AT}/file", fresh(upload=[one.id], item=[ITEM])).status_code == 303
        site.clock.now -= timedelta(minutes=3)
    last, before = Entry.objects.order_by("-index")[:2]
    assert last.at >= before.at


def test_i20_without_a_seal_nobody_is_told_that_it_was_filed(site, monkeypatch):
    """The file was taken and is held back: no receipt, no 已办理; sealed later, the receipt is there."""

    def away() -> None:
        raise EnvironmentFault("存证服务没有应答。", "The sealer does not answer.")

    browser = site.client(LIAISON)
    one = sent(browser, "总结.pdf", pdf())
    with monkeypatch.context() as held:
        held.setattr(site.installation.sealer, "seal", away)
        answer = browser.post(f"{AT}/file", fresh(upload=[one.id], item=[ITEM]))
    assert answer.status_code == 202
    assert "待存证" in text_of(answer)
    assert "已办理并存证" not in text_of(browser.get(AT))
    index = Entry.objects.latest("index").index
    for ending in ("proof", "pdf"):
        assert browser.get(f"/receipts/{index}/{ending}").status_code == 404
    site.installation.sealer.seal()
    assert browser.get(f"/receipts/{index}/proof").status_code == 200
