"""The journal that stays with a release: `python -m tests.golden.make_journal VERSION`.

A finished year with every kind of act, sealed, cosigned by two witnesses, with a receipt. Once the
release is out it is never made anew: it must verify for ever.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from kaoping.files.journal.archive import journal_files
from tests.attacks.sealed_world import SealedWorld, cosign
from tests.journals import WITNESSES

INDICATORS = 4
RECEIPT_OF = 50


def main(version: str) -> None:
    """Write the journal of a version beside this file, in place of what is there."""
    place = Path(__file__).parent / f"journal-{version}"
    with TemporaryDirectory() as scratch:
        world = SealedWorld(Path(scratch), INDICATORS)
        world.prepare().finish()
        world.seal()
        cosign(world.journal, WITNESSES[:2])
        shutil.rmtree(place, ignore_errors=True)
        files = journal_files(world.journal, with_bodies=True)
        receipt = world.journal.receipt(RECEIPT_OF).text.encode()
        for name, content in [*files, ("receipt.tlog-proof", receipt)]:
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    sys.stdout.write(f"{place.name}: {len(world.acts)} entries\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
