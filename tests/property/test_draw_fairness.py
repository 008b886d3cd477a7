"""Over 20,000 draws everybody is drawn equally often, and whoever draws again until it suits is seen.

The statistic is the chi-square of how often each of 37 units was among the 7 drawn. What it may be by
chance is not looked up but simulated: samples of Python's own dice, with a fixed seed.
"""

from __future__ import annotations

from functools import cache
from random import Random

import pytest

from kaoping.core.draw.rolling import roll
from tests.core.draws import UNITS

pytestmark = pytest.mark.slow

SIZE, TOTAL = 7, len(UNITS)
DRAWS = 20_000
SIMULATED, SIMULATED_DRAWS = 400, 500
FRIEND = UNITS[4]
REDRAWS = 3


def statistic(samples):
    """How unequally units were drawn: near 36 by chance, whatever the number of draws."""
    counts = dict.fromkeys(UNITS, 0)
    for sample in samples:
        for one in sample:
            counts[one] += 1
    share = SIZE / TOTAL
    expected = len(samples) * share
    spread = expected * (1 - share) * TOTAL / (TOTAL - 1)
    return sum((count - expected) ** 2 for count in counts.values()) / spread


@cache
def by_chance():
    """The statistic of fair dice, many times over, from the least to the greatest."""
    dice = Random(20250220)
    return sorted(
        statistic([dice.sample(UNITS, SIZE) for _ in range(SIMULATED_DRAWS)])
        for _ in range(SIMULATED)
    )


@cache
def drawn():
    """Who was drawn, by every one of 20,000 rollings of twenty digits."""
    dice = Random(63454660390103169462)
    rollings = (f"{dice.randrange(10**20):020}" for _ in range(DRAWS))
    return [[one.id for one in roll("", UNITS, SIZE, 0, digits).sample] for digits in rollings]


def redrawn(tries):
    """The same rollings by somebody who rolls again, up to a number of tries, while a friend is drawn."""
    rounds = zip(*[iter(drawn())] * tries, strict=False)
    return [next((one for one in each if FRIEND not in one), each[-1]) for each in rounds]


def test_the_statistic_is_what_it_should_be():
    """Control: the mean of a chi-square with 36 degrees of freedom is 36."""
    mean = sum(by_chance()) / SIMULATED
    assert 35 < mean < 37


def test_everybody_is_drawn_equally_often():
    """Neither less equally than by chance, nor more."""
    found = statistic(drawn())
    assert by_chance()[0] < found < by_chance()[-1]


def test_ids_digits_and_order_give_nobody_an_advantage():
    """The same holds for each tenth of the draws, by the last digit rolled."""
    tenth = DRAWS // 10
    for number in range(10):
        part = drawn()[number * tenth : (number + 1) * tenth]
        assert by_chance()[0] < statistic(part) < by_chance()[-1]


@pytest.mark.parametrize("tries", [2, REDRAWS])
def test_who_draws_again_until_a_friend_is_out_is_seen(tries):
    assert statistic(redrawn(1)) < by_chance()[-1]
    assert statistic(redrawn(tries)) > 3 * by_chance()[-1]
