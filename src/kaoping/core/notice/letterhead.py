"""The frame of an official document: title, number, issuer, dates, addressees, annexes.

The frame is told by place and form (GB/T 9704): what stands above the addressees, the signature
with its date, the list after 附件. Government sites add a table of labels above it; both are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.notice.annexes import NUMBER, Annex, find_annexes, with_citations
from kaoping.core.notice.contacts import tokens
from kaoping.core.notice.dates import whole_date
from kaoping.core.notice.offices import find_offices
from kaoping.core.notice.outline import is_numbered
from kaoping.core.notice.passage import Found, Passage, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

HEAD_LINES = 60
"""The addressees stand within so many lines of the beginning."""

_LONGEST_OFFICE = 40
_LONGEST_TITLE = 160
_LABEL = {
    "issuer": "发文(?:单位|机关|机构|部门)|发布(?:单位|机构|机关)|制发(?:单位|机关)|印发(?:单位|机关)",
    "document_date": "成文日期|成文时间|生成日期|发文日期|发文时间",
    "published": "发布日期|发布时间|公开日期|公布日期|印发日期|印发时间",
    "number": "发文字号|发文文号|文件编号|文号",
    "title": "标题|名称|文件名称|文件标题",
    "other": "索引号|主题分类|主题词|有效性|关联文件|信息分类|发文序号|效力状态|主题|来源|体裁分类|组配分类",
}


def _spread(pattern: str) -> str:
    """A pattern whose Chinese words may be spread with blanks, as in `索 引 号`."""
    return re.sub(r"(?<=[一-鿿])(?=(?:\(\?:)?[一-鿿])", " {0,8}", pattern)


_LABELS = re.compile(
    "|".join(f"(?P<{name}>{_spread(pattern)})" for name, pattern in _LABEL.items()).join(
        ("(?:", ")(?: {0,8}: ?[|]? ?| ?[|] ?)")
    )
)
_TITLE_END = re.compile(
    r"(?:通知|意见|方案|办法|细则|函|规定|通报|公告|规则|规程)(?:\([^()]{1,20}\))?$"
)
_LETTER = re.compile(r"(?!.*关于)[一-鿿()]{2,30}(?:便函|公函|函件)")
"""The red head of a letter, which is no title: `某局便函`."""
_ADDRESSEE = re.compile(r"[^。?!]{2,400}:$")
_NOT_ADDRESSEE = re.compile(r"如下:$|以下:$|通知:$|^附件|事项:$|包括:$|有:$|为:$|实施.{0,4}:$")


_EMPTY_LABEL = re.compile(
    r"[一-鿿 ]{2,8}(?:日期|时间|方式|范围|期限|期[至限]|状态|分类|文件|编号|文号|来源|级别|程度|序号|属性|主体|形式|机构|关键词|词) *:"
)
"""A label of the head's table behind which nothing stands: `废止日期:`."""


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
    lines = [line for line in lines if not _is_frame(line.text)]
    start, addressees = _find_addressees(lines)
    head, body = lines[:start], lines[start:]
    labelled = _read_labels(head)
    title = labelled.get("title") or _find_title(head)
    printed = _find_print_notes(lines)
    annex_lines, annexes = find_annexes(body)
    notes = {id(line) for line, _ in printed}
    frame = annex_lines | {index for index, line in enumerate(body) if id(line) in notes}
    signatures = _find_signatures(body, head, frame)
    parts = _parts(body, signatures, frame)
    signer = _signer(signatures, head)
    return Letterhead(
        title=title,
        number=_head_number(head, labelled.get("number")),
        issuer=labelled.get("issuer")
        or (signer and signer.office)
        or _issuer_in_title(title, head),
        document_date=_as_date(labelled.get("document_date")),
        published=_as_date(labelled.get("published")) or (printed[0][1] if printed else None),
        signed=signer.day if signer else None,
        addressees=addressees,
        annexes=tuple(with_citations(annexes, _citing(body, annex_lines, parts))),
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
            and not _EMPTY_LABEL.fullmatch(text)
        ):
            first = index
            while first > 0 and _lists_on(lines[first - 1].text.strip()):
                first -= 1
            return index + 1, tuple(_names_in(joined(lines[first : index + 1])))
    return _after_title(lines), ()


def _lists_on(text: str) -> bool:
    """Whether a line of addressees goes on in the next one."""
    return bool(re.fullmatch(r"[^。:?!|《》]{2,400}[、,;]", text))


def _names_in(addressees: Passage) -> Iterator[Found[str]]:
    """The names of a list; one sign alone goes on with the name before it: `各股室、站`."""
    body = addressees.text.rstrip()[:-1]
    spans: list[tuple[int, int]] = []
    for start, end in tokens(body, "、,;"):
        if spans and end - start == 1:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return (addressees.words(*span) for span in spans)


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
        match = NUMBER.search(line.text)
        if match and len(line.text.strip()) <= len(match[0]) + _LONGEST_OFFICE // 2:
            return line.words(*match.span())
    return None


def _find_title(head: Sequence[Passage]) -> Found[str] | None:
    """The words above the addressees that end like a title, over as many lines as they take."""
    for index, line in enumerate(head):
        words = line.text.strip()
        if not _TITLE_END.search(words) or _LABELS.match(words) or _LETTER.fullmatch(words):
            continue
        first = index
        while first > 0 and _continues_title(head[first - 1], head[first : index + 1]):
            first -= 1
        while first > 0 and _issues_jointly(head[first - 1], head[first : index + 1]):
            first -= 1
        whole = "".join(part.source().text for part in head[first : index + 1])
        return Found(whole, head[first].source())
    return None


def _issues_jointly(above: Passage, title: Sequence[Passage]) -> bool:
    """Whether a line names a further issuer of a title that begins with one on its own line."""
    beginning = [part.text.strip() for part in title[:2]]
    own_line = len(beginning) > 1 and _is_office_line(beginning[0])
    return own_line and beginning[1].startswith("关于") and _is_office_line(above.text)


def _continues_title(above: Passage, below: Sequence[Passage]) -> bool:
    """Whether a line belongs to the title whose further lines stand below it."""
    text = above.text.strip()
    if (
        not text
        or len(text) > _LONGEST_TITLE
        or re.search(r"[。:;|]|文件$", text)
        or NUMBER.search(text)
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


@dataclass(frozen=True, slots=True)
class _Signature:
    """落款: its lines, the issuers as one, and the day."""

    lines: range
    office: Found[str] | None
    day: Found[date]


def _find_signatures(
    body: Sequence[Passage], head: Sequence[Passage], frame: set[int]
) -> list[_Signature]:
    """Days below or behind an office that signs; where none does, the day that ends the text."""
    above = _compact("".join(line.text for line in head))
    days = [signature for index in range(len(body)) if (signature := _sign(body, index, above))]
    signed = [signature for signature in days if signature.office]
    last = max((i for i in range(_end_of_text(body)) if i not in frame), default=-1)
    below_heading = last > 0 and is_numbered(body[last - 1].text)
    return signed or [day for day in days if day.lines[-1] == last and not below_heading]


def _sign(body: Sequence[Passage], index: int, above: str) -> _Signature | None:
    """A line that is a day, with the office behind which or the offices below which it stands."""
    line = body[index]
    found = _signed_day(line) if len(line.text.strip()) <= _LONGEST_OFFICE else None
    if found is None:
        return None
    day, office = found
    first = index if office else _first_issuer(body, index, above)
    if first < index:
        names = [name for part in body[first:index] for name in _offices_in(part, above)]
        office = Found("、".join(name.value for name in names), names[0].source)
    return _Signature(range(first, index + 1), office, day)


def _first_issuer(body: Sequence[Passage], index: int, above: str) -> int:
    """The first of the lines over a day that name who signs; further ones also stand in the head."""
    first = index
    while first > 0 and index - first < _MOST_ISSUERS:
        text = body[first - 1].text
        in_head = _compact(text) in above and _is_office_line(_compact(text))
        if not (in_head or (first == index and _is_office_line(text))):
            break
        first -= 1
    return first


def _offices_in(line: Passage, above: str) -> list[Found[str]]:
    """The offices of a line, divided by blanks where each part is one; else the whole line."""
    spans = [match.span() for match in re.finditer(r"\S+", line.text)]
    if all(find_offices(line.text[slice(*span)]) is not None for span in spans):
        return [line.words(*span) for span in spans]
    whole = line.source()
    spread = _compact(line.text) in above
    return [Found(re.sub(r"\s", "", whole.text) if spread else whole.text, whole)]


def _compact(text: str) -> str:
    return re.sub(r"\s", "", text)


def _signer(signatures: Sequence[_Signature], head: Sequence[Passage]) -> _Signature | None:
    """The signature of the document itself: of an office named in its head, else the last one."""
    above = "".join(line.text for line in head)
    own = [s for s in signatures if s.office and s.office.value.split("、")[0] in above]
    return next(iter(own or signatures[-1:]), None)


def _signed_day(line: Passage) -> tuple[Found[date], Found[str] | None] | None:
    """A line that is a date, in brackets or behind the office that signs."""
    text = line.text
    bare = re.fullmatch(r" *\(?(?:日期: *)?([^()]{6,20}?)\)? *", text)
    if bare and (day := whole_date(bare[1])):
        return Found(day, line.source(*bare.span(1))), None
    both = re.fullmatch(r" *([一-鿿()]{2,30}) +([^ ].{5,20})", text)
    if both and _is_office_line(both[1]) and (day := whole_date(both[2])):
        return Found(day, line.source(*both.span(2))), line.words(*both.span(1))
    return None


def _end_of_text(body: Sequence[Passage]) -> int:
    """The index after the last line of the text itself, before annexes with a page of their own."""
    for index, line in enumerate(body):
        if _ANNEX_PAGE.fullmatch(line.text):
            return index
    return len(body)


_MOST_ISSUERS = 6
_ANNEX_HEAD = re.compile(r" *附件 ?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})?(?:[ :]|$)")
_ANNEX_PAGE = re.compile(r" *附件 ?[0-9一二三四五六七八九十]* *")


def _is_office_line(text: str) -> bool:
    """Whether a line is nothing but the names of offices, and no heading."""
    bare = text.strip()
    if not bare or len(bare) > _LONGEST_OFFICE or re.search(r"[。:;,|0-9]", bare):
        return False
    return not is_numbered(bare) and all(find_offices(name) is not None for name in bare.split())


_PRINT_NOTE = re.compile(r" *(?:[一-鿿()]{2,30} +)?([^ ]{6,12}) ?印发 *")


def _find_print_notes(lines: Sequence[Passage]) -> list[tuple[Passage, Found[date]]]:
    """版记: lines that say when the document was printed."""
    found = []
    for line in lines:
        note = _PRINT_NOTE.fullmatch(line.text)
        if note and (day := whole_date(note[1])):
            found.append((line, Found(day, line.source(*note.span(1)))))
    return found


def _citing(
    body: Sequence[Passage], annex_lines: set[int], parts: Sequence[Sequence[Passage]]
) -> Iterator[Passage]:
    """The lines that may cite an annex: all but the list of annexes and the heads of their pages.

    The text itself may be an annex of its cover, and cite the others.
    """
    yield from body[: min(annex_lines, default=0)]
    yield from (line for part in parts for line in part if not _ANNEX_HEAD.match(line.text))


def _parts(
    body: Sequence[Passage], signatures: Sequence[_Signature], dropped: set[int]
) -> tuple[tuple[Passage, ...], ...]:
    ends = {signature.lines[-1] for signature in signatures}
    dropped = dropped | {index for signature in signatures for index in signature.lines}
    parts: list[list[Passage]] = [[]]
    for index, line in enumerate(body):
        if index not in dropped:
            parts[-1].append(line)
        if index in ends or _ANNEX_PAGE.fullmatch(line.text):
            parts.append([])
    return tuple(tuple(part) for part in parts if part)


_FRAME = re.compile(
    r"\(此件.{0,12}\)|关联文件:.{0,80}"
    r"|(?:您?(?:的|现在|当前|目前|所在|是)*位置|分享到?|字体|浏览(?:次数|量)?|阅读(?:次数|量)?|点击(?:次数|率)?"
    r"|打印|责任编辑|编辑|上一[篇条]|下一[篇条]|稿件来源|信息来源)(?: ?[:\[【].*)?"
    r"|首页(?: *[>»›/].*)?|[^。:;]{1,20}(?: *[>»›] *[^。:;>»›]{1,20}){2,}"
    r"|扫一扫.{0,20}|(?:打印|关闭|返回|收藏|【(?:[大中小]|字[体号].{0,2}|打印.{0,2}|关闭.{0,2}|返回.{0,2}|收藏|分享|下载|纠错|推荐).{0,2}】|\[.{1,6}\]| )+"
    r"|[-—=*_~|+ ━═·]{3,}|[-—] ?[0-9]{1,3} ?[-—]"
)


def _is_frame(text: str) -> bool:
    """Lines of the page, not of the text: `(此件公开发布)`, `分享到:`, rules, page numbers."""
    return bool(_FRAME.fullmatch(text.strip()))
