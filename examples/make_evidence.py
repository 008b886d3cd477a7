"""Makes the evidence folder of the example city with its index; the same bytes every run.

Every required catalogue item of every unit gets a small real file, apart from the planted faults
listed first: they are what `expected/ledger.csv` is about. Nothing here is a real document.
Run it from anywhere: `python examples/make_evidence.py`. The folder is made anew.
"""

from __future__ import annotations

import csv
import shutil
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiny_files import docx_bytes, jpeg_bytes, pdf_bytes, png_bytes, write_text_table

if TYPE_CHECKING:
    from collections.abc import Iterator

CITY = Path(__file__).parent / "baise-2024"
FOLDER = CITY / "evidence"
COLUMNS = (
    "unit",
    "task",
    "item",
    "file",
    "event_date",
    "period_from",
    "period_to",
    "received_at",
)

# --- planted faults: (unit, catalogue item) ------------------------------------------------------

MISSING = {("卫健委", "2.2-2"), ("百东新区", "1.4-1"), ("公安局", "3.6-1"), ("交易中心", "5.4-1")}
LATE = {
    ("文旅局", "1.1-2"): "2025-01-08T10:12:00+08:00",
    ("投促局", "4.2-1"): "2025-01-07T00:00:00+08:00",
    ("司法局", "5.1-2"): "2025-01-09T16:40:00+08:00",
}
IN_TIME = {
    ("税务局", "3.1-1"): "2025-01-06T23:59:59+08:00",
    ("财政局", "5.1-1"): "2025-01-06T15:59:59+00:00",
    ("农业农村局", "1.2-3"): "2025-01-06T09:05:00+08:00",
    ("商务局", "2.2-2"): "2025-01-03T11:20:00+08:00",
}
"""Moments within the deadline; the first two are its last second, in two time zones."""

AFTER_CUTOFF = {("农业农村局", "1.2-3"): date(2025, 1, 4), ("商务局", "2.2-2"): date(2025, 1, 2)}
WRONG_TYPE = {("邮政管理局", "2.2-1"): "培育企业清单（扫描）.pdf"}
"""A picture under the name of a PDF."""

COPIES = {("住建局", "5.1-2"): ("住建局", "5.1-1"), ("医保局", "3.6-1"): ("人社局", "3.6-1")}
"""Files with the very bytes of another one."""

NOT_THERE = {("民政局", "2.2-2")}
"""Index rows whose file was never put into the folder."""

STRAY = "未登记/走访照片补充.jpg"

# --- what each required item looks like ----------------------------------------------------------

FORMS = {
    "1.1-2": "12月重大项目月报.xlsx",
    "1.2-1": "开工和竣工项目清单.xlsx",
    "1.2-3": "开工现场.jpg",
    "1.3-1": "开工和竣工项目清单.xlsx",
    "1.4-1": "攻坚措施落实情况报告.docx",
    "2.2-1": "培育企业清单.xlsx",
    "2.2-2": "走访记录.pdf",
    "3.1-1": "工作要点完成情况.pdf",
    "3.4-1": "政务服务事项目录.xlsx",
    "3.6-1": "改革创新举措说明.docx",
    "4.1-1": "深百合作年度总结和活动清单.docx",
    "4.2-1": "签约协议.pdf",
    "4.3-1": "深百合作年度总结和活动清单.docx",
    "4.4-1": "对接企业名单.xlsx",
    "5.1-1": "政策措施清单.xlsx",
    "5.1-2": "公平竞争审查表.xlsx",
    "5.2-1": "统一大市场清理和年度总结.docx",
    "5.3-1": "整改销号表.xlsx",
    "5.4-1": "统一大市场清理和年度总结.docx",
}
"""File names by item; items with one name share one file: filed once, used for both."""

Scheme = dict[str, Any]


@dataclass(frozen=True)
class Paper:
    """One index row: a file filed for one catalogue item."""

    unit: str
    task: str
    item: str
    file: str
    event_date: date
    period_from: date
    period_to: date
    received_at: str

    def row(self) -> tuple[str, ...]:
        """The row as written to the index."""
        days = (self.event_date, self.period_from, self.period_to)
        return (
            self.unit,
            self.task,
            self.item,
            self.file,
            *(day.isoformat() for day in days),
            self.received_at,
        )


def main() -> None:
    """Make the folder anew."""
    scheme = tomllib.loads((CITY / "scheme.toml").read_text(encoding="utf-8"))
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    papers = list(plan_papers(scheme))
    for paper in papers:
        if (paper.unit, paper.item) not in NOT_THERE:
            write_file(paper)
    (FOLDER / STRAY).parent.mkdir()
    taken_at = datetime(2024, 11, 20, 15, 30)  # noqa: DTZ001 (a camera keeps local time)
    (FOLDER / STRAY).write_bytes(jpeg_bytes(STRAY, taken_at))
    with (FOLDER / "index.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(paper.row() for paper in papers)


def plan_papers(scheme: Scheme) -> Iterator[Paper]:
    """Every index row, unit by unit in the scheme's order."""
    wanted = list(_required(scheme))
    order = [unit["id"] for unit in scheme["unit"]]
    wanted.sort(key=lambda entry: order.index(entry[0]))
    names: dict[str, int] = {}
    for unit, task, item in wanted:
        if (unit, item) in MISSING:
            continue
        name = WRONG_TYPE.get((unit, item), FORMS[item])
        file = f"{unit}/{name}"
        yield _paper((unit, task, item), file, names.setdefault(file, len(names)))


def _required(scheme: Scheme) -> Iterator[tuple[str, Scheme, str]]:
    """Unit, task and item for each required item of each applicable assignment."""
    without = {
        (row["unit"], row["task"]) for row in scheme["assignment"] if row.get("state") is not None
    }
    for indicator in scheme["indicator"]:
        for task in indicator["task"]:
            items = [item["id"] for item in task["catalogue"] if item.get("required", True)]
            for unit in task["units"]:
                if (unit, task["id"]) not in without:
                    yield from ((unit, task, item) for item in items)


def _paper(wanted: tuple[str, Scheme, str], file: str, number: int) -> Paper:
    """One row; the number of its file spreads the dates."""
    unit, task, item = wanted
    key = (unit, item)
    period = task.get("period", {"from": date(2024, 1, 1), "to": date(2024, 12, 31)})
    event_date = date(2024, 12, 10) - timedelta(days=number * 7 % 150)
    received = LATE.get(key) or IN_TIME.get(key) or _received(number)
    return Paper(
        unit=unit,
        task=task["id"],
        item=item,
        file=file,
        event_date=AFTER_CUTOFF.get(key, event_date),
        period_from=period["from"],
        period_to=period["to"],
        received_at=received,
    )


def _received(number: int) -> str:
    """A moment in office hours of one of the last three working days for collecting."""
    day = (date(2025, 1, 2), date(2025, 1, 3), date(2025, 1, 6))[number % 3]
    moment = datetime.combine(day, time(8, 30)) + timedelta(minutes=number * 17 % 540)
    return f"{moment:%Y-%m-%dT%H:%M:%S}+08:00"


def write_file(paper: Paper) -> None:
    """The file of a row, unless another row has written it already."""
    path = FOLDER / paper.file
    if path.exists():
        return
    path.parent.mkdir(exist_ok=True)
    original = COPIES.get((paper.unit, paper.item))
    if original is not None:
        path.write_bytes((FOLDER / original[0] / FORMS[original[1]]).read_bytes())
    elif (paper.unit, paper.item) in WRONG_TYPE:
        path.write_bytes(png_bytes(paper.file))
    else:
        _write_by_suffix(path, paper)


def _write_by_suffix(path: Path, paper: Paper) -> None:
    lines = _lines(paper)
    match path.suffix:
        case ".xlsx":
            rows = [
                ("序号", "单位", "内容"),
                *((str(n), paper.unit, t) for n, t in enumerate(lines, 1)),
            ]
            write_text_table(path, rows, (6, 14, 40))
        case ".docx":
            path.write_bytes(docx_bytes(lines))
        case ".pdf":
            mark = f"No. {paper.item}   {paper.event_date.isoformat()}"
            path.write_bytes(pdf_bytes(mark, lines, paper.event_date))
        case ".jpg":
            taken_at = datetime.combine(paper.event_date, time(10, 20))
            path.write_bytes(jpeg_bytes(paper.file, taken_at))
        case suffix:
            raise ValueError(suffix)


def _lines(paper: Paper) -> list[str]:
    """A few words that say what the file stands for."""
    day = paper.event_date
    return [
        f"{paper.unit}  {Path(paper.file).stem}",
        f"对应台账目录：{paper.item}",
        f"形成日期：{day.year}年{day.month}月{day.day}日",
        f"所属期间：{paper.period_from.isoformat()} 至 {paper.period_to.isoformat()}",
        "本材料为考评示例所附，内容虚构。",
    ]


if __name__ == "__main__":
    main()
