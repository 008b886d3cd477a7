"""A platform's database, read without the platform: entries, bodies, register, security log, guards.

Nothing is written, and no code of the platform runs: tables of names say what there is to read. All
of it is read in one view, as it stood at one moment, so that acts taken meanwhile do not matter.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kaoping.core.errors import EnvironmentFault, InputError
from kaoping.core.journal import read_body
from kaoping.core.projection import TABLES, Column
from kaoping.core.register import Row
from kaoping.core.security_rows import COLUMNS as EVENT_COLUMNS
from kaoping.core.security_rows import TABLE as EVENTS
from kaoping.core.security_rows import row_of
from kaoping.files.journal.schema import guard_faults, schema_print

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTRIES = "journal_entry"
_ENTRY_COLUMNS = ("leaf", "act", "at", "actor", "subject", "type", "content")
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as the database keeps it: its leaf, and the columns by which it is looked up."""

    index: int
    act: str
    at: str
    actor: str
    subject: str
    type: str
    content: str


class Database:
    """A platform's database, open for reading.

    Args:
        connection: a connection of sqlite3 or psycopg.
        vendor: `sqlite` or `postgresql`.
    """

    def __init__(self, connection: Any, vendor: str) -> None:  # noqa: ANN401 - two drivers
        self._connection = connection
        self._vendor = vendor

    def entries(self) -> Iterator[Kept]:
        """Every entry in its order, those that are not signed yet as well."""
        names = ", ".join(f'"{name}"' for name in _ENTRY_COLUMNS)
        query = f'SELECT {names} FROM "{ENTRIES}" ORDER BY leaf'  # noqa: S608 - our own names
        return (Kept(*row) for row in self._rows(query))

    def unsigned(self, size: int) -> Iterator[tuple[int, dict[str, Any], bytes]]:
        """The bodies of the entries beyond a size in their order, and the leaf of each.

        Raises:
            TamperError: where one cannot be read.
        """
        query = (
            f'SELECT leaf, body, content FROM "{ENTRIES}" WHERE leaf >= {int(size)} ORDER BY leaf'  # noqa: S608 - a number
        )
        for index, body, content in self._rows(query):
            yield index, read_body(body), content.encode()

    def events(self) -> Iterator[Row]:
        """Every row of the security log, in the order of their numbers."""
        names = ", ".join(f'"{name}"' for name in ("id", *EVENT_COLUMNS))
        query = f'SELECT {names} FROM "{EVENTS}" ORDER BY id'  # noqa: S608 - our own names
        for number, *values in self._rows(query):
            yield row_of(number, dict(zip(EVENT_COLUMNS, values, strict=True)))

    def schema_print(self) -> str:
        """The fingerprint of its tables, columns and triggers."""
        return schema_print(self._rows, self._vendor)

    def guard_faults(self) -> list[tuple[str, str]]:
        """The guards that are missing or switched off, in Chinese and English."""
        return guard_faults(self._rows, self._vendor)

    def bodies(self, size: int) -> Iterator[tuple[int, dict[str, Any]]]:
        """The bodies of the entries up to a size, in their order.

        Raises:
            TamperError: where one cannot be read.
        """
        query = f'SELECT leaf, body FROM "{ENTRIES}" WHERE leaf < {int(size)} ORDER BY leaf'  # noqa: S608 - a number
        for index, body in self._rows(query):
            yield index, read_body(body)

    def register(self) -> Iterator[Row]:
        """Every row of the register."""
        for table, columns in TABLES.items():
            names = ", ".join(f'"{name}"' for name in ("id", "version", *columns))
            query = f'SELECT {names} FROM "register_{table}" ORDER BY id'  # noqa: S608 - our own names
            for identity, version, *values in self._rows(query):
                pairs = zip(columns.items(), values, strict=True)
                yield Row(
                    table,
                    str(identity),
                    version,
                    {name: _typed(kind, value) for (name, kind), value in pairs},
                )

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        cursor = self._connection.cursor()
        try:
            cursor.execute(query)
            while rows := cursor.fetchmany(_AT_ONCE):
                yield from rows if self._vendor != "sqlite" else map(_plain, rows)
        finally:
            cursor.close()


_PLAIN = {str, int, bool, type(None)}


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row without what SQLite lets into any column and no act ever writes: bytes, broken numbers.

    Such a value becomes a text that no act can have written, so that its row is named like any other.
    """
    if _PLAIN.issuperset(map(type, row)):
        return row
    return tuple(value if type(value) in _PLAIN else f"\0{value!r}" for value in row)


def _as_text(kept: bytes) -> str:
    """A text as SQLite keeps it; one that is no text stands out, and stops nobody from reading on."""
    return kept.decode(errors="backslashreplace")


def _typed(kind: Column, value: object) -> object:
    """A value as the journal knows it: SQLite keeps yes and no as 1 and 0."""
    return bool(value) if kind is Column.YES_NO and value in (0, 1) else value


@contextmanager
def database(url: str) -> Iterator[Database]:
    """A database, open as long as the block runs.

    Args:
        url: `postgresql://…`, or the name of an SQLite file.

    Raises:
        InputError: where there is no such file, or it is no database of the platform.
        EnvironmentFault: where the server does not answer.
    """
    if urlsplit(url).scheme in ("postgresql", "postgres"):
        with _postgresql(url) as connection:
            yield Database(connection, "postgresql")
        return
    path = Path(url)
    if not path.is_file():
        raise InputError(
            f"找不到数据库 {url}。请给出 SQLite 文件，或 postgresql://用户:口令@主机/库名。",
            f"There is no database {url}. Name an SQLite file or postgresql://user:password@host/name.",
        )
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None
    )
    connection.text_factory = _as_text
    try:
        connection.execute("BEGIN")  # one view of everything, from the first question on
        yield Database(connection, "sqlite")
    except sqlite3.Error as error:
        raise InputError(
            f"{path} 不是考评平台的数据库，或读不出：{error}。请核对路径。",
            f"{path} is no database of the platform, or cannot be read: {error}.",
        ) from None
    finally:
        connection.close()


@contextmanager
def _postgresql(url: str) -> Iterator[Any]:
    try:
        import psycopg  # noqa: PLC0415 - an extra, needed for this kind of database only
    except ImportError:
        raise EnvironmentFault(
            "没有安装 PostgreSQL 的驱动，不能读取。请安装 kaoping[postgres]。",
            "The driver of PostgreSQL is not installed. Install kaoping[postgres].",
        ) from None
    try:
        with psycopg.connect(url, autocommit=False) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            yield connection
    except psycopg.OperationalError as error:
        raise EnvironmentFault(
            f"连不上数据库：{error}。请核对地址、口令，或请管理员启动数据库。",
            f"The database cannot be reached: {error}.",
        ) from None
    except psycopg.Error as error:
        raise InputError(
            f"不是考评平台的数据库，或读不出：{error}。请核对地址。",
            f"This is no database of the platform, or it cannot be read: {error}.",
        ) from None
