"""Acts forced past the rules by whoever holds the key, and draws changed afterwards: each is caught.

The journal was made wrong from the beginning, so no older checkpoint helps: the replay of the rules
and the reckoning of the draws must see it. Numbers are those of the list of attacks in the design.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from kaoping.core.acts.codec import decode_act
from kaoping.core.acts.verifying import DrawPlanned
from kaoping.core.draw.plans import plan_stratum
from kaoping.core.draw.rolling import draw
from kaoping.core.note import signature_line
from kaoping.core.workflow.reasons import Reason
from kaoping.files.journal.inquiry import Layer
from tests.attacks.sealed_world import (
    MIDWAY,
    Sealed,
    cosign,
    outsider,
    rebuilt,
)
from tests.journals import WITNESS_KEYS, WITNESSES, uid

if TYPE_CHECKING:
    from collections.abc import Callable


from tests.attacks.attack_list import (
    Attacks,
    changed,
    find,
    force,
    name_of,
    put,
    refused,
    require_caught,
)

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
    put(world, index, act | {"at": "2024-10-08T01:00:00Z"})
    return f"第 {index} 条的时间早于前一条"


def test_an_entry_dated_back_behind_a_witnessed_checkpoint_is_pointed_out(world):
    """I19: it may have been taken just before and signed later, so that a person must look."""
    kept = world.held[0]
    seen = int(datetime.fromisoformat(world.acts[MIDWAY]["at"]).timestamp()) + 3600
    text = kept.read_text("utf-8").partition("\n\n")[0] + "\n"
    lines = "".join(signature_line(text, witness, seen) for witness in WITNESSES)
    kept.write_text(kept.read_text("utf-8") + lines, "utf-8")
    found = {f.layer: f for f in outsider(world)}[Layer.K]
    assert f"第 {MIDWAY} 条自称早于见证时间" in found.zh


@forced("I25")
def give_an_administrator_a_duty(world):
    index, act = find(world, "duty.given/1", 3)
    _, admin = find(world, "administrator.asked/1")
    forged = changed(act, person=admin["content"]["person"])
    return force(world, index, forged, Reason.ADMIN_AND_DUTY)


@forced("I25 by himself")
def give_oneself_a_duty_as_system_administrator(world):
    index, act = find(world, "duty.given/1", 3)
    _, admin = find(world, "administrator.asked/1")
    himself = admin["content"]["person"]
    forged = changed(act, person=himself) | {"actor": himself}
    return force(world, index, forged, Reason.NO_ROLE)


@forced("I25 two accounts")
def give_a_duty_to_an_administrators_second_account(world):
    acts = world.acts
    index, duty = find(world, "duty.given/1", 3)
    admin = find(world, "administrator.asked/1")[1]["content"]["person"]
    share_a_staff_number(acts, duty["content"]["person"], admin)
    rebuilt(world, acts)
    return refused(index, duty, Reason.ADMIN_AND_DUTY)


@forced("I25 scores")
def score_as_administrator_without_any_duty(world):
    index, act = find(world, "scores.proposed/1")
    _, admin = find(world, "administrator.asked/1")
    return force(world, index, act | {"actor": admin["content"]["person"]}, Reason.NO_ROLE)


@forced("I25 an office besides a duty")
def make_a_handler_an_administrator(world):
    acts = world.acts
    handler = find(world, "scores.proposed/1")[1]["actor"]
    at = next(i for i, act in enumerate(acts) if is_duty_of(act, handler))
    _, asked = find(world, "administrator.asked/1", 3)
    office = changed(asked, person=handler) | {"subject": uid("office"), "at": acts[at]["at"]}
    return force(world, at + 1, office, Reason.ADMIN_AND_DUTY, before=True)


@forced("I25 asked and approved by one")
def approve_what_one_has_asked_for(world):
    index, given = find(world, "administrator.given/1", 3)
    asked = next(a for a in world.acts if a["subject"] == given["subject"])
    return force(world, index, given | {"actor": asked["actor"]}, Reason.FOUR_EYES)


@forced("I25 asked by nobody")
def come_into_office_without_being_asked_for(world):
    acts = world.acts
    asked, _ = find(world, "administrator.asked/1", 3)
    index, given = find(world, "administrator.given/1", 3)
    rebuilt(world, [*acts[:asked], *acts[asked + 1 :]])
    return refused(index - 1, given, Reason.UNKNOWN_THING)


@forced("I26")
def score_the_unit_that_the_own_section_belongs_to(world):
    """The section of who scores is registered in an assessed unit."""
    acts = world.acts
    index, scores = find(world, "scores.proposed/1", 1)
    section = person_of(acts, scores["actor"])["content"]["section"]
    registered = next(act for act in acts if act["subject"] == section)
    registered["content"]["unit"] = only_scored(acts, index)
    # Units are registered before sections, so the order stays possible.
    rebuilt(world, acts)
    return refused(index, scores, Reason.RECUSAL)


@forced("I26 two accounts")
def score_a_unit_in_which_one_has_a_second_account(world):
    index, scores = find(world, "scores.proposed/1")
    unit = scores["content"]["lines"][0]["unit"]
    more = second_account(world, scores["actor"], scores["at"], unit=unit, section=None)
    put(world, index, more, before=True)
    return refused(index + 1, scores, Reason.RECUSAL)


@forced("I26 a duty elsewhere")
def give_a_duty_to_score_to_somebody_of_an_assessed_unit(world):
    acts = world.acts
    _, scores = find(world, "scores.proposed/1")
    unit = scores["content"]["lines"][0]["unit"]
    person_of(acts, scores["actor"])["content"] |= {"unit": unit, "section": None}
    index = next(i for i, act in enumerate(acts) if is_duty_of(act, scores["actor"]))
    rebuilt(world, acts)
    return refused(index, acts[index], Reason.DUTY_SCOPE)


@forced("I27")
def sign_twice_as_one_person(world):
    """The handler was given the duty of the head as well, and signs in both roles."""
    acts = world.acts
    index, act = find(world, "sheet.signed_by_head/1")
    handler = signed_by_handler(acts, act)["actor"]
    given = next(a for a in acts if is_duty_of(a, act["actor"]))
    duty = changed(given, person=handler)
    duty |= {"subject": uid("second duty"), "at": acts[index - 1]["at"]}
    acts[index] = act | {"actor": handler}
    rebuilt(world, [*acts[:index], duty, *acts[index:]])
    return refused(index + 1, act, Reason.SAME_SIGNER)


@forced("I27 without the duty")
def sign_as_head_without_being_one(world):
    index, act = find(world, "sheet.signed_by_head/1")
    handler = signed_by_handler(world.acts, act)["actor"]
    return force(world, index, act | {"actor": handler}, Reason.NO_ROLE)


@forced("I27 two accounts")
def sign_with_two_accounts_of_one_person(world):
    """The handler's second account is a head of the section, and signs as such."""
    acts = world.acts
    index, act = find(world, "sheet.signed_by_head/1")
    handler, at = signed_by_handler(acts, act)["actor"], acts[index - 1]["at"]
    account = second_account(world, handler, at)
    own = account["subject"]
    duty = next(deepcopy(a) for a in acts if is_duty_of(a, act["actor"]))
    duty = changed(duty, person=own) | {"subject": uid("second duty"), "at": at}
    undertaken = changed(find(world, "discipline.undertaken/1")[1])
    undertaken |= {"actor": own, "subject": own, "at": at}
    forged = [account, duty, undertaken, act | {"actor": own}]
    rebuilt(world, [*acts[:index], *forged, *acts[index + 1 :]])
    return refused(index + 3, act, Reason.SAME_SIGNER)


@forced("I27 on paper")
def sign_on_paper_twice_as_one_person(world):
    index, act = find(world, "sheet.signed_on_paper/1")
    forged = changed(act, section_head=act["content"]["handler"])
    return force(world, index, forged, Reason.SAME_SIGNER)


@forced("I27 on paper, both by one")
def confirm_a_paper_that_one_has_entered(world):
    index, act = find(world, "sheet.paper_confirmed/1")
    entered = find(world, "sheet.signed_on_paper/1")[1]["actor"]
    return force(world, index, act | {"actor": entered}, Reason.NOT_ON_PAPER)


@forced("I27 on paper, unconfirmed")
def hand_in_a_paper_that_the_other_never_confirmed(world):
    acts = world.acts
    gone, confirmed = find(world, "sheet.paper_confirmed/1")
    rebuilt(world, [*acts[:gone], *acts[gone + 1 :]])
    index, act = next(
        (i, a)
        for i, a in enumerate(acts)
        if a["type"] == "sheet.submitted/1" and a["subject"] == confirmed["subject"]
    )
    return refused(index - 1, act, Reason.WRONG_STATE)


@forced("I27 opinion of one's own")
def adopt_the_opinion_of_ones_own_visit(world):
    """The section head appoints himself, takes the place of a member, and adopts."""
    acts = world.acts
    by_appointment = {
        act["subject"]
        for act in acts
        if act["type"] == "inspector.appointed/1" and act["content"]["in_place_of"] is None
    }
    index, adopted, at, formed = next(
        (i, deepcopy(act), n, team)
        for i, act in enumerate(acts)
        if act["type"] == "verification_opinion.adopted/1"
        for n, team in enumerate(acts)
        if team["type"] == "team.formed/1"
        and team["subject"] == act["subject"]
        and team["content"]["verification"] in by_appointment
        and acts[n + 1]["type"] != "team.changed/1"
    )
    head, gone = adopted["actor"], formed["content"]["members"][-1]
    _, appointed = find(world, "inspector.appointed/1", 1)
    himself = changed(appointed, person=head, in_place_of=None) | {
        "actor": head,
        "subject": formed["content"]["verification"],
        "at": formed["at"],
    }
    for act in acts[at:]:
        if act["subject"] == formed["subject"] and act["actor"] == gone:
            act["actor"] = head
    team = changed(formed, members=[*formed["content"]["members"][:-1], head])
    rebuilt(world, [*acts[:at], himself, team, *acts[at + 1 :]])
    return refused(index + 1, adopted, Reason.OWN_OPINION)


@forced("I28 report without a meeting")
def sign_the_report_before_any_meeting(world):
    kept = [act for act in world.acts if act["type"] != "meeting.decided/1"]
    rebuilt(world, kept)
    index = next(i for i, act in enumerate(kept) if act["type"] == "report.signed/1")
    return refused(index, kept[index], Reason.WRONG_STATE)


@forced("I28 a meeting of two")
def decide_in_a_meeting_of_two(world):
    index, act = find(world, "meeting.decided/1")
    few = changed(act, attendees=act["content"]["attendees"][:2], recusals=[])
    return force(world, index, few, Reason.MEETING_QUORUM)


@forced("I28 report without a sheet")
def freeze_the_report_before_a_sheet_was_received(world):
    acts = world.acts
    gone, _ = find(world, "sheet.received/1", 2)
    index, frozen = find(world, "report.frozen/1")
    rebuilt(world, [*acts[:gone], *acts[gone + 1 :]])
    return refused(index - 1, frozen, Reason.SHEETS_OPEN)


@forced("I28 sheet without scores")
def sign_a_sheet_before_it_is_scored(world):
    _index, act = find(world, "sheet.signed_by_handler/1")
    first = next(i for i, a in enumerate(world.acts) if a["subject"] == act["subject"])
    early = act | {"at": world.acts[first]["at"]}
    return force(world, first, early, Reason.UNKNOWN_THING, before=True)


@forced("I28 head first")
def sign_as_head_before_the_handler(world):
    _, act = find(world, "sheet.signed_by_head/1")
    index = world.acts.index(signed_by_handler(world.acts, act))
    early = act | {"at": world.acts[index]["at"]}
    return force(world, index, early, Reason.WRONG_STATE, before=True)


@forced("I29")
def change_a_score_after_it_was_submitted(world):
    index, submitted = find(world, "sheet.submitted/1")
    scores = first_scores(world, submitted["subject"])
    lines = deepcopy(scores["content"]["lines"])
    lines[0]["points"] = "0.01"
    late = changed(scores, lines=lines) | {"at": world.acts[index]["at"]}
    return force(world, index + 1, late, Reason.WRONG_STATE, before=True)


@forced("I29 between two signatures")
def adjust_a_score_between_the_two_signatures(world):
    """It may be adjusted then, but the handler must sign anew: the head's signature comes too early."""
    acts = world.acts
    index, head = find(world, "sheet.signed_by_head/1")
    line = first_scores(world, head["subject"])["content"]["lines"][0]
    _, adjusted = find(world, "score.adjusted/1")
    handler = signed_by_handler(acts, head)
    late = changed(adjusted, unit=line["unit"], task=line["task"]) | {
        "actor": handler["actor"],
        "subject": head["subject"],
        "at": handler["at"],
    }
    put(world, index, late, before=True)
    return refused(index + 1, head, Reason.WRONG_STATE)


@forced("I29 without signing anew")
def submit_a_reopened_sheet_without_new_signatures(world):
    acts = world.acts
    reopened = find(world, "sheet.reopened/1")[0]
    sheet = acts[reopened]["subject"]
    kept = [
        act
        for i, act in enumerate(acts)
        if not (i > reopened and act["subject"] == sheet and ".signed_by_" in act["type"])
    ]
    rebuilt(world, kept)
    index = next(
        i
        for i, act in enumerate(kept)
        if i > reopened and act["subject"] == sheet and act["type"] == "sheet.submitted/1"
    )
    return refused(index, kept[index], Reason.WRONG_STATE)


@forced("I30 another sheet")
def use_a_signature_again_for_another_sheet(world):
    index, act = find(world, "sheet.signed_by_head/1", 1)
    _, other = find(world, "sheet.signed_by_head/1", 0)
    forged = changed(act, sheet_digest=other["content"]["sheet_digest"])
    return force(world, index, forged, Reason.OTHER_CONTENT)


@forced("I30")
def use_a_signature_again_for_the_next_revision(world):
    """The handler's first signature is put under what was scored anew after reopening."""
    acts = world.acts
    reopened, act = find(world, "sheet.reopened/1")
    first, second = (
        i
        for i, other in enumerate(acts)
        if other["subject"] == act["subject"] and other["type"] == "sheet.signed_by_handler/1"
    )
    assert first < reopened < second
    forged = changed(acts[second], sheet_digest=acts[first]["content"]["sheet_digest"])
    return force(world, second, forged, Reason.OTHER_CONTENT)


@forced("I31 digits")
def roll_again(world):
    index, act = find(world, "digits.recorded/1")
    again = changed(act, digits="0" * 20) | {"at": world.acts[index + 1]["at"]}
    return force(world, index + 1, again, Reason.WRONG_STATE, before=True)


@forced("I31 plan")
def plan_a_second_draw_of_the_same_units(world):
    index, digits = find(world, "digits.recorded/1")
    _, plan = find(world, "draw.planned/1")
    again = changed(plan) | {"subject": uid("second draw"), "at": digits["at"]}
    return force(world, index + 1, again, Reason.DRAW_SECOND, before=True)


@forced("I32 a plan that leaves one out")
def plan_a_draw_without_a_friend(world):
    """Population and digest fit each other; who could be drawn is not all there."""
    index, act = find(world, "draw.planned/1")
    act["content"]["plan"]["strata"] = [one_fewer(act)]
    return force(world, index, act, Reason.DRAW_POPULATION)


@forced("I33 nobody watches")
def watch_ones_own_draw(world):
    index, act = find(world, "digits.recorded/1")
    return force(world, index, changed(act, supervisor=act["actor"]), Reason.DRAW_WATCHERS)


@forced("I33 one watches")
def record_digits_that_only_one_has_witnessed(world):
    acts = world.acts
    index, act = find(world, "digits.recorded/1")
    gone = next(
        i
        for i, a in enumerate(acts)
        if a["type"] == "digits.witnessed/1" and a["actor"] == act["content"]["representative"]
    )
    rebuilt(world, [*acts[:gone], *acts[gone + 1 :]])
    return refused(index - 1, act, Reason.DRAW_UNWITNESSED)


@forced("I33 other digits than were seen")
def record_other_digits_than_were_witnessed(world):
    index, act = find(world, "digits.recorded/1")
    plan = decode_act(find(world, "draw.planned/1")[1]).content
    assert isinstance(plan, DrawPlanned)
    digits = act["content"]["digits"][::-1]
    results = [result.as_json() for result in draw(plan.plan, digits)]
    forged = changed(act, digits=digits, results=results)
    return force(world, index, forged, Reason.DRAW_UNWITNESSED)


@forced("I33 before the time")
def roll_before_the_time_that_was_announced(world):
    index, act = find(world, "digits.witnessed/1")
    early = act | {"at": world.acts[index - 1]["at"]}
    return force(world, index, early, Reason.DRAW_EARLY)


@forced("I35 beside the draw")
def appoint_a_friend_beside_the_drawn_inspectors(world):
    index, act = find(world, "inspector.appointed/1")
    assert act["content"]["in_place_of"]
    return force(world, index, changed(act, in_place_of=None), Reason.INSPECTORS)


@forced("I34")
def visit_another_unit_than_the_drawn_one(world):
    index, act = first_random_visit(world)
    return force(world, index, changed(act, unit=not_drawn(world)), Reason.NOT_TO_VISIT)


@forced("I34 added")
def visit_one_unit_more_than_was_drawn(world):
    index, act = first_random_visit(world)
    more = changed(act, unit=not_drawn(world)) | {"subject": uid("one visit more")}
    return force(world, index, more, Reason.NOT_TO_VISIT, before=True)


@forced("I34 dropped")
def drop_the_visit_to_a_drawn_unit(world):
    """No visit, no exemption; everybody signs as if all had been visited."""
    _, team = first_random_visit(world)
    kept = [act for act in world.acts if act["subject"] != team["subject"]]
    rebuilt(world, kept)
    sheet = sheet_of(world, team["content"]["verification"])
    index = next(
        i for i, act in enumerate(kept) if act["subject"] == sheet and ".signed_" in act["type"]
    )
    return refused(index, kept[index], Reason.VERIFICATION_OPEN)


@forced("I34 dropped, not answered")
def leave_the_opinion_of_a_visit_without_an_answer(world):
    _, team = first_random_visit(world)
    answers = ("verification_opinion.adopted/1", "verification_opinion.declined/1")
    kept = [
        act for act in world.acts if act["subject"] != team["subject"] or act["type"] not in answers
    ]
    assert len(kept) == len(world.acts) - 1
    rebuilt(world, kept)
    sheet = sheet_of(world, team["content"]["verification"])
    index = next(
        i for i, act in enumerate(kept) if act["subject"] == sheet and ".signed_" in act["type"]
    )
    return refused(index, kept[index], Reason.VERIFICATION_OPEN)


@forced("I34 exempted instead")
def exempt_a_unit_that_was_not_drawn(world):
    index, act = find(world, "draw.exempted/1")
    return force(world, index, changed(act, unit=not_drawn(world)), Reason.NOT_DRAWN)


@forced("I35")
def send_an_inspector_to_his_own_unit(world):
    acts = world.acts
    index, team = first_random_visit(world)
    member = person_of(acts, team["content"]["members"][0])
    member["content"] |= {"unit": team["content"]["unit"], "section": None}
    rebuilt(world, acts)
    return refused(index, team, Reason.TEAM)


@forced("I35 declared interest")
def send_an_inspector_where_he_declared_an_interest(world):
    index, team = first_random_visit(world)
    member = team["content"]["members"][0]
    _, declared = find(world, "interest.declared/1")
    more = changed(declared, unit=team["content"]["unit"]) | {
        "actor": member,
        "subject": member,
        "at": world.acts[index - 1]["at"],
    }
    put(world, index, more, before=True)
    return refused(index + 1, team, Reason.TEAM)


@forced("broken order")
def exchange_two_steps(world):
    acts = world.acts
    received, act = find(world, "sheet.received/1")
    submitted = max(
        i
        for i, other in enumerate(acts[:received])
        if other["type"] == "sheet.submitted/1" and other["subject"] == act["subject"]
    )
    times = acts[submitted]["at"], acts[received]["at"]
    acts[submitted], acts[received] = acts[received], acts[submitted]
    acts[submitted]["at"], acts[received]["at"] = times
    rebuilt(world, acts)
    return refused(submitted, act, Reason.WRONG_STATE)


@forced("re-used id")
def use_an_id_for_two_acts(world):
    index, act = find(world, "daily_note.made/1")
    twin = act | {"content": act["content"] | {"text": "另一段记录"}}
    return force(world, index + 1, twin, Reason.ID_REUSED, before=True)


@forced("an act twice")
def enter_an_act_twice(world):
    index, act = find(world, "daily_note.made/1")
    return force(world, index + 1, act, Reason.ID_REPEATED, before=True)


@forced("I39 set back")
def set_the_clock_ahead_and_back_again(world):
    index, act = find(world, "daily_note.made/1")
    put(world, index, act | {"at": "2025-01-01T00:00:00Z"})
    return f"第 {index + 1} 条的时间早于前一条"


@ATTACKS.add("I39", Layer.P, **dict(FORCED) | {"witnesses": WITNESS_KEYS})
def set_the_clock_ahead_of_the_witnesses(world):
    rebuilt(world, world.acts)
    cosign(world.journal, WITNESSES[:1], 1_700_000_000)
    return f"第 {len(world.acts) - 1} 条的时间晚于见证人签署的时间"


# --- what the attacks look up in the world --------------------------------------------------------


def person_of(acts: list[dict[str, Any]], person: str) -> dict[str, Any]:
    """The act that registered a person."""
    return next(
        act for act in acts if act["type"] == "person.registered/1" and act["subject"] == person
    )


def share_a_staff_number(acts: list[dict[str, Any]], one: str, other: str) -> None:
    """Make two accounts those of one human being."""
    number = person_of(acts, other)["content"]["staff_number_digest"]
    person_of(acts, one)["content"]["staff_number_digest"] = number


def second_account(world: Sealed, person: str, at: str, **fields: Any) -> dict[str, Any]:
    """An act that registers one more account of a human being."""
    first = person_of(world.acts, person)
    return changed(first, **fields) | {"subject": uid("second account"), "at": at}


def is_duty_of(act: dict[str, Any], person: str) -> bool:
    return bool(act["type"] == "duty.given/1" and act["content"]["person"] == person)


def signed_by_handler(acts: list[dict[str, Any]], by_head: dict[str, Any]) -> dict[str, Any]:
    """The handler's signature on the sheet that a head signed."""
    return next(
        act
        for act in acts
        if act["type"] == "sheet.signed_by_handler/1" and act["subject"] == by_head["subject"]
    )


def first_scores(world: Sealed, sheet: str) -> dict[str, Any]:
    """The act that scored a sheet first."""
    return next(
        deepcopy(act)
        for act in world.acts
        if act["type"] == "scores.proposed/1" and act["subject"] == sheet
    )


def only_scored(acts: list[dict[str, Any]], index: int) -> str:
    """A unit on which the section that scores at an index decided nothing before."""
    section = person_of(acts, acts[index]["actor"])["content"]["section"]
    staff = {
        act["subject"]
        for act in acts
        if act["type"] == "person.registered/1" and act["content"]["section"] == section
    }
    before = {act["content"].get("unit") for act in acts[:index] if act["actor"] in staff}
    units = (line["unit"] for line in acts[index]["content"]["lines"])
    unit: str = next(unit for unit in units if unit not in before)
    return unit


def first_random_visit(world: Sealed) -> tuple[int, dict[str, Any]]:
    """The first team of a visit to a unit that was drawn."""
    drawn = {ticket["id"] for ticket in first_sample(world)}
    acts = world.acts
    plan = find(world, "draw.planned/1")[1]["content"]
    return next(
        (i, deepcopy(act))
        for i, act in enumerate(acts)
        if act["type"] == "team.formed/1"
        and act["content"]["verification"] == plan["verification"]
        and act["content"]["unit"] in drawn
    )


def first_sample(world: Sealed) -> list[dict[str, Any]]:
    """Who was drawn in the first draw of units."""
    sample: list[dict[str, Any]] = find(world, "digits.recorded/1")[1]["content"]["results"][0][
        "sample"
    ]
    return sample


def not_drawn(world: Sealed) -> str:
    """An assessed unit that the first draw neither drew nor kept in reserve, nor must visit."""
    plan = find(world, "draw.planned/1")[1]["content"]["plan"]
    result = find(world, "digits.recorded/1")[1]["content"]["results"][0]
    known = {ticket["id"] for ticket in (*result["sample"], *result["reserve"])}
    unit: str = next(one for one in plan["strata"][0]["population"] if one not in known)
    return unit


def sheet_of(world: Sealed, verification: str) -> str:
    """The sheet of the indicator that a verification belongs to."""
    acts = world.acts
    indicator = next(
        act["content"]["indicator"]
        for act in acts
        if act["type"] == "verification.decided/1" and act["subject"] == verification
    )
    sheet: str = next(
        act["subject"]
        for act in acts
        if act["type"] == "scores.proposed/1" and act["content"]["indicator"] == indicator
    )
    return sheet


def one_fewer(planned: dict[str, Any]) -> dict[str, Any]:
    """The first stratum of a plan without its last unit, in itself in order."""
    stratum = planned["content"]["plan"]["strata"][0]
    population = stratum["population"][:-1]
    spare = len(population) - stratum["sample_size"]
    reserve = min(stratum["reserve_size"], spare)
    fewer = plan_stratum(stratum["name"], population, stratum["sample_size"], reserve)
    table: dict[str, Any] = fewer.as_json()
    return table


# --- all of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", ATTACKS, ids=name_of)
def test_every_attack_is_caught_by_the_layer_that_must(world, attack):
    require_caught(world, attack)
