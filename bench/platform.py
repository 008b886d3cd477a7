"""One official act on the platform: judged, written with its rows, sealed; beside what the disk can do.

In one process on SQLite, without a web server: what an act itself costs. The peer is the bare
machine: one synced write of as many bytes, and hashing. `bench.load` has pages and many at once.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.core.acts.setting_up import UnitRegistered
from kaoping.files.journal.folder import Journal
from kaoping.files.journal.keys import SigningKey, fresh_salt
from tests.core.workflow.stages import at_stage
from tests.world_set_up import uid

if TYPE_CHECKING:
    from kaoping.web.actions.perform import Asked
    from kaoping.web.installation import Installation

ACTS = 300
_BUSY = 1.25
MOST_ACT = 20.0
"""CPU of an act with its seal, in milliseconds (issue of the platform)."""


def main() -> None:
    """Print what an act costs, with the machine's own rates beside it."""
    with tempfile.TemporaryDirectory(prefix="kaoping-bench-") as place:
        installation = _installation(Path(place))
        bare(Path(place))
        _acts(installation)


def _installation(data: Path) -> Installation:
    os.environ["KAOPING_DATA"] = str(data)
    os.environ["KAOPING_SECRET_KEY"] = "only-for-measuring-" * 4
    os.environ["DJANGO_SETTINGS_MODULE"] = "kaoping.config.settings"
    import django  # noqa: PLC0415 - only once its settings stand
    from django.core.management import call_command  # noqa: PLC0415 - as above

    django.setup()
    call_command("migrate", verbosity=0)
    from kaoping.files.blobs import FolderBlobs  # noqa: PLC0415 - as above
    from kaoping.web.actions.perform import perform  # noqa: PLC0415 - as above
    from kaoping.web.installation import Installation  # noqa: PLC0415 - as above
    from kaoping.web.sealer import InlineSealer  # noqa: PLC0415 - as above

    clock = _Clock()
    key, signed = SigningKey.fresh(), data / "key.signed"
    journal = Journal.create(data / "journal", "bench.example/platform", key, signed)
    sealer, blobs = InlineSealer(journal, key, signed, b""), FolderBlobs.made_in(data / "blobs")
    installation = Installation(data, journal, sealer, clock, fresh_salt, blobs)
    for act in at_stage("undertaken").acts:
        clock.now = datetime.fromisoformat(act.at)
        perform(installation, _asked(act.id, act.actor, act.subject, act.content, act.supersedes))
    return installation


class _Clock:
    now = datetime(2024, 10, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def _asked(*parts: object) -> Asked:
    from kaoping.web.actions.perform import Asked  # noqa: PLC0415 - as above

    return Asked(*parts)  # type: ignore[arg-type]


def _acts(installation: Installation) -> None:
    from kaoping.web.actions.perform import perform  # noqa: PLC0415 - as above

    taking, sealing, wall = [], [], time.perf_counter()
    for number in range(ACTS):
        content = UnitRegistered(f"N{number}", f"第{number}单位")
        asked = _asked(uid(f"登记 {number}"), uid("系统管理员"), uid(f"单位 {number}"), content)
        start = time.process_time()
        perform(installation, asked)
        middle = time.process_time()
        installation.sealer.seal()
        taking.append(middle - start)
        sealing.append(time.process_time() - middle)
    wall = time.perf_counter() - wall
    took, sealed = (sorted(each)[ACTS // 2] * 1e3 for each in (taking, sealing))
    whole = took + sealed
    print(
        f"  one act with its seal: {whole:.1f} ms CPU ({took:.1f} to take it, {sealed:.1f} to seal it; "
        f"{'bound' if whole <= MOST_ACT else 'OVER the bound of'} {MOST_ACT:.0f} ms), "
        f"{ACTS / wall:.0f} a second one after the other"
    )


def bare(place: Path) -> None:
    """Print what the machine itself can do."""
    start = time.perf_counter()
    for number in range(100):
        with (place / f"bare{number}").open("wb") as stream:
            stream.write(b"x" * 4096)
            stream.flush()
            os.fsync(stream.fileno())
    synced = 100 / (time.perf_counter() - start)
    start = time.perf_counter()
    block = b"x" * 1_000_000
    for _ in range(100):
        hashlib.sha256(block).digest()
    hashed = 100 / (time.perf_counter() - start)
    best, usual = _steadiness()
    print(
        f"  the machine: {synced:.0f} synced writes of 4 KiB a second, SHA-256 {hashed:.0f} MB/s; "
        f"the same work of Python takes {usual / best:.1f} times its best CPU time"
        f"{' (others are at work: every figure below is too high)' if usual > _BUSY * best else ''}"
    )


def _steadiness() -> tuple[float, float]:
    """Seconds of CPU that one piece of work takes at best and usually; apart where others disturb it."""
    took = []
    for _ in range(100):
        start = time.process_time()
        {str(number): (number, [number]) for number in range(10_000)}
        took.append(time.process_time() - start)
    took.sort()
    return took[0], took[len(took) // 2]


if __name__ == "__main__":
    main()
