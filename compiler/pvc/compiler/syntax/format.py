"""The formatter: a tree as canonical text.

Canonical means: two spaces a level, one statement a line, single blank lines where there were any and between items
with bodies, no alignment (so that an edit changes one line of a diff), the shortest spelling of literals. Comments stay
with their statement. Reading the text again gives the same tree, and formatting it again the same text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.lexer import GOING_ON
from pvc.compiler.syntax.literals import quoted
from pvc.compiler.syntax.parser import parse, parse_block
from pvc.compiler.syntax.phrases import (
    INDENT,
    SUM,
    TIGHTEST,
    WIDTH,
    Unprintable,
    behind,
    comments,
    expression,
    field_lines,
    leading,
    plain_fields,
    type_text,
)

YAML_SUFFIXES = (".yaml", ".yml", ".json")
"""How the names of files in the YAML spelling end."""

_BARE_LANGUAGE = re.compile(r"[^\W\d]\w*(?:-[^\W\d]\w*)*")


@dataclass(frozen=True, slots=True)
class Formatted:
    """``text`` is canonical, but for the blocks that ``diagnostics`` are about: those stay as they were."""

    text: str
    diagnostics: tuple[Diagnostic, ...]


def format_text(text: str, path: str) -> Formatted:
    """A file's text in canonical form. Blocks with errors are kept as they are, to the letter."""
    parsed = parse(text, path)
    return Formatted(format_file(parsed.file), parsed.diagnostics)


def format_file(file: tree.File) -> str:
    """The canonical text of a file. A block that has errors keeps its text."""
    vid = not file.path.lower().endswith(YAML_SUFFIXES)
    out: list[str] = []
    before: tree.Item | None = None
    for block in file.blocks:
        try:
            if vid and block.text and parse_block(block.text)[1]:
                raise Unprintable
            lines = item_lines(block.item)
        except Unprintable:
            lines = block.text.strip("\n").split("\n")
        if out and (_has_body(before) or _has_body(block.item) or block.item.trivia.blank_before):
            out.append("")
        out += lines
        before = block.item
    tail = tail_comments(file.tail)
    if any(tail):
        if out and (not tail[0] or _has_body(before)):
            out.append("")
        out += tail if tail[0] else tail[1:]
    return "\n".join(out) + "\n" if out else ""


def tail_comments(tail: str) -> list[str]:
    """The comments behind the last item, in the spelling of `.vid`, with single blank lines where there were any."""
    out: list[str] = []
    for raw in tail.split("\n"):
        line = raw.strip(" \t\r\f\v\ufeff")
        if line.startswith("#"):
            line = "//" + line[1:]  # a tail read from YAML
        if line.startswith("//") or (not line and out != [""] and (not out or out[-1])):
            out.append(line)
    while out and not out[-1]:
        out.pop()
    return out


def _has_body(item: tree.Item | None) -> bool:
    """Whether an item takes several lines, so that blank lines set it off."""
    return (
        item is not None
        and not isinstance(item, (tree.Use, tree.Let))
        and not (isinstance(item, tree.Declaration) and not item.trivia.doc)
    )


def item_lines(item: tree.Item) -> list[str]:
    """The lines of a top-level item, its comments included. Raises Unprintable."""
    return [*comments(item.trivia, ""), *_node(item, "")]


def statement_lines(statement: Any, indent: str) -> list[str]:
    """The lines of a statement with its comments, without a blank line above. Raises Unprintable."""
    return [*comments(statement.trivia, indent), *_node(statement, indent)]


def _node(node: Any, indent: str) -> list[str]:
    printer = _PRINTERS.get(type(node))
    if printer is None:
        raise Unprintable
    lines = printer(node, indent)
    if node.trivia.trailing:
        lines[-1] += behind(node.trivia)
    return lines


def _body(head: str, statements: Sequence[Any], dangling: Sequence[str], indent: str) -> list[str]:
    """``head { ... }``, one statement a line."""
    if not statements and not dangling:
        return [f"{head} {{}}"]
    deeper = indent + INDENT
    lines = [f"{head} {{"]
    for index, statement in enumerate(statements):
        if index and statement.trivia.blank_before:
            lines.append("")
        lines += statement_lines(statement, deeper)
    lines += [f"{deeper}{text}" if text else "" for text in dangling]
    lines.append(f"{indent}}}")
    return lines


def _split(text: str) -> list[str]:
    return text.split("\n")


def _used(lines_or_text: str) -> int:
    """The column behind a text that may have several lines."""
    return len(lines_or_text) - lines_or_text.rfind("\n") - 1


# ---------------------------------------------------------------------------------------------- statements


def _setting(node: tree.Setting, indent: str) -> list[str]:
    head = f"{indent}{node.name} = "
    return _split(head + expression(node.value, indent, len(head)))


def _group(node: tree.Group, indent: str) -> list[str]:
    return _body(f"{indent}{node.name}", node.items, node.trivia.dangling, indent)


def _clauses(text: str, clauses: Sequence[tree.Clause], indent: str) -> str:
    for clause in clauses:
        text += f" {clause.keyword} "
        value = clause.value
        if isinstance(value, tree.Unary) and value.op.isalpha() and value.op != "not":
            operand = leading(value.operand, (), indent, _used(text) + len(value.op) + 1, TIGHTEST)
            text += f"{value.op} {operand}"
        else:
            text += leading(value, ("PLACE",), indent, _used(text), SUM)
    return text


def _action(node: tree.Action, indent: str) -> list[str]:
    text = f"{indent}{node.verb}"
    for index, operand in enumerate(node.operands):
        text += ", " if index else " "
        words = () if index else ("CLAUSE",)
        shown = leading(operand, words, indent, _used(text), TIGHTEST)
        # `on x` would go on with the line above; `on (x)` does not.
        text += f"({shown})" if not index and node.verb in GOING_ON and shown[0] != "(" else shown
    return _split(_clauses(text, node.clauses, indent))


def _say(node: tree.Say, indent: str) -> list[str]:
    text = _clauses(f"{indent}say {quoted(node.text.value, narration=True)}", node.clauses, indent)
    if node.body or node.trivia.dangling:
        head, *more = _split(text)
        if not more:
            return _body(head, node.body, node.trivia.dangling, indent)
        return [head, *more[:-1], *_body(more[-1], node.body, node.trivia.dangling, indent)]
    return _split(text)


def _anchored(node: tree.Anchored, indent: str) -> list[str]:
    target = node.anchor.target
    head = f"{indent}at {quoted(target.value) if isinstance(target, tree.Text) else '.'.join(target.parts)}"
    offset = node.anchor.offset
    if offset is not None:
        sign = "-" if offset.value.is_signed() else "+"
        head += f" {sign} {expression(tree.Number(abs(offset.value), offset.unit))}"
    if len(node.body) == 1 and not node.trivia.dangling:
        only = node.body[0]
        alone = not comments(only.trivia, "") and not (node.trivia.trailing and only.trivia.trailing)
        if alone and not isinstance(only, tree.Broken):
            first, *rest = _node(only, indent)
            return [f"{head}: {first.removeprefix(indent)}", *rest]
    return _body(head, node.body, node.trivia.dangling, indent)


def _together(node: tree.Together, indent: str) -> list[str]:
    return _body(f"{indent}together", node.body, node.trivia.dangling, indent)


def _arrangement(node: tree.Arrangement, indent: str) -> list[str]:
    return _body(f"{indent}{node.kind}", node.body, node.trivia.dangling, indent)


def _wait(node: tree.Wait, indent: str) -> list[str]:
    head = f"{indent}wait "
    return _split(head + leading(node.duration, (), indent, len(head)))


def _claim(node: tree.Claim, indent: str) -> list[str]:
    parts = [f"claim {quoted(node.text.value)}"]
    if node.source is not None:
        parts.append(f"from {leading(node.source, ('PLACE',), indent, 0)}")
    if node.place is not None:
        place = f"at {quoted(node.place.value)}"
        # A line cannot begin with `at`: it would be a statement of its own.
        parts[-1] += f" {place}"
    if node.quote is not None:
        parts.append(f"quote {quoted(node.quote.value)}")
    whole = indent + " ".join(parts)
    if len(whole) <= WIDTH or len(parts) == 1:
        return [whole]
    deeper = indent + INDENT
    rest = deeper + " ".join(parts[1:])
    if len(rest) <= WIDTH:
        return [indent + parts[0], rest]
    return [indent + parts[0], *(deeper + part for part in parts[1:])]


def _expect(node: tree.Expect, indent: str) -> list[str]:
    condition = node.condition
    head = f"{indent}expect "
    if isinstance(condition, tree.Unary) and condition.op.isalpha() and condition.op != "not":
        operand = leading(condition.operand, (), indent, len(head) + len(condition.op) + 1, TIGHTEST)
        text = f"{head}{condition.op} {operand}"
    else:
        text = head + leading(condition, ("PREDICATE",), indent, len(head))
    return _split(_clauses(text, node.clauses, indent))


def _remark(node: tree.Remark, indent: str) -> list[str]:
    return [f"{indent}{node.kind} {quoted(node.text.value)}"]


def _let(node: tree.Let, indent: str) -> list[str]:
    head = f"{indent}let {node.name} = "
    return _split(head + expression(node.value, indent, len(head)))


def _if(node: tree.If, indent: str) -> list[str]:
    head = f"{indent}if "
    lines = _split(head + leading(node.condition, (), indent, len(head)))
    otherwise = node.otherwise
    chain = len(otherwise) == 1 and isinstance(otherwise[0], tree.If) and not comments(otherwise[0].trivia, "")
    dangling = node.trivia.dangling
    lines = [*lines[:-1], *_body(lines[-1], node.body, dangling if chain or not otherwise else (), indent)]
    if not otherwise:
        return lines
    if chain:
        rest = _node(otherwise[0], indent)
        joined = f"{lines[-1]} else {rest[0].removeprefix(indent)}"
        return [*lines[:-1], joined, *rest[1:]]
    return [*lines[:-1], *_body(f"{lines[-1]} else", otherwise, dangling, indent)]


def _for(node: tree.For, indent: str) -> list[str]:
    head = f"{indent}for {node.variable} in "
    lines = _split(head + leading(node.iterable, (), indent, len(head)))
    return [*lines[:-1], *_body(lines[-1], node.body, node.trivia.dangling, indent)]


# ---------------------------------------------------------------------------------------------- declarations, items


def _render(node: tree.Render, indent: str) -> list[str]:
    return [f"{indent}render {node.backend} = {quoted(node.implementation.value)}"]


def _part(node: tree.PartDecl, indent: str) -> list[str]:
    index = f"[{type_text(node.index)}]" if node.index is not None else ""
    doc = f" {quoted(node.doc.value)}" if node.doc is not None else ""
    if node.of is None:
        return [f"{indent}part {node.name}{index}{doc}"]
    head = f"{indent}part {node.name}"
    if node.by is not None:
        told = _clauses(head, (tree.Clause("by", node.by),), indent)
        if told.endswith(("true", "false")):  # before `=` every word is a name
            told = f"{head} by ({told.removeprefix(f'{head} by ')})"
        head = told
    head += " = "
    return _split(head + leading(node.of, (), indent, _used(head), TIGHTEST) + doc)


def _parameters(head: str, fields: Sequence[tree.FieldDecl], indent: str, behind_it: str) -> list[str]:
    flat = plain_fields(fields)
    if flat is not None and len(head) + len(flat) + 2 + len(behind_it) <= WIDTH:
        return [f"{head}({flat})"]
    deeper = indent + INDENT
    lines = [line for one in fields for line in _split("\n".join(field_lines(one, deeper, ",")))]
    return [f"{head}(", *lines, f"{indent})"]


def _action_decl(node: tree.ActionDecl, indent: str) -> list[str]:
    doc = f" {quoted(node.doc.value)}" if node.doc is not None else ""
    head = f"{indent}action {node.name}"
    if not node.parameters:
        return [head + doc]
    lines = _parameters(head, node.parameters, indent, doc)
    return [*lines[:-1], lines[-1] + doc]


def _entry(node: tree.LexiconEntry, indent: str) -> list[str]:
    return [f"{indent}{quoted(node.written.value)} -> {quoted(node.spoken.value)}"]


def _talk(node: tree.Talk, indent: str) -> list[str]:
    return _body(f"{indent}talk {quoted(node.title.value)}", node.body, node.trivia.dangling, indent)


def _use(node: tree.Use, indent: str) -> list[str]:
    what = ".".join(node.module.parts) if node.module is not None else quoted(node.path.value if node.path else "")
    return [f"{indent}use {what}{f' as {node.alias}' if node.alias else ''}"]


def _declaration(node: tree.Declaration, indent: str) -> list[str]:
    head = f"{indent}{node.kind} {node.name} = "
    lines = _split(head + expression(node.value, indent, len(head)))
    if not node.columns:
        return lines
    flat = plain_fields(node.columns)
    if flat is not None and not node.trivia.dangling and len(lines[-1]) + len(flat) + 5 <= WIDTH:
        return [*lines[:-1], f"{lines[-1]} {{ {flat} }}"]
    deeper = indent + INDENT
    columns = [line for one in node.columns for line in field_lines(one, deeper, "")]
    dangling = [f"{deeper}{text}" if text else "" for text in node.trivia.dangling]
    return [*lines[:-1], f"{lines[-1]} {{", *columns, *dangling, f"{indent}}}"]


def _lexicon(node: tree.Lexicon, indent: str) -> list[str]:
    return _body(f"{indent}lexicon", node.entries, node.trivia.dangling, indent)


def _concept(node: tree.Concept, indent: str) -> list[str]:
    return _body(f"{indent}concept {node.name}", node.body, node.trivia.dangling, indent)


def _theme(node: tree.ThemeDecl, indent: str) -> list[str]:
    head = f"{indent}theme {node.name}"
    lines = [head]
    if node.parameters:
        known = f" extends {'.'.join(_callee(node.extends).parts)}" if node.extends is not None else ""
        lines = _parameters(head, node.parameters, indent, f"{known} {{")
    if node.extends is not None:
        begin = f"{lines[-1]} extends "
        called = isinstance(node.extends, tree.Call)
        base = expression(node.extends, indent, len(begin)) if called else ".".join(_callee(node.extends).parts)
        lines = [*lines[:-1], *_split(begin + base)]
    return [*lines[:-1], *_body(lines[-1], node.body, node.trivia.dangling, indent)]


def _callee(extended: tree.Name | tree.Call) -> tree.Name:
    return extended.callee if isinstance(extended, tree.Call) else extended


def _component(node: tree.ComponentDecl, indent: str) -> list[str]:
    lines = _parameters(f"{indent}component {node.name}", node.parameters, indent, " {")
    return [*lines[:-1], *_body(lines[-1], node.body, node.trivia.dangling, indent)]


def _scene(node: tree.Scene, indent: str) -> list[str]:
    title = f" {quoted(node.title.value)}" if node.title is not None else ""
    text = _clauses(f"{indent}scene {node.name}{title}", [one for one in node.clauses if one.keyword != "if"], indent)
    for clause in node.clauses:
        if clause.keyword == "if":  # it stands last, where it may be any condition
            text += " if "
            text += leading(clause.value, (), indent, _used(text))
    lines = _split(text)
    return [*lines[:-1], *_body(lines[-1], node.body, node.trivia.dangling, indent)]


def _translated(node: tree.Translated, indent: str) -> list[str]:
    # Two lines, however short: a diff of a translation then shows each language by itself.
    return [
        f"{indent}say {quoted(node.text.value, narration=True)}",
        f"{indent}{INDENT}-> {quoted(node.into.value, narration=True)}",
    ]


def _translated_scene(node: tree.TranslatedScene, indent: str) -> list[str]:
    title = f" {quoted(node.title.value)}" if node.title is not None else ""
    return _body(f"{indent}scene {node.name}{title}", node.body, node.trivia.dangling, indent)


def _translation(node: tree.Translation, indent: str) -> list[str]:
    bare = _BARE_LANGUAGE.fullmatch(node.language) is not None
    language = node.language if bare else quoted(node.language)
    return _body(f"{indent}translation {language}", node.body, node.trivia.dangling, indent)


_PRINTERS: dict[type, Callable[[Any, str], list[str]]] = {
    tree.Setting: _setting,
    tree.Group: _group,
    tree.Action: _action,
    tree.Say: _say,
    tree.Anchored: _anchored,
    tree.Together: _together,
    tree.Arrangement: _arrangement,
    tree.Wait: _wait,
    tree.Claim: _claim,
    tree.Expect: _expect,
    tree.Remark: _remark,
    tree.Let: _let,
    tree.If: _if,
    tree.For: _for,
    tree.Render: _render,
    tree.PartDecl: _part,
    tree.ActionDecl: _action_decl,
    tree.LexiconEntry: _entry,
    tree.Talk: _talk,
    tree.Use: _use,
    tree.Declaration: _declaration,
    tree.Lexicon: _lexicon,
    tree.Concept: _concept,
    tree.ThemeDecl: _theme,
    tree.ComponentDecl: _component,
    tree.Scene: _scene,
    tree.Translated: _translated,
    tree.TranslatedScene: _translated_scene,
    tree.Translation: _translation,
}
