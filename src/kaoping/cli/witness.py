"""`kaoping witness`: cosign as another office, and ask witnesses to cosign."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from kaoping.cli import show
from kaoping.cli.arguments import add_file, add_inner_verbs, add_verb, now
from kaoping.cli.keys import add_signing_key, read_keys
from kaoping.cli.language import said
from kaoping.core.errors import RefusedError, UsageError
from kaoping.core.note import KeyKind
from kaoping.files.atomic import refuse_taken_place, write_whole
from kaoping.files.journal.folder import Journal, read_note, state_beside
from kaoping.files.journal.keys import read_key
from kaoping.files.journal.witnessing import (
    LOOPBACK,
    Witness,
    ask,
    make_server,
    request_of,
    require_cosigned,
)

if TYPE_CHECKING:
    import argparse

    from kaoping.cli.arguments import Verbs

DEFAULT_PORT = 8423


def add_witness(verbs: Verbs) -> None:
    """Add `kaoping witness`."""
    witness = add_verb(verbs, "witness", "见证：签署、请求签署", "cosign, and ask for it")
    inner = add_inner_verbs(witness)
    _add_serve(inner)
    _add_sign(inner)
    _add_ask(inner)
    _add_take(inner)


def _add_serve(inner: Verbs) -> None:
    serve = add_verb(inner, "serve", "在网络上提供见证", "cosign over HTTP (C2SP tlog-witness)")
    _add_identity(serve)
    serve.add_argument("--host", default=LOOPBACK, help=said("监听地址", "address to listen on"))
    serve.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help=said("监听端口", "port to listen on")
    )
    serve.set_defaults(command=_serve)


def _add_sign(inner: Verbs) -> None:
    sign = add_verb(
        inner,
        "sign",
        "签署 U 盘带来的日志文件夹或请求文件",
        "cosign a journal folder or a request brought as files",
    )
    about = said(
        "日志文件夹，或 kaoping witness ask --out 写出的请求", "a journal, or a request from ask"
    )
    add_file(sign, "asked", said("日志或请求", "JOURNAL-or-REQUEST"), about)
    _add_identity(sign)
    sign.add_argument(
        "--out",
        type=Path,
        metavar=said("输出文件", "FILE"),
        help=said("签名行写到这里（不写则显示）", "where the cosignature goes, if not printed"),
    )
    sign.set_defaults(command=_sign)


def _add_identity(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--name",
        required=True,
        metavar=said("名称", "NAME"),
        help=said("见证人的名称", "the name of the witness"),
    )
    add_signing_key(parser)
    parser.add_argument(
        "--log",
        dest="logs",
        nargs="+",
        action="extend",
        required=True,
        metavar=said("公钥或文件", "VKEY-or-FILE"),
        help=said("所见证的日志的公钥", "verifier keys of the journals it knows"),
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar=said("文件", "FILE"),
        help=said(
            "记住签到哪里的文件（默认在密钥旁）", "keeps what was cosigned last (beside the key)"
        ),
    )


def _add_ask(inner: Verbs) -> None:
    asking = add_verb(
        inner, "ask", "请见证人签署日志的检查点", "ask a witness to cosign a journal's checkpoint"
    )
    _add_journal(asking)
    way = asking.add_mutually_exclusive_group(required=True)
    way.add_argument("--url", help=said("见证人的地址，如 http://主机:8423", "its address"))
    way.add_argument(
        "--out",
        type=Path,
        metavar=said("输出文件", "FILE"),
        help=said("写成请求文件，用 U 盘带去", "write the request into a file for a stick"),
    )
    asking.add_argument(
        "--held",
        type=int,
        default=0,
        metavar="N",
        help=said(
            "见证人已签到的条数（首次为 0；不清楚时问见证人，或见其拒签时的提示）",
            "how many entries the witness has cosigned (0 at first; a refusal tells)",
        ),
    )
    _add_witness_key(asking, required=False)
    asking.set_defaults(command=_ask)


def _add_take(inner: Verbs) -> None:
    take = add_verb(
        inner, "take", "把见证人的签名行收进检查点", "put a witness's answer under the checkpoint"
    )
    _add_journal(take)
    add_file(take, "answer", said("签名文件", "FILE"), said("见证人的签名行", "its cosignature"))
    _add_witness_key(take, required=True)
    take.set_defaults(command=_take)


def _add_journal(parser: argparse.ArgumentParser) -> None:
    add_file(parser, "journal", said("日志", "JOURNAL"), said("日志文件夹", "a journal's folder"))


def _add_witness_key(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument(
        "--witness",
        nargs="+",
        action="extend",
        required=required,
        default=[],
        metavar=said("公钥或文件", "VKEY-or-FILE"),
        help=said("见证人的公钥", "the verifier key of the witness"),
    )


# --- what they do ---------------------------------------------------------------------------------


def _witness(chosen: argparse.Namespace) -> Witness:
    key = read_key(chosen.signing_key)
    return Witness(
        signer=key.signer(chosen.name, KeyKind.COSIGNATURE),
        keys=read_keys(chosen.logs),
        state=chosen.state or state_beside(chosen.signing_key),
        clock=lambda: int(now().timestamp()),
        on_first=_note_first,
    )


def _note_first(origin: str) -> None:
    show.print_note(
        f"首次见证该日志，此前没有记录：{origin}；如果以前签过，请先找回 .signed 文件，不要把签名交出。",
        f"First cosignature of this journal, nothing is known of it: {origin}. If it was cosigned "
        "before, restore the .signed file first and hand nothing over.",
    )


def _serve(chosen: argparse.Namespace) -> int:
    witness = _witness(chosen)
    with make_server(witness, chosen.host, chosen.port) as server:
        place = f"http://{chosen.host}:{server.server_address[1]}"
        show.print_line(
            said(
                f"见证人 {chosen.name} 在 {place} 提供服务，按 Ctrl+C 结束。公钥：",
                f"Witness {chosen.name} serves at {place}; end it with Ctrl+C. Its key:",
            )
        )
        show.print_line(witness.signer.key.text)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            show.print_line(said("已结束。", "Ended."))
    return 0


def _sign(chosen: argparse.Namespace) -> int:
    witness = _witness(chosen)
    is_folder = chosen.asked.is_dir()
    if chosen.out is not None:  # before anything is signed
        state = witness.state, witness.state.with_name(f"{witness.state.name}.lock")
        beside = state_beside(chosen.signing_key)
        refuse_taken_place(
            chosen.out,
            inside=chosen.asked if is_folder else None,
            inputs=[chosen.asked, chosen.signing_key, beside, *state],
            may_replace=lambda former: _is_line_of(former, chosen.name),
        )
    if is_folder:
        journal = Journal.open(chosen.asked)
        request = request_of(journal, witness.held_size(journal.key.name))
    else:
        request = _read_request(chosen.asked)
    line = require_cosigned(witness.answer(request), request)
    if chosen.out is None:
        show.print_line(line.rstrip("\n"))
    else:
        write_whole(chosen.out, line.encode())
        show.print_line(
            said(
                f"已签署，签名行在 {chosen.out}，请带回日志处。",
                f"Cosigned; the line is in {chosen.out}: take it back to the journal.",
            )
        )
    return 0


def _is_line_of(former: bytes, name: str) -> bool:
    """Whether a file holds one signature line of that name and nothing else."""
    line = rf"{_DASH} {re.escape(name)} [A-Za-z0-9+/=]+\n"
    return re.fullmatch(line.encode(), former) is not None


def _read_request(path: Path) -> str:
    """A request as `kaoping witness ask --out` wrote it.

    Raises:
        RefusedError: where it is something else, such as a bare checkpoint.
    """
    request = read_note(path)
    if not request.startswith(_REQUEST):
        raise RefusedError(
            f"{path.name} 不是见证请求，见证人没有签署。只有检查点不够：还要证明它是上次的延续。"
            "请给出整个日志文件夹，或 kaoping witness ask --out 写出的请求文件。",
            f"{path.name} is no request; nothing was cosigned. A bare checkpoint is not enough. Give "
            "the journal's whole folder, or a request written by kaoping witness ask --out.",
        )
    return request


_REQUEST = "old "
_DASH = "\u2014"
"""How a request begins, and a signature line."""


def _ask(chosen: argparse.Namespace) -> int:
    journal = Journal.open(chosen.journal)
    if chosen.out is not None:
        refuse_taken_place(chosen.out, inside=chosen.journal, may_replace=_is_request)
        write_whole(chosen.out, request_of(journal, chosen.held).encode())
        show.print_line(said(f"请求已写到 {chosen.out}。", f"Wrote the request to {chosen.out}."))
        return 0
    if not chosen.witness:
        raise UsageError(
            "向网上的见证人请求签署时，须用 --witness 给出它的公钥（取自纸上）。",
            "Give the witness's verifier key (from paper) with --witness.",
        )
    return _add(journal, ask(chosen.url, journal, chosen.held), chosen.witness)


def _is_request(former: bytes) -> bool:
    """Whether a file holds an earlier request: it may be made anew."""
    return former.startswith(_REQUEST.encode()) and f"\n\n{_DASH} ".encode() in former


def _take(chosen: argparse.Namespace) -> int:
    return _add(Journal.open(chosen.journal), read_note(chosen.answer), chosen.witness)


def _add(journal: Journal, lines: str, witness: list[str]) -> int:
    keys = read_keys(witness)
    signed = journal.add_cosignatures(lines, keys)
    show.print_line(
        said(
            f"检查点（{signed.checkpoint.size} 条）已有所给见证人中 {signed.cosigned_by(keys)} 个"
            "签署。",
            f"The checkpoint of {signed.checkpoint.size} entries is cosigned by "
            f"{signed.cosigned_by(keys)} of the given witnesses.",
        )
    )
    return 0
