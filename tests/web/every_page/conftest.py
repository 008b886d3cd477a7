"""The small year as the tests of single pages have it."""

from __future__ import annotations

from tests.web.pages.conftest import built, site

__all__ = ["built", "site"]
