"""Stores of blobs to be tested, and streams to be stored: folders, and an object store on loopback."""

from __future__ import annotations

import hashlib
import io
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest import mock

import boto3
import pytest
from cryptography.hazmat.primitives import hashes
from moto.server import ThreadedMotoServer

from kaoping.core.blob import Blob
from kaoping.core.errors import TamperError
from kaoping.files.blobs import PIECE, Blobs, FolderBlobs
from kaoping.files.blobs_s3 import S3Blobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KINDS = ("folder", "s3")
BUCKET, PREFIX = "evidence", "2024"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "not-a-key",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "NO_PROXY": "127.0.0.1",
}


def blob_of(content: bytes) -> Blob:
    """The reference to bytes, reckoned beside the code that is tested."""
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(content)
    return Blob(hashlib.sha256(content).hexdigest(), sm3.finalize().hex(), len(content))


def place_of(blob: Blob) -> str:
    return f"{blob.sha256[:2]}/{blob.sha256[2:4]}/{blob.sha256}"


@dataclass(frozen=True)
class Behind:
    """A store, and hands that reach behind its back."""

    store: Blobs
    folder: Path | None = None
    client: Any = None

    def content(self, blob: Blob) -> bytes:
        if self.folder:
            return (self.folder / place_of(blob)).read_bytes()
        found = self.client.get_object(Bucket=BUCKET, Key=f"{PREFIX}/{place_of(blob)}")
        with found["Body"] as body:
            return bytes(body.read())

    def overwrite(self, blob: Blob, content: bytes) -> None:
        if self.folder:
            path = self.folder / place_of(blob)
            path.unlink()
            path.write_bytes(content)
        else:
            key = f"{PREFIX}/{place_of(blob)}"
            self.client.put_object(Bucket=BUCKET, Key=key, Body=content)

    def remove(self, blob: Blob) -> None:
        if self.folder:
            (self.folder / place_of(blob)).unlink()
        else:
            self.client.delete_object(Bucket=BUCKET, Key=f"{PREFIX}/{place_of(blob)}")

    def everything(self) -> dict[str, bytes]:
        """All that is stored, by its place; what is on its way in, too."""
        if self.folder:
            files = (path for path in self.folder.rglob("*") if path.is_file())
            return {str(path.relative_to(self.folder)): path.read_bytes() for path in files}
        listed = self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        underway = self.client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
        assert underway == []
        return {row["Key"].removeprefix(f"{PREFIX}/"): b"" for row in listed}


@contextmanager
def object_store() -> Iterator[str]:
    """The address of an object store on a free port of this machine; keys of no worth in the air."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        with mock.patch.dict("os.environ", ENVIRONMENT):
            yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


@cache
def client_of(endpoint: str) -> Any:
    """A client that watches; one for all tests, as boto3 takes long to make one."""
    return boto3.session.Session().client("s3", endpoint_url=endpoint, region_name="us-east-1")


@cache
def store_at(endpoint: str, limit: int) -> S3Blobs:
    """The store that is tested; one for all tests of an object store, for it remembers nothing."""
    return S3Blobs(BUCKET, PREFIX, endpoint=endpoint, limit=limit)


@contextmanager
def emptied_bucket(endpoint: str) -> Iterator[Any]:
    """A client that sees an empty bucket."""
    client = client_of(endpoint)
    client.create_bucket(Bucket=BUCKET)
    try:
        yield client
    finally:
        for row in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
            client.delete_object(Bucket=BUCKET, Key=row["Key"])
        client.delete_bucket(Bucket=BUCKET)


@contextmanager
def opened(kind: str, folder: Path, endpoint: str, limit: int = 64 * PIECE) -> Iterator[Behind]:
    """An empty store of a kind."""
    if kind == "folder":
        yield Behind(FolderBlobs.made_in(folder / "blobs", limit), folder=folder / "blobs")
        return
    with emptied_bucket(endpoint) as client:
        yield Behind(store_at(endpoint, limit), client=client)


def stored(store: Blobs, content: bytes) -> Blob:
    return store.put(io.BytesIO(content))


def _read_slowly(store: Blobs, blob: Blob) -> None:
    with store.open(blob) as stream:
        while stream.read(1000):
            pass


LOOKS: tuple[Callable[[Blobs, Blob], object], ...] = (
    lambda store, blob: store.check(blob),
    lambda store, blob: store.read(blob),
    lambda store, blob: store.copy_to(blob, io.BytesIO()),
    _read_slowly,
)


def sound(store: Blobs, blob: Blob) -> bool:
    """That every way to look at a blob ends well."""
    for look in LOOKS:
        look(store, blob)
    return True


def caught(store: Blobs, blob: Blob) -> TamperError:
    """That every way to look at a blob ends with the same alarm, which names its digest."""
    alarms = []
    for look in LOOKS:
        with pytest.raises(TamperError) as error:
            look(store, blob)
        alarms.append(error.value)
    assert len({str(alarm) for alarm in alarms}) == 1
    assert blob.sha256 in alarms[0].zh
    assert blob.sha256 in alarms[0].en
    return alarms[0]
