"""Who leads all indicators, told once."""

import pytest

from tests.core.notice.test_duty_forms import FOOT, HALLS, HEAD, LIST, PATHS
from tests.core.notice.written import notice_of, told, unread

U, I = "市体育局", "陵川市体育局"
DUTIES = (f"（一）{PATHS}由群体科负责。", f"（二）{HALLS}由场馆科负责。")


@pytest.mark.parametrize(
    ("line", "lead"),
    [
        ("上述指标均由市体育局牵头，具体分工如下：", U),
        ("两项指标由市体育局统一牵头。", U),
        ("以上各项指标的牵头单位均为市体育局。", U),
        ("牵头单位：市体育局", U),
        ("市体育局是上述两项指标的牵头单位。", U),
        ("全部指标由我局牵头，科室分工负责。", I),
        ("我局牵头以上两项指标。", I),
        ("考核指标由我局牵头，各科室按职责落实。", I),
        ("各项指标实行市体育局牵头、科室负责。", U),
        ("下列指标牵头单位统一为本局。", I),
        ("市体育局为各项指标的牵头单位，责任科室如下。", U),
        ("两项指标均由市体育局负责，责任科室如下：", U),
        ("全部指标由综合科牵头统筹。", None),
        ("我局负责2025年度体育工作的考核评分。", None),
        ("考核由综合科牵头组织。", None),
        ("各责任科室负责本科室牵头的指标。", None),
        ("指标数据由各牵头科室提供。", None),
        ("不再由市文化局牵头指标考核。", None),
    ],
)
def test_a_lead_told_for_all(line, lead):
    notice = notice_of(*LIST, "二、责任分工", line, *DUTIES, head=HEAD, foot=FOOT)
    assert [told(notice, name).get("lead") for name in (PATHS, HALLS)] == [lead, lead]
    assert unread(notice) == []


def test_an_indicator_keeps_the_lead_of_its_own():
    own = f"（一）{PATHS}由市文化局牵头，群体科负责。"
    notice = notice_of(
        *LIST, "二、责任分工", "各指标均由市体育局牵头。", own, DUTIES[1], head=HEAD, foot=FOOT
    )
    assert told(notice, PATHS)["lead"] == "市文化局"
    assert told(notice, HALLS)["lead"] == U


def test_two_leads_told_for_all_are_left_to_a_person():
    lines = ("各指标均由市教育局牵头。", "各指标均由市文化局牵头。")
    notice = notice_of(*LIST, "二、责任分工", *lines, *DUTIES, head=HEAD, foot=FOOT)
    assert "lead" not in told(notice, PATHS)
