"""Every sentence that pages translate, found in templates and programs as they stand."""

from __future__ import annotations

import ast
import re
from collections import defaultdict

from django.template import Engine
from django.template.base import Lexer, TokenType
from django.templatetags.i18n import BlockTranslateNode

from tests.architecture.pages import WEB, templates
from tests.architecture.sources import ROOT, modules

_ASKING = {"_", "__", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
_LITERAL = re.compile(r"""_\(("[^"]*"|'[^']*')\)""")
_TAG = re.compile(r"""^trans(?:late)?\s+("[^"]*"|'[^']*')""")


def in_template(name, text):
    """Sentences of `translate`, `blocktranslate` and `_("…")` of a template."""
    found = set()
    for token in Lexer(text).tokenize():
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            if told := _TAG.match(token.contents):
                found.add(told.group(1)[1:-1])
            found |= {one[1:-1] for one in _LITERAL.findall(token.contents)}
    for node in blocks(name, text):
        one, _ = node.render_token_list(node.singular)
        if node.trimmed:
            one = " ".join(part.strip() for part in one.splitlines() if part.strip())
        if node.plural:
            many, _ = node.render_token_list(node.plural)
            one += f"\0{many}"
        found.add(one)
    return found


def blocks(name, text):
    """The `blocktranslate` nodes of a template, wherever they stand in it."""
    engine = Engine.get_default()
    # Without what it extends, so that no other template is read for it.
    alone = re.sub(r"\{% extends [^%]*%\}", "", text)
    try:
        nodes = engine.from_string(alone).nodelist
    except Exception as error:
        raise AssertionError(f"{name} is no template: {error}") from error
    return nodes.get_nodes_by_type(BlockTranslateNode)


def in_program(name, tree):
    """Sentences that a module asks for; one that is put together is named as a fault."""
    found, faults = set(), []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        if called not in _ASKING or not node.args:
            continue
        count = 2 if called.startswith("ngettext") else 1
        constants = [one.value for one in node.args[:count] if isinstance(one, ast.Constant)]
        words = [word for word in constants if isinstance(word, str)]
        if len(words) == count:
            found.add("\0".join(words))
        elif isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
            faults.append(f"{name}:{node.lineno}")
    return found, faults


def messages():
    """Every sentence, with where it is asked for."""
    places = defaultdict(list)
    for name, text in templates().items():
        if name.endswith((".html", ".txt")):
            for one in in_template(name, text):
                places[one].append(name)
    for name, tree in modules(WEB).items():
        for one in in_program(name, tree)[0]:
            places[one].append(name)
    return dict(places)


def put_together():
    """Places where a sentence is put together before its translation is asked for."""
    return [spot for item in modules(WEB).items() for spot in in_program(*item)[1]]


CATALOGUE = ROOT / "src/kaoping/web/locale/en/LC_MESSAGES/django.po"
