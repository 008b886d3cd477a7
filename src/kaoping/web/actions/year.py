"""年度: opening it once, and its first deadlines in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from kaoping.core.acts.setting_up import DeadlineSet
from kaoping.web.actions.perform import Asked
from kaoping.web.actions.taking import take

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kaoping.core.acts.setting_up import StepKind
    from kaoping.web.actions.taking import Taken
    from kaoping.web.installation import Installation


def thing_of(act: str) -> str:
    """The id of what an act brings into being: the same however often the form is sent."""
    return str(uuid5(UUID(act), "thing"))


def set_deadlines(
    installation: Installation,
    person: str,
    assessment: str,
    days: Mapping[StepKind, date],
    form: str,
) -> list[Taken]:
    """Set the deadlines of several steps, one act each; sent twice, they are the same acts.

    Args:
        installation: where it is done.
        person: who sets them.
        assessment: id of the year.
        days: the last day of each step.
        form: the id that the form asks under.

    Raises:
        StepRefused: for the first that the rules do not allow; those before it stand.
    """
    return [
        take(
            installation,
            Asked(str(uuid5(UUID(form), kind.value)), person, assessment, DeadlineSet(kind, day)),
        )
        for kind, day in days.items()
    ]
