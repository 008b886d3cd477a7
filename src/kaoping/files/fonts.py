"""中文字体: where the faces of documents come from, and which were found.

GB/T 9704-2012 names five faces. Those of the standard are preferred where an office has installed them,
then the free stand-ins that set-up installs (Fandol). Noto CJK is the obligatory fallback of each,
because it knows the rare characters of people's names.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typst

from kaoping.core.errors import EnvironmentFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FACES: Final[Mapping[str, tuple[str, ...]]] = {
    "仿宋": ("FangSong_GB2312", "FangSong", "FandolFang R", "Noto Serif CJK SC"),
    "楷体": ("KaiTi_GB2312", "KaiTi", "FandolKai", "Noto Serif CJK SC"),
    "黑体": ("SimHei", "Noto Sans CJK SC"),
    "宋体": ("SimSun", "FandolSong", "Noto Serif CJK SC"),
    "小标宋": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "Noto Serif CJK SC"),
    "等宽": ("Noto Sans Mono CJK SC",),
}
"""The faces of official documents, and one for digests; with the families that may stand for each,
the best first."""
FALLBACK: Final = ("Noto Serif CJK SC", "Noto Sans CJK SC")
"""Families that know the rare characters of names."""
STAND_INS: Final = Path(sys.prefix, "share", "fonts")
"""Where set-up puts the free stand-ins."""
_FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_WANTED: Final = (
    *("notoserifcjk", "notosanscjk", "fandol", "simfang", "simkai", "simhei", "simsun"),
    *("fangsong", "kaiti", "仿宋", "楷体", "黑体", "宋体", "方正小标宋", "fzxbs"),
)
"""How the names of their files begin, in lower case."""


@dataclass(frozen=True, slots=True)
class Faces:
    """The faces documents are set in.

    Attributes:
        families: for each face of `FACES` the families in which it is set, in order of preference;
            the last ones know the rare characters.
        fonts: the font files.
        folders: where they lie, for another process that sets in the same ones.
    """

    families: Mapping[str, tuple[str, ...]]
    fonts: typst.Fonts
    folders: tuple[str, ...]

    @property
    def told(self) -> str:
        """Which family each face is set in: 仿宋 FandolFang R；楷体 FandolKai."""
        return "；".join(f"{face} {families[0]}" for face, families in self.families.items())


@cache
def find_faces() -> Faces:
    """The faces installed here.

    The folder named by KAOPING_FONTS is looked at first.

    Raises:
        EnvironmentFault: where KAOPING_FONTS names no folder of fonts, or no fallback is installed.
    """
    own = os.environ.get("KAOPING_FONTS")
    folders = [_own_folder(own)] if own else []
    return faces_in((*folders, *sorted({str(path.parent) for path in _wanted_files()})))


@cache
def faces_in(folders: tuple[str, ...]) -> Faces:
    """The faces that lie in these folders, the first ones preferred.

    Raises:
        EnvironmentFault: where none of them holds a fallback, with what to install.
    """
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders)
    )
    installed = set(fonts.families())
    if installed.isdisjoint(FALLBACK):
        raise EnvironmentFault(
            "没有找到思源字体（Noto CJK）：人名里的生僻字要由它补上，没有它不生成文件。"
            "请安装：apt-get install fonts-noto-cjk；装在别处的，用环境变量 KAOPING_FONTS 指定字体文件夹。",
            "Noto CJK is not installed; it alone knows the rare characters of names, so nothing is "
            "made without it. Install fonts-noto-cjk, or name its folder in KAOPING_FONTS.",
        )
    families = {
        face: tuple(one for one in dict.fromkeys((*wanted, *FALLBACK)) if one in installed)
        for face, wanted in FACES.items()
    }
    return Faces(families, fonts, folders)


_FONT_FILES: Final = "*.[oOtT][tT][fFcC]"


def _own_folder(named: str) -> str:
    """The folder an office named, which would otherwise be passed over without a word."""
    if not any(Path(named).rglob(_FONT_FILES)):
        raise EnvironmentFault(
            f"环境变量 KAOPING_FONTS 指定的“{named}”不是文件夹，或里面没有字体文件（otf、ttf、ttc）。"
            "请改为放字体的文件夹，或去掉这个环境变量。",
            f"KAOPING_FONTS names “{named}”, which is no folder or holds no font file "
            "(otf, ttf, ttc). Name the folder of the fonts, or unset it.",
        )
    return named


def _wanted_files() -> list[Path]:
    """Files of the wanted faces; loading every font of a system would cost seconds."""
    return [
        path
        for folder in (STAND_INS, *_FOLDERS)
        for path in Path(folder).expanduser().rglob(_FONT_FILES)
        if path.name.lower().startswith(_WANTED)
    ]


_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')


def refuse_missing_face(told: str, no_face: Callable[[str], EnvironmentFault]) -> None:
    """Where Typst speaks of a face or glyph, the machine lacks a font; anything else is a bug.

    Raises:
        EnvironmentFault: that of `no_face`, which is given the character; or what else is wrong with the fonts.
    """
    found = _MISSING.search(told)
    if found:
        raise no_face(found[1])
    if "font" in told or "glyph" in told:
        raise EnvironmentFault(
            f"排印时字体有问题，没有生成 PDF：{told}。请检查环境变量 KAOPING_FONTS 所指的文件夹，或重新安装字体。",
            f"Something is wrong with the fonts, so no PDF was made: {told}. Look at the folder KAOPING_FONTS, "
            "or install the fonts anew.",
        )
