"""How sound everything is, as every page says it at its foot: verified when, witnessed how far.

Asked for every page: two small questions to the database, and files only once they change.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import connection
from django.http import Http404

from kaoping.core.errors import KaopingError
from kaoping.files.journal.held import FOLDER, POLICY, HeldCheckpoints
from kaoping.files.journal.inquiry import LAYER_NAMES, Layer, State
from kaoping.web.models import (
    Cause,
    EventKind,
    LayerFinding,
    RunState,
    SecurityEvent,
    VerificationRun,
)
from kaoping.web.queries.naming import Names
from kaoping.web.sealing import committed

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from kaoping.files.journal.folder import Journal
    from kaoping.web.installation import Installation
    from kaoping.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Witnessed:
    """How far witnesses have cosigned: by how many of how many, up to which size; 0 where by none."""

    count: int
    of: int
    quorum: int
    size: int
    is_damaged: bool = False


@dataclass(frozen=True, slots=True)
class Soundness:
    """What the foot and the head of every page say.

    Attributes:
        verified_at: when a verification last came to a verdict; empty before the first.
        passed: what it was.
        run: which run that was.
        witnessed: how far witnesses have cosigned.
        trouble: why the entries of the database could not be followed to their end, if they could not.
        is_put_back: the database has fewer entries than were signed: everything is read-only.
        have, signed: how many entries there are in the database, and under the checkpoint.
    """

    verified_at: str
    passed: bool
    run: int | None
    witnessed: Witnessed
    trouble: KaopingError | None
    is_put_back: bool
    have: int
    signed: int

    @property
    def is_alarming(self) -> bool:
        """Whether somebody must look into it now."""
        failed = bool(self.verified_at and not self.passed)
        return self.is_put_back or self.trouble is not None or failed


def soundness(installation: Installation) -> Soundness:
    """How sound everything is."""
    run, verified_at, verdict = _last_verdict()
    signed = installation.signed_size()  # first: whoever signs meanwhile has committed before
    have = committed()
    return Soundness(
        verified_at,
        verdict == RunState.PASSED.value,
        run,
        witnessed(installation),
        installation.keeper.trouble,
        have < signed,
        have,
        signed,
    )


def _last_verdict() -> tuple[int | None, str, str]:
    """The last run that came to a verdict: its number, when it ended, and how.

    What the security log says to have failed has failed, whatever the run's own row says by now.
    A fixed statement: for every page, a model would take ten times as long.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, finished_at, CASE WHEN EXISTS (SELECT 1 FROM security_event WHERE kind = %s "
            "AND path = %s || CAST(verification_run.id AS varchar(20))) THEN %s ELSE state END "
            "FROM verification_run WHERE state IN (%s, %s) ORDER BY id DESC LIMIT 1",
            [
                EventKind.TAMPERED.value,
                VerificationRun(pk=0).get_absolute_url().removesuffix("0"),
                RunState.FAILED.value,
                RunState.PASSED.value,
                RunState.FAILED.value,
            ],
        )
        return cursor.fetchone() or (None, "", "")


def witnessed(installation: Installation) -> Witnessed:
    """How far witnesses have cosigned."""
    data = installation.data
    seen = tuple(_changed(data / name) for name in (FOLDER, POLICY))
    return _witnessed(data, installation.journal, seen)


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


@lru_cache(maxsize=8)
def _witnessed(data: Path, journal: Journal, _seen: tuple[int, ...]) -> Witnessed:
    try:
        held = HeldCheckpoints.beside(data, journal)
        last = held.witnessed()
    except KaopingError:
        return Witnessed(0, 0, 0, 0, is_damaged=True)
    of, quorum = len(held.policy.witnesses), held.policy.quorum
    return Witnessed(len(last.cosigned) if last else 0, of, quorum, last.size if last else 0)


# --- runs -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LayerShown:
    """What one layer found, for a page.

    Attributes:
        letter: C, W, K…; `name` what it is called.
        state: passed, failed, not checked; empty where it is still to come.
        said: its words; an error with both languages, or None.
        is_now: it is being checked.
    """

    letter: str
    name: Said
    state: str
    said: Said | None
    is_now: bool = False

    @property
    def is_passed(self) -> bool:
        """Whether nothing was found."""
        return self.state == State.PASSED.value

    @property
    def is_failed(self) -> bool:
        """Whether something was found."""
        return self.state == State.FAILED.value


@dataclass(frozen=True, slots=True)
class Said:
    """Something in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class RunShown:
    """A run of verification, for a page: `done` of `of` layers have been checked."""

    run: VerificationRun
    layers: list[LayerShown]
    cause: Said
    person: str
    is_passed: bool
    is_failed: bool
    is_broken: bool
    done: int
    of: int = len(Layer)


CAUSES = {
    Cause.ASKED.value: Said("页面提出", "asked for on a page"),
    Cause.NIGHTLY.value: Said("每日例行", "every night"),
    Cause.SIGNATURE.value: Said("报告签字前", "before a signature on the report"),
}


def run_shown(run: VerificationRun, viewer: Viewer) -> RunShown:
    """A run, with all layers there are, those that are still to come as well."""
    return _shown([run], viewer)[0]


def _shown(runs: Collection[VerificationRun], viewer: Viewer) -> list[RunShown]:
    """Runs; those that failed according to the sealed security log have failed."""
    by_path = {run.get_absolute_url(): run for run in runs}
    said = SecurityEvent.objects.filter(kind=EventKind.TAMPERED.value, path__in=by_path)
    for path in said.values_list("path", flat=True):
        by_path[path].state = RunState.FAILED.value
    return [_run_shown(run, viewer) for run in runs]


def _run_shown(run: VerificationRun, viewer: Viewer) -> RunShown:
    found = {one.layer: one for one in run.findings.all()}
    return RunShown(
        run,
        [_layer_shown(layer, found.get(layer.value), run.layer) for layer in Layer],
        CAUSES[run.cause],
        Names(viewer.state).who(run.person) if run.person else "",
        run.state == RunState.PASSED.value,
        run.state == RunState.FAILED.value,
        run.state == RunState.BROKEN.value,
        _ORDER.index(run.layer) if run.layer else 0,
    )


_ORDER = "CWBKPDSEX"
"""The order in which layers are checked."""


def _layer_shown(layer: Layer, found: LayerFinding | None, now: str) -> LayerShown:
    name = Said(*LAYER_NAMES[layer])
    if found is None:
        return LayerShown(layer.value, name, "", None, is_now=now == layer.value)
    return LayerShown(layer.value, name, found.state, Said(found.zh, found.en))


def last_run(viewer: Viewer) -> RunShown | None:
    """The last run that came to a verdict."""
    found = VerificationRun.objects.visible_to(viewer).judged().prefetch_related("findings")
    run = found.first()
    return run_shown(run, viewer) if run else None


def runs(viewer: Viewer, count: int = 50) -> list[RunShown]:
    """The last runs, newest first."""
    found = VerificationRun.objects.visible_to(viewer).prefetch_related("findings")[:count]
    return _shown(found, viewer)


def one_run(viewer: Viewer, pk: int) -> RunShown:
    """One run.

    Raises:
        Http404: where there is none, or none that the viewer may see.
    """
    found = VerificationRun.objects.visible_to(viewer).filter(pk=pk).prefetch_related("findings")
    run = found.first()
    if run is None:
        raise Http404
    return run_shown(run, viewer)
