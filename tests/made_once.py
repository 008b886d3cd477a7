"""What takes seconds to make is made by the first test process that needs it, for all of them."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def made_once(places: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder of this run of the tests, filled by `make` where no other process has done so.

    Nobody changes what lies in it: other tests read it, too.
    """
    root = places.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder, is_made = root / name, root / f"{name}-is-made"
    with (root / f"{name}-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_made.exists():
            folder.mkdir()
            make(folder)
            is_made.touch()
    return folder
