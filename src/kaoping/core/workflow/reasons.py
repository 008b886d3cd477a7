"""Why a step is refused: a closed list of reasons, each with a stable code and what to do next."""

from __future__ import annotations

from enum import Enum

from kaoping.core.errors import RefusedError


class StepRefused(RefusedError):  # noqa: N818 - a refusal is no fault of the program
    """A step that the rules do not allow now; nothing has changed.

    Attributes:
        reason: why, as a stable code.
    """

    def __init__(self, reason: Reason, detail: str = "", detail_en: str = "") -> None:
        zh, en = reason.zh, reason.en
        if detail:
            zh, en = f"{zh}（{detail}）", f"{en} ({detail_en or detail})"
        super().__init__(zh, en)
        self.reason = reason


Refusal = StepRefused | None
"""What a rule gives: why the step is refused, or None where the rule has nothing against it."""


class Reason(Enum):
    """拒绝的理由: code, Chinese sentence, English sentence."""

    # --- any act ---
    ID_REUSED = (
        "id.reused",
        "这个办理编号已用于另一内容。请换一个新编号重新提交。",
        "This id was used for other content. Submit the act again under a new id.",
    )
    ID_REPEATED = (
        "id.repeated",
        "日志中同一办理出现两次。请按存证日志核验手册报告。",
        "The same act stands in the journal twice. Report it as the manual on verifying says.",
    )
    TIME_BACKWARD = (
        "time.backward",
        "办理时间早于上一条。请校正服务器时钟后重试。",
        "The act is earlier than the one before. Set the server's clock right and try again.",
    )
    UNKNOWN_PERSON = (
        "person.unknown",
        "经手人没有登记。请系统管理员先登记人员。",
        "Who acts is not registered. Ask the system administrator to register the person.",
    )
    UNKNOWN_THING = (
        "thing.unknown",
        "所指的对象不存在或不是这一类。请刷新页面后重新选择。",
        "What is referred to does not exist or is of another kind. Reload and choose again.",
    )
    THING_EXISTS = (
        "thing.exists",
        "这个编号已属于另一对象。请换一个新编号。",
        "This id belongs to another thing. Use a new one.",
    )
    WRONG_STATE = (
        "state.wrong",
        "现在的状态不能办理这一步。请先完成前面的环节。",
        "This step is not possible in the present state. Finish the steps before it.",
    )
    NO_ROLE = (
        "role.missing",
        "经手人此日没有办理这一步的职责。请由有职责的人办理，或请安全管理员授予职责。",
        (
            "Who acts has no duty for this step on this day. Let one who has it do it, or ask the "
            "security administrator to give the duty."
        ),
    )
    RECUSAL = (
        "recusal",
        "应当回避：涉及本人所在单位，或申报过利害关系的单位。请换人办理。",
        "Recusal: it concerns one's own unit, or one with a declared interest. Let another do it.",
    )
    NOT_SUPERSEDING = (
        "supersedes.wrong",
        "这一项在您打开页面以后已有别的办理，和您看到的不同。请刷新页面，在最新内容上办理。",
        (
            "The act must name the one in force that it replaces, or none where there is none. "
            "Reload and act on the newest content."
        ),
    )
    LATE = (
        "late.refused",
        "已过时限，方案规定逾期不收。请向汇总科室申请延期。",
        "It is past the deadline and the scheme refuses late filings. Ask for an extension.",
    )
    ASSESSMENT_CLOSED = (
        "assessment.closed",
        "本年度已报送，不再办理。请向汇总科室核实。",
        "This assessment has been filed and is closed. Ask the coordinating section.",
    )
    # --- set-up ---
    CODE_TAKEN = (
        "code.taken",
        "这个编号已属于另一单位或科室。请核对编号。",
        "This code belongs to another unit or section. Check the code.",
    )
    ONE_HOUSE = (
        "person.two-houses",
        "一个人只能属于一个单位或一个科室。请只填一项。",
        "A person belongs to a unit or to a section, not to both. Fill in one of them.",
    )
    DUTY_SCOPE = (
        "duty.scope",
        "该角色应限于本人所在的单位或科室，领导和监督员则不限单位科室。请改正职责范围。",
        (
            "The role must be given within the person's own unit or section; leaders, supervisors and "
            "inspectors have neither. Correct the scope of the duty."
        ),
    )
    DUTY_DATES = (
        "duty.dates",
        "职责的起止日期不成立，代理职责应写明截止日期。请改正日期。",
        "The days of the duty are not possible; a delegated duty needs a last day. Correct them.",
    )
    DELEGATION = (
        "duty.delegation",
        "被代理人没有同样的职责或其职责先到期，或代理人就是本人。请核对AB岗。",
        (
            "The one on whose behalf it is given has no such duty, or not for so long, or is the same "
            "human being."
        ),
    )
    ADMIN_AND_DUTY = (
        "administrator.with-duty",
        "三员互不兼任，也不得承担业务职责。请另选一人，或先终止其原有职责。",
        (
            "Administrators hold one office and no business duty. Choose another person, or end the "
            "present duty first."
        ),
    )
    FOUR_EYES = (
        "administrator.four-eyes",
        "管理员任免须由一名管理员提请、另一名批准，二人均非被任免者本人。请由另一名管理员办理。",
        (
            "One administrator asks and another approves, and neither is the one concerned. Let another "
            "administrator do it."
        ),
    )
    LAST_ADMINISTRATORS = (
        "administrator.last-two",
        "免任后在任管理员不足两名，将无人可再任命。请先任命接任者。",
        "Fewer than two administrators would be left. Appoint a successor first.",
    )
    SCHEME_VERSION = (
        "scheme.version",
        "新版本应顺次编号、写明理由，汇总科室不变。请改正后重新发布。",
        "A new version takes the next number, gives a reason and keeps the coordinating section.",
    )
    SCHEME_CONTENT = (
        "scheme.content",
        "方案中的指标、任务、单位或科室重复、缺失或未登记。请核对方案。",
        "Indicators, tasks, units or sections of the scheme are doubled, missing or unregistered.",
    )
    SCHEME_IN_USE = (
        "scheme.signed",
        "已有评分表按此方案签字，不能换版。请先重新打开有关评分表。",
        "Sheets were signed under this scheme. Reopen them before publishing a new version.",
    )
    SCHEME_LATE = (
        "scheme.late",
        "收集时限已过，不能再把逾期不收改为逾期注明。请保留原规定，或办理延期。",
        "The deadline is past: late filings stay refused. Keep the rule, or extend the deadline.",
    )
    SCHEME_DRAWN = (
        "scheme.drawn",
        "该指标已按原有单位编制抽查方案，被考评单位不能再变。请保留原有单位。",
        "A draw was planned from the units of this indicator; they cannot change. Keep them.",
    )
    DUTY_VACANT = (
        "duty.vacant",
        "有职责无人承担，不能启动。请先为每项指标和每个单位指定人员。",
        "A duty is vacant: name persons for every indicator and every unit before opening.",
    )
    YEAR_OPENED = (
        "assessment.second",
        "按此方案的这一年度考评已经启动。请在已启动的考评中办理。",
        "This year was opened under this scheme already. Go on with the one that is open.",
    )
    DEADLINE_ORDER = (
        "deadline.order",
        "延期应晚于现行时限。请改正日期。",
        "An extension must be later than the deadline in force. Correct the day.",
    )
    OWNERS_WRONG = (
        "data-owner.wrong",
        "数据提供单位的认定不成立：任务不在本年度方案内、写了两次，或单位、科室没有登记。请逐项核对。",
        "A task is not of this year or stands twice, or a unit or section is not registered. Check each.",
    )
    DEADLINE_UNKNOWN = (
        "deadline.unknown",
        "这一环节还没有时限，或已有时限只能延期。请核对。",
        "This step has no deadline yet; or it has one, which can only be extended.",
    )
    DEADLINE_PAST = (
        "deadline.past",
        "时限早于今天。请填写今天或以后的日期。",
        "The deadline lies before today. Give today or a later day.",
    )
    OWN_DEADLINE = (
        "deadline.own",
        "承担该环节职责的人不能为自己延期。请由另一角色的领导办理。",
        "Who has the duty of a step cannot extend it. Let a leader in another role do it.",
    )
    # --- collect ---
    SHEET_CLOSED = (
        "sheet.closed",
        "该指标的评分表已签字，材料和数据已截止。如需变动，请部门负责人重新打开评分表。",
        (
            "The sheet of this indicator is signed: its filings are closed. The section head may "
            "reopen it."
        ),
    )
    NOT_ASSESSED = (
        "cell.not-assessed",
        "该单位不考评这项任务。请核对单位和任务。",
        "The unit is not assessed on this task. Check both.",
    )
    OTHERS_DATA = (
        "data.of-another",
        "这项数据由方案指定的数据提供单位填报，不由您填报。请与数据提供单位联系；认定有误的，请汇总科室改正。",
        (
            "Who owns this data reports it, and nobody else. Ask the owner; where the wrong one is named, "
            "ask the coordinating section."
        ),
    )
    NO_FILES = (
        "files.missing",
        "至少要有一个文件。请添加后重新提交。",
        "At least one file is due. Add it and submit again.",
    )
    DATES_WRONG = (
        "dates.wrong",
        "日期不成立：起晚于止，或代录材料的收到时间晚于现在。请改正。",
        (
            "The dates are not possible: a period ends before it begins, or what is filed on behalf "
            "was received later than now. Correct them."
        ),
    )
    OTHER_LEDGER = (
        "ledger.changed",
        "台账在确认前有变动。请刷新页面，核对后重新确认。",
        "The ledger changed before it was confirmed. Reload, check and confirm again.",
    )
    SHEET_HALF_SIGNED = (
        "sheet.half-signed",
        "该指标的评分表已有人签字，材料和核验已截止。如需变动，请经办人重新填报评分，原签字随之作废。",
        (
            "Somebody has signed the sheet of this indicator: what it rests on is closed. The handler "
            "may propose scores anew, which voids the signature."
        ),
    )
    # --- score ---
    NO_UNDERTAKING = (
        "undertaking.missing",
        "还没有作出廉政纪律承诺。请先签署承诺。",
        "The undertaking to discipline has not been given. Give it first.",
    )
    UNDERTAKEN = (
        "undertaking.given",
        "已经作过承诺，不必重复。",
        "The undertaking was given already; nothing more is to be done.",
    )
    NO_LINES = (
        "lines.missing",
        "没有评分行，或同一单位同一任务出现两次。请改正。",
        "There are no lines, or two for one unit and task. Correct it.",
    )
    ADJUSTMENT_ZERO = (
        "score.zero-adjustment",
        "调整为零，没有意义。请填写调整的分值。",
        "An adjustment of zero says nothing. Fill in the points.",
    )
    SHEET_TAKEN = (
        "sheet.second",
        "该指标已有评分表。请在原表上填报。",
        "The indicator has a sheet already. Use that one.",
    )
    SHEET_INCOMPLETE = (
        "sheet.incomplete",
        "还有被考评单位的任务没有评分。请补齐后签字。",
        "Not every assessed unit has its scores. Complete the sheet before signing.",
    )
    VERIFICATION_OPEN = (
        "verification.open",
        "现场核验尚未决定，或核验意见尚未处理。请先完成核验。",
        "Verification on site is not decided yet, or its opinions are open. Finish it first.",
    )
    OPINION_MISSING = (
        "opinion.missing",
        "配合科室还没有对现行内容提出意见。请其先提出意见。",
        "Cooperating sections have not given their opinion on the present content. Ask for it first.",
    )
    OTHER_CONTENT = (
        "signature.other-content",
        "签字所附的内容不是现行内容。请刷新页面，核对后重新签字。",
        "The signature is bound to other content than the present. Reload, check and sign again.",
    )
    SAME_SIGNER = (
        "signature.same-person",
        "经办人和部门负责人必须是两个人。请由另一人签字。",
        "Handler and section head must be two different persons. Let another sign.",
    )
    SIGNER_ROLE = (
        "signature.role",
        "纸质签字人没有相应职责、未作承诺或应当回避。请核对签字人。",
        "A signer on paper has no such duty, has not given the undertaking, or must step aside.",
    )
    NOT_ON_PAPER = (
        "signature.not-on-paper",
        "纸质签字由表上两名签字人中的一人录入扫描件，另一人本人确认。请由其本人办理。",
        (
            "One of the two who signed on paper enters the scan, and the other confirms it himself. "
            "Let that person do it."
        ),
    )
    REPORT_FROZEN = (
        "report.frozen",
        "评分报告已冻结，评分表不能重新打开。请先由会议退回报告。",
        "The report is frozen, so its sheets stay closed. Let the meeting return it first.",
    )
    # --- verify ---
    VERIFICATION_TAKEN = (
        "verification.second",
        "该指标已作核验决定。请在原决定上办理。",
        "Verification of this indicator was decided already. Use that decision.",
    )
    VERIFICATION_BEGUN = (
        "verification.begun",
        "该指标的核验已经开始，不能改变核验决定。请继续办理，或先撤回抽查方案。",
        (
            "Verification of this indicator has begun; the decision stands. Go on with it, or withdraw "
            "the draw plan first."
        ),
    )
    VERIFICATION_MODE = (
        "verification.mode",
        "核验方式与所列单位不符。请改正核验方式和单位。",
        "The mode and the listed units do not fit each other. Correct them.",
    )
    DRAW_SECOND = (
        "draw.second",
        "已有抽签方案，不能重抽。如有正当理由，请办理免查。",
        "There is a draw plan already; nobody draws twice. Exempt a unit with a reason instead.",
    )
    DRAW_PLAN = (
        "draw.plan-wrong",
        "抽签方案不合规则。请按提示改正。",
        "The draw plan breaks a rule. Correct it as said.",
    )
    DRAW_POPULATION = (
        "draw.population",
        "总体与必查名单合起来应恰为全部被考评单位（或在册核验人员）。请补齐名单。",
        (
            "Population and must-check list together must be exactly the assessed units (or inspectors "
            "on the roster). Complete the lists."
        ),
    )
    DRAW_EARLY = (
        "draw.early",
        "还没有到方案公布的掷骰时间。请按时公开掷骰。",
        "The time of rolling that the plan announced has not come. Roll in public in time.",
    )
    DRAW_RESULT = (
        "draw.other-result",
        "抽签结果与方案和数字重算不符，或位数不对。请用公开算法重新计算。",
        "The result is not what plan and digits give, or there are too many or few digits.",
    )
    DRAW_WATCHERS = (
        "draw.watchers",
        "须有监督员和被考评单位代表两人在场，均非掷骰人。请核对见证人。",
        (
            "A supervisor and a representative of the assessed units must watch, two persons other "
            "than the one who rolls."
        ),
    )
    DRAW_UNSEALED = (
        "draw.unsealed",
        "所引的不是完好的检查点，或它还不含抽查方案。请先签署并公布检查点，再引用它录入数字。",
        (
            "What is named is no sound checkpoint, or it does not cover the plan. Sign and publish one "
            "first, and name it with the digits."
        ),
    )
    DRAW_UNWITNESSED = (
        "draw.unwitnessed",
        "监督员和被考评单位代表须先各自录入所见的抽签数字，且与所记录的一致。请先办理抽签见证。",
        (
            "Supervisor and representative must each have entered the digits they saw, the same as "
            "those recorded. Let them do so first."
        ),
    )
    INSPECTORS = (
        "inspector.drawn-or-appointed",
        "核验人员或抽取、或指定，不能并用；抽中的人不能到场时，由备选依次接替，备选用完方可从核验人员名册中另行指定。请核对。",
        (
            "Inspectors are drawn or appointed, not both. In place of a drawn one who cannot come the "
            "next of the reserve is appointed; only when it is used up, another of the roster."
        ),
    )
    NOT_DRAWN = (
        "draw.not-drawn",
        "该单位不在抽中名单中，或已经免查、已经核验。请核对名单。",
        "The unit is not among those drawn, or was exempted or visited already. Check the list.",
    )
    NOBODY_LEFT = (
        "draw.nobody-left",
        "免查后该层将无单位可核验，备选已用完。请照常核验。",
        "Nobody would be left to visit in this stratum: the reserve is used up. Visit the unit.",
    )
    DRAW_PLANNER = (
        "draw.planner",
        "编制抽签方案的人不得办理免查，也不得另定接替的核验人员。请由另一名部门负责人办理。",
        (
            "Whoever planned the draw exempts nobody from it and replaces nobody. Let another section "
            "head do it."
        ),
    )
    NOT_TO_VISIT = (
        "visit.not-due",
        "该单位不在应核验名单中。请核对抽签结果和必查名单。",
        "The unit is not among those to visit. Check the draw and the must-check list.",
    )
    TEAM = (
        "team.members",
        "核验工作组至少两人，均经抽取或指定，且无人应当回避。请调整成员。",
        "A team has at least two persons, drawn or appointed, none of whom must step aside.",
    )
    FINDING = (
        "finding.values",
        "差额与上报值、核验值不符，或上报值并非该单位所报。请改正数值。",
        "The difference does not fit the values, or the reported value was never reported.",
    )
    TEAM_UNSIGNED = (
        "team.unsigned",
        "核验工作组还没有全部签字。请其余成员签字。",
        "Not all members of the team have signed. Ask the others to sign.",
    )
    SIGNED_ALREADY = (
        "signature.given",
        "本人已在此内容上签字，不必重复。",
        "This person has signed this content already; nothing more is to be done.",
    )
    OTHER_OPINION = (
        "opinion.other",
        "全组应签同一份意见。请统一意见后签字。",
        "All members sign the same opinion. Agree on one text and sign it.",
    )
    OWN_OPINION = (
        "opinion.own",
        "本人是核验工作组成员，不能决定是否采纳本组的意见。请由另一名部门负责人办理。",
        "A member of the team does not decide about its opinion. Let another section head do it.",
    )
    # --- consolidate, approve, file ---
    SHEETS_OPEN = (
        "sheets.open",
        "还有评分表没有收齐。请催办有关科室。",
        "Not all sheets have been received. Remind the sections.",
    )
    REPORT_TAKEN = (
        "report.second",
        "本年度已有评分报告。请在原报告上办理。",
        "There is a report for this year already. Use that one.",
    )
    OTHER_SHEETS = (
        "report.other-sheets",
        "报告所列评分表不是现行的全部评分表。请重新生成报告。",
        "The report does not list exactly the present sheets. Make it anew.",
    )
    MEETING = (
        "meeting.attendance",
        "会议日期、出席或回避情况不成立：应有人出席，应回避者须列入回避。请核对会议记录。",
        (
            "Day, attendance or recusals of the meeting are not possible: somebody attends, and whoever "
            "must step aside is listed as having done so."
        ),
    )
    MEETING_QUORUM = (
        "meeting.quorum",
        "除回避者外，参加审定的不足三人，或其中没有领导。请核对会议记录。",
        (
            "Fewer than three decide besides those who step aside, or no leader among them. Check the "
            "minutes."
        ),
    )
    # --- journal ---
    REDACTION = (
        "redaction.index",
        "没有这一条，或已经删除。请核对条目序号。",
        "There is no such entry, or its text was removed already. Check the index.",
    )

    REDACTION_KIND = (
        "redaction.kind",
        "后续办理以这一条为据，不能删除其内容。请核对条目序号，或咨询法制机构。",
        "Later acts rest on this entry, so its text stays. Check the index, or ask legal counsel.",
    )

    SECURITY_LOG = (
        "security-log.range",
        "封存的安全记录与上次封存的不相接，或其编号、条数对不上。请重新封存。",
        "What is sealed does not follow what was sealed before, or does not add up. Seal it anew.",
    )

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code = code
        self.zh = zh
        self.en = en
