"""The YAML twin: one tree in two spellings, comments included; bad YAML ends in findings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import golden
import jsonschema
import pytest
import trees
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pace import in_time
from test_format import ROOT, SPECS, spaced
from test_parser import TEXTS, nodes

from pvc.compiler import data
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.format import format_file, format_text
from pvc.compiler.syntax.parser import Parsed, parse, parse_block
from pvc.compiler.syntax.spelling import convert, fmt, is_yaml, parse_file
from pvc.compiler.syntax.yaml.read import bare, parse_yaml
from pvc.compiler.syntax.yaml.schema import SCHEMAS, decoding_schema, text_of, validation_schema
from pvc.compiler.syntax.yaml.shapes import KINDS
from pvc.compiler.syntax.yaml.write import yaml_text


class Loader(yaml.SafeLoader):
    """What an editor's YAML reader does with our local tags: they are texts."""


Loader.add_multi_constructor("!", lambda loader, suffix, node: loader.construct_scalar(node))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(trees.files())
def test_reading_what_was_written_gives_the_same_tree(file: tree.File) -> None:
    text = yaml_text(file)
    parsed = parse_yaml(text, "talk.vid.yaml")
    assert not parsed.diagnostics, text
    assert spaced(parsed.file) == spaced(file), text
    assert yaml_text(parsed.file) == text
    assert "".join(block.text for block in parsed.file.blocks) + parsed.file.tail == text
    for block in parsed.file.blocks:
        assert text[block.start : block.start + len(block.text)] == block.text
        for node in nodes(block.item):
            at = getattr(node, "at", None)
            if at is not None:
                assert 0 <= at.start <= at.end <= len(block.text), node


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(trees.files())
def test_both_spellings_hold_the_same(file: tree.File) -> None:
    plain = format_file(file)
    there = convert(plain, "talk.vid", "talk.vid.yaml")
    assert not there.diagnostics
    back = convert(there.text, "talk.vid.yaml", "talk.vid")
    assert not back.diagnostics, there.text
    assert back.text == plain


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(trees.files())
def test_the_schema_takes_whatever_is_written(file: tree.File) -> None:
    document = yaml.load(yaml_text(file), Loader=Loader)  # a safe loader with our tags
    VALIDATOR.validate(document)


VALIDATOR = jsonschema.Draft202012Validator(validation_schema())


@pytest.mark.parametrize("path", SPECS, ids=[str(path.relative_to(ROOT)) for path in SPECS])
def test_real_specs(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    there = convert(text, "talk.vid", "talk.vid.yaml")
    assert convert(there.text, "talk.vid.yaml", "talk.vid").text == format_text(text, "talk.vid").text
    VALIDATOR.validate(yaml.load(there.text, Loader=Loader))
    assert fmt(there.text, "talk.vid.yaml").text == there.text


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(
        st.text(max_size=200), TEXTS, TEXTS.map(lambda text: "vid: 1\nitems:\n- kind: let\n  name: x\n  value: " + text)
    )
)
@example("vid: 1\nitems:\n- kind: let\n  name: x\n  value: not")
@example("vid: 1\nitems:\n- kind: let\n  name: not\n  value: !expr 1 + 2")
@example("vid: 1\nitems:\n- kind: let\n  name: 1080p30\n  value: !expr 1 + 2")
def test_any_text_ends_in_a_tree_or_a_finding(text: str) -> None:
    parsed = parse_yaml(text, "talk.vid.yaml")
    assert "".join(block.text for block in parsed.file.blocks) + parsed.file.tail == text
    broken = any(isinstance(node, (tree.Broken, tree.Missing)) for node in nodes(parsed.file.blocks))
    assert parsed.diagnostics or not broken
    for found in parsed.diagnostics:
        assert found.span is not None
        assert 0 <= found.span.start <= found.span.end <= len(text)
    if not parsed.diagnostics and parsed.file.blocks:
        assert not parse(format_file(parsed.file), "talk.vid").diagnostics


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["x", "say", "1s", "talk", "scene", "theme.accent", "tex", "a b", "", "expr"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["kind", "name", "value", "body", "text", "title", "items", "expr", "tag", "raw", "word", "of"]
            ),
            inner,
            max_size=5,
        )
        | st.builds(
            lambda kind, rest: {"kind": kind, **rest},
            st.sampled_from([word for words in KINDS.values() for word in words]),
            st.dictionaries(
                st.sampled_from(["name", "value", "body", "text", "title", "clauses", "verb", "operands"]), inner
            ),
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(json_values, max_size=3))
def test_any_json_ends_in_a_tree_or_a_finding(items: list[Any]) -> None:
    text = json.dumps({"vid": 1, "items": items})
    parsed = parse_file(text, "talk.json")
    broken = any(isinstance(node, (tree.Broken, tree.Missing)) for node in nodes(parsed.file.blocks))
    assert parsed.diagnostics or not broken
    if not parsed.diagnostics:
        assert not parsed.file.tail.strip() or not items
        again = parse(format_file(parsed.file), "talk.vid")
        assert not again.diagnostics
        assert [bare(block.item) for block in again.file.blocks] == [bare(block.item) for block in parsed.file.blocks]


def test_a_model_may_write_json() -> None:
    document = {
        "vid": 1,
        "items": [
            {
                "kind": "scene", "name": "a", "title": None, "clauses": [],
                "body": [
                    {
                        "kind": "say", "text": "Hello {there}.", "clauses": [],
                        "body": [
                            {
                                "kind": "action", "verb": "show",
                                "operands": [{"expr": "equation(tex`x^2`)"}],
                                "clauses": [
                                    {"keyword": "in", "value": {"word": "below", "of": {"expr": "eq"}}},
                                    {"keyword": "for", "value": {"expr": "1s"}},
                                ],
                            }
                        ],
                    },
                    {"kind": "setting", "name": "code", "value": {"tag": "python", "raw": "x = 1"}},
                    {"kind": "setting", "name": "words", "value": ["a", "b"]},
                ],
            }
        ],
    }  # fmt: skip
    jsonschema.Draft202012Validator(decoding_schema()).validate(document)
    assert convert(json.dumps(document), "talk.json", "talk.vid").text == (
        'scene a {\n  say "Hello {there}." {\n    show equation(tex`x^2`) in below eq for 1s\n  }\n'
        '  code = python`x = 1`\n  words = ["a", "b"]\n}\n'
    )


DECODING_KEYWORDS = {
    *("$schema", "title", "type", "properties", "required", "additionalProperties", "$defs", "$ref", "anyOf", "const"),
    *("enum", "items", "minItems", "maxItems", "maxLength", "pattern"),
}


def test_the_decoding_schema_uses_only_what_decoders_heed() -> None:
    def walk(schema: Any) -> None:
        if isinstance(schema, list):
            for one in schema:
                walk(one)
        if not isinstance(schema, dict):
            return
        assert set(schema) <= DECODING_KEYWORDS, schema
        if "$ref" in schema:
            assert set(schema) == {"$ref"}
        if "anyOf" in schema:
            assert set(schema) == {"anyOf"}
        if "pattern" in schema:
            assert "maxLength" not in schema
            assert schema["pattern"].startswith("^")
            assert schema["pattern"].endswith("$")
        elif schema.get("type") == "string":
            assert "maxLength" in schema
        if schema.get("type") == "array":
            assert "maxItems" in schema
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False
            assert sorted(schema["required"]) == sorted(schema["properties"])
        for key, value in schema.items():
            if key in ("properties", "$defs"):
                for one in value.values():
                    walk(one)
            elif key in ("items", "anyOf"):
                walk(value)

    walk(decoding_schema())


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_fresh(name: str) -> None:
    schema = SCHEMAS[name]()
    jsonschema.Draft202012Validator.check_schema(schema)
    stored = data.path("schemas", name).read_text(encoding="utf-8")
    assert stored == text_of(schema), "run python -m pvc.compiler.syntax.yaml.schema"


def test_every_node_of_the_tree_has_a_kind_or_stands_alone() -> None:
    statements = {
        kind for kind in vars(tree).values() if isinstance(kind, type) and "trivia" in getattr(kind, "__slots__", ())
    }
    assert statements - set(KINDS) == {tree.Argument, tree.FieldDecl, tree.Broken}


BOMBS = {
    "billion laughs": "a: &a [x]\n" + "\n".join(f"b{n}: &b{n} [{', '.join(['*a'] * 9)}]" for n in range(9)),
    "cycle": "vid: 1\nitems: &a\n- *a\n",
    "deep flow": "vid: 1\nitems: " + "[" * 100_000,
    "deep closed": "vid: 1\nitems: " + "[" * 100_000 + "]" * 100_000,
    "deep dashes": "- " * 100_000 + "x",
    "deep maps": "{a: " * 100_000,
    "deep expression": "vid: 1\nitems:\n- kind: let\n  name: x\n  value: !expr '" + "(" * 100_000 + "'",
    "two documents": "vid: 1\n---\nvid: 1\n",
    "tab": "vid: 1\nitems:\n\t- kind: wait\n",
    "nul": "vid: 1\0",
    "control": "vid: 1\nitems: \x1b[31m",
    "merge key": "vid: 1\nitems:\n- <<: {kind: let}\n  name: x\n",
    "tag": "vid: 1\nitems:\n- kind: let\n  name: x\n  value: !!python/object/apply:os.system ['x']\n",
    "scalar": "just a text",
    "number": "1",
}


@pytest.mark.parametrize("name", BOMBS)
def test_hostile_yaml_is_a_finding_in_time(name: str) -> None:
    assert in_time(2, lambda: parse_yaml(BOMBS[name], "talk.vid.yaml")).diagnostics


def test_a_megabyte_is_read_in_time() -> None:
    entry = (
        '- kind: let\n  name: x{0}\n  value: !expr \'f({0}, "a", [1, 2.5s, theme.warm], g: "more words of text")\'\n'
    )
    text = "vid: 1\nitems:\n" + "".join(entry.format(number) for number in range(10_000))
    assert len(text) > 900_000

    def cold() -> Parsed:
        parse_block.cache_clear()
        return parse_yaml(text, "talk.vid.yaml")

    assert not in_time(6, cold).diagnostics


def test_spans_point_into_the_scalars() -> None:
    text = 'vid: 1\nitems:\n- kind: let\n  name: x\n  value: !expr "a + * b"\n- kind: let\n  name: y\n  value: f(\n'
    parsed = parse_yaml(text, "talk.vid.yaml")
    found = [(one.code, text[one.span.start : one.span.end]) for one in parsed.diagnostics if one.span is not None]
    assert found[0] == ("PVC0101", "*")
    assert found[1][0] == "PVC0104"


def test_what_ends_with_a_list_in_brackets_ends_behind_it() -> None:
    text = "vid: 1\nitems:\n- kind: scene\n  name: a\n  clauses:\n  - keyword: for\n    value: [1, [2]]  # why\n\n"
    (block,) = parse_yaml(text, "talk.vid.yaml").file.blocks
    assert isinstance(block.item, tree.Scene)
    (clause,) = block.item.clauses
    assert block.text[clause.at.start : clause.at.end] == "keyword: for\n    value: [1, [2]]"


def test_scalars_are_what_they_look_like() -> None:
    text = "vid: 1\nitems:\n- kind: concept\n  name: c\n  body:\n" + "".join(
        f"  - kind: setting\n    name: s{index}\n    value: {value}\n"
        for index, value in enumerate(
            ["yes", "012", "1:30", "true", "'true'", '"3"', "3", "-3..3", "!tex 'a'", '[a, "b", 3]', "0x1f"]
        )
    )
    parsed = parse_yaml(text, "talk.vid.yaml")
    concept = parsed.file.blocks[0].item
    assert isinstance(concept, tree.Concept)
    values = {node.name: node.value for node in concept.body if isinstance(node, tree.Setting)}
    assert values["s0"] == tree.Name(("yes",))
    assert isinstance(values["s1"], tree.Number)
    assert values["s3"] == tree.Bool(True)
    assert values["s4"] == tree.Text("true")
    assert values["s5"] == tree.Text("3")
    assert isinstance(values["s7"], tree.RangeExpr)
    assert values["s8"] == tree.Tagged("tex", "a")
    assert [found.code for found in parsed.diagnostics] == ["PVC0101"]  # 1:30 is no value


def test_names_of_files_say_their_spelling() -> None:
    assert is_yaml("talk.vid.yaml")
    assert is_yaml("TALK.YML")
    assert is_yaml("talk.json")
    assert not is_yaml("talk.vid")


def test_a_file_with_errors_is_not_converted() -> None:
    found = convert("scene a {\n  wait\n}\n", "talk.vid", "talk.vid.yaml")
    assert found.text == ""
    assert [one.code for one in found.diagnostics] == ["PVC0101"]


def say(texts: Any) -> Any:
    return [found for name, text in texts.items() for found in parse_file(text, name).diagnostics]


@golden.parametrize(Path(__file__).parent / "yaml_cases")
def test_case(case: golden.Case, update_golden: bool) -> None:
    golden.verify(case, say, update_golden)


def test_an_anchor_without_its_target_breaks_its_statement_only() -> None:
    text = (
        "vid: 1\nitems:\n- kind: scene\n  name: a\n  body:\n  - kind: say\n    text: Hi.\n    body:\n"
        "    - kind: at\n      anchor:\n        target:\n"
    )
    parsed = parse_yaml(text, "a.vid.yaml")
    assert {each.code for each in parsed.diagnostics} == {"PVC0122"}
    (scene,) = (block.item for block in parsed.file.blocks)
    assert isinstance(scene, tree.Scene)
    say = scene.body[0]
    assert isinstance(say, tree.Say)
    assert isinstance(say.body[0], tree.Broken)
