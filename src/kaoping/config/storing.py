"""Where evidence is kept: in the data folder, or in the object store that the environment names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from kaoping.config.messaging import address
from kaoping.files.blobs_s3 import S3Place

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def object_store(environment: Mapping[str, str]) -> S3Place | None:
    """The object store of the environment; None where it names none.

    Raises:
        ImproperlyConfigured: where it is not written as it should be.
    """
    url = environment.get("KAOPING_BLOBS", "")
    endpoint = address(environment, "KAOPING_BLOBS_ENDPOINT")
    if not url and not endpoint:
        return None
    parts = urlsplit(url)
    is_plain = not (parts.query or parts.fragment)
    # Nothing of a wrong address is told again: somebody may have written a secret into it.
    if parts.scheme != "s3" or not _BUCKET.fullmatch(parts.netloc) or not is_plain:
        raise ImproperlyConfigured(
            "KAOPING_BLOBS 应写成 s3://存储桶/前缀，现在不是，不能启动；存放在数据文件夹的，不要设它和 "
            "KAOPING_BLOBS_ENDPOINT。密钥写在 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY 里，不要写进地址。\n"
            "KAOPING_BLOBS must be s3://bucket/prefix; set neither it nor "
            "KAOPING_BLOBS_ENDPOINT to keep evidence in the data folder. Keys stand in "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, not in the address."
        )
    return S3Place(parts.netloc, parts.path, endpoint or None)
