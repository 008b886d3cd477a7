"""A report of 100 units × 40 tasks as PDF, docx and xlsx, a sheet and a record for each unit, a workbook of a million cells.

Report and sheets by an office's own template (the examples'), too.

Each is made in a process of its own, so that its memory is its own. The peers set the tables of the
same report: WeasyPrint from plain html, LibreOffice from the docx; openpyxl writes the same million
cells (its write-only mode), without working out their texts, row heights or looks.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pypdfium2
from python_calamine import CalamineWorkbook

from bench import scoring
from kaoping.core.calendar import SHANGHAI
from kaoping.core.ledger import check_ledger
from kaoping.core.report.assessed import Assessed
from kaoping.core.report.document import Document, Heading, Paragraph, TableBlock
from kaoping.core.report.scoring_report import build_report
from kaoping.core.scoring.assessment import score
from kaoping.files.archive import zipped
from kaoping.files.batch import REPORT_TEMPLATE, UNIT_TEMPLATE
from kaoping.files.docx import document_docx
from kaoping.files.fonts import find_faces
from kaoping.files.outputs import own_sheets, unit_sheets, verification_papers
from kaoping.files.own_template import read_template
from kaoping.files.pdf import document_pdf
from kaoping.files.xlsx import scores_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

INDICATORS = 4
"""Each with ten tasks."""
MANY_INDICATORS = 80
"""Of the large workbook: 80,000 scores with working, which are more than a million cells."""
AT = datetime(2025, 1, 20, 17, tzinfo=SHANGHAI)
MOST: Mapping[str, tuple[float, float | None]] = {
    "pdf": (6, 450),
    "docx": (6, 300),
    "zip": (10, None),
    "papers": (10, None),
    "own.docx": (6, 300),
    "own.zip": (6, 300),
}
"""CPU seconds and megabytes of the process, and of those that help it, at most."""
_STANDARD = "抽查支付凭证和形象进度，完成额以凭证能够印证的为准。"
MOST_SECONDS, MOST_MEGABYTES, LEAST_CELLS = 20, 40, 1_000_000
"""Of the large workbook: the bound is for its file, and its writer aims at it with its own memory, too."""
PATIENCE = 600
_TEMPLATES = Path(__file__).parents[1] / "examples" / "templates"
_WEASYPRINT = Path(".venv/peers/bin/weasyprint")


def main() -> None:
    """Print what each form takes, and its peers."""
    with tempfile.TemporaryDirectory(prefix="kaoping-bench-") as place:
        folder = Path(place)
        for form in _FORMS:
            _print_form(form, _in_a_process(form, folder / f"report.{form}"), folder)
        for large in _LARGE:
            _print_large(large, _in_a_process(large, folder / _LARGE_NAME), folder)
        _print_peers(folder)


def assessed(indicators: int = INDICATORS) -> Assessed:
    """100 units scored on ten tasks of each indicator."""
    scheme, entries = scoring.load(indicators), scoring.entries(indicators)
    ledger = check_ledger(scheme, (), (), has_folder=False)
    return Assessed(scheme, entries, score(scheme, entries), ledger, (), AT)


def _pdf(given: Assessed) -> bytes:
    return document_pdf(build_report(given), find_faces())


def _docx(given: Assessed) -> bytes:
    return document_docx(build_report(given))


def _xlsx(given: Assessed) -> bytes:
    return scores_workbook(given)


def _own_report(given: Assessed) -> bytes:
    path = _TEMPLATES / REPORT_TEMPLATE
    template = read_template(path.read_bytes(), path.name, for_unit=False)
    return template.filled(given, template.budget())


def _own_sheets(given: Assessed) -> bytes:
    path = _TEMPLATES / UNIT_TEMPLATE
    template = read_template(path.read_bytes(), path.name, for_unit=True)
    return zipped(own_sheets(given, template, ".docx"), AT)


def _zip(given: Assessed) -> bytes:
    return zipped(unit_sheets(given, find_faces()), AT)


def _papers(given: Assessed) -> bytes:
    """Plan and records where the first task of each indicator is verified, one paper for each unit."""
    return zipped(verification_papers(_with_standards(given), find_faces()), AT)


def _with_standards(given: Assessed) -> Assessed:
    indicators = tuple(
        replace(one, tasks=(replace(one.tasks[0], verification_standard=_STANDARD), *one.tasks[1:]))
        for one in given.scheme.indicators
    )
    return replace(given, scheme=replace(given.scheme, indicators=indicators))


_FORMS: Mapping[str, Callable[[Assessed], bytes]] = {
    "pdf": _pdf,
    "docx": _docx,
    "xlsx": _xlsx,
    "zip": _zip,
    "papers": _papers,
    "own.docx": _own_report,
    "own.zip": _own_sheets,
}


def _in_a_process(form: str, path: Path) -> dict[str, float]:
    words = [sys.executable, "-m", "bench.documents", form, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=PATIENCE)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def measure_here(form: str, path: Path) -> dict[str, float]:
    """CPU seconds and megabytes of making one form; it is written to the path.

    Processes that help count, too: all of their seconds, and the memory of the largest, since there is one
    at a time.
    """
    if form in _LARGE:
        return _LARGE[form](path)
    given = assessed()
    earlier = _peak(resource.RUSAGE_CHILDREN)
    before = sum(os.times()[:4])
    path.write_bytes(_FORMS[form](given))
    cpu = sum(os.times()[:4]) - before
    largest = _peak(resource.RUSAGE_CHILDREN)
    helpers = largest if largest > earlier else 0  # others were started, and ended, by imports
    return {"cpu": cpu, "megabytes": (_peak(resource.RUSAGE_SELF) + helpers) / 1024}


def _peak(who: int) -> int:
    return resource.getrusage(who).ru_maxrss


def _print_form(form: str, told: dict[str, float], folder: Path) -> None:
    path = folder / f"report.{form}"
    pages = f", {len(pypdfium2.PdfDocument(path))} pages" if form == "pdf" else ""
    seconds, megabytes = MOST.get(form, (None, None))
    limits = [
        (told["cpu"], seconds, f"{seconds} s"),
        (told["megabytes"], megabytes, f"{megabytes} MB"),
    ]
    given = [(found, most, words) for found, most, words in limits if most is not None]
    bounds = f"  (at most {', '.join(words for _, _, words in given)})" if given else ""
    if any(found > most for found, most, _ in given):
        bounds += "  超出 EXCEEDED"
    print(
        f"  {form:8} {told['cpu']:6.2f} s CPU  {told['megabytes']:5.0f} MB  "
        f"{path.stat().st_size / 1e6:6.2f} MB written{pages}{bounds}"
    )


# --- a million cells -------------------------------------------------------------------------------

_LARGE_NAME = "large.xlsx"


def _write_large(path: Path) -> dict[str, float]:
    """The scores of 100 units on 800 tasks as the workbook of a run."""
    given = assessed(MANY_INDICATORS)
    return _watched(lambda: path.write_bytes(scores_workbook(given)))


def _copy_large(path: Path) -> dict[str, float]:
    """The same cells by openpyxl, which writes row by row, too."""
    with path.open("rb") as file:
        sheets = CalamineWorkbook.from_filelike(file)
        grids = {name: sheets.get_sheet_by_name(name).to_python() for name in sheets.sheet_names}
    copy = path.with_name("openpyxl.xlsx")

    def write() -> None:
        book = openpyxl.Workbook(write_only=True)
        for name, rows in grids.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        book.save(copy)

    cells = sum(cell not in ("", None) for rows in grids.values() for row in rows for cell in row)
    return _watched(write) | {"cells": cells, "written": copy.stat().st_size / 1e6}


_LARGE: Mapping[str, Callable[[Path], dict[str, float]]] = {
    "large": _write_large,
    "openpyxl": _copy_large,
}


def _watched(write: Callable[[], object]) -> dict[str, float]:
    """CPU seconds of writing, and by how many megabytes the process grew over what it held before.

    What was let go is given back before, so that no growth hides in it.
    """
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    before, began = _resident("VmRSS"), time.process_time()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the highest begins anew
    write()
    return {"cpu": time.process_time() - began, "megabytes": _resident("VmHWM") - before}


def _resident(kind: str) -> float:
    """Megabytes of this process: those it holds (VmRSS), or the most it held (VmHWM)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(kind))) / 1024


def _print_large(form: str, told: dict[str, float], folder: Path) -> None:
    grown = f"{told['cpu']:6.2f} s CPU  {told['megabytes']:5.1f} MB grown"
    if form != "large":
        cells = int(told["cells"])
        short = "" if cells >= LEAST_CELLS else "  不足一百万格 TOO FEW"
        print(
            f"  {form}: {grown}  {told['written']:6.2f} MB written, the same {cells:,} cells{short}"
        )
        return
    written = (folder / _LARGE_NAME).stat().st_size / 1e6
    exceeded = told["cpu"] > MOST_SECONDS or max(written, told["megabytes"]) > MOST_MEGABYTES
    bound = f"(at most {MOST_SECONDS} s, {MOST_MEGABYTES} MB each)"
    mark = "  超出 EXCEEDED" if exceeded else ""
    print(f"  {form:5} {grown}  {written:6.2f} MB written  {bound}{mark}")


# --- peers -----------------------------------------------------------------------------------------


def _print_peers(folder: Path) -> None:
    if _WEASYPRINT.exists():
        (folder / "report.html").write_text(as_html(build_report(assessed())), encoding="utf-8")
        words = [str(_WEASYPRINT), str(folder / "report.html"), str(folder / "weasyprint.pdf")]
        _print_peer("WeasyPrint", words, folder / "weasyprint.pdf")
    else:
        print(
            "  没有 WeasyPrint（./setup.sh peers），略过。 No WeasyPrint (./setup.sh peers); left out."
        )
    office = shutil.which("soffice")
    if office:
        (folder / "office").mkdir()
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        words = [office, profile, "--headless", "--convert-to", "pdf"]
        words += ["--outdir", str(folder / "office"), str(folder / "report.docx")]
        _print_peer("LibreOffice", words, folder / "office" / "report.pdf")
    else:
        print("  没有 LibreOffice（./setup.sh office），略过。 No LibreOffice; left out.")


def _print_peer(name: str, words: list[str], made: Path) -> None:
    before = os.times()
    subprocess.run(words, capture_output=True, check=True, timeout=PATIENCE)
    after = os.times()
    cpu = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    print(f"  {name}: {cpu:.1f} s CPU for {len(pypdfium2.PdfDocument(made))} pages")


def as_html(document: Document) -> str:
    """The report's headings, paragraphs and tables as a page to print."""
    return (
        '<meta charset="utf-8"><style>@page{size:A4 landscape;margin:2cm}body{font-family:"Noto Serif CJK SC"}'
        "table{border-collapse:collapse;font-size:8.5pt}td,th{border:.3pt solid}</style>"
        + "".join(_html_blocks(document))
    )


def _html_blocks(document: Document) -> Iterator[str]:
    for part in document.parts:
        for block in part.blocks:
            if isinstance(block, Heading | Paragraph):
                yield f"<p>{escape(block.text)}</p>"
            elif isinstance(block, TableBlock):
                heads = "".join(f"<th>{escape(column.head)}</th>" for column in block.columns)
                yield f"<table><thead><tr>{heads}</tr></thead>"
                for row in block.rows:
                    span = f' colspan="{len(block.columns)}"' if len(row.cells) == 1 else ""
                    yield "<tr>" + "".join(f"<td{span}>{escape(one)}</td>" for one in row.cells)
                yield "</table>"
        yield '<div style="break-after:page"></div>'


if __name__ == "__main__":
    print(json.dumps(measure_here(sys.argv[1], Path(sys.argv[2]))))
