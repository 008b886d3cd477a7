"""办理: what is ordered of whom, and where it is unclear: scope, leads, signers, routes, options."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import cells_of
from kaoping.core.notice.outline import is_numbered
from kaoping.core.notice.passage import plain_width, shortened
from kaoping.core.problems import Problem
from kaoping.core.scheme import StepKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from kaoping.core.notice.duties import NoticeIndicator
    from kaoping.core.notice.passage import Found, Passage
    from kaoping.core.notice_check.words import Words


def check_routes(words: Words) -> Iterator[Problem]:
    """Every order that leaves open who does it, whether, or by which way."""
    indicators = words.notice.indicators
    yield from _partly_led(indicators)
    yield from _partly_told(words)
    yield from _led_twice(words)
    yield from _one_leader_many(words)
    yield from _two_routes(words)
    yield from _sent_twice(words)
    yield from _left_open(words)
    yield from _unclear_signers(words)
    yield from _open_lists(words)


# --- duties ----------------------------------------------------------------------------------------


def _partly_led(indicators: Sequence[NoticeIndicator]) -> Iterator[Problem]:
    """Indicators of which only a part is given to somebody."""
    scopes: dict[str, list[NoticeIndicator]] = defaultdict(list)
    for indicator in indicators:
        scopes[indicator.name.value].append(indicator)
    for name, shared in scopes.items():
        scope = shared[0].scope
        if scope and len(shared) == 1:
            yield _only_a_part(scope.source.place, name, scope.value)


_PART_OF_NAME = re.compile(
    r"(?P<name>[^,。;:、]{2,30}?)(?:指标)?(?:中的|里的|内的)(?P<part>[^,。;:、]{2,30})"
)
_ONLY_PART = re.compile(
    r"(?:(?:^|[,:;。)])其中的?|\((?:仅|只)(?:负责|承担|考核)其中的?|中(?=[^,。;]{2,16}的(?:主管|责任|主责|承办|牵头))|(?:指标)?(?:\([^()]*分\))?(?:指标)?(?:中的|里的|内的|中,?仅|中只|,?仅|,?只)(?:对|负责|考核)?)"
    r"(?P<part>[^,。;:、由的]{2,24}?)(?:部分|方面|环节)?(?:、[^,。;:由]{2,40})?(?=\)|的(?:主管|责任|主责|承办|牵头)|,?(?:具体)?由[^,。;]{2,24}(?:牵头|负责|[承主]办|承担)|(?:两|[二三四五六七八九])项(?:指标|工作)?)"
)
_ANSWERED = re.compile("主管|责任|牵头|负责|[承主]办|承担")
_THE_REST = re.compile(r"其余|其他部分|除此|另一部分|其它")


def _partly_told(words: Words) -> Iterator[Problem]:
    """Parts of indicators that names or sentences tell of, and nobody answers for the rest."""
    indicators = words.notice.indicators
    told: set[str] = set()
    for indicator in indicators:
        part = _PART_OF_NAME.fullmatch(plain_width(indicator.name.value))
        if part and indicator.scope is None:
            told.add(part["part"])
            yield _only_a_part(indicator.name.source.place, part["name"], part["part"])
    names = {plain_width(i.name.value) for i in indicators}
    scopes = {plain_width(i.scope.value) for i in indicators if i.scope}
    for sentence in words.sentences:
        if (headed := _heads_a_part(sentence, names)) and headed[1] not in told | scopes:
            told.add(headed[1])
            yield _only_a_part(sentence.source().place, *headed)
            continue
        match = _ONLY_PART.search(sentence.text)
        if match is None or match["part"] in told | scopes or _THE_REST.search(sentence.text):
            continue
        if not _ANSWERED.search(sentence.text) or match["part"] in names:
            continue
        name = _named_before(words, sentence, match.start())
        if name:
            told.add(match["part"])
            place = sentence.source(*match.span("part")).place
            yield _only_a_part(place, name, match["part"])


def _heads_a_part(sentence: Passage, names: Collection[str]) -> tuple[str, str] | None:
    """An indicator and its part where a heading names only that: `6.2产业项目开工中的仓储项目:`."""
    numbered = _HEADING_NUMBER.match(sentence.text)
    start = numbered.end() if numbered else 0
    for name in names:
        if sentence.text.startswith(name, start):
            part = _PART_BEHIND.match(sentence.text, start + len(name))
            if part:
                return name, part["part"]
    return None


_HEADING_NUMBER = re.compile(
    r" *(?:第[一二三四五六七八九十百0-9]{1,4}[条项]|\([0-9一二三四五六七八九十]{1,3}\)|[0-9.]{1,5}[、. ]?|[一二三四五六七八九十]{1,3}[、.])? *"
)
_PART_BEHIND = re.compile(
    r"(?:指标)?(?:\(?(?:分值|值|占|计|,)*[0-9.]{1,5}分\)?[,。]?)?(?:,?其?中的|里的|内的)(?P<part>[^,。;:、()由具]{2,24}?)(?=[:(,。]|(?:具体)?由|$)"
)


def _named_before(words: Words, sentence: Passage, at: int) -> str:
    """The indicator right before a place, or, where a sentence opens with 其中, the last one told."""
    names = [plain_width(i.name.value) for i in words.notice.indicators]
    before = sentence.text[:at].rstrip('”"》')
    direct = [name for name in names if before.endswith(name)]
    if direct:
        return max(direct, key=len)
    if not re.match(r"[,:;。)(]*(?:仅|只)?(?:负责|承担|考核)?其中", sentence.text[at:]):
        return ""
    line = sentence.pieces[0].line
    above = [i for i in words.notice.indicators if i.name.source.line <= line]
    heads = {i.paragraph.line: i for i in words.notice.indicators if i.paragraph}
    inside = [name for name in names if name in before]
    nearest = heads.get(line) or max(above, key=lambda i: i.name.source.line, default=None)
    return inside[-1] if inside else plain_width(nearest.name.value) if nearest else ""


def _only_a_part(place: str, name: str, part: str) -> Problem:
    return Problem(
        "SCOPE-PARTIAL",
        place,
        f"指标是“{name}”，只有其中的“{part}”写明由谁负责，其余部分无人负责",
        "请写明其余部分由谁负责，或把指标改为这一部分",
    )


_LEADS = re.compile(
    r"由?(?P<who>[^,。;:、()由]{2,20}?)(?:(?:负责)?牵头(?![单部科处股责人领]|组(?!织)|[^,。;]{0,2}(?:单位|科室|处室|部门))|(?:担任|为|作为|系)牵头(?:单位|科室|处室|部门))"
)
_BY_LEADING = re.compile(r"由[^,。;由]{2,20}牵头")
_LED_AGAIN = re.compile(
    r"牵头[^。;]{0,24}[,;](?:具体由[^,。;由]{2,20}牵头|由[^,。;由]{2,20}具体牵头)"
)
_TOGETHER = re.compile(
    r"由?(?P<who>[^,。;:()由]{2,20}?[科处股局委办室][、和与及][^,。;:()]{2,20}?[科处股局委办室])(?:共同|联合|分别)?牵头"
)


def _led_twice(words: Words) -> Iterator[Problem]:
    """Duties in which two offices are told to lead."""
    told = set(_duty_lines(words))
    for line in words.sentences:
        again = _LED_AGAIN.search(line.text)
        twice = line in told or len(_BY_LEADING.findall(line.text)) > 1
        leads = list(_LEADS.finditer(line.text)) if twice else []
        together = _TOGETHER.search(line.text) if twice else None
        if len(leads) > 1 or together or again:
            at = together or again or leads[1]
            yield Problem(
                "DOUBLE-LEAD",
                line.source(at.start(), at.end()).place,
                f"同一项职责写了两次牵头：“{shortened(line.written.strip())}”",
                "请写明一个牵头，其余写“具体负责”或“配合”",
            )


def _duty_lines(words: Words) -> Iterator[Passage]:
    """The sentences that tell one indicator's duty; a line that holds several is divided."""
    paragraphs = {i.paragraph.line for i in words.notice.indicators if i.paragraph}
    for sentence in words.sentences:
        if sentence.pieces[0].line in paragraphs:
            yield sentence


_MANY = 3


def _one_leader_many(words: Words) -> Iterator[Problem]:
    """One leader for most indicators, whose steps all end on the same days."""
    led: dict[str, list[NoticeIndicator]] = defaultdict(list)
    for indicator in words.notice.indicators:
        for leader in indicator.responsible_leader:
            led[plain_width(leader.value)].append(indicator)
    count = len(words.notice.indicators)
    dues = [step.due for step in words.notice.steps if step.due]
    for name, many in led.items():
        if len(many) >= _MANY and len(many) * 2 > count and len(led) > 1 and dues:
            first = next(f for f in many[0].responsible_leader if plain_width(f.value) == name)
            yield Problem(
                "SIGN-PEAK",
                first.source.place,
                f"{first.value}一人负责 {count} 项指标中的 {len(many)} 项，各项同日到期，签字会挤在一起",
                "请错开时限，或明确代签的人（AB岗）",
            )


# --- routes ----------------------------------------------------------------------------------------

_WHO = (
    r"(?:(?:各|[一二三四五六七八九十0-9]{1,3}个|有关|相关|责任|负责|评分|打分|牵头|配合|主办|承办|被考评|被考核|业务|市直|县直|区直)+(?:单位|科室|处室|股室|部门|科|处)(?:\([^()]{1,8}\))?"
    r"|[局委厅]办公室|各[一-鿿]{1,6}(?:单位|部门|科室|处室|局|县区|镇|乡镇|街道)"
    r"|(?:(?![由以将经按在于报送把对向与和及后前日各的交单])[一-鿿]){2,10}?(?:科|处|股|局|委|办公室|办|中心|组))"
)
_SENDS = re.compile(
    r"(?:报送|上报|报(?![告表名纸数刊])|提交|送交|送|呈报|报至|发送|直报)(?:至|给|到|于)?(?P<to>(?:本?[自省市县区州][一-鿿]{0,12}|[一-鿿]{2,10}?)(?:办公室|办|委员会|领导小组|局|厅|科|处|股|室|中心))"
    r"(?![一-鿿]{0,4}(?:审定|审议|审核|审签|批准|会签|同意|研究))"
)
_RESULT = re.compile(
    r"[评打]分|得分|结果|(?:考核|考评|评价|评估|总评|测评|评定|评议)(?:报告|记录|表|单)|分数|初[评核]|[计记]分[单表]"
)
_SUBJECT = re.compile(
    rf"(?:^|[,。;:\n)]|[0-9一二三四五六七八九十][.、]|由|将|后|前|日|内)(?P<who>{_WHO})(?=[^、,。;]{{0,14}}(?:要|应|须|将|把|于|在|按|对|与|负责|汇总|分别|统一|直接|及时|同时|须|并|对照|收|完成|整理|审核|根据|会|报|以|组织|形成|,|结合|同时|$))"
)


_EACH_BESIDE = re.compile(
    r"(?P<who>[一-鿿]{2,12}[科处股室局部办])(?:和|与|及|、)(?P<each>各[一-鿿]{1,8}?)(?:分别|各自|均|都)(?:直接)?$"
)
_SEVERAL = re.compile(
    r"(?:^|[,。;:\n)]|由)(?P<who>(?:[一-鿿]{2,8}[科处股室局部办]、)+[一-鿿]{2,8}[科处股室局部办])(?:分别|各自|均|还|也|应|要|须|再|同步|同时|另|一并|直接)*(?:将|把|向)[^,。;]{2,24}$"
)


def _two_routes(words: Words) -> Iterator[Problem]:
    """One receiver to whom several senders report the results."""
    routes: dict[str, dict[str, Found[str]]] = defaultdict(dict)
    filing = {s.source.line for s in words.notice.steps if s.kind is StepKind.FILE}
    reported: set[str] = set()
    above = _lines_above(words)
    for sentence in words.whole_sentences:
        for match in _SENDS.finditer(sentence.text):
            told = above[sentence.source().line] + sentence.text[: match.end()]
            receiver = _plain_receiver(match["to"])
            if _FORBIDDEN.search(sentence.text[: match.start()]):
                continue
            if not _is_outside(receiver, words) or not _RESULT.search(told):
                continue
            sender = _sender(sentence.text[: match.start()])
            found = sentence.words(match.start(), match.end())
            if sender:
                routes[receiver].setdefault(sender, found)
            elif found.source.line in filing:
                reported.add(receiver)
    for receiver, senders in routes.items():
        if len(senders) > 1 or (receiver in reported and any(map(_ARE_MANY.search, senders))):
            last = list(senders.values())[-1]
            yield Problem(
                "TWO-ROUTES",
                last.source.place,
                f"{'、'.join(senders)}都要向{receiver}报送评分结果，两边可能不一致",
                "请写明只由一家统一报送，其余报给它汇总",
            )


_ABOVE = 2


def _lines_above(words: Words) -> dict[int, str]:
    """By line the text of the lines before it, where lines are no whole sentences."""
    prose = [(line.source().line, line.text) for line in words.prose]
    return {
        number: "".join(
            text for _, text in prose[max(0, at - _ABOVE) : at] if not text.endswith("。")
        )
        for at, (number, _) in enumerate(prose)
    } | {line.source().line: "" for line in words.body if cells_of(line)}


_ARE_MANY = re.compile(
    "、|^(?:各|有关|相关|责任|承办|主办|牵头|评分|打分|负责|业务)+(?:科室|处室|股室|科|处|股)"
)
"""Senders that are several sections, beside whoever sends the report."""
_ALSO_SENDS = re.compile(
    r"(?:报送|上报|报(?![告表名纸数刊])|提交|送交|送)(?:至|给|到)?(?P<first>[一-鿿]{2,12}?(?:科|处|股|局|办|办公室|委|中心|小组))[^。;]{0,20}?[,、]?"
    r"(?<![不得])(?:同时|另行|另|并直接|还[须应要]|也[须应要])(?:直接|单独|一并)?[^,。;不]{0,14}?(?:报送|上报|报(?![告表名纸数刊])|提交|送交|送)(?:至|给|到)?"
    r"(?P<second>[一-鿿]{2,12}?(?:科|处|股|局|办|办公室|委|中心|小组))"
)


def _sent_twice(words: Words) -> Iterator[Problem]:
    """One paper that one sender owes to two receivers, each of which works on it."""
    for sentence in words.whole_sentences:
        match = _ALSO_SENDS.search(sentence.text) or _and_sends(sentence.text, words)
        if match and match["first"] != match["second"] and "抄" not in match[0]:
            found = sentence.words(match.start(), match.end())
            yield Problem(
                "TWO-ROUTES",
                found.source.place,
                f"“{shortened(found.value)}”：同一材料要报两处，两边可能不一致",
                "请写明只报一处，由它转送",
            )


_AND_SENDS = re.compile(
    r"(?:报送?|送交?|交)(?:至|给|到)?(?P<first>[一-鿿]{2,10}?(?:科|处|股|办公室|室|部|中心)),?并(?:同时|一并|直接|另|还)*(?:由[^,。;由]{2,10}?(?:直接|另行|单独)?)?(?:报送?|送|抄报)(?:至|给|到)?(?P<second>[一-鿿]{2,12}?(?:办公室|办|委员会|领导小组))"
)


def _and_sends(sentence: str, words: Words) -> re.Match[str] | None:
    """Scores that go to the office that merges them, and past it to the one above."""
    match = _AND_SENDS.search(sentence)
    merging = {plain_width(found.value) for found in words.notice.coordinating}
    return match if match and match["first"] in merging and _RESULT.search(sentence) else None


def _plain_receiver(name: str) -> str:
    return re.sub(r"办公室$", "办", name)


_FORBIDDEN = re.compile(r"(?:不|勿|无需|禁止|严禁)[^,。;]{0,8}$")
_SHORTEST_OUTSIDE = 3


def _is_outside(receiver: str, words: Words) -> bool:
    """Whether a receiver is an office outside of the body: one with a level, none of its sections."""
    sections = {_plain_receiver(f.value) for f in words.notice.coordinating}
    for indicator in words.notice.indicators:
        sections |= {_plain_receiver(s.value) for s in indicator.responsible_section}
    if len(receiver) < _SHORTEST_OUTSIDE:
        return False
    return receiver not in sections and not receiver.endswith(("科", "处", "股", "室"))


def _sender(before: str) -> str:
    """The office that acts before a verb of sending: the last subject of the sentence, else ""."""
    if together := _EACH_BESIDE.search(before):
        return f"{together['who']}、{together['each']}"
    several = list(_SEVERAL.finditer(before))
    if several:
        return several[-1]["who"]
    subjects = [match["who"] for match in _SUBJECT.finditer(before)]
    return subjects[-1] if subjects else ""


# --- options ---------------------------------------------------------------------------------------

_OPEN_CHOICE = re.compile(
    r"(?P<who>[^,。;:()]{0,16}?)(?:可以?)?(?:根据|视|结合|依据|按)[^,。;()]{0,10}(?:实际|情况|需要|条件|工作)[^,。;()]{0,6}?"
    r"(?:自行|自主|酌情|灵活)?(?:确定|决定|选择|掌握|安排|把握)?(?:是否|要不要|开展与否|可不|可以不|不再|可不再)"
    r"|(?P<self>[^,。;:()]{0,16}?)(?:自行|自主|酌情|灵活)(?:确定|决定|选择|掌握|安排|把握)(?!食宿|住宿|用餐|就餐|交通|车辆)"
    r"|(?:视情(?:况)?|酌情|原则上)(?:可以?)?(?:不|开展|组织|进行|安排)[^,。;]{0,12}(?:核验|核查|检查|抽查|公示|反馈|评分|自评)"
    r"|(?:有条件的|需要的|必要的)[^,。;]{0,10}(?:可|也可)[^,。;]{0,14}(?:核验|核查|检查|抽查|公示|反馈|评分|自评)"
    r"|是否(?:需要)?(?:开展|进行|组织|实施)?[^,。;]{0,10}(?:核验|核查|检查|抽查|公示|反馈|评分|自评)[^,。;]{0,6}由(?P<by>[^,。;]{2,16}?)(?:自行|自主|自定|酌情|根据|视|确定|决定)"
    r"|(?:是否|要不要)[^,。;()]{0,14},?由(?P<them>[^,。;()]{2,16}?)(?:视|根据|结合|自行|自己|自主)[^,。;()]{0,10}(?:而定|确定|决定|掌握|定)"
    r"|(?:视情况?|视具体情况|视工作需要)(?:而定|确定|决定)"
    r"|(?:可|可以)(?:不|视情|酌情)(?:开展|组织|进行|安排)"
)
_CROWD = re.compile(r"各|有关|相关|自行|自主|酌情|灵活")
_DECIDED = re.compile(
    r"经[^,。;]{2,20}(?:同意|批准|审批|审定)|报[^,。;]{2,20}(?:同意|批准|审批|审定|备案)|(?:书面|逐项)说明理由"
)


def _left_open(words: Words) -> Iterator[Problem]:
    """What is ordered and then left to whoever it concerns."""
    for sentence in words.whole_sentences:
        for match in _OPEN_CHOICE.finditer(sentence.text):
            who = match["who"] or match["self"] or match["by"] or match["them"] or ""
            named = who and not _CROWD.search(match[0])
            if named or _DECIDED.search(sentence.text):
                continue
            found = sentence.words(match.start(), match.end())
            yield Problem(
                "OPTIONAL-UNCLEAR",
                found.source.place,
                f"“{shortened(found.value)}”：前面要求做，这里又可以不做，由谁决定、凭什么决定不明",
                "请写明哪些必须做；可以不做的，由哪一级逐项决定并说明理由",
            )


# --- signers ---------------------------------------------------------------------------------------

_SIGNED_BY = re.compile(
    r"(?:由|经|须经|并经|,|;|:|\(|(?<=签[字名署批])、)(?P<who>[^,。;:()]{2,40}?)(?:先后|依次|共同|分别|双人|两级|两人|逐级|审核|审核后|确认|核对|逐级|本人|逐一|审核并|亲笔|审阅)?(?:签字|签名|签署|签批|签章|签认|复签|联签|审签|会签)"
)
_SIGNER = re.compile(r"[、,和及与]|以及")
_UNCLEAR = re.compile(
    r"(?:有关|相关|各|所在|本)*(?:部门|单位)?(?:有关|相关)?(?:负责人|负责同志|领导|领导同志|人员|同志|责任人|主管|主管人员|干部|负责的?同志)"
)
_SECTIONS_SCORE = re.compile(r"科室|处室|股室|[一-鿿]{2}(?:科|处|股)(?![一-鿿])")


def _unclear_signers(words: Words) -> Iterator[Problem]:
    """Signers told by a title that fits nobody, or several: 部门负责人 of a section, 有关领导."""
    above = ""
    for sentence in words.prose:
        above = "" if is_numbered(sentence.text) else above
        for match in _SIGNED_BY.finditer(sentence.text):
            begin = match.start("who")
            names = [part for part in _SIGNER.split(match["who"]) if part]
            before = above + sentence.text[:begin]
            unclear = [name for name in names if _is_unclear(_BY_WHOM.sub("", name), before)]
            if unclear:
                found = sentence.words(begin, match.end())
                yield Problem(
                    "SIGNER-UNCLEAR",
                    found.source.place,
                    f"“{shortened(found.value)}”：“{unclear[0]}”是哪一级、哪一位不明",
                    "请写明职务，如科室主要负责人、分管领导、单位主要领导",
                )
                break
        above += sentence.text


_BY_WHOM = re.compile(r"^(?:首先|先|再|后|并|最后|然后|另|须|应|经|由)+")
_UNITS_ACT = re.compile(r"被考|(?:考核|考评)对象|各单位|县区|乡镇|街道|企业|学校")


def _is_unclear(name: str, before: str) -> bool:
    """Whether a signer's title does not say who; 单位负责人 is clear where units act."""
    if not _UNCLEAR.fullmatch(name):
        return False
    if re.match(r"(?:有关|相关)|领导|负责|主管|人员|同志|责任人|干部", name):
        return True
    if "部门" in name:
        return bool(_SECTIONS_SCORE.search(before)) or "部门" not in before
    if "单位" in name:
        return bool(_SECTIONS_SCORE.search(before)) and not _UNITS_ACT.search(before)
    return "有关" in name or "相关" in name


# --- lists -----------------------------------------------------------------------------------------

_OPEN_LIST = re.compile(
    r"[一-鿿]{1,12}(?:科|处|股|室|局|部|委|办|站|所|队|中心|院|厅|公司|政府|管委会|街道|镇|乡)等(?:有关|相关|[0-9一二三四五六七八九十]{1,3}[个家]?)?(?:科室|处室|股室|单位|部门|机构|企业|职能部门|成员单位|部门和单位|[科处股室站所队局](?:\([^()]{1,4}\))?(?=[,。;配参协共负牵承、])|(?=[,。;配参协共]))"
)
_COUNTED = re.compile(r"等(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})[个家]")


def _open_lists(words: Words) -> Iterator[Problem]:
    """Lists of offices that end with 等, so that nobody knows who else is meant."""
    for found in words.find(_OPEN_LIST):
        listed = plain_width(found.value)
        if not _COUNTED.search(listed):
            yield Problem(
                "OPEN-LIST",
                found.source.place,
                f"“{shortened(found.value)}”没有列全，还有哪些不明",
                "请逐一列出",
            )
