"""人员名单 between its two halves: private rows of the administrators, without any staff number."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models

if TYPE_CHECKING:
    from kaoping.web.viewer import Viewer

UUID, DAY_AND_TIME, NAME, DIGEST = 36, 20, 200, 64


def fresh_list_id() -> str:
    """An id for a list."""
    return str(uuid4())


class PeopleLists(models.QuerySet["PeopleList"]):
    """Asking for lists."""

    def visible_to(self, viewer: Viewer) -> PeopleLists:
        """The administrators', all of them."""
        return self if viewer.is_administrator else self.none()

    def open(self) -> PeopleLists:
        """Those that were not laid aside."""
        return self.filter(is_aside=False)


class PeopleList(models.Model):
    """人员名单 as it was handed in: what of it is done already, the register says."""

    id = models.CharField("编号", primary_key=True, max_length=UUID, default=fresh_list_id)
    name = models.CharField("文件名", max_length=NAME)
    content = models.TextField("内容")
    """`core.people.lists.PeopleList` as canonical JSON."""
    digest = models.CharField("摘要", max_length=DIGEST)
    """SHA-256 of the content: who confirms says by it what was looked at."""
    uploaded_by = models.CharField("上传人", max_length=UUID)
    uploaded_at = models.CharField("上传时间", max_length=DAY_AND_TIME)
    is_aside = models.BooleanField("已搁置", default=False)

    objects = PeopleLists.as_manager()

    class Meta:
        """The latest first."""

        db_table = "people_list"
        ordering = ("-uploaded_at", "id")

    def __str__(self) -> str:
        return self.name
