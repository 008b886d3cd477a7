"""检查点与见证 for a page: the newest checkpoint, those that are kept, and who cosigned them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from django.http import Http404

from kaoping.files.journal.archive import journal_archive
from kaoping.files.journal.held import HeldCheckpoints

if TYPE_CHECKING:
    from kaoping.core.journal import Checkpoint
    from kaoping.files.journal.held import Held, Policy
    from kaoping.web.installation import Installation

SHOWN = 20
"""How many of the checkpoints kept a page shows."""


@dataclass(frozen=True, slots=True)
class KeptShown:
    """A checkpoint that is kept: its size, the beginning of its root, who cosigned it, when."""

    size: int
    root: str
    names: list[str]
    at: str


@dataclass(frozen=True, slots=True)
class WitnessShown:
    """A witness: its name, its key, how far it cosigned last and when; nothing where it never did."""

    name: str
    key: str
    size: int | None
    at: str


@dataclass(frozen=True, slots=True)
class CheckpointsShown:
    """Everything about checkpoints and witnesses that a page shows.

    Attributes:
        note: the newest checkpoint, as it is signed.
        checkpoint: what it says.
        vkey: the line of the journal's key; `finger` the beginning of its digest.
        kept: those that are kept, newest first, and how many there are altogether.
        witnesses: each with how far it cosigned.
        quorum: how many must have cosigned.
    """

    note: str
    checkpoint: Checkpoint
    vkey: str
    finger: str
    kept: list[KeptShown]
    count: int
    witnesses: list[WitnessShown]
    quorum: int


def checkpoints_shown(installation: Installation) -> CheckpointsShown:
    """What there is.

    Raises:
        InputError: where the file of witnesses is not sound.
        TamperError: where a checkpoint that is kept is damaged.
    """
    held = HeldCheckpoints.beside(installation.data, installation.journal)
    signed, key = installation.checkpoint(), installation.journal.key
    newest = list(islice(held.newest_first(), SHOWN))
    return CheckpointsShown(
        signed.content,
        signed.checkpoint,
        key.text,
        key.id.hex(),
        [_kept(one) for one in newest],
        len(held.paths()),
        _witnesses(held.policy, newest),
        held.policy.quorum,
    )


def _kept(one: Held) -> KeptShown:
    names = [witness.name for witness in one.cosigned]
    root = one.signed.checkpoint.root.hex()
    return KeptShown(one.size, root, names, _moment(max(one.times, default=0)))


def _witnesses(policy: Policy, newest: list[Held]) -> list[WitnessShown]:
    found = []
    for witness in policy.witnesses:
        last = next((one for one in newest if witness in one.cosigned), None)
        times = [
            signature.time or 0
            for signature in (last.signed.note.signatures if last else ())
            if signature.key == witness.key
        ]
        size = last.size if last else None
        found.append(
            WitnessShown(witness.name, witness.key.text, size, _moment(max(times, default=0)))
        )
    return found


def _moment(seconds: int) -> str:
    if not seconds:
        return ""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def kept_note(installation: Installation, size: int) -> str:
    """A checkpoint that is kept, with its cosignatures.

    Raises:
        Http404: where none of that size is kept.
    """
    held = HeldCheckpoints.beside(installation.data, installation.journal)
    found = next((one for one in held.newest_first() if one.size == size), None)
    if found is None:
        raise Http404
    return found.signed.content


def exported(installation: Installation) -> bytes:
    """A copy of the journal that strangers can verify, without any content of acts."""
    return journal_archive(installation.journal, with_bodies=False)
