"""What no linter knows of the web: thin views, templates that do not think, one writer of rows."""

from __future__ import annotations

import ast
import re
import statistics
from collections import defaultdict
from enum import Enum
from importlib import import_module

import pytest

from tests.architecture.pages import LAYOUT, TEMPLATES, VIEWS, WEB, templates, untranslated, views
from tests.architecture.sources import ROOT, modules, place
from tests.architecture.test_shape import functions, lines_of

LONGEST_VIEW = 25
"""Lines; nine of ten views have fewer."""
LONGEST_MODEL_FILE = 300
MODELS = WEB / "models"
PERMISSION_WORDS = {
    "Office", "PermissionDenied", "Role", "has_perm", "has_role", "is_administrator",
    "is_coordinating", "is_leader", "is_staff", "is_superuser", "is_supervisor", "offices",
    "permission_required", "sees_all_units", "user_passes_test",
}  # fmt: skip
ASKING = {"all", "get"}
WRITING = {
    "bulk_create", "bulk_update", "create", "delete", "get_or_create", "save", "update",
    "update_or_create", "select_for_update",
}  # fmt: skip
WRITERS = {
    "src/kaoping/web/register.py",  # rows of the register
    "src/kaoping/web/actions/perform.py",  # entries
    "src/kaoping/web/security_log.py",  # events
}
UNSAFE_IN_CODE = {"mark_safe", "SafeString", "SafeText", "html_safe", "RawSQL", "extra", "raw"}
SAID_IN_ONE_LANGUAGE = frozenset({"考", "中文", "English"})
"""The mark, and the two languages as each is called in itself."""


# --- views ----------------------------------------------------------------------------------------


def tries(name, tree):
    return [place(name, n) for n in ast.walk(tree) if isinstance(n, ast.Try | ast.TryStar)]


def words_of_permission(name, tree):
    """Names by which a view would judge for itself who may see or do something."""
    return [
        place(name, node)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id in PERMISSION_WORDS)
        or (isinstance(node, ast.Attribute) and node.attr in PERMISSION_WORDS)
        or (isinstance(node, ast.alias) and node.name in PERMISSION_WORDS)
    ]


def is_of_manager(node):
    """Whether an expression is `Something.objects`, with whatever filters behind it."""
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager"):
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return False


def rows_asked_or_written(name, tree):
    """`Model.objects.get(…)` and the like, and any writing of rows."""
    return [
        place(name, node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            (node.func.attr in ASKING and is_directly_of_manager(node.func.value))
            or (node.func.attr in WRITING and is_of_manager(node.func.value))
            or node.func.attr == "save"
        )
    ]


def is_directly_of_manager(node):
    return isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager")


def rendered(tree):
    """Names of templates that a module renders."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[\w/-]+\.(html|txt|ics)", node.value)
        and "/" in node.value
    }


def test_views_hold_no_try():
    assert [spot for item in views().items() for spot in tries(*item)] == []


def test_views_judge_no_permission():
    assert [spot for item in views().items() for spot in words_of_permission(*item)] == []


def test_views_neither_look_up_past_the_viewer_nor_write():
    assert [spot for item in views().items() for spot in rows_asked_or_written(*item)] == []


def test_nine_of_ten_views_fit_on_a_card():
    lengths = [lines_of(one) for tree in views().values() for one in functions(tree)]
    assert statistics.quantiles(lengths, n=10)[-1] <= LONGEST_VIEW


def test_a_view_renders_templates_of_one_folder_and_shares_it_with_no_other_module():
    owners = defaultdict(set)
    for name, tree in views().items():
        folders = {one.split("/")[0] for one in rendered(tree)} - {LAYOUT.strip("/")}
        assert len(folders) <= 1, f"{name} renders templates of {sorted(folders)}"
        for folder in folders:
            owners[folder].add(name)
    assert {folder: names for folder, names in owners.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    ("judge", "bad"),
    [
        (tries, "try:\n    go()\nexcept KeyError:\n    pass"),
        (words_of_permission, "if request.viewer.has_role(x): pass"),
        (words_of_permission, "from kaoping.core.acts.setting_up import Role"),
        (rows_asked_or_written, "Unit.objects.get(id=1)"),
        (rows_asked_or_written, "Unit.objects.all()"),
        (rows_asked_or_written, "Unit.objects.filter(id=1).update(name='x')"),
        (rows_asked_or_written, "account.save()"),
    ],
)
def test_a_view_that_does_too_much_is_noticed(judge, bad):
    assert judge("bad.py", ast.parse(bad))


@pytest.mark.parametrize(
    "good", ["request.POST.get('name')", "Entry.objects.visible_to(viewer).filter(index=1)"]
)
def test_a_view_that_asks_with_its_viewer_is_fine(good):
    assert not rows_asked_or_written("good.py", ast.parse(good))


# --- models and rows ------------------------------------------------------------------------------


def names_in(tree):
    """Every name, attribute and imported name of a module, with its node."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word):
                yield word, node
            case ast.alias(name=word):
                yield word.rsplit(".", maxsplit=1)[-1], node
            case ast.ImportFrom(module=str(word)):
                yield word.rsplit(".", maxsplit=1)[-1], node
            case _:
                pass


def uses(name, tree, words):
    return [place(name, node) for word, node in names_in(tree) if word in words]


def written_rows(name, tree, models):
    """Calls that write rows of some models by their name."""
    return [
        place(name, node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITING
        and is_of_manager(node.func.value)
        and models & {n.id for n in ast.walk(node.func.value) if isinstance(n, ast.Name)}
    ]


def guarded_models():
    from kaoping.web import models

    return {one.__name__ for one in models.REGISTER.values()} | {
        "Entry",
        "REGISTER",
        "SecurityEvent",
    }


def test_models_keep_no_shapeless_columns():
    found = modules(MODELS)
    assert [s for n, tree in found.items() for s in uses(n, tree, {"JSONField"})] == []


def test_models_are_short():
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in MODELS.glob("*.py")}
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODEL_FILE} == {}


def test_nothing_is_wired_by_signals():
    found = modules(WEB)
    assert [s for n, tree in found.items() for s in uses(n, tree, {"signals", "receiver"})] == []


def test_nothing_goes_past_escaping_or_the_query_builder():
    found = modules(WEB)
    assert [s for n, tree in found.items() for s in uses_unsafe(n, tree)] == []


def uses_unsafe(name, tree):
    """Calls by these names; a word of the same sound that is not called is harmless."""
    return [
        place(name, node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id in UNSAFE_IN_CODE)
            or (isinstance(node.func, ast.Attribute) and node.func.attr in UNSAFE_IN_CODE)
        )
    ]


DOES_AN_ACT = {"act", "take", "set_deadlines", "register_some", "give_some"}


def acts_without_a_proof(name, tree):
    """Views that take an act and do not want a proof of identity that is minutes old."""
    return [
        place(name, view)
        for view in tree.body
        if isinstance(view, ast.FunctionDef)
        and any(
            isinstance(node, ast.Call) and getattr(node.func, "id", "") in DOES_AN_ACT
            for node in ast.walk(view)
        )
        and "with_fresh_sign_in" not in {getattr(one, "id", "") for one in view.decorator_list}
    ]


def test_every_view_that_does_an_act_wants_a_fresh_proof():
    # A liaison files for hours, a section looks through it and notes, and nobody signs anything by it:
    # the signatures are the head's confirmation of it all, and those under the sheet.
    filing = tuple(f"views/{name}.py" for name in ("acting", "behalf", "ledger", "notes", "review"))
    found = {n: tree for n, tree in modules(WEB / "views").items() if not n.endswith(filing)}
    confirming = modules(WEB / "views")["src/kaoping/web/views/ledger.py"]
    views = [one for one in confirming.body if isinstance(one, ast.FunctionDef)]
    (confirm,) = (one for one in views if one.name == "confirm")
    assert "with_fresh_sign_in" in {getattr(one, "id", "") for one in confirm.decorator_list}
    assert [s for n, tree in found.items() for s in acts_without_a_proof(n, tree)] == []
    loose = ast.parse("@for_audience(A)\ndef new(request):\n    return act(request)")
    assert acts_without_a_proof("new.py", loose)


def test_official_rows_have_one_writer():
    others = {name: tree for name, tree in modules(WEB).items() if name not in WRITERS}
    models = guarded_models()
    assert [s for n, tree in others.items() for s in written_rows(n, tree, models)] == []


def test_the_clock_is_the_installations():
    """Ruff bans `datetime.now`; Django has a clock of its own."""
    clocks = {"timezone", "localtime", "localdate"}
    found = modules(WEB)
    assert [s for n, tree in found.items() for s in uses(n, tree, clocks)] == []


@pytest.mark.parametrize(
    "bad",
    [
        "Unit.objects.create(id=1)",
        "Entry.objects.filter(index=1).delete()",
        "REGISTER[name]._default_manager.bulk_create(rows)",
    ],
)
def test_a_second_writer_is_noticed(bad):
    assert written_rows("bad.py", ast.parse(bad), guarded_models())


@pytest.mark.parametrize("bad", ["mark_safe(x)", "safestring.mark_safe(x)", "Unit.objects.raw(s)"])
def test_a_way_past_escaping_is_noticed(bad):
    assert uses_unsafe("bad.py", ast.parse(bad))


# --- doors ----------------------------------------------------------------------------------------


def test_every_view_says_for_whom_it_is():
    from tests.web.routes import routes

    without = [
        one.name
        for one in routes()
        if getattr(one.view, "audience", None) is None and getattr(one.view, "login_required", True)
    ]
    assert without == []


def test_nothing_of_the_navigation_is_shown_to_others_than_its_page_opens_to():
    from kaoping.web.pages import PARTS
    from tests.web.routes import routes

    audiences = {one.name: getattr(one.view, "audience", None) for one in routes()}
    assert {part.route: part.audience for part in PARTS} == {
        part.route: audiences[part.route] for part in PARTS
    }


# --- templates ------------------------------------------------------------------------------------

_TAG = re.compile(r"\{%-?\s*(\w+)\s*(.*?)\s*%\}", re.DOTALL)
_QUOTED = re.compile(r"""["']([^"']*)["']""")
_FIRST = re.compile(r"(?:\{% (?:extends|load) [^%]*%\}\s*)*\{#\s*context:", re.DOTALL)


def tags(text, *names):
    """What stands in tags of these names."""
    return [rest for name, rest in _TAG.findall(text) if name in names]


def inline(text):
    """Styles, scripts and handlers in the page itself, which the policy forbids."""
    return re.findall(
        r"<style\b|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:|hx-on|['\"]js:",
        text,
        re.IGNORECASE,
    )


def compared_words(text):
    """Quoted words in conditions: states are asked of the workflow, not spelt out in a template."""
    return [
        word
        for condition in tags(text, "if", "elif", "ifchanged")
        for word in _QUOTED.findall(re.sub(r"\|\w+:(\"[^\"]*\"|'[^']*')", "", condition))
    ]


def states():
    """Every word that is the value of a closed list of the core."""
    found = set()
    for name in modules():
        if name.startswith("src/kaoping/core/") and "__" not in name:
            dotted = name.removeprefix("src/").removesuffix(".py").replace("/", ".")
            for one in vars(import_module(dotted)).values():
                if isinstance(one, type) and issubclass(one, Enum):
                    found |= {str(member.value) for member in one}
    return found


def test_every_template_says_what_it_is_given():
    silent = [
        name
        for name, text in templates().items()
        if name.endswith(".html") and not name.startswith(LAYOUT) and not _FIRST.match(text)
    ]
    assert silent == []


def test_templates_compare_nothing_with_a_state():
    known = states()
    found = {
        name: words
        for name, text in templates().items()
        if not name.startswith(LAYOUT) and (words := set(compared_words(text)) & known)
    }
    assert found == {}


def test_templates_escape_everything():
    unsafe = re.compile(r"\|\s*(?:safe|safeseq)\b|autoescape off|\{% filter \w*safe")
    assert [name for name, text in templates().items() if unsafe.search(text)] == []


def test_nothing_stands_inline():
    assert {name: found for name, text in templates().items() if (found := inline(text))} == {}


def test_every_word_has_its_translation_asked():
    found = {
        name: words
        for name, text in templates().items()
        if name.endswith(".html") and (words := untranslated(text, SAID_IN_ONE_LANGUAGE))
    }
    assert found == {}


def test_templates_read_no_clock():
    assert [name for name, text in templates().items() if tags(text, "now")] == []


def test_templates_include_only_their_own_and_the_layout():
    strange = [
        (name, other)
        for name, text in templates().items()
        for part in tags(text, "include", "extends")
        for other in _QUOTED.findall(part.split(" with ")[0])
        if not other.startswith((LAYOUT, name.split("/")[0] + "/"))
    ]
    assert strange == []


def test_no_template_is_left_over_and_none_is_missing():
    known = set(templates())
    named = {one for tree in modules(WEB).values() for one in rendered(tree)}
    named |= {
        other
        for text in templates().values()
        for part in tags(text, "include", "extends")
        for other in _QUOTED.findall(part.split(" with ")[0])
    }
    asked = {one for one in named if (TEMPLATES / one.split("/")[0]).is_dir()}
    assert (asked - known, known - named) == (set(), set())


def test_addresses_files_and_icons_of_templates_exist():
    from django.contrib.staticfiles import finders

    from tests.web.routes import routes

    names = {one.name for one in routes()}
    sprite = (WEB / "static" / "kaoping" / "icons.svg").read_text("utf-8")
    icons = set(re.findall(r'\bid="([\w-]+)"', sprite))
    missing = []
    for name, text in templates().items():
        missing += [(name, u) for u in firsts(text, "url") if u not in names]
        missing += [(name, s) for s in firsts(text, "static") if finders.find(s) is None]
        missing += [(name, i) for i in firsts(text, "icon") if i not in icons]
    assert missing == []


def firsts(text, tag):
    """The first word of each tag of a name, where it is quoted."""
    return [word for rest in tags(text, tag) for word in re.findall(r"""^["']([^"']+)["']""", rest)]


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="color:red">',
        "<script>go()</script>",
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        "<style>p{}</style>",
        '<a hx-on:click="go()">',
    ],
)
def test_something_inline_is_noticed(bad):
    assert inline(bad)


def test_a_script_from_a_file_is_fine():
    assert not inline('<script defer src="/static/x.js"></script>')


@pytest.mark.parametrize(
    "bad",
    [
        "<p>保存</p>",
        "<p>Save</p>",
        '<nav aria-label="导航">',
        '{{ name|default:"无" }}',
        '{% include "layout/x.html" with title="标题" %}',
        "<p>{{ n }} 条</p>",
    ],
)
def test_a_bare_word_is_noticed(bad):
    assert untranslated(bad)


@pytest.mark.parametrize(
    "good",
    [
        '<p>{% translate "保存" %}</p>',
        "{% blocktranslate %}共 {{ n }} 条{% endblocktranslate %}",
        '{{ name|default:_("无") }}',
        "{# context: 人员 #}",
        '<button value="save" class="btn btn-primary">{{ label }}</button>',
        "<p>{{ a }} · {{ b }}</p>",
    ],
)
def test_a_translated_word_is_fine(good):
    assert untranslated(good) == []


def test_a_state_spelt_out_is_noticed():
    assert compared_words('{% if sheet.standing == "frozen" %}') == ["frozen"]
    assert "frozen" in states()


def test_no_app_and_no_model_stands_outside():
    from django.apps import apps

    ours = [config for config in apps.get_app_configs() if config.name.startswith("kaoping")]
    assert [config.name for config in ours] == ["kaoping.web"]
    assert [p for p in (ROOT / "src").rglob("apps.py") if p.parent != WEB] == []


def test_pages_are_functions():
    assert [
        place(name, node)
        for name, tree in views().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ] == []
    assert VIEWS.is_dir()
