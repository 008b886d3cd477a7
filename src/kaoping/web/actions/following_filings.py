"""Keeping the rows that say which act of filing holds which file (`FiledFile`): followed from the entries, never in a request."""

from __future__ import annotations

from django.db import transaction

from kaoping.web.models import FiledFile
from kaoping.web.queries.filed_files import not_followed

_AT_ONCE = 2000
"""Rows written by one statement."""


def follow_filings() -> int:
    """Keep the rows that are still lacking, from whatever way and version the acts came: all of them or none.

    Two processes that do it at the same time keep each row once.

    Returns:
        How many there were.
    """
    rows = list(not_followed())
    with transaction.atomic():
        FiledFile.objects.bulk_create(rows, batch_size=_AT_ONCE, ignore_conflicts=True)
    return len(rows)
