"""What the pages of the year are sent: its opening, days for its steps, an extension with its reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kaoping.core.acts.setting_up import AssessmentOpened, DeadlineExtended
from kaoping.core.canonical import parse_date
from kaoping.core.errors import InputError
from kaoping.web.queries.year import day_warning, is_day_off
from kaoping.web.templatetags.words import day as day_said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from kaoping.core.acts.setting_up import StepKind
    from kaoping.web.queries.year import DeadlineShown, Opening

MAX_NAME, MAX_REASON = 200, 2000
_ANYWAY = "anyway"
_SAYS_SOMETHING = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class DayTyped:
    """A day that was typed for a step.

    Attributes:
        text: as typed.
        day: the day; None where there is none, or it cannot be.
        error: what is wrong with it.
        warning: what is to be thought of: it is not worked, or passes a step before or after it.
    """

    text: str
    day: date | None
    error: str = ""
    warning: str = ""


@dataclass(frozen=True)
class DaysTyped:
    """The days that were typed, by their steps; `is_sure` where days off were confirmed."""

    typed: Mapping[StepKind, DayTyped]
    is_sure: bool

    @property
    def days(self) -> dict[StepKind, date]:
        """The days that can be set."""
        return {kind: one.day for kind, one in self.typed.items() if one.day is not None}

    @property
    def is_good(self) -> bool:
        """Whether they can be taken as they are."""
        open_warning = not self.is_sure and any(one.warning for one in self.typed.values())
        has_error = any(one.error for one in self.typed.values())
        return bool(self.days) and not open_warning and not has_error


def field_of(kind: StepKind) -> str:
    """What the field of a step is called."""
    return f"until-{kind.value}"


def days_typed(sent: Mapping[str, str], steps: Sequence[DeadlineShown], today: date) -> DaysTyped:
    """The days for steps that have none; a field that is left empty sets nothing."""
    typed = {
        one.kind: _day(text, today)
        for one in steps
        if (text := sent.get(field_of(one.kind), "").strip())
    }
    days = {one.kind: one.until for one in steps} | {kind: one.day for kind, one in typed.items()}
    ordered = {kind: _in_order(one, kind, steps, days) for kind, one in typed.items()}
    return DaysTyped(ordered, bool(sent.get(_ANYWAY)))


def _day(text: str, today: date) -> DayTyped:
    day = parse_date(text)
    if day is None:
        return DayTyped(text[:40], None, _("请写成 2025-01-06 的样子，并核对日期是否存在。"))
    if day < today:
        return DayTyped(text, None, _("早于今天，请填今天或以后的日期。"))
    return DayTyped(text, day, warning=day_warning(day) if is_day_off(day) else "")


def _in_order(
    one: DayTyped,
    kind: StepKind,
    steps: Sequence[DeadlineShown],
    days: Mapping[StepKind, date | None],
) -> DayTyped:
    """With a warning where the step would end before one that goes before it, or after a later one."""
    place = next(number for number, step in enumerate(steps) if step.kind is kind)
    for number, step in enumerate(steps):
        other = days[step.kind]
        if one.day is None or other is None:
            continue
        if number < place and other > one.day:
            said = _("早于前面的“{}”（{}）。").format(step.name, day_said(other))
        elif number > place and other < one.day:
            said = _("晚于后面的“{}”（{}），那一环节也要一并延期。").format(
                step.name, day_said(other)
            )
        else:
            continue
        return replace(one, warning=" ".join(filter(None, (one.warning, said))))
    return one


@dataclass(frozen=True)
class ExtensionTyped:
    """An extension as it was typed; `content` where it can be taken as it is."""

    until: DayTyped
    reason: str
    reason_error: str
    is_sure: bool
    content: DeadlineExtended | None


NOTHING_TYPED = ExtensionTyped(DayTyped("", None), "", "", is_sure=False, content=None)
"""The form before anything is typed."""


def extension_typed(
    sent: Mapping[str, str], one: DeadlineShown, steps: Sequence[DeadlineShown], today: date
) -> ExtensionTyped:
    """The new day and the reason, each judged.

    A form that saw another deadline than the one in force is left to the rules: it is the same form
    sent again, or somebody was quicker.
    """
    until = _day(sent.get("until", "").strip(), today)
    is_current = sent.get("supersedes", "") == one.act
    if is_current and until.day is not None and one.until is not None and until.day <= one.until:
        until = DayTyped(until.text, None, _("应晚于现在的时限，请改正日期。"))
    if is_current:
        until = _in_order(until, one.kind, steps, {step.kind: step.until for step in steps})
    reason = sent.get("reason", "").strip()[:MAX_REASON]
    error = (
        "" if _SAYS_SOMETHING.search(reason) else _("请写明为什么延期，单位和监督部门都能看到。")
    )
    is_sure = bool(sent.get(_ANYWAY))
    is_good = until.day is not None and not error and (is_sure or not until.warning)
    content = DeadlineExtended(one.kind, until.day, reason) if is_good and until.day else None
    return ExtensionTyped(until, reason, error, is_sure, content)


def opening_content(sent: Mapping[str, str], found: Opening) -> AssessmentOpened:
    """The year as it is opened.

    Raises:
        InputError: where no scheme is published, or the year has no name.
    """
    name = " ".join(sent.get("name", "").split())
    if found.in_force is None or found.scheme is None:
        raise InputError(
            "还没有发布方案，不能启动。请先在方案页发布。",
            "No scheme is published yet; publish it first.",
        )
    if not _SAYS_SOMETHING.search(name) or len(name) > MAX_NAME:
        raise InputError(
            f"请填写考评名称，不超过 {MAX_NAME} 个字，如“{found.scheme.year}年度绩效考评”。没有启动。",
            f"Name the assessment in at most {MAX_NAME} characters; nothing was opened.",
        )
    return AssessmentOpened(found.in_force.id, found.scheme.year, name)
