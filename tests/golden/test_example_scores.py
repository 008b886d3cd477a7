"""Both example cities against answers worked out by hand, with the arithmetic beside each."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kaoping.core.canonical import shown
from kaoping.core.scoring.scores import ScoreState
from kaoping.core.working import evaluate
from tests.examples import CITY, COUNTY, batch_of, scores_of, table

CASES = [
    (folder, row) for folder in (CITY, COUNTY) for row in table(folder / "expected" / "scores.csv")
]


def named(case):
    folder, row = case
    return f"{folder.name}-{row['unit']}-{row['indicator']}-{row['task']}"


EXPECTED = [pytest.param(*case, id=named(case)) for case in CASES]
OF_TASKS = [pytest.param(*case, id=named(case)) for case in CASES if case[1]["task"]]


def found(folder, row):
    scores = scores_of(folder)
    if row["task"]:
        return scores.tasks[row["unit"], row["task"]]
    return scores.indicators[row["unit"], row["indicator"]]


def text(value):
    return "" if value is None else str(value)


@pytest.mark.parametrize(("folder", "row"), EXPECTED)
def test_a_score_is_the_one_worked_out_by_hand(folder, row):
    score = found(folder, row)
    assert text(score.published) == row["published"]
    assert score.applicable_points == Decimal(row["applicable_points"])


@pytest.mark.parametrize(("folder", "row"), EXPECTED)
def test_before_floor_and_cap_too(folder, row):
    score = found(folder, row)
    by_hand = row["raw"]
    if not by_hand:
        assert score.raw is None
    elif by_hand.endswith("…"):
        assert shown(score.raw) == by_hand
    else:
        assert score.raw == Fraction(by_hand)


@pytest.mark.parametrize(("folder", "row"), OF_TASKS)
def test_a_veto_aside_the_state_is_the_one_expected(folder, row):
    score = found(folder, row)
    assert score.state.value == row["state"]


@pytest.mark.parametrize(("folder", "row"), EXPECTED)
def test_what_is_printed_computes_to_the_score(folder, row):
    score = found(folder, row)
    if score.working:
        assert evaluate(score.working) == score.capped


@pytest.mark.parametrize("folder", [CITY, COUNTY], ids=lambda folder: folder.name)
def test_nothing_is_scored_that_nobody_expected(folder):
    rows = table(folder / "expected" / "scores.csv")
    scores = scores_of(folder)
    assert set(scores.tasks) == {(r["unit"], r["task"]) for r in rows if r["task"]}
    assert set(scores.indicators) == {(r["unit"], r["indicator"]) for r in rows if not r["task"]}
    assert not any(score.state is ScoreState.INCOMPLETE for score in scores.tasks.values())


@pytest.mark.parametrize("row", table(COUNTY / "expected" / "totals.csv"), ids=lambda r: r["unit"])
def test_totals_ranks_and_grades(row):
    total = scores_of(COUNTY).totals[row["unit"]]
    assert str(total.published) == row["published"]
    assert str(total.without_veto) == row["without_veto"]
    assert total.rank == row["rank"]
    assert total.grade == row["grade"]
    assert total.awards_barred is (row["award_allowed"] == "否")


def test_a_total_is_the_sum_written_beside_it():
    for row in table(COUNTY / "expected" / "totals.csv"):
        sums, _, veto = row["arithmetic"].partition("；")
        assert evaluate(sums) == Fraction(row["without_veto" if veto else "published"])


def test_a_zeroed_indicator_keeps_beside_it_what_it_would_be():
    row = scores_of(COUNTY).indicators["东岭镇", "2"]
    assert (str(row.published), str(row.without_veto)) == ("0.00", "34.15")
    assert "环境测评弄虚作假" in row.steps[-1]
    assert "否决前 34.15" in row.steps[-1]


@pytest.mark.parametrize("folder", [CITY, COUNTY], ids=lambda folder: folder.name)
def test_every_decision_changes_something(folder):
    assert "DECISION-UNUSED" not in {problem.code for problem in scores_of(folder).problems}


def test_the_city_leaves_totals_to_others():
    assert not scores_of(CITY).totals


CODES = {
    "duplicate": "EVIDENCE-DUPLICATE",
    "after-cutoff": "EVIDENCE-AFTER-CUTOFF",
    "late": "EVIDENCE-LATE",
    "missing": "EVIDENCE-MISSING",
    "wrong-type": "EVIDENCE-TYPE",
    "file-missing": "EVIDENCE-FILE-MISSING",
    "not-in-index": "EVIDENCE-UNINDEXED",
}


def test_the_ledger_finds_what_was_hidden_in_it_and_nothing_else():
    expected = sorted(
        (CODES[row["finding"]], row["unit"]) for row in table(CITY / "expected" / "ledger.csv")
    )
    ledger = batch_of(CITY).ledger
    of_unit = {id(p): unit for unit, found in ledger.problems_of.items() for p in found}
    assert sorted((p.code, of_unit.get(id(p), "")) for p in ledger.problems) == expected


def test_the_city_needs_nobody_to_solve_anything_first():
    batch = batch_of(CITY)
    of_papers = [p for p in batch.problems if p.where.startswith(("notice.txt", "annex-1.xlsx"))]
    assert not [p for p in batch.problems if p.severity == "A" and p not in of_papers]
    assert [p for p in of_papers if p.severity == "A"], "the notice keeps its contradictions"
