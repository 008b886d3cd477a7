"""Draws for tests: a plan with two strata, its digits, and ids as offices write them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import strategies as st

from kaoping.core.draw.plans import plan_draw, plan_stratum
from kaoping.core.draw.records import MustCheck
from kaoping.core.draw.rolling import certify
from kaoping.core.draw.wording import text_faults

SHARED = Path(__file__).parents[3] / "shared"
JUDGE = SHARED / "judges" / "judge_draw.sh"
VECTORS = SHARED / "vectors" / "tlog"
DIGITS = "63454660390103169462"
OTHER_DIGITS = "63454660390103169463"
MADE_AT = "2025-02-20T02:30:00Z"
UNITS = tuple(f"BS-{number:03} 单位{number:02}" for number in range(1, 38))
FIRMS = tuple(f"QY-{number:02} 示范企业{number}号" for number in range(1, 13))
MUST = (MustCheck("BS-101 水务站", "上年度整改未完成"), MustCheck("BS-102 农机站", "来信反映较多"))
STRATA = (plan_stratum("被考评单位", UNITS, 7, 3), plan_stratum("企业", FIRMS, 3, 1))
PLAN = plan_draw("年度考评随机抽查", STRATA, "二月二十日上午在三楼会议室由监督人掷骰", MUST)
CERTIFICATE = certify(PLAN, DIGITS, MADE_AT)

FOREIGN_SIGNS = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")
"""Characters and punctuation of Chinese, which no English sentence about plain names has."""

needs_judge = pytest.mark.skipif(not JUDGE.exists(), reason="the judge lies outside")
needs_shell = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")

_SIGNS = st.one_of(
    st.sampled_from("单位农业水务站示范企业éüА한"),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0x20000, max_codepoint=0x2A6DF),
    st.characters(min_codepoint=0xFF01, max_codepoint=0xFF5E),
    st.characters(min_codepoint=0x20, max_codepoint=0x7E),
)
IDS = (
    st.text(_SIGNS, min_size=1, max_size=8)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(lambda text: not list(text_faults(text)))
)
POPULATIONS = st.lists(IDS, min_size=1, max_size=9, unique=True)


def run_shell(command: str, folder: Path) -> list[str]:
    """The lines a command of the shell prints."""
    ended = subprocess.run(
        ["bash", "-c", command], cwd=folder, capture_output=True, check=True, timeout=60
    )
    assert ended.stderr == b""
    return ended.stdout.decode().splitlines()


def judged(path: Path, digits: str, count: int) -> tuple[str, list[tuple[str, str]]]:
    """What the judge says: the population's digest, and the smallest tickets with their ids."""
    ended = subprocess.run(
        ["bash", JUDGE, path, digits, str(count)], capture_output=True, check=True, timeout=60
    )
    first, *rest = ended.stdout.decode().splitlines()
    return first.removeprefix("population_sha256="), [(line[:64], line[65:]) for line in rest]


def vector() -> dict[str, object]:
    """The draw that others have reckoned."""
    found: dict[str, object] = json.loads((VECTORS / "draw_vector.json").read_text("utf-8"))
    return found
