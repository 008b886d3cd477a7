"""Every family of errors has its own code and exit code; only one place catches everything."""

from __future__ import annotations

import ast

from kaoping.core import errors
from tests.architecture.sources import modules, place

LAST_DOORS = {
    "src/kaoping/cli/main.py",
    "src/kaoping/web/jobs.py",  # nobody stands above a job: it is recorded, told and tried again
}


def families() -> list[type[errors.KaopingError]]:
    return [errors.KaopingError, *errors.KaopingError.__subclasses__()]


def catch_alls(name: str, tree: ast.Module) -> list[str]:
    """Handlers that would catch a bug too."""
    return [
        place(name, node)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
        )
    ]


def test_codes_and_exit_codes_are_unique():
    assert len({family.code for family in families()}) == len(families())
    assert len({family.exit_code for family in families()}) == len(families())


def test_only_the_last_doors_catch_everything():
    others = {name: tree for name, tree in modules().items() if name not in LAST_DOORS}
    assert [spot for item in others.items() for spot in catch_alls(*item)] == []


def test_a_catch_all_is_noticed():
    assert catch_alls("bad.py", ast.parse("try:\n    go()\nexcept Exception:\n    pass"))
    assert catch_alls("bad.py", ast.parse("try:\n    go()\nexcept:\n    pass"))
