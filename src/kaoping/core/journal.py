"""存证日志: what stands in the journal, what is signed over it, and what a unit holds in its hand.

* An *entry* (条目) is public and says nothing: what kind of act, when, opaque ids, a commitment.
* Its *body* (正文) lies beside the journal, for those who may see it; the commitment binds it.
* A *checkpoint* (检查点) is the journal's size and root, signed (C2SP tlog-checkpoint).
* A *receipt* (回执) proves offline that an entry is in the journal (C2SP tlog-proof).

docs/formats/journal.md and receipt.md say it all for a second implementation.
"""

from __future__ import annotations

import json
import re
from calendar import isleap
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from kaoping.core.canonical import encode
from kaoping.core.errors import InputError, TamperError
from kaoping.core.note import (
    KeyKind,
    divided,
    from_base64,
    open_note,
    to_base64,
    valid_name,
)
from kaoping.core.tree import DIGEST_SIZE, inclusion_proof, leaf_hash, root_of, verify_inclusion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from kaoping.core.note import Note, VerifierKey, Verify
    from kaoping.core.register import Effect

    Salts = Callable[[str], bytes]
    """A salt of `SALT_SIZE` bytes for a label; never the same for two labels."""

MAX_ENTRY = 0xFFFF
"""Longest entry, in bytes: what the two bytes of length in a bundle can say (C2SP tlog-tiles)."""
SALT_SIZE = 32
"""Length of every salt, in bytes."""
ROOT_PREFIX = 16
"""How many hex digits of a root stand on paper."""

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_DAY = (
    "(?:19|20|21)[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))"
)
_LEAP_DAY = b"-02-29"
_CLOCK = f"{_DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
_TYPE = r"[a-z_]{1,40}\.[a-z_]{1,40}/[1-9][0-9]?"
_ENTRY = re.compile(
    rf'\{{"actor":"({_UUID})","at":"({_CLOCK})","commitment":"([0-9a-f]{{64}})",'
    rf'"subject":"({_UUID})","type":"({_TYPE})"\}}'.encode()
)


# --- entries and their bodies ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """条目: one leaf of the tree. Nobody learns a name, a point or a reason from it.

    Attributes:
        actor: the opaque id (UUID) of who acted.
        at: when, in universal time to the second: `2025-01-20T09:00:00Z`.
        commitment: SHA-256 that binds the body, in hex.
        subject: the opaque id (UUID) of what the act is about.
        type: the wire name of the act, with its version.
    """

    actor: str
    at: str
    commitment: str
    subject: str
    type: str

    @property
    def content(self) -> bytes:
        """The canonical JSON that is hashed into the tree."""
        return (
            f'{{"actor":"{self.actor}","at":"{self.at}","commitment":"{self.commitment}",'
            f'"subject":"{self.subject}","type":"{self.type}"}}'
        ).encode()


_ANY_UUID = "********-****-****-****-************"
_CLOSED = b'"}'
_FORM = Entry(_ANY_UUID, "****-**-**T**:**:**Z", "*" * 64, _ANY_UUID, "").content[: -len(_CLOSED)]
"""An entry as far as all are alike; a star for each hex digit."""
_FIXED_SIGNS = [(column, bytes([sign])) for column, sign in enumerate(_FORM) if sign != ord("*")]
_HEX = b"0123456789abcdef"
_OTHER_SIGNS = len(_FORM.translate(None, _HEX + b"*"))
_TIME_AT, _TIME_SIZE = _FORM.index(b"****-**-**T"), len("2025-01-20T09:00:00Z")
_TIME, _END = re.compile(_CLOCK.encode()), re.compile(rf'{_TYPE}"\}}'.encode())


def read_entry(content: bytes) -> Entry | None:
    """The entry of a leaf, or None where it is not one in its canonical form."""
    match = _ENTRY.fullmatch(content)
    if match is None or not _is_day(match[2]):
        return None
    return Entry(*(group.decode() for group in match.groups()))


def time_of(content: bytes) -> bytes | None:
    """When a leaf's entry was taken, as it stands there; None where the leaf is no sound entry."""
    match = _ENTRY.fullmatch(content)
    return match[2] if match is not None and _is_day(match[2]) else None


def times_of(contents: Sequence[bytes]) -> list[bytes | None]:
    """`time_of` many leaves: the same judgement, for who looks at a million of them."""
    times = [content[_TIME_AT : _TIME_AT + _TIME_SIZE] for content in contents]
    return [*times] if _are_entries(contents, times) else [time_of(one) for one in contents]


def kinds_in(contents: Sequence[bytes]) -> set[str]:
    """The wire names of the acts of sound leaves, each once."""
    return {end[: -len(_CLOSED)].decode() for end in {one[len(_FORM) :] for one in contents}}


def _are_entries(contents: Sequence[bytes], times: Sequence[bytes]) -> bool:
    """Whether all leaves are sound entries: what `_ENTRY` says, asked of each column at once."""
    count, width = len(contents), len(_FORM)
    heads = b"".join([content[:width] for content in contents])
    return (
        len(heads) == count * width
        and all(heads[column::width] == sign * count for column, sign in _FIXED_SIGNS)
        # Nothing but hex digits between the fixed signs: no other sign is left over.
        and len(heads.translate(None, _HEX)) == count * _OTHER_SIGNS
        and all(_TIME.fullmatch(time) and _is_day(time) for time in set(times))
        and all(map(_END.fullmatch, {content[width:] for content in contents}))
    )


def _is_day(time: bytes) -> bool:
    return _LEAP_DAY not in time or isleap(int(time[:4]))


def entry_of(body: Mapping[str, Any], bound: str | None = None) -> Entry:
    """The entry that a body with its act belongs to.

    Args:
        body: with its act, or with one line of it.
        bound: its commitment, where that was reckoned already.

    Raises:
        TamperError: where the body has not the form of one.
    """
    try:
        act = body["act"]
        bound = bound or commitment(body)
        entry = Entry(act["actor"], act["at"], bound, act["subject"], act["type"])
    except (KeyError, TypeError):
        raise _no_body() from None
    if read_entry(entry.content) != entry:
        raise _no_body()
    return entry


def sealed_body(
    act: Mapping[str, Any], effects: Sequence[Effect], label: str, salts: Salts
) -> dict[str, Any]:
    """The body of an act, with fresh salts: for the act, for its effects, and for each of its lines."""
    body = {
        "act": act,
        "effects": [list(effect) for effect in effects],
        "effects_salt": salts(f"{label} effects").hex(),
        "salt": salts(label).hex(),
    }
    if _has_lines(act):
        count = len(act["content"]["lines"])
        body["line_salts"] = [salts(f"{label} line {number}").hex() for number in range(count)]
    return body


def commitment(body: Mapping[str, Any]) -> str:
    """What binds a body: SHA-256(digest of the salted act ‖ digest of the salted effects), in hex.

    A body may be whole, an excerpt with one of its lines, or one whose act was removed by law: each
    gives the same commitment. It has no field that the commitment does not bind.

    Raises:
        TamperError: where it has not the form of a body, or the line of an excerpt is not its own.
    """
    try:
        _check_form(body)
        return sha256(_act_digest(body) + _effects_digest(body)).hexdigest()
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise _no_body() from None


_WHOLE = frozenset({"act", "effects", "effects_salt", "salt"})
_WITH_LINES = _WHOLE | {"line_salts"}
_REMOVED = frozenset({"act_digest", "effects", "effects_salt"})
_EXCERPT = frozenset(
    {"act", "effects_digest", "line", "line_number", "line_path", "line_salt", "salt"}
)


def _check_form(body: Mapping[str, Any]) -> None:
    """That a body has exactly the fields of one of its forms.

    Raises:
        ValueError: where it has others.
    """
    fields = body.keys()
    if fields == _EXCERPT:
        _check_excerpt(body)
    elif fields != _REMOVED:
        has_lines = "lines" in body["act"]["content"]
        # Lines that stand as their root only are those of an excerpt: a whole body shows them.
        if has_lines != _has_lines(body["act"]) or fields != (_WITH_LINES if has_lines else _WHOLE):
            raise ValueError(fields)
        if has_lines and not isinstance(body["line_salts"], list):
            raise TypeError(fields)


def _act_digest(body: Mapping[str, Any]) -> bytes:
    if "act" not in body:
        return _digest(body["act_digest"])
    return sha256(_salt(body["salt"]) + encode(_head(body))).digest()


def _effects_digest(body: Mapping[str, Any]) -> bytes:
    if "effects" not in body:
        return _digest(body["effects_digest"])
    if not isinstance(body["effects"], list) or not all(map(_is_effect, body["effects"])):
        raise ValueError(body["effects"])
    # Salted, too: digests of rows could be guessed by who holds an excerpt.
    return sha256(_salt(body["effects_salt"]) + encode(body["effects"])).digest()


def _is_effect(value: object) -> bool:
    """Whether this is table, id, version and digest."""
    match value:
        case [str(), str(), int() as version, str()]:
            return not isinstance(version, bool)
        case _:
            return False


def _has_lines(act: Mapping[str, Any]) -> bool:
    return isinstance(act["content"].get("lines"), list)


def _head(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The act as it is hashed: its lines stand as the root over them, each with its own salt."""
    act = body["act"]
    if not _has_lines(act):
        return act  # type: ignore[no-any-return]
    leaves = _line_leaves(body)
    lines = {"count": len(leaves), "root": root_of(leaves).hex()}
    return {**act, "content": {**act["content"], "lines": lines}}


def _line_leaves(body: Mapping[str, Any]) -> list[bytes]:
    lines = zip(body["act"]["content"]["lines"], body["line_salts"], strict=True)
    return [_line_leaf(line, salt) for line, salt in lines]


def _line_leaf(line: object, salt: str) -> bytes:
    return leaf_hash(_salt(salt) + encode(line))


def _salt(text: str) -> bytes:
    return _digest(text)  # as long as a digest


def _digest(text: str) -> bytes:
    content = bytes.fromhex(text)
    if content.hex() != text or len(content) != DIGEST_SIZE:
        raise ValueError(text)
    return content


def excerpt(body: Mapping[str, Any], number: int) -> dict[str, Any]:
    """What a unit gets of an act about several units: the head and its own line, nobody else's.

    Args:
        body: a whole body whose act has lines.
        number: which line, counted from 0.
    """
    leaves = _line_leaves(body)
    return {
        "act": _head(body),
        "salt": body["salt"],
        "effects_digest": _effects_digest(body).hex(),
        "line": body["act"]["content"]["lines"][number],
        "line_number": number,
        "line_path": [step.hex() for step in inclusion_proof(leaves, number)],
        "line_salt": body["line_salts"][number],
    }


def _check_excerpt(body: Mapping[str, Any]) -> None:
    lines = body["act"]["content"]["lines"]
    leaf = _line_leaf(body["line"], body["line_salt"])
    path = [_digest(step) for step in body["line_path"]]
    root = _digest(lines["root"])
    if type(body["line_number"]) is not int or not isinstance(body["line_path"], list):
        raise _no_body()
    if not verify_inclusion(leaf, body["line_number"], lines["count"], path, root):
        raise _no_body()


def without_act(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body whose act was removed by law: its commitment still holds (`text.redacted`)."""
    kept = {key: body[key] for key in ("effects", "effects_salt")}
    return {"act_digest": _act_digest(body).hex(), **kept}


def read_body(content: str | bytes) -> dict[str, Any]:
    """A body from its JSON text.

    Raises:
        TamperError: where it cannot be read; whether it is bound is for `commitment` to say.
    """
    try:
        body = json.loads(content, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise _no_body() from None
    if not isinstance(body, dict):
        raise _no_body()
    return body


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object none of whose keys stands twice: two readers could see two contents."""
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError(pairs)
    return table


def _no_body() -> TamperError:
    return TamperError(
        "正文不完整或被改动过，核对不通过。请向出具方索取原件核实。",
        "The body of an entry is incomplete or was changed. Ask whoever issued it for the original.",
    )


# --- checkpoints ----------------------------------------------------------------------------------

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """检查点: how many entries a journal has and the root over them (32 bytes).

    `origin` is the journal's name; no two journals share one.
    """

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed (C2SP tlog-checkpoint)."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"

    @property
    def root_prefix(self) -> str:
        """The beginning of the root, as it stands on paper."""
        return self.root.hex()[:ROOT_PREFIX]

    def forks_from(self, other: Checkpoint) -> bool:
        """Whether two of one journal and size have different roots: proof of misconduct."""
        same = (self.origin, self.size) == (other.origin, other.size)
        return same and self.root != other.root


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint whose signature was verified, with the whole note it stands in."""

    checkpoint: Checkpoint
    note: Note
    content: str

    def cosigned_by(self, witnesses: Sequence[VerifierKey]) -> int:
        """How many of the witnesses (见证人) cosigned; two names of one key count once.

        A journal is no witness of itself: its own key does not count, under whatever name.
        """
        cosigning = [key for key in witnesses if key.kind is KeyKind.COSIGNATURE]
        found = {key.public for key in cosigning if self.note.signed_by(key)}
        return len(found - self._own_keys)

    @property
    def _own_keys(self) -> set[bytes]:
        signers = (signature.key for signature in self.note.signatures)
        own = (key for key in signers if key.kind is not KeyKind.COSIGNATURE)
        return {key.public for key in own if key.name == self.checkpoint.origin}


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint of a note's text; extension lines are passed over.

    Raises:
        TamperError: where it is not one.
    """
    origin, _, rest = text.partition("\n")
    size, _, rest = rest.partition("\n")
    encoded, _, _ = rest.partition("\n")
    root = from_base64(encoded)
    is_one = valid_name(origin) and _DECIMAL.fullmatch(size) and text.endswith("\n")
    if not is_one or root is None or len(root) != DIGEST_SIZE:
        raise TamperError(
            "不是完好的检查点。检查点应有日志名称、条目数和根三行；请向出具方索取原件。",
            "Not a sound checkpoint: journal name, size and root are missing. Ask for the original.",
        )
    return Checkpoint(origin, int(size), root)


def open_checkpoint(
    content: str,
    keys: Sequence[VerifierKey],
    verify: Verify,
    witnesses: Sequence[VerifierKey] = (),
) -> SignedCheckpoint:
    """A checkpoint signed by the journal's own key (layer C of verification).

    Args:
        content: the whole note.
        keys: keys of the journal, got from elsewhere than the note; one of them must have signed.
        verify: the arithmetic of signatures.
        witnesses: keys of witnesses; what they cosigned is counted, not demanded.

    Raises:
        TamperError: where it is not one, or not signed by a key that has the journal's name.
    """
    note = open_note(content, [*keys, *witnesses], verify)
    checkpoint = parse_checkpoint(note.text)
    if not any(key.name == checkpoint.origin and note.signed_by(key) for key in keys):
        raise TamperError(
            f"检查点不是由日志 {checkpoint.origin} 自己的密钥签署的，或给出的公钥不是它的。"
            "请核对纸上的公钥。",
            f"The checkpoint is not signed by the key of journal {checkpoint.origin}, or the key "
            "given is not its own. Compare it with the one on paper.",
        )
    return SignedCheckpoint(checkpoint, note, content)


# --- receipts -------------------------------------------------------------------------------------

_PROOF_HEADER = "c2sp.org/tlog-proof@v1"
_MAX_PATH = 63


@dataclass(frozen=True, slots=True)
class Receipt:
    """回执: that the entry at `index` is in the journal of a checkpoint.

    Attributes:
        index: which entry, counted from 0.
        path: hashes from the leaf's neighbour to below the root.
        checkpoint: the signed note, with the cosignatures there were.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: str

    @property
    def text(self) -> str:
        """The file a unit keeps (C2SP tlog-proof)."""
        steps = "".join(f"{to_base64(step)}\n" for step in self.path)
        return f"{_PROOF_HEADER}\nindex {self.index}\n{steps}\n{self.checkpoint}"


def parse_receipt(text: str) -> Receipt:
    """A receipt from its text, nothing verified yet.

    Raises:
        TamperError: where it has not the form of one.
    """
    head, _, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if len(lines) > 1 and lines[1].startswith("extra "):
        del lines[1]  # opaque, and not vouched for by anybody
    index = lines[1].removeprefix("index ") if len(lines) > 1 else ""
    steps = [from_base64(line) for line in lines[2:]]
    path = tuple(step for step in steps if step is not None and len(step) == DIGEST_SIZE)
    is_one = lines[0] == _PROOF_HEADER and lines[1:2] == [f"index {index}"]
    if not is_one or not _DECIMAL.fullmatch(index) or not len(path) == len(steps) <= _MAX_PATH:
        raise _no_receipt()
    divided(checkpoint)
    return Receipt(int(index), path, checkpoint)


def check_receipt(receipt: Receipt, entry: bytes, signed: SignedCheckpoint) -> None:
    """Whether the entry is where the receipt says (layer R of verification).

    Raises:
        TamperError: where it is not.
    """
    found = signed.checkpoint
    if not verify_inclusion(leaf_hash(entry), receipt.index, found.size, receipt.path, found.root):
        raise TamperError(
            f"回执不成立：第 {receipt.index} 条不在该日志的前 {found.size} 条中，"
            "或正文与回执不是一件事。请连同回执原件向出具方核实。",
            f"The receipt does not hold: entry {receipt.index} is not in the journal of "
            f"{found.size}, or the body is not the one of this receipt. Ask whoever issued it.",
        )


def _no_receipt() -> TamperError:
    return TamperError(
        "不是完好的回执（.tlog-proof）。请使用收到的原文件，不要编辑或重新排版。",
        "Not a sound receipt (.tlog-proof). Use the file as it was received, unedited.",
    )


def require_origin(name: str) -> str:
    """A name for a journal or a key.

    Raises:
        InputError: where it holds blanks, a plus or control signs.
    """
    if not valid_name(name):
        raise InputError(
            f"“{name}”不能作日志或密钥的名称：不能为空，不能有空格和加号。"
            "请写成 kaoping.city.example/2024 这样。",
            f"“{name}” cannot name a journal or a key: no blanks, no plus. Write it like "
            "kaoping.city.example/2024.",
        )
    return name
