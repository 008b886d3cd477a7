"""The kind of a step: told by its title, else by the main act of its words.

A title names its act (数据收集, 现场核验). In running text only the clause that is told counts; what
it speaks of by another act (`审核自评材料并打分`, `公布的数据`) does not.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kaoping.core.notice.contacts import tokens
from kaoping.core.notice.dates import Reckoning, find_dates
from kaoping.core.scheme import StepKind

_PAPERS = (
    "资料|材料|数据|台账|佐证|信息|情况|自评|自查|指标|附表|报表|清单|表册|总结|证据|凭证|实绩|账册"
)
SCORES = (
    r"评分|打分|量分|赋分|计分|评审|初评|评议|评卷|阅卷|测分|判分|给分|算分|(?<!考)核分|评比|赋值"
)
"""Acts by which points are given."""
CHECKED = "核验|核查|抽查|查验|核实|复查|复验|验证|查证|抽检|抽验|查核|稽查|稽核|认定(?!为|标准)|互查|互检|点验|倒查|查实"
"""Acts of checking of its own; 现场 and 检查 may only be the way in which scores are given."""
VISITS = "回头看|督查|督导|督察|回访|暗访|暗查|走访|查访|明查|明察|暗察|巡查|踏勘|察看|踏查|随访|访查|验收"
"""Acts of checking by going there."""
ACTS: dict[StepKind, str] = {
    StepKind.APPEAL: "申诉|申辩|复议|申请复[核查]|复核|答复",
    StepKind.FEEDBACK: "反馈|告知|回告|送达|推送|沟通|见面|交换意见|意见交换|征求意见",
    StepKind.PUBLIC_NOTICE: "公示|公布|通报|亮[分榜牌单]|晒[分单榜]|张榜公[示布]|张榜",
    StepKind.COLLECT: "自[查评检测]|填报|申报|上报|报送|收集|采集|归集|[交送报填](?:材料|佐证)|提交|举证|监测|上传|述职|自报|摸底|[交报填][数件单账表卷]|[调提]取(?:数据|资料)",
    StepKind.VERIFY: f"{CHECKED}|{VISITS}|检查|复核|核对|复评|检验",
    StepKind.FILE: "审定|审议|审批|报送|上报|报批|呈报|报审|报备",
    StepKind.CONSOLIDATE: "汇总|整理|统分|合分|(?<!核)定分(?!数)|会审|合议|统稿|综合评[定价]|归总|总评|定稿",
    StepKind.SCORE: f"{SCORES}|量化|初核|考评|评定|测评|评价|测算|考核",
}
"""The acts that name a step of each kind."""
_KINDS: tuple[tuple[StepKind, str], ...] = (
    (
        StepKind.APPEAL,
        "申诉|申辩|复议|陈述|(?<!无)异议|(?:提出|申请|要求|提请)[^,。;]{0,6}复[核查](?!意见|结论|结果|情况|报告)|复[核查]申请",
    ),
    (
        StepKind.FEEDBACK,
        "反馈|告知|告诉|回告|送达|交换|推送|沟通|见面|征求意见|(?:结果|分数|得分|情况|意见)的?通知",
    ),
    (
        StepKind.PUBLIC_NOTICE,
        "公示|公布|通报(?!稿)|亮[分榜牌单]|晒|张榜|上榜|公开|发榜|放榜|上墙|贴榜|公告|晾",
    ),
    (
        StepKind.COLLECT,
        rf"""(?:{_PAPERS})的?
        (?:收集|采集|报送|上报|申报|填报|提供|提交|整理上报|归集|上传|汇集|征集|收缴|报(?![告表]))
        |(?:报送|上报|提交|提供|申报|填报|上传)[^,。;]{{0,8}}(?:自评|自查|资料|材料|台账|佐证|数据|清单|表册)
        |[交送报备填](?:材料|资料|台账|佐证|数据|清单|表(?!现)|账)
        |收集|采集|填报|填写上报|自评|自查|自检|自测|自报|申报|监测|归集|举证|述职|摸底|[交报]卷|自我(?:评[价估]|检查|测评)
        |[交报填](?:数|件|单|账)|材料准备|[备集收]料|收件|书面汇报|亮家底|[调提]取(?:数据|资料)""",
    ),
    (
        StepKind.VERIFY,
        rf"{CHECKED}|入户|进村|核对(?!表)|抽[核验]|检验|实地|现场|检查|复核|复评|{VISITS}",
    ),
    (
        StepKind.FILE,
        r"""报送|上报|审定|报审|审议|审批|提交|审核报|报批|呈报|报备|呈送|报结果|审签|上会|定案|签报
        |报(?![告送表])[^,。;]{0,10}(?:□|绩效办|考[核评]办|政府|党[委组工]|委员会)""",
    ),
    (
        StepKind.CONSOLIDATE,
        """汇总|整理|综合评[定价]|统稿|形成报告|评分报告|统分|合分|(?<!核)定分(?!数)|会审|合议|合计总分|合成|统算|归总|总评|定稿|成[文稿]|合账|拢分|会商|研判|定等|等次评定|评定等次|排[名序]|(?:计算|算)总分|总分计算
        |(?:编写|撰写|起草|编制)[^,。;]{0,6}报告""",
    ),
    (
        StepKind.SCORE,
        rf"""{SCORES}|初核|测算|(?:[打评给算得提]出|形成|作出|核定|测算)[^,。;]{{0,4}}(?:分数|得分|评分|打分)|量化|考评|评定|评价|测评
        |(?:科室|部门|集中|指标|组织|年终|年度)考核(?!得分|结果|总分|成绩|办|要求|工作|方案)""",
    ),
)
_KIND_PATTERNS = [(kind, re.compile(pattern, re.VERBOSE)) for kind, pattern in _KINDS]
_PREPARES = re.compile(
    r"""制[定订]|印发|下发|发布|修订|部署|动员|兑现|运用|归档
    |公布[^,。;]{0,6}(?:方案|标准|细则|办法|数据|名单)
    |(?:方案|标准|细则|办法|数据|名单)的?公布""",
    re.VERBOSE,
)
"""Acts before or after an assessment, for which a scheme has no kind of step."""
_RESULTS = "结果|得分|评分|名次|等次|排名|意见|情况"


def without_offices(text: str) -> str:
    """The text with offices called by an act blanked, character for character."""
    return _OFFICE_NAMES.sub(lambda match: "○" * len(match[0]), text)


def kind_of(words: str) -> StepKind | None:
    """The kind of step a title speaks of."""
    words = _RULES.sub("", _ASIDE.sub("", words))
    if _PREPARES.search(words):
        return None
    words = _OFFICE_NAMES.sub("", words)
    kinds = [kind for kind, pattern in _KIND_PATTERNS if pattern.search(words)]
    first = kinds[0] if kinds else None
    if first is StepKind.VERIFY and StepKind.SCORE in kinds and not CHECKS.search(words):
        return StepKind.SCORE
    if first is StepKind.PUBLIC_NOTICE and StepKind.CONSOLIDATE in kinds:
        return StepKind.CONSOLIDATE
    return first


_RULES = re.compile("(?:评分|打分|计分|考[核评]|评审)的?(?:细则|标准|办法|方案|要求)")
"""What scoring goes by: speaking of it is no scoring."""
CHECKS = re.compile(f"{CHECKED}|{VISITS}")
_OFFICE_NAMES = re.compile(
    r"""(?:督[查导]|考[核评]|评[价估审]|监测|监督|检查|审核|信访|核[查验]|复[核查]|稽查|巡查|评分|综合|统计|申诉|申报|公开|受理|暗访|抽查|回访|验收|督察|协调|工作){1,4}
    (?:(?:[科股室]|[处局](?![理置罚长面])|中心|办公室)(?!评分|打分|初评|评审|考核|自[查评])|[领指]导小组|小组|[组队])""",
    re.VERBOSE,
)
"""Offices and teams called by an act: 督查考核科, 核验组. What such an office is called it need not do."""
_ASIDE = re.compile(r"《[^《》]*》|\([^()]*\)|“[^“”]*”")
_OF_THINGS = re.compile(
    rf"""(?:公布|发布|印发|报送|上报|提交|提供|填报|申报|收集|采集|汇总|审定|审核|核验|核查|评定|反馈|制[定订])后?的(?!截止|时间|时限|日期)
    |(?:经|将|把)[^,。;]{{0,10}}?(?:自评|自查|填报|申报|收集|采集)?(?:报告|材料|资料|数据|台账|表)
    (?=[^,。;]*?(?:[评打赋计量]分|初评|初核))
    |(?:根据|依据|按照|结合|对照|基于|参照|参考|凭|审核|核对|复核|审查|审阅|查阅|翻阅|评阅|听取|汇总|对|以)[^,。;]{{0,10}}?
    (?:自评|自查|填报|申报|收集|采集)?(?:报告|材料|资料|数据|台账|表|清单|情况)(?=[^,。;]*?(?:[评打赋计量]分|初评|[核审复抽]))
    |自[查评](?:自[查评纠改])?(?:整改)?(?:表|报告|材料|总结|情况|结果)
    |对[^,。;]{{0,8}}?(?:{SCORES}|初核)(?:情况|结果|工作)?(?=[^,。;]{{0,8}}(?:[复核查验]|检查|抽[查验检]))
    |(?:{CHECKED}|{VISITS}|检查)报告
    |(?:初步|初评|系统|指标)?(?:评分|打分|得分|计分|评审|考[核评])的?(?:细则|标准|办法|方案|要求)
    |(?:初步|初评|系统|指标|各项)?(?:{SCORES}|得分|{CHECKED}|{VISITS}|检查|初核|考[核评])的?(?:结果|情况|结论|意见|表|单|记录|口径|标准)(?!分)
    |(?:申诉|申辩|复议|异议|复核|复议|答复)+(?:处理)?的?(?:结果|情况|结论|意见|答复|决定)
    |(?:公布|公示|反馈|申诉)之日
    |被?(?:考[核评]|评[审价])(?:对象|办|小?组|单位|部门|系统|平台|指标|年度|内容|范围|时间|人员)""",
    re.VERBOSE,
)
"""Things a sentence speaks of by an act that is not its own: products of other steps, 的-phrases."""
_SCORED = f"{_RESULTS}|{SCORES}|分数|结论|[评打核]分?[单表]|初核表|初评"
_ABOUT_RESULTS = {
    StepKind.FEEDBACK: re.compile(
        rf"(?:{_SCORED})[^,。;]{{0,16}}(?:反馈|告知|送达|回告)|(?:反馈|告知|送达|回告)[^,。;]{{0,12}}(?:{_SCORED})|向[^,。;]{{1,10}}反馈(?![^,。;]{{0,6}}问题)"
    ),
    StepKind.PUBLIC_NOTICE: re.compile(
        rf"公示|亮[分榜牌单]|晒|张榜|上榜|发榜|放榜|(?:{_RESULTS}|报告)[^,。;]{{0,24}}(?:公布|通报|公开)|(?:公布|通报|公开)[^,。;]{{0,12}}(?:{_RESULTS})"
    ),
    StepKind.FILE: re.compile(
        rf"""审定|审议|审批|报审|报批|呈报|审核报|报(?![告送表])|(?:报送|上报|提交)(?![我本])[^,。;]{{0,12}}(?:办|[委局部厅会院]|政府)
        |(?:{_RESULTS}|报告)[^,。;]{{0,16}}(?:报送|上报|提交)""",
        re.VERBOSE,
    ),
    StepKind.CONSOLIDATE: re.compile(
        "(?:汇总|整理)(?![^,。;]{0,4}(?:资料|材料|台账|佐证|档案))|综合评[定价]|统稿|统分|合分|(?<!核)定分(?!数)|会审|合议|归总|总评|报告"
    ),
}
"""What some acts in running text must be about, to be steps of their own."""
_SENDS_SCORES = re.compile(
    r"(?:评分|打分|得分|计分|考[核评])(?:结果|表|报告|情况|意见)[^,。;]*(?:报(?!告)|送|提交)(?P<to>[^,。;]*)"
)
_ABOVE = re.compile("[^我本]*(?:办|政府|党[委组工])")


@lru_cache(maxsize=2048)
def kind_of_sentence(text: str) -> StepKind | None:
    """The kind of step a sentence tells of: of its first clause that does a step's work.

    Clauses from the deadline on come first, for what stands before it says whereupon it is done.
    """
    spans = list(tokens(text, ",。;:|\n"))
    dated = [p.start for p in find_dates(text, Reckoning(ANY_YEAR)) if not p.mentioned]
    at = next((i for i, (_, end) in enumerate(spans) if dated and dated[0] < end), 0)
    for start, end in (*spans[at:], *spans[:at]):
        clause = text[start:end].strip()
        if _WHEREUPON.search(clause):
            continue
        if _PREPARES.search(_DONE_BEFORE.sub("", _ASIDE.sub("", clause))):
            return None
        kind = _kind_of_clause(clause)
        if kind:
            return kind
    return None


_WHEREUPON = re.compile(
    r"""(?:后|时|的|基础上|为准)$|逾期|不[予再得]|未按|作为|^经[^,]*(?:同意|审[定议]|通过)$
    |^(?:根据|依据|按照|结合|对照)(?![^,]*(?:完成|形成|开展|进行|组织|提出|[评打计赋]分))""",
    re.VERBOSE,
)
"""Clauses that tell on what ground, after what or with what effect something is done."""
_DONE_BEFORE = re.compile("(?:制[定订]|印发|下发|公布|发布)的")
ANY_YEAR = 2000
"""The year dates are reckoned from where only their places are asked."""


def _kind_of_clause(clause: str) -> StepKind | None:
    words = _OFFICE_NAMES.sub("○", _ASIDE.sub("", clause))
    done = _DOES.search(words)
    named = kind_of(done["act"]) if done else None
    if named:
        return named
    acts = _OF_THINGS.sub("□", words)
    if _HANDS_IN.search(words) and not _GIVES_POINTS.search(acts):
        return StepKind.COLLECT
    for kind, pattern in _FIRST_ACTS:
        if pattern.search(acts) and not (kind is StepKind.FEEDBACK and _SETTLED.search(words)):
            return kind
    for kind, pattern in _KIND_PATTERNS:
        about = _ABOUT_RESULTS.get(kind)
        if about and not about.search(words):
            continue
        if not pattern.search(acts):
            continue
        sent = _SENDS_SCORES.search(words) if kind is StepKind.COLLECT else None
        if sent:
            return StepKind.FILE if _ABOVE.match(sent["to"]) else None
        return _scores_by_checking(kind, acts)
    return StepKind.CONSOLIDATE if _WRITES_UP.search(words) else None


_DOES = re.compile(
    rf"(?:完成(?![值率数量])|开展|进行|实施|做好|启动)(?:好|了)?(?P<act>[^,。;○□、和并对的由]{{0,6}}?(?:{'|'.join(ACTS.values())}){{1,3}})(?=工作|任务|[,。;、和并及\n]|$)"
)
"""An act told by a verb that says only that it is done: `完成实地回访`."""
_SELF_TOLD = "自[查评](?:自[查评纠改])?(?:表|报告|材料|总结|情况|结果)"
_HANDS_IN = re.compile(
    rf"(?:提交|报送|上报|提供|填写?好?|写出?|写成|形成|上传|撰写|编写|报|交|送)[^,。;○对]{{0,8}}?{_SELF_TOLD}"
    rf"|{_SELF_TOLD}[^,。;]{{0,14}}?(?:报(?!告)|交|送|提交|上传)(?![^,。;]{{0,6}}(?:考[核评]办|绩效办))"
)
"""What an assessed unit writes of itself and hands in."""
_A_SCORE = f"□|{SCORES}|初核|意见|结论|得分|分数|[评打量赋核审]分?[表单]"
_FIRST_ACTS = (
    (
        StepKind.CONSOLIDATE,
        re.compile(
            r"(?:形成|生成|编制|编成|撰写|编写|写出|写成|写|起草|拟写|拟定|拟出|出具)[^,。;□]{0,6}?"
            r"(?:考[核评]|评分|评价|综合|年度|绩效)[^,。;□]{0,4}?(?:报告|通报稿?|总结|公报)"
            r"|综合[^,。;]{0,12}(?:□|[表单]|意见|结论|结果)[^,。;]{0,30}(?:得出|确定|评定|形成|定|$)"
        ),
    ),
    (
        StepKind.FEEDBACK,
        re.compile(
            rf"(?:将|把|就)[^,。;]{{0,30}}?(?:{_A_SCORE})[^,。;]{{0,20}}?"
            r"(?:反馈|告知|告诉|通知|送达|发送|抄[给送]|寄[给送]|转给|交给(?=[各被受参])|发回|函告|发给|发至|发(?=[各被还回到])|交换|推送|沟通|见面|转告|通报给|印送|退还|征求)"
            r"(?![^,。;]{0,6}○)"
        ),
    ),
    (
        StepKind.SCORE,
        re.compile("(?:完成|开展|组织|进行)[^,。;□]{0,10}?[评打赋计]分(?!表)[^,。;]{0,4}报"),
    ),
    (StepKind.PUBLIC_NOTICE, re.compile("公示(?![期之后结])[^,。;]{0,16}(?:申诉|异议)")),
    (
        StepKind.VERIFY,
        re.compile(
            rf"(?:核对|检验|{CHECKED})[^,。;○]{{0,12}}?(?:{SCORES}|初核|得分|分数|分值)(?!人)"
        ),
    ),
)
"""Acts that a second one in the same clause only follows: what is scored is then sent on."""
_SETTLED = re.compile("审定|最终")
"""What is made known after it was settled is no feedback that could still change it."""
_WRITES_UP = re.compile("(?:形成|编制|撰写|出具)[^,。;]{0,10}(?:报告|得分|考[核评]结果)")


def _scores_by_checking(kind: StepKind, acts: str) -> StepKind:
    """`现场打分` and `复核打分` score: the way it is done is not the act."""
    weak = kind is StepKind.VERIFY and not CHECKS.search(acts)
    return StepKind.SCORE if weak and _GIVES_POINTS.search(acts) else kind


_GIVES_POINTS = re.compile("[评打赋计量]分")
_SCORES = re.compile(
    "(?:提出|形成|给出|作出)[^,。;]{0,6}(?:评分|打分|得分)|复核(?:并|后)?(?:打分|评分|赋分)(?!情况|结果|是否|表|意见|工作|的)"
)


def kind_of_step(title: str, text: str) -> StepKind | None:
    """The kind of a step: of its title, else of its words; 复核 is told by who asks for it."""
    if _PREPARES.search(title):
        return None
    kind = kind_of(title)
    if kind is StepKind.SCORE and _LOOKS_AT_SCORES.search(text):
        return StepKind.VERIFY
    if kind is StepKind.PUBLIC_NOTICE and (
        _OF_FIRST_SCORES.search(title) or ("通报" in title and _TO_ASSESSED.search(text))
    ):
        return StepKind.FEEDBACK
    if kind is StepKind.VERIFY and not CHECKS.search(title):
        return kind_of_review(title, text)
    if kind is StepKind.FILE and _ONLY_SENDS.fullmatch(title) and _of_assessed(text[len(title) :]):
        return StepKind.COLLECT
    return kind or kind_of_sentence(text)


_TO_ASSESSED = re.compile(
    r"(?:反馈|通报|告知|发|送)(?:给|至|到|向)?(?:各|每)?[^,。;]{0,4}(?:被[考评]|受[考评]|参评|接受考|(?:考核|考评|评[价估])对象|单位|(?<=各)[一-鿿]{1,3}(?=[,。;]|$))"
)
_OF_FIRST_SCORES = re.compile("初[分评步].{0,4}(?:通报|公布)|(?:通报|公布).{0,2}初[分评步]")
"""What is told of scores that may still change is feedback: 初分通报."""
_LOOKS_AT_SCORES = re.compile(
    f"对[^,。;]{{0,8}}(?:{SCORES}|初核)(?:情况|结果|[表单])?(?:逐[项条户])?(?:进行|开展|作)?(?:现场|实地|上门|入户)"
)
"""What is called scoring and looks at scores where they were earned: `对评分表进行现场评价`."""
_ONLY_SENDS = re.compile(r"[^审批议]{0,6}(?:报送|上报|提交)[^审批议]{0,6}")


def _of_assessed(text: str) -> bool:
    """Whether what is sent comes from the assessed side and goes no higher than the office itself."""
    return kind_of_sentence(text) is StepKind.COLLECT and not _GOES_UP.search(text)


_GOES_UP = re.compile(
    "报(?![告送表])[^,。;]{0,10}(?:绩效办|考[核评]办|政府|党[委组工]|委员会)|审定|签发"
)


_REVIEWED = re.compile(
    "(?:形成|出具?|提出|写出|作出|填写?)[^,。;]{0,4}复核(?:意见|结论|记录|报告|情况)"
)


def kind_of_review(title: str, text: str) -> StepKind:
    """What 复核 or 检查考核 is: an appeal where the assessed side asks for it, scoring where points are given."""
    if "复核" in title and _KIND_PATTERNS[0][1].search(text):
        return StepKind.APPEAL
    if _REVIEWED.search(text):
        return StepKind.VERIFY
    scores = _GIVES_POINTS if re.search("考[核评]", title) else _SCORES
    return (
        StepKind.SCORE
        if scores.search(_OF_THINGS.sub("", text)) or _SCORES.search(text)
        else StepKind.VERIFY
    )
