"""Changing cells of 任务分解 in a scheme's own text: nothing else of it changes, not a comment.

The text is cut where its statements stand; only the row of a cell is written anew. What comes out
is read again and compared with what was asked for, so that a slip can never be saved.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import tomlkit

from kaoping.core.canonical import plain
from kaoping.core.draft.toml_text import quoted
from kaoping.core.errors import InputError
from kaoping.core.scheme import Assignment, Scheme, load_scheme
from kaoping.files.toml_places import Kind, Statement, comments, elements, statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Cell = tuple[str, str]
    """Unit and task."""

_KEY = "assignment"
_NOT_APPLICABLE = "not-applicable"
_NUMBERS = ("target", "of", "points")
_WHO = ("unit", "task")


@dataclass(frozen=True, slots=True)
class _Splice:
    """A piece of the text that gives way to another one."""

    start: int
    end: int
    text: str


def set_assignments(text: str, wanted: Iterable[Assignment]) -> str:
    """The text with these cells as wanted: rows changed, added, or taken away where they say nothing.

    Of a row only what differs is written: a value that is not asked to change keeps its spelling. A
    new row stands behind the last one of its task. Comments stay, also those of rows that go.

    Args:
        text: a scheme's TOML, in whatever state of meaning, but readable as TOML.
        wanted: every named cell as it is to be, all of its values.

    Raises:
        InputError: where the text is no TOML, has a cell twice, or is of a form that cannot be
            edited here; nothing is lost then, the text can be edited by hand.
    """
    asked = {(one.unit, one.task): one for one in wanted}
    before = _read(text)
    changed = {cell: one for cell, one in asked.items() if _differs(before.assignment(*cell), one)}
    if not changed:
        return text
    made = _with_changed(text, before, changed)
    made = _with_added(made, changed)
    _require_only(before, _read(made), changed)
    return made


def _read(text: str) -> Scheme:
    loaded = load_scheme(text)
    if loaded.scheme is None:
        raise InputError(
            "方案文本现在读不下去，没有改动。请先在方案页改正所列的问题。",
            "The scheme cannot be read as it is; nothing was changed. Mend its problems first.",
            loaded.problems,
        )
    return loaded.scheme


def _differs(one: Assignment, other: Assignment) -> bool:
    return _values(one) != _values(other)


def _values(one: Assignment) -> dict[str, object]:
    """What an assignment says, in the words of the file; nothing is left out that is said."""
    said: dict[str, object] = {
        name: plain(number) for name in _NUMBERS if (number := getattr(one, name)) is not None
    }
    if one.targets:
        said["targets"] = {name: plain(number) for name, number in one.targets.items()}
    if one.not_applicable:
        said["state"] = _NOT_APPLICABLE
    return said


# --- finding the rows -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """A row where it stands.

    Attributes:
        start, end: what is written anew.
        stop: where a row behind it is put in.
        comma: the place of its comma in an array; None where it has none, or is a table of its own.
    """

    raw: Mapping[str, Any]
    start: int
    end: int
    stop: int
    comma: int | None = None

    @property
    def cell(self) -> Cell:
        """Unit and task, as the reader of schemes takes them."""
        unit, task = (str(self.raw.get(name, "")).strip() for name in _WHO)
        return unit, task


def _with_changed(text: str, before: Scheme, changed: Mapping[Cell, Assignment]) -> str:
    """The text with the rows that are there as they are to be."""
    layout = _layout(text)
    times = Counter(row.cell for row in layout.rows)
    doubled = next((cell for cell in changed if times[cell] > 1), None)
    if doubled is not None:
        raise _doubled(doubled)
    return _spliced(
        text,
        [
            layout.rewritten(
                row,
                _changed_raw(
                    row.raw, _values(before.assignment(*row.cell)), _values(changed[row.cell])
                ),
            )
            for row in layout.rows
            if row.cell in changed
        ],
    )


def _with_added(text: str, changed: Mapping[Cell, Assignment]) -> str:
    """The text with rows for cells that have none."""
    layout = _layout(text)
    there = {row.cell for row in layout.rows}
    new = [one for cell, one in changed.items() if cell not in there and _values(one)]
    return _spliced(text, layout.added(new))


def _layout(text: str) -> _Layout:
    found = list(statements(text))
    in_array = next((one for one in found if _is_array(one, found)), None)
    return _Tables(text, found) if in_array is None else _Array(text, in_array)


def _is_array(one: Statement, found: Sequence[Statement]) -> bool:
    """Whether a statement is `assignment = […]` at the top of the file."""
    if one.kind is not Kind.PAIR or one.path[:1] != (_KEY,):
        return False
    first = next((other for other in found if other.kind is not Kind.PAIR), None)
    return first is None or one.start < first.start


def _changed_raw(
    raw: Mapping[str, Any], before: Mapping[str, object], after: Mapping[str, object]
) -> dict[str, Any]:
    """A row's table with only that changed which differs; empty where it then says nothing."""
    made = dict(raw)
    for key in (*_NUMBERS, "targets", "state"):
        if before.get(key) == after.get(key):
            continue
        if key in after:
            made[key] = after[key]
        else:
            made.pop(key, None)
    return made if set(made) - set(_WHO) else {}


# --- an array of inline tables --------------------------------------------------------------------


class _Array:
    """`assignment = [ { … }, { … } ]`: how the example and most people write it."""

    def __init__(self, text: str, statement: Statement) -> None:
        self._text = text
        self._start, self._end = statement.value, statement.end
        if statement.path != (_KEY,) or text[self._start] != "[":
            raise _not_editable()
        self.rows = list(self._rows())

    def _rows(self) -> Iterator[_Row]:
        for one in elements(self._text, self._start, self._end):
            raw = tomllib.loads(f"x = {self._text[one.start : one.end]}")["x"]
            if not isinstance(raw, dict):
                raise _not_editable()
            stop = one.end if one.comma is None else one.comma + 1
            yield _Row(raw, one.start, one.end, stop, one.comma)

    def rewritten(self, row: _Row, raw: Mapping[str, Any]) -> _Splice:
        """The row with other content; with its line, where nothing is left of it."""
        if raw:
            return _Splice(row.start, row.end, _inline(raw))
        start, end = row.start, row.end
        if row.comma is not None and not self._text[row.end : row.comma].strip(" \t"):
            end = row.comma + 1
        elif row.comma is not None:  # a comment or a line stands between: the comma alone goes, too
            kept = self._text[row.end : row.comma]
            return _Splice(start, row.comma + 1, kept)
        return _Splice(*_whole_line(self._text, start, end), "")

    def added(self, wanted: Sequence[Assignment]) -> list[_Splice]:
        """New rows, each behind the last of its task, else at the end."""
        behind: dict[int, list[Assignment]] = {}
        last_of = {row.cell[1]: at for at, row in enumerate(self.rows)}
        for one in wanted:
            behind.setdefault(last_of.get(one.task, len(self.rows) - 1), []).append(one)
        return [self._put_in(at, new) for at, new in behind.items()]

    def _put_in(self, at: int, new: Sequence[Assignment]) -> _Splice:
        texts = [_inline(_raw(one)) for one in new]
        if at < 0:
            line = self._newline + "    "
            tail = "," + self._newline if self._is_tall or len(texts) > 1 else ""
            lead = line if tail else ""
            place = self._end - 1
            before = self._text[:place]
            if tail and before.endswith("\n"):
                lead = "    "
            return _Splice(place, place, lead + f",{line}".join(texts) + tail)
        row = self.rows[at]
        if not self._is_tall:
            tail = "," if row.comma is not None and at < len(self.rows) - 1 else ""
            lead = " " if row.comma is not None else ", "
            return _Splice(row.stop, row.stop, lead + ", ".join(texts) + tail)
        lead = "" if row.comma is not None else ","
        line = self._newline + _indent(self._text, row.start)
        place = row.stop if row.comma is None else self._behind_comment(row.stop)
        return _Splice(place, place, lead + "".join(f"{line}{one}," for one in texts))

    @property
    def _is_tall(self) -> bool:
        return "\n" in self._text[self._start : self._end]

    @property
    def _newline(self) -> str:
        return "\r\n" if "\r\n" in self._text else "\n"

    def _behind_comment(self, at: int) -> int:
        """Past a comment on the same line."""
        end = self._text.find("\n", at)
        rest = self._text[at:end]
        return at + len(rest.rstrip()) if rest.lstrip().startswith("#") else at


def _inline(raw: Mapping[str, Any]) -> str:
    """A table on one line."""
    inner = ", ".join(f"{_name(key)} = {_value(value)}" for key, value in raw.items())
    return f"{{ {inner} }}"


def _value(value: object) -> str:
    match value:
        case str():
            return quoted(value)
        case dict():
            return _inline(value)
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case _:
            return tomlkit.item(value).as_string()


def _name(key: str) -> str:
    is_bare = key.isascii() and key.replace("-", "_").isidentifier()
    return key if is_bare else quoted(key)


def _raw(one: Assignment) -> dict[str, Any]:
    return {"unit": one.unit, "task": one.task, **_values(one)}


# --- tables of their own --------------------------------------------------------------------------


class _Tables:
    """`[[assignment]]` for each row."""

    def __init__(self, text: str, found: Sequence[Statement]) -> None:
        self._text = text
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self.rows = list(self._rows(found))

    def _rows(self, found: Sequence[Statement]) -> Iterator[_Row]:
        start: int | None = None
        end = 0
        for one in found:
            is_header = one.kind is not Kind.PAIR
            if is_header and one.path[:1] == (_KEY,) and one.kind is Kind.TABLE and start is None:
                raise _not_editable()
            begins = is_header and one.path == (_KEY,)
            if start is not None and is_header and (begins or one.path[:1] != (_KEY,)):
                yield self._row(start, end)
                start = None
            if begins:
                start = one.start
            end = one.end
        if start is not None:
            yield self._row(start, end)

    def _row(self, start: int, end: int) -> _Row:
        stop = self._text.find("\n", end)
        stop = len(self._text) if stop < 0 else stop + 1
        return _Row(tomllib.loads(self._text[start:end])[_KEY][0], start, stop, stop)

    def rewritten(self, row: _Row, raw: Mapping[str, Any]) -> _Splice:
        """The block with other content; comments of what goes stay, above the block."""
        block = self._text[row.start : row.end]
        if not raw:
            kept = comments(self._text, row.start, row.end)
            return _Splice(row.start, row.end, "".join(f"{one}{self._newline}" for one in kept))
        document = tomlkit.parse(block)
        table: Any = document[_KEY][0]
        for key in [key for key in row.raw if key not in raw]:
            table.remove(key)
        for key, value in raw.items():
            if row.raw.get(key) != value:
                _put(table, key, value)
        made = tomlkit.dumps(document)
        made = made if made.endswith("\n") else made + self._newline
        lost = Counter(comments(block, 0, len(block))) - Counter(comments(made, 0, len(made)))
        above = "".join(f"{one}{self._newline}" for one in lost.elements())
        return _Splice(row.start, row.end, above + made)

    def added(self, wanted: Sequence[Assignment]) -> list[_Splice]:
        """New blocks, each behind the last of its task, else at the end."""
        behind: dict[int, list[str]] = {}
        last_of = {row.cell[1]: row.stop for row in self.rows}
        end = self.rows[-1].stop if self.rows else len(self._text)
        for one in wanted:
            behind.setdefault(last_of.get(one.task, end), []).append(self._block(one))
        return [_Splice(at, at, self._lead(at) + "".join(texts)) for at, texts in behind.items()]

    def _lead(self, at: int) -> str:
        return "" if not at or self._text[:at].endswith("\n") else self._newline

    def _block(self, one: Assignment) -> str:
        pairs = [f"{_name(key)} = {_value(value)}" for key, value in _raw(one).items()]
        return self._newline.join(["", f"[[{_KEY}]]", *pairs, ""])


_Layout = _Array | _Tables


def _put(table: Any, key: str, value: object) -> None:  # noqa: ANN401 - tomlkit's own tables
    """Set a key of a table; of the targets only those that differ."""
    if not isinstance(value, dict):
        table[key] = value
        return
    if key not in table:
        made = tomlkit.inline_table()
        made.update(value)
        table[key] = made
        return
    inner = table[key]
    for name in [name for name in inner if name not in value]:
        inner.remove(name)
    for name, number in value.items():
        if inner.get(name) != number:
            inner[name] = number


# --- splicing and looking again -------------------------------------------------------------------


def _spliced(text: str, splices: Iterable[_Splice]) -> str:
    pieces, end = [], len(text)
    # From the back; at one place, what is put in comes behind what is rewritten there.
    for one in sorted(splices, key=lambda one: (one.start, one.end), reverse=True):
        pieces += [text[one.end : end], one.text]
        end = one.start
    return text[:end] + "".join(reversed(pieces))


def _whole_line(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with its line, where nothing else stands on it; else with the blank behind it."""
    line = text.rfind("\n", 0, start) + 1
    after = text.find("\n", end)
    is_alone = after >= 0 and not text[line:start].strip() and not text[end:after].strip()
    if is_alone:
        return line, after + 1
    while end < len(text) and text[end] in " \t":
        end += 1
    return start, end


def _indent(text: str, at: int) -> str:
    """The white space that the line of a row begins with."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip())] if not line.strip() else "    "


def _require_only(before: Scheme, after: Scheme, changed: Mapping[Cell, Assignment]) -> None:
    """That the cells are as wanted and all else is as it was.

    Raises:
        InputError: where it is not; the text was not changed then.
    """
    wanted = {(one.unit, one.task): _values(one) for one in before.assignments}
    wanted |= {cell: _values(one) for cell, one in changed.items()}
    there = {(one.unit, one.task): _values(one) for one in after.assignments}
    is_as_wanted = all(there.get(cell, {}) == said for cell, said in wanted.items())
    if not is_as_wanted or set(there) - set(wanted) or _rest(before) != _rest(after):
        raise _not_editable()


def _rest(scheme: Scheme) -> tuple[Scheme, str]:
    return replace(scheme, assignments=(), cases=()), repr(scheme.cases)


def _not_editable() -> InputError:
    return InputError(
        "方案文本中“任务分解”的写法特殊，不能在表格里改，没有改动。请在方案页直接改文本。",
        "The assignments of this scheme are written in a way that cannot be edited in a table; "
        "nothing was changed. Edit the text itself.",
    )


def _doubled(cell: Cell) -> InputError:
    unit, task = cell
    return InputError(
        f"方案文本中“{unit} {task}”的任务分解写了两次，没有改动。请先在方案页删去一处。",
        f"The scheme says twice what {unit} is asked on {task}; nothing was changed. Take one out.",
    )
