"""佐证材料 as pages show them: each filing with its files, dates, hints and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kaoping.core.acts.codec import decode_act
from kaoping.core.acts.collecting import (
    Channel,
    EvidenceFiled,
    EvidenceFiledOnBehalf,
    EvidenceReturned,
)
from kaoping.core.acts.telling import local_time
from kaoping.core.desk.ledger import Hint, Mark, filing_mark, hints
from kaoping.core.journal import read_body
from kaoping.core.workflow.questions import indicator_duty
from kaoping.core.workflow.things import Filing
from kaoping.web.models import Entry, Unit, Upload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from django.utils.functional import _StrPromise

    from kaoping.core.acts.envelope import Act
    from kaoping.core.acts.union import Content
    from kaoping.core.blob import Blob
    from kaoping.web.viewer import Viewer

_LOOKS: Mapping[Mark, tuple[str, str, _StrPromise]] = {
    Mark.NONE: ("s-none", "", gettext_lazy("未报")),
    Mark.PART: ("s-draft", "", gettext_lazy("未报齐")),
    Mark.FILED: ("s-filed", "filed", gettext_lazy("已报")),
    Mark.UNASKED: ("s-na", "muted", gettext_lazy("不用报")),
    Mark.ACCEPTED: ("s-passed", "passed", gettext_lazy("通过")),
    Mark.AWAITING: ("s-draft", "", gettext_lazy("待确认")),
    Mark.RETURNED: ("s-returned", "returned", gettext_lazy("退回")),
    Mark.WITHDRAWN: ("s-na", "muted", gettext_lazy("已撤回")),
}
CHANNELS: Mapping[Channel, _StrPromise] = {
    Channel.PAPER: gettext_lazy("纸质"),
    Channel.MAIL: gettext_lazy("邮件"),
}
"""How paper and mail came (送达方式)."""
_HINTS: Mapping[Hint, _StrPromise] = {
    Hint.AFTER_CUTOFF: gettext_lazy("日期晚于数据截止时间"),
    Hint.LATE: gettext_lazy("逾期收到"),
}
_SAME_ELSEWHERE = gettext_lazy("与别的单位上传的文件相同")


@dataclass(frozen=True, slots=True)
class Look:
    """Shape, class and word of a state."""

    icon: str
    look: str
    word: str

    @classmethod
    def of(cls, mark: Mark) -> Look:
        """Of a mark."""
        icon, look, word = _LOOKS[mark]
        return cls(icon, look, str(word))


@dataclass(frozen=True, slots=True)
class FileShown:
    """One file of a filing; `href` hands it over, `preview` shows it in a page."""

    sha256: str
    name: str
    size: int
    href: str
    preview: str


@dataclass(frozen=True, slots=True)
class FilingShown:
    """One filing.

    Attributes:
        id: of the thing; `act` gave its content, in entry `index`.
        unit, task: whose, and for what.
        item: the place in the catalogue.
        files: of its present content.
        event: its event date as 2024-03-18; `period` the days it is about, in words.
        received: when it was received, as acts carry it.
        came: of paper and mail that a section entered, how and when it had come.
        reason: why it came back.
        hints: what is to be thought of its dates.
        is_filed, is_accepted, is_returned, is_awaiting, is_withdrawn: how it stands.
    """

    id: str
    act: str
    index: int
    unit: str
    task: str
    item: str
    look: Look
    files: tuple[FileShown, ...]
    event: str
    period: str
    received: str
    came: str
    reason: str
    hints: tuple[str, ...]
    is_filed: bool
    is_accepted: bool
    is_returned: bool
    is_awaiting: bool
    is_withdrawn: bool


# --- filings --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dates:
    """Against which the dates of filings are held: the data cut-off, and the deadline for collecting."""

    cutoff: date | None
    due: date | None


def filings_shown(
    things: Sequence[Filing], dates: Dates, *, is_for_section: bool = False
) -> list[FilingShown]:
    """Filings with their contents, in the order in which they are handed in.

    Args:
        things: the filings, which the viewer may see.
        dates: against which theirs are held.
        is_for_section: whether files that another unit has uploaded as well are hinted: a unit itself
            never learns of others' files.
    """
    acts: dict[str, list[tuple[Entry, Act]]] = {}
    for entry in Entry.objects.filter(subject__in=[one.id for one in things]).order_by("index"):
        acts.setdefault(entry.subject, []).append((entry, decode_act(read_body(entry.body)["act"])))
    files = {
        blob.sha256
        for found in acts.values()
        for _entry, act in found
        for blob in getattr(act.content, "files", ())
    }
    own = {one.unit for one in things}
    owners = set(Unit.objects.values_list("id", flat=True)) if is_for_section else own
    names = _names_of(files, owners)
    return [_filing(one, acts[one.id], names, dates) for one in things if one.id in acts]


def _names_of(files: set[str], owners: set[str]) -> dict[tuple[str, str], str]:
    """What files are called by whom: by their owner and SHA-256."""
    found = Upload.objects.ready().filter(sha256__in=files, owner__in=owners).order_by("begun_at")
    return {
        (owner, sha256): name
        for owner, sha256, name in found.values_list("owner", "sha256", "name")
    }


def _filing(
    thing: Filing,
    acts: Sequence[tuple[Entry, Act]],
    names: Mapping[tuple[str, str], str],
    dates: Dates,
) -> FilingShown:
    entry, act = next((entry, act) for entry, act in acts if entry.act == thing.act)
    content, first = act.content, acts[0][1].content
    returned = [one.content for _, one in acts if isinstance(one.content, EvidenceReturned)]
    mark = filing_mark(thing)
    files: tuple[Blob, ...] = getattr(content, "files", ())
    said = [_HINTS[one] for one in hints(content, entry.at, dates.cutoff, dates.due)]  # type: ignore[arg-type]
    shas = {blob.sha256 for blob in files}
    if any(sha256 in shas and owner != thing.unit for owner, sha256 in names):
        said.append(_SAME_ELSEWHERE)
    return FilingShown(
        thing.id,
        thing.act,
        entry.index,
        thing.unit,
        thing.task,
        first.item if isinstance(first, EvidenceFiled | EvidenceFiledOnBehalf) else "",
        Look.of(mark),
        tuple(_file(thing, blob, names) for blob in files),
        _written(getattr(content, "event_date", None)),
        _period(getattr(content, "period_from", None), getattr(content, "period_to", None)),
        entry.at,
        _came(first),
        returned[-1].reason if returned and mark is Mark.RETURNED else "",
        tuple(str(one) for one in said),
        mark is Mark.FILED,
        mark is Mark.ACCEPTED,
        mark is Mark.RETURNED,
        mark is Mark.AWAITING,
        mark is Mark.WITHDRAWN,
    )


def _file(thing: Filing, blob: Blob, names: Mapping[tuple[str, str], str]) -> FileShown:
    name = names.get((thing.unit, blob.sha256)) or blob.sha256[:12]
    address = [thing.id, blob.sha256]
    return FileShown(
        blob.sha256,
        name,
        blob.size,
        reverse("evidence_file", args=address),
        reverse("evidence_preview", args=address),
    )


def _came(first: Content) -> str:
    """纸质，2024-11-01 08:30 收到: the day alone where nobody noted the time."""
    if not isinstance(first, EvidenceFiledOnBehalf):
        return ""
    said = local_time(first.received_at)[: len("2024-11-01 08:30")].removesuffix(" 00:00")
    return _("{}，{} 收到").format(CHANNELS[first.channel], said)


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""


def _period(first: date | None, last: date | None) -> str:
    if first is None and last is None:
        return ""
    is_year = first and last and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    if first and last and is_year and first.year == last.year:
        return _("{}年度").format(first.year)
    return f"{_written(first)} – {_written(last)}".strip(" –")


# --- one file -------------------------------------------------------------------------------------


def file_of(viewer: Viewer, filing: str, sha256: str) -> tuple[Blob, str] | None:
    """A file of a filing that the viewer may see, and its name; None where there is none such."""
    thing = viewer.state.find(Filing, filing)
    if thing is None or not may_see(viewer, thing):
        return None
    for entry in Entry.objects.filter(subject=filing).order_by("-index"):
        content = decode_act(read_body(entry.body)["act"]).content
        for blob in getattr(content, "files", ()):
            if blob.sha256 == sha256:
                name = _names_of({sha256}, {thing.unit}).get((thing.unit, sha256))
                return blob, name or f"{sha256[:12]}.bin"
    return None


def may_see(viewer: Viewer, filing: Filing) -> bool:
    """Whether a filing is open to the viewer: its unit, the sections of its indicator, who sees all."""
    if filing.unit in viewer.units or viewer.sees_all_units:
        return True
    duty = indicator_duty(viewer.state, filing.assessment, filing.indicator)
    own = {duty.responsible_section, *duty.cooperating_sections} if duty else set()
    return bool(viewer.sections & own)
