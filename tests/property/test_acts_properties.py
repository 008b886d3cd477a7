"""Every act survives its canonical form, and no change to that form goes unnoticed."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaoping.core.acts.codec import blobs_of, decode_act, encode_act
from kaoping.core.acts.union import MEMBERS
from kaoping.core.canonical import encode
from kaoping.core.errors import InputError
from tests.core.acts.any_act import ACTS, acts_of

pytestmark = pytest.mark.slow

EASY = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
ENVELOPE = ("id", "at", "actor", "subject", "type", "content")
WRONG_TYPES: list[Any] = [
    0.5,
    float("nan"),
    10**30,
    -(10**30),
    True,
    None,
    7,
    "",
    "\x00",
    [],
    {},
    [[]],
    "1e3",
]


def tables_in(value: Any) -> list[dict[str, Any]]:
    """Every table within a parsed act, itself included."""
    inside = list(value.values()) if isinstance(value, dict) else value
    found = [value] if isinstance(value, dict) else []
    if isinstance(inside, list):
        found += [table for one in inside for table in tables_in(one)]
    return found


def read_or_refused(table: object) -> bytes | None:
    """The canonical form of what is read; None where it is refused as an input."""
    try:
        return encode_act(decode_act(table))  # type: ignore[arg-type]
    except InputError:
        return None


def said(value: object) -> str:
    """Parsed JSON as a text in which true is not 1."""
    return json.dumps(value, sort_keys=True)


@pytest.mark.parametrize("kind", MEMBERS, ids=lambda kind: kind.wire)
def test_every_kind_of_act_is_read_as_it_was_written(kind):
    @settings(EASY, max_examples=15)
    @given(acts_of(kind))
    def holds(act):
        written = encode_act(act)
        assert decode_act(written) == act
        assert decode_act(json.loads(written)) == act
        assert encode_act(decode_act(written)) == written

    holds()


@settings(EASY, max_examples=150)
@given(ACTS, st.data())
def test_a_missing_key_is_refused(act, data):
    whole = json.loads(encode_act(act))
    table = data.draw(st.sampled_from([table for table in tables_in(whole) if table]))
    key = data.draw(st.sampled_from(sorted(table)))
    del table[key]
    if key == "supersedes":
        assert decode_act(whole).supersedes is None
    else:
        with pytest.raises(InputError, match=key):
            decode_act(whole)


@settings(EASY, max_examples=150)
@given(ACTS, st.data())
def test_an_unknown_key_is_refused(act, data):
    whole = json.loads(encode_act(act))
    table = data.draw(st.sampled_from(tables_in(whole)))
    table["zusatz"] = data.draw(st.sampled_from(WRONG_TYPES))
    with pytest.raises(InputError, match="zusatz"):
        decode_act(whole)


@settings(EASY, max_examples=100)
@given(ACTS, st.sampled_from(ENVELOPE))
def test_a_key_that_stands_twice_is_refused(act, key):
    written = encode_act(act)
    value = encode(json.loads(written)[key])
    twice = b'{"' + key.encode() + b'":' + value + b"," + written[1:]
    with pytest.raises(InputError, match=key):
        decode_act(twice)


@settings(EASY, max_examples=100)
@given(ACTS, st.sampled_from(["/2", "/0", "", "/01", " "]))
def test_another_version_is_refused(act, ending):
    whole = json.loads(encode_act(act))
    whole["type"] = whole["type"].removesuffix("/1") + ending
    with pytest.raises(InputError, match="type"):
        decode_act(whole)


@settings(EASY, max_examples=150)
@given(ACTS, st.sampled_from([kind.wire for kind in MEMBERS]))
def test_another_type_is_refused_or_read_as_just_that(act, wire):
    whole = json.loads(encode_act(act)) | {"type": wire}
    again = read_or_refused(whole)
    assert again is None or said(json.loads(again)) == said(whole)


@settings(EASY, max_examples=400)
@given(ACTS, st.data(), st.sampled_from(WRONG_TYPES))
def test_another_value_is_refused_or_read_as_just_that(act, data, value):
    """Nothing is ever converted: what is accepted is written back as it came."""
    whole = json.loads(encode_act(act))
    table = data.draw(st.sampled_from([table for table in tables_in(whole) if table]))
    table[data.draw(st.sampled_from(sorted(table)))] = deepcopy(value)
    again = read_or_refused(whole)
    assert again is None or said(json.loads(again)) == said(whole)


@settings(EASY, max_examples=150)
@given(ACTS, st.data())
def test_a_changed_byte_never_gives_the_same_act(act, data):
    written = encode_act(act)
    place = data.draw(st.integers(0, len(written) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != written[place]))
    try:
        again = decode_act(written[:place] + bytes([other]) + written[place + 1 :])
    except InputError:
        return
    assert again != act


@settings(EASY, max_examples=200)
@given(
    st.binary(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode())
)
def test_anything_else_is_refused_as_an_input(content):
    assert read_or_refused(content) is None


@settings(EASY, max_examples=100)
@given(ACTS)
def test_all_files_of_an_act_are_found(act):
    tables = [one for one in tables_in(json.loads(encode_act(act))) if "sm3" in one]
    found = sorted((blob.sha256, blob.size) for blob in blobs_of(act))
    assert found == sorted((one["sha256"], one["size"]) for one in tables)
