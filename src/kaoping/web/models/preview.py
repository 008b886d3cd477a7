"""预览: what a page shows of a file, and which photos are nearly the same. Private rows, made from the bytes alone.

They say nothing of who handed a file in: whoever may see a filing may see the previews of its files.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from kaoping.core.blob import Blob

if TYPE_CHECKING:
    from collections.abc import Collection

DIGEST, REASON = 64, 400
WORDS = 0
"""The number of the part that holds words; pictures are numbered from 1."""


class PreviewState(StrEnum):
    """What became of the attempt."""

    MADE = "made"
    """There is something to see."""
    NONE = "none"
    """There is nothing, and why."""


class Preview(models.Model):
    """What was made of a file; no row where nobody has tried yet."""

    sha256 = models.CharField("SHA-256", primary_key=True, max_length=DIGEST)
    state = models.CharField("状态", max_length=10)
    of = models.IntegerField("共有", default=0)
    likeness = models.CharField("感知哈希", max_length=DIGEST, blank=True, db_index=True)
    why_zh = models.CharField("没有预览的原因", max_length=REASON, blank=True)
    why_en = models.CharField("英文原因", max_length=REASON, blank=True)

    class Meta:
        """Nothing beyond its name."""

        db_table = "preview"

    def __str__(self) -> str:
        return self.sha256

    @property
    def is_made(self) -> bool:
        """Whether there is something to see."""
        return self.state == PreviewState.MADE.value


class PreviewPart(models.Model):
    """A picture of a preview, or its words; the bytes lie in the store of previews."""

    preview = models.ForeignKey(Preview, models.CASCADE, related_name="parts")
    number = models.IntegerField("序号")
    width = models.IntegerField("宽", default=0)
    height = models.IntegerField("高", default=0)
    sha256 = models.CharField("SHA-256", max_length=DIGEST)
    sm3 = models.CharField("SM3", max_length=DIGEST)
    size = models.BigIntegerField("字节数")

    class Meta:
        """In the order of the file."""

        db_table = "preview_part"
        ordering = ("preview", "number")
        constraints = (
            models.UniqueConstraint(fields=("preview", "number"), name="one_part_of_a_number"),
        )

    def __str__(self) -> str:
        return f"{self.preview_id} {self.number}"

    @property
    def blob(self) -> Blob:
        """The bytes as they were made."""
        return Blob(self.sha256, self.sm3, self.size)


class NearPhotos(models.QuerySet["NearPhoto"]):
    """Asking for pairs."""

    def near_to(self, photos: Collection[str], most: int) -> NearPhotos:
        """Pairs with one of the photos that differ in at most so many bits."""
        return self.filter(Q(first__in=photos) | Q(second__in=photos), bits__lte=most)


class NearPhoto(models.Model):
    """Two photos that are nearly the same; `first` is the smaller digest."""

    first = models.CharField("一张", max_length=DIGEST, db_index=True)
    second = models.CharField("另一张", max_length=DIGEST, db_index=True)
    bits = models.IntegerField("相差位数")

    objects = NearPhotos.as_manager()

    class Meta:
        """Each pair once."""

        db_table = "near_photo"
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="one_row_of_a_pair"),
        )

    def __str__(self) -> str:
        return f"{self.first[:12]} {self.second[:12]} {self.bits}"
