"""A section looks at what was filed in a real browser: the pages of a pdf, a photo, a table; by keyboard, too."""

from __future__ import annotations

import pytest

from tests.browser.seeing import HEIGHT, WIDTHS
from tests.browser.server import ROOT
from tests.browser.test_filing import arrived, choose, press
from tests.files.photos import jpeg, scene, taken
from tests.files.samples import xlsx
from tests.files.test_previewing import pages

pytestmark = pytest.mark.slow

LIAISON, OTHER, SECTION = "jiaotong1", "zhujian1", "touzi1"
TASK = "1.2"
SCENE = 9
"""A place that no other test files photos of: near photos are counted."""
ROWS = [
    ["项目名称", "建设单位", "年度计划（亿元）", "完成投资（亿元）"],
    *([f"示例道路改造项目 {n}", "市交通运输局", f"{n}.50", f"{n}.20"] for n in range(1, 60)),
]


def filed(visit, login, *files):
    """A unit files files for the first place of the task's catalogue."""
    watched = visit(login)
    watched.go(f"/ledger/tasks/{TASK}")
    kinds = {"pdf": "application/pdf", "jpg": "image/jpeg", "xlsx": "application/octet-stream"}
    choose(
        watched,
        *(
            {"name": name, "mimeType": kinds[name.rpartition(".")[2]], "buffer": content}
            for name, content in files
        ),
    )
    arrived(watched, len(files))
    watched.page.locator("#filing [name=item]").first.check()
    press(watched, "报送")


def opened(watched, name):
    """Go from the review to the preview of a file, and wait until it is made."""
    watched.go(f"/review?task={TASK}")
    watched.page.locator(f"[aria-label='预览 {name}']").first.click()
    watched.page.wait_for_selector("#preview [data-page], #preview .k-grid, #preview .k-note")


def looked_at(watched, screens, name):
    for width in WIDTHS:
        watched.page.set_viewport_size({"width": width, "height": HEIGHT})
        watched.page.screenshot(path=screens / f"{name}-{width}.png")
        assert watched.overflows() == []
        assert watched.barriers() == []
    watched.page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})


def is_drawn(watched, number=1):
    return watched.page.wait_for_function(
        "n => { const one = document.querySelector(`[data-page='${n}'] img`);"
        " return one.complete && one.naturalWidth > 300; }",
        arg=number,
    )


def test_a_section_looks_at_a_pdf_a_photo_and_a_table(visit, screens):
    photo = scene(SCENE, (1600, 1200))
    plan = (ROOT / "tests/files/pdf_samples/notice_with_annex.pdf").read_bytes()
    files = (
        ("投资计划.pdf", plan),
        ("开工现场.jpg", taken(photo)),
        ("项目表.xlsx", xlsx(ROWS)),
    )
    filed(visit, LIAISON, *files)
    filed(visit, OTHER, ("现场照片.jpg", jpeg(photo.resize((800, 600)), 60)))
    section = visit(SECTION)

    opened(section, "投资计划.pdf")
    is_drawn(section)
    looked_at(section, screens, "preview-pdf")
    section.page.keyboard.press("ArrowRight")
    section.page.wait_for_selector("[data-to='2'][aria-current]")
    is_drawn(section, 2)
    section.page.keyboard.press("ArrowLeft")
    section.page.wait_for_selector("[data-to='1'][aria-current]")

    opened(section, "开工现场.jpg")
    is_drawn(section)
    section.page.wait_for_function(
        "() => { if (document.querySelector('aside').innerText.includes('近似')) return true;"
        " setTimeout(() => location.reload(), 1000); return false; }",
        polling=3000,
    )
    is_drawn(section)
    looked_at(section, screens, "preview-photo")

    opened(section, "项目表.xlsx")
    assert "示例道路改造项目 59" in section.page.locator(".k-grid").inner_text()
    looked_at(section, screens, "preview-table")

    section.go(f"/review?task={TASK}")
    main = section.page.locator("main").inner_text()
    assert main.count("的一张照片近似（相差") == 2
    looked_at(section, screens, "review-near")


def test_the_unit_itself_looks_at_what_it_filed(visit):
    filed(visit, LIAISON, ("月报.pdf", pages(1)))
    unit = visit(LIAISON)
    unit.go(f"/ledger/tasks/{TASK}")
    unit.page.locator("[aria-label='预览 月报.pdf']").first.click()
    unit.page.wait_for_selector("#preview [data-page]")
    is_drawn(unit)
    assert "近似" not in unit.page.locator("main").inner_text()
