"""Near photos among very many: found by rows that follow the entries, and whole while the rows lag behind."""

from __future__ import annotations

import io
from datetime import timedelta
from hashlib import sha256

from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from kaoping.core.acts.collecting import EvidenceCorrected, EvidenceFiled
from kaoping.core.blob import Blob
from kaoping.web import jobs
from kaoping.web.actions.following_filings import follow_filings
from kaoping.web.models import FiledFile, JobRun, NearPhoto
from kaoping.web.queries.filed_files import acts_filing
from tests.web.pages.test_ledger_page import ITEM, LIAISON, OTHER, TASK, filings, year
from tests.web.site import fresh, text_of
from tests.world_set_up import uid

STAGE = "opened"
HANDLER = "综合科经办人"
MANY = 1_500


def photo(name):
    """The reference to a photo; nobody reads its bytes here."""
    digest = sha256(name.encode()).hexdigest()
    return Blob(digest, digest, 7)


def act(site, who, unit, photos, name):
    content = EvidenceFiled(year(site).id, uid(unit), TASK, ITEM, tuple(photos), None, None, None)
    site.do(who, uid(name), content)


def near(one, other, bits=3):
    first, second = sorted((one.sha256, other.sha256))
    return NearPhoto(first=first, second=second, bits=bits)


def many(site):
    """Each of the photos of one unit is near to one of another unit."""
    ours, theirs = ([photo(f"{unit} {n}") for n in range(MANY)] for unit in ("青禾", "白石"))
    act(site, LIAISON, "青禾县", ours, "许多")
    act(site, OTHER, "白石县", theirs, "也许多")
    NearPhoto.objects.bulk_create(map(near, ours, theirs))
    return ours, theirs


def test_the_list_and_the_workbook_of_very_many_photos_are_shown(site):
    many(site)
    browser = site.client(HANDLER)
    for _ in ("before the rows are kept", "after"):
        said = text_of(browser.get("/review"))
        assert said.count("与白石县任务 1.1 的一张照片近似（相差 3 位）") == 5, "the nearest only"
        book = load_workbook(io.BytesIO(browser.get("/review.xlsx").content))
        assert "与青禾县任务 1.1 的一张照片近似" in str([*book.worksheets[0].values])
        follow_filings()
    assert FiledFile.objects.count() == 2 * MANY


def test_once_the_rows_are_kept_no_body_of_an_entry_is_searched(site):
    ours, theirs = many(site)
    follow_filings()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = acts_filing({one.sha256 for one in (*ours, *theirs)})
    assert len(found) == 2 * MANY
    assert len(asked) < 12
    assert not any("LIKE" in one["sql"] for one in asked)


def test_rows_are_kept_every_minute_and_once(site):
    act(site, LIAISON, "青禾县", [photo("一"), photo("二")], "一份")
    site.clock.now += timedelta(minutes=1)
    jobs.run_due()
    assert JobRun.objects.get(name="follow-filings").said == "登记 2 个报送的文件"
    site.clock.now += timedelta(minutes=1)
    jobs.run_due()
    assert JobRun.objects.filter(name="follow-filings").count() == 1, "nothing to do, no record"
    assert follow_filings() == 0
    act(site, LIAISON, "青禾县", [photo("二"), photo("三")], "又一份")
    assert follow_filings() == 2
    assert FiledFile.objects.count() == 4


def test_they_can_be_made_anew(site):
    many(site)
    follow_filings()
    before = set(FiledFile.objects.values_list("entry", "act", "sha256"))
    FiledFile.objects.all().delete()
    assert follow_filings() == 2 * MANY
    assert set(FiledFile.objects.values_list("entry", "act", "sha256")) == before


def test_what_was_corrected_counts_as_it_stands_now(site):
    one, other, new = photo("一"), photo("另一"), photo("新")
    act(site, LIAISON, "青禾县", [one], "一份")
    act(site, OTHER, "白石县", [other], "另一份")
    NearPhoto.objects.bulk_create([near(one, other)])
    follow_filings()
    browser = site.client(HANDLER)
    assert "与白石县任务 1.1 的一张照片近似" in text_of(browser.get("/review"))
    (theirs,) = filings(site, "白石县")
    answer = browser.post(f"/review/filings/{theirs.id}/return", fresh(reason="换一张"))
    assert answer.status_code == 303
    content = EvidenceCorrected((new,), None, None, None)
    site.do(OTHER, theirs.id, content, theirs.act)
    for _ in range(2):
        assert "近似" not in text_of(browser.get("/review"))
        follow_filings()
    NearPhoto.objects.bulk_create([near(one, new)])
    assert "与白石县任务 1.1 的一张照片近似" in text_of(browser.get("/review"))
