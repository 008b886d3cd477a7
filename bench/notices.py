"""Notices of many offices: fields read right, defects found, false alarms.

`seen` notices were looked at while the rules were written, `unseen` ones were not and are the
measure. The bounds: fields read right at least 0.95, planted defects found at least 0.85, no false
alarm of severity A, at most two of B in a notice, and 34 of 39 codes on the real notice.
"""

from __future__ import annotations

import re
from pathlib import Path

from kaoping.core.notice.reading import read_notice
from kaoping.core.notice_check.checking import check_notice
from kaoping.core.problems import Severity
from kaoping.files.holidays import holiday_calendar
from tests.corpus.measuring import (
    HALVES,
    facts_of,
    false_alarms,
    is_found,
    mutations_in,
    names_in,
)

SHARED = Path(__file__).resolve().parents[2] / "shared"


def main() -> None:
    """Print the figures of both halves, and of the real notice where it is at hand."""
    for half in HALVES:
        _print_half(half)
    if SHARED.exists():
        found, codes = codes_on_the_real_notice()
        print(f"  real notice: {found} of {codes} codes of the table (bound 34)")


def _print_half(half: str) -> None:
    facts = [facts_of(name, half) for name in names_in(half)]
    expected = sum(len(wanted) for wanted, _ in facts)
    right = sum(len(wanted & read) for wanted, read in facts)
    spurious = sum(len(read - wanted) for wanted, read in facts)
    mutations = mutations_in(half)
    found = sum(is_found(mutation, half) for mutation in mutations)
    grave = false_alarms(half, Severity.A)
    middling = false_alarms(half, Severity.B)
    print(f"  {half}: {len(facts)} notices, {len(mutations)} planted defects")
    print(
        f"    fields read right   {right}/{expected} = {right / expected:.3f}, {spurious} wrong ones besides"
    )
    print(f"    defects found       {found}/{len(mutations)} = {found / len(mutations):.3f}")
    print(
        f"    false alarms        A {sum(grave.values())}, B at most {max(middling.values())} a notice"
    )


def codes_on_the_real_notice() -> tuple[int, int]:
    """How many codes of the notice table the real notice raises, and how many the table has."""
    design = (SHARED / "design" / "validator.md").read_text(encoding="utf-8")
    table = design.partition("## On a scheme")[0]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    codes = {code for row in rows for code in re.findall(r"`([A-Z-]+)`", row)}
    text = (SHARED / "notices" / "baise-2024.txt").read_text(encoding="utf-8")
    notice = read_notice(text.splitlines())
    raised = {problem.code for problem in check_notice(notice, holiday_calendar())}
    return len(raised & codes), len(codes)
