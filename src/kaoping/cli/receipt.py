"""`kaoping receipt make|verify`: what a unit keeps, and how anybody checks it offline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaoping.cli import show
from kaoping.cli.arguments import add_file, add_inner_verbs, add_json, add_out, add_verb
from kaoping.cli.keys import add_keys, read_keys
from kaoping.cli.language import said
from kaoping.core.acts.names import act_name
from kaoping.core.canonical import encode
from kaoping.core.errors import InputError, TamperError, UsageError
from kaoping.core.journal import (
    Checkpoint,
    check_receipt,
    entry_of,
    excerpt,
    open_checkpoint,
    parse_receipt,
    read_body,
)
from kaoping.files.atomic import write_whole
from kaoping.files.documents import read_bytes
from kaoping.files.journal.folder import Journal, read_held_checkpoint, read_note
from kaoping.files.journal.keys import holds

if TYPE_CHECKING:
    import argparse

    from kaoping.cli.arguments import Verbs
    from kaoping.core.journal import Entry, SignedCheckpoint

BODY_ENDING = ".body.json"
MAX_BODY = 4_000_000
"""Largest body, in bytes."""


def add_receipt(verbs: Verbs) -> None:
    """Add `kaoping receipt`."""
    receipt = add_verb(verbs, "receipt", "回执：出具、核验", "make and verify receipts")
    inner = add_inner_verbs(receipt)
    make = add_verb(inner, "make", "出具一条的回执和正文", "write the receipt of an entry")
    add_file(make, "journal", said("日志", "DIR"), said("日志文件夹", "the journal's folder"))
    make.add_argument("index", type=int, help=said("第几条，从 0 数起", "which entry, from 0"))
    make.add_argument(
        "--line",
        type=int,
        metavar="N",
        help=said(
            "多单位的办理只给其中第 N 行（从 0 数起），别的单位的内容不给",
            "of an act about several units give only line N (from 0)",
        ),
    )
    add_out(make, said("回执文件（.tlog-proof），正文写在旁边", "the receipt; its body beside it"))
    make.set_defaults(command=lambda a: _make(a.journal, a.index, a.line, a.out))
    verify = add_verb(inner, "verify", "核验一张回执", "verify a receipt offline")
    add_file(verify, "file", said("回执", "FILE"), said("回执文件", "a receipt"))
    add_keys(verify)
    verify.add_argument(
        "--body",
        type=Path,
        metavar=said("正文", "FILE"),
        help=said("正文文件（默认为回执旁的 .body.json）", "its body (default: beside it)"),
    )
    verify.add_argument(
        "--against",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar=said("文件", "FILE"),
        help=said(
            "别人手中的回执或检查点：同一日志有无两个版本",
            "receipts or checkpoints of others: has the journal two versions?",
        ),
    )
    add_json(verify)
    verify.set_defaults(command=_verify)


def _body_beside(receipt: Path) -> Path:
    return receipt.with_name(receipt.name.removesuffix(".tlog-proof") + BODY_ENDING)


def _make(folder: Path, index: int, line: int | None, out: Path) -> int:
    journal = Journal.open(folder)
    receipt = journal.receipt(index)
    body = journal.bodies.get(index)
    if body is None:
        raise InputError(
            f"这里没有第 {index} 条的正文，不能出具完整的回执。请向保存正文的一方索取。",
            f"The body of entry {index} is not here. Ask whoever keeps it.",
        )
    given = body if line is None else _line_of(body, line)
    write_whole(_body_beside(out), encode(given) + b"\n")
    write_whole(out, receipt.text.encode())
    show.print_line(
        said(
            f"回执在 {out}，正文在 {_body_beside(out)}，请一并交给对方保存。",
            f"The receipt is in {out} and its body in {_body_beside(out)}: hand over both.",
        )
    )
    return 0


def _line_of(body: dict[str, Any], line: int) -> dict[str, Any]:
    lines = body.get("act", {}).get("content", {}).get("lines")
    if not isinstance(lines, list) or not 0 <= line < len(lines):
        count = len(lines) if isinstance(lines, list) else 0
        raise InputError(
            f"这件办理有 {count} 行，没有第 {line} 行（从 0 数起）。",
            f"This act has {count} lines and no line {line} (counted from 0).",
        )
    return excerpt(body, line)


# --- verify ---------------------------------------------------------------------------------------


def _verify(chosen: argparse.Namespace) -> int:
    keys, witnesses = read_keys(chosen.keys), read_keys(chosen.witnesses)
    if not 0 <= chosen.quorum <= len(witnesses):
        raise UsageError(
            f"--quorum {chosen.quorum} 应在 0 和所给见证人的数目 {len(witnesses)} 之间。",
            f"--quorum {chosen.quorum} must lie between 0 and the number of witnesses given.",
        )
    receipt = parse_receipt(read_note(chosen.file))
    signed = open_checkpoint(receipt.checkpoint, keys, holds, witnesses)
    cosigned = signed.cosigned_by(witnesses)
    _require_quorum(cosigned, chosen.quorum)
    body = _read_body(chosen.file, chosen.body)
    entry = entry_of(body)
    check_receipt(receipt, entry.content, signed)
    for other in chosen.against:
        held = open_checkpoint(read_held_checkpoint(other), keys, holds).checkpoint
        _refuse_fork(signed.checkpoint, held, other)
    if chosen.json:
        show.print_json(_as_json(receipt.index, entry, signed, cosigned))
    else:
        _print_proven(receipt.index, entry, signed, cosigned)
        _print_content(body)
    return 0


def _require_quorum(cosigned: int, quorum: int) -> None:
    if cosigned < quorum:
        raise TamperError(
            f"回执的检查点见证不足：应有 {quorum} 个见证人签署，实有 {cosigned} 个。",
            f"Too few witnesses: {quorum} must have cosigned, {cosigned} did.",
        )


def _read_body(receipt: Path, given: Path | None) -> dict[str, Any]:
    path = given or _body_beside(receipt)
    if not path.exists():
        raise InputError(
            f"找不到回执的正文 {path}。回执只证明某条在日志里，正文说明是哪一件事；"
            "请用 --body 给出随回执一起收到的正文文件。",
            f"The body {path} of the receipt is missing. Give the file that came with the receipt "
            "with --body.",
        )
    return read_body(read_bytes(path, MAX_BODY))


def _refuse_fork(ours: Checkpoint, theirs: Checkpoint, path: Path) -> None:
    if ours.forks_from(theirs):
        raise TamperError(
            f"分叉：同一日志 {ours.origin} 在 {ours.size} 条时有两个不同的根，两份都有有效签名。"
            f"本回执与 {path.name} 合在一起就是证据，请妥善保存并上报。",
            f"FORK: journal {ours.origin} has two roots for {ours.size} entries, both signed. This "
            f"receipt and {path.name} together are the proof: keep them and report it.",
        )


def _print_proven(index: int, entry: Entry, signed: SignedCheckpoint, cosigned: int) -> None:
    found = signed.checkpoint
    rows = [
        (said("日志", "Journal"), found.origin),
        (said("第几条", "Entry"), f"{index}"),
        (said("办理", "Act"), said(f"{act_name(entry.type)}（{entry.type}）", entry.type)),
        (said("时间（北京）", "Time (Beijing)"), show.beijing(entry.at)),
        (
            said("检查点", "Checkpoint"),
            said(
                f"{found.size} 条，根 {found.root_prefix}",
                f"{found.size} entries, {found.root_prefix}",
            ),
        ),
        (said("见证", "Witnesses"), said(f"{cosigned} 个签署", f"{cosigned} cosigned")),
    ]
    show.print_table((said("项目", "What"), said("内容", "Content")), rows)
    show.print_line(
        said(
            "回执有效：这件办理在该日志中，内容与正文一致，未被改动。",
            "The receipt holds: the act is in the journal, and its content is that of the body.",
        )
    )


def _print_content(body: dict[str, Any]) -> None:
    """The act in words a person can compare: its fields, and the line that was given, if one was."""
    content = dict(body["act"]["content"])
    if "line" in body:
        content["lines"] = [body["line"]]
    show.print_line(said("正文：", "Body:"))
    show.print_line(json.dumps(content, ensure_ascii=False, indent=2))


def _as_json(
    index: int, entry: Entry, signed: SignedCheckpoint, cosigned: int
) -> dict[str, object]:
    found = signed.checkpoint
    return {
        "valid": True,
        "origin": found.origin,
        "index": index,
        "type": entry.type,
        "at": entry.at,
        "actor": entry.actor,
        "subject": entry.subject,
        "size": found.size,
        "root": found.root.hex(),
        "witnesses": cosigned,
    }
