"""The public notice the project began from is read without a miss.

It names real people, so the repository holds digests of what must be read, not the words.
"""

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from kaoping.core.notice.reading import read_notice
from kaoping.core.scheme import StepKind
from tests.core.notice.facts import value

NOTICE = Path(__file__).parents[4] / "shared" / "notices" / "baise-2024.txt"
pytestmark = pytest.mark.skipif(not NOTICE.exists(), reason="the real notice is not here")

PEOPLE = ("responsible_leader", "responsible_person", "liaison", "telephone", "mailbox")
LEAD = "市发展改革委"
EXPECTED = {
    "重大项目提升行动": (
        "投资科",
        ("社会科", "电力运行科", "新能源科", "煤炭油气科", "产业科", "资环科", "农经科"),
        (),
        "955c822f13a5cd25b2f49263f173b2d8f364b2774a11bbbd7ea3ff5e1bf9b690",
    ),
    "壮大消费经济暨第三产业提升行动": (
        "就业与服务业科",
        (),
        ("市统计局",),
        "9f5ddf9a9964581ffbd0191ab258d0f555859570642032c754b5add54099f5c5",
    ),
    "优化营商环境": (
        "营商科",
        (),
        ("财政局", "大数据发展局", "市场监管局"),
        "89ccee1c16195c9b48e8d41075b0c8687a3fd42ef5b1f2a9073b9453bb6de833",
    ),
    "深百合作": (
        "区域开放科",
        (),
        (),
        "83c18a71e491e9da08c02860788edcfe9226e047886834604fe5ba63fc36a3c4",
    ),
    "贯彻落实建设全国统一大市场": (
        "政策研究科",
        (),
        (),
        "2dff3e69650650c0f5a0c97bba2bf27570ecc4bcd885560491acef80dd621afd",
    ),
}


@pytest.fixture(scope="module")
def notice():
    return read_notice(NOTICE.read_text(encoding="utf-8").splitlines())


def values(found):
    return tuple(item.value for item in found)


def digest(indicator):
    joined = "|".join(",".join(values(getattr(indicator, role))) for role in PEOPLE)
    return sha256(joined.encode()).hexdigest()


def test_the_frame(notice):
    assert value(notice.document_number) == "百发改发〔2024〕18号"
    assert value(notice.issuer) == "百色市发展和改革委员会"
    assert value(notice.title).endswith("绩效考评指标考核实施方案的通知")
    assert value(notice.title).startswith("百色市发展和改革委员会关于印发2024年度")
    dates = (notice.document_date, notice.published, notice.signed, notice.issue_date)
    assert {value(day) for day in dates} == {date(2024, 10, 23)}
    assert value(notice.year) == 2024
    assert values(notice.addressees) == ("各相关市直部门",)
    assert values(notice.assessed) == ("市直部门", "百东新区(高新区)管委会")


def test_all_five_indicators_with_everything(notice):
    read = {
        indicator.name.value: (
            "、".join(values(indicator.responsible_section)),
            values(indicator.cooperating_sections),
            values(indicator.cooperating_units),
            digest(indicator),
        )
        for indicator in notice.indicators
    }
    assert read == EXPECTED
    assert {value(indicator.lead_unit) for indicator in notice.indicators} == {LEAD}


def test_only_one_indicator_is_led_in_part(notice):
    scopes = {i.name.value: value(i.scope) for i in notice.indicators if i.scope}
    assert scopes == {"壮大消费经济暨第三产业提升行动": "服务业企业培规入统"}


def test_the_five_steps(notice):
    assert [(step.kind, step.name.value, step.due) for step in notice.steps] == [
        (StepKind.COLLECT, "数据收集", date(2025, 1, 5)),
        (StepKind.SCORE, "考核评分", date(2025, 1, 20)),
        (StepKind.VERIFY, "现场核验", date(2025, 1, 15)),
        (StepKind.CONSOLIDATE, "汇总整理", date(2025, 1, 18)),
        (StepKind.FILE, "审核报送", date(2025, 1, 20)),
    ]
    inputs = {step.name.value: values(step.inputs) for step in notice.steps if step.inputs}
    assert inputs == {"汇总整理": ("考核评分", "现场核验"), "审核报送": ("汇总整理",)}
    assert value(notice.data_cutoff) == date(2024, 12, 31)
    assert value(notice.start) == date(2025, 1, 1)
    assert values(notice.coordinating) == ("重大评督科", "评估督导科")


def test_the_four_annexes(notice):
    assert [(a.number, value(a.document_number), a.cited) for a in notice.annexes] == [
        ("1", None, True),
        ("2", "百政办发〔2024〕31号", False),
        ("3", "百政办函〔2024〕27号", False),
        ("4", "深对组办〔2024〕5号", False),
    ]
    assert value(notice.annexes[0].title).endswith("台账目录清单")


def test_requirements_outline_and_nothing_unread(notice):
    titles = [row.title.value for row in notice.requirements]
    assert titles == ["抓好落实", "严肃纪律", "按时报送材料"]
    assert [h.label for h in notice.outline if h.depth == 1] == [
        "一、",
        "二、",
        "三、",
        "四、",
        "五、",
    ]
    assert len(notice.outline) == 20
    assert notice.unread == ()
