"""`kaoping key make|show`: signing keys, and the public keys that belong to them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kaoping.cli import show
from kaoping.cli.arguments import add_file, add_inner_verbs, add_verb
from kaoping.cli.language import said
from kaoping.core.errors import InputError, UsageError
from kaoping.core.note import KeyKind, parse_vkey
from kaoping.files.documents import decoded, read_bytes
from kaoping.files.journal.folder import state_beside
from kaoping.files.journal.keys import MAX_KEY_FILE, make_key, make_sm2_key, read_key, sm2_signer

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from kaoping.cli.arguments import Verbs
    from kaoping.core.note import VerifierKey


def add_key(verbs: Verbs) -> None:
    """Add `kaoping key`."""
    key = add_verb(verbs, "key", "生成和查看签名密钥", "make and show signing keys")
    inner = add_inner_verbs(key)
    make = add_verb(inner, "make", "生成一把新的签名密钥", "make a new signing key")
    _add_key_file(make, said("新文件，只有本人可读", "a new file that only its owner may read"))
    make.set_defaults(command=lambda a: _make(a.key_file, sm2=a.sm2))
    look = add_verb(inner, "show", "显示一把密钥的公钥", "show the public key of a signing key")
    _add_key_file(look, said("签名密钥文件", "a file with a signing key"))
    look.add_argument(
        "--name",
        required=True,
        metavar=said("名称", "NAME"),
        help=said("日志或见证人的名称", "the name of the journal or witness"),
    )
    look.add_argument(
        "--witness",
        action="store_true",
        help=said("作为见证人的公钥", "as the key of a witness"),
    )
    look.set_defaults(command=lambda a: _show(a.key_file, a.name, witness=a.witness, sm2=a.sm2))


def _add_key_file(parser: argparse.ArgumentParser, about: str) -> None:
    add_file(parser, "key_file", said("密钥文件", "FILE"), about)
    parser.add_argument("--sm2", action="store_true", help=said("国密 SM2 密钥", "an SM2 key"))


def _make(path: Path, *, sm2: bool) -> int:
    if sm2:
        make_sm2_key(path)
    else:
        make_key(path)
    show.print_line(
        said(
            f"已生成签名密钥 {path}。请妥善保管并离线备份；不要放进日志文件夹，不要交给他人。",
            f"Made the signing key {path}. Keep it safe and a copy off-line; never in a journal.",
        )
    )
    show.print_line(said(*_backed_up_with(path)))
    return 0


def _backed_up_with(path: Path) -> tuple[str, str]:
    """What must be kept together with a key: without it one could sign two histories unawares."""
    state = state_beside(path).name
    return (
        f"签署以后，旁边会有 {state}，记录签到哪里；请与密钥一起备份，恢复时一起恢复，不要删除。",
        f"Once it has signed, {state} beside it says what was signed last: keep both together.",
    )


def _show(path: Path, name: str, *, witness: bool, sm2: bool) -> int:
    if sm2:
        key = sm2_signer(path, name).key
    else:
        kind = KeyKind.COSIGNATURE if witness else KeyKind.ED25519
        key = read_key(path).verifier(name, kind)
    show.print_line(key.text)
    show.print_note(*_backed_up_with(path))
    return 0


# --- what other commands share ---------------------------------------------------------------------


def add_signing_key(parser: argparse.ArgumentParser) -> None:
    """`--signing-key FILE`, which must be given."""
    parser.add_argument(
        "--signing-key",
        type=Path,
        required=True,
        metavar=said("密钥文件", "FILE"),
        help=said(
            "签名密钥（PEM，权限 600）；旁边的 .signed 文件记录签到哪里，须与密钥一起备份",
            "the signing key (PEM, mode 600); back up the .signed file beside it, too",
        ),
    )


def add_keys(parser: argparse.ArgumentParser) -> None:
    """`--key`, and `--witness` with `--quorum`: whom to believe."""
    line = said("公钥或文件", "VKEY-or-FILE")
    parser.add_argument(
        "--key",
        dest="keys",
        nargs="+",
        action="extend",
        required=True,
        metavar=line,
        help=said(
            "日志的公钥（一行）或存有它的文件；取自纸上或 U 盘，不取自日志本身",
            "the journal's verifier key or a file with it, from paper or a stick",
        ),
    )
    parser.add_argument(
        "--witness",
        dest="witnesses",
        nargs="+",
        action="extend",
        default=[],
        metavar=line,
        help=said("见证人的公钥，可写几个", "verifier keys of witnesses, one or more"),
    )
    parser.add_argument(
        "--quorum",
        type=int,
        default=0,
        metavar="K",
        help=said("至少要有几个见证人签署（默认 0）", "how many witnesses must have cosigned"),
    )


def read_keys(texts: Sequence[str]) -> list[VerifierKey]:
    """Verifier keys as they were given: as lines, or as files that hold them.

    Raises:
        InputError: where one is neither.
    """
    return [_read_vkey(text) for text in texts]


def read_witnesses(chosen: argparse.Namespace) -> list[VerifierKey]:
    """The keys of `--witness`, of which `--quorum` must have cosigned.

    Raises:
        UsageError: where so many cannot.
    """
    witnesses = read_keys(chosen.witnesses)
    if not 0 <= chosen.quorum <= len(witnesses):
        raise UsageError(
            f"--quorum {chosen.quorum} 应在 0 和所给见证人的数目 {len(witnesses)} 之间。",
            f"--quorum {chosen.quorum} must lie between 0 and the number of witnesses given.",
        )
    return witnesses


def _read_vkey(text: str) -> VerifierKey:
    if "\n" in text:  # the content of a file, not its name
        _refuse_secret(text)
    # What has the form of a key is the key: no file of that name may take the place of the one that
    # was typed from paper.
    try:
        return parse_vkey(text)
    except InputError:
        if not os.path.exists(text) and ("+" in text or len(text) > _LONGEST_NAME):  # noqa: PTH110 - a name too long is none
            raise
    content = decoded(read_bytes(Path(text), MAX_KEY_FILE))
    _refuse_secret(content)
    try:
        return parse_vkey(content.lstrip(_MARK))
    except InputError:  # which quotes what it read; a file given by mistake is quoted to nobody
        raise InputError(
            f"文件 {text} 里不是完好的公钥。公钥是一行“名称+编号+公钥”，请照纸上的整行写入文件，"
            "或直接写在命令里（加引号）。",
            f"The file {text} holds no sound verifier key: one line “name+id+key”. Put the whole "
            "line from paper into it, or into the command, in quotes.",
        ) from None


_LONGEST_NAME = 255
"""Longest name of a file, in bytes; what is longer is no file."""
_MARK = "\ufeff"
"""What some editors put at the beginning of a text."""
_SECRETS: Final = ("PRIVATE KEY", "kaoping-sm2-key")


def _refuse_secret(text: str) -> None:
    """Refuse a signing key where a verifier key is due, and show nothing of it.

    Raises:
        InputError: saying how to get the verifier key.
    """
    if any(word in text for word in _SECRETS):
        raise InputError(
            "这是签名密钥，不是公钥；请用 kaoping key show 取得公钥。签名密钥不要交给任何人。",
            "This is a signing key, not a verifier key; kaoping key show prints the verifier key. "
            "Give a signing key to nobody.",
        )
