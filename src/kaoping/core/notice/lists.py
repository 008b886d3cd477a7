"""What a heading lists: indicators, assessed objects, as items below it or in its first sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import tokens
from kaoping.core.notice.procedure import SEE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.core.notice.outline import Block
    from kaoping.core.notice.passage import Found, Passage, Source

_NUMBER = "[0-9一二两三四五六七八九十]{1,3}"
_COUNTED = rf"{_NUMBER}(?:项|个|类)(?:考核|考评|评价|评分)?(?:指标|内容|项目)?"
_SUBHEADING = re.compile(
    r"(?:考核|考评|评价|绩效|[一二三]级)?(?:指标|内容|项目|对象|范围|单位)(?:内容|体系|名称|构成|设置|及分值)?"
)
_ANNOUNCES = re.compile(rf"[^、,]{{0,12}}(?:共|设|有|为|分|含|按)?{_COUNTED}|[^、,]{{0,12}}如下")
_LISTED_LINES = 60
_BEFORE_LIST = re.compile(
    rf"^(?:[^、,:]{{0,24}}:"
    rf"|[^、,:]{{0,24}}?共{_COUNTED}[,:]?(?:分别|包括)?[为是即:]{{0,2}}"
    r"|[^、,]{0,24}?(?:包括|如下|分为|分别[为是]|(?:指标|内容|项目|对象|范围|单位)[为是]):?)"
)
_COUNT = re.compile(rf"等?(?:共)?{_COUNTED}$|等(?:指标)?$")
_NOTE = re.compile(r"\s*\([^()]*[0-9] ?分\)|[:,] ?[0-9]{1,4}(?:\.[0-9]{1,4})? ?分(?=[;。,]|$)")
_LABELLED = re.compile(r"[^,。;:、]{0,8}(?:指标|内容|项目)(?:分别)?[为是包:]")
_PLAINLY_LABELLED = re.compile(
    r"[^,。;:、]{0,4}(?:考核|考评|评价)(?:指标|内容|项目)(?:分别)?(?:[为是:]|包括)"
)


def listed_items(block: Block) -> Iterator[Found[str]]:
    """The items a heading lists: its children, or the words of its first sentence."""
    if block.children and not block.text.text.strip(" 。:\n"):
        if not any(_introduces(child) for child in block.children):
            yield from map(item_of, block.children)
        return
    text = block.text if block.title else block.body
    for start, end in list(tokens(text.text, "。;\n"))[:_LISTED_LINES]:
        yield from items_of(text.cut(start, end))
        if text.text[end : end + 1] == "。":
            return


def _introduces(block: Block) -> bool:
    """Whether a heading is no item itself but announces a list: `考核设6项指标:`."""
    announced = _ANNOUNCES.fullmatch(block.heading) and block.text.text.startswith(":")
    return bool(announced or _SUBHEADING.fullmatch(block.heading))


def item_of(block: Block) -> Found[str]:
    """The words of a heading that is one item of a list, with its points."""
    if block.title is None:
        start, end = next(tokens(block.body.text, ",。;:\n"), (0, 0))
        return block.body.words(start, end)
    length = len(block.title.value)
    note = _NOTE.match(block.body.text, length)
    return block.body.words(0, note.end() if note else length)


def items_of(sentence: Passage) -> Iterator[Found[str]]:
    """The items of a sentence, its words before them and its count behind them left out."""
    begin = _BEFORE_LIST.match(sentence.text)
    rest = sentence.cut(begin.end() if begin else 0)
    for first, last in tokens(rest.text, "、,"):
        count = _COUNT.search(rest.text, first, last)
        end = count.start() if count and count.start() > first else last
        words = rest.words(first, end)
        if words.value and not SEE.search(words.value):
            yield words


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
