"""The English words of the pages: read from django.po, written as the machine's catalogue at the start.

The tools of gettext are not needed anywhere: what is kept and reviewed is the text file, and whoever
starts the platform (a server, a test) has the catalogue made from it into its own folder.
"""

from __future__ import annotations

import ast
import struct
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCALES = Path(__file__).parent / "locale"
_MAGIC = 0x950412DE
_HEAD = 28
"""Bytes of a catalogue before its two tables."""
_SINGULAR, _PLURAL = "msgid", "msgid_plural"


def compile_into(folder: Path) -> None:
    """Make the catalogue of every language below a folder, as `LOCALE_PATHS` wants it.

    Raises:
        ValueError: naming the line of a text file that is not of its form.
    """
    for source in sorted(LOCALES.glob("*/LC_MESSAGES/*.po")):
        made = folder / source.relative_to(LOCALES).with_suffix(".mo")
        made.parent.mkdir(parents=True, exist_ok=True)
        beside = made.with_suffix(".new")
        beside.write_bytes(catalogue_of(read_messages(source.read_text("utf-8"))))
        beside.replace(made)


def read_messages(text: str) -> dict[str, str]:
    """The messages of a text file: each Chinese sentence with its translation.

    A sentence with a plural stands as the catalogue has it: both forms, with a NUL between them.

    Raises:
        ValueError: naming a line that is not of the form, or a message that stands twice.
    """
    found: dict[str, str] = {}
    fields: dict[str, str] = {}
    last = ""
    for number, line in enumerate([*text.splitlines(), "", 'msgid ""'], 1):
        if not line.strip() or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        if line.startswith('"'):
            word, rest = last, line
        elif word == _SINGULAR and fields:
            _keep(found, fields, number)
            fields = {}
        last = word
        fields[word] = fields.get(word, "") + _unquoted(rest, number)
    return found


def _keep(found: dict[str, str], fields: Mapping[str, str], number: int) -> None:
    key = fields[_SINGULAR]
    said = [fields[word] for word in sorted(fields) if word.startswith("msgstr")]
    if _PLURAL in fields:
        key += f"\0{fields[_PLURAL]}"
    if key in found:
        raise ValueError(f"line {number}: the message before stands twice: {key}")
    found[key] = "\0".join(said)


def _unquoted(text: str, number: int) -> str:
    if not (text.startswith('"') and text.endswith('"')):
        raise ValueError(f"line {number}: a text in quotes is due: {text}")
    word: str = ast.literal_eval(text)
    return word


def catalogue_of(messages: Mapping[str, str]) -> bytes:
    """The bytes of a GNU catalogue; what is not translated yet is left out and stays Chinese."""
    pairs = sorted((key.encode(), said.encode()) for key, said in messages.items() if said)
    tables = [b"", b""]
    words = b""
    start = _HEAD + 16 * len(pairs)
    for side in (0, 1):
        for pair in pairs:
            tables[side] += struct.pack("<II", len(pair[side]), start + len(words))
            words += pair[side] + b"\0"
    size = 8 * len(pairs)
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), _HEAD, _HEAD + size, 0, _HEAD + 2 * size)
    return head + tables[0] + tables[1] + words
