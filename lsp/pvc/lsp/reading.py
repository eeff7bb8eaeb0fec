"""Requests that only look: hover, navigation, outline, folds, hints, links, colours, tokens, lenses."""

from __future__ import annotations

from dataclasses import replace

from lsprotocol import types as lsp

from pvc.lsp import colors, convert, folding, hover, lens, links, navigation, symbols, times, tokens
from pvc.lsp.analysis import Analysis
from pvc.lsp.asking import all_units, asked, every_unit, uri
from pvc.lsp.documents import Document
from pvc.lsp.protocol import Server, guarded
from pvc.lsp.session import Session
from pvc.lsp.thumbnail import Thumbnails
from pvc.lsp.workspace import Workspace


def register(server: Server, session: Session, around: Workspace) -> None:
    pictures = Thumbnails()
    told: dict[str, tuple[str, list[int]]] = {}
    """The tokens that the client has of each document, under the name that it knows them by."""

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    @guarded
    def hovered(params: lsp.HoverParams) -> lsp.Hover | None:
        def answer(document: Document, analysis: Analysis) -> lsp.Hover | None:
            at = convert.offset(document.lines, params.position)
            found = hover.hover(analysis, at)
            if found is not None and server.options.thumbnail:
                picture = pictures.markdown(analysis, at)
                if picture:
                    found = replace(found, markdown=f"{found.markdown}\n\n{picture}")
            capabilities = server.client_capabilities.text_document
            shown = capabilities.hover.content_format if capabilities and capabilities.hover else None
            markdown = not shown or lsp.MarkupKind.Markdown in shown
            return convert.hover(found, document.lines, markdown) if found is not None else None

        return asked(session, params, answer)

    @server.feature(lsp.TEXT_DOCUMENT_CODE_LENS)
    @guarded
    def above(params: lsp.CodeLensParams) -> list[lsp.CodeLens] | None:
        if not server.options.lens:
            return []
        return asked(
            session,
            params,
            lambda document, analysis: [
                convert.lens(each, document.lines, document.uri) for each in lens.lenses(analysis)
            ],
        )

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    @guarded
    def defined(params: lsp.DefinitionParams) -> lsp.Location | None:
        def answer(document: Document, analysis: Analysis) -> lsp.Location | None:
            found = navigation.name_at(analysis, convert.offset(document.lines, params.position))
            span = navigation.definition(all_units(session, analysis), found) if found is not None else None
            return convert.location(span, session.lines, uri(session)) if span is not None else None

        return asked(session, params, answer)

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    @guarded
    def referred(params: lsp.ReferenceParams) -> list[lsp.Location] | None:
        def answer(document: Document, analysis: Analysis) -> list[lsp.Location]:
            found = navigation.name_at(analysis, convert.offset(document.lines, params.position))
            if found is None:
                return []
            return [
                convert.location(each.span, session.lines, uri(session))
                for each in navigation.everywhere(every_unit(session, analysis, around, found.meaning), found.meaning)
                if params.context.include_declaration or not each.occurrence.declares
            ]

        return asked(session, params, answer)

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

        return asked(session, params, answer)

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    @guarded
    def outlined(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol] | None:
        return asked(
            session,
            params,
            lambda document, analysis: [convert.symbol(each, document.lines) for each in symbols.symbols(analysis)],
        )

    @server.feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)
    @guarded
    def folded(params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange] | None:
        return asked(
            session, params, lambda document, analysis: [convert.folding(each) for each in folding.folds(analysis)]
        )

    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
    @guarded
    def hinted(params: lsp.InlayHintParams) -> list[lsp.InlayHint] | None:
        def answer(document: Document, analysis: Analysis) -> list[lsp.InlayHint]:
            start = convert.offset(document.lines, params.range.start)
            end = convert.offset(document.lines, params.range.end)
            return [convert.hint(each, document.lines) for each in times.hints(analysis, start, end)]

        return asked(session, params, answer)

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_LINK)
    @guarded
    def linked(params: lsp.DocumentLinkParams) -> list[lsp.DocumentLink] | None:
        return asked(
            session,
            params,
            lambda document, analysis: [convert.link(each, document.lines) for each in links.links(analysis)],
        )

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_COLOR)
    @guarded
    def colored(params: lsp.DocumentColorParams) -> list[lsp.ColorInformation] | None:
        return asked(
            session,
            params,
            lambda document, analysis: [convert.swatch(each, document.lines) for each in colors.swatches(analysis)],
        )

    @server.feature(lsp.TEXT_DOCUMENT_COLOR_PRESENTATION)
    @guarded
    def spelt(params: lsp.ColorPresentationParams) -> list[lsp.ColorPresentation] | None:
        return asked(
            session,
            params,
            lambda document, analysis: [
                lsp.ColorPresentation(label=text) for text in colors.spellings(analysis, convert.color(params.color))
            ],
        )

    @server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, convert.LEGEND)
    @guarded
    def tokenised(params: lsp.SemanticTokensParams) -> lsp.SemanticTokens | None:
        return asked(session, params, lambda document, analysis: lsp.SemanticTokens(*whole(document, analysis)))

    def whole(document: Document, analysis: Analysis) -> tuple[list[int], str]:
        """All tokens of a document, under a new name."""
        for gone in told.keys() - session.documents.keys():
            del told[gone]
        name = str(int(told[document.uri][0]) + 1) if document.uri in told else "1"
        data = convert.semantic_tokens(tokens.tokens(analysis, 0, len(document.text)), document.lines)
        told[document.uri] = name, data
        return data, name

    @server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA, convert.LEGEND)
    @guarded
    def tokenised_again(params: lsp.SemanticTokensDeltaParams) -> lsp.SemanticTokens | lsp.SemanticTokensDelta | None:
        def answer(document: Document, analysis: Analysis) -> lsp.SemanticTokens | lsp.SemanticTokensDelta:
            known, before = told.get(document.uri, ("", []))
            data, name = whole(document, analysis)
            if known != params.previous_result_id:
                return lsp.SemanticTokens(data, name)
            return lsp.SemanticTokensDelta(convert.tokens_edit(before, data), name)

        return asked(session, params, answer)

    @server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, convert.LEGEND)
    @guarded
    def tokenised_part(params: lsp.SemanticTokensRangeParams) -> lsp.SemanticTokens | None:
        def answer(document: Document, analysis: Analysis) -> lsp.SemanticTokens:
            start = convert.offset(document.lines, params.range.start)
            end = convert.offset(document.lines, params.range.end)
            return lsp.SemanticTokens(convert.semantic_tokens(tokens.tokens(analysis, start, end), document.lines))

        return asked(session, params, answer)
