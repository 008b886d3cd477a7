"""附件、标准和期间: papers a notice names, and whether they are there and of the same time."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from kaoping.core.notice.dates import Reckoning, find_dates
from kaoping.core.notice.passage import plain_width, shortened
from kaoping.core.problems import Problem
from kaoping.core.schedule import notice_period

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from kaoping.core.notice.annexes import Annex
    from kaoping.core.notice.passage import Passage, Source
    from kaoping.core.notice_check.words import Words

_CHINESE_ONLY = re.compile(r"[^一-鿿0-9A-Za-z]")
_NUMERALS = "一二三四五六七八九十"


def _bare(text: str) -> str:
    """Words without punctuation and blanks, for comparing."""
    return _CHINESE_ONLY.sub("", plain_width(text))


# --- annexes ---------------------------------------------------------------------------------------

_CITES = re.compile(
    r"附件 ?(?P<numbers>(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})(?: ?(?:[、,和及至—~-]) ?(?:附件)? ?[0-9]{1,2})*)"
)
_ISSUES = re.compile(
    r"(?:现)?将[^。]{0,8}《(?P<title>[^《》]{4,80}(?:《[^《》]*》[^《》]*)?)》|印发[^。]{0,4}《(?P<other>[^《》]{4,80})》"
)


def check_annexes(words: Words, supplied: Collection[str]) -> Iterator[Problem]:
    """附件: annexes nobody is told of, and annexes that are told of and not there."""
    annexes = words.notice.annexes
    yield from _uncited(words, annexes)
    yield from _unlisted(words, annexes)
    yield from _not_supplied(words, annexes, supplied)


def _uncited(words: Words, annexes: Sequence[Annex]) -> Iterator[Problem]:
    text = _bare(words.text)
    cited = {number for number, _ in _cited(words)}
    issued = {_bare(match["title"] or match["other"]) for match in _ISSUES.finditer(words.text)}
    for annex in annexes:
        title = _bare(annex.title.value)
        if (
            annex.cited
            or _in_digits(annex.number) in cited
            or title in text
            or any(title.endswith(name) for name in issued)
        ):
            continue
        yield Problem(
            "ANNEX-UNCITED",
            annex.title.source.place,
            f"附件{annex.number}“{shortened(annex.title.value)}”在正文中没有提到",
            "请在正文写明它用在哪里（见附件…），用不上的请删去",
        )


def _cited(words: Words) -> Iterator[tuple[str, Source]]:
    """Every annex number the text cites, in digits, with its place."""
    for line in words.body:
        for match in _CITES.finditer(line.text):
            source = line.source(match.start(), match.end())
            for number in re.findall(r"[0-9]+|[一二三四五六七八九十]+", match["numbers"]):
                yield _in_digits(number), source


def _in_digits(number: str) -> str:
    if number.isdigit() or not number:
        return number
    if number in _NUMERALS:
        return str(_NUMERALS.index(number) + 1)
    return number


def _unlisted(words: Words, annexes: Sequence[Annex]) -> Iterator[Problem]:
    """Numbers the text cites for which no annex is listed."""
    listed = {_in_digits(annex.number) for annex in annexes}
    if listed == {""}:
        listed.add("1")
    told: set[str] = set()
    for number, source in _cited(words):
        if number not in listed and number not in told:
            told.add(number)
            yield Problem(
                "ANNEX-ABSENT",
                source.place,
                f"正文提到附件{number}，文后没有列这个附件",
                "请补列附件，或改正编号",
            )


def _not_supplied(
    words: Words, annexes: Sequence[Annex], supplied: Collection[str]
) -> Iterator[Problem]:
    """Annexes the text relies on that were neither handed in nor stand in the text itself."""
    cited = {number for number, _ in _cited(words)} | {a.number for a in annexes if a.cited}
    absent = [
        annex
        for annex in annexes
        if (annex.cited or _in_digits(annex.number) in cited)
        and not _is_supplied(annex, supplied)
        and not _stands_in_text(annex, words)
    ]
    if absent:
        names = "、".join(f"附件{annex.number}" for annex in absent)
        yield Problem(
            "ANNEX-ABSENT",
            absent[0].title.source.place,
            f"{names}没有随文提供，其中的任务、分值和标准无从核对",
            "请把附件一并交来读取",
        )


_CHINESE_NUMBER = re.compile(f"(?<=附件)[{_NUMERALS}](?![一-鿿]*[{_NUMERALS}])")


def _is_supplied(annex: Annex, supplied: Collection[str]) -> bool:
    title, number = _bare(annex.title.value), _in_digits(annex.number)
    for name in supplied:
        stem = _bare(name.rpartition(".")[0] or name)
        stem = _CHINESE_NUMBER.sub(lambda match: _in_digits(match[0]), stem, count=1)
        numbered = re.match(
            rf"(?:附件|annex|fujian)-?0*{number or '1?'}(?![0-9])", stem, re.IGNORECASE
        )
        if numbered or stem in title or title in stem:
            return True
    return False


def _stands_in_text(annex: Annex, words: Words) -> bool:
    """Whether the annex follows in the same text: a line with its title, or `附件1` alone."""
    title, at = _bare(annex.title.value), annex.title.source.line
    for line in words.body:
        text = _bare(line.text)
        if line.pieces[0].line != at and text in (title, f"附件{annex.number}"):
            return True
    return False


# --- standards -------------------------------------------------------------------------------------

_RELIES = re.compile(
    r"(?:按照|根据|依据|对照|参照|依照|按|执行|遵照|遵循|比照)(?P<name>[^,。;:、()《》“”按照根据依对\s]{0,14}?(?:标准|程序|细则|办法|规则|规程|口径|准则|要点|规范))"
    r"(?!化|值|分值|员|件|差|院|厅|编号|要求|起草|制定|由)"
)
_GOES_BY = re.compile(
    r"以(?:[^,。;:《》]{0,12}?[、和与及])?(?P<name>[^,。;:、和与及《》\s]{2,14}?(?:标准|细则|办法|规则|规程|口径|准则|规范))为(?:准|尺度|依据|据|标尺|基准)"
)
_ANY = re.compile(
    r"(?:[^,。;]*第[一二三四五六七八九十0-9]+(?:部分|章|条|项)的?|有关|相关|国家|统一的?|规定的?|下列|以下|上述|如下|前述|本|该|其|法定|现行|上级|自治区|省|市|县|区|部门|行业|这一|此|各项|具体|同一|一定|既定|同样的?|公文处理|财务|保密|正常)*"
    r"(?:工作)?(?:标准|程序|细则|办法|规则|规程|口径|准则|要点|规范)"
)
_OF_THIS = re.compile(
    r"^本(?:方案|办法|通知|细则|规程)|第[一二三四五六七八九十0-9]+(?:部分|章|条|项)"
)
_DEFINES = "(?:为(?!准|尺度|依据|据|标尺|基准)|是|如下|包括|分为|分别为|:|见|详见|由|另行)"


def check_standards(words: Words) -> Iterator[Problem]:
    """标准: what the text relies on by name and neither defines, quotes nor annexes."""
    titles = [_bare(annex.title.value) for annex in words.notice.annexes]
    headings = [_bare(h.title.value) for h in words.notice.outline if h.title]
    told: set[str] = set()
    for line in words.prose:
        for match in (*_RELIES.finditer(line.text), *_GOES_BY.finditer(line.text)):
            name = match["name"].removeprefix("照").removeprefix("据")
            name = re.sub(r"^附件[0-9一二三四五六七八九十]+(?:和|及|与|、)", "", name)
            if (
                name in told
                or "附件" in name
                or "四舍五入" in name
                or _ANY.fullmatch(name)
                or _OF_THIS.search(name)
                or not _stem(name)
            ):
                continue
            told.add(name)
            after = line.text[match.end() : match.end() + 12]
            if "附件" in after or re.match(r"\((?:另|见|附)", after):
                continue
            if not _is_defined(name, words, titles, headings):
                yield Problem(
                    "STANDARD-UNDEFINED",
                    line.source(match.start(), match.end()).place,
                    f"提到“{name}”，文中没有规定它，也没有附件",
                    "请写明内容，或写明见哪个文件、哪个附件",
                )


def _stem(name: str) -> str:
    return re.sub(r"(?:标准|程序|细则|办法|规则|规程|口径|准则|要点|规范)$", "", name)


def _is_defined(name: str, words: Words, titles: Sequence[str], headings: Sequence[str]) -> bool:
    bare = _bare(name)
    if any(bare in title for title in (*titles, *headings)):
        return True
    title = words.notice.title
    if title and bare in _bare(title.value):
        return True
    if any(_all_parts_in(bare, title) for title in titles):
        return True
    defining = re.compile(
        rf"{re.escape(name)}(?:\([^()]*(?:附件|另发|另行)[^()]*\)|[^,。;]{{0,12}}{_DEFINES}|》)"
        rf"|附件[^。;和与及]{{0,30}}{re.escape(name)}|《[^《》]*{re.escape(name)}[^《》]*》"
    )
    return words.says(defining)


def _all_parts_in(name: str, title: str) -> bool:
    """Whether a title lists the standard by its own words: 核验标准 in `…考核内容、核验标准…`."""
    ending, stem = name[-2:], name[:-2].removesuffix("工作")
    whole = len(stem) < _LONG_STEM or stem[:2] in title
    return ending in title and len(stem) > 1 and stem[-2:] in title and whole


_LONG_STEM = 5
"""From so many signs on, a title must have a standard's first word as well as its last."""


# --- periods ---------------------------------------------------------------------------------------

_PART = re.compile(
    r"(?P<year>20[0-9]{2})年(?:度)?(?P<part>上半年|下半年|前三季度|第?[一二三四1-4]季度|[0-9]{1,2}[-—至~][0-9]{1,2}月)"
)
_SPAN = re.compile(r"20[0-9]{2}年?[-—至~]20[0-9]{2}年?|20[0-9]{2}、20[0-9]{2}年")
_YEAR_OF_TITLE = re.compile(r"(?<![〔\[(【0-9])(?P<year>20[0-9]{2})年(?:度)?")
_OF_ASSESSMENT = re.compile(
    r"(?<![〔\[(【0-9])(?P<year>20[0-9]{2})年(?:度)(?P<what>[^,。;、:]{0,14}?(?:考核|考评|绩效|评分|指标))"
    r"(?![^,。;]{0,10}(?:结果|相比|比较|较|得分|排名|存在|发现|反馈|整改|资料归档))"
)
_NOT_ASSESSED = re.compile(r"较|相比|比上|同期|上年|对照|历史|基数|增长")
_HALF_OR_QUARTER = re.compile("上半年|下半年|季度")
_EARLY = 7
"""Days before the end of a period told in full from which on a cut-off leaves some of it out."""
_LONGEST_AFTER = 31
"""Days a cut-off may lie before or behind the end of the assessed period."""


def check_periods(words: Words) -> Iterator[Problem]:
    """期间: papers and sentences about another time than the one assessed."""
    if words.notice.year is None:
        return
    year = words.notice.year.value
    title = plain_width(words.notice.title.value) if words.notice.title else ""
    whole = not (_HALF_OR_QUARTER.search(title) or _PART.search(title))
    for annex in words.notice.annexes:
        yield from _other_period(plain_width(annex.title.value), annex.title.source, year, title)
    for line in words.body:
        for match in _OF_ASSESSMENT.finditer(line.text):
            spoken = line.text[max(0, match.start() - 8) : match.end() + 6]
            if int(match["year"]) != year and not _NOT_ASSESSED.search(spoken):
                source = line.source(match.start(), match.end())
                yield _mismatch(source, f"“{source.text}”", f"{match['year']}年度", year)
        if whole:
            yield from _part_spoken_of(line, year)
    yield from _cutoff_outside(words, year)
    yield from _other_span(words, year)


_OF_PART = re.compile(
    r"(?:考核|考评|评价|评估|形成|编制)[^,。;0-9]{0,10}(?P<year>20[0-9]{2})年(?P<part>上半年|下半年|前三季度|第?[一二三四1-4]季度)的?"
    r"(?:工作|(?:考核|考评|评价|评估){1,2}(?:报告|结果))"
)


def _part_spoken_of(line: Passage, year: int) -> Iterator[Problem]:
    """A sentence that speaks of a part of the year as what is assessed, where the title has it all."""
    for match in _OF_PART.finditer(line.text):
        if int(match["year"]) == year:
            source = line.source(match.start(), match.end())
            yield _mismatch(source, f"“{source.text}”", f"{year}年{match['part']}", year)


def _other_period(title: str, source: Source, year: int, own: str) -> Iterator[Problem]:
    """An annex whose title tells a part of the year only, or another part, or another year."""
    whole = not (_HALF_OR_QUARTER.search(own) or _PART.search(own))
    spans = [match.span() for match in _SPAN.finditer(title)]
    part = _PART.search(title)
    told = _PART.search(own)
    if part and (whole or (told and told["part"] != part["part"])):
        yield _mismatch(source, f"附件“{shortened(source.text)}”", part[0], year)
        return
    if not whole and (
        all_year := re.search(
            "20[0-9]{2}年度(?!上半|下半|前三)|全年(?=[^一-鿿]|的?[一-鿿]*(?:任务|目标|指标|考[核评]|评))",
            title,
        )
    ):
        yield _mismatch(source, f"附件“{shortened(source.text)}”", all_year[0], year)
        return
    for match in _YEAR_OF_TITLE.finditer(title):
        ranged = any(start <= match.start() < end for start, end in spans)
        if int(match["year"]) != year and not ranged:
            yield _mismatch(source, f"附件“{shortened(source.text)}”", match[0], year)
            return


def _mismatch(source: Source, what: str, told: str, year: int) -> Problem:
    return Problem(
        "PERIOD-MISMATCH",
        source.place,
        f"{what}说的是{told}，考评的是{year}年度",
        "请核对期间；确实只考这一段或沿用旧文件的，请在正文写明",
    )


def _cutoff_outside(words: Words, year: int) -> Iterator[Problem]:
    """A data cut-off outside of the assessed period."""
    cutoff = words.notice.data_cutoff
    if cutoff is None:
        return
    first, last = notice_period(words.notice) or (date(year, 1, 1), date(year, 12, 31))
    margin = timedelta(days=_LONGEST_AFTER)
    ends = {end for _, end, _ in _spans(words, year)}
    if cutoff.value in ends:
        return
    early = ends and all(cutoff.value < end - timedelta(days=_EARLY) for end in ends)
    if early or not max(first, last - margin) <= cutoff.value <= last + margin:
        told = f"{cutoff.value.year}年{cutoff.value.month}月{cutoff.value.day}日"
        yield _mismatch(cutoff.source, "数据截止时间", told, year)


_SPAN_TOLD = re.compile(
    r"(?:(?:考核|考评|评价|评估|绩效)的?(?:期间|时段|周期|时间段|时间范围|区间|期)|[0-9]年[一-鿿]{1,4}期|(?:考核|考评|评价|评估)的?时间范围|(?:考核|考评|评价|评估)(?:各[一-鿿]{1,3})?(?=20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日[至到—-]))(?:限)?(?:[为是:(]|从|自)* ?"
)


_NAMES_PERIOD = re.compile(r"年度|全年|年终|半年|季度")
"""What in a title says which period is assessed; a year alone may hold a season."""


def _other_span(words: Words, year: int) -> Iterator[Problem]:
    """The assessed span, told by its first and last day, against the one the title names."""
    period = notice_period(words.notice)
    title = words.notice.title.value if words.notice.title else ""
    if not _NAMES_PERIOD.search(title):
        return
    for first, last, source in _spans(words, year):
        if first == last:
            continue
        length = (period[1] - period[0]).days if period else 0
        whole = period and abs((last - first).days - length) <= _LONGEST_AFTER
        if period and not (whole and first <= period[1] and period[0] <= last):
            yield _mismatch(source, "考评期", source.text, year)


_HEADS_PERIOD = re.compile(
    r"(?:[0-9一二三四五六七八九十().、]+ ?)?[^,。;:]{0,6}(?:时段|周期|期间|时间范围|哪段时间|哪一段)[:。]?"
)


def _spans(words: Words, year: int) -> Iterator[tuple[date, date, Source]]:
    """Spans of days told as what is assessed: 考核期为2025年1月1日至12月31日."""
    reckoning = Reckoning(year, issued=date(year, 1, 1))
    for head, below in pairwise(words.prose):
        if not _HEADS_PERIOD.fullmatch(head.text.strip()):
            continue
        phrase = next(find_dates(below.text, reckoning), None)
        if phrase and not phrase.start and phrase.first and phrase.last:
            yield phrase.first, phrase.last, below.source(0, phrase.end)
    for line in words.prose:
        for match in _SPAN_TOLD.finditer(line.text):
            phrase = next(find_dates(line.text[match.end() :], reckoning), None)
            if phrase and not phrase.start and phrase.first and phrase.last:
                yield phrase.first, phrase.last, line.source(match.end(), match.end() + phrase.end)


# --- fields ----------------------------------------------------------------------------------------

_FIELD = r"[^,。;:、()\s]{0,8}(?:来源|出处|依据|根据|理由|原因|事由|缘由|佐证|凭据|证据)"
_FIELDS = re.compile(
    rf"(?:[^,。;:、()\s]{{1,14}}[、,和及与]){{0,6}}?{_FIELD}(?:(?:[、,和及与以]{{1,2}}){_FIELD})+"
)
_KINDS = {
    kind: kinds[0]
    for kinds in (
        ("来源", "出处"),
        ("依据", "根据"),
        ("理由", "原因", "事由", "缘由"),
        ("佐证", "凭据", "证据"),
    )
    for kind in kinds
}


def check_fields(words: Words) -> Iterator[Problem]:
    """The grounds of a score, asked for in two places by different fields."""
    lists = [
        (line.source(match.start(), match.end()), _kinds_in(match[0]))
        for line in words.prose
        for match in _FIELDS.finditer(_with_brackets_read(line))
    ]
    for (first, one), (second, other) in combinations(lists, 2):
        if one != other and one & other:
            only = "、".join(sorted(one ^ other))
            yield Problem(
                "FIELDS-DIFFER",
                second.place,
                f"“{shortened(second.text)}”与{first.place}“{shortened(first.text)}”要求的内容不一样（{only}）",
                "请统一写法，两处要求同样的内容",
            )
            return


def _with_brackets_read(line: Passage) -> str:
    """The text with brackets that hold one character read as part of the word: 评(扣)分.

    Fields in quotes side by side (`“数据来源”“评分依据”`) are read as a list.
    """
    text = re.sub(r"\(([一-鿿])\)", lambda m: f"\0{m[1]}\0", line.text)
    return text.replace("”“", "、\0").translate({ord("“"): "\0", ord("”"): "\0"})


def _kinds_in(text: str) -> frozenset[str]:
    """What a list asks for: 数据来源, 评分依据 … by their last word, and of what."""
    found = set()
    for part in re.split(r"[、,]|以?及|和|与", text.replace("\0", "")):
        kind = next((kind for kind in _KINDS if part.endswith(kind)), None)
        if kind:
            found.add(_KINDS[kind])
    return frozenset(found)
