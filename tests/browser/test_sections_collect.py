"""What sections do while units file: accept, enter for a unit, note, and enter data that they own; in pictures."""

from __future__ import annotations

import pytest

from tests.browser.seeing import HEIGHT, WIDTHS
from tests.browser.test_filing import LIAISON, arrived, choose, file, press
from tests.files.test_inner_checks import pdf

pytestmark = pytest.mark.slow

HANDLER, OWNER = "touzi1", "yingshang1"


@pytest.fixture
def seen(screens):
    """Pictures of what a window shows, wide and narrow; nothing overflows, nothing stands in the way."""

    def look(watched, name, *words):
        said = watched.page.locator("main").inner_text()
        assert [word for word in words if word not in said] == []
        for width in WIDTHS:
            watched.page.set_viewport_size({"width": width, "height": HEIGHT})
            watched.page.screenshot(path=screens / f"{name}-{width}.png", full_page=True)
            assert watched.overflows() == []
            assert watched.barriers() == []
        watched.page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})

    return look


def submit(watched, words, where="main"):
    watched.page.locator(f"{where} button", has_text=words).first.click()
    watched.page.wait_for_load_state()


def test_a_section_accepts_what_it_has_looked_through(visit, seen):
    unit = visit(LIAISON)
    unit.go("/ledger/tasks/1.5")
    choose(unit, file("开工令.pdf", pdf(b"accepted")))
    arrived(unit, 1)
    unit.page.locator("#filing [name=item]").first.check()
    press(unit, "报送")
    section = visit(HANDLER)
    section.go("/review?task=1.5")
    seen(section, "review-open", "审核通过所选", "开工令.pdf")
    section.page.locator("tbody [name=filing]").first.check()
    submit(section, "审核通过所选")
    seen(section, "review-accepted", "已办理并存证：佐证材料审核通过", "通过")
    unit.go("/ledger/tasks/1.5")
    assert "通过" in unit.page.locator("main table").first.inner_text()


def test_a_section_enters_paper_for_a_unit(visit, seen):
    section = visit(HANDLER)
    section.go("/review/behalf")
    section.page.locator("#unit").select_option(label="市交通运输局")
    section.page.locator("#task").select_option(index=1)
    submit(section, "下一步")
    section.page.set_input_files("main [name=file]", [file("来函扫描.pdf", pdf(b"paper"))])
    section.page.wait_for_function(
        "() => document.querySelectorAll('[data-list] [data-upload]').length === 1"
    )
    section.page.locator("#channel-paper").check()
    section.page.locator("main [name=item]").first.check()
    seen(section, "behalf-form", "送达方式", "来函扫描.pdf")
    section.page.locator("main form[enctype] button").last.click()
    section.page.wait_for_load_state()
    seen(section, "behalf-entered", "已办理并存证：佐证材料代录", "来函扫描.pdf", "待确认")


def test_a_section_notes_and_takes_back(visit, seen):
    section = visit(HANDLER)
    section.go("/review/notes")
    section.page.locator("#note-unit").select_option(label="市交通运输局")
    section.page.locator("#note-task").select_option(index=1)
    section.page.fill("#text", "12月5日现场调度，两个项目形象进度与月报不一致，已当面提醒。")
    submit(section, "记录")
    seen(section, "notes-one", "已办理并存证：平时记录", "形象进度")
    section.page.locator("summary", has_text="撤销").first.click()
    section.page.fill("tbody [name=reason]", "应记在另一单位")
    submit(section, "撤销这条")
    seen(section, "notes-withdrawn", "已撤销", "应记在另一单位")


def test_an_owner_enters_data_about_all_units(visit, seen):
    owner = visit(OWNER)
    owner.go("/supply")
    seen(owner, "supply-open", "各单位数值", "方案写明：数据由营商科提供")
    first = owner.page.locator("tbody input.num")
    first.nth(0).fill("92")
    first.nth(1).fill("88.5")
    owner.page.fill("#as_of", "2024-12-15")
    submit(owner, "录入")
    seen(owner, "supply-entered", "已办理并存证", "2024-12-15")
