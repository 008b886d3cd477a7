"""Reading and writing acts: what is refused, and that the message names the place."""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import pytest

from kaoping.core import results, scheme
from kaoping.core.acts import collecting, setting_up
from kaoping.core.acts.codec import MAX_ACT, blobs_of, decode_act, encode_act
from kaoping.core.acts.forms import form_of, record_form
from kaoping.core.acts.union import BY_TYPE, MEMBERS
from kaoping.core.canonical import encode
from kaoping.core.errors import InputError
from tests.world_set_up import liaison, uid
from tests.worlds import World

WORLD = World()
UNIT, TASK = "青禾县", "1.1"
EVIDENCE: Any = WORLD.evidence(UNIT, TASK)
RESULT: Any = collecting.ResultReported(
    WORLD.year,
    uid(UNIT),
    TASK,
    "",
    Decimal("25.30"),
    "亿元",
    date(2024, 12, 31),
    collecting.Status.FINAL,
    "统计部门",
)
RETURNED: Any = collecting.EvidenceReturned("扫描不清")
FILED = WORLD.act(liaison(UNIT), uid("材料"), EVIDENCE)
SCORED = WORLD.act(uid("经办人"), uid("上报"), RESULT)


def table(act=FILED) -> dict[str, Any]:
    """An act as parsed JSON, to be damaged."""
    whole: dict[str, Any] = json.loads(encode_act(act))
    return whole


def refusal(source: Any) -> InputError:
    """The error with which something is refused; it speaks both languages."""
    with pytest.raises(InputError) as caught:
        decode_act(source)
    assert re.search("[\u4e00-\u9fff]", caught.value.zh)
    assert "Nothing was recorded" in caught.value.en
    return caught.value


def changed(key: str, value: Any, act=FILED) -> dict[str, Any]:
    """An act with another value at `key` of its content."""
    whole = table(act)
    whole["content"][key] = value
    return whole


def test_the_canonical_form_is_canonical_json():
    assert encode_act(FILED) == encode(json.loads(encode_act(FILED)))


def test_white_space_order_and_escapes_do_not_matter():
    loose = json.dumps(dict(reversed(table().items())), indent=2, ensure_ascii=True).encode()
    assert encode_act(decode_act(loose)) == encode_act(FILED)


def test_what_an_act_replaces_is_written_only_where_it_replaces_something():
    assert "supersedes" not in table()
    act = replace(FILED, supersedes=uid("früher"))
    assert table(act)["supersedes"] == uid("früher")
    assert decode_act(encode_act(act)) == act
    assert "supersedes" in refusal(table() | {"supersedes": None}).en


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "E" * 36),
        ("id", uid("x").upper()),
        ("actor", ""),
        ("subject", None),
        ("at", "2025-01-20T09:00:00+08:00"),
        ("at", "2025-01-20T09:00:00.5Z"),
        ("at", "2025-01-20T24:00:00Z"),
        ("at", "2025-02-30T09:00:00Z"),
        ("type", "evidence.filed/2"),
        ("type", 1),
        ("content", []),
    ],
)
def test_a_wrong_head_is_refused(key, value):
    assert key in refusal(table() | {key: value}).en


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("task", ""),
        ("task", " 1.1"),
        ("task", "1.1\n"),
        ("task", "长" * 201),
        ("unit", "青禾县"),
        ("event_date", "2024-1-1"),
        ("event_date", "2024-02-30"),
        ("event_date", "1776-07-04"),
        ("files", {}),
        ("files", None),
    ],
)
def test_a_wrong_field_is_refused(key, value):
    assert f"content.{key}" in refusal(changed(key, value)).zh


@pytest.mark.parametrize(
    "value",
    [
        25.3, 25, True, None, "", "+1", "-0", "-0.00", "01", ".5", "1.", "1e3", "1E+3", "NaN", "Infinity",
        "1,000", " 1", "１", "9" * 41,
    ],
)  # fmt: skip
def test_a_number_that_is_not_canonical_is_refused(value):
    assert "content.value" in refusal(changed("value", value, SCORED)).zh


@pytest.mark.parametrize("value", ["0", "0.00", "-0.5", "100", "2.50", "9" * 40])
def test_a_number_is_kept_as_it_was_written(value):
    assert table(decode_act(changed("value", value, SCORED)))["content"]["value"] == value


@pytest.mark.parametrize("sign", ["\x00", "\r", "\x1b", "\x7f", "\x85", "\ud800"])
def test_a_character_that_no_text_may_hold_is_refused(sign):
    code = f"U+{ord(sign):04X}"
    error = refusal(changed("unit_of_measure", f"亿{sign}元", SCORED))
    assert code in error.zh
    assert "content.unit_of_measure" in error.en


def test_lines_tabs_and_any_script_are_kept():
    text = "一\n\t二 \u202eabc\u2028 é e\u0301 𝔘"
    assert table(decode_act(changed("data_source", text, SCORED)))["content"]["data_source"] == text


def test_a_reason_must_say_something():
    refusal(changed("data_source", " \n\t", SCORED))


def test_a_text_is_at_most_20000_characters():
    decode_act(changed("data_source", "长" * 20_000, SCORED))
    assert "20000" in refusal(changed("data_source", "长" * 20_001, SCORED)).en


def test_an_act_is_at_most_one_mebibyte():
    blob = table()["content"]["files"][0]
    many = changed("files", [blob] * 7_000)
    assert len(encode(many)) > MAX_ACT
    assert str(MAX_ACT) in refusal(many).en
    assert str(MAX_ACT) in refusal(encode(many)).en
    with pytest.raises(InputError, match=str(MAX_ACT)):
        encode_act(replace(FILED, content=replace(EVIDENCE, files=EVIDENCE.files * 7_000)))


@pytest.mark.parametrize(
    ("key", "value"),
    [("sha256", "A" * 64), ("sha256", "a" * 63), ("sm3", None), ("size", -1), ("size", "1"),
     ("size", True), ("size", 2**53), ("size", 1.0)],
)  # fmt: skip
def test_a_file_must_be_named_by_both_digests_and_its_size(key, value):
    blob = table()["content"]["files"][0] | {key: value}
    assert f"content.files[0].{key}" in refusal(changed("files", [blob])).en


@pytest.mark.parametrize(
    "source",
    [
        b"", b"null", b"[]", b"{", b"\xff\xfe", b"\xef\xbb\xbf{}", b"{}x", b"[" * 100_000,
        b'{"id":NaN}', b'{"id":-Infinity}', b'{"id":1.0}', b'{"id":1e9999}', b'{"id":' + b"9" * 9_000 + b"}",
    ],
)  # fmt: skip
def test_what_is_no_act_at_all_is_refused(source):
    refusal(source)


@pytest.mark.parametrize(
    "sign", [*"\u200b\u202e\u3164\u115f\u1160\uffa0\ufe0f", "\U000e0101", "e\u0301"]
)
def test_codes_and_names_that_look_the_same_are_the_same(sign):
    assert "content.task" in refusal(changed("task", f"4.1{sign}")).en
    for content in (
        setting_up.UnitRegistered("U1", f"青禾县{sign}"),
        setting_up.UnitRegistered(f"U1{sign}", "青禾县"),
    ):
        with pytest.raises(InputError):
            encode_act(replace(FILED, content=content))


def test_a_key_twice_is_refused_at_every_depth():
    written = encode_act(FILED)
    for key in (b'"at":', b'"task":', b'"sm3":'):
        start = written.index(key)
        end = written.index(b",", start) + 1 if key != b'"sm3":' else written.index(b"}", start)
        part = written[start:end]
        twice = written[:start] + part.rstrip(b",") + b"," + written[start:]
        assert key.strip(b'":').decode() in refusal(twice).en


def test_a_hostile_name_is_shown_without_its_controls():
    error = refusal(table() | {"\x1b[2J" + "x" * 500: 1})
    assert "\x1b" not in error.zh + error.en
    assert len(error.en) < 300


@pytest.mark.parametrize(
    "content",
    [
        replace(RETURNED, reason=5),
        replace(RESULT, value=0.5),
        replace(RESULT, value=Decimal("NaN")),
        replace(RESULT, value=Decimal("-0.0")),
        replace(RESULT, as_of=datetime(2024, 1, 1)),
        replace(RESULT, as_of="2024-01-01"),
        replace(EVIDENCE, files=list(EVIDENCE.files)),
        replace(EVIDENCE, files=("x",)),
        "evidence.filed/1",
        None,
    ],
)
def test_what_could_not_be_read_again_is_not_written(content):
    with pytest.raises(InputError):
        encode_act(replace(FILED, content=content))


def test_nothing_but_the_known_kinds_is_written():
    class Lookalike(collecting.EvidenceReturned):
        pass

    with pytest.raises(InputError, match="type"):
        encode_act(replace(FILED, content=Lookalike("理由")))


def test_files_are_found_wherever_they_stand():
    assert blobs_of(FILED) == EVIDENCE.files
    assert blobs_of(SCORED) == ()
    assert len(blobs_of(WORLD.act(uid("a"), uid("b"), setting_up.SchemePublished(
        1, "1号", WORLD.blob("s"), uid("c"), setting_up.Late.FLAG, (), "",
    )))) == 1  # fmt: skip


# --- the union ------------------------------------------------------------------------------------


def classes_with_a_wire_name() -> set[type]:
    """Every class of the package that says it is an act."""
    from kaoping.core.acts import filing, keeping, scoring, verifying

    modules = (setting_up, collecting, scoring, verifying, filing, keeping)
    return {
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and "wire" in vars(one) and one.__module__ == module.__name__
    }


def test_the_union_is_closed_and_complete():
    assert set(MEMBERS) == classes_with_a_wire_name()
    assert len(BY_TYPE) == len(MEMBERS)


def test_every_wire_name_has_a_noun_a_verb_and_a_version():
    assert [
        kind.wire for kind in MEMBERS if not re.fullmatch(r"[a-z_]+\.[a-z_]+/1", kind.wire)
    ] == []


def test_every_act_says_in_chinese_what_it_is():
    assert [k.wire for k in MEMBERS if not re.match("[\u4e00-\u9fff]{2}", k.__doc__ or "")] == []


def test_every_act_is_frozen_and_has_slots():
    kinds: list[Any] = list(MEMBERS)
    assert all(kind.__dataclass_params__.frozen for kind in kinds)
    assert all(hasattr(kind, "__slots__") for kind in kinds)


def test_no_field_has_a_default():
    """Every field stands in every act, so there is one form of each."""
    for kind in MEMBERS:
        for field in fields(kind):
            assert field.default is MISSING
            assert field.default_factory is MISSING


def test_acts_about_several_units_have_lines():
    """The journal hashes `lines` one by one, so that a unit gets its own and nobody else's."""
    for kind in MEMBERS:
        for name, hint in get_type_hints(kind, include_extras=True).items():
            inner: Any = get_args(hint)[0] if get_args(hint) else None
            is_record = isinstance(inner, type) and is_dataclass(inner)
            has_unit = is_record and "unit" in {field.name for field in fields(inner)}
            assert has_unit == (name == "lines"), (kind, name)


def test_a_field_type_that_no_act_may_use_is_noticed():
    for hint in (float, dict, bytes, list[int]):
        with pytest.raises(TypeError):
            form_of(hint)


def test_all_forms_can_be_made():
    kinds: list[Any] = list(MEMBERS)
    assert all(record_form(kind).name == kind.__name__ for kind in kinds)


def test_words_that_are_shared_with_files_are_the_same_words():
    pairs = (
        (collecting.Status, results.Status),
        (setting_up.Late, scheme.Late),
        (setting_up.StepKind, scheme.StepKind),
    )
    for ours, theirs in pairs:
        assert {one.name: one.value for one in ours} == {one.name: one.value for one in theirs}
