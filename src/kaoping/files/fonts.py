"""中文字体: where the faces of documents come from, and which were found.

Faces of official documents are preferred where an office has installed them; Noto CJK is the
obligatory fallback, because it knows the rare characters of people's names.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst

from kaoping.core.errors import EnvironmentFault

SERIF = ("FangSong_GB2312", "FangSong", "Noto Serif CJK SC")
SANS = ("SimHei", "Noto Sans CJK SC")
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_WANTED = ("NotoSerifCJK", "NotoSansCJK", "simfang", "simhei", "SimHei", "FangSong")


@dataclass(frozen=True, slots=True)
class Faces:
    """The faces documents are set in: families in order of preference, and the font files."""

    serif: tuple[str, ...]
    sans: tuple[str, ...]
    fonts: typst.Fonts


@cache
def find_faces() -> Faces:
    """The faces installed here.

    The folder named by KAOPING_FONTS is looked at first.

    Raises:
        EnvironmentFault: where no Chinese face is installed, with what to install.
    """
    own = os.environ.get("KAOPING_FONTS")
    folders = [own] if own else []
    folders += sorted({str(path.parent) for path in _wanted_files()})
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=folders
    )
    families = set(fonts.families())
    serif = tuple(name for name in SERIF if name in families)
    sans = tuple(name for name in SANS if name in families)
    if not serif or not sans:
        raise EnvironmentFault(
            "没有找到中文字体，不能生成 PDF。请安装：apt-get install fonts-noto-cjk，"
            "或用环境变量 KAOPING_FONTS 指定字体文件夹。",
            "No Chinese fonts found, so no PDF can be made. Install fonts-noto-cjk, "
            "or name a folder of fonts in KAOPING_FONTS.",
        )
    return Faces(serif, sans, fonts)


def _wanted_files() -> list[Path]:
    """Files of the wanted faces; loading every font of a system would cost seconds."""
    return [
        path
        for folder in _FOLDERS
        for path in Path(folder).expanduser().rglob("*.[to]t[fc]")
        if path.name.startswith(_WANTED)
    ]
