"""Signed notes: what others signed opens, ours others could open, and nothing broken passes."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kaoping.core.errors import InputError, TamperError
from kaoping.core.note import (
    MAX_NOTE,
    MAX_SIGNATURES,
    KeyKind,
    Signer,
    VerifierKey,
    divided,
    open_note,
    parse_vkey,
    signature_line,
    signed,
    valid_name,
)
from tests.examples import SHARED
from tests.judges.signing import (
    COSIGNING,
    PLAIN,
    cosignature_line,
    key_id,
    line,
    packed,
    plain_line,
    private_key,
    public_bytes,
    verified,
)

VECTORS = SHARED / "vectors" / "tlog"
needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason="the shared vectors are not here")

# The example of C2SP signed-note.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_TEXT = "This is an example message.\n"
EXAMPLE_NOTE = (
    EXAMPLE_TEXT + "\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Z"
    "tg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)

TEXT = "kaoping.example/2024\n7\n3biblAOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=\n"
NAME, WITNESS_NAME = "kaoping.example/2024", "witness.example/w1"
SECRET, OTHER_SECRET, WITNESS_SECRET = private_key(1), private_key(2), private_key(3)
KEY = VerifierKey(NAME, KeyKind.ED25519, public_bytes(SECRET))
WITNESS = VerifierKey(WITNESS_NAME, KeyKind.COSIGNATURE, public_bytes(WITNESS_SECRET))
SIGNATURE = key_id(NAME, PLAIN, KEY.public) + SECRET.sign(TEXT.encode())
LINE = line(NAME, SIGNATURE)
NOTE = f"{TEXT}\n{LINE}"
TIME = 1_737_363_600
COSIGNED = NOTE + cosignature_line(TEXT, WITNESS_NAME, WITNESS_SECRET, TIME)
STRANGER = plain_line(TEXT, "stranger.example", OTHER_SECRET)


def opened(content, *keys):
    return open_note(content, keys or (KEY,), verified)


def refused(content, *keys):
    """The sentence in which a note is refused; nothing else may be raised."""
    with pytest.raises(TamperError) as caught:
        opened(content, *keys)
    return caught.value.en


# --- what others signed ---------------------------------------------------------------------------


def test_the_example_of_the_standard_opens():
    key = parse_vkey(EXAMPLE_KEY)
    assert (key.name, key.kind, key.id.hex()) == ("example.com/foo", KeyKind.ED25519, "530d903a")
    note = opened(EXAMPLE_NOTE, key)
    assert note.text == EXAMPLE_TEXT
    assert note.signed_by(key)
    assert not note.signed_by(KEY)


@needs_vectors
def test_every_shared_note_opens():
    shared = json.loads((VECTORS / "signed_notes.json").read_text())
    assert len(shared) == 2
    for told in shared:
        key = parse_vkey(told["vkey"])
        assert key.text == told["vkey"]
        assert opened(told["note"], key).text == told["text"]
        refused(told["note"].replace(told["text"], told["text"] + "more\n"), key)


@needs_vectors
def test_a_shared_note_signed_by_us_is_the_same_to_the_letter():
    told = json.loads((VECTORS / "signed_notes.json").read_text())[0]
    secret = base64.b64decode(told["skey"].split("+", 4)[4])
    assert secret[0] == KeyKind.ED25519
    private = Ed25519PrivateKey.from_private_bytes(secret[1:])
    signer = Signer(parse_vkey(told["vkey"]), private.sign)
    assert signed(told["text"], [signer]) == told["note"]


@needs_vectors
def test_the_shared_checkpoint_is_divided_though_its_keys_are_unknown():
    told = json.loads((VECTORS / "checkpoint_examples.json").read_text())
    text, lines = divided(told["checkpoint"] + told["cosignature_line"] + "\n")
    origin, size, root = told["parsed"]
    assert text == f"{origin}\n{size}\n{root}\n"
    assert len(lines) == 2
    assert refused(told["checkpoint"], KEY).startswith("The signed note does not verify: none of")
    stamp = base64.b64decode(lines[1].split(" ")[2])[4:12]
    assert int.from_bytes(stamp, "big") == told["cosignature_time"]


@needs_vectors
@pytest.mark.parametrize("field", ["note_cp700", "note_cp1300"])
def test_the_notes_of_the_shared_log_open_with_both_witnesses(field):
    told = json.loads((VECTORS / "project_log_vector.json").read_text())
    log, *witnesses = keys = [parse_vkey(text) for text in told["vkeys"]]
    note = opened(told[field], *keys)
    assert [(found.key, found.time is None) for found in note.signatures] == [
        (log, True),
        *((witness, False) for witness in witnesses),
    ]
    assert all(1_736_999_000 < found.time < 1_737_100_000 for found in note.signatures[1:])
    assert [key.text for key in keys] == told["vkeys"]
    refused(told[field].replace("kaoping", "kaopinq", 1), *keys)


# --- what we sign ---------------------------------------------------------------------------------


def test_what_is_signed_is_what_one_writes_by_hand():
    assert signed(TEXT, [Signer(KEY, SECRET.sign)]) == NOTE
    witness = Signer(WITNESS, WITNESS_SECRET.sign)
    assert NOTE + signature_line(TEXT, witness, TIME) == COSIGNED


def test_key_ids_are_those_of_the_standard():
    assert KEY.id == key_id(NAME, PLAIN, KEY.public)
    assert WITNESS.id == key_id(WITNESS_NAME, COSIGNING, WITNESS.public)


def test_a_signed_note_opens_with_each_key_and_with_all():
    other = VerifierKey("other.example", KeyKind.ED25519, public_bytes(OTHER_SECRET))
    note = signed(TEXT, [Signer(KEY, SECRET.sign), Signer(other, OTHER_SECRET.sign)])
    assert [found.key for found in opened(note, KEY).signatures] == [KEY]
    assert [found.key for found in opened(note, other).signatures] == [other]
    assert [found.key for found in opened(note, other, KEY).signatures] == [KEY, other]


def test_a_cosignature_tells_its_time():
    note = opened(COSIGNED, KEY, WITNESS)
    assert [(found.key, found.time) for found in note.signatures] == [(KEY, None), (WITNESS, TIME)]
    assert opened(COSIGNED, WITNESS).signed_by(WITNESS)


def test_the_text_may_hold_empty_lines_and_chinese():
    text = f"第一行\n\n{LINE}\n第三段：空格　与“引号”\n"
    note = f"{text}\n{plain_line(text, NAME, SECRET)}"
    assert opened(note).text == text
    assert divided(note)[0] == text


def test_a_signature_line_inside_the_text_signs_nothing():
    """The text ends at the last empty line: what stands before it is text, whatever it looks like."""
    text = f"{TEXT}\n{LINE}"
    stranger = f"{text}\n{plain_line(text, 'stranger.example', OTHER_SECRET)}"
    assert "none of the given keys" in refused(stranger)


# --- unknown and known keys -----------------------------------------------------------------------


def test_lines_of_unknown_keys_are_passed_over():
    note = f"{TEXT}\n{STRANGER}{line('ecdsa.example', b'abcd' + bytes(70))}{LINE}{STRANGER}"
    assert [found.key for found in opened(note).signatures] == [KEY]


def test_the_same_name_with_another_id_is_unknown():
    note = f"{TEXT}\n{line(NAME, b'abcd' + SIGNATURE[4:])}"
    assert "none of the given keys" in refused(note)
    assert opened(note + LINE).signed_by(KEY)


def test_the_same_id_with_another_name_is_unknown():
    note = f"{TEXT}\n{line('kaoping.example/2025', SIGNATURE)}"
    assert "none of the given keys" in refused(note)
    assert opened(note + LINE).signed_by(KEY)


def test_who_has_no_keys_verifies_nothing():
    with pytest.raises(TamperError):
        open_note(NOTE, [], verified)


@pytest.mark.parametrize(
    "signature",
    [
        SIGNATURE[4:-1],
        SIGNATURE[4:] + b"\x00",
        b"\x00",
        bytes(64),
        OTHER_SECRET.sign(TEXT.encode()),
    ],
    ids=["cut", "stretched", "one byte", "zeros", "another key's"],
)
def test_a_bad_line_of_a_known_key_condemns_the_note(signature):
    bad = line(NAME, SIGNATURE[:4] + signature)
    assert f"the signature of {NAME} does not hold" in refused(f"{TEXT}\n{bad}")
    both = COSIGNED + bad
    assert "does not hold" in refused(both.replace(LINE, ""), KEY, WITNESS)
    assert opened(both.replace(LINE, ""), WITNESS).signed_by(WITNESS)


def test_a_key_that_signs_twice_counts_once():
    assert len(opened(NOTE + LINE).signatures) == 1
    assert len(opened(NOTE, KEY, KEY).signatures) == 1


def test_a_bad_second_line_of_a_known_key_condemns_the_note_too():
    """C2SP signed-note: if name and id match a known key, the signature must be verified."""
    assert "does not hold" in refused(NOTE + line(NAME, SIGNATURE[:4] + bytes(64)))


def test_every_changed_letter_of_the_text_is_noticed():
    for at in range(len(TEXT) - 1):
        changed = TEXT[:at] + ("x" if TEXT[at] != "x" else "y") + TEXT[at + 1 :]
        refused(f"{changed}\n{LINE}")


def test_every_changed_bit_of_a_signature_is_noticed():
    for bit in range(len(SIGNATURE) * 8):
        changed = bytearray(SIGNATURE)
        changed[bit // 8] ^= 1 << bit % 8
        refused(f"{TEXT}\n{line(NAME, bytes(changed))}")


# --- cosignatures ---------------------------------------------------------------------------------


def test_the_time_of_a_cosignature_cannot_be_changed():
    earlier = cosignature_line(TEXT, WITNESS_NAME, WITNESS_SECRET, TIME)
    content = bytearray(base64.b64decode(earlier.split(" ")[2]))
    content[11] ^= 1
    note = NOTE + line(WITNESS_NAME, bytes(content))
    assert f"the signature of {WITNESS_NAME} does not hold" in refused(note, KEY, WITNESS)


def test_a_plain_signature_is_no_cosignature_and_the_other_way_round():
    """The kind is part of the id, and the message has another beginning."""
    plain_by_witness = NOTE + plain_line(TEXT, WITNESS_NAME, WITNESS_SECRET)
    assert not opened(plain_by_witness, KEY, WITNESS).signed_by(WITNESS)
    as_plain = VerifierKey(WITNESS_NAME, KeyKind.ED25519, WITNESS.public)
    assert not opened(COSIGNED, KEY, as_plain).signed_by(as_plain)
    stamped = WITNESS.id + TIME.to_bytes(8, "big") + WITNESS_SECRET.sign(TEXT.encode())
    refused(NOTE + line(WITNESS_NAME, stamped), KEY, WITNESS)


@pytest.mark.parametrize("length", [1, 7, 8, 9])
def test_a_cosignature_too_short_for_a_time_is_refused(length):
    refused(NOTE + line(WITNESS_NAME, WITNESS.id + bytes(length)), KEY, WITNESS)


@pytest.mark.parametrize(("time", "holds"), [(0, True), (2**63 - 1, True), (2**63, False)])
def test_the_time_of_a_cosignature_has_a_limit(time, holds):
    """C2SP tlog-cosignature: it must not exceed 2⁶³ − 1, whoever signed it."""
    note = NOTE + cosignature_line(TEXT, WITNESS_NAME, WITNESS_SECRET, time)
    if holds:
        assert opened(note, WITNESS).signatures[0].time == time
    else:
        refused(note, KEY, WITNESS)


# --- broken notes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("note", [NOTE, COSIGNED], ids=["signed", "cosigned"])
def test_a_note_cut_off_anywhere_is_refused(note):
    """Unless exactly whole lines of signatures are missing: those that remain are told."""
    for length in range(len(note)):
        if note[:length] == NOTE:
            assert [found.key for found in opened(NOTE, KEY, WITNESS).signatures] == [KEY]
        else:
            refused(note[:length], KEY, WITNESS)


@pytest.mark.parametrize("code", [*range(0x0A), *range(0x0B, 0x20)])
def test_control_characters_are_refused_wherever_they_stand(code):
    """Even where they are signed with the text."""
    text = f"kaoping{chr(code)}example\n"
    refused(f"{text}\n{plain_line(text, NAME, SECRET)}")
    refused(NOTE + line(f"a{chr(code)}b", SIGNATURE))
    refused(NOTE[:-1] + chr(code) + "\n")
    refused(NOTE + chr(code))


def test_windows_line_ends_are_refused():
    refused(NOTE.replace("\n", "\r\n"))
    text = TEXT.replace("\n", "\r\n")
    refused(f"{text}\n{plain_line(text, NAME, SECRET)}")


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "\n\n",
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}{LINE}",
        f"\n{LINE}",
        "\n\n" + plain_line("\n", NAME, SECRET),
        LINE,
        f"{TEXT}\n{LINE[:-1]}",
        f"{TEXT}\n{LINE}\n",
        f"{TEXT}\n\n{LINE}",
        f"{TEXT}\n{LINE}\n{LINE}",
        f"{NOTE}more",
        f"{NOTE}more\n",
        f"{NOTE}\n\n",
        f"{NOTE} ",
        f"{NOTE}{LINE.rstrip()} \n",
        f"{NOTE}{LINE.rstrip()}\u3000\n",
        f"\ufeff{NOTE}",
        f" {NOTE}",
        NOTE.replace("\u2014", "-"),
        NOTE.replace("\u2014", "\u2013"),
        NOTE.replace("\u2014 ", "\u2014"),
        NOTE.replace("\u2014 ", "\u2014  "),
        NOTE.replace("\u2014 ", "\u2014\u00a0"),
        NOTE.replace("\u2014", " \u2014"),
        NOTE.replace(f"{NAME} ", f"{NAME}  "),
        NOTE.replace(f"\u2014 {NAME} ", "\u2014 "),
        NOTE.replace("\n", "\u2028"),
        NOTE.replace("\n", "\u0085"),
    ],
)
def test_what_has_not_the_form_of_a_note_is_refused(note):
    refused(note)


@pytest.mark.parametrize("name", ["a b", "a+b", "+", "a\u00a0b", "a\u3000b", "a\u2028b", "", " "])
def test_names_with_blanks_or_plus_are_refused(name):
    """On a signature line, in a vkey, and as a name."""
    refused(NOTE + line(name, SIGNATURE))
    assert not valid_name(name)
    content = bytes([PLAIN]) + KEY.public
    with pytest.raises(InputError):
        parse_vkey(f"{name}+{key_id(name, PLAIN, KEY.public).hex()}+{packed(content)}")


def test_base64_has_one_form_only():
    """Otherwise one signature could be written in several ways."""
    good = packed(SIGNATURE)
    assert good.endswith("=")
    last = good[-2]
    sloppy = good[:-2] + chr(ord(last) + 1) + "="
    assert base64.b64decode(sloppy) == SIGNATURE
    forms = [
        good[:-1],
        good + "=",
        sloppy,
        good.replace("=", ""),
        good[:20] + "\n" + good[20:],
        good[:20] + "=" + good[20:],
        good[:20] + "*" + good[21:],
        good[:20] + "é" + good[21:],
        good[:20] + "-_" + good[22:],
        "",
        "====",
        packed(SIGNATURE[:4]),
        packed(SIGNATURE[:3]),
    ]
    for form in forms:
        refused(f"{TEXT}\n\u2014 {NAME} {form}\n")
        refused(f"{NOTE}\u2014 stranger.example {form}\n")


def test_text_that_is_no_unicode_is_refused():
    """Bytes that are no UTF-8 reach a str as lone surrogates, if they reach it at all."""
    refused(f"kaoping\udcff\n\n{LINE}")
    refused(NOTE.replace(TEXT, TEXT + "\ud800\n"))
    refused(NOTE + line("stranger", SIGNATURE).replace("stranger", "a\udcffb"))


def test_as_many_signatures_as_the_limit_are_read_and_no_more():
    lines = "".join(line(f"w{number}.example", SIGNATURE) for number in range(MAX_SIGNATURES - 1))
    assert MAX_SIGNATURES >= 16  # C2SP signed-note: at least that many must be accepted
    assert opened(NOTE + lines).signed_by(KEY)
    assert "too many signature lines" in refused(NOTE + lines + STRANGER)


def test_a_note_beyond_the_limit_is_refused():
    room = MAX_NOTE - len(f"\n{LINE}".encode())
    for text in ("长" * (room // 3 - 1) + "\n", "x" * (room - 1) + "\n"):
        assert opened(f"{text}\n{plain_line(text, NAME, SECRET)}").text == text
        longer = f"xxxxxx{text}"
        refused(f"{longer}\n{plain_line(longer, NAME, SECRET)}")


def test_a_refusal_says_in_both_languages_what_to_do():
    with pytest.raises(TamperError) as caught:
        opened(f"{TEXT}\n{STRANGER}")
    assert caught.value.exit_code == 4
    assert "请勿采用" in caught.value.zh
    assert "Do not use it" in caught.value.en


# --- verifier keys --------------------------------------------------------------------------------

SM2_KEY = VerifierKey("sm2.example", KeyKind.SM2, bytes(range(64)))


@pytest.mark.parametrize("key", [KEY, WITNESS, SM2_KEY], ids=lambda key: key.kind.name)
def test_a_key_is_read_as_it_was_written(key):
    assert parse_vkey(key.text) == key
    assert parse_vkey(f" {key.text}\n") == key


def vkey(name, content, identity=None):
    """A vkey line, with the id that belongs to it unless another is given."""
    own = key_id(name, content[0], content[1:]).hex() if content else "00000000"
    return f"{name}+{own if identity is None else identity}+{packed(content)}"


PUBLIC = KEY.public


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "++",
        NAME,
        f"{NAME}+{KEY.id.hex()}",
        f"{NAME}+{KEY.id.hex()}+",
        KEY.text[:-1],
        KEY.text + "=",
        KEY.text + "+more",
        KEY.text + "\n" + KEY.text,
        KEY.text.replace(NAME, "kaoping.example/2025"),
        vkey(NAME, bytes([PLAIN]) + PUBLIC, "00000000"),
        vkey(NAME, bytes([PLAIN]) + PUBLIC, KEY.id.hex().upper()),
        vkey(NAME, bytes([PLAIN]) + PUBLIC, "0" + KEY.id.hex()),
        vkey(NAME, bytes([PLAIN]) + PUBLIC, KEY.id.hex()[:-1]),
        vkey(NAME, bytes([COSIGNING]) + PUBLIC, KEY.id.hex()),
        vkey(NAME, bytes([PLAIN])),
        vkey(NAME, bytes([PLAIN]) + PUBLIC[:-1]),
        vkey(NAME, bytes([PLAIN]) + PUBLIC + b"\x00"),
        vkey(NAME, bytes([2]) + PUBLIC),
        vkey(NAME, bytes([0xFF]) + PUBLIC),
        vkey(NAME, bytes([0xFF]) + bytes(64)),
        f"{SM2_KEY.name}+{SM2_KEY.id.hex()}+{packed(SM2_KEY.encoded.replace(b'sm2', b'sm9', 1))}",
        vkey(NAME, b""),
        vkey("a\x07b", bytes([PLAIN]) + PUBLIC),
        vkey("a\u202eb", bytes([PLAIN]) + PUBLIC),
        vkey(NAME, bytes([PLAIN]) + PUBLIC).replace("+A", "+\u0410"),
        "\udcff" + KEY.text,
        "x" * 100_000,
    ],
)
def test_what_is_no_sound_key_is_refused(text):
    with pytest.raises(InputError) as caught:
        parse_vkey(text)
    assert len(caught.value.en) < 200
    assert caught.value.en.isprintable()
