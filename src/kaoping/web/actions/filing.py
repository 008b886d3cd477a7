"""台账: files filed for places of the catalogue, values reported; one act each, the same however often sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from kaoping.core.acts.collecting import EvidenceAccepted
from kaoping.web.actions.perform import Asked
from kaoping.web.actions.taking import Taken, take
from kaoping.web.actions.uploading import begin_upload, take_piece
from kaoping.web.models import Entry, Upload, UploadState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.core.files.uploadedfile import UploadedFile

    from kaoping.core.acts.collecting import (
        EvidenceFiled,
        EvidenceFiledOnBehalf,
        ResultReported,
    )
    from kaoping.web.installation import Installation
    from kaoping.web.queries.ledger import ValueShown
    from kaoping.web.viewer import Viewer


def file_evidence(
    installation: Installation, person: str, contents: Mapping[str, EvidenceFiled], form: str
) -> list[Taken]:
    """File the same files for several places of the catalogue.

    Args:
        installation: where it is done.
        person: who files.
        contents: by the place of the catalogue.
        form: the id that the form asks under.

    Raises:
        StepRefused: for the first that the rules do not allow; those before it stand.
    """
    return [
        take(
            installation, Asked(_id(form, f"{item}"), person, _id(form, f"{item} filing"), content)
        )
        for item, content in contents.items()
    ]


def file_on_behalf(
    installation: Installation,
    viewer: Viewer,
    contents: Mapping[str, EvidenceFiledOnBehalf],
    form: str,
) -> list[Taken]:
    """Enter the same files for several places of a unit's catalogue.

    What a section hands in for a unit is the unit's file from then on, by the name that it has here.

    Args:
        installation: where it is done.
        viewer: who enters it.
        contents: by the place of the catalogue.
        form: the id that the form asks under.

    Raises:
        StepRefused: for the first that the rules do not allow; those before it stand.
    """
    taken = []
    for item, content in contents.items():
        asked = Asked(_id(form, item), viewer.person, _id(form, f"{item} filing"), content)
        taken.append(take(installation, asked))
        _hand_over(installation, viewer, content)
    return taken


def _hand_over(installation: Installation, viewer: Viewer, content: EvidenceFiledOnBehalf) -> None:
    """Let the unit have the files under the names that the section gave them, each once."""
    for blob in content.files:
        own = Upload.objects.ready().filter(sha256=blob.sha256)
        given = own.visible_to(viewer).order_by("-begun_at").first()
        if given is None or own.filter(owner=content.unit).exists():
            continue
        Upload.objects.create(
            owner=content.unit,
            person=viewer.person,
            name=given.name,
            size=blob.size,
            received=blob.size,
            state=UploadState.READY.value,
            sha256=blob.sha256,
            sm3=blob.sm3,
            begun_at=installation.now(),
            done_at=installation.now(),
        )


def accept_filings(
    installation: Installation, person: str, filings: Iterable[str], form: str
) -> list[Taken]:
    """Accept several filings, one act each.

    Raises:
        StepRefused: for the first that the rules do not allow; those before it stand.
    """
    return [
        take(installation, Asked(_id(form, f"+{one}"), person, one, EvidenceAccepted()))
        for one in filings
    ]


def report_values(
    installation: Installation,
    person: str,
    contents: Iterable[tuple[ValueShown, ResultReported]],
    form: str,
) -> list[Taken]:
    """Report values, each in place of the one that was on the page.

    Raises:
        StepRefused: for the first that the rules do not allow; those before it stand.
    """
    taken = []
    for value, content in contents:
        name = value.asked.name
        thing = value.thing or _id(form, f"{name} value")
        asked = Asked(_id(form, f"={name}"), person, thing, content, value.act or None)
        taken.append(take(installation, asked))
    return taken


def reported_before(
    installation: Installation, values: Iterable[ValueShown], form: str
) -> list[Taken]:
    """What this very form has reported already: sending it twice is the same acts."""
    ids = [_id(form, f"={value.asked.name}") for value in values]
    found = Entry.objects.filter(act__in=ids).order_by("index").values_list("index", flat=True)
    size = installation.signed_size()
    return [Taken(index, index < size) for index in found]


def receive_whole(
    installation: Installation, viewer: Viewer, files: Iterable[UploadedFile[Any]], owner: str
) -> list[Upload]:
    """Receive files that came with a form: from browsers that send none in pieces.

    Raises:
        InputError: for the first that is never accepted; those before it are received.
    """
    received = []
    for file in files:
        one = begin_upload(installation, viewer, file.name or "", file.size or 0, owner)
        file.seek(0)
        received.append(take_piece(installation, one, 0, file))
    return received


def _id(form: str, what: str) -> str:
    return str(uuid5(UUID(form), what))
