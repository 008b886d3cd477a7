"""数据收集 from its first day to the last late filing: nothing is lost, all of it verifies, nobody sees another's."""

from __future__ import annotations

import json
import shutil

import pytest

from kaoping.web import opening
from kaoping.web.demo import SHOWN, build
from kaoping.web.models import Account, Entry
from tests.cli.folders import kaoping
from tests.cycle.city import UNITS, make_city
from tests.cycle.looking import require_nothing_by_id, require_only_own
from tests.cycle.season import Season
from tests.files.test_inner_checks import pdf
from tests.web.conftest import Clock
from tests.web.test_database_verification import address

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
COORDINATING, INVESTMENT = "pinggu1", "touzi1"
SCRIPT = pdf(b"3 0 obj <</S /JavaScript /JS (app.alert)>> endobj")
EARLY = ("工信局", "交通局", "水利局", "林业局", "科技局")
REST = ("邮政管理局", "教育局", "民政局", "生态环境局", "大数据局", "司法局")
LATE = "税务局"


@pytest.fixture
def season(tmp_path, guarded, settings):
    """The city on the morning on which the example begins, with nothing filed."""
    settings.SECOND_FACTOR = "off"
    city = make_city(tmp_path / "city")
    build(city, tmp_path / "data", "demo/season")
    clock = Clock()
    clock.now = SHOWN
    here = opening.open_installation(tmp_path / "data", clock)
    opening.hold(here)
    yield Season(here, clock, city)
    opening.hold(None)


def test_a_season_of_collecting(season, tmp_path, capsys):
    begun, held = Entry.objects.count(), tmp_path / "held"
    collect(season, held)
    for house in season.houses.values():
        require_only_own(season, house)
    require_nothing_by_id(season)
    require_receipts(season, begun, tmp_path, capsys)
    require_sound(season, held, capsys)


def collect(season, held):
    """The whole story. A further step is a further line."""
    houses, office, investment = season.houses, season.section(COORDINATING), season.section(INVESTMENT)  # fmt: skip
    assert set(houses) == {*EARLY, *REST, LATE} == set(UNITS)
    transport, industry, water = houses["交通局"], houses["工信局"], houses["水利局"]

    season.at("2024-12-18 10:00")
    asked = {code: house.asked() for code, house in houses.items()}

    def require_progress(**missing):
        """All have filed all but for what is named: everything of a unit, or some tasks of it."""
        lacking = {code: asked[code] if left == "all" else left for code, left in missing.items()}
        expected = {
            house.name: (len(house.tasks) - len(lacking.get(code, ())), len(house.tasks))
            for code, house in houses.items()
        }
        assert office.progress() == expected

    require_progress(**dict.fromkeys(houses, "all"))
    for code in EARLY:
        houses[code].does()
    require_progress(**dict.fromkeys((*REST, LATE), "all"))
    shutil.copyfile(season.installation.data / "journal" / "checkpoint", held)

    season.at("2024-12-20 15:00")
    industry.is_refused("1.1", "现场记录.pdf", SCRIPT, "含有脚本")
    industry.files("1.2", by_form=True)
    investment.returns(transport, "1.1", "第二页缺章，请补")
    water.withdraws("1.3")
    require_progress(交通局={"1.1"}, 水利局={"1.3"}, **dict.fromkeys((*REST, LATE), "all"))

    season.at("2024-12-25 09:30")
    transport.corrects("1.1")
    water.files("1.3", by_form=True)
    for code in (*REST, LATE):
        office.reminds(houses[code])

    season.at("2025-01-03 11:00")
    for code in REST:
        houses[code].does(event="2025-01-02")
    investment.sees(houses["教育局"], "日期晚于数据截止时间")
    require_progress(**{LATE: "all"})

    season.at("2025-01-04 10:00")
    investment.accepts(transport, "1.1")
    investment.enters(water, "1.1")
    water.accepts_what_was_entered("1.1")
    investment.notes(industry, "1.1")
    season.section("yingshang1").supplies("95")
    industry.reports_by_workbook(26.8)

    season.at("2025-01-06 16:00")
    for code in (*EARLY, *REST):
        houses[code].confirms()
    assert office.confirmed() == len(houses) - 1

    season.at("2025-01-07 09:00")
    office.reminds(houses[LATE])
    houses[LATE].does()
    houses[LATE].confirms()
    season.section("yingshang1").sees(houses[LATE], "逾期收到")
    water.reports("1.1", amount="13")
    assert office.confirmed() == len(houses) - 1, "who changes something confirms anew"
    water.confirms()
    require_progress()
    assert office.confirmed() == len(houses)


def require_receipts(season, begun, folder, capsys):
    """What everybody gets as a receipt of everything done in the season verifies away from here."""
    key, logins = season.installation.journal.key.text, dict(Account.objects.values_list("person", "login"))  # fmt: skip
    proof, body = folder / "r.tlog-proof", folder / "r.body.json"
    done = Entry.objects.filter(index__gte=begun)
    assert done.count() > 150
    for entry in done:
        browser = season.browser(logins[entry.actor])
        for file, ending in ((proof, "proof"), (body, "body")):
            file.write_bytes(browser.get(f"/receipts/{entry.index}/{ending}").content)
        said = kaoping(capsys, "receipt", "verify", proof, "--key", key, "--json")
        assert said.code == 0, said.err
        assert json.loads(said.out)["index"] == entry.index


def require_sound(season, held, capsys):
    """The journal with its database and its files verifies by every letter that is about them."""
    here = season.installation
    words = ("journal", "verify", here.data / "journal", "--key", here.journal.key.text)
    more = ("--database", address(), "--blobs", here.data / "blobs", "--since", held)
    said = kaoping(capsys, *words, *more, "--complete", "--json")
    assert said.code == 0, said.err
    passed = {one["layer"] for one in json.loads(said.out)["layers"] if one["state"] == "passed"}
    assert passed >= {"C", "K", "B", "S", "E", "P"}
