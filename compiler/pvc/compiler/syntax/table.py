"""The parse table of grammar/vid.lark, as plain data.

lark reads the grammar and makes the LALR(1) table; we keep that table as JSON beside the grammar, because loading it
takes a few milliseconds and importing lark takes ten times that. The table carries the digest of the grammar it was
made from: in a checkout whose grammar has just been edited the table is made anew in memory, and a test asks for
``python -m pvc.compiler.syntax.table``, which writes the file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pvc.compiler import data

STARTS = ("block", "fragment")


@dataclass(frozen=True, slots=True)
class Table:
    """An LALR(1) automaton and the tokens it reads.

    ``actions[state][terminal]`` is ``n > 0``: shift and go to state ``n - 1``; ``n < 0``: reduce by rule ``-n - 1``.
    ``gotos[state][nonterminal]`` is the state after a reduction. ``rules`` are (nonterminal, length, action name).
    ``tokens`` are patterns in the order to try them; ``words`` gives for a word the terminals it may stand for.
    """

    actions: list[dict[str, int]]
    gotos: list[dict[str, int]]
    rules: list[tuple[str, int, str]]
    starts: dict[str, int]
    ends: dict[str, int]
    tokens: dict[str, str]
    words: dict[str, list[str]]
    jumps: dict[tuple[int, str, str], int] = field(default_factory=dict)
    """Filled by the driver as it goes: states after chains of rules that only pass a value on."""


def grammar_digest(grammar: str) -> str:
    return hashlib.sha256(grammar.encode()).hexdigest()


def compile_grammar(grammar: str) -> dict[str, Any]:
    """The table of a grammar as JSON data. Raises lark's own errors where the grammar is not LALR(1)."""
    import re

    import lark

    parser = lark.Lark(grammar, parser="lalr", lexer="basic", start=list(STARTS), maybe_placeholders=False)
    parsed = parser.parser.parser._parse_table  # lark has no public name for it
    # lark numbers states as its sets happen to be ordered; we number them as they are first reached, so that the same
    # grammar always gives the same file.
    order = [parsed.start_states[name] for name in STARTS]
    for state in order:
        steps = sorted(parsed.states[state].items(), key=lambda pair: str(pair[0]))
        for _, (action, argument) in steps:
            if action.name == "Shift" and argument not in order:
                order.append(argument)  # a queue: the loop goes on to what it appends
    number = {state: index for index, state in enumerate(order)}
    rules: list[tuple[str, int, str]] = []
    rule_numbers: dict[object, int] = {}
    actions: list[dict[str, int]] = []
    gotos: list[dict[str, int]] = []
    nonterminals = {str(rule.origin.name) for rule in parser.rules}
    for state in order:
        moves: dict[str, int] = {}
        jumps: dict[str, int] = {}
        for symbol, (action, argument) in sorted(parsed.states[state].items(), key=lambda pair: str(pair[0])):
            if symbol in nonterminals:
                jumps[str(symbol)] = number[argument]
            elif action.name == "Shift":
                moves[str(symbol)] = number[argument] + 1
            else:
                if argument not in rule_numbers:
                    rule_numbers[argument] = len(rules)
                    rules.append((str(argument.origin.name), len(argument.expansion), str(argument.alias)))
                moves[str(symbol)] = -rule_numbers[argument] - 1
        actions.append(moves)
        gotos.append(jumps)
    written = [line.split(":", 1)[0] for line in grammar.splitlines() if re.match(r"[A-Z]+: ", line)]
    patterns = {terminal.name: terminal.pattern.to_regexp() for terminal in parser.terminals}
    words: dict[str, list[str]] = {}
    tokens: dict[str, str] = {}
    for name in written:
        pattern = patterns[name].removeprefix("(?:").removesuffix(")") if name != "TAGGED" else ""
        if pattern and all(part.isalpha() for part in pattern.split("|")):
            for word in sorted(pattern.split("|")):
                words.setdefault(word, []).append(name)
        else:
            tokens[name] = patterns[name]
    return {
        "grammar": grammar_digest(grammar),
        "starts": {name: number[parsed.start_states[name]] for name in STARTS},
        "ends": {name: number[parsed.end_states[name]] for name in STARTS},
        "tokens": tokens,
        "words": words,
        "rules": rules,
        "actions": actions,
        "gotos": gotos,
    }


@cache
def table() -> Table:
    """The table in force: the stored one where it belongs to the grammar beside it, else one made now."""
    grammar = data.path("grammar", "vid.lark").read_text(encoding="utf-8")
    stored = data.path("grammar", "vid.table.json")
    raw: dict[str, Any] = json.loads(stored.read_text(encoding="utf-8")) if stored.exists() else {}
    if raw.get("grammar") != grammar_digest(grammar):
        raw = compile_grammar(grammar)
    return Table(
        actions=raw["actions"],
        gotos=raw["gotos"],
        rules=[(origin, length, action) for origin, length, action in raw["rules"]],
        starts=raw["starts"],
        ends=raw["ends"],
        tokens=raw["tokens"],
        words=raw["words"],
    )


def accepts(table: Table, states: Sequence[int], terminal: str) -> bool:
    """Whether the automaton could shift ``terminal`` now, whatever reductions that takes."""
    actions, gotos, rules = table.actions, table.gotos, table.rules
    top = list(states[-1:])
    rest = len(states) - 1  # states[:rest] + top is the stack
    for _ in range(10_000):
        move = actions[top[-1] if top else states[rest - 1]].get(terminal)
        if move is None:
            return False
        if move > 0:
            return True
        origin, length, _name = rules[-move - 1]
        while length:
            if top:
                top.pop()
            else:
                rest -= 1
            length -= 1
        top.append(gotos[top[-1] if top else states[rest - 1]][origin])
        if terminal == "$END" and top[-1] in table.ends.values():
            return True
    return False


def text_of(raw: dict[str, Any]) -> str:
    """The table as it is stored: one state a line, so that a change of the grammar gives a readable diff."""
    lines = []
    for key, value in raw.items():
        if isinstance(value, list):
            rows = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in value)
            lines.append(f"{json.dumps(key)}: [\n{rows}\n]")
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False, indent=1)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    _grammar = data.path("grammar", "vid.lark").read_text(encoding="utf-8")
    data.path("grammar", "vid.table.json").write_text(text_of(compile_grammar(_grammar)), encoding="utf-8")
