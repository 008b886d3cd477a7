"""The frame of an official document: title, number, issuer, dates, addressees, annexes.

The frame is told by place and form (GB/T 9704): what stands above the addressees, the signature
with its date, the list after 附件. Government sites add a table of labels above it; both are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import tokens
from kaoping.core.notice.dates import whole_date
from kaoping.core.notice.passage import Found, Passage, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

HEAD_LINES = 60
"""The addressees stand within so many lines of the beginning."""

_LONGEST_OFFICE = 40
_LONGEST_TITLE = 160
_NUMBER = re.compile(
    r"[一-鿿]{1,20} ?[〔\[(【〈] ?(?:19|20)[0-9]{2} ?[〕\])】〉] ?(?:第 ?)?[0-9]{1,5} ?号"
)
_LABEL = {
    "issuer": "发文(?:单位|机关|机构|部门)|发布(?:单位|机构|机关)|制发(?:单位|机关)|印发(?:单位|机关)",
    "document_date": "成文日期|成文时间|生成日期|发文日期|发文时间",
    "published": "发布日期|发布时间|公开日期|公布日期|印发日期|印发时间",
    "number": "发文字号|发文文号|文件编号|文号",
    "title": "标 *题|名 *称|文件名称|文件标题",
    "other": "索引号|主题分类|主题词|有效性|关联文件|信息分类|发文序号|效力状态|主题|来源|体裁分类|组配分类",
}
_LABELS = re.compile(
    "|".join(f"(?P<{name}>{pattern})" for name, pattern in _LABEL.items()).join(
        ("(?:", ")(?: ?: ?[|]? ?| ?[|] ?)")
    )
)
_TITLE_END = re.compile(
    r"(?:通知|意见|方案|办法|细则|函|规定|通报|公告|规则|规程)(?:\([^()]{1,20}\))?$"
)
_ADDRESSEE = re.compile(r"[^。;?!]{2,400}:$")
_NOT_ADDRESSEE = re.compile(r"如下:$|以下:$|通知:$|^附件|事项:$|包括:$|有:$|为:$|实施.{0,4}:$")
_ANNEX_HEAD = re.compile(r" *附 ?(?:件|表)(?: ?[:])? *")
_ANNEX_ITEM = re.compile(
    r" *(?:附件)? ?([0-9]{1,2}|[一二三四五六七八九十]{1,3}) ?(?:[.、:](?![0-9])| ) *"
)
_CITED = re.compile(
    r"附件 ?((?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})(?: ?[、,和及至—~-] ?(?:附件)? ?[0-9]{1,2})*)?"
)


@dataclass(frozen=True, slots=True)
class Annex:
    """附件: `number` is empty where the only annex has none."""

    number: str
    title: Found[str]
    document_number: Found[str] | None
    cited: bool


@dataclass(frozen=True)
class Letterhead:
    """What frames the text, and the text itself as runs of lines.

    Attributes:
        document_date: 成文日期 of the head's table.
        published: 发布日期 of the head's table.
        signed: the date under the text (落款).
        parts: the lines of the text, a new part after each signature.
    """

    title: Found[str] | None
    number: Found[str] | None
    issuer: Found[str] | None
    document_date: Found[date] | None
    published: Found[date] | None
    signed: Found[date] | None
    addressees: tuple[Found[str], ...]
    annexes: tuple[Annex, ...]
    parts: tuple[tuple[Passage, ...], ...]


def read_letterhead(lines: Sequence[Passage]) -> Letterhead:
    """Take the frame of a document apart from its text."""
    start, addressees = _find_addressees(lines)
    head, body = lines[:start], lines[start:]
    labelled = _read_labels(head)
    signatures = list(_find_signatures(body))
    annex_lines, annexes = _find_annexes(body)
    parts = _parts(body, signatures, annex_lines)
    title = labelled.get("title") or _find_title(head)
    signer = signatures[0][1] if signatures else None
    return Letterhead(
        title=title,
        number=_head_number(head, labelled.get("number")),
        issuer=labelled.get("issuer") or signer or _issuer_in_title(title, head),
        document_date=_as_date(labelled.get("document_date")),
        published=_as_date(labelled.get("published")),
        signed=signatures[0][2] if signatures else None,
        addressees=addressees,
        annexes=tuple(_with_citations(annexes, parts)),
        parts=parts,
    )


def _find_addressees(lines: Sequence[Passage]) -> tuple[int, tuple[Found[str], ...]]:
    """The index of the first line of the text, and to whom it is addressed."""
    for index, line in enumerate(lines[:HEAD_LINES]):
        text = line.text.strip()
        if _is_heading(text):
            return index, ()
        if (
            _ADDRESSEE.fullmatch(text)
            and not _NOT_ADDRESSEE.search(text)
            and not _LABELS.match(text)
        ):
            body = line.text.rstrip()[:-1]
            return index + 1, tuple(line.words(*span) for span in tokens(body, "、,"))
    return _after_title(lines), ()


def _is_heading(text: str) -> bool:
    return bool(re.match(r"一、|第一[章条]|\(一\)|1[.、](?![0-9])", text))


def _after_title(lines: Sequence[Passage]) -> int:
    """Where the text begins when nobody is addressed and nothing is numbered."""
    for index, line in enumerate(lines[:HEAD_LINES]):
        if _TITLE_END.search(line.text.strip()):
            return index + 1
    return 0


def _read_labels(head: Sequence[Passage]) -> dict[str, Found[str]]:
    found: dict[str, Found[str]] = {}
    for line in head:
        matches = list(_LABELS.finditer(line.text))
        for index, match in enumerate(matches):
            stop = matches[index + 1].start() if index + 1 < len(matches) else len(line.text)
            bar = line.text.find("|", match.end(), stop)
            words = line.words(match.end(), bar if bar >= 0 else stop)
            if words.value and match.lastgroup:
                found.setdefault(match.lastgroup, words)
    return found


def _as_date(words: Found[str] | None) -> Found[date] | None:
    day = whole_date(words.value[:_LONGEST_OFFICE].split(" ")[0]) if words else None
    return Found(day, words.source) if words and day else None


def _head_number(head: Sequence[Passage], labelled: Found[str] | None) -> Found[str] | None:
    if labelled:
        return labelled
    for line in head:
        match = _NUMBER.search(line.text)
        if match and len(line.text.strip()) <= len(match[0]) + _LONGEST_OFFICE // 2:
            return line.words(*match.span())
    return None


def _find_title(head: Sequence[Passage]) -> Found[str] | None:
    """The words above the addressees that end like a title, over as many lines as they take."""
    for index, line in enumerate(head):
        if not _TITLE_END.search(line.text.strip()) or _LABELS.match(line.text.strip()):
            continue
        first = index
        while first > 0 and _continues_title(head[first - 1], head[first : index + 1]):
            first -= 1
        words = "".join(part.source().text for part in head[first : index + 1])
        return Found(words, head[first].source())
    return None


def _continues_title(above: Passage, below: Sequence[Passage]) -> bool:
    """Whether a line belongs to the title whose further lines stand below it."""
    text = above.text.strip()
    if (
        not text
        or len(text) > _LONGEST_TITLE
        or re.search(r"[。:;|]|文件$", text)
        or _NUMBER.search(text)
    ):
        return False
    beginning = below[0].text.strip()
    return (
        "关于" in text
        or beginning.startswith("关于")
        or "关于" not in "".join(b.text for b in below)
    )


def _issuer_in_title(title: Found[str] | None, head: Sequence[Passage]) -> Found[str] | None:
    if title and (cut := title.value.find("关于")) > 1:
        return Found(title.value[:cut], title.source)
    for line in head:
        if re.fullmatch(r"\s*[一-鿿]{4,30}文件\s*", line.text):
            words = line.source()
            return Found(words.text.removesuffix("文件"), words)
    return None


def _find_signatures(
    body: Sequence[Passage],
) -> Iterator[tuple[int, Found[str] | None, Found[date]]]:
    """Signatures: the index of the date's line, the issuer above it, the date."""
    for index, line in enumerate(body):
        day = whole_date(line.text) if len(line.text.strip()) <= _LONGEST_OFFICE else None
        if day is None:
            continue
        above = body[index - 1] if index else None
        office = above.source() if above and _is_office_line(above.text) else None
        yield index, Found(office.text, office) if office else None, Found(day, line.source())


def _is_office_line(text: str) -> bool:
    bare = text.strip()
    return bool(bare) and len(bare) <= _LONGEST_OFFICE and not re.search(r"[。:;,|0-9]", bare)


def _parts(
    body: Sequence[Passage],
    signatures: Sequence[tuple[int, Found[str] | None, Found[date]]],
    annex: set[int],
) -> tuple[tuple[Passage, ...], ...]:
    ends = {index for index, _, _ in signatures}
    dropped = annex | ends | {index - 1 for index, office, _ in signatures if office}
    parts: list[list[Passage]] = [[]]
    for index, line in enumerate(body):
        if index not in dropped and not _is_frame(line.text):
            parts[-1].append(line)
        if index in ends or re.fullmatch(r" *附件 ?[0-9一二三四五六七八九十]* *", line.text):
            parts.append([])
    return tuple(tuple(part) for part in parts if part)


def _is_frame(text: str) -> bool:
    """Lines of the page, not of the text: `(此件公开发布)`, `关联文件:`."""
    bare = text.strip()
    return bool(re.fullmatch(r"\(此件.{0,12}\)|关联文件:.{0,80}", bare))


def _find_annexes(body: Sequence[Passage]) -> tuple[set[int], list[tuple[str, Passage]]]:
    """The lines of the list of annexes, and each annex's number and words."""
    for index, line in enumerate(body):
        head = _ANNEX_HEAD.match(line.text)
        if not head or (":" not in head[0] and not _list_follows(body, index, head.end())):
            continue
        used, items = {index}, []
        rest = line.cut(head.end())
        if rest.text.strip():
            items.append(_annex_item(rest))
        for below in range(index + 1, len(body)):
            row = body[below]
            if items and _is_open(items[-1][1].text) and row.text.strip():
                items[-1] = (items[-1][0], joined([items[-1][1], row]))
            elif _ANNEX_ITEM.match(row.text):
                items.append(_annex_item(row))
            else:
                break
            used.add(below)
        return used, items
    return set(), []


def _list_follows(body: Sequence[Passage], index: int, end: int) -> bool:
    """Whether 附件 without a colon is followed by a numbered list, here or on the next line."""
    rest = body[index].text[end:]
    if rest.strip():
        return bool(re.match(r"1[.、](?![0-9])", rest))
    return index + 1 < len(body) and bool(re.match(r" *1[.、](?![0-9])", body[index + 1].text))


def _annex_item(words: Passage) -> tuple[str, Passage]:
    item = _ANNEX_ITEM.match(words.text)
    return (item[1], words.cut(item.end())) if item else ("", words)


def _is_open(text: str) -> bool:
    """Whether brackets are still open, so that the title goes on in the next line."""
    return any(text.count(left) > text.count(right) for left, right in ("《》", "()", "〔〕"))


def _with_citations(
    annexes: Sequence[tuple[str, Passage]], parts: Sequence[Sequence[Passage]]
) -> Iterator[Annex]:
    cited = _cited_numbers(line.text for line in parts[0]) if parts else set()
    for number, words in annexes:
        title, document = _annex_words(words)
        known = number in cited or ("" in cited and len(annexes) == 1)
        yield Annex(number, title, document, known)


def _annex_words(words: Passage) -> tuple[Found[str], Found[str] | None]:
    """An annex's title and document number, a note like `(见附件)` left out."""
    text = words.text.rstrip(" ;。\n")
    text = re.sub(r"\((?:另发|略|见附件|另附|此略)\)$", "", text)
    match = re.search(r"\( ?(" + _NUMBER.pattern + r") ?\)$", text)
    end = match.start() if match else len(text)
    title = "".join(part.source().text for part in words.cut(0, end).each_line())
    return Found(title, words.source(0, end)), words.words(*match.span(1)) if match else None


def _cited_numbers(texts: Iterator[str]) -> set[str]:
    """The annex numbers a text cites; the empty one for 附件 without number."""
    cited: set[str] = set()
    for text in texts:
        for match in _CITED.finditer(text):
            cited |= _expanded(match[1] or "")
    return cited


def _expanded(numbers: str) -> set[str]:
    """`1、3` and `1-3` as single numbers."""
    found = re.findall(r"[0-9]{1,2}|[一二三四五六七八九十]{1,2}", numbers)
    if len(found) == 2 and re.search(r"[至—~-]", numbers) and all(n.isdigit() for n in found):  # noqa: PLR2004
        return {str(number) for number in range(int(found[0]), int(found[1]) + 1)}
    return set(found) or {""}
