"""安全记录封存: every row comes under an act once, and whatever is done to one is named."""

from __future__ import annotations

import pytest
from django.db import connection

from kaoping.core.acts.keeping import PROGRAM
from kaoping.core.security_rows import COLUMNS, MOST
from kaoping.core.workflow.reasons import Reason, StepRefused
from kaoping.web.actions import sealing_security_log as sealing_log
from kaoping.web.actions.perform import Asked, perform
from kaoping.web.actions.sealing_security_log import LOG, seal_security_log, sealed_until
from kaoping.web.models import Entry, EventKind, SecurityEvent
from tests.cli.folders import kaoping
from tests.journals import VKEY
from tests.web.databases import by_hand, guard, unguard
from tests.web.test_database_verification import address
from tests.world_set_up import uid

pytestmark = [pytest.mark.django_db(transaction=True)]


def squeezed(text):
    """What a table in a terminal says, without its frame and breaks."""
    return "".join(sign for sign in text if not sign.isspace() and sign not in "│┃")


def added(count, kind=EventKind.SIGNED_IN, at="2024-10-08T01:00:00Z"):
    rows = [
        SecurityEvent(at=at, kind=kind.value, person=uid("某人"), login="a", detail="说明，“引号”")
        for _ in range(count)
    ]
    SecurityEvent.objects.bulk_create(rows)
    return list(SecurityEvent.objects.order_by("-pk").values_list("pk", flat=True)[:count])[::-1]


def sealed_acts():
    return Entry.objects.filter(type="security_log.sealed/1")


def verified(capsys, installation):
    words = ["journal", "verify", installation.journal.folder, "--key", VKEY.text]
    return kaoping(capsys, *words, "--database", address())


def test_what_came_since_is_sealed_once(installation):
    first = added(3)
    added(2, EventKind.REFUSED, "2024-10-08T01:30:00Z")
    assert seal_security_log(installation) == 5
    assert seal_security_log(installation) == 0
    assert sealed_acts().count() == 1
    content = next(iter(sealed_acts())).body
    assert '"after":0,' in content
    assert '"kinds":[{"count":2,"kind":"refused"},{"count":3,"kind":"signed_in"}]' in content
    assert sealed_until(installation) == first[0] + 4
    added(1)
    assert seal_security_log(installation) == 1
    assert installation.journal.checkpoint().checkpoint.size == 2


def test_more_rows_than_one_act_holds_come_under_several(installation):
    added(MOST + 5)
    assert seal_security_log(installation) == MOST + 5
    assert sealed_acts().count() == 2


def test_without_rows_there_is_no_act(installation):
    assert seal_security_log(installation) == 0
    assert not sealed_acts().exists()


def test_nobody_seals_from_elsewhere_than_where_it_ended(installation):
    added(2)
    seal_security_log(installation)
    content = sealing_log._content(0, added(2)[-1])
    assert content is not None
    with pytest.raises(StepRefused) as caught:
        perform(installation, Asked(uid("again"), PROGRAM, LOG, content))
    assert caught.value.reason is Reason.SECURITY_LOG
    assert sealed_acts().count() == 1


def test_every_column_of_a_row_is_bound():
    columns = {field.column for field in SecurityEvent._meta.concrete_fields}
    assert columns == {"id", *COLUMNS}


def test_an_untouched_log_passes_with_rows_still_to_be_sealed(installation, capsys):
    added(3)
    seal_security_log(installation)
    added(2)
    said = verified(capsys, installation)
    assert said.code == 0, said.err
    assert "安全记录封存的3条相符" in squeezed(said.out)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE security_event SET detail = '改' WHERE id = {1}", "{1} 被改动"),
        ("UPDATE security_event SET at = '2024-10-08T02:00:00Z' WHERE id = {2}", "{2} 被改动"),
        ("DELETE FROM security_event WHERE id = {0}", "{0} 被删除"),
        ("DELETE FROM security_event WHERE id = {2}", "{2} 被删除"),
        (
            (
                "INSERT INTO security_event (id, at, kind, person, login, address, path, detail) "
                "VALUES (-1, '2024-10-08T01:00:00Z', 'signed_in', '', '', '', '', '')"
            ),
            "-1 不是任何办理写入的",
        ),
    ],
)
def test_whatever_a_database_administrator_does_to_a_row_is_named(
    installation, capsys, statement, words
):
    rows = added(3)
    seal_security_log(installation)
    by_hand(statement.format(*rows))
    said = verified(capsys, installation)
    assert said.code == 4
    assert "[S]" in said.err
    assert f"安全记录 security_event {words.format(*rows)}（第 0 条封存）" in said.err.replace(
        "\n", ""
    )


def test_a_guard_that_is_gone_is_named(installation, capsys):
    added(1)
    seal_security_log(installation)
    unguard()
    said = verified(capsys, installation)
    assert said.code == 4
    assert "保护触发器" in said.err
    assert "journal_entry" in said.err
    assert "security_event" in said.err
    guard()
    assert verified(capsys, installation).code == 0


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no switch for a trigger")
def test_a_guard_that_is_switched_off_is_named(installation, capsys):
    added(1)
    seal_security_log(installation)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE security_event DISABLE TRIGGER security_event_stays")
    said = verified(capsys, installation)
    assert said.code == 4
    assert "security_event_stays 被停用" in said.err.replace("\n", "")


def test_a_guard_that_does_nothing_is_named(installation, capsys):
    added(1)
    seal_security_log(installation)
    if connection.vendor == "sqlite":
        statements = [
            "DROP TRIGGER security_event_no_update",
            (
                "CREATE TRIGGER security_event_no_update BEFORE UPDATE ON security_event "
                "BEGIN SELECT 1; END"
            ),
        ]
    else:
        statements = [
            (
                "CREATE OR REPLACE FUNCTION security_event_stays() RETURNS trigger LANGUAGE plpgsql "
                "AS $$ BEGIN RETURN NEW; END $$"
            )
        ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    said = verified(capsys, installation)
    assert said.code == 4
    assert "内容被换" in said.err
    guard()


def test_a_changed_schema_is_remarked_on(installation, capsys):
    added(1)
    seal_security_log(installation)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE beside (id integer)")
    said = verified(capsys, installation)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE beside")
    assert said.code == 0
    assert "数据库结构与第0条封存时不同" in squeezed(said.out)
