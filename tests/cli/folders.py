"""Batch folders to damage, commands to run in this process, and what must be true afterwards."""

from __future__ import annotations

import os
import re
import shutil
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pytest

ROOT = Path(__file__).parents[2]
COUNTY = ROOT / "examples" / "county-small"
CITY = ROOT / "examples" / "baise-2024"
SHARED = Path(__file__).parents[3] / "shared"
AT = "2025-02-20T17:00"

BUG = 70
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"[A-Za-z]+ [a-z]+")


@dataclass(frozen=True)
class Said:
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str


def kaoping(capsys: pytest.CaptureFixture[str], *words: object) -> Said:
    """Run one command here; it may fail, but never as a bug, and never with a traceback."""
    capsys.readouterr()
    try:
        code = main([str(word) for word in words])
    except SystemExit as leaving:  # argparse leaves by itself after --help and --version
        code = leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code))
    printed = capsys.readouterr()
    assert "Traceback" not in printed.out + printed.err, printed.err[-2000:]
    assert code != BUG, printed.err[-2000:]
    return Said(code, printed.out, printed.err)


def refusal(capsys: pytest.CaptureFixture[str], code: int, *words: object) -> Said:
    """Run a command that must end with this code and a sentence in Chinese and one in English."""
    said = kaoping(capsys, *words)
    assert said.code == code, said.out + said.err
    assert _CHINESE.search(said.err)
    assert _ENGLISH.search(said.err)
    return said


def has_chinese(text: str) -> bool:
    return bool(_CHINESE.search(text))


def county(folder: Path) -> Path:
    """A writable copy of the small example."""
    shutil.copytree(COUNTY, folder, ignore=shutil.ignore_patterns("expected"))
    return folder


def snapshot(folder: Path) -> Mapping[str, object]:
    """Everything under a folder by its path: bytes, link targets, kinds; hidden things too."""
    return dict(_things(folder))


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """Whatever happens in the block, afterwards the folder holds what it held, and nothing new."""
    before = snapshot(folder)
    yield
    assert snapshot(folder) == before


def _things(folder: Path) -> Iterator[tuple[str, object]]:
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(parent) / name
            yield str(path.relative_to(folder)), _thing(path)


def _thing(path: Path) -> object:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return f"-> {path.readlink()}"
    return path.read_bytes() if stat.S_ISREG(mode) else stat.S_IFMT(mode)


def replace_in(path: Path, old: str, new: str) -> None:
    """Change a text file in one place that must exist."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def listed_places(printed: str) -> list[str]:
    """The places column of a printed list of problems, its folded lines joined again."""
    places: list[str] = []
    for line in printed.splitlines():
        cells = line.split("│")
        if len(cells) != 4:
            continue
        if cells[0].strip():
            places.append("")
        if places:
            places[-1] += cells[1].rstrip() if not places[-1] else cells[1].strip()
    return ["".join(place.split()) for place in places]
