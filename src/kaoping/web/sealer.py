"""Who seals: the process itself in a trial, or a sealer of its own that holds the key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kaoping.web.sealing import seal

if TYPE_CHECKING:
    from pathlib import Path

    from kaoping.files.journal.folder import Journal
    from kaoping.files.journal.keys import SigningKey


class Sealer(Protocol):
    """Signs what was committed."""

    @property
    def is_inline(self) -> bool:
        """Whether the key lies in the hands of the web server: a trial (试用)."""

    def seal(self) -> int:
        """Seal all entries committed so far.

        Returns:
            How many entries are under the newest signed checkpoint.

        Raises:
            TamperError: where entries are missing, or differ from what was signed.
            EnvironmentFault: where the sealer does not answer.
        """


@dataclass(frozen=True)
class InlineSealer:
    """The server signs itself: for trials and demonstrations only."""

    journal: Journal
    key: SigningKey
    signed: Path

    @property
    def is_inline(self) -> bool:
        """Yes."""
        return True

    def seal(self) -> int:
        """Sign under the file's queue; who comes second finds his entry sealed already."""
        return seal(self.journal, self.key, self.signed).checkpoint.size
