"""考评对象: who is assessed, who is addressed and who scores, compared by kind and by name."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import tokens
from kaoping.core.notice.passage import plain_width
from kaoping.core.notice_check.offices import short_form
from kaoping.core.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaoping.core.notice.passage import Found
    from kaoping.core.notice_check.offices import Naming
    from kaoping.core.notice_check.words import Words


class Kind(StrEnum):
    """What kind of body a name or a class of names means."""

    DEPARTMENT = "部门"
    COMMITTEE = "管委会"
    TERRITORY = "县区"
    TOWN = "乡镇街道"
    SECTION = "科室"
    ENTERPRISE = "企业"
    SCHOOL = "学校"
    UNIT = "单位"


_KINDS: tuple[tuple[Kind, str], ...] = (
    (
        Kind.COMMITTEE,
        r"管委会|管理委员会|(?:开发|新|园|高新|示范|度假|合作|保税|试验|旅游|产业)区$|园区|(?<![儿公])园$",
    ),
    (Kind.TOWN, r"乡镇|镇街|街镇|乡\(镇|镇\(|街道|[乡镇]$|[乡镇](?:人民)?政府|办事处"),
    (
        Kind.TERRITORY,
        r"[县区市州旗](?:\([^()]*\))?(?:人民)?政府$|县\(|县区|区县|县市区|市\(|各[县市区州]$|[县市区]级政府|各(?:设区)?市$|各(?:县|区|市|州)(?![直属级本])|设区市|县\(市",
    ),
    (Kind.SECTION, r"科室|处室|股室|(?:科|处|股)$|内设机构|机关各"),
    (Kind.ENTERPRISE, r"企业|公司|集团"),
    (Kind.SCHOOL, r"学校|院校|大学|学院|中学|小学"),
    (
        Kind.DEPARTMENT,
        r"部门|(?:局|委|厅|办|委员会|办公室|院|中心|站|所|会|队|馆|台|社|联|行|分局)$|机关",
    ),
    (Kind.UNIT, r"单位|机构|主体"),
)
_KIND_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in _KINDS]
_CLASS = re.compile(
    r"^(?:[^、,]{0,14}?的)?(?:市直|县直|区直|省直|州直|本级|市级|县级|区级|省级|全[市县区省])?(?:各|有关|相关|所有|全体|全部|其他)|(?:各|有关|相关|所有)"
)
_OPEN_CLASS = re.compile(r"有关|相关|涉及|等(?:部门|单位|$)|承担[^。]{0,20}的")
_LISTED_ELSEWHERE = re.compile(
    r"名单|(?:见|详见)附件|附件|见附表|清单|目录|下列|以下(?!统称|简称|合称)"
)
_OBJECTS_ELSEWHERE = re.compile(
    r"(?:对象|范围|单位|部门)[^。;]{0,40}?(?:名单|名录)?(?:详?见|列[于入在]|附后|另行?[发印])[^。;]{0,6}(?:附件|附表|名单|$)"
    r"|(?:对象|单位|部门)(?:名单|名录)(?:附后|另[发印])"
)
_OPEN_OBJECTS = re.compile(
    r"(?:(?:考核|考评|评价|评估|评议|测评|评定|被考[核评]?|受[考评]|参评)的?(?:对象|单位|部门)|接受(?:考核|考评|评价|评估|评议|测评|评定)的)"
    r"(?:[为是:。]|包括)+[^,。;:、附名]{0,30}(?:有关|相关|涉及|各类)[^,。;:附名]{1,20}(?=[(,。;]|$)"
)
"""Words that say whom by what they do, and name nobody: `考核对象:承担任务的各有关单位`."""
_RECUSAL = re.compile(
    r"回避|不(?:得|能)?参与[^。;]{0,16}(?:本单位|自身|本部门|自己)|不(?:得|能)?(?:给|为|对)(?:本单位|自身|本部门|自己)"
)


def kind_of_body(name: str) -> Kind:
    """The kind of body a name means, told by its form."""
    bare = plain_width(name).strip(" ,。;:")
    alone = re.sub(r"\([^()]*\)$", "", bare)
    for kind, pattern in _KIND_PATTERNS:
        if pattern.search(bare) or pattern.search(alone):
            return kind
    return Kind.UNIT


def is_class(name: str) -> bool:
    """Whether words mean all bodies of a kind and none by name: 各有关市直部门."""
    bare = plain_width(name)
    return bool(_CLASS.search(bare)) or bare in ("市直部门", "县直部门", "区直部门", "省直部门")


def check_coverage(words: Words, naming: Naming) -> Iterator[Problem]:
    """Who is assessed against who is addressed, listed, and scoring."""
    yield from _not_addressed(words, naming)
    yield from _not_listed(words)
    yield from _scoring_and_assessed(words, naming)


# --- addressed -------------------------------------------------------------------------------------


def _items(found: Sequence[Found[str]]) -> Iterator[tuple[str, Found[str]]]:
    """The names of a list, a name that itself holds a list divided."""
    for item in found:
        text = plain_width(item.value)
        for start, end in tokens(text, "、,"):
            yield from ((part, item) for part in _JOINED.split(text[start:end]))


_JOINED = re.compile(r"(?<=[局委办厅区县市处科心院司校部会位门府)])(?:以及|和|及|与)(?=[一-鿿]{2})")
"""和 between two bodies; within one name (发展和改革) it stands after another kind of word."""


def _not_addressed(words: Words, naming: Naming) -> Iterator[Problem]:
    addressed = [name for name, _ in _items(words.notice.addressees)]
    if not addressed:
        return
    missing = {
        name: found
        for name, found in _items(words.notice.assessed)
        if _is_body(name) and not any(_covers(one, name, naming) for one in addressed)
    }
    if missing:
        first = next(iter(missing.values()))
        yield Problem(
            "ADDRESSEE-MISSING",
            first.source.place,
            f"{'、'.join(missing)}要接受考评，却不在主送单位里，收不到通知",
            "请把它列为主送单位，或写明由谁转发",
        )


def _covers(addressee: str, assessed: str, naming: Naming) -> bool:
    """Whether an addressee is, or its class holds, an assessed body."""
    if _PLACE_ALONE.fullmatch(addressee) and plain_width(assessed).startswith(addressee):
        return True
    if naming.same(addressee, assessed) or addressee in (f"{assessed}管委会", f"{assessed}政府"):
        return True
    if is_class(assessed) and (
        kind_of_body(addressee) is kind_of_body(assessed)
        or (_OPEN_CLASS.search(assessed) and kind_of_body(assessed) in (Kind.UNIT, Kind.DEPARTMENT))
    ):
        return True
    if not is_class(addressee) or _is_of_other_towns(addressee, assessed):
        return False
    of_territories = _of_territories(addressee, assessed)
    if of_territories is not None:
        return of_territories
    if _OF_THE_ISSUER.match(addressee) and _OF_A_PLACE.match(plain_width(assessed)):
        return False
    kind, wanted = kind_of_body(addressee), kind_of_body(assessed)
    if kind is Kind.UNIT:
        return wanted is not Kind.COMMITTEE or "直" not in addressee
    return kind is wanted or (kind is Kind.DEPARTMENT and wanted is Kind.UNIT)


_NO_BODY = re.compile(r"[为是的了把到]|^考(?![核评])|以[上下]|下列|称“|组$|^第[一二三四五六0-9]")


def _is_body(name: str) -> bool:
    """Whether words are the name of a body; a misread sentence is nobody to be addressed."""
    known = kind_of_body(name) is not Kind.UNIT or name.endswith(("单位", "机构", "主体"))
    return known and (is_class(name) or not _NO_BODY.search(name))


_PLACE_ALONE = re.compile(r"[一-鿿]{2,8}[省市县区州旗镇乡]|[一-鿿]{2,8}街道")
"""A place that shares the last one's body in a list: 平川市、洛堤市卫生健康委员会."""
_OF_TERRITORIES = re.compile(
    r"各(?:设区市|县区|区县|县市区|县|市|区|州|旗|乡镇|镇|街道)(?:\([^()]*\))?(?P<body>[一-鿿]{2,})"
)


_OF_THE_ISSUER = re.compile(r"(?:本|我)?(?:[局委厅办院]|机关)(?:属|直属|下属|内设|机关|各)")
"""The issuer's own sections and units: 局属各单位."""
_OF_A_PLACE = re.compile(r"[一-鿿]{1,8}?(?:[县区旗镇乡]|街道)(?=[一-鿿]{2})")
_ZONE = re.compile(r"(?:新|开发|高新|园|示范|度假|合作|保税|试验|旅游|产业)区")


def _of_territories(addressee: str, assessed: str) -> bool | None:
    """Whether 各县(市、区)林业局 means an office told by its place: 东阜县林业局; else None.

    A zone's office (高新区建设局) is none of a county's unless the addressee speaks of zones.
    """
    match = _OF_TERRITORIES.search(plain_width(addressee))
    if match and re.match(r"[^()]*(?:部门|单位|机构)", match["body"]):
        return kind_of_body(assessed) is Kind.DEPARTMENT or None
    own = re.fullmatch(
        r"(?P<place>.*?[省市县区州旗镇乡])(?P<body>[一-鿿]{2,})", plain_width(assessed)
    )
    if not match or not own or kind_of_body(assessed) is not Kind.DEPARTMENT:
        return None
    level = re.match(r"[一-鿿]{2,8}?(?P<level>[县区])(?!级)", plain_width(assessed))
    if level and level["level"] not in addressee:
        return False
    whole = plain_width(assessed).endswith(match["body"])
    alike = whole or short_form(own["body"], match["body"])
    return alike and not (_ZONE.search(own["place"]) and not _ZONE.search(addressee))


def _is_of_other_towns(addressee: str, assessed: str) -> bool:
    """Whether a class of towns leaves out what kind of town is assessed: 各镇 and no 乡."""
    if kind_of_body(addressee) is not Kind.TOWN or is_class(assessed):
        return False
    kind = re.search(r"(?:[乡镇街])(?=道|人民政府|政府|办事处|$)", plain_width(assessed))
    return kind is not None and kind[0] not in addressee


# --- listed ----------------------------------------------------------------------------------------


def _not_listed(words: Words) -> Iterator[Problem]:
    """Assessed objects told only as 有关部门, with no list in the text or in an annex."""
    assessed = words.notice.assessed
    titles = [annex.title.value for annex in words.notice.annexes]
    if any(re.search(r"(?:单位|部门|对象)(?:名单|名录|一览|分组|清单)", title) for title in titles):
        return
    lines = {line.pieces[0].line: line.text for line in words.body}
    for found in assessed:
        text = lines.get(found.source.line, "")
        around = text[max(0, found.source.start - 24) : found.source.end + 30]
        if _OPEN_CLASS.search(around) and is_class(around) and not _LISTED_ELSEWHERE.search(around):
            yield Problem(
                "ASSESSED-OPEN",
                found.source.place,
                f"考评对象只写“{found.value}”，没有逐一列明是哪些单位",
                "请列出单位名单，或写明见哪个附件",
            )
            return
    told = None if assessed else words.first(_OPEN_OBJECTS)
    if told:
        yield Problem(
            "ASSESSED-OPEN",
            told.place,
            "考评对象只说是有关单位，没有逐一列明是哪些单位",
            "请列出单位名单，或写明见哪个附件",
        )
    elif not assessed and not words.says(_OBJECTS_ELSEWHERE):
        yield Problem(
            "ASSESSED-OPEN",
            "全文",
            "没有读到考评对象",
            "请写明考评哪些单位，或写明见哪个附件",
            weighed=Severity.B,
        )


# --- scoring ---------------------------------------------------------------------------------------


def _scoring_and_assessed(words: Words, naming: Naming) -> Iterator[Problem]:
    """Units beside the leading one that help to score and are assessed themselves."""
    if any(_rules_out(sentence.text) for sentence in words.whole_sentences):
        return
    assessed = [name for name, _ in _items(words.notice.assessed)]
    yield from _on_the_team(words, assessed)
    helpers: dict[str, Found[str]] = {}
    for indicator in words.notice.indicators:
        for found in indicator.cooperating_units:
            helpers.setdefault(found.value, found)
        for found in indicator.cooperating_sections:
            if any(naming.same(found.value, one) for one in assessed):
                helpers.setdefault(found.value, found)
    both = [
        found
        for name, found in helpers.items()
        if any(_is_among(name, one, naming) for one in assessed)
    ]
    if both:
        yield Problem(
            "SCORER-ASSESSED",
            both[0].source.place,
            f"{'、'.join(found.value for found in both)}参与评分，自己又是考评对象",
            "请规定回避：不参与对本单位的评分，由谁代评",
        )


_PERSONAL = re.compile(r"亲属|任职|工作过|挂职|兼职|持股|利害关系|影响公正|公正")
_OWN_UNIT = re.compile(r"本单位|自身|自己|本部门|本系统|该局|该单位|[一-鿿]{2}[局委办院]")


_SHORTEST_RULE = 14
"""A shorter sentence is a heading, `需要回避的`, in characters."""


def _rules_out(sentence: str) -> bool:
    """Whether a sentence keeps units from judging themselves; kinship of persons is another matter."""
    if not _RECUSAL.search(sentence) or len(sentence.strip()) < _SHORTEST_RULE:
        return False
    return not _PERSONAL.search(sentence) or bool(_OWN_UNIT.search(sentence))


_TEAM = re.compile(
    r"[每各]组|(?:抽核|核验|核查|检查|复查|抽查|评分|评审|考核|验收)(?:小?组|人员|队)"
)
_JOINS = r"(?:[0-9一二两三四五六七八九十]{1,3}[人名])?(?:共同|联合|分别)?(?:抽调|抽派|选派|派员|派人|组成|参加|组建|组织)"


def _on_the_team(words: Words, assessed: Sequence[str]) -> Iterator[Problem]:
    """Assessed units that a sentence puts on the team which checks or scores."""
    for sentence in words.sentences:
        if not _TEAM.search(sentence.text):
            continue
        # A pattern is made for each name: only for those that the sentence holds.
        for name in (name for name in assessed if name in sentence.text):
            joins = re.search(
                rf"(?:和|与|、|由|会同|及|从|人){re.escape(name)}(?:、[^,。;]{{2,40}})?{_JOINS}",
                sentence.text,
            )
            if joins:
                yield Problem(
                    "SCORER-ASSESSED",
                    sentence.source(joins.start(), joins.end()).place,
                    f"{name}派人核验、评分，自己又是考评对象",
                    "请规定回避：不参与对本单位的核验和评分，由谁代替",
                )
                return


def _is_among(name: str, assessed: str, naming: Naming) -> bool:
    """Whether a helping unit is an assessed one, by name or as one of a class of departments."""
    if naming.same(name, assessed):
        return True
    departments = is_class(assessed) or assessed.endswith("部门")
    kind = kind_of_body(assessed)
    alike = kind in (Kind.DEPARTMENT, Kind.UNIT) and kind_of_body(name) is Kind.DEPARTMENT
    return departments and alike and naming.same_level(name, assessed)
