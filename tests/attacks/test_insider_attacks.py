"""Attacks of an insider on rows, files, tiles, histories and keys: each is caught, by the layer that must.

Insiders have root, the database and, where said, the journal's true key. Whoever verifies has only
what an outsider can hold (`sealed_world`). Numbers are those of the list of attacks in the design.
"""

from __future__ import annotations

import shutil
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from kaoping.core.canonical import plain, sha256
from kaoping.core.journal import (
    entry_of,
    without_act,
)
from kaoping.core.register import Row
from kaoping.core.scoring.assessment import score
from kaoping.core.tree import leaf_hash
from kaoping.files.batch import read_entries, require_scheme
from kaoping.files.journal.bodies import Bodies
from kaoping.files.journal.folder import Journal
from kaoping.files.journal.inquiry import Layer, State
from kaoping.files.journal.keys import SigningKey
from kaoping.files.journal.rescoring import ENGINE, ScoredTables, rescored, scores_content
from kaoping.files.journal.row_lines import read_row_lines
from kaoping.files.journal.tiles import bundled, tile_path, unbundled
from tests.attacks.sealed_world import (
    MIDWAY,
    Register,
    Sealed,
    cosign,
    outsider,
    rebuilt,
    row_line,
)
from tests.cli.folders import COUNTY
from tests.journals import (
    KEY,
    ORIGIN,
    SALTS,
    VKEY,
    WITNESSES,
    findings,
    journal_of,
    note_act,
    note_acts,
    scores_act,
    uid,
)

if TYPE_CHECKING:
    from pathlib import Path

    from kaoping.files.journal.inquiry import Finding


from tests.attacks.attack_list import Attacks, find, name_of, require_caught

pytestmark = pytest.mark.slow


ATTACKS = Attacks()


def test_the_untouched_world_passes_every_layer(world):
    """Control: a judge that always says no would pass every other test here."""
    states = {found.layer: found.state for found in outsider(world)}
    assert states.pop(Layer.X) is State.NOT_CHECKED
    assert set(states.values()) == {State.PASSED}


# --- the register: S ------------------------------------------------------------------------------


def rows(world: Sealed) -> list[Row]:
    return list(read_row_lines(world.rows))


def save(world: Sealed, changed: list[Row]) -> None:
    world.rows.write_bytes(b"".join(map(row_line, changed)))


@ATTACKS.add("I01", Layer.S)
def edit_a_row(world):
    found = rows(world)
    at = next(i for i, row in enumerate(found) if row.table == "score")
    row = found[at]
    found[at] = Row(row.table, row.id, row.version, {**row.values, "points": "99"})
    save(world, found)
    return f"score {row.id} 被改动"


@ATTACKS.add("I02", Layer.S)
def delete_a_row(world):
    found = rows(world)
    gone = found.pop(next(i for i, row in enumerate(found) if row.table == "evidence"))
    save(world, found)
    return f"evidence {gone.id} 被删除"


@ATTACKS.add("I03", Layer.S)
def smuggle_a_row_in(world):
    save(world, [*rows(world), Row("score", uid("smuggled"), 1, {"points": "100"})])
    return f"score {uid('smuggled')} 不是任何办理写入的"


@ATTACKS.add("I13", Layer.S)
def restore_rows_of_yesterday(world):
    found = rows(world)
    at = next(i for i, row in enumerate(found) if row.version > 1)
    row = found[at]
    found[at] = Row(row.table, row.id, row.version - 1, row.values)
    save(world, found)
    return f"{row.table} {row.id} 被改动"


@ATTACKS.add("I23", Layer.S)
def truncate_a_table_with_its_triggers_disabled(world):
    found = rows(world)
    gone = [row for row in found if row.table == "score"]
    save(world, [row for row in found if row.table != "score"])
    return f"score {gone[0].id} 被删除"


@ATTACKS.add("I24", Layer.S)
def write_past_the_audit_as_the_program_would(world):
    """Neither trigger nor audit line: the row moves on by one version, and no act says so."""
    found = rows(world)
    at = next(i for i, row in enumerate(found) if row.table == "score")
    row = found[at]
    raised = {**row.values, "points": "4.99"}
    found[at] = Row(row.table, row.id, row.version + 1, raised)
    save(world, found)
    index = max(
        index
        for index, body in world.journal.bodies.up_to(len(world.acts))
        if row.id in {effect[1] for effect in body["effects"]}
    )
    return f"score {row.id} 被改动（第 {index} 条写入）"


@ATTACKS.add("I37", Layer.S)
def delete_everything_that_a_unit_filed(world):
    found = rows(world)
    unit = next(row.values["unit"] for row in found if row.table == "evidence")
    gone = [row for row in found if row.table == "evidence" and row.values["unit"] == unit]
    save(world, [row for row in found if row not in gone])
    return f"evidence {gone[0].id} 被删除"


@ATTACKS.add("a row twice", Layer.S)
def double_a_row(world):
    found = rows(world)
    save(world, [*found, found[3]])
    return f"{found[3].table} {found[3].id} 不是任何办理写入的"


# --- the audit log, roles and permissions: S and B ------------------------------------------------

ROLE_TABLES = {"duty.given/1": "duty", "administrator.asked/1": "administrator"}
REBUILT: dict[str, Any] = {"since": (), "quorum": 0}
"""The journal is made anew first, with rows for roles, so older checkpoints do not fit it."""


def rows_with_roles(world: Sealed) -> list[Row]:
    """The set-up of the year with a row for each duty and administrator; sound, as this shows."""
    acts = world.acts[: find(world, "result.reported/1")[0]]
    roles = {
        act["id"]: Row(ROLE_TABLES[act["type"]], act["subject"], 1, act["content"])
        for act in acts
        if act["type"] in ROLE_TABLES
    }
    written = {i: [(r.table, r.id, r.version, r.digest)] for i, r in roles.items()}
    shutil.rmtree(world.folder / "journal")
    journal = Journal.create(world.folder / "journal", ORIGIN, KEY)
    journal.append(acts, SALTS, written)
    journal.seal(KEY)
    save(world, list(roles.values()))
    states = {found.layer: found.state for found in outsider(world, **REBUILT)}
    assert states[Layer.S] is State.PASSED
    assert State.FAILED not in states.values(), states
    return rows(world)


def row_of(found: list[Row], table: str) -> int:
    return next(i for i, row in enumerate(found) if row.table == table)


@ATTACKS.add("I22", Layer.S, **REBUILT)
def edit_a_role_in_its_row(world):
    found = rows_with_roles(world)
    at = row_of(found, "duty")
    row = found[at]
    found[at] = Row(row.table, row.id, row.version, {**row.values, "role": "principal_leader"})
    save(world, found)
    return f"duty {row.id} 被改动"


@ATTACKS.add("I22 deleted", Layer.S, **REBUILT)
def delete_the_row_of_an_administrator(world):
    found = rows_with_roles(world)
    gone = found.pop(row_of(found, "administrator"))
    save(world, found)
    return f"administrator {gone.id} 被删除"


@ATTACKS.add("I22 smuggled", Layer.S, **REBUILT)
def smuggle_a_role_in(world):
    found = rows_with_roles(world)
    values = found[row_of(found, "duty")].values
    save(world, [*found, Row("duty", uid("smuggled duty"), 1, values)])
    return f"duty {uid('smuggled duty')} 不是任何办理写入的"


@ATTACKS.add("I22 body", Layer.B)
def edit_the_act_that_gave_a_duty(world):
    index, _ = find(world, "duty.given/1", 2)
    body = world.journal.bodies.get(index)
    body["act"]["content"]["role"] = "principal_leader"
    world.journal.bodies.replace(index, body)
    return f"第 {index} 条的正文被改动过"


@ATTACKS.add("I22 body deleted", Layer.B)
def delete_the_act_that_made_an_administrator(world):
    index, _ = find(world, "administrator.given/1", 1)
    path = world.journal.folder / "bodies" / "000.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:index] + lines[index + 1 :]))
    return f"第 {index} 条的正文缺失"


@ATTACKS.add("I22 body hidden", Layer.B)
def hide_the_act_that_ended_a_duty(world):
    index, _ = find(world, "duty.ended/1")
    body = world.journal.bodies.get(index)
    world.journal.bodies.replace(index, without_act(body))
    return f"第 {index} 条的正文内容被删去，而日志中没有依法删除的办理"


# --- attachments: E -------------------------------------------------------------------------------


def blob_of(world: Sealed, kind: str) -> tuple[int, dict[str, Any]]:
    for index, act in enumerate(world.acts):
        if act["type"] == kind:
            files = act["content"].get("files") or [act["content"].get("minutes")]
            return index, files[0]
    raise AssertionError(kind)


def file_of(world: Sealed, blob: dict[str, Any]) -> Path:
    (path,) = world.own_blobs().rglob(blob["sha256"])
    path.chmod(0o644)
    return path


@ATTACKS.add("I04", Layer.E)
def swap_bytes_of_evidence(world):
    _, blob = blob_of(world, "evidence.filed/1")
    file_of(world, blob).write_bytes(b"x" * blob["size"])
    return blob["sha256"]


@ATTACKS.add("I05", Layer.E)
def delete_evidence(world):
    _, blob = blob_of(world, "evidence.filed/1")
    file_of(world, blob).unlink()
    return f"附件缺失：存储中没有 SHA-256 为 {blob['sha256']}"


@ATTACKS.add("I36", Layer.E)
def edit_the_minutes_of_a_meeting(world):
    _, blob = blob_of(world, "meeting.decided/1")
    path = file_of(world, blob)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    return blob["sha256"]


@ATTACKS.add("I04 two files exchanged", Layer.E)
def exchange_two_files(world):
    blobs = [act["content"]["files"][0] for act in world.acts if act["type"] == "evidence.filed/1"]
    one, two = file_of(world, blobs[0]), file_of(world, blobs[1])
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    return blobs[0]["sha256"]


# --- tiles, bundles, bodies: B --------------------------------------------------------------------


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


@ATTACKS.add("I06", Layer.B)
def edit_an_entry_with_its_body_and_leaf(world):
    """Bundle, leaf and body fit together again; the tile above does not."""
    bodies = world.journal.bodies
    body = deepcopy(bodies.get(300))
    body["act"]["actor"] = uid("somebody else")
    rows_ = Bodies(bodies.folder)
    rows_.replace(300, body)
    place = world.journal.folder / tile_path("entries", 1)
    entries = unbundled(place.read_bytes())
    assert entries
    entries[44] = entry_of(body).content
    place.write_bytes(bundled(entries))
    tile = world.journal.folder / tile_path(0, 1)
    content = tile.read_bytes()
    tile.write_bytes(content[: 44 * 32] + leaf_hash(entries[44]) + content[45 * 32 :])
    return "tile/0/001 与已签署的根不符：第 256 至 511 条"


@ATTACKS.add("I07", Layer.B)
def flip_a_byte_of_a_bundle(world):
    flip(world.journal.folder / tile_path("entries", 1), 40)
    return "第 256 条与已签署的树不符"


@ATTACKS.add("I07 length", Layer.B)
def flip_a_length_in_a_bundle(world):
    flip(world.journal.folder / tile_path("entries", 2), 0)
    return "tile/entries/002"


@ATTACKS.add("I08", Layer.B)
def flip_a_byte_of_a_leaf_tile(world):
    flip(world.journal.folder / tile_path(0, 0), 5 * 32)
    return "第 5 条与已签署的树不符"


@ATTACKS.add("I08 upper tile", Layer.B)
def flip_a_byte_of_an_upper_tile(world):
    (path,) = (world.journal.folder / "tile" / "1").rglob("3")
    flip(path, 64)
    return "tile/0/002 与已签署的根不符"


@ATTACKS.add("I09 tile", Layer.B)
def delete_a_tile(world):
    (world.journal.folder / tile_path(0, 1)).unlink()
    return "tile/0/001 缺失"


@ATTACKS.add("I09 bundle", Layer.B)
def delete_a_bundle(world):
    (world.journal.folder / tile_path("entries", 0)).unlink()
    return "tile/entries/000 缺失"


@ATTACKS.add("I09 truncated", Layer.B)
def cut_a_bundle_short(world):
    path = world.journal.folder / tile_path("entries", 0)
    path.write_bytes(path.read_bytes()[:-3])
    return "tile/entries/000 不完整"


@ATTACKS.add("I09 body", Layer.B)
def delete_a_body(world):
    path = world.journal.folder / "bodies" / "001.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:10] + lines[11:]))
    return "第 266 条的正文缺失"


@ATTACKS.add("edited body", Layer.B)
def edit_a_reason_in_a_body(world):
    index, body = next(
        (i, body)
        for i, body in world.journal.bodies.up_to(900)
        if body["act"]["type"] == "score.adjusted/1"
    )
    body["act"]["content"]["reason"] = "另有考虑"
    world.journal.bodies.replace(index, body)
    return f"第 {index} 条的正文被改动过"


@ATTACKS.add("swapped bodies", Layer.B)
def exchange_two_bodies(world):
    bodies = world.journal.bodies
    one, two = bodies.get(400), bodies.get(401)
    bodies.replace(400, two)
    bodies.replace(401, one)
    return "第 400 条的正文被改动过"


@ATTACKS.add("I40 hiding", Layer.B)
def hide_a_text_without_an_act(world):
    body = world.journal.bodies.get(450)
    world.journal.bodies.replace(450, without_act(body))
    return "第 450 条的正文内容被删去，而日志中没有依法删除的办理"


@ATTACKS.add("effects", Layer.B)
def edit_the_effects_of_an_entry(world):
    index, body = next((i, b) for i, b in world.journal.bodies.up_to(900) if b["effects"])
    body["effects"][0][3] = "0" * 64
    world.journal.bodies.replace(index, body)
    return f"第 {index} 条的正文被改动过"


@ATTACKS.add("a word twice in a body", Layer.B)
def say_a_thing_twice_in_a_body(world):
    path = world.journal.folder / "bodies" / "000.jsonl"
    path.write_bytes(path.read_bytes().replace(b'{"act":', b'{"act":0,"act":', 1))
    return "正文文件 000.jsonl 第 1 行"


# --- histories rewritten with the true key: K -----------------------------------------------------


@ATTACKS.add("I10", Layer.K)
def rewrite_history_with_the_true_key(world):
    acts = world.acts
    act = next(act for act in acts[:MIDWAY] if act["type"] == "result.reported/1")
    act["content"]["value"] = "99.9"
    rebuilt(world, acts, WITNESSES)
    return f"与日志的前 {MIDWAY} 条不符"


@ATTACKS.add("I10 late entry", Layer.K)
def rewrite_an_entry_after_the_older_checkpoint(world):
    acts = world.acts
    acts[-2]["content"] = acts[-2]["content"] | {"reason": "改写的理由"}
    rebuilt(world, acts, WITNESSES)
    return f"同为 {len(acts)} 条而根不同：同一日志有两个版本"


@ATTACKS.add("I11", Layer.K)
def remove_an_entry_and_pad_with_the_true_key(world):
    acts = world.acts
    last = deepcopy(acts[-1])
    last["id"] = uid("padding")
    rebuilt(world, [*acts[:20], *acts[21:], last], WITNESSES)
    return f"与日志的前 {MIDWAY} 条不符"


@ATTACKS.add("I11 swapped", Layer.K)
def exchange_two_entries_with_the_true_key(world):
    acts = world.acts
    acts[30], acts[31] = acts[31], acts[30]
    rebuilt(world, acts, WITNESSES)
    return f"与日志的前 {MIDWAY} 条不符"


@ATTACKS.add("I12", Layer.K)
def cut_the_tail_with_the_true_key(world):
    rebuilt(world, world.acts[: MIDWAY - 50], WITNESSES)
    return f"已有 {MIDWAY} 条，而日志只有 {MIDWAY - 50} 条"


@ATTACKS.add("another year", Layer.K, keys=[VKEY, KEY.verifier("kaoping.example/2023")])
def show_the_journal_of_another_year(world):
    acts = world.acts
    shutil.rmtree(world.folder / "journal")
    journal = Journal.create(world.folder / "journal", "kaoping.example/2023", KEY)
    journal.append(acts, SALTS, Register().effects(acts))
    journal.seal(KEY)
    cosign(journal, WITNESSES)
    return f"是另一个日志 {ORIGIN} 的"


# --- keys: C, W -----------------------------------------------------------------------------------


@ATTACKS.add("I17", Layer.C)
def replace_the_journal_and_the_key_beside_it(world):
    acts = world.acts
    shutil.rmtree(world.folder / "journal")
    thief = SigningKey.fresh()
    journal = Journal.create(world.folder / "journal", ORIGIN, thief)
    journal.append(acts, SALTS, Register().effects(acts))
    journal.seal(thief)
    return "没有所给公钥的签名"


@ATTACKS.add("C flipped", Layer.C)
def flip_a_byte_of_the_checkpoint(world):
    flip(world.journal.folder / "checkpoint", len(ORIGIN) + 1)
    return f"{ORIGIN} 的签名不成立"


@ATTACKS.add("C truncated", Layer.C)
def cut_the_checkpoint_short(world):
    path = world.journal.folder / "checkpoint"
    path.write_bytes(path.read_bytes()[:-5])
    return "签名文本核对不通过"


@ATTACKS.add("I15", Layer.W)
def sign_a_private_tree_with_the_stolen_key(world):
    rebuilt(world, world.acts)
    return "应有 2 个见证人签署，实有 0 个"


@ATTACKS.add("I16", Layer.W)
def bribe_one_witness_of_three(world):
    rebuilt(world, world.acts, WITNESSES[:1])
    return "应有 2 个见证人签署，实有 1 个"


@ATTACKS.add("I16 one witness twice", Layer.W)
def let_one_witness_sign_twice(world):
    rebuilt(world, world.acts, [WITNESSES[0], WITNESSES[0]])
    return "应有 2 个见证人签署，实有 1 个"


@ATTACKS.add("I16 two bribed", Layer.K)
def bribe_two_witnesses_of_three(world):
    """A quorum is lost: only who kept an older checkpoint sees it, as the documents say openly."""
    acts = world.acts
    acts[100]["actor"] = uid("somebody else")
    rebuilt(world, acts, WITNESSES[:2])
    return f"与日志的前 {MIDWAY} 条不符"


# --- scores: X ------------------------------------------------------------------------------------


CHANGED = {
    "results": ("东岭镇,1.1,,86.5,", "东岭镇,1.1,,46.5,"),
    "deductions": ("南坪镇,3.3,迟报,2,", "南坪镇,3.3,迟报,1,"),
    "decisions": ("西河镇,3,3.1,veto", "北塘乡,3,3.1,veto"),
}
"""A cell of each table of the small example, and what an insider makes of it."""
TABLES = tuple(CHANGED)


@dataclass(frozen=True)
class Scored:
    """A county's scheme and tables, and what its scores are when nobody touched them."""

    tables: ScoredTables
    scheme: str
    scores: str
    points: tuple[tuple[str, str, str], ...]
    """Unit, task and points, of every task that was scored."""


@pytest.fixture(scope="module")
def county():
    """The tables of the small example, scored."""
    tables = ScoredTables(COUNTY / "scheme.toml", *(COUNTY / f"{name}.csv" for name in TABLES))
    scheme, _ = require_scheme(tables.scheme)
    entries, _ = read_entries(scheme, *(COUNTY / f"{name}.csv" for name in TABLES))
    scores = score(scheme, entries)
    points = tuple(
        (*key, plain(row.published))
        for key, row in scores.tasks.items()
        if row.published is not None
    )
    digest = sha256(tables.scheme.read_bytes())
    return Scored(tables, digest, sha256(scores_content(scheme, scores)), points)


def computed(county: Scored, **changes: Any) -> dict[str, Any]:
    """The act of a run, or one that says something else of it."""
    content = {"engine": ENGINE, "inputs": [], "results": []}
    content |= {"scheme": county.scheme, "scores": county.scores} | changes
    return note_act(0) | {"content": content, "type": "run.computed/1"}


def proposed(county: Scored, engine: str = ENGINE, **wrong: str) -> list[dict[str, Any]]:
    """Units by their codes, and a sheet with all their points, as computed but for those named."""
    codes = sorted({unit for unit, _, _ in county.points})
    units = [
        note_act(number)
        | {
            "content": {"code": code, "name": code},
            "subject": uid(code),
            "type": "unit.registered/1",
        }
        for number, code in enumerate(codes)
    ]
    sheet = scores_act(len(codes), 1)
    (like,) = sheet["content"]["lines"]
    sheet["content"] |= {
        "engine": engine,
        "lines": [
            like | {"unit": uid(unit), "task": task, "points": wrong.get(unit, points)}
            for unit, task, points in county.points
        ],
    }
    return [*units, sheet]


def judged(folder: Path, acts: list[dict[str, Any]], tables: ScoredTables) -> Finding:
    """What layer X says of a journal with these acts, signed with its true key."""
    folder.mkdir()
    return findings(journal_of(folder / "log", acts), rescored=rescored(tables))[Layer.X]


def altered(county: Scored, place: Path, name: str, old: str, new: str) -> ScoredTables:
    """The tables with one of them changed: the first cell that is `old` becomes `new`."""
    text = (COUNTY / f"{name}.csv").read_text("utf-8")
    assert old in text
    (place / f"{name}.csv").write_text(text.replace(old, new, 1), "utf-8")
    return replace(county.tables, **{name: place / f"{name}.csv"})


def test_scores_as_they_were_computed_pass(county, tmp_path):
    """Control, for a run and for a sheet whose points were computed."""
    assert judged(tmp_path / "run", [computed(county)], county.tables).state is State.PASSED
    assert judged(tmp_path / "sheet", proposed(county), county.tables).state is State.PASSED


@pytest.mark.parametrize(("name", "cells"), [(name, CHANGED[name]) for name in TABLES])
def test_a_changed_table_does_not_give_the_scores_of_the_run(county, tmp_path, name, cells):
    found = judged(tmp_path / "forged", [computed(county)], altered(county, tmp_path, name, *cells))
    assert found.state is State.FAILED, found
    assert f"批量计算 {computed(county)['id']} 的得分摘要应为" in found.zh
    assert f"实为 {county.scores[:16]}" in found.zh


def test_a_changed_table_does_not_give_the_points_of_a_sheet(county, tmp_path):
    tables = altered(county, tmp_path, "results", *CHANGED["results"])
    found = judged(tmp_path / "forged", proposed(county), tables)
    assert found.state is State.FAILED, found
    assert "复算得分不符" in found.zh


def test_other_scores_signed_with_the_true_key_are_not_those_of_the_tables(county, tmp_path):
    forged = computed(county, scores="0" * 64)
    found = judged(tmp_path / "forged", [forged], county.tables)
    assert found.state is State.FAILED, found
    words = f"批量计算 {forged['id']} 的得分摘要应为 {county.scores[:16]}，实为 {'0' * 16}"
    assert words in found.zh


@pytest.mark.parametrize("engine", [ENGINE, ""])
def test_other_points_signed_with_the_true_key_are_named(county, tmp_path, engine):
    """Leaving the engine out, as if a person had judged, is no way around it."""
    unit, task, points = county.points[0]
    found = judged(tmp_path / "forged", proposed(county, engine, **{unit: "0.01"}), county.tables)
    assert found.state is State.FAILED, found
    assert f"{unit} {task} 应为 {points} 分，日志为 0.01 分" in found.zh


@pytest.mark.parametrize("act", ["run", "sheet"])
def test_another_engine_is_no_way_to_have_false_scores_passed(county, tmp_path, act):
    other = "kaoping 0.0.1"
    acts = [computed(county, engine=other, scores="0" * 64)]
    if act == "sheet":
        acts = proposed(county, other, **{county.points[0][0]: "0.01"})
    found = judged(tmp_path / "forged", acts, county.tables)
    assert found.state is State.NOT_CHECKED, found
    assert other in found.zh


def test_false_scores_beside_true_ones_are_found(county, tmp_path):
    """A true run does not cover a false sheet, nor one of another engine a false one of this."""
    false = proposed(county, **{county.points[0][0]: "0.01"})
    found = judged(tmp_path / "forged", [computed(county), *false], county.tables)
    assert found.state is State.FAILED, found
    unsure = [computed(county), *proposed(county, "kaoping 0.0.1", **{county.points[0][0]: "0.01"})]
    found = judged(tmp_path / "unsure", unsure, county.tables)
    assert found.state is State.NOT_CHECKED, found


def test_a_journal_without_scores_is_not_said_to_have_passed(county, tmp_path):
    found = judged(tmp_path / "forged", note_acts(3), county.tables)
    assert found.state is State.NOT_CHECKED, found


# --- all of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", ATTACKS, ids=name_of)
def test_every_attack_is_caught_by_the_layer_that_must(world, attack):
    require_caught(world, attack)
