"""All tests of this folder again, on a real PostgreSQL server of this test's own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.postgresql import postgresql

HERE = Path(__file__).parent
URL = "KAOPING_DATABASE"
SPEAKS_OF_NO_ROWS = [
    HERE / "every_page" / "test_languages.py",
    HERE / "pages" / "test_object_store.py",
    HERE / "pages" / "test_sign_in_settings.py",
    HERE / "test_catalogue.py",
    HERE / "test_on_postgresql.py",
    HERE / "test_refilled.py",
    HERE / "test_large_upload.py",
]
"""What is the same on every database."""
BRINGS_ITS_OWN = [HERE / "test_killed_server.py", HERE / "test_serving.py"]
"""What installs the platform on databases of its own, of both kinds."""
ELSEWHERE = {*SPEAKS_OF_NO_ROWS, *BRINGS_ITS_OWN}
PARTS = {
    "the foundation": sorted(set(HERE.glob("test_*.py")) - ELSEWHERE),
    "pages": sorted(set((HERE / "pages").glob("test_*.py")) - ELSEWHERE),
    "every page, attacks and replay": [
        *sorted(set((HERE / "every_page").glob("test_*.py")) - ELSEWHERE),
        *sorted((HERE.parent / "attacks").glob("test_platform_*.py")),
        HERE.parent / "property" / "test_replay_of_rows.py",
    ],
}


@pytest.fixture(scope="module")
def address():
    with postgresql(is_durable=False) as server:
        yield server.get_uri()


@pytest.mark.slow
@pytest.mark.skipif(URL in os.environ, reason="this is the run on PostgreSQL")
@pytest.mark.parametrize("part", PARTS)
def test_everything_holds_on_postgresql_as_well(address, part):
    """In parts, so that several processes share the work; each begins with a server of its own."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:xdist"),
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
    assert set(HERE.rglob("test_*.py")) - named == ELSEWHERE
