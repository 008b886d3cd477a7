"""Scheme files for the small year of tests.world_set_up: its units and sections by their codes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from kaoping.core.acts.setting_up import Late, SchemePublished
from kaoping.core.publishing import indicator_duties, tie
from kaoping.core.scheme import load_scheme
from kaoping.core.workflow.things import Scheme, Section, Unit
from tests.world_set_up import SECTIONS, UNITS, section_of, uid

if TYPE_CHECKING:
    from tests.web.site import Site

INDICATORS = ("1", "2", "3", "4")
_CONTACT = """
[indicator.contact]
responsible_leader = ["甲"]
responsible_person = ["乙"]
liaison = ["丙"]
telephone = ["0000-0000001"]
mailbox = ["c@office.example"]
"""
_STEPS = """
[[step]]
kind = "collect"
name = "数据收集"
from = 2024-12-16
due = 2025-01-06

[[step]]
kind = "score"
name = "考核评分"
due = 2025-01-10
inputs = ["数据收集"]

[[step]]
kind = "file"
name = "审核报送"
due = 2025-01-20
inputs = ["考核评分"]
"""


def scheme_text(number="评字〔2024〕3号", title="2024年度考评实施方案", task_name="完成计划"):
    """A scheme of which nothing must be mended: four indicators of two tasks, all units."""
    houses = [
        f'[[section]]\nid = "S{n}"\nname = "{name}"\nunit = "U0"\n'
        for n, name in enumerate(SECTIONS)
    ]
    houses += [
        f'[[unit]]\nid = "U{n}"\nname = "{name}"\n' for n, name in enumerate(("牵头局", *UNITS))
    ]
    head = f"""# 说明：这一行要留着
format = "kaoping-scheme/1"
title = "{title}"
document_number = "{number}"
issuer = "牵头局"
issue_date = 2024-01-10
year = 2024
data_cutoff = 2024-12-31
late = "flag"
"""
    indicators = [_indicator(one, task_name) for one in INDICATORS]
    return "\n".join([head, _STEPS, *houses, *indicators])


def _indicator(identity, task_name):
    units = ", ".join(f'"U{n}"' for n in range(1, len(UNITS) + 1))
    section = f"S{SECTIONS.index(section_of(identity))}"
    tasks = [
        f"""
[[indicator.task]]
id = "{identity}.{n}"
name = "{task_name}{identity}之{n}"
points = "5"
units = [{units}]
standard = "第{identity}项之{n}：每迟报1次扣0.5分，扣完为止。"
rule = {{ kind = "count", start = "full", lines = [{{ name = "迟报", each = "-0.5" }}] }}

[[indicator.task.catalogue]]
id = "{identity}.{n}-1"
name = "月报记录{identity}之{n}"
"""
        for n in (1, 2)
    ]
    head = f"""
[[indicator]]
id = "{identity}"
name = "指标{identity}"
points = "10"
lead_unit = "U0"
responsible_section = "{section}"
{_CONTACT}"""
    return head + "".join(tasks)


def publish(site: Site, text: str) -> str:
    """Publish a text as the next version, past the pages; the act's id is given back."""
    state = site.state
    before = state.find(Scheme, uid("实施方案"))
    scheme = load_scheme(text).scheme
    assert scheme is not None
    ties = tie(scheme, state.every(Unit), state.every(Section))
    content = SchemePublished(
        before.content.version + 1 if before else 1,
        scheme.document_number,
        site.installation.blobs.put(BytesIO(text.encode())),
        uid(SECTIONS[0]),
        Late.FLAG,
        indicator_duties(scheme, ties),
        "按会议决定修改" if before else "",
    )
    site.do("评估督导科科长", uid("实施方案"), content, before.act if before else None)
    act: str = site.state.get(Scheme, uid("实施方案")).act
    return act
