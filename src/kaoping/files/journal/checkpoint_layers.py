"""Layers C, W and K: the checkpoint itself, its witnesses, and the older ones that were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.errors import InputError, TamperError
from kaoping.core.journal import open_checkpoint
from kaoping.files.journal.folder import read_held_checkpoint
from kaoping.files.journal.keys import holds

if TYPE_CHECKING:
    from pathlib import Path

    from kaoping.core.journal import Checkpoint, SignedCheckpoint
from kaoping.files.journal.inquiry import CLOCK_TOLERANCE, Asked, Held, Said, Unchecked, seconds_of


def signed_words(signed: SignedCheckpoint) -> Said:
    """C: what is signed, in words."""
    found = signed.checkpoint
    return (
        f"日志 {found.origin}，{found.size} 条，根 {found.root_prefix}…",
        f"journal {found.origin}, {found.size} entries, root {found.root_prefix}…",
    )


def witnesses(held: Held) -> Said:
    """W: as many witnesses as were asked for cosigned."""
    asked, count = held.asked, held.signed.cosigned_by(held.asked.witnesses)
    if count < asked.quorum:
        raise TamperError(
            f"见证不足：应有 {asked.quorum} 个见证人签署，实有 {count} 个。请向见证人核实，"
            "在此之前不要采信。",
            f"Too few witnesses: {asked.quorum} must have cosigned, {count} did. Ask the witnesses "
            "before you trust it.",
        )
    if count == 0:
        raise Unchecked("未见证：没有给出的见证人签署", "not witnessed by any given witness")
    return (
        f"{count} 个见证人签署（要求 {asked.quorum} 个）",
        f"{count} cosigned, {asked.quorum} asked for",
    )


def older_checkpoints(held: Held) -> Said:
    """K: the journal continues every older checkpoint that was kept."""
    if not held.asked.since:
        raise Unchecked(
            "没有给出旧检查点，看不出历史是否被改写",
            "no older checkpoint was given: a rewritten history would not show",
        )
    late = [remark for path in held.asked.since if (remark := _continue(held, path))]
    count = len(held.asked.since)
    zh, en = late[0] if late else ("", "")
    return f"与 {count} 个旧检查点一致{zh}", f"continues {count} older checkpoint(s){en}"


def _continue(held: Held, path: Path) -> Said | None:
    """That the journal begins with what an older checkpoint was signed over.

    Returns:
        What is strange about the times around it, if anything.

    Raises:
        TamperError: saying how it does not.
    """
    asked, now = held.asked, held.signed.checkpoint
    signed = _kept(path, asked)
    old = signed.checkpoint
    if old.origin != now.origin:
        raise _fork(path, f"是另一个日志 {old.origin} 的", f"is of another journal, {old.origin}")
    if old.size > now.size:
        raise _fork(
            path,
            f"已有 {old.size} 条，而日志只有 {now.size} 条：尾部被截去，或被退回到较早的状态",
            f"has {old.size} entries and the journal only {now.size}: ROLLBACK",
        )
    if old.size == now.size and old.root != now.root:
        raise _fork(
            path,
            f"同为 {old.size} 条而根不同：同一日志有两个版本（分叉）",
            f"has the same {old.size} entries and another root: FORK",
        )
    if held.reader.root(old.size) != old.root:
        raise _fork(
            path,
            f"与日志的前 {old.size} 条不符：其中有条目被改动、删除、插入或调换",
            f"does not agree with the first {old.size} entries: REWRITE",
        )
    return _dated_back(held, signed)


def _kept(path: Path, asked: Asked) -> SignedCheckpoint:
    """A checkpoint that was kept; one that is damaged says nothing about the journal.

    Raises:
        InputError: where it is no sound checkpoint any more.
    """
    try:
        return open_checkpoint(read_held_checkpoint(path), asked.keys, holds, asked.witnesses)
    except TamperError as error:
        raise InputError(
            f"所持的旧检查点或回执 {path.name} 本身不完好，不能用来核对：{error.zh}",
            f"The checkpoint or receipt held, {path.name}, is itself not sound: {error.en}",
        ) from None


def kept_checkpoints(held: Held) -> list[Checkpoint]:
    """The checkpoints that the outsider kept."""
    asked = held.asked
    return [_kept(path, asked).checkpoint for path in asked.since]


def _dated_back(held: Held, old: SignedCheckpoint) -> Said | None:
    """An entry that says it is older than a witness's signature over a journal without it.

    It may have been taken just before and signed later; or it was dated back. A person must look.
    """
    times = [signature.time for signature in old.note.signatures if signature.time]
    size = old.checkpoint.size
    if not times or size >= held.size:
        return None
    if seconds_of(held, size) >= max(times) - CLOCK_TOLERANCE:
        return None
    return (
        f"；注意：第 {size} 条自称早于见证时间，而当时见证的检查点里还没有它（补记或倒填，请核实）",
        f"; note: entry {size} claims a time before a witness signed a journal without it",
    )


def _fork(path: Path, zh: str, en: str) -> TamperError:
    return TamperError(
        f"所持的旧检查点 {path.name} {zh}。两份签名文件合在一起就是证据，请妥善保存并上报。",
        f"The checkpoint held, {path.name}, {en}. Both signed files together are the proof: keep "
        "them and report it.",
    )
