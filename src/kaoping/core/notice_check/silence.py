"""What no sentence of a notice rules, though the work will ask for it (codes `…-MISSING`).

Each gap is a table row: when the rule is needed, and by which forms of words a text rules it. Only the
text itself counts: what an annex rules, its own checks look at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.problems import Problem
from kaoping.core.scheme import StepKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.core.notice.passage import Source
    from kaoping.core.notice_check.words import Words

WHOLE_TEXT = "全文"
"""The place of what stands nowhere."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One rule people expect.

    Attributes:
        occasion: the words that make the rule necessary; None where every assessment needs it.
        told: for each part of the rule its name and the words of a sentence that give it.
        message: what is missing; `{parts}` stands for the parts not told.
    """

    code: str
    occasion: re.Pattern[str] | None
    told: tuple[tuple[str, re.Pattern[str]], ...]
    message: str
    suggestion: str


def _gap(code: str, occasion: str, told: dict[str, str], message: str, suggestion: str) -> Gap:
    return Gap(
        code,
        re.compile(occasion) if occasion else None,
        tuple((name, re.compile(pattern, re.VERBOSE)) for name, pattern in told.items()),
        message,
        suggestion,
    )


_COUNT = r"(?:[0-9]+(?:\.[0-9]+)?|[一二两三四五六七八九十百]+)"
_MATERIAL = r"(?:材料|资料|台账|数据|佐证|报表|报告|自评|自查|报送|上报|提交|提供|填报)"

GAPS = (
    _gap(
        "RULE-MISSING",
        "",
        {
            "分值": rf"分值|满分|百分制|{_COUNT}\ ?分(?![局管别工钟公类期组年配析解])",
            "计分办法": rf"""加权|之和|累加|相加|总分[为由=]|求和|平均|得分(?:=|按|由|等于|为)
                |[乘×]|按比例|比例(?:计|得|折)|除以|每[^。,;]{{1,24}}[扣加计得减]{_COUNT}?|计分(?:公式|办法|方法|规则)
                |逐项(?:计|打|评|扣)分|(?:加|减|扣)分制|直接计分|分档""",
            "小数取舍": rf"""四舍五入|保留[^。,;]{{0,10}}(?:小数|位)|小数点|取整|尾数|精确(?:到|至)|舍入|整数(?:计|位|分)
                |{_COUNT}位小数""",
            "封顶和下限": r"""(?:大于|高出|超出)[^。;,]{1,12}(?:的|时),?[^。;,]{0,4}(?:取|[记计按])|小于(?:0|零)|减(?:完|到|至)|不再增加|超出[^。;,]{0,8}满分|直至[^。;,]{0,8}[0零]分|扣完为止|扣完即止|封顶|为止|为限|不(?:得)?(?:再)?(?:超过|高于|低于)[^。,;]{0,14}分|上限|下限
                |最高(?:不|得|计|加|为|[0-9])|最低(?:不|得|计|为|扣|[0-9])|最多(?:加|扣|得|计)|负分|倒扣|保底
                |扣[至到](?:零|0)|(?:超过|高于|超出)[^。;,]{2,10}(?:的|时)?,?(?:只|均|一律)?(?:取|按)|出现负|负(?:数|值)|低于(?:0|零)分|[记计]满分|零分为|(?:往下|继续)扣|[按计]满分|扣光""",
        },
        "正文没有写明{parts}",
        "请在正文写明分值、计分公式、小数取舍、封顶和下限；附件已有规定的，核对后可保留",
    ),
    _gap(
        "FEEDBACK-MISSING",
        "",
        {
            "反馈": r"""反馈|告知|函告|书面通知被考|送(?:达|交)(?:各)?被考|通报(?:给)?各?(?:被考|单位)
                |(?:发|送|抄|寄|交|转)(?:给|到|回|至|达|还){0,2}(?:各|每|该|本|全部|[0-9]+)?[个家]?(?:被考|被评|受[考评]|参评|(?:考核|考评|评估|评价|评议|评定|测评)(?:对象|单位)
                |学校|乡镇|县区|区县|街道|企业|医院|单位|部门|[一-鿿]{1,4}所|公司)""",
            "公示": r"公示|公开|公布|公告|张榜|张贴|上墙|晒分",
            "申诉": r"申诉|异议|(?<!当事人)陈述|申辩|申请(?:复核|复查|复议|复评)|(?:复核|复查|复议)申请|提出(?:不同)?意见|不服|不同意(?!见)|书面意见|不认[可同]",
        },
        "没有规定{parts}",
        "请写明初步得分何时反馈、何处公示、如何申诉和答复；不设的也请写明",
    ),
    _gap(
        "NA-MISSING",
        "",
        {
            "": r"""不涉及|不适用|缺项|无此(?:项|类)|未(?:承担|涉及|下达|安排|分配|列入)|(?:没有|无|不)(?:承担|该项|此项|相应|这项|对应|相关)
                [^。;]{0,12}(?:任务|指标|工作|业务|职能|职责)?|不(?:参与|参加|纳入|列入)[^。,;]{0,8}(?:考|计分|评分|该项)|没有任务
                |免考|免评|免于(?:计分|考核|评分)|不再承担|该项不考|不(?:测|评|考|计)(?:该项|这项|[一-鿿]{2,8},)|无此(?:业务|任务|情况)|没有[^。,;]{0,24}的[^。;]{0,30}(?:不计|不考|不评|不测|折算|换算|平均数)
                |与[^。,;]{0,14}(?:无关|没有关系)|不计入[,。;]""",
        },
        "没有规定单位不涉及某项任务时怎么计分",
        "请写明不涉及的任务是折算、按满分、按平均，还是调剂分值",
    ),
    _gap(
        "TIES-MISSING",
        "",
        {
            "": r"""并列|同分|同名次|打平|同一个?[名位]次|共[占享](?!用)|(?:得分|分数|总分|成绩|名次|分值|综合分)[^。;,]{0,6}(?:相同|相等|一致|一样|持平)
                |相同(?:的)?(?:得分|名次|分数)|(?:相同|相等)的,""",
        },
        "没有规定得分相同怎么排名次",
        "请写明并列名次怎么排，或按什么再比",
    ),
    _gap(
        "LATE-MISSING",
        "",
        {
            "": rf"""{_MATERIAL}[^。;]{{0,30}}(?:逾期|迟报|迟交|晚报|晚交|过期|超期|超时|延误|漏报|拖延)
                |(?:逾期|迟报|迟交|晚报|晚交|过期|超期|超时|延误|漏报|拖延)[^。;异申诉示]{{0,16}}{_MATERIAL}
                |(?:逾期|迟报|迟交|晚报|晚交|漏报)[^。;异申诉示]{{0,28}}[扣减视补收]
                |[日限期时](?:以后|之后|后)(?:才)?(?:[报交送]来?|提交|上传|寄出|[申填上]报)[^。;]{{0,40}}[扣减收理]
                |过了[^。;]{{0,16}}(?:才|还|仍|没)?[^。;]{{0,4}}(?:送|报|交|收|上传|提交)
                |每?[过晚迟][^。;]{{0,6}}个?[天日工][^。;]{{0,16}}[扣减]
                |(?:未|没有|不能|不)(?:能)?(?:按时|按期|如期|及时|在规定|于规定|按规定(?:时限|时间))[^。;]{{0,24}}(?:{_MATERIAL}|交|报|的)
                |补(?:交|报|送|充报)[^。;]{{0,30}}(?:扣|不|视|按|计|作)
                |(?:时限|期限|截止|时间)[^。;,]{{0,6}}(?:后|以后|之后|过)[^。;]{{0,12}}(?:不再|不予|报|交|补|才|送)
                |(?:超过|过了|晚于)[^。;,]{{0,14}}(?:时限|期限|时间|截止)[^。;]{{0,24}}(?:报|交|{_MATERIAL}|的)
                |每(?:迟|晚|逾期|延迟|延后|延|拖|延误|超)[^。;]{{0,10}}[天日次][^。;]{{0,16}}[扣减]""",
        },
        "没有规定材料逾期或缺报怎么处理",
        "请写明逾期的材料收不收、扣不扣分，缺报的怎么计分",
    ),
    _gap(
        "SAMPLING-MISSING",
        r"随机(?!应变)|抽查|抽样|抽取|抽检|抽核",
        {
            "抽取数量": rf"""(?:[抽摇]|选[取定])[^\n]{{0,60}}(?:{_COUNT}\ ?(?:%|[个家项户处件份条名成卷所人宗批间例本座村台张组])|百分之|分之|半数|一半)
                |(?:{_COUNT}\ ?(?:%|[个家项户处件份条名成卷所人宗批间例本座村台张组])|百分之|分之|半数|一半)[^\n]{{0,60}}(?:[抽摇]|选[取定])""",
            "抽取办法": r"""抽签|摇号|随机数|(?:电脑|计算机|系统|软件|程序|平台)[^。;,]{0,8}(?:随机|抽)|骰|抓阄|摇珠|种子|号球|现场抽(?![查核检验样])
                |抽号|(?:抽取|抽选|抽签|抽样|随机)(?:系统|平台|软件|程序|工具)|随机函数|随机数""",
            "由谁抽取": r"""由[^。,;]{2,24}(?:抽|摇|选|承担|产生|主持|组织|实施|操作|做|执行|进行)|监督|见证|公证|在场|(?:科|处|室|股|局|办|组|委)[^。,;]{0,14}抽(?:取|签|查|样|定)?
                |当众|当场""",
        },
        "随机抽查没有写明{parts}",
        "请写明抽多少、用什么公开办法抽、由谁抽、谁监督",
    ),
    _gap(
        "CORRECTION-MISSING",
        r"(?:擅自|随意|私自|不得|严禁|禁止|不准|人为)[^。,;]{0,10}(?:修改|更改|改动|涂改|变更|篡改|调整|改变|改(?=[,。;]))",
        {
            "": r"""更正|(?<!责令)(?<!限期)改正|纠错|改错|有错要改|签字后要改|纠正(?=差错|错误|：|:)|补正|订正|勘误|必须(?:修改|更改|改)|写错|要改的|纠正[^。;]{0,10}(?:分|数据|结果)|(?:确需|确有|确须|需要|需|须|因|如|若|发现|(?<!一)经|报)[^。;不擅私禁]{0,30}
                (?:修改|更改|改动|变更|修正|调整)(?!和|、|或|,)
                |(?:差错|错误|失误|笔误|漏[计填记]|写错|算错)[^。;]{0,50}(?:另填|重新?填|[另重]制|[换重][开出])
                |(?:真有|出现|发现|如有|若有|出了)(?:错误?|差错|失误|笔误|出入)(?:的|,)[^。;]{0,50}(?<!整)改(?!革|进|善)""",
        },
        "禁止擅自修改，却没有规定发现差错后怎样经批准更正",
        "请写明谁可以申请、谁批准更正，怎样留下记录",
    ),
)


_TOLD_BY_STEP = {
    "反馈": StepKind.FEEDBACK,
    "公示": StepKind.PUBLIC_NOTICE,
    "申诉": StepKind.APPEAL,
}
"""Rules that a step of this kind gives, however it is worded."""


def find_gaps(words: Words) -> Iterator[Problem]:
    """Every rule the text needs and does not give."""
    lines = [line.text for line in words.body]
    kinds = {step.kind for step in words.notice.steps}
    lines += ["".join(near) for near in zip(lines, lines[1:], lines[2:], strict=False)]
    for gap in GAPS:
        place = WHOLE_TEXT
        if gap.occasion:
            occasion = words.first(gap.occasion)
            if occasion is None:
                continue
            place = occasion.place
        missing = [
            name
            for name, told in gap.told
            if _TOLD_BY_STEP.get(name) not in kinds and not any(map(told.search, lines))
        ]
        if missing:
            message = gap.message.format(parts="、".join(missing))
            yield Problem(gap.code, place, message, gap.suggestion)
    yield from _without_precedence(words)


_PRELIMINARY = re.compile(r"初步(?:评分|得分|打分|结果|意见|评价)|初评|初审得分|自评(?:得)?分")
_VERIFIED = re.compile(
    r"(?:抽核|抽验|察看|踏勘|核验|核查|复核|检查|抽查|查验|核实)(?:组|情况|结果|意见|评分|结论|单|表|记录)"
)
_DISAGREE = r"(?:不同(?!意)|不相同|不一样|说法不一|打架|推翻|不一[致样]|不相?符|出入|差异|差别|抵触|对不上|相异|相悖|冲突|矛盾|有别|分歧|相左)"
_CHECKED = r"(?:抽核|抽验|察看|复核意见|踏勘|复看|查看|查访|核验|核查|核实|复查|抽查|检查|查验|回访|暗访|实地|现场)"
_VERIFIED_PREVAILS = re.compile(
    rf"{_CHECKED}[^。]{{0,30}}{_DISAGREE}|{_DISAGREE}[^。]{{0,40}}{_CHECKED}|"
    r"(?:以|按|依)[^。、]{0,24}(?:核验|核查|核实|检查|抽查|查验|现场|认定)[^。、]{0,24}(?:为准|计分|确定|认定|执行|算)"
    r"|(?:采用|采信|听|认|从|依|按|用)[^。、,]{0,12}(?:核验|核查|核实|检查|抽查|查验|复查)[^。、,]{0,6}(?:结果|结论|意见|[单数分表])(?:[的,。;]|$)"
    r"|(?:核验|核查|核实|检查|抽查|查验)[^。]{0,50}(?:为准|修正|调整|重新|相应|扣减|核减|更正|据实|改按|一票|采信)"
    r"|(?:不一致|不相符|不符|有出入|有差异|相差)[^。]{0,40}(?:核验|核查|核实|检查|抽查|查验)"
)
_ON_PLATFORM = re.compile(
    r"(?:平台|系统)[^。;]{0,24}(?:评分|录入|打分|提交|上传|报送|填写|登记)|(?:录入|填入|上传)[^。;]{0,16}(?:平台|系统)"
)
_BY_DOCUMENT = re.compile(r"(?:正式|公文|行文|书面|纸质)(?:文件|形式|报告|材料)?|印发文件|红头")
_ONE_PREVAILS = re.compile(
    rf"(?:平台|系统|文件|纸质|台账|公文)[^。]{{0,30}}{_DISAGREE}|{_DISAGREE}[^。]{{0,40}}(?:平台|系统|文件|纸质|台账|公文)|"
    r"(?:以|按|依)[^。;]{0,24}(?:文件|平台|系统|纸质|公文|书面|报告|盖章|通知)[^。;]{0,24}(?:为准|为据|算|执行|计)"
    r"|(?:采用|采信)[^。;]{0,8}(?:文件|平台|系统|纸质|公文|书面|报告|盖章|评分)"
    r"|(?:平台|系统|文件|纸质|两者|二者)[^。;]{0,24}(?:为准|一致|相符)"
)


_NOT_AGAIN = re.compile(r"不(?:再|得|用|必)?重复")


def _entered(words: Words) -> Source | None:
    """Where something is entered on a platform; what need not be handed in again is none."""
    for sentence in words.whole_sentences:
        match = _ON_PLATFORM.search(sentence.text)
        if match and not _NOT_AGAIN.search(sentence.text):
            return sentence.source(*match.span())
    return None


def _without_precedence(words: Words) -> Iterator[Problem]:
    """Two results of one thing, and no word which of them counts."""
    kinds = {step.kind for step in words.notice.steps}
    preliminary = StepKind.SCORE in kinds or words.says(_PRELIMINARY)
    verified = words.first(_VERIFIED) if preliminary else None
    if verified and not any(_VERIFIED_PREVAILS.search(s.text) for s in words.whole_sentences):
        yield Problem(
            "PRECEDENCE-MISSING",
            verified.place,
            "初步评分与核验意见不一致时，没有写明以哪个为准",
            "请写明核验后怎样改分、由谁认定",
        )
    entered = _entered(words) if words.says(_BY_DOCUMENT) else None
    if entered and not any(_ONE_PREVAILS.search(s.text) for s in words.whole_sentences):
        yield Problem(
            "PRECEDENCE-MISSING",
            entered.place,
            "正式文件与平台上的评分不一致时，没有写明以哪个为准",
            "请写明以正式文件还是平台为准，提交前逐项核对",
        )
