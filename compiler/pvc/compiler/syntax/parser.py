"""Text -> tree and diagnostics. Parsing never fails, never raises, and says everything that is wrong in one run."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.recent import of_texts
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.blocks import Cut, cut
from pvc.compiler.syntax.build import Builder
from pvc.compiler.syntax.driver import Action, run
from pvc.compiler.syntax.lexer import TooDeep, TooMany, lex
from pvc.compiler.syntax.problem import MOST, Problem
from pvc.compiler.syntax.table import table

LARGEST = 8 * 1024 * 1024
"""Characters that a file may have."""


MOST_ITEMS = 10_000
"""Top-level items that a file may have."""

MOST_TOKENS = 400_000
"""Words and signs that one item may have."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """``cut`` and ``items`` are for whoever reads the file again after an edit: where its blocks begin (None where it
    was not cut: it is YAML, or too long), and what each of their texts is."""

    file: tree.File
    diagnostics: tuple[Diagnostic, ...]
    cut: Cut | None = field(default=None, compare=False, repr=False)
    items: Mapping[str, tuple[tree.Item, tuple[Problem, ...]]] = field(default_factory=dict, compare=False, repr=False)


def parse(text: str, path: str, before: Parsed | None = None) -> Parsed:
    """The tree of a file in `.vid` spelling; ``path`` is what diagnostics call it. ``before``: the tree of the same
    file before an edit, so that only what the edit touched is read again."""
    refused = too_large(text, path)
    if refused is not None:
        return refused
    with unhurried():
        return _parse(text, path, before)


@contextmanager
def unhurried() -> Iterator[None]:
    """Without the cycle collector: nothing here makes cycles, and a long file makes many objects, over which the
    collector would only walk again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def too_many(offset: int) -> Problem:
    """What is said instead of the rest."""
    message = f"This file has more than {MOST} errors; the rest was not read"
    return Problem("PVC0114", message, offset, offset, "mend those above first, or check that this is a spec at all")


def too_many_items(count: int, offset: int) -> Problem:
    """What is said instead of the items behind the last one that is read."""
    message = f"This file has {count:,} items; a spec may have {MOST_ITEMS:,}"
    return Problem("PVC0005", message, offset, offset, "split it with `use`, and keep data in files of its own")


def too_large(text: str, path: str) -> Parsed | None:
    """The refusal of a text that is too long to be a spec, else None."""
    if len(text) <= LARGEST:
        return None
    message = f"This file has {len(text):,} characters; a spec may have {LARGEST:,}"
    hint = "split it with `use`, and keep data in files of its own"
    found = Diagnostic("PVC0005", Severity.ERROR, message, Span(path, 0, 0), hint)
    return Parsed(tree.File(path, (), text), (found,))


def _parse(text: str, path: str, before: Parsed | None) -> Parsed:
    places = cut(text, before.cut if before is not None else None)
    tail = places.tail
    known = before.items if before is not None else {}
    same = {block.start: block for block in before.file.blocks} if before is not None else {}
    items: dict[str, tuple[tree.Item, tuple[Problem, ...]]] = {}
    blocks: list[tree.Block] = []
    diagnostics: list[Diagnostic] = []
    for number, (start, end) in enumerate(places.ranges):
        if number == MOST_ITEMS:
            rest = text[start:tail]
            blocks.append(tree.Block(tree.Broken(rest, tree.At(0, len(rest))), start, rest))
            diagnostics.append(too_many_items(len(places.ranges), start).diagnostic(path, 0))
            break
        piece = text[start:end]
        found = known.get(piece)
        if found is None:
            found = parse_block(piece)
        items[piece] = found
        item, problems = found
        old = same.get(start)
        blocks.append(old if old is not None and old.item is item else tree.Block(item, start, piece))
        if len(diagnostics) + len(problems) > MOST:
            diagnostics += [problem.diagnostic(path, start) for problem in problems[: MOST - len(diagnostics)]]
            rest = text[end:tail]
            if rest:
                blocks.append(tree.Block(tree.Broken(rest, tree.At(0, len(rest))), end, rest))
            diagnostics.append(too_many(end).diagnostic(path, 0))
            break
        diagnostics += [problem.diagnostic(path, start) for problem in problems]
    if text[tail:].strip():
        # Nothing but comments, yet those may hold what no comment can.
        diagnostics += [problem.diagnostic(path, tail) for problem in lex(text[tail:]).problems]
    return Parsed(tree.File(path, tuple(blocks), text[tail:]), tuple(diagnostics), places, items)


KEPT = 1_000_000
"""Characters of blocks whose items are kept: two long talks, or many versions of a few scenes."""


@of_texts(KEPT)
def parse_block(text: str) -> tuple[tree.Item, tuple[Problem, ...]]:
    """The item of one block's text. Pure, hence cached: after an edit only the block around it is read again."""
    try:
        tokens = lex(text)
    except TooDeep as deep:
        problem = Problem(
            "PVC0110",
            "This nests too deeply to be read",
            deep.offset,
            deep.offset + 1,
            "give the inner parts names with `let`",
        )
        return tree.Broken(text.strip(), tree.At(0, len(text))), (problem,)
    if len(tokens.kinds) > MOST_TOKENS:
        message = f"This item has {len(tokens.kinds):,} words and signs; one may have {MOST_TOKENS:,}"
        long = Problem("PVC0005", message, 0, 0, "keep data in files of their own, and read them with `data`")
        return tree.Broken(text, tree.At(0, len(text))), (long,)
    grammar = table()
    builder = Builder(tokens)
    item: tree.Item
    try:
        item = run(grammar, tokens, builder, _actions(), "block", 0, len(tokens.kinds))
    except TooMany:
        item = tree.Broken(text, tree.At(0, len(text)))
    problems = sorted(tokens.problems, key=lambda problem: (problem.start, problem.end))
    return item, tuple(problems)


@cache
def _actions() -> Sequence[Action | None]:
    """What to do for each rule; None where a rule of one symbol only passes its value on."""
    return [
        None if name == "same" and length == 1 else getattr(Builder, name + "_" if name in ("if", "for") else name)
        for _, length, name in table().rules
    ]
