"""The sealed world: made once, and a copy of its own for every attack."""

from __future__ import annotations

import pytest

from tests.attacks.sealed_world import build_world


@pytest.fixture(scope="session")
def untouched(tmp_path_factory):
    return build_world(tmp_path_factory.mktemp("world"))


@pytest.fixture
def world(untouched, tmp_path):
    return untouched.copy_to(tmp_path / "world")
