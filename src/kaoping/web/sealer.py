"""Who seals: the process itself in a trial, or a sealer of its own that holds the key."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Protocol

from kaoping.core.errors import EnvironmentFault, KaopingError
from kaoping.files.journal.sealer import ask
from kaoping.files.journal.signatory import Handed, Signatory
from kaoping.web.marks import Marks
from kaoping.web.queue import one_at_a_time
from kaoping.web.sealing import Published, seal

if TYPE_CHECKING:
    from pathlib import Path

    from kaoping.core.journal import SignedCheckpoint
    from kaoping.files.journal.folder import Journal
    from kaoping.files.journal.keys import SigningKey
    from kaoping.files.journal.signatory import Wanted

PATIENCE = 3.0
"""Seconds that somebody waits for the seal before he is told 已受理，待存证."""
_REST = 2.0
"""Seconds for which nobody waits again after a sealer that hung: pages must stay quick meanwhile."""


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
            RefusedError: where another program is writing to the journal just now.
        """

    def require_ready(self) -> None:
        """That somebody would sign now, even where nothing waits for it.

        Raises:
            EnvironmentFault: where the sealer does not answer.
            TamperError, RefusedError: where the key does not go with the journal.
        """


class InlineSealer:
    """The server signs itself: for trials and demonstrations only.

    Args:
        journal: the journal.
        key: its key.
        signed: the file, beside the key, that keeps what was signed last.
        secret: of the installation, for the marks of its entries.
    """

    def __init__(self, journal: Journal, key: SigningKey, signed: Path, secret: bytes) -> None:
        self._signatory = Signatory(journal, key, signed)
        self._published = Published(journal)
        self._marks = Marks(secret, lambda: self._published().checkpoint.size)
        self._queue = signed.with_name(f"{signed.name}.queue")

    @property
    def is_inline(self) -> bool:
        """Yes."""
        return True

    def seal(self) -> int:
        """Sign under the file's queue; who comes second finds his entry sealed already."""
        with one_at_a_time(self._queue):
            return seal(self._sign, self._published, self._marks).checkpoint.size

    def require_ready(self) -> None:
        """The key is the journal's, and what it signed last is in the journal."""
        with one_at_a_time(self._queue):
            self._signatory.require_sound()

    def _sign(self, handed: Handed) -> SignedCheckpoint | Wanted:
        answer = self._signatory.sign([handed])[0]
        if isinstance(answer, KaopingError):
            raise answer
        return answer


class RemoteSealer:
    """The sealer is a process of its own (`kaoping seal`); this one cannot read the key.

    Args:
        journal: the journal, whose checkpoint and tiles are read here and written there.
        place: the sealer's socket.
        secret: of the installation, for the marks of its entries.
    """

    def __init__(self, journal: Journal, place: Path, secret: bytes) -> None:
        self._journal, self._place = journal, place
        self._published = Published(journal)
        self._marks = Marks(secret, lambda: self._published().checkpoint.size)
        self._rests_until = 0.0

    @property
    def is_inline(self) -> bool:
        """No."""
        return False

    def seal(self) -> int:
        """Hand over what is not signed yet; who finds his entry signed with another's asks nobody."""
        return seal(self._sign, self._published, self._marks).checkpoint.size

    def require_ready(self) -> None:
        """It answers when it is asked for what it signed last."""
        self._sign(Handed(0, ()))

    def _sign(self, handed: Handed) -> SignedCheckpoint | Wanted:
        start = monotonic()
        if start < self._rests_until:
            raise EnvironmentFault(
                "存证服务没有应答，稍后自动再试。请系统管理员检查 kaoping seal 是否在运行。",
                "The sealer did not answer a moment ago. See whether kaoping seal is running.",
            )
        try:
            return ask(self._place, handed, self._journal.key, PATIENCE)
        except EnvironmentFault:
            if monotonic() - start >= PATIENCE:
                self._rests_until = monotonic() + _REST
            raise
