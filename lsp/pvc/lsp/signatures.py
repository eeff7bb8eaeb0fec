"""The parameters of the component that is being called."""

from __future__ import annotations

from dataclasses import dataclass

from pvc.compiler.library import split_doc
from pvc.compiler.syntax import tree
from pvc.lsp import describe
from pvc.lsp.analysis import Analysis
from pvc.lsp.context import context_at
from pvc.lsp.navigation import component_named


@dataclass(frozen=True, slots=True)
class Signature:
    """``parameters`` are the places of each in the label; ``active`` counts from 0, None for one that there is not."""

    label: str
    doc: str
    parameters: tuple[tuple[int, int, str], ...]
    active: int | None


def signature(analysis: Analysis, text: str, offset: int) -> Signature | None:
    """The signature of the call around an offset of ``text``, which may be newer than the analysis is."""
    call = context_at(text, offset).call
    if call is None or analysis.unit is None:
        return None
    binding = component_named(analysis.unit, tuple(call.callee.split(".")))
    if binding is None or not isinstance(binding.node, tree.ComponentDecl):
        return None
    declared = binding.node.parameters
    label, places = describe.signature(binding.node, call.callee)
    active: int | None = None
    if call.argument is not None:
        active = next((index for index, each in enumerate(declared) if each.name == call.argument), None)
    elif call.index < len(declared):
        active = call.index
    parameters = tuple(
        (start, end, " ".join((field.doc or "").split())) for (start, end), field in zip(places, declared, strict=True)
    )
    return Signature(label, split_doc(binding.node.trivia.doc)[0], parameters, active)
