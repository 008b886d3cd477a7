"""letterhead.toml: what an office decides about the head of its report, read strictly.

Without number, day and 签发人 the report is a draft; with all three it is the final form (正式文件).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kaoping.core.fields import Fields, Findings
from kaoping.core.report.document import Genre, Letterhead, chinese_day
from kaoping.core.toml_slips import slip_in

if TYPE_CHECKING:
    from datetime import date

    from kaoping.core.problems import Problem
    from kaoping.core.scheme import Scheme

LETTERHEAD_NAME: Final = "letterhead.toml"
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,20}〔((?:19|20|21)[0-9]{2})〕[1-9][0-9]{0,4}号")
_COPY_NUMBER = re.compile(r"[0-9]{6}")
_SECRECY = re.compile(r"(?:绝密|机密|秘密)(?:★(?:[1-9][0-9]?(?:年|个月)|长期))?")
_URGENCY = re.compile(r"特急|加急")
_FORMS: Final = {
    "number": (
        _NUMBER,
        "“代字〔年份〕序号号”，如 青绩办〔2026〕3号：六角括号，序号前不加“第”，不编虚位",
    ),
    "copy_number": (_COPY_NUMBER, "6 位数字，如 000001"),
    "secrecy": (_SECRECY, "“绝密”“机密”或“秘密”，可接保密期限，如 秘密★1年"),
    "urgency": (_URGENCY, "“特急”或“加急”"),
}


def usual_letterhead(scheme: Scheme) -> Letterhead:
    """The head of a report of which nothing was decided yet: it is a draft's."""
    issuer = scheme.issuer
    return Letterhead(f"{issuer}文件", issuer, printed_by=issuer, genre=Genre.REPORT)


def read_letterhead(
    text: str, scheme: Scheme, today: date
) -> tuple[Letterhead, tuple[Problem, ...]]:
    """The head of the report from the text of a `letterhead.toml`.

    Args:
        text: what the file holds.
        scheme: whose issuer stands where no other office is named.
        today: the day of the run, in Beijing; nothing is signed after it.

    Returns:
        The letterhead, and every fault of the file; with a fault it must not be used.
    """
    findings = Findings()
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place, slip = slip_in(text, error)
        where = f"{LETTERHEAD_NAME} {place}"
        findings.add("FORMAT-UNKNOWN", where, f"文件读不下去：{slip}", "请改正这一行后再运行")
        return usual_letterhead(scheme), tuple(findings.problems)
    except (RecursionError, ValueError):
        findings.add("FORMAT-UNKNOWN", LETTERHEAD_NAME, "嵌套过深或数字过长", "请检查文件是否损坏")
        return usual_letterhead(scheme), tuple(findings.problems)
    fields = Fields(table, "", findings)
    head = _read(fields, usual_letterhead(scheme))
    fields.finish()
    _check_days(fields, head, scheme, today)
    _check_year(fields, head)
    _check_whole(fields, head)
    named = (replace(one, where=f"{LETTERHEAD_NAME} {one.where}") for one in findings.problems)
    return head, tuple(named)


def _read(fields: Fields, usual: Letterhead) -> Letterhead:
    signed_on = fields.day("signed_on", "成文日期")
    signed_by = _line(fields, "signed_by") or usual.signed_by
    return Letterhead(
        authority=_line(fields, "authority") or f"{signed_by}文件",
        signed_by=signed_by,
        number=_formed(fields, "number"),
        addressed_to=_line(fields, "addressed_to").rstrip("：:"),
        signed_on=signed_on,
        remark=_line(fields, "remark").strip("（）()"),
        copied_to=_line(fields, "copied_to").rstrip("。"),
        printed_by=_line(fields, "printed_by") or signed_by,
        printed_on=fields.day("printed_on", "印发日期") or signed_on,
        genre=fields.choice("genre", Genre, Genre.REPORT),
        approved_by=_names(fields, "approved_by"),
        copy_number=_formed(fields, "copy_number"),
        secrecy=_formed(fields, "secrecy"),
        urgency=_formed(fields, "urgency"),
    )


def _line(fields: Fields, key: str) -> str:
    """A text that stands on one line of the document."""
    text = fields.text(key, "")
    if not text.isprintable():
        fields.wrong(key, text, "一行文字，不换行，没有看不见的符号")
    return text


def _formed(fields: Fields, key: str) -> str:
    form, expected = _FORMS[key]
    text = fields.text(key, "")
    if text and not form.fullmatch(text):
        fields.wrong(key, text, expected)
    return text


def _names(fields: Fields, key: str) -> tuple[str, ...]:
    names = fields.texts(key)
    if not all(n and n.isprintable() for n in names) or len(set(names)) < len(names):
        fields.wrong(key, "、".join(names), '签发人姓名，每人写一次，如 ["甲某某", "乙某某"]')
    return names


def _check_days(fields: Fields, head: Letterhead, scheme: Scheme, today: date) -> None:
    """An assessment is not reported before its data are closed, nor printed before it is signed.

    The final form is made once it was signed, so that day is not to come.
    """
    signed_on, cutoff = head.signed_on, scheme.data_cutoff
    if signed_on and cutoff and signed_on < cutoff:
        expected = f"数据截止时间（{chinese_day(cutoff)}）当天或以后的日期"
        fields.wrong("signed_on", chinese_day(signed_on), expected)
    if signed_on and signed_on > today:
        expected = f"生成文件之日（{chinese_day(today)}）当天或以前的日期"
        fields.wrong("signed_on", chinese_day(signed_on), expected)
    if signed_on and head.printed_on and head.printed_on < signed_on:
        expected = f"成文日期（{chinese_day(signed_on)}）当天或以后的日期"
        fields.wrong("printed_on", chinese_day(head.printed_on), expected)


def _check_year(fields: Fields, head: Letterhead) -> None:
    """A number is one of the year in which the document is signed."""
    formed = _NUMBER.fullmatch(head.number)
    if formed and head.signed_on and int(formed[1]) != head.signed_on.year:
        expected = f"成文日期（{chinese_day(head.signed_on)}）的年份，即〔{head.signed_on.year}〕"
        fields.wrong("number", head.number, expected)


_OF_THE_FINAL_FORM: Final = {
    "number": "发文字号",
    "signed_on": "成文日期",
    "approved_by": "签发人",
}
"""All of them make a final form, none of them a draft."""


def _check_whole(fields: Fields, head: Letterhead) -> None:
    """Whether what a final form needs is there as a whole, or not at all."""
    given = [key for key in _OF_THE_FINAL_FORM if fields.has(key)]
    if not given:
        for key in ("printed_on", "copy_number"):
            if fields.has(key):
                fields.wrong(key, fields.raw(key), "正式文件才有的要素；草稿请不写")
        return
    for key, meaning in _OF_THE_FINAL_FORM.items():
        if key not in given:
            fields.missing(key, f"{meaning}，正式文件的发文字号、成文日期、签发人须同时写明")
        elif not getattr(head, key) and not fields.findings.is_broken(key):
            fields.missing(key, meaning)
    if not head.addressed_to and not fields.findings.is_broken("addressed_to"):
        fields.missing("addressed_to", "主送机关")
    if head.secrecy and not head.copy_number and not fields.has("copy_number"):
        fields.missing("copy_number", "份号，涉密公文应当标注")
