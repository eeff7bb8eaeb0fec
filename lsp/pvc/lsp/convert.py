"""Our values as the protocol's, and back. The only module that knows LSP's types."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence

from lsprotocol import types as lsp
from pygls import uris

from pvc.compiler.diagnostics.model import Diagnostic, Edit, Severity
from pvc.compiler.model.values import Color
from pvc.compiler.source import Span
from pvc.lsp.colors import Swatch
from pvc.lsp.documents import Change
from pvc.lsp.fixes import Offer
from pvc.lsp.folding import Fold
from pvc.lsp.formatting import Replacement
from pvc.lsp.hover import Hover
from pvc.lsp.items import Completion
from pvc.lsp.lens import Lens
from pvc.lsp.links import Link
from pvc.lsp.positions import LineIndex, Place
from pvc.lsp.signatures import Signature
from pvc.lsp.symbols import Symbol
from pvc.lsp.times import Hint
from pvc.lsp.tokens import KINDS, Token

LinesOf = Callable[[str], LineIndex]
UriOf = Callable[[str], str]

_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.NOTE: lsp.DiagnosticSeverity.Information,
}
_SYMBOLS = {
    "talk": lsp.SymbolKind.Package,
    "use": lsp.SymbolKind.Module,
    "scene": lsp.SymbolKind.Class,
    "component": lsp.SymbolKind.Constructor,
    "theme": lsp.SymbolKind.Namespace,
    "concept": lsp.SymbolKind.Interface,
    "data": lsp.SymbolKind.Array,
    "paper": lsp.SymbolKind.File,
    "voice": lsp.SymbolKind.Object,
    "let": lsp.SymbolKind.Variable,
    "say": lsp.SymbolKind.String,
    "setting": lsp.SymbolKind.Property,
    "group": lsp.SymbolKind.Namespace,
    "column": lsp.SymbolKind.Field,
    "parameter": lsp.SymbolKind.Field,
    "part": lsp.SymbolKind.Field,
}
_ITEMS = {
    "keyword": lsp.CompletionItemKind.Keyword,
    "verb": lsp.CompletionItemKind.Function,
    "component": lsp.CompletionItemKind.Class,
    "reader": lsp.CompletionItemKind.Function,
    "module": lsp.CompletionItemKind.Module,
    "parameter": lsp.CompletionItemKind.Field,
    "part": lsp.CompletionItemKind.Field,
    "column": lsp.CompletionItemKind.Field,
    "field": lsp.CompletionItemKind.Field,
    "setting": lsp.CompletionItemKind.Property,
    "effect": lsp.CompletionItemKind.EnumMember,
    "region": lsp.CompletionItemKind.EnumMember,
    "symbol": lsp.CompletionItemKind.EnumMember,
    "backend": lsp.CompletionItemKind.EnumMember,
    "value": lsp.CompletionItemKind.Value,
    "unit": lsp.CompletionItemKind.Unit,
    "color": lsp.CompletionItemKind.Color,
    "file": lsp.CompletionItemKind.File,
    "folder": lsp.CompletionItemKind.Folder,
    "cue": lsp.CompletionItemKind.Event,
    "tex": lsp.CompletionItemKind.Operator,
    "theme": lsp.CompletionItemKind.Struct,
    "type": lsp.CompletionItemKind.TypeParameter,
    "label": lsp.CompletionItemKind.Reference,
    "scene": lsp.CompletionItemKind.Module,
    "text": lsp.CompletionItemKind.Text,
    "clause": lsp.CompletionItemKind.Keyword,
}


def path_of(uri: str) -> str:
    """The path of a file that a client names. A document without a file (`untitled:`) stands in the working folder."""
    path = uris.to_fs_path(uri) if uri.startswith("file:") else None
    if path is None or "\0" in path:
        return os.path.abspath(f"untitled-{abs(hash(uri)):x}.vid")
    return os.path.normpath(path)


def uri_of(path: str) -> str:
    return uris.from_fs_path(os.path.abspath(path)) or path


# ------------------------------------------------------------------------------------------------ places


def position(lines: LineIndex, offset: int) -> lsp.Position:
    place = lines.place(offset)
    return lsp.Position(place.line, place.column)


def offset(lines: LineIndex, at: lsp.Position) -> int:
    return lines.offset(at.line, at.character)


def area(lines: LineIndex, start: int, end: int) -> lsp.Range:
    return lsp.Range(position(lines, start), position(lines, end))


def location(span: Span, lines_of: LinesOf, uri: UriOf) -> lsp.Location:
    return lsp.Location(uri(span.path), area(lines_of(span.path), span.start, span.end))


def changes(given: Iterable[lsp.TextDocumentContentChangeEvent]) -> list[Change]:
    """Edits as the client sent them."""
    found: list[Change] = []
    for each in given:
        if isinstance(each, lsp.TextDocumentContentChangePartial):
            start, end = each.range.start, each.range.end
            found.append(Change(Place(start.line, start.character), Place(end.line, end.character), each.text))
        else:
            found.append(Change(None, None, each.text))
    return found


def workspace_edit(edits: Iterable[Edit], lines_of: LinesOf, uri: UriOf) -> lsp.WorkspaceEdit:
    by_file: dict[str, list[lsp.TextEdit]] = {}
    for edit in edits:
        made = lsp.TextEdit(area(lines_of(edit.span.path), edit.span.start, edit.span.end), edit.text)
        by_file.setdefault(uri(edit.span.path), []).append(made)
    return lsp.WorkspaceEdit(changes=dict(by_file))


# ------------------------------------------------------------------------------------------------ features


def diagnostic(found: Diagnostic, lines: LineIndex, lines_of: LinesOf, uri: UriOf) -> lsp.Diagnostic:
    span = found.span
    where = area(lines, span.start, span.end) if span is not None else area(lines, 0, 0)
    message = "\n".join([found.message, *([found.hint] if found.hint else []), *found.notes])
    related = [
        lsp.DiagnosticRelatedInformation(location(label.span, lines_of, uri), label.text) for label in found.labels
    ]
    return lsp.Diagnostic(
        range=where,
        message=message,
        severity=_SEVERITIES[found.severity],
        code=found.code,
        source="pvc",
        related_information=related or None,
        tags=[lsp.DiagnosticTag.Unnecessary] if found.code == "PVC0701" else None,
    )


def action(offer: Offer, lines: LineIndex, lines_of: LinesOf, uri: UriOf) -> lsp.CodeAction:
    found = offer.diagnostic
    return lsp.CodeAction(
        title=offer.title,
        kind=lsp.CodeActionKind.QuickFix if found is not None else lsp.CodeActionKind.SourceFixAll,
        diagnostics=[diagnostic(found, lines, lines_of, uri)] if found is not None else None,
        is_preferred=offer.preferred if found is not None else None,
        edit=workspace_edit(offer.edits, lines_of, uri),
    )


def replacements(found: Sequence[Replacement], lines: LineIndex) -> list[lsp.TextEdit]:
    return [lsp.TextEdit(area(lines, each.start, each.end), each.text) for each in found]


def symbol(found: Symbol, lines: LineIndex) -> lsp.DocumentSymbol:
    return lsp.DocumentSymbol(
        name=found.name,
        kind=_SYMBOLS.get(found.kind, lsp.SymbolKind.Object),
        range=area(lines, found.span.start, found.span.end),
        selection_range=area(lines, found.name_span.start, found.name_span.end),
        detail=found.detail or None,
        children=[symbol(each, lines) for each in found.children],
    )


def workspace_symbol(found: Symbol, lines: LineIndex, uri: str) -> lsp.WorkspaceSymbol:
    return lsp.WorkspaceSymbol(
        location=lsp.Location(uri, area(lines, found.name_span.start, found.name_span.end)),
        name=found.name,
        kind=_SYMBOLS.get(found.kind, lsp.SymbolKind.Object),
        container_name=found.detail or None,
    )


def folding(found: Fold) -> lsp.FoldingRange:
    kind = lsp.FoldingRangeKind.Comment if found.kind == "comment" else lsp.FoldingRangeKind.Region
    return lsp.FoldingRange(start_line=found.first, end_line=found.last, kind=kind)


def hover(found: Hover, lines: LineIndex, markdown: bool = True) -> lsp.Hover:
    """``markdown``: whether the client shows it; one that does not gets the same without fences and backquotes."""
    if markdown:
        content = lsp.MarkupContent(lsp.MarkupKind.Markdown, found.markdown)
    else:
        told = "\n".join(line for line in found.markdown.split("\n") if not line.startswith("```"))
        content = lsp.MarkupContent(lsp.MarkupKind.PlainText, told.replace("`", "").strip())
    return lsp.Hover(content, area(lines, found.span.start, found.span.end))


def completion(found: Completion, lines: LineIndex, end: int) -> lsp.CompletionList:
    where = area(lines, found.start, end)
    items = [
        lsp.CompletionItem(
            label=each.label,
            kind=_ITEMS.get(each.kind, lsp.CompletionItemKind.Variable),
            detail=each.detail or None,
            documentation=lsp.MarkupContent(lsp.MarkupKind.Markdown, each.doc) if each.doc else None,
            text_edit=lsp.TextEdit(where, each.text or each.label),
            sort_text=f"{number:04}",
        )
        for number, each in enumerate(found.items)
    ]
    return lsp.CompletionList(is_incomplete=False, items=items)


def signature(found: Signature) -> lsp.SignatureHelp:
    parameters = [
        lsp.ParameterInformation(label=found.label[start:end], documentation=doc or None)
        for start, end, doc in found.parameters
    ]
    made = lsp.SignatureInformation(
        label=found.label,
        documentation=lsp.MarkupContent(lsp.MarkupKind.Markdown, found.doc) if found.doc else None,
        parameters=parameters,
    )
    active = found.active if found.active is not None else len(parameters)
    return lsp.SignatureHelp(signatures=[made], active_signature=0, active_parameter=active)


def hint(found: Hint, lines: LineIndex) -> lsp.InlayHint:
    return lsp.InlayHint(
        position=position(lines, found.offset),
        label=found.text,
        tooltip=found.explanation,
        padding_left=True,
    )


def lens(found: Lens, lines: LineIndex, uri: str) -> lsp.CodeLens:
    arguments = [uri, *found.arguments] if found.command else None
    return lsp.CodeLens(
        range=area(lines, found.span.start, found.span.end),
        command=lsp.Command(title=found.title, command=found.command, arguments=arguments),
    )


def link(found: Link, lines: LineIndex) -> lsp.DocumentLink:
    return lsp.DocumentLink(range=area(lines, found.start, found.end), target=found.url or uri_of(found.path))


def swatch(found: Swatch, lines: LineIndex) -> lsp.ColorInformation:
    color = found.color
    made = lsp.Color(color.red / 255, color.green / 255, color.blue / 255, color.alpha / 255)
    return lsp.ColorInformation(range=area(lines, found.start, found.end), color=made)


def color(given: lsp.Color) -> Color:
    """A picked colour; what lies outside of 0..1 is taken to its end."""
    red, green, blue, alpha = (
        round(255 * min(1.0, max(0.0, channel))) for channel in (given.red, given.green, given.blue, given.alpha)
    )
    return Color(red, green, blue, alpha)


LEGEND = lsp.SemanticTokensLegend(token_types=list(KINDS), token_modifiers=["declaration"])


def semantic_tokens(found: Sequence[Token], lines: LineIndex) -> list[int]:
    """Five numbers a token, places relative to the token before."""
    data: list[int] = []
    line = column = 0
    for token in found:
        place, end = lines.place(token.start), lines.place(token.end)
        if place.line != end.line:
            continue
        data += (
            place.line - line,
            place.column - column if place.line == line else place.column,
            end.column - place.column,
            KINDS.index(token.kind),
            1 if token.declares else 0,
        )
        line, column = place.line, place.column
    return data


def tokens_edit(before: Sequence[int], after: Sequence[int]) -> list[lsp.SemanticTokensEdit]:
    """What makes one list of numbers the other: the stretch between what both begin and end with."""
    shorter = min(len(before), len(after))
    first = next((index for index in range(shorter) if before[index] != after[index]), shorter)
    rest = shorter - first
    last = next((index for index in range(rest) if before[-1 - index] != after[-1 - index]), rest)
    if first == len(before) == len(after):
        return []
    return [lsp.SemanticTokensEdit(first, len(before) - first - last, list(after[first : len(after) - last]))]
