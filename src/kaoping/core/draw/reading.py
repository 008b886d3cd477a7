"""Lists, plans and certificates from the bytes of their files; strict, and never guessing."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Final, NoReturn

from kaoping.core.draw.plans import check_ids, check_plan
from kaoping.core.draw.records import (
    CERTIFICATE_FORMAT,
    MARK_FORMAT,
    PLAN_FORMAT,
    TITLE,
    Certificate,
    DrawMark,
    DrawPlan,
    MustCheck,
    Stratum,
    StratumResult,
    Ticket,
)
from kaoping.core.draw.wording import NOT_DRAWN, named, tampered
from kaoping.core.errors import InputError

if TYPE_CHECKING:
    from kaoping.core.draw.wording import Fault

_HEX = re.compile(r"[0-9a-f]{64}")
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


# --- one paper taken for another ------------------------------------------------------------------

_LIST, _TEXT, _PDF = "list", "text", "pdf"
_KINDS: Final = {
    PLAN_FORMAT: ("抽查方案", "a plan"),
    CERTIFICATE_FORMAT: ("抽签结果确认书", "a certificate"),
    MARK_FORMAT: ("方案旁的抽签记号", "the mark that lies beside a plan"),
    _TEXT: ("确认书的文字稿（txt）", "the text of a certificate"),
    _PDF: (" PDF", "a PDF"),
}
_WANTED: Final = {
    PLAN_FORMAT: ("请给掷骰前写出的方案（plan.json）", "Give the plan (plan.json)"),
    CERTIFICATE_FORMAT: (
        "请给 certificate.json 或其所在文件夹",
        "Give certificate.json or the folder it lies in",
    ),
    MARK_FORMAT: ("这里应是抽签记号", "The mark of a draw is due here"),
    _LIST: ("请给名单文件，每行一个编号", "Give a list with one id a line"),
}


class OtherPaperError(InputError):
    """A paper of a draw, or a PDF, where another is asked for: a slip of who named the file."""


def _refuse_other_paper(kind: object, wanted: str, where: str) -> None:
    if not isinstance(kind, str) or kind == wanted or kind not in _KINDS:
        return
    (zh, en), (wanted_zh, wanted_en) = _KINDS[kind], _WANTED[wanted]
    raise OtherPaperError(f"{where}：这是{zh}，{wanted_zh}。", f"{where} is {en}. {wanted_en}.")


def _outer_kind(content: bytes) -> str:
    """What a file shows itself to be by its first bytes, where that is no JSON."""
    if content.startswith(b"%PDF-"):
        return _PDF
    return _TEXT if content.startswith(f"{TITLE}\n".encode()) else ""


def _refuse_no_list(content: bytes, where: str) -> None:
    _refuse_other_paper(_outer_kind(content), _LIST, where)
    if content.startswith(b'{"'):
        try:
            document = json.loads(content.decode())
        except (ValueError, RecursionError):
            return
        _refuse_other_paper(document.get("format"), _LIST, where)


# --- lists ----------------------------------------------------------------------------------------


def read_lines(content: bytes, where: str) -> tuple[str, ...]:
    """The lines of a list, one thing a line, as `sort` takes them.

    What `sort` would silently take for part of an id is refused: a byte order mark, carriage
    returns, empty lines. The last line may end without a line feed.

    Raises:
        InputError: naming the file and the line.
    """
    _refuse_no_list(content, where)
    if content.startswith(_MARKS):
        raise InputError(
            f"{where}：文件开头有字节顺序标记（BOM）。请另存为不带 BOM 的 UTF-8。",
            f"{where}: the file begins with a byte order mark. Save it as UTF-8 without one.",
        )
    raw = content.removesuffix(b"\n").split(b"\n") if content else []
    returns = next((n for n, line in enumerate(raw, start=1) if b"\r" in line), None)
    if returns is not None:
        raise InputError(
            f"{where}：第 {returns} 行有回车符（Windows 换行）。请另存为 Unix（LF）换行，"
            "或运行 tr -d '\\r' < 原文件 > 新文件。",
            f"{where}: line {returns} has a carriage return (Windows line ends). Save it with Unix "
            "(LF) line ends, or run tr -d '\\r' < OLD > NEW.",
        )
    return tuple(_decoded_line(line, n, where) for n, line in enumerate(raw, start=1))


def _decoded_line(line: bytes, number: int, where: str) -> str:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise InputError(
            f"{where}：第 {number} 行不是 UTF-8 文字。请把文件另存为 UTF-8。",
            f"{where}: line {number} is not UTF-8 text. Save the file as UTF-8.",
        ) from None
    if not text.strip():
        raise InputError(
            f"{where}：第 {number} 行是空行。请删去空行。",
            f"{where}: line {number} is empty. Remove empty lines.",
        )
    return text


def read_population(content: bytes, where: str, ending: Fault = NOT_DRAWN) -> tuple[str, ...]:
    """A population from a file: sorted bytewise, every line once, as `LC_ALL=C sort -u` does.

    Args:
        content: the file's bytes.
        where: its name.
        ending: what does not happen where it has faults, for the message.

    Raises:
        InputError: where it is empty, or naming the lines that are not fit for an id.
    """
    lines = read_lines(content, where)
    check_ids(lines, where, repeats=True, ending=ending)
    return tuple(sorted(set(lines)))


def read_must_check(content: bytes, where: str) -> tuple[MustCheck, ...]:
    """The must-check list from a file: on each line the id, a tab, and the reason.

    Raises:
        InputError: naming the line without a reason.
    """
    found = []
    for number, line in enumerate(read_lines(content, where), start=1):
        identity, tab, reason = line.partition("\t")
        if not tab or not reason.strip():
            raise InputError(
                f"{where}：第 {number} 行{named(identity)}没有理由。每行写编号、制表符、理由。",
                f"{where}: line {number} {named(identity)} has no reason. Write on each line the "
                "id, a tab, and the reason.",
            )
        found.append(MustCheck(identity, reason))
    return tuple(found)


# --- plans and certificates ------------------------------------------------------------------------


class _Table:
    """One table of a JSON text, whose keys are exactly those that are asked for."""

    def __init__(self, value: object, where: str, keys: str) -> None:
        if not isinstance(value, dict):
            _unreadable(where, "不是一张表", "is no table")
        wanted = set(keys.split())
        for key in sorted(wanted ^ value.keys()):
            if key in wanted:
                _unreadable(where, f"缺少字段 {key}", f"lacks the field {key}")
            _unreadable(where, f"有不认识的字段{named(key)}", f"has an unknown field {named(key)}")
        self.value = value
        self.where = where

    def text(self, key: str, form: re.Pattern[str] | None = None) -> str:
        """A text, of a form where one is asked for."""
        value = self.value[key]
        if not isinstance(value, str) or not _is_whole(value):
            _unreadable(self.where, f"字段 {key} 不是文字", f"has a field {key} that is no text")
        if form is not None and not form.fullmatch(value):
            _unreadable(self.where, f"字段 {key} 写法不对", f"has a malformed field {key}")
        return value

    def number(self, key: str) -> int:
        """A whole number."""
        value = self.value[key]
        if not isinstance(value, int) or isinstance(value, bool):
            _unreadable(self.where, f"字段 {key} 不是整数", f"has a field {key} that is no integer")
        return value

    def rows(self, key: str) -> list[tuple[object, str]]:
        """A list's values, each with its place."""
        value = self.value[key]
        if not isinstance(value, list):
            _unreadable(self.where, f"字段 {key} 不是列表", f"has a field {key} that is no list")
        return [(row, f"{self.where} {key}[{n}]") for n, row in enumerate(value, start=1)]


def _unreadable(where: str, zh: str, en: str) -> NoReturn:
    raise InputError(
        f"{where}：{zh}，不能读取。请使用程序写出的原文件。",
        f"{where} {en} and cannot be read. Use the file as the program wrote it.",
    )


def read_plan(content: bytes, where: str, ending: Fault = NOT_DRAWN) -> DrawPlan:
    """A plan from its file.

    Args:
        content: the file's bytes.
        where: its name.
        ending: what does not happen where it breaks a rule, for the message.

    Raises:
        OtherPaperError: where it is another paper of a draw.
        InputError: where it is no plan, or breaks a rule of the draw.
        TamperError: where a population was changed, or the text is not the canonical one.
    """
    plan = _plan_from(_parsed(content, where, PLAN_FORMAT), where)
    check_plan(plan, ending)
    _require_canonical(plan.content, content, where)
    return plan


def read_certificate(content: bytes, where: str) -> Certificate:
    """A certificate from its file; whether it is true, `verify_certificate` says.

    Raises:
        OtherPaperError: where it is another paper of a draw.
        InputError: where it is no certificate.
        TamperError: where the text is not the canonical one.
    """
    keys = "format plan plan_sha256 digits results made_at"
    table = _Table(_parsed(content, where, CERTIFICATE_FORMAT), where, keys)
    _require_format(table, CERTIFICATE_FORMAT)
    certificate = Certificate(
        plan=_plan_from(table.value["plan"], f"{where} plan"),
        plan_sha256=table.text("plan_sha256", _HEX),
        digits=table.text("digits"),
        results=tuple(_result_from(*row) for row in table.rows("results")),
        made_at=_time_from(table),
    )
    _require_canonical(certificate.content, content, where)
    return certificate


def read_mark(content: bytes, where: str) -> DrawMark:
    """The mark that lies beside a plan that was drawn from.

    Raises:
        InputError: where it is no mark.
        TamperError: where the text is not the canonical one.
    """
    document = _parsed(content, where, MARK_FORMAT)
    table = _Table(document, where, "format plan_sha256 digits made_at")
    _require_format(table, MARK_FORMAT)
    mark = DrawMark(table.text("plan_sha256", _HEX), table.text("digits"), _time_from(table))
    _require_canonical(mark.content, content, where)
    return mark


def _time_from(table: _Table) -> str:
    text = table.text("made_at", _AT)
    try:
        datetime.fromisoformat(text)
    except ValueError:
        _unreadable(table.where, "字段 made_at 不是时间", "has a field made_at that is no time")
    return text


def _parsed(content: bytes, where: str, wanted: str) -> object:
    _refuse_other_paper(_outer_kind(content), wanted, where)
    try:
        document: object = json.loads(content.decode())
    except (ValueError, RecursionError):
        _unreadable(where, "不是 JSON 文件", "is no JSON file")
    if isinstance(document, dict):
        _refuse_other_paper(document.get("format"), wanted, where)
    return document


def _require_format(table: _Table, name: str) -> None:
    if table.text("format") != name:
        _unreadable(table.where, f"格式不是 {name}", f"is not of the format {name}")


def _require_canonical(canonical: bytes, content: bytes, where: str) -> None:
    if canonical != content:
        raise tampered(
            f"{where} 不是程序写出的原文（排版、字段次序或字段重复）",
            f"{where} is not the text the program wrote (layout, order or repetition of fields)",
        )


def _plan_from(value: object, where: str) -> DrawPlan:
    table = _Table(value, where, "format purpose strata must_check digit_count source")
    _require_format(table, PLAN_FORMAT)
    return DrawPlan(
        purpose=table.text("purpose"),
        strata=tuple(_stratum_from(*row) for row in table.rows("strata")),
        must_check=tuple(_must_check_from(*row) for row in table.rows("must_check")),
        digit_count=table.number("digit_count"),
        source=table.text("source"),
    )


def _stratum_from(value: object, where: str) -> Stratum:
    keys = "name population population_sha256 sample_size reserve_size"
    table = _Table(value, where, keys)
    return Stratum(
        name=table.text("name"),
        population=tuple(_id_from(*row) for row in table.rows("population")),
        population_sha256=table.text("population_sha256", _HEX),
        sample_size=table.number("sample_size"),
        reserve_size=table.number("reserve_size"),
    )


def _id_from(value: object, where: str) -> str:
    return _Table({"id": value}, where, "id").text("id")


def _must_check_from(value: object, where: str) -> MustCheck:
    table = _Table(value, where, "id reason")
    return MustCheck(table.text("id"), table.text("reason"))


def _result_from(value: object, where: str) -> StratumResult:
    table = _Table(value, where, "name population_sha256 sample reserve")
    return StratumResult(
        name=table.text("name"),
        population_sha256=table.text("population_sha256", _HEX),
        sample=tuple(_ticket_from(*row) for row in table.rows("sample")),
        reserve=tuple(_ticket_from(*row) for row in table.rows("reserve")),
    )


def _ticket_from(value: object, where: str) -> Ticket:
    table = _Table(value, where, "id ticket")
    return Ticket(table.text("id"), table.text("ticket", _HEX))


def _is_whole(text: str) -> bool:
    """Whether a text has bytes in UTF-8; half a surrogate pair has none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
