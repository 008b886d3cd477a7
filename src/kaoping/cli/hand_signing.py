"""`kaoping document bind|check`: papers signed by hand, and the scans that show it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.cli import show
from kaoping.cli.arguments import add_at, add_file, add_json, add_out, add_verb, now
from kaoping.cli.keys import read_keys
from kaoping.cli.language import said
from kaoping.core.binding import (
    Signer,
    bind,
    read_binding,
    require_of_paper,
    require_unchanged,
)
from kaoping.core.canonical import parse_date, sha256
from kaoping.core.errors import UsageError
from kaoping.core.package import filed_file
from kaoping.files.atomic import refuse_taken_place, write_whole
from kaoping.files.documents import read_bytes

if TYPE_CHECKING:
    from datetime import date

    from kaoping.cli.arguments import Verbs
    from kaoping.core.binding import Binding

MAX_FILE = 200_000_000
"""Largest paper or scan, in bytes."""
_MAX_BINDING = 1_000_000


def add_bind(inner: Verbs) -> None:
    """Add `kaoping document bind`."""
    verb = add_verb(
        inner,
        "bind",
        "绑定签字稿和签过字的扫描件",
        "bind a paper to the scans of it that were signed",
    )
    add_file(
        verb, "paper", said("签字稿", "PAPER"), said("打印时用的 PDF", "the PDF that was printed")
    )
    verb.add_argument(
        "scans",
        type=Path,
        nargs="+",
        metavar=said("扫描件", "SCAN"),
        help=said("签过字的扫描件，PDF、JPEG 或 PNG，可有几个", "PDF, JPEG or PNG, one or more"),
    )
    verb.add_argument(
        "--signer",
        dest="signers",
        type=_signer,
        action="append",
        required=True,
        metavar=said("职责=姓名", "ROLE=NAME"),
        help=said(
            "谁以什么身份签字，如 经办人=甲某某；每人写一次", "who signed as what; one for each"
        ),
    )
    verb.add_argument(
        "--signed-on",
        type=_day,
        required=True,
        metavar=said("日期", "DAY"),
        help=said("纸上的签字日期，如 2025-01-21", "the day on the paper, like 2025-01-21"),
    )
    verb.add_argument(
        "--package",
        type=Path,
        metavar=said("报送包", "FILE"),
        help=said(
            "生成签字稿那次的报送包：核对签字稿就在其中。一般都要给出，不给就不核对数字",
            "the run's package, which must hold the paper; without it no figure is checked",
        ),
    )
    verb.add_argument(
        "--key",
        dest="keys",
        nargs="+",
        action="extend",
        default=[],
        metavar=said("公钥或文件", "VKEY-or-FILE"),
        help=said("报送包日志的公钥，取自纸上", "the key of the package's journal, from paper"),
    )
    add_at(verb)
    add_out(verb, said("绑定文件（.json）", "the binding (.json)"))
    verb.set_defaults(command=_bind)


def add_check(inner: Verbs) -> None:
    """Add `kaoping document check`."""
    verb = add_verb(
        inner, "check", "核对签字稿、扫描件与绑定时是否相同", "check a paper and its scans"
    )
    add_file(verb, "binding", said("绑定文件", "FILE"), said("绑定文件", "a binding"))
    verb.add_argument(
        "--paper",
        type=Path,
        metavar=said("签字稿", "FILE"),
        help=said("签字稿（默认为绑定文件旁同名的）", "the paper (default: beside the binding)"),
    )
    verb.add_argument(
        "--scan",
        dest="scans",
        type=Path,
        nargs="+",
        action="extend",
        metavar=said("扫描件", "FILE"),
        help=said(
            "扫描件，按绑定时的次序（默认为旁边同名的）",
            "the scans, in their order (default: beside it)",
        ),
    )
    add_json(verb)
    verb.set_defaults(command=_check)


def _signer(text: str) -> Signer:
    role, sign, name = text.replace("＝", "=").partition("=")
    if not (sign and role.strip() and name.strip()):
        raise argparse.ArgumentTypeError(
            said(f"“{text}”应写成 职责=姓名", f"“{text}” should be ROLE=NAME")
        )
    return Signer(role.strip(), name.strip())


def _day(text: str) -> date:
    day = parse_date(text)
    if day is None:
        raise argparse.ArgumentTypeError(
            said(f"“{text}”不是日期，请写成 2025-01-21", f"“{text}” is no day like 2025-01-21")
        )
    return day


def _bind(chosen: argparse.Namespace) -> int:
    from kaoping.files.hand_signing import (  # noqa: PLC0415 - large libraries
        place_in_journal,
        read_paper,
        scan_fault,
    )

    if chosen.keys and not chosen.package:
        raise UsageError("--key 须与 --package 同写。", "--key needs --package.")
    content = read_bytes(chosen.paper, MAX_FILE)
    paper = read_paper(content, chosen.paper.name)
    scans = [(path.name, read_bytes(path, MAX_FILE)) for path in chosen.scans]
    faults = [scan_fault(scan, name) for name, scan in scans if scan != content]
    journal = None
    if chosen.package:
        journal = place_in_journal(chosen.package, content, read_keys(chosen.keys))
    binding = bind(
        paper,
        filed_file(chosen.paper.name, content),
        [filed_file(*scan) for scan in scans],
        chosen.signers,
        signed_on=chosen.signed_on,
        at=chosen.at or now(),
        journal=journal,
        unfit=[fault for fault in faults if fault],
    )
    inputs = (chosen.paper, *chosen.scans, chosen.package)
    refuse_taken_place(chosen.out, inputs=inputs, may_replace=binding.content.__eq__)
    write_whole(chosen.out, binding.content)
    _print(binding)
    show.print_line(
        said(
            f"已绑定：{chosen.out}，摘要 {sha256(binding.content)}。请与签字稿、扫描件一并归档，"
            "把摘要抄在登记簿上。",
            f"Bound: {chosen.out}, digest {sha256(binding.content)}. File it with the paper and scans.",
        )
    )
    _remind(binding)
    return 0


def _check(chosen: argparse.Namespace) -> int:
    from kaoping.files.hand_signing import read_paper  # noqa: PLC0415 - large libraries

    kept = read_bytes(chosen.binding, _MAX_BINDING)
    binding = read_binding(kept, chosen.binding.name)
    beside = chosen.binding.parent
    place = chosen.paper or beside / binding.paper.path
    content = read_bytes(place, MAX_FILE)
    scans = chosen.scans or [beside / one.path for one in binding.scans]
    require_unchanged(binding, content, [read_bytes(path, MAX_FILE) for path in scans])
    require_of_paper(binding, read_paper(content, place.name))
    if chosen.json:
        show.print_json(binding.as_json() | {"valid": True})
        return 0
    _print(binding)
    show.print_line(
        said(
            f"签字稿、扫描件与绑定时相同。绑定文件的摘要 {sha256(kept)}，请与登记簿上的核对。",
            f"Paper and scans are as they were bound. Digest of the binding: {sha256(kept)}.",
        )
    )
    _remind(binding)
    return 0


def _remind(binding: Binding) -> None:
    """Say what was not checked of a paper that was bound without the package of its run."""
    if binding.journal is None:
        show.print_line(
            said(
                "提醒：绑定时没有给出报送包，没有核对签字稿上的数字就是当时算出的数字；PDF 上的数字"
                "如果被涂改，这里看不出来。请用 --package 给出生成签字稿那次的报送包，另写一个绑定文件。",
                "Reminder: bound without --package, so it was not checked that the figures on the "
                "paper are those that were computed; figures altered in the PDF go unseen. Bind it "
                "anew, to another file, with the package of the run that made it.",
            )
        )


def _print(binding: Binding) -> None:
    journal = binding.journal
    rows = [
        (said("签字稿", "Paper"), binding.title),
        (said("内容摘要", "Digest"), binding.digest),
        (said("文件", "File"), binding.paper.path),
        *((said("扫描件", "Scan"), f"{one.path}  {one.sha256}") for one in binding.scans),
        *((one.role, one.name) for one in binding.signers),
        (said("签字日期", "Signed on"), f"{binding.signed_on}"),
        (said("绑定时间（北京）", "Bound at (Beijing)"), show.beijing(binding.bound_at)),
    ]
    if journal:
        place = said(
            f"{journal.size} 条，根 {journal.root}", f"{journal.size} entries, {journal.root}"
        )
        rows.append((said("存证日志", "Journal"), f"{journal.origin}，{place}"))
    show.print_table((said("项目", "What"), said("内容", "Content")), rows)
