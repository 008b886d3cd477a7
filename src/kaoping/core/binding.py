"""纸质签字绑定: which scans show which paper signed, by whom, when; and whether all of it is unchanged.

A paper is known by the digest of its content, every file by its own. The record is written once and
read strictly (docs/formats/hand-signing.md).
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from kaoping.core.calendar import SHANGHAI
from kaoping.core.canonical import encode, parse_date
from kaoping.core.errors import InputError, TamperError
from kaoping.core.package import FiledFile, filed_file, moment_text

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMAT: Final = "kaoping-binding/1"
Fault = tuple[str, str]
"""What is wrong, in Chinese and in English."""
FEWEST_SIGNERS: Final = 2
"""经办人 and 部门负责人 are two persons (P13)."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A 签字稿: its title, the digest of its content, the roles that have to sign it.

    Attributes:
        made_on: the day on which it was made, in Beijing; None where the PDF does not say it. Printed again on
            another day it is the same paper.
    """

    title: str
    digest: str
    roles: tuple[str, ...]
    made_on: date | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, and as what."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class JournalPlace:
    """The checkpoint of the journal that binds the paper: the journal's name, size, root in hex."""

    origin: str
    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Binding:
    """A paper, the scans of it signed, and who signed.

    Attributes:
        title: the paper's.
        digest: of its content, as it stands on each of its pages.
        paper: the PDF that was printed.
        scans: of its signed pages, in their order.
        signers: each a different person.
        signed_on: the day on the paper.
        bound_at: when this record was made.
        journal: where it was checked that the paper came out of a run; None where it was not.
    """

    title: str
    digest: str
    paper: FiledFile
    scans: tuple[FiledFile, ...]
    signers: tuple[Signer, ...]
    signed_on: date
    bound_at: str
    journal: JournalPlace | None

    def as_json(self) -> dict[str, object]:
        """The record as its canonical text says it."""
        return {
            "format": FORMAT,
            "title": self.title,
            "digest": self.digest,
            "paper": _file_table(self.paper),
            "scans": [_file_table(one) for one in self.scans],
            "signers": [{"role": one.role, "name": one.name} for one in self.signers],
            "signed_on": self.signed_on.isoformat(),
            "bound_at": self.bound_at,
            "journal": self.journal
            and {
                "origin": self.journal.origin,
                "size": self.journal.size,
                "root": self.journal.root,
            },
        }

    @property
    def content(self) -> bytes:
        """The record as it is kept."""
        return encode(self.as_json()) + b"\n"


def _file_table(file: FiledFile) -> dict[str, object]:
    return {"name": file.path, "size": file.size, "sha256": file.sha256}


# --- binding --------------------------------------------------------------------------------------


def bind(
    paper: Paper,
    printed: FiledFile,
    scans: Sequence[FiledFile],
    signers: Sequence[Signer],
    *,
    signed_on: date,
    at: datetime,
    journal: JournalPlace | None,
    unfit: Sequence[Fault] = (),
) -> Binding:
    """The record of a paper that was signed by hand.

    Args:
        paper: what was signed.
        printed: its PDF.
        scans: of it signed, in their order.
        signers: who signed.
        signed_on: the day on the paper.
        at: now.
        journal: of the run that the paper was shown to come from.
        unfit: what was found wrong inside the scans.

    Raises:
        InputError: with everything that is wrong with signers, scans and day.
    """
    faults = [
        *_faults_of_signers(paper, signers),
        *_faults_of_scans(printed, scans),
        *unfit,
        *_faults_of_day(paper, signed_on, at.astimezone(SHANGHAI).date()),
    ]
    if faults:
        raise InputError(
            f"没有绑定，请改正后重新运行：{'；'.join(zh for zh, _ in faults)}。",
            f"Nothing was bound; correct and run again: {'; '.join(en for _, en in faults)}.",
        )
    return Binding(
        paper.title,
        paper.digest,
        printed,
        tuple(scans),
        tuple(signers),
        signed_on,
        moment_text(at),
        journal,
    )


def _faults_of_signers(paper: Paper, signers: Sequence[Signer]) -> list[Fault]:
    roles, named = "、".join(paper.roles), {one.role for one in signers}
    faults = [
        (f"签字稿上没有“{one.role}”，签字的是{roles}", f"{one.role} is no role of {roles}")
        for one in signers
        if one.role not in paper.roles
    ]
    faults += [
        (f"没有写明{role}是谁", f"nobody is named as {role}")
        for role in paper.roles
        if role not in named
    ]
    persons = Counter(_person(one.name) for one in signers)
    faults += [
        (f"“{name}”写了{times}次，签字的须是不同的人", f"{name} stands {times} times")
        for name, times in persons.items()
        if times > 1
    ]
    if len(signers) < FEWEST_SIGNERS:
        faults.append(("至少由两个不同的人签字", "two different persons must sign"))
    return faults


def _person(name: str) -> str:
    """A name as it counts: blanks within it and full-width forms make nobody another person."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def _faults_of_scans(printed: FiledFile, scans: Sequence[FiledFile]) -> list[Fault]:
    faults = [
        (f"{one.path} 就是签字稿本身，不是扫描件", f"{one.path} is the paper itself, no scan")
        for one in scans
        if one.sha256 == printed.sha256
    ]
    names: dict[str, list[str]] = {}
    for one in scans:
        names.setdefault(one.sha256, []).append(one.path)
    faults += [
        (f"扫描件 {'、'.join(same)} 是同一个文件", f"{', '.join(same)} are one file")
        for same in names.values()
        if len(same) > 1
    ]
    return faults + _faults_of_names([printed, *scans])


def _faults_of_names(files: Sequence[FiledFile]) -> list[Fault]:
    """Different files of one name, large and small letters being the same, do not fit into one folder."""
    alike: dict[str, list[FiledFile]] = {}
    for one in files:
        alike.setdefault(unicodedata.normalize("NFC", one.path).casefold(), []).append(one)
    return [
        (
            f"{'、'.join(one.path for one in same)} 文件名相同，不能放在一个文件夹里，请给扫描件另取文件名",
            f"{', '.join(one.path for one in same)} have one name, rename the scan",
        )
        for same in alike.values()
        if len({one.sha256 for one in same}) > 1
    ]


def _faults_of_day(paper: Paper, signed_on: date, today: date) -> list[Fault]:
    """A paper is signed after it was made, and before that is written down."""
    if signed_on > today:
        return [
            (
                f"签字日期 {signed_on} 在绑定之日（{today}）以后",
                f"the day {signed_on} is after {today}",
            )
        ]
    if paper.made_on and signed_on < paper.made_on:
        return [
            (
                f"签字日期 {signed_on} 在签字稿生成之日（{paper.made_on}）以前，请核对纸上的日期",
                f"the day {signed_on} is before {paper.made_on}, when the paper was made",
            )
        ]
    return []


# --- checking -------------------------------------------------------------------------------------


def require_unchanged(binding: Binding, printed: bytes, scans: Sequence[bytes]) -> None:
    """Whether a paper and scans are those of a record.

    Raises:
        TamperError: naming everything that is another.
    """
    changed: list[Fault] = []
    if filed_file(binding.paper.path, printed) != binding.paper:
        changed.append((f"签字稿 {binding.paper.path}", f"the paper {binding.paper.path}"))
    due, given = len(binding.scans), len(scans)
    if due != given:
        changed.append(
            (
                f"扫描件数量（应有 {due} 个，给出 {given} 个）",
                f"the number of scans ({due} are bound, {given} given)",
            )
        )
    changed += [
        (f"扫描件 {one.path}", f"the scan {one.path}")
        for one, content in zip(binding.scans, scans, strict=False)
        if filed_file(one.path, content) != one
    ]
    if changed:
        raise TamperError(
            f"与绑定时不同：{'、'.join(zh for zh, _ in changed)}。"
            "这些文件不能作为依据，请查明原因，取回原件。",
            f"Not as they were bound: {', '.join(en for _, en in changed)}. "
            "Find out why, and get the originals back.",
        )


def require_of_paper(binding: Binding, paper: Paper) -> None:
    """Whether what a record says of its paper is what the paper itself says.

    Raises:
        TamperError: naming everything that differs.
    """
    faults: list[Fault] = []
    if binding.title != paper.title:
        faults.append(
            (
                f"标题写作“{binding.title}”，签字稿是“{paper.title}”",
                f"the title is “{binding.title}”, the paper's is “{paper.title}”",
            )
        )
    if binding.digest != paper.digest:
        faults.append(
            (
                f"内容摘要写作 {binding.digest}，签字稿是 {paper.digest}",
                f"the digest is {binding.digest}, the paper's is {paper.digest}",
            )
        )
    faults += _faults_of_signers(paper, binding.signers)
    bound_on = datetime.fromisoformat(binding.bound_at).astimezone(SHANGHAI).date()
    faults += _faults_of_day(paper, binding.signed_on, bound_on)
    if faults:
        raise TamperError(
            f"绑定文件与签字稿不符：{'；'.join(zh for zh, _ in faults)}。"
            "绑定文件被改动过，不能作为依据，请向保存原件的一方索取。",
            f"The binding differs from its paper: {'; '.join(en for _, en in faults)}. "
            "It was changed. Ask whoever keeps the original.",
        )


def read_binding(content: bytes, name: str) -> Binding:
    """The record in a file.

    Raises:
        TamperError: where it is none, or not as it was written.
    """
    try:
        table = json.loads(content)
        binding = _read(table)
        is_whole = table["format"] == FORMAT and binding.content == content
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        is_whole = False
    if not is_whole:
        raise TamperError(
            f"{name}：不是完好的绑定文件，或被改动过。请向保存原件的一方索取。",
            f"{name}: no sound binding, or it was changed. Ask whoever keeps the original.",
        )
    return binding


def _read(table: dict[str, object]) -> Binding:
    journal = table["journal"]
    day = parse_date(_text(table["signed_on"]))
    bound_at = _text(table["bound_at"])
    if day is None or datetime.fromisoformat(bound_at).tzinfo is None:
        raise ValueError
    scans, signers = _list(table["scans"]), _list(table["signers"])
    if not (scans and signers):
        raise ValueError
    return Binding(
        title=_text(table["title"]),
        digest=_text(table["digest"]),
        paper=_read_file(table["paper"]),
        scans=tuple(map(_read_file, scans)),
        signers=tuple(map(_read_signer, signers)),
        signed_on=day,
        bound_at=bound_at,
        journal=None if journal is None else _read_journal(journal),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _read_file(value: object) -> FiledFile:
    table = _table(value)
    name = _text(table["name"])
    if "/" in name:
        raise ValueError
    return FiledFile(name, _whole(table["size"]), _text(table["sha256"]))


def _read_signer(value: object) -> Signer:
    table = _table(value)
    return Signer(_text(table["role"]), _text(table["name"]))


def _read_journal(value: object) -> JournalPlace:
    table = _table(value)
    return JournalPlace(_text(table["origin"]), _whole(table["size"]), _text(table["root"]))
