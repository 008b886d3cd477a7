"""核验: every layer that can run here, over one view of the database; kept with what each found."""

from __future__ import annotations

import logging
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.db import connection

from kaoping.core.acts.filing import MeetingDecided, PackageSent, ReportFrozen, ReportSigned
from kaoping.core.acts.scoring import ScoresProposed
from kaoping.core.errors import EnvironmentFault, KaopingError, RefusedError, TamperError
from kaoping.files.journal.database import Database, database
from kaoping.files.journal.held import HeldCheckpoints
from kaoping.files.journal.inquiry import Asked, Finding, Layer, State
from kaoping.files.journal.rescoring import NothingToCompare
from kaoping.files.journal.verification import first_failure, verify
from kaoping.web.actions.sealing_security_log import seal_security_log
from kaoping.web.models import (
    Cause,
    EventKind,
    LayerFinding,
    RunState,
    VerificationRun,
)
from kaoping.web.queue import first_come, one_at_a_time
from kaoping.web.security_log import record_own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kaoping.core.acts.envelope import Act
    from kaoping.core.acts.union import Content
    from kaoping.core.journal import Checkpoint
    from kaoping.web.installation import Installation

_LOG = logging.getLogger(__name__)
_LOCK_FILE = "verifying.lock"
_NOT_NOW = (EnvironmentFault, RefusedError, TamperError)
"""Why the newest acts are not sealed just now; what verification finds will say so."""
LONGEST_UNWITNESSED = timedelta(hours=24)
"""How old the last sufficient cosignature may be before layer W fails."""
ON_THE_REPORT: tuple[type[Content], ...] = (ReportFrozen, MeetingDecided, ReportSigned, PackageSent)
"""Acts that are not taken over a journal that does not verify."""


def ask_for(installation: Installation, cause: Cause, person: str = "") -> VerificationRun:
    """Note that the journal is to be verified; one that waits or runs already is that one."""
    _close_dead(installation)
    unfinished = (RunState.QUEUED.value, RunState.RUNNING.value)
    found = VerificationRun.objects.filter(state__in=unfinished).first()
    if found is not None:
        return found
    now = installation.now()
    return VerificationRun.objects.create(cause=cause.value, person=person, asked_at=now)


def verify_waiting(installation: Installation) -> int:
    """Verify what was asked for and not begun by anybody.

    Returns:
        How many runs there were.
    """
    waiting = VerificationRun.objects.filter(state=RunState.QUEUED.value)
    return sum(run_verification(installation, pk) for pk in waiting.values_list("pk", flat=True))


def run_verification(installation: Installation, pk: int) -> bool:
    """Do one run, unless somebody else has begun with it; one is done after the other.

    Returns:
        Whether it was ours.
    """
    with one_at_a_time(installation.data / _LOCK_FILE):
        mine = VerificationRun.objects.filter(pk=pk)
        begun = {"state": RunState.RUNNING.value, "started_at": installation.now()}
        if not mine.filter(state=RunState.QUEUED.value).update(**begun):
            return False
        started = monotonic()
        done: dict[str, object] = {"state": RunState.BROKEN.value}

        def show(layer: Layer) -> None:
            mine.update(layer=layer.value)

        try:
            findings, checkpoint = verify_all(installation, show)
            is_sound = _told(installation, pk, findings)
            done = {
                "state": (RunState.PASSED if is_sound else RunState.FAILED).value,
                "size": checkpoint.size,
                "root": checkpoint.root.hex(),
            }
            _keep(pk, findings)
        except KaopingError as error:
            _keep(pk, [Finding(Layer.C, State.NOT_CHECKED, error.zh, error.en)])
        finally:
            seconds = round(monotonic() - started, 3)
            mine.update(**done, layer="", finished_at=installation.now(), seconds=seconds)
    return True


def _told(installation: Installation, run: int, findings: Sequence[Finding]) -> bool:
    """Whether everything is sound; if not, it is an alarm for who runs the server, besides the pages.

    It stands in the security log, too, which is sealed: the row of the run alone could be edited.
    """
    failed = first_failure(findings)
    if failed is not None:
        _LOG.critical("verification failed: [%s] %s", failed.layer.value, failed.en)
        said = f"第 {run} 次核验没有通过，{failed.layer.value} 层：{failed.zh}"
        path = VerificationRun(pk=run).get_absolute_url()
        record_own(installation.now(), EventKind.TAMPERED, path, said)
    return failed is None


def _keep(run: int, findings: Sequence[Finding]) -> None:
    LayerFinding.objects.bulk_create(
        LayerFinding(
            run_id=run,
            place=place,
            layer=one.layer.value,
            state=one.state.value,
            zh=one.zh,
            en=one.en,
        )
        for place, one in enumerate(findings)
    )


def _close_dead(installation: Installation) -> None:
    """Close runs whose process was killed: they run, and nobody holds the lock of who runs."""
    with first_come(installation.data / _LOCK_FILE) as is_free:
        if is_free:
            left = VerificationRun.objects.filter(state=RunState.RUNNING.value)
            left.update(state=RunState.BROKEN.value, layer="", finished_at=installation.now())


def require_verified(installation: Installation) -> None:
    """Verify everything now, and keep the run.

    Raises:
        TamperError: naming the first thing that is wrong.
    """
    now = installation.now()
    run = VerificationRun.objects.create(cause=Cause.SIGNATURE.value, asked_at=now)
    run_verification(installation, run.pk)
    run.refresh_from_db()
    if run.state == RunState.PASSED.value:
        return
    findings = list(run.findings.all())
    bad = next((one for one in findings if one.state == State.FAILED.value), findings[0])
    zh, en = (text.partition("\n")[0] for text in (bad.zh, bad.en))
    raise TamperError(
        f"签字前的核验没有通过，没有办理。第 {run.pk} 次核验，{bad.layer} 层：{zh}",
        f"Verification {run.pk} before the signature did not pass; nothing was done. "
        f"{bad.layer}: {en}",
    )


# --- the layers -----------------------------------------------------------------------------------


def verify_all(
    installation: Installation, on_layer: Callable[[Layer], None] = lambda _layer: None
) -> tuple[list[Finding], Checkpoint]:
    """What each layer finds, over everything that was taken up to now.

    Returns:
        The findings, and the checkpoint that they are about.

    Raises:
        InputError: where the file of witnesses, or a checkpoint that was kept, is damaged.
        EnvironmentFault: where the database does not answer.
    """
    with suppress(*_NOT_NOW):
        seal_security_log(installation)
    held = HeldCheckpoints.beside(installation.data, installation.journal)
    since = held.paths()
    with _one_view(installation) as kept:
        checkpoint = installation.checkpoint().checkpoint
        asked = Asked(
            folder=installation.journal.folder,
            keys=[installation.journal.key],
            since=since,
            witnesses=held.policy.keys,
            database=kept,
            blobs=installation.blobs,
            rescored=_no_scores,
            on_layer=on_layer,
        )
        findings = list(verify(asked))
    if first_failure(findings) is None:
        held.keep()
    judged = [
        _witnessed(installation, held, one) if one.layer is Layer.W else one for one in findings
    ]
    return judged, checkpoint


@contextmanager
def _one_view(installation: Installation) -> Iterator[Database]:
    """The database as it stands at one moment, with everything sealed that is in it.

    Nobody writes while the view is taken; afterwards everybody may. Who is within a transaction of
    his own (a test, a command) looks through it, or he would not see what he wrote.
    """
    if connection.in_atomic_block:
        with suppress(*_NOT_NOW):
            installation.sealer.seal()
        connection.ensure_connection()
        yield Database(connection.connection, connection.vendor)
        return
    with database(_address()) as kept:
        with installation.writing_alone():
            with suppress(*_NOT_NOW):
                installation.sealer.seal()
            next(kept.entries(), None)
        yield kept


def _address() -> str:
    """The database under the name that the verifier takes."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(found["NAME"])
    user, password = (quote(str(found[key] or ""), safe="") for key in ("USER", "PASSWORD"))
    host, port = quote(str(found["HOST"] or ""), safe=""), found["PORT"]
    at = f"?host={host}" + (f"&port={port}" if port else "")
    return f"postgresql://{user}:{password}@/{quote(str(found['NAME']), safe='')}{at}"


def _no_scores(acts: Sequence[Act]) -> tuple[str, str]:
    """X: scores are computed anew once the sheets are on the platform.

    Raises:
        NothingToCompare: always, saying how many scores there are.
    """
    count = sum(len(act.content.lines) for act in acts if isinstance(act.content, ScoresProposed))
    if count:
        raise NothingToCompare(
            f"日志中有 {count} 行得分，请用 kaoping journal verify --scheme --results 复算",
            f"{count} lines of scores: run kaoping journal verify --scheme --results",
        )
    raise NothingToCompare("还没有得分，评分开始后核对", "no scores yet")


def _witnessed(installation: Installation, held: HeldCheckpoints, finding: Finding) -> Finding:
    """W: as many witnesses as the policy asks for cosigned, and not too long ago."""
    policy = held.policy
    try:
        last = held.witnessed()
    except TamperError as error:
        return Finding(Layer.W, State.FAILED, error.zh, error.en)
    if last is not None:
        count, of = len(last.cosigned), len(policy.witnesses)
        at = datetime.fromtimestamp(max(last.times), UTC)
        is_fresh = installation.clock() - at <= LONGEST_UNWITNESSED
        zh = f"{count}/{of} 个见证人签至第 {last.size} 条"
        en = f"{count} of {of} cosigned {last.size} entries"
        if is_fresh or not policy.quorum:
            return Finding(Layer.W, State.PASSED, zh, en)
        late = f"{zh}，已超过 24 小时没有新的见证。请见证人签署"
        return Finding(Layer.W, State.FAILED, late, f"{en}, more than 24 hours ago")
    if not policy.quorum:
        return replace(
            finding, state=State.NOT_CHECKED, zh="未见证：没有要求见证", en="not witnessed"
        )
    return Finding(
        Layer.W,
        State.FAILED,
        f"见证不足：要求 {policy.quorum} 个见证人签署，还没有。请见证人签署",
        f"{policy.quorum} witnesses must cosign, and did not",
    )
