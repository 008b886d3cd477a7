"""`kaoping document bind|check`, as an office uses it after a sheet was signed by hand."""

from __future__ import annotations

import io
import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from kaoping.cli.main import main
from kaoping.core.canonical import encode
from kaoping.core.report.hand_signing import document_digest
from kaoping.files.archive import zipped
from kaoping.files.fonts import find_faces
from kaoping.files.hand_signing import SHEETS
from kaoping.files.journal.folder import Journal
from kaoping.files.journal.run import (
    JOURNAL,
    RUN_NAME,
    keep_run,
    keep_written,
    run_act,
    run_files,
)
from kaoping.files.package import build_package, manifest_of
from kaoping.files.pdf import document_pdf
from tests.cli.folders import AT, has_chinese, kaoping, refusal, unchanged
from tests.examples import COUNTY, batch_of
from tests.files.official import AT as MADE_AT
from tests.files.official import official, paper
from tests.journals import KEY

if TYPE_CHECKING:
    from PIL import Image

SIGNED = ("--signer", "经办人=甲某某", "--signer", "部门负责人=乙某某")
DAY = ("--signed-on", "2025-01-21")


@pytest.fixture(scope="module")
def made():
    """A paper, and scans of it: a picture of a page as PNG and JPEG, and a PDF of pictures."""
    content = document_pdf(paper(), find_faces())
    picture = pypdfium2.PdfDocument(content)[0].render(scale=1).to_pil().convert("RGB")
    return {
        "sheet.pdf": content,
        "scan.png": saved(picture, "PNG"),
        "scan.jpg": saved(picture, "JPEG"),
        "scan.pdf": saved(picture, "PDF"),
        "other.pdf": document_pdf(official(), find_faces()),
    }


def saved(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path, made):
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def bind_words(folder, *scans, file="sheet.pdf", signers=SIGNED, day=DAY, more=()):
    names = [folder / name for name in scans or ("scan.png",)]
    words = ["document", "bind", folder / file, *names, *signers, *day, "--at", AT, *more]
    return [*words, "--out", folder / "binding.json"]


def check_words(folder, *more):
    return ["document", "check", folder / "binding.json", *more]


@pytest.fixture(scope="module")
def binding(made, tmp_path_factory):
    """What binding the paper to two scans writes."""
    place = tmp_path_factory.mktemp("bound")
    for name, content in made.items():
        (place / name).write_bytes(content)
    assert main([str(word) for word in bind_words(place, "scan.pdf", "scan.png")]) == 0
    return (place / "binding.json").read_bytes()


@pytest.fixture
def bound(folder, binding):
    """A folder with paper, scans and the binding."""
    (folder / "binding.json").write_bytes(binding)
    return folder


def test_what_was_bound_is_written_down(bound, capsys):
    table = json.loads((bound / "binding.json").read_text("utf-8"))
    assert table["format"] == "kaoping-binding/1"
    assert table["digest"] == document_digest(paper())
    for one in (table["paper"], *table["scans"]):
        content = (bound / one["name"]).read_bytes()
        assert (one["size"], one["sha256"]) == (len(content), sha256(content).hexdigest())
    assert [one["name"] for one in table["scans"]] == ["scan.pdf", "scan.png"]
    assert table["signers"] == [
        {"role": "经办人", "name": "甲某某"},
        {"role": "部门负责人", "name": "乙某某"},
    ]
    assert table["signed_on"] == "2025-01-21"
    assert table["bound_at"] == "2025-02-20T17:00:00+08:00"
    assert table["journal"] is None
    said = kaoping(capsys, *check_words(bound))
    assert said.code == 0
    assert "与绑定时相同" in said.out
    assert sha256((bound / "binding.json").read_bytes()).hexdigest() in "".join(said.out.split())


def test_the_same_again_changes_nothing_and_another_is_not_written_over(bound, capsys):
    with unchanged(bound):
        assert kaoping(capsys, *bind_words(bound, "scan.pdf", "scan.png")).code == 0
        refusal(capsys, 3, *bind_words(bound, "scan.jpg"))
        refusal(capsys, 3, *bind_words(bound)[:-1], bound / "scan.png")


def test_for_a_program(bound, capsys):
    table = json.loads(kaoping(capsys, *check_words(bound, "--json")).out)
    assert table["valid"]
    assert table["title"] == paper().title


@pytest.mark.parametrize("name", ["sheet.pdf", "scan.pdf", "scan.png"])
def test_a_file_that_changed_is_named(bound, capsys, name):
    content = bytearray((bound / name).read_bytes())
    content[len(content) // 2] ^= 1
    (bound / name).write_bytes(bytes(content))
    said = refusal(capsys, 4, *check_words(bound))
    assert name in said.err
    english = said.err[said.err.index("Not as they were bound") :]
    assert not has_chinese(english), english
    assert not [
        other
        for other in ("sheet.pdf", "scan.pdf", "scan.png")
        if other != name and other in said.err
    ]


def test_another_scan_or_fewer_of_them_are_named(bound, capsys):
    said = refusal(capsys, 4, *check_words(bound, "--scan", bound / "scan.jpg"))
    assert "scan.pdf" in said.err
    assert "应有 2 个" in said.err


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"甲某某"', '"丁某某"'),
        ("2025-01-21", "2025-1-21"),
        ("}\n", "} \n"),
        ('"scan.pdf"', '"../x"'),
    ],
)
def test_a_binding_that_is_not_as_it_was_written_is_none(bound, capsys, old, new):
    path = bound / "binding.json"
    digest = sha256(path.read_bytes()).hexdigest()
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    if old == '"甲某某"':  # well formed: only its digest in the office's register tells
        said = kaoping(capsys, *check_words(bound))
        assert digest not in "".join(said.out.split())
    else:
        refusal(capsys, 4, *check_words(bound))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": "某科2023年度考评指标评分表"}, ["某科2023年度考评指标评分表", paper().title]),
        ({"digest": "0" * 64}, ["0" * 64, document_digest(paper())]),
        ({"signed_on": "1999-01-15"}, ["签字稿生成之日（2025-01-20）以前"]),
        ({"signers": {"部门负责人": "局长"}}, ["没有“局长”", "没有写明部门负责人是谁"]),
        (
            {"title": "某表", "digest": "1" * 64, "signers": {"经办人": "局长"}},
            ["某表", "1" * 64, "没有“局长”"],
        ),
    ],
)
def test_a_binding_that_says_of_its_paper_what_the_paper_does_not_is_refused(
    bound, capsys, change, told
):
    path = bound / "binding.json"
    table = json.loads(path.read_bytes())
    roles = change.get("signers", {})
    signers = [one | {"role": roles.get(one["role"], one["role"])} for one in table["signers"]]
    path.write_bytes(encode(table | change | {"signers": signers}) + b"\n")
    said = refusal(capsys, 4, *check_words(bound))
    words = "".join(said.err.split())
    for one in told:
        assert one in words, said.err
    assert "与绑定时相同" not in said.out


@pytest.mark.parametrize("key", ["scans", "signers"])
def test_a_binding_without_scans_or_signers_is_none(bound, capsys, key):
    path = bound / "binding.json"
    path.write_bytes(encode(json.loads(path.read_bytes()) | {key: []}) + b"\n")
    said = refusal(capsys, 4, *check_words(bound))
    assert "不是完好的绑定文件" in said.err


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"signers": ("--signer", "经办人=甲某某")}, ["没有写明部门负责人是谁", "两个不同的人"]),
        (
            {"signers": ("--signer", "经办人=甲某某", "--signer", "部门负责人=甲　某某")},
            ["不同的人"],
        ),
        ({"signers": (*SIGNED, "--signer", "局长=丙某某")}, ["没有“局长”"]),
        ({"day": ("--signed-on", "2025-02-21")}, ["以后"]),
        ({"day": ("--signed-on", "2025-01-19")}, ["签字稿生成之日（2025-01-20）以前"]),
        ({"scans": ("x/sheet.pdf",)}, ["sheet.pdf、sheet.pdf 文件名相同", "请给扫描件另取文件名"]),
        ({"scans": ("x/Sheet.PDF",)}, ["Sheet.PDF 文件名相同", "请给扫描件另取文件名"]),
        ({"scans": ("scan.png", "x/scan.png")}, ["请给扫描件另取文件名"]),
        ({"scans": ("scan.png", "x/SCAN.png")}, ["scan.png、SCAN.png 文件名相同"]),
        ({"scans": ("sheet.pdf",)}, ["签字稿本身"]),
        ({"scans": ("scan.png", "scan.png")}, ["同一个文件"]),
        ({"scans": ("notes.txt",)}, ["不是 PDF、JPEG 或 PNG"]),
        ({"scans": ("torn.pdf",)}, ["torn.pdf"]),
        ({"scans": ("torn.png",)}, ["torn.png"]),
        ({"scans": ("saved.pdf",)}, ["没有签过字的签字稿"]),
        ({"file": "other.pdf"}, ["不是本系统生成的签字稿"]),
        ({"file": "scan.pdf", "scans": ("scan.png",)}, ["不是本系统生成的签字稿"]),
        ({"scans": ("none.pdf",)}, ["找不到文件"]),
        (
            {
                "signers": ("--signer", "经办人=甲某某", "--signer", "局长=甲某某"),
                "day": ("--signed-on", "2025-02-21"),
                "scans": ("sheet.pdf", "notes.txt"),
            },
            ["没有“局长”", "没有写明部门负责人是谁", "不同的人", "以后", "签字稿本身", "notes.txt"],
        ),
    ],
)
def test_what_is_refused_writes_nothing(folder, capsys, made, change, told):
    (folder / "notes.txt").write_text("扫描件")
    (folder / "torn.pdf").write_bytes(b"%PDF-1.7\n" + bytes(100))
    (folder / "torn.png").write_bytes(made["scan.png"][:200])
    (folder / "saved.pdf").write_bytes(made["sheet.pdf"] + b"\n")
    (folder / "x").mkdir()
    for name in ("sheet.pdf", "Sheet.PDF"):
        (folder / "x" / name).write_bytes(made["scan.pdf"])
    for name in ("scan.png", "SCAN.png"):
        (folder / "x" / name).write_bytes(made["scan.jpg"])
    scans = change.pop("scans", ())
    with unchanged(folder):
        said = refusal(capsys, 1, *bind_words(folder, *scans, **change))
    words = "".join(said.err.split())
    for one in told:
        assert "".join(one.split()) in words, said.err


def test_it_may_be_signed_on_the_day_on_which_it_was_made(folder, capsys):
    assert kaoping(capsys, *bind_words(folder, day=("--signed-on", "2025-01-20"))).code == 0


@pytest.mark.parametrize("bad", [("--signer", "甲某某"), ("--signed-on", "昨天"), ("--key", "x")])
def test_wrong_words_are_a_wrong_use(folder, capsys, bad):
    with unchanged(folder):
        refusal(capsys, 2, *bind_words(folder, more=bad))


# --- out of a run ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def package(made, tmp_path_factory):
    """The package of a run whose only sheet is the paper."""
    place = tmp_path_factory.mktemp("run")
    batch = batch_of(COUNTY)
    act = run_act(batch.scheme_text, batch.inputs, b"[]", MADE_AT)
    keep_run(place / JOURNAL, act, KEY)
    sheets = zipped([("某科.pdf", made["sheet.pdf"])], MADE_AT)
    files = [("scheme.toml", batch.scheme_text), ("scores.json", b"[]"), (SHEETS, sheets)]
    head = manifest_of(batch.scheme, (), (), MADE_AT).head
    keep_written(place / JOURNAL, act, head, files, KEY)
    files += run_files(place / JOURNAL)
    (place / "package.zip").write_bytes(
        build_package(batch.scheme, files, batch.inputs, MADE_AT)[0]
    )
    return place / "package.zip"


def test_that_the_paper_came_out_of_a_run_is_shown_by_its_package(folder, package, capsys):
    key = ("--key", KEY.verifier(RUN_NAME).text)
    said = kaoping(capsys, *bind_words(folder, more=("--package", package, *key)))
    assert said.code == 0, said.err
    journal = json.loads((folder / "binding.json").read_text("utf-8"))["journal"]
    checkpoint = Journal.open(package.parent / JOURNAL).checkpoint().checkpoint
    assert journal == {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
    }
    assert kaoping(capsys, *check_words(folder)).code == 0


def test_whoever_binds_without_a_package_is_reminded_that_no_figure_was_checked(
    folder, package, capsys
):
    for words in (bind_words(folder), check_words(folder)):
        said = kaoping(capsys, *words)
        assert said.code == 0
        told = "".join(said.out.split())
        assert "提醒：绑定时没有给出报送包，没有核对签字稿上的数字" in told
        assert "--package" in told
    (folder / "binding.json").unlink()
    for words in (bind_words(folder, more=("--package", package)), check_words(folder)):
        said = kaoping(capsys, *words)
        assert said.code == 0
        assert "提醒" not in said.out


@pytest.mark.parametrize("rows", [3, 61])
def test_a_paper_of_another_run_is_refused(folder, package, capsys, rows):
    (folder / "sheet.pdf").write_bytes(document_pdf(paper(rows), find_faces()))
    with unchanged(folder):
        said = refusal(capsys, 1, *bind_words(folder, more=("--package", package)))
    assert "没有这份签字稿" in said.err


def test_a_package_that_is_not_sound_is_refused(folder, package, capsys):
    content = bytearray(package.read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "package.zip").write_bytes(bytes(content))
    with unchanged(folder):
        refusal(capsys, 4, *bind_words(folder, more=("--package", folder / "package.zip")))
