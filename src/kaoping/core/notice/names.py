"""Names of indicators: which listed one some words mean, what part of it, with how many points.

A name is given as it stands in the notice, without the marks around it and the words of the work
behind it (`…指标考核工作`); words that only tell of the work are no name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import role_of, tokens
from kaoping.core.notice.dates import numeral
from kaoping.core.notice.passage import Found, Passage, Piece, plain_width

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHORTEST_QUOTED = 3
_SUBJECT_TAIL = re.compile(
    r"指标的[^,。]{0,30}$|(?:(?:指标)?的?(?:年度|绩效)?(?:考核|考评|评分|评价|评估|打分)(?:评分)?(?:工作|任务|事项)?|指标|[:,、 ])+$"
)
_SUBJECT_HEAD = re.compile(r"^(?:[ ,、:]|关于|对于|其中|[0-9]{1,2}[.、])+")
_QUOTES = {"“": "”", "《": "》", "‘": "’", '"': '"', "'": "'", "「": "」"}
_PART = re.compile(
    r"(?:指标)?的?(?:考核|考评|评分)?(?:工作)?(?:中的|中,|内的)"
    r"|,?(?:指标)?(?:仅|只|主要)?(?:考核|考评|评|承担|负责|涉及)?其中的?"
)
_PART_NOTE = re.compile(r"\(([^()]{2,30}?)(?:部分|方面)\)")
_WEIGHT = re.compile(r" ?\((?:权重|占比?)[^()]*\)$")
_POINTS = re.compile(
    r"[,:]? ?\(?(?:分值|满分|基准分|标准分|权重|占|计(?!划)|为|各|是)*[: ]? ?([0-9]{1,4}(?:\.[0-9]{1,4})?) ?分(?:[,;][^()]*)?\)?$"
)


_WORK_ALONE = re.compile(
    r"(?:[ 的、和与及等]|年度|绩效|日常|有关|各项|全部|上述|指标|考核|考评|评分|评价|评估|打分|检查|工作|任务|事项|实施|组织"
    r"|落实|推进|汇总|审核|核验|核查|复核|抽查|收集|报送|公示|审定|数据|资料|材料|结果|牵头|单位|科室|处室"
    r"|总体|基本|特殊|其他|有关|情形|情况|规定|要求|原则|说明|解释|方式|方法|办法|规则|标准|口径|细则|流程|程序|时间|周期"
    r"|期限|范围|对象|分工|职责|责任|体系|构成|设置|内容|项目|来源|依据|处理|计算|计分|分数|分值|权重|得分|总分|满分|加分|减分"
    r"|扣分|加减|上下限|目标|子项|情形|取值|公式|参数|佐证|台账|目录|实际|年度|小数|同分|并列|排名|名次|不涉及|联系|方式|人员|名单|共|计|合计|[0-9一二三四五六七八九十]+项)+"
)
"""Words of the work itself, which name no indicator: 考核, 评分工作, 计分规则."""

_LONGEST_INDICATOR = 40
_NO_INDICATOR = re.compile(
    r"""负责(?!人)|牵头|配合(?!度|比)|[科处股室局委办站所心院](?:协同|协助|协办)|^协[助办]|协[助办]$|电话(?:为|[0-9]|$)|邮箱|@|[0-9]{7}|[0-9]{4}-[0-9]
    |详见|附件|逐项|列出|列明|满分|按照|根据|[0-9]分以|(?<!限额)(?<!规模)(?<![岁级元人米户类])以[上下]|总分|计分|采[用取]|实行|由.+[评考]
    |[0-9一二三四五六七八九十](?:项|个|类)(?:考核|考评|评价|评估|评议|测评|评定|[一二三]级)*(?:指标|内容|项目)|[:。;]
    |[大小高低]于|取值|扣$|既(?!有|定)|又接受|参与|先记|记满|起来|看(?=[一-鿿]*(?:率|质量|完成|进度|效果))|得分|加分|减分|扣分|[倒再]扣|扣[至到完光去]|扣[减除](?!非)|名次|并列|四舍五入|小数|为准|为止|为限|扣[0-9.]+分|[记计得][0-9.]+分
    |不(?:得(?!力)|设|超过|能|予(?:计|加|采|认|接|评)|再|涉及|高于|低于|受(?!理))|(?:最高|最低|低于|高于|超过|超出|达到).*[0-9零]分|相[同等](?:的|时|者|$)
    |[0-9]月[0-9]+日|截至|截止|工作日|上述|下列|如下|^以[上下]|(?:分别|逐项|逐条|对照|统一|组织)(?:评|打|考|扣)
    |因此|因而|可以|应当|必须|需要|[科处股]室?(?:承办|承担|办理|主抓|考核|评分|打分|评(?!价|审|估|比)|考(?!试|古|察)|抓|管(?!理|护|网))
    |(?:(?:的|[相不]同|相等|不足|发生|出现|达到|要求|处理|计算|计分|评价|核定)时|的|了|着|吗|呢|吧|把|被|(?:分别|均|各|应|分值)为|是|和|与|及|或|由|将|从)$
    |^最[高低多少]|^请|遵照|特此|抓好落实|认真(?:组织|执行|落实)|^包[括含]
    |^(?:每(?:一|个|项|条|起|次|家|季|月|年(?!均))|各(?:项|个|科|处|股|归|责|单|部|考|被|有)|各[乡镇县区街][^道河流村社]|任[何一]|该|其[中他余]|凡|本[次项通办方年着]
    |前?[两三四五六七八九十0-9]+项(?:指标|得分|的|均|合计|相加|之和|都|中)|[前后][两三四五六七八九十0-9]+项|单项|全部|所有(?!者)|同一|没有|若|如[果有]
    |对(?!外|口|台|接|上|标|账|俄|非|日|韩)|按(?!时|期|质|需|揭)|依[据照]|参照|经(?!济|营|贸|费|开|典|销|办|纪|适)|并(?!购|联|网)|且|但|则|均|也|仍|又
    |再(?:次|扣|分|按|由|从|相同|相等|一样)|[将把令让](?!军)|被(?:考|扣|评|抽|处|审)|得(?:[0-9分]|满)|扣[0-9分]|占[0-9比总]|共(?:计|设|有|[0-9一二三四五六七八九十])|合计|总计
    |满[0-9分足]|即(?:为|是|可|$)|其$|以(?:[^,]{0,8}为|及|后|前|内|此)|与|和(?!谐|美|睦|平)|及(?!时)|或|从(?!业|严)|向[^阳]{1,12}(?:报|申|提|反|送)|到[0-9]|至
    |在[^,]{0,8}(?:[前后内中上]|评分表|网)|是|有(?:的|下列|关|异议|不)|为(?:[0-9了准止]|便于|做好|推动|规范|掌握|贯彻|把))""",
    re.VERBOSE,
)
"""Words of rules and of the work, which stand in sentences and in no indicator's name."""


def is_indicator_name(name: str) -> bool:
    """Whether words can be an indicator's name and are no sentence about indicators."""
    plain = plain_width(name)
    if not 1 < len(name) <= _LONGEST_INDICATOR or _NO_INDICATOR.search(plain) or role_of(plain):
        return False
    if "|" in plain or _SECTION_NAME.fullmatch(plain):
        return False
    return bool(re.search(r"[一-鿿]{2}|[A-Za-z]{2}", plain)) and not is_work(plain)


_SECTION_NAME = re.compile(r"[一-鿿]{1,8}(?:科|处(?<!办事处)|股|科室|处室|股室)(?:\([^()]*\))?")
"""The name of a section, which is no indicator's."""


def counted(words: str) -> int | None:
    """A count as a whole number: 两 (as in 两项) is 2 as well."""
    return numeral(words.replace("两", "二"))


def key_of(name: str) -> str:
    """An indicator's name for comparing: without blanks and quotation marks."""
    return re.sub(r"[\s“”\"《》‘’]", "", name)


def is_work(words: str) -> bool:
    """Whether words only tell of the work itself: 考核组织, 数据收集."""
    return bool(_WORK_ALONE.fullmatch(words))


def named_indicator(
    subject: Found[str], listed: Sequence[Found[str]]
) -> tuple[Found[str], Found[str] | None]:
    """The indicator a subject means and the part of it, `…指标考核工作中的…`."""
    passage = passage_of(subject)
    text = passage.text
    if name := listed_in(subject, listed):
        at = text.find(plain_width(name.value))
        return name, _narrowed(passage, at + len(name.value))
    part = _PART.search(text, 2)
    end = part.start() if part else len(text)
    scope = _narrowed(passage, end) if part else None
    return _bare_name(passage, end), scope


def listed_in(words: Found[str], listed: Sequence[Found[str]]) -> Found[str] | None:
    """The listed indicator that some words name, the longest where they name several."""
    text = plain_width(words.value)
    named = [name for name in listed if len(name.value) > 1 and _plain(name.value) in text]
    return max(named, key=lambda name: len(name.value), default=None)


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    return plain_width(name)


def split_names(subject: Found[str]) -> list[Found[str]] | None:
    """The names a subject lists; None where one name may hold the commas.

    They are told apart where all end alike, as in `…增速、…增速`.
    """
    name, scope = named_indicator(subject, [])
    passage = passage_of(name)
    spans = list(tokens(passage.text, "、"))
    if scope or len(spans) == 1:
        return [subject]
    if _number_behind(passage_of(subject).text) == len(spans):
        first, last = spans[-1]
        counted = _COUNT_BEHIND.search(passage.text, first, last)
        spans[-1] = (first, counted.start() if counted else last)
        return [passage.words(*span) for span in spans]
    endings = {passage.text[end - 2 : end] for _, end in spans}
    return [passage.words(*span) for span in spans] if len(endings) == 1 else None


def passage_of(found: Found[str]) -> Passage:
    """The words of a value as a passage of their own, at their place."""
    source = found.source
    return Passage((Piece(source.line, source.start, source.text, source.where),))


_COUNT_BEHIND = re.compile(
    r"(?:等|这|共)*([0-9]{1,2}|[一二两三四五六七八九十]{1,3})(?:项|个|类)[一-鿿]{0,6}$"
)


def _number_behind(words: str) -> int | None:
    """How many names a subject says it lists: `…、…两项指标`."""
    match = _COUNT_BEHIND.search(words)
    return counted(match[1]) if match else None


def _bare_name(passage: Passage, end: int) -> Found[str]:
    """An indicator's name without 《》, 指标 and 考核工作."""
    text = passage.text[:end]
    head = _SUBJECT_HEAD.match(text)
    start = head.end() if head else 0
    tail = _SUBJECT_TAIL.search(text, start + 1)
    return passage.words(*_unquoted(text, start, tail.start() if tail else len(text)))


def _unquoted(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the quotation marks that stand around all of it."""
    while start < end and text[start].isspace():
        start += 1
    while end - start > _SHORTEST_QUOTED and text[start] in _QUOTES:
        closing = text.find(_QUOTES[text[start]], start + 1, end)
        if closing < 0 or text[closing + 1 : end].strip(" 。"):
            break
        start, end = start + 1, closing
    return start, end


def without_quotes(name: Found[str]) -> Found[str]:
    """A listed name without the quotation marks around it and the 指标 or 考核 behind it."""
    passage = passage_of(name)
    work = _WORK_BEHIND.search(passage.text)
    return passage.words(*_unquoted(passage.text, 0, work.start() if work else len(passage.text)))


_WORK_BEHIND = re.compile(
    r"(?<=[一-鿿”\"》]{4})(?:指标|考核|考评|评分)+(?:工作)?$|(?<=[”\"》])(?:指标|考核|考评|评分|工作)+$"
)


def _narrowed(passage: Passage, start: int) -> Found[str] | None:
    """The words after an indicator's name that narrow it."""
    part = _PART.match(passage.text, start) or _PART_NOTE.match(passage.text, start)
    if part is None:
        return None
    if part.re is _PART_NOTE:
        return passage.words(*part.span(1))
    tail = _SUBJECT_TAIL.search(passage.text, part.end() + 1)
    scope = passage.words(part.end(), tail.start() if tail else len(passage.text))
    return scope if scope.value else None


def points_of(name: Found[str]) -> tuple[Found[str], Found[str] | None]:
    """A listed name without its `(20分)`, and those points."""
    passage = passage_of(name)
    if weight := _WEIGHT.search(passage.text):
        return passage.words(0, weight.start()), None
    match = _POINTS.search(passage.text)
    if not match or not match.start():
        return name, None
    points = passage.words(*match.span(1))
    return passage.words(0, match.start()), Found(plain_width(points.value), points.source)
