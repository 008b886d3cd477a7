"""The bodies of a journal's entries: lines of canonical JSON beside the tiles, 256 to a file.

`bodies/000.jsonl` holds those of the first bundle, and so on. Whoever may see only some of them has
only those lines; each says which entry it belongs to. A line cut short by a crash does not count.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

from kaoping.core.canonical import encode
from kaoping.core.errors import InputError, TamperError
from kaoping.core.journal import read_body
from kaoping.files.atomic import told_plainly
from kaoping.files.contents import read_bytes
from kaoping.files.journal.tiles import WIDTH, tile_path, write_durably

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

BODIES = "bodies"
INDEX = "index"

MAX_BODIES = 400_000_000
"""Largest file of bodies, in bytes: 256 of the largest acts with their salts."""

Body = dict[str, Any]


def bodies_path(number: int) -> str:
    """Where the bodies of a bundle lie, relative to the folder of bodies."""
    return tile_path(BODIES, number).removeprefix(f"tile/{BODIES}/") + ".jsonl"


def body_line(index: int, body: Body) -> bytes:
    """A body as a line of its file."""
    return encode({INDEX: index, **body}) + b"\n"


def read_body_line(line: bytes) -> tuple[int, Body]:
    """The index and the body of a line.

    Raises:
        TamperError: where it is no body with an index, or not in its canonical form.
    """
    body = read_body(line)
    index = body.pop(INDEX, None)
    if type(index) is not int or not _is_canonical(index, body, line):
        raise TamperError(
            "正文文件中有一行被改动过或不完整，核对不通过。请从备份取回完好的副本。",
            "A line of the bodies was changed or is incomplete. Fetch a sound copy from a backup.",
        )
    return index, body


def _is_canonical(index: int, body: Body, line: bytes) -> bool:
    try:
        return body_line(index, body).removesuffix(b"\n") == line.removesuffix(b"\n")
    except (TypeError, ValueError, RecursionError):  # a float, half a character: never ours
        return False


class Bodies:
    """The bodies in a folder.

    Args:
        folder: what holds `000.jsonl` and so on; it need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of_bundle(self, number: int) -> dict[int, Body]:
        """The bodies of a bundle that are held, by the index of their entry.

        Raises:
            TamperError: naming the file and the line that cannot be one, or that stands twice.
        """
        found: dict[int, Body] = {}
        for place, line in enumerate(self._content(number).split(b"\n")[:-1], start=1):
            try:
                index, body = read_body_line(line)
            except TamperError:
                raise _bad_line(bodies_path(number), place) from None
            if index in found or index // WIDTH != number:
                raise _bad_line(bodies_path(number), place)
            found[index] = body
        return found

    def get(self, index: int) -> Body | None:
        """The body of an entry, or None where it is not held."""
        line = self._line_at(index)
        if line is not None:
            found, body = read_body_line(line)
            if found == index:
                return body
        return self.of_bundle(index // WIDTH).get(index)

    def _line_at(self, index: int) -> bytes | None:
        """The line where an entry's body stands in a folder that holds all of them."""
        lines = self._content(index // WIDTH).split(b"\n")[:-1]
        return lines[index % WIDTH] if index % WIDTH < len(lines) else None

    def _content(self, number: int) -> bytes:
        """The lines of a bundle's bodies; nothing where there are none.

        Raises:
            TamperError: where something lies there that is no plain file, or far too large.
        """
        path = self.folder / bodies_path(number)
        try:
            if not stat.S_ISREG(path.lstat().st_mode):
                raise _bad_line(bodies_path(number), 0)
            return read_bytes(path, MAX_BODIES)
        except (FileNotFoundError, NotADirectoryError):
            return b""
        except InputError:
            raise _bad_line(bodies_path(number), 0) from None

    def up_to(self, size: int, first: int = 0) -> Iterator[tuple[int, Body]]:
        """The bodies held of the entries from `first` to below `size`, in their order."""
        for number in range(first // WIDTH, -(-size // WIDTH)):
            held = self.of_bundle(number)
            yield from ((index, held[index]) for index in sorted(held) if first <= index < size)

    def add(self, first: int, bodies: Sequence[Body]) -> None:
        """Write the bodies of entries from `first` on; what stood there for them is replaced.

        A crash leaves whole files: each is written beside its place and moved there.

        Raises:
            TamperError: where bodies before `first` are missing.
        """
        last = first + len(bodies) - 1
        with told_plainly(self.folder):
            files: list[tuple[str, bytes]] = []
            for number in range(first // WIDTH, last // WIDTH + 1):
                start, end = max(first, number * WIDTH), min(last + 1, (number + 1) * WIDTH)
                kept = self._lines_before(start)
                new = [body_line(index, bodies[index - first]) for index in range(start, end)]
                files.append((bodies_path(number), b"".join([*kept, *new])))
            write_durably(self.folder, files)

    def _lines_before(self, index: int) -> list[bytes]:
        """The lines of a file up to an entry, as they are: a journal's own folder has one for each."""
        number, count = divmod(index, WIDTH)
        lines = self._content(number).splitlines(keepends=True)[:count]
        if len(lines) < count or (lines and not _is_line_of(index - 1, lines[-1])):
            raise _bad_line(bodies_path(number), count)
        return lines

    def replace(self, index: int, body: Body) -> None:
        """Put another body in the place of one that is held (`text.redacted`)."""
        held = self.of_bundle(index // WIDTH) | {index: body}
        lines = b"".join(body_line(i, held[i]) for i in sorted(held))
        write_durably(self.folder, [(bodies_path(index // WIDTH), lines)])


def _is_line_of(index: int, line: bytes) -> bool:
    """Whether this is the whole line of an entry's body."""
    try:
        return line.endswith(b"\n") and read_body_line(line)[0] == index
    except TamperError:
        return False


def _bad_line(path: str, place: int) -> TamperError:
    return TamperError(
        f"正文文件 {path} 第 {place} 行被改动过或不完整，核对不通过。请从备份取回完好的副本。",
        f"Line {place} of the bodies file {path} was changed or is incomplete. Fetch a sound copy "
        "from a backup.",
    )
