"""The state of one editor: open buffers, and the last analysis of each. Knows nothing of the protocol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pvc.compiler.check.run import Checker
from pvc.compiler.resolve.scope import Unit
from pvc.compiler.world import Unreadable
from pvc.lsp.analysis import Analyser, Analysis
from pvc.lsp.documents import Change, Document, changed, opened
from pvc.lsp.overlay import OverlayWorld
from pvc.lsp.positions import Encoding, LineIndex


@dataclass(slots=True, eq=False)
class Session:
    """``encoding`` is agreed on before the first document is opened. ``stale``: documents whose analysis is older than
    they are; ``untold``: those whose findings the client has not been told of. A request in between has a document
    analysed, and so it is no longer stale, but nobody has told anything."""

    encoding: Encoding = Encoding.UTF16
    world: OverlayWorld = field(default_factory=OverlayWorld)
    documents: dict[str, Document] = field(default_factory=dict)
    analyses: dict[str, Analysis] = field(default_factory=dict)
    _whole: dict[str, Analysis] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)
    untold: set[str] = field(default_factory=set)
    _analysers: dict[str, Analyser] = field(default_factory=dict)
    _checker: Checker = field(init=False)

    def __post_init__(self) -> None:
        self._checker = Checker(self.world)

    def open(self, uri: str, path: str, version: int, text: str) -> None:
        document = opened(uri, path, version, text, self.encoding)
        self.documents[uri] = document
        self._analysers.setdefault(uri, Analyser(path, self._checker))
        self._touched(document)
        self.saved()  # others may have missed a file of this name

    def change(self, uri: str, version: int, changes: Iterable[Change]) -> bool:
        """Edits a buffer; False for one that is not open."""
        document = self.documents.get(uri)
        if document is None:
            return False
        self.documents[uri] = document = changed(document, version, changes)
        self._touched(document)
        return True

    def close(self, uri: str) -> bool:
        document = self.documents.pop(uri, None)
        if document is None:
            return False
        self.world.lift(document.path)
        for other in self.documents.values():
            if other.path == document.path:  # the same file, spelt in another way
                self.world.lay(other.path, other.text)
        self.analyses.pop(uri, None)
        self._whole.pop(uri, None)
        self._analysers.pop(uri, None)
        self._checker.forget(document.path)
        self.stale.discard(uri)
        self.untold.discard(uri)
        self.saved()  # for others the file is as on the disk again, or gone
        return True

    def saved(self) -> None:
        """Some file on the disk changed: whatever was read from it may be different."""
        self.stale.update(self.documents)
        self.untold.update(self.documents)

    def _touched(self, document: Document) -> None:
        self.world.lay(document.path, document.text)
        self.stale.add(document.uri)
        self.untold.add(document.uri)
        self._dependents_stale(document.path)

    def _dependents_stale(self, path: str) -> None:
        for uri, analysis in self.analyses.items():
            if any(file == path for file, _ in analysis.files):
                self.stale.add(uri)
                self.untold.add(uri)

    def analysis(self, uri: str, fresh: bool = True) -> Analysis | None:
        """What is known of a document; with ``fresh`` False, of its last version that was analysed, if any was."""
        document = self.documents.get(uri)
        if document is None:
            return None
        known = self.analyses.get(uri)
        if known is None or (fresh and uri in self.stale):
            self.stale.discard(uri)
            known = self._analysers[uri].run(document.lines, document.version, self.world)
            self.analyses[uri] = known
            if known.blocks:
                self._whole[uri] = known
        return known

    def whole(self, uri: str) -> Analysis | None:
        """The last analysis in which the document could be read at all: half a line of YAML may spoil all of a file."""
        known = self.analysis(uri, fresh=False)
        return self._whole.get(uri, known) if known is not None and not known.blocks else known

    def unopened(self, path: str) -> Analysis:
        """What is known of a file that is not open, as it is on the disk."""
        analysis = Analyser(path, self._checker).run(self.lines(path), 0, self.world)
        self._checker.forget(path)
        return analysis

    def units(self) -> list[Unit]:
        """Every file that is open or used by an open one, each once, open ones first."""
        found: dict[str, Unit] = {}
        analyses = [self.analysis(uri) for uri in list(self.documents)]
        for analysis in analyses:
            if analysis is not None and analysis.unit is not None:
                found[analysis.path] = analysis.unit
        for analysis in analyses:
            for unit in analysis.units if analysis is not None else ():
                found.setdefault(unit.path, unit)
        return list(found.values())

    def lines(self, path: str) -> LineIndex:
        """The lines of a file that is open or was read; those of an empty text where it cannot be had."""
        for document in self.documents.values():
            if document.path == path:
                return document.lines
        try:
            text = self.world.read(path).decode("utf-8", errors="replace")
        except Unreadable:
            text = ""
        return LineIndex(text, self.encoding)

    def uri_of(self, path: str) -> str | None:
        """How the client spells the file, if it is open."""
        return next((each.uri for each in self.documents.values() if each.path == path), None)

    def waiting(self) -> Iterator[str]:
        """Documents whose findings the client has not been told of."""
        yield from [uri for uri in self.documents if uri in self.untold]
