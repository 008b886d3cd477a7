"""What a heading lists: indicators, assessed objects, as items below it or in a sentence.

A list is announced (`考核指标共四项，即…`, `以下单位接受考核：…`) or stands alone; its items are divided
by 、 , or ; and may carry their own number and points; 和 may stand before the last.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import tokens
from kaoping.core.notice.names import counted
from kaoping.core.notice.passage import plain_width
from kaoping.core.notice.procedure import SEE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.core.notice.outline import Block
    from kaoping.core.notice.passage import Found, Passage, Source

Span = tuple[int, int]

_NUMBER = "(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_COUNTED = (
    rf"{_NUMBER}(?:项|个|类|家|户|件)(?:重点)?(?:考核|考评|评价|评估|评议|测评|评定|评分)?"
    "(?:指标|内容|项目|单位|部门|对象|任务|工作|事项|事|企业)?"
)
_SUBHEADING = re.compile(
    r"(?:考核|考评|评价|评估|评议|测评|评定|绩效|[一二三]级)?(?:指标|内容|项目|对象|范围|单位)(?:内容|体系|名称|构成|设置|及分值)?"
)
_ANNOUNCES = re.compile(rf"[^、,]{{0,12}}(?:共|设|有|为|分|含|按)?{_COUNTED}|[^、,]{{0,12}}如下")
_LISTED_LINES = 60
_LISTED = "(?:指标|内容|项目|对象|范围|单位|部门)"
_BEFORE_LIST = re.compile(
    rf"""^(?:
      [^、:]{{0,30}}?{_COUNTED}(?:[^、:。(]|\([^()、:]{{0,8}}\)){{0,16}}:
    | [^、,:]{{0,30}}?{_COUNTED},(?:它们是|分别是|分别为|即|包括|依次[为是])
    | [^、,:]{{0,30}}?(?:共|有|设置|设立|设|分|为|含|即|是)+{_COUNTED}[,:]?(?:分别是|分别为|分别|包括|即|为|是)*[,:]?
    | [^、,:]{{0,30}}:
    | [^、,:]{{0,24}}?(?:包括|如下|分为|是指|分别[为是]|(?:{_LISTED}|的)[为是]|是指):?
    | [^、:]{{0,12}}{_LISTED},是指
    )(?:即|分别是|分别为)?""",
    re.VERBOSE,
)
_COUNT = re.compile(
    rf"等?(?:共|合计|计)?{_COUNTED}$|等(?:指标)?$|等?(?:共|这)?{_NUMBER}[个家户所](?:[一-鿿()、]{{2,10}})?$"
)
_SUM = re.compile(
    rf"(?:总)?(?:共|合)计?(?:为)?{_NUMBER}[个家项类户所][一-鿿()、]{{0,8}}"
    r"|(?:满分|总分|共计?|合计|总计|相加|加总|加起来|累计)(?:为|得|共)?[0-9]{1,4}分"
)
"""What sums a list up: 共7家, 满分100分."""
_POINTS = r"(?:分值|满分|基准分|标准分|权重|占|计|为|各|是)*:? ?[0-9]{1,4}(?:\.[0-9]{1,4})? ?分"
_POINTS_ALONE = re.compile(rf"\(?{_POINTS}\)?")
_GROUP = re.compile(r" *(?:其中:)?[一-鿿]{2,8}(?:类|型|方面|部分|组):")
"""What a group of items is called, before the first of them: `经济类:`."""
_OWN_NUMBER = re.compile(
    r"(?:指标(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})[:、]|\((?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\)|[0-9]{1,2}[.、](?![0-9])|[①-⑳]|[一二三四五六七八九十]{1,2}是) *"
)
_NOTE = re.compile(r"\s*\([^()]*[0-9] ?分\)|[:,] ?[0-9]{1,4}(?:\.[0-9]{1,4})? ?分(?=[;。,]|$)")
_ABBREVIATED = re.compile(r"\((?:以下)?(?:统称|简称|合称|下称|称)[^()]*\)$")
_LAST_JOINED = re.compile(
    r"(?<=[)分局委办厅区县市处科心院司校部会位门府街镇乡”》])(?:以及|和|及|与)(?=[一-鿿“《]{2})"
)
_ANY_JOINED = re.compile(r"(?:以及|和|及|与)(?=[一-鿿“《]{2})")
_LABELLED = re.compile(r"[^,。;:、]{0,8}(?:指标|内容|项目)(?:分别)?[为是包:]")
_PLAINLY_LABELLED = re.compile(
    r"[^,。;:、]{0,4}(?:考核|考评|评价|评估|评议|测评|评定)(?:指标|内容|项目)(?:分别)?(?:[为是:共有设]|包括)"
)


def listed_items(block: Block) -> Iterator[Found[str]]:
    """The items a heading lists: its children, or the words of its first sentence that lists."""
    if block.children and not block.text.text.strip(" 。:\n"):
        if not any(_introduces(child) for child in block.children):
            only = block.children[0] if len(block.children) == 1 else None
            inline = bool(only and _INLINE_NUMBER.search(only.body.text))
            yield from items_of(only.body) if only and inline else map(item_of, block.children)
        return
    text = block.text if block.title else block.body
    if announced := _announced_list(text):
        yield from items_of(announced)
        return
    if len(lines := _lines_with_points(text)) > 1:
        for line in lines:
            yield from items_of(line)
        return
    for start, end in list(tokens(text.text, "。\n"))[:_LISTED_LINES]:
        yield from items_of(text.cut(start, end))
        if text.text[end : end + 1] == "。":
            return


_ANNOUNCED = re.compile(rf"[^、:。;]{{0,24}}?{_COUNTED}[^、:。;]{{0,16}}[:为是即](?=[^:。]*[、,;])")


def _announced_list(text: Passage) -> Passage | None:
    """The first sentence behind others that says what it lists: `考核设六项指标:…`."""
    spans = list(tokens(text.text, "。\n"))[:_LISTED_LINES]
    found = [span for span in spans if _ANNOUNCED.match(text.text[slice(*span)])]
    if (
        not found
        and len(spans) > 1
        and re.fullmatch(rf".{{0,16}}{_COUNTED}", text.text[slice(*spans[0])])
    ):
        return text.cut(*spans[1])
    return text.cut(*found[0]) if found and found[0] != spans[0] else None


_NAME_WITH_POINTS = re.compile(rf"[^,。;:、(]{{2,40}}[,:(] ?{_POINTS}\)?[,。;]?")


def _lines_with_points(text: Passage) -> list[Passage]:
    """The names at the beginning of lines, each with its points: `粮食生产,30分。…`."""
    found = []
    for line in text.each_line():
        if match := _NAME_WITH_POINTS.match(line.text.lstrip()):
            indent = len(line.text) - len(line.text.lstrip())
            found.append(line.cut(indent, indent + match.end()))
    return found


_INLINE_NUMBER = re.compile(r"[;,、。] ?(?:②|\(2\)|\(二\)|2[.、])")


def _introduces(block: Block) -> bool:
    """Whether a heading is no item itself but announces a list: `考核设6项指标:`."""
    announced = _ANNOUNCES.fullmatch(block.heading) and block.text.text.startswith(":")
    return bool(announced or _SUBHEADING.fullmatch(block.heading))


def item_of(block: Block) -> Found[str]:
    """The words of a heading that is one item of a list, with its points."""
    if block.title is None:
        start, end = next(tokens(block.body.text, ",。;:\n"), (0, 0))
        note = _NOTE.match(block.body.text, end)
        return block.body.words(start, note.end() if note else end)
    length = len(block.title.value)
    note = _NOTE.match(block.body.text, length)
    return block.body.words(0, note.end() if note else length)


def items_of(sentence: Passage) -> Iterator[Found[str]]:
    """The items of a sentence, the words before them and their count behind them left out."""
    begin = _BEFORE_LIST.match(sentence.text)
    rest = sentence.cut(begin.end() if begin else 0)
    spans = [_bare_item(rest.text, *span) for span in tokens(rest.text, "、,;。")]
    wanted = _number_told(begin.group() if begin else "")
    for first, last in _last_divided(rest.text, _with_points(rest.text, spans), wanted):
        words = rest.words(first, last)
        if (
            words.value
            and not SEE.search(words.value)
            and not _SUM.fullmatch(plain_width(words.value))
        ):
            yield words


def _bare_item(text: str, start: int, end: int) -> Span:
    """An item without its own number, a count of all items, and what they are called for short."""
    if group := _GROUP.match(text, start, end):
        start = group.end()
    if number := _OWN_NUMBER.match(text, start, end):
        start = number.end()
    if short := _ABBREVIATED.search(text, start, end):
        end = short.start()
    count = _COUNT.search(text, start, end)
    if count and count.start() > start and not _ALL_OF.fullmatch(text, start, count.start()):
        end = count.start()
    return start, end


_ALL_OF = re.compile(r"全?[省市县区州镇]|各?")
"""Words whose count belongs to them: 全县14个乡镇."""


def _with_points(text: str, spans: list[Span]) -> list[Span]:
    """Points that stand as an item of their own behind each name become part of it."""
    alone = [bool(_POINTS_ALONE.fullmatch(text, *span)) for span in spans]
    if alone != [False, True] * (len(spans) // 2):
        return spans
    joined: list[Span] = []
    for span, points in zip(spans, alone, strict=True):
        if points:
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return joined


def _number_told(announcement: str) -> int | None:
    """How many items an announcement says there are: 共四项 is 4."""
    match = re.search(rf"({_NUMBER})(?:项|个|类|家)", announcement)
    return counted(match[1]) if match else None


def _last_divided(text: str, spans: list[Span], wanted: int | None) -> list[Span]:
    """The last item cut at 和 where both sides are whole: two offices, or a name with its points.

    Where the text says how many items there are, one missing makes the cut, too.
    """
    if not spans:
        return spans
    start, end = spans[-1]
    one_short = wanted is not None and len(spans) == wanted - 1
    match = (_ANY_JOINED if one_short else _LAST_JOINED).search(text, start + 1, end)
    alike = match and _ends_alike(text[start : match.start()], text[match.end() : end])
    if match is None or not (alike or one_short):
        return spans
    return [*spans[:-1], (start, match.start()), (match.end(), end)]


def _ends_alike(left: str, right: str) -> bool:
    """Whether two names may be items of one list, by their endings."""
    offices = re.compile(r"[局委办厅区县市处科心院司校部会位门府街镇乡]$")
    return left[-1:] == right[-1:] or bool(offices.search(left) and offices.search(right))


def clauses_of_indicators(block: Block) -> Iterator[Passage]:
    """The clauses of a heading that say by their label that they list indicators, not objects."""
    for line in block.body.each_line():
        for start, end in tokens(line.text, "。;"):
            if _LABELLED.match(line.text[start:end].lstrip()):
                yield line.cut(start, end)


def plain_lists(line: Passage) -> Iterator[Passage]:
    """The clauses of running text that are labelled 考核指标 or 考核内容."""
    for start, end in tokens(line.text, "。;"):
        if _PLAINLY_LABELLED.match(line.text[start:end].lstrip()):
            yield line.cut(start, end)


def is_within(source: Source, clause: Passage) -> bool:
    """Whether words stand in a clause of one line."""
    place = clause.source()
    return source.line == place.line and place.start <= source.start < place.end
