"""The filing package: what is built verifies, and equal inputs give equal bytes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaoping.core.errors import InputError, TamperError
from kaoping.core.package import MANIFEST_NAME, filed_file
from kaoping.files.package import build_package, verify_package
from tests.cli.folders import unchanged
from tests.files.ledgers import SCHEME
from tests.files.samples import PDF, PNG, archive, put

AT = datetime(2025, 2, 20, 17, 0, tzinfo=timezone(timedelta(hours=8)))
FILES = [
    ("report.pdf", PDF * 40),
    ("评分单/东岭镇.docx", "东岭镇".encode() * 50),
    ("empty.txt", b""),
]
INPUTS = [
    filed_file("results.csv", b"unit,task"),
    filed_file("scheme.toml", b"year = 2024"),
]
PACKAGE, MANIFEST = build_package(SCHEME, FILES, INPUTS, AT)


def check(tmp_path, content):
    path = put(tmp_path / "package.zip", content)
    with unchanged(tmp_path):
        return verify_package(path).manifest


def test_a_sound_package_verifies_and_says_what_it_holds(tmp_path):
    manifest = check(tmp_path, PACKAGE)
    assert manifest == MANIFEST
    assert [(f.path, f.size, f.sha256) for f in manifest.files] == [
        (path, len(content), hashlib.sha256(content).hexdigest()) for path, content in FILES
    ]
    assert list(manifest.inputs) == INPUTS
    assert manifest.digest == hashlib.sha256(manifest.content).hexdigest()


def test_any_program_can_open_it_and_finds_the_manifest_first():
    with zipfile.ZipFile(io.BytesIO(PACKAGE)) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == [MANIFEST_NAME, *(path for path, _ in FILES)]
        assert opened.read(MANIFEST_NAME) == MANIFEST.content
        assert [opened.read(path) for path, _ in FILES] == [content for _, content in FILES]
        assert {info.date_time for info in opened.infolist()} == {(2025, 2, 20, 17, 0, 0)}


def test_equal_inputs_give_equal_bytes_and_others_do_not():
    assert build_package(SCHEME, FILES, INPUTS, AT)[0] == PACKAGE
    changed = [
        build_package(SCHEME, [*FILES[:2], ("empty.txt", b" ")], INPUTS, AT),
        build_package(SCHEME, FILES[::-1], INPUTS, AT),
        build_package(SCHEME, FILES, [INPUTS[0]], AT),
        build_package(SCHEME, FILES, [filed_file("results.csv", b"unit,tasK"), INPUTS[1]], AT),
        build_package(SCHEME, FILES, INPUTS, AT + timedelta(seconds=1)),
    ]
    assert len({content for content, _ in changed} | {PACKAGE}) == len(changed) + 1
    assert len({manifest.digest for _, manifest in changed} | {MANIFEST.digest}) == len(changed) + 1


def test_the_manifest_is_canonical_json():
    table = json.loads(MANIFEST.content)
    assert (
        json.dumps(table, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        == MANIFEST.content
    )
    assert table["title"] == SCHEME.title
    assert table["made_at"] == "2025-02-20T17:00:00+08:00"


@pytest.mark.parametrize(
    "at",
    [
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1979, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(2025, 2, 20, 17, 0, 1, 999_999, tzinfo=UTC),
        datetime(2024, 2, 29, 23, 59, 59, tzinfo=timezone(timedelta(hours=-11))),
        datetime(2107, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(2108, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
    ],
    ids=str,
)
def test_a_package_of_any_time_verifies(tmp_path, at):
    """An archive can name times from 1980 to 2107 only."""
    content, manifest = build_package(SCHEME, FILES, INPUTS, at)
    assert check(tmp_path, content) == manifest


@given(
    files=st.dictionaries(
        st.text("甲乙abc0-_ .", min_size=1, max_size=8).map(lambda name: f"f/{name}.txt"),
        st.binary(max_size=60),
        max_size=5,
    )
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_packed_verifies(tmp_path, files):
    content, manifest = build_package(SCHEME, list(files.items()), INPUTS, AT)
    path = put(tmp_path / "package.zip", content)
    assert verify_package(path).manifest == manifest


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"PK", PNG * 9, PDF, b"\0" * 3000, PACKAGE[: len(PACKAGE) // 2], PACKAGE[:-1]),
        *(archive([]), archive([("report.pdf", PDF)]), archive([(MANIFEST_NAME, b"")])),
        *(archive([(MANIFEST_NAME, b"{}")]), archive([(MANIFEST_NAME, b"[" * 200_000)])),
    ],
    ids=lambda content: f"{len(content)} bytes {content[:4]!r}",
)
def test_what_is_no_package_does_not_verify(tmp_path, content):
    with pytest.raises(TamperError) as caught:
        check(tmp_path, content)
    assert caught.value.exit_code == 4


def test_where_there_is_no_package(tmp_path):
    with pytest.raises(InputError):
        verify_package(tmp_path / "none.zip")


def test_a_folder_is_no_package(tmp_path):
    """An unreadable package under `verify` counts as not verified."""
    with pytest.raises(TamperError):
        verify_package(tmp_path)
