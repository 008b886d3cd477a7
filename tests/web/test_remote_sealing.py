"""A sealer of its own: nobody waits long for it, nothing is lost while it is away, nothing new after a minute."""

from __future__ import annotations

import shutil
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection

from kaoping.core.acts.setting_up import UnitRegistered
from kaoping.core.errors import EnvironmentFault, TamperError
from kaoping.core.journal import check_receipt, open_checkpoint
from kaoping.files.journal.folder import Journal
from kaoping.files.journal.keys import holds
from kaoping.web import sealer as sealers
from kaoping.web import sealing
from kaoping.web.actions import resealing, taking
from kaoping.web.actions.perform import Asked, perform
from kaoping.web.actions.taking import take
from kaoping.web.models import Entry
from kaoping.web.opening import hold
from kaoping.web.sealer import RemoteSealer
from tests.core.workflow.stages import at_stage
from tests.journals import KEY, ORIGIN, OTHER_KEY, VKEY
from tests.sealers import SealerInThread
from tests.web.conftest import Clock, at
from tests.web.databases import by_hand
from tests.world_set_up import uid

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = 15


@pytest.fixture
def away(tmp_path, guarded):
    """An installation with the three administrators in office, whose sealer has gone away."""
    journal = Journal.create(tmp_path / "journal", ORIGIN, KEY, tmp_path / "key.signed")
    one = SealerInThread(journal, KEY, tmp_path / "key.signed")
    here = replace(
        at(tmp_path, journal, Clock()), sealer=RemoteSealer(journal, one.place, b"only for tests")
    )
    for act in at_stage("founded").acts:
        here.clock.now = datetime.fromisoformat(act.at)
        perform(here, Asked(act.id, act.actor, act.subject, act.content, act.supersedes))
    one.start()
    here.sealer.seal()
    one.stop()
    yield here, one
    one.close()


@pytest.fixture
def sealed(away):
    """The same with its sealer."""
    here, one = away
    one.start()
    return here, one


def unit(number):
    content = UnitRegistered(f"U{number}", f"第{number}单位")
    return Asked(uid(f"登记 {number}"), uid("系统管理员"), uid(f"单位 {number}"), content)


def signed_size(here):
    return here.journal.checkpoint().checkpoint.size


def require_receipt(here, index):
    receipt = here.journal.receipt(index)
    entry = Entry.objects.get(index=index).content.encode()
    check_receipt(receipt, entry, open_checkpoint(receipt.checkpoint, [VKEY], holds))


def test_an_act_comes_back_with_its_seal(sealed):
    here, _ = sealed
    taken = take(here, unit(1))
    assert taken.is_sealed
    require_receipt(here, taken.index)
    assert not here.is_trial


def test_this_process_needs_no_key(sealed, tmp_path):
    assert not list(tmp_path.rglob("*.pem"))
    assert not hasattr(sealed[0].sealer, "key")


def test_without_the_sealer_an_act_is_taken_and_waits(away):
    here, one = away
    taken = take(here, unit(1))
    assert not taken.is_sealed
    assert Entry.objects.filter(index=taken.index).exists()
    one.start()
    again = take(here, unit(1))
    assert again == taken.__class__(taken.index, is_sealed=True)
    require_receipt(here, taken.index)


def test_a_sealer_that_hangs_is_waited_for_once_and_not_by_everybody(away, monkeypatch):
    monkeypatch.setattr(sealers, "PATIENCE", 0.3)
    here, one = away
    one.hang()
    start = time.monotonic()
    assert not take(here, unit(1)).is_sealed
    first = time.monotonic() - start
    start = time.monotonic()
    assert not take(here, unit(2)).is_sealed
    assert first >= 0.3 > time.monotonic() - start


def test_after_a_minute_nothing_new_is_taken(away):
    here, _ = away
    waiting = take(here, unit(1))
    here.clock.now += timedelta(seconds=59)
    assert not take(here, unit(2)).is_sealed
    here.clock.now += timedelta(seconds=10)
    before = Entry.objects.count()
    with pytest.raises(EnvironmentFault, match="暂停受理") as found:
        take(here, unit(3))
    assert "系统管理员" in found.value.zh
    assert Entry.objects.count() == before
    # Who asks again for what was taken is told where it is.
    assert take(here, unit(1)).index == waiting.index


def test_once_the_sealer_is_back_the_next_act_brings_everything_in(away):
    here, one = away
    take(here, unit(1))
    here.clock.now += timedelta(minutes=10)
    one.start()
    taken = take(here, unit(2))
    assert taken.is_sealed
    assert signed_size(here) == taken.index + 1 == Entry.objects.count()


def test_what_waits_is_sealed_without_anybody_s_doing(away, monkeypatch):
    monkeypatch.setattr(resealing, "EVERY", 0.05)
    here, one = away
    hold(here)
    take(here, unit(1))
    one.start()
    ended = threading.Event()
    thread = resealing.keep_sealing(ended)
    try:
        until = time.monotonic() + 10
        while signed_size(here) < Entry.objects.count() and time.monotonic() < until:
            time.sleep(0.02)
    finally:
        ended.set()
        thread.join(10)
        hold(None)
    assert signed_size(here) == Entry.objects.count()


def test_who_finds_his_entry_sealed_asks_nobody(sealed):
    here, one = sealed
    here.sealer.seal()
    one.stop()
    assert here.sealer.seal() == Entry.objects.count()


def test_many_threads_share_checkpoints(sealed):
    here, _ = sealed

    def one(number):
        try:
            taken.append(take(here, unit(number)))
        finally:
            connection.close()

    taken: list[taking.Taken] = []
    threads = [threading.Thread(target=one, args=(number,)) for number in range(COUNT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(taken) == COUNT
    assert all(each.is_sealed for each in taken)
    assert signed_size(here) == Entry.objects.count()


def test_more_entries_than_one_message_holds(sealed, monkeypatch):
    monkeypatch.setattr(sealing, "AT_ONCE", 4)
    here, one = sealed
    one.stop()
    for number in range(COUNT):
        perform(here, unit(number))
    one.start()
    assert here.sealer.seal() == Entry.objects.count() == signed_size(here)


def test_a_journal_put_back_is_brought_up_again(sealed, tmp_path):
    """The sealer asks for entries from further back than the web server thought."""
    here, one = sealed
    shutil.copytree(here.journal.folder, tmp_path / "older")
    take(here, unit(1))
    take(here, unit(2))
    one.stop()
    shutil.rmtree(here.journal.folder)
    shutil.copytree(tmp_path / "older", here.journal.folder)
    one.start()
    assert here.sealer.seal() == Entry.objects.count()
    require_receipt(here, Entry.objects.count() - 1)


def test_a_database_put_back_is_noticed(sealed):
    here, _ = sealed
    take(here, unit(1))
    by_hand(f"DELETE FROM journal_entry WHERE leaf = {Entry.objects.count() - 1}")
    with pytest.raises(TamperError, match="退回"):
        here.sealer.seal()


def test_a_signed_entry_that_was_edited_since_stops_everything(sealed):
    """The last one that is signed is compared once more with each request."""
    here, _ = sealed
    taken = take(here, unit(1))
    before, last = (Entry.objects.get(index=taken.index - n).content for n in (1, 0))
    mark = here.marks.of(taken.index + 1, last)
    columns = "at, actor, subject, type, content, body"
    by_hand(
        f"INSERT INTO journal_entry (leaf, act, mark, {columns}) SELECT leaf + 1, 'smuggled', '{mark}', "
        f"{columns} FROM journal_entry WHERE leaf = {taken.index}",
        f"UPDATE journal_entry SET content = '{before}' WHERE leaf = {taken.index}",
    )
    with pytest.raises(TamperError, match=f"第 {taken.index} 条与日志中的不同"):
        here.sealer.seal()
    assert signed_size(here) == taken.index + 1


def test_an_edited_entry_is_not_signed(sealed):
    here, _ = sealed
    perform(here, unit(1))
    index = Entry.objects.count() - 1
    by_hand(f"UPDATE journal_entry SET content = '{{}}' WHERE leaf = {index}")
    with pytest.raises(TamperError, match=f"第 {index} 条"):
        here.sealer.seal()


def test_a_missing_entry_is_named(sealed):
    here, _ = sealed
    for number in range(3):
        perform(here, unit(number))
    gap = Entry.objects.count() - 2
    by_hand(f"DELETE FROM journal_entry WHERE leaf = {gap}")
    with pytest.raises(TamperError, match=f"缺少第 {gap} 条"):
        here.sealer.seal()


def test_another_sealer_s_signature_is_not_believed(sealed, tmp_path):
    here, _ = sealed
    other = Journal.create(tmp_path / "other", ORIGIN, OTHER_KEY, tmp_path / "other.signed")
    false = SealerInThread(other, OTHER_KEY, tmp_path / "other.signed")
    false.start()
    try:
        perform(here, unit(1))
        with pytest.raises((TamperError, EnvironmentFault)):
            RemoteSealer(here.journal, false.place, here.instance_secret).seal()
        assert signed_size(here) < Entry.objects.count()
    finally:
        false.close()
