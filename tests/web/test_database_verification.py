"""`kaoping journal verify --database`: whatever a database administrator does to a row is named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from kaoping.core.projection import TABLES, Column
from kaoping.web.actions.perform import Asked, perform
from tests.cli.folders import kaoping
from tests.core.workflow.stages import at_stage
from tests.journals import VKEY
from tests.web.conftest import seal
from tests.web.databases import by_hand

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def sealed(installation):
    """A year up to its first undertakings, sealed; every table has rows."""
    for act in at_stage("undertaken").acts:
        installation.clock.now = datetime.fromisoformat(act.at)
        perform(installation, Asked(act.id, act.actor, act.subject, act.content, act.supersedes))
    seal(installation)
    return installation


def address():
    """The database under the name that the command line takes."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return settings["NAME"]
    return f"postgresql://{settings['USER']}:@/{settings['NAME']}?host={settings['HOST']}"


def verified(capsys, sealed, *more):
    words = ["journal", "verify", sealed.journal.folder, "--key", VKEY.text]
    return kaoping(capsys, *words, "--database", address(), "--complete", *more)


def first_id(table):
    """A row of a table; a person of no house, who may get one without breaking a constraint."""
    only = " WHERE unit IS NULL AND section IS NULL" if table == "person" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT id FROM "register_{table}"{only} ORDER BY id LIMIT 1')
        return cursor.fetchone()[0]


def value_of(table, row, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM \"register_{table}\" WHERE id = '{row}'")
        return cursor.fetchone()[0]


def put(table, row, column, value):
    """The statement that edits one value."""
    said = "NULL" if value is None else f"'{value}'" if isinstance(value, str) else str(value)
    return f"UPDATE \"register_{table}\" SET {column} = {said} WHERE id = '{row}'"


def other_than(kind, value):
    if kind is Column.TEXT:
        return "x" if value != "x" else "y"
    return value + 4711 if kind is Column.WHOLE else not value


def inserted(table):
    """The statement that smuggles a row in."""
    columns = ", ".join(f'"{name}"' for name in TABLES[table])
    values = []
    for number, (name, kind) in enumerate(TABLES[table].items()):
        made_up = {Column.WHOLE: "1", Column.YES_NO: "true"}.get(kind, f"'塞{number}'")
        values.append("NULL" if (table, name) == ("person", "section") else made_up)
    return (
        f'INSERT INTO "register_{table}" (id, version, {columns}) '
        f"VALUES ('塞入', 1, {', '.join(values)})"
    )


def test_an_untouched_database_passes(sealed, capsys):
    said = verified(capsys, sealed)
    assert said.code == 0, said.err


@pytest.mark.parametrize("table", TABLES)
def test_whatever_is_done_to_a_row_of_any_table_is_named(sealed, capsys, table):
    row = first_id(table)
    for column, kind in TABLES[table].items():
        before = value_of(table, row, column)
        value = bool(before) if kind is Column.YES_NO else before
        by_hand(put(table, row, column, other_than(kind, value)))
        assert named(capsys, sealed, f"{table} {row} 被改动"), column
        by_hand(put(table, row, column, value))
    assert verified(capsys, sealed).code == 0
    by_hand(inserted(table))
    assert named(capsys, sealed, f"{table} 塞入 不是任何办理写入的")
    by_hand(f"DELETE FROM \"register_{table}\" WHERE id = '塞入'")
    by_hand(f"DELETE FROM \"register_{table}\" WHERE id = '{row}'")
    assert named(capsys, sealed, f"{table} {row} 被删除")


@pytest.mark.parametrize(
    "edit",
    ["name = cast(name AS BLOB)", "name = cast(x'ff41' AS TEXT)", "version = 1.5"],
)
def test_a_value_of_a_kind_that_no_act_writes_is_named_and_stops_nobody(sealed, capsys, edit):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite lets such values into a column")
    row = first_id("person")
    by_hand(f"UPDATE register_person SET {edit} WHERE id = '{row}'")
    assert named(capsys, sealed, f"person {row} 被改动")


_PERSON = "register_person"
_NOTHING = "EXECUTE FUNCTION suppress_redundant_updates_trigger()"
_VIEW = (
    ["ALTER TABLE register_person RENAME TO moved",
     "CREATE VIEW register_person AS SELECT * FROM moved"],
    ["DROP VIEW register_person", "ALTER TABLE moved RENAME TO register_person"],
)  # fmt: skip
STRANGE: dict[str, Any] = {
    "trigger": (
        (
            ["CREATE TRIGGER extra AFTER INSERT ON register_person BEGIN SELECT 1; END"],
            ["DROP TRIGGER extra"],
        ),
        (
            [f"CREATE TRIGGER extra BEFORE UPDATE ON register_person FOR EACH ROW {_NOTHING}"],
            ["DROP TRIGGER extra ON register_person"],
        ),
        "多出触发器 extra",
    ),
    "trigger of a guard's name": (
        None,
        (
            [
                f"CREATE TRIGGER journal_entry_stays BEFORE UPDATE ON {_PERSON} FOR EACH ROW {_NOTHING}"
            ],
            ["DROP TRIGGER journal_entry_stays ON register_person"],
        ),
        "表 register_person 多出触发器 journal_entry_stays",
    ),
    "rule": (
        None,
        (
            ["CREATE RULE extra AS ON UPDATE TO register_person DO INSTEAD NOTHING"],
            ["DROP RULE extra ON register_person"],
        ),
        "register_person 不是表，或被改写规则替换",
    ),
    "view": (_VIEW, _VIEW, "register_person 不是表，或被改写规则替换"),
}


@pytest.mark.parametrize("strange", STRANGE)
def test_what_makes_the_database_do_or_show_something_else_is_named(sealed, capsys, strange):
    sqlite, postgresql, words = STRANGE[strange]
    statements = sqlite if connection.vendor == "sqlite" else postgresql
    if statements is None:
        pytest.skip("only PostgreSQL has rules")
    doing, undoing = statements
    by_hand(*doing)
    try:
        assert named(capsys, sealed, words)
    finally:
        by_hand(*undoing)
    assert verified(capsys, sealed).code == 0


def named(capsys, sealed, words):
    said = verified(capsys, sealed)
    return said.code == 4 and "[S]" in said.err and words in "".join(said.err.split("\n"))


@pytest.mark.parametrize(
    "statement",
    [
        """UPDATE journal_entry SET body = replace(body, '"name":"青禾县"', '"name":"白禾县"')""",
        "DELETE FROM journal_entry WHERE leaf = 7",
    ],
)
def test_an_entry_that_was_edited_or_deleted_is_named(sealed, capsys, statement):
    by_hand(statement)
    said = verified(capsys, sealed)
    assert said.code == 4
    assert "[B]" in said.err


def test_what_is_no_database_of_the_platform_is_said_plainly(sealed, capsys, tmp_path):
    words = ["journal", "verify", sealed.journal.folder, "--key", VKEY.text, "--database"]
    assert kaoping(capsys, *words, tmp_path / "missing.sqlite3").code == 1
    (tmp_path / "other.sqlite3").write_bytes(b"no database at all")
    said = kaoping(capsys, *words, tmp_path / "other.sqlite3")
    assert said.code == 1
    assert "不是考评平台的数据库" in said.err
    assert kaoping(capsys, *words, address(), "--rows", tmp_path / "x").code == 2
