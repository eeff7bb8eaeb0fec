"""Findings on request: of one document, and of every talk and module in the folders that the editor has open.

A client that asks (`textDocument/diagnostic`) is not told of its own accord. Files that are not open are read from the
disk, one after the other with the event loop between them, and again only where something they are made of has changed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from lsprotocol import types as lsp

from pvc.compiler.digest import digest_bytes
from pvc.compiler.resolve.scope import Unit
from pvc.compiler.syntax.spelling import parse_file
from pvc.compiler.world import Unreadable
from pvc.lsp import convert, symbols
from pvc.lsp.analysis import Analysis
from pvc.lsp.items import fits
from pvc.lsp.protocol import Server, guarded
from pvc.lsp.session import Session
from pvc.lsp.symbols import Symbol

log = logging.getLogger("pvc.lsp")

SUFFIXES = (".vid", ".vid.yaml", ".vid.yml", ".vid.json")
SKIPPED = frozenset({"node_modules", "__pycache__", "build", "dist", "site-packages", "venv"})
MOST = 1000
"""Files that are looked at."""
MOST_FOUND = 500
"""Symbols that an answer holds."""
LISTED = 5.0
"""Seconds for which a listing of the folders holds, unless the client tells of a change before."""


@dataclass(frozen=True, slots=True)
class Report:
    """Findings about a file; ``identity`` changes with them; ``made_of``: the files behind them, with their stamps.
    ``seen``: how many times files had changed when it was made."""

    identity: str
    items: tuple[lsp.Diagnostic, ...]
    made_of: tuple[tuple[str, object], ...] = ()
    seen: int = 0


@dataclass(slots=True, eq=False)
class Workspace:
    """What is known of files that are not open. ``asked``: whether the client has asked for the whole workspace;
    ``early``: documents that it asked about before it opened them."""

    server: Server
    session: Session
    asked: bool = False
    early: set[str] = field(default_factory=set)
    _reports: dict[str, Report] = field(default_factory=dict)
    _outlines: dict[str, tuple[object, tuple[Symbol, ...]]] = field(default_factory=dict)
    _files: tuple[str, ...] = ()
    _listed: float = -LISTED
    _changes: int = 0

    def changed(self, configuration: bool = False) -> None:
        """Some file may be new, gone or different; with ``configuration``, one that sets the levels of lints."""
        self._listed = -LISTED
        self._changes += 1
        if configuration:
            self._reports.clear()

    def files(self) -> tuple[str, ...]:
        """The talks and modules of the workspace, by their paths."""
        now = time.monotonic()
        if now - self._listed > LISTED:
            roots = [convert.path_of(each.uri) for each in self.server.workspace.folders.values()]
            if not roots and self.server.workspace.root_path:
                roots = [self.server.workspace.root_path]
            found: dict[str, None] = {}
            for root in roots:
                for path in _talks(root):
                    found.setdefault(path)
                    if len(found) >= MOST:
                        break
            self._files, self._listed = tuple(found), now
        return self._files

    def report(self, path: str) -> Report:
        """The findings about a file that is not open."""
        known = self._reports.get(path)
        if (
            known is not None
            and (known.seen == self._changes or not known.items)  # what misses a file: again after any change
            and all(self._stamp(file) == stamp for file, stamp in known.made_of)
        ):
            return known
        analysis = self.session.unopened(path)
        files = dict.fromkeys([path, *(file for file, _ in analysis.files)])
        made_of = tuple((file, self._stamp(file)) for file in files)
        self._reports[path] = report = reported(self.session, analysis, made_of, self._changes)
        return report

    def _stamp(self, path: str) -> object:
        """What changes when a file does, or the buffer that it is open in."""
        for document in self.session.documents.values():
            if document.path == path:
                return self.session.world.digest(path)
        return _stamp(path)

    def units(self, name: str, known: Collection[str]) -> Iterator[Unit]:
        """The files beside the known ones in whose text a name stands, as they are on the disk."""
        wanted = name.encode()
        for path in self.files():
            if path in known or wanted not in self._bytes(path):
                continue
            try:
                unit = self.session.unopened(path).unit
            except Exception:
                log.exception("while checking %s", path)
                continue
            if unit is not None:
                yield unit

    def _bytes(self, path: str) -> bytes:
        try:
            return self.session.world.read(path)
        except Unreadable:
            return b""

    def outline(self, path: str) -> tuple[Symbol, ...]:
        """The items of a file, open or not, by its text alone."""
        made_of = self._stamp(path)
        known = self._outlines.get(path)
        if known is None or known[0] != made_of:
            text = self.session.lines(path).text
            found = tuple(symbols.of_blocks(path, parse_file(text, path).file.blocks))
            self._outlines[path] = known = made_of, found
        return known[1]

    def forget(self, paths: set[str]) -> None:
        for path in set(self._reports) - paths:
            del self._reports[path]
        for path in set(self._outlines) - paths:
            del self._outlines[path]


def _stamp(path: str) -> object:
    """What changes when a file does."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _talks(root: str) -> Iterator[str]:
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(name for name in inner if not name.startswith(".") and name not in SKIPPED)
        for name in sorted(names):
            if name.endswith(SUFFIXES):
                yield os.path.normpath(os.path.join(folder, name))


def reported(
    session: Session, analysis: Analysis, made_of: tuple[tuple[str, object], ...] = (), seen: int = 0
) -> Report:
    """What an analysis says about its own file."""

    def uri(path: str) -> str:
        return session.uri_of(path) or convert.uri_of(path)

    own = [each for each in analysis.diagnostics if each.span is None or each.span.path == analysis.path]
    items = tuple(convert.diagnostic(each, analysis.lines, session.lines, uri) for each in own)
    return Report(digest_bytes(repr(items).encode("utf-8", "replace"))[:24], items, made_of, seen)


def register(server: Server, session: Session, workspace: Workspace) -> None:
    options = lsp.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=True, identifier="pvc")

    @server.feature(lsp.TEXT_DOCUMENT_DIAGNOSTIC, options)
    @guarded
    def of_document(params: lsp.DocumentDiagnosticParams) -> lsp.DocumentDiagnosticReport:
        analysis = session.analysis(params.text_document.uri)
        if analysis is None:
            if len(workspace.early) < MOST:
                workspace.early.add(params.text_document.uri)
            return lsp.RelatedFullDocumentDiagnosticReport(items=[])
        found = reported(session, analysis)
        if params.previous_result_id == found.identity:
            return lsp.RelatedUnchangedDocumentDiagnosticReport(result_id=found.identity)
        return lsp.RelatedFullDocumentDiagnosticReport(items=list(found.items), result_id=found.identity)

    @server.feature(lsp.WORKSPACE_DIAGNOSTIC)
    async def of_workspace(params: lsp.WorkspaceDiagnosticParams) -> lsp.WorkspaceDiagnosticReport:
        workspace.asked = True
        before = {each.uri: each.value for each in params.previous_result_ids}
        opened = {document.path: document for document in session.documents.values()}
        found: list[lsp.WorkspaceDocumentDiagnosticReport] = []
        files = workspace.files()
        workspace.forget(set(files))
        for path in files:
            await asyncio.sleep(0)
            if path in opened:
                continue  # the client asks for those one by one
            one = _told(workspace, path, before)
            if one is not None:
                found.append(one)
        gone = before.keys() - {convert.uri_of(path) for path in files} - {each.uri for each in opened.values()}
        found += (lsp.WorkspaceFullDocumentDiagnosticReport(uri=uri, items=[]) for uri in sorted(gone))
        return lsp.WorkspaceDiagnosticReport(items=found)

    @server.feature(lsp.WORKSPACE_SYMBOL)
    @guarded
    def in_workspace(params: lsp.WorkspaceSymbolParams) -> list[lsp.WorkspaceSymbol]:
        paths = dict.fromkeys((*workspace.files(), *(each.path for each in session.documents.values())))
        workspace.forget(set(paths))
        found: list[lsp.WorkspaceSymbol] = []
        for path in paths:
            wanted = [each for each in workspace.outline(path) if fits(each.name, params.query)]
            if wanted:
                lines, uri = session.lines(path), session.uri_of(path) or convert.uri_of(path)
                found += (convert.workspace_symbol(each, lines, uri) for each in wanted)
            if len(found) >= MOST_FOUND:
                break
        return found[:MOST_FOUND]


def _told(workspace: Workspace, path: str, before: dict[str, str]) -> lsp.WorkspaceDocumentDiagnosticReport | None:
    """The report about a file; None where it cannot be made, which the log tells: the others are reported all the
    same."""
    uri = convert.uri_of(path)
    try:
        report = workspace.report(path)
    except Exception:
        log.exception("while checking %s", path)
        return None
    if before.get(uri) == report.identity:
        return lsp.WorkspaceUnchangedDocumentDiagnosticReport(uri=uri, result_id=report.identity)
    return lsp.WorkspaceFullDocumentDiagnosticReport(uri=uri, items=list(report.items), result_id=report.identity)
