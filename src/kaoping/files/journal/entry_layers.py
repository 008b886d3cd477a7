"""Layer B: every entry against the tree, every body against its entry."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from kaoping.core.acts.keeping import TextRedacted
from kaoping.core.errors import TamperError
from kaoping.core.journal import commitment, entry_of, kinds_in, read_entry, times_of
from kaoping.core.tree import root_of
from kaoping.core.workflow.filing import REDACTABLE
from kaoping.files.journal.bodies import BODIES, Bodies
from kaoping.files.journal.tiles import WIDTH, TileReader, tile_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kaoping.files.journal.database import Database, Kept

from kaoping.files.journal.inquiry import Held, Said, acts_of_kind, bad_entry


def entries_and_bodies(held: Held) -> Said:
    """B: all entries give the signed root, and every body held is the one of its entry."""
    _check_upper_tiles(held, _check_entries(held))
    held.tree_is_sound = True
    _check_bodies(held)
    size, count = held.size, len(held.bodies)
    is_whole = held.asked.complete or held.asked.database is not None
    if is_whole and count < size:
        missing = next(index for index in range(size) if index not in held.bodies)
        raise TamperError(
            f"第 {missing} 条的正文缺失（应有 {size} 条，实有 {count} 条）。请从备份取回。",
            f"The body of entry {missing} is missing ({count} of {size} are there). Fetch it from "
            "a backup.",
        )
    zh = f"；另有摘录 {held.excerpts} 条" if held.excerpts else ""
    en = f"; {held.excerpts} excerpts more" if held.excerpts else ""
    if held.reader.has_more():
        zh += "；注意：此后还有条目不在检查点内（尚未签署，或检查点被换成了旧的）"
        en += "; note: entries lie beyond the checkpoint (not signed yet, or it was put back)"
    return (
        f"条目 {size} 条全部与树相符；正文 {count}/{size} 条与条目相符{zh}",
        f"all {size} entries agree with the tree; bodies {count} of {size} agree{en}",
    )


def _check_entries(held: Held) -> list[bytes]:
    """That each entry is sound and gives its hash; the roots of all full tiles."""
    before, roots = b"", []
    for first, entries in held.reader.bundles():
        hashes = [sha256(b"\x00" + entry).digest() for entry in entries]
        if hashes != held.reader.tile(0, first // WIDTH):
            pairs = zip(hashes, held.reader.tile(0, first // WIDTH), strict=True)
            offset = next(place for place, (ours, tile) in enumerate(pairs) if ours != tile)
            raise bad_entry(first + offset, "与已签署的树不符", "does not match the signed tree")
        if len(hashes) == WIDTH:
            roots.append(root_of(hashes))
        times = times_of(entries)
        if None in times:
            raise bad_entry(first + times.index(None), "不是完好的条目", "is not a sound entry")
        for kind in kinds_in(entries):
            held.bundles_of.setdefault(kind, []).append(first // WIDTH)
        known = cast("list[bytes]", times)
        if held.backwards is None and (known[0] < before or known != sorted(known)):
            offset = next(
                i for i, time in enumerate(known) if time < (known[i - 1] if i else before)
            )
            held.backwards = first + offset
        before = known[-1]
    return roots


def _check_upper_tiles(held: Held, roots: Sequence[bytes]) -> None:
    """That the root of each full tile stands in the tile above it, and all of them give the root."""
    level, reader = 0, held.reader
    while roots:
        above = []
        for first in range(0, len(roots), WIDTH):
            due, found = roots[first : first + WIDTH], reader.tile(level + 1, first // WIDTH)
            if due != found:
                pairs = enumerate(zip(due, found, strict=True))
                offset = next(place for place, (one, other) in pairs if one != other)
                raise _bad_tile(level, first + offset, reader)
            if len(due) == WIDTH:
                above.append(root_of(due))
        roots, level = above, level + 1
    if reader.root() != held.signed.checkpoint.root:
        raise _bad_tile(level, 0, reader)


def _check_bodies(held: Held) -> None:
    folder, kept = held.asked.bodies or held.asked.folder / BODIES, held.asked.database
    acts = _require_mirror(held, kept) if kept else []
    removed: list[int] = []
    for index, body in (kept.bodies if kept else Bodies(folder).up_to)(held.size):
        _require_own(index, body, held.reader.entry(index))
        if kept is not None and "act" in body and body["act"]["id"] != acts[index]:
            raise bad_entry(index, "的办理编号在数据库中被改动", "has another id in the database")
        if "line" in body:
            held.excerpts += 1
            continue
        held.bodies[index] = body
        if "act" not in body:
            removed.append(index)
    if kept is not None:
        _take_unsigned(held, kept)
    named = [act["content"] for act in acts_of_kind(held, TextRedacted.wire)]
    for index in removed:
        due = {"index": index, "content_digest": held.bodies[index]["act_digest"]}
        if not any(type(one.get("index")) is int and due.items() <= one.items() for one in named):
            raise bad_entry(
                index,
                "的正文内容被删去，而日志中没有依法删除的办理",
                "lost the text of its act, and no act of the journal says why",
            )
        _require_removable(index, held.reader.entry(index))


def _require_mirror(held: Held, kept: Database) -> list[str]:
    """That a database has every entry of the tree, and each of its entries in all its columns.

    Returns:
        The id of the act of each, as the database says it.

    Raises:
        TamperError: naming the first that is missing or differs, or saying that the database was
            put back to an earlier state.
    """
    acts: list[str] = []
    for count, entry in enumerate(kept.entries()):
        if entry.index != count:
            raise bad_entry(count, "不在数据库中", "is missing from the database")
        signed = held.reader.entry(count) if count < held.size else entry.content.encode()
        if entry.content.encode() != signed:
            raise bad_entry(
                count, "在数据库中的条目与已签署的树不符", "in the database is not the one signed"
            )
        if not _is_looked_up_as(entry):
            raise bad_entry(
                count,
                "在数据库中的时间、经手人、事项或办理种类被改动",
                "has another time, actor, subject or type in the database",
            )
        acts.append(entry.act)
    count = len(acts)
    if count < held.size:
        raise TamperError(
            f"数据库只有 {count} 条存证，而已签署 {held.size} 条：数据库被退回到了较早的状态，"
            f"从第 {count} 条起缺失。请停止办理，恢复完整的数据库。",
            f"ROLLBACK: the database has {count} entries and {held.size} were signed; those from "
            f"entry {count} on are missing. Stop and restore the whole database.",
        )
    return acts


def _is_looked_up_as(entry: Kept) -> bool:
    """Whether the columns by which an entry is looked up say what its leaf says."""
    leaf = read_entry(entry.content.encode())
    if leaf is None:
        return False
    said = (leaf.at, leaf.actor, leaf.subject, leaf.type)
    return said == (entry.at, entry.actor, entry.subject, entry.type)


def _take_unsigned(held: Held, kept: Database) -> None:
    """Bodies that a database has beyond the checkpoint, each compared with its own entry.

    Raises:
        TamperError: naming the first that is not the one of its entry.
    """
    for index, body, content in kept.unsigned(held.size):
        _require_own(index, body, content)
        held.unsigned[index] = body


def _require_removable(index: int, content: bytes) -> None:
    """That the act whose text was removed is of a kind that no later rule needs.

    Raises:
        TamperError: where what rests on it could not be judged any more.
    """
    entry = read_entry(content)
    if entry is None or entry.type not in REDACTABLE:
        raise bad_entry(
            index,
            "是不能删去内容的办理，它的正文却没有内容",
            "is of a kind whose text is never removed, and it is gone",
        )


def _require_own(index: int, body: Mapping[str, Any], content: bytes) -> None:
    """That a body is the one that its entry commits to.

    Raises:
        TamperError: naming the entry.
    """
    entry = read_entry(content)
    try:
        is_bound = entry is not None and commitment(body) == entry.commitment
    except TamperError:
        is_bound = False
    if entry is None or not is_bound:
        raise bad_entry(index, "的正文被改动过", "has a body that was changed")
    if "act" in body and entry_of(body, entry.commitment) != entry:
        raise bad_entry(index, "的正文是别的条目的", "has the body of another entry")


def _bad_tile(level: int, number: int, reader: TileReader) -> TamperError:
    path = tile_path(level, number, reader.width(level, number))
    first = (number * WIDTH) << (8 * level)
    last = min(reader.size, ((number + 1) * WIDTH) << (8 * level)) - 1
    return TamperError(
        f"日志文件 {path} 与已签署的根不符：第 {first} 至 {last} 条中有改动。请保留现场，"
        "从备份或见证人处取回完好的副本比对。",
        f"The journal's file {path} does not give the signed root: something in entries {first} to "
        f"{last} was changed. Keep everything as it is and compare with a sound copy.",
    )
