"""Verification of a journal, layer by layer, by whoever holds its files (design: acts, "Verification").

**C** signature of the checkpoint · **W** enough witnesses · **B** every entry against the tree, every
body against its entry · **K** every older checkpoint held is a beginning of the present one · **P**
the rules of procedure · **D** every draw anew · **S** the register's rows; of a database, its security log and guards, too · **E** every blob · **X**
the scores. A layer that fails names the first thing that is wrong. What rests on a layer that failed
is not looked at, so that the first finding is the cause and not its echo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.errors import InputError, TamperError
from kaoping.core.journal import open_checkpoint
from kaoping.files.journal.folder import CHECKPOINT, read_note
from kaoping.files.journal.keys import holds
from kaoping.files.journal.tiles import TileReader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

from kaoping.files.journal.act_layers import draws, rules, scores
from kaoping.files.journal.beside_layers import attachments, rows
from kaoping.files.journal.checkpoint_layers import older_checkpoints, signed_words, witnesses
from kaoping.files.journal.entry_layers import entries_and_bodies
from kaoping.files.journal.inquiry import Asked, Finding, Held, Layer, Said, State, Unchecked


def verify(asked: Asked) -> tuple[Finding, ...]:
    """What each layer finds; the journal is sound where none failed.

    Raises:
        InputError: where an older checkpoint that was kept does not exist or is damaged.
    """
    asked.on_layer(Layer.C)
    try:
        content = read_note(asked.folder / CHECKPOINT)
        signed = open_checkpoint(content, asked.keys, holds, asked.witnesses)
    except (InputError, TamperError) as error:
        first = Finding(Layer.C, State.FAILED, error.zh, error.en)
        return (first, *(_not_reached(layer) for layer in Layer if layer is not Layer.C))
    held = Held(asked, signed, TileReader(asked.folder, signed.checkpoint.size))
    found = {Layer.C: Finding(Layer.C, State.PASSED, *signed_words(signed))}
    found[Layer.W] = _run(Layer.W, witnesses, held)
    found[Layer.B] = _run(Layer.B, entries_and_bodies, held)
    # Older checkpoints need the tree only: a spoilt body must not hide a rewritten history.
    can = {Layer.K: held.tree_is_sound, Layer.E: bool(held.bodies)}
    sound = found[Layer.B].state is not State.FAILED
    for layer, check in _LAYERS:
        reached = sound or can.get(layer, False)
        found[layer] = _run(layer, check, held) if reached else _not_reached(layer)
    return tuple(found[layer] for layer in Layer)


def first_failure(findings: Sequence[Finding]) -> Finding | None:
    """The cause: the first layer that failed, in the order they were run."""
    order = [Layer.C, Layer.W, Layer.K, Layer.B, *(layer for layer, _ in _LAYERS)]
    failed = {found.layer: found for found in findings if found.state is State.FAILED}
    return next((failed[layer] for layer in order if layer in failed), None)


def _run(layer: Layer, check: Callable[[Held], Said], held: Held) -> Finding:
    """One layer; what it finds is reported, not raised, so that the others can be run as well."""
    held.asked.on_layer(layer)
    try:
        return Finding(layer, State.PASSED, *check(held))
    except Unchecked as reason:
        return Finding(layer, State.NOT_CHECKED, reason.zh, reason.en)
    except TamperError as error:
        return Finding(layer, State.FAILED, error.zh, error.en)


def _not_reached(layer: Layer) -> Finding:
    return Finding(
        layer,
        State.NOT_CHECKED,
        "前项未通过，未核对",
        "not checked: a layer it rests on failed",
    )


_LAYERS: Sequence[tuple[Layer, Callable[[Held], Said]]] = (
    (Layer.K, older_checkpoints),
    (Layer.P, rules),
    (Layer.D, draws),
    (Layer.S, rows),
    (Layer.E, attachments),
    (Layer.X, scores),
)
