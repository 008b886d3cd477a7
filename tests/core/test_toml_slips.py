"""Slips of a hand that edits a draft, told in Chinese with their line."""

import tomllib

import pytest

from kaoping.core.scheme import load_scheme
from kaoping.core.scoring.cases import run_cases

GOOD = 'format = "kaoping-scheme/1"\ntitle = "考评"\nyear = 2026\n'


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("title = “考评”", "英文引号"),
        ('title ＝ "考评"', "英文等号"),
        ("［scheme］", "方括号"),
        ("year = 2026\nyear = 2027", "已经写过"),
        ("[a]\n[a]", "已经写过"),
        ("due = 2026-02-30", "日期不存在"),
        ("due = 2026-2-9", "值不能识别|一行只能写一项"),
        ('title = "考评', "引号没有配对"),
        ("title = 考评", "文字要加英文引号"),
        ('title "考评"', "缺等号"),
        ('a = "1" b = 2', "一行只能写一项"),
        ("[a", "方括号没有配对"),
        ("这一行是说明", "#"),
        ('a = "C:\\d"', "反斜杠"),
        ("a = {b = 1, b = 2}", "写了两次|已经写过"),
        ("a = [1, 2", "括号没有配对|值不能识别|写法"),
        ('a = "x\x01"', "控制字符"),
        ('a = """x', "引号没有配对"),
    ],
)  # fmt: skip
def test_a_slip_is_told_in_chinese_with_its_line(line, words):
    text = "# 草稿\n" + line + "\n"
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text)
    (problem,) = load_scheme(text).problems
    assert problem.code == "FORMAT-UNKNOWN"
    assert any(one in problem.message for one in words.split("|"))
    assert problem.where in {"第 2 行", "第 3 行", "文件末尾"}
    assert not any(word in problem.message for word in ("Invalid", "Expected", "(at "))


def test_the_line_itself_is_shown_and_a_sign_within_a_text_is_no_slip():
    (problem,) = load_scheme('title = "“优秀”＝90" 分\n').problems
    assert problem.where == "第 1 行"
    assert "一行只能写一项" in problem.message
    assert "优秀" in problem.message


def test_cases_tell_it_too():
    (failed,) = run_cases("[[case]]\nname = “甲”\n").failed
    assert "第 2 行" in failed.message
    assert "英文引号" in failed.message
