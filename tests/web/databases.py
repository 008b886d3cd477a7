"""What a database administrator can do, on either database."""

from __future__ import annotations

from importlib import import_module

from django.db import connection

GUARDS = import_module("kaoping.web.migrations.0002_entries_stay")


def run(sqlite, postgresql):
    """Statements of the one or the other kind of database."""
    with connection.cursor() as cursor:
        for statement in sqlite if connection.vendor == "sqlite" else postgresql:
            cursor.execute(statement)


def guard():
    """The triggers that keep entries as they are."""
    run(GUARDS._SQLITE_UP, GUARDS._POSTGRESQL_UP)


def unguard():
    """Take them away."""
    run(GUARDS._SQLITE_DOWN, GUARDS._POSTGRESQL_DOWN)


def by_hand(*statements):
    """Whatever is written, without constraints and triggers."""
    unguard()
    run(["PRAGMA foreign_keys=OFF", "PRAGMA ignore_check_constraints=ON"],
        ["SET session_replication_role = replica"])  # fmt: skip
    run(statements, statements)
    run(["PRAGMA ignore_check_constraints=OFF"], ["SET session_replication_role = DEFAULT"])
