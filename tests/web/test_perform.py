"""The one door: an act is taken whole or not at all, rows follow from acts, entries stay."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from kaoping.core.acts.setting_up import UnitRegistered
from kaoping.core.errors import TamperError
from kaoping.core.journal import check_receipt, open_checkpoint
from kaoping.core.projection import TABLES, rows_of
from kaoping.core.register import Row, differences, fold
from kaoping.core.workflow.reasons import Reason, StepRefused
from kaoping.files.journal.inquiry import Asked as Verification
from kaoping.files.journal.inquiry import Layer, State
from kaoping.files.journal.keys import holds
from kaoping.files.journal.verification import verify
from kaoping.web.actions.perform import Asked, perform
from kaoping.web.keeper import Keeper
from kaoping.web.models import REGISTER, Duty, Entry, Unit
from tests.journals import VKEY
from tests.web.conftest import seal
from tests.web.databases import by_hand
from tests.world_set_up import uid
from tests.worlds import World


def do(installation, act):
    """Take an act of a made-up world at its own time."""
    installation.clock.now = datetime.fromisoformat(act.at)
    asked = Asked(act.id, act.actor, act.subject, act.content, act.supersedes)
    return perform(installation, asked)


@pytest.fixture
def prepared(installation):
    """The set-up of a year, act by act through the door."""
    world = World(4).prepare()
    for index, act in enumerate(world.acts):
        assert do(installation, act) == index
    return installation, world


def all_rows():
    for name, model in REGISTER.items():
        fields = {f.column: f.attname for f in model._meta.concrete_fields}
        for row in model._default_manager.all():
            values = {column: getattr(row, fields[column]) for column in TABLES[name]}
            yield Row(name, row.id, row.version, values)


def effects():
    bodies = Entry.objects.order_by("index").values_list("index", "body")
    return ((index, json.loads(body)["effects"]) for index, body in bodies)


def test_models_have_the_columns_of_the_projection():
    assert REGISTER.keys() == TABLES.keys()
    for name, model in REGISTER.items():
        columns = {field.column for field in model._meta.concrete_fields}
        assert columns == {"id", "version", *TABLES[name]}
        assert model._meta.db_table == f"register_{name}"


def test_rows_are_those_that_the_state_projects(prepared):
    installation, world = prepared
    expected = {(c.table, c.id): c.values for c in rows_of(world.state.things.values())}
    assert {(row.table, row.id): row.values for row in all_rows()} == expected
    assert installation.keeper.state() == world.state


def test_every_row_has_the_digest_that_its_act_says(prepared):
    assert list(differences(fold(effects()), all_rows())) == []


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda: Unit.objects.filter(code="U1").update(name="改名"), "edited"),
        (lambda: Duty.objects.filter(role="supervisor").delete(), "deleted"),
        (lambda: Unit.objects.create(id=uid("塞入"), version=1, code="X", name="塞入"), "smuggled"),
    ],
)
def test_a_row_that_was_touched_by_hand_is_named(prepared, spoil, fault):
    spoil()
    (found,) = differences(fold(effects()), all_rows())
    assert found.fault.value == fault


def test_a_refused_act_leaves_nothing(prepared):
    installation, _ = prepared
    before = (Entry.objects.count(), list(all_rows()))
    asked = Asked(uid("新"), uid("监督员"), uid("新单位"), UnitRegistered("U99", "新单位"))
    with pytest.raises(StepRefused) as refused:
        perform(installation, asked)
    assert refused.value.reason is Reason.NO_ROLE
    assert (Entry.objects.count(), list(all_rows())) == before


def test_the_same_act_again_is_the_same_entry_and_another_under_its_id_is_refused(prepared):
    installation, world = prepared
    first = world.acts[10]
    installation.clock.now = datetime.fromisoformat("2025-06-01T00:00:00Z")
    again = Asked(first.id, first.actor, first.subject, first.content, first.supersedes)
    count = Entry.objects.count()
    assert perform(installation, again) == 10
    other = Asked(first.id, first.actor, uid("别的"), first.content, first.supersedes)
    with pytest.raises(StepRefused) as refused:
        perform(installation, other)
    assert refused.value.reason is Reason.ID_REUSED
    assert Entry.objects.count() == count


def test_a_clock_that_was_set_back_does_not_stop_the_office(prepared):
    installation, world = prepared
    installation.clock.now = datetime.fromisoformat("2024-10-01T00:00:00Z")
    asked = Asked(uid("新"), uid("系统管理员"), uid("新单位"), UnitRegistered("U99", "新单位"))
    index = perform(installation, asked)
    assert Entry.objects.get(index=index).at == world.acts[-1].at


def test_another_process_follows_what_was_taken(prepared):
    installation, world = prepared
    assert Keeper().state() == installation.keeper.state() == world.state


def test_rules_rest_on_the_journal_and_not_on_rows(prepared):
    """A duty that a database administrator gives himself in the table gives him no right (I22)."""
    installation, _ = prepared
    Duty.objects.filter(person_id=uid("监督员")).update(role="section_head")
    asked = Asked(uid("新"), uid("监督员"), uid("新单位"), UnitRegistered("U99", "新单位"))
    with pytest.raises(StepRefused):
        perform(installation, asked)


@pytest.mark.parametrize("sql", ["UPDATE journal_entry SET at = ''", "DELETE FROM journal_entry"])
def test_the_database_refuses_to_change_an_entry(prepared, sql):
    with (
        pytest.raises((IntegrityError, DatabaseError), match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_an_edited_entry_stops_everything_when_it_is_read(prepared):
    installation, _ = prepared
    by_hand(
        """UPDATE journal_entry SET body = replace(body, '"name":"青禾县"', '"name":"白禾县"')"""
    )
    fresh = Keeper()
    with pytest.raises(TamperError, match="expected"):
        fresh.last_at()
    assert fresh.state().size < Entry.objects.count(), "pages are shown as far as entries are sound"
    assert fresh.trouble is not None
    assert installation.keeper.state().size == Entry.objects.count()


# --- sealing --------------------------------------------------------------------------------------


def test_what_was_taken_is_sealed_and_a_receipt_is_good(prepared):
    installation, world = prepared
    signed = seal(installation)
    assert signed.checkpoint.size == len(world.acts)
    receipt = installation.journal.receipt(7)
    entry = Entry.objects.get(index=7).content.encode()
    check_receipt(receipt, entry, open_checkpoint(receipt.checkpoint, [VKEY], holds))
    found = {f.layer: f.state for f in verify(Verification(installation.journal.folder, [VKEY]))}
    assert (found[Layer.C], found[Layer.B]) == (State.PASSED, State.PASSED)
    again = seal(installation)
    assert again.content == signed.content


def test_nothing_is_sealed_over_a_gap(prepared):
    installation, _ = prepared
    by_hand("DELETE FROM journal_entry WHERE leaf = 5")
    with pytest.raises(TamperError, match="Entry 5 is missing"):
        seal(installation)
    assert installation.journal.checkpoint().checkpoint.size == 0


def test_a_database_that_lost_entries_is_not_signed(prepared):
    installation, _ = prepared
    seal(installation)
    by_hand("DELETE FROM journal_entry WHERE leaf > 20")
    with pytest.raises(TamperError, match="ROLLBACK"):
        seal(installation)


def test_leaves_exchanged_in_the_database_do_not_reach_the_tiles(prepared):
    installation, world = prepared
    seal(installation)
    by_hand("UPDATE journal_entry SET content = replace(content, 'unit', 'unix')")
    found = verify(Verification(installation.journal.folder, [VKEY]))
    assert next(f for f in found if f.layer is Layer.B).state is State.PASSED, "tiles are untouched"
    with pytest.raises(TamperError):
        Keeper().last_at()
    assert len(world.acts) == installation.journal.checkpoint().checkpoint.size
