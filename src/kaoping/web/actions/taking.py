"""What a page calls for an official change: the act, and then its seal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kaoping.core.errors import EnvironmentFault, RefusedError
from kaoping.web.actions.perform import perform
from kaoping.web.actions.verifying import ON_THE_REPORT, require_verified
from kaoping.web.models import Entry
from kaoping.web.sealing import waiting_since

if TYPE_CHECKING:
    from kaoping.web.actions.perform import Asked
    from kaoping.web.installation import Installation

LONGEST_WAIT = timedelta(seconds=60)
"""How long an entry may be without its seal before nothing more is taken."""
NOT_NOW = (EnvironmentFault, RefusedError)
"""Why a seal may have to wait: the sealer does not answer, or somebody else writes to the journal."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An act that was taken: its index in the journal, and whether it is under a signed checkpoint.

    Without the seal it is 已受理，待存证; it gets it as soon as the sealer answers again.
    """

    index: int
    is_sealed: bool


def take(installation: Installation, asked: Asked) -> Taken:
    """Take an act and have it sealed.

    Raises:
        StepRefused: where the rules do not allow it.
        InputError: where a field of it is not of its form.
        TamperError: where what is stored was changed; before anything is done about the report,
            everything is verified.
        EnvironmentFault: where entries have been waiting too long for their seal.
    """
    _require_sealer(installation, asked)
    if isinstance(asked.content, ON_THE_REPORT):
        require_verified(installation)
    index = perform(installation, asked)
    try:
        return Taken(index, index < installation.sealer.seal())
    except NOT_NOW:
        return Taken(index, is_sealed=False)


def is_overdue(installation: Installation) -> bool:
    """Whether an entry has been waiting for its seal for too long."""
    since = waiting_since(installation.checkpoint().checkpoint.size)
    if since is None:
        return False
    waited = installation.clock().astimezone(UTC) - datetime.fromisoformat(since)
    return waited > LONGEST_WAIT


def _require_sealer(installation: Installation, asked: Asked) -> None:
    """That what was taken before got its seal; who repeats what he asked for is answered all the same.

    Raises:
        EnvironmentFault: where it did not, and the sealer still does not answer.
    """
    if not is_overdue(installation):
        return
    try:
        installation.sealer.seal()
    except NOT_NOW as error:
        if Entry.objects.filter(act=asked.id).exists():
            return
        raise EnvironmentFault(
            "存证服务已超过一分钟没有应答，系统暂停受理新的办理；已受理的都已保存，恢复后自动补存。"
            "页面照常可以查看。请联系系统管理员；恢复后请重新提交本次内容。",
            "The sealer has not answered for more than a minute: nothing new is taken. What was taken "
            "is kept and will be sealed; pages can still be read. Tell the system administrator.",
        ) from error
