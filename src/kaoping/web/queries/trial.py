"""试算 as a page shows it: of a task of the scheme in force, or of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext as _

from kaoping.core.canonical import plain
from kaoping.core.rule_words import rule_words
from kaoping.core.scoring.trial import NO, YES, FieldKind, Trial, trial_fields, try_rule
from kaoping.web.models import SchemeDraft
from kaoping.web.queries.scheme import draft_scheme, own_codes, published_scheme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaoping.core.problems import Problem
    from kaoping.core.scheme import Scheme, Task
    from kaoping.core.scoring.trial import Field
    from kaoping.files.blobs import Blobs
    from kaoping.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A field with what was typed into it.

    Attributes:
        number: from 1, for labels.
        options: value, label and whether it is chosen, where one of a few is chosen.
        is_many: whether many numbers are typed; else one.
    """

    number: int
    field: Field
    text: str
    options: tuple[tuple[str, str, bool], ...]
    is_many: bool


@dataclass(frozen=True, slots=True)
class TriedShown:
    """The page.

    Attributes:
        draft: the draft whose task it is; None for the scheme in force.
        result: the score; None before anything was typed, and where something cannot be read.
        problems: what cannot be read.
    """

    task: Task
    points: str
    rule: tuple[str, ...]
    fields: tuple[FieldShown, ...]
    draft: SchemeDraft | None
    result: Trial | None
    problems: tuple[Problem, ...]


def tried(viewer: Viewer, blobs: Blobs, asked: Mapping[str, str]) -> TriedShown:
    """Try the rule of a task.

    Args:
        viewer: who tries; a liaison finds the targets of the own unit filled in.
        blobs: where the scheme in force lies.
        asked: `task`, perhaps `draft`, and the values by the names of their fields.

    Raises:
        Http404: where there is no such task that this person may read.
        TamperError: where the scheme in force is not as it was published.
    """
    draft, scheme = _source(viewer, blobs, asked.get("draft", ""))
    task = scheme.task_by_id.get(asked.get("task", "")) if scheme else None
    if scheme is None or task is None:
        raise Http404
    fields = trial_fields(task)
    is_asked = any(field.name in asked for field in fields)
    outcome = try_rule(scheme, task, asked) if is_asked else None
    given = asked if is_asked else _own_values(viewer, scheme, task)
    return TriedShown(
        task,
        plain(task.points),
        rule_words(task.rule) if task.rule else (),
        tuple(
            FieldShown(
                number,
                field,
                given.get(field.name, ""),
                _options(field, given.get(field.name, "")),
                field.kind is FieldKind.MANY,
            )
            for number, field in enumerate(fields, 1)
        ),
        draft,
        outcome if isinstance(outcome, Trial) else None,
        outcome if isinstance(outcome, tuple) else (),
    )


def _options(field: Field, chosen: str) -> tuple[tuple[str, str, bool], ...]:
    if field.kind is not FieldKind.YES_NO:
        return ()
    return ((YES, _("是"), chosen == YES), (NO, _("否"), chosen == NO))


def _source(viewer: Viewer, blobs: Blobs, draft: str) -> tuple[SchemeDraft | None, Scheme | None]:
    if not draft:
        return None, published_scheme(viewer.state, blobs)
    found = SchemeDraft.objects.visible_to(viewer).filter(id=draft).first()
    return found, draft_scheme(found) if found else None


def _own_values(viewer: Viewer, scheme: Scheme, task: Task) -> dict[str, str]:
    """The points, target and number of items of the viewer's own unit; of the task otherwise."""
    values = {"points": plain(task.points)}
    own = [unit for unit in scheme.units_of_task[task.id] if unit in own_codes(viewer, scheme)]
    if own:
        row = scheme.assignment(own[0], task.id)
        stated = {"points": row.points, "/target": row.target, "/of": row.of}
        stated |= {f"{part}/target": target for part, target in row.targets.items()}
        values |= {name: plain(value) for name, value in stated.items() if value is not None}
    return values
