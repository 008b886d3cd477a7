"""What a verification asks and finds, and what its layers learn from each other as they go."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kaoping.core.acts.codec import decode_act
from kaoping.core.errors import InputError, TamperError
from kaoping.core.journal import time_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kaoping.core.acts.envelope import Act
    from kaoping.core.journal import SignedCheckpoint
    from kaoping.core.note import VerifierKey
    from kaoping.core.register import Row
    from kaoping.files.blobs import Blobs
    from kaoping.files.journal.database import Database
    from kaoping.files.journal.tiles import TileReader

CLOCK_TOLERANCE = 300
"""How far clocks of two offices may differ, in seconds."""


class Layer(StrEnum):
    """What is checked, by the letter of the design."""

    C = "C"
    W = "W"
    K = "K"
    B = "B"
    S = "S"
    E = "E"
    P = "P"
    D = "D"
    X = "X"


LAYER_NAMES: dict[Layer, tuple[str, str]] = {
    Layer.C: ("检查点签名", "signature of the checkpoint"),
    Layer.W: ("见证", "witnesses"),
    Layer.K: ("与所持旧检查点一致", "consistency with checkpoints held"),
    Layer.B: ("条目与正文", "entries and bodies"),
    Layer.S: ("登记数据", "rows of the register"),
    Layer.E: ("附件", "attachments"),
    Layer.P: ("办理规则", "rules of procedure"),
    Layer.D: ("抽签", "draws"),
    Layer.X: ("计分", "scores"),
}


class State(StrEnum):
    """How a layer ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one layer found, in Chinese and English."""

    layer: Layer
    state: State
    zh: str
    en: str


Said = tuple[str, str]


class Unchecked(Exception):  # noqa: N818 - no error: the layer has nothing to judge, and says why
    """A layer that cannot say passed, and what it can say instead."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be verified, and what is held besides the journal's folder.

    Attributes:
        folder: the journal: its checkpoint and tiles.
        keys: keys of the journal, from paper or a stick, never from the folder.
        since: older checkpoints or receipts that were kept.
        witnesses: keys of the witnesses; `quorum` of them must have cosigned.
        bodies: where the bodies lie; beside the tiles if None.
        database: the platform's database, where bodies and rows lie in it and not in files.
        complete: whether every body must be there; in a database they always must.
        blobs: where the attachments lie, if held.
        rows: the rows of the register, if held.
        rescored: judges the scores, if scheme and results are held.
        on_layer: told which layer is about to be checked, by who shows how far it is.
    """

    folder: Path
    keys: Sequence[VerifierKey]
    since: Sequence[Path] = ()
    witnesses: Sequence[VerifierKey] = ()
    quorum: int = 0
    bodies: Path | None = None
    database: Database | None = None
    complete: bool = False
    blobs: Blobs | None = None
    rows: Callable[[], Iterable[Row]] | None = None
    rescored: Callable[[Sequence[Act]], Said] | None = None
    on_layer: Callable[[Layer], None] = lambda _layer: None


@dataclass(slots=True)
class Held:
    """What the layers learn from each other as they go."""

    asked: Asked
    signed: SignedCheckpoint
    reader: TileReader
    bodies: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Whole bodies, and those whose act was removed by law, by the index of their entry."""
    tree_is_sound: bool = False
    """Whether all entries and tiles give the signed root."""
    unsigned: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Bodies of entries that a database has beyond the checkpoint: taken, and not signed yet."""
    excerpts: int = 0
    """Bodies of which only one line is held."""
    bundles_of: dict[str, list[int]] = field(default_factory=dict)
    """The bundles in which there are acts of a kind, by its wire name."""
    backwards: int | None = None
    """The first entry whose time lies before that of the one before it."""

    @property
    def size(self) -> int:
        """Entries under the checkpoint."""
        return self.reader.size


def bad_entry(index: int, zh: str, en: str) -> TamperError:
    """The error that names an entry."""
    return TamperError(
        f"第 {index} 条{zh}。请保留现场，从备份或见证人处取回完好的副本比对。",
        f"Entry {index} {en}. Keep everything as it is and compare with a sound copy.",
    )


def need_all_bodies(held: Held, zh: str, en: str) -> None:
    """Refuse to judge where bodies are not held: what is missing could be what matters."""
    count, size = len(held.bodies), held.size
    if count < size:
        raise Unchecked(
            f"正文 {count}/{size} 条，{zh}", f"only {count} of {size} bodies are held: {en}"
        )


def seconds_of(held: Held, index: int) -> int:
    """When an entry was taken, in seconds since 1970."""
    at = time_of(held.reader.entry(index)) or b"1970-01-01T00:00:00Z"
    return int(datetime.fromisoformat(at.decode()).timestamp())


def decoded(held: Held, *indices: int) -> dict[int, Act]:
    """The acts of whole bodies, by their index.

    Raises:
        TamperError: where one is of a kind that is not known, or not of its form.
    """
    acts: dict[int, Act] = {}
    for index in indices:
        body = held.bodies[index]
        if "act" not in body:
            continue
        try:
            acts[index] = decode_act(body["act"])
        except InputError as error:
            raise TamperError(
                f"第 {index} 条的办理无法读取：{error.zh}",
                f"The act of entry {index} cannot be read: {error.en}",
            ) from None
    return acts


def acts_of_kind(held: Held, kind: str) -> Iterator[Mapping[str, Any]]:
    """The acts of one kind among the bodies held, as tables."""
    for body in held.bodies.values():
        if "act" in body and body["act"]["type"] == kind:
            yield body["act"]
