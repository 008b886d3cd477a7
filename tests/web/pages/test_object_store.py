"""Evidence in an object store by one setting: received, filed, handed over, verified and shown as from a folder."""

from __future__ import annotations

import io
import os
from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured

from kaoping.config.storing import object_store as named_by
from kaoping.core.errors import EnvironmentFault
from kaoping.files.blobs_s3 import S3Blobs, S3Place
from kaoping.files.journal.inquiry import Layer, State
from kaoping.web import opening
from kaoping.web.actions.previewing import make_previews
from kaoping.web.actions.verifying import verify_all
from kaoping.web.models import Upload
from tests.files.blob_stores import BUCKET, PREFIX, emptied_bucket, object_store, place_of
from tests.files.photos import jpeg, scene
from tests.web.pages.test_ledger_page import AT, LIAISON, file, filings
from tests.web.pages.test_uploads import sent
from tests.web.site import text_of

STAGE = "opened"
HANDLER = "综合科经办人"


@pytest.fixture(scope="module")
def endpoint():
    with object_store() as address:
        yield address


@pytest.fixture
def client(endpoint):
    with emptied_bucket(endpoint) as found:
        yield found


@pytest.fixture
def in_store(site, client, endpoint, settings):
    """The platform as the setting makes it; what the year had in its folder was brought over before."""
    settings.BLOBS = S3Place(BUCKET, f"/{PREFIX}", endpoint)
    store = opening._evidence(site.installation.data)
    assert isinstance(store, S3Blobs)
    folder = site.installation.data / "blobs"
    for path in folder.rglob("*"):
        if path.is_file():
            store.put(io.BytesIO(path.read_bytes()))
            path.unlink()
    site.installation = replace(site.installation, blobs=store)
    opening.hold(site.installation)
    return site


def filed(site):
    browser = site.client(LIAISON)
    one = sent(browser, "现场照片.jpg", jpeg(scene(1)))
    file(browser, one)
    (filing,) = filings(site)
    return one, f"/evidence/{filing.id}/{one.sha256}"


def test_it_is_received_filed_handed_over_and_shown(in_store, client):
    one, where = filed(in_store)
    assert [*(in_store.installation.data / "blobs").rglob(one.sha256)] == []
    held = client.get_object(Bucket=BUCKET, Key=f"{PREFIX}/{place_of(one.blob)}")
    with held["Body"] as body:
        assert body.read() == jpeg(scene(1))
    assert "现场照片.jpg" in text_of(in_store.client(LIAISON).get(AT))
    answer = in_store.client(HANDLER).get(where)
    assert b"".join(answer.streaming_content) == jpeg(scene(1))
    assert make_previews(in_store.installation) == 1
    assert in_store.client(HANDLER).get(f"{where}/preview/1")["Content-Type"] == "image/webp"


def test_verification_hashes_what_is_there_and_names_what_was_changed(in_store, client):
    one, where = filed(in_store)
    in_store.installation.sealer.seal()
    assert evidence(in_store).state is State.PASSED
    client.put_object(Bucket=BUCKET, Key=f"{PREFIX}/{place_of(one.blob)}", Body=b"other")
    found = evidence(in_store)
    assert found.state is State.FAILED
    assert one.sha256 in found.zh
    assert in_store.client(HANDLER).get(where).status_code == 500


def evidence(site):
    findings, _ = verify_all(site.installation)
    return next(one for one in findings if one.layer is Layer.E)


def test_a_store_that_is_away_loses_nothing(in_store, endpoint):
    """What had come is kept, and stored once the store is there again."""
    browser, content = in_store.client(LIAISON), jpeg(scene(2))
    away = replace(in_store.installation, blobs=S3Blobs(BUCKET, PREFIX, endpoint=endpoint))
    away.blobs._bucket = "not-there"
    opening.hold(away)
    answer = browser.post(
        "/uploads", content, content_type="application/offset+octet-stream",
        headers={"Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)),
                 "Upload-Metadata": "filename 5LiALmpwZw=="},
    )  # fmt: skip
    assert answer.status_code == 503
    (one,) = Upload.objects.all()
    assert (one.received, one.is_ready) == (len(content), False)
    opening.hold(in_store.installation)
    browser.head(f"/uploads/{one.id}", headers={"Tus-Resumable": "1.0.0"})
    assert Upload.objects.get().is_ready
    assert in_store.installation.blobs.read(Upload.objects.get().blob) == content


def test_a_process_has_a_connection_of_its_own(client, endpoint):
    store = S3Blobs(BUCKET, PREFIX, endpoint=endpoint)
    before = store._client
    assert store._client is before
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"other" if store._client is not before else b"same")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 10) == b"other"
    for handle in (reading, writing):
        os.close(handle)


# --- the setting ----------------------------------------------------------------------------------


def test_without_the_setting_it_is_the_folder():
    assert named_by({}) is None


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("s3://evidence", S3Place("evidence", "", None)),
        ("s3://evidence/city/2025", S3Place("evidence", "/city/2025", None)),
    ],
)
def test_an_address_names_bucket_and_prefix(address, place):
    assert named_by({"KAOPING_BLOBS": address}) == place


@pytest.mark.parametrize(
    "wrong", ["evidence", "http://evidence/x", "s3://", "s3:///x", "s3://key:secret@evidence/x", "s3://a/b?c", "s3://UPPER"]
)  # fmt: skip
def test_a_wrong_address_is_refused_and_not_told_again(wrong):
    with pytest.raises(ImproperlyConfigured, match="不能启动") as error:
        named_by({"KAOPING_BLOBS": wrong})
    assert "secret@" not in str(error.value)


def test_an_endpoint_alone_or_a_wrong_one_is_refused():
    for environment in (
        {"KAOPING_BLOBS_ENDPOINT": "https://store.example"},
        {"KAOPING_BLOBS": "s3://evidence", "KAOPING_BLOBS_ENDPOINT": "store.example"},
    ):
        with pytest.raises(ImproperlyConfigured, match="不能启动"):
            named_by(environment)


def test_a_bucket_that_is_not_there_stops_the_start(endpoint, settings, tmp_path):
    settings.BLOBS = S3Place("not-there", "", endpoint)
    with pytest.raises(EnvironmentFault, match="对象存储 not-there 现在不能用"):
        opening._evidence(tmp_path)
