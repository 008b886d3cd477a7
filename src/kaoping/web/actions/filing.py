"""台账: files filed for places of the catalogue, values reported; one act each, the same however often sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from kaoping.core.acts.codec import decode_act
from kaoping.core.acts.collecting import EvidenceFiled
from kaoping.core.errors import RefusedError
from kaoping.core.journal import read_body
from kaoping.core.workflow.things import Filing, Standing
from kaoping.web.actions.perform import Asked
from kaoping.web.actions.taking import Taken, take
from kaoping.web.actions.uploading import begin_upload, take_piece
from kaoping.web.models import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.core.files.uploadedfile import UploadedFile

    from kaoping.core.acts.collecting import ResultReported
    from kaoping.web.installation import Installation
    from kaoping.web.models import Upload
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
        RefusedError: where another form has filed the very same for one of the places; nothing is filed.
        StepRefused: for the first that the rules do not allow; those before it stand.
    """
    _require_not_filed(installation, contents, form)
    return [
        take(
            installation, Asked(_id(form, f"{item}"), person, _id(form, f"{item} filing"), content)
        )
        for item, content in contents.items()
    ]


def _require_not_filed(
    installation: Installation, contents: Mapping[str, EvidenceFiled], form: str
) -> None:
    """That the same files with the same days do not stand filed already: from a second tab, by a colleague."""
    own = [_id(form, item) for item in contents]
    cells = {(one.unit, one.task) for one in contents.values()}
    standing = [
        one.act
        for one in installation.keeper.state().every(Filing)
        if one.standing is Standing.FILED and (one.unit, one.task) in cells
    ]
    entries = Entry.objects.filter(act__in=standing, type=EvidenceFiled.wire).exclude(act__in=own)
    filed = [decode_act(read_body(one.body)["act"]).content for one in entries]
    again = [item for item, content in contents.items() if content in filed]
    if again:
        raise RefusedError(
            f"同样的文件和日期已经报送过（目录项 {'、'.join(again)}），没有再次报送。已报的列在该任务的台账目录里；"
            "要换文件或日期，请在那里补正；还要报别的目录项，请只勾选没有报过的。",
            f"The same files with the same dates stand filed already (for {', '.join(again)}); nothing was "
            "filed again. See the catalogue of the task: correct them there, or choose other places only.",
        )


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
