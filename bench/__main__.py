"""Runs every measurement of this folder in order of name, or only those named.

    python -m bench            all of them
    python -m bench scoring    only bench/scoring.py

A measurement is a module with a function `main() -> None` that prints what it did, how long it
took and the ratio to its peer (`asking` is none: browsers for `load`). It exits by itself with a plain sentence where the peer is missing.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def measurements() -> list[str]:
    """The names of all measurements."""
    return sorted(path.stem for path in FOLDER.glob("[!_]*.py") if path.stem != "asking")


def main() -> int:
    """Run what was asked for; 2 where a name is unknown."""
    wanted = sys.argv[1:] or measurements()
    unknown = [name for name in wanted if name not in measurements()]
    if unknown:
        print(f"没有这项测量：{'、'.join(unknown)}。可选：{'、'.join(measurements())}")
        print(f"No such measurement: {', '.join(unknown)}. Known: {', '.join(measurements())}")
        return 2
    for name in wanted:
        module = importlib.import_module(f"bench.{name}")
        print(f"\n== {name}: {(module.__doc__ or '').strip().splitlines()[0]}", flush=True)
        module.main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
