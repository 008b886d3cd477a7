"""问题清单: all problems as a text that a person reads and works through."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kaoping.core.problems import CATALOGUE, Problem, by_severity
from kaoping.core.report.document import printable, printed

if TYPE_CHECKING:
    from collections.abc import Iterable

_SEVERITY_TITLES = {
    "A": "A 级：妨碍工作，必须处理",
    "B": "B 级：须由人决定",
    "C": "C 级：文字或数据质量",
}


def problems_markdown(title: str, problems: Iterable[Problem], remark: str = "") -> str:
    """All problems as a readable list, gravest first, accepted ones last; a remark above them."""
    listed = by_severity(problems)
    groups: dict[str, list[Problem]] = defaultdict(list)
    for problem in listed:
        key = "已接受的问题" if problem.accepted else _SEVERITY_TITLES[problem.severity.value]
        groups[key].append(problem)
    lines = [f"# {title}", "", f"共 {len(listed)} 个。{remark}", ""]
    if not listed:
        lines = [f"# {title}", "", "没有发现问题。", ""]
    for heading, rows in groups.items():
        lines += [f"## {heading}（{len(rows)} 个）", ""]
        for problem in rows:
            lines.append(
                f"- **{_escaped(problem.where) or '全文'}**：{_escaped(problem.message)}。"
            )
            if problem.suggestion:
                lines.append(f"  建议：{_escaped(problem.suggestion)}。")
            if problem.accepted:
                lines.append(f"  接受理由：{_escaped(problem.acceptance)}。")
            lines.append(f"  〔{problem.code}，{CATALOGUE[problem.code].zh}〕")
        lines.append("")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    flat = printable(printed(" ".join(text.split()))).rstrip("。")
    return "".join("\\" + c if c in "\\`*_<>#|[]" else c for c in flat)
