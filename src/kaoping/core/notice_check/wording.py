"""文字: slips of writing that make a text unclear or show it was taken from another (severity C)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import LABEL, MAILBOX, TELEPHONE, cells_of
from kaoping.core.notice.outline import is_numbered
from kaoping.core.notice.passage import plain_width, shortened
from kaoping.core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.core.notice.passage import Passage
    from kaoping.core.notice_check.offices import Naming
    from kaoping.core.notice_check.words import Words


def check_wording(words: Words, naming: Naming) -> Iterator[Problem]:
    """Every slip of writing."""
    annexes = {annex.title.source.line for annex in words.notice.annexes}
    for line in words.notice.lines:
        yield from _punctuation(line)
        yield from _stray_spaces(line, listed=line.pieces[0].line in annexes)
    yield from _labels_without_colon(words)
    yield from _names_without_colon(words)
    yield from _marks_of_another_width(words)
    yield from _without_full_stop(words)
    yield from _missing_words(words)
    yield from _residue(words, naming)
    yield from _empty_fields(words)


# --- punctuation -----------------------------------------------------------------------------------

_DOUBLED = re.compile(r"[,;:、]{2,}|[。]{2,}(?!。)|[,、;:]。|。[,、;:]|[、,;](?=[)》”])|\([,、;。]")
_PAIRS = (("(", ")"), ("《", "》"), ("“", "”"), ("〔", "〕"), ("【", "】"))
_PARENTHESIS_NUMBER = re.compile(r"^\s*(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}|[A-Za-z])\)")


def _punctuation(line: Passage) -> Iterator[Problem]:
    """Marks doubled, and brackets or quotes left open, in one line."""
    if cells_of(line):
        return
    text = line.text
    if match := _DOUBLED.search(text):
        yield _slip(line, match.start(), match.end(), "标点重复或错用", "请改正标点")
    body = _PARENTHESIS_NUMBER.sub("", text)
    for left, right in _PAIRS:
        if body.count(left) != body.count(right):
            at = text.find(left if body.count(left) > body.count(right) else right)
            yield _slip(line, at, at + 1, f"“{left}”与“{right}”不配对", "请补齐或删去")


def _slip(line: Passage, start: int, end: int, what: str, hint: str) -> Problem:
    around = line.words(max(0, start - 8), min(len(line.text), end + 8))
    source = line.source(start, end)
    return Problem("PUNCTUATION", source.place, f"{what}：“…{around.value}…”", hint)


_NARROW = re.compile(r"(?<=[一-鿿])[,;:](?=[一-鿿])")
_WIDE = re.compile("[，；：]")
_MOSTLY_WIDE, _FEW = 20, 3


def _marks_of_another_width(words: Words) -> Iterator[Problem]:
    """A few half-width marks in a text that is written with full-width ones."""
    found = [
        (line, match)
        for line in words.prose
        for match in _NARROW.finditer(line.written)
        if not cells_of(line)
    ]
    wide = sum(len(_WIDE.findall(line.written)) for line in words.prose)
    if wide >= _MOSTLY_WIDE and len(found) <= _FEW:
        for line, match in found:
            yield _slip(line, match.start(), match.end(), "混用了半角标点", "请改为全角")


_STOP = re.compile(r"[。；：;:！？!?”》）)…|]\s*$")
_IS_PROSE = re.compile(r"[，,].*[一-鿿]{4}.*")
_LONG_LINE = 24


def _without_full_stop(words: Words) -> Iterator[Problem]:
    """A paragraph that stops without a mark, where the others have one."""
    prose = [line for line in words.prose if _is_paragraph(line)]
    bare = [line for line in prose if not _STOP.search(line.written)]
    if len(bare) <= _FEW and len(prose) >= _FEW * 3:
        for line in bare:
            end = len(line.text.rstrip())
            yield _slip(line, end - 1, end, "句末缺标点", "请补句号")


def _is_paragraph(line: Passage) -> bool:
    """Whether a line is prose: long, with a comma, and no contact, date or list of names."""
    text = line.text.strip()
    if len(text) < _LONG_LINE or "。" not in text[:-1] or not _IS_PROSE.search(text):
        return False
    return not (LABEL.search(text) or MAILBOX.search(text))


_REACH = re.compile(rf"(?:{MAILBOX.pattern})|(?:{TELEPHONE.pattern})")


def _labels_without_colon(words: Words) -> Iterator[Problem]:
    """A label run together with its number or mailbox, where labels elsewhere have a colon."""
    reached = [
        (line, [m for m in LABEL.finditer(line.text) if _REACH.match(line.text, m.end())])
        for line in words.prose
        if _REACH.search(line.text)  # few lines have one, and labels are of many forms
    ]
    habits = Counter(
        (match["label"], match["colon"] == ":") for _, found in reached for match in found
    )
    for line, found in reached:
        bare = [match for match in found if match["colon"] is None]
        alone = len(bare) == 1 < len(found)  # all others of its line have their colon
        for match in bare:
            label = match["label"]
            if alone or habits[label, True] >= habits[label, False]:
                value = _REACH.match(line.text, match.end())
                end = value.start() + 4 if value else match.end()
                yield _slip(line, match.start(), end, f"“{label}”后面缺冒号", "请补冒号")


def _names_without_colon(words: Words) -> Iterator[Problem]:
    """An indicator's name run together with a label, where other names have a colon there."""
    names = [plain_width(indicator.name.value) for indicator in words.notice.indicators]
    heads: list[tuple[Passage, str]] = []
    for line in words.prose:
        start = numbered.end() if (numbered := _NUMBERED_HEAD.match(line.text)) else 0
        name = max((n for n in names if line.text.startswith(n, start)), key=len, default="")
        if name and LABEL.match(line.text[start + len(name) :].lstrip(": ")):
            heads.append((line, line.text[start : start + len(name) + 1]))
    with_colon = [head for _, head in heads if head.endswith(":")]
    for line, head in heads:
        if not head.endswith(":") and len(with_colon) * 2 > len(heads):
            at = line.text.find(head)
            yield _slip(line, at, at + len(head), f"“{head[:-1]}”后面缺冒号", "请补冒号")


_NUMBERED_HEAD = re.compile(r"\s*(?:\(?[0-9一二三四五六七八九十]{1,3}[)、.]+ ?)")

# --- words -----------------------------------------------------------------------------------------

_OFFICE_WITHOUT_BY = r"(?:(?!由)[一-鿿]){1,12}?(?:科|处|股|室|局|委|办|中心)"
_OFFICE = r"[一-鿿]{1,12}?(?:科|处|股|室|局|委|办|中心|站|所|大队|支队|会)"
_WITHOUT_BY = re.compile(
    rf"(?:^|[,;。:])(?P<at>具体)(?!由|是|为|工作|负责|事宜|事项|落实|按|见|如|要求|内容|措施|时间|承办|办理|分工|指标|任务|实施|名单|安排|组织|情况|做法|包括|参|办)(?P<who>{_OFFICE})(?:具体)?(?:负责|牵头|承办|主办|承担|评分|打分|办理|实施|组织)"
)
_WITHOUT_TILL = re.compile(
    r"(?:于|在)?(?:[0-9]{4}年|次年)?[0-9]{1,2}月[0-9]{1,2}日(?=(?:完成|报送|报|形成|提交|收集|上报)(?!时|日))"
)
_LEAD_BY = re.compile(rf"(?:工作|指标)(?P<who>(?![由的]){_OFFICE_WITHOUT_BY})牵头")
_AFTER_POINTS = re.compile(
    rf"分\)(?P<who>(?!由|中|里|内|指标){_OFFICE_WITHOUT_BY})(?:具体)?(?:负责|牵头|承办|主办|评分)"
)
"""Who answers right behind the points of an indicator, where other lines have 由."""
_REPEATED = re.compile(
    r"(?P<w>的的|了了|由由|将将|和和|是是|对对|与与|于于|在在|为为|按按|前前|日日前|及及|应应|须须|并并)"
)
_DANGLING = re.compile(
    r"(?:(?<![理事缘原自来])由|(?<![关由对属等低高终至基])于|(?<![方导意])向|(?<![曾已])经|将|把|(?<![核相面应针])对)(?=[,。;])"
)


def _missing_words(words: Words) -> Iterator[Problem]:
    """Small words that are missing where the text's other sentences have them."""
    uses_by = bool(re.search(r"具体由|由[^,。;]{2,20}(?:负责|牵头)", words.text))
    by_points = len(re.findall(r"分\),?由", words.text)) > 1
    for line in words.prose:
        if uses_by:
            for match in _WITHOUT_BY.finditer(line.text):
                yield _missing(line, match.start("at"), match.end(), "“具体”后面缺“由”")
            for match in _LEAD_BY.finditer(line.text):
                yield _missing(line, match.start(), match.end(), f"“{match['who']}”前面缺“由”")
        for match in _AFTER_POINTS.finditer(line.text) if by_points else ():
            yield _missing(line, match.start("who"), match.end(), f"“{match['who']}”前面缺“由”")
        for match in _DANGLING.finditer(line.text):
            yield _missing(line, max(0, match.start() - 6), match.end(), f"“{match[0]}”后面缺宾语")
        for match in _REPEATED.finditer(line.text):
            yield _missing(line, max(0, match.start() - 6), match.end() + 4, "有字重复或漏字")
    yield from _agents_without_verb(words)
    yield from _days_without_till(words)
    yield from _agents_without_by(words)


_BY_WITH_VERB = re.compile(r"具体由[^,。;由]{2,20}?(?:负责|承办|主办|牵头|承担|评分)")
_BY_WITHOUT_VERB = re.compile(rf"具体由{_OFFICE_WITHOUT_BY}(?=[,。;])")


def _agents_without_verb(words: Words) -> Iterator[Problem]:
    """Who answers told without what he does, where other sentences say it: `具体由…科,…`."""
    if not _BY_WITH_VERB.search(words.text):
        return
    for line in words.prose:
        for match in _BY_WITHOUT_VERB.finditer(line.text):
            yield _missing(line, match.start(), match.end(), "后面像是缺“负责”")


_BEFORE_AGENT = re.compile(
    r"(?:^|[^一-鿿]|[由经报交送给向至到将把和与及或对请会同从被各本该是为在让受知诉织调促馈合求前后内起日时委局厅办的于外含括即回并则也均都并])$"
)
"""What may stand before an office that acts; after any other word 由 is missing."""
_AGENT_ACTS = re.compile(
    r"(?:在[^,。;]{1,16}(?:下|中|里))?(?:从|用|按|以|摇|抽|确定|指定|负责|汇总|审核|组织|牵头|安排|保管|登记|办理|报(?![告名表]))"
)


def _agents_without_by(words: Words) -> Iterator[Problem]:
    """An office told to act right behind the thing it acts on: `具体场所…科在…抽取`."""
    names = {found.value for found in words.notice.coordinating}
    for indicator in words.notice.indicators:
        names |= {section.value for section in indicator.responsible_section}
    for line in words.prose:
        for name in names:
            at = line.text.find(name)
            while at >= 0:
                end = at + len(name)
                told = line.text[:at].endswith("具体")  # of that `_missing_words` speaks
                if (
                    not told
                    and not _BEFORE_AGENT.search(line.text[:at])
                    and _AGENT_ACTS.match(line.text, end)
                ):
                    yield _missing(line, max(0, at - 4), end + 2, f"“{name}”前面像是缺“由”")
                at = line.text.find(name, end)


def _days_without_till(words: Words) -> Iterator[Problem]:
    """A deadline without 前, where the text's other deadlines have it."""
    if len(re.findall(r"日(?:之)?前", words.text)) < 2:  # noqa: PLR2004 - two make a habit
        return
    for line in words.prose:
        for match in _WITHOUT_TILL.finditer(line.text):
            if not match[0].startswith(("于", "在")):
                yield _missing(line, match.start(), match.end() + 4, "日期后面像是缺“前”")


def _missing(line: Passage, start: int, end: int, what: str) -> Problem:
    found = line.words(start, min(end, len(line.text)))
    return Problem(
        "MISSING-WORD", found.source.place, f"{what}：“{shortened(found.value)}”", "请对照原意补正"
    )


# --- residue ---------------------------------------------------------------------------------------

_SELF = re.compile(
    r"(?P<kind>[局委厅办院])(?:长|主任)?(?:办公会议?|党组|党委|党委会|长办公会议?|务会议?|务会|主要领导|主要负责人|领导班子|机关各|属各|长签|长审)"
)
_OWN = re.compile(r"(?:本|我)(?P<kind>[局委厅院]|办(?!法|公|理))")
_PLACEHOLDER = re.compile(
    r"[×X✕xＸ]{2,}|[_＿]{2,}|〔(?:20)?[X×_＿ ]{1,4}〕|[○〇]{2,}(?![0-9一-鿿]年)|(?:某某|此处|请填|待填|待补|待定稿|模板|填写单位|示例)|\?{2,}|□"
)


def _residue(words: Words, naming: Naming) -> Iterator[Problem]:
    """Words that fit another office or an unfinished form."""
    kind = _kind_of_issuer(naming)
    told: set[str] = set()
    for line in words.body:
        for pattern in (_SELF, _OWN):
            for match in pattern.finditer(line.text):
                if (
                    kind
                    and match["kind"] not in kind
                    and match[0] not in told
                    and _is_alone(line.text, match)
                ):
                    told.add(match[0])
                    yield _left_over(line, match, f"发文单位是“{kind}”，这里写“{match[0]}”")
        blank = _PLACEHOLDER.search(MAILBOX.sub(lambda m: " " * len(m[0]), line.text))
        if blank:
            yield _left_over(line, blank, f"“{blank[0]}”像是没有填好的空白")


def _kind_of_issuer(naming: Naming) -> str:
    """局, 委, 厅 or 办, as the issuer calls itself; "" for any other body."""
    issuer = re.sub(r"\([^()]*\)", "", naming.issuer)
    for ending, kind in (
        ("管理委员会", "管委会"),
        ("管委会", "管委会"),
        ("委员会", "委"),
        ("办公室", "办"),
        ("委", "委"),
        ("局", "局"),
        ("厅", "厅"),
    ):
        if issuer.endswith(ending):
            return kind
    return ""


def _is_alone(text: str, match: re.Match[str]) -> bool:
    """Whether the word is no end of another office's name: 市财政局党组, 市委办公会."""
    before = text[max(0, match.start() - 1) : match.start()]
    return (
        match[0][0] in "本我"
        or not re.match(r"[一-鿿]", before)
        or before in "由经报送交至给向和及与本开召将按在提请"
    )


def _left_over(line: Passage, match: re.Match[str], what: str) -> Problem:
    source = line.source(match.start(), match.end())
    return Problem(
        "TEMPLATE-RESIDUE", source.place, f"{what}，像是套用旧稿留下的", "请改为本单位的说法"
    )


# --- blanks and empty fields -------------------------------------------------------------------------

_BLANK = re.compile(r"(?<=[一-鿿])[ ](?=[一-鿿])")
_NUMBERED = re.compile(
    r"^\s*(?:第[一二三四五六七八九十百0-9]{1,5}[章节条款][ ]*|[一二三四五六七八九十]{1,3}、|附[ ]*件[ ]*[0-9一二三四五六七八九十]*)"
)
_SPREAD_NAME = re.compile(
    r"(?:领导|联络员|联系人|责任人|负责人|组长|成员|主任|局长|科长|处长|经办人|[:、,|(])[: ]*[一-鿿] [一-鿿](?=[、,。;|()\s]|$)"
    r"|[科处股室局委办] [一-鿿]{2,3}(?=[、,。;|()0-9\s]|$)"
)
_COLUMNS = 3
"""A line with so many blanks is set in columns."""
_ALL_SPREAD = re.compile(r"(?:[一-鿿] ){2,}[一-鿿]")


def _stray_spaces(line: Passage, *, listed: bool) -> Iterator[Problem]:
    """One blank inside a word; headings, columns and names set wide are no slips."""
    text = line.text
    start = numbered.end() if (numbered := _NUMBERED.match(text)) else 0
    names = [match.span() for match in _SPREAD_NAME.finditer(text)]
    blanks = [
        match.start()
        for match in _BLANK.finditer(text, start)
        if not any(first <= match.start() < last for first, last in names)
        and not LABEL.match(text, match.end())
    ]
    in_columns = len(blanks) >= _COLUMNS or _ALL_SPREAD.search(text) or cells_of(line)
    if in_columns and not _label_spread(text):
        return
    words_long = len(re.findall(r"[一-鿿]", text))
    for at in blanks[:1]:
        if words_long >= 4 and (listed or not _divides_phrases(text, at)):  # noqa: PLR2004 - fewer are a heading
            around = line.words(max(0, at - 6), min(len(text), at + 7))
            yield Problem(
                "STRAY-SPACE",
                line.source(at - 1, at + 2).place,
                f"词中多了空格：“{around.value}”",
                "请删去空格",
            )


def _label_spread(text: str) -> bool:
    """A label of two characters set apart before its colon: `标 题:`."""
    return bool(re.match(r"\s*[一-鿿] [一-鿿] ?:", text))


def _divides_phrases(text: str, at: int) -> bool:
    """Whether the blank divides what are whole phrases: a title from an author, a list by blanks."""
    before = re.search(r"[^,。;:、()\s]*$", text[:at])
    after = re.match(r"[^,。;:、()\s]*", text[at + 1 :])
    left, right = len(before[0]) if before else 0, len(after[0]) if after else 0
    return not re.search(r"[,。;:、《(]", text) and left >= 4 and right >= 4  # noqa: PLR2004


_COLON_AND_STOP = re.compile(r":\s*[,。;)]")
_COLON_ENDS_LINE = re.compile(r":\s*$")
_EMPTY_LABEL = re.compile(rf"(?:{LABEL.pattern})(?<=:)\s*(?=[,。;)])")
_LABEL_ENDS_LINE = re.compile(rf"(?:{LABEL.pattern})(?<=:)\s*$")
_EMPTY_LINE = re.compile(r"^\s*(?P<label>[^,。;:|()]{2,10}):\s*(?:\|\s*)*$")
_EMPTY_CELL = re.compile(r"(?<=\|) *[^,。;:|()]{2,10}: *(?=\||$)")
"""A label with nothing behind it in a row of the head's table."""
_LISTS = re.compile(
    r"附件?|如下|以下|包括|其中|主送|抄送|分别是|为|有|通知|规定|公式|名单|安排|事项|程序|要求|标准|办法|内容|步骤|构成|组成|方法"
)
_COPIES = re.compile(r"抄[送报]$")
_BEGINS_NEW = re.compile(r"\s*(?:附件|附[ :]|[一1](?:、|\.)|第[一1][章条])")
"""A line below the foot of a document that begins something new and names no receiver."""
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|《\s*》|“\s*”|〔\s*〕")


def _empty_fields(words: Words) -> Iterator[Problem]:
    """Labels with nothing behind them, and brackets with nothing in them."""
    lines = words.notice.lines
    addressing = {found.source.line for found in words.notice.addressees}
    text_begins = min((line.pieces[0].line for line in words.body), default=0)
    for index, line in enumerate(lines):
        number = line.pieces[0].line
        below = lines[index + 1].text if index + 1 < len(lines) else None
        in_head = number < text_begins  # above the text, in the table of labels
        match = _empty_inside(line.text, below) or (in_head and _EMPTY_CELL.search(line.text))
        if not match and number not in addressing:
            match = _empty_line(line.text, below, in_head=in_head)
        if match:
            source = line.source(match.start(), match.end())
            yield Problem(
                "EMPTY-FIELD",
                source.place,
                f"“{shortened(plain_width(source.text))}”后面没有内容",
                "请填写，或删去这一栏",
            )


def _empty_label(text: str) -> re.Match[str] | None:
    """A label with a stop behind its colon; most lines have no such colon, and labels many forms."""
    return _EMPTY_LABEL.search(text) if _COLON_AND_STOP.search(text) else None


def _empty_inside(text: str, below: str | None) -> re.Match[str] | None:
    """An empty label or bracket within a line, or a label at its end that the next does not fill."""
    if match := _empty_label(text) or _EMPTY_BRACKETS.search(text):
        return match
    if not _COLON_ENDS_LINE.search(text):
        return None
    if below and not (is_numbered(below) or LABEL.match(below.lstrip())):
        return None
    ending = _LABEL_ENDS_LINE.search(text)
    return ending if ending and not re.search(r"指标|项目", ending[0]) else None


def _empty_line(text: str, below: str | None, *, in_head: bool) -> re.Match[str] | None:
    """A line that is a label and nothing more, where no list of its follows."""
    alone = _EMPTY_LINE.match(text)
    if alone is None or below is None:
        return alone
    if _COPIES.search(alone["label"]) and _BEGINS_NEW.match(below):
        return alone
    if _LISTS.search(alone["label"]):
        return None
    return alone if in_head or _EMPTY_LINE.match(below) else None
