"""A draw that somebody touched never verifies: each thing first sound, then changed, then named."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from threading import Thread

import pytest

from kaoping.core.draw.plans import plan_draw, plan_stratum
from kaoping.core.draw.reading import read_certificate, read_plan
from kaoping.core.draw.records import MustCheck, Ticket
from kaoping.core.draw.rolling import certify, ticket_of
from kaoping.core.draw.verification import verify_certificate
from kaoping.core.errors import InputError, RefusedError, TamperError
from kaoping.files.draw_papers import alone_with, former_draw, mark_path
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


def test_another_paper_in_the_place_of_the_certificate_is_no_slip(drawn, capsys):
    """Who names plan.json made a slip; nobody puts it over certificate.json by mistake."""
    for other in ("plan.json", "out/certificate.txt", "out/certificate.pdf"):
        shutil.copy(drawn / other, drawn / "out" / "certificate.json")
        with unchanged(drawn):
            refusal(capsys, 4, "draw", "verify", "out")


# --- a second draw from one plan ------------------------------------------------------------------


def rolled(capsys, *more, plan="plan.json", digits=OTHER_DIGITS, out="cert2"):
    words = ("--plan", plan, "--digits", digits, "--out", out)
    return kaoping(capsys, "draw", "roll", *words, *more)


@pytest.mark.parametrize("out", ["cert2", "cert2.json", "far/away/cert2", "out", "out/x.json"])
def test_a_plan_is_not_drawn_from_with_other_digits_wherever_the_certificate_goes(
    drawn, capsys, out
):
    with unchanged(drawn):
        said = rolled(capsys, out=out)
    assert said.code == 3
    assert said.out == ""
    assert "一个方案只抽一次" in said.err
    assert "drawn" in said.err
    assert rolled(capsys, digits=DIGITS).code == 0


def test_nor_after_the_first_certificate_was_thrown_away(drawn, capsys):
    shutil.rmtree(drawn / "out")
    with unchanged(drawn):
        said = rolled(capsys, out="out")
    assert said.code == 3
    assert DIGITS in said.err


def test_nor_by_way_of_a_link_or_another_spelling_of_the_path(drawn, capsys):
    (drawn / "inner").mkdir()
    (drawn / "inner" / "other.json").symlink_to(drawn / "plan.json")
    for plan in ("inner/other.json", "inner/../plan.json", drawn / "plan.json"):
        with unchanged(drawn):
            assert rolled(capsys, plan=plan).code == 3


def test_a_first_draw_by_way_of_a_link_is_seen_beside_the_plan(tmp_path, capsys):
    (tmp_path / "plan.json").write_bytes(PLAN.content)
    (tmp_path / "inner").mkdir()
    link = tmp_path / "inner" / "link.json"
    link.symlink_to(tmp_path / "plan.json")
    assert rolled(capsys, plan=link, out=tmp_path / "one").code == 0
    assert (tmp_path / "plan.json.drawn").exists()
    assert (
        rolled(capsys, plan=tmp_path / "plan.json", digits=DIGITS, out=tmp_path / "two").code == 3
    )


def test_nor_is_one_draw_given_another_time(drawn, capsys):
    with unchanged(drawn):
        said = rolled(capsys, "--at", "2025-02-21T10:30", digits=DIGITS)
    assert said.code == 3
    assert MADE_AT in said.err
    assert rolled(capsys, "--at", "2025-02-20T10:30", digits=DIGITS).code == 0


def test_a_plan_exchanged_after_the_draw_is_not_drawn_from(drawn, capsys):
    other = plan_draw("别的事由", STRATA, PLAN.source, MUST)
    (drawn / "plan.json").write_bytes(other.content)
    with unchanged(drawn):
        said = rolled(capsys, digits=DIGITS)
    assert said.code == 3
    assert PLAN.digest in said.err


def test_no_other_plan_is_written_beside_the_mark(drawn, capsys):
    (drawn / "plan.json").unlink()
    words = ("--purpose", "别的", "--source", "当众", "--stratum", "组=units.txt:3")
    with unchanged(drawn):
        said = refusal(capsys, 3, "draw", "plan", *words, "--out", "plan.json")
    assert "plan.json.drawn" in said.err
    assert kaoping(capsys, "draw", "plan", *words, "--out", "new.json").code == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [(DIGITS, "x"), ('{"digits"', '{ "digits"'), ("mark/1", "mark/2"), ("made_at", "made_on")],
)
@pytest.mark.parametrize("digits", [DIGITS, OTHER_DIGITS])
def test_a_mark_that_was_damaged_is_told_and_nothing_is_drawn(drawn, capsys, old, new, digits):
    replace_in(drawn / "plan.json.drawn", old, new)
    with unchanged(drawn):
        said = rolled(capsys, digits=digits)
    assert said.code == (3 if new == "x" else 4)
    assert "plan.json.drawn" in said.err


@pytest.mark.parametrize("content", [b"", PLAN.content, b"\0" * 20_000])
def test_a_mark_that_is_something_else_is_told_and_nothing_is_drawn(drawn, capsys, content):
    (drawn / "plan.json.drawn").write_bytes(content)
    with unchanged(drawn):
        assert rolled(capsys, digits=DIGITS).code == 4
    (drawn / "plan.json.drawn").unlink()
    (drawn / "plan.json.drawn").mkdir()
    with unchanged(drawn):
        assert rolled(capsys, digits=DIGITS).code == 4


def test_the_mark_stands_before_the_certificate_does(tmp_path, capsys, monkeypatch):
    """A run that dies between the two has drawn: the same digits finish it, others never do."""

    def dying(scratch, target):
        assert mark_path(tmp_path / "plan.json").exists()
        assert not target.exists()
        raise KeyboardInterrupt

    (tmp_path / "plan.json").write_bytes(PLAN.content)
    words = {"plan": tmp_path / "plan.json", "out": tmp_path / "out"}
    with monkeypatch.context() as patched:
        patched.setattr("kaoping.files.atomic._exchange", dying)
        assert rolled(capsys, **words, digits=DIGITS).code != 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.json", "plan.json.drawn"]
    with unchanged(tmp_path):
        assert rolled(capsys, **words).code == 3
    assert rolled(capsys, **words, digits=DIGITS).code == 0
    with pytest.raises(RefusedError):
        former_draw(tmp_path / "plan.json", PLAN, OTHER_DIGITS, None)


def test_a_run_waits_for_another_from_the_same_plan_and_then_sees_its_mark(tmp_path, capsys):
    """Else both would find no mark, and both would draw."""
    plan, codes = tmp_path / "plan.json", []
    plan.write_bytes(PLAN.content)
    run = Thread(target=lambda: codes.append(rolled(capsys, plan=plan, out=tmp_path / "two").code))
    with alone_with(plan):
        run.start()
        run.join(timeout=3)
        assert codes == []
        mark_path(plan).write_bytes(CERTIFICATE.mark.content)
    run.join(timeout=60)
    assert codes == [3]
    assert not (tmp_path / "two").exists()


def test_what_the_mark_cannot_prevent_is_as_the_document_says(drawn, capsys):
    """A plan copied elsewhere is drawn from: there the journal's act is the guard."""
    (drawn / "elsewhere").mkdir()
    shutil.copy(drawn / "plan.json", drawn / "elsewhere")
    assert rolled(capsys, plan="elsewhere/plan.json").code == 0
