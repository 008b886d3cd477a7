"""上传: files come piece by piece, are looked at, and are nobody else's; what is harmful never lies in the store."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import socket
import threading
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.http import UnreadablePostError
from PIL import Image

from kaoping.files.parts import BusyError
from kaoping.web.actions import uploading
from kaoping.web.actions.uploading import FOLDER, drop_stale, scan_waiting
from kaoping.web.models import Upload, UploadState
from tests.files.test_inner_checks import pdf
from tests.web.site import text_of
from tests.world_set_up import uid

STAGE = "opened"
LIAISON, OTHER, HANDLER = "青禾县联络员", "白石县联络员", "综合科经办人"
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


def photo(size=(60, 40)):
    stream = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(stream, "JPEG")
    return stream.getvalue()


def said_of(name, **more):
    pairs = {"filename": name, **more}
    return ",".join(
        f"{key} {base64.b64encode(text.encode()).decode()}" for key, text in pairs.items()
    )


def begin(browser, name, size, first=None, **headers):
    about = TUS | {"Upload-Length": str(size), "Upload-Metadata": said_of(name)} | headers
    kind = PIECE if first is not None else "text/plain"
    return browser.post("/uploads", first or b"", content_type=kind, headers=about)


def send(browser, where, offset, piece, **headers):
    about = TUS | {"Upload-Offset": str(offset)} | headers
    return browser.patch(where, piece, content_type=PIECE, headers=about)


def sent(browser, name, content):
    """A whole file in one request; its row."""
    answer = begin(browser, name, len(content), content)
    assert answer.status_code == 201, answer.content.decode()
    return Upload.objects.get(id=urlsplit(answer["Location"]).path.rpartition("/")[2])


def left_over(site):
    folder = site.installation.data / FOLDER
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


# --- a file comes ---------------------------------------------------------------------------------


def test_a_small_file_comes_with_its_announcement(site):
    content = photo()
    one = sent(site.client(LIAISON), "现场照片.JPG", content)
    assert (one.state, one.received, one.owner) == ("ready", len(content), uid("青禾县"))
    assert one.sha256 == hashlib.sha256(content).hexdigest()
    assert site.installation.blobs.read(one.blob) == content
    assert left_over(site) == []
    line = text_of(site.client(LIAISON).get(f"/uploads/{one.id}/state"))
    assert "现场照片.JPG" in line
    assert "已收齐" in line


def test_a_large_one_comes_in_pieces_and_goes_on_after_a_break(site):
    browser, content = site.client(LIAISON), pdf() + b"%" + b"x" * 700_000
    where = begin(browser, "总结.pdf", len(content))["Location"]
    assert send(browser, where, 0, content[:300_000]).status_code == 204
    head = browser.head(where, headers=TUS)
    assert (head["Upload-Offset"], head["Upload-Length"]) == ("300000", str(len(content)))
    again = site.client(LIAISON)  # the browser was closed meanwhile
    last = send(again, where, 300_000, content[300_000:])
    assert last["Upload-Offset"] == str(len(content))
    assert Upload.objects.get().is_ready
    assert site.installation.blobs.read(Upload.objects.get().blob) == content


def test_bytes_that_a_killed_server_left_are_cut_off(site):
    """They are in the file and not in the row: what counts is what was answered."""
    browser, content = site.client(LIAISON), pdf()
    where = begin(browser, "总结.pdf", len(content))["Location"]
    send(browser, where, 0, content[:50])
    one = Upload.objects.get()
    with (site.installation.data / FOLDER / one.id).open("ab") as file:
        file.write(b"half a piece")
    assert send(browser, where, 50, content[50:]).status_code == 204
    assert Upload.objects.get().is_ready


def test_a_file_that_had_come_when_the_server_was_killed_is_looked_at_later(site):
    browser, content = site.client(LIAISON), pdf()
    where = begin(browser, "总结.pdf", len(content))["Location"]
    one = Upload.objects.get()
    (site.installation.data / FOLDER / one.id).write_bytes(content)
    Upload.objects.update(received=len(content))
    assert browser.head(where, headers=TUS)["Upload-Offset"] == str(len(content))
    assert Upload.objects.get().is_ready
    assert left_over(site) == []


@pytest.mark.parametrize("fault", [ConnectionResetError, UnreadablePostError, TimeoutError])
def test_a_line_that_breaks_off_keeps_what_came(site, fault):
    one = sent_partly(site, b"0123456789", fault)
    assert one.received == 6


def sent_partly(site, content, fault):
    class Broken(io.BytesIO):
        def read(self, size=-1, /):
            if self.tell() >= 6:
                raise fault
            return super().read(6)

    site.client(LIAISON)
    begin(site.client(LIAISON), "说明.txt", len(content))
    one = Upload.objects.get()
    return uploading.take_piece(site.installation, one, 0, Broken(content))


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_piece_is_checked_by_its_checksum(site, algorithm):
    browser, content = site.client(LIAISON), "情况说明".encode() * 20
    where = begin(browser, "说明.txt", len(content))["Location"]
    digest = base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
    wrong = {"Upload-Checksum": f"{algorithm} {base64.b64encode(b'0' * 20).decode()}"}
    assert send(browser, where, 0, content, **wrong).status_code == 460
    assert Upload.objects.get().received == 0
    right = {"Upload-Checksum": f"{algorithm} {digest}"}
    assert send(browser, where, 0, content, **right).status_code == 204
    assert Upload.objects.get().is_ready


def test_the_server_says_what_it_understands(site):
    answer = site.client(LIAISON).options("/uploads")
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert {"creation", "checksum"} <= set(answer["Tus-Extension"].split(","))


def test_an_upload_is_given_up(site):
    browser = site.client(LIAISON)
    where = begin(browser, "总结.pdf", 100)["Location"]
    assert browser.delete(where, headers=TUS).status_code == 204
    assert not Upload.objects.exists()
    assert left_over(site) == []
    done = sent(browser, "现场照片.jpg", photo())
    assert browser.delete(f"/uploads/{done.id}", headers=TUS).status_code == 204
    assert Upload.objects.get().is_ready, "what is stored stays"


# --- O24: what is not of the protocol, and other people's uploads -----------------------------------


def test_o24_other_peoples_uploads_are_not_there(site):
    where = begin(site.client(LIAISON), "总结.pdf", 100)["Location"]
    for name in (OTHER, HANDLER, "评估督导科经办人"):
        browser = site.client(name)
        assert browser.head(where, headers=TUS).status_code == 404
        assert send(browser, where, 0, b"x").status_code == 404
        assert browser.delete(where, headers=TUS).status_code == 404
        assert browser.get(f"{where}/state").status_code == 404
    assert Upload.objects.get().received == 0


@pytest.mark.parametrize(
    ("offset", "piece", "headers", "status"),
    [
        (3, b"x", {}, 409),
        (0, b"x" * 11, {}, 413),
        (0, b"x", {"Upload-Checksum": "md5 AAAA"}, 400),
        (0, b"x", {"Upload-Checksum": "sha256 !"}, 400),
        (0, b"x", {"Upload-Offset": "-1"}, 400),
        (0, b"x", {"Upload-Offset": "1" * 40}, 400),
        (0, b"x", {"Tus-Resumable": "0.2"}, 412),
    ],
)
def test_o24_what_does_not_fit_changes_nothing(site, offset, piece, headers, status):
    browser = site.client(LIAISON)
    where = begin(browser, "总结.pdf", 10)["Location"]
    assert send(browser, where, offset, piece, **headers).status_code == status
    assert Upload.objects.get().received == 0
    assert browser.patch(where, b"x", content_type="text/plain", headers=TUS | {"Upload-Offset": "0"}).status_code == 415  # fmt: skip


def test_two_pieces_at_once_are_one(site):
    """The second finds the file held; one that had looked before the first was done finds it has grown."""
    begin(site.client(LIAISON), "说明.txt", 6)
    one, same = Upload.objects.get(), Upload.objects.get()
    with uploading.parts_of(site.installation).held(one.id), pytest.raises(BusyError):
        uploading.take_piece(site.installation, one, 0, io.BytesIO(b"abc"))
    uploading.take_piece(site.installation, one, 0, io.BytesIO(b"abc"))
    with pytest.raises(uploading.OtherOffsetError):
        uploading.take_piece(site.installation, same, 0, io.BytesIO(b"x"))
    uploading.take_piece(site.installation, Upload.objects.get(), 3, io.BytesIO(b"def"))
    assert site.installation.blobs.read(Upload.objects.get().blob) == b"abcdef"


def test_what_the_disk_lost_is_sent_again_and_never_filled_with_zeros(site):
    browser = site.client(LIAISON)
    where = begin(browser, "说明.txt", 6)["Location"]
    send(browser, where, 0, b"abc")
    (site.installation.data / FOLDER / Upload.objects.get().id).write_bytes(b"a")
    assert send(browser, where, 3, b"def").status_code == 409
    assert browser.head(where, headers=TUS)["Upload-Offset"] == "1"
    assert send(browser, where, 1, b"bcdef").status_code == 204
    assert site.installation.blobs.read(Upload.objects.get().blob) == b"abcdef"


def test_an_upload_that_was_given_up_meanwhile_takes_nothing(site):
    browser = site.client(LIAISON)
    begin(browser, "说明.txt", 6)
    one = Upload.objects.get()
    browser.delete(f"/uploads/{one.id}", headers=TUS)
    with pytest.raises(uploading.OtherOffsetError):
        uploading.take_piece(site.installation, one, 0, io.BytesIO(b"abcdef"))
    assert not Upload.objects.exists()


@pytest.mark.parametrize("about", ["", "filename !!!", "filename /w=="])
def test_a_file_without_a_good_name_is_refused(site, about):
    headers = TUS | {"Upload-Length": "5", "Upload-Metadata": about}
    answer = site.client(LIAISON).post("/uploads", b"", content_type="text/plain", headers=headers)
    assert answer.status_code in (400, 415)
    assert not Upload.objects.exists()


@pytest.mark.parametrize("name", ["系统管理员", "监督员", "主要领导"])
def test_who_files_for_nobody_uploads_nothing(site, name):
    answer = begin(site.client(name), "总结.pdf", 5)
    assert answer.status_code in (403, 404)
    assert not Upload.objects.exists()


def test_for_another_unit_nobody_uploads(site):
    headers = {"Upload-Metadata": said_of("总结.pdf", owner=uid("白石县"))}
    assert begin(site.client(LIAISON), "总结.pdf", 5, **headers).status_code == 403
    assert not Upload.objects.exists()


# --- O10, O11: what is not what it says; O20: names; O23: too much -----------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("总结.pdf", b"MZ" + bytes(4000), "内容不是 pdf"),
        ("照片.jpg", b"<html><script>alert(1)</script>", "内容不是 jpg"),
        ("总结.pdf", pdf(b"3 0 obj <</S /JavaScript /JS (x)>> endobj"), "脚本"),
        ("附件.docx", b"PK\x03\x04" + bytes(100), "损坏"),
    ],
)
def test_o11_a_file_that_is_no_such_file_is_refused_and_not_kept(site, name, content, said):
    one = sent(site.client(LIAISON), name, content)
    assert one.state == UploadState.REFUSED.value
    assert said in one.why_zh
    assert one.sha256 == ""
    assert left_over(site) == []
    assert said in text_of(site.client(LIAISON).get(f"/uploads/{one.id}/state"))


@pytest.mark.parametrize(
    "name", ["a.svg", "a.html", "a.exe", "a", "a.docm", ".pdf.js", "a.pdf\x00.exe"]
)
def test_o10_other_kinds_of_files_do_not_even_begin(site, name):
    assert begin(site.client(LIAISON), name, 5).status_code == 415
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.pdf",
        "..\\..\\x.pdf",
        "/etc/cron.d/x.pdf",
        "．．／x.pdf",
        "%2e%2e%2fx.pdf",
        "x\u202efdp.pdf",
    ],
)
def test_o20_a_name_is_a_name_and_never_a_place(site, name):
    one = sent(site.client(LIAISON), name, pdf())
    assert "/" not in one.name
    assert "\\" not in one.name
    assert "\u202e" not in one.name
    stored = [path for path in site.installation.data.rglob("*") if path.is_file()]
    assert all(name.rpartition("/")[2] not in path.name for path in stored)


def test_o23_more_than_the_limit_or_the_quota_is_not_begun(site, settings):
    settings.UPLOAD_LIMIT, settings.UPLOAD_QUOTA = 1000, 1500
    browser = site.client(LIAISON)
    assert begin(browser, "总结.pdf", 1001).status_code == 413
    assert begin(browser, "总结.pdf", 900).status_code == 201
    over = begin(browser, "总结二.pdf", 900)
    assert over.status_code == 413
    assert "合计" in over.content.decode()
    assert begin(site.client(OTHER), "总结.pdf", 900).status_code == 201, "others are not concerned"


def test_o25_the_same_bytes_of_another_unit_are_not_noticed(site):
    """The answers are alike, and each has sent all of it."""
    content = photo()
    first, second = (sent(site.client(name), "照片.jpg", content) for name in (LIAISON, OTHER))
    assert first.sha256 == second.sha256
    assert (first.received, second.received) == (len(content), len(content))
    assert Upload.objects.filter(owner=uid("白石县")).get().name == "照片.jpg"


# --- the virus scanner --------------------------------------------------------------------------------


@contextmanager
def scanner(place, *answers):
    """A clamd that takes everything in and answers what it is told."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(place))
    listener.listen()
    heard = []

    def serve():
        for answer in answers:
            wire, _ = listener.accept()
            with wire, wire.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while size := int.from_bytes(stream.read(4), "big"):
                    content += stream.read(size)
                heard.append(content)
                wire.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        listener.close()
        place.unlink()
        thread.join(5)


@pytest.fixture
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("s") / "c.sock"


def test_a_virus_is_refused_by_its_name(site, settings, place):
    settings.SCANNER = place
    content = photo()
    with scanner(place, b"stream: Eicar-Test-Signature FOUND\0", b"stream: OK\0") as heard:
        bad = sent(site.client(LIAISON), "照片.jpg", content)
        good = sent(site.client(LIAISON), "照片二.jpg", content)
    assert heard == [content, content]
    assert (bad.state, good.state) == ("refused", "ready")
    assert "Eicar-Test-Signature" in bad.why_zh


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: ?\0"])
def test_where_the_scanner_gives_no_verdict_the_file_waits(site, settings, place, answer):
    settings.SCANNER = place
    with scanner(place, answer):
        one = sent(site.client(LIAISON), "照片.jpg", photo())
    assert one.is_waiting
    assert one.sha256 == ""
    assert "待查" in text_of(site.client(LIAISON).get(f"/uploads/{one.id}/state"))
    assert scan_waiting(site.installation) == 1, "it is down now"
    assert Upload.objects.get().is_waiting
    with scanner(place, b"stream: OK\0"):
        scan_waiting(site.installation)
    assert Upload.objects.get().is_ready


def test_a_large_file_is_scanned_by_the_worker_and_not_while_the_browser_waits(
    site, settings, place, monkeypatch
):
    settings.SCANNER, content = place, photo()
    monkeypatch.setattr("kaoping.web.actions.uploading.SCANNED_AT_ONCE", 100)
    with scanner(place, b"stream: OK\0") as heard:
        one = sent(site.client(LIAISON), "照片.jpg", content)
        assert one.is_waiting
        assert heard == []
        said = text_of(site.client(LIAISON).get(f"/uploads/{one.id}/state"))
        assert "待查" in said
        assert scan_waiting(site.installation) == 1
    assert heard == [content]
    assert Upload.objects.get().is_ready


# --- what is left over --------------------------------------------------------------------------------


def test_what_never_came_as_a_whole_is_given_up_after_a_day(site):
    browser = site.client(LIAISON)
    begin(browser, "总结.pdf", 100)
    done = sent(browser, "照片.jpg", photo())
    orphan = site.installation.data / FOLDER / "of-a-killed-server"
    orphan.write_bytes(b"x")
    site.clock.now += timedelta(hours=23)
    assert drop_stale(site.installation) == 0
    assert len(left_over(site)) == 2
    site.clock.now += timedelta(hours=2)
    begin(site.client(LIAISON), "又一份.pdf", 100)
    now = site.clock.now.timestamp()
    for path in (site.installation.data / FOLDER).iterdir():
        os.utime(path, (now - 100_000, now - 100_000))
    assert drop_stale(site.installation) == 1
    (left,) = Upload.objects.filter(state="coming")
    assert left_over(site) == [left.id], "what is still coming stays"
    assert Upload.objects.filter(id=done.id).exists()
