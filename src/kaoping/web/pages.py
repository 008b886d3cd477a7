"""The parts of the house: what stands in the navigation, for whom, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kaoping.web import viewer as of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Part:
    """One entry of the navigation.

    Attributes:
        key: what the page's context calls `part`, to mark where one is.
        route: the name of its address.
        label: the word in the navigation.
        audience: to whom it is shown; the view itself has the same one.
    """

    key: str
    route: str
    label: _StrPromise
    audience: of.Audience

    @cached_property
    def href(self) -> str:
        """Its address."""
        return reverse(self.route)


PARTS = (
    Part("desk", "desk", _("工作台"), of.EVERYBODY),
    Part("ledger", "ledger", _("台账填报"), of.ASSESSED),
    Part("review", "review", _("台账审核"), of.OF_SECTIONS),
    Part("supply", "supply", _("数据提供"), of.SUPPLYING),
    Part("completeness", "completeness", _("填报进度"), of.FOLLOWING),
    Part("sign_ins", "sign_ins", _("登录管理"), of.ADMINISTRATORS),
    Part("units", "units", _("单位与科室"), of.ADMINISTRATORS),
    Part("people", "people", _("人员"), of.ADMINISTRATORS),
    Part("duties", "duties", _("职责"), of.DUTY_READERS),
    Part("administrators", "administrators", _("三员"), of.ADMINISTRATORS),
    Part("scheme", "scheme", _("方案"), of.BUSINESS),
    Part("matrix", "matrix", _("任务分解"), of.BUSINESS),
    Part("year", "deadlines", _("年度"), of.BUSINESS),
    Part("journal", "journal", _("存证日志"), of.OVERSIGHT),
    Part("checkpoints", "checkpoints", _("检查点与见证"), of.OVERSIGHT),
    Part("security", "security_log", _("安全记录"), of.WATCHING),
)
