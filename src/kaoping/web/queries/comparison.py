"""版本比较 as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext as _

from kaoping.core.diff import CHANGE_NAMES, ChangeKind, diff_schemes
from kaoping.core.rules import KIND_BY_RECORD, KIND_NAMES
from kaoping.core.scheme_places import marks_of, place_words
from kaoping.files.listing import listing_workbook
from kaoping.web.models import SchemeDraft
from kaoping.web.queries.scheme import (
    loaded_draft,
    loaded_version,
    own_codes,
    sees_every_target,
    versions,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kaoping.core.diff import Change
    from kaoping.core.scheme import Scheme
    from kaoping.files.blobs import Blobs
    from kaoping.web.queries.scheme import Version
    from kaoping.web.viewer import Viewer

_DRAFT = "draft-"
_HEADS = (("序号", 6), ("变化", 8), ("位置", 44), ("原来", 50), ("现在", 50))


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: how the address calls it, how a person does, and what it says."""

    key: str
    label: str
    scheme: Scheme | None


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One place that differs.

    Attributes:
        is_added, is_dropped: what happened to it; changed otherwise.
    """

    kind: str
    place: str
    before: str
    after: str
    is_added: bool
    is_dropped: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one indicator, or of what belongs to none."""

    title: str
    changes: tuple[ChangeShown, ...]


@dataclass(frozen=True)
class Comparison:
    """Two sides and what differs.

    Attributes:
        choices: all that may be compared.
        is_readable: whether both sides could be read.
    """

    old: Side
    new: Side
    choices: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    is_readable: bool

    @property
    def count(self) -> int:
        """How many places differ."""
        return sum(len(group.changes) for group in self.groups)


def compared(viewer: Viewer, blobs: Blobs, asked: Mapping[str, str]) -> Comparison:
    """Compare `old` with `new`: numbers of versions, or `draft-` and a draft's id.

    Without a choice: the version before with the one in force, or it with the latest draft.
    Who only reports for a unit does not see what is asked of others.

    Raises:
        Http404: where there is nothing of that name that this person may read.
        TamperError: where a version is not as it was published.
    """
    found = versions(viewer)
    drafts = list(SchemeDraft.objects.visible_to(viewer).open().defer("text"))
    choices = (
        *((str(v.content.version), _version_label(v)) for v in found),
        *((f"{_DRAFT}{one.id}", _("草稿：{}").format(one.name)) for one in drafts),
    )
    keys = [key for key, _label in choices]
    if not keys:
        raise Http404
    newest = keys[0]
    old = asked.get("old") or (keys[1] if len(found) > 1 else newest)
    new = asked.get("new") or newest
    sides = [_side(key, dict(choices), found, viewer, blobs) for key in (old, new)]
    before, after = (side.scheme for side in sides)
    changes = diff_schemes(before, after) if before and after else ()
    hidden = _hidden(viewer, after) if after else None
    shown = [one for one in changes if hidden is None or not _is_of_others(one, hidden)]
    groups = tuple(_groups(shown, after)) if after else ()
    return Comparison(sides[0], sides[1], choices, groups, bool(before and after))


def _version_label(one: Version) -> str:
    number = one.content.version
    label = _("第 {} 版（现行）") if one.is_in_force else _("第 {} 版")
    return label.format(number)


def _side(
    key: str, labels: Mapping[str, str], found: Sequence[Version], viewer: Viewer, blobs: Blobs
) -> Side:
    if key.startswith(_DRAFT):
        draft = SchemeDraft.objects.visible_to(viewer).filter(id=key.removeprefix(_DRAFT)).first()
        if draft is None:
            raise Http404
        label = labels.get(key, _("草稿：{}").format(draft.name))
        return Side(key, label, loaded_draft(draft).scheme)
    one = next((v for v in found if str(v.content.version) == key), None)
    if one is None:
        raise Http404
    return Side(key, labels[key], loaded_version(one.content.scheme, blobs).scheme)


def _hidden(viewer: Viewer, scheme: Scheme) -> frozenset[str] | None:
    """The units of which the viewer may see what is asked; None for all of them."""
    return None if sees_every_target(viewer) else own_codes(viewer, scheme)


def _is_of_others(change: Change, own: frozenset[str]) -> bool:
    first = marks_of(change.where)[:1]
    if not first or first[0].key != "assignments":
        return False
    return first[0].label.split(" ")[0] not in own


def _groups(changes: Sequence[Change], scheme: Scheme) -> Iterator[Group]:
    names = {one.id: one.name for one in scheme.indicators}
    titles: dict[str, list[Change]] = {}
    for change in changes:
        first = marks_of(change.where)[0]
        title = _("总则、环节和名单")
        if first.key == "indicators":
            title = _("指标 {}").format(f"{first.label} {names.get(first.label, '')}".strip())
        elif first.key == "assignments":
            title = _("任务分解")
        elif first.key == "accepted":
            title = _("接受的问题")
        titles.setdefault(title, []).append(change)
    yield from (Group(title, tuple(_rows(listed))) for title, listed in titles.items())


def _rows(changes: Sequence[Change]) -> Iterator[ChangeShown]:
    """One row for each place that changed; what came or went as a whole is one row with all of it."""
    whole: dict[tuple[ChangeKind, str], list[str]] = {}
    for change in changes:
        if change.kind is not ChangeKind.CHANGED and (root := _root(change)):
            whole.setdefault((change.kind, root), [])
    for change in changes:
        root = next(
            (r for kind, r in whole if kind is change.kind and _lies_in(change.where, r)), ""
        )
        if not root:
            yield _shown(change.kind, change.where, _said(change.before), _said(change.after))
            continue
        rest = change.where.removeprefix(root).lstrip(".")
        value = change.before or change.after
        if rest and rest != "id":
            whole[change.kind, root].append(f"{place_words(rest)}：{_said(value)}")
    for (kind, root), parts in whole.items():
        text = "；".join(parts)
        is_new = kind is ChangeKind.ADDED
        yield _shown(kind, root, "" if is_new else text, text if is_new else "")


def _root(change: Change) -> str:
    """The record that a change tells the coming or going of; empty where it tells none."""
    if change.where.endswith(".id"):
        return change.where.removesuffix(".id")
    return change.where if (change.before or change.after) in _RECORDS else ""


def _lies_in(where: str, root: str) -> bool:
    return where == root or where.startswith(f"{root}.")


_RULES = {one.__name__: KIND_NAMES[kind] for one, kind in KIND_BY_RECORD.items()}
_RECORDS = frozenset(
    {"Assignment", "Step", "Grade", "Accepted", "Veto", "Line", "Part", "Band", "RankBand"}
)
"""How the comparison calls records that have no id of their own."""


def _said(value: str) -> str:
    """A value as a person reads it: rules and records by their Chinese names."""
    return _RULES.get(value, "" if value in _RECORDS else value)


def _shown(kind: ChangeKind, where: str, before: str, after: str) -> ChangeShown:
    return ChangeShown(
        CHANGE_NAMES[kind],
        place_words(where),
        before,
        after,
        kind is ChangeKind.ADDED,
        kind is ChangeKind.DROPPED,
    )


def changes_xlsx(found: Comparison) -> bytes:
    """All that differs, to pass on."""
    every = (change for group in found.groups for change in group.changes)
    rows = (
        (str(number), one.kind, one.place, one.before, one.after)
        for number, one in enumerate(every, 1)
    )
    note = f"{found.old.label} → {found.new.label}"
    return listing_workbook("方案版本比较", _HEADS, rows, note)
