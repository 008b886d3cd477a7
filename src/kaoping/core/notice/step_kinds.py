"""The kind of a step: told by its title, else by the main act of its words.

A title names its act (数据收集, 现场核验). In running text only the clause that is told counts; what
it speaks of by another act (`审核自评材料并打分`, `公布的数据`) does not.
"""

from __future__ import annotations

import re

from kaoping.core.notice.contacts import tokens
from kaoping.core.notice.dates import Reckoning, find_dates
from kaoping.core.scheme import StepKind

_PAPERS = "资料|材料|数据|台账|佐证|信息|情况|自评|自查|指标|附表|报表"
_KINDS: tuple[tuple[StepKind, str], ...] = (
    (StepKind.APPEAL, "申诉|复议|(?<!无)异议|(?:提出|申请|要求)[^,。;]{0,6}复核|复核申请"),
    (StepKind.FEEDBACK, "反馈"),
    (StepKind.PUBLIC_NOTICE, "公示|公布|通报"),
    (
        StepKind.COLLECT,
        rf"""(?:{_PAPERS})的?
        (?:收集|采集|报送|上报|申报|填报|提供|提交|整理上报|归集|上传|报(?![告表]))
        |(?:报送|上报|提交|提供|申报|填报|上传)[^,。;]{{0,8}}(?:自评|自查|资料|材料|台账|佐证|数据)
        |收集|采集|填报|自评|自查|申报|监测""",
    ),
    (StepKind.VERIFY, "核验|核查|实地|现场|抽查|查验|核实|检查|复核|复查"),
    (
        StepKind.FILE,
        r"""报送|上报|审定|报审|审议|审批|提交|审核报|报批|呈报
        |报(?![告送表])[^,。;]{0,10}(?:绩效办|考[核评]办|政府|党[组委工]|委员会)""",
    ),
    (StepKind.CONSOLIDATE, "汇总|整理|综合评定|综合评价|统稿|形成报告|评分报告|统分|合分"),
    (
        StepKind.SCORE,
        r"""评分|打分|赋分|评审|初评|计分|量化|考评|评定|评价|测评
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


def kind_of(words: str) -> StepKind | None:
    """The kind of step a title speaks of."""
    words = _RULES.sub("", _ASIDE.sub("", words))
    if _PREPARES.search(words):
        return None
    kinds = [kind for kind, pattern in _KIND_PATTERNS if pattern.search(words)]
    first = kinds[0] if kinds else None
    if first is StepKind.VERIFY and StepKind.SCORE in kinds and not CHECKS.search(words):
        return StepKind.SCORE
    if first is StepKind.PUBLIC_NOTICE and StepKind.CONSOLIDATE in kinds:
        return StepKind.CONSOLIDATE
    return first


_RULES = re.compile("(?:评分|打分|计分|考[核评]|评审)的?(?:细则|标准|办法|方案|要求)")
"""What scoring goes by: speaking of it is no scoring."""
CHECKS = re.compile("核验|核查|抽查|查验|核实")
"""Checking of its own; 现场 and 检查 may only be the way in which scores are given."""
_ASIDE = re.compile(r"《[^《》]*》|\([^()]*\)|“[^“”]*”")
_OF_THINGS = re.compile(
    r"""(?:公布|发布|印发|报送|上报|提交|提供|填报|申报|收集|采集|汇总|审定|审核|核验|核查|评定|反馈|制[定订])后?的(?!截止|时间|时限|日期)
    |(?:经|将|把)[^,。;]{0,10}?(?:自评|自查|填报|申报|收集|采集)?(?:报告|材料|资料|数据|台账|表)
    (?=[^,。;]*?(?:评|打|赋|计)分)
    |(?:根据|依据|按照|结合|对照|基于|参照|参考|审核|核对|复核|审查|查阅|汇总|对)[^,。;]{0,10}?
    (?:自评|自查|填报|申报|收集|采集)?(?:报告|材料|资料|数据|台账|表|情况)(?=[^,。;]*?(?:[评打赋计]分|[核审复抽]))
    |(?:初步|初评|系统|指标)?(?:评分|打分|得分|计分|评审|考[核评])的?(?:细则|标准|办法|方案|要求)
    |(?:初步|初评|系统|指标|各项)?(?:评分|打分|得分|计分|评审|核验|核查|抽查|考[核评])的?(?:结果|情况|结论)
    |(?:公布|公示|反馈|申诉)之日
    |被?(?:考[核评]|评[审价])(?:对象|办|小?组|单位|部门|系统|平台|指标|年度|内容|范围|时间|人员)""",
    re.VERBOSE,
)
"""Things a sentence speaks of by an act that is not its own: products of other steps, 的-phrases."""
_ABOUT_RESULTS = {
    StepKind.FEEDBACK: re.compile(
        rf"(?:{_RESULTS})[^,。;]{{0,12}}反馈|反馈[^,。;]{{0,12}}(?:{_RESULTS})"
    ),
    StepKind.PUBLIC_NOTICE: re.compile(
        rf"公示|(?:{_RESULTS}|报告)[^,。;]{{0,24}}(?:公布|通报)|(?:公布|通报)[^,。;]{{0,12}}(?:{_RESULTS})"
    ),
    StepKind.FILE: re.compile(
        rf"""审定|审议|审批|报审|报批|呈报|审核报|报(?![告送表])|(?:报送|上报|提交)(?![我本])[^,。;]{{0,12}}(?:办|[委局部厅会院]|政府)
        |(?:{_RESULTS}|报告)[^,。;]{{0,16}}(?:报送|上报|提交)""",
        re.VERBOSE,
    ),
    StepKind.CONSOLIDATE: re.compile(
        "(?:汇总|整理)(?![^,。;]{0,4}(?:资料|材料|台账|佐证|档案))|综合评[定价]|统稿|统分|合分|报告"
    ),
}
"""What some acts in running text must be about, to be steps of their own."""
_SENDS_SCORES = re.compile(
    r"(?:评分|打分|得分|计分|考[核评])(?:结果|表|报告|情况|意见)[^,。;]*(?:报(?!告)|送|提交)(?P<to>[^,。;]*)"
)
_ABOVE = re.compile("[^我本]*(?:办|政府|党[委组工])")


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
    words = _ASIDE.sub("", clause)
    acts = _OF_THINGS.sub("□", words)
    for kind, pattern in _FIRST_ACTS:
        if pattern.search(acts):
            return kind
    for kind, pattern in _KIND_PATTERNS:
        about = _ABOUT_RESULTS.get(kind)
        if about and not about.search(words):
            continue
        if not pattern.search(words if kind is StepKind.APPEAL else acts):
            continue
        sent = _SENDS_SCORES.search(words) if kind is StepKind.COLLECT else None
        if sent:
            return StepKind.FILE if _ABOVE.match(sent["to"]) else None
        return _scores_by_checking(kind, acts)
    return StepKind.CONSOLIDATE if _WRITES_UP.search(words) else None


_FIRST_ACTS = (
    (
        StepKind.SCORE,
        re.compile("(?:完成|开展|组织|进行)[^,。;□]{0,10}?[评打赋计]分(?!表)[^,。;]{0,4}报"),
    ),
    (StepKind.PUBLIC_NOTICE, re.compile("公示(?![期之后结])[^,。;]{0,16}(?:申诉|异议)")),
)
"""Acts that a second one in the same clause only follows: what is scored is then sent on."""
_WRITES_UP = re.compile("(?:形成|编制|撰写|出具)[^,。;]{0,10}(?:报告|得分|考[核评]结果)")


def _scores_by_checking(kind: StepKind, acts: str) -> StepKind:
    """`现场打分` and `复核打分` score: the way it is done is not the act."""
    weak = kind is StepKind.VERIFY and not CHECKS.search(acts)
    return StepKind.SCORE if weak and _GIVES_POINTS.search(acts) else kind


_GIVES_POINTS = re.compile("评分|打分|赋分|计分")
_SCORES = re.compile(
    "(?:提出|形成|给出|作出)[^,。;]{0,6}(?:评分|打分|得分)|复核(?:并|后)?(?:打分|评分|赋分)"
)


def kind_of_step(title: str, text: str) -> StepKind | None:
    """The kind of a step: of its title, else of its words; 复核 is told by who asks for it."""
    if _PREPARES.search(title):
        return None
    kind = kind_of(title)
    if kind is StepKind.VERIFY and not CHECKS.search(title):
        return kind_of_review(title, text)
    return kind or kind_of_sentence(text)


def kind_of_review(title: str, text: str) -> StepKind:
    """What 复核 or 检查考核 is: an appeal where the assessed side asks for it, scoring where points are given."""
    if "复核" in title and _KIND_PATTERNS[0][1].search(text):
        return StepKind.APPEAL
    scores = _GIVES_POINTS if re.search("考[核评]", title) else _SCORES
    return (
        StepKind.SCORE
        if scores.search(_OF_THINGS.sub("", text)) or _SCORES.search(text)
        else StepKind.VERIFY
    )
