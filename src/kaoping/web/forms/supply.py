"""What the pages of third-party data are sent: values about many units at once; who owns what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaoping.core.acts.setting_up import DataOwner, DataOwnersNamed
from kaoping.core.errors import InputError
from kaoping.web.actions.filing import Report
from kaoping.web.forms.ledger import refuse
from kaoping.web.forms.reported import VALUE, About, Written, judged
from kaoping.web.refilled import FieldProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaoping.web.queries.supply import OwnersPage, SupplyPage


def supplied(sent: Mapping[str, str], page: SupplyPage) -> list[Report]:
    """The values that were typed and differ from those in force; day, status and source are common to all.

    Raises:
        InputError: with everything that is wrong, each at its field.
    """
    assert page.at is not None
    common = [sent.get(part, "") for part in ("as_of", "status", "source")]
    problems: dict[tuple[str, str], FieldProblem] = {}
    found: list[Report] = []
    for number, row in enumerate(page.rows):
        text = sent.get(f"value-{number}", "").strip()
        if not text:
            continue
        about = About(page.year, row.unit, page.at.task.id, row.value.asked)
        content = judged(Written(text, *common), about)
        if isinstance(content, list):
            for flaw in content:
                is_own = flaw.part == VALUE
                field = f"value-{number}" if is_own else flaw.part
                where = f"{row.unit_name} {row.value.asked.label}" if is_own else _COMMON[flaw.part]
                problems.setdefault(
                    (field, flaw.message),
                    FieldProblem(
                        flaw.code, where, flaw.message, flaw.suggestion, field=field, en=flaw.en
                    ),
                )
        else:
            value, seen = row.value, sent.get(f"act-{number}", "")
            if content != value.current or seen != value.act:
                found.append(Report(content, value.thing, seen, value.act, row.refusal))
    refuse(problems.values())
    if not found:
        raise InputError(
            "没有填写数据，或与已录入的完全相同，没有办理。",
            "Nothing was typed, or it is the same as entered before. Nothing was done.",
        )
    return found


_COMMON = {"as_of": "数据时点", "status": "数据性质", "source": "数据来源"}


def owners_content(sent: Mapping[str, str], page: OwnersPage) -> DataOwnersNamed:
    """Who enters the data of each task; where nothing is chosen, its responsible section does.

    Raises:
        InputError: where something chosen is no registered unit or section.
    """
    known = {one.id for one in page.choices}
    chosen = {row.task.id: sent.get(f"owner-{row.task.id}", "") for row in page.rows}
    refuse(
        FieldProblem(
            "VALUE-UNKNOWN", f"任务 {task}", "所选单位、科室没有登记", "从列表中选择",
            field=f"owner-{task}", en="What was chosen is not registered; choose from the list",
        )
        for task, owner in chosen.items()
        if owner and owner not in known
    )  # fmt: skip
    return DataOwnersNamed(
        tuple(
            DataOwner(row.task.id, chosen[row.task.id] or row.responsible_house)
            for row in page.rows
        )
    )
