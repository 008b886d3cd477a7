"""What the pages of the matrix are sent: one cell from its panel, a workbook, the cells of a preview."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kaoping.core.canonical import encode
from kaoping.core.errors import InputError
from kaoping.core.matrix import (
    assigned,
    cell_fields,
    changed_from,
    fingerprint,
    is_assessed,
    number_at,
    read_number,
)
from kaoping.files.evidence import shown_name
from kaoping.files.matrix_workbook import MAX_BYTES
from kaoping.web.actions.matrix import SeenCell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from django.core.files.uploadedfile import UploadedFile

    from kaoping.core.scheme import Assignment, Scheme

MAX_CELLS = 20_000
_OFF = "off"


@dataclass(frozen=True, slots=True)
class CellTyped:
    """What was typed into the panel of a cell.

    Attributes:
        texts: by the fields' keys, as typed.
        errors: what is wrong with them, by the fields' keys.
        cell: the cell as wanted, with what was seen; None where something is wrong.
    """

    texts: Mapping[str, str]
    errors: Mapping[str, str]
    cell: SeenCell | None


def cell_typed(sent: Mapping[str, str], scheme: Scheme, unit: str, task: str) -> CellTyped:
    """Read the panel of a cell that the scheme has; whatever does not apply says nothing else."""
    is_off = bool(sent.get(_OFF))
    fields = cell_fields(scheme.task_by_id[task])
    texts = {field.key: sent.get(field.key, "")[:200] for field in fields}
    read = {} if is_off else {field.key: read_number(texts[field.key], field) for field in fields}
    errors = {key: found for key, found in read.items() if isinstance(found, str)}
    if errors:
        return CellTyped(texts, errors, None)
    numbers: dict[str, Decimal | None] = {
        key: number for key, number in read.items() if not isinstance(number, str)
    }
    wanted = assigned(unit, task, numbers, not_applicable=is_off)
    return CellTyped(texts, {}, SeenCell(wanted, sent.get("seen", "")))


def matrix_upload(files: Mapping[str, UploadedFile[Any]]) -> tuple[str, bytes]:
    """The name and content of a workbook that was sent as `workbook`.

    Raises:
        InputError: where there is none, or it is too large.
    """
    file = files.get("workbook")
    if file is None:
        raise InputError(
            "没有选择文件，没有导入。请先下载本页的表格，填好后再选择它。",
            "No file was chosen. Download the workbook, fill it in and choose it.",
        )
    name = shown_name(file.name or "")
    if (file.size or 0) > MAX_BYTES:
        raise InputError(
            f"{name}：文件超过 {MAX_BYTES // 1_000_000} MB，没有导入。请检查是否选错了文件。",
            f"{name}: the file is larger than {MAX_BYTES // 1_000_000} MB; not imported.",
        )
    return name, file.read()


# --- the cells of a preview, on their way through the browser -------------------------------------


def cells_text(scheme: Scheme, changed: Sequence[Assignment]) -> str:
    """Changed cells with what they are now, as a hidden field carries them."""
    rows = [
        {
            "unit": one.unit,
            "task": one.task,
            "seen": fingerprint(scheme.assignment(one.unit, one.task)),
            "off": one.not_applicable,
            "numbers": {
                field.key: number
                for field in cell_fields(scheme.task_by_id[one.task])
                if (number := number_at(one, field.key)) is not None
            },
        }
        for one in changed
    ]
    return encode(rows).decode()


def cells_of(text: str, scheme: Scheme) -> list[SeenCell]:
    """The cells of a hidden field, judged as strictly as if they were typed.

    Raises:
        InputError: where it is not what `cells_text` gives, or names what the scheme does not have.
    """
    rows = _rows(text)
    found = [_cell(row, scheme) for row in rows]
    cells = [one for one in found if one is not None]
    if len(cells) < len(rows):
        raise _stale()
    return cells


def _rows(text: str) -> list[Any]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        raise _stale() from None
    if not isinstance(rows, list) or len(rows) > MAX_CELLS:
        raise _stale()
    return rows


def _cell(row: object, scheme: Scheme) -> SeenCell | None:
    match row:
        case {
            "unit": str(unit),
            "task": str(task),
            "seen": str(seen),
            "off": bool(is_off),
            "numbers": dict(given),
        } if is_assessed(scheme, unit, task):
            pass
        case _:
            return None
    numbers: dict[str, Decimal | None] = {}
    for field in cell_fields(scheme.task_by_id[task]):
        number = read_number(str(given.get(field.key, "")), field)
        if isinstance(number, str):
            return None
        numbers[field.key] = number
    before = scheme.assignment(unit, task)
    wanted = assigned(unit, task, numbers, not_applicable=is_off)
    return SeenCell(changed_from(before, wanted), seen)


def _stale() -> InputError:
    return InputError(
        "预览已经失效，没有保存。请回到任务分解，重新选择表格导入。",
        "The preview is no longer valid; nothing was saved. Import the workbook again.",
    )
