"""A draw that somebody touched never verifies: each thing first sound, then changed, then named."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kaoping.core.draw.plans import plan_draw, plan_stratum
from kaoping.core.draw.reading import read_certificate, read_plan
from kaoping.core.draw.records import MustCheck, Ticket
from kaoping.core.draw.rolling import certify, ticket_of
from kaoping.core.draw.verification import verify_certificate
from kaoping.core.errors import InputError, TamperError
from tests.cli.folders import kaoping, refusal, replace_in, unchanged
from tests.core.draws import (
    CERTIFICATE,
    DIGITS,
    FIRMS,
    MADE_AT,
    MUST,
    OTHER_DIGITS,
    PLAN,
    STRATA,
    UNITS,
)

FIRST, SECOND = CERTIFICATE.results
SAMPLE, RESERVE = FIRST.sample, FIRST.reserve
UNDRAWN = next(one for one in UNITS if one not in [t.id for t in (*SAMPLE, *RESERVE)])
FRIEND = SAMPLE[2].id


def with_first(**changes):
    return replace(CERTIFICATE, results=(replace(FIRST, **changes), SECOND))


def true_ticket(identity):
    return Ticket(identity, ticket_of(DIGITS, FIRST.population_sha256, identity))


def planned_with(**changes):
    """A certificate of another plan that is itself in order: only who kept the old plan can tell."""
    wanted = {"purpose": PLAN.purpose, "source": PLAN.source, "strata": STRATA, "must_check": MUST}
    return certify(plan_draw(**(wanted | changes)), DIGITS, MADE_AT)


def caught(certificate, plan=None, populations=()):
    """What is told of a certificate, in Chinese; untouched it is sound, and so is its own text."""
    verify_certificate(CERTIFICATE, PLAN, [("u.txt", UNITS), ("f.txt", FIRMS)])
    with pytest.raises(TamperError) as error:
        verify_certificate(certificate, plan, populations)
    with pytest.raises(TamperError):
        verify_certificate(
            read_certificate(certificate.content, "certificate.json"), plan, populations
        )
    assert error.value.en
    return error.value.zh


# --- the result -----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", range(7))
def test_a_drawn_unit_left_out(place):
    left = SAMPLE[:place] + SAMPLE[place + 1 :]
    assert f"抽中名单里少了“{SAMPLE[place].id}”" in caught(with_first(sample=left))


@pytest.mark.parametrize("place", range(8))
def test_a_unit_added_with_its_true_ticket(place):
    added = (*SAMPLE[:place], true_ticket(UNDRAWN), *SAMPLE[place:])
    assert f"抽中名单里多了“{UNDRAWN}”" in caught(with_first(sample=added))


def test_a_drawn_unit_replaced_by_the_first_of_the_reserve():
    """As if it had been exempted: that is another act, with a reason, and never in a certificate."""
    changed = (*(one for one in SAMPLE if one.id != FRIEND), RESERVE[0])
    assert f"少了“{FRIEND}”" in caught(with_first(sample=changed, reserve=RESERVE[1:]))


def test_a_unit_of_no_population_added():
    stranger = true_ticket("BS-999 不在名单")
    assert "“BS-999 不在名单”" in caught(with_first(sample=(*SAMPLE, stranger)))


def test_a_drawn_unit_twice():
    assert "应有 7 个，现有 8 个" in caught(with_first(sample=(*SAMPLE, SAMPLE[-1])))


def test_the_reserve_in_another_order():
    turned = (RESERVE[1], RESERVE[0], RESERVE[2])
    told = caught(with_first(reserve=turned))
    assert f"备选名单第 1 个应为“{RESERVE[0].id}”，现为“{RESERVE[1].id}”" in told


def test_the_sample_in_another_order():
    assert "抽中名单第 1 个" in caught(with_first(sample=SAMPLE[::-1]))


def test_the_reserve_left_out():
    assert f"备选名单里少了“{min(one.id for one in RESERVE)}”" in caught(with_first(reserve=()))


@pytest.mark.parametrize("place", [0, 3, 6])
@pytest.mark.parametrize("at", [0, 31, 63])
def test_a_ticket_edited(place, at):
    one = SAMPLE[place]
    other = "0" if one.ticket[at] != "0" else "1"
    edited = replace(one, ticket=one.ticket[:at] + other + one.ticket[at + 1 :])
    told = caught(with_first(sample=(*SAMPLE[:place], edited, *SAMPLE[place + 1 :])))
    assert f"“{one.id}”的抽签号被改动过" in told
    assert one.ticket in told


def test_a_second_stratum_missing():
    assert "少了抽样组“企业”的抽签结果" in caught(replace(CERTIFICATE, results=(FIRST,)))


@pytest.mark.parametrize(
    "results",
    [(SECOND, FIRST), (FIRST, SECOND, SECOND), (FIRST, SECOND, replace(FIRST, name="又"))],
)
def test_strata_in_another_order_or_one_more(results):
    assert "抽样组与方案不同" in caught(replace(CERTIFICATE, results=results))


def test_a_result_of_another_population():
    told = caught(with_first(population_sha256=SECOND.population_sha256))
    assert "“被考评单位”的结果所写的名单摘要" in told


# --- the digits -----------------------------------------------------------------------------------


def test_the_digits_changed():
    told = caught(replace(CERTIFICATE, digits=OTHER_DIGITS))
    assert f"抽签数字“{OTHER_DIGITS}”" in told


@pytest.mark.parametrize("digits", ["", DIGITS[1:], DIGITS + "0", "６" + DIGITS[1:], DIGITS + "\n"])
def test_digits_of_another_form(digits):
    told = caught(replace(CERTIFICATE, digits=digits))
    assert "抽签数字" in told
    assert "20 位数字" in told


# --- the plan -------------------------------------------------------------------------------------


def of_units(ids):
    return plan_stratum("被考评单位", ids, 7, 3)


def changed_plans():
    """A plan with one thing changed, what names it to who kept the plan, and to who did not."""
    without, renamed = UNITS[1:], ("BS-001 别的单位", *UNITS[1:])
    for name, strata in (
        (UNITS[0], (of_units(without), STRATA[1])),
        ("BS-038 单位38", (of_units((*UNITS, "BS-038 单位38")), STRATA[1])),
        (UNITS[0], (of_units(renamed), STRATA[1])),
        ("抽取数原为 7，现为 6", (replace(STRATA[0], sample_size=6), STRATA[1])),
        ("备选数原为 3，现为 2", (replace(STRATA[0], reserve_size=2), STRATA[1])),
        ("少了抽样组“企业”", STRATA[:1]),
        ("多了抽样组“又”", (*STRATA, plan_stratum("又", ["某站"], 1))),
        ("抽样组的次序", STRATA[::-1]),
    ):
        yield pytest.param({"strata": strata}, name, id=name)
    for name, must in (
        (f"必查名单里少了“{MUST[0].id}”", MUST[1:]),
        ("必查名单里多了“某站”", (*MUST, MustCheck("某站", "理由"))),
        (f"“{MUST[1].id}”的理由", (MUST[0], replace(MUST[1], reason="别的理由"))),
        ("必查名单的次序", MUST[::-1]),
    ):
        yield pytest.param({"must_check": must}, name, id=name)
    yield pytest.param({"purpose": "别的事由"}, "方案的事由原为", id="purpose")
    yield pytest.param({"source": "别的会场"}, "方案的数字来源原为", id="source")


@pytest.mark.parametrize(("changes", "named"), list(changed_plans()))
def test_another_plan_is_caught_by_the_plan_that_was_kept_and_the_thing_named(changes, named):
    other = planned_with(**changes)
    verify_certificate(other)
    assert named in caught(other, PLAN)


@pytest.mark.parametrize(("changes", "named"), list(changed_plans()))
def test_a_plan_changed_within_a_certificate_is_caught_by_its_digest(changes, named):
    del named
    other = planned_with(**changes)
    assert other.plan_sha256 != PLAN.digest
    assert PLAN.digest in caught(replace(other, plan_sha256=PLAN.digest))


def test_the_number_of_digits_changed():
    other = replace(PLAN, digit_count=19)
    certificate = certify(other, DIGITS[1:], MADE_AT)
    verify_certificate(certificate)
    assert "抽签数字位数原为“20”，现为“19”" in caught(certificate, PLAN)


def test_a_population_changed_after_the_plan():
    """Within the plan, its digest kept: the population no longer gives it."""
    changed = replace(STRATA[0], population=UNITS[1:])
    plan = replace(PLAN, strata=(changed, STRATA[1]))
    assert "抽样组“被考评单位”的名单与它的摘要不符" in caught(replace(CERTIFICATE, plan=plan))
    with pytest.raises(TamperError, match="抽样组“被考评单位”"):
        read_plan(plan.content, "plan.json")


@pytest.mark.parametrize(
    ("ids", "named"),
    [
        (UNITS[1:], f"多了“{UNITS[0]}”"),
        ((*UNITS, "BS-038 单位38"), "少了“BS-038 单位38”"),
        (FIRMS[:-1], f"抽样组“企业”里多了“{FIRMS[-1]}”"),
        (("不相干",), "少了“不相干”"),
    ],
)
def test_a_list_that_was_kept_differs(ids, named):
    told = caught(CERTIFICATE, None, [("旧名单.txt", ids)])
    assert named in told
    assert "旧名单.txt" in told


def test_a_plan_that_breaks_the_rules_never_verifies():
    must = (*MUST, MustCheck(UNITS[0], "理由"))
    plan = replace(PLAN, must_check=must)
    forged = replace(CERTIFICATE, plan=plan, plan_sha256=plan.digest)
    assert f"必查的“{UNITS[0]}”" in caught(forged)


# --- the text -------------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", [0x01, 0x20])
def test_every_changed_byte_of_a_certificate_is_caught(pattern):
    """Its time is the one thing that neither plan nor tickets bind; the signed paper does."""
    content = CERTIFICATE.content
    time = range(at := content.index(MADE_AT.encode()), at + len(MADE_AT))
    accepted = []
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= pattern
        try:
            verify_certificate(read_certificate(bytes(changed), "certificate.json"), PLAN)
        except (InputError, TamperError):
            continue
        accepted.append(place)
    assert [place for place in accepted if place not in time] == []


# --- at the command line --------------------------------------------------------------------------


@pytest.fixture
def drawn(tmp_path, capsys, monkeypatch):
    """A folder with the plan that was kept, the lists, and a certificate that verifies."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "plan.json").write_bytes(PLAN.content)
    (folder / "units.txt").write_text("\n".join(UNITS), "utf-8")
    words = ("--plan", "plan.json", "--digits", DIGITS, "--out", "out", "--at", "2025-02-20T10:30")
    assert kaoping(capsys, "draw", "roll", *words).code == 0
    assert verified(capsys).code == 0
    return folder


def verified(capsys):
    held = ("--plan", "plan.json", "--population", "units.txt")
    return kaoping(capsys, "draw", "verify", "out", *held)


@pytest.mark.parametrize(
    ("name", "old", "new", "named"),
    [
        ("out/certificate.json", f'"{DIGITS}"', f'"{OTHER_DIGITS}"', OTHER_DIGITS),
        ("out/certificate.json", SAMPLE[0].ticket, SAMPLE[1].ticket, SAMPLE[0].id),
        ("out/certificate.json", f'"{MUST[0].id}"', '"某站"', MUST[0].id),
        ("out/certificate.json", '{"digits"', '{ "digits"', "certificate.json"),
        ("out/certificate.json", '{"digits"', '"digits"', "certificate.json"),
        ("out/certificate.json", '"made_at"', '"made_on"', "made_at"),
        ("out/certificate.txt", SAMPLE[0].id, SAMPLE[1].id, "certificate.txt"),
        ("units.txt", UNITS[4], "BS-005 别的", UNITS[4]),
        ("plan.json", '"digit_count":20', '"digit_count":21', "位数"),
        ("plan.json", f'"{UNITS[4]}",', "", "被考评单位"),
    ],
)
def test_the_command_says_so_and_ends_with_4(drawn, capsys, name, old, new, named):
    replace_in(drawn / name, old, new)
    with unchanged(drawn):
        said = refusal(
            capsys, 4, "draw", "verify", "out", "--plan", "plan.json", "--population", "units.txt"
        )
    assert said.out == ""
    assert named in said.err


def test_a_plan_changed_by_hand_is_not_drawn_from(drawn, capsys):
    replace_in(drawn / "plan.json", f'"{UNITS[4]}",', "")
    with unchanged(drawn):
        words = ("--plan", "plan.json", "--digits", DIGITS, "--out", "again")
        assert "被考评单位" in refusal(capsys, 4, "draw", "roll", *words).err


def test_a_verdict_in_json_is_one_document(drawn, capsys):
    replace_in(drawn / "out" / "certificate.json", SAMPLE[0].ticket, SAMPLE[1].ticket)
    said = refusal(capsys, 4, "draw", "verify", "out", "--json")
    [problem] = json.loads(said.out)
    assert problem["code"] == "tamper"
    assert SAMPLE[0].id in problem["message"]
