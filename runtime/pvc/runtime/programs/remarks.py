"""What a build says of programs that ran well."""

from __future__ import annotations

from collections.abc import Iterator

from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.graph.nodes import Painting
from pvc.compiler.source import Span
from pvc.runtime.programs.layers import FILES
from pvc.runtime.store.result import Result


def remarks(node: Painting, result: Result, name: str, span: Span | None) -> Iterator[Diagnostic]:
    """Findings about a program's run: a sandbox that lacked something, motion that was cut off."""
    facts = dict(result.facts)
    if FILES not in str(facts.get("sandbox", "")).split():
        message = f"`{name}` ran in a weaker sandbox, without Landlock: it could read the files that you can read"
        yield Diagnostic("PVC0849", Severity.WARNING, message, span, "build it on Linux 5.13 or newer")
    plays = facts.get("plays")
    if isinstance(plays, float) and plays > node.length + 0.5 / float(node.fps):
        message = f"`{name}` plays for {plays:.1f} s, of which `lasts` shows {node.length:g} s"
        yield Diagnostic(
            "PVC0847", Severity.WARNING, message, span, f"say `lasts: {plays:.3g}s`, or let it play shorter"
        )
