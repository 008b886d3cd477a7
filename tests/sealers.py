"""A sealer for tests: the real loop, in a thread, that can be stopped, hung and started again."""

from __future__ import annotations

import os
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.files.journal.sealer import Sealer, listening
from kaoping.files.journal.signatory import Signatory

if TYPE_CHECKING:
    from kaoping.core.errors import KaopingError
    from kaoping.files.journal.folder import Journal
    from kaoping.files.journal.keys import SigningKey

SECONDS = 10


class SealerInThread:
    """Signs for a journal at `place`, as long as it is started."""

    def __init__(self, journal: Journal, key: SigningKey, state: Path) -> None:
        self._journal, self._key, self._state = journal, key, state
        self._folder = tempfile.TemporaryDirectory(prefix="seal-")  # paths of sockets are short
        self.place = Path(self._folder.name) / "seal.sock"
        self.told: list[KaopingError] = []
        self._ended = ExitStack()
        self._waking = -1

    def start(self) -> None:
        """Begin to answer."""
        listener = self._ended.enter_context(listening(self.place))
        woken, self._waking = os.pipe()
        signatory = Signatory(self._journal, self._key, self._state)
        loop = Sealer(signatory, listener, woken, self.told.append)
        thread = threading.Thread(target=loop.serve)
        thread.start()
        for handle in (woken, self._waking):
            self._ended.callback(os.close, handle)
        self._ended.callback(thread.join, SECONDS)

    def hang(self) -> None:
        """Be there and answer nobody."""
        self._ended.enter_context(listening(self.place))

    def stop(self) -> None:
        """Answer nobody any more."""
        if self._waking >= 0:
            os.write(self._waking, b".")
            self._waking = -1
        self._ended.close()

    def close(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop()
        self._folder.cleanup()
