"""留存的检查点与见证: what a platform keeps beside its journal, and who must have cosigned it.

Every checkpoint kept is a promise: the journal must for ever begin with it (layer K). A journal goes
on while a witness is asked, so that a cosignature belongs to a checkpoint kept here, seldom to the
newest. `witnesses.toml` in the data folder says who the witnesses are and how many must cosign.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaoping.core.errors import InputError, TamperError
from kaoping.core.journal import open_checkpoint
from kaoping.core.note import KeyKind, VerifierKey, open_note, parse_vkey
from kaoping.files.contents import read_bytes
from kaoping.files.journal.folder import read_note
from kaoping.files.journal.keys import holds
from kaoping.files.journal.tiles import SCRATCH, write_durably

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kaoping.core.journal import SignedCheckpoint
    from kaoping.files.journal.folder import Journal

POLICY = "witnesses.toml"
FOLDER = "checkpoints"
_DIGITS = 16
_MAX_POLICY = 100_000
_MAX_LINES = 20
"""How many signature lines are looked at in what somebody uploads."""


@dataclass(frozen=True, slots=True)
class Witness:
    """见证人: an office that cosigns, its key from paper, and where it answers, if it does by itself."""

    name: str
    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """见证要求: the witnesses, and how many of them must have cosigned (0: 未见证 is accepted)."""

    witnesses: tuple[Witness, ...] = ()
    quorum: int = 0

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """The keys of all of them."""
        return tuple(one.key for one in self.witnesses)


def read_policy(data: Path) -> Policy:
    """The policy of an installation; nobody, where none is written down.

    Raises:
        InputError: where the file is not what it should be.
    """
    place = data / POLICY
    if not place.is_file():
        return Policy()
    try:
        table = tomllib.loads(read_bytes(place, _MAX_POLICY).decode("utf-8"))
        found = tuple(
            Witness(str(one["name"]), parse_vkey(one["vkey"]), str(one.get("url", "")))
            for one in table.get("witness", [])
        )
        quorum = table["quorum"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _bad_policy(place, str(error)) from None
    is_sound = type(quorum) is int and 0 <= quorum <= len({one.key.public for one in found})
    if not is_sound or any(one.key.kind is not KeyKind.COSIGNATURE for one in found):
        raise _bad_policy(place, "quorum")
    return Policy(found, quorum)


def _bad_policy(place: Path, what: str) -> InputError:
    return InputError(
        f"见证人设置 {place.name} 有误（{what}）。应有 quorum（不超过见证人数）和若干 [[witness]]，"
        "每个写明 name 和 vkey。请改正。",
        f"The file of witnesses {place.name} is not sound ({what}): it needs quorum, and for each "
        "[[witness]] its name and vkey. Correct it.",
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A checkpoint that was kept, opened, and who of the witnesses cosigned it."""

    path: Path
    signed: SignedCheckpoint
    cosigned: tuple[Witness, ...]

    @property
    def size(self) -> int:
        """How many entries it has."""
        return self.signed.checkpoint.size

    @property
    def times(self) -> list[int]:
        """When it was cosigned, in seconds since 1970."""
        return [one.time for one in self.signed.note.signatures if one.time]


@dataclass(frozen=True, slots=True)
class HeldCheckpoints:
    """The checkpoints that are kept beside a journal, each in a file named by its size."""

    folder: Path
    journal: Journal
    policy: Policy

    @classmethod
    def beside(cls, data: Path, journal: Journal) -> HeldCheckpoints:
        """Those of an installation.

        Raises:
            InputError: where the policy is not sound.
        """
        return cls(data / FOLDER, journal, read_policy(data))

    def paths(self) -> list[Path]:
        """Their files, newest last."""
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if path.suffix != SCRATCH)

    def newest_first(self) -> Iterator[Held]:
        """All of them.

        Raises:
            TamperError: where one is damaged.
        """
        return map(self._opened, reversed(self.paths()))

    def keep(self) -> Held:
        """Keep the newest checkpoint of the journal, with the cosignatures it has.

        Raises:
            TamperError: where one of the same size and another root is kept.
        """
        signed = self.journal.checkpoint()
        place = self._place(signed.checkpoint.size)
        if not place.exists():
            self.folder.mkdir(exist_ok=True, mode=0o750)
            write_durably(self.folder, [(place.name, signed.content.encode())])
        held = self._opened(place)
        if held.signed.checkpoint != signed.checkpoint:
            raise TamperError(
                f"留存的检查点 {place.name} 与日志现有的条数相同而根不同：同一日志有两个版本（分叉）。"
                "请保留现场。",
                f"FORK: the checkpoint kept as {place.name} has the same size and another root.",
            )
        return held

    def witnessed(self) -> Held | None:
        """The newest that as many witnesses cosigned as the policy asks for, at least one."""
        least = max(1, self.policy.quorum)
        return next((one for one in self.newest_first() if len(one.cosigned) >= least), None)

    def take(self, answer: str) -> list[tuple[Witness, Held]]:
        """Put what a witness answered under the checkpoint that it cosigned.

        Args:
            answer: the signature line, or several of them; other lines are passed over.

        Returns:
            Whose signature stands now under which checkpoint.

        Raises:
            InputError: where there is no signature line, or no witness is set up.
            TamperError: where a line is none of the witnesses', or over no checkpoint kept here.
        """
        lines = [line for line in answer.splitlines() if line.startswith("\u2014 ")][:_MAX_LINES]
        if not lines or not self.policy.witnesses:
            raise InputError(
                "没有找到见证人的签名行，或还没有设置见证人，没有采用。签名行以“—”开头，"
                "请上传见证人交回的原文件。",
                "There is no line of a witness's signature, or no witness is set up; nothing was "
                "taken. Upload the file as the witness gave it back.",
            )
        return [self._take_line(line) for line in lines]

    def _take_line(self, line: str) -> tuple[Witness, Held]:
        for held in self.newest_first():
            witness = self._cosigner(held, line)
            if witness is None:
                continue
            if witness not in held.cosigned:
                content = f"{held.signed.content}{line}\n"
                write_durably(self.folder, [(held.path.name, content.encode())])
            if held.signed.checkpoint == self.journal.checkpoint().checkpoint:
                self.journal.add_cosignatures(line, self.policy.keys)
            return witness, self._opened(held.path)
        raise TamperError(
            "这一签名行不是所列见证人对本日志任何留存检查点的签名，没有采用。请核对见证人的公钥，"
            "并确认请求是从本系统下载的。",
            "This line is no cosignature of a listed witness over any checkpoint kept here; it was "
            "not taken. Compare the witness's key, and make sure that the request came from here.",
        )

    def _cosigner(self, held: Held, line: str) -> Witness | None:
        try:
            note = open_note(f"{held.signed.note.text}\n{line}\n", self.policy.keys, holds)
        except TamperError:
            return None
        return next(one for one in self.policy.witnesses if note.signed_by(one.key))

    def _opened(self, path: Path) -> Held:
        signed = open_checkpoint(read_note(path), [self.journal.key], holds, self.policy.keys)
        found = [one for one in self.policy.witnesses if signed.note.signed_by(one.key)]
        return Held(path, signed, tuple(_each_key_once(found)))

    def _place(self, size: int) -> Path:
        return self.folder / f"{size:0{_DIGITS}d}"


def _each_key_once(witnesses: Sequence[Witness]) -> list[Witness]:
    """Two names of one key are one witness."""
    return list({one.key.public: one for one in reversed(witnesses)}.values())[::-1]
