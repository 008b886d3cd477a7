"""What an act is called in Chinese: the term at the beginning of what its class says of itself."""

from __future__ import annotations

import re

from kaoping.core.acts.union import BY_TYPE

_TERM = re.compile(r"[\u4e00-\u9fff（）、]+")


def act_name(wire: str) -> str:
    """The Chinese name of a kind of act; the wire name itself where the kind is unknown."""
    kind = BY_TYPE.get(wire)
    found = _TERM.match(kind.__doc__ or "") if kind else None
    return found[0] if found else wire
