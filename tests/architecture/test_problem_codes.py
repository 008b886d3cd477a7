"""Every problem code is in the catalogue, in use, and explained in docs/formats/problems.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from kaoping.core.problems import CATALOGUE, Severity
from tests.architecture.sources import ROOT, modules

EXPLAINED_IN = ROOT / "docs" / "formats" / "problems.md"
CODE = r"[A-Z]+(?:-[A-Z]+)*"
TABLE_OF_CODES = "src/kaoping/core/problems.py"


def literals(tree: ast.Module) -> set[str]:
    """All strings of a module."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def raised_codes(tree: ast.Module) -> set[str]:
    """Literals handed to `Problem(` as its code, by place or by name."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name == "Problem":
                code = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "code")]
                found |= {c.value for c in code if isinstance(c, ast.Constant)}  # type: ignore[misc]
    return found


def explained(text: str) -> set[str]:
    """Codes that a document explains: those written as code, in backquotes."""
    return set(re.findall(f"`({CODE})`", text)) - {severity.value for severity in Severity}


def test_every_code_used_is_in_the_catalogue():
    used = {code for tree in modules().values() for code in raised_codes(tree)}
    assert used - CATALOGUE.keys() == set()


def test_every_code_of_the_catalogue_is_used():
    used = {
        code
        for name, tree in modules().items()
        if Path(name) != Path(TABLE_OF_CODES)
        for code in literals(tree)
    }
    assert CATALOGUE.keys() - used == set()


def test_every_code_is_explained():
    assert CATALOGUE.keys() - explained(EXPLAINED_IN.read_text("utf-8")) == set()


def test_no_code_is_explained_that_does_not_exist():
    assert explained(EXPLAINED_IN.read_text("utf-8")) - CATALOGUE.keys() == set()


@pytest.mark.parametrize("call", ['Problem("NO-SUCH", w, m)', 'problems.Problem(code="NO-SUCH")'])
def test_an_unknown_code_is_noticed(call: str):
    assert raised_codes(ast.parse(call)) - CATALOGUE.keys() == {"NO-SUCH"}


def test_an_unexplained_code_is_noticed():
    assert "POINTS-SUM" not in explained("Points must add up: POINTS-SUMMED, `WEIGHT-SUM`.")
