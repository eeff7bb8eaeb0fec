"""What every request starts from: the document it names, as it is now, and the files around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pvc.compiler.resolve.scope import Unit
from pvc.lsp import convert
from pvc.lsp.analysis import Analysis
from pvc.lsp.documents import Document
from pvc.lsp.navigation import Meaning
from pvc.lsp.session import Session
from pvc.lsp.workspace import Workspace

Result = TypeVar("Result")


def asked(session: Session, params: Any, answer: Callable[[Document, Analysis], Result]) -> Result | None:
    """The answer about the document as it is now; None for one that is not open."""
    uri = params.text_document.uri
    analysis = session.analysis(uri)
    return answer(session.documents[uri], analysis) if analysis is not None else None


def uri(session: Session) -> Callable[[str], str]:
    return lambda path: session.uri_of(path) or convert.uri_of(path)


def all_units(session: Session, analysis: Analysis) -> list[Unit]:
    """The files of a document first, then all others that are open or used."""
    found = {unit.path: unit for unit in analysis.units}
    for unit in session.units():
        found[unit.path] = unit
    return list(found.values())


def every_unit(session: Session, analysis: Analysis, around: Workspace, meaning: Meaning) -> list[Unit]:
    """All those, and the files of the workspace that may name a thing and are not open. What belongs to a scene is
    named in its own file only."""
    found = {unit.path: unit for unit in all_units(session, analysis)}
    if meaning.block < 0:
        for unit in around.units(meaning.name, known=found):
            found.setdefault(unit.path, unit)
    return list(found.values())
