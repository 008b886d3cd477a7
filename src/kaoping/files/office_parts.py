"""The parts of an office file in the open XML formats, each read safely or not at all.

A part is XML in UTF-8 without document type, bounded in bytes and in marks before a tree is made
of it: nothing is expanded, nothing fetched, and memory stays within what the bounds allow.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from lxml import etree

from kaoping.core.errors import InputError
from kaoping.files.structure import DAMAGED, Fault, office_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_PART = 40_000_000
"""Most bytes of one part; the text of a thousand pages stays below half of it."""
MAX_MARKS = 1_000_000
"""Most `<` and `=` of all parts read, an upper bound of what their trees hold."""

_SAFELY: dict[str, Any] = {
    "encoding": "UTF-8",
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""How every part is parsed; a part that says another encoding cannot hide marks from the bounds."""

BROKEN_MEMBER = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
"""What reading a member of a damaged archive may raise."""

_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/", b"http://schemas.openxmlformats.org/"),
    (b"openxmlformats.org/wordprocessingml/main", b"openxmlformats.org/wordprocessingml/2006/main"),
    (b"openxmlformats.org/officeDocument/math", b"openxmlformats.org/officeDocument/2006/math"),
    (b"openxmlformats.org/drawingml/main", b"openxmlformats.org/drawingml/2006/main"),
    (
        b"openxmlformats.org/officeDocument/relationships",
        b"openxmlformats.org/officeDocument/2006/relationships",
    ),
)
"""Namespaces of the strict variant of the format, and those all programs write by default."""


def refusal(name: str, fault: Fault) -> InputError:
    """A file refused: which, why, and what to do."""
    return InputError(
        f"{name}：{fault.zh}。请用办公软件打开后另存一次再试。",
        f"{name}: {fault.en}. Open it in an office suite, save it anew and try again.",
    )


class Parts:
    """The parts of one office file by their names.

    Args:
        content: the file.
        name: its name, for messages.

    Raises:
        InputError: where it is damaged, a bomb, encrypted, or holds macros or programs.
    """

    def __init__(self, content: bytes, name: str) -> None:
        fault = office_fault(content)
        if fault is not None:
            raise refusal(name, fault)
        self.name = name
        self._marks = 0
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._names = {member.casefold(): member for member in self._archive.namelist()}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parts, as they stand in the file, in its order."""
        return tuple(self._archive.namelist())

    def __contains__(self, part: str) -> bool:
        return part.casefold() in self._names

    def tree(self, part: str) -> etree._Element:
        """The root of a part.

        Raises:
            InputError: where the part is missing, damaged, too large, or declares a document type.
        """
        content = self.content(part)
        self._marks += content.count(b"<") + content.count(b"=")
        if self._marks > MAX_MARKS:
            raise self._too_large()
        for strict, usual in _STRICT if _STRICT[0][0] in content else ():
            content = content.replace(strict, usual)
        try:
            return etree.fromstring(content, etree.XMLParser(**_SAFELY))
        except etree.XMLSyntaxError:
            raise self._damaged() from None

    def related(self, part: str = "", *, by_name: bool = False) -> Mapping[str, str]:
        """The parts that a part refers to (or the file itself, "").

        They stand by the kind of relation (`styles`), or by its name in the part (`rId3`).
        """
        folder, _, file = part.rpartition("/")
        relations = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
        found: dict[str, str] = {}
        if relations not in self:
            return found
        for relation in self.tree(relations).iter(_RELATIONS):
            if relation.get("TargetMode") != "External":
                target = relation.get("Target", "")
                path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                kind = relation.get("Type", "").rpartition("/")[2]
                found.setdefault(relation.get("Id", "") if by_name else kind, path)
        return found

    def each(self, part: str, element: str, parent: str) -> Iterator[etree._Element]:
        """Elements of one tag in order, without a tree of all; each is gone once the next is asked.

        Args:
            part: the part's name.
            element: the tag wanted.
            parent: the tag of what repeats and holds them.

        Raises:
            InputError: where the part is missing, damaged or unsafe.
        """
        source = io.BytesIO(self.content(part))
        try:
            for _, found in etree.iterparse(source, tag=(element, parent), **_SAFELY):
                if found.tag == element:
                    yield found
                found.clear()
                while found.getprevious() is not None:
                    del found.getparent()[0]
        except etree.XMLSyntaxError:
            raise self._damaged() from None

    def content(self, part: str) -> bytes:
        """The bytes of a part.

        Raises:
            InputError: where it is missing, damaged, too large, or declares a document type.
        """
        member = self._names.get(part.casefold())
        if member is None:
            raise self._damaged()
        try:
            if self._archive.getinfo(member).file_size > MAX_PART:
                raise self._too_large()
            content = self._archive.read(member)
        except BROKEN_MEMBER:
            raise self._damaged() from None
        if b"<!DOCTYPE" in content:
            raise self._refused("含有文档类型声明", "it declares a document type")
        return content

    def _refused(self, zh: str, en: str) -> InputError:
        return refusal(self.name, Fault(zh, en))

    def _damaged(self) -> InputError:
        return refusal(self.name, DAMAGED)

    def _too_large(self) -> InputError:
        return InputError(
            f"{self.name}：内容过多，不像一份文件。请分成几个文件后再试。",
            f"{self.name}: it holds too much for one document. Split it into several files.",
        )
