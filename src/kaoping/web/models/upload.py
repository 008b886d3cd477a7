"""上传: files on their way, and what was found when they had come. Private rows of a unit or section.

Nothing official rests on them: an act names the bytes by their digests. What a file was called stands here
alone; two units that hand in the same bytes learn nothing of each other.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models

from kaoping.core.blob import Blob

if TYPE_CHECKING:
    from kaoping.web.viewer import Viewer

UUID, DAY_AND_TIME, NAME, DIGEST = 36, 20, 255, 64


class UploadState(StrEnum):
    """How far an upload is."""

    COMING = "coming"
    """Bytes are still to come."""
    WAITING = "waiting"
    """All is there; the virus scanner has not judged it yet (待查)."""
    READY = "ready"
    """Stored, and may be filed."""
    REFUSED = "refused"
    """Not accepted; nothing of it is kept."""


def fresh_upload_id() -> str:
    """An id for an upload."""
    return str(uuid4())


class Uploads(models.QuerySet["Upload"]):
    """Asking for uploads."""

    def visible_to(self, viewer: Viewer) -> Uploads:
        """Those of the units and sections for which the viewer works, and of nobody else."""
        return self.filter(owner__in=viewer.units | viewer.sections)

    def ready(self) -> Uploads:
        """Those that may be filed."""
        return self.filter(state=UploadState.READY.value)

    def have_come_round(self, owner: str, sha256: str) -> bool:
        """Whether the worker has come round to previewing a unit's or section's own upload of a file.

        Where it has none, the file was chosen from another house of the same person: then every upload of it must
        have had its turn.
        """
        same = self.ready().filter(sha256=sha256)
        own = same.filter(owner=owner)
        if own.exists():
            return own.exclude(previewed_at="").exists()
        return not same.filter(previewed_at="").exists()


class Upload(models.Model):
    """一次上传 of one file."""

    id = models.CharField("编号", primary_key=True, max_length=UUID, default=fresh_upload_id)
    owner = models.CharField("单位或科室", max_length=UUID, db_index=True)
    person = models.CharField("上传人", max_length=UUID)
    name = models.CharField("文件名", max_length=NAME)
    size = models.BigIntegerField("字节数")
    received = models.BigIntegerField("已收到", default=0)
    state = models.CharField("状态", max_length=10, default=UploadState.COMING.value, db_index=True)
    sha256 = models.CharField("SHA-256", max_length=DIGEST, blank=True, db_index=True)
    sm3 = models.CharField("SM3", max_length=DIGEST, blank=True)
    why_zh = models.CharField("没有收下的原因", max_length=400, blank=True)
    why_en = models.CharField("英文原因", max_length=400, blank=True)
    begun_at = models.CharField("开始", max_length=DAY_AND_TIME)
    done_at = models.CharField("收齐", max_length=DAY_AND_TIME, blank=True)
    previewed_at = models.CharField("预览", max_length=DAY_AND_TIME, blank=True, db_index=True)
    """When its preview was made, or found to be impossible: for this owner it is not there before."""

    objects = Uploads.as_manager()

    class Meta:
        """The latest first."""

        db_table = "upload"
        ordering = ("-begun_at", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def ending(self) -> str:
        """Of its name, in small letters, without the dot."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""

    @property
    def blob(self) -> Blob:
        """The bytes, once they are stored."""
        return Blob(self.sha256, self.sm3, self.size)

    @property
    def is_ready(self) -> bool:
        """Whether it may be filed."""
        return self.state == UploadState.READY.value

    @property
    def is_refused(self) -> bool:
        """Whether it was not accepted."""
        return self.state == UploadState.REFUSED.value

    @property
    def is_waiting(self) -> bool:
        """Whether the scanner has still to judge it."""
        return self.state == UploadState.WAITING.value
