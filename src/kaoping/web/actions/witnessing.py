"""见证: a checkpoint is kept and handed to a witness, and what he gives back is put beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.files.journal.held import HeldCheckpoints
from kaoping.files.journal.witnessing import ask, request_of

if TYPE_CHECKING:
    from kaoping.files.journal.held import Held, Witness
    from kaoping.web.installation import Installation


def request_for(installation: Installation, held: int) -> str:
    """Keep the newest checkpoint, and what a witness is asked that holds so many entries.

    Raises:
        RefusedError: where the witness holds more than the journal has.
        TamperError: where a checkpoint kept before has the same size and another root.
    """
    request = request_of(installation.journal, held)
    HeldCheckpoints.beside(installation.data, installation.journal).keep()
    return request


def take_cosignatures(installation: Installation, answer: str) -> list[tuple[Witness, Held]]:
    """Put what a witness gave back under the checkpoint that it cosigned.

    Raises:
        InputError: where there is no signature line in it, or no witness is set up.
        TamperError: where a line is no listed witness's, or over no checkpoint kept here.
    """
    return HeldCheckpoints.beside(installation.data, installation.journal).take(answer)


def ask_witnesses(installation: Installation) -> int:
    """Ask every witness that answers by itself for its cosignature of the newest checkpoint.

    Returns:
        How many cosigned.

    Raises:
        RefusedError, EnvironmentFault: where one refuses or cannot be reached; those before it
            have cosigned.
    """
    held = HeldCheckpoints.beside(installation.data, installation.journal)
    asked = [one for one in held.policy.witnesses if one.url]
    for witness in asked:
        kept = held.keep()
        held.take(ask(witness.url, installation.journal, kept.size))
    return len(asked)
