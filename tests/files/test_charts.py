"""Charts as they are drawn: nothing cut, nothing run, nothing outside."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pytest
from lxml import etree
from PIL import Image

from kaoping.core.errors import EnvironmentFault
from kaoping.core.report.document import Bar, BarChart, HeatMap, Part
from kaoping.files.charts import BAR, INK, SHADES, WIDTH, chart_png, chart_svg
from kaoping.files.fonts import find_faces
from tests.files.official import official, set_in_pdf

SVG = "{http://www.w3.org/2000/svg}"
LONG = "某市人民政府关于推进示范建设工作领导小组办公室综合协调督查考核评价中心"
BARS = BarChart(
    "各单位总分（分）",
    (Bar("市示例局", Decimal("92.5"), "92.50"), Bar(LONG, Decimal("46.25"), "46.25")),
    Decimal("92.5"),
)
FIELDS = HeatMap(
    "得分率（%）",
    ("经济发展", LONG),
    (("市示例局", (Decimal(100), None)), (LONG, (Decimal("49.9"), Decimal(50)))),
)


def drawn(chart):
    return etree.fromstring(chart_svg(chart, "Noto Sans CJK SC"))


def rects(root):
    return [
        ({n: float(one.get(n)) for n in ("x", "y", "width", "height")}, one.get("fill"))
        for one in root.iter(f"{SVG}rect")
    ]


def test_bars_are_as_long_as_their_values():
    first, second = [one["width"] for one, fill in rects(drawn(BARS)) if fill == BAR]
    assert first == pytest.approx(2 * second, abs=0.01)
    assert first < WIDTH


@pytest.mark.parametrize("chart", [BARS, FIELDS], ids=["bars", "fields"])
def test_no_word_is_cut(chart):
    said = "".join(one.text or "" for one in drawn(chart).iter(f"{SVG}text"))
    assert LONG in said
    sizes = [float(one.get("font-size")) for one in drawn(chart).iter(f"{SVG}text")]
    assert min(sizes) > 3


@pytest.mark.parametrize("chart", [BARS, FIELDS], ids=["bars", "fields"])
def test_all_of_it_stands_inside(chart):
    root = drawn(chart)
    width, height = map(float, root.get("viewBox").split()[2:])
    for one, _ in rects(root):
        assert 0 <= one["x"] <= one["x"] + one["width"] <= width
        assert 0 <= one["y"] <= one["y"] + one["height"] <= height
    for one in root.iter(f"{SVG}text"):
        assert 0 <= float(one.get("x")) <= width
        assert 0 < float(one.get("y")) <= height


def test_a_field_is_the_darker_the_higher_and_one_without_a_value_has_none():
    fills = [fill for _, fill in rects(drawn(FIELDS))]
    assert fills == [SHADES[-1], SHADES[0], SHADES[1]]
    whites = [one for one in drawn(FIELDS).iter(f"{SVG}text") if one.get("fill") == "#ffffff"]
    assert [one.text for one in whites] == ["100"]


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    light = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def test_figures_can_be_read_on_every_shade():
    for number, shade in enumerate(SHADES):
        words = "#ffffff" if number >= 4 else INK
        dark, light = sorted((luminance(words), luminance(shade)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, shade


def test_a_target_is_drawn_where_it_stands():
    chart = BarChart("完成率", (Bar("甲", Decimal(50), "50%"),), Decimal(100), Decimal(100))
    root = drawn(chart)
    (bar,) = [one for one, fill in rects(root) if fill == BAR]
    (mark,) = [one for one in root.iter(f"{SVG}path") if one.get("stroke-dasharray") != "none"]
    found = re.match(r"M([\d.]+)", mark.get("d"))
    assert found
    at = float(found[1])
    assert at - bar["x"] == pytest.approx(2 * bar["width"], abs=0.01)


def test_charts_of_one_scale_can_be_compared():
    half = BarChart("分", (Bar("甲", Decimal(50), "50"),), Decimal(100))
    whole = BarChart("分", (Bar("乙", Decimal(100), "100"),), Decimal(100))
    (short,), (long,) = [[one["width"] for one, _ in rects(drawn(c))] for c in (half, whole)]
    assert long == pytest.approx(2 * short, abs=0.01)


def test_below_zero_and_nothing_at_all_are_no_bars():
    chart = BarChart("分", (Bar("甲", Decimal(-3), "−3"), Bar("乙", Decimal(0), "0")), Decimal(0))
    assert [one["width"] for one, _ in rects(drawn(chart))] == [0, 0]


def test_hostile_words_stay_words():
    evil = '</text><script>alert(1)</script>&"\x07'
    root = drawn(BarChart(evil, (Bar(evil, Decimal(1), evil),), Decimal(1)))
    assert not list(root.iter(f"{SVG}script"))
    said = "".join(one.text or "" for one in root.iter(f"{SVG}text"))
    assert said.count("<script>alert(1)</script>") == 3


def test_it_is_a_picture_for_office_files():
    first, second = (chart_png(BARS, find_faces()) for _ in range(2))
    assert first == second
    picture = Image.open(io.BytesIO(first)).convert("RGB")
    assert picture.width > 1500
    assert (28, 78, 134) in {colour for _, colour in picture.getcolors(1 << 24) or ()}


def test_a_character_that_no_face_has_is_named_and_is_no_empty_box():
    chart = BarChart("总分", (Bar("王🧿", Decimal(1), "1"),), Decimal(1))
    with pytest.raises(EnvironmentFault) as refused:
        chart_png(chart, find_faces())
    assert "🧿" in refused.value.zh
    assert "总分" in refused.value.zh


def test_its_words_are_found_in_the_pdf():
    document = official(annexes=[("图", (BARS, FIELDS))])
    text = "".join(page.extract_text() for page in set_in_pdf(document).pages)
    assert "各单位总分（分）" in text
    assert "市示例局" in text
    assert isinstance(document.parts[1], Part)
