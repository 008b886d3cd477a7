"""The journal of a batch run: one act that binds everything read and every score computed.

A batch signs nothing for anybody. Its journal has one entry, `run.computed`, and a name made from
that act, so that no two runs share one; salts and signature come from one key, so that with a given
key and time the journal is the same bytes from run to run.
"""

from __future__ import annotations

import json
import tempfile
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaoping.core.acts.codec import act_table, decode_act
from kaoping.core.acts.envelope import Act
from kaoping.core.acts.keeping import ListedFile, RunComputed
from kaoping.core.canonical import encode, sha256
from kaoping.core.errors import InputError, TamperError
from kaoping.core.package import FiledFile, tampered
from kaoping.files.journal.archive import INSTRUCTIONS, instructions, journal_files
from kaoping.files.journal.folder import Journal
from kaoping.files.journal.rescoring import ENGINE
from kaoping.files.journal.verification import Asked, first_failure, verify

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kaoping.core.journal import Checkpoint
    from kaoping.core.note import VerifierKey
    from kaoping.files.journal.keys import SigningKey

JOURNAL = "journal"
RECEIPT = "receipts/run.tlog-proof"
RECEIPT_BODY = "receipts/run.body.json"
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
    computed = RunComputed(
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
        id=_made_id(f"run {computed} {moment}"),
        at=moment,
        actor=_made_id(f"engine {ENGINE}"),
        subject=_made_id(f"scheme {computed.scheme}"),
        content=computed,
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


def keep_run(folder: Path, act: Act, key: SigningKey) -> Checkpoint:
    """Write the journal of a run into a new folder and sign it.

    Returns:
        The checkpoint, whose size and root stand on every result.
    """
    table: dict[str, Any] = json.loads(encode(act_table(act)))
    origin = f"kaoping-run/{sha256(encode(table))[:_NAME_DIGITS]}"
    journal = Journal.create(folder, origin, key)
    journal.append([table], key.salts())
    return journal.seal(key).checkpoint


def run_files(folder: Path) -> list[tuple[str, bytes]]:
    """What a package carries of the journal: tiles, bodies, a receipt with its body, instructions."""
    journal = Journal.open(folder)
    body = journal.bodies.get(0) or {}
    return [
        (INSTRUCTIONS, instructions(journal.key.name).encode()),
        *((f"{JOURNAL}/{path}", content) for path, content in _sorted_files(journal)),
        (RECEIPT_BODY, encode(body)),
        (RECEIPT, journal.receipt(0).text.encode()),
    ]


def _sorted_files(journal: Journal) -> list[tuple[str, bytes]]:
    return sorted(journal_files(journal, with_bodies=True))


def verify_run(
    files: Mapping[str, bytes], inputs: Sequence[FiledFile], keys: Sequence[VerifierKey]
) -> Checkpoint | None:
    """Verify the journal that a package carries, and that it binds what the package holds.

    Args:
        files: the content of the package's files by path.
        inputs: what its manifest says it was made from.
        keys: keys of the journal from elsewhere; its own is believed if there are none.

    Returns:
        The journal's checkpoint; None where the package carries no journal and no key was given.

    Raises:
        TamperError: naming the first thing that is wrong.
    """
    own = {path: content for path, content in files.items() if path.startswith(f"{JOURNAL}/")}
    if not own and not keys:
        return None
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for path, content in own.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        try:
            journal = Journal.open(folder / JOURNAL)
        except InputError:
            raise tampered(JOURNAL, "没有完好的存证日志", "no sound journal is in it") from None
        failed = first_failure(verify(Asked(journal.folder, keys or [journal.key], complete=True)))
        if failed is not None:
            raise TamperError(failed.zh, failed.en)
        _check_run((journal.bodies.get(0) or {}).get("act"), files, inputs)
        _check_receipt(journal, files)
        return journal.checkpoint().checkpoint


def _check_receipt(journal: Journal, files: Mapping[str, bytes]) -> None:
    body = encode(journal.bodies.get(0) or {})
    held = files.get(RECEIPT), files.get(RECEIPT_BODY)
    if held != (journal.receipt(0).text.encode(), body):
        raise tampered(RECEIPT, "不是这份日志的回执", "it is not a receipt of its journal")


def _check_run(
    act: Mapping[str, Any] | None, files: Mapping[str, bytes], inputs: Sequence[FiledFile]
) -> None:
    """Whether a package holds what its journal says was computed.

    Args:
        act: the act `run.computed` of the package's journal.
        files: the content of the package's files by path.
        inputs: what its manifest says it was made from.

    Raises:
        TamperError: naming the file that is another one.
    """
    content = decode_act(act or {}).content
    if not isinstance(content, RunComputed):
        raise tampered(JOURNAL, "日志里没有批量计算", "its journal has no run")
    if sha256(files.get("scheme.toml", b"")) != content.scheme:
        raise tampered("scheme.toml", "不是日志所记的方案", "it is not the scheme of the journal")
    for result in content.results:
        if sha256(files.get(result.path, b"")) != result.sha256:
            raise tampered(result.path, "不是日志所记的结果", "it is not the result of the journal")
    listed = tuple(ListedFile(f.path, f.sha256, f.size) for f in gathered_inputs(inputs))
    if listed != content.inputs:
        raise tampered(
            "manifest.json", "所列输入不是日志所记的", "its inputs differ from the journal"
        )
