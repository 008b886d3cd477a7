"""来文: a notice and its annexes as read and checked, whatever files they came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.annex.linking import link_decisions, link_indicators
from kaoping.core.draft.scheme import draft_scheme
from kaoping.core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaoping.core.annex.records import AnnexReading
    from kaoping.core.notice.reading import Notice

UNREAD_CODES = frozenset({"NOTICE-UNREAD", "ANNEX-UNREAD"})
"""What was not read; all other problems are for a person to decide."""


@dataclass(frozen=True, slots=True)
class Papers:
    """来文: all that was read of them, and all that is wrong, open or unread.

    Attributes:
        notice: 通知, None where only tables of tasks were handed in.
        annex: what the tables of tasks tell, those within the notice's own file included.
        annex_files: names of the annex files, read or not.
        unread: what of the annexes was not read as a whole (a file, a table, text outside tables);
            cells and words that were not understood are in `notice` and `annex`.
        of_notice: what is wrong, open or unread in the notice, at places without the file's name.
        of_annexes: the same of the annexes, `unread` left aside, at places with the file's name.
    """

    notice: Notice | None
    annex: AnnexReading
    annex_files: tuple[str, ...] = ()
    unread: tuple[Problem, ...] = ()
    of_notice: tuple[Problem, ...] = ()
    of_annexes: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong, open or unread, each once."""
        return tuple(dict.fromkeys((*self.of_notice, *self.unread, *self.of_annexes)))

    def draft(self) -> str:
        """The draft scheme (TOML).

        Raises:
            ValueError: where there is no notice to draft from.
        """
        if self.notice is None:
            raise ValueError("a draft begins with a notice")
        whole = [f"{problem.where}：{problem.message}" for problem in self.unread]
        return draft_scheme(self.notice, whole, self.annex)


def differences(notice: Notice, annex: AnnexReading) -> Iterator[Problem]:
    """Where notice and annexes differ in names and points, each for a person to decide."""
    links = link_indicators(annex, notice.indicators)
    for decision in link_decisions(annex, notice.indicators, links):
        place, hint = decision.source.place, "请人工判断后写入方案"
        yield Problem("ANNEX-UNDECIDED", place, decision.message, hint)
