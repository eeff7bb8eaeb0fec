"""The stored parse table belongs to the grammar, and the grammar and the code name the same things."""

from __future__ import annotations

import re
import subprocess
import sys

from pvc.compiler import data
from pvc.compiler.check.verbs import REGIONS, VERBS
from pvc.compiler.syntax import expected
from pvc.compiler.syntax.build import Builder
from pvc.compiler.syntax.expected import FORMS, ITEMS
from pvc.compiler.syntax.table import compile_grammar, grammar_digest, table, text_of


def test_the_stored_table_is_that_of_the_grammar() -> None:
    grammar = data.path("grammar", "vid.lark").read_text(encoding="utf-8")
    stored = data.path("grammar", "vid.table.json").read_text(encoding="utf-8")
    assert stored == text_of(compile_grammar(grammar)), "run python -m pvc.compiler.syntax.table"
    assert grammar_digest(grammar) in stored


def test_the_grammar_has_no_conflict() -> None:
    """lark settles shift/reduce conflicts in silence; it says so only in its debug log."""
    script = (
        "import logging, lark, sys\n"
        "lark.logger.setLevel(logging.DEBUG)\n"
        "lark.Lark(open(sys.argv[1], encoding='utf-8').read(), parser='lalr', lexer='basic',"
        " start=['block', 'fragment'], debug=True)\n"
    )
    path = str(data.path("grammar", "vid.lark"))
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    assert "conflict" not in (done.stdout + done.stderr).lower()


def test_every_action_of_the_grammar_is_built_and_no_other() -> None:
    used = {action + "_" if action in ("if", "for") else action for _, _, action in table().rules} - {"None"}
    assert not [name for name in used if not hasattr(Builder, name)]
    helpers = {"at", "problem", "trivia", "inner_trivia", "fitting", "string", "narration"}
    methods = {name for name in dir(Builder) if not name.startswith("_")} - helpers
    assert methods <= used | {"same"}, methods - used


def test_every_statement_has_a_form_that_parses() -> None:
    from pvc.compiler.syntax.parser import parse

    for word, form in FORMS.items():
        example = re.split(r", or:? ", form)[0].replace("...", "").replace("{ actions }", "{ show x }")
        text = (
            example
            if word in ITEMS
            else f"{'component c()' if word in ('part', 'render', 'action') else 'scene s'} {{ {example} }}"
        )
        assert not parse(text, "talk.vid").diagnostics, text


def test_findings_about_syntax_know_the_words_of_the_checker() -> None:
    assert set(REGIONS) == expected.REGIONS
    assert {*VERBS} >= expected.VERBS


def test_parsing_does_not_import_lark() -> None:
    script = (
        "import sys\n"
        "from pvc.compiler.syntax.parser import parse\n"
        "assert not parse('scene a { wait 1s }', 'x').diagnostics\n"
        "heavy = {'lark', 'numpy', 'click', 'skia', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env=_environment())


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
