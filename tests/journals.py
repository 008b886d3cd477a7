"""Small journals for tests: keys and salts that are the same in every run, simple acts, one folder."""

from __future__ import annotations

import errno
import os
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaoping.core.journal import entry_of, sealed_body
from kaoping.core.note import KeyKind
from kaoping.core.tree import leaf_hash, root_of
from kaoping.files.journal.folder import Journal
from kaoping.files.journal.keys import SigningKey
from tests.judges.signing import private_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaoping.core.journal import SignedCheckpoint
    from kaoping.files.journal.inquiry import Finding, Layer

ORIGIN = "kaoping.example/2024"
KEY, OTHER_KEY = SigningKey(private_key(1)), SigningKey(private_key(2))
VKEY = KEY.verifier(ORIGIN)
SALTS = KEY.salts()

WITNESS_NAMES = ("witness.example/w1", "witness.example/w2", "witness.example/w3")
WITNESSES = tuple(
    SigningKey(private_key(10 + number)).signer(name, KeyKind.COSIGNATURE)
    for number, name in enumerate(WITNESS_NAMES)
)
WITNESS_KEYS = tuple(witness.key for witness in WITNESSES)

START = datetime(2025, 1, 20, 9)
_NAMESPACE = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


def uid(name: object) -> str:
    """The same opaque id for the same name."""
    return str(uuid.uuid5(_NAMESPACE, str(name)))


def moment(number: int) -> str:
    """The time of an act: one a second."""
    return (START + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ")


def note_act(number: int, text: str = "") -> dict[str, Any]:
    """平时记录: an act about one unit."""
    return {
        "actor": uid("handler"),
        "at": moment(number),
        "content": {
            "assessment": uid("assessment"),
            "files": [],
            "on_date": "2024-06-01",
            "task": "一(一)1",
            "text": text or f"第{number}次检查：情况属实",
            "unit": uid(f"unit {number % 7}"),
        },
        "id": uid(f"act {number}"),
        "subject": uid(f"unit {number % 7}"),
        "type": "daily_note.made/1",
    }


def scores_act(number: int, units: int = 3) -> dict[str, Any]:
    """评分填报: an act about several units, each with a line that the others must not see."""
    lines = [
        {
            "basis": f"依据{unit}",
            "data_source": "统计局",
            "deductions": [],
            "inputs": [],
            "points": f"9{unit}.25",
            "task": "一(一)1",
            "unit": uid(f"unit {unit}"),
            "working": f"9{unit}.25",
        }
        for unit in range(units)
    ]
    content = {"assessment": uid("assessment"), "engine": "", "indicator": "一", "lines": lines}
    sheet = {"content": content, "subject": uid("sheet"), "type": "scores.proposed/1"}
    return note_act(number) | sheet


def note_acts(count: int, first: int = 0) -> list[dict[str, Any]]:
    return [note_act(number) for number in range(first, first + count)]


def bodies_of(acts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The bodies that a journal gives these acts."""
    return [sealed_body(act, (), act["id"], SALTS) for act in acts]


def entries_of(acts: Sequence[dict[str, Any]]) -> list[bytes]:
    """The entries that a journal gives these acts."""
    return [entry_of(body).content for body in bodies_of(acts)]


def root_over(entries: Sequence[bytes]) -> bytes:
    """The root over entries held in memory."""
    return root_of([leaf_hash(entry) for entry in entries])


def state_of(journal: Journal) -> Path:
    """Where the tests keep what was signed last: beside the journal."""
    return journal.folder.parent / "log.pem.signed"


def new_journal(folder: Path) -> Journal:
    """A journal with nothing in it; the first beside a state file is noted there."""
    state = folder.parent / "log.pem.signed"
    return Journal.create(folder, ORIGIN, KEY, None if state.exists() else state)


def journal_of(folder: Path, acts: Sequence[dict[str, Any]], *, sealed: bool = True) -> Journal:
    """A new journal with these acts, all signed by one checkpoint."""
    journal = new_journal(folder)
    journal.append(acts, SALTS)
    if sealed:
        seal(journal)
    return journal


def small_journal(folder: Path, size: int = 5) -> Journal:
    """A new journal with simple acts."""
    return journal_of(folder, note_acts(size))


def append_one(journal: Journal, number: int) -> SignedCheckpoint:
    """One more act, taken and signed."""
    journal.append([note_act(number)], SALTS)
    return seal(journal)


def seal(journal: Journal) -> SignedCheckpoint:
    return journal.seal(KEY, state_of(journal))


def body_of(journal: Journal, index: int) -> dict[str, Any]:
    """The body of an entry, which must be held."""
    body = journal.bodies.get(index)
    assert body is not None
    return body


def kept(journal: Journal, name: str = "held") -> Path:
    """The checkpoint as a unit keeps it, beside the journal."""
    path = journal.folder.parent / name
    path.write_bytes((journal.folder / "checkpoint").read_bytes())
    return path


# What verifies is imported by who verifies: the programs that are started and killed again and again
# import this module, too, and would spend most of their time on the rules of procedure.


def findings(journal: Journal, **more: Any) -> dict[Layer, Finding]:
    """What each layer of verification finds, with the key from elsewhere."""
    from kaoping.files.journal.inquiry import Asked
    from kaoping.files.journal.verification import verify

    asked = replace(Asked(journal.folder, [VKEY], complete=True), **more)
    return {found.layer: found for found in verify(asked)}


def require_sound(journal: Journal, *held: Path) -> None:
    """Demand that a journal verifies: signature, entries, bodies, and every older checkpoint."""
    from kaoping.files.journal.inquiry import Layer, State

    found = findings(journal, since=held)
    layers = [Layer.C, Layer.B, *([Layer.K] if held else [])]
    for layer in layers:
        assert found[layer].state is State.PASSED, found[layer]


def failure(journal: Journal, **more: Any) -> Finding:
    """The finding that condemns a journal."""
    from kaoping.files.journal.verification import first_failure

    found = first_failure(list(findings(journal, **more).values()))
    assert found is not None
    return found


# --- the disk -------------------------------------------------------------------------------------


class Disk:
    """Every sync and every move, in their order; it is full from the n-th call of one kind on."""

    def __init__(self, monkeypatch, full_at=None):
        self.calls, self._counts, self._full_at = [], {"sync": 0, "move": 0}, full_at
        self._fsync, self._replace = os.fsync, os.replace
        monkeypatch.setattr(os, "fsync", self.fsync)
        monkeypatch.setattr(os, "replace", self.replace)

    def _note(self, kind, *paths):
        if self._full_at == (kind, self._counts[kind]):
            raise OSError(errno.ENOSPC, "No space left on device")
        self._counts[kind] += 1
        self.calls.append((kind, *(Path(path) for path in paths)))

    def fsync(self, handle):
        self._note("sync", Path(f"/proc/self/fd/{handle}").readlink())
        self._fsync(handle)

    def replace(self, source, target):
        self._note("move", source, target)
        self._replace(source, target)

    def position(self, *call):
        return self.calls.index(call)

    def last_position(self, *call):
        return len(self.calls) - 1 - self.calls[::-1].index(call)


def require_durable(disk: Disk, new_folders: Sequence[Path] = ()) -> None:
    """Each file synced before it is moved, its folder after; the parents of new folders, too."""
    moves = [call for call in disk.calls if call[0] == "move"]
    assert moves
    for move in moves:
        _, source, target = move
        assert ("sync", source) in disk.calls, f"{source} was moved before it was on the disk"
        assert disk.position("sync", source) < disk.position(*move)
        assert disk.last_position("sync", target.parent) > disk.last_position(*move)
    for new in new_folders:
        assert ("sync", new.parent) in disk.calls, f"the new folder {new} may get lost"
