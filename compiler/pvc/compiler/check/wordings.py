"""The texts of visuals in another language: found by what they say, put where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from pvc.compiler.check.context import Context
from pvc.compiler.model.program import Action, Part, SceneSpec, VisualSpec
from pvc.compiler.model.values import Markdown, Record, Value
from pvc.compiler.source import Span

ALIKE = 0.6
"""How alike (0 to 1) two texts must be for one to be taken for the edited other."""


@dataclass(slots=True, eq=False)
class Wording:
    """A translated text of a visual."""

    original: str
    into: str
    span: Span
    used: bool = False


def folded(text: str) -> str:
    """A text by which a translation is found: white space of any length is one space."""
    return " ".join(text.split())


def likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one.casefold().split(), other.casefold().split(), autojunk=False)
    return matcher.ratio()


def reworded(visual: VisualSpec, labels: dict[str, Wording]) -> VisualSpec:
    if not labels:
        return visual
    return replace(visual, arguments=tuple((name, _value(value, labels)) for name, value in visual.arguments))


def _value(value: Value, labels: dict[str, Wording]) -> Value:
    match value:
        case str():
            return _said(value, labels)
        case Markdown():
            return Markdown(_said(value.source, labels))
        case tuple():
            return tuple(_value(each, labels) for each in value)
        case Record():
            return Record(tuple((name, _value(each, labels)) for name, each in value.fields))
    return value


def _said(text: str, labels: dict[str, Wording]) -> str:
    label = labels.get(folded(text))
    if label is None:
        return text
    label.used = True
    return label.into


def selecting(action: Action, labels: dict[str, Wording]) -> Action:
    """The parts that an action names by a text that is translated (`nodes["encoder"]`)."""
    children = tuple(selecting(each, labels) for each in action.children)
    part = renamed_part(action.part, labels)
    if (part, children) == (action.part, action.children):
        return action
    return replace(action, part=part, children=children)


def renamed_part(part: Part | None, labels: dict[str, Wording]) -> Part | None:
    """A part by the name that it has in the translation."""
    if part is None or not part.selector.endswith('"]'):
        return part
    base, bracket, name = part.selector[:-2].partition('["')
    label = labels.get(folded(name)) if bracket else None
    return part if label is None else Part(f'{base}["{label.into}"]', part.span)


def report_unused(
    ctx: Context, labels: Sequence[Wording], scenes: Sequence[SceneSpec], written: Callable[[], frozenset[str]]
) -> None:
    """Says which texts nobody shows. ``written``: what stands in the scenes, also in what is not played."""
    for label in labels:
        if label.used or label.original in written():
            continue
        known = dict.fromkeys(text for spec in scenes for visual in spec.visuals for text in _texts(visual.arguments))
        near = max(known, key=lambda text: likeness(text, label.original), default=None)
        close = near is not None and likeness(near, label.original) >= ALIKE
        hint = f"did you mean “{near}”?" if close else "texts stand in the calls of components, in full"
        ctx.warn("PVC0709", "no visual shows this text", label.span, hint)


def _texts(arguments: Iterable[tuple[str, Value]]) -> Iterable[str]:
    waiting: list[Value] = [value for _, value in arguments]
    while waiting:
        value = waiting.pop()
        match value:
            case str():
                yield folded(value)
            case Markdown():
                yield folded(value.source)
            case tuple():
                waiting.extend(value)
            case Record():
                waiting.extend(each for _, each in value.fields)
