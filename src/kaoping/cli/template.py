"""`kaoping template list|check|fill`: documents by an office's own docx template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaoping.cli import show
from kaoping.cli.arguments import (
    add_at,
    add_file,
    add_inner_verbs,
    add_json,
    add_out,
    add_verb,
    now,
)
from kaoping.cli.language import said
from kaoping.core.errors import UsageError
from kaoping.files.atomic import write_whole
from kaoping.files.documents import read_bytes

if TYPE_CHECKING:
    import argparse

    from kaoping.cli.arguments import Parser, Verbs
    from kaoping.files.own_template import TemplateReport


def add_template(verbs: Verbs) -> None:
    """Add `kaoping template`."""
    template = add_verb(
        verbs, "template", "套用本单位的 docx 模板", "documents by an office's own docx template"
    )
    inner = add_inner_verbs(template)
    listed = add_verb(
        inner, "list", "列出可用的占位符、循环和条件", "list placeholders, loops and conditions"
    )
    add_json(listed)
    listed.set_defaults(command=_list)
    check = add_verb(
        inner, "check", "检查模板，列出全部错误", "check a template, listing all faults"
    )
    add_file(check, "file", said("模板", "FILE"), said("模板（docx）", "the template (docx)"))
    _add_each_unit(check)
    add_json(check)
    check.set_defaults(command=_check)
    _add_fill(inner)


def _add_fill(inner: Verbs) -> None:
    fill = add_verb(
        inner,
        "fill",
        "用考评文件夹里的数据试填模板",
        "fill a template in from a batch folder",
    )
    add_file(fill, "folder", said("文件夹", "FOLDER"), said("考评文件夹", "the batch folder"))
    fill.add_argument(
        "--template",
        type=Path,
        required=True,
        metavar=said("模板", "FILE"),
        help=said("模板（docx）", "the template (docx)"),
    )
    _add_each_unit(fill)
    add_out(
        fill,
        said(
            "填好的文件（docx）；一个单位一份的是压缩包（zip）",
            "the filled document (docx); a zip with one for each unit",
        ),
    )
    add_at(fill)
    fill.set_defaults(command=_fill)


def _add_each_unit(parser: Parser) -> None:
    parser.add_argument(
        "--each-unit",
        action="store_true",
        help=said("这份模板是一个单位一份的", "the template is of one document for each unit"),
    )


def _known() -> Any:  # noqa: ANN401 - a module
    """The catalogue, loaded once a verb needs it: a server or a sealer starts without it."""
    from kaoping.core.report import placeholders  # noqa: PLC0415 - as it says

    return placeholders


def _list(chosen: argparse.Namespace) -> int:
    """`kaoping template list`."""
    if chosen.json:
        show.print_json(_catalogue())
        return 0
    heads = (said("写法", "Written"), said("意思", "Meaning"))
    for place, (_, rows) in _known().PLACES.items():
        show.print_line(said(f"用在{place}：", f"{place}:"), style="bold")
        show.print_table(heads, [(f"{{{{{name}}}}}", meaning) for name, meaning, _ in rows])
        show.print_line()
    show.print_line(said("循环，到 {{结束}} 为止：", "Loops, up to {{结束}}:"), style="bold")
    show.print_table(
        heads, [(f"{{{{{loop.name}}}}}", loop.meaning) for loop in _known().LOOPS.values()]
    )
    show.print_line()
    show.print_line(
        said(
            "条件：{{如果 有等次}} …… {{否则}} …… {{结束}}。“有”后面写占位符（不为空）、单位、指标、任务、失分、"
            "台账问题（至少有一个），或“下一个”（不是最后一个）。",
            "Conditions: {{如果 有等次}} … {{否则}} … {{结束}}: 有 and a placeholder (it is not empty), "
            "or 单位, 指标, 任务, 失分, 台账问题 (there is one), or 下一个 (it is not the last turn).",
        )
    )
    return 0


def _catalogue() -> dict[str, object]:
    """Everything that may be written, for a program."""
    return {
        "placeholders": [
            {
                "name": one.name,
                "meaning": one.meaning,
                "levels": sorted(level.value for level in one.needs),
            }
            for one in _known().PLACEHOLDERS.values()
        ],
        "loops": [{"name": loop.name, "meaning": loop.meaning} for loop in _known().LOOPS.values()],
        "conditions": list(_known().CONDITIONS),
    }


def _check(chosen: argparse.Namespace) -> int:
    """`kaoping template check`: exit 1 where anything is wrong."""
    from kaoping.files.own_template import (  # noqa: PLC0415 - large libraries
        MAX_TEMPLATE,
        look_at_template,
    )

    content = read_bytes(chosen.file, MAX_TEMPLATE)
    report = look_at_template(content, chosen.file.name, for_unit=chosen.each_unit)
    if chosen.json:
        problems = [problem.as_json() for problem in report.problems]
        uses = [{"name": name, "count": count} for name, count in report.uses]
        show.print_json({"problems": problems, "uses": uses})
    elif report.problems:
        show.print_problems(report.problems)
    else:
        _print_uses(report)
    return 1 if report.problems else 0


def _print_uses(report: TemplateReport) -> None:
    if not report.uses:
        show.print_line(
            said(
                "没有错误，但模板里一个占位符也没有；占位符写作 {{年度}}，全部名称见 kaoping template list。",
                "No faults, but the template holds no placeholder at all, like {{年度}}.",
            )
        )
        return
    show.print_line(said("模板可以使用。用到：", "The template can be used. It uses:"))
    meanings = {one.name: one.meaning for one in _known().PLACEHOLDERS.values()}
    meanings |= {loop.name: loop.meaning for loop in _known().LOOPS.values()}
    rows = [
        (name if name in meanings else f"如果 {name}", str(count), meanings.get(name, ""))
        for name, count in report.uses
    ]
    show.print_table((said("名称", "Name"), said("次数", "Count"), said("意思", "Meaning")), rows)


def _fill(chosen: argparse.Namespace) -> int:
    """`kaoping template fill`: a trial, without journal and package."""
    ending = ".zip" if chosen.each_unit else ".docx"
    if chosen.out.suffix.lower() != ending:
        raise UsageError(
            f"--out 的文件名应以 {ending} 结尾（一个单位一份的写 .zip，并加 --each-unit）。",
            f"--out must end with {ending} (.zip together with --each-unit).",
        )
    from kaoping.files.outputs import filled_template  # noqa: PLC0415 - large libraries

    at, out = chosen.at or now(), chosen.out
    content = filled_template(chosen.folder, chosen.template, out, at, each_unit=chosen.each_unit)
    write_whole(out, content)
    show.print_line(
        said(
            f"已写出：{chosen.out}。这是试填，没有存证；正式使用请把模板放进考评文件夹，运行 kaoping run。",
            f"Written: {chosen.out}. A trial, bound by no journal; for real use put the template into the "
            "batch folder and run kaoping run.",
        )
    )
    return 0
