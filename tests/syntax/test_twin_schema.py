"""The schemas and the reader agree: what one takes the other takes, but for what only the grammar can judge."""

from __future__ import annotations

import copy
import json
import random
import re
from functools import cache
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import jsonschema
import pytest
import yaml
from test_every_example import texts

from pvc.compiler.syntax.spelling import convert, parse_file
from pvc.compiler.syntax.yaml.decoding import without
from pvc.compiler.syntax.yaml.schema import decoding_schema, validation_schema
from pvc.compiler.syntax.yaml.shapes import KINDS

WORDS = [word for words in KINDS.values() for word in words]
KEYS = (
    *("kind", "name", "value", "body", "text", "title", "items", "expr", "tag", "raw", "word", "of", "clauses", "verb"),
    *("operands", "columns", "parameters", "doc", "about", "type", "default", "target", "offset", "anchor", "extends"),
    *("by", "otherwise", "condition", "$schema", "vid", "index", "keyword", "source", "module", "path", "alias"),
)
VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        1,
        -3,
        2.5,
        "",
        "x",
        "a b",
        "1s",
        "3",
        "1a2",
        "not",
        "größe",
        "a.b",
        "a..b",
        [],
        {},
        ["x"],
        [None],
    ),
    *({"expr": "x"}, {"expr": 3}, {"expr": " "}, {"expr": "f("}, {"tag": "tex", "raw": "x"}, {"tag": "a b", "raw": ""}),
    *({"word": "below", "of": "x"}, {"name": "a", "type": "text"}, {"keyword": "in", "value": {"expr": "left"}}),
    *({"kind": "wait", "duration": {"expr": "1s"}}, {"kind": "group", "name": "g", "items": None}),
)


class Loader(yaml.SafeLoader):
    """Tags as the mappings that JSON has for them."""


Loader.add_multi_constructor(
    "!", lambda loader, tag, node: {"expr": node.value} if tag == "expr" else {"tag": tag, "raw": node.value}
)


@cache
def documents() -> tuple[Any, ...]:
    twins = (convert(text, "a.vid", "a.vid.yaml").text for text in texts())
    return tuple(yaml.load(twin, Loader=Loader) for twin in twins if 0 < len(twin) < 2000)  # a safe loader


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    return [path, *(found for key, value in inner for found in places(value, (*path, key)))]


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


def mutated(document: Any, chance: random.Random) -> Any:
    """The document with one thing left out, added, doubled, renamed, or put in the place of another."""
    document = copy.deepcopy(document)
    *above, key = chance.choice(places(document)[1:])
    holder = at(document, tuple(above))
    match chance.randrange(6):
        case 0:
            del holder[key]
        case 1 | 2:
            holder[key] = copy.deepcopy(chance.choice(VALUES))
        case 3:
            other = chance.choice(documents())
            holder[key] = copy.deepcopy(at(other, chance.choice(places(other))))
        case 4 if isinstance(holder, dict):
            holder[chance.choice(KEYS)] = holder.pop(key) if chance.random() < 0.5 else chance.choice(VALUES)
        case _:
            if isinstance(holder, dict) and "kind" in holder:
                holder["kind"] = chance.choice(WORDS)
            else:
                holder[key] = [copy.deepcopy(holder[key])]
    return document


BEYOND_SCHEMAS = frozenset({"PVC0101", "PVC0102", "PVC0103", "PVC0104", "PVC0106", "PVC0109", "PVC0126"})
"""What is wrong within an expression, or cannot be said in a .vid file though its form is right (a scene
called `if`)."""
QUOTED = ("Here stands a name", "Here stands a number")
"""A schema does not see whether a scalar has quotes: `extends: "paper"` is a text."""


def agree(document: Any, validator: jsonschema.protocols.Validator) -> None:
    text = json.dumps(document)
    found = parse_file(text, "a.vid.yaml").diagnostics
    if not validator.is_valid(document):
        assert found, text
        return
    for one in found:
        assert one.code in BEYOND_SCHEMAS or one.message.startswith(QUOTED), (one, text)


VALIDATOR = jsonschema.Draft202012Validator(validation_schema())


def test_the_schema_and_the_reader_agree() -> None:
    chance = random.Random(1)
    for _ in range(200):
        agree(mutated(chance.choice(documents()), chance), VALIDATOR)


@pytest.mark.parametrize(("doc", "kept"), [("Why.", "Why."), (2017, "2017"), (True, "true"), (None, None)])
def test_a_doc_comment_of_any_type(doc: object, kept: str | None) -> None:
    document = {"vid": 1, "items": [{"kind": "scene", "name": "one", "title": "One", "body": [], "doc": doc}]}
    assert VALIDATOR.is_valid(document)
    read = parse_file(json.dumps(document), "a.vid.yaml")
    assert not read.diagnostics
    assert read.file.blocks[0].item.trivia.doc == kept


@pytest.mark.slow
def test_the_schema_and_the_reader_agree_for_long() -> None:
    chance = random.Random(99)
    for _ in range(20_000):
        document = mutated(chance.choice(documents()), chance)
        agree(mutated(document, chance) if len(places(document)) > 1 else document, VALIDATOR)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"vid": 1},
        {"vid": "1", "items": None},
        {"vid": 2, "items": []},
        {"vid": 1, "items": [{"kind": "scene", "name": "one", "body": None}]},
        {"vid": 1, "items": [{"kind": "scene", "name": None}]},
        {"vid": 1, "items": [{"kind": "talk", "title": None}]},
        {"vid": 1, "items": [{"kind": "talk", "title": 1984}]},
        {"vid": 1, "items": [{"kind": "let", "name": "größe", "value": {"expr": 2.5}}]},
        {"vid": 1, "items": [{"kind": "let", "name": "1080p30", "value": None}]},
        {"vid": 1, "items": [{"kind": "let", "name": "3", "value": 1}]},
        {"vid": 1, "items": [{"kind": "let", "name": "a", "value": {"expr": ""}}]},
        {"vid": 1, "items": [{"kind": "theme", "name": "t", "extends": ["a"]}]},
        {"vid": 1, "items": [{"kind": "theme", "name": "t", "extends": {"expr": "brand(accent: #fff)"}}]},
        {"vid": 1, "items": [{"kind": "use", "module": "std..charts"}]},
        {"vid": 1, "items": [{"kind": "scene", "name": "a", "body": [{"kind": "at", "anchor": {"target": None}}]}]},
        {"$schema": None, "items": []},
    ],
)
def test_where_the_schema_and_the_reader_did_not_agree(document: Any) -> None:
    agree(document, VALIDATOR)


def test_null_is_no_title() -> None:
    (found,) = parse_file('{"vid": 1, "items": [{"kind": "talk", "title": null}]}', "a.json").diagnostics
    assert (found.code, found.message) == ("PVC0122", "`talk` has no `title`")


parse_pattern = cache(_parser.parse)
TEXTS = (
    "",
    "x",
    "A {b} c.",
    'Über "q" \\ {',
    "<break 1s>",
    "a\nb",
    "\t",
    "`",
    "\u2028",
    "😀",
    "// x",
    "x\\",
    "}",
    "- a: b",
)


class Model:
    """Writes what the decoding schema lets it write, at random."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.schema = decoding_schema()
        self.deepest = 0

    def document(self) -> Any:
        return {"vid": 1, "items": [self.some(self.schema["properties"]["items"]["items"], 0)]}

    def some(self, schema: dict[str, Any], depth: int) -> Any:
        self.deepest = max(self.deepest, depth)
        if "$ref" in schema:
            return self.some(self.schema["$defs"][schema["$ref"].rpartition("/")[2]], depth)
        if "anyOf" in schema:
            return self.some(self.chance.choice(schema["anyOf"]), depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.chance.choice(schema["enum"])
        match schema["type"]:
            case "null":
                return None
            case "object":
                return {key: self.some(value, depth + 1) for key, value in schema["properties"].items()}
            case "array":
                count = schema.get("minItems", 0) + self.chance.choice((0, 0, 1, 2) if depth > 2 else (1, 2))
                return [self.some(schema["items"], depth + 1) for _ in range(min(count, schema["maxItems"]))]
        if "pattern" in schema:
            return self.spelt(parse_pattern(schema["pattern"]))
        return self.chance.choice(TEXTS)

    def spelt(self, parsed: Any) -> str:
        """A text that a pattern matches."""
        out = []
        for code, value in parsed:
            match str(code):
                case "LITERAL":
                    out.append(chr(value))
                case "IN":
                    kind, found = self.chance.choice(value)
                    low, high = found if str(kind) == "RANGE" else (found, found)
                    out.append(chr(self.chance.randint(low, high)))
                case "MAX_REPEAT":
                    least, most, inner = value
                    count = self.chance.randint(least, min(int(most), least + self.chance.choice((0, 1, 2, 5, 12))))
                    out += [self.spelt(inner) for _ in range(count)]
                case "SUBPATTERN":
                    out.append(self.spelt(value[3]))
                case "BRANCH":
                    out.append(self.spelt(self.chance.choice(value[1])))
                case "AT":
                    pass
                case _:
                    raise AssertionError(f"decoders may not know {code}")
        return "".join(out)


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_the_decoding_schema_lets_through_has_no_error_of_syntax(seed: int) -> None:
    model = Model(seed)
    validators = jsonschema.Draft202012Validator(model.schema), VALIDATOR
    for number in range(300):
        document = model.document()
        text = json.dumps(document, ensure_ascii=number % 2 == 0)
        assert not parse_file(text, "a.json").diagnostics, text
        plain = convert(text, "a.json", "a.vid").text
        assert not parse_file(plain, "a.vid").diagnostics, plain
        assert number % 10 or all(each.is_valid(document) for each in validators), text
    assert model.deepest <= 24


def test_words_that_begin_statements_are_no_verbs() -> None:
    pattern = re.compile(f"{without(('say', 'scene', 'at'))}")
    taken = ["s", "sa", "says", "scen", "scenes", "a", "att", "Say", "_", "show", "x" * 40]
    assert all(pattern.fullmatch(word) for word in taken)
    assert not any(pattern.fullmatch(word) for word in ("say", "scene", "at", "", "1a", "a b", "x" * 41))


def test_characters_that_json_writes_as_two_halves() -> None:
    text = '{"vid": 1, "items": [{"kind": "talk", "title": "\\\\ \\ud83d\\ude00\\ud83d\\ude00  b", "boddy": []}]}'
    parsed = parse_file(text, "a.json")
    (found,) = parsed.diagnostics
    assert found.span is not None
    assert text[found.span.start : found.span.end] == '"boddy"'
    assert convert(text.replace("boddy", "body"), "a.json", "a.vid").text == 'talk "\\\\ 😀😀  b" {}\n'
    assert parse_file('{"vid": 1, "items": [{"kind": "talk", "title": "\\ud83d"}]}', "a.json").diagnostics
