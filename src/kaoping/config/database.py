"""Which database an installation keeps its rows in: SQLite in its own folder, or PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from pathlib import Path

DATABASE_FILE = "kaoping.sqlite3"
_BUSY_SECONDS = 30
_KEPT_SECONDS = 600
"""How long a thread of the server keeps its connection from one request to the next."""
_DURABLE = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
"""What was committed survives a power cut (acts.md: durable before a checkpoint is published)."""


def database_of(url: str, folder: Path) -> dict[str, Any]:
    """The settings of Django for a database.

    Args:
        url: `postgresql://user:password@host:port/name`; empty for SQLite.
        folder: of the installation, where SQLite keeps its file.

    Raises:
        ImproperlyConfigured: for any other address.
    """
    if not url:
        return {
            "ENGINE": "kaoping.config.sqlite",
            "NAME": str(folder / DATABASE_FILE),
            "CONN_MAX_AGE": _KEPT_SECONDS,
            # Whoever begins a transaction is going to write; deferred ones fail when they try.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": _BUSY_SECONDS,
                "init_command": _DURABLE,
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "KAOPING_DATABASE 应写成 postgresql://用户:口令@主机:端口/库名；不写则使用 SQLite。\n"
            "KAOPING_DATABASE must be postgresql://user:password@host:port/name, or be left out."
        )
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": _KEPT_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c synchronous_commit=on"},
    }
