"""A report of 100 units × 40 tasks as PDF, docx and xlsx, and a sheet for each unit; beside other typesetters.

Report and sheets by an office's own template (the examples'), too.

Each is made in a process of its own, so that its memory is its own. The peers set
the tables of the same report: WeasyPrint from plain html, LibreOffice from the docx.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2

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
from kaoping.files.outputs import own_sheets, unit_sheets
from kaoping.files.own_template import read_template
from kaoping.files.pdf import document_pdf
from kaoping.files.xlsx import scores_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

INDICATORS = 4
"""Each with ten tasks."""
AT = datetime(2025, 1, 20, 17, tzinfo=SHANGHAI)
MOST: Mapping[str, tuple[float, float | None]] = {
    "pdf": (6, 450),
    "docx": (6, 300),
    "zip": (10, None),
    "own.docx": (6, 300),
    "own.zip": (6, 300),
}
"""CPU seconds and megabytes at most."""
PATIENCE = 600
_TEMPLATES = Path(__file__).parents[1] / "examples" / "templates"
_WEASYPRINT = Path(".venv/peers/bin/weasyprint")


def main() -> None:
    """Print what each form takes, and its peers."""
    with tempfile.TemporaryDirectory(prefix="kaoping-bench-") as place:
        folder = Path(place)
        for form in _FORMS:
            _print_form(form, _in_a_process(form, folder), folder)
        _print_peers(folder)


def assessed() -> Assessed:
    """100 units scored on 40 tasks."""
    scheme, entries = scoring.load(INDICATORS), scoring.entries(INDICATORS)
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


_FORMS: Mapping[str, Callable[[Assessed], bytes]] = {
    "pdf": _pdf,
    "docx": _docx,
    "xlsx": _xlsx,
    "zip": _zip,
    "own.docx": _own_report,
    "own.zip": _own_sheets,
}


def _in_a_process(form: str, folder: Path) -> dict[str, float]:
    words = [sys.executable, "-m", "bench.documents", form, str(folder / f"report.{form}")]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=PATIENCE)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def measure_here(form: str, path: Path) -> dict[str, float]:
    """CPU seconds and megabytes of making one form; it is written to the path."""
    given = assessed()
    before = time.process_time()
    path.write_bytes(_FORMS[form](given))
    cpu = time.process_time() - before
    return {"cpu": cpu, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


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
