"""The database as the tests of the platform have it."""

from __future__ import annotations

from tests.web.conftest import guarded

__all__ = ["guarded"]
