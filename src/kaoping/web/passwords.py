"""Argon2id as OWASP's minimum has it: enough against a stolen table, and quick on a deadline day."""

from __future__ import annotations

import re
import secrets

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_KINDS = (r"[A-Z]", r"[a-z]", r"[0-9]", r"[^A-Za-z0-9]")
_NEEDED = 3
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody mistakes for each other on paper."""
_GROUPS, _OF = 4, 4


class Hasher(Argon2PasswordHasher):
    """Argon2id, m = 19 MiB, t = 2, p = 1 (OWASP Password Storage Cheat Sheet)."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class Composition:
    """复杂度, for installations that must ask for it: three of four kinds of signs."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - Django's form
        """Ask for three kinds.

        Raises:
            ValidationError: where there are fewer.
        """
        if sum(bool(re.search(kind, password)) for kind in _KINDS) < _NEEDED:
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        """What is asked for."""
        return _("密码应包含大写字母、小写字母、数字、符号中的三种。")


def first_password() -> str:
    """A password to be handed over on paper and changed at once: abcd-efgh-jkmn-pqrs."""
    groups = ("".join(secrets.choice(_CLEAR) for _ in range(_OF)) for _ in range(_GROUPS))
    return "-".join(groups)
