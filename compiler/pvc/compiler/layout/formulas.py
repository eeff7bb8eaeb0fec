"""Formulas alone and in a row: equation and derivation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.page import Page, paint_of, rich, size_of, style_of
from pvc.compiler.math.block import MathBlock
from pvc.compiler.math.typeset import ink, relation, set_math
from pvc.compiler.model.display import Fragment, Problem, quantise
from pvc.compiler.model.values import Tex, Value
from pvc.compiler.text.style import TextBlock
from pvc.compiler.text.typeset import set_paragraph

LEAST = 40.0
"""The smallest em of a formula that can be read, px."""


def _source(value: Value) -> str:
    if isinstance(value, Tex):
        return value.source
    return value if isinstance(value, str) else ""


def _scale(value: Value) -> float:
    if isinstance(value, bool) or not isinstance(value, int | Fraction) or value <= 0:
        return 1.0
    return float(value)


def equation(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """One formula at its own size; a wide one is set smaller, as far as it can still be read. `where` says what its
    symbols mean: beside it where there is room, else below (parts `where[n]`)."""
    page = Page(env)
    tex = _source(arguments.get("formula"))
    size = size_of(env, "formula") * _scale(arguments.get("scale"))
    paint = paint_of(env, "text")
    block = set_math(tex, size, paint, env, env.addressed)
    meanings = _definitions(page, arguments, box.width)
    room = _room(meanings, block.width, box)
    shrink = min(1.0, room.width / max(block.width, 1.0), room.height / max(block.height, 1.0))
    if shrink < 1.0:
        fitting = quantise(max(size * shrink, min(LEAST, size)))
        block = set_math(tex, fitting, paint, env, env.addressed)
        if block.width > room.width + 1.0 or block.height > room.height + 1.0:
            page.problem(_too_large(tex, block.width, block.height, room))
    drawn = ink(block)
    left, top = min(0.0, drawn.x), min(0.0, drawn.y)
    width = max(block.width, drawn.right) - left
    height = max(block.height, drawn.bottom) - top
    beside = room.height == box.height
    spare = max(0.0, meanings.height - height) / 2 if meanings.rows and beside else 0.0
    aside = max(0.0, meanings.width - width) / 2 if meanings.rows and not beside else 0.0
    page.formula(block, aside - left, spare - top)
    if meanings.rows:
        if beside:
            _define(page, meanings, width + _BESIDE, spare + (height - meanings.height) / 2, spare, height)
            width, height = width + _BESIDE + meanings.width, max(height, meanings.height)
        else:
            _define(page, meanings, max(0.0, (width - meanings.width) / 2), height + _BELOW, None, 0.0)
            width, height = max(width, meanings.width), height + _BELOW + meanings.height
    described = f"Formula: {block.speech}" if block.speech else f"Formula: {tex.strip()}"
    if meanings.rows:
        told = (f"{symbol.speech or row.source}: {row.meaning}" for row in meanings.rows if (symbol := row.symbol))
        described += f". Where {'; '.join(told)}."
    fragment = page.fragment(width, height, entrance="write", description=described)
    return replace(fragment, baseline=quantise(block.baseline + spare - top))


_BESIDE = 112.0
"""Between a formula and the meanings beside it, px; a rule stands in its middle."""

_BELOW = 56.0
"""Between a formula and the meanings below it, px."""


@dataclass(frozen=True, slots=True)
class _Definition:
    source: str
    meaning: str
    symbol: MathBlock
    words: TextBlock


@dataclass(frozen=True, slots=True)
class _Definitions:
    """What symbols mean, set: symbols flush right in a column, words behind them. ``column``: the symbols' width."""

    rows: tuple[_Definition, ...]
    column: float
    width: float
    height: float
    gap: float


def _definitions(page: Page, arguments: Mapping[str, Value], width: float) -> _Definitions:
    """`where` read and set; an entry without a symbol or a meaning is a problem."""
    env = page.env
    style = style_of(env, "body", "muted", scale=0.9)
    rows = []
    value = arguments.get("where")
    for item in value if isinstance(value, tuple) else ():
        source, colon, meaning = str(item).partition(":")
        source, meaning = source.strip().strip("$"), meaning.strip()
        if not colon or not source or not meaning:
            page.problem(
                Problem(
                    "PVC0587",
                    f"“{item}” does not say what a symbol means",
                    'write "Q: the queries": TeX, a colon, words',
                )
            )
            continue
        symbol = set_math(source, style.size * 1.25, paint_of(env, "text"), env, display=False)
        for problem in symbol.problems:
            page.problem(problem)
        words = set_paragraph(rich(meaning, style, page), style, min(style.size * 16, width * 0.7), env)
        rows.append(_Definition(source, meaning, symbol, words))
    gap = style.size * 0.5
    column = max((row.symbol.width for row in rows), default=0.0)
    wide = column + gap * 1.4 + max((row.words.width for row in rows), default=0.0)
    high = sum(max(row.symbol.height, row.words.height) for row in rows) + gap * max(0, len(rows) - 1)
    return _Definitions(tuple(rows), column, wide if rows else 0.0, high, gap)


def _room(meanings: _Definitions, width: float, box: Box) -> Box:
    """What is left for the formula: the meanings stand beside it where it keeps its size there, else below."""
    if not meanings.rows:
        return box
    left = box.width - meanings.width - _BESIDE
    if left >= width and meanings.height <= box.height:
        return Box(left, box.height)
    return Box(box.width, max(1.0, box.height - meanings.height - _BELOW))


def _define(page: Page, meanings: _Definitions, x: float, y: float, rule: float | None, height: float) -> None:
    """Draw the meanings; ``rule``: the top of a rule between the formula and what stands beside it."""
    if rule is not None:
        page.order += 1
        top, tall = min(rule, y), max(height, meanings.height)
        page.rule(x - _BESIDE / 2, top, x - _BESIDE / 2, top + tall, "rule", 2.0)
    for number, row in enumerate(meanings.rows, 1):
        page.order += 1
        name = f"where[{number}]"
        high = max(row.symbol.height, row.words.height)
        baseline = max(row.symbol.baseline, row.words.baseline)
        first = len(page.elements)
        page.formula(row.symbol, x + meanings.column - row.symbol.width, y + baseline - row.symbol.baseline, name)
        page.put(row.words, x + meanings.column + meanings.gap * 1.4, y + baseline - row.words.baseline, name)
        for index in range(first, len(page.elements)):  # a symbol here is not the one in the formula
            element = page.elements[index]
            page.elements[index] = replace(element, morph=f"where:{row.source}:{element.morph}")
        y += high + meanings.gap


def _too_large(tex: str, width: float, height: float, box: Box) -> Problem:
    quoted = tex if len(tex) <= 60 else f"{tex[:57]}..."
    return Problem(
        "PVC0503",
        f"the formula `{quoted}` does not fit: at its least size of {LEAST:.0f} px it is {width:.0f} x {height:.0f} px,"
        f" and there is room for {box.width:.0f} x {box.height:.0f} px",
        "break it with `\\begin{aligned} ... \\\\ ... \\end{aligned}`, or make a derivation of it",
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """A set step: ``pivot`` is where its relation begins, px from its left; ``left`` and ``right`` its ink."""

    block: MathBlock
    pivot: float
    left: float
    right: float
    top: float
    bottom: float


def _set_steps(sources: list[str], size: float, env: Env, addressed: tuple[str, ...]) -> list[_Step]:
    steps = []
    for source in sources:
        tex = re.sub(r"(?<!\\)&", "", source) if r"\begin" not in source else source
        block = set_math(tex, size, paint_of(env, "text"), env, addressed)
        drawn = ink(block)
        at = relation(tex, size, env)
        pivot = drawn.x if at is None else at
        steps.append(_Step(block, pivot, drawn.x, drawn.right, min(drawn.y, 0.0), max(drawn.bottom, block.height)))
    return steps


def derivation(arguments: Mapping[str, Value], box: Box, env: Env) -> Fragment:
    """Steps below each other, aligned at their first relation; one without stands flush with the right sides."""
    page = Page(env)
    value = arguments.get("steps")
    sources = [_source(step) for step in value] if isinstance(value, tuple) else []
    if not sources:
        page.problem(Problem("PVC0504", "the derivation has no steps", "give `steps` a list of formulas"))
        return page.fragment(0.0, 0.0)
    wanted = tuple(each for each in env.addressed if each.startswith("tex:"))
    size = size_of(env, "formula") * 0.86 * _scale(arguments.get("scale"))
    least = min(LEAST, size)
    while True:
        steps = _set_steps(sources, size, env, wanted)
        before = max(step.pivot - step.left for step in steps)
        after = max(step.right - step.pivot for step in steps)
        gap = 0.62 * size
        height = sum(step.bottom - step.top for step in steps) + gap * (len(steps) - 1)
        width = before + after
        if (width <= box.width + 1.0 and height <= box.height + 1.0) or size <= least:
            break
        size = quantise(max(least, size * min(0.97, max(0.7, min(box.width / width, box.height / height)))))
    if width > box.width + 1.0 or height > box.height + 1.0:
        page.problem(
            Problem(
                "PVC0503",
                f"the derivation does not fit: at its least size of {least:.0f} px its {len(steps)} steps are "
                f"{width:.0f} x {height:.0f} px, and there is room for {box.width:.0f} x {box.height:.0f} px",
                "leave out steps, or go on in another derivation",
            )
        )
    y = 0.0
    for number, step in enumerate(steps, 1):
        others = tuple(problem for problem in step.block.problems if not problem.part)
        block = replace(step.block, problems=others)
        page.formula(block, before - step.pivot, y - step.top, f"steps[{number}]")
        page.order += 1
        y += step.bottom - step.top + gap
    for problem in _absent(steps, wanted):
        page.problem(problem)
    spoken = "; then ".join(step.block.speech for step in steps if step.block.speech)
    return page.fragment(width, height, entrance="write", description=f"Derivation: {spoken}")


def _absent(steps: list[_Step], wanted: tuple[str, ...]) -> list[Problem]:
    """A part must occur in one of the steps, not in each; of several complaints about it the first is kept."""
    found = {name for step in steps for name, _ in step.block.parts}
    problems = []
    for name in wanted:
        said = [each for step in steps for each in step.block.problems if each.part == name]
        if name not in found and said:
            problems.append(said[0])
    return problems
