"""Every address that the resolver knows, whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver, get_resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Route:
    """One pattern.

    Attributes:
        name: what `reverse` calls it, the name space included.
        parameters: what must be given to make an address of it.
        view: the function behind it.
    """

    name: str
    parameters: frozenset[str]
    view: Callable[..., Any]


def routes() -> list[Route]:
    """All of them; one without a name is called by its pattern, so that no table knows it."""
    return list(_of(get_resolver(), "", frozenset()))


def _of(resolver: URLResolver, space: str, before: frozenset[str]) -> Iterator[Route]:
    for one in resolver.url_patterns:
        here = before | set(one.pattern.converters) | set(one.pattern.regex.groupindex)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _of(one, inner, here)
        elif isinstance(one, URLPattern):
            yield Route(f"{space}{one.name or one.pattern}", here, one.callback)
