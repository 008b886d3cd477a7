"""The journal of a batch run: what was read and computed, and then everything that was written.

A batch signs nothing for anybody. Its journal has a name made from its first act, so that no two runs
share one, and two entries: `run.computed` binds scheme, inputs and scores, and its root stands on
every result; `run.written` then binds the results themselves. Salts and signature come from one key,
so that with a given key and time the journal is the same bytes from run to run.
"""

from __future__ import annotations

import json
import tempfile
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaoping.core.acts.codec import act_table, decode_act
from kaoping.core.acts.envelope import Act
from kaoping.core.acts.keeping import ListedFile, RunComputed, RunWritten
from kaoping.core.canonical import encode, sha256
from kaoping.core.errors import InputError, TamperError
from kaoping.core.package import MANIFEST_NAME, FiledFile, filed_file, tampered
from kaoping.files.journal.archive import INSTRUCTIONS, journal_files, package_instructions
from kaoping.files.journal.folder import Journal
from kaoping.files.journal.inquiry import Asked
from kaoping.files.journal.rescoring import ENGINE
from kaoping.files.journal.verification import first_failure, verify

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kaoping.core.acts.union import Content
    from kaoping.core.journal import Checkpoint, SignedCheckpoint
    from kaoping.core.note import VerifierKey
    from kaoping.core.package import Manifest
    from kaoping.files.journal.keys import SigningKey

JOURNAL = "journal"
RECEIPTS = ("computed", "written")
"""How the receipts of a package are called, by the index of their entry."""
RUN_NAME = "kaoping-run"
"""How the names of journals of runs begin; and the name of a key for all of them, on paper."""
EVIDENCE = "evidence/"
_NAMESPACE = uuid.UUID("9d2f1c1e-5b0a-5c55-9b7e-6b616f70696e")
_NAME_DIGITS = 20


def run_act(scheme: bytes, inputs: Sequence[FiledFile], scores: bytes, at: datetime) -> Act:
    """The act of a run.

    Args:
        scheme: the text of the scheme.
        inputs: everything the assessment rests on, by digest.
        scores: what `scores.json` holds.
        at: the time of the run.
    """
    content = RunComputed(
        engine=ENGINE,
        scheme=sha256(scheme),
        inputs=tuple(
            ListedFile(file.path, file.sha256, file.size) for file in gathered_inputs(inputs)
        ),
        scores=sha256(scores),
        results=(ListedFile("scores.json", sha256(scores), len(scores)),),
    )
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Act(
        id=_made_id(f"run {content} {moment}"),
        at=moment,
        actor=_made_id(f"engine {ENGINE}"),
        subject=_made_id(f"scheme {content.scheme}"),
        content=content,
    )


def gathered_inputs(inputs: Sequence[FiledFile]) -> list[FiledFile]:
    """The inputs as the act lists them: the evidence, which may be thousands of files, as one line.

    Its digest is that of the canonical list of `[path, size, sha256]`, its size the sum of theirs.
    """
    evidence = [file for file in inputs if file.path.startswith(EVIDENCE)]
    others = [file for file in inputs if not file.path.startswith(EVIDENCE)]
    if not evidence:
        return others
    listed = encode([[file.path, file.size, file.sha256] for file in evidence])
    return [*others, FiledFile(EVIDENCE, sum(file.size for file in evidence), sha256(listed))]


def _made_id(text: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, text))


def keep_run(folder: Path, act: Act, key: SigningKey) -> SignedCheckpoint:
    """Write the journal of a run into a new folder and sign it.

    Returns:
        The checkpoint, whose size and root stand on every result.
    """
    table = _table(act)
    origin = f"{RUN_NAME}/{sha256(encode(table))[:_NAME_DIGITS]}"
    journal = Journal.create(folder, origin, key)
    return journal.record([table], key.salts(), key)[1]


def keep_written(
    folder: Path, computed: Act, head: bytes, files: Sequence[tuple[str, bytes]], key: SigningKey
) -> Checkpoint:
    """Add to the journal of a run what it wrote: every file that carries the root of the first act.

    Args:
        folder: the journal.
        computed: its first act.
        head: what the manifest says besides the files; it stands as `manifest.json`.
        files: path and content of everything written but the journal itself.
        key: the journal's key.
    """
    listed = [filed_file(path, content) for path, content in [(MANIFEST_NAME, head), *files]]
    content = RunWritten(
        run=computed.id,
        files=tuple(ListedFile(file.path, file.sha256, file.size) for file in listed),
    )
    act = replace(computed, id=_made_id(f"written {content}"), content=content)
    return Journal.open(folder).record([_table(act)], key.salts(), key)[1].checkpoint


def _table(act: Act) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(encode(act_table(act)))
    return table


def run_files(folder: Path) -> list[tuple[str, bytes]]:
    """What a package carries of the journal: tiles, bodies, receipts with bodies, instructions."""
    journal = Journal.open(folder)
    files = sorted(journal_files(journal, with_bodies=True))
    return [
        (INSTRUCTIONS, package_instructions(journal.key.name).encode()),
        *((f"{JOURNAL}/{path}", content) for path, content in files),
        *(file for index in range(len(RECEIPTS)) for file in _receipt_files(journal, index)),
    ]


def _receipt_files(journal: Journal, index: int) -> list[tuple[str, bytes]]:
    name = RECEIPTS[index]
    return [
        (f"receipts/{name}.body.json", encode(journal.bodies.get(index) or {})),
        (f"receipts/{name}.tlog-proof", journal.receipt(index).text.encode()),
    ]


# --- verifying ------------------------------------------------------------------------------------


def verify_run(
    files: Mapping[str, bytes], manifest: Manifest, keys: Sequence[VerifierKey]
) -> Checkpoint | None:
    """Verify the journal that a package carries, and that it binds everything the package holds.

    Args:
        files: the content of the package's files by path.
        manifest: the package's manifest.
        keys: keys of the journal from elsewhere, under its name or under `kaoping-run`; its own is
            believed if there are none.

    Returns:
        The journal's checkpoint; None where the package carries no journal and no key was given.

    Raises:
        TamperError: naming the first thing that is wrong.
    """
    own = {path: content for path, content in files.items() if path.startswith(f"{JOURNAL}/")}
    if not own and not keys:
        return None
    with tempfile.TemporaryDirectory() as scratch:
        try:
            journal = _unpacked(Path(scratch), own)
            return _verified(journal, files, manifest, keys)
        except (InputError, OSError):
            raise tampered(JOURNAL, "没有完好的存证日志", "no sound journal is in it") from None


def _unpacked(folder: Path, own: Mapping[str, bytes]) -> Journal:
    for path, content in own.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return Journal.open(folder / JOURNAL)


def _verified(
    journal: Journal, files: Mapping[str, bytes], manifest: Manifest, keys: Sequence[VerifierKey]
) -> Checkpoint:
    known = named_for(journal.key.name, keys) or [journal.key]
    failed = first_failure(verify(Asked(journal.folder, known, complete=True)))
    if failed is not None:
        raise TamperError(failed.zh, failed.en)
    computed, written = (_content(journal, index) for index in range(len(RECEIPTS)))
    if not isinstance(computed, RunComputed) or not isinstance(written, RunWritten):
        raise tampered(JOURNAL, "日志里没有批量计算", "its journal has no run")
    _check_inputs(computed, files, manifest)
    _check_files(written, files, manifest, dict(run_files(journal.folder)))
    return journal.checkpoint().checkpoint


def named_for(origin: str, keys: Sequence[VerifierKey]) -> list[VerifierKey]:
    """Keys as they count for one journal: one for all runs, as it stands on paper, under its name.

    Args:
        origin: the journal's name; those of runs differ from run to run.
        keys: keys of the journal, or `kaoping-run+…`.
    """
    is_run = origin.startswith(f"{RUN_NAME}/")
    return [replace(key, name=origin) if is_run and key.name == RUN_NAME else key for key in keys]


def _content(journal: Journal, index: int) -> Content | None:
    body = journal.bodies.get(index)
    return decode_act(body["act"]).content if body else None


def _check_inputs(computed: RunComputed, files: Mapping[str, bytes], manifest: Manifest) -> None:
    """Whether the package was made from what the journal says was computed.

    Raises:
        TamperError: naming the file that is another one.
    """
    if sha256(files.get("scheme.toml", b"")) != computed.scheme:
        raise tampered("scheme.toml", "不是日志所记的方案", "it is not the scheme of the journal")
    if sha256(files.get("scores.json", b"")) != computed.scores:
        raise tampered("scores.json", "不是日志所记的得分", "they are not those of the journal")
    gathered = gathered_inputs(manifest.inputs)
    if tuple(ListedFile(f.path, f.sha256, f.size) for f in gathered) != computed.inputs:
        raise tampered(
            MANIFEST_NAME, "所列输入不是日志所记的", "its inputs differ from the journal"
        )


def _check_files(
    written: RunWritten,
    files: Mapping[str, bytes],
    manifest: Manifest,
    of_journal: Mapping[str, bytes],
) -> None:
    """Whether every file of the package is one that the journal lists, or the journal's own.

    Raises:
        TamperError: naming the first that is not.
    """
    held = {path: content for path, content in files.items() if path not in of_journal}
    held[MANIFEST_NAME] = manifest.head
    listed = {file.path: file.sha256 for file in written.files}
    for path in [*listed, *held]:
        if listed.get(path) != sha256(held.get(path, b"")) or path not in held:
            raise tampered(path, "不是日志所记的结果", "it is not the result of the journal")
    for path, content in of_journal.items():
        if files.get(path) != content:
            raise tampered(path, "不是这份日志的文件", "it is not of its journal")
