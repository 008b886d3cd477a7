"""Declared, locked, used: the three lists of dependencies agree."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from typing import TYPE_CHECKING, Any

import pytest

from tests.architecture.sources import ROOT, modules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BROUGHT = {"botocore": "boto3"}
"""What is imported, but declared by the package that is made of it and brings its own version."""
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)", re.MULTILINE)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return {normal(package): version for package, version in PINNED.findall(text)}


def project() -> dict[str, Any]:
    read: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return read["project"]


def names(lines: list[str]) -> set[str]:
    return {normal(re.split(r"[<>=!~ \[]", line)[0]) for line in lines}


def declared() -> set[str]:
    return names(project()["dependencies"])


def optional() -> set[str]:
    """What the parts that one may leave out need; `dev` is no part of the program."""
    extras = project()["optional-dependencies"]
    return {name for extra, lines in extras.items() if extra != "dev" for name in names(lines)}


@cache
def distributions() -> Mapping[str, list[str]]:
    """What is installed, by top name; looking it up reads the records of every package."""
    return packages_distributions()


def owner(module: str) -> str:
    """The declared package that a top name comes from."""
    name = normal(distributions()[module][0])
    return BROUGHT.get(name, name)


def foreign(found: Iterable[str]) -> set[str]:
    return {name for name in found if name not in sys.stdlib_module_names and name != "kaoping"}


def imported(tree: ast.AST) -> list[str]:
    """Top names of everything imported, in the order of the file."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append(node.module.split(".")[0])
    return found


def imported_at_once(tree: ast.Module) -> list[str]:
    """Top names that are imported as soon as the module is, not only when a function runs."""
    inner = (ast.FunctionDef, ast.AsyncFunctionDef)
    waiting: list[ast.AST] = [tree]
    found = []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            found += imported(node)
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, inner)]
    return found


def needs_libmagic_first(tree: ast.Module) -> bool:
    """Whether `magic` is imported without `pylibmagic` before it."""
    names = imported(tree)
    return "magic" in names and "pylibmagic" not in names[: names.index("magic")]


def test_both_locks_agree():
    assert locked("run").items() <= locked("dev").items()


def test_what_is_declared_is_locked():
    assert declared() <= locked("run").keys()


def test_what_is_optional_is_locked_for_the_tests_only():
    assert optional() <= locked("dev").keys()
    assert not optional() & locked("run").keys()


def test_every_locked_package_has_its_licence_told():
    rows = re.findall(
        r"^\| ([^|]+) \|", (ROOT / "docs" / "licences.md").read_text("utf-8"), re.MULTILINE
    )
    told = {normal(name.strip()) for row in rows for name in row.split(",")}
    assert locked("dev").keys() - told == set()


def test_every_pin_has_a_hash():
    for name in ("run", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
        pins = [block for block in re.split(r"\n(?=\S)", text) if PINNED.match(block)]
        assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


def named_in_settings() -> set[str]:
    """Top names of what Django loads by its name: apps, middleware, hashers."""
    tree = ast.parse((ROOT / "src/kaoping/config/settings.py").read_text("utf-8"))
    words = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    tops = {w.split(".")[0] for w in words if isinstance(w, str) and re.fullmatch(r"[\w.]+", w)}
    return tops & distributions().keys()


STARTED_BY_NAME = {"gunicorn", "argon2-cffi"}
"""What runs as a program of its own, and what Django's password hasher loads."""


def test_what_is_imported_is_declared_and_the_reverse():
    names_used = {name for tree in modules().values() for name in imported(tree)}
    used = {owner(name) for name in foreign(names_used | named_in_settings())} | STARTED_BY_NAME
    assert used == declared() | optional()


def test_what_is_optional_is_loaded_by_the_function_that_needs_it():
    at_once = {
        name: {owner(top) for top in foreign(imported_at_once(tree))} & optional()
        for name, tree in modules().items()
    }
    assert {name: found for name, found in at_once.items() if found} == {}


@pytest.mark.parametrize(
    "bad", ["import boto3", "try:\n    from boto3 import session\nexcept ImportError:\n    pass"]
)
def test_an_optional_part_loaded_too_early_is_noticed(bad: str):
    assert imported_at_once(ast.parse(bad)) == ["boto3"]
    inside = "def open_it():\n" + "\n".join(f"    {line}" for line in bad.splitlines())
    assert imported_at_once(ast.parse(inside)) == []


def test_libmagic_comes_from_its_wheel():
    """`pylibmagic` shows `magic` where its library is; without it a system library is needed."""
    assert [name for name, tree in modules().items() if needs_libmagic_first(tree)] == []


@pytest.mark.parametrize("bad", ["import magic", "import magic\nimport pylibmagic"])
def test_a_forgotten_libmagic_is_noticed(bad: str):
    assert needs_libmagic_first(ast.parse(bad))
