"""`kaoping journal`, `receipt`, `witness`, `key`: a journal kept and verified with commands alone."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from itertools import groupby
from typing import Any

import pytest

from kaoping.cli.main import main
from kaoping.core.canonical import encode
from kaoping.core.journal import without_act
from kaoping.files.journal.folder import Journal
from kaoping.files.journal.keys import fresh_salt, make_key
from tests.attacks.sealed_world import table_of
from tests.cli.folders import COUNTY, kaoping, refusal, snapshot, unchanged
from tests.files.samples import put
from tests.forking import Forked
from tests.journals import body_of, small_journal
from tests.worlds import finished_year

ORIGIN = "demo/kaoping-2024"


def year() -> list[dict[str, Any]]:
    """The acts of a year until digits are rolled for the first time, with their times."""
    acts = [table_of(act) for act in finished_year(4)]
    first_digits = next(i for i, act in enumerate(acts) if act["type"] == "digits.witnessed/1")
    return acts[:first_digits]


YEAR = year()


def lines(acts):
    """Acts as they are handed in: without a time."""
    return b"".join(encode({k: v for k, v in act.items() if k != "at"}) + b"\n" for act in acts)


@pytest.fixture
def place(tmp_path, capsys):
    """A new journal and its key."""
    words = ("--origin", ORIGIN, "--signing-key", tmp_path / "key.pem")
    assert kaoping(capsys, "journal", "init", tmp_path / "log", *words).code == 0
    return tmp_path


@pytest.fixture
def vkey(tmp_path):
    return Journal.open(tmp_path / "log").key.text


def append(capsys, place, acts, at):
    path = put(place / "acts.jsonl", lines(acts))
    return kaoping(capsys, "journal", "append", place / "log", path, "--at", at)


def seal(capsys, place, *more):
    words = ("journal", "checkpoint", place / "log", "--signing-key", place / "key.pem")
    return kaoping(capsys, *words, *more)


def fill(capsys, place, acts):
    """Take acts, each at its own time, and sign them; one by one with the commands is `filled`."""
    Journal.open(place / "log").append(acts, fresh_salt)
    assert seal(capsys, place).code == 0


@pytest.fixture(scope="module")
def filled_once(tmp_path_factory):
    """A journal of sixty acts, made with the commands once."""
    place = tmp_path_factory.mktemp("filled")
    words = ["--origin", ORIGIN, "--signing-key", str(place / "key.pem")]
    assert main(["journal", "init", str(place / "log"), *words]) == 0
    for at, group in groupby(YEAR[:60], key=lambda act: act["at"]):
        path = put(place / "acts.jsonl", lines(group))
        assert main(["journal", "append", str(place / "log"), str(path), "--at", at]) == 0
    assert main(["journal", "checkpoint", str(place / "log"), *words[2:]]) == 0
    return place


@pytest.fixture
def filled(tmp_path, filled_once):
    return shutil.copytree(filled_once, tmp_path, dirs_exist_ok=True)


def verify(capsys, place, vkey, *more):
    return kaoping(capsys, "journal", "verify", place / "log", "--key", vkey, *more)


# --- init, append, checkpoint ---------------------------------------------------------------------


def test_a_new_journal_has_a_key_that_only_its_owner_may_read(place, capsys, vkey):
    assert (place / "key.pem").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in (place / "log").iterdir()} == {"checkpoint", "vkey"}
    said = kaoping(capsys, "key", "show", place / "key.pem", "--name", ORIGIN)
    assert said.out.strip() == vkey
    assert verify(capsys, place, vkey).code == 0


def test_init_uses_a_key_that_is_there_and_refuses_a_folder_that_is_not_empty(place, capsys):
    words = ("journal", "init", place / "log", "--origin", ORIGIN)
    with unchanged(place):
        refusal(capsys, 3, *words, "--signing-key", place / "key.pem")
    other = ("journal", "init", place / "log2", "--origin", ORIGIN)
    assert kaoping(capsys, *other, "--signing-key", place / "key.pem").code == 0
    assert Journal.open(place / "log2").key == Journal.open(place / "log").key


@pytest.mark.parametrize("name", ["", "with blank", "with+plus", "line\nfeed"])
def test_a_journal_needs_a_name_without_blanks(tmp_path, capsys, name):
    words = ("--origin", name, "--signing-key", tmp_path / "key.pem")
    with unchanged(tmp_path):
        refusal(capsys, 1, "journal", "init", tmp_path / "log", *words)


def test_acts_are_taken_signed_shown_and_verified(filled, capsys, vkey):
    said = kaoping(capsys, "journal", "show", filled / "log", "--json")
    shown = json.loads(said.out)
    assert shown["size"] == 60
    assert [e["type"] for e in shown["entries"]] == [act["type"] for act in YEAR[:60]]
    assert [e["at"] for e in shown["entries"]] == [act["at"] for act in YEAR[:60]]
    said = kaoping(capsys, "journal", "show", filled / "log", "--last", 2)
    assert "已签署 60 条" in said.out
    said = verify(capsys, filled, vkey, "--complete", "--json")
    found = json.loads(said.out)
    assert (said.code, found["sound"], found["first_failure"]) == (0, True, None)
    states = {layer["layer"]: layer["state"] for layer in found["layers"]}
    assert {states[layer] for layer in "CBP"} == {"passed"}
    assert {states[layer] for layer in "WKSEDX"} == {"not checked"}


def test_the_same_acts_again_change_nothing(filled, capsys):
    before = snapshot(filled / "log")
    said = append(capsys, filled, YEAR[40:60], "2025-06-01T00:00:00Z")
    assert said.code == 0
    assert "另有 20 件以前已写入" in said.out
    assert snapshot(filled / "log") == before


def test_an_id_used_again_for_other_content_is_refused(filled, capsys):
    act = next(a for a in YEAR[:60] if a["type"] == "unit.registered/1")
    other = act | {"content": act["content"] | {"name": "另一个名字"}}
    with unchanged(filled / "log"):
        said = append(capsys, filled, [other], "2025-06-01T00:00:00Z")
    assert said.code == 3
    assert "第 1 件办理" in said.err


def test_an_act_that_the_rules_forbid_takes_none_of_the_others_with_it(filled, capsys):
    sealed_too_early = (
        next(a for a in YEAR if a["type"] == "sheet.signed_by_handler/1")
        if any(a["type"] == "sheet.signed_by_handler/1" for a in YEAR)
        else YEAR[-1]
    )
    with unchanged(filled / "log"):
        said = append(capsys, filled, [*YEAR[60:62], sealed_too_early], YEAR[61]["at"])
    assert said.code == 3
    assert "全部没有写入" in said.err


def test_who_watches_a_draw_names_a_checkpoint_of_this_very_journal(place, capsys):
    """One of another journal, an unsigned one, or one with another root would spoil it for good."""
    fill(capsys, place, YEAR)
    note = (place / "log" / "checkpoint").read_text("utf-8")
    acts = [table_of(act) for act in finished_year(4)]
    watched = acts[len(YEAR)]
    size, root = note.splitlines()[1:3]
    forged = [
        note.replace(root, "A" * 43 + "="),
        note.rpartition("\n\n")[0] + "\n\n— kaoping.example/2024 AAAA\n",
        small_journal(place / "other").checkpoint().content.replace("\n5\n", f"\n{size}\n"),
    ]
    for sealed in forged:
        act = watched | {"content": watched["content"] | {"sealed": sealed}}
        with unchanged(place / "log"):
            said = append(capsys, place, [act], watched["at"])
        assert said.code == 3
        assert "完好的检查点" in "".join(said.err.split())
    act = watched | {"content": watched["content"] | {"sealed": note}}
    assert append(capsys, place, [act], watched["at"]).code == 0
    assert seal(capsys, place).code == 0


def test_everything_wrong_in_a_file_of_acts_is_listed_at_once(filled, capsys):
    good = lines(YEAR[60:61])
    timed = encode(YEAR[61]) + b"\n"
    number = b'{"id": 1}\n'
    content = b"".join([good, b"no json\n", timed, b"\n", number, good[:-2] + b"\n"])
    path = put(filled / "acts.jsonl", content)
    with unchanged(filled / "log"):
        said = refusal(capsys, 1, "journal", "append", filled / "log", path)
    for line in (2, 3, 5, 6):
        assert f"acts.jsonl 第 {line} 行" in said.err
    assert "acts.jsonl 第 1 行" not in said.err
    assert "时间由程序" in "".join(said.err.split())


def test_an_empty_file_of_acts_and_an_act_that_is_too_large_are_refused(filled, capsys):
    with unchanged(filled / "log"):
        path = put(filled / "acts.jsonl", b"\n")
        refusal(capsys, 1, "journal", "append", filled / "log", path)
        act = YEAR[60] | {"content": YEAR[60]["content"] | {"name": "长" * 400_000}}
        put(path, lines([act]))
        refusal(capsys, 1, "journal", "append", filled / "log", path)


def test_only_the_journals_own_key_signs_and_only_with_mode_600(filled, capsys):
    assert append(capsys, filled, YEAR[60:61], YEAR[60]["at"]).code == 0
    (filled / "key.pem").chmod(0o644)
    with unchanged(filled / "log"):
        assert "chmod 600" in seal(capsys, filled).err
    assert seal(capsys, filled).code == 3
    (filled / "key.pem").unlink()
    assert kaoping(capsys, "key", "make", filled / "key.pem").code == 0
    with unchanged(filled / "log"):
        assert seal(capsys, filled).code == 3


def test_a_key_is_never_overwritten(filled, capsys):
    with unchanged(filled):
        refusal(capsys, 3, "key", "make", filled / "key.pem")


def test_an_sm2_line_changes_nothing_for_who_does_not_ask_for_it(filled, capsys, vkey):
    assert kaoping(capsys, "key", "make", filled / "sm2.key", "--sm2").code == 0
    assert seal(capsys, filled, "--sm2-key", filled / "sm2.key").code == 0
    assert (filled / "log" / "checkpoint").read_text("utf-8").count("\n—") == 2
    assert verify(capsys, filled, vkey).code == 0
    said = kaoping(capsys, "key", "show", filled / "sm2.key", "--sm2", "--name", ORIGIN)
    both = ("--key", vkey, said.out.strip())
    assert kaoping(capsys, "journal", "verify", filled / "log", *both).code == 0


@pytest.mark.parametrize("command", ["append", "checkpoint", "verify", "show", "export"])
def test_a_folder_that_is_no_journal_is_refused(tmp_path, capsys, command):
    acts = put(tmp_path / "acts.jsonl", lines(YEAR[:1]))
    kaoping(capsys, "key", "make", tmp_path / "key.pem")
    more = {
        "append": [acts],
        "checkpoint": ["--signing-key", tmp_path / "key.pem"],
        "verify": ["--key", acts],
        "export": [tmp_path / "out.zip"],
    }
    with unchanged(tmp_path):
        refusal(capsys, 1, "journal", command, tmp_path, *more.get(command, []))


# --- verify ---------------------------------------------------------------------------------------


def test_what_is_wrong_is_named_in_both_languages_and_ends_with_4(filled, capsys, vkey):
    (path,) = (filled / "log" / "tile" / "entries").rglob("60")
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)
    said = verify(capsys, filled, vkey)
    assert said.code == 4
    assert "[B] 第 0 条与已签署的树不符" in said.err
    assert "Entry 0 does not match the signed tree" in said.err
    said = verify(capsys, filled, vkey, "--json")
    assert said.code == 4
    found = json.loads(said.out)
    assert (found["sound"], found["first_failure"]) == (False, "B")


def test_an_outsider_without_bodies_is_told_what_was_not_checked(filled, capsys, vkey):
    shutil.rmtree(filled / "log" / "bodies")
    said = verify(capsys, filled, vkey)
    assert said.code == 0
    assert "正文 0/60 条" in said.out
    assert "不作“通过”的结论" in "".join(said.out.split())
    assert verify(capsys, filled, vkey, "--complete").code == 4


def test_an_older_checkpoint_or_receipt_that_was_kept_is_continued(filled, capsys, vkey):
    old = shutil.copy(filled / "log" / "checkpoint", filled / "old")
    fill(capsys, filled, YEAR[60:90])
    said = verify(capsys, filled, vkey, "--since", old, "--complete")
    assert said.code == 0, said.err
    assert "与 1 个旧检查点一致" in said.out
    rolled = filled / "log" / "checkpoint"
    newest = shutil.copy(rolled, filled / "new")
    shutil.copy(old, rolled)
    said = verify(capsys, filled, vkey, "--since", newest)
    assert said.code == 4
    assert "ROLLBACK" in said.err


@pytest.mark.parametrize(
    "saved",
    [
        lambda text: text.removesuffix(b"\n"),
        lambda text: text + b"\n\n",
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text.replace(b"\n", b"\r\n").removesuffix(b"\r\n"),
        lambda text: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"),
    ],
)
def test_an_older_checkpoint_may_have_been_saved_by_any_editor(filled, capsys, vkey, saved):
    old = filled / "old.txt"
    old.write_bytes(saved((filled / "log" / "checkpoint").read_bytes()))
    said = verify(capsys, filled, vkey, "--since", old)
    assert said.code == 0, said.err
    assert "与 1 个旧检查点一致" in said.out
    old.write_bytes(saved((filled / "log" / "checkpoint").read_bytes()).replace(b"60", b"59", 1))
    assert verify(capsys, filled, vkey, "--since", old).code != 0


def test_a_missing_key_file_and_a_wrong_quorum_are_told_plainly(filled, capsys, vkey):
    refusal(capsys, 1, "journal", "verify", filled / "log", "--key", filled / "none")
    refusal(capsys, 2, "journal", "verify", filled / "log", "--key", vkey, "--quorum", 1)
    refusal(capsys, 2, "journal", "verify", filled / "log", "--key", vkey, "--scheme", COUNTY / "x")
    refusal(capsys, 1, "journal", "verify", filled / "log", "--key", vkey + "x")


def test_scores_of_a_run_are_scored_anew_from_scheme_and_results(tmp_path, capsys):
    """Layer X: the same tables agree, changed ones do not."""
    out = tmp_path / "out"
    key = ("--signing-key", tmp_path / "key.pem")
    assert kaoping(capsys, "key", "make", tmp_path / "key.pem").code == 0
    assert kaoping(capsys, "run", COUNTY, "--out", out, *key).code == 0
    journal = out / "journal"
    words = ["journal", "verify", journal, "--key", journal / "vkey", "--complete"]
    for table in ("results", "deductions", "decisions"):
        words += [f"--{table}", COUNTY / f"{table}.csv"]
    said = kaoping(capsys, *words, "--scheme", COUNTY / "scheme.toml")
    assert said.code == 0, said.err
    assert "1 处得分复算相符" in said.out
    changed = (COUNTY / "results.csv").read_text("utf-8")
    rows = changed.splitlines()
    cells = rows[1].split(",")
    at = next(i for i, cell in enumerate(cells) if cell.replace(".", "").isdecimal() and i > 1)
    cells[at] = str(int(float(cells[at])) + 1)
    put(tmp_path / "results.csv", "\n".join([rows[0], ",".join(cells), *rows[2:]]).encode())
    words[words.index("--results") + 1] = tmp_path / "results.csv"
    said = kaoping(capsys, *words, "--scheme", COUNTY / "scheme.toml")
    assert said.code == 4, said.out
    assert "[X] 复算得分不符" in said.err


def test_an_export_is_verified_by_a_stranger(filled, capsys, vkey):
    for words in ([], ["--bodies"]):
        out = filled / f"out{len(words)}.zip"
        assert kaoping(capsys, "journal", "export", filled / "log", out, *words).code == 0
        with zipfile.ZipFile(out) as archive:
            names = archive.namelist()
            archive.extractall(filled / f"stranger{len(words)}")
        assert "核验说明.txt" in names
        assert any(name.startswith("bodies/") for name in names) == bool(words)
        complete = ["--complete"] if words else []
        stranger = filled / f"stranger{len(words)}"
        told = ("journal", "verify", stranger, "--key", vkey, *complete)
        assert kaoping(capsys, *told).code == 0


# --- receipts -------------------------------------------------------------------------------------


@pytest.fixture
def receipt(filled, capsys):
    path = filled / "mine.tlog-proof"
    assert kaoping(capsys, "receipt", "make", filled / "log", 7, "--out", path).code == 0
    return path


def test_a_receipt_is_verified_without_the_journal(receipt, filled, capsys, vkey):
    shutil.rmtree(filled / "log")
    said = kaoping(capsys, "receipt", "verify", receipt, "--key", vkey)
    assert said.code == 0, said.err
    assert "回执有效" in said.out
    assert YEAR[7]["type"] in said.out
    said = kaoping(capsys, "receipt", "verify", receipt, "--key", vkey, "--json")
    found = json.loads(said.out)
    assert (found["index"], found["size"], found["type"]) == (7, 60, YEAR[7]["type"])


def test_a_receipt_without_its_body_says_what_to_do(receipt, capsys, vkey):
    body = receipt.with_name("mine.body.json")
    moved = body.rename(receipt.with_name("elsewhere.json"))
    said = refusal(capsys, 1, "receipt", "verify", receipt, "--key", vkey)
    assert "--body" in said.err
    told = ("receipt", "verify", receipt, "--key", vkey, "--body", moved)
    assert kaoping(capsys, *told).code == 0


@pytest.mark.parametrize("which", ["mine.tlog-proof", "mine.body.json"])
def test_a_receipt_or_body_that_was_touched_is_refused(receipt, capsys, vkey, which):
    path = receipt.with_name(which)
    content = path.read_bytes()
    at = (
        content.index(b"\n", 40) - 8
        if which.endswith("proof")
        else content.index(b'"content"') + 20
    )
    path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    assert refusal(capsys, 4, "receipt", "verify", receipt, "--key", vkey).out == ""


def test_another_ones_body_is_refused(receipt, filled, capsys, vkey):
    other = filled / "other.tlog-proof"
    assert kaoping(capsys, "receipt", "make", filled / "log", 8, "--out", other).code == 0
    told = ("receipt", "verify", receipt, "--key", vkey, "--body", filled / "other.body.json")
    refusal(capsys, 4, *told)


def test_no_receipt_for_what_is_not_there_or_not_signed(filled, capsys):
    assert append(capsys, filled, YEAR[60:61], YEAR[60]["at"]).code == 0
    out = filled / "r.tlog-proof"
    with unchanged(filled):
        for index in (60, 61, -1):
            refusal(capsys, 1, "receipt", "make", filled / "log", index, "--out", out)
        refusal(capsys, 1, "receipt", "make", filled / "log", 7, "--line", 0, "--out", out)


def test_two_receipts_of_one_size_and_two_roots_prove_a_fork(receipt, filled, capsys, vkey):
    twin = filled / "twin"
    twin.mkdir()
    shutil.copy(filled / "key.pem", twin / "key.pem")
    words = ("--origin", ORIGIN, "--signing-key", twin / "key.pem")
    assert kaoping(capsys, "journal", "init", twin / "log", *words).code == 0
    fill(capsys, twin, YEAR[:60])  # fresh salts: another root over the same acts
    other = filled / "theirs.tlog-proof"
    assert kaoping(capsys, "receipt", "make", twin / "log", 3, "--out", other).code == 0
    alone = kaoping(capsys, "receipt", "verify", other, "--key", vkey)
    assert alone.code == 0, "each of them is good alone"
    told = ("receipt", "verify", receipt, "--key", vkey, "--against", other)
    said = refusal(capsys, 4, *told)
    assert "FORK" in said.err


# --- witnesses ------------------------------------------------------------------------------------


@pytest.fixture
def witness(filled, capsys):
    """A witness's key, and the words with which it signs."""
    assert kaoping(capsys, "key", "make", filled / "w.pem").code == 0
    name = "witness.example/w1"
    shown = kaoping(capsys, "key", "show", filled / "w.pem", "--name", name, "--witness")
    log = Journal.open(filled / "log").key.text
    words = ["--name", name, "--signing-key", filled / "w.pem", "--log", log]
    return shown.out.strip(), words


def test_a_witness_cosigns_a_folder_on_a_stick(filled, capsys, vkey, witness):
    key, words = witness
    signed = ("witness", "sign", filled / "log", *words, "--out", filled / "answer")
    assert kaoping(capsys, *signed).code == 0
    before = verify(capsys, filled, vkey, "--witness", key, "--quorum", 1)
    assert before.code == 4
    assert "见证不足" in before.err
    take = ("witness", "take", filled / "log", filled / "answer", "--witness", key)
    assert kaoping(capsys, *take).code == 0
    assert verify(capsys, filled, vkey, "--witness", key, "--quorum", 1).code == 0


def test_a_witness_cosigns_a_request_and_then_no_rollback(filled, capsys, witness):
    _key, words = witness
    request = filled / "request"
    old = shutil.copy(filled / "log" / "checkpoint", filled / "old")
    fill(capsys, filled, YEAR[60:80])
    assert kaoping(capsys, "witness", "ask", filled / "log", "--out", request).code == 0
    said = kaoping(capsys, "witness", "sign", request, *words)
    assert said.code == 0
    assert said.out.startswith("— witness.example/w1 ")
    shutil.copy(old, filled / "log" / "checkpoint")
    state = (filled / "w.pem.signed").read_bytes()
    said = refusal(capsys, 3, "witness", "sign", filled / "log", *words)
    assert "ROLLBACK" in said.err
    assert (filled / "w.pem.signed").read_bytes() == state


def test_what_is_no_answer_of_the_witness_is_not_taken(filled, capsys, witness):
    key, _ = witness
    answer = put(filled / "answer", b"\xe2\x80\x94 witness.example/w1 AAAA\n")
    with unchanged(filled / "log"):
        told = ("witness", "take", filled / "log", answer, "--witness", key)
        refusal(capsys, 4, *told)


@pytest.mark.slow
def test_a_witness_that_serves_is_asked_over_http(filled, capsys, vkey, witness):
    key, words = witness
    command = [sys.executable, "-m", "kaoping", "witness", "serve", "--port", "0"]
    serving = subprocess.Popen(
        [*command, *map(str, words)], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        assert serving.stdout is not None
        said = serving.stdout.readline()
        url = next(word for word in said.split() if word.startswith("http://"))
        told = ("witness", "ask", filled / "log", "--url", url.rstrip("，"), "--witness", key)
        assert kaoping(capsys, *told).code == 0
        assert kaoping(capsys, *told).code == 0, "asking again changes nothing"
    finally:
        serving.send_signal(signal.SIGINT)
        code = serving.wait(10)
        serving.communicate()
    assert code == 0
    assert verify(capsys, filled, vkey, "--witness", key, "--quorum", 1).code == 0
    with unchanged(filled / "log"):
        refusal(capsys, 5, *told)


@pytest.mark.slow
def test_the_same_acts_handed_in_by_four_at_once_are_taken_once(filled, capsys, vkey):
    """Looking and taking are one step: whoever comes second is refused, or sees what was taken."""
    path = put(filled / "acts.jsonl", lines(YEAR[60:62]))
    words = ["journal", "append", filled / "log", path, "--at", YEAR[61]["at"]]
    running = [Forked(words, os.environ) for _ in range(4)]
    for one in running:
        one.communicate()
    codes = [one.returncode for one in running]
    assert 0 in codes
    assert set(codes) <= {0, 3}
    assert seal(capsys, filled).code == 0
    assert (
        json.loads(kaoping(capsys, "journal", "show", filled / "log", "--json").out)["size"] == 62
    )
    assert verify(capsys, filled, vkey, "--complete").code == 0


def test_times_are_chosen_in_demonstrations_only(tmp_path, capsys):
    words = ("--origin", "kaoping.example/2024", "--signing-key", tmp_path / "key.pem")
    assert kaoping(capsys, "journal", "init", tmp_path / "log", *words).code == 0
    path = put(tmp_path / "acts.jsonl", lines(YEAR[:1]))
    told = ("journal", "append", tmp_path / "log", path)
    with unchanged(tmp_path):
        refusal(capsys, 3, *told, "--at", "2025-01-01T09:00")
    assert kaoping(capsys, *told).code == 0


def test_a_key_in_the_journal_and_a_lost_memory_are_refused(filled, capsys):
    inside = shutil.copy(filled / "key.pem", filled / "log" / "key.pem")
    with unchanged(filled):
        refusal(capsys, 3, "journal", "checkpoint", filled / "log", "--signing-key", inside)
    inside.unlink()
    fill_one = put(filled / "acts.jsonl", lines(YEAR[60:61]))
    told = ("journal", "append", filled / "log", fill_one, "--at", YEAR[60]["at"])
    assert kaoping(capsys, *told).code == 0
    (filled / "key.pem.signed").unlink()
    with unchanged(filled / "log"):
        assert "--restore-state" in seal(capsys, filled).err
    assert seal(capsys, filled, "--restore-state").code == 0
    assert seal(capsys, filled, "--restore-state").code == 3


def test_a_text_is_removed_by_law_and_the_journal_goes_on(tmp_path, capsys):
    """I40: only with an act that names this very text; then everything verifies, and more is taken."""
    key = make_key(tmp_path / "key.pem")
    state = tmp_path / "key.pem.signed"
    journal = Journal.create(tmp_path / "log", ORIGIN, key, state)
    year = [table_of(act) for act in finished_year(4)]
    at = next(i for i, act in enumerate(year) if act["type"] == "daily_note.made/1")
    journal.append(year[: at + 1], fresh_salt)
    journal.seal(key, state)
    with unchanged(tmp_path / "log"):
        refusal(capsys, 3, "journal", "redact", tmp_path / "log", at)
        refusal(capsys, 1, "journal", "redact", tmp_path / "log", 10_000)
    digest = without_act(body_of(journal, at))["act_digest"]
    redaction = next(act for act in year if act["type"] == "text.redacted/1")
    content = redaction["content"] | {"index": at, "content_digest": digest}
    act = redaction | {"content": content, "at": year[at]["at"]}
    assert append(capsys, tmp_path, [act], act["at"]).code == 0
    assert seal(capsys, tmp_path).code == 0
    assert kaoping(capsys, "journal", "redact", tmp_path / "log", at).code == 0
    text = year[at]["content"]["text"]
    assert text.encode() not in (tmp_path / "log" / "bodies" / "000.jsonl").read_bytes()
    told = ("journal", "verify", tmp_path / "log", "--key", journal.key.text, "--complete")
    assert "1 条已依法删除内容" in kaoping(capsys, *told).out
    assert append(capsys, tmp_path, year[at + 1 : at + 2], year[at + 1]["at"]).code == 0
    assert seal(capsys, tmp_path).code == 0
    assert kaoping(capsys, *told).code == 0
