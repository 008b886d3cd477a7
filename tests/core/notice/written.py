"""Small notices written for one test: a head, some lines, a signature."""

from kaoping.core.notice.reading import read_notice
from tests.core.notice.facts import ROLES, value

TITLE = "某市林业局关于做好2024年度林业考核工作的通知"
SIGNED = ("某市林业局", "2024年3月1日")


def notice_of(*lines, head=(TITLE, "各县区林业局："), foot=SIGNED):
    return read_notice([*head, *lines, *foot])


def duties_of(*lines):
    """A notice of two listed indicators and some lines below the heading of duties."""
    return notice_of("一、考核指标", "林业产业、森林防火。", "二、责任分工", *lines)


def told(notice, name="林业产业"):
    """What a notice tells of one indicator, as plain values; empty parts left out."""
    (found,) = [each for each in notice.indicators if each.name.value == name]
    parts = {key: [one.value for one in getattr(found, role)] for key, role in ROLES.items()}
    parts |= {"lead": value(found.lead_unit), "points": value(found.points)}
    return {key: part for key, part in parts.items() if part}


def names(notice):
    return [indicator.name.value for indicator in notice.indicators]


def unread(notice):
    return [source.text for source in notice.unread]
