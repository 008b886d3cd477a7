"""预览 as its page shows it: a file's pictures, words and tables, beside what is known of its filing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from kaoping.core.workflow.things import Filing
from kaoping.web.models import Preview, PreviewPart, Upload
from kaoping.web.models.preview import WORDS
from kaoping.web.opening import installation
from kaoping.web.queries.desk import house_name, picture_for, scheme_shown
from kaoping.web.queries.filings import Dates, file_of, filings_shown
from kaoping.web.queries.near_photos import near_photos

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaoping.core.blob import Blob
    from kaoping.web.queries.filings import FileShown, FilingShown
    from kaoping.web.queries.near_photos import NearShown
    from kaoping.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class PictureShown:
    """A picture: a page, a photo, or a picture within an office file."""

    number: int
    href: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """The page.

    Attributes:
        name, blob: of the file that is shown; `href` hands it over.
        filing: it belongs to; `before` and `after` are its neighbours there.
        unit, task: their names.
        preview: what was made of the file; None while nobody has tried.
        words: its words, as `files.excerpts.Excerpt`; None where it has none of its own.
        near: photos that are nearly this one.
        pictures: of the preview; none where there is nothing to draw.
        back: the page one came from, where there is one for the viewer.
    """

    name: str
    blob: Blob
    href: str
    filing: FilingShown
    unit: str
    task: str
    preview: Preview | None
    pictures: tuple[PictureShown, ...]
    words: dict[str, Any] | None
    near: tuple[NearShown, ...]
    back: str

    @property
    def is_whole(self) -> bool:
        """Whether every page of the file is shown."""
        return self.preview is None or len(self.pictures) >= self.preview.of

    @property
    def _at(self) -> int:
        names = [one.sha256 for one in self.filing.files]
        return names.index(self.blob.sha256) if self.blob.sha256 in names else -1

    @property
    def before(self) -> FileShown | None:
        """The file before this one in the filing."""
        return self.filing.files[self._at - 1] if self._at > 0 else None

    @property
    def after(self) -> FileShown | None:
        """The file after it."""
        files, at = self.filing.files, self._at
        return files[at + 1] if 0 <= at < len(files) - 1 else None


def preview_page(viewer: Viewer, filing: str, sha256: str) -> PreviewPage | None:
    """A file of a filing that the viewer may see; None where there is none such.

    Raises:
        TamperError: where the words were changed on the disk.
    """
    found, thing = file_of(viewer, filing, sha256), viewer.state.find(Filing, filing)
    if found is None or thing is None:
        return None
    blob, name = found
    is_own = thing.unit in viewer.units
    (shown,) = filings_shown([thing], Dates(None, None), is_for_section=not is_own)
    preview = _preview_for(thing.unit, sha256)
    parts = list(PreviewPart.objects.filter(preview=preview)) if preview else []
    near = () if is_own else near_photos(viewer, [shown]).get(shown.id, ())
    return PreviewPage(
        next((one.name for one in shown.files if one.sha256 == sha256), name),
        blob,
        reverse("evidence_file", args=[filing, sha256]),
        shown,
        house_name(viewer.state, thing.unit),
        _task_name(viewer, thing.task),
        preview,
        tuple(_pictures(filing, sha256, parts)),
        _words(parts),
        tuple(one for one in near if one.photo == sha256),
        _back(viewer, thing),
    )


def _preview_for(unit: str, sha256: str) -> Preview | None:
    """The preview of a unit's file, from when the unit's own upload has had its turn.

    That others handed in the same bytes before makes it come no sooner: nobody learns of it (O25).
    """
    if not Upload.objects.have_come_round(unit, sha256):
        return None
    return Preview.objects.filter(sha256=sha256).first()


def _pictures(filing: str, sha256: str, parts: Sequence[PreviewPart]) -> list[PictureShown]:
    return [
        PictureShown(
            one.number,
            reverse("evidence_picture", args=[filing, sha256, one.number]),
            one.width,
            one.height,
        )
        for one in parts
        if one.number != WORDS
    ]


def _words(parts: Sequence[PreviewPart]) -> dict[str, Any] | None:
    words = next((one for one in parts if one.number == WORDS), None)
    if words is None:
        return None
    read: dict[str, Any] = json.loads(installation().previews.read(words.blob))
    return read


def _task_name(viewer: Viewer, task: str) -> str:
    scheme = scheme_shown(picture_for(viewer))
    found = (one for each in (scheme.indicators if scheme else ()) for one in each.tasks)
    return next((f"{one.id} {one.name}" for one in found if one.id == task), task)


def _back(viewer: Viewer, thing: Filing) -> str:
    """The unit's own ledger, or the section's review; whoever has neither page gets no link."""
    if thing.unit in viewer.units:
        return reverse("ledger_task", args=[thing.task])
    said = urlencode({"unit": thing.unit, "task": thing.task})
    return f"{reverse('review')}?{said}" if viewer.sections else ""


def picture_of(viewer: Viewer, filing: str, sha256: str, number: int) -> Blob | None:
    """A picture of a preview that the viewer may see; None where there is none such."""
    thing = viewer.state.find(Filing, filing)
    if number == WORDS or thing is None or file_of(viewer, filing, sha256) is None:
        return None
    preview = _preview_for(thing.unit, sha256)
    part = PreviewPart.objects.filter(preview=preview, number=number).first() if preview else None
    return part.blob if part else None
