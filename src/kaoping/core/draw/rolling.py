"""The draw itself: tickets from public digits, the smallest of each stratum are drawn.

A ticket (抽签号) is SHA-256 of `digits|population_sha256|id`. Nobody can know it before the digits are
rolled, and everybody can reckon it afterwards.
"""

from __future__ import annotations

import hashlib
import heapq
from typing import TYPE_CHECKING

from kaoping.core.canonical import sha256
from kaoping.core.draw.records import Certificate, StratumResult, Ticket
from kaoping.core.draw.wording import named
from kaoping.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kaoping.core.draw.records import DrawPlan


def population_text(ids: Iterable[str]) -> bytes:
    """The text that is digested: every id once, sorted by its UTF-8 bytes, a line feed after each.

    The same bytes that `LC_ALL=C sort -u` gives. Code points sort as their UTF-8 bytes do.
    """
    return "".join(f"{identity}\n" for identity in sorted(set(ids))).encode()


def population_digest(ids: Iterable[str]) -> str:
    """SHA-256 of the population's text, in hex."""
    return sha256(population_text(ids))


def ticket_of(digits: str, population_sha256: str, identity: str) -> str:
    """抽签号: SHA-256 of `digits|population_sha256|id` in UTF-8, in lower-case hex."""
    return sha256(f"{digits}|{population_sha256}|{identity}".encode())


def roll(
    name: str, population: Iterable[str], sample_size: int, reserve_size: int, digits: str
) -> StratumResult:
    """One draw: the smallest tickets are the sample, the next ones the reserve.

    Args:
        name: the stratum's name; empty for a population without a plan.
        population: the ids of all who may be drawn, in any order.
        sample_size: how many are drawn.
        reserve_size: how many follow.
        digits: the digits rolled, already checked.
    """
    members = set(population)
    digest = population_digest(members)
    before = hashlib.sha256(f"{digits}|{digest}|".encode())
    tickets = []
    for identity in members:
        whole = before.copy()
        whole.update(identity.encode())
        tickets.append((whole.hexdigest(), identity))
    smallest = heapq.nsmallest(sample_size + reserve_size, tickets)
    drawn = tuple(Ticket(identity, ticket) for ticket, identity in smallest)
    return StratumResult(name, digest, drawn[:sample_size], drawn[sample_size:])


def draw(plan: DrawPlan, digits: str) -> tuple[StratumResult, ...]:
    """Draw once from every stratum of a plan.

    Raises:
        InputError: where the digits are not exactly as many ASCII digits as the plan says.
    """
    check_digits(digits, plan.digit_count)
    return tuple(
        roll(one.name, one.population, one.sample_size, one.reserve_size, digits)
        for one in plan.strata
    )


def certify(plan: DrawPlan, digits: str, made_at: str) -> Certificate:
    """Draw, and put into one record what is needed to reckon it anew.

    Raises:
        InputError: where the digits are not those the plan asks for.
    """
    return Certificate(plan, plan.digest, digits, draw(plan, digits), made_at)


def repeat_command(list_words: str, digits: str, count: int) -> str:
    """The shell command with which anybody repeats one draw; it needs nothing but coreutils.

    It prints the population's digest, then sample and reserve: ticket and id.

    Args:
        list_words: words that print the sorted population, one id a line, quoted for a shell.
        digits: the digits rolled.
        count: how many tickets it shows: sample and reserve together.
    """
    return (
        f"digits={digits}\n"
        f"population() {{ {list_words}; }}\n"
        "digest=$(population | sha256sum | cut -c 1-64)\n"
        "printf '%s\\n' \"$digest\"\n"
        "population | while IFS= read -r unit; do\n"
        '  ticket=$(printf %s "$digits|$digest|$unit" | sha256sum | cut -c 1-64)\n'
        '  printf \'%s  %s\\n\' "$ticket" "$unit"\n'
        f"done | LC_ALL=C sort | head -n {count}"
    )


def check_digits(digits: str, count: int) -> None:
    """Refuse digits that are not exactly `count` ASCII digits.

    Raises:
        InputError: naming the first character that is none, or the two counts.
    """
    for place, sign in enumerate(digits, start=1):
        if sign not in "0123456789":
            raise InputError(
                f"抽签数字第 {place} 个字符{named(sign)}不是 0 到 9 的半角数字。没有抽签；"
                "请按掷出的次序连续写，中间不留空格。",
                f"Character {place} of the digits, {named(sign)}, is none of 0 to 9. Nothing was "
                "drawn; write the digits as rolled, without blanks.",
            )
    if len(digits) != count:
        raise InputError(
            f"抽签数字应为 {count} 位，现在是 {len(digits)} 位。没有抽签；请核对掷骰记录。",
            f"{count} digits are due, {len(digits)} were given. Nothing was drawn; compare them "
            "with the record of the rolling.",
        )
