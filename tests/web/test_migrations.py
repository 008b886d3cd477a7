"""Migrations run forward and back, and say all that the models say; on either database."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests.web.databases import unguard

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PROGRAM = """
import django
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.db import connection

def tables():
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            columns = connection.introspection.get_table_description(cursor, table)
            constraints = connection.introspection.get_constraints(cursor, table)
            found[table] = (
                sorted((c.name, c.type_code, c.null_ok) for c in columns),
                sorted((sorted(c["columns"]), c["unique"], c["check"]) for c in constraints.values()),
            )
        if connection.vendor == "sqlite":
            query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        else:
            query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        cursor.execute(query)
        return found, sorted(cursor.fetchall())

call_command("migrate", verbosity=0)
there = tables()
ours = {m._meta.db_table for m in apps.get_app_config("web").get_models()}
assert ours <= set(there[0]), ours - set(there[0])
assert there[1], "no trigger guards anything"
call_command("makemigrations", "web", check=True, dry_run=True, verbosity=0)
call_command("migrate", "web", "zero", verbosity=0)
gone = tables()
assert not ours & set(gone[0]), ours & set(gone[0])
assert not gone[1], gone[1]
call_command("migrate", verbosity=0)
assert tables() == there
"""


@pytest.fixture
def address():
    """Nothing for SQLite; on PostgreSQL a database of this test's own."""
    if connection.vendor == "sqlite":
        yield ""
        return
    name = "kaoping_back_and_forth"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield urlsplit(os.environ["KAOPING_DATABASE"])._replace(path=f"/{name}").geturl()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")
    unguard()  # this run's own database is emptied after the test


OLDER = """
import os
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

Path(os.environ["KAOPING_DATA"], "instance.secret").write_bytes(b"s" * 32)
call_command("migrate", "web", "0009", verbosity=0)
older = MigrationExecutor(connection).loader.project_state(("web", "0009_oversight")).apps
older.get_model("web", "Account").objects.create(login="alt", person="p", password="!")
older.get_model("web", "Entry").objects.create(
    index=0, act="a", at="2024-10-08T01:00:00Z", actor="p", subject="s", type="t", content="leaf", body="b"
)
call_command("migrate", verbosity=0)
from kaoping.web.marks import Marks
from kaoping.web.models import Account, Entry
Account.objects.get().require_as_written()
Marks(b"s" * 32, lambda: 0).require(0, "leaf", Entry.objects.get().mark)
try:
    Entry.objects.update(mark="")
except DatabaseError:
    pass
else:
    raise SystemExit("the triggers are gone")
"""


BEFORE_TURNS = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

call_command("migrate", "web", "0014", verbosity=0)
older = MigrationExecutor(connection).loader.project_state(("web", "0014_filed_files")).apps
older.get_model("web", "Preview").objects.create(sha256="a" * 64, state="made")
for digest, state in (("a", "ready"), ("b", "ready"), ("a", "refused")):
    older.get_model("web", "Upload").objects.create(
        owner="u", person="p", name="n", size=1, state=state, sha256=digest * 64,
        begun_at="2024-10-08T01:00:00Z", done_at="2024-10-08T02:00:00Z")
call_command("migrate", verbosity=0)
from kaoping.web.models import Upload
found = sorted(Upload.objects.values_list("sha256", "state", "previewed_at"))
assert [(sha256[0], *rest) for sha256, *rest in found] == [
    ("a", "ready", "2024-10-08T02:00:00Z"), ("a", "refused", ""), ("b", "ready", "")], found
"""


def migrated(program, address, folder):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env=os.environ
        | {
            "KAOPING_DATA": str(folder),
            "KAOPING_DATABASE": address,
            "KAOPING_SECRET_KEY": "only-for-tests-" * 5,
            "DJANGO_SETTINGS_MODULE": "kaoping.config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_migrations_go_forward_and_all_the_way_back(address, tmp_path):
    migrated(PROGRAM, address, tmp_path)


def test_what_is_older_than_the_marks_gets_them(address, tmp_path):
    """Entries that still wait for their seal go on, accounts open; and the triggers are back."""
    migrated(OLDER, address, tmp_path)


def test_uploads_whose_preview_was_made_before_turns_have_had_theirs(address, tmp_path):
    migrated(BEFORE_TURNS, address, tmp_path)
