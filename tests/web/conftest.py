"""An installation of the platform in a folder of its own, for each test."""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime

import pytest

from kaoping.core.workflow.state import Things
from kaoping.core.workflow.taking import Progress
from kaoping.files.blobs import FolderBlobs
from kaoping.files.journal.folder import Journal
from kaoping.web.installation import Installation
from kaoping.web.keeper import Keeper
from kaoping.web.sealer import InlineSealer
from tests.journals import KEY, ORIGIN, SALTS
from tests.web.databases import guard, unguard


class Clock:
    """The server's time, as a test sets it."""

    def __init__(self) -> None:
        self.now = datetime(2024, 10, 8, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def at(folder, journal, clock, salts=SALTS, keeper=None):
    """An installation of a folder, with a key that tests know; its state is known to a keeper, or not yet."""
    secret, keeper = b"only for tests", keeper or Keeper()
    sealer = InlineSealer(journal, KEY, folder / "key.signed", secret)
    blobs = FolderBlobs.made_in(folder / "blobs")
    return Installation(folder, journal, sealer, clock, salts, blobs, secret, keeper=keeper)


def fork(keeper):
    """A keeper that knows what another one does, and goes on from there by itself.

    A test that begins in the middle of a year need not follow the whole of it anew.
    """
    known, progress, other = keeper._progress, Progress(), Keeper()
    for name, value in vars(known).items():
        setattr(progress, name, copy(value))
    progress._things = Things(known.state.things.values())
    other._progress, other._last = progress, keeper._last
    other._versions = dict(keeper._versions)
    return other


def seal(installation):
    """Sign everything that was taken, and give the checkpoint."""
    installation.sealer.seal()
    return installation.journal.checkpoint()


@pytest.fixture
def guarded(db):
    """Triggers as they are in life; without them only while the database is emptied again."""
    guard()
    yield
    unguard()


@pytest.fixture
def installation(tmp_path, guarded):
    journal = Journal.create(tmp_path / "journal", ORIGIN, KEY, tmp_path / "key.signed")
    return at(tmp_path, journal, Clock())
