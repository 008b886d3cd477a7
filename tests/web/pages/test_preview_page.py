"""预览: a page shows what a file holds to whoever may have it; near photos are hinted to sections, never to units."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import override_settings
from PIL import Image

from kaoping.core.errors import EnvironmentFault, InputError
from kaoping.core.workflow.things import Filing
from kaoping.files.blobs import FolderBlobs
from kaoping.files.likeness import FARTHEST
from kaoping.files.previewing import preview_of
from kaoping.web import jobs
from kaoping.web.actions import previewing
from kaoping.web.actions.previewing import make_previews, previews_missing
from kaoping.web.models import JobRun, NearPhoto, Preview, PreviewPart, Upload, UploadState
from kaoping.web.queue import first_come
from kaoping.web.views.downloads import FILE_POLICY
from tests.files.photos import SECRET, jpeg, scene, taken
from tests.files.samples import xlsx
from tests.files.test_previewing import pages
from tests.web.pages.test_ledger_page import AT, HEAD, LIAISON, OTHER, file, filings
from tests.web.pages.test_uploads import sent
from tests.web.site import fresh, text_of
from tests.world_set_up import uid

STAGE = "opened"
HANDLER = "综合科经办人"


def filed(site, name, content, who=LIAISON, unit="青禾县"):
    """A unit files a file; the address of its preview."""
    before = {one.id for one in filings(site, unit)}
    browser = site.client(who)
    one = sent(browser, name, content)
    file(browser, one)
    (filing,) = [other for other in filings(site, unit) if other.id not in before]
    return f"/evidence/{filing.id}/{one.sha256}/preview"


def made(site):
    return make_previews(site.installation)


# --- what is seen ---------------------------------------------------------------------------------


def test_until_it_is_made_the_page_says_so_and_looks_again(site):
    where = filed(site, "照片.jpg", taken(scene(1)))
    page = site.client(LIAISON).get(where)
    assert "正在生成预览" in text_of(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page.content.decode()
    assert made(site) == 1
    page = site.client(LIAISON).get(where)
    assert "正在生成预览" not in text_of(page)
    assert "every 2s" not in page.content.decode()


def test_a_photo_is_shown_as_a_picture_of_our_own_making(site):
    where = filed(site, "现场照片.jpg", taken(scene(1)))
    made(site)
    for name in (LIAISON, HEAD, HANDLER):
        browser = site.client(name)
        assert f'src="{where}/1"' in browser.get(where).content.decode()
        answer = browser.get(f"{where}/1")
        assert answer["Content-Type"] == "image/webp"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == FILE_POLICY
        assert answer["Cache-Control"] == "private, no-store"
        assert SECRET not in answer.content
        assert Image.open(io.BytesIO(answer.content)).size == (640, 480)


def test_pages_of_a_pdf_come_one_after_the_other(site):
    where = filed(site, "总结.pdf", pages(23))
    made(site)
    page = site.client(HANDLER).get(where)
    said = text_of(page)
    assert "只显示前 20 页，共 23 页" in said
    assert page.content.decode().count('loading="lazy"') == 19
    assert 'href="#page-20"' in page.content.decode()
    assert site.client(HANDLER).get(f"{where}/20").status_code == 200
    assert site.client(HANDLER).get(f"{where}/21").status_code == 404


def test_a_workbook_is_shown_as_a_table_and_nothing_in_it_runs(site):
    where = filed(site, "清单.xlsx", xlsx([["单位", "<b>数</b>"], ["甲\u202e乙", "=1+1"]]))
    made(site)
    page = site.client(HANDLER).get(where).content.decode()
    assert "&lt;b&gt;数&lt;/b&gt;" in page
    assert "甲⟨U+202E⟩乙" in page
    assert "只显示文字和表格" in page
    assert site.client(HANDLER).get(f"{where}/0").status_code == 404, "words are no picture"


def test_a_file_without_preview_says_why_and_can_be_downloaded(site):
    where = filed(site, "照片.jpg", jpeg(scene(1))[:6000])
    made(site)
    page = site.client(HANDLER).get(where)
    assert "这个文件没有预览" in text_of(page)
    assert "图片不完整或已损坏。" in text_of(page)
    assert site.client(HANDLER).get(where.removesuffix("/preview")).status_code == 200


def test_the_files_of_a_filing_lead_to_each_other(site):
    browser = site.client(LIAISON)
    both = [sent(browser, f"照片{n}.jpg", jpeg(scene(n))) for n in (1, 2)]
    browser.post(f"{AT}/file", fresh(upload=[one.id for one in both], item=["1.1-1"]))
    (filing,) = filings(site)
    first, second = (f"/evidence/{filing.id}/{one.sha256}/preview" for one in both)
    page = browser.get(first).content.decode()
    assert "下一个文件" in page + browser.get(second).content.decode()
    assert {first, second} <= set(page.split('"'))
    assert 'href="/ledger/tasks/1.1"' in page
    assert 'href="/review?unit=' in site.client(HANDLER).get(first).content.decode()


# --- who sees it ----------------------------------------------------------------------------------


def test_to_another_unit_it_is_not_there(site):
    where = filed(site, "照片.jpg", taken(scene(1)))
    made(site)
    for address in (where, f"{where}/1", f"{where}/0"):
        assert site.client(OTHER).get(address).status_code == 404
        assert site.nobody.get(address).status_code == 302


def test_to_another_section_it_is_not_there(site):
    browser = site.client(LIAISON)
    one = sent(browser, "只给产业科.jpg", taken(scene(1)))
    browser.post("/ledger/tasks/2.1/file", fresh(upload=[one.id], item=["2.1-1"]))
    (filing,) = filings(site)
    made(site)
    where = f"/evidence/{filing.id}/{one.sha256}/preview"
    for address in (where, f"{where}/1"):
        assert site.client("产业科经办人").get(address).status_code == 200
        assert site.client(HANDLER).get(address).status_code == 404


def test_a_digest_that_is_known_opens_nothing_through_ones_own_filing(site):
    """Another unit's file has a preview; asked for beside one's own filing it is not there."""
    theirs = filed(site, "照片.jpg", taken(scene(1))).split("/")[3]
    own = filed(site, "别的.jpg", taken(scene(2)), OTHER, "白石县").split("/")[2]
    made(site)
    for address in (f"/evidence/{own}/{theirs}/preview", f"/evidence/{own}/{theirs}/preview/1"):
        assert site.client(OTHER).get(address).status_code == 404


def test_what_was_changed_on_the_disk_is_not_shown(site):
    where = filed(site, "照片.jpg", taken(scene(1)))
    made(site)
    part = PreviewPart.objects.get()
    path = site.installation.data / "previews" / part.sha256[:2] / part.sha256[2:4] / part.sha256
    path.chmod(0o600)
    path.write_bytes(jpeg(scene(2)))
    assert site.client(HANDLER).get(f"{where}/1").status_code == 500


# --- how they are made ----------------------------------------------------------------------------


def test_a_file_that_takes_the_reader_down_holds_up_no_other(site, monkeypatch):
    filed(site, "一.jpg", jpeg(scene(1)))
    filed(site, "二.jpg", jpeg(scene(2)))
    ordinary, asked = preview_of, []

    def first_crashes(ending, content):
        asked.append(ending)
        return ordinary("pdf" if len(asked) == 1 else ending, content)

    monkeypatch.setattr(previewing, "preview_of", first_crashes)
    assert made(site) == 2
    assert sorted(Preview.objects.values_list("state", flat=True)) == ["made", "none"]
    assert not previews_missing()


def test_a_fault_of_the_machine_leaves_it_for_later(site, monkeypatch):
    filed(site, "一.jpg", jpeg(scene(1)))

    def no_process(*_):
        raise EnvironmentFault("没有内存。", "No memory.")

    with monkeypatch.context() as patched:
        patched.setattr(previewing, "preview_of", no_process)
        with pytest.raises(EnvironmentFault):
            made(site)
    assert not Preview.objects.exists()
    assert made(site) == 1


def test_evidence_that_was_changed_has_no_preview_and_alarms(site, caplog):
    where = filed(site, "一.jpg", jpeg(scene(1)))
    sha256 = where.split("/")[3]
    path = site.installation.data / "blobs" / sha256[:2] / sha256[2:4] / sha256
    path.chmod(0o600)
    path.write_bytes(jpeg(scene(2)))
    made(site)
    assert "与上传时不同" in text_of(site.client(HANDLER).get(where))
    assert "tamper" in caplog.text


def test_only_what_was_accepted_is_read(site):
    filed(site, "一.jpg", jpeg(scene(1)))
    Upload.objects.update(state=UploadState.WAITING.value)
    assert not previews_missing()
    assert made(site) == 0


def test_one_at_a_time_and_the_schedule_does_the_rest(site):
    filed(site, "一.jpg", jpeg(scene(1)))
    with first_come(site.installation.data / "previews.lock"):
        assert made(site) == 0
    site.clock.now += timedelta(minutes=1)
    jobs.run_due()
    assert JobRun.objects.get(name="make-previews").said == "制作 1 份预览"
    assert Preview.objects.count() == 1


def test_what_is_received_is_begun_with_at_once(
    site, monkeypatch, django_capture_on_commit_callbacks
):
    begun = []
    monkeypatch.setattr(jobs, "_begin_here", lambda name, do: begun.append((name, do)))
    with django_capture_on_commit_callbacks(execute=True):
        sent(site.client(LIAISON), "一.jpg", jpeg(scene(1)))
    assert begun == [("previewing", make_previews)]


def counted(monkeypatch):
    """The endings of all files that are drawn from here on."""
    drawn, ordinary = [], preview_of

    def counting(ending, file):
        drawn.append(ending)
        return ordinary(ending, file)

    monkeypatch.setattr(previewing, "preview_of", counting)
    return drawn


def test_the_same_bytes_are_drawn_once_for_each_owner_and_kept_once(site, monkeypatch):
    drawn = counted(monkeypatch)
    for who, unit in ((LIAISON, "青禾县"), (OTHER, "白石县")):
        filed(site, "一.jpg", jpeg(scene(1)), who, unit)
    sent(site.client(LIAISON), "又一.jpg", jpeg(scene(1)))
    assert made(site) == 2
    sent(site.client(LIAISON), "再一.jpg", jpeg(scene(1)))
    assert made(site) == 1
    assert len(drawn) == 2
    assert (Preview.objects.count(), PreviewPart.objects.count()) == (1, 1)
    assert not NearPhoto.objects.exists()
    assert isinstance(site.installation.previews, FolderBlobs)
    assert not previews_missing()


def test_what_was_drawn_once_stays_and_what_was_not_gets_another_chance(site, monkeypatch):
    where = filed(site, "一.jpg", jpeg(scene(1)))

    def too_slow(*_):
        raise InputError("文件：读取时间过长，已停止。", "Reading took too long.")

    with monkeypatch.context() as patched:
        patched.setattr(previewing, "preview_of", too_slow)
        made(site)
    assert "读取时间过长" in text_of(site.client(LIAISON).get(where))
    theirs = filed(site, "一.jpg", jpeg(scene(1)), OTHER, "白石县")
    made(site)
    for who, at in ((LIAISON, where), (OTHER, theirs)):
        assert site.client(who).get(f"{at}/1").status_code == 200
    Upload.objects.update(previewed_at="")
    with monkeypatch.context() as patched:
        patched.setattr(previewing, "preview_of", too_slow)
        made(site)
    assert site.client(LIAISON).get(f"{where}/1").status_code == 200


def test_a_file_chosen_from_another_house_of_the_same_person_waits_for_every_turn(site):
    """Who works for two units may file what he uploaded for the other one."""
    where = filed(site, "一.jpg", jpeg(scene(1)))
    made(site)
    fresh_one = sent(site.client(OTHER), "一.jpg", jpeg(scene(1)))
    Upload.objects.filter(owner=uid("青禾县")).delete()
    assert "正在生成预览" in text_of(site.client(LIAISON).get(where))
    made(site)
    assert fresh_one.sha256 in where
    assert site.client(LIAISON).get(f"{where}/1").status_code == 200


# --- near photos ----------------------------------------------------------------------------------


def near(site, *, first=LIAISON, second=OTHER):
    """Two filings of nearly the same photo."""
    units = {LIAISON: "青禾县", OTHER: "白石县"}
    one = filed(site, "开工.jpg", taken(scene(1, (1200, 900))), first, units[first])
    other = filed(site, "现场.jpg", jpeg(scene(1, (1200, 900)).resize((800, 600)), 60), second, units[second])  # fmt: skip
    made(site)
    return one, other


def test_a_section_reads_where_else_a_photo_was_filed(site):
    one, other = near(site)
    bits = NearPhoto.objects.get().bits
    assert bits <= 48
    browser = site.client(HANDLER)
    page = browser.get("/review")
    assert f"与白石县任务 1.1 的一张照片近似（相差 {bits} 位）" in text_of(page)
    assert f"与青禾县任务 1.1 的一张照片近似（相差 {bits} 位）" in text_of(page)
    assert f'<a class="red d-inline-block py-1" href="{other}">' in page.content.decode()
    assert (
        f'<a class="red d-inline-block py-1" href="{other}">' in browser.get(one).content.decode()
    )


def test_a_unit_never_learns_of_it(site):
    one, _ = near(site)
    for address in (AT, one):
        said = site.client(LIAISON).get(address).content.decode()
        assert "近似" not in said
        assert "白石县" not in said


def test_the_same_unit_is_said_to_be_the_same(site):
    near(site, second=LIAISON)
    assert (
        text_of(site.client(HANDLER).get("/review")).count("与该单位任务 1.1 的一张照片近似") == 2
    )


def test_of_another_sections_indicator_nothing_is_told_but_that_it_is_so(site):
    filed(site, "开工.jpg", taken(scene(1)))
    browser = site.client(OTHER)
    one = sent(browser, "现场.jpg", jpeg(scene(1), 50))
    browser.post("/ledger/tasks/2.1/file", fresh(upload=[one.id], item=["2.1-1"]))
    made(site)
    page = site.client(HANDLER).get("/review").content.decode()
    assert "与别的单位报给别的科室的一张照片近似" in page
    assert "白石县" not in page
    assert one.sha256 not in page


def test_the_threshold_is_a_setting(site):
    near(site)
    NearPhoto.objects.update(bits=FARTHEST)
    assert "近似" not in text_of(site.client(HANDLER).get("/review"))
    with override_settings(NEAR_PHOTO_BITS=FARTHEST):
        assert "近似" in text_of(site.client(HANDLER).get("/review"))


def test_what_was_taken_back_is_not_hinted(site):
    near(site)
    (theirs,) = filings(site, "白石县")
    site.client(OTHER).post(f"/ledger/filings/{theirs.id}/withdraw", fresh(reason="报错了"))
    assert uid("白石县") == theirs.unit
    page = text_of(site.client(HANDLER).get("/review", {"unit": uid("青禾县")}))
    assert "近似" not in page
    assert len(list(site.state.every(Filing))) == 2
