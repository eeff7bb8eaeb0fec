"""Formulas alone and in a row: equation and derivation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from pvc.compiler.layout.component import Box, Env
from pvc.compiler.layout.page import Page, paint_of, size_of
from pvc.compiler.math.block import MathBlock
from pvc.compiler.math.typeset import ink, relation, set_math
from pvc.compiler.model.display import Fragment, Problem, quantise
from pvc.compiler.model.values import Tex, Value

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
    """One formula at its own size; a wide one is set smaller, as far as it can still be read."""
    page = Page(env)
    tex = _source(arguments.get("formula"))
    size = size_of(env, "formula") * _scale(arguments.get("scale"))
    paint = paint_of(env, "text")
    block = set_math(tex, size, paint, env, env.addressed)
    shrink = min(1.0, box.width / max(block.width, 1.0), box.height / max(block.height, 1.0))
    if shrink < 1.0:
        fitting = quantise(max(size * shrink, min(LEAST, size)))
        block = set_math(tex, fitting, paint, env, env.addressed)
        if block.width > box.width + 1.0 or block.height > box.height + 1.0:
            page.problem(_too_large(tex, block.width, block.height, box))
    drawn = ink(block)
    left, top = min(0.0, drawn.x), min(0.0, drawn.y)
    page.formula(block, -left, -top)
    width = max(block.width, drawn.right) - left
    height = max(block.height, drawn.bottom) - top
    described = f"Formula: {block.speech}" if block.speech else f"Formula: {tex.strip()}"
    fragment = page.fragment(width, height, entrance="write", description=described)
    return replace(fragment, baseline=quantise(block.baseline - top))


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
        page.problem(_too_large(sources[0], width, height, box))
    y = 0.0
    for number, step in enumerate(steps, 1):
        others = tuple(problem for problem in step.block.problems if problem.code != "PVC0512")
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
        quoted = f"`{name.removeprefix('tex:')}` does not occur"
        said = [each for step in steps for each in step.block.problems if each.message.startswith(quoted)]
        if name not in found and said:
            problems.append(said[0])
    return problems
