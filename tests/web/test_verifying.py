"""核验: every layer over one view, kept with its findings; nothing on the report over a bad journal."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection

from kaoping.core.acts.filing import ReportFrozen
from kaoping.core.acts.setting_up import UnitRegistered
from kaoping.core.errors import InputError, TamperError
from kaoping.core.note import signature_line
from kaoping.core.workflow.reasons import StepRefused
from kaoping.files.journal import verification
from kaoping.files.journal.held import POLICY, HeldCheckpoints
from kaoping.files.journal.inquiry import Layer, State
from kaoping.web.actions import taking, verifying
from kaoping.web.actions.perform import Asked, perform
from kaoping.web.actions.taking import take
from kaoping.web.actions.verifying import (
    ON_THE_REPORT,
    ask_for,
    require_verified,
    run_verification,
    verify_all,
    verify_waiting,
)
from kaoping.web.models import Cause, Entry, EventKind, RunState, SecurityEvent, VerificationRun
from kaoping.web.queue import one_at_a_time
from tests.core.workflow.stages import at_stage
from tests.journals import WITNESSES
from tests.web.databases import by_hand
from tests.world_set_up import SECTIONS, handler, uid
from tests.worlds import finished_year

pytestmark = [pytest.mark.django_db(transaction=True)]


def filled(installation, stage="registered"):
    world = at_stage(stage)
    for act in world.acts:
        installation.clock.now = datetime.fromisoformat(act.at)
        perform(installation, Asked(act.id, act.actor, act.subject, act.content, act.supersedes))
    installation.sealer.seal()
    SecurityEvent.objects.create(at=installation.now(), kind=EventKind.REFUSED.value, detail="拒绝")
    return world


def found(installation):
    findings, _ = verify_all(installation)
    return {one.layer: one for one in findings}


def policy(installation, quorum=1, count=2):
    lines = [f"quorum = {quorum}"]
    for number, witness in enumerate(WITNESSES[:count]):
        lines.append(f'[[witness]]\nname = "见证人{number}"\nvkey = "{witness.key.text}"')
    (installation.data / POLICY).write_text("\n".join(lines), "utf-8")


def test_every_layer_passes_that_can_run_here(installation):
    filled(installation)
    layers = found(installation)
    for layer in (Layer.C, Layer.B, Layer.P, Layer.S, Layer.E):
        assert layers[layer].state is State.PASSED, layers[layer]
    assert "安全记录封存的 1 条相符" in layers[Layer.S].zh
    assert "还没有得分" in layers[Layer.X].zh
    assert layers[Layer.W].state is State.NOT_CHECKED
    assert found(installation)[Layer.K].state is State.PASSED, "the first run kept a checkpoint"


def test_a_run_is_kept_with_what_each_layer_found(installation):
    filled(installation)
    run = ask_for(installation, Cause.ASKED, uid("审计管理员乙"))
    assert ask_for(installation, Cause.ASKED, uid("监督员")) == run, "one at a time"
    assert verify_waiting(installation) == 1
    run.refresh_from_db()
    assert run.state == RunState.PASSED.value
    assert [one.layer for one in run.findings.all()] == [layer.value for layer in Layer]
    assert run.size == installation.signed_size()
    assert not run_verification(installation, run.pk), "done once"


def test_a_row_edited_by_hand_fails_and_raises_an_alarm(installation, caplog):
    filled(installation)
    by_hand(f"UPDATE register_unit SET name = '改' WHERE id = '{uid('青禾县')}'")
    run = ask_for(installation, Cause.NIGHTLY)
    verify_waiting(installation)
    run.refresh_from_db()
    assert run.state == RunState.FAILED.value
    bad = run.findings.get(state="failed")
    assert bad.layer == "S"
    assert f"unit {uid('青禾县')} 被改动" in bad.zh
    assert any(record.levelname == "CRITICAL" for record in caplog.records)


def test_acts_taken_meanwhile_do_not_matter(installation, monkeypatch):
    """An act between the view and its reading changes the rows, and nothing of the verdict."""
    world = filled(installation)
    real, done = verification.verify, []

    def and_meanwhile(asked):
        content = UnitRegistered("U99", "新单位")
        index = perform(installation, Asked(uid("同时"), uid("系统管理员"), uid("新"), content))
        done.append(index)
        return real(asked)

    monkeypatch.setattr(verifying, "verify", and_meanwhile)
    layers = found(installation)
    assert done
    assert world.acts
    assert [one for one in layers.values() if one.state is State.FAILED] == []


def test_nothing_is_done_about_the_report_over_a_journal_that_does_not_verify(installation):
    world = filled(installation, "received")
    by_hand(f"UPDATE register_unit SET name = '改' WHERE id = '{uid('青禾县')}'")
    before = Entry.objects.count()
    content = next(
        act.content for act in at_stage("frozen").acts if isinstance(act.content, ReportFrozen)
    )
    asked = Asked(uid("冻结"), handler(SECTIONS[0]), world.report, content)
    with pytest.raises(TamperError) as caught:
        take(installation, asked)
    assert "S 层" in caught.value.zh
    assert "被改动" in caught.value.zh
    assert not Entry.objects.filter(type=ReportFrozen.wire).exists()
    assert Entry.objects.count() <= before + 1, "no more than the sealing of the security log"
    run = VerificationRun.objects.get()
    assert (run.cause, run.state) == (Cause.SIGNATURE.value, RunState.FAILED.value)


@pytest.mark.parametrize("kind", ON_THE_REPORT, ids=lambda kind: kind.__name__)
def test_whatever_is_done_about_the_report_is_verified_first(installation, monkeypatch, kind):
    filled(installation)
    asked_for: list[object] = []
    monkeypatch.setattr(taking, "require_verified", asked_for.append)
    content = next(act.content for act in finished_year(4) if isinstance(act.content, kind))
    with pytest.raises(StepRefused):
        take(installation, Asked(uid("报告"), uid("主要领导"), uid("评分报告"), content))
    assert asked_for == [installation]


def test_other_acts_do_not_wait_for_a_verification(installation, monkeypatch):
    filled(installation)
    monkeypatch.setattr(taking, "require_verified", pytest.fail)
    content = UnitRegistered("U9", "新单位")
    assert take(installation, Asked(uid("新"), uid("系统管理员"), uid("新"), content)).is_sealed


def test_over_a_sound_journal_it_goes_on(installation):
    filled(installation)
    require_verified(installation)
    assert VerificationRun.objects.get().state == RunState.PASSED.value


def test_a_run_that_was_killed_is_closed_by_the_next(installation):
    filled(installation)
    dead = VerificationRun.objects.create(
        cause="asked", asked_at=installation.now(), state=RunState.RUNNING.value
    )
    with one_at_a_time(installation.data / "verifying.lock"):
        assert ask_for(installation, Cause.ASKED) == dead, "somebody is at it"
    assert ask_for(installation, Cause.ASKED) != dead
    dead.refresh_from_db()
    assert dead.state == RunState.BROKEN.value


def test_without_a_verdict_nothing_is_signed(installation):
    filled(installation)
    (installation.data / POLICY).write_text("quorum = 3", "utf-8")
    with pytest.raises(TamperError, match="见证人设置"):
        require_verified(installation)
    assert VerificationRun.objects.get().state == RunState.BROKEN.value


# --- witnesses ------------------------------------------------------------------------------------


def signed_by(installation, *witnesses, at=None):
    """What witnesses give back for the checkpoint that was kept just now."""
    held = HeldCheckpoints.beside(installation.data, installation.journal).keep()
    seconds = int((at or installation.clock()).timestamp())
    return "".join(signature_line(held.signed.note.text, one, seconds) for one in witnesses)


def test_a_quorum_that_is_asked_for_must_have_cosigned(installation):
    filled(installation)
    policy(installation, quorum=2)
    assert found(installation)[Layer.W].state is State.FAILED
    answer = signed_by(installation, WITNESSES[0])
    held = HeldCheckpoints.beside(installation.data, installation.journal)
    held.take(answer)
    assert found(installation)[Layer.W].state is State.FAILED
    held.take(signed_by(installation, WITNESSES[1]))
    perform(
        installation,
        Asked(uid("后来"), uid("系统管理员"), uid("新"), UnitRegistered("U9", "新单位")),
    )
    said = found(installation)[Layer.W]
    assert said.state is State.PASSED, "of a checkpoint that the journal has outgrown"
    assert "2/2" in said.zh


def test_a_witness_who_was_silent_for_a_day_is_missed(installation):
    filled(installation)
    policy(installation)
    held = HeldCheckpoints.beside(installation.data, installation.journal)
    held.take(signed_by(installation, WITNESSES[0]))
    assert found(installation)[Layer.W].state is State.PASSED
    installation.clock.now += timedelta(hours=25)
    said = found(installation)[Layer.W]
    assert said.state is State.FAILED
    assert "24 小时" in said.zh


def test_what_no_listed_witness_signed_is_not_taken(installation):
    filled(installation)
    policy(installation, count=1)
    held = HeldCheckpoints.beside(installation.data, installation.journal)
    stranger = signed_by(installation, WITNESSES[2])
    with pytest.raises(TamperError):
        held.take(stranger)
    other = signature_line("kaoping.example/2024\n7\nAAAA\n", WITNESSES[0], 1_700_000_000)
    with pytest.raises(TamperError):
        held.take(other)
    assert held.witnessed() is None


def test_a_history_rewritten_behind_a_kept_checkpoint_is_named(installation):
    filled(installation)
    assert found(installation)[Layer.K].state is not State.FAILED
    folder = installation.data / "checkpoints"
    (place,) = folder.iterdir()
    later = place.with_name("9" * 16)
    place.rename(later)
    text = later.read_text("utf-8")
    later.write_text(text.replace("\n\n\u2014", "x\n\n\u2014"), "utf-8")
    with pytest.raises(InputError, match="不完好"):
        found(installation)


def test_the_address_of_the_database_is_one_that_the_verifier_takes():
    from kaoping.files.journal.database import database

    with database(verifying._address()) as kept:
        assert list(kept.entries()) == []
        assert kept.schema_print()
    assert connection.vendor in ("sqlite", "postgresql")
