"""What somebody tries who has nothing but a browser: the outsider's attacks that pages allow.

Numbers are those of the list of attacks (O01…). Every test goes through all addresses there are, so
that a page of tomorrow is attacked as well.
"""

from __future__ import annotations

import io
import socket
import time
from contextlib import contextmanager
from hashlib import sha256
from urllib.parse import urlencode

import openpyxl
import pytest
from django.apps import apps
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from kaoping.core.acts.setting_up import UnitRegistered
from kaoping.core.errors import InputError
from kaoping.web.middleware import _POLICY
from kaoping.web.models import Account, EventKind, SecurityEvent
from kaoping.web.views.downloads import FILE_POLICY
from tests.web.every_page.cast import CAST, FEW, STRANGER, addresses, browser, rows, same_everywhere
from tests.web.every_page.crawling import crawl, walk
from tests.web.every_page.enemy import ESCAPED, name_things
from tests.web.every_page.things import THINGS
from tests.web.routes import routes
from tests.web.site import fresh, sign_in
from tests.world_set_up import uid

STAGE = "collected"
ALWAYS_CHANGING = {"account_session", "django_session", "security_event"}
"""Tables whose rows say that somebody looked: the session's, and the log of refusals."""
PAYLOADS = (
    "' OR 1=1 --\"; DROP TABLE account; --%_\\",
    "a\x00b",
    "\u202egnp.exe\ud7ff\uffff",
    "-1",
    "9" * 40,
    "1e999",
    "NaN",
    "2024-13-99",
    "../../etc/passwd%2e%2e%2f．．／",
    "{{7*7}}{% debug %}<script>alert(7)</script>",
)
LONG = ("a" * 50_000 + "!", "0" * 50_000, "1-" * 25_000, " " * 50_000)
PATIENCE = 2.0
"""Seconds in which even a hostile question is answered, on a busy machine."""


def everything(leave_out=ALWAYS_CHANGING):
    """How many rows each table has and what is in them."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table not in leave_out:
                cursor.execute(f'SELECT * FROM "{table}"')
                told = sorted(repr(row) for row in cursor.fetchall())
                found[table] = (len(told), sha256("\n".join(told).encode()).hexdigest())
    return found


@contextmanager
def noting():
    """Names of parameters that whoever answers in here looks for."""
    names = set()
    looks = {name: getattr(QueryDict, name) for name in ("__getitem__", "_getlist", "__contains__")}

    def noted(look):
        def noting_look(self, key, *args, **kwargs):
            names.add(key)
            return look(self, key, *args, **kwargs)

        return noting_look

    for name, look in looks.items():
        setattr(QueryDict, name, noted(look))
    try:
        yield names
    finally:
        for name in looks:
            delattr(QueryDict, name)


def names_asked(send, where):
    """The parameters that a page asks for; those of a page that takes all there are, too."""
    with noting() as names:
        send(where, {"task": "1.1", "unit": "青禾县", "q": "1"})
    return sorted(names | {"page"})


PASSWORD = "Richtig-2024-kaoping"


def with_password(name):
    """The account of somebody who can sign in by the page."""
    account = Account.objects.get(person=uid(name))
    account.set_password(PASSWORD)
    account.save()
    return account


def opened(site):
    """Every page with somebody for whom it is; one browser for each person."""
    visitors: dict[str, Client] = {}
    for row, where in addresses(site, THINGS):
        who = next((who for who, answer in row.answers.items() if answer == "200"), None)
        if who is not None:
            visitor = visitors.setdefault(who, browser(site, who))
            yield row, visitor, where


@contextmanager
def no_network():
    """Whoever reaches for the network in here fails, the local database server's socket excepted."""
    reached = []
    connect = socket.socket.connect

    def refuse(self, to):
        if self.family == socket.AF_UNIX or (isinstance(to, tuple) and to[0] == "127.0.0.1"):
            return connect(self, to)
        reached.append(to)
        raise OSError("no network in this test")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    try:
        yield reached
    finally:
        socket.socket.connect = connect  # type: ignore[method-assign]


# --- headers and cookies --------------------------------------------------------------------------


@same_everywhere
def test_o22_every_answer_forbids_frames_foreign_parts_and_keeping(site):
    visitors = [browser(site, who) for who in ("系统管理员", STRANGER)]
    everybody = [(visitor, where) for _, where in addresses(site, THINGS) for visitor in visitors]
    for visitor, where in [*everybody, *((visitor, where) for _, visitor, where in opened(site))]:
        response = visitor.get(where)
        said = {name.lower(): value for name, value in response.headers.items()}
        is_drawn = said["content-type"] == "image/webp"
        is_handed_in = where.startswith(("/evidence/", "/review/notes/")) and (
            response.streaming or is_drawn
        )
        assert said["content-security-policy"] == (FILE_POLICY if is_handed_in else _POLICY), where
        assert said["x-frame-options"] == "DENY"
        assert said["x-content-type-options"] == "nosniff"
        assert said["referrer-policy"] == "same-origin"
        assert said["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in said["permissions-policy"]
        assert "no-store" in said["cache-control"], where
    assert "unsafe" not in _POLICY
    assert {"sandbox", "default-src 'none'", "frame-ancestors 'none'"} <= set(
        FILE_POLICY.split("; ")
    )
    assert {"frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"} <= set(
        _POLICY.split("; ")
    )


@same_everywhere
def test_cookies_are_out_of_reach_of_scripts_and_other_sites(site):
    account = with_password("综合科经办人")
    visitor = Client()
    visitor.get("/sign-in")
    visitor.post("/sign-in", {"login": account.login, "password": PASSWORD})
    names = {name.removeprefix("__Host-") for name in visitor.cookies}
    assert {"csrftoken", "sessionid"} <= names
    for name, cookie in visitor.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] in ("Lax", "Strict"), name
        assert not cookie["domain"], name


def said(response):
    names = ("Content-Disposition", "Content-Security-Policy", "X-Content-Type-Options")
    return tuple(response.headers.get(name, "") for name in names)


@same_everywhere
def test_downloads_are_attachments(site):
    """What is no page of ours is handed over as a file, whatever is in it, and written down.

    Pictures of our own making are part of a page, in a sandbox, and nothing that somebody handed in.
    """
    taken = SecurityEvent.objects.filter(kind=EventKind.DOWNLOADED.value)
    files = 0
    for row, visitor, where in opened(site):
        response = visitor.get(where)
        kind = response.headers["Content-Type"]
        if row.route == "evidence_picture":
            assert (kind, said(response)) == ("image/webp", ("inline", FILE_POLICY, "nosniff"))
        elif row.route != "health" and not kind.startswith(("text/html", "text/calendar")):
            assert said(response)[0].startswith("attachment"), where
            files += 1
            assert taken.count() == files, where
            assert taken.latest("pk").path == where.partition("?")[0]
    assert files > 10


# --- O01: other people's things -------------------------------------------------------------------


def test_o01_ids_that_nobody_has_are_not_found(site):
    """An id that is made up gets the same answer as a foreign one, from everybody."""
    visitors = [browser(site, who) for who in ("联络员", "汇总科长", "系统管理员", "审计管理员")]
    asked = set()
    for row, real in ((row, dict(THINGS[row.thing](site))) for row in rows() if row.thing):
        real.pop("?", "")
        strange = {
            key: 10**9 if isinstance(value, int) else uid("niemand") for key, value in real.items()
        }
        if not strange or row.route in asked or row.answers["卸任者"] == "200":
            continue
        asked.add(row.route)
        where = reverse(row.route, kwargs=strange)
        for visitor in visitors:
            assert visitor.get(where).status_code in (302, 303, 403, 404, 405), where
    assert asked


# --- O02…O04: forms from elsewhere, reading that writes -------------------------------------------


@same_everywhere
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_form_that_is_not_ours_does_nothing(site, method):
    """No unsafe request passes without the token of a page of ours, whoever's session it rides on."""
    everywhere = [where for _, where in addresses(site, THINGS)]
    victims = {
        who: Client(enforce_csrf_checks=True) for who in ("汇总科长", "系统管理员", "联络员")
    }
    for who, victim in victims.items():
        sign_in(victim, Account.objects.get(person=uid(CAST[who])))
    before = everything()
    for where in everywhere:
        for who, victim in victims.items():
            sent = getattr(victim, method)(where, {"act": uid("fremd"), "name": "x"})
            assert sent.status_code == 403, (who, where)
    assert everything() == before


@same_everywhere
def test_no_view_is_excused_from_the_token():
    assert [one.name for one in routes() if getattr(one.view, "csrf_exempt", False)] == []


@same_everywhere
@pytest.mark.parametrize("who", FEW)
def test_looking_changes_nothing(site, who):
    """Every page looked at, asked for its head and its options: all tables are as before."""
    visitor = browser(site, who)
    everywhere = [where for _, where in addresses(site, THINGS)]
    before, size = everything(), site.installation.journal.checkpoint().checkpoint.size
    for where in {*everywhere, *walk(site, who)}:
        visitor.get(where)
        if who == "汇总科长":
            visitor.head(where)
            visitor.options(where)
    changed = {table for table, rest in everything().items() if before.get(table) != rest}
    assert changed == set()
    assert site.installation.journal.checkpoint().checkpoint.size == size


def test_more_fields_than_the_form_has_change_nothing(site):
    """Mass assignment: every column of every model, sent to every address by everybody."""
    columns = {
        field.name: "1"
        for model in apps.get_app_config("web").get_models()
        for field in model._meta.concrete_fields
    }
    hostile = columns | {
        "person": uid("系统管理员"),
        "login": "dieb",
        "is_active": "",
        "is_superuser": "1",
        "actor": uid("系统管理员"),
        "office": "system_admin",
    }
    hostile.pop("password", None)

    def accounts():
        return list(Account.objects.order_by("pk").values_list("pk", "login", "person", "password"))

    visitors = {who: browser(site, who) for who in ("联络员", "监督员", "卸任者", "审计管理员")}
    everywhere = list(addresses(site, THINGS))
    before, size = accounts(), site.size
    for row, where in everywhere:
        for who, visitor in visitors.items():
            if row.answers[who] in ("200", "405") and row.route != "sign_out":
                sent = visitor.post(where, fresh() | hostile)
                assert sent.status_code < 500, (who, where)
    assert accounts() == before
    assert site.size == size


# --- O09: what people are called ------------------------------------------------------------------


@pytest.fixture
def named_by_an_enemy(site):
    """A unit, a section and persons whose names are marks and formulas."""
    name_things(site)
    return site


def seen_by_all(site):
    """Every kind of page once, as each of the cast and the enemy herself see it."""
    own = Client()
    sign_in(own, Account.objects.get(person=uid("Vogel 0")))
    for visitor in [*(browser(site, who) for who in FEW if who != STRANGER), own]:
        yield from crawl(visitor, of_each_kind=1).items()


def test_o09_o15_names_are_words_never_marks_and_never_formulas(named_by_an_enemy):
    seen = books = 0
    for where, page in seen_by_all(named_by_an_enemy):
        if page.kind.startswith("text/html"):
            assert "<img src=x" not in page.text, where
            assert "<b>鸟" not in page.text, where
            assert "鸟</b>" not in page.text, where
            assert "\u202e" not in page.text, where
            assert "\u2028" not in page.text, where
            seen += ESCAPED in page.text
        elif "spreadsheetml" in page.kind:
            assert formulas(page.content) == [], where
            books += 1
        elif page.kind.startswith("text/csv"):
            for cell in page.text.replace("\n", ",").split(","):
                assert not cell.strip('"').startswith(("=", "+", "@", "\t")), where
    assert seen >= 2
    assert books >= 2


def formulas(content):
    """Cells that a spreadsheet would reckon."""
    return [
        (sheet.title, cell.coordinate)
        for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets
        for line in sheet.iter_rows()
        for cell in line
        if cell.data_type == "f"
    ]


@same_everywhere
def test_a_formula_is_noticed():
    book = openpyxl.Workbook()
    book["Sheet"]["A1"] = "=1+1"
    kept = io.BytesIO()
    book.save(kept)
    assert formulas(kept.getvalue()) == [("Sheet", "A1")]


# --- O18…O20, hostile questions -------------------------------------------------------------------


def test_hostile_questions_get_an_answer(site):
    """SQL, NUL, direction marks, numbers too large, paths: a page or a refusal, never a fault."""
    with no_network() as reached:
        for row, visitor, where in opened(site):
            names = names_asked(visitor.get, where)
            for payload in PAYLOADS if len(names) > 1 else PAYLOADS[:1]:
                answer = visitor.get(where, dict.fromkeys(names, payload))
                assert answer.status_code < 500, (row.route, payload)
                if answer.headers["Content-Type"].startswith("text/html"):
                    assert b"<script>alert(7)" not in answer.content
                    assert b"root:x:" not in answer.content
    assert reached == []


def test_hostile_words_in_forms_get_an_answer(site):
    before = site.size
    with no_network() as reached:
        for row, visitor, where in opened(site):
            if row.route in ("sign_in", "sign_out"):
                continue
            names = set(names_asked(visitor.post, where)) - {"act"}
            for payload in PAYLOADS if len(names) > 1 else PAYLOADS[:1]:
                sent = visitor.post(where, dict.fromkeys(names, payload))
                assert sent.status_code < 500, (row.route, payload)
    assert reached == []
    assert site.size == before


@pytest.mark.slow
def test_o19_long_questions_are_answered_in_time(site):
    for row, visitor, where in opened(site):
        names = names_asked(visitor.get, where)
        for payload in LONG if len(names) > 1 else ():
            begun = time.process_time()
            answer = visitor.get(where, dict.fromkeys(names, payload))
            assert answer.status_code < 500, row.route
            assert time.process_time() - begun < PATIENCE, (row.route, payload[:4])


@same_everywhere
def test_paths_that_no_page_has_are_not_found(site):
    strange = (
        "/../etc/passwd",
        "/static/../../session.secret",
        "/static/%2e%2e/%2e%2e/kaoping.sqlite3",
        "/receipts/..%2f..%2fetc%2fpasswd",
        "/receipts/1%00",
        "/receipts/" + "9" * 40,
        "/admin/",
        "/" + "a" * 3000,
    )
    for who in ("系统管理员", STRANGER):
        for where in strange:
            answer = browser(site, who).get(where)
            assert answer.status_code in (302, 400, 404), where
            assert b"root:x:" not in b"".join(answer)


# --- O21: sent elsewhere --------------------------------------------------------------------------

ELSEWHERE = (
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "javascript:alert(7)",
    "\thttps://evil.example",
    "///evil.example",
)


@same_everywhere
@pytest.mark.parametrize("target", ELSEWHERE)
def test_o21_nobody_is_sent_elsewhere(site, target):
    account = with_password("监督员")
    fields = fresh(next=target, to=target, back=target, url=target)
    fields |= {"login": account.login, "password": PASSWORD, "language": "en"}
    asked = {"HTTP_REFERER": target.strip(), "QUERY_STRING": urlencode({"next": target})}
    for row, where in list(addresses(site, THINGS)):
        is_of_the_door = row.answers[STRANGER] != "302" or row.route.startswith("confirm")
        for who in (STRANGER, "监督员") if is_of_the_door or target == ELSEWHERE[0] else ():
            if row.answers[who] in ("200", "303", "405"):
                for send in ("get", "post"):
                    answer = getattr(browser(site, who), send)(where, fields, **asked)
                    going = answer.headers.get("Location", "/")
                    assert going.startswith("/"), (where, going)
                    assert not going.startswith(("//", "/\\", "/\t")), (where, going)


@same_everywhere
def test_o21_another_name_of_the_server_is_refused(site):
    for host in ("evil.example", "127.0.0.1.evil.example", "127.0.0.1:80@evil.example", "a b"):
        answer = browser(site, "监督员").get("/", HTTP_HOST=host)
        assert answer.status_code == 400, host
        assert b"evil.example" not in answer.content
    answer = browser(site, "监督员").get("/", HTTP_X_FORWARDED_HOST="evil.example")
    assert b"evil.example" not in answer.content


# --- O28, O29: names that deceive -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["甲\r\n乙", "甲\u2028乙", "甲\u202e乙", "甲\x00乙", "甲\u200b乙"])
def test_o28_a_name_holds_no_break_and_nothing_unseen(site, name):
    before = site.size
    with pytest.raises(InputError):
        site.do("系统管理员", uid("täuschend"), UnitRegistered("U98", name))
    assert site.size == before


def test_o28_what_is_typed_at_the_door_stays_one_line_of_the_log(site):
    forged = "x\r\n2024-12-18T01:00:00Z signed_in 系统管理员\u2028\u202e"
    Client().post("/sign-in", {"login": forged, "password": "x"})
    for who in ("安全管理员", "审计管理员"):
        page = browser(site, who).get("/security-log").content.decode()
        assert "\u202e" not in page
        assert "\u2028" not in page


@pytest.mark.parametrize("name", ["Cafe\u0301局", "ﬁnance\u0308"])
def test_o29_another_spelling_of_the_same_name_is_refused(site, name):
    with pytest.raises(InputError):
        site.do("系统管理员", uid("zweite"), UnitRegistered("U97", name))
