"""Declared, locked, used: the three lists of dependencies agree."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.architecture.sources import ROOT, modules

PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)", re.MULTILINE)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return {normal(package): version for package, version in PINNED.findall(text)}


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {normal(re.split(r"[<>=!~ ]", line)[0]) for line in project["dependencies"]}


def imported(tree: ast.Module) -> list[str]:
    """Top names of everything imported, in the order of the file."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append(node.module.split(".")[0])
    return found


def needs_libmagic_first(tree: ast.Module) -> bool:
    """Whether `magic` is imported without `pylibmagic` before it."""
    names = imported(tree)
    return "magic" in names and "pylibmagic" not in names[: names.index("magic")]


def test_both_locks_agree():
    assert locked("run").items() <= locked("dev").items()


def test_what_is_declared_is_locked():
    assert declared() <= locked("run").keys()


def test_every_pin_has_a_hash():
    for name in ("run", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
        pins = [block for block in re.split(r"\n(?=\S)", text) if PINNED.match(block)]
        assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


def test_what_is_imported_is_declared_and_the_reverse():
    owners = packages_distributions()
    foreign = {
        name
        for tree in modules().values()
        for name in imported(tree)
        if name not in sys.stdlib_module_names and name != "kaoping"
    }
    used = {normal(owners[name][0]) for name in foreign}
    assert used == declared()


def test_libmagic_comes_from_its_wheel():
    """`pylibmagic` shows `magic` where its library is; without it a system library is needed."""
    assert [name for name, tree in modules().items() if needs_libmagic_first(tree)] == []


@pytest.mark.parametrize("bad", ["import magic", "import magic\nimport pylibmagic"])
def test_a_forgotten_libmagic_is_noticed(bad: str):
    assert needs_libmagic_first(ast.parse(bad))
