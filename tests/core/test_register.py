"""Rows of the register against the journal: each edited, deleted and smuggled one is named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.core.canonical import encode, sha256
from kaoping.core.errors import TamperError
from kaoping.core.register import GONE, Fault, Row, RowFault, Written, differences, fold

ROWS = [
    Row("unit", "u1", 1, {"name": "发展改革局", "group": 1}),
    Row("unit", "u2", 2, {"name": "商务局", "group": None}),
    Row("score", "u1", 3, {"points": "92.50", "is_final": True}),
]


def effect(row):
    return (row.table, row.id, row.version, row.digest)


def history(rows):
    """What the journal says of rows that reached their version one step after the other."""
    steps = [replace(row, version=version) for row in rows for version in range(1, row.version + 1)]
    return [(index, [effect(row)]) for index, row in enumerate(steps)]


EXPECTED = fold(history(ROWS))


def found(rows, expected=EXPECTED):
    return list(differences(expected, rows))


# --- the fold -------------------------------------------------------------------------------------


def test_a_digest_binds_table_id_version_and_values():
    row = ROWS[0]
    written = ["unit", "u1", 1, {"group": 1, "name": "发展改革局"}]
    assert row.digest == sha256(encode(written))
    others = [
        replace(row, table="units"),
        replace(row, id="u2"),
        replace(row, version=2),
        replace(row, values={"name": "发展改革局"}),
        replace(row, values={"name": "发展改革局", "group": "1"}),
        replace(row, values={"name": "发展改革局", "group": True}),
        replace(row, values={"name": "发展改革局", "group": 1, "more": None}),
    ]
    assert len({row.digest, *(other.digest for other in others)}) == len(others) + 1


def test_a_value_that_is_not_exact_has_no_digest():
    with pytest.raises(TypeError):
        _ = Row("score", "u1", 1, {"points": 92.5}).digest


def test_the_last_digest_of_each_row_stands():
    assert EXPECTED["unit", "u1"] == Written(1, ROWS[0].digest, 0)
    assert EXPECTED["unit", "u2"] == Written(2, ROWS[1].digest, 2)
    assert EXPECTED["score", "u1"] == Written(3, ROWS[2].digest, 5)
    assert fold([]) == {}


def test_one_entry_may_write_many_rows_and_one_row_twice():
    first, second = ROWS[1], replace(ROWS[1], version=1)
    assert fold([(7, [effect(second), effect(first), effect(ROWS[0])])]) == {
        ("unit", "u2"): Written(2, first.digest, 7),
        ("unit", "u1"): Written(1, ROWS[0].digest, 7),
    }


@pytest.mark.parametrize("versions", [[2], [0], [1, 3], [1, 1], [1, 2, 1], [-1], [1, 2, 2]])
def test_versions_that_do_not_follow_each_other_are_named(versions):
    effects = [(index + 4, [("unit", "u1", v, "ab")]) for index, v in enumerate(versions)]
    with pytest.raises(TamperError) as caught:
        fold(effects)
    last = 4 + len(versions) - 1
    assert f"第 {last} 条写入的 unit u1 是第 {versions[-1]} 版" in caught.value.zh
    assert f"Entry {last} wrote version {versions[-1]} of unit u1" in caught.value.en


def test_a_missing_entry_shows_as_a_gap():
    whole = history(ROWS)
    for missing in (1, 3, 4):
        with pytest.raises(TamperError):
            fold(whole[:missing] + whole[missing + 1 :])


# --- the comparison -------------------------------------------------------------------------------


def test_the_register_as_it_was_written_has_no_faults():
    assert found(ROWS) == []
    assert found(ROWS[::-1]) == []
    assert found([], {}) == []


def test_an_edited_row_is_named_with_the_entry_that_wrote_it():
    edited = replace(ROWS[1], values={"name": "商务局", "group": 2})
    assert found([ROWS[0], edited, ROWS[2]]) == [RowFault(Fault.EDITED, "unit", "u2", 2)]


@pytest.mark.parametrize("version", [0, 1, 3])
def test_a_row_put_back_or_forward_to_another_version_is_edited(version):
    """Its old digest was true once."""
    other = replace(ROWS[1], version=version)
    assert found([ROWS[0], other, ROWS[2]]) == [RowFault(Fault.EDITED, "unit", "u2", 2)]


def test_a_deleted_row_is_named_with_the_entry_that_wrote_it():
    assert found(ROWS[:2]) == [RowFault(Fault.DELETED, "score", "u1", 5)]
    assert {fault.fault for fault in found([])} == {Fault.DELETED}
    assert len(found([])) == len(ROWS)


def test_a_smuggled_row_is_named():
    smuggled = Row("score", "u9", 1, {"points": "100"})
    assert found([*ROWS, smuggled]) == [RowFault(Fault.SMUGGLED, "score", "u9", None)]


def test_a_row_moved_to_another_table_is_smuggled_there_and_deleted_here():
    moved = replace(ROWS[0], table="score_draft")
    assert found([moved, *ROWS[1:]]) == [
        RowFault(Fault.SMUGGLED, "score_draft", "u1", None),
        RowFault(Fault.DELETED, "unit", "u1", 0),
    ]


def test_a_row_that_stands_twice_is_smuggled_the_second_time():
    assert found([*ROWS, ROWS[0]]) == [RowFault(Fault.SMUGGLED, "unit", "u1", 0)]
    forged = replace(ROWS[0], values={})
    assert found([forged, *ROWS]) == [
        RowFault(Fault.EDITED, "unit", "u1", 0),
        RowFault(Fault.SMUGGLED, "unit", "u1", 0),
    ]


def test_a_row_that_an_act_removed_is_no_longer_missed():
    expected = fold([*history(ROWS), (6, [("unit", "u1", 2, GONE)])])
    assert found(ROWS[1:], expected) == []


def test_a_row_that_an_act_removed_does_not_come_back():
    expected = fold([*history(ROWS), (6, [("unit", "u1", 2, GONE)])])
    back = [RowFault(Fault.SMUGGLED, "unit", "u1", 6)]
    assert found(ROWS, expected) == back
    assert found([replace(ROWS[0], version=2), *ROWS[1:]], expected) == back


def test_a_row_that_is_made_again_after_it_was_removed_counts_on():
    again = replace(ROWS[0], version=3)
    removed_and_made = [(6, [("unit", "u1", 2, GONE)]), (7, [effect(again)])]
    expected = fold([*history(ROWS), *removed_and_made])
    assert found([again, *ROWS[1:]], expected) == []
    assert found(ROWS, expected) == [RowFault(Fault.EDITED, "unit", "u1", 7)]


KEYS = st.tuples(st.sampled_from(["unit", "score"]), st.sampled_from("abcd"))


@given(
    kept=st.dictionaries(KEYS, st.integers(0, 5)),
    removed=st.sets(KEYS),
    edited=st.sets(KEYS),
    added=st.sets(KEYS),
)
def test_every_difference_is_found_and_none_is_made_up(kept, removed, edited, added):
    rows = {key: Row(key[0], key[1], 1, {"value": value}) for key, value in kept.items()}
    expected = fold([(index, [effect(row)]) for index, row in enumerate(rows.values())])
    now = {key: row for key, row in rows.items() if key not in removed}
    for key in edited & now.keys():
        now[key] = replace(now[key], values={"value": "changed"})
    smuggled = added - rows.keys()
    now |= {key: Row(key[0], key[1], 1, {}) for key in smuggled}
    told = {(fault.fault, (fault.table, fault.id)) for fault in found(now.values(), expected)}
    assert told == (
        {(Fault.DELETED, key) for key in removed & rows.keys()}
        | {(Fault.EDITED, key) for key in (edited - removed) & rows.keys()}
        | {(Fault.SMUGGLED, key) for key in smuggled}
    )
