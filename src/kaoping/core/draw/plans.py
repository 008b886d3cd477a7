"""What a plan must be before it is sealed, and how one is made from lists of ids.

An id is NFC text on one line, without blanks around it and without anything hidden; it stands in one
stratum once, or on the must-check list (必查), never in both.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

from kaoping.core.draw.records import DIGIT_COUNT, DrawPlan, MustCheck, Stratum
from kaoping.core.draw.rolling import population_digest
from kaoping.core.draw.wording import NOT_WRITTEN, named, refuse_faults, tampered, text_faults
from kaoping.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaoping.core.draw.wording import Fault

MAX_DIGIT_COUNT: Final = 100
FEW_DIGITS: Final = 10
"""Of fewer digits than this, somebody could try out every result before the plan is sealed."""


# --- making a plan --------------------------------------------------------------------------------


def plan_stratum(
    name: str, ids: Sequence[str], sample_size: int, reserve_size: int = 0, *, where: str = ""
) -> Stratum:
    """A stratum from the ids of its list, in the order of their lines.

    Args:
        name: the stratum's name.
        ids: all who may be drawn.
        sample_size: how many are drawn.
        reserve_size: how many follow them.
        where: the list's file, for messages; else the stratum is named.

    Raises:
        InputError: naming the lines that are not fit for an id or stand twice, or the sizes.
    """
    check_ids(ids, where or name)
    check_sizes(where or name, len(ids), sample_size, reserve_size)
    members = tuple(sorted(ids))
    return Stratum(name, members, population_digest(members), sample_size, reserve_size)


def plan_draw(
    purpose: str,
    strata: Iterable[Stratum],
    source: str,
    must_check: Iterable[MustCheck] = (),
    digit_count: int = DIGIT_COUNT,
) -> DrawPlan:
    """A plan that keeps every rule of the draw.

    Raises:
        InputError: naming every line, id or size that is wrong (the first few of many).
    """
    plan = DrawPlan(purpose, tuple(strata), tuple(must_check), digit_count, source)
    check_plan(plan)
    return plan


# --- what is refused ------------------------------------------------------------------------------


def check_plan(plan: DrawPlan, ending: Fault = NOT_WRITTEN) -> None:
    """Refuse a plan that breaks a rule of the draw.

    Args:
        plan: what is to be checked.
        ending: what does not happen therefore, for the message.

    Raises:
        InputError: naming every line, id or size that is wrong (the first few of many).
        TamperError: where a population is not the one its digest was made of.
    """
    refuse_faults(("抽查方案", "The plan"), plan_faults(plan), ending)
    changed = changed_population(plan)
    if changed is not None:
        raise tampered(*changed)


def check_ids(
    ids: Sequence[str], where: str, *, repeats: bool = False, ending: Fault = NOT_WRITTEN
) -> None:
    """Refuse ids that are not NFC text on one line without anything hidden, or that stand twice.

    Args:
        ids: in the order of their lines; the first is line 1.
        where: the file or stratum, for the message.
        repeats: whether the same line may stand again, as `sort -u` allows.
        ending: what does not happen therefore, for the message.

    Raises:
        InputError: naming the lines.
    """
    if not ids:
        raise InputError(
            f"{where}：名单是空的。请每行写一个编号或名称。",
            f"{where}: the population is empty. Write one id a line.",
        )
    refuse_faults((where, where), _id_faults(ids, repeats=repeats), ending)


def check_sizes(
    where: str, total: int, sample_size: int, reserve_size: int, ending: Fault = NOT_WRITTEN
) -> None:
    """Refuse to draw nobody, or more than there are.

    Args:
        where: the file or stratum, for the message.
        total: how many may be drawn.
        sample_size: how many are drawn.
        reserve_size: how many follow them.
        ending: what does not happen therefore, for the message.

    Raises:
        InputError: naming the file or stratum, and the sizes.
    """
    refuse_faults((where, where), _size_faults(total, sample_size, reserve_size), ending)


def changed_population(plan: DrawPlan) -> Fault | None:
    """The first population that is not the one its digest was made of, or not in its order."""
    for stratum in plan.strata:
        name = named(stratum.name)
        if stratum.population_sha256 != population_digest(stratum.population):
            return (
                f"抽样组{name}的名单与它的摘要不符，名单或摘要被改动过",
                f"the population of stratum {name} does not give its digest; one was changed",
            )
        if list(stratum.population) != sorted(stratum.population):
            return (
                f"抽样组{name}的名单不是按字节排序的",
                f"the population of stratum {name} is not sorted by bytes",
            )
    return None


def plan_faults(plan: DrawPlan) -> Iterator[Fault]:
    """Every rule of the draw that a plan breaks, in the order of the plan's fields."""
    yield from _head_faults(plan)
    for stratum in plan.strata:
        name = named(stratum.name)
        ids, total = stratum.population, len(stratum.population)
        faults = [
            *_id_faults(ids, repeats=False),
            *_size_faults(total, stratum.sample_size, stratum.reserve_size),
        ]
        yield from ((f"抽样组{name}，{zh}", f"stratum {name}, {en}") for zh, en in faults)
    yield from _faults_between_strata(plan)
    yield from _must_check_faults(plan)


def _head_faults(plan: DrawPlan) -> Iterator[Fault]:
    for zh, en, text in (("事由", "purpose", plan.purpose), ("数字来源", "source", plan.source)):
        for wrong_zh, wrong_en in text_faults(text):
            yield f"{zh}{named(text)}{wrong_zh}", f"the {en} {named(text)} {wrong_en}"
    if not 1 <= plan.digit_count <= MAX_DIGIT_COUNT:
        yield (
            f"抽签数字的位数 {plan.digit_count} 不在 1 到 {MAX_DIGIT_COUNT} 之间",
            f"the number of digits {plan.digit_count} is not within 1 to {MAX_DIGIT_COUNT}",
        )
    if not plan.strata:
        yield "没有抽样组", "there is no stratum"
    for stratum in plan.strata:
        for zh, en in text_faults(stratum.name):
            yield f"抽样组{named(stratum.name)}的名称{zh}", f"stratum {named(stratum.name)} {en}"
    for name in _doubled(stratum.name for stratum in plan.strata):
        yield f"有两个抽样组叫{named(name)}", f"two strata are called {named(name)}"


def _id_faults(ids: Sequence[str], *, repeats: bool) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for line, identity in enumerate(ids, start=1):
        faults = list(text_faults(identity))
        seen = first.setdefault(unicodedata.normalize("NFC", identity), line)
        if seen != line:
            faults += _likeness(ids[seen - 1] == identity, seen, repeats=repeats)
        for zh, en in faults:
            yield f"第 {line} 行{named(identity)}{zh}", f"line {line} {named(identity)} {en}"


def _likeness(is_same: bool, seen: int, *, repeats: bool) -> Iterator[Fault]:
    """What is wrong with an id that is, under NFC, the one of an earlier line."""
    if not is_same:
        yield (
            f"与第 {seen} 行只是字符编法不同（统一为 NFC 后相同）",
            f"differs from line {seen} in Unicode form only (equal under NFC)",
        )
    elif not repeats:
        yield f"与第 {seen} 行重复", f"stands in line {seen} already"


def _size_faults(total: int, sample_size: int, reserve_size: int) -> Iterator[Fault]:
    if sample_size < 1:
        yield (
            f"抽取数是 {sample_size}，至少要抽 1 个",
            f"the sample is {sample_size}, at least 1 is due",
        )
    elif reserve_size < 0:
        yield f"备选数是 {reserve_size}，不能小于 0", f"the reserve is {reserve_size}, below 0"
    elif sample_size + reserve_size > total:
        yield (
            f"名单只有 {total} 个，不够抽取 {sample_size} 个、备选 {reserve_size} 个",
            f"{total} ids are too few for a sample of {sample_size}, a reserve of {reserve_size}",
        )


def _faults_between_strata(plan: DrawPlan) -> Iterator[Fault]:
    owner: dict[str, str] = {}
    for stratum in plan.strata:
        for identity in stratum.population:
            other = owner.setdefault(identity, stratum.name)
            if other != stratum.name:
                yield (
                    f"{named(identity)}同时在抽样组{named(other)}和{named(stratum.name)}里",
                    f"{named(identity)} stands in strata {named(other)} and {named(stratum.name)}",
                )


def _must_check_faults(plan: DrawPlan) -> Iterator[Fault]:
    owner = {identity: one.name for one in plan.strata for identity in one.population}
    for one in plan.must_check:
        name = named(one.id)
        for zh, en in text_faults(one.id):
            yield f"必查名单的{name}{zh}", f"must-check {name} {en}"
        for zh, en in text_faults(one.reason):
            yield f"必查名单中{name}的理由{zh}", f"the reason to check {name} {en}"
        if one.id in owner:
            yield (
                f"必查的{name}又在抽样组{named(owner[one.id])}的名单里，请从该名单中去掉",
                f"must-check {name} also stands in stratum {named(owner[one.id])}; remove it there",
            )
    for identity in _doubled(one.id for one in plan.must_check):
        yield f"必查名单两次列出{named(identity)}", f"must-check lists {named(identity)} twice"


def _doubled(texts: Iterable[str]) -> list[str]:
    return [text for text, count in Counter(texts).items() if count > 1]
