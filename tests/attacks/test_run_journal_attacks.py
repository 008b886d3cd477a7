"""A package whose manifest was made anew after the change still fails: its journal binds what it holds."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import datetime

import pytest

from kaoping.core.canonical import encode, sha256
from kaoping.core.errors import TamperError
from kaoping.core.package import MANIFEST_NAME, FiledFile, filed_file, read_manifest
from kaoping.files.archive import stored
from kaoping.files.journal.keys import SigningKey
from kaoping.files.journal.run import keep_run, keep_written, run_act, run_files
from kaoping.files.outputs import score_folder
from kaoping.files.package import verify_package
from tests.cli.folders import COUNTY, kaoping, refusal
from tests.files.samples import put
from tests.journals import KEY

AT = datetime.fromisoformat("2025-02-20T17:00:00+08:00")


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The members of a package of a run, without typesetting."""
    place = tmp_path_factory.mktemp("run")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("document_pdf", "document_docx"):
            patch.setattr(f"kaoping.files.outputs.{name}", lambda *_, **__: b"typeset")
        score_folder(COUNTY, place / "out", AT, lambda _zh, _en: None, KEY)
    with zipfile.ZipFile(place / "out" / "package.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files, *, inputs=None):
    """The package anew, with a manifest that is itself in order."""
    manifest = read_manifest(files[MANIFEST_NAME])
    content = [(name, data) for name, data in files.items() if name != MANIFEST_NAME]
    listed = tuple(filed_file(name, data) for name, data in content)
    manifest = replace(manifest, files=listed, inputs=inputs or manifest.inputs)
    return stored([(MANIFEST_NAME, manifest.content), *content], AT)


def verdict(tmp_path, content, keys=()):
    return verify_package(put(tmp_path / "package.zip", content), keys)


def own_key(files):
    from kaoping.core.note import parse_vkey

    return parse_vkey(files["journal/vkey"].decode())


def caught(tmp_path, content, keys=()):
    with pytest.raises(TamperError) as error:
        verdict(tmp_path, content, keys)
    return error.value.zh


def test_the_untouched_package_verifies_with_and_without_the_key(tmp_path, package):
    """Control: the package as it is, and made anew from its parts, is the same and sound."""
    content = packed(package)
    found = verdict(tmp_path, content, [own_key(package)])
    assert found.checkpoint is not None
    assert found.checkpoint.size == 2
    assert verdict(tmp_path, content).checkpoint == found.checkpoint


@pytest.mark.parametrize("name", ["scheme.toml", "scores.json"])
def test_another_scheme_or_other_scores_are_named(tmp_path, package, name):
    changed = package | {name: package[name].replace(b"2024", b"2023").replace(b"0", b"1", 1)}
    assert changed[name] != package[name]
    assert name in caught(tmp_path, packed(changed))


@pytest.mark.parametrize(
    "name",
    [
        "report.pdf",
        "report.docx",
        "scores.xlsx",
        "unit-sheets.zip",
        "section-sheets.zip",
        "verification-papers.zip",
        "entry-table.xlsx",
        "entry-table.json",
        "problems.md",
        "核验说明.txt",
    ],
)
def test_everything_a_person_reads_is_bound(tmp_path, package, name):
    """The manifest was made anew; only the journal knows what was written."""
    assert name in caught(tmp_path, packed(package | {name: package[name] + b"x"}))
    missing = {n: data for n, data in package.items() if n != name}
    assert name in caught(tmp_path, packed(missing))


def test_a_file_that_was_never_written_and_another_title_are_named(tmp_path, package):
    assert "extra.txt" in caught(tmp_path, packed(package | {"extra.txt": b"x"}))
    manifest = replace(read_manifest(package[MANIFEST_NAME]), title="另一个名称")
    changed = package | {MANIFEST_NAME: manifest.content}
    assert MANIFEST_NAME in caught(tmp_path, packed(changed))


def test_the_key_on_paper_serves_for_every_run(tmp_path, package):
    on_paper = KEY.verifier("kaoping-run")
    assert verdict(tmp_path, packed(package), [on_paper]).checkpoint is not None
    other = SigningKey.fresh().verifier("kaoping-run")
    assert "没有所给公钥的签名" in caught(tmp_path, packed(package), [other])


def test_other_inputs_are_noticed(tmp_path, package):
    inputs = list(read_manifest(package[MANIFEST_NAME]).inputs)
    inputs[1] = FiledFile(inputs[1].path, inputs[1].size, "0" * 64)
    assert "所列输入" in caught(tmp_path, packed(package, inputs=tuple(inputs)))
    assert "所列输入" in caught(tmp_path, packed(package, inputs=tuple(inputs[:-1])))


def journal_members(files):
    return [name for name in files if name.startswith(("journal/", "receipts/"))]


def test_every_file_of_the_journal_is_guarded(tmp_path, package):
    members = journal_members(package)
    assert len(members) == 9
    for name in members:
        data = package[name]
        flipped = (
            data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]
        )
        caught(tmp_path, packed(package | {name: flipped}))
        missing = {other: content for other, content in package.items() if other != name}
        caught(tmp_path, packed(missing))


def test_a_package_that_lost_its_journal_is_no_answer_to_who_has_the_key(tmp_path, package):
    without = {n: data for n, data in package.items() if n not in journal_members(package)}
    assert verdict(tmp_path, packed(without)).checkpoint is None
    assert "没有完好的存证日志" in caught(tmp_path, packed(without), [own_key(package)])


def test_scores_changed_with_a_new_journal_under_another_key_need_the_key_from_paper(
    tmp_path, package
):
    """All of it made anew by somebody else: only the key tells, and the command says so."""
    scores = package["scores.json"].replace(b'"published": "', b'"published": "9', 1)
    manifest = read_manifest(package[MANIFEST_NAME])
    act = run_act(package["scheme.toml"], manifest.inputs, scores, AT)
    thief = SigningKey.fresh()
    keep_run(tmp_path / "journal", act, thief)
    forged = {n: data for n, data in package.items() if n not in journal_members(package)}
    forged |= {"scores.json": scores}
    listed = [(n, d) for n, d in forged.items() if n not in (MANIFEST_NAME, "核验说明.txt")]
    keep_written(tmp_path / "journal", act, manifest.head, listed, thief)
    forged |= dict(run_files(tmp_path / "journal"))
    assert verdict(tmp_path, packed(forged)).checkpoint is not None
    assert "没有所给公钥的签名" in caught(tmp_path, packed(forged), [own_key(package)])


def test_the_command_says_whose_key_was_believed(tmp_path, capsys, package):
    path = put(tmp_path / "package.zip", packed(package))
    said = kaoping(capsys, "package", "verify", path)
    assert said.code == 0
    assert "用的是包内自带的公钥" in "".join(said.out.split())
    key = put(tmp_path / "vkey", package["journal/vkey"])
    said = kaoping(capsys, "package", "verify", path, "--key", key)
    assert "用的是包内自带的公钥" not in "".join(said.out.split())
    said = kaoping(capsys, "package", "verify", path, "--json")
    assert json.loads(said.out)["journal"]["size"] == 2
    other = KEY.verifier("kaoping-run/00000000000000000000").text
    refusal(capsys, 4, "package", "verify", path, "--key", other)


def test_two_runs_never_share_the_name_of_a_journal(tmp_path):
    """Else one key would sign two roots for the same size of one journal."""
    names = set()
    for number, scores in enumerate((b"[]", b"[1]")):
        for hour in (9, 10):
            act = run_act(b"", [], scores, AT.replace(hour=hour))
            folder = tmp_path / f"{number} {hour}"
            names.add(keep_run(folder, act, KEY).checkpoint.origin)
    assert len(names) == 4


def test_the_evidence_of_a_run_is_bound_as_one_line(tmp_path):
    inputs = [FiledFile(f"evidence/{i}.pdf", i, sha256(encode(i))) for i in range(5000)]
    act = run_act(b"", [FiledFile("results.csv", 3, "a" * 64), *inputs], b"", AT)
    assert [file.path for file in act.content.inputs] == ["results.csv", "evidence/"]  # type: ignore[union-attr]
    changed = [*inputs[:-1], replace(inputs[-1], sha256="0" * 64)]
    other = run_act(b"", [FiledFile("results.csv", 3, "a" * 64), *changed], b"", AT)
    assert act.content != other.content
