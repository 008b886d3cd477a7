"""Layers S and E: the rows of the register and the attachments, which lie beside the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.blob import FIELDS, read_reference
from kaoping.core.errors import EnvironmentFault, InputError, TamperError
from kaoping.core.register import Fault, differences, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.blob import Blob
    from kaoping.core.register import RowFault
from kaoping.files.journal.inquiry import Held, Said, Unchecked, need_all_bodies

_NAMED = 20
"""How many bad rows or files a finding names."""


_FAULT_WORDS = {
    Fault.EDITED: ("被改动", "was edited"),
    Fault.DELETED: ("被删除", "was deleted"),
    Fault.SMUGGLED: ("不是任何办理写入的", "was written by no act"),
}


def rows(held: Held) -> Said:
    """S: the rows are, digest for digest, what the acts wrote."""
    if held.asked.rows is None:
        raise Unchecked("没有给出登记数据", "no rows of the register were given")
    need_all_bodies(held, "不能核对登记数据", "the register cannot be judged")
    expected = fold((index, body["effects"]) for index, body in held.bodies.items())
    faults = list(differences(expected, held.asked.rows()))
    if faults:
        zh = "；".join(
            f"{f.table} {f.id} {_FAULT_WORDS[f.fault][0]}{_by(f)[0]}" for f in faults[:_NAMED]
        )
        en = "; ".join(
            f"{f.table} {f.id} {_FAULT_WORDS[f.fault][1]}{_by(f)[1]}" for f in faults[:_NAMED]
        )
        raise TamperError(
            f"登记数据与日志不符：{zh}{_more(faults, '另有 {} 行')}。请停止使用并查明原因。",
            f"The register differs from the journal: {en}{_more(faults, '{} more')}. Stop using it "
            "and find out why.",
        )
    return f"{len(expected)} 行与日志相符", f"{len(expected)} rows agree"


def _by(fault: RowFault) -> Said:
    """Which entry wrote a row last, if one did."""
    if fault.index is None:
        return "", ""
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
