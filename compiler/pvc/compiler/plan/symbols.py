"""Symbols and abbreviations in words, by language: what engines skip or spell letter by letter."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "de": {
            "%": "Prozent",
            "&": "und",
            "=": "gleich",
            "+": "plus",
            "\u2212": "minus",
            "\u00d7": "mal",
            "\u2248": "ungefähr",
            "\u2264": "kleiner oder gleich",
            "\u2265": "größer oder gleich",
            "\u2192": "nach",
            "\u221a": "Wurzel aus",
            "z. B.": "zum Beispiel",
            "z.B.": "zum Beispiel",
            "d. h.": "das heißt",
            "d.h.": "das heißt",
            "bzw.": "beziehungsweise",
            "usw.": "und so weiter",
            "vgl.": "vergleiche",
        },
        "fr": {
            "%": "pour cent",
            "&": "et",
            "=": "égale",
            "+": "plus",
            "\u2212": "moins",
            "\u00d7": "fois",
            "\u2248": "environ",
            "\u2264": "inférieur ou égal à",
            "\u2265": "supérieur ou égal à",
            "\u2192": "vers",
            "\u221a": "racine de",
            "p. ex.": "par exemple",
            "c.-à-d.": "c'est-à-dire",
        },
        "es": {
            "%": "por ciento",
            "&": "y",
            "=": "igual a",
            "+": "más",
            "\u2212": "menos",
            "\u00d7": "por",
            "\u2248": "aproximadamente",
            "\u2264": "menor o igual que",
            "\u2265": "mayor o igual que",
            "\u2192": "a",
            "\u221a": "raíz de",
            "p. ej.": "por ejemplo",
        },
    }
)
