"""Lines above a talk and its scenes that can be clicked: look at the scene, build the film. The commands are those of
the editor's extension; a server alone cannot run them."""

from __future__ import annotations

from dataclasses import dataclass

from pvc.compiler.check.generated import CLAUSES, statement_of
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.lsp.analysis import Analysis
from pvc.lsp.times import clock_of, length_of

PREVIEW = "pvc.preview"
BUILD = "pvc.build"
DRAFT = "pvc.buildDraft"


@dataclass(frozen=True, slots=True)
class Lens:
    """``command`` is called with the document's URI and ``arguments``; empty for a line that only tells something."""

    span: Span
    title: str
    command: str
    arguments: tuple[str, ...] = ()


def lenses(analysis: Analysis) -> list[Lens]:
    """Above the talk: build it, with its length; above each scene: preview it, with its time, or that it is not in the
    film."""
    found: list[Lens] = []
    known = {statement_of(fact.spec.id): fact for fact in reversed(analysis.scenes)}
    for block in analysis.blocks:
        item = block.item
        if not isinstance(item, tree.Talk | tree.Scene):
            continue
        at = item.name_at if isinstance(item, tree.Scene) and item.name_at != tree.NOWHERE else item.at
        start = block.start + at.start
        span = Span(analysis.path, start, start)
        if isinstance(item, tree.Talk):
            found.append(Lens(span, "▶ Build", BUILD))
            found.append(Lens(span, "Build a draft", DRAFT))
            if analysis.scenes and analysis.program is not None:
                frames = sum(fact.time.frames for fact in analysis.scenes)
                found.append(Lens(span, f"about {length_of(analysis, frames)}", ""))
        else:
            fact = known.get(item.name)
            if fact is None and any(clause.keyword in CLAUSES for clause in item.clauses):
                found.append(Lens(span, "not in this film", ""))  # no row or setting makes one
                continue
            scene = fact.spec.id if fact is not None else item.name
            found.append(Lens(span, "Preview", PREVIEW, (f"scene:{scene}",)))
            if fact is not None:
                told = f"{clock_of(analysis, fact.start)} +{length_of(analysis, fact.time.frames)}"
                found.append(Lens(span, told, ""))
    return found
