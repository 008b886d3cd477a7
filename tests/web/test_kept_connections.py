"""A connection is kept from request to request; never one to a file that is no longer in its place."""

from __future__ import annotations

import shutil
import sqlite3

import pytest
from django.db import connections

from kaoping.config.database import database_of
from kaoping.config.sqlite.base import DatabaseWrapper

pytestmark = pytest.mark.django_db


def filled(place, word):
    database = sqlite3.connect(place)
    with database:
        database.execute("CREATE TABLE said (word TEXT)")
        database.execute("INSERT INTO said VALUES (?)", [word])
    database.close()


@pytest.fixture
def kept(tmp_path):
    """A connection to a SQLite file as the platform has it."""
    filled(tmp_path / "kaoping.sqlite3", "今天")
    defaults = connections["default"].settings_dict | {"TEST": {}, "TIME_ZONE": None}
    one = DatabaseWrapper(defaults | database_of("", tmp_path), "kept")
    yield one
    one.close()


def read(kept):
    with kept.cursor() as cursor:
        cursor.execute("SELECT word FROM said")
        return cursor.fetchone()[0]


def put_back(place):
    """Another file in its place, as whoever restores a backup puts it there."""
    filled(place / "older.sqlite3", "昨天")
    shutil.move(place / "older.sqlite3", place / "kaoping.sqlite3")


def test_it_is_kept_for_the_next_request(kept):
    read(kept)
    opened = kept.connection
    kept.close_if_unusable_or_obsolete()
    assert kept.connection is opened is not None
    assert read(kept) == "今天"


def test_a_file_that_was_replaced_is_read_from_the_next_request_on(kept, tmp_path):
    assert read(kept) == "今天"
    put_back(tmp_path)
    assert read(kept) == "今天", "what was opened lives on: this is what must not go on"
    kept.close_if_unusable_or_obsolete()
    assert read(kept) == "昨天"


def test_a_file_that_is_away_is_not_written_to_either(kept, tmp_path):
    read(kept)
    (tmp_path / "kaoping.sqlite3").unlink()
    kept.close_if_unusable_or_obsolete()
    assert kept.connection is None


def test_what_is_under_way_is_brought_to_its_end(kept, tmp_path):
    kept.ensure_connection()
    opened = kept.connection
    kept.in_atomic_block = True
    put_back(tmp_path)
    kept.close_if_unusable_or_obsolete()
    assert kept.connection is opened
    kept.in_atomic_block = False


def test_postgresql_is_asked_whether_it_is_there(tmp_path):
    settings = database_of("postgresql://kaoping@db.example/kaoping", tmp_path)
    assert settings["CONN_HEALTH_CHECKS"]
    assert settings["CONN_MAX_AGE"] == database_of("", tmp_path)["CONN_MAX_AGE"] > 60
