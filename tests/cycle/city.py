"""A city of twelve units, cut out of the example city: whole of a collection season, and yet quick."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import tomlkit

from tests.examples import CITY

if TYPE_CHECKING:
    from pathlib import Path

UNITS = (
    "工信局", "交通局", "水利局", "林业局", "科技局", "邮政管理局", "教育局", "民政局", "生态环境局",
    "大数据局", "司法局", "税务局",
)  # fmt: skip
"""Those that are assessed, by their codes."""
_HOUSES = {"发展改革委", "统计局", *UNITS}


def make_city(folder: Path) -> Path:
    """Write the scheme and the list of people of the twelve units into a new folder."""
    folder.mkdir()
    scheme = tomlkit.parse((CITY / "scheme.toml").read_text("utf-8")).unwrap()
    scheme["unit"] = [one for one in scheme["unit"] if one["id"] in _HOUSES]
    scheme["assignment"] = [one for one in scheme["assignment"] if one["unit"] in _HOUSES]
    scheme["accepted"] = []
    for indicator in scheme["indicator"]:
        _cut(indicator)
        for task in indicator["task"]:
            _cut(task)
    scheme["indicator"] = [
        one for one in scheme["indicator"] if any(t["units"] for t in one["task"])
    ]
    (folder / "scheme.toml").write_text(tomlkit.dumps(scheme), "utf-8")
    with (CITY / "accounts.csv").open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        people = [row for row in reader if row["单位"] in {"", *_HOUSES}]
    with (folder / "accounts.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, reader.fieldnames or ())
        writer.writeheader()
        writer.writerows(people)
    return folder


def logins(folder: Path) -> dict[str, dict[str, str]]:
    """The accounts of each unit by role: `logins(folder)["交通局"]["联络员"]`."""
    found: dict[str, dict[str, str]] = {}
    with (folder / "accounts.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["单位"]:
                found.setdefault(row["单位"], {})[row["角色"]] = row["账号"]
    return found


def _cut(part: dict[str, Any]) -> None:
    """Leave only units that are there in the lists of an indicator or a task."""
    for name in ("units", "cooperating_units"):
        if name in part:
            part[name] = [one for one in part[name] if one in _HOUSES]
