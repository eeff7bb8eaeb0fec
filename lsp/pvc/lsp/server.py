"""The server: which request is answered by which feature, and when documents are checked again."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

from lsprotocol import types as lsp

from pvc.compiler.diagnostics.model import Diagnostic, Edit
from pvc.compiler.source import Span
from pvc.lsp import (
    colors,
    completion,
    convert,
    fixes,
    folding,
    formatting,
    hover,
    links,
    navigation,
    signatures,
    symbols,
    times,
    tokens,
)
from pvc.lsp.analysis import Analysis
from pvc.lsp.documents import Document
from pvc.lsp.positions import Encoding
from pvc.lsp.protocol import Protocol, Server, guarded, refused
from pvc.lsp.session import Session

DELAY = 0.01
"""Seconds of quiet after an edit before the document is checked."""
LONGEST_DELAY = 0.3
"""Where checking takes long, it waits as long as it takes, up to this many seconds."""

Result = TypeVar("Result")
log = logging.getLogger("pvc.lsp")


def make(version: str) -> Server:
    """A server, ready for `start_io`."""
    server = Server("pvc", version, protocol_cls=Protocol, max_workers=2)
    session = Session()
    checks = Checks(server, session)
    _lifecycle(server, session)
    _documents(server, session, checks)
    _reading(server, session)
    _editing(server, session)
    return server


def serve(version: str) -> None:
    """Serves one client on stdin and stdout until it says `exit` or is gone. Logs go to stderr."""
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="pvc lsp: %(message)s")
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    protocol_out = sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever prints by mistake must not reach the client
    make(version).start_io(sys.stdin.buffer, protocol_out)


class Checks:
    """Checks documents soon after they were edited, and publishes what was found."""

    def __init__(self, server: Server, session: Session) -> None:
        self.server = server
        self.session = session
        self.took = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._published: dict[str, tuple[str, ...]] = {}

    def soon(self) -> None:
        """Every edit puts the check off: only the last version is looked at."""
        if self._timer is not None:
            self._timer.cancel()
        delay = min(LONGEST_DELAY, max(DELAY, self.took / 4))
        self._timer = asyncio.get_running_loop().call_later(delay, self.now)

    def now(self) -> None:
        self._timer = None
        for uri in self.session.waiting():
            begin = time.perf_counter()
            try:
                analysis = self.session.analysis(uri)
            except Exception:
                log.exception("while checking %s", uri)
                continue
            self.took = time.perf_counter() - begin
            if analysis is not None:
                self._publish(uri, analysis)

    def _publish(self, uri: str, analysis: Analysis) -> None:
        """Says what is wrong in the document, and in the files that it uses unless they are open themselves."""
        by_path: dict[str, list[Diagnostic]] = {analysis.path: []}
        for found in analysis.diagnostics:
            by_path.setdefault(found.span.path if found.span is not None else analysis.path, []).append(found)
        opened = {document.path for document in self.session.documents.values()}
        others: list[str] = []
        for path, diagnostics in by_path.items():
            if path == analysis.path:
                self._send(uri, analysis.version, diagnostics, path)
            elif path not in opened:
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
    @server.feature(lsp.INITIALIZED)
    @guarded
    def initialized(params: lsp.InitializedParams) -> None:
        session.encoding = Encoding(server.server_capabilities.position_encoding or "utf-16")


def _documents(server: Server, session: Session, checks: Checks) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    @guarded
    def did_open(params: lsp.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        session.encoding = Encoding(server.server_capabilities.position_encoding or "utf-16")
        session.open(document.uri, convert.path_of(document.uri), document.version, document.text)
        checks.soon()

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    @guarded
    def did_change(params: lsp.DidChangeTextDocumentParams) -> None:
        changes = convert.changes(params.content_changes)
        if session.change(params.text_document.uri, params.text_document.version, changes):
            checks.soon()

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    @guarded
    def did_close(params: lsp.DidCloseTextDocumentParams) -> None:
        if session.close(params.text_document.uri):
            checks.closed(params.text_document.uri)
            checks.soon()

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    @guarded
    def did_save(params: lsp.DidSaveTextDocumentParams) -> None:
        session.saved()
        checks.soon()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    @guarded
    def did_change_files(params: lsp.DidChangeWatchedFilesParams) -> None:
        session.saved()
        checks.soon()


# ------------------------------------------------------------------------------------------------ features


def _asked(session: Session, params: Any, answer: Callable[[Document, Analysis], Result]) -> Result | None:
    """The answer about the document as it is now; None for one that is not open."""
    uri = params.text_document.uri
    analysis = session.analysis(uri)
    return answer(session.documents[uri], analysis) if analysis is not None else None


def _uri(session: Session) -> Callable[[str], str]:
    return lambda path: session.uri_of(path) or convert.uri_of(path)


def _reading(server: Server, session: Session) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    @guarded
    def hovered(params: lsp.HoverParams) -> lsp.Hover | None:
        def answer(document: Document, analysis: Analysis) -> lsp.Hover | None:
            found = hover.hover(analysis, convert.offset(document.lines, params.position))
            return convert.hover(found, document.lines) if found is not None else None

        return _asked(session, params, answer)

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    @guarded
    def defined(params: lsp.DefinitionParams) -> lsp.Location | None:
        def answer(document: Document, analysis: Analysis) -> lsp.Location | None:
            found = navigation.name_at(analysis, convert.offset(document.lines, params.position))
            span = navigation.definition(_all_units(session, analysis), found) if found is not None else None
            return convert.location(span, session.lines, _uri(session)) if span is not None else None

        return _asked(session, params, answer)

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    @guarded
    def referred(params: lsp.ReferenceParams) -> list[lsp.Location] | None:
        def answer(document: Document, analysis: Analysis) -> list[lsp.Location]:
            found = navigation.name_at(analysis, convert.offset(document.lines, params.position))
            if found is None:
                return []
            return [
                convert.location(each.span, session.lines, _uri(session))
                for each in navigation.everywhere(_all_units(session, analysis), found.meaning)
                if params.context.include_declaration or not each.occurrence.declares
            ]

        return _asked(session, params, answer)

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    @guarded
    def highlighted(params: lsp.DocumentHighlightParams) -> list[lsp.DocumentHighlight] | None:
        def answer(document: Document, analysis: Analysis) -> list[lsp.DocumentHighlight]:
            found = navigation.name_at(analysis, convert.offset(document.lines, params.position))
            if found is None or analysis.unit is None:
                return []
            return [
                lsp.DocumentHighlight(convert.area(document.lines, each.span.start, each.span.end))
                for each in navigation.everywhere((analysis.unit,), found.meaning)
            ]

        return _asked(session, params, answer)

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    @guarded
    def outlined(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol] | None:
        return _asked(
            session,
            params,
            lambda document, analysis: [convert.symbol(each, document.lines) for each in symbols.symbols(analysis)],
        )

    @server.feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)
    @guarded
    def folded(params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange] | None:
        return _asked(
            session, params, lambda document, analysis: [convert.folding(each) for each in folding.folds(analysis)]
        )

    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
    @guarded
    def hinted(params: lsp.InlayHintParams) -> list[lsp.InlayHint] | None:
        def answer(document: Document, analysis: Analysis) -> list[lsp.InlayHint]:
            start = convert.offset(document.lines, params.range.start)
            end = convert.offset(document.lines, params.range.end)
            return [convert.hint(each, document.lines) for each in times.hints(analysis, start, end)]

        return _asked(session, params, answer)

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_LINK)
    @guarded
    def linked(params: lsp.DocumentLinkParams) -> list[lsp.DocumentLink] | None:
        return _asked(
            session,
            params,
            lambda document, analysis: [convert.link(each, document.lines) for each in links.links(analysis)],
        )

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_COLOR)
    @guarded
    def colored(params: lsp.DocumentColorParams) -> list[lsp.ColorInformation] | None:
        return _asked(
            session,
            params,
            lambda document, analysis: [convert.swatch(each, document.lines) for each in colors.swatches(analysis)],
        )

    @server.feature(lsp.TEXT_DOCUMENT_COLOR_PRESENTATION)
    @guarded
    def spelt(params: lsp.ColorPresentationParams) -> list[lsp.ColorPresentation] | None:
        return _asked(
            session,
            params,
            lambda document, analysis: [
                lsp.ColorPresentation(label=text) for text in colors.spellings(analysis, convert.color(params.color))
            ],
        )

    @server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, convert.LEGEND)
    @guarded
    def tokenised(params: lsp.SemanticTokensParams) -> lsp.SemanticTokens | None:
        return _asked(
            session,
            params,
            lambda document, analysis: convert.semantic_tokens(
                tokens.tokens(analysis, 0, len(document.text)), document.lines
            ),
        )

    @server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, convert.LEGEND)
    @guarded
    def tokenised_part(params: lsp.SemanticTokensRangeParams) -> lsp.SemanticTokens | None:
        def answer(document: Document, analysis: Analysis) -> lsp.SemanticTokens:
            start = convert.offset(document.lines, params.range.start)
            end = convert.offset(document.lines, params.range.end)
            return convert.semantic_tokens(tokens.tokens(analysis, start, end), document.lines)

        return _asked(session, params, answer)


def _all_units(session: Session, analysis: Analysis) -> list[Any]:
    """The files of a document first, then all others that are open or used."""
    found = {unit.path: unit for unit in analysis.units}
    for unit in session.units():
        found[unit.path] = unit
    return list(found.values())


def _editing(server: Server, session: Session) -> None:
    completing = lsp.CompletionOptions(trigger_characters=[".", "\\", "{", "/", "(", "#"])

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, completing)
    @guarded
    def completed(params: lsp.CompletionParams) -> lsp.CompletionList | None:
        document = session.documents.get(params.text_document.uri)
        analysis = session.analysis(params.text_document.uri, fresh=False)
        if document is None or analysis is None:
            return None
        offset = convert.offset(document.lines, params.position)
        return convert.completion(completion.complete(analysis, document.text, offset), document.lines, offset)

    helping = lsp.SignatureHelpOptions(trigger_characters=["(", ","])

    @server.feature(lsp.TEXT_DOCUMENT_SIGNATURE_HELP, helping)
    @guarded
    def helped(params: lsp.SignatureHelpParams) -> lsp.SignatureHelp | None:
        document = session.documents.get(params.text_document.uri)
        analysis = session.analysis(params.text_document.uri, fresh=False)
        if document is None or analysis is None:
            return None
        offset = convert.offset(document.lines, params.position)
        found = signatures.signature(analysis, document.text, offset)
        return convert.signature(found) if found is not None else None

    acting = lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix, lsp.CodeActionKind.SourceFixAll])

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, acting)
    @guarded
    def offered(params: lsp.CodeActionParams) -> list[lsp.CodeAction] | None:
        def answer(document: Document, analysis: Analysis) -> list[lsp.CodeAction]:
            wanted = params.context.only
            start = convert.offset(document.lines, params.range.start)
            end = convert.offset(document.lines, params.range.end)
            found = fixes.offers(analysis, start, end) if wanted is None or "quickfix" in wanted else []
            whole = fixes.all_safe(analysis)
            if whole is not None and (wanted is None or any("source.fixAll".startswith(kind) for kind in wanted)):
                found.append(whole)
            return [convert.action(each, document.lines, session.lines, _uri(session)) for each in found]

        return _asked(session, params, answer)

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    @guarded
    def formatted(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
        document = session.documents.get(params.text_document.uri)
        if document is None:
            return None
        return convert.replacements(formatting.formatted(document.text, document.path), document.lines)

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    @guarded
    def renaming(params: lsp.PrepareRenameParams) -> lsp.Range | None:
        def answer(document: Document, analysis: Analysis) -> lsp.Range | None:
            found = navigation.name_at(analysis, convert.offset(document.lines, params.position))
            if found is None:
                return None
            try:
                navigation.rename(_all_units(session, analysis), found, found.meaning.name)
            except navigation.CannotRename as reason:
                raise refused(str(reason)) from None
            return convert.area(document.lines, found.span.start, found.span.end)

        return _asked(session, params, answer)

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    @guarded
    def renamed(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        def answer(document: Document, analysis: Analysis) -> lsp.WorkspaceEdit | None:
            found = navigation.name_at(analysis, convert.offset(document.lines, params.position))
            if found is None:
                return None
            try:
                spans = navigation.rename(_all_units(session, analysis), found, params.new_name)
            except navigation.CannotRename as reason:
                raise refused(str(reason)) from None
            edits = [Edit(Span(each.path, each.start, each.end), params.new_name) for each in spans]
            return convert.workspace_edit(edits, session.lines, _uri(session))

        return _asked(session, params, answer)
