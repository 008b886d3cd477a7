"""The list of the indicators, chosen among all that a notice seems to list.

A notice lists its indicators below a heading, in a sentence (`考核设…、…四项指标`), or names each
where it tells its points (`…占35分,由…`). Which of the lists is meant is told by how many indicators
the notice says there are and by points that add up to its full marks; a list so confirmed is
preferred to one that only stands in the usual place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import tokens
from kaoping.core.notice.lists import (
    clauses_of_indicators,
    item_of,
    items_of,
    listed_items,
    plain_lists,
)
from kaoping.core.notice.names import counted, is_indicator_name, key_of, points_of, without_quotes
from kaoping.core.notice.passage import plain_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaoping.core.notice.outline import Block
    from kaoping.core.notice.passage import Found, Passage

Named = tuple["Found[str]", "Found[str] | None"]
"""An indicator's name and its points."""

_NUMBER = "(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
_POINTS_IN_TURN = re.compile(
    r"(?:分值|满分|权重)?(?:分别|依次|各)?(?:为|是|占|计)? ?([0-9]{1,4}(?:\.[0-9]{1,4})?) ?分"
)
"""Points told after all names: `分别为30分、25分`."""
_COUNT_TOLD = re.compile(
    rf"(?<![前后另余])({_NUMBER})(?:项|个|类|件)[一-鿿]{{0,8}}?(?:指标|得分|任务|分值|考[核评]内容|考[核评]项目)"
    rf"|(?:指标|考[核评](?:内容|项目)|任务)(?:共|设|有|为|分为|共有|共计|设置|总计|一共)*({_NUMBER})(?:项|个|类|件)"
    rf"|共(?:计|设|有)?({_NUMBER})项(?=[,。;:])"
)
_TOTAL_TOLD = re.compile(r"(?:满分|总分|合计|共计?|总计)[为是计]?(?:满分)?([0-9]{2,4})分")
_USUAL_TOTAL = Decimal(100)
_FEWEST = 2
_MOST_LINES = 2_000
_LONGEST_SENTENCE = 600


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice says of its list: how many indicators, and points in all."""

    count: int | None
    totals: frozenset[Decimal]

    def confirms(self, listed: Sequence[Named], *, by_count: bool = True) -> bool:
        """Whether a list is as long, or worth as many points, as the notice says."""
        if len({key_of(name.value) for name, _ in listed}) < _FEWEST:
            return by_count and bool(listed) and self.count == len(listed)
        points = [Decimal(points.value) for _, points in listed if points]
        if len(points) == len(listed):
            return sum(points) in self.totals
        return by_count and self.count == len(listed)


def what_is_told(lines: Iterable[Passage]) -> Told:
    """How many indicators a notice speaks of at most, and the totals it names."""
    counts: list[int] = []
    totals = {_USUAL_TOTAL}
    for line in lines:
        counts += [counted(m[1] or m[2] or m[3]) or 0 for m in _COUNT_TOLD.finditer(line.text)]
        totals |= {Decimal(match[1]) for match in _TOTAL_TOLD.finditer(line.text)}
    return Told(max(counts, default=0) or None, frozenset(totals))


def chosen_list(
    listing: Sequence[Block],
    assessed: Sequence[Block],
    duties: Sequence[Block],
    running: Sequence[Passage],
    blocks: Sequence[Block] = (),
    *,
    in_tables: bool,
) -> tuple[list[Named], bool]:
    """The indicators a notice lists, each once, and whether what it says of them confirms that.

    Args:
        listing: headings of the indicators.
        assessed: headings of the assessed objects, which may tell of indicators as well.
        duties: headings of the duties, whose parts may be one indicator each.
        running: the lines that stand below no heading of steps or requirements.
        blocks: all headings beside those of the steps.
        in_tables: whether tables name the indicators, so that running text need not.
    """
    told = what_is_told(running)
    usual = _listed_below(listing, assessed)
    if in_tables:
        return (usual if len(usual) >= _FEWEST and told.confirms(usual) else []), False
    by_section = _once(_objects_of_duties(running, "、", counted_only=True))
    if len(by_section) > max(told.count or 0, len(usual)):
        return by_section, True
    if told.confirms(usual):
        return _finer(usual, told, _elsewhere((*listing, *duties), running), running), True
    headed = [found for block in blocks if (found := _answered_headings(block))]
    for found in headed:
        if told.confirms(found):
            return found, True
    for found, says_so in _candidates((*listing, *duties), running, told):
        if len(found) >= _FEWEST and told.confirms(found, by_count=says_so):
            return (_finer(found, told, [], running) if says_so else found), True
    if len(by_section) >= _FEWEST and len(by_section) >= len(usual):
        return by_section, False
    if usual:
        return usual, False
    labelled = [
        each
        for line in running
        for clause in plain_lists(line)
        if (each := names_with_points(items_of(clause)))
    ]
    return _once(name for each in labelled for name in each), False


_GROUP_NAME = re.compile(r"(?:类|类指标|方面|板块|部分|领域)$")


def _finer(
    usual: list[Named],
    told: Told,
    others: Iterable[tuple[list[Named], bool]],
    running: Sequence[Passage],
) -> list[Named]:
    """A list of more names that is worth as much, where only its names are spoken of again.

    Then what stands in the usual place are groups: `经济发展(55分):投资15分,…`.
    """
    members = _without_groups(
        _once(worth for line in running if (worth := _worth(_past_number(line))))
    )
    if all(_GROUP_NAME.search(name.value) for name, _ in usual):
        finer = {key_of(name.value) for name, _ in members} - {key_of(n.value) for n, _ in usual}
        if len(finer) == len(members) and told.confirms(members, by_count=False):
            return members
    text = key_of("\n".join(line.text for line in running))
    anywhere = _without_groups(_once(_worths_anywhere(running)))
    own = {key_of(name.value) for name, _ in usual}
    apart = all(key_of(name.value) not in own for name, _ in anywhere)
    if len(anywhere) > len(usual) and apart and told.confirms(anywhere, by_count=False):
        spoken = sum(text.count(key_of(plain_width(name.value))) > 1 for name, _ in anywhere)
        if spoken > sum(text.count(key) > 1 for key in own):
            return anywhere
    if any(text.count(key_of(plain_width(name.value))) > 1 for name, _ in usual):
        return usual
    for found, _ in others:
        again = all(text.count(key_of(plain_width(name.value))) > 1 for name, _ in found)
        if len(found) > len(usual) and again and told.confirms(found, by_count=False):
            return found
    return usual


def names_with_points(items: Iterable[Found[str]]) -> list[Named]:
    """The items of a list that can be an indicator's name, with points told with or after them."""
    named: list[Named] = []
    in_turn: list[Found[str]] = []
    for words in _without_lead(list(items)):
        if alone := _POINTS_IN_TURN.fullmatch(plain_width(words.value)):
            in_turn.append(type(words)(alone[1], words.source))
            continue
        name, points = points_of(words)
        name = without_quotes(name)
        if is_indicator_name(name.value):
            named.append((name, points))
    if len(in_turn) == len(named):
        named = [(name, points) for (name, _), points in zip(named, in_turn, strict=True)]
    return _once(named)


_LEAD = re.compile(
    r"(?:[^、,]{0,16}?(?:考[核评]|评[价估议定]|测评|本[次年]|今年|这次|此次))?(?:工作)?(?:的)?(?:共|分|分别|主要|重点|统一)*"
    r"(?:设置|设立|设(?![施备计])|包括|包含|涵盖|围绕|考核(?![考评体机管办])|考评(?![体机管办])|评价(?![体机]))了?"
)
"""What may introduce the first name of a list: 今年考核…, 设…等三项指标."""


def _without_lead(items: list[Found[str]]) -> list[Found[str]]:
    """The items of a list, the first without what introduces the list, where several follow."""
    if len(items) < _FEWEST:
        return items
    first = items[0]
    lead = _LEAD.match(plain_width(first.value))
    if lead is None or len(first.value) - lead.end() < _FEWEST:
        return items
    source = first.source
    text = first.value[lead.end() :]
    at = source.start + lead.end()
    return [type(first)(text, replace(source, start=at, text=text)), *items[1:]]


def _once(named: Iterable[Named]) -> list[Named]:
    kept: dict[str, Named] = {}
    for name, points in named:
        kept.setdefault(key_of(name.value), (name, points))
    return list(kept.values())


def _listed_below(listing: Sequence[Block], assessed: Sequence[Block]) -> list[Named]:
    """What stands where lists usually stand: below a heading of indicators, or beside the objects."""
    named: list[Named] = []
    for block in listing:
        found = names_with_points(listed_items(block))
        below = names_with_points(map(item_of, block.children)) if len(found) < _FEWEST else []
        named += below if len(below) >= _FEWEST else found
    for block in assessed:
        for clause in clauses_of_indicators(block):
            named += names_with_points(items_of(clause))
    return _once(named)


# --- lists elsewhere -----------------------------------------------------------------------------

_COUNTED_BEHIND = re.compile(
    rf"(?P<names>[^。;:]{{4,400}}?)(?:等|这|共|及其)*(?:{_NUMBER})(?:项|个|类)"
    r"[一-鿿]{0,8}?(?:指标|任务|工作|考[核评]内容|考[核评]项目)"
)
_INTRODUCES = re.compile(
    r"^(?:[^、]{0,40}[,:])?(?:[^、,]{0,24}?(?:考[核评]|评[价估议定]|测评|指标|方案|办法|通知|本[次年]|今年|我[局委办厅]|本[局委办厅]))?"
    r"[^、,]{0,8}?(?:设立|设置|设|包括|包含|涵盖|涉及|分为|围绕|确定|选取|承担|共有|即|对|就|考核|考评|评价|评估|评议|测评|评定)+(?:了)?"
)
_WORTH = re.compile(
    r" *[“\"《]?(?P<name>[^,。;:、()“”\"《》]{2,40}?)[”\"》]?"
    r"(?:指标|这一?项|一项)?[,:]? ?\(?(?:分值|满分|基准分|标准分|权重|占|计|为|值|共|是|的)*:? ?"
    r"(?P<points>[0-9]{1,3}(?:\.[0-9]{1,4})?) ?分\)?(?=[,。;、:()由]|$)"
)


def _candidates(
    blocks: Sequence[Block], running: Sequence[Passage], told: Told
) -> Iterator[tuple[list[Named], bool]]:
    """All that may be the list; at last, of names with points, those in a row that add up."""
    partly: list[list[Named]] = []
    for found, says_so in _elsewhere(blocks, running):
        yield found, says_so
        if not says_so and len(found) <= _MOST_MEMBERS:
            partly.append(found)
    yield from ((_in_a_row(found, told), False) for found in partly)


def _in_a_row(named: Sequence[Named], told: Told) -> list[Named]:
    """The longest run of names whose points add up to what the notice says; [] where none does."""
    points = [Decimal(worth.value) if worth else Decimal(0) for _, worth in named]
    runs = [
        (first, last)
        for first in range(len(named))
        for last in range(first + _FEWEST, len(named) + 1)
        if all(points[first:last]) and sum(points[first:last]) in told.totals
    ]
    first, last = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
    return list(named[first:last])


def _elsewhere(
    blocks: Sequence[Block], running: Sequence[Passage]
) -> Iterator[tuple[list[Named], bool]]:
    """All else that may be the list, and whether its form says that it is, so that a count will do."""
    lines = running[:_MOST_LINES]
    sentences = [
        line.cut(*span)
        for line in lines
        for span in tokens(line.text, "。")
        if span[1] - span[0] <= _LONGEST_SENTENCE and _MAY_LIST.search(line.text, *span)
    ]
    for sentence in sentences:
        says_so = bool(_COUNT_TOLD.search(sentence.text)) or any(plain_lists(sentence))
        yield names_with_points(items_of(sentence)), says_so
        yield _counted_names(sentence), True
    for block in blocks:
        for _, each in block.walk():
            if each.children:
                yield names_with_points(map(item_of, each.children)), True
                parents = [child for child in each.children if child.children]
                yield names_with_points(map(item_of, parents)), True
        leaves = [each for _, each in block.walk() if not each.children]
        yield names_with_points(map(item_of, leaves)), True
    yield _once(_labelled(lines)), True
    yield _once(_quoted(lines)), True
    yield _once(_worth_below(lines)), True
    worths = _once(worth for line in lines if (worth := _worth(_past_number(line))))
    yield worths, False
    yield _without_groups(worths), False
    yield _once(_worths_anywhere(lines)), False
    yield _without_groups(_once(_worths_anywhere(lines))), False
    yield _once(_objects_of_duties(lines, "、")), True
    yield _once(_objects_of_duties(lines, "、和")), True
    for line in (each for each in lines if _POINTS.search(each.text)):
        clauses = [line.cut(*span) for span in tokens(line.text, "。;")]
        yield _once(worth for clause in clauses if (worth := _worth(_past_colon(clause)))), False
    parts = [sentence.cut(*span) for sentence in sentences for span in tokens(sentence.text, ";")]
    yield _once(worth for part in parts if (worth := _worth(_past_colon(part)))), False


_LABELLED_NAME = re.compile(
    r" *(?:考核|考评|评价|评估|评议|测评|评定)?指标(?:名称)?: ?(?P<name>[^,。;:]{2,40}?) *$"
)
_LABELLED_POINTS = re.compile(
    r" *(?:指标)?(?:分值|满分|权重): ?(?P<points>[0-9]{1,3}(?:\.[0-9]{1,4})?) ?分? *$"
)
_LINES_BELOW = 3


def _labelled(lines: Sequence[Passage]) -> Iterator[Named]:
    """Names behind their label, a line each, and the points labelled in the lines below them."""
    for index, line in enumerate(lines):
        match = _LABELLED_NAME.match(line.text)
        if match is None or not is_indicator_name(match["name"]):
            continue
        below = lines[index + 1 : index + 1 + _LINES_BELOW]
        told = next(((each, m) for each in below if (m := _LABELLED_POINTS.match(each.text))), None)
        points = told[0].words(*told[1].span("points")) if told else None
        yield without_quotes(line.words(*match.span("name"))), points


_QUOTED = re.compile(
    r"[“\"《](?P<name>[^“”\"《》]{2,30})[”\"》][^“”\"《》。;0-9]{0,10}?(?P<points>[0-9]{1,3}(?:\.[0-9]{1,4})?) ?分"
)


def _quoted(lines: Sequence[Passage]) -> Iterator[Named]:
    """Names in quotation marks with their points behind them: `“预算执行进度”(25分)`."""
    for line in lines:
        for match in _QUOTED.finditer(line.text):
            if is_indicator_name(match["name"]):
                points = line.words(*match.span("points"))
                yield line.words(*match.span("name")), points


_ANSWERED = re.compile(
    r"(?:责任|主责|牵头|承办|主办|评分|负责)[一-鿿]{0,2}(?:科室|处室|股室|单位|部门|[科处股局室])?[:为是]"
    r"|由[^,。;\n]{2,16}(?:负责|承办|牵头|主办)"
)
_POINTS_BELOW = re.compile(
    r"(?:分值|满分|权重)(?:为|是|:) ?(?P<points>[0-9]{1,3}(?:\.[0-9]{1,4})?) ?分?"
)


def _answered_headings(block: Block) -> list[Named]:
    """Headings side by side below each of which stands who answers, with the points told there."""
    named: list[Named] = []
    for child in block.children:
        if child.title is None or not _ANSWERED.search(child.text.text[:_LONGEST_SENTENCE]):
            continue
        for name, points in names_with_points([item_of(child)]):
            below = _POINTS_BELOW.search(child.text.text[:_LONGEST_SENTENCE])
            told = child.text.words(*below.span("points")) if below else None
            named.append((name, points or told))
    return named if len(named) >= _FEWEST else []


_ITS_POINTS = re.compile(
    r" *(?:本|该|此)项?指标(?:的?(?:分值|满分|权重))?(?:为|占|计|是|共)?:? ?(?P<points>[0-9]{1,3}(?:\.[0-9]{1,4})?) ?分"
)


def _worth_below(lines: Sequence[Passage]) -> Iterator[Named]:
    """Headings that are a name each, and the points that the words below tell: `本指标25分`."""
    for name, below in pairwise(lines):
        match = _ITS_POINTS.match(below.text)
        if match and is_indicator_name(name.text.strip()):
            points = below.words(*match.span("points"))
            yield without_quotes(name.words(0, len(name.text))), points


_WORTH_IN_LIST = re.compile(
    r"(?P<name>[^,。;:、()“”\"《》]{2,40}?)[”\"》]?(?:指标)?\(?(?:分值|满分|权重|占|计|为|各)*:? ?"
    r"(?P<points>[0-9]{1,3}(?:\.[0-9]{1,4})?) ?分[^,。;:、()]{0,4}\)?"
)
_DUTY_LEAD = re.compile(
    r".*(?:负责|承担|承办|牵头|主办|主抓|归口|包括|考核(?![体机])|考评(?![体机])|[科处股室](?:管|抓|评|考))"
)
_DUTY_OBJECTS = re.compile(
    r"(?:[科处股室局]|(?:^|[,;。:]) ?)(?:具体|牵头|统一)?(?:负责|承担|承办|主办|主抓|牵头|归口)(?:管理|考核|评分|办理)?(?P<names>[^,。;:()]{2,120})"
)


def _worths_anywhere(lines: Sequence[Passage]) -> Iterator[Named]:
    """Every name with points behind it: `…科承担节水(20分)、供水(15分);…`."""
    for line in lines:
        if not _POINTS.search(line.text):
            continue
        for start, end in tokens(line.text, "、,;。:"):
            words = line.cut(start, end)
            match = _WORTH_IN_LIST.match(words.text)
            if match is None:
                continue
            lead = _DUTY_LEAD.match(match["name"])
            begin = lead.end() if lead else 0
            name = words.words(match.start("name") + begin, match.end("name"))
            points = words.words(*match.span("points"))
            if is_indicator_name(name.value):
                yield without_quotes(name), type(points)(match["points"], points.source)


def _objects_of_duties(
    lines: Sequence[Passage], between: str, *, counted_only: bool = False
) -> Iterator[Named]:
    """What sections are said to answer for: `…科负责节水、供水;…科负责排水`.

    With `counted_only` only those whose number is told and right: `负责节水、供水两项指标`.
    """
    for line in lines:
        matches = [*_DUTY_OBJECTS.finditer(line.text), *_SECTION_LIST.finditer(line.text)]
        for match in matches:
            objects = line.cut(*match.span("names"))
            spans = list(tokens(objects.text, between))
            if counted_only and _count_behind(objects.text) != len(spans):
                continue
            for start, end in spans:
                name, points = points_of(_bare_object(objects.words(start, end)))
                if is_indicator_name(name.value):
                    yield without_quotes(name), points


_SECTION_LIST = re.compile(
    r"^ *[一-鿿]{1,10}[科处股室](?:\([^()]*\))?: ?(?P<names>[^,。;:()]{2,120})(?=[。;]|$)"
)
"""A section and behind a colon what it answers for: `综合科:节水、供水。`."""


def _count_behind(words: str) -> int | None:
    match = re.search(rf"({_NUMBER})[项个](?:指标|任务|工作)?$", words)
    return counted(match[1]) if match else None


def _bare_object(words: Found[str]) -> Found[str]:
    """An object of a duty without its count and the words of the work: `…两项指标的考核`."""
    tail = _OBJECT_TAIL.search(plain_width(words.value), 2)
    text = words.value[: tail.start()] if tail else words.value
    return type(words)(text, replace(words.source, end=words.source.start + len(text), text=text))


_OBJECT_TAIL = re.compile(
    rf"(?:等|这|共)*(?:{_NUMBER}[项个])?(?:指标|任务)?(?:的?(?:考核|考评|评分|打分)(?:工作)?)?$"
)
_MOST_MEMBERS = 60


def _without_groups(named: Sequence[Named]) -> list[Named]:
    """Names with points without those of groups, which are worth what the names behind them are."""
    kept: list[Named] = []
    at = 0
    points = [Decimal(worth.value) if worth else Decimal(0) for _, worth in named]
    while at < len(named):
        ends = _members_end(points, at)
        kept += named[at + 1 : ends] if ends else [named[at]]
        at = ends or at + 1
    return kept


def _members_end(points: Sequence[Decimal], at: int) -> int:
    """Where the members of the group at a place end; 0 where it is no group."""
    total = Decimal(0)
    for end in range(at + 1, min(at + _MOST_MEMBERS, len(points))):
        total += points[end]
        if total >= points[at]:
            return end + 1 if total == points[at] else 0
    return 0


def _counted_names(sentence: Passage) -> list[Named]:
    """The names before their count: `考核设…、…四项指标`."""
    match = _COUNTED_BEHIND.search(sentence.text)
    if match is None or "、" not in match["names"]:
        return []
    start, end = match.span("names")
    words = sentence.cut(start, end)
    found = names_with_points(items_of(words))
    begin = _INTRODUCES.match(words.text)
    bare = names_with_points(items_of(words.cut(begin.end()))) if begin else []
    return bare if len(bare) >= len(found) else found


def _worth(words: Passage) -> Named | None:
    """A name with its points at the beginning of some words: `农村供水占35分,由…`."""
    match = _WORTH.match(words.text)
    if match is None or not is_indicator_name(match["name"].strip()):
        return None
    points = words.words(*match.span("points"))
    return words.words(*match.span("name")), type(points)(match["points"], points.source)


_MAY_LIST = re.compile("、|[0-9] ?分|项")
"""What a sentence needs to be looked at as a list at all."""
_POINTS = re.compile("[0-9] ?分")

_LIST_NUMBER = re.compile(
    r" *(?:指标(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})[:、]|第[一二三四五六七八九十百0-9]{1,5}条|[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十0-9]{1,3}\)|[一二三四五六七八九十]{1,2}是"
    r"|[0-9]{1,2}(?:\.[0-9]{1,2})?[.、 ](?![0-9])|[①-⑳])? *"
)


def _past_number(line: Passage) -> Passage:
    match = _LIST_NUMBER.match(line.text)
    return line.cut(match.end() if match else 0)


def _past_colon(clause: Passage) -> Passage:
    """A clause without the words that introduce it: `分数这样计算:…满分40分`."""
    colon = clause.text.find(":")
    behind = clause.cut(colon + 1) if colon >= 0 else clause
    return behind if colon >= 0 and _WORTH.match(behind.text) else _past_number(clause)
