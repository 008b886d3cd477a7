"""An 附件: bytes known by their digests, wherever they lie.

A reference says all there is to know about the bytes: two digests of different design (SHA-256 of
FIPS 180-4, SM3 of GB/T 32905) and the length. Whoever holds the reference and the bytes can check
them; no name, no date and no place is part of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kaoping.core.errors import InputError, TamperError

MAX_SIZE = 2**53 - 1
"""Greatest length in bytes: the last whole number that every reader of JSON reads exactly."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
FIELDS = frozenset({"sha256", "size", "sm3"})
"""What a reference holds in a record, and nothing else."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes under their digests; made by `valid_blob` or `read_reference`.

    Attributes:
        sha256: 64 lower-case hex digits.
        sm3: the same.
        size: length in bytes.
    """

    sha256: str
    sm3: str
    size: int

    @property
    def as_json(self) -> dict[str, object]:
        """The reference as it stands inside a record."""
        return {"sha256": self.sha256, "size": self.size, "sm3": self.sm3}


def valid_blob(sha256: object, sm3: object, size: object) -> Blob:
    """A reference of two digests and a length, each of the right form.

    Raises:
        InputError: naming the first part that is not.
    """
    if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size <= MAX_SIZE:
        raise _malformed("size", "应为不小于 0 的整数", "must be a whole number, 0 or more")
    return Blob(_digest("sha256", sha256), _digest("sm3", sm3), size)


def _digest(field: str, value: object) -> str:
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise _malformed(field, "应为 64 位小写十六进制数", "must be 64 lower-case hex digits")
    return value


def read_reference(content: object) -> Blob:
    """The reference in a record: an object of exactly `sha256`, `size` and `sm3`.

    Args:
        content: what a reader of JSON makes of it.

    Raises:
        InputError: where it is anything else.
    """
    if not isinstance(content, dict) or set(content) != FIELDS:
        raise _malformed("sha256, size, sm3", "应恰有这三项", "exactly these three must be there")
    return valid_blob(content["sha256"], content["sm3"], content["size"])


def _malformed(field: str, zh: str, en: str) -> InputError:
    return InputError(
        f"附件引用有误：{field} {zh}。请由原系统重新生成引用，不要手工填写。",
        f"The reference to an attachment is wrong: {field} {en}. Have it made anew by the program "
        "that wrote it; do not fill it in by hand.",
    )


def refuse_unlike(blob: Blob, found: Blob) -> None:
    """Refuse bytes that are not those of the reference.

    Args:
        blob: what was promised.
        found: digests and length of what is there.

    Raises:
        TamperError: naming the digest and what differs.
    """
    if found.size != blob.size:
        raise altered(
            blob,
            f"应有 {blob.size} 字节，实有 {found.size} 字节",
            f"{blob.size} bytes are due, {found.size} are there",
        )
    if found.sha256 != blob.sha256:
        raise altered(blob, "内容与摘要不符", "the bytes do not have this digest")
    if found.sm3 != blob.sm3:
        raise altered(
            blob,
            f"SHA-256 相符，SM3 应为 {blob.sm3}，实为 {found.sm3}",
            f"SHA-256 agrees, but SM3 is due to be {blob.sm3} and is {found.sm3}",
        )


def missing(blob: Blob) -> TamperError:
    """The error for a blob that was filed and is not there."""
    return TamperError(
        f"附件缺失：存储中没有 SHA-256 为 {blob.sha256} 的文件。请查明去向，从备份恢复后重新核对。",
        f"An attachment is missing: nothing with SHA-256 {blob.sha256} is stored. Find out what "
        "became of it, restore it from a copy, and verify again.",
    )


def altered(blob: Blob, zh: str, en: str) -> TamperError:
    """The error for a blob whose bytes are not those that were filed, naming what differs."""
    return TamperError(
        f"附件被改动：SHA-256 为 {blob.sha256} 的文件：{zh}。请勿采用，保留现状备查，"
        "并从备份恢复后重新核对。",
        f"An attachment was altered: the file with SHA-256 {blob.sha256}: {en}. Do not use it; keep "
        "it as it is for inquiry, restore it from a copy, and verify again.",
    )
