"""LibreOffice as a second reader of workbooks: it prints them, and calculates them anew."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CALCULATE_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


MADE = "made"
"""The folder with what it made."""


def converted(printed: Mapping[str, bytes], anew: Mapping[str, bytes], place: Path) -> None:
    """Some workbooks as `<name>.pdf`, and some calculated anew as `<name>.xlsx`."""
    made, profile = place / MADE, place / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_CALCULATE_ALWAYS, "utf-8")
    words = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    for kind, books in (("pdf", printed), ("xlsx", anew)):
        for name, content in books.items():
            (place / f"{name}.xlsx").write_bytes(content)
        files = [str(place / f"{name}.xlsx") for name in books]
        command = [*words, "--convert-to", kind, "--outdir", str(made), *files]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
