"""佐证材料的文件: which acts of filing hold which file. Private rows, followed from the entries; they may be made anew."""

from __future__ import annotations

from django.db import models

UUID, DIGEST = 36, 64


class FiledFile(models.Model):
    """A file that an act hands in; the act's own content stays in its entry."""

    entry = models.BigIntegerField("条目", db_index=True)
    """Index of the act's entry."""
    act = models.CharField("办理编号", max_length=UUID)
    sha256 = models.CharField("SHA-256", max_length=DIGEST, db_index=True)

    class Meta:
        """Each file once for an act."""

        db_table = "filed_file"
        constraints = (
            models.UniqueConstraint(fields=("act", "sha256"), name="one_row_of_a_filed_file"),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.sha256[:12]}"
