"""方案草稿: private rows of the coordinating section; nothing official rests on them.

A draft becomes official by being published: then its text is a blob that the act names, and the
draft is closed.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models

if TYPE_CHECKING:
    from kaoping.web.viewer import Viewer

UUID, DAY_AND_TIME, NAME = 36, 20, 200


def fresh_draft_id() -> str:
    """An id for a draft, or for the scheme that it may become."""
    return str(uuid4())


class SchemeDrafts(models.QuerySet["SchemeDraft"]):
    """Asking for drafts."""

    def visible_to(self, viewer: Viewer) -> SchemeDrafts:
        """The coordinating section's own; before the first scheme, any section's that drafts one."""
        if viewer.is_administrator or not viewer.is_coordinating:
            return self.none()
        return self

    def open(self) -> SchemeDrafts:
        """Those that are still worked on: neither published nor laid aside."""
        return self.filter(published=None, is_aside=False)

    def aside(self) -> SchemeDrafts:
        """Those that were laid aside."""
        return self.filter(published=None, is_aside=True)


class DraftSource(models.Model):
    """来文: the notice that a draft was read from, line by line, to be compared with it."""

    draft = models.OneToOneField(
        "SchemeDraft", models.PROTECT, primary_key=True, related_name="source"
    )
    name = models.CharField("文件名", max_length=NAME)
    text = models.TextField("原文")
    places = models.TextField("各行的出处")
    """One line for each of the text; empty where a line's number is its place."""

    class Meta:
        """One for each draft that was read from papers."""

        db_table = "scheme_draft_source"

    def __str__(self) -> str:
        return self.name


class DraftItem(models.Model):
    """工作清单的一项: what was read, was not read, or must be decided."""

    draft = models.ForeignKey("SchemeDraft", models.PROTECT, related_name="items")
    number = models.PositiveIntegerField("序号")
    part = models.CharField("类别", max_length=10)
    severity = models.CharField("级", max_length=1, blank=True)
    code = models.CharField("代码", max_length=40, blank=True)
    what = models.TextField("项目")
    words = models.TextField("内容")
    place = models.TextField("出处")
    todo = models.TextField("怎么办")

    class Meta:
        """In the order of the list."""

        db_table = "scheme_draft_item"
        ordering = ("draft", "number")
        constraints = (models.UniqueConstraint(fields=["draft", "number"], name="draft_item_once"),)

    def __str__(self) -> str:
        return f"{self.number} {self.what}"


class SchemeDraft(models.Model):
    """方案草稿: the TOML text of a version to come, as it was last saved."""

    id = models.CharField("编号", primary_key=True, max_length=UUID, default=fresh_draft_id)
    scheme = models.CharField("方案", max_length=UUID, default=fresh_draft_id, db_index=True)
    """The scheme that it becomes a version of: one of the register, or one still to come."""
    base = models.CharField("所据版本", max_length=UUID, blank=True)
    """The act that published the version it was started from; empty where it starts anew."""
    name = models.CharField("名称", max_length=NAME)
    text = models.TextField("方案文本")
    revision = models.PositiveIntegerField("第几次保存", default=1)
    saved_by = models.CharField("保存人", max_length=UUID)
    saved_at = models.CharField("保存时间", max_length=DAY_AND_TIME)
    published = models.BigIntegerField("发布条目", null=True, blank=True)
    """The index of the entry that published it; from then on it is closed."""
    is_aside = models.BooleanField("已搁置", default=False)

    objects = SchemeDrafts.as_manager()

    class Meta:
        """The latest first."""

        db_table = "scheme_draft"
        ordering = ("-saved_at", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def digest(self) -> str:
        """What its text is: SHA-256 in hexadecimal, as its document will be named."""
        return sha256(self.text.encode()).hexdigest()
