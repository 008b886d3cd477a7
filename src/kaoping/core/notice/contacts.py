"""The labelled words of a duty: who leads, who answers, how to reach them.

A notice labels people and offices with many words (分管领导, 责任领导, 牵头领导 …); `LABEL` knows
them by their parts, so that a new combination is read as well. Names are told from offices by
their form; no list of institutions is used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from kaoping.core.notice.passage import plain_width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.core.notice.passage import Passage


class Role(StrEnum):
    """What a label's value is; OTHER is read past (fax, address), a HANDLER has no field."""

    INDICATOR = "name"
    SCOPE = "scope"
    LEAD = "lead_unit"
    SECTION = "responsible_section"
    COOPERATING_SECTION = "cooperating_sections"
    COOPERATING_UNIT = "cooperating_units"
    LEADER = "responsible_leader"
    PERSON = "responsible_person"
    LIAISON = "liaison"
    TELEPHONE = "telephone"
    MAILBOX = "mailbox"
    POINTS = "points"
    HANDLER = "handler"
    OTHER = "other"


PEOPLE = frozenset({Role.LEADER, Role.PERSON, Role.LIAISON})
OFFICES = frozenset({Role.LEAD, Role.SECTION, Role.COOPERATING_SECTION, Role.COOPERATING_UNIT})

_WITHIN = r"(?:委|局|厅|办|部|市|县|区|州|省|镇|校|院|单位|部门|管委会)?"
_INNER = r"(?:科室|处室|股室|股站|科|处|股|部门|机构|内设机构)"
_HELP = (
    r"(?:共同)?(?:配合|协评|协办|参与|参加|协助|协同|协作|协管|会办|会签|会同|联办|联合|支持|支撑|辅助|协理)"
    r"(?:评分|考核|考评|打分|责任|承办|办理|牵头)?"
)
_ANSWERS = r"(?:责任|承办|承担|承接|经办|主办|牵头|负责|归口|主抓|主责|对口|评分|打分|主管)"
_GUIDES = r"(?:责任|分管|牵头|主管|包[抓保联]|挂[点钩联包帮]|联系|负责|对口|归口|督导|主抓|带队)"
_OPENS = r"(?<![^,。;、(\n\s|])"
"""Before a rank that is a label of its own: not within `综合科科长` or `责任人:科长…`."""

_LABELS: tuple[tuple[Role, str], ...] = (
    (Role.LEADER, rf"{_OPENS}[委局厅办社院校部会]领导(?=\s?:)"),
    (Role.LEADER, rf"{_GUIDES}{_WITHIN}领导(?:同志|班子成员)?"),
    (
        Role.LEADER,
        (
            rf"{_GUIDES}(?:[^,。;:\s]{{0,2}}班子成员|{_WITHIN}(?:负责同志|副[主局厅处县区市秘院校站所]?书?(?:[任长]|席)))"
            rf"|(?:分管|主管){_WITHIN}(?:负责人|责任人)"
        ),
    ),
    (
        Role.LEADER,
        rf"{_GUIDES}副?(?:局|主|厅|县|区|市|处|院|镇|乡|校)[长任](?![一-鿿]{{0,4}}(?:会|办公))",
    ),
    (
        Role.LIAISON,
        (
            r"(?:业务|工作|日常|具体|指标|考核|考评|科室|信息|经办|承办)?"
            r"(?:(?:联络|联系|对接)(?:员|人员?|同志)|(?<!责任人)经办同志|(?:信息|通讯|协调)员(?![会])|干事(?![会业]))"
        ),
    ),
    (
        Role.PERSON,
        rf"(?:具体|直接|主要|业务|工作|第一|责任)?{_INNER}?(?:主要)?(?:责任人|负责人|负责同志|主要领导)",
    ),
    (
        Role.PERSON,
        (
            rf"(?:业务|责任|承办|主办|主管|具体|本|归口){_WITHIN}(?:科室|处室|股室|[科处股])?[科处股室队]长"
            rf"|(?:科室|处室|股室)(?:主任|长)|{_OPENS}[科处股]长(?=$|[^一-鿿]|为|是|[一-鿿]{{2,4}}(?:[,;。(、\s]|$))"
        ),
    ),
    (Role.PERSON, rf"{_OPENS}(?:[局部]长(?=$|[是为:])|部长(?=[一-鿿]{{2,3}}(?:[,;。]|$)))"),
    (Role.HANDLER, r"(?:具体)?(?:经办人|承办人)员?"),
    (
        Role.MAILBOX,
        r"(?:电子|联系|办公|公务|工作|政务|单位|科室)?(?:邮箱|邮件|信箱|电邮)(?:地址|号码)?|[Ee]-?[Mm]ail",
    ),
    (
        Role.TELEPHONE,
        r"(?:联系|联络|办公|咨询|固定|移动|值班|业务|科室|对接)?(?:电话|手机|固话|座机)(?:号码|号)?|联[系络]方式|联系号码",
    ),
    (Role.OTHER, r"传真(?:号码|电话)?|邮政编码|邮编|(?:通讯|通信|办公|联系)?地址"),
    (Role.COOPERATING_SECTION, rf"{_HELP}(?:的)?(?:科室|处室|股室|股站|科|处|股|机构|内设机构)"),
    (Role.SECTION, rf"{_ANSWERS}[局办](?![长公理])"),
    (Role.COOPERATING_SECTION, rf"{_HELP}[局办](?![长公理])"),
    (
        Role.COOPERATING_UNIT,
        rf"(?:市直|县直|区直|州直|省直|外部|局外|委外)?{_HELP}(?:的)?(?:责任单位|单位|部门)|(?:数据|资料|信息|材料)(?:提供|来源|支撑|支持)(?:单位|部门)",
    ),
    (
        Role.LEAD,
        (
            r"(?:考核|考评|评分|指标|本级|市级|县级|区级|省级)?(?:牵头|主责|主管|责任|归口|主抓|总牵头|主办|负责)(?:责任|管理|考核|考评|评分)?(?:单位|机构|机关|主体)"
            r"|(?:牵头|主管|主责|主办)部门|牵头主体"
        ),
    ),
    (
        Role.SECTION,
        rf"(?:具体|考核|考评|内部|本局|本委|局内|委内)?{_ANSWERS}(?:考核|考评|评分|管理)?{_INNER}",
    ),
    (
        Role.INDICATOR,
        r"(?:考核|考评|评价|评估|评议|测评|评定|具体|细化|量化|重点|(?:所)?(?:负责|牵头|承担|承办|归口|主抓|评分|分管)的?(?:考核|考评|评分)?)?指标(?:名称|内容)?|(?:考核|考评)项目",
    ),
    (Role.SCOPE, r"(?:牵头|负责)(?:范围|内容)"),
    (Role.SECTION, rf"{_OPENS}(?:承办|主办|主责|主抓|归口)(?=$|\s?:)"),
    (Role.LEAD, rf"{_OPENS}牵头(?=$|\s?:)"),
    (Role.LEADER, rf"{_OPENS}(?:分管|领导)(?=$|\s?:)"),
    (Role.LIAISON, rf"{_OPENS}(?:联络|联系|对接)(?=$|\s?:)"),
    (
        Role.COOPERATING_UNIT,
        rf"{_OPENS}(?:数据|资料|外部)?(?:协办|配合|协助|协同|协作|参与|会同)(?:的(?:有|是|为))?(?!的)(?=$|\s?:|[一-鿿、]{{1,40}}[科处股室局委办院会站所队心][,。;(]|[一-鿿、]{{1,40}}[科处股室局委办院会站所队心]$)",
    ),
    (Role.POINTS, r"分值|权重分|(?<!得)满分(?:值)?|标准分|基准分|赋分"),
)
_NAMED = [(role, re.compile(pattern)) for role, pattern in _LABELS]
_ANY = "|".join(pattern for _, pattern in _LABELS)
_NOTE = r"(?: ?\([^()\n]{0,20}\))?"
LABEL = re.compile(
    rf"(?P<label>{_ANY}){_NOTE} ?(?P<colon>[:]|(?:均|都|统一|一律)?(?:为(?!准)|是|系))? ?"
)
_BETWEEN_LABELS = re.compile(r"[ 及和与、/及其(]{1,3}(?:其)?")

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭"
    "郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄"
    "和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛"
    "林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣"
    "翁荀羊惠甄曲封储靳松井段富巫乌焦巴弓牧山谷车侯宓蓬全班仰秋仲伊宫宁仇栾甘厉戎祖武符刘景詹束龙叶幸司黎薄"
    "印白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳姬申扶堵冉宰雍璩桑桂牛寿通边扈燕冀浦尚农温"
    "庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖终暨居衡步都耿满弘匡国文寇广禄阙东欧沃利蔚越隆师巩聂晁勾敖融冷"
    "訾辛阚那简饶空曾沙养鞠须丰关蒯相查后荆红游竺权盖益桓公肖付覃闫冼仝区代岳帅招初缑亢况亓佘佟伯赏辜鹿涂揭"
)
_OFFICE_END = "科处室局委厅办股站部署司"
_OFFICE_LIKE = _OFFICE_END + "组队会院所社馆厂校系"
_SHORTEST_OFFICE = 2
_RANK_WORDS = (
    r"(?:[省市县区州旗镇乡]?(?:党[组委工]+|委|政府|局|厅|办|处|科|股|室|院|中心|站|所))?"
    r"(?:副?书记|成员|委员|常委|(?:常务)?副?(?:主任(?:科员)?|[局厅处科股院所站县区市省州镇乡部]长)"
    r"|副?总工程师|副?[一二三四]级(?:调研员|主任科员|科员|巡视员)|同志)"
)
_RANKS_BEFORE = re.compile(
    rf"(?:[一-鿿]{{1,8}}?[科处股室局委办])?(?:{_RANK_WORDS}[、 ]?){{1,5}}(?=.)"
)
_RANKS_AFTER = re.compile(rf"(?: ?{_RANK_WORDS}){{1,3}}$")
_NUMBER_AFTER = re.compile(r"(?<=[一-鿿]) ?[0-9+(][0-9() +-]{6,}$")
_DOUBLE = frozenset(
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空令狐"[
        at : at + 2
    ]
    for at in range(0, 64, 2)
)
_NOBODY = re.compile(
    r"[(]?(?:(?:尚|暂)?(?:待|未)(?:定|明确|补充?|确定|安排|报|通知)|另行?(?:通知|确定|明确|公布|报送?|定)"
    r"|暂?(?:空缺|缺位?)|暂?无|没有|略|[同如](?:上|前|左|下|第?[0-9一二三四五六七八九十]+项?)|[见详].{0,12})[)]?"
)
_NAMES_NOBODY = frozenset("各本请待另见按未不暂由略无其该")
"""First characters of words like 各科长 or 待定, none of them a surname."""
DITTO = re.compile(r" *(?:同上|同前|[〃″＂\"“”]) *")
"""A cell that repeats the cell above it."""

_PERSON = re.compile(r"[一-鿿]{2,4}|[一-鿿]{1,8}·[一-鿿]{1,8}")
_LONGEST_NAME = 4
_SPACED = re.compile(r"(?<![一-鿿])([一-鿿]) {1,4}([一-鿿])(?![一-鿿])")

TELEPHONE = re.compile(
    r"(?<![0-9A-Za-z@._〔-])(?:\(0[0-9]{2,3}\) ?|0[0-9]{2,3} ?[-— ] ?)?"
    r"(?:[0-9]{7,8}|1[0-9]{10}|1[0-9]{2}[ -][0-9]{4}[ -][0-9]{4}|[48]00-?[0-9]{3}-?[0-9]{4})"
    r"(?: ?(?:-|转) ?[0-9]{1,5})?(?![0-9A-Za-z@._〕]|-[0-9])"
)
MAILBOX = re.compile(
    r"(?<![A-Za-z0-9._+-])[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}"
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label in a text with the span of its value, which runs up to the next label or stop."""

    roles: tuple[Role, ...]
    start: int
    value_start: int
    value_end: int
    has_colon: bool


@lru_cache(maxsize=2048)
def role_of(words: str) -> Role | None:
    """The role of a text that is nothing but a label, as in the head of a table."""
    bare = re.sub(r"\([^()]*\)|\s", "", words)
    combined = re.split(r"[及和与、/]", bare)
    for role, pattern in _NAMED:
        if pattern.fullmatch(bare) or pattern.fullmatch(combined[0]):
            return role
    return None


def find_labels(text: str) -> Iterator[Labelled]:
    """The labels of a text in order; `联系人及电话:` is one label of two roles."""
    return iter(_labels_of(text))


@lru_cache(maxsize=2048)
def _labels_of(text: str) -> tuple[Labelled, ...]:
    """All labels of a text: several rules ask for those of the same words."""
    return tuple(_labels(text))


def _labels(text: str) -> Iterator[Labelled]:
    matches = list(LABEL.finditer(text))
    roles: tuple[Role, ...] = ()
    begun = 0
    for index, match in enumerate(matches):
        role = role_of(match["label"])
        if role is None:
            continue
        begun = begun if roles else match.start()
        roles = (*roles, role)
        following = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        gap = text[match.end() : following]
        if not match["colon"] and following < len(text) and _BETWEEN_LABELS.fullmatch(gap):
            continue
        end = _value_end(text, match.end(), following)
        yield Labelled(roles, begun, match.end(), end, match["colon"] is not None)
        roles = ()


def _value_end(text: str, start: int, limit: int) -> int:
    """Where a value ends: at a stop, at a bracket closed that was opened before it, or at `limit`."""
    depth = 0
    for index in range(start, limit):
        depth += (text[index] == "(") - (text[index] == ")")
        if text[index] in "。;\n" or depth < 0:
            return index
    while limit > start and text[limit - 1] in " (":
        limit -= 1
    return limit


def tokens(text: str, separators: str) -> Iterator[tuple[int, int]]:
    """The spans of a list's items, brackets kept whole and blanks trimmed."""
    depth, start = 0, 0
    for mark in _marks(separators).finditer(text):
        sign = mark[0]
        depth = max(0, depth + (sign in _OPENING) - (sign in _CLOSING))
        if depth or sign not in separators:
            continue
        first, last = _trimmed(text, start, mark.start())
        if first < last:
            yield first, last
        start = mark.end()
    first, last = _trimmed(text, start, len(text))
    if first < last:
        yield first, last


_OPENING, _CLOSING = "(《“〔", ")》”〕"


@cache
def _marks(separators: str) -> re.Pattern[str]:
    """All signs that may divide a list: so few that the rest of a long text is passed over at once."""
    return re.compile(f"[{re.escape(_OPENING + _CLOSING + separators)}]")


_DIVIDES_CELLS = re.compile("[|｜\t]")


def cells_of(line: Passage) -> list[tuple[int, int]]:
    """The spans of a table row's cells, divided by `|` or tabs; [] where it is no row."""
    raw = line.pieces[0].raw if line.pieces else ""
    if not _DIVIDES_CELLS.search(raw):
        return []
    row = plain_width(raw.replace("\t", "|"))
    bounds = [-1, *(index for index, sign in enumerate(row) if sign == "|"), len(row)]
    return [(left + 1, right) for left, right in pairwise(bounds)]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    span = text[start:end]
    bare = span.lstrip()
    start += len(span) - len(bare)
    return start, start + len(bare.rstrip())


def says_nobody(words: str) -> bool:
    """Whether a value only says that it is open or stands elsewhere: 待定, 另行通知, 同上."""
    return bool(_NOBODY.fullmatch(words.strip()))


_LONGEST_OF_ONE_SURNAME = 3


def _is_person(name: str, *, surname_needed: bool) -> bool:
    known = name[:1] in _SURNAMES or name[:2] in _DOUBLE
    if not _PERSON.fullmatch(name) or says_nobody(name) or name[0] in _NAMES_NOBODY:
        return False
    if role_of(name) is not None:
        return False
    if len(name) > _SHORTEST_OFFICE and name[-1] in (_OFFICE_END if known else _OFFICE_LIKE):
        return False
    if len(name) > _LONGEST_OF_ONE_SURNAME and "·" not in name and surname_needed:
        return name[:2] in _DOUBLE
    return known or not surname_needed


def find_people(text: str, *, surname_needed: bool) -> Iterator[tuple[int, int, str]]:
    """The persons a value begins with: their spans and names; it ends at the first other word.

    After a comma a name must begin with a known surname, as the next clause may begin there.
    """
    return iter(_people_of(text, surname_needed=surname_needed))


@lru_cache(maxsize=2048)
def _people_of(text: str, *, surname_needed: bool) -> tuple[tuple[int, int, str], ...]:
    """All persons of a text: several rules ask for those of the same words."""
    return tuple(_people(text, surname_needed=surname_needed))


def _people(text: str, *, surname_needed: bool) -> Iterator[tuple[int, int, str]]:
    spread = _SPACED.sub(lambda m: m[1] + m[2] + "\0" * (len(m[0]) - 2), text)
    for start, end in _name_spans(spread):
        shift = _RANKS_BEFORE.match(spread, start, end)
        begin = shift.end() if shift and shift.end() < end else start
        raw = re.sub(r"\([^()]*\)", "", spread[begin:end]).replace("\0", "").strip()
        name = _RANKS_AFTER.sub("", _NUMBER_AFTER.sub("", raw))
        loose = not surname_needed and not _after_comma(text, start)
        if _is_person(name, surname_needed=not loose):
            yield begin, end, name
        elif not _is_reach(raw) and not _is_rank(raw):
            return


_RARE_NAME = re.compile(
    r"(?!.*(?:签|确认|负责|同意|批准|核|审|更正|说明|姓名|意见|研究|陪同|参|组织|在?到?场|见证|变|调整|另|待|暂|空缺|到任|到岗|事宜|职责|工作|名|提|填|写|电话|担任|带队|须|应|可|要|和|及|或|的|等|一并))[一-鿿]{2,3}(?=[,;。\n (、]|$)"
)


def rare_name(value: str) -> str:
    """A name of a surname that is rare, alone between a label without colon and the next stop."""
    match = _RARE_NAME.match(value)
    return (
        match[0] if match and not says_nobody(match[0]) and match[0][0] not in _NAMES_NOBODY else ""
    )


def _name_spans(text: str) -> Iterator[tuple[int, int]]:
    """The items of a list of persons; 和 divides only what is too long for one name."""
    for start, end in tokens(text, "、,/ "):
        cut = re.compile("[和及与]").search(text, start + 2, end - 1)
        if cut and end - start > _LONGEST_NAME:
            yield from ((start, cut.start()), (cut.end(), end))
        else:
            yield start, end


def _after_comma(text: str, start: int) -> bool:
    return text[:start].rstrip().endswith(",")


def _is_reach(words: str) -> bool:
    return bool(TELEPHONE.fullmatch(words) or MAILBOX.fullmatch(words)) or not words


def _is_rank(words: str) -> bool:
    return bool(re.fullmatch(rf"(?:{_RANK_WORDS})+", words))


def find_telephones(text: str) -> Iterator[tuple[int, int, str]]:
    """Telephone numbers, fax and post codes left out: spans, and numbers as `area-number`."""
    hidden = [
        (label.value_start, label.value_end)
        for label in find_labels(text)
        if label.roles == (Role.OTHER,)
    ]
    for match in TELEPHONE.finditer(text):
        if not any(start <= match.start() <= start + 2 < end for start, end in hidden):
            number = re.sub(r"\((0[0-9]+)\) ?", r"\1-", match[0]).replace("—", "-")
            yield match.start(), match.end(), re.sub(r" ?- ?|(?<=[0-9]) (?=[0-9])", "-", number)


def find_mailboxes(text: str) -> Iterator[tuple[int, int, str]]:
    """Mailboxes: spans and addresses."""
    return ((match.start(), match.end(), match[0]) for match in MAILBOX.finditer(text))
