"""Reckoning a certificate anew, and naming the first thing that differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.draw.plans import changed_population, plan_faults
from kaoping.core.draw.rolling import draw, ticket_of
from kaoping.core.draw.wording import named, tampered
from kaoping.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kaoping.core.draw.records import (
        Certificate,
        DrawPlan,
        Stratum,
        StratumResult,
        Ticket,
    )
    from kaoping.core.draw.wording import Fault


def verify_certificate(
    certificate: Certificate,
    plan: DrawPlan | None = None,
    populations: Iterable[tuple[str, Sequence[str]]] = (),
) -> None:
    """Reckon a whole certificate anew.

    Args:
        certificate: what is to be verified.
        plan: the plan as it was made known before the digits, where somebody has kept it.
        populations: lists that somebody has kept, each with the name of its file.

    Raises:
        TamperError: naming the first thing that differs.
    """
    for fault in _differences(certificate, plan, populations):
        raise tampered(*fault)


def _differences(
    certificate: Certificate,
    held: DrawPlan | None,
    populations: Iterable[tuple[str, Sequence[str]]],
) -> Iterator[Fault]:
    plan = certificate.plan
    if held is not None:
        yield from plan_differences(held, plan)
    for where, ids in populations:
        yield from _population_differences(where, ids, plan)
    yield from plan_faults(plan)
    changed = changed_population(plan)
    if changed is not None:
        yield changed
    if plan.digest != certificate.plan_sha256:
        yield (
            f"抽查方案被改动过，它的摘要不是确认书所写的 {certificate.plan_sha256}",
            f"the plan was changed: it does not give the digest {certificate.plan_sha256}",
        )
    if held is not None and held.digest != plan.digest:
        yield (
            f"抽查方案不是原来公布的那一份（摘要 {held.digest}）",
            f"the plan is not the one that was made known (digest {held.digest})",
        )
    yield from _result_differences(plan, certificate.digits, certificate.results)


# --- plans and lists ------------------------------------------------------------------------------


def plan_differences(held: DrawPlan, shown: DrawPlan) -> Iterator[Fault]:
    """What differs between the plan that was made known and the one that is shown now."""
    yield from _stratum_differences(held, shown)
    yield from _must_check_differences(held, shown)
    for zh, en, due, found in (
        ("事由", "purpose", held.purpose, shown.purpose),
        ("数字来源", "source of the digits", held.source, shown.source),
        ("抽签数字位数", "number of digits", str(held.digit_count), str(shown.digit_count)),
    ):
        if due != found:
            yield (
                f"方案的{zh}原为{named(due)}，现为{named(found)}",
                f"the {en} of the plan was {named(due)} and is now {named(found)}",
            )


def _stratum_differences(held: DrawPlan, shown: DrawPlan) -> Iterator[Fault]:
    found = {stratum.name: stratum for stratum in shown.strata}
    for stratum in held.strata:
        name = named(stratum.name)
        if stratum.name not in found:
            yield f"方案里少了抽样组{name}", f"stratum {name} is missing in the plan"
            continue
        yield from _one_stratum(stratum, found[stratum.name])
    known = [stratum.name for stratum in held.strata]
    for stratum in shown.strata:
        if stratum.name not in known:
            name = named(stratum.name)
            yield f"方案里多了抽样组{name}", f"stratum {name} was added to the plan"
    if known != [stratum.name for stratum in shown.strata]:
        yield "方案里抽样组的次序被改动过", "the strata of the plan stand in another order"


def _one_stratum(held: Stratum, shown: Stratum) -> Iterator[Fault]:
    where_zh, where_en = f"抽样组{named(held.name)}的名单", f"the population of {named(held.name)}"
    yield from _id_differences(where_zh, where_en, held.population, shown.population)
    for zh, en, due, size in (
        ("抽取数", "sample", held.sample_size, shown.sample_size),
        ("备选数", "reserve", held.reserve_size, shown.reserve_size),
    ):
        if due != size:
            yield (
                f"抽样组{named(held.name)}的{zh}原为 {due}，现为 {size}",
                f"the {en} of {named(held.name)} was {due} and is now {size}",
            )


def _id_differences(
    where_zh: str, where_en: str, due: Iterable[str], found: Iterable[str]
) -> Iterator[Fault]:
    lost, added = sorted(set(due) - set(found)), sorted(set(found) - set(due))
    if not lost and not added:
        return
    zh, en = [], []
    if lost:
        zh.append(f"少了{named(lost[0])}")
        en.append(f"{named(lost[0])} is missing")
    if added:
        zh.append(f"多了{named(added[0])}")
        en.append(f"{named(added[0])} was added")
    yield f"{where_zh}里{'、'.join(zh)}", f"in {where_en} {' and '.join(en)}"


def _must_check_differences(held: DrawPlan, shown: DrawPlan) -> Iterator[Fault]:
    due = {one.id: one.reason for one in held.must_check}
    found = {one.id: one.reason for one in shown.must_check}
    yield from _id_differences("必查名单", "the must-check list", due, found)
    for identity, reason in due.items():
        if found.get(identity, reason) != reason:
            yield (
                f"必查名单中{named(identity)}的理由被改动过",
                f"the reason to check {named(identity)} was changed",
            )
    if list(due) != list(found):
        yield "必查名单的次序被改动过", "the must-check list stands in another order"


def _population_differences(where: str, ids: Sequence[str], plan: DrawPlan) -> Iterator[Fault]:
    """A list that somebody has kept must be the population of one stratum."""
    members = set(ids)
    if not plan.strata or any(members == set(one.population) for one in plan.strata):
        return
    nearest = max(plan.strata, key=lambda one: len(members & set(one.population)))
    name = named(nearest.name)
    yield from _id_differences(
        f"与名单文件 {where} 相比，抽样组{name}",
        f"stratum {name}, against the list {where},",
        ids,
        nearest.population,
    )


# --- results --------------------------------------------------------------------------------------


def _result_differences(
    plan: DrawPlan, digits: str, results: Sequence[StratumResult]
) -> Iterator[Fault]:
    try:
        expected = draw(plan, digits)
    except InputError:
        yield (
            f"抽签数字{named(digits)}不是方案所定的 {plan.digit_count} 位数字",
            f"the digits {named(digits)} are not the {plan.digit_count} digits of the plan",
        )
        return
    names = [result.name for result in results]
    for due in expected:
        if due.name not in names:
            name = named(due.name)
            yield f"少了抽样组{name}的抽签结果", f"the result of stratum {name} is missing"
    if names != [due.name for due in expected]:
        yield (
            "抽签结果的抽样组与方案不同（多出、重复或次序不同）",
            "the results are not those of the plan's strata (one more, twice, or another order)",
        )
        return
    if _fits_nowhere(expected, digits, results):
        yield (
            f"抽签数字{named(digits)}与所列的抽签号全都不符，数字被改动过（或抽签号全部被改动）",
            f"the digits {named(digits)} give no ticket listed: they (or all tickets) were changed",
        )
    for due, found in zip(expected, results, strict=True):
        yield from _one_result(due, found, digits)


def _fits_nowhere(
    expected: Sequence[StratumResult], digits: str, results: Sequence[StratumResult]
) -> bool:
    """Whether not one of the tickets listed comes from these digits."""
    fits = [
        one.ticket == ticket_of(digits, due.population_sha256, one.id)
        for due, found in zip(expected, results, strict=True)
        for one in (*found.sample, *found.reserve)
    ]
    return bool(fits) and not any(fits)


def _one_result(due: StratumResult, found: StratumResult, digits: str) -> Iterator[Fault]:
    name = named(due.name)
    if due.population_sha256 != found.population_sha256:
        yield (
            f"抽样组{name}的结果所写的名单摘要不是方案的",
            f"the result of stratum {name} states another population digest than the plan",
        )

    def ticket(identity: str) -> str:
        return ticket_of(digits, due.population_sha256, identity)

    yield from _list_differences(
        f"抽样组{name}的抽中名单", f"the sample of {name}", due.sample, found.sample, ticket
    )
    yield from _list_differences(
        f"抽样组{name}的备选名单", f"the reserve of {name}", due.reserve, found.reserve, ticket
    )


def _list_differences(
    where_zh: str,
    where_en: str,
    due: Sequence[Ticket],
    found: Sequence[Ticket],
    ticket: Callable[[str], str],
) -> Iterator[Fault]:
    wanted, listed = [one.id for one in due], [one.id for one in found]
    yield from _id_differences(where_zh, where_en, wanted, listed)
    for one in found:
        if one.ticket != ticket(one.id):
            yield (
                f"{where_zh}里{named(one.id)}的抽签号被改动过，应为 {ticket(one.id)}",
                f"the ticket of {named(one.id)} in {where_en} was changed; due {ticket(one.id)}",
            )
    for place, (own, other) in enumerate(zip(wanted, listed, strict=False), start=1):
        if own != other:
            yield (
                f"{where_zh}第 {place} 个应为{named(own)}，现为{named(other)}",
                f"place {place} of {where_en} is due to {named(own)} and has {named(other)}",
            )
    if len(wanted) != len(listed):
        yield (
            f"{where_zh}应有 {len(wanted)} 个，现有 {len(listed)} 个（有重复）",
            f"{where_en} is due {len(wanted)} and has {len(listed)} (one stands twice)",
        )
