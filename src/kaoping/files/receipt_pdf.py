"""回执 as a PDF: the facts of an act, and a QR code that holds the whole proof file (C2SP tlog-proof).

The proof is under a kilobyte, so that the paper alone is enough to check the entry: whoever reads the code
has the file that `kaoping receipt verify` takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.errors import EnvironmentFault
from kaoping.core.report.document import printable
from kaoping.files.pdf import typeset
from kaoping.files.qr import qr_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from kaoping.files.fonts import Faces

_TEMPLATE = "receipt.typ"


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """What stands on the paper.

    Attributes:
        title: its heading.
        mark: 演示 or 试用; empty for a real one.
        facts: label and text, in their order.
        notes: how it is kept and checked.
        proof: the text of the proof file.
        made_at: the time that stands in the PDF.
    """

    title: str
    mark: str
    facts: Sequence[tuple[str, str]]
    notes: Sequence[str]
    proof: str
    made_at: datetime


def receipt_pdf(paper: ReceiptPaper, faces: Faces) -> bytes:
    """The receipt as PDF bytes (PDF/A-2b); equal content and time give equal bytes.

    Raises:
        EnvironmentFault: where a character has no face that can show it.
        InputError: where the proof is too long for a code.
    """
    content = {
        "title": printable(paper.title),
        "mark": paper.mark,
        "facts": [[label, printable(text)] for label, text in paper.facts],
        "notes": [printable(one) for one in paper.notes],
        "qr": qr_rows(paper.proof),
    }
    return typeset(_TEMPLATE, content, faces, paper.made_at, _no_face)


def _no_face(what: str) -> EnvironmentFault:
    return EnvironmentFault(
        f"现有字体都没有“{what}”这个字，不能生成回执 PDF。证明文件和正文不受影响，请改为保存它们。",
        f"No font here has “{what}”, so no PDF can be made. Keep the proof file and the body instead.",
    )
