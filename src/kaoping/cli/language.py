"""Which language the command line speaks: Chinese, or English where the locale says so.

Kaoping's users work in Chinese; only an English locale switches help and tables to English. Error
messages always carry both languages, because the one who calls for help and the one who answers
may not share one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def speaks_english(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the locale asks for English, by the usual order of variables."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            return value.lower().startswith("en")
    return False


def said(zh: str, en: str) -> str:
    """The one of two wordings that the locale asks for."""
    return en if speaks_english() else zh
