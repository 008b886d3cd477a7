"""[[accepted]] in a scheme's own text: put in, taken out, and nothing else of it changed."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.core.errors import InputError
from kaoping.files.acceptance import accept_problem, withdraw_acceptance
from tests.examples import CITY

CITY_TEXT = (CITY / "scheme.toml").read_text("utf-8")
SHORT = (
    '# 头\nformat = "x" # 尾\n\n[[indicator]]\nid = "1" # 一\n\n[[indicator.task]]\nid = "1.1"\n'
)
ROW = ("BURDEN", "indicator[1].task[1.5]", "会议决定", "某某")


def rows(text):
    return tomllib.loads(text).get("accepted", [])


@pytest.mark.parametrize(
    "text", [CITY_TEXT, SHORT, SHORT + "\n[[accepted]]\ncode = 'A'\n", "accepted = []\n" + SHORT]
)
def test_a_row_is_added_and_all_else_stays(text):
    edited = accept_problem(text, *ROW)
    assert rows(edited) == [
        *rows(text),
        dict(zip(("code", "where", "reason", "by"), ROW, strict=True)),
    ]
    before, after = tomllib.loads(text), tomllib.loads(edited)
    assert {**before, "accepted": 0} == {**after, "accepted": 0}
    comments = [line for line in text.split("\n") if line.startswith("#")]
    assert [line for line in comments if line not in edited] == []


@pytest.mark.parametrize("text", [CITY_TEXT, SHORT])
def test_what_was_put_in_is_taken_out_again(text):
    back = withdraw_acceptance(accept_problem(text, *ROW), *ROW[:2])
    assert tomllib.loads(back) == tomllib.loads(text)
    assert back.count("#") == text.count("#")


def test_accepting_again_replaces_the_reason():
    twice = accept_problem(accept_problem(CITY_TEXT, *ROW), *ROW[:2], "另有理由", "别人")
    assert [row["reason"] for row in rows(twice) if row["code"] == "BURDEN"] == ["另有理由"]


def test_what_was_not_accepted_cannot_be_taken_out():
    with pytest.raises(InputError, match="没有被接受过"):
        withdraw_acceptance(SHORT, *ROW[:2])


@pytest.mark.parametrize(
    "text", ["这不是方案", "accepted = 1\n", "accepted = { code = 'A' }\n", "a = 1\na = 2"]
)
def test_a_text_that_cannot_be_edited_is_refused(text):
    with pytest.raises(InputError, match="没有改动"):
        accept_problem(text, *ROW)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_whatever_the_reason_it_comes_back_as_it_was(reason):
    edited = accept_problem(SHORT, "A", 'b["]', reason, "某")
    assert rows(edited) == [{"code": "A", "where": 'b["]', "reason": reason, "by": "某"}]
