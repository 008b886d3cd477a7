"""任务分解 in a draft: cells saved so that nobody writes over what she has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.errors import InputError
from kaoping.core.matrix import fingerprint
from kaoping.files.scheme_text import set_assignments
from kaoping.web.actions.drafts import save_draft
from kaoping.web.queries.scheme import loaded_draft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kaoping.core.scheme import Assignment, Scheme
    from kaoping.web.models import SchemeDraft


@dataclass(frozen=True, slots=True)
class SeenCell:
    """A cell as somebody wants it, and what it said when she saw it (`core.matrix.fingerprint`)."""

    wanted: Assignment
    seen: str


@dataclass(frozen=True, slots=True)
class CellsSaved:
    """The draft as it is now, and the cells that kept it from being saved.

    Attributes:
        draft: as it is now.
        overtaken: cells that somebody else has changed meanwhile, as they are now; where there are
            any, nothing was saved.
    """

    draft: SchemeDraft
    overtaken: tuple[Assignment, ...]


def scheme_to_edit(draft: SchemeDraft) -> Scheme:
    """A draft as records.

    Raises:
        InputError: where its text cannot be read: its problems come first.
    """
    loaded = loaded_draft(draft)
    if loaded.scheme is None:
        raise InputError(
            "这份草稿的文本读不下去，还不能做任务分解。请先在方案页改正所列的问题。",
            "The draft cannot be read yet. Mend the listed problems on the scheme page first.",
            loaded.problems,
        )
    return loaded.scheme


def save_cells(draft: SchemeDraft, cells: Iterable[SeenCell], person: str) -> CellsSaved:
    """Save cells into a draft, all or none; others may have changed other cells meanwhile.

    Args:
        draft: as it was read just now.
        cells: what is wanted, with what was seen.
        person: who saves.

    Raises:
        InputError: where the text cannot be edited in a table; nothing was changed.
        RefusedError: where the draft was published, or saved by another in this very moment.
    """
    asked = list(cells)
    scheme = scheme_to_edit(draft)
    there = [scheme.assignment(one.wanted.unit, one.wanted.task) for one in asked]
    overtaken = tuple(
        now
        for one, now in zip(asked, there, strict=True)
        if fingerprint(now) not in (one.seen, fingerprint(one.wanted))
    )
    if overtaken:
        return CellsSaved(draft, overtaken)
    text = set_assignments(draft.text, [one.wanted for one in asked])
    if text == draft.text:
        return CellsSaved(draft, ())
    return CellsSaved(save_draft(draft, text, draft.revision, person), ())
