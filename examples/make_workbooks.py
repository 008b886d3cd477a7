"""Makes annex-1.xlsx, results.xlsx and people.xlsx of the example city; the same bytes every run.

Run it from anywhere: `python examples/make_workbooks.py`.
"""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiny_files import new_workbook, restored, write_text_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

HERE = Path(__file__).parent
CITY = HERE / "baise-2024"
SOURCES = HERE / "sources"

TITLE = "市发展改革委牵头的2024年度绩效考评指标考核内容、任务、完成标准、台账目录清单"
NOTE = (
    "说明：1. 数据截止时间为2024年12月31日。2. 分值为指标在年度绩效考评中的分值，"
    "优化营商环境按百分制评分后折算为8分。3. 台账按目录逐项报送，同一材料只报一次。"
)
HEADINGS = ("序号", "考核指标", "任务", "分值", "完成标准", "台账目录", "涉及单位", "责任科室")
WIDTHS = (6, 16, 22, 7, 48, 36, 44, 14)
DATA_FROM = "（市统计局提供数据）"
LINE_HEIGHT = 16
SAME = "同上"

AS_PRINTED = {"4.1": ("每项扣0.2分", "每项扣0. 2分")}
"""Slips of the pen in the printed annex, by task: what it should say, and what it says."""

Scheme = dict[str, Any]


def main() -> None:
    """Make the three workbooks."""
    scheme = tomllib.loads((CITY / "scheme.toml").read_text(encoding="utf-8"))
    write_annex(scheme, CITY / "annex-1.xlsx")
    write_text_table(
        CITY / "results.xlsx", read_rows(SOURCES / "results.csv"), (12, 8, 14, 12, 14, 12, 8, 30)
    )
    write_text_table(
        CITY / "people.xlsx", read_rows(SOURCES / "people.csv"), (12, 14, 16, 18, 10, 16)
    )


def read_rows(path: Path) -> list[list[str]]:
    """All rows of a csv file, the heading first."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write_annex(scheme: Scheme, path: Path) -> None:
    """Annex 1 as an office would lay it out: title, note, heading, merged cells."""
    workbook = new_workbook(path)
    sheet = workbook.add_worksheet("附件1")
    plain = {
        "border": 1,
        "text_wrap": True,
        "valign": "vcenter",
        "font_name": "仿宋",
        "font_size": 11,
    }
    body = workbook.add_format(plain)
    middle = workbook.add_format({**plain, "align": "center"})
    heading = workbook.add_format({**plain, "align": "center", "bold": True, "font_name": "黑体"})
    title = workbook.add_format({"align": "center", "bold": True, "font_size": 16})
    note = workbook.add_format({"text_wrap": True, "valign": "vcenter", "font_size": 10})
    last = len(HEADINGS) - 1
    sheet.merge_range(0, 0, 0, last, TITLE, title)
    sheet.merge_range(1, 0, 1, last, NOTE, note)
    sheet.set_row(1, 30)
    for column, (text, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        sheet.write_string(2, column, text, heading)
        sheet.set_column(column, column, width)
    row = 3
    for indicator in scheme["indicator"]:
        row = _write_indicator(sheet, row, scheme, indicator, (body, middle))
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    workbook.close()
    restored(path)


def _write_indicator(
    sheet: Worksheet, row: int, scheme: Scheme, indicator: Scheme, formats: tuple[Format, Format]
) -> int:
    """The rows of one indicator, its name and section merged over them; the next free row."""
    body, middle = formats
    tasks = indicator["task"]
    before = ""
    for offset, task in enumerate(tasks):
        units = _units_text(scheme, task)
        at = row + offset
        texts = {
            2: task["name"],
            4: _standard_text(task),
            5: _catalogue_text(task),
            6: SAME if units == before else units,
        }
        sheet.write_string(at, 0, task["id"], middle)
        sheet.write_number(at, 3, float(task["points"]), middle)
        for column, text in texts.items():
            sheet.write_string(at, column, text, body)
        sheet.set_row(at, LINE_HEIGHT * max(_lines_of(t, WIDTHS[c]) for c, t in texts.items()))
        before = units
    name = f"{indicator['name']}（{indicator['points']}分）"
    for column, text in ((1, name), (7, indicator["responsible_section"])):
        sheet.merge_range(row, column, row + len(tasks) - 1, column, text, middle)
    return row + len(tasks)


def _lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a column, a Chinese character being two wide."""
    return sum(-(-2 * len(line) // width) for line in text.splitlines())


def _units_text(scheme: Scheme, task: Scheme) -> str:
    """The units concerned, those declared not applicable left out."""
    names = {unit["id"]: unit["name"] for unit in scheme["unit"]}
    without = {
        row["unit"]
        for row in scheme["assignment"]
        if row["task"] == task["id"] and row.get("state") == "not-applicable"
    }
    return "、".join(names[unit] for unit in task["units"] if unit not in without)


def _standard_text(task: Scheme) -> str:
    text = str(task["standard"])
    if task["id"] in AS_PRINTED:
        text = text.replace(*AS_PRINTED[task["id"]], 1)
    return text + DATA_FROM if task.get("data_owner") == "统计局" else text


def _catalogue_text(task: Scheme) -> str:
    """1.材料 2.材料， one a line."""
    items: Sequence[Scheme] = task["catalogue"]
    return "\n".join(f"{number}.{item['name']}" for number, item in enumerate(items, 1))


if __name__ == "__main__":
    main()
