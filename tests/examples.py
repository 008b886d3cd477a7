"""The example cities as tests use them: read once, scored once."""

from __future__ import annotations

import csv
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.core.calendar import SHANGHAI
from kaoping.core.scoring.assessment import score
from kaoping.files.batch import Batch, read_batch

if TYPE_CHECKING:
    from kaoping.core.scoring.scores import Scores

REPOSITORY = Path(__file__).parents[1]
SHARED = REPOSITORY.parent / "shared"
CITY = REPOSITORY / "examples" / "baise-2024"
COUNTY = REPOSITORY / "examples" / "county-small"
AT = datetime(2025, 2, 20, 17, tzinfo=SHANGHAI)
"""When they are run."""


@cache
def batch_of(folder: Path) -> Batch:
    """An example's folder as read."""
    return read_batch(folder, AT)


@cache
def scores_of(folder: Path) -> Scores:
    """An example's scores."""
    batch = batch_of(folder)
    return score(batch.scheme, batch.entries)


def table(path: Path) -> list[dict[str, str]]:
    """A csv file as rows."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
