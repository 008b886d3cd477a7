"""What must not stand in any file: download addresses, paths of one machine, private contacts.

The forbidden strings are put together here from pieces, so that this file does not find itself.
"""

from __future__ import annotations

import re

import pytest

from tests.architecture.sources import texts

REGISTRIES = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry.npmjs" + ".org",
    "deb.debian" + ".org",
    "mirrors." + "aliyun",
    "pypi.tuna." + "tsinghua",
)
MACHINE_PATHS = (
    "/wo" + "rk/",
    "/ro" + "ot/",
    "/ho" + "me/",
    "/tmp/" + "bash_jobs",
    "/opt/" + "wheels",
)
OPTIONS = ("--index" + "-url", "--extra-index" + "-url", "--find" + "-links", "--trusted" + "-host")

MOBILE = re.compile(r"(?<![\d.a-f])1[3-9]\d{9}(?![\d.a-f])")
MAILBOX = re.compile(
    r"[\w.+-]+@(?:163|126|qq|sina|sohu|139|189|gmail|outlook|hotmail|foxmail)\.\w+"
)


def strangers(text: str) -> list[str]:
    """Registry hosts and machine paths in a text."""
    return [word for word in (*REGISTRIES, *MACHINE_PATHS) if word in text]


def contacts(text: str) -> list[str]:
    """Mobile numbers and mailboxes of public providers in a text."""
    return [*MOBILE.findall(text), *MAILBOX.findall(text)]


def test_no_file_names_a_registry_or_a_machine():
    assert {name: found for name, text in texts().items() if (found := strangers(text))} == {}


def test_lock_files_hold_no_options():
    locks = {name: text for name, text in texts().items() if name.startswith("requirements/")}
    assert len(locks) == 2
    for name, text in locks.items():
        assert not [option for option in OPTIONS if option in text], name


def test_no_private_contact_outside_the_examples():
    """Tests of reading contacts use made-up ones as the examples do."""
    may = ("examples/", "tests/")
    searched = {name: text for name, text in texts().items() if not name.startswith(may)}
    assert {name: found for name, text in searched.items() if (found := contacts(text))} == {}


@pytest.mark.parametrize("bad", [f"from {host}" for host in REGISTRIES + MACHINE_PATHS])
def test_a_stranger_is_noticed(bad: str):
    assert strangers(bad)


@pytest.mark.parametrize(
    "bad", ["电话 138" + "00138000", "someone@" + "163.com", "a.b@" + "qq.com"]
)
def test_a_private_contact_is_noticed(bad: str):
    assert contacts(bad)


@pytest.mark.parametrize("good", ["sha256:a13800138000b", "0776-2800000", "office@example.gov.cn"])
def test_other_numbers_are_no_contacts(good: str):
    assert not contacts(good)


MERGING = re.compile(r"^(<{7}|>{7})( |$)", re.MULTILINE)


def test_no_file_holds_marks_of_a_merge():
    assert [path for path, text in texts().items() if MERGING.search(text)] == []
    assert MERGING.search("a\n<<<<<<" + "< HEAD\n")
