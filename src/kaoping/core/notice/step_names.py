"""What a step is called where it has no heading of its own: its name in the words of the notice.

A name opens the text (`（自查上报）2025年…`, `现场核验，由…`, `首先是窗口自查。`), follows the day it is
due (`1月10日前：自查自评`), or is the act the sentence tells of (`完成实地回访`, `反馈打分`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kaoping.core.notice.dates import Reckoning, find_dates
from kaoping.core.notice.passage import Found, Passage, plain_width
from kaoping.core.notice.step_kinds import ACTS, ANY_YEAR, kind_of, without_offices
from kaoping.core.scheme import STEP_NAMES, StepKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_OPENING = 40
_LONGEST_TELLING = 400
_BULLETS = " \t●■◆•▪·*★▲※◇◎➢✓—-"
_SEQUENCE = re.compile(
    r"""(?:[一二三四五六七八九十]是|[一二三四五六七八九十]{1,2}、|\(?[一二三四五六七八九十0-9]{1,2}\)|[①-⑳]|第[一二三四五六七八九十0-9]{1,3}(?:步|个?环节|个?阶段|项|道)|(?:步骤|环节|阶段|程序)[一二三四五六七八九十0-9]{1,2}(?=[:、. ])|首先|其次|再次|然后|随后|接着|接下来|紧接着
    |再下来|再往后|再接着|其后|此后|之后|下一步|最后|最终|末了|起初|先|再|开头)(?:要做的|做的|[要应须得])?(?:工作)?[是为,:、 ]{0,2}""",
    re.VERBOSE,
)
"""Words that tell where in the order of the work a step stands."""
_INTRODUCES = re.compile(
    r"[^,。;:\n]{0,24}?(?:环节|步骤|步走?|阶段|程序|流程|安排|如下|进行)[:,](?=(?:第?一|首先|先|\(|①|1))"
)
"""Words before the first of several steps: `考核分六步：一是自查…`."""
_LED_BY = re.compile(
    r"(?P<name>(?!年[度终]|本次|绩效)[^,。;:(|\n由0-9]{2,10}?)由(?=[^,。;:\n]{2,})"
)
_IN_BRACKETS = re.compile(r" *[(\[【〔](?P<name>[^()\[\]【】〔〕0-9\n]{2,16})[)\]】〕]")
_IS = re.compile(
    r"[^,。;:\n]{0,24}?(?:就是|便是|则是|是|进入|转入)(?P<name>[^,。;:(\n是]{2,12}?)(?:工作|环节|阶段)?(?=[,。;:(\n]|$)"
)
_FIRST = re.compile(r" *(?P<name>[^,。;:(|\n]{2,12}?)(?=[ ,。;:(|\n]|$)")
_LABEL = re.compile(r"(?P<name>[一-鿿]{2,8})(?=[:(])")
_NO_NAME = re.compile(
    r"自动|完毕|[0-9由将把向各应从被给的并且与按]|(?<!核)对|(?<!申)请|会议|[在至](?!线)|经(?!济|费)|(?:时间|时限|内容|责任|日期|地点|方式|依据|要求)$|[后时前]$|工作日|不|全部|所有|组织|负责|进行|开展|完成|根据|依据|按照|结合|对照|参照|[一-鿿][科股处局](?![室理置])|以下|简称|各|月|年|[搞做抓]好|[考绩]\w办.|^[要须应]"
)
"""Words that stand in a sentence and not in the name of a step."""


def opening_name(passage: Passage) -> Found[str] | None:
    """The name a text opens with; None where it opens with a sentence."""
    text = passage.text[:_LONGEST_OPENING]
    indent = len(text) - len(text.lstrip(_BULLETS))
    if _DAY_BEGINS.match(text, indent):
        indent = _after_day(text, indent)
    introducing = _INTRODUCES.match(text, indent)
    indent = introducing.end() if introducing else indent
    match = _IN_BRACKETS.match(text)
    if match and can_name(match["name"]):
        return passage.words(*match.span("name"))
    begun = _SEQUENCE.match(text, indent)
    led = _LED_BY.match(text, indent)
    if led and is_name(led["name"]):
        return passage.words(*led.span("name"))
    for pattern, start in ((_IS, indent), (_FIRST, begun.end() if begun else indent)):
        match = pattern.match(text, start)
        if match and is_name(match["name"]):
            return passage.words(*match.span("name"))
    match = _LABEL.match(text, begun.end() if begun else indent)
    if begun and match and can_name(match["name"]):
        return passage.words(*match.span("name"))
    return None


def label_of(passage: Passage) -> Found[str] | None:
    """The short words that head a text before a colon or a bracket, whatever they mean."""
    text = passage.text[:_LONGEST_OPENING]
    match = _LABEL.match(text, len(text) - len(text.lstrip(_BULLETS)))
    return passage.words(*match.span("name")) if match and can_name(match["name"]) else None


_AFTER_DAY = re.compile(r"[ ,:)—、-]*(?:为|是)?")


_DAY_BEGINS = re.compile("[0-9一二三四五六七八九十元]|[次明来今本当翌同][年]")


def _after_day(text: str, start: int) -> int:
    """Where the words after the day begin that opens a text."""
    phrase = next(find_dates(text, Reckoning(ANY_YEAR)), None)
    if phrase is None or phrase.start > start or phrase.mentioned:
        return start
    skipped = _AFTER_DAY.match(text, phrase.end)
    return skipped.end() if skipped else phrase.end


def announces(passage: Passage) -> bool:
    """Whether a text opens by telling that a step comes next: `随后是打分`."""
    text = passage.text[:_LONGEST_OPENING].lstrip(_BULLETS)
    match = _IS.match(text)
    return bool(_SEQUENCE.match(text) or (match and is_name(match["name"])))


def is_name(words: str) -> bool:
    """Whether words can be the name of a step: an act, told by no sentence and of no office."""
    return (
        kind_of(words) is not None
        and bool(_ENDS.search(words))
        and can_name(words)
        and without_offices(words) == words
    )


def can_name(words: str) -> bool:
    """Whether words can name anything: no word of a sentence stands among them."""
    return not _NO_NAME.search(_AND.sub("", words))


_AND = re.compile(r"(?<=[一-鿿]{2})[与和及](?=[一-鿿]{2})")
"""Between two acts of one step: 申诉与复议."""


_ENDS = re.compile(
    rf"(?:{'|'.join(ACTS.values())}|整改|初分|成文|成稿|处理|答复|材料|资料|清单|台账|数据|结果|意见|分数|情况|名次|部门|单位|乡镇|对象|自评表|绩效办|考[核评]办|自纠|填表|交表|[备集收]料|收件|准备|家底|汇报|上会|定案|签报|排[名序]|等次|定等|会商|研判|公开|上墙|公告|晾晒|[上贴]榜|得分|总分|成绩|报告|建议|受理|办理|确认|定案|会商|公告|备案|确定|阶段|环节|(?<!公示)期)$"
)
"""How the name of a step ends: with its act, or with what or whom the act is done to."""


_AFTER_NAME = re.compile(
    r"[ ,(的于在:]*(?:的?(?:截止|截至|完成|报送)?(?:时间|日期|时限)[为是:]?)?[ ,(的于在自从为是:]*$"
)
_BEFORE_NAME = re.compile(r"[ ,:)—-]*(?:为|是)?")


def name_in_title(title: Found[str]) -> Found[str] | None:
    """The title without the time that stands in it; None where nothing else is left."""
    text = plain_width(title.value)
    numbered = _SEQUENCE.match(text)
    if numbered and is_name(text[numbered.end() :]):
        return _part(title, numbered.end(), len(text))
    phrase = next(find_dates(text, Reckoning(ANY_YEAR)), None)
    if phrase is None:
        return None if _IS_A_SENTENCE.search(text) else title
    end = _AFTER_NAME.sub("", text[: phrase.start])
    if end:
        return _part(title, 0, len(end))
    skipped = _BEFORE_NAME.match(text, phrase.end)
    start = skipped.end() if skipped else phrase.end
    match = _FIRST.match(text, start)
    return _part(title, *match.span("name")) if match and is_name(match["name"]) else None


_IS_A_SENTENCE = re.compile(r"[由将把向]|在(?!线)|(?<!核)对(?![象接照比口账标外])")
"""Words by which a heading tells a sentence, of which only the act can be a name."""


def _part(found: Found[str], start: int, end: int) -> Found[str]:
    """Some of the words that were found, in their place."""
    words = found.value[start:end]
    at = found.source.start + start
    return Found(words, replace(found.source, start=at, end=at + len(words), text=words))


_DOES = r"(?:完成(?![值率数量])|开展|进行|实施|做好|启动|组织|搞好|抓好|做)(?:好|了)?"
_MANNER = "(?:现场|实地|集中|初步|网上|线上|年终|综合|交叉|专项|分项|窗口|平台|系统|部门|科室|股室|处室|联合){0,3}"
_A_THING = r"的?(?:结果|情况|结论|意见|表|单|报告|记录|材料|资料|台账|数据|稿|标准|细则|办法|依据|理由|人|口径|系统|平台|要求|期|之日|后(?!续)|无异议|[科股组队])"
"""What follows an act that only names a thing or a person by it."""
_NAMED_ACTS = {
    kind: (
        re.compile(
            rf"{_DOES}(?P<name>[^,。;:|\n○、和并]{{0,6}}?(?:{acts}){{1,3}})(?=工作|任务|[,。;:|、和并及\n]|$)"
        ),
        re.compile(
            rf"(?P<name>(?<![各由和与及])(?<!有关)(?<!相关)(?<!责任)(?<!业务)(?<!牵头){_MANNER}(?:{acts}){{1,3}})(?!{_A_THING})"
        ),
    )
    for kind, acts in ACTS.items()
}


def act_name(kind: StepKind, passage: Passage) -> Found[str]:
    """The act a sentence tells of, as it calls it; else what steps of this kind are called."""
    text = without_offices(passage.text[:_LONGEST_TELLING])
    for match in _acts_told(kind, text):
        return passage.words(*match.span("name"))
    upwards = _REPORTS_UP.search(text) if kind is StepKind.FILE else None
    if upwards:
        return passage.words(*upwards.span())
    return Found(STEP_NAMES[kind], passage.source())


_REPORTS_UP = re.compile("报(?:送)?[省市县区州]?(?:考[核评]办|绩效办)")
"""What a step that ends with the report to the office above is called: `报市考核办`."""


def _acts_told(kind: StepKind, text: str) -> Iterator[re.Match[str]]:
    dated = next((p.end for p in find_dates(text, Reckoning(ANY_YEAR)) if not p.mentioned), 0)
    for start in dict.fromkeys((dated, 0)):
        for pattern in _NAMED_ACTS[kind]:
            yield from pattern.finditer(text, start)
