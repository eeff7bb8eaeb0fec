"""What the stage finds wrong, before it has a place in a file: kept without spans, so that it can be remembered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pvc.compiler.diagnostics.model import Diagnostic, Label, Severity
from pvc.compiler.model.program import SceneSpec
from pvc.compiler.plan.walk import walk


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding about a visual, an action (by its number in the scene), or the scene itself where both are None.
    ``severity`` is a `Severity`'s value."""

    code: str
    severity: str
    message: str
    hint: str | None = None
    visual: str | None = None
    action: int | None = None
    inner: str = ""
    """The path of the inner visual that it is about, where the visual is made of others."""


def diagnostics(findings: Iterable[Finding], scene: SceneSpec) -> tuple[Diagnostic, ...]:
    """Findings at their places in the text: the action's part, the action, the visual, or the scene."""
    visuals = {visual.id: visual.span for visual in scene.visuals}
    inner = {(visual.id, one.path): one for visual in scene.visuals for one in visual.inner}
    actions = {step.index: step.action for step in walk(scene)}
    found = []
    for finding in dict.fromkeys(findings):
        action = actions.get(finding.action) if finding.action is not None else None
        if action is not None:
            span = action.part.span if action.part is not None else action.span
        else:
            span = visuals.get(finding.visual or "", scene.span)
        place = inner.get((finding.visual or "", finding.inner)) if finding.inner else None
        labels = (Label(place.span, f"it is in `{place.name}`, which is made here"),) if place is not None else ()
        found.append(Diagnostic(finding.code, Severity(finding.severity), finding.message, span, finding.hint, labels))
    return tuple(found)
