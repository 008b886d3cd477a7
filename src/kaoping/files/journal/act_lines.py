"""Acts handed in as lines of JSON, for a journal that is kept without a server.

A line is an act without its time: `{"id", "type", "actor", "subject", "content"}`, optionally
`supersedes`. The time is the clock's when the journal takes it, never the writer's.
"""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING, Any

from kaoping.core.acts.codec import act_table, decode_act
from kaoping.core.acts.names import act_name
from kaoping.core.acts.verifying import DigitsWitnessed
from kaoping.core.canonical import encode
from kaoping.core.errors import InputError, RefusedError, TamperError
from kaoping.core.journal import open_checkpoint
from kaoping.core.problems import Problem
from kaoping.core.workflow.reasons import Reason, StepRefused
from kaoping.core.workflow.taking import RefusedAct, replay, take
from kaoping.files.documents import read_bytes
from kaoping.files.journal.keys import holds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kaoping.core.acts.envelope import Act
    from kaoping.core.workflow.state import State
    from kaoping.files.journal.bodies import Bodies
    from kaoping.files.journal.folder import Journal

MAX_LINES_FILE = 200_000_000
"""Largest file of acts, in bytes."""


def read_act_lines(path: Path, at: str) -> list[Act]:
    """The acts of a file, all taken at one time.

    Args:
        path: lines of JSON; empty lines do not count.
        at: the time they are taken, in universal time to the second.

    Raises:
        InputError: with everything that is wrong, each with its line.
    """
    acts: list[Act] = []
    problems: list[Problem] = []
    content = read_bytes(path, MAX_LINES_FILE).removeprefix(codecs.BOM_UTF8)
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.strip():
            try:
                acts.append(decode_act(_timed(line, at)))
            except InputError as error:
                where = f"{path.name} 第 {number} 行"
                todo = "请对照 docs/formats/acts.md 改正这一行"
                problems.append(Problem("ACT-UNREADABLE", where, error.zh, todo))
    if problems or not acts:
        raise InputError(
            f"{path.name} 中有 {len(problems)} 行不是完好的办理，全部没有写入。请逐行改正。"
            if problems
            else f"{path.name} 中没有办理，没有写入。",
            f"{len(problems)} lines of {path.name} are no sound acts; nothing was written."
            if problems
            else f"{path.name} holds no acts; nothing was written.",
            problems,
        )
    return acts


def _timed(line: bytes, at: str) -> bytes:
    """The line with its time; one that brings its own is refused."""
    try:
        table = json.loads(line)
    except (ValueError, RecursionError):
        return line  # the codec says what is wrong
    if isinstance(table, dict) and "at" in table:
        raise InputError(
            "办理时间由程序在写入时记录，不能自己填写，请删去 at",
            "the time is recorded when the act is taken: leave out `at`",
        )
    stripped = line.strip()
    return b'{"at":"' + at.encode() + b'",' + stripped[1:] if stripped[:1] == b"{" else line


def allowed_acts(journal: Journal, size: int, acts: Sequence[Act]) -> list[dict[str, Any]]:
    """The acts that are new, as tables, where all of them are allowed; one taken before is left out.

    Args:
        journal: all its bodies must be held.
        size: entries taken so far.
        acts: what is to be taken, in this order.

    Raises:
        RefusedError: naming the first act that is not allowed, and why; none is taken then.
        TamperError: where the journal itself breaks a rule or lacks a body.
    """
    taken, state = _replayed(journal, size)
    known = {act.id: _without_time(act) for act in taken.values()}
    new: list[dict[str, Any]] = []
    for number, act in enumerate(acts, start=1):
        if act.id in known and known[act.id] == _without_time(act):
            continue  # the answer to the first time got lost; it stands
        state = _taken(journal, state, act, number)
        known[act.id] = _without_time(act)
        new.append(json.loads(encode(act_table(act))))
    return new


def _taken(journal: Journal, state: State, act: Act, number: int) -> State:
    try:
        _require_own_checkpoint(journal, act)
        return take(state, act)
    except RefusedError as error:
        raise RefusedError(
            f"第 {number} 件办理（{act_name(act.type)}）不被允许：{error.zh}全部没有写入。",
            f"Act {number} ({act.type}) is not allowed: {error.en} Nothing was written.",
        ) from None


def _require_own_checkpoint(journal: Journal, act: Act) -> None:
    """That the checkpoint a witness of a draw names is one that this journal has signed.

    Raises:
        StepRefused: where it is none; the rules alone cannot know.
    """
    if not isinstance(act.content, DigitsWitnessed):
        return
    reader = journal.reader()
    try:
        found = open_checkpoint(act.content.sealed, [journal.key], holds).checkpoint
        is_own = found.size <= reader.size and reader.root(found.size) == found.root
    except TamperError:
        is_own = False
    if not is_own:
        raise StepRefused(Reason.DRAW_UNSEALED)


def _without_time(act: Act) -> bytes:
    table = act_table(act)
    del table["at"]
    return encode(table)


def require_allowed(journal: Journal, size: int) -> None:
    """That everything taken so far, signed or not, is allowed: nothing else is ever signed.

    Raises:
        TamperError: naming the first that is not.
    """
    _replayed(journal, size)


def _replayed(journal: Journal, size: int) -> tuple[dict[int, Act], State]:
    """All acts of a journal by their index, and where they lead.

    Raises:
        TamperError: where the journal itself breaks a rule or lacks a body.
    """
    taken = _taken_acts(journal.bodies, size)
    state, refused = replay(taken.values(), list(taken))
    if refused is None:
        refused = _first_without_own_checkpoint(journal, taken)
    if refused is not None:
        raise TamperError(
            f"日志第 {refused.index} 条（{act_name(refused.type)}）本身就不合规则："
            f"{refused.refusal.zh}没有写入，也没有签署。",
            f"Entry {refused.index} of the journal breaks a rule itself: {refused.refusal.en} "
            "Nothing was written or signed.",
        )
    return taken, state


def _first_without_own_checkpoint(journal: Journal, taken: Mapping[int, Act]) -> RefusedAct | None:
    for index, act in taken.items():
        try:
            _require_own_checkpoint(journal, act)
        except StepRefused as refusal:
            return RefusedAct(index, act.type, refusal)
    return None


def _taken_acts(bodies: Bodies, size: int) -> dict[int, Act]:
    """All acts of a journal by their index; those removed by law are left out.

    Raises:
        TamperError: where a body is missing, or holds no act that is known.
    """
    acts: dict[int, Act] = {}
    due = 0
    for index, body in bodies.up_to(size):
        if index != due or "line" in body:
            break
        due += 1
        try:
            if "act" in body:
                acts[index] = decode_act(body["act"])
        except InputError as error:
            raise TamperError(f"第 {index} 条：{error.zh}", f"Entry {index}: {error.en}") from None
    if due < size:
        raise TamperError(
            f"日志第 {due} 条的正文缺失，不能判断新的办理是否合规，没有写入。请从备份取回正文。",
            f"The body of entry {due} is missing: whether new acts are allowed cannot be judged; "
            "nothing was written. Fetch it from a backup.",
        )
    return acts
