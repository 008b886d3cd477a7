"""`kaoping journal`: keep a journal in a folder, and verify one from its files alone."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaoping.cli import show
from kaoping.cli.arguments import add_file, add_inner_verbs, add_json, add_verb, moment, now
from kaoping.cli.keys import add_keys, add_signing_key, read_keys, read_witnesses
from kaoping.cli.language import said
from kaoping.core.acts.names import act_name
from kaoping.core.errors import InputError, RefusedError, TamperError, UsageError
from kaoping.core.journal import ROOT_PREFIX, parse_checkpoint, require_origin
from kaoping.core.note import divided
from kaoping.files.atomic import refuse_taken_place, resolved, write_whole
from kaoping.files.blobs import FolderBlobs
from kaoping.files.journal.act_lines import allowed_acts, read_act_lines, require_allowed
from kaoping.files.journal.archive import journal_archive
from kaoping.files.journal.database import database
from kaoping.files.journal.folder import CHECKPOINT, VKEY, Journal, read_note, state_beside
from kaoping.files.journal.inquiry import LAYER_NAMES, Asked, State
from kaoping.files.journal.keys import SigningKey, fresh_salt, keep_key, read_key, sm2_signer
from kaoping.files.journal.rescoring import ScoredTables, rescored
from kaoping.files.journal.row_lines import read_row_lines
from kaoping.files.journal.run import named_for
from kaoping.files.journal.verification import first_failure, verify

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kaoping.cli.arguments import Verbs
    from kaoping.core.acts.envelope import Act
    from kaoping.core.journal import SignedCheckpoint
    from kaoping.core.note import VerifierKey
    from kaoping.core.register import Row
    from kaoping.files.journal.database import Database
    from kaoping.files.journal.inquiry import Finding

TAMPERED = 4
DEMO = "demo/"
"""How the names of journals begin whose times may be chosen."""


def add_journal(verbs: Verbs) -> None:
    """Add `kaoping journal`."""
    journal = add_verb(
        verbs, "journal", "存证日志：建立、写入、签署、核验", "keep and verify journals"
    )
    inner = add_inner_verbs(journal)
    _add_init(inner)
    _add_append(inner)
    _add_checkpoint(inner)
    _add_verify(inner)
    _add_show(inner)
    _add_export(inner)
    _add_redact(inner)


def _add_folder(parser: argparse.ArgumentParser) -> None:
    add_file(parser, "journal", said("日志", "DIR"), said("日志文件夹", "the journal's folder"))


def _add_init(inner: Verbs) -> None:
    init = add_verb(inner, "init", "建立一个空日志", "begin a journal")
    _add_folder(init)
    init.add_argument(
        "--origin",
        required=True,
        metavar=said("名称", "NAME"),
        help=said("日志名称，如 kaoping.city.example/2024", "its name, like city.example/2024"),
    )
    add_signing_key(init)
    init.set_defaults(command=lambda a: _init(a.journal, a.origin, a.signing_key))


def _add_append(inner: Verbs) -> None:
    append = add_verb(
        inner, "append", "写入办理（每行一件），逐件按规则审核", "take acts, one a line"
    )
    _add_folder(append)
    add_file(append, "acts", "FILE.jsonl", said("办理，每行一个 JSON", "acts, one JSON a line"))
    append.add_argument(
        "--at",
        type=moment,
        metavar=said("时间", "TIME"),
        help=said("办理时间，仅演示日志可用", "the time of the acts, for demonstrations only"),
    )
    append.set_defaults(command=_append)


def _add_checkpoint(inner: Verbs) -> None:
    checkpoint = add_verb(
        inner, "checkpoint", "签署检查点，此前写入的全部生效", "sign everything taken so far"
    )
    _add_folder(checkpoint)
    add_signing_key(checkpoint)
    checkpoint.add_argument(
        "--sm2-key",
        type=Path,
        metavar=said("密钥文件", "FILE"),
        help=said("另加一行国密 SM2 签名", "sign with SM2, too"),
    )
    checkpoint.add_argument(
        "--restore-state",
        action="store_true",
        help=said(
            "密钥旁的 .signed 文件丢失时，以日志现有的检查点为准重建（先核对检查点是最新的）",
            "where the .signed file beside the key is lost: believe the journal's own checkpoint",
        ),
    )
    checkpoint.set_defaults(command=_checkpoint)


def _add_verify(inner: Verbs) -> None:
    check = add_verb(inner, "verify", "逐层核验日志", "verify a journal, layer by layer")
    _add_folder(check)
    add_keys(check)
    for flag, zh, en in (
        ("--bodies", "正文文件夹（默认在日志旁）", "folder of bodies (default: the journal's)"),
        ("--blobs", "附件文件夹", "folder of attachments"),
        ("--rows", "登记数据（jsonl）", "rows of the register (jsonl)"),
        ("--scheme", "方案，用于复算得分", "scheme, to score anew"),
        ("--results", "结果表，用于复算得分", "results, to score anew"),
        ("--deductions", "扣分表，用于复算得分", "deductions, to score anew"),
        ("--decisions", "决定表，用于复算得分", "decisions, to score anew"),
    ):
        check.add_argument(flag, type=Path, metavar=said("路径", "PATH"), help=said(zh, en))
    check.add_argument(
        "--database",
        metavar=said("数据库", "URL"),
        help=said(
            "平台的数据库（SQLite 文件或 postgresql://…）：正文和登记数据都从中读取",
            "the platform's database (an SQLite file or postgresql://…), with bodies and rows",
        ),
    )
    check.add_argument(
        "--since",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar=said("旧检查点", "OLD_CHECKPOINT"),
        help=said("所持的旧检查点或回执，可写几个", "checkpoints or receipts kept from before"),
    )
    check.add_argument(
        "--complete",
        action="store_true",
        help=said("要求每条都有正文", "demand the body of every entry"),
    )
    add_json(check)
    check.set_defaults(command=_verify)


def _add_show(inner: Verbs) -> None:
    look = add_verb(inner, "show", "列出日志的条目", "list the entries of a journal")
    _add_folder(look)
    look.add_argument(
        "--last", type=int, metavar="N", help=said("只看最后 N 条", "only the last N entries")
    )
    add_json(look)
    look.set_defaults(command=lambda a: _show(a.journal, a.last, as_json=a.json))


def _add_export(inner: Verbs) -> None:
    export = add_verb(
        inner, "export", "导出供外人核验的一份", "write a copy that a stranger can verify"
    )
    _add_folder(export)
    add_file(export, "out", "OUT.zip", said("写到这个文件", "where it goes"))
    export.add_argument(
        "--bodies",
        action="store_true",
        help=said("连同全部正文（只给有权看全部内容的人）", "with all bodies, for who may see all"),
    )
    export.set_defaults(command=lambda a: _export(a.journal, a.out, with_bodies=a.bodies))


def _add_redact(inner: Verbs) -> None:
    redact = add_verb(
        inner,
        "redact",
        "依法删去一条的正文内容（须先有办理）",
        "remove the text of an entry by law",
    )
    _add_folder(redact)
    redact.add_argument(
        "index", type=int, metavar=said("第几条", "INDEX"), help=said("从 0 数起", "from 0")
    )
    redact.set_defaults(command=lambda a: _redact(a.journal, a.index))


# --- what they do ---------------------------------------------------------------------------------


def _init(folder: Path, origin: str, key_file: Path) -> int:
    require_origin(origin)
    _keep_key_out(folder, key_file)
    is_new = not key_file.exists()
    key = SigningKey.fresh() if is_new else read_key(key_file)
    journal = Journal.create(folder, origin, key, state_beside(key_file))
    if is_new:
        keep_key(key_file, key)
        show.print_line(
            said(
                f"已生成签名密钥 {key_file}（只有本人可读）。请把它和旁边的 .signed 文件一起离线备份，"
                "不要放进日志文件夹。",
                f"Made the signing key {key_file}. Keep a copy of it and of the .signed file beside "
                "it off-line, never in the journal.",
            )
        )
    show.print_line(
        said(
            f"日志 {folder} 已建立。请把下面这行公钥印在纸上，交给每个要核验的人：",
            f"Made the journal {folder}. Print this verifier key for everyone who will verify:",
        )
    )
    show.print_line(journal.key.text)
    return 0


def _keep_key_out(folder: Path, key_file: Path) -> None:
    """Refuse a key within the journal, which is handed out.

    Raises:
        RefusedError: where it lies, or would lie, there.
    """
    if resolved(folder) in resolved(key_file).parents:
        raise RefusedError(
            f"密钥文件 {key_file} 在日志文件夹里，日志是要交给别人的，没有使用。请移到别处。",
            f"The key file {key_file} lies in the journal, which is handed out; it was not used. "
            "Move it elsewhere.",
        )


def _append(chosen: argparse.Namespace) -> int:
    journal = Journal.open(chosen.journal)
    if chosen.at is not None and not journal.key.name.startswith(DEMO):
        raise RefusedError(
            f"--at 只能用于演示日志（名称以 {DEMO} 开头）；正式日志的时间只取自本机时钟，没有写入。",
            f"--at is for demonstrations only (journals named {DEMO}…); a real journal takes its "
            "time from the clock; nothing was written.",
        )
    acts: list[Act] = []

    def allowed(size: int) -> list[dict[str, Any]]:
        at = (chosen.at or now()).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        acts.extend(read_act_lines(chosen.acts, at))
        return allowed_acts(journal, size, acts)

    taken = journal.append_after(allowed, fresh_salt)
    known = len(acts) - len(taken)
    zh = f"，另有 {known} 件以前已写入" if known else ""
    en = f"; {known} had been taken before" if known else ""
    span = f"第 {taken[0][0]} 至 {taken[-1][0]} 条" if taken else "没有新条目"
    show.print_line(
        said(
            f"已写入 {len(taken)} 件办理（{span}）{zh}。签署检查点后生效。",
            f"Took {len(taken)} acts{en}. They count once a checkpoint is signed.",
        )
    )
    return 0


def _checkpoint(chosen: argparse.Namespace) -> int:
    journal = Journal.open(chosen.journal)
    others = [sm2_signer(chosen.sm2_key, journal.key.name)] if chosen.sm2_key else []
    _keep_key_out(chosen.journal, chosen.signing_key)
    key, state = read_key(chosen.signing_key), state_beside(chosen.signing_key)
    if chosen.restore_state:
        journal.believe(state)
    signed = journal.seal(key, state, others, lambda size: require_allowed(journal, size))
    _print_checkpoint(signed)
    return 0


def _print_checkpoint(signed: SignedCheckpoint) -> None:
    found = signed.checkpoint
    show.print_line(
        said(
            f"日志 {found.origin}：已签署 {found.size} 条，根 {found.root.hex()}",
            f"Journal {found.origin}: {found.size} entries signed, root {found.root.hex()}",
        )
    )


def _verify(chosen: argparse.Namespace) -> int:
    with _database(chosen) as kept:
        findings = list(verify(_asked(chosen, kept)))
    failed = first_failure(findings)
    if chosen.json:
        show.print_json(_as_json(findings))
    else:
        _print_findings(findings)
    if failed is None:
        return 0
    show.print_error(f"[{failed.layer.value}] {failed.zh}", f"[{failed.layer.value}] {failed.en}")
    return TAMPERED


def _rows_of(path: Path | None) -> Callable[[], Iterable[Row]] | None:
    return (lambda: read_row_lines(path)) if path else None


def _keys_for(folder: Path, keys: list[VerifierKey]) -> list[VerifierKey]:
    """The keys under the name that the journal says it has; whether it is its own is layer C's."""
    try:
        note = read_note(folder / CHECKPOINT)
        return named_for(parse_checkpoint(divided(note)[0]).origin, keys)
    except (InputError, TamperError):
        return keys


@contextmanager
def _database(chosen: argparse.Namespace) -> Iterator[Database | None]:
    """The platform's database, where one is named."""
    if chosen.database is None:
        yield None
        return
    if chosen.rows or chosen.bodies:
        raise UsageError(
            "--database 已含正文和登记数据，不能再写 --rows 或 --bodies。",
            "--database has bodies and rows: leave out --rows and --bodies.",
        )
    with database(chosen.database) as kept:
        yield kept


def _asked(chosen: argparse.Namespace, kept: Database | None) -> Asked:
    for folder in (chosen.journal, chosen.bodies, chosen.blobs):
        if folder is not None and not folder.is_dir():
            raise InputError(
                f"{folder} 不是文件夹。请核对路径。", f"{folder} is no folder. Check the path."
            )
    if (chosen.scheme is None) != (chosen.results is None):
        raise UsageError(
            "复算得分须同时给出 --scheme 和 --results。", "Scoring needs --scheme and --results."
        )
    tables = ScoredTables(chosen.scheme, chosen.results, chosen.deductions, chosen.decisions)
    return Asked(
        folder=chosen.journal,
        keys=_keys_for(chosen.journal, read_keys(chosen.keys)),
        since=chosen.since,
        witnesses=read_witnesses(chosen),
        quorum=chosen.quorum,
        bodies=chosen.bodies,
        database=kept,
        complete=chosen.complete,
        blobs=FolderBlobs(chosen.blobs, only_reading=True) if chosen.blobs else None,
        rows=_rows_of(chosen.rows),
        rescored=rescored(tables) if chosen.scheme else None,
    )


_STATE_WORDS = {
    State.PASSED: ("通过", "passed"),
    State.FAILED: ("不通过", "FAILED"),
    State.NOT_CHECKED: ("未核对", "not checked"),
}


def _print_findings(findings: Sequence[Finding]) -> None:
    rows = [
        (
            found.layer.value,
            said(*LAYER_NAMES[found.layer]),
            said(*_STATE_WORDS[found.state]),
            said(found.zh, found.en),
        )
        for found in findings
    ]
    heads = (said("层", ""), said("核对什么", "What"), said("结论", "Result"), said("说明", "Why"))
    show.print_table(heads, rows)
    if all(found.state is not State.FAILED for found in findings):
        passed = sum(found.state is State.PASSED for found in findings)
        open_layers = "、".join(f.layer.value for f in findings if f.state is State.NOT_CHECKED)
        show.print_line(
            said(
                f"核验通过 {passed} 层"
                + (f"；未核对 {open_layers} 层（见说明）。" if open_layers else "，全部核对。"),
                f"{passed} layers passed"
                + (f"; not checked: {open_layers}." if open_layers else "; nothing left open."),
            )
        )


def _as_json(findings: Sequence[Finding]) -> dict[str, object]:
    failed = first_failure(findings)
    return {
        "sound": failed is None,
        "first_failure": failed.layer.value if failed else None,
        "layers": [
            {"layer": f.layer.value, "state": f.state.value, "zh": f.zh, "en": f.en}
            for f in findings
        ],
    }


def _show(folder: Path, last: int | None, *, as_json: bool) -> int:
    journal = Journal.open(folder)
    signed = journal.checkpoint()
    size = signed.checkpoint.size
    if last is not None and last < 1:
        raise UsageError(
            f"--last {last} 应为 1 以上的整数。", f"--last {last} must be a whole number from 1."
        )
    first = max(0, size - last) if last is not None else 0
    entries = [(index, json.loads(entry)) for index, entry in journal.entries(first)]
    if as_json:
        show.print_json(
            {
                "origin": signed.checkpoint.origin,
                "size": size,
                "root": signed.checkpoint.root.hex(),
                "entries": [{"index": index, **entry} for index, entry in entries],
            }
        )
        return 0
    _print_checkpoint(signed)
    heads = (
        said("序号", "Index"),
        said("时间（北京）", "Time (Beijing)"),
        said("办理", "Act"),
        said("事项", "Subject"),
        said("承诺值", "Commitment"),
    )
    rows = [
        (
            str(index),
            show.beijing(entry["at"]),
            said(act_name(entry["type"]), entry["type"]),
            entry["subject"],
            entry["commitment"][:ROOT_PREFIX],
        )
        for index, entry in entries
    ]
    show.print_table(heads, rows)
    if not entries:
        show.print_line(said("还没有签署过的条目。", "No entry is signed yet."))
    return 0


def _redact(folder: Path, index: int) -> int:
    Journal.open(folder).remove_text(index)
    show.print_line(
        said(
            f"第 {index} 条的正文内容已删去，承诺值不变。备份和已交出的副本请一并处理。",
            f"The text of entry {index} is removed; its commitment holds. Mind backups and copies.",
        )
    )
    return 0


def _export(folder: Path, out: Path, *, with_bodies: bool) -> int:
    journal = Journal.open(folder)
    refuse_taken_place(out, inside=folder)
    write_whole(out, journal_archive(journal, with_bodies=with_bodies))
    show.print_line(
        said(
            f"已写到 {out}。公钥（{VKEY}）请另行当面或印在纸上交给对方。",
            f"Wrote {out}. Hand the verifier key over on paper, not with this file.",
        )
    )
    return 0
