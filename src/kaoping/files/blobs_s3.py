"""Evidence in an object store that speaks S3: the same layout and the same promises as a folder.

A blob is the object `<prefix>/aa/bb/<sha256>`. What it holds is judged by our own re-hash alone,
never by an ETag or by what the server says of itself. Needs the optional part `s3` (boto3), which
is loaded only when a store is opened.
"""

from __future__ import annotations

import base64
import hashlib
import os
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from kaoping.core.blob import Blob, missing, valid_blob
from kaoping.core.errors import EnvironmentFault, InputError
from kaoping.files.blobs import MAX_BLOB, Blobs, Source, absorbed, nameless_file, write_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet

PART = 8 * 1024 * 1024
"""Bytes sent at a time: longer blobs go up in several parts. S3 allows no smaller ones than 5 MiB."""
_ONLY_IF_NEW = {"IfNoneMatch": "*"}
_ABSENT = {"404", "NoSuchKey", "NotFound"}
_TAKEN = {"412", "PreconditionFailed"}
_UNKNOWN_HEADER = {"501", "NotImplemented"}


@dataclass(frozen=True, slots=True)
class S3Place:
    """Where an object store keeps blobs: arguments of `S3Blobs`."""

    bucket: str
    prefix: str = ""
    endpoint: str | None = None


class S3Blobs(Blobs):
    """Blobs in one bucket.

    Keys are those boto3 finds by itself (environment, configuration file); they need the rights to
    get and put objects and to list the bucket, and should not have the right to delete.

    Args:
        bucket: its name; it must exist.
        prefix: what the names of all objects begin with; several stores may share a bucket.
        endpoint: address of the object store; without it that of the public cloud.
        limit: bytes of the largest blob that is stored.

    Raises:
        InputError: where the address is none.
        EnvironmentFault: where boto3 is not installed, or the bucket cannot be reached.
    """

    def __init__(
        self, bucket: str, prefix: str = "", *, endpoint: str | None = None, limit: int = MAX_BLOB
    ) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._limit = limit
        self._endpoint = endpoint
        self._clients: dict[int, Any] = {}
        with _told(bucket):
            self._client.head_bucket(Bucket=bucket)  # a wrong address is told of at once

    @property
    def _client(self) -> Any:  # noqa: ANN401 - boto3 makes its classes as it runs
        """The client of this process: a connection shared with one's parent would mix up answers."""
        process = os.getpid()
        if process not in self._clients:
            self._clients = {process: _client(self._endpoint)}
        return self._clients[process]

    def put(self, stream: Source) -> Blob:
        """Store a stream: hashed into a nameless file here, then sent with its digest."""
        with nameless_file() as (spool, place):
            blob = absorbed(stream, partial(write_out, spool.fileno(), place), self._limit)
            if self.contains(blob) or not self._sent(blob, spool):
                self.check(blob)
        return blob

    def contains(self, blob: Blob) -> bool:
        """Whether there is an object under the digest."""
        with _told(self._bucket, _ABSENT) as absent:
            self._client.head_object(**self._object(blob))
        return not absent

    @contextmanager
    def _stored(self, blob: Blob) -> Iterator[Callable[[int], bytes]]:
        with _told(self._bucket, _ABSENT) as absent:
            body = self._client.get_object(**self._object(blob))["Body"]
        if absent:
            raise missing(blob)
        with closing(body):

            def read(size: int) -> bytes:
                with _told(self._bucket):
                    return bytes(body.read(size))

            yield read

    def _object(self, blob: Blob) -> dict[str, str]:
        """Where a blob is, in the words of every call."""
        name = valid_blob(blob.sha256, blob.sm3, blob.size).sha256
        return {"Bucket": self._bucket, "Key": f"{self._prefix}{name[:2]}/{name[2:4]}/{name}"}

    # --- sending

    def _sent(self, blob: Blob, spool: IO[bytes]) -> bool:
        """Send a blob unless there is one by now, which is told by False.

        A server that does not know `If-None-Match` gets the blob without it: then the same bytes
        might replace the same.
        """
        spool.seek(0)
        with _told(self._bucket, _TAKEN | _UNKNOWN_HEADER) as refused:
            self._send(blob, spool, _ONLY_IF_NEW)
        if refused & _UNKNOWN_HEADER:
            spool.seek(0)
            with _told(self._bucket):
                self._send(blob, spool, {})
        return not refused & _TAKEN

    def _send(self, blob: Blob, spool: IO[bytes], condition: dict[str, str]) -> None:
        if blob.size > PART:
            self._send_parts(blob, spool, condition)
            return
        self._client.put_object(
            **self._object(blob),
            **condition,
            Body=spool,
            ContentType="application/octet-stream",
            ChecksumSHA256=base64.b64encode(bytes.fromhex(blob.sha256)).decode(),
        )

    def _send_parts(self, blob: Blob, spool: IO[bytes], condition: dict[str, str]) -> None:
        """The same in parts; an object comes into being only with the last call, or not at all."""
        place = self._object(blob)
        began = self._client.create_multipart_upload(
            **place, ContentType="application/octet-stream", ChecksumAlgorithm="SHA256"
        )
        upload = {**place, "UploadId": began["UploadId"]}
        with ExitStack() as undo:
            undo.callback(self._give_up, upload)
            parts: list[dict[str, object]] = []
            while content := spool.read(PART):
                parts.append(self._part(upload, len(parts) + 1, content))
            self._client.complete_multipart_upload(
                **upload, **condition, MultipartUpload={"Parts": parts}
            )
            undo.pop_all()

    def _part(self, upload: dict[str, str], number: int, content: bytes) -> dict[str, object]:
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        answer = self._client.upload_part(
            **upload, PartNumber=number, Body=content, ChecksumSHA256=digest
        )
        return {"ETag": answer["ETag"], "PartNumber": number, "ChecksumSHA256": digest}

    def _give_up(self, upload: dict[str, str]) -> None:
        """Have the server forget the parts; where it cannot be reached, its own rule must."""
        with suppress(EnvironmentFault), _told(self._bucket):
            self._client.abort_multipart_upload(**upload)


def _client(endpoint: str | None) -> Any:  # noqa: ANN401 - boto3 makes its classes as it runs
    """A client that asks the server for no checks but those every S3 server knows."""
    try:
        import boto3  # noqa: PLC0415 - optional: nobody without an object store needs it
        from botocore.config import Config  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415
    except ImportError as error:
        raise EnvironmentFault(
            "没有安装对象存储所需的 boto3。请执行 pip install 'kaoping[s3]'，或改用文件夹存储。",
            "boto3, which an object store needs, is not installed. Run pip install 'kaoping[s3]', "
            "or store in a folder.",
        ) from error
    config = Config(
        connect_timeout=5,
        read_timeout=60,
        retries={"mode": "standard", "total_max_attempts": 3},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path"} if endpoint else {},
    )
    try:
        return boto3.session.Session().client("s3", endpoint_url=endpoint, config=config)
    except ValueError as error:
        raise InputError(
            f"对象存储地址有误：{endpoint}。应如 https://主机:端口。",
            f"The address of the object store is wrong: {endpoint}. It looks like https://host:port.",
        ) from error
    except BotoCoreError as error:
        raise _unreachable("s3", str(error)) from error


@contextmanager
def _told(bucket: str, answers: AbstractSet[str] = frozenset()) -> Iterator[set[str]]:
    """Turn what boto3 raises into an error of ours, or into an answer.

    Args:
        bucket: its name, for messages.
        answers: codes of the server that are no fault but an answer.

    Yields:
        a set that afterwards holds the code the server answered, if it is one of those.

    Raises:
        EnvironmentFault: for whatever else the server or the network refuse.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - as above

    answer: set[str] = set()
    try:
        yield answer
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code not in answers:
            raise _unreachable(bucket, code or str(error)) from error
        answer.add(code)
    except BotoCoreError as error:
        raise _unreachable(bucket, str(error)) from error


def _unreachable(bucket: str, reason: str) -> EnvironmentFault:
    return EnvironmentFault(
        f"对象存储 {bucket} 现在不能用：{reason}。请检查网络、地址、存储桶和密钥后重试。",
        f"The object store {bucket} cannot be used now: {reason}. Check network, address, bucket "
        "and keys, and try again.",
    )
