"""Cells of 任务分解 are changed in the scheme's own text, and nothing else of it."""

from __future__ import annotations

import difflib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.core.errors import InputError
from kaoping.core.scheme import Assignment, load_scheme
from kaoping.files.scheme_text import set_assignments
from kaoping.files.toml_places import comments, elements, statements
from tests.core.schemes import BAISE
from tests.schemes import indicator, scheme_text, task

RULE = 'kind = "ratio", target = "10"'
PARTS = (
    'kind = "least", parts = [{ name = "甲", rule = { kind = "ratio", target = "1" } }, '
    '{ name = "乙", rule = { kind = "ratio", target = "1" } }]'
)
TASKS = indicator(task("1.1", RULE, "5"), task("1.2", PARTS, "5"))
UNITS, NAMES = ("a", "b", "c"), ("1.1", "1.2")

IN_ARRAY = scheme_text(
    TASKS,
    top="""
# 任务分解
assignment = [
    # 1.1 投资（亿元）
    { unit = "a", task = "1.1", target = "6.00", points = "3" }, # 甲局自报
    { unit = 'b', task = "1.1", target = "8" },
    { unit = "c", task = "1.1", state = "not-applicable" },
    # 1.2 两项取低
    { unit = "a", task = "1.2", targets = { "甲" = "2" } },
]
""",
)
IN_TABLES = scheme_text(
    TASKS,
    bottom="""
# 甲局
[[assignment]]
unit = "a" # 甲局
task = "1.1"
# 自报
target = "6.00"
points = "3"

[[assignment]]
unit = "a"
task = "1.2"
[assignment.targets]
"甲" = "2" # 上年完成

# 附：接受的问题
[[accepted]]
code = "GROUP-SMALL"
reason = "两家"
by = "岳科长"
""",
)
ON_ONE_LINE = scheme_text(
    TASKS,
    top='assignment = [{unit="a",task="1.1",target="6"}, {unit="b",task="1.1",points="2"}]',
)
EMPTY = scheme_text(TASKS, top="assignment = []")
ONLY_A_COMMENT = scheme_text(TASKS, top="assignment = [\n    # 待分解\n]")
NONE = scheme_text(TASKS)
TEXTS = [IN_ARRAY, IN_TABLES, ON_ONE_LINE, EMPTY, ONLY_A_COMMENT, NONE]


def cells_of(text):
    loaded = load_scheme(text)
    assert loaded.scheme is not None, loaded.problems
    return {(one.unit, one.task): one for one in loaded.scheme.assignments}


def changed_lines(before, after):
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


def one(unit, name, **said):
    numbers: dict[str, Any] = {
        key: Decimal(value) if isinstance(value, str) else value for key, value in said.items()
    }
    return Assignment(unit, name, **numbers)


def test_a_changed_target_is_one_changed_word():
    made = set_assignments(IN_ARRAY, [one("a", "1.1", target="7.5", points="3")])
    assert changed_lines(IN_ARRAY, made) == [
        '-    { unit = "a", task = "1.1", target = "6.00", points = "3" }, # 甲局自报',
        '+    { unit = "a", task = "1.1", target = "7.5", points = "3" }, # 甲局自报',
    ]


def test_what_is_not_asked_to_change_keeps_its_spelling():
    made = set_assignments(IN_ARRAY, [one("a", "1.1", target="6.00", points="2.50")])
    assert 'target = "6.00", points = "2.50"' in made


def test_a_cell_that_says_nothing_more_goes_with_its_line_and_its_comment_stays():
    made = set_assignments(IN_ARRAY, [one("a", "1.1"), one("b", "1.1")])
    assert changed_lines(IN_ARRAY, made) == [
        '-    { unit = "a", task = "1.1", target = "6.00", points = "3" }, # 甲局自报',
        '-    { unit = \'b\', task = "1.1", target = "8" },',
        "+    # 甲局自报",
    ]


def test_a_new_cell_stands_behind_the_last_of_its_task():
    without = IN_ARRAY.replace('    { unit = \'b\', task = "1.1", target = "8" },\n', "")
    made = set_assignments(without, [one("b", "1.1", target="9")])
    assert changed_lines(without, made) == ['+    { unit = "b", task = "1.1", target = "9" },']
    assert made.index('unit = "b"') < made.index("# 1.2 两项取低")


def test_a_table_of_its_own_keeps_its_comments_and_order():
    made = set_assignments(IN_TABLES, [one("a", "1.1", target="7", of="3")])
    assert changed_lines(IN_TABLES, made) == [
        '-target = "6.00"',
        '-points = "3"',
        '+target = "7"',
        '+of = "3"',
    ]


def test_the_comments_of_a_table_that_goes_stay():
    made = set_assignments(IN_TABLES, [one("a", "1.1")])
    assert "# 甲局\n# 甲局\n# 自报\n" in made
    assert ("a", "1.1") not in cells_of(made)


def test_targets_of_parts_are_changed_one_by_one():
    wanted = Assignment("a", "1.2", targets={"甲": Decimal(2), "乙": Decimal("3.5")})
    made = set_assignments(IN_TABLES, [wanted])
    assert changed_lines(IN_TABLES, made) == ['+"乙" = "3.5"']
    assert cells_of(made)["a", "1.2"].targets == wanted.targets


def test_nothing_to_change_changes_nothing():
    for text in TEXTS:
        assert set_assignments(text, cells_of(text).values()) == text


def test_the_real_scheme_changes_by_one_line_in_a_moment():
    made = set_assignments(BAISE, [one("交通局", "1.1", target="30")])
    assert changed_lines(BAISE, made) == [
        '-    { unit = "交通局", task = "1.1", target = "27.00" },',
        '+    { unit = "交通局", task = "1.1", target = "30" },',
    ]


def test_lines_of_another_system_keep_their_ends():
    made = set_assignments(IN_ARRAY.replace("\n", "\r\n"), [one("b", "1.2", points="4")])
    assert made.count("\n") == made.count("\r\n")


@pytest.mark.parametrize("text", ["x = ", "format = “1”"])
def test_a_text_that_is_no_toml_is_left_alone(text):
    with pytest.raises(InputError, match="读不下去"):
        set_assignments(text, [one("a", "1.1", target="1")])


@pytest.mark.parametrize("written", ["assignment = 3", "assignment.a = 1", "assignment = [3]"])
def test_a_form_that_no_table_has_is_left_alone(written):
    text = scheme_text(TASKS, top=written)
    with pytest.raises(InputError, match="写法特殊"):
        set_assignments(text, [one("a", "1.1", target="1")])


def test_a_table_instead_of_a_list_is_left_alone():
    text = scheme_text(TASKS, bottom='[assignment]\nunit = "a"\ntask = "1.1"\n')
    with pytest.raises(InputError, match="写法特殊"):
        set_assignments(text, [one("b", "1.1", target="1")])


def test_a_cell_that_stands_twice_is_left_to_a_person():
    twice = ON_ONE_LINE.replace('unit="b"', 'unit="a"')
    with pytest.raises(InputError, match="写了两次"):
        set_assignments(twice, [one("a", "1.1", target="1")])


def test_a_number_that_was_no_text_stays_until_it_is_given_anew():
    text = ON_ONE_LINE.replace('target="6"', "target=6")
    kept = set_assignments(text, [one("a", "1.1", points="1")])
    assert 'target = 6, points = "1"' in kept
    mended = set_assignments(kept, [one("a", "1.1", points="1", target="6")])
    assert 'target = "6"' in mended


# --- any edit, in any layout ----------------------------------------------------------------------

numbers = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=3).map(
    lambda number: number.normalize() + 0
)
maybe = st.none() | numbers
assignments = st.builds(
    Assignment,
    st.sampled_from(UNITS),
    st.sampled_from(NAMES),
    target=maybe,
    targets=st.dictionaries(
        st.sampled_from(["甲", "乙", "甲.乙", 'a"b', "c"]), numbers, max_size=2
    ),
    of=maybe,
    points=maybe,
    not_applicable=st.booleans(),
)
edits = st.lists(assignments, max_size=6)


@settings(deadline=None)
@given(st.sampled_from(TEXTS), st.lists(edits, min_size=1, max_size=3))
def test_after_any_edits_the_cells_are_as_asked_and_all_else_as_before(text, rounds):
    before = load_scheme(text)
    wanted = cells_of(text)
    for round_of in rounds:
        text = set_assignments(text, round_of)
        wanted |= {(row.unit, row.task): row for row in round_of}
    wanted = {cell: replace(row, place="") for cell, row in wanted.items() if says(row)}
    assert {cell: replace(row, place="") for cell, row in cells_of(text).items()} == wanted
    after = load_scheme(text)
    assert after.scheme is not None
    assert before.scheme is not None
    assert replace(after.scheme, assignments=()) == replace(before.scheme, assignments=())
    assert after.problems == before.problems


@settings(deadline=None)
@given(st.sampled_from(TEXTS), edits)
def test_no_comment_is_ever_lost_or_doubled(text, some):
    made = set_assignments(text, some)
    assert sorted(comments(made, 0, len(made))) == sorted(comments(text, 0, len(text)))


@settings(deadline=None)
@given(st.sampled_from(TEXTS), edits)
def test_an_edit_taken_back_leaves_what_was_said(text, some):
    there = cells_of(text)
    back = [there.get((row.unit, row.task), Assignment(row.unit, row.task)) for row in some]
    again = set_assignments(set_assignments(text, some), back)
    assert cells_of(again) == there


def says(row):
    return row.not_applicable or row.targets or (row.target, row.of, row.points) != (None,) * 3


# --- where statements stand -----------------------------------------------------------------------

ODD = '''
"a b" . c = "x # no ] comment \\" still" # yes
'lit\\' = 'C:\\path\\'
long = """one
[no.header]
k = "v"
ends with quotes """""
short = [ # a comment ]
  "]", [1, 2], { x = "}" }, # more
]
[ t . "u v" ]
x = 1
[[list]]
y = { a = [ 1,
2 ], b = "," }
'''


def test_strings_comments_and_brackets_do_not_confuse_the_places():
    found = [(one.path, ODD[one.start : one.end]) for one in statements(ODD)]
    assert [path for path, _ in found] == [
        ("a b", "c"), ("lit\\",), ("long",), ("short",), ("t", "u v"), ("x",), ("list",), ("y",),
    ]  # fmt: skip
    assert found[2][1].endswith('quotes """""')
    assert found[-1][1] == 'y = { a = [ 1,\n2 ], b = "," }'


def test_the_elements_of_an_array_are_found_between_its_comments():
    found = next(one for one in statements(ODD) if one.path == ("short",))
    parts = list(elements(ODD, found.value, found.end))
    assert [ODD[one.start : one.end] for one in parts] == ['"]"', "[1, 2]", '{ x = "}" }']
    assert all(one.comma is not None for one in parts)
