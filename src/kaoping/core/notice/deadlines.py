"""The days a text sets a time by, and the day its data end (时限, 数据截止时间)."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import tokens
from kaoping.core.notice.dates import DatePhrase, DateRole, Reckoning, find_dates
from kaoping.core.notice.passage import Found, Passage, Source
from kaoping.core.notice.step_kinds import ANY_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CUTOFF = re.compile(
    r"截[止至到]|统计[到至]|截点|计[算]?[到至]|算到|采集?到|截止(?:时间|日期|时点)?(?:同|均|都|也)?为|取[至到]|截于|为界|(?<=日)为止|以[^,。;]{4,14}日为止|取数|时点|统计(?:时间)?节点|(?<!时间)节点|为准|统计(?:期|的?时间|时段|区间|周期|范围)"
)
_CUTOFF_OF = re.compile(
    r"里程|票据|数据|数字|指标|统计|提取|取数|完成情况|业绩|佐证|台账|资料|材料|考核|信息"
)
_CUTOFF_NOT = re.compile(
    r"(?:报送|上报|提交|申报|受理|填报|收集|采集|反馈|公示|申诉|报名|完成(?!情况|数)|时间安排)[^,。;]{0,6}"
    r"(?:截[止至]|时点|节点|以)"
    r"|(?:台账|资料|材料|佐证|报告)[^,。;数]{0,4}截止(?!到)"
)
_AT = re.compile(
    r"(?:[于在至到]|截止(?:时间|日期)?[为是:]?|截至|不[晚迟]于|最迟|时限[为是:]?|时间(?:节点)?[为是:]|\() ?$"
)
_NEAR = 12
_TERM = re.compile(
    r"(?:不少于|不超过|为期)? ?(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3}) ?(?:个)?(?:工作日|自然日|天|日)(?:以内|之内|内)?"
)
_DAY_BEFORE = re.compile(r"[0-9一二三四五六七八九十]月 ?$|[0-9至到—~-] ?$")
_ODD_DATE = re.compile(
    r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月[^,。;\n]{0,6}(?:前|底|旬|初|内|止)"
)
_ODD_TIME = re.compile(
    r"""[0-9一二三四五六七八九十]{1,2}月份?的?第[一二三四五1-5]周
    |(?:每|当|本|下|次)个?[季]?[月季](?:度?末)?(?:月)?[0-9一二三四五六七八九十底末初上中下]{1,3}[日号旬前]?前?
    |[^,。;:()\n0-9]{1,2}节[之以]?前|(?:第?[一二三四1-4])季度末?[之以]?前
    |[0-9一二三四五六七八九十]{1,2}月份?(?:内|中|进行|完成|组织|开展|,|$)""",
    re.VERBOSE,
)
"""Times told by a week, a feast or a month that is not named: no day is reckoned from them."""


def find_cutoffs(
    passage: Passage, reckoning: Reckoning
) -> Iterator[tuple[Found[date], tuple[int, int]]]:
    """数据截止时间: each such day and its span, so that it is taken for no deadline."""
    if not _CUTOFF.search(passage.text):
        return
    year = reckoning.year
    own = Reckoning(year, issued=date(year, 1, 1) if year else None)
    for start, end in tokens(passage.text, ",。;\n"):
        clause = passage.text[start:end]
        if not _CUTOFF.search(clause):
            continue
        about = passage.text[max(0, start - _NEAR) : end] if _GOES_ON.match(clause) else clause
        if not _CUTOFF_OF.search(about):
            continue
        phrase = _beside_cutoff(clause, list(find_dates(clause, own)))
        if _CUTOFF_NOT.search(clause) and not _ends_a_period(phrase, clause):
            continue
        if phrase and phrase.last and _can_be_cutoff(phrase, clause, reckoning.issued):
            span = start + phrase.start, start + phrase.end
            yield Found(phrase.last, passage.source(*span)), span


_GOES_ON = re.compile("一律|均|都|全部|统一|以")
"""What opens a clause whose subject stands in the one before it: `凡统计数字,一律以…`."""
_GATHERED = re.compile(r"数据(?:采集|收集|提取|统计|归集|核定)[^,。;]{0,3}截[止至]")
_PERIOD_ENDS = {(3, 31), (6, 30), (9, 30), (12, 31)}


def _ends_a_period(phrase: DatePhrase | None, clause: str) -> bool:
    """Whether `数据采集截止到` speaks of the data and not of the collecting: its day ends a quarter."""
    last = phrase.last if phrase else None
    return (
        _GATHERED.search(clause) is not None
        and last is not None
        and (last.month, last.day) in _PERIOD_ENDS
    )


def _beside_cutoff(clause: str, phrases: Sequence[DatePhrase]) -> DatePhrase | None:
    """The date a word of cut-off speaks of: the one after it, else the one before it."""
    word = _CUTOFF.search(clause)
    at = word.start() if word else 0
    after = [p for p in phrases if p.start >= at and not clause.startswith("为准", at)]
    before = [p for p in phrases if p.start < at]
    return next(iter(after), None) or next(reversed(before), None)


_YEAR_SAID = re.compile(r"[0-9〇零O一二三四五六七八九]{4} ?[年./-]|[今本当去上次明]年")
_YEAR_ENDS = (12, 31)


def _can_be_cutoff(phrase: DatePhrase, clause: str, issued: date | None) -> bool:
    """Whether a day can end the data: a day gone by needs its year or to be the year's last."""
    if phrase.last is None or (phrase.mentioned and phrase.role is DateRole.BEFORE):
        return False
    gone = issued is not None and phrase.last < issued
    said = _YEAR_SAID.search(clause, phrase.start, phrase.end)
    return not gone or bool(said) or (phrase.last.month, phrase.last.day) == _YEAR_ENDS


def without_inner_days(phrases: Sequence[DatePhrase], text: str) -> list[DatePhrase]:
    """The phrases without those that set no time of their own beside a window told before them.

    Single days within it (`…当日上午抽签`), and the day a platform closes for who is late.
    """
    kept: list[DatePhrase] = []
    for phrase in phrases:
        windows = [p for p in kept if p.role is DateRole.RANGE and not p.mentioned and p.last]
        inner = phrase.role is DateRole.ON and any(_holds(window, phrase) for window in windows)
        if not inner and not (windows and _closes(phrase, text)):
            kept.append(phrase)
    return kept


_CLOSING = re.compile(r"[^,。;]{0,10}(?:锁定|关闭|停止|截单)")
_OPEN_TILL = re.compile(r"开[放通][到至] ?$")


def _closes(phrase: DatePhrase, text: str) -> bool:
    before = text[max(0, phrase.start - _NEAR) : phrase.start]
    return bool(_CLOSING.match(text, phrase.end) or _OPEN_TILL.search(before))


def _holds(window: DatePhrase, phrase: DatePhrase) -> bool:
    if not (window.first and window.last and phrase.last):
        return False
    return window.first <= phrase.last <= window.last


def is_deadline(phrase: DatePhrase, text: str) -> bool:
    """Whether a date phrase sets somebody a time."""
    if phrase.mentioned or phrase.role is DateRole.FROM:
        return False
    if phrase.role is not DateRole.ON:
        return True
    near = max(0, phrase.start - _NEAR)
    return bool(_AT.search(text, near, phrase.start) or _OPENS.search(text, near, phrase.start))


_OPENS = re.compile(r"(?:^|[,。;:(|\n]|(?<=\S) ) *$")
"""A plain day sets a time where it opens its clause."""


def terms(passage: Passage) -> Iterator[Found[str]]:
    """Deadlines relative to something else: `5个工作日内`."""
    for match in _TERM.finditer(passage.text):
        if not _DAY_BEFORE.search(passage.text, max(0, match.start() - _NEAR), match.start()):
            yield passage.words(*match.span())


def without_cutoff(passage: Passage, reckoning: Reckoning) -> str:
    """The text with the data cut-off blanked, so that its day is no deadline."""
    signs = list(passage.text)
    for _, (start, end) in find_cutoffs(passage, reckoning):
        signs[start:end] = "。" * (end - start)
    return "".join(signs)


def unclear(passage: Passage, masked: str, phrases: Sequence[DatePhrase]) -> tuple[Source, ...]:
    """Words of time that set no day, or of which the text leaves open which one counts.

    `phrases` are those that may set a day; the others of the text were told to set none.
    """
    everywhere = list(find_dates(masked, Reckoning(ANY_YEAR)))
    told = {phrase: None for phrase in phrases if phrase.last and is_deadline(phrase, masked)}
    open_ones = told if len({phrase.last for phrase in told}) > 1 else []
    unused = [
        phrase
        for phrase in phrases
        if not phrase.last
        or (not told if phrase.mentioned else phrase.role is DateRole.ON and phrase not in told)
    ]
    spans = [(phrase.start, phrase.end) for phrase in (*open_ones, *unused)]
    odd = [match.span() for match in _ODD_DATE.finditer(masked)]
    odd += [] if told else [match.span() for match in _ODD_TIME.finditer(masked)]
    spans += [
        (start, end)
        for start, end in odd
        if not any(phrase.start <= end and start <= phrase.end for phrase in everywhere)
    ]
    return tuple(passage.source(*span) for span in sorted(spans))


_MAY_BE_A_DAY = re.compile("[月年]|[0-9][./-]")


def deadline_places(passage: Passage) -> list[int]:
    """Where the deadlines of a text begin, one for each day told."""
    if not _MAY_BE_A_DAY.search(passage.text):
        return []
    masked = without_cutoff(passage, Reckoning(ANY_YEAR))
    phrases = find_dates(masked, Reckoning(ANY_YEAR))
    return [phrase.start for phrase in phrases if is_deadline(phrase, masked)]


def has_deadline(passage: Passage) -> bool:
    """Whether a text sets a time by a day."""
    return bool(deadline_places(passage))


def has_other_time(passage: Passage) -> bool:
    """Whether a sentence without a deadline speaks of a time that a person must look at."""
    masked = without_cutoff(passage, Reckoning(ANY_YEAR))
    phrases = find_dates(masked, Reckoning(ANY_YEAR))
    plain = any(not p.mentioned and p.role is not DateRole.FROM for p in phrases)
    return plain or bool(_ODD_DATE.search(masked) or _ODD_TIME.search(masked))
