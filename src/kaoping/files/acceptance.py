"""接受问题: a row of `[[accepted]]` put into a scheme's text, or taken out, with all comments kept."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array

from kaoping.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tomlkit import TOMLDocument

_KEY = "accepted"
_ORDER = ("code", "where", "reason", "by")
_NAMED = re.compile(r"""\bby\s*=\s*["']([^"'\n]*)["']""")


def accept_problem(text: str, code: str, where: str, reason: str, by: str) -> str:
    """The text with one more accepted problem; an earlier acceptance of the same is replaced.

    Args:
        text: the scheme, which must be TOML.
        code: the problem's code.
        where: its place.
        reason: why it is accepted.
        by: who accepts it.

    Raises:
        InputError: where the text cannot be edited so that nothing else changes.
    """
    row = dict(zip(_ORDER, (code, where, reason, by), strict=True))

    def edit(document: TOMLDocument) -> None:
        _drop(document, code, where)
        rows = document.get(_KEY)
        if isinstance(rows, Array):
            inline = tomlkit.inline_table()
            inline.update(row)
            rows.add_line(inline, indent="    ")
            if not rows.as_string().rstrip("]").endswith("\n"):
                rows.add_line(indent="")
        else:
            table = tomlkit.table()
            table.update(row)
            if rows is None:
                rows = tomlkit.aot()
                document[_KEY] = rows
            rows.append(table)

    return _edited(text, edit, lambda rows: [*_others(rows, code, where), row])


def withdraw_acceptance(text: str, code: str, where: str) -> str:
    """The text without an acceptance; the problem is open again.

    Raises:
        InputError: as `accept_problem`, or where it was not accepted.
    """

    def without(rows: list[Any]) -> list[Any]:
        left = _others(rows, code, where)
        if len(left) == len(rows):
            raise InputError(
                "这个问题没有被接受过，没有改动。请刷新页面。",
                "This problem was not accepted; nothing was changed. Reload the page.",
            )
        return left

    return _edited(text, lambda document: _drop(document, code, where), without)


def names_added(before: str, after: str) -> set[str]:
    """Under whose names acceptances stand in a text that do not stand so in the one before.

    Of a text that is no TOML just now, only the names are counted.

    Args:
        before: the text as it was.
        after: the text that is to take its place.
    """
    old, new = _acceptances(before), _acceptances(after)
    if old is None or new is None:
        return set(Counter(_NAMED.findall(after)) - Counter(_NAMED.findall(before)))
    return {row[-1] for row in new - old}


def _acceptances(text: str) -> Counter[tuple[str, ...]] | None:
    try:
        rows = tomllib.loads(text).get(_KEY, [])
    except tomllib.TOMLDecodeError:
        return None
    rows = rows if isinstance(rows, list) else []
    return Counter(
        tuple(str(row.get(key, "")) for key in _ORDER) for row in rows if isinstance(row, dict)
    )


def _others(rows: list[Any], code: str, where: str) -> list[Any]:
    return [row for row in rows if not _is(row, code, where)]


def _is(row: Any, code: str, where: str) -> bool:  # noqa: ANN401 - whatever the text holds
    return isinstance(row, dict) and (row.get("code"), row.get("where", "")) == (code, where)


def _drop(document: TOMLDocument, code: str, where: str) -> None:
    rows = document.get(_KEY)
    if not isinstance(rows, Array | AoT):
        return
    for at in reversed([at for at, row in enumerate(rows) if _is(row, code, where)]):
        del rows[at]
    if isinstance(rows, AoT) and not len(rows):
        del document[_KEY]


def _edited(
    text: str, edit: Callable[[TOMLDocument], None], expected: Callable[[list[Any]], list[Any]]
) -> str:
    """The text after an edit that has changed exactly what was meant.

    Raises:
        InputError: where it cannot be read, or something else would change.
    """
    try:
        before = tomllib.loads(text)
        document = tomlkit.parse(text)
        edit(document)
        edited = tomlkit.dumps(document)
        after = tomllib.loads(edited)
    except (TOMLKitError, ValueError, RecursionError, AttributeError, TypeError) as error:
        raise _by_hand() from error
    rows = before.pop(_KEY, [])
    is_list = isinstance(rows, list)
    if not is_list or after.pop(_KEY, []) != expected(rows) or after != before:
        raise _by_hand()
    return edited


def _by_hand() -> InputError:
    return InputError(
        "方案文本的写法使这一处不能自动改写，没有改动。请在“修改文本”中手工增删 [[accepted]]。",
        "The way the text is written does not allow this edit; nothing was changed. "
        "Edit [[accepted]] by hand.",
    )
