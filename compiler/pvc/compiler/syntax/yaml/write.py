"""A tree -> the YAML twin."""

from __future__ import annotations

import re
from typing import Any

from pvc.compiler.syntax import tree
from pvc.compiler.syntax.format import tail_comments
from pvc.compiler.syntax.phrases import Unprintable, expression, one_line, type_text
from pvc.compiler.syntax.yaml.shapes import KINDS, Many, Plain, Shape, TextOf, TypeOf, Value, Word, Words, fields_of

_PLAIN = re.compile(r"-?[^\W_][\w.%-]*|_[\w.]*")
_WORD = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_SPECIAL = frozenset({"", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"""Words that YAML readers take for something else than text."""

_INDENT = "  "


def yaml_text(file: tree.File) -> str:
    """The twin of a file. Raises Unprintable where the file has errors."""
    out = ["vid: 1"]
    if file.blocks:
        out.append("items:")
    else:
        out.append("items: []")
    for index, block in enumerate(file.blocks):
        out += _entry(block.item, "", first=not index)
    out += [_comment(line) if line else "" for line in tail_comments(file.tail)]
    return "\n".join(out) + "\n"


def _comment(text: str) -> str:
    return "#" + text[2:] if text.startswith("//") else text


def _entry(node: Any, indent: str, first: bool) -> list[str]:
    """A node that stands in a sequence, its comments around it."""
    kind: type = type(node)
    if kind is tree.Broken:
        raise Unprintable
    trivia: tree.Trivia = getattr(node, "trivia", tree.NO_TRIVIA)
    out: list[str] = []
    if trivia.blank_before and not first:
        out.append("")
    out += [f"{indent}{_comment(text)}" if text else "" for text in trivia.leading]
    keys: list[str] = []
    inner = indent + _INDENT
    if kind in KINDS:
        keys.append(f"{inner}kind: {node.kind if len(KINDS[kind]) > 1 else KINDS[kind][0]}")
    own_doc = any(one.name == "doc" for one in fields_of(kind))
    if trivia.doc is not None:
        keys += _pair(inner, "about" if own_doc else "doc", _quoted(trivia.doc))
    for field in fields_of(kind):
        value = getattr(node, field.name)
        if value is None or value == ():
            continue
        keys += _field(inner, field.name, value, field.shape)
    keys[0] = f"{indent}- {keys[0][len(inner) :]}"
    if trivia.trailing:
        # Behind the first line; a block text there would take the comment for its own.
        keys[0] += f"  {_comment(trivia.trailing)}"
    out += keys
    if trivia.dangling:
        out += [f"{inner}{_comment(text)}" if text else "" for text in trivia.dangling]
    return out


def _pair(indent: str, key: str, text: str) -> list[str]:
    return [f"{indent}{key}: {text}"]


def _field(indent: str, key: str, value: Any, shape: Shape) -> list[str]:
    match shape:
        case Word():
            return _pair(indent, key, _word(value))
        case Words():
            return _pair(indent, key, _word(".".join(value.parts)))
        case TextOf():
            return _pair(indent, key, _quoted(value.value))
        case TypeOf():
            return _pair(indent, key, _word(type_text(value)))
        case Value():
            return f"{indent}{key}: {_value(value, indent)}".replace(": \n", ":\n", 1).split("\n")
        case Many(Value()):
            lines = [line for one in value for line in f"{indent}- {_value(one, indent)}".split("\n")]
            return [f"{indent}{key}:", *lines]
        case Many():
            lines = [line for index, one in enumerate(value) for line in _entry(one, indent, first=not index)]
            return [f"{indent}{key}:", *lines]
        case Plain(of):
            lines = []
            for field in fields_of(of):
                inner = getattr(value, field.name)
                if inner is not None:
                    lines += _field(indent + _INDENT, field.name, inner, field.shape)
            return [f"{indent}{key}:", *lines]
        case _:
            raise Unprintable


# ---------------------------------------------------------------------------------------------- scalars


def _word(text: str) -> str:
    bare = _WORD.fullmatch(text) is not None and text.lower() not in _SPECIAL
    return text if bare else _quoted(text)


def _quoted(text: str) -> str:
    """A double-quoted scalar. YAML knows the escapes of JSON and more."""
    out = ['"']
    for character in text:
        if character in '"\\':
            out.append("\\" + character)
        elif character == "\n":
            out.append("\\n")
        elif character == "\t":
            out.append("\\t")
        elif character.isprintable() and character not in "\ufeff\ufffe\uffff":
            out.append(character)
        elif ord(character) < 0x100:
            out.append(f"\\x{ord(character):02x}")
        elif ord(character) < 0x10000:
            out.append(f"\\u{ord(character):04x}")
        else:
            out.append(f"\\U{ord(character):08x}")
    out.append('"')
    return "".join(out)


def _value(node: tree.Expr, indent: str) -> str:
    """An expression as a scalar, a flow sequence or a small mapping; further lines are indented below ``indent``."""
    flat = _flow(node)
    if flat is not None:
        return flat
    if isinstance(node, tree.Unary) and node.op.isalpha() and node.op != "not":
        deeper = indent + _INDENT
        return f"\n{deeper}word: {_word(node.op)}\n{deeper}of: {_value(node.operand, deeper)}"
    text = expression(node, "", 0)
    return _block("!expr", text, indent) or f"!expr {_quoted(text)}"


def _flow(node: tree.Expr) -> str | None:
    """On one line, or None where comments inside ask for several."""
    if isinstance(node, tree.Text):
        return _quoted(node.value)
    if isinstance(node, tree.ListExpr):
        items = [_flow(one) for one in node.items]
        return None if None in items else f"[{', '.join(one for one in items if one is not None)}]"
    if isinstance(node, tree.Unary) and node.op.isalpha() and node.op != "not":
        operand = _flow(node.operand)
        return None if operand is None else f"{{ word: {_word(node.op)}, of: {operand} }}"
    if isinstance(node, tree.Tagged) and node.tag.isascii() and node.tag != "expr":
        return f"!{node.tag} {_scalar(node.raw)}"
    text = one_line(node)
    if text is None:
        return None
    if _PLAIN.fullmatch(text) and not isinstance(node, tree.Tagged) and text.lower() not in ("~", "null"):
        return text
    return f"!expr {_scalar(text)}"


def _scalar(text: str) -> str:
    """A quoted scalar: single quotes where nothing needs an escape."""
    if text.isprintable() and "\\" not in text and '"' not in text:
        return _quoted(text)
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return _quoted(text)


def _block(tag: str, text: str, indent: str) -> str | None:
    """A literal block scalar, where it would give the text back unchanged."""
    lines = text.split("\n")
    if text != text.strip("\n \t") or any(line and not line.isprintable() for line in lines):
        return None
    deeper = indent + _INDENT
    return f"{tag} |-\n" + "\n".join(deeper + line if line else "" for line in lines)
