"""What each command does: find and read the files, ask the core, print or write the answer."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from kaoping.cli import show
from kaoping.cli.language import said
from kaoping.core.canonical import plain, shown
from kaoping.core.diff import CHANGE_NAMES, diff_schemes
from kaoping.core.errors import InputError, UsageError
from kaoping.core.problems import Problem, blocking
from kaoping.core.report.letterhead import LETTERHEAD_NAME
from kaoping.core.scoring.assessment import score
from kaoping.core.scoring.cases import run_cases
from kaoping.core.scoring.scores import ROW_COLUMNS, STATE_NAMES, score_rows
from kaoping.files.atomic import refuse_input_as_output, write_whole
from kaoping.files.batch import (
    read_entries,
    read_scheme_file,
    require_scheme,
)
from kaoping.files.documents import decoded, read_bytes
from kaoping.files.journal.keys import read_key
from kaoping.files.journal.rescoring import scores_content
from kaoping.files.journal.run import RUN_NAME
from kaoping.files.outputs import STAGES, draft_folder, score_folder
from kaoping.files.package import verify_package
from kaoping.files.tables import csv_bytes
from kaoping.files.xlsx import rows_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from kaoping.core.journal import Checkpoint
    from kaoping.core.note import VerifierKey
    from kaoping.core.report.document import Letterhead
    from kaoping.core.results import Result
    from kaoping.core.scheme import Scheme
    from kaoping.core.scoring.scores import Scores, TaskScore

MAX_CASE_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Tables:
    """The files that are scored without a batch folder."""

    scheme: Path
    results: Path
    deductions: Path | None
    decisions: Path | None


def run(folder: Path, out: Path, at: datetime, key_file: Path | None) -> int:
    """`kaoping run`: the whole job for one folder."""
    if not (folder / "scheme.toml").exists():
        written = draft_folder(folder, out)
        show.print_line(f"{said('已写出方案草稿', 'Wrote the draft scheme')}：{written}")
        raise InputError(
            "文件夹里没有 scheme.toml。已按通知和附件写出草稿和工作清单；请逐项核对、补全，"
            f"另存为 {folder / 'scheme.toml'} 后再运行。",
            "The folder has no scheme.toml. A draft and a work list were written from the notice "
            f"and annexes; check and complete the draft, save it as {folder / 'scheme.toml'}, "
            "and run again.",
        )
    key = read_key(key_file) if key_file else None
    with show.progress(STAGES) as stage:
        outcome = score_folder(folder, out, at, stage, key)
    show.print_line(show.count_text(outcome.problems))
    if blocking(outcome.problems):
        show.print_line(
            said(
                "其中 A 级的都在通知和附件原文里；所用的方案没有 A 级问题。",
                "Those of A are in the notice and annexes themselves; the scheme used has none.",
            )
        )
    show.print_line(_standing(outcome.letterhead))
    show.print_line(said(f"已写到 {out}：", f"Written to {out}:"))
    rows = [(name, said(zh, en)) for name, zh, en in outcome.files]
    show.print_table((said("文件", "File"), said("内容", "What it is")), rows)
    digest = outcome.package_digest
    show.print_line(said(f"报送包摘要：{digest}", f"Package digest: {digest}"))
    first, whole = outcome.sealed, outcome.written
    show.print_line(
        said(
            f"存证日志：共 {whole.size} 条，根 {whole.root_prefix}；"
            f"各文件上印的是写出之前的 {first.size} 条，根 {first.root_prefix}",
            f"Journal: {whole.size} entries, root {whole.root_prefix}; on the files stands what there "
            f"was before they were written, {first.size} entries, root {first.root_prefix}",
        )
    )
    if key is None:
        show.print_line(
            said(
                "试用：日志由一次性的密钥签署。正式使用请用 --signing-key 给出单位的签名密钥。",
                "Trial: the journal is signed by a key made for this once. For real use give the "
                "office's key with --signing-key.",
            )
        )
    report = out / outcome.files[0][0]
    show.print_line(said(f"请先看：{report}", f"Look first at: {report}"))
    if key is not None:
        # The name of a run's journal is another each time; what stands on paper is its maker's.
        show.print_line(
            said("公钥（请印在纸上交给接收单位）：", "Verifier key (on paper, for the recipient):")
            + key.verifier(RUN_NAME).text
        )
    return 0


def _standing(head: Letterhead) -> str:
    """Whether the final form was written, or a draft and where that is decided."""
    if not head.is_final:
        return said(
            f"草稿：没有发文字号，见 {LETTERHEAD_NAME}",
            f"Draft: it has no number, see {LETTERHEAD_NAME}",
        )
    return said(f"正式文件：{head.number}", f"Final form: {head.number}")


def scheme_diff(before: Path, after: Path, *, as_json: bool) -> int:
    """`kaoping scheme diff`: what changed from one version to the next."""
    changes = diff_schemes(_readable(before), _readable(after))
    if as_json:
        show.print_json([change.as_json() for change in changes])
    elif not changes:
        show.print_line(said("两版方案没有差别。", "The two schemes do not differ."))
    else:
        heads = (
            said("变化", "Change"),
            said("位置", "Where"),
            said("原来", "Before"),
            said("现在", "After"),
        )
        rows = [
            (said(CHANGE_NAMES[c.kind], c.kind.value), c.where, c.before, c.after) for c in changes
        ]
        show.print_table(heads, rows)
    return 0


def _readable(path: Path) -> Scheme:
    """A scheme whose form is sound enough to be compared."""
    scheme, problems = read_scheme_file(path)
    if scheme is None:
        raise InputError(
            f"{path.name}：不是可以读取的方案文件。",
            f"{path.name}: not a readable scheme.",
            problems,
        )
    return scheme


def rule_test(path: Path) -> int:
    """`kaoping rule test`: run worked cases."""
    report = run_cases(decoded(read_bytes(path, MAX_CASE_BYTES)))
    for result in report.failed:
        show.print_line(f"{said('不符', 'FAILED')} {result.name}：{result.message}")
    show.print_line(report.summary)
    return 1 if report.failed else 0


def score_tables(tables: Tables, out: Path) -> int:
    """`kaoping score`: scores as csv, xlsx or json by the name of the file."""
    if out.suffix.lower() not in (".csv", ".xlsx", ".json"):
        raise UsageError(
            f"输出文件应为 .csv、.xlsx 或 .json：{out.name}",
            f"The output must be .csv, .xlsx or .json: {out.name}",
        )
    refuse_input_as_output(out, tables.scheme, tables.results, tables.deductions, tables.decisions)
    scheme, scores, problems = _scored(tables)
    rows = score_rows(scheme, scores)
    match out.suffix.lower():
        case ".csv":
            grid = [[row[column] for column in ROW_COLUMNS] for row in rows]
            content = csv_bytes(ROW_COLUMNS, grid)
        case ".xlsx":
            content = rows_workbook(scheme, rows)
        case _:
            content = scores_content(scheme, scores)
    write_whole(out, content)
    show.print_problems(problems)
    show.print_line(said(f"已写出 {len(rows)} 行：{out}", f"Wrote {len(rows)} rows: {out}"))
    return 0


def _scored(tables: Tables) -> tuple[Scheme, Scores, tuple[Problem, ...]]:
    """The scheme, its scores, and every problem that did not stop them."""
    scheme, of_scheme = require_scheme(tables.scheme)
    entries, of_tables = read_entries(scheme, tables.results, tables.deductions, tables.decisions)
    scores = score(scheme, entries)
    return scheme, scores, (*of_scheme, *of_tables, *scores.problems)


def explain(tables: Tables, unit_name: str, task_name: str, *, as_json: bool) -> int:
    """`kaoping explain`: everything about one score, step by step."""
    scheme, scores, _ = _scored(tables)
    unit = scheme.unit_ids_by_name.get(unit_name)
    if unit is None:
        raise _unknown("单位", "unit", unit_name, scheme.unit_ids_by_name)
    if task_name not in scheme.task_by_id:
        raise _unknown("任务", "task", task_name, scheme.task_by_id)
    row = scores.tasks.get((unit, task_name))
    if row is None:
        raise InputError(
            f"单位“{unit_name}”没有任务 {task_name}。",
            f"The unit “{unit_name}” does not have task {task_name}.",
        )
    steps = _explanation(scheme, row)
    if as_json:
        show.print_json({key: value for key, _, value in steps})
    else:
        show.print_table(
            (said("项目", "Step"), said("内容", "Content")),
            [(label, text) for _, label, text in steps if text],
        )
    return 0


def _unknown(zh: str, en: str, name: str, known: Iterable[str]) -> InputError:
    """That the scheme has no such name, and which of its names come close."""
    near = get_close_matches(name, list(known), n=3, cutoff=0.4) or list(known)[:3]
    return InputError(
        f"方案里没有{zh}“{name}”。是不是：{'、'.join(near)}？",
        f"The scheme has no {en} “{name}”. Did you mean: {', '.join(near)}?",
    )


def _explanation(scheme: Scheme, row: TaskScore) -> list[tuple[str, str, str]]:
    """The chain of values of one score: key, label, text."""
    task = scheme.task_by_id[row.task]
    facts = [
        f"{lost.line} {plain(lost.count)} {lost.measure}：{lost.reason}（{lost.basis}）"
        for lost in row.deductions
    ]
    chain = [
        ("unit", "单位", "unit", scheme.unit_by_id[row.unit].name),
        ("task", "任务", "task", f"{task.id} {task.name}"),
        ("standard", "完成标准", "standard", task.standard),
        ("applicable_points", "涉及分值", "applicable points", plain(row.applicable_points)),
        ("target", "年度目标", "target", row.target),
        ("reported", "上报值", "reported", row.reported),
        ("verified", "核验值", "verified", row.verified),
        ("decided", "认定值", "decided", row.decided),
        ("used", "采用的数据", "values used", "\n".join(_used(result) for result in row.used)),
        ("deductions", "扣分（加分）事实", "counted facts", "\n".join(facts)),
        ("working", "得分过程", "working", row.working),
        ("raw", "办法得分", "raw", "" if row.raw is None else shown(row.raw)),
        ("capped", "限高限低后", "capped", "" if row.capped is None else shown(row.capped)),
        ("rounded", "舍入后", "rounded", _points(row.rounded)),
        ("adjustment", "调整", "adjustment", f"{row.adjustment:+f}" if row.adjustment else ""),
        ("steps", "说明", "notes", "\n".join(row.steps)),
        ("published", "公布得分", "published", _points(row.published)),
        ("state", "状态", "state", said(STATE_NAMES[row.state], row.state.value)),
        ("reason", "理由", "reason", row.reason),
        ("basis", "依据", "basis", row.basis),
        ("data_source", "数据来源", "data source", row.data_source),
        ("problems", "待办", "open", "\n".join(problem.message for problem in row.problems)),
    ]
    return [(key, said(zh, en), text) for key, zh, en, text in chain]


def _used(result: Result) -> str:
    """Where a value comes from: 正式，截至 2024-12-31，重大项目月报系统（results.csv 第 3 行）."""
    facts = (result.status.value, f"截至 {result.as_of}", result.data_source)
    return "，".join(fact for fact in facts if fact) + f"（{result.place}）"


def _points(value: object) -> str:
    return "" if value is None else f"{value:f}"


def package_verify(path: Path, keys: Sequence[VerifierKey], *, as_json: bool) -> int:
    """`kaoping package verify`: every byte of a package against its manifest, and its journal."""
    verified = verify_package(path, keys)
    manifest, checkpoint = verified.manifest, verified.checkpoint
    if as_json:
        show.print_json(manifest.as_json() | _journal_json(checkpoint))
        return 0
    show.print_table(
        (said("文件", "File"), said("大小", "Size"), "SHA-256"),
        [(entry.path, str(entry.size), entry.sha256) for entry in manifest.files],
    )
    show.print_line(
        said(
            f"核对无误：{len(manifest.files)} 个文件，报送包摘要 {manifest.digest}",
            f"Sound: {len(manifest.files)} files, package digest {manifest.digest}",
        )
    )
    if checkpoint is None:
        show.print_line(said("包内没有存证日志。", "The package carries no journal."))
        return 0
    show.print_line(
        said(
            f"存证日志 {checkpoint.origin}：{checkpoint.size} 条，根 {checkpoint.root_prefix}，"
            "与包内每个文件相符",
            f"Journal {checkpoint.origin}: {checkpoint.size} entries, root "
            f"{checkpoint.root_prefix}, binds every file",
        )
    )
    if not keys:
        show.print_line(
            said(
                "注意：用的是包内自带的公钥，只能说明包内前后一致；要确认出自何人，请用 --key "
                "给出纸上的公钥。",
                "Note: the key in the package was believed; give the one on paper with --key.",
            )
        )
    return 0


def _journal_json(checkpoint: Checkpoint | None) -> dict[str, object]:
    """The journal of a package beside its manifest; nothing where it carries none."""
    if checkpoint is None:
        return {}
    root = checkpoint.root.hex()
    return {"journal": {"origin": checkpoint.origin, "size": checkpoint.size, "root": root}}
