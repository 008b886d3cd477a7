"""Bodies beside the tiles: one line for each entry, canonical or refused, subsets readable."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from kaoping.core.canonical import encode
from kaoping.core.errors import EnvironmentFault, TamperError
from kaoping.core.journal import excerpt, sealed_body, without_act
from kaoping.files.journal.bodies import Bodies, bodies_path, body_line, read_body_line
from kaoping.files.journal.tiles import WIDTH
from tests.cli.folders import unchanged
from tests.journals import SALTS, Disk, bodies_of, note_act, note_acts, require_durable, scores_act

BODIES = bodies_of(note_acts(300))
FEW = BODIES[:5]
SCORES = sealed_body(scores_act(5), (), "scores", SALTS)


def kept(folder, bodies=FEW):
    """A folder of bodies, written at once."""
    held = Bodies(folder / "bodies")
    held.add(0, bodies)
    return held


def everything(held, size):
    return dict(held.up_to(size))


def refused(held, place):
    """The bodies cannot be read, and the line is named."""
    with unchanged(held.folder), pytest.raises(TamperError) as caught:
        everything(held, 300)
    assert f"第 {place} 行" in caught.value.zh
    assert f"Line {place} of" in caught.value.en


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "path"), [(0, "000.jsonl"), (999, "999.jsonl"), (1234067, "x001/x234/067.jsonl")]
)
def test_bodies_lie_where_their_bundle_does(number, path):
    assert bodies_path(number) == path


# --- written and read -----------------------------------------------------------------------------


def test_bodies_come_back_as_they_were(tmp_path):
    held = kept(tmp_path, BODIES)
    assert everything(held, 300) == dict(enumerate(BODIES))
    assert [path.name for path in sorted(held.folder.iterdir())] == ["000.jsonl", "001.jsonl"]
    assert list(held.up_to(300, 254)) == list(enumerate(BODIES))[254:]
    assert list(held.up_to(258, 256)) == list(enumerate(BODIES))[256:258]
    assert list(held.up_to(0)) == []
    assert held.get(299) == BODIES[299]
    assert held.get(300) is None
    assert held.get(10**9) is None


def test_a_line_is_canonical_json_that_says_which_entry_it_is():
    line = body_line(7, BODIES[0])
    assert line.endswith(b"\n")
    assert encode(json.loads(line)) + b"\n" == line
    assert read_body_line(line) == (7, BODIES[0])
    assert read_body_line(line[:-1]) == (7, BODIES[0])


@pytest.mark.parametrize("steps", [[1] * 5, [255, 1, 1], [256, 44], [3, 297], [257, 43], [300]])
def test_pieces_make_the_same_files(tmp_path, steps):
    whole = kept(tmp_path / "whole", BODIES[: sum(steps)])
    pieces, at = Bodies(tmp_path / "pieces"), 0
    for step in steps:
        pieces.add(at, BODIES[at : at + step])
        at += step
    for path in whole.folder.iterdir():
        assert (pieces.folder / path.name).read_bytes() == path.read_bytes()
    assert len(list(pieces.folder.iterdir())) == len(list(whole.folder.iterdir()))


def test_a_subset_of_the_bodies_can_be_read(tmp_path):
    """What one unit may see: some lines, one of them an excerpt, one without its act."""
    mine = {2: BODIES[2], 5: excerpt(SCORES, 1), 6: without_act(BODIES[6]), 270: BODIES[270]}
    held = Bodies(tmp_path)
    for number in (0, 1):
        lines = [body_line(i, body) for i, body in mine.items() if i // WIDTH == number]
        (tmp_path / bodies_path(number)).write_bytes(b"".join(lines))
    assert everything(held, 300) == mine
    assert everything(held, 270) == {i: body for i, body in mine.items() if i < 270}
    assert held.get(3) is None


def test_a_missing_folder_holds_no_bodies(tmp_path):
    held = Bodies(tmp_path / "nowhere")
    assert everything(held, 300) == {}
    assert held.get(0) is None


def test_the_order_of_lines_does_not_matter(tmp_path):
    held = kept(tmp_path)
    path = held.folder / "000.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[::-1]))
    assert list(held.up_to(5)) == list(enumerate(FEW))


# --- damaged lines --------------------------------------------------------------------------------

LINE = body_line(2, FEW[2])
BAD_LINES = {
    "empty": b"\n",
    "no json": b"{\n",
    "a list": b"[]\n",
    "no index": encode(FEW[2]) + b"\n",
    "index as text": encode({"index": "2", **FEW[2]}) + b"\n",
    "index as yes": encode({"index": True, **FEW[2]}) + b"\n",
    "negative index": body_line(-1, FEW[2]),
    "index of another bundle": body_line(256, FEW[2]),
    "index twice": LINE.replace(b'"index":2', b'"index":2,"index":2'),
    "a blank": LINE.replace(b":", b": ", 1),
    "a blank at the end": LINE[:-1] + b" \n",
    "a Windows line end": LINE[:-1] + b"\r\n",
    "a tab before": b"\t" + LINE,
    "a mark before": b"\xef\xbb\xbf" + LINE,
    "utf-16": LINE[:-1].decode().encode("utf-16") + b"\n",
    "an escape": LINE.replace("情".encode(), b"\\u60c5"),
    "keys in another order": json.dumps(
        dict(reversed(json.loads(LINE).items())), ensure_ascii=False, separators=(",", ":")
    ).encode()
    + b"\n",
    "a float": LINE.replace(b'"index":2', b'"index":2.0'),
    "a float inside": LINE.replace(b'"files":[]', b'"files":[1.0]'),
    "no number": LINE.replace(b'"files":[]', b'"files":[NaN]'),
    "a minus zero": LINE.replace(b'"files":[]', b'"files":[-0]'),
    "half a character": LINE.replace(b'"files":[]', b'"files":["\\ud800"]'),
    "no utf-8": LINE.replace("情".encode(), b"\xff\xfe"),
    "two bodies": LINE[:-1] + LINE,
    "a number without end": LINE.replace(b'"index":2', b'"index":' + b"2" * 5000),
    "nested deeply": LINE.replace(b'"files":[]', b'"files":' + b"[" * 600 + b"]" * 600),
    "nested beyond measure": LINE.replace(b'"files":[]', b'"files":' + b"[" * 10**5 + b"]" * 10**5),
}


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES.keys())
def test_a_bad_line_is_named(tmp_path, bad):
    assert bad != LINE
    held = kept(tmp_path)
    path = held.folder / "000.jsonl"
    path.write_bytes(path.read_bytes().replace(LINE, bad))
    refused(held, 3)


def test_a_line_that_stands_twice_is_named(tmp_path):
    held = kept(tmp_path)
    path = held.folder / "000.jsonl"
    for again in (LINE, body_line(2, FEW[3])):
        path.write_bytes(b"".join(body_line(i, body) for i, body in enumerate(FEW)) + again)
        refused(held, 6)


def test_a_last_line_cut_short_does_not_count(tmp_path):
    held = kept(tmp_path)
    path = held.folder / "000.jsonl"
    content = path.read_bytes()
    last = len(body_line(4, FEW[4]))
    for length in range(len(content) - last, len(content)):
        path.write_bytes(content[:length])
        assert everything(held, 5) == dict(enumerate(FEW[:4]))


def test_what_lies_in_the_place_of_bodies_and_is_no_file_is_named(tmp_path):
    held = kept(tmp_path)
    (held.folder / "000.jsonl").unlink()
    (held.folder / "000.jsonl").mkdir()
    with pytest.raises(TamperError, match=r"000\.jsonl"):
        everything(held, 5)


# --- more bodies ----------------------------------------------------------------------------------


def test_what_a_crash_left_beyond_the_entries_is_replaced(tmp_path):
    """The bodies are written before the entries: a crash between leaves bodies too many."""
    held = kept(tmp_path, BODIES[:8])
    other = bodies_of([note_act(900)])
    held.add(5, other)
    assert everything(held, 300) == dict(enumerate([*FEW, *other]))


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [0, 1, 2, 3],
        [0, 1, 2, 4],
        [1, 2, 3, 4],
        [0, 1, 2, 3, 5],
        [0, 1, 2, 4, 3],
    ],
)
def test_nothing_is_added_where_bodies_are_missing(tmp_path, lines):
    held = kept(tmp_path)
    path = held.folder / "000.jsonl"
    path.write_bytes(b"".join(body_line(index, BODIES[index]) for index in lines))
    with unchanged(tmp_path), pytest.raises(TamperError):
        held.add(5, BODIES[5:7])
    shutil.rmtree(held.folder)
    with pytest.raises(TamperError):
        held.add(5, BODIES[5:7])


@pytest.mark.parametrize("end", [b"", b"\r\n", b" \n"])
def test_nothing_is_added_behind_a_line_without_its_end(tmp_path, end):
    held = kept(tmp_path)
    path = held.folder / "000.jsonl"
    path.write_bytes(path.read_bytes()[:-1] + end)
    with unchanged(tmp_path), pytest.raises(TamperError):
        held.add(5, BODIES[5:7])


@pytest.mark.parametrize("index", [0, 2, 4])
def test_a_body_without_its_act_takes_the_place_of_the_whole_one(tmp_path, index):
    held = kept(tmp_path)
    held.replace(index, without_act(FEW[index]))
    expected = dict(enumerate(FEW)) | {index: without_act(FEW[index])}
    assert everything(held, 5) == expected
    assert FEW[index]["salt"] not in (held.folder / "000.jsonl").read_text("utf-8")
    held.add(5, BODIES[5:7])
    assert everything(held, 7) == expected | dict(enumerate(BODIES[5:7], start=5))


def test_an_act_that_speaks_of_an_index_is_no_line_of_that_entry(tmp_path):
    """`text.redacted` has a field of that name."""
    act = note_act(3)
    act["content"] = {"index": 4, "x": 1}
    speaking = sealed_body(act, (), "speaking", SALTS)
    held = kept(tmp_path, [*BODIES[:4], BODIES[4]])
    path = held.folder / "000.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:4], body_line(3, speaking)]))
    with unchanged(tmp_path), pytest.raises(TamperError):
        held.add(5, BODIES[5:6])


# --- the disk -------------------------------------------------------------------------------------


def test_bodies_are_on_the_disk_before_adding_returns(tmp_path, monkeypatch):
    disk = Disk(monkeypatch)
    held = kept(tmp_path, BODIES)
    require_durable(disk, [held.folder])
    disk.calls.clear()
    held.replace(2, without_act(BODIES[2]))
    require_durable(disk)


@pytest.mark.parametrize("call", [("sync", 0), ("sync", 1), ("move", 0)])
def test_a_full_disk_leaves_the_bodies_as_they_were(tmp_path, monkeypatch, call):
    held = kept(tmp_path)
    with monkeypatch.context() as patch:
        Disk(patch, call)
        with pytest.raises(EnvironmentFault):
            held.add(5, BODIES[5:7])
    assert everything(held, 5) == dict(enumerate(FEW))
    held.add(5, BODIES[5:7])
    assert everything(held, 7) == dict(enumerate(BODIES[:7]))


def test_a_folder_that_cannot_be_made_is_told(tmp_path, monkeypatch):
    def forbidden(*_arguments, **_more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "mkdir", forbidden)
    with pytest.raises(EnvironmentFault):
        kept(tmp_path)
