"""平时记录: what sections have noted of units in daily work (P11a), for those who score, and for nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from kaoping.core.acts.codec import decode_act
from kaoping.core.acts.collecting import DailyNoteMade, DailyNoteWithdrawn
from kaoping.core.journal import read_body
from kaoping.core.workflow.admission import admission
from kaoping.core.workflow.case import Case, Place
from kaoping.core.workflow.questions import indicator_duty, is_in_force
from kaoping.core.workflow.table import STEP_OF
from kaoping.core.workflow.things import DailyNote
from kaoping.files.listing import listing_workbook
from kaoping.web.models import Entry, Upload
from kaoping.web.queries.behalf import choices
from kaoping.web.queries.desk import house_name, newest_year, picture_for, task_names
from kaoping.web.queries.ledger import uploaded
from kaoping.web.queries.todo_words import person_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from kaoping.core.acts.union import Content
    from kaoping.core.blob import Blob
    from kaoping.web.queries.review import Choice
    from kaoping.web.viewer import Viewer

AT_ONCE = 50
_HEADS = (
    ("日期", 12), ("单位", 26), ("任务", 34), ("内容", 60), ("附件", 40), ("记录人", 12), ("记录时间", 20), ("撤销理由", 40),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoteFile:
    """A file with a note; `href` hands it over."""

    name: str
    size: int
    href: str


@dataclass(frozen=True, slots=True)
class NoteShown:
    """One note.

    Attributes:
        id: of the thing; `year` of the assessment; `index` of its entry.
        unit, unit_name, task, task_name: of whom and on what.
        on_date: the day that it is about; None where its text was removed by law.
        text: what was noted; empty where it was removed.
        files: with it.
        by, at: who noted it, and when.
        why_gone: the reason for which it was taken back; empty where it stands.
        may_withdraw: whether the viewer may take it back now.
    """

    id: str
    year: str
    index: int
    unit: str
    unit_name: str
    task: str
    task_name: str
    on_date: date | None
    text: str
    files: tuple[NoteFile, ...]
    by: str
    at: str
    why_gone: str
    may_withdraw: bool


@dataclass(frozen=True)
class NotesPage:
    """The page: notes of this page of the list, the newest first; what it may be narrowed by.

    Attributes:
        notes: as far as they fit on one page.
        total, number, pages: how many there are, and which page it is.
        units, tasks: of the section's own indicators, for the form and the filters.
        unit, task: by which it is narrowed.
        section: for which files are uploaded; empty where the viewer may note nothing.
        today: the day that stands in the form.
        ready: files that the section uploaded before.
    """

    notes: tuple[NoteShown, ...]
    total: int
    number: int
    pages: int
    units: tuple[Choice, ...]
    tasks: tuple[Choice, ...]
    unit: str
    task: str
    section: str
    today: date
    ready: list[Upload]


def notes_page(viewer: Viewer, unit: str, task: str, number: int) -> NotesPage:
    """The notes on the indicators of the viewer's section, narrowed by a unit and a task."""
    found = _found(viewer, unit, task)
    pages = max(1, -(-len(found) // AT_ONCE))
    number = min(max(number, 1), pages)
    units, tasks = choices(viewer)
    return NotesPage(
        tuple(found[(number - 1) * AT_ONCE : number * AT_ONCE]),
        len(found),
        number,
        pages,
        units,
        tasks,
        unit,
        task,
        next(iter(sorted(viewer.sections)), ""),
        viewer.day,
        uploaded(viewer),
    )


def notes_workbook(viewer: Viewer, unit: str, task: str, title: str) -> bytes:
    """All of them as a workbook."""
    return listing_workbook(title, _HEADS, map(_cells, _found(viewer, unit, task)))


def _cells(one: NoteShown) -> Sequence[str]:
    files = "、".join(file.name for file in one.files)
    day = one.on_date.isoformat() if one.on_date else ""
    return day, one.unit_name, one.task_name, one.text, files, one.by, one.at, one.why_gone


def note_of(viewer: Viewer, note: str) -> NoteShown | None:
    """One note; None where the viewer may not see it."""
    return next((one for one in _found(viewer, "", "") if one.id == note), None)


def note_file(viewer: Viewer, note: str, sha256: str) -> tuple[Blob, str] | None:
    """A file of a note and its name; None where there is none such, or it is not the viewer's to see."""
    thing = viewer.state.find(DailyNote, note)
    if thing is None or not _may_see(viewer, thing):
        return None
    for entry in Entry.objects.filter(subject=note, type=DailyNoteMade.wire):
        content = _content(entry)
        for blob in content.files if isinstance(content, DailyNoteMade) else ():
            if blob.sha256 == sha256:
                name = _names([blob]).get((entry.actor, sha256))
                return blob, name or f"{sha256[:12]}.bin"
    return None


def _may_see(viewer: Viewer, thing: DailyNote) -> bool:
    duty = indicator_duty(viewer.state, thing.assessment, thing.indicator)
    own = {duty.responsible_section, *duty.cooperating_sections} if duty else set()
    return bool(viewer.sections & own) and thing.unit not in viewer.units


def _found(viewer: Viewer, unit: str, task: str) -> list[NoteShown]:
    picture = picture_for(viewer)
    year = newest_year(picture)
    things = {
        one.id: one
        for one in picture.every(DailyNote)
        if year and one.assessment == year.id and unit in ("", one.unit) and _may_see(viewer, one)
    }
    entries = list(Entry.objects.filter(subject__in=things).order_by("-index"))
    contents = {entry.index: _content(entry) for entry in entries}
    gone = {
        one.note: one.reason for one in contents.values() if isinstance(one, DailyNoteWithdrawn)
    }
    blobs = [
        blob
        for one in contents.values()
        for blob in (one.files if isinstance(one, DailyNoteMade) else ())
    ]
    names, tasks = _names(blobs), task_names(picture)
    return [
        _shown(viewer, things[entry.subject], entry, contents[entry.index], (names, tasks, gone))
        for entry in entries
        if entry.type == DailyNoteMade.wire and _is_on(contents[entry.index], task)
    ]


def _is_on(content: Content | None, task: str) -> bool:
    return not task or (isinstance(content, DailyNoteMade) and content.task == task)


def _content(entry: Entry) -> Content | None:
    """What an entry's act says; None where its text was removed by law."""
    body = read_body(entry.body)
    return decode_act(body["act"]).content if "act" in body else None


def _shown(
    viewer: Viewer,
    thing: DailyNote,
    entry: Entry,
    content: Content | None,
    known: tuple[Mapping[tuple[str, str], str], Mapping[str, str], Mapping[str, str]],
) -> NoteShown:
    names, tasks, gone = known
    note = content if isinstance(content, DailyNoteMade) else None
    task = note.task if note else ""
    place = Place(assessment=thing.assessment, unit=thing.unit, indicator=thing.indicator)
    step = STEP_OF[DailyNoteWithdrawn]
    refusal = admission(Case(picture_for(viewer), step, place, viewer.person, viewer.at))
    files = (
        NoteFile(
            names.get((entry.actor, blob.sha256), blob.sha256[:12]),
            blob.size,
            reverse("note_file", args=[thing.id, blob.sha256]),
        )
        for blob in (note.files if note else ())
    )
    return NoteShown(
        thing.id,
        thing.assessment,
        entry.index,
        thing.unit,
        house_name(viewer.state, thing.unit),
        task,
        f"{task} {tasks.get(task, '')}".strip(),
        note.on_date if note else None,
        note.text if note else "",
        tuple(files),
        person_name(viewer.state, entry.actor),
        entry.at,
        gone.get(thing.id, ""),
        note is not None and is_in_force(thing) and refusal is None,
    )


def _names(blobs: Sequence[Blob]) -> dict[tuple[str, str], str]:
    """What files are called by the persons who uploaded them, by their SHA-256."""
    shas = {blob.sha256 for blob in blobs}
    found = Upload.objects.ready().filter(sha256__in=shas).order_by("begun_at")
    return {
        (person, sha256): name
        for person, sha256, name in found.values_list("person", "sha256", "name")
    }
