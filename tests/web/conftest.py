"""An installation of the platform in a folder of its own, for each test."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kaoping.files.journal.folder import Journal
from kaoping.web.installation import Installation
from tests.journals import KEY, ORIGIN, SALTS
from tests.web.databases import guard, unguard


class Clock:
    """The server's time, as a test sets it."""

    def __init__(self) -> None:
        self.now = datetime(2024, 10, 8, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def guarded(db):
    """Triggers as they are in life; without them only while the database is emptied again."""
    guard()
    yield
    unguard()


@pytest.fixture
def installation(tmp_path, guarded):
    signed = tmp_path / "key.signed"
    journal = Journal.create(tmp_path / "journal", ORIGIN, KEY, signed)
    return Installation(tmp_path, journal, KEY, signed, Clock(), SALTS)
