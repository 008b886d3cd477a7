"""An annex of 200 tasks as xlsx, docx and pdf: read into tasks and checked, beside a bare reader.

The peer only opens the file and takes the words of its cells (openpyxl, python-docx, pdftotext of
poppler); ours finds the tables, tells their columns, makes tasks of them and checks them. Bounds:
5 s and 300 MB. Hostile files are measured as well: each must get a clear answer within the bounds.
"""

from __future__ import annotations

import io
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import docx
import openpyxl
import typst
import xlsxwriter

from kaoping.core.annex.checking import check_annex
from kaoping.core.annex.reading import read_annex
from kaoping.core.errors import InputError
from kaoping.files.documents import read_original

TASKS = 200
MOST_SECONDS, MOST_MEGABYTES = 5.0, 300
HEADS = ("序号", "指标", "任务", "分值", "完成标准", "台账目录", "被考评单位")


@dataclass(frozen=True)
class Run:
    """One file read in a process of its own: what came of it, in how long, with how much memory."""

    answer: str
    seconds: float
    megabytes: float


def main() -> None:
    """Print time and memory of each format and of each hostile file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [_xlsx(folder), _docx(folder), _pdf(folder)]
        for path in files:
            ours, peer = _measured(path), _peer_seconds(path)
            ratio = f", {ours.seconds / peer:.1f} x the bare reader ({peer:.2f} s)" if peer else ""
            print(f"  {path.suffix[1:]:5} {ours.answer}: {_figures(ours)}{ratio}")
        for path in _hostile(folder):
            run = _measured(path)
            print(f"  {path.name}: {_figures(run)}, {run.answer[:60]}")


def _figures(run: Run) -> str:
    within = run.seconds <= MOST_SECONDS and run.megabytes <= MOST_MEGABYTES
    return f"{run.seconds:.2f} s, {run.megabytes:.0f} MB{'' if within else ' (over the bound)'}"


def _measured(path: Path) -> Run:
    """Read one file in a fresh process: its answer, seconds and megabytes, children included."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "bench.annexes", str(path)],
        capture_output=True,
        check=True,
        text=True,
    )
    told = json.loads(done.stdout)
    return Run(told["answer"], time.perf_counter() - started, told["megabytes"])


def _answer(path: Path) -> str:
    try:
        reading = read_annex(read_original(path).grids)
    except InputError as error:
        return error.zh
    problems = check_annex(reading)
    return (
        f"{len(reading.tasks)} tasks, {len(reading.unread)} cells unread, {len(problems)} problems"
    )


def _peer_seconds(path: Path) -> float | None:
    """How long a bare reader takes in a fresh process; None where there is none."""
    code = {
        ".xlsx": f"import openpyxl; [c.value for s in openpyxl.load_workbook({str(path)!r}) for r in s for c in r]",
        ".docx": f"import docx; [c.text for t in docx.Document({str(path)!r}).tables for r in t.rows for c in r.cells]",
    }
    command = [sys.executable, "-c", code[path.suffix]] if path.suffix in code else None
    if command is None and shutil.which("pdftotext"):
        command = ["pdftotext", "-layout", str(path), "-"]
    if command is None:
        return None
    started = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - started


# --- the files -----------------------------------------------------------------------------------


def _rows() -> list[tuple[str, ...]]:
    return [
        (
            str(number),
            f"指标{(number - 1) // 10 + 1}（10分）",
            f"完成第{number}项年度重点任务",
            "1",
            f"按时完成第{number}项的得1分，每迟报第{number}项进展1次扣0.1分，扣完为止。",
            f"1.第{number}项分解文件；2.第{number}项进展报告；3.第{number}项照片",
            "市财政局、市教育局、市水利局",
        )
        for number in range(1, TASKS + 1)
    ]


def _xlsx(folder: Path) -> Path:
    path = folder / "annex-1.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("任务清单")
        sheet.merge_range(0, 0, 0, len(HEADS) - 1, "考核内容、任务、完成标准、台账目录清单")
        for row, cells in enumerate((HEADS, *_rows()), 1):
            sheet.write_row(row, 0, cells)
        for first in range(2, TASKS + 2, 10):
            sheet.merge_range(first, 1, first + 9, 1, f"指标{(first - 2) // 10 + 1}（10分）")
    return path


def _docx(folder: Path) -> Path:
    path = folder / "annex-2.docx"
    document = docx.Document()
    document.add_paragraph("考核内容、任务、完成标准、台账目录清单")
    table = document.add_table(rows=0, cols=len(HEADS))
    for cells in (HEADS, *_rows()):
        for cell, words in zip(table.add_row().cells, cells, strict=True):
            cell.text = words
    document.save(str(path))
    return path


def _pdf(folder: Path) -> Path:
    source = folder / "annex.typ"
    cells = ",".join(
        json.dumps(cell, ensure_ascii=False) for row in (HEADS, *_rows()) for cell in row
    )
    source.write_text(
        '#set page(flipped: true)\n#set text(font: ("FandolFang R", "Noto Serif CJK SC"), size: 9pt)\n'
        f"#table(columns: (3em, 6em, 12em, 3em, 1fr, 1fr, 1fr), {cells})\n",
        encoding="utf-8",
    )
    path = folder / "annex-3.pdf"
    path.write_bytes(typst.compile(source, format="pdf"))
    return path


def _hostile(folder: Path) -> list[Path]:
    """A zip bomb, entities that multiply, a sheet of 10,000 columns, a zip of something else."""
    files = []
    for name, members in (
        ("bomb.docx", {"word/document.xml": b"0" * 200_000_000}),
        ("laughs.docx", {"word/document.xml": _LAUGHS}),
        ("other.docx", {"hello.txt": b"hello"}),
    ):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, data in members.items():
                archive.writestr(member, data)
        files.append(folder / name)
        files[-1].write_bytes(content.getvalue())
    wide = openpyxl.Workbook(write_only=True)
    wide.create_sheet("宽").append(["字"] * 10_000)
    wide.save(folder / "wide.xlsx")
    return [*files, folder / "wide.xlsx"]


_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9))
    + b"]><x>&j;</x>"
)


if __name__ == "__main__":
    answer = _answer(Path(sys.argv[1]))
    status = Path("/proc/self/status").read_text(encoding="ascii")
    own = int(status.partition("VmHWM:")[2].split()[0])
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    used = max(own, child)
    print(json.dumps({"answer": answer, "megabytes": used / 1024}))
