"""JSON Schemas of the twin, generated from the types of the tree: ``python -m pvc.compiler.syntax.yaml.schema`` writes
them into schemas/, and a test keeps them fresh.

`vid.schema.json` validates and completes what people write. `vid.decode.schema.json` constrains what a language model
may write: every property is required (null for what is absent), no other properties, arrays and texts bounded, and none
of the keywords that decoders ignore.
"""

from __future__ import annotations

import json
from typing import Any

from pvc.compiler import data
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.parser import MOST_ITEMS
from pvc.compiler.syntax.yaml import decoding
from pvc.compiler.syntax.yaml.shapes import (
    ITEMS,
    KINDS,
    PLAIN,
    Field,
    Many,
    OneOf,
    Plain,
    Shape,
    TextOf,
    TypeOf,
    Value,
    Word,
    Words,
    fields_of,
    holds_comments,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SOLID = r"[^\s!-/:-@\[-\^`{-~]"
"""What a word may go on with: not quite all that this lets through are letters, as the dialects of patterns that
editors speak know no letters beyond ASCII."""
_LOOSE_NAME = rf"^(?:(?![0-9]){_SOLID}+|(?![0-9]+[eE][0-9]+$)[0-9]+[A-Za-z]+[0-9]{_SOLID}*)$"
_LOOSE_DOTTED = rf"^(?![0-9]){_SOLID}+(?:\.(?![0-9]){_SOLID}+)*$"
_SOMETHING = r"\S"


def validation_schema() -> dict[str, Any]:
    """What the twin may look like, as loosely as the reader takes it."""
    item = {"anyOf": [{"$ref": f"#/$defs/{_label(kind)}"} for kind in ITEMS]}
    return {
        "$schema": DIALECT,
        "title": "A talk in the YAML spelling of pvc",
        "type": "object",
        "properties": {
            "vid": {"enum": [1, "1"]},
            "items": _many(item) | {"maxItems": MOST_ITEMS},
            "$schema": {"description": "For editors; pvc reads over it."},
        },
        "required": [],
        "additionalProperties": False,
        "$defs": {
            "value": _value_schema(),
            "expression": _expression_schema(),
            **{_label(kind): _node_schema(kind) for kind in (*KINDS, *PLAIN)},
        },
    }


def decoding_schema() -> dict[str, Any]:
    """What a model may write."""
    return decoding.decoding_schema(DIALECT)


def _label(kind: type) -> str:
    return kind.__name__


def _node_schema(kind: type) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    if kind in KINDS:
        words = KINDS[kind]
        properties["kind"] = {"const": words[0]} if len(words) == 1 else {"enum": list(words)}
        required.append("kind")
    fields = fields_of(kind)
    if holds_comments(kind) and kind is not tree.FieldDecl:
        about = "about" if any(field.name == "doc" for field in fields) else "doc"
        properties[about] = {
            "type": ["string", "number", "boolean", "null"],
            "description": "The doc comment (`///` in a .vid file).",
        }
    for field in fields:
        properties[field.name] = _field_schema(field)
        if field.required:
            required.append(field.name)
    out: dict[str, Any] = {"type": "object"}
    if kind.__doc__ and not kind.__doc__.startswith(f"{kind.__name__}("):  # not dataclass's own
        out["description"] = " ".join(kind.__doc__.split())
    return out | {"properties": properties, "required": required, "additionalProperties": False}


def _field_schema(field: Field) -> dict[str, Any]:
    inner = _shape_schema(field.shape)
    return {"anyOf": [inner, {"type": "null"}]} if field.optional else inner


def _shape_schema(shape: Shape) -> dict[str, Any]:
    match shape:
        case Word(free):
            return {"type": ["string", "number", "boolean"]} if free else _word()
        case Words():
            return {"type": "string", "pattern": _LOOSE_DOTTED}
        case TextOf():
            return {"type": ["string", "number", "boolean"]}
        case TypeOf():
            return {"type": "string", "pattern": _SOMETHING}
        case Value(only) if only:
            plain = ["string", "number"] if only == (tree.Number,) else ["string", "boolean"]
            return {"anyOf": [{"type": plain}, {"$ref": "#/$defs/expression"}]}
        case Value():
            return {"$ref": "#/$defs/value"}
        case Many(of):
            return _many(_shape_schema(of))
        case OneOf(classes):
            return {"anyOf": [{"$ref": f"#/$defs/{_label(kind)}"} for kind in classes]}
        case Plain(of):
            return {"$ref": f"#/$defs/{_label(of)}"}


def _many(inner: dict[str, Any]) -> dict[str, Any]:
    return {"type": ["array", "null"], "items": inner}


def _word() -> dict[str, Any]:
    """A word. `no` and `on` are names too, whatever a reader of YAML makes of them."""
    return {"type": ["string", "boolean"], "pattern": _LOOSE_NAME}


def _expression_schema() -> dict[str, Any]:
    return decoding.mapping(expr={"type": ["string", "number", "boolean", "null"], "pattern": _SOMETHING})


def _value_schema() -> dict[str, Any]:
    reference = {"$ref": "#/$defs/value"}
    return {
        "description": "A value: a plain scalar is an expression of .vid, a quoted one a text, `!tex '...'` a raw "
        "text, `!expr '...'` an expression that YAML could not hold plainly.",
        "anyOf": [
            {"$ref": "#/$defs/expression"},
            decoding.mapping(tag=_word(), raw={"type": ["string", "number", "boolean", "null"]}),
            decoding.mapping(word=_word(), of=reference),
            {"type": "array", "items": reference},
            {"type": ["string", "number", "boolean", "null"]},
        ],
    }


SCHEMAS = {"vid.schema.json": validation_schema, "vid.decode.schema.json": decoding_schema}


def text_of(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for _name, _make in SCHEMAS.items():
        data.path("schemas", _name).write_text(text_of(_make()), encoding="utf-8")
