"""Draws changed afterwards by whoever holds the key: the reckoning anew must see it (layer D).

The outsider has nothing but the public bodies of plans and digits.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from kaoping.core.acts.codec import decode_act
from kaoping.core.acts.verifying import DrawPlanned
from kaoping.core.draw.rolling import draw
from kaoping.core.note import signature_line
from kaoping.files.journal.bodies import body_line
from kaoping.files.journal.inquiry import Layer, State
from kaoping.files.journal.tiles import WIDTH
from tests.attacks.sealed_world import (
    LATE,
    Sealed,
    cosign,
    outsider,
    rebuilt,
)
from tests.attacks.test_procedure_attacks import FORCED, one_fewer
from tests.journals import WITNESSES, uid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kaoping.core.note import Signer


from tests.attacks.attack_list import (
    Attacks,
    find,
    name_of,
    put,
    require_caught,
)

pytestmark = pytest.mark.slow


ATTACKS = Attacks()


NOT_SEALED = "所引的检查点不能证明抽查方案在掷骰之前已经封存"
NOT_SOUND = "抽签核对不通过：抽样组“全部”"
AS_MADE: tuple[tuple[str, Any], ...] = (*FORCED, ("complete", False))


def without_rules(number: str) -> Callable[[Any], Any]:
    """The outsider holds only the public bodies of the draws: P cannot be judged, D must be."""
    return ATTACKS.add(number, Layer.D, **dict(AS_MADE))


DRAWING = ("draw.planned/1", "draw.withdrawn/1", "digits.witnessed/1", "digits.recorded/1")


def only_draws(world: Sealed) -> None:
    """Leave the outsider nothing but the bodies of plans and digits."""
    journal = world.journal
    for number in range(-(-journal.reader().size // WIDTH)):
        held = journal.bodies.of_bundle(number)
        kept = {i: b for i, b in held.items() if b["act"]["type"] in DRAWING}
        path = journal.folder / "bodies" / f"{number:03d}.jsonl"
        path.write_bytes(b"".join(body_line(i, kept[i]) for i in sorted(kept)))


@without_rules("I31 result")
def put_a_friend_out_of_the_sample(world):
    index, act = find(world, "digits.recorded/1")
    result = act["content"]["results"][0]
    friend = result["sample"][0]["id"]
    result["sample"][0], result["reserve"][0] = result["reserve"][0], result["sample"][0]
    put(world, index, act)
    only_draws(world)
    return f"第 {index} 条：{NOT_SOUND}的抽中名单里少了“{friend}”"


@without_rules("I32")
def change_the_population_after_the_plan(world):
    rolled, _ = find(world, "digits.recorded/1")
    index, act = find(world, "draw.planned/1")
    stratum = act["content"]["plan"]["strata"][0]
    stratum["population"] = stratum["population"][1:]
    put(world, index, act)
    only_draws(world)
    return f"第 {rolled} 条：{NOT_SOUND}的名单与它的摘要不符"


@without_rules("I33 digits chosen first")
def record_digits_without_a_sealed_plan(world):
    """The checkpoint that the digits name is true, and lies before the plan."""
    index, act = find(world, "digits.witnessed/1")
    plan_index, _ = find(world, "draw.planned/1")
    before = world.copy_to(world.folder / "before")
    rebuilt(before, world.acts[:plan_index])
    act["content"]["sealed"] = before.journal.checkpoint().content
    put(world, index, act)
    only_draws(world)
    return f"第 {index} 条{NOT_SEALED}"


@without_rules("I33 sealed afterwards")
def have_the_plan_witnessed_after_the_digits(world):
    index, act = find(world, "digits.witnessed/1")
    act["content"]["sealed"] = cosigned(act["content"]["sealed"], WITNESSES, LATE)
    put(world, index, act)
    only_draws(world)
    return f"第 {index} 条所引的检查点是掷骰之后才见证的"


def cosigned(sealed: str, witnesses: Sequence[Signer], time: int) -> str:
    """The checkpoint of a draw with the journal's own signature and these witnesses' only."""
    head, _, tail = sealed.rpartition("\n\n")
    lines = (signature_line(f"{head}\n", witness, time) for witness in witnesses)
    return f"{head}\n\n{tail.partition(chr(10))[0]}\n{''.join(lines)}"


def test_a_plan_that_nobody_saw_before_the_digits_is_not_said_to_have_come_first(world):
    """I33: whoever has the tiles can read a root off afterwards, and sign it."""
    index, act = find(world, "digits.witnessed/1")
    act["content"]["sealed"] = cosigned(act["content"]["sealed"], (), LATE)
    put(world, index, act)
    found = {f.layer: f for f in outsider(world, **dict(FORCED))}[Layer.D]
    assert found.state is State.NOT_CHECKED, found
    assert f"第 {index} 条所引的检查点没有足够的见证" in found.zh


def test_one_bribed_witness_of_three_does_not_date_a_draw_where_two_are_asked_for(world):
    """I16: the early date of one, the late ones of the others."""
    index, act = find(world, "digits.witnessed/1")
    early = int(datetime.fromisoformat(act["at"]).timestamp()) - 60
    one = cosigned(act["content"]["sealed"], WITNESSES[:1], early)
    late = cosigned(act["content"]["sealed"], WITNESSES[1:], LATE).rpartition("\n\n")[2]
    act["content"]["sealed"] = one + late.partition("\n")[2]
    put(world, index, act)
    cosign(world.journal, WITNESSES)
    asked = dict(FORCED) | {"quorum": 2}
    found = {f.layer: f for f in outsider(world, **asked)}[Layer.D]
    assert found.state is State.NOT_CHECKED, found


@without_rules("I33 other digits")
def change_the_digits_afterwards(world):
    index, act = find(world, "digits.recorded/1")
    act["content"]["digits"] = act["content"]["digits"][::-1]
    put(world, index, act)
    only_draws(world)
    return f"第 {index} 条：抽签核对不通过：抽签数字“{act['content']['digits']}”"


@without_rules("I33 one watches, in the draw")
def record_digits_that_only_one_has_witnessed(world):
    acts = world.acts
    index, act = find(world, "digits.recorded/1")
    gone = next(
        i
        for i, a in enumerate(acts)
        if a["type"] == "digits.witnessed/1" and a["actor"] == act["content"]["supervisor"]
    )
    rebuilt(world, [*acts[:gone], *acts[gone + 1 :]])
    only_draws(world)
    return f"第 {index - 1} 条所记录的抽签数字没有监督员和被考评单位代表二人各自的见证"


@without_rules("I33 other digits than were seen, in the draw")
def record_other_digits_than_were_witnessed(world):
    """Digits and result fit each other; what the witnesses entered is another thing."""
    index, act = find(world, "digits.recorded/1")
    digits = act["content"]["digits"][::-1]
    content = decode_act(find(world, "draw.planned/1")[1]).content
    assert isinstance(content, DrawPlanned)
    results = [result.as_json() for result in draw(content.plan, digits)]
    put(world, index, act | {"content": act["content"] | {"digits": digits, "results": results}})
    only_draws(world)
    return f"第 {index} 条所记录的抽签数字与第 {index - 2} 条见证人所录的不同"


@without_rules("I33 sealed after the first digits")
def seal_the_plan_only_after_a_witness_has_entered_digits(world):
    """The checkpoint covers the plan, and the entry that names it as well."""
    acts = world.acts
    first, witnessed = find(world, "digits.witnessed/1")
    before = world.copy_to(world.folder / "before")
    rebuilt(before, acts[: first + 1])
    time = int(datetime.fromisoformat(witnessed["at"]).timestamp())
    witnessed["content"]["sealed"] = cosigned(before.journal.checkpoint().content, WITNESSES, time)
    put(world, first, witnessed)
    only_draws(world)
    return f"第 {first} 条{NOT_SEALED}"


@without_rules("I31 a second result, in the draw")
def record_a_second_result_of_one_draw(world):
    index, act = find(world, "digits.recorded/1")
    again = act | {"id": uid("again"), "at": world.acts[index + 1]["at"]}
    put(world, index + 1, again, before=True)
    only_draws(world)
    return f"第 {index + 1} 条是同一次抽签的第二个结果"


@without_rules("I31 a second plan under one name")
def plan_again_under_the_same_name(world):
    index, act = find(world, "draw.planned/1")
    act["content"]["plan"]["strata"] = [one_fewer(act)]
    again = act | {"id": uid("again"), "at": world.acts[index + 1]["at"]}
    put(world, index + 1, again, before=True)
    only_draws(world)
    return f"第 {index + 1} 条另立了同一次抽签的方案"


@without_rules("I31 a second draw, in the draw")
def draw_once_more_for_one_verification(world):
    """Another plan, watched and rolled as it should be; the first one was never withdrawn."""
    acts = world.acts
    index, _ = find(world, "digits.recorded/1")
    subject = acts[index]["subject"]
    again = [
        a | {"id": uid(f"again {a['id']}"), "subject": uid("second draw"), "at": acts[index]["at"]}
        for a in acts[: index + 1]
        if a["subject"] == subject
    ]
    rebuilt(world, [*acts[: index + 1], *again, *acts[index + 1 :]])
    only_draws(world)
    return f"第 {index + 1} 条再次为同一核验抽签"


@without_rules("I33 one in all parts")
def watch_and_record_as_one_person(world):
    acts = world.acts
    index, act = find(world, "digits.recorded/1")
    one = act["content"]["supervisor"]
    forged = act | {"actor": one, "content": act["content"] | {"representative": one}}
    rebuilt(world, [*acts[:index], forged, *acts[index + 1 :]])
    only_draws(world)
    return f"第 {index} 条所记录的抽签数字没有监督员和被考评单位代表二人各自的见证"


def test_without_what_the_witnesses_entered_a_draw_is_not_said_to_be_right(world):
    journal = world.journal
    index, _ = find(world, "digits.witnessed/1")
    number = index // WIDTH
    held = journal.bodies.of_bundle(number)
    del held[index]
    path = journal.folder / "bodies" / f"{number:03d}.jsonl"
    path.write_bytes(b"".join(body_line(i, held[i]) for i in sorted(held)))
    found = {f.layer: f for f in outsider(world, complete=False)}[Layer.D]
    assert found.state is State.NOT_CHECKED, found
    assert "正文不齐" in found.zh


@without_rules("I33 a plan fitted to the digits")
def fit_a_plan_to_the_digits(world):
    """Plan and result are replaced together, and fit; the root that the digits name does not."""
    acts = world.acts
    index, digits = find(world, "digits.recorded/1")
    at, planned = find(world, "draw.planned/1")
    planned["content"]["plan"]["strata"] = [one_fewer(planned)]
    content = decode_act(planned).content
    assert isinstance(content, DrawPlanned)
    results = draw(content.plan, digits["content"]["digits"])
    digits["content"]["results"] = [result.as_json() for result in results]
    acts[at], acts[index] = planned, digits
    rebuilt(world, acts)
    first, _ = find(world, "digits.witnessed/1")
    only_draws(world)
    return f"第 {first} 条{NOT_SEALED}"


# --- all of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", ATTACKS, ids=name_of)
def test_every_attack_is_caught_by_the_layer_that_must(world, attack):
    require_caught(world, attack)
