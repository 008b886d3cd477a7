"""Entries and bodies: one form each, and a commitment that binds every word."""

from __future__ import annotations

import copy
import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.canonical import encode
from kaoping.core.errors import TamperError
from kaoping.core.journal import (
    SALT_SIZE,
    Entry,
    commitment,
    entry_of,
    excerpt,
    read_body,
    read_entry,
    sealed_body,
    time_of,
    times_of,
    without_act,
)
from tests.journals import (
    SALTS,
    note_act,
    root_over,
    scores_act,
    uid,
)

EFFECTS = [("evidence", uid("row"), 1, "ab" * 32), ("unit", uid("other"), 7, "")]


def sealed(act, effects=EFFECTS):
    return sealed_body(act, effects, act["id"], SALTS)


NOTE_BODY, SCORES_BODY = sealed(note_act(3)), sealed(scores_act(4))
ENTRY = entry_of(NOTE_BODY)


# --- entries --------------------------------------------------------------------------------------


def test_an_entry_is_the_canonical_json_of_its_five_fields():
    table = {name: getattr(ENTRY, name) for name in Entry.__slots__}
    assert ENTRY.content == encode(table)
    assert read_entry(ENTRY.content) == ENTRY
    assert len(ENTRY.content) < 300


def changed(**fields):
    return encode({name: getattr(ENTRY, name) for name in Entry.__slots__} | fields)


BAD_FIELDS: dict[str, list[object]] = {
    "actor": [
        "",
        "张三",
        uid("a").upper(),
        uid("a")[:-1],
        uid("a") + "0",
        "{" + uid("a") + "}",
        f"urn:uuid:{uid('a')}",
        uid("a").replace("-", ""),
        None,
        7,
    ],
    "at": [
        "2025-01-20",
        "2025-01-20T09:00:00",
        "2025-01-20T09:00:00+08:00",
        "2025-01-20T09:00Z",
        "2025-01-20T09:00:00.5Z",
        "2025-01-20 09:00:00Z",
        "2025-1-20T09:00:00Z",
        "2025-00-20T09:00:00Z",
        "2025-13-20T09:00:00Z",
        "2025-01-32T09:00:00Z",
        "2025-01-00T09:00:00Z",
        "2025-01-20T24:00:00Z",
        "2025-01-20T09:60:00Z",
        "2025-01-20T09:00:60Z",
        "2025-01-20T::::::::Z",
        "2025-01-20T09000:00Z",
        "２025-01-20T09:00:00Z",
        20250120,
    ],
    "commitment": ["", "ab" * 31, "ab" * 33, "AB" * 32, "g" * 64, None],
    "subject": ["", "city", uid("a").upper(), None],
    "type": [
        "",
        "daily_note.made",
        "daily_note.made/",
        "daily_note.made/0",
        "daily_note.made/01",
        "daily_note.made/100",
        "daily_note/1",
        "Daily_note.made/1",
        "daily_note.made/1 ",
        "daily_note.made/1\n",
        "a.b.c/1",
        "平时.记录/1",
        "a" * 41 + ".b/1",
        f'a.b/1","x":"{"y" * 5}',
    ],
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in BAD_FIELDS.items() for value in values]
)
def test_an_entry_with_another_field_is_none(field, value):
    assert read_entry(changed(**{field: value})) is None


OTHER_WRITINGS = [
    b"",
    b"{}",
    b"[]",
    ENTRY.content + b"\n",
    b" " + ENTRY.content,
    b"\xef\xbb\xbf" + ENTRY.content,
    ENTRY.content.replace(b":", b": "),
    ENTRY.content.replace(b'"', b"'"),
    ENTRY.content.replace(b"e", b"\\u0065", 1),
    ENTRY.content[:-1],
    ENTRY.content + ENTRY.content,
    ENTRY.content[:-1] + b',"name":"x"}',
    encode(dict(reversed(json.loads(ENTRY.content).items())))[::-1],
    json.dumps(dict(reversed(json.loads(ENTRY.content).items()))).encode(),
    changed(points="92.5"),
]


@pytest.mark.parametrize("content", OTHER_WRITINGS)
def test_another_writing_of_an_entry_is_none(content):
    assert read_entry(content) is None


def test_many_entries_are_judged_as_each_alone():
    spoilt = [changed(**{field: bad}) for field, values in BAD_FIELDS.items() for bad in values]
    good = ENTRY.content
    for bad in [*spoilt, *OTHER_WRITINGS]:
        assert times_of([good, bad, good]) == [ENTRY.at.encode(), None, ENTRY.at.encode()]
    assert times_of([good] * 300) == [ENTRY.at.encode()] * 300
    assert times_of([]) == []


@given(
    place=st.integers(0, len(ENTRY.content) - 1),
    sign=st.one_of(st.sampled_from(b'0123456789abcdefAFgx-:TZ{}"\n'), st.integers(0, 255)),
    cut=st.integers(-1, 1),
)
def test_one_sign_changed_among_many_entries_is_judged_as_alone(place, sign, cut):
    """Also where signs moved from one entry to its neighbour, so that the whole is as long."""
    spoilt = ENTRY.content[:place] + bytes([sign]) + ENTRY.content[place + 1 :]
    neighbours = [spoilt[: len(spoilt) + min(cut, 0)], ENTRY.content + b"}" * max(cut, 0)]
    contents = [ENTRY.content, *neighbours, spoilt]
    assert times_of(contents) == [time_of(one) for one in contents]
    for content, time in zip(contents, times_of(contents), strict=True):
        entry = read_entry(content)
        assert time == (entry.at.encode() if entry else None)


def test_the_leap_day_is_a_day_in_leap_years_only():
    leap, none = changed(at="2024-02-29T09:00:00Z"), changed(at="2025-02-29T09:00:00Z")
    assert times_of([leap, none, leap])[1:] == [None, b"2024-02-29T09:00:00Z"]
    assert time_of(none) is None
    assert read_entry(none) is None


def test_an_entry_tells_nothing_of_its_body():
    public = entry_of(SCORES_BODY).content.decode()
    for line in SCORES_BODY["act"]["content"]["lines"]:
        assert line["points"] not in public
        assert line["unit"] not in public
    assert not set("情况属实") & set(ENTRY.content.decode())


def test_the_same_content_under_another_salt_has_another_commitment():
    """Otherwise a few points could be guessed from the public entry."""
    other = sealed_body(note_act(3), EFFECTS, "another label", SALTS)
    assert commitment(other) != commitment(NOTE_BODY)
    assert len(bytes.fromhex(NOTE_BODY["salt"])) == SALT_SIZE


def test_every_line_has_a_salt_of_its_own():
    salts = [SCORES_BODY["salt"], *SCORES_BODY["line_salts"]]
    assert len(set(salts)) == 1 + len(SCORES_BODY["act"]["content"]["lines"])


@pytest.mark.parametrize("missing", ["actor", "at", "subject", "type", "content"])
def test_a_body_whose_act_lacks_a_field_belongs_to_no_entry(missing):
    body = copy.deepcopy(NOTE_BODY)
    del body["act"][missing]
    with pytest.raises(TamperError):
        entry_of(body)


@pytest.mark.parametrize("field", ["actor", "at", "subject", "type"])
def test_a_body_whose_act_has_a_bad_field_belongs_to_no_entry(field):
    for value in [*BAD_FIELDS[field], 3, ["x"], {}, "\ud800", '"']:
        body = NOTE_BODY | {"act": NOTE_BODY["act"] | {field: value}}
        with pytest.raises(TamperError):
            entry_of(body)


# --- the commitment binds everything --------------------------------------------------------------


def test_the_commitment_is_that_of_the_design():
    """SHA-256(SHA-256(salt ‖ act) ‖ SHA-256(effects salt ‖ effects)), written out by hand."""
    body = sealed(note_act(3))
    act = sha256(bytes.fromhex(body["salt"]) + encode(note_act(3))).digest()
    listed = encode([list(effect) for effect in EFFECTS])
    effects = sha256(bytes.fromhex(body["effects_salt"]) + listed).digest()
    assert commitment(body) == sha256(act + effects).hexdigest()


def test_an_act_about_several_units_is_hashed_with_the_root_of_its_lines():
    lines = SCORES_BODY["act"]["content"]["lines"]
    leaves = [
        bytes.fromhex(salt) + encode(line)
        for salt, line in zip(SCORES_BODY["line_salts"], lines, strict=True)
    ]
    head = copy.deepcopy(SCORES_BODY["act"])
    head["content"]["lines"] = {"count": 3, "root": root_over(leaves).hex()}
    act = sha256(bytes.fromhex(SCORES_BODY["salt"]) + encode(head)).digest()
    salt = bytes.fromhex(SCORES_BODY["effects_salt"])
    effects = sha256(salt + encode(SCORES_BODY["effects"])).digest()
    assert commitment(SCORES_BODY) == sha256(act + effects).hexdigest()


FORMS = {
    "whole": NOTE_BODY,
    "with lines": SCORES_BODY,
    "excerpt": excerpt(SCORES_BODY, 1),
    "of one line": excerpt(sealed(scores_act(4, 1)), 0),
    "of no lines": sealed(scores_act(4, 0), ()),
    "removed by law": without_act(NOTE_BODY),
}


def places_in(value, path=()):
    """Every place in a JSON value, from the whole down to the leaves."""
    yield path
    if isinstance(value, dict | list):
        children = value.items() if isinstance(value, dict) else enumerate(value)
        for key, child in children:
            yield from places_in(child, (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@st.composite
def mutations(draw: st.DrawFn, body: dict[str, Any]) -> Any:
    """A body with one change: a value replaced, taken out or put in, two neighbours exchanged."""
    result = copy.deepcopy(body)
    path = draw(st.sampled_from([path for path in places_in(body) if path]))
    parent, key = at(result, path[:-1]), path[-1]
    kind = draw(st.sampled_from(["replace", "flip", "remove", "insert", "exchange"]))
    if kind == "replace":
        parent[key] = draw(JSON)
    elif kind == "flip" and isinstance(parent[key], str) and parent[key]:
        place = draw(st.integers(0, len(parent[key]) - 1))
        text = parent[key]
        parent[key] = text[:place] + draw(st.sampled_from("0a1b情 ")) + text[place + 1 :]
    elif kind == "remove":
        del parent[key]
    elif kind == "insert" and isinstance(parent, dict):
        parent[draw(st.sampled_from(["line", "note", "effects", "act_digest", "lines", "x"]))] = (
            draw(JSON)
        )
    elif kind == "insert":
        parent.insert(key, draw(JSON))
    elif isinstance(parent, list) and len(parent) > 1:
        other = (key + 1) % len(parent)
        parent[key], parent[other] = parent[other], parent[key]
    return result


def is_bound(body, told):
    """Whether another body is refused or has another commitment."""
    try:
        return commitment(body) != told
    except TamperError:
        return True


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_single_change_in_a_body_is_noticed(form, data):
    body = FORMS[form]
    other = data.draw(mutations(body))
    if encode(other) != encode(body):
        assert is_bound(other, commitment(body))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("value", ["smuggled", None, [], {}, "00" * 32, 0])
@pytest.mark.parametrize(
    "field",
    ["note", "index", "line", "line_number", "line_salts", "act_digest", "effects_digest", "act"],
)
def test_a_body_has_no_field_that_is_not_bound(form, field, value):
    body = FORMS[form]
    if field not in body:
        assert is_bound(body | {field: value}, commitment(body))


@pytest.mark.parametrize("form", FORMS)
def test_every_missing_field_is_noticed(form):
    body = FORMS[form]
    for field in body:
        assert is_bound({name: body[name] for name in body if name != field}, commitment(body))


@pytest.mark.parametrize("value", [{}, "", None, 0])
def test_an_empty_list_has_one_form_only(value):
    for form, field in (
        ("of no lines", "line_salts"),
        ("of one line", "line_path"),
        ("of no lines", "effects"),
    ):
        assert is_bound(FORMS[form] | {field: value}, commitment(FORMS[form]))


def test_a_body_does_not_hide_its_lines_behind_their_root():
    """Only an excerpt shows the root alone, and it shows that it is one."""
    whole = SCORES_BODY | {"act": excerpt(SCORES_BODY, 0)["act"]}
    for body in (whole, {name: whole[name] for name in ("act", "effects", "salt")}):
        with pytest.raises(TamperError):
            commitment(body)


@pytest.mark.parametrize("lines", [None, 3, "x", {}, {"count": 0, "root": "00" * 32}, True])
def test_an_act_whose_lines_are_no_list_gets_no_entry(lines):
    act = note_act(1)
    with pytest.raises(TamperError):
        entry_of(sealed(act | {"content": act["content"] | {"lines": lines}}))


@pytest.mark.parametrize(
    "effects",
    [
        None,
        {},
        "",
        [[]],
        ["evidence"],
        [["evidence", "id", 1]],
        [["evidence", "id", 1, "ab", "more"]],
        [["evidence", "id", "1", "ab"]],
        [["evidence", "id", True, "ab"]],
        [[7, "id", 1, "ab"]],
        [["evidence", None, 1, "ab"]],
        [["evidence", "id", 1, None]],
        [{"table": "evidence"}],
    ],
)
def test_effects_that_are_not_rows_are_no_part_of_a_body(effects):
    """Even where the commitment was made over them: who folds them must not stumble."""
    for form in (NOTE_BODY, without_act(NOTE_BODY)):
        with pytest.raises(TamperError):
            commitment(form | {"effects": effects})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"act": None},
        {"act": []},
        {"act": {}, "effects": [], "salt": ""},
        {"act": {"content": None}, "effects": [], "salt": "00" * 32},
        {"act": {"content": {}}, "effects": [], "salt": "00" * 31},
        {"act": {"content": {}}, "effects": [], "salt": "0A" * 32},
        {"act": {"content": {}}, "effects": [], "salt": " " + "00" * 32},
        {"act": {"content": {}}, "effects": [], "salt": None},
        {"act": {"content": {"x": 1.5}}, "effects": [], "salt": "00" * 32},
        {"act": {"content": {"x": "\ud800"}}, "effects": [], "salt": "00" * 32},
        {"act_digest": "00" * 31, "effects": []},
        {"act_digest": 7, "effects": []},
        [],
        "text",
        None,
        7,
    ],
)
def test_what_has_not_the_form_of_a_body_is_refused(body):
    with pytest.raises(TamperError):
        commitment(body)
    with pytest.raises(TamperError):
        entry_of(body)


def test_a_body_nested_beyond_all_measure_is_refused():
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    body = NOTE_BODY | {"act": NOTE_BODY["act"] | {"content": {"x": deep}}}
    with pytest.raises(TamperError):
        commitment(body)
    with pytest.raises(TamperError):
        read_body('{"a":' * 100_000)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", "null", '{"a":1,"a":1}', '{"a":{"b":1,"b":2}}', b"\xff", "{}x", "{'a':1}"],
)
def test_what_is_no_json_object_or_says_a_thing_twice_is_no_body(text):
    with pytest.raises(TamperError):
        read_body(text)


def test_a_body_survives_writing_and_reading():
    for body in FORMS.values():
        assert commitment(read_body(encode(body))) == commitment(body)


# --- excerpts and removal -------------------------------------------------------------------------


@pytest.mark.parametrize("units", [1, 2, 3, 7, 8])
def test_every_excerpt_gives_the_same_commitment_and_entry(units):
    body = sealed(scores_act(4, units))
    for number in range(units):
        part = json.loads(encode(excerpt(body, number)))
        assert commitment(part) == commitment(body)
        assert entry_of(part) == entry_of(body)
        assert part["line"] == body["act"]["content"]["lines"][number]


def test_an_excerpt_hides_the_lines_and_salts_of_the_others():
    body = sealed(scores_act(4, 5))
    text = encode(excerpt(body, 2)).decode()
    for number, line in enumerate(body["act"]["content"]["lines"]):
        own = number == 2
        for word in (line["unit"], line["points"], line["basis"], body["line_salts"][number]):
            assert (word in text) == own
    for effect in body["effects"]:
        assert effect[1] not in text  # which rows were written says which units they are


def test_the_line_of_another_unit_does_not_pass_for_ones_own():
    body = sealed(scores_act(4, 5))
    mine, theirs = excerpt(body, 2), excerpt(body, 3)
    for fields in (["line"], ["line", "line_salt"], ["line_number"], ["line_path"], ["line_salt"]):
        mixed = mine | {field: theirs[field] for field in fields}
        with pytest.raises(TamperError):
            commitment(mixed)


@pytest.mark.parametrize("number", [-1, 5, 6, 2**70, True, "1", None, 1.0, [1]])
def test_an_excerpt_at_no_place_is_refused(number):
    with pytest.raises(TamperError):
        commitment(excerpt(sealed(scores_act(4, 5)), 1) | {"line_number": number})


@pytest.mark.parametrize("body", [NOTE_BODY, SCORES_BODY], ids=["note", "scores"])
def test_an_act_removed_by_law_leaves_its_commitment_and_nothing_else(body):
    left = without_act(body)
    assert commitment(left) == commitment(body)
    assert left.keys() == {"act_digest", "effects", "effects_salt"}
    assert body["salt"] not in encode(left).decode()
    with pytest.raises(TamperError):  # which entry it is, only the entry says
        entry_of(left)
