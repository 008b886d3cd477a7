"""A filing package that somebody touched never verifies, however small and clever the change."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta, timezone

import pytest

from kaoping.core.canonical import encode, sha256
from kaoping.core.errors import TamperError
from kaoping.core.package import MANIFEST_NAME, filed_file
from kaoping.files.archive import stored
from kaoping.files.package import build_package, verify_package
from tests.cli.folders import kaoping, refusal, unchanged
from tests.files.ledgers import SCHEME
from tests.files.samples import PDF, many_alike, put

AT = datetime(2025, 2, 20, 17, 0, tzinfo=timezone(timedelta(hours=8)))
FILES = [
    ("report.pdf", PDF),
    ("得分.json", b'[{"published": "86.50"}]'),
    ("scheme.toml", b"year = 2024\n"),
]
PACKAGE, MANIFEST = build_package(SCHEME, FILES, [filed_file("results.csv", b"x")], AT)
PARTS = [(MANIFEST_NAME, MANIFEST.content), *FILES]


def verify(tmp_path, content):
    path = put(tmp_path / "package.zip", content)
    with unchanged(tmp_path):
        return verify_package(path).manifest


def caught(tmp_path, content) -> TamperError:
    with pytest.raises(TamperError) as error:
        verify(tmp_path, content)
    return error.value


def repacked(*parts, at=AT):
    return stored(parts, at)


def with_manifest(**changes):
    """The package with another manifest that is itself in order."""
    return repacked((MANIFEST_NAME, encode(MANIFEST.as_json() | changes)), *FILES)


def test_the_package_untouched_verifies(tmp_path):
    """Control: a judge that always says no would pass every other test here."""
    assert verify(tmp_path, PACKAGE) == MANIFEST
    assert repacked(*PARTS) == PACKAGE
    assert with_manifest() == PACKAGE


@pytest.mark.parametrize("pattern", [0x01, 0x80, 0xFF])
def test_every_changed_byte_of_the_archive_is_caught(tmp_path, pattern):
    path = tmp_path / "package.zip"
    accepted, others = [], []
    for at in range(len(PACKAGE)):
        changed = bytearray(PACKAGE)
        changed[at] ^= pattern
        path.write_bytes(changed)
        try:
            verify_package(path)
            accepted.append(at)
        except TamperError:
            continue
        except Exception as error:  # noqa: BLE001 - anything else is the fault looked for
            others.append((at, type(error).__name__))
    assert accepted == []
    assert others == []


@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_changed_byte_of_a_file_is_caught_and_the_file_named(tmp_path, number):
    path, content = PARTS[number]
    for at in range(len(content)):
        parts = list(PARTS)
        parts[number] = (path, content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        error = caught(tmp_path, repacked(*parts))
        assert path in error.zh
        assert path in error.en


def test_every_changed_byte_of_the_manifest_is_caught(tmp_path):
    for at in range(len(MANIFEST.content)):
        changed = bytearray(MANIFEST.content)
        changed[at] ^= 1
        try:
            manifest = verify(tmp_path, repacked((MANIFEST_NAME, bytes(changed)), *FILES))
        except TamperError:
            continue
        # Another title or digest of an input is another package: its own digest says so.
        assert manifest.digest != MANIFEST.digest
        assert manifest.files == MANIFEST.files


@pytest.mark.parametrize(
    "parts",
    [
        PARTS[:-1],
        [PARTS[0], *PARTS[2:]],
        PARTS[1:],
        [PARTS[0]],
        [*PARTS, ("extra.txt", b"x")],
        [*PARTS, ("extra/", b"")],
        [*PARTS, ("MANIFEST.JSON", MANIFEST.content)],
        [PARTS[0], ("Report.pdf", PDF), *PARTS[2:]],
        [PARTS[0], ("report.pdf ", PDF), *PARTS[2:]],
        [PARTS[0], ("./report.pdf", PDF), *PARTS[2:]],
        [PARTS[0], ("report.pdf", FILES[1][1]), ("得分.json", PDF), PARTS[3]],
        [*PARTS[1:], PARTS[0]],
        [PARTS[0], PARTS[2], PARTS[1], PARTS[3]],
    ],
    ids=[
        *(
            "last gone",
            "first gone",
            "no manifest",
            "only the manifest",
            "one more",
            "a folder more",
        ),
        *(
            "two manifests",
            "other case",
            "blank",
            "dot",
            "two swapped",
            "manifest last",
            "other order",
        ),
    ],
)
def test_files_removed_added_renamed_or_moved(tmp_path, parts):
    """The same files in another order are not the bytes that were filed either."""
    caught(tmp_path, repacked(*parts))


@pytest.mark.parametrize(
    "name", ["../a.txt", "/etc/a.txt", "..\\a.txt", "C:a.txt", "a\x1b.txt", "a\nb", "a/../../b"]
)
def test_paths_that_leave_the_package(tmp_path, name):
    """Even where the manifest lists them."""
    content, _ = build_package(SCHEME, [*FILES, (name, b"x")], [], AT)
    error = caught(tmp_path, content)
    assert "\x1b" not in error.zh + error.en


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("again", [("report.pdf", b"other"), ("report.pdf", PDF), PARTS[0]])
def test_a_name_twice(tmp_path, again):
    """Two programs may show two different files under one name."""
    caught(tmp_path, repacked(*PARTS, again))


@pytest.mark.parametrize(
    "changed",
    [
        b"x" + PACKAGE,
        PACKAGE + b"x",
        PACKAGE + PACKAGE,
        PACKAGE[:-2] + b"\x05\x00later",
    ],
    ids=["before", "behind", "twice", "comment"],
)
def test_bytes_that_hide_around_the_archive(tmp_path, changed):
    caught(tmp_path, changed)


def test_bytes_that_hide_between_the_files(tmp_path):
    """The directory is moved behind hidden bytes; an ordinary unpacker notices nothing."""
    at = PACKAGE.index(b"PK\x01\x02")
    hidden = PACKAGE[:at] + b"hidden" + PACKAGE[at:-6]
    hidden += (at + 6).to_bytes(4, "little") + b"\0\0"
    with zipfile.ZipFile(io.BytesIO(hidden)) as opened:
        assert opened.testzip() is None
    caught(tmp_path, hidden)


def test_the_same_files_packed_by_another_program(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as made:
        for path, content in PARTS:
            made.writestr(path, content)
    caught(tmp_path, stream.getvalue())


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "kaoping-package/2"},
        {"files": []},
        {"files": MANIFEST.as_json()["files"] * 2},  # type: ignore[operator]
        {"files": None},
        {"files": {"path": "x"}},
        {"files": ["report.pdf"]},
        {"files": [{"path": "report.pdf", "size": "x", "sha256": ""}]},
        {"year": None},
        {"year": "2024"},
        {"made_at": "yesterday"},
        {"made_at": ""},
        {"made_at": "2025-02-20T17:00:02+08:00"},
        {"made_at": "9999-12-31T00:00:00+08:00"},
        {"made_at": "0001-01-01T00:00:00+08:00"},
        {"one_more": "key"},
    ],
    ids=str,
)
def test_a_changed_manifest(tmp_path, changes):
    caught(tmp_path, with_manifest(**changes))


@pytest.mark.parametrize("key", ["size", "sha256", "path"])
def test_a_changed_line_of_the_manifest(tmp_path, key):
    for number in range(len(FILES)):
        lines = json.loads(MANIFEST.content)["files"]
        lines[number][key] = {
            "size": lines[number]["size"] + 1,
            "sha256": sha256(b""),
            "path": "x",
        }[key]
        caught(tmp_path, with_manifest(files=lines))


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(MANIFEST.as_json(), ensure_ascii=True, sort_keys=True, separators=(",", ":")),
        json.dumps(MANIFEST.as_json(), ensure_ascii=False, sort_keys=True, indent=1),
        MANIFEST.content.decode() + "\n",
        " " + MANIFEST.content.decode(),
        "\ufeff" + MANIFEST.content.decode(),
        MANIFEST.content.decode().replace('"year":2024', '"year":2023,"year":2024'),
        MANIFEST.content.decode().replace('"year":2024', '"year":2024.0'),
        MANIFEST.content.decode().replace('"year":2024', '"year":1e999'),
        MANIFEST.content.decode().replace('"year":2024', '"year":NaN'),
        MANIFEST.content.decode().replace('"year":2024', '"year":' + "9" * 5000),
        MANIFEST.content.decode().replace('"title":"', '"title":"\\ud800'),
        MANIFEST.content.decode().replace('"size":', '"size":-'),
        MANIFEST.content.decode().replace('"size":', '"size":1e999,"siz":'),
        "null",
        "[]",
        '"text"',
        "[" * 100_000,
        "{" * 100_000,
        "",
    ],
    ids=lambda text: text[:12] + str(len(text)),
)
def test_a_manifest_that_is_not_the_one_text(tmp_path, text):
    assert text.encode() != MANIFEST.content
    caught(tmp_path, repacked((MANIFEST_NAME, text.encode()), *FILES))


# --- bombs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["report.pdf", MANIFEST_NAME])
def test_a_bomb_is_refused(tmp_path, name):
    parts = dict(PARTS) | {name: bytes(30_000_000)}
    caught(tmp_path, repacked(*parts.items()))


def test_too_many_files_are_refused(tmp_path):
    caught(tmp_path, repacked(*PARTS, *((f"{n}.txt", b"") for n in range(10_001))))


_VERIFY_WITH_ONE_GIGABYTE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from kaoping.cli.main import main
sys.exit(main(["package", "verify", sys.argv[1]]))
"""


def test_a_bomb_of_many_small_files_does_not_exhaust_memory(tmp_path):
    """1,300 files of 1 MB that came in 1.5 MB; none of them alone is large."""
    names = [MANIFEST_NAME, *(f"{number}.txt" for number in range(1300))]
    bomb = put(tmp_path / "package.zip", many_alike(names, 999_000))
    assert bomb.stat().st_size < 2_000_000
    ended = subprocess.run(
        [sys.executable, "-c", _VERIFY_WITH_ONE_GIGABYTE, bomb],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in ended.stderr
    assert ended.returncode == 4


# --- at the command line ---------------------------------------------------------------------------


def test_the_command_says_so_and_ends_with_4(tmp_path, capsys):
    sound = put(tmp_path / "sound.zip", PACKAGE)
    broken = put(tmp_path / "broken.zip", PACKAGE.replace(b"year", b"yeaR", 1)[:-1])
    with unchanged(tmp_path):
        said = kaoping(capsys, "package", "verify", sound)
        assert said.code == 0
        assert MANIFEST.digest in said.out
        assert refusal(capsys, 4, "package", "verify", broken).out == ""


def test_the_command_prints_the_manifest_as_json(tmp_path, capsys):
    said = kaoping(capsys, "package", "verify", put(tmp_path / "p.zip", PACKAGE), "--json")
    assert said.code == 0
    assert encode(json.loads(said.out)) == MANIFEST.content
