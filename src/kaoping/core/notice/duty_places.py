"""Where duties stand: the passages below a heading that each tell one duty (P02)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import find_labels, find_people
from kaoping.core.notice.duties import begins_with_office, is_contact, read_duty, tells_a_duty
from kaoping.core.notice.names import key_of
from kaoping.core.notice.offices import find_offices
from kaoping.core.notice.passage import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaoping.core.notice.outline import Block
    from kaoping.core.notice.passage import Found, Passage


def duty_passages(
    block: Block, listed: Iterable[str]
) -> Iterator[tuple[Found[str] | None, Passage]]:
    """The passages below a heading that each tell one duty, with their own title if they have one."""
    names = [key_of(name) for name in listed]
    if not block.children:
        yield from _by_line(block.text, names)
        return
    for child in block.children:
        if is_contact(child.whole()):
            continue
        if child.children and not _is_one_duty(child, names):
            yield from duty_passages(child, names)
        elif child.title and not _is_office(child.heading, names):
            yield child.title, child.whole().cut(len(child.title.value))
        else:
            yield None, child.whole()


def _is_office(heading: str, names: Sequence[str]) -> bool:
    """Whether a heading names who answers, not what for."""
    return key_of(heading) not in names and find_offices(heading) is not None


def _is_one_duty(block: Block, names: Sequence[str]) -> bool:
    """Whether a heading with items below is one duty told in items, not a group of duties."""
    if any(name and name in key_of(block.heading) for name in names):
        return True
    if _is_office(block.heading, names) and all(map(_begins_with_label, block.children)):
        return True
    own = [child for child in block.children if read_duty(child.body)[1]]
    return len(own) <= len(block.children) // 2 and bool(tells_a_duty(block.body.text) or not own)


_NAME_BEFORE = re.compile(r" *([^:。,;()\n]{2,40}?)(?:\([0-9.]+ ?分\))?:")
"""What a line begins with before a colon: an indicator, where it is one."""
_ASSIGNS = re.compile(
    r"(?:^|[,。;:])(?P<name>[一-鿿]{2,4})(?:分管|主管|联系|包抓|管)[一-鿿]{1,12}[科处股室局办](?=[、,。;]|$)"
)


def _assigns(text: str) -> bool:
    """Whether a line says who is in charge of which section: `林某分管群体科,…`; no part of a duty."""
    return any(
        next(find_people(match["name"], surname_needed=True), (0, 0, ""))[2] == match["name"]
        for match in _ASSIGNS.finditer(text)
    )


_HEADS_CONTACTS = re.compile(
    r"[^。;:,]{0,30}(?:联[系络](?:方式|人员?|员|电话|名单|表)|通讯录|名单)(?:如下|见下|\([^()]*\))*[:。]? *"
)
"""A line that only announces contacts: `各科联系方式(内部掌握):`."""


def _begins_with_label(block: Block) -> bool:
    """Whether an item below a heading is a label with its value: `1.负责指标:…`."""
    label = next(find_labels(block.body.text), None)
    return label is not None and label.start == 0 and not block.children


def _by_line(passage: Passage, names: Sequence[str]) -> Iterator[tuple[Found[str] | None, Passage]]:
    """Lines without numbers: one with a subject of its own, or a name alone, begins a duty."""
    kept: list[Passage] = []
    title: Found[str] | None = None
    for line in passage.each_line():
        if is_contact(line) or _HEADS_CONTACTS.fullmatch(line.text) or _assigns(line.text):
            continue
        named = _NAME_BEFORE.match(line.text)
        if named and named.end() < len(line.text.rstrip()) and key_of(named[1]) in names:
            if kept or title:
                yield title, joined(kept)
            kept, title = [line.cut(named.end())], line.words(*named.span(1))
            continue
        alone = key_of(line.text.strip(" :。")) in names
        heads = begins_with_office(line) and any(name in key_of(line.text) for name in names)
        if (kept or title) and (alone or heads or read_duty(line)[1]):
            yield title, joined(kept)
            kept, title = [], None
        if alone:
            title = line.words(0, len(line.text.rstrip(" :。")))
        else:
            kept.append(line)
    rest = joined(kept)
    if title or rest.text.strip(" \n。:,"):
        yield title, rest
