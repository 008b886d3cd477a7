"""A finished year in a sealed journal, with everything an outsider can hold; and the outsider.

`build_world` makes it once; an attack gets a copy of its own. The outsider has only the journal's
files, keys from paper, two older checkpoints, the attachments and the rows of the register.
"""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from kaoping.core.acts.codec import act_table
from kaoping.core.canonical import encode
from kaoping.core.journal import sealed_body, without_act
from kaoping.core.note import signature_line
from kaoping.core.register import Row
from kaoping.files.blobs import FolderBlobs
from kaoping.files.journal.folder import Journal
from kaoping.files.journal.inquiry import Asked, Finding
from kaoping.files.journal.row_lines import read_row_lines
from kaoping.files.journal.verification import first_failure, verify
from tests.journals import KEY, ORIGIN, SALTS, VKEY, WITNESS_KEYS, WITNESSES
from tests.worlds import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from kaoping.core.acts.envelope import Act
    from kaoping.core.journal import SignedCheckpoint
    from kaoping.core.note import Signer
    from kaoping.core.register import Effect

INDICATORS = 40
MIDWAY = 700
"""How many entries the older of the two checkpoints has."""
LATE = 1_800_000_000
"""A time of witnesses after everything here, in seconds since 1970."""


class SealedWorld(World):
    """A year that is sealed as it goes, so that draws can name the checkpoint before them."""

    def __init__(self, folder: Path, indicators: int = INDICATORS) -> None:
        self.state_file = folder / "key.signed"
        self.journal = Journal.create(folder / "journal", ORIGIN, KEY, self.state_file)
        self.taken = 0
        self.kept_rows = Register()
        self.store = FolderBlobs.made_in(folder / "blobs")
        super().__init__(indicators, lambda name: self.store.put(io.BytesIO(name.encode() * 9)))

    def sealed(self) -> str:
        """The present checkpoint, cosigned at the time of the acts: what is shown before a draw."""
        signed = self.seal()
        time = int(datetime.fromisoformat(self.acts[-1].at).timestamp())
        lines = (signature_line(signed.note.text, witness, time) for witness in WITNESSES)
        return signed.content + "".join(lines)

    def text_digest(self, act: Act) -> str:
        digest: str = without_act(sealed_body(table_of(act), (), act.id, SALTS))["act_digest"]
        return digest

    def seal(self) -> SignedCheckpoint:
        new = self.acts[self.taken :]
        tables = [table_of(act) for act in new]
        self.journal.append(tables, SALTS, self.kept_rows.effects(tables))
        self.taken = len(self.acts)
        return self.journal.seal(KEY, self.state_file)


def table_of(act: Act) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(encode(act_table(act)))
    return table


@dataclass
class Register:
    """A register of two tables: a row for each score and each filed piece of evidence."""

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)

    def effects(self, acts: Iterable[dict[str, Any]]) -> dict[str, list[Effect]]:
        return {act["id"]: [self._write(*row) for row in rows_of(act)] for act in acts}

    def _write(self, table: str, row: str, values: dict[str, object]) -> Effect:
        before = self.rows.get((table, row))
        new = Row(table, row, before.version + 1 if before else 1, values)
        self.rows[table, row] = new
        return table, row, new.version, new.digest

    def save(self, path: Path) -> None:
        path.write_bytes(b"".join(row_line(row) for row in self.rows.values()))


def row_line(row: Row) -> bytes:
    return (
        encode(
            {"table": row.table, "id": row.id, "version": row.version, "values": dict(row.values)}
        )
        + b"\n"
    )


def rows_of(act: dict[str, Any]) -> list[tuple[str, str, dict[str, object]]]:
    content = act["content"]
    if act["type"] == "scores.proposed/1":
        return [
            (
                "score",
                str(uuid5(NAMESPACE_URL, f"{act['subject']} {line['unit']} {line['task']}")),
                {"unit": line["unit"], "task": line["task"], "points": line["points"]},
            )
            for line in content["lines"]
        ]
    if act["type"] == "evidence.filed/1":
        return [("evidence", act["id"], {"unit": content["unit"], "task": content["task"]})]
    return []


@dataclass(frozen=True)
class Sealed:
    """A world on disk: journal, attachments, rows, and what the outsider kept.

    Attributes:
        folder: holds it.
        lent: the attachments of the world it is a copy of: hundreds of folders, which few attacks touch.
    """

    folder: Path
    lent: Path | None = None

    @property
    def journal(self) -> Journal:
        return Journal.open(self.folder / "journal")

    @property
    def rows(self) -> Path:
        return self.folder / "rows.jsonl"

    @property
    def held(self) -> tuple[Path, Path]:
        """The outsider's older checkpoints: midway and at the end."""
        return self.folder / "held-midway", self.folder / "held-end"

    @property
    def state_file(self) -> Path:
        return self.folder / "key.signed"

    @property
    def acts(self) -> list[dict[str, Any]]:
        """Those of all bodies, each time anew; unchecked, as nobody has touched them yet."""
        bodies = sorted((self.folder / "journal" / "bodies").rglob("*.jsonl"))
        return [
            json.loads(line)["act"] for path in bodies for line in path.read_bytes().splitlines()
        ]

    @property
    def blobs(self) -> Path:
        """The attachments, to be looked at."""
        own = self.folder / "blobs"
        return own if self.lent is None or own.exists() else self.lent

    def own_blobs(self) -> Path:
        """The attachments, to be attacked: from now on this world has its own."""
        own = self.folder / "blobs"
        if not own.exists():
            shutil.copytree(self.blobs, own)
        return own

    def copy_to(self, place: Path) -> Sealed:
        top = str(self.folder)
        shutil.copytree(
            self.folder, place, ignore=lambda parent, _: {"blobs"} if parent == top else set()
        )
        return Sealed(place, self.blobs)


def build_world(folder: Path) -> Sealed:
    """The year, with a checkpoint kept midway and one at the end, cosigned by all witnesses."""
    world = SealedWorld(folder)
    sealed = Sealed(folder)
    world.prepare().finish()
    world.seal()
    cosign(sealed.journal, WITNESSES)
    midway = Journal.create(folder / "midway", ORIGIN, KEY)
    tables = [table_of(act) for act in world.acts[:MIDWAY]]
    midway.append(tables, SALTS, Register().effects(tables))
    (folder / "held-midway").write_text(midway.seal(KEY).content, "utf-8")
    shutil.rmtree(folder / "midway")
    shutil.copy(folder / "journal" / "checkpoint", folder / "held-end")
    world.kept_rows.save(sealed.rows)
    return sealed


def cosign(journal: Journal, witnesses: Sequence[Signer], time: int = LATE) -> None:
    """Put cosignatures under a checkpoint, whatever it says: as a bribed witness would."""
    checkpoint = journal.checkpoint()
    lines = "".join(signature_line(checkpoint.note.text, w, time) for w in witnesses)
    path = journal.folder / "checkpoint"
    path.write_text(path.read_text("utf-8") + lines, "utf-8")


def outsider(world: Sealed, **more: Any) -> list[Finding]:
    """What an outsider finds who has everything; `more` takes something away or adds to it."""
    asked: dict[str, Any] = {
        "folder": world.folder / "journal",
        "keys": [VKEY],
        "since": world.held,
        "witnesses": WITNESS_KEYS,
        "quorum": 2,
        "complete": True,
        "blobs": FolderBlobs(world.blobs),
        "rows": lambda: read_row_lines(world.rows),
    }
    return list(verify(Asked(**asked | more)))


def verdict(world: Sealed, **more: Any) -> Finding | None:
    """The finding that condemns a world, None where all is well."""
    return first_failure(outsider(world, **more))


def rebuilt(
    world: Sealed, acts: Sequence[dict[str, Any]], witnesses: Sequence[Signer] = ()
) -> None:
    """Put another journal in the place of this one: all tiles anew, signed with the true key."""
    shutil.rmtree(world.folder / "journal")
    journal = Journal.create(world.folder / "journal", ORIGIN, KEY)
    journal.append(acts, SALTS, Register().effects(acts))
    journal.seal(KEY)
    cosign(journal, witnesses)
