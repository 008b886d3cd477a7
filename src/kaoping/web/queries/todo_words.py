"""待办 in words: title, detail, deadline, state and the page where it is done."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kaoping.core.acts.setting_up import Office, StepKind
from kaoping.core.desk.chores import Look, Topic
from kaoping.core.desk.todos import Stage
from kaoping.core.workflow.case import day_of
from kaoping.core.workflow.reasons import Reason
from kaoping.core.workflow.things import Appointment, Person
from kaoping.web.queries.desk import house_name, indicator_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from django.utils.functional import _StrPromise

    from kaoping.core.desk.todos import Todo
    from kaoping.core.workflow.state import State

_NAMED = 3
"""A detail names this many units or tasks; the page of the matter lists them all."""


@dataclass(frozen=True)
class Words:
    """How a to-do is said; fields stand in braces."""

    title: _StrPromise
    detail: _StrPromise
    verb: _StrPromise


def _w(title: _StrPromise, detail: _StrPromise, verb: _StrPromise) -> Words:
    return Words(title, detail, verb)


__ = gettext_lazy
WORDS: Mapping[tuple[str, str], Words] = {
    ("unit.registered/1", ""): _w(
        __("登记单位和科室"), __("还没有登记任何单位，可以从人员名单导入"), __("去登记")
    ),
    ("person.registered/1", ""): _w(
        __("登记人员"), __("单位已登记，还没有登记业务人员"), __("去登记")
    ),
    ("duty.given/1", "vacant"): _w(
        __("补齐空缺职责：{total} 处"), __("{units}；空缺的职责不补齐，考评不能启动"), __("去授予")
    ),
    ("duty.given/1", "idle"): _w(
        __("为 {total} 人授予职责"), __("已登记、从未授予职责的人员，登录后什么也不能办理"), __("去授予")
    ),
    ("administrator.asked/1", ""): _w(
        __("提请任命{topic}"), __("这一职位无人担任，也没有提请"), __("去提请")
    ),
    ("administrator.given/1", ""): _w(
        __("审批管理员任命：{person}"), __("拟任{office}，{asker}提请；由另一名管理员批准或不予批准"), __("去审批")
    ),
    ("administrator.ended/1", ""): _w(
        __("审批管理员免任：{person}"), __("现任{office}，{asker}提请；由另一名管理员批准或不予批准"), __("去审批")
    ),
    ("scheme.published/1", ""): _w(
        __("导入并发布实施方案"), __("由汇总科室办理；贵科室不汇总的，不必办理"), __("去导入")
    ),
    ("assessment.opened/1", ""): _w(
        __("启动本年度考评"), __("实施方案已发布，还没有启动"), __("去启动")
    ),
    ("data_owners.named/1", ""): _w(
        __("认定数据提供单位"), __("{total} 项任务的数据不由被考评单位填报，还没有认定由谁填"), __("去认定")
    ),
    ("deadline.set/1", ""): _w(
        __("设定各环节时限"), __("五个环节中已设定 {done} 个"), __("去设定")
    ),
    ("deadline.extended/1", ""): _w(
        __("“{topic}”环节已过时限"), __("应完成 {total}，已完成 {done}；请督促办结，确有理由的可以延期"), __("去查看")
    ),
    ("result.reported/1", ""): _w(
        __("填报台账：{indicator}"), __("任务 {tasks} 还没有报齐"), __("去填报")
    ),
    ("result.reported/1", "supplied"): _w(
        __("录入第三方数据：{indicator}"), __("任务 {tasks}，{units}；数据由数据提供单位负责，不向被考评单位收取"), __("去录入")
    ),
    ("evidence.filed/1", ""): _w(
        __("报送佐证材料：{indicator}"), __("任务 {tasks} 的数值已报，还缺材料"), __("去报送")
    ),
    ("evidence.corrected/1", ""): _w(
        __("补正被退回的材料：任务 {tasks}"), __("{reason}"), __("去补正")
    ),
    ("filing.accepted_by_unit/1", ""): _w(
        __("确认代录材料 {left} 份：{indicator}"), __("科室代录的纸质或邮件材料，本单位确认后生效"), __("去确认")
    ),
    ("filing.confirmed/1", ""): _w(
        __("确认本单位全部台账"), __("{total} 项任务中已报齐 {done} 项；确认后如有变动，需重新确认"), __("去确认")
    ),
    ("evidence.accepted/1", ""): _w(
        __("审核台账：{indicator}"), __("{units}已报 {left} 份材料；符合要求的通过，不符合的写明理由退回"), __("去审核")
    ),
    ("value.decided/1", ""): _w(
        __("为缺值作出认定：{indicator}"), __("任务 {tasks}，{units}未报；缺值不等于 0 分"), __("去认定")
    ),
    ("discipline.undertaken/1", ""): _w(
        __("作出廉政纪律承诺"), __("首次评分或现场核验之前，每人作一次"), __("去承诺")
    ),
    ("scores.proposed/1", ""): _w(
        __("填写评分表：{indicator}"), __("应评 {total} 格，已评 {done} 格"), __("去评分")
    ),
    ("opinion.given/1", ""): _w(
        __("提出配合科室意见：{indicator}"), __("评分表已评齐，签字之前由配合科室提出意见"), __("去提意见")
    ),
    ("sheet.signed_by_handler/1", ""): _w(
        __("经办人签字：{indicator}"), __("签字绑定评分表现行内容，之后改动则签字作废"), __("去签字")
    ),
    ("sheet.signed_by_head/1", ""): _w(
        __("部门负责人签字：{indicator}"), __("与经办人不得为同一人"), __("去签字")
    ),
    ("sheet.paper_confirmed/1", ""): _w(
        __("确认纸质签字：{indicator}"), __("扫描件上有您的签字，由您本人确认"), __("去确认")
    ),
    ("sheet.submitted/1", ""): _w(
        __("把评分表报汇总科室：{indicator}"), __("两人均已签字"), __("去报送")
    ),
    ("sheet.received/1", ""): _w(
        __("接收评分表：{indicator}"), __("责任科室已签字报送；有问题的写明理由退回"), __("去接收")
    ),
    ("sheet.reopened/1", ""): _w(
        __("处理被退回的评分表：{indicator}"), __("汇总科室已退回，由部门负责人重新打开"), __("去处理")
    ),
    ("verification.decided/1", ""): _w(
        __("决定是否现场核验：{indicator}"), __("写明理由；需要核验的，定为全面检查、重点检查或随机抽查"), __("去决定")
    ),
    ("draw.planned/1", "units"): _w(
        __("编制抽查方案：{indicator}"), __("随机抽查的方案先存证，后当众掷骰"), __("去编制")
    ),
    ("draw.planned/1", "inspectors"): _w(
        __("确定核验人员：{indicator}"), __("从核验人员名册中抽取，或由部门负责人指定"), __("去确定")
    ),
    ("inspector.appointed/1", ""): _w(
        __("补足核验人员：{indicator}"), __("已指定 {done} 人，至少 {total} 人"), __("去指定")
    ),
    ("digits.witnessed/1", ""): _w(
        __("到场监督抽签：{indicator}"), __("当众掷骰后，由监督员本人录入所见数字"), __("去见证")
    ),
    ("digits.recorded/1", ""): _w(
        __("当众掷骰并录入：{indicator}"), __("监督员和被考评单位代表先各自录入所见数字"), __("去录入")
    ),
    ("team.formed/1", ""): _w(
        __("组成核验工作组：{indicator}"), __("{units}还没有工作组；每组至少两人，应回避的不得参加"), __("去组成")
    ),
    ("team.changed/1", ""): _w(
        __("调整核验工作组：{unit}"), __("组中有人不能到场，已另定人员"), __("去调整")
    ),
    ("finding.recorded/1", ""): _w(
        __("现场核验：{unit}"), __("指标“{indicator}”，到现场录入核验值和照片"), __("去核验")
    ),
    ("verification_opinion.signed/1", ""): _w(
        __("签署核验意见：{unit}"), __("指标“{indicator}”，工作组 {total} 人中已签 {done} 人"), __("去签字")
    ),
    ("verification_opinion.adopted/1", ""): _w(
        __("采纳或不采纳核验意见：{unit}"), __("指标“{indicator}”，工作组 {total} 人中已签 {done} 人"), __("去处理")
    ),
    ("report.frozen/1", ""): _w(
        __("汇总成稿评分报告"), __("{total} 张评分表中已接收 {done} 张"), __("去汇总")
    ),
    ("meeting.decided/1", ""): _w(
        __("报会议审定评分报告"), __("报告已冻结；会后录入时间、出席、回避和决议"), __("去录入")
    ),
    ("report.signed/1", ""): _w(
        __("签发评分报告"), __("会议审定后由主要领导签发"), __("去签发")
    ),
    ("package.sent/1", ""): _w(
        __("报送市绩效办"), __("报告已签发，编文号后报送"), __("去报送")
    ),
}  # fmt: skip
"""How each step that is owed is said; by its act, and by what it is owed for."""

WAITS: Mapping[Reason, _StrPromise] = {
    Reason.NO_UNDERTAKING: __("先作出廉政纪律承诺"),
    Reason.SHEET_INCOMPLETE: __("评分表还没有评齐"),
    Reason.VERIFICATION_OPEN: __("现场核验还没有办完"),
    Reason.OPINION_MISSING: __("配合科室还没有提出意见"),
    Reason.DRAW_EARLY: __("还没有到公布的掷骰时间"),
    Reason.DRAW_UNWITNESSED: __("监督员和单位代表还没有录入见证"),
    Reason.TEAM_UNSIGNED: __("核验工作组还没有全部签字"),
    Reason.SHEETS_OPEN: __("还有评分表没有收齐"),
    Reason.DUTY_VACANT: __("还有职责空缺"),
    Reason.WRONG_STATE: __("前一步还没有办完"),
    Reason.LATE: __("已过时限，方案规定逾期不收；请向汇总科室申请延期"),
}
"""What comes first, in short."""

STEP_NAMES: Mapping[StepKind, _StrPromise] = {
    StepKind.COLLECT: __("数据收集"),
    StepKind.SCORE: __("考核评分"),
    StepKind.VERIFY: __("现场核验"),
    StepKind.CONSOLIDATE: __("汇总整理"),
    StepKind.FILE: __("审核报送"),
    StepKind.FEEDBACK: __("结果反馈"),
    StepKind.PUBLIC_NOTICE: __("公示"),
    StepKind.APPEAL: __("申诉"),
}
OFFICE_NAMES: Mapping[Office, _StrPromise] = {
    Office.SYSTEM_ADMIN: __("系统管理员"),
    Office.SECURITY_ADMIN: __("安全管理员"),
    Office.AUDIT_ADMIN: __("审计管理员"),
}

LEADS: Mapping[str, str] = {
    "result.reported/1": "ledger",
    "evidence.filed/1": "ledger",
    "evidence.corrected/1": "ledger",
    "filing.accepted_by_unit/1": "ledger",
    "filing.confirmed/1": "ledger",
    "evidence.accepted/1": "review",
    "unit.registered/1": "units",
    "person.registered/1": "people",
    "duty.given/1": "duties",
    "administrator.asked/1": "administrators",
    "administrator.given/1": "administrators",
    "administrator.ended/1": "administrators",
    "scheme.published/1": "scheme",
    "assessment.opened/1": "year",
    "data_owners.named/1": "owners",
    "deadline.set/1": "deadlines",
    "deadline.extended/1": "deadlines",
    "discipline.undertaken/1": "discipline",
}
"""The page where a step is done; until it has one, that of the matter itself."""
_LEADS_OF_TOPICS: Mapping[tuple[str, str], str] = {("result.reported/1", Topic.SUPPLIED): "supply"}
"""Where that depends on what the step is owed for."""


@dataclass(frozen=True)
class Line:
    """A to-do as a page shows it.

    Attributes:
        key: its short name in addresses.
        due, due_words: until when; what that means today.
        is_overdue, is_today: how it is marked.
        title, detail: what is to be done, and what is known about it.
        icon, look, state: shape, class and word of its state.
        verb, href: what the button says and where it leads.
        is_ready: whether it can be done now.
        has_page: whether the platform has a page for it already.
        names: who has it, in the list of a section.
    """

    key: str
    due: date | None
    due_words: str
    is_overdue: bool
    is_today: bool
    title: str
    detail: str
    icon: str
    look: str
    state: str
    verb: str
    href: str
    is_ready: bool
    has_page: bool
    names: str = ""


def short_key(todo: Todo) -> str:
    """A short name of a to-do for addresses: the same as long as the matter is the same."""
    return sha256(todo.key.encode()).hexdigest()[:16]


def line_of(state: State, todo: Todo, at: str, names: Iterable[str] = (), reason: str = "") -> Line:
    """A to-do in words.

    Args:
        state: where everything stands, for names.
        todo: what is to be done.
        at: the time, as acts carry it.
        names: who has it.
        reason: why it came back, where it did.
    """
    words = WORDS[_wording(todo)]
    fields = _fields(state, todo, reason)
    icon, look, said = _state(todo)
    is_ready, page = todo.stage is not Stage.WAITING, page_of(todo)
    return Line(
        short_key(todo),
        todo.due,
        due_words(todo.due, todo.days, day_of(at)),
        todo.is_overdue,
        todo.due == day_of(at),
        str(words.title).format(**fields),
        _detail(todo, words, fields),
        icon,
        look,
        said,
        str(words.verb) if is_ready and page else _("查看"),
        page or _matter(todo),
        is_ready,
        bool(page),
        "、".join(names),
    )


def _wording(todo: Todo) -> tuple[str, str]:
    """Topics without words of their own are fields of the common ones."""
    return (todo.step, todo.topic) if (todo.step, todo.topic) in WORDS else (todo.step, "")


def due_words(due: date | None, days: int, day: date) -> str:
    """逾期 n 个工作日, 今天 24:00, 剩 n 个工作日, 尽快."""
    if due is None:
        return _("尽快")
    if due < day:
        return _("逾期 {} 个工作日").format(-days) if days else _("已逾期")
    return _("今天 24:00") if due == day else _("剩 {} 个工作日").format(days)


def address_of(todo: Todo) -> str:
    """Where a to-do is done: its own page where there is one, else the page of the matter."""
    return page_of(todo) or _matter(todo)


def page_of(todo: Todo) -> str:
    """The page on which a to-do is done; empty where the platform has none yet."""
    route = _LEADS_OF_TOPICS.get((todo.step, todo.topic)) or LEADS.get(todo.step)
    try:
        return reverse(route) if route is not None else ""
    except NoReverseMatch:  # the page is still to come
        return ""


def _matter(todo: Todo) -> str:
    return reverse("matter", args=[short_key(todo)])


def _state(todo: Todo) -> tuple[str, str, str]:
    """Icon, class and word: returned before overdue, overdue before all others."""
    if todo.look is Look.RETURNED:
        return "s-returned", "returned", _("退回")
    if todo.is_overdue:
        return "s-late", "late", _("逾期")
    if todo.stage is not Stage.READY:
        return "s-none", "", _("未到环节")
    if todo.look is Look.FILED:
        return "s-filed", "filed", _("待处理")
    if todo.total and todo.done:
        return "s-draft", "", f"{todo.done}/{todo.total}"
    return "s-none", "", _("未办")


def _detail(todo: Todo, words: Words, fields: Mapping[str, object]) -> str:
    detail = str(words.detail).format(**fields)
    if todo.waits_for is not None:
        return f"{WAITS[todo.waits_for]}；{detail}"
    return detail


def _fields(state: State, todo: Todo, reason: str) -> Mapping[str, object]:
    place = todo.place
    asked = state.find(Appointment, place.thing)
    return {
        "indicator": indicator_name(state, place.indicator),
        "unit": house_name(state, place.unit),
        "units": listed([house_name(state, one) for one in todo.units], _("{}等 {} 个单位")),
        "tasks": listed(todo.tasks, _("{}等 {} 项")),
        "done": todo.done,
        "total": todo.total,
        "left": todo.total - todo.done,
        "topic": _topic(todo.topic),
        "reason": reason or _("退回理由见台账"),
        "person": person_name(state, asked.person) if asked else "",
        "office": OFFICE_NAMES[asked.office] if asked else "",
        "asker": person_name(state, asked.asked_by) if asked else "",
    }


def _topic(topic: str) -> str:
    if topic in list(Office):
        return str(OFFICE_NAMES[Office(topic)])
    return str(STEP_NAMES[StepKind(topic)]) if topic in list(StepKind) else ""


def listed(names: Iterable[str], more: str) -> str:
    """The first few names, and how many there are."""
    found = [name for name in names if name]
    said = "、".join(found[:_NAMED])
    return said if len(found) <= _NAMED else more.format(said, len(found))


def person_name(state: State, person: str) -> str:
    """What a person is called."""
    found = state.find(Person, person)
    return found.name if found else ""
