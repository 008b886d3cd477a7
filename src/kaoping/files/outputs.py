"""The official results of a batch folder: scored, typeset, packed, and moved into place as a whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Final

from kaoping.core.draft.work_list import work_list
from kaoping.core.errors import InputError, RefusedError
from kaoping.core.problems import blocking, counted
from kaoping.core.report.assessed import Assessed
from kaoping.core.report.countersign_sheet import build_countersign_sheet
from kaoping.core.report.entry_table import build_entry_table, entry_table_json
from kaoping.core.report.finding_record import RECORD_NAME, build_finding_record
from kaoping.core.report.letterhead import LETTERHEAD_NAME
from kaoping.core.report.meeting_submission import Matters, build_meeting_submission
from kaoping.core.report.problem_list import problems_markdown
from kaoping.core.report.scoring_report import build_report
from kaoping.core.report.section_sheet import build_section_sheet, scoring_sections
from kaoping.core.report.unit_sheet import build_unit_sheet
from kaoping.core.report.verification import undecided, visits_due, visits_held
from kaoping.core.report.verification_opinion import OPINION_NAME, build_verification_opinion
from kaoping.core.report.verification_plan import PLAN_NAME, build_verification_plan
from kaoping.core.scoring.assessment import score
from kaoping.core.scoring.scores import ScoreState
from kaoping.files.archive import safe_name, zipped
from kaoping.files.atomic import refuse_taken_place, resolved, whole_folder
from kaoping.files.batch import (
    Batch,
    read_batch,
    read_folder_papers,
    require_folder,
)
from kaoping.files.documents import read_bytes
from kaoping.files.docx import document_docx
from kaoping.files.fonts import find_faces
from kaoping.files.journal.keys import SigningKey
from kaoping.files.journal.rescoring import scores_content
from kaoping.files.journal.run import JOURNAL, keep_run, keep_written, run_act, run_files
from kaoping.files.own_template import MAX_TEMPLATE, read_template
from kaoping.files.package import build_package, manifest_of
from kaoping.files.pdf import document_pdf
from kaoping.files.xlsx import entry_workbook, scores_workbook, work_list_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable
    from datetime import datetime
    from pathlib import Path

    from kaoping.core.journal import Checkpoint
    from kaoping.core.problems import Problem
    from kaoping.core.report.document import Document, Genre, Letterhead
    from kaoping.files.fonts import Faces
    from kaoping.files.own_template import OwnTemplate

    Stage = Callable[[str, str], None]

_SHOWN_OPEN: Final = 3
"""Open scores that a refusal names before it only counts them."""

STAGES: Final = 9
OWN_REPORT: Final = "report-own.docx"
"""What the office's own template of a report becomes."""
OWN_SHEET: Final = "-套用模板.docx"
"""How the name of a unit's sheet by the office's own template ends."""

_FILES: Final = (
    ("report.pdf", "评分报告（先看这一份）", "scoring report, to read first"),
    ("report.docx", "评分报告（可编辑）", "scoring report, to edit"),
    (OWN_REPORT, "套用本单位模板的文件", "the office's own template, filled in"),
    (
        "scores.xlsx",
        "得分汇总、任务得分、各指标明细和问题",
        "scores with working, for a spreadsheet",
    ),
    (
        "entry-table.xlsx",
        "平台录入表：逐行录入上级平台的得分和原因（另有 entry-table.json）",
        "what is typed into the city's platform, line by line (also as json)",
    ),
    ("unit-sheets.zip", "每个单位一份评分单（pdf 和 docx）", "one sheet per unit"),
    (
        "section-sheets.zip",
        "每个责任科室一份评分表，供签字；评分报告会签单（pdf 和 docx）",
        "one sheet per section to sign, and the countersign sheet",
    ),
    (
        "verification-papers.zip",
        "现场核验方案、各单位核验记录（已印好上报值）、已有核验值的单位的核验意见书",
        "the plan of verification, records to fill in on site, opinions where values were verified",
    ),
    ("meeting-submission.pdf", "提请会议审议的汇报", "the paper for the meeting that decides"),
    ("meeting-submission.docx", "提请会议审议的汇报（可编辑）", "the same, to edit"),
    ("package.zip", "报送包：上述文件、方案和清单", "the filing package with its manifest"),
    ("scores.json", "全部得分（精确数值，供其他系统读取）", "all scores, exact"),
    ("problems.md", "问题清单", "everything a person should look at"),
    ("journal", "存证日志：本次读入和算出的内容不可悄悄更改", "the journal that binds all of it"),
)


INPUT_STEMS: Final = (
    *("annex-", "template-", "notice.", "results.", "deductions.", "decisions.", "people."),
    *("scheme.toml", "letterhead.toml", "evidence"),
)
"""How the names of inputs begin in a batch folder."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was written: file names with what they are in Chinese and English; and all problems.

    Attributes:
        letterhead: of the report; tells whether it is the final form.
    """

    files: tuple[tuple[str, str, str], ...]
    problems: tuple[Problem, ...]
    letterhead: Letterhead
    package_digest: str
    sealed: Checkpoint
    written: Checkpoint


def score_folder(
    folder: Path, out: Path, at: datetime, stage: Stage, key: SigningKey | None = None
) -> Outcome:
    """Do the whole job; the output folder is complete or unchanged.

    Args:
        folder: the batch folder, with its confirmed scheme.
        out: where the output goes; an earlier output of ours is replaced as a whole.
        at: the time that stands on every document; equal inputs, time and key give equal bytes.
        stage: told the name of each stage as it begins, `STAGES` times.
        key: signs the journal of the run; a fresh one, used this once, if None.

    Raises:
        InputError: with everything that must be corrected first.
        RefusedError: where `out` holds other files.
        EnvironmentFault: where fonts or disk space are missing.
    """
    stage("读取方案、通知、附件、数据和台账", "reading scheme, notice, annexes, tables, ledger")
    require_folder(folder)
    _refuse_input_place(folder, out)
    faces = find_faces()
    batch = read_batch(folder, at)
    with whole_folder(out) as scratch:
        stage("计分", "scoring")
        assessed = _assessed(batch, at)
        _refuse_open_results(assessed, batch.letterhead)
        scores = scores_content(assessed.scheme, assessed.scores)
        stage("写入存证日志", "keeping the journal")
        act = run_act(batch.scheme_text, batch.inputs, scores, at)
        key = key or SigningKey.fresh()
        signed = keep_run(scratch / JOURNAL, act, key)
        sealed = signed.checkpoint
        assessed = replace(assessed, sealed=sealed, sealed_note=signed.content)
        stage("编写评分报告", "writing the report")
        files = _report(assessed, batch, faces)
        stage("生成得分表", "writing the workbook")
        files |= _tables(assessed, at)
        files["scores.json"] = scores
        stage("生成各单位评分单和科室评分表", "writing the sheets of units and sections")
        files["unit-sheets.zip"] = zipped(unit_sheets(assessed, faces, batch.unit_template), at)
        files["section-sheets.zip"] = zipped(
            section_sheets(assessed, faces, batch.letterhead.genre), at
        )
        stage("生成核验文书和会议材料", "writing papers for verification and for the meeting")
        files["verification-papers.zip"] = zipped(verification_papers(assessed, faces), at)
        matters = Matters(genre=batch.letterhead.genre)
        inside = {} if assessed.is_issued else _submission(assessed, matters, faces)
        stage("打包报送", "packing")
        content = [(name, files[name]) for name in sorted(files)]
        content.append(("scheme.toml", batch.scheme_text))
        head = manifest_of(batch.scheme, (), (), at).head
        written_down = keep_written(scratch / JOURNAL, act, head, content, key)
        content += run_files(scratch / JOURNAL)
        files["package.zip"], manifest = build_package(batch.scheme, content, batch.inputs, at)
        stage("写入输出文件夹", "putting everything in place")
        for name, written in (files | inside).items():
            (scratch / name).write_bytes(written)
    there = {*files, *inside, JOURNAL}
    rows, found = tuple(row for row in _FILES if row[0] in there), _all_problems(assessed)
    return Outcome(rows, found, batch.letterhead, manifest.digest, sealed, written_down)


def _report(assessed: Assessed, batch: Batch, faces: Faces) -> dict[str, bytes]:
    report, own = build_report(assessed, batch.letterhead), batch.report_template
    files = {"report.pdf": document_pdf(report, faces), "report.docx": document_docx(report)}
    return files | ({OWN_REPORT: own.filled(assessed, own.budget())} if own else {})


def _tables(assessed: Assessed, at: datetime) -> dict[str, bytes]:
    entries = build_entry_table(assessed)
    return {
        "scores.xlsx": scores_workbook(assessed),
        "entry-table.xlsx": entry_workbook(entries, assessed.scheme.places, at),
        "entry-table.json": entry_table_json(entries),
        "problems.md": _problems(assessed).encode(),
    }


def _submission(assessed: Assessed, matters: Matters, faces: Faces) -> dict[str, bytes]:
    """What asks the meeting; of a report that is issued it was asked before."""
    submission = build_meeting_submission(assessed, matters)
    return {
        "meeting-submission.pdf": document_pdf(submission, faces),
        "meeting-submission.docx": document_docx(submission),
    }


def _refuse_input_place(folder: Path, out: Path) -> None:
    """An output over the inputs would destroy them; one among them would be read as an input."""
    real, place, evidence = resolved(folder), resolved(out), resolved(folder / "evidence")
    over = place == real or place in real.parents
    named_like_an_input = place.parent == real and place.name.startswith(INPUT_STEMS)
    if over or named_like_an_input or evidence in (place, *place.parents):
        raise RefusedError(
            f"输出位置 {out} 在输入材料当中，没有写入。请换一个位置。",
            f"The output {out} lies among the inputs; nothing was written. Choose another place.",
        )


def _assessed(batch: Batch, at: datetime) -> Assessed:
    scores = score(batch.scheme, batch.entries)
    mark = batch.letterhead.standing
    return Assessed(
        batch.scheme, batch.entries, scores, batch.ledger, batch.problems, at, mark=mark
    )


def _refuse_open_results(assessed: Assessed, head: Letterhead) -> None:
    """Nothing is issued in its final form before every score stands."""
    open_ones = [
        f"{assessed.unit_name(row.unit)} {assessed.scheme.task_by_id[row.task].label}"
        for row in assessed.task_scores
        if row.state in (ScoreState.INCOMPLETE, ScoreState.PROVISIONAL)
    ]
    if head.is_final and open_ones:
        listed = "；".join(open_ones[:_SHOWN_OPEN]) + ("等" if len(open_ones) > _SHOWN_OPEN else "")
        raise RefusedError(
            f"还有 {len(open_ones)} 项次得分待定或暂定（{listed}），不能生成正式文件，没有写出任何文件。请补齐数据，"
            f"或由负责人在 decisions 表中作出决定；要先出草稿，请从 {LETTERHEAD_NAME} 删去 number、signed_on、approved_by。",
            f"{counted(len(open_ones), 'score')} still open ({listed}), so there is no final form and nothing was written. "
            f"Complete the data or have them decided; for a draft take number, signed_on and approved_by out of {LETTERHEAD_NAME}.",
        )


def _all_problems(assessed: Assessed) -> tuple[Problem, ...]:
    return (*assessed.problems, *assessed.scores.problems, *assessed.ledger.problems)


def _problems(assessed: Assessed) -> str:
    title = f"{assessed.scheme.title}：问题清单"
    problems = _all_problems(assessed)
    # Those of the scheme and the tables would have stopped the work before this.
    remark = (
        "A 级问题都在通知和附件原文中，所用的方案和数据没有 A 级问题。"
        if blocking(problems)
        else ""
    )
    return problems_markdown(title, problems, f"{remark}存证：{assessed.seal_text}。")


def unit_sheets(
    assessed: Assessed, faces: Faces, own: OwnTemplate | None = None
) -> list[tuple[str, bytes]]:
    """Every unit's sheet as pdf and docx, with the names of their files; behind them the office's own."""
    named = [(unit.name, unit.id, build_unit_sheet(assessed, unit)) for unit in assessed.units]
    sheets = _both_forms(named, faces)
    return sheets if own is None else [*sheets, *own_sheets(assessed, own, OWN_SHEET)]


def own_sheets(assessed: Assessed, own: OwnTemplate, ending: str) -> list[tuple[str, bytes]]:
    """The office's own template filled in for every unit, named after them.

    Raises:
        InputError: where all of them come to too much.
    """
    budget = own.budget(len(assessed.units))
    sheets: list[tuple[str, bytes]] = []
    for unit in assessed.units:
        stem = _free_name(unit.name, unit.id, {path for path, _ in sheets}, ending)
        sheets.append((f"{stem}{ending}", own.filled(assessed, budget, unit)))
    return sheets


def filled_template(
    folder: Path, template: Path, out: Path, at: datetime, *, each_unit: bool
) -> bytes:
    """An office's own template filled in from a batch folder: a docx, or a zip with one for each unit.

    Args:
        folder: the batch folder, with its confirmed scheme; whatever templates lie in it.
        template: the template.
        out: where it is to be written, which this does not do.
        at: the time that stands in it.
        each_unit: whether the template is of one document for each unit.

    Raises:
        InputError: with everything that is wrong with the template, else with the folder.
        RefusedError: where `out` is taken, or lies among the inputs.
    """
    require_folder(folder)
    _refuse_input_place(folder, out)
    refuse_taken_place(out, inputs=[template])
    own = read_template(read_bytes(template, MAX_TEMPLATE), template.name, for_unit=each_unit)
    assessed = _assessed(read_batch(folder, at), at)
    if each_unit:
        return zipped(own_sheets(assessed, own, ".docx"), at)
    return own.filled(assessed, own.budget())


def section_sheets(assessed: Assessed, faces: Faces, genre: Genre) -> list[tuple[str, bytes]]:
    """What sections sign as pdf and docx: each its own scores, all of them the countersign sheet."""
    named = [
        (assessed.office_name(section), section, build_section_sheet(assessed, section))
        for section in scoring_sections(assessed)
    ]
    return _both_forms([*named, ("会签单", "", build_countersign_sheet(assessed, genre))], faces)


def verification_papers(assessed: Assessed, faces: Faces) -> list[tuple[str, bytes]]:
    """The plan of verification, and by unit what is filled in on site and what came of it, as pdf."""
    plan = build_verification_plan(assessed, undecided(assessed))
    files = [(f"{PLAN_NAME}.pdf", document_pdf(plan, faces))]
    for folder, build, visits in (
        (RECORD_NAME, build_finding_record, visits_due(assessed)),
        (OPINION_NAME, build_verification_opinion, visits_held(assessed)),
    ):
        taken: set[str] = set()
        for unit, some in visits.items():
            name = f"{_free_name(assessed.unit_name(unit), unit, taken)}.pdf"
            taken.add(name)
            files.append((f"{folder}/{name}", document_pdf(build(assessed, some), faces)))
    return files


def _both_forms(
    named: Iterable[tuple[str, str, Document]], faces: Faces
) -> list[tuple[str, bytes]]:
    """Documents with a name and an id each, as pdf and docx under names that differ."""
    files: list[tuple[str, bytes]] = []
    for name, identity, document in named:
        stem = _free_name(name, identity, {path for path, _ in files})
        files.append((f"{stem}.pdf", document_pdf(document, faces)))
        files.append((f"{stem}.docx", document_docx(document)))
    return files


def _free_name(name: str, identity: str, taken: Container[str], ending: str = ".pdf") -> str:
    """A file name for somebody's sheets that nobody else's have."""
    safe = safe_name(name)
    if f"{safe}{ending}" not in taken:
        return safe
    numbered = (f"{safe}-{safe_name(identity)}-{number}" for number in count(1))
    return next(free for free in numbered if f"{free}{ending}" not in taken)


def draft_folder(folder: Path, out: Path) -> Path:
    """Write a draft scheme from the folder's notice and annexes, with the list to work through.

    Returns:
        The path of the draft.

    Raises:
        InputError: where there is no scheme, and no notice that can be read.
    """
    require_folder(folder)
    _refuse_input_place(folder, out)
    papers, problems = read_folder_papers(folder)
    if papers.notice is None:
        raise InputError(
            "文件夹里既没有 scheme.toml，也没有可以读取的通知（如 notice.docx、notice.pdf、"
            "notice.txt）。请至少放入一个。",
            "The folder has neither scheme.toml nor a notice that can be read (like notice.docx, "
            "notice.pdf or notice.txt).",
            problems,
        )
    with whole_folder(out) as scratch:
        (scratch / "scheme-draft.toml").write_text(papers.draft(), encoding="utf-8")
        (scratch / "work-list.xlsx").write_bytes(work_list_workbook(work_list(papers)))
        listed = problems_markdown("通知和附件：问题清单", problems)
        (scratch / "problems.md").write_text(listed, encoding="utf-8")
    return out / "scheme-draft.toml"
