"""Requests on the way to an edit: completion, signatures, fixes, formatting, rename."""

from __future__ import annotations

from lsprotocol import types as lsp

from pvc.compiler.diagnostics.model import Edit
from pvc.compiler.source import Span
from pvc.compiler.syntax.spelling import is_yaml
from pvc.lsp import completion, convert, fixes, formatting, navigation, signatures, twin_completion
from pvc.lsp.analysis import Analysis
from pvc.lsp.asking import all_units, asked, every_unit, uri
from pvc.lsp.documents import Document
from pvc.lsp.protocol import Server, guarded, refused
from pvc.lsp.session import Session
from pvc.lsp.workspace import Workspace


def register(server: Server, session: Session, around: Workspace) -> None:
    completing = lsp.CompletionOptions(trigger_characters=[".", "\\", "{", "/", "(", "[", "<", '"', "`"])

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, completing)
    @guarded
    def completed(params: lsp.CompletionParams) -> lsp.CompletionList | None:
        document = session.documents.get(params.text_document.uri)
        analysis = session.whole(params.text_document.uri)
        if document is None or analysis is None:
            return None
        offset = convert.offset(document.lines, params.position)
        spelling = twin_completion if is_yaml(document.path) else completion
        return convert.completion(spelling.complete(analysis, document.text, offset), document.lines, offset)

    helping = lsp.SignatureHelpOptions(trigger_characters=["(", ","])

    @server.feature(lsp.TEXT_DOCUMENT_SIGNATURE_HELP, helping)
    @guarded
    def helped(params: lsp.SignatureHelpParams) -> lsp.SignatureHelp | None:
        document = session.documents.get(params.text_document.uri)
        analysis = session.whole(params.text_document.uri)
        if document is None or analysis is None:
            return None
        offset = convert.offset(document.lines, params.position)
        spelling = twin_completion if is_yaml(document.path) else signatures
        found = spelling.signature(analysis, document.text, offset)
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
            return [convert.action(each, document.lines, session.lines, uri(session)) for each in found]

        return asked(session, params, answer)

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    @guarded
    def formatted(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
        document = session.documents.get(params.text_document.uri)
        if document is None:
            return None
        return convert.replacements(formatting.formatted(document.text, document.path), document.lines)

    @server.feature(lsp.TEXT_DOCUMENT_RANGE_FORMATTING)
    @guarded
    def formatted_part(params: lsp.DocumentRangeFormattingParams) -> list[lsp.TextEdit] | None:
        document = session.documents.get(params.text_document.uri)
        if document is None:
            return None
        start = convert.offset(document.lines, params.range.start)
        end = max(start, convert.offset(document.lines, params.range.end))
        found = formatting.formatted_part(document.text, document.path, start, end)
        return convert.replacements(found, document.lines)

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    @guarded
    def renaming(params: lsp.PrepareRenameParams) -> lsp.Range | None:
        def answer(document: Document, analysis: Analysis) -> lsp.Range | None:
            found = navigation.name_at(analysis, convert.offset(document.lines, params.position))
            if found is None:
                return None
            try:
                navigation.rename(all_units(session, analysis), found, found.meaning.name)
            except navigation.CannotRename as reason:
                raise refused(str(reason)) from None
            return convert.area(document.lines, found.span.start, found.span.end)

        return asked(session, params, answer)

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    @guarded
    def renamed(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        def answer(document: Document, analysis: Analysis) -> lsp.WorkspaceEdit | None:
            found = navigation.name_at(analysis, convert.offset(document.lines, params.position))
            if found is None:
                return None
            try:
                units = every_unit(session, analysis, around, found.meaning)
                spans = navigation.rename(units, found, params.new_name)
            except navigation.CannotRename as reason:
                raise refused(str(reason)) from None
            edits = [Edit(Span(each.path, each.start, each.end), params.new_name) for each in spans]
            return convert.workspace_edit(edits, session.lines, uri(session))

        return asked(session, params, answer)
