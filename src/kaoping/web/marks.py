"""平台印记: by it the platform knows the entries that it took itself from those slipped in past it.

Who writes to the database can build an entry and its rows, complete and sound in themselves. Without the
installation's secret, which is not in the database, he cannot mark it; an entry without its mark is
neither followed nor handed to the sealer, and the platform stands still and says which it is. An entry
under a signed checkpoint needs none where it is the one that the tree holds.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from kaoping.core.errors import TamperError

if TYPE_CHECKING:
    from collections.abc import Callable

_PURPOSE = b"kaoping entry mark"


class Marks:
    """Marks of the entries of one installation.

    Args:
        secret: of the installation; the marks' own key is derived from it.
        signed: tells how many entries are under the newest signed checkpoint.
        holds: tells whether the signed tree holds a leaf at a place; who seals compares by himself.
    """

    def __init__(
        self,
        secret: bytes,
        signed: Callable[[], int],
        holds: Callable[[int, str], bool] = lambda _index, _leaf: True,
    ) -> None:
        self._key = hmac.digest(secret, _PURPOSE, "sha256")
        self._signed, self._holds = signed, holds

    def of(self, index: int, leaf: str) -> str:
        """The mark of an entry: 64 hex digits over its place and its leaf, which commits to its body."""
        return hmac.digest(self._key, f"{index}\n{leaf}".encode(), "sha256").hex()

    def require(self, index: int, leaf: str, mark: object) -> None:
        """That the platform itself took the entry.

        Raises:
            TamperError: naming it, where it has no mark of ours, and the signed tree does not hold it.
        """
        given = mark.encode() if isinstance(mark, str) else b""
        if hmac.compare_digest(self.of(index, leaf).encode(), given):
            return
        if index < self._signed() and self._holds(index, leaf):
            return
        raise TamperError(
            f"数据库中第 {index} 条存证不是本平台受理时的样子：绕过平台写入，或被改动过。系统已停止办理和"
            "签署，请保留现场，立即告诉审计管理员和安全管理员。",
            f"Entry {index} of the database is not as this platform took it: it was written past it, or "
            "changed. Nothing more is done or signed; keep everything as it is and tell the audit "
            "administrator.",
        )
