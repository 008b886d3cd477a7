"""安全记录封存: what was added to the security log since the last time comes under an act."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from django.db import connection, transaction

from kaoping.core.acts.keeping import PROGRAM, EventCount, SecurityLogSealed
from kaoping.core.security_rows import COLUMNS, MOST, digest_over, marks_over, row_of
from kaoping.core.workflow.things import SecurityLog
from kaoping.files.journal.schema import schema_print
from kaoping.web.actions.perform import Asked, perform
from kaoping.web.models import SecurityEvent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kaoping.web.installation import Installation

LOG = str(uuid5(NAMESPACE_URL, "kaoping:security-log"))
"""The id under which the journal knows the security log."""


def sealed_until(installation: Installation) -> int:
    """The number of the last row that is sealed; 0 before the first."""
    log = installation.keeper.state().find(SecurityLog, LOG)
    return log.until if log else 0


def seal_security_log(installation: Installation) -> int:
    """Take every row that is not sealed yet; doing it twice does nothing the second time.

    Returns:
        How many rows were sealed.

    Raises:
        StepRefused: where another process seals at the same moment; nothing is lost, it has them.
        TamperError: where the database is not as it was written.
    """
    last, count = _last_that_stands(), 0
    while (after := sealed_until(installation)) < last:
        content = _content(after, last)
        if content is None:
            break
        act = str(uuid5(NAMESPACE_URL, f"kaoping:security-log:{after}:{content.digest}"))
        perform(installation, Asked(act, PROGRAM, LOG, content))
        count += content.count
    if count:
        installation.sealer.seal()
    return count


def _last_that_stands() -> int:
    """The number up to which rows are there for good: nobody will add one below it.

    PostgreSQL hands numbers out before rows are committed; a moment alone with the table makes sure
    that none is still on its way. SQLite has one writer at a time.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE security_event IN SHARE MODE")
        newest = SecurityEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def _content(after: int, last: int) -> SecurityLogSealed | None:
    """The act for the next rows after a number; None where there are none."""
    found = SecurityEvent.objects.filter(pk__gt=after, pk__lte=last).order_by("pk")
    events = list(found.values("pk", *COLUMNS)[:MOST])
    if not events:
        return None
    rows = [row_of(one["pk"], {name: one[name] for name in COLUMNS}) for one in events]
    times = [one["at"] for one in events]
    kinds = Counter(one["kind"] for one in events)
    return SecurityLogSealed(
        after,
        events[-1]["pk"],
        len(rows),
        digest_over(row.digest for row in rows),
        min(times),
        max(times),
        tuple(EventCount(kind, count) for kind, count in sorted(kinds.items())),
        marks_over(rows),
        schema_print(_asked, connection.vendor),
    )


def _asked(query: str) -> Iterable[Sequence[object]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
