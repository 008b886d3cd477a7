"""One installation: its journal, its key, its clock and what is kept in memory of its state."""

from __future__ import annotations

import hmac
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import connection, transaction

from kaoping.core.errors import TamperError
from kaoping.core.tree import leaf_hash
from kaoping.files.blobs import FolderBlobs
from kaoping.files.journal.tiles import WIDTH
from kaoping.web.keeper import Keeper
from kaoping.web.marks import Marks
from kaoping.web.queue import one_at_a_time
from kaoping.web.sealing import Published

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from kaoping.core.journal import Salts, SignedCheckpoint
    from kaoping.files.blobs import Blobs
    from kaoping.files.journal.folder import Journal
    from kaoping.web.sealer import Sealer

_ADVISORY_LOCK = 0x6B616F70696E67  # "kaoping"
_LOCK_FILE = "writing.lock"
_PREVIEWS = "previews"


@dataclass(frozen=True)
class Installation:
    """What an act needs besides the database.

    Attributes:
        data: the folder of the installation.
        journal: the tiles and the checkpoint.
        sealer: signs what was committed.
        clock: the server's time.
        salts: makes the salts of bodies.
        blobs: documents that acts name by digest.
        instance_secret: keys the digests of staff numbers, so that nobody can guess one from them, and
            the marks by which the platform knows its own entries.
        is_demo: an example with invented people; every page says so (演示).
        keeper: the state, as far as this process has followed the entries.
    """

    data: Path
    journal: Journal
    sealer: Sealer
    clock: Callable[[], datetime]
    salts: Salts
    blobs: Blobs
    instance_secret: bytes = b""
    is_demo: bool = False
    keeper: Keeper = field(default_factory=Keeper)

    def __post_init__(self) -> None:
        """From here on the state follows nothing that came past the platform."""
        self.keeper.demand(self.marks)

    @cached_property
    def marks(self) -> Marks:
        """Marks of this installation's entries."""
        return Marks(self.instance_secret, self.signed_size, self._tree_holds)

    def _tree_holds(self, index: int, leaf: str) -> bool:
        number, place = divmod(index, WIDTH)
        return leaf_hash(leaf.encode()) == self.journal.reader().tile(0, number)[place]

    @cached_property
    def previews(self) -> FolderBlobs:
        """What pages show of evidence; always in the folder, wherever the evidence itself is kept."""
        return FolderBlobs.made_in(self.data / _PREVIEWS)

    @property
    def is_trial(self) -> bool:
        """试用: whoever runs the web server could sign what he likes."""
        return self.sealer.is_inline

    @cached_property
    def _published(self) -> Published:
        return Published(self.journal)

    def checkpoint(self) -> SignedCheckpoint:
        """The newest signed checkpoint: cheap enough to be asked for every page."""
        return self._published()

    def staff_number_digest(self, staff_number: str) -> str:
        """What the register keeps of a staff number: the same for all accounts of one human being."""
        return hmac.digest(self.instance_secret, staff_number.encode(), "sha256").hex()

    def now(self) -> str:
        """The server's time as acts carry it: universal, to the second."""
        return self.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def signed_size(self) -> int:
        """How many entries are under the newest checkpoint."""
        return self.checkpoint().checkpoint.size

    def require_whole(self, size: int) -> None:
        """That the database has every entry that was signed: else it was put back.

        Args:
            size: how many entries the database has.

        Raises:
            TamperError: where more were signed; nothing may be added until the rest is back.
        """
        signed = self.signed_size()
        if size < signed:
            raise TamperError(
                f"数据库只有 {size} 条存证，而已签署 {signed} 条：数据库被退回到了较早的状态。"
                "系统只读，没有办理。请保留现场，恢复完整的数据库。",
                f"ROLLBACK: the database has {size} entries and {signed} were signed. Nothing is "
                "done; restore the whole database.",
            )

    @contextmanager
    def writing_alone(self) -> Iterator[None]:
        """The one write lock, and the transaction under it: whoever writes, writes alone.

        On SQLite writers queue on a file first, so that none waits in the database itself; on
        PostgreSQL the lock is taken by a statement of its own before anything is read.
        """
        if connection.vendor == "sqlite":
            with one_at_a_time(self.data / _LOCK_FILE), transaction.atomic():
                yield
            return
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
            yield
