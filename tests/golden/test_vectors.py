"""The shared scoring vectors."""

import pytest

from kaoping.core.scoring.cases import run_cases
from tests.examples import SHARED

VECTORS = SHARED / "vectors" / "scoring.toml"


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not here")
def test_every_vector_passes():
    report = run_cases(VECTORS.read_text(encoding="utf-8"))
    assert [f"{case.name}: {case.message}" for case in report.failed] == []
    assert report.summary == "25 passed, 0 failed"
