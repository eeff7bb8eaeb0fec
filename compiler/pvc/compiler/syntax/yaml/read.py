"""The twin -> the same tree that `.vid` gives, with the same codes and with spans in the YAML text.

What the form allows but `.vid` cannot say (a verb that is a keyword, say) is found by writing every item in `.vid` and
reading that again: so both spellings always hold the same trees.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from typing import Any

from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.format import item_lines
from pvc.compiler.syntax.lexer import TooMany
from pvc.compiler.syntax.parser import (
    MOST_ITEMS,
    Parsed,
    parse_block,
    too_large,
    too_many,
    too_many_items,
    unhurried,
)
from pvc.compiler.syntax.phrases import Unprintable
from pvc.compiler.syntax.problem import MOST, Problem
from pvc.compiler.syntax.table import table
from pvc.compiler.syntax.tree import At
from pvc.compiler.syntax.yaml.aligned import aligned
from pvc.compiler.syntax.yaml.compose import Composed, Node, compose, content
from pvc.compiler.syntax.yaml.remarks import Remarks, assign
from pvc.compiler.syntax.yaml.scalars import SIMPLE_NAME, Scalar, expression, placed, simple_number, type_expression
from pvc.compiler.syntax.yaml.shapes import (
    ITEMS,
    KINDS,
    NAMED,
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
    class_of,
    fields_of,
    holds_comments,
)

VERSION = "1"
"""The version of the twin's form: the value of `vid` at the top of a file."""

_NAME = re.compile(r"[^\W\d]\w*|\d+(?![eE]\d+(?!\w))[A-Za-z]+\d\w*")
"""What the grammar calls a NAME."""
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_NOTHING = ("", "~", "null")
_LONE_BACKSLASH = re.compile(r"\\([\\{}<])|\\")


def parse_yaml(text: str, path: str) -> Parsed:
    """The tree of a file in YAML spelling. Never raises."""
    refused = too_large(text, path)
    if refused is not None:
        return refused
    with unhurried():
        return _parse(text, path)


def _parse(text: str, path: str) -> Parsed:
    composed = compose(text)
    if composed.fault is not None or composed.root is None:
        fault = composed.fault
        found: tuple[Diagnostic, ...] = ()
        if fault is not None:
            found = (Problem(fault.code, fault.message, fault.offset, fault.offset, fault.hint).diagnostic(path, 0),)
        return Parsed(tree.File(path, (), text), found)
    reader = _Reader(text)
    items = reader.items(composed.root)
    remarks = assign(text, composed, items)
    blocks: list[tree.Block] = []
    bounds = [*remarks.starts, max(remarks.tail, remarks.starts[-1] if remarks.starts else 0)]
    if len(remarks.starts) != len(items):
        bounds = [0, *(node.start for node in items[1:]), remarks.tail]
    for index, node in enumerate(items):
        start, end = bounds[index], bounds[index + 1]
        if index == MOST_ITEMS:
            rest = text[start : bounds[-1]]
            blocks.append(tree.Block(tree.Broken(rest, At(0, len(rest))), start, rest))
            reader.problems.append(too_many_items(len(items), start))
            break
        item = reader.item(node, start, remarks)
        blocks.append(tree.Block(item, start, text[start:end]))
        if len(reader.problems) > MOST and index + 1 < len(items):
            rest = text[end : bounds[-1]]
            blocks.append(tree.Block(tree.Broken(rest, At(0, len(rest))), end, rest))
            break
    tail = text[bounds[-1] :] if items else text
    problems = sorted(reader.problems, key=lambda problem: (problem.start, problem.end))[:MOST]
    if len(reader.problems) > MOST:
        problems.append(too_many(problems[-1].end))
    return Parsed(
        tree.File(path, tuple(blocks), tail), tuple(dict.fromkeys(one.diagnostic(path, 0) for one in problems))
    )


class _Reader:
    """``problems`` have offsets in the file; trees get them relative to ``base``, where their block begins."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.base = 0
        self.remarks: Remarks | None = None

    def say(self, problem: Problem) -> None:
        """Raises TooMany once nobody would read on."""
        self.problems.append(problem)
        if len(self.problems) > MOST:
            raise TooMany

    def problem(self, code: str, message: str, node: Node, hint: str, fix: str | None = None) -> None:
        """``fix``: what to write in place of a scalar."""
        plain = node.kind == "scalar" and node.style == "" and node.tag is None
        end = max(node.start, min(node.end, self._end(node)))
        self.say(Problem(code, message, node.start, end, hint, fix if plain else None))

    def _end(self, node: Node) -> int:
        """Mappings and sequences are pointed at by their first line."""
        if node.kind == "scalar":
            return node.end
        line = self.text.find("\n", node.start)
        return node.end if line < 0 else line

    def inner_at(self, node: Node) -> At:
        """A scalar without its quotes."""
        found = self._verbatim(node, node.value)
        return self.at(node) if found is None else At(found - self.base, found - self.base + len(node.value))

    def at(self, node: Node) -> At:
        return At(node.start - self.base, max(node.start, min(node.end, len(self.text))) - self.base)

    # ------------------------------------------------------------------------------------------ the file

    def items(self, root: Node) -> list[Node]:
        """The item nodes of a file."""
        if root.kind != "mapping":
            self.problem("PVC0122", "A spec in YAML is a mapping", root, "begin it with `vid: 1` and `items:`")
            return []
        try:
            return self._items(root)
        except TooMany:
            return []

    def _items(self, root: Node) -> list[Node]:
        found: list[Node] = []
        for key, value in self.pairs(root):
            if key.value == "vid":
                if value.value.isdecimal() and int(value.value[:9]) > int(VERSION):
                    message = (
                        f"This file is in version {_short(value.value)} of the YAML spelling; this pvc reads {VERSION}"
                    )
                    self.problem(
                        "PVC0217", message, value, "install a newer pvc: `pip install -U paper-video-compiler`"
                    )
                elif value.value != VERSION:
                    hint = f"write `vid: {VERSION}`, or read it with a newer pvc"
                    self.problem("PVC0122", f"`{_short(value.value)}` is no version that we read", value, hint)
            elif key.value == "items":
                if value.kind == "sequence":
                    found = value.items
                elif not (value.plain and value.value in _NOTHING):
                    self.problem("PVC0122", "`items` is a sequence", value, "begin each item with a dash")
            elif key.value not in ("$schema",):
                self._unknown_key(key, ("vid", "items", "$schema"), "a file")
        return found

    def item(self, node: Node, base: int, remarks: Remarks) -> tree.Item:
        self.base = base
        self.remarks = remarks
        before = len(self.problems)
        try:
            item = self.one_of(node, ITEMS, "a file")
        except TooMany:
            return self.broken(node)
        if len(self.problems) == before and not isinstance(item, tree.Broken):
            try:
                if not _read_by_the_grammar(item, node):
                    self._check_spelling(item, node)
            except TooMany:
                return self.broken(node)
        return item  # type: ignore[no-any-return]

    def _check_spelling(self, item: Any, node: Node) -> None:
        try:
            text = "\n".join(item_lines(item))
        except Unprintable:
            return
        same, problems = parse_block(text)
        if problems:
            first = problems[0]
            written = text[text.rfind("\n", 0, first.start) + 1 :].split("\n", 1)[0].strip()
            hint = f"in a .vid file it would stand as: {_short(written, 80)}"
            self.problem(first.code, first.message, node, first.hint or hint)
        elif same != item and bare(same) != bare(item):
            hint = "a word in it is read as something else there; rename it"
            self.problem("PVC0126", "This cannot be said in a .vid file", node, hint)

    # ------------------------------------------------------------------------------------------ nodes

    def pairs(self, node: Node) -> list[tuple[Node, Node]]:
        """The pairs of a mapping, each key once."""
        seen: dict[str, Node] = {}
        out = []
        for key, value in node.pairs:
            if key.kind != "scalar":
                self.problem("PVC0122", "A key is a word", key, "write a plain word before the colon")
            elif key.value in seen:
                self.problem("PVC0123", f"`{_short(key.value)}` is given twice", key, "remove one of them")
            else:
                seen[key.value] = key
                out.append((key, value))
        return out

    def broken(self, node: Node) -> tree.Broken:
        at = self.at(node)
        return tree.Broken(self.text[at.start + self.base : at.end + self.base], at)

    def one_of(self, node: Node, classes: tuple[type, ...], place: str) -> Any:
        """A node that says by its `kind` what it is."""
        words = [word for kind in classes for word in KINDS[kind]]
        if node.kind != "mapping":
            self.problem("PVC0122", f"Here stands a mapping with a `kind` in {place}", node, f"one of {_list(words)}")
            return self.broken(node)
        kinds = [(key, value) for key, value in node.pairs if key.value == "kind"]
        if not kinds:
            self.problem("PVC0122", "This has no `kind`", node, f"add one: {_list(words)}")
            return self.broken(node)
        word = kinds[0][1]
        kind = class_of(word.value, classes) if word.kind == "scalar" else None
        if kind is None:
            near = difflib.get_close_matches(word.value, words, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"one of {_list(words)}"
            fix = near[0] if near else None
            self.problem("PVC0121", f"There is no kind `{_short(word.value)}`", word, hint, fix)
            return self.broken(node)
        if kind not in classes:
            self.problem("PVC0108", f"`{word.value}` cannot stand in {place}", word, f"one of {_list(words)}")
            return self.broken(node)
        return self.node(node, kind, word.value)

    def node(self, node: Node, kind: type, word: str) -> Any:
        """A node of a known class out of its mapping."""
        fields = {one.name: one for one in fields_of(kind)}
        values: dict[str, Any] = {}
        doc: str | None = None
        misspelt: set[str] = set()
        about = "about" if "doc" in fields and kind is not tree.FieldDecl else "doc"
        allowed = [*fields, *(("kind",) if kind in KINDS else ())]
        allowed += [about] if holds_comments(kind) and about not in fields else []
        before = len(self.problems)
        for key, value in self.pairs(node):
            if key.value == "kind" and kind in KINDS:
                continue
            nothing = value.plain and value.value in _NOTHING
            if key.value == about and about not in fields and holds_comments(kind):
                doc = None if nothing else self.scalar(value, "a doc comment")
                continue
            field = fields.get(key.value)
            if field is None:
                meant = self._unknown_key(key, allowed, f"`{word}`")
                misspelt.update(meant)
                continue
            if nothing and (field.optional or (field.required and field.shape != Value())):
                continue  # the `null` of JSON is no title and no name
            values[field.name] = self.value(value, field.shape, f"`{word}`")
        for field in fields.values():
            if field.name not in values:
                if field.required and field.name not in misspelt:
                    self.problem("PVC0122", f"`{word}` has no `{field.name}`", node, _wanted(field))
                values[field.name] = field.default
        if len(self.problems) > before and any(values[one.name] is None for one in fields.values() if one.required):
            return self.broken(node)
        if kind in KINDS and "kind" in kind.__dataclass_fields__:  # type: ignore[attr-defined]
            values["kind"] = word
        if holds_comments(kind) and self.remarks is not None:
            holder = self.remarks.holders.get(node.start)
            if holder is not None:
                values["trivia"] = holder.trivia(doc, kind is tree.FieldDecl and values["doc"] is not None)
            elif doc is not None:
                values["trivia"] = tree.Trivia(doc=doc)
        if "name_at" in kind.__dataclass_fields__:  # type: ignore[attr-defined]
            named = NAMED.get(kind, "name")
            values["name_at"] = next(
                (self.inner_at(one) for key, one in node.pairs if key.value == named), tree.NOWHERE
            )
        return kind(at=self.at(node), **values)

    def _unknown_key(self, key: Node, allowed: Any, place: str) -> list[str]:
        """Says that a key does not exist; the keys that may have been meant."""
        near = difflib.get_close_matches(key.value, list(allowed), n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"it has {_list(list(allowed))}"
        fix = near[0] if near else None
        self.problem("PVC0121", f"{place[0].upper()}{place[1:]} has no `{_short(key.value)}`", key, hint, fix)
        return near

    # ------------------------------------------------------------------------------------------ fields

    def value(self, node: Node, shape: Shape, place: str) -> Any:
        match shape:
            case Word(free):
                text = self.scalar(node, "a name")
                if text is not None and not free and _NAME.fullmatch(text) is None:
                    self.problem(
                        "PVC0125", f"`{_short(text)}` is no name", node, "letters, digits and _, no digit first"
                    )
                    return None
                return text
            case Words():
                text = self.scalar(node, "a name")
                if text is not None and _DOTTED.fullmatch(text) is None:
                    self.problem("PVC0125", f"`{_short(text)}` is no name", node, "names with dots between them")
                    return None
                return None if text is None else tree.Name(tuple(text.split(".")), self.at(node))
            case TextOf(narration):
                text = self.scalar(node, "a text")
                if text is None:
                    return None
                if not narration:
                    return tree.Text(text, self.at(node))
                kept = _LONE_BACKSLASH.sub(lambda found: found.group() if found.group(1) else "\\\\", text)
                return tree.Narration(kept, self.at(node), self._offsets(node, kept))
            case TypeOf():
                text = self.scalar(node, "a type")
                return None if text is None else self._parsed(node, text, type_expression)
            case Value(only):
                value = self.expression(node)
                if only and type(value) not in only and not isinstance(value, tree.Missing):
                    words = " or ".join(one.__name__.lower() for one in only)
                    self.problem("PVC0122", f"Here stands a {words}", node, f"write a {words}")
                    return None
                return None if only and isinstance(value, tree.Missing) else value
            case Many(of):
                if node.plain and node.value in _NOTHING:
                    return ()
                if node.kind != "sequence":
                    self.problem("PVC0122", "Here stands a sequence", node, "begin each entry with a dash")
                    return ()
                found = [self.value(one, of, place) for one in node.items]
                return tuple(one for one in found if one is not None and not self._misfit(one, of))
            case OneOf(classes):
                return self.one_of(node, classes, place)
            case Plain(of):
                if node.kind != "mapping":
                    names = _list([one.name for one in fields_of(of)])
                    self.problem("PVC0122", "Here stands a mapping", node, f"with {names}")
                    return None
                found = self.node(node, of, place.strip("`"))
                return None if isinstance(found, tree.Broken) else found  # what is wrong has been told
        raise AssertionError(shape)

    def _misfit(self, value: Any, shape: Shape) -> bool:
        """A Broken where the tree has no room for one: it has been told of already."""
        return isinstance(value, tree.Broken) and isinstance(shape, Plain)

    def scalar(self, node: Node, what: str) -> str | None:
        if node.kind != "scalar":
            self.problem("PVC0122", f"Here stands {what}", node, f"write {what}, not a {node.kind}")
            return None
        if node.tag is not None:
            self.problem("PVC0122", f"`{_short(node.tag)}` cannot stand here", node, "only values have tags")
        return node.value

    def expression(self, node: Node) -> tree.Expr:
        at = self.at(node)
        if node.kind == "sequence":
            return tree.ListExpr(tuple(self.expression(one) for one in node.items), at)
        if node.kind == "mapping":
            return self._mapped(node)
        if node.plain:
            # Most values are a name or a number: no need to go through the grammar for those.
            text = node.value
            if len(text) == node.end - node.start:
                if SIMPLE_NAME.fullmatch(text) and text not in ("true", "false"):
                    return tree.Name(tuple(text.split(".")), at)
                simple = simple_number(text)
                if simple is not None:
                    return tree.Number(simple[0], simple[1], at)
            return self._parsed(node, text, expression)  # type: ignore[no-any-return]
        if node.tag == "!expr":
            return self._parsed(node, node.value, expression)  # type: ignore[no-any-return]
        if node.tag is None:
            return tree.Text(node.value, at)
        tag = node.tag.removeprefix("!")
        if _NAME.fullmatch(tag) is None:
            self.problem(
                "PVC0125", f"`{_short(node.tag)}` is no tag", node, "`!expr`, or `!` and what a raw text is: `!tex`"
            )
            return tree.Missing(at)
        return tree.Tagged(tag, node.value, at)

    def _mapped(self, node: Node) -> tree.Expr:
        """`{expr: ...}`, `{tag: ..., raw: ...}` and `{word: ..., of: ...}`: what JSON has no scalars for."""
        at = self.at(node)
        pairs = {key.value: value for key, value in self.pairs(node)}
        names = set(pairs)
        if names == {"expr"} and pairs["expr"].kind == "scalar":
            return self._parsed(pairs["expr"], pairs["expr"].value, expression)  # type: ignore[no-any-return]
        if names == {"tag", "raw"}:
            tag, raw = self.scalar(pairs["tag"], "a tag"), self.scalar(pairs["raw"], "a raw text")
            if tag is not None and raw is not None and _NAME.fullmatch(tag):
                return tree.Tagged(tag, raw, at)
            self.problem("PVC0125", "This is no tag", pairs["tag"], "write `tex`, `md` or a language")
            return tree.Missing(at)
        if names == {"word", "of"}:
            word = self.scalar(pairs["word"], "a word")
            if word is not None and _NAME.fullmatch(word):
                return tree.Unary(word, self.expression(pairs["of"]), at)
            self.problem("PVC0125", "This is no word", pairs["word"], "write `below`, `above` or `visible`")
            return tree.Missing(at)
        hint = "write {expr: ...}, {tag: ..., raw: ...} or {word: ..., of: ...}"
        self.problem("PVC0122", "This mapping is no value", node, hint)
        return tree.Missing(at)

    def _parsed(self, node: Node, text: str, parse: Callable[[str], Scalar]) -> Any:
        """A scalar's text by the grammar of `.vid`, its places where they are in the file."""
        value, shift, problems = parse(text)
        begin = self._verbatim(node, text)
        places = aligned(self.text, node, text) if begin is None else None

        def place(start: int, end: int) -> tuple[int, int]:
            """In the file, where a stretch of the scalar stands."""
            if begin is not None:
                return begin + max(start, 0), begin + end
            if places is None or not places:
                return node.start, node.end
            low = places[min(max(start, 0), len(places) - 1)]
            return low, max(low, places[min(max(end, 1), len(places)) - 1] + 1) if end > start else low

        for problem in problems:
            start, end = place(problem.start, problem.end)
            self.say(Problem(problem.code, problem.message, start, end, problem.hint))

        def moved(at: At) -> At:
            low, high = place(at.start - shift, at.end - shift)
            return At(low - self.base, high - self.base)

        return placed(value, moved)

    def _verbatim(self, node: Node, text: str) -> int | None:
        """Where a scalar's text stands letter by letter in the file; None where escapes or folding changed it."""
        begin = content(self.text, node.start, node.end)
        if node.style in ("|", ">"):
            begin = max(begin, self.text.find("\n", begin, node.end))
        found = self.text.find(text, begin, node.end)
        return found if found >= 0 and "\n" not in text else None

    def _offsets(self, node: Node, value: str) -> tuple[int, ...]:
        begin = self._verbatim(node, value)
        start = node.start - self.base
        if begin is None:
            found = aligned(self.text, node, value)
            return tuple(each - self.base for each in found) if found is not None else (start,) * len(value)
        if begin == node.start + 1:
            return ()
        return tuple(range(begin - self.base, begin - self.base + len(value)))


def bare(value: Any) -> Any:
    """A tree without places and comments, for comparison."""
    if isinstance(value, tree.Trivia):
        return value.doc
    if isinstance(value, At):
        return None
    if isinstance(value, tuple):
        return tuple(bare(one) for one in value)
    fields = getattr(value, "__dataclass_fields__", None)
    if fields is None:
        return value
    return type(value).__name__, tuple(bare(getattr(value, name)) for name, one in fields.items() if one.compare)


def _read_by_the_grammar(item: tree.Item, node: Node) -> bool:
    """Whether all of an item but its name was read as in `.vid`, and the name can stand there: a value, as most of the
    items of a large file are. What is printed of it is then known to be read as the same. Not so a name or a number,
    which does not go through the grammar: `not` is a name in YAML."""
    if not isinstance(item, tree.Let) or item.trivia is not tree.NO_TRIVIA:
        return False
    if not item.name.isidentifier() or item.name in table().words or isinstance(item.value, tree.Name | tree.Number):
        return False
    value = next((one for key, one in node.pairs if key.value == "value"), None)
    return value is not None and value.kind == "scalar" and (value.plain or value.tag == "!expr")


def _wanted(field: Field) -> str:
    return f"add `{field.name}`"


def _list(words: list[str]) -> str:
    shown = [f"`{word}`" for word in words]
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + f" or {shown[-1]}"


def _short(text: str, size: int = 40) -> str:
    text = text.replace("\n", " ")
    return text if len(text) <= size else text[: size - 3] + "..."


__all__ = ["Composed", "bare", "parse_yaml"]
