"""The server: which request is answered by which feature, and when documents are checked again."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import sys
import time
from dataclasses import replace

from lsprotocol import types as lsp

from pvc.compiler.diagnostics.model import Diagnostic
from pvc.lsp import convert, editing, options, reading, workspace
from pvc.lsp.analysis import Analysis
from pvc.lsp.layouts import Layouts
from pvc.lsp.positions import Encoding
from pvc.lsp.protocol import Protocol, Server, asks_again, guarded, plain
from pvc.lsp.session import Session
from pvc.lsp.workspace import Workspace

DELAY = 0.01
"""Seconds of quiet after an edit before the document is checked: edits that come together are checked together."""
LONGEST_DELAY = 0.3
"""Where checking takes long, it waits as long as it takes, up to this many seconds."""

PAUSE = 0.7
"""Seconds of quiet before scenes are laid out."""
REST = 2.0
"""Seconds of quiet before what the edits left behind is cleared away: never while somebody types."""

WATCHED = (
    *("vid", "yaml", "yml", "json", "toml", "tex", "bib", "bbl", "cls", "sty", "pdf", "md", "txt", "csv", "tsv", "py"),
    *(
        "png",
        "jpg",
        "jpeg",
        "webp",
        "gif",
        "svg",
        "mp4",
        "mov",
        "mkv",
        "webm",
        "wav",
        "mp3",
        "flac",
        "ogg",
        "opus",
        "m4a",
    ),
    *("ttf", "otf", "obj", "off", "ply", "stl", "gltf", "glb", "pdb", "xyz"),
)
"""Ends of names of the files that talks are made of, and of those that set the levels of lints."""

log = logging.getLogger("pvc.lsp")


def make(version: str) -> Server:
    """A server, ready for `start_io`."""
    server = Server("pvc", version, protocol_cls=Protocol, max_workers=2)
    session = Session()
    around = Workspace(server, session)
    checks = Checks(server, session, around)
    _lifecycle(server, session)
    _documents(server, session, checks)
    reading.register(server, session, around)
    editing.register(server, session, around)
    workspace.register(server, session, around)
    return server


def serve(version: str) -> None:
    """Serves one client on stdin and stdout until it says `exit` or is gone. Logs go to stderr."""
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="pvc lsp: %(message)s")
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    protocol_out = sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever prints by mistake must not reach the client
    gc.set_threshold(50_000, 50, 1_000_000)  # the oldest generation is collected by `tidy`
    make(version).start_io(sys.stdin.buffer, protocol_out)


def tidy() -> None:
    """Collects garbage, and takes what is left out of the collector's sight: walking over a long talk's trees would
    otherwise hold up a key press for a tenth of a second now and then."""
    gc.collect()
    gc.freeze()


class Checks:
    """Checks documents soon after they were edited, and publishes what was found."""

    def __init__(self, server: Server, session: Session, around: Workspace) -> None:
        self.server = server
        self.session = session
        self.around = around
        self.took = 0.0
        self.edited = ""
        self._timer: asyncio.TimerHandle | None = None
        self._rest: asyncio.TimerHandle | None = None
        self._pause: asyncio.TimerHandle | None = None
        self._layouts = Layouts(self._laid_out)
        self._asked: dict[int, Analysis] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._published: dict[str, tuple[str, ...]] = {}

    def soon(self) -> None:
        """Every edit puts the check off: only the last version is looked at."""
        for timer in (self._timer, self._pause):
            if timer is not None:
                timer.cancel()
        delay = min(LONGEST_DELAY, max(DELAY, self.took / 4))
        self._timer = asyncio.get_running_loop().call_later(delay, self.now)

    @property
    def pulled(self) -> bool:
        """Whether the client asks for the findings about its documents."""
        return asks_again(self.server.client_capabilities)

    def now(self) -> None:
        self._timer = None
        if self._rest is not None:
            self._rest.cancel()
        self._rest = asyncio.get_running_loop().call_later(REST, tidy)
        self._refresh()
        for uri in sorted(self.session.waiting(), key=lambda uri: uri == self.edited):  # what is edited is laid out
            self.session.untold.discard(uri)
            begin, first = time.perf_counter(), uri not in self.session.analyses
            try:
                analysis = self.session.analysis(uri)
            except Exception:
                log.exception("while checking %s", uri)
                continue
            self.took = 0.0 if first else time.perf_counter() - begin
            if analysis is not None:
                self._publish(uri, analysis)
                self._later(uri, analysis)

    # -------------------------------------------------------------------------------------------- layouts

    def _later(self, uri: str, analysis: Analysis) -> None:
        """Has the document's scenes laid out if nobody types for a while."""
        if self._pause is not None:
            self._pause.cancel()
        if analysis.scenes and self.server.options.layout:
            self._pause = asyncio.get_running_loop().call_later(PAUSE, self._lay_out, uri, analysis)

    def _lay_out(self, uri: str, analysis: Analysis) -> None:
        if self.session.analyses.get(uri) is not analysis or any(
            each.severity == "error" for each in analysis.diagnostics
        ):
            return
        texts = {document.path: document.text for document in self.session.documents.values()}
        self._loop = asyncio.get_running_loop()
        self._asked = {self._layouts.ask(analysis.path, texts): analysis}

    def _laid_out(self, number: int, found: tuple[Diagnostic, ...]) -> None:
        """From the thread that reads the answers."""
        if self._loop is None:
            return
        with contextlib.suppress(RuntimeError):  # the server ends just now
            self._loop.call_soon_threadsafe(self._tell_layouts, number, found)

    def _tell_layouts(self, number: int, found: tuple[Diagnostic, ...]) -> None:
        """Adds what layouts say to what is known, unless the document was edited since."""
        analysis = self._asked.pop(number, None)
        uri = next((each for each, known in self.session.analyses.items() if known is analysis), None)
        if analysis is None or uri is None or uri in self.session.stale or not found:
            return
        known = replace(analysis, diagnostics=(*analysis.diagnostics, *found))
        self.session.analyses[uri] = known
        if self.pulled:
            self.ask_again()
        else:
            self._publish(uri, known)

    def _refresh(self) -> None:
        """Has the client ask again about documents that use one which was edited: it asks by itself about what is
        edited only."""
        if all(uri == self.edited for uri in self.session.waiting()):
            return
        self.ask_again()
        capabilities = self.server.client_capabilities.workspace
        if capabilities and capabilities.inlay_hint and capabilities.inlay_hint.refresh_support:
            self.server.workspace_inlay_hint_refresh(None)
        if capabilities and capabilities.semantic_tokens and capabilities.semantic_tokens.refresh_support:
            self.server.workspace_semantic_tokens_refresh(None)
        lenses = capabilities.code_lens if capabilities and self.server.options.lens else None
        if lenses is not None and lenses.refresh_support:
            self.server.workspace_code_lens_refresh(None)

    def ask_again(self) -> None:
        if self.pulled:
            self.server.workspace_diagnostic_refresh(None)

    def _publish(self, uri: str, analysis: Analysis) -> None:
        """Says what is wrong in the document, and in the files that it uses unless they are open themselves."""
        by_path: dict[str, list[Diagnostic]] = {analysis.path: []}
        for found in analysis.diagnostics:
            by_path.setdefault(found.span.path if found.span is not None else analysis.path, []).append(found)
        opened = {document.path for document in self.session.documents.values()}
        others: list[str] = []
        for path, diagnostics in by_path.items():
            if path == analysis.path:
                if not self.pulled:
                    self._send(uri, analysis.version, diagnostics, path)
            elif path not in opened and not self.around.asked:
                others.append(path)
                self._send(convert.uri_of(path), None, diagnostics, path)
        for path in self._published.get(uri, ()):
            if path not in others and path not in opened:
                self._send(convert.uri_of(path), None, [], path)
        self._published[uri] = tuple(others)

    def _send(self, uri: str, version: int | None, diagnostics: list[Diagnostic], path: str) -> None:
        lines = self.session.lines(path)
        made = [convert.diagnostic(each, lines, self.session.lines, self.uri_of) for each in diagnostics]
        self.server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, made, version))

    def uri_of(self, path: str) -> str:
        return self.session.uri_of(path) or convert.uri_of(path)

    def closed(self, uri: str) -> None:
        """Nothing is said about a document that is not open."""
        self.server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))
        for path in self._published.pop(uri, ()):
            self._send(convert.uri_of(path), None, [], path)


# ------------------------------------------------------------------------------------------------ documents


def _lifecycle(server: Server, session: Session) -> None:
    @server.feature(lsp.INITIALIZE)
    @guarded
    def initialize(params: lsp.InitializeParams) -> None:
        server.options = options.read(plain(params.initialization_options), server.options)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)
    @guarded
    def configured(params: lsp.DidChangeConfigurationParams) -> None:
        before = server.options
        server.options = options.read(plain(params.settings), before)
        capabilities = server.client_capabilities.workspace
        if server.options.lens != before.lens and capabilities and capabilities.code_lens:
            server.workspace_code_lens_refresh(None)

    @server.feature(lsp.INITIALIZED)
    @guarded
    def initialized(params: lsp.InitializedParams) -> None:
        session.encoding = Encoding(server.server_capabilities.position_encoding or "utf-16")
        capabilities = server.client_capabilities.workspace
        watching = capabilities.did_change_watched_files if capabilities else None
        if watching is not None and watching.dynamic_registration:
            watcher = lsp.FileSystemWatcher(glob_pattern=f"**/*.{{{','.join(WATCHED)}}}")
            options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers=[watcher])
            wanted = lsp.Registration("pvc-files", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            server.client_register_capability(lsp.RegistrationParams(registrations=[wanted]))


def _documents(server: Server, session: Session, checks: Checks) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    @guarded
    def did_open(params: lsp.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        session.encoding = Encoding(server.server_capabilities.position_encoding or "utf-16")
        session.open(document.uri, convert.path_of(document.uri), document.version, document.text)
        checks.around.changed()
        checks.edited = document.uri
        checks.soon()
        if document.uri in checks.around.early:
            checks.around.early.discard(document.uri)
            checks.ask_again()

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    @guarded
    def did_change(params: lsp.DidChangeTextDocumentParams) -> None:
        changes = convert.changes(params.content_changes)
        if session.change(params.text_document.uri, params.text_document.version, changes):
            checks.edited = params.text_document.uri
            checks.soon()

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    @guarded
    def did_close(params: lsp.DidCloseTextDocumentParams) -> None:
        if session.close(params.text_document.uri):
            checks.closed(params.text_document.uri)
            checks.around.changed()
            checks.soon()

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    @guarded
    def did_save(params: lsp.DidSaveTextDocumentParams) -> None:
        session.saved()
        checks.around.changed()
        checks.edited = ""
        checks.soon()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    @guarded
    def did_change_files(params: lsp.DidChangeWatchedFilesParams) -> None:
        session.saved()
        checks.around.changed(any(each.uri.endswith(".toml") for each in params.changes))
        checks.edited = ""
        checks.soon()
