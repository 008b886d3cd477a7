"""A journal of a million entries: appended, verified, proved, resumed, beside the bare hashing.

The peer is a loop over hashlib that computes the same two million hashes and nothing else: no file,
no entry can be handled faster than it is hashed. The bounds are ratios to it within this one run, and
CPU times of single steps. pymerkle, a library for Merkle trees in memory (no tiles, no signatures),
stands beside; it is GPL, is never part of Kaoping and runs in an environment of its own.
"""

from __future__ import annotations

import gc
import hashlib
import subprocess
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.core.journal import Checkpoint, Entry
from kaoping.core.note import signed
from kaoping.core.register import Row, differences, fold
from kaoping.core.tree import EMPTY_ROOT, verify_inclusion
from kaoping.files.journal.folder import CHECKPOINT, Journal
from kaoping.files.journal.inquiry import Asked, State
from kaoping.files.journal.keys import SigningKey, fresh_salt
from kaoping.files.journal.tiles import TileReader, TileWriter, write_durably
from kaoping.files.journal.verification import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kaoping.files.journal.inquiry import Finding

ENTRIES = 10**6
ENTRY_BYTES = 200
MOST_APPEND, MOST_VERIFY = 3.0, 3.0
MOST_PROOF, MOST_ACT, MOST_RESUME = 2.0, 6.0, 20.0
MOST_FOLD = 35.0
ACTS = 300
PEERS = Path(__file__).resolve().parents[1] / ".venv" / "peers"
PEER_ENTRIES = 10**5
_FIRST = datetime(2025, 1, 20, 9, tzinfo=UTC)
_ID = "6f1c1e5b-0b0a-4c55-9b7e-6b616f70696e"


def main() -> None:
    """Print every figure with its bound."""
    entries = [number.to_bytes(8, "big") * (ENTRY_BYTES // 8) for number in range(ENTRIES)]
    gc.freeze()  # the bench's own million objects are nobody's cost
    bare = _cpu(lambda: _bare_root(entries))
    print(f"  bare hashlib over {ENTRIES:,} entries of {ENTRY_BYTES} bytes: {bare:.2f} s CPU")
    with _scratch() as place:
        _append_and_prove(place / "log", entries, bare)
    with _scratch() as place:
        _verify_million(place / "log")
    with _scratch() as place:
        _single_acts(place / "log")
    _fold_rows()
    _peer()


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kaoping-bench-") as place:
        yield Path(place)


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _bare_root(entries: Sequence[bytes]) -> bytes:
    """Every hash that the tree needs, and nothing else."""
    sha256 = hashlib.sha256
    level = [sha256(b"\x00" + entry).digest() for entry in entries]
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [
            sha256(b"\x01" + level[at] + level[at + 1]).digest()
            for at in range(0, len(level) - 1, 2)
        ] + odd
    return level[0]


def _append_and_prove(folder: Path, entries: Sequence[bytes], bare: float) -> None:
    folder.mkdir()
    writer = TileWriter(folder, 0, EMPTY_ROOT)
    wall = time.perf_counter()
    cpu = _cpu(lambda: writer.append(entries))
    wall = time.perf_counter() - wall
    root = writer.root()
    print(
        f"  bulk append, every tile synced: {cpu:.2f} s CPU ({wall:.2f} s wall), {cpu / bare:.2f} × "
        f"bare ({_bound(cpu / bare, MOST_APPEND, '×')})"
    )
    resumed = _median([_cpu(lambda: TileWriter(folder, ENTRIES, root)) for _ in range(5)])
    print(
        f"  resume at {ENTRIES:,}: {resumed * 1e3:.2f} ms CPU "
        f"({_bound(resumed * 1e3, MOST_RESUME, 'ms')})"
    )
    indices = [number * 7919 % ENTRIES for number in range(50)]
    proofs = [_cpu(lambda i=i: TileReader(folder, ENTRIES).inclusion(i)) for i in indices]  # type: ignore[misc]
    print(
        f"  one inclusion proof at {ENTRIES:,}, nothing cached: median "
        f"{_median(proofs) * 1e3:.2f} ms, worst {max(proofs) * 1e3:.2f} ms CPU "
        f"({_bound(_median(proofs) * 1e3, MOST_PROOF, 'ms')})"
    )
    reader = TileReader(folder, ENTRIES)
    leaf = hashlib.sha256(b"\x00" + entries[indices[7]]).digest()
    assert verify_inclusion(leaf, indices[7], ENTRIES, reader.inclusion(indices[7]), root)


def _verify_million(folder: Path) -> None:
    """Full verification: signature, every entry, its form, every tile, the root."""
    key = SigningKey.fresh()
    journal = Journal.create(folder, "bench.example/journal", key)
    entries = [
        Entry(_ID, _moment(number // 3), f"{number:064x}", _ID, "evidence.filed/1").content
        for number in range(ENTRIES)
    ]
    writer = TileWriter(folder, 0, EMPTY_ROOT)
    writer.append(entries)
    bare = _cpu(lambda: _bare_root(entries))
    _sign(journal, key, writer)
    findings: list[Finding] = []
    cpu = _cpu(lambda: findings.extend(verify(Asked(folder, [journal.key]))))
    assert all(found.state is not State.FAILED for found in findings)
    print(
        f"  full verification (signature, {ENTRIES:,} entries of {len(entries[0])} bytes and their "
        f"form, all tiles): {cpu:.2f} s CPU, {cpu / bare:.2f} × bare over the same "
        f"({_bound(cpu / bare, MOST_VERIFY, '×')})"
    )


def _moment(second: int) -> str:
    """A time that many seconds after the first."""
    return (_FIRST + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _sign(journal: Journal, key: SigningKey, writer: TileWriter) -> None:
    """A checkpoint over entries whose bodies lie elsewhere."""
    text = Checkpoint(journal.key.name, writer.size, writer.root()).text
    note = signed(text, [key.signer(journal.key.name)])
    write_durably(journal.folder, [(CHECKPOINT, note.encode())])


def _single_acts(folder: Path) -> None:
    key = SigningKey.fresh()
    state = folder.parent / "key.signed"
    journal = Journal.create(folder, "bench.example/acts", key, state)
    times = []
    for number in range(ACTS):
        act: dict[str, object] = {
            "id": f"{number:08x}{_ID[8:]}",
            "type": "evidence.filed/1",
            "at": "2025-01-20T09:00:00Z",
            "actor": _ID,
            "subject": _ID,
            "content": {"text": "月度报表" * 50},
        }

        def step(act: dict[str, object] = act) -> None:
            journal.record([act], fresh_salt, key, state)

        times.append(_cpu(step))
    print(
        f"  one act with its body to synced tiles and a signed checkpoint: median "
        f"{_median(times) * 1e3:.2f} ms, worst {max(times) * 1e3:.2f} ms CPU over {ACTS} acts "
        f"({_bound(_median(times) * 1e3, MOST_ACT, 'ms')})"
    )


def _fold_rows() -> None:
    rows = [
        Row("score", f"{number:08x}{_ID[8:]}", 1, {"points": "2.00", "task": "T1", "unit": _ID})
        for number in range(ENTRIES)
    ]
    effects = [(i, [(row.table, row.id, row.version, row.digest)]) for i, row in enumerate(rows)]
    found: list[object] = []
    cpu = _cpu(lambda: found.extend(differences(fold(effects), rows)))
    assert not found
    print(
        f"  folding and comparing {ENTRIES:,} row digests: {cpu:.1f} s CPU "
        f"({_bound(cpu, MOST_FOLD, 's')})"
    )


_PEER = """
import sys, time
from pymerkle import InmemoryTree
n = int(sys.argv[1])
entries = [number.to_bytes(8, "big") * 25 for number in range(n)]
tree = InmemoryTree(algorithm="sha256")
start = time.process_time()
for entry in entries:
    tree.append_entry(entry)
print(time.process_time() - start)
start = time.process_time()
tree.get_state()
print(time.process_time() - start)
start = time.process_time()
tree.prove_inclusion(n // 2, n)
print(time.process_time() - start)
"""


def _peer() -> None:
    python = PEERS / "bin" / "python"
    if not python.exists():
        print("  pymerkle is not installed; ./setup.sh peers installs it beside the project")
        return
    entries = [number.to_bytes(8, "big") * 25 for number in range(PEER_ENTRIES)]
    bare = _cpu(lambda: _bare_root(entries))
    done = subprocess.run(
        [python, "-c", _PEER, str(PEER_ENTRIES)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(f"  pymerkle failed: {done.stderr.strip().splitlines()[-1:]}")
        return
    append, state, proof = (float(line) for line in done.stdout.split())
    print(
        f"  pymerkle 7 in memory, {PEER_ENTRIES:,} entries: append {append:.2f} s CPU "
        f"({append / bare:.1f} × bare over the same), root {state * 1e3:.1f} ms, one inclusion proof "
        f"{proof * 1e3:.1f} ms; nothing on disk, nothing signed"
    )


def _bound(value: float, most: float, unit: str) -> str:
    """What a figure is measured by, and whether it holds."""
    return f"{'bound' if value <= most else 'OVER the bound of'} {most:.0f} {unit}"


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
