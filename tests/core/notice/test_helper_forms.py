"""Ways to say who helps: beside the section that answers, behind it, in brackets or in labels."""

import pytest

from tests.core.notice.test_duty_forms import HALLS, LIST, PATHS, read
from tests.core.notice.written import told, unread

ONE = [
    "由群体科会同规划科负责。",
    "由群体科牵头、规划科参与。",
    "群体科负责，规划科参加。",
    "群体科负责，规划科会办。",
    "群体科主责，规划科辅助。",
    "责任科室：群体科；参加科室：规划科。",
    "群体科牵头，会同规划科办理。",
    "责任科室：群体科，规划科给予支持。",
    "由群体科负责，规划科做好配合工作。",
    "群体科承办，规划科联办。",
    "主办科室群体科，会签科室规划科。",
    "群体科牵头负责，规划科按职责配合。",
    "由群体科负责，请规划科配合。",
    "群体科负责；规划科负责配合。",
    "群体科负责；规划科负责提供有关数据。",
    "由群体科负责，并商规划科。",
    "群体科为责任科室，规划科为配合科室。",
    "群体科负责，配合科室规划科。",
    "群体科牵头组织，规划科协同推进。",
    "群体科具体负责，规划科全程参与。",
    "群体科负责，其他参与科室为规划科。",
    "群体科（规划科协同）负责。",
    "群体科和规划科（配合）。",
    "由群体科（配合科室：规划科）负责。",
]
WITH_A_UNIT = [
    "责任科室是群体科，配合的有规划科、市财政局。",
    "群体科归口，规划科配合，市财政局提供资金数据。",
]


def duty_of(words):
    lines = (f"（一）{PATHS}。{words}", f"（二）{HALLS}由场馆科负责。")
    return read(*LIST, "二、责任分工", *lines)


@pytest.mark.parametrize("words", ONE)
def test_one_section_helps(words):
    notice = duty_of(words)
    expected = {"sections": ["群体科"], "cooperating_sections": ["规划科"], "points": "60"}
    assert told(notice, PATHS) == expected
    assert unread(notice) == []


@pytest.mark.parametrize("words", WITH_A_UNIT)
def test_a_section_and_a_unit_help(words):
    told_of = told(duty_of(words), PATHS)
    assert told_of["cooperating_sections"] == ["规划科"]
    assert told_of["cooperating_units"] == ["市财政局"]


def test_two_sections_answer_together():
    told_of = told(duty_of("由群体科与规划科共同负责，以群体科为主。"), PATHS)
    assert told_of["sections"] == ["群体科", "规划科"]
