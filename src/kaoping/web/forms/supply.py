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
    from collections.abc import Iterable, Iterator, Mapping

    from kaoping.core.acts.collecting import ResultReported
    from kaoping.web.forms.reported import Flaw
    from kaoping.web.queries.supply import OwnersPage, SuppliedRow, SupplyPage


def supplied(sent: Mapping[str, str], page: SupplyPage) -> list[Report]:
    """The values whose numbers were changed; day, status and source are common to all that are entered.

    What was not changed keeps its own, unless it is asked that all take the common ones.

    Raises:
        InputError: with everything that is wrong, each at its field.
    """
    assert page.at is not None
    common = [sent.get(part, "") for part in ("as_of", "status", "source")]
    problems: dict[tuple[str, str], FieldProblem] = {}
    found: list[Report] = []
    for row in page.rows:
        text = sent.get(f"value-{row.key}", "").strip()
        seen = sent.get(f"act-{row.key}", "")
        about = About(page.year, row.unit, page.at.task.id, row.value.asked)
        content = judged(Written(text, *common), about) if text else None
        if isinstance(content, list):
            problems |= {(one.field, one.message): one for one in _told(row, content)}
        elif content is not None and _is_entered(content, row, seen, sent):
            report = Report(content, row.value.thing, seen, row.value.act, row.refusal)
            found.append(report)
    refuse(problems.values())
    if not found:
        raise InputError(
            "没有改动数值，没有办理。只改数据时点、性质或来源的，请勾选“没有改动的也按上面的更新”。",
            "No number was changed; nothing was done. To change day, status or source alone, tick the box.",
        )
    return found


def _is_entered(
    content: ResultReported, row: SuppliedRow, seen: str, sent: Mapping[str, str]
) -> bool:
    """Whether a value is to be entered: another number than that on the page, or all were asked for."""
    current = row.value.current
    if current is None or seen != row.value.act:
        return True
    is_changed = content.value != current.value
    return content != current if sent.get("all") else is_changed


def _told(row: SuppliedRow, flaws: Iterable[Flaw]) -> Iterator[FieldProblem]:
    """What is wrong, each at its field: the number of a row, or what is common to all."""
    for one in flaws:
        is_own = one.part == VALUE
        field = f"value-{row.key}" if is_own else one.part
        where = f"{row.unit_name} {row.value.asked.label}" if is_own else _COMMON[one.part]
        yield FieldProblem(one.code, where, one.message, one.suggestion, field=field, en=one.en)


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
