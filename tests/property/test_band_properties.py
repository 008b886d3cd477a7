"""Gaps and overlaps of bands, against trying every value that may be reported."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.scheme_faults import ONE, bands
from tests.core.schemes import faults

pytestmark = pytest.mark.slow

HIGHEST = 6
EDGES = st.none() | st.integers(0, 4 * HIGHEST).map(lambda n: Decimal(n) / 4)


@st.composite
def band_lists(draw):
    """One to four bands with ends in quarters; each end may be open."""
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        low, high = draw(EDGES), draw(EDGES)
        if low is not None and high is not None:
            low, high = min(low, high), max(low, high)
            high += low == high
        rows.append((low, high))
    return rows


def holders(rows, value):
    return sum(
        (low is None or low <= value) and (high is None or value < high) for low, high in rows
    )


def text(edge):
    return None if edge is None else f"{edge:f}"


@settings(max_examples=200, deadline=None)
@given(band_lists(), st.integers(0, 2), st.integers(0, 4 * HIGHEST))
def test_a_gap_is_a_value_that_may_be_reported_and_lies_in_no_band(rows, decimals, quarters):
    greatest = Decimal(quarters) / 4
    form = {"decimals": decimals, "max": f"{greatest:f}"}
    written = bands(*((text(low), text(high), "1") for low, high in rows))
    codes = {code for code, _ in faults(written | {f"{ONE}/value": form})}
    step = Decimal(1).scaleb(-decimals)
    values = [step * n for n in range(int(greatest / step) + 1)]
    lowest = min((low for low, _ in rows if low is not None), default=None)
    starts_late = lowest is not None and lowest > 0 and all(low is not None for low, _ in rows)
    assert ("BANDS-GAP" in codes) == (starts_late or any(not holders(rows, v) for v in values))
    hundredths = (Decimal(n) / 100 for n in range(-1, 100 * (HIGHEST + 2)))
    assert ("BANDS-OVERLAP" in codes) == any(holders(rows, value) > 1 for value in hundredths)
