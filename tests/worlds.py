"""A small finished year, act by act: six units, three sections, draws, visits, meetings, a package.

Everything in it is invented. Ids are UUIDs made from names, so that it is the same in every run.
Every kind of act occurs at least once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Self

from kaoping.core.acts.collecting import (
    ApplicabilityDecided,
    Channel,
    DailyNoteMade,
    DailyNoteWithdrawn,
    EvidenceAccepted,
    EvidenceCorrected,
    EvidenceFiled,
    EvidenceFiledOnBehalf,
    EvidenceReturned,
    EvidenceWithdrawn,
    FilingAcceptedByUnit,
    FilingConfirmed,
    ResultReported,
    Status,
    ValueDecided,
)
from kaoping.core.acts.filing import (
    FrozenSheet,
    MeetingDecided,
    MeetingKind,
    PackageSent,
    ReportFrozen,
    ReportSigned,
    Resolution,
)
from kaoping.core.acts.keeping import (
    PROGRAM,
    EventCount,
    ListedFile,
    RegisterMigrated,
    RunComputed,
    RunWritten,
    SecurityLogSealed,
    TableRows,
    TextRedacted,
)
from kaoping.core.acts.scoring import (
    DeductionLine,
    DisciplineUndertaken,
    InputValue,
    OpinionGiven,
    ScoreAdjusted,
    ScoreLine,
    ScoresProposed,
    SheetPaperConfirmed,
    SheetReceived,
    SheetReopened,
    SheetReturned,
    SheetSignedByHandler,
    SheetSignedByHead,
    SheetSignedOnPaper,
    SheetSubmitted,
    VetoDeclared,
    VetoLifted,
)
from kaoping.core.acts.verifying import (
    DigitsRecorded,
    DigitsWitnessed,
    DrawExempted,
    Drawn,
    DrawPlanned,
    DrawWithdrawn,
    FindingRecorded,
    InspectorAppointed,
    InterestDeclared,
    TeamChanged,
    TeamFormed,
    VerificationDecided,
    VerificationMode,
    VerificationOpinionAdopted,
    VerificationOpinionDeclined,
    VerificationOpinionSigned,
)
from kaoping.core.draw.plans import plan_stratum
from kaoping.core.draw.records import DrawPlan, MustCheck
from kaoping.core.draw.rolling import draw
from kaoping.core.workflow.drawing import drawn_units, inspectors
from kaoping.core.workflow.questions import (
    ledger_digest,
    ledger_of,
    must_step_aside,
    sheet_digest,
    sheet_of,
    visit_digest,
)
from kaoping.core.workflow.things import Draw, Sheet, Verification, Visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from kaoping.core.acts.envelope import Act
    from kaoping.core.acts.union import Content
    from kaoping.core.blob import Blob

from tests.world_set_up import (
    DIGITS,
    INSPECTORS,
    OWNED_TASK,
    OWNER,
    RANDOM_ONES,
    SCORING,
    SECTIONS,
    TARGETED_ONE,
    UNITS,
    SetUp,
    handler,
    liaison,
    made_up_blob,
    section_head,
    section_of,
    tasks_of,
    uid,
    unit_head,
)

WATCHERS = (uid("监督员"), liaison(UNITS[0]))
"""Who watches a draw: a supervisor and a representative of the assessed units."""


class World(SetUp):
    """A whole year, stage by stage."""

    def sealed(self) -> str:
        """The signed note of a checkpoint over all acts so far; made up where there is no journal."""
        return (
            f"kaoping.example/2024\n{len(self.acts)}\n{'A' * 43}=\n\n— kaoping.example/2024 AAAA\n"
        )

    # --- collect --------------------------------------------------------------------------------

    def evidence(self, unit: str, task: str, name: str = "") -> EvidenceFiled:
        return EvidenceFiled(
            self.year,
            uid(unit),
            task,
            "A1",
            (self.blob(f"{unit} {task} {name}.pdf"),),
            date(2024, 11, 20),
            date(2024, 1, 1),
            date(2024, 12, 31),
        )

    def value_of(self, unit: str, task: str) -> Decimal:
        """What a unit reports: 80 to 99 in a hundred, the same in every run."""
        return Decimal(80 + int(sha256(f"{unit}{task}".encode()).hexdigest(), 16) % 20)

    def collect(self) -> None:
        """Every unit reports and files for each task; heads confirm."""
        for indicator in self.indicators:
            for unit in UNITS:
                task = tasks_of(indicator)[0]
                result = ResultReported(
                    self.year,
                    uid(unit),
                    task,
                    "",
                    self.value_of(unit, task),
                    "%",
                    date(2024, 12, 31),
                    Status.FINAL,
                    "统计部门",
                )
                self.do(liaison(unit), uid(f"上报 {unit} {task}"), result)
                self.do(liaison(unit), uid(f"材料 {unit} {task}"), self.evidence(unit, task))
        self.mend()
        for unit in UNITS:
            self.confirm(unit)

    def confirm(self, unit: str) -> Act:
        digest = ledger_digest(ledger_of(self.state, self.year, uid(unit)))
        return self.do(unit_head(unit), uid(unit), FilingConfirmed(self.year, digest))

    def mend(self) -> None:
        """Returned, corrected, withdrawn, filed on behalf, noted, decided: one of each."""
        unit, task = UNITS[0], tasks_of("1")[0]
        section, filing = section_of("1"), uid(f"材料 {unit} {task}")
        self.do(handler(section), filing, EvidenceReturned("扫描不清"))
        first = next(act for act in self.acts if act.subject == filing)
        better = EvidenceCorrected((self.blob("清晰件.pdf"),), date(2024, 11, 20), None, None)
        self.do(liaison(unit), filing, better, first.id)
        spare = self.do(liaison(unit), uid("多报材料"), self.evidence(unit, task, "副本"))
        self.do(liaison(unit), spare.subject, EvidenceWithdrawn("重复报送"))
        self.file_on_behalf(section, UNITS[1], task)
        files = (self.blob("月报收文登记.pdf"),)
        note = DailyNoteMade(
            self.year, uid(UNITS[1]), task, date(2024, 11, 5), "月报迟报一次", files
        )
        self.do(handler(section), uid("平时记录"), note)
        slip = self.do(handler(section), uid("平时记录之二"), replace(note, text="记错了单位"))
        gone = DailyNoteWithdrawn(self.year, note.unit, task, slip.subject, "应记在另一单位")
        self.do(handler(section), uid("平时记录撤销"), gone)
        good = uid(f"材料 {UNITS[4]} {task}")
        looked_at = next(act.id for act in self.acts if act.subject == good)
        self.do(handler(section), good, EvidenceAccepted(looked_at))
        self.do(handler(OWNER), uid("提供的数据"), self.supplied())
        gap = ValueDecided(
            self.year, uid(UNITS[2]), tasks_of("1")[1], "", None, "未报数据", "方案第三条"
        )
        self.do(handler(section), uid("认定值"), gap)
        out = ApplicabilityDecided(
            self.year, uid(UNITS[3]), tasks_of("1")[1], False, "无此项职能", "三定方案"
        )
        self.do(section_head(section), uid("不涉及认定"), out)

    def supplied(self) -> ResultReported:
        """What the owner of the data says of a unit."""
        more = (Decimal("9.5"), "项", date(2024, 12, 31), Status.FINAL, "数据提供科室")
        return ResultReported(self.year, uid(UNITS[1]), OWNED_TASK, "", *more)

    def file_on_behalf(self, section: str, unit: str, task: str) -> None:
        content = EvidenceFiledOnBehalf(
            self.year,
            uid(unit),
            task,
            "A1",
            (self.blob("来信扫描.pdf"),),
            None,
            None,
            None,
            self.at,
            Channel.PAPER,
        )
        filing = self.do(handler(section), uid("代录材料"), content)
        self.do(liaison(unit), filing.subject, FilingAcceptedByUnit())

    # --- verify ---------------------------------------------------------------------------------

    def undertake(self) -> None:
        persons = [handler(section) for section in SCORING]
        persons += [section_head(section) for section in SCORING]
        persons += [uid(name) for name in INSPECTORS]
        for person in persons:
            self.do(person, person, DisciplineUndertaken("本人承诺遵守考评纪律"))
        self.do(uid(INSPECTORS[3]), uid(INSPECTORS[3]), InterestDeclared(uid(UNITS[0]), "亲属任职"))

    def verify(self) -> None:
        """Two random verifications with three draws, a targeted one, and none for the rest."""
        for indicator in self.indicators:
            self.decide(indicator)
        first, second = RANDOM_ONES
        self.draw(first, Drawn.UNITS, [uid(unit) for unit in UNITS], (2, 2), must_check=True)
        self.draw(first, Drawn.INSPECTORS, [uid(name) for name in INSPECTORS], (3, 1))
        self.replace_inspector(first)
        self.draw(second, Drawn.UNITS, [uid(unit) for unit in UNITS], (2, 1))
        one = self.state.get(Draw, uid(f"抽签 {second} units"))
        exempted = DrawExempted(drawn_units(one)[0], "受灾停工，核验无法进行")
        self.do(section_head(section_of(second)), one.id, exempted)
        self.appoint(second)
        self.appoint(TARGETED_ONE)
        for indicator in (first, second, TARGETED_ONE):
            self.visit_all(indicator)

    def decide(self, indicator: str) -> Act:
        mode = None
        if indicator in RANDOM_ONES:
            mode = VerificationMode.RANDOM
        elif indicator == TARGETED_ONE:
            mode = VerificationMode.TARGETED
        units = (uid(UNITS[4]),) if mode is VerificationMode.TARGETED else ()
        needed = mode is not None
        reason = "数据波动较大" if needed else "数据来自统计部门"
        content = VerificationDecided(self.year, indicator, needed, mode, units, reason)
        act = self.do(section_head(section_of(indicator)), uid(f"核验 {indicator}"), content)
        if indicator == TARGETED_ONE:  # a slip is mended before anything rests on it
            better = replace(content, reason="数据波动较大，群众有反映")
            self.do(act.actor, act.subject, better, act.id)
        return act

    def draw(
        self,
        indicator: str,
        drawn: Drawn,
        population: list[str],
        sizes: tuple[int, int],
        *,
        must_check: bool = False,
    ) -> None:
        """Plan a draw, wait for the announced time, and record its digits."""
        must = (MustCheck(population.pop(), "上年度问题较多"),) if must_check else ()
        strata = (plan_stratum("全部", population, *sizes),)
        plan = DrawPlan(f"指标{indicator}抽查", strata, must, len(DIGITS), "当众掷十面骰二十次")
        if drawn is Drawn.INSPECTORS:  # announced for a day on which nobody can come
            late = (self.now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
            content = DrawPlanned(uid(f"核验 {indicator}"), drawn, late, plan)
            wrong = self.do(handler(section_of(indicator)), uid(f"错误方案 {indicator}"), content)
            gone = DrawWithdrawn("掷骰时间定错")
            self.do(section_head(section_of(indicator)), wrong.subject, gone)
        roll_at = (self.now + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
        content = DrawPlanned(uid(f"核验 {indicator}"), drawn, roll_at, plan)
        actor = handler(section_of(indicator))
        one = self.do(actor, uid(f"抽签 {indicator} {drawn.value}"), content)
        self.until(roll_at[:16])
        digits = DIGITS if drawn is Drawn.UNITS else DIGITS[::-1]
        self.witness(one.subject, digits)
        watched = DigitsRecorded(
            digits,
            *WATCHERS,
            self.blob("掷骰照片.jpg"),
            draw(plan, digits),
        )
        self.do(actor, one.subject, watched)

    def witness(self, draw: str, digits: str) -> None:
        """Supervisor and representative enter the digits that they saw."""
        sealed = self.sealed()
        for person in WATCHERS:
            self.do(person, draw, DigitsWitnessed(sealed, digits))

    def appoint(self, indicator: str) -> None:
        for name in INSPECTORS[:2]:
            content = InspectorAppointed(uid(name), None, "熟悉该项业务")
            self.do(section_head(section_of(indicator)), uid(f"核验 {indicator}"), content)

    def stand_in(self, indicator: str) -> str:
        """One more inspector, appointed at once."""
        content = InspectorAppointed(uid(INSPECTORS[2]), None, "增加力量")
        self.do(section_head(section_of(indicator)), uid(f"核验 {indicator}"), content)
        return content.person

    def replace_inspector(self, indicator: str) -> None:
        """A drawn inspector falls ill: the first of the reserve comes."""
        drawn = self.state.get(Draw, uid(f"抽签 {indicator} inspectors")).results[0]
        content = InspectorAppointed(drawn.reserve[0].id, drawn.sample[-1].id, "因病不能到场")
        self.do(section_head(section_of(indicator)), uid(f"核验 {indicator}"), content)

    def team_for(self, indicator: str, unit: str) -> tuple[str, ...]:
        """Two inspectors, drawn or appointed, who need not step aside."""
        found = self.state.get(Verification, uid(f"核验 {indicator}"))
        known = sorted(inspectors(self.state, found))
        return tuple(p for p in known if not must_step_aside(self.state, p, unit))[:2]

    def visit_all(self, indicator: str) -> None:
        found = self.state.get(Verification, uid(f"核验 {indicator}"))
        if found.mode is VerificationMode.TARGETED:
            due = list(found.units)
        else:
            one = self.state.get(Draw, found.unit_draw)
            due = [*drawn_units(one), *(must.id for must in one.content.plan.must_check)]
        for number, unit in enumerate(due):
            self.visit(indicator, unit, declined=number == 1)

    def visit(self, indicator: str, unit: str, *, declined: bool = False) -> None:
        """A team goes, finds, signs; the section head answers."""
        visit = uid(f"核验 {indicator} {unit}")
        team = self.team_for(indicator, unit)
        head = section_head(section_of(indicator))
        if indicator == TARGETED_ONE:
            both = (team[0], self.stand_in(indicator))
            self.do(head, visit, TeamFormed(uid(f"核验 {indicator}"), unit, both))
            self.do(head, visit, TeamChanged(team, "一名成员因公外出"))
        else:
            self.do(head, visit, TeamFormed(uid(f"核验 {indicator}"), unit, team))
        name = next(name for name in UNITS if uid(name) == unit)
        task = tasks_of(indicator)[0]
        reported = self.value_of(name, task)
        finding = FindingRecorded(
            task,
            "",
            reported,
            reported - 1,
            Decimal(-1),
            "一处台账不完整",
            (self.blob(f"{name}现场.jpg"),),
            f"{name}政务中心",
            self.at,
        )
        self.do(team[0], visit, finding)
        digest = visit_digest(self.state.get(Visit, visit))
        for member in team:
            self.do(member, visit, VerificationOpinionSigned(digest, "核验值可信，建议采用"))
        answer: Content = VerificationOpinionAdopted(digest)
        if declined:
            answer = VerificationOpinionDeclined(digest, "缺件已补齐，按上报值计")
        self.do(head, visit, answer)

    # --- score ----------------------------------------------------------------------------------

    def line(self, unit: str, task: str) -> ScoreLine:
        value = self.value_of(unit, task)
        lost = Decimal(100 - value) / 20
        deduction = DeductionLine("未完成", Decimal(1), -lost, "未达年度目标", "方案评分标准")
        return ScoreLine(
            uid(unit),
            task,
            5 - lost,
            (InputValue("", value),),
            "统计部门",
            "方案评分标准",
            f"5 − {lost} = {5 - lost}",
            (deduction,),
        )

    def lines(self, indicator: str) -> tuple[ScoreLine, ...]:
        """A line for every cell that is assessed."""
        left_out = {(UNITS[-1], tasks_of(indicator)[1])}
        if indicator == "1":
            left_out.add((UNITS[3], tasks_of("1")[1]))
        return tuple(
            self.line(unit, task)
            for unit in UNITS
            for task in tasks_of(indicator)
            if (unit, task) not in left_out
        )

    def propose(self, indicator: str, lines: tuple[ScoreLine, ...] | None = None) -> Act:
        content = ScoresProposed(
            self.year, indicator, "kaoping 0.1", lines or self.lines(indicator)
        )
        there = sheet_of(self.state, self.year, indicator)
        return self.do(
            handler(section_of(indicator)),
            uid(f"评分表 {indicator}"),
            content,
            there.act if there else None,
        )

    def digest(self, indicator: str) -> str:
        """The present digest of a sheet."""
        return sheet_digest(self.state, self.state.get(Sheet, uid(f"评分表 {indicator}")))

    def draft(self) -> None:
        """Each section scores an indicator before anything is verified; it scores it anew later."""
        for indicator in self.indicators[2:4]:
            self.propose(indicator)

    def score(self) -> None:
        """All sheets are filled in, signed, submitted and received; with some detours."""
        for indicator in self.indicators:
            self.propose(indicator)
        self.adjust_and_veto("1")
        self.give_opinion("1")
        for indicator in self.indicators:
            if indicator == "2":
                self.sign_on_paper(indicator)
            else:
                self.sign(indicator)
            self.hand_in(indicator)
        self.reopen("4")
        for indicator in self.indicators:
            received = SheetReceived(self.digest(indicator))
            self.do(handler(SECTIONS[0]), uid(f"评分表 {indicator}"), received)

    def adjust_and_veto(self, indicator: str) -> None:
        section, task = section_of(indicator), tasks_of(indicator)[0]
        content = ScoreAdjusted(uid(UNITS[1]), task, Decimal("-0.10"), "月报迟报一次", "平时记录")
        self.do(handler(section), uid(f"评分表 {indicator}"), content)
        veto = VetoDeclared(
            self.year,
            uid(UNITS[2]),
            indicator,
            task,
            "安全事故",
            "应急管理部门",
            self.blob("通报.pdf"),
            "发生一般事故一起",
        )
        self.do(handler(section), uid("一票否决"), veto)
        lifted = VetoLifted(self.blob("更正通报.pdf"), "事故责任另有归属")
        self.do(handler(section), uid("一票否决"), lifted)

    def give_opinion(self, indicator: str) -> None:
        section = next(other for other in SCORING if other != section_of(indicator))
        content = OpinionGiven(uid(section), self.digest(indicator), True, "无不同意见")
        self.do(handler(section), uid(f"评分表 {indicator}"), content)

    def sign(self, indicator: str) -> None:
        sheet, section, digest = (
            uid(f"评分表 {indicator}"),
            section_of(indicator),
            self.digest(indicator),
        )
        self.do(handler(section), sheet, SheetSignedByHandler(digest))
        self.do(section_head(section), sheet, SheetSignedByHead(digest))

    def sign_on_paper(self, indicator: str) -> None:
        section = section_of(indicator)
        content = SheetSignedOnPaper(
            self.digest(indicator),
            self.blob(f"评分表{indicator}.pdf"),
            handler(section),
            section_head(section),
        )
        paper = self.do(handler(section), uid(f"评分表 {indicator}"), content)
        confirmed = SheetPaperConfirmed(content.sheet_digest, paper.id)
        self.do(section_head(section), paper.subject, confirmed)

    def hand_in(self, indicator: str) -> None:
        content = SheetSubmitted(self.digest(indicator))
        self.do(handler(section_of(indicator)), uid(f"评分表 {indicator}"), content)

    def reopen(self, indicator: str) -> None:
        """Returned by the coordinating section, reopened, scored and signed anew."""
        sheet = uid(f"评分表 {indicator}")
        self.do(handler(SECTIONS[0]), sheet, SheetReturned("一处依据不清"))
        self.do(section_head(section_of(indicator)), sheet, SheetReopened("补写依据"))
        self.propose(indicator, self.lines(indicator)[:1])
        self.sign(indicator)
        self.hand_in(indicator)

    # --- consolidate, approve, file ---------------------------------------------------------------

    def freeze(self) -> None:
        digest = sha256("评分报告".encode()).hexdigest()
        sheets = tuple(
            FrozenSheet(uid(f"评分表 {indicator}"), self.digest(indicator))
            for indicator in self.indicators
        )
        self.do(handler(SECTIONS[0]), self.report, ReportFrozen(self.year, digest, sheets))

    def meet(self, kind: MeetingKind, held_on: date) -> None:
        content = MeetingDecided(
            kind,
            held_on,
            (uid("主要领导"), uid("分管领导"), section_head(SECTIONS[0]), uid(INSPECTORS[3])),
            (uid(INSPECTORS[3]),),
            Resolution.APPROVED,
            sha256("评分报告".encode()).hexdigest(),
            self.blob(f"纪要 {kind.value}.pdf"),
        )
        self.do(handler(SECTIONS[0]), self.report, content)

    def file(self) -> None:
        digest = sha256("评分报告".encode()).hexdigest()
        self.do(uid("主要领导"), self.report, ReportSigned(digest))
        content = PackageSent(digest, "评字〔2025〕3号", "市绩效办", self.blob("package.zip"))
        self.do(handler(SECTIONS[0]), self.report, content)

    def text_digest(self, act: Act) -> str:
        """What stays of an act whose text is removed; made up where there is no journal."""
        return sha256(act.id.encode()).hexdigest()

    def keep(self) -> None:
        """A text removed by law, and a batch run recorded beside."""
        index = next(n for n, act in enumerate(self.acts) if isinstance(act.content, DailyNoteMade))
        digest = self.text_digest(self.acts[index])
        content = TextRedacted(index, "个人信息保护法第四十七条", "含无关个人信息", digest)
        self.do(uid("安全管理员"), self.acts[index].subject, content)
        listed = (ListedFile("results.csv", digest, 12),)
        run = RunComputed("kaoping 0.1", digest, listed, digest, listed)
        computed = self.do(uid("批量程序"), uid("批量计算"), run)
        self.do(uid("批量程序"), computed.subject, RunWritten(computed.id, listed))
        sealed = security_log_sealed(0, 3, self.at)
        self.do(PROGRAM, uid("安全记录"), sealed)
        self.do(PROGRAM, uid("安全记录"), security_log_sealed(sealed.until, 1, self.at))
        tables = (TableRows("unit", len(UNITS), digest),)
        self.do(PROGRAM, uid("登记表改版"), RegisterMigrated("0010", "kaoping 0.1", tables))

    def finish(self) -> Self:
        """The whole year after `prepare`."""
        self.until("2024-12-20T01:00")
        self.collect()
        self.until("2025-01-06T01:00")
        self.undertake()
        self.draft()
        self.verify()
        self.until("2025-01-15T01:00")
        self.score()
        self.until("2025-01-18T01:00")
        self.freeze()
        self.until("2025-01-19T01:00")
        self.meet(MeetingKind.EXECUTIVE_MEETING, date(2025, 1, 19))
        self.meet(MeetingKind.PARTY_GROUP_MEETING, date(2025, 1, 19))
        self.until("2025-01-20T01:00")
        self.file()
        self.keep()
        return self


def security_log_sealed(after: int, count: int, at: str) -> SecurityLogSealed:
    """The sealing of some rows of a security log that is nowhere, with the numbers after one."""
    digests = [sha256(f"安全记录 {after + n}".encode()).hexdigest() for n in range(1, count + 1)]
    return SecurityLogSealed(
        after,
        after + count,
        count,
        sha256("".join(f"{one}\n" for one in digests).encode()).hexdigest(),
        at,
        at,
        (EventCount("signed_in", count),),
        " ".join(f"{after + n}:{one[:8]}" for n, one in enumerate(digests, start=1)),
        sha256(b"schema").hexdigest(),
    )


def finished_year(indicators: int = 8, blob: Callable[[str], Blob] = made_up_blob) -> list[Act]:
    """All acts of a small finished year, in their order.

    Args:
        indicators: how many indicators the scheme has; at least 4.
        blob: gives the reference of a file by its name; may store bytes under it.
    """
    return World(indicators, blob).prepare().finish().acts
