"""Every command: what it gives, what it refuses and with which exit code, and what it leaves alone."""

from __future__ import annotations

import json

import pytest

from kaoping.core.canonical import sha256
from tests.cli.folders import (
    CITY,
    COUNTY,
    SHARED,
    county,
    has_chinese,
    kaoping,
    refusal,
    replace_in,
    unchanged,
)
from tests.files.samples import PDF, PNG, put

SCHEME = COUNTY / "scheme.toml"
RESULTS = COUNTY / "results.csv"
NOTICE = CITY / "notice.txt"
KEYS = {"code", "severity", "where", "message", "suggestion"}

VERBS = [
    [],
    ["run"],
    ["scheme"],
    ["scheme", "read"],
    ["scheme", "check"],
    ["scheme", "diff"],
    ["rule"],
    ["rule", "test"],
    ["score"],
    ["explain"],
    ["package"],
    ["package", "verify"],
    *(["draw", *verb] for verb in ([], ["plan"], ["roll"], ["verify"])),
    ["journal"],
    *(["journal", v] for v in ("init", "append", "checkpoint", "verify", "show", "export")),
    *(["receipt", *verb] for verb in ([], ["make"], ["verify"])),
    *(["witness", *verb] for verb in ([], ["serve"], ["sign"], ["ask"], ["take"])),
    *(["key", *verb] for verb in ([], ["make"], ["show"])),
]


@pytest.fixture(autouse=True)
def speaking_chinese(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")


# --- help and usage --------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_help_speaks_the_language_of_the_locale(capsys, monkeypatch, verb):
    chinese = kaoping(capsys, *verb, "--help")
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    english = kaoping(capsys, *verb, "-h")
    assert (chinese.code, chinese.err, english.code, english.err) == (0, "", 0, "")
    assert has_chinese(chinese.out)
    for word in ("usage:", "positional", "options", "show this", "arguments"):
        assert word not in chinese.out
    assert not has_chinese(english.out)
    assert "usage:" in english.out


def test_help_names_every_command(capsys):
    listed = kaoping(capsys, "--help").out
    for verb in {verb[0] for verb in VERBS if verb}:
        assert verb in listed


@pytest.mark.parametrize(
    ("settings", "is_english"),
    [
        ({}, False),
        ({"LANG": "C"}, False),
        ({"LANG": "zh_CN.GB18030"}, False),
        ({"LANG": "en_GB"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": ""}, True),
    ],
    ids=str,
)
def test_which_setting_of_the_locale_counts(capsys, monkeypatch, settings, is_english):
    monkeypatch.delenv("LANG")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert has_chinese(kaoping(capsys, "--help").out) is not is_english


def test_version(capsys):
    said = kaoping(capsys, "--version")
    assert said.code == 0
    assert said.out.startswith("kaoping ")


@pytest.mark.parametrize("language", ["zh_CN.UTF-8", "en_US.UTF-8"])
@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--nonsense"],
        ["nonsense"],
        ["run"],
        ["run", "in"],
        ["run", "in", "--out"],
        ["run", "--out", "out"],
        ["run", "in", "in2", "--out", "out"],
        ["run", "in", "--out", "out", "--json"],
        ["run", "in", "--out", "out", "--at", "yesterday"],
        ["run", "in", "--out", "out", "--at", "2025-02-30"],
        ["run", "in", "--out", "out", "--at", ""],
        ["run", "in", "--out", "out", "--at"],
        ["scheme"],
        ["scheme", "nonsense"],
        ["scheme", "read", "notice.txt"],
        ["scheme", "check"],
        ["scheme", "check", "a", "b"],
        ["scheme", "check", "a", "--json=yes"],
        ["scheme", "diff", "a"],
        ["rule"],
        ["rule", "test"],
        ["score", "a"],
        ["score", "a", "b"],
        ["score", "a", "b", "--out", "scores.txt"],
        ["score", "a", "b", "--out", "scores"],
        ["score", "a", "b", "--out", "csv"],
        ["explain", "a", "b"],
        ["explain", "a", "b", "--unit", "x"],
        ["package"],
        ["package", "verify"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_ends_with_2_and_writes_nothing(
    capsys, monkeypatch, tmp_path, language, words
):
    monkeypatch.setenv("LANG", language)
    monkeypatch.chdir(tmp_path)
    county(tmp_path / "in")
    with unchanged(tmp_path):
        assert refusal(capsys, 2, *words).out == ""


# --- scheme check ----------------------------------------------------------------------------------


def checked(capsys, path, code):
    """The problems `scheme check --json` prints as its only document."""
    said = kaoping(capsys, "scheme", "check", path, "--json")
    assert said.code == code, said.out
    problems = json.loads(said.out)
    assert isinstance(problems, list)
    for problem in problems:
        assert problem.keys() >= KEYS
        assert problem["severity"] in ("A", "B", "C")
    return problems


@pytest.mark.parametrize("scheme", [SCHEME, CITY / "scheme.toml"], ids=["county", "city"])
def test_a_scheme_in_order_ends_with_0(capsys, scheme):
    assert not [p for p in checked(capsys, scheme, 0) if p["severity"] == "A"]
    assert kaoping(capsys, "scheme", "check", scheme).code == 0


def test_a_notice_with_problems_ends_with_1(capsys):
    problems = checked(capsys, NOTICE, 1)
    assert "SCHED-INPUT-AFTER-CONSUMER" in {p["code"] for p in problems}
    said = kaoping(capsys, "scheme", "check", NOTICE)
    assert said.code == 1
    assert "SCHED-INPUT-AFTER-CONSUMER" in said.out


FIFTY = 50
BAD_ASSIGNMENTS = [
    '{{ unit = "没有的镇{0}", task = "2.2", state = "not-applicable" }}',
    '{{ unit = "东岭镇", task = "9.{0}", target = "3" }}',
    '{{ unit = "西河镇", task = "2.2", nonsense{0} = "x" }}',
    '{{ unit = "南坪镇", task = "3.1", target = {0}.5 }}',
    '{{ unit = "北塘乡", task = "2.2", state = "状态{0}" }}',
]
BAD_CODES = ["UNIT-UNKNOWN", "TASK-UNKNOWN", "KEY-UNKNOWN", "NUMBER-NOT-TEXT", "VALUE-UNKNOWN"]


def scheme_with_fifty_errors(path):
    made = [BAD_ASSIGNMENTS[n % 5].format(n) for n in range(FIFTY)]
    text = SCHEME.read_text("utf-8")
    old = 'assignment = [{ unit = "中寨乡", task = "2.2", state = "not-applicable" }]'
    assert old in text
    return put(path, text.replace(old, f"assignment = [{', '.join(made)}]").encode())


def test_a_scheme_with_fifty_errors_lists_them_all(capsys, tmp_path):
    path = scheme_with_fifty_errors(tmp_path / "scheme.toml")
    problems = checked(capsys, path, 1)
    counts = [sum(problem["code"] == code for problem in problems) for code in BAD_CODES]
    assert counts == [FIFTY / len(BAD_CODES)] * len(BAD_CODES)
    assert all(problem["where"] for problem in problems)
    printed = kaoping(capsys, "scheme", "check", path)
    assert printed.code == 1
    assert [printed.out.count(code) for code in BAD_CODES] == counts
    for number in range(0, FIFTY, len(BAD_CODES)):
        assert f"没有的镇{number}" in "".join(printed.out.split())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_scheme_saved_in_another_encoding_reads_alike(capsys, tmp_path, encoding):
    path = put(tmp_path / "scheme.toml", SCHEME.read_text("utf-8").encode(encoding))
    assert checked(capsys, path, 0) == checked(capsys, SCHEME, 0)


BROKEN_TOML = {
    "empty": "",
    "no toml": "这是一份通知，不是方案。",
    "half": SCHEME.read_text("utf-8")[:3000],
    "key twice": 'title = "a"\ntitle = "b"\n',
    "deep": "a = " + "[" * 20_000,
    "huge number": "year = " + "9" * 5000,
    "huge places": "places = 1000000000\n",
    "no date": "issue_date = 2024-02-30\n",
    "year 0": "issue_date = 0000-01-01\n",
    "other types": 'title = 1\nyear = "x"\nunit = 3\nindicator = "x"\nstep = [1, "a"]\nsection = [[]]\n',
    "infinite": "places = inf\nyear = nan\n",
    "zero bytes": "title = \0\n",
    "table for text": "[title]\na = 1\n[[indicator]]\nid = []\ntask = {}\n",
    "other format": 'format = "kaoping-scheme/99"\n',
}


@pytest.mark.parametrize("kind", BROKEN_TOML)
def test_a_broken_scheme_is_a_list_of_problems(capsys, tmp_path, kind):
    path = put(tmp_path / "scheme.toml", BROKEN_TOML[kind].encode())
    assert checked(capsys, path, 1)
    out = put(tmp_path / "scores.csv", b"old")
    with unchanged(tmp_path):
        refusal(capsys, 1, "score", path, RESULTS, "--out", out)


# --- paths that are no files -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["missing", "folder", "through a file", "empty name"])
@pytest.mark.parametrize(
    "words",
    [
        ["scheme", "check", "{}"],
        ["scheme", "check", "{}", "--json"],
        ["scheme", "read", "{}", "--out", "out.toml"],
        ["scheme", "read", NOTICE, "--annex", "{}", "--out", "out.toml"],
        ["scheme", "diff", "{}", SCHEME],
        ["scheme", "diff", SCHEME, "{}"],
        ["rule", "test", "{}"],
        ["score", "{}", RESULTS, "--out", "out.csv"],
        ["score", SCHEME, "{}", "--out", "out.csv"],
        ["score", SCHEME, RESULTS, "--deductions", "{}", "--out", "out.csv"],
        ["score", SCHEME, RESULTS, "--decisions", "{}", "--out", "out.csv"],
        ["explain", SCHEME, "{}", "--unit", "东岭镇", "--task", "1.1"],
        ["package", "verify", "{}"],
    ],
    ids=lambda words: " ".join(str(word).rsplit("/", 1)[-1] for word in words),
)
def test_what_is_no_file_is_refused_and_the_output_untouched(
    capsys, monkeypatch, tmp_path, words, kind
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    put(tmp_path / "file.csv", b"x")
    put(tmp_path / "out.csv", b"old")
    put(tmp_path / "out.toml", b"old")
    path = {
        "missing": "没有.csv",
        "folder": "folder.csv",
        "through a file": "file.csv/x.csv",
        "empty name": "",
    }[kind]
    with unchanged(tmp_path):
        said = kaoping(capsys, *(str(word).replace("{}", path) for word in words))
    assert said.code in ((1, 4) if words[0] == "package" else (1,)), said.err
    assert has_chinese(said.err)


# --- scheme read and diff --------------------------------------------------------------------------


def test_reading_a_notice_writes_a_draft(capsys, tmp_path):
    out = tmp_path / "deep" / "draft.toml"
    said = kaoping(capsys, "scheme", "read", NOTICE, "--annex", CITY / "annex-1.xlsx", "--out", out)
    assert said.code == 0
    assert [path.name for path in out.parent.iterdir()] == ["draft.toml"]
    assert "annex-1.xlsx" in out.read_text("utf-8")
    again = tmp_path / "again.toml"
    kaoping(capsys, "scheme", "read", NOTICE, "--annex", CITY / "annex-1.xlsx", "--out", again)
    assert again.read_bytes() == out.read_bytes()


@pytest.mark.parametrize(
    "content", [b"", b"  \n", PDF, PNG * 9, b"PK\x03\x04" + bytes(99), bytes(999), b"\xff\xfe"]
)
def test_what_is_no_notice_is_refused(capsys, tmp_path, content):
    notice = put(tmp_path / "notice.txt", content)
    out = put(tmp_path / "draft.toml", b"old")
    with unchanged(tmp_path):
        refusal(capsys, 1, "scheme", "read", notice, "--out", out)
        refusal(capsys, 1, "scheme", "check", notice)


def test_the_draft_does_not_take_the_place_of_the_notice(capsys, tmp_path):
    notice = put(tmp_path / "notice.txt", NOTICE.read_bytes())
    with unchanged(tmp_path):
        assert kaoping(capsys, "scheme", "read", notice, "--out", notice).code in (2, 3)


def test_equal_schemes_do_not_differ(capsys):
    said = kaoping(capsys, "scheme", "diff", SCHEME, SCHEME, "--json")
    assert (said.code, json.loads(said.out)) == (0, [])
    assert kaoping(capsys, "scheme", "diff", SCHEME, SCHEME).code == 0


def test_a_changed_scheme_differs_where_it_was_changed(capsys, tmp_path):
    other = put(tmp_path / "other.toml", SCHEME.read_bytes())
    replace_in(
        other, 'rule = { kind = "rank", step = "3" }', 'rule = { kind = "rank", step = "2" }'
    )
    said = kaoping(capsys, "scheme", "diff", SCHEME, other, "--json")
    changes = json.loads(said.out)
    assert said.code == 0
    assert len(changes) == 1
    assert "1.1" in json.dumps(changes)
    printed = kaoping(capsys, "scheme", "diff", SCHEME, other)
    assert printed.code == 0
    assert "1.1" in printed.out
    backwards = json.loads(kaoping(capsys, "scheme", "diff", other, SCHEME, "--json").out)
    assert (backwards[0]["before"], backwards[0]["after"]) == (
        changes[0]["after"],
        changes[0]["before"],
    )


# --- rule test -------------------------------------------------------------------------------------


@pytest.mark.skipif(not (SHARED / "vectors").is_dir(), reason="the shared vectors are not here")
def test_the_shared_vectors_pass(capsys):
    said = kaoping(capsys, "rule", "test", SHARED / "vectors" / "scoring.toml")
    assert said.code == 0
    assert said.out.splitlines()[-1] == "25 passed, 0 failed"


CASE = """
[[case]]
name = "完成率"
rule = {{ kind = "ratio", target = "27.00" }}
points = "4"
value = "25.30"
expect = "{}"
"""


def test_cases_that_fail_are_named_and_end_with_1(capsys, tmp_path):
    path = put(tmp_path / "cases.toml", (CASE.format("3.75") + CASE.format("3.74")).encode())
    with unchanged(tmp_path):
        said = kaoping(capsys, "rule", "test", path)
    assert said.code == 1
    assert "完成率" in said.out
    assert said.out.splitlines()[-1] == "1 passed, 1 failed"


@pytest.mark.parametrize("kind", [kind for kind in BROKEN_TOML if kind != "half"])
def test_a_broken_case_file_ends_with_1(capsys, tmp_path, kind):
    path = put(tmp_path / "cases.toml", BROKEN_TOML[kind].encode())
    assert kaoping(capsys, "rule", "test", path).code == 1


@pytest.mark.parametrize(
    "case",
    ["case = 1", "case = [1]", "[[case]]", '[[case]]\nname = "a"\nrule = 3\n', "[case]\nname = 1"],
)
def test_cases_of_another_form_fail(capsys, tmp_path, case):
    said = kaoping(capsys, "rule", "test", put(tmp_path / "cases.toml", case.encode()))
    assert said.code == 1
    assert "0 failed" not in said.out


# --- explain ---------------------------------------------------------------------------------------

MORE = ["--deductions", COUNTY / "deductions.csv", "--decisions", COUNTY / "decisions.csv"]


def explained(capsys, unit, task):
    words = ["explain", SCHEME, RESULTS, *MORE, "--unit", unit, "--task", task]
    printed = kaoping(capsys, *words)
    said = kaoping(capsys, *words, "--json")
    assert (printed.code, said.code) == (0, 0)
    return json.loads(said.out), "".join(printed.out.split())


def test_explain_prints_the_working(capsys):
    steps, printed = explained(capsys, "南坪镇", "3.1")
    assert "3 ÷ 4" in steps["working"]
    assert steps["published"] == "9.00"
    assert "".join(steps["working"].split()) in printed
    assert "9.00" in printed


def test_explain_names_the_facts_counted(capsys):
    steps, printed = explained(capsys, "中寨乡", "3.3")
    assert "瞒报" in steps["deductions"]
    assert "核查报告" in steps["deductions"]
    assert "核查报告" in printed
    assert steps["published"] == "0.00"


def test_explain_knows_a_unit_by_its_name_too(capsys):
    by_name, _ = explained(capsys, "东岭镇人民政府", "1.1")
    assert by_name == explained(capsys, "东岭镇", "1.1")[0]


@pytest.mark.parametrize(
    ("unit", "task"),
    [("没有的镇", "1.1"), ("东岭镇", "9.9"), ("县应急管理局", "1.1"), ("", "1.1"), ("东岭镇", "")],
)
def test_explain_of_what_is_not_there_ends_with_1(capsys, unit, task):
    words = ["explain", SCHEME, RESULTS, "--unit", unit, "--task", task]
    assert refusal(capsys, 1, *words).out == ""
    assert refusal(capsys, 1, *words, "--json").err


def test_nothing_a_command_only_reads_is_touched(capsys, tmp_path):
    folder = county(tmp_path / "in")
    with unchanged(tmp_path):
        kaoping(capsys, "scheme", "check", folder / "scheme.toml")
        kaoping(capsys, "scheme", "diff", folder / "scheme.toml", SCHEME)
        explain = ["explain", folder / "scheme.toml", folder / "results.csv", "--unit", "东岭镇"]
        assert kaoping(capsys, *explain, "--task", "1.1").code == 0
    assert sha256((folder / "results.csv").read_bytes()) == sha256(RESULTS.read_bytes())


def test_the_blanks_of_chinese_print_stand_in_a_table_as_they_are(capsys, tmp_path):
    said = kaoping(capsys, "scheme", "read", NOTICE, "--out", tmp_path / "d.toml")
    assert "\u3000责任科室" in said.out
    assert "�" not in said.out
