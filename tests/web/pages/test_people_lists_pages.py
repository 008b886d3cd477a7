"""人员名单: handed in by one administrator, its duties given by another; all faults at once."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaoping.core.workflow.questions import is_valid
from kaoping.core.workflow.things import Duty, Human, Person
from kaoping.files.people import read_people
from kaoping.web.actions import people as carrying
from kaoping.web.models import Account, Entry, PeopleList
from tests.files.samples import xlsx
from tests.web.site import fresh, text_of
from tests.world_set_up import uid

STAGE = "registered"
HEADS = ["姓名", "工号", "账号", "单位", "科室", "角色", "指标", "自", "至", "代理（谁的工号）"]
OTHERS = ("青禾县联络员", "综合科经办人", "评估督导科科长", "监督员", "主要领导", "审计管理员乙")
GOOD = [
    ["新甲", "N-1", "xinjia", "", "综合科", "经办人", "1", "2024-10-01", "", ""],
    ["新甲", "N-1", "xinjia", "", "综合科", "经办人", "2", "2024-10-01", "2025-06-30", ""],
    ["新乙", "N-2", "xinyi", "牵头局", "产业科", "部门负责人", "", "2024/10/01", "", ""],
    ["新丙", "N-3", "xinbing", "", "综合科", "经办人", "1", "2024-10-01", "2024-12-31", "N-1"],
    ["新丁", "N-4", "", "青禾县", "", "", "", "", "", ""],
]


def file_of(rows, name="名单.xlsx"):
    return SimpleUploadedFile(name, xlsx([HEADS, *rows]))


def hand_in(site, rows, name="系统管理员", **fields):
    return site.client(name).post("/people/lists/new", {"list": file_of(rows), **fields})


def kept(site, rows, **fields):
    sent = hand_in(site, rows, **fields)
    assert sent.status_code == 303, text_of(sent)
    return PeopleList.objects.get(id=sent["Location"].rsplit("/", 1)[-1])


def do(browser, one, half, **fields):
    address = f"/people/lists/{one.id}/{half}"
    return browser.post(address, {"digest": one.digest, "reason": "按名单", **fields})


def carry_out(site, one):
    """Both halves, each asked for until nothing is left."""
    for name, half, left in (
        ("系统管理员", "register", "left_to_register"),
        ("安全管理员", "give", "left_to_give"),
    ):
        browser = site.client(name)
        for _ in range(99):
            page = browser.get(f"/people/lists/{one.id}")
            if not getattr(page.context["preview"], left):
                break
            assert do(browser, one, half).status_code == 303


def present_duties(site):
    """Person, role, indicator and days of every duty that was not ended."""
    state = site.state
    return sorted(
        (
            state.get(Person, duty.person).name,
            duty.role.value,
            duty.indicator or "",
            str(duty.from_date),
            str(duty.until_date or ""),
        )
        for duty in state.every(Duty)
        if duty.ended_on is None
    )


# --- handing in -----------------------------------------------------------------------------------


def test_a_list_is_only_looked_at_until_somebody_does_it(site):
    before = site.size
    one = kept(site, GOOD)
    page = text_of(site.client("系统管理员").get(f"/people/lists/{one.id}"))
    assert "人员 4 人，开通账号 3 个" in page
    assert "授予职责 4 项" in page
    for words in ("新甲", "牵头局 · 综合科", "xinjia", "部门负责人", "代理 新甲", "第 2 行"):
        assert words in page
    assert site.size == before
    assert Account.objects.filter(login="xinjia").count() == 0


def test_the_same_list_handed_in_again_is_the_same(site):
    content = file_of(GOOD).read()
    browser = site.client("系统管理员")
    sent = {
        browser.post("/people/lists/new", {"list": SimpleUploadedFile("名单.xlsx", content)})[
            "Location"
        ]
        for _ in range(2)
    }
    assert len(sent) == 1
    assert PeopleList.objects.count() == 1


def test_no_staff_number_is_kept(site):
    one = kept(
        site, [["新甲", "CANARY-1", "xinjia", "", "综合科", "经办人", "", "2024-10-01", "", ""]]
    )
    carry_out(site, one)
    everything = one.content + "".join(Entry.objects.values_list("body", flat=True))
    assert "CANARY" not in everything


def test_a_csv_does_as_well(site):
    text = "\r\n".join(",".join(row) for row in [HEADS, *GOOD])
    for encoding in ("utf-8-sig", "gb18030"):
        file = SimpleUploadedFile("名单.csv", text.encode(encoding))
        sent = site.client("系统管理员").post("/people/lists/new", {"list": file})
        assert sent.status_code == 303


HOSTILE = [
    (["=HYPERLINK(1)", "H-1", "=cmd", "", "综合科", "经办人", "", "2024-10-01", "", ""], "LOGIN"),
    (["甲", "H-2", "", "", "没有这个科", "经办人", "", "2024-10-01", "", ""], "没有科室"),
    (["乙", "H-3", "", "没有这个县", "", "联络员", "", "2024-10-01", "", ""], "没有单位"),
    (["丙", "H-4", "", "", "综合科", "经办人", "", "2024-13-01", "", ""], "不是日期"),
    (["丁", "H-5", "", "", "综合科", "局长", "", "2024-10-01", "", ""], "没有角色"),
    (["戊", "H-6", "", "", "综合科", "经办人", "", "2024-10-01", "", ""], ""),
    (["己", "H-6", "", "", "综合科", "经办人", "1", "2024-10-01", "", ""], "前面"),
    (["庚", "H-7", "", "", "综合科", "联络员", "", "2024-10-01", "", ""], "职责范围"),
    (["系统管理员", "", "", "", "", "监督员", "", "2024-10-01", "", ""], "工号不能为空"),
]


def test_a_hostile_list_is_told_whole_and_changes_nothing(site):
    before = (site.size, Account.objects.count())
    sent = hand_in(site, [row for row, _ in HOSTILE])
    assert sent.status_code == 422
    words = text_of(sent)
    for number, (_row, said) in enumerate(HOSTILE, 2):
        if said:
            assert f"第 {number} 行" in words, said
    assert (site.size, Account.objects.count()) == before
    assert PeopleList.objects.count() == 0


def test_ten_thousand_wrong_rows_are_all_told(site):
    rows = [
        [f"人{n}", f"T-{n % 7000}", "", f"无此单位{n}", "", "联络员", "", "2024-13-01", "", ""]
        for n in range(10_000)
    ]
    begun = time.perf_counter()
    sent = hand_in(site, rows)
    assert sent.status_code == 422
    assert "第 10001 行" in text_of(sent)
    assert time.perf_counter() - begun < 30
    assert PeopleList.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("名单.xlsx", b"PK no workbook"),
        ("名单.csv", b"\x00\x01\x02"),
        ("名单.exe", b"MZ"),
        ("名单.csv", b"a,b\r\n1,2\r\n"),
        ("名单.csv", b" "),
    ],
)
def test_what_is_no_list_is_told(site, name, content):
    file = SimpleUploadedFile(name, content)
    sent = site.client("系统管理员").post("/people/lists/new", {"list": file})
    assert sent.status_code == 422


def test_no_file_and_no_scheme_are_told(site):
    browser = site.client("系统管理员")
    assert browser.post("/people/lists/new").status_code == 422
    bad = SimpleUploadedFile("方案.toml", b"no = toml = at all")
    assert (
        browser.post("/people/lists/new", {"list": file_of(GOOD), "scheme": bad}).status_code == 422
    )


def test_the_empty_form_can_be_downloaded_and_read(site):
    form = site.client("系统管理员").get("/people/lists/form")
    tables = read_people(form.content, "空表.xlsx").tables
    assert {name: table.rows for name, table in tables.items()} == dict.fromkeys(tables, ())


# --- the two halves -------------------------------------------------------------------------------


def test_one_registers_and_another_gives(site):
    one = kept(site, GOOD)
    security = site.client("安全管理员")
    assert do(security, one, "give").status_code == 409
    assert do(site.client("系统管理员"), one, "register").status_code == 303
    carry_out(site, one)
    assert {"新甲", "新乙", "新丙", "新丁"} <= {p.name for p in site.state.every(Person)}
    assert set(Account.objects.filter(login__startswith="xin").values_list("login", flat=True)) == {
        "xinjia",
        "xinyi",
        "xinbing",
    }
    duties = present_duties(site)
    assert ("新甲", "handler", "2", "2024-10-01", "2025-06-30") in duties
    assert ("新丙", "handler", "1", "2024-10-01", "2024-12-31") in duties
    actors = {
        entry.type: entry.actor for entry in Entry.objects.order_by("-index")[: len(GOOD) * 2]
    }
    assert actors["person.registered/1"] == uid("系统管理员")
    assert actors["duty.given/1"] == uid("安全管理员")
    assert "名单已全部办理" in text_of(security.get(f"/people/lists/{one.id}"))


def test_the_system_administrator_gives_no_duty_and_the_security_one_registers_nobody(site):
    one, before = kept(site, GOOD), site.size
    assert do(site.client("系统管理员"), one, "give").status_code == 403
    assert do(site.client("安全管理员"), one, "register").status_code == 403
    assert hand_in(site, GOOD, "安全管理员").status_code == 403
    assert site.size == before


def test_long_lists_go_in_parts_and_a_broken_off_one_goes_on(site, monkeypatch):
    monkeypatch.setattr(carrying, "AT_ONCE", 3)
    one = kept(site, GOOD)
    browser, before = site.client("系统管理员"), site.size
    do(browser, one, "register")
    assert site.size == before + 3
    page = browser.get(f"/people/lists/{one.id}")
    assert "已办理 3 项，还剩" in text_of(page)
    assert page.context["preview"].left_to_register == 4
    carry_out(site, one)
    assert present_duties(site).count(("新甲", "handler", "1", "2024-10-01", "")) == 1


def test_on_a_page_that_can_the_next_part_follows_by_itself(site, monkeypatch):
    monkeypatch.setattr(carrying, "AT_ONCE", 2)
    one, browser = kept(site, GOOD), site.client("系统管理员")
    parts = []
    for _ in range(20):
        answer = browser.post(
            f"/people/lists/{one.id}/register",
            {"digest": one.digest, "total": "7"},
            headers={"HX-Request": "true"},
        )
        assert answer.status_code == 200
        parts += re.findall(r'max="(\d+)" value="(\d+)"', answer.content.decode())
        if "hx-post" not in answer.content.decode():
            break
    assert parts == [("7", "2"), ("7", "4"), ("7", "6"), ("7", "7")]


def test_twice_is_once(site):
    one = kept(site, GOOD)
    carry_out(site, one)
    size, accounts, duties = site.size, Account.objects.count(), present_duties(site)
    do(site.client("系统管理员"), one, "register")
    do(site.client("安全管理员"), one, "give")
    again = kept(site, GOOD)
    carry_out(site, again)
    assert (site.size, Account.objects.count(), present_duties(site)) == (size, accounts, duties)


def test_a_complete_list_ends_what_it_leaves_out_with_a_reason(site):
    one = kept(site, GOOD[:1], extent="complete")
    page = text_of(site.client("安全管理员").get(f"/people/lists/{one.id}"))
    assert "完整名单" in page
    carry_out(site, one)
    assert present_duties(site) == [("新甲", "handler", "1", "2024-10-01", "")]
    ended = Entry.objects.filter(type="duty.ended/1").latest("index")
    assert "按名单" in ended.body


def test_a_list_that_was_changed_meanwhile_or_laid_aside_is_not_done(site):
    one, before = kept(site, GOOD), site.size
    browser = site.client("系统管理员")
    other = browser.post(f"/people/lists/{one.id}/register", {"digest": "0" * 64})
    assert other.status_code == 409
    PeopleList.objects.filter(id=one.id).update(content=one.content.replace("新甲", "别人"))
    assert do(browser, one, "register").status_code == 409
    PeopleList.objects.filter(id=one.id).update(content=one.content)
    assert browser.post(f"/people/lists/{one.id}/aside").status_code == 303
    assert do(browser, one, "register").status_code == 409
    assert "已搁置" in text_of(browser.get(f"/people/lists/{one.id}"))
    assert site.size == before


def test_a_list_that_no_longer_fits_says_so(site):
    one = kept(site, GOOD)
    form = fresh(name="别的人", staff_number="N-1", house=uid("产业科"))
    site.client("系统管理员").post("/people/new", form)
    before = site.size
    assert do(site.client("系统管理员"), one, "register").status_code == 422
    assert "不再成立" in text_of(site.client("系统管理员").get(f"/people/lists/{one.id}"))
    assert site.size == before


def test_the_export_handed_in_again_asks_for_nothing(site):
    carry_out(site, kept(site, GOOD[:4]))
    content = site.client("系统管理员").get("/people/export").content
    sent = site.client("系统管理员").post(
        "/people/lists/new",
        {"list": SimpleUploadedFile("导出.xlsx", content), "extent": "complete"},
    )
    assert sent.status_code == 303, text_of(sent)
    page = site.client("系统管理员").get(sent["Location"])
    assert page.context["preview"].is_done


# --- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_gets_in(site, name):
    one, before = kept(site, GOOD), site.size
    browser = site.client(name)
    for address in ("", "/form", "/new", f"/{one.id}", f"/{one.id}/give", f"/{one.id}/register"):
        assert browser.get(f"/people/lists{address}").status_code in (403, 405)
    for half in ("give", "register", "aside"):
        assert do(browser, one, half).status_code == 403
    assert site.size == before
    assert not PeopleList.objects.get(id=one.id).is_aside


def test_strangers_are_sent_to_the_door(site):
    one = kept(site, GOOD)
    for address in ("", "/new", f"/{one.id}", f"/{one.id}/give"):
        assert site.nobody.get(f"/people/lists{address}")["Location"].startswith("/sign-in")


def test_giving_wants_a_fresh_proof(site):
    one = kept(site, GOOD)
    do(site.client("系统管理员"), one, "register")
    do(site.client("系统管理员"), one, "register")
    browser, before = site.client("安全管理员"), site.size
    site.clock.now += timedelta(minutes=6)
    assert do(browser, one, "give")["Location"].startswith("/confirm")
    assert site.size == before


# --- any list -------------------------------------------------------------------------------------


@st.composite
def some_rows(draw):
    rows = []
    for number in range(draw(st.integers(1, 4))):
        section = ("综合科", "产业科")[number % 2]
        for indicator in draw(st.lists(st.sampled_from(["", "1", "2"]), unique=True, max_size=2)):
            last = draw(st.sampled_from(["", "2024-12-31", "2025-12-31"]))
            who = [f"人{number}", f"P-{number}", f"ren{number}", "", section]
            rows.append([*who, "经办人", indicator, "2024-10-01", last, ""])
    return rows or [["人0", "P-0", "ren0", "", "综合科", "", "", "", "", ""]]


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(some_rows())
def test_any_list_done_twice_leaves_exactly_what_it_says(site, rows):
    one = kept(site, rows, extent="complete")
    carry_out(site, one)
    size = site.size
    carry_out(site, kept(site, rows, extent="complete"))
    assert site.size == size
    assert present_duties(site) == sorted(
        (name, "handler", indicator, first, last)
        for name, _, _, _, _, role, indicator, first, last, _ in rows
        if role
    )
    state = site.state
    for name, number, *_ in rows:
        (account,) = state.get(Human, site.installation.staff_number_digest(number)).accounts
        assert state.get(Person, account).name == name
    assert all(
        is_valid(state, duty, duty.from_date) for duty in state.every(Duty) if duty.ended_on is None
    )
