"""Runs the LALR automaton over the tokens of one block and recovers from errors statement by statement.

The loop knows no rule of the language: it shifts, reduces through the actions it is given, and where stuck gives up
the innermost statement: it pops back to where that began, skips to where it ends and goes on with a BROKEN instead.
A body inside the skipped stretch is read on its own, so that its errors are found in the same run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pvc.compiler.syntax.expected import Stuck, left_over, unexpected
from pvc.compiler.syntax.lexer import Tokens, TooMany
from pvc.compiler.syntax.problem import MOST
from pvc.compiler.syntax.table import Table, accepts

Action = Callable[[Any, list[Any], int, int], Any]
"""Makes the value of a rule from the values of its symbols (a token's value is its index) and the first and last
token it covers. Its first argument is whoever builds: `run`'s ``builder``."""


def run(
    table: Table, tokens: Tokens, builder: Any, actions: Sequence[Action | None], start: str, low: int, high: int
) -> Any:
    """The value of ``start`` over the tokens ``[low, high)``; problems go to ``tokens.problems``.

    ``actions[rule]`` is None where a rule of one symbol passes its value on.
    """
    moves, rules = table.actions, table.rules
    kinds, values = tokens.kinds, tokens.values
    words, jumps = table.words, table.jumps
    final = table.ends[start]
    states = [table.starts[start]]
    stack: list[Any] = []
    firsts: list[int] = []
    state = states[0]
    index = low
    given_up: set[int] = set()
    while True:
        if index < high:
            kind = kinds[index]
            if kind == "WORD":
                kind = "NAME"
                for candidate in words[values[index]]:
                    move = moves[state].get(candidate)
                    if move is not None and (move > 0 or accepts(table, states, candidate)):
                        kind = candidate
                        break
        else:
            kind = "$END"
        # Reductions first, then one shift.
        while True:
            move = moves[state].get(kind)
            if move is None:
                break
            if move > 0:
                state = move - 1
                states.append(state)
                stack.append(index)
                firsts.append(index)
                index += 1
                break
            origin, length, _ = rules[-move - 1]
            action = actions[-move - 1]
            if action is None:
                states.pop()
            else:
                first = firsts[-length]
                value = action(builder, stack[-length:], first, index - 1)
                del states[-length:], stack[-length:], firsts[-length:]
                stack.append(value)
                firsts.append(first)
            below = states[-1]
            jump = jumps.get((below, origin, kind))
            if jump is None:
                jump = jumps[below, origin, kind] = _jump(table, below, origin, kind)
            state = jump
            states.append(state)
            if state == final and kind == "$END":
                return stack[-1]
        if move is not None:
            continue

        # Stuck at `index`: give up the statement that it stands in.
        if index < high and start == "block" and accepts(table, states, "$END"):
            if not _explained(tokens, index, high):
                tokens.problems.append(left_over(tokens, index))
            _look_inside(table, tokens, builder, actions, index, high)
            high = index
            continue
        stuck = Stuck(table, tokens, tuple(states), tuple(stack), index, high)
        begin = index
        ends_here = index >= high or kinds[index] in ("SEP", "RBRACE")
        # An empty place that wants a statement (`at cue:` before a `}`) cannot be given up by itself: what wants it is.
        while len(states) > 1 and (moves[states[-1]].get("BROKEN", 0) <= 0 or (ends_here and begin == index)):
            states.pop()
            stack.pop()
            begin = firsts.pop()
        broken = moves[states[-1]]["BROKEN"] - 1
        if start == "block" and len(states) == 1:
            end = high
        else:
            end = _end_of_statement(tokens, begin, index, high, commas="COMMA" in moves[broken])
        if end == index and index in given_up:
            # Even a BROKEN did not help here: leave a token out, or where none is left the whole stretch.
            if index >= high:
                return builder.broken([], low, high - 1)
            end += 1
        given_up.add(index)
        if len(tokens.problems) > MOST:
            raise TooMany
        problem = unexpected(stuck, begin, at_item=start == "block" and len(states) == 1)
        if not _explained(tokens, begin, end):
            tokens.problems.append(problem)
        _look_inside(table, tokens, builder, actions, index, end)
        state = broken
        states.append(state)
        stack.append(begin)
        firsts.append(begin)
        index = end


def _jump(table: Table, below: int, origin: str, kind: str) -> int:
    """The state on top of ``below`` once ``origin`` was reduced there and ``kind`` comes next: the rules that would
    only pass the value on (expression, sum, term, ...) are gone through at once."""
    state = table.gotos[below][origin]
    while True:
        move = table.actions[state].get(kind)
        if move is None or move > 0:
            return state
        parent, length, action = table.rules[-move - 1]
        if length != 1 or action != "same":
            return state
        state = table.gotos[below][parent]


def _end_of_statement(tokens: Tokens, begin: int, index: int, high: int, commas: bool) -> int:
    """The token that ends the statement of ``begin``: a SEP beside it (or a comma, among columns) or the end of the
    body around it."""
    kinds, levels = tokens.kinds, tokens.levels
    ends = ("SEP", "COMMA") if commas else ("SEP",)
    level = levels[begin] if begin < high else 0
    while index < high and levels[index] >= level and not (kinds[index] in ends and levels[index] == level):
        index += 1
    return index


def _explained(tokens: Tokens, begin: int, end: int) -> bool:
    """Whether the lexer has said already what is wrong with the tokens ``[begin, end)``."""
    if not tokens.kinds:
        return bool(tokens.problems)
    if begin >= end:
        return False
    low, high = tokens.starts[begin], tokens.ends[end - 1]
    return any(problem.lexical and low <= problem.start <= high for problem in tokens.problems)


def _look_inside(
    table: Table, tokens: Tokens, builder: Any, actions: Sequence[Action | None], low: int, high: int
) -> None:
    """Reads the bodies among the skipped tokens ``[low, high)``, only for what is wrong in them."""
    kinds, levels = tokens.kinds, tokens.levels
    index = low
    while index < high:
        if kinds[index] == "LBRACE":
            close = index + 1
            while close < high and not (kinds[close] == "RBRACE" and levels[close] <= levels[index]):
                close += 1
            columns = kinds[index + 1 : index + 3] == ["NAME", "COLON"]
            if close > index + 1 and not columns:
                run(table, tokens, builder, actions, "fragment", index + 1, close)
            index = close
        index += 1
