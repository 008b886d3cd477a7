"""NAME-VARIANT: one office or indicator written in different ways; asked about, never merged."""

from __future__ import annotations

import re
from itertools import combinations, islice
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import cells_of, find_telephones, tokens
from kaoping.core.notice.offices import find_offices
from kaoping.core.notice.passage import plain_width
from kaoping.core.notice_check.offices import closeness, may_be_one, short_form
from kaoping.core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from kaoping.core.notice.passage import Found, Passage
    from kaoping.core.notice_check.offices import Naming, Office
    from kaoping.core.notice_check.words import Words

_NO_NAME = re.compile(
    r"^(?:各|本|该|我|其|有关|相关|所在|所有|责任|牵头|配合|业务|主管|上级|市直|县直|区直|被考|涉及|参与|承办|协办|职能|对口|考核单|考评单)"
    r"|^(?:责任|牵头|配合|业务|相关|有关|主管|各|职能|主责|对口|协办|承办|评分|考核|考评)+(?:科|处|股|科室|处室|股室|局|办公室)$"
    r"|(?:办理|开展|到位|落实|一处|两处|之处|好处|用处|何处|出处|此处|该处|问题|处)处$"
)
_CLOSE, _ALIKE_NAMES = 50, 60
"""In percent."""


def check_variants(words: Words, naming: Naming) -> Iterator[Problem]:
    """Every pair of names that may be one body or one indicator."""
    offices = _offices(words)
    yield from _one_office_two_names(words, offices, naming)
    yield from _coordinating(words, naming)
    yield from _coordinating_renamed(words, offices)
    yield from _unknown_agents(words, offices, naming)
    yield from _heading_contacts(words, offices)
    yield from _without_level(words, naming)
    yield from _two_recipients(words)
    yield from _indicators(words)
    yield from _annexed_indicators(words)
    yield from _nearly_indicators(words)
    yield from _listed_otherwise(words)
    yield from _sections_listed_otherwise(words)
    yield from _platforms(words)
    yield from _long_offices(words)


# --- offices ---------------------------------------------------------------------------------------


def _offices(words: Words) -> dict[str, Found[str]]:
    """Every name of an office that was read, with the first place it stands at."""
    notice = words.notice
    told = [*notice.coordinating, *notice.addressees, *notice.assessed]
    for indicator in notice.indicators:
        told += [indicator.lead_unit] if indicator.lead_unit else []
        told += [*indicator.responsible_section, *indicator.cooperating_sections]
        told += indicator.cooperating_units
    found: dict[str, Found[str]] = {}
    for item in told:
        if _is_name(item.value) and find_offices(item.value) is not None:
            found.setdefault(plain_width(item.value), item)
    return found


def _is_name(name: str) -> bool:
    return not _NO_NAME.search(plain_width(name)) and not re.search(r"[、,]", name)


def _one_office_two_names(
    words: Words, offices: dict[str, Found[str]], naming: Naming
) -> Iterator[Problem]:
    defined = {naming.office(name).name for name in _short_names(words)}
    parsed = [(naming.office(name), found) for name, found in offices.items()]
    told: set[str] = set()
    for (one, first), (other, second) in combinations(parsed, 2):
        if not may_be_one(one, other) or _are_two(words, one, other):
            continue
        if _both_listed(words, first.value, second.value) or {one.name, other.name} & defined:
            continue
        if _is_issuer(one, other, naming) or other.name in told:
            continue
        told.add(other.name)
        yield _variant(first, second, "单位或科室")
    yield from _nearly_written(words, offices, naming)


def _nearly_written(
    words: Words, offices: dict[str, Found[str]], naming: Naming
) -> Iterator[Problem]:
    """Words of the text that are nearly the name of an office, and no other office's name."""
    told: set[str] = set()
    short_names, known = _short_names(words), tuple(offices)
    ends: dict[str, list[tuple[Passage, int]]] = {}
    for name, first in offices.items():
        if name in short_names:
            continue
        office = naming.office(name)
        if len(office.stem) < _SHORT_STEM or not office.ending:
            continue
        if name[-1] not in ends:
            ends[name[-1]] = list(_places_behind(name[-1], words, known))
        for line, end in ends[name[-1]]:
            near = _near(line.text[:end], office, naming)
            if not near or near in told or near in short_names:
                continue
            begun = end - len(near)
            if not line.text.startswith(known, begun):
                told.add(near)
                yield _variant(first, line.words(begun, end), "单位或科室")


def _places_behind(
    ending: str, words: Words, known: tuple[str, ...]
) -> Iterator[tuple[Passage, int]]:
    """Where names with this last character may end, other than those of the offices known."""
    pattern = re.compile(rf"{ending}(?![室长员面理])")
    for line in words.body:
        for match in pattern.finditer(line.text):
            if not line.text.endswith(known, 0, match.end()):
                yield line, match.end()


def _near(before: str, office: Office, naming: Naming) -> str:
    """The words that end a text and may be a variant of an office's name; else ""."""
    length = len(office.name)
    for size in range(max(_LONG_STEM, length - 2), min(length + _MOST_MORE, len(before)) + 1):
        window = before[-size:]
        if not _PLAIN_NAME.fullmatch(window) or window[-1] in window[:-1]:
            return ""
        first = _IS_FIRST.search(before[:-size]) and not _OF_ANOTHER.search(before[:-size])
        if first and may_be_one(office, naming.office(window)):
            return window
    return ""


_OF_ANOTHER = re.compile(r"[省市县区州](?:委|政府|人大|政协)$")
"""What makes of the words behind it an office of another body: 县委党建办."""
_SHORT_STEM, _LONG_STEM = 2, 3
_MOST_MORE = 4
_PLAIN_NAME = re.compile(r"[一-鿿]+")
_IS_FIRST = re.compile(
    r"(?:^|[^一-鿿]|[由经报交送给向至到将把和与及或对请会同从各本该委局厅办省市县区州])$"
)
"""What may stand before the name of an office."""


def _is_issuer(one: Office, other: Office, naming: Naming) -> bool:
    """Whether one name is the issuer's own full name and the other its short form."""
    issuer = naming.office(naming.issuer).name
    names = {one.name, other.name}
    return issuer in names and any(short_form(name, issuer) for name in names)


def _are_two(words: Words, one: Office, other: Office) -> bool:
    """Whether the text itself shows two bodies: side by side, or each with a duty of its own."""
    for indicator in words.notice.indicators:
        answering = {plain_width(section.value) for section in indicator.responsible_section}
        helping = {plain_width(section.value) for section in indicator.cooperating_sections}
        if {one.name, other.name} <= answering | helping and not {one.name, other.name} <= helping:
            return True
    return _listed_together(words, one.name, other.name) or _both_answer(
        words, one.name, other.name
    )


_SHORT_NAME = re.compile(
    r"\((?:以下)?(?:统|合)?(?:简称|称)(?:为)?:?[“\"]?(?P<name>[^()“”\"]{2,12})[”\"]?\)"
)


def _short_names(words: Words) -> set[str]:
    """Short names that the text itself gives: `…办公室(以下简称市人防办)`."""
    return {match["name"] for line in words.body for match in _SHORT_NAME.finditer(line.text)}


def _both_listed(words: Words, one: str, other: str) -> bool:
    """Whether both are addressed, or both assessed, each by its own name."""
    told = (words.notice.addressees, words.notice.assessed)
    return any({one, other} <= {found.value for found in some} for some in told)


def _listed_together(words: Words, one: str, other: str) -> bool:
    return any(
        {one, other}
        <= set(re.split(r"[、,和及与:(]|由|负责|牵头|配合|等", sentence.text.strip("。;")))
        for sentence in words.sentences
    )


def _both_answer(words: Words, one: str, other: str) -> bool:
    """Whether both names lead indicators, with different people.

    Long names that differ by the last sign of what they do are asked about all the same:
    财务监管科, 财务监督科.
    """
    if len(one) == len(other) > _LONG_NAME and one[:-2] == other[:-2] and one[-1] == other[-1]:
        return False
    leading: dict[str, set[str]] = {}
    for indicator in words.notice.indicators:
        for section in indicator.responsible_section:
            people = {p.value for p in (*indicator.liaison, *indicator.telephone)}
            leading.setdefault(section.value, set()).update(people)
    return one in leading and other in leading and not leading[one] & leading[other]


def _coordinating(words: Words, naming: Naming) -> Iterator[Problem]:
    """Two names for the section that leads the work and merges its results."""
    found = words.notice.coordinating
    for first, second in combinations(found, 2):
        one, other = naming.office(first.value), naming.office(second.value)
        if first.value.endswith(second.value) or second.value.endswith(first.value):
            continue
        if one.ending != other.ending or may_be_one(one, other) or _are_two(words, one, other):
            continue
        if closeness(one.stem, other.stem) >= _CLOSE:
            yield _variant(first, second, "牵头组织、汇总的科室")


def _coordinating_renamed(words: Words, offices: dict[str, Found[str]]) -> Iterator[Problem]:
    """A name that begins and ends like that of the section which leads the work, and is no other's."""
    for found in words.notice.coordinating:
        name = plain_width(found.value)
        if len(name) <= _LONG_NAME or re.match("[省市县区州][委政]", name):
            continue
        inner = len(name) - 3
        like = re.compile(rf"{re.escape(name[:2])}[一-鿿]{{{inner}}}{re.escape(name[-1])}")
        for line in words.body:
            for match in like.finditer(line.text):
                if match[0] not in offices and _IS_FIRST.search(line.text[: match.start()]):
                    yield _variant(found, line.words(*match.span()), "牵头组织、汇总的科室")
                    return


_AGENT = re.compile(
    r"由(?P<name>(?:(?![由从的各该本和与及])[一-鿿]){3,8}?[科处股室])(?=以|用|按|在|从|负责|组织|汇总|统一|抽|摇|报)"
)


def _unknown_agents(
    words: Words, offices: dict[str, Found[str]], naming: Naming
) -> Iterator[Problem]:
    """A section told to act that is named nowhere else, much like the one that leads the work."""
    for line in words.body:
        for match in _AGENT.finditer(line.text):
            name = match["name"]
            if name in offices or not _is_name(name) or words.text.count(name) > 1:
                continue
            stem = naming.office(name).stem
            for found in words.notice.coordinating:
                office = naming.office(found.value)
                if office.ending == name[-1] and closeness(stem, office.stem) >= _CLOSE:
                    yield _variant(found, line.words(*match.span("name")), "牵头组织、汇总的科室")


_HEADS_CONTACT = re.compile(r"[ 0-9(一二三四五六七八九十).、]*(?P<name>[一-鿿“”]{2,24}?)[:(,]")


def _heading_contacts(words: Words, offices: dict[str, Found[str]]) -> Iterator[Problem]:
    """A line of contacts headed by what is nearly the name of a section or an indicator.

    The end of one section's name (环能站 of 科教环能站), or the beginning of the one indicator that
    nobody can be reached for.
    """
    lacking = [i for i in words.notice.indicators if not i.telephone]
    for line in words.prose:
        match = _HEADS_CONTACT.match(line.text)
        if match is None or match["name"] in offices or not any(find_telephones(line.text)):
            continue
        head = line.words(*match.span("name"))
        long = [name for name in offices if name.endswith(match["name"])]
        if len(long) == 1:
            yield _variant(offices[long[0]], head, "科室")
        elif not any(plain_width(i.name.value) in line.text for i in words.notice.indicators):
            alike = [i.name for i in lacking if i.name.value[:2] == head.value[:2]]
            if len(lacking) == 1 and len(set(head.value) & set(lacking[0].name.value)) > 1:
                alike = [lacking[0].name]
            if len(alike) == 1:
                yield _variant(alike[0], head, "指标")


def _variant(first: Found[str], second: Found[str], what: str) -> Problem:
    return Problem(
        "NAME-VARIANT",
        second.source.place,
        f"“{second.value}”与{first.source.place}“{first.value}”像是同一{what}，写法不一",
        "请确认是否同一个；是的请统一名称，不是的请写明各自职责",
    )


def _without_level(words: Words, naming: Naming) -> Iterator[Problem]:
    """Units written without 市 or 县 in a text that writes it with others."""
    units: dict[str, Found[str]] = {}
    for indicator in words.notice.indicators:
        for found in (*indicator.cooperating_units, *filter(None, [indicator.lead_unit])):
            units.setdefault(found.value, found)
    sections = [s.value for i in words.notice.indicators for s in i.responsible_section]
    levels = {naming.office(name).level for name in units} - {""}
    if not levels or any(name.endswith("局") for name in sections):
        return
    bare = [found for name, found in units.items() if _lacks_level(naming.office(name), name)]
    if bare:
        names = "、".join(found.value for found in bare)
        level = "、".join(sorted(levels))
        yield Problem(
            "NAME-VARIANT",
            bare[0].source.place,
            f"{names}没有写“{level}”，别的单位都写了",
            "请写全称或规范化简称，以免与上级或下级的同名单位混淆",
        )


def _lacks_level(office: Office, name: str) -> bool:
    plain = not office.level and office.ending in ("局", "委", "厅", "中心")
    return plain and not re.match(r"本|我|国家|中央|驻|自治|全|上级|[一-鿿]{1,6}[省市县区州]", name)


_RECIPIENT = re.compile(
    r"(?:^|[^一-鿿]|[报送交至给由受经按向据称到])(?P<name>(?:自治区|省|市|县|区|州)[一-鿿]{0,4}?(?:绩效|考核|考评|督查)[一-鿿]{0,4}?(?:办公室|办|委员会|领导小组))"
)


def _two_recipients(words: Words) -> Iterator[Problem]:
    """The office that receives the result, called by two names."""
    found: dict[str, Found[str]] = {}
    for line in words.body:
        for match in _RECIPIENT.finditer(line.text):
            name = line.words(*match.span("name"))
            found.setdefault(re.sub("办公室$", "办", plain_width(name.value)), name)
    for first, second in combinations(found.values(), 2):
        if second.value[-1] == first.value[-1] and second.value[0] == first.value[0]:
            yield _variant(first, second, "接收单位")
            return


# --- indicators ------------------------------------------------------------------------------------


def _indicators(words: Words) -> Iterator[Problem]:
    """An indicator listed under one name, whose duty is told under another."""
    indicators = words.notice.indicators
    listed = [i.name for i in indicators if i.paragraph is None]
    others = [i.name for i in indicators if i.paragraph is not None]
    for name in listed:
        near = max(others, key=lambda o: _likeness(name.value, o.value), default=None)
        if near and _likeness(name.value, near.value) >= _ALIKE_NAMES:
            yield _variant(name, near, "指标")


def _likeness(one: str, other: str) -> int:
    """How much two names have in common, in percent of the longer one."""
    left, right = plain_width(one), plain_width(other)
    return closeness(left, right) * min(len(left), len(right)) // max(len(left), len(right), 1)


def _annexed_indicators(words: Words) -> Iterator[Problem]:
    """An annex about an indicator under its long name, where the text has a short one."""
    names = [i.name for i in words.notice.indicators]
    for annex in words.notice.annexes:
        title = plain_width(annex.title.value)
        if any(plain_width(name.value) in title for name in names):
            continue
        for name in names:
            if long := _spelt_out(plain_width(name.value), title):
                first, second = name, annex.title
                yield Problem(
                    "NAME-VARIANT",
                    second.source.place,
                    f"附件{annex.number}写“{long}”，{first.source.place}写“{first.value}”，像是同一指标",
                    "请确认是否同一个；是的请统一名称",
                )


def _spelt_out(short: str, title: str) -> str:
    """The words of a title that spell a short name out, each of its characters in order; else ""."""
    if len(short) < 4 or not short_form(short, title):  # noqa: PLR2004 - shorter names fit anywhere
        return ""
    pieces = ".{0,6}?".join(map(re.escape, short))
    match = re.search(pieces, title)
    return match[0] if match and len(match[0]) >= len(short) * 2 else ""


_LONG_NAME = 4


def _nearly_indicators(words: Words) -> Iterator[Problem]:
    """Words that are an indicator's name but for one character."""
    names = {plain_width(i.name.value): i.name for i in words.notice.indicators}
    told: set[str] = set()
    for name, first in names.items():
        if len(name) < _LONG_NAME:
            continue
        for line in words.body:
            if (first.source.line == line.pieces[0].line) or name[:2] not in line.text:
                continue
            for start, end in _one_sign_off(name, line.text):
                near = line.text[start:end]
                if near not in told and not any(near in known for known in names):
                    told.add(near)
                    yield _variant(first, line.words(start, end), "指标")


def _one_sign_off(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Spans that begin and end like a name and differ from it by one character."""
    for match in re.finditer(re.escape(name[:2]), text):
        start = match.start()
        if text.startswith(name, start):
            continue
        for size in (len(name), len(name) - 1, len(name) + 1):
            near = text[start : start + size]
            if near.endswith(name[-2:]) and _edits_one(name, near) and _PLAIN_NAME.fullmatch(near):
                yield start, start + size
                break


def _edits_one(one: str, other: str) -> bool:
    """Whether one character changed, added or left out makes one word the other."""
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) == 1
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _naming_two(sentences: Iterable[Passage], names: Collection[str]) -> Iterator[Passage]:
    """The sentences that may list some of these names: those with two of them at least."""
    for sentence in sentences:
        text = sentence.text
        if len(list(islice((name for name in names if name in text), 2))) > 1:
            yield sentence


def _listed_otherwise(words: Words) -> Iterator[Problem]:
    """An item among listed indicators that is none of them and much like one left out there."""
    names = {plain_width(i.name.value): i.name for i in words.notice.indicators}
    told: set[str] = set()
    for sentence in _naming_two(words.sentences, names):
        spans = list(tokens(sentence.text, "、,:。;"))
        items = [sentence.text[slice(*span)] for span in spans]
        known = [name for name in names if any(name in item for item in items)]
        if len(known) < 2 or cells_of(sentence):  # noqa: PLR2004 - a list of indicators
            continue
        for span, item in zip(spans, items, strict=True):
            bare = re.sub(
                r"^(?:和|及|与|以及|\([^()]*\)|[0-9]{1,2}[.、]|[一二三四五六七八九十]{1,2}、)",
                "",
                item,
            )
            if bare in told or any(name in item for name in names):
                continue
            near = [name for name in names if name not in known and _may_be_reworded(bare, name)]
            if len(near) == 1:
                told.add(bare)
                yield _variant(names[near[0]], sentence.words(*span), "指标")


_SAYS_MORE = re.compile(r"[由经报交送给向至到将把和与及或对请会同从各本该按转]")


def _prefixed(item: str, section: str) -> bool:
    """Whether words are a section's name with a word of two signs before it: 垃圾分类处."""
    more = item.removesuffix(section)
    return len(more) == _SHORT_STEM and item != section and not _SAYS_MORE.search(more)


def _sections_listed_otherwise(words: Words) -> Iterator[Problem]:
    """An item among the sections that score and none of them, which ends like the one left out."""
    sections = {
        plain_width(s.value): s for i in words.notice.indicators for s in i.responsible_section
    }
    told: set[str] = set()
    for sentence in _naming_two(words.sentences, sections):
        spans = list(tokens(sentence.text, "、,:。;"))
        items = [sentence.text[slice(*span)] for span in spans]
        known = {item for item in items if item in sections}
        if len(known) < 2 or cells_of(sentence):  # noqa: PLR2004 - a list of sections
            continue
        for span, item in zip(spans, items, strict=True):
            near = [s for s in sections if s not in known and _prefixed(item, s)]
            if len(near) == 1 and item not in told and _PLAIN_NAME.fullmatch(item):
                told.add(item)
                yield _variant(sections[near[0]], sentence.words(*span), "科室")


def _may_be_reworded(words: str, name: str) -> bool:
    """Whether words begin like a name, or end like it, or both, and are as long."""
    if sorted(words) == sorted(name):
        return True
    if words[:_LONG_STEM] == name[:_LONG_STEM]:
        return _likeness(words, name) >= _REWORDED
    if len(words) == len(name) and words[-_LONG_TAIL:] == name[-_LONG_TAIL:]:
        return True
    framed = words[:_SHORT_STEM] == name[:_SHORT_STEM] and words[-2:] == name[-2:]
    return framed and len(words) == len(name) > _LONG_STEM


_LONG_TAIL = 6
_REWORDED = 45
"""In percent."""
_LONG_OFFICE = 7
_OFFICE_OF_A_PLACE = re.compile(
    r"(?:[由经报交送给向至到将把和与及或对请会同从、,。;:|(]|^)(?P<name>(?:(?![由经报送给向至到将把和与及或对从])[一-鿿]){5,16}?(?:中心|支队|大队|分局|集团|公司|委员会))"
)


def _first_named(words: Words, pattern: re.Pattern[str]) -> dict[str, Found[str]]:
    """Every name a pattern finds, with the first place it stands at."""
    found: dict[str, Found[str]] = {}
    for line in words.body:
        for match in pattern.finditer(line.text):
            found.setdefault(match["name"], line.words(*match.span("name")))
    return found


def _long_offices(words: Words) -> Iterator[Problem]:
    """A long name of an office of which a shorter form stands elsewhere: 环境监测中心 without 生态."""
    found = _first_named(words, _OFFICE_OF_A_PLACE)
    for (one, first), (other, second) in combinations(found.items(), 2):
        short, long = sorted((one, other), key=len)
        alike = short[:2] == long[:2] and short[-3:] == long[-3:] and len(short) >= _LONG_OFFICE
        left_out = 0 < len(long) - len(short) <= 2 and short_form(short, long)  # noqa: PLR2004
        if alike and left_out and not _listed_together(words, one, other):
            yield _variant(first, second, "单位")


_PLATFORM = re.compile(
    r"(?:在|通过|登录|用|从|经|于|向|由|至|到|进|^|[^一-鿿])(?P<name>[省市县区州](?:(?![在由经向从用通过的和与])[一-鿿]){2,12}?(?:平台|系统))(?!内|各|干部|上下|单位)"
)


def _platforms(words: Words) -> Iterator[Problem]:
    """A platform called by two names."""
    found = _first_named(words, _PLATFORM)
    for (one, first), (other, second) in combinations(found.items(), 2):
        short, long = sorted((one[:-2], other[:-2]), key=len)
        alike = sorted(short) == sorted(long) or _edits_one(short, long) or short_form(short, long)
        if alike and one[-2:] == other[-2:]:
            yield _variant(first, second, "平台")
            return
