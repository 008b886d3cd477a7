"""A journal in a folder: `checkpoint`, `vkey`, `tile/…` and `bodies/…`; the signing key never in it.

Appending takes acts and gives them a place; a checkpoint signs everything taken so far. What was
signed last is also kept beside the signing key, so that a journal put back to an earlier state is
noticed, and no size is ever signed with two roots.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kaoping.core.acts.keeping import TextRedacted
from kaoping.core.errors import InputError, RefusedError, TamperError
from kaoping.core.journal import (
    Checkpoint,
    Receipt,
    entry_of,
    open_checkpoint,
    parse_checkpoint,
    read_entry,
    sealed_body,
    without_act,
)
from kaoping.core.note import MAX_NOTE, KeyKind, open_note, parse_vkey, signature_line, signed
from kaoping.core.tree import EMPTY_ROOT, leaf_hash
from kaoping.files.atomic import let_go, told_plainly, write_whole
from kaoping.files.contents import read_bytes
from kaoping.files.journal.bodies import BODIES, Bodies
from kaoping.files.journal.keys import holds
from kaoping.files.journal.tiles import (
    SCRATCH,
    WIDTH,
    TileReader,
    TileWriter,
    alone_writing,
    write_durably,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kaoping.core.journal import Entry, Salts, SignedCheckpoint
    from kaoping.core.note import Signer, VerifierKey
    from kaoping.core.register import Effect
    from kaoping.files.journal.keys import SigningKey

    Prepared = tuple[dict[str, Any], Entry]
    """The body of an act, and its entry."""

CHECKPOINT = "checkpoint"
VKEY = "vkey"


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal in a folder, with its name and its own key as they lie in it."""

    folder: Path
    key: VerifierKey

    @classmethod
    def create(
        cls, folder: Path, origin: str, key: SigningKey, state: Path | None = None
    ) -> Journal:
        """Begin a journal with nothing in it, signed at once.

        Args:
            folder: where; it must be empty.
            origin: the journal's name.
            key: its key.
            state: the file, beside the key, that keeps what was signed last, if one is kept.

        Raises:
            RefusedError: where the folder holds anything.
            InputError: where the name cannot be one.
        """
        journal = cls(folder, key.verifier(origin))
        with told_plainly(folder):
            if folder.exists() and not journal._is_hardly_begun():
                raise RefusedError(
                    f"文件夹 {folder} 不是空的，没有建立日志。请换一个新文件夹。",
                    f"The folder {folder} is not empty; no journal was made. Choose a new one.",
                )
            nothing = Checkpoint(origin, 0, EMPTY_ROOT)
            empty = signed(nothing.text, [key.signer(origin)])
            if state is not None:
                LastSigned(state).begin(nothing)  # refuses a second journal of one name
            write_durably(folder, [(VKEY, f"{journal.key.text}\n".encode())])
            write_durably(folder, [(CHECKPOINT, empty.encode())])
        return journal

    def _is_hardly_begun(self) -> bool:
        """Whether the folder is empty, or holds no more than the key of one that was cut short here."""
        names = {path.name for path in self.folder.iterdir()} if self.folder.is_dir() else {""}
        own = names <= {VKEY, f"{VKEY}{SCRATCH}", f"{CHECKPOINT}{SCRATCH}"}
        return own and (VKEY not in names or read_note(self.folder / VKEY).strip() == self.key.text)

    @classmethod
    def open(cls, folder: Path) -> Journal:
        """The journal of a folder.

        Raises:
            InputError: where there is none.
        """
        if not (folder / CHECKPOINT).is_file() or not (folder / VKEY).is_file():
            raise InputError(
                f"{folder} 不是日志文件夹：缺少 {CHECKPOINT} 或 {VKEY}。请给出日志所在的文件夹，"
                "或先用 kaoping journal init 建立。",
                f"{folder} is no journal: {CHECKPOINT} or {VKEY} is missing. Name the folder of a "
                "journal, or make one with kaoping journal init.",
            )
        return cls(folder, parse_vkey(read_note(folder / VKEY)))

    @property
    def bodies(self) -> Bodies:
        """The bodies beside the tiles."""
        return Bodies(self.folder / BODIES)

    def checkpoint(self) -> SignedCheckpoint:
        """The checkpoint as it lies in the folder, checked against the key that lies there, too.

        Raises:
            TamperError: where it is not signed by that key.
        """
        return open_checkpoint(self.note(), [self.key], holds)

    def note(self) -> str:
        """The checkpoint's file, unchecked."""
        return read_note(self.folder / CHECKPOINT)

    def reader(self) -> TileReader:
        """The tiles up to the checkpoint."""
        return TileReader(self.folder, self.checkpoint().checkpoint.size)

    # --- appending --------------------------------------------------------------------------------

    def append(
        self,
        acts: Sequence[Mapping[str, Any]],
        salts: Salts,
        effects: Mapping[str, Sequence[Effect]] = MappingProxyType({}),
    ) -> list[tuple[int, Entry]]:
        """Take acts in their order; they count from the next checkpoint on.

        Args:
            acts: acts as JSON tables; who calls has checked that they are allowed.
            salts: what salts the bodies; labels are the ids of the acts.
            effects: by the id of an act, the register rows it wrote; none where it wrote none.

        Returns:
            The index and the entry of each.

        Raises:
            RefusedError: where somebody else is writing.
            TamperError: where what lies in the folder does not fit together; nothing is written.
        """
        prepared = _prepared(acts, salts, effects)
        if not prepared:
            return []
        with alone_writing(self.folder):
            return self._take(self._writer(self.checkpoint()), prepared)

    def append_after(
        self, choose: Callable[[int], Sequence[Mapping[str, Any]]], salts: Salts
    ) -> list[tuple[int, Entry]]:
        """Take acts that are chosen in sight of the journal, which nobody else changes meanwhile.

        Args:
            choose: is told how many entries there are, and gives the acts that are allowed next.
            salts: what salts the bodies.

        Raises:
            RefusedError: where somebody else is writing; and whatever `choose` raises.
        """
        with alone_writing(self.folder):
            writer = self._writer(self.checkpoint())
            prepared = _prepared(choose(writer.size), salts, {})
            return self._take(writer, prepared) if prepared else []

    def _take(self, writer: TileWriter, prepared: Sequence[Prepared]) -> list[tuple[int, Entry]]:
        first = writer.size
        # Bodies first: an entry without its body would bind nobody knows what.
        self.bodies.add(first, [body for body, _ in prepared])
        writer.append([entry.content for _, entry in prepared])
        return list(enumerate((entry for _, entry in prepared), start=first))

    def _writer(self, signed: SignedCheckpoint) -> TileWriter:
        """The right edge, with what was taken since the checkpoint.

        Raises:
            TamperError: where an entry beyond the checkpoint has no body of its own.
        """
        last = signed.checkpoint
        return TileWriter(self.folder, last.size, last.root, self._require_bodies)

    def _require_bodies(self, first: int, entries: Sequence[bytes]) -> None:
        """That each of the entries from `first` on has a body of its own.

        Raises:
            TamperError: naming the first that has none.
        """
        size = first + len(entries)
        bodies = dict(self.bodies.up_to(size, first)) if entries else {}
        for index, content in enumerate(entries, start=first):
            if index not in bodies or entry_of(bodies[index]).content != content:
                raise TamperError(
                    f"日志 {self.folder} 第 {index} 条尚未签署，却没有自己的正文，可能是被人塞入的。"
                    "请保留现场，请管理员核查。",
                    f"Entry {index} of the journal {self.folder} is not signed yet and has no body "
                    "of its own; somebody may have put it there. Keep everything as it is.",
                )

    def entries(self, first: int = 0) -> Iterator[tuple[int, bytes]]:
        """The signed entries from `first` on, each compared with the tree.

        Raises:
            TamperError: naming one that was changed.
        """
        reader = self.reader()
        for index in range(first, reader.size):
            content = reader.entry(index)
            leaf = reader.tile(0, index // WIDTH)[index % WIDTH]
            if leaf_hash(content) != leaf or read_entry(content) is None:
                raise TamperError(
                    f"第 {index} 条与已签署的树不符。请用 kaoping journal verify 核验。",
                    f"Entry {index} does not match the signed tree. Run kaoping journal verify.",
                )
            yield index, content

    def remove_text(self, index: int) -> None:
        """Remove the text of an act by law; an act `text.redacted` under the checkpoint must say so.

        What stays is the digest of the act, so that the commitment still holds.

        Raises:
            InputError: where the entry's body is not here, or its text is removed already.
            RefusedError: where no such act names this very text.
        """
        with alone_writing(self.folder):
            body = self.bodies.get(index)
            if body is None or "act" not in body:
                raise InputError(
                    f"第 {index} 条没有可以删去的正文。请核对条目序号（从 0 数起）。",
                    f"Entry {index} has no text to remove. Check its number (counted from 0).",
                )
            left = without_act(body)
            due = {"index": index, "content_digest": left["act_digest"]}
            acts = (
                held["act"] for _, held in self.bodies.up_to(self.reader().size) if "act" in held
            )
            named = (act["content"] for act in acts if act["type"] == TextRedacted.wire)
            if not any(due.items() <= content.items() for content in named):
                raise RefusedError(
                    f"日志中没有已签署的“依法删除”办理指明第 {index} 条的这份内容，没有删去。"
                    f"请先写入该办理，其 content_digest 为 {left['act_digest']}。",
                    f"No signed act text.redacted names this text of entry {index}; it was not "
                    f"removed. Take that act first, with content_digest {left['act_digest']}.",
                )
            self.bodies.replace(index, left)

    def believe(self, state: Path) -> None:
        """Take the journal's own checkpoint for what was signed last, where nothing is kept of it.

        Raises:
            RefusedError: where something is kept.
        """
        last = LastSigned(state)
        with last.alone():
            if last.of(self.key.name) is not None:
                raise RefusedError(
                    f"{state} 里有日志 {self.key.name} 的签署记录，没有改动它。不需要 --restore-state。",
                    f"{state} holds a record of journal {self.key.name}; it was left as it is. "
                    "--restore-state is not needed.",
                )
            last.keep(self.checkpoint().checkpoint)

    def size(self) -> int:
        """Entries taken so far, signed or not."""
        with alone_writing(self.folder):
            return self._writer(self.checkpoint()).size

    # --- signing ----------------------------------------------------------------------------------

    def seal(
        self,
        key: SigningKey,
        state: Path | None = None,
        others: Sequence[Signer] = (),
        allow: Callable[[int], None] = lambda _size: None,
    ) -> SignedCheckpoint:
        """Sign a checkpoint over everything taken so far (one for all).

        Args:
            key: the journal's key.
            state: the file, beside the key, that keeps what was signed last; None for a journal
                that is made and signed once.
            others: who signs as well (SM2).
            allow: is told how many entries would be signed, while nobody can add any, and raises
                where they must not be.

        Raises:
            RefusedError: where the key is another one's, or somebody else is writing.
            TamperError: where the journal is shorter than, or differs from, what was signed last.
        """
        with self.signing(key, state) as (signer, last):
            before = self.checkpoint()
            writer = self._writer(before)
            allow(writer.size)
            return self.sign(before, writer, [signer, *others], last)

    def record(
        self,
        acts: Sequence[Mapping[str, Any]],
        salts: Salts,
        key: SigningKey,
        state: Path | None = None,
        effects: Mapping[str, Sequence[Effect]] = MappingProxyType({}),
    ) -> tuple[list[tuple[int, Entry]], SignedCheckpoint]:
        """Take acts and sign them at once: `append` and `seal` with one look at the right edge.

        What is between the two is already durable, so a crash there loses nothing.
        """
        prepared = _prepared(acts, salts, effects)
        with self.signing(key, state) as (signer, last):
            before = self.checkpoint()
            writer = self._writer(before)
            if last:  # or the acts would be taken into a journal that is then not signed
                last.refuse_another(
                    self.reached(writer), TileReader(self.folder, writer.size), before.checkpoint
                )
            taken = self._take(writer, prepared) if prepared else []
            return taken, self.sign(before, writer, [signer], last)

    def reached(self, writer: TileWriter) -> Checkpoint:
        """What a checkpoint over everything that a writer has taken says."""
        return Checkpoint(self.key.name, writer.size, writer.root())

    @contextmanager
    def signing(
        self, key: SigningKey, state: Path | None
    ) -> Iterator[tuple[Signer, LastSigned | None]]:
        """Be the only one to write and to sign; who signs, and what was signed last."""
        signer = key.signer(self.key.name)
        if signer.key != self.key:
            raise RefusedError(
                f"这把密钥不是日志 {self.key.name} 的，没有签署。请使用建立日志时的密钥。",
                f"This is not the key of journal {self.key.name}; nothing was signed. Use the key "
                "it was made with.",
            )
        last = LastSigned(state) if state else None
        # Two copies of one journal have a lock each, but only one file of what was signed last.
        with alone_writing(self.folder), last.alone() if last else nullcontext():
            yield signer, last

    def sign(
        self,
        before: SignedCheckpoint,
        writer: TileWriter,
        signers: Sequence[Signer],
        last: LastSigned | None,
    ) -> SignedCheckpoint:
        """Sign everything that the writer has taken; the first of the signers is the journal."""
        now = self.reached(writer)
        if last:
            last.refuse_another(now, TileReader(self.folder, writer.size), before.checkpoint)
            last.keep(now)
        if now == before.checkpoint:  # it keeps the cosignatures it has
            new = [one for one in signers if not _has_signed(before.content, self.key, one.key)]
            content = before.content + "".join(signature_line(now.text, one) for one in new)
        else:
            content = signed(now.text, signers)
        if content != before.content:
            write_durably(self.folder, [(CHECKPOINT, content.encode())])
        return open_checkpoint(content, [self.key], holds)

    def add_cosignatures(self, lines: str, witnesses: Sequence[VerifierKey]) -> SignedCheckpoint:
        """Put what witnesses answered under the checkpoint, once each.

        Raises:
            TamperError: where a line is not theirs, or is over another checkpoint.
        """
        with alone_writing(self.folder):
            before = open_checkpoint(self.checkpoint().content, [self.key], holds, witnesses)
            given = [line for line in lines.splitlines() if line] or [""]
            found = {_cosigner(before.note.text, line, witnesses): line for line in given}
            new = [f"{line}\n" for key, line in found.items() if not before.note.signed_by(key)]
            if new:
                content = before.content + "".join(new)
                write_durably(self.folder, [(CHECKPOINT, content.encode())])
        return open_checkpoint(read_note(self.folder / CHECKPOINT), [self.key], holds, witnesses)

    # --- receipts ---------------------------------------------------------------------------------

    def receipt(self, index: int) -> Receipt:
        """The receipt of an entry under the present checkpoint.

        Raises:
            InputError: where the journal has no such entry, or it is not signed yet.
        """
        opened = self.checkpoint()
        size = opened.checkpoint.size
        if not 0 <= index < size:
            raise InputError(
                f"日志已签署 {size} 条，没有第 {index} 条（从 0 数起）。刚写入的须先签署检查点。",
                f"The journal has {size} signed entries and no entry {index} (counted from 0). What "
                "was just appended must be sealed by a checkpoint first.",
            )
        path = TileReader(self.folder, size).inclusion(index)
        return Receipt(index, tuple(path), opened.content)


def _prepared(
    acts: Sequence[Mapping[str, Any]], salts: Salts, effects: Mapping[str, Sequence[Effect]]
) -> list[Prepared]:
    """The body of each act with its entry."""
    bodies = [sealed_body(act, effects.get(act["id"], ()), act["id"], salts) for act in acts]
    return [(body, entry_of(body)) for body in bodies]


def _has_signed(content: str, own: VerifierKey, other: VerifierKey) -> bool:
    return open_note(content, [own, other], holds).signed_by(other)


def _cosigner(text: str, line: str, witnesses: Sequence[VerifierKey]) -> VerifierKey:
    """Whose cosignature over a checkpoint a line is.

    Raises:
        TamperError: where it is none of the witnesses', or over another checkpoint.
    """
    cosigning = [key for key in witnesses if key.kind is KeyKind.COSIGNATURE]
    try:
        return open_note(f"{text}\n{line}\n", cosigning, holds).signatures[0].key
    except TamperError:
        raise TamperError(
            "这些签名行不是所给见证人对现有检查点的签名，没有采用。请核对见证人的公钥；"
            "签名之后检查点若已更新，请重新请见证人签署。",
            "These lines are not the given witnesses' cosignatures of the present checkpoint; they "
            "were not taken. Compare the keys; if the checkpoint is newer, ask the witnesses again.",
        ) from None


def read_note(path: Path) -> str:
    """A small text file as it is.

    Raises:
        InputError: where there is no such file.
        TamperError: where it is too long, or no text.
    """
    try:
        return read_bytes(path, MAX_NOTE).decode("utf-8")
    except InputError as error:
        if not path.exists():
            raise
        raise TamperError(error.zh, error.en) from None
    except UnicodeDecodeError:
        raise TamperError(
            f"{path.name} 不是文本文件，核对不通过。请使用收到的原文件。",
            f"{path.name} is not a text. Use the file as it was received.",
        ) from None


def read_held_checkpoint(path: Path) -> str:
    """The signed note of a checkpoint that somebody kept, as a file of its own or in a receipt.

    Whoever scans the code on a paper saves its text in an editor, which may put a mark before it, end
    lines as Windows does, or leave out the last line feed. None of that is in what was signed.
    """
    lines = read_note(path).removeprefix("\ufeff").replace("\r\n", "\n")
    content = lines.rstrip("\n") + "\n"
    if content.startswith("c2sp.org/tlog-proof@"):
        return content.partition("\n\n")[2]
    return content


@dataclass(frozen=True, slots=True)
class LastSigned:
    """What a key signed last, kept beside it: one line for each journal, `name size root`."""

    path: Path

    def of(self, origin: str) -> Checkpoint | None:
        """The last checkpoint of a journal."""
        return self.all().get(origin)

    def all(self) -> dict[str, Checkpoint]:
        """The last checkpoint of every journal, by its name."""
        if not self.path.exists():
            return {}
        *lines, end = read_note(self.path).split("\n")
        try:
            found = [_kept_checkpoint(line) for line in lines]
        except TamperError:
            found = []
        if not found or end:  # it is never written empty, or with half a line
            raise TamperError(
                f"{self.path} 记录着上次签署到哪里，现已损坏。请从备份恢复，不要删除。",
                f"{self.path} says what was signed last and is damaged. Restore it from a backup; "
                "do not delete it.",
            )
        return {checkpoint.origin: checkpoint for checkpoint in found}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Comparing with what is kept and keeping the new are one step, whoever else signs."""
        lock = self.path.with_name(f"{self.path.name}.lock")
        with told_plainly(lock):
            lock.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            let_go(handle)

    def begin(self, nothing: Checkpoint) -> None:
        """Note a journal that begins.

        Raises:
            RefusedError: where the key has signed entries of another journal of that name.
        """
        with self.alone():
            last = self.of(nothing.origin)
            if last is not None and last.size:
                raise RefusedError(
                    f"这把密钥已为同名日志 {nothing.origin} 签过 {last.size} 条，不能再建一个。"
                    "请换一个名称，或恢复原来的日志。",
                    f"This key has signed {last.size} entries of a journal {nothing.origin}; "
                    "another cannot be begun. Choose another name, or restore that journal.",
                )
            self.keep(nothing)

    def refuse_another(self, now: Checkpoint, reader: TileReader, before: Checkpoint) -> None:
        """Refuse to sign what is not a continuation of what was signed last.

        Args:
            now: what is to be signed.
            reader: the tiles of that size.
            before: the checkpoint that lies in the journal, of which the tiles are a continuation.

        Raises:
            TamperError: naming both sizes.
            RefusedError: where nothing is kept of a journal that has signed entries.
        """
        last = self.of(now.origin)
        if last is None:
            raise RefusedError(
                f"{self.path} 里没有日志 {now.origin} 的签署记录，不能确认以前签到哪里，没有签署。"
                "它应与密钥放在一起；请从备份恢复，或用 --restore-state 以日志现有的检查点为准。",
                f"{self.path} holds no record of what was signed of journal {now.origin}; nothing "
                "was signed. It belongs beside the key: restore it, or use --restore-state to "
                "believe the journal's own checkpoint.",
            )
        if last.size > now.size:
            raise TamperError(
                f"日志只有 {now.size} 条，而上次已签署到 {last.size} 条：日志被退回到了较早的状态，"
                "没有签署。请恢复完整的日志。",
                f"ROLLBACK: the journal has {now.size} entries, but {last.size} were signed before; "
                "nothing was signed. Restore the whole journal.",
            )
        known = {one.size: one.root for one in (before, now)}
        if (known.get(last.size) or reader.root(last.size)) != last.root:
            raise TamperError(
                f"日志前 {last.size} 条与上次签署的不同：其中有改动，没有签署。请保留现场。",
                f"FORK: the first {last.size} entries are not those signed before; nothing was "
                "signed. Keep everything as it is.",
            )

    def keep(self, now: Checkpoint) -> None:
        """Keep what is about to be signed, before it is."""
        before = self.all()
        kept = before | {now.origin: now}
        if kept == before:
            return
        lines = (
            " ".join(checkpoint.text.splitlines()) + "\n" for _, checkpoint in sorted(kept.items())
        )
        write_whole(self.path, "".join(lines).encode())


def _kept_checkpoint(line: str) -> Checkpoint:
    """The checkpoint of a line `name size root`.

    Raises:
        TamperError: where it is none.
    """
    checkpoint = parse_checkpoint(line.replace(" ", "\n") + "\n")
    if checkpoint.text.count("\n") != line.count(" ") + 1:
        raise TamperError(line, line)
    return checkpoint


def state_beside(key_file: Path) -> Path:
    """Where what a key signed last is kept: beside the file itself, by whatever link it is named."""
    return Path(f"{key_file.resolve()}.signed")
