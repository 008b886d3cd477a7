"""What each layer says where it has less than everything, or something strange."""

from __future__ import annotations

import pytest

from kaoping.core.acts.names import act_name
from kaoping.core.acts.union import MEMBERS
from kaoping.core.errors import InputError
from kaoping.core.journal import excerpt, without_act
from kaoping.core.register import Row
from kaoping.files.journal.bodies import body_line
from kaoping.files.journal.inquiry import LAYER_NAMES, Layer, State
from kaoping.files.journal.row_lines import read_row_lines
from kaoping.files.journal.verification import first_failure
from tests.files.samples import put
from tests.journals import (
    body_of,
    findings,
    journal_of,
    note_act,
    note_acts,
    scores_act,
    small_journal,
    uid,
)


def only(journal, index, body):
    """Leave one body, in another form."""
    (journal.folder / "bodies" / "000.jsonl").write_bytes(body_line(index, body))


def test_every_layer_has_a_name_in_both_languages():
    assert set(LAYER_NAMES) == set(Layer)
    assert all(zh and en and zh != en for zh, en in LAYER_NAMES.values())


def test_an_excerpt_is_checked_and_counts_as_no_body(tmp_path):
    journal = journal_of(tmp_path / "log", [note_act(0), scores_act(1), note_act(2)])
    only(journal, 1, excerpt(body_of(journal, 1), 2))
    found = findings(journal, complete=False, rows=list)
    assert found[Layer.B].state is State.PASSED
    assert "正文 0/3 条与条目相符；另有摘录 1 条" in found[Layer.B].zh
    assert found[Layer.P].state is found[Layer.S].state is State.NOT_CHECKED
    assert findings(journal)[Layer.B].state is State.FAILED, "an excerpt completes nothing"


def test_a_changed_excerpt_is_named(tmp_path):
    journal = journal_of(tmp_path / "log", [scores_act(0)])
    body = excerpt(body_of(journal, 0), 1)
    body["line"] = body["line"] | {"points": "100"}
    only(journal, 0, body)
    assert "第 0 条的正文被改动过" in findings(journal, complete=False)[Layer.B].zh


@pytest.mark.parametrize("salt", ["", "zz", "0" * 62, 5, None])
def test_a_body_of_no_form_is_named_by_its_entry(tmp_path, salt):
    journal = small_journal(tmp_path / "log", 3)
    journal.bodies.replace(1, body_of(journal, 1) | {"salt": salt})
    assert "第 1 条的正文被改动过" in findings(journal)[Layer.B].zh


@pytest.mark.parametrize("index", [True, "1", [1], {"a": 1}, None, 2])
def test_a_strange_act_of_removal_allows_nothing(tmp_path, index):
    removal = note_act(3) | {"type": "text.redacted/1", "content": {"index": index}}
    journal = journal_of(tmp_path / "log", [*note_acts(3), removal])
    journal.bodies.replace(1, without_act(body_of(journal, 1)))
    assert "第 1 条的正文内容被删去" in findings(journal)[Layer.B].zh


def test_an_act_of_a_kind_nobody_knows_is_named(tmp_path):
    act = note_act(0) | {"type": "secret.deal/1"}
    journal = journal_of(tmp_path / "log", [act])
    found = findings(journal)
    assert found[Layer.B].state is State.PASSED
    assert found[Layer.P].state is State.FAILED
    assert "第 0 条的办理无法读取" in found[Layer.P].zh


def test_a_reference_to_a_file_that_is_none_is_a_finding(tmp_path):
    act = note_act(0)
    act["content"]["files"] = [{"sha256": ["x"], "sm3": 5, "size": "big"}]
    journal = journal_of(tmp_path / "log", [act])
    found = findings(journal, blobs=object())
    assert found[Layer.E].state is State.FAILED


def test_an_empty_journal_passes_what_there_is(tmp_path):
    journal = journal_of(tmp_path / "log", [])
    found = findings(journal)
    assert first_failure(list(found.values())) is None
    assert {found[layer].state for layer in (Layer.C, Layer.B, Layer.P)} == {State.PASSED}


def test_many_bad_rows_are_counted_and_the_first_are_named(tmp_path):
    journal = small_journal(tmp_path / "log", 1)
    rows = [Row("score", uid(number), 1, {}) for number in range(50)]
    found = findings(journal, rows=lambda: rows)[Layer.S]
    assert found.state is State.FAILED
    assert "另有 30 行" in found.zh
    assert found.zh.count("不是任何办理写入的") == 20


@pytest.mark.parametrize(
    "line",
    [
        b"no json",
        b"[]",
        b'{"table":"a","id":"b","version":1}',
        b'{"table":"a","id":"b","version":"1","values":{}}',
        b'{"table":"a","id":"b","version":true,"values":{}}',
        b'{"table":"a","id":"b","version":1,"values":{"points":1.5}}',
        b'{"table":"a","id":"b","version":1,"values":5}',
        b'{"table":"a","id":"b","version":1,"values":{},"more":1}',
    ],
)
def test_a_line_that_is_no_row_is_named(tmp_path, line):
    good = b'{"table":"a","id":"b","version":1,"values":{}}\n'
    path = put(tmp_path / "rows.jsonl", good + line + b"\n")
    with pytest.raises(InputError, match="第 2 行"):
        list(read_row_lines(path))


def test_no_rows_where_there_is_no_file(tmp_path):
    with pytest.raises(InputError):
        list(read_row_lines(tmp_path / "none"))


def test_every_kind_of_act_has_a_chinese_name_of_its_own():
    names = [act_name(member.wire) for member in MEMBERS]
    assert len(set(names)) == len(names)
    assert all(name.isprintable() and "/" not in name for name in names)
    assert act_name("secret.deal/1") == "secret.deal/1"
