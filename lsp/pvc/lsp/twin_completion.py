"""Completion and signatures in the YAML twin."""

from __future__ import annotations

from pvc.lsp import completion, signatures, twin
from pvc.lsp.analysis import Analysis
from pvc.lsp.items import Completion, Item, beside, ranked

_NAMES = ("name", "verb", "keyword", "backend", "module", "extends", "source")


def complete(analysis: Analysis, text: str, offset: int) -> Completion:
    """The candidates at an offset of a twin's text, which may be newer than the analysis is."""
    place = twin.place_at(text, offset)
    if place is None:
        return Completion((), offset)
    start = offset - len(place.text)
    if place.key is None:
        items = [
            Item(name, "setting", detail, text=f"{name}:" if detail == "a sequence" else f"{name}: ")
            for name, detail in twin.keys(place)
        ]
        return Completion(tuple(beside(ranked(items, place.text), text[offset : offset + 80])), start)
    if place.key == "kind":
        return Completion(ranked((Item(name, "keyword") for name in twin.kinds(place)), place.text), start)
    spelt = twin.spelt(place, text, offset)
    if spelt is None:
        return Completion((), offset)
    found = completion.complete(analysis, spelt, len(spelt))
    written = spelt[found.start :]
    if place.quote == '"':
        written = written.replace("\\", "\\\\").replace('"', '\\"')
    plain = place.key in _NAMES
    items = [Item(one.label, one.kind, one.detail, one.doc, _text(one, place.quote, plain)) for one in found.items]
    return Completion(tuple(beside(items, text[offset : offset + 80])), offset - len(written))


def _text(item: Item, quote: str, plain: bool) -> str | None:
    text = None if plain else item.text
    if quote == '"':
        text = (text or item.label).replace("\\", "\\\\").replace('"', '\\"')
    return text


def signature(analysis: Analysis, text: str, offset: int) -> signatures.Signature | None:
    """The signature of the call around an offset of a twin's text."""
    place = twin.place_at(text, offset)
    spelt = twin.spelt(place, text, offset) if place is not None and place.key is not None else None
    return signatures.signature(analysis, spelt, len(spelt)) if spelt is not None else None
