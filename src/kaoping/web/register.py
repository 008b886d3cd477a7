"""The only code that writes rows of the register: as an act leaves them, and nothing of its own.

It reads no clock and no settings and computes no score: which rows change, and how, is the core's
projection of what the act led to.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection

from kaoping.core.projection import changes
from kaoping.core.register import GONE, Row
from kaoping.web.models import REGISTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Field

    from kaoping.core.projection import Change
    from kaoping.core.register import Effect
    from kaoping.core.workflow.state import State
    from kaoping.core.workflow.things import Thing
    from kaoping.web.keeper import Keeper


def written(state: State, things: Iterable[Thing], keeper: Keeper) -> list[tuple[Change, int]]:
    """The rows that an act writes, each with the version it becomes.

    Args:
        state: the state the act was judged in.
        things: as the act leaves them.
        keeper: knows the versions so far.
    """
    return [
        (change, keeper.version_after(change.table, change.id)) for change in changes(state, things)
    ]


def effects_of(rows: Sequence[tuple[Change, int]]) -> list[Effect]:
    """What the act's body says of the rows: table, id, version and digest."""
    return [
        (
            change.table,
            change.id,
            version,
            Row(change.table, change.id, version, change.values).digest
            if change.values is not None
            else GONE,
        )
        for change, version in rows
    ]


def apply(rows: Sequence[tuple[Change, int]]) -> None:
    """Put the rows into their tables, those first that others refer to."""
    by_table: dict[str, list[tuple[Change, int]]] = {name: [] for name in REGISTER}
    for change, version in rows:
        by_table[change.table].append((change, version))
    for name, kept in by_table.items():
        _put(name, [(c, v) for c, v in kept if c.values is not None])
    for name in reversed(by_table):
        gone = [change.id for change, _ in by_table[name] if change.values is None]
        if gone:
            REGISTER[name]._default_manager.filter(id__in=gone).delete()


def _put(name: str, rows: Sequence[tuple[Change, int]]) -> None:
    if not rows:
        return
    columns = _columns(name)
    kept = [
        [
            field.get_db_prep_save(value, connection)
            for field, value in zip(
                columns.values(), _values_of(columns, change, version), strict=True
            )
        ]
        for change, version in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_upsert(name), kept)


def _values_of(columns: Iterable[str], change: Change, version: int) -> list[Any]:
    values = {"id": change.id, "version": version, **(change.values or {})}
    assert values.keys() == set(columns), values.keys()
    return [values[column] for column in columns]


@cache
def _columns(name: str) -> dict[str, Field[Any, Any]]:
    """The columns of a table, with what makes a value of the database of one of ours."""
    return {str(field.column): field for field in REGISTER[name]._meta.concrete_fields}


@cache
def _upsert(name: str) -> str:
    """Put a row into a table, in the place of the one of that id: the same words on both databases."""
    quote, columns = connection.ops.quote_name, _columns(name)
    table = quote(REGISTER[name]._meta.db_table)
    names = ", ".join(map(quote, columns))
    new = ", ".join(f"{quote(one)} = EXCLUDED.{quote(one)}" for one in columns if one != "id")
    marks = ", ".join(["%s"] * len(columns))
    return (
        f"INSERT INTO {table} ({names}) VALUES ({marks}) "  # noqa: S608 - names of our own models
        f"ON CONFLICT ({quote('id')}) DO UPDATE SET {new}"
    )
