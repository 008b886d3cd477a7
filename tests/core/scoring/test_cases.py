"""Rule test files: right cases pass, wrong ones say what they gave, malformed ones say why."""

import pytest

from kaoping.core.scoring.cases import run_cases

GOOD = """
[[case]]
name = "完成率"
rule = { kind = "ratio", target = "27" }
points = "4"
value = "25.3"
expect = "3.75"
"""


def test_a_right_case_passes():
    report = run_cases(GOOD)
    assert report.summary == "1 passed, 0 failed"
    assert report.failed == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('expect = "3.75"', 'expect = "3.76"'),
        ('expect = "3.75"', ""),
        ('expect = "3.75"', "expect = 3.75"),
        ('expect = "3.75"', 'expect = "很多"'),
        ('expect = "3.75"', "expect_error = true"),
        ('expect = "3.75"', 'expect = { 甲 = "3.75" }'),
        ('points = "4"', ""),
        ('points = "4"', 'points = "4"\nunknown = 1'),
        ('value = "25.3"', ""),
        ('value = "25.3"', "value = 25.3"),
        ('kind = "ratio"', 'kind = "magic"'),
        ('rule = { kind = "ratio", target = "27" }', 'rule = "ratio"'),
        ('rule = { kind = "ratio", target = "27" }', ""),
    ],
)
def test_a_wrong_case_fails_and_says_why(old, new):
    assert old in GOOD
    report = run_cases(GOOD.replace(old, new))
    (failed,) = report.failed
    assert failed.name
    assert failed.message
    assert report.summary == "0 passed, 1 failed"


@pytest.mark.parametrize(
    "text", ["", "][", "case = 1", "case = [1, 2]", "[[other]]\nx = 1", "\x00", "a = " + "[" * 5000]
)
def test_a_file_that_is_none_fails_without_a_crash(text):
    report = run_cases(text)
    assert report.failed
    assert all(case.message for case in report.failed)


def test_a_refusal_may_be_expected():
    refused = GOOD.replace('expect = "3.75"', "expect_error = true")
    assert not run_cases(refused.replace('target = "27"', 'target = "0"')).failed
    assert not run_cases(refused.replace('kind = "ratio"', 'kind = "magic"')).failed
    misspelt = refused.replace("points =", "pionts =")
    assert run_cases(misspelt).failed, "a misspelt case proves nothing"


def test_one_failure_hides_no_other():
    report = run_cases(GOOD + GOOD.replace("3.75", "1") + GOOD)
    assert report.summary == "2 passed, 1 failed"
