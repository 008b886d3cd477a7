"""The draw: tickets as the judge reckons them, plans that are refused, texts that are read strictly."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.canonical import encode
from kaoping.core.draw.plans import check_plan, check_sizes, plan_draw, plan_stratum
from kaoping.core.draw.reading import (
    OtherPaperError,
    read_certificate,
    read_lines,
    read_mark,
    read_must_check,
    read_plan,
    read_population,
)
from kaoping.core.draw.records import MustCheck
from kaoping.core.draw.rolling import (
    check_digits,
    draw,
    population_digest,
    population_text,
    repeat_command,
    roll,
    ticket_of,
)
from kaoping.core.draw.verification import verify_certificate
from kaoping.core.draw.wording import NOT_VERIFIED
from kaoping.core.errors import InputError, TamperError
from tests.core.draws import (
    CERTIFICATE,
    DIGITS,
    FIRMS,
    FOREIGN_SIGNS,
    MADE_AT,
    MUST,
    PLAN,
    POPULATIONS,
    STRATA,
    UNITS,
    VECTORS,
    judged,
    needs_judge,
    needs_shell,
    run_shell,
    vector,
)

# --- the rule -------------------------------------------------------------------------------------


@needs_judge
def test_the_vector_of_others():
    expected = vector()
    population = read_population((VECTORS / "population37.txt").read_bytes(), "population37.txt")
    result = roll("", population, 6, 3, str(expected["seed"]))
    assert result.population_sha256 == expected["population_sha256"]
    assert [one.id for one in result.sample] == expected["selected"]
    assert [one.ticket for one in result.sample] == expected["tickets"]
    assert [one.id for one in result.reserve] == expected["reserve"]


def test_a_ticket_is_the_digest_of_digits_population_and_id():
    digest = hashlib.sha256("甲\n乙\n".encode()).hexdigest()
    expected = hashlib.sha256(f"0123|{digest}|乙".encode()).hexdigest()
    assert population_digest(["甲", "乙"]) == hashlib.sha256("乙\n甲\n".encode()).hexdigest()
    assert ticket_of("0123", digest, "乙") == expected


# --- what docs/formats/draw.md says ---------------------------------------------------------------

DOCUMENT = (Path(__file__).parents[2] / "docs" / "formats" / "draw.md").read_text("utf-8")


def documented(name):
    """The text of the one block of the document that has this name."""
    [block] = re.findall(rf"^```{name}\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)
    return block


def test_the_worked_example_of_the_document_is_true():
    population = read_population(documented("text list.txt").encode(), "list.txt")
    result = roll("", population, 2, 1, "0123")
    drawn = roll("", population, 4, 0, "0123").sample
    printed = [result.population_sha256, *(f"{one.ticket}  {one.id}" for one in drawn)]
    assert population_text(population) == bytes.fromhex(documented("text population"))
    assert documented("text tickets").splitlines() == printed
    sample, reserve = ("、".join(f"`{one.id}`" for one in some) for some in (drawn[:2], drawn[2:3]))
    flat = " ".join(DOCUMENT.split()).replace("`, `", "`、`")
    escaped = population_text(population).decode().replace("\n", "\\n")
    assert f"The population text is `{escaped}`, 16 bytes" in flat
    assert f"The sample is {sample}; the reserve is {reserve}." in flat
    assert [one.id for one in (*result.sample, *result.reserve)] == [one.id for one in drawn[:3]]
    [hashed] = re.findall(r"The first of them is the SHA-256 of `(.*?)`", flat)
    assert hashlib.sha256(hashed.encode()).hexdigest() == drawn[0].ticket


@needs_shell
def test_the_commands_of_the_document_print_its_worked_example(tmp_path):
    (tmp_path / "list.txt").write_text(documented("text list.txt"), "utf-8")
    assert run_shell(documented("sh"), tmp_path) == documented("text tickets").splitlines()


@needs_shell
@settings(max_examples=25, deadline=None)
@given(POPULATIONS)
def test_the_text_of_a_population_is_that_of_sort(population):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "list.txt")
        path.write_bytes("\n".join(population).encode())
        sorted_lines = run_shell("LC_ALL=C sort -u list.txt | od -An -v -tx1", Path(folder))
    assert bytes.fromhex("".join(sorted_lines)) == population_text(population)


@needs_judge
@needs_shell
@settings(max_examples=20, deadline=None)
@given(POPULATIONS, st.text("0123456789", min_size=1, max_size=24), st.data())
def test_every_draw_is_that_of_the_judge_and_of_the_printed_command(population, digits, data):
    """With ids of all kinds, in any order, with repeated lines, with and without a last line feed."""
    size = data.draw(st.integers(1, len(population)))
    reserve = data.draw(st.integers(0, len(population) - size))
    lines = [*population, *data.draw(st.lists(st.sampled_from(population), max_size=3))]
    content = "\n".join(lines).encode() + data.draw(st.sampled_from([b"", b"\n"]))
    result = roll("", read_population(content, "list"), size, reserve, digits)
    drawn = [(one.ticket, one.id) for one in (*result.sample, *result.reserve)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "名 单's.txt")
        path.write_bytes(content)
        assert judged(path, digits, size + reserve) == (result.population_sha256, drawn)
        words = f"LC_ALL=C sort -u -- {shlex.quote(path.name)}"
        printed = run_shell(repeat_command(words, digits, size + reserve), Path(folder))
    assert printed == [result.population_sha256, *(f"{ticket}  {name}" for ticket, name in drawn)]
    assert len(result.sample) == size


def test_each_stratum_is_drawn_from_once_with_the_same_digits():
    first, second = draw(PLAN, DIGITS)
    assert first == roll("被考评单位", UNITS, 7, 3, DIGITS)
    assert second == roll("企业", FIRMS, 3, 1, DIGITS)
    assert (len(first.sample), len(first.reserve), len(second.sample)) == (7, 3, 3)
    ranked = sorted(UNITS, key=lambda one: ticket_of(DIGITS, first.population_sha256, one))
    assert [one.id for one in (*first.sample, *first.reserve)] == ranked[:10]


def test_the_order_of_a_list_does_not_matter():
    turned = plan_stratum("被考评单位", UNITS[::-1], 7, 3)
    assert turned == STRATA[0]


@pytest.mark.parametrize(
    ("digits", "named"),
    [
        (DIGITS[:-1], "19"),
        (DIGITS + "0", "21"),
        ("", "0 位"),
        ("６" + DIGITS[1:], "第 1 个"),
        (DIGITS[:-1] + "٣", "第 20 个"),
        (DIGITS[:-1] + "²", "第 20 个"),
        (DIGITS[:4] + " " + DIGITS[5:], "第 5 个"),
        ("-" + DIGITS[1:], "第 1 个"),
        (DIGITS[:-1] + "\n", "第 20 个"),
        (DIGITS + "\n", "第 21 个"),
    ],
)
def test_digits_that_are_not_the_plans_are_refused(digits, named):
    check_digits(DIGITS, 20)
    with pytest.raises(InputError) as error:
        draw(PLAN, digits)
    assert named in error.value.zh


# --- lists ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "空的"),
        (b"\n", "第 1 行是空行"),
        (b"a\n\nb\n", "第 2 行是空行"),
        (b"a\n \t\nb\n", "第 2 行是空行"),
        (b"a\nb\n\n", "第 3 行是空行"),
        (b"a\nb\r\n", "第 2 行有回车符"),
        (b"a\rb", "第 1 行有回车符"),
        (b"\xef\xbb\xbfa\n", "BOM"),
        ("a\n".encode("utf-16"), "BOM"),
        ("a\n甲\n".encode("gb18030"), "第 2 行不是 UTF-8"),
        (b"a\n\xed\xa0\x80\n", "第 2 行不是 UTF-8"),
        ("a\ne\u0301\n".encode(), "”不是 NFC"),
        (b" a\nb\n", "第 1 行“ a”首尾有空格"),
        ("a\nb\u3000\n".encode(), "第 2 行"),
        ("a\nb\u202ec\n".encode(), "U+202E"),
        ("a\nb\u200bc\n".encode(), "U+200B"),
        ("a\nb\ufeffc\n".encode(), "U+FEFF"),
        ("a\nb\u2028c\n".encode(), "U+2028"),
        ("a\nb\ue123\n".encode(), "自造字 U+E123"),
        (b"a\nb\tc\n", "U+0009"),
        (b"a\nb\0c\n", "U+0000"),
        (b"a\nb\x1b[2Jc\n", "U+001B"),
        ("a\nb\x85c\n".encode(), "U+0085"),
        (b"a\n" + b"x" * 501, "第 2 行"),
    ],
)
def test_what_sort_would_take_for_part_of_an_id_is_refused(content, named):
    with pytest.raises(InputError) as error:
        read_population(content, "名单.txt")
    assert named in error.value.zh
    assert "名单.txt" in error.value.zh
    assert "名单.txt" in error.value.en
    assert not set("\x1b\u202e\r\0") & set(error.value.zh + error.value.en)


def test_many_faults_are_told_in_one_sentence():
    with pytest.raises(InputError) as error:
        read_population(b" a\n b\n c\n d\n e\n f\n g\n", "list")
    assert "第 5 行" in error.value.zh
    assert "另有 2 处" in error.value.zh
    assert "2 more" in error.value.en


def test_a_repeated_line_counts_once_without_a_plan_and_is_refused_in_a_plan():
    content = b"b\na\nb\n"
    assert read_population(content, "list") == ("a", "b")
    with pytest.raises(InputError, match="第 3 行“b”与第 1 行重复"):
        plan_stratum("组", read_lines(content, "list"), 1)


def test_two_ids_that_only_nfc_unifies_are_refused():
    composed, apart = "é", unicodedata.normalize("NFD", "é")
    with pytest.raises(InputError, match="与第 1 行只是字符编法不同"):
        plan_stratum("组", ["x", apart, composed][1:], 1)
    with pytest.raises(InputError, match=r"第 2 行.*不是 NFC.*第 1 行只是字符编法不同"):
        read_population(f"{composed}\n{apart}\n".encode(), "list")


@pytest.mark.parametrize(
    ("sizes", "named"),
    [((0, 0), "至少"), ((-1, 0), "至少"), ((1, -1), "小于 0"), ((38, 0), "37"), ((30, 8), "37")],
)
def test_sizes_beyond_the_population_are_refused(sizes, named):
    check_sizes("名单", 37, 30, 7)
    with pytest.raises(InputError, match=named):
        plan_stratum("单位", UNITS, *sizes)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("甲站\n", "第 1 行“甲站”没有理由"),
        ("甲站\t理由\n乙站\t \n", "第 2 行“乙站”没有理由"),
        ("甲站\t理由\r\n", "第 1 行有回车符"),
        ("\ufeff甲站\t理由\n", "BOM"),
    ],
)
def test_a_must_check_list_needs_a_reason_for_each(content, named):
    assert read_must_check("甲站\t来信 反映".encode(), "m") == (MustCheck("甲站", "来信 反映"),)
    with pytest.raises(InputError, match=named):
        read_must_check(content.encode(), "必查.txt")


# --- plans ----------------------------------------------------------------------------------------


def planned(**changes):
    return replace(PLAN, **changes)


@pytest.mark.parametrize(
    ("plan", "named"),
    [
        (planned(purpose=""), "事由"),
        (planned(purpose="a\nb"), "事由"),
        (planned(source=" "), "数字来源"),
        (planned(source="会场\u202e"), "U+202E"),
        (planned(digit_count=0), "位数 0"),
        (planned(digit_count=101), "位数 101"),
        (planned(strata=()), "没有抽样组"),
        (planned(strata=(STRATA[0], replace(STRATA[1], name="被考评单位"))), "“被考评单位”"),
        (planned(strata=(STRATA[0], replace(STRATA[1], name=" x"))), "“ x”"),
        (planned(strata=(replace(STRATA[0], sample_size=38),)), "37 个"),
        (planned(strata=(replace(STRATA[0], population=()),)), "只有 0 个"),
        (planned(strata=(*STRATA, plan_stratum("又", FIRMS[:3], 1))), "“QY-01 示范企业1号”"),
        (planned(must_check=(*MUST, MustCheck(UNITS[4], "理由"))), f"“{UNITS[4]}”"),
        (planned(must_check=(*MUST, MUST[0])), f"“{MUST[0].id}”"),
        (planned(must_check=(MustCheck("某站", ""),)), "“某站”的理由"),
        (planned(must_check=(MustCheck("某站 ", "理由"),)), "“某站 ”"),
        (planned(must_check=(MustCheck("e\u0301站", "理由"),)), "NFC"),
    ],
)
def test_a_plan_that_breaks_a_rule_is_refused_and_the_thing_named(plan, named):
    check_plan(PLAN)
    with pytest.raises(InputError) as error:
        check_plan(plan)
    assert named in error.value.zh
    with pytest.raises(InputError):
        read_plan(plan.content, "plan.json")


def test_a_plan_is_made_as_it_is_checked():
    with pytest.raises(InputError, match="没有抽样组"):
        plan_draw("事由", (), "来源")
    assert plan_draw(PLAN.purpose, STRATA, PLAN.source, MUST) == PLAN
    assert PLAN.digit_count == 20


def test_a_plan_whose_population_is_not_its_digests_is_no_slip_but_tampering():
    changed = replace(STRATA[0], population=UNITS[1:])
    with pytest.raises(TamperError, match="被考评单位"):
        read_plan(planned(strata=(changed, STRATA[1])).content, "plan.json")
    turned = replace(STRATA[0], population=UNITS[::-1])
    with pytest.raises(TamperError, match="排序"):
        read_plan(planned(strata=(turned, STRATA[1])).content, "plan.json")


# --- texts ----------------------------------------------------------------------------------------


def test_plan_and_certificate_come_back_from_their_texts():
    assert read_plan(PLAN.content, "plan.json") == PLAN
    assert read_certificate(CERTIFICATE.content, "certificate.json") == CERTIFICATE
    assert PLAN.digest == hashlib.sha256(PLAN.content).hexdigest()
    assert CERTIFICATE.plan_sha256 == PLAN.digest
    verify_certificate(CERTIFICATE, PLAN, [("名单.txt", UNITS[::-1]), ("企业.txt", FIRMS)])


def places(value, path=()):
    """The path of every table and list within a document."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


def at(document, path):
    for key in path:
        document = document[key]
    return document


@pytest.mark.parametrize("read", [read_plan, read_certificate])
def test_an_unknown_or_missing_key_anywhere_is_refused_and_named(read):
    record = PLAN if read is read_plan else CERTIFICATE
    tables = [
        path for path in places(record.as_json()) if isinstance(at(record.as_json(), path), dict)
    ]
    assert len(tables) > 4
    for path in tables:
        for key in at(record.as_json(), path):
            document = record.as_json()
            del at(document, path)[key]
            with pytest.raises(InputError) as error:
                read(encode(document), "f.json")
            assert f"缺少字段 {key}" in error.value.zh
        document = record.as_json()
        at(document, path)["seed"] = "1"
        with pytest.raises(InputError, match="不认识的字段“seed”"):
            read(encode(document), "f.json")


@pytest.mark.parametrize("value", [None, True, 7, [], {}, ["x"], {"a": 1}, "text"])
def test_a_value_of_another_kind_is_refused(value):
    for record, read in ((PLAN, read_plan), (CERTIFICATE, read_certificate)):
        for key, own in record.as_json().items():
            if type(own) is not type(value):
                with pytest.raises((InputError, TamperError)):
                    read(encode(record.as_json() | {key: value}), "f.json")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"[" * 100_000,
        b"\xff\xfe",
        b"9" * 5000,
        PLAN.content.replace(b'"digit_count":20', b'"digit_count":20.0'),
        PLAN.content.replace(b'"digit_count":20', b'"digit_count":1e999'),
        PLAN.content.replace(b'"digit_count":20', b'"digit_count":' + b"9" * 5000),
        PLAN.content.replace(b'"digit_count":20', b'"digit_count":-20'),
        PLAN.content.replace(b'"purpose":"', b'"purpose":"\\ud800'),
        PLAN.content.replace(b"kaoping-draw-plan/1", b"kaoping-draw-plan/2"),
    ],
)
def test_what_is_no_plan_is_refused(content):
    for read in (read_plan, read_certificate):
        with pytest.raises(InputError):
            read(content, "f.json")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + b"\n",
        lambda text: b" " + text,
        lambda text: json.dumps(json.loads(text), ensure_ascii=False).encode(),
        lambda text: json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")).encode(),
        lambda text: text.replace(b'{"d', b'{"format":"","d', 1),
    ],
)
def test_the_same_record_in_another_text_is_refused(change):
    """Else one plan would have two digests."""
    for record, read in ((PLAN, read_plan), (CERTIFICATE, read_certificate)):
        assert change(record.content) != record.content
        with pytest.raises(TamperError, match="原文"):
            read(change(record.content), "f.json")


PAPERS = {
    "方案": PLAN.content,
    "确认书": CERTIFICATE.content,
    "抽签记号": CERTIFICATE.mark.content,
    "文字稿": "公开抽签结果确认书\n\n抽签事由：甲\n".encode(),
    "PDF": b"%PDF-1.7\n\xff\r\n",
}


@pytest.mark.parametrize(
    ("read", "own"),
    [
        (read_plan, "方案"),
        (read_certificate, "确认书"),
        (read_mark, "抽签记号"),
        (read_population, ""),
        (read_must_check, ""),
    ],
)
def test_a_paper_taken_for_another_is_called_by_its_name(read, own):
    for name, content in PAPERS.items():
        if name != own:
            with pytest.raises(OtherPaperError, match=name) as error:
                read(content, "f.json")
            assert "请给" in error.value.zh or own == "抽签记号"
            assert not FOREIGN_SIGNS.search(error.value.en)


@pytest.mark.parametrize("content", ['{"a', '{"a": 1}', '{"format": []}', '{"format": "x"}'])
def test_a_name_may_look_like_a_table(content):
    assert read_population(f"{content}\n".encode(), "list") == (content,)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        CERTIFICATE.mark.content[:-1],
        CERTIFICATE.mark.content + b"\n",
        CERTIFICATE.mark.content.replace(b"mark/1", b"mark/2"),
        CERTIFICATE.mark.content.replace(MADE_AT.encode(), b"2025-02-30T00:00:00Z"),
        CERTIFICATE.mark.content.replace(PLAN.digest.encode(), b"0"),
        CERTIFICATE.mark.content.replace(b'"made_at"', b'"made_on"'),
    ],
)
def test_what_is_no_mark_is_refused(content):
    assert read_mark(CERTIFICATE.mark.content, "plan.json.drawn") == CERTIFICATE.mark
    with pytest.raises((InputError, TamperError)):
        read_mark(content, "plan.json.drawn")


def test_messages_say_what_did_not_happen():
    broken = planned(digit_count=0)
    with pytest.raises(InputError, match="没有写入"):
        check_plan(broken)
    with pytest.raises(InputError, match="没有抽签"):
        read_plan(broken.content, "plan.json")
    with pytest.raises(InputError, match="没有抽签"):
        read_population(b" a\n", "list")
    with pytest.raises(InputError, match="没有核对") as error:
        read_population(b" a\n", "list", NOT_VERIFIED)
    assert "没有写入" not in error.value.zh
    assert "written" not in error.value.en


@pytest.mark.parametrize(
    "changes",
    [
        {"digit_count": 0},
        {"purpose": ""},
        {"source": "a\nb"},
        {"strata": ()},
        {"strata": (plan_stratum("a", ["x", "y"], 1), plan_stratum("b", ["y", "z"], 1))},
        {"strata": (plan_stratum("a", ["x"], 1), plan_stratum("a", ["z"], 1))},
        {"strata": (replace(plan_stratum("a", ["x"], 1), reserve_size=3),)},
        {"must_check": (MustCheck("x", "r"), MustCheck("x", ""), MustCheck("v\ue123", "r"))},
    ],
)
def test_english_sentences_about_a_plan_are_english(changes):
    plain = plan_draw("p", (plan_stratum("a", ["x"], 1),), "s")
    with pytest.raises(InputError) as error:
        check_plan(replace(plain, **changes))
    assert not FOREIGN_SIGNS.search(error.value.en)
    assert error.value.en.startswith("The plan: ")


@pytest.mark.parametrize(
    "made_at", ["2025-02-30T00:00:00Z", "2025-02-20", "2025-02-20T02:30:00+00:00"]
)
def test_a_certificate_needs_a_time(made_at):
    with pytest.raises(InputError, match="made_at"):
        read_certificate(replace(CERTIFICATE, made_at=made_at).content, "f.json")
