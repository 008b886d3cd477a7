"""Problems as data: everything wrong in an input, each with its code, place and a way on.

A problem is found, listed and shown; nothing is corrected silently. `CATALOGUE` is the closed list
of codes with their severity; `docs/formats/problems.md` explains each.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(StrEnum):
    """A blocks or corrupts the process, B a person must decide, C wording or data quality."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a code means: its severity and its title in Chinese and English."""

    severity: Severity
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: `where` is a line of a notice, a path in a scheme or a row of a table.

    `accepted` is true where a person has looked at it and accepted it, `acceptance` then says why
    and who; `weighed` is its severity where that differs from the one of its code.
    """

    code: str
    where: str
    message: str
    suggestion: str = ""
    accepted: bool = False
    acceptance: str = ""
    weighed: Severity | None = None

    @property
    def severity(self) -> Severity:
        """How grave it is: as its code, unless weighed otherwise."""
        return self.weighed or CATALOGUE[self.code].severity

    @property
    def title_en(self) -> str:
        """The English title of the problem's code."""
        return CATALOGUE[self.code].en

    def as_json(self) -> dict[str, str | bool]:
        """The problem as printed by `--json`."""
        row: dict[str, str | bool] = {
            "code": self.code,
            "severity": self.severity.value,
            "where": self.where,
            "message": self.message,
            "suggestion": self.suggestion,
            "title_en": self.title_en,
        }
        if self.accepted:
            row |= {"accepted": True, "acceptance": self.acceptance}
        return row


def blocking(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that stop work: severity A and not accepted."""
    return tuple(p for p in problems if p.severity is Severity.A and not p.accepted)


def by_severity(problems: Iterable[Problem]) -> list[Problem]:
    """Problems with the gravest first, otherwise in the order found."""
    return sorted(problems, key=lambda p: (p.accepted, p.severity))


def counted(number: int, noun: str) -> str:
    """A number of things in English: 1 fault, 2 faults."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _kinds(severity: Severity, table: str) -> dict[str, Kind]:
    rows = (line.split("|") for line in table.strip().splitlines())
    return {code.strip(): Kind(severity, zh.strip(), en.strip()) for code, zh, en in rows}


CATALOGUE: dict[str, Kind] = {
    # Steps and dates, of a notice or of a scheme.
    **_kinds(
        Severity.A,
        """
        SCHED-INPUT-AFTER-CONSUMER | 所需材料晚于使用它的环节 | an input is due after the step that needs it
        SCHED-ORDER | 环节时限次序颠倒 | steps are not in the order of their dates
        SCHED-NO-SLACK | 多个环节同日截止，没有余地 | several steps in a row end on one day
        SCHED-SHORT-WINDOW | 工作时间过短 | too few working days for a step
        """,
    ),
    **_kinds(
        Severity.B,
        """
        SCHED-NON-WORKING-DAY | 时限落在非工作日 | a deadline falls on a day off
        SCHED-RETROACTIVE | 办法在考核期后段才印发 | rules issued late for a period already running
        HOLIDAYS-UNKNOWN | 日历不含该年的节假日 | the calendar does not know that year's holidays
        """,
    ),
    # The form of a scheme file.
    **_kinds(
        Severity.A,
        """
        FORMAT-UNKNOWN | 不是可以读取的方案文件 | not a readable scheme file
        KEY-UNKNOWN | 不认识的字段 | unknown key
        KEY-MISSING | 缺少必填字段 | required key missing
        VALUE-UNKNOWN | 取值不在允许范围 | value not allowed here
        NUMBER-NOT-TEXT | 数字没有写成带引号的文本 | number not written as text
        RULE-UNKNOWN | 不认识的评分办法 | unknown rule kind
        PARAMETER-UNKNOWN | 评分办法的参数不认识或不成立 | unknown or impossible rule parameter
        UNIT-UNKNOWN | 不认识的单位 | unknown unit
        TASK-UNKNOWN | 不认识的任务 | unknown task
        INDICATOR-UNKNOWN | 不认识的指标 | unknown indicator
        SECTION-UNKNOWN | 不认识的科室 | unknown section
        STEP-UNKNOWN | 不认识的环节 | unknown step
        ID-DUPLICATE | 编号重复 | duplicate id
        """,
    ),
    # The meaning of a scheme.
    **_kinds(
        Severity.A,
        """
        POINTS-SUM | 任务分值合计与指标分值不符 | points do not add up
        WEIGHT-SUM | 权重合计不等于1 | weights do not add up to 1
        BANDS-OVERLAP | 分档重叠 | bands overlap
        TARGET-ZERO | 目标值不大于零或缺失 | target missing or not above zero
        VETO-NO-AUTHORITY | 一票否决没有认定机关 | veto without an authority
        DUTY-VACANT | 职责无人承担 | duty without a named person
        """,
    ),
    **_kinds(
        Severity.B,
        """
        BANDS-GAP | 分档有缺口 | gap between bands
        GRADE-GAP | 等次有缺口 | a score belongs to no grade
        BONUS-UNBOUNDED | 加分没有上限 | bonus without a cap
        NO-EFFECT | 写了却不起作用 | written without having an effect
        TASK-NO-UNITS | 任务没有被考评单位 | task without assessed units
        UNIT-NO-TASKS | 单位没有任何任务 | unit without tasks
        CATALOGUE-EMPTY | 任务没有台账目录 | task without catalogue
        UNITS-OF-MEASURE | 计量单位不一致 | units of measure disagree
        DOUBLE-COUNT | 同一事实重复计分 | the same fact is scored twice
        RANK-TOO-FEW | 参加排名的单位太少 | too few units to rank
        RECUSAL-NEEDED | 需要回避 | recusal needed
        BURDEN | 可能加重基层负担 | adds to the burden of offices
        BOUNDS-CROSSED | 下限高于上限 | floor above cap
        OF-SELF-REPORTED | 分母由被考评单位自报 | the assessed unit reports its own denominator
        PERSON-UNLISTED | 责任人不在人员名单中 | a named person is not in the list of people
        ACCEPTED-UNUSED | 所接受的问题已不存在 | an accepted problem no longer exists
        """,
    ),
    # A notice.
    **_kinds(
        Severity.A,
        """
        PERIOD-MISMATCH | 期间与考评期不一致 | a period differs from the one assessed
        NAME-VARIANT | 同一名称前后写法不一 | one name is written in different ways
        SCOPE-PARTIAL | 指标只有一部分有人负责 | only a part of an indicator is led
        ADDRESSEE-MISSING | 被考评单位不在主送范围 | an assessed unit is not addressed
        ASSESSED-OPEN | 被考评单位没有逐一列明 | the assessed units are not listed
        SCORER-ASSESSED | 参与评分的单位也被考评 | a unit that helps to score is assessed
        TWO-ROUTES | 同一结果有两条报送渠道 | one result is reported by two routes
        OPTIONAL-UNCLEAR | 既有要求又可不做，由谁决定不明 | ordered, then left open
        SIGNER-UNCLEAR | 由谁签字不明 | it is unclear who signs
        """,
    ),
    **_kinds(
        Severity.C,
        """
        CONTACT-INCOMPLETE | 联系信息不齐 | contacts are incomplete
        PHONE-AREA-CODE | 电话缺区号 | a telephone number lacks its area code
        PUBLIC-MAILBOX | 使用公共邮箱 | a mailbox at a public provider
        PUNCTUATION | 标点有误 | a punctuation mark is wrong or missing
        MISSING-WORD | 漏字 | a word is missing
        DOUBLE-LEAD | 两次写牵头 | two offices are told to lead
        TEMPLATE-RESIDUE | 套用旧稿的痕迹 | left over from another document
        STRAY-SPACE | 词中多空格 | a blank within a word
        EMPTY-FIELD | 有栏目无内容 | a field without content
        FIELDS-DIFFER | 前后要求的内容不一 | the same content is asked for in different fields
        SIGN-PEAK | 一人集中承担多项且同日到期 | one leader answers for many, all due on one day
        PERSONAL-DATA | 公开文本含个人信息 | names with telephone numbers in a public text
        """,
    ),
    **_kinds(
        Severity.B,
        """
        RULE-MISSING | 没有写明计分规则 | rules of scoring are missing
        STANDARD-UNDEFINED | 提到的标准没有规定 | a standard is named and not defined
        FEEDBACK-MISSING | 没有规定反馈、公示、申诉 | feedback, publicity or appeal is missing
        NA-MISSING | 没有规定不涉及怎么办 | no rule for what does not apply
        TIES-MISSING | 没有规定得分相同怎么办 | no rule for ties
        LATE-MISSING | 没有规定材料逾期怎么办 | no rule for late material
        SAMPLING-MISSING | 随机抽查没有规定数量、办法和主持人 | sampling without size, method or drawer
        PRECEDENCE-MISSING | 两个结果不一致时没有规定以谁为准 | no rule which of two results prevails
        CORRECTION-MISSING | 没有规定经批准的更正 | no rule for authorised corrections
        ANNEX-UNCITED | 附件在正文中没有提到 | an annex is never cited
        ANNEX-ABSENT | 提到的附件没有 | a cited annex is absent
        OPEN-LIST | 名单用“等”未列全 | a list is left open
        NOTICE-UNREAD | 通知中有内容没有读出 | something in the notice was not read
        """,
    ),
    # Tables of annexes.
    **_kinds(
        Severity.B,
        """
        ANNEX-UNREAD | 附件表格中有内容没有读懂 | a cell of an annex was not understood
        ANNEX-UNDECIDED | 附件表格中有待人判断之处 | an annex leaves something for a person to decide
        NUMBER-DAMAGED | 数字像是写坏了 | a number looks damaged
        FLOOR-UNSTATED | 没有写明扣到多少为止 | no floor stated for deductions
        CAP-UNSTATED | 没有写明最高加多少分 | no cap stated for added points
        STEP-UNSTATED | 没有写明不足一档怎么计 | parts of a step not settled
        """,
    ),
    # Rows of results, deductions and decisions.
    **_kinds(
        Severity.A,
        """
        TABLE-UNREADABLE | 表格无法读取 | table cannot be read
        COLUMN-MISSING | 缺少列 | column missing
        COLUMN-UNKNOWN | 不认识的列 | unknown column
        CELL-EMPTY | 必填单元格为空 | required cell empty
        NUMBER-INVALID | 不是有效的数字 | not a valid number
        DATE-INVALID | 不是有效的日期 | not a valid date
        DECIMALS-EXCEEDED | 小数位数超过规定 | more decimals than declared
        VALUE-ABOVE-MAX | 数值超过规定的上限 | value above its declared maximum
        MEASURE-MISMATCH | 计量单位与方案不符 | another unit of measure than declared
        INPUT-UNKNOWN | 不认识的输入项 | unknown input
        LINE-UNKNOWN | 不认识的扣分项 | unknown deduction line
        STATUS-UNKNOWN | 不认识的数据状态 | unknown status
        KIND-UNKNOWN | 不认识的决定种类 | unknown kind of decision
        VETO-UNKNOWN | 方案没有这项一票否决 | the scheme has no such veto
        ASSIGNMENT-UNKNOWN | 该单位没有这项任务 | the unit does not have this task
        ROW-DUPLICATE | 重复的行 | duplicate row
        """,
    ),
    # Lists of people.
    **_kinds(
        Severity.A,
        """
        ROLE-UNKNOWN | 没有这个角色 | no such role
        LOGIN-INVALID | 不能用作账号 | not usable as an account
        LOGIN-TAKEN | 账号已有人用 | account in use
        PERSON-DIFFERS | 同一个人的记载不一致 | one person is written in different ways
        PERSON-UNKNOWN | 没有这个人 | no such person
        HOUSE-DIFFERS | 单位或科室与登记的不一致 | unit or section differs from the register
        ROW-REFUSED | 规则不允许这一行 | the rules do not allow this row
        """,
    ),
    # An office's own templates of documents.
    **_kinds(
        Severity.A,
        """
        TEMPLATE-UNREADABLE | 模板无法使用 | template cannot be used
        TEMPLATE-CONTENT | 模板里有不能有的内容 | a template holds what it must not
        TEMPLATE-BRACES | 花括号没有写对 | braces that make no placeholder
        TEMPLATE-NAME | 没有这个占位符 | no such placeholder
        TEMPLATE-LEVEL | 占位符不在它的循环里 | a placeholder stands outside its loop
        TEMPLATE-LOOP | 循环或条件没有配对 | a loop or condition without its end
        TEMPLATE-CROSSED | 循环或条件的首尾不在同一处 | a loop or condition crosses a border
        """,
    ),
    # Acts handed in as lines.
    **_kinds(Severity.A, "ACT-UNREADABLE | 办理无法读取 | act cannot be read"),
    # Scoring: the task stays incomplete until a person decides.
    **_kinds(
        Severity.B,
        """
        INPUT-MISSING | 缺少数据，待定 | input missing; the task is incomplete
        RESULT-AMBIGUOUS | 同等效力的数据不一致 | results of equal standing disagree
        AFTER-CUTOFF | 数据日期晚于数据截止时间 | dated after the data cut-off
        RULE-INAPPLICABLE | 评分办法用不上这组数据 | the rule cannot score these values
        GROUP-INCOMPLETE | 同组单位数据不全，暂定 | the group is incomplete; provisional
        GROUP-OF-ONE | 同组只有一个单位 | a group of one cannot be compared
        DECISION-OUT-OF-RANGE | 决定的分数超出范围 | a decision lies outside the rule's range
        DECISION-UNUSED | 决定没有用上 | a decision has no effect
        """,
    ),
    # The ledger and its files.
    **_kinds(
        Severity.B,
        """
        EVIDENCE-MISSING | 缺少必备佐证材料 | required evidence missing
        EVIDENCE-LATE | 佐证材料逾期 | evidence late
        EVIDENCE-AFTER-CUTOFF | 材料反映的是截止时间之后的事 | evidence about dates after the cut-off
        EVIDENCE-TYPE | 文件类型不符 | wrong file type
        EVIDENCE-DUPLICATE | 同一份材料重复报送 | the same file handed in twice
        EVIDENCE-FILE-MISSING | 索引中的文件不存在 | file named in the index not found
        EVIDENCE-UNINDEXED | 文件未列入索引 | file not named in the index
        EVIDENCE-REFUSED | 文件被拒收 | file refused
        EVIDENCE-ROW | 索引行无法使用 | index row not usable
        """,
    ),
}
