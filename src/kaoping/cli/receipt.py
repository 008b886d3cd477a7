"""`kaoping receipt make|verify`: what a unit keeps, and how anybody checks it offline."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaoping.cli import show
from kaoping.cli.arguments import add_file, add_inner_verbs, add_json, add_out, add_verb
from kaoping.cli.keys import add_keys, read_keys, read_witnesses
from kaoping.cli.language import said
from kaoping.core.acts.names import act_name
from kaoping.core.canonical import encode
from kaoping.core.errors import InputError, TamperError, UsageError
from kaoping.core.journal import (
    check_receipt,
    entry_of,
    excerpt,
    open_checkpoint,
    parse_checkpoint,
    parse_receipt,
    read_body,
)
from kaoping.core.note import divided
from kaoping.files.atomic import refuse_taken_place, write_whole
from kaoping.files.documents import read_bytes
from kaoping.files.journal.folder import Journal, read_held_checkpoint, read_note
from kaoping.files.journal.keys import holds
from kaoping.files.journal.run import named_for

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from kaoping.cli.arguments import Verbs
    from kaoping.core.journal import Checkpoint, Entry, SignedCheckpoint
    from kaoping.core.note import VerifierKey

ENDING = ".tlog-proof"
BODY_ENDING = ".body.json"
MAX_BODY = 4_000_000
"""Largest body, in bytes."""


def add_receipt(verbs: Verbs) -> None:
    """Add `kaoping receipt`."""
    receipt = add_verb(verbs, "receipt", "回执：出具、核验", "make and verify receipts")
    inner = add_inner_verbs(receipt)
    _add_make(inner)
    _add_verify(inner)


def _add_make(inner: Verbs) -> None:
    make = add_verb(inner, "make", "出具一条的回执和正文", "write the receipt of an entry")
    add_file(make, "journal", said("日志", "DIR"), said("日志文件夹", "the journal's folder"))
    make.add_argument(
        "index",
        type=int,
        metavar=said("序号", "INDEX"),
        help=said("第几条，从 0 数起", "which entry, from 0"),
    )
    share = make.add_mutually_exclusive_group()
    share.add_argument(
        "--line",
        type=int,
        metavar="N",
        help=said(
            "多单位的办理只给其中第 N 行（从 0 数起），别的单位的内容不给",
            "of an act about several units give only line N (from 0)",
        ),
    )
    share.add_argument(
        "--whole",
        action="store_true",
        help=said(
            "多单位的办理给出全部各行；只可交给有权看所有单位内容的人（如纪检、审计）",
            "give the lines of all units: only for who may see them all, such as auditors",
        ),
    )
    add_out(make, said("回执文件（.tlog-proof），正文写在旁边", "the receipt; its body beside it"))
    make.set_defaults(command=_make)


def _add_verify(inner: Verbs) -> None:
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
    return receipt.with_name(receipt.name.removesuffix(ENDING) + BODY_ENDING)


def _make(chosen: argparse.Namespace) -> int:
    folder, index, out = chosen.journal, chosen.index, chosen.out
    if not out.name.endswith(ENDING) or out.name == ENDING:
        raise UsageError(
            f"回执文件的名称应以 {ENDING} 结尾：{out.name}。正文写在旁边，以 {BODY_ENDING} 结尾。",
            f"A receipt's name must end with {ENDING}: {out.name}. Its body goes beside it.",
        )
    journal = Journal.open(folder)
    receipt = journal.receipt(index)
    body = journal.bodies.get(index)
    if body is None:
        raise InputError(
            f"这里没有第 {index} 条的正文，不能出具完整的回执。请向保存正文的一方索取。",
            f"The body of entry {index} is not here. Ask whoever keeps it.",
        )
    given = _share_of(body, chosen.line, whole=chosen.whole)
    written = {_body_beside(out): encode(given) + b"\n", out: receipt.text.encode()}
    for path, content in written.items():
        refuse_taken_place(path, inside=folder, may_replace=content.__eq__)
    for path, content in written.items():
        write_whole(path, content)
    show.print_line(
        said(
            f"回执在 {out}，正文在 {_body_beside(out)}，请一并交给对方保存。",
            f"The receipt is in {out} and its body in {_body_beside(out)}: hand over both.",
        )
    )
    return 0


def _share_of(body: dict[str, Any], line: int | None, *, whole: bool) -> dict[str, Any]:
    """As much of a body as was asked for; what other units may not see must be asked for aloud.

    Raises:
        InputError: saying how many lines there are.
    """
    lines = body.get("act", {}).get("content", {}).get("lines")
    count = len(lines) if isinstance(lines, list) else 0
    if line is not None and not 0 <= line < count:
        raise InputError(
            f"这件办理有 {count} 行，没有第 {line} 行（从 0 数起）。",
            f"This act has {count} lines and no line {line} (counted from 0).",
        )
    if line is not None:
        return excerpt(body, line)
    if isinstance(lines, list) and not whole:
        raise InputError(
            f"这件办理涉及多个单位，共 {count} 行，没有写出。给一个单位的请用 --line N 只给它那一行"
            "（从 0 数起）；对方有权看全部内容的，请用 --whole。",
            f"This act has {count} lines, about several units; nothing was written. Give a unit its "
            "own line with --line N (counted from 0), or all of them to who may see all with "
            "--whole.",
        )
    return body


# --- verify ---------------------------------------------------------------------------------------


def _verify(chosen: argparse.Namespace) -> int:
    keys, witnesses = read_keys(chosen.keys), read_witnesses(chosen)
    with _of_file(chosen.file):
        receipt = parse_receipt(read_note(chosen.file))
        keys = named_for(_origin(receipt.checkpoint), keys)
        signed = open_checkpoint(receipt.checkpoint, keys, holds, witnesses)
    cosigned = signed.cosigned_by(witnesses)
    _require_quorum(cosigned, chosen.quorum)
    body = _read_body(chosen.file, chosen.body)
    entry = entry_of(body)
    check_receipt(receipt, entry.content, signed)
    compared = [_compared(signed.checkpoint, other, keys) for other in chosen.against]
    if chosen.json:
        told = _as_json(receipt.index, entry, signed, cosigned)
        show.print_json(
            told | _content_json(body) | {"against": [one.as_json() for one in compared]}
        )
        return 0
    _print_proven(receipt.index, entry, body, signed, cosigned)
    for one in compared:
        show.print_line(said(*one.words))
    _print_content(body)
    return 0


@contextmanager
def _of_file(path: Path) -> Iterator[None]:
    """Whatever does not verify in the block is of this file; its reader may hold several.

    Raises:
        TamperError: naming the file.
    """
    try:
        yield
    except TamperError as error:
        raise TamperError(f"{path.name}：{error.zh}", f"{path.name}: {error.en}") from None


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


@dataclass(frozen=True, slots=True)
class _Compared:
    """What comparing with somebody else's receipt or checkpoint could say."""

    path: Path
    size: int
    is_same: bool

    @property
    def words(self) -> tuple[str, str]:
        """It in Chinese and in English."""
        name = self.path.name
        if self.is_same:
            return (
                f"与 {name} 一致：同样条数，同样的根。",
                f"{name} agrees: as many entries, the same root.",
            )
        zh = "与所给文件条数不同，无法直接比较；请用 kaoping journal verify --since 核对"
        en = "it has another size and cannot be compared; use kaoping journal verify --since"
        return f"{name}（{self.size} 条）：{zh}。", f"{name}, {self.size} entries: {en}."

    def as_json(self) -> dict[str, object]:
        """It for a program; null where nothing could be compared."""
        return {"file": self.path.name, "size": self.size, "same": self.is_same or None}


def _compared(ours: Checkpoint, path: Path, keys: Sequence[VerifierKey]) -> _Compared:
    """Hold somebody else's checkpoint against that of the receipt.

    Raises:
        InputError: where it is another journal's.
        TamperError: where it does not verify, or proves a fork.
    """
    with _of_file(path):
        content = read_held_checkpoint(path)
        origin = _origin(content)
        if origin != ours.origin:
            raise InputError(
                f"{path.name} 是另一个日志的：{origin}，而回执是日志 {ours.origin} 的，"
                "两者不能比较。请给出同一日志的回执或检查点。",
                f"{path.name} is of another journal, {origin}; the receipt is of {ours.origin}. "
                "Give a receipt or checkpoint of the same journal.",
            )
        theirs = open_checkpoint(content, keys, holds).checkpoint
    _refuse_fork(ours, theirs, path)
    return _Compared(path, theirs.size, theirs == ours)


def _origin(note: str) -> str:
    """Which journal a checkpoint says it is of; not verified yet."""
    return parse_checkpoint(divided(note)[0]).origin


def _refuse_fork(ours: Checkpoint, theirs: Checkpoint, path: Path) -> None:
    if ours.forks_from(theirs):
        raise TamperError(
            f"分叉：同一日志 {ours.origin} 在 {ours.size} 条时有两个不同的根，两份都有有效签名。"
            f"本回执与 {path.name} 合在一起就是证据，请妥善保存并上报。",
            f"FORK: journal {ours.origin} has two roots for {ours.size} entries, both signed. This "
            f"receipt and {path.name} together are the proof: keep them and report it.",
        )


def _print_proven(
    index: int, entry: Entry, body: dict[str, Any], signed: SignedCheckpoint, cosigned: int
) -> None:
    found = signed.checkpoint
    rows = [
        (said("日志", "Journal"), found.origin),
        (said("第几条", "Entry"), f"{index}"),
        (said("办理", "Act"), said(f"{act_name(entry.type)}（{entry.type}）", entry.type)),
        *_excerpt_row(body),
        (said("时间（北京）", "Time (Beijing)"), show.beijing(entry.at)),
        (said("经手人编号", "Actor"), entry.actor),
        (said("事项编号", "Subject"), entry.subject),
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


def _excerpt_row(body: dict[str, Any]) -> list[tuple[str, str]]:
    """Which line was given, where only one was: nobody may take it for the whole act."""
    if "line" not in body:
        return []
    line, count = body["line_number"], body["act"]["content"]["lines"]["count"]
    words = said(
        f"第 {line} 行（共 {count} 行，其余未给；从 0 数起）",
        f"line {line} of {count}, counted from 0; the others are not given",
    )
    return [(said("给出的行", "Line given"), words)]


def _content_of(body: dict[str, Any]) -> dict[str, Any]:
    """The fields of the act; of an excerpt with the line that was given."""
    content = dict(body["act"]["content"])
    if "line" in body:
        content["lines"] = [body["line"]]
    return content


def _print_content(body: dict[str, Any]) -> None:
    """The act in words a person can compare: its fields, and the line that was given, if one was."""
    show.print_line(
        said("正文（字段含义见 docs/formats/acts.md）：", "Body (fields: docs/formats/acts.md):")
    )
    show.print_line(json.dumps(_content_of(body), ensure_ascii=False, indent=2))


def _content_json(body: dict[str, Any]) -> dict[str, object]:
    content = _content_of(body)
    lines = body["act"]["content"].get("lines")
    is_excerpt = "line" in body
    count = lines["count"] if is_excerpt else len(lines) if isinstance(lines, list) else None
    return {"line": body.get("line_number"), "lines": count, "content": content}


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
