"""What is looked at before the platform answers: each thing that is wrong stops the start, in one sentence."""

from __future__ import annotations

import os
from pathlib import Path
from time import monotonic, sleep

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from kaoping.core.errors import EnvironmentFault, InputError
from kaoping.web.actions.taking import NOT_NOW
from kaoping.web.opening import KEY, installation

SEALER_PATIENCE = 15.0
"""Seconds that the sealer, which the machine starts at the same time, is waited for."""


def check_start() -> None:
    """All of it, and the seal of what waits for it since the last end.

    Raises:
        InputError: where the environment, or the installation, is not as it must be.
        EnvironmentFault: where the database or the sealer is not.
        TamperError: where what is stored was changed.
    """
    check_database()
    check_migrations()
    check_durable()
    check_secrets()
    check_deployment()
    check_sealer()


def check_database() -> None:
    """That the database answers."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        text = " ".join(str(error).split())
        raise EnvironmentFault(
            f"连不上数据库：{text}。请检查 KAOPING_DATABASE 和数据库服务。",
            f"The database cannot be reached: {text}. Check KAOPING_DATABASE and the database server.",
        ) from None


def check_migrations() -> None:
    """That the tables are those of this version; they are never changed by the way."""
    executor = MigrationExecutor(connection)
    due = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if due:
        raise EnvironmentFault(
            f"数据库还不是本版本的（差 {len(due)} 步），没有启动。请先备份，再运行 kaoping upgrade。",
            f"The database lacks {len(due)} steps to this version; not started. Make a backup, then run "
            "kaoping upgrade.",
        )


def check_durable() -> None:
    """That what the database says is committed survives a power cut."""
    asked = _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL
    for statement, good in asked.items():
        with connection.cursor() as cursor:
            cursor.execute(statement)
            found = str(cursor.fetchone()[0]).lower()
        if found not in good:
            raise EnvironmentFault(
                f"数据库的设置不能保证断电不丢数据（{statement} 为 {found}，应为 {good[0]}），没有启动。",
                f"The database may lose what it committed ({statement}: {found}, not {good[0]}).",
            )


_SQLITE = {
    "PRAGMA journal_mode": ("wal",),
    "PRAGMA synchronous": ("2", "3"),
    "PRAGMA foreign_keys": ("1",),
}
_POSTGRESQL = {
    "SHOW fsync": ("on",),
    "SHOW full_page_writes": ("on",),
    "SHOW synchronous_commit": ("on", "remote_apply", "remote_write"),
}


def check_secrets() -> None:
    """That the folder is an installation, and that the journal's key is out of the server's reach."""
    installation()
    key = settings.DATA_FOLDER / KEY
    if settings.SEALER is not None and os.access(key, os.R_OK):
        raise InputError(
            f"设置了独立的存证服务，而签名密钥 {key} 仍在平台能读到的地方，没有启动。"
            "请把它和旁边的 .signed 移交给存证服务的用户。",
            f"There is a sealer of its own, yet its key {key} can be read by the platform. Hand it, with "
            "the .signed file beside it, to the sealer's user.",
        )


def check_deployment() -> None:
    """Django's own list for servers behind TLS."""
    if not settings.SESSION_COOKIE_SECURE:
        return
    try:
        with Path(os.devnull).open("w") as nowhere:
            call_command("check", deploy=True, fail_level="WARNING", stdout=nowhere, stderr=nowhere)
    except SystemCheckError as error:
        text = " ".join(str(error).split())
        raise InputError(
            f"安全检查没有通过，没有启动：{text}",
            f"The deployment check failed; not started: {text}",
        ) from None


def check_sealer() -> None:
    """That somebody signs, and that nothing waits for its seal."""
    here, until = installation(), monotonic() + SEALER_PATIENCE
    while True:
        try:
            here.sealer.seal()
            here.sealer.require_ready()
        except NOT_NOW as error:
            if monotonic() > until:
                raise EnvironmentFault(
                    f"没有启动：{error.zh}", f"Not started: {error.en}"
                ) from None
            sleep(0.5)
        else:
            return
