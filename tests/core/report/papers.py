"""Papers of verification and of the meeting for tests: a city's, and one with the worst data there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from kaoping.core.acts.filing import MeetingKind
from kaoping.core.acts.verifying import VerificationMode
from kaoping.core.calendar import SHANGHAI
from kaoping.core.draw.plans import plan_draw, plan_stratum
from kaoping.core.draw.records import MustCheck
from kaoping.core.draw.rolling import certify
from kaoping.core.report.assessed import Assessed
from kaoping.core.report.meeting_submission import (
    Appealed,
    Countersigned,
    Matters,
    StepsAside,
)
from kaoping.core.report.verification import (
    Answer,
    Checked,
    Inspector,
    Measured,
    Photo,
    Team,
    Verification,
    Visit,
    visits_due,
)
from kaoping.core.results import Entries
from kaoping.core.scoring.assessment import score
from tests.core.report.test_scoring_report import AT
from tests.examples import CITY, batch_of

DIGITS = "31415926535897932384"
DIGEST = "5f2a" * 16
RARE = "喆堃昇祎镕玥彧㛃𠅤"
LONG_NAME = "某某省某某市某某区重点工程建设管理和服务保障中心" * 13 + RARE
REASON = "凭证显示部分款项于次年支付不能计入本年完成额" * 227
"""Of about 5,000 characters."""


def scored(scheme, entries, **more):
    batch = batch_of(CITY)
    whole = Assessed(scheme, entries, score(scheme, entries), batch.ledger, batch.problems, AT)
    return replace(whole, **more)


def city_without(kind):
    """The example city as if nothing of a kind had been decided or verified."""
    batch = batch_of(CITY)
    entries = Entries(
        tuple(one for one in batch.entries.results if kind != one.status.name.lower()),
        batch.entries.deductions,
        tuple(one for one in batch.entries.decisions if kind not in ("decisions", one.kind.value)),
    )
    return scored(batch.scheme, entries)


def certificate(population, must=(), size=2, reserve=1):
    stratum = plan_stratum("经济建设组", sorted(population), size, reserve)
    plan = plan_draw(
        "重大项目现场核验",
        [stratum],
        "2025年1月9日上午在市发展改革委会议室当众掷骰",
        [MustCheck(one, "上年度核验发现数据不实") for one in must],
    )
    return certify(plan, DIGITS, "2025-01-09T02:00:00Z")


TEAM = (
    Inspector("王喆", "市统计局投资科", "无利害关系"),
    Inspector("李祎", "市审计局固定资产投资审计科", "无利害关系"),
)


def decided(draw):
    """One indicator by draw, one targeted, one whole, one not at all."""
    drawn = tuple(ticket.id for result in draw.results for ticket in result.sample)
    must = tuple(one.id for one in draw.plan.must_check)
    return (
        Verification(
            "1",
            True,
            VerificationMode.RANDOM,
            (*must, *drawn),
            "完成额占分值大，按方案第三条抽查",
            draw,
            (Team(drawn[0], TEAM, "2025年1月11日"),),
        ),
        Verification("2", True, VerificationMode.TARGETED, ("民政局",), "系统账号停用，数据不全"),
        Verification("3", True, VerificationMode.FULL, ("公安局", "税务局"), "各单位都要核验"),
        Verification("5", needed=False, reason="数据由政策研究科掌握，不需要现场核验"),
    )


def filled(assessed, unit="水利局"):
    """A visit of which everything is known, and a team's opinion that was not adopted."""
    (visit,) = (one for one in visits_due(assessed)[unit] if one.indicator == "1")
    measured = tuple(
        replace(one, verified=Decimal("17.42"), reason="两笔款次年支付")
        if one.task == "1.1"
        else replace(one, verified=one.reported)
        for one in visit.measured
    )
    checked = tuple(
        replace(one, met=number > 0, seen="抽查6个项目的支付凭证")
        for number, one in enumerate(visit.checked)
    )
    return replace(
        visit,
        measured=measured,
        checked=checked,
        mode=VerificationMode.RANDOM,
        members=TEAM,
        visited="2025年1月11日 9时至11时30分",
        place="市水利局三楼会议室、右江堤防工程现场",
        seen="右江堤防二标段已完成护坡，现场与月报相符；两笔材料款于2025年1月2日支付。",
        photos=(Photo(datetime(2025, 1, 11, 10, 5, tzinfo=SHANGHAI), "右江堤防", "护坡", DIGEST),),
        refusal="代表称需请示，当场未签。",
        opinion="建议1.1按核验值17.42亿元计分。",
        answer=Answer(adopted=False, reason="其中一笔已于12月31日发出支付令，请补充核对"),
    )


def known(assessed):
    """All that a meeting can be told."""
    return Matters(
        presented_by="评估督导科",
        meeting=MeetingKind.PARTY_GROUP_MEETING,
        done=((date(2025, 1, 6), "收齐各单位数据"), (date(2025, 1, 14), "完成现场核验")),
        countersigned=(
            Countersigned("投资科", agrees=True),
            Countersigned("营商科", False, "3.2名次并列的算法有误", "已按方案核对，算法无误"),
        ),
        recusals=(StepsAside("韦清和", "百东新区", "兼任管委会委员"),),
        appeals=(Appealed("交通局", "对一票否决有异议", "维持"), Appealed("民政局", "缺报认定")),
    )


def worst():
    """Names of 300 characters, 60 standards, reasons of 5,000 characters, controls, rare characters."""
    batch = batch_of(CITY)
    unit = batch.scheme.unit_by_id["水利局"]
    units = tuple(
        replace(one, name=LONG_NAME) if one is unit else one for one in batch.scheme.units
    )
    first, *others = batch.scheme.indicators
    standards = "\n".join(f"第{number}条：逐笔核对\x07支付\u202e凭证" for number in range(1, 61))
    tasks = (replace(first.tasks[0], verification_standard=standards), *first.tasks[1:])
    indicators = (replace(first, tasks=tasks), *others)
    return scored(replace(batch.scheme, units=units, indicators=indicators), batch.entries)


def worst_visits(assessed):
    """A blank one, a filled one with the longest texts, and one of an indicator without tasks to verify."""
    blank = next(one for one in visits_due(assessed)["水利局"] if one.indicator == "1")
    people = tuple(Inspector(f"王{one}", LONG_NAME, "无") for one in RARE)
    whole = replace(
        filled(assessed),
        members=people,
        seen=REASON,
        refusal=LONG_NAME,
        opinion=REASON,
        answer=Answer(adopted=False, reason=LONG_NAME),
        documents=tuple(f"{LONG_NAME}文件{number}" for number in range(3)),
    )
    long = replace(
        whole,
        measured=tuple(replace(one, reason=REASON) for one in whole.measured[:1]),
        checked=tuple(replace(one, seen=REASON) for one in whole.checked[:1]),
    )
    bare = Visit("水利局", "3", (), (), seen="无")
    odd = Visit(
        "水利局",
        "4",
        (Measured("已撤销的任务", "", None, Decimal(10) ** 30),),
        (Checked("4.1", "标\x00准", met=False),),
    )
    return blank, long, bare, odd
