"""Acts forced past the rules by whoever holds the key, and draws changed afterwards: each is caught.

The journal was made wrong from the beginning, so no older checkpoint helps: the replay of the rules
and the reckoning of the draws must see it. Numbers are those of the list of attacks in the design.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from kaoping.core.acts.codec import decode_act
from kaoping.core.acts.verifying import DrawPlanned
from kaoping.core.draw.plans import plan_stratum
from kaoping.core.draw.rolling import draw
from kaoping.files.journal.bodies import body_line
from kaoping.files.journal.tiles import WIDTH
from kaoping.files.journal.verification import Layer
from tests.attacks.sealed_world import (
    Sealed,
    cosign,
    rebuilt,
)
from tests.journals import WITNESS_KEYS, WITNESSES

if TYPE_CHECKING:
    from collections.abc import Callable


from tests.attacks.attack_list import Attacks, changed, find, force, name_of, require_caught

pytestmark = pytest.mark.slow


ATTACKS = Attacks()


# --- acts forced past the rules by whoever holds the key: P ---------------------------------------

FORCED: tuple[tuple[str, Any], ...] = (("since", ()), ("quorum", 0), ("rows", None))
"""Against a journal that was made wrong from the beginning no older checkpoint helps."""


def forced(number: str) -> Callable[[Any], Any]:
    return ATTACKS.add(number, Layer.P, **dict(FORCED))


@forced("I19")
def date_an_act_back(world):
    index, act = find(world, "filing.confirmed/1")
    return force(world, index, act | {"at": "2024-10-08T01:00:00Z"})


@forced("I25")
def give_oneself_a_duty_as_administrator(world):
    index, act = find(world, "duty.given/1", 3)
    _, admin = find(world, "administrator.given/1")
    return force(world, index, changed(act, person=admin["content"]["person"]))


@forced("I26")
def score_ones_own_unit(world):
    """The handler is moved into an assessed unit that his sheet scores."""
    _index, scores = find(world, "scores.proposed/1")
    acts = world.acts
    unit = scores["content"]["lines"][0]["unit"]
    at = next(
        i
        for i, act in enumerate(acts)
        if act["type"] == "person.registered/1" and act["subject"] == scores["actor"]
    )
    acts[at]["content"] |= {"unit": unit, "section": None}
    rebuilt(world, acts)
    return "条"


@forced("I27")
def sign_twice_as_one_person(world):
    index, act = find(world, "sheet.signed_by_head/1")
    by_handler = next(
        other
        for other in world.acts
        if other["type"] == "sheet.signed_by_handler/1" and other["subject"] == act["subject"]
    )
    return force(world, index, act | {"actor": by_handler["actor"]})


@forced("I27 two accounts of one person")
def sign_with_two_accounts_of_one_person(world):
    _index, act = find(world, "sheet.signed_by_head/1")
    acts = world.acts
    by_handler = next(
        other
        for other in acts
        if other["type"] == "sheet.signed_by_handler/1" and other["subject"] == act["subject"]
    )
    persons = {a["subject"]: a for a in acts if a["type"] == "person.registered/1"}
    number = persons[by_handler["actor"]]["content"]["staff_number_digest"]
    persons[act["actor"]]["content"]["staff_number_digest"] = number
    rebuilt(world, acts)
    return "条"


@forced("I28 report without a meeting")
def sign_the_report_before_any_meeting(world):
    acts = world.acts
    kept = [act for act in acts if act["type"] != "meeting.decided/1"]
    rebuilt(world, kept)
    return f"第 {next(i for i, act in enumerate(kept) if act['type'] == 'report.signed/1')} 条"


@forced("I28 sheet without scores")
def sign_a_sheet_before_it_is_scored(world):
    _index, act = find(world, "sheet.signed_by_handler/1")
    first = next(i for i, a in enumerate(world.acts) if a["subject"] == act["subject"])
    early = act | {"at": world.acts[first]["at"]}
    return force(world, first, early, before=True)


@forced("I29")
def change_a_score_after_it_was_signed(world):
    index, signature = find(world, "sheet.submitted/1")
    scores = next(
        act
        for act in world.acts
        if act["type"] == "scores.proposed/1" and act["subject"] == signature["subject"]
    )
    lines = deepcopy(scores["content"]["lines"])
    lines[0]["points"] = "0.01"
    late = changed(scores, lines=lines) | {"at": world.acts[index]["at"]}
    return force(world, index + 1, late, before=True)


@forced("I30")
def use_a_signature_again_for_other_scores(world):
    """The signature of one sheet is copied under another."""
    index, act = find(world, "sheet.signed_by_head/1", 1)
    _, other = find(world, "sheet.signed_by_head/1", 0)
    return force(world, index, changed(act, sheet_digest=other["content"]["sheet_digest"]))


@forced("I31")
def draw_again(world):
    index, act = find(world, "digits.recorded/1")
    again = changed(act, digits="0" * 20)
    return force(world, index + 1, again | {"at": world.acts[index + 1]["at"]}, before=True)


@forced("I34")
def visit_a_unit_that_was_not_drawn(world):
    index, act, plan = first_random_visit(world)
    drawn = {ticket["id"] for result in plan["results"] for ticket in result["sample"]}
    units = [a["subject"] for a in world.acts if a["type"] == "unit.registered/1"]
    must = must_checked(world)
    other = next(unit for unit in units if unit not in drawn | must)
    return force(world, index, changed(act, unit=other))


@forced("I35")
def send_an_inspector_to_his_own_unit(world):
    _index, act, _ = first_random_visit(world)
    acts = world.acts
    member = act["content"]["members"][0]
    person = next(a for a in acts if a["type"] == "person.registered/1" and a["subject"] == member)
    person["content"] |= {"unit": act["content"]["unit"], "section": None}
    rebuilt(world, acts)
    return "条"


@forced("broken order")
def exchange_two_steps(world):
    index, _ = find(world, "sheet.received/1")
    acts = world.acts
    submitted = max(
        i
        for i, act in enumerate(acts[:index])
        if act["type"] == "sheet.submitted/1" and act["subject"] == acts[index]["subject"]
    )
    times = acts[submitted]["at"], acts[index]["at"]
    acts[submitted], acts[index] = acts[index], acts[submitted]
    acts[submitted]["at"], acts[index]["at"] = times
    rebuilt(world, acts)
    return f"第 {submitted} 条"


@forced("re-used id")
def use_an_id_for_two_acts(world):
    index, act = find(world, "daily_note.made/1")
    twin = act | {"content": act["content"] | {"text": "另一段记录"}}
    return force(world, index + 1, twin, before=True)


@ATTACKS.add("I39", Layer.P, **dict(FORCED) | {"witnesses": WITNESS_KEYS})
def set_the_clock_ahead_of_the_witnesses(world):
    rebuilt(world, world.acts)
    cosign(world.journal, WITNESSES[:1], 1_700_000_000)
    return "晚于见证人签署的时间"


def first_random_visit(world: Sealed) -> tuple[int, dict[str, Any], dict[str, Any]]:
    """The team of a visit under a random draw, and what the draw gave."""
    acts = world.acts
    random = {
        a["subject"]
        for a in acts
        if a["type"] == "verification.decided/1" and a["content"]["mode"] == "random"
    }
    index, team = next(
        (i, a)
        for i, a in enumerate(acts)
        if a["type"] == "team.formed/1" and a["content"]["verification"] in random
    )
    plans = {
        a["subject"]
        for a in acts
        if a["type"] == "draw.planned/1"
        and a["content"]["verification"] == team["content"]["verification"]
        and a["content"]["drawn"] == "units"
    }
    digits = next(a for a in acts if a["type"] == "digits.recorded/1" and a["subject"] in plans)
    return index, deepcopy(team), digits["content"]


def must_checked(world: Sealed) -> set[str]:
    return {
        one["id"]
        for act in world.acts
        if act["type"] == "draw.planned/1"
        for one in act["content"]["plan"]["must_check"]
    }


# --- draws: D -------------------------------------------------------------------------------------

AS_MADE: tuple[tuple[str, Any], ...] = (*FORCED, ("complete", False))


def without_rules(number: str) -> Callable[[Any], Any]:
    """The outsider holds only the public bodies of the draws: P cannot be judged, D must be."""
    return ATTACKS.add(number, Layer.D, **dict(AS_MADE))


def only_draws(world: Sealed) -> None:
    """Leave the outsider nothing but the bodies of plans and digits."""
    journal = world.journal
    for number in range(-(-journal.reader().size // WIDTH)):
        held = journal.bodies.of_bundle(number)
        kept = {
            i: b
            for i, b in held.items()
            if b["act"]["type"] in ("draw.planned/1", "digits.recorded/1")
        }
        path = journal.folder / "bodies" / f"{number:03d}.jsonl"
        path.write_bytes(b"".join(body_line(i, kept[i]) for i in sorted(kept)))


@without_rules("I31 result")
def put_a_friend_out_of_the_sample(world):
    index, act = find(world, "digits.recorded/1")
    result = act["content"]["results"][0]
    result["sample"][0], result["reserve"][0] = result["reserve"][0], result["sample"][0]
    force(world, index, act)
    only_draws(world)
    return f"第 {index} 条"


@without_rules("I32")
def change_the_population_after_the_plan(world):
    index, act = find(world, "draw.planned/1")
    stratum = act["content"]["plan"]["strata"][0]
    stratum["population"] = stratum["population"][1:]
    force(world, index, act)
    only_draws(world)
    return "条"


@without_rules("I33 digits chosen first")
def record_digits_without_a_sealed_plan(world):
    index, act = find(world, "digits.recorded/1")
    plan_index, _ = find(world, "draw.planned/1")
    act["content"] |= {"sealed_size": plan_index}
    force(world, index, act)
    only_draws(world)
    return f"第 {index} 条所引的检查点（{plan_index} 条）不能证明"


@without_rules("I33 other digits")
def change_the_digits_afterwards(world):
    index, act = find(world, "digits.recorded/1")
    act["content"]["digits"] = act["content"]["digits"][::-1]
    force(world, index, act)
    only_draws(world)
    return f"第 {index} 条"


@without_rules("I33 a plan fitted to the digits")
def fit_a_plan_to_the_digits(world):
    """Plan and result are replaced together, and fit; the root that the digits name does not."""
    acts = world.acts
    index, digits = find(world, "digits.recorded/1")
    at, planned = find(world, "draw.planned/1")
    stratum = planned["content"]["plan"]["strata"][0]
    fewer = plan_stratum(
        stratum["name"],
        stratum["population"][:-1],
        stratum["sample_size"],
        min(stratum["reserve_size"], len(stratum["population"]) - 1 - stratum["sample_size"]),
    )
    planned["content"]["plan"]["strata"] = [fewer.as_json()]
    content = decode_act(planned).content
    assert isinstance(content, DrawPlanned)
    plan = content.plan
    digits["content"]["results"] = [r.as_json() for r in draw(plan, digits["content"]["digits"])]
    acts[at], acts[index] = planned, digits
    rebuilt(world, acts)
    only_draws(world)
    return f"第 {index} 条所引的检查点"


# --- all of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", ATTACKS, ids=name_of)
def test_every_attack_is_caught_by_the_layer_that_must(world, attack):
    require_caught(world, attack)
