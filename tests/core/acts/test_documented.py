"""docs/formats/acts.md lists every act, record, word and reason, field by field."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_type_hints

from kaoping.core.acts import words
from kaoping.core.acts.forms import form_of, record_form
from kaoping.core.acts.setting_up import Office, Role
from kaoping.core.acts.union import MEMBERS
from kaoping.core.acts.words import Whole, Word
from kaoping.core.workflow.case import House, Recusal, Seat, Step, nothing
from kaoping.core.workflow.reasons import Reason
from kaoping.core.workflow.table import STEP_OF

DOCUMENT = Path(__file__).parents[3] / "docs" / "formats" / "acts.md"
TEXT = DOCUMENT.read_text("utf-8")


def term(kind: Any) -> str:
    """The Chinese term at the beginning of a docstring."""
    found = re.match("[\u4e00-\u9fff（）、]+", kind.__doc__ or "")
    return found[0] if found else ""


def rows_of(kind: Any) -> list[str]:
    """The rows of the table of a record's fields."""
    forms = record_form(kind)
    hints = get_type_hints(kind, include_extras=True)
    assert forms.name == kind.__name__
    return [f"| `{field.name}` | {form_name(kind, field.name, hints)} |" for field in fields(kind)]


def form_name(kind: Any, name: str, hints: dict[str, Any]) -> str:
    from kaoping.core.acts.forms import _SHARPER

    return form_of(_SHARPER.get(kind, {}).get(name, hints[name])).name


def parts_of(hint: Any) -> list[Any]:
    """The hint and everything inside it."""
    return [hint, *(part for inner in get_args(hint) for part in parts_of(inner))]


def mentioned() -> tuple[dict[str, Any], dict[str, Any]]:
    """Every record and every closed list of words that fields of acts use, by its name."""
    records: dict[str, Any] = {}
    choices: dict[str, Any] = {}
    todo: list[Any] = list(MEMBERS)
    while todo:
        for hint in get_type_hints(todo.pop(), include_extras=True).values():
            for part in parts_of(hint):
                if not isinstance(part, type):
                    continue
                if (
                    is_dataclass(part)
                    and part not in (Word, Whole)
                    and part.__name__ not in records
                ):
                    records[part.__name__] = part
                    todo.append(part)
                elif issubclass(part, StrEnum):
                    choices[part.__name__] = part
    return records, choices


def seat_name(seat: Seat) -> str:
    match seat.value:
        case (Role() as role, House.ANY):
            return f"`{role.value}`"
        case (Role() as role, House() as house):
            return f"`{role.value}` of {house.value}"
        case (Office() as office,):
            return f"`{office.value}`"
        case _:
            return str(seat.value[0])


def step_line(step: Step) -> str:
    """What the document says of a row of the table of steps."""
    before = ", ".join(f"`{one.value}`" for one in step.before)
    after = ", ".join(f"`{one.value}`" for one in step.after) or "stays"
    parts = [
        f"Subject: {step.ground.subject}",
        f"{before} → {after}",
        f"by {'; '.join(map(seat_name, step.by))}",
    ]
    if step.recusal is not Recusal.NONE:
        parts.append(f"apart {step.recusal.value}")
    if step.due is not None:
        parts.append(f"due with `{step.due.value}`")
    if step.supersedes is not nothing:
        parts.append("names the act that it supersedes")
    return " · ".join(parts) + "."


def rule_lines(step: Step) -> list[str]:
    """What must hold besides, as the rules say of themselves, in the order in which they are asked."""
    return [f"- {(rule.__doc__ or '').splitlines()[0]}" for rule in (*step.rules, *step.checks)]


def section(title: str) -> str:
    """The text below a heading, as far as the next heading."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", TEXT, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


def test_every_act_is_listed_with_its_fields_and_no_others():
    for kind in MEMBERS:
        listed = section(f"`{kind.wire}` {term(kind)}")
        assert re.findall(r"^\| `.*$", listed, re.MULTILINE) == rows_of(kind)


def test_no_act_is_listed_that_does_not_exist():
    listed = re.findall(r"^#+ `(.*?/\d+)`", TEXT, re.MULTILINE)
    assert listed == [kind.wire for kind in MEMBERS]


def test_every_act_says_about_what_by_whom_and_where_it_leads():
    for kind in MEMBERS:
        listed = section(f"`{kind.wire}` {term(kind)}")
        assert step_line(STEP_OF[kind]) in listed, kind.wire
        assert re.findall(r"^- .*$", listed, re.MULTILINE) == rule_lines(STEP_OF[kind])


def test_every_record_and_every_choice_is_listed():
    records, choices = mentioned()
    for name, record in records.items():
        assert re.findall(r"^\| `.*$", section(f"`{name}`"), re.MULTILINE) == rows_of(record)
    for name, choice in choices.items():
        listed = section(f"`{name}`")
        assert all(f"`{word.value}`" in listed for word in choice)


def test_every_word_is_explained():
    kinds = [
        get_args(one)[1]
        for one in vars(words).values()
        if get_args(one) and isinstance(get_args(one)[1], Word | Whole)
    ]
    simple = [form_of(hint).name for hint in get_type_hints(Simple).values()]
    listed = section("Words")
    for name in [*(kind.name for kind in kinds), *simple]:
        assert f"| {name} |" in listed


class Simple:
    """Types that fields use as they are."""

    from datetime import date
    from decimal import Decimal

    text: str
    flag: bool
    number: Decimal
    day: date


def test_every_reason_is_listed_and_no_other():
    listed = re.findall(r"^\| `([a-z0-9.-]+)` \|", section("Reasons"), re.MULTILINE)
    assert listed == [reason.code for reason in Reason]
