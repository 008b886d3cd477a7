"""Installing and serving for real: what is made, what is looked at before the start, and how it ends."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kaoping.config.installing import read_plan
from kaoping.config.serving import require_free, require_loopback
from kaoping.core.errors import EnvironmentFault, InputError, RefusedError, UsageError
from kaoping.files.journal.folder import Journal, LastSigned, state_beside
from tests.forking import Forked, run, started
from tests.web.postgresql import postgresql
from tests.web.real_server import PATIENCE, Browser, Real, free_port, fresh_act

URL = "KAOPING_DATABASE"
alone = pytest.mark.skipif(URL in os.environ, reason="these tests bring their own databases")
PLAN = """
origin = "kaoping.example.test/2025"
[[administrators]]
office = "系统管理员"
name = "甲一"
staff_number = "A001"
login = "jia"
[[administrators]]
office = "安全管理员"
name = "乙二"
staff_number = "A002"
login = "yi"
[[administrators]]
office = "审计管理员"
name = "丙三"
staff_number = "A003"
login = "bing"
"""


def kaoping(*words, start=Forked, **variables):
    """A command of ours, with nothing of this process's own settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KAOPING_", "DJANGO_"))}
    given = kept | {"LANG": "zh_CN.UTF-8"} | {k: str(v) for k, v in variables.items()}
    return run(words, given, 2 * PATIENCE, start)


_NO_STORE = {
    "KAOPING_BLOBS": "s3://evidence/2025",
    "KAOPING_BLOBS_ENDPOINT": "http://127.0.0.1:1",
    "AWS_ACCESS_KEY_ID": "not-a-key",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def plan_in(folder, text=PLAN):
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return path


# --- what an installation is made of --------------------------------------------------------------


def test_a_plan_names_the_journal_and_three_administrators(tmp_path):
    plan = read_plan(plan_in(tmp_path))
    assert plan.origin == "kaoping.example.test/2025"
    assert [one.login for one in plan.administrators] == ["jia", "yi", "bing"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("审计管理员", "系统管理员", "各一人"),
        ("A003", "A001", "工号不能相同"),
        ('"bing"', '"jia"', "账号不能相同"),
        ('name = "乙二"', 'name = ""', "没有填姓名"),
        ('"甲一"', f'"{"长" * 61}"', "过长"),
        ("kaoping.example.test/2025", "demo/x", "demo/"),
        ("kaoping.example.test/2025", "有 空格", "名称"),
        ("[[administrators]]", "[administrators]", "TOML"),
        ("origin", "[[", "TOML"),
    ],
)
def test_a_plan_that_cannot_be_one_is_refused_in_words(tmp_path, old, new, said):
    with pytest.raises(InputError) as found:
        read_plan(plan_in(tmp_path, PLAN.replace(old, new)))
    assert said in found.value.zh


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    text = PLAN.replace("A002", "A001").replace('"bing"', '""').replace("kaoping.example", "demo/x")
    with pytest.raises(InputError) as found:
        read_plan(plan_in(tmp_path, text))
    assert found.value.zh.count("；") == 2


@pytest.mark.parametrize("bind", ["0.0.0.0:8000", "10.1.2.3:8000", "[::]:8000", "kaoping.test:80"])
def test_an_example_is_for_this_computer_only(bind):
    with pytest.raises(RefusedError, match="只能在本机"):
        require_loopback(bind)


@pytest.mark.parametrize("bind", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_loopback_is_loopback(bind):
    require_loopback(bind)


@pytest.mark.parametrize("bind", ["127.0.0.1", ":8000", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:0", "127.0.0.1:99999"])  # fmt: skip
def test_an_address_is_host_and_port(bind):
    with pytest.raises(UsageError):
        require_free(bind)


def test_a_taken_port_is_said_to_be_taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(EnvironmentFault, match="占用"):
            require_free(f"127.0.0.1:{other.getsockname()[1]}")


# --- installing -----------------------------------------------------------------------------------


def install(folder, *more, **given):
    words = [
        "install",
        "--plan",
        plan_in(folder),
        "--signing-key",
        folder / "key" / "log.pem",
        *more,
    ]
    return kaoping(*words, KAOPING_DATA=folder / "data", **given)


def passwords_in(text):
    return dict(re.findall(r"管理员  \S+  (\w+)  (\S+)", text))


@alone
@pytest.mark.slow
def test_an_installation_is_made_once_and_its_passwords_are_shown_once(tmp_path):
    done = install(tmp_path, start=started)
    assert done.returncode == 0, done.stderr
    passwords = passwords_in(done.stdout)
    assert set(passwords) == {"jia", "yi", "bing"}
    data, key = tmp_path / "data", tmp_path / "key" / "log.pem"
    vkey = (data / "journal" / "vkey").read_text().strip()
    assert vkey in done.stdout
    assert key.stat().st_mode & 0o077 == 0
    for name in ("instance.secret", "session.secret"):
        assert (data / name).stat().st_mode & 0o077 == 0
    kept = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert not any(password.encode() in kept for password in passwords.values())
    journal = Journal.open(data / "journal")
    signed = journal.checkpoint().checkpoint
    assert signed.size == 9
    assert LastSigned(state_beside(key)).of(signed.origin) == signed

    before = {path: path.stat().st_mtime_ns for path in data.rglob("*")}
    again = install(tmp_path)
    assert again.returncode == 1
    assert "已有一套系统" in again.stderr
    assert before == {path: path.stat().st_mtime_ns for path in data.rglob("*")}
    verified = kaoping("journal", "verify", data / "journal", "--key", vkey, "--database", data / "kaoping.sqlite3")  # fmt: skip
    assert verified.returncode == 0, verified.stdout


@alone
@pytest.mark.slow
def test_one_that_was_cut_short_is_brought_to_its_end_by_the_same_command(tmp_path):
    assert install(tmp_path).returncode == 0
    (tmp_path / "data" / "installed").unlink()  # the power failed before the last step
    again = install(tmp_path)
    assert again.returncode == 0, again.stderr
    assert len(passwords_in(again.stdout)) == 3
    assert Journal.open(tmp_path / "data" / "journal").checkpoint().checkpoint.size == 9
    (tmp_path / "data" / "installed").unlink()
    other = tmp_path / "other.toml"
    other.write_text(PLAN.replace("2025", "2026"), encoding="utf-8")
    words = ["install", "--plan", other, "--signing-key", tmp_path / "key" / "log.pem"]
    refused = kaoping(*words, KAOPING_DATA=tmp_path / "data")
    assert refused.returncode == 1
    assert "2025" in refused.stderr


@alone
def test_a_key_within_the_platform_s_folder_is_refused(tmp_path):
    words = ["install", "--plan", plan_in(tmp_path), "--signing-key", tmp_path / "data" / "log.pem"]
    done = kaoping(*words, KAOPING_DATA=tmp_path / "data")
    assert done.returncode == 1
    assert "不能放在数据文件夹" in done.stderr
    assert not (tmp_path / "data").exists()


@alone
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["install"], 2, "终端"),
        (["install", "--plan", "PLAN"], 1, "KAOPING_DATA"),
        (["serve"], 1, "KAOPING_DATA"),
        (["upgrade"], 1, "KAOPING_DATA"),
        (["serve", "--bind", "nowhere"], 2, "地址:端口"),
    ],
)
def test_a_wrong_call_ends_with_one_clear_sentence(tmp_path, words, code, said):
    done = kaoping(*(plan_in(tmp_path) if word == "PLAN" else word for word in words))
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@alone
@pytest.mark.slow
def test_the_platform_cannot_read_the_key_where_users_differ(tmp_path):
    import grp
    import pwd

    if os.geteuid() != 0:
        pytest.skip("only root can hand files over")
    web, seal, group = "daemon", "nobody", grp.getgrgid(pwd.getpwnam("daemon").pw_gid).gr_name
    tmp_path.chmod(0o755)
    done = install(tmp_path, "--web-user", web, "--seal-user", seal, "--group", group)
    assert done.returncode == 0, done.stderr
    data, key = tmp_path / "data", tmp_path / "key" / "log.pem"
    owner = {
        path: pwd.getpwuid(path.stat().st_uid).pw_name for path in (data, key, *data.rglob("*"))
    }
    assert owner[key] == owner[data / "journal" / "checkpoint"] == seal
    assert owner[data] == owner[data / "instance.secret"] == owner[data / "kaoping.sqlite3"] == web

    def may(user, path, mode):
        program = f"import os, sys; os.setgid({pwd.getpwnam('daemon').pw_gid}); os.setuid({pwd.getpwnam(user).pw_uid}); sys.exit(not os.access({str(path)!r}, os.{mode}))"  # fmt: skip
        return subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

    for parent in tmp_path.parents:  # pytest's own folders are closed to others
        if parent.stat().st_uid == 0 and "pytest" in str(parent):
            parent.chmod(0o755)
    assert not may(web, key, "R_OK")
    assert may(seal, key, "R_OK")
    assert may(web, data / "journal" / "checkpoint", "R_OK")
    assert not may(web, data / "journal" / "checkpoint", "W_OK")
    assert not may(seal, data / "kaoping.sqlite3", "R_OK")
    assert not may(seal, data / "instance.secret", "R_OK")


# --- serving --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    one = Real(tmp_path_factory.mktemp("real"), start=started)
    yield one
    one.close()


def said_by(real, **variables):
    """Why the server does not start, with these variables; ended if it does."""
    words = ["serve", "--bind", f"127.0.0.1:{free_port()}"]
    one = run(words, real.environment | variables, PATIENCE)
    assert "Traceback" not in one.stderr
    return one.returncode, one.stderr


@alone
@pytest.mark.slow
def test_what_is_wrong_stops_the_start_in_one_sentence(real):
    for variables, code, said in (
        ({"KAOPING_DATABASE": "mysql://x/y"}, 1, "postgresql://"),
        ({"KAOPING_DATABASE": "postgresql://x@127.0.0.1:1/y"}, 5, "连不上数据库"),
        ({"KAOPING_SECRET_KEY": "short"}, 1, "50"),
        ({"KAOPING_CLOCK_OFFSET": "5"}, 1, "只能用于演示"),
        ({"KAOPING_BLOBS": "evidence"}, 1, "s3://存储桶/前缀"),
        (_NO_STORE, 5, "对象存储 evidence 现在不能用"),
        ({"KAOPING_DATA": str(real.data.parent)}, 1, "KAOPING_SECRET_KEY"),
    ):
        ended, told = said_by(real, **variables)
        assert ended == code, variables
        assert said in told, variables


@alone
@pytest.mark.slow
def test_without_its_sealer_the_platform_does_not_start(real):
    code, said = said_by(real)
    assert code == 5
    assert "没有启动" in said
    assert "kaoping seal" in said


@alone
@pytest.mark.slow
def test_a_key_that_the_platform_can_read_stops_its_start(real):
    lost = real.data / "journal.key"
    lost.write_bytes(real.key.read_bytes())
    try:
        code, said = said_by(real)
    finally:
        lost.unlink()
    assert code == 1
    assert "平台能读到" in said


@alone
@pytest.mark.slow
def test_it_serves_tells_its_health_to_this_machine_only_and_ends_cleanly(real):
    real.seal()
    real.serve()
    browser = Browser(real.port)
    assert browser.get("/health") == (200, b"ok\n")
    wire = http.client.HTTPConnection("127.0.0.1", real.port, timeout=PATIENCE)
    for headers in ({"X-Forwarded-For": "10.0.0.1"}, {"Forwarded": "for=10.0.0.1"}):
        wire.request("GET", "/health", headers=headers)
        reply = wire.getresponse()
        assert reply.status == 404
        reply.read()
    wire.close()
    assert browser.sign_in() == 303
    act = fresh_act()
    assert browser.register_unit(act, "A1") == 303
    assert "已办理并存证" in browser.get("/units")[1].decode()

    real.kill(real.sealer)
    waiting = fresh_act()
    assert browser.register_unit(waiting, "A2") == 202
    status, page = browser.post("/units/new", {"act": waiting, "code": "A2", "name": "第A2单位"})
    assert status == 202
    assert "不必重新提交" in page.decode()
    assert browser.get("/units")[0] == 200
    real.seal()
    until = time.monotonic() + PATIENCE
    journal = Journal.open(real.data / "journal")
    while journal.checkpoint().checkpoint.size < 11 and time.monotonic() < until:
        time.sleep(0.1)
    assert journal.checkpoint().checkpoint.size == 11
    assert browser.register_unit(waiting, "A2") == 303
    browser.close()

    code, out, err = real.end(real.server)
    assert code == 0
    assert "Traceback" not in err
    assert "提供服务" in out
    assert real.end(real.sealer)[0] == 0


@alone
@pytest.mark.slow
def test_a_database_of_an_older_version_is_not_served_and_not_changed(real):
    import sqlite3

    place = real.data / "kaoping.sqlite3"
    with contextlib.closing(sqlite3.connect(place)) as database, database:
        newest = database.execute(
            "SELECT max(id) FROM django_migrations WHERE app = 'web'"
        ).fetchone()
        row = database.execute("SELECT id, app, name, applied FROM django_migrations WHERE id = ?", newest).fetchone()  # fmt: skip
        database.execute("DELETE FROM django_migrations WHERE id = ?", newest)
    try:
        code, said = said_by(real)
    finally:
        with contextlib.closing(sqlite3.connect(place)) as database, database:
            database.execute("INSERT INTO django_migrations VALUES (?, ?, ?, ?)", row)
    assert code == 5
    assert "kaoping upgrade" in said


@alone
@pytest.mark.slow
def test_a_database_that_may_lose_what_it_committed_is_not_served(tmp_path):
    with postgresql() as server:
        server.psql("CREATE DATABASE soft;")
        real = Real(tmp_path, server.get_uri(database="soft"), sealed_apart=False)
        try:
            server.psql("ALTER SYSTEM SET full_page_writes = off;")
            server.psql("SELECT pg_reload_conf();")
            code, said = said_by(real)
            assert code == 5
            assert "断电" in said
        finally:
            real.close()


@alone
@pytest.mark.slow
def test_on_postgresql_the_platform_s_own_role_adds_entries_and_changes_none(tmp_path):
    import psycopg

    with postgresql() as server:
        server.psql("CREATE DATABASE city;")
        server.psql("CREATE ROLE app LOGIN;")
        owner = server.get_uri(database="city")
        done = install(tmp_path, "--app-role", "app", KAOPING_DATABASE=owner)
        assert done.returncode == 0, done.stderr
        app = owner.replace("postgres:", "app:", 1)
        refused = [
            "UPDATE journal_entry SET at = at",
            "DELETE FROM journal_entry",
            "TRUNCATE journal_entry",
            "DELETE FROM security_event",
            "CREATE TABLE mine (id int)",
            "DROP TRIGGER journal_entry_stays ON journal_entry",
            "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
            "SET session_replication_role = replica",
            "DELETE FROM django_migrations",
        ]
        with psycopg.connect(app, autocommit=True) as connection:
            assert connection.execute("SELECT count(*) FROM journal_entry").fetchone() == (9,)
            for statement in refused:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)
        again = kaoping(
            "upgrade", start=started, KAOPING_DATA=tmp_path / "data", KAOPING_DATABASE=owner
        )
        assert again.returncode == 0, again.stderr
        # Who serves with that role finds everything he needs; without a sealer he is told so.
        served = kaoping("serve", KAOPING_DATA=tmp_path / "data", KAOPING_DATABASE=app, KAOPING_BIND=f"127.0.0.1:{free_port()}")  # fmt: skip
        assert served.returncode == 1
        assert "KAOPING_SEALER" in served.stderr


# --- the example ----------------------------------------------------------------------------------

EXAMPLE = Path(__file__).parents[2] / "examples" / "baise-2024"


@alone
@pytest.mark.slow
def test_the_example_starts_says_where_and_ends_with_ctrl_c(tmp_path):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KAOPING_", "DJANGO_"))}
    took = []
    for _ in range(2):
        port, start = free_port(), time.monotonic()
        words = ["demo", EXAMPLE, "--data", tmp_path / "demo", "--bind", f"127.0.0.1:{port}"]
        running = subprocess.Popen(
            [sys.executable, "-m", "kaoping", *map(str, words)],
            env=kept, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        lines = []
        assert running.stdout
        for line in running.stdout:
            lines.append(line)
            if "Ctrl+C" in line:
                break
        browser = Browser(port)
        status, page = browser.get("/sign-in")
        assert status == 200
        browser.close()
        took.append(time.monotonic() - start)
        assert "服务器时间 2024-12-18 " in page.decode(), "the clock stands in the collecting weeks"
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does
        out, err = running.communicate(timeout=PATIENCE)
        assert running.returncode == 0, err
        assert "Traceback" not in err
        assert any(f"http://127.0.0.1:{port}/" in line for line in lines)
        assert not out.strip()
    assert took[1] < took[0]


@alone
def test_an_example_does_not_take_a_folder_with_other_things(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    done = kaoping("demo", EXAMPLE, "--data", tmp_path, "--bind", f"127.0.0.1:{free_port()}")
    assert done.returncode == 3
    assert "别的内容" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@alone
def test_an_example_that_cannot_be_built_leaves_nothing(tmp_path):
    done = kaoping("demo", tmp_path / "nothing", "--data", tmp_path / "demo", "--bind", f"127.0.0.1:{free_port()}")  # fmt: skip
    assert done.returncode == 1
    assert "没有示例城市" in done.stderr
    assert not list(tmp_path.iterdir())


@alone
@pytest.mark.slow
def test_behind_tls_the_deployment_check_has_nothing_to_say(tmp_path):
    """Item 61: Django's own list, warnings included; what it finds stops the start."""
    program = (
        "from kaoping.config.serving import keep_session_secret, load; from pathlib import Path; import os; "
        "keep_session_secret(Path(os.environ['KAOPING_DATA'])); load(); "
        "from django.conf import settings; "
        "settings.SECURE_HSTS_SECONDS = int(os.environ.get('HSTS', settings.SECURE_HSTS_SECONDS)); "
        "from kaoping.config.checking import check_deployment; check_deployment()"
    )
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KAOPING_", "DJANGO_"))}
    behind = kept | {"KAOPING_HTTPS": "1", "KAOPING_DATA": str(tmp_path)}
    for more, code, said in (({}, 0, ""), ({"HSTS": "0"}, 1, "安全检查没有通过")):
        done = run(["-c", program], behind | more, PATIENCE)
        assert done.returncode == code, done.stderr
        assert said in done.stderr
