"""签字稿 as files: what a PDF says about the paper it is, what a scan is, where a paper came from."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

from kaoping.core.binding import JournalPlace, Paper
from kaoping.core.calendar import SHANGHAI
from kaoping.core.errors import InputError, TamperError
from kaoping.core.report.hand_signing import (
    SHORT_DIGEST,
    document_digest,
    signers_of,
)
from kaoping.files.confined import confined
from kaoping.files.structure import DAMAGED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from kaoping.core.binding import Fault
    from kaoping.core.note import VerifierKey
    from kaoping.core.report.document import Document

_KEYWORD: Final = re.compile(r"签字稿 sha256:([0-9a-f]{64})；签字人：([^，,；]+)")
_ENDINGS: Final = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
"""What a scan is, by how its content begins."""
SHEETS: Final = "section-sheets.zip"
"""In which file of a package the papers lie."""


def paper_keywords(document: Document) -> tuple[str, ...]:
    """What stands among the keywords of a paper's PDF; nothing where it is none."""
    if not document.is_paper:
        return ()
    roles = "、".join(signers_of(document))
    return (f"签字稿 sha256:{document_digest(document)}；签字人：{roles}",)


def read_paper(content: bytes, name: str) -> Paper:
    """What a PDF says about the paper it is; every page must say the same.

    Raises:
        InputError: where it is no PDF that was made to be signed by hand.
        TamperError: where a page does not belong to it.
    """
    told = _paper_in(content, name)
    found = _KEYWORD.search(str(told["keywords"])) if told else None
    if told is None or found is None:
        raise InputError(
            f"{name}：不是本系统生成的签字稿。请给出打印时用的那份 PDF（科室评分表或会签单），"
            "不要给出 docx 转成的、合并过的或扫描的 PDF。",
            f"{name}: no paper to sign that Kaoping made. Give the PDF that was printed.",
        )
    digest = found[1]
    others = [
        str(number)
        for number, text in enumerate(told["pages"], 1)
        if digest[:SHORT_DIGEST] not in "".join(text.split())
    ]
    if others:
        raise TamperError(
            f"{name}：第{'、'.join(others)}页上的内容摘要与文件所记的不符，文件被改动过。请重新生成并重新签字。",
            f"{name}: pages {', '.join(others)} do not carry the digest of the file. Make it anew.",
        )
    made_on = _day_of(str(told["made"]))
    return Paper(str(told["title"]), digest, tuple(found[2].split("、")), made_on)


def _day_of(text: str) -> date | None:
    """The day in Beijing of a moment as our PDFs give it, like `D:20250120090000Z`."""
    try:
        return datetime.strptime(text, "D:%Y%m%d%H%M%S%z").astimezone(SHANGHAI).date()
    except ValueError:
        return None


def _paper_in(content: bytes, name: str) -> dict[str, Any] | None:
    if not content.startswith(b"%PDF-"):
        return None
    return cast("dict[str, Any] | None", confined(as_told, content, about=name))


def as_told(content: bytes) -> dict[str, object] | None:
    """Title, keywords, time of making and the text of every page of a PDF, None of a damaged one; in a process of its own."""
    import pypdfium2  # noqa: PLC0415 - a large library, loaded here only

    try:
        document = pypdfium2.PdfDocument(content)
        return {
            "title": document.get_metadata_value("Title"),
            "keywords": document.get_metadata_value("Keywords"),
            "made": document.get_metadata_value("CreationDate"),
            "pages": [page.get_textpage().get_text_bounded() for page in document],
        }
    except pypdfium2.PdfiumError:
        return None


def scan_fault(content: bytes, name: str) -> Fault | None:
    """Why a file is no scan: no whole PDF or picture, or a paper that nobody signed; None where it is one."""
    from kaoping.files.inner_checks import content_fault  # noqa: PLC0415 - large libraries

    ending = next((end for head, end in _ENDINGS.items() if content.startswith(head)), None)
    if ending is None:
        return f"{name} 不是 PDF、JPEG 或 PNG，请重新扫描", f"{name} is no PDF, JPEG or PNG"
    fault = content_fault(ending, io.BytesIO(content))
    told = _paper_in(content, name) if ending == "pdf" and fault is None else None
    if fault is None and ending == "pdf" and not (told and told["pages"]):
        fault = DAMAGED
    if fault is not None:
        return f"{name} {fault.zh}，请重新扫描", f"{name}: {fault.en}"
    if told and _KEYWORD.search(str(told["keywords"])):
        return f"{name} 是没有签过字的签字稿，不是扫描件", f"{name} is a paper that nobody signed"
    return None


def place_in_journal(package: Path, paper: bytes, keys: Sequence[VerifierKey]) -> JournalPlace:
    """The checkpoint of the journal of a sound package that holds a paper, byte for byte.

    Args:
        package: the package of the run.
        paper: the PDF that was printed.
        keys: keys of the journal, from paper; its own is believed if there are none.

    Raises:
        InputError: where the package holds no such paper, or no journal.
        TamperError: where the package is not sound.
    """
    from kaoping.files.package import verify_package  # noqa: PLC0415 - and all it needs

    checkpoint = verify_package(package, keys).checkpoint
    if checkpoint is None or paper not in _sheets_of(len(paper), package):
        raise InputError(
            f"{package.name} 里没有这份签字稿。请给出生成它的那一次的报送包，或重新生成、重新签字。",
            f"{package.name} does not hold this paper. Give the package of the run that made it.",
        )
    return JournalPlace(checkpoint.origin, checkpoint.size, checkpoint.root.hex())


def _sheets_of(size: int, package: Path) -> Iterator[bytes]:
    """The sheets of a package that are as large as one asked for; no other is unpacked."""
    with zipfile.ZipFile(package) as outer:
        if SHEETS not in outer.namelist():
            return
        with zipfile.ZipFile(io.BytesIO(outer.read(SHEETS))) as sheets:
            for one in sheets.infolist():
                if one.file_size == size:
                    yield sheets.read(one)
