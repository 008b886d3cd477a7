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
    files = list(_font_files([own] if own else [], everything=True))
    files += _font_files(list(_FOLDERS), everything=False)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(f) for f in files]
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


def _font_files(folders: list[str], *, everything: bool) -> list[Path]:
    """Font files of the wanted faces; loading every system font would cost seconds."""
    found: list[Path] = []
    for folder in folders:
        for path in sorted(Path(folder).expanduser().rglob("*.[to]t[fc]")):
            weight_needed = path.stem.endswith(("-Regular", "-Bold", "-Medium")) or "-" not in path.stem
            if everything or (path.name.startswith(_WANTED) and weight_needed):
                found.append(path)
    return found
