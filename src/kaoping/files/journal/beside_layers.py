"""Layers S and E: the rows of the register and the attachments, which lie beside the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.acts.keeping import SecurityLogSealed
from kaoping.core.blob import FIELDS, read_reference
from kaoping.core.errors import EnvironmentFault, InputError, TamperError
from kaoping.core.projection import TABLE_NAMES
from kaoping.core.register import Fault, differences, fold
from kaoping.core.security_rows import TABLE as EVENTS
from kaoping.core.security_rows import Seal, log_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from kaoping.core.blob import Blob
    from kaoping.core.register import RowFault
from kaoping.files.journal.inquiry import Held, Said, Unchecked, need_all_bodies

_NAMED = 20
"""How many bad rows or files a finding names."""


_TABLE_WORDS = {EVENTS: "安全记录", **TABLE_NAMES}
_FAULT_WORDS = {
    Fault.EDITED: ("被改动", "was edited"),
    Fault.DELETED: ("被删除", "was deleted"),
    Fault.SMUGGLED: ("不是任何办理写入的", "was written by no act"),
}


def rows(held: Held) -> Said:
    """S: the rows are, digest for digest, what the acts wrote; in a database its security log, too."""
    kept = held.asked.database
    given = kept.register if kept else held.asked.rows
    if given is None:
        raise Unchecked("没有给出登记数据", "no rows of the register were given")
    need_all_bodies(held, "不能核对登记数据", "the register cannot be judged")
    bodies = {**held.bodies, **held.unsigned}
    expected = fold((index, body["effects"]) for index, body in bodies.items())
    faults = [_words(fault) for fault in differences(expected, given())]
    seals = _seals(bodies)
    if kept is not None:
        faults += [_words(fault) for fault in log_faults(seals, kept.events())]
        faults += kept.guard_faults()
    if faults:
        raise TamperError(
            f"登记数据与日志不符：{'；'.join(zh for zh, _ in faults[:_NAMED])}"
            f"{_more(faults, '另有 {} 行')}。请停止使用并查明原因。",
            f"The register differs from the journal: {'; '.join(en for _, en in faults[:_NAMED])}"
            f"{_more(faults, '{} more')}. Stop using it and find out why.",
        )
    return _agreeing(held, len(expected), seals)


def _agreeing(held: Held, count: int, seals: Sequence[Seal]) -> Said:
    """What S says where everything agrees."""
    zh, en = f"{count} 行与日志相符", f"{count} rows agree"
    kept = held.asked.database
    if kept is None:
        return zh, en
    sealed = sum(len(seal.marks) for seal in seals)
    zh += f"；安全记录封存的 {sealed} 条相符；保护触发器齐全"
    en += f"; {sealed} sealed rows of the security log agree; all guards are there"
    last = _last_schema({**held.bodies, **held.unsigned})
    if last is not None and last[1] != kept.schema_print():
        zh += f"；注意：数据库结构与第 {last[0]} 条封存时不同（程序升级，或有人改过结构，请核实）"
        en += f"; note: the schema is not the one that entry {last[0]} sealed"
    if held.unsigned:
        zh += f"；其中 {len(held.unsigned)} 条办理尚未签署，一并核对"
        en += f"; {len(held.unsigned)} acts are not signed yet and were counted in"
    return zh, en


def _seals(bodies: Mapping[int, Mapping[str, Any]]) -> list[Seal]:
    """What was sealed of the security log, in the order of the journal."""
    return [
        Seal.of(index, body["act"]["content"])
        for index, body in bodies.items()
        if "act" in body and body["act"]["type"] == SecurityLogSealed.wire
    ]


def _last_schema(bodies: Mapping[int, Mapping[str, Any]]) -> tuple[int, str] | None:
    """The last fingerprint of the database that stands in the journal, and its entry."""
    for index in sorted(bodies, reverse=True):
        act = bodies[index].get("act")
        if act and act["type"] == SecurityLogSealed.wire:
            return index, act["content"]["schema"]
    return None


def _words(fault: RowFault) -> Said:
    """A row that differs, in Chinese and English."""
    name = f"{fault.table} {fault.id}"
    zh, en = _FAULT_WORDS[fault.fault]
    by_zh, by_en = _by(fault)
    word = _TABLE_WORDS.get(fault.table, "")
    return f"{word} {name} {zh}{by_zh}".lstrip(), f"{name} {en}{by_en}"


def _by(fault: RowFault) -> Said:
    """Which entry wrote a row last, if one did, or sealed it."""
    if fault.index is None:
        return "", ""
    if fault.table == EVENTS:
        return f"（第 {fault.index} 条封存）", f" (sealed by entry {fault.index})"
    return f"（第 {fault.index} 条写入）", f" (written by entry {fault.index})"


def attachments(held: Held) -> Said:
    """E: every attachment that a body names is there, with both digests."""
    if held.asked.blobs is None:
        raise Unchecked("没有给出附件", "no attachments were given")
    blobs = {blob: index for index, body in held.bodies.items() for blob in _blobs_in(body)}
    faults: list[Said] = []
    for blob, index in blobs.items():
        try:
            held.asked.blobs.check(blob)
        except (TamperError, EnvironmentFault) as error:
            faults.append((f"第 {index} 条：{error.zh}", f"Entry {index}: {error.en}"))
    if faults:
        raise TamperError(
            "\n".join(zh for zh, _ in faults[:_NAMED]) + _more(faults, "另有 {} 个附件"),
            "\n".join(en for _, en in faults[:_NAMED]) + _more(faults, "{} more attachments"),
        )
    need_all_bodies(
        held,
        f"只核对了其中 {len(blobs)} 个附件",
        f"only their {len(blobs)} attachments were checked",
    )
    return f"{len(blobs)} 个附件逐个复算相符", f"{len(blobs)} attachments agree"


def _more(faults: Sequence[object], words: str) -> str:
    """How many there are besides those that are named."""
    return f"\n{words.format(len(faults) - _NAMED)}" if len(faults) > _NAMED else ""


def _blobs_in(value: object) -> Iterator[Blob]:
    """Every reference to a blob anywhere in a body.

    Raises:
        TamperError: where one is not of its form.
    """
    if isinstance(value, dict) and value.keys() == FIELDS:
        try:
            yield read_reference(value)
        except InputError as error:
            raise TamperError(error.zh, error.en) from None
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _blobs_in(part)
