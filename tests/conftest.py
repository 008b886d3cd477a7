"""The order of tests: what takes minutes begins first, or the other processes would wait for it at the end."""

from __future__ import annotations

LONGEST = "tests/web/test_on_postgresql.py"


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
