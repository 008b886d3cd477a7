"""What a notice says as a set of small facts, read and expected, so that misses can be counted."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

Facts = set[tuple[Any, ...]]

NOTICES = Path(__file__).parent / "samples"
NAMES = sorted(path.stem for path in NOTICES.glob("*.txt"))

ROLES = {
    "sections": "responsible_section",
    "cooperating_sections": "cooperating_sections",
    "cooperating_units": "cooperating_units",
    "leaders": "responsible_leader",
    "persons": "responsible_person",
    "liaisons": "liaison",
    "telephones": "telephone",
    "mailboxes": "mailbox",
}
_SINGLE = ("title", "document_number", "issuer", "issue_date", "year", "data_cutoff")
_LISTS = ("addressees", "assessed", "coordinating")


def lines_of(name: str, folder: Path = NOTICES) -> list[str]:
    return (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def value(found):
    return found.value if found else None


def expected_facts(name: str, folder: Path = NOTICES) -> Facts:
    table = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
    facts: Facts = {(key, table.get(key)) for key in (*_SINGLE, "unread")}
    facts |= {(key, item) for key in (*_LISTS, "requirements") for item in table[key]}
    facts |= {
        ("annex", row["number"], row["title"], row["document_number"], row["cited"])
        for row in table["annexes"]
    }
    for row in table["step"]:
        facts.add(("step", row["kind"], row["name"], row.get("start"), row.get("due")))
        facts |= {("input", row["name"], item) for item in row.get("inputs", [])}
    for row in table["indicator"]:
        facts.add(("indicator", row["name"], row.get("lead_unit"), row.get("scope")))
        facts |= {(key, row["name"], item) for key in ROLES for item in row.get(key, [])}
    return facts


def read_facts(notice) -> Facts:
    facts: Facts = {(key, value(getattr(notice, key))) for key in _SINGLE}
    facts.add(("unread", len(notice.unread)))
    facts |= {(key, item.value) for key in _LISTS for item in getattr(notice, key)}
    facts |= {("requirements", row.title.value) for row in notice.requirements}
    facts |= {
        ("annex", row.number, row.title.value, value(row.document_number) or "", row.cited)
        for row in notice.annexes
    }
    for step in notice.steps:
        name = step.name.value
        facts.add(("step", step.kind.value, name, value(step.start), step.due))
        facts |= {("input", name, item.value) for item in step.inputs}
    for row in notice.indicators:
        name = row.name.value
        facts.add(("indicator", name, value(row.lead_unit), value(row.scope)))
        facts |= {
            (key, name, item.value) for key, role in ROLES.items() for item in getattr(row, role)
        }
    return facts
