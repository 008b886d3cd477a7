"""存证日志的条目 in the database: written once, never changed, never deleted (triggers see to it)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from kaoping.core.acts.setting_up import Office

if TYPE_CHECKING:
    from kaoping.web.viewer import Viewer


class Entries(models.QuerySet["Entry"]):
    """Asking for entries."""

    def visible_to(self, viewer: Viewer) -> Entries:
        """All for audit administrators and supervisors; everybody else sees what she did herself."""
        if Office.AUDIT_ADMIN in viewer.offices or viewer.is_supervisor:
            return self
        return self.filter(actor=viewer.person)


class Entry(models.Model):
    """条目: an act as it was taken, with its salted body; its key is its index in the tree."""

    index = models.BigIntegerField("序号", primary_key=True, db_column="leaf")
    act = models.CharField("办理编号", max_length=36, unique=True)
    at = models.CharField("时间", max_length=20)
    actor = models.CharField("经手人", max_length=36, db_index=True)
    subject = models.CharField("事项", max_length=36, db_index=True)
    type = models.CharField("办理", max_length=90, db_index=True)
    content = models.TextField("条目")
    """The leaf of the tree: canonical JSON that says nothing (core.journal)."""
    body = models.TextField("正文")
    """The body with its salts, canonical JSON."""
    mark = models.CharField("平台印记", max_length=64, default="", db_default="")
    """By what the platform knows that it took the entry itself (web.marks)."""

    objects = Entries.as_manager()

    class Meta:
        """No entry is ever changed."""

        db_table = "journal_entry"
        ordering = ("index",)
        constraints = (
            models.CheckConstraint(condition=models.Q(index__gte=0), name="entry_from_zero"),
        )

    def __str__(self) -> str:
        return f"第 {self.index} 条 {self.type}"
