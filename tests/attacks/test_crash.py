"""The power goes, at any moment: nothing that was signed is lost, and what is left always verifies.

Two ways: a run that is killed again and again, as often as it takes to get fifty acts in; and a run
that kills itself before every single call that changes the disk, one after the other.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kaoping.core.errors import InputError
from kaoping.core.journal import parse_receipt
from kaoping.files.journal.folder import Journal, LastSigned
from kaoping.files.journal.tiles import WIDTH
from tests import forking
from tests.journals import (
    ORIGIN,
    SALTS,
    VKEY,
    append_one,
    entries_of,
    journal_of,
    kept,
    new_journal,
    note_act,
    note_acts,
    require_sound,
    root_over,
    seal,
    state_of,
)
from tests.judges import node_judge, sigstore_judge

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}

ENTRIES = entries_of(note_acts(600))
"""The entries of the acts, which come in one order only: what a journal must hold is known."""


def require_whole(journal: Journal) -> int:
    """Demand that a journal verifies and holds the first acts and no others; how many are signed."""
    require_sound(journal)
    signed = journal.checkpoint().checkpoint
    assert signed.root == root_over(ENTRIES[: signed.size])
    return signed.size


# --- killed again and again -----------------------------------------------------------------------

ACTS = 50

GOING_ON = """
import sys
from pathlib import Path
from tests.journals import KEY, SALTS, Journal, note_act, seal, state_of

journal = Journal.open(Path(sys.argv[1]))
acts, at_once = int(sys.argv[2]), sys.argv[3] == "at once"
print("started", flush=True)
while True:
    signed = seal(journal).checkpoint
    if signed.size:
        print(signed.size - 1, signed.root.hex(), signed.size, flush=True)
    if signed.size == acts:
        break
    if at_once:
        journal.record([note_act(journal.size())], SALTS, KEY, state_of(journal))
    else:
        journal.append([note_act(journal.size())], SALTS)
"""


def killed_run(journal: Journal, how: str, dice: random.Random) -> list[tuple[int, str, int]]:
    """Run on until a moment nobody chose; what was told before."""
    run = forking.Forked(["-c", GOING_ON, journal.folder, ACTS, how], os.environ)
    told = [run.stdout.readline() for _ in range(dice.randint(1, 8))]
    time.sleep(dice.uniform(0, 0.012))
    run.kill()
    said, _ = run.communicate()
    told += said.splitlines(keepends=True)
    assert run.returncode in {0, -9}
    lines = [line.split() for line in told if line.endswith("\n") and line != "started\n"]
    return [(int(index), root, int(size)) for index, root, size in lines]


def require_kept(journal: Journal, told: dict[int, str]) -> None:
    """Everything that was told is there, and the beginning of what is there now."""
    signed = journal.checkpoint().checkpoint
    reader = journal.reader()
    for size, root in told.items():
        assert size <= signed.size, "a checkpoint that was told is lost"
        assert reader.root(size).hex() == root, "a size has two roots"


def require_accepted_by_others(journal: Journal) -> None:
    """Every receipt, judged by two programs that others wrote."""
    receipts = [parse_receipt(journal.receipt(index).text) for index in range(ACTS)]
    cases = [
        (
            ENTRIES[receipt.index],
            receipt.index,
            receipt.path,
            receipt.checkpoint,
            ORIGIN,
            VKEY.public,
        )
        for receipt in receipts
    ]
    assert all(sigstore_judge.receipt_holds(*case) for case in cases)
    if node_judge.IS_HERE:
        assert all(node_judge.verdicts([node_judge.receipt(*case) for case in cases]))


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "how"), [(1, "one by one"), (2, "at once")])
def test_fifty_acts_get_in_however_often_the_run_is_killed(tmp_path, seed, how):
    dice = random.Random(seed)
    journal = new_journal(tmp_path / "journal")
    told: dict[int, str] = {}
    kills = 0
    while require_whole(journal) < ACTS:
        for index, root, size in killed_run(journal, how, dice):
            assert index == size - 1
            assert told.setdefault(size, root) == root, "a size has two roots"
        require_kept(journal, told)
        kills += 1
    assert kills > 5
    assert journal.size() == ACTS
    assert max(told) <= ACTS
    require_accepted_by_others(journal)


# --- killed before every call ---------------------------------------------------------------------

CRASHING = """
import os
import shutil
import signal
import sys
from pathlib import Path
from tests.journals import KEY, ORIGIN, SALTS, Journal, note_acts, seal

base, target, goal, step = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])


def crash_at(point):
    left = [point]

    def reached(and_then=lambda: None):
        if left[0] == 0:
            and_then()
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    def reaching(function):
        def run(*arguments, **more):
            reached()
            return function(*arguments, **more)
        return run

    for name in ("fsync", "replace", "mkdir", "unlink", "rmdir", "chmod", "write"):
        setattr(os, name, reaching(getattr(os, name)))
    write = Path.write_bytes

    def write_bytes(path, content):
        reached()
        reached(lambda: write(path, content[: len(content) // 2]))
        return write(path, content)

    Path.write_bytes = write_bytes


def go(folder):
    if not (folder / "vkey").exists():
        Journal.create(folder, ORIGIN, KEY, folder.parent / "log.pem.signed")
    journal = Journal.open(folder)
    taken = journal.size()
    journal.append(note_acts(goal - taken, taken), SALTS)
    seal(journal)


point = 0
while True:
    place = target / str(point)
    shutil.copytree(base, place)
    child = os.fork()
    if not child:
        try:
            crash_at(point)
            go(place / "journal")
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    if status == 0:
        break
    if not os.WIFSIGNALED(status):
        sys.exit("the run failed by itself")
    point += step
print(point)
"""


def crashed(base: Path, target: Path, goal: int, step: int = 1) -> list[Path]:
    """What a run to the goal leaves when it is killed before its first, second … last call.

    With a step, not before every call. The last of them is the one that was not killed.
    """
    target.mkdir()
    told = subprocess.run(  # small, as it is copied for every call
        [sys.executable, "-c", CRASHING, str(base), str(target), str(goal), str(step)],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr[-3000:]
    return [target / str(point) for point in range(0, int(told.stdout) + 1, step)]


def require_recovery(places: list[Path], before: int, goal: int) -> set[int]:
    """After a crash on the way: nothing signed is lost, and going on gives what no crash had given.

    Returns:
        How many entries were signed at the moments of the crashes.
    """
    journals = [Journal.open(place / "journal") for place in places]
    signed = {require_whole(journal) for journal in journals}
    for journal in journals:
        last = LastSigned(state_of(journal)).of(ORIGIN)
        taken = journal.size()
        assert before <= taken <= goal
        assert last is None or last.size <= taken, "something was to be signed that was not taken"
        journal.append(note_acts(goal - taken, taken), SALTS)
        seal(journal)
        append_one(journal, goal)
    *others, never_killed = journals
    assert require_whole(never_killed) == goal + 1
    for journal in others:
        assert essence(journal) == essence(never_killed)
    return signed


def essence(journal: Journal) -> list[object]:
    """What a journal says, byte for byte; which partial tiles lie about does not matter."""
    reader = journal.reader()
    bodies = sorted((journal.folder / "bodies").glob("*.jsonl"))
    return [
        journal.checkpoint().content,
        reader.root(),
        list(reader.bundles()),
        [path.read_bytes() for path in bodies],
    ]


def base_of(folder: Path, size: int) -> Path:
    """A journal before the crash, with partial tiles of some sizes, as single acts leave them."""
    journal = journal_of(folder / "base" / "journal", note_acts(max(0, size - 2)))
    for number in range(max(0, size - 2), size):
        append_one(journal, number)
    return folder / "base"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "goal", "step"),
    [
        pytest.param(0, 1, 1, id="the first act"),
        pytest.param(3, 4, 1, id="one more"),
        pytest.param(WIDTH - 1, WIDTH, 1, id="a full tile"),
        pytest.param(WIDTH, WIDTH + 1, 2, id="a new tile"),
        pytest.param(WIDTH - 2, WIDTH + 2, 3, id="over the edge"),
        pytest.param(3, 2 * WIDTH + 5, 8, id="many at once"),
    ],
)
def test_a_crash_before_any_call_loses_nothing_and_leaves_what_verifies(tmp_path, size, goal, step):
    places = crashed(base_of(tmp_path, size), tmp_path / "crashed", goal, step)
    assert len(places) > 30 // step
    assert require_recovery(places, size, goal) == {size, goal}


@pytest.mark.slow
def test_a_crash_while_recovering_from_a_crash_loses_nothing_either(tmp_path):
    size, goal = 3, 4
    places = crashed(base_of(tmp_path, size), tmp_path / "once", goal)
    for number, first in enumerate(places[::12]):
        require_recovery(crashed(first, tmp_path / f"twice-{number}", goal), size, goal)


def test_a_checkpoint_held_before_the_crash_is_continued_after_it(tmp_path):
    base = base_of(tmp_path, 3)
    held = kept(Journal.open(base / "journal"), "held")
    for place in crashed(base, tmp_path / "crashed", 4):
        journal = Journal.open(place / "journal")
        require_sound(journal, held)
        taken = journal.size()
        journal.append(note_acts(5 - taken, taken), SALTS)
        seal(journal)
        require_sound(journal, held)


def test_another_act_after_a_crash_does_not_make_two_histories(tmp_path):
    """Whether the first one got in or not, what comes next stands behind what was to be signed."""
    places = crashed(base_of(tmp_path, 3), tmp_path / "crashed", 4)
    for place in places:
        journal = Journal.open(place / "journal")
        last = LastSigned(state_of(journal)).of(ORIGIN)
        assert last is not None
        journal.append([note_act(700)], SALTS)
        seal(journal)
        require_sound(journal)
        assert journal.reader().root(last.size) == last.root


def test_a_crash_while_a_journal_is_made_leaves_a_whole_one_or_none(tmp_path):
    (tmp_path / "base").mkdir()
    opened = 0
    for place in crashed(tmp_path / "base", tmp_path / "crashed", 1):
        try:
            journal = Journal.open(place / "journal")
        except InputError:
            continue
        opened += 1
        assert require_whole(journal) in {0, 1}
    assert opened > 10
