"""Layers P, D and X: the rules of procedure, the draws and the scores, from what the acts say."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kaoping.core.acts.names import act_name
from kaoping.core.acts.verifying import (
    DigitsRecorded,
    DigitsWitnessed,
    DrawPlanned,
    DrawWithdrawn,
)
from kaoping.core.draw.records import Certificate
from kaoping.core.draw.verification import verify_certificate
from kaoping.core.errors import TamperError
from kaoping.core.journal import Entry, open_checkpoint, read_entry
from kaoping.core.workflow.taking import replay
from kaoping.files.journal.keys import holds
from kaoping.files.journal.rescoring import NothingToCompare
from kaoping.files.journal.tiles import WIDTH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaoping.core.acts.envelope import Act
from kaoping.files.journal.checkpoint_layers import kept_checkpoints
from kaoping.files.journal.inquiry import (
    CLOCK_TOLERANCE,
    Held,
    Said,
    Unchecked,
    bad_entry,
    decoded,
    need_all_bodies,
    seconds_of,
)


def rules(held: Held) -> Said:
    """P: times that never go back, and every act allowed by the rules when replayed in order."""
    if held.backwards is not None:
        raise TamperError(
            f"第 {held.backwards} 条的时间早于前一条：时钟被拨动，或条目次序被改。请核查服务器时间。",
            f"Entry {held.backwards} is earlier than the one before it: a clock was set, or entries "
            "were put into another order.",
        )
    _not_after_witnesses(held)
    need_all_bodies(held, "不作“通过”的结论", "so it cannot be said that all rules were kept")
    acts = decoded(held, *held.bodies)
    _, refused = replay(acts.values(), list(acts))
    if refused is not None:
        index = refused.index
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


def _not_after_witnesses(held: Held) -> None:
    """That no entry is later than a witness's signature over a journal that has it already."""
    times = [signature.time for signature in held.signed.note.signatures if signature.time]
    if not times or not held.size:
        return
    if seconds_of(held, held.size - 1) > min(times) + CLOCK_TOLERANCE:
        raise TamperError(
            f"第 {held.size - 1} 条的时间晚于见证人签署的时间：服务器时钟不可信。请核查。",
            f"Entry {held.size - 1} is later than a witness's signature over it: the server's clock "
            "cannot be trusted.",
        )


def draws(held: Held) -> Said:
    """D: every draw reckoned anew, once for a plan, watched by two, its plan known before its digits."""
    planned, withdrawn, seen, rolled = (
        _entries_of(held, kind.wire)
        for kind in (DrawPlanned, DrawWithdrawn, DigitsWitnessed, DigitsRecorded)
    )
    known = [i for i in sorted({*planned, *seen, *rolled}) if "act" in held.bodies.get(i, {})]
    acts = decoded(held, *known)
    _require_one_draw(planned, withdrawn, rolled, acts)
    plans = {entry.subject: index for index, entry in planned.items()}
    for index in rolled:
        if rolled[index].subject not in plans:
            raise bad_entry(index, "记录了抽签数字，却没有抽查方案", "has digits without a plan")
        plan = acts.get(plans[rolled[index].subject])
        if index in acts and plan is not None:
            _reckon_draw(index, acts[index], cast(DrawPlanned, plan.content))
            first = _require_witnesses(index, acts[index], seen, acts)
            if first in acts:
                _sealed_before(held, first, acts[first], plans[plan.subject])
    if not rolled:
        raise Unchecked("日志中没有抽签", "the journal has no draw")
    if len(acts) < len({*planned, *seen, *rolled}):
        raise Unchecked(
            f"日志中有 {len(rolled)} 次抽签，其方案、见证或数字的正文不齐，不能全部复算",
            f"the journal has {len(rolled)} draws; not all bodies of their plans, witnesses and "
            "digits are held",
        )
    return f"{len(rolled)} 次抽签复算相符", f"{len(rolled)} draws reckoned anew agree"


def _entries_of(held: Held, wire: str) -> dict[int, Entry]:
    """All entries of a kind by their index; a journal says that much without any body."""
    ending = f'"type":"{wire}"}}'.encode()
    return {
        number * WIDTH + offset: cast(Entry, read_entry(content))
        for number in held.bundles_of.get(wire, ())
        for offset, content in enumerate(held.reader.bundle(number))
        if content.endswith(ending)
    }


def _require_one_draw(
    planned: Mapping[int, Entry],
    withdrawn: Mapping[int, Entry],
    rolled: Mapping[int, Entry],
    acts: Mapping[int, Act],
) -> None:
    """That nobody drew twice: one plan for what is drawn, unless it was withdrawn, and one result.

    Raises:
        TamperError: naming the second.
    """
    for entries, zh, en in (
        (planned, "另立了同一次抽签的方案", "is a second plan of one draw"),
        (rolled, "是同一次抽签的第二个结果", "is a second result of one draw"),
    ):
        subjects: set[str] = set()
        for index, entry in entries.items():
            if entry.subject in subjects:
                raise bad_entry(index, zh, en)
            subjects.add(entry.subject)
    standing: dict[tuple[str, str], str] = {}
    for index in planned:
        if index not in acts:
            continue
        plan = cast(DrawPlanned, acts[index].content)
        what = (plan.verification, plan.drawn.value)
        gone = {one.subject for at, one in withdrawn.items() if at < index}
        if what in standing and standing[what] not in gone:
            raise bad_entry(index, "再次为同一核验抽签", "draws once more for one verification")
        standing[what] = planned[index].subject


def _reckon_draw(index: int, act: Act, planned: DrawPlanned) -> None:
    """One draw anew.

    Raises:
        TamperError: naming what differs.
    """
    plan, digits = planned.plan, cast(DigitsRecorded, act.content)
    certificate = Certificate(plan, plan.digest, digits.digits, digits.results, act.at)
    try:
        verify_certificate(certificate)
    except TamperError as error:
        raise TamperError(f"第 {index} 条：{error.zh}", f"Entry {index}: {error.en}") from None


def _require_witnesses(
    index: int, act: Act, seen: Mapping[int, Entry], acts: Mapping[int, Act]
) -> int:
    """That two who watched entered the same digits before, as far as it is held what they entered.

    Returns:
        The index of the first entry in which one of them says any digits.

    Raises:
        TamperError: where one of them did not, or saw other digits.
    """
    digits = cast(DigitsRecorded, act.content)
    watchers = (digits.supervisor, digits.representative)
    of_draw = {
        i: one.actor
        for i, one in seen.items()
        if one.subject == act.subject and i < index and one.actor in watchers
    }
    if len({*watchers, act.actor}) < len(watchers) + 1 or {*of_draw.values()} != {*watchers}:
        raise bad_entry(
            index,
            "所记录的抽签数字没有监督员和被考评单位代表二人各自的见证",
            "records digits that supervisor and representative did not both witness",
        )
    for watcher in watchers:
        last = max(i for i, actor in of_draw.items() if actor == watcher)
        if last in acts and cast(DigitsWitnessed, acts[last].content).digits != digits.digits:
            raise bad_entry(
                index,
                f"所记录的抽签数字与第 {last} 条见证人所录的不同",
                f"records other digits than entry {last}, in which a witness entered them",
            )
    return min(of_draw)


def _sealed_before(held: Held, index: int, act: Act, planned_at: int) -> None:
    """That the plan lay under a checkpoint that others knew before the digits were rolled.

    A root alone proves nothing: whoever has the tiles can read it off afterwards. It counts where a
    witness dated it, or where the outsider kept it.

    Args:
        held: the journal.
        index: the entry in which one who watched says the digits first.
        act: its act, which names the checkpoint.
        planned_at: the entry of the plan.

    Raises:
        TamperError: where the checkpoint is none of this journal, or does not cover the plan.
        Unchecked: where nobody but the journal vouches for its time.
    """
    note = cast(DigitsWitnessed, act.content).sealed
    try:
        sealed = open_checkpoint(note, held.asked.keys, holds, held.asked.witnesses)
        found = sealed.checkpoint
        fits = found.origin == held.signed.checkpoint.origin and planned_at < found.size <= index
        fits = fits and held.reader.root(found.size) == found.root
    except TamperError:
        fits = False
    if not fits:
        raise bad_entry(
            index,
            "所引的检查点不能证明抽查方案在掷骰之前已经封存",
            "names a checkpoint that does not prove its plan was sealed first",
        )
    latest = seconds_of(held, index) + CLOCK_TOLERANCE
    in_time = {one.key.public for one in sealed.note.signatures if one.time and one.time <= latest}
    is_late = not in_time and any(one.time for one in sealed.note.signatures)
    if is_late:
        raise bad_entry(
            index,
            "所引的检查点是掷骰之后才见证的",
            "names a checkpoint that was witnessed after the digits were rolled",
        )
    is_kept = sealed.checkpoint in kept_checkpoints(held)
    if len(in_time) < max(1, held.asked.quorum) and not is_kept:
        raise Unchecked(
            f"抽签结果复算相符；第 {index} 条所引的检查点没有足够的见证，也不在所持的旧检查点中，"
            "不能证明方案先于掷骰",
            f"the draws agree; the checkpoint that entry {index} names was neither witnessed by "
            "enough nor kept, so it is not proven that the plan came first",
        )


# --- scores ---------------------------------------------------------------------------------------


def scores(held: Held) -> Said:
    """X: scores computed anew are those of the journal."""
    if held.asked.rescored is None:
        raise Unchecked("没有给出方案和结果表", "no scheme and results were given")
    need_all_bodies(held, "不能复算得分", "scores cannot be judged")
    try:
        compared = held.asked.rescored(list(decoded(held, *held.bodies).values()))
    except NothingToCompare as reason:
        raise Unchecked(reason.zh, reason.en) from None
    return compared
