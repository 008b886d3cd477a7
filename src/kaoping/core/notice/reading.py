"""通知: an official notice read into a draft that a person confirms (P05).

`read_notice` takes the lines of a notice and gives what it says of the scheme: indicators with
their duties, steps with deadlines, the data cut-off, annexes. Every value carries its `Source`.
The rules look at structure, labels, dates and the forms of names; they know no notice by its
words. What looked like a duty or a step and was not understood is kept as `unread`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from kaoping.core.errors import InputError
from kaoping.core.notice.assessed import assessed_objects
from kaoping.core.notice.coordinating import find_coordinating, find_leading
from kaoping.core.notice.dates import Reckoning, whole_date
from kaoping.core.notice.deadlines import find_cutoffs
from kaoping.core.notice.duty_tables import duty_head
from kaoping.core.notice.indicators import IndicatorPlaces, read_indicators
from kaoping.core.notice.label_tables import label_rows
from kaoping.core.notice.letterhead import Letterhead, read_letterhead
from kaoping.core.notice.outline import Block, Rank, as_lines, read_outline
from kaoping.core.notice.passage import SHOWN_LENGTH, Found, Passage, Source, shortened
from kaoping.core.notice.procedure import NoticeStep, read_procedure
from kaoping.core.notice.step_places import (
    ENOUGH_STEPS,
    count_steps,
    find_step_block,
    running_steps,
)
from kaoping.core.notice.years import years_of_text, years_of_title
from kaoping.core.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from kaoping.core.notice.annexes import Annex
    from kaoping.core.notice.duties import NoticeIndicator

MAX_LINES = 2_500
"""Most lines of a notice that is read."""

MAX_LINE = 10_000
"""Longest line read, in characters; a longer one is kept as unread."""

MAX_TEXT = 100_000
"""Longest text read, in characters, without the lines that are too long."""


@dataclass(frozen=True, slots=True)
class Heading:
    """标题: one numbered heading; `depth` counts from 1, the title may be missing."""

    depth: int
    label: str
    title: Found[str] | None
    source: Source


@dataclass(frozen=True, slots=True)
class Requirement:
    """要求: a heading of the requirements and its words."""

    title: Found[str]
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """通知, as far as it could be read; nothing here is used before a person confirms it.

    Attributes:
        document_date: 成文日期; `published` 发布日期; `signed` the date under the text.
        year: the assessment year.
        assessed: the assessed objects as listed.
        start: the day the procedure begins.
        coordinating: sections that lead the work or merge its results, as each is called.
        unread: words that looked like a duty or a step and were not understood.
        lines: the whole text, a line or paragraph each, for the checks of its words.
    """

    title: Found[str] | None
    issuer: Found[str] | None
    document_number: Found[str] | None
    document_date: Found[date] | None
    published: Found[date] | None
    signed: Found[date] | None
    addressees: tuple[Found[str], ...]
    year: Found[int] | None
    outline: tuple[Heading, ...]
    assessed: tuple[Found[str], ...]
    indicators: tuple[NoticeIndicator, ...]
    steps: tuple[NoticeStep, ...]
    start: Found[date] | None
    data_cutoff: Found[date] | None
    coordinating: tuple[Found[str], ...]
    requirements: tuple[Requirement, ...]
    annexes: tuple[Annex, ...]
    unread: tuple[Source, ...]
    lines: tuple[Passage, ...] = field(default=(), repr=False)

    @property
    def issue_date(self) -> Found[date] | None:
        """成文日期, else the date of the signature, else the day of publication."""
        return self.document_date or self.signed or self.published


class Topic(StrEnum):
    """What a heading is about."""

    CONTACTS = "contacts"
    REQUIREMENTS = "requirements"
    DUTIES = "duties"
    STEPS = "steps"
    ASSESSED = "assessed"
    INDICATORS = "indicators"


_TOPICS: tuple[tuple[Topic, str], ...] = (
    (
        Topic.CONTACTS,
        "联系方式|联络方式|通讯录|联[系络](?:员|人|人员)?名[单册]|联[系络]表|联系人$|联系电话$|联[系络]人员",
    ),
    (
        Topic.REQUIREMENTS,
        "(?<!总体)要求|纪律|组织领导|^保障$|保障(?:措施|机制)|(?:组织|工作|制度|经费|人员|责任|强化|加强|服务|落实)保障(?!体系|能力|水平)",
    ),
    (
        Topic.DUTIES,
        "分工|职责|(?:责任|牵头)(?:科室|单位|部门|处室|股室|主体)|任务安排|谁来?(?:考|评|测评|负责|牵头|打分)|由谁",
    ),
    (
        Topic.STEPS,
        "程序|步骤|流程|环节|进程|时间(?:节点|表)|几步走|一步一步|^什么时候(?:做|干|办)|怎么走|操作步骤|(?:实施|推进|工作|考核|考评)(?:计划|节点)$|(?:时间|进度|工作|考核|考评|评分|实施|时序)安排|(?<!考核)(?<!考评)(?<!评议)(?<!评估)(?<!评价)(?<!测评)(?<!评定)(?<!对象和)(?<!对象及)(?<!对象、)(?<!范围和)(?<!范围及)时限|日程|组织实施|方法步骤|(?:怎[样么]|如何)(?:组织|开展|进行|实施|推进|操作|做$|走)|进度$",
    ),
    (
        Topic.ASSESSED,
        (
            "(?:考核|考评|评价|评估|评议|测评|评定|适用|绩效).{0,4}(?:对象|范围)(?!的|按|应|对|可|不|在|如|自|认|逐|须|要|填|无|觉|于|由|将|所|提|若|因|有不同|有异议)|^对象|被(?:考[核评]|评[议价估定])(?:单位|对象|人)(?!的)|^(?:考核?|考评|评[价估议定]?|测评)(?:哪?些?谁|哪些(?:单位|部门|学校|乡镇|企业|县区|街道|对象|村|社区|医院|机构))|(?:参加|参与|接受|纳入|列入)(?:考核|考评|评价|评估|评议|测评|评定)的?(?:单位|部门)|^(?:考核|考评|评估|评价|评议|测评|评定|参评|受评)(?:的)?(?:单位|学校|企业|县区|乡镇|镇街|街道|医院|机构|园区)$"
            r"|(?:参加|参与|接受|纳入|列入)(?:考核|考评|评价|评估|评议|测评|评定)的?(?:学校|企业|县区|乡镇|镇街|街道|医院|机构)"
            r"|(?:考核|考评|评价|评估|评议|测评|评定)(?:的?分[组类档]|名单)|^分[组类](?:情况|名单|考核|考评)?$|被评价?(?:单位|对象)|受[评考](?:单位|对象)"
            r"|参评(?:单位|对象|名单)|适用(?:单位|对象)|^范围(?!的)|覆盖(?:范围|面)|^(?:哪些|谁).{0,8}(?:参加|接受|被考|受评)"
        ),
    ),
    (
        Topic.INDICATORS,
        "指标(?!的|得分)|(?:考核|考评|评议|测评|评估|评价|评定)(?:内容|项目|事项)|^(?:考核?|考评|评[价估议定]?|测评)(?:哪几(?:项|个|件事?|方面)|什么|哪些(?!单位|部门))",
    ),
)
_TOPIC_PATTERNS = [(topic, re.compile(pattern)) for topic, pattern in _TOPICS]
_OPENING = re.compile(r"(?P<subject>[^,。;:]{1,16}?)(?:,?是指|包括|如下|为|是|有|共|按|:)")


# --- reading -------------------------------------------------------------------------------------


def read_notice(lines: Sequence[str], places: Sequence[str] = ()) -> Notice:
    """Read a notice's lines; line numbers of sources count from 1.

    Args:
        lines: the text, a paragraph a line.
        places: how a person finds each line, where that is not its number.

    Raises:
        InputError: for a text that is far longer than any notice.
    """
    kept, too_long = _bounded(lines, places)
    head = read_letterhead(kept)
    parts = [_without_tables(part) for part in head.parts]
    root_blocks = [read_outline(rest) for rest, _ in parts]
    tables = [table for _, found in parts for table in found]
    return replace(_Reading(head, root_blocks, tables, too_long).notice(), lines=tuple(kept))


def _bounded(lines: Sequence[str], places: Sequence[str]) -> tuple[list[Passage], list[Source]]:
    """The lines as passages without empty ones, and the sources of lines too long to read."""
    if (
        len(lines) > MAX_LINES
        or sum(len(line) for line in lines if len(line) <= MAX_LINE) > MAX_TEXT
    ):
        raise InputError(
            f"文本过长（超过 {MAX_LINES} 行或 {MAX_TEXT} 字），不像一份通知，请检查是否选错了文件",
            f"more than {MAX_LINES} lines or {MAX_TEXT} characters: not a notice; check the file",
        )
    kept, too_long = [], []
    for line in as_lines(lines, places):
        raw = line.pieces[0].raw
        if len(raw) > MAX_LINE:
            number = line.pieces[0].line
            too_long.append(
                Source(number, 0, SHOWN_LENGTH, raw[:SHOWN_LENGTH], line.pieces[0].where)
            )
        elif line.text.strip():
            kept.append(line)
    return kept, too_long


def _without_tables(lines: Iterable[Passage]) -> tuple[list[Passage], list[list[Passage]]]:
    """The lines that stand in no duty table, and the tables with their heads."""
    rest: list[Passage] = []
    tables: list[list[Passage]] = []
    inside = False
    after = 0
    lines = list(lines)
    for index, line in enumerate(lines):
        row = "|" in line.text or "\t" in line.pieces[0].raw
        if index >= after and row and not duty_head(line) and (count := _label_rows(lines, index)):
            tables.append(lines[index : index + count])
            after, inside = index + count, False
        if index < after:
            continue
        inside = row and (inside or bool(duty_head(line)))
        if not inside:
            rest.append(line)
        elif duty_head(line):
            tables.append([line])
        else:
            tables[-1].append(line)
    return rest, tables


def _label_rows(lines: Sequence[Passage], index: int) -> int:
    return label_rows(lines[index : index + _MOST_LABEL_ROWS])


_MOST_LABEL_ROWS = 400


class _Reading:
    """One reading of one notice: what is gathered on the way."""

    def __init__(
        self,
        head: Letterhead,
        roots: Sequence[Block],
        tables: Sequence[Sequence[Passage]],
        too_long: Iterable[Source],
    ) -> None:
        self.head = head
        self.roots = roots
        self.tables = tables
        self.unread: list[Source] = list(too_long)
        self.topics: dict[Topic, list[Block]] = {topic: [] for topic in Topic}
        for root in roots:
            self._sort(root)
        self.year = self._find_year()

    def _sort(self, block: Block) -> None:
        """File headings under their topic; headings below duties and steps are left to those."""
        for child in block.children:
            topic = _topic_of(child)
            if topic is Topic.STEPS and _tells_who_is_assessed(child):
                topic = None
            if topic:
                self.topics[topic].append(child)
            if topic is Topic.DUTIES:
                self.topics[Topic.INDICATORS] += filter(_lists_indicators, child.children)
            if topic not in (Topic.DUTIES, Topic.STEPS, Topic.REQUIREMENTS, Topic.CONTACTS):
                self._sort(child)

    def notice(self) -> Notice:
        """All that was read."""
        head = self.head
        indicators, unread = read_indicators(self._indicator_places())
        self.unread.extend(unread)
        reckoning = Reckoning(
            self.year.value if self.year else None,
            next((d.value for d in (head.document_date, head.signed, head.published) if d), None),
        )
        procedure = read_procedure(self._step_blocks(), reckoning)
        self.unread.extend(procedure.unread)
        lines = [line for root in self.roots for line in root.whole().each_line()]
        cutoff = self._agreed([day for line in lines for day, _ in find_cutoffs(line, reckoning)])
        return Notice(
            title=head.title,
            issuer=head.issuer,
            document_number=head.number,
            document_date=head.document_date,
            published=head.published,
            signed=head.signed,
            addressees=head.addressees,
            year=self.year,
            outline=tuple(self._headings()),
            assessed=self._assessed(indicators),
            indicators=indicators,
            steps=procedure.steps,
            start=procedure.start,
            data_cutoff=cutoff,
            coordinating=self._coordinating(procedure.steps, indicators),
            requirements=tuple(self._requirements()),
            annexes=head.annexes,
            unread=tuple(sorted(self.unread, key=lambda source: (source.line, source.start))),
        )

    def _coordinating(
        self, steps: Sequence[NoticeStep], indicators: Sequence[NoticeIndicator]
    ) -> tuple[Found[str], ...]:
        """Who leads and merges: told among the steps, else in what introduces the duties."""
        like = next((s.value for i in indicators for s in i.responsible_section), "")
        found = find_coordinating(self._step_blocks(), steps, like)
        if found:
            return found
        introducing = [
            Block(Rank.TEXT, "", None, block.text, block.text)
            for topic in (Topic.DUTIES, Topic.ASSESSED, Topic.INDICATORS)
            for block in self.topics[topic]
        ]
        return find_coordinating(introducing, (), like) or find_leading(self.roots, like)

    def _find_year(self) -> Found[int] | None:
        """The one year the title names, else the body; where it names several, they are shown."""
        title = self.head.title
        wholes = [root.whole() for root in self.roots]
        named = (
            [Found(year, title.source) for year, _, _ in years_of_title(title.value)]
            if title
            else []
        )
        told = named or [
            Found(year, whole.source(start, end))
            for whole in wholes
            for year, start, end in years_of_text(whole.text)
        ]
        if len({found.value for found in told}) > 1:
            self.unread.extend(dict.fromkeys(found.source for found in told))
            return None
        return told[0] if told else None

    def _agreed(self, cutoffs: Sequence[Found[date]]) -> Found[date] | None:
        """The one day at which the data end; several days are shown, for a person to choose."""
        if len({found.value for found in cutoffs}) > 1:
            self.unread.extend(found.source for found in cutoffs)
            return None
        return cutoffs[0] if cutoffs else None

    def _headings(self) -> Iterator[Heading]:
        for root in self.roots:
            for child in root.children:
                for depth, block in child.walk():
                    yield Heading(depth, block.label, block.title, block.body.source())

    # The other parts.

    def _indicator_places(self) -> IndicatorPlaces:
        blocks = self._blocks_beside(Topic.STEPS, Topic.REQUIREMENTS, Topic.CONTACTS)
        running = [line for block in blocks for line in block.body.each_line()]
        return IndicatorPlaces(
            listing=self.topics[Topic.INDICATORS],
            assessed=self.topics[Topic.ASSESSED],
            duties=self.topics[Topic.DUTIES],
            contacts=self.topics[Topic.CONTACTS],
            tables=self.tables,
            running=running,
            blocks=blocks,
            whole=self._lines_beside(Topic.STEPS),
            issuer=self.head.issuer,
        )

    def _blocks_beside(self, *topics: Topic) -> list[Block]:
        """All blocks that stand below no heading of some topics."""
        other = {id(b) for topic in topics for top in self.topics[topic] for _, b in top.walk()}
        return [block for root in self.roots for _, block in root.walk() if id(block) not in other]

    def _lines_beside(self, *topics: Topic) -> list[Passage]:
        """All lines that stand below no heading of some topics."""
        return [line for block in self._blocks_beside(*topics) for line in block.body.each_line()]

    def _step_blocks(self) -> list[Block]:
        """Where the steps are told: below headings that speak of them, else where most of them are."""
        headed = self.topics[Topic.STEPS]
        told = sum(count_steps(block) for block in headed)
        if told >= ENOUGH_STEPS:
            return headed
        found = find_step_block(block for root in self.roots for _, block in root.walk())
        running = self._running_steps()
        best = max(
            ([found] if found else [], running), key=lambda some: sum(map(count_steps, some))
        )
        return best if sum(map(count_steps, best)) > told else headed or best

    def _running_steps(self) -> list[Block]:
        """The lines that tell steps, where no heading speaks of them."""
        topics = (Topic.DUTIES, Topic.CONTACTS)
        other = {id(b) for topic in topics for top in self.topics[topic] for _, b in top.walk()}
        lines = [
            line
            for root in self.roots
            for _, block in root.walk()
            if id(block) not in other
            for line in block.body.each_line()
            if whole_date(line.text) is None
        ]
        found = running_steps(lines)
        return [found] if found else []

    def _assessed(self, indicators: Sequence[NoticeIndicator]) -> tuple[Found[str], ...]:
        """The assessed objects, below a heading of theirs, else where running text names them."""
        works = {indicator.name.value for indicator in indicators}
        lines = self._lines_beside(Topic.STEPS, Topic.REQUIREMENTS, Topic.CONTACTS)
        found = assessed_objects(self.topics[Topic.ASSESSED], lines, self.head.addressees)
        return tuple(name for name in found if name.value not in works)

    def _requirements(self) -> Iterator[Requirement]:
        for block in self.topics[Topic.REQUIREMENTS]:
            labelled = list(_labelled_requirements(block))
            yield from labelled
            for part in block.children or [block]:
                if part.title and not labelled:
                    words = part.whole().cut(len(part.title.value)).written
                    yield Requirement(part.title, words.strip(" 　。:：;；\n"))


def _topic_of(block: Block) -> Topic | None:
    """What a heading is about; of a block without one, what its first words announce."""
    opening = _OPENING.match(block.body.text)
    words = block.heading or (opening["subject"] if opening else "")
    opened = "" if block.heading or opening is None else opening[0]
    if "," in words and _STATES.search(words):
        return None
    for topic, pattern in _TOPIC_PATTERNS:
        match = pattern.search(words) if words else None
        if match is None or (topic is Topic.STEPS and _NO_STEPS.search(words)):
            continue
        if block.heading or len(words) - match.end() <= _FARTHEST:
            return None if topic is Topic.ASSESSED and _NO_LIST.search(opened) else topic
    return None


_LABELLED = re.compile(r" *(?P<title>[一-鿿、]{2,12}):(?=[^\n]{6})")


def _labelled_requirements(block: Block) -> Iterator[Requirement]:
    """Requirements told in lines that each begin with their title: `统一尺度:…`."""
    lines = [line for line in block.text.each_line() if line.text.strip()]
    heads = [_LABELLED.match(line.text) for line in lines]
    if block.children or len(lines) < _FEWEST_LABELLED or not all(heads):
        return
    for line, head in zip(lines, heads, strict=True):
        if head:
            words = line.cut(head.end()).written
            yield Requirement(line.words(*head.span("title")), words.strip(" 　。\n"))


_FEWEST_LABELLED = 2


def _tells_who_is_assessed(block: Block) -> bool:
    """Whether an arrangement (安排) is one of whom and what, and not of steps."""
    return any(_topic_of(child) is Topic.ASSESSED for child in block.children)


_NO_STEPS = re.compile("对象|范围|单位|总述|概述|总体|基本")
_NO_LIST = re.compile("按$|没有?$|[不无]有?$")
"""How words about the assessed go on that do not list them: `考核对象按总分…`."""
_STATES = re.compile(r"[^,]{10,},|,(?:以|由|按|先|则|该|不|并|附件)")
"""A sentence and no heading, though it has a number of its own."""
_LISTS_INDICATORS = re.compile(
    r"[^,。;:、]{0,12}(?:指标|考[核评](?:内容|项目))(?:内容|体系)?(?:分别|分)?(?:共|设|有|包括|为|包含|如下|:)"
)


def _lists_indicators(block: Block) -> bool:
    """Whether a paragraph among the duties lists the indicators: `考评指标共四项…`."""
    return bool(_LISTS_INDICATORS.match(block.body.text)) and not block.children


_FARTHEST = 4
"""Characters between a subject and the word that announces it: 考核对象共分三类为."""


# --- what a reading shows ----------------------------------------------------------------------


def notice_problems(notice: Notice) -> tuple[Problem, ...]:
    """What looked like a duty or a step and was not read: one problem for each paragraph.

    Paragraphs whose unread words are of one form (`…科派员参加`) are told once, with every place.
    """
    lines: dict[str, list[str]] = {}
    for source in notice.unread:
        lines.setdefault(source.place, []).append(source.text)
    alike: list[tuple[str, list[str]]] = []
    for place, texts in lines.items():
        words = "”“".join(texts)
        known = next((places for told, places in alike if _of_one_form(told, words)), None)
        if known is None:
            alike.append((words, [place]))
        else:
            known.append(place)
    return tuple(_unread(places, words) for words, places in alike)


_FORM = 3
"""So many signs at the beginning or end of unread words make their form."""


def _of_one_form(one: str, other: str) -> bool:
    short = min(len(one), len(other)) <= _FORM
    return one == other or (
        not short and (one[:_FORM] == other[:_FORM] or one[-_FORM:] == other[-_FORM:])
    )


_BEYOND = re.compile(r"归档|存档|立卷|装订成册|移交[^,。;]{0,6}档案|整理成册")
"""Work that follows an assessment and is no step of a scheme."""


def _unread(places: Sequence[str], words: str) -> Problem:
    place = places[0]
    if _BEYOND.search(words):
        return Problem(
            "NOTICE-UNREAD",
            place,
            f"归档不是方案的环节，没有读入：“{shortened(words)}”",
            "不用补入方案；如有别的要求，请人工核对",
            weighed=Severity.C,
        )
    return Problem(
        "NOTICE-UNREAD",
        place,
        f"没有读懂：“{shortened(words)}”"
        + (f"；{'、'.join(places[1:])}写法相同，也没有读懂" if places[1:] else ""),
        "请对照原文，把这段内容人工补入方案草稿",
    )
