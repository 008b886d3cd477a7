"""Many at once, and killed at any moment: no gap, nothing doubled, nothing lost that had a receipt."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection

from kaoping.core.acts.collecting import EvidenceReturned
from kaoping.core.acts.setting_up import UnitRegistered
from kaoping.core.journal import check_receipt, open_checkpoint
from kaoping.core.workflow.reasons import Reason, StepRefused
from kaoping.core.workflow.things import Filing, Standing
from kaoping.files.journal.folder import Journal
from kaoping.files.journal.keys import holds
from kaoping.web.actions.perform import Asked, perform
from kaoping.web.keeper import Keeper
from kaoping.web.models import Entry
from tests.core.workflow.stages import at_stage
from tests.forking import Forked
from tests.journals import VKEY
from tests.web.conftest import at, seal
from tests.world_set_up import uid

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PEOPLE = 20
KILLS, EACH = 10, 8


@pytest.fixture
def founded(installation):
    """The three administrators are in office."""
    for act in at_stage("founded").acts:
        installation.clock.now = datetime.fromisoformat(act.at)
        perform(installation, Asked(act.id, act.actor, act.subject, act.content, act.supersedes))
    return installation


def unit(number):
    content = UnitRegistered(f"U{number}", f"第{number}单位")
    return Asked(uid(f"登记 {number}"), uid("系统管理员"), uid(f"单位 {number}"), content)


def at_once(work, items):
    """Do it for all items at the same time, each with a connection of its own."""

    def alone(item):
        try:
            return work(item)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(alone, items))


def test_one_act_handed_in_by_twenty_is_taken_once(founded):
    before = Entry.objects.count()
    taken = at_once(lambda _: perform(founded, unit(1)), range(PEOPLE))
    assert set(taken) == {before}
    assert Entry.objects.count() == before + 1


def test_twenty_acts_at_once_leave_no_gap_and_each_has_its_receipt(founded):
    before = Entry.objects.count()

    def act_and_seal(number):
        index = perform(founded, unit(number))
        signed = seal(founded)
        assert signed.checkpoint.size > index
        return index

    taken = at_once(act_and_seal, range(PEOPLE))
    assert sorted(taken) == list(range(before, before + PEOPLE))
    for index in taken:
        receipt = founded.journal.receipt(index)
        entry = Entry.objects.get(index=index).content.encode()
        check_receipt(receipt, entry, open_checkpoint(receipt.checkpoint, [VKEY], holds))


def test_several_processes_worth_of_memory_agree(founded):
    """Each process keeps a state of its own; whoever comes second follows what the first took."""
    others = [at(founded.data, founded.journal, founded.clock) for _ in range(3)]
    for number in range(9):
        perform(others[number % 3], unit(number))
    states = {repr(sorted(one.keeper.state().things)) for one in (*others, founded)}
    assert len(states) == 1


def test_o26_of_twenty_decisions_at_once_over_one_filing_one_stands(installation):
    """Each from a form of its own: one is taken, the others are told that it has been; one entry."""
    for act in at_stage("collected").acts:
        installation.clock.now = datetime.fromisoformat(act.at)
        perform(installation, Asked(act.id, act.actor, act.subject, act.content, act.supersedes))
    filings = installation.keeper.state().every(Filing)
    filed = next(f for f in filings if f.standing is Standing.FILED and f.indicator == "1")
    before = Entry.objects.count()

    def send_back(number):
        content = EvidenceReturned(f"第 {number} 个理由")
        asked = Asked(uid(f"退回 {number}"), uid("综合科经办人"), filed.id, content)
        try:
            return perform(installation, asked)
        except StepRefused as refused:
            return refused.reason

    answers = at_once(send_back, range(PEOPLE))
    expected = {before: 1, Reason.WRONG_STATE: PEOPLE - 1}
    assert Counter(answers) == expected
    assert Entry.objects.count() == before + 1


_PROGRAM = """
import sys
import django
from django.conf import settings
from django.db import connection

django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
connection.settings_dict["NAME"] = sys.argv[1]

from pathlib import Path
from kaoping.files.journal.folder import Journal
from kaoping.files.journal.keys import fresh_salt
from kaoping.web.actions.perform import perform
from tests.web.conftest import Clock, at
from tests.web.test_concurrency import unit

data = Path(sys.argv[2])
here = at(data, Journal.open(data / "journal"), Clock(), fresh_salt)
for number in range(int(sys.argv[3]), 10_000):
    index = perform(here, unit(number))
    here.sealer.seal()
    receipt = here.journal.receipt(index)
    print(number, index, len(receipt.path), flush=True)
"""


def killed_run(founded, first, dice):
    """A server that takes acts until it is killed; what it had shown a receipt for."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    name = connection.settings_dict["NAME"]
    running = Forked(["-c", _PROGRAM, name, founded.data, first], environment)
    shown = []
    wanted = dice.randrange(1, EACH)
    for line in running.stdout:
        shown.append(tuple(map(int, line.split()))[:2])
        if len(shown) == wanted:
            break
    # Somewhere in the middle of the next one.
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.wait(dice.random() * 0.02)
    running.send_signal(signal.SIGKILL)
    rest, _ = running.communicate(timeout=60)
    return shown + [tuple(map(int, line.split()))[:2] for line in rest.splitlines(keepends=True) if line.endswith("\n")]  # fmt: skip


def test_nothing_that_had_a_receipt_is_lost_however_often_the_server_is_killed(founded):
    if connection.vendor != "sqlite":
        pytest.skip("the program below opens the file")
    shown: dict[int, int] = {}
    dice, first = random.Random(7), 0
    for _ in range(KILLS):
        told = killed_run(founded, first, dice)
        assert told
        shown |= dict(told)
        first = max(shown) + 1
        journal = Journal.open(founded.journal.folder)
        size = journal.checkpoint().checkpoint.size
        assert size > max(shown.values())
        assert Keeper().state().size == Entry.objects.count() >= size
    signed = seal(founded)
    assert signed.checkpoint.size == Entry.objects.count()
    indices = list(Entry.objects.order_by("index").values_list("index", flat=True))
    assert indices == list(range(len(indices)))
    for number, index in shown.items():
        assert Entry.objects.get(index=index).act == uid(f"登记 {number}")
        receipt = founded.journal.receipt(index)
        entry = Entry.objects.get(index=index).content.encode()
        check_receipt(receipt, entry, open_checkpoint(receipt.checkpoint, [VKEY], holds))
