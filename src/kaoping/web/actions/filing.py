"""台账: files filed for places of the catalogue, values reported; one act each, the same however often sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from kaoping.core.acts.codec import decode_act, record_table
from kaoping.core.acts.collecting import EvidenceAccepted, EvidenceFiled
from kaoping.core.canonical import encode
from kaoping.core.desk.ledger import Mark, filing_mark
from kaoping.core.errors import KaopingError, RefusedError
from kaoping.core.journal import read_body
from kaoping.core.workflow.reasons import Reason, StepRefused
from kaoping.web.actions.perform import Asked
from kaoping.web.actions.taking import Taken, take
from kaoping.web.actions.uploading import begin_upload, take_piece
from kaoping.web.models import Entry, Upload, UploadState
from kaoping.web.queries.desk import picture_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.core.files.uploadedfile import UploadedFile

    from kaoping.core.acts.collecting import EvidenceFiledOnBehalf, ResultReported
    from kaoping.core.workflow.things import Filing
    from kaoping.web.installation import Installation
    from kaoping.web.queries.ledger import ValueShown
    from kaoping.web.viewer import Viewer


def file_evidence(
    installation: Installation, viewer: Viewer, contents: Mapping[str, EvidenceFiled], form: str
) -> list[Taken]:
    """File the same files for several places of the catalogue.

    The thing comes from the form: sent again, it is the same filing. The act's id comes from what is filed
    and what was there before: two windows that file the same at the same moment ask for one act, and one of
    them is refused.

    Args:
        installation: where it is done.
        viewer: who files.
        contents: by the place of the catalogue.
        form: the id that the form asks under.

    Raises:
        RefusedError: where another form has filed the very same for one of the places; nothing is filed.
        StepRefused: for the first that the rules do not allow; those before it stand.
    """
    things = {item: _id(form, f"{item} filing") for item in contents}
    done = _filed_before(installation, things.values())
    _require_not_filed(viewer, contents, set(things.values()))
    return [
        done[things[item]]
        if things[item] in done
        else _filed(installation, viewer, item, content, things[item])
        for item, content in contents.items()
    ]


def _filed_before(installation: Installation, things: Iterable[str]) -> dict[str, Taken]:
    """What this very form has filed already, by its things."""
    found = Entry.objects.filter(subject__in=list(things), type=EvidenceFiled.wire)
    size = installation.signed_size()
    return {
        subject: Taken(index, index < size)
        for subject, index in found.values_list("subject", "index")
    }


def _filed(
    installation: Installation, viewer: Viewer, item: str, content: EvidenceFiled, thing: str
) -> Taken:
    before = sorted(one.act for one in _cell(viewer, content))
    what = encode([before, record_table(content)]).decode()
    asked = Asked(_id(content.unit, what), viewer.person, thing, content)
    try:
        return take(installation, asked)
    except StepRefused as refusal:
        if refusal.reason is Reason.ID_REUSED:
            raise _filed_already([item]) from refusal
        raise


def _cell(viewer: Viewer, content: EvidenceFiled) -> tuple[Filing, ...]:
    """What was filed for a unit's task, as the viewer's picture of the state has it."""
    key = (content.assessment, content.unit, content.task)
    return picture_for(viewer).filings.get(key, ())


def _require_not_filed(
    viewer: Viewer, contents: Mapping[str, EvidenceFiled], own: set[str]
) -> None:
    """That the same files with the same days do not stand filed already: from a second tab, by a colleague."""
    standing = {
        one.act
        for content in contents.values()
        for one in _cell(viewer, content)
        if filing_mark(one) in (Mark.FILED, Mark.ACCEPTED) and one.id not in own
    }
    entries = Entry.objects.filter(act__in=standing, type=EvidenceFiled.wire)
    filed = [decode_act(read_body(one.body)["act"]).content for one in entries]
    again = [item for item, content in contents.items() if content in filed]
    if again:
        raise _filed_already(again)


def _filed_already(items: Iterable[str]) -> RefusedError:
    listed = list(items)
    return RefusedError(
        f"同样的文件和日期已经报送过（目录项 {'、'.join(listed)}），没有再次报送。已报的列在该任务的台账目录里；"
        "要换文件或日期，请在那里补正；还要报别的目录项，请只勾选没有报过的。",
        f"The same files with the same dates stand filed already (for {', '.join(listed)}); nothing was "
        "filed again. See the catalogue of the task: correct them there, or choose other places only.",
    )


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
        given = _hand_over(installation, viewer, content)
        asked = Asked(_id(form, item), viewer.person, _id(form, f"{item} filing"), content)
        try:
            taken.append(take(installation, asked))
        except KaopingError:
            Upload.objects.filter(id__in=given).delete()
            raise
    return taken


def _hand_over(
    installation: Installation, viewer: Viewer, content: EvidenceFiledOnBehalf
) -> list[str]:
    """Let the unit have the files under the names that the section gave them, each once; the new ones.

    Before the act: it must never stand without the names.
    """
    made = []
    for blob in content.files:
        own = Upload.objects.ready().filter(sha256=blob.sha256)
        given = own.visible_to(viewer).order_by("-begun_at").first()
        if given is None or own.filter(owner=content.unit).exists():
            continue
        one = Upload.objects.create(
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
            previewed_at=given.previewed_at,
        )
        made.append(one.id)
    return made


def accept_filings(
    installation: Installation, person: str, looked_at: Mapping[str, str], form: str
) -> list[Taken]:
    """Accept several filings, one act each.

    Args:
        installation: where it is done.
        person: who accepts.
        looked_at: by filing, the act that gave the content which was looked at.
        form: the id that the form asks under.

    Raises:
        StepRefused: for the first that the rules do not allow; those before it stand.
    """
    return [
        take(installation, Asked(_id(form, f"+{one}"), person, one, EvidenceAccepted(act)))
        for one, act in looked_at.items()
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


@dataclass(frozen=True, slots=True)
class Report:
    """A value that is to be reported.

    Attributes:
        content: of the act.
        thing: the id of the value, where one is in force; else empty.
        seen: the act that was in force when it was decided; empty where none was.
        current: the act that is in force now.
        refusal: why it may not be reported now; None where it may.
    """

    content: ResultReported
    thing: str
    seen: str
    current: str
    refusal: StepRefused | None


def report_seen(installation: Installation, person: str, reports: Sequence[Report]) -> list[Taken]:
    """Report values, each in place of the one that was seen; the same ones again are the same acts.

    An act's id follows from who reports what in place of what: a second click, or the same workbook in a
    second window, reports nothing twice.

    Raises:
        RefusedError: where another value than the one seen is in force by now, or one may not be reported;
            nothing is reported then.
    """
    asked = [_asked(person, one) for one in reports]
    done = set(
        Entry.objects.filter(act__in=[one.id for one in asked]).values_list("act", flat=True)
    )
    new = [one for one, ask in zip(reports, asked, strict=True) if ask.id not in done]
    refused = next((one.refusal for one in new if one.refusal), None)
    if refused is not None:
        raise refused
    stale = [one.content.task for one in new if one.seen != one.current]
    if stale:
        listed = "、".join(dict.fromkeys(stale))
        raise RefusedError(
            f"您打开页面或核对以后，有人又上报过任务 {listed} 的数据，和您看到的不同，一项都没有上报。请刷新页面，看过现在的数据再填；用数据表的，请重新下载。",
            f"Values of the tasks {listed} were reported since you looked; nothing was reported. Look "
            "again; download a workbook anew.",
        )
    return [take(installation, one) for one in asked]


def _asked(person: str, report: Report) -> Asked:
    what = encode([person, report.seen, record_table(report.content)]).decode()
    identity = _id(report.content.unit, what)
    thing = report.thing or _id(identity, "value")
    return Asked(identity, person, thing, report.content, report.seen or None)


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
