"""Names that say something, functions one can read at a glance, no empty rooms."""

from __future__ import annotations

import ast
import statistics

from tests.architecture.sources import ROOT, SRC, modules, place

SAYS_NOTHING = {"base", "common", "helpers", "manager", "misc", "service", "shared", "utils"}
LONGEST_FUNCTION = 60
MEDIAN_FUNCTION = 15
LONGEST_FILE = 700
SPEAKS_FOR_ITSELF = 5
"""Public functions longer than this many lines say in a docstring what they do."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.Module) -> list[Function]:
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def lines_of(function: Function) -> int:
    """Lines of code of a function, its docstring not counted."""
    body = function.body
    has_docstring = ast.get_docstring(function) is not None
    docstring = (body[0].end_lineno or 0) - body[0].lineno + 1 if has_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def too_long(name: str, tree: ast.Module) -> list[str]:
    return [
        f"{place(name, function)} {function.name} has {lines_of(function)} lines"
        for function in functions(tree)
        if lines_of(function) > LONGEST_FUNCTION
    ]


def undocumented(name: str, tree: ast.Module) -> list[str]:
    """Public functions and methods of public classes that need a docstring and have none."""
    owners: list[ast.Module | ast.ClassDef] = [
        tree,
        *(n for n in tree.body if isinstance(n, ast.ClassDef) and not n.name.startswith("_")),
    ]
    public = [
        node
        for owner in owners
        for node in owner.body
        if isinstance(node, Function) and not node.name.startswith("_")
    ]
    return [
        f"{place(name, function)} {function.name}"
        for function in public
        if lines_of(function) > SPEAKS_FOR_ITSELF and not ast.get_docstring(function)
    ]


def test_module_names_say_something():
    names = {path for path in SRC.rglob("*") if path.stem in SAYS_NOTHING}
    assert names == {SRC / "config" / "sqlite" / "base.py"}, (
        "name the thing it does, and give it a room of its own (that one's name is Django's)"
    )


def test_no_function_is_long():
    assert [spot for item in modules().items() for spot in too_long(*item)] == []


def test_most_functions_are_short():
    lengths = [lines_of(function) for tree in modules().values() for function in functions(tree)]
    assert statistics.median(lengths) <= MEDIAN_FUNCTION


def test_no_file_is_long():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for folder in ("src", "tests", "bench", "examples")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_public_functions_are_documented():
    assert [spot for item in modules().items() for spot in undocumented(*item)] == []


def test_no_package_is_empty():
    empty = [
        str(marker.parent.relative_to(ROOT))
        for marker in SRC.rglob("__init__.py")
        if not [path for path in marker.parent.iterdir() if path.suffix and path != marker]
    ]
    assert empty == []


def test_a_long_function_is_noticed():
    bad = ast.parse("def walk():\n" + "    step()\n" * LONGEST_FUNCTION)
    assert too_long("bad.py", bad)
    assert undocumented("bad.py", bad)


def test_a_documented_function_is_fine():
    assert not undocumented(
        "good.py", ast.parse('def walk():\n    """Walk."""\n' + "    step()\n" * 9)
    )


def test_a_silent_method_is_noticed():
    bad = "class Walk:\n    def go(self):\n" + "        step()\n" * 9
    assert undocumented("bad.py", ast.parse(bad))
