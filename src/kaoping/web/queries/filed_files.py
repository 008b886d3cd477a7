"""Which acts of filing hold a file: by rows as far as they follow the entries, beyond that by the entries themselves.

Nobody need keep the rows up to date for an answer to be whole: it only takes longer the more entries they lack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max

from kaoping.core.acts.codec import decode_act
from kaoping.core.acts.collecting import EvidenceCorrected, EvidenceFiled, EvidenceFiledOnBehalf
from kaoping.core.journal import read_body
from kaoping.web.models import Entry, FiledFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from django.db.models import QuerySet

_FILING = (EvidenceFiled, EvidenceFiledOnBehalf, EvidenceCorrected)
_AT_ONCE = 500
"""Digests that one statement asks for: databases bound how many."""


def acts_filing(files: Collection[str]) -> Mapping[str, list[str]]:
    """The ids of the acts that ever handed in each file, in the order in which they were taken.

    Args:
        files: SHA-256 of each.
    """
    new = [
        row for row in not_followed() if row.sha256 in files
    ]  # first: they may become rows meanwhile
    kept = [
        row
        for some in portions(files)
        for row in FiledFile.objects.filter(sha256__in=some).order_by("entry")
    ]
    found: dict[str, dict[str, None]] = {}
    for row in (*kept, *new):
        found.setdefault(row.sha256, {})[row.act] = None
    return {sha256: list(acts) for sha256, acts in found.items()}


def portions(files: Collection[str]) -> Iterator[list[str]]:
    """Digests, as many at a time as one statement may well ask for."""
    ordered = sorted(files)
    return (ordered[at : at + _AT_ONCE] for at in range(0, len(ordered), _AT_ONCE))


def is_something_not_followed() -> bool:
    """Whether there are entries of filing that have no rows yet."""
    return _not_followed().exists()


def not_followed() -> Iterator[FiledFile]:
    """The rows that are still to be kept, by the entries since the last that has any."""
    for entry in _not_followed().order_by("index").iterator():
        content = decode_act(read_body(entry.body)["act"]).content
        assert isinstance(content, _FILING)
        for sha256 in dict.fromkeys(blob.sha256 for blob in content.files):
            yield FiledFile(entry=entry.index, act=entry.act, sha256=sha256)


def _not_followed() -> QuerySet[Entry]:
    last = FiledFile.objects.aggregate(last=Max("entry"))["last"]
    of_filing = Entry.objects.filter(type__in=[one.wire for one in _FILING])
    return of_filing if last is None else of_filing.filter(index__gt=last)
