"""`kaoping draw` at the command line: what it prints and writes, what it refuses and leaves alone."""

from __future__ import annotations

import hashlib
import io
import json
import re

import pypdf
import pytest

from kaoping.core.draw.reading import read_certificate, read_mark, read_plan
from kaoping.core.draw.records import DrawMark
from kaoping.core.draw.verification import verify_certificate
from kaoping.core.errors import EnvironmentFault
from kaoping.files.draw_papers import EXPLANATION, certificate_pdf, certificate_text, text_commands
from kaoping.files.fonts import find_faces
from tests.cli.folders import kaoping, refusal, snapshot, unchanged
from tests.core.draws import (
    CERTIFICATE,
    DIGITS,
    FIRMS,
    FOREIGN_SIGNS,
    MADE_AT,
    MUST,
    OTHER_DIGITS,
    PLAN,
    UNITS,
    VECTORS,
    judged,
    needs_judge,
    needs_shell,
    run_shell,
    vector,
)

AT = "2025-02-20T10:30"
TRIO = ("certificate.json", "certificate.pdf", "certificate.txt")
PLAN_WORDS = ("draw", "plan", "--purpose", "随机抽查", "--source", "当众掷骰")


@pytest.fixture(autouse=True)
def speaking_chinese(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")


@pytest.fixture
def lists(tmp_path, monkeypatch):
    """A folder of its own with two lists and a must-check list, and nothing else."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "单位.txt").write_text("\n".join(UNITS[::-1]), "utf-8")
    (folder / "企 业.txt").write_text("\n".join(FIRMS) + "\n", "utf-8")
    must = "".join(f"{one.id}\t{one.reason}\n" for one in MUST)
    (folder / "must.txt").write_text(must, "utf-8")
    return folder


def plan_words(folder, *more, out="plan.json"):
    strata = ("--stratum", "被考评单位=单位.txt:7:3", "--stratum", "企业=企 业.txt:3:1")
    return (*PLAN_WORDS, *strata, "--must-check", "must.txt", "--out", folder / out, *more)


@pytest.fixture
def planned(lists, capsys):
    assert kaoping(capsys, *plan_words(lists)).code == 0
    return lists


def rolled(capsys, folder, *more, out="out", digits=DIGITS):
    return kaoping(
        capsys, "draw", "roll", "--plan", "plan.json", "--digits", digits, "--out", folder / out,
        "--at", AT, *more,
    )  # fmt: skip


def commands_in(printed):
    """The shell commands a person would copy from the screen."""
    return re.findall(r"^digits=.*?\| head -n [0-9]+$", printed, re.DOTALL | re.MULTILINE)


def answers(result):
    drawn = (*result.sample, *result.reserve)
    return [result.population_sha256, *(f"{one.ticket}  {one.id}" for one in drawn)]


# --- plan -----------------------------------------------------------------------------------------


def test_a_plan_is_written_and_its_digest_is_that_of_its_file(lists, capsys):
    said = kaoping(capsys, *plan_words(lists))
    content = (lists / "plan.json").read_bytes()
    assert said.code == 0
    assert read_plan(content, "plan.json").strata == PLAN.strata
    assert read_plan(content, "plan.json").must_check == PLAN.must_check
    assert hashlib.sha256(content).hexdigest() in said.out
    assert "20 位数字" in said.out
    for wanted in (*(one.population_sha256 for one in PLAN.strata), *(one.id for one in MUST)):
        assert wanted in said.out


def test_few_digits_are_allowed_with_a_warning(lists, capsys):
    assert "注意" not in kaoping(capsys, *plan_words(lists)).out
    said = kaoping(capsys, *plan_words(lists, "--digits", "6", out="six.json"))
    assert said.code == 0
    assert "注意：只有 6 位" in said.out


def test_the_same_plan_may_be_written_again_and_another_not(planned, capsys):
    with unchanged(planned):
        assert kaoping(capsys, *plan_words(planned)).code == 0
        assert "plan.json" in refusal(capsys, 3, *plan_words(planned, "--digits", "21")).err


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("单位.txt", "\n".join([*UNITS, UNITS[3]]), "第 38 行“BS-004 单位04”与第 4 行重复"),
        ("单位.txt", "\n".join([*UNITS, MUST[0].id]), "必查的“BS-101 水务站”"),
        ("单位.txt", "\n".join([*UNITS, FIRMS[0]]), "“QY-01 示范企业1号”同时在"),
        ("单位.txt", "\n".join(UNITS[:9]), "单位.txt：名单只有 9 个"),
        ("单位.txt", "\r\n".join(UNITS), "第 1 行有回车符"),
        ("单位.txt", "\ufeff" + "\n".join(UNITS), "BOM"),
        ("单位.txt", "\n\n".join(UNITS), "第 2 行是空行"),
        ("单位.txt", "\n".join([*UNITS, "cafe\u0301"]), "第 38 行“cafe\u0301”不是 NFC"),
        ("单位.txt", "", "空的"),
        ("must.txt", "BS-101 水务站\n", "第 1 行“BS-101 水务站”没有理由"),
        ("must.txt", f"{UNITS[5]}\t理由\n", f"必查的“{UNITS[5]}”"),
    ],
)
def test_a_plan_that_breaks_a_rule_is_not_written(lists, capsys, name, content, named):
    (lists / name).write_text(content, "utf-8", newline="")
    with unchanged(lists):
        assert named in refusal(capsys, 1, *plan_words(lists)).err


@pytest.mark.parametrize(
    "word",
    [
        "企业=单位.txt:七",
        "企业=单位.txt:七:3",
        "企业=单位.txt:7:三",
        "企业=单位.txt:７:3",
        "企业=单位.txt:7.5",
        "企业=单位.txt:-1:3",
        "企业=单位.txt:7:3:1",
        "企业=单位.txt",
        "企业=单位.txt:",
    ],
)
def test_sizes_that_are_no_whole_numbers_are_told_with_the_form(lists, capsys, word):
    with unchanged(lists):
        said = refusal(capsys, 2, *plan_words(lists), "--stratum", word)
    assert "须是用 0 到 9 写的整数" in said.err
    assert "组名=名单文件:抽取数:备选数" in said.err
    assert "whole numbers" in said.err
    assert "NAME=FILE:SIZE:RESERVE" in said.err


def test_a_list_may_have_a_colon_in_its_name(lists, capsys):
    (lists / "a:七").write_text("甲\n乙\n", "utf-8")
    words = ("--stratum", "组=a:七:1", "--out", "colon.json")
    assert kaoping(capsys, *PLAN_WORDS, *words).code == 0


@pytest.mark.parametrize(
    ("words", "torn"),
    [
        ((*PLAN_WORDS, "--stratum", "企业=企", "业.txt:3", "--out", "p"), "“企业=企”"),
        ((*PLAN_WORDS, "抽查", "--stratum", "组=单位.txt:3", "--out", "p"), "不认识 抽查"),
        (
            (*PLAN_WORDS, "--stratum", "组=单位.txt:3", "--out", "我的", "方案.json"),
            "不认识 方案.json",
        ),
        (("draw", "roll", "企", "业.txt", "--digits", DIGITS, "--size", 3), "不认识 业.txt"),
        (("draw", "roll", "--plan", "a", "b.json", "--digits", DIGITS, "--out", "o"), "“b.json”"),
        (("draw", "roll", "--plan", "a", "--digits", "0123", "4567", "--out", "o"), "“4567”"),
        (("draw", "verify", "我的", "确认书.json"), "不认识 确认书.json"),
        (("draw", "verify", "out", "--population", "企", "业.txt"), "“企 业.txt”"),
    ],
)
def test_a_name_torn_at_its_blank_is_told_with_the_remedy(lists, capsys, words, torn):
    with unchanged(lists):
        said = refusal(capsys, 2, *words)
    assert torn in said.err
    assert "引号" in said.err
    assert "quotes" in said.err


def test_an_option_nobody_knows_is_no_torn_name(lists, capsys):
    said = refusal(capsys, 2, *plan_words(lists), "--seed", "1")
    assert "不认识 --seed" in said.err
    assert "引号" not in said.err


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (2, ("--stratum", "单位.txt:3")),
        (2, ("--stratum", "组=单位.txt")),
        (2, ("--stratum", "组=单位.txt:x")),
        (2, ("--stratum", "组=单位.txt:-1")),
        (2, ("--digits", "二十")),
        (2, ("--digits", "٢٠")),
        (1, ("--digits", "0")),
        (1, ("--digits", "101")),
        (1, ("--purpose", "")),
        (1, ("--source", "会场\u202e")),
        (1, ("--stratum", "缺=nowhere.txt:1")),
        (1, ("--must-check", "nowhere.txt")),
        (3, ("--out", "单位.txt")),
        (3, ("--out", "must.txt")),
        (3, ("--out", ".")),
    ],
)
def test_a_plan_that_cannot_be_is_not_written(lists, capsys, code, words):
    with unchanged(lists):
        refusal(capsys, code, *plan_words(lists), *words)


# --- roll without a plan --------------------------------------------------------------------------


@needs_judge
def test_json_of_a_roll_is_exactly_what_the_vector_says(capsys):
    population, expected = VECTORS / "population37.txt", vector()
    words = ("draw", "roll", population, "--digits", expected["seed"], "--size", 6, "--reserve", 3)
    said = kaoping(capsys, *words, "--json")
    document = json.loads(said.out)
    assert list(document) == ["population_sha256", "digits", "sample", "reserve"]
    assert document["population_sha256"] == expected["population_sha256"]
    assert document["digits"] == expected["seed"]
    assert [list(one) for one in document["sample"]] == [["id", "ticket"]] * 6
    assert [one["id"] for one in document["sample"]] == expected["selected"]
    assert [one["ticket"] for one in document["sample"]] == expected["tickets"]
    assert [one["id"] for one in document["reserve"]] == expected["reserve"]


@needs_judge
@needs_shell
@pytest.mark.parametrize("end", ["", "\n"])
def test_the_printed_command_and_the_judge_give_what_was_printed(lists, capsys, end):
    """Even with a name that a shell would take for something else, and a list without a last line feed."""
    path = lists / "it's $(a) list; [1].txt"
    path.write_text("\n".join([*UNITS, UNITS[0], "怪 名|%s\\n$HOME'\""]) + end, "utf-8")
    said = kaoping(
        capsys, "draw", "roll", path.name, "--digits", "0042", "--digit-count", 4, "--size", 5,
        "--reserve", 2,
    )  # fmt: skip
    assert said.code == 0
    assert EXPLANATION in said.out
    [command] = commands_in(said.out)
    digest, drawn = judged(path, "0042", 7)
    assert run_shell(command, lists) == [digest, *(f"{ticket}  {name}" for ticket, name in drawn)]
    assert digest in said.out
    for ticket, name in drawn:
        assert ticket in said.out
        assert name in said.out


@pytest.mark.parametrize("verb", [[], ["plan"], ["roll"], ["verify"]])
def test_help_speaks_one_language_throughout(capsys, monkeypatch, verb):
    """In Chinese nothing is English but names of commands and file formats, and a time."""
    chinese = kaoping(capsys, "draw", *verb, "--help").out
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert not FOREIGN_SIGNS.search(kaoping(capsys, "draw", *verb, "--help").out)
    without = re.sub(r"--?[a-z-]+|kaoping draw( [a-z]+)?|\bjson\b|JSON|T17", "", chinese)
    words = re.findall(r"[A-Za-z]{2,}", without)
    assert set(words) <= ({"plan", "roll", "verify"} if not verb else set())


def test_everything_is_english_where_asked(lists, capsys, monkeypatch):
    """With names in letters, not a sign of Chinese is printed, whatever is done."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    (lists / "abc.txt").write_text("a\nb\nc\nd\n")
    (lists / "m.txt").write_text("x\tfor reasons\n")
    plan = (
        "draw", "plan", "--purpose", "p", "--source", "s", "--stratum", "s=abc.txt:1:1",
        "--must-check", "m.txt", "--out", "p.json",
    )  # fmt: skip
    roll = ("draw", "roll", "--plan", "p.json", "--out", "o", "--digits", DIGITS)
    for words in (
        (*plan, "--digits", "6", "--out", "six.json"),
        plan,
        ("draw", "roll", "abc.txt", "--digits", DIGITS, "--size", 1),
    ):
        said = kaoping(capsys, *words)
        assert said.code == 0
        assert not FOREIGN_SIGNS.search(said.out)
    rolled = kaoping(capsys, *roll)
    verified = kaoping(capsys, "draw", "verify", "o")
    assert (rolled.code, verified.code) == (0, 0)
    assert not FOREIGN_SIGNS.search(rolled.out + verified.out)


REFUSED = [
    (*PLAN_WORDS, "--stratum", "s=abc.txt:x", "--out", "q"),
    (*PLAN_WORDS, "--stratum", "s=abc.txt:x:1", "--out", "q"),
    (*PLAN_WORDS, "--stratum", "s=abc.txt:9", "--out", "q"),
    (*PLAN_WORDS, "--stratum", "s=abc.txt:1", "--digits", "0", "--out", "q"),
    (*PLAN_WORDS, "--stratum", "s=abc.txt:1", "--digits", "many", "--out", "q"),
    (*PLAN_WORDS, "--stratum", "s=abc.txt:1", "--out", "p.json"),
    (*PLAN_WORDS, "--stratum", "s=abc.txt:1", "--must-check", "abc.txt", "--out", "q"),
    ("draw", "roll", "--digits", "1"),
    ("draw", "roll", "abc.txt", "--digits", "1"),
    ("draw", "roll", "abc.txt", "--digits", "1", "--size", 1),
    ("draw", "roll", "abc.txt", "--digits", "1x", "--size", 1),
    ("draw", "roll", "abc.txt", "--plan", "p.json", "--digits", "1"),
    ("draw", "roll", "p.json", "--digits", DIGITS, "--size", 1),
    ("draw", "roll", "--plan", "p.json", "--digits", DIGITS),
    ("draw", "roll", "--plan", "p.json", "--digits", DIGITS, "--out", "o"),
    ("draw", "roll", "--plan", "p.json", "--digits", OTHER_DIGITS, "--out", "p"),
    ("draw", "roll", "--plan", "p.json", "--digits", DIGITS, "--at", "2001-01-01", "--out", "p"),
    ("draw", "roll", "--plan", "abc.txt", "--digits", DIGITS, "--out", "p"),
    ("draw", "verify", "p.json"),
    ("draw", "verify", "abc.txt"),
    ("draw", "verify", "o/certificate.pdf"),
    ("draw", "verify", "o", "--plan", "o/certificate.txt"),
    ("draw", "verify", "o", "--population", "m.txt"),
    ("draw", "verify", "o", "--population", "d.txt"),
]


def test_every_english_sentence_of_a_refusal_is_english(lists, capsys):
    (lists / "abc.txt").write_text("a\nb\nc\nd\n")
    (lists / "d.txt").write_text("a\nb\nc\n")
    (lists / "m.txt").write_text("x\tfor reasons\n")
    words = ("draw", "plan", "--purpose", "p", "--source", "s", "--stratum", "s=abc.txt:1:1")
    assert kaoping(capsys, *words, "--out", "p.json").code == 0
    roll = ("draw", "roll", "--plan", "p.json", "--out", "o", "--digits", DIGITS)
    assert kaoping(capsys, *roll).code == 0
    for refused in REFUSED:
        with unchanged(lists):
            said = kaoping(capsys, *refused)
        [english] = [line for line in said.err.splitlines() if line.startswith("Error ")]
        assert said.code in (1, 2, 3, 4), refused
        assert not FOREIGN_SIGNS.search(english), english


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, ("单位.txt", "--digits", DIGITS[1:], "--size", 3)),
        (1, ("单位.txt", "--digits", DIGITS + "1", "--size", 3)),
        (1, ("单位.txt", "--digits", "６" + DIGITS[1:], "--size", 3)),
        (1, ("单位.txt", "--digits", DIGITS, "--digit-count", 19, "--size", 3)),
        (1, ("单位.txt", "--digits", DIGITS, "--size", 0)),
        (1, ("单位.txt", "--digits", DIGITS, "--size", 38)),
        (1, ("单位.txt", "--digits", DIGITS, "--size", 30, "--reserve", 8)),
        (1, ("nowhere.txt", "--digits", DIGITS, "--size", 3)),
        (1, (".", "--digits", DIGITS, "--size", 3)),
        (1, ("must.txt", "--digits", DIGITS, "--size", 1)),
        (2, ("单位.txt", "--digits", DIGITS)),
        (2, ("单位.txt", "--size", 3)),
        (2, ("--digits", DIGITS, "--size", 3)),
        (2, ("单位.txt", "--digits", DIGITS, "--size", "1_0")),
        (2, ("单位.txt", "--digits", DIGITS, "--size", 3, "--out", "out")),
        (2, ("单位.txt", "--digits", DIGITS, "--size", 3, "--at", AT)),
    ],
)
def test_a_roll_that_cannot_be_is_refused(lists, capsys, code, words):
    with unchanged(lists):
        assert refusal(capsys, code, "draw", "roll", *words).out == ""


# --- roll with a plan -----------------------------------------------------------------------------


def test_a_certificate_is_three_files_that_verify(planned, capsys):
    said = rolled(capsys, planned)
    assert said.code == 0
    out = planned / "out"
    assert sorted(p.name for p in out.iterdir() if not p.name.startswith(".")) == list(TRIO)
    certificate = read_certificate((out / "certificate.json").read_bytes(), "certificate.json")
    verify_certificate(certificate)
    assert certificate.results == CERTIFICATE.results
    assert certificate.made_at == "2025-02-20T02:30:00Z"
    for result in certificate.results:
        for one in (*result.sample, *result.reserve):
            assert one.ticket in said.out
    held = ("--plan", "plan.json", "--population", "企 业.txt", "单位.txt")
    for path in (out, out / "certificate.json"):
        with unchanged(planned):
            verified = kaoping(capsys, "draw", "verify", path, *held)
        assert verified.code == 0
        assert "核对无误：2 个抽样组" in verified.out
        assert "对照了 2 份名单" in verified.out
    assert "没有对照公布的方案" in kaoping(capsys, "draw", "verify", out).out


def test_the_same_inputs_give_the_same_bytes(planned, capsys):
    rolled(capsys, planned)
    rolled(capsys, planned, out="again")
    first, second = snapshot(planned / "out"), snapshot(planned / "again")
    assert first == second
    assert len(first) == 4


def test_a_certificate_under_a_name_of_its_own(planned, capsys):
    assert rolled(capsys, planned, out="结果.json").code == 0
    for name in ("结果.json", "结果.txt", "结果.pdf"):
        assert (planned / name).stat().st_size > 1000
    assert kaoping(capsys, "draw", "verify", "结果.json").code == 0
    assert "结果.txt" in (planned / "结果.txt").read_text("utf-8")


@needs_shell
def test_the_commands_on_the_screen_and_in_the_text_give_the_result(planned, capsys):
    """From the text of the certificate alone, with nothing but coreutils."""
    said = rolled(capsys, planned, out="结 果's.json")
    expected = [answers(result) for result in CERTIFICATE.results]
    text = (planned / "结 果's.txt").read_text("utf-8")
    for printed in (said.out, text):
        assert [run_shell(command, planned) for command in commands_in(printed)] == expected
    assert EXPLANATION in said.out
    assert EXPLANATION in text


def test_json_of_a_roll_with_a_plan_is_the_certificate(planned, capsys):
    said = rolled(capsys, planned, "--json")
    content = (planned / "out" / "certificate.json").read_bytes()
    assert json.loads(said.out) == json.loads(content)
    verified = kaoping(capsys, "draw", "verify", "out", "--json")
    assert json.loads(verified.out) == json.loads(content)


@pytest.mark.parametrize(
    "named", ["plan.json", "plan.json.drawn", "out/certificate.txt", "out/certificate.pdf"]
)
def test_verify_says_which_other_paper_it_was_given(planned, capsys, named):
    assert rolled(capsys, planned).code == 0
    kinds = {"plan.json": "抽查方案", "plan.json.drawn": "抽签记号", "out/certificate.pdf": "PDF"}
    with unchanged(planned):
        said = refusal(capsys, 1, "draw", "verify", named)
        assert kinds.get(named, "文字稿") in said.err
        assert "请给 certificate.json 或其所在文件夹" in said.err
        assert "原文件" not in said.err
        [problem] = json.loads(refusal(capsys, 1, "draw", "verify", named, "--json").out)
        assert problem["code"] == "input"


def test_what_is_given_for_a_plan_or_a_list_is_called_by_its_name(planned, capsys):
    assert rolled(capsys, planned).code == 0
    with unchanged(planned):
        for held in ("out/certificate.json", "out/certificate.txt", "out/certificate.pdf"):
            verify = ("draw", "verify", "out")
            told = refusal(capsys, 1, *verify, "--plan", held).err
            assert "请给掷骰前写出的方案（plan.json）" in told
            words = ("--plan", held, "--digits", DIGITS, "--out", "again")
            assert "请给掷骰前写出的方案" in refusal(capsys, 1, "draw", "roll", *words).err
            told = refusal(capsys, 1, *verify, "--population", held).err
            assert "请给名单文件" in told
        told = refusal(capsys, 1, "draw", "roll", "plan.json", "--digits", DIGITS, "--size", 1).err
        assert "这是抽查方案" in told


def test_a_list_with_faults_is_told_in_the_words_of_what_was_to_be_done(planned, capsys):
    assert rolled(capsys, planned).code == 0
    with unchanged(planned):
        told = refusal(capsys, 1, "draw", "verify", "out", "--population", "must.txt").err
        assert "没有核对；请换成当初公布的那份文件" in told
        assert "没有写入" not in told
        assert "written" not in told
        words = ("must.txt", "--digits", DIGITS, "--size", 1)
        assert "没有抽签；请改正后重试" in refusal(capsys, 1, "draw", "roll", *words).err
        words = ("单位.txt", "--digits", DIGITS, "--size", 38)
        assert "没有抽签；请改正后重试" in refusal(capsys, 1, "draw", "roll", *words).err


def test_the_same_digits_give_the_same_certificate_again_without_its_time(planned, capsys):
    """Whoever lost the papers prints them anew; they are of the first time, not of another."""
    said = rolled(capsys, planned)
    mark = planned / "plan.json.drawn"
    assert str(mark) in said.out
    assert read_mark(mark.read_bytes(), "mark") == DrawMark(
        read_plan((planned / "plan.json").read_bytes(), "plan").digest, DIGITS, MADE_AT
    )
    words = ("draw", "roll", "--plan", "plan.json", "--digits", DIGITS, "--out", "again")
    assert kaoping(capsys, *words).code == 0
    assert snapshot(planned / "out") == snapshot(planned / "again")


@pytest.mark.parametrize("digits", [DIGITS, OTHER_DIGITS])
def test_nobody_draws_twice_into_one_place(planned, capsys, digits):
    for out in ("out", "own.json"):
        assert rolled(capsys, planned, out=out).code == 0
        with unchanged(planned):
            said = rolled(capsys, planned, out=out, digits=digits)
        assert said.code == 3
        assert "一个方案只抽一次" in said.err


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, ("--digits", DIGITS[1:], "--out", "out")),
        (1, ("--digits", DIGITS + "0", "--out", "out")),
        (1, ("--digits", "x" + DIGITS[1:], "--out", "out")),
        (2, ("--digits", DIGITS)),
        (2, ("--digits", DIGITS, "--out", "out", "--size", 3)),
        (2, ("--digits", DIGITS, "--out", "out", "--reserve", 0)),
        (2, ("--digits", DIGITS, "--out", "out", "--digit-count", 20)),
        (2, ("单位.txt", "--digits", DIGITS, "--out", "out")),
        (2, ("--digits", DIGITS, "--out", "out", "--at", "yesterday")),
        (3, ("--digits", DIGITS, "--out", "must.txt")),
        (3, ("--digits", DIGITS, "--out", ".")),
        (3, ("--digits", DIGITS, "--out", "plan.json.drawn")),
        (3, ("--digits", DIGITS, "--out", "plan.json.drawn/out")),
        (3, ("--digits", DIGITS, "--out", "plan.json.drawn/out.json")),
        (3, ("--digits", DIGITS, "--out", "must.txt/out")),
        (3, ("--digits", DIGITS, "--out", "must.txt/out.json")),
    ],
)
def test_a_roll_with_a_plan_that_cannot_be_writes_nothing(planned, capsys, code, words):
    with unchanged(planned):
        refusal(capsys, code, "draw", "roll", "--plan", "plan.json", *words)


def test_a_plan_that_is_none_draws_nothing(planned, capsys):
    with unchanged(planned):
        words = ("--digits", DIGITS, "--out", "out")
        refusal(capsys, 1, "draw", "roll", "--plan", "must.txt", *words)
        refusal(capsys, 1, "draw", "roll", "--plan", "nowhere.json", *words)


def test_a_folder_with_other_things_is_left_alone(planned, capsys):
    (planned / "out").mkdir()
    (planned / "out" / "scan.png").write_bytes(b"signed")
    with unchanged(planned):
        assert rolled(capsys, planned).code == 3


# --- the papers -----------------------------------------------------------------------------------


def squeezed(text):
    return re.sub(r"\s+", "", text)


def test_the_pdf_says_all_of_it_in_chinese():
    pages = pypdf.PdfReader(io.BytesIO(certificate_pdf(CERTIFICATE, find_faces()))).pages
    text = squeezed("".join(page.extract_text() for page in pages))
    said = ["公开抽签结果确认书", PLAN.purpose, PLAN.source, "2025年2月20日10:30", EXPLANATION]
    said += [DIGITS, PLAN.digest, CERTIFICATE.digest, "监督人", "被考评单位代表", "记录人"]
    said += [text for one in MUST for text in (one.id, one.reason)]
    for result in CERTIFICATE.results:
        said += [result.name, result.population_sha256]
        said += [text for one in result.sample + result.reserve for text in (one.id, one.ticket)]
    assert [wanted for wanted in said if squeezed(wanted) not in text] == []


def test_the_text_holds_every_list_whole():
    lines = certificate_text(CERTIFICATE, "c.txt").splitlines()
    for stratum in PLAN.strata:
        start = lines.index(stratum.population[0])
        assert tuple(lines[start : start + len(stratum.population)]) == stratum.population
    assert len(text_commands(CERTIFICATE, "c.txt")) == 2


def test_a_character_no_font_has_is_named_and_nothing_is_written(lists, capsys):
    (lists / "odd.txt").write_text("甲站\U00012000\n乙站\n", "utf-8")
    words = ("--stratum", "组=odd.txt:2", "--out", "odd.json")
    assert kaoping(capsys, *PLAN_WORDS, *words).code == 0
    with unchanged(lists):
        said = refusal(
            capsys, EnvironmentFault.exit_code, "draw", "roll", "--plan", "odd.json",
            "--digits", DIGITS, "--out", "out",
        )  # fmt: skip
    assert "KAOPING_FONTS" in said.err
