"""The scheme as its text says it: of the version in force, of any version, of a draft."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from kaoping.core.scheme import load_scheme
from kaoping.core.workflow import things

if TYPE_CHECKING:
    from collections.abc import Callable

    from kaoping.core.blob import Blob
    from kaoping.core.scheme import Loaded, Scheme
    from kaoping.core.workflow.state import State
    from kaoping.files.blobs import Blobs
    from kaoping.web.models import SchemeDraft

_KEPT = 16
"""How many schemes this process keeps as records; one of a city takes a few megabytes."""


def scheme_in_force(state: State) -> things.Scheme | None:
    """The scheme that was published last, in its version in force; None before the first."""
    schemes = list(state.every(things.Scheme))
    return schemes[-1] if schemes else None


def published_scheme(state: State, blobs: Blobs) -> Scheme | None:
    """The scheme in force as records; None before the first.

    Raises:
        TamperError: where its document is not there, or is not as it was published.
    """
    found = scheme_in_force(state)
    return None if found is None else loaded_version(found.content.scheme, blobs).scheme


def loaded_version(blob: Blob, blobs: Blobs) -> Loaded:
    """A published text as records, read once by its digest.

    Raises:
        TamperError: where it is not there, or is not as it was published.
    """
    return _loaded(_Source(blob.sha256, lambda: version_text(blob, blobs)))


def version_text(blob: Blob, blobs: Blobs) -> str:
    """The text of a published version.

    Raises:
        TamperError: where it is not there, or is not as it was published.
    """
    return blobs.read(blob).decode()


def loaded_draft(draft: SchemeDraft) -> Loaded:
    """A draft's text as records, with every problem of its form."""
    text = draft.text
    return _loaded(_Source(sha256(text.encode()).hexdigest(), lambda: text))


def draft_scheme(draft: SchemeDraft) -> Scheme | None:
    """A draft as records, as far as it can be read; None where it is no TOML at all."""
    return loaded_draft(draft).scheme


@dataclass(frozen=True, slots=True)
class _Source:
    """A text that is fetched only where its digest is not known yet."""

    digest: str
    text: Callable[[], str] = field(compare=False)


@lru_cache(maxsize=_KEPT)
def _loaded(source: _Source) -> Loaded:
    return load_scheme(source.text())
