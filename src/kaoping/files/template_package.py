"""What each part of an office file is, and the file without some of its parts.

A part is what its content type says (its own or that of its ending) and what relations lead to it as:
programs go by one or by the other, so whoever judges a file must go by both.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from kaoping.files.office_parts import Parts

_TYPES = "[Content_Types].xml"
_IN_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_END = ".rels"


class Package:
    """The parts of an office file by what they are.

    Args:
        parts: the file.

    Raises:
        InputError: where its lists of types and relations are missing or damaged.
    """

    def __init__(self, parts: Parts) -> None:
        self._names = {_plain(name): name for name in parts.names}
        self._types = parts.tree(_TYPES)
        self._relations = {
            name: parts.tree(name) for name in parts.names if name.casefold().endswith(_END)
        }
        of_part, of_ending = self._content_types()
        self.types: Mapping[str, str] = {
            name: of_part.get(plain) or of_ending.get(_ending(plain), "")
            for plain, name in self._names.items()
        }
        """The content type of each part in small letters, "" where it has none."""
        self._kinds = {name: {_last_word(kind)} for name, kind in self.types.items()}
        for relations in self._relations:
            for relation, target in self._targets(relations):
                if target in self._kinds:
                    self._kinds[target].add(_kind(relation))

    def _content_types(self) -> tuple[dict[str, str], dict[str, str]]:
        of_part, of_ending = {}, {}
        for one in self._types.iter(etree.Element):
            kind = one.get("ContentType", "").partition(";")[0].strip().casefold()
            if one.tag == f"{_IN_TYPES}Override":
                of_part[_plain(one.get("PartName", ""))] = kind
            elif one.tag == f"{_IN_TYPES}Default":
                of_ending[one.get("Extension", "").casefold()] = kind
        return of_part, of_ending

    def _targets(self, relations: str) -> Iterator[tuple[etree._Element, str | None]]:
        """The relations listed in a part, and the names of those that they lead to."""
        folder = posixpath.dirname(posixpath.dirname(relations))
        for relation in self._relations[relations].iter(_RELATIONS):
            path = posixpath.join("/", folder, relation.get("Target", "").replace("\\", "/"))
            yield relation, self._names.get(_plain(posixpath.normpath(path)))

    def kinds(self, name: str) -> Collection[str]:
        """All that a part is said to be, in small letters: `header`, `comments`, `officedocument`."""
        return self._kinds[name]

    def relations(self) -> Iterator[str]:
        """The kinds of all relations in the file, in small letters."""
        for tree in self._relations.values():
            yield from (_kind(relation) for relation in tree.iter(_RELATIONS))

    def without(self, taken: Collection[str]) -> Mapping[str, bytes | None]:
        """The parts to exchange so that others can be taken away and nothing refers to them.

        The lists of this package are spent by it.

        Args:
            taken: names of parts.

        Returns:
            A part's new content by its name, None where it goes.
        """
        plain = {_plain(name) for name in taken}
        relations_of_them = (name for name in self._relations if _source(name) in plain)
        changed: dict[str, bytes | None] = dict.fromkeys((*taken, *relations_of_them))
        for relations, tree in self._relations.items():
            gone = [one for one, target in self._targets(relations) if target in taken]
            if gone and relations not in changed:
                changed[relations] = _written_without(tree, gone)
        types = self._types.iter(f"{_IN_TYPES}Override")
        gone = [one for one in types if _plain(one.get("PartName", "")) in plain]
        if gone:
            changed[self._names[_plain(_TYPES)]] = _written_without(self._types, gone)
        return changed


def _plain(name: str) -> str:
    """A part's name in one spelling."""
    return unquote(name).lstrip("/").casefold()


def _ending(plain: str) -> str:
    return posixpath.basename(plain).rpartition(".")[2]


def _last_word(content_type: str) -> str:
    return content_type.rpartition(".")[2].removesuffix("+xml")


def _kind(relation: etree._Element) -> str:
    return relation.get("Type", "").strip().rpartition("/")[2].casefold()


def _source(relations: str) -> str:
    """The plain name of the part whose relations a part lists."""
    folder, file = posixpath.split(relations)
    return _plain(posixpath.join(posixpath.dirname(folder), file[: -len(_END)]))


def _written_without(tree: etree._Element, gone: list[etree._Element]) -> bytes:
    for one in gone:
        parent = one.getparent()
        assert parent is not None
        parent.remove(one)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
