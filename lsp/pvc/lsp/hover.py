"""What to say about the place under the pointer: what a name is, when things happen, what a code means."""

from __future__ import annotations

from dataclasses import dataclass

from pvc.compiler.check.verbs import VERBS
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.spelling import is_yaml
from pvc.lsp import describe
from pvc.lsp.analysis import Analysis
from pvc.lsp.navigation import Found, name_at
from pvc.lsp.spots import setting_at, verb_at, visual_call
from pvc.lsp.times import time_at
from pvc.lsp.words import word_at


@dataclass(frozen=True, slots=True)
class Hover:
    span: Span
    markdown: str


def hover(analysis: Analysis, offset: int) -> Hover | None:
    """Everything that is known about an offset, the nearest first."""
    pieces: list[str] = []
    span: Span | None = None
    found = name_at(analysis, offset)
    if found is not None:
        text = _named(analysis, found)
        if text:
            pieces.append(text)
            span = found.span
    if not pieces:
        verb = verb_at(analysis, offset)
        if verb is not None and verb[1] in VERBS:
            span = verb[0]
            known = VERBS[verb[1]]
            clauses = ", ".join(f"`{word}`" for word in sorted(known.clauses))
            pieces.append(f"```vid\n{known.usage}\n```\n\nTakes {clauses}.")
        setting = setting_at(analysis, offset)
        if setting is not None and setting[1] in describe.SETTINGS:
            span = setting[0]
            pieces.append(describe.SETTINGS[setting[1]])
        word = word_at(analysis, offset) if not pieces and not is_yaml(analysis.path) else None
        if word is not None:
            span = word[0]
            pieces.append(word[1])
    time = time_at(analysis, offset, whole=not pieces)
    if time is not None:
        pieces.append(time[1])
        span = span or _small(analysis, time[0], offset)
    for each in analysis.diagnostics:
        if each.span is not None and each.span.path == analysis.path and each.span.start <= offset <= each.span.end:
            title = _title(each.code)
            if title:
                pieces.append(f"`{each.code}`: {title}. More by `pvc explain {each.code}`.")
                span = span or each.span
    if not pieces or span is None:
        return None
    return Hover(span, "\n\n".join(pieces))


def _small(analysis: Analysis, span: Span, offset: int) -> Span:
    """A stretch of several lines is too much to mark: its first line, where the pointer is in it."""
    line = analysis.lines.place(offset).line
    start = analysis.lines.start(line)
    return Span(span.path, max(span.start, start), min(span.end, start + len(analysis.lines.line(line))))


def _title(code: str) -> str:
    from pvc.compiler.diagnostics.catalogue import page

    found = page(code)
    return found.title if found is not None else ""


def _named(analysis: Analysis, found: Found) -> str:
    meaning = found.meaning
    if found.occurrence.space == "cues":
        return f"The cue `{meaning.name}`: a place in the narration that `at {meaning.name}: ...` hangs on."
    if meaning.space == "scenes":
        return f"The scene `{meaning.name}`."
    binding = found.binding
    if meaning.space == "parameters" and binding is not None and isinstance(binding.node, tree.ComponentDecl):
        field = next((each for each in binding.node.parameters if each.name == meaning.name), None)
        return describe.parameter(field, meaning.component) if field is not None else ""
    if binding is not None:
        return describe.binding(binding)
    call = visual_call(analysis, found)
    if call is not None:
        return f"```vid\n{found.occurrence.kind} {meaning.name} = {describe.printed(call)}\n```"
    if found.occurrence.kind == "for":
        return f"`{meaning.name}` takes each value in turn."
    return ""
