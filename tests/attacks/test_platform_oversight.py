"""What an insider does to a platform behind its back (I01–I06, I13, I22–I25): named by page and command.

Each is tried on a year that was verified clean before; the page 核验 and `kaoping journal verify
--database` must both name the thing that is wrong, in Chinese. The same tests run on PostgreSQL.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client

from kaoping.core.acts.codec import act_table
from kaoping.core.acts.envelope import Act
from kaoping.core.acts.setting_up import DutyGiven, Role, SectionRegistered, UnitRegistered
from kaoping.core.canonical import encode
from kaoping.core.errors import TamperError
from kaoping.core.journal import entry_of, sealed_body
from kaoping.core.projection import changes
from kaoping.core.workflow.reasons import Reason, StepRefused
from kaoping.core.workflow.things import Duty
from kaoping.web import opening
from kaoping.web.actions.perform import Asked, perform
from kaoping.web.actions.sealing_security_log import seal_security_log
from kaoping.web.actions.taking import take
from kaoping.web.actions.verifying import ask_for, verify_waiting
from kaoping.web.keeper import Keeper
from kaoping.web.marks import Marks
from kaoping.web.models import (
    Account,
    Cause,
    Entry,
    EventKind,
    SecurityEvent,
    Unit,
    VerificationRun,
)
from kaoping.web.register import effects_of
from tests.cli.folders import kaoping
from tests.journals import SALTS, VKEY
from tests.web.conftest import at, guarded, installation  # noqa: F401 - fixtures
from tests.web.databases import by_hand, guard, unguard
from tests.web.site import sign_in, text_of
from tests.web.test_database_verification import address
from tests.world_set_up import uid
from tests.worlds import World

pytestmark = [pytest.mark.django_db(transaction=True)]
AUDITOR = "审计管理员乙"


@pytest.fixture
def year(installation, capsys):  # noqa: F811 - the fixture
    """A year that is set up, with its scheme stored, some events, everything sealed and clean."""

    def blob(name):
        return installation.blobs.put(io.BytesIO(f"内容 {name}".encode()))

    world = World(4, blob).prepare()
    for act in world.acts:
        installation.clock.now = datetime.fromisoformat(act.at)
        perform(installation, Asked(act.id, act.actor, act.subject, act.content, act.supersedes))
    for kind in (EventKind.SIGNED_IN, EventKind.REFUSED, EventKind.DOWNLOADED):
        SecurityEvent.objects.create(at=installation.now(), kind=kind.value, detail="记录")
    seal_security_log(installation)
    installation.sealer.seal()
    Account.objects.create(login="auditor", person=uid(AUDITOR), password="!")
    opening.hold(installation)
    assert judged(installation, capsys) == ("", "")
    yield installation
    opening.hold(None)


def judged(here, capsys):
    """What the page and the command say is wrong; nothing where all is well."""
    run = ask_for(here, Cause.ASKED)
    verify_waiting(here)
    said = text_of(signed_in().get(f"/verifications/{run.pk}"))
    words = ["journal", "verify", here.journal.folder, "--key", VKEY.text]
    words += ["--database", address(), "--blobs", here.data / "blobs"]
    done = kaoping(capsys, *words)
    on_page = "" if "全部通过" in said else said
    return on_page, "" if done.code == 0 else done.err.replace("\n", "")


def require_named(here, capsys, layer, *named):
    """Both name it, in Chinese; the failure is kept, and every page of an auditor says so."""
    page, command = judged(here, capsys)
    for words in named:
        assert words in page, page
        assert words in command, command
    assert f"[{layer}]" in command
    assert (
        VerificationRun.objects.latest("pk").findings.filter(layer=layer, state="failed").exists()
    )


# --- rows, files, entries -------------------------------------------------------------------------


def test_i01_a_row_that_is_edited(year, capsys):
    duty = next(one for one in year.keeper.state().every(Duty))
    by_hand(f"UPDATE register_duty SET role = 'section_head' WHERE id = '{duty.id}'")
    index = Entry.objects.get(subject=duty.id, type="duty.given/1").index
    require_named(year, capsys, "S", f"duty {duty.id} 被改动（第 {index} 条写入）")


def test_i02_a_row_that_is_deleted(year, capsys):
    by_hand("DELETE FROM register_cell WHERE id IN (SELECT min(id) FROM register_cell)")
    require_named(year, capsys, "S", "cell ", "被删除")


def test_i03_a_row_that_no_act_wrote(year, capsys):
    by_hand("INSERT INTO register_unit (id, version, code, name) VALUES ('塞入', 1, 'X', '塞入')")
    require_named(year, capsys, "S", "unit 塞入 不是任何办理写入的")


def stored(here):
    """The file of the scheme, in the store."""
    digest = json.loads(Entry.objects.filter(type="scheme.published/1").earliest("index").body)[
        "act"
    ]["content"]
    return digest["scheme"]["sha256"], next(
        path
        for path in (here.data / "blobs").rglob("*")
        if path.is_file() and digest["scheme"]["sha256"] in path.as_posix().replace("/", "")
    )


def test_i04_the_bytes_of_a_file_are_swapped(year, capsys):
    digest, path = stored(year)
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    require_named(year, capsys, "E", digest)


def test_i05_a_file_is_taken_away(year, capsys):
    digest, path = stored(year)
    path.unlink()
    require_named(year, capsys, "E", "缺失", digest)


def test_i06_an_entry_and_its_leaf_are_edited_in_the_database(year, capsys):
    """Body and leaf fit each other; the signed tree knows better."""
    entry = Entry.objects.get(subject=uid("青禾县"), type="unit.registered/1")
    body = json.loads(entry.body)
    body["act"]["content"]["name"] = "改名县"
    content, text = entry_of(body).content.decode(), encode(body).decode()
    with connection.cursor() as cursor:
        unguard()
        cursor.execute(
            "UPDATE journal_entry SET content = %s, body = %s WHERE leaf = %s",
            [content, text, entry.index],
        )
        guard()
    require_named(year, capsys, "B", f"第 {entry.index} 条在数据库中的条目与已签署的树不符")


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor", uid("别人")), ("at", "2020-01-01T00:00:00Z"), ("act", uid("别的"))],
)
def test_i06_the_columns_by_which_an_entry_is_found_are_edited(year, capsys, column, value):
    by_hand(f"UPDATE journal_entry SET {column} = '{value}' WHERE leaf = 5")
    require_named(year, capsys, "B", "第 5 条", "被改动")


# --- the database put back ------------------------------------------------------------------------


def test_i13_yesterdays_database_under_todays_journal(year, capsys):
    """Refused at every act, read-only, told on every page; and nothing is overwritten."""
    size = Entry.objects.count()
    by_hand(f"DELETE FROM journal_entry WHERE leaf >= {size - 3}")
    content = UnitRegistered("U99", "新单位")
    for keeper in (year.keeper, Keeper()):  # the process goes on; and it is started anew
        here = at(year.data, year.journal, year.clock)
        object.__setattr__(here, "keeper", keeper)
        opening.hold(here)
        with pytest.raises(TamperError) as caught:
            take(here, Asked(str(uuid4()), uid("系统管理员"), uid("新"), content))
        assert "退回到了较早的状态" in caught.value.zh
        assert Entry.objects.count() == size - 3
        assert not Unit.objects.filter(code="U99").exists()
        for browser, page in (
            (signed_in(), "/"),
            (signed_in(), "/journal"),
            (Client(), "/sign-in"),
        ):
            said = text_of(browser.get(page))
            assert "系统只读：数据库被退回到了较早的状态" in said
    require_named(year, capsys, "B", f"数据库只有 {size - 3} 条存证，而已签署 {size} 条")


def signed_in():
    browser = Client()
    sign_in(browser, Account.objects.get(login="auditor"))
    return browser


def test_i13_nothing_is_sealed_over_it_either(year):
    before = year.checkpoint().content
    by_hand(f"DELETE FROM journal_entry WHERE leaf >= {Entry.objects.count() - 1}")
    with pytest.raises(TamperError):
        year.sealer.seal()
    assert year.journal.checkpoint().content == before


# --- the security log, the guards -----------------------------------------------------------------


def test_i22_the_security_log_is_edited_or_rows_of_it_vanish(year, capsys):
    first, second, _ = SecurityEvent.objects.order_by("pk").values_list("pk", flat=True)[:3]
    by_hand(
        f"UPDATE security_event SET person = '{uid('别人')}' WHERE id = {first}",
        f"DELETE FROM security_event WHERE id = {second}",
    )
    index = Entry.objects.get(type="security_log.sealed/1").index
    require_named(
        year,
        capsys,
        "S",
        f"安全记录 security_event {first} 被改动（第 {index} 条封存）",
        f"安全记录 security_event {second} 被删除（第 {index} 条封存）",
    )


def test_i23_the_guards_are_taken_away(year, capsys):
    unguard()
    name = "journal_entry_no_update" if connection.vendor == "sqlite" else "journal_entry_stays"
    require_named(year, capsys, "S", f"表 journal_entry 的保护触发器 {name} 缺失")
    guard()


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite cannot switch a trigger off")
def test_i23_a_guard_is_switched_off(year, capsys):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER ALL")
    require_named(year, capsys, "S", "journal_entry_stays 被停用")


def test_i23_a_table_is_emptied(year, capsys):
    by_hand("DELETE FROM security_event")
    require_named(year, capsys, "S", "安全记录 security_event", "被删除")


def test_i24_whoever_works_without_triggers_and_puts_all_back_is_still_found(year, capsys):
    """By hand: triggers off (or `session_replication_role`), one value, triggers on again."""
    by_hand("UPDATE register_deadline SET until = '2099-12-31'")
    require_named(year, capsys, "S", "deadline ", "被改动")


# --- an administrator helps himself ---------------------------------------------------------------


def own_role():
    return DutyGiven(
        uid("系统管理员"),
        Role.HANDLER,
        None,
        uid("综合科"),
        None,
        datetime(2024, 10, 8).date(),
        None,
        None,
    )


@pytest.mark.parametrize("actor", ["系统管理员", "安全管理员"])
def test_i25_an_administrator_gets_no_part_in_the_business(year, actor):
    before = Entry.objects.count()
    with pytest.raises(StepRefused) as caught:
        take(year, Asked(str(uuid4()), uid(actor), str(uuid4()), own_role()))
    assert caught.value.reason in (Reason.NO_ROLE, Reason.ADMIN_AND_DUTY)
    assert Entry.objects.count() == before


def slipped_in(year, mark):
    """A whole act written past the platform: its entry, its row and its digests fit each other.

    It is one that the rules do not allow: its actor gives himself a duty.
    """
    state = year.keeper.state()
    act = Act(str(uuid4()), year.now(), uid("安全管理员"), str(uuid4()), own_role())
    c = own_role()
    duty = Duty(
        act.subject, c.person, c.role, c.unit, c.section, c.indicator, c.from_date, None, None
    )
    rows = [(change, 1) for change in changes(state, [duty])]
    body = sealed_body(json.loads(encode(act_table(act))), effects_of(rows), act.id, SALTS)
    leaf = entry_of(body).content.decode()
    Entry.objects.create(
        index=state.size,
        act=act.id,
        at=act.at,
        actor=act.actor,
        subject=act.subject,
        type=act.type,
        content=leaf,
        body=encode(body).decode(),
        mark=mark(state.size, leaf),
    )
    values = dict(rows[0][0].values or {})
    columns = ", ".join(f'"{name}"' for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO register_duty (id, version, {columns}) "
            f"VALUES (%s, 1, {', '.join(['%s'] * len(values))})",
            [duty.id, *values.values()],
        )
    return state.size


def test_i25_forced_past_the_rules_it_is_named_by_the_replay(year, capsys):
    """Even who has the installation's secret, and so the key's signature: the rules stand against him."""
    index = slipped_in(year, year.marks.of)
    year.sealer.seal()
    require_named(year, capsys, "P", f"第 {index} 条（职责授予）不合规则")


@pytest.mark.parametrize(
    "mark",
    [
        pytest.param(lambda _index, _leaf: "", id="none"),
        pytest.param(Marks(b"another secret", lambda: 0).of, id="another installation's"),
        pytest.param(lambda _i, _l: Entry.objects.values_list("mark", flat=True)[0], id="copied"),
    ],
)
def test_i03_a_whole_act_slipped_in_is_neither_signed_nor_followed(year, mark):
    """The database alone makes nobody an actor: its administrator has no secret to mark an entry with."""
    signed = year.signed_size()
    index = slipped_in(year, mark)
    with pytest.raises(TamperError, match=f"第 {index} 条"):
        year.sealer.seal()
    assert year.signed_size() == signed
    for keeper in (year.keeper, Keeper()):  # the process goes on; and it is started anew
        here = replace(year, keeper=keeper)
        assert here.keeper.state().size == index
        assert here.keeper.trouble is not None
        with pytest.raises(TamperError, match=f"第 {index} 条"):
            perform(here, Asked(str(uuid4()), uid("安全管理员"), str(uuid4()), own_role()))
    assert Entry.objects.count() == index + 1


@pytest.mark.parametrize(
    "change",
    [
        f"UPDATE account SET person = '{uid('主要领导')}' WHERE login = 'auditor'",
        "UPDATE account SET login = 'other' WHERE login = 'auditor'",
        "UPDATE account SET mark = upper(mark) WHERE login = 'auditor'",
        "UPDATE account SET mark = '' WHERE login = 'auditor'",
    ],
)
def test_i22_an_account_changed_in_the_database_opens_no_door(year, change):
    """Nobody becomes somebody else by a row: an exchanged person, a password of one's own."""
    browser = Client()
    sign_in(browser, Account.objects.get(login="auditor"))
    assert browser.get("/").status_code == 200
    by_hand(change)
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "在数据库中被改动过" in text_of(answer)
    assert browser.get("/").status_code == 302, "the session is over"
    assert SecurityEvent.objects.filter(kind=EventKind.TAMPERED.value).count() == 1
    account = Account.objects.get(person__in=[uid(AUDITOR), uid("主要领导")])
    with pytest.raises(TamperError):
        account.save()


def test_i01_a_verdict_that_was_bad_cannot_be_made_good(year):
    """The row of the run says 通过 again; the security log, which is sealed, does not."""
    by_hand("UPDATE register_unit SET name = '改名局' WHERE name = '青禾县'")
    run = ask_for(year, Cause.ASKED)
    verify_waiting(year)
    by_hand(
        "UPDATE verification_run SET state = 'passed'",
        "UPDATE verification_finding SET state = 'passed', zh = '通过'",
        "UPDATE register_unit SET name = '青禾县' WHERE name = '改名局'",
    )
    browser = Client()
    sign_in(browser, Account.objects.get(login="auditor"))
    assert "未通过" in text_of(browser.get("/"))
    for page in ("/verifications", f"/verifications/{run.pk}", "/journal"):
        assert "没有通过" in text_of(browser.get(page)), page
    events = SecurityEvent.objects.filter(kind=EventKind.TAMPERED.value)
    assert "S 层" in events.get().detail
    seal_security_log(year)
    ask_for(year, Cause.NIGHTLY)
    verify_waiting(year)
    assert "没有通过" not in text_of(browser.get("/")), "what is verified clean since is clean"


def test_i22_a_password_put_into_the_database_opens_no_door(year):
    by_hand(f"UPDATE account SET password = '{make_password('Only-mine-2024')}'")
    asked = {"login": "auditor", "password": "Only-mine-2024"}
    answer = Client().post("/sign-in", asked)
    assert answer.status_code == 500
    assert "在数据库中被改动过" in text_of(answer)
    assert SecurityEvent.objects.filter(kind=EventKind.TAMPERED.value, path="/sign-in").exists()
    assert not SecurityEvent.objects.filter(
        path="/sign-in", kind=EventKind.SIGNED_IN.value
    ).exists()


@pytest.mark.parametrize("mark", ["", "0" * 64])
def test_i06_a_signed_entry_rewritten_with_its_body_is_not_followed(year, mark):
    """Consistent in itself, with another actor: a process that starts compares it with the tree."""
    entry = Entry.objects.filter(type="section.registered/1").latest("index")
    body = json.loads(entry.body)
    act = body["act"] | {"actor": uid("安全管理员")}
    forged = sealed_body(act, body["effects"], act["id"], SALTS)
    leaf, text = entry_of(forged).content.decode(), encode(forged).decode()
    unguard()
    Entry.objects.filter(index=entry.index).update(
        actor=act["actor"], content=leaf, body=text, mark=mark
    )
    guard()
    here = replace(year, keeper=Keeper())
    assert here.keeper.state().size == entry.index
    assert here.keeper.trouble is not None
    content = SectionRegistered("S9", "新科", None)
    asked = Asked(str(uuid4()), uid("系统管理员"), uid("新科"), content)
    with pytest.raises(TamperError, match=f"第 {entry.index} 条"):
        take(here, asked)
    assert year.signed_size() == Entry.objects.count()


def test_an_entry_without_a_mark_that_was_signed_is_the_platforms(year):
    """As those of an installation older than the marks: the tree holds them."""
    by_hand("UPDATE journal_entry SET mark = ''")
    again = replace(year, keeper=Keeper())
    assert again.keeper.state().size == year.signed_size()
    assert again.keeper.trouble is None
    take(
        again,
        Asked(str(uuid4()), uid("系统管理员"), uid("新科"), SectionRegistered("S9", "新科", None)),
    )


def test_a_section_that_is_really_registered_is_no_attack(year, capsys):
    """The control: what goes through the door is never condemned."""
    content = SectionRegistered("S9", "新科", None)
    take(year, Asked(str(uuid4()), uid("系统管理员"), uid("新科"), content))
    assert judged(year, capsys) == ("", "")
