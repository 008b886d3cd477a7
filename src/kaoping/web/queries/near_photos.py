"""近似照片: where else a photo of a filing was handed in, cropped or pressed anew. For sections, never for units."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from kaoping.core.desk.ledger import Mark, filing_mark
from kaoping.core.workflow.things import Filing
from kaoping.web.models import NearPhoto
from kaoping.web.queries.desk import house_name, picture_for
from kaoping.web.queries.filed_files import acts_filing, portions
from kaoping.web.queries.filings import may_see

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from kaoping.web.queries.filings import FilingShown
    from kaoping.web.viewer import Viewer

_MOST = 5
"""Hints beside one filing: the nearest."""


@dataclass(frozen=True, slots=True)
class NearShown:
    """A photo that is nearly another one.

    Attributes:
        photo: its digest; `name` of its file.
        said: where the other one is, and in how many bits the two differ.
        href: the other one's preview; "" where the viewer may not see it.
    """

    photo: str
    name: str
    said: str
    href: str


def near_photos(
    viewer: Viewer, filings: Sequence[FilingShown]
) -> Mapping[str, tuple[NearShown, ...]]:
    """Hints by the ids of the filings; nothing about filings of the viewer's own unit.

    Args:
        viewer: of a section, or who sees all units.
        filings: which the viewer may see.
    """
    photos = {file.sha256 for one in filings for file in one.files}
    near = _near(photos)
    if not near:
        return {}
    filed = _filed(viewer, near.keys())
    return {
        one.id: tuple(islice(_hints(viewer, one, near, filed), _MOST))
        for one in filings
        if one.unit not in viewer.units
    }


def _near(photos: Collection[str]) -> Mapping[str, list[NearPhoto]]:
    """The pairs that have one of the photos, by both of their digests."""
    found: dict[str, dict[int, NearPhoto]] = {}
    for some in portions(photos):
        for pair in NearPhoto.objects.near_to(some, settings.NEAR_PHOTO_BITS):
            for digest in (pair.first, pair.second):
                found.setdefault(digest, {})[pair.pk] = pair
    return {digest: list(pairs.values()) for digest, pairs in found.items()}


def _filed(viewer: Viewer, photos: Collection[str]) -> Mapping[str, list[Filing]]:
    """In which filings each photo stands now; one that was taken back no longer counts."""
    things = {
        one.act: one
        for one in picture_for(viewer).every(Filing)
        if filing_mark(one) is not Mark.WITHDRAWN
    }
    return {
        photo: [things[act] for act in acts if act in things]
        for photo, acts in acts_filing(photos).items()
    }


def _hints(
    viewer: Viewer,
    filing: FilingShown,
    near: Mapping[str, Sequence[NearPhoto]],
    filed: Mapping[str, list[Filing]],
) -> Iterator[NearShown]:
    own = {file.sha256: file.name for file in filing.files}
    pairs = {pair for photo in own for pair in near.get(photo, ())}
    for pair in sorted(pairs, key=lambda one: (one.bits, one.first, one.second)):
        for photo, other in ((pair.first, pair.second), (pair.second, pair.first)):
            for thing in filed.get(other, ()) if photo in own else ():
                if thing.id == filing.id:
                    said = _("与本份材料里的另一张照片近似（相差 {bits} 位）")
                else:
                    said = _elsewhere(viewer, filing, thing)
                names = {"unit": house_name(viewer.state, thing.unit), "task": thing.task}
                href = reverse("evidence_preview", args=[thing.id, other])
                yield NearShown(
                    photo,
                    own[photo],
                    said.format(bits=pair.bits, **names),
                    href if may_see(viewer, thing) else "",
                )


def _elsewhere(viewer: Viewer, filing: FilingShown, other: Filing) -> str:
    """Where a photo was handed in as well; whose it is, and for what, who may see it is told."""
    match other.unit == filing.unit, may_see(viewer, other):
        case True, True:
            return _("与该单位任务 {task} 的一张照片近似（相差 {bits} 位）")
        case True, False:
            return _("与该单位报给别的科室的一张照片近似（相差 {bits} 位）")
        case False, True:
            return _("与{unit}任务 {task} 的一张照片近似（相差 {bits} 位）")
        case _:
            return _("与别的单位报给别的科室的一张照片近似（相差 {bits} 位）")
