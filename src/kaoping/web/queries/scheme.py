"""The scheme as its text says it: of the version in force, of any version, of a draft."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from kaoping.core.acts.codec import decode_act
from kaoping.core.acts.setting_up import SchemePublished
from kaoping.core.errors import TamperError
from kaoping.core.journal import commitment, read_body, read_entry
from kaoping.core.publishing import tie
from kaoping.core.scheme import load_scheme
from kaoping.core.workflow import things
from kaoping.web.models import Entry, Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from kaoping.core.blob import Blob
    from kaoping.core.publishing import Ties
    from kaoping.core.scheme import Loaded, Scheme
    from kaoping.core.workflow.state import State
    from kaoping.files.blobs import Blobs
    from kaoping.web.models import SchemeDraft
    from kaoping.web.viewer import Viewer

_KEPT = 16
"""How many schemes this process keeps as records; one of a city takes a few megabytes."""


def scheme_in_force(state: State) -> things.Scheme | None:
    """The scheme that was published last, in its version in force; None before the first."""
    schemes = list(state.every(things.Scheme))
    return schemes[-1] if schemes else None


def scheme_of_year(state: State, blobs: Blobs, year: int) -> things.Scheme | None:
    """The scheme of a year, where one was published.

    Raises:
        TamperError: where a document is not there, or is not as it was published.
    """
    for one in state.every(things.Scheme):
        scheme = loaded_version(one.content.scheme, blobs).scheme
        if scheme is not None and scheme.year == year:
            return one
    return None


def published_scheme(state: State, blobs: Blobs) -> Scheme | None:
    """The scheme in force as records; None before the first.

    Raises:
        TamperError: where its document is not there, or is not as it was published.
    """
    found = scheme_in_force(state)
    return None if found is None else loaded_version(found.content.scheme, blobs).scheme


def loaded_version(blob: Blob, blobs: Blobs) -> Loaded:
    """A published text as records, read once by its digest.

    Raises:
        TamperError: where it is not there, or is not as it was published.
    """
    return _loaded(_Source(blob.sha256, lambda: version_text(blob, blobs)))


def version_text(blob: Blob, blobs: Blobs) -> str:
    """The text of a published version.

    Raises:
        TamperError: where it is not there, or is not as it was published.
    """
    return blobs.read(blob).decode()


def loaded_draft(draft: SchemeDraft) -> Loaded:
    """A draft's text as records, with every problem of its form."""
    text = draft.text
    return _loaded(_Source(sha256(text.encode()).hexdigest(), lambda: text))


def draft_scheme(draft: SchemeDraft) -> Scheme | None:
    """A draft as records, as far as it can be read; None where it is no TOML at all."""
    return loaded_draft(draft).scheme


def scheme_ties(state: State, scheme: Scheme) -> Ties:
    """The registered unit and section for each of a scheme's."""
    return tie(scheme, state.every(things.Unit), state.every(things.Section))


def own_codes(viewer: Viewer, scheme: Scheme) -> frozenset[str]:
    """What the scheme calls the units for which the viewer reports."""
    ties = scheme_ties(viewer.state, scheme)
    return frozenset(one.code for one in ties.units if one.house in viewer.units)


def sees_every_target(viewer: Viewer) -> bool:
    """Whether what is asked of every unit is open: to all but those who only report for their own."""
    return viewer.sees_all_units or bool(viewer.sections)


# --- versions -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Version:
    """One published version.

    Attributes:
        content: what the act said.
        index: of its entry.
        act: the act's id.
        at: when it was published.
        by: the name of who published it.
        has_receipt: whether the viewer may open the receipt.
        is_in_force: whether no other has followed.
    """

    content: SchemePublished
    index: int
    act: str
    at: str
    by: str
    has_receipt: bool
    is_in_force: bool


def versions(viewer: Viewer) -> list[Version]:
    """Every version of the scheme in force, the newest first.

    Raises:
        TamperError: where an entry is not as it was taken.
    """
    found = scheme_in_force(viewer.state)
    if found is None:
        return []
    entries = list(
        Entry.objects.filter(type=SchemePublished.wire, subject=found.id).order_by("-index")
    )
    names = dict(
        Person.objects.filter(id__in={entry.actor for entry in entries}).values_list("id", "name")
    )
    readable = set(
        Entry.objects.visible_to(viewer)
        .filter(index__in=[entry.index for entry in entries])
        .values_list("index", flat=True)
    )
    return [
        Version(
            _content(entry),
            entry.index,
            entry.act,
            entry.at,
            names.get(entry.actor, entry.actor),
            entry.index in readable,
            entry.act == found.act,
        )
        for entry in entries
    ]


def version_of(viewer: Viewer, number: int) -> Version | None:
    """One version by its number."""
    return next((one for one in versions(viewer) if one.content.version == number), None)


def readable_text(viewer: Viewer, one: Version, blobs: Blobs) -> str | None:
    """The document of a version, for those to whom every unit's targets are open; else None.

    Raises:
        TamperError: where it is not there, or is not as it was published.
    """
    return version_text(one.content.scheme, blobs) if sees_every_target(viewer) else None


def _content(entry: Entry) -> SchemePublished:
    """What the entry's act said.

    Raises:
        TamperError: where the body is not the one that the entry commits to.
    """
    body = read_body(entry.body)
    leaf = read_entry(entry.content.encode())
    act = decode_act(body["act"]) if "act" in body else None
    is_sound = leaf is not None and commitment(body) == leaf.commitment
    if not is_sound or act is None or not isinstance(act.content, SchemePublished):
        raise TamperError(
            f"第 {entry.index} 条存证与写入时不同，方案的这一版不能显示。请通知审计管理员核验。",
            f"Entry {entry.index} is not as it was taken; this version of the scheme is not shown. "
            "Tell the audit administrator.",
        )
    return act.content


@dataclass(frozen=True, slots=True)
class _Source:
    """A text that is fetched only where its digest is not known yet."""

    digest: str
    text: Callable[[], str] = field(compare=False)


@lru_cache(maxsize=_KEPT)
def _loaded(source: _Source) -> Loaded:
    return load_scheme(source.text())
