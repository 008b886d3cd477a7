"""Every page of the table in a real browser, wide and narrow: quiet, without barriers, and in a picture."""

from __future__ import annotations

import pytest

from tests.browser.seeing import HEIGHT, WIDTHS
from tests.browser.server import ROOT
from tests.browser.test_filing import arrived, choose, file, press
from tests.files.photos import scene, taken
from tests.web.every_page.cast import STRANGER, rows
from tests.web.every_page.crawling import crawl, kind_of

pytestmark = pytest.mark.slow

LOGINS = {
    "联络员": "jiaotong1",
    "单位负责人": "jiaotong2",
    "经办人": "touzi1",
    "科长": "touzi2",
    "汇总经办": "pinggu1",
    "汇总科长": "pinggu2",
    "分管领导": "lingdao1",
    "主要领导": "zhuren",
    "核验员": "heyan1",
    "监督员": "jiandu",
    "系统管理员": "xitong",
    "安全管理员": "anquan",
    "审计管理员": "shenji",
}
"""The example's accounts, by the columns of the table."""
WITHOUT_LINK = {
    "confirm": ("联络员", "/confirm"),
    "recovery_codes": ("联络员", "/account/factors/codes"),
    "notices": ("联络员", "/notices"),
    "discipline": ("经办人", "/discipline"),
    "burden_unit": ("汇总经办", "/burden"),
    "year_open": ("汇总经办", "/year/open"),
    "deadline_extend": ("分管领导", "/deadlines"),
    "receipt": ("审计管理员", "/receipts/20"),
    "receipt_pdf": ("审计管理员", "/receipts/20/pdf"),
    "receipt_proof": ("审计管理员", "/receipts/20/proof"),
    "receipt_body": ("审计管理员", "/receipts/20/body"),
}
"""Pages to which no link of the untouched example leads the first who may see them: who looks, and
where she begins."""
NOT_IN_THE_EXAMPLE = {
    "message": "nobody has been reminded yet",
    "scheme_comparison_xlsx": "the scheme has one version only",
    "upload_state": "a part of a page, while a file comes",
    "evidence_file": "a file to keep",
    "evidence_picture": "a part of a page",
    "review_xlsx": "nothing is filed yet",
    "notes_xlsx": "nothing is noted yet",
    "supply_task": "none of these owns data; test_sections_collect looks at it",
    "note_file": "nothing is noted yet",
    "verification_state": "a part of a page, while something is verified",
    "health": "no page",
    "calendar_feed": "no page",
}
NOTICE = ROOT / "examples" / "baise-2024" / "notice.txt"
PEOPLE = "姓名,工号,账号,单位,科室,角色,自\n{0},{1},jt-{1},市交通运输局,,联络员,2024-12-18\n"


def begin_drafts(watched):
    """A draft from the version in force, and one read from a notice."""
    starts = []
    for form in ("版本", "来文"):
        watched.go("/scheme/drafts/new")
        if form == "来文":
            watched.page.set_input_files("[name=notice]", NOTICE)
            watched.page.locator("form", has=watched.page.locator("[name=notice]")).locator(
                "button"
            ).click()
        else:
            watched.page.locator("form", has=watched.page.locator("[value=version]")).locator(
                "button"
            ).click()
        watched.page.wait_for_url(lambda url: not url.endswith("/new"))
        starts.append(watched.page.url.removeprefix(watched.address))
    number = starts[0].rsplit("/", 1)[1].partition("?")[0]
    return [f"/burden/drafts/{number}", *starts]


def hand_in_a_list(watched, name, number):
    """A list of one person, by the system administrator."""
    watched.go("/people/lists/new")
    file = {
        "name": "名单.csv",
        "mimeType": "text/csv",
        "buffer": PEOPLE.format(name, number).encode(),
    }
    watched.page.set_input_files("[name=list]", file)
    watched.page.locator("main form button").first.click()
    watched.page.wait_for_url(lambda url: not url.endswith("/new"))
    return [watched.page.url.removeprefix(watched.address)]


def file_a_photo(watched):
    """By a liaison; the address of its preview, once it is made."""
    watched.go("/ledger/tasks/1.2")
    choose(watched, file("开工现场.jpg", taken(scene(7, (1600, 1200)))))
    arrived(watched, 1)
    watched.page.locator("#filing [name=item]").first.check()
    press(watched, "报送")
    watched.page.locator("[aria-label='预览 开工现场.jpg']").first.click()
    watched.page.wait_for_selector("[data-page]")
    return [watched.page.url.removeprefix(watched.address)]


def shown_to(who):
    """Routes that this test looks at as somebody: those that nobody before her in the table may see."""
    others = [STRANGER, *LOGINS]
    before = others[: others.index(who)]
    mine = {row.route for row in rows() if row.answers[who] == "200"}
    theirs = {row.route for row in rows() for other in before if row.answers[other] == "200"}
    return (mine - theirs - set(WITHOUT_LINK)) | {
        route for route, (other, _) in WITHOUT_LINK.items() if other == who
    }


def pages_of(watched, who, starts=()):
    """One address for each kind of page that is to be looked at, and the routes of all, files too."""
    own = shown_to(who)
    found: dict[str, str] = {}
    routes: set[str] = set()
    direct = [where for other, where in WITHOUT_LINK.values() if other == who]
    for where, page in crawl(watched, "/", *direct, *starts, of_each_kind=1).items():
        view, asked = kind_of(where) or ("", ())
        if page.status != 200:
            continue
        routes.add(view)
        if page.kind.startswith("text/html") and (view in own or view == "desk"):
            name = "-".join([view.replace(":", "-"), *asked])
            found.setdefault(name if view != "desk" else f"desk-{LOGINS[who]}", where)
    return found, routes


def look(watched, name, where, screens):
    """A page at both widths: its picture kept, and everything wrong with it by its name."""
    faults = []
    assert watched.go(where) == 200
    for width in WIDTHS:
        watched.page.set_viewport_size({"width": width, "height": HEIGHT})
        watched.page.screenshot(path=screens / f"{name}-{width}.png", full_page=True)
        faults += [f"{name} at {width}: {one}" for one in watched.overflows()]
        faults += [f"{name} at {width}: {one}" for one in watched.barriers()]
    watched.page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    return faults


@pytest.mark.parametrize("who", LOGINS)
def test_every_page_is_seen_wide_and_narrow(visit, screens, who):
    watched = visit(LOGINS[who])
    starts = begin_drafts(watched) if who == "汇总经办" else []
    if who == "联络员":
        starts = file_a_photo(watched)
    if who == "系统管理员":
        starts = hand_in_a_list(watched, "庄晓岚", "j901")
    if who == "安全管理员":
        other = visit(LOGINS["系统管理员"])
        starts = hand_in_a_list(other, "祝同舟", "j902")
        other.page.locator("main button", has_text="登记").first.click()
        other.page.wait_for_load_state()
    pages, routes = pages_of(watched, who, starts)
    faults = [
        fault for name, where in pages.items() for fault in look(watched, name, where, screens)
    ]
    assert faults == []
    assert shown_to(who) - routes - NOT_IN_THE_EXAMPLE.keys() == set(), "no link leads there"


def test_the_pages_of_strangers_are_seen(visit, screens):
    watched = visit()
    assert look(watched, "sign_in", "/sign-in", screens) == []


def test_pages_of_errors_are_seen(visit, screens):
    watched = visit(LOGINS["联络员"])
    watched.expected |= {403, 404}
    for name, where in (("error-404", "/nirgends"), ("error-receipt", "/receipts/999999")):
        assert watched.go(where) == 404
        watched.page.screenshot(path=screens / f"{name}-1366.png", full_page=True)
        assert watched.barriers() == []
