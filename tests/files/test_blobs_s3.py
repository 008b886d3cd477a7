"""What is peculiar to an object store: conditions, parts, networks that break, servers that know less."""

from __future__ import annotations

import base64
import hashlib
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError

from kaoping.core.errors import EnvironmentFault, InputError, TamperError
from kaoping.files.blobs import PIECE
from kaoping.files.blobs_s3 import PART, S3Blobs
from tests.cli.folders import ROOT
from tests.files.blob_stores import (
    BUCKET,
    PREFIX,
    Behind,
    blob_of,
    client_of,
    emptied_bucket,
    object_store,
    place_of,
    sound,
    stored,
)
from tests.files.drip import Drip

EVIDENCE = "佐证材料：会议纪要".encode() * 50
IN_PARTS = 2 * PART + 5


@pytest.fixture(scope="module")
def endpoint():
    with object_store() as address:
        yield address


@pytest.fixture
def behind(endpoint):
    """With a store of its own, whose client the tests may meddle with."""
    with emptied_bucket(endpoint) as client:
        yield Behind(S3Blobs(BUCKET, PREFIX, endpoint=endpoint), client=client)


def events(store):
    return store._client.meta.events


def requests_of(store, operation: str) -> list[dict[str, Any]]:
    """The headers of every request of a kind that is sent from now on."""
    seen: list[dict[str, Any]] = []
    events(store).register(
        f"before-send.s3.{operation}", lambda request, **_: seen.append(dict(request.headers))
    )
    return seen


def text_of(headers: dict[str, Any], name: str) -> str:
    value = {key.lower(): value for key, value in headers.items()}[name]
    return value.decode() if isinstance(value, bytes) else value


def in_base64(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


# --- how it is sent ---------------------------------------------------------------------------------


def test_a_blob_is_sent_with_its_digest_and_only_where_none_is(behind):
    seen = requests_of(behind.store, "PutObject")
    stored(behind.store, EVIDENCE)
    assert [text_of(headers, "x-amz-checksum-sha256") for headers in seen] == [in_base64(EVIDENCE)]
    assert [text_of(headers, "if-none-match") for headers in seen] == ["*"]


@pytest.mark.parametrize("size", [PART, PART + 1, IN_PARTS])
def test_a_long_one_goes_up_in_parts(behind, size):
    whole, parts = requests_of(behind.store, "PutObject"), requests_of(behind.store, "UploadPart")
    ends = requests_of(behind.store, "CompleteMultipartUpload")
    blob = behind.store.put(Drip(size))
    assert sound(behind.store, blob)
    assert len(behind.content(blob)) == size
    assert behind.everything().keys() == {place_of(blob)}
    due = -(-size // PART) if size > PART else 0
    assert (len(whole), len(parts), len(ends)) == ((0, due, 1) if due else (1, 0, 0))
    assert all(int(text_of(part, "content-length")) <= PART for part in parts)
    assert all(text_of(part, "x-amz-checksum-sha256") for part in parts)
    assert [text_of(end, "if-none-match") for end in ends] == ["*"] * len(ends)


@pytest.mark.parametrize("size", [PIECE, IN_PARTS])
def test_one_that_somebody_stored_meanwhile_is_verified_not_replaced(behind, monkeypatch, size):
    blob = behind.store.put(Drip(size))
    monkeypatch.setattr(behind.store, "contains", lambda _: False)
    assert behind.store.put(Drip(size)) == blob
    behind.overwrite(blob, b"somebody else's")
    with pytest.raises(TamperError) as error:
        behind.store.put(Drip(size))
    assert blob.sha256 in error.value.zh
    assert behind.content(blob) == b"somebody else's"
    assert behind.everything().keys() == {place_of(blob)}


@pytest.mark.parametrize("size", [PIECE, IN_PARTS])
def test_a_server_that_does_not_know_the_condition_gets_it_without(behind, size):
    def knows_less(request, **_):
        if "If-None-Match" not in request.headers:
            return None
        fault = b"<Error><Code>NotImplemented</Code><Message>no</Message></Error>"
        return AWSResponse(request.url, 501, {}, Raw(fault))

    for operation in ("PutObject", "CompleteMultipartUpload"):
        events(behind.store).register(f"before-send.s3.{operation}", knows_less)
    blob = behind.store.put(Drip(size))
    assert sound(behind.store, blob)
    assert behind.everything().keys() == {place_of(blob)}


class Raw:
    """The body of an answer."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def stream(self, **_):
        yield self.content


def test_stores_of_two_years_share_a_bucket(behind, endpoint):
    blob = stored(behind.store, EVIDENCE)
    for prefix in ("2025", "/2025/", ""):
        other = S3Blobs(BUCKET, prefix, endpoint=endpoint)
        assert not other.contains(blob) or prefix == "/2025/"
        assert stored(other, EVIDENCE) == blob
    keys = {row["Key"] for row in behind.client.list_objects_v2(Bucket=BUCKET)["Contents"]}
    assert keys == {f"{prefix}{place_of(blob)}" for prefix in (f"{PREFIX}/", "2025/", "")}


# --- what breaks ------------------------------------------------------------------------------------


def fault_of(attempt) -> str:
    with pytest.raises(EnvironmentFault) as error:
        attempt()
    assert error.value.exit_code == 5
    return error.value.zh


def test_without_boto3_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert "kaoping[s3]" in fault_of(lambda: S3Blobs(BUCKET, endpoint="http://127.0.0.1:1"))


def test_nothing_else_needs_boto3():
    asked = "import sys; sys.modules['boto3'] = None; import kaoping.files.blobs_s3"
    subprocess.run([sys.executable, "-c", asked], check=True)


@pytest.mark.parametrize("address", ["nonsense", "", "http://"])
def test_an_address_that_is_none_is_the_writers_fault(endpoint, address):
    with pytest.raises(InputError) as error:
        S3Blobs(BUCKET, endpoint=address)
    assert "地址" in error.value.zh


def test_a_bucket_that_is_not_there_is_told_when_the_store_is_opened(endpoint):
    assert "no-such-bucket" in fault_of(lambda: S3Blobs("no-such-bucket", endpoint=endpoint))


def test_a_bucket_that_went_away_is_no_loss_of_evidence(endpoint):
    blob = blob_of(EVIDENCE)
    client = client_of(endpoint)
    client.create_bucket(Bucket="passing")
    store = S3Blobs("passing", endpoint=endpoint)
    client.delete_bucket(Bucket="passing")
    fault_of(lambda: store.check(blob))
    fault_of(lambda: stored(store, EVIDENCE))


def test_no_keys_are_told(endpoint, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    assert "密钥" in fault_of(lambda: S3Blobs(BUCKET, endpoint=endpoint))


def test_a_server_that_is_not_there_is_told(endpoint):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert BUCKET in fault_of(lambda: S3Blobs(BUCKET, endpoint=f"http://127.0.0.1:{port}"))


def test_a_network_that_breaks_between_parts_leaves_nothing(behind):
    sent = []

    def breaks(request, **_):
        sent.append(request)
        if len(sent) > 1:
            raise EndpointConnectionError(endpoint_url=request.url)

    events(behind.store).register("before-send.s3.UploadPart", breaks)
    fault_of(lambda: behind.store.put(Drip(IN_PARTS)))
    assert behind.everything() == {}


def test_a_full_disk_under_the_spool_is_told(behind, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.write", full)
        assert "磁盘已满" in fault_of(lambda: stored(behind.store, EVIDENCE))
    assert behind.everything() == {}


class Breaking(BaseHTTPRequestHandler):
    """A server that promises more than it sends."""

    def do_HEAD(self):
        self.send_response(200)
        self.end_headers()

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(EVIDENCE)))
        self.end_headers()
        self.wfile.write(EVIDENCE[:100])

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def breaking_server():
    with HTTPServer(("127.0.0.1", 0), Breaking) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_connection_that_breaks_off_is_no_tampering(endpoint):
    """Tampering is an alarm; a network that fails is not to raise it."""
    with breaking_server() as address:
        store = S3Blobs(BUCKET, endpoint=address)
        assert store.contains(blob_of(EVIDENCE))
        fault_of(lambda: store.check(blob_of(EVIDENCE)))
        fault_of(lambda: store.read(blob_of(EVIDENCE)))


KILLED = """
import os, signal, sys
from kaoping.files.blobs_s3 import S3Blobs
from tests.files.drip import Drip
store = S3Blobs(sys.argv[1], sys.argv[2], endpoint=sys.argv[3])
def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
name = "before-send.s3." + sys.argv[4]
turns = []
def at_the_second(**_):
    turns.append(name)
    if len(turns) > 1 or sys.argv[4] != "UploadPart":
        killed()
store._client.meta.events.register(name, at_the_second)
store.put(Drip(int(sys.argv[5])))
"""


@pytest.mark.parametrize(
    ("step", "size"),
    [("PutObject", PIECE), ("UploadPart", IN_PARTS), ("CompleteMultipartUpload", IN_PARTS)],
)
def test_a_run_that_is_killed_leaves_no_object(behind, endpoint, step, size):
    words = [sys.executable, "-c", KILLED, BUCKET, PREFIX, endpoint, step, str(size)]
    ended = subprocess.run(words, cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert "Contents" not in behind.client.list_objects_v2(Bucket=BUCKET)
    for row in behind.client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []):
        behind.client.abort_multipart_upload(
            Bucket=BUCKET, Key=row["Key"], UploadId=row["UploadId"]
        )
    assert sound(behind.store, behind.store.put(Drip(size)))
