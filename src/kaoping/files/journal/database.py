"""The bodies and the register of a platform's database, read without the platform (layers B and S).

Nothing is written, and no code of the platform runs: two tables of names say what there is to read.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kaoping.core.errors import EnvironmentFault, InputError
from kaoping.core.journal import read_body
from kaoping.core.projection import TABLES, Column
from kaoping.core.register import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTRIES = "journal_entry"
_AT_ONCE = 2000


class Database:
    """A platform's database, open for reading.

    Args:
        connection: a connection of sqlite3 or psycopg.
    """

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - two drivers, one interface
        self._connection = connection

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
                yield from rows
        finally:
            cursor.close()


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
            yield Database(connection)
        return
    path = Path(url)
    if not path.is_file():
        raise InputError(
            f"找不到数据库 {url}。请给出 SQLite 文件，或 postgresql://用户:口令@主机/库名。",
            f"There is no database {url}. Name an SQLite file or postgresql://user:password@host/name.",
        )
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        yield Database(connection)
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
