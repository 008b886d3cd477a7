"""Roles of PostgreSQL: the platform's own role adds entries and cannot change them, nor the tables."""

from __future__ import annotations

from django.db import DatabaseError, connection

from kaoping.core.errors import EnvironmentFault, UsageError
from kaoping.web.guards import GUARDED

_KEPT = (*GUARDED, "django_migrations")
"""Tables whose rows the platform's role never changes or deletes."""


def grant(role: str | None) -> None:
    """Let a role do what the platform does every day, and nothing else; run as the tables' owner.

    Args:
        role: its name; None where the platform signs in to the database as their owner.

    Raises:
        UsageError: where the database is not PostgreSQL.
        EnvironmentFault: where the role is not there, or may not be granted anything.
    """
    if role is None:
        return
    if connection.vendor != "postgresql":
        raise UsageError("--app-role 只用于 PostgreSQL。", "--app-role is for PostgreSQL only.")
    name, quote = connection.ops.quote_name(role), connection.ops.quote_name
    statements = [
        f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {name}",
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        *(f"REVOKE UPDATE, DELETE, TRUNCATE ON {quote(table)} FROM {name}" for table in _KEPT),
        f"REVOKE INSERT ON {quote('django_migrations')} FROM {name}",
    ]
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    except DatabaseError as error:
        text = " ".join(str(error).split())
        raise EnvironmentFault(
            f"不能给数据库角色 {role} 授权：{text}。请先建立它，并以表的所有者运行。",
            f"Cannot grant to the role {role}: {text}. Make it first, and run as the tables' owner.",
        ) from None
