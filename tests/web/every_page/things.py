"""What the addresses of the table are about: things of the small year, by what the table calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaoping.web.models import Entry
from tests.world_set_up import uid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.web.site import Site


def entry_of(name: str) -> Callable[[Site], Mapping[str, Any]]:
    """The last entry that a person has made."""
    return lambda _site: {"index": Entry.objects.filter(actor=uid(name)).latest("index").index}


THINGS: Mapping[str, Callable[[Site], Mapping[str, Any]]] = {
    "一项二次验证": lambda _site: {"factor": 1},
    "联络员的办理": entry_of("青禾县联络员"),
    "别县的办理": entry_of("白石县联络员"),
    "系统管理员的办理": entry_of("系统管理员"),
}
