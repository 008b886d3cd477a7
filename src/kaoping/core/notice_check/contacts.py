"""联系信息: who can be reached, by which number and mailbox, and what a public text should not show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kaoping.core.notice.contacts import (
    PEOPLE,
    find_labels,
    find_mailboxes,
    find_people,
    find_telephones,
)
from kaoping.core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kaoping.core.notice.duties import NoticeIndicator
    from kaoping.core.notice.passage import Found, Source
    from kaoping.core.notice_check.words import Words

_ROLES = (
    ("responsible_leader", "责任领导"),
    ("responsible_person", "责任人"),
    ("liaison", "联络员"),
    ("telephone", "联系电话"),
    ("mailbox", "邮箱"),
)
_AREA_CODE = re.compile(r"0[0-9]{2,3}[-— ]?[0-9]{7,8}|\(0[0-9]{2,3}\)|1[3-9][0-9]{9}")
_LOCAL_NUMBER = re.compile(r"[0-9]{7,8}(?:-[0-9]{1,5})?")
_NOT_PUBLIC = re.compile(
    r"不予?公开|不[对向][^,。;()]{0,8}(?:公开|公布|发布)|依申请公开|(?:不得|不|勿)(?:对外|外传|上网)|内部(?:资料|文件|使用|联络)|不在[^,。;]{0,8}(?:网|公众号)[^,。;]{0,6}(?:登载|公布|发布|公开|刊登)|上网时(?:删去|删除|隐去)"
)
_PUBLIC = re.compile(r"主动公开|\(此件(?:公开发布|主动公开|可公开)")
PUBLIC_PROVIDERS = (
    "163.com", "126.com", "yeah.net", "188.com", "vip.163.com", "qq.com", "foxmail.com",
    "vip.qq.com", "sina.com", "sina.cn", "vip.sina.com", "sohu.com", "139.com", "189.cn",
    "wo.cn", "aliyun.com", "tom.com", "21cn.com", "263.net", "gmail.com", "outlook.com",
    "hotmail.com", "live.cn", "live.com", "msn.com", "yahoo.com", "yahoo.com.cn", "yahoo.cn",
    "icloud.com", "88.com", "eyou.com", "proton.me",
)  # fmt: skip
"""Domains at which anybody can have a mailbox."""


def check_contacts(words: Words) -> Iterator[Problem]:
    """Every problem of the contacts of a notice."""
    yield from _incomplete(words.notice.indicators)
    yield from _without_area_code(words)
    yield from _public_mailboxes(words)
    yield from _personal_data(words)


def _place_of(indicator: NoticeIndicator) -> str:
    return (indicator.paragraph or indicator.name.source).place


def _has(indicator: NoticeIndicator, key: str) -> bool:
    found: Sequence[Found[str]] = getattr(indicator, key)
    return bool(found)


def _incomplete(indicators: Sequence[NoticeIndicator]) -> Iterator[Problem]:
    """Indicators that lack a role others have; where nobody has contacts, that is one problem."""
    used = [(key, label) for key, label in _ROLES if any(_has(i, key) for i in indicators)]
    if indicators and not used:
        yield Problem(
            "CONTACT-INCOMPLETE",
            _place_of(indicators[0]),
            "各指标都没有写明责任领导、联络员和联系电话",
            "请为每项指标写明责任领导、责任人、联络员和联系方式",
        )
    for indicator in indicators:
        lacking = [label for key, label in used if not _has(indicator, key)]
        if lacking:
            yield Problem(
                "CONTACT-INCOMPLETE",
                _place_of(indicator),
                f"指标“{indicator.name.value}”没有写{'、'.join(lacking)}，其他指标有",
                "请补写；由别人兼任或空缺的，请写明由谁代办",
            )


def _each_place(
    words: Words, find: Callable[[str], Iterable[tuple[int, int, str]]]
) -> dict[str, Source]:
    """Every telephone or mailbox of the text once, with the place it first stands at."""
    found: dict[str, Source] = {}
    for line in words.notice.lines:
        for start, end, value in find(line.text):
            found.setdefault(value, line.source(start, end))
    return found


def _without_area_code(words: Words) -> Iterator[Problem]:
    for number, source in _each_place(words, find_telephones).items():
        if _LOCAL_NUMBER.fullmatch(number) and not _AREA_CODE.match(number):
            yield Problem("PHONE-AREA-CODE", source.place, f"电话 {number} 没有区号", "请补写区号")


def _public_mailboxes(words: Words) -> Iterator[Problem]:
    for mailbox, source in _each_place(words, find_mailboxes).items():
        if mailbox.rpartition("@")[2].lower() in PUBLIC_PROVIDERS:
            yield Problem(
                "PUBLIC-MAILBOX",
                source.place,
                f"{mailbox} 是公共邮箱，考评材料不宜经此传送",
                "请改用单位的政务邮箱，或在系统内报送",
            )


def _personal_data(words: Words) -> Iterator[Problem]:
    """Names beside telephone numbers in a text that may become public: said once, at the first."""
    if words.says_anywhere(_NOT_PUBLIC) and not words.says_anywhere(_PUBLIC):
        return
    names = {
        found.value
        for indicator in words.notice.indicators
        if indicator.telephone
        for key, _ in _ROLES[:3]
        for found in getattr(indicator, key)
    }
    beside = [line for line in words.notice.lines if _names_and_number(line.text)]
    telephones = _each_place(words, find_telephones)
    if (names or beside) and telephones:
        told = f" {len(names)} 人" if names else "联系人"
        yield Problem(
            "PERSONAL-DATA",
            next(iter(telephones.values())).place,
            f"文中{told}的姓名与联系电话并列，公开发布会泄露个人信息",
            "公开时请隐去姓名或电话，或另发联系名单",
        )


def _names_and_number(text: str) -> bool:
    """Whether a line names a person by a label and has a telephone number."""
    if not any(find_telephones(text)):
        return False
    return any(
        bool(PEOPLE & set(label.roles))
        and any(find_people(text[label.value_start : label.value_end], surname_needed=True))
        for label in find_labels(text)
    )
