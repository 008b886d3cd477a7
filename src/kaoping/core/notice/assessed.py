"""考核对象: the assessed objects, wherever a notice names them.

They stand in a table, below a heading, or in a sentence that says whom it means (`考核对象为…`,
`对…开展考核`, `…六个窗口单位,即…`). Where several lists could be meant, the one that names the
addressees is; the list is taken as a whole, never mixed from several places.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import cells_of, tokens
from kaoping.core.notice.lists import clauses_of_indicators, is_within, items_of, listed_items
from kaoping.core.notice.offices import find_offices
from kaoping.core.notice.passage import Found, joined, plain_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kaoping.core.notice.outline import Block
    from kaoping.core.notice.passage import Passage

Names = list[Found[str]]

_NUMBER = "(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_LONGEST_SENTENCE = 800
_MOST_LINES = 2_000
_FEWEST = 2


def assessed_objects(
    headed: Sequence[Block], lines: Sequence[Passage], addressees: Sequence[Found[str]]
) -> tuple[Found[str], ...]:
    """The assessed objects as listed.

    Args:
        headed: headings of the assessed objects.
        lines: all lines of the text in which they may be named.
        addressees: to whom the notice is addressed, among whom the assessed often are.
    """
    table = _in_tables(lines, _COLUMN) or [
        name
        for block in headed
        for name in _in_tables(list(block.whole().each_line()), _COLUMN_BELOW)
    ]
    below = _below_headings(headed)
    told = [found for found in _in_sentences(lines) if len(found) >= _FEWEST]
    known = {each.value for each in addressees}
    candidates: list[Names] = [table, below, *told]
    addressed = [
        found
        for found in candidates
        if (named := sum(one.value in known for one in found)) >= _FEWEST
        and named * 2 >= len(found)
    ]
    # The list itself comes first: it may hold one who is not addressed.
    among = list(_addressees_in(lines, addressees))
    whole = [found for found in candidates if any(_holds_all(found, some) for some in among)]
    for lists in (addressed, whole, among):
        if lists:
            longest: Names = max(lists, key=len)
            return tuple(longest)
    by_address = _by_address(lines, addressees)
    if by_address and not any(_is_unit(plain_width(one.value)) for one in (*table, *below)):
        return tuple(by_address)
    if table or below:
        return tuple(table or below)
    return tuple(by_address or next(iter(told), ()) or _after_label(lines))


def _holds_all(found: Names, some: Names) -> bool:
    """Whether a list holds all that a shorter one names."""
    return len(found) > len(some) and {s.value for s in some} <= {f.value for f in found}


# --- tables --------------------------------------------------------------------------------------

_COLUMN = re.compile(
    r"(?:被考[核评]|被评[价估议定]|考[核评]|参评|受[考评]|评[价估议定]|测评)的?(?:单位|对象|部门|县区|乡镇|街道|企业|学校|医院|机构|园区)(?:名称)?"
    r"|(?:县区|县\(市、?区\)|乡镇\(街道\)|乡镇|镇街|街道|市州)名称"
)


_COLUMN_BELOW = re.compile(
    rf"{_COLUMN.pattern}|(?:单位|部门|县区|企业|机构|学校|医院)?(?:名称|全称)|单位|部门|学校|企业|乡镇|镇街|街道|县区|医院|机构|局"
)
"""Heads that name the objects where the table stands below a heading of theirs."""


def _in_tables(lines: Sequence[Passage], heading: re.Pattern[str]) -> Names:
    """The column of a table whose head is one of 考核对象, 被考核单位 and the like."""
    found: Names = []
    columns: list[int] = []
    for line in lines:
        cells = cells_of(line)
        if not cells:
            columns = []
            continue
        heads = [re.sub(r"\s", "", line.text[slice(*span)]) for span in cells]
        marked = [number for number, head in enumerate(heads) if heading.fullmatch(head)]
        if marked and not found:
            columns = marked
            continue
        for column in columns:
            if column < len(cells) and is_object(heads[column]):
                several = list(_scanned(line, *cells[column]))
                found += several if len(several) > 1 else [line.words(*cells[column])]
    return found


# --- below headings ------------------------------------------------------------------------------

_LEAD_IN = re.compile(
    r"^(?:即(?=[一-鿿]{3})|[^、,。:：]{1,12}[:：]|[^、,。]{0,10}(?:单位|对象|部门|党组织|企业|学校|工会)(?:有|为|是|包括)|以?及|和|(?:涉及|承担)[^、,。]{0,30}?的(?:各有关|有关|相关)?)"
)
_GROUP = re.compile(
    rf"第[一二三四五六0-9]类[^、。;:]{{0,12}},(?:包括|有|为|是)|[^、,。;:]{{0,24}}?:(?=[^:。]{{2}})|[^、,。;:]{{0,12}}{_NUMBER}[个家户所][一-鿿()]{{1,8}},(?=[^:。]{{2}})"
)
_NO_OBJECT = re.compile(
    r"[0-9]{4}年|[0-9]月|[时周]段|时间|周期|数据|截[至止]|指标|[|。]|(?:考核|考评)(?:的|对象|工作|周期|期)"
    r"|^(?:不(?:含|包括)|除)|工作$|得分|统计(?!局)|自.+[起至]|见附件|满分|统称|简称|下同"
)


def is_object(name: str) -> bool:
    """Whether words can name an assessed object, and are no sentence or time."""
    return 1 < len(name) <= _LONGEST_NAME and not _NO_OBJECT.search(name)


_LONGEST_NAME = 60


def _below_headings(headed: Iterable[Block]) -> Names:
    found: Names = []
    for block in headed:
        lines = {line.source().line: line for line in block.whole().each_line()}
        of_others = list(clauses_of_indicators(block))
        items = _units_where_most_are(list(_grouped(block) or listed_items(block)))
        text = joined([block.text, *(child.whole() for child in block.children)])
        units = [unit for line in text.each_line() for unit in _scanned(line)]
        known = sum(_is_unit(plain_width(_without_lead_in(words).value)) for words in items)
        if len(units) >= max(_FEWEST, known) and not known == len(items) == len(units):
            items = units
        for words in items:
            if not any(is_within(words.source, clause) for clause in of_others):
                named = _without_lead_in(words)
                if is_object(named.value) and not _heads_a_group(named, lines):
                    found.append(named)
    return _units_where_most_are(list(dict.fromkeys(found)))


def _heads_a_group(name: Found[str], lines: Mapping[int, Passage]) -> bool:
    """Whether a name is what a group is called, with how many it has: `系统党委三个,…`."""
    line = lines.get(name.source.line)
    behind = line.text[name.source.end - line.pieces[0].column :] if line else ""
    return bool(re.match(rf"(?:共|等)?{_NUMBER}[个家][,:]", behind))


def _units_where_most_are(items: Names) -> Names:
    """The items of a list without the sentences behind it, where the most are names of units."""
    units = [words for words in items if _is_unit(plain_width(_without_lead_in(words).value))]
    return units if len(units) >= max(_FEWEST, len(items) / 2) else items


_BETWEEN = "、,;。:|\n \t•●·■"
_MARK_BEFORE = re.compile(
    r"(?:[-*—]|\(?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})\)|[0-9]{1,2}[.、]|[①-⑳]|以?及|和|与)+ ?"
)
_IN_BRACKETS = re.compile(r"\((?P<inner>[^()]*、[^()]*)\)")
_GROUP_ALONE = re.compile(r"(?:第?[一二三四五六甲乙丙丁ABC0-9]+|[一-鿿]{1,4})(?:组|类|档)")


def _scanned(line: Passage, start: int = 0, end: int | None = None) -> Iterator[Found[str]]:
    """Every name of a unit in some words, whatever divides them; announcements are none.

    Units that a sentence says are not assessed are left out.
    """
    text = line.text
    left_out = list(_left_out(text))
    for first, last in tokens(text[start:end], _BETWEEN):
        if any(begin <= start + first < stop for begin, stop in left_out):
            continue
        if text[start + last : start + last + 1] != ":":
            yield from _scanned_item(line, start + first, start + last)


_NOT_ASSESSED = re.compile(
    r"不(?:在|列入|纳入|作为|作|是|属于?|参加|接受|进入)[^,。;]{0,6}(?:考核|考评|评价|评估|评议|测评|评定|被考|参评|对象|之列|范围)"
)


def _left_out(text: str) -> Iterator[tuple[int, int]]:
    """The clauses that name who is not assessed: the one that says so, or those before it."""
    for start, end in tokens(text, "。;\n"):
        denied = _NOT_ASSESSED.search(text, start, end)
        if denied is None:
            continue
        clauses = [(start + a, start + b) for a, b in tokens(text[start:end], ",")]
        at = next(n for n, (_, stop) in enumerate(clauses) if denied.start() < stop)
        while at and not _LISTS.search(text, *clauses[at]):
            at -= 1
        yield clauses[at][0], denied.end()


def _scanned_item(line: Passage, start: int, end: int) -> Iterator[Found[str]]:
    text = line.text
    goes_on = text[start - 1 : start] == "、"
    if mark := _MARK_BEFORE.match(text, start, end):
        start = mark.end()
    inner = [m.span("inner") for m in _IN_BRACKETS.finditer(text, start, end)]
    if inner and not _is_unit(text[start:end]):
        for span in inner:
            yield from _scanned(line, *span)
        return
    if not goes_on and re.search(rf"{_NUMBER}[个家户所]", text[start:end]):
        return
    first, last = _trimmed(text, start, end, is_first=True)
    cut = _BEHIND.search(text, first + 2, last)
    last = cut.start() if cut and not _is_unit(text[first:last]) else last
    for left, right in _divided(text, first, last):
        words = text[left:right]
        if left < right and _is_unit(words) and not _GROUP_ALONE.fullmatch(words):
            yield line.words(left, right)


def _grouped(block: Block) -> Names:
    """The members of groups that are items of their own: `(一)县区:…、…。(二)部门:…、…。`."""
    lines = [child.whole() for child in block.children] or list(block.text.each_line())
    parts = [
        line.cut(*span)
        for line in lines
        for span in tokens(line.text, ";\n")
        if line.text[slice(*span)].strip(" :。")
    ]
    found: Names = []
    for part in parts:
        match = _GROUP.match(part.text)
        if match is None:
            return []
        start, end = _bare(part.text, match.end())
        members = list(_enumeration(part, start, end))
        if not members and _is_unit(part.text[start:end]):
            members = [part.words(start, end)]
        if not members:
            return []
        found += members
    return found if len(parts) >= _FEWEST else []


def _bare(text: str, start: int) -> tuple[int, int]:
    """The span behind a position without stops at its end."""
    return start, len(text.rstrip(" 。;,"))


def _without_lead_in(words: Found[str]) -> Found[str]:
    match = _LEAD_IN.match(words.value)
    return _part(words, match.end(), len(words.value)) if match else words


def _part(words: Found[str], start: int, end: int) -> Found[str]:
    """A part of some words of one line."""
    source = words.source
    text = words.value[start:end]
    at = source.start + start
    return Found(text, replace(source, start=at, end=at + len(text), text=text))


# --- in sentences --------------------------------------------------------------------------------

_KIND = r"(?:乡镇|镇街|街道|县区|县市区|区县|市县|单位|部门|对象|企业|局|窗口|学校|医院|科室|设区市|市州|园区|办事处|公司)"
_ASSESSES = "(?:考核|考评|评价|评估|评议|测评|评定|评分|测评|评议|评定)"
_CUE = re.compile(
    rf"""适用于|覆盖|涵盖|受检|受考|它们是|分别是|所[称指][^,。;]{{2,16}},?(?:是指?|指|包括|为)
    |{_ASSESSES}的?(?:对象|范围|单位|部门)|被考[核评]|受(?:考|评)|参评
    |(?:接受|参加|参与|纳入|列入|列为)[^,。;]{{0,12}}{_ASSESSES}
    |(?:面向|针对|围绕)|(?:^|[,;:]|决定|拟|现|将|统一|年)对|{_ASSESSES}在|(?:本次|这次|此次|今年|办法|方案|通知|本[局委厅办])?{_ASSESSES}
    (?!结果|工作|得分|成绩|指标|办|领导|组|情况|由|按|报)(?=[^,。;:的]{{2,30}}[、和])
    |{_NUMBER}[个家](?:[一-鿿]{{0,6}}){_KIND}""",
    re.VERBOSE,
)
_ANY_ASSESSMENT = re.compile(rf"{_ASSESSES}|对象|被考|参评")
_DUTY = re.compile(
    r"牵头|配合|协同|协助|负责(?!人)|抄送|由.{2,12}(?:承办|汇总)|[0-9]日前|反馈|公示|申诉|[送报]交?.{0,6}[科处股室]"
)
_LEAD_WORDS = re.compile(
    rf"^(?:.*(?:{_ASSESSES}(?:的?(?:对象|范围|单位|部门))?|(?:被考[核评]|被评[价估议定]?|参评|受评)的?{_KIND}?|面向|针对|适用于|覆盖|涵盖|受检|它们"
    rf"|{_NUMBER}[个家][一-鿿]{{0,8}}?{_KIND}|包括|名单[为是]|的[一-鿿]{2, 6}(?=为)|分别|:|,|接受|参加|列入|纳入|(?:决定|拟|现|统一|年)对)|(?:对(?!外)|在|即|为|是指|考(?=[一-鿿]{2})))"
    r"(?:的?(?:为|是指?|有(?!限))|即|共|在|对(?!外)|:|,)*",
    re.DOTALL,
)
_BEHIND = re.compile(
    rf"等?(?:共|这|以上|上述)?{_NUMBER}[个家]|等(?:单位|部门|地|乡镇|$)|\(|的|在(?=[0-9本20])|[0-9]{{4}}年|(?:均|都|全部)?(?:为|是|作为|列为|列入|纳入|接受|参加|参与)"
    r"|中?(?:开展|进行|实施|组织)|共[0-9一二]|列(?:第|为|入)|[,。;]"
)


_LISTS = re.compile("、|[局委办厅县区市府会镇乡]和[一-鿿]{2}")


def _in_sentences(lines: Sequence[Passage]) -> Iterator[Names]:
    """The enumerations of units in sentences that say who is assessed, the surest first."""
    weaker: list[Names] = []
    for line in lines[:_MOST_LINES]:
        if cells_of(line):
            continue
        for start, end in tokens(line.text, "。;"):
            text = line.text[start:end]
            if end - start > _LONGEST_SENTENCE or not _LISTS.search(text):
                continue
            if not _CUE.search(text) or _DUTY.search(_listing_clauses(text)):
                continue
            found = list(_enumeration(line, start, end)) or list(_scanned(line, start, end))
            if len(found) >= _FEWEST and _ANY_ASSESSMENT.search(text):
                yield found
            elif len(found) >= _FEWEST:
                weaker.append(found)
    yield from weaker


def _listing_clauses(text: str) -> str:
    """The clauses of a sentence that list something."""
    clauses = [text[slice(*span)] for span in tokens(text, ",")]
    return ",".join(clause for clause in clauses if _LISTS.search(clause))


def _enumeration(line: Passage, start: int, end: int) -> Iterator[Found[str]]:
    """The units a sentence lists, without the words before and behind the list; nothing else."""
    text = line.text
    spans = [span for span in _list_spans(text, start, end) if span[0] < span[1]]
    if not spans:
        return
    kept = [_trimmed(text, *span, is_first=number == 0) for number, span in enumerate(spans)]
    last = spans[-1]
    cut = _BEHIND.search(text, kept[-1][0] + 2, last[1])
    if cut and kept[-1][1] > cut.start():
        kept[-1] = (kept[-1][0], cut.start())
    for first, stop in kept:
        for left, right in _divided(text, first, stop):
            if not _is_unit(text[left:right]):
                return
    for first, stop in kept:
        for left, right in _divided(text, first, stop):
            yield line.words(left, right)


def _list_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The items between the marks of a list: the clause of it that holds most of them."""
    clauses = [(start + a, start + b) for a, b in tokens(text[start:end], ",")]
    listed = [
        [(first + a, first + b) for a, b in tokens(text[first:last], "、")]
        for first, last in clauses
    ]
    best = max(range(len(listed)), key=lambda i: len(listed[i]), default=0)
    spans = list(listed[best]) if listed else []
    for following in listed[best + 1 :]:
        if not all(_is_unit(_COUNT.sub("", text[slice(*span)])) for span in following):
            break
        spans += following
    for before in reversed(listed[:best]):
        if not all(_is_unit(text[slice(*span)]) for span in before):
            break
        spans = before + spans
    return spans


_COUNT = re.compile(rf"等?(?:共|这|以上)?{_NUMBER}[个家所户][一-鿿]{{0,8}}$")


def _trimmed(text: str, start: int, end: int, *, is_first: bool) -> tuple[int, int]:
    """A list's item without what introduces the list, and without a count behind it."""
    if (count := _COUNT.search(text, start, end)) and count.start() > start + 1:
        end = count.start()
    if not is_first:
        return start, end
    lead = _LEAD_WORDS.match(text[start:end])
    return (start + lead.end(), end) if lead and lead.end() < end - start else (start, end)


_JOINED = re.compile(
    r"(?<=[局委办厅区县市处科心院司校部会位府街镇乡场])(?:以及|和|及|与)(?=[一-鿿]{2})"
)


def _divided(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The last item of a list cut at 和 where both sides are units."""
    match = _JOINED.search(text, start + 1, end)
    if (
        match
        and match.start() > start
        and _is_unit(text[start : match.start()])
        and _is_unit(text[match.end() : end])
    ):
        return [(start, match.start()), (match.end(), end)]
    return [(start, end)]


_PLACE = re.compile(
    r"[一-鿿()]{1,24}(?:(?:[县市区镇乡盟旗州村]|(?<!市)场)|街道|园区|社区|管委会|指挥部|集团|公司|政府|中学|小学|学校|医院|分局|支队|大队|[企事]业|合作社|协会|酒店|卫生院|中心|银行)"
)
_SECTION = re.compile(r"(?:科|(?<!办事)(?<!区管理)(?<!园管理)处|股|科室|处室|办公室内)$")
_NO_UNIT = re.compile(
    r"^(?:考核|考评|评价|评估|评议|测评|评定|对(?!外)|本|我|该|其|各科|各股|各处|并|由|以及|因|凡|如|若|没有|以上|上述)|[,。;:0-9]"
    r"|^(?:(?:全|各|两|[一二三四五六七八九十]个?)?(?:[省市县区州镇乡村]|乡镇|县区|市县|街道|镇街|园区|学校|医院|企业|公司|单位|部门|社区|中心|政府|机关|集团|村社))+$"
    r"|[建推落开展]的|的$|统称|简称|下同|称“|(?<!领导小)组$|^即|^第[一二三四五六0-9]|^(?:以下|下列|了|将|把)|指标|任务|得分|贯彻|落实|推进"
)


def _is_unit(words: str) -> bool:
    """Whether words are the name of one unit or place and not of a section."""
    words = words.strip()
    if not words or _NO_UNIT.search(words) or _SECTION.search(words):
        return False
    return bool(_PLACE.fullmatch(words)) or find_offices(words) is not None


# --- told by a label, or by the addressees -------------------------------------------------------

_OBJECTS = re.compile(
    r"(?:适用于(?:对)?|接受(?:年度)?(?:绩效)?(?:考核|考评|评价|评估|评议|测评|评定)的?(?:单位|部门)?(?:是|为|有|包括|:)+"
    r"|(?:考核|考评|评价|评估|评议|测评|评定)的?(?:单位|部门)?对象(?:为|是|包括|:)+|被考[核评]的?(?:单位|对象|部门|乡镇|街道)(?:为|是|包括|:)+)"
    r"(?P<objects>[^。;]{2,400}?)(?=的?(?:年度)?(?:绩效)?(?:考核|考评|评价|评估|评议|测评|评定)|[。;]|$)"
)


def _after_label(lines: Iterable[Passage]) -> Names:
    """The words behind 考核对象为 or 适用于, where no list of units was found."""
    for line in lines:
        if match := _OBJECTS.search(line.text):
            items = (
                _without_lead_in(words) for words in items_of(line.cut(*match.span("objects")))
            )
            return [
                words
                for words in items
                if not re.fullmatch(r"全[省市县区州]|本[省市县区州]", words.value)
                and is_object(words.value)
            ]
    return []


def _addressees_in(lines: Iterable[Passage], addressees: Sequence[Found[str]]) -> list[Names]:
    """The addressees most of whom one line names and speaks of their assessment."""
    own = [each for each in addressees if not _OF_THE_ISSUER.search(each.value)]
    found: list[Names] = []
    for line in lines:
        named = [each.value for each in own if plain_width(each.value) in line.text]
        clauses = _listing_clauses(line.text)
        most = len(named) >= max(_FEWEST, len(own) * 2 / 3)
        if most and _ANY_ASSESSMENT.search(line.text) and not _DUTY.search(clauses):
            places = sorted((line.text.find(plain_width(name)), name) for name in named)
            found.append([line.words(at, at + len(name)) for at, name in places])
    return found


_ADDRESSED = re.compile(
    rf"对(?:你[们局委单]|上述各|以上各|各收文)[^,。;]{{0,24}}{_ASSESSES}"
    r"|(?:收到|接到)本(?:通知|办法|方案|文)的?[^,。;]{0,10}(?:单位|部门|乡镇|街道|企业|学校|局)"
    rf"|(?:{_ASSESSES}的?(?:对象|单位|范围)|被考[核评](?:单位|对象))(?:为|是|即|包括|:)*[^,。;:]{{0,6}}?"
    r"(?:本(?:通知|办法|方案|文件)?)?(?:主送|收文|抬头|上列|所列|开头)[^,。;]{0,10}(?:单位|部门|机关|乡镇|街道|局)"
    rf"|(?:主送|收文|抬头|上列|开头)[^,。;]{{0,12}}(?:为|是|列为|作为)[^,。;]{{0,6}}(?:{_ASSESSES}|被考)"
)
_OF_THE_ISSUER = re.compile(r"机关|各?(?:科室|处室|股室|科|处|股)$|内设|[局委厅办](?:属|直属)?各")


def _by_address(lines: Iterable[Passage], addressees: Sequence[Found[str]]) -> Names:
    """The addressees without the issuer's own sections, where the text says that they are meant."""
    if not any(_ADDRESSED.search(line.text) for line in lines):
        return []
    return [each for each in addressees if not _OF_THE_ISSUER.search(each.value)]
