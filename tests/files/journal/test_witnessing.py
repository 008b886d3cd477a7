"""A witness at work: over HTTP and by files it never cosigns two histories, whoever asks it how."""

from __future__ import annotations

import base64
import errno
import http.client
import json
import shutil
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from kaoping.core.errors import EnvironmentFault, InputError, RefusedError, TamperError
from kaoping.core.journal import SignedCheckpoint, open_checkpoint
from kaoping.core.note import MAX_NOTE, parse_vkey
from kaoping.core.witness import (
    CONFLICT,
    COSIGNED,
    MALFORMED,
    NO_CONTINUATION,
    UNKNOWN_JOURNAL,
    WRONG_KEY,
    Answer,
    request_text,
)
from kaoping.files.journal.folder import Journal, LastSigned
from kaoping.files.journal.inquiry import Layer, State
from kaoping.files.journal.keys import holds
from kaoping.files.journal.tiles import TileReader
from kaoping.files.journal.witnessing import (
    LOOPBACK,
    Witness,
    ask,
    make_server,
    request_of,
    require_cosigned,
)
from tests.cli.folders import kaoping, refusal, unchanged
from tests.examples import SHARED
from tests.journals import (
    ORIGIN,
    VKEY,
    WITNESS_KEYS,
    WITNESSES,
    Disk,
    append_one,
    failure,
    findings,
    journal_of,
    kept,
    note_acts,
    require_durable,
    small_journal,
)

NOW = 1_737_363_600
VECTOR = SHARED / "vectors" / "tlog" / "project_log_vector.json"
needs_vector = pytest.mark.skipif(not VECTOR.exists(), reason="the shared vectors are not here")


def witness_in(folder, number=0, keys=(VKEY,)):
    return Witness(WITNESSES[number], keys, folder / f"witness{number}.signed", lambda: NOW)


def forked(journal, size):
    """A second history of the same journal, signed with the same key: its entries begin otherwise."""
    other = journal.folder.parent / f"forked-{size}" / "journal"
    return journal_of(other, note_acts(size, 500))


def cosigned(journal, lines, count=1):
    """The journal with these lines under its checkpoint has that many witnesses."""
    signed = journal.add_cosignatures(lines, WITNESS_KEYS)
    assert signed.cosigned_by(WITNESS_KEYS) == count
    found = findings(journal, witnesses=WITNESS_KEYS, quorum=count)
    assert found[Layer.W].state is State.PASSED


# --- its state ------------------------------------------------------------------------------------


def test_what_is_cosigned_is_on_the_disk_before_it_is_answered(tmp_path, monkeypatch):
    journal, witness = small_journal(tmp_path / "journal"), witness_in(tmp_path)
    disk = Disk(monkeypatch)
    answer = witness.answer(request_of(journal, 0))
    require_durable(disk)
    assert answer.cosigned == journal.checkpoint().checkpoint
    assert LastSigned(witness.state).of(ORIGIN) == answer.cosigned
    assert witness.held_size(ORIGIN) == 5
    assert witness.held_size("stranger.example") == 0


@pytest.mark.parametrize("call", [("sync", 0), ("move", 0), ("sync", 1)])
def test_what_cannot_be_kept_is_not_cosigned(tmp_path, monkeypatch, call):
    journal, witness = small_journal(tmp_path / "journal"), witness_in(tmp_path)
    with monkeypatch.context() as patch:
        Disk(patch, call)
        with pytest.raises(EnvironmentFault):
            witness.answer(request_of(journal, 0))
    size = witness.held_size(ORIGIN)  # kept, though it could not be said: then it is asked again
    assert witness.answer(request_of(journal, size)).status == COSIGNED


def test_a_refusal_changes_nothing(tmp_path):
    journal, witness = small_journal(tmp_path / "journal"), witness_in(tmp_path)
    witness.answer(request_of(journal, 0))
    good = request_of(journal, 5)
    fork = forked(journal, 9)
    requests: dict[int, list[str]] = {
        MALFORMED: ["", "old x\n", good[:-1], good.replace("old 5", "old 6")],
        WRONG_KEY: [good[:-20] + "A" * 18 + "=\n"],
        UNKNOWN_JOURNAL: [good.replace(ORIGIN, "stranger.example")],
        CONFLICT: [request_of(journal, 3), request_of(forked(journal, 5), 5)],
        NO_CONTINUATION: [request_of(fork, 5), request_text(5, [], fork.checkpoint().content)],
    }
    with unchanged(tmp_path):
        for status, texts in requests.items():
            for text in texts:
                answer = witness.answer(text)
                assert answer == Answer(status, "5\n" if status == CONFLICT else "")
                with pytest.raises(RefusedError) as caught:
                    require_cosigned(answer)
                assert "见证人没有签署" in caught.value.zh


def test_a_witness_that_starts_again_remembers(tmp_path):
    journal = small_journal(tmp_path / "journal")
    witness_in(tmp_path).answer(request_of(journal, 0))
    again = witness_in(tmp_path)
    assert again.answer(request_of(forked(journal, 5), 0)) == Answer(CONFLICT, "5\n")
    append_one(journal, 5)
    assert again.answer(request_of(journal, 5)).status == COSIGNED


@pytest.mark.parametrize("damage", [b"", b"\n", b"half", b"\xff", b"a b c\n"])
def test_a_witness_with_a_damaged_state_cosigns_nothing(tmp_path, damage):
    journal, witness = small_journal(tmp_path / "journal"), witness_in(tmp_path)
    witness.answer(request_of(journal, 0))
    witness.state.write_bytes(damage)
    with unchanged(tmp_path), pytest.raises(TamperError):
        witness.answer(request_of(journal, 5))


def test_two_witnesses_that_share_a_state_do_not_cosign_two_histories(tmp_path):
    """Two processes by mistake, each with its own lock in memory: the file's lock decides."""
    journal = small_journal(tmp_path / "journal")
    asked = [request_of(journal, 0), request_of(forked(journal, 5), 0)] * 4
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda text: witness_in(tmp_path).answer(text), asked))
    roots = {answer.cosigned.root for answer in answers if answer.cosigned}
    assert len(roots) == 1


# --- by files -------------------------------------------------------------------------------------


def test_a_request_on_a_stick_is_answered_by_a_line(tmp_path):
    journal, witness = small_journal(tmp_path / "journal"), witness_in(tmp_path)
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "request").write_text(request_of(journal, witness.held_size(ORIGIN)), "utf-8")
    line = require_cosigned(witness.answer((stick / "request").read_text("utf-8")))
    cosigned(journal, line)
    append_one(journal, 5)
    cosigned(journal, require_cosigned(witness.answer(request_of(journal, 5))))


def test_a_journal_that_was_put_back_is_not_even_asked_for(tmp_path):
    journal, witness = small_journal(tmp_path / "journal"), witness_in(tmp_path)
    backup = tmp_path / "yesterday"
    shutil.copytree(journal.folder, backup)
    append_one(journal, 5)
    witness.answer(request_of(journal, 0))
    old = Journal.open(backup)
    with unchanged(tmp_path), pytest.raises(RefusedError, match="ROLLBACK") as caught:
        request_of(old, witness.held_size(ORIGIN))
    assert "已签到 6 条" in caught.value.zh
    assert witness.answer(request_of(old, 5)) == Answer(CONFLICT, "6\n")


def test_the_request_is_of_the_checkpoint_that_is_read_once(tmp_path, monkeypatch):
    """Somebody may sign the next one while the request is made."""
    journal = small_journal(tmp_path / "journal")
    read = Journal.checkpoint
    seen: list[SignedCheckpoint] = []

    def read_and_sign(self):
        found = read(self)
        if not seen:
            seen.append(found)
            append_one(journal, 5)
        return found

    monkeypatch.setattr(Journal, "checkpoint", read_and_sign)
    request = request_of(journal, 3)
    monkeypatch.undo()
    assert request == request_text(3, TileReader(journal.folder, 5).consistency(3), seen[0].content)


@pytest.fixture
def office(tmp_path, monkeypatch, capsys):
    """Another office with its own key, and the commands it runs."""
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    kaoping(capsys, "key", "make", tmp_path / "witness.pem")
    shown = kaoping(
        capsys, "key", "show", tmp_path / "witness.pem", "--name", "w.example", "--witness"
    )
    identity = (
        "--name",
        "w.example",
        "--signing-key",
        tmp_path / "witness.pem",
        "--log",
        VKEY.text,
    )
    return identity, shown.out.strip()


def test_the_command_cosigns_a_folder_and_a_request(tmp_path, capsys, office):
    identity, vkey = office
    journal = small_journal(tmp_path / "journal")
    line = tmp_path / "line"
    for number in (5, 6):
        said = kaoping(capsys, "witness", "sign", journal.folder, *identity, "--out", line)
        assert said.code == 0
        assert kaoping(capsys, "witness", "take", journal.folder, line, "--witness", vkey).code == 0
        signed = open_checkpoint(journal.checkpoint().content, [VKEY], holds, [parse_vkey(vkey)])
        assert signed.cosigned_by([parse_vkey(vkey)]) == 1
        append_one(journal, number)
    request = tmp_path / "request"
    assert (
        kaoping(capsys, "witness", "ask", journal.folder, "--out", request, "--held", 6).code == 0
    )
    said = kaoping(capsys, "witness", "sign", request, *identity)
    line.write_text(said.out, "utf-8")
    assert kaoping(capsys, "witness", "take", journal.folder, line, "--witness", vkey).code == 0


def test_the_command_refuses_a_journal_that_was_put_back_or_forked(tmp_path, capsys, office):
    identity, _ = office
    journal = small_journal(tmp_path / "journal")
    other, shorter = forked(journal, 9), tmp_path / "shorter"
    shutil.copytree(journal.folder, shorter)
    append_one(journal, 5)
    assert kaoping(capsys, "witness", "sign", journal.folder, *identity).code == 0
    with unchanged(tmp_path):
        said = refusal(capsys, 3, "witness", "sign", shorter, *identity)
        assert "ROLLBACK" in said.err
        said = refusal(capsys, 3, "witness", "sign", other.folder, *identity)
        assert "REWRITE" in said.err
        refusal(capsys, 3, "witness", "sign", journal.folder / "vkey", *identity)


# --- over HTTP ------------------------------------------------------------------------------------


@contextmanager
def serving(witness):
    """The real server on a free port of this machine; it is ended and waited for."""
    with make_server(witness, LOOPBACK, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def url_of(port):
    return f"http://{LOOPBACK}:{port}"


def post(port, content, path="/add-checkpoint", headers=None):
    """Status, kind and text of one answer."""
    with closing(http.client.HTTPConnection(LOOPBACK, port, timeout=5)) as connection:
        connection.request("POST", path, content, headers or {})
        reply = connection.getresponse()
        return reply.status, reply.headers["Content-Type"], reply.read().decode()


def spoken(port, content):
    """What the server says to raw bytes until it closes, or falls silent."""
    with closing(socket.create_connection((LOOPBACK, port), timeout=5)) as line:
        line.sendall(content)
        line.shutdown(socket.SHUT_WR)
        told = b""
        while part := line.recv(65536):
            told += part
        return told


def test_a_cosignature_over_http(tmp_path):
    journal, witness = small_journal(tmp_path / "journal"), witness_in(tmp_path)
    with serving(witness) as port:
        status, kind, line = post(port, request_of(journal, 0).encode())
        assert (status, kind) == (200, "text/plain; charset=utf-8")
        cosigned(journal, line)
        assert post(port, request_of(journal, 3).encode()) == (409, "text/x.tlog.size", "5\n")
        assert post(port, b"") == (400, "text/plain; charset=utf-8", "")
        assert post(port, b"\xff\xfe")[0] == 400
        assert post(port, request_of(journal, 5).replace(ORIGIN, "x.example").encode())[0] == 404
        assert post(port, request_of(forked(journal, 9), 5).encode())[0] == 422


def test_one_connection_carries_many_requests(tmp_path):
    journal, witness = small_journal(tmp_path / "journal"), witness_in(tmp_path)
    with (
        serving(witness) as port,
        closing(http.client.HTTPConnection(LOOPBACK, port, timeout=5)) as connection,
    ):
        told = []
        for old in (0, 3, 5, 9, 5):
            size = max(5, old)
            request = request_of(journal, old) if size == 5 else f"old {old}\n"
            connection.request("POST", "/add-checkpoint", request.encode())
            first = connection.sock
            reply = connection.getresponse()
            reply.read()
            told.append(reply.status)
            assert connection.sock is first
    assert told == [200, 409, 200, 400, 200]


def test_of_two_that_ask_at_once_only_one_history_goes_through(tmp_path):
    journal, witness = small_journal(tmp_path / "journal"), witness_in(tmp_path)
    requests = [request_of(journal, 0).encode(), request_of(forked(journal, 5), 0).encode()]
    for _ in range(3):
        witness.state.unlink(missing_ok=True)
        with serving(witness) as port, ThreadPoolExecutor(6) as pool:
            told = list(pool.map(lambda content: (post(port, content)[0], content), requests * 3))
        # From nothing to the same checkpoint is a conflict the second time: it holds 5 by then.
        assert [status for status, _ in told].count(200) == 1
        assert {status for status, _ in told} == {200, 409}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 404),
        ("/add-checkpoint/", 404),
        ("/add-checkpoint?x=1", 404),
        ("/../add-checkpoint", 404),
        ("/%61dd-checkpoint", 404),
        ("/add-checkpoint%00", 404),
    ],
)
def test_other_paths_are_not_there(tmp_path, path, status):
    with serving(witness_in(tmp_path)) as port, unchanged(tmp_path):
        assert post(port, b"x", path)[0] == status


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "post"])
def test_other_methods_are_not_there(tmp_path, method):
    with (
        serving(witness_in(tmp_path)) as port,
        closing(http.client.HTTPConnection(LOOPBACK, port, timeout=5)) as connection,
    ):
        connection.request(method, "/add-checkpoint", headers={"Content-Length": "0"})
        assert connection.getresponse().status == 501


@pytest.mark.parametrize(
    ("length", "status"),
    [
        (str(MAX_NOTE + 1), 413),
        ("9" * 20, 413),
        ("9" * 5000, 413),
        ("-1", 411),
        ("+5", 411),
        ("5.0", 411),
        ("0x5", 411),
        ("٥", 411),
        ("", 411),
        ("five", 411),
        (None, 411),
    ],
)
def test_lengths_that_are_none_or_too_large_are_refused_unread(tmp_path, length, status):
    header = b"" if length is None else b"Content-Length: " + length.encode() + b"\r\n"
    request = b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n" + header + b"\r\n"
    with serving(witness_in(tmp_path)) as port:
        told = spoken(port, request + b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
    assert told.startswith(f"HTTP/1.1 {status} ".encode())
    assert told.count(b"HTTP/1.1 ") == 1, "what follows must not be taken for a request"


def test_pieces_of_unknown_length_are_refused(tmp_path):
    request = b"POST /add-checkpoint HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nold 0\r\n0\r\n\r\n"
    with serving(witness_in(tmp_path)) as port:
        assert spoken(port, request).startswith(b"HTTP/1.1 411 ")


def test_the_largest_request_is_read(tmp_path):
    with serving(witness_in(tmp_path)) as port:
        assert post(port, b"x" * MAX_NOTE)[0] == 400


def test_who_sends_less_than_promised_gets_no_cosignature(tmp_path):
    journal, witness = small_journal(tmp_path / "journal"), witness_in(tmp_path)
    content = request_of(journal, 0).encode()
    head = f"POST /add-checkpoint HTTP/1.1\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    with serving(witness) as port:
        assert spoken(port, head + content[:-40]).startswith(b"HTTP/1.1 400 ")
        assert witness.held_size(ORIGIN) == 0
        assert spoken(port, head + content).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 100, b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02"]
)
def test_what_is_no_http_ends_nothing(tmp_path, content, capfd):
    journal, witness = small_journal(tmp_path / "journal"), witness_in(tmp_path)
    with serving(witness) as port:
        spoken(port, content)
        assert post(port, request_of(journal, 0).encode())[0] == 200
    assert "Traceback" not in capfd.readouterr().err


def test_a_witness_that_cannot_keep_says_so_and_goes_on(tmp_path, monkeypatch, capfd):
    journal, witness = small_journal(tmp_path / "journal"), witness_in(tmp_path)
    with serving(witness) as port:
        with monkeypatch.context() as patch:
            patch.setattr(LastSigned, "keep", _full)
            assert post(port, request_of(journal, 0).encode()) == (
                500,
                "text/plain; charset=utf-8",
                "",
            )
            with pytest.raises(RefusedError, match="status 500"):
                ask(url_of(port), journal, 0)
        assert post(port, request_of(journal, 0).encode())[0] == 200
        witness.state.write_bytes(b"damaged")
        assert post(port, request_of(journal, 5).encode())[0] == 500
    told = capfd.readouterr().err
    assert "Traceback" not in told
    assert "The disk is full" in told


def _full(*_arguments):
    raise EnvironmentFault("磁盘已满", "The disk is full")


def test_a_port_that_is_taken_or_none_is_told(tmp_path):
    witness = witness_in(tmp_path)
    with serving(witness) as port:
        for bad in (port, 70_000, -1):
            with pytest.raises(EnvironmentFault, match="Cannot serve"):
                make_server(witness, LOOPBACK, bad)
    with pytest.raises(EnvironmentFault):
        make_server(witness, "no.such.host.invalid", 0)


# --- asking ---------------------------------------------------------------------------------------


def test_asking_learns_from_a_conflict_which_size_is_held(tmp_path):
    journal, witness = small_journal(tmp_path / "journal"), witness_in(tmp_path)
    with serving(witness) as port:
        cosigned(journal, ask(url_of(port), journal, 0))
        append_one(journal, 5)
        append_one(journal, 6)
        for guess in (0, 3, 5, 7):
            assert ask(url_of(port), journal, guess).startswith("\u2014 witness.example/w1 ")
        cosigned(journal, ask(f"{url_of(port)}/", journal, 0))
    assert witness.held_size(ORIGIN) == 7


def test_several_witnesses_make_a_quorum(tmp_path):
    journal = small_journal(tmp_path / "journal")
    for number in range(2):
        with serving(witness_in(tmp_path, number)) as port:
            cosigned(journal, ask(url_of(port), journal, 0), number + 1)
    assert failure(journal, witnesses=WITNESS_KEYS, quorum=3).layer is Layer.W


def test_asking_for_a_rollback_or_a_fork_gets_nothing(tmp_path):
    journal, witness = small_journal(tmp_path / "journal"), witness_in(tmp_path)
    backup = tmp_path / "yesterday"
    shutil.copytree(journal.folder, backup)
    append_one(journal, 5)
    held, forks = kept(journal), [forked(journal, size) for size in (6, 9)]
    with serving(witness) as port:
        ask(url_of(port), journal, 0)
        with unchanged(tmp_path):
            with pytest.raises(RefusedError, match="ROLLBACK"):
                ask(url_of(port), Journal.open(backup), 0)
            for fork in forks:
                with pytest.raises(RefusedError):
                    ask(url_of(port), fork, 0)
        assert witness.held_size(ORIGIN) == 6
    assert failure(Journal.open(backup), since=[held]).layer is Layer.K


def test_a_witness_that_does_not_know_the_journal_says_so(tmp_path):
    journal = small_journal(tmp_path / "journal")
    with serving(witness_in(tmp_path, keys=[])) as port, pytest.raises(RefusedError) as caught:
        ask(url_of(port), journal, 0)
    assert "不认识这个日志" in caught.value.zh


@pytest.mark.parametrize(
    "url",
    [
        "",
        "witness.example",
        "ftp://witness.example",
        "file:///etc/passwd",
        "http://",
        "http:///add",
        "http://[::1",
        "http://witness.example:port",
        "http://witness.example:99999",
        "//witness.example",
    ],
)
def test_what_is_no_address_is_refused(tmp_path, url):
    journal = small_journal(tmp_path / "journal")
    with unchanged(tmp_path), pytest.raises(InputError) as caught:
        ask(url, journal, 0)
    assert "不是见证人的地址" in caught.value.zh


def test_a_witness_that_is_not_there_is_told(tmp_path):
    journal = small_journal(tmp_path / "journal")
    with serving(witness_in(tmp_path)) as port:
        pass
    for url in (url_of(port), "http://no.such.host.invalid", f"{url_of(port)}/a\nb"):
        with unchanged(tmp_path), pytest.raises(EnvironmentFault, match="cannot be reached"):
            ask(url, journal, 0)


@contextmanager
def pretending(*answers):
    """A server that answers what it is told to, whatever it is asked; it notes what that was."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            status, content = answers[min(len(asked), len(answers)) - 1]
            if status is None:
                self.wfile.write(content)
                return
            self.send_response(status)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments):
            pass

    with HTTPServer((LOOPBACK, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield url_of(server.server_address[1]), asked
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    "content",
    [b"", b"0\n", b"x", b"-3\n", b"9" * 5000, b"\xff\xfe", "５".encode(), b"3.5\n", b"<html>"],
)
def test_a_conflict_without_a_size_to_learn_is_a_refusal(tmp_path, content):
    journal = small_journal(tmp_path / "journal")
    with pretending((409, content)) as (url, asked), pytest.raises(RefusedError):
        ask(url, journal, 0)
    assert len(asked) == 1


def test_a_witness_that_keeps_saying_conflict_is_asked_twice_at_most(tmp_path):
    journal = small_journal(tmp_path / "journal")
    with (
        pretending((409, b"3\n"), (409, b"4\n"), (409, b"5\n")) as (url, asked),
        pytest.raises(RefusedError),
    ):
        ask(url, journal, 0)
    assert [text.partition("\n")[0] for text in asked] == ["old 0", "old 3"]


@pytest.mark.parametrize(
    "answer", [(None, b""), (None, b"SSH-2.0\r\n"), (None, b"HTTP/1.1 2\r\n\r\n")]
)
def test_what_is_no_answer_is_told(tmp_path, answer):
    journal = small_journal(tmp_path / "journal")
    with pretending(answer) as (url, _), pytest.raises(EnvironmentFault):
        ask(url, journal, 0)


@pytest.mark.parametrize("status", [301, 302, 404, 500, 503])
def test_every_other_status_is_a_refusal_and_no_redirection_is_followed(tmp_path, status):
    journal = small_journal(tmp_path / "journal")
    with pretending((status, b"text")) as (url, asked), pytest.raises(RefusedError):
        ask(url, journal, 0)
    assert len(asked) == 1


def test_what_a_false_witness_answers_is_not_taken(tmp_path):
    journal = small_journal(tmp_path / "journal")
    older = journal.checkpoint()
    witness = witness_in(tmp_path)
    stale = witness.answer(request_of(journal, 0)).text
    append_one(journal, 5)
    for content in (
        b"",
        b"OK\n",
        stale.encode(),
        base64.b64encode(bytes(76)),
        older.content.encode(),
    ):
        with pretending((200, content)) as (url, _):
            lines = ask(url, journal, 0)
        with unchanged(tmp_path), pytest.raises(TamperError):
            journal.add_cosignatures(lines, WITNESS_KEYS)


# --- the shared vectors ---------------------------------------------------------------------------


@needs_vector
def test_the_shared_log_is_cosigned_by_a_witness_of_ours(tmp_path):
    told = json.loads(VECTOR.read_text())
    log, *witnesses = [parse_vkey(text) for text in told["vkeys"]]
    witness = witness_in(tmp_path, keys=[log])
    steps = [bytes.fromhex(step) for step in told["consistency_700_1300"]]
    with serving(witness) as port:
        for request in (
            request_text(0, [], told["note_cp700"]),
            request_text(700, steps, told["note_cp1300"]),
        ):
            status, _, line = post(port, request.encode())
            assert status == 200
        assert post(port, request_text(0, [], told["note_cp700"]).encode())[::2] == (409, "1300\n")
    content = told["note_cp1300"] + line
    keys = [*witnesses, witness.signer.key]
    assert open_checkpoint(content, [log], holds, keys).cosigned_by(keys) == 3


def test_the_disk_is_full_for_the_lock_too(tmp_path, monkeypatch):
    journal, witness = small_journal(tmp_path / "journal"), witness_in(tmp_path / "new")
    request = request_of(journal, 0)

    def full(*_arguments, **_more):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.mkdir", full)
    with pytest.raises(EnvironmentFault):
        witness.answer(request)
