"""An evidence folder of the small example, and what the ledger says about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.ledger import INDEX_COLUMNS
from kaoping.core.results import Entries
from kaoping.files.batch import read_ledger, read_scheme_file
from kaoping.files.tables import csv_bytes
from tests.cli.folders import COUNTY, unchanged
from tests.files.samples import PDF, put

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kaoping.core.ledger import Ledger

_scheme, _ = read_scheme_file(COUNTY / "scheme.toml")
assert _scheme is not None
SCHEME = _scheme

GOOD = "东岭镇/收支表.pdf"
"""A sound file that is in every folder made here; whatever else lies there, it must count."""


@dataclass(frozen=True)
class Found:
    """The ledger of a folder, and the index rows by file: place of the row in the index."""

    ledger: Ledger
    places: Mapping[str, str]

    def codes(self, file: str) -> list[str]:
        """The codes of the problems about the index row of a file, and about the file itself."""
        about = (self.places.get(file), f"evidence/{file}")
        return [p.code for p in self.ledger.problems if p.where in about]

    def said(self, file: str) -> str:
        """What is said about a file."""
        about = (self.places.get(file), f"evidence/{file}")
        return "\n".join(p.message for p in self.ledger.problems if p.where in about)


def row(file: str, item: str = "1.1-1", unit: str = "西河镇") -> list[str]:
    """An index row for a file, received in time."""
    return [
        unit,
        item.split("-", maxsplit=1)[0],
        item,
        file,
        "2024-12-01",
        "",
        "",
        "2025-01-03 16:20",
    ]


def evidence(folder: Path, *files: str) -> Path:
    """Give an evidence folder its sound file and an index that lists it and more files."""
    put(folder / GOOD, PDF)
    rows = [row(GOOD, unit="东岭镇"), *(row(file) for file in files)]
    put(folder / "index.csv", csv_bytes(INDEX_COLUMNS, rows))
    return folder


def look(folder: Path, *files: str) -> Found:
    """The ledger of a folder whose index lists these files; the sound file must count."""
    evidence(folder, *files)
    with unchanged(folder.parent):
        ledger = read_ledger(SCHEME, folder, Entries())
    places = {file: f"index.csv 第 {at} 行" for at, file in enumerate((GOOD, *files), 2)}
    found = Found(ledger, places)
    assert found.codes(GOOD) == []
    assert ledger.files[GOOD].digest
    assert ledger.summaries["东岭镇"].filed == 1
    return found
