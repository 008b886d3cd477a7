"""表头: what each column of a table holds, by the parts its heading is put together from.

Offices head one column with many words (评分标准, 计分办法, 考核评分细则 …). A heading is made of heading
words only; so a new combination is understood, and a row of contents is not taken for a heading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from kaoping.core.annex.cells import Row, Spot, bare, distinct
from kaoping.core.annex.points import read_points
from kaoping.core.annex.units import is_unit

if TYPE_CHECKING:
    from collections.abc import Sequence


class Kind(Enum):
    """What a column holds; REMARK is shown beside the task, FILLED is left to be filled in."""

    NUMBER = auto()
    INDICATOR = auto()
    TASK = auto()
    STANDARD = auto()
    TARGET = auto()
    CATALOGUE = auto()
    ASSESSED = auto()
    RESPONSIBLE = auto()
    LEAD = auto()
    SECTION = auto()
    COOPERATING = auto()
    DATA = auto()
    POINTS = auto()
    MEASURE = auto()
    REMARK = auto()
    FILLED = auto()
    UNIT = auto()
    """The heading is itself a unit: its targets stand below."""


NAMES = frozenset({Kind.INDICATOR, Kind.TASK})
OFFICES = frozenset({Kind.ASSESSED, Kind.RESPONSIBLE, Kind.LEAD, Kind.SECTION, Kind.COOPERATING})

_PARTS = frozenset(
    re.findall(
        r"\S+",
        "序号 编号 序 号 项次 一级 二级 三级 四级 考核 考评 评价 评估 绩效 年度 年 全年 工作 具体 重点 主要 任务 指标 项目 内容 事项"
        " 要点 名称 目标 值 数 任务数 完成 标准 评分 计分 赋分 记分 打分 扣分 加分 减分 得分 办法 方法 方式 细则 规则 依据 说明 台账 台帐 目录"
        " 清单 佐证 印证 支撑 证明 备查 报送 提供 上报 提交 材料 资料 文件 责任 牵头 配合 协办 协助 参与 被 受 对象 单位 部门 科室 处室 股室 科"
        " 处 涉及 适用 相关 有关 范围 数据 来源 分值 标准分 权重 满分 分数 基础 基本 分 自评 自查 备注 注 时限 时间 进度 频次 频率 周期 计量"
        " 度量 类别 类型 领域 要求 措施 行动 主体 落实 承办 主办 实施 主管 主责 主考 负责 领导 责任人 负责人 联系人 联络员 人 员 电话 手机"
        " 邮箱 解释 内涵 情况 实际 核定 复核 审核 最终 初评 或 及 和 与 的 并 总分 满 其中 小项 大项 分项 子项 项 方面 检查 查阅 核查 核验 验收"
        " 认定 需 应 所需 信息 口径 统计 提出 市 县 区 县区 市级 市直 级 计划 基准 基期 解读 县市区 乡镇 机关 理由 原因 结果 意见 评 扣 加 减"
        " 性质 定性 定量 类 采集 出具 取数 占比 比重 分解 验证 查验 备案 归档 存档 填报 报告 见证 形式 载体 层级 维度 关键 核心 点 标 细化"
        " 分配 属性",
    )
)
_LONGEST_PART = max(map(len, _PARTS))
_LONGEST_HEADING = 24

_KINDS: tuple[tuple[Kind, str], ...] = (
    (Kind.NUMBER, r"^(?:序号?|编号|项次|号)$|(?:序号|编号)$"),
    (Kind.FILLED, r"自评|自查|^(?:实际|核定|复核|审核|最终|初评|考核|考评|评估|评价|实)?得分$|完成情况|情况|结果|意见|(?:扣分|减分)(?:理由|原因)"),
    (Kind.MEASURE, r"计量|度量"),
    (Kind.REMARK, r"备注|^注$|说明|解释|解读|内涵|责任人|负责人|联系人|联络员|领导|电话|手机|邮箱|时限|时间|进度|频次|频率|周期|口径|属性|性质|形式"),
    (Kind.DATA, r"数据(?!标准).*(?:来源|提供|单位|部门|采集)|(?:资料|信息|分数)来源|取数|^数据$|出具(?:单位|部门)"),
    (Kind.CATALOGUE, r"台账|台帐|佐证|印证|支撑|证明|备查|见证|材料|资料|文件|目录|清单|载体"),
    (Kind.COOPERATING, r"(?:配合|协办|协助|参与).*(?:单位|部门|科室|处室|科|处)|^(?:配合|协办)$"),
    (Kind.SECTION, r"科室|处室|股室|(?:责任|考评|考核|评分|承办|牵头|负责)[科处]$"),
    (Kind.ASSESSED, r"被(?:考|评)|受(?:考|评)|(?:考核|考评|评价|评估|适用|任务)(?:对象|范围)|^对象$|(?:涉及|适用|应考)(?:单位|部门|范围)|任务单位"),
    (Kind.LEAD, r"(?:牵头|主管|考核|考评|评分|评价|评估|主考|实施|打分|认定)(?:责任)?(?:单位|部门|主体)|^牵头$"),
    (Kind.RESPONSIBLE, r"(?:单位|部门|主体)(?:名称)?$|责任分[工解]|^(?:县区|县市区|乡镇)$"),
    (Kind.POINTS, r"分值|标准分$|权重|满分|总分|基[础本]分|分数|考核分$|^(?:基础|基本)?分$|占比|比重"),
    (Kind.STANDARD, r"标准|办法|细则|规则|方法|方式|计分|扣分|加分|减分|赋分|记分|评分|打分|得分"),
    (Kind.TARGET, r"目标值|(?:年度?|工作|考核|任务|计划|全年)目标(?!任务)|^目标$|任务数|计划数|指标值|基准值|目标要求|完成值"),
    (Kind.TASK, r"任务|内容|事项|要点|工作|措施|要求|行动|项目名称|关键点|子项|小项|分项"),
    (Kind.INDICATOR, r"指标|项目|类别|类型|领域|方面|[一二三四]级|大项|维度|^名称$"),
)  # fmt: skip
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)
_LEVEL = re.compile(r"([一二三四])级")
_NOTE = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")


@lru_cache(maxsize=8192)
def _is_put_together(words: str) -> bool:
    """Whether words consist of heading words only."""
    reached = {0}
    for start in range(len(words)):
        if start in reached:
            for length in range(1, _LONGEST_PART + 1):
                if words[start : start + length] in _PARTS:
                    reached.add(start + length)
    return len(words) in reached


def heading_words(text: str) -> str:
    """A heading without blanks, notes in brackets, and marks between words."""
    return re.sub(r"[、,/:;。.·&]|\d{4}年?", "", _NOTE.sub("", bare(text)))


_QUARTER = re.compile(
    r"(?:第?[1-4一二三四]季度|[上下]半年|[0-9]{1,2}月[底末]?)(?:目标|任务|进度|完成|情况|值)*"
)


@lru_cache(maxsize=8192)
def kind_of_words(text: str) -> Kind | None:
    """What a column with this heading holds, None where the words are no heading."""
    words = heading_words(text)
    if _QUARTER.fullmatch(words):
        return Kind.REMARK
    if not words or len(words) > _LONGEST_HEADING or not _is_put_together(words):
        return None
    return next((kind for kind, pattern in _COMPILED if pattern.search(words)), None)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it holds, its heading cells from the top, and which level it speaks of.

    Attributes:
        level: 1 for 一级, 2 for 二级 …, 0 where the heading does not say.
        percent: whether its numbers are per cent.
    """

    at: int
    kind: Kind | None
    path: tuple[Spot, ...]
    level: int = 0
    percent: bool = False

    @property
    def label(self) -> str:
        """The heading that stands right above the column."""
        return bare(self.path[-1].text) if self.path else ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a table: its columns, and the rows `[top, bottom)` it takes."""

    top: int
    bottom: int
    columns: tuple[Column, ...]

    @property
    def spots(self) -> list[Spot]:
        """Its cells."""
        return distinct(spot for column in self.columns for spot in column.path)

    def of(self, *kinds: Kind) -> list[Column]:
        """The columns of some kinds, from the left."""
        return [column for column in self.columns if column.kind in kinds]


_SHARE = Fraction(3, 5)
"""At least this share of a heading row's cells must be headings."""
_MANY_KINDS, _SHARE_OF_MANY = 4, Fraction(1, 2)
"""Where so many kinds are told apart, half of the cells will do."""
_MOST_ROWS = 3


def find_heading(rows: Sequence[Row], top: int) -> Heading | None:
    """The heading that begins in a row, None where none does."""
    spots = distinct(rows[top])
    if any(_is_figure(spot) for spot in spots):
        return None
    kinds = [_kind_alone(spot) for spot in spots]
    known = {kind for kind in kinds if kind and kind is not Kind.UNIT}
    named = known & NAMES
    if len(known) < 2 and not (named and Kind.UNIT in kinds):  # noqa: PLR2004
        return None
    share = _SHARE if len(known) < _MANY_KINDS else _SHARE_OF_MANY
    if sum(kind is not None for kind in kinds) < share * len(spots):
        return None
    if not known & {*NAMES, Kind.STANDARD, Kind.ASSESSED, Kind.RESPONSIBLE, Kind.POINTS}:
        return None
    bottom = top + 1
    while bottom < len(rows) and bottom < top + _MOST_ROWS and _goes_on(rows, bottom):
        bottom += 1
    return Heading(top, bottom, tuple(_columns(rows, top, bottom)))


def _kind_alone(spot: Spot) -> Kind | None:
    kind = kind_of_words(spot.text)
    return Kind.UNIT if kind is None and is_unit(spot.plain) else kind


def _is_figure(spot: Spot) -> bool:
    has_digit = any(sign.isdigit() for sign in spot.plain)
    return has_digit and read_points(spot.plain) is not None


def _goes_on(rows: Sequence[Row], row: int) -> bool:
    """Whether a row is the second or third row of the heading above.

    Its new cells then stand below a heading over several columns, and are headings themselves.
    """
    groups = _grouped(rows[row - 1])
    new = [spot for spot in distinct(rows[row]) if spot.row == row]
    if not new or not groups or any(_is_figure(spot) for spot in new):
        return False
    below = all(any(spot.column in group for group in groups) for spot in new)
    return below and sum(_kind_alone(spot) is not None for spot in new) >= _SHARE * len(new)


def _grouped(row: Row) -> list[range]:
    """The columns below each heading over several columns: merged, or with blank cells behind it."""
    groups = []
    for spot in distinct(row):
        end = spot.right + 1
        while end < len(row) and row[end] is None:
            end += 1
        if end - spot.column > 1:
            groups.append(range(spot.column, end))
    return groups


def _columns(rows: Sequence[Row], top: int, bottom: int) -> list[Column]:
    return [_column(rows, top, bottom, at) for at in range(len(rows[top]))]


def _column(rows: Sequence[Row], top: int, bottom: int, at: int) -> Column:
    path = []
    for row in range(top, bottom):
        spot = rows[row][at]
        if spot is None and row + 1 < bottom and rows[row + 1][at] is not None:
            spot = next((left for left in rows[row][at::-1] if left is not None), None)
        if spot is not None and spot not in path:
            path.append(spot)
    words = [bare(spot.text) for spot in path]
    level = next((found for word in reversed(words) if (found := _level(word))), 0)
    percent = any("%" in word for word in words)
    return Column(at, _kind_of_path(path), tuple(path), level, percent)


def _level(words: str) -> int:
    match = _LEVEL.search(words)
    return "一二三四".index(match[1]) + 1 if match else 0


_OF_THE_GROUP = {
    Kind.STANDARD: frozenset({Kind.STANDARD, Kind.INDICATOR, Kind.TASK, Kind.FILLED}),
    Kind.CATALOGUE: frozenset({Kind.INDICATOR, Kind.TASK}),
    Kind.POINTS: frozenset({Kind.INDICATOR, Kind.TASK, Kind.STANDARD}),
}
"""What a heading below these groups seems to be alone, and is not: 扣分 below 评分标准."""


def _kind_of_path(path: Sequence[Spot]) -> Kind | None:
    kinds = [_kind_alone(spot) for spot in path]
    own = kinds[-1] if kinds else None
    for group in reversed(kinds[:-1]):
        if own is None or own in _OF_THE_GROUP.get(group, ()):  # type: ignore[arg-type]
            own = group
    return own
