"""What a database administrator can do, on either database."""

from __future__ import annotations

from django.db import connection

from kaoping.web import guards


def run(sqlite, postgresql):
    """Statements of the one or the other kind of database."""
    with connection.cursor() as cursor:
        for statement in sqlite if connection.vendor == "sqlite" else postgresql:
            cursor.execute(statement)


def guard():
    """The triggers that keep rows as they are."""
    with connection.cursor() as cursor:
        for table in guards.GUARDED:
            guards.guard(cursor, connection.vendor, table)


def unguard():
    """Take them away."""
    with connection.cursor() as cursor:
        for table in guards.GUARDED:
            guards.unguard(cursor, connection.vendor, table)


def by_hand(*statements):
    """Whatever is written, without constraints and triggers, which are put back: nothing is seen of it."""
    unguard()
    run(["PRAGMA foreign_keys=OFF", "PRAGMA ignore_check_constraints=ON"],
        ["SET session_replication_role = replica"])  # fmt: skip
    run(statements, statements)
    run(["PRAGMA ignore_check_constraints=OFF"], ["SET session_replication_role = DEFAULT"])
    guard()
