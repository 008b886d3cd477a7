"""Verification of a journal, layer by layer, by whoever holds its files (design: acts, "Verification").

**C** signature of the checkpoint · **W** enough witnesses · **B** every entry against the tree, every
body against its entry · **K** every older checkpoint held is a beginning of the present one · **P**
the rules of procedure · **D** every draw anew · **S** the register's rows · **E** every blob · **X**
the scores. A layer that fails names the first thing that is wrong. What rests on a layer that failed
is not looked at, so that the first finding is the cause and not its echo.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from kaoping.core.acts.codec import decode_act
from kaoping.core.acts.keeping import TextRedacted
from kaoping.core.acts.names import act_name
from kaoping.core.acts.verifying import DigitsRecorded, DrawPlanned
from kaoping.core.blob import read_reference
from kaoping.core.draw.records import Certificate
from kaoping.core.draw.verification import verify_certificate
from kaoping.core.errors import InputError, TamperError
from kaoping.core.journal import commitment, entry_of, open_checkpoint, read_entry, time_of
from kaoping.core.register import Fault, differences, fold
from kaoping.core.tree import root_of
from kaoping.core.workflow.taking import replay
from kaoping.files.journal.bodies import BODIES, Bodies
from kaoping.files.journal.folder import CHECKPOINT, read_held_checkpoint, read_note
from kaoping.files.journal.keys import holds
from kaoping.files.journal.tiles import WIDTH, TileReader, tile_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kaoping.core.acts.envelope import Act
    from kaoping.core.blob import Blob
    from kaoping.core.journal import SignedCheckpoint
    from kaoping.core.note import VerifierKey
    from kaoping.core.register import Row, RowFault
    from kaoping.files.blobs import Blobs

CLOCK_TOLERANCE = 300
"""How far clocks of two offices may differ, in seconds."""
_NAMED = 20
"""How many bad rows or files a finding names."""
_BLOB_FIELDS = {"sha256", "size", "sm3"}


class Layer(StrEnum):
    """What is checked, by the letter of the design."""

    C = "C"
    W = "W"
    K = "K"
    B = "B"
    S = "S"
    E = "E"
    P = "P"
    D = "D"
    X = "X"


LAYER_NAMES: dict[Layer, tuple[str, str]] = {
    Layer.C: ("检查点签名", "signature of the checkpoint"),
    Layer.W: ("见证", "witnesses"),
    Layer.K: ("与所持旧检查点一致", "consistency with checkpoints held"),
    Layer.B: ("条目与正文", "entries and bodies"),
    Layer.S: ("登记数据", "rows of the register"),
    Layer.E: ("附件", "attachments"),
    Layer.P: ("办理规则", "rules of procedure"),
    Layer.D: ("抽签", "draws"),
    Layer.X: ("计分", "scores"),
}


class State(StrEnum):
    """How a layer ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one layer found, in Chinese and English."""

    layer: Layer
    state: State
    zh: str
    en: str


Said = tuple[str, str]


class _Unchecked(Exception):  # noqa: N818 - no error: the layer has nothing to judge, and says why
    """A layer that cannot say passed, and what it can say instead."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be verified, and what is held besides the journal's folder.

    Attributes:
        folder: the journal: its checkpoint and tiles.
        keys: keys of the journal, from paper or a stick, never from the folder.
        since: older checkpoints or receipts that were kept.
        witnesses: keys of the witnesses; `quorum` of them must have cosigned.
        bodies: where the bodies lie; beside the tiles if None.
        complete: whether every body must be there.
        blobs: where the attachments lie, if held.
        rows: the rows of the register, if held.
        rescored: judges the scores, if scheme and results are held.
    """

    folder: Path
    keys: Sequence[VerifierKey]
    since: Sequence[Path] = ()
    witnesses: Sequence[VerifierKey] = ()
    quorum: int = 0
    bodies: Path | None = None
    complete: bool = False
    blobs: Blobs | None = None
    rows: Callable[[], Iterable[Row]] | None = None
    rescored: Callable[[Sequence[Mapping[str, Any]]], Said] | None = None


@dataclass(slots=True)
class _Held:
    """What the layers learn from each other as they go."""

    asked: Asked
    signed: SignedCheckpoint
    reader: TileReader
    bodies: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Whole bodies, and those whose act was removed by law, by the index of their entry."""
    excerpts: int = 0
    """Bodies of which only one line is held."""
    backwards: int | None = None
    """The first entry whose time lies before that of the one before it."""

    @property
    def size(self) -> int:
        return self.reader.size


def verify(asked: Asked) -> tuple[Finding, ...]:
    """What each layer finds; the journal is sound where none failed.

    Raises:
        InputError: where a file that was named does not exist.
    """
    try:
        content = read_note(asked.folder / CHECKPOINT)
        signed = open_checkpoint(content, asked.keys, holds, asked.witnesses)
    except TamperError as error:
        first = Finding(Layer.C, State.FAILED, error.zh, error.en)
        return (first, *(_not_reached(layer) for layer in Layer if layer is not Layer.C))
    held = _Held(asked, signed, TileReader(asked.folder, signed.checkpoint.size))
    found = {Layer.C: Finding(Layer.C, State.PASSED, *_signed_words(signed))}
    found[Layer.W] = _run(Layer.W, _witnesses, held)
    found[Layer.B] = _run(Layer.B, _entries_and_bodies, held)
    rest = [*_LAYERS]
    if found[Layer.B].state is State.FAILED:
        found |= {layer: _not_reached(layer) for layer, _ in rest}
        rest = [(Layer.E, _attachments)] if held.bodies else []
    found |= {layer: _run(layer, check, held) for layer, check in rest}
    return tuple(found[layer] for layer in Layer)


def first_failure(findings: Sequence[Finding]) -> Finding | None:
    """The cause: the first layer that failed, in the order they were run."""
    order = [Layer.C, Layer.W, Layer.B, *(layer for layer, _ in _LAYERS)]
    failed = {found.layer: found for found in findings if found.state is State.FAILED}
    return next((failed[layer] for layer in order if layer in failed), None)


def _run(layer: Layer, check: Callable[[_Held], Said], held: _Held) -> Finding:
    """One layer; what it finds is reported, not raised, so that the others can be run as well."""
    try:
        return Finding(layer, State.PASSED, *check(held))
    except _Unchecked as reason:
        return Finding(layer, State.NOT_CHECKED, reason.zh, reason.en)
    except TamperError as error:
        return Finding(layer, State.FAILED, error.zh, error.en)


def _not_reached(layer: Layer) -> Finding:
    return Finding(
        layer,
        State.NOT_CHECKED,
        "前项未通过，未核对",
        "not checked: a layer it rests on failed",
    )


# --- C, W, K: checkpoints -------------------------------------------------------------------------


def _signed_words(signed: SignedCheckpoint) -> Said:
    found = signed.checkpoint
    return (
        f"日志 {found.origin}，{found.size} 条，根 {found.root_prefix}…",
        f"journal {found.origin}, {found.size} entries, root {found.root_prefix}…",
    )


def _witnesses(held: _Held) -> Said:
    asked, count = held.asked, held.signed.cosigned_by(held.asked.witnesses)
    if count < asked.quorum:
        raise TamperError(
            f"见证不足：应有 {asked.quorum} 个见证人签署，实有 {count} 个。请向见证人核实，"
            "在此之前不要采信。",
            f"Too few witnesses: {asked.quorum} must have cosigned, {count} did. Ask the witnesses "
            "before you trust it.",
        )
    if not asked.witnesses:
        raise _Unchecked("未见证：没有给出见证人", "no witnesses were given")
    return (
        f"{count} 个见证人签署（要求 {asked.quorum} 个）",
        f"{count} cosigned, {asked.quorum} asked for",
    )


def _older_checkpoints(held: _Held) -> Said:
    if not held.asked.since:
        raise _Unchecked(
            "没有给出旧检查点，看不出历史是否被改写",
            "no older checkpoint was given: a rewritten history would not show",
        )
    for path in held.asked.since:
        _continue(held, path)
    count = len(held.asked.since)
    return f"与 {count} 个旧检查点一致", f"continues {count} older checkpoint(s)"


def _continue(held: _Held, path: Path) -> None:
    """That the journal begins with what an older checkpoint was signed over.

    Raises:
        TamperError: saying how it does not.
    """
    asked, now = held.asked, held.signed.checkpoint
    old = open_checkpoint(read_held_checkpoint(path), asked.keys, holds).checkpoint
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


def _fork(path: Path, zh: str, en: str) -> TamperError:
    return TamperError(
        f"所持的旧检查点 {path.name} {zh}。两份签名文件合在一起就是证据，请妥善保存并上报。",
        f"The checkpoint held, {path.name}, {en}. Both signed files together are the proof: keep "
        "them and report it.",
    )


# --- B: entries and bodies ------------------------------------------------------------------------


def _entries_and_bodies(held: _Held) -> Said:
    _check_entries(held)
    _check_upper_tiles(held)
    _check_bodies(held)
    size, count = held.size, len(held.bodies)
    if held.asked.complete and count < size:
        missing = next(index for index in range(size) if index not in held.bodies)
        raise TamperError(
            f"第 {missing} 条的正文缺失（应有 {size} 条，实有 {count} 条）。请从备份取回。",
            f"The body of entry {missing} is missing ({count} of {size} are there). Fetch it from "
            "a backup.",
        )
    zh = f"；另有摘录 {held.excerpts} 条" if held.excerpts else ""
    en = f"; {held.excerpts} excerpts more" if held.excerpts else ""
    return (
        f"条目 {size} 条全部与树相符；正文 {count}/{size} 条与条目相符{zh}",
        f"all {size} entries agree with the tree; bodies {count} of {size} agree{en}",
    )


def _check_entries(held: _Held) -> None:
    before = b""
    for first, entries in held.reader.bundles():
        hashes = [sha256(b"\x00" + entry).digest() for entry in entries]
        if hashes != held.reader.tile(0, first // WIDTH):
            pairs = zip(hashes, held.reader.tile(0, first // WIDTH), strict=True)
            offset = next(place for place, (ours, tile) in enumerate(pairs) if ours != tile)
            raise _bad_entry(first + offset, "与已签署的树不符", "does not match the signed tree")
        times = [time_of(entry) for entry in entries]
        if None in times:
            raise _bad_entry(first + times.index(None), "不是完好的条目", "is not a sound entry")
        known = [before, *(time for time in times if time is not None)]
        if held.backwards is None and known != sorted(known):
            offset = next(i for i in range(len(times)) if known[i + 1] < known[i])
            held.backwards = first + offset
        before = known[-1]


def _check_upper_tiles(held: _Held) -> None:
    """That each full tile's root stands in the tile above it, and all of them give the root."""
    level, reader = 0, held.reader
    while reader.size >> (8 * (level + 1)):
        for number in range(reader.size >> (8 * (level + 1))):
            above = reader.tile(level + 1, number // WIDTH)[number % WIDTH]
            if root_of(reader.tile(level, number)) != above:
                raise _bad_tile(level, number, reader)
        level += 1
    if reader.root() != held.signed.checkpoint.root:
        raise _bad_tile(level, 0, reader)


def _check_bodies(held: _Held) -> None:
    folder = held.asked.bodies or held.asked.folder / BODIES
    removed: list[int] = []
    for index, body in Bodies(folder).up_to(held.size):
        _require_own(index, body, held.reader.entry(index))
        if "line" in body:
            held.excerpts += 1
            continue
        held.bodies[index] = body
        if "act" not in body:
            removed.append(index)
    named = [act["content"].get("index") for act in _acts(held, TextRedacted.wire)]
    for index in removed:
        if not any(type(one) is int and one == index for one in named):
            raise _bad_entry(
                index,
                "的正文内容被删去，而日志中没有依法删除的办理",
                "lost the text of its act, and no act of the journal says why",
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
    if not is_bound:
        raise _bad_entry(index, "的正文被改动过", "has a body that was changed")
    if "act" in body and entry_of(body) != entry:
        raise _bad_entry(index, "的正文是别的条目的", "has the body of another entry")


def _acts(held: _Held, kind: str) -> Iterator[Mapping[str, Any]]:
    for body in held.bodies.values():
        if "act" in body and body["act"]["type"] == kind:
            yield body["act"]


def _bad_entry(index: int, zh: str, en: str) -> TamperError:
    return TamperError(
        f"第 {index} 条{zh}。请保留现场，从备份或见证人处取回完好的副本比对。",
        f"Entry {index} {en}. Keep everything as it is and compare with a sound copy.",
    )


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


# --- S, E: what lies beside -----------------------------------------------------------------------


def _all_bodies(held: _Held, zh: str, en: str) -> None:
    """Refuse to judge where bodies are not held: what is missing could be what matters."""
    count, size = len(held.bodies), held.size
    if count < size:
        raise _Unchecked(
            f"正文 {count}/{size} 条，{zh}", f"only {count} of {size} bodies are held: {en}"
        )


_FAULT_WORDS = {
    Fault.EDITED: ("被改动", "was edited"),
    Fault.DELETED: ("被删除", "was deleted"),
    Fault.SMUGGLED: ("不是任何办理写入的", "was written by no act"),
}


def _rows(held: _Held) -> Said:
    if held.asked.rows is None:
        raise _Unchecked("没有给出登记数据", "no rows of the register were given")
    _all_bodies(held, "不能核对登记数据", "the register cannot be judged")
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


def _attachments(held: _Held) -> Said:
    if held.asked.blobs is None:
        raise _Unchecked("没有给出附件", "no attachments were given")
    blobs = {blob: index for index, body in held.bodies.items() for blob in _blobs_in(body)}
    faults: list[Said] = []
    for blob, index in blobs.items():
        try:
            held.asked.blobs.check(blob)
        except TamperError as error:
            faults.append((f"第 {index} 条：{error.zh}", f"Entry {index}: {error.en}"))
    if faults:
        raise TamperError(
            "\n".join(zh for zh, _ in faults[:_NAMED]) + _more(faults, "另有 {} 个附件"),
            "\n".join(en for _, en in faults[:_NAMED]) + _more(faults, "{} more attachments"),
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
    if isinstance(value, dict) and value.keys() == _BLOB_FIELDS:
        try:
            yield read_reference(value)
        except InputError as error:
            raise TamperError(error.zh, error.en) from None
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _blobs_in(part)


# --- P, D: what the acts say ----------------------------------------------------------------------


def _rules(held: _Held) -> Said:
    if held.backwards is not None:
        raise TamperError(
            f"第 {held.backwards} 条的时间早于前一条：时钟被拨动，或条目次序被改。请核查服务器时间。",
            f"Entry {held.backwards} is earlier than the one before it: a clock was set, or entries "
            "were put into another order.",
        )
    _not_after_witnesses(held)
    _all_bodies(held, "不作“通过”的结论", "so it cannot be said that all rules were kept")
    acts = _decoded(held, *held.bodies)
    _, refused = replay(acts.values())
    if refused is not None:
        index = list(acts)[refused.index]
        name = act_name(refused.type)
        raise TamperError(
            f"第 {index} 条（{name}）不合规则：{refused.refusal.zh}",
            f"Entry {index} ({refused.type}) breaks a rule: {refused.refusal.en}",
        )
    removed = held.size - len(acts)
    zh = f"，另有 {removed} 条已依法删除内容" if removed else ""
    en = f"; {removed} more had their text removed by law" if removed else ""
    return (
        f"{len(acts)} 件办理按规则重演，全部成立{zh}",
        f"{len(acts)} acts replayed, all allowed{en}",
    )


def _not_after_witnesses(held: _Held) -> None:
    """That no entry is later than a witness's signature over a journal that has it already."""
    times = [signature.time for signature in held.signed.note.signatures if signature.time]
    if not times or not held.size:
        return
    last = time_of(held.reader.entry(held.size - 1)) or b""
    seen = datetime.fromtimestamp(min(times) + CLOCK_TOLERANCE, UTC)
    if last.decode() > seen.strftime("%Y-%m-%dT%H:%M:%SZ"):
        raise TamperError(
            f"第 {held.size - 1} 条的时间晚于见证人签署的时间：服务器时钟不可信。请核查。",
            f"Entry {held.size - 1} is later than a witness's signature over it: the server's clock "
            "cannot be trusted.",
        )


def _decoded(held: _Held, *indices: int) -> dict[int, Act]:
    """The acts of whole bodies, by their index.

    Raises:
        TamperError: where one is of a kind that is not known, or not of its form.
    """
    acts: dict[int, Act] = {}
    for index in indices:
        body = held.bodies[index]
        if "act" not in body:
            continue
        try:
            acts[index] = decode_act(body["act"])
        except InputError as error:
            raise TamperError(
                f"第 {index} 条的办理无法读取：{error.zh}",
                f"The act of entry {index} cannot be read: {error.en}",
            ) from None
    return acts


def _draws(held: _Held) -> Said:
    kinds = {DrawPlanned.wire, DigitsRecorded.wire}
    found = (i for i, body in held.bodies.items() if body.get("act", {}).get("type") in kinds)
    acts = _decoded(held, *found)
    plans = {
        a.subject: (i, a.content) for i, a in acts.items() if isinstance(a.content, DrawPlanned)
    }
    rolled = 0
    for index, act in acts.items():
        if isinstance(act.content, DigitsRecorded):
            if act.subject not in plans:
                raise _bad_entry(
                    index, "记录了抽签数字，却没有抽查方案", "has digits without a plan"
                )
            _reckon_draw(held, index, act, *plans[act.subject])
            rolled += 1
    if not rolled:
        raise _Unchecked("日志中没有抽签结果可核", "the bodies held contain no draw")
    return f"{rolled} 次抽签复算相符", f"{rolled} draws reckoned anew agree"


def _reckon_draw(held: _Held, index: int, act: Act, planned_at: int, planned: DrawPlanned) -> None:
    """One draw anew, and that its plan was sealed before the digits were known.

    Raises:
        TamperError: naming what differs.
    """
    plan, digits = planned.plan, cast(DigitsRecorded, act.content)
    certificate = Certificate(plan, plan.digest, digits.digits, digits.results, act.at)
    try:
        verify_certificate(certificate)
    except TamperError as error:
        raise TamperError(f"第 {index} 条：{error.zh}", f"Entry {index}: {error.en}") from None
    sealed = digits.sealed_size
    if not planned_at < sealed <= index or held.reader.root(sealed).hex() != digits.sealed_root:
        raise _bad_entry(
            index,
            f"所引的检查点（{sealed} 条）不能证明抽查方案在掷骰之前已经封存",
            f"names a checkpoint of {sealed} entries that does not prove its plan was sealed first",
        )


# --- X: scores ------------------------------------------------------------------------------------


def _scores(held: _Held) -> Said:
    if held.asked.rescored is None:
        raise _Unchecked("没有给出方案和结果表", "no scheme and results were given")
    _all_bodies(held, "不能复算得分", "scores cannot be judged")
    return held.asked.rescored([body["act"] for body in held.bodies.values() if "act" in body])


_LAYERS: Sequence[tuple[Layer, Callable[[_Held], Said]]] = (
    (Layer.K, _older_checkpoints),
    (Layer.P, _rules),
    (Layer.D, _draws),
    (Layer.S, _rows),
    (Layer.E, _attachments),
    (Layer.X, _scores),
)
