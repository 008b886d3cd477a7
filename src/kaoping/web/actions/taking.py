"""What a page calls for an official change: the act, and then its seal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.errors import EnvironmentFault
from kaoping.web.actions.perform import perform

if TYPE_CHECKING:
    from kaoping.web.actions.perform import Asked
    from kaoping.web.installation import Installation


@dataclass(frozen=True, slots=True)
class Taken:
    """An act that was taken: its index in the journal, and whether it is under a signed checkpoint.

    Without the seal it is 已受理，待存证; the sealer brings it in as soon as it answers.
    """

    index: int
    is_sealed: bool


def take(installation: Installation, asked: Asked) -> Taken:
    """Take an act and have it sealed.

    Raises:
        StepRefused: where the rules do not allow it.
        InputError: where a field of it is not of its form.
        TamperError: where what is stored was changed.
        EnvironmentFault: where entries have been waiting too long for their seal.
    """
    index = perform(installation, asked)
    try:
        return Taken(index, index < installation.sealer.seal())
    except EnvironmentFault:
        return Taken(index, is_sealed=False)
