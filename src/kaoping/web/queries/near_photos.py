"""近似照片: where else a photo of a filing was handed in, cropped or pressed anew. For sections, never for units."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import or_
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from kaoping.core.workflow.things import Filing, Standing
from kaoping.web.models import Entry, NearPhoto
from kaoping.web.queries.desk import house_name, picture_for
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
    near = list(NearPhoto.objects.near_to(photos, settings.NEAR_PHOTO_BITS))
    if not near:
        return {}
    filed = _filed(viewer, {digest for one in near for digest in (one.first, one.second)})
    return {
        one.id: tuple(islice(_hints(viewer, one, near, filed), _MOST))
        for one in filings
        if one.unit not in viewer.units
    }


def _filed(viewer: Viewer, photos: Collection[str]) -> Mapping[str, list[Filing]]:
    """In which filings each photo stands now; one that was taken back no longer counts."""
    things = {
        one.act: one
        for one in picture_for(viewer).every(Filing)
        if one.standing is not Standing.WITHDRAWN
    }
    named = reduce(or_, (Q(body__contains=photo) for photo in photos))
    found: dict[str, list[Filing]] = {}
    for entry in Entry.objects.filter(named, act__in=things).order_by("index"):
        for photo in photos:
            if photo in entry.body:
                found.setdefault(photo, []).append(things[entry.act])
    return found


def _hints(
    viewer: Viewer,
    filing: FilingShown,
    near: Sequence[NearPhoto],
    filed: Mapping[str, list[Filing]],
) -> Iterator[NearShown]:
    own = {file.sha256: file.name for file in filing.files}
    for pair in near:
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
